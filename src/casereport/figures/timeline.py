"""The timeline of the episode: what was given, what happened, and in which order (CARE item 7).

To scale where the days are known. Where they are not, the same picture shows the order alone and says so: equal
distances there mean nothing.
"""

import math
from dataclasses import dataclass

import pandas as pd
from matplotlib.patches import Patch

from casereport.analysis.events import number_events
from casereport.case.case import Case
from casereport.case.phases import windows
from casereport.case.settings import Settings
from casereport.figures.days import Band, draw_bands, label_bands, shade_phases
from casereport.figures.drawing import Figure, canvas, style
from casereport.figures.palette import BETTER, COURSE, FAINT, INK, NEITHER, ON_COLOUR, WORSE, phase_colours
from casereport.quantities.intervals import Interval, order_of, parse
from casereport.quantities.wording import counted, day_text, interval_text, listed, uncapital

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
_SHAPES = {
    "L": (WORSE, "s"),
    "H": (WORSE, "s"),
    "W": (WORSE, "s"),
    "POS": (WORSE, "s"),
    "A": (WORSE, "s"),
    "B": (BETTER, "o"),
    "NEG": (BETTER, "o"),
    "N": (BETTER, "o"),
}
_MEANING = {"s": "worse, positive or abnormal", "o": "better, negative or normal", "D": "direction not stated"}


@dataclass(frozen=True)
class _Axis:
    """Where a day is drawn, to scale or in order; to scale, with the days of measured values."""

    schematic: bool
    ranks: dict[tuple, int]
    limits: tuple[float, float]
    measured: list[float]

    def span(self, day: Interval | None, stage: int = 0) -> tuple[float, float]:
        if self.schematic:
            rank = float(self.ranks[(order_of(day), stage)])
            return rank, rank
        if day is None:
            return self.limits
        return max(day.low, self.limits[0]), min(day.high, self.limits[1])


def _measured(case: Case) -> list[float]:
    """The days with a measured value, those alone that are known to the day."""
    table = case.observations
    numeric = table.loc[table["numeric"].astype(bool), "when"]
    return sorted({day.low for day in numeric if day is not None and day.is_exact})


def _axis(case: Case, settings: Settings, events: pd.DataFrame) -> _Axis:
    given = case.interventions
    borders = [w.border for w in windows(case, settings) if w.border is not None]
    days = [d for d in [*given["start"], *given["end"], *events["when"]] if d is not None]
    measured = _measured(case)
    days += [Interval.exact(day) for day in measured]
    schematic = any(not b.is_exact for b in borders) or not any(d.is_exact for d in days)
    # where only an order is known, what follows an infusion on the same unknown day stands to its right
    keys = {(order_of(d), 0) for d in [*given["start"], *borders]} | {(order_of(d), 1) for d in events["when"]}
    ranks = {key: i for i, key in enumerate(sorted(keys))}
    if schematic:
        return _Axis(True, ranks, (-0.6, len(ranks) - 0.4), [])
    ends = [x for d in days for x in (d.low, d.high) if math.isfinite(x)]
    low, high = min(ends), max([*ends, float(case.meta.last_day or 0)])
    margin = max(1.0, 0.04 * (high - low))
    return _Axis(False, ranks, (low - margin, high + margin), measured)


