"""`casereport import`: a laboratory table into the observations of a case, with an account of every cell."""

import datetime as dt
import re
from pathlib import Path

from casereport.case.folder import case_path, open_source
from casereport.case.left_out import Lacking, read_left_out, write_left_out
from casereport.errors import BadInput, Problem
from casereport.files.paths import SHIPPED
from casereport.files.tables import Rule, read_table
from casereport.quantities.intervals import in_grammar
from casereport.quantities.vocabulary import Vocabulary
from casereport.quantities.vocabulary_tables import load_vocabulary, vocabulary_files
from casereport.readers.append import add_observations
from casereport.readers.cells import is_made_date
from casereport.readers.columns import Choices, Mapped
from casereport.readers.grids import read_cells
from casereport.readers.headings import read_date
from casereport.readers.synonyms import key
from casereport.readers.values import Taken
from casereport.readers.wide_table import Account, read_wide

_ANY = Rule(lambda s: True, "")
_MAPPING = {
    "printed": Rule(bool, "the name as it is printed"), "analyte": _ANY, "unit": _ANY,
    "day": Rule(in_grammar, "the study day of a column, such as -2 or 3..4"),
}  # fmt: skip


def mapping_path(table: Path) -> Path:
    """Where the names of a table are explained: `labs.mapping.csv` beside `labs.xlsx`."""
    return table.with_name(table.stem + ".mapping.csv")


def import_labs(
    table: Path, into: str, zero: dt.date | None = None, order: str = "", decimal: str = "", sheet: str = "",
    source: str = "", day_zero: int | None = None,
) -> tuple[Account, int]:  # fmt: skip
    """Adds what is understood of `table` to the observations of a case; returns the account and how many rows are new.

    A row that is there already stays once, so that an import may be run again. Raises BadInput, and writes nothing,
    for a table or case that cannot be used.
    """
    path = case_path(into)
    if path.is_relative_to(SHIPPED):
        raise BadInput([Problem("case", 0, "--into", into, "a case of your own; this one is part of casereport")])
    vocabulary = load_vocabulary(*vocabulary_files(path).values())
    mapping = read_mapping(mapping_path(table), vocabulary)
    meta = open_source(path).meta()
    choices = Choices(zero, day_zero, order, decimal, mapping, meta.subject.sex or "", meta.time_unit)
    account = read_wide(read_cells(table, sheet), table.name, vocabulary, choices)
    new = [_row(taken, source or f"laboratory table {table.stem}") for taken in account.taken]
    before = read_left_out(path)  # a file that cannot be read is told before anything is written
    added = add_observations(path, new)
    write_left_out(path, before, table.name, _lacking(account, table.name))
    return account, added


def _lacking(account: Account, table: str) -> list[Lacking]:
    """What of the values of a table was left out, for the case; what may be a date or a number of a person is not
    repeated there.
    """
    found = []
    for left in account.left_out:
        if left.value:
            private = read_date(left.printed) or is_made_date(left.printed) or re.search(r"\d{6}", left.printed)
            found.append(Lacking(table, left.where, "" if private else left.printed[:80], left.why[:300]))
    return found


def read_mapping(path: Path, vocabulary: Vocabulary) -> dict[str, Mapped]:
    """The mapping file by the key of each printed name; empty where there is none. Raises BadInput for a wrong line."""
    if not path.exists():
        return {}
    problems, found = [], {}
    for line, row in read_table(path, path.name, _MAPPING, frozenset({"day"})).items():
        analyte = vocabulary.analytes.get(row["analyte"])
        if row["analyte"] and analyte is None:
            expected = vocabulary.unknown_analyte(row["analyte"])
            problems.append(Problem(path.name, line, "analyte", row["analyte"], expected))
        elif analyte and row["unit"] and row["unit"] not in (analyte.unit, *analyte.conversions):
            expected = f"a unit of {analyte.id}: {', '.join((analyte.unit, *analyte.conversions))}"
            problems.append(Problem(path.name, line, "unit", row["unit"], expected))
        if row["day"] and (row["analyte"] or row["unit"]):
            expected = "a day for a column, or an analyte for a row; not both"
            problems.append(Problem(path.name, line, "day", row["day"], expected))
        if key(row["printed"]) in found:
            expected = "each name once; keep the line that is meant"
            problems.append(Problem(path.name, line, "printed", row["printed"], expected))
        found[key(row["printed"])] = Mapped(row["analyte"], row["unit"], row["day"])
    if problems:
        raise BadInput(problems)
    return found


