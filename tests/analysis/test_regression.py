"""Piecewise regression against the literature, statsmodels and simulation; the start-point rank against brute force.

Two sources print worked numbers: Huitema & McKean's model as in the definitions of this project, and three series in
three phases from the book "Analyzing single-case data with R and scan" (J. Wilbert, chapters 1 and 9).
"""

import dataclasses
import math
from fractions import Fraction

import numpy as np
import pytest
import statsmodels.api as sm
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose
from pytest import approx
from scipy import stats

from casereport.analysis.statistics.regression import Fit, Piecewise, piecewise, start_point_rank
from casereport.quantities.intervals import Interval

repeatable = settings(derandomize=True, deadline=None, database=None, max_examples=40)

A = [55, 58, 53, 50, 52]
B = [55, 68, 68, 81, 67, 78, 73, 72, 78, 81, 78, 71, 85, 80, 76]

# values of phases A, B, C; then as the book prints them: trend, slope of B and of C, level of B and of C, each against
# phase A, with the clock of a phase starting at 1 (so that a level is that of the day before); the first two with SE
SCAN_BOOK = {
    "Dustin": (
        ([3, 2, 4, 6, 4, 3], [6, 5, 4, 6, 7, 5, 6, 8, 6, 7, 8, 9, 7, 8], [6, 6, 8, 5, 7]),
        (0.23, 0.02, -0.13, 0.49, -1.34),
        (0.28, 0.29),
    ),
    "Mike": (
        ([0, 1, 3, 1, 4, 2, 1], [2, 1, 4, 3, 5, 5, 7, 6, 3, 8, 6, 4, 7], [6, 5, 6, 8, 6]),
        (0.21, 0.14, 0.09, -0.16, 0.16),
        (0.29, 0.31),
    ),
    "Will": (
        ([7, 5, 6, 4, 4, 7, 5, 7, 4], [8, 9, 11, 13, 12, 15, 16, 13, 17, 16, 18], [17, 20, 22, 18, 20]),
        (-0.08, 0.99, 0.48, 2.89, 14.01),
        (0.19, 0.24),
    ),
}

UNEVEN = np.array([-9, -8, -6, -5, -2, -1, 0, 1, 2, 4, 7, 8, 11, 12.5, 15, 19])
SERIES = np.array([3.1, 2.4, 4.0, 3.3, 4.9, 4.2, 6.0, 5.1, 7.7, 6.9, 7.2, 9.0, 8.1, 8.3, 9.9, 9.1])
SMOOTH = SERIES + 2 * np.sin(UNEVEN / 3)


def terms(fit: Fit) -> list:
    return [fit.intercept, fit.trend, *(c for change in fit.changes for c in (change.level, change.slope))]


def by_hand(days: np.ndarray, starts: list[float]) -> np.ndarray:
    """The design matrix as the definition writes it, a later phase counting on through the phases after it."""
    columns = [np.ones(len(days)), days - days[0]]
    for start in starts:
        inside = (days >= start).astype(float)
        columns += [inside, inside * (days - days[days >= start][0])]
    return np.column_stack(columns)


# The model


def test_huitema_mckean_2000_as_in_the_definitions() -> None:
    fit = piecewise(range(1, 21), A + B, [6]).ols
    assert [round(t.value, 3) for t in terms(fit)] == [56.400, -1.400, 16.967, 2.500]
    assert [round(t.se, 3) for t in terms(fit)] == [4.250, 1.735, 6.356, 1.766]


def test_scan_book_chapter_9_lag_1_autocorrelation_of_the_same_series() -> None:
    assert round(piecewise(range(1, 21), A + B, [6]).autocorrelation.value, 2) == -0.28


@pytest.mark.parametrize("name", SCAN_BOOK)
def test_scan_book_chapter_1_three_phases(name: str) -> None:
    phases, printed, errors = SCAN_BOOK[name]
    a, b, c = phases
    fit = piecewise(range(1, 26), [*a, *b, *c], [len(a) + 1, len(a) + len(b) + 1]).ols
    first, second = fit.changes
    slope_c = first.slope.value + second.slope.value
    level_c = first.level.value + first.slope.value * len(b) + second.level.value
    ours = fit.trend.value, first.slope.value, slope_c, first.level.value - first.slope.value, level_c - slope_c
    assert ours == approx(printed, abs=0.0051)
    assert (fit.trend.se, first.slope.se) == approx(errors, abs=0.0051)
    assert fit.trend.df == 19


