"""What was understood of a laboratory table: rows for the case, what is lacking there, and an account of every cell."""

import re
from pathlib import Path

from casereport.case.left_out import Lacking
from casereport.readers.cells import is_made_date
from casereport.readers.grids import place
from casereport.readers.headings import read_date
from casereport.readers.mapping_file import first_line
from casereport.readers.values import Taken
from casereport.readers.wide_table import Account


def row_of(taken: Taken, source: str) -> dict[str, str]:
    """The row of observations.csv of a value."""
    # the cell is part of the source, so that a value can be looked up, and two samples of one day stay two
    return {
        "day": taken.day, "analyte": taken.analyte, "value": taken.value, "unit": taken.unit,
        "interpretation": taken.interpretation, "ref_low": taken.ref_low, "ref_high": taken.ref_high,
        "evidence": "reported" if taken.words else "measured",
        "source": f"{source}, cell {taken.where}" + (f" ({taken.part})" if taken.part else ""),
        "note": " ".join(filter(None, (f"Printed as {taken.words!r}." if taken.words else "", taken.note))),
    }  # fmt: skip


def lacking_of(account: Account, table: str) -> list[Lacking]:
    """What of the values of a table was left out, for left_out.csv; what may be a date or a number of a person is not
    repeated there.
    """
    found = []
    for left in account.left_out:
        if left.values:
            private = read_date(left.printed) or is_made_date(left.printed) or re.search(r"\d{6}", left.printed)
            found.append(Lacking(table, left.where, "" if private else left.printed[:80], left.why[:300], left.values))
    return found


def cells(account: Account) -> list[tuple[int, str, str, str]]:
    """Each cell that has a text: its row and column as a spreadsheet names them, the text, and what became of it."""
    state = dict.fromkeys(account.read, "heading")
    state |= {left.where: "left out" for left in account.left_out}
    state |= {taken.where: "taken" for taken in account.taken}
    return [
        (row + 1, place(row, column)[: -len(str(row + 1))], text, state.get(place(row, column), "not read"))
        for row, texts in enumerate(account.cells)
        for column, text in enumerate(texts)
        if text
    ]


def told(account: Account, new: int, mapping: Path) -> str:
    """The account for a reader: headings, rows and values as they were read, then everything that was left out."""
    lines = ["Columns:", *(f"  {text}" for text in account.columns), "Rows:"]
    for text in account.rows:
        values = [t for t in account.taken if (t.row, t.part) == (text.where, text.part)]
        lines += [
            f"  {text}",
            "    " + ("; ".join(f"{t.where} {t.value or t.words}" + _flagged(t) for t in values) or "no value"),
        ]
    for mark, cells in account.marks.items():
        lines.append(f"Footnote mark {mark}, not imported: {', '.join(cells)}")
    days: dict[tuple[str, str], list[str]] = {}
    for value in account.taken:
        days.setdefault((value.analyte, value.day), []).append(value.where)
    twice = [f"{analyte} on day {day}: {', '.join(cells)}" for (analyte, day), cells in days.items() if len(cells) > 1]
    if twice:
        lines += ["More than one value on a day, all imported:", *(f"  {text}" for text in twice)]
    lines.append("Left out:" if account.left_out else "Nothing was left out.")
    lines += [f"  {left.where} {left.printed!r}: {left.why}" for left in account.left_out]
    lines += offers(account, mapping)
    understood, empty = _counted(len(account.taken), "value"), _counted(account.empty, "cell")
    lines.append(f"{understood} understood, {new} of them new; {empty} without a value")
    return "\n".join(lines)


def _counted(n: int, what: str) -> str:
    return f"{n} {what}{'' if n == 1 else 's'}"


def offers(account: Account, path: Path) -> list[str]:
    """The lines that the mapping file at `path` lacks, under its first line, with as many commas as that has."""
    if not (account.offers or account.undated):
        return []
    there = first_line(path)
    with_days = "printed,analyte,unit,day"
    first = there or (with_days if account.undated else "printed,analyte,unit")
    more = "," * (first.count(",") - 2)
    lines = [] if there else [f"  {first}"]
    lines += [f"  {line}{more}" for line in account.offers]
    if account.undated and first.count(",") == 2:
        lines += [f"and for columns, with {with_days} as the first line, and a comma more in the others:"]
    lines += [f"  {line}" for line in account.undated]
    what = ["with the unit (one line per cell; without an analyte it is left out)"] if account.offers else []
    what += ["with the study day in place of DAY (without a day the column is left out)"] if account.undated else []
    return [f"To include these, add one line for each to {path}, {', '.join(what)}, and run again:", *lines]


def _flagged(taken: Taken) -> str:
    return f" ({taken.interpretation})" if taken.interpretation else ""
