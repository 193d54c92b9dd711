"""Which columns of a wide table hold a day, a unit or a range, and which study day each column of values is.

Days are never guessed: a date needs to be told which is day 0, a day of another clock which of its days, and a heading
in words has a line in the mapping file.
"""

import datetime as dt
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from casereport.errors import BadInput, Problem
from casereport.readers.analyte_names import ids_of, parts
from casereport.readers.cells import NotTaken, Written, counted_from, from_elsewhere, read_date, read_day, study_day
from casereport.readers.grids import Cells, place
from casereport.readers.synonyms import key

_RANGE = r"(?:ref(?:erence)?|normal|norm|nr|range)"


def _limit(end: str, short: str) -> re.Pattern[str]:
    """A heading that says which end it is and that it is one of a range: `Lower limit`, `Normal low`, `LLN`."""
    named = rf"(?:{end})[ ._-]*(?:limit|bound|{_RANGE})s?(?: of normal)?"
    return re.compile(rf"{named}|{_RANGE}[ ._-]*(?:{end})(?: limit)?|{short}", re.I)


_HEADS = {
    # the limits of a range in two columns; `Min` and `Max` alone may be the lowest and highest value of a stay
    "low": _limit("lower|low|min(?:imum)?", "lln|(?:norm|ref)[ ._-]?l"),
    "high": _limit("upper|high|max(?:imum)?", "uln|(?:norm|ref)[ ._-]?[uh]"),
    "unit": re.compile(r"units?", re.I),
    "range": re.compile(
        r"(?:.*\b)?(?:ref(?:erence)?s?|normals?|norm|limits?|cut-?off)\b.*|ranges?|NR|standard values?", re.I
    ),
    "loinc": re.compile(r"loinc.*", re.I),
}


class Mapped(NamedTuple):
    """What a line of the mapping file says of a printed name: the analyte and unit of a row, or the study day of a
    column. Without either the row or column is left out.
    """

    analyte: str
    unit: str
    day: str = ""


class Choices(NamedTuple):
    """What the reader was told: day 0 as a date or as a printed day, the order of day and month, the decimal mark, and
    the names."""

    zero: dt.date | None = None
    day_zero: int | None = None
    order: str = ""
    decimal: str = ""
    mapping: dict[str, Mapped] = {}  # noqa: RUF012  # never changed


class LeftOut(NamedTuple):
    """A text that was not taken: its cell, the text, and why."""

    where: str
    printed: str
    why: str


@dataclass
class Columns:
    """The row of the headings, counted from 0; the study day of each column of values; the columns of unit, range, its
    limits and code; the one of the names. `told` says what each heading was read as, `undated` are headings of values
    without a day, as the mapping file names them.
    """

    top: int
    days: dict[int, str] = field(default_factory=dict)
    special: dict[str, int] = field(default_factory=dict)
    label: int = 0
    told: list[str] = field(default_factory=list)
    left_out: list[LeftOut] = field(default_factory=list)
    undated: list[str] = field(default_factory=list)


def read_columns(cells: Cells, name: str, known: dict[str, list[str]], choices: Choices) -> Columns:
    """The columns of a table called `name`; raises BadInput where it has no row of days, or days need telling."""
    top = _row_of_days(cells, known, choices.mapping)
    if top is None:
        raise BadInput([_no_days(cells, name)])
    found, heads = Columns(top), cells[top]
    _days(cells, top, name, choices, found)
    found.special = _special(cells, top, found.days)
    for above, row in enumerate(cells[:top]):
        if any(row):
            title = " ".join(dict.fromkeys(c for c in row if c))
            found.left_out.append(LeftOut(place(above, 0), title, "a title"))
    taken = {*found.days, *found.special.values()}
    names = [i for i in range(len(heads)) if i not in taken]
    if not names:
        raise BadInput([Problem(name, top + 1, "", "", "a column of names beside those of days, units and ranges")])
    found.label = names[0]
    for i, head in enumerate(heads):
        filled = [r[i] for r in cells[top + 1 :] if r[i]]
        if i not in taken and i != found.label and (head or filled):
            told = mapped_to(choices.mapping, head, place(top, i)) is not None
            why = "left out by the mapping file" if told else "a column that is no day, unit or range"
            found.left_out.append(LeftOut(place(top, i), head, why))
            if not told and any(map(_like_a_value, filled)):
                found.undated.append(heading(cells, top, i))
    return found


