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

from casereport.analysis.measurements import Measurement
from casereport.analysis.tidy import Row
from casereport.figures.drawing import WIDTH
from casereport.figures.text_room import width as text_width
from casereport.quantities.units import shown
from casereport.quantities.wording import uncapital

_LETTERS = 32  # of a label before it breaks
_NARROW = 22  # the same on a phone, where more stands below it
_PITCH = 0.19  # inches from one row to the next
SMALL = 8.3  # points: 11 px on a phone
_TICKS = 8.5
# inches: what a line takes, what a letter takes as a rule, and what a mark of a legend takes with all around it
_LINE, _TITLE_LINE = 0.145, 0.17
_LETTER, _BOLD_LETTER, _SMALL_LETTER = 0.068, 0.09, 0.065
_ENTRY = 0.55
_TALLEST, _AROUND = 6.6, 0.75  # inches of the rows of a figure on a page, and what a panel takes around its own


class Rows(NamedTuple):
    """Labels, broken into lines, where each row stands from the top down, and the height of all, in inches.

    `width` is what the labels leave to a panel beside them, in inches.
    """

    labels: list[str]
    places: list[float]
    height: float
    width: float


class Entry(NamedTuple):
    """One phase against the phase before: its title in one line, and its records in the order of the rows."""

    title: str
    found: list[Row]


class Panel(NamedTuple):
    """An entry as it is drawn: its title broken into lines, its records, and the rows."""

    title: str
    found: list[Row]
    rows: Rows


def rows_of(labels: Sequence[str], letters: int = _LETTERS, width: float = WIDTH) -> Rows:
    """Rows one below the other, further apart where a label has more than so many letters."""
    broken = [_broken(label, letters) for label in labels]
    places, end = [], 0.0
    for label in broken:
        height = max(_PITCH, 0.045 + _LINE * lines_of(label))
        places.append(end + height / 2)
        end += height
    longest = max((len(line) for label in broken for line in label.split("\n")), default=0)
    return Rows(broken, places, end, width - 0.15 - _LETTER * longest)


def _broken(label: str, letters: int) -> str:
    return "\n".join(line for part in label.split("\n") for line in textwrap.wrap(part, letters))


def part_of(name: str, title: str, part: int, parts: int) -> tuple[str, str]:
    """Id and title of one of several figures that are one: `forest-2`, `... (2 of 3)`; the first keeps the name."""
    return name if part == 1 else f"{name}-{part}", f"{title} ({part} of {parts})" if parts > 1 else title


def lines_of(text: str) -> int:
    """How many lines a text has."""
    return text.count("\n") + 1


def against(phases: pd.DataFrame, row: Row) -> str:
    """`Mesenchymal stem cells vs conventional therapy`, of a row with `phase` and `phase_before`."""
    labels = dict(zip(phases["phase"], phases["label"], strict=True))
    return f"{labels[row['phase']]} vs {uncapital(labels[row['phase_before']])}"


def entries_of(table: pd.DataFrame, phases: pd.DataFrame, more: str = "") -> list[Entry]:
    """An entry for each phase of a table, in their order; `more` stands behind each title."""
    lots = [table[table["phase"] == phase].to_dict("records") for phase in phases["phase"]]
    return [Entry(against(phases, records[0]) + more, records) for records in lots if records]


def paged(entries: Sequence[Entry], name: Callable[[Row], str], letters: int = _LETTERS) -> list[list[Entry]]:
    """The entries in as many figures as have room on a page each; one that is longer than a page is cut."""
    found: list[list[Entry]] = []
    room = 0.0
    for entry in entries:
        heights = [rows_of([name(row)], letters).height for row in entry.found]
        rest, title = list(entry.found), entry.title
        while rest:
            if room < _AROUND + 3 * _PITCH or not found:  # a title needs some rows below it
                found.append([])
                room = _TALLEST
            room -= _AROUND
            count = 0
            while count < len(rest) and (not count or room >= heights[count]):
                room -= heights[count]
                count += 1
            found[-1].append(Entry(title, rest[:count]))
            rest, heights, title = rest[count:], heights[count:], f"{entry.title} (continued)"
            room = 0.0 if rest else room
    return found


