"""What a heading over values says of time: a study day, an hour, a week, a date, and what it is counted from.

A heading gives a moment or a date, or nothing; which of them is day 0 is told by whoever imports the table.
"""

import datetime as dt
import re
from collections.abc import Iterable
from typing import NamedTuple

from casereport.readers.cells import NotTaken, plain_signs

# the days of each unit of time; those without are of no fixed length, or none that a table tells
UNIT_DAYS: dict[str, float] = {"minute": 1 / 1440, "hour": 1 / 24, "day": 1, "week": 7}
_APPROXIMATE = {"month": 30.44, "year": 365.25}
_UNITS = {
    "day": "days?|d|tage?|jours?|j|días?|dias?|giorn[oi]|dag|第",
    "hour": "hours?|hrs?|h|stunden?|heures?|horas?",
    "minute": "minutes?|mins?",
    "week": "weeks?|wks?|w",
    "month": "months?|mos?|m",
    "year": "years?|yrs?|y",
    "session": "sessions?",
    "visit": "visits?|v",
    "cycle": "cycles?",
}
# of a unit that stands alone in a corner: not the hour of `24-hour urine`, nor the year of `a 36-year-old man`
_STATED = re.compile(
    r"(?<!\d)(?<!\d[- ])\b"
    r"(?:(minute)s?|(hour|hr)s?|(day)s?|(week)s?|(month)s?|(year)s?|(session)s?|(visit)s?|(cycle)s?)\b",
    re.I,
)
_SHORT = re.compile(r"\(\s*(min|h|hrs?|wk|mo)\s*\)|\btime,?\s+(?:in\s+)?(min|h|hrs?)\b", re.I)
_LONG = {"hr": "hour", "hrs": "hour", "h": "hour", "min": "minute", "wk": "week", "mo": "month"}

# days that are counted from something else than the day 0 of a case
_OTHER_ZERO = re.compile(
    r"^(?:(?:hospital|hospitali[sz]ation|admission|illness|icu|post-?\s?op(?:erative)?|disease|fever)\s+(?=d|h|w)|hd|pod)",
    re.I,
)
_OF = re.compile(r"\s+(?:of|after|post|since|from)\s+[a-z][a-z -]*$", re.I)
# a heading over plain numbers that says the same
_OTHER_CLOCK = re.compile(
    r"hospital|admi(?:ssion|tted)|illness|onset|symptom|fever|\bicu\b|\bstay\b|post-?\s?op|\bpod\b|\bhd\b|operati|surg|"
    r"gestation|\bage\b|birth|discharge",
    re.I,
)
_COUNTED = r"(?:minute|hour|hr|day|week|month|year|time)s?\b[^.;:]*?\b(?:of|after|since|from|post)\s+(?:the\s+)?"
_FROM = re.compile(rf"{_COUNTED}([a-z][a-z -]*)|\b((?:hospital|illness|post-?operative|icu)[ -]days?|pod|hd)\b", re.I)
_OURS = re.compile(r"^(?:(?:start|beginning) of |first |last )*(?:infusion|injection|dose|treatment|therapy|day)", re.I)
_MARKS = re.compile(r"\s*[*†‡§¶⁑‖#]+$")


# words beside a time: in brackets, behind a comma, or a time of day: `Day 0 20:00`, `POD 1 AM`
_BESIDE = (
    re.compile(r"(.*?)\s*\(([^()]*)\)"),
    re.compile(r"([^,]*\d[^,]*),\s+([A-Za-z].*)"),
    re.compile(
        r"([A-Za-zÀ-ÿ].*?\d),?\s+"
        r"(\d{1,2}:\d{2}(?:\s*(?:am|pm|h))?|am|pm|morning|noon|afternoon|evening|night|morgens|abends)",
        re.I,
    ),
)


class Moment(NamedTuple):
    """The time that a heading states, in its own unit (empty where a number stands alone), what it says that it is
    counted from (empty for day 0), and the words beside it."""

    low: float
    high: float
    unit: str
    clock: str
    note: str = ""


def from_elsewhere(printed: str, above: str = "") -> str:
    """What a heading says that its days are counted from, other than day 0: `hospital day`, `after onset`; else empty.

    `above` is the heading over it, where there is one.
    """
    text = printed.replace("_", " ").strip()
    if _OTHER_CLOCK.search(above):
        return above.lower()
    bare = re.sub(r"\s*\([^()]*\)$", "", text)
    if inner := re.search(r"\(((?:of|after|since|from|post)\s[^()]*)\)$", text, re.I):
        return inner[1].lower()
    if not (_OTHER_ZERO.match(bare) or _OF.search(bare)):
        return ""
    return " ".join(re.sub(r"\([^()]*\)|[\d#.*†‡§¶⁑–-]+", " ", text).lower().split())


