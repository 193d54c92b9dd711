"""Long lists, one result a row: the columns in any order, dates as study days, and what is no long list."""

import os
import zipfile

import pytest
from openpyxl import Workbook

from casereport.audit.validation import validate
from casereport.case.reading import read_case
from casereport.cli import main
from imported import imported, written
from new_book import new_book

INDEX = ("--index", "2026-09-01")
LIST = """Test,Result,Unit,Reference Range,Flag,Date
Hemoglobin,13.5,g/dL,12.0-16.0,,2026-09-01
Sodium,139,mmol/L,135-145,,2026-09-01
Hemoglobin,11.2,g/dL,12.0-16.0,L,2026-09-04
Sodium,129,mmol/L,135-145,L,2026-09-04
"""
VALUES = [
    ("0", "haemoglobin", "13.5", "g/dL"), ("0", "sodium", "139", "mmol/L"),
    ("3", "haemoglobin", "11.2", "g/dL"), ("3", "sodium", "129", "mmol/L"),
]  # fmt: skip


def test_a_long_list_gives_each_value_its_own_day_range_and_flag(tmp_path):
    found = imported(written(tmp_path, "labs.csv", LIST), *INDEX)
    assert found.values() == VALUES
    assert [(r["interpretation"], r["ref_low"], r["ref_high"]) for r in found.rows] == [
        ("", "12.0", "16.0"), ("", "135", "145"), ("L", "12.0", "16.0"), ("L", "135", "145"),
    ]  # fmt: skip
    assert validate(str(found.case)).problems == [] and found.left_out == []
    assert "2026" not in "".join(r["source"] for r in found.rows)


@pytest.mark.parametrize("order", [[5, 0, 1, 2, 3, 4], [1, 5, 4, 3, 2, 0], [2, 3, 4, 5, 0, 1]])
def test_the_columns_of_a_long_list_may_stand_in_any_order(tmp_path, order):
    rows = [line.split(",") for line in LIST.splitlines()]
    text = "\n".join(",".join(row[i] for i in order) for row in rows) + "\n"
    assert imported(written(tmp_path, "labs.csv", text), *INDEX).values() == VALUES


def test_a_workbook_is_read_as_its_csv_is(tmp_path):
    book = Workbook()
    for row in LIST.splitlines():
        book.active.append([float(c) if c.replace(".", "").isdigit() else c for c in row.split(",")])
    book.save(tmp_path / "labs.xlsx")
    assert imported(tmp_path / "labs.xlsx", *INDEX).values() == VALUES


@pytest.mark.parametrize(
    "heading", ["COMPONENT_NAME,ORD_VALUE,REFERENCE_UNIT,RESULT_TIME", "label,valuenum,valueuom,charttime"]
)
def test_the_headings_of_warehouses_are_known_or_the_list_is_refused(tmp_path, heading):
    text = f"{heading}\nSodium,139,mmol/L,2026-09-02 06:30\n"
    found = imported(written(tmp_path, "labs.csv", text), *INDEX)
    if "valuenum" in heading:
        assert found.values() == [("1", "sodium", "139", "mmol/L")]
        assert found.rows[0]["source"] == "laboratory list, sodium, day 1 at 06:30"
    else:
        assert found.code == 2 and found.rows == []


def test_the_date_of_the_sample_is_taken_and_not_that_of_the_report(tmp_path):
    text = "Test,Reported,Collected,Result,Unit\nSodium,2026-09-05,2026-09-02,139,mmol/L\n"
    assert imported(written(tmp_path, "labs.csv", text), *INDEX).values() == [("1", "sodium", "139", "mmol/L")]


