"""Laboratory tables as they are printed: what has one reading is taken, what has two is asked for."""

import csv
import datetime as dt
import re
import zipfile
from operator import attrgetter
from pathlib import Path

import openpyxl
import pytest

from casereport.audit.validation import validate
from casereport.case.new.folder import new_case
from casereport.case.reading import read_case
from casereport.cli import main
from casereport.errors import BadInput
from casereport.readers.mapping_file import mapping_path
from casereport.readers.table_account import told
from imported import import_labs
from new_book import new_book

ZERO = dt.date(2020, 1, 31)


TABLE = """Table 2. Laboratory findings,,,,,,
,,,Days after infusion,,,
Test,Unit,Reference range,Day -1,Day 1,D+4,Day 13
Hematology,,,,,,
WBC (×10⁹/L),,3.5–9.5,4.91,6.35↓,"12,3",
Lymphocyte count,10^9/L,1.10-3.20,0.60 L,0.23*,NA,n.d.
"CRP (mg/L; <3.00)",,,105.50,191.00,<0.10,10.1
C-reactive protin,mg/L,<3,1,2,3,4
D-dimer,μg/mL FEU,<0.5,1.2,,2.0,
D-dimer,,<250,1.2,,2.0,
PLT,×10⁹/L,125-350,1 234,210,3.2±0.1,120/80
Urinalysis,,,,,,
Glucose,mmol/L,,1,,,
"""


@pytest.fixture
def case(tmp_path):
    (tmp_path / "labs.csv").write_text(TABLE, encoding="utf-8")
    return new_case("x", tmp_path)


def test_a_table_of_a_journal_is_taken_cell_by_cell_and_the_rest_is_told(case, capsys):
    table = case.parent / "labs.csv"
    assert main(["import", str(table), "--into", str(case), "--source", "Table 2"]) == 0
    said = capsys.readouterr().out
    rows = read_case(case).observations
    taken = {(r.analyte, r.day): (r.value, r.unit, r.interpretation) for r in rows}
    assert taken["white_cells", "1"] == ("6.35", "10*9/L", "L")
    assert taken["lymphocytes", "-1"] == ("0.60", "10*9/L", "L")
    assert taken["crp", "4"] == ("<0.10", "mg/L", "")
    assert taken["d_dimer", "4"] == ("2.0", "ug/mL{FEU}", "")
    assert taken["platelets", "-1"] == ("1234", "10*9/L", "")
    assert len(taken) == 12
    assert {r.source for r in rows if r.analyte == "crp" and r.day == "4"} == {"Table 2, cell F7"}
    for cell in ("F5", "A8", "A10", "F11", "G11", "A13"):
        assert f"\n  {cell} " in said.partition("Left out:")[2]
    assert "C-reactive protin,crp,mg/L" in said
    assert (
        "\n  A10,d_dimer_ddu,\n" in said
        and "\n  A10,d_dimer_unstated,\n" in said
        and "d_dimer_ddu in ug/mL{DDU} or mg/L{DDU} or ng/mL{DDU}" in said
    )
    assert validate(str(case)).problems == []


def parts_of(book: Path) -> dict[str, bytes]:
    """The parts of a workbook by name."""
    with zipfile.ZipFile(book) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def prefixed(book: Path) -> None:
    """Rewrites the sheets with a prefix before each element, as some programs do."""
    parts = parts_of(book)
    with zipfile.ZipFile(book, "w") as archive:
        for name, raw in parts.items():
            if name.startswith("xl/worksheets/sheet"):
                text = re.sub(r"<(/?)(\w)", r"<\1x:\2", raw.decode()).replace(' xmlns="', ' xmlns:x="')
                raw = text.encode()
            archive.writestr(name, raw)


@pytest.mark.parametrize("changed", [lambda book: None, prefixed])
def test_a_table_goes_into_a_workbook_as_into_a_folder_and_the_rest_of_the_workbook_stays(case, changed):
    table = case.parent / "labs.csv"
    book = new_book(case.parent)
    changed(book)
    before = parts_of(book)
    _, new = import_labs(table, str(book), source="Table 2")
    import_labs(table, str(case), source="Table 2")
    kept = ("day", "analyte", "value", "unit", "interpretation", "ref_low", "ref_high", "evidence", "source")
    cells = attrgetter(*kept)
    rows = [list(map(cells, read_case(path).observations)) for path in (book, case)]
    assert rows[0] == rows[1] and new == len(rows[0]) == 12
    after = parts_of(book)
    (sheet,) = [name for name in before if after[name] != before[name]]
    assert list(after) == list(before)
    # what the sheet says outside its rows, drop-down lists among it, is as it was
    end = re.search(rb"</(x:)?sheetData>.*", before[sheet], re.DOTALL)
    assert b"dataValidation" in end[0] and after[sheet].endswith(end[0])
    assert validate(str(book)).problems == []
    again = book.read_bytes()
    assert import_labs(table, str(book), source="Table 2")[1] == 0
    assert book.read_bytes() == again


