"""What a sheet shows beside the values of its cells: raised digits, what is struck out, and what is hidden.

A spreadsheet keeps `10⁵` as 105 with a raised 5, and a value that somebody has struck out or hidden as if it held.
"""

import re
from collections.abc import Iterator
from typing import Any

STRUCK = "a valid value; this cell is struck out: remove the strike-through, or the value"
HIDDEN = "a visible cell; its row or column is hidden: unhide it, or delete it"
MIXED = "a text in one format; part of this one is superscript or struck out"
HIDDEN_SHEET = "a visible sheet; this one is hidden: unhide it, or delete it"
_RAISED = str.maketrans("0123456789+-abcde", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻ᵃᵇᶜᵈᵉ")
_TAG = re.compile(rb"<(?:\w+:)?(?P<kind>row|col|mergeCell)\b(?P<says>[^>]*)>")
_SAYS = re.compile(rb"(\w+)\s*=\s*[\"']([^\"']*)[\"']")
_PLACE = re.compile(rb"\br=[\"']([A-Z]{1,3}[0-9]{1,7})[\"']")
_AREA = re.compile(r"\$?([A-Z]{1,3})\$?(\d{1,7}):\$?([A-Z]{1,3})\$?(\d{1,7})")


def text_of(value: object) -> object:
    """A cell's value; of a text in several fonts what it shows, raised digits and letters as signs of their own."""
    if not isinstance(value, list):
        return value
    return "".join(
        _run(run).translate(_RAISED) if _font(run, "vertAlign") == "superscript" else _run(run) for run in value
    )


def is_struck(cell: Any) -> bool:
    """True where the cell, or a part of its text, is struck out."""
    runs = cell.value if isinstance(cell.value, list) else []
    return bool(cell.font.strike) or any(_font(run, "strike") for run in runs)


def _run(run: Any) -> str:
    return str(getattr(run, "text", run))


def _font(run: Any, name: str) -> object:
    """What the font of a part of a text says; None of a part in the font of its cell."""
    return getattr(getattr(run, "font", None), name, None)


class Marks:
    """What a sheet hides, and where a text of its own has raised or struck parts, by its part of the workbook.

    Texts that the sheet shares with others come with their fonts; of those that stand in it openpyxl, where it reads
    row by row, gives the letters alone.
    """

    def __init__(self, raw: bytes) -> None:
        self._rows: set[int] = set()
        self._columns: list[tuple[int, int]] = []
        for kind, says in _tags(raw):
            if says.get("hidden") not in ("1", "true"):
                continue
            if kind == "row" and says.get("r", "").isdecimal():
                self._rows.add(int(says["r"]))
            elif kind == "col" and says.get("min", "").isdecimal() and says.get("max", "").isdecimal():
                self._columns.append((int(says["min"]), int(says["max"])))
        self._mixed: set[str] = set()
        for before, _, text in (piece.rpartition(b"<is>") for piece in raw.split(b"</is>")):
            if b'"superscript"' in text or b"<strike" in text:
                self._mixed |= {name.decode() for name in _PLACE.findall(before[before.rfind(b"<c ") :])}

    def wrong(self, cell: Any) -> str:
        """What is expected in place of a cell that does not show what it holds; empty for one that does."""
        if cell.row in self._rows or any(first <= cell.column <= last for first, last in self._columns):
            return HIDDEN
        if is_struck(cell):
            return STRUCK
        return MIXED if f"{cell.column_letter}{cell.row}" in self._mixed else ""


def merged(raw: bytes) -> int:
    """How many cells the merged areas of a sheet have, by the text of its part of the workbook."""
    from openpyxl.utils import column_index_from_string as number

    areas = (_AREA.fullmatch(says.get("ref", "")) for kind, says in _tags(raw) if kind == "mergeCell")
    return sum((number(a[3]) - number(a[1]) + 1) * (int(a[4]) - int(a[2]) + 1) for a in areas if a)


def _tags(raw: bytes) -> Iterator[tuple[str, dict[str, str]]]:
    for tag in _TAG.finditer(raw):
        said = {name.decode(): value.decode("utf-8", "replace") for name, value in _SAYS.findall(tag["says"])}
        yield tag["kind"].decode(), said
