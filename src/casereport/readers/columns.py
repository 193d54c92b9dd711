"""Which columns of a wide table hold a day, a unit or a range, and which study day each column of values is.

Days are never guessed: a date needs to be told which is day 0, a day of another clock which of its days, and a heading
in words, a month or a visit has a line in the mapping file.
"""

import datetime as dt
import itertools
import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from typing import NamedTuple

from casereport.errors import BadInput, Problem
from casereport.privacy.identifiers import find
from casereport.readers.asking import Undated, asked, heading, mapped_to
from casereport.readers.cells import NotTaken, unseen
from casereport.readers.grids import Sheet
from casereport.readers.heading_row import (
    BESIDE_VALUES,
    above,
    is_over_names,
    is_person,
    kind_by_content,
    kind_of,
    like_a_value,
    no_days,
    no_value,
    row_of_days,
    titles_above,
)
from casereport.readers.headings import (
    UNIT_DAYS,
    Moment,
    Written,
    as_day,
    clock_of,
    from_elsewhere,
    hour_of,
    likely_day,
    months_of_years,
    read_date,
    read_moment,
    study_day,
    unit_stated,
)
from casereport.readers.hours_of_day import past_midnight, spread
from casereport.readers.ranges import sex_of
from casereport.readers.specimens import elsewhere, of_title

_TIME_OF_DAY = re.compile(r"(\d{1,2}):(\d{2})(?::\d{2})?(?:\s*(?:h(?:rs?)?|(am|pm)))?", re.I)
_DATED = re.compile(r"\d[-/.]\d|\d{4}|\d\s*(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)|[a-z]{3,}\.? \d", re.I)
_YEAR = re.compile(r"(?:19|20)\d\d")
_A_UNIT = re.compile(r"[x×]?\s?10\S*\s?/\s?\S+")
_OF_SAMPLES = re.compile(
    r"(?:sampl\w*|tim(?:e|ing)\w*|time of day|clock|hours?|condition|state|dialysis|specimen)?", re.I
)


class Mapped(NamedTuple):
    """What a line of the mapping file says of a printed name: the analyte and unit of a row, the study day of a column,
    or the intervention of a treatment. Without any of them it is left out.
    """

    analyte: str
    unit: str
    day: str = ""
    intervention: str = ""


class Choices(NamedTuple):
    """What the reader was told: day 0 as a date or as a printed day, the order of day and month, the decimal mark, and
    the names; of the case, the sex of its patient and the unit of its time."""

    zero: dt.date | None = None
    day_zero: int | None = None
    order: str = ""
    decimal: str = ""
    mapping: dict[str, Mapped] = {}  # noqa: RUF012  # never changed
    sex: str = ""
    time_unit: str = "days"


class LeftOut(NamedTuple):
    """A text that was not taken: its cell, the text, and why; `values` counts those that it is, or has in its row or
    column.
    """

    where: str
    printed: str
    why: str
    values: int = 0


class Meaning(NamedTuple):
    """What a heading or a name was read as: its cell, the text, and what it means; `part` where it means several."""

    where: str
    printed: str
    meaning: str
    part: str = ""

    def __str__(self) -> str:
        part = f" ({self.part})" if self.part else ""
        return f"{self.where} {self.printed!r}{part}: {self.meaning}" if self.where else self.meaning


@dataclass
class Columns:
    """The row of the headings and the first row `below` it, counted from 0; the study day of each column of values; the
    columns of unit, range, its limits and code; the one of the names. `told` says what each heading was read as,
    `undated` are lines for the mapping file that lack a day; `notes` the words of a heading that are no day; `specimen`
    what the corner or a title says that was measured, where it is not blood.
    """

    top: int
    below: int
    days: dict[int, str] = field(default_factory=dict)
    special: dict[str, int] = field(default_factory=dict)
    label: int = 0
    told: list[Meaning] = field(default_factory=list)
    left_out: list[LeftOut] = field(default_factory=list)
    undated: list[str] = field(default_factory=list)
    notes: dict[int, str] = field(default_factory=dict)
    specimen: str = ""


