"""What the figures over the full width share: two screens, one axis of days, phases and doses behind all that is on it.

Every place on them is counted in inches from the top, so that what is drawn is as high as what it shows.
"""

import math
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from matplotlib.axes import Axes
from matplotlib.figure import Figure as Canvas
from matplotlib.lines import Line2D
from matplotlib.patches import Rectangle
from matplotlib.ticker import MaxNLocator

from casereport.case.phases import Window
from casereport.figures.course_marks import DASHES
from casereport.figures.days import Band, Dose, Limits, bands, within
from casereport.figures.palette import FAINT, INK
from casereport.figures.text_room import height, packed, shortened, width, wrapped
from casereport.quantities.intervals import Interval, number
from casereport.quantities.wording import axis_name, day_text, signed, time_axis

_STRIP = 0.06  # inches, the full colour of a phase below its name
_RIGHT = 0.08


class Screen(NamedTuple):
    """In inches: how wide a figure is, what its left edge has for names, and from row to row; `text` in points."""

    width: float
    gutter: float
    row: float
    text: float

    @property
    def inside(self) -> float:
        """The inches that the days take."""
        return self.width - self.gutter - _RIGHT


DESK = Screen(10.5, 1.25, 0.158, 8.0)
PAGE = Screen(6.3, 1.1, 0.138, 7.0)  # between the margins of a page, with the least letters that journals take
PHONE = Screen(3.6, 0.08, 0.185, 8.6)


class Scale(NamedTuple):
    """The days of a figure: between its `limits`, of which those in `known` are to scale, on so many inches."""

    limits: Limits
    known: Limits
    inches: float

    @property
    def inch(self) -> float:
        """How many days take an inch."""
        return (self.limits[1] - self.limits[0]) / self.inches

    def span(self, day: Interval | None) -> Limits:
        """The days on one of which something was, as far as they are shown: the edge for what was earlier."""
        start, end = (self.limits[0] if x < self.known[0] else x for x in within(day, self.limits))
        return start, end

    def is_earlier(self, day: Interval | None) -> bool:
        """True for a day before those that are to scale."""
        return day is not None and day.high < self.known[0]

    def began_earlier(self, day: Interval | None) -> bool:
        """True for a known day that is, or may be, before those that are to scale."""
        return day is not None and (self.is_earlier(day) or -math.inf < day.low < self.known[0])


EARLIER = "The axis begins near the measured course: an arrow at its left edge is earlier, on the day beside it."


class Heading(NamedTuple):
    """The name of a phase over its beginning, broken into lines, and how far up it stands."""

    band: Band
    lines: list[str]
    start: float
    level: int


def sheet(screen: Screen, scale: Scale, inches: float) -> tuple[Canvas, Axes]:
    """A canvas so many inches high, and axes over all of it: across the days, down the inches."""
    figure = Canvas(figsize=(screen.width, inches))
    ax = figure.add_axes((screen.gutter / screen.width, 0, screen.inside / screen.width, 1))
    ax.set(xlim=scale.limits, ylim=(inches, 0), facecolor="none")
    ax.set_axis_off()
    return figure, ax


def headings(phases: Sequence[Window], scale: Scale, screen: Screen) -> list[Heading]:
    """The names of the phases, each from the left end of its band on, on as many levels as they need."""
    found: list[tuple[Band, list[str], float, float]] = []
    for band in bands(phases, scale.limits):
        across = max((band.end - band.start) / scale.inch, 0.4 * scale.inches) - 0.06
        lines = wrapped(band.label, across, screen.text, bold=True)
        wide = max(width(line, screen.text, bold=True) for line in lines) * scale.inch
        start = max(min(band.start, scale.limits[1] - wide), scale.limits[0])
        found.append((band, lines, start, start + wide + 0.12 * scale.inch))
    levels = packed((start, end) for _, _, start, end in found)
    return [Heading(band, lines, start, level) for (band, lines, start, _), level in zip(found, levels, strict=True)]


def heading_height(found: Sequence[Heading], screen: Screen) -> float:
    """The inches that the names of the phases take, with the strips below them."""
    most = max((len(h.lines) for h in found), default=0)
    levels = max((h.level + 1 for h in found), default=0)
    return height(screen.text, most * levels) + 0.04 + _STRIP if found else 0.02


