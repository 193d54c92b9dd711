"""What laboratories and journals print in a cell of a value: a number with its flag, a pair, a titre, a word.

Each reader gives what a text says or why it was not taken; a text with two readings is not taken.
"""

import re
from collections.abc import Iterable
from typing import NamedTuple

from casereport.quantities.intervals import parse

# Of these `n.d.` may be not done or not detected; either way there is no number.
NO_VALUE = frozenset(
    {
        "", "-", "–", "—", "−", "--", ".", "/", "…", "...", "na", "n/a", "n.a.", "nd", "n.d.", "nt", "nr", "*",
        "not done", "not available", "not tested", "not measured", "not performed", "not reported", "pending",
    }
)  # fmt: skip
NUMBER = r"[+-]?\d+(?:\.\d+)?"
_MARKS = re.compile(
    r"(?<=\d)\s?\((?:\++|[-−]+)\)$|\s*(?:\([*†‡§¶⁑‖#]+\)|[*†‡§¶⁑‖#!]+)$|(?<=\d)\^[a-e]$|(?<=[\d.)])\s?[ᵃᵇᶜᵈᵉ]+$|(?<=\d)\s?[a-c]$|(?<=[\d.])(?<!10)[¹²³⁴⁵]$"
)
_BLANKS = re.compile(r"[ \t\xa0]{20,}")
_LONGEST = 2_000  # letters of a cell
_FLAG = re.compile(r"\s*(?:\(?(?<![/_])(?<![^\W\d])(HH|LL|H|L|high|low)\b\)?|\(?(↑+|↓+|▲|▼)\)?)$", re.I)
# `↑… 100`: what stood between is a mark that a copy has lost
_FLAG_BEFORE = re.compile(r"^(?:(HH|LL|H|L)\b|(↑+|↓+|▲|▼)(?:…|\.{3})?)\s*(?=[\d.<>≤≥])")
_FLAGS = {"↑": "H", "▲": "H", "↓": "L", "▼": "L", "high": "H", "low": "L"}
_THOUSANDS = re.compile(r"(?<=\d)[\u00a0\u2009\u202f\u2007 '’](?=\d{3}(?!\d))")
_SIGNS = str.maketrans(
    {"−": "-", "＜": "<", "＞": ">", "≤": "<=", "≥": ">=", "≦": "<=", "≧": ">=", "⩽": "<=", "⩾": ">="}
)
# 245.000 and 1.234, but not 0.245
_MAY_BE_THOUSANDS = re.compile(r"[+-]?[1-9]\d{0,2}\.\d{3}")

IN_WORDS = "not a number; a result in words is a row of events.csv, of the kind test"
TITRE = "a titre: it belongs to an analyte in {titer} (one of your own: analytes.csv), or in events.csv as a test"
GRADE = "a grade: it belongs to an analyte in {grade} (one of your own: analytes.csv), or in events.csv as a test"
A_DATE = "a date, perhaps a range that a spreadsheet converted; format the column as text and enter it again"
WHICH_POINT = "a point: decimal or thousands? say --decimal point or --decimal comma"
ABSENT = "absent"
# what stands before a number that its sheet hides, or shows struck out
HIDDEN, STRUCK = "hidden", "struck out"
_UNSEEN = {
    f"{HIDDEN}: ": "its row or column is hidden: unhide it, or delete it",
    f"{STRUCK}: ": "it is struck out: remove the strike-through if the value is valid",
}
_WORDS = dict.fromkeys(
    ("wnl", "normal", "in range", "within normal limits", "within normal range", "within the normal range"), "N"
)
_WORDS |= {"low": "L", "high": "H", "elevated": "H"}
_WORDS |= dict.fromkeys(
    ("negative", "neg", "absent", "not present", "not detected", "undetectable", "none detected", "nil"), ABSENT
)
_MONTH = "jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec"
_MADE_DATE = re.compile(
    rf"\d{{4}}-\d\d-\d\d(?: \d\d:\d\d)?|\d{{1,2}}-(?:{_MONTH})(?:-\d{{2,4}})?|(?:{_MONTH})-\d{{1,4}}", re.I
)
_RATIO = re.compile(r"(<=|>=|<|>|)\s*1\s*[:/]\s*(\d{1,3}(?:[, ]\d{3})+|\d+)")
_IN_BRACKETS = re.compile(r"(.*?[\d%A-Za-zµμ.])\s*(?:\(([^()\[\]]*\d[^()\[\]]*)\)|\[([^()\[\]]*\d[^()\[\]]*)\])")