def _special(cells: Cells, top: int, days: dict[int, str]) -> dict[str, int]:
    """The columns of unit, range, limits and code; a limit only where the other is there too."""
    found: dict[str, int] = {}
    # a heading over two rows: `Unit` may stand in the first
    for row in (cells[top], *cells[:top]):
        for i, head in enumerate(row):
            if i not in days and (kind := _kind(head)):
                found.setdefault(kind, i)
    if not {"low", "high"} <= found.keys():
        return {kind: i for kind, i in found.items() if kind not in ("low", "high")}
    return found


def _kind(head: str) -> str:
    return next((kind for kind, form in _HEADS.items() if form.fullmatch(head)), "")


def _like_a_value(text: str) -> bool:
    return text[:1].isdigit() or text[:1] in tuple("<>≤≥")


def _no_days(cells: Cells, name: str) -> Problem:
    if sum(read_day(row[0]) is not None or read_date(row[0]) is not None for row in cells if row) > 1:
        expected = "days across the top; here they run down the side: turn the table round and import it again"
        return Problem(name, 0, "", "", expected)
    expected = "a row of days or dates over the values (Day 3, D+1, -7, Hospital day 4, 2020-01-31), and names below"
    first = next((i for i, row in enumerate(cells) if any(map(_like_a_value, row[1:]))), 0)
    if first:
        top = first - 1
        below = [any(_like_a_value(row[i]) for row in cells[first:]) for i in range(len(cells[top]))]
        columns = [i for i, filled in enumerate(below) if i and filled and not _kind(cells[top][i])]
        if columns:
            expected += f"; where headings are words, {_asked(name, cells, top, columns)}"
            return Problem(name, top + 1, "", "", expected)
    return Problem(name, 0, "", "", expected)


def _asked(name: str, cells: Cells, top: int, columns: list[int]) -> str:
    """How to say the study day of columns whose headings do not: the lines that the mapping file needs."""
    lines = ["printed,analyte,unit,day", *(f"{heading(cells, top, i)},,,DAY" for i in columns)]
    listed = "".join(f"\n    {line}" for line in lines)
    return f"put these lines into {Path(name).stem}.mapping.csv, with its study day in place of each DAY:{listed}"


def heading(cells: Cells, top: int, column: int) -> str:
    """What stands for a column in the mapping file: its heading, or its place where the heading is not its own."""
    text = cells[top][column]
    return quoted(text) if text and cells[top].count(text) == 1 else place(top, column)


def quoted(text: str) -> str:
    """A text as a cell of CSV."""
    return '"' + text.replace('"', '""') + '"' if any(c in text for c in ',"') else text


def mapped_to(mapping: dict[str, Mapped], printed: str, where: str) -> Mapped | None:
    """The line of the mapping file for a printed name or for the cell that it stands in."""
    return mapping.get(key(where)) or mapping.get(key(printed))


def _row_of_days(cells: Cells, known: dict[str, list[str]], mapping: dict[str, Mapped]) -> int | None:
    """The first row with the most days among the first ten, if it can be no row of values."""
    counts = [(len(_days_of(cells, i, known, mapping)), -i) for i in range(min(len(cells), 10))]
    best = max(counts, default=(0, 0))
    return -best[1] if best[0] else None


