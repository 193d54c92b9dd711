"""What the effect sizes say when the data give too little, and how they answer a wrong input."""

import dataclasses
import math
from fractions import Fraction
from itertools import combinations
from statistics import median

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pytest import approx

from casereport.analysis.statistics.effects import ird, lrr, nap, pand, pem, pnd, smd, tau, tau_bc, tau_u
from casereport.analysis.statistics.pairs import Index, Pairs
from casereport.quantities.intervals import Interval
from casereport.quantities.many_intervals import Intervals

ALL: list[Index] = [nap, tau, tau_u, tau_bc, pnd, pem, pand, ird, smd, lrr]
A, B = [20, 20, 26, 25, 22, 23], [28, 25, 24, 27, 30, 30, 29]

bounds = st.tuples(st.floats(0, 1e6), st.floats(0, 10, exclude_min=True), st.booleans(), st.booleans())
intervals = bounds.map(lambda b: Interval(b[0], b[0] + 1 + b[1], b[2], b[3])) | st.just(Interval(5, math.inf))


@pytest.mark.parametrize(
    ("index", "a", "b", "value", "note"),
    [
        (nap, [1], [2, 3], 1, "n = 1 before: no standard error"),
        (nap, [1, 2], [2], 0.75, "n = 1 under treatment: no standard error"),
        (nap, [1, 2], [3, 4], 1, "not positive"),
        (tau_u, [1], [2, 3], 1, "n = 1 before: no trend to remove"),
        (tau_u, A, B, 31 / 42, "other programs"),
        (tau_bc, [1], [2, 3], None, "n = 1 before: no trend can be estimated"),
        (tau_bc, [1, 2], [4, 4], 0.5, "n = 2 before"),
        (pnd, A, B, 5 / 7, "no standard error is known for PND"),
        (smd, [1], [2, 3], None, "n = 1 before"),
        (smd, [1, 2], [2, 3], None, "n = 2 before"),
        (smd, [0.1, 0.1, 0.1], [2, 3], None, "no variation before"),
        (smd, [1, 2, 3], [4], 8 / 7, "n = 1 under treatment: no standard error"),
        (smd, [0, 5e-324, 1e-323], [1e308, 1.7e308], None, "no variation before"),
        (lrr, [1], [2, 3], None, "n = 1 before"),
        (lrr, [1, 2], [2], None, "n = 1 under treatment"),
        (lrr, [0, 1, 2], [2, 3], None, "0 or below"),
        (lrr, [0.1, 0.1, 0.1], [0.2, 0.2], math.log(2), "no variation in either phase"),
        (pem, [1, 1 + 2**-52], [1], 0, ""),  # no tie: the midpoint is above 1, though no float lies between
        (pem, [0.1, 0.2], [0.15], 0.5, ""),  # 0.15 is their midpoint, though not in floats
        (tau_bc, [0.1, 0.2, 0.3], [0.4, 0.5, 0.7], 1 / 3, ""),  # two of three on the line, though not in floats
    ],
)
def test_what_is_given_and_what_is_said(index: Index, a: list, b: list, value: float | None, note: str) -> None:
    x = index(a, b)
    assert x.value == (value if value is None else approx(value)) and note in x.note
    assert x.value is not None or (x.low is x.high is x.se is None and x.note)


anything = st.lists(st.floats(allow_nan=False, allow_infinity=False) | intervals, min_size=1, max_size=6)


@settings(derandomize=True, deadline=None, database=None, max_examples=100)
@given(anything, anything, st.sampled_from(["increase", "decrease"]))
def test_every_number_given_is_finite(a: list, b: list, improvement: str) -> None:
    for index in ALL:
        x = index(a, b, improvement)
        numbers = [x.value, x.low, x.high, x.se, x.ci_low, x.ci_high]
        assert all(v is None or (type(v) is float and math.isfinite(v)) for v in numbers), index.__name__
        assert (x.n_baseline, x.n_treatment) == (len(a), len(b))


@pytest.mark.parametrize("index", ALL)
def test_any_sequence_will_do_and_the_result_cannot_change(index: Index) -> None:
    x = index(A, B)
    shapes = [tuple(A), np.array(A), pd.Series(A, index=range(9, 3, -1)), [Interval.exact(v) for v in A[:3]] + A[3:]]
    assert all(index(shape, np.array(B, dtype=float)) == x for shape in shapes)
    with pytest.raises(dataclasses.FrozenInstanceError):
        x.value = 1.0
    assert not hasattr(x, "__dict__")


