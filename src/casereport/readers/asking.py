"""How a table asks for what it does not say: lines for the mapping file, named as the table prints them."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TypeVar

from casereport.errors import BadInput, Problem
from casereport.readers.grids import Sheet
from casereport.readers.headings import likely_day, read_moment
from casereport.readers.synonyms import key

_Told = TypeVar("_Told")


class Undated(BadInput):
    """What cannot be read before the study days of the columns at `places` are told."""

    def __init__(self, problem: Problem, places: list[str]) -> None:
        super().__init__([problem])
        self.places = places


def quoted(text: str) -> str:
    """A text as a cell of CSV."""
    return '"' + text.replace('"', '""') + '"' if any(c in text for c in ',"') else text


def heading(sheet: Sheet, top: int, column: int) -> str:
    """What stands for a column in the mapping file: its heading, or its place where the heading is not its own."""
    text = sheet.rows[top][column]
    own = text and sheet.rows[top].count(text) == 1 and not text.lstrip("+-").isdecimal()
    return quoted(text) if own else sheet.place(top, column)


def mapped_to(mapping: Mapping[str, _Told], printed: str, where: str) -> _Told | None:
    """The line of the mapping file for a printed name or for the cell that it stands in."""
    return mapping.get(key(where)) or mapping.get(key(printed))


def asked(sheet: Sheet, name: str, top: int, columns: Iterable[int]) -> str:
    """How to say the study day of columns whose headings do not: the lines that the mapping file needs."""
    lines = ["printed,analyte,unit,day"]
    for i in columns:
        moment = read_moment(sheet.rows[top][i])
        lines.append(f"{heading(sheet, top, i)},,,{(likely_day(moment) if moment else '') or 'DAY'}")
    listed = "".join(f"\n    {line}" for line in lines)
    return f"add these lines to {Path(name).stem}.mapping.csv, with the study day in place of each DAY:{listed}"