def test_ols_is_that_of_statsmodels_on_uneven_days_in_three_phases() -> None:
    starts = [0.0, 8.0]
    theirs = sm.OLS(SERIES, by_hand(UNEVEN, starts)).fit()
    ours = piecewise(UNEVEN, SERIES, starts, confidence=0.9).ols
    assert_allclose([t.value for t in terms(ours)], theirs.params, rtol=1e-9)
    assert_allclose([t.se for t in terms(ours)], theirs.bse, rtol=1e-9)
    assert_allclose([(t.ci_low, t.ci_high) for t in terms(ours)], theirs.conf_int(0.1), rtol=1e-8)
    assert ours.residual_sd == approx(math.sqrt(theirs.mse_resid))
    assert [(c.first_day, c.n) for c in ours.changes] == [(0.0, 5), (8.0, 5)]


def test_days_count_and_not_row_numbers() -> None:
    # 1 a day, then 2 a day from 3 above the line carried on to day 6
    fit = piecewise([0, 1, 3, 6, 7, 9], [1, 2, 4, 10, 12, 16], [5]).ols
    assert [t.value for t in terms(fit)] == approx([1, 1, 3, 1])


def test_of_two_level_phases_no_slope_is_left_by_rounding() -> None:
    days = [*range(-6, 0), *range(1, 7)]
    fit = piecewise(days, [500] * 6 + [100] * 6, [0]).ols
    assert (fit.trend.value, fit.changes[0].slope.value) == (0, 0)  # a reader saw 0.00000000000000178


@repeatable
@given(
    st.lists(st.integers(-50, 50), min_size=9, max_size=9),
    st.integers(-20, 20),
    st.integers(1, 7),
    st.integers(-4, 4).filter(bool),
)
def test_levels_follow_the_unit_of_values_and_slopes_that_of_days(y: list[int], shift: int, pace: int, k: int) -> None:
    days = [0, 1, 3, 4, 6, 7, 8, 11, 12]
    plain = piecewise(days, y, [4, 8]).ols
    other = piecewise(
        [shift + pace * d for d in days], [k * v + 5 for v in y], [shift + pace * 4, shift + pace * 8]
    ).ols
    for change, same in zip(plain.changes, other.changes, strict=True):
        assert same.level.value == approx(k * change.level.value, abs=1e-8)
        assert same.slope.value * pace == approx(k * change.slope.value, abs=1e-8)
    assert other.intercept.value == approx(k * plain.intercept.value + 5, abs=1e-8)


# AR(1) errors


@pytest.mark.parametrize("starts", [[0.0], [0.0, 8.0]])
def test_given_rho_the_fit_is_statsmodels_gls_on_the_real_gaps(starts: list[float]) -> None:
    fit = piecewise(UNEVEN, SMOOTH, starts).ar1
    assert fit.rho > 0.3
    sigma = fit.rho ** (np.abs(UNEVEN[:, None] - UNEVEN[None, :]) / fit.rho_days)
    theirs = sm.GLS(SMOOTH, by_hand(UNEVEN, starts), sigma=sigma).fit()
    assert_allclose([t.value for t in terms(fit)], theirs.params, rtol=1e-7)
    assert_allclose([t.se for t in terms(fit)], theirs.bse, rtol=1e-7)


def restricted(days: np.ndarray, y: np.ndarray, design: np.ndarray, rho: float) -> float:
    """The log-likelihood of error contrasts of `y`, its variance at its best: REML by its definition."""
    contrasts = np.linalg.svd(design.T)[2][design.shape[1] :]
    cover = contrasts @ rho ** np.abs(days[:, None] - days[None, :]) @ contrasts.T
    z = contrasts @ y
    variance = z @ np.linalg.solve(cover, z) / len(z)
    return float(stats.multivariate_normal(cov=variance * cover).logpdf(z))


