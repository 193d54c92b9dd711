"""The workbook of a new case, made once: the styles and lists of its sheets take longer than most tests of it."""

from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from casereport.case.new.folder import new_case


@cache
def book_bytes(name: str) -> bytes:
    """What `casereport new NAME --xlsx` writes."""
    with TemporaryDirectory() as folder:
        return new_case(name, Path(folder), workbook=True).read_bytes()


def new_book(folder: Path, name: str = "y") -> Path:
    """The workbook of a new case in this folder, which is made where it is missing."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{name}.xlsx"
    path.write_bytes(book_bytes(name))
    return path