def _row(taken: Taken, source: str) -> dict[str, str]:
    # the cell is part of the source, so that a value can be looked up, and two samples of one day stay two
    return {
        "day": taken.day, "analyte": taken.analyte, "value": taken.value, "unit": taken.unit,
        "interpretation": taken.interpretation, "ref_low": taken.ref_low, "ref_high": taken.ref_high,
        "evidence": "reported" if taken.words else "measured",
        "source": f"{source}, cell {taken.where}" + (f" ({taken.part})" if taken.part else ""),
        "note": " ".join(filter(None, (f"Printed as {taken.words!r}." if taken.words else "", taken.note))),
    }  # fmt: skip


def told(account: Account, new: int, table: Path) -> str:
    """The account for a reader: headings, rows and values as they were read, then everything that was left out."""
    lines = ["Columns:", *(f"  {text}" for text in account.columns), "Rows:"]
    for text in account.rows:
        row, part = text.split(" ", 1)[0], re.search(r"' \((\d of \d)\): ", text)
        values = [t for t in account.taken if t.row == row and t.part == (part[1] if part else "")]
        lines += [
            f"  {text}",
            "    " + ("; ".join(f"{t.where} {t.value or t.words}" + _flagged(t) for t in values) or "no value"),
        ]
    for mark, cells in account.marks.items():
        lines.append(f"Mark {mark} of a footnote, not taken over: {', '.join(cells)}")
    days: dict[tuple[str, str], list[str]] = {}
    for value in account.taken:
        days.setdefault((value.analyte, value.day), []).append(value.where)
    twice = [f"{analyte} on day {day}: {', '.join(cells)}" for (analyte, day), cells in days.items() if len(cells) > 1]
    if twice:
        lines += ["More than one value of a day, all taken:", *(f"  {text}" for text in twice)]
    lines.append("Left out:" if account.left_out else "Nothing was left out.")
    lines += [f"  {left.where} {left.printed!r}: {left.why}" for left in account.left_out]
    lines += _offers(account, mapping_path(table))
    lines.append(f"{len(account.taken)} values understood, {new} of them new; {account.empty} cells without a value")
    return "\n".join(lines)


def _offers(account: Account, path: Path) -> list[str]:
    """The lines that the mapping file lacks, under its first line, with as many commas as that has."""
    if not (account.offers or account.undated):
        return []
    there = path.read_text(encoding="utf-8-sig").partition("\n")[0].strip() if path.exists() else ""
    with_days = "printed,analyte,unit,day"
    first = there or (with_days if account.undated else "printed,analyte,unit")
    more = "," * (first.count(",") - 2)
    lines = [] if there else [f"  {first}"]
    lines += [f"  {line}{more}" for line in account.offers]
    if account.undated and first.count(",") == 2:
        lines += [f"and for columns, with {with_days} as the first line, and a comma more in the others:"]
    lines += [f"  {line}" for line in account.undated]
    what = ["with the unit (of lines for the same cell one; no analyte: left out)"] if account.offers else []
    what += ["with the study day in place of DAY (no day: left out)"] if account.undated else []
    return [f"What is meant? Put one line each into {path}, {', '.join(what)}, and run again:", *lines]


def _flagged(taken: Taken) -> str:
    return f" ({taken.interpretation})" if taken.interpretation else ""
