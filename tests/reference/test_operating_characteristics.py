"""The simulation reproduces what is known exactly, and the report quotes the committed table and nothing else.

Exact truths: without effect and without autocorrelation all orders of the values are equally likely, so shares can be
counted; a few quantities of normal variables have closed forms. A simulated number may miss one by 4.5 standard errors.
"""

import csv
import io
import itertools
import math
import re
from functools import cache
from statistics import NormalDist

import numpy as np
import pytest
from pytest import approx
from scipy.integrate import quad

from casereport.analysis.chance import INDICES, LENGTHS, LOG_SD, TABLE, how_often, read_characteristics
from casereport.analysis.statistics import effects
from casereport.reference.operating_characteristics import (
    CELLS,
    COLUMNS,
    REPLICATES,
    WINDOW,
    Cell,
    Start,
    characteristics,
    compute,
    draw,
    simulate_cell,
)

Row = dict[str, str]
ERRORS = 4.5
PERCENT = r"(\d+) % \(([^)]*)\)"  # with the setting it comes from


@pytest.fixture(scope="module")
def text() -> str:
    return TABLE.read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def committed(text: str) -> dict[tuple[str, Cell], Row]:
    rows = csv.DictReader(io.StringIO(text))
    kinds = (int, int, float, str, float)
    return {
        (r["index"], Cell(*(kind(r[name]) for kind, name in zip(kinds, COLUMNS[1:6], strict=True)))): r for r in rows
    }


@pytest.fixture(scope="module")
def table():
    return read_characteristics()


def by_chance(m: int, n: int, rho: float = 0.0, start: Start = "fixed") -> Cell:
    return Cell(m, n, rho, start, 0.0)


def share_error(p: float) -> float:
    """How far a simulated share may lie from p, and its printed four decimals."""
    return ERRORS * math.sqrt(p * (1 - p) / REPLICATES) + 0.00005


@cache
def arrangements(m: int, n: int, u: int) -> int:
    """The orders of m + n distinct values in which exactly u pairs agree with improvement (Mann & Whitney 1947)."""
    if u < 0 or min(m, n) == 0:
        return int(u == 0)
    return arrangements(m - 1, n, u - n) + arrangements(m, n - 1, u)


def nap_alarm(m: int, n: int) -> float:
    """P(NAP >= 0.9) without effect for independent values, counted."""
    high = sum(arrangements(m, n, u) for u in range(m * n + 1) if 10 * u >= 9 * m * n)
    return high / math.comb(m + n, m)


# The index of each case is that of the case alone


LENGTH_PAIRS = [(1, 1), (1, 4), (2, 1), (2, 5), (3, 1), (3, 3), (4, 6), (5, 2), (7, 12), (12, 8)]


def assert_computed_as_in_effects(a, b, names) -> None:
    with np.errstate(all="ignore"):  # tied baselines have no SMD
        found = compute(a, b)
    for name, i in itertools.product(names, range(len(a))):
        data = [np.exp(LOG_SD * x[i]) if name == "lrr" else x[i] for x in (a, b)]
        expected = getattr(effects, name)(*data)
        if name not in found:
            assert expected.value is None
            continue
        index = found[name]
        assert index.value[i] == approx(expected.value, rel=1e-12, abs=1e-12)
        if expected.ci_low is None:
            assert np.isnan([index.ci_low, index.ci_high]).all()
        else:
            ends = index.ci_low[i], index.ci_high[i]
            assert ends == approx((expected.ci_low, expected.ci_high), rel=1e-9, abs=1e-9)


@pytest.mark.parametrize(("m", "n"), LENGTH_PAIRS)
def test_each_index_is_that_of_effects(m, n):
    rng = np.random.default_rng([m, n])
    assert_computed_as_in_effects(rng.normal(0, 1, (25, m)), rng.normal(0.5, 1, (25, n)), INDICES)


@pytest.mark.parametrize(("m", "n"), LENGTH_PAIRS)
def test_each_index_of_overlap_is_that_of_effects_with_ties_too(m, n):
    rng = np.random.default_rng([m, n])
    a, b = (rng.integers(low, low + 4, (25, length)).astype(float) for low, length in ((0, m), (1, n)))
    assert_computed_as_in_effects(a, b, ["nap", "tau", "tau_u", "pnd", "pem", "pand", "ird"])


