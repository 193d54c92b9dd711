"""The timeline of the episode: what was given, what happened, and in which order (CARE item 7).

To scale where the days are known. Where they are not, the same picture shows the order alone and says so: equal
distances there mean nothing.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, NamedTuple

import pandas as pd
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patches import Patch, Rectangle

from casereport.analysis.events import HISTORY
from casereport.analysis.tidy import gathered, phase_windows
from casereport.analysis.time_unit import in_its_time
from casereport.case.phases import Window
from casereport.figures.days import Band, Limits, bands, draw_bands, label_bands, name_days, narrow, whole_days
from casereport.figures.drawing import Figure, canvas, style
from casereport.figures.palette import BETTER, COURSE, FAINT, INK, NEITHER, ON_COLOUR, WORSE, phase_colours
from casereport.figures.rows import legend, legend_height, rows_of, width_beside
from casereport.figures.timeline_words import (
    Episode,
    Given,
    Happened,
    alt,
    caption,
    description,
    event_text,
    given_from,
    happened_from,
)
from casereport.quantities.intervals import Interval, order_of
from casereport.quantities.wording import time_unit

EVENT_LANES = {
    "laboratory": "Laboratory, in words",
    "symptom": "Symptoms, signs",
    "sign": "Symptoms, signs",
    "diagnosis": "Diagnoses, outcomes",
    "outcome": "Diagnoses, outcomes",
    "test": "Swabs, tests",
    "imaging": "Imaging",
    "transfer": "Transfers",
    "adverse_event": "Adverse events",
}
_WORSE, _BETTER, _OPEN = (WORSE, "s"), (BETTER, "o"), (NEITHER, "D")
LOOKS = dict.fromkeys(("L", "H", "LL", "HH", "W", "POS", "A"), _WORSE) | dict.fromkeys(("B", "NEG", "N"), _BETTER)
_MEANING = {
    _WORSE: "worse, positive or abnormal",
    _BETTER: "better, negative, absent or normal",
    _OPEN: "direction not stated",
}
_COURSE, _EVENT = 0.235, 0.2  # inches from one row to the next
_MARK = 0.145  # inches that the mark of an event takes
_DOTS = (0, (1.5, 2))


@dataclass(frozen=True)
class _Axis:
    """Where a day is drawn, to scale or, by its rank, in order; `inch` is how many days or ranks take one."""

    ranks: dict[tuple, int]
    limits: Limits
    inch: float
    schematic: bool

    def span(self, day: Interval | None, stage: int = 0) -> Limits:
        """The days on one of which something was; one that is known in order alone has one place."""
        if self.schematic:
            rank = float(self.ranks[order_of(day), stage])
            return rank, rank
        if day is None:
            return self.limits
        return max(day.low, self.limits[0]), min(day.high, self.limits[1])


class _Spot(NamedTuple):
    """Where an event stands: its days and its level within the lane."""

    start: float
    end: float
    level: int


@style()
@in_its_time
def timeline(
    interventions: pd.DataFrame,
    events: pd.DataFrame,
    observations: pd.DataFrame,
    phases: pd.DataFrame,
    last_day: float | None = None,
) -> Figure:
    """The timeline of the episode: interventions as bars, their doses as marks, events as numbered marks.

    Takes the tables of these names and the last study day that the source covers, where it says so. What `events` have
    of the history before this illness is no event of a day, and is not drawn.
    """
    events = events[events["kind"] != HISTORY]
    episode = _episode(interventions, events, observations, phases)
    names = dict.fromkeys(g.name for g in sorted(episode.given, key=lambda g: order_of(g.start)))
    lanes = [k for k in dict.fromkeys(EVENT_LANES.values()) if k in {EVENT_LANES[e.kind] for e in episode.events}]
    strokes = [] if episode.schematic else episode.measured
    labels = {g.name: g.label for g in episode.given}
    rows = rows_of([labels[name] for name in names], _COURSE)
    axis = _axis(episode, width_beside([*"\n".join(rows.labels).split("\n"), *lanes]), last_day)
    spots, levels = _spots(episode.events, axis, lanes)
    height = rows.height + _EVENT * (sum(levels.values()) + bool(strokes))
    colours = phase_colours([w.id for w in episode.phases])
    shaded = _bands(episode.phases, axis)
    handles = _handles(episode.events, narrow(shaded, axis.inch), colours)
    figure = canvas(height + 0.9 + legend_height(handles, 3))
    ax = figure.subplots()
    ax.set_xlim(*axis.limits)
    ax.set_ylim(height + 0.03, -0.07)
    draw_bands(ax, shaded, colours)
    label_bands(ax, shaded, axis.inch)
    places = dict(zip(names, rows.places, strict=True))
    for given in episode.given:
        _draw_given(ax, axis, places[given.name], given, colours.get(given.phase, COURSE))
    ticks = list(zip(rows.places, rows.labels, strict=True))
    y = rows.height
    ax.axhline(y, color=FAINT, lw=0.8)
    for lane in lanes:
        ticks.append((y + _EVENT * levels[lane] / 2, lane))
        for event in episode.events:
            if EVENT_LANES[event.kind] == lane:
                _draw_event(ax, event, spots[event.number], y)
        y += _EVENT * levels[lane]
    if strokes:
        ticks.append((y + _EVENT / 2, "Measured values"))
        ax.plot(strokes, [y + _EVENT / 2] * len(strokes), "|", color=INK, ms=7, mew=1.0, zorder=4)
    ax.set_yticks([t for t, _ in ticks], [label for _, label in ticks])
    ax.tick_params(axis="y", length=0)
    _label_days(ax, axis)
    legend(figure, handles, 3)
    return Figure(
        id="timeline",
        title="Timeline of the episode",
        caption=caption(episode, int(phases["lag_days"].iloc[0])),
        alt=alt(episode),
        description=description(episode),
        canvas=figure,
        table=_table(interventions, events),
        points={f"event-{event.number}": event_text(event) for event in episode.events},
    )


def _episode(
    interventions: pd.DataFrame, events: pd.DataFrame, observations: pd.DataFrame, phases: pd.DataFrame
) -> Episode:
    windows = phase_windows(phases)
    given = [given_from(row, windows) for row in interventions.to_dict("records")]
    happened = [happened_from(row) for row in events.to_dict("records")]
    numeric = observations[observations["numeric"].astype(bool)]
    seen = [gathered(row, "day_", "day") for row in numeric.to_dict("records")]
    measured = sorted({day.low for day in seen if day is not None and day.is_exact})
    borders = [w.border for w in windows if w.border is not None]
    days = [d for g in given for d in (g.start, g.end)] + [e.day for e in happened] + seen
    schematic = any(not b.is_exact for b in borders) or not any(d is not None and d.is_exact for d in days)
    others = any(day is None or not day.is_exact for day in seen)
    return Episode(windows, given, happened, measured, others, schematic)


def _axis(episode: Episode, width: float, last_day: float | None) -> _Axis:
    """The axis on a width in inches."""
    starts = [g.start for g in episode.given]
    if episode.schematic:
        # where only an order is known, what follows an infusion on the same unknown day stands to its right
        borders = [day for w in episode.phases for day in (w.border, w.end) if day is not None]
        keys = {(order_of(d), 0) for d in [*starts, *borders]} | {(order_of(e.day), 1) for e in episode.events}
        ranks = {key: i for i, key in enumerate(sorted(keys))}
        return _Axis(ranks, (-0.6, len(ranks) - 0.4), len(ranks) / width, True)
    days = [d for d in [*starts, *(g.end for g in episode.given), *(e.day for e in episode.events)] if d is not None]
    ends = [*episode.measured, *(x for d in days for x in (d.low, d.high) if math.isfinite(x))]
    if last_day is not None and not math.isnan(last_day):
        ends.append(float(last_day))
    margin = 0.04 * (max(ends) - min(ends)) or 0.5
    limits = min(ends) - margin, max(ends) + margin
    return _Axis({}, limits, (limits[1] - limits[0]) / width, False)


def _bands(phases: Sequence[Window], axis: _Axis) -> list[Band]:
    if not axis.schematic:
        return bands(phases, axis.limits)
    # what has no day at all stands to the right of the phases, because it belongs to none of them for certain
    end = sum(math.isfinite(key[0]) for key, _ in axis.ranks) - 0.5
    # a phase that opens as another closes begins to the right of that day
    starts = [axis.limits[0], *(axis.span(w.border)[0] + (-0.5 if w.opened_by else 0.5) for w in phases[1:])]
    stops = [
        stop if w.end is None else min(stop, axis.span(w.end)[0] + 0.5)
        for w, stop in zip(phases, [*starts[1:], end], strict=True)
    ]
    spans = zip(phases, starts, stops, strict=True)
    return [Band(w.id, w.label, start, stop, True) for w, start, stop in spans if stop > start]


def _handles(events: Sequence[Happened], unlabelled: Sequence[Band], colours: dict[str, str]) -> list[Artist]:
    looks = {_look(event) for event in events}
    return [
        *(Line2D([], [], marker=s, color=c, ms=6, ls="", label=m) for (c, s), m in _MEANING.items() if (c, s) in looks),
        *(Patch(color=colours[band.phase], label=band.label) for band in unlabelled),
    ]


def _label_days(ax: Axes, axis: _Axis) -> None:
    if not axis.schematic:
        whole_days(ax)
        name_days(ax)
        return
    words: dict[str, list[int]] = {}
    for ((day, side, _), _), rank in sorted(axis.ranks.items(), key=lambda item: item[1]):
        one = f"{time_unit(1)} "
        before = {-1: f"before\n{one}", 0: one, 1: f"after\n{one}"}[side]
        words.setdefault("not\nreported" if math.isinf(day) else f"{before}{day:g}", []).append(rank)
    # what is given and what is seen stand side by side on one day, whose name stands once below both
    places = [(sum(ranks) / len(ranks), word) for word, ranks in words.items()]
    room = [
        (x1 - x0) / axis.inch - 0.034 * (_longest(first) + _longest(second))
        for (x0, first), (x1, second) in pairwise(places)
    ]
    upright = min(room, default=1.0) < 0.05
    if upright:
        far_enough: list[tuple[float, str]] = []
        for x, word in places:
            if not far_enough or x - far_enough[-1][0] >= 0.15 * axis.inch:
                far_enough.append((x, word.replace("\n", " ")))
        places = far_enough
    ax.set_xticks([x for x, _ in places], [word for _, word in places], rotation=90 if upright else 0)
    ax.xaxis.remove_overlapping_locs = False
    ax.set_xticks(list(axis.ranks.values()), minor=True)
    ax.tick_params(axis="x", which="major", length=0, pad=6)
    ax.tick_params(axis="x", which="minor", length=3.5)
    ax.set_xlabel("order of events; distances are not to scale")


def _longest(text: str) -> int:
    return max(map(len, text.split("\n")))


def _spots(events: Sequence[Happened], axis: _Axis, lanes: Sequence[str]) -> tuple[dict[int, _Spot], dict[str, int]]:
    """Where each event stands: in its lane, on the first level where no earlier mark or line is in the way."""
    half = 0.5 * _MARK * axis.inch
    spots: dict[int, _Spot] = {}
    taken: dict[str, list[float]] = {lane: [] for lane in lanes}
    for event in events:
        start, end = axis.span(event.day, 1)
        middle, ends = (start + end) / 2, taken[EVENT_LANES[event.kind]]
        level = next((i for i, last in enumerate(ends) if last <= min(start, middle - half)), len(ends))
        ends[level:] = [max(end, middle + half), *ends[level + 1 :]]
        spots[event.number] = _Spot(start, end, level)
    return spots, {lane: max(1, len(ends)) for lane, ends in taken.items()}


def _look(event: Happened) -> tuple[str, str]:
    """Colour and shape: by what the event means for the patient, as far as the source says."""
    return LOOKS.get(event.interpretation, _OPEN)


def _draw_event(ax: Axes, event: Happened, spot: _Spot, top: float) -> None:
    colour, shape = _look(event)
    y, x = top + _EVENT * (spot.level + 0.5), (spot.start + spot.end) / 2
    if spot.end > spot.start:
        ax.plot([spot.start, spot.end], [y, y], color=colour, lw=1.2, alpha=0.7, zorder=3)
    ax.plot(x, y, shape, ms=9.5, color=colour, mec="white", mew=0.6, zorder=4, gid=f"event-{event.number}")
    number = str(event.number)
    ax.annotate(number, (x, y), ha="center", va="center_baseline", fontsize=6.3, color=ON_COLOUR, zorder=5)


def _draw_given(ax: Axes, axis: _Axis, y: float, given: Given, colour: str) -> None:
    start, known_until = axis.span(given.start)
    thin: dict[str, Any] = {"color": colour, "lw": 1.2}
    if axis.schematic or given.is_dose:
        if known_until > start:
            ax.plot([start, known_until], [y, y], zorder=3, **thin)
        face = "white" if given.hollow else colour
        ax.plot((start + known_until) / 2, y, "D", ms=6.5, mfc=face, mec=colour, mew=1.3, zorder=4)
        return
    # solid as far as it is known to have run, dotted where it may have
    until = axis.limits[1] if given.end is None else axis.span(given.end)[1]
    sure = min(known_until + 0.08 * axis.inch, until) if given.end is None else axis.span(given.end)[0]
    if start < known_until or sure < until:
        ax.plot([start, until], [y, y], ls=_DOTS, zorder=2, **thin)
    if given.start is None or given.start.low < axis.limits[0]:
        ax.plot(axis.limits[0] + 0.04 * axis.inch, y, "<", color=colour, ms=5, zorder=4)
    if sure > known_until:
        face = "white" if given.hollow else colour
        ax.add_patch(
            Rectangle((known_until, y - 0.035), sure - known_until, 0.07, fc=face, ec=colour, lw=1.2, zorder=3)
        )


def _table(interventions: pd.DataFrame, events: pd.DataFrame) -> pd.DataFrame:
    """What was given, then what happened, one row each."""
    days = ["start", "start_low", "start_high", "end", "end_low", "end_high"]
    given = interventions.rename(columns={"label": "what"}).assign(number="", kind="intervention", interpretation="")
    moved = {new: events[f"day{new.removeprefix('start').removeprefix('end')}"] for new in days}
    happened = events.assign(number=events["number"].astype(str), what=events["told"], dose="", dose_unit="", **moved)
    columns = ["number", "what", "kind", *days, "dose", "dose_unit", "interpretation", "evidence", "source"]
    return pd.concat([given[columns], happened[columns]], ignore_index=True)
