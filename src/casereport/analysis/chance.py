"""How often chance alone shows as much: the operating characteristics of the effect sizes, as a report reads them.

The table is derived by simulation, by `reference.operating_characteristics`.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from itertools import product
from statistics import NormalDist
from typing import NamedTuple

import pandas as pd

from casereport.files.paths import DATA
from casereport.quantities.wording import counted

TABLE = DATA / "reference" / "operating_characteristics.csv"

LOG_SD = 0.3

AUTOCORRELATIONS = (0.0, 0.3, 0.6)

# False alarms are looked up for the lengths of a given case: 1 and 2 are there because reports often give no more, and
# 9 and 11 are not, because NAP then alarms less often than with 8 and 10. Bias and coverage need fewer lengths.
LENGTHS = (1, 2, 3, 4, 5, 6, 7, 8, 10, 12)


@dataclass(frozen=True, slots=True)
class Index:
    """An effect size: its name for readers, its alarm, its truth given the shift, and its value without effect.

    An alarm is a value of `alarm` or more: 0.9 for a share; 0.8 for Tau and its kin, 2 NAP - 1, and for IRD, which with
    equal phases is 2 PAND - 1; for SMD and LRR the size of the shift that has NAP 0.9. With `rarer`, false alarms are
    rarer the more values there are, to within 2 percentage points since the values of an index are discrete. The others
    lack this: a trend carried into a long treatment strays, one taken out of a long baseline weighs more against a
    short treatment, and the floor of PAND depends on the ratio of the lengths.
    """

    label: str
    alarm: float
    truth: Callable[[float], float] | None
    rarer: bool
    none: float = 0.0


def _above(shift: float) -> float:
    """The chance that one treatment value exceeds one baseline value."""
    return NormalDist().cdf(shift / math.sqrt(2))


def _signed(shift: float) -> float:
    return 2 * _above(shift) - 1


INDICES: dict[str, Index] = {
    "nap": Index("NAP", 0.9, _above, rarer=True, none=0.5),
    "tau": Index("Tau", 0.8, _signed, rarer=True),
    "tau_u": Index("Tau-U", 0.8, _signed, rarer=False),
    "tau_bc": Index("baseline-corrected Tau", 0.8, _signed, rarer=False),
    "pnd": Index("PND", 0.9, None, rarer=True),
    "pem": Index("PEM", 0.9, NormalDist().cdf, rarer=True),
    "pand": Index("PAND", 0.9, None, rarer=False),
    "ird": Index("IRD", 0.8, None, rarer=False),
    "smd": Index("SMD", 1.8, lambda shift: shift, rarer=True),
    "lrr": Index("LRR", 0.54, lambda shift: LOG_SD * shift, rarer=True),
}


@dataclass(frozen=True, slots=True)
class HowOften:
    """How often chance alone passes for an effect, for about as many values as a case has.

    `n_baseline` and `n_treatment` are those of the simulated cells: the most that are not more than the case has.
    `low` and `high` are the smallest and the largest share of false alarms among them, 0 to 1. `sentence` says so;
    `interval_sentence` says how often the 95 % interval holds the truth: empty where the index has none, and where the
    lengths differ from the cells', since with autocorrelation more values may make it worse.
    """

    n_baseline: int
    n_treatment: int
    low: float
    high: float
    sentence: str
    interval_sentence: str


def read_characteristics() -> pd.DataFrame:
    """The table as `characteristics` describes it, with numbers as numbers and NaN for an empty cell."""
    return pd.read_csv(TABLE)


def how_often(table: pd.DataFrame, index: str, n_baseline: int, n_treatment: int) -> HowOften | None:
    """What the table (of `read_characteristics`) says of `index` with so many values and no effect.

    For lengths that were not simulated the next shorter ones stand in, if false alarms are then not rarer than with
    those of the case (`Index.rarer`); else None. None too where so few values give no such index. Raises ValueError
    for an unknown index or an empty phase.
    """
    if index not in INDICES:
        raise ValueError(f"index is {index!r}; expected one of {', '.join(INDICES)}")
    if min(n_baseline, n_treatment) < 1:
        raise ValueError(f"{n_baseline} values before and {n_treatment} after; expected at least 1 in each phase")
    of = INDICES[index]
    m, n = (max(length for length in LENGTHS if length <= given) for given in (n_baseline, n_treatment))
    same = (m, n) == (n_baseline, n_treatment)
    cells = table[(table["index"] == index) & (table["n_baseline"] == m) & (table["n_treatment"] == n)]
    cells = cells[cells["effect_sd"] == 0]
    if cells.empty or not (same or of.rarer):
        return None
    sentence = (
        f"With {counted(n_baseline, 'value')} before and {n_treatment} after"
        + ("" if same else f" (simulated: {m} before and {n} after, the nearest simulated numbers that are not larger)")
        + f", a series that only fluctuates, without any effect or trend, shows {of.label} of {of.alarm:g} or more"
        + (f" (for values that vary by about {100 * LOG_SD:.0f} %)" if index == "lrr" else "")
        + f" in {_range(cells, 'alarm_rate', 'simulated cases')}."
    )
    holds = ""
    if same and cells["coverage"].notna().all():
        holds = f"Its 95 % confidence interval holds the true value in {_range(cells, 'coverage', 'them')}."
    return HowOften(m, n, float(cells["alarm_rate"].min()), float(cells["alarm_rate"].max()), sentence, holds)


class FalseAlarms(NamedTuple):
    """The smallest and the largest simulated share of false alarms; `same` where just these lengths were simulated."""

    low: float
    high: float
    same: bool


@cache
def false_alarms(index: str, n_baseline: int, n_treatment: int) -> FalseAlarms | None:
    """How often `index`, a name of INDICES, reaches its alarm with so many values and no effect.

    Over all starts and autocorrelations that were simulated. Lengths that were not are answered by the nearest: the
    next shorter where an index alarms the more rarely the more values there are, else by the range over the next
    shorter and the next longer, or the longest. None where so few values give no such index.
    """
    nearest = [_nearest(n, INDICES[index].rarer) for n in (n_baseline, n_treatment)]
    found = [_rates()[key] for m, n in product(*nearest) if (key := (index, m, n)) in _rates()]
    if not found:
        return None
    same = nearest == [[n_baseline], [n_treatment]]
    return FalseAlarms(min(low for low, _ in found), max(high for _, high in found), same)


def _nearest(n: int, shorter: bool) -> list[int]:
    below = max(length for length in LENGTHS if length <= n)
    above = min((length for length in LENGTHS if length >= n), default=below)
    return [below] if shorter or below == above else [below, above]


@cache
def _rates() -> dict[tuple[str, int, int], tuple[float, float]]:
    table = read_characteristics()
    cells = table[table["effect_sd"] == 0].groupby(["index", "n_baseline", "n_treatment"])["alarm_rate"]
    return dict(zip(cells.groups, zip(cells.min().tolist(), cells.max().tolist(), strict=True), strict=True))


def share_range(low: float, high: float) -> str:
    """Two shares in whole per cent: `28 to 88 %`, `less than 1 to 7 %`, `5 %`."""
    least, most = _percent_text(_percent(low)), _percent_text(_percent(high))
    return least if least == most else f"{least.removesuffix(' %')} to {most}"


def most_alarms(share: float) -> str:
    """The largest share of false alarms, beside an index: `≤ 10 %`, `< 1 %`."""
    text = _percent_text(_percent(share))
    return f"≤ {text}".replace("≤ less than", "<").replace("≤ more than", ">")


def _range(cells: pd.DataFrame, column: str, of: str) -> str:
    """The smallest and the largest share, each with the first setting that has it in whole percent."""
    percent = cells[column].map(_percent)
    low, high = percent.idxmin(), percent.idxmax()
    least, most = _percent_text(percent[low]), _percent_text(percent[high])
    if least == most:
        return f"{least} of {of}, whatever the start and the autocorrelation (0 to {AUTOCORRELATIONS[-1]:g})"
    return f"{least} ({_setting(cells.loc[low])}) to {most} ({_setting(cells.loc[high])}) of {of}"


def _percent(share: float) -> int:
    """Whole percent; 0 stands for less than 1 %, 100 for more than 99 %, since no simulation shows never or always."""
    return 0 if share < 0.01 else 100 if share > 0.99 else round(100 * share)


def _percent_text(percent: int) -> str:
    return {0: "less than 1 %", 100: "more than 99 %"}.get(percent, f"{percent} %")


def _setting(cell: pd.Series) -> str:
    rho, start = cell["autocorrelation"], cell["start"]
    values = f"autocorrelation {rho:g}" if rho else "independent values"
    return f"{values}, start at {'a fixed point' if start == 'fixed' else 'the worst value'}"
