"""Laboratory tables as hospitals print and journals publish them, analytes on one side and days on the other.

Every cell is accounted for: taken, empty, or left out with the reason. A name, unit or date that has no single reading
is left out and offered as a line for the mapping file, which the next run reads.
"""

import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import partial

from casereport.errors import BadInput, Problem
from casereport.quantities.vocabulary import Analyte, Vocabulary
from casereport.readers.analyte_names import ids_of, parts
from casereport.readers.asking import Undated
from casereport.readers.blocks import blocks
from casereport.readers.cells import GRADE, NO_VALUE, TITRE, is_grade, is_titre, mark_shown, numbers_of_pair
from casereport.readers.column_says import is_unit, of_another_specimen, unit_of_column
from casereport.readers.columns import Choices, Columns, LeftOut, Mapped, Meaning, read_columns
from casereport.readers.grids import Cells, Printed, Sheet
from casereport.readers.heading_row import is_person, is_time, like_a_value, row_of_days, titles_above
from casereport.readers.merged_cells import merged_values
from casereport.readers.patient_columns import patient_columns, several_patients
from casereport.readers.rows import (
    Row,
    Table,
    as_printed,
    candidates,
    contradicted,
    has_unit,
    ids_of_row,
    limits_of,
    mapping_of,
    not_read,
    of_another_quantity,
    offered_units,
    offers,
    pair_of,
    units_of_row,
)
from casereport.readers.specimens import (
    OF_FLUIDS,
    elsewhere,
    in_arterial,
    is_arterial,
    of_arteries,
    of_blood,
    of_panel,
    of_section,
    specimen_named,
)
from casereport.readers.synonyms import directory, key
from casereport.readers.values import Taken, units_of, value_of


@dataclass
class Account:
    """What was understood of a table: the values, what each heading was read as, and what was left out and why.

    `offers` are lines for the mapping file, `undated` those for columns of values without a day, `marks` the cells of
    each mark of a footnote. `cells` are the texts of the file, `read` the places of those that say what values are, and
    `heads` the rows that are headings; `people` are the names of patients, such as `Case 2`, over rows.
    """

    taken: list[Taken] = field(default_factory=list)
    columns: list[Meaning] = field(default_factory=list)
    rows: list[Meaning] = field(default_factory=list)
    empty: int = 0
    left_out: list[LeftOut] = field(default_factory=list)
    offers: list[str] = field(default_factory=list)
    undated: list[str] = field(default_factory=list)
    marks: dict[str, list[str]] = field(default_factory=dict)
    cells: Cells = field(default_factory=list)
    read: set[str] = field(default_factory=set)
    heads: set[int] = field(default_factory=set)
    people: list[str] = field(default_factory=list)


def read_wide(printed: Printed, name: str, vocabulary: Vocabulary, choices: Choices) -> Account:
    """The account of a table called `name`; raises BadInput where it has no row of days, dates need telling, or a row
    has more cells than the headings."""
    account = Account(cells=printed.rows)
    known = directory(vocabulary)
    problems: list[Problem] = []
    for beside in blocks(
        _upright(printed.sheet, known, choices),
        known,
        choices.mapping,
    ):
        specimen = ""
        for sheet in beside:
            read = partial(_read_block, sheet, name, vocabulary, known, specimen=specimen)
            try:
                specimen = read(choices=choices, account=account)
            except Undated as error:
                problems += _with_names(error, choices, read)
            except BadInput as error:
                problems += error.problems
    of_values = {int(re.sub(r"\D", "", taken.where)) - 1 for taken in account.taken}
    try:
        printed.check_lengths(account.heads, of_values, name)
    except BadInput as error:
        problems += error.problems
    if problems:
        raise BadInput(problems)
    return account


