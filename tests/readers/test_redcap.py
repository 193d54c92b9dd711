"""REDCap exports, made up here, with the data dictionary beside them: what is a number, of what, in which unit."""

import csv
import io
from pathlib import Path

import pytest

from casereport.readers.importing import plan_import
from imported import SHARED, imported, written

INDEX = ("--index", "2026-09-01")
COLUMNS = [
    "Variable / Field Name", "Form Name", "Section Header", "Field Type", "Field Label",
    "Choices, Calculations, OR Slider Labels", "Field Note", "Text Validation Type OR Show Slider Number",
    "Identifier?",
]  # fmt: skip
FIELDS = [
    ("study_no", "person", "text", "Study number", "", "", ""),
    ("surname", "person", "text", "Surname", "", "", "y"),
    ("mrn", "person", "text", "Record number", "", "integer", "y"),
    ("dob", "labs", "text", "Born on", "", "date_ymd", "y"),
    ("drawn", "labs", "text", "Drawn", "", "datetime_ymd", ""),
    (
        "crp_value",
        "labs",
        "text",
        '<div class="rich-text-field-label"><p>CRP</p></div>',
        "Unit: mg/L",
        "number_1dp",
        "",
    ),
    ("hb", "labs", "text", "Haemoglobin (g/dL)", "", "number_1dp_comma_decimal", ""),
    ("glu", "labs", "text", "Glucose (mmol/L)", "mg/dL", "number", ""),
    ("k", "labs", "text", "Potassium", "fasting or not", "number", ""),
    ("remark", "labs", "text", "Remark", "", "", ""),
    ("fever", "labs", "checkbox", "Fever", "", "", ""),
    ("sex", "labs", "radio", "Sex", "", "", ""),
    ("weight", "visit", "text", "Weight", "kg", "integer", ""),
]
HEADER = (
    "study_no,redcap_event_name,redcap_repeat_instrument,redcap_repeat_instance,surname,mrn,dob,drawn,crp_value,hb,glu,k,"
    "remark,fever___1,fever___2,sex,labs_complete,weight,visit_complete\n"
)
ROWS = (
    '7,visit_1_arm_1,,,Quillfeather,55501,,,,,,,,,,,,81,2\n'
    '7,visit_1_arm_1,labs,1,,,1950-02-03,2026-09-01 08:30,12.5,"10,2",5,4.1,seen by Dr Hornby at 8,1,0,1,2,,\n'
    "7,visit_1_arm_1,labs,2,,,1950-02-03,2026-09-03 00:00,3.0,,,,,0,0,1,2,,\n"
    "8,visit_1_arm_1,labs,1,,,,2026-09-09 00:00,99,,,,,0,0,1,2,,\n"
)  # fmt: skip


def dictionary(folder: Path, fields: list[tuple[str, ...]] = FIELDS) -> None:
    text = io.StringIO()
    rows = [[n, form, "", kind, label, "", note, valid, own] for n, form, kind, label, note, valid, own in fields]
    csv.writer(text).writerows([COLUMNS, *rows])
    written(folder, "the-dictionary.csv", text.getvalue())


def export(folder: Path, rows: str = ROWS, header: str = HEADER) -> Path:
    return written(folder, "export.csv", header + rows)


def test_numbers_have_the_label_unit_and_date_that_the_dictionary_gives_them(tmp_path, capsys):
    dictionary(tmp_path)
    found = imported(export(tmp_path), *INDEX, "--patient", "7")
    assert found.values() == [
        ("0", "crp", "12.5", "mg/L"), ("0", "haemoglobin", "10.2", "g/dL"), ("2", "crp", "3.0", "mg/L"),
    ]  # fmt: skip
    assert found.rows[0]["source"] == "REDCap, crp, day 0 at 08:30"
    left = found.reasons()
    assert "Glucose (mmol/L) (mg/dL): no unit" in left  # its label and its note differ
    assert "Potassium: no unit" in left and "Remark: " in left
    assert "visit_1_arm_1: its day is asked for" in left
    for secret in ("Quillfeather", "Hornby", "1950", "2026", "99", "55501"):
        assert secret not in found.written(), secret
    said = capsys.readouterr().out
    assert "Record number" not in said
    assert "CRP: a number in mg/L, of form labs (crp_value)" in said and "Drawn: the day of form labs" in said
    offered = said.partition("run again:")[2].split()
    assert offered[0] == "printed,analyte,unit,day" and {"Potassium,,,", "visit_1_arm_1,,,"} <= set(offered)