@style()
def timeline(case: Case, settings: Settings) -> Figure:
    """The timeline of the episode: interventions as bars, their doses as marks, events as numbered marks."""
    events = number_events(case, settings)
    axis = _axis(case, settings, events)
    names = list(dict.fromkeys(case.interventions.sort_values("start", key=lambda c: c.map(order_of))["intervention"]))
    lanes = [k for k in dict.fromkeys(EVENT_LANES.values()) if k in set(events["kind"].map(EVENT_LANES))]
    spots, heights = _spots(events, axis, lanes)
    rows = len(names) + sum(heights.values()) * 0.85 + 0.85 * bool(axis.measured)
    figure = canvas(6.2, 0.235 * rows + 1.25, case.simulated)
    ax = figure.subplots()
    ax.set_xlim(*axis.limits)
    ax.set_ylim(rows - 0.4, -0.7)
    narrow = _shade(ax, case, settings, axis)
    ticks: list[tuple[float, str]] = []
    for y, name in enumerate(names):
        ticks.append((y, case.vocabulary.interventions[name].label))
        for row in case.interventions[case.interventions["intervention"] == name].itertuples():
            _draw_course(ax, case, axis, y, row)
    y = float(len(names))
    ax.axhline(y - 0.5, color=FAINT, lw=0.8)
    for lane in lanes:
        ticks.append((y + (heights[lane] - 1) * 0.425, lane))
        for number, (x0, x1, level, colour, shape) in spots[lane].items():
            at = y + level * 0.85
            if x1 > x0:
                ax.plot([x0, x1], [at, at], color=colour, lw=1.2, alpha=0.7, zorder=3)
            middle = (x0 + x1) / 2
            ax.plot(middle, at, shape, ms=9.5, color=colour, mec="white", mew=0.6, zorder=4, gid=f"event-{number}")
            ax.annotate(
                str(number), (middle, at), ha="center", va="center_baseline", fontsize=6.3, color=ON_COLOUR, zorder=5
            )
        y += heights[lane] * 0.85
    if axis.measured:
        ticks.append((y, "Measured values"))
        ax.plot(axis.measured, [y] * len(axis.measured), "|", color=INK, ms=7, mew=1.0, zorder=4)
    ax.set_yticks([t for t, _ in ticks], [label for _, label in ticks])
    ax.tick_params(axis="y", length=0)
    _label_days(ax, axis)
    shapes = {shape for spot in spots.values() for *_, shape in spot.values()}
    handles = [
        ax.plot([], [], s, color={"s": WORSE, "o": BETTER, "D": NEITHER}[s], ms=6, ls="", label=m)[0]
        for s, m in _MEANING.items()
        if s in shapes
    ]
    colours = phase_colours([p.id for p in case.meta.phases])
    handles += [Patch(color=colours[band.phase], label=band.label) for band in narrow]
    if handles:
        figure.legend(handles=handles, loc="outside lower center", ncols=3, frameon=False, fontsize=8)
    return Figure(
        id="timeline",
        title="Timeline of the episode",
        caption=_caption(case, axis, settings),
        alt=_alt(case, axis, events),
        description=_description(case, axis, events),
        canvas=figure,
        table=_table(case, events),
        points={
            f"event-{e.number}": f"{e.number}. {e.finding} ({day_text(e.when)}; {e.source})"
            for e in events.itertuples()
        },
    )


def _shade(ax, case: Case, settings: Settings, axis: _Axis) -> list[Band]:
    if axis.schematic:
        found = windows(case, settings)
        # what has no day at all stands to the right of the phases, because it belongs to none of them for certain
        end = sum(math.isfinite(key[0]) for key, _ in axis.ranks) - 0.5
        starts = [axis.limits[0], *(axis.span(w.border)[0] - 0.5 for w in found[1:])]
        bands = [
            Band(w.id, w.label, start, stop, True)
            for w, start, stop in zip(found, starts, [*starts[1:], end], strict=True)
            if stop > start
        ]
        draw_bands(ax, case, bands)
    else:
        bands = shade_phases(ax, case, settings, axis.limits)
    return label_bands(ax, bands, axis.limits, 58)


def _label_days(ax, axis: _Axis) -> None:
    if not axis.schematic:
        ax.xaxis.get_major_locator().set_params(integer=True)
        ax.set_xlabel("study day")
        return
    words: dict[str, list[int]] = {}
    for (key, _), rank in sorted(axis.ranks.items(), key=lambda item: item[1]):
        day, side, _ = key
        before = {-1: "before\nday ", 0: "day ", 1: "after\nday "}[side]
        words.setdefault("not\nreported" if math.isinf(day) else f"{before}{day:g}", []).append(rank)
    # what is given and what is seen stand side by side on one day, whose name stands once below both
    ax.set_xticks([sum(ranks) / len(ranks) for ranks in words.values()], list(words))
    ax.xaxis.remove_overlapping_locs = False
    ax.set_xticks(list(axis.ranks.values()), minor=True)
    ax.tick_params(axis="x", which="major", length=0, pad=6)
    ax.tick_params(axis="x", which="minor", length=3.5)
    ax.set_xlabel("order of events; distances are not to scale")


