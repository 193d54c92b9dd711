"""Specimen, name and unit: no value of another fluid, no offer of another unit, every spelling of a unit."""

import pytest

from imported import import_labs


@pytest.mark.parametrize(
    "table",
    [
        "CSF test,Day 2,Day 14\nWhite cells (/mm3),2090,782\nGlucose (mmol/L),1.4,5.4\n",
        "Cerebrospinal fluid findings,,\nTest,Day 2,Day 14\nGlucose (mmol/L),1.4,5.4\n",
        "Urine chemistry,,\nTest,Day 1,Day 3\nCalcium (mmol/L),2,4\n",
        "Test,Day 1 (CSF),Day 2 (pleural fluid)\nGlucose (mmol/L),3,4\n",
        "Test,Specimen,Day 1\nGlucose (mmol/L),CSF,3\n",
    ],
)
def test_what_is_not_of_blood_is_left_out_wherever_that_is_said(imported, table, capsys):
    assert imported.run(table) == 2
    said = capsys.readouterr()
    assert not imported.rows and ("not of blood" in said.out or ",,,DAY" in said.err)


@pytest.mark.parametrize(
    "table",
    [
        "Urine chemistry,\nTest,Day 1\nSodium (mmol/L),20\nCalcium (mmol/L),2\n",
        "Test,Day 1\nSodium (mmol/L),140\nUrine,\nSodium (mmol/L),20\nGlucose (mmol/L),2\nBlood,\nUrea (mmol/L),7\n",
    ],
)
def test_under_urine_a_name_means_what_the_vocabulary_has_of_urine(imported, table):
    rows = imported.of(table)
    assert ("urine_sodium", "1", "20", "mmol/L") in rows
    assert {name for name, *_ in rows} <= {"urine_sodium", "sodium", "urea"}


def test_a_share_in_brackets_behind_a_count_stays_as_a_note(imported):
    table = "Test,Day 1,Day 2\nNeutrophils (10^9/L),5.2 (72%),6.0\nLymphocytes (%),20 (1.4),\n"
    assert imported.of(table) == [("neutrophils", "1", "5.2", "10*9/L"), ("neutrophils", "2", "6.0", "10*9/L")]
    assert [row.note for row in imported.rows] == ["72 % in brackets", ""]


def test_blood_beside_another_fluid_is_taken(imported):
    table = "Test,Specimen,Day 1 (serum),Day 1 (CSF)\nGlucose (mmol/L),,5,3\nUrine protein (mg/dL),urine,300,\n"
    assert imported.of(table) == [("glucose", "1", "5", "mmol/L"), ("urine_protein", "1", "300", "mg/dL")]


def test_a_range_in_another_unit_changes_neither_the_unit_nor_the_specimen(imported, capsys):
    table = "Analyte,Day 1,Day 3,Reference\nCreatinine (umol/L),88,90,0.6-1.2 mg/dL\n"
    assert imported.of(table) == [("creatinine", "1", "88", "umol/L"), ("creatinine", "3", "90", "umol/L")]
    assert imported.ranges() == {"creatinine": ("", "")}
    said = capsys.readouterr().out
    assert (
        "D2 '0.6 to 1.2 mg/dL': a range in 'mg/dL' beside values in umol/L" in said and "urine_creatinine" not in said
    )


@pytest.mark.parametrize(
    ("name", "offers"),
    [
        ("Urea/creatinine ratio", ["Urea/creatinine ratio,,"]), ("Urea/creatinine", []),
        ("Body weight/AC (kg/cm)", ["Body weight/AC (kg/cm),,"]),
        ("Creatinin (furlong/L)", ["Creatinin (furlong/L),,"]),
        ("Serum creatinin (umol/L)", ["Serum creatinin (umol/L),creatinine,umol/L"]),
    ],
)  # fmt: skip
def test_no_line_is_offered_with_another_specimen_or_unit(imported, name, offers):
    imported.table.write_text(f"Test,Day 1\n{name},1.5\n", encoding="utf-8")
    account, _ = import_labs(imported.table, str(imported.case))
    assert (account.taken, account.offers) == ([], offers)


