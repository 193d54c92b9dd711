"""Tables as their authors see them: every cell a text, every row with its line number.

Reading is strict (UTF-8, a header, as many cells as the header has), checking goes cell by cell, and all problems of a
file come at once. No data frame is made here: an editor that checks a case at every save waits for no library.
"""

import csv
import io
import os
import stat
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from casereport.errors import NO_CONTROL, BadInput, Problem, control, name_fix, nearest
from casereport.files.paths import LITTER

# One patient's whole record is far smaller; what is larger is something else, and reading it would only take time.
LARGEST_FILE = 4 * 2**20
MOST_ROWS = 20_000
MOST_COLUMNS = 100
MOST_PROBLEMS = 1000

Row = dict[str, Any]
Table = dict[int, Row]
"""The rows of a table, each a cell for each column, by line number and in the order of the file."""


class Rule(NamedTuple):
    """A test of one cell's text, and what was expected where it fails.

    `fix` gives what the text likely means (empty where that is not clear), `why` says more than `expected` of one text.
    """

    test: Callable[[str], bool]
    expected: str
    fix: Callable[[str], str] = lambda text: ""
    why: Callable[[str], str] = lambda text: ""


class Grid(NamedTuple):
    """The cells of a table, stripped: the header with its line, and the rows that are not blank with theirs.

    Rows with another number of cells than the header are not among them, but among the `problems`.
    """

    header: list[str]
    header_line: int
    rows: list[tuple[int, list[str]]]
    problems: tuple[Problem, ...] = ()


def state(path: Path) -> tuple[int, ...]:
    """What tells within one process that a file is still as it was read; empty where it is not there."""
    try:
        now = path.stat()
    except OSError:
        return ()
    return now.st_mtime_ns, now.st_size, now.st_ino


def check_file(path: Path, name: str, largest: int = LARGEST_FILE) -> None:
    """Raises BadInput for what is no file, is missing, a link out of its folder, or too large; opens nothing."""
    try:
        if path.is_symlink() and not path.resolve().is_relative_to(path.parent.resolve()):
            raise BadInput([Problem(name, 0, "", "", "the file itself; this is a link that leads out of the folder")])
        found = path.stat()
    except FileNotFoundError:
        raise BadInput([Problem(name, 0, "", "", "the file is missing")]) from None
    except (OSError, RuntimeError) as error:  # a link to itself
        raise BadInput(
            [Problem(name, 0, "", "", f"cannot be read: {getattr(error, 'strerror', '') or error}")]
        ) from None
    if not stat.S_ISREG(found.st_mode):
        raise BadInput([Problem(name, 0, "", "", "a file; this is a folder or a device")])
    if found.st_size > largest:
        expected = f"a file of at most {largest / 2**20:g} MB: one case is one patient"
        raise BadInput([Problem(name, 0, "", f"{found.st_size / 2**20:.1f} MB", expected)])


def unlisted(folder: Path, label: str) -> list[Problem]:
    """The folder, and each in it, whose files cannot be seen; `label` is what messages call it."""
    found: list[OSError] = []
    for _, folders, _ in os.walk(folder, onerror=found.append):
        folders[:] = [name for name in folders if not LITTER.fullmatch(name)]
    names = [(label + Path(error.filename).relative_to(folder).as_posix(), error.strerror) for error in found]
    return [Problem(name.removesuffix("."), 0, "", "", f"cannot be read: {why}") for name, why in names]


def is_empty(folder: Path) -> bool:
    """True for a folder with nothing in it, or nothing that can be seen."""
    try:
        return not any(folder.iterdir())
    except OSError:
        return True


def read_bytes(path: Path, name: str, largest: int = LARGEST_FILE) -> bytes:
    """The bytes of a file; raises BadInput as `check_file` does, and where it cannot be read."""
    check_file(path, name, largest)
    try:
        return path.read_bytes()
    except OSError as error:
        raise BadInput([Problem(name, 0, "", "", f"cannot be read: {error.strerror}")]) from None


def read_text(path: Path, name: str, largest: int = LARGEST_FILE) -> str:
    """The text of a UTF-8 file without a byte order mark; raises BadInput if it is missing, empty or not UTF-8."""
    raw = read_bytes(path, name, largest)
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        byte = f"byte 0x{raw[error.start]:02x}"
        raise BadInput(
            [Problem(name, line, "", byte, "the file is not UTF-8; save it again as UTF-8 (Excel: Save As, CSV UTF-8)")]
        ) from None
    if not text.strip():
        raise BadInput([Problem(name, 0, "", "", "the file is empty")])
    if match := control(text):
        line = text[: match.start()].count("\n") + 1
        raise BadInput([Problem(name, line, "", match[0], NO_CONTROL)])
    return text


