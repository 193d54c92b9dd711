"""Names and headings of printed tables: a word behind a name is part of it, and a heading may say its day in words."""

import re

import pytest

from casereport.audit.validation import validate
from casereport.case.new.folder import new_case
from casereport.case.reading import read_case
from casereport.cli import main
from casereport.readers.mapping_file import mapping_path
from casereport.readers.table_account import told
from imported import import_labs


@pytest.fixture
def case(tmp_path):
    return new_case("x", tmp_path)


@pytest.mark.parametrize(
    ("printed", "meant"),
    [
        ("Bilirubin (direct) (umol/L)", "bilirubin_direct"), ("Bilirubin, direct (mg/dL)", "bilirubin_direct"),
        ("Bilirubin (total) (umol/L)", "bilirubin_total"), ("Calcium (ionized) (mmol/L)", "calcium_ionised"),
        ("Cholesterol (HDL) (mg/dL)", "hdl"), ("T4 (free) (pmol/L)", "free_t4"),
        ("C-reactive protein (CRP), mg/L", "crp"), ("T cells (CD4) (/µL)", "cd4_cells"),
        ("Albumin (serum) [g/L]", "albumin"), ("Protein, urine (mg/dL)", "urine_protein"), ("eGFR (MDRD)", "egfr_mdrd"),
    ],
)  # fmt: skip
def test_a_word_behind_a_name_is_part_of_the_name(case, printed, meant):
    table = case.parent / "labs.tsv"
    table.write_text(f"Test\tUnit\tDay 1\n{printed}\t\t1\n", encoding="utf-8")
    assert re.match(rf"A2 .*: {meant}, unit ", str(import_labs(table, str(case))[0].rows[0]))


@pytest.mark.parametrize(
    ("printed", "offer"),
    [
        ("Glucose (CSF) (mmol/L)", "Glucose (CSF) (mmol/L),,"),
        ("Protein (pleural fluid) (g/L)", "Protein (pleural fluid) (g/L),,"),
        ("PCO2 (venous) (mmHg)", "PCO2 (venous) (mmHg),,"), ("WBC (CSF) (10^9/L)", "WBC (CSF) (10^9/L),,"),
        ("Creatine kinase (MB) (ng/mL)", "Creatine kinase (MB) (ng/mL),ck_mb,ng/mL"),
        ("Mean cell volumn (fL)", "Mean cell volumn (fL),mcv,fL"),
        ("Corrected sodium (mmol/L)", "Corrected sodium (mmol/L),,"),
        ("Tn (ng/mL)", "Tn (ng/mL),,"), ("Drain output (L)", "Drain output (L),,"), ("pH (venous)", "pH (venous),,"),
    ],
)  # fmt: skip
def test_a_word_that_may_make_it_another_is_asked_for_and_no_value_is_taken(case, printed, offer):
    table = case.parent / "labs.tsv"
    table.write_text(f"Test\tDay 1\n{printed}\t1\n", encoding="utf-8")
    account, _ = import_labs(table, str(case))
    assert (account.taken, account.offers) == ([], [offer])


# as published case reports print it: the stay in words, marks of footnotes, a count under the unit of another power
IN_WORDS = """Variable,Admission,Discharge day 2 (day 14 after onset of symptoms),Clinic,Remark,Reference
Mean cell volum (fL),97.9,96.6,,,83.5-99.5
D-dimer (µg/L),2355,2779,,,<500
White cell count (x109/L),14 200*,5800,,,3500–11 000
Haematocrit (%),40.20,37.40†,41 !,stored,40–54
"eGFR (MDRD) (mL/min/1.73 m²)",>60,88,,,>60
Urea (mg/dL),32,28,,,19-43
"""


@pytest.fixture
def in_words(case):
    table = case.parent / "stay.csv"
    table.write_text(IN_WORDS, encoding="utf-8")
    return table