def clock_of(text: str, title: bool = False) -> str:
    """What the days of a table are counted from, by the words of its corner or, more strictly, of a `title` of it."""
    if found := _FROM.search(text):
        what = found[1] or found[2]
        return "" if found[1] and _OURS.match(found[1]) else " ".join(what.lower().split())
    return " ".join(text.lower().split()) if not title and _OTHER_CLOCK.search(text) and _STATED.search(text) else ""


def unit_stated(text: str, title: bool = False) -> str:
    """The unit of time that a corner says, or a `title` where it says what it is counted from; empty for none."""
    if title and not (_FROM.search(text) or len(text.split()) < 4):
        return ""
    short = _SHORT.search(text)
    found = _STATED.search(text)
    if found is None:
        return _LONG[(short[1] or short[2]).lower()] if short else ""
    word = next(filter(None, found.groups())).lower()
    return _LONG.get(word, word)


def read_moment(printed: str) -> Moment | None:
    """The time that a heading states (`Day 3`, `D+1`, `-7`, `day 2-3`, `Hospital day 4`, `24 h`, `Week 4`, `1st day`,
    `Day 1 (fever)`, `Admit (Day 1)`); None if none.
    """
    text = " ".join(plain_signs(printed).replace("_", " ").replace("#", "").split())
    text = _MARKS.sub("", text)
    note = ""
    if inner := re.fullmatch(r"([A-Za-z][A-Za-z -]*?)\s*\(((?:hospital )?day\s*\d{1,4})\)", text, re.I):
        text, note = inner[2], inner[1]
    elif inner := next(filter(None, (form.fullmatch(text) for form in _BESIDE)), None):
        text, note = inner[1], inner[2]
    text = re.sub(r"^(day\s*\d+)[a-e]$", r"\1", _MARKS.sub("", text), flags=re.I)  # the letter of a footnote
    clock = from_elsewhere(printed if not note else text + f" ({note})")
    text = re.sub(r"^at\s+", "", _OF.sub("", _OTHER_ZERO.sub("", text).strip()), flags=re.I)
    # a number alone is a day only where it is whole: 4.91 is a value; `12 H` is a value with its flag
    if re.search(r"\d\s*[HL]$", text):
        return None
    if re.fullmatch(r"[+-]?\d{1,4}", text):
        unit = "year" if 1900 <= int(text) <= 2100 else ""
        return Moment(float(text) + 0, float(text) + 0, unit, clock, note)
    number = r"[+-]?\d{1,4}(?:\.\d+)?"
    for unit, words in _UNITS.items():
        one = re.fullmatch(rf"(?:study )?(?:{words})\s*({number})(?:\s*天)?", text, re.I)
        one = one or re.fullmatch(rf"({number})\s*(?:{words}|{'天' if unit == 'day' else words})", text, re.I)
        one = one or re.fullmatch(rf"(\d{{1,4}})(?:st|nd|rd|th) (?:{words})", text, re.I)
        if one and unit in ("visit", "cycle") and (beside := read_moment(note)) and beside.unit in UNIT_DAYS:
            return beside._replace(note=text)  # Visit 2 (Day 14)
        if one:
            return Moment(float(one[1]) + 0, float(one[1]) + 0, unit, clock, note)
        span = r"(\d{1,4})\s*(?:-|–|to|\.\.)\s*(\d{1,4})"
        two = re.fullmatch(rf"(?:study )?(?:{words})\s*{span}", text, re.I)
        two = two or (re.fullmatch(rf"{span}\s*(?:{words})", text, re.I) if unit != "day" else None)
        if two:
            return Moment(float(two[1]), float(two[2]), unit, clock, note)
    return None


def as_day(low: float, high: float, times: float) -> str:
    """Two ends of a time as a study day of a case, each multiplied by what one unit of the heading is in its own."""
    ends = [f"{round(end * times, 4) + 0:.10g}" for end in (low, high)]
    return ends[0] if ends[0] == ends[1] else "..".join(ends)


def likely_day(moment: Moment) -> str:
    """The study day that a month or a year is near, for a line that is offered; empty for a visit or a cycle."""
    days = _APPROXIMATE.get(moment.unit)
    return f"{moment.low * days:.0f}" if days and not moment.clock and moment.low < 1000 else ""


_MONTHS = (
    "january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november",
    "december",
)  # fmt: skip


def _month(word: str) -> int:
    """The number of a month, from its name or the first letters of it; 0 for another word."""
    word = word.lower()
    return next((i for i, name in enumerate(_MONTHS, start=1) if name.startswith(word)), 9 if word == "sept" else 0)


