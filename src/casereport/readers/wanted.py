"""What the user says of a file that is to be imported."""

import datetime as dt
import math
from collections.abc import Callable, Sequence
from typing import NamedTuple, TypeVar

from casereport.errors import BadInput, Problem
from casereport.readers.columns import Mapped


class Wanted(NamedTuple):
    """What the user said: the date of day 0, or the `treatment` whose first use it is; the study days to take, the
    patient, the `table` of an article, and how names, dates and numbers are to be read. Of the case, the unit of its
    time and the `sex` of its patient; where it counts hours they are counted from `zero_time` of day 0, its midnight
    where that is empty."""

    zero: dt.date | None = None
    first: float | None = None
    last: float | None = None
    patient: str = ""
    order: str = ""
    decimal: str = ""
    day_zero: int | None = None
    source: str = ""
    treatment: str = ""
    table: str = ""
    mapping: dict[str, Mapped] = {}  # noqa: RUF012  # never changed
    time_unit: str = "days"
    sex: str = ""
    zero_time: str = ""


def several(name: str, patients: Sequence[str], what: str = "") -> BadInput:
    """The error for a file of several patients (or so many of `what`) where none is chosen; names the first of them."""
    shown = ", ".join(patients[:5]) + (", ..." if len(patients) > 5 else "")
    expected = f"one patient; here are {len(patients)}{what}: say which by --patient ID ({shown})"
    return BadInput([Problem(name, 0, "", "", expected)])


_Value = TypeVar("_Value")


def wanted_of(
    index: str = "", day_zero: str = "", from_day: str = "", to_day: str = "", patient: str = "", source: str = "",
    date_order: str = "", decimal: str = "", table: str = "",
) -> Wanted:  # fmt: skip
    """What was said in texts, empty where nothing was; raises BadInput with every text that cannot be read."""
    problems: list[Problem] = []

    def read(name: str, text: str, reader: Callable[[str], _Value], expected: str) -> _Value | None:
        try:
            return reader(text) if text else None
        except ValueError:
            problems.append(Problem("option", 0, f"--{name}", text, expected))
            return None

    named = index[:1].isalpha()
    expected = "a date of the calendar as YYYY-MM-DD, or a treatment of the file"
    zero = None if named else read("index", index, dt.date.fromisoformat, expected)
    printed = read("day-zero", day_zero, int, "a whole number: the printed day that is day 0")
    first = read("from", from_day, _day, "a study day, such as -30")
    last = read("to", to_day, _day, "a study day, such as 60")
    for name, text, known in (("date-order", date_order, ("dmy", "mdy")), ("decimal", decimal, ("point", "comma"))):
        if text and text not in known:
            problems.append(Problem("option", 0, f"--{name}", text, " or ".join(known)))
    if problems:
        raise BadInput(problems)
    return Wanted(zero, first, last, patient, date_order, decimal, printed, source, index if named else "", table)


def _day(text: str) -> float:
    day = float(text)
    if not math.isfinite(day):
        raise ValueError(text)
    return day
