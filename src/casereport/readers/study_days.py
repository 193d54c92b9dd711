"""The study days of a record: its dates become days here and go no further."""

import datetime as dt
import re
from typing import NamedTuple

from casereport.quantities.intervals import parse
from casereport.readers.cells import NotTaken
from casereport.readers.wanted import Wanted

_MOMENT = re.compile(r"(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d):(\d\d)(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:?\d\d)?)?")
SOME_DAY = dt.date(2000, 1, 1)  # where dates are looked for, whatever day 0
_NO_DAY = re.compile(r"\d{4}(?:-\d\d)?")


class Dated(NamedTuple):
    """When something was: `when` is an ISO date or time, `until` the end of a period; `day` and `until_day` are study
    days in their place, counted in `unit` where that is known. `part` is True where a start without a day leaves the
    end as what is known.
    """

    when: str = ""
    until: str = ""
    day: str = ""
    until_day: str = ""
    part: bool = False
    unit: str = ""


def moment(text: str) -> tuple[dt.date, str]:
    """The date and the time of day of an ISO text, as they are written there (a time of midnight is none).

    Raises NotTaken, without the date in it, for what has no day.
    """
    text = text.strip()
    if not text:
        raise NotTaken("no sampling date")
    if _NO_DAY.fullmatch(text):
        raise NotTaken("a date without a day")
    match = _MOMENT.fullmatch(text)
    try:
        date = dt.date(int(match[1]), int(match[2]), int(match[3])) if match else None
    except ValueError:
        date = None
    if match is None or date is None:
        raise NotTaken("not a calendar date")
    time = f"{match[4]}:{match[5]}" if match[4] else ""
    return date, "" if time == "00:00" else time


def iso_of_hl7(text: str) -> str:
    """A time of HL7 such as `20260901120000+0200` in ISO; one without a day stays so, what is none stays as it is."""
    bare = re.sub(r"[+-]\d{4}$", "", text.strip())
    match = re.fullmatch(r"(\d{4})(\d\d)?(\d\d)?(?:(\d\d)(\d\d)?)?(?:\d\d)?(?:\.\d+)?", bare)
    if not match:
        return text.strip()
    date = "-".join(part for part in match.groups()[:3] if part)
    return date + (f"T{match[4]}:{match[5] or '00'}" if match[4] and match[3] else "")


def day_of(dated: Dated, wanted: Wanted, undated: list[str]) -> tuple[str, str, str]:
    """The study days of the beginning and the end (empty where it has none), and the time of day of the beginning.

    `undated` gets the dates where day 0 is not known. Raises NotTaken with the reason, also for what is outside of the
    days asked for.
    """
    if dated.unit or dated.day or dated.until_day:
        check_unit(dated.unit or "days", wanted)
    start, time = _one_day(dated.day, dated.when, wanted, undated, dated.part)
    end, _ = _one_day(dated.until_day, dated.until, wanted, undated, True)
    first, last = (parse(day) if day else None for day in (start, end))
    if first and last and last.high < first.low:
        raise NotTaken("a period that ends before it begins")
    low, high = first or last, last or first
    before = wanted.first is not None and high is not None and high.high < wanted.first
    if before or (wanted.last is not None and low is not None and low.low > wanted.last):
        raise NotTaken("outside the study days requested")
    return start, end, time


def check_unit(unit: str, wanted: Wanted) -> None:
    """Raises NotTaken where a study day is counted in another unit than those of the case."""
    if unit != wanted.time_unit:
        raise NotTaken(f"its time is counted in {unit}, and that of the case in {wanted.time_unit}")


def _one_day(day: str, text: str, wanted: Wanted, undated: list[str], may_lack: bool) -> tuple[str, str]:
    if day:
        return day, ""
    if may_lack and (not text or _NO_DAY.fullmatch(text.strip())):
        return "", ""
    if not text:
        raise NotTaken("no date of it")
    return counted(text, wanted, undated)


def counted(text: str, wanted: Wanted, undated: list[str]) -> tuple[str, str]:
    """The study day of a date and its time of day (empty where it has none), or in a case that counts hours the hour:
    of a date without a time all the hours from its midnight to the next.

    `undated` gets the date where day 0 is not known. Raises NotTaken with the reason.
    """
    date, time = moment(text)
    if wanted.time_unit == "sessions":
        raise NotTaken("a date, and the case counts its time in sessions")
    if wanted.zero is None:
        undated[:] = [min([date.isoformat(), *undated]), max([date.isoformat(), *undated])]
        return "0", ""
    days = (date - wanted.zero).days
    if wanted.time_unit == "days":
        return str(days), time
    hour = 24 * days - _hours(wanted.zero_time)
    shown = [f"{round(end, 4) + 0:.10g}" for end in ((hour + _hours(time),) if time else (hour, hour + 24))]
    return "..".join(shown), ""


def _hours(time: str) -> float:
    hour, _, minute = time.partition(":")
    return int(hour) + int(minute) / 60 if time else 0.0


def spanned(start: str, end: str) -> str:
    """The study days from one to another, either of which may itself be a range."""
    return start if start == end else f"{start.split('..')[0]}..{end.split('..')[-1]}"
