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


_TOKEN = re.compile(r'"([^"]*)"|\\(.)|_.|\*.|\[[^\]]*\]|([0#?.,]|E[+-]|General|@)|(.)')
_CONDITION = re.compile(r"\[(<=|>=|<>|<|>|=)(-?\d+(?:\.\d+)?)\]")
_HOLDS = {
    "<": lambda a, b: a < b, ">": lambda a, b: a > b, "<=": lambda a, b: a <= b, ">=": lambda a, b: a >= b,
    "=": lambda a, b: a == b, "<>": lambda a, b: a != b,
}  # fmt: skip


def number_shown(value: float, number_format: str) -> tuple[str, str, str]:
    """What a number format shows of a number: the words before it, the number, and the words behind it.

    The number has the decimals of the format, if they are all of it: 2.8 in the format 0.00 was typed as 2.80. A
    format may show a sign that the cell does not hold, `"<"0.0`, and percent or thousands of it.
    """
    section = _section(value, number_format)
    before, digits, behind, percent = "", "", "", False
    for quoted, escaped, digit, other in _TOKEN.findall(section):
        percent = percent or other == "%"  # a sign in quotes is a text
        if digit:
            digits, behind = digits + digit, ""
        elif digits:
            behind += quoted or escaped or other
        else:
            before += quoted or escaped or other
    if section and not digits:
        return before.strip(), "", ""
    if percent:
        return before.strip(" %"), f"{value * 100:.12g}%", behind.strip(" %")
    if thousands := len(digits) - len(digits.rstrip(",")):
        return before.strip(), f"{value / 1000**thousands:.12g}", behind.strip()
    places = len(digits.partition(".")[2]) if set(digits) <= {"0", "."} else 0
    padded = f"{value:.{places}f}"
    return before.strip(), padded if places and float(padded) == value else f"{value:.15g}", behind.strip()


def _section(value: float, number_format: str) -> str:
    """The part of a number format that is for this number: by a condition, else by its sign."""
    sections = re.split(r';(?=(?:[^"]*"[^"]*")*[^"]*$)', number_format)
    for section in sections:
        if condition := _CONDITION.search(section):
            if _HOLDS[condition[1]](value, float(condition[2])):
                return section
        elif len(sections) > 1 and _CONDITION.search(number_format):
            return section
    at = 1 if value < 0 else 2 if value == 0 else 0
    # of what is negative a section of its own may leave the sign to its own words
    return sections[0] if at >= len(sections) or value < 0 else sections[at]


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
