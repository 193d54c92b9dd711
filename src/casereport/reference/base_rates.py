"""Base rates: how often did an abnormal value get better, in patients who are not recorded as having been treated?

A cohort gives the shares that a case report cannot: better the next day, beyond random variation, and back within k
days. They are kept in the derived table data/reference/base_rates.csv, so that nobody needs the cohort's own file to
build a report; `python -m casereport.reference.base_rates [PATH]` makes that table anew.
"""

import sys
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from casereport.analysis.base_rates import BACK, FEWEST_PATIENTS, NEXT_DAY, RULES, TABLE
from casereport.analysis.judgement.material import ChangeLimits, limits_of
from casereport.analysis.result_files import csv_text
from casereport.case.place import case_names
from casereport.case.reading import read_case
from casereport.errors import BadInput, Problem
from casereport.files.paths import relative
from casereport.files.whole import write_whole
from casereport.quantities.intervals import number
from casereport.quantities.vocabulary import Analyte
from casereport.quantities.vocabulary_tables import project_vocabulary
from casereport.reference.tongji import COLUMNS, SOURCE, Cohort, cohort_path, read_tongji

HORIZONS = range(1, 15)

REPLICATES = 4000
SEED = 375


@dataclass(frozen=True)
class Limit:
    """A limit on the bad side, in the canonical unit, where it may depend on the patient's own sex."""

    male: float
    female: float

    def __str__(self) -> str:
        if self.male == self.female:
            return number(self.male)
        return f"{number(self.male)} (men), {number(self.female)} (women)"


def courses(
    table: pd.DataFrame, analyte: str, limit: Limit, improvement: str, noise: ChangeLimits | None = None
) -> pd.DataFrame:
    """What followed each index measurement: any value of `analyte` beyond `limit` (a value at the limit is not).

    `table` is a cohort table, `improvement` is increase or decrease. One row an index measurement: `patient`, `died`,
    and `next_day` and `back_1` to `back_14`: 1 for yes, 0 for no, NaN where it was not followed by a measurement in
    time. Next day: the first 0.5 to 1.5 days later, better by more than `noise` explains (the reference change value;
    by however little where it is None). Back: measured k - 1 to k + 0.5 days later,
    and not beyond the limit at any measurement up to then. Times are real differences in days, ends included;
    a measurement at the same time is not a later one.
    """
    own = table[["patient", "time", "sex", "died"]].assign(value=table[analyte]).dropna(subset="value")
    own = own.sort_values(["patient", "time"], kind="stable").reset_index(drop=True)
    bound = own["sex"].map({"male": limit.male, "female": limit.female})
    own["beyond"] = own["value"] < bound if improvement == "increase" else own["value"] > bound
    rows = own.reset_index(names="row")[["row", "patient", "time", "value", "beyond"]]
    pairs = rows[rows["beyond"]].merge(rows, on="patient", suffixes=("", "_later"))
    pairs["after"] = pairs["time_later"] - pairs["time"]
    pairs = pairs[pairs["after"] > pd.Timedelta(0)].sort_values(["row", "row_later"])

    found = own.loc[own["beyond"], ["patient", "died"]].copy()
    near = pairs[pairs["after"].between(pd.Timedelta(days=0.5), pd.Timedelta(days=1.5))].drop_duplicates("row")
    change = near["value_later"] / near["value"] - 1  # the cohort has positive values only
    rose, fell = (change > noise.high, change < noise.low) if noise else (change > 0, change < 0)
    better = (rose if improvement == "increase" else fell).set_axis(near["row"]).astype(float)
    found[_column(NEXT_DAY, 1)] = better.reindex(found.index)
    for k in HORIZONS:
        until = pairs[pairs["after"] <= pd.Timedelta(days=k + 0.5)]
        measured = until.loc[until["after"] >= pd.Timedelta(days=k - 1), "row"]
        back = found.index.isin(until.loc[~until["beyond_later"], "row"])
        found[_column(BACK, k)] = np.where(found.index.isin(measured), back, np.nan)
    return found


def _column(measure: str, horizon: int) -> str:
    return "next_day" if measure == NEXT_DAY else f"back_{horizon}"


