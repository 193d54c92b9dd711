"""Counts and moments of two phases: what the effect sizes are made of.

The counts compare two completions, a baseline and a treatment turned so that larger is better; every one of them rises
with each treatment value and falls with each baseline value, which makes the bounds of interval data exact.
"""

import math
from collections.abc import Callable
from typing import TypeVar

import numpy as np
from scipy.optimize import brentq

from casereport.analysis.statistics.orderings import Ends, Floats, Integers, Phase, median_end, ranks

Number = TypeVar("Number", int, float)


def extremes(statistic: Callable[[Ends, Ends], Number], a: Phase, b: Phase) -> tuple[Number, Number]:
    """The least and the greatest of a statistic that rises with every treatment and falls with every baseline value.

    Both are attained: at a high baseline with a low treatment, and at a low baseline with a high treatment.
    """
    worst = statistic(a.highest, b.lowest)
    return (worst, worst) if a.is_exact and b.is_exact else (worst, statistic(a.lowest, b.highest))


def rank_concordance(a: Integers, b: Integers) -> int:
    """S: the pairs with b above a, minus those with b below a, of ranks on one scale."""
    ordered = np.sort(a)
    not_above = np.searchsorted(ordered, b, side="left") + np.searchsorted(ordered, b, side="right")
    return int(not_above.sum()) - len(a) * len(b)


def concordance_between(a: Ends, b: Ends) -> int:
    """S between the phases."""
    return rank_concordance(*ranks(a, b))


def concordance_within(earlier: Ends, later: Ends) -> int:
    """S within one phase in time order, the earlier value of each pair from one completion, the later from another."""
    first, second = ranks(earlier, later)
    rises = np.triu(second[None, :] > first[:, None], k=1)
    falls = np.triu(second[None, :] < first[:, None], k=1)
    return int(np.count_nonzero(rises)) - int(np.count_nonzero(falls))


def mean_above(a: Ends, b: Ends) -> float:
    """NAP: the share of pairs with b above a, ties 1/2."""
    pairs = len(a) * len(b)
    return (concordance_between(a, b) + pairs) / (2 * pairs)


def beyond_the_best(a: Ends, b: Ends) -> float:
    """PND: the share of b above every a."""
    first, second = ranks(a, b)
    return int(np.count_nonzero(second > first.max())) / len(b)


def beyond_the_median(a: Ends, b: Ends) -> float:
    """PEM: the share of b above the median of a, ties 1/2."""
    value, nudge = median_end(a)
    level = b.values == value
    above = (b.values > value) | (level & (b.nudge > nudge))
    tied = level & (b.nudge == nudge)
    return (2 * int(np.count_nonzero(above)) + int(np.count_nonzero(tied))) / (2 * len(b))


def kept(a: Ends, b: Ends) -> int:
    """The most values that can stay when every a that stays is below every b that stays."""
    first, second = (np.sort(x) for x in ranks(a, b))
    # With the i lowest of a kept, what can stay of b is all that is above the i-th; with none of a, all of b.
    above = len(b) - np.searchsorted(second, first, side="right")
    return max(len(b), int(np.max(np.arange(1, len(a) + 1) + above)))


def kept_share(a: Ends, b: Ends) -> float:
    """PAND: the values that can stay, over all."""
    return kept(a, b) / (len(a) + len(b))


def rate_difference(a: Ends, b: Ends) -> float:
    """Robust IRD, from PAND in integers: 1 - (m + n)^2 (1 - PAND) / (2 m n)."""
    total, twice_pairs = len(a) + len(b), 2 * len(a) * len(b)
    return (twice_pairs - total * (total - kept(a, b))) / twice_pairs


def nap_standard_error(a: Integers, b: Integers) -> tuple[float | None, str]:
    """The standard error of NAP (Mee 1990) from ranks on one scale, or None and the reason.

    sqrt((p - (m+n-1) p^2 + n Q1 + m Q2 - 2X) / ((m-1)(n-1))), computed in integers (times 4 m^2 n^2), because its terms
    nearly cancel when the phases hardly overlap. q is the table of pairs: 1, 1/2 or 0; X the mean of q^2.
    """
    m, n = len(a), len(b)
    if min(m, n) == 1:
        return None, f"n = 1 {'before' if m == 1 else 'under treatment'}: no standard error"
    below, not_above = (np.searchsorted(np.sort(a), b, side=side) for side in ("left", "right"))
    left, right = (np.searchsorted(np.sort(b), a, side=side) for side in ("left", "right"))
    # twice the row and column sums of q, and the sum of (2q)^2
    rows, columns = 2 * n - (left + right), below + not_above
    squares = 4 * int(below.sum()) + int((not_above - below).sum())
    total = int(columns.sum())
    numerator = m * n * (2 * total + int(np.dot(rows, rows)) + int(np.dot(columns, columns)) - 2 * squares)
    numerator -= (m + n - 1) * total**2
    if numerator <= 0:
        return None, "no standard error: its estimate is not positive, as when all pairs agree"
    return math.sqrt(numerator / (4 * m**2 * n**2 * (m - 1) * (n - 1))), ""


def newcombe_interval(p: float, m: int, n: int, z: float) -> tuple[float, float]:
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


def exponent_of(*arrays: Floats) -> int:
    """The power of two just above every value: scaling by it is exact and keeps squares from over- and underflow."""
    return int(np.frexp(max(float(np.max(np.abs(array))) for array in arrays))[1])


def moments(values: Floats, exponent: int) -> tuple[float, float | None]:
    """Mean and standard deviation (n - 1; None for one value) of values / 2**exponent, whatever their order."""
    scaled = np.ldexp(values, -exponent).tolist()
    if min(scaled) == max(scaled):  # the rounding of the mean must not pass for variation
        return scaled[0], 0.0 if len(scaled) > 1 else None
    mean = math.fsum(scaled) / len(scaled)
    return mean, math.sqrt(math.fsum((x - mean) * (x - mean) for x in scaled) / (len(scaled) - 1))


def log_mean(values: Floats) -> tuple[float, float]:
    """ln(mean) and its variance, var / (n mean^2), of at least two positive values."""
    exponent = exponent_of(values)
    mean, sd = moments(values, exponent)
    variation = (sd or 0.0) / mean
    return math.log(mean) + exponent * math.log(2), variation * variation / len(values)
