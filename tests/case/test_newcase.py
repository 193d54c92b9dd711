"""A new case: the least that validates, in a folder or a workbook, wherever its author wants it."""

import csv
import hashlib
import shutil

import openpyxl
import pytest
from bs4 import BeautifulSoup

from assembly import assemble
from casereport.audit.validation import validate
from casereport.case.new.examples import EXAMPLES, column_help
from casereport.case.new.folder import new_case
from casereport.case.place import case_path
from casereport.case.reading import read_case
from casereport.case.schema import TABLES
from casereport.cli import main
from casereport.errors import BadInput
from casereport.files.paths import DATA, ROOT, as_given
from new_book import new_book


@pytest.mark.parametrize("option", [[], ["--xlsx"]])
def test_a_new_case_is_valid_from_the_start_anywhere(tmp_path, capsys, option):
    assert main(["new", "my-case", "--dir", str(tmp_path / "patients"), *option]) == 0
    (made,) = (tmp_path / "patients").iterdir()
    assert main(["validate", str(made)]) == 0
    assert "my-case: 0 observations" in capsys.readouterr().out
    assert main(["new", "my-case", "--dir", str(tmp_path / "patients")]) == 2
    assert "exists already" in capsys.readouterr().err


@pytest.mark.parametrize("option", [[], pytest.param(["--xlsx"], marks=pytest.mark.slow)])
def test_a_new_case_has_a_report_before_anything_is_filled_in(tmp_path, option):
    assert main(["new", "my-case", "--dir", str(tmp_path / "patients"), *option]) == 0
    (made,) = (tmp_path / "patients").iterdir()
    page = BeautifulSoup(assemble(str(made), tmp_path / "out").read_text("utf-8"), "html.parser")
    for section in ("sources", "tables"):
        assert "The tables of the case have no row yet." in page.select_one(f"section#{section}").text


def test_a_path_with_what_a_terminal_obeys_is_shown_and_not_sent(tmp_path, capsys):
    assert main(["new", "my-case", "--dir", str(tmp_path / "red \x1b[31m")]) == 0
    out = capsys.readouterr().out
    assert "\x1b" not in out and r"red \x1b[31m" in out


def test_a_home_folder_that_the_shell_left_as_a_tilde_is_the_home_folder(tmp_path, monkeypatch):
    """make's CASES=~/cases comes so from a shell other than bash; the case must not land in the project's own `~`."""
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    assert main(["new", "my-case", "--dir", "~/cases"]) == 0
    assert [p.name for p in tmp_path.iterdir()] == ["cases"]
    assert main(["validate", "~/cases/my-case"]) == 0


@pytest.mark.parametrize("name", ["../x", "a b", "", "x" * 65, "Patient.Name", "/etc/x"])
def test_a_name_that_cannot_be_the_name_of_a_report_makes_nothing(tmp_path, name):
    with pytest.raises(BadInput):
        new_case(name, tmp_path / "patients")
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_cannot_be_written_to_is_named(tmp_path, capsys):
    (tmp_path / "file").write_text("", encoding="utf-8")
    assert main(["new", "x", "--dir", str(tmp_path / "file")]) == 2
    assert "can be written to" in capsys.readouterr().err


@pytest.mark.parametrize("table", TABLES)
def test_every_column_is_explained_and_the_example_of_the_table_fits_it(tmp_path, table):
    folder = new_case("x", tmp_path)
    columns = [c for c in TABLES[table] if c != "phase"]
    said = (folder / "README.md").read_text(encoding="utf-8")
    assert all(column_help(table, c) for c in columns if (table, c) != ("claims.csv", "kind"))
    assert all(f"\n- {c}: " in said for c in columns)
    with (folder / table).open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([columns, *EXAMPLES[table]])
    assert getattr(read_case(folder), table.removesuffix(".csv"))


def test_a_workbook_is_the_same_case_as_a_folder(tmp_path):
    """leng2020, copied sheet by sheet: what is read is equal, row by row."""
    book = case_of_leng(tmp_path)
    folder, sheets = read_case("leng2020"), read_case(book)
    assert sheets.meta.model_copy(update={"id": "leng2020"}).model_dump() == folder.meta.model_dump()
    assert {k: " ".join(v.split()) for k, v in sheets.narrative.items()} == {
        k: " ".join(v.split()) for k, v in folder.narrative.items()
    }
    for table in TABLES:
        assert getattr(sheets, name := table.removesuffix(".csv")) == getattr(folder, name)
    assert [one.text for one in sheets.references] == [one.text for one in folder.references] != []
    assert validate(str(book)).problems == []


