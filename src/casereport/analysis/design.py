"""What was given when, and when something was observed: all that the sequence of treatments can tell from.

On each observed day of one patient every treatment was being given or not, and had been given before or not.
"""

from dataclasses import dataclass
from typing import Literal

import pandas as pd

from casereport.analysis.events import HISTORY
from casereport.analysis.tidy import gathered, phase_windows
from casereport.case.phases import Window
from casereport.case.schema import DECIDING
from casereport.quantities.intervals import Interval, order_of

Basis = Literal["active", "ever given"]
OBSERVED = ("symptom", "sign", "test", "imaging", "adverse_event", "outcome", "laboratory")
Place = tuple[Interval | None, str]
BASES: tuple[Basis, ...] = ("active", "ever given")


@dataclass(frozen=True)
class Course:
    """One course or dose, as the table `interventions` has it."""

    intervention: str
    label: str
    start: Interval | None
    end: Interval | None
    dose: str
    dose_unit: str


@dataclass(frozen=True)
class Design:
    """What was given when, and when something was observed: all that the sequence of treatments can tell from.

    `analytes` are those with a value or statement at each of the `places`.
    """

    courses: list[Course]
    phases: list[Window]
    infusion_day: str
    places: list[Place]
    analytes: list[frozenset[str]]

    @property
    def openers(self) -> list[str]:
        """The interventions that open a phase, in order."""
        return list(dict.fromkeys(p.opened_by for p in self.phases if p.opened_by))

    def courses_of(self, intervention: str) -> list[Course]:
        """The courses and doses of one intervention."""
        return [course for course in self.courses if course.intervention == intervention]

    def label(self, intervention: str) -> str:
        """The name of an intervention that was given."""
        return self.courses_of(intervention)[0].label


def read_design(
    interventions: pd.DataFrame, phases: pd.DataFrame, observations: pd.DataFrame, events: pd.DataFrame
) -> Design:
    """The design of a case from its tables."""
    courses = [
        Course(
            row["intervention"], row["label"], gathered(row, "start_", "start"), gathered(row, "end_", "end"),
            row["dose"], row["dose_unit"],
        )
        for row in interventions.to_dict("records")
    ]  # fmt: skip
    infusion_day = str(phases["infusion_day"].iloc[0])
    events = events[events["kind"] != HISTORY]  # of the time before, and not observed on a day of this one
    return Design(courses, phase_windows(phases), infusion_day, *observed_days(observations, events))


def observed_days(observations: pd.DataFrame, events: pd.DataFrame) -> tuple[list[Place], list[frozenset[str]]]:
    """The distinct times of the observations and events: study days (or None) and the phase as stated (or empty).

    With the analytes that have a value or statement at each. A period, such as days -7 to -2, is one time, and so is a
    day for which only some rows state the phase. What has neither day nor phase is left out, and so is what was only
    inferred or comes from another publication: it is no observation.
    """
    seen = events[events["kind"].isin(OBSERVED)]  # a diagnosis or a journey is no observation of the course
    rows = [row for table in (observations, seen) for row in table.to_dict("records") if row["evidence"] in DECIDING]
    places: dict[tuple[str, str], Place] = {}
    analytes: dict[tuple[str, str], set[str]] = {}
    for row in rows:
        when, phase = gathered(row, "day_", "day"), str(row["stated_phase"])
        if when or phase:
            places[str(when), phase] = when, phase
            analytes.setdefault((str(when), phase), set()).update([row["analyte"]] if row.get("analyte") else [])
    for stated in [key for key in places if key[1]]:
        plain = (stated[0], "")
        places.pop(plain, None)
        analytes[stated] |= analytes.get(plain, set())
    keys = sorted(places, key=lambda key: (order_of(places[key][0]), key[1]))
    return [places[key] for key in keys], [frozenset(analytes[key]) for key in keys]


def states(design: Design, intervention: str, basis: Basis) -> list[bool | None]:
    """Whether an intervention was given, at each of the design's places: True, False, or None where not certain.

    `ever given`: a dose was given earlier, or on the same day if the infusion day counts `after`. `active`: the day
    lies in a course, first and last day included; the one day of a single dose. A phase that the source states for a
    row says which openers had been given. The lag is no matter of what was given and is left aside.
    """
    opens = _opens(design, intervention)
    courses = [(course.start, course.end) for course in design.courses_of(intervention)]
    return [_state(design, intervention, basis, opens, courses, when, phase) for when, phase in design.places]


def _opens(design: Design, name: str) -> int | None:
    """The number of the first phase in which the intervention is given, None if it opens and closes none."""
    return next((i for i, p in enumerate(design.phases) if name in (p.opened_by, p.closed_by)), None)


def _on_in(design: Design, name: str, phase: str) -> bool | None:
    """Whether an intervention is given through the whole of a phase that the source states: None where not certain.

    It is in a phase that ends with its course, and is not before the first and between such a phase and the next.
    """
    on: bool | None = False
    for window in design.phases:
        if name in (window.opened_by, window.closed_by):
            on = True if window.closed_by == name else None
        if window.id == phase:
            break
        on = False if window.closed_by == name else on
    return on


def goes_on(begun: float, end: Interval, again: Interval) -> bool:
    """True where a course begins `again` while the one before it, `begun` on an earlier day, lasts, or on the day after
    its end: the second continues it, as at another rate, and is no new beginning.
    """
    return begun < again.low <= end.high + 1


def can_end(design: Design, name: str) -> bool:
    """True for what is given in courses that end: a drug can be stopped, an infusion of cells not be taken back."""
    courses = design.courses_of(name)
    return any(c.start is not None and c.end is not None and c.end.certainly_above(c.start) for c in courses)


def _state(
    design: Design,
    intervention: str,
    basis: Basis,
    opens: int | None,
    courses: list[tuple[Interval | None, Interval | None]],
    when: Interval | None,
    phase: str,
) -> bool | None:
    if phase and opens is not None:
        if basis == "ever given":
            return [p.id for p in design.phases].index(phase) >= opens
        if (on := _on_in(design, intervention, phase)) is not None:
            return on
    if when is None:
        return None
    known = [start for start, _ in courses if start is not None]
    if basis == "ever given":
        on_day = design.infusion_day == "after"
        if any(when.certainly_above(s) or (on_day and when.low >= s.high) for s in known):
            return True
        # the first dose that is known opens the phase, as it does everywhere else; of other courses nothing is said
        if not known or (opens is None and len(known) < len(courses)):
            return None
        before = all(when.certainly_below(s) or (not on_day and when.high <= s.low) for s in known)
        return False if before else None
    during = [_during(when, start, end) for start, end in courses]
    if True in during:
        return True
    return None if None in during else False


def _during(when: Interval, start: Interval | None, end: Interval | None) -> bool | None:
    if (start and when.certainly_below(start)) or (end and when.certainly_above(end)):
        return False
    if start and end and when.low >= start.high and when.high <= end.low:
        return True
    return None