def _spots(events: pd.DataFrame, axis: _Axis, lanes: list[str]) -> tuple[dict, dict[str, int]]:
    """Where each event stands: in its lane, on the first level where no earlier mark is in the way."""
    width = (axis.limits[1] - axis.limits[0]) * 0.034
    spots: dict[str, dict] = {lane: {} for lane in lanes}
    levels: dict[str, list[float]] = {lane: [] for lane in lanes}
    for row in events.itertuples():
        lane = EVENT_LANES[row.kind]
        x0, x1 = axis.span(row.when, 1)
        middle = (x0 + x1) / 2
        free = [i for i, last in enumerate(levels[lane]) if middle - last >= width]
        level = free[0] if free else len(levels[lane])
        if not free:
            levels[lane].append(middle)
        levels[lane][level] = middle
        colour, shape = _SHAPES.get(row.interpretation, (NEITHER, "D"))
        spots[lane][row.number] = (x0, x1, level, colour, shape)
    return spots, {lane: max(1, len(levels[lane])) for lane in lanes}


def _draw_course(ax, case: Case, axis: _Axis, y: float, row) -> None:
    opening = {p.opened_by: p.id for p in case.meta.phases if p.opened_by}
    colours = phase_colours([p.id for p in case.meta.phases])
    colour = colours[opening[row.intervention]] if row.intervention in opening else COURSE
    x0, known_until = axis.span(row.start)
    single = row.start is not None and row.end is not None and row.start == row.end
    if axis.schematic or single or (row.intervention in opening and row.end is None):
        if not axis.schematic and known_until > x0:
            ax.plot([x0, known_until], [y, y], color=colour, lw=1.2, zorder=3)
        hollow = row.evidence in ("secondary", "inferred")
        face = "white" if hollow else colour
        ax.plot((x0 + known_until) / 2, y, "D", ms=6.5, mfc=face, mec=colour, mew=1.3, zorder=4)
        return
    if row.start is None or row.start.low < axis.limits[0]:
        ax.plot(axis.limits[0], y, "<", color=colour, ms=5, zorder=4, clip_on=False)
    if row.end is None:
        end = min(known_until + (axis.limits[1] - axis.limits[0]) * 0.02, axis.limits[1])
        ax.plot([known_until, axis.limits[1]], [y, y], color=colour, lw=1.2, ls=(0, (1.5, 2)), zorder=2)
    else:
        sure, end = axis.span(row.end)
        if math.isinf(row.end.high):  # known to have run to that day: what came after is as open as an end not reported
            ax.plot([sure, end], [y, y], color=colour, lw=1.2, ls=(0, (1.5, 2)), zorder=2)
            end = sure
    ax.plot([x0, end], [y, y], color=colour, lw=5, solid_capstyle="butt", zorder=3, alpha=0.9)


def _caption(case: Case, axis: _Axis, settings: Settings) -> str:
    parts = [f"Day 0: {case.meta.time_zero}."]
    if axis.schematic:
        parts.append("The days are not all known: marks stand in order, and distances mean nothing.")
    elif len(case.interventions):
        parts.append("Bars: courses; diamonds: single doses.")
        if any(e is None or math.isinf(e.high) for e in case.interventions["end"]):
            parts.append("A dotted line means that the end is not reported.")
    if axis.measured:
        parts.append("Strokes: days with a measured value.")
    if {"secondary", "inferred"} & set(case.interventions["evidence"]):
        parts.append("Hollow diamonds: inferred, or from a secondary source.")
    if len(case.events):
        parts.append("Numbers: events, as listed in the table of events.")
        if not axis.schematic and any(d is not None and not d.is_exact for d in case.events["when"]):
            parts.append("A line through a number spans the days that the event lasted, or on one of which it was.")
    if settings.lag_days and not axis.schematic:
        parts.append(f"Phase borders are moved by the lag of {counted(settings.lag_days, 'day')}.")
    return " ".join(parts)


