"""The half-life is that of the exponential the values were made of, and its interval is the textbook one."""

import math

import pytest

from casereport.analysis.half_life import half_life


def test_values_that_halve_each_day_have_a_half_life_of_one_day():
    assert half_life([0, 1, 2, 3], [800, 400, 200, 100]) == pytest.approx((1, 1, 1))


def test_the_interval_is_that_of_the_slope_by_students_t():
    """Logarithms 3, 2.2, 0.8, 0 on days 0 to 3: slope -1.04, residual variance 0.036, t(2) = 4.303, by hand."""
    slope, margin = -1.04, 4.302653 * math.sqrt((0.072 / 2) / 5)
    found = half_life([0, 1, 2, 3], [math.exp(x) for x in (3, 2.2, 0.8, 0)])
    assert found == pytest.approx([math.log(2) / -s for s in (slope, slope - margin, slope + margin)], rel=1e-4)


def test_what_rises_has_no_half_life():
    assert half_life([0, 1, 2], [1, 2, 4])[0] == math.inf


@pytest.mark.parametrize(("days", "values"), [([0, 1], [4, 2]), ([0, 1, 2], [4, 2, 0]), ([1, 1, 1], [4, 2, 1])])
def test_two_values_a_nought_or_one_day_are_refused(days, values):
    with pytest.raises(ValueError, match="three values above 0"):
        half_life(days, values)
