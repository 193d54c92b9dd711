"""What is printed as a reference range: two limits in any of the forms that laboratories use, for both sexes or each.

A scale and a treatment target are no reference range, and of several ranges none is taken unless one is the patient's.
"""

import re

from casereport.quantities.intervals import in_grammar, parse
from casereport.readers.cells import NUMBER, NotTaken, is_made_date, number_text, plain_signs, without_mark

WORDS_OF_RANGE = r"(?:ref(?:erence)?\.?|normal|norm|nr|n|range)(?:\s+(?:range|interval|values?|limits?))?"
_UP_TO = re.compile(
    r"^(?:up\s?to|at most|max(?:imum|\.)?|not (?:more|over) than|bis(?: zu)?|jusqu'à|hasta|até|fino a|tot)\s*(?=\d)",
    re.I,
)
_BELOW = re.compile(
    r"^(?:less than|lower than|below|under|unter|kleiner(?: als)?|inf(?:érieure?|\.)? à|menor (?:de|que|a)|"
    r"inferiore? a)\s*(?=\d)",
    re.I,
)
_ABOVE = re.compile(
    r"^(?:(?:more|greater|higher) than|above|over|über|größer(?: als)?|sup(?:érieure?|\.)? à|mayor (?:de|que|a)|"
    r"maior (?:do )?que|superiore? a)\s*(?=\d)",
    re.I,
)
_OR_BELOW = re.compile(r"^(\d[\d.,]*)以下$")
_FROM = re.compile(r"^(?:at least|from|min(?:imum|\.)?|not (?:less|under) than)\s*(?=\d)", re.I)
_MALE = r"(?:males?|men|man|boys?|männer|männlich|hommes?|hombres?|uomini|homens?|m|♂|男性?)"
_FEMALE = r"(?:females?|women|woman|girls?|frauen|weiblich|femmes?|mujeres|donne|mulheres|f|w|♀|女性?)"
_SEX = rf"(?<![A-Za-z])(?:(?P<f>{_FEMALE})|(?P<m>{_MALE}))(?![A-Za-z])"
EACH_SEX = "a range for each sex, and case.yaml does not give the patient's sex"
# what bounds a number and says nothing of what is usual
NO_REFERENCE = re.compile(
    r"\b(?:target|goal|aim|therapeutic|trough|peak|scale|score|desir\w+|max(?:imum)? score)\b", re.I
)


def read_range(printed: str, decimal: str = "") -> tuple[str, str] | None:
    """The lower and upper limit of a printed reference range (empty where it has none); None for another text.

    A limit that is itself outside keeps its sign: `<3.0`.
    """
    text = plain_signs(printed.strip(" ()[]"))
    text = re.sub(rf"^{WORDS_OF_RANGE}\s*[:=]?\s*", "", without_mark(text), flags=re.I)
    for form, sign in ((_UP_TO, "<="), (_BELOW, "<"), (_ABOVE, ">"), (_FROM, ">=")):
        text = form.sub(sign, text)
    text = _OR_BELOW.sub(r"<=\1", text)
    try:
        text = number_text(text, decimal)
    except NotTaken:
        return None
    if not decimal and re.search(r"(?<![\d.])[1-9]\d{0,2}\.000(?!\d)", text):
        return None  # 125.000 may be 125000
    if match := re.fullmatch(rf"({NUMBER})(?:\s*(?:-|–|—|~|\.\.|to|à|bis)\s*|\s+a\s+|\s+(?=\+))({NUMBER})", text):
        return _as_range(match[1], match[2])
    if match := re.fullmatch(rf"(<=|<|>=|>)\s*({NUMBER})", text):
        limit = match[2] if match[1].endswith("=") else match[1] + match[2]
        return _as_range("", limit) if match[1].startswith("<") else _as_range(limit, "")
    return None


def read_limits(low: str, high: str, decimal: str = "") -> tuple[str, str] | None:
    """The same of two columns, one for each limit; either may be empty."""
    try:
        return _as_range(*(number_text(without_mark(text.strip()), decimal) for text in (low, high)))
    except NotTaken:
        return None


def by_sex(printed: str) -> dict[str, str]:
    """The ranges of a text that has one for each sex, as texts: `M 13-17; F 12-15`, `60-110 (M) 45-90 (F)`.

    The keys are `male` and `female`; empty where the text does not name both.
    """
    found = list(re.finditer(_SEX, printed, re.I))
    sexes = ["female" if one["f"] else "male" for one in found]
    if len(found) != 2 or len(set(sexes)) != 2:
        return {}
    ends = [0, *(one.end() for one in found)], [*(one.start() for one in found), len(printed)]
    before, between, after = (printed[start:end].strip(" ()[]:;,/=") for start, end in zip(*ends, strict=True))
    texts = [before, between] if re.search(r"\d", before) else [between, after]
    return dict(zip(sexes, texts, strict=True))


def sex_of(heading: str) -> str:
    """The sex that a heading over ranges names, and no other; empty for none."""
    found = {"female" if one["f"] else "male" for one in re.finditer(_SEX, heading, re.I)}
    found |= {"male"} if re.search(r"\bh\b", heading, re.I) else set()  # of `H/F`, hommes et femmes
    return found.pop() if len(found) == 1 else ""


def of_the_sex(printed: str, sex: str) -> str | None:
    """The range of the patient's `sex` in a text that has one for each, and any other text as it is; None where the
    text has one for each and the sex is not known."""
    ranges = by_sex(printed)
    return ranges.get(sex) if ranges else printed


def why_no_range(printed: str) -> str:
    """Why a text that stands for a range was not read as one."""
    if is_made_date(printed):
        return "a range that a spreadsheet converted to a date; format the column as text and enter it again"
    if re.search(r"\d,\d", printed):
        return "a range with a comma: decimal or thousands? say --decimal comma or --decimal point"
    if re.search(r"\d\.\d{3}(?!\d)", printed):
        return "a range with a point: decimal or thousands? say --decimal point or --decimal comma"
    return "a reference range that is not two numbers"


def _as_range(low: str, high: str) -> tuple[str, str] | None:
    """The two limits of a range; None where one of them is none, or they stand the wrong way round."""
    for text, sign in ((low, ">"), (high, "<")):
        if not (re.fullmatch(rf"(?:{sign}?\s*{NUMBER})?", text) and in_grammar(text)):
            return None
    start, end = parse(low), parse(high)
    return None if start and end and start.low > end.high else (low, high)


def is_range_word(text: str) -> bool:
    """True for what only says that a range stands beside it: `normal range`, `ref.`, `NR`."""
    return bool(re.fullmatch(WORDS_OF_RANGE, text.strip(" :"), re.I))