# The simulated series


def test_a_series_is_stationary_with_the_stated_autocorrelation_across_the_start():
    a, b = draw(by_chance(5, 5, 0.6), 40_000)
    series = np.hstack([a, b])
    assert series.mean(axis=0) == approx(np.zeros(10), abs=ERRORS / 200)
    assert series.std(axis=0) == approx(np.ones(10), abs=ERRORS / 280)  # the error of an SD is 1 / sqrt(2 N)
    lagged = np.corrcoef(series, rowvar=False)
    for lag in (1, 2, 3):
        assert np.diag(lagged, lag) == approx(np.full(10 - lag, 0.6**lag), abs=ERRORS / 200)


def test_treatment_that_starts_at_the_worst_value_follows_the_lowest_of_the_baseline():
    a, b = draw(by_chance(12, 3, 0.6, "worst"), 2_000)
    assert (a.argmin(axis=1) == 11).all() and len(a) == len(b) == 2_000
    with pytest.raises(ValueError, match="at most 14"):
        draw(by_chance(15, 3, 0.6, "worst"), 1)


def test_the_worst_value_is_that_of_fourteen_and_the_next_ones_know_nothing_of_it_when_independent():
    normal = NormalDist()
    lowest = quad(lambda x: x * WINDOW * normal.pdf(x) * (1 - normal.cdf(x)) ** (WINDOW - 1), -8, 8)[0]
    assert lowest == approx(-1.7034, abs=0.0001)  # Harter 1961, the table of normal order statistics
    a, b = draw(by_chance(1, 3, 0.0, "worst"), 40_000)
    assert a.mean() == approx(lowest, abs=0.015)
    assert b.mean(axis=0) == approx(np.zeros(3), abs=ERRORS / 200)


def test_regression_to_the_mean_is_as_large_as_the_autocorrelation_leaves_room_for():
    a, b = draw(by_chance(3, 2, 0.6, "worst"), 40_000)
    assert b.mean(axis=0) == approx(a[:, -1].mean() * np.array([0.6, 0.36]), abs=ERRORS / 200)


# The committed table against exact truths


def test_nap_is_1_in_1_of_the_20_orders_of_three_and_three(committed):
    """8 of 9 pairs are less than 0.9, so only complete separation counts."""
    orders = list(itertools.combinations(range(6), 3))
    separated = [after for after in orders if min(after) == 3]
    assert (len(separated), len(orders)) == (1, 20)
    assert float(committed["nap", by_chance(3, 3)]["alarm_rate"]) == approx(1 / 20, abs=share_error(1 / 20))


def test_the_false_alarms_of_nap_are_those_counted_for_all_lengths(committed):
    for m, n in itertools.product(LENGTHS, LENGTHS):
        p = nap_alarm(m, n)
        assert float(committed["nap", by_chance(m, n)]["alarm_rate"]) == approx(p, abs=share_error(p)), (m, n)


@pytest.mark.parametrize("name", ["nap", "tau", "pnd", "pand", "ird"])
@pytest.mark.parametrize(("m", "n"), [(3, 3), (3, 6), (5, 4), (2, 8)])
def test_mean_and_false_alarms_of_a_rank_index_are_those_of_all_orders(committed, name, m, n):
    values = []
    for after in itertools.combinations(range(m + n), n):
        before = [r for r in range(m + n) if r not in after]
        values.append(getattr(effects, name)(before, after).value)
    row = committed[name, by_chance(m, n)]
    p = sum(value >= INDICES[name].alarm for value in values) / len(values)
    assert float(row["alarm_rate"]) == approx(p, abs=share_error(p))
    assert float(row["mean"]) == approx(sum(values) / len(values), abs=ERRORS * float(row["mean_se"]) + 0.0001)


def test_tau_u_of_three_and_three_is_that_of_all_720_orders(committed):
    values = [effects.tau_u(order[:3], order[3:]).value for order in itertools.permutations(range(6))]
    row = committed["tau_u", by_chance(3, 3)]
    p = sum(value >= 0.8 for value in values) / 720
    assert float(row["alarm_rate"]) == approx(p, abs=share_error(p))
    assert float(row["mean"]) == approx(sum(values) / 720, abs=ERRORS * float(row["mean_se"]) + 0.0001)


