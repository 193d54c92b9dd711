"""A laboratory table as cells with their places (`B4`), from CSV, TSV or XLSX; merged cells repeat their text."""

import csv
import datetime as dt
import io
import re
from collections import Counter
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from casereport.case import sheet_shown
from casereport.case.workbook import cell_text, check_archive
from casereport.errors import BadInput, Problem, nearest
from casereport.files.tables import MOST_ROWS, read_text
from casereport.readers.cells import HIDDEN, STRUCK, without_padding
from casereport.readers.csv_rows import check_length, csv_rows

if TYPE_CHECKING:
    from openpyxl.cell.cell import Cell, MergedCell
    from openpyxl.worksheet.worksheet import Worksheet

Cells = list[list[str]]
# the columns of a table of somebody else, of which each may be a day of a long stay
WIDEST = 1000
MOST_CELLS = 2_000_000


class Area(NamedTuple):
    """The first and last row and column of a merged cell, counted from 0."""

    top: int
    left: int
    bottom: int
    right: int


class Printed(NamedTuple):
    """The cells of a file as texts, all rows of the same length; the `merged` cell of each place, by row and column,
    that shows one; of a workbook the places of `numbers`, which have a decimal point whatever their sheet shows; of a
    text file the line of each row and how many cells it has there, and the `mark` between them.
    """

    rows: Cells
    merged: Mapping[tuple[int, int], Area] = {}
    numbers: frozenset[tuple[int, int]] = frozenset()
    lengths: tuple[tuple[int, int], ...] = ()
    mark: str = ""

    @property
    def sheet(self) -> "Sheet":
        """The cells as they lie in the file."""
        return Sheet(self.rows, merged=self.merged, numbers=self.numbers)

    def check_lengths(self, heads: Collection[int], values: Collection[int], name: str) -> None:
        """Raises BadInput for a row of `values` of a text file that has more cells than the headings above it.

        `heads` are the rows of headings, all counted from 0. A footnote may have as many commas as it likes.
        """
        most = 0
        for at, (line, length) in enumerate(self.lengths):
            if at in heads:
                most = length
            elif most and at in values:
                check_length(self.rows[at], most, self.mark, name, line)


class Sheet(NamedTuple):
    """The cells of a table with the names down and the times across; `turned` where its file has them the other way,
    so that a cell keeps the place that it has there. A part of a table has rows `above` and columns `before` it.
    """

    rows: Cells
    turned: bool = False
    above: int = 0
    before: int = 0
    merged: Mapping[tuple[int, int], Area] = {}
    numbers: frozenset[tuple[int, int]] = frozenset()

    def shown(self, row: int, column: int, decimal: str) -> str:
        """The text of a cell as a sheet with this decimal mark shows it."""
        text = self.rows[row][column]
        is_number = decimal == "comma" and self.in_file(row, column) in self.numbers
        return text.replace(".", ",") if is_number else text

    def in_file(self, row: int, column: int) -> tuple[int, int]:
        """The row and column of a cell in the file."""
        row, column = row + self.above, column + self.before
        return (column, row) if self.turned else (row, column)

    def area(self, row: int, column: int) -> Area | None:
        """The merged cell of the file that a cell shows; None for one of its own."""
        return self.merged.get(self.in_file(row, column))

    def place(self, row: int, column: int) -> str:
        """The place of a cell in the file."""
        if self.turned and row + self.above < 0:  # a title, which stands as it stood
            return place(row, 0)
        return place(*self.in_file(row, column))

    def turn(self) -> "Sheet":
        """The same cells with rows and columns exchanged, and the titles above them above them again."""
        first = next((i for i, row in enumerate(self.rows) if len({c for c in row if c}) > 1), 0)
        width = len(self.rows) - first
        titles = [[next(filter(None, row), ""), *[""] * (width - 1)] for row in self.rows[:first]]
        rows = [list(column) for column in zip(*self.rows[first:], strict=True)]
        return Sheet(
            [*titles, *rows], not self.turned, self.before - first, self.above + first, self.merged, self.numbers
        )


def place(row: int, column: int) -> str:
    """The place of a cell as a spreadsheet names it, from row and column counted from 0."""
    letters, n = "", column + 1
    while n:
        n, rest = divmod(n - 1, 26)
        letters = chr(65 + rest) + letters
    return f"{letters}{row + 1}"


