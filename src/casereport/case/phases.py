"""Which phase a study day belongs to.

A phase begins with a dose of the intervention that opens it, or where the phase before it closes; it ends where the
next begins or, if the case says so, with the last day of a course, so that A1 B1 A2 B2 can be told. An effect needs
time, so `lag_days` moves the beginning of every later phase, but no course beyond its end; and a sample taken on the
day of the opening dose may have been drawn before or after it, so `infusion_day` says which side it belongs to. A day
that is known only as an interval belongs to a phase only if every completion does, and a day after a phase has closed
and before the next begins belongs to none.
"""

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from casereport.case.case import Case
from casereport.case.description import Phase
from casereport.quantities.intervals import Interval, parse
from casereport.quantities.wording import day_text


@dataclass(frozen=True, slots=True)
class Window:
    """One phase, the day that opens it and its border: that day, later by the lag.

    `opens` and `border` are intervals where that day is not exact, None for the first phase. Without `opened_by` a
    later phase opens after the day on which the phase before it closes. `closes` is the last day of the course of
    `closed_by` that ends the phase; None where it ends as the next begins.
    """

    id: str
    label: str
    opened_by: str | None
    opens: Interval | None
    border: Interval | None
    closed_by: str = ""
    closes: Interval | None = None


class Course(NamedTuple):
    """One course or dose: what it is of, its first and its last day."""

    intervention: str
    start: Interval | None
    end: Interval | None


class Placed(NamedTuple):
    """Where a phase opens and closes. Where that cannot be told: the key of case.yaml at fault, what was expected."""

    opens: Interval | None
    closes: Interval | None
    key: str = ""
    expected: str = ""


def later(day: Interval, lag_days: float) -> Interval:
    """The day, later by the lag."""
    return Interval(day.low + lag_days, day.high + lag_days, day.low_open, day.high_open)


def windows(case: Case, lag_days: int = 0) -> list[Window]:
    """The phases of the case in order, the beginning of each later by `lag_days`; the first has none.

    A phase that closes does so on the last day of its course: a value of the days after it was not taken under the
    treatment, and belongs to no phase until the next begins to count.
    """
    given = [Course(t.intervention, t.start, t.end) for t in case.interventions]
    return [
        Window(
            phase.id,
            phase.label,
            phase.opened_by,
            at.opens,
            at.opens and later(at.opens, lag_days),
            phase.closed_by or "",
            at.closes,
        )
        for phase, at in zip(case.meta.phases, placed(case.meta.phases, given), strict=True)
    ]


def placed(phases: Sequence[Phase], given: Iterable[Course]) -> Iterator[Placed]:
    """Where each phase opens and closes by what was given, in the order of the phases.

    The first phase that an intervention opens begins with its first dose, a later one with the first course after the
    one that closed a phase of it, or with the dose of the day `opened_on`. A phase closes with the last of the courses
    of `closed_by` that follow each other without a day between.
    """
    courses = sorted(given, key=lambda c: (-math.inf, 0.0) if c.start is None else (c.start.low, c.start.high))
    opened: dict[str, str] = {}  # the phase that each intervention has opened and nothing has closed yet
    closed: dict[str, Interval] = {}  # the end of the course by which each intervention closed a phase
    above = last_end = before = None
    for i, phase in enumerate(phases):
        mine = [c for c in courses if c.intervention == phase.opened_by]
        opens, key, expected = None, "", ""
        if i and phase.opened_by is None:
            opens = last_end
        elif i:
            opens, key, expected = _opening(phase, mine, opened, closed)
        closes = None
        if not expected and phase.closed_by is not None:
            following = phases[i + 1 :]
            closes, expected = _closing(
                phase, opens, [c for c in courses if c.intervention == phase.closed_by], following
            )
            key = "closed_by" if expected else ""
        if not expected and opens is not None and before is not None and opens.certainly_below(before):
            key = "opened_by"
            expected = f"phases in the order of their first doses; {phase.id} opens before the phase above it"
        if not expected and phase.opened_by and last_end is not None and opens and opens.certainly_below(last_end):
            key = "opened_by"
            expected = (
                f"a dose on {day_text(last_end)} or later, when the phase above, {above}, ends; "
                "omit its closed_by if it continues"
            )
        yield Placed(opens, closes, key, expected)
        if phase.opened_by is not None:
            opened[phase.opened_by] = phase.id
        if phase.closed_by is not None and closes is not None:
            closed[phase.closed_by] = closes
            opened.pop(phase.closed_by, None)
        before, last_end, above = opens or before, closes, phase.id


