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
RULES.add(
    "age",
    r"\bninety(?:[ -](?:one|two|three|four|five|six|seven|eight|nine))?[ -]years?[ -](?:old|of age)\b"
    r"|\b(?:nonagenarian|centenarian)\b|\bin (?:his|her|their) (?:early |mid-?|late )?(?:nineties|90s)\b",
    any_case=True,
    needs="ninety",
)

_WORDS = (
    r"(?:ninety(?:[ -](?:one|two|three|four|five|six|seven|eight|nine))?"
    r"|(?:a|one) hundred(?: and [a-z]{2,9}(?:-[a-z]{3,5})?)?)"
)
RULES.add("age", rf"\b{_WORDS}[ -](?:years?|yrs?)[ -](?:old|of age)\b", any_case=True, needs="ninety")
RULES.add(
    "age", rf"\b(?:lady|gentleman|man|woman|patient) of (?:{_WORDS}|9\d|1[01]\d)\b(?! kg)", any_case=True, needs=""
)
RULES.add(
    "age",
    r"\b(?:im Alter von|à l'âge de|a los|all'età di|(?:Alter|[Ââ]ge|[Ee]dad|[Ee]tà|[Ii]dade|[Ll]eeftijd) ?:) "
    r"(?P<age>\d{2,3})\b",
    _is_over_89,
)
RULES.add(
    "age",
    rf"\b(?:turn(?:s|ed|ing)?|(?:he|she|who) (?:is|was)(?: now| almost| nearly)?|reached|age) {_WORDS}\b(?! "
    rf"(?:minutes|hours|days|weeks|months|per|percent|units))",
    any_case=True,
    needs="ninety",
)
RULES.add("age", rf"\baged {_WORDS}\b(?! (?:minutes|hours|days|weeks|months))", any_case=True, needs="ninety")
RULES.add(
    "age", r"\b(?P<age>\d{2,3})(?:st|nd|rd|th) (?:birthday|year)\b(?! (?:after|since|of (?!life|his|her)))", _is_over_89
)
RULES.add("age", r"\b(?:had |has |just )?turned (?P<age>\d{2,3})(?![\w%°]|[.,]\d| ?(?:days|h\b|degrees))", _is_over_89)
RULES.add("age", r"(?<![\w.,])(?P<age>\d{2,3})[ -]?(?:jährig\w{0,2}|jarige|Jahren? alt|jaar oud)\b", _is_over_89)
RULES.add(
    "age",
    r"(?<![\w.,])(?P<age>\d{2,3})(?: (?:ans|años|anni|anos|лет|lat|let|år|jaar|yaşında)|-?(?:letni\w{1,3}"
    r"|årig\w{0,2}))\b"
    r"(?! de (?:suivi|recul|seguimiento))|\blat (?P<lat>9\d|1[01]\d)\b",
    lambda m: bool(m["lat"]) or _is_over_89(m),
)
RULES.add("age", r"(?<!\w)(?<!\d[.,])(?P<age>\d{2,3}) ?[岁歳세]", _is_over_89, needs="foreign")
RULES.add(
    "age",
    r"\b(?:(?:ein|zwei|drei|vier|fünf|sechs|sieben|acht|neun)und)?neunzig(?:jährig\w{0,2}| Jahren? alt)\b"
    r"|\b(?:\w{3,7}und)?hundertjährig\w{0,2}\b"
    r"|\bquatre-vingt-(?:dix(?:-(?:sept|huit|neuf))?|onze|douze|treize|quatorze|quinze|seize) ans\b|\bcent ans\b"
    r"|\bnoventa(?: [ye] \w{2,7})? (?:años|anos)\b|\bnovant\w{1,9} anni\b"
    r"|\bnonag[eé]n(?!arians\b)\w{2,6}\b|\bcentenaire\b|[九][十][一二三四五六七八九]?多?[岁歳]|[一]?百[零〇]?[一二三四五六七八九]?[岁歳]",
    any_case=True,
    needs="ninety",
)
RULES.add(  # notes: 97F at the begin, F/97; a temperature may be 97F elsewhere
    "age",
    r"(?:^|(?:[Pp]t|[Pp]atient|[A-Z]{3,}|resident)[:,]? )(?P<age>\d{2,3}) ?(?:[MF]|yr?)\b(?! ?°)|(?<![\w/])(?:[MF]/)"
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
