"""Tables as files: each cell with its place, whatever program wrote it."""

import openpyxl
import pytest
from openpyxl.utils import get_column_letter

from casereport.case.new.folder import new_case
from casereport.cli import main
from casereport.errors import BadInput
from casereport.readers.grids import place, read_cells


@pytest.mark.parametrize("column", [0, 25, 26, 27, 51, 52, 701, 702])
def test_a_place_is_named_as_a_spreadsheet_names_it(column):
    assert place(6, column) == f"{get_column_letter(column + 1)}7"


def workbook(path, *titles):
    """A workbook with a row of its own in each of these sheets."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for title in titles:
        book.create_sheet(title).append([f"in {title}", 1])
    book.save(path)
    return path


def test_a_merged_cell_says_its_text_in_each_of_its_places(tmp_path):
    book = openpyxl.Workbook()
    for row in (["Test", "Unit", "Day 1", "Day 2"], ["CRP", "mg/L", 5, 5], ["Ferritin", None, None, 700]):
        book.active.append(row)
    book.active.merge_cells("B2:B3")
    book.active.merge_cells("C2:D2")
    book.save(tmp_path / "labs.xlsx")
    assert read_cells(tmp_path / "labs.xlsx").rows[1:] == [["CRP", "mg/L", "5", "5"], ["Ferritin", "mg/L", "", "700"]]


def test_a_cell_that_is_no_plain_value_is_named_by_its_place(tmp_path):
    book = openpyxl.Workbook()
    for row in (["Test", "Day 1"], ["CRP", "=2+3"]):
        book.active.append(row)
    book.save(tmp_path / "labs.xlsx")
    with pytest.raises(BadInput, match=r"^labs.xlsx, line 2, B2: '=2\+3': a plain value, not a formula"):
        read_cells(tmp_path / "labs.xlsx")


def test_one_of_several_sheets_has_to_be_named(tmp_path):
    book = workbook(tmp_path / "labs.xlsx", "ward", "icu")
    with pytest.raises(BadInput, match="--sheet: one of ward, icu: the workbook has several sheets"):
        read_cells(book)
    with pytest.raises(BadInput, match=r"--sheet: 'icy': a sheet; did you mean 'icu'\?"):
        read_cells(book, "icy")
    assert read_cells(book, "icu").rows == [["in icu", "1"]]
    assert read_cells(workbook(tmp_path / "one.xlsx", "ward")).rows == [["in ward", "1"]]


@pytest.mark.parametrize(("ending", "mark"), [("csv", ","), ("csv", ";"), ("csv", "\t"), ("tsv", "\t"), ("txt", ";")])
def test_the_cells_of_a_text_are_parted_by_the_mark_that_it_uses(tmp_path, ending, mark):
    rows = [["Test", "Unit", "Day 1"], ["CRP", "mg/L", "5"], ["Ferritin", "", ""]]
    (tmp_path / f"labs.{ending}").write_text("\n".join(map(mark.join, rows[:2])) + "\nFerritin\n", encoding="utf-8")
    assert read_cells(tmp_path / f"labs.{ending}").rows == rows


@pytest.mark.parametrize("place", range(4))
def test_a_cell_that_is_padded_or_longer_than_a_page_is_read_in_a_moment(tmp_path, place):
    """What looked on from each of so many blanks, for each, would not end."""
    for cell, read in (("a" + " " * 30_000 + "b", "a b"), ("1" * 30_000, "1" * 2_000 + " …")):
        rows = [["Test", "Unit", "Day 1"], ["CRP", "mg/L", "5"]]
        rows[place > 2][min(place, 2)] = cell
        (tmp_path / "labs.csv").write_text("\n".join(map(",".join, rows)) + "\n", encoding="utf-8")
        assert read in read_cells(tmp_path / "labs.csv").rows[place > 2]
        assert main(["import", str(tmp_path / "labs.csv"), "--into", str(new_case("x", tmp_path / cell[0]))]) in (0, 2)


def test_a_long_unit_of_a_message_is_read_in_a_moment(tmp_path, capsys):
    segments = ["MSH|^~\\&|A|B|C|D|20260901||ORU^R01|1|P|2.5", "PID|1||1", "OBR|1|||x|||20260901"]
    segments.append("OBX|1|NM|1988-5^CRP^LN||5|mg" + " " * 30_000 + "L|||||F|||20260901")
    (tmp_path / "a.hl7").write_text("\r".join(segments), encoding="utf-8")
    case = new_case("x", tmp_path)
    assert main(["import", str(tmp_path / "a.hl7"), "--into", str(case), "--index", "2026-09-01"]) == 2
    assert "its unit 'mg L' does not fit" in capsys.readouterr().out