def panels_of(
    entries: Sequence[Entry], name: Callable[[Row], str], width: float = WIDTH, letters: int = 0
) -> list[Panel]:
    """A panel for each entry, with a row for each of its records, called by `name`; 0 `letters` are the usual ones."""
    letters = letters or (_LETTERS if width >= WIDTH else _NARROW)
    found = []
    for title, records in entries:
        rows = rows_of([name(row) for row in records], letters, width)
        lines = textwrap.wrap(title, max(12, int(rows.width / _BOLD_LETTER)))
        found.append(Panel("\n".join(lines), records, rows))
    return found


def stacked(
    panels: Sequence[Panel], handles: Sequence[Artist], above: float, below: float, width: float = WIDTH, *,
    texts: Iterable[str], label: float = 0.0, bold: bool = False,
) -> tuple[Canvas, list[Axes]]:  # fmt: skip
    """A figure with one panel below the other, each as high as its rows, titled and its rows labelled, and a legend.

    `above` and `below` are the inches that a panel takes between its title and its rows, and for its ticks; `label`
    are those of the name of the axis below all. `texts` are what stands beside the rows; `bold`, if some of it and of
    the labels is. The unit of each y axis is the inch, from the top down. All places are reckoned: matplotlib's own
    layout would draw everything twice over for them.
    """
    heights = [_TITLE_LINE * lines_of(panel.title) + above + panel.rows.height + 0.1 + below for panel in panels]
    height = sum(heights) + label + 0.06 + legend_height(handles, 4, width)
    left = 0.09 + max(text_width(x, _TICKS, bold) for p in panels for y in p.rows.labels for x in y.split("\n"))
    right = max([0.15, *(0.12 + 1.06 * text_width(text, SMALL, bold) for text in texts)])
    figure, axes, top = Canvas(figsize=(width, height)), [], height - 0.03
    for panel, all_of_it in zip(panels, heights, strict=True):
        bottom, inches = top - all_of_it + below, panel.rows.height + 0.1
        ax = figure.add_axes((left / width, bottom / height, (width - left - right) / width, inches / height))
        ax.set_ylim(panel.rows.height + 0.05, -0.05)
        ax.set_yticks(panel.rows.places, panel.rows.labels)
        ax.tick_params(axis="y", length=0, pad=3)
        ax.set_title(panel.title, fontsize=9.5, pad=72 * above)
        axes.append(ax)
        top -= all_of_it
    legend(figure, handles, 4)
    return figure, axes


def panel_title(m: Measurement, width: float, letter: float) -> str:
    """An analyte with its unit over its panel, in lines for a figure of this width; `letter` is that of one letter."""
    unit = shown(m.unit)
    return "\n".join(textwrap.wrap(f"{m.label}, {unit}" if unit else m.label, int((width - 0.6) / letter)))


def arrange(
    figure: Canvas, axes: Sequence[Axes], head: float, titles: Sequence[float], plot: float, gap: float
) -> None:
    """Puts panels that share an axis of days below one another, as wide as the labels of their y axes allow.

    In inches: `head` is above all, `titles` above each, `plot` its height, and `gap` below it.
    """
    width, height = figure.get_size_inches()
    left = 0.15 + max(text_width(label, _TICKS) for ax in axes for label in _labels(ax))
    top = height - head
    for ax, title in zip(axes, titles, strict=True):
        top -= title + plot
        ax.set_position((left / width, top / height, (width - left - 0.1) / width, plot / height))
        top -= gap


def _labels(ax: Axes) -> list[str]:
    """The labels of a y axis."""
    low, high = ax.get_ylim()
    places = [x for x in ax.yaxis.get_major_locator().tick_values(low, high) if low <= x <= high]
    return list(ax.yaxis.get_major_formatter().format_ticks(places))


def beside(ax: Axes, y: float, text: str, **look: Any) -> None:
    """A text at the right of a row."""
    ax.annotate(
        text, (1, y), xycoords=("axes fraction", "data"), xytext=(7, 0), textcoords="offset points", va="center",
        **{"fontsize": SMALL} | look,
    )  # fmt: skip


def legend(figure: Canvas, handles: Sequence[Artist], most: int) -> None:
    """A legend below the figure, in as many columns as have room."""
    if handles:
        columns = _columns(_wrapped(handles, figure.get_figwidth()), most, figure.get_figwidth())
        figure.legend(handles=handles, loc="outside lower center", ncols=columns, frameon=False, fontsize=SMALL)


def legend_height(handles: Sequence[Artist], most: int, width: float) -> float:
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
