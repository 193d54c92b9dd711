"""What laboratories and journals print in a cell, in a heading and behind a name: values, study days, ranges, units.

Each reader gives what a text says or why it was not taken; a text with two readings is not taken.
"""

import datetime as dt
import re
from typing import NamedTuple

from casereport.quantities.intervals import in_grammar, parse

# Of these `n.d.` may be not done or not detected; either way there is no number.
NO_VALUE = frozenset(
    {"", "-", "–", "—", "--", ".", "/", "na", "n/a", "n.a.", "nd", "n.d.", "nt", "nr", "not done", "*"}
)
_NUMBER = r"[+-]?\d+(?:\.\d+)?"
_MARKS = re.compile(r"\s*[*†‡§¶#!]+$|(?<=[\d.)])\s?[ᵃᵇᶜᵈᵉ]+$|(?<=\d)\s?[a-c]$|(?<=[\d.])(?<!10)[¹²³⁴⁵]$")
_FLAG = re.compile(r"\s*(?:\(?(?<![/\w])(HH|LL|H|L|high|low)\b\)?|(↑+|↓+|▲|▼))$", re.I)
_FLAG_BEFORE = re.compile(r"^(?:(HH|LL|H|L)\b|(↑+|↓+|▲|▼))\s*(?=[\d.<>≤≥])")
_FLAGS = {"↑": "H", "▲": "H", "↓": "L", "▼": "L", "high": "H", "low": "L"}
_THOUSANDS = re.compile(r"(?<=\d)[\u00a0\u2009\u202f\u2007 '’](?=\d{3}(?!\d))")
WORDS_OF_RANGE = r"(?:ref(?:erence)?\.?|normal|norm|nr|n|range)(?:\s+(?:range|interval|values?|limits?))?"
_SIGNS = str.maketrans(
    {"−": "-", "＜": "<", "＞": ">", "≤": "<=", "≥": ">=", "≦": "<=", "≧": ">=", "⩽": "<=", "⩾": ">="}
)


IN_WORDS = "not a number; a result in words is a row of events.csv, of the kind test"
ABSENT = "absent"
_WORDS = dict.fromkeys(
    ("wnl", "normal", "in range", "within normal limits", "within normal range", "within the normal range"), "N"
)
_WORDS |= {"low": "L", "high": "H", "elevated": "H"}
_WORDS |= dict.fromkeys(
    ("negative", "neg", "absent", "not present", "not detected", "undetectable", "none detected", "nil"), ABSENT
)


class Value(NamedTuple):
    """A value in the grammar of a case, the flag beside it, what is printed behind the number (a unit), and the mark
    of a footnote, which is not taken. Without a text the flag is what the words say, or ABSENT.
    """

    text: str
    interpretation: str = ""
    behind: str = ""
    mark: str = ""


class NotTaken(ValueError):
    """A text that is not taken, and why."""


def number_text(text: str, decimal: str) -> str:
    """A printed number with a decimal point and nothing between its digits.

    `decimal` is `point`, `comma`, or empty where nobody said: then a comma is not read. Raises NotTaken.
    """
    text = _THOUSANDS.sub("", text.translate(_SIGNS).strip())
    if decimal == "comma":
        if "." in text and not re.search(r"\d\.\d{3}(?!\d)", text):
            raise NotTaken("a point in a table with decimal commas")
        return text.replace(".", "").replace(",", ".")
    if "," in text:
        if decimal != "point":
            raise NotTaken("a comma: decimal or thousands? say --decimal comma or --decimal point")
        if not re.search(r"\d,\d{3}(?!\d)", text):
            raise NotTaken("a comma that parts no thousands")
        return text.replace(",", "")
    return text