def read_cells(path: Path, sheet: str = "") -> Printed:
    """The cells of a table as texts, dates as `YYYY-MM-DD` with their time.

    `sheet` names one of a workbook that has several. Raises BadInput for what cannot be read.
    """
    suffix = path.suffix.lower()
    if suffix == ".xlsx":
        found = _from_book(path, sheet)
    elif suffix in (".csv", ".tsv", ".txt"):
        found = _from_text(path, suffix)
    else:
        raise BadInput([Problem(path.name, 0, "", suffix, "a table in .csv, .tsv or .xlsx")])
    width = max((i for row in found.rows for i, cell in enumerate(row, start=1) if cell), default=0)
    if width > WIDEST:
        expected = f"at most {WIDEST} columns; split the table and import its parts one after the other"
        raise BadInput([Problem(path.name, 0, "", f"{width} columns", expected)])
    cells = [list(map(without_padding, row[:width])) for row in found.rows]
    return found._replace(rows=[[*row, *[""] * (width - len(row))] for row in cells])


def _from_text(path: Path, suffix: str) -> Printed:
    text = read_text(path, path.name)
    head = text.splitlines()[:20]
    mark = "\t" if suffix == ".tsv" else max(";\t,", key=lambda mark: _fits(mark, head))
    rows = list(csv_rows(io.StringIO(text, newline=""), mark, path.name))
    if len(rows) > MOST_ROWS:
        raise BadInput([Problem(path.name, 0, "", str(len(rows)), f"at most {MOST_ROWS} rows")])
    lengths = tuple((line, len(row)) for line, row in rows)
    return Printed([[cell.strip() for cell in row] for _, row in rows], lengths=lengths, mark=mark)


def _fits(mark: str, lines: list[str]) -> tuple[int, int]:
    """How many lines have the same number of cells with this mark, and that number: decimal commas vary."""
    widths = Counter(len(row) for row in csv.reader(lines, delimiter=mark))
    return max(((n, width) for width, n in widths.items() if width > 1), default=(0, 0))


def _from_book(path: Path, sheet: str) -> Printed:
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
    numbers: set[tuple[int, int]] = set()
    problems: list[Problem] = []
    for row, cells in enumerate(chosen.iter_rows(), start=1):
        texts = []
        for column, cell in enumerate(cells, start=1):
            area = merged.get((row - 1, column - 1))
            shown = chosen.cell(area.top + 1, area.left + 1) if area else cell
            text, expected = _text_of(shown)
            if shown.data_type == "n":
                numbers.add((row - 1, column - 1))
            if not expected and re.search(r"\d", text):
                unseen = row in rows or column in columns
                text = f"{HIDDEN if unseen else STRUCK}: {text}" if unseen or sheet_shown.is_struck(shown) else text
            if expected:
                problems.append(Problem(path.name, row, cell.coordinate, text, expected))
            texts.append(text)
        found.append(texts)
    if problems:
        raise BadInput(problems)
    return Printed(found, merged, frozenset(numbers))


def _merged(sheet: "Worksheet") -> dict[tuple[int, int], Area]:
    """The merged cell that each place shows whose text is that of one, by row and column."""
    ranges = sheet.merged_cells.ranges
    areas = [Area(one.min_row - 1, one.min_col - 1, one.max_row - 1, one.max_col - 1) for one in ranges]
    return {
        (row, column): area
        for area in areas
        for row in range(area.top, area.bottom + 1)
        for column in range(area.left, area.right + 1)
    }


def _text_of(cell: "Cell | MergedCell") -> tuple[str, str]:
    """As `cell_text` has it, but a date or a time is a plain value: it may be the heading of a column."""
    if isinstance(cell.value, dt.datetime | dt.date):
        shown = re.sub(r'"[^"]*"|\[[^\]]*\]', "", cell.number_format).lower()
        if "y" in shown and "d" not in shown:
            return cell.value.strftime("%b-%Y"), ""  # the day is one that the sheet does not show
        timed = isinstance(cell.value, dt.datetime) and cell.value.time() != dt.time()
        return cell.value.strftime("%Y-%m-%d %H:%M" if timed else "%Y-%m-%d"), ""
    if isinstance(cell.value, dt.time):
        return cell.value.strftime("%H:%M"), ""
    text, expected = cell_text(cell)
    if isinstance(cell.value, int | float) and not isinstance(cell.value, bool):
        # a unit or a flag that the format of the cell shows behind the number
        words = sheet_shown.number_shown(cell.value, cell.number_format)[2]
        text += f" {words}" if re.search(r"[^\W\d_]|[↑↓]", words) else ""
    return text, expected
