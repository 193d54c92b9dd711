"""The table of changes of a whole partition: the last value of each phase against that of the phase before it.

As `contrasts` does for one case. Each comparison of two intervals is one line of arithmetic for all patients; words
are made once for each distinct value.
"""

import numpy as np
import pandas as pd

from casereport.analysis.changes import COLUMNS, outcome
from casereport.cohort.patient_series import Series
from casereport.quantities.intervals import Interval, number

_NO_LIMITS = Interval(-np.inf, np.inf)

NUMBERS = ["ratio_low", "ratio_high"]


def change_table(series: Series, groups: pd.Series) -> pd.DataFrame:
    """The columns of `contrasts.COLUMNS` after `patient`; intervals and days as text in their grammar. `groups` gives
    whose default reference ranges are those of each patient (`Subject.reference_group`, empty for None).
    """
    pairs, table = series.pairs, series.table
    if not len(pairs):
        return pd.DataFrame(columns=["patient", *COLUMNS]).astype(dict.fromkeys(NUMBERS, float))
    at = [pairs[start].to_numpy() + pairs[n].to_numpy() - 1 for start, n in (("start_a", "m"), ("start_b", "n"))]
    before, after = ({c: table[c].to_numpy()[i] for c in ("low", "high", "low_open", "high_open")} for i in at)
    limits = _limits(series, pairs, groups)
    direction = _direction(before, after)
    where = _against(before, limits), _against(after, limits)
    low, high = _ratio(before, after)
    columns = ("id", "unit", "improvement", "two_sided")
    pick = {c: np.array([getattr(a, c) for a in series.analytes], dtype=object) for c in columns}
    ranks = pairs["rank"].to_numpy()
    evidence = [table["evidence"].to_numpy()[i] for i in at]
    found = {
        "patient": pairs["patient"],
        "phase": series.phase(pairs["patient"], pairs["step"]),
        "phase_before": series.phase(pairs["patient"], pairs["step"] - 1),
        "analyte": pick["id"][ranks],
        "unit": pick["unit"][ranks],
        "before": texts(before),
        "before_day": _numbers(table["day"].to_numpy()[at[0]]),
        "after": texts(after),
        "after_day": _numbers(table["day"].to_numpy()[at[1]]),
        "ratio_low": low,
        "ratio_high": high,
        "direction": direction,
        "outcome": _outcomes(direction, pick["improvement"][ranks], pick["two_sided"][ranks], *where),
        "reference_before": where[0],
        "reference_after": where[1],
        "n_before": pairs["m"],
        "n_after": pairs["n"],
        "evidence": np.where(evidence[0] == evidence[1], evidence[0], evidence[0] + " and " + evidence[1]),
    }
    return pd.DataFrame(found)[["patient", *COLUMNS]]


def _limits(series: Series, pairs: pd.DataFrame, groups: pd.Series) -> tuple[np.ndarray, np.ndarray]:
    usual = {}
    for group in ("", "male", "female", "child"):
        ranges = [a.reference_for(group or None) or _NO_LIMITS for a in series.analytes]
        usual[group] = np.array([[r.low, r.high] for r in ranges])
    own = pairs["patient"].map(groups).to_numpy()
    ranks = pairs["rank"].to_numpy()
    limits = usual[""][ranks]
    for group in ("male", "female", "child"):
        limits = np.where((own == group)[:, None], usual[group][ranks], limits)
    return limits[:, 0], limits[:, 1]


def _below(x: dict, y: dict) -> np.ndarray:
    """Where every value of x is lower than every value of y."""
    return (x["high"] < y["low"]) | ((x["high"] == y["low"]) & (x["high_open"] | y["low_open"]).astype(bool))


def _direction(before: dict, after: dict) -> np.ndarray:
    same = (before["low"] == before["high"]) & (after["low"] == before["low"]) & (after["high"] == before["high"])
    return np.select([_below(before, after), _below(after, before), same], ["rose", "fell", "same"], "not certain")


def _against(x: dict, limits: tuple[np.ndarray, np.ndarray]) -> np.ndarray:
    low, high = limits
    # as in Interval, an infinite end of the range is open
    reference = {"low": low, "high": high, "low_open": np.isinf(low), "high_open": np.isinf(high)}
    known = np.isfinite(low) | np.isfinite(high)
    inside_low = (x["low"] > low) | ((x["low"] == low) & (x["low_open"].astype(bool) | ~reference["low_open"]))
    inside_high = (x["high"] < high) | ((x["high"] == high) & (x["high_open"].astype(bool) | ~reference["high_open"]))
    return np.select(
        [~known, inside_low & inside_high, _below(x, reference), _below(reference, x)], ["", "in", "below", "above"], ""
    )


def _ratio(before: dict, after: dict) -> tuple[np.ndarray, np.ndarray]:
    none = (before["low"] < 0) | (after["low"] < 0) | (before["high"] == 0)
    with np.errstate(all="ignore"):
        low = np.where(np.isfinite(before["high"]), after["low"] / before["high"], 0.0)
        bounded = (before["low"] > 0) & np.isfinite(after["high"])
        high = np.where(bounded, after["high"] / before["low"], np.inf)
    return np.where(none, np.nan, low), np.where(none, np.nan, high)


def _outcomes(*columns: np.ndarray) -> np.ndarray:
    """Each combination of direction, improvement and places judged once."""
    codes, distinct = pd.factorize(pd.MultiIndex.from_arrays(columns))
    return np.array([outcome(*one) for one in distinct], dtype=object)[codes]


def texts(x: dict) -> np.ndarray:
    """The intervals as texts, each distinct one written once."""
    codes, distinct = pd.factorize(pd.MultiIndex.from_arrays([x["low"], x["high"], x["low_open"], x["high_open"]]))
    written = [str(Interval(float(a), float(b), bool(c), bool(d))) for a, b, c, d in distinct]
    return np.array(written, dtype=object)[codes]


def _numbers(x: np.ndarray) -> np.ndarray:
    codes, distinct = pd.factorize(x)
    return np.array([number(float(v)) for v in distinct], dtype=object)[codes]
