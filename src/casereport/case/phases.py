"""The phases of the episode, from the doses that open them, as columns and tables (the rules are in windows.py)."""

import pandas as pd

from casereport.case.case import Case
from casereport.case.settings import Settings
from casereport.case.windows import Window as Window
from casereport.case.windows import borders
from casereport.case.windows import phase_of as phase_of


def windows(case: Case, settings: Settings) -> list[Window]:
    """The phases of the case in order, the border of each shifted by the lag; the first has none."""
    table = case.interventions
    return borders(case.meta, zip(table["intervention"], table["start"], strict=True), settings.lag_days)


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
