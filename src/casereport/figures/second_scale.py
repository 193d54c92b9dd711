"""A heat map with a second scale, which a reader of the page may choose: the same cells, a colour and a sign more.

A file of the figure shows the first scale wherever it is opened; the second is in it, for the style of the page.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from markupsafe import Markup, escape

from casereport.figures.palette import INK

_LOWER = 2.6  # points from the middle of a cell down to the line on which its sign stands
_MESH = re.compile(r'<g id="[^"]*QuadMesh_\d+">(.*?)</g>', re.S)
_CELL = re.compile(r'<path d="M ([\d.]+) ([\d.]+)\s+L ([\d.]+) [\d.]+\s+L [\d.]+ ([\d.]+).*?fill: ([^;"]+)', re.S)
_SIGN = re.compile(r'\s*<g id="[^"]*sign-\d+-\d+">.*?</g>', re.S)
_TEXT = re.compile(r"<text( [^>]*)>([^<]*)</text>")


@dataclass(frozen=True)
class Cell:
    """A cell as the one scale and the other show it: how far it lies towards an end of the colours, and its sign.

    Numbers are percent, below 0 on the lower side; None where it has no colour.
    """

    far: int | None
    sign: str
    other_far: int | None
    other_sign: str


@dataclass(frozen=True)
class SecondScale:
    """What the colours mean by the second scale (`name`, `caption`, `alt`), and all cells in the order of drawing.

    Without a `name` there is nothing to choose. `key` has the words of the key by those that the first scale has in
    their place.
    """

    name: str
    caption: str
    alt: str
    cells: Sequence[Cell]
    key: Mapping[str, str]


def with_both(svg: str, second: SecondScale) -> str:
    """The SVG of a heat map with both scales: the second are properties of the cells, and words that are not displayed.

    The page mixes the colours anew, from `--far` and `--other`, as its ground is dark or light. A cell is written
    shortly, and one that is blank not at all.
    """
    meshes = _MESH.findall(svg)
    if (drawn := sum(len(_CELL.findall(mesh)) for mesh in meshes)) != len(second.cells):
        raise ValueError(f"{len(second.cells)} cells of a second scale for a heat map of {drawn}")
    cells = iter(second.cells)
    svg = _MESH.sub(lambda mesh: _mesh(mesh[1], cells), _SIGN.sub("", svg))
    return _TEXT.sub(lambda text: _named(text, second.key), svg)


def _mesh(paths: str, cells: Iterator[Cell]) -> str:
    """The cells of one panel, and their signs by each scale."""
    drawn, signs, others = [], [], []
    for (left, top, right, bottom, colour), cell in zip(_CELL.findall(paths), cells, strict=False):
        x0, y0, x1, y1 = (f"{float(end):.1f}" for end in (left, top, right, bottom))
        if cell.far is not None:
            look = ' class="blank"' if cell.other_far is None else ""
            style = f"fill: {colour}; --far:{cell.far}; --other:{cell.other_far or 0}"
            drawn.append(f'<path{look} d="M{x0} {y0}H{x1}V{y1}H{x0}z" style="{style}"/>')
        place = f'x="{(float(left) + float(right)) / 2:.1f}" y="{(float(top) + float(bottom)) / 2 + _LOWER:.1f}"'
        signs += [f"<text {place}>{escape(cell.sign)}</text>"] if cell.sign.strip() else []
        others += [f"<text {place}>{escape(cell.other_sign)}</text>"] if cell.other_sign.strip() else []
    look = f"font: 8.4px 'DejaVu Sans'; text-anchor: middle; fill: {INK}"
    return "\n".join(
        [
            '<g class="cells" style="stroke: #ffffff; stroke-width: 0.6">', *drawn, "</g>",
            f'<g class="first" style="{look}">', *signs, "</g>",
            f'<g class="second" display="none" style="{look}">', *others, "</g>",
        ]
    )  # fmt: skip


def _named(text: re.Match, key: Mapping[str, str]) -> str:
    """A text of the drawing, and where it is of the key, that of the second scale in its place."""
    if (other := key.get(str(Markup(text[2]).unescape()))) is None:
        return text[0]
    first, second = f'class="first"{text[1]}', f'class="second" display="none"{text[1]}'
    return f"<text {first}>{text[2]}</text><text {second}>{escape(other)}</text>"
