"""Cells and ranges as they are printed: a second number, a pair, a titre, a point, a range for each sex."""

import datetime as dt

import pytest

from casereport.audit.consistency import check_consistency
from casereport.case.reading import read_case
from casereport.cli import main
from casereport.readers.cells import NotTaken, read_grade, read_titre
from casereport.readers.ranges import by_sex


def test_percent_of_a_spreadsheet_is_taken_as_the_cell_shows_it(imported):
    rows = [["Test", "Day 1", "Day 3"], ["Haematocrit (%)", 0.45, 0.31], ["Neutrophils (%)", 0.845, 0.07]]
    assert imported.book(rows, {"B2": "0%", "C2": "0%", "B3": "0.0%", "C3": "0%"}) == 0
    assert [(r.value, r.unit) for r in imported.rows] == [("45", "%"), ("31", "%"), ("84.5", "%"), ("7", "%")]


def test_a_percent_sign_in_quotes_is_a_text_behind_the_number(imported):
    assert imported.book([["Test", "Day 1"], ["Haematocrit (%)", 45]], {"B2": '0" %"'}) == 0
    assert [r.value for r in imported.rows] == ["45"]


def test_a_percent_cell_in_a_row_of_another_unit_is_left_out(imported):
    assert imported.book([["Test", "Day 1"], ["CRP (mg/L)", 0.45]], {"B2": "0%"}) == 2
    assert not imported.rows


def test_a_date_that_a_spreadsheet_made_of_a_range_is_named(imported, capsys):
    rows = [["Test", "Day 1", "Day 3", "Reference"], ["CRP (mg/L)", 12.3, dt.date(2026, 3, 12), dt.date(2026, 10, 5)]]
    assert imported.book(rows, {}) == 0
    said = capsys.readouterr().out
    assert [r.value for r in imported.rows] == ["12.3"]
    assert said.count("format the column as text and enter it again") == 2


def test_the_same_date_in_a_text_is_named_too(imported, capsys):
    imported.run("Test,Day 1,Day 2\nCRP (mg/L),5-Oct,4\n")
    assert "B2 '5-Oct': a date, perhaps a range that a spreadsheet converted" in capsys.readouterr().out


def test_a_second_number_in_brackets_is_another_unit_or_a_range_and_is_checked(imported):
    table = """Analyte,Day 1,Day 3
"Creatinine, umol/L (mg/dL)",131 (1.48),180 (2.04)
Sodium (mmol/L),138 [135-145],134 (135-145)
Haemoglobin,13.2 g/dL (132 g/L),7.9 g/dL (79 g/L)
Potassium (mmol/L),4.1 (3.5-5.1),5.2 (3.5-5.1) H
"""
    assert [(a, v, u) for a, _, v, u in imported.of(table)] == [
        ("creatinine", "131", "umol/L"), ("creatinine", "180", "umol/L"), ("sodium", "138", "mmol/L"),
        ("sodium", "134", "mmol/L"), ("haemoglobin", "13.2", "g/dL"), ("haemoglobin", "7.9", "g/dL"),
        ("potassium", "4.1", "mmol/L"), ("potassium", "5.2", "mmol/L"),
    ]  # fmt: skip
    assert imported.ranges()["sodium"] == ("135", "145") and imported.rows[-1].interpretation == "H"


@pytest.mark.parametrize(
    ("row", "why"),
    [
        ('"Creatinine, umol/L (mg/dL)",131 (4.8)', "two numbers that disagree: 131 umol/L and 4.8 mg/dL"),
        ('"Creatinine, umol/L (mg/dL)",131', "the row prints umol/L and mg/dL; which is it?"),
        ("CRP (mg/L),12 (3.2)", "two numbers, 12 and 3.2 in brackets, and no second unit is printed"),
        ("Haemoglobin (g/dL),13.2 (79 g/L)", "two numbers that disagree"),
    ],
)
def test_a_second_number_that_disagrees_or_is_of_nothing_is_left_out(imported, capsys, row, why):
    assert imported.run(f"Test,Day 1\n{row}\n") == 2
    assert why in capsys.readouterr().out and not imported.rows