def _read_block(
    sheet: Sheet, name: str, vocabulary: Vocabulary, known: dict[str, list[str]], specimen: str, choices: Choices,
    account: Account,
) -> str:  # fmt: skip
    """Reads a block into the account; `specimen` is what the block over it was measured in. Returns that of this."""
    columns = read_columns(sheet, name, known, choices)
    account.heads.add(sheet.in_file(columns.top, columns.label)[0])
    columns.specimen = columns.specimen or specimen or _of_most_rows(sheet, columns)
    account.columns += columns.told
    account.undated += columns.undated
    account.left_out += columns.left_out
    heads = {*columns.days, *columns.special.values(), columns.label}
    account.read |= {sheet.place(row, i) for i in heads for row in range(columns.top, columns.below)}
    names = Counter(key(row[columns.label]) for row in sheet.rows[columns.below :] if row[columns.label])
    table = Table(sheet, columns, vocabulary, known, choices, names)
    # a patient may stand over each block; `Patient` alone stands over several, or beside them
    over = [text for text in titles_above(sheet.rows, columns.top) if " " in text]
    texts = [*over, *(row[columns.label] for row in sheet.rows[columns.below :])]
    account.people += [text for text in texts if is_person(text) and text not in account.people]
    if len(account.people) > 1:
        expected = f"the rows of one patient; here stand those of {' and of '.join(map(repr, account.people[:2]))}"
        raise BadInput([Problem(name, 0, "", "", expected)])
    _check_one_patient(table, name)
    unclear = merged_values(sheet, columns)
    undated = [i for i in range(len(sheet.rows[0])) if _waits(i, table)]
    section = ""
    for at, row in enumerate(sheet.rows[columns.below :], start=columns.below):
        where, printed = sheet.place(at, columns.label), row[columns.label]
        if not any(row):
            continue
        merged = bool(printed) and all(c == printed for c in row if c) and sum(map(bool, row)) > 1
        if merged or not any(row[i] for i in columns.days):
            waits = [row[i] for i in undated if row[i] and not merged]
            if waits:
                why = f"its values ({', '.join(waits)}) wait for the day of their column"
                account.left_out.append(LeftOut(where, printed, why))
                continue
            alone = not any(c for i, c in enumerate(row) if i != columns.label and c != printed)
            if alone and not has_unit(printed, table):
                section = printed
            account.left_out.append(LeftOut(where, printed, "a row without values"))
            continue
        read = as_printed(at, table)
        shown = {i: unclear[at, i] for i in read.values if (at, i) in unclear}
        account.left_out += [LeftOut(sheet.place(at, i), row[i], why, 1) for i, why in shown.items() if why]
        read = replace(read, values={i: text for i, text in read.values.items() if i not in shown})
        _read_row(read, _of_fluid(row, section, table), table, account)
    return columns.specimen


def _check_one_patient(table: Table, name: str) -> None:
    """Raises BadInput where a column beside the names, or a row among them, says that the values are of several."""
    sheet, columns = table.sheet, table.columns
    body = [row for row in sheet.rows[columns.below :] if any(row[i] for i in columns.days)]
    other = {*columns.days, *columns.special.values(), columns.label}
    heads = ["" if i in other else head for i, head in enumerate(sheet.rows[columns.top])]
    # PT is a patient, or the prothrombin time
    labels = [
        "" if ids_of(row[columns.label], parts(row[columns.label])[0], table.known) else row[columns.label]
        for row in body
    ]
    across = [[row[i] for row in body] for i in columns.days]
    for texts, rows, of_name in ((heads, body, columns.label), (labels, across, None)):
        who = patient_columns(texts, rows, of_name)
        if len(patients := several_patients(rows, who)) > 1:
            said = f"{' and '.join(repr(texts[i]) for i in who)} has {', '.join(patients[:5])}"
            raise BadInput([Problem(name, 0, "", "", f"the values of one patient; {said}: keep those of one")])


_AMONG = "rows of "


def _of_most_rows(sheet: Sheet, columns: Columns) -> str:
    """The fluid that most names of a table say; the bare names among them are as likely of it as of blood."""
    names = [row[columns.label] for row in sheet.rows[columns.below :] if any(row[i] for i in columns.days)]
    fluids = Counter(fluid for name in names if (fluid := elsewhere(name)))
    fluid, n = fluids.most_common(1)[0] if fluids else ("", 0)
    return f"{_AMONG}{fluid}" if n > 1 and 2 * n >= len(names) else ""


def _with_names(error: Undated, choices: Choices, read: Callable[..., str]) -> list[Problem]:
    """The question of the days, with what else has to be told of the same table: names, units, commas."""
    told = {key(place): Mapped("", "", "0") for place in error.places}
    dated = Account()
    try:
        read(choices=choices._replace(mapping={**choices.mapping, **told}), account=dated)
    except BadInput:
        return error.problems
    problem, *others = error.problems
    expected = problem.expected + "".join(f"\n    {line}," for line in dated.offers)
    if any("--decimal" in left.why for left in dated.left_out):
        expected += "\n  some numbers have a comma or a point: is it decimal? say --decimal comma or --decimal point"
    return [replace(problem, expected=expected), *others]


def _upright(sheet: Sheet, known: dict[str, list[str]], choices: Choices) -> Sheet:
    """The sheet with its names down, turned where it has times down and names across."""
    if row_of_days(sheet, known, choices.mapping) is not None:
        return sheet
    turned = sheet.turn()
    across = max((_names_in(row[1:], known) for row in sheet.rows[:5]), default=0)
    down = _names_in([row[0] for row in sheet.rows if row], known)
    times = any(is_time(row[0]) for row in sheet.rows if row)
    of_times = times and across and row_of_days(turned, known, choices.mapping) is not None
    # times in words are no times before they are told, but names are names
    return turned if of_times or (across > 1 and across > down) else sheet


