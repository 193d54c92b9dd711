"""The axis of study days that figures share: its limits, the phases in the background, and the doses that open them."""

import math
import textwrap
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.ticker import MaxNLocator

from casereport.analysis.design import goes_on
from casereport.analysis.tidy import gathered
from casereport.case.phases import Window, opened_phase
from casereport.quantities.intervals import Interval, order_of
from casereport.quantities.wording import axis_name, day_text, listed, on_day, uncapital

_LETTER = 0.074  # inches, as wide as a letter of the label of a phase is as a rule
Limits = tuple[float, float]
_ONCE = ("Cell therapy", "Convalescent plasma", "Vaccine")  # classes of interventions
INFERRED = ("inferred", "secondary")  # evidence of what is drawn hollow or dashed: the source itself does not say it


class Band(NamedTuple):
    """A phase on an axis of days; `certain` is False where its first dose has no exact day."""

    phase: str
    label: str
    start: float
    end: float
    certain: bool


class Dose(NamedTuple):
    """One dose or course of an intervention that opens a phase; `day` is the first of it.

    `stated` is False where the source itself does not say it, and `single` where it was, or may have been, given on.
    """

    label: str
    day: Interval
    phase: str
    stated: bool
    line: int
    single: bool

    @property
    def named(self) -> str:
        """What the mark of its day stands for: `dose of cells`, `beginning of pembrolizumab`."""
        return f"{'dose' if self.single else 'beginning'} of {uncapital(self.label)}"


def is_single(start: Interval | None, end: Interval | None, kind: str) -> bool:
    """True for what was given once: it ended as it began, or is of a class that is given once and no end is asked of.

    Of anything else without an end it is not known how long it went on.
    """
    return (start is not None and start == end) or (end is None and kind in _ONCE)


def day_limits(days: Iterable[Interval | None], last_day: float | None = None) -> Limits:
    """The first and last study day that a figure shows, with room for days known only to be before or after."""
    known = [d for d in days if d is not None]
    ends = [x for d in known for x in (d.low, d.high) if math.isfinite(x)] or [0.0]
    if last_day is not None and not math.isnan(last_day):
        ends.append(float(last_day))
    low, high = min([*ends, 0.0]), max(ends)
    margin = 0.06 * (high - low) or 0.5
    before, after = any(math.isinf(d.low) for d in known), any(math.isinf(d.high) for d in known)
    return low - margin * (4 if before else 1), high + margin * (4 if after else 1)


def within(day: Interval | None, limits: Limits) -> Limits:
    """The days on one of which something was, as far as they are shown; all where none is reported."""
    if day is None:
        return limits
    low, high = limits
    return min(max(day.low, low), high), max(min(day.high, high), low)


def name_days(ax: Axes, more: str = "", **look: Any) -> None:
    """The name of an axis of days, or of what else the case counts its time in, by both clocks."""
    figure = ax.get_figure(root=True)
    letters = int((figure.get_figwidth() if figure else 6) / _LETTER) - 4
    ax.set_xlabel(textwrap.fill(axis_name() + more, letters), **look)


def whole_days(ax: Axes) -> None:
    """Names whole days on the axis, and parts of a day only where there are no two of them."""
    ax.xaxis.set_major_locator(MaxNLocator("auto", steps=[1, 2, 2.5, 5, 10], integer=True))


def bands(phases: Sequence[Window], limits: Limits) -> list[Band]:
    """The phases between two days; the border of one that is only an interval is drawn at its beginning."""
    found = []
    for window, following in zip(phases, [*phases[1:], None], strict=True):
        start = limits[0] if window.border is None else max(limits[0], window.border.low)
        end = limits[1] if following is None or following.border is None else min(limits[1], following.border.low)
        if window.closes is not None:
            end = min(end, window.closes.high)
        if end > start:
            certain = window.border is None or window.border.is_exact
            found.append(Band(window.id, window.label, start, end, certain))
    return found


def draw_bands(ax: Axes, found: Iterable[Band], colours: Mapping[str, str]) -> None:
    """Each band as a tint with a strip of its full colour on top; the paler where its border is not certain."""
    for band in found:
        colour, span = colours[band.phase], (band.start, band.end)
        ax.axvspan(*span, color=colour, alpha=0.13 if band.certain else 0.07, lw=0, zorder=0)
        strip = Line2D(
            span, (1, 1), color=colour, alpha=0.9 if band.certain else 0.4, lw=9, solid_capstyle="butt", zorder=1,
            transform=ax.get_xaxis_transform(),
        )  # fmt: skip
        ax.add_artist(strip)  # its upper half lies outside of the axes and is not drawn


def label_bands(ax: Axes, found: Iterable[Band], inch: float, lift: float) -> None:
    """The label of each band `lift` points above it, broken into lines, unless it is too narrow.

    `inch` is how many days take one.
    """
    for band in found:
        if lines := _lines(band, inch):
            ax.annotate(
                "\n".join(lines), ((band.start + band.end) / 2, 1), xycoords=("data", "axes fraction"),
                xytext=(0, 3 + lift), textcoords="offset points", ha="center", va="bottom", fontsize=8.3,
            )  # fmt: skip


def band_labels(found: Iterable[Band], inch: float) -> list[str]:
    """The labels of the bands that have room for one, as they are broken into lines."""
    return ["\n".join(lines) for band in found if (lines := _lines(band, inch))]


def narrow(found: Iterable[Band], inch: float) -> list[Band]:
    """The bands too narrow for the longest word of their label, or for a label of three lines."""
    return [band for band in found if not _lines(band, inch)]


def _lines(band: Band, inch: float) -> list[str]:
    room = int((band.end - band.start) / inch / _LETTER)
    lines = textwrap.wrap(band.label, max(1, room), break_long_words=False)
    return lines if len(lines) <= 3 and all(len(line) <= room for line in lines) else []


def opening_doses(interventions: pd.DataFrame, phases: Sequence[Window]) -> list[Dose]:
    """The doses of the interventions that open the phases, in the order of their days; those without a day left out.

    A course that follows another of the same on the next day or sooner, as at another rate, is no new beginning.
    """
    opens = {w.opened_by for w in phases if w.opened_by}
    found: dict[tuple[str, Interval], Dose] = {}
    for row in interventions[interventions["intervention"].isin(opens)].to_dict("records"):
        day, label = gathered(row, "start_", "start"), str(row["label"])
        if day is not None:
            stated = str(row.get("evidence", "")) not in INFERRED
            single = is_single(day, gathered(row, "end_", "end"), str(row.get("class", "")))
            phase = opened_phase(phases, row["intervention"], day)
            dose = Dose(label, day, phase, stated, int(row["line"]), single)
            known = found.get((label, day))
            found[label, day] = known if known and known.stated else dose
    doses = sorted(found.values(), key=lambda dose: order_of(dose.day))
    return [dose for dose in doses if not _goes_on(dose, interventions, phases)]


def _goes_on(dose: Dose, interventions: pd.DataFrame, phases: Sequence[Window]) -> bool:
    """True for a course of which an earlier one of the same had not ended, or no more than a day before."""
    if dose.single or any(dose.day == phase.opens for phase in phases):
        return False
    same = interventions[interventions["label"] == dose.label].to_dict("records")
    for start, end in ((gathered(row, "start_", "start"), gathered(row, "end_", "end")) for row in same):
        if start is not None and end is not None and end.is_exact and goes_on(start.high, end, dose.day):
            return True
    return False


def on_days(days: Sequence[Interval | None]) -> str:
    """`on day 0, day 3 and day 6`."""
    return listed([on_day(days[0]), *map(day_text, days[1:])])
