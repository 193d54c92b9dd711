"""What a workbook shows of its numbers, times and columns, and its cells do not hold."""

import datetime as dt

import openpyxl
import pytest

from casereport.case.sheet_shown import number_shown
from casereport.cli import main


@pytest.mark.parametrize(
    ("value", "number_format", "shown"),
    [
        (3.0, '"<"0.0', ("<", "3.0", "")), (3.0, "<0.0", ("<", "3.0", "")), (1.0, '[<3]"<3";0.0', ("<3", "", "")),
        (12.0, '[<3]"<3";0.0', ("", "12.0", "")), (145000, "0.0,", ("", "145", "")),
        (145000, "#,##0", ("", "145000", "")), (-3.5, "0.0_);(0.0)", ("", "-3.5", "")), (3, "@", ("", "3", "")),
        (131, 'General" H"', ("", "131", "H")), (9.8, r"0.0\ g", ("", "9.8", "g")), (2.8, "0.00", ("", "2.80", "")),
        (2.857, "0.00", ("", "2.857", "")), (9.8, "_-* #,##0.00_-", ("", "9.8", "")), (3, "General", ("", "3", "")),
        (0.45, "0%", ("", "45%", "")), (45, '0" %"', ("", "45", "%")),
    ],
)  # fmt: skip
def test_a_number_is_what_its_format_shows(value, number_format, shown):
    assert number_shown(value, number_format) == shown


def test_a_sign_and_a_unit_of_the_format_are_of_the_value(imported):
    rows = [["Test", "Day 1", "Day 2", "Day 3"], ["Troponin T (ng/L)", 3, 45, 50]]
    imported.book(rows, {"B2": '"<"0', "C2": '0" H"', "D2": '0" ng/mL"'})
    assert [(r.value, r.interpretation) for r in imported.rows] == [("<3", ""), ("45", "H")]
    assert "'ng/mL' after the number is not the unit of the row" in imported.left_out()


def test_a_time_beside_a_date_is_that_of_the_row(imported):
    rows = [["Date", "Time", "CRP (mg/L)"], *([dt.date(2026, 9, 1), dt.time(hour), 76] for hour in (6, 18))]
    imported.book(rows, {})
    path = str(imported.table.with_suffix(".xlsx"))
    assert main(["import", path, "--into", str(imported.case), "--index", "2026-09-01"]) == 0
    assert [(r.day, r.value) for r in imported.rows] == [("0.25", "76"), ("0.75", "76")]


def test_the_values_of_a_hidden_day_are_told_as_left_out(imported):
    path = imported.table.with_suffix(".xlsx")
    book = openpyxl.Workbook()
    for row in (["Test", "Day 1", "Day 2", "Day 3"], ["CRP (mg/L)", 76, 50, 12], ["Sodium (mmol/L)", 131, 132, 133]):
        book.active.append(row)
    book.active.column_dimensions["C"].hidden = True
    book.save(path)
    assert main(["import", str(path), "--into", str(imported.case)]) == 0
    assert {r.day for r in imported.rows} == {"1", "3"}
    (line,) = imported.left_out().splitlines()[1:]
    assert "C1,hidden: Day 2," in line and "unhide it" in line and line.endswith(",2")


@pytest.mark.parametrize(
    ("times", "days"),
    [
        (["18:00", "22:00", "02:00", "06:00"], ["0.75", "0.9167"]), (["06:00", "12:00", "18:00", "22:00"], None),
        (["22:00", "18:00", "12:00", "06:00"], None),
    ],
)  # fmt: skip
def test_a_time_past_midnight_under_one_date_is_asked_about(imported, times, days):
    path = imported.table.with_suffix(".xlsx")
    book = openpyxl.Workbook()
    sheet = book.active
    for row in (["Test", "2026-09-01", "", "", ""], ["", *times], ["Lactate (mmol/L)", 5, 4, 3, 2]):
        sheet.append(row)
    sheet.merge_cells("B1:E1")
    book.save(path)
    assert main(["import", str(path), "--into", str(imported.case), "--index", "2026-09-01"]) == 0
    assert [r.day for r in imported.rows] == days if days else len(imported.rows) == 4
    assert ("past midnight?" in imported.left_out()) == bool(days)


def test_a_month_of_a_workbook_has_no_day_that_its_sheet_does_not_show(imported, capsys):
    rows = [["Test", dt.date(2026, 9, 1), dt.date(2026, 9, 3), "Ref"], ["CRP (mg/L)", 5, 6, dt.date(2012, 3, 1)]]
    imported.book(rows, {"B1": "mmm-yy", "C1": "dd.mm.yyyy", "D2": "mmm-yy"})
    path = str(imported.table.with_suffix(".xlsx"))
    assert main(["import", path, "--into", str(imported.case), "--index", "2026-09-01"]) == 0
    assert [(r.day, r.value) for r in imported.rows] == [("2", "6")] and "B1," in imported.left_out()
    assert "a range that a spreadsheet converted" in imported.left_out() + capsys.readouterr().out
