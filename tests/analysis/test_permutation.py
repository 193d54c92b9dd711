"""The permutation test between two phases: what it can reach at all, and what is adjusted for what."""

import math
from itertools import combinations
from math import comb

import numpy as np
import pytest
from scipy import stats

from casereport.analysis.statistics.permutation import adjusted, permutation_tests


def p_values(rows, m, seed=1):
    """The p values and the least of rows of values, the first m of each before."""
    dense = np.array([stats.rankdata(row, "dense") for row in rows]).astype(np.int64)
    return permutation_tests(dense[:, :m], dense[:, m:], seed)


def one(before, after):
    """p and the least of one pair of phases, None for none."""
    return tuple(None if math.isnan(x) else x for (x,) in p_values([[*before, *after]], len(before)))


def scipys(row, m, seed=1):
    method = stats.PermutationMethod(n_resamples=9999, rng=seed)
    return stats.mannwhitneyu(row[:m], row[m:], method=method).pvalue


@pytest.mark.parametrize(("m", "n"), [(2, 2), (3, 3), (2, 7), (4, 5)])
def test_the_least_p_of_values_that_differ_is_two_over_the_orders(m, n):
    p, least = one(range(m), range(m, m + n))
    assert least == pytest.approx(2 / comb(m + n, m))
    # all of the later values are higher: this is the most extreme order, so p is the least there is
    assert p == (pytest.approx(least) if least <= 0.05 else None)


def test_three_and_three_values_have_no_p_value():
    assert one([1, 2, 3], [4, 5, 6]) == (None, 0.1)  # 2 of 20


@pytest.mark.parametrize(
    "values", [(1, 1, 2, 2, 3, 3, 4), (1, 2, 2, 2, 2, 3, 4), (5, 5, 5, 5, 5, 5, 5), (1, 2, 3, 4, 5, 5, 5)]
)
@pytest.mark.parametrize("m", [2, 3, 4])
def test_the_least_p_of_tied_values_is_the_least_over_all_their_orders(values, m):
    every = []
    for chosen in combinations(range(7), m):
        sides = [values[i] for i in chosen], [values[i] for i in range(7) if i not in chosen]
        every.append(scipys([*sides[0], *sides[1]], m))
    assert one(values[:m], values[m:])[1] == pytest.approx(min(every))


def test_no_drawn_p_value_is_below_that_of_the_draws():
    assert one(range(20), range(20, 40)) == (2 / 10_000, 2 / 10_000)
    assert one([7] * 20, [7] * 20) == (None, 1.0)  # equal values have one order


@pytest.mark.parametrize(("m", "n"), [(2, 2), (3, 3), (3, 5), (2, 7), (6, 9), (8, 8)])
def test_each_of_many_p_values_is_scipys(m, n):
    values = np.random.default_rng(m).integers(0, 6, (10, m + n))
    p, least = p_values(values, m, seed=11)
    expected = [scipys(row, m, seed=11) for row in values]
    # below, a p value could not have reached 0.05, and is not given
    assert p[least <= 0.05].tolist() == [x for x, bound in zip(expected, least, strict=True) if bound <= 0.05]
    assert np.isnan(p[least > 0.05]).all() and (least <= np.array(expected) + 1e-12).all()


def holm(p, least=None, families=None):
    p = np.array(p, dtype=float)
    families = np.zeros(len(p), dtype=np.int64) if families is None else np.array(families)
    return adjusted(p, np.zeros(len(p)) if least is None else np.array(least), families).tolist()


def test_tests_that_cannot_reach_the_level_are_not_paid_for():
    # Tarone 1990: with K = 2 two can reach 0.025, so that these two share the level and the others are left out
    found = holm([0.01, 0.03, 0.03, 0.04, 0.05], least=[0.001, 0.02, 0.03, 0.04, 0.05])
    assert found[:2] == pytest.approx([0.02, 0.03]) and np.isnan(found[2:]).all()
    assert holm([0.04], least=[0.04]) == [0.04]
    assert np.isnan(holm([0.04, 0.04], least=[0.04, 0.04])).all()


def test_holm_of_a_worked_example():
    # 0.01 x 4, 0.02 x 3, then never lower: 0.03 x 2 = 0.06, 0.04 x 1 raised to 0.06
    assert holm([0.04, 0.01, 0.03, 0.02]) == pytest.approx([0.06, 0.04, 0.06, 0.06])
    assert holm([0.9, 0.8]) == [1.0, 1.0]
    assert holm([]) == []


def test_p_values_are_adjusted_within_each_family_as_statsmodels_does():
    from statsmodels.stats.multitest import multipletests

    rng = np.random.default_rng(5)
    families, p = rng.integers(0, 9, 60), rng.random(60).round(2) / 5
    found = np.array(holm([*p, np.nan], families=[*families, 3]))
    for family in range(9):
        mine = found[:60][families == family]
        assert mine == pytest.approx(multipletests(p[families == family], method="holm")[1])
    assert np.isnan(found[60])  # what is no test is not paid for


def test_what_can_reach_the_level_is_found_within_each_family():
    rng = np.random.default_rng(5)
    families, least = np.sort(rng.integers(0, 9, 60)), rng.choice([0.0002, 0.004, 0.012, 0.024, 0.05], 60)
    found = ~np.isnan(holm(least, least=least, families=families))
    for family in range(9):
        mine = least[families == family]
        share = min(k for k in range(1, len(mine) + 2) if (mine <= 0.05 / k).sum() <= k)
        assert found[families == family].tolist() == (mine <= 0.05 / share).tolist()