@pytest.mark.parametrize("index", ALL)
@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (([], B), "the baseline has no value"),
        ((A, np.array([])), "the treatment phase has no value"),
        ((A, [1.0, None]), "value 2 of the treatment phase is None"),
        (([1, math.nan], B), "value 2 of the baseline is NaN"),
        ((A, pd.Series([1, pd.NA], dtype="Int64")), "value 2 of the treatment phase is <NA>"),
        (([1, math.inf], B), "value 2 of the baseline is not finite"),
        (([10**400], B), "value 1 of the baseline is not finite"),
        (([1, "2"], B), "value 2 of the baseline is '2'"),
        (("12", B), "the baseline is a str"),
        ((3, B), "the baseline is 3"),
        ((A, B, "up"), "improvement is 'up'; expected 'increase' or 'decrease'"),
        ((A, B, "increase", 95), "confidence is 95"),
        ((A, B, "increase", math.nan), "confidence is nan"),
        ((A, B, "increase", None), "confidence is None"),
    ],
)
def test_a_wrong_input_is_named(index: Index, arguments: tuple, message: str) -> None:
    with pytest.raises(ValueError, match=f"^{message.replace('<NA>', '.NA.')}"):
        index(*arguments)


@pytest.mark.parametrize("digits", [0, 2, 15])
def test_tau_bc_of_long_phases_has_the_median_of_all_slopes(digits: int) -> None:
    # 17 digits, as a float has, and 2, as a laboratory prints, are read in different ways; with 0 many slopes tie
    rng = np.random.default_rng(digits)
    before = [Fraction(repr(round(float(x), digits))) for x in rng.normal(50, 9, 120)]
    after = [Fraction(repr(round(float(x), digits))) for x in rng.normal(50, 9, 40)]
    slope = median((b - a) / (j - i) for (i, a), (j, b) in combinations(enumerate(before), 2))
    flat = [x - slope * t for t, x in enumerate([*before, *after])]
    s = sum((y > x) - (y < x) for x in flat[:120] for y in flat[120:])
    assert tau_bc([float(x) for x in before], [float(x) for x in after]).value == s / (120 * 40)


def test_tau_bc_of_long_phases_with_open_values_takes_the_middle_of_infinite_slopes_too() -> None:
    # most of the slopes to a value without an upper end are infinite: the steepest trend has no limit
    open_ended = [Interval(1, math.inf)] * 100
    assert (tau_bc(open_ended, [1] * 5).low, tau_bc(open_ended, [1] * 5).high) == (-1, 1)
    # one in a hundred leaves the median slope at 0, and the values level
    assert tau_bc([1] * 99 + [Interval(1, math.inf)], [2] * 5).low == 1 - 2 / 100


@pytest.mark.parametrize(("m", "n"), [(1, 1), (2, 1), (2, 3), (5, 4), (6, 7)])
def test_each_of_many_pairs_is_as_if_it_were_alone(m: int, n: int) -> None:
    """Numbers, ranges, limits and more digits than a float has room for stand side by side, in either direction."""
    rng = np.random.default_rng([m, n])

    def value(kind: int) -> Interval:
        low = round(float(rng.random()) * 9, int(rng.integers(0, 3)) if kind < 3 else 16)
        if kind == 0 or rng.random() < 0.5:
            return Interval.exact(low)
        wide = (Interval(low, low + 1, high_open=True), Interval(-math.inf, low), Interval(low, math.inf))
        return wide[int(rng.integers(0, 3))]

    sides = [([value(k % 4) for _ in range(m)], [value(k % 4) for _ in range(n)]) for k in range(40)]
    down = rng.random(40) < 0.5
    a, b = (
        Intervals.of(x for side in sides for x in side[i])[np.arange(40 * k).reshape(40, k)]
        for i, k in ((0, m), (1, n))
    )
    for index in ALL:
        found = index.of_each(Pairs(a, b, down))
        columns = [getattr(found, column) for column in ("value", "low", "high", "se", "ci_low", "ci_high")]
        for i, side in enumerate(sides):
            x = index(*side, "decrease" if down[i] else "increase")
            numbers = [None if math.isnan(column[i]) else column[i] for column in columns]
            assert numbers == [x.value, x.low, x.high, x.se, x.ci_low, x.ci_high], (index.__name__, side)
            assert found.note[i] == x.note