def test_rows_are_added_below_the_rows_of_a_workbook_in_its_own_order_of_columns(case):
    table, path = case.parent / "labs.csv", new_book(case.parent)
    book = openpyxl.load_workbook(path)
    sheet = book["observations"]
    sheet.move_range(f"A1:A{sheet.max_row}", cols=sheet.max_column)  # the day stands last
    sheet.delete_cols(1)
    header = [cell.value for cell in sheet[1]]
    first = {"day": "2", "analyte": "alt", "value": "<40", "unit": "U/L", "evidence": "measured", "source": "text"}
    for i, column in enumerate(header, start=1):
        sheet.cell(2, i, first.get(column))
    for i in range(3, 9):  # rows that are formatted and empty
        sheet.cell(i, 1).number_format = "@"
    book.save(path)
    import_labs(table, str(path), source="Table <2> & text")
    rows = read_case(path).observations
    assert [row.line for row in rows] == list(range(2, 15))
    assert header[-1] == "day" and rows[0].analyte == "alt"
    assert {row.source.partition(", cell")[0] for row in rows[1:]} == {"Table <2> & text"}


def test_a_workbook_that_is_open_in_a_spreadsheet_program_is_left_alone(case, capsys):
    book = new_book(case.parent)
    before = book.read_bytes()
    (case.parent / "~$y.xlsx").write_bytes(b"")
    assert main(["import", str(case.parent / "labs.csv"), "--into", str(book)]) == 2
    assert "a workbook that is not open in a spreadsheet program" in capsys.readouterr().err
    assert book.read_bytes() == before


@pytest.mark.parametrize(
    "heading", ["Admission,Discharge", "Sample 0,Sample 24", "baseline,follow-up", "t1,t2", "week one,week two"]
)
@pytest.mark.parametrize("name", ["Hb", "PLT", "Zonulin"])
def test_a_row_of_values_is_never_taken_for_the_days(case, heading, name, capsys):
    """A table without days would otherwise have days 153 and 366, and validate."""
    rows = f"Test,Unit,{heading}\n{name},g/L,82,366\nCRP,mg/L,43,86\n"
    (case.parent / "labs.csv").write_text(rows, encoding="utf-8")
    assert main(["import", str(case.parent / "labs.csv"), "--into", str(case)]) == 2
    assert "a row of days or dates over the values" in capsys.readouterr().err
    assert (case / "observations.csv").read_text(encoding="utf-8").count("\n") == 1


def test_days_in_plain_numbers_are_days_where_they_can_be_nothing_else(case):
    table = case.parent / "labs.csv"
    table.write_text("Test,Unit,Days after the infusion,,\n,,1,3,5\nPLT,10^9/L,150,160,170\n", encoding="utf-8")
    assert [(t.day, t.value) for t in import_labs(table, str(case))[0].taken] == [
        ("1", "150"),
        ("3", "160"),
        ("5", "170"),
    ]


def test_hospital_days_become_study_days_by_the_printed_day_that_is_day_0(case, capsys):
    table = case.parent / "labs.csv"
    table.write_text("Test,Unit,Hospital day 1,Hospital day 3-4\nCRP,mg/L,43,86\n", encoding="utf-8")
    assert main(["import", str(table), "--into", str(case)]) == 2
    assert "'Hospital day 1': a day that is not counted from day 0: say" in capsys.readouterr().err
    assert main(["import", str(table), "--into", str(case), "--day-zero", "3"]) == 0
    rows = read_case(case).observations
    assert [(r.day, r.value) for r in rows] == [("-2", "43"), ("0..1", "86")]


def test_a_line_for_the_mapping_file_has_a_unit_only_where_it_was_printed_and_understood(case):
    table = case.parent / "labs.csv"
    rows = ("Leukocytes,furlong,7200", "Neutrophils,%,84", "Leukocytess,10^9/L,7.2", "Leucocyte cells,µL,7200")
    table.write_text("\n".join(["Test,Unit,Day 1", *rows]) + "\n", encoding="utf-8")
    account, _ = import_labs(table, str(case))
    assert account.taken == []
    assert account.offers[:3] == [
        "Leukocytes,white_cells,", "Neutrophils,neutrophil_share,%", "Leukocytess,white_cells,10*9/L",
    ]  # fmt: skip
    assert account.offers[3].endswith(",")
    assert any("unit not understood (it can be 10*9/L or " in str(row) for row in account.rows)


