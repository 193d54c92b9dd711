"""The row of headings and its clock: values are no days, hours and weeks no days either, and day 0 is asked for."""

import pytest


@pytest.mark.parametrize(
    "table",
    [
        "Test,Result,Reference range\nCRP (mg/L),12,<5\nKetones (mg/dL),80,<5\nSodium (mmol/L),139,135-145\n",
        "Marker,Finding,Reference\nZonulin (ng/mL),30,<48\nCRP (mg/L),12,<5\n",
        "Item,Finding\nOnset,Day 3\nKetones,80\nCRP (mg/L),5\n",
        "Test,Result,Flag\nSodium (mmol/L),139,\nKetones,80,H\n",
    ],
)
def test_a_row_of_values_under_headings_in_words_is_no_row_of_days(imported, table, capsys):
    assert imported.run(table) == 2
    assert ",,,DAY" in capsys.readouterr().err and not imported.rows


@pytest.mark.parametrize(
    "corner",
    ["Hours after admission", "Time (hours since admission)", "Hours after symptom onset", "ICU hours of stay"],
)
def test_hours_of_another_clock_are_asked_for_and_become_parts_of_a_day(imported, corner, capsys):
    table = f"{corner},0,6,12,24\nCRP (mg/L),12,80,150,120\n"
    assert imported.run(table) == 2
    assert "an hour that is not counted from day 0: say which printed hour" in capsys.readouterr().err
    days = [day for _, day, *_ in imported.of(table, "--day-zero", "0")]
    assert days == ["0", "0.25", "0.5", "1"]


def test_hours_of_a_title_are_those_of_the_numbers_below(imported):
    table = "Table 2. Values by hours after the infusion,,\nParameter,0,36\nCRP (mg/L),12,80\n"
    assert imported.of(table) == [("crp", "0", "12", "mg/L"), ("crp", "1.5", "80", "mg/L")]


def test_the_age_in_a_title_is_no_unit_of_the_columns(imported):
    table = "Laboratory data of a 36-year-old man,,\nParameter,1,3\nCRP (mg/L),12,80\n"
    assert [day for _, day, *_ in imported.of(table)] == ["1", "3"]


@pytest.mark.parametrize(
    ("headings", "days"),
    [("Analyte,2 h,24 h", ["0.0833", "1"]), ("Weeks,0,4", ["0", "28"]), ("Test,Week 1,Week 2", ["7", "14"])],
)
def test_hours_and_weeks_become_days(imported, headings, days):
    assert [day for _, day, *_ in imported.of(f"{headings}\nCRP (mg/L),12,80\n")] == days


def test_a_case_that_counts_hours_keeps_them(imported):
    imported.time_unit("hours")
    assert [day for _, day, *_ in imported.of("Test,2 h,Day 1\nCRP (mg/L),12,80\n")] == ["2", "24"]


def test_months_have_no_fixed_number_of_days_and_a_likely_one_is_offered(imported, capsys):
    assert imported.run("Test,Month 3,Month 6\nCRP (mg/L),12,80\n") == 2
    said = capsys.readouterr().err
    assert "\n    Month 3,,,91\n    Month 6,,,183\n" in said and not imported.rows


@pytest.mark.parametrize("corner", ["Visit", "Cycle", "Months", "Years"])
def test_numbers_of_visits_and_cycles_are_no_days(imported, corner, capsys):
    assert imported.run(f"{corner},1,3\nCRP (mg/L),12,80\n") == 2
    assert "\n    B1,,," in capsys.readouterr().err and not imported.rows


@pytest.mark.parametrize(
    "corner",
    ["Day of hospitalisation", "Days after admission", "Day of illness", "Day of fever", "POD", "Hospital day"],
)
def test_the_corner_says_what_the_days_are_counted_from(imported, corner, capsys):
    table = f"{corner},1,3,5,8\nCRP (mg/L),12,80,150,120\n"
    assert imported.run(table) == 2
    assert "--day-zero" in capsys.readouterr().err
    assert [day for _, day, *_ in imported.of(table, "--day-zero", "3")] == ["-2", "0", "2", "5"]


def test_dates_with_words_and_marks_beside_them_are_dates(imported):
    table = "Analyte,06/11/19 baseline,10/07/2020,20/07/2020a,05/08/2020 discharge\nSodium (mmol/L),139,135,135,137\n"
    found = imported.of(table, "--time-zero", "2020-07-10", "--date-order", "dmy")
    assert [day for _, day, *_ in found] == ["-247", "0", "10", "26"]
    assert [r.note for r in imported.rows] == ["baseline", "", "", "discharge"]


def test_a_date_beside_a_day_does_not_come_into_the_case(imported):
    imported.run("Test,Day 1 (12/03/2020),Day 2 (fever)\nCRP (mg/L),5,6\n")
    assert [r.note for r in imported.rows] == ["", "fever"]


@pytest.mark.parametrize("head", ["until 10/07/2020", "10/07/2020-12/07/2020", "2011", "March 2011", "1st"])
def test_a_period_a_year_and_a_bare_ordinal_are_no_day(imported, head, capsys):
    assert imported.run(f"Test,{head}\nCRP (mg/L),5\n", "--time-zero", "2020-07-10", "--date-order", "dmy") == 2
    assert not imported.rows and f"{head},,,DAY" in capsys.readouterr().err.replace("B1", head)


