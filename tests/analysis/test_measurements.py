"""What is known of each analyte on each day: stated twice counts once, and no word becomes a number."""

import math

import pytest
from pandas.testing import assert_frame_equal

from casereport.analysis import tables
from casereport.analysis.changes import Change, How, Sides, changes, compared, within
from casereport.analysis.effect_tables import effect_table, regression_table
from casereport.analysis.judgement.direction import direction
from casereport.analysis.judgement.position import position
from casereport.analysis.measurements import Measurement, agree, comparable, measurements
from casereport.analysis.sensitivity import repetitions, robustness
from casereport.analysis.table_columns import columns_of
from casereport.case.case import Case
from casereport.case.phases import windows
from casereport.case.reading import read_case
from casereport.quantities.intervals import Interval, between, order_of, parse
from made_up import made_up, seen

LENG = read_case("leng2020")
PENG = read_case("peng2020")
SIMULATED = read_case("simulated-cp-msc")


def one(case: Case, analyte: str, day: str) -> Measurement:
    (found,) = (m for m in measurements(case) if m.analyte == analyte and m.when == parse(day))
    return found


def changes_of(case: Case, how: How = "last", infusion_day: str = "before") -> dict[tuple[str, str], Change]:
    """The changes of a case by phase and analyte."""
    found = changes(measurements(case, infusion_day=infusion_day), windows(case), how)
    return {(change.phase, change.analyte.analyte): change for change in found}


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
    crp = one(LENG, "crp", "1")
    assert crp.known == Interval.exact(191.0)
    assert crp.printed == "191.00 mg/L"
    assert "Table 4" in crp.source and "text" in crp.source


@pytest.mark.parametrize("rows", [(("9.0", ""), ("9", "H")), (("9", "H"), ("9.0", ""))])
def test_the_flag_of_either_statement_is_kept_and_no_word_of_the_text_is_a_flag_of_the_number(tmp_path, rows):
    stated = [
        seen(1, "crp", value, "mg/L", source, code=c)
        for (value, c), source in zip(rows, ("Table 1", "text"), strict=True)
    ]
    (m,) = measurements(made_up(tmp_path / "two", stated))
    assert (m.printed, m.interpretation) == ("9.0 mg/L", "H")
    (m,) = measurements(
        made_up(tmp_path / "words", [seen(1, "crp", "9", "mg/L"), seen(1, "crp", None, "", "text", code="N")])
    )
    assert (m.numeric, m.interpretation) == (True, "")


def test_what_text_and_table_state_differently_lies_between_them():
    assert one(LENG, "respiratory_rate", "1").known == Interval(22, 33)
    assert one(LENG, "spo2_air", "13").known == Interval(97, 98)


def test_words_stay_bounds_and_a_mere_rise_has_none():
    low, rose, normal = measurements(PENG)
    assert low.known == Interval(0, 1.1, False, True)
    assert rose.known is None and rose.interpretation == "U"
    assert normal.known == Interval(1.1, 3.2)
    assert not any(m.numeric for m in (low, rose, normal))


def test_words_about_a_period_with_numbers_are_no_measurement_beside_them():
    # the text of leng2020 calls AST normal on days 2 to 4; the table has AST on days 2 and 4
    table = measurements(LENG)
    assert [str(m.when) for m in table if m.analyte == "ast" and not m.numeric] == ["2..4"]
    assert all(m.numeric for m in comparable(table) if m.analyte == "ast")
    assert [str(m.when) for m in comparable(measurements(PENG))] == ["4"]


def test_only_the_chosen_analytes_are_kept_and_nothing_else_of_them_changes():
    chosen, phases = ["crp", "ast"], tables.phases(LENG)
    whole = tables.observations(LENG, phases)
    part = whole[whole["analyte"].isin(chosen)]
    for made in (tables.changes, repetitions):
        found, of_all = made(part, phases), made(whole, phases)
        assert set(found["analyte"]) == set(chosen)
        assert_frame_equal(found, of_all[of_all["analyte"].isin(chosen)].reset_index(drop=True))


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
        ("1.0..1.2", "not certain"),
        (">3.2", "above"),
        ("<3.2", "not certain"),
    ],
)
def test_a_value_is_in_or_out_of_its_range_only_if_that_is_certain(value, expected):
    assert position(parse(value, 0), Interval(1.1, 3.2)) == expected


def test_a_range_with_one_limit_has_one_side():
    assert position(parse("2"), between(None, 3.0)) == "in"
    assert position(parse("4"), between(None, 3.0)) == "above"
    assert position(parse("4"), between(None, None)) == ""