def test_rho_is_that_of_greatest_restricted_likelihood() -> None:
    days = np.array([0, 1, 2, 3, 5, 6, 7, 9, 10, 11, 12, 14, 15, 17], dtype=float)
    y = SERIES[: len(days)] + np.sin(days)
    fit = piecewise(days, y, [6]).ar1
    design = by_hand(days, [6])
    best = restricted(days, y, design, fit.rho)
    assert all(restricted(days, y, design, float(rho)) <= best + 1e-9 for rho in np.linspace(0.005, 0.985, 99))


def test_degrees_of_freedom_are_satterthwaites() -> None:
    days, starts = UNEVEN, [0.0]
    fit = piecewise(days, SMOOTH, starts).ar1
    design = by_hand(days, starts)
    gaps = np.abs(days[:, None] - days[None, :]) / fit.rho_days
    theta = np.array([fit.residual_sd**2, fit.rho])
    contrasts = np.linalg.svd(design.T)[2][design.shape[1] :]

    def cover(t: np.ndarray) -> np.ndarray:
        return t[0] * t[1] ** gaps

    def slopes(f) -> list:
        steps = np.diag(1e-6 * theta)
        return [(f(theta + h) - f(theta - h)) / (2 * h.sum()) for h in steps]

    inner = np.linalg.inv(contrasts @ cover(theta) @ contrasts.T)
    by = [inner @ d for d in slopes(lambda t: contrasts @ cover(t) @ contrasts.T)]
    information = np.array([[np.trace(a @ b) / 2 for b in by] for a in by])
    for j, term in enumerate(terms(fit)):

        def variance(t: np.ndarray, j: int = j) -> float:
            return float(np.linalg.inv(design.T @ np.linalg.inv(cover(t)) @ design)[j, j])

        g = np.array(slopes(variance))
        df = 2 * variance(theta) ** 2 / (g @ np.linalg.inv(information) @ g)
        assert term.df == approx(min(df, 12), rel=1e-4)
        assert term.ci_high == approx(term.value + stats.t.ppf(0.975, term.df) * term.se)


def test_turner_2021_from_twelve_points_on_in_two_phases() -> None:
    y = SERIES[:12]
    assert piecewise(np.arange(11), y[:11], [5]).ar1 is None
    assert "11 values for 4 terms" in piecewise(np.arange(11), y[:11], [5]).note
    assert piecewise(np.arange(12), y, [5]).ar1 is not None
    assert piecewise(np.arange(13), SERIES[:13], [4, 8]).ar1 is None  # 6 terms need 14


def test_uneven_days_allow_no_negative_rho_and_even_ones_do() -> None:
    zigzag = [1, 9, 2, 8, 1, 9, 1, 8, 2, 9, 1, 8, 2, 9]
    assert piecewise(np.arange(14), zigzag, [7]).ar1.rho < -0.5
    days = [0, 1, 3, 4, 5, 6, 7.5, 9, 10, 11.5, 12.5, 14, 15, 16]
    assert 0 <= piecewise(days, zigzag, [7]).ar1.rho < 0.01


# Autocorrelation


def simulated_r1(days: np.ndarray, design: np.ndarray, rho: float, times: int = 40_000) -> np.ndarray:
    errors = np.random.default_rng(3).standard_normal((times, len(days)))
    root = np.linalg.cholesky(rho ** np.abs(days[:, None] - days[None, :]) if rho else np.eye(len(days)))
    left = errors @ root.T
    left -= (left @ np.linalg.pinv(design).T) @ design.T
    return (left[:, 1:] * left[:, :-1]).sum(axis=1) / (left**2).sum(axis=1)


@pytest.mark.parametrize(
    ("days", "y"),
    [
        (np.arange(10.0), [1.0, 1.4, 1.9, 1.5, 3.0, 6.1, 6.4, 7.5, 7.9, 7.6]),
        (np.arange(0, 32, 2.0), SERIES),
        (UNEVEN, SERIES + 1.6 * np.sin(UNEVEN / 3)),
    ],
)
def test_the_interval_holds_each_rho_under_which_such_an_r1_is_likely(days: np.ndarray, y: list[float]) -> None:
    start = float(days[5])
    found = piecewise(days, y, [start], confidence=0.8).autocorrelation
    days = days / found.days
    design = by_hand(days, [start / found.days])
    assert np.mean(simulated_r1(days, design, 0.0)) == approx(found.expected, abs=0.005)
    inside = [(r, p) for r, p in ((found.ci_low, 0.9), (found.corrected, 0.5), (found.ci_high, 0.1)) if 0 < abs(r) < 1]
    assert len(inside) >= 2
    for rho, chance in inside:
        assert np.mean(simulated_r1(days, design, rho) <= found.value) == approx(chance, abs=0.01)


