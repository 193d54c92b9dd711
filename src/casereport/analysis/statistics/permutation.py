"""The permutation test of Mann and Whitney between two phases: its p value, and the least that it could have been.

With few values no order of them can reach a low p value: 3 before and 3 after have 20 orders, so that two-sided nothing
is below 2/20. Such a p value says nothing of the data, only of their number, and is not given.
"""

import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from scipy import stats

RESAMPLES = 9999
SEED = 20200716
LEVEL = 0.05


class TwoSided(NamedTuple):
    """A two-sided p value, None where it could not have reached LEVEL, and the least that it could have been."""

    p: float | None
    least: float | None


def permutation_test(before: Sequence[float], after: Sequence[float], seed: int) -> TwoSided:
    """Mann and Whitney by permutation, two values or more in each phase: twice the smaller of the one-sided p values.

    All assignments are counted where there are no more than RESAMPLES of them, else as many are drawn.
    """
    m, pooled = len(before), np.sort([*before, *after])
    least = least_p(m, len(after), *_at_ends(pooled, m))
    if least > LEVEL:
        return TwoSided(None, least)
    method = stats.PermutationMethod(n_resamples=RESAMPLES, rng=seed)
    return TwoSided(float(stats.mannwhitneyu(before, after, method=method).pvalue), least)


def _at_ends(pooled: np.ndarray, m: int) -> tuple[tuple[int, int], tuple[int, int]]:
    """Of the value at which the m lowest end: how often it occurs, and how often among these; so of the m highest."""
    low, high = pooled[m - 1], pooled[len(pooled) - m]
    first, last = (np.searchsorted(pooled, low, side) for side in ("left", "right"))
    start, end = (np.searchsorted(pooled, high, side) for side in ("left", "right"))
    return (int(last - first), m - int(first)), (int(end - start), int(end) - (len(pooled) - m))


def least_p(m: int, n: int, lowest: tuple[int, int], highest: tuple[int, int]) -> float:
    """The least two-sided p value that m and n values with their ties can have.

    Where all values differ this is 2 / C(m + n, m). Of tied values at which the m lowest (or the m highest) end, `t`
    in all of which `k` are among these, any k give the same extreme rank sum: C(t, k) assignments in place of one.
    """
    every = math.comb(m + n, m)
    exact = min(1.0, 2 * min(math.comb(*lowest), math.comb(*highest)) / every)
    return exact if every <= RESAMPLES else max(exact, 2 / (RESAMPLES + 1))


def within_reach(least: Sequence[float]) -> list[bool]:
    """Which tests of several can reach LEVEL when adjusted for each other, by the least p value of each (Tarone 1990).

    K is the smallest number such that no more than K of the tests can reach LEVEL / K: the others can reject nothing
    and need not be paid for.
    """
    share = next((k for k in range(1, len(least) + 1) if sum(p <= LEVEL / k for p in least) <= k), 1)
    return [p <= LEVEL / share for p in least]


def holm(p_values: list[float]) -> list[float]:
    """The p values adjusted for being ranked together (Holm 1979), in the order given."""
    order = sorted(range(len(p_values)), key=lambda i: p_values[i])
    adjusted, highest = [0.0] * len(p_values), 0.0
    for rank, i in enumerate(order):
        highest = max(highest, min(1.0, (len(p_values) - rank) * p_values[i]))
        adjusted[i] = highest
    return adjusted