def test_a_heading_in_words_is_given_its_study_day_by_the_mapping_file(case, in_words, capsys):
    words = ["import", str(in_words), "--into", str(case)]
    assert main(words) == 2
    assert "add these lines to stay.mapping.csv" in (said := capsys.readouterr().err)
    assert "\n    Admission,,,DAY\n" in said
    mapping = in_words.with_name("stay.mapping.csv")
    mapping.write_text("printed,analyte,unit,day\nAdmission,,,0\n", encoding="utf-8")
    assert main(words) == 0
    said = capsys.readouterr().out
    assert "B1 'Admission': day 0" in said and "range 3500 to 11000\n" in said
    assert said.partition("and run again:\n")[2].splitlines()[:-1] == [
        "  Mean cell volum (fL),mcv,fL,",
        "  Discharge day 2 (day 14 after onset of symptoms),,,DAY",
        "  Clinic,,,DAY",
    ]
    more = "Mean cell volum (fL),mcv,fL,\nDischarge day 2 (day 14 after onset of symptoms),,,9\nClinic,,,\n"
    mapping.write_text(mapping.read_text(encoding="utf-8") + more, encoding="utf-8")
    assert main(words) == 0
    said = capsys.readouterr().out
    assert "Footnote mark *, not imported: B4\nFootnote mark †, not imported: C5\n" in said
    assert "D1 'Clinic': left out by the mapping file" in said and "Clinic,,,DAY" not in said
    rows = read_case(case).observations
    got = {(r.analyte, r.day): (r.value, r.unit) for r in rows}
    assert got["mcv", "0"] == ("97.9", "fL") and got["haematocrit", "9"] == ("37.40", "%")
    assert got["egfr_mdrd", "0"] == (">60", "mL/min/{1.73_m2}") and got["urea", "9"] == ("28", "mg/dL")
    assert got["d_dimer_unstated", "0"] == ("2355", "ug/L")
    assert len(got) == 12


def test_columns_without_a_day_are_asked_for_beside_a_mapping_file_that_knows_no_days_yet(case, in_words):
    in_words.write_text("Test,Day 1,Clinic\nCRP (mg/L),4.1,3.2\nZonulin,1,2\n", encoding="utf-8")
    in_words.with_name("stay.mapping.csv").write_text("printed,analyte,unit\nOther,,\n", encoding="utf-8")
    account = told(*import_labs(in_words, str(case)), mapping_path(in_words))
    said = account.partition("and run again:\n")[2].splitlines()[:-1]
    assert said == [
        "  Zonulin,,",
        "and for columns, with printed,analyte,unit,day as the first line, and a comma more in the others:",
        "  Clinic,,,DAY",
    ]


def imported(case, text, *words):
    table = case.parent / "labs.tsv"
    table.write_text(text, encoding="utf-8")
    return main(["import", str(table), "--into", str(case), *words])


def got(case):
    return [(r.analyte, r.day, r.value, r.unit) for r in rows_of(case)]


def rows_of(case):
    return read_case(case).observations


@pytest.mark.parametrize("above", ["Day of hospitalisation", "Hospital day", "Days after onset"])
def test_days_under_a_heading_of_another_clock_are_no_study_days(case, above, capsys):
    table = f"Test\t{above}\t\n\t1\t3\nCRP (mg/L)\t5\t7\n"
    assert imported(case, table) == 2
    assert "say which printed day is day 0 by --day-zero" in capsys.readouterr().err
    assert imported(case, table, "--day-zero", "3") == 0
    assert got(case) == [("crp", "-2", "5", "mg/L"), ("crp", "0", "7", "mg/L")]


def test_days_counted_from_several_things_are_not_moved_by_one_number(case, capsys):
    table = "Test\tHospital day 1\tDay 3 after discharge\tPOD 2\nCRP (mg/L)\t5\t7\t9\n"
    assert imported(case, table, "--day-zero", "1") == 2
    assert "counted from one event; here from several" in capsys.readouterr().err