@pytest.mark.parametrize("rho", [0.0, 0.3, 0.6])
def test_one_value_before_and_two_after_with_autocorrelation_follow_the_orthant_formula(committed, rho):
    """Both differences are positive in 1/4 + asin(r) / (2 pi); their correlation r is sqrt(1 + rho) / 2."""
    p = 1 / 4 + math.asin(math.sqrt(1 + rho) / 2) / (2 * math.pi)
    assert float(committed["nap", by_chance(1, 2, rho)]["alarm_rate"]) == approx(p, abs=share_error(p))


def test_three_values_after_the_worst_of_fourteen_are_all_higher_in_14_of_17(committed):
    """All orders of the 17 are equally likely but for the worst of the 14: it is the lowest of all in 14 / 17."""
    p = 14 / 17
    assert float(committed["nap", by_chance(1, 3, 0.0, "worst")]["alarm_rate"]) == approx(p, abs=share_error(p))


@pytest.mark.parametrize(("m", "n"), [(1, 8), (3, 8), (8, 3), (12, 12)])
def test_regression_to_the_mean_in_nap_is_that_of_order_statistics(committed, m, n):
    """A new value exceeds the worst of W in W / (W + 1), and any of the W in 1/2 on average."""
    worst = WINDOW / (WINDOW + 1)
    other = (WINDOW / 2 - worst) / (WINDOW - 1)
    row = committed["nap", by_chance(m, n, 0.0, "worst")]
    expected = (worst + (m - 1) * other) / m
    assert float(row["mean"]) == approx(expected, abs=ERRORS * float(row["mean_se"]) + 0.0001)
    assert float(row["bias"]) == approx(expected - 0.5, abs=ERRORS * float(row["mean_se"]) + 0.0001)


@pytest.mark.parametrize("name", ["nap", "tau", "tau_u"])
@pytest.mark.parametrize("shift", [1.0, 2.0])
def test_an_index_of_pairs_has_no_bias_with_independent_values_and_a_fixed_start(committed, name, shift):
    for m, n in itertools.product((3, 5, 8, 12), repeat=2):
        row = committed[name, Cell(m, n, 0.0, "fixed", shift)]
        assert abs(float(row["bias"])) < ERRORS * float(row["mean_se"])


def test_the_true_values_are_those_of_two_normal_distributions_one_sd_apart(committed):
    """Phi(1 / sqrt 2) = 0.7602 and Phi(1) = 0.8413, from any table of the normal distribution."""
    truths = {name: committed[name, Cell(5, 5, 0.0, "fixed", 1.0)]["true_value"] for name in INDICES}
    assert truths == {
        "nap": "0.7602", "tau": "0.5205", "tau_u": "0.5205", "tau_bc": "0.5205", "pnd": "", "pem": "0.8413",
        "pand": "", "ird": "", "smd": "1.0000", "lrr": "0.3000",
    }  # fmt: skip


@pytest.mark.parametrize("m", [5, 8, 12])
def test_the_mean_smd_is_the_shift_times_the_known_mean_of_the_inverse_sd(committed, m):
    """Mean and SD of a normal sample are independent; E(1/s) = sqrt(k/2) Gamma((k-1)/2) / Gamma(k/2), k = m - 1."""
    k = m - 1
    inverse = math.sqrt(k / 2) * math.gamma((k - 1) / 2) / math.gamma(k / 2)
    row = committed["smd", Cell(m, 8, 0.0, "fixed", 2.0)]
    expected = 2 * inverse * (1 - 3 / (4 * k - 1))
    assert float(row["mean"]) == approx(expected, abs=ERRORS * float(row["mean_se"]) + 0.0001)


def test_what_does_not_exist_is_left_empty(committed):
    for (name, cell), row in committed.items():
        assert (row["bias"] == "") == (row["true_value"] == "") == (name in ("pnd", "pand", "ird"))
        if name not in ("nap", "tau", "smd", "lrr"):
            assert row["coverage"] == row["interval_alarm_rate"] == ""
        # the SMD of 3 values before is distributed like t with 2 degrees of freedom, which has no variance
        assert (row["mean_se"] == "") == (name == "smd" and cell.n_baseline == 3)


