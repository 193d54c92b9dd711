"""Tables of articles in JATS, the XML of open-access journals, as cells: with row and column spans, without footnotes.

The caption is the first row, so that what it says of clock and specimen is read; then the rows as they are printed.
"""

import re
from collections.abc import Iterator
from pathlib import Path
from xml.etree.ElementTree import Element

from casereport.errors import BadInput, Problem
from casereport.files.tables import MOST_ROWS
from casereport.readers.grids import Area, Cells, Printed
from casereport.readers.xml_text import local_name, parsed

_LARGEST = 20 * 2**20
_WIDEST = 1000
_MOST_CELLS = 200_000
_CAPTION = 70  # of a caption, where the tables are listed
# a raised number that belongs to what stands before it, as of 10⁹, m² and s⁻¹
_POWER = re.compile(r"(?:(?<!\d)10|[a-zA-Zµμ])$")


def is_jats(head: bytes) -> bool:
    """True for the beginning of an article, or of a part of one with a table."""
    return head.startswith(b"<") and bool(re.search(rb"<(?:article|table-wrap|pmc-articleset)[\s>]", head))


def read_jats(path: Path, table: str) -> tuple[Printed, str]:
    """The cells of one table of an article, and its label, such as `Table 2`.

    `table` is its number in the article, or its label. Raises BadInput, with the tables that there are, where there are
    several and none is chosen.
    """
    wraps = list(_wraps(parsed(path, _LARGEST)))
    labels = [_words(_child(wrap, "label")).rstrip(".:") or f"Table {n}" for n, wrap in enumerate(wraps, start=1)]
    chosen = [
        n for n, label in enumerate(labels)
        if table and (table == str(n + 1) or table.casefold() == label.casefold())
    ] or ([0] if len(wraps) == 1 and not table else [])  # fmt: skip
    if not wraps:
        raise BadInput([Problem(path.name, 0, "", "", "an article with a table in text form")])
    if len(chosen) != 1:
        listed = "".join(f"\n    --table {n}: {_about(w, labels[n - 1])}" for n, w in enumerate(wraps, start=1))
        raise BadInput([Problem(path.name, 0, "--table", table, f"one of the tables of the article:{listed}")])
    wrap = wraps[chosen[0]]
    caption = _words(_child(wrap, "caption"))
    rows, merged = _grid(wrap, path.name)
    width = max(map(len, rows), default=0)
    title = [[caption, *[""] * (width - 1)]] if caption and width else []
    below = len(title)
    merged = {(row + below, i): Area(a + below, b, c + below, d) for (row, i), (a, b, c, d) in merged.items()}
    return Printed([*title, *([*row, *[""] * (width - len(row))] for row in rows)], merged), labels[chosen[0]]


def _child(element: Element, name: str) -> Element | None:
    return next((one for one in element if local_name(one) == name), None)


def _wraps(article: Element) -> Iterator[Element]:
    """The tables of an article that have rows."""
    for one in article.iter():
        if local_name(one) == "table-wrap" and any(local_name(inner) == "tr" for inner in one.iter()):
            yield one


def _about(wrap: Element, label: str) -> str:
    caption = _words(_child(wrap, "caption"))
    return f"{label}, {caption[:_CAPTION]}{'...' if len(caption) > _CAPTION else ''}" if caption else label


def _words(element: Element | None) -> str:
    """The text of an element without the marks of its footnotes, a raised power as `^9`."""
    if element is None:
        return ""
    parts: list[str] = []
    before = ""  # the end of what stands before
    for text, kind in _texts(element, ""):
        if kind == "sup" and re.fullmatch(r"[-−–]?\d+", text.strip()):
            parts.append(f"^{text.strip()}" if _POWER.search(before) or not before else f"[{text.strip()}]")
        elif kind != "sup":
            parts.append(text)
            before = (before + text).rstrip()[-3:]
    return " ".join("".join(parts).split())


def _texts(element: Element, kind: str) -> Iterator[tuple[str, str]]:
    """Each text within an element, and `sup` for one that is raised; none of a reference to a footnote."""
    stack: list[tuple[Element | str, str]] = [(element, kind)]
    first = True
    while stack:
        one, kind = stack.pop()
        if isinstance(one, str):
            yield one, kind
            continue
        name = local_name(one)
        if not first and one.tail:
            stack.append((one.tail, kind))
        if name in ("xref", "fn", "object-id") or not name:
            first = False
            continue
        inner = "sup" if name == "sup" else kind
        around = " " if name in ("break", "p", "title", "list-item") else ""
        for child in reversed(one):
            stack.append((child, inner))
        first = False
        if one.text or around:
            stack.append(((around + (one.text or "")), inner))


def _grid(wrap: Element, name: str) -> tuple[Cells, dict[tuple[int, int], Area]]:
    """The rows of a table, a cell that spans several places repeated in each, and these places."""
    rows: dict[int, dict[int, str]] = {}
    merged: dict[tuple[int, int], Area] = {}
    places = 0
    lines = [one for one in wrap.iter() if local_name(one) == "tr"]
    if len(lines) > MOST_ROWS:
        raise BadInput([Problem(name, 0, "", f"{len(lines)} rows", f"at most {MOST_ROWS} rows")])
    for at, line in enumerate(lines):
        column = 0
        for cell in line:
            if local_name(cell) not in ("td", "th"):
                continue
            while column in rows.get(at, {}):
                column += 1
            text, wide, high = _words(cell), _span(cell, "colspan", _WIDEST), _span(cell, "rowspan", len(lines) - at)
            places += wide * high
            if column + wide > _WIDEST or places > _MOST_CELLS:
                expected = f"at most {_WIDEST} columns, and {_MOST_CELLS} cells together"
                raise BadInput([Problem(name, 0, "", "", expected)])
            for row in range(at, at + high):
                rows.setdefault(row, {}).update(dict.fromkeys(range(column, column + wide), text))
                if wide * high > 1:
                    area = Area(at, column, at + high - 1, column + wide - 1)
                    merged.update(dict.fromkeys(((row, i) for i in range(column, column + wide)), area))
            column += wide
    return [[row.get(i, "") for i in range(max(row, default=-1) + 1)] for _, row in sorted(rows.items())], merged


def _span(cell: Element, which: str, most: int) -> int:
    text = cell.get(which) or "1"
    return min(max(int(text), 1), most) if text.isdecimal() and len(text) < 6 else 1
