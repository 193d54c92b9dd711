"""All series of a partition at once: each patient's phases and analytes as stretches of a few long arrays.

What the notebooks do for one case (`measurements`, phases, last values) is done here for thousands by sorting and by
comparing neighbours. What is rare, such as one quantity stated twice, goes through the very function of the notebooks.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from casereport.analysis.measurements import merged, sorted_analytes
from casereport.cohort.patients import Part, phases_of, vocabulary
from casereport.quantities.intervals import Interval
from casereport.quantities.vocabulary import Analyte


@dataclass(frozen=True)
class Series:
    """`table`: one row a patient, phase, analyte and day, sorted so: `patient`, `step` (0 for the baseline), `rank` (of
    the analyte), `day`, `low`, `high`, `low_open`, `high_open`, `evidence`. `runs`: one row for each stretch of one
    patient, step and analyte: `start`, `count`. `pairs`: the stretches of a step and of the one before it: `patient`,
    `step`, `rank`, `start_a`, `m`, `start_b`, `n`. `names`: the id of phase `step` of a patient. `analytes` by rank.
    """

    table: pd.DataFrame
    runs: pd.DataFrame
    pairs: pd.DataFrame
    names: dict[tuple[str, int], str]
    analytes: list[Analyte]

    def phase(self, patient: pd.Series, step: pd.Series) -> list[str]:
        """The ids of the phases at these steps."""
        return [self.names[key] for key in zip(patient, step, strict=True)]


def series_of(part: Part) -> Series:
    """The series of all patients of a partition."""
    analytes = sorted_analytes(part.rows["analyte"].unique(), vocabulary())
    rank = {a.id: i for i, a in enumerate(analytes)}
    rows = part.rows.assign(rank=part.rows["analyte"].map(rank).astype(int))
    phases = phases_of(part.given)
    phases = phases.assign(step=phases.groupby("patient", sort=False).cumcount() + 1)
    names = {(p, int(s)): name for p, s, name in phases[["patient", "step", "phase"]].itertuples(index=False)}
    names |= dict.fromkeys(((p, 0) for p in rows["patient"].unique()), "baseline")
    rows["step"] = _steps(rows, phases)
    rows = rows.sort_values(["patient", "step", "rank", "day", "nth"], kind="stable").reset_index(drop=True)
    keys = ["patient", "step", "rank"]
    table = _once_a_day(rows)
    first = _changes(table, keys)
    starts = np.flatnonzero(first)
    runs = table.loc[starts, keys].assign(start=starts, count=np.diff([*starts, len(table)])).reset_index(drop=True)
    before = runs.assign(step=runs["step"] + 1).rename(columns={"start": "start_a", "count": "m"})
    pairs = runs.rename(columns={"start": "start_b", "count": "n"}).merge(before, on=keys)
    return Series(table, runs, pairs.sort_values(keys, kind="stable", ignore_index=True), names, analytes)


def _steps(rows: pd.DataFrame, phases: pd.DataFrame) -> np.ndarray:
    """How many phases have opened before each row's day; a sample of the opening day itself was taken before it."""
    codes, patients = pd.factorize(rows["patient"])
    opens = pd.Index(patients).get_indexer(phases["patient"])
    # both sorted together: by patient and day, a sample before an opening of the same day; then openings are counted
    who = np.concatenate([codes, opens])
    day = np.concatenate([rows["day"].to_numpy(), phases["start"].to_numpy(dtype=float)])
    is_open = np.repeat([0, 1], [len(codes), len(opens)])
    order = np.lexsort((is_open, day, who))
    counted = np.cumsum(is_open[order])
    opened = np.empty(len(order), dtype=np.int64)
    opened[order] = counted
    per_patient = np.bincount(opens, minlength=len(patients)) if len(opens) else np.zeros(len(patients), dtype=int)
    before = np.cumsum(per_patient) - per_patient
    return opened[: len(codes)] - before[codes]


def _changes(table: pd.DataFrame, keys: list[str]) -> np.ndarray:
    """True where a row differs from the one before it in any of the keys."""
    first = np.ones(len(table), dtype=bool)
    if len(table):
        first[1:] = np.logical_or.reduce([(c := table[k].to_numpy())[1:] != c[:-1] for k in keys])
    return first


def _once_a_day(rows: pd.DataFrame) -> pd.DataFrame:
    """The rows with those of one patient, analyte and day made into one, as `measurements` does for a single case."""
    first = _changes(rows, ["patient", "rank", "day"])
    groups = np.cumsum(first) - 1
    several = np.bincount(groups, minlength=1)[groups] > 1 if len(rows) else np.zeros(0, dtype=bool)
    if not several.any():
        return rows
    table = rows[first].copy()
    for group, stated in rows[several].groupby(groups[several], sort=False):
        known = merged([_stated(row) for row in stated.itertuples()])
        at = table.index[group]
        interval: Interval = known["known"]  # type: ignore[assignment]
        table.loc[at, ["low", "high"]] = interval.low, interval.high
        table.loc[at, ["low_open", "high_open"]] = interval.low_open, interval.high_open
        table.loc[at, "evidence"] = known["evidence"]
    return table.reset_index(drop=True)


def _stated(row) -> dict[str, object]:
    empty = dict.fromkeys(("analyte", "when", "phase", "reference", "ref_origin", "interpretation", "note"), "")
    known = Interval(row.low, row.high, bool(row.low_open), bool(row.high_open))
    stated = {"numeric": True, "value": row.text, "unit": row.unit, "known": known, "evidence": row.evidence}
    return empty | stated | {"source": "", "line": row.nth}
