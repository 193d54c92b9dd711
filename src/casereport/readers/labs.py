"""`casereport import`: a laboratory table into the observations of a case, with an account of every cell."""

import csv
import datetime as dt
import io
import os
import tempfile
from pathlib import Path

from casereport.paths import DATA, from_root
from casereport.problems import BadInput, Problem
from casereport.readers.grids import read_cells
from casereport.readers.wide import Account, Choices, Mapped, Taken, read_wide
from casereport.schema import OPTIONAL_COLUMNS, TABLES
from casereport.sources import Folder, case_path
from casereport.synonyms import key
from casereport.tables import Rule, Table, check_table, read_table
from casereport.vocabulary import Vocabulary, load_vocabulary, vocabulary_files

_ANY = Rule(lambda s: True, "")
_MAPPING = {"printed": Rule(bool, "the name as it is printed"), "analyte": _ANY, "unit": _ANY}
_TABLE = "observations.csv"


def mapping_path(table: Path) -> Path:
    """Where the names of a table are explained: `labs.mapping.csv` beside `labs.xlsx`."""
    return table.with_name(table.stem + ".mapping.csv")


def import_labs(
    table: Path, into: str, zero: dt.date | None = None, order: str = "", decimal: str = "", sheet: str = "",
    source: str = "",
) -> tuple[Account, int]:  # fmt: skip
    """Adds what is understood of `table` to the observations of a case; returns the account and how many rows are new.

    A row that is there already stays once, so that an import may be run again. Raises BadInput, and writes nothing,
    for a table or case that cannot be used.
    """
    path = case_path(into, from_root("data"))
    if not path.is_dir():
        expected = "a case folder; into a workbook the values are pasted by hand"
        raise BadInput([Problem("case", 0, "--into", into, expected)])
    vocabulary = load_vocabulary(*vocabulary_files(path, DATA).values())
    mapping = read_mapping(mapping_path(table), vocabulary)
    account = read_wide(read_cells(table, sheet), table.name, vocabulary, Choices(zero, order, decimal, mapping))
    columns = [c for c in TABLES[_TABLE] if c != "phase"]
    new = [_row(taken, source or f"laboratory table {table.stem}") for taken in account.taken]
    return account, _add(path, columns, new)


def read_mapping(path: Path, vocabulary: Vocabulary) -> dict[str, Mapped]:
    """The mapping file by the key of each printed name; empty where there is none. Raises BadInput for a wrong line."""
    if not path.exists():
        return {}
    problems, found = [], {}
    for line, row in read_table(path, path.name, _MAPPING).items():
        analyte = vocabulary.analytes.get(row["analyte"])
        if row["analyte"] and analyte is None:
            expected = vocabulary.unknown_analyte(row["analyte"])
            problems.append(Problem(path.name, line, "analyte", row["analyte"], expected))
        elif analyte and row["unit"] and row["unit"] not in (analyte.unit, *analyte.conversions):
            expected = f"a unit of {analyte.id}: {', '.join((analyte.unit, *analyte.conversions))}"
            problems.append(Problem(path.name, line, "unit", row["unit"], expected))
        if key(row["printed"]) in found:
            expected = "each name once; keep the line that is meant"
            problems.append(Problem(path.name, line, "printed", row["printed"], expected))
        found[key(row["printed"])] = Mapped(row["analyte"], row["unit"])
    if problems:
        raise BadInput(problems)
    return found


def _row(taken: Taken, source: str) -> dict[str, str]:
    # the cell is part of the source, so that a value can be looked up, and two samples of one day stay two
    return {
        "day": taken.day, "analyte": taken.analyte, "value": taken.value, "unit": taken.unit,
        "interpretation": taken.interpretation, "ref_low": taken.ref_low, "ref_high": taken.ref_high,
        "evidence": "measured", "source": f"{source}, cell {taken.where}", "note": "",
    }  # fmt: skip


def _add(folder: Path, columns: list[str], new: list[dict[str, str]]) -> int:
    """Adds rows to observations.csv, whole or not at all; returns how many were not there yet."""
    source = Folder(folder)
    called = source.called(_TABLE)
    there: Table = {}
    if source.has(_TABLE):
        there = check_table(source.grid(_TABLE), called, TABLES[_TABLE], OPTIONAL_COLUMNS)
    phased = any(row["phase"] for row in there.values())
    fields = [*columns, "phase"] if phased else columns
    kept = [{c: row[c] for c in fields} for row in there.values()]
    printed = [c for c in columns if c != "note"]  # a note is its author's, so a row with one is still the same row
    have = {tuple(row[c] for c in printed) for row in kept}
    added = [row | ({"phase": ""} if phased else {}) for row in new if tuple(row[c] for c in printed) not in have]
    if not added:
        return 0
    cells = {(row["day"], row["analyte"], row["source"]): row["value"] for row in kept}
    clashing = [r for r in added if (r["day"], r["analyte"], r["source"]) in cells]
    if clashing:
        raise BadInput(
            Problem(
                called, 0, "value", r["value"], f"{r['analyte']} on day {r['day']}: {other}; correct one of the two"
            )
            for r in clashing
            if (other := f"the case has {cells[r['day'], r['analyte'], r['source']]} from {r['source']} already")
        )
    text = io.StringIO()
    writer = csv.DictWriter(text, fields, lineterminator="\n")
    writer.writeheader()
    writer.writerows([*kept, *added])
    handle, beside = tempfile.mkstemp(prefix=f".{_TABLE}-", dir=folder)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(text.getvalue())
    Path(beside).chmod(0o644)
    Path(beside).replace(folder / _TABLE)
    return len(added)


def told(account: Account, new: int, table: Path) -> str:
    """The account for a reader: headings, rows and values as they were read, then everything that was left out."""
    lines = ["Columns:", *(f"  {text}" for text in account.columns), "Rows:"]
    for text in account.rows:
        row = text.split(" ", 1)[0].lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
        values = [t for t in account.taken if t.where.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ") == row]
        lines += [f"  {text}", "    " + ("; ".join(f"{t.where} {t.value}" + _flagged(t) for t in values) or "no value")]
    lines.append("Left out:" if account.left_out else "Nothing was left out.")
    lines += [f"  {where} {printed!r}: {why}" for where, printed, why in account.left_out]
    if account.offers:
        path = mapping_path(table)
        head = [] if path.exists() else ["printed,analyte,unit"]
        lines += [f"What is meant? Put one line a row into {path} (no analyte: left out) and run again:"]
        lines += [f"  {line}" for line in (*head, *account.offers)]
    lines.append(f"{len(account.taken)} values understood, {new} of them new; {account.empty} cells without a value")
    return "\n".join(lines)


def _flagged(taken: Taken) -> str:
    return f" ({taken.interpretation})" if taken.interpretation else ""
