"""The forms of identifiers, a rule each, by subject."""

from casereport.privacy.rules import (
    addresses,
    ages,
    asking,
    asking_forms,
    contacts,
    dates,
    names,
    numbers,
    places,
    traits,
)

RULES = [*dates.RULES, *ages.RULES, *names.RULES, *contacts.RULES, *numbers.RULES, *places.RULES, *addresses.RULES]
ASKING = [*asking.RULES, *asking_forms.RULES, *traits.RULES]


def compile_all() -> None:
    """Compiles every rule, in a process of which others are forked; elsewhere each is compiled when a text needs it."""
    for rule in (*RULES, *ASKING):
        rule.pattern  # noqa: B018
