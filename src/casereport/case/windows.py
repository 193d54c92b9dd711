"""Which phase a study day belongs to.

A phase begins with the first dose of its intervention. An effect needs time, so `lag_days` moves the border later;
and a sample taken on the border day itself may have been drawn before or after the infusion, so `infusion_day` says
which side it belongs to. A day that is known only as an interval belongs to a phase only if every completion does.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from casereport.case.description import CaseMeta
from casereport.quantities.intervals import Interval


@dataclass(frozen=True)
class Window:
    """One phase and the day it opens: its border, an interval where the first dose has no exact day."""

    id: str
    label: str
    opened_by: str | None
    border: Interval | None


def borders(meta: CaseMeta, doses: Iterable[tuple[str, Interval | None]], lag_days: int) -> list[Window]:
    """The phases in order, the border of each shifted by the lag; the first has none.

    `doses` are the interventions given, each with its start day.
    """
    given = [(name, day) for name, day in doses if day is not None]
    found = []
    for phase in meta.phases:
        border = None
        if phase.opened_by is not None:
            first = min((day for name, day in given if name == phase.opened_by), key=lambda d: (d.low, d.high))
            border = Interval(first.low + lag_days, first.high + lag_days, first.low_open, first.high_open)
        found.append(Window(phase.id, phase.label, phase.opened_by, border))
    return found


def phase_of(day: Interval | None, phases: list[Window], infusion_day: str) -> str:
    """The id of the phase that `day` certainly belongs to, or an empty text where that is not certain."""
    if day is None:
        return phases[0].id if len(phases) == 1 else ""
    current = phases[0].id
    for window in phases[1:]:
        border = window.border
        assert border is not None  # every phase after the first is opened by a dose
        on_border_is_after = infusion_day == "after"
        if day.certainly_above(border) or (on_border_is_after and day.low >= border.high):
            current = window.id
        elif day.certainly_below(border) or (not on_border_is_after and day.high <= border.low):
            break
        else:
            return ""
    return current
