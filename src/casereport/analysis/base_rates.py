"""Base rates as a report reads them: how often an abnormal value got better in a published cohort.

The table is derived from the cohort by `reference.base_rates`: nobody needs the cohort itself to build a report.
"""

import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from casereport.files.paths import DATA
from casereport.files.tables import Rule, read_table
from casereport.quantities.intervals import number
from casereport.quantities.units import behind
from casereport.quantities.vocabulary import Analyte
from casereport.quantities.wording import counted, spoken

TABLE = DATA / "reference" / "base_rates.csv"

NEXT_DAY = "next day improvement"

BACK = "back within k days"

COHORT = "Tongji Hospital, Wuhan, 2020"

CAVEATS = (
    "Base rates come from another hospital. Blood was taken when physicians saw a need, so measurements close together "
    "come mostly from patients who died; treatment was not recorded, which does not mean that there was none. No share "
    "is given for fewer than 10 patients, nor where more than 80% of the measurements come from patients who died. A "
    "base rate is how often it happened there, not what would have happened to this patient."
)

PATIENTS = {"all": 375, "survivors": 201, "deaths": 174}  # of the Tongji cohort, by outcome group
WHO = {"all": "patients with", "survivors": "survivors of", "deaths": "patients who died with"}

# Resampling so few patients gives an interval that is known to be too narrow, and the share of so few says little.
FEWEST_PATIENTS = 10

# Where almost every pair is of a patient who died, the share is that of the dying.
MOST_FROM_DEATHS = 0.8

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
    "least_change": Rule(lambda s: not s or re.fullmatch(r"\d+(\.\d+)?", s) is not None, "a share, or nothing"),
    "count": _COUNT,
    "share": _SHARE,
    "ci_low": _SHARE,
    "ci_high": _SHARE,
    "source": Rule(bool, "where the cohort is published"),
}


@dataclass(frozen=True)
class BaseRate:
    """One row of the table: `count` of `measurements`, from `patients`, `in_deaths` of them in patients who died.

    `share`, `ci_low` and `ci_high` are None where there are no measurements, or no interval. `least_change` is the
    relative change that the next value had to exceed, None where no variation is published: then any was enough.
    """

    analyte: str
    limit: str
    side: str
    measure: str
    horizon: int
    outcome_group: str
    measurements: int
    patients: int
    least_change: float | None
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
        parts = {c: float(row[c]) if row[c] else None for c in ("least_change", "share", "ci_low", "ci_high")}
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


def is_telling(rate: BaseRate) -> bool:
    """True where a rate may stand in a report: of enough patients, and not almost all of patients who died."""
    from_deaths = rate.in_deaths or 0 if rate.outcome_group == "all" else 0
    return rate.patients >= FEWEST_PATIENTS and from_deaths <= MOST_FROM_DEATHS * rate.measurements


def _percent(share: float) -> str:
    """A whole per cent, with a decimal where rounding would make a few into none or into all."""
    text = f"{100 * share:.0f}"
    return f"{100 * share:.1f}" if text in ("0", "100") and share not in (0, 1) else text


def base_rate_text(rate: BaseRate, analyte: Analyte) -> str:
    """A base rate that `is_telling` as one sentence, with whose it is and what it rests on; `CAVEATS` says the rest."""
    who = f"Among {PATIENTS[rate.outcome_group]} {WHO[rate.outcome_group]} COVID-19"
    whose = f"{COHORT}, {rate.source}; treatment not recorded"
    value = f"{spoken(analyte.label)} {rate.side} {rate.limit.replace(', ', ' or ')}{behind(analyte.unit)}"
    pairs = rate.measurements
    if rate.measure == NEXT_DAY:
        better = "higher" if rate.side == "below" else "lower"
        size = _percent(rate.least_change) if rate.least_change else ""
        least = f" by more than the {size}% that random variation explains" if size else ""
        found = f"was {better} the next day{least} in {rate.count} of {counted(pairs, 'pair')}"
    else:
        followed = counted(rate.horizon, "day")
        found = f"resolved within {followed} in {rate.count} of {counted(pairs, 'episode')}"
    assert rate.share is not None  # there are measurements
    rest = [counted(rate.patients, "patient")]
    if rate.ci_low is not None and rate.ci_high is not None:
        rest.insert(0, f"95% CI {_percent(rate.ci_low)} to {_percent(rate.ci_high)}")
    else:
        rest.append(f"no interval: it {'always' if rate.count else 'never'} was so")
    if rate.outcome_group == "all" and rate.in_deaths:
        rest.append(f"{rate.in_deaths} of the {pairs} in patients who died")
    return f"{who} ({whose}), {value} {found} ({_percent(rate.share)}%; {'; '.join(rest)})."