def test_authors_and_declarations_of_a_workbook_are_those_of_a_folder(tmp_path):
    path = new_book(tmp_path)
    book = openpyxl.load_workbook(path)
    row = ("Ada Example", "0000-0002-1825-0097", "Medicine; Example Hospital", "yes", "ada@example.org", "Software")
    book["authors"].append(row)
    said = {"learning_points": "One; two.\nThree.", "ethics": "Waived by the committee.", "anonymous": "no"}
    for cells in book["case"].iter_rows(min_row=2):
        cells[1].value = said.get(cells[0].value, cells[1].value)
    book.save(path)
    meta = read_case(path).meta
    (author,) = meta.authors
    assert (author.name, author.orcid, author.email, author.corresponding) == (row[0], row[1], row[4], True)
    assert (author.affiliations, author.roles) == (["Medicine", "Example Hospital"], ["Software"])
    assert (meta.learning_points, meta.ethics, meta.anonymous) == (["One; two.", "Three."], said["ethics"], False)
    assert validate(str(path)).problems == []
    for cells in book["case"].iter_rows(min_row=2):
        cells[1].value = "yes" if cells[0].value == "anonymous" else cells[1].value
    book.save(path)
    assert any("sheet authors, line 2" in str(p) and "anonymous" in p.expected for p in validate(str(path)).problems)


def case_of_leng(tmp_path):
    """leng2020 as the workbook `leng.xlsx` in a folder of its own, its cells as texts."""
    book_path = new_book(tmp_path / "books", "leng")
    book = openpyxl.load_workbook(book_path)
    source = DATA / "cases" / "leng2020"
    for table in TABLES:
        sheet = book[table.removesuffix(".csv")]
        for row in list(csv.reader((source / table).open(encoding="utf-8", newline="")))[1:]:
            sheet.append(row)
            for cell in sheet[sheet.max_row]:
                cell.data_type = "s" if cell.value else cell.data_type
    for title in ("observations", "interventions", "events", "claims"):
        _close_gap(book[title])
    meta = read_case("leng2020").meta.model_dump()
    flat = {k: v for k, v in meta.items() if not isinstance(v, dict | list)}
    flat |= {f"{part}.{k}": v for part in ("citation", "subject") for k, v in meta[part].items()}
    flat |= {k: "; ".join(meta[k]) for k in ("keywords", "not_reported")} | {"id": "leng"}
    flat["overview"] = "; ".join(chosen["analyte"] for chosen in meta["overview"])
    known = [row[0].value for row in book["case"].iter_rows(min_row=2)]
    for row in book["case"].iter_rows(min_row=2):
        row[1].value = flat.get(row[0].value)
    for key in flat.keys() - set(known):
        book["case"].append((key, flat[key]))
    book["phases"].delete_rows(2, 5)
    for phase in meta["phases"]:
        book["phases"].append((phase["id"], phase["label"], phase["opened_by"]))
    for entry in meta["allow"]:
        book["allow"].append((entry["text"], entry["reason"]))
    for line in (source / "references.bib").read_text(encoding="utf-8").splitlines():
        book["references"].append((line or None,))
    book["narrative"].delete_rows(2, 20)
    for section, text in read_case("leng2020").narrative.items():
        book["narrative"].append((section, text))
    book.save(book_path)
    return book_path


def _close_gap(sheet) -> None:
    """Moves appended rows up under the header: a new sheet has formatted, empty rows."""
    rows = [[c.value for c in r] for r in sheet.iter_rows(min_row=2) if any(c.value for c in r)]
    sheet.delete_rows(2, sheet.max_row)
    for row in rows:
        sheet.append(row)


def test_a_new_workbook_has_lists_frozen_headers_an_example_and_the_same_bytes(tmp_path):
    paths = [new_case("x", tmp_path / part, workbook=True) for part in ("one", "two")]
    assert len({hashlib.sha256(p.read_bytes()).hexdigest() for p in paths}) == 1
    book = openpyxl.load_workbook(paths[0])
    assert {"case", "phases", "observations", "interventions", "events", "claims", "narrative"} <= set(book.sheetnames)
    sheet = book["observations"]
    assert sheet.freeze_panes == "A2"
    lists = {str(rule.sqref).rstrip("0123456789") for rule in sheet.data_validations.dataValidation}
    assert len(lists) == 4  # analyte, unit, interpretation, evidence
    assert sheet.column_dimensions["C"].number_format == "@"  # 2.80 stays 2.80
    assert any("crp" in str(c.value) for row in book["example"].iter_rows() for c in row)


