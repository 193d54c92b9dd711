"""What is stated only of the order of values: which statements enter an index, and what the index may be then."""

import itertools
import math
from typing import NamedTuple

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from casereport.analysis.comparable import bounded, with_order
from casereport.analysis.effect_tables import effect_table, informative
from casereport.analysis.measurements import measurements, order_facts
from casereport.analysis.statistics.effects import nap, tau
from casereport.analysis.tidy import observation_table
from casereport.case.case import Case
from casereport.case.reading import read_case
from casereport.quantities.intervals import Interval, parse
from made_up import made_up, seen

ANY = Interval(-math.inf, math.inf, True, True)
LOW, NORMAL = parse("<1.1", 0), parse("1.1..3.2")


class Said(NamedTuple):
    """What is stated of one analyte and day, and nothing else."""

    when: Interval | None
    known: Interval | None
    numeric: bool
    interpretation: str


def said(*rows) -> list[Said]:
    """Statements from (day, value or None, numeric, interpretation)."""
    return [Said(parse(day), value and parse(value), numeric, word) for day, value, numeric, word in rows]


def effects_of(case: Case) -> pd.DataFrame:
    return effect_table(observation_table(measurements(case)), [phase.id for phase in case.meta.phases])


def test_a_rise_decides_its_pair_where_the_bounds_leave_it_open():
    assert (nap([LOW], [ANY]).low, nap([LOW], [ANY]).high) == (0, 1)
    risen = nap([LOW], [ANY], order=[(0, 1)])
    assert risen.value == risen.low == risen.high == 1
    assert nap([LOW], [ANY], "decrease", order=[(0, 1)]).value == 0
    assert tau([LOW], [ANY], "decrease", order=[(0, 1)]).value == -1


def test_what_follows_from_two_facts_is_known_too():
    # 5 before, then a rise, then another: both lie above 5, though the second is compared with the first only
    assert nap([5], [ANY, ANY], order=[(0, 1), (1, 2)]).value == 1
    # a fall after a rise leaves open on which side of 5 it ends: 1 of 2 pairs is decided
    after_all = nap([5], [ANY, ANY], order=[(0, 1), (2, 1)])
    assert (after_all.value, after_all.low, after_all.high) == (None, 0.5, 1)


def test_with_every_pair_decided_the_standard_error_is_that_of_numbers_in_that_order():
    # a: 1, 4, 2; b: 3, and one said to be above the 3 and below the 4, as 3.5 is
    told, plain = nap([1, 4, 2], [3, ANY], order=[(3, 4), (4, 1)]), nap([1, 4, 2], [3, 3.5])
    assert (told.value, told.se, told.ci_low, told.ci_high) == (plain.value, plain.se, plain.ci_low, plain.ci_high)


@pytest.mark.parametrize("order", [[(0, 0)], [(0, 1), (1, 0)], [(1, 0)]])
def test_an_order_that_contradicts_itself_or_the_values_is_refused(order):
    with pytest.raises(ValueError, match="contradicts"):
        nap([1], [2], order=order)


@pytest.mark.parametrize("pair", [(0, 2), (-1, 0), ("0", 1)])
def test_an_order_of_values_that_are_not_there_is_refused(pair):
    with pytest.raises(ValueError, match="positions from 0 to 1"):
        nap([1], [2], order=[pair])


small = st.tuples(st.integers(0, 4), st.integers(0, 2)).map(lambda t: Interval(t[0], t[0] + t[1]))
phase = st.lists(small, min_size=1, max_size=3)


@settings(max_examples=60)
@given(phase, phase, st.lists(st.tuples(st.integers(0, 5), st.integers(0, 5)), min_size=1, max_size=3))
def test_every_completion_that_keeps_the_order_lies_within_the_bounds(a, b, order):
    count = len(a) + len(b)
    order = [(i, j) for i, j in order if i < count and j < count]
    half_steps = [[k / 2 for k in range(int(2 * x.low), int(2 * x.high) + 1)] for x in [*a, *b]]
    found = []
    for values in itertools.product(*half_steps):
        if all(values[i] < values[j] for i, j in order):
            pairs = [(y > x) + (y == x) / 2 for x in values[: len(a)] for y in values[len(a) :]]
            found.append(sum(pairs) / len(pairs))
    if not found:
        return
    estimate = nap(a, b, order=order)
    assert estimate.low - 1e-12 <= min(found) and max(found) <= estimate.high + 1e-12
    without = nap(a, b)
    assert without.low <= estimate.low and estimate.high <= without.high
    assert estimate.value == (estimate.low if estimate.low == estimate.high else None)


