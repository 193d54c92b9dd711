"""Counts and moments of two phases: what the effect sizes are made of, for many pairs of phases at once.

The counts compare two completions, a baseline and a treatment turned so that larger is better; every one of them rises
with each treatment value and falls with each baseline value, which makes the bounds of interval data exact.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property, lru_cache

import numpy as np
from scipy.optimize import brentq

from casereport.analysis.statistics.orderings import Ends, Floats, Integers, ranks


@dataclass(frozen=True, eq=False)
class Completion:
    """Pairs of a baseline `a` and a treatment `b` with every value at one of its ends, a pair a row."""

    a: Ends
    b: Ends

    @cached_property
    def ranks(self) -> tuple[Integers, Integers]:
        """Both phases on one scale."""
        return ranks(self.a, self.b)

    @property
    def lengths(self) -> tuple[int, int]:
        """The numbers of values before and after, m and n."""
        return self.a.values.shape[1], self.b.values.shape[1]

    @cached_property
    def wins(self) -> tuple[Integers, Integers]:
        """For each a how many b are above it, and for each b how many a are below it; both twice, with ties once."""
        a, b = self.ranks
        return 2 * self.lengths[1] - _passed(a, b).sum(axis=0), _passed(b, a).sum(axis=0)

    @cached_property
    def concordance(self) -> Integers:
        """S: the pairs with b above a, minus those with b below a."""
        return self.wins[1].sum(axis=1) - math.prod(self.lengths)

    @property
    def mean_above(self) -> Floats:
        """NAP: the share of pairs with b above a, ties 1/2."""
        pairs = math.prod(self.lengths)
        return (self.concordance + pairs) / (2 * pairs)

    @property
    def beyond_the_best(self) -> Floats:
        """PND: the share of b above every a."""
        a, b = self.ranks
        return np.count_nonzero(b > a.max(axis=1, keepdims=True), axis=1) / self.lengths[1]

    @cached_property
    def kept(self) -> Integers:
        """The most values that can stay when every a that stays is below every b that stays."""
        a, b = self.ranks
        m, n = self.lengths
        # with the i lowest of a kept, what can stay of b is all that is above the i-th; with none of a, all of b
        above = n - _passed(np.sort(a, axis=1), b)[1]
        return np.maximum(n, (np.arange(1, m + 1) + above).max(axis=1))

    @property
    def kept_share(self) -> Floats:
        """PAND: the values that can stay, over all."""
        return self.kept / sum(self.lengths)

    @property
    def rate_difference(self) -> Floats:
        """Robust IRD, from PAND in integers: 1 - (m + n)^2 (1 - PAND) / (2 m n)."""
        total, twice_pairs = sum(self.lengths), 2 * math.prod(self.lengths)
        return (twice_pairs - total * (total - self.kept)) / twice_pairs

    @cached_property
    def nap_standard_error(self) -> Floats:
        """The standard error of NAP (Mee 1990), of two values or more in each phase; NaN where it is not positive.

        sqrt((p - (m+n-1) p^2 + n Q1 + m Q2 - 2X) / ((m-1)(n-1))), computed in integers (times 4 m^2 n^2), because its
        terms nearly cancel when the phases hardly overlap. q is the table of pairs: 1, 1/2 or 0; X the mean of q^2.
        """
        (m, n), (of_a, of_b) = self.lengths, self.wins
        tied = _passed(*self.ranks)
        total, ties = of_b.sum(axis=1), (tied[1] - tied[0]).sum(axis=1)
        squares = (of_a * of_a).sum(axis=1) + (of_b * of_b).sum(axis=1)
        terms = (column.astype(object) for column in (total, ties, squares))  # Python's integers have no largest
        scale = 4 * m**2 * n**2 * (m - 1) * (n - 1)
        # four times a win and once a tie is twice the sum of the wins less the ties
        variances = (
            (m * n * (2 * t + s - 2 * (2 * t - e)) - (m + n - 1) * t**2) / scale for t, e, s in zip(*terms, strict=True)
        )
        return np.array([math.sqrt(v) if v > 0 else math.nan for v in variances])


def _passed(of: Integers, others: Integers) -> Integers:
    """For each value of a row how many of the others are lower, and how many are not higher, of ranks from 1."""
    k, size = len(of), of.shape[1] + others.shape[1] + 1
    own = size * np.arange(k)[:, None]
    up_to = np.bincount((others + own).ravel(), minlength=k * size).reshape(k, size).cumsum(axis=1)
    return np.stack([np.take_along_axis(up_to, of - lower, 1) for lower in (1, 0)])


def newcombe_intervals(p: Floats, m: int, n: int, z: float) -> tuple[Floats, Floats]:
    """The confidence interval of each NAP; NaN where there is none."""
    values, back = np.unique(p, return_inverse=True)  # NAP has few values
    limits = [(math.nan, math.nan) if math.isnan(v) else _newcombe(v, m, n, z) for v in values.tolist()]
    low, high = np.array(limits).reshape(-1, 2)[back].T
    return low, high


@lru_cache(maxsize=2**16)
def _newcombe(p: float, m: int, n: int, z: float) -> tuple[float, float]:
    """The confidence interval of NAP = p (Newcombe 2006, method 5): both solutions x, within 0..1, of

    (x-p)^2 = z^2 x(1-x) (1 + h(1-x)/(2-x) + h x/(1+x)) / (m n), h = (m+n)/2 - 1.
    """
    h = (m + n) / 2 - 1

    def spread(x: float) -> float:
        return z * z * (1 + h * (1 - x) / (2 - x) + h * x / (1 + x)) / (m * n)

    def lower(p: float, spread: Callable[[float], float]) -> float:
        if p == 0:
            return 0.0
        if p == 1:  # one solution is 1 itself: divide it out
            return brentq(lambda x: (1 - x) - x * spread(x), 0, 1, xtol=1e-14)
        return brentq(lambda x: (x - p) ** 2 - x * (1 - x) * spread(x), 0, p, xtol=1e-14)

    # The equation reads the same with 1 - x for x and 1 - p for p.
    return lower(p, spread), 1 - lower(1 - p, spread)


def exponents(*arrays: Floats) -> Integers:
    """For each row the power of two just above all its values: scaling by it is exact and keeps squares from over- and
    underflow.
    """
    return np.frexp(np.max([np.abs(array).max(axis=1) for array in arrays], axis=0))[1]


def moments(values: Floats) -> tuple[Floats, Floats]:
    """Mean and standard deviation (n - 1; NaN for one value) of each row, whatever the order of its values."""
    n = values.shape[1]
    mean = _sum(values) / n
    off = values - mean[:, None]
    sd = np.sqrt(_sum(off * off) / (n - 1)) if n > 1 else np.full(len(values), np.nan)
    same = values.min(axis=1) == values.max(axis=1)  # the rounding of the mean must not pass for variation
    return np.where(same, values[:, 0], mean), np.where(same & (n > 1), 0.0, sd)


def _sum(values: Floats) -> Floats:
    """The sum of each row in twice the precision of a float, rounded at the end (Dekker 1971, Knuth's two-sum)."""
    high, low = np.zeros(len(values)), np.zeros(len(values))
    for column in values.T:
        total = high + column
        part = total - high
        low = low + ((high - (total - part)) + (column - part))
        high = total
    return high + low


def log_means(values: Floats, least_mean: float = 0.0, least_variance: float = 0.0) -> tuple[Floats, Floats]:
    """ln(mean) of each row and its variance, var / (n mean^2), of two positive values or more.

    Neither mean nor variance is below its least; NaN where there is no logarithm.
    """
    n = values.shape[1]
    exponent = exponents(values)
    mean, sd = moments(np.ldexp(values, -exponent[:, None]))
    mean = np.maximum(mean, np.ldexp(least_mean, -exponent))
    variation = np.maximum(sd, np.ldexp(math.sqrt(least_variance), -exponent)) / mean
    # one logarithm for all: NumPy's differs in the last bit from one processor to another
    logs = np.array([math.log(x) if x > 0 else math.nan for x in mean.tolist()])
    return logs + exponent * math.log(2), variation * variation / n
