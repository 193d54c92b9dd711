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
