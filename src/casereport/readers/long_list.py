"""Long lists: one result a row, as laboratories, warehouses and patient records give them, in CSV, TSV or XLSX.

What a column is, its heading says, in any order; columns that none of the headings below names are not read.
"""

import re
from collections.abc import Iterator
from itertools import chain
from typing import NamedTuple

from casereport.errors import BadInput, Problem
from casereport.quantities.intervals import in_grammar
from casereport.readers.cells import NotTaken, mark_shown
from casereport.readers.grids import Cells, Printed, place
from casereport.readers.headings import UNIT_DAYS, Written, as_day, from_elsewhere, read_date, read_moment, study_day
from casereport.readers.list_headings import columns_of
from casereport.readers.patient_columns import (
    patient_columns,
    patient_of,
    plain_heading,
    says_sex,
    says_who,
    several_patients,
)
from casereport.readers.record_values import number_of
from casereport.readers.records import Feed, Record
from casereport.readers.result_status import statuses
from casereport.readers.specimens import elsewhere, of_blood, of_panel, of_title, specimen_named
from casereport.readers.wanted import Wanted, several

_LOOKED_AT = 10  # rows above the headings are titles
# columns of people, whose words are shown to nobody
_PEOPLE = re.compile(
    r"patient|mrn|person|subject|surname|first name|last name|family|given|physician|doctor|provider|order(?:ed|ing)|"
    r"^name$|address|phone|birth|dob|ssn|clinician|nurse|technician|author|performed by|comment|note|remark",
    re.I,
)


_SHARED = "one cell merged over the values of several rows: of which is it? enter it there alone"


class _List(NamedTuple):
    """Where the headings stand, and the column of each kind that there is."""

    top: int
    columns: dict[str, int]


def find_long_list(cells: Cells) -> _List | None:
    """The headings of a long list; None for another table. It has a name, a value and a day or date in each row."""
    for top, row in enumerate(cells[:_LOOKED_AT]):
        columns = columns_of(row)
        if {"name", "value"} <= columns.keys() and columns.keys() & {"date", "day", "hours", "offset"}:
            return _List(top, columns)
    return None


def read_long_list(printed: Printed, found: _List, name: str, wanted: Wanted) -> Feed:
    """The results of a long list; raises BadInput where day 0, the order of dates or the patient has to be told, and
    for a row with more cells than headings."""
    (top, columns), cells, sheet = found, printed.rows, printed.sheet
    numbers = {columns[kind] for kind in ("value", "low", "high") if kind in columns}
    rows = [
        (at, [sheet.shown(at, i, wanted.decimal) if i in numbers else text for i, text in enumerate(row)])
        for at, row in enumerate(cells[top + 1 :], start=top + 1)
        if any(row)
    ]
    used = {*columns.values()}
    results = [(at, row) for at, row in rows if row[columns["name"]] and row[columns["value"]]]  # and no footnote
    printed.check_lengths([top], {at for at, _ in results}, name)
    heads = ["" if i in used else text for i, text in enumerate(cells[top])]
    who = patient_columns(heads, [row for _, row in results], columns["name"])
    rows, of_nobody, read_as = _of_one_patient(rows, results, who, heads, name, wanted.patient)
    counted = next((kind for kind in ("day", "hours") if kind in columns), "")
    heading = cells[top][columns[counted]] if counted else ""
    use_date = "date" in columns and (wanted.zero is not None or "day" not in columns)
    if "offset" in columns and not columns.keys() & {"date", "day", "hours"} and wanted.day_zero is None:
        expected = "minutes that are not counted from day 0: say by --day-zero NUMBER which day after the admission is"
        heading = cells[top][columns["offset"]]
        raise BadInput([Problem(name, top + 1, place(top, columns["offset"]), heading, f"{expected} (0: its own)")])
    if counted and not use_date and wanted.day_zero is None:
        _check_counted(rows, top, heading, columns[counted], counted, name)
    codes = plain_heading(cells[top][columns["loinc"]]) if "loinc" in columns else ""
    hidden = [
        i for i, text in enumerate(cells[top])
        if (_PEOPLE.search(text) or says_who(text) or i in who) and i != columns["name"]
    ]  # fmt: skip
    people = {w.casefold() for _, row in rows for i in hidden for w in re.findall(r"[^\W\d_]{3,}|\d{4,}", row[i])}
    refused = [(row, "its row names no patient") for _, row in of_nobody]
    areas = {at: sheet.area(at, columns["value"]) for at, _ in rows}
    shared = {at for at, area in areas.items() if area and area.bottom > area.top}
    refused += [(row, _SHARED) for at, row in rows if at in shared]
    rows = [(at, row) for at, row in rows if at not in shared]
    left_out = (Record(row[columns["name"]], refused=why) for row, why in refused)
    records = chain(_records(rows, columns, use_date, name, wanted, codes), left_out)
    return Feed("long list", "laboratory list", records, frozenset(people), read_as)


