"""A case as one .xlsx: a sheet for each table, the description as keys and values, the narrative as sections.

A workbook is read as it stands. It is somebody else's archive, so what it unpacks to is measured before it is opened,
and cells are taken only as what they show: a formula, a date or an error is named and refused, never interpreted.
"""

import datetime as dt
import re
import zipfile
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, cast

from casereport.case import sheet_shown
from casereport.case.description import AGES, CaseMeta, Tree, check_meta
from casereport.case.references import FILES
from casereport.case.schema import TABLES
from casereport.errors import NO_CONTROL, BadInput, Problem, control, name_fix, nearest
from casereport.files.hashes import sha256
from casereport.files.tables import MOST_COLUMNS, MOST_ROWS, Grid, read_bytes, state

# A thousand rows are half a megabyte; a bomb of zeros packs a gigabyte into one.
LARGEST_UNPACKED = 12 * 2**20
MOST_PARTS = 500
MOST_MERGED = 100_000  # each is made anew by what reads a workbook

SHEETS = (
    "case", "phases", *(name.removesuffix(".csv") for name in TABLES), "narrative", "allow", "authors", "references",
)  # fmt: skip
# what `casereport new --xlsx` adds for the reader, and what is no part of the case
ASIDE = ("read me", "example", "vocabulary")
_LISTS = ("keywords", "not_reported", "overview")
AUTHOR = ("name", "orcid", "affiliations", "corresponding", "email", "roles")
_POINTS = ("differential_diagnosis", "learning_points")  # a line each: a sentence may have a semicolon
_YES = {"": False, "no": False, "false": False, "yes": True, "true": True}
_WHOLE = frozenset({*(f"subject.{age}" for age in AGES), "last_day", "other_clock.day_0", "citation.year"})
_MAY = ("opened_on", "closed_by")  # columns of the sheet phases that may follow the others

Rows = list[tuple[int, list[str]]]


def check_archive(path: Path, name: str) -> None:
    """Raises BadInput for a file that is no workbook, unpacks to too much, or has a document type in a part."""
    read_bytes(path, name)
    try:
        with zipfile.ZipFile(path) as archive:
            parts = archive.infolist()
            size = sum(part.file_size for part in parts)
            if size > LARGEST_UNPACKED or len(parts) > MOST_PARTS:
                expected = (
                    f"a workbook of at most {LARGEST_UNPACKED // 2**20} MB unpacked in {MOST_PARTS} parts; "
                    f"this one has {size / 2**20:.0f} MB in {len(parts)}"
                )
                raise BadInput([Problem(name, 0, "", "", expected)])
            names = {part.filename for part in parts}
            if "xl/workbook.xml" not in names or any(part.flag_bits & 1 for part in parts):
                raise BadInput([Problem(name, 0, "", "", "an Excel workbook (.xlsx) without a password")])
            for part in parts:
                if part.filename.endswith((".xml", ".rels")):
                    text = archive.read(part)
                    if (cells := sheet_shown.merged(text)) > MOST_MERGED:
                        expected = f"merged areas of at most {MOST_MERGED} cells; found {cells}: unmerge them"
                        raise BadInput([Problem(name, 0, "", part.filename, expected)])
                    if b"<!" in text.replace(b"<!--", b"").replace(b"<![CDATA[", b"") or b"\0" in text[:200]:
                        expected = "parts without document types or entities, in UTF-8; save the workbook again"
                        raise BadInput([Problem(name, 0, "", part.filename, expected)])
    except (zipfile.BadZipFile, zipfile.LargeZipFile, OSError, EOFError, ValueError, NotImplementedError) as error:
        raise BadInput([Problem(name, 0, "", "", f"an Excel workbook (.xlsx): {error}")]) from None
    except Exception as error:  # zlib and its kin raise errors of their own for a damaged stream
        if isinstance(error, BadInput):
            raise
        raise BadInput([Problem(name, 0, "", "", f"a complete Excel workbook (.xlsx): {error}")]) from None


def read_sheets(path: Path, name: str) -> tuple[dict[str, Rows], list[Problem]]:
    """Every sheet of a workbook as rows of stripped texts, blank rows left out, and the cells that are no plain values.

    Raises BadInput for a workbook that cannot be opened, or a sheet that is too large.
    """
    return _read(path, name, state(path))


@lru_cache(maxsize=1)
def _read(path: Path, name: str, _: tuple[int, ...]) -> tuple[dict[str, Rows], list[Problem]]:
    """The sheets of a workbook in this state, which its case and the privacy gate both ask for."""
    from openpyxl import load_workbook

    check_archive(path, name)
    try:
        book = load_workbook(path, read_only=True, data_only=False, keep_links=False, rich_text=True)
        sheets, problems = {}, []
        with zipfile.ZipFile(path) as archive:
            for sheet in cast("list[Any]", book.worksheets):
                called = f"{name}, sheet {sheet.title}"
                marks = sheet_shown.Marks(archive.read(sheet._worksheet_path))
                sheets[sheet.title], found = _rows(sheet, called, marks)
                problems += found
                if sheet.sheet_state != "visible":
                    problems.append(Problem(called, 0, "", "", sheet_shown.HIDDEN_SHEET))
        book.close()
    except BadInput:
        raise
    except Exception as error:  # a damaged workbook makes its reader fail anywhere
        raise BadInput([Problem(name, 0, "", "", f"a complete Excel workbook (.xlsx): {error}")]) from None
    return sheets, problems


