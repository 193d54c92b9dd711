"""The axis of study days that figures share: its limits, and the phases in the background."""

import math
import textwrap
from typing import NamedTuple

from matplotlib.axes import Axes

from casereport.case.case import Case
from casereport.case.phases import windows
from casereport.case.settings import Settings
from casereport.figures.palette import phase_colours
from casereport.quantities.intervals import Interval


class Band(NamedTuple):
    """A phase on an axis of days; `certain` is False where its first dose has no exact day."""

    phase: str
    label: str
    start: float
    end: float
    certain: bool


def day_limits(case: Case, days: list[Interval | None]) -> tuple[float, float]:
    """The first and last study day that a figure shows, with room for days known only to be before or after."""
    ends = [x for d in days if d is not None for x in (d.low, d.high) if math.isfinite(x)] or [0.0]
    low, high = min([*ends, 0.0]), max(ends)
    if case.meta.last_day is not None:
        high = max(high, float(case.meta.last_day))
    open_low = any(d is not None and math.isinf(d.low) for d in days)
    open_high = any(d is not None and math.isinf(d.high) for d in days)
    margin = max(1.0, 0.12 * (high - low))
    return low - (2 * margin if open_low else margin / 2), high + (2 * margin if open_high else margin / 2)


def shade_phases(ax: Axes, case: Case, settings: Settings, limits: tuple[float, float]) -> list[Band]:
    """Colours the background by phase and returns the bands; one whose border is only an interval is paler."""
    found = windows(case, settings)
    bands = []
    for i, window in enumerate(found):
        start = limits[0] if window.border is None else max(limits[0], window.border.low)
        following = found[i + 1].border if i + 1 < len(found) else None
        end = limits[1] if following is None else min(limits[1], following.low)
        certain = window.border is None or window.border.is_exact
        if end > start:
            bands.append(Band(window.id, window.label, start, end, certain))
    draw_bands(ax, case, bands)
    return bands


def draw_bands(ax: Axes, case: Case, bands: list[Band]) -> None:
    """Each band as a tint with a strip of its full colour on top."""
    colours = phase_colours([p.id for p in case.meta.phases])
    strip = 1 - 0.07 / (ax.figure.get_figheight() - 0.9)  # about 5 points, whatever the height of the figure
    for band in bands:
        colour = colours[band.phase]
        ax.axvspan(band.start, band.end, color=colour, alpha=0.13 if band.certain else 0.07, lw=0, zorder=0)
        ax.axvspan(band.start, band.end, ymin=strip, color=colour, alpha=0.9 if band.certain else 0.4, lw=0, zorder=1)


def label_bands(ax: Axes, bands: list[Band], limits: tuple[float, float], width_in_letters: int) -> list[Band]:
    """The label of each band above it, broken into lines; returns the bands too narrow for their longest word."""
    narrow = []
    for band in bands:
        room = int(width_in_letters * (band.end - band.start) / (limits[1] - limits[0]))
        lines = textwrap.wrap(band.label, max(1, room), break_long_words=False)
        if any(len(line) > room for line in lines):
            narrow.append(band)
            continue
        ax.annotate(
            "\n".join(lines), ((band.start + band.end) / 2, 1), xycoords=("data", "axes fraction"), xytext=(0, 3),
            textcoords="offset points", ha="center", va="bottom", fontsize=8,
        )  # fmt: skip
    return narrow
