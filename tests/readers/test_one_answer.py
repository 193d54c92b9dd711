"""The first command asks for all that a table does not say, and what it offers never changes what is printed."""

import pytest


def test_names_and_commas_are_asked_for_with_the_days(imported, capsys):
    table = 'Test,Admission,Discharge\nCRP (mg/L),76,12\nFinger sugar (mmol/L),7.2,6.1\nPLT (/µL),"245,000",9\n'
    assert imported.run(table) == 2
    said = capsys.readouterr().err
    assert "Admission,,,DAY" in said and "Finger sugar (mmol/L),,,\n" in said and "--decimal" in said
    lines = "printed,analyte,unit,day\nAdmission,,,0\nDischarge,,,9\nFinger sugar (mmol/L),glucose,mmol/L,\n"
    imported.table.with_name("labs.mapping.csv").write_text(lines, encoding="utf-8")
    assert len(imported.of(table, "--decimal", "point")) == 6


def test_grams_a_day_are_no_grams_a_litre(imported, capsys):
    """Table 1 of doi 10.3390/jcm8010123 prints proteinuria in g/day."""
    assert imported.run("Test,Day 0\nProteinuria (g/day),0.200\nCRP (mg/L),3\n") == 0
    said = capsys.readouterr().out
    assert "g/day is of another quantity than urine_protein" in said and "Proteinuria (g/day),,\n" in said
    lines = "printed,analyte,unit\nProteinuria (g/day),urine_protein,g/L\n"
    imported.table.with_name("labs.mapping.csv").write_text(lines, encoding="utf-8")
    assert [row[0] for row in imported.of("Test,Day 0\nProteinuria (g/day),0.200\nCRP (mg/L),3\n")] == ["crp"]


def test_a_rate_without_its_body_surface_may_be_told_with_it(imported):
    lines = "printed,analyte,unit\neGFR CKD-EPI (mL/min),egfr,mL/min/{1.73_m2}\n"
    imported.table.with_name("labs.mapping.csv").write_text(lines, encoding="utf-8")
    assert imported.of("Test,Day 0\neGFR CKD-EPI (mL/min),23\n") == [("egfr", "0", "23", "mL/min/{1.73_m2}")]


def test_venous_gas_is_not_arterial(imported):
    """Serial gases of one patient, arterial at first and venous later (Breathe, table of a case of asthma)."""
    table = (
        '"","0 h, arterial blood on air","8 h, venous blood on air"\npCO2 (mmHg),31.5,42.7\n"Lactate, mmol·L−1",4.4,2\n'
    )
    assert imported.of(table) == [
        ("paco2", "0", "31.5", "mm[Hg]"), ("lactate", "0", "4.4", "mmol/L"), ("lactate", "0.3333", "2", "mmol/L"),
    ]  # fmt: skip
    assert "of venous blood, and paco2 is of arterial" in imported.left_out()


def test_a_bare_count_among_rows_of_spinal_fluid_is_not_of_blood(imported):
    table = "Test,Day 0\nWhite cell count (/µL),54\nCSF protein (g/L),3.0\nCSF glucose (mmol/L),1.3\n"
    assert imported.of(table) == []
    table += "Sodium (mmol/L),140\nUrea (mmol/L),4\n"  # now most rows are of blood
    assert "white_cells" in [row[0] for row in imported.of(table)]


def test_a_range_for_each_sex_may_have_columns_of_its_own(imported):
    imported.sex("female")
    imported.run("Test,Unit,Male,Female,Day 1\nHb,g/dL,13-17,12-15,10\nFerritin,ng/mL,30-400,15-150,900\n")
    assert imported.ranges() == {"haemoglobin": ("12", "15"), "ferritin": ("15", "150")}


@pytest.mark.parametrize(
    ("printed", "taken"), [("13H", "13"), ("1.5 L", None), ("5.5 (†)", "5.5"), ("140^a", "140"), ("1200", "1200")]
)
def test_a_glued_flag_a_mark_in_brackets_and_litres_that_may_be_low(imported, printed, taken):
    assert [row[2] for row in imported.of(f"Test,Day 1\nUrine output (mL),{printed}\n")] == ([taken] if taken else [])


def test_a_column_of_another_fluid_is_not_of_blood_whatever_day_it_is_told(imported, capsys):
    table = "Test,Serum,Ascites\nAlbumin (g/dL),3.0,1.0\n"
    assert imported.run(table) == 2 and "Ascites" not in capsys.readouterr().err
    lines = "printed,analyte,unit,day\nSerum,,,0\nAscites,,,0\n"
    imported.table.with_name("labs.mapping.csv").write_text(lines, encoding="utf-8")
    assert [row[2] for row in imported.of(table)] == ["3.0"]


def test_words_beside_months_are_asked_for_with_them(imported, capsys):
    assert imported.run("Test,Initial,At 3 months,2 years after\nCRP (mg/L),1,2,3\n") == 2
    said = capsys.readouterr().err
    assert all(line in said for line in ("Initial,,,DAY", "At 3 months,,,91", "2 years after,,,DAY"))


def test_what_is_offered_is_no_other_kind_of_the_same(imported, capsys):
    imported.run("Test,Day 1\nCa (mEq/L),4\neGFR (ml/min),50\nNa (mmol/L),140\n")
    said = capsys.readouterr().out
    assert "calcium_ionised" not in said and "Ca (mEq/L),calcium,\n" in said and "eGFR (ml/min),egfr,\n" in said


def test_a_power_of_ten_may_stand_behind_the_number(imported):
    assert imported.of("Test,Day 1\nWBC,8.5 10^3/µL\n") == [("white_cells", "1", "8.5", "10*3/uL")]
