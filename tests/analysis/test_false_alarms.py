"""How often chance alone shows as much: what is looked up for numbers of values that were simulated, and for others."""

import math

import pytest

from casereport.analysis.chance import INDICES, LENGTHS, false_alarms, most_alarms, read_characteristics, share_range
from casereport.analysis.effect_tables import INDICES as SHOWN
from casereport.analysis.effect_tables import MOST_FALSE_ALARMS, NEAREST, at_lengths

CELLS = read_characteristics().query("effect_sd == 0")


def of_table(index: str, before: list[int], after: list[int]) -> tuple[float, float]:
    rates = CELLS[(CELLS["index"] == index) & CELLS["n_baseline"].isin(before) & CELLS["n_treatment"].isin(after)]
    return rates["alarm_rate"].min(), rates["alarm_rate"].max()


@pytest.mark.parametrize("index", INDICES)
def test_simulated_lengths_are_answered_by_themselves(index):
    found = false_alarms(index, 5, 8)
    assert (found.low, found.high) == of_table(index, [5], [8]) and found.same


def test_an_index_that_alarms_more_rarely_the_longer_the_series_is_answered_by_the_next_shorter():
    assert false_alarms("nap", 9, 30) == (*of_table("nap", [8], [12]), False)


def test_another_is_answered_by_the_lengths_on_both_sides():
    assert false_alarms("tau_bc", 11, 9) == (*of_table("tau_bc", [10, 12], [8, 10]), False)
    assert false_alarms("tau_u", 20, 3) == (*of_table("tau_u", [12], [3]), False)


def test_an_index_that_so_few_values_do_not_give_has_none():
    assert false_alarms("smd", 2, 6) is None and math.isnan(at_lengths("SMD", 2, 6).high)


def test_each_index_of_the_table_was_simulated():
    assert [name.lower().replace("-", "_") for name in SHOWN] == list(INDICES)


@pytest.mark.parametrize("index", SHOWN)
def test_an_index_is_hidden_exactly_where_its_false_alarms_pass_a_fifth(index):
    for before in (*LENGTHS, 9, 20):
        for after in (*LENGTHS, 11, 40):
            found = at_lengths(index, before, after)
            assert bool(found.hidden) == (found.high > MOST_FALSE_ALARMS)
    assert at_lengths(index, 9, 11).remark == NEAREST


def test_shares_are_told_in_whole_per_cent_and_never_as_none_or_all():
    assert share_range(0.2766, 0.8814) == "28 to 88 %"
    assert share_range(0.004, 0.07) == "less than 1 to 7 %"
    assert share_range(0.05, 0.05) == "5 %"
    assert [most_alarms(x) for x in (0.004, 0.1, 0.996)] == ["< 1 %", "≤ 10 %", "> 99 %"]
