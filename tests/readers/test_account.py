"""What an import says of a table, and how its rows lie in the case: each line and cell that a reader sees."""

import datetime as dt

import openpyxl
import pytest

from casereport.audit.consistency import check_consistency
from casereport.case.left_out import Lacking, left_out_text, read_left_out
from casereport.case.new.folder import new_case
from casereport.case.reading import read_case
from casereport.cli import main
from casereport.readers.importing import plan_import
from imported import import_labs
from new_book import new_book

ZERO = dt.date(2020, 1, 31)
TABLE = """Table 2. Laboratory findings,,,
,,After the infusion,
Test,Unit,Day 1,Day 2
CRP,mg/L,5 H,4
ESR,,20,-
Ferritin,ng/mL,n.d.,>700
"""
ACCOUNT = """Columns:
  C3 'Day 1': day 1
  D3 'Day 2': day 2
Rows:
  A4 'CRP': crp, unit mg/L, range none
    C4 5 (H); D4 4
  A5 'ESR': esr, unit not printed, range none
    no value
  A6 'Ferritin': ferritin, unit ng/mL, range none
    D6 >700
Left out:
  A1 'Table 2. Laboratory findings': a title
  A2 'After the infusion': a title
  C5 '20': its unit is not known; say it in the mapping file: mm/h
To include these, add one line for each to {mapping}, with the unit (one line per cell; \
without an analyte it is left out), and run again:
  printed,analyte,unit
  ESR,esr,
3 values understood, {new} of them new; 2 cells without a value
"""


@pytest.fixture
def table(tmp_path):
    (tmp_path / "labs.csv").write_text(TABLE, encoding="utf-8")
    return tmp_path / "labs.csv"


def test_the_account_says_what_was_taken_what_was_not_and_what_is_asked(table, capsys):
    case = new_case("x", table.parent)
    for new in (3, 0):
        assert main(["import", str(table), "--into", str(case)]) == 0
        assert capsys.readouterr().out == ACCOUNT.format(mapping=table.with_name("labs.mapping.csv"), new=new)


def test_the_columns_of_a_picture_of_the_cells_stand_as_in_the_table_also_beyond_z(table):
    days = range(1, 27)
    table.write_text(f"Test,Unit,{','.join(f'Day {d}' for d in days)}\nCRP,mg/L,{','.join(map(str, days))}\n", "utf-8")
    cells = plan_import(table, str(new_case("x", table.parent))).cells()
    assert list(cells["column"].cat.categories) == [*"ABCDEFGHIJKLMNOPQRSTUVWXYZ", "AA", "AB"]
    assert cells.loc[cells["column"] == "AB", "printed"].to_list() == ["Day 26", "26"]


@pytest.mark.parametrize(("first", "second", "order"), [("01/02", "13/02", "dmy"), ("02/01", "02/13", "mdy")])
def test_a_day_over_12_tells_the_order_of_all_dates_and_it_is_said(table, first, second, order):
    table.write_text(f"Test,Unit,{first}/2020,{second}/2020\nCRP,mg/L,5,6\n", encoding="utf-8")
    account, _ = import_labs(table, str(new_case("x", table.parent)), ZERO)
    assert [t.day for t in account.taken] == ["1", "13"]  # the first and the thirteenth of February
    assert str(account.columns[0]) == f"dates read as {order}: another order gives a month over 12"


def test_a_date_without_a_year_is_that_nearest_to_day_0_and_it_is_said(table):
    table.write_text("Test,Unit,30 Dec,3 Feb\nCRP,mg/L,5,6\n", encoding="utf-8")
    account, _ = import_labs(table, str(new_case("x", table.parent)), ZERO)
    assert [t.day for t in account.taken] == ["-32", "3"]
    said = ": no year is printed; the year nearest to day 0 was used"
    assert list(map(str, account.columns[:2])) == [f"C1 '30 Dec'{said}", f"D1 '3 Feb'{said}"]


def test_rows_added_to_a_workbook_look_as_their_columns_do_and_the_sheet_knows_its_new_end(table):
    path = new_book(table.parent)
    assert import_labs(table, str(path))[1] == 3
    sheet = openpyxl.load_workbook(path)["observations"]
    formats = {cell.number_format for row in sheet.iter_rows(min_row=2) for cell in row if cell.value}
    assert formats == {"@"}  # text, as the columns of a new workbook are: 1-2 stays a range and is no date
    assert openpyxl.load_workbook(path, read_only=True)["observations"].calculate_dimension() == "A1:J4"


def test_a_table_that_only_its_owner_may_read_stays_so(table):
    observations = new_case("x", table.parent) / "observations.csv"
    observations.chmod(0o600)
    assert import_labs(table, str(observations.parent))[1] == 3
    assert observations.stat().st_mode & 0o777 == 0o600


def test_a_control_character_in_what_is_left_out_is_written_as_an_escape_that_a_case_may_have(tmp_path):
    path = tmp_path / "left_out.csv"
    path.write_text(left_out_text([Lacking("a.json", "", "718\0-7", "a code without a name")]), encoding="utf-8")
    assert [row.printed for row in read_left_out(tmp_path)] == [r"718\x00-7"]


@pytest.mark.parametrize("name", ["Quillfeather Miriam 1971-03-04", "Mr Quillfeather", "labs MRN 123456"])
def test_a_name_of_a_file_that_may_tell_who_the_patient_is_is_not_copied_into_the_case(tmp_path, capsys, name):
    path = tmp_path / f"{name}.csv"
    path.write_text("Test,Unit,Day 1\nCRP,mg/L,5\nFoo,mg/L,7\n", encoding="utf-8")
    case = new_case("x", tmp_path / "cases")
    assert main(["import", str(path), "--into", str(case)]) == 2
    assert 'say --source "Table 1"' in capsys.readouterr().err and read_left_out(case) == []
    assert main(["import", str(path), "--into", str(case), "--source", "Table 1"]) == 0
    texts = "".join(p.read_text(encoding="utf-8") for p in case.iterdir())
    assert '"Table 1, cell C2"' in texts and not any(word in texts for word in name.split() if word != "labs")
    assert [(row.table, row.cell) for row in read_left_out(case)] == [("Table 1", "A3")]


def test_what_was_left_out_of_a_workbook_is_said_to_be_in_the_file_beside_it(tmp_path):
    case = new_book(tmp_path / "cases")
    path = tmp_path / "labs.csv"
    path.write_text("Test,Unit,Day 1\nCRP,mg/L,5\nFoo,mg/L,7\n", encoding="utf-8")
    assert main(["import", str(path), "--into", str(case)]) == 0
    (said,) = [f for f in check_consistency(read_case(case))["finding"] if "not imported" in f]
    assert said.endswith(f"{case.stem}.left_out.csv gives the reasons.")
    assert case.with_name(f"{case.stem}.left_out.csv").is_file()