def _names_in(texts: list[str], known: dict[str, list[str]]) -> int:
    return sum(key(parts(text)[0]) in known or key(text) in known for text in texts if text)


def _waits(column: int, table: Table) -> bool:
    """True for a column of values that has no day yet."""
    columns = table.columns
    if column in columns.days or column in columns.special.values() or column == columns.label:
        return False
    where = table.sheet.place(columns.top, column)
    return any(left.where == where and left.values for left in columns.left_out) and any(
        like_a_value(row[column]) for row in table.sheet.rows[columns.below :]
    )


def _of_fluid(row: list[str], section: str, table: Table) -> str:
    """What says that a row is not of blood: its specimen, the heading over it, or the title of the table."""
    at = table.columns.special.get("specimen")
    if at is not None and row[at]:
        return next((text for text in (row[at], specimen_named(row[at])) if of_panel(text)), "")
    if of_panel(section):
        return section
    of_table = table.columns.specimen
    own = of_table.startswith(_AMONG) and re.search(r"\b(?:serum|plasma)\b", row[table.columns.label], re.I)
    return "" if own or of_blood(section) else of_table


def _read_row(row: Row, fluid: str, table: Table, account: Account) -> None:
    mapped = mapping_of(row, table)
    if mapped and not mapped.analyte:
        account.left_out.append(LeftOut(row.where, row.printed, "left out by the mapping file"))
        return
    ids = [mapped.analyte] if mapped else ids_of_row(row, table)
    analytes = table.vocabulary.analytes
    if of_arteries(fluid) and not mapped:
        ids, fluid = in_arterial(ids), ""
    among = fluid.startswith(_AMONG)
    if among and not (len(ids) == 1 and ids[0] in OF_FLUIDS):
        fluid = ""
    of = of_section(fluid)
    if of and not mapped and not row.words and not among:  # Protein under Urine is urine protein
        names = (row.base, *(analytes[i].label for i in ids[:1]))
        ids = next((found for name in names if (found := table.known.get(key(f"{of} {name}")))), ids)
    if fluid and not of and not any(is_arterial(analytes[i].label) for i in ids):
        fluid = ""  # of venous blood are all but the gases
    if fluid and not mapped and not (of and len(ids) == 1 and of in analytes[ids[0]].label.lower()):
        where = fluid if among else f"the heading {fluid!r}"
        blood = "not of blood" if of else "not of arterial blood"
        why = f"{'among' if among else 'under'} {where}: {blood}; the mapping file can say what it is"
        account.left_out.append(LeftOut(row.where, row.printed, why, len(_texts(row))))
        account.offers.append(f"{row.called},,")
        return
    if len(ids) != 1:
        pair = [] if ids else pair_of(row, table)
        if pair:
            _read_pair(row, pair, table, account)
        else:
            _not_known(row, ids, table, account)
        return
    analyte = analytes[ids[0]]
    told = mapped.unit if mapped else ""
    if told and (printed := contradicted(row, told, analyte, table)):
        why = f"the mapping file says {told}, and {printed} is printed: correct the line, or the table if that is wrong"
        account.left_out.append(LeftOut(row.where, row.printed, why, len(_texts(row))))
        return
    if not told and (printed := of_another_quantity(row, analyte)):
        why = f"{printed} is of another quantity than {analyte.id}, which can be {units_of(analyte)}"
        account.left_out.append(LeftOut(row.where, row.printed, why, len(_texts(row))))
        account.offers.append(f"{row.called},,")
        return
    taken = _read_as(row, analyte, [told] if told else units_of_row(row, analyte), bool(told), table, account)
    if not (told or units_of_row(row, analyte) or taken):
        account.offers += offered_units(row, analyte, table)


def _read_pair(row: Row, ids: list[str], table: Table, account: Account) -> None:
    """A row of several analytes, each number of a cell to its own, in the order of the names."""
    split: dict[int, list[str]] = {}
    for column, text in row.values.items():
        numbers = numbers_of_pair(text)
        if text.casefold() in NO_VALUE:
            account.empty += 1
        elif numbers and ids[0] == "systolic_pressure" and text[0] in "<>≤≥" and numbers[-1][0] not in "<>≤≥":
            why = "a bound of a pressure: of both numbers, or of the first alone? give each a row of its own"
            account.left_out.append(LeftOut(table.sheet.place(row.at, column), text, why, len(ids)))
        elif len(numbers) == len(ids):
            split[column] = numbers
        else:
            why = f"{len(ids)} numbers for {', '.join(ids)} in this order; a ratio is an analyte of its own"
            account.left_out.append(LeftOut(table.sheet.place(row.at, column), text, why, len(ids)))
    ranges = [(text, "a range beside several analytes; give each a row of its own") for text in row.ranges]
    for n, one in enumerate(ids):
        analyte = table.vocabulary.analytes[one]
        no_ranges = [*row.no_ranges, *ranges] if n == 0 else []
        part = replace(row, values={i: numbers[n] for i, numbers in split.items()}, ranges=[], no_ranges=no_ranges)
        _read_as(part, analyte, units_of_row(part, analyte), False, table, account, f"{n + 1} of {len(ids)}")