def test_what_was_asked_is_answered_by_the_mapping_file(tmp_path):
    dictionary(tmp_path)
    lines = "printed,analyte,unit,day\nk,potassium,mmol/L,\nvisit_1_arm_1,,,-1\nGlucose (mmol/L),,,\n"
    written(tmp_path, "export.mapping.csv", lines)
    found = imported(export(tmp_path), *INDEX, "--patient", "7")
    assert ("-1", "weight", "81", "kg") in found.values() and ("-1", "potassium", "4.1", "mmol/L") in found.values()
    assert "left out by the mapping file" in found.reasons()


def test_a_form_with_several_dates_is_asked_about(tmp_path):
    dictionary(tmp_path, [*FIELDS[:5], ("sent", "labs", "text", "Sent", "", "date_ymd", ""), *FIELDS[5:]])
    header, rows = HEADER.replace("drawn,", "drawn,sent,"), ROWS.replace("08:30,", "08:30,2026-09-05,")
    path = export(tmp_path, rows.splitlines()[1] + "\n", header)
    assert "several dates in form labs" in imported(path, *INDEX).reasons()
    written(tmp_path, "export.mapping.csv", "printed,analyte,unit\nsent,,\n")
    assert ("0", "crp", "12.5", "mg/L") in imported(path, *INDEX, folder=tmp_path / "cases" / "x").values()


def test_an_export_with_labels_is_read_by_the_labels(tmp_path):
    dictionary(tmp_path)
    header = "Study number,Event Name,Repeat Instrument,Drawn,CRP,Fever (choice=high),Sex,Complete?\n"
    path = export(tmp_path, "7,Visit 1,Labs,2026-09-02 00:00,12.5,Checked,Female,Complete\n", header)
    assert imported(path, *INDEX).values() == [("1", "crp", "12.5", "mg/L")]


def test_without_a_dictionary_only_what_is_mapped_is_a_measurement(tmp_path):
    path = export(tmp_path, "7,v1,1,3\n", "study_no,redcap_event_name,gcs,crp\n")
    found = imported(path, *INDEX)
    assert found.rows == [] and "gcs: not in the vocabulary: no data dictionary" in found.reasons()
    written(tmp_path, "export.mapping.csv", "printed,analyte,unit,day\ncrp,crp,mg/L,\nv1,,,3\n")
    found = imported(path, *INDEX, folder=found.case)
    assert found.values() == [("3", "crp", "3", "mg/L")]


def test_two_records_or_two_dictionaries_are_refused(tmp_path, capsys):
    dictionary(tmp_path)
    assert imported(export(tmp_path), *INDEX).code == 2
    assert "one patient; here are 2 records" in capsys.readouterr().err
    written(tmp_path, "another.csv", (tmp_path / "the-dictionary.csv").read_text(encoding="utf-8"))
    assert imported(export(tmp_path), *INDEX, "--patient", "7", folder=tmp_path / "cases" / "x").code == 2
    assert "one data dictionary" in capsys.readouterr().err


@pytest.mark.skipif(not SHARED.is_dir(), reason=f"the real files are not here ({SHARED})")
def test_a_longitudinal_project_of_others_gives_its_values_once_the_unit_is_told(tmp_path):
    for name in ("data", "dictionary", "event"):
        text = (SHARED / f"redcap-longitudinal-{name}.csv").read_text(encoding="utf-8")
        written(tmp_path, f"{name}.csv", text)
    written(tmp_path, "data.mapping.csv", "printed,analyte,unit\nweight,weight,kg\n")
    found = imported(tmp_path / "data.csv", "--patient", "2", "--index", "2001-02-01")
    assert found.values() == [("0", "weight", "21", "kg"), ("1", "weight", "22", "kg"), ("2", "weight", "23", "kg")]
    plan = plan_import(tmp_path / "data.csv", str(found.case), patient="2", index="2001-02-01")
    number = plan_import(tmp_path / "data.csv", str(found.case), patient=2, index="2001-02-01")  # as papermill has it
    assert number.rows == plan.rows
    assert list(plan.meanings()["printed"][:2]) == ["interview_date", "weight"]