class Value(NamedTuple):
    """A value in the grammar of a case, the flag beside it, what is printed behind the number (a unit), and the mark
    of a footnote, which is not taken. Without a text the flag is what the words say, or ABSENT.

    `bracket` is what stands in brackets behind the value: another unit of it, or a range. `point` is True where the
    point of the number may part thousands.
    """

    text: str
    interpretation: str = ""
    behind: str = ""
    mark: str = ""
    bracket: str = ""
    point: bool = False


class NotTaken(ValueError):
    """A text that is not taken, and why."""


def without_padding(text: str) -> str:
    """A text in which no run of blanks is long, and which is no longer than a page.

    What is understood of a cell is looked for at each of its letters, and there again at each that follows.
    """
    short = _BLANKS.sub(" ", text)
    return short if len(short) <= _LONGEST else f"{short[:_LONGEST]} …"


def plain_signs(text: str) -> str:
    """A text with the signs of a number (minus, less, greater) as a keyboard has them."""
    return text.translate(_SIGNS)


def without_mark(text: str) -> str:
    """A text without the mark of a footnote behind it."""
    return _MARKS.sub("", text)


def unseen(text: str) -> str:
    """Why a text of a sheet is not read, which its sheet hides or shows struck out; empty for any other."""
    return next((why for before, why in _UNSEEN.items() if text.startswith(before)), "")


def is_made_date(text: str) -> bool:
    """True for a date as spreadsheets make them of `5-10` or `12-3`."""
    return bool(_MADE_DATE.fullmatch(text.strip()))


def number_text(text: str, decimal: str) -> str:
    """A printed number with a decimal point and nothing between its digits.

    `decimal` is `point`, `comma`, or empty where nobody said: then a comma is not read. Raises NotTaken.
    """
    text = _THOUSANDS.sub("", plain_signs(text).strip())
    if decimal == "comma":
        if "." in text and not re.search(r"\d\.\d{3}(?!\d)", text):
            raise NotTaken("a point in a table with decimal commas")
        return text.replace(".", "").replace(",", ".")
    text = re.sub(r"(?<![\w.,])\.(?=\d)", "0.", text)  # <.01
    if "," in text:
        if decimal != "point":
            raise NotTaken("a comma: decimal or thousands? say --decimal comma or --decimal point")
        if not re.search(r"\d,\d{3}(?!\d)", text):
            raise NotTaken("a comma that does not separate thousands")
        return text.replace(",", "")
    if not decimal and re.search(r"\d\.\d{3}\.\d{3}(?!\d)", text):
        raise NotTaken(WHICH_POINT)
    return text


def may_be_thousands(number: str) -> bool:
    """True for a number whose point may part thousands: 1.250, and not 0.875 or 12.5."""
    return bool(_MAY_BE_THOUSANDS.fullmatch(number.lstrip("<>=")))


def mark_shown(printed: Iterable[str], decimal: str) -> str:
    """`point` where one of the values of one analyte shows it, else `decimal`: who prints 0.875 prints 1.250 beside it.

    Where one of them has a comma, nothing is shown.
    """
    texts = list(printed)
    shown = any(re.search(r"(?<![\d.,])0\.\d{3}(?!\d)", text) for text in texts)
    return "point" if not decimal and shown and not any("," in text for text in texts) else decimal


