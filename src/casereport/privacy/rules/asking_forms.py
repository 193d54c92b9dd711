"""What may be a date, a high age, an address on a network or a number of a person, and may as well be none."""

import re

from casereport.privacy.rules.parts import NO_AMOUNT, Rules

RULES = Rules(needs="digit")

# ---- names

RULES.add(
    "name",
    r"(?<![\w.])(?P<it>(?:[A-Z]\. ?){2,4}), (?:an? \d{1,3}[ -](?:year|month|week|day)s?[ -]old\b|b\. ?\d{4}|born )",
    needs="capital",
)

# ---- dates

_FEAST = "|".join(
    (
        "Christmas,Easter,Ramadan,Eid,Diwali,Thanksgiving,Halloween,Pentecost,Holi,Passover,Hanukkah,Yom Kippur,Nowruz",
        "Vesak,Songkran,Carnival,Lent,Epiphany,(?:Chinese |Lunar )?New Year,Spring Festival,Pongal,Onam,Navratri",
        "(?:Bastille|Independence|Republic|Labou?r|Memorial|Veterans|Australia|Canada|Anzac|Valentine'?s?) Day",
        "Ostern,Weihnachten,Pfingsten,Fasching,Noël,Pâques,Navidad,Nochebuena,Semana Santa,Natale,Pasqua,Natal,Páscoa",
    )
).replace(",", "|")
# in notes, a date follows what was done; after a fraction stands what it is a share of
_DONE = (
    "(?i:CT|MRI|XR|CXR|USS?|echo|ECG|EEG|bloods?|labs?|bx|biopsy|swab|cx|culture|seen|reviewed|clinic|dose|admitted"
    "|discharged|done|taken|repeat(?:ed)?|rpt|on|since|from|until|cleared|by|due|last|LMP|EDD)"
)
_NO_SHARE = (
    r"(?![\w/%]|[.,]\d| ?(?:mg|mmHg|points?|patients|nodes|cores|samples|cases|sites|segments|items|weeks|months|days"
    r"|doses|of)\b)"
)
_OUT_OF = (15, 20, 24, 28, 30)  # what scores are out of
_PRESSURE = re.compile(
    r"(?:TA|PA|BP|RR|vent|[CI]PAP|[Bb]i[Pp]ap|BIPAP|tension|pressure|vision|acuity|score|scored"
    r"|art[eé]r\w{4,6})(?: à| de| di)?[ :=]{0,3}$"
)


def _is_day_and_month(match: re.Match[str]) -> bool:
    """True for 30/6, of which one can only be a day, and for 6/14 behind what was done; not for 24/7 or TA 13/8."""
    a, b = int(match["a"]), int(match["b"])
    if a > 12 >= b:
        before = match.string[max(0, match.start() - 16) : match.start()]
        return (a, b) not in ((24, 7), (16, 8), (20, 10)) and not _PRESSURE.search(before)
    return bool(match["done"]) and b > 12 and b not in _OUT_OF


RULES.add(
    "date",
    r"\b(?:on|since|from|until|till|by|before|after) (?:the )?(?:[12]?\d|3[01])(?:st|nd|rd|th)"
    r"(?= ?[,.;:)]|$| (?:he|she|they|we|it|and|at|with|when|the patient|of (?:this|last|that|the same) month)\b)",
)
RULES.add("date", r"(?<![\w.,])(?:0?[1-9]|[12]\d|3[01])\.(?:0?[1-9]|1[0-2])\.(?=[;,)])")
RULES.add("date", r"\d \((?P<it>(?:[1-9]|[12]\d|3[01])/(?:[1-9]|1[0-2]))\)")  # a value and its day
RULES.add(
    "date",
    rf"\b(?:at|on|before|after|since|until|over|during|eve of|night of|day of|last|this|next|seit|an|zu|vor|nach|à"
    rf"|depuis|desde|em|dopo) (?:the )?(?:{_FEAST})"
    r"(?! (?:disease|egg|factor|tree))\b",
    needs="",
)
RULES.add(
    "date",
    rf"(?<![\w./])(?:(?P<done>{_DONE} )|(?<=[ (]))"
    rf"(?P<it>(?P<a>0?[1-9]|[12]\d|3[01])/(?P<b>0?[1-9]|[12]\d|3[01])){_NO_SHARE}",
    _is_day_and_month,
)