def _rows(sheet: Any, called: str, marks: sheet_shown.Marks) -> tuple[Rows, list[Problem]]:
    sheet.reset_dimensions()  # a dimension is only what the file says of itself
    rows: Rows = []
    problems: list[Problem] = []
    for line, cells in enumerate(sheet.iter_rows(), start=1):
        if not any(cell.value is not None for cell in cells):
            continue
        while cells and cells[-1].value is None:
            cells = cells[:-1]
        if len(cells) > MOST_COLUMNS or len(rows) >= MOST_ROWS:
            expected = f"at most {MOST_ROWS} rows and {MOST_COLUMNS} columns"
            raise BadInput([Problem(called, line, "", "", expected)])
        texts = []
        for cell in cells:
            text, expected = cell_text(cell)
            expected = expected or (marks.wrong(cell) if text else "")
            if expected:
                problems.append(Problem(called, line, f"column {cell.column_letter}", text, expected))
            texts.append(text)
        if any(texts):
            rows.append((line, texts))
    return rows, problems


def cell_text(cell: Any) -> tuple[str, str]:
    """The text of a cell as it shows, and what was expected where it is no plain value.

    A number has the decimals that its format shows, if they are all of it, and the sign of a limit: `<3.0`.
    """
    value = sheet_shown.text_of(cell.value)
    if value is None:
        return "", ""
    if control(str(value)):
        return str(value)[:200], NO_CONTROL
    if cell.data_type == "f":
        return str(value)[:200], "a plain value, not a formula; paste it as a value"
    if cell.data_type == "e":
        return str(value), "a value; the spreadsheet shows an error here"
    if isinstance(value, dt.datetime | dt.date | dt.time | dt.timedelta):
        return str(value), "a study day or a number; this cell is a date or a time (format the column as text)"
    if isinstance(value, bool):
        return str(value).upper(), ""
    if isinstance(value, int | float):
        before, number, _ = sheet_shown.number_shown(value, cell.number_format)
        return (before + number if not number or re.fullmatch("[<>≤≥]=?", before) else number), ""
    return str(value).strip(), ""