def test_a_case_is_found_by_name_and_by_path_and_is_the_same(tmp_path):
    assert as_given("leng2020") == "leng2020"
    assert as_given(str(DATA / "cases" / "leng2020")) == "leng2020"
    assert as_given("data/cases/leng2020") == "leng2020" if ROOT.samefile(".") else True
    assert case_path("leng2020") == DATA / "cases" / "leng2020"
    book = new_book(tmp_path)
    assert case_path(str(tmp_path / "y")) == book  # as `make report CASE=y CASES=...` asks for it


def test_a_case_elsewhere_has_its_own_analytes_beside_it(tmp_path):
    folder = new_case("x", tmp_path)
    rows = (folder / "observations.csv").read_text(encoding="utf-8")
    (folder / "observations.csv").write_text(
        rows + "0,my_marker,3,ng/mL,,,,measured,chart,\n0,crp,3,mg/L,,,,measured,chart,\n", encoding="utf-8"
    )
    assert [p.value for p in validate(str(folder)).problems] == ["my_marker"]
    own = "analyte,label,unit,group,plausible_high\nmy_marker,My marker,ng/mL,Inflammation,500\n"
    (tmp_path / "analytes.csv").write_text(own, encoding="utf-8")
    assert validate(str(folder)).problems == []
    content = read_case(folder)
    assert content.vocabulary.analytes["my_marker"].short == "My marker"
    assert "cases/analytes.csv" in content.hashes
    (tmp_path / "analytes.csv").write_text(own.replace("my_marker", "crp"), encoding="utf-8")
    with pytest.raises(BadInput, match="unit of an analyte of the vocabulary stays as it is"):
        validate(str(folder))


@pytest.mark.parametrize(
    ("cells", "told"),
    [
        ("inr,3,2,,,", "'3': not above target_high (2)"),
        ("inr,2,3,decrease,,", "'decrease': nothing: a target range with two ends has two directions"),
        ("lymphocytes,,,decrease,,", "'decrease': “decrease into range”, or a target range"),
        ("inr,2,3,,300,", "'300': per cent above 0, up to 200, or nothing"),
        ("inr,2,3,,,5", "the within-subject variation too"),
    ],
)
def test_what_a_case_says_of_a_known_analyte_is_checked(cells, told, tmp_path):
    folder = new_case("x", tmp_path)
    header = "analyte,target_low,target_high,improvement,cv_i,cv_a\n"
    (tmp_path / "analytes.csv").write_text(header + cells + "\n", encoding="utf-8")
    with pytest.raises(BadInput) as bad:
        validate(str(folder))
    assert told in str(bad.value) and "cases/analytes.csv, line 2" in str(bad.value)


def test_a_case_aims_at_a_range_of_its_own(tmp_path):
    """An INR of 2 to 3 under warfarin is the aim, and 1.1 is below it."""
    folder = new_case("x", tmp_path)
    rows = (folder / "observations.csv").read_text(encoding="utf-8")
    (folder / "observations.csv").write_text(rows + "0,inr,1.1,1,,0.9,1.2,measured,chart,\n", encoding="utf-8")
    (tmp_path / "analytes.csv").write_text("analyte,target_low,target_high\ninr,2,3\n", encoding="utf-8")
    row = read_case(folder).observations[-1]
    assert (str(row.reference), row.ref_origin) == ("2..3", "target")


def test_a_case_elsewhere_has_its_own_interventions_beside_it(tmp_path):
    folder = new_case("x", tmp_path)
    rows = (folder / "interventions.csv").read_text(encoding="utf-8")
    (folder / "interventions.csv").write_text(rows + "0,0,my_drug,,,,reported,chart,\n", encoding="utf-8")
    assert [p.column for p in validate(str(folder)).problems] == ["intervention"]
    (tmp_path / "interventions.csv").write_text("intervention,label,class\nmy_drug,A drug,Antiviral\n", "utf-8")
    assert validate(str(folder)).problems == []


def test_the_hash_of_a_workbook_is_that_of_its_file(tmp_path):
    path = new_book(tmp_path)
    hashes = read_case(path).hashes
    assert hashes["cases/y.xlsx"] == hashlib.sha256(path.read_bytes()).hexdigest()


def test_where_a_case_lies_is_no_part_of_it(tmp_path):
    """The same folder under two roofs has the same name for every file in its provenance."""
    shutil.copytree(DATA / "cases" / "leng2020", tmp_path / "leng2020")
    for beside in (DATA / "cases").glob("*.csv"):  # the vocabulary of the cases that lie together is theirs
        shutil.copy(beside, tmp_path)
    assert read_case(tmp_path / "leng2020").hashes == read_case("leng2020").hashes