def test_dates_of_numbers_are_asked_for_where_nothing_tells_day_from_month(tmp_path, capsys):
    text = "Date,Test,Result,Unit\n02/09/2026,Sodium,139,mmol/L\n"
    path = written(tmp_path, "labs.csv", text)
    found = imported(path, *INDEX)
    assert found.code == 2 and "--date-order" in capsys.readouterr().err
    again = imported(path, *INDEX, "--date-order", "dmy", folder=found.case)
    assert again.values() == [("1", "sodium", "139", "mmol/L")]
    clear = written(tmp_path, "clear.csv", text + "13/09/2026,Potassium,4.1,mmol/L\n")
    assert [day for day, *_ in imported(clear, *INDEX, folder=again.case).values()] == ["1", "12"]


def test_dates_without_day_0_are_refused_and_days_need_none(tmp_path, capsys):
    found = imported(written(tmp_path, "labs.csv", LIST))
    assert found.code == 2 and found.rows == [] and "--index" in capsys.readouterr().err
    text = "Analyte,Study day,Value,Unit\nSodium,-2,139,mmol/L\nSodium,3.5,141,mmol/L\n"
    again = imported(written(tmp_path, "days.csv", text), folder=found.case)
    assert [(day, value) for day, _, value, _ in again.values()] == [("-2", "139"), ("3.5", "141")]


def test_days_in_hospital_need_the_one_that_is_day_0(tmp_path, capsys):
    path = written(tmp_path, "labs.csv", "Test,Hospital day,Result,Unit\nSodium,4,139,mmol/L\n")
    found = imported(path)
    assert found.code == 2 and "--day-zero" in capsys.readouterr().err
    assert imported(path, "--day-zero", "3", folder=found.case).values() == [("1", "sodium", "139", "mmol/L")]


def test_two_patients_in_a_list_are_refused_until_one_is_named(tmp_path, capsys):
    text = "MRN,Test,Result,Unit,Day\n77001,Sodium,139,mmol/L,1\n77002,Sodium,150,mmol/L,1\n"
    path = written(tmp_path, "labs.csv", text)
    found = imported(path)
    assert found.code == 2 and "here are 2" in capsys.readouterr().err and found.rows == []
    again = imported(path, "--patient", "77002", folder=found.case)
    assert again.values() == [("1", "sodium", "150", "mmol/L")]
    assert "7700" not in again.written()


def test_no_name_number_or_note_of_a_person_reaches_the_case(tmp_path):
    text = (
        "Patient name,Address,Test,Result,Unit,Day,Comment\n"
        "Ada Quillfeather,12 Elm Row,Sodium,139,mmol/L,1,call Dr Hornby\n"
        "Ada Quillfeather,12 Elm Row,Quillfeather antigen,3,U/L,1,\n"
    )
    found = imported(written(tmp_path, "labs.csv", text))
    assert len(found.rows) == 1 and found.left_out[0]["printed"] == "(name withheld)"
    assert not any(word in found.written() for word in ("Quill", "Elm", "Hornby"))


def test_what_is_of_another_fluid_or_has_another_unit_is_left_out_with_the_reason(tmp_path):
    text = (
        "Test,Specimen,Result,Unit,Day\nGlucose,CSF,3.1,mmol/L,1\nCreatinine,Urine,90,mg/dL,1\n"
        "Sodium,Serum,139,kg,1\nPotassium,Serum,high,mmol/L,1\nTroponin,Serum,1e3,ng/mL,1\nFoo,Serum,3,U/L,1\n"
    )
    found = imported(written(tmp_path, "labs.csv", text))
    assert [row[1:] for row in found.values()] == [
        ("urine_creatinine", "90", "mg/dL"), ("troponin", "1000", "ng/mL"),
    ]  # fmt: skip
    assert "Glucose: not in the vocabulary, in another specimen" in found.reasons()
    assert "Sodium: its unit 'kg' does not fit (sodium: mmol/L" in found.reasons()
    assert "Potassium: not a number" in found.reasons() and "Foo: not in the vocabulary" in found.reasons()


