"""A printed table that is several, and headings of which two columns are not one course."""


def test_a_second_block_beside_the_first_has_its_own_names(imported):
    table = "Test,Day 1,Range,Test,Day 1,Range\nHb (g/dL),10.1,12-16,Na (mmol/L),138,135-145\nCRP (mg/L),12,<5,,,\n"
    assert imported.of(table) == [
        ("haemoglobin", "1", "10.1", "g/dL"), ("crp", "1", "12", "mg/L"), ("sodium", "1", "138", "mmol/L"),
    ]  # fmt: skip
    assert imported.ranges()["sodium"] == ("135", "145")


def test_an_abbreviation_beside_the_name_begins_no_block(imported):
    assert imported.of("Test,Short,Unit,Day 1\nSodium,Na,mmol/L,140\nPotassium,K,mmol/L,4\n") == [
        ("sodium", "1", "140", "mmol/L"), ("potassium", "1", "4", "mmol/L"),
    ]  # fmt: skip


def test_headings_below_values_are_those_of_what_stands_under_them(imported):
    table = "CSF of a boy,,\nTest,Day 1,Day 2\nNa (mmol/L),1,2\nTest,Day 8,Day 9\nGlucose (mmol/L),3,4\n"
    assert imported.of(table) == []  # the title holds for the lower part too
    assert imported.of(table.replace("CSF", "Blood")) == [
        ("sodium", "1", "1", "mmol/L"), ("sodium", "2", "2", "mmol/L"),
        ("glucose", "8", "3", "mmol/L"), ("glucose", "9", "4", "mmol/L"),
    ]  # fmt: skip
    assert "cell C5" in imported.rows[-1].source


def test_a_row_of_durations_is_no_heading(imported):
    table = "Test,Day 1,Day 3\nCRP (mg/L),1,2\nDays of fever,5,7\nTherapy,Day 1 of cefepime,Day 3\nHb (g/dL),9,10\n"
    assert [day for name, day, *_ in imported.of(table) if name == "haemoglobin"] == ["1", "3"]


def test_the_same_day_before_and_after_is_asked_for(imported, capsys):
    assert imported.run("Test,Before,,After,\n,Day 1,Day 2,Day 1,Day 2\nCRP (mg/L),1,2,3,4\n") == 2
    assert "the same time under 'Before' and under 'After'" in capsys.readouterr().err


def test_several_patients_over_days_are_not_one_course(imported, capsys):
    assert imported.run("Test,Patient 1,,Patient 2,\n,Day 1,Day 3,Day 2,Day 5\nCRP (mg/L),1,2,3,4\n") == 2
    assert imported.run("Test,Case 1,Case 2\nCRP (mg/L),1,2\n") == 2
    said = capsys.readouterr().err
    assert "one of several patients" in said and "'Case 1' and 'Case 2' look like several patients" in said


def test_a_year_under_a_date_is_its_year(imported):
    table = "Test,5 Jan,2 Feb\n,2019,2020\nCRP (mg/L),1,2\n"
    assert [row[1] for row in imported.of(table, "--index", "2019-01-05")] == ["0", "393"]


def test_rows_under_several_patients_are_refused_as_a_whole(imported, capsys):
    assert imported.run("Test,Day 1\nPatient 1,\nCRP (mg/L),10\nPatient 2,\nCRP (mg/L),30\n") == 2
    assert "'Patient 1' and of 'Patient 2'" in capsys.readouterr().err


def test_sections_as_headings_are_told_by_their_cells(imported):
    """As Japanese case reports print them: names and values under Hematology and under Biochemistry."""
    table = "Hematology,,Biochemistry,\nHb,9.8 g/dL,AST,30 U/L\nPlt,12.3 ×10^4/μL,ALT,31 U/L\n"
    lines = "printed,analyte,unit,day\nB1,,,0\nD1,,,0\n"
    imported.table.with_name("labs.mapping.csv").write_text(lines, encoding="utf-8")
    assert [row[0] for row in imported.of(table)] == ["haemoglobin", "platelets", "ast", "alt"]


def test_names_across_with_times_in_words_down_are_turned(imported, capsys):
    table = "Time,CRP (mg/L),Hb (g/dL)\nAdmission,10,11\nDischarge,20,12\n"
    assert imported.run(table) == 2 and "Admission,,,DAY\n" in capsys.readouterr().err
    lines = "printed,analyte,unit,day\nAdmission,,,0\nDischarge,,,9\n"
    imported.table.with_name("labs.mapping.csv").write_text(lines, encoding="utf-8")
    assert [row[:3] for row in imported.of(table)] == [
        ("crp", "0", "10"), ("crp", "9", "20"), ("haemoglobin", "0", "11"), ("haemoglobin", "9", "12"),
    ]  # fmt: skip


def test_a_long_list_may_count_hours(imported, capsys):
    table = "Test,Result,Units,Hours\nLactate,4.1,mmol/L,0\nLactate,2.1,mmol/L,12\n"
    assert [row[1:3] for row in imported.of(table)] == [("0", "4.1"), ("0.5", "2.1")]
    assert imported.run(table.replace("Hours", "Hours after ingestion")) == 2
    assert "an hour that is not counted from day 0" in capsys.readouterr().err


def test_headings_in_words_below_values_are_heard_or_asked_for(imported, capsys):
    table = ",Discharge,Admission\nNa (mmol/L),1,2\n,Before treatment,Follow-up\nNa (mmol/L),3,4\n"
    lines = "printed,analyte,unit,day\nDischarge,,,5\nAdmission,,,0\n"
    imported.table.with_name("labs.mapping.csv").write_text(lines, encoding="utf-8")
    assert imported.run(table) == 2 and "Follow-up,,,DAY" in capsys.readouterr().err
    lines += "Before treatment,,,-1\nFollow-up,,,9\n"
    imported.table.with_name("labs.mapping.csv").write_text(lines, encoding="utf-8")
    assert [row[1:3] for row in imported.of(table)] == [("5", "1"), ("0", "2"), ("-1", "3"), ("9", "4")]


def test_a_turned_table_keeps_its_title_and_its_places(imported):
    table = "Course of the values during the stay,,\n,Na (mmol/L),Hb (g/dL)\nDay 5,136,11.8\nDay 16,146,7.4\n"
    assert [row[:3] for row in imported.of(table)] == [
        ("sodium", "5", "136"), ("sodium", "16", "146"), ("haemoglobin", "5", "11.8"), ("haemoglobin", "16", "7.4"),
    ]  # fmt: skip
    assert "cell B3" in imported.rows[0].source
    assert imported.run(table.replace("Course", "Urine: course")) == 2 and len(imported.rows) == 4  # nothing more


def test_a_row_of_values_behind_its_own_time_is_no_heading(imported):
    table = ";Na, mmol/L;Hb, g/dL;LDH, U/L\nWeek 5;136†;11,8;1941\nWeek 16;146 (L);7,4;1950\n"
    assert [row[:3] for row in imported.of(table, "--decimal", "comma")][:2] == [
        ("sodium", "35", "136"), ("sodium", "112", "146"),
    ]  # fmt: skip