_Rows = list[tuple[int, list[str]]]


def _check_counted(rows: _Rows, top: int, heading: str, column: int, counted: str, name: str) -> None:
    """Raises BadInput where the heading of the days, or every one of them, says that day 0 is not their own."""
    printed = [(top, heading)] if from_elsewhere(heading, heading) else []
    if not printed and counted == "day":
        days = [(at, row[column], moment.clock) for at, row in rows if (moment := read_moment(row[column]))]
        printed = [(at, text) for at, text, clock in days if clock and clock == days[0][2]]
        printed = printed if len(printed) == len(days) else []
    if printed:
        (at, text), one = printed[0], "an hour" if counted == "hours" else "a day"
        expected = (
            f"{one} that is not counted from day 0: say which printed {one[2:].strip()} is day 0 by --day-zero NUMBER"
        )
        raise BadInput([Problem(name, at + 1, place(at, column), text, expected)])


def _of_one_patient(
    rows: _Rows, results: _Rows, who: list[int], heads: list[str], name: str, asked: str
) -> tuple[_Rows, _Rows, tuple[tuple[str, str, str], ...]]:
    """The rows of the patient who was asked for, or of the only one, those of nobody, and what to say of the latter.

    `results` are the rows that have one, `who` the columns that tell patients apart.
    Raises BadInput for several patients of whom none is chosen, and for one who is not there.
    """
    if not who:
        if asked:
            raise BadInput([Problem(name, 0, "--patient", asked, "nothing: no column tells patients apart")])
        return rows, [], ()
    patients = several_patients([row for _, row in results], who)
    called = " and ".join(repr(heads[i]) for i in who)
    if asked and asked.casefold() not in map(str.casefold, patients):
        expected = f"a patient of this file, by the column {called}"
        raise BadInput([Problem(name, 0, "--patient", asked, expected)])
    if not asked and len(patients) > 1:
        sure = any(says_who(heads[i]) or says_sex(heads[i]) for i in who)
        unsure = "" if sure else "; where it is of samples, call it `Sample ID`"
        raise several(name, patients, f" by the column {called}{unsure}")
    of_nobody = [(at, row) for at, row in results if not patient_of(row, who)]
    if not asked:
        n = len(of_nobody)
        said = f"{n} row{' has' if n == 1 else 's have'} nothing here, read as of the one patient of the file"
        return rows, [], (("", called, said),) if n else ()
    return [(at, row) for at, row in rows if patient_of(row, who).casefold() == asked.casefold()], of_nobody, ()


def _records(
    rows: _Rows,
    columns: dict[str, int],
    use_date: bool,
    name: str,
    wanted: Wanted,
    heading: str,
) -> Iterator[Record]:  # fmt: skip
    def cell(row: list[str], kind: str) -> str:
        return row[columns[kind]] if kind in columns else ""

    says_loinc = "loinc" in heading
    values: dict[str, list[str]] = {}
    for _, row in rows:
        values.setdefault(cell(row, "name"), []).append(cell(row, "value"))
    shown = {of: mark_shown(texts, wanted.decimal) for of, texts in values.items()}
    order = _order([(at, cell(row, "date")) for at, row in rows], columns, name, wanted) if use_date else ""
    clocks = {moment.clock for _, row in rows if (moment := read_moment(cell(row, "day")))}
    said = statuses(cell(row, "status") for _, row in rows)
    for _, row in rows:
        code, status = cell(row, "loinc"), said[cell(row, "status")]
        if not says_loinc and not re.fullmatch(r"\d{1,7}-\d", code):
            code = ""  # a code of the house
        record = Record(
            cell(row, "name"), cell(row, "value"), cell(row, "unit"), (code,) if code else (),
            specimen=_specimen(cell(row, "specimen"), cell(row, "panel")), low=cell(row, "low"),
            high=cell(row, "high"), limits=cell(row, "limits"), flag=cell(row, "flag"), printed=True,
            decimal=shown[cell(row, "name")], refused=status.refused,
        )  # fmt: skip
        try:
            if use_date:
                when = _iso(cell(row, "date"), cell(row, "clock"), order, wanted)
                # two of one day may be of two samples
                yield record._replace(when=when, rank=status.rank if "T" in when else 1)
            elif "day" in columns:
                day, unit = _day(cell(row, "day"), wanted, len(clocks) > 1)
                yield record._replace(day=day, day_unit=unit)
            else:  # hours remain hours in a case that counts them, and elsewhere become days
                hours = "hours" in columns
                day = (_day_of_hours if hours else _day_of_minutes)(cell(row, "hours" if hours else "offset"), wanted)
                yield record._replace(day=day, day_unit="hours" if wanted.time_unit == "hours" else "days")
        except NotTaken as error:
            yield record._replace(refused=status.refused or str(error))