def read_columns(sheet: Sheet, name: str, known: dict[str, list[str]], choices: Choices) -> Columns:
    """The columns of a table called `name`; raises BadInput where it has no row of days, or days need telling."""
    cells = sheet.rows
    top = row_of_days(sheet, known, choices.mapping)
    if top is None:
        raise no_days(sheet, name)
    found, heads = Columns(top, top + 1), cells[top]
    below = _words_below(cells, top, found)
    of_no_day = {i: why for i, head in enumerate(heads) if (why := _no_value(head, below.get(i, "")))}
    suggested = _days(sheet, name, choices, below, found, of_no_day)
    found.special = _special(cells, top, found.below, {*found.days, *suggested})
    for at, row in enumerate(cells[:top]):
        if any(row):
            title = " ".join(dict.fromkeys(c for c in row if c))
            found.left_out.append(LeftOut(sheet.place(at, 0), title, "a title"))
    taken = {*found.days, *found.special.values(), *suggested, *of_no_day}
    names = [i for i in range(len(heads)) if i not in taken]
    if not names:
        raise BadInput([Problem(name, top + 1, "", "", "a column of names beside those of days, units and ranges")])
    if not found.days and suggested:
        columns = sorted({*suggested, *_of_values(sheet, top, found.special.values())})
        expected = f"{suggested[min(suggested)]}: {asked(sheet, name, top, columns)}"
        problem = Problem(name, top + 1, sheet.place(top, min(suggested)), heads[min(suggested)], expected)
        raise Undated(problem, [sheet.place(top, i) for i in columns])
    found.label = names[0]
    fluids = [*filter(of_title, titles_above(cells, top)), *filter(elsewhere, [heads[found.label]])]
    found.specimen = fluids[0] if fluids else ""
    for i, head in enumerate(heads):
        filled = [r[i] for r in cells[found.below :] if r[i]]
        if i in found.days or i in found.special.values() or i == found.label or not (head or filled):
            continue
        told = mapped_to(choices.mapping, head, sheet.place(top, i)) is not None
        why = unseen(head) or suggested.get(i) or of_no_day.get(i) or "a column that is no day, unit or range"
        if told:
            why = "left out by the mapping file"
        elif kind_of(head) == "target":
            why = "a target or a scale, not a reference range"
        elif kind_of(head) in ("unit", "range"):
            why = "one of several columns that differ: which is of a value is not told"
        elif fluid := elsewhere(head):
            why = f"of {fluid}: not of blood"
        beside = kind_of(head) in ("target", "note", "unit", "range") or of_no_day.get(i) == BESIDE_VALUES
        values = 0 if beside else sum(bool(like_a_value(text) or unseen(text)) for text in filled)
        found.left_out.append(LeftOut(sheet.place(top, i), head, why, 0 if told else values))
        if not told and values and not (elsewhere(head) or unseen(head) or i in of_no_day):
            found.undated.append(f"{heading(sheet, top, i)},,,{_offered(head)}")
    return found


def _of_values(sheet: Sheet, top: int, special: Iterable[int] = ()) -> list[int]:
    """The columns that have values under a heading of their own."""
    heads, rows = sheet.rows[top], sheet.rows[top + 1 :]
    columns = [i for i, head in enumerate(heads) if i and head and i not in special and not kind_of(head)]
    return [i for i in columns if any(like_a_value(row[i]) for row in rows)]


def _offered(head: str) -> str:
    moment = read_moment(head)
    return (likely_day(moment) if moment else "") or "DAY"


def _no_value(head: str, below: str) -> str:
    """Why a column that has a day as its heading has no values of it."""
    said = read_moment(head) or read_date(head)
    return (no_value(below) or no_value(said.note)) if said else ""


def _special(cells: list[list[str]], top: int, below: int, days: set[int]) -> dict[str, int]:
    """The columns of unit, range, limits and code; a limit only where the other is there too."""
    found: dict[str, int] = {}
    # a heading over two rows: `Unit` may stand in either
    for row in (cells[top], *cells[:top], *cells[top + 1 : below]):
        for i, head in enumerate(row):
            if i not in days and (kind := kind_of(head)):
                found.setdefault((sex_of(head) or kind) if kind == "range" else kind, i)
    for i in range(1, len(cells[top])):
        if i not in {*days, *found.values()} and (kind := kind_by_content(cells, top, i)):
            found.setdefault(kind, i)
    found = {kind: i for kind, i in found.items() if kind not in ("target", "note")}
    found = {kind: i for kind, i in found.items() if i not in _of_several(cells, top, below, days, kind)}
    if not {"low", "high"} <= found.keys():
        return {kind: i for kind, i in found.items() if kind not in ("low", "high")}
    return found


def _of_several(cells: list[list[str]], top: int, below: int, days: Collection[int], kind: str) -> set[int]:
    """The columns of one kind, a unit or a range for each day, where one row has different ones."""
    columns = {
        i for row in (cells[top], *cells[top + 1 : below]) for i, head in enumerate(row)
        if i not in days and kind in ("unit", "range") and kind_of(head) == kind and not sex_of(head)
    }  # fmt: skip
    return columns if any(len({row[i] for i in columns} - {""}) > 1 for row in cells[below:]) else set()