def test_several_numbers_of_a_cell_go_to_the_names_in_their_order(imported):
    table = """Analyte,Day 1,Day 3
AST/ALT (U/L),24/13,242/114
Na/K/Cl (mmol/L),130/3.6/101,125/3.4/98
BUN/Cr (mg/dL),11.7/1.02,-
Blood pressure (mmHg),120/80,97/50 mmHg
"""
    found = imported.of(table)
    first = {a: v for a, day, v, _ in found if day == "1"}
    assert first == {
        "ast": "24", "alt": "13", "sodium": "130", "potassium": "3.6", "chloride": "101", "urea_nitrogen": "11.7",
        "creatinine": "1.02", "systolic_pressure": "120", "diastolic_pressure": "80",
    }  # fmt: skip
    assert {a: v for a, day, v, _ in found if day == "3"}["diastolic_pressure"] == "50"
    assert len(found) == 16 and imported.of(table) == found  # and twice changes nothing


@pytest.mark.parametrize("cell", ["1.8", "24/13/5", "24"])
def test_a_ratio_is_none_of_the_two(imported, cell, capsys):
    assert imported.run(f"Test,Day 1\nAST/ALT (U/L),{cell}\n") == 2
    assert "2 numbers for ast, alt in this order" in capsys.readouterr().out


def test_a_point_that_may_part_thousands_is_asked_for(imported, capsys):
    table = (
        "Test,Day 1,Day 2\nPlatelets (/µL),245.000,98.500\nHaemoglobin (g/dL),13.2,12.1\nCreatinine (mg/dL),1.205,1\n"
    )
    found = [(a, v) for a, _, v, _ in imported.of(table)]
    assert found == [("haemoglobin", "13.2"), ("haemoglobin", "12.1"), ("creatinine", "1.205"), ("creatinine", "1")]
    assert "B2 '245.000': a point: decimal or thousands?" in capsys.readouterr().out
    thousands = "Test,Day 1\nPlatelets (/µL),245.000\n"
    assert ("platelets", "1", "245000", "/uL") in imported.of(thousands, "--decimal", "comma", "--source", "Table 2")


def test_arrows_and_marks_stand_before_a_number_too(imported):
    imported.run("Analyte,Day 1,Day 4,Day 7,Day 16\nCRP (mg/L),76,↑… 100,↑…130,*30 (↑)\n")
    assert [(r.value, r.interpretation) for r in imported.rows] == [("76", ""), ("100", "H"), ("130", "H"), ("30", "H")]


@pytest.mark.parametrize("cell", ["not available", "…", "−", "Pending"])
def test_what_is_not_there_is_no_value(imported, cell, capsys):
    imported.run(f"Test,Day 1,Day 2\nCRP (mg/L),{cell},5\n")
    assert "1 value understood, 1 of them new; 1 cell without a value" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("printed", "number"), [("1:320", "320"), ("1/80", "80"), ("<1:40", "<40"), ("≥ 1:640", ">=640")]
)
def test_a_titre_is_its_number(printed, number):
    assert read_titre(printed) == number


@pytest.mark.parametrize(("printed", "step"), [("3+", "3"), ("+++", "3"), ("Nil", "0"), ("trace", "0..1"), ("+1", "1")])
def test_a_grade_is_its_step(printed, step):
    assert read_grade(printed) == step
    with pytest.raises(NotTaken):
        read_grade("12")


def test_several_analytes_without_a_unit_are_given_rows_of_their_own(imported, capsys):
    assert imported.run("Test,Day 1\nNa/K,139/4.1\n") == 2
    assert "its unit is not known; give each analyte a row of its own, with mmol/L" in capsys.readouterr().out


OWN = "analyte,label,unit,group\nana_titre,ANA,{titer},Immunology\nurine_glucose_grade,Urine glucose,{grade},Urine\n"


def test_titres_and_grades_have_analytes_of_their_own_and_elsewhere_a_way_out(imported, capsys):
    table = "Analyte,Day 1,Day 9\nANA,1:320,<1:80\nUrine protein,3+,trace\nUrine glucose,Nil,+\n"
    assert imported.run(table) == 2
    said = capsys.readouterr().out
    assert "a titre: it belongs to an analyte in {titer}" in said and "B3 '3+': a grade" in said
    (imported.case.parent / "analytes.csv").write_text(OWN, encoding="utf-8")
    assert imported.of(table) == [
        ("ana_titre", "1", "320", "{titer}"), ("ana_titre", "9", "<80", "{titer}"),
        ("urine_glucose_grade", "1", "0", "{grade}"), ("urine_glucose_grade", "9", "1", "{grade}"),
    ]  # fmt: skip


