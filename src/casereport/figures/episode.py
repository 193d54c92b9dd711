"""What happened to the patient as records: what was given, the events and the measured days, of the tidy tables."""

import math
import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple

import pandas as pd

from casereport.analysis.events import HISTORY
from casereport.analysis.tidy import Row, gathered, phase_windows
from casereport.case.phases import Window, opened_phase
from casereport.figures.days import INFERRED, Limits, is_single
from casereport.quantities.intervals import Interval, order_of, parse
from casereport.quantities.wording import day_text, interval_text

SUPPORT = ("Respiratory support", "Organ support", "Vasopressor", "Inotrope")  # classes of interventions
_TUBE = re.compile(r"\b(?:re-?)?(?:intubat|extubat|decannulat)", re.I)
_BEFORE = 14  # days that a figure has before a course at least, if something was on them
_DIAGNOSIS, _LISTED = "diagnosis", 3


class Given(NamedTuple):
    """One course or dose; `phase` is the one that its intervention opens, or empty."""

    line: int
    name: str
    label: str
    kind: str
    start: Interval | None
    end: Interval | None
    dose: str
    dose_unit: str
    evidence: str
    source: str
    phase: str

    @property
    def hollow(self) -> bool:
        """True where the source itself does not say it."""
        return self.evidence in INFERRED

    @property
    def is_dose(self) -> bool:
        """True for what was given once."""
        return is_single(self.start, self.end, self.kind)

    @property
    def is_support(self) -> bool:
        """True for what takes the place of an organ, or helps it: oxygen, ventilation, vasopressors."""
        return self.kind in SUPPORT

    @property
    def dose_text(self) -> str:
        """The dose with its unit; empty where none is stated."""
        dose = parse(self.dose)
        return interval_text(dose, self.dose_unit) if dose else ""

    @property
    def with_dose(self) -> str:
        """Its name, and the dose where one is stated."""
        return f"{self.label}, {self.dose_text}" if self.dose_text else self.label

    @property
    def when(self) -> str:
        """From when to when."""
        start = day_text(self.start)
        if self.is_dose or self.start == self.end:
            return start
        begun = start if self.start is None or math.isinf(self.start.high) else f"from {start}"
        if self.end is None:
            return f"{begun}, end not reported"
        if math.isinf(self.end.high):
            return f"{begun} to {day_text(Interval.exact(self.end.low))} or later"
        return f"{begun} to {day_text(self.end)}"

    @property
    def pointed(self) -> str:
        """What a reader sees who points at it."""
        return f"{self.with_dose}: {self.when}; {self.evidence}, {self.source}"


class Happened(NamedTuple):
    """One event, with its number in the table of events, and what is `told` of it."""

    number: int
    day: Interval | None
    kind: str
    told: str
    interpretation: str
    source: str

    @property
    def is_tube(self) -> bool:
        """True for an intubation or an extubation, which stands with the organ support."""
        return bool(_TUBE.search(self.told)) and self.interpretation != "NEG"


class Episode(NamedTuple):
    """All that a timeline shows: the `measured` days with a value, those known to the day, and if there are `others`.

    `listed` are the events of a list of problems, which was made on a day and did not happen on it.
    """

    phases: Sequence[Window]
    given: Sequence[Given]
    events: Sequence[Happened]
    listed: Sequence[Happened]
    measured: Sequence[float]
    others: bool
    last_day: float | None

    @property
    def course(self) -> list[Interval | None]:
        """The days of values, and those on which phases begin."""
        return [*(w.border for w in self.phases), *map(Interval.exact, self.measured)]

    @property
    def days(self) -> list[Interval | None]:
        """Every day that is drawn; a course that may have gone on to no known day ends with the figure."""
        ends = [Interval.exact(g.end.low) if g.end and math.isinf(g.end.high) else g.end for g in self.given]
        courses = [*(g.start for g in self.given), *ends]
        borders = [day for w in self.phases for day in (w.border, w.closes)]
        return [*courses, *borders, *(e.day for e in self.events), *map(Interval.exact, self.measured)]


def episode_of(
    interventions: pd.DataFrame, events: pd.DataFrame, observations: pd.DataFrame, phases: pd.DataFrame,
    last_day: float | None,
) -> Episode:  # fmt: skip
    """The records of the tables of these names, courses in the order of their beginning; history is left out."""
    windows = phase_windows(phases)
    given = sorted((_given(row, windows) for row in interventions.to_dict("records")), key=lambda g: order_of(g.start))
    happened = [_happened(row) for row in events[events["kind"] != HISTORY].to_dict("records")]
    listed = _problem_lists(happened)
    numeric = observations[observations["numeric"].astype(bool)]
    seen = [gathered(row, "day_", "day") for row in numeric.to_dict("records")]
    measured = sorted({day.low for day in seen if day is not None and day.is_exact})
    others = any(day is None or not day.is_exact for day in seen)
    return Episode(windows, given, [e for e in happened if e not in listed], listed, measured, others, last_day)


def _given(row: Row, phases: Sequence[Window]) -> Given:
    name = str(row["intervention"])
    kind, dose, unit, evidence, source = (
        str(row.get(column, "")) for column in ("class", "dose", "dose_unit", "evidence", "source")
    )
    start, end = gathered(row, "start_", "start"), gathered(row, "end_", "end")
    phase = opened_phase(phases, name, start)
    return Given(int(row["line"]), name, str(row["label"]), kind, start, end, dose, unit, evidence, source, phase)


def _happened(row: Row) -> Happened:
    kind, told, code, source = (str(row.get(c, "")) for c in ("kind", "told", "interpretation", "source"))
    return Happened(int(row["number"]), gathered(row, "day_", "day"), kind, told, code, source)


def _problem_lists(events: Iterable[Happened]) -> list[Happened]:
    """The diagnoses of each day that has three or more: what was the matter by then, and not what happened then."""
    days: dict[Interval | None, list[Happened]] = {}
    for event in events:
        if event.kind == _DIAGNOSIS:
            days.setdefault(event.day, []).append(event)
    return [event for diagnoses in days.values() if len(diagnoses) >= _LISTED for event in diagnoses]


def day_range(
    days: Iterable[Interval | None], last_day: float | None, course: Iterable[Interval | None]
) -> tuple[Limits, Limits]:
    """The days that a figure spans, and those of them that are to scale.

    What lies further before the `course` than that is long is not to scale: a treatment of two years would leave no
    room for two weeks. Beyond the first or the last day that is there is room for it, and for what is known only to be
    before or after.
    """
    known = [d for d in days if d is not None]
    ends = _ends(known)
    if last_day is not None and not math.isnan(last_day):
        ends.append(float(last_day))
    high = max(ends, default=0.0)
    begun = min([*_ends(course), 0.0])
    first = begun - max(high - begun, _BEFORE)
    low = min((x for x in ends if x >= first), default=0.0)
    span = high - low
    before = any(math.isinf(d.low) and first <= d.high <= low for d in known)
    after = any(math.isinf(d.high) and d.low >= high for d in known)
    edges = [max(0.3 * span, 0.5) if open_end else 0.02 * span or 0.5 for open_end in (before, after)]
    if min(ends, default=0.0) < low:
        edges[0] = max(edges[0], 0.1 * span)
    return (low - edges[0], high + edges[1]), (low, high)


def _ends(days: Iterable[Interval | None]) -> list[float]:
    return [x for d in days if d is not None for x in (d.low, d.high) if math.isfinite(x)]