# ---- high ages and addresses on a network

RULES.add("age", r"\bborn in (?:190\d|191\d|192\d|193[0-5])\b")
RULES.add("age", r"(?<![\w.,/])(?:9\d|1[01]\d) ?(?:M|F|m/|f/|yo)(?= |[,;.]|$)(?! ?\))")
RULES.add("web", r"(?<![\w/.])u/[\w-]{4,30}(?![\w/])", needs="")
RULES.add("web", r"(?<![\w.@\[{/])@[A-Za-z][\w.]{3,30}(?![\w\]}@])", needs="")
_BYTE = r"(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)"
# from 10 on: a garbled reference range (3.50.5.30) has the form of an address too; one that ends in 0 is a version
RULES.add("web", rf"(?<![\w.])(?=\d\d){_BYTE}(?:\.{_BYTE}){{3}}(?<!\.0)(?!\w|\.\d)")

# ---- numbers that nothing explains


def _is_long(match: re.Match[str]) -> bool:
    """True for six digits, of which five are enough beside letters; a round number is a count, and two are a range."""
    it = match["it"]
    digits = sum(c.isdigit() for c in it)
    if re.search(r"(?:[KM]?(?:U|UI|IU)(?:/M?L)?|/[UM]?L)$|^BP\d", it):
        return False  # a value with its unit
    if not any(c.isalpha() for c in it) and not it.isdigit():
        parts = re.split("[/-]", it)  # two numbers are a range, unless one is longer than values are
        if all(re.fullmatch(r"(?:19|20)\d\d", part) for part in parts):
            return False
        is_year = len(parts[0]) == 4 and parts[0][:2] in ("19", "20") and len(parts[1]) > 4  # of a register: 2019/48213
        longest = max(map(len, parts))  # a dose at each time of the day: 12-0-14-22
        is_series = longest < 3 or ("/" in it and longest < 4) or all(part.endswith("0") for part in parts)
        return is_year or max(map(len, parts)) > 5 or (digits >= 7 and len(parts) > 2 and not is_series)
    return digits >= (6 if it.isdigit() else 5) and not it.endswith("000")


RULES.add(
    "record",
    rf"(?<![\w.,/+:;*_-])(?P<it>(?=[A-Z0-9/-]{{0,20}}[A-Z/-])[A-Z]{{0,6}}\d[A-Z0-9]*(?:[/-][A-Z0-9]+){{0,6}}"
    rf"|[A-Z]{{1,6}}[./-](?:[A-Z0-9]+[./-]){{0,4}}[A-Z0-9]+|\d{{6,}}|0x[0-9A-Fa-f]{{6,40}})(?![\w/*:>-]"
    rf"|[.,]\d){NO_AMOUNT}",
    _is_long,
)

# a telephone number of seven digits; ranges end with a round number
RULES.add("telephone", r"(?<![\w.,/+-])\d{3}-(?=\d{3}[1-9])\d{4}(?![\w-]|[.,/]\d)" + NO_AMOUNT)
# plates of France, Germany and Korea
RULES.add(
    "record",
    r"(?<![\w-])(?:[A-HJ-NP-TV-Z]{2}-\d{3}-[A-HJ-NP-TV-Z]{2}|[A-ZÄÖÜ]{1,3}-[A-Z]{1,2} \d{3,4})(?![\w-])"
    r"|\d{2,3}[가-힣] ?\d{4}(?!\d)",
)
