"""What a reader sees of a figure: its texts with the room that they take, and its marks."""

from typing import Any, NamedTuple
from unittest.mock import patch

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import to_hex
from matplotlib.lines import Line2D
from matplotlib.text import Text
from matplotlib.transforms import Bbox

from casereport.figures import Figure


class Seen(NamedTuple):
    text: str
    box: Bbox


def texts(figure: Figure) -> list[Seen]:
    """Every text that is drawn, with its box in pixels."""
    found: list[Seen] = []
    draw = Text.draw

    def noted(self: Text, renderer: Any, *rest: Any, **more: Any) -> None:
        if self.get_visible() and self.get_text().strip():
            found.append(Seen(self.get_text(), self.get_window_extent(renderer)))
        draw(self, renderer, *rest, **more)

    with patch.object(Text, "draw", noted):
        figure.canvas.draw_without_rendering()
    return found


def unreadable(figure: Figure) -> list[str]:
    """What a reader could not read: texts beyond the edge, and those that lie on another."""
    found = texts(figure)
    edges = np.array([one.box.extents for one in found])
    low, high = edges[:, :2], edges[:, 2:]
    size = figure.canvas.get_size_inches()
    shown = figure.crop or Bbox([[0, 0], [float(size[0]), float(size[1])]])
    cut = ((low < shown.min * figure.canvas.dpi - 0.5) | (high > shown.max * figure.canvas.dpi + 0.5)).any(axis=1)
    shared = np.minimum(high[:, None], high[None, :]) - np.maximum(low[:, None], low[None, :])
    over = np.argwhere(np.triu((shared > 1).all(axis=2), 1))
    return [f"cut: {found[i].text!r}" for i in np.flatnonzero(cut)] + [
        f"{found[i].text!r} on {found[j].text!r}" for i, j in over
    ]


def one(found: list[Figure]) -> Figure:
    """The figure, where all has room in one."""
    (figure,) = found
    return figure


def marks(ax: Axes, marker: str) -> list[Line2D]:
    return [line for line in ax.lines if line.get_marker() == marker]


def by_id(ax: Axes, gid: str) -> Any:
    """The one artist drawn with this id."""
    (found,) = ax.findobj(lambda artist: artist.get_gid() == gid)
    return found


def colour(line: Line2D) -> str:
    return to_hex(line.get_color())


def places(ax: Axes) -> dict[str, float]:
    """Where the row of each name stands."""
    return {label.get_text(): float(y) for label, y in zip(ax.get_yticklabels(), ax.get_yticks(), strict=True)}


def beside(ax: Axes) -> dict[float, str]:
    """The text at the right of each row, by its place."""
    return {text.xy[1]: text.get_text() for text in ax.texts if getattr(text, "xy", (0, 0))[0] == 1}
