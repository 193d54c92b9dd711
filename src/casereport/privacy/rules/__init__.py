"""The forms of identifiers, a rule each, by subject."""

from casereport.privacy.rules import addresses, ages, asking, contacts, dates, names, numbers, places

RULES = [*dates.RULES, *ages.RULES, *names.RULES, *contacts.RULES, *numbers.RULES, *places.RULES, *addresses.RULES]
ASKING = asking.RULES
