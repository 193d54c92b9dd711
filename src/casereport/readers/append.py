"""New rows for the tables of a case, a folder or a workbook: its files as they shall be, nothing written yet."""

import csv
import io
import re
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from xml.etree import ElementTree
from xml.sax.saxutils import escape

from casereport.case.folder import Folder, open_source
from casereport.case.schema import OPTIONAL_COLUMNS, TABLES
from casereport.errors import BadInput, Problem
from casereport.files.tables import Table, check_table

Row = dict[str, str]

_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"


def longer_tables(
    path: Path, new: Mapping[str, list[Row]], void: Sequence[Row] = ()
) -> tuple[dict[Path, bytes | None], int]:  # fmt: skip
    """The files of the case at `path` with those of the `new` rows of each table that it does not have yet, and how
    many these are.

    Raises BadInput where a table cannot be read, has another value, unit or day from the same source, or has one of the
    observations that are `void`.
    """
    if void:
        new = {"observations.csv": [], **new}
    source = open_source(path)
    contents: dict[Path, bytes | None] = {}
    sheets: dict[str, list[list[str]]] = {}
    problems: list[Problem] = []
    for table, rows in new.items():
        called = source.called(table)
        there: Table = {}
        header = [c for c in TABLES[table] if c not in OPTIONAL_COLUMNS]
        if not isinstance(source, Folder) or source.has(table):
            grid = source.grid(table)
            header = grid.header
            there = check_table(grid, called, TABLES[table], OPTIONAL_COLUMNS)
        # a note and the phase are the author's, so a row with one is still the same row
        printed = [c for c in TABLES[table] if c not in ("note", *OPTIONAL_COLUMNS)]
        have = {tuple(row[c] for c in printed) for row in there.values()}
        added = [row for row in rows if tuple(row[c] for c in printed) not in have]
        problems += _clashes(table, called, there, added)
        if table == "observations.csv":
            problems += _withdrawn(called, there, void, {problem.line for problem in problems})
        sheets[table] = [[row.get(c, "") for c in header] for row in added]
        if added and isinstance(source, Folder):
            kept = [[row[c] for c in header] for row in there.values()]
            contents[path / table] = _as_csv(header, [*kept, *sheets[table]])
    if problems:
        raise BadInput(problems)
    if not isinstance(source, Folder) and any(sheets.values()):
        ends = {table: source.sheets[table.removesuffix(".csv")][-1][0] for table in sheets}
        contents[path] = _longer_book(path, {table: (ends[table], rows) for table, rows in sheets.items() if rows})
    return contents, sum(map(len, sheets.values()))


def _clashes(table: str, called: str, there: Table, added: list[Row]) -> list[Problem]:
    """A row that the case has from the same source with other cells is one of two readings, and no new one."""
    if table != "observations.csv":
        return _other_rows(called, there, added)
    cells = {row["source"]: (line, row) for line, row in there.items()}
    problems, ranges = [], []
    for new in added:
        if (found := cells.get(new["source"])) is not None:
            line, old = found
            if all(old[c] == new[c] for c in ("analyte", "day", "value", "unit")):
                ranges.append(line)
                continue
            value = " ".join(filter(None, (old["value"] or old["interpretation"], old["unit"])))
            has = f"the case has {old['analyte']} {value} on day {old['day']} from {new['source']} already"
            expected = f"{new['analyte']} on day {new['day']} in {new['unit']}: {has}; correct or remove one of the two"
            problems.append(Problem(called, line, "value", new["value"], expected))
    if ranges:
        expected = (
            f"the same range and flag as in the table: {len(ranges)} values of it are here with others, or none, "
        )
        expected += f"down to line {max(ranges)}; remove these rows and import the table again"
        problems.append(Problem(called, min(ranges), "", "", expected))
    return problems


def _withdrawn(called: str, there: Table, void: Sequence[Row], told: set[int]) -> list[Problem]:
    """A row that the case has from an earlier state of the file, and that no longer counts."""

    def of(row: Row) -> tuple[str, ...]:
        return (*(row[c] for c in ("analyte", "day", "value", "unit")), re.sub(r" \(\d+\)$", "", row["source"]))

    gone = {of(row) for row in void}
    expected = "no row of a result that the file withdraws or replaces; remove this row, and import again"
    return [
        Problem(called, line, "value", row["value"], expected)
        for line, row in there.items()
        if line not in told and of(row) in gone
    ]


