"""What a format cannot hold of a case, row by row, so that nothing is made up in its place."""

import csv
import io
from collections.abc import Iterable
from typing import NamedTuple

from casereport.case.case import Case
from casereport.exchange.exported import Exported

FILE = "lost.csv"


class Lost(NamedTuple):
    """A thing that an export lacks: the table and line of the case, what stands there, and why it could not be held."""

    table: str
    line: int
    what: str
    reason: str


def lost_pictures(case: Case) -> list[Lost]:
    """The pictures of a case, which no export as data holds."""
    reason = "a picture: the report has it, and its PDF and DOCX"
    return [Lost("pictures.csv", p.line, f"{p.kind}: {p.caption}, day {p.day}", reason) for p in case.pictures]


def with_losses(files: dict[str, str], lost: Iterable[Lost], said: list[str]) -> Exported:
    """The export, what it lacks beside it as `lost.csv`, and counted by reason for its reader."""
    rows = sorted(set(lost))
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows([Lost._fields, *rows])
    reasons: dict[str, int] = {}
    for row in rows:
        reasons[row.reason] = reasons.get(row.reason, 0) + 1
    told = [f"not held: {reason}: {n} row{'' if n == 1 else 's'}, in {FILE}" for reason, n in sorted(reasons.items())]
    return Exported(files | {FILE: text.getvalue()}, [*said, *told])