def test_a_cell_that_comes_again_on_another_day_or_in_another_unit_is_refused(case, capsys):
    assert imported(case, "Test\tDay 1\nCRP (mg/L)\t5\n", "--source", "Table 1") == 0
    assert imported(case, "Test\tDay 2\nCRP (mg/L)\t5\n", "--source", "Table 1") == 2
    assert "crp on day 2 in mg/L: the case has crp 5 mg/L on day 1 from Table 1, cell B2" in capsys.readouterr().err
    assert imported(case, "Test\tDay 1\nCRP (mg/dL)\t5\n", "--source", "Table 1") == 2
    assert "crp on day 1 in mg/dL: the case has crp 5 mg/L on day 1 from Table 1, cell B2" in capsys.readouterr().err
    assert got(case) == [("crp", "1", "5", "mg/L")]


@pytest.mark.parametrize(
    ("name", "cell", "value"),
    [
        ("Urine output (L)", "1.5 L", ("1.5", "L", "")), ("Oxygen flow (L/min)", "5 L", ("5", "L/min", "")),
        ("Sodium", "132 mmol/L", ("132", "mmol/L", "")), ("Haemoglobin (g/L)", "98 g/L", ("98", "g/L", "")),
        ("Haemoglobin (g/L)", "98 L", ("98", "g/L", "L")), ("Haemoglobin (g/L)", "↓ 98", ("98", "g/L", "L")),
        ("CRP (mg/L)", "H 45", ("45", "mg/L", "H")), ("CRP (mg/L)", "45 (high)", ("45", "mg/L", "H")),
        ("CRP (mg/L)", "45a", ("45", "mg/L", "")), ("CRP (mg/L)", "1'234", ("1234", "mg/L", "")),
        ("Base excess (mmol/L)", "–3.2", ("-3.2", "mmol/L", "")),
        ("White cells (×10⁹/L)", "12 x 10^9/L", ("12", "10*9/L", "")),
    ],
)  # fmt: skip
def test_a_litre_is_no_flag_and_a_flag_no_litre(case, name, cell, value):
    assert imported(case, f"Test\tDay 1\n{name}\t{cell}\n") == 0
    assert [(r.value, r.unit, r.interpretation) for r in rows_of(case)] == [value]


@pytest.mark.parametrize(
    "section", ["VBG", "Venous blood gas", "Blood gas (venous)", "Bone marrow", "Dialysate", "Donor"]
)
def test_what_stands_under_another_fluid_is_not_taken_for_arterial_blood(case, section):
    assert imported(case, f"Test\tDay 1\n{section}\t\npCO2 (mmHg)\t40\nGlucose (mmol/L)\t5\n") == 2
    assert got(case) == []


def test_two_values_of_one_analyte_and_day_are_told(case, capsys):
    assert imported(case, "Test\tDay 1\nNa (mmol/L)\t135\nSodium (mmol/L)\t145\n") == 0
    assert "More than one value on a day, all imported:\n  sodium on day 1: B2, B3\n" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("heading", "name", "printed", "limits"),
    [
        ("Laboratory norm", "Potassium (mmol/L)", "3.5-5.1", ("3.5", "5.1")),
        ("Norm", "Haematocrit (%)", "37-47%", ("37", "47")), ("NR", "CRP (mg/L)", "N<5", ("", "<5")),
        ("Normal values", "PLT (10^3/µL)", "150-400×10^3/µL", ("150", "400")),
        ("Ref.", "Lactate (mmol/L)", "ref. 0.6–1.2", ("0.6", "1.2")),
        ("Limits", "Creatinine (mg/dL)", "normal range: 0.6–1.2 mg/dL", ("0.6", "1.2")),
        ("Cut-off", "Base excess (mmol/L)", "−2 to +2", ("-2", "+2")),
        ("Range", "Base excess (mmol/L)", "−2 +2", ("-2", "+2")),
    ],
)  # fmt: skip
def test_a_range_is_read_in_each_of_these_forms(case, heading, name, printed, limits):
    table = case.parent / "labs.tsv"
    table.write_text(f"Test\t{heading}\tDay 1\n{name}\t{printed}\t4\n", encoding="utf-8")
    (taken,) = import_labs(table, str(case))[0].taken
    assert (taken.ref_low, taken.ref_high) == limits