def _other_rows(called: str, there: Table, added: list[Row]) -> list[Problem]:
    sources = {row["source"]: (line, row) for line, row in there.items()}
    problems = []
    for new in added:
        if (found := sources.get(new["source"])) is not None:
            line, old = found
            column = next(c for c in new if c != "note" and new[c] != old[c])
            expected = f"{old[column]!r}, as the case has it from {new['source']}; correct or remove that row"
            problems.append(Problem(called, line, column, new[column], expected))
    return problems


def _as_csv(header: list[str], rows: list[list[str]]) -> bytes:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows([header, *rows])
    return text.getvalue().encode("utf-8")


def _longer_book(path: Path, tables: dict[str, tuple[int, list[list[str]]]]) -> bytes:
    """The workbook with rows below the last row of the sheet of each table; every other part of it as it was.

    A library that reads a workbook and writes it again leaves out what it does not know, drop-down lists of newer
    spreadsheet programs among them; so the rows are put into the sheet's own text.
    """
    if path.with_name(f"~${path.name}").exists():
        expected = "a workbook that is not open in a spreadsheet program"
        raise BadInput([Problem(path.name, 0, "", path.name, expected)])
    made = io.BytesIO()
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new:
        parts = {_part_of(old, table.removesuffix(".csv")): table for table in tables}
        for info in old.infolist():
            content = old.read(info)
            if (table := parts.get(info.filename)) is not None:
                called = f"{path.name}, sheet {table.removesuffix('.csv')}"
                content = _longer_sheet(content.decode("utf-8-sig"), called, *tables[table]).encode("utf-8")
            new.writestr(info, content)
    return made.getvalue()


def _part_of(archive: zipfile.ZipFile, sheet: str) -> str:
    """The name of the part that holds a sheet."""
    book = ElementTree.fromstring(archive.read("xl/workbook.xml"))
    chosen = next(e.get(_RELATION) for e in book.iter() if e.tag.endswith("}sheet") and e.get("name") == sheet)
    relations = ElementTree.fromstring(archive.read("xl/_rels/workbook.xml.rels"))
    target = next(e.get("Target") or "" for e in relations if e.get("Id") == chosen)
    return target.removeprefix("/") if target.startswith("/") else f"xl/{target}"


def _longer_sheet(text: str, called: str, last: int, rows: list[list[str]]) -> str:
    """The XML of a sheet with `rows` below the row `last`; rows below it that are formatted and empty give way."""
    data = re.search(r"<(\w+:)?sheetData\b[^>]*(?<!/)>(.*)</(?:\w+:)?sheetData>", text, re.DOTALL)
    begun = list(re.finditer(r"<(?:\w+:)?row\b[^>]*?\sr=\"(\d+)\"", data[2])) if data else []
    if not data or last not in [int(row[1]) for row in begun]:
        expected = "a sheet whose rows are numbered; save the workbook again in a spreadsheet program"
        raise BadInput([Problem(called, 0, "", "", expected)])
    ends = next((row.start() for row in begun if int(row[1]) > last), len(data[2]))
    mark = data[1] or ""
    styles = _column_styles(text)
    below = "".join(_xml_row(mark, last + i, cells, styles) for i, cells in enumerate(rows, start=1))
    longer = text[: data.start(2)] + data[2][:ends] + below + text[data.end(2) :]
    return re.sub(r'(<(?:\w+:)?dimension ref="[A-Z]+\d+:[A-Z]+)\d+"', rf'\g<1>{last + len(rows)}"', longer, count=1)


def _column_styles(text: str) -> dict[int, str]:
    """The style that a column gives its cells, by the number of the column, from 1."""
    styles: dict[int, str] = {}
    for column in re.findall(r"<(?:\w+:)?col\b[^>]*>", text):
        at: dict[str, str] = dict(re.findall(r'(\w+)="(\d+)"', column))
        if {"min", "max", "style"} <= at.keys():
            # a style to the end of the sheet covers more columns than any table has
            styles |= dict.fromkeys(range(int(at["min"]), min(int(at["max"]), 100) + 1), at["style"])
    return styles


def _xml_row(mark: str, number: int, cells: list[str], styles: dict[int, str]) -> str:
    from openpyxl.utils import get_column_letter

    made = [f'<{mark}row r="{number}">']
    for i, cell in enumerate(cells, start=1):
        if cell:
            style = f' s="{styles[i]}"' if i in styles else ""
            # text, so that no spreadsheet program makes a date of 1-2
            made.append(
                f'<{mark}c r="{get_column_letter(i)}{number}"{style} t="inlineStr">'
                f'<{mark}is><{mark}t xml:space="preserve">{escape(cell)}</{mark}t></{mark}is></{mark}c>'
            )
    return "".join([*made, f"</{mark}row>"])
