"""OMOP into a case: the measurements of one person by the LOINC codes and UCUM units of their concepts."""

from pathlib import Path

import pytest

from imported import imported, written

INDEX = ("--index", "2026-09-01")
MEASUREMENTS = (
    "measurement_id,person_id,measurement_concept_id,measurement_date,measurement_datetime,operator_concept_id,"
    "value_as_number,value_as_concept_id,unit_concept_id,range_low,range_high,measurement_source_concept_id,"
    "unit_source_value\n"
)
ROWS = (
    "1,8,3000963,2026-09-01,2026-09-01 06:30:00,0,13.5,0,8713,12,16,3000963,g/dL\n"
    "2,8,3020460,2026-09-03,2026-09-03 00:00:00,4171756,3.0,0,8751,,,3020460,mg/L\n"
    "3,8,3019550,2026-09-03,,,139,,,,,,mmol/L\n"
    "4,8,4064377,2026-09-03,,0,,0,0,,,4064377,\n"
    "5,8,0,2026-09-03,,0,12,0,0,,,0,\n"
    "6,8,99,2026-09-03,,0,12,0,8713,,,99,\n"
)
CONCEPTS = [
    ["concept_id", "concept_name", "domain_id", "vocabulary_id", "concept_code"],
    ["3000963", "Hemoglobin [Mass/volume] in Blood", "Measurement", "LOINC", "718-7"],
    ["3020460", "C reactive protein", "Measurement", "LOINC", "1988-5"],
    ["3019550", "Sodium", "Measurement", "LOINC", "2951-2"],
    ["8713", "gram per deciliter", "Unit", "UCUM", "g/dL"],
    ["8751", "milligram per liter", "Unit", "UCUM", "mg/L"],
    ["99", "Something else", "Measurement", "LOINC", "72166-2"],
]
VALUES = [
    ("0", "haemoglobin", "13.5", "g/dL"), ("2", "crp", "<3.0", "mg/L"), ("2", "sodium", "139", "mmol/L"),
]  # fmt: skip


def folder(tmp_path: Path, measurements: str = ROWS, mark: str = ",") -> Path:
    made = tmp_path / "person"
    made.mkdir()
    written(made, "measurement.csv", MEASUREMENTS + measurements)
    written(made, "CONCEPT.csv", "\n".join(mark.join(row) for row in CONCEPTS) + "\n")
    return made


@pytest.mark.parametrize("mark", [",", "\t"])
def test_a_measurement_is_read_by_the_code_and_unit_of_its_concepts(tmp_path, mark):
    found = imported(folder(tmp_path, mark=mark), *INDEX)
    assert found.values() == VALUES
    assert found.rows[0]["source"] == "OMOP measurement, 718-7, day 0 at 06:30"
    assert (found.rows[0]["ref_low"], found.rows[0]["ref_high"]) == ("12", "16")
    assert "no concept of OMOP's vocabularies" in found.reasons() and "2026-" not in found.written()
    assert "72166-2 Something else: its LOINC code is not in the vocabulary" in found.reasons()


def test_what_a_concept_says_of_the_side_of_a_value_is_its_flag(tmp_path):
    sides = {"L": "4267416", "N": "4069590", "H": "4328749", "": "0"}
    rows = (
        f"{i},8,3019550,2026-09-0{i},,0,139,{concept},0,,,3019550,mmol/L\n"
        for i, concept in enumerate(sides.values(), start=1)
    )
    found = imported(folder(tmp_path, "".join(rows)), *INDEX)
    assert [row["interpretation"] for row in found.rows] == list(sides)


def test_the_table_of_measurements_alone_names_its_folder(tmp_path):
    assert imported(folder(tmp_path) / "measurement.csv", *INDEX).values() == VALUES


def test_two_persons_are_refused_until_one_is_named(tmp_path, capsys):
    path = folder(tmp_path, ROWS + "7,9,3019550,2026-09-01,,0,150,0,0,,,0,mmol/L\n")
    found = imported(path, *INDEX)
    assert found.code == 2 and found.rows == [] and "--patient ID" in capsys.readouterr().err
    again = imported(path, *INDEX, "--patient", "9", folder=found.case)
    assert again.values() == [("0", "sodium", "150", "mmol/L")]
    assert imported(path, *INDEX, "--patient", "10", folder=found.case).code == 2


def test_a_folder_without_concepts_is_refused(tmp_path, capsys):
    path = folder(tmp_path)
    (path / "CONCEPT.csv").unlink()
    assert imported(path, *INDEX).code == 2
    assert "concept.csv" in capsys.readouterr().err


def test_a_value_that_only_its_source_has_is_told_as_left_out(tmp_path):
    made = folder(tmp_path)
    head = "measurement_id,person_id,measurement_concept_id,measurement_date,value_as_number,value_source_value\n"
    rows = "1,8,3020460,2026-09-02,,>500\n2,8,3020460,2026-09-03,NULL,NULL\n3,8,3020460,2026-09-04,,\n"
    written(made, "measurement.csv", head + rows)
    found = imported(made, *INDEX)
    assert not found.rows and [row["values"] for row in found.left_out] == ["1"]
    assert "in value_source_value" in found.reasons()