def test_names_that_stand_twice_are_told_by_their_cells(case):
    table = case.parent / "labs.tsv"
    table.write_text("Test\tDay 1\nZonulin\t4\nZonulin\t5\n", encoding="utf-8")
    assert import_labs(table, str(case))[0].offers == ["A2,,", "A3,,"]


def test_a_table_with_days_down_the_side_is_read_as_it_stands(case):
    assert imported(case, "Day\tCRP (mg/L)\tNa\nUnit\t\tmmol/L\nDay 1\t5\t140\nDay 2\t4\t138\n") == 0
    assert sorted((*row, r.source.rpartition(" ")[2]) for row, r in zip(got(case), rows_of(case), strict=True)) == [
        ("crp", "1", "5", "mg/L", "B3"), ("crp", "2", "4", "mg/L", "B4"),
        ("sodium", "1", "140", "mmol/L", "C3"), ("sodium", "2", "138", "mmol/L", "C4"),
    ]  # fmt: skip


def test_a_date_with_a_place_behind_it_is_a_date(case):
    assert imported(case, "Test\tMarch 25, 2017 (ER)\nCRP (mg/L)\t5\n", "--time-zero", "2017-03-24") == 0
    assert got(case) == [("crp", "1", "5", "mg/L")]


@pytest.mark.parametrize(
    "headings",
    [
        "Lower limit\tUpper limit",
        "LLN\tULN",
        "norm_l\tnorm_u",
        "Normal low\tNormal high",
        "Reference_min\tReference_max",
    ],
)
def test_a_range_is_read_from_two_columns(case, headings):
    assert imported(case, f"Test\t{headings}\tDay 1\nPotassium (mmol/L)\t3.5\t5.1\t4\nCRP (mg/L)\t\t<5\t2\n") == 0
    assert [(r.ref_low, r.ref_high) for r in rows_of(case)] == [("3.5", "5.1"), ("", "<5")]


@pytest.mark.parametrize("headings", ["Lower limit\t", "Min\tMax", "Low\tHigh"])
def test_the_lowest_and_highest_value_of_a_stay_are_no_reference_range(case, headings):
    assert imported(case, f"Test\t{headings}\tDay 1\nPotassium (mmol/L)\t3.5\t5.1\t4\n") == 0
    assert [(r.ref_low, r.ref_high) for r in rows_of(case)] == [("", "")]


@pytest.mark.parametrize(
    ("name", "words", "code"),
    [
        ("Haemoglobin (g/dL)", "WNL", "N"), ("Haemoglobin (g/dL)", "low", "L"), ("CRP (mg/L)", "elevated", "H"),
        ("Protein in the urine (mg/dL)", "Not present", "N"), ("CRP (mg/L)", "negative", "N"),
        ("Urine output (L)", "low", "L"),  # where a printed L would be litres
    ],
)  # fmt: skip
def test_a_result_in_words_becomes_an_interpretation_with_the_words_beside_it(case, name, words, code):
    assert imported(case, f"Test\tDay 1\tDay 2\n{name}\t{words}\t3\n") == 0
    first, second = rows_of(case)
    assert (first.value, first.interpretation, first.evidence) == ("", code, "reported")
    assert first.note == f"Printed as {words!r}." and second.evidence == "measured"
    assert validate(str(case)).problems == []


def test_the_mark_of_a_footnote_is_told_of_a_number_and_of_a_word(case, capsys):
    assert imported(case, "Test\tDay 1\tDay 2\nCRP (mg/L)\tnegative*\t5*\n") == 0
    assert "Footnote mark *, not imported: B2, C2\n" in capsys.readouterr().out