def read_value(printed: str, decimal: str = "") -> Value | None:
    """The value in a cell, or None where it says that there is none; raises NotTaken with the reason."""
    text = " ".join(printed.replace("\u00a0", " ").split())
    if text.casefold() in NO_VALUE:
        return None
    if why := unseen(text):
        raise NotTaken(why)
    if is_made_date(text):
        raise NotTaken(A_DATE)
    mark = found[0].strip() if (found := _MARKS.search(text)) else ""
    text = re.sub(r"^[*†‡§¶]+\s*(?=[\d<>])", "", _MARKS.sub("", text).strip())
    if said := _WORDS.get(text.casefold().strip(" .()")):
        return Value("", said, mark=mark)
    flag, text = _flag(text)
    bracket = ""
    if inner := _IN_BRACKETS.fullmatch(text):
        text, bracket = inner[1], inner[2] or inner[3]
        before, text = _flag(text)
        flag = flag or before
    text = re.sub(r"^[–—‐]\s?(?=[\d.])", "-", without_mark(text).strip())  # a dash before a number is its sign
    if "±" in text:
        raise NotTaken("a mean with its deviation, not a single measurement")
    if is_titre(text):
        raise NotTaken(TITRE)
    if is_grade(text):
        raise NotTaken(GRADE)
    if re.fullmatch(r"[\d.,]+(?:\s*/\s*[\d.,]+)+", text):
        raise NotTaken("several numbers in one cell (a pressure?): name the row in the same order, such as AST/ALT")
    text = number_text(text, decimal)
    if span := re.match(rf"({NUMBER})\s*(?:-|–|~|\.\.|to)\s*({NUMBER})(.*)$", text):
        value, behind = f"{span[1]}..{span[2]}", span[3]
    elif one := re.match(rf"(<=|>=|<|>|=<|=>|)\s*({NUMBER})(.*)$", text):
        value, behind = {"=<": "<=", "=>": ">="}.get(one[1], one[1]) + one[2], one[3]
    else:
        raise NotTaken(IN_WORDS)
    if behind.strip() and not re.match(r"\s*[A-Za-zµμ%×x*/°(]|\s+10[\^*⁰¹²³⁴⁵⁶⁷⁸⁹]", behind):
        raised = re.match(r"[⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻]", behind)
        raise NotTaken("a number with a superscript: a power, or a footnote?" if raised else "not one number")
    try:
        parse(value)
    except ValueError as error:
        raise NotTaken(str(error)) from None
    point = not decimal and any(map(may_be_thousands, value.split("..")))
    return Value(value, flag, behind.strip(" ()"), mark, bracket, point)


def _flag(text: str) -> tuple[str, str]:
    """The flag that stands before or behind a number, and the text without it."""
    match = _FLAG.search(text) or _FLAG_BEFORE.search(text)
    if not match:
        return "", text
    said = (match[1] or match[2][0]).lower()
    return _FLAGS.get(said, said.upper()), without_mark((text[: match.start()] + text[match.end() :]).strip())


def is_titre(text: str) -> bool:
    """True for `1:320` and `<1:40`; `1/80` is one too where a table has no pairs."""
    return bool(_RATIO.fullmatch(plain_signs(text.strip())))


def read_titre(printed: str) -> str:
    """The number of a titre: 320 of `1:320`, `<40` of `<1:40`; raises NotTaken for another text."""
    text = plain_signs(without_mark(printed.strip()))
    match = _RATIO.fullmatch(text) or re.fullmatch(r"(<=|>=|<|>|)\s*(\d+)", text)
    if not match:
        raise NotTaken("not a titre, such as 1:320 or <1:40")
    return match[1] + re.sub("[, ]", "", match[2])


def is_grade(text: str) -> bool:
    """True for `trace`, `+` to `++++`, `1+` to `4+`, with or without brackets."""
    return bool(re.fullmatch(r"\(?(?:trace|tr\.?|[1-5]\s?\+|\+\s?[1-5]|\+{1,5}|±)\)?", text.strip(), re.I))


def read_grade(printed: str) -> str:
    """The step of a grade: 0 of negative, 0..1 of a trace, 3 of `3+` and `+++`; raises NotTaken for another text."""
    text = without_mark(printed.strip()).strip(" ()").lower()
    if _WORDS.get(text) == ABSENT or text in ("0", "-", "–", "−"):
        return "0"
    if not is_grade(text):
        raise NotTaken("not a grade: negative, trace, 1+ to 4+")
    if text in ("trace", "tr", "tr.", "±"):
        return "0..1"  # more than none, less than one
    digits = re.sub(r"\D", "", text)
    return digits or str(text.count("+"))


def numbers_of_pair(printed: str) -> list[str]:
    """The parts of a cell of several numbers, `120/80` or `130/3.6/101 mmol/L`; empty for another text."""
    text = without_mark(printed.strip())
    match = re.match(r"[<>≤≥]?\s*\d[\d.,]*(?:\s*/\s*[<>≤≥]?\s*\d[\d.,]*)+", text)
    if not match:
        return []
    behind = text[match.end() :]
    if behind and not re.match(r"\s+[A-Za-zµμ%]", behind):
        return []
    return [part.strip() + behind for part in match[0].split("/")]