def _opening(
    phase: Phase, mine: Sequence[Course], opened: dict[str, str], closed: dict[str, Interval]
) -> tuple[Interval | None, str, str]:
    """The day of the dose that opens a phase; else the key at fault and what was expected."""
    name = phase.opened_by or ""
    starts = [c.start for c in mine if c.start is not None]
    if not starts:
        return (
            None,
            "opened_by",
            f"phase {phase.id}: no row of interventions.csv with a start day gives this intervention",
        )
    if phase.opened_on is not None:
        day = parse(str(phase.opened_on))
        if day in starts:
            return day, "", ""
        days = ", ".join(dict.fromkeys(map(str, starts)))
        return None, "opened_on", f"a start day of {name} in interventions.csv: {days}"
    if name in opened:
        expected = (
            f"phase {phase.id}: where it begins, as {name} opens {opened[name]} too: give closed_by in {opened[name]} "
            "(the end of the course) or opened_on here (the day of another dose)"
        )
        return None, "opened_by", expected
    if name not in closed:
        return min(starts, key=lambda day: (day.low, day.high)), "", ""
    after = [day for day in starts if day.certainly_above(closed[name])]
    if not after:
        return None, "opened_by", f"phase {phase.id}: a course of {name} that begins after {day_text(closed[name])}"
    return after[0], "", ""


def _closing(
    phase: Phase, opens: Interval | None, courses: Sequence[Course], following: Sequence[Phase]
) -> tuple[Interval | None, str]:
    """The last day of the course that closes a phase; else what was expected."""
    if not courses:
        return None, f"phase {phase.id}: no row of interventions.csv gives this intervention"
    if phase.opened_by == phase.closed_by and opens is not None:
        open_then = [c for c in courses if c.start is not None and not c.start.certainly_below(opens)]
    else:
        open_then = [c for c in courses if opens is None or c.end is None or c.end.certainly_above(opens)]
    again = next((p for p in following if p.opened_by == phase.closed_by), None)
    until = parse(str(again.opened_on)) if again is not None and again.opened_on is not None else None
    end: Interval | None = None
    for course in open_then:
        if until is not None and course.start is not None and not course.start.certainly_below(until):
            break
        gap = end is not None and course.start is not None and course.start.low > end.high + 1
        if gap and until is None:
            break
        if course.end is None:
            return None, f"phase {phase.id}: an end_day of that course in interventions.csv"
        end = course.end if end is None or course.end.high > end.high else end
    if end is None:
        return None, f"phase {phase.id}: a course that ends after the phase opens on {day_text(opens)}"
    return end, ""


def phase_of(day: Interval | None, phases: Sequence[Window], infusion_day: str) -> str:
    """The id of the phase that `day` certainly belongs to, or an empty text where that is not certain or there is none.

    The last day of the course that closes a phase belongs to it.
    """
    if day is None:
        return phases[0].id if len(phases) == 1 and phases[0].closes is None else ""
    current = phases[0]
    for window in phases[1:]:
        border = window.border
        assert border is not None  # every phase after the first is opened by a dose, or by the end of the one before
        on_border_is_after = infusion_day == "after" and window.opened_by is not None
        if day.certainly_above(border) or (on_border_is_after and day.low >= border.high):
            current = window
        elif day.certainly_below(border) or (not on_border_is_after and day.high <= border.low):
            break
        else:
            return ""
    return current.id if current.closes is None or day.high <= current.closes.low else ""


def of_no_phase(day: Interval, phases: Sequence[Window], infusion_day: str) -> bool:
    """True for a day that certainly lies after a phase has closed and before the next opens."""
    for i, window in enumerate(phases):
        if window.closes is None or not day.certainly_above(window.closes):
            continue
        border = phases[i + 1].border if i + 1 < len(phases) else None
        if border is None or day.certainly_below(border) or (infusion_day == "before" and day.high <= border.low):
            return True
    return False


def opened_phase(phases: Iterable[Window], intervention: str, start: Interval | None) -> str:
    """The id of the phase that a dose of an intervention opens or goes on with; empty where it opens none.

    Of several phases that it opens, the last that had opened by then.
    """
    mine = [w for w in phases if w.opened_by == intervention]
    begun = [w for w in mine if start is not None and w.opens is not None and not start.certainly_below(w.opens)]
    return (begun[-1:] or mine[:1])[0].id if mine else ""