def test_the_same_list_again_changes_nothing_and_another_value_is_refused(tmp_path, capsys):
    path = written(tmp_path, "labs.csv", LIST + "Foo,1,U/L,,,2026-09-01\n")
    first = imported(path, *INDEX)
    before = first.written()
    assert imported(path, *INDEX, folder=first.case).written() == before
    other = written(tmp_path, "other.csv", LIST.replace("11.2", "12.1"))
    again = imported(other, *INDEX, folder=first.case)
    assert again.code == 2 and again.written() == before and "already" in capsys.readouterr().err


def test_the_mapping_file_says_what_a_name_of_the_house_is(tmp_path):
    written(tmp_path, "labs.mapping.csv", "printed,analyte,unit\nNatrium im Serum,sodium,mmol/L\n")
    path = written(tmp_path, "labs.csv", "Test,Result,Day\nNatrium im Serum,139,1\n")
    assert imported(path).values() == [("1", "sodium", "139", "mmol/L")]


def test_a_table_as_printed_is_no_long_list(tmp_path):
    found = imported(written(tmp_path, "labs.csv", "Test,Unit,Day 1,Day 2\nCRP,mg/L,5,4\n"))
    assert [r["source"] for r in found.rows] == ["laboratory table labs, cell C2", "laboratory table labs, cell D2"]


def test_what_the_mapping_file_explains_is_left_out_no_longer(tmp_path):
    path = written(tmp_path, "labs.csv", "Test,Result,Day\nNatrium im Serum,139,1\nFoo,3,1\n")
    first = imported(path)
    assert len(first.left_out) == 2
    written(tmp_path, "labs.mapping.csv", "printed,analyte,unit\nNatrium im Serum,sodium,mmol/L\n")
    again = imported(path, folder=first.case)
    assert [row["printed"] for row in again.left_out] == ["Foo"] and len(again.rows) == 1


def test_the_observations_of_synthea_as_csv_are_a_long_list_with_loinc_codes(tmp_path):
    text = (
        "DATE,PATIENT,ENCOUNTER,CATEGORY,CODE,DESCRIPTION,VALUE,UNITS,TYPE\n"
        "2026-09-02T05:17:01Z,8f-1,e-1,laboratory,718-7,Hemoglobin [Mass/volume] in Blood,13.5,g/dL,numeric\n"
        "2026-09-02T05:17:01Z,8f-1,e-1,laboratory,6299-2,Urea Nitrogen,17.0,mg/dL,numeric\n"
        "2026-09-02T05:17:01Z,8f-1,e-1,survey,72166-2,Tobacco smoking status,Never smoker,,text\n"
    )
    found = imported(written(tmp_path, "observations.csv", text), *INDEX)
    assert found.values() == [("1", "haemoglobin", "13.5", "g/dL"), ("1", "urea_nitrogen", "17.0", "mg/dL")]
    assert "72166-2 Tobacco smoking status: not a number" in found.reasons() and "8f-1" not in found.written()


def test_a_list_with_german_headings_and_decimal_commas_is_read_when_told_so(tmp_path):
    text = "Datum;Analyt;Ergebnis;Einheit;Referenzbereich\n02.09.2026;Hämoglobin;13,5;g/dl;12,0-16,0\n"
    text = text.replace("Hämoglobin", "Hb")
    found = imported(written(tmp_path, "labs.csv", text), *INDEX, "--date-order", "dmy", "--decimal", "comma")
    assert found.values() == [("1", "haemoglobin", "13.5", "g/dL")]
    assert (found.rows[0]["ref_low"], found.rows[0]["ref_high"]) == ("12.0", "16.0")


def test_minutes_from_an_admission_become_fractions_of_a_day_once_day_0_is_told(tmp_path, capsys):
    text = "patientunitstayid,labresultoffset,labname,labresult,labmeasurenamesystem\n1,2160,sodium,139,mmol/L\n"
    path = written(tmp_path, "lab.csv", text)
    found = imported(path)
    assert found.code == 2 and "--day-zero" in capsys.readouterr().err
    assert imported(path, "--day-zero", "0", folder=found.case).values() == [("1.5", "sodium", "139", "mmol/L")]