def test_residuals_of_a_short_series_correlate_negatively_by_themselves() -> None:
    short = piecewise(range(8), [1, 2, 1, 3, 5, 4, 6, 6.5], [4]).autocorrelation
    assert short.expected < -0.25
    assert short.ci_low < -0.5 and short.ci_high == 1  # eight values hardly say anything
    assert "too short" in short.note


def test_residuals_that_alternate_too_much_have_no_interval() -> None:
    found = piecewise([0, 1, 2, 4, 5, 6, 7, 8, 9, 10], [1, 9, 1, 9, 1, 9, 1, 9, 1, 9], [5]).autocorrelation
    assert found.value < -0.8 and found.corrected is None and found.ci_low is None and found.ci_high is None
    assert "differ by more" in found.note


def test_the_reader_is_told_of_uneven_days() -> None:
    assert "unevenly" in piecewise(UNEVEN, SERIES, [0]).autocorrelation.note
    assert piecewise(np.arange(0, 32, 2), SERIES, [10]).autocorrelation.note == ""
    assert piecewise(np.arange(0, 32, 2), SERIES, [10]).autocorrelation.days == 2


# What the data cannot give


def nothing_but_notes(result: Piecewise) -> None:
    for term in terms(result.ols):
        assert term.se is None and term.ci_low is None and term.note
        assert term.value is None or math.isfinite(term.value)
    assert result.ar1 is None and result.note
    assert result.autocorrelation.value is None and result.autocorrelation.note


def test_one_value_before_gives_no_trend_and_so_no_change() -> None:
    result = piecewise([-1, 0, 1, 2, 4], [9, 5, 4, 4, 1], [0])
    assert result.ols.trend.value is None and "n = 1 before" in result.ols.trend.note
    assert result.ols.changes[0].level.value is None and "no line" in result.ols.changes[0].level.note
    assert result.ols.intercept.value == approx(9)
    assert result.terms == 3


def test_one_value_in_a_later_phase_gives_a_level_and_no_slope() -> None:
    result = piecewise([0, 1, 2, 3, 4, 8], [1, 2.5, 3, 8, 8, 20], [3, 8])
    last = result.ols.changes[1]
    assert last.level.value == approx(12) and last.level.se > 0
    assert last.slope.value is None and "n = 1 in the phase" in last.slope.note


def test_the_phase_after_a_single_value_has_nothing_to_compare_with() -> None:
    third = piecewise([0, 1, 2, 3, 4, 5, 6], [1, 2, 3.5, 9, 4, 5, 7], [3, 4]).ols.changes[1]
    assert third.level.value is None and third.slope.value is None


def test_as_many_terms_as_values() -> None:
    result = piecewise([0, 1, 2, 3], [1, 2, 5, 9], [2])
    nothing_but_notes(result)
    assert [t.value for t in terms(result.ols)] == approx([1, 1, 2, 3])


def test_values_on_the_lines_claim_no_certainty() -> None:
    nothing_but_notes(piecewise(range(14), [0.1 * d for d in range(14)], [6]))
    nothing_but_notes(piecewise(range(14), [36.6] * 14, [6]))


def test_interval_values_and_days_give_no_regression() -> None:
    low = Interval(0, 0.1, high_open=True)
    result = piecewise(range(6), [1, 2, low, 4, low, 6], [3])
    nothing_but_notes(result)
    assert "2 of 6 values" in result.note
    nothing_but_notes(piecewise([0, 1, Interval(2, 4), 5], [1, 2, 3, 4], [5]))
    assert start_point_rank(range(6), [1, 2, low, 4, low, 6], 3).rank is None
    exact = [Interval.exact(v) for v in A + B]
    assert piecewise(range(1, 21), exact, [6]) == piecewise(range(1, 21), A + B, [6])


