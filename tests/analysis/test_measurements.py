"""What is known of each analyte on each day: stated twice counts once, and no word becomes a number."""

import math

import pytest

from casereport.analysis.changes import contrasts, direction, outcome, within
from casereport.analysis.measurements import against_reference, agree, comparable, measurements
from casereport.case.case import load_case
from casereport.case.settings import Settings
from casereport.files.paths import DATA
from casereport.quantities.intervals import Interval, between, order_of, parse

LENG = load_case("leng2020", DATA)
PENG = load_case("peng2020", DATA)
SIMULATED = load_case("simulated-cp-msc", DATA)


def one(case, analyte, day):
    table = measurements(case, Settings())
    rows = table[(table["analyte"] == analyte) & (table["when"] == parse(day))]
    assert len(rows) == 1
    return rows.iloc[0]


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        ("4.9", "4.91", True),
        ("105.5", "105.50", True),
        ("191", "191.00", True),
        ("97", "98", False),
        ("22", "33", False),
        ("0.94", "0.95", False),
        ("<0.10", "<0.10", True),
        ("<0.10", "0.10", False),
        ("36.6..36.9", "36.6..36.9", True),
    ],
)
def test_printed_numbers_agree_if_rounding_alone_may_part_them(first, second, expected):
    assert agree(first, second) is expected
    assert agree(second, first) is expected


def test_what_text_and_table_state_alike_counts_once_with_the_finer_digits():
    row = one(LENG, "crp", "1")
    assert row["known"] == Interval.exact(191.0)
    assert row["printed"] == "191.00 mg/L"
    assert "Table 4" in row["source"] and "text" in row["source"]


def test_what_text_and_table_state_differently_lies_between_them():
    assert one(LENG, "respiratory_rate", "1")["known"] == Interval(22, 33)
    assert one(LENG, "spo2_air", "13")["known"] == Interval(97, 98)


def test_words_stay_bounds_and_a_mere_rise_has_none():
    low, rose, normal = measurements(PENG, Settings()).to_dict("records")
    assert low["known"] == Interval(0, 1.1, False, True)
    assert rose["known"] is None and rose["interpretation"] == "U"
    assert normal["known"] == Interval(1.1, 3.2)
    assert not any(row["numeric"] for row in (low, rose, normal))


def test_words_about_a_period_with_numbers_are_no_measurement_beside_them():
    # the text of leng2020 calls AST normal on days 2 to 4; the table has AST on days 2 and 4
    table = measurements(LENG, Settings())
    words = table[(table["analyte"] == "ast") & ~table["numeric"].astype(bool)]
    assert [str(d) for d in words["when"]] == ["2..4"]
    assert comparable(table).query("analyte == 'ast'")["numeric"].all()
    assert len(comparable(measurements(PENG, Settings()))) == 2


def test_only_the_chosen_analytes_are_kept():
    assert set(measurements(LENG, Settings(analytes="crp, ast"))["analyte"]) == {"crp", "ast"}


def test_days_are_in_order_with_open_ones_beside_their_end():
    days = [parse(d) for d in ("<0", "0", "2..4", "3", ">4", "5")]
    assert sorted([*reversed(days), None], key=order_of) == [*days, None]


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("<1.1", "below"),
        ("1.1", "in"),
        ("3.2", "in"),
        ("3.3", "above"),
        ("1.0..1.2", ""),
        (">3.2", "above"),
        ("<3.2", ""),
    ],
)
def test_a_value_is_in_or_out_of_its_range_only_if_that_is_certain(value, expected):
    assert against_reference(parse(value, 0), Interval(1.1, 3.2)) == expected


def test_a_range_with_one_limit_has_one_side():
    assert against_reference(parse("2"), between(None, 3.0)) == "in"
    assert against_reference(parse("4"), between(None, 3.0)) == "above"
    assert against_reference(parse("4"), between(None, None)) == ""


def test_a_value_on_a_limit_that_is_printed_as_outside_is_outside():
    assert against_reference(parse("3.00"), parse("<3.00", 0)) == "above"
    assert against_reference(parse("2.99"), parse("<3.00", 0)) == "in"
    assert against_reference(parse("60"), parse(">60")) == "below"


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ("1", "2", "rose"),
        ("2", "1", "fell"),
        ("1", "1", "same"),
        ("<1.1", "1.1..3.2", "rose"),
        ("1..3", "2", "not certain"),
    ],
)
def test_a_direction_is_named_only_if_every_completion_agrees(before, after, expected):
    assert direction(parse(before, 0), parse(after, 0)) == expected


