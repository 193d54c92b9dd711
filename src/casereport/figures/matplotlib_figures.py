"""A figure that somebody has drawn with matplotlib or seaborn, as one of a report, and the data that it shows."""

import math
import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

import numpy as np
import pandas as pd
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.axis import Axis
from matplotlib.category import StrCategoryFormatter
from matplotlib.collections import Collection, LineCollection, PathCollection, QuadMesh
from matplotlib.colors import to_hex, to_rgba_array
from matplotlib.container import BarContainer
from matplotlib.figure import Figure as Canvas
from matplotlib.figure import FigureBase
from matplotlib.legend import Legend
from matplotlib.ticker import FixedLocator

from casereport.figures.drawing import Figure, settle, style

_NAME = re.compile(r"[a-z0-9][a-z0-9_-]*")


@style(mathematics=True)
def from_matplotlib(
    drawn: object, *, name: str, caption: str, alt: str, data: pd.DataFrame | None = None, phone: object = None,
    page: object = None,
) -> Figure:  # fmt: skip
    """A figure of a report from what matplotlib or seaborn returned: a figure, axes, or a grid of seaborn's.

    `name` is its id and the name of its files, `alt` says what can be seen in it, and `data` is the table that it
    shows; without one, what is drawn is read off. `phone` is the same drawn for a small screen, `page` for a
    manuscript. Raises TypeError for what has no figure, and ValueError for a name of other signs than small letters,
    digits, `-` and `_` or an empty caption or alt text.
    """
    canvas = canvas_of(drawn)
    if not _NAME.fullmatch(name):
        raise ValueError(f"{name!r} is not the name of a figure: small letters, digits, - and _")
    for what, text in (("caption", caption), ("alt", alt)):
        if not text.strip():
            raise ValueError(f"the figure {name!r} has no {what}: say in a sentence what it shows")
    settle(canvas)
    table = drawn_data(canvas) if data is None else data
    # as in a notebook, what stands beyond the edge of the canvas is not cut
    crop = canvas.get_tightbbox().padded(0.08)
    small, paper = (
        None if other is None else from_matplotlib(other, name=name, caption=caption, alt=alt, data=table)
        for other in (phone, page)
    )
    title = _title(canvas) or _beginning(caption)
    return Figure(name, title, caption, alt, alt, canvas, table, crop=crop, phone=small, page=paper)


def canvas_of(drawn: object) -> Canvas:
    """The figure to which what matplotlib or seaborn returned belongs; raises TypeError for what has none."""
    found = drawn if isinstance(drawn, FigureBase) else getattr(drawn, "figure", None)
    root = found.get_figure(root=True) if isinstance(found, FigureBase) else None
    if root is None:
        raise TypeError(f"a {type(drawn).__name__} is no figure: give what matplotlib or seaborn returned")
    return root


def _beginning(caption: str) -> str:
    """What a list of figures says of one without a title: `The ratio` of `The ratio: it falls.`"""
    return re.split(r"[:.](?: |$)", caption)[0]


def _title(canvas: Canvas) -> str:
    titles = [canvas.get_suptitle(), *(_heading(ax) for ax in canvas.axes[:1])]
    return next((title for title in titles if title), "")


def _heading(ax: Axes) -> str:
    return next((text for where in ("left", "center", "right") if (text := ax.get_title(loc=where))), "")


def drawn_data(figure: Canvas) -> pd.DataFrame:
    """What the axes of a figure show, one row a mark: `panel`, `series`, `mark`, `x`, `y` and `value`.

    `mark` is `line` (one row for each of its points), `point`, `bar` (from 0 to `x` or to `y`) or `cell`, of a heat
    map, which alone has a `value`. A place on an axis of names is its name. A line across a whole panel has no number
    on one of its axes.
    """
    rows = []
    for number, ax in enumerate(figure.axes, start=1):
        if ax.get_label() == "<colorbar>":
            continue
        own = ax.get_legend()
        panel, colours = _heading(ax) or str(number), _named([own] if own else figure.legends)
        for mark in _marks(ax):
            series = mark.series if not mark.series.startswith("_") else colours.get(mark.colour, "")
            x, y = _said(ax.xaxis, mark.x, mark.kind), _said(ax.yaxis, mark.y, mark.kind)
            rows.append((panel, series, mark.kind, x, y, mark.value))
    return pd.DataFrame(rows, columns=["panel", "series", "mark", "x", "y", "value"])