def read_value(printed: str, decimal: str = "") -> Value | None:
    """The value in a cell, or None where it says that there is none; raises NotTaken with the reason."""
    text = " ".join(printed.replace("\u00a0", " ").split())
    if text.casefold() in NO_VALUE:
        return None
    mark = found[0].strip() if (found := _MARKS.search(text)) else ""
    text = _MARKS.sub("", text).strip()
    if said := _WORDS.get(text.casefold().strip(" .()")):
        return Value("", said, mark=mark)
    flag = ""
    if match := _FLAG.search(text) or _FLAG_BEFORE.search(text):
        said = (match[1] or match[2][0]).lower()
        flag = _FLAGS.get(said, said.upper())
        text = (text[: match.start()] + text[match.end() :]).strip()
    text = re.sub(r"^[–—‐]\s?(?=[\d.])", "-", text)  # a dash before a number is its sign
    if "±" in text:
        raise NotTaken("a mean with its deviation is no single measurement")
    if re.fullmatch(r"\d+\s*/\s*\d+", text):
        raise NotTaken("two numbers in one cell (a pressure?): give each a row of its own")
    text = number_text(text, decimal)
    if span := re.match(rf"({_NUMBER})\s*(?:-|–|~|\.\.|to)\s*({_NUMBER})(.*)$", text):
        value, behind = f"{span[1]}..{span[2]}", span[3]
    elif one := re.match(rf"(<=|>=|<|>|=<|=>|)\s*({_NUMBER})(.*)$", text):
        value, behind = {"=<": "<=", "=>": ">="}.get(one[1], one[1]) + one[2], one[3]
    else:
        raise NotTaken(IN_WORDS)
    if behind.strip() and not re.match(r"\s*[A-Za-zµμ%×x*/°(]", behind):
        raise NotTaken("not one number")
    try:
        parse(value)
    except ValueError as error:
        raise NotTaken(str(error)) from None
    return Value(value, flag, behind.strip(" ()"), mark)


def read_range(printed: str, decimal: str = "") -> tuple[str, str] | None:
    """The lower and upper limit of a printed reference range (empty where it has none); None for another text.

    A limit that is itself outside keeps its sign: `<3.0`.
    """
    text = printed.strip(" ()[]").translate(_SIGNS)
    text = re.sub(rf"^{WORDS_OF_RANGE}\s*[:=]?\s*", "", _MARKS.sub("", text), flags=re.I)
    try:
        text = number_text(text, decimal)
    except NotTaken:
        return None
    if match := re.fullmatch(rf"({_NUMBER})(?:\s*(?:-|–|—|~|\.\.|to)\s*|\s+(?=\+))({_NUMBER})", text):
        return _as_range(match[1], match[2])
    if match := re.fullmatch(rf"(<=|<|>=|>)\s*({_NUMBER})", text):
        limit = match[2] if match[1].endswith("=") else match[1] + match[2]
        return _as_range("", limit) if match[1].startswith("<") else _as_range(limit, "")
    return None


def read_limits(low: str, high: str, decimal: str = "") -> tuple[str, str] | None:
    """The same of two columns, one for each limit; either may be empty."""
    try:
        return _as_range(*(number_text(_MARKS.sub("", text.strip()), decimal) for text in (low, high)))
    except NotTaken:
        return None


def _as_range(low: str, high: str) -> tuple[str, str] | None:
    """The two limits of a range; None where one of them is none, or they stand the wrong way round."""
    for text, sign in ((low, ">"), (high, "<")):
        if not (re.fullmatch(rf"(?:{sign}?\s*{_NUMBER})?", text) and in_grammar(text)):
            return None
    start, end = parse(low), parse(high)
    return None if start and end and start.low > end.high else (low, high)


def is_range_word(text: str) -> bool:
    """True for what only says that a range stands beside it: `normal range`, `ref.`, `NR`."""
    return bool(re.fullmatch(WORDS_OF_RANGE, text.strip(" :"), re.I))


# days that are counted from something else than the day 0 of a case
_OTHER_ZERO = re.compile(
    r"^(?:(?:hospital|hospitali[sz]ation|admission|illness|icu|post-?\s?op(?:erative)?|disease)\s+(?=d)|hd|pod)", re.I
)
_OF = re.compile(r"\s+(?:of|after|post|since|from)\s+[a-z][a-z -]*$", re.I)


# a heading over plain numbers that says the same
_OTHER_CLOCK = re.compile(
    r"hospital|admi(?:ssion|tted)|illness|onset|symptom|\bicu\b|\bstay\b|post-?\s?op|operati|surg", re.I
)


def from_elsewhere(printed: str, above: str = "") -> str:
    """What a heading says that its days are counted from, other than day 0: `hospital day`, `after onset`; else empty.

    `above` is the heading over it, where there is one.
    """
    text = printed.replace("_", " ").strip()
    if _OTHER_CLOCK.search(above):
        return above.lower()
    if not (_OTHER_ZERO.match(text) or _OF.search(text)):
        return ""
    return " ".join(re.sub(r"\([^()]*\)|[\d#.*†‡§¶–-]+", " ", text).lower().split())