@pytest.mark.parametrize(("name", "words"), [("Lymphocytes (10^9/L)", "absent"), ("CRP (mg/L)", "positive")])
def test_words_that_say_nothing_of_the_range_are_left_out(case, name, words):
    assert imported(case, f"Test\tDay 1\tDay 2\n{name}\t{words}\t3\n") == 0
    account, _ = import_labs(case.parent / "labs.tsv", str(case))
    assert [(left.where, left.printed) for left in account.left_out] == [("B2", words)]


def test_a_count_between_two_numbers_is_no_date(case, capsys):
    assert imported(case, "Test\tAdmission\tDischarge\nPlatelets (10^9/L)\t13-21\t90\nHb (g/dL)\t8-9\t9\n") == 2
    said = capsys.readouterr().err
    assert "--time-zero" not in said and "\n    Admission,,,DAY\n    Discharge,,,DAY\n" in said


def test_the_letter_of_a_footnote_is_no_part_of_a_day(case):
    assert imported(case, "Test\tDay 0b\tDay 3\nCRP (mg/L)\t5\t7\n") == 0
    assert got(case) == [("crp", "0", "5", "mg/L"), ("crp", "3", "7", "mg/L")]


def test_a_d_dimer_of_which_nobody_says_whether_feu_or_ddu_stays_so(case):
    table = "Test\tDay 1\nD-dimer (ng/mL)\t900\nD-dimer (mg/L FEU)\t1.2\n"
    assert imported(case, table) == 0
    assert [(r.analyte, r.unit) for r in rows_of(case)] == [
        ("d_dimer_unstated", "ng/mL"),
        ("d_dimer", "mg/L{FEU}"),
    ]


def test_the_unit_tells_the_activity_of_ck_mb_from_its_mass(case):
    assert imported(case, "Test\tDay 1\nCK-MB (U/L)\t75\nCKMB (ng/mL)\t4\n") == 0
    assert [r.analyte for r in rows_of(case)] == ["ck_mb_activity", "ck_mb"]


def test_a_table_that_comes_again_with_a_range_is_told_in_one_message(case, capsys):
    assert imported(case, "Test\tDay 1\tDay 2\nCRP (mg/L)\t5\t6\n", "--source", "Table 1") == 0
    assert imported(case, "Test\tDay 1\tDay 2\tRange\nCRP (mg/L)\t5\t6\t<3\n", "--source", "Table 1") == 2
    said = capsys.readouterr().err
    assert "1 problem in the input" in said and "2 values of it are here with others, or none, down to line 3" in said


def test_a_table_without_names_is_told_as_that(case, capsys):
    assert imported(case, "Unit\tDay 1\nmg/L\t5\n") == 2
    assert "a column of names" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("headings", "cells", "told"),
    [
        ("Range", "243-6.8", "243-6.8"),
        ("LLN\tULN", "243\t6.8", "243 to 6.8"),
        ("LLN\tULN", "-0\t5", "-0 to 5"),
        ("LLN\tULN", "<5\t", "<5"),
    ],
)
def test_a_range_that_runs_backwards_or_is_none_is_told_and_not_taken(case, capsys, headings, cells, told):
    assert imported(case, f"Test\t{headings}\tDay -0\nPotassium (mmol/L)\t{cells}\t4\n") == 0
    assert f"range none; not read: {told}\n" in capsys.readouterr().out
    assert [(r.day, r.ref_low, r.ref_high) for r in rows_of(case)] == [("0", "", "")]
    assert validate(str(case)).problems == []


@pytest.mark.parametrize("cell", ["-2", "−2..2", "<0"])
def test_what_an_analyte_cannot_be_is_left_out(case, cell):
    assert imported(case, f"Test\tDay 1\tDay 2\nTroponin I (ng/mL)\t{cell}\t0.2\nBase excess (mmol/L)\t-2\t1\n") == 0
    assert [r.value for r in rows_of(case)] == ["0.2", "-2", "1"]
    assert validate(str(case)).problems == []