RANGES = """Analyte,Day 1,Reference
CRP (mg/L),8,up to 5
Sodium (mmol/L),139,135 to 145 mmol/L
Creatinine (umol/L),88,60-110 (M) 45-90 (F)
Haemoglobin (g/dL),12,M 13-17; F 12-15
ALP (U/L),90,30-120 IU/L
Urea (mg/dL),20,"7–18,7"
Potassium (mmol/L),4,less than 5.1
"""


@pytest.mark.parametrize(
    ("sex", "creatinine", "haemoglobin"),
    [("male", ("60", "110"), ("13", "17")), ("female", ("45", "90"), ("12", "15")), ("null", ("", ""), ("", ""))],
)
def test_a_range_is_read_in_words_and_by_the_sex_of_the_patient(imported, sex, creatinine, haemoglobin, capsys):
    imported.sex(sex)
    imported.run(RANGES)
    assert imported.ranges() == {
        "crp": ("", "5"), "sodium": ("135", "145"), "creatinine": creatinine, "haemoglobin": haemoglobin,
        "alp": ("30", "120"), "urea": ("", ""), "potassium": ("", "<5.1"),
    }  # fmt: skip
    said = capsys.readouterr().out
    assert "C7 '7–18,7': a range with a comma: decimal or thousands?" in said
    assert ("does not give the patient's" in said) == (sex == "null")


@pytest.mark.parametrize(
    "printed",
    ["male: 13-17, female: 12-15", "♂ 13–17 ♀ 12–15", "Men 13-17 / Women 12-15", "13-17 (male), 12-15 (female)"],
)
def test_the_ranges_of_both_sexes_are_told_apart(printed):
    assert {sex: text.replace("–", "-") for sex, text in by_sex(printed).items()} == {
        "male": "13-17",
        "female": "12-15",
    }


@pytest.mark.parametrize(
    "table",
    [
        "Test,Day 1\nGCS (3-15),12\n", "Test,Reference,Day 1\nGCS,3-15,12\n", "Test,Day 1\nINR (target 2-3),1.1\n",
        "Test,Target,Day 1\nGlucose (mmol/L),6-10,12\n", "Test,Reference,Day 1\nGlucose (mmol/L),3.9-5.6; 5.6-7,12\n",
    ],
)  # fmt: skip
def test_a_scale_a_target_and_several_ranges_are_no_reference_range(imported, table, capsys):
    assert imported.run(table) == 0
    assert set(imported.ranges().values()) == {("", "")}
    assert "not a reference range" in (said := capsys.readouterr().out) or "several ranges" in said


def test_what_was_left_out_stays_in_the_case_until_it_is_taken(imported, capsys):
    table = "Analyte,Day 1,Day 4,Day 7\nCRP (mg/L),76,about 100,30\nZonulin,1,2,3\nRemark,John Doe,,\n"
    imported.run(table)
    left_out = imported.left_out().splitlines()
    assert left_out[0] == "table,cell,printed,reason,values" and "John" not in imported.left_out()
    assert [line.split(",")[:3] for line in left_out[1:3]] == [
        ["labs.csv", "C2", "about 100"],
        ["labs.csv", "A3", "Zonulin"],
    ]
    (said,) = [f for f in check_consistency(read_case(imported.case))["finding"] if "left_out" in f]
    assert said.startswith("5 values were not imported (labs.csv C2, ")
    before = (imported.case / "observations.csv").read_bytes()
    imported.case.joinpath("left_out.csv").write_text("cell\nA1\n", encoding="utf-8")
    assert imported.run("Analyte,Day 1\nFerritin (ng/mL),76\n") == 2
    assert (imported.case / "observations.csv").read_bytes() == before
    imported.case.joinpath("left_out.csv").write_text("\n".join(left_out) + "\n", encoding="utf-8")
    capsys.readouterr()
    main(["audit", str(imported.case)])
    assert "left_out.csv gives the reasons" in capsys.readouterr().out
    imported.case.joinpath("observations.csv").write_text(
        "day,analyte,value,unit,interpretation,ref_low,ref_high,evidence,source,note\n", encoding="utf-8"
    )
    imported.run("Analyte,Day 1\nCRP (mg/L),76\n")
    assert imported.left_out() == ""


