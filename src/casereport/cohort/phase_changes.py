"""The table of changes of a whole partition: the last value of each phase against that of the phase before it.

As `tables.changes` does for one case, for all patients at once.
"""

from typing import Any

import numpy as np
import pandas as pd

from casereport.analysis.changes import WINDOW_DAYS
from casereport.analysis.judgement import material as noise
from casereport.analysis.judgement import verdict as rules
from casereport.analysis.judgement.position import OUTSIDE, told
from casereport.cohort.many_intervals import Flags, Intervals, Texts, once_each
from casereport.cohort.patient_series import Series
from casereport.quantities.wording import printed_text


def change_table(series: Series) -> pd.DataFrame:
    """The columns of the table `changes` after `patient`, but for the rows of a case that they are from."""
    pairs, table = series.pairs, series.table
    last = {"before": pairs["start_a"] + pairs["m"] - 1, "after": pairs["start_b"] + pairs["n"] - 1}
    at = {side: places.to_numpy() for side, places in last.items()}
    known, day = series.known, table["day"].to_numpy()
    before, after = known[at["before"]], known[at["after"]]
    ranks = pairs["rank"].to_numpy()
    evidence = [table["evidence"].to_numpy()[i] for i in at.values()]
    found: dict[str, Any] = {
        "patient": pairs["patient"],
        "phase": series.phase(pairs["patient"], pairs["step"]),
        "phase_before": series.phase(pairs["patient"], pairs["step"] - 1),
        "analyte": series.of_analytes(ranks, ("id",))["id"],
        **series.of_analytes(ranks, ("label", "short", "unit")),
    }
    for side, values in (("before", before), ("after", after)):
        found |= values.columns(f"{side}_", side)
        found[f"{side}_printed"] = once_each(printed_text, table["printed"].to_numpy()[at[side]])
        found[f"{side}_day"] = day[at[side]]
    age = series.opens(pairs["patient"], pairs["step"]) - found["before_day"]
    places = {side: known[i].places(series.reference[i]) for side, i in at.items()}
    return pd.DataFrame(
        found
        | _judged(before, after, places, series, ranks, age)
        | _extreme(series, pairs, at, before, after)
        | {
            "n_before": pairs["m"],
            "n_after": pairs["n"],
            "evidence": np.where(evidence[0] == evidence[1], evidence[0], evidence[0] + " and " + evidence[1]),
        }
    )


def _judged(
    before: Intervals, after: Intervals, places: dict[str, Texts], series: Series, ranks: np.ndarray, age: np.ndarray
) -> dict[str, Any]:
    """From the ratio and the difference to the rule of the verdict."""
    of_analyte = series.of_analytes(ranks, ("improvement", "two_sided", "scale"))
    ratio = before.ratio(after)
    low, high = (np.where(of_analyte["scale"] == "difference", np.nan, end) for end in ratio)
    moved, direction = _material(low - 1, high - 1, *series.limits(ranks)), before.direction(after)
    aged = np.where(age > WINDOW_DAYS, age, np.nan)
    columns = direction, *places.values(), moved, of_analyte["improvement"], of_analyte["two_sided"], aged
    words = once_each(_words, *columns)
    verdict, heading, rule = (np.array([w[i] for w in words], dtype=object) for i in range(3))
    return {
        "ratio_low": low,
        "ratio_high": high,
        "difference_low": after.low - before.high,
        "difference_high": after.high - before.low,
        "direction": direction,
        "material": moved,
        "verdict": verdict,
        "heading": heading,
        "rule": rule,
        **{f"position_{side}": once_each(_told, codes) for side, codes in places.items()},
    }


def _material(low: np.ndarray, high: np.ndarray, least: np.ndarray, most: np.ndarray) -> Texts:
    """As `material.material`, of relative changes between `low` and `high`."""
    unknown = np.isnan(low) | np.isnan(high) | np.isnan(least)
    found = [unknown, (low > most) | (high < least), (least <= low) & (high <= most)]
    return np.select(found, ["", noise.YES, noise.NO], noise.OPEN)


def _words(
    direction: str, before: str, after: str, material: str, usual: str, two_sided: bool, age: float
) -> tuple[str, str, str]:
    where = tuple(before.split()), tuple(after.split())
    found = rules.UNDECIDED if age > WINDOW_DAYS else rules.verdict(direction, *where, material)
    heading = rules.heading(found, *where, usual, two_sided)
    return found, heading, rules.rule(found, heading, material, age, WINDOW_DAYS)


def _told(places: str) -> str:
    return told(tuple(places.split()))


def _extreme(
    series: Series, pairs: pd.DataFrame, at: dict[str, np.ndarray], before: Intervals, after: Intervals
) -> dict[str, Any]:
    """The value of each later phase that lies furthest outside both values compared; NaN where none does."""
    count = pairs["n"].to_numpy()
    pair = np.repeat(np.arange(len(pairs)), count)
    start = np.cumsum(count) - count
    row = np.arange(len(pair)) - np.repeat(start, count) + np.repeat(pairs["start_b"].to_numpy(), count)
    value, ends = series.known[row], (before[pair], after[pair])
    places = value.places(series.reference[row])
    may_be = (row != at["after"][pair]) & ((places == "") | np.isin(places, OUTSIDE))
    above = ends[0].certainly_below(value) & ends[1].certainly_below(value)
    below = value.certainly_below(ends[0]) & value.certainly_below(ends[1])
    beyond = np.where(above, value.low - np.maximum(ends[0].high, ends[1].high), np.nan)
    beyond = np.where(below, np.minimum(ends[0].low, ends[1].low) - value.high, beyond)
    beyond = np.where(may_be & (above | below), beyond, -np.inf)
    furthest = np.maximum.reduceat(beyond, start) if len(pairs) else np.zeros(0)
    first = _first(beyond == furthest[pair], pair, len(pairs))
    there: Flags = furthest > -np.inf
    chosen = row[np.where(there, first, 0)] if len(row) else np.zeros(len(pairs), dtype=int)
    columns = (
        series.known[chosen].columns("extreme_", "extreme")
        if len(pairs)
        else Intervals.of([]).columns("extreme_", "extreme")
    )
    found: dict[str, Any] = {c: np.where(there, v, "" if c == "extreme_closed" else np.nan) for c, v in columns.items()}
    printed = once_each(printed_text, series.table["printed"].to_numpy()[chosen])
    found["extreme_printed"] = np.where(there, printed, "")
    found["extreme_day"] = np.where(there, series.table["day"].to_numpy()[chosen], np.nan)
    return found


def _first(here: Flags, pair: np.ndarray, pairs: int) -> np.ndarray:
    """The first place of each pair that is marked."""
    found = np.zeros(pairs, dtype=int)
    places = np.flatnonzero(here)[::-1]
    found[pair[places]] = places
    return found
