"""From intervals to what can be ranked: phases as numbers whose order is certain, many pairs of phases at once.

A phase of intervals stands for all its completions. The ones that matter put every value at an end of its interval,
or, where that end is open, infinitesimally inside it; a `nudge` keeps track of that infinitesimal step, so that equal
ends compare exactly: with a in [0, 1) and b = 1, b is above a in every completion. Medians and trends are computed in
whole numbers, because a tie after detrending must not hang on the last bit of a float.

The arrays hold one phase a row.
"""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from numbers import Real

import numpy as np
import numpy.typing as npt

from casereport.quantities.intervals import Interval
from casereport.quantities.many_intervals import Flags, Floats, Intervals

Integers = npt.NDArray[np.int64]
Whole = np.ndarray  # whole numbers, or infinite: floats, or objects where floats would round
DIGITS = 2.0**53  # up to here floats hold every whole number
CELLS = 4_000_000  # of a matrix that is worked on at a time, so that memory does not grow with the number of pairs


@dataclass(frozen=True, slots=True, eq=False)
class Ends:
    """One completion of phases, each in time order: `values`, and `nudge` -1, 0, 1 for just below, at, just above."""

    values: np.ndarray
    nudge: Integers


def lowest(phases: Intervals) -> Ends:
    """The completion with every value as low as it can be."""
    return Ends(phases.low, phases.low_open.astype(np.int64))


def highest(phases: Intervals) -> Ends:
    """The completion with every value as high as it can be."""
    return Ends(phases.high, -phases.high_open.astype(np.int64))


def read_phase(values: Sequence[float | Interval], name: str) -> Intervals:
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
    return Intervals.of(_interval(item, f"value {i} of the {name}") for i, item in enumerate(items, start=1))


def _interval(item: object, where: str) -> Interval:
    if isinstance(item, Interval):
        return item
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
    return Interval.exact(number)


def ranks(first: Ends, second: Ends) -> tuple[Integers, Integers]:
    """Dense ranks of both completions, from 1, each row on a scale of its own; equal where value and nudge are."""
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


def concordance_within(earlier: Ends, later: Ends) -> Integers:
    """S within each phase: the pairs that rise minus those that fall, in time order, the earlier value of each pair
    from one completion and the later from another.
    """
    first, second = ranks(earlier, later)
    upper = np.triu(np.ones((first.shape[1],) * 2, dtype=bool), k=1)
    found = np.empty(len(first), dtype=np.int64)
    for rows in slices(len(first), upper.size):
        a, b = first[rows, :, None], second[rows, None, :]
        found[rows] = np.count_nonzero((b > a) & upper, axis=(1, 2)) - np.count_nonzero((b < a) & upper, axis=(1, 2))
    return found


def slices(k: int, cells: int) -> Iterator[slice]:
    """Slices of k rows of so many cells each, of about CELLS."""
    step = max(1, CELLS // max(cells, 1))
    return (slice(at, min(at + step, k)) for at in range(0, k, step))


def whole_numbers(*arrays: Floats) -> Iterator[tuple[np.ndarray, list[Whole]]]:
    """The arrays as whole numbers, each row on one scale for all, exactly as their decimals are written.

    Some rows at a time: their places, and the arrays of these rows. They are floats where all that `median_slope` and
    `without_trend` make of them are exact in floats, else Python's own integers. Infinite ends stay infinite.
    """
    values = np.concatenate(arrays, axis=1)
    parts = np.cumsum([array.shape[1] for array in arrays])[:-1]
    finite = np.isfinite(values)
    scaled, left = values.copy(), np.arange(len(values))
    with np.errstate(over="ignore", invalid="ignore"):
        for places in range(16):  # no more decimals than a float holds
            whole = np.rint(values[left] * 10.0**places)
            # a float of no more than 15 digits is the correctly rounded quotient, and of one decimal only
            good = (np.abs(whole) < DIGITS / (6 * values.shape[1] ** 2)) & (whole / 10.0**places == values[left])
            fits = (good | ~finite[left]).all(axis=1)
            scaled[left[fits]] = whole[fits]
            left = left[~fits]
            if not len(left):
                break
    fitting = np.setdiff1d(np.arange(len(values)), left)
    if len(fitting):
        yield fitting, np.split(scaled[fitting], parts, axis=1)
    if len(left):
        yield left, np.split(np.array([_on_one_scale(row) for row in values[left].tolist()], object), parts, axis=1)


def _on_one_scale(row: list[float]) -> list[int | Decimal]:
    known = [Decimal(repr(x)) for x in row]  # an infinite Decimal goes with integers of any size
    ratios = [x.as_integer_ratio() if x.is_finite() else (x, 0) for x in known]
    scale = math.lcm(*(bottom for _, bottom in ratios if bottom))
    return [top * (scale // bottom) if bottom else top for top, bottom in ratios]


def medians(whole: Whole, nudge: Integers) -> tuple[Whole, Integers]:
    """Twice the median of each row, which is whole, and its nudge. Of two middle values at most one is infinite."""
    order = np.lexsort((nudge, whole), axis=1)
    m = whole.shape[1]
    middle = order[:, [(m - 1) // 2, m // 2]]
    twice = np.take_along_axis(whole, middle, 1).sum(axis=1)
    return twice, np.sign(np.take_along_axis(nudge, middle, 1).sum(axis=1))


def median_slope(earlier: Whole, later: Whole) -> tuple[Whole, Integers, Flags]:
    """The median over all i < j of (later_j - earlier_i) / (j - i) of each row, of two values or more.

    Exact: numerator, denominator, and whether it is finite. `earlier` and `later` are the same for exact data, opposite
    ends of the intervals for a bound.
    """
    k, m = earlier.shape
    begins = np.cumsum([0, *range(m - 1, 0, -1)])  # of the slopes over 1, 2, ... values
    middle = [(begins[-1] - 1) // 2, begins[-1] // 2]
    common = math.lcm(*range(1, m)) if earlier.dtype == object else 0
    top, bottom, finite = np.zeros(k, earlier.dtype), np.ones(k, np.int64), np.ones(k, dtype=bool)
    for rows in slices(k, int(begins[-1])):
        early, late = earlier[rows], later[rows]
        slopes = np.empty((len(early), begins[-1]), earlier.dtype)
        for gap in range(1, m):
            rise = late[:, gap:] - early[:, : m - gap]
            slopes[:, begins[gap - 1] : begins[gap]] = rise * (common // gap) if common else rise / gap
        # equal floats are equal fractions where the numbers are as small as `whole_numbers` has them
        wanted = np.partition(slopes, middle, axis=1)[:, middle]
        at = np.stack([(slopes == one[:, None]).argmax(axis=1) for one in wanted.T], axis=1)
        q = np.searchsorted(begins, at, side="right")
        i = at - begins[q - 1]
        p = np.take_along_axis(late, i + q, 1) - np.take_along_axis(early, i, 1)
        finite[rows] = (np.abs(p) < math.inf).all(axis=1)
        p[~finite[rows]] = 0
        top[rows], bottom[rows] = p[:, 0] * q[:, 1] + p[:, 1] * q[:, 0], 2 * q[:, 0] * q[:, 1]
    return top, bottom, finite


def without_trend(whole: Whole, first: int, top: Whole, bottom: Integers) -> Whole:
    """The values less a trend of top/bottom, times bottom. `first` is the number of the first observation, from 0."""
    return whole * bottom[:, None] - top[:, None] * np.arange(first, first + whole.shape[1])
