"""Figures of rows, one analyte or treatment each: labels that break into lines, rows that leave them room, legends."""

import math
import textwrap
from collections.abc import Callable, Iterable, Sequence
from itertools import pairwise
from typing import Any, NamedTuple

import pandas as pd
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure as Canvas

from casereport.analysis.tidy import Row
from casereport.figures.drawing import WIDTH, canvas
from casereport.quantities.wording import uncapital

LETTERS = 32  # of a label before it breaks
SMALL = 8.3  # points: 11 px on a phone
# inches: what a line takes, what a letter takes as a rule, and what a mark of a legend takes with all around it
_LINE, _TITLE_LINE = 0.145, 0.17
_LETTER, _BOLD_LETTER, _SMALL_LETTER = 0.068, 0.09, 0.065
_ENTRY = 0.55


class Rows(NamedTuple):
    """Labels, broken into lines, where each row stands from the top down, and the height of all, in inches."""

    labels: list[str]
    places: list[float]
    height: float

    @property
    def width(self) -> float:
        """What the labels leave to a panel beside them, in inches."""
        return width_beside(line for label in self.labels for line in label.split("\n"))


class Panel(NamedTuple):
    """One phase against the phase before: its title, its records in the order of the rows, and the rows."""

    title: str
    found: list[Row]
    rows: Rows


def rows_of(labels: Sequence[str], pitch: float, letters: int = LETTERS) -> Rows:
    """Rows that are `pitch` inches apart, and further where a label has more than so many letters."""
    broken = ["\n".join(textwrap.wrap(label, letters)) for label in labels]
    places, end = [], 0.0
    for label in broken:
        height = max(pitch, 0.07 + _LINE * lines_of(label))
        places.append(end + height / 2)
        end += height
    return Rows(broken, places, end)


def width_beside(labels: Iterable[str]) -> float:
    """The inches that labels of a y axis leave to a panel."""
    return WIDTH - 0.15 - _LETTER * max(map(len, labels), default=0)


def lines_of(text: str) -> int:
    """How many lines a text has."""
    return text.count("\n") + 1


def against(phases: pd.DataFrame, row: Row) -> str:
    """`Mesenchymal stem cells against conventional therapy`, of a row with `phase` and `phase_before`."""
    labels = dict(zip(phases["phase"], phases["label"], strict=True))
    return f"{labels[row['phase']]} against {uncapital(labels[row['phase_before']])}"


def panels_of(
    table: pd.DataFrame, phases: pd.DataFrame, pitch: float, name: Callable[[Row], str], letters: int = LETTERS
) -> list[Panel]:
    """A panel for each phase of a table, in their order, with a row for each of its rows, called by `name`."""
    found = []
    for phase in phases["phase"]:
        records = table[table["phase"] == phase].to_dict("records")
        if not records:
            continue
        rows = rows_of([name(row) for row in records], pitch, letters)
        lines = textwrap.wrap(against(phases, records[0]), int(rows.width / _BOLD_LETTER))
        found.append(Panel("\n".join(lines), records, rows))
    return found


def stacked(
    panels: Sequence[Panel], handles: Sequence[Artist], around: float, **title: Any
) -> tuple[Canvas, list[Axes]]:
    """A figure with one panel below the other, each as high as its rows, titled and its rows labelled, and a legend.

    `around` are the inches that the axes of a panel take besides. The unit of each y axis is the inch, from the top
    down.
    """
    heights = [panel.rows.height + around + _TITLE_LINE * lines_of(panel.title) for panel in panels]
    figure = canvas(sum(heights) + 0.2 + legend_height(handles))
    ratios = {"height_ratios": [panel.rows.height + 0.1 for panel in panels]}
    axes = list(figure.subplots(len(panels), 1, squeeze=False, gridspec_kw=ratios)[:, 0])
    for ax, panel in zip(axes, panels, strict=True):
        ax.set_ylim(panel.rows.height + 0.05, -0.05)
        ax.set_yticks(panel.rows.places, panel.rows.labels)
        ax.tick_params(axis="y", length=0)
        ax.set_title(panel.title, fontsize=9.5, **title)
    legend(figure, handles)
    return figure, axes


def beside(ax: Axes, y: float, text: str, **look: Any) -> None:
    """A text at the right of a row."""
    ax.annotate(
        text, (1, y), xycoords=("axes fraction", "data"), xytext=(6, 0), textcoords="offset points", va="center",
        **{"fontsize": SMALL} | look,
    )  # fmt: skip


def legend(figure: Canvas, handles: Sequence[Artist], most: int = 4) -> None:
    """A legend below the figure, in as many columns as have room."""
    if handles:
        columns = _columns(_wrapped(handles, figure.get_figwidth()), most, figure.get_figwidth())
        figure.legend(handles=handles, loc="outside lower center", ncols=columns, frameon=False, fontsize=SMALL)


def legend_height(handles: Sequence[Artist], most: int = 4, width: float = WIDTH) -> float:
    """The inches that a legend takes."""
    if not handles:
        return 0.0
    columns = _columns(_wrapped(handles, width), most, width)
    lines = [lines_of(str(handle.get_label())) for handle in handles]
    return 0.175 * math.ceil(len(handles) / columns) * max(lines) + 0.1


def _wrapped(handles: Sequence[Artist], width: float) -> Sequence[Artist]:
    """The same, with labels broken into lines where one alone is wider than the figure."""
    for handle in handles:
        lines = textwrap.wrap(str(handle.get_label()), int((width - _ENTRY) / _SMALL_LETTER))
        handle.set_label("\n".join(lines))
    return handles


def _columns(handles: Sequence[Artist], most: int, width: float) -> int:
    widths = [_ENTRY + _SMALL_LETTER * max(map(len, str(handle.get_label()).split("\n"))) for handle in handles]
    return next((n for n in range(min(most, len(widths)), 1, -1) if _width(widths, n) <= width), 1)


def _width(widths: Sequence[float], columns: int) -> float:
    """The width of a legend: its columns are filled from the top, the first with one more if it does not come out."""
    each, more = divmod(len(widths), columns)
    ends = [column * each + min(column, more) for column in range(columns + 1)]
    return sum(max(widths[start:end]) for start, end in pairwise(ends))
