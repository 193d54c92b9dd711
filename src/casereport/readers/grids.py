"""A laboratory table as cells with their places (`B4`), from CSV, TSV or XLSX; merged cells repeat their text."""

import csv
import datetime as dt
import io
import re
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from casereport.case import sheet_shown
from casereport.case.workbook import cell_text, check_archive
from casereport.errors import BadInput, Problem, nearest
from casereport.files.tables import MOST_ROWS, read_text
from casereport.readers.cells import HIDDEN, STRUCK, without_padding

if TYPE_CHECKING:
    from openpyxl.cell.cell import Cell, MergedCell
    from openpyxl.worksheet.worksheet import Worksheet

Cells = list[list[str]]
# the columns of a table of somebody else, of which each may be a day of a long stay
WIDEST = 1000
MOST_CELLS = 2_000_000


class Sheet(NamedTuple):
    """The cells of a table with the names down and the times across; `turned` where its file has them the other way,
    so that a cell keeps the place that it has there. A part of a table has rows `above` and columns `before` it.
    """

    rows: Cells
    turned: bool = False
    above: int = 0
    before: int = 0

    def place(self, row: int, column: int) -> str:
        """The place of a cell in the file."""
        if self.turned and row + self.above < 0:  # a title, which stands as it stood
            return place(row, 0)
        row, column = row + self.above, column + self.before
        return place(column, row) if self.turned else place(row, column)

    def turn(self) -> "Sheet":
        """The same cells with rows and columns exchanged, and the titles above them above them again."""
        first = next((i for i, row in enumerate(self.rows) if len({c for c in row if c}) > 1), 0)
        width = len(self.rows) - first
        titles = [[next(filter(None, row), ""), *[""] * (width - 1)] for row in self.rows[:first]]
        rows = [list(column) for column in zip(*self.rows[first:], strict=True)]
        return Sheet([*titles, *rows], not self.turned, self.before - first, self.above + first)


def place(row: int, column: int) -> str:
    """The place of a cell as a spreadsheet names it, from row and column counted from 0."""
    letters, n = "", column + 1
    while n:
        n, rest = divmod(n - 1, 26)
        letters = chr(65 + rest) + letters
    return f"{letters}{row + 1}"


def read_cells(path: Path, sheet: str = "") -> Cells:
    """The cells of a table as texts, dates as `YYYY-MM-DD` with their time; all rows have the same length.

    `sheet` names one of a workbook that has several. Raises BadInput for what cannot be read.
    """
    suffix = path.suffix.lower()
    if suffix == ".xlsx":
        cells = _from_book(path, sheet)
    elif suffix in (".csv", ".tsv", ".txt"):
        cells = _from_text(path, suffix)
    else:
        raise BadInput([Problem(path.name, 0, "", suffix, "a table in .csv, .tsv or .xlsx")])
    width = max((i for row in cells for i, cell in enumerate(row, start=1) if cell), default=0)
    if width > WIDEST:
        expected = f"at most {WIDEST} columns; split the table and import its parts one after the other"
        raise BadInput([Problem(path.name, 0, "", f"{width} columns", expected)])
    cells = [list(map(without_padding, row[:width])) for row in cells]
    return [[*row, *[""] * (width - len(row))] for row in cells]


def _from_text(path: Path, suffix: str) -> Cells:
    text = read_text(path, path.name)
    head = text.splitlines()[:20]
    mark = "\t" if suffix == ".tsv" else max(";\t,", key=lambda mark: _fits(mark, head))
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=mark, strict=True))
    except csv.Error as error:
        raise BadInput([Problem(path.name, 0, "", "", f"not a table: {error}")]) from None
    if len(rows) > MOST_ROWS:
        raise BadInput([Problem(path.name, 0, "", str(len(rows)), f"at most {MOST_ROWS} rows")])
    return [[cell.strip() for cell in row] for row in rows]


def _fits(mark: str, lines: list[str]) -> tuple[int, int]:
    """How many lines have the same number of cells with this mark, and that number: decimal commas vary."""
    widths = Counter(len(row) for row in csv.reader(lines, delimiter=mark))
    return max(((n, width) for width, n in widths.items() if width > 1), default=(0, 0))


def _from_book(path: Path, sheet: str) -> Cells:
    from openpyxl import load_workbook

    check_archive(path, path.name)
    try:
        book = load_workbook(path, rich_text=True)
    except Exception as error:  # a damaged workbook makes its reader fail anywhere
        raise BadInput([Problem(path.name, 0, "", "", f"a complete Excel workbook (.xlsx): {error}")]) from None
    if sheet and sheet not in book.sheetnames:
        raise BadInput([Problem(path.name, 0, "--sheet", sheet, f"a sheet; {nearest(sheet, book.sheetnames)}")])
    if not sheet and len(book.sheetnames) > 1:
        expected = f"one of {', '.join(book.sheetnames)}: the workbook has several sheets"
        raise BadInput([Problem(path.name, 0, "--sheet", "", expected)])
    chosen = book[sheet or book.sheetnames[0]]
    if chosen.max_row > MOST_ROWS or chosen.max_column > WIDEST or chosen.max_row * chosen.max_column > MOST_CELLS:
        expected = f"at most {MOST_ROWS} rows and {WIDEST} columns, and {MOST_CELLS} cells together"
        raise BadInput([Problem(path.name, 0, "", f"{chosen.max_row} x {chosen.max_column}", expected)])
    merged = _merged(chosen)
    rows = {row for row, says in chosen.row_dimensions.items() if says.hidden}
    wide = [says for says in chosen.column_dimensions.values() if says.hidden]
    columns = {column for says in wide for column in range(says.min or 0, (says.max or 0) + 1)}
    found: Cells = []
    problems: list[Problem] = []
    for row, cells in enumerate(chosen.iter_rows(), start=1):
        texts = []
        for column, cell in enumerate(cells, start=1):
            shown = merged.get((row, column), cell)
            text, expected = _text_of(shown)
            if not expected and re.search(r"\d", text):
                unseen = row in rows or column in columns
                text = f"{HIDDEN if unseen else STRUCK}: {text}" if unseen or sheet_shown.is_struck(shown) else text
            if expected:
                problems.append(Problem(path.name, row, cell.coordinate, text, expected))
            texts.append(text)
        found.append(texts)
    if problems:
        raise BadInput(problems)
    return found


def _merged(sheet: "Worksheet") -> dict[tuple[int, int], "Cell | MergedCell"]:
    """The cell whose text each place of a merged area shows, by row and column."""
    return {
        (row, column): sheet.cell(area.min_row, area.min_col)
        for area in sheet.merged_cells.ranges
        for row in range(area.min_row, area.max_row + 1)
        for column in range(area.min_col, area.max_col + 1)
    }


def _text_of(cell: "Cell | MergedCell") -> tuple[str, str]:
    """As `cell_text` has it, but a date is a plain value: it may be the heading of a column."""
    if isinstance(cell.value, dt.datetime | dt.date):
        timed = isinstance(cell.value, dt.datetime) and cell.value.time() != dt.time()
        return cell.value.strftime("%Y-%m-%d %H:%M" if timed else "%Y-%m-%d"), ""
    return cell_text(cell)
