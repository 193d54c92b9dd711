"""Ages over 89."""

import re

from casereport.privacy.rules.parts import NO_AMOUNT, Rules

RULES = Rules(needs="digit")


def _is_over_89(match: re.Match[str]) -> bool:
    """True from 90 on, except for the one group that the rule allows: 90 or older."""
    age = int(match["age"])
    group = re.match(r"(?: ?(?:years?|yrs?))?(?:\+| (?:or|and) (?:older|over|above|more))", match.string[match.end() :])
    return 89 < age < 126 and not (age == 90 and group)


RULES.add("age", r"(?<![\w.])(?P<age>\d{2,3})[ -]*(?:years?|yrs?|y)[ .-]*(?:old|of age)\b", _is_over_89, any_case=True)
# so many years are a person's, and hardly ever a time that something took
RULES.add(
    "age",
    r"(?<![\w.,/-])(?P<age>\d{2,3}) ?(?:y/o|yo|y\.o\.|yrs?|y)(?!\w|/)(?! (?:ago|after|later|before|of|since|apart))",
    _is_over_89,
    any_case=True,
)
RULES.add(
    "age",
    r"\b(?:aged?|ages)(?: (?:of|was|is))?[ :=]+(?P<age>\d{2,3})"
    r"(?![\w%]|\.\d| ?(?:days?|d|weeks?|months?|hours?|h)\b)",
    _is_over_89,
    any_case=True,
)
# A high age in words. In German, French, Spanish and Italian as well; one that is a word of its own (nonagenarian)
# needs no `years` behind it.
_UNITS = "one|two|three|four|five|six|seven|eight|nine"
_WORDS = (
    rf"(?>ninety(?:[ -](?:{_UNITS}))?|(?:a|one) hundred(?: and (?:{_UNITS}|ten))?"
    r"|(?:\w{3,6}und)?neunzig|hundert|quatre-vingt-(?:dix(?:-(?:sept|huit|neuf))?|onze|douze|treize|quatorze|quinze|"
    r"seize)|cent|noventa(?: [ye] \w{2,7})?|novant\w{1,9})"
)
_NO_AGE = r"(?! ?(?:minutes|hours|days|weeks|months|per\b|percent|units|kg|mg|mmHg|points|bpm|cm|ml))(?![\w%/°]|[.,]\d)"
for form in (
    rf"\b{_WORDS}[ -]?(?:years?[ -](?:old|of age)|yrs?[ -]old|jährig\w{{0,2}}|Jahren? alt|ans|años|anos|anni)\b",
    r"\b(?:turn(?:s|ed|ing)?|reached|age(?:d| of)?|(?:he|she|who) (?:is|was)(?: now| almost| nearly)?) "
    rf"{_WORDS}{_NO_AGE}",
    r"\bin (?:his|her|their) (?:early |mid-?|late )?(?:nineties|90s)\b",
    r"\b(?:nonagenarian|centenarian|centenaire)\b|\bnonag[eé]n(?!arians\b)\w{2,6}\b|[九][十][一二三四五六七八九]?多?[岁歳]"
    r"|[一]?百[零〇]?[一二三四五六七八九]?[岁歳]",
):
    RULES.add("age", form, any_case=True, needs="ninety")
RULES.add(
    "age",
    rf"\b(?:lady|gentleman|man|woman|patient) of (?:9\d|1[01]\d|{_WORDS}){_NO_AGE}",
    any_case=True,
    needs="",
)
RULES.add(
    "age",
    r"\b(?:im Alter von|à l'âge de|a los|all'età di|(?:Alter|[Ââ]ge|[Ee]dad|[Ee]tà|[Ii]dade|[Ll]eeftijd) ?:) "
    r"(?P<age>\d{2,3})\b",
    _is_over_89,
)
RULES.add(
    "age", r"\b(?P<age>\d{2,3})(?:st|nd|rd|th) (?:birthday|year)\b(?! (?:after|since|of (?!life|his|her)))", _is_over_89
)
RULES.add("age", r"\b(?:had |has |just )?turned (?P<age>\d{2,3})(?![\w%°]|[.,]\d| ?(?:days|h\b|degrees))", _is_over_89)
RULES.add("age", r"(?<![\w.,])(?P<age>\d{2,3})[ -]?(?:jährig\w{0,2}|jarige|Jahren? alt|jaar oud)\b", _is_over_89)
RULES.add(
    "age",
    r"(?<![\w.,])(?P<age>\d{2,3})(?: (?:ans|años|anni|anos|лет|lat|let|år|jaar|yaşında)|-?(?:letni\w{1,3}"
    r"|årig\w{0,2}))\b"
    r"(?! de (?:suivi|recul|seguimiento))|\b(?:lat|anni|anos|años) (?P<before>9\d|1[01]\d)\b",
    lambda m: bool(m["before"]) or _is_over_89(m),
)
RULES.add("age", r"(?<!\w)(?<!\d[.,])(?P<age>\d{2,3}) ?[岁歳세]", _is_over_89, needs="foreign")
RULES.add(  # notes: 97F at the begin, F/97; a temperature may be 97F elsewhere
    "age",
    r"(?:^|(?:[Pp]t|[Pp]atient|[A-Z]{3,20}|resident)[:,]? )(?P<age>\d{2,3}) ?(?:[MF]|yr?)\b(?! ?°)|(?<![\w/])(?:[MF]/)"
    r"(?P<age2>9\d|1[01]\d)(?![\w/]|[.,]\d)",
    lambda m: bool(m["age2"]) or _is_over_89(m),
)
RULES.add(
    "age",
    r"\b(?:he|she|who|patient|pt|mother|father|husband|wife|man|woman|lady|gentleman|grandmother|grandfather|aunt"
    r"|uncle|(?:mr|mrs|ms|miss|dr)\.? \w{1,20}),? (?:is|was|turns|turning)"
    r" (?:now |then |already |almost |nearly |about )?(?P<age>9\d|1[01]\d)(?![\w%/°]|[.,]\d)"
    + NO_AMOUNT
    + r"(?! ?(?:years? (?:after|later|ago|before)|per|beats|pack|bpm|on|nodes))",
    _is_over_89,
    any_case=True,
)
RULES.add(
    "age",
    r"\b(?:reached|attained|lived to(?: be)?|died (?:at|aged)|alive (?:and well )?at"
    r"|until(?: the)? age(?: of)?|at (?:the )?age(?: of)?|age was)"
    r" (?:the age of )?(?P<age>9\d|1[01]\d)(?![\w%/°]|[.,]\d| ?(?:mmHg|days|weeks|months|minutes|hours|points|bpm"
    r"|per cent|mg|kg))",
    _is_over_89,
    any_case=True,
)