def csv_grid(text: str, name: str) -> Grid:
    """The cells of a CSV text with a header; raises BadInput for what is no such table, or has no row like it."""
    # strict: a quote left open would swallow the rest of the file without a word
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    rows: list[tuple[int, list[str]]] = []
    problems: list[Problem] = []
    try:
        header = [cell.strip() for cell in next(reader)]
        line = reader.line_num
        for cells in reader:
            line, start = reader.line_num, line + 1
            if not any(cell.strip() for cell in cells):
                continue
            if len(cells) == len(header):
                rows.append((start, [cell.strip() for cell in cells]))
            else:
                hint = "a text with a comma needs quotes, a number a decimal point"
                expected = f"{len(header)} cells, as in the header; found {len(cells)} ({hint})"
                problems.append(Problem(name, start, "", ",".join(cells)[:200], expected))
            if len(rows) > MOST_ROWS or len(problems) > MOST_PROBLEMS:
                problems.append(Problem(name, start, "", "", f"at most {MOST_ROWS} rows; reading stops here"))
                break
    except csv.Error as error:
        raise BadInput([Problem(name, reader.line_num, "", "", f"not a CSV table: {error}")]) from None
    if problems and not rows:
        raise BadInput([*problems, *_shape(name, header)])
    return Grid(header, 1, rows, tuple(problems))


def _shape(name: str, header: list[str]) -> list[Problem]:
    if len(header) == 1 and (";" in header[0] or "\t" in header[0]):
        mark = "semicolons" if ";" in header[0] else "tabs"
        return [Problem(name, 1, "", header[0], f"cells separated by commas, not {mark}; save it as CSV with commas")]
    return []


def check_table(grid: Grid, name: str, rules: Mapping[str, Rule], optional: frozenset[str] = frozenset()) -> Table:
    """The rows of `grid` as a table: one text for each key of `rules`.

    Columns outside `rules` are forbidden; those in `optional` may be absent and are then empty. Raises BadInput with
    every problem of the file, named `name`.
    """
    table, problems = right_rows(grid, name, rules, optional)
    if problems:
        raise BadInput(problems)
    return table


def right_rows(
    grid: Grid, name: str, rules: Mapping[str, Rule], optional: frozenset[str] = frozenset()
) -> tuple[Table, list[Problem]]:
    """The rows of `grid` in which nothing is wrong, as `check_table` has them, and all that is wrong in the others.

    Raises BadInput where the header is not that of the table.
    """
    problems = _shape(name, grid.header) or _header_problems(name, grid, set(rules), optional)
    if problems:
        raise BadInput([*grid.problems, *problems])
    problems += grid.problems
    at = {column: i for i, column in enumerate(grid.header)}
    table = {line: {c: cells[at[c]] if c in at else "" for c in rules} for line, cells in grid.rows}
    for column, (test, expected, fix, why) in rules.items():
        passed: dict[str, bool] = {}  # the same text passes or fails alike, and many rows share it
        for line, row in table.items():
            text = row[column]
            if text not in passed:
                passed[text] = test(text)
            if not passed[text]:
                problems.append(Problem(name, line, column, text, why(text) or expected, fix(text)))
    wrong = {p.line for p in problems}
    return {line: row for line, row in table.items() if line not in wrong}, problems


def read_table(path: Path, name: str, rules: Mapping[str, Rule], optional: frozenset[str] = frozenset()) -> Table:
    """The table of the CSV file at `path`, checked as `check_table` says; raises BadInput with all its problems."""
    return check_table(csv_grid(read_text(path, name), name), name, rules, optional)


def _header_problems(name: str, grid: Grid, known: set[str], optional: frozenset[str]) -> list[Problem]:
    header, line = grid.header, grid.header_line
    if len(header) > MOST_COLUMNS:
        return [Problem(name, line, "", "", f"at most {MOST_COLUMNS} columns; found {len(header)}")]
    problems = []
    for i, column in enumerate(header):
        if column not in known:
            expected = f"unknown column; {nearest(column, known)}"
            problems.append(Problem(name, line, "", column, expected, name_fix(column, known)))
        elif column in header[:i]:
            problems.append(Problem(name, line, "", column, "the column occurs twice"))
    for column in sorted(known - optional - set(header)):
        problems.append(Problem(name, line, "", column, "the column is missing"))
    return problems