@pytest.mark.parametrize(
    ("change", "improvement", "before", "after", "expected"),
    [
        ("rose", "increase", "below", "below", "better"),
        ("fell", "increase", "in", "below", "worse"),
        ("fell", "decrease", "above", "in", "better"),
        ("rose", "decrease", "in", "above", "worse"),
        ("rose", "decrease", "in", "in", "in range"),
        ("fell", "decrease", "in", "below", "fell"),
        ("fell", "decrease", "below", "below", "fell"),
        ("rose", "increase", "above", "above", "rose"),
        ("rose", "decrease", "below", "above", "worse"),
        ("rose", "decrease", "below", "in", "better"),
        ("rose", "", "below", "in", "better"),
        ("fell", "", "in", "below", "worse"),
        ("fell", "", "above", "below", "fell"),
        ("not certain", "increase", "", "", "not certain"),
    ],
)
def test_better_and_worse_follow_the_good_side_and_the_range(change, improvement, before, after, expected):
    assert outcome(change, improvement, False, before, after) == expected


@pytest.mark.parametrize(
    ("change", "before", "after", "expected"),
    [
        ("fell", "", "", "fell"),  # a child's neutrophils, 0.9 to 0.05, without a range: no improvement
        ("fell", "in", "below", "worse"),
        ("fell", "below", "below", "worse"),
        ("rose", "below", "below", "better"),
        ("fell", "above", "above", "better"),
        ("fell", "above", "below", "fell"),
        ("fell", "above", "", "fell"),
        ("fell", "above", "in", "better"),
        ("rose", "in", "above", "worse"),
    ],
)
def test_what_is_bad_on_both_sides_is_not_better_for_having_fallen(change, before, after, expected):
    assert outcome(change, "decrease", True, before, after) == expected


def test_within_a_phase_the_first_value_stands_against_the_last():
    """leng2020, Table 4: C-reactive protein before the cells, 2.20 mg/L on day -7 first and 105.50 on day -1 last."""
    table = within(LENG, measurements(LENG, Settings())).set_index(["phase", "analyte"])
    row = table.loc[LENG.meta.phases[0].id, "crp"]
    assert (str(row["before"]), str(row["after"]), row["outcome"]) == ("2.2", "105.5", "worse")
    assert row["phase_before"] == LENG.meta.phases[0].id and row["n_before"] == row["n_after"] == 1


def test_the_last_values_of_the_phases_are_those_of_the_published_table():
    table = contrasts(LENG, measurements(LENG, Settings()))
    crp = table[table["analyte"] == "crp"].iloc[0]
    # Table 4: CRP 105.50 on the day before the infusion, none on its day, 10.10 on day 13
    assert (crp["before"], crp["after"]) == (Interval.exact(105.5), Interval.exact(10.1))
    assert crp["ratio_low"] == pytest.approx(10.1 / 105.5)
    assert crp["outcome"] == "better"


def test_the_infusion_day_can_belong_to_either_phase():
    for side, expected in (("before", 0.35), ("after", 0.60)):
        table = contrasts(LENG, measurements(LENG, Settings(infusion_day=side)))
        row = table[table["analyte"] == "lymphocytes"].iloc[0]
        assert row["before"] == Interval.exact(expected)  # 0.35 on day 0, 0.60 on the day before


def test_a_ratio_of_bounds_is_bounded():
    row = contrasts(PENG, measurements(PENG, Settings())).iloc[0]
    assert row["outcome"] == "better"
    assert row["ratio_low"] == 1.0  # 1.1 after over less than 1.1 before
    assert math.isinf(row["ratio_high"])


def test_the_simulated_truth_is_found_on_three_phases():
    table = contrasts(SIMULATED, measurements(SIMULATED, Settings()))
    assert set(table["phase"]) == {"cp", "msc"}
    # the stated truth: plasma raises lymphocytes, cells lower CRP; creatinine never changes
    found = {(r.phase, r.analyte): r.outcome for r in table.itertuples()}
    assert found["cp", "lymphocytes"] == "better"
    assert found["msc", "crp"] == "better"
    assert found["cp", "creatinine"] == found["msc", "creatinine"] == "in range"


def test_an_analyte_that_the_case_does_not_have_gives_empty_tables():
    settings = Settings(analytes="ferritin")
    assert len(contrasts(LENG, measurements(LENG, settings))) == 0


def test_the_median_of_one_bound_is_the_bound():
    table = contrasts(PENG, measurements(PENG, Settings()), "median")
    assert table.iloc[0]["outcome"] == "better"  # [0, 1.1) against [1.1, 3.2]