@dataclass(frozen=True)
class Workbook:
    """A case as one workbook, its sheets read."""

    path: Path
    sheets: dict[str, Rows]
    problems: list[Problem]

    @classmethod
    def read(cls, path: Path) -> "Workbook":
        """The workbook at `path`; raises BadInput where it cannot be read, or has a sheet that is no part of a case."""
        label = f"cases/{path.name}"
        sheets, problems = read_sheets(path, label)
        for title in sheets:
            if title not in (*SHEETS, *ASIDE):
                expected = f"unknown sheet; {nearest(title, SHEETS)} (a name of your own: put it in another workbook)"
                if title.strip().lower() == "pictures":
                    expected = "no such sheet: a case that shows pictures is a folder, with pictures.csv and pictures/"
                raise BadInput([Problem(label, 0, "sheet", title, expected, name_fix(title, SHEETS))])
        kept = [p for p in problems if not p.file.endswith(tuple(f", sheet {title}" for title in ASIDE))]
        return cls(path, sheets, kept)

    @property
    def name(self) -> str:
        """The name that the case goes by, and that `id` repeats."""
        return self.path.stem

    def called(self, part: str) -> str:
        """How a message names a part of the case."""
        return f"cases/{self.path.name}, sheet {_sheet_of(part)}"

    def has(self, part: str) -> bool:
        """True when the sheet is there."""
        return _sheet_of(part) in self.sheets

    def grid(self, table: str) -> Grid:
        """The cells of a sheet; raises BadInput if it is missing, or has a cell that is no plain value."""
        called = self.called(table)
        if not self.has(table):
            raise BadInput([Problem(called, 0, "", "", "the sheet is missing")])
        rows = self.sheets[_sheet_of(table)]
        if not rows:
            raise BadInput([Problem(called, 0, "", "", "the sheet is empty: a header belongs in its first row")])
        problems = [p for p in self.problems if p.file == called]
        (line, header), *rest = rows
        width = len(header)
        for row, cells in rest:
            if len(cells) > width:
                problems.append(Problem(called, row, "", cells[-1], f"{width} cells, as in the header"))
        if problems:
            raise BadInput(problems)
        return Grid(header, line, [(row, cells + [""] * (width - len(cells))) for row, cells in rest])

    def _columns(self, part: str, columns: tuple[str, ...]) -> Rows:
        """The rows of a sheet that begins with these columns; what stands right of them is the author's own note."""
        grid = self.grid(part)
        if tuple(grid.header[: len(columns)]) != columns:
            expected = f"the columns {', '.join(columns)} in the first row"
            raise BadInput([Problem(self.called(part), grid.header_line, "", ", ".join(grid.header), expected)])
        return grid.rows

    def meta(self) -> CaseMeta:
        """The checked description of the case, from the sheets case, phases and allow; raises BadInput."""
        called = self.called("case.yaml")
        data: dict[str, Any] = {}
        lines: dict[tuple, int] = {}
        problems: list[Problem] = []
        for line, (key, text, *_) in self._columns("case.yaml", ("key", "value")):
            trail = tuple(key.split("."))
            if trail in lines:
                problems.append(Problem(called, line, "", key, "each key once"))
                continue
            lines[trail] = line
            inner = data
            for step in trail[:-1]:
                inner = inner.setdefault(step, {})
                if not isinstance(inner, dict):
                    raise BadInput([Problem(called, line, "key", key, "a key of its own")])
            inner[trail[-1]] = _typed(key, text)
        for part in ("citation", "other_clock"):
            if part in data and data[part] == dict.fromkeys(data[part] or {}):
                data[part] = None
        for part, columns in (("phases", ("id", "label", "opened_by")), ("allow", ("text", "reason"))):
            if self.has(part):
                data[part] = []
                rows = self._columns(part, columns)
                header = self.grid(part).header if part == "phases" else []
                further = {c: header.index(c) for c in _MAY if c in header}
                for i, (line, cells) in enumerate(rows):
                    entry = {c: cell or None for c, cell in zip(columns, cells, strict=False)}
                    data[part].append(entry | {c: cells[at] or None for c, at in further.items()})
                    lines[part, i] = line
        if self.has("authors"):
            for i, (line, cells) in enumerate(self._columns("authors", AUTHOR)):
                data.setdefault("authors", []).append(_author(dict(zip(AUTHOR, cells, strict=False))))
                lines["authors", i] = line
        try:
            return check_meta(Tree(data, lambda at: _deepest(lines, at), problems), called, self.name)
        except BadInput as bad:
            raise BadInput(_placed(p, called, self) for p in bad.problems) from None

    def prose(self) -> list[tuple[int, str]]:
        """The narrative as lines: a heading where a section is named, and its text below; raises BadInput."""
        lines: list[tuple[int, str]] = []
        for line, (section, text, *_) in self._columns("narrative.md", ("section", "text")):
            if section:
                lines.append((line, f"# {section}"))
            lines += [(line, part) for part in ["", *text.splitlines()]]
        return lines

    def references(self) -> dict[str, tuple[str, str]]:
        """The BibTeX of the sheet references, each row a line of it; empty where there is no such sheet, or nothing."""
        if not self.has("references"):
            return {}
        lines = {line: cells[0] for line, cells in self._columns("references", ("bibtex",))}
        text = "\n".join(lines.get(line, "") for line in range(1, max(lines, default=0) + 1))
        return {FILES[0]: (self.called("references"), text)} if text else {}

    def hashes(self) -> dict[str, str]:
        """The SHA-256 of the workbook."""
        return {f"cases/{self.path.name}": sha256(self.path)}


def _sheet_of(part: str) -> str:
    return {"case.yaml": "case"}.get(part, part.rpartition(".")[0] or part)


def _parts(texts: list[str]) -> list[str]:
    return [text.strip() for text in texts if text.strip()]


def _typed(key: str, text: str) -> object:
    """The value of a key: a list for those that are lists, a number where one is meant, None for an empty cell."""
    if key in _LISTS:
        return _parts(text.replace("\n", ";").split(";"))
    if key in _POINTS:
        return _parts(text.splitlines())
    if key == "anonymous":
        return _YES.get(text.lower(), text)
    if not text:
        return None
    if key in _WHOLE:
        return int(text) if text.lstrip("-").isdecimal() and len(text) < 12 else text
    if key == "subject.weight_kg":
        try:
            return float(text)
        except ValueError:
            return text
    return text


def _author(cells: dict[str, str]) -> dict[str, object]:
    """A row of the sheet authors as an author of case.yaml; affiliations and roles are separated by semicolons."""
    lists = {key: _parts(cells[key].split(";")) for key in ("affiliations", "roles")}
    texts = {key: cells[key] or None for key in ("name", "orcid", "email")}
    return texts | lists | {"corresponding": _YES.get(cells["corresponding"].lower(), cells["corresponding"])}


def _deepest(lines: dict[tuple, int], at: tuple) -> int:
    while at and at not in lines:
        at = at[:-1]
    return lines.get(at, 1)


def _placed(problem: Problem, called: str, book: Workbook) -> Problem:
    """The problem under the sheet that it stands in: phases and allowed texts have sheets of their own."""
    part = problem.column.partition(".")[0]
    sheet = dict.fromkeys(("opened_by", *_MAY), "phases").get(part, part)
    if problem.file != called or sheet not in ("phases", "allow", "authors"):
        return problem
    return Problem(book.called(sheet), problem.line, problem.column, problem.value, problem.expected, problem.fix)
