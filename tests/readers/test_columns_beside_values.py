"""Columns beside the values of a day: units, ranges, shares and changes, each with its own, are no values of it."""

import pytest

from casereport.readers.ranges import by_sex, sex_of


def test_a_share_beside_a_count_is_no_count(imported):
    table = "Test,Unit,Day 1,Day 1 (%),Day 3,Day 3 (%)\nNeutrophils,10^9/L,10.2,82,8.1,75\n"
    assert [row[1:3] for row in imported.of(table)] == [("1", "10.2"), ("3", "8.1")]
    assert "its column is of %, which is no unit of neutrophils" in imported.left_out()


def test_units_under_the_days_are_those_of_their_columns(imported):
    table = "Test,Ref,Day 1,Day 1,Day 3\n,,10^9/L,%,10^9/L\nNeutrophils,2-7,10.2,82,8.1\n"
    assert imported.of(table) == [("neutrophils", "1", "10.2", "10*9/L"), ("neutrophils", "3", "8.1", "10*9/L")]
    assert "its column is of %" in imported.left_out()


def test_a_unit_beside_a_day_is_that_of_a_row_without_one_and_contradicts_another(imported):
    table = "Test,Ref,Day 1 (mg/dL),Day 1 (mmol/L)\nGlucose,70-99,100,5.55\nCreatinine (umol/L),60-110,97,98\n"
    assert imported.of(table) == [("glucose", "1", "100", "mg/dL"), ("glucose", "1", "5.55", "mmol/L")]
    assert [(r.ref_low, r.ref_high) for r in imported.rows] == [("", ""), ("", "")]  # of which of the two it is
    assert "its column is in mg/dL, and its row in umol/L" in imported.left_out()


@pytest.mark.parametrize("words", ["SD", "% change", "ratio", "z-score", "Δ from day 0"])
def test_what_is_computed_from_values_is_no_value_of_a_day(imported, words):
    assert imported.of(f"Test,Day 1,Day 3 ({words}),Day 5\nCRP (mg/L),10,3,5\n") == [
        ("crp", "1", "10", "mg/L"), ("crp", "5", "5", "mg/L"),
    ]  # fmt: skip
    assert "computed from the values" in imported.left_out()


def test_the_ranges_under_merged_days_are_ranges(imported):
    table = ",,Day 1,Day 1,Day 3,Day 3\nTest,Unit,Value,Ref,Value,Ref\nCRP,mg/L,10.2,0-5,50,0-5\n"
    assert imported.of(table) == [("crp", "1", "10.2", "mg/L"), ("crp", "3", "50", "mg/L")]
    assert imported.ranges() == {"crp": ("0", "5")} and not imported.left_out()


def test_of_units_or_ranges_that_differ_between_days_none_is_taken(imported):
    head = ",Day 1,Day 1,Day 3,Day 3\nTest,Value,Unit,Value,Unit\n"
    assert imported.run(head + "CRP,10.2,mg/L,5.1,mg/dL\n") == 2 and "its unit is not known" in imported.left_out()
    table = "Test,Unit,Reference Lab A,Day 1,Reference Lab B,Day 3\nCRP,mg/L,0-5,10,0-10,8\n"
    assert len(imported.of(table)) == 2 and imported.ranges() == {"crp": ("", "")}


@pytest.mark.parametrize(("sex", "limits"), [("", ("", "")), ("male", ("13", "17")), ("female", ("12", "15"))])
def test_a_range_of_one_sex_is_of_no_other(imported, sex, limits):
    if sex:
        imported.sex(sex)
    table = "Test,Unit,Reference range (male),Reference range (female),Day 1\nHb,g/dL,13-17,12-15,12.5\n"
    imported.run(table)
    assert imported.ranges() == {"haemoglobin": limits}


def test_the_sexes_are_known_in_other_languages():
    assert by_sex("Männer: 13-17; Frauen: 12-15") == {"male": "13-17", "female": "12-15"}
    assert sex_of("Normwert Frauen") == "female"
    assert {sex_of("Valeurs normales (H/F)"), sex_of("Reference")} == {""}