UNITS = [
    ("AST (units/L)", "22", ("ast", "22", "U/L")), ("ALT (UI/L)", "22", ("alt", "22", "[IU]/L")),
    ("Haemoglobin (gm/dL)", "12.1", ("haemoglobin", "12.1", "g/dL")),
    ("Platelets (×104/µL)", "18.2", ("platelets", "18.2", "10*4/uL")),
    ("White cells (× 1000/µL)", "8.2", ("white_cells", "8.2", "10*3/uL")),
    ("Platelet count (lakhs/mm3)", "1.8", ("platelets", "1.8", "10*5/mm3")),
    ("C-reactive protein (mg·L−1)", "8", ("crp", "8", "mg/L")),
    ("White cells (×109 cells·L−1)", "8.2", ("white_cells", "8.2", "10*9/L")),
    ("Lactate (mEq/L)", "1.3", ("lactate", "1.3", "meq/L")),
    ("Creatinine (0.57—1.0 mg/dL)", "0.8", ("creatinine", "0.8", "mg/dL")),
    ("HbA1c (mmol/mol)", "48", ("hba1c", "48", "mmol/mol")),
    ("Soluble IL-2 receptor (pg/mL)", "900", ("il_2r_mass", "900", "pg/mL")),
    ('"Sodium,+ mmol/l"', "139", ("sodium", "139", "mmol/L")),
    ("Albumin (g%)", "3.1", ("albumin", "3.1", "g/dL")), ("Calcium (mg%)", "9", ("calcium", "9", "mg/dL")),
    ("Haemoglobin (g/100 ml)", "12", ("haemoglobin", "12", "g/dL")),
    ("White cells (K/mcL)", "8", ("white_cells", "8", "10*3/uL")), ("WBC (/nL)", "8", ("white_cells", "8", "10*9/L")),
    ("Platelets (10^3/cumm)", "180", ("platelets", "180", "10*3/mm3")),
    ("WBC (cells per microliter)", "8000", ("white_cells", "8000", "/uL")),
    ("Heart rate (beats per minute)", "80", ("heart_rate", "80", "/min")),
    ("T (°C)", "38", ("temperature", "38", "Cel")), ("Hct (L/L)", "0.41", ("haematocrit", "0.41", "1")),
    ("WBC (Tsd./µl)", "8", ("white_cells", "8", "10*3/uL")), ("RBC (Mio/µl)", "4", ("red_cells", "4", "10*6/uL")),
    ("WBC (miles/mm³)", "8", ("white_cells", "8", "10*3/mm3")), ("WBC (Mrd/l)", "8", ("white_cells", "8", "10*9/L")),
    ('"eGFR (ml/min/1,73 m²)"', "75", ("egfr", "75", "mL/min/{1.73_m2}")),
    ("Na (mval/l)", "140", ("sodium", "140", "meq/L")),
    ("eGFR (mL/min/1.73m^2)", "75", ("egfr", "75", "mL/min/{1.73_m2}")),
    ("Osmolality (mosmol/kg)", "290", ("osmolality", "290", "mosm/kg")),
    ("Osmolality (mOsm/kg H2O)", "290", ("osmolality", "290", "mosm/kg")),
    ("HbA1c (mmol/mol Hb)", "48", ("hba1c", "48", "mmol/mol")),
    ("ESR (mm/1hr)", "8", ("esr", "8", "mm/h")), ("PT (Sek.)", "12", ("prothrombin_time", "12", "s")),
]  # fmt: skip


@pytest.mark.parametrize(("name", "printed", "taken"), UNITS)
def test_a_unit_is_read_as_laboratories_spell_it(imported, name, printed, taken):
    (found,) = imported.of(f"Analyte,Day 1\n{name},{printed}\n")
    assert (found[0], *found[2:]) == taken


@pytest.mark.parametrize(
    ("row", "known"),
    [("Platelets (×104/µL),18.2", 182), ("Platelet count (lakhs/mm3),1.8", 180)],
)
def test_a_power_or_an_amount_is_counted_in_the_canonical_unit(imported, row, known):
    imported.run(f"Analyte,Day 1\n{row}\n")
    assert imported.rows[0].known.low == pytest.approx(known)


def test_hba1c_in_mmol_per_mol_becomes_percent_by_the_master_equation(imported):
    """Hoelzel et al. 2004: 48 mmol/mol is 6.5 %, the limit of diabetes in both units."""
    imported.run("Analyte,Day 1\nHbA1c (mmol/mol),48\n")
    assert imported.rows[0].known.low == pytest.approx(6.5, abs=0.05)


@pytest.mark.parametrize("name", ["Plasma haemoglobin", "Hb (plasma)", "Haemoglobin, plasma", "Serum Hb"])
def test_haemoglobin_of_plasma_is_not_that_of_the_blood(imported, name):
    assert imported.of(f'Test,Unit,Day 1\n"{name}",mg/dL,45\nPlasma glucose,mg/dL,90\nBlood Hb,g/dL,9\n') == [
        ("glucose", "1", "90", "mg/dL"), ("haemoglobin", "1", "9", "g/dL"),
    ]  # fmt: skip