def bootstrap_interval(counts: np.ndarray, measurements: np.ndarray) -> tuple[float, float]:
    """The 95 % percentile interval of sum(counts) / sum(measurements), resampling patients (one entry a patient).

    A patient is drawn with all measurements, so that many from one patient do not pass for many patients. NaN for
    fewer than FEWEST_PATIENTS patients, and for a share of 0 or 1, where resampling can show nothing but itself.
    """
    patients = len(counts)
    if patients < FEWEST_PATIENTS or counts.sum() in (0, measurements.sum()):
        return (np.nan, np.nan)
    # the same generator for every share: a row of the table does not depend on which rows are made with it
    drawn = np.random.Generator(np.random.PCG64(SEED)).integers(0, patients, size=(REPLICATES, patients))
    shares = counts[drawn].sum(axis=1) / measurements[drawn].sum(axis=1)
    low, high = np.quantile(shares, (0.025, 0.975))
    return (round(float(low), 3), round(float(high), 3))


def base_rates(table: pd.DataFrame, analyte: Analyte, limit: Limit) -> pd.DataFrame:
    """The base rates of one analyte and limit in a cohort table: the columns of RULES, a row for each measure,
    horizon and outcome group. The analyte has a direction of improvement; what counts as a change is decided by the
    variation in the vocabulary.
    """
    noise = limits_of(analyte)
    found = courses(table, analyte.id, limit, analyte.improvement, noise)
    least = round(noise.high if analyte.improvement == "increase" else -noise.low, 3) if noise else np.nan
    groups = {"all": found["died"].notna(), "survivors": ~found["died"], "deaths": found["died"]}
    rows = []
    for measure, horizon in [(NEXT_DAY, 1), *((BACK, k) for k in HORIZONS)]:
        answer = found[_column(measure, horizon)]
        for group, members in groups.items():
            each = answer[members & answer.notna()].groupby(found["patient"]).agg(["sum", "count"])
            count, n = int(each["sum"].sum()), int(each["count"].sum())
            low, high = bootstrap_interval(each["sum"].to_numpy(), each["count"].to_numpy())
            share = round(count / n, 4) if n else np.nan
            side = "below" if analyte.improvement == "increase" else "above"
            named = (analyte.id, str(limit), side, measure, horizon, group)
            exceeded = least if measure == NEXT_DAY else np.nan
            rows.append((*named, n, len(each), exceeded, count, share, low, high, SOURCE))
    return pd.DataFrame(rows, columns=list(RULES))


def limits_in_use() -> list[tuple[Analyte, Limit]]:
    """What the table is made for, in the order of the vocabulary: for each analyte of COLUMNS that has a direction of
    improvement, the default limit of its bad side, then the limits that observations of the project's cases have and
    that are not the default for the case's own sex. Raises BadInput for a case that cannot be read.
    """
    vocabulary = project_vocabulary()
    wanted = [a for a in vocabulary.analytes.values() if a.id in COLUMNS.values() and a.improvement]
    found = []
    cases = [read_case(name) for name in case_names()]
    for analyte in wanted:
        male, female = (analyte.bad_limit(analyte.reference[sex]) for sex in ("male", "female"))
        limits = [] if male is None or female is None else [Limit(male, female)]
        others: set[float] = set()
        for case in cases:
            usual = analyte.bad_limit(analyte.reference_for(case.meta.subject.reference_group))
            printed = {analyte.bad_limit(row.reference) for row in case.observations if row.analyte == analyte.id}
            others |= {limit for limit in printed if limit is not None and limit != usual}
        limits += [Limit(x, x) for x in sorted(others)]
        found += [(analyte, limit) for limit in limits]
    return found


def reference_table(cohort: Cohort, wanted: Iterable[tuple[Analyte, Limit]]) -> pd.DataFrame:
    """The base rates of each analyte and limit wanted, one below the other: the columns of RULES."""
    return pd.concat([base_rates(cohort.table, *one) for one in wanted], ignore_index=True)


def main(arguments: list[str] | None = None) -> int:
    """Makes the table anew from the Tongji file; returns the exit code, 2 for bad input."""
    given = sys.argv[1:] if arguments is None else arguments
    try:
        if len(given) > 1:
            raise BadInput([Problem("arguments", 0, "", " ".join(given), "one path, or none")])
        cohort = read_tongji(cohort_path(*given))
        text = csv_text(reference_table(cohort, limits_in_use()))
    except BadInput as bad:
        for problem in bad.problems:
            print(f"natural history: {problem}", file=sys.stderr)
        return 2
    for what, n in cohort.dropped.items():
        print(f"dropped {what}: {n}")
    TABLE.parent.mkdir(exist_ok=True)
    write_whole(TABLE, text)
    print(relative(TABLE))
    return 0


if __name__ == "__main__":
    sys.exit(main())
