"""From intervals to what can be ranked: the two phases of a comparison as numbers whose order is certain.

A phase of intervals stands for all its completions. The ones that matter put every value at an end of its interval,
or, where that end is open, infinitesimally inside it; a `nudge` keeps track of that infinitesimal step, so that equal
ends compare exactly: with a in [0, 1) and b = 1, b is above a in every completion. Trends are fitted in exact
rational arithmetic, because a tie after detrending must not hang on the last bit of a float.
"""

import math
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from numbers import Real

import numpy as np
import numpy.typing as npt

from casereport.quantities.intervals import Interval

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class Ends:
    """One completion of a phase, in time order: `values`, and `nudge` -1, 0 or +1 for just below, at or just above."""

    values: Floats
    nudge: Integers

    def __len__(self) -> int:
        return len(self.values)


@dataclass(frozen=True, slots=True, eq=False)
class Phase:
    """The values of one phase in time order, each known as an interval; arrays of one length, at least 1."""

    low: Floats
    high: Floats
    low_open: npt.NDArray[np.bool_]
    high_open: npt.NDArray[np.bool_]

    def __len__(self) -> int:
        return len(self.low)

    @property
    def is_exact(self) -> bool:
        """True when every value is a plain number."""
        return bool(np.all(self.low == self.high))

    @property
    def lowest(self) -> Ends:
        """The completion with every value as low as it can be."""
        return Ends(self.low, self.low_open.astype(np.int64))

    @property
    def highest(self) -> Ends:
        """The completion with every value as high as it can be."""
        return Ends(self.high, -self.high_open.astype(np.int64))

    def negated(self) -> "Phase":
        """The phase of the values times -1."""
        return Phase(-self.high, -self.low, self.high_open, self.low_open)


def read_phase(values: Sequence[float | Interval], name: str) -> Phase:
    """The phase that `values` (list, tuple, array or Series of numbers and Intervals, in time order) states.

    Raises ValueError, naming the phase (`name`) and the position, for an empty phase and for a value that is missing,
    infinite or no number.
    """
    if isinstance(values, str | bytes | Mapping):
        raise ValueError(f"the {name} is a {type(values).__name__}; expected a sequence of numbers or intervals")
    try:
        items = list(values)
    except TypeError:
        raise ValueError(f"the {name} is {values!r}; expected a sequence of numbers or intervals") from None
    if not items:
        raise ValueError(f"the {name} has no value")
    rows = np.array([_row(item, name, position) for position, item in enumerate(items, start=1)])
    return Phase(rows[:, 0], rows[:, 1], rows[:, 2] > 0, rows[:, 3] > 0)


def _row(item: object, name: str, position: int) -> tuple[float, float, bool, bool]:
    if isinstance(item, Interval):
        return item.low, item.high, item.low_open, item.high_open
    where = f"value {position} of the {name}"
    if not isinstance(item, Real) or isinstance(item, bool):
        raise ValueError(f"{where} is {item!r}; expected a number or an Interval (leave out what is missing)")
    try:
        number = float(item)
    except OverflowError:
        number = math.inf
    if math.isnan(number):
        raise ValueError(f"{where} is NaN; leave out what is missing")
    if math.isinf(number):
        raise ValueError(f"{where} is not finite; a value known only as a bound is an Interval")
    return number, number, False, False


def ranks(first: Ends, second: Ends) -> tuple[Integers, Integers]:
    """Dense ranks of both completions on one scale: equal only where value and nudge are equal."""
    values = np.concatenate([first.values, second.values])
    nudge = np.concatenate([first.nudge, second.nudge])
    order = np.lexsort((nudge, values))
    values, nudge = values[order], nudge[order]
    step = np.ones(len(order), dtype=np.int64)
    step[1:] = (values[1:] != values[:-1]) | (nudge[1:] != nudge[:-1])
    dense = np.empty(len(order), dtype=np.int64)
    dense[order] = np.cumsum(step)
    return dense[: len(first)], dense[len(first) :]


