"""The effect sizes of many series at once: baselines of m and treatment phases of n values, stacked into matrices.

Each function does for k pairs of phases what `effects` does for one, with the same arithmetic: orders and counts in
integers, trends in exact rationals, means by sums that are rounded once. The matrices hold one pair a row.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from casereport.analysis.statistics.orderings import Floats, Integers

# Matrices of pairs are worked through in slices of about so many cells, so that memory does not grow with the cohort.
CELLS = 4_000_000
# Decimals up to this many places become integers, and integers up to this size keep the exact trends within 64 bits.
PLACES = 6
LARGEST = 2**36


@dataclass(frozen=True)
class Ends:
    """One completion of k phases: `values` and `nudge` (-1, 0, 1: just below, at, just above), both k by length."""

    values: Floats
    nudge: Integers


def ranks(first: Ends, second: Ends) -> tuple[Integers, Integers]:
    """Dense ranks of both completions, each row on a scale of its own."""
    values = np.concatenate([first.values, second.values], axis=1)
    nudge = np.concatenate([first.nudge, second.nudge], axis=1)
    order = np.lexsort((nudge, values), axis=1)
    values, nudge = np.take_along_axis(values, order, 1), np.take_along_axis(nudge, order, 1)
    step = np.ones(values.shape, dtype=np.int64)
    step[:, 1:] = (values[:, 1:] != values[:, :-1]) | (nudge[:, 1:] != nudge[:, :-1])
    dense = np.empty(values.shape, dtype=np.int64)
    np.put_along_axis(dense, order, np.cumsum(step, axis=1), 1)
    m = first.values.shape[1]
    return dense[:, :m], dense[:, m:]


@dataclass(frozen=True)
class Counts:
    """Of the m x n pairs of each row: `above` and `below` for each a (k by m), `columns` (k by n): twice the wins of
    each b with ties once, `ties`: the pairs that tie.
    """

    above: Integers
    below: Integers
    columns: Integers

    @property
    def concordance(self) -> Integers:
        """S: pairs with b above a, minus those with b below a."""
        return self.above.sum(axis=1) - self.below.sum(axis=1)


def counts(a: Integers, b: Integers) -> Counts:
    """Compares every b with every a of its row, of ranks on one scale."""
    (k, m), n = a.shape, b.shape[1]
    above, below = np.empty((k, m), dtype=np.int64), np.empty((k, m), dtype=np.int64)
    columns = np.empty((k, n), dtype=np.int64)
    for rows in _slices(k, m * n):
        higher = b[rows, None, :] > a[rows, :, None]
        lower = b[rows, None, :] < a[rows, :, None]
        above[rows], below[rows] = higher.sum(axis=2), lower.sum(axis=2)
        columns[rows] = m + higher.sum(axis=1) - lower.sum(axis=1)
    return Counts(above, below, columns)


def concordance_within(earlier: Ends, later: Ends) -> Integers:
    """S within each row in time order, the earlier of a pair from one completion, the later from another."""
    first, second = ranks(earlier, later)
    k, m = first.shape
    found = np.empty(k, dtype=np.int64)
    upper = np.triu(np.ones((m, m), dtype=bool), k=1)
    for rows in _slices(k, m * m):
        rises = (second[rows, None, :] > first[rows, :, None]) & upper
        falls = (second[rows, None, :] < first[rows, :, None]) & upper
        found[rows] = rises.sum(axis=(1, 2)) - falls.sum(axis=(1, 2))
    return found


def nap_variance(counted: Counts, m: int, n: int) -> tuple[Integers, int]:
    """The numerator and denominator of the variance of NAP (Mee 1990), in integers; m and n are at least 2."""
    rows = n + counted.above - counted.below
    total = counted.columns.sum(axis=1)
    wins = counted.above.sum(axis=1)
    ties = m * n - wins - counted.below.sum(axis=1)
    numerator = (
        m * n * (2 * total + (rows * rows).sum(axis=1) + (counted.columns**2).sum(axis=1) - 2 * (4 * wins + ties))
    )
    return numerator - (m + n - 1) * total**2, 4 * m**2 * n**2 * (m - 1) * (n - 1)


def kept(counted: Counts, n: int) -> Integers:
    """The most values of each row that can stay when every a that stays is below every b that stays."""
    above = -np.sort(-counted.above, axis=1)  # from the lowest a, which most of b is above, to the highest
    return np.maximum(n, (np.arange(1, above.shape[1] + 1) + above).max(axis=1))


def beyond_the_best(a: Integers, b: Integers) -> Floats:
    """PND of each row, of ranks."""
    return (b > a.max(axis=1)[:, None]).sum(axis=1) / b.shape[1]


def integers(*arrays: Floats) -> tuple[list[Integers], np.ndarray]:
    """The arrays as integers, each row on one scale for all, exactly as their decimals are written; infinities are 0.

    The second result tells which rows could be put so; the others hold nothing of use.
    """
    values = np.concatenate(arrays, axis=1)
    finite = np.isfinite(values)
    values = np.where(finite, values, 0.0)
    places = np.zeros(len(values), dtype=np.int64)
    good = np.zeros(values.shape, dtype=bool)
    with np.errstate(over="ignore", invalid="ignore"):
        for place in range(PLACES + 1):
            scaled = np.rint(values * 10.0**place)
            exact = (scaled / 10.0**place == values) & (np.abs(scaled) < LARGEST)
            places = np.where((exact & ~good).any(axis=1), place, places)
            good |= exact
        scaled = np.rint(values * 10.0 ** places[:, None])
        fits = good.all(axis=1) & (np.abs(scaled) < LARGEST).all(axis=1)
        fits &= (scaled / 10.0 ** places[:, None] == values).all(axis=1)
    whole = np.where(fits[:, None], scaled, 0).astype(np.int64)
    ends = np.cumsum([array.shape[1] for array in arrays])[:-1]
    return np.split(whole, ends, axis=1), fits


def beyond_the_median(a: Ends, a_whole: Integers, b: Ends, b_whole: Integers) -> Floats:
    """PEM of each row: the share of b above the median of a, ties 1/2; whole values are those of `integers`."""
    m, n = a_whole.shape[1], b_whole.shape[1]
    order = np.lexsort((a.nudge, a.values), axis=1)
    lower, upper = order[:, [(m - 1) // 2]], order[:, [m // 2]]
    ends = [np.take_along_axis(a.values, i, 1) for i in (lower, upper)]
    nudge = np.sign(sum(np.take_along_axis(a.nudge, i, 1) for i in (lower, upper)))
    infinite = np.where(np.isinf(ends[0]), ends[0], ends[1])
    twice = sum(np.take_along_axis(a_whole, i, 1) for i in (lower, upper))
    # an infinite middle value is the median; -inf < finite < inf is all that then matters
    bounded = np.isfinite(infinite) & np.isfinite(b.values)
    gap = np.where(bounded, np.sign(2 * b_whole - twice), _sign_of_difference(b.values, infinite))
    gap = np.where(gap == 0, np.sign(b.nudge - nudge), gap)
    return (2 * (gap > 0).sum(axis=1) + (gap == 0).sum(axis=1)) / (2 * n)


def _sign_of_difference(x: Floats, y: Floats) -> Integers:
    return (x > y).astype(np.int64) - (x < y).astype(np.int64)


def median_slope(
    early: Integers, late: Integers, early_inf: np.ndarray, late_inf: np.ndarray
) -> tuple[Integers, Integers, np.ndarray]:
    """The median over all i < j of (late_j - early_i) / (j - i) of each row, exact: numerator, denominator, and
    whether it is finite. The infinite ends of `early` and `late` are given apart, as -1, 0 or 1.
    """
    k, m = early.shape
    i, j = np.triu_indices(m, k=1)
    gap = j - i
    middle = [(len(gap) - 1) // 2, len(gap) // 2]
    numerator, denominator = np.zeros(k, dtype=np.int64), np.ones(k, dtype=np.int64)
    finite = np.ones(k, dtype=bool)
    for rows in _slices(k, len(gap)):
        rise = late[rows][:, j] - early[rows][:, i]
        slopes = rise / gap
        sign = late_inf[rows][:, j] - early_inf[rows][:, i]
        slopes = np.where(sign > 0, np.inf, np.where(sign < 0, -np.inf, slopes))
        at = np.argpartition(slopes, middle, axis=1)[:, middle]
        # equal slopes as floats are equal as fractions here: the integers are small against 2**53
        finite[rows] = np.isfinite(np.take_along_axis(slopes, at, 1)).all(axis=1)
        p, q = np.take_along_axis(rise, at, 1), gap[at]
        top, bottom = p[:, 0] * q[:, 1] + p[:, 1] * q[:, 0], 2 * q[:, 0] * q[:, 1]
        common = np.gcd(top, bottom)
        numerator[rows], denominator[rows] = top // common, bottom // common
    return numerator, denominator, finite


def detrended(whole: Integers, infinite: Integers, first: int, top: Integers, bottom: Integers) -> tuple:
    """The values less the trend top/bottom, times bottom: integers that order as the residuals do, and which rows
    stay within 64 bits. `first` is the number of the first observation, counted from 0.
    """
    time = np.arange(first, first + whole.shape[1])
    largest = np.abs(whole).max(axis=1).astype(float) * bottom + np.abs(top).astype(float) * time[-1]
    residual = whole * bottom[:, None] - top[:, None] * time
    # as floats with ends at infinity the residuals keep their order up to 2**53
    return np.where(infinite > 0, np.inf, np.where(infinite < 0, -np.inf, residual.astype(float))), largest < 2**52


def mean_and_sd(scaled: Floats) -> tuple[Floats, Floats]:
    """Mean and standard deviation (n - 1; NaN for one value) of each row, from sums rounded once, as `math.fsum`."""
    n = scaled.shape[1]
    mean = exact_sum(scaled) / n
    off = scaled - mean[:, None]
    with np.errstate(invalid="ignore", divide="ignore"):
        sd = np.sqrt(exact_sum(off * off) / (n - 1)) if n > 1 else np.full(len(scaled), np.nan)
    same = scaled.min(axis=1) == scaled.max(axis=1)
    return np.where(same, scaled[:, 0], mean), np.where(same & (n > 1), 0.0, sd)


def exact_sum(values: Floats) -> Floats:
    """The sum of each row in twice the precision of a float, rounded at the end (Dekker 1971, Knuth's two-sum)."""
    high, low = np.zeros(len(values)), np.zeros(len(values))
    for column in values.T:
        total = high + column
        part = total - high
        low = low + ((high - (total - part)) + (column - part))
        high = total
    return high + low


def _slices(k: int, cells: int) -> Iterator[slice]:
    """Slices of 0..k of about CELLS cells each."""
    step = max(1, CELLS // max(cells, 1))
    return (slice(at, min(at + step, k)) for at in range(0, k, step))
