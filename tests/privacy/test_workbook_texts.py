"""Workbooks: what stands outside the cells, where only a program or a printer shows it, is searched too."""

import zipfile

import openpyxl
import pytest
from openpyxl.comments import Comment
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.hyperlink import Hyperlink
from openpyxl.worksheet.table import Table

from casereport.privacy.identifiers import find
from casereport.privacy.workbook_texts import book_texts


@pytest.fixture
def book(tmp_path):
    """A workbook to write to, and how to read its texts with what is likely an identifier in them."""
    made = openpyxl.Workbook()

    def found() -> list[tuple[str, str]]:
        made.save(tmp_path / "a.xlsx")
        return found_in(tmp_path / "a.xlsx")

    return made, found


def found_in(path) -> list[tuple[str, str]]:
    said = list(book_texts(path, path.name))
    assert all(text.file.startswith("a.xlsx") for text in said)
    return [(s.column, f.text) for s in said for f in find(s.text)] + [(s.column, s.text) for s in said if s.personal]


@pytest.mark.parametrize("margin", ["Header", "Footer"])
@pytest.mark.parametrize("pages", ["odd", "even", "first"])
def test_a_margin_is_searched_on_every_page_and_in_each_third_of_it(book, pages, margin):
    made, found = book
    thirds = getattr(made.active, pages + margin)
    thirds.left.text, thirds.center.text, thirds.right.text = "12 March 2020", "Dr Wang", "MRN 445566"
    thirds.right.size, thirds.right.color = 12, "FF0000"
    assert found() == [(pages + margin, text) for text in ("12 March 2020", "Dr Wang", "MRN 445566")]


def test_the_name_and_the_comments_of_a_hidden_sheet_are_searched(book):
    made, found = book
    sheet = made.create_sheet("Dr Wang")
    sheet.sheet_state = "hidden"
    sheet["A1"] = "12 March 2020"
    sheet["B2"].comment = Comment("seen by Dr Li", "a student")
    assert {text for _, text in found()} >= {"Dr Wang", "12 March 2020", "Dr Li"}


def test_who_wrote_and_who_saved_a_workbook_is_personal_unless_it_is_a_program(book):
    made, found = book
    assert found() == []  # openpyxl names itself
    made.properties.creator, made.properties.lastModifiedBy = "wfang", "Microsoft Excel"
    assert found() == [("creator", "wfang")]


@pytest.mark.parametrize("entry", ["Manager", "Company"])
def test_the_manager_and_the_company_of_a_workbook_are_personal(book, tmp_path, entry):
    made, _ = book
    made.save(tmp_path / "plain.xlsx")
    with zipfile.ZipFile(tmp_path / "plain.xlsx") as old, zipfile.ZipFile(tmp_path / "a.xlsx", "w") as new:
        for part in old.namelist():
            end = b"</Properties>"
            raw = old.read(part)
            new.writestr(part, raw.replace(end, f"<{entry}>wfang</{entry}>".encode() + end) if "app" in part else raw)
    assert found_in(tmp_path / "a.xlsx") == [(entry, "wfang")]


def test_what_shows_when_a_cell_is_chosen_and_what_stands_behind_a_name_is_searched(book):
    made, found = book
    rule = DataValidation("list", formula1='"yes,Dr Wang"', promptTitle="MRN 445566", prompt="Mrs. Quillfeather")
    rule.errorTitle, rule.error = "12 March 2020", "ask Dr Li"
    rule.add("A1")
    made.active.add_data_validation(rule)
    made.active["B2"] = "see"
    made.active["B2"].hyperlink = Hyperlink("B2", location="A1", tooltip="letter of Dr Zhao", display="of Dr Chen")
    made.active["C2"].hyperlink = "mailto:quillfeather@ward.example"
    made.active["C2"] = "write"
    made.defined_names["Mrs._Quill"] = DefinedName("Mrs._Quill", attr_text='"Mrs. Quillfeather"', comment="by Dr Sun")
    assert set(found()) == {
        ("formula1", "Dr Wang"), ("promptTitle", "MRN 445566"), ("prompt", "Mrs. Quillfeather"),
        ("errorTitle", "12 March 2020"), ("error", "Dr Li"), ("tooltip", "Dr Zhao"), ("display", "Dr Chen"),
        ("definedName", "Mrs. Quill"), ("definedName", "Mrs. Quillfeather"), ("comment", "Dr Sun"),
        ("link", "quillfeather@ward.example"),
    }  # fmt: skip


def test_the_names_and_rules_that_a_spreadsheet_makes_itself_are_let_stand(book):
    made, found = book
    sheet = made.active
    sheet.append(["day", "crp"])
    sheet.append([1, 5])
    sheet.add_table(Table(displayName="Table1", ref="A1:B2"))
    sheet.print_title_rows, sheet.print_area = "1:1", "A1:B20"
    rule = DataValidation("whole", "between", "0", "$A$2", promptTitle="Day", prompt="A study day", error="A number.")
    sheet.add_data_validation(rule)
    made.defined_names["crp_values"] = DefinedName("crp_values", attr_text="Sheet!$B$2:$B$40")
    assert found() == []
