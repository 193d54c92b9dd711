"""Which phase a study day belongs to.

A phase begins with the first dose of its intervention. An effect needs time, so `lag_days` moves the border later;
and a sample taken on the border day itself may have been drawn before or after the infusion, so `infusion_day` says
which side it belongs to. A day that is known only as an interval belongs to a phase only if every completion does.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from casereport.case.case import Case
from casereport.quantities.intervals import Interval


@dataclass(frozen=True, slots=True)
class Window:
    """One phase, the day of the dose that opens it, and its border: that day, later by the lag.

    `opens` and `border` are intervals where the first dose has no exact day, None for the first phase.
    """

    id: str
    label: str
    opened_by: str | None
    opens: Interval | None
    border: Interval | None


def windows(case: Case, lag_days: int = 0) -> list[Window]:
    """The phases of the case in order, the border of each later by `lag_days`; the first has none."""
    found = []
    for phase in case.meta.phases:
        starts = [t.start for t in case.interventions if t.intervention == phase.opened_by and t.start is not None]
        opens = min(starts, key=lambda day: (day.low, day.high)) if phase.opened_by is not None else None
        border = opens and Interval(opens.low + lag_days, opens.high + lag_days, opens.low_open, opens.high_open)
        found.append(Window(phase.id, phase.label, phase.opened_by, opens, border))
    return found


def phase_of(day: Interval | None, phases: Sequence[Window], infusion_day: str) -> str:
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