def _words_below(cells: list[list[str]], top: int, found: Columns) -> dict[int, str]:
    """The words that stand under the headings, such as `before dialysis` or `08:00`, by column."""
    words: dict[int, str] = {}
    for row in cells[top + 1 : top + 3]:
        texts = {i: c for i, c in enumerate(row) if i and c}
        of_words = all(
            _TIME_OF_DAY.fullmatch(c) or _YEAR.fullmatch(c) or _A_UNIT.fullmatch(c) or not re.search(r"\d", c)
            for c in texts.values()
        )
        # `Value`, `Ref`, `Value`, `Ref` under days that are merged over them
        of_parts = any(map(is_over_names, texts.values())) and all(
            kind_of(c) or is_over_names(c) for c in texts.values()
        )
        over = _OF_SAMPLES.fullmatch(row[0]) or (of_parts and is_over_names(row[0]))
        if not texts or not of_words or not over or (all(kind_of(c) for c in texts.values()) and not of_parts):
            break
        if not any(len(c) > 2 for c in texts.values()):
            break  # `+`, `-` and `H` are results
        texts = {i: c for i, c in texts.items() if not is_over_names(c)}
        words |= {i: "; ".join(filter(None, (words.get(i, ""), c))) for i, c in texts.items()}
        found.below += 1
    return words


def _year_beside(cells: list[list[str]], top: int, column: int, below: str) -> int | None:
    """The year that stands over or under a date that has none."""
    over = above(cells, top, column)
    return next((int(text) for text in (over, below) if _YEAR.fullmatch(text)), None)


def _twice(moments: dict[int, Moment], cells: list[list[str]], top: int) -> dict[int, str]:
    """Why the day of a column has to be told: the same stands under another heading over it, Before and After; or what
    stands over the times are several patients.
    """
    over = {i: text for i in moments if (text := above(cells, top, i))}
    people = {text for text in over.values() if is_person(text)}
    if len(people) > 1:
        return {i: f"of {text!r}, one of several patients: give days to those of one" for i, text in over.items()}
    open_days: dict[int, str] = {}
    for i, j in itertools.permutations(over, 2):
        if moments[i][:4] == moments[j][:4] and over[i] != over[j]:
            open_days[i] = f"the same time under {over[i]!r} and under {over[j]!r}"
    return open_days


def _days(
    sheet: Sheet, name: str, choices: Choices, below: dict[int, str], found: Columns, of_no_day: Collection[int]
) -> dict[int, str]:  # fmt: skip
    """Adds the study days of the columns; returns the reasons of those of which the day has to be told."""
    cells, top, heads = sheet.rows, found.top, sheet.rows[found.top]
    corners, titles = [row[0] for row in cells[: top + 1] if row[0]], titles_above(cells, top)
    corner = " ".join(text for text in corners if text not in titles)
    stated = unit_stated(corner) or next(filter(None, (unit_stated(t, title=True) for t in titles)), "")
    clock = clock_of(corner) or next(filter(None, (clock_of(t, title=True) for t in titles)), "")
    dates: dict[int, Written] = {}
    moments: dict[int, Moment] = {}
    open_days: dict[int, str] = {}
    hours: dict[int, float] = {}
    for i, head in enumerate(heads):
        note = below.get(i, "")
        told = mapped_to(choices.mapping, head, sheet.place(top, i))
        if not (i and (head or told)) or i in of_no_day:
            continue
        if told:
            if told.day:
                found.days[i] = told.day
        elif (moment := read_moment(head)) is not None:
            over = above(cells, top, i)
            unit = moment.unit or unit_stated(over) or stated
            moments[i] = moment._replace(unit=unit, clock=moment.clock or _clock_over(head, over) or clock)
            note = "; ".join(filter(None, (moment.note, note)))
        elif (written := read_date(head)) is not None:
            if written.parts[2] is None and (year := _year_beside(cells, top, i, note)):
                written = written._replace(parts=(*written.parts[:2], year))
            dates[i] = written
            note = "; ".join(filter(None, (written.note, note)))
        for time in _TIME_OF_DAY.finditer(note):
            hours[i] = hour_of(time[1], time[2], time[3])
        note = _TIME_OF_DAY.sub("", note).strip(" ;")
        if _DATED.search(note) or find(note):
            note = ""  # neither a calendar date nor a name comes into a case
        if (i in moments or i in dates) and (fluid := elsewhere(note) or elsewhere(above(cells, top, i))):
            open_days[i] = f"of {fluid}: not of blood; the mapping file can say its study day"
        elif note and i in {*moments, *dates, *found.days}:
            found.notes[i] = note
    if months_of_years(heads[i] for i, written in dates.items() if written.parts[2] is None):
        why = "a month and its year, or a day of a month?"
        open_days |= {i: why for i, written in dates.items() if written.parts[2] is None}
    open_days |= _twice(moments, cells, top)
    moments = {i: moment for i, moment in moments.items() if i not in open_days}
    dates = {i: written for i, written in dates.items() if i not in open_days}
    _check_clocks({i: moment.clock for i, moment in moments.items()}, moments, sheet, name, choices, top)
    for i, (low, high, unit, _, _) in moments.items():
        if (times := _times(unit, choices.time_unit)) is None:
            open_days[i] = f"a {unit or 'time'} is not a fixed number of {choices.time_unit}"
        else:
            zero = choices.day_zero or 0
            found.days[i] = as_day(low - zero, high - zero, times)
    if dates:
        _dates(dates, sheet, name, choices, found)
        hours |= {i: written.hour for i, written in dates.items() if written.hour is not None}
    for i in past_midnight(hours, found.days, sheet, top):
        del found.days[i]
        open_days[i] = "an earlier time under the same date as the time before it: past midnight?"
    spread(hours, found.days, found.notes, choices.time_unit)
    of = {"hours": "hour", "sessions": "session"}.get(choices.time_unit, "day")
    found.told += [Meaning(sheet.place(top, i), heads[i], f"{of} {day}") for i, day in sorted(found.days.items())]
    return open_days