def read_day(printed: str) -> str | None:
    """The day that a heading states (`Day 3`, `D+1`, `-7`, `day 2-3`, `Hospital day 4`, `1st day`, `Day 1 (fever)`), in
    the grammar of a case; None if none. Which day it is counted from is for `from_elsewhere` to say.
    """
    text = " ".join(printed.translate(_SIGNS).replace("_", " ").replace("#", "").split())
    text = re.sub(r"\s*\([^()]*\)$", "", re.sub(r"[*†‡§¶]+$", "", text))
    text = re.sub(r"^(day\s*\d+)[a-e]$", r"\1", text, flags=re.I)  # the letter of a footnote
    text = _OF.sub("", _OTHER_ZERO.sub("", text).strip())
    # a number alone is a day only where it is whole: 4.91 is a value
    match = re.fullmatch(r"(?:study )?(?:days?|d|tag|jour|día|第)?\s*([+-]?\d{1,4})\s*(?:d|days?|天)?", text, re.I)
    match = match or re.fullmatch(r"(?:study )?day\s*([+-]?\d{1,4}\.\d+)", text, re.I)
    match = match or re.fullmatch(r"(\d{1,4})(?:st|nd|rd|th) day", text, re.I)
    if match:
        return f"{float(match[1]) + 0:g}"  # -0 is day 0
    match = re.fullmatch(r"(?:study )?(?:days?|d)\s*(\d{1,4})\s*(?:-|–|to|\.\.)\s*(\d{1,4})", text, re.I)
    return f"{int(match[1])}..{int(match[2])}" if match else None


def counted_from(day: str, zero: int) -> str:
    """A day, or a range of days, of which the day `zero` is day 0."""
    return "..".join(f"{float(part) - zero:.10g}" for part in day.split(".."))


_MONTHS = dict(
    zip(["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"], range(1, 13), strict=True)
)


class Written(NamedTuple):
    """A calendar date as it is written: `parts` are day, month and year, None for a year that is not there; or two
    numbers of which either may be the day, in the order written."""

    parts: tuple[int, int, int | None]
    ambiguous: bool


def read_date(printed: str) -> Written | None:
    """The date that a heading states; None for another text. A time of day is left off."""
    text = re.sub(r"\s*\([^()]*\)$", "", printed.strip())
    text = re.sub(r"[T\s]+\d{1,2}:\d{2}(?::\d{2})?$", "", text)
    if match := re.fullmatch(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?", text):
        return Written((int(match[3]), int(match[2]), int(match[1])), False)
    match = re.fullmatch(r"(\d{1,2})[-/.\s]?([A-Za-z]{3})[a-z]*\.?[-/.,\s]*(\d{4})?", text)
    if match and (month := _MONTHS.get(match[2].lower())):
        return Written((int(match[1]), month, int(match[3]) if match[3] else None), False)
    match = re.fullmatch(r"([A-Za-z]{3})[a-z]*\.?[-/.\s]*(\d{1,2})(?:st|nd|rd|th)?(?:[-/.,\s]+(\d{4}))?", text)
    if match and (month := _MONTHS.get(match[1].lower())):
        return Written((int(match[2]), month, int(match[3]) if match[3] else None), False)
    if match := re.fullmatch(r"(\d{1,2})[-/.](\d{1,2})(?:[-/.](\d{4}|\d{2}))?\.?", text):
        first, second, year = int(match[1]), int(match[2]), match[3]
        if not (1 <= min(first, second) <= 12 and max(first, second) <= 31):
            return None
        full = None if year is None else int(year) + (2000 if len(year) == 2 else 0)
        return Written((first, second, full), True)
    return None


def study_day(written: Written, zero: dt.date, order: str) -> int:
    """The study day of a date; a date without a year is the one nearest to day 0. Raises NotTaken for no date."""
    first, second, year = written.parts
    day, month = (second, first) if written.ambiguous and order == "mdy" else (first, second)
    years = [year] if year is not None else [zero.year - 1, zero.year, zero.year + 1]
    found = []
    for one in years:
        try:
            found.append((dt.date(one, month, day) - zero).days)
        except ValueError:
            continue
    if not found:
        raise NotTaken("no date of the calendar")
    return min(found, key=abs)