@pytest.mark.parametrize(
    ("days", "values", "starts", "said"),
    [
        ([0, 1, 2], [1, 2], [1], "3 days and 2 values"),
        ([0, 1, 1, 2], [1, 2, 3, 4], [1], "do not increase"),
        ([0, 1, 2], [1, math.nan, 3], [1], "NaN"),
        ([], [], [1], "no value"),
        ([0, 1, 2], [1, 2, 3], [], "starts"),
        ([0, 1, 2], [1, 2, 3], [2, 1], "starts"),
        ([0, 1, 2], [1, 2, 3], [0], "without a value"),
        ([0, 1, 2], [1, 2, 3], [1, 3], "without a value"),
    ],
)
def test_what_cannot_be_fitted_is_named(days: list, values: list, starts: list, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        piecewise(days, values, starts)


def test_confidence_is_a_share() -> None:
    with pytest.raises(ValueError, match="confidence"):
        piecewise(range(6), [1, 2, 4, 3, 5, 8], [3], confidence=95)


def test_results_cannot_be_changed() -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        piecewise(range(1, 21), A + B, [6]).n = 3  # type: ignore[misc]


# The start-point rank


@repeatable
@given(st.lists(st.decimals(-9, 9, places=1).map(float), min_size=6, max_size=14), st.integers(1, 3), st.data())
def test_rank_by_trying_every_start(values: list[float], minimum: int, data: st.DataObject) -> None:
    n = len(values)
    start = data.draw(st.integers(minimum, n - minimum))
    exact = [Fraction(str(v)) for v in values]
    differences = {k: sum(exact[k:]) / (n - k) - sum(exact[:k]) / k for k in range(minimum, n - minimum + 1)}
    found = start_point_rank(range(n), values, start, minimum=minimum)
    assert found.rank == sum(d >= differences[start] for d in differences.values())
    assert found.starts == len(differences)
    down = start_point_rank(range(n), [-v for v in values], start, "decrease", minimum=minimum)
    assert (down.rank, down.statistic) == (found.rank, found.statistic)


def test_ties_count_against_the_real_start() -> None:
    # 0.1 + 0.2 and 0.3 are the same decimals and not the same floats
    assert start_point_rank(range(6), [0.1, 0.2, 0.3, 0.3, 0.2, 0.1], 3, minimum=1).statistic == 0
    assert start_point_rank(range(5), [7, 7, 7, 7, 7], 2, minimum=1).rank == 4


def test_the_rank_of_a_start_that_was_not_randomised_is_told_to_be_no_p_value() -> None:
    described = start_point_rank(range(10), [1, 2, 1, 2, 1, 8, 9, 8, 9, 8], 5)
    assert (described.rank, described.starts) == (1, 5)
    assert "no p value" in described.note


def test_a_start_too_near_the_end_has_no_rank() -> None:
    found = start_point_rank(range(10), list(range(10)), 8)
    assert (found.rank, found.starts) == (None, 5)
    assert "n = 8 before and 2 after" in found.note
    assert start_point_rank(range(10), list(range(10)), 2).rank is None
    assert start_point_rank(range(4), [1, 2, 3, 4], 2).starts == 0


@pytest.mark.parametrize(("improvement", "minimum"), [("up", 3), ("increase", 0)])
def test_unknown_choices_are_refused(improvement: str, minimum: int) -> None:
    with pytest.raises(ValueError, match="expected"):
        start_point_rank(range(8), range(8), 4, improvement, minimum)  # type: ignore[arg-type]


def test_a_series_on_its_lines_has_no_autocorrelation_for_that_reason_and_not_for_its_length() -> None:
    x = piecewise(range(30), [3.0] * 30, [10])
    assert x.autocorrelation.value is None and "lies on the lines" in x.autocorrelation.note


def test_what_an_iteration_leaves_of_nought_is_nought() -> None:
    # 9, 11, 8, 10, 12, 9, 10, 9 have no trend by least squares, nor where an autocorrelation is searched for
    counts = [9, 11, 8, 10, 12, 9, 10, 9, 6, 5, 3, 2, 2, 3, 5, 7, 9, 8, 10, 9, 11, 7, 4, 3, 2, 0, 1, 1, 3]
    found = piecewise([*range(-7, 21), 35], counts, [1, 7, 15, 35])
    assert found.ar1 is not None
    assert found.ols.trend.value == found.ar1.trend.value == 0
