"""The phases of the patients of a cohort table, which its treatments open.

Each intervention opens a phase by its first dose; those first given on the same day open one together, named by the
first of them in the table. Before the first lies the phase `baseline`.
"""

import numpy as np
import pandas as pd

from casereport.analysis.changes import WINDOW_DAYS
from casereport.analysis.once_each import once_each
from casereport.analysis.table_columns import TABLES
from casereport.analysis.tidy import spread_all
from casereport.cohort.patients import vocabulary
from casereport.quantities.many_intervals import Intervals
from casereport.quantities.wording import DAYS, listed

BASELINE = "baseline"
_LONGEST = 60  # a label heads a panel of a figure


def phases_of(given: pd.DataFrame) -> pd.DataFrame:
    """The phases that the treatments of a `Part` open, each patient's in their order: `patient`, `step` (from 1),
    `phase`, `start` and `label`.
    """
    first = given.groupby(["patient", "intervention"], sort=False)["start"].min().reset_index()
    opened = first.groupby(["patient", "start"], sort=True)["intervention"].agg(["first", tuple]).reset_index()
    step = opened.groupby("patient", sort=False).cumcount() + 1
    label = once_each(_label, opened["tuple"]) if len(opened) else ""
    return opened.assign(step=step, phase=opened["first"], label=label)[["patient", "step", "phase", "start", "label"]]


def _label(together: tuple[str, ...]) -> str:
    return label_of([_name(intervention) for intervention in together])


def label_of(labels: list[str]) -> str:
    """What a phase is called that these treatments open together."""
    joined = listed(labels)
    return joined if len(joined) <= _LONGEST else f"{labels[0][:40]} and {len(labels) - 1} more"


def _name(intervention: str) -> str:
    return vocabulary().interventions[intervention].label


def baseline_label(treated: bool) -> str:
    """What the phase before the first treatment is called, of a patient with treatments or without."""
    return "Before the first recorded treatment" if treated else "No treatment recorded"


def phase_table(patients: np.ndarray, given: pd.DataFrame) -> pd.DataFrame:
    """The columns of the table `phases` after `patient`, of these patients with the treatments of a `Part`."""
    opened = phases_of(given)
    treated = np.isin(patients, opened["patient"].unique())
    first = pd.DataFrame({"patient": patients, "step": 0, "phase": BASELINE, "start": np.nan})
    first["label"] = np.where(treated, baseline_label(True), baseline_label(False))
    table = pd.concat([first, opened]).sort_values(["patient", "step"], kind="stable", ignore_index=True)
    later, day = table["step"].to_numpy() > 0, table["start"].to_numpy(dtype=float)
    table = table.assign(
        opened_by=table["phase"].where(later, ""),
        opener=[_name(phase) if opens else "" for phase, opens in zip(table["phase"], later, strict=True)],
        **spread_all(Intervals.exact(day), "opens_", "opens"),
        closed_by="",
        **spread_all(Intervals.exact(np.full(len(day), np.nan)), "closes_", "closes"),
        lag_days=0,
        infusion_day="before",
        window_days=WINDOW_DAYS,
        last_day=np.nan,
        time_unit=DAYS,
        other_clock="",
        other_day_0=np.nan,
    )
    return table[["patient", *TABLES["phases"]]]