def test_words_enter_where_they_say_something_of_a_value_before_them():
    rows = said(("<0", "<1.1", False, "L"), ("1", None, False, "U"), ("4", "1.1..3.2", False, "N"))
    assert with_order(rows, "increase") == ([0, 1, 2], [(0, 1)])
    assert bounded(rows) == {0, 2}


@pytest.mark.parametrize(
    ("word", "improvement", "facts"),
    [
        ("U", "decrease", [(0, 1)]),
        ("D", "increase", [(1, 0)]),
        ("B", "increase", [(0, 1)]),
        ("B", "decrease", [(1, 0)]),
        ("W", "decrease", [(0, 1)]),
        ("B", "", []),  # better is neither up nor down where no side is good
        ("", "increase", []),
    ],
)
def test_better_and_worse_are_turned_by_the_side_that_is_good(word, improvement, facts):
    rows = said(("0", "5", True, ""), ("1", None, False, word))
    assert with_order(rows, improvement) == ([0, 1] if facts else [0], facts)


@pytest.mark.parametrize(
    ("rows", "why"),
    [
        (said(("1", None, False, "U")), "nothing before it"),
        (said(("0..2", "5", True, ""), ("2", None, False, "U")), "the day of a number: said of that number"),
        (said(("0..3", "<1.1", False, "L"), ("2", None, False, "U")), "not certainly after it"),
        (said(("0", "5", True, ""), ("0", None, False, "U")), "on the same day"),
    ],
)
def test_a_rise_since_nothing_certain_is_left_out(rows, why):
    kept, facts = with_order(rows, "increase")
    assert facts == [], why
    assert kept == sorted(bounded(rows))


def test_a_rise_is_kept_beside_the_row_that_it_rose_above():
    """Peng 2020: low before the infusion, then higher on day 1, then normal on day 4."""
    low, rose, normal = measurements(read_case("peng2020"))
    assert [m.enters for m in (low, rose, normal)] == ["bounds", "order", "bounds"]
    assert [(m.above_row, m.below_row) for m in (low, rose, normal)] == [(0, 0), (low.row, 0), (0, 0)]
    assert order_facts([low], [rose, normal]) == [(0, 1)]
    assert order_facts([normal], [rose]) == []  # of what is not compared nothing is said


def test_the_published_rise_and_return_to_normal_are_two_pairs_of_two():
    case = read_case("peng2020")
    table = effects_of(case).set_index("index")
    row = table.loc["NAP"]
    assert (row["value"], row["n_before"], row["n_after"]) == (1.0, 1, 2)
    assert row["note"].startswith("of 1 of 3 values only the order is stated")
    assert math.isnan(row["se"]) and math.isnan(row["p"])
    # the other indices need bounds, and know nothing of the rise
    assert (table.loc["PND", "n_before"], table.loc["PND", "n_after"]) == (1, 1)
    assert "without the values known only by their order" in table.loc["PND", "note"]
    # in the report no number stands for what the source only puts into words
    assert len(informative(effects_of(case))) == 0


def test_a_phase_known_only_by_its_order_has_no_index_that_needs_bounds(tmp_path):
    rose = seen("1", "lymphocytes", None, "10*9/L", code="U")
    case = made_up(tmp_path, [seen("-2", "lymphocytes", "0.5", "10*9/L"), rose])
    table = effects_of(case).set_index("index")
    assert table.loc["NAP", "value"] == 1.0
    assert math.isnan(table.loc["PEM", "value"])
    assert "known only by their order" in table.loc["PEM", "note"]
