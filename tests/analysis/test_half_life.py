"""Half-life and doubling time: the limb that is taken, the line and its interval, worked by hand."""

import math

import pytest

from casereport.analysis import tables
from casereport.analysis.half_life import half_life, half_life_of, half_life_table
from casereport.case.reading import read_case
from casereport.quantities.intervals import parse
from made_up import made_up, seen


def test_what_halves_each_day_has_a_half_life_of_a_day():
    found = half_life([0, 1, 2, 3], [80, 40, 20, 10])
    assert (found.kind, found.n, found.first_day, found.last_day) == ("half-life", 4, 0, 3)
    assert found.days == pytest.approx(1)
    assert found.low is None and "on the line" in found.note  # an error of nought would mislead


def test_what_doubles_every_two_days_has_a_doubling_time_of_two_days():
    found = half_life([3, 5, 7], [5, 10, 20])
    assert (found.kind, found.days) == ("doubling time", pytest.approx(2))


def test_a_worked_example_with_its_interval():
    # log2 of the values is 3, 2.1, 0.9, 0: Sxy = -5.1 and Sxx = 5, so that the slope is -1.02 halvings a day; the
    # residuals -0.03, 0.09, -0.09, 0.03 give s2 = 0.018 / 2 and se = sqrt(0.009 / 5); t(0.975, 2) = 4.30265
    found = half_life([0, 1, 2, 3], [2**x for x in (3, 2.1, 0.9, 0)])
    reach = 4.30265 * math.sqrt(0.009 / 5)
    assert found.days == pytest.approx(1 / 1.02)
    assert (found.low, found.high) == pytest.approx((1 / (1.02 + reach), 1 / (1.02 - reach)), rel=1e-5)


def test_the_limb_begins_at_the_peak_and_goes_on_to_the_end():
    found = half_life([-3, -1, 0, 1, 2, 3], [5, 20, 80, 40, 20, 11])
    assert (found.first_day, found.n) == (0, 4)
    # a last value that is a little above the lowest does not make a rise of it
    assert half_life([0, 1, 2, 3, 4], [80, 40, 20, 10, 11]).kind == "half-life"
    # where the last value is further from the nadir than from the peak it is a rise
    assert half_life([0, 1, 2, 3, 4], [30, 5, 10, 20, 40]).kind == "doubling time"


def test_where_the_limb_may_be_level_the_interval_has_no_upper_end():
    found = half_life([0, 1, 2, 3, 4], [12, 10, 5, 9, 7])
    assert found.high == math.inf and 0 < found.low < found.days


@pytest.mark.parametrize(
    ("days", "values"),
    [([], []), ([0, 1], [80, 40]), ([0, 0, 1], [80, 70, 40]), ([0, 1, 2], [2, 8, 3]), ([0, 1, 2], [8, 4, 0])],
)
def test_fewer_than_three_days_after_the_peak_give_none_and_say_why(days, values):
    found = half_life(days, values)
    assert found.days is None and "3 on different days are needed" in found.note


def test_limits_are_left_out_and_counted():
    found = half_life([0, 1, 2, 3], [8, 4, 2, parse("<2", 0)])
    assert (found.n, found.days) == (3, pytest.approx(1)) and "1 value known only as a limit" in found.note


def test_a_wrong_question_says_what_was_expected():
    with pytest.raises(ValueError, match="one day a value"):
        half_life([1, 2], [3])
    with pytest.raises(ValueError, match="NaN"):
        half_life([1, 2], [3, math.nan])
    with pytest.raises(ValueError, match="between 0 and 1"):
        half_life([1, 2], [3, 4], 95)


def test_the_sentence_has_the_interval_of_the_row(tmp_path):
    rows = [seen(day, "crp", str(value), "mg/L") for day, value in ((1, 80), (2, 43), (3, 19), (4, 10))]
    case = made_up(tmp_path, rows)
    phases = tables.phases(case)
    row = half_life_table(tables.observations(case, phases), list(phases["phase"]), confidence=0.95).iloc[0]
    days, low, high = (f"{row[name]:.3g}" for name in ("days", "days_low", "days_high"))
    assert float(low) < float(days) < float(high)
    assert f"half-life {days} days, 95 % interval for independent values {low} to {high} days (4 " in row["sentence"]


def test_the_table_is_of_the_markers_alone_and_says_it_in_a_sentence(tmp_path):
    rows = [seen(str(day), "crp", str(value), "mg/L") for day, value in ((1, 160), (2, 80), (3, 40), (4, 20))]
    rows += [seen(str(day), "creatinine", str(80 - day), "umol/L") for day in range(1, 5)]
    case = made_up(tmp_path, rows)
    (row,) = half_life_table(tables.observations(case, tables.phases(case)), ["before", "after"]).to_dict("records")
    assert (row["phase"], row["analyte"], row["kind"], row["n"]) == ("after", "crp", "half-life", 4)
    assert row["sentence"] == "C-reactive protein: half-life 1 days (4 values from day 1 to day 4)."


def test_the_fall_of_crp_in_leng2020_is_slower_than_it_is_cleared():
    # 191 mg/L on day 1 to 10.1 on day 13: 4.2 halvings in 12 days, and 19 hours is the half-life of CRP in plasma
    case = read_case("leng2020")
    table = half_life_table(tables.observations(case, tables.phases(case)), ["conventional", "msc"])
    row = table[(table["analyte"] == "crp") & (table["phase"] == "msc")].iloc[0]
    assert row["kind"] == "half-life" and 19 / 24 < row["days_low"] < row["days"]
    assert row["days"] == pytest.approx(12 / math.log2(191 / 10.1), rel=0.3)


def test_values_that_halve_each_day_have_a_half_life_of_one_day():
    assert half_life_of([0, 1, 2, 3], [800, 400, 200, 100]) == pytest.approx((1, 1, 1))


def test_the_interval_is_that_of_the_slope_by_students_t():
    """Logarithms 3, 2.2, 0.8, 0 on days 0 to 3: slope -1.04, residual variance 0.036, t(2) = 4.303, by hand."""
    slope, margin = -1.04, 4.302653 * math.sqrt((0.072 / 2) / 5)
    found = half_life_of([0, 1, 2, 3], [math.exp(x) for x in (3, 2.2, 0.8, 0)])
    assert found == pytest.approx([math.log(2) / -s for s in (slope, slope - margin, slope + margin)], rel=1e-4)


def test_what_rises_has_no_half_life_of():
    assert half_life_of([0, 1, 2], [1, 2, 4])[0] == math.inf


@pytest.mark.parametrize(("days", "values"), [([0, 1], [4, 2]), ([0, 1, 2], [4, 2, 0]), ([1, 1, 1], [4, 2, 1])])
def test_two_values_a_nought_or_one_day_are_refused(days, values):
    with pytest.raises(ValueError, match="three values above 0"):
        half_life_of(days, values)
