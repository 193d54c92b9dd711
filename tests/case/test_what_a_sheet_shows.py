"""What a spreadsheet shows is what is read of it: in the workbook of a case, and in a table that is imported."""

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.styles import Font

from casereport.audit.validation import validate
from casereport.case.new.folder import new_case
from casereport.case.sheet_shown import text_of
from casereport.errors import BadInput
from casereport.readers.grids import read_cells
from imported import import_labs
from new_book import new_book

RAISED = InlineFont(vertAlign="superscript")


@pytest.fixture
def book(tmp_path):
    """The workbook of a new case, with two values of CRP and one of haematocrit."""
    path = new_book(tmp_path)
    opened = load_workbook(path, rich_text=True)
    sheet = opened["observations"]
    sheet.delete_rows(2, sheet.max_row)
    header = [cell.value for cell in sheet[1]]
    for day, analyte, value, unit in ((0, "crp", 30, "mg/L"), (1, "crp", 31, "mg/L"), (0, "haematocrit", 0.42, "%")):
        row = {"day": day, "analyte": analyte, "value": value, "unit": unit, "evidence": "measured", "source": "x"}
        sheet.append([row.get(name) for name in header])
    return path, opened, sheet, header


def problems(path, opened):
    opened.save(path)
    return [p for p in validate(str(path)).problems if "observations" in p.file]


def test_a_case_whose_cells_all_show_has_no_problem(book):
    path, opened, _, _ = book
    assert problems(path, opened) == []


@pytest.mark.parametrize("how", ["cell", "part of a text", "row", "column", "sheet"])
def test_what_is_struck_out_or_hidden_in_a_case_is_refused_by_its_cell(book, how):
    path, opened, sheet, header = book
    at = header.index("value") + 1
    cell = sheet.cell(3, at)
    if how == "cell":
        cell.font = Font(strike=True)
    elif how == "part of a text":
        cell.value = CellRichText("3", TextBlock(InlineFont(strike=True), "1"))
    elif how == "row":
        sheet.row_dimensions[3].hidden = True
    elif how == "column":
        sheet.column_dimensions[cell.column_letter].hidden = True
    else:
        sheet.sheet_state = "hidden"
    found = problems(path, opened)
    assert any(("struck" if how in ("cell", "part of a text") else "hidden") in p.expected for p in found)
    if how != "sheet":
        assert any(p.line == 3 and p.column == f"column {cell.column_letter}" and p.value == "31" for p in found)


def test_a_raised_digit_in_a_case_is_no_digit_of_the_value(book):
    path, opened, sheet, header = book
    sheet.cell(3, header.index("value") + 1).value = CellRichText("2", TextBlock(RAISED, "5"))
    assert [(p.line, p.value) for p in problems(path, opened) if "superscript" in p.expected] == [(3, "25")]


def test_a_raised_digit_of_a_text_that_sheets_share_is_a_sign_of_its_own():
    shared = CellRichText("2", TextBlock(RAISED, "5"), TextBlock(InlineFont(b=True), "/L"))
    assert text_of(shared) == "2⁵/L"


def test_a_percentage_in_a_case_is_read_as_it_shows(book):
    path, opened, sheet, header = book
    sheet.cell(4, header.index("value") + 1).number_format = "0%"
    assert [(p.line, p.value) for p in problems(path, opened)] == [(4, "42%")]


def test_an_import_names_each_cell_that_its_sheet_does_not_show(tmp_path):
    opened = Workbook()
    sheet = opened.active
    for row in (["Analyte", "Unit", 0, 1, 2], ["CRP", "mg/L", 30, 31, 32], ["ALT", "U/L", 40, 41, 42]):
        sheet.append(row)
    sheet["C2"].font = Font(strike=True)
    sheet["D2"].value = CellRichText("10", TextBlock(RAISED, "5"))
    sheet.row_dimensions[3].hidden = True
    opened.save(tmp_path / "labs.xlsx")
    case = new_case("mine", tmp_path)
    account, _ = import_labs(tmp_path / "labs.xlsx", str(case))
    assert [(cell.where, cell.value) for cell in account.taken] == [("E2", "32")]
    left = {one.where: one.why for one in account.left_out}
    assert "struck out" in left["C2"] and "superscript" in left["D2"]
    assert all("hidden" in left[place] for place in ("C3", "D3", "E3"))


def test_a_merged_area_of_two_million_cells_is_refused_at_once(tmp_path):
    opened = Workbook()
    opened.active["A1"] = "CRP"
    opened.active.merge_cells("A1:D5")
    opened.save(tmp_path / "labs.xlsx")
    assert read_cells(tmp_path / "labs.xlsx").rows[4] == ["CRP"] * 4
    opened.active.merged_cells.ranges.pop()
    opened.active.merged_cells.add("A1:ATI1600")
    opened.save(tmp_path / "labs.xlsx")
    with pytest.raises(BadInput, match="at most 100000 cells; found 1928000"):
        read_cells(tmp_path / "labs.xlsx")