def draw_phases(
    ax: Axes, found: Sequence[Heading], colours: Mapping[str, str], top: float, bottom: float, screen: Screen
) -> None:
    """The names, a strip of full colour below each, and its tint down to `bottom`; paler where it is not certain."""
    most = max((len(h.lines) for h in found), default=0)
    for h in found:
        band, colour = h.band, colours[h.band.phase]
        across = band.end - band.start
        strip, tint = (0.9, 0.13) if band.certain else (0.4, 0.07)
        ax.add_patch(Rectangle((band.start, top - _STRIP), across, _STRIP, color=colour, alpha=strip, lw=0, zorder=1))
        ax.add_patch(Rectangle((band.start, top), across, bottom - top, color=colour, alpha=tint, lw=0, zorder=0))
        y = top - _STRIP - 0.02 - height(screen.text, most * h.level)
        text = "\n".join(h.lines)
        ax.text(h.start, y, text, fontsize=screen.text, fontweight="bold", va="bottom", linespacing=1.1)
        if h.level:
            ax.add_line(Line2D([band.start] * 2, [top - _STRIP, y], color=FAINT, lw=0.7, zorder=0.5))


def draw_doses(
    ax: Axes, doses: Sequence[Dose], colours: Mapping[str, str], top: float, bottom: float
) -> dict[str, str]:
    """The doses that open phases, as lines through all; dashed where the source itself does not say it.

    Returns what a reader sees who points at each, by its id.
    """
    points = {}
    for dose in doses:
        if dose.day.is_exact:
            gid = f"dose-{dose.line}"
            points[gid] = f"{dose.label}, {day_text(dose.day)}"
            dashes: Any = "-" if dose.stated else DASHES
            look: dict[str, Any] = {"color": colours[dose.phase], "ls": dashes, "lw": 1.3, "alpha": 0.75}
            ax.add_line(Line2D([dose.day.low] * 2, [top, bottom], zorder=0.8, gid=gid, **look))
    return points


def draw_days(ax: Axes, scale: Scale, y: float, screen: Screen) -> None:
    """The axis of days at `y`. What is not to scale has a word in the place of days."""
    low, high = scale.known
    ax.add_line(Line2D(scale.limits, [y, y], color=INK, lw=0.8))
    most = max(2, int(scale.inches / 0.55))
    ticks = MaxNLocator(most, steps=[1, 2, 2.5, 5, 10], integer=True).tick_values(low, high)
    days = [round(float(t), 9) for t in ticks if low <= t <= high] if high > low else []
    marks = [(x, signed(number(x))) for x in days or [low]]
    for edge, end, word in ((scale.limits[0], low, "earlier"), (scale.limits[1], high, "later")):
        if abs(edge - end) > (1.3 * width(word, screen.text) + width("−000", screen.text)) * scale.inch:
            ax.text((edge + end) / 2, y + 0.06, word, fontsize=screen.text, ha="center", va="top", style="italic")
    free = scale.limits[0]
    for x, text in marks:
        ax.add_line(Line2D([x, x], [y, y + 0.045], color=INK, lw=0.8))
        half = width(text, screen.text) * scale.inch / 2
        middle = min(max(x, scale.limits[0] + half), scale.limits[1] - half)
        if middle - half >= free:
            ax.text(middle, y + 0.06, text, fontsize=screen.text, ha="center", va="top")
            free = middle + half + 0.06 * scale.inch
    below = y + 0.08 + height(screen.text)
    name = axis_name() if width(axis_name(), screen.text) <= scale.inches else time_axis()
    ax.text(sum(scale.limits) / 2, below, name, fontsize=screen.text, ha="center", va="top")


def name_row(ax: Axes, screen: Screen, y: float, name: str, *more: str, room: float = 0.0) -> None:
    """A name in the gutter beside a row, bold, and more below it; its middle stands at `y`.

    What is too long has two lines where `room` inches have a place for them, the name first.
    """
    step, across = height(screen.text), screen.gutter - 0.1
    # a word that is a little too long for the gutter is written smaller rather than broken
    longest = max(width(word, screen.text, bold=True) for word in name.split())
    size = screen.text * (across / longest if across < longest <= 1.2 * across else 1)
    most = int(room / step + 0.01)
    bold = wrapped(name, across, size, bold=True)
    if len(more) > 1 and 2 + len(more) > most and len(bold) > 1:
        more = (", ".join(more),)
    if len(bold) > 1 and len(bold) + len(more) > most:
        bold = [bold[0], " ".join(bold[1:])] if 2 + len(more) <= most else [name]
    broken = [line for text in more for line in wrapped(text, across, screen.text)]
    if len(bold) + len(broken) <= most:
        more = tuple(broken)
    lines = [*((line, "bold", size) for line in bold), *((line, "normal", screen.text) for line in more)]
    for i, (line, weight, points) in enumerate(lines):
        text = shortened(line, across, points, bold=weight == "bold")
        at = y + step * (i - (len(lines) - 1) / 2)
        ax.annotate(
            text, (0, at), xycoords=("axes fraction", "data"), xytext=(-72 * (screen.gutter - 0.06), 0),
            textcoords="offset points", fontsize=points, fontweight=weight, va="center",
        )  # fmt: skip
