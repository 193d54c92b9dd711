"""Phases of the episode, from the doses that open them.

A phase begins with the first dose of its intervention. An effect needs time, so `lag_days` moves the border later;
and a sample taken on the border day itself may have been drawn before or after the infusion, so `infusion_day` says
which side it belongs to. A day that is known only as an interval belongs to a phase only if every completion does.
"""

from dataclasses import dataclass

import pandas as pd

from casereport.case import Case
from casereport.intervals import Interval
from casereport.settings import Settings


@dataclass(frozen=True)
class Window:
    """One phase and the day it opens: its border, an interval where the first dose has no exact day."""

    id: str
    label: str
    opened_by: str | None
    border: Interval | None


def windows(case: Case, settings: Settings) -> list[Window]:
    """The phases of the case in order, the border of each shifted by the lag; the first has none."""
    found = []
    for phase in case.meta.phases:
        border = None
        if phase.opened_by is not None:
            table = case.interventions
            days = [d for d in table.loc[table["intervention"] == phase.opened_by, "start"] if d is not None]
            first = min(days, key=lambda d: (d.low, d.high))
            lag = settings.lag_days
            border = Interval(first.low + lag, first.high + lag, first.low_open, first.high_open)
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


def phase_column(table: pd.DataFrame, phases: list[Window], infusion_day: str) -> pd.Series:
    """The phase of each row of a table with `when` and `phase`: as the source states it, else by the day."""
    by_day = [phase_of(day, phases, infusion_day) for day in table["when"]]
    stated = table["phase"]
    return pd.Series([s or d for s, d in zip(stated, by_day, strict=True)], index=table.index, dtype=object)


def phase_table(case: Case, settings: Settings) -> pd.DataFrame:
    """One row a phase: `phase`, `label`, `opened_by`, `opens` (study day, before the lag), `border`, `rows`.

    `rows` counts the observations that certainly belong to the phase.
    """
    found = windows(case, settings)
    undelayed = windows(case, settings.model_copy(update={"lag_days": 0}))
    member = phase_column(case.observations, found, settings.infusion_day)
    return pd.DataFrame(
        {
            "phase": [w.id for w in found],
            "label": [w.label for w in found],
            "opened_by": [w.opened_by or "" for w in found],
            "opens": ["" if w.border is None else str(w.border) for w in undelayed],
            "border": ["" if w.border is None else str(w.border) for w in found],
            "rows": [int((member == w.id).sum()) for w in found],
        }
    )
