"""A table of several patients is refused, whatever the heading of the column that tells them apart."""

import pytest

from imported import imported, written

ROWS = "{0},CRP,5,mg/L,1\n{0},Sodium,140,mmol/L,1\n{1},CRP,95,mg/L,2\n"


def listed(tmp_path, heading, one="A1", other="B2"):
    return written(tmp_path, "labs.csv", f"{heading},Test,Result,Unit,Day\n" + ROWS.format(one, other))


@pytest.mark.parametrize(
    "heading",
    [
        "Patient", "Patient Name", "Patient initials", "Patient code", "PatientNumber", "Pat.-Nr.", "Surname", "Name",
        "Hospital number", "Hospital No.", "NHS number", "MRN#", "Medical record no", "Chart No", "UHID", "Case no",
        "File number", "Study ID", "Pseudonym", "Date of birth", "Nachname", "N° patient", "Apellidos", "姓名", "ID",
    ],
)  # fmt: skip
def test_a_list_of_two_patients_is_refused_under_any_heading_that_says_who(tmp_path, capsys, heading):
    path = listed(tmp_path, heading)
    found = imported(path)
    assert found.code == 2 and found.rows == []
    assert f"here are 2 by the column '{heading}'" in capsys.readouterr().err
    chosen = imported(path, "--patient", "B2", folder=found.case)
    assert chosen.values() == [("2", "crp", "95", "mg/L")]


@pytest.mark.parametrize(("heading", "one", "other"), [("Sex", "M", "F"), ("Gender", "male", "Female")])
def test_men_and_women_in_one_list_are_several_patients(tmp_path, capsys, heading, one, other):
    path = listed(tmp_path, heading, one, other)
    found = imported(path)
    assert found.code == 2 and found.rows == []
    assert f"here are 2 by the column '{heading}': say which by --patient" in capsys.readouterr().err
    for same in (one, "unknown", "-", ""):
        assert len(imported(listed(tmp_path, heading, one, same), folder=found.case).rows) == 3


@pytest.mark.parametrize(
    "heading",
    ["Sample ID", "Lab ID", "Accession number", "No.", "Order number", "Visit", "Ward", "Physician", "Hospital"],
)
def test_a_number_of_a_sample_a_request_or_a_row_is_no_patient(tmp_path, heading):
    assert len(imported(listed(tmp_path, heading)).rows) == 3


def test_an_id_that_is_another_in_each_row_or_goes_with_the_test_is_no_patient(tmp_path):
    rows = "1,CRP,5,mg/L,1\n2,CRP,6,mg/L,2\n"
    assert len(imported(written(tmp_path, "rows.csv", "ID,Test,Result,Unit,Day\n" + rows)).rows) == 2
    rows = "7,CRP,5,mg/L,1\n8,Sodium,140,mmol/L,1\n9,Potassium,4,mmol/L,1\n7,CRP,6,mg/L,2\n"
    (tmp_path / "tests").mkdir()
    assert len(imported(written(tmp_path / "tests", "labs.csv", "ID,Test,Result,Unit,Day\n" + rows)).rows) == 4


def test_the_number_of_a_study_hides_no_second_patient(tmp_path, capsys):
    text = "Study ID,Surname,Test,Result,Unit,Day\nX,Ash,CRP,5,mg/L,1\nX,Elm,CRP,95,mg/L,2\n"
    assert imported(written(tmp_path, "labs.csv", text)).code == 2
    assert "by the column 'Surname'" in capsys.readouterr().err


def test_a_name_beside_a_test_in_another_language_is_the_patients(tmp_path):
    text = "Name;Untersuchung;Ergebnis;Einheit;Day\nQuillfeather;CRP;5;mg/L;1\nQuillfeather;Quux;5;mg/L;1\n"
    found = imported(written(tmp_path, "labs.csv", text))
    assert found.values() == [("1", "crp", "5", "mg/L")] and "Quillfeather" not in found.written()


def test_rows_of_nobody_are_counted(tmp_path, capsys):
    path = listed(tmp_path, "MRN", one="", other="77")
    found = imported(path)
    assert len(found.rows) == 3
    assert "'MRN': 2 rows have nothing here, read as of the one patient of the file" in capsys.readouterr().out
    (tmp_path / "asked").mkdir()
    asked = imported(listed(tmp_path / "asked", "MRN", one="", other="77"), "--patient", "77")
    assert asked.values() == [("2", "crp", "95", "mg/L")]
    assert [(row["printed"], row["reason"], row["values"]) for row in asked.left_out] == [
        ("CRP", "its row names no patient", "1"), ("Sodium", "its row names no patient", "1"),
    ]  # fmt: skip


def test_a_footnote_under_the_column_of_patients_is_nobody(tmp_path):
    path = written(tmp_path, "labs.csv", "MRN,Test,Result,Unit,Day\n77,CRP,5,mg/L,1\nDrawn fasting,,,,\n")
    assert imported(path).values() == [("1", "crp", "5", "mg/L")]


@pytest.mark.parametrize(
    "text",
    [
        "Day,Patient,Potassium (mmol/L),Sodium (mmol/L)\n1,P1,4.1,140\n2,P2,5.1,130\n",
        "Day,Potassium (mmol/L),Sodium (mmol/L),Hospital number\n1,4.1,140,77001\n2,5.1,130,77002\n",
        "Test,Patient,Day 1,Day 2\nCRP (mg/L),P1,4,5\nCRP (mg/L),P2,91,92\n",
        "Test,Unit,Day 1,Day 2\nInitials,,AB,CD\nCRP,mg/L,5,95\n",
        "Case 1,\nTest,Day 1\nCRP (mg/L),5\n,\nCase 2,\nTest,Day 1\nCRP (mg/L),95\n",
        "Case 1,,Case 2,\nTest,Day 1,Test,Day 1\nCRP (mg/L),5,CRP (mg/L),95\nUrea (mmol/L),4,Urea (mmol/L),5\n",
    ],
)
def test_a_wide_table_of_two_patients_is_refused(tmp_path, capsys, text):
    found = imported(written(tmp_path, "labs.csv", text))
    assert found.code == 2 and found.rows == [] and "s of one patient" in capsys.readouterr().err


def test_a_wide_table_that_names_its_one_patient_and_a_prothrombin_time_is_read(tmp_path):
    text = "Day,Patient,PT (s),Sodium (mmol/L)\n1,P1,14,140\n2,P1,15,130\n"
    assert len(imported(written(tmp_path, "labs.csv", text)).rows) == 4
