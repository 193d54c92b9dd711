"""The permutation test of Mann and Whitney between two phases: its p value, and the least that it could have been.

With few values no order of them can reach a low p value: 3 before and 3 after have 20 orders, so that two-sided nothing
is below 2/20. Such a p value says nothing of the data, only of their number, and is not given.

The assignments that are counted or drawn depend only on the lengths of the phases and the seed. So they are made once
for a pair of lengths, and the rank sums of all pairs of phases under all assignments are one product of two matrices.
"""

import math
from collections.abc import Iterator
from functools import lru_cache
from itertools import combinations, islice

import numpy as np
import pandas as pd

from casereport.analysis.statistics.orderings import Floats, Integers
from casereport.quantities.many_intervals import Flags

RESAMPLES = 9999
SEED = 20200716
LEVEL = 0.05
_KEPT = 200  # values of a pair, up to which its assignments are kept for the next call
_CHUNK = 2_000_000  # cells of a matrix of assignments made at a time


def permutation_tests(a: Integers, b: Integers, seed: int) -> tuple[Floats, Floats]:
    """Mann and Whitney by permutation of each row: the two-sided p value, and the least that it could have been.

    `a` and `b` are ranks on one scale, two values or more in each phase. Twice the smaller of the one-sided p values;
    NaN where it could not have reached LEVEL.
    """
    least = _least(a, b)
    p, can = np.full(len(a), np.nan), least <= LEVEL
    if can.any():
        p[can] = _permuted(a[can], b[can], seed)
    return p, least


def _permuted(a: Integers, b: Integers, seed: int) -> Floats:
    """All assignments where there are at most RESAMPLES of them, else as many drawn (Phipson & Smyth 2010)."""
    m, n = a.shape[1], b.shape[1]
    pooled = _twice_midranks(np.concatenate([a, b], axis=1))
    distinct, back = np.unique(pooled, axis=0, return_inverse=True)
    observed = distinct[:, :m].sum(axis=1)
    extra = 0 if math.comb(m + n, m) <= RESAMPLES else 1
    at_most, at_least, made = np.zeros(len(distinct)), np.zeros(len(distinct)), 0
    single: type = np.float32 if 2 * (m + n) ** 2 < 2**24 else np.float64  # either way the sums are exact integers
    for chosen in _kept(m, n, seed) if m + n <= _KEPT else _assignments(m, n, seed):
        weights: np.ndarray = chosen.T.astype(single)
        made += len(chosen)
        step = max(1, _CHUNK // len(chosen))
        for at in range(0, len(distinct), step):
            rows = slice(at, at + step)
            null, own = distinct[rows].astype(single) @ weights, observed[rows, None].astype(single)
            # row by row is several times as fast as a sum along an axis of truths
            at_most[rows] += [np.count_nonzero(row) for row in null <= own]
            at_least[rows] += [np.count_nonzero(row) for row in null >= own]
    found = 2 * np.minimum((at_most + extra) / (made + extra), (at_least + extra) / (made + extra))
    return np.clip(found, 0.0, 1.0)[back.ravel()]


def _twice_midranks(dense: Integers) -> Integers:
    """Twice the mid-rank of each value in its row."""
    k, size = dense.shape
    # rows one after the other, each on a stretch of the scale of its own, are one sorted array
    keys = (dense + (size + 1) * np.arange(k)[:, None]).ravel()
    ordered = np.sort(keys)
    twice = np.searchsorted(ordered, keys, "left") + np.searchsorted(ordered, keys, "right") + 1
    return twice.reshape(k, size) - 2 * size * np.arange(k)[:, None]


@lru_cache(maxsize=256)
def _kept(m: int, n: int, seed: int) -> tuple[np.ndarray, ...]:
    return tuple(_assignments(m, n, seed))


def _assignments(m: int, n: int, seed: int) -> Iterator[np.ndarray]:
    """Matrices with a row an assignment: True for the values that it puts into the first phase."""
    size = m + n
    if math.comb(size, m) <= RESAMPLES:
        places: Iterator = combinations(range(size), m)
    else:
        rng = np.random.default_rng(seed)
        places = (rng.permutation(size)[:m] for _ in range(RESAMPLES))
    while chunk := list(islice(places, max(1, _CHUNK // size))):
        chosen = np.zeros((len(chunk), size), dtype=bool)
        np.put_along_axis(chosen, np.array(chunk), True, axis=1)
        yield chosen


def _least(a: Integers, b: Integers) -> Floats:
    """The least two-sided p value that the values of each row can have.

    Where all of m and n values differ this is 2 / C(m + n, m). Of tied values at which the m lowest (or the m highest)
    end, `t` in all of which `k` are among these, any k give the same extreme rank sum: C(t, k) assignments for one.
    """
    m, n = a.shape[1], b.shape[1]
    pooled = np.sort(np.concatenate([a, b], axis=1), axis=1)
    low, high = pooled[:, [m - 1]], pooled[:, [n]]
    tied = [(pooled == low).sum(axis=1), (pooled == high).sum(axis=1)]
    among = [m - (pooled < low).sum(axis=1), m - (pooled > high).sum(axis=1)]
    kinds = np.column_stack([tied[0], among[0], tied[1], among[1]])
    distinct, back = np.unique(kinds, axis=0, return_inverse=True)
    every = math.comb(m + n, m)
    exact = [min(1.0, 2 * min(math.comb(t, k), math.comb(u, j)) / every) for t, k, u, j in distinct.tolist()]
    found = exact if every <= RESAMPLES else [max(p, 2 / (RESAMPLES + 1)) for p in exact]
    return np.array(found)[back.ravel()]


def adjusted(p: Floats, least: Floats, families: Integers) -> Floats:
    """The p values adjusted for being ranked together within their family; NaN for what is no test, or left out.

    Holm 1979, of those that can reach LEVEL when so adjusted, by the least p value of each (Tarone 1990): K is the
    smallest number such that no more than K of a family's tests can reach LEVEL / K. The others can reject nothing and
    are not paid for. `families` numbers the family of each test.
    """
    reach = _within_reach(np.where(np.isnan(p), np.nan, least), families)
    found = np.full(len(p), np.nan)
    rows = pd.DataFrame({"p": p, "family": families})[reach].sort_values("p", kind="stable")
    family = rows.groupby("family", sort=False)
    raised = (family["p"].transform("size") - family.cumcount()) * rows["p"]
    found[rows.index] = np.minimum(1.0, raised.groupby(rows["family"], sort=False).cummax())
    return found


def _within_reach(least: Floats, families: Integers) -> Flags:
    tests = ~np.isnan(least)
    size = np.bincount(families[tests], minlength=int(families.max(initial=-1)) + 1)
    share = np.zeros(len(size), dtype=np.int64)
    for k in range(1, int(size.max(initial=0)) + 1):
        few = np.bincount(families[tests & (least <= LEVEL / k)], minlength=len(size)) <= k
        share[(share == 0) & few] = k
    within: Flags = tests & (least <= LEVEL / np.maximum(share, 1)[families])
    return within