def test_a_value_on_a_limit_that_is_printed_as_outside_is_outside():
    assert position(parse("3.00"), parse("<3.00", 0)) == "above"
    assert position(parse("2.99"), parse("<3.00", 0)) == "in"
    assert position(parse("60"), parse(">60")) == "below"


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


def test_within_a_phase_the_first_value_stands_against_the_last():
    """leng2020, Table 4: C-reactive protein before the cells, 2.20 mg/L on day -7 first and 105.50 on day -1 last."""
    first, second = (phase.id for phase in LENG.meta.phases)
    found = within(measurements(LENG), [first, second])
    (crp,) = (change for change in found if change.phase == first and change.analyte.analyte == "crp")
    assert (str(crp.before), str(crp.after), crp.heading) == ("2.2", "105.5", "worse")
    assert crp.phase_before == first and crp.n_before == crp.n_after == 1


def test_the_last_values_of_the_phases_are_those_of_the_published_table():
    crp = changes_of(LENG)["msc", "crp"]
    # Table 4: CRP 105.50 on the day before the infusion, none on its day, 10.10 on day 13
    assert (crp.before, crp.after) == (Interval.exact(105.5), Interval.exact(10.1))
    assert crp.ratio_low == pytest.approx(10.1 / 105.5)
    assert (crp.verdict, crp.heading) == ("towards range", "better")


def test_the_infusion_day_can_belong_to_either_phase():
    for side, expected in (("before", 0.35), ("after", 0.60)):
        found = changes_of(LENG, infusion_day=side)["msc", "lymphocytes"]
        assert found.before == Interval.exact(expected)  # 0.35 on day 0, 0.60 on the day before


def test_a_ratio_of_bounds_is_bounded():
    low, _, normal = measurements(PENG)
    found = compared([Sides([low], [normal])])[0]
    assert found.ratio_low == 1.0  # 1.1 after over less than 1.1 before
    assert math.isinf(found.ratio_high)
    assert (found.material, found.verdict) == ("in words", "into range")


def test_the_simulated_truth_is_found_on_three_phases():
    found = {key: change.heading for key, change in changes_of(SIMULATED).items()}
    assert {phase for phase, _ in found} == {"cp", "msc"}
    # the stated truth: plasma raises lymphocytes, cells lower CRP; creatinine never changes
    assert found["cp", "lymphocytes"] == "better"
    assert found["msc", "crp"] == "better"
    assert found["cp", "creatinine"] == found["msc", "creatinine"] == "within range"


def test_an_analyte_that_the_case_does_not_have_gives_empty_tables():
    phases = tables.phases(LENG)
    none, ids = tables.observations(LENG, phases).query("analyte == 'ferritin'"), list(phases["phase"])
    repeated = repetitions(none, phases)
    made = {
        "changes": tables.changes(none, phases),
        "effects": effect_table(none, ids),
        "regression": regression_table(none, ids),
        "repetitions": repeated,
        "sensitivity": robustness(repeated, {}),
    }
    for name, table in made.items():
        assert len(table) == 0 and list(table.columns) == list(columns_of(name)), name


def test_the_median_of_one_bound_is_the_bound():
    low, _, normal = measurements(PENG)
    found = compared([Sides([low], [normal], "median")])[0]
    assert (found.before, found.after) == (parse("<1.1", 0), Interval(1.1, 3.2))


def test_what_is_inferred_from_a_statement_is_no_evidence_for_it():
    """Peng 2020: "normal on the fourth day" says that the count was low before, and nobody says so besides."""
    assert [(m.evidence, m.enters) for m in measurements(PENG) if m.known is not None] == [
        ("inferred", ""),
        ("reported", "bounds"),
    ]
    assert changes_of(PENG) == {}


def test_one_value_that_is_printed_in_two_units_counts_once(tmp_path):
    # 6.4 mg/dL times 88.42 is 565.9 µmol/L, which prints as 566
    rows = [seen(0, "creatinine", "6.4", "mg/dL"), seen(0, "creatinine", "566", "umol/L", "Table 2")]
    (found,) = measurements(made_up(tmp_path, rows))
    assert (found.point, found.printed) == ((0, 566), "566 umol/L")
    rows = [seen(0, "creatinine", "6.4", "mg/dL"), seen(0, "creatinine", "580", "umol/L", "Table 2")]
    (found,) = measurements(made_up(tmp_path / "another", rows))
    assert found.point is None
