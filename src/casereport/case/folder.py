"""What a case is made of: a folder of files, or one workbook with a sheet for each of them."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from casereport.case.description import CaseMeta, load_meta
from casereport.case.narrative import Line
from casereport.case.references import FILES, LARGEST
from casereport.files.hashes import sha256
from casereport.files.paths import case_files
from casereport.files.tables import Grid, csv_grid, read_text

if TYPE_CHECKING:
    from casereport.case.workbook import Workbook

# a book of 75,000 words
_LARGEST_PROSE = 2**19


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
