"""Where a case is, and what it is made of: a folder of files, or one workbook with a sheet for each of them.

A case is named or pathed: a name is looked up in the data directory's cases/, a path (anything with a slash, or the
name of an .xlsx file) leads anywhere, so that a patient's data need never enter the repository.
"""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from casereport.case.description import CaseMeta, load_meta
from casereport.case.narrative import Line
from casereport.case.references import FILES, LARGEST
from casereport.errors import BadInput, Problem, nearest
from casereport.files.hashes import sha256
from casereport.files.paths import DATA, PARTS, ROOT, WORKBOOK, case_files, case_name_at, is_path
from casereport.files.tables import Grid, csv_grid, read_text

if TYPE_CHECKING:
    from casereport.case.workbook import Workbook

# a book of 75,000 words
_LARGEST_PROSE = 2**19


def case_names() -> list[str]:
    """The names of the project's own cases, sorted."""
    return sorted(map(case_name_at, cases_in(DATA / "cases")))


def cases_in(folder: Path) -> list[Path]:
    """The case folders and workbooks in `folder`, sorted; what a spreadsheet program leaves open (`~$...`) is none."""
    books = [p for p in folder.glob("*" + WORKBOOK) if not p.name.startswith(("~", "."))]
    return sorted([*(p.parent for p in folder.glob("*/case.yaml")), *books])


def distinct(paths: list[Path]) -> list[Path]:
    """The paths as they are; raises BadInput where two cases have one name, of which their reports would be."""
    problems: list[Problem] = []
    seen: dict[str, Path] = {}
    for path in paths:
        name = case_name_at(path)
        other = seen.setdefault(name.lower(), path)  # on some disks capitals make no other folder
        if other != path:
            expected = f"cases whose names differ in more than capitals and ending: {other} has this one too"
            problems.append(Problem("case", 0, "", str(path), expected))
    if problems:
        raise BadInput(problems)
    return paths


def case_path(case: str | Path) -> Path:
    """The folder or workbook of a case; raises BadInput where there is none, or where its name cannot be a name.

    A relative path is taken from the project's root, as every path is that a notebook is given.
    """
    case, named = str(case), isinstance(case, str) and not is_path(case)
    path = DATA / "cases" / case if named else (ROOT / Path(case).expanduser()).resolve()
    name = case_name_at(path)
    if not case or not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}", name):
        expected = "a case whose folder has a name of up to 64 letters, digits, - and _: the name is that of its report"
        raise BadInput([Problem("case", 0, "", case, expected)])
    if not path.exists() and path.with_name(name + WORKBOOK).is_file():
        path = path.with_name(name + WORKBOOK)
    if path.is_dir() and not any((path / part).is_symlink() or (path / part).exists() for part in PARTS):
        raise BadInput([Problem("case", 0, "", case, "the folder of a case; this one has no case.yaml and no table")])
    if path.is_dir() or (path.is_file() and path.suffix.lower() == WORKBOOK):
        return path
    if path.exists():
        raise BadInput([Problem("case", 0, "", case, "the folder of a case, or its workbook (.xlsx)")])
    names = sorted(map(case_name_at, cases_in(path.parent)))
    hint = nearest(name, names) if names else f"there is no case in {path.parent}"
    if named and Path(case).is_dir():
        hint = f"did you mean the folder of that name that is here, ./{case}?"
    raise BadInput([Problem("case", 0, "", case, f"no such case; {hint}")])


@dataclass(frozen=True)
class Folder:
    """A case as a folder of text files."""

    path: Path

    @property
    def name(self) -> str:
        """The name that the case goes by, and that `id` repeats."""
        return self.path.name

    def called(self, part: str) -> str:
        """How a message names a part of the case: `case.yaml`, a table or `narrative.md`."""
        return f"cases/{self.name}/{'case.yaml' if part == 'phases' else part}"

    def has(self, part: str) -> bool:
        """True when the part is there; a link that leads nowhere is there, and reading it says what is wrong."""
        return (self.path / part).exists() or (self.path / part).is_symlink()

    def meta(self) -> CaseMeta:
        """The checked case.yaml; raises BadInput."""
        return load_meta(self.path / "case.yaml", self.called("case.yaml"), self.name)

    def grid(self, table: str) -> Grid:
        """The cells of a table; raises BadInput if it is missing or no table."""
        return csv_grid(read_text(self.path / table, self.called(table)), self.called(table))

    def prose(self) -> list[Line]:
        """The lines of the narrative, numbered; raises BadInput."""
        text = read_text(self.path / "narrative.md", self.called("narrative.md"), _LARGEST_PROSE)
        return list(enumerate(text.splitlines(), start=1))

    def references(self) -> dict[str, tuple[str, str]]:
        """The files of references that are there, by their names: how messages call each, and its text."""
        there = [file for file in FILES if self.has(file)]
        return {file: (self.called(file), read_text(self.path / file, self.called(file), LARGEST)) for file in there}

    def hashes(self) -> dict[str, str]:
        """The SHA-256 of each part of the case, and of each of its pictures."""
        return {self.called(p.relative_to(self.path).as_posix()): sha256(p) for p in sorted(case_files(self.path))}


def open_source(path: Path) -> "Folder | Workbook":
    """The case at `path`, a folder or a workbook; raises BadInput for a workbook that cannot be read."""
    if path.is_dir():
        return Folder(path)
    from casereport.case.workbook import Workbook

    return Workbook.read(path)