@pytest.mark.parametrize("name", ["nap", "lrr"])
def test_with_many_independent_values_the_interval_covers_as_it_says(name):
    cell = Cell(14, 60, 0.0, "fixed", 1.0) if name == "nap" else Cell(60, 60, 0.0, "fixed", 1.0)
    row = next(row for row in simulate_cell(cell, 4_000) if row[0] == name)
    assert float(row[COLUMNS.index("coverage")]) == approx(0.95, abs=0.02)


def test_without_effect_an_interval_that_misses_no_effect_lies_above_it_or_below(committed):
    """Independent values and a fixed start are symmetrical: half of the misses are false improvements."""
    for m, n in itertools.product((5, 8, 12), repeat=2):
        row = committed["nap", by_chance(m, n)]
        missed = 1 - float(row["coverage"])
        assert float(row["interval_alarm_rate"]) == approx(missed / 2, abs=share_error(missed))


def test_every_share_is_known_to_half_a_percentage_point(committed):
    assert max(float(row["monte_carlo_se"]) for row in committed.values()) <= 0.005


# The same each time


SOME = (by_chance(3, 4), by_chance(2, 3, 0.6, "worst"), Cell(3, 3, 0.3, "worst", 1.0))


def test_the_same_bytes_twice_and_for_one_or_two_workers():
    once = characteristics(SOME, replicates=60, workers=1)
    assert characteristics(SOME, replicates=60, workers=1) == once
    assert characteristics(SOME, replicates=60, workers=2) == once
    alone = characteristics(SOME[1:2], replicates=60, workers=1)  # a cell does not depend on the others either
    assert set(alone.splitlines()) < set(once.splitlines())


def test_two_cells_share_no_random_numbers():
    first = {draw(cell, 2)[0][0, -1] for cell in CELLS}
    assert len(first) == len(CELLS)


@pytest.mark.parametrize("cell", [by_chance(4, 5, 0.6, "worst"), Cell(5, 3, 0.3, "fixed", 1.0)])
def test_the_committed_table_is_what_the_module_computes(text, cell):
    for row in simulate_cell(cell):
        assert "\n" + ",".join(row) + "\n" in text


def test_the_committed_table_has_the_header_and_the_cells_of_the_module(text, committed):
    assert text.splitlines()[0] == ",".join(COLUMNS)
    assert "\r" not in text and text.endswith("\n")
    undefined = {"tau_bc": (2, 1), "smd": (3, 1), "lrr": (2, 2)}  # the fewest values before and after that give it
    expected = [
        (name, cell)
        for cell in CELLS
        for name in INDICES
        if cell.n_baseline >= undefined.get(name, (1, 1))[0] and cell.n_treatment >= undefined.get(name, (1, 1))[1]
    ]
    assert list(committed) == expected
    assert len(text.splitlines()) == 1 + len(expected)
    assert {row["replicates"] for row in committed.values()} == {str(REPLICATES)}


def test_phases_of_3_to_12_autocorrelation_0_to_06_and_three_effects_are_simulated():
    wanted = itertools.product((3, 5, 8, 12), (3, 5, 8, 12), (0.0, 0.3, 0.6), ("fixed", "worst"), (0.0, 1.0, 2.0))
    assert {Cell(*cell) for cell in wanted} <= set(CELLS)


# What the report says


def shares(committed: dict[tuple[str, Cell], Row], name: str, m: int, n: int, column: str) -> dict[str, float]:
    """The shares of the six settings without effect, by the words that the sentence has for them."""
    found = {}
    for rho, start in itertools.product((0.0, 0.3, 0.6), ("fixed", "worst")):
        values = f"autocorrelation {rho:g}" if rho else "independent values"
        where = f"{values}, start at {'a fixed point' if start == 'fixed' else 'the worst value'}"
        found[where] = float(committed[name, by_chance(m, n, rho, start)][column])
    return found


