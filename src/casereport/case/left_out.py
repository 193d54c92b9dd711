"""What an import left out of a case: left_out.csv in its folder, or beside its workbook.

A value that was not taken is not known to the case, and the file says so: the table, the cell, what is printed and why.
"""

import csv
import io
from pathlib import Path
from typing import NamedTuple

from casereport.files.tables import Rule, read_table
from casereport.files.whole import write_whole

FILE = "left_out.csv"
COLUMNS = ("table", "cell", "printed", "reason")
_RULES = dict.fromkeys(COLUMNS, Rule(lambda text: True, ""))


class Lacking(NamedTuple):
    """A value, or a row or column of values, that an import did not take."""

    table: str
    cell: str
    printed: str
    reason: str


def left_out_path(case: Path) -> Path:
    """Where the file of a case is: in its folder, or beside its workbook `x.xlsx` as `x.left_out.csv`."""
    return case / FILE if case.is_dir() else case.with_name(f"{case.stem}.{FILE}")


def read_left_out(case: Path) -> list[Lacking]:
    """What imports have left out of the case at `case`; empty where nothing was. Raises BadInput for another table."""
    path = left_out_path(case)
    if not path.exists():
        return []
    return [Lacking(*(row[c] for c in COLUMNS)) for row in read_table(path, path.name, _RULES).values()]


def write_left_out(case: Path, before: list[Lacking], table: str, new: list[Lacking]) -> None:
    """Replaces, of what was left out `before`, what was of one table: what is taken by now is left out no longer.
    Without any there is no file.
    """
    path = left_out_path(case)
    kept = [*(row for row in before if row.table != table), *new]
    if kept:
        text = io.StringIO()
        csv.writer(text, lineterminator="\n").writerows([COLUMNS, *kept])
        write_whole(path, text.getvalue().encode("utf-8"))
    else:
        path.unlink(missing_ok=True)


def said_of(rows: list[Lacking]) -> str:
    """A sentence on what is lacking, with the places; empty for nothing."""
    if not rows:
        return ""
    places = ", ".join(f"{row.table} {row.cell}" for row in rows[:5]) + (", ..." if len(rows) > 5 else "")
    what = "value or row of values was" if len(rows) == 1 else "values or rows of values were"
    return f"{len(rows)} {what} left out by an import and lacking here ({places}); left_out.csv has the reasons"
