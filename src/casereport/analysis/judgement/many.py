"""The rules for many values and changes at once, from where they lie to the rule of the verdict.

The arithmetic is that of one: `place_code`, `direction_code` and `material_code`.
"""

import math
from functools import partial

import numpy as np
import pandas as pd

from casereport.analysis.judgement import verdict as rules
from casereport.analysis.judgement.direction import DIRECTIONS, direction_code
from casereport.analysis.judgement.improvement import harmless_side
from casereport.analysis.judgement.material import SAID, WORDS, material_code
from casereport.analysis.judgement.position import OUTSIDE, PLACES, place_code, told
from casereport.analysis.once_each import once_each
from casereport.quantities.many_intervals import Intervals

POSITIONS = np.array([told(found) for found in PLACES], dtype=object)  # what is told of each set of places


def place_codes(known: Intervals, reference: Intervals) -> np.ndarray:
    """Where many values may lie, each as its place in `position.PLACES`."""
    return np.where(np.isnan(known.low) | np.isnan(reference.low), 0, place_code(known, reference))


def judged(before: Intervals, after: Intervals, of: pd.DataFrame, window_days: int) -> pd.DataFrame:
    """What is said of changes from `before` to `after`: from the ratio to the rule of the verdict, as in `Change`.

    `of` has for each change `place_before` and `place_after` (of `judgement.position.PLACES`), `scale`, `rcv_low`,
    `rcv_high`, `improvement` (the usual one), `two_sided`, `age` (by how many days the earlier value is older than the
    dose; NaN where that is not known) and `in_words`.
    """
    none = (before.low < 0) | (after.low < 0) | (before.high == 0) | (of["scale"].to_numpy() == "difference")
    with np.errstate(all="ignore"):
        low = np.where(np.isfinite(before.high), after.low / before.high, 0.0)
        high = np.where((before.low > 0) & np.isfinite(after.high), after.high / before.low, math.inf)
        differences = after.low - before.high, after.high - before.low
    low, high = np.where(none, math.nan, low), np.where(none, math.nan, high)
    limits = (of[end].to_numpy() for end in ("rcv_low", "rcv_high"))
    exceeds = np.array(SAID, dtype=object)[material_code(low - 1, high - 1, *limits)]
    moved = np.where(of["in_words"], WORDS, exceeds)
    directions = np.array(DIRECTIONS, dtype=object)[direction_code(before, after)]
    aged = of["age"].where(of["age"] > window_days)
    where = [of[column] for column in ("place_before", "place_after", "improvement", "two_sided")]
    words = once_each(partial(_words, window_days), directions, moved, *where, aged)
    verdict, heading, rule = (np.array([w[i] for w in words], dtype=object) for i in range(3))
    return pd.DataFrame(
        {
            "ratio_low": low,
            "ratio_high": high,
            "difference_low": differences[0],
            "difference_high": differences[1],
            "direction": directions,
            "material": moved,
            "verdict": verdict,
            "heading": heading,
            "rule": rule,
            "position_before": POSITIONS[of["place_before"]],
            "position_after": POSITIONS[of["place_after"]],
        }
    )


def _words(
    window_days: int, direction: str, material: str, before: int, after: int, usual: str, two_sided: bool, age: float
) -> tuple[str, str, str]:
    where = PLACES[before], PLACES[after]
    harmless = harmless_side(usual, two_sided)
    verdict = rules.UNDECIDED if age > window_days else rules.verdict(direction, *where, material, harmless)
    heading = rules.heading(verdict, *where, usual, two_sided)
    return verdict, heading, rules.rule(verdict, heading, *where, material, age, window_days)


def extremes(
    known: Intervals, codes: np.ndarray, counts: np.ndarray, first: Intervals, last: Intervals,
    named: np.ndarray | None = None,
) -> np.ndarray:  # fmt: skip
    """For each change the place of the later value furthest outside both ends, and outside its range where it has one.

    `known` are the later values of all changes, `counts` how many of them are of each, `codes` where each may lie (its
    place in `judgement.position.PLACES`). With `named`, what an earlier call has found, the furthest on the other side
    of the ends. -1 where there is none; of equals the first.
    """
    change = np.repeat(np.arange(len(counts)), counts)
    first, last = first[change], last[change]
    above = known.certainly_above(first) & known.certainly_above(last)
    below = known.certainly_below(first) & known.certainly_below(last)
    with np.errstate(invalid="ignore"):
        over, under = known.low - np.maximum(first.high, last.high), np.minimum(first.low, last.low) - known.high
    beyond = np.where(above, over, under)
    counted = (above | below) & ((codes == 0) | np.isin(POSITIONS[codes], OUTSIDE))
    if named is not None:
        counted &= (named[change] >= 0) & (above != above[named[change]])
    outside = np.flatnonzero(counted)
    ordered = outside[np.lexsort((-beyond[outside], change[outside]))]
    changes, at = np.unique(change[ordered], return_index=True)
    found = np.full(len(counts), -1)
    found[changes] = ordered[at]
    return found