def test_two_samples_of_a_day_keep_their_hours_and_their_words(imported):
    table = "Analyte,2026-01-31 08:00,2026-01-31 14:00\n,before dialysis,after dialysis\nPotassium (mmol/L),6.5,4.1\n"
    found = imported.of(table, "--time-zero", "2026-01-31")
    assert found == [("potassium", "0.3333", "6.5", "mmol/L"), ("potassium", "0.5833", "4.1", "mmol/L")]
    assert [r.note for r in imported.rows] == ["before dialysis", "after dialysis"]


def test_the_hour_in_brackets_parts_two_samples_of_a_day(imported):
    found = imported.of("Test,Day 1 (08:00),Day 1 (20:00),Day 2\nCRP (mg/L),5,6,7\n")
    assert [day for _, day, *_ in found] == ["1.3333", "1.8333", "2"]


def test_a_table_of_120_days_is_taken_whole(imported):
    days = range(1, 121)
    table = f"Test,{','.join(f'Day {d}' for d in days)}\nCRP (mg/L),{','.join(map(str, days))}\n"
    assert [(day, value) for _, day, value, _ in imported.of(table)] == [(str(d), str(d)) for d in days]


def test_a_table_that_is_wider_than_can_be_read_is_refused(imported, capsys):
    assert imported.run(f"Test,{','.join(f'Day {d}' for d in range(1100))}\nCRP,{'1,' * 1099}1\n") == 2
    assert "1101 columns': at most 1000 columns; split the table" in capsys.readouterr().err


def test_a_row_that_is_filled_only_under_a_heading_in_words_is_no_heading_of_others(imported, capsys):
    table = "Analyte,Admission,Day 3\nUrine protein (mg/dL),300,\nSodium (mmol/L),139,141\n"
    assert imported.of(table) == [("sodium", "3", "141", "mmol/L")]
    said = capsys.readouterr().out
    assert "its values (300) wait for the day of their column" in said and "\n  Admission,,,DAY\n" in said


def test_dates_down_the_side_keep_the_places_of_the_file(imported):
    table = "Date,CRP (mg/L),BP (mmHg)\n2020-01-31,5,120/80\n2020-02-01,7 H,\n"
    imported.run(table, "--time-zero", "2020-01-31", "--source", "Table 1")
    assert {(r.analyte, r.day, r.value, r.source) for r in imported.rows} == {
        ("crp", "0", "5", "Table 1, cell B2"), ("crp", "1", "7", "Table 1, cell B3"),
        ("systolic_pressure", "0", "120", "Table 1, cell C2 (1 of 2)"),
        ("diastolic_pressure", "0", "80", "Table 1, cell C2 (2 of 2)"),
    }  # fmt: skip


def test_a_name_beside_a_day_does_not_come_into_the_case(imported):
    imported.run("Test,Day 1 (Dr. Hornby),Day 2 (fasting)\nCRP (mg/L),76,50\n")
    assert [row.note for row in imported.rows] == ["", "fasting"]


def test_the_time_of_day_may_stand_behind_a_day_and_a_date(imported):
    head = "Test,Day 0 20:00,Day 0 11:30 PM,Day 1 AM,Day 2 evening"
    values = imported.of(f"{head}\nLactate (mmol/L),5,4,3,2\n")
    assert [day for _, day, *_ in values] == ["0.8333", "0.9792", "1", "2"]
    assert [row.note for row in imported.rows] == ["", "", "AM", "evening"]


def test_a_half_of_the_day_behind_a_date_is_of_its_hour(imported):
    table = "Test,9/1/26 1:05 PM,9/14/26 6:00 AM\nLactate (mmol/L),5,4\n"
    imported.run(table, "--index", "2026-09-01", "--date-order", "mdy")
    assert [(row.day, row.note) for row in imported.rows] == [("0", "13:05"), ("13", "6:00")]


@pytest.mark.parametrize("heads", ["Mar-26,Jun-26,Sep-26", "Mar 26,Jun 26,Sep 26", "Sep-26,10 Sep 2026,12 Sep 2026"])
def test_months_with_their_year_are_no_days(imported, heads):
    imported.run(f"Test,{heads}\nCRP (mg/L),5,6,7\n", "--index", "2026-09-01")
    assert [row.day for row in imported.rows] == ([] if "Jun" in heads else ["9", "11"])


def test_days_of_one_month_are_days_without_a_year(imported):
    imported.run("Test,Sep-01,Sep-03,Sep 10\nCRP (mg/L),5,6,7\n", "--index", "2026-09-01")
    assert [row.day for row in imported.rows] == ["0", "2", "9"]


def test_the_day_of_a_visit_is_the_one_beside_it(imported):
    values = imported.of("Test,Visit 1 (Day 0),V2 (Week 2),Visit 3\nCRP (mg/L),5,6,7\n")
    assert [day for _, day, *_ in values] == ["0", "14"]


def test_the_date_of_a_visit_goes_before_its_number(imported):
    table = "Visit,Date,CRP (mg/L)\n1,2026-09-01,12\n2,2026-09-03,13\n"
    assert imported.run(table, "--index", "2026-09-01") == 0
    assert [(row.day, row.value) for row in imported.rows] == [("0", "12"), ("2", "13")]