@pytest.mark.parametrize("printed", ["0.5 – 1.6", "0.5 - 1.6", "0.5-1.6", "0.5 — 1.6"])
def test_a_reference_range_with_blanks_is_read_whole(tmp_path, printed):
    (tmp_path / "labs.csv").write_text(f"Test,Range,Day 1\nLactate [mmol/L],{printed},2.4\n", encoding="utf-8")
    account, _ = import_labs(tmp_path / "labs.csv", str(new_case("x", tmp_path)))
    assert list(map(str, account.rows)) == ["A2 'Lactate [mmol/L]': lactate, unit mmol/L, range 0.5 to 1.6"]


def test_a_value_that_was_edited_in_the_case_is_told_with_both_and_neither_is_lost(tmp_path, capsys):
    table, case = tmp_path / "labs.csv", new_case("x", tmp_path)
    table.write_text("Test,Day 1,Day 2\nCRP [mg/L],4.1,-\nZonulin,7,-\n", encoding="utf-8")
    account = told(*import_labs(table, str(case)), mapping_path(table))
    assert "Zonulin': not in the vocabulary; near: nothing (1 value)" in account
    kept = (case / "observations.csv").read_text(encoding="utf-8").replace("4.1", "4.3")
    (case / "observations.csv").write_text(kept, encoding="utf-8")
    assert main(["import", str(table), "--into", str(case)]) == 2
    said = "'4.1': crp on day 1 in mg/L: the case has crp 4.3 mg/L on day 1 from laboratory table labs, cell B2 already"
    assert said in capsys.readouterr().err
    assert (case / "observations.csv").read_text(encoding="utf-8") == kept


def test_a_note_written_to_an_imported_row_does_not_stop_the_next_import(case):
    import_labs(case.parent / "labs.csv", str(case))
    table = case / "observations.csv"
    noted = table.read_text(encoding="utf-8").replace('cell F7",\n', 'cell F7",haemolysed\n')
    assert "haemolysed" in noted
    table.write_text(noted, encoding="utf-8")
    assert import_labs(case.parent / "labs.csv", str(case))[1] == 0
    assert table.read_text(encoding="utf-8") == noted


def test_an_import_run_again_adds_only_what_the_mapping_file_explains(case):
    table = case.parent / "labs.csv"
    assert import_labs(table, str(case))[1] == 12
    assert import_labs(table, str(case))[1] == 0
    mapping = "printed,analyte,unit\nC-reactive protin,,\nA10,d_dimer_ddu,ng/mL{DDU}\nGlucose,,\n"
    (case.parent / "labs.mapping.csv").write_text(mapping, encoding="utf-8")
    account, new = import_labs(table, str(case))
    assert new == 2
    assert account.offers == []
    assert validate(str(case)).problems == []


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("CRP,crpp,mg/L,", "did you mean"),
        ("CRP,crp,mmol/L,", "a unit of crp"),
        ("CRP,crp,,\nCRP,crp,,", "each name once"),
        ("Admission,,,first", "the study day of a column"),
        ("Admission,crp,,1", "a day for a column, or an analyte for a row"),
    ],
)
def test_a_wrong_line_of_the_mapping_file_is_named(case, line, says):
    (case.parent / "labs.mapping.csv").write_text(f"printed,analyte,unit,day\n{line}\n", encoding="utf-8")
    with pytest.raises(BadInput, match=says):
        import_labs(case.parent / "labs.csv", str(case))


def test_the_printed_table_of_leng2020_gives_the_values_that_were_transcribed_by_hand(shared, case):
    """183 values over nine dates; what the vocabulary has under another name is offered by the unit printed."""
    rows = list(csv.DictReader((shared / "published" / "leng2020_table4.csv").open(encoding="utf-8", newline="")))
    dates = sorted({r["date"] for r in rows})
    printed: dict[tuple, dict] = {}
    for r in rows:
        printed.setdefault((r["analyte_as_printed"], r["unit"], r["ref_low"], r["ref_high"]), {})[r["date"]] = r[
            "value"
        ]
    table = case.parent / "leng.csv"
    with table.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["Item", "Unit", "Reference", *dates])
        for (name, unit, low, high), values in printed.items():
            upper = "<" if name in ("C-reactive protein", "Procalcitonin") else "≤"  # as the table prints it
            limits = f"{low}-{high}" if low and high else f"{upper}{high}" if high else f"≥{low}" if low else ""
            writer.writerow([name, unit, limits, *(values.get(d, "") for d in dates)])
    account, _ = import_labs(table, str(case), ZERO)
    assert account.offers == ["Absolute basophilic count,basophils,10*9/L", "Creatine kinase isoenzymes,,"]
    lines = "\n".join(["printed,analyte,unit", account.offers[0], "Creatine kinase isoenzymes,ck_mb,ng/mL"]) + "\n"
    (case.parent / "leng.mapping.csv").write_text(lines, encoding="utf-8")
    import_labs(table, str(case), ZERO)
    cells = attrgetter("day", "analyte", "value", "unit", "ref_low", "ref_high")
    ours = set(map(cells, read_case(case).observations))
    by_hand = read_case("leng2020").observations
    assert len(ours) == len(rows)
    assert ours == {cells(r) for r in by_hand if r.source.startswith("Table 4")}