def median_end(ends: Ends) -> tuple[float, int]:
    """The median of a completion as (value, nudge), comparable with every (value, nudge) of another completion.

    Between two middle values the midpoint is taken of the decimals as written: the median of 0.1 and 0.2 ties with
    0.15, which it would miss by one bit in floats. A nudge of -2 or 2 says that the midpoint itself lies between two
    floats, a real distance and so more than any infinitesimal one.
    """
    order = np.lexsort((ends.nudge, ends.values))
    lower, upper = order[(len(ends) - 1) // 2], order[len(ends) // 2]
    nudge = int(np.sign(ends.nudge[lower] + ends.nudge[upper]))
    low, high = float(ends.values[lower]), float(ends.values[upper])
    if low == high or math.isinf(low) or math.isinf(high):
        # Of two middle values at most one side is infinite: low ends reach only down, high ends only up.
        return (low if math.isinf(low) else high), nudge
    midpoint = (Fraction(repr(low)) + Fraction(repr(high))) / 2
    value = float(midpoint)
    rounded_off = midpoint - Fraction(repr(value))
    return value, nudge if not rounded_off else (2 if rounded_off > 0 else -2)


def detrended_ranks(
    baseline: Phase, treatment: Phase
) -> tuple[tuple[Integers, Integers] | None, tuple[Integers, Integers] | None]:
    """Ranks of both phases after removing the baseline's Theil-Sen trend: the worst and the best case.

    Time is the number of the observation, 1..m for the baseline of at least 2 values and m+1..m+n for the treatment.
    A steeper trend takes more from every treatment value than from any baseline value, so the worst case pairs the
    steepest possible slope with a high baseline and a low treatment, the best case the flattest with the opposite.
    Both cases are the same for exact data and attained when the baseline is exact; otherwise the slope and the values
    it is removed from may not be attainable together, and the two only enclose every completion. None stands for a
    case in which the slope is unbounded.
    """
    low, high, after_low, after_high = _integers(baseline.low, baseline.high, treatment.low, treatment.high)
    steepest = _median_slope(low, high)
    worst = _residual_ranks(steepest, high, baseline.highest, after_low, treatment.lowest)
    if baseline.is_exact and treatment.is_exact:
        return worst, worst
    flattest = steepest if baseline.is_exact else _median_slope(high, low)
    return worst, _residual_ranks(flattest, low, baseline.lowest, after_high, treatment.highest)


def _integers(*arrays: Floats) -> list[list[int | float]]:
    """The arrays as integers on one common scale, exactly as their decimals are written; infinite ends stay floats."""
    values = np.concatenate(arrays)
    finite = np.isfinite(values)
    for places in range(16):
        whole = np.rint(values[finite] * 10.0**places)
        # up to 15 digits stand for one float only, and that float is the correctly rounded quotient
        if (np.abs(whole) >= 1e15).any():
            break
        if (whole / 10.0**places == values[finite]).all():
            found = values.astype(object)
            found[finite] = whole.astype(np.int64).astype(object)
            return [part.tolist() for part in np.split(found, np.cumsum([len(array) for array in arrays])[:-1])]
    ratios = [[x if math.isinf(x) else Decimal(repr(x)).as_integer_ratio() for x in array.tolist()] for array in arrays]
    scale = math.lcm(*{ratio[1] for row in ratios for ratio in row if isinstance(ratio, tuple)})
    return [[ratio[0] * (scale // ratio[1]) if isinstance(ratio, tuple) else ratio for ratio in row] for row in ratios]


def _median_slope(earlier: Sequence[int | float], later: Sequence[int | float]) -> Fraction | None:
    """The median over all i < j of (later[j] - earlier[i]) / (j - i), exact; None when it is infinite.

    `earlier` and `later` are the same numbers for exact data, opposite ends of the intervals for a bound.
    """
    count = len(earlier)
    largest = max((abs(x) for row in (earlier, later) for x in row if isinstance(x, int)), default=0)
    # Differences of 52-bit integers are floats; longer ones are rounded here, which only serves to find a pair.
    spare = max(0, largest.bit_length() - 52)
    x, y = (
        np.array([float(v >> spare) if isinstance(v, int) else v for v in row], dtype=np.float64)
        for row in (earlier, later)
    )
    starts = [(gap - 1) * count - gap * (gap - 1) // 2 for gap in range(1, count + 1)]
    slopes = np.empty(starts[-1])
    for gap, start in enumerate(starts[:-1], start=1):
        np.divide(y[gap:] - x[: count - gap], gap, out=slopes[start : start + count - gap])
    total = Fraction(0)
    for at in _middle(slopes):
        if math.isinf(slopes[at]):
            return None
        gap = bisect_right(starts, at)
        i = at - starts[gap - 1]
        total += Fraction(int(later[i + gap]) - int(earlier[i]), gap)
    return total / 2


def _middle(slopes: Floats) -> list[int]:
    """The places of the two middle values in order of size, which are one and the same for an odd number.

    Half a million are narrowed down by the middle of every 64th, several times faster than by a partition of all.
    """
    ranks = [(len(slopes) - 1) // 2, len(slopes) // 2]
    some = np.sort(slopes[::64])
    reach = 2 * math.isqrt(len(some))
    low, high = some[max(0, len(some) // 2 - reach)], some[min(len(some) - 1, len(some) // 2 + reach)]
    below = int(np.count_nonzero(slopes < low))
    near = np.flatnonzero((slopes >= low) & (slopes <= high))
    if not below <= ranks[0] <= ranks[1] < below + len(near):
        below, near = 0, np.arange(len(slopes))
    ordered = near[np.argsort(slopes[near], kind="stable")]
    return [int(ordered[rank - below]) for rank in ranks]


def _residual_ranks(
    slope: Fraction | None, before: Sequence[int | float], a: Ends, after: Sequence[int | float], b: Ends
) -> tuple[Integers, Integers] | None:
    if slope is None:
        return None
    run, rise = slope.denominator, slope.numerator
    keys = [
        (y * run - rise * time if isinstance(y, int) else y, nudge)
        for time, (y, nudge) in enumerate(zip((*before, *after), (*a.nudge.tolist(), *b.nudge.tolist()), strict=True))
    ]
    position = {key: rank for rank, key in enumerate(sorted(set(keys)))}
    dense = np.array([position[key] for key in keys], dtype=np.int64)
    return dense[: len(a)], dense[len(a) :]
