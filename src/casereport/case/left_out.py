"""What an import left out of a case: left_out.csv in its folder, or beside its workbook.

A value that was not taken is not known to the case, and the file says so: the file, the place in it where it has one,
what is printed, why, and how many values that are.
"""

import csv
import io
import re
from pathlib import Path
from typing import NamedTuple

from casereport.errors import control, visible
from casereport.files.tables import Rule, read_table

FILE = "left_out.csv"
COLUMNS = ("table", "cell", "printed", "reason", "values")
_RULES = dict.fromkeys(COLUMNS[:-1], Rule(lambda text: True, "")) | {
    "values": Rule(lambda text: bool(re.fullmatch(r"[1-9]\d{0,8}", text)), "how many values: a whole number from 1")
}


class Lacking(NamedTuple):
    """What an import did not take: a value in a cell, a row or column of them, or those of a list that are alike, which
    have no `cell`. `values` counts them.
    """

    table: str
    cell: str
    printed: str
    reason: str
    values: int = 1


def left_out_path(case: Path) -> Path:
    """Where the file of a case is: in its folder, or beside its workbook `x.xlsx` as `x.left_out.csv`."""
    return case / FILE if case.is_dir() else case.with_name(f"{case.stem}.{FILE}")


def read_left_out(case: Path) -> list[Lacking]:
    """What imports have left out of the case at `case`; empty where nothing was. Raises BadInput for another table."""
    path = left_out_path(case)
    if not path.exists():
        return []
    rows = read_table(path, path.name, _RULES).values()
    return [Lacking(row["table"], row["cell"], row["printed"], row["reason"], int(row["values"])) for row in rows]


def left_out_file(case: Path, table: str, new: list[Lacking]) -> dict[Path, bytes | None]:
    """The file of a case once what was left out of one table is `new`, and None in its place where nothing is left out.

    What is taken by now is left out no longer. Raises BadInput as `read_left_out` does.
    """
    kept = [*(row for row in read_left_out(case) if row.table != table), *new]
    if not kept:
        return {left_out_path(case): None}
    return {left_out_path(case): left_out_text(kept).encode("utf-8")}


def left_out_text(rows: list[Lacking]) -> str:
    """The content of the file; a control character in it, which no text of a case may have, is written as an escape."""
    shown = [[visible(text) if control(text) else text for text in map(str, row)] for row in rows]
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows([COLUMNS, *shown])
    return text.getvalue()


def said_of(rows: list[Lacking], file: str) -> str:
    """A sentence on what is lacking, with the places, and the `file` that says why; empty for nothing."""
    if not rows:
        return ""
    every = list(dict.fromkeys(f"{row.table} {row.cell}".strip() for row in rows))  # a list has no cells
    places = ", ".join(every[:5]) + (", ..." if len(every) > 5 else "")
    n = sum(row.values for row in rows)
    what = "1 value was" if n == 1 else f"{n} values were"
    return f"{what} not imported ({places}); {file} gives the reasons"