def test_a_file_that_is_not_there_is_said_to_be_missing(tmp_path, capsys):
    assert imported(tmp_path / "labs.json").code == 2
    assert "the file is missing" in capsys.readouterr().err


def test_a_pipe_is_refused_and_not_waited_for(tmp_path, capsys):
    os.mkfifo(tmp_path / "labs.csv")
    assert imported(tmp_path / "labs.csv").code == 2
    assert "this is a pipe or a device" in capsys.readouterr().err


def test_the_same_value_twice_on_a_day_is_taken_twice_and_said(tmp_path, capsys):
    text = "Test,Result,Unit,Day\nSodium,139,mmol/L,1\nSodium,139,mmol/L,1\n"
    found = imported(written(tmp_path, "labs.csv", text))
    assert [r["source"] for r in found.rows] == ["laboratory list, sodium, day 1", "laboratory list, sodium, day 1 (2)"]
    assert "sodium: the same value twice at one time, both imported" in capsys.readouterr().out


def test_a_workbook_case_takes_a_long_list_too(tmp_path):
    case = new_book(tmp_path / "cases")
    assert main(["import", str(written(tmp_path, "labs.csv", LIST)), "--into", str(case), *INDEX]) == 0
    assert [row.value for row in read_case(case).observations] == ["13.5", "139", "11.2", "129"]


def test_a_workbook_that_unpacks_without_end_is_refused(tmp_path, capsys):
    with zipfile.ZipFile(tmp_path / "labs.xlsx", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * 300 * 2**20)
    found = imported(tmp_path / "labs.xlsx", *INDEX)
    assert found.code == 2 and found.rows == [] and "problem" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("status", "why"),
    [
        ("In Error", "entered in error"), ("Entered-in-error", "entered in error"), ("CANCELLED", "cancelled"),
        ("storniert", "cancelled"), ("Not performed", "not done"), ("Pending", "not yet a result"),
        ("Auth (Verified)", ""), ("Final result", ""), ("", ""),
    ],
)  # fmt: skip
def test_a_result_that_its_status_takes_back_is_left_out(tmp_path, status, why):
    text = f"Test,Result,Unit,Collected,Status\nSodium,139,mmol/L,2026-09-02 06:00,{status}\n"
    found = imported(written(tmp_path, "labs.csv", text), *INDEX)
    assert [len(found.rows), found.reasons()] == [not why, f"Sodium: {why}, as its status says" if why else ""]


def test_a_corrected_result_of_a_list_takes_the_place_of_that_of_the_same_time(tmp_path):
    rows = [("4.1", "06:00", "Corrected"), ("5.1", "06:00", "Final"), ("6.1", "", "Final"), ("6.2", "", "Corrected")]
    text = "".join(f"Potassium,{value},mmol/L,2026-09-02 {time},{status}\n" for value, time, status in rows)
    found = imported(written(tmp_path, "labs.csv", "Test,Result,Unit,Collected,Result Status\n" + text), *INDEX)
    assert [row[2] for row in found.values()] == ["4.1", "6.1", "6.2"]
    assert "replaced by a later result of the same sample" in found.reasons()


def test_the_letters_of_hl7_are_a_status_where_all_of_a_column_are(tmp_path):
    text = "Test,Result,Unit,Day,Status\nSodium,139,mmol/L,1,F\nPotassium,9,mmol/L,1,W\n"
    assert [row[1] for row in imported(written(tmp_path, "a.csv", text)).values()] == ["sodium"]
    done = text.replace(",F\n", ",Done\n").replace(",W\n", ",D\n")
    (tmp_path / "b").mkdir()
    assert len(imported(written(tmp_path / "b", "b.csv", done)).rows) == 2