@pytest.mark.parametrize(
    "printed",
    ["M 0.7-1.2; F 0.5-0.9", "Male: 0.7-1.2 / Female: 0.5-0.9", "0.7-1.2 (M), 0.5-0.9 (F)", "♂ 0.7-1.2 ♀ 0.5-0.9"],
)
@pytest.mark.parametrize("head", ["Day,Test,Result,Unit,Range\n1,", "Test,Day 1,Unit,Range\n"])
def test_of_ranges_by_sex_that_of_the_patient_is_taken_in_every_table(imported, capsys, head, printed):
    row = f'Creatinine,0.8,mg/dL,"{printed}"\n'
    imported.sex("null")
    imported.run(head + row)
    assert imported.ranges() == {"creatinine": ("", "")}
    assert "a range for each sex, and case.yaml does not give the patient's sex" in capsys.readouterr().out
    imported.case.joinpath("observations.csv").write_text(
        "day,analyte,value,unit,interpretation,ref_low,ref_high,evidence,source,note\n", encoding="utf-8"
    )
    imported.sex("female")
    imported.run(head + row)
    assert imported.ranges() == {"creatinine": ("0.5", "0.9")}


@pytest.mark.parametrize("head", ["Day,Test,Result,Unit,Range\n1,", "Test,Day 1,Unit,Range\n"])
def test_a_comma_in_a_range_is_asked_about_in_every_table(imported, capsys, head):
    row = 'White cells,4.1,10^9/L,"3,500-9,500"\n'
    imported.run(head + row)
    assert imported.ranges() == {"white_cells": ("", "")}
    assert "a range with a comma: decimal or thousands?" in capsys.readouterr().out


@pytest.mark.parametrize(
    "rows",
    [
        [["Day", "Test", "Result", "Unit", "Low", "High"], [1, "Ferritin", 1.234, "ng/mL", 0.5, "3,5"],
         [2, "Ferritin", "812,5", "ng/mL", 0.5, "3,5"], [3, "Ferritin", 12.5, "ng/mL", 0.5, "3,5"]],
        [["Test", "Unit", "Lower limit", "Upper limit", "Day 1", "Day 2", "Day 3"],
         ["Ferritin", "ng/mL", 0.5, "3,5", 1.234, "812,5", 12.5]],
        [["Day", "Ferritin (ng/mL)"], [1, 1.234], [2, "812,5"], [3, 12.5]],
    ],
)  # fmt: skip
def test_a_number_of_a_workbook_has_a_decimal_point_where_its_texts_have_decimal_commas(imported, rows):
    case = str(imported.case)
    assert imported.book(rows, {}) == 0
    imported.case.joinpath("observations.csv").write_text(
        "day,analyte,value,unit,interpretation,ref_low,ref_high,evidence,source,note\n", encoding="utf-8"
    )
    assert main(["import", str(imported.table.with_suffix(".xlsx")), "--into", case, "--decimal", "comma"]) == 0
    assert [(r.day, r.value) for r in imported.rows] == [("1", "1.234"), ("2", "812.5"), ("3", "12.5")]
    assert imported.ranges()["ferritin"] in (("0.5", "3.5"), ("", ""))


def test_a_sign_in_brackets_behind_a_number_is_a_mark_and_alone_a_grade(imported, capsys):
    imported.run("Analyte,Day 1,Day 4,Day 7\nCRP (mg/L),76 (+),0.2 (-),90(++)\n")
    assert [(r.value, r.interpretation) for r in imported.rows] == [("76", ""), ("0.2", ""), ("90", "")]
    assert "Footnote mark (+), not imported: B2" in capsys.readouterr().out
    assert read_grade("(++)") == "2"


def test_a_number_may_begin_with_its_point(imported):
    imported.run("Analyte,Reference,Day 1,Day 4,Day 7\nTroponin I (ng/mL),<.04,<.01,.05,.120 H\n")
    assert [(r.value, r.interpretation) for r in imported.rows] == [("<0.01", ""), ("0.05", ""), ("0.120", "H")]
    assert imported.ranges() == {"troponin_i": ("", "<0.04")}


def test_a_bound_of_a_pressure_is_asked_about(imported):
    imported.run("Analyte,Day 1,Day 2,Day 3\nBlood pressure (mmHg),120/80,<90/60,<90/<60\nBP (mmHg),,<90,\n")
    assert [r.value for r in imported.rows] == ["120", "<90", "80", "<60"]
    assert "of both numbers, or of the first alone?" in imported.left_out()
