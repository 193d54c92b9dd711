"""All series of a partition at once: each patient's phases and analytes as stretches of a few long arrays.

What the notebooks do for one case (`measurements`, phases, last values) is done here for thousands by sorting and by
comparing neighbours. What is rare, such as one quantity stated twice, goes through the very function of the notebooks.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from casereport.analysis.judgement.many import place_codes
from casereport.analysis.judgement.material import limits_of
from casereport.analysis.measurements import merged, sorted_analytes
from casereport.case.description import ADULT
from casereport.cohort.case_folders import observation
from casereport.cohort.patient_phases import BASELINE, phases_of
from casereport.cohort.patients import Part, vocabulary
from casereport.quantities.many_intervals import Intervals
from casereport.quantities.vocabulary import Analyte

_GROUPS = (None, "male", "female", "child")


@dataclass(frozen=True)
class Series:
    """`table`: one row a patient, phase, analyte and day, sorted so: `patient`, `step` (0 for the baseline), `rank` (of
    the analyte), `day`, `low`, `high`, `low_open`, `high_open`, `printed`, `evidence`, `group` (whose reference ranges
    apply, as a place in `references`). `pairs`: the stretches of one patient and analyte in a step and in the one
    before it: `patient`, `step`, `rank`, `start_a`, `m`, `start_b`, `n`. `names`: the id of phase `step` of a patient,
    and `starts` the day that opens it. `analytes` by rank.
    """

    table: pd.DataFrame
    pairs: pd.DataFrame
    names: dict[tuple[str, int], str]
    starts: dict[tuple[str, int], float]
    analytes: list[Analyte]

    def phase(self, patient: pd.Series, step: pd.Series) -> np.ndarray:
        """The ids of the phases at these steps."""
        return np.array([self.names[key] for key in zip(patient, step, strict=True)], dtype=object)

    def opens(self, patient: pd.Series, step: pd.Series) -> np.ndarray:
        """The days on which the phases at these steps open."""
        return np.array([self.starts[key] for key in zip(patient, step, strict=True)], dtype=float)

    def limits(self, rank: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """The relative fall and rise within random variation of the analytes of these ranks; NaN where not known."""
        known = [limits_of(a) for a in self.analytes]
        ends = np.array([(c.low, c.high) if c else (np.nan, np.nan) for c in known], dtype=float).reshape(-1, 2)
        return ends[rank, 0], ends[rank, 1]

    def threshold(self, rank: np.ndarray, end: str) -> np.ndarray:
        """One limit of the threshold of the analytes of these ranks; NaN where there is none on that side."""
        limits = np.array([getattr(a.threshold, end, np.nan) for a in self.analytes], dtype=float)
        return np.where(np.isfinite(limits), limits, np.nan)[rank]

    def of_analytes(self, rank: np.ndarray, columns: Sequence[str]) -> dict[str, np.ndarray]:
        """What the vocabulary says of the analytes of these ranks."""
        return {c: np.array([getattr(a, c) for a in self.analytes], dtype=object)[rank] for c in columns}

    @cached_property
    def known(self) -> Intervals:
        """The values, in the order of the table."""
        ends = (self.table[c].to_numpy() for c in ("low", "high"))
        return Intervals(*ends, *(self.table[c].to_numpy(dtype=bool) for c in ("low_open", "high_open")))

    @cached_property
    def reference(self) -> Intervals:
        """The usual reference range of each row of the table."""
        ranges = Intervals.of([a.reference_for(group) for group in _GROUPS for a in self.analytes])
        return ranges[(self.table["group"] * len(self.analytes) + self.table["rank"]).to_numpy()]

    @cached_property
    def places(self) -> np.ndarray:
        """Where each row of the table may lie against its range, as `judgement.many.place_codes`."""
        return place_codes(self.known, self.reference)


def series_of(part: Part) -> Series:
    """The series of all patients of a partition."""
    analytes = sorted_analytes(part.rows["analyte"].unique(), vocabulary())
    rank = {a.id: i for i, a in enumerate(analytes)}
    rows = part.rows.assign(
        rank=part.rows["analyte"].map(rank).astype(int),
        printed=part.rows["text"] + " " + part.rows["unit"],
        group=_groups(part.rows),
    )
    phases = phases_of(part.given)
    names = {(p, int(s)): name for p, s, name in phases[["patient", "step", "phase"]].itertuples(index=False)}
    starts = {(p, int(s)): day for p, s, day in phases[["patient", "step", "start"]].itertuples(index=False)}
    names |= dict.fromkeys(((p, 0) for p in rows["patient"].unique()), BASELINE)
    rows["step"] = _steps(rows, phases)
    rows = rows.sort_values(["patient", "step", "rank", "day", "nth"], kind="stable").reset_index(drop=True)
    keys = ["patient", "step", "rank"]
    table = _once_a_day(rows)
    first = np.flatnonzero(_changes(table, keys))
    runs = table.loc[first, keys].assign(start=first, count=np.diff([*first, len(table)])).reset_index(drop=True)
    before = runs.assign(step=runs["step"] + 1).rename(columns={"start": "start_a", "count": "m"})
    pairs = runs.rename(columns={"start": "start_b", "count": "n"}).merge(before, on=keys)
    return Series(table, pairs.sort_values(keys, kind="stable", ignore_index=True), names, starts, analytes)


def _groups(rows: pd.DataFrame) -> np.ndarray:
    """The place in _GROUPS of each row's patient, as `Subject.reference_group`."""
    child, sex = rows["age_years"].to_numpy(dtype=float) < ADULT, rows["sex"].to_numpy()
    return np.select([child, sex == "male", sex == "female"], [_GROUPS.index(g) for g in ("child", "male", "female")])


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
        analyte = vocabulary().analytes[stated["analyte"].iloc[0]]
        found = merged([observation(row) for row in stated.itertuples()], analyte, "")
        known = found.known
        assert known is not None  # each of them is a number
        columns = ["low", "high", "low_open", "high_open", "printed", "evidence"]
        ends = known.low, known.high, known.low_open, known.high_open
        table.loc[table.index[group], columns] = [*ends, found.printed, found.evidence]
    return table.reset_index(drop=True)
