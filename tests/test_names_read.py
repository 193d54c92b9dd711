"""Names and headings of printed tables: a word behind a name is part of it, and a heading may say its day in words."""

import re

import pytest

from casereport.cli import main
from casereport.content import read_case
from casereport.newcase import new_case
from casereport.paths import DATA
from casereport.readers.labs import import_labs, told


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
    assert re.match(rf"A2 .*: {meant}, unit ", import_labs(table, str(case))[0].rows[0])


@pytest.mark.parametrize(
    ("printed", "offer"),
    [
        ("Glucose (CSF) (mmol/L)", "Glucose (CSF) (mmol/L),,"),
        ("Protein (pleural fluid) (g/L)", "Protein (pleural fluid) (g/L),,"),
        ("PCO2 (venous) (mmHg)", "PCO2 (venous) (mmHg),paco2,mm[Hg]"), ("WBC (CSF) (10^9/L)", "WBC (CSF) (10^9/L),,"),
        ("Creatine kinase (MB) (ng/mL)", "Creatine kinase (MB) (ng/mL),ck_mb,ng/mL"),
        ("Mean cell volumn (fL)", "Mean cell volumn (fL),mcv,fL"),
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
    assert "the study day of each in stay.mapping.csv" in capsys.readouterr().err
    mapping = in_words.with_name("stay.mapping.csv")
    mapping.write_text("printed,analyte,unit,day\nAdmission,,,0\n", encoding="utf-8")
    assert main(words) == 0
    said = capsys.readouterr().out
    assert "B1 'Admission': day 0" in said and "range 3500 to 11000\n" in said
    assert said.partition("and run again:\n")[2].splitlines()[:-1] == [
        "  Mean cell volum (fL),mcv,fL,",
        "  A3,d_dimer,ug/L{FEU},",
        "  A3,d_dimer_ddu,ug/L{DDU},",
        "  Discharge day 2 (day 14 after onset of symptoms),,,DAY",
        "  Clinic,,,DAY",
    ]
    more = "Mean cell volum (fL),mcv,fL,\nDischarge day 2 (day 14 after onset of symptoms),,,9\nClinic,,,\n"
    mapping.write_text(mapping.read_text(encoding="utf-8") + more, encoding="utf-8")
    assert main(words) == 0
    said = capsys.readouterr().out
    assert "Mark * of a footnote, not taken over: B4\nMark † of a footnote, not taken over: C5\n" in said
    assert "D1 'Clinic': left out by the mapping file" in said and "Clinic,,,DAY" not in said
    rows = read_case(str(case), DATA).tables["observations.csv"].values()
    got = {(r["analyte"], r["day"]): (r["value"], r["unit"]) for r in rows}
    assert got["mcv", "0"] == ("97.9", "fL") and got["haematocrit", "9"] == ("37.40", "%")
    assert got["egfr_mdrd", "0"] == (">60", "mL/min/{1.73_m2}") and got["urea", "9"] == ("28", "mg/dL")
    assert len(got) == 10


def test_columns_without_a_day_are_asked_for_beside_a_mapping_file_that_knows_no_days_yet(case, in_words):
    in_words.write_text("Test,Day 1,Clinic\nCRP (mg/L),4.1,3.2\nZonulin,1,2\n", encoding="utf-8")
    in_words.with_name("stay.mapping.csv").write_text("printed,analyte,unit\nOther,,\n", encoding="utf-8")
    said = told(*import_labs(in_words, str(case)), in_words).partition("and run again:\n")[2].splitlines()[:-1]
    assert said == [
        "  Zonulin,,",
        "and for columns, with printed,analyte,unit,day as the first line, and a comma more in the others:",
        "  Clinic,,,DAY",
    ]