def _clock_over(head: str, over: str) -> str:
    return from_elsewhere(head, over) or (clock_of(over) if unit_stated(over) else "")


def _times(unit: str, of_case: str) -> float | None:
    """What one unit of a heading is in the unit of time of the case; None where that is not fixed."""
    if of_case == "sessions" or unit == "session":
        return 1 if of_case == "sessions" and unit in ("", "session") else None
    if not unit:
        return 1
    return UNIT_DAYS[unit] * (24 if of_case == "hours" else 1) if unit in UNIT_DAYS else None


def _dates(dates: dict[int, Written], sheet: Sheet, name: str, choices: Choices, found: Columns) -> None:
    """Adds the study days of columns that have a date; raises BadInput where day 0 or the order is not known."""
    top, heads = found.top, sheet.rows[found.top]
    if choices.zero is None:
        first = next(iter(dates))
        expected = "the date of day 0, to convert dates to study days: --time-zero YYYY-MM-DD"
        raise BadInput([Problem(name, top + 1, sheet.place(top, first), heads[first], expected)])
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
            raise BadInput([Problem(name, top + 1, sheet.place(top, i), heads[i], expected)])
        order = next(one for one, shown in over_12.items() if shown)
        found.told.append(Meaning("", "", f"dates read as {order}: another order gives a month over 12"))
    for i, written in dates.items():
        try:
            day = study_day(written, choices.zero, order)
            found.days[i] = as_day(day, day, _times("day", choices.time_unit) or 1)
        except NotTaken as error:
            values = sum(bool(r[i]) for r in sheet.rows[found.below :])
            found.left_out.append(LeftOut(sheet.place(top, i), heads[i], str(error), values))
            continue
        if written.parts[2] is None:
            said = "no year is printed; the year nearest to day 0 was used"
            found.told.append(Meaning(sheet.place(top, i), heads[i], said))


def _check_clocks(
    clocks: dict[int, str], moments: dict[int, Moment], sheet: Sheet, name: str, choices: Choices, top: int
) -> None:
    """Raises BadInput where days are not counted from day 0 and nobody said from which, or from more than one thing."""
    other = [i for i, clock in clocks.items() if clock]
    if not other:
        return
    first = other[0]
    unit = moments[first].unit or "day"
    if len(set(clocks.values())) > 1:
        other = sorted({*clocks, *_of_values(sheet, top)})
        expected = f"days counted from one event; here from several: {asked(sheet, name, top, other)}"
    elif choices.day_zero is None:
        one = f"{'an' if unit == 'hour' else 'a'} {unit}"
        expected = f"{one} that is not counted from day 0: say which printed {unit} is day 0 by --day-zero NUMBER, or "
        other = sorted({*other, *_of_values(sheet, top)})
        expected += asked(sheet, name, top, other)
    else:
        return
    problem = Problem(name, top + 1, sheet.place(top, first), sheet.rows[top][first], expected)
    raise Undated(problem, [sheet.place(top, i) for i in other])