class Written(NamedTuple):
    """A calendar date as it is written: `parts` are day, month and year, None for a year that is not there; or two
    numbers of which either may be the day, in the order written. `hour` is the time of day, `note` the words beside.
    """

    parts: tuple[int, int, int | None]
    ambiguous: bool
    hour: float | None = None
    note: str = ""


_CLOCK_TIME = re.compile(r"[T\s,]+\(?(\d{1,2}):(\d{2})(?::\d{2})?\)?\s*(?:h|hrs?|(am|pm))?$", re.I)
_WHOLE_DATE = r"\d{4}[-/.]\d{1,2}[-/.]\d{1,2}|\d{1,2}[-/.]\d{1,2}[-/.](?:\d{4}|\d{2})"
# `until 3/2/2020` is no date of a value
_NOT_ON = re.compile(r"\d|\b(?:before|after|until|till|since|from|to|between|through|prior|weeks?|months?)\b", re.I)


def hour_of(hour: str, minute: str, half: str | None) -> float:
    """The hour of the day of `1`, `05` and `PM`, 13.08; the half of the day may be lacking."""
    whole = int(hour) % 12 + 12 * (half.lower() == "pm") if half else int(hour)
    return whole + int(minute) / 60


def read_date(printed: str) -> Written | None:
    """The date that a heading states, with its time of day and the words beside it; None for another text."""
    text, notes = " ".join(printed.split()), []
    if inner := re.fullmatch(r"(.*?)\s*\(([^()]*)\)", text):
        if re.fullmatch(r"\d{1,2}:\d{2}(?::\d{2})?", inner[2].strip()):
            text = f"{inner[1]} {inner[2].strip()}"
        elif re.fullmatch(_WHOLE_DATE, inner[2].strip()) and not re.search(r"\d", inner[1]):
            text, notes = inner[2].strip(), [inner[1]]
        else:
            text, notes = inner[1], [inner[2]]
    text = _MARKS.sub("", text)
    text = re.sub(r"(?<=\d{4})\s?[a-eᵃᵇᶜᵈᵉ]$", "", text)  # the letter of a footnote
    hour = None
    if time := _CLOCK_TIME.search(text):
        hour = hour_of(time[1], time[2], time[3])
        text = text[: time.start()]
    found = re.findall(rf"(?<![\d/.-])(?:{_WHOLE_DATE})(?![\d/-])", text)
    if len(found) == 1 and found[0] != text:
        rest = " ".join(text.replace(found[0], " ").strip(" ,;:-–").split())
        rest = re.sub(r"^[a-eᵃᵇᶜᵈᵉ]$", "", rest)
        if _NOT_ON.search(rest):
            return None
        text, notes = found[0], [*notes, rest]
    written = _date_alone(text)
    if written is None or (hour is not None and hour >= 24):
        return None
    return written._replace(hour=hour, note="; ".join(filter(None, notes)))


def _date_alone(text: str) -> Written | None:
    if match := re.fullmatch(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?", text):
        return Written((int(match[3]), int(match[2]), int(match[1])), False)
    match = re.fullmatch(r"(\d{1,2})[-/.\s]?([A-Za-z]{3,})\.?[-/.,\s]*(\d{4}|\d{2})?", text)
    if match and (month := _month(match[2])):
        of_century = 2000 if len(match[3] or "") == 2 else 0
        return Written((int(match[1]), month, int(match[3]) + of_century if match[3] else None), False)
    match = re.fullmatch(r"([A-Za-z]{3,})\.?[-/.\s]*(\d{1,2})(?:st|nd|rd|th)?(?:[-/.,\s]+(\d{4}))?", text)
    if match and (month := _month(match[1])):
        return Written((int(match[2]), month, int(match[3]) if match[3] else None), False)
    if match := re.fullmatch(r"(\d{1,2})[-/.](\d{1,2})(?:[-/.](\d{4}|\d{2}))?\.?", text):
        first, second, year = int(match[1]), int(match[2]), match[3]
        if not (1 <= min(first, second) <= 12 and max(first, second) <= 31):
            return None
        full = None if year is None else int(year) + (2000 if len(year) == 2 else 0)
        return Written((first, second, full), True)
    return None


_MONTH_AND_NUMBER = re.compile(r"([A-Za-z]{3,9})(\.?\s|\s?[-'’]\s?)(\d{2})")


def months_of_years(heads: Iterable[str]) -> bool:
    """True for headings that may be months with their year sooner than days: `Mar-20`, `Jun-20`, and `Mar-20` alone."""
    found = [match for head in heads if (match := _MONTH_AND_NUMBER.fullmatch(head.strip())) and _month(match[1])]
    if not found or len({match[3] for match in found}) > 1:
        return False
    return len({_month(match[1]) for match in found}) > 1 or all(match[2].strip(" .") for match in found)


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
        raise NotTaken("not a calendar date")
    return min(found, key=abs)