def _days_of(cells: Cells, at: int, known: dict[str, list[str]], mapping: dict[str, Mapped]) -> list[int]:
    """The columns in which a row has a day or date; none where it may be a row of values."""
    row = cells[at]
    told = [i for i, c in enumerate(row) if i and c and (m := mapped_to(mapping, c, place(at, i))) and m.day]
    if told:
        return told
    found = [i for i, c in enumerate(row) if i and c and (read_day(c) is not None or read_date(c) is not None)]
    if len(found) == 1 and (date := read_date(row[found[0]])) and date.ambiguous and date.parts[2] is None:
        return []  # platelets of 5-8 are no date
    name = next((c for c in row if c), "")
    if not found or any(re.fullmatch(r"\d+\.\d+", c) for c in row[1:]) or ids_of(name, parts(name)[0], known):
        return []
    if all(row[i].isdecimal() for i in found):
        # platelets are whole numbers too: days ascend, and have no headings of their own above them
        days = [int(row[i]) for i in found]
        headed = any(len({above[i] for i in found} - {""}) > 1 for above in cells[:at])
        return [] if headed or days != sorted(days) else found
    return found


def _above(cells: Cells, top: int, column: int) -> str:
    """The heading over the one in row `top`: in the row above, in its column or, merged, in one to the left of it."""
    above = cells[top - 1][: column + 1] if top else []
    return next((text for text in reversed(above[1:]) if text), "")


def _days(cells: Cells, top: int, name: str, choices: Choices, found: Columns) -> None:
    days, heads = found.days, cells[top]
    dates: dict[int, Written] = {}
    clocks: dict[int, str] = {}
    for i, head in enumerate(heads):
        if i and head and (told := mapped_to(choices.mapping, head, place(top, i))):
            if told.day:
                days[i] = told.day
        elif i and head and (day := read_day(head)) is not None:
            clocks[i] = from_elsewhere(head, _above(cells, top, i))
            days[i] = counted_from(day, choices.day_zero or 0)
        elif i and head and (written := read_date(head)) is not None:
            dates[i] = written
    _check_clocks(clocks, cells, top, name, choices)
    if dates:
        _dates(dates, cells, top, name, choices, found)
    found.told += [f"{place(top, i)} {heads[i]!r}: day {day}" for i, day in sorted(days.items())]


def _dates(
    dates: dict[int, Written], cells: Cells, top: int, name: str, choices: Choices, found: Columns
) -> None:  # fmt: skip
    """Adds the study days of columns that have a date; raises BadInput where day 0 or the order is not known."""
    heads = cells[top]
    if choices.zero is None:
        first = next(iter(dates))
        expected = "dates become study days: say which date is day 0 by --time-zero YYYY-MM-DD"
        raise BadInput([Problem(name, top + 1, place(top, first), heads[first], expected)])
    order = choices.order
    unclear = {i: written.parts for i, written in dates.items() if written.ambiguous}
    if unclear and not order:
        over_12 = {
            "dmy": any(first > 12 for first, *_ in unclear.values()),
            "mdy": any(second > 12 for _, second, _ in unclear.values()),
        }
        if sum(over_12.values()) != 1:
            i = next(iter(unclear))
            expected = "is the day or the month first? say --date-order dmy or --date-order mdy"
            raise BadInput([Problem(name, top + 1, place(top, i), heads[i], expected)])
        order = next(one for one, shown in over_12.items() if shown)
        found.told.append(f"dates read as {order}: another order gives a month over 12")
    for i, written in dates.items():
        try:
            found.days[i] = str(study_day(written, choices.zero, order))
        except NotTaken as error:
            found.left_out.append(LeftOut(place(top, i), heads[i], str(error)))
            continue
        if written.parts[2] is None:
            found.told.append(f"{place(top, i)} {heads[i]!r}: no year is printed; the one nearest to day 0 taken")


def _check_clocks(clocks: dict[int, str], cells: Cells, top: int, name: str, choices: Choices) -> None:
    """Raises BadInput where days are not counted from day 0 and nobody said from which, or from more than one thing."""
    other = [i for i, clock in clocks.items() if clock]
    if not other:
        return
    if len(set(clocks.values())) > 1:
        expected = f"days counted from one thing; here from several: {_asked(name, cells, top, list(clocks))}"
    elif choices.day_zero is None:
        expected = "a day that is not counted from day 0: say which printed day is day 0 by --day-zero NUMBER, or "
        expected += _asked(name, cells, top, other)
    else:
        return
    raise BadInput([Problem(name, top + 1, place(top, other[0]), cells[top][other[0]], expected)])
