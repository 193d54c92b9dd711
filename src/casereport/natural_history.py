"""Base rates: how often did an abnormal value get better, in patients who are not recorded as having been treated?

A cohort gives the shares that a case report cannot: better the next day, and back within k days. They are kept in the
derived table data/reference/base_rates.csv, so that nobody needs the cohort's own file to build a report;
`python -m casereport.natural_history [PATH]` makes that table anew.
"""

import re
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
import pandas as pd

from casereport.case import load_case
from casereport.intervals import number
from casereport.paths import DATA, relative
from casereport.problems import BadInput, Problem
from casereport.results import csv_text
from casereport.sources import case_names
from casereport.tables import Rule, read_table
from casereport.tongji import COLUMNS, PATIENTS, SOURCE, Cohort, cohort_path, read_tongji
from casereport.units import shown
from casereport.vocabulary import Analyte, load_vocabulary
from casereport.wording import counted, uncapital

TABLE = DATA / "reference" / "base_rates.csv"
NEXT_DAY = "next day improvement"
BACK = "back within k days"
HORIZONS = range(1, 15)
CAVEATS = (
    "These are patients of another hospital. Their blood was taken when their physicians saw need, so measurements "
    "close together come mostly from patients who died. The data record no treatment: the patients are not recorded "
    "as treated, which does not mean that they were untreated. The share says how often it happened there, not what "
    "would have happened to this patient."
)

# Resampling so few patients gives an interval that is known to be too narrow; then none is given.
FEWEST_PATIENTS = 10
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


def courses(table: pd.DataFrame, analyte: str, limit: Limit, improvement: str) -> pd.DataFrame:
    """What followed each index measurement: any value of `analyte` beyond `limit` (a value at the limit is not).

    `table` is a cohort table, `improvement` is increase or decrease. One row an index measurement: `patient`, `died`,
    and `next_day` and `back_1` to `back_14`: 1 for yes, 0 for no, NaN where it was not followed by a measurement in
    time. Next day: the first 0.5 to 1.5 days later, strictly better. Back: measured k - 1 to k + 0.5 days later,
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
    rose, fell = near["value_later"] > near["value"], near["value_later"] < near["value"]
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
    horizon and outcome group. The analyte has a direction of improvement.
    """
    found = courses(table, analyte.id, limit, analyte.improvement)
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
            rows.append((*named, n, len(each), count, share, low, high, SOURCE))
    return pd.DataFrame(rows, columns=list(RULES))


def limits_in_use(data_dir: Path = DATA) -> list[tuple[Analyte, Limit]]:
    """What the table is made for, in the order of the vocabulary: for each analyte of COLUMNS that has a direction of
    improvement, the default limit of its bad side, then the limits that observations of the cases in `data_dir` have
    and that are not the default for the case's own sex. Raises BadInput for a case that does not load.
    """
    vocabulary = load_vocabulary(data_dir / "analytes.csv", data_dir / "interventions.csv")
    wanted = [a for a in vocabulary.analytes.values() if a.id in COLUMNS.values() and a.improvement]
    found = []
    cases = [load_case(name, data_dir) for name in case_names(data_dir)]
    for analyte in wanted:
        male, female = (analyte.bad_limit(analyte.reference[sex]) for sex in ("male", "female"))
        limits = [] if male is None or female is None else [Limit(male, female)]
        others: set[float | None] = set()
        for case in cases:
            rows = case.observations[case.observations["analyte"] == analyte.id]
            usual = analyte.bad_limit(analyte.reference_for(case.meta.subject.reference_group))
            others |= {analyte.bad_limit(r) for r in rows["reference"]} - {usual}
        limits += [Limit(x, x) for x in sorted(others - {None})]
        found += [(analyte, limit) for limit in limits]
    return found


def reference_table(cohort: Cohort, wanted: Iterable[tuple[Analyte, Limit]]) -> pd.DataFrame:
    """The base rates of each analyte and limit wanted, one below the other: the columns of RULES."""
    return pd.concat([base_rates(cohort.table, *one) for one in wanted], ignore_index=True)


# The table, read: what the report looks up

_COUNT = Rule(lambda s: s.isdecimal(), "a whole number")
_SHARE = Rule(lambda s: not s or re.fullmatch(r"0(\.\d+)?|1", s) is not None, "a share from 0 to 1, or nothing")
RULES: dict[str, Rule] = {
    "analyte": Rule(bool, "an id of analytes.csv"),
    "limit": Rule(bool, "a number, or one for each sex: 97 (men), 73 (women)"),
    "side": Rule(lambda s: s in ("below", "above"), "below or above: the bad side"),
    "measure": Rule(lambda s: s in (NEXT_DAY, BACK), f"{NEXT_DAY} or {BACK}"),
    "horizon": _COUNT,
    "outcome_group": Rule(lambda s: s in PATIENTS, "one of " + ", ".join(PATIENTS)),
    "measurements": _COUNT,
    "patients": _COUNT,
    "count": _COUNT,
    "share": _SHARE,
    "ci_low": _SHARE,
    "ci_high": _SHARE,
    "source": Rule(bool, "where the cohort is published"),
}