def test_dates_need_a_day_0_and_an_order_where_they_leave_it_open(case):
    table = case.parent / "dated.tsv"
    table.write_text("Test\tUnit\t01/02/2020\t03/02/2020\nCRP\tmg/L\t5\t6\n", encoding="utf-8")
    with pytest.raises(BadInput, match="--time-zero"):
        import_labs(table, str(case))
    with pytest.raises(BadInput, match="--date-order"):
        import_labs(table, str(case), ZERO)
    before = (case / "observations.csv").read_text(encoding="utf-8")
    assert before.count("\n") == 1  # nothing was written
    account, _ = import_labs(table, str(case), ZERO, "dmy")
    assert [t.day for t in account.taken] == ["1", "3"]
    assert "2020" not in (case / "observations.csv").read_text(encoding="utf-8")


def test_a_workbook_with_merged_headings_and_real_dates_is_read(case):
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(["Test", "Unit", "After the infusion", None])
    sheet.append([None, None, dt.datetime(2020, 2, 1), dt.datetime(2020, 2, 3)])
    sheet.append(["C-reactive protein", "mg/L", 105.5, 83.4])
    sheet.merge_cells("C1:D1")
    sheet.merge_cells("A1:A2")
    sheet.merge_cells("B1:B2")
    book.save(case.parent / "labs.xlsx")
    account, _ = import_labs(case.parent / "labs.xlsx", str(case), ZERO)
    assert [(t.analyte, t.day, t.value, t.unit) for t in account.taken] == [
        ("crp", "1", "105.5", "mg/L"),
        ("crp", "3", "83.4", "mg/L"),
    ]


@pytest.mark.parametrize(
    ("name", "raw", "says"),
    [
        ("labs.docx", b"x", "a table in .csv"),
        ("labs.csv", b"", "empty"),
        ("labs.csv", b"Test,Unit\nCRP,mg/L\n", "a row of days or dates"),
        ("labs.csv", b"\xff\xfe", "UTF-8"),
        ("labs.xlsx", b"PK", "an Excel workbook"),
    ],
)
def test_a_table_that_is_none_is_refused_and_nothing_is_written(case, name, raw, says, capsys):
    (case.parent / name).write_bytes(raw)
    before = (case / "observations.csv").read_bytes()
    assert main(["import", str(case.parent / name), "--into", str(case)]) == 2
    assert says in capsys.readouterr().err
    assert (case / "observations.csv").read_bytes() == before


def test_pao2_fio2_is_derived_on_a_day_with_both_and_says_so(case):
    head = (case / "observations.csv").read_text(encoding="utf-8")
    rows = "0,pao2,80,mm[Hg],,,,measured,t,\n0,fio2,0.5,1,,,,measured,t,\n1,pao2,60..70,mm[Hg],,,,measured,t,\n"
    (case / "observations.csv").write_text(head + rows + "1,fio2,50,%,,,,measured,t,\n", encoding="utf-8")
    table = read_case(case).observations
    found = [(r.day, r.value, r.evidence, r.source) for r in table if r.analyte == "pao2_fio2"]
    assert [f[:3] for f in found] == [("0", "160", "inferred"), ("1", "120..140", "inferred")]  # 80 over one half
    assert found[0][3] == "derived from PaO2 (line 2) and FiO2 (line 3) of the same day"


def test_the_vocabulary_is_searched_by_name_code_and_unit(capsys):
    assert main(["analytes", "c-reactive"]) == 0
    assert capsys.readouterr().out.startswith("crp ")
    main(["analytes", "1988-5"])
    assert capsys.readouterr().out.startswith("crp ")
    main(["analytes", "no", "such"])
    assert "analytes.csv beside the case" in capsys.readouterr().out


def test_a_table_of_which_nothing_is_understood_is_bad_input(case, capsys):
    table = case.parent / "nothing.csv"
    table.write_text("analyte,day 1\nzonulin,4\n", encoding="utf-8")
    assert main(["import", str(table), "--into", str(case)]) == 2
    assert "0 values understood" in capsys.readouterr().out
