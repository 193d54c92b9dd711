"""Permutation p values of many pairs of phases at once, equal to those that SciPy gives for each alone.

The assignments that are counted or drawn depend only on the lengths of the phases and the seed. So they are made once
for a pair of lengths, and the rank sums of all patients under all assignments are one product of two matrices.
"""

import math
from collections.abc import Iterator
from functools import lru_cache
from itertools import combinations, islice

import numpy as np
import pandas as pd

from casereport.analysis.statistics.orderings import Floats, Integers
from casereport.analysis.statistics.permutation import LEVEL, RESAMPLES, least_p

_CACHED = 200  # values of a pair, up to which its assignments are kept for the next partition
_CHUNK = 2_000_000  # cells of a matrix of assignments made at a time


def permutation_p(a: Integers, b: Integers, seed: int) -> Floats:
    """The two-sided p value of Mann and Whitney of each row; `a` (k by m) and `b` (k by n) are ranks on one scale.

    All assignments where there are at most RESAMPLES of them, else as many drawn with `seed` (Phipson & Smyth 2010).
    """
    m, n = a.shape[1], b.shape[1]
    pooled = _twice_midranks(np.concatenate([a, b], axis=1))
    distinct, back = np.unique(pooled, axis=0, return_inverse=True)
    observed = distinct[:, :m].sum(axis=1)
    exact = math.comb(m + n, m) <= RESAMPLES
    at_most, at_least, made = np.zeros(len(distinct)), np.zeros(len(distinct)), 0
    single: type = np.float32 if 2 * (m + n) ** 2 < 2**24 else np.float64  # either way the sums are exact integers
    for chosen in _assignments(m, n, seed):
        weights: np.ndarray = chosen.T.astype(single)
        made += len(chosen)
        step = max(1, _CHUNK // len(chosen))
        for at in range(0, len(distinct), step):
            rows = slice(at, at + step)
            null = distinct[rows].astype(single) @ weights
            at_most[rows] += (null <= observed[rows, None]).sum(axis=1)
            at_least[rows] += (null >= observed[rows, None]).sum(axis=1)
    extra = 0 if exact else 1
    found = 2 * np.minimum((at_most + extra) / (made + extra), (at_least + extra) / (made + extra))
    return np.clip(found, 0.0, 1.0)[back.ravel()]


def permutation_tests(a: Integers, b: Integers, seed: int) -> tuple[Floats, Floats]:
    """As `permutation_test` for each row: the p values, NaN where they could not have reached LEVEL, and the least."""
    least = least_of(a, b)
    p, can = np.full(len(a), np.nan), least <= LEVEL
    if can.any():
        p[can] = permutation_p(a[can], b[can], seed)
    return p, least


def least_of(a: Integers, b: Integers) -> Floats:
    """The least p value that each row could have had, of ranks on one scale."""
    m, n = a.shape[1], b.shape[1]
    pooled = np.sort(np.concatenate([a, b], axis=1), axis=1)
    low, high = pooled[:, [m - 1]], pooled[:, [n]]
    tied_low, tied_high = (pooled == low).sum(axis=1), (pooled == high).sum(axis=1)
    mine_low, mine_high = m - (pooled < low).sum(axis=1), m - (pooled > high).sum(axis=1)
    kinds = np.column_stack([tied_low, mine_low, tied_high, mine_high])
    distinct, back = np.unique(kinds, axis=0, return_inverse=True)
    found = [least_p(m, n, (t, k), (u, j)) for t, k, u, j in distinct.tolist()]
    return np.array(found)[back.ravel()]


def within_reach(least: Floats, groups: np.ndarray) -> np.ndarray:
    """Which tests of a group can reach LEVEL when adjusted for each other, as `within_reach` for one (Tarone 1990).

    `groups` numbers the group of each test; a NaN is no test.
    """
    tests = ~np.isnan(least)
    size = np.bincount(groups[tests], minlength=int(groups.max(initial=-1)) + 1)
    share = np.zeros(len(size), dtype=np.int64)
    for k in range(1, int(size.max(initial=0)) + 1):
        can = tests & (np.nan_to_num(least, nan=1.0) <= LEVEL / k)
        few = np.bincount(groups[can], minlength=len(size)) <= k
        share[(share == 0) & few] = k
    return tests & (np.nan_to_num(least, nan=1.0) <= LEVEL / np.maximum(share, 1)[groups])


def _twice_midranks(dense: Integers) -> Integers:
    """Twice the mid-rank of each value in its row."""
    k, size = dense.shape
    # rows one after the other, each on a stretch of the scale of its own, are one sorted array
    keys = (dense + (size + 1) * np.arange(k)[:, None]).ravel()
    ordered = np.sort(keys)
    twice = np.searchsorted(ordered, keys, "left") + np.searchsorted(ordered, keys, "right") + 1
    return twice.reshape(k, size) - 2 * size * np.arange(k)[:, None]


def _assignments(m: int, n: int, seed: int) -> Iterator[np.ndarray]:
    """Matrices with a row an assignment: True for the values that it puts into the first phase."""
    return iter(_kept(m, n, seed)) if m + n <= _CACHED else _made(m, n, seed)


@lru_cache(maxsize=256)
def _kept(m: int, n: int, seed: int) -> tuple[np.ndarray, ...]:
    return tuple(_made(m, n, seed))


def _made(m: int, n: int, seed: int) -> Iterator[np.ndarray]:
    size = m + n
    step = max(1, _CHUNK // size)
    if math.comb(size, m) <= RESAMPLES:
        places: Iterator = combinations(range(size), m)
    else:
        rng = np.random.default_rng(seed)
        places = (rng.permutation(size)[:m] for _ in range(RESAMPLES))
    while chunk := list(islice(places, step)):
        chosen = np.zeros((len(chunk), size), dtype=bool)
        np.put_along_axis(chosen, np.array(chunk), True, axis=1)
        yield chosen


def holm(table: pd.DataFrame, groups: list[str]) -> Floats:
    """The column `p` adjusted for being ranked together within the groups (Holm 1979); NaN stays NaN."""
    adjusted = np.full(len(table), np.nan)
    rows = table.loc[table["p"].notna(), [*groups, "p"]].reset_index(drop=True)
    places = np.flatnonzero(table["p"].notna())
    if not len(rows):
        return adjusted
    group = rows.groupby(groups, sort=False)
    rank = group["p"].rank(method="first").to_numpy()
    size = group["p"].transform("size").to_numpy()
    rows["raised"] = np.minimum(1.0, (size - rank + 1) * rows["p"].to_numpy())
    rows["rank"] = rank
    highest = rows.sort_values("rank", kind="stable").groupby(groups, sort=False)["raised"].cummax()
    adjusted[places] = highest.sort_index().to_numpy()
    return adjusted