class _Mark(NamedTuple):
    kind: str
    series: str
    colour: str
    x: float
    y: float
    value: float = math.nan


def _named(legends: Iterable[Legend]) -> dict[str, str]:
    """What each colour means, by the legends: seaborn gives its marks no labels."""
    entries = [entry for found in legends for entry in zip(found.legend_handles, found.get_texts(), strict=False)]
    return {_colour(handle): text.get_text() for handle, text in entries if handle is not None}


def _colour(artist: Artist) -> str:
    for ask in ("get_facecolor", "get_color"):
        if hasattr(artist, ask):
            colour = np.atleast_2d(to_rgba_array(getattr(artist, ask)()))
            return to_hex(colour[0]) if len(colour) else ""
    return ""


def _said(axis: Axis, place: float, kind: str) -> float | str:
    """A place on an axis, or its name where the axis is one of names: points may be drawn beside their place there."""
    formatter, named = axis.get_major_formatter(), isinstance(axis.get_major_formatter(), StrCategoryFormatter)
    if not named and not (kind == "cell" and isinstance(axis.get_major_locator(), FixedLocator)):
        return place
    ticks = [float(tick) for tick in axis.get_majorticklocs()]
    near = [i for i, tick in enumerate(ticks) if abs(tick - place) <= (0.5 if named else 1e-6)]
    return str(formatter.format_ticks(ticks)[near[0]]) if near else place


def _marks(ax: Axes) -> Iterator[_Mark]:
    for line in ax.lines:
        across, up = line.get_transform().contains_branch_seperately(ax.transData)
        points = np.column_stack(line.get_data(orig=False)).astype(float)
        for x, y in points if across and up else points[:1]:
            place = float(x) if across else math.nan, float(y) if up else math.nan
            yield _Mark("line", str(line.get_label()), _colour(line), *place)
    for bars in ax.containers:
        if isinstance(bars, BarContainer):
            for bar in bars.patches:
                middle = bar.get_x() + bar.get_width() / 2, bar.get_y() + bar.get_height() / 2
                lying = bars.orientation == "horizontal"
                place = (bar.get_width(), middle[1]) if lying else (middle[0], bar.get_height())
                yield _Mark("bar", str(bars.get_label()), _colour(bar), *place)
    for drawn in ax.collections:
        yield from _collected(drawn)


def _collected(drawn: Collection) -> Iterator[_Mark]:
    label = str(drawn.get_label())
    if isinstance(drawn, PathCollection):
        places, colours = np.asarray(drawn.get_offsets(), dtype=float), to_rgba_array(drawn.get_facecolor())
        for i, (x, y) in enumerate(places):
            colour = to_hex(colours[i % len(colours)]) if len(colours) else ""
            yield _Mark("point", label, colour, float(x), float(y))
    elif isinstance(drawn, LineCollection):
        for segment in drawn.get_segments():
            for x, y in segment:
                yield _Mark("line", label, _colour(drawn), float(x), float(y))
    elif isinstance(drawn, QuadMesh) and drawn.get_array() is not None:
        corners: np.ndarray = np.asarray(drawn.get_coordinates(), dtype=float)
        values: np.ndarray = np.ma.filled(np.ma.asarray(drawn.get_array(), dtype=float), np.nan)
        middles = (corners[:-1, :-1] + corners[1:, 1:]) / 2
        for (x, y), value in zip(middles.reshape(-1, 2), values.ravel(), strict=True):
            yield _Mark("cell", label, "", float(x), float(y), float(value))
