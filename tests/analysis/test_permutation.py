"""The permutation test between two phases: what it can reach at all, and what is adjusted for what."""

from itertools import combinations
from math import comb

import pytest
from scipy import stats

from casereport.analysis.statistics.permutation import holm, permutation_test, within_reach


@pytest.mark.parametrize(("m", "n"), [(2, 2), (3, 3), (2, 7), (4, 5)])
def test_the_least_p_of_values_that_differ_is_two_over_the_orders(m, n):
    found = permutation_test(range(m), range(m, m + n), 1)
    assert found.least == pytest.approx(2 / comb(m + n, m))
    # all of the later values are higher: this is the most extreme order, so p is the least there is
    assert found.p == (pytest.approx(found.least) if found.least <= 0.05 else None)


def test_three_and_three_values_have_no_p_value():
    assert permutation_test([1, 2, 3], [4, 5, 6], 1) == (None, 0.1)  # 2 of 20


@pytest.mark.parametrize(
    "values", [(1, 1, 2, 2, 3, 3, 4), (1, 2, 2, 2, 2, 3, 4), (5, 5, 5, 5, 5, 5, 5), (1, 2, 3, 4, 5, 5, 5)]
)
@pytest.mark.parametrize("m", [2, 3, 4])
def test_the_least_p_of_tied_values_is_the_least_over_all_their_orders(values, m):
    every = []
    for chosen in combinations(range(7), m):
        sides = [values[i] for i in chosen], [values[i] for i in range(7) if i not in chosen]
        method = stats.PermutationMethod(n_resamples=9999, rng=1)
        every.append(stats.mannwhitneyu(*sides, method=method).pvalue)
    assert permutation_test(values[:m], values[m:], 1).least == pytest.approx(min(every))


def test_no_drawn_p_value_is_below_that_of_the_draws():
    assert permutation_test(range(20), range(20, 40), 1) == (2 / 10_000, 2 / 10_000)
    assert permutation_test([7] * 20, [7] * 20, 1) == (None, 1.0)  # equal values have one order


def test_tests_that_cannot_reach_the_level_are_not_paid_for():
    # Tarone 1990: with K = 2 two can reach 0.025, so that these two share the level and the others are left out
    assert within_reach([0.001, 0.02, 0.03, 0.04, 0.05]) == [True, True, False, False, False]
    assert within_reach([0.04]) == [True] and within_reach([0.04, 0.04]) == [False, False] and within_reach([]) == []


def test_holm_of_a_worked_example():
    # 0.01 x 4, 0.02 x 3, then never lower: 0.03 x 2 = 0.06, 0.04 x 1 raised to 0.06
    assert holm([0.04, 0.01, 0.03, 0.02]) == pytest.approx([0.06, 0.04, 0.06, 0.06])
    assert holm([0.9, 0.8]) == [1.0, 1.0]
    assert holm([]) == []