def _alt(case: Case, axis: _Axis, events: pd.DataFrame) -> str:
    """What opened each phase and when, how much else was given, and the first and the last event."""
    parts = ["Simulated."] if case.simulated else []
    parts.append("Timeline in order, not to scale." if axis.schematic else "Timeline by study day.")
    opening = {p.opened_by for p in case.meta.phases}
    index = [r for r in case.interventions.itertuples() if r.intervention in opening]
    labels = case.vocabulary.interventions
    parts.append(
        f"Courses and doses: {len(case.interventions)}" if len(case.interventions) else "No treatment is recorded"
    )
    days = {
        i: listed([_when(r, opening) for r in index if r.intervention == i])
        for i in dict.fromkeys(r.intervention for r in index)
    }
    told = [f"{uncapital(labels[i].label)} ({when})" for i, when in days.items()]
    parts[-1] += f", among them {listed(told)}." if told else "."
    if len(events):
        first, last = (f"{events.iloc[i]['finding']} ({day_text(events.iloc[i]['when'])})" for i in (0, -1))
        parts.append(f"Events: {len(events)}, from {first} to {last}." if len(events) > 1 else f"One event: {first}.")
    return " ".join([*parts, *_measured_text(case, axis.measured)])


def _measured_text(case: Case, days: list[float]) -> list[str]:
    if not days:
        return []
    first, last = (day_text(Interval.exact(day)) for day in (days[0], days[-1]))
    text = f"Measured values: on {first if len(days) == 1 else f'{len(days)} days, from {first} to {last}'}"
    numeric = case.observations["numeric"].astype(bool)
    open_days = any(day is None or not day.is_exact for day in case.observations.loc[numeric, "when"])
    return [f"{text}, and on others not known to the day." if open_days else f"{text}."]


def _description(case: Case, axis: _Axis, events: pd.DataFrame) -> str:
    parts = ["Simulated."] if case.simulated else []
    parts.append("Timeline in order, not to scale." if axis.schematic else "Timeline by study day.")
    given = []
    opening = {p.opened_by for p in case.meta.phases}
    for row in sorted(case.interventions.itertuples(), key=lambda r: order_of(r.start)):
        text = f"{case.vocabulary.interventions[row.intervention].label} ({_when(row, opening)}{_dose(row)})"
        given.append(text)
    if given:
        parts.append("Given: " + listed(given) + ".")
    if len(events):
        happened = [f"{row.number}. {row.finding} ({day_text(row.when)})" for row in events.itertuples()]
        parts.append("Events: " + "; ".join(happened) + ".")
    return " ".join([*parts, *_measured_text(case, axis.measured)])


def _when(row, opening: set[str | None]) -> str:
    """From when to when; an infusion that opens a phase is a dose, and no end is asked of it."""
    start = day_text(row.start)
    if row.end == row.start or (row.end is None and row.intervention in opening):
        return start
    begun = start if row.start is None or math.isinf(row.start.high) else f"from {start}"
    if row.end is None:
        return f"{begun}, end not reported"
    if math.isinf(row.end.high):
        return f"{begun} to {day_text(Interval.exact(row.end.low))} or later"
    return f"{begun} to {day_text(row.end)}"


def _dose(row) -> str:
    dose = parse(row.dose)
    return f", {interval_text(dose, row.dose_unit)}" if dose else ""


def _table(case: Case, events: pd.DataFrame) -> pd.DataFrame:
    given = pd.DataFrame(
        {
            "number": "",
            "what": [case.vocabulary.interventions[i].label for i in case.interventions["intervention"]],
            "kind": "intervention",
            "start_day": case.interventions["start"],
            "end_day": case.interventions["end"],
            "dose": case.interventions["dose"],
            "dose_unit": case.interventions["dose_unit"],
            "interpretation": "",
            "evidence": case.interventions["evidence"],
            "source": case.interventions["source"],
        }
    )
    happened = pd.DataFrame(
        {
            "number": [str(n) for n in events["number"]],
            "what": events["finding"],
            "kind": events["kind"],
            "start_day": events["when"],
            "end_day": events["when"],
            "dose": "",
            "dose_unit": "",
            "interpretation": events["interpretation"],
            "evidence": events["evidence"],
            "source": events["source"],
        }
    )
    return pd.concat([given, happened], ignore_index=True)
