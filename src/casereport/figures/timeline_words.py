"""What a timeline says in words: its caption, its alt text and the whole of it for those who do not see it."""

import math
from collections.abc import Sequence
from typing import NamedTuple

from casereport.analysis.tidy import Row, gathered
from casereport.case.phases import Window, opened_phase
from casereport.figures.days import INFERRED
from casereport.quantities.intervals import Interval, order_of, parse
from casereport.quantities.wording import (
    counted,
    day_text,
    interval_text,
    listed,
    on_day,
    time_axis,
    time_unit,
    uncapital,
)


class Given(NamedTuple):
    """One course or dose; `phase` is the one that its intervention opens, or empty."""

    name: str
    label: str
    start: Interval | None
    end: Interval | None
    dose: str
    dose_unit: str
    evidence: str
    phase: str

    @property
    def hollow(self) -> bool:
        """True where the source itself does not say it."""
        return self.evidence in INFERRED

    @property
    def is_dose(self) -> bool:
        """True for what was given once; of an infusion that opens a phase no end is asked."""
        return (self.start is not None and self.start == self.end) or (self.end is None and bool(self.phase))


class Happened(NamedTuple):
    """One event, with its number in the table of events, and what is `told` of it."""

    number: int
    day: Interval | None
    kind: str
    told: str
    interpretation: str
    source: str


class Episode(NamedTuple):
    """All that a timeline shows: the `measured` days with a value, those known to the day, and if there are `others`.

    `schematic` is True where it shows the order alone.
    """

    phases: Sequence[Window]
    given: Sequence[Given]
    events: Sequence[Happened]
    measured: Sequence[float]
    others: bool
    schematic: bool


def given_from(row: Row, phases: Sequence[Window]) -> Given:
    """The record of a row of the table `interventions`."""
    name = str(row["intervention"])
    dose, unit, evidence = (str(row.get(column, "")) for column in ("dose", "dose_unit", "evidence"))
    start, end = gathered(row, "start_", "start"), gathered(row, "end_", "end")
    return Given(name, str(row["label"]), start, end, dose, unit, evidence, opened_phase(phases, name, start))


def happened_from(row: Row) -> Happened:
    """The record of a row of the table `events`."""
    kind, told, code, source = (str(row.get(c, "")) for c in ("kind", "told", "interpretation", "source"))
    return Happened(int(row["number"]), gathered(row, "day_", "day"), kind, told, code, source)


def caption(episode: Episode, lag_days: int) -> str:
    """How to read the drawing."""
    parts = [f"{time_unit(1).capitalize()} 0: first dose of {opener}." for opener in _opened_on_day_0(episode)[:1]]
    scaled = not episode.schematic
    if episode.schematic:
        parts.append(f"The {time_unit()} are not all known: marks stand in order, and distances mean nothing.")
    elif episode.given:
        parts.append("Bars: courses; diamonds: single doses.")
        parts += [f"A dotted line means that {text}." for text in _dotted(episode.given)]
    if episode.measured and scaled:
        parts.append(f"Strokes: {time_unit()} with a measured value.")
    if any(g.hollow for g in episode.given):
        what = "diamonds" if all(g.is_dose or episode.schematic for g in episode.given if g.hollow) else "marks"
        parts.append(f"Hollow {what}: inferred, or from a secondary source.")
    if episode.events:
        parts.append("Numbers: events, as listed in the table of events.")
        if scaled and any(e.day is not None and not e.day.is_exact for e in episode.events):
            parts.append(
                f"A line through a number spans the {time_unit()} that the event lasted, or on one of which it was."
            )
    if lag_days and scaled:
        parts.append(f"Phase borders are moved by the lag of {counted(lag_days, time_unit(1))}.")
    return " ".join(parts)


def _dotted(given: Sequence[Given]) -> list[str]:
    courses = [g for g in given if not g.is_dose]
    if any(not (g.start and g.start.is_exact) or (g.end and g.end.kind == "range") for g in courses):
        return [f"the beginning or the end is not known to the {time_unit(1)}"]
    return ["the end is not reported"] if any(not (g.end and g.end.is_exact) for g in courses) else []


def _opened_on_day_0(episode: Episode) -> list[str]:
    zero = Interval.exact(0)
    return [uncapital(g.label) for w in episode.phases for g in episode.given if g.phase == w.id and w.opens == zero]


def alt(episode: Episode) -> str:
    """What opened each phase and when, how much else was given, and the first and the last event."""
    parts = [_scale(episode)]
    n, events = len(episode.given), episode.events
    parts.append(f"Courses and doses: {n}" if n else "No treatment is recorded")
    days: dict[str, list[str]] = {}
    for g in episode.given:
        if g.phase:
            days.setdefault(uncapital(g.label), []).append(_when(g))
    told = [f"{label} ({listed(when)})" for label, when in days.items()]
    parts[-1] += f", among them {listed(told)}." if told else "."
    if events:
        first, last = (f"{e.told} ({day_text(e.day)})" for e in (events[0], events[-1]))
        parts.append(f"Events: {len(events)}, from {first} to {last}." if len(events) > 1 else f"One event: {first}.")
    return " ".join([*parts, *_measured(episode)])


def description(episode: Episode) -> str:
    """Everything given and every event, in order."""
    parts = [_scale(episode)]
    if episode.given:
        ordered = sorted(episode.given, key=lambda g: order_of(g.start))
        parts.append("Given: " + listed([f"{g.label} ({_when(g)}{_dose(g)})" for g in ordered]) + ".")
    if episode.events:
        parts.append("Events: " + "; ".join(f"{e.number}. {e.told} ({day_text(e.day)})" for e in episode.events))
        parts[-1] += "."
    return " ".join([*parts, *_measured(episode)])


def event_text(event: Happened) -> str:
    """What a reader sees who points at an event."""
    return f"{event.number}. {event.told} ({day_text(event.day)}; {event.source})"


def _scale(episode: Episode) -> str:
    return "Timeline in order, not to scale." if episode.schematic else f"Timeline by {time_axis()}."


def _measured(episode: Episode) -> list[str]:
    days = episode.measured
    if not days or episode.schematic:
        return []
    first, last = (day_text(Interval.exact(day)) for day in (days[0], days[-1]))
    some = f"on {len(days)} {time_unit()}, from {first} to {last}"
    text = f"Measured values: {on_day(Interval.exact(days[0])) if len(days) == 1 else some}"
    return [f"{text}, and on others not known to the {time_unit(1)}." if episode.others else f"{text}."]


def _when(given: Given) -> str:
    """From when to when."""
    start = day_text(given.start)
    if given.is_dose or given.start == given.end:
        return start
    begun = start if given.start is None or math.isinf(given.start.high) else f"from {start}"
    if given.end is None:
        return f"{begun}, end not reported"
    if math.isinf(given.end.high):
        return f"{begun} to {day_text(Interval.exact(given.end.low))} or later"
    return f"{begun} to {day_text(given.end)}"


def _dose(given: Given) -> str:
    dose = parse(given.dose)
    return f", {interval_text(dose, given.dose_unit)}" if dose else ""