def _read_as(
    row: Row, analyte: Analyte, units: list[str], told: bool, table: Table, account: Account, part: str = ""
) -> list[Taken]:  # fmt: skip
    """Takes the values of a row into the account, or leaves them out with the reason; returns those taken."""
    decimal = table.choices.decimal
    limits, no_ranges = limits_of(row, analyte, units[0] if units else "", table)
    odd = [] if told else [*not_read(row, analyte, decimal), *(text for text, _ in no_ranges)]
    account.read |= {row.where, *(table.sheet.place(row.at, i) for i in table.columns.special.values())}
    account.rows.append(_as_read(row, analyte, units[0] if units else "", limits, list(dict.fromkeys(odd)), part))
    place_of_range = next((i for kind, i in table.columns.special.items() if kind in ("range", "low")), None)
    for text, why in no_ranges:
        named = text in row.printed or place_of_range is None
        where = row.where if named else table.sheet.place(row.at, place_of_range or 0)
        account.left_out.append(LeftOut(where, text, why))
    taken = []
    of_values = mark_shown(row.values.values(), decimal)
    of_columns = {note for note in table.columns.notes.values() if is_unit(note, table)}
    for column, text in row.values.items():
        where, note = table.sheet.place(row.at, column), table.columns.notes.get(column, "")
        note = "" if note in of_columns else note
        unit = units[0] if units else ""
        own, clash = unit_of_column(column, units, analyte, table)
        if (why := of_another_specimen(column, analyte, table) or clash) and text.casefold() not in NO_VALUE:
            account.left_out.append(LeftOut(where, text, why, 1))
            continue
        # of columns in several units a range is of one
        own_limits = limits if units or len(of_columns) < 2 else ("", "")
        cell = Taken(where, row.where, table.columns.days[column], analyte.id, "", unit, "", *own_limits, part=part)
        try:
            found = value_of(text, cell, own, analyte, of_values)
        except ValueError as error:  # NotTaken, or what the analyte cannot be
            account.left_out.append(LeftOut(where, text, str(error), 1))
            continue
        if found is None:
            account.empty += 1
            continue
        value, mark = found
        taken.append(value._replace(note="; ".join(filter(None, (value.note, note)))))
        if mark:
            account.marks.setdefault(mark, []).append(where)
    account.taken += taken
    return taken


def _as_read(row: Row, analyte: Analyte, unit: str, limits: tuple[str, str], odd: list[str], part: str) -> Meaning:
    """A row for the reader of the account: which analyte, which unit, which range, and what of it was not read."""
    low, high = limits
    shown = f"{low or 'any'} to {high or 'any'}" if low or high else "none"
    lacking = f"not understood (it can be {units_of(analyte)})" if odd else "not printed"
    note = f"; not read: {', '.join(odd)}" if odd else ""
    meaning = f"{analyte.id}, unit {unit or lacking}, range {shown}{note}"
    return Meaning(row.where, row.printed, meaning, part)


def _not_known(row: Row, ids: list[str], table: Table, account: Account) -> None:
    """Leaves a row out that means no analyte of the vocabulary, or several, and offers lines for the mapping file."""
    found = candidates(row, ids, table)
    texts = _texts(row)
    why = "means more than one: " if ids else "not in the vocabulary; near: "
    names = ", ".join(f"{a.id} in {units_of(a)}" for a, _ in found) or "nothing"
    why += f"{names} ({len(texts)} value{'' if len(texts) == 1 else 's'})"
    if not ids:
        why += _kind_of_values(texts)
    account.left_out.append(LeftOut(row.where, row.printed, why, len(texts)))
    account.offers += offers(row, ids, found, table)


def _texts(row: Row) -> list[str]:
    """What stands in the cells of a row that are not empty."""
    return [text for text in row.values.values() if text.casefold() not in NO_VALUE]


def _kind_of_values(texts: list[str]) -> str:
    """What to say of values that are no plain numbers."""
    if any(map(is_titre, texts)):
        return f"; {TITRE}"
    if any(map(is_grade, texts)):
        return f"; {GRADE}"
    if any(map(numbers_of_pair, texts)):
        return "; several numbers in one cell: name the row in the same order, such as AST/ALT"
    return ""