@pytest.mark.parametrize(("name", "m", "n"), [("nap", 3, 8), ("nap", 4, 6), ("tau_u", 3, 6), ("pem", 3, 5)])
def test_the_numbers_of_the_sentence_are_those_of_the_table(table, committed, name, m, n):
    told = how_often(table, name, m, n)
    known = shares(committed, name, m, n, "alarm_rate")
    assert (told.low, told.high) == (min(known.values()), max(known.values()))
    assert told.sentence.startswith(f"With {m} values before and {n} after, a series that only fluctuates")
    assert f"shows {INDICES[name].label} of {INDICES[name].alarm:g} or more in " in told.sentence
    least, most = re.findall(PERCENT, told.sentence)
    assert (int(least[0]), int(most[0])) == (round(100 * told.low), round(100 * told.high))
    assert (int(least[0]), int(most[0])) == (round(100 * known[least[1]]), round(100 * known[most[1]]))


def test_the_interval_sentence_quotes_the_coverage(table, committed):
    known = shares(committed, "nap", 3, 8, "coverage")
    least, most = re.findall(PERCENT, how_often(table, "nap", 3, 8).interval_sentence)
    assert (int(least[0]), int(most[0])) == (round(100 * min(known.values())), round(100 * max(known.values())))
    assert (int(least[0]), int(most[0])) == (round(100 * known[least[1]]), round(100 * known[most[1]]))
    assert how_often(table, "tau_u", 3, 8).interval_sentence == ""


def test_the_sentence_follows_the_table_it_is_given(table):
    changed = table.assign(alarm_rate=0.123, coverage=0.992)
    told = how_often(changed, "nap", 3, 8)
    assert "in 12 % of simulated cases, whatever the start and the autocorrelation (0 to 0.6)." in told.sentence
    assert "true value in more than 99 % of them" in told.interval_sentence
    assert "in less than 1 % of simulated cases" in how_often(table.assign(alarm_rate=0.0), "nap", 3, 8).sentence
    assert (
        "LRR of 0.54 or more (for values that vary by about 30 %) in 12 %" in how_often(changed, "lrr", 4, 6).sentence
    )


def test_one_value_before_and_one_after_is_better_by_chance_half_of_the_time(table):
    told = how_often(table, "nap", 1, 1).sentence
    assert told.startswith("With 1 value before and 1 after, ") and "in 50 % (independent values, start at a" in told


def test_other_lengths_take_the_next_shorter_cell_and_say_so(table):
    told = how_often(table, "nap", 9, 20)
    assert (told.n_baseline, told.n_treatment) == (8, 12)
    nearest = "simulated: 8 before and 12 after, the nearest simulated numbers that are not larger"
    assert f"9 values before and 20 after ({nearest}), " in told.sentence
    assert (told.low, told.interval_sentence) == (how_often(table, "nap", 8, 12).low, "")


def test_the_next_shorter_cell_never_makes_nap_look_safer(table):
    for m, n in itertools.product([*range(1, 16), 20], repeat=2):
        told = how_often(table, "nap", m, n)
        assert nap_alarm(m, n) <= nap_alarm(told.n_baseline, told.n_treatment) + 0.001, (m, n)


def test_no_other_cell_stands_in_where_more_values_do_not_mean_fewer_false_alarms(table, committed):
    """A chance trend of the baseline is carried ever further into a longer treatment, for one."""
    rates = [float(committed["tau_bc", by_chance(5, n)]["alarm_rate"]) for n in (5, 8, 12)]
    assert rates == sorted(rates)
    for name in ("tau_u", "tau_bc", "pand", "ird"):
        assert how_often(table, name, 3, 9) is None and how_often(table, name, 3, 8) is not None


def test_an_index_that_so_few_values_do_not_give_has_no_sentence(table):
    assert how_often(table, "smd", 2, 6) is None
    assert how_often(table, "lrr", 1, 6) is None
    assert how_often(table, "tau_bc", 1, 6) is None


@pytest.mark.parametrize(("name", "m", "n", "words"), [("nab", 3, 8, "index is 'nab'"), ("nap", 0, 8, "at least 1")])
def test_a_wrong_question_is_answered_with_what_was_expected(table, name, m, n, words):
    with pytest.raises(ValueError, match=words):
        how_often(table, name, m, n)