@dataclass(frozen=True)
class BaseRate:
    """One row of the table: `count` of `measurements`, from `patients`, `in_deaths` of them in patients who died.

    `share`, `ci_low` and `ci_high` are None where there are no measurements, or no interval.
    """

    analyte: str
    limit: str
    side: str
    measure: str
    horizon: int
    outcome_group: str
    measurements: int
    patients: int
    count: int
    share: float | None
    ci_low: float | None
    ci_high: float | None
    source: str
    in_deaths: int | None


@lru_cache
def _read(path: Path) -> dict[tuple, BaseRate]:
    found: dict[tuple, BaseRate] = {}
    rows = list(read_table(path, path.name, RULES).values())
    key = ("analyte", "limit", "side", "measure", "horizon")
    deaths = {tuple(row[c] for c in key): int(row["measurements"]) for row in rows if row["outcome_group"] == "deaths"}
    for row in rows:
        whole = {c: int(row[c]) for c in ("horizon", "measurements", "patients", "count")}
        parts = {c: float(row[c]) if row[c] else None for c in ("share", "ci_low", "ci_high")}
        rate = BaseRate(**{**row, **whole, **parts}, in_deaths=deaths.get(tuple(row[c] for c in key)))
        found[rate.analyte, rate.limit, rate.side, rate.measure, rate.horizon, rate.outcome_group] = rate
    for rate in list(found.values()):
        for one in re.findall(r"[\d.]+(?= \()", rate.limit):  # the default of one sex
            found.setdefault((rate.analyte, one, rate.side, rate.measure, rate.horizon, rate.outcome_group), rate)
    return found


def base_rate(
    analyte: str, limit: float, side: str, measure: str, horizon: int = 1, outcome_group: str = "all"
) -> BaseRate | None:
    """The row of the table for an analyte and the limit (canonical unit) on its bad side, or None where there is none.

    `side` is below or above, `measure` NEXT_DAY or BACK, `horizon` 1 to 14 days (1 for NEXT_DAY), `outcome_group`
    all, survivors or deaths. The default of one sex finds the row in which each patient has the default of their sex,
    unless there is a row for that number.
    Raises BadInput where the table is missing or spoiled.
    """
    return _read(TABLE).get((analyte, number(limit), side, measure, horizon, outcome_group))


def _percent(share: float) -> str:
    """A whole per cent, with a decimal where rounding would make a few into none or into all."""
    text = f"{100 * share:.0f}"
    return f"{100 * share:.1f}" if text in ("0", "100") and share not in (0, 1) else text


def base_rate_text(rate: BaseRate, analyte: Analyte) -> str:
    """A base rate as one sentence, with what it rests on; `CAVEATS` says the rest."""
    who = f"In {PATIENTS['all']} patients of another hospital"
    if rate.outcome_group != "all":
        fate = "survived" if rate.outcome_group == "survivors" else "died"
        who = f"In the {PATIENTS[rate.outcome_group]} of {PATIENTS['all']} patients of another hospital who {fate}"
    who += ", measured as need arose and with no treatment recorded"
    value = f"a value {rate.side} {rate.limit.replace(', ', ' or ')} {shown(analyte.unit)} ({uncapital(analyte.label)})"
    days = counted(rate.horizon, "day")
    if not rate.measurements:
        when = "the next day" if rate.measure == NEXT_DAY else f"about {days} later"
        return f"{who}, {value} was never followed by another measurement {when}: no share can be given."
    n = f"{rate.count} of {rate.measurements}"
    if rate.measure == NEXT_DAY:
        better = "higher" if rate.side == "below" else "lower"
        found = f"{value} was {better} the next day in {n} {'pair' if rate.measurements == 1 else 'pairs'}"
    else:
        times = "time" if rate.measurements == 1 else "times"
        found = (
            f"{value} was no longer {rate.side} the limit within {days} in {n} {times} that it was followed that long"
        )
    assert rate.share is not None  # there are measurements
    rest = [counted(rate.patients, "patient")]
    if rate.ci_low is not None and rate.ci_high is not None:
        rest.insert(0, f"95 % interval {_percent(rate.ci_low)} to {_percent(rate.ci_high)}")
    elif rate.patients < FEWEST_PATIENTS:
        rest[0] += ", too few for an interval"
    else:
        rest.append(f"no interval can be given, as it {'always' if rate.count else 'never'} was so")
    if rate.outcome_group == "all" and rate.in_deaths:
        part = "all" if rate.in_deaths == rate.measurements else f"{rate.in_deaths} of the {rate.measurements}"
        rest.append(f"{part} in patients who died")
    return f"{who}, {found} ({_percent(rate.share)} %; {'; '.join(rest)})."


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
    beside = TABLE.with_suffix(".new")
    beside.write_text(text, encoding="utf-8")
    beside.rename(TABLE)
    print(relative(TABLE))
    return 0


if __name__ == "__main__":
    sys.exit(main())