def _specimen(told: str, panel: str) -> str:
    """In what a result was measured, by its own column, else by what it was ordered with."""
    told = specimen_named(told)
    # a ward or a balance may have a drain or a fluid in its name
    named = "" if elsewhere(panel) in ("drain", "fluid") and not of_title(panel) else of_panel(panel)
    return " ".join(filter(None, (told, "" if of_blood(told) else named)))


def _day(text: str, wanted: Wanted, mixed: bool) -> tuple[str, str]:
    """A study day and its unit: days, but for what is told in hours and goes into a case that counts them.

    Of days that are counted from several things, `mixed`, only those from day 0 are known.
    """
    moment = read_moment(text)
    if moment is not None and moment.clock and mixed:
        raise NotTaken(f"a day of another count ({moment.clock}) than others of the list: give its study day")
    if moment is not None and (times := UNIT_DAYS.get(moment.unit or "day")):
        if wanted.time_unit == "hours" and moment.unit in ("minute", "hour"):
            return _counted_from(as_day(moment.low, moment.high, 24 * times), 24 * (wanted.day_zero or 0)), "hours"
        return _counted_from(as_day(moment.low, moment.high, times), wanted.day_zero or 0), "days"
    if not text or not in_grammar(text):
        raise NotTaken("no study day")
    return _counted_from(text, wanted.day_zero or 0), "days"


def _counted_from(day: str, zero: int) -> str:
    """A day, or a range of days, of which the day `zero` is day 0."""
    try:
        return "..".join(f"{float(part) - zero:.10g}" for part in day.split(".."))
    except ValueError:  # a bound, such as <0
        if zero:
            raise NotTaken("a bound of a day that is not counted from day 0") from None
        return day


def _day_of_hours(text: str, wanted: Wanted) -> str:
    try:
        hours = float(number_of(text)) - (wanted.day_zero or 0)
    except ValueError:
        raise NotTaken("no hour") from None
    return f"{round(hours if wanted.time_unit == 'hours' else hours / 24, 4) + 0:.10g}"


def _day_of_minutes(text: str, wanted: Wanted) -> str:
    times = 24 if wanted.time_unit == "hours" else 1
    return _counted_from(f"{float(number_of(text)) * times / 1440:.4f}", times * (wanted.day_zero or 0))


def _iso(text: str, clock: str, order: str, wanted: Wanted) -> str:
    """A date as it is written in a list, in ISO, with the time of day behind it or beside it; raises NotTaken."""
    bare, time = _parted(text)
    if re.fullmatch(r"\d{4}(?:-\d{1,2})?", bare):
        raise NotTaken("a date without a day")
    written = read_date(re.sub(r"^((?:19|20)\d\d)(\d\d)(\d\d)$", r"\1-\2-\3", bare))
    if written is None:
        raise NotTaken("no sampling date" if not bare else "not a calendar date")
    first, second, year = written.parts
    if year is None:
        if wanted.zero is None:
            raise NotTaken("a date without a year")
        import datetime as dt

        date = wanted.zero + dt.timedelta(days=study_day(written, wanted.zero, order))
        return date.isoformat()
    day, month = (second, first) if written.ambiguous and order == "mdy" else (first, second)
    clock = re.sub(r"^(\d\d)(\d\d)$", r"\1:\2", clock)  # 0612
    time = time or (_parted(f" {clock}")[1] if clock else "")
    return f"{year:04}-{month:02}-{day:02}" + (f"T{time}" if time else "")


_TIME = re.compile(r"[T\s]+(\d{1,2})[:h](\d{2})(?::\d{2}(?:\.\d+)?)?\s*(am|pm)?\s*(?:uhr|Z|[+-]\d\d:?\d\d)?$", re.I)


def _parted(text: str) -> tuple[str, str]:
    """A date and the time of day behind it, `hh:mm`; the latter is empty where there is none."""
    match = _TIME.search(text)
    if match is None:
        return text.strip(), ""
    hour = int(match[1]) % 12 + 12 * (match[3].lower() == "pm") if match[3] else int(match[1])
    return text[: match.start()].strip(), f"{hour:02}:{match[2]}" if hour < 24 else ""


def _order(dates: list[tuple[int, str]], columns: dict[str, int], name: str, wanted: Wanted) -> str:
    """Whether the day or the month comes first in dates of numbers; raises BadInput where nothing tells."""
    unclear: list[tuple[int, str, Written]] = []
    for at, text in dates:
        written = read_date(_parted(text)[0])
        if written is not None and written.ambiguous:
            unclear.append((at, text, written))
    if wanted.order or not unclear:
        return wanted.order
    orders = {
        "dmy": any(written.parts[0] > 12 for _, _, written in unclear),
        "mdy": any(written.parts[1] > 12 for _, _, written in unclear),
    }
    if sum(orders.values()) != 1:
        at, text, _ = unclear[0]
        expected = "is the day or the month first? say --date-order dmy or --date-order mdy"
        raise BadInput([Problem(name, at + 1, place(at, columns["date"]), text, expected)])
    return next(order for order, shown in orders.items() if shown)
