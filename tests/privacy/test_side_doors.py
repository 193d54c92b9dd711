"""No way leads around the privacy gate: no command, no character, no kind of file, no message."""

import csv
import errno
import json
import os
import re
import time
import zlib
from pathlib import Path

import pytest

import casereport
from casereport.analysis.result_files import csv_text, no_formula
from casereport.audit.validation import validate
from casereport.case.description import load_meta
from casereport.cli import main
from casereport.errors import BadInput, Problem, visible
from casereport.files.paths import NOTEBOOKS
from casereport.privacy.gate import check_privacy
from casereport.privacy.identifiers import find, find_in_name, masked
from made_up import edit

FOLDER = "cases/leng2020"  # as a message names it, wherever it lies


def gate(case: Path) -> list[Problem]:
    return check_privacy(case, load_meta(case / "case.yaml", "case.yaml", "leng2020"), {})


def put(case: Path, name: str, content: bytes | str) -> None:
    path = case / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content if isinstance(content, bytes) else content.encode())


# ---- commands


def test_a_case_is_not_opened_for_any_analysis_past_the_gate(leng):
    casereport.read_case(leng)
    edit(leng, "events.csv", "Moved to intensive care", "Moved to Ward 5B")
    with pytest.raises(BadInput, match="a hospital, ward, room or bed"):
        casereport.read_case(leng)


def test_the_first_notebook_alone_opens_the_case_and_by_that_door():
    opens = {}
    for notebook in NOTEBOOKS.glob("0[1-5]-*.ipynb"):
        cells = json.loads(notebook.read_text(encoding="utf-8"))["cells"]
        code = "".join(line for cell in cells if cell["cell_type"] == "code" for line in [*cell["source"], "\n"])
        assert set(re.findall(r"import (\S*casereport\S*)|from (\S*casereport\S*)", code)) == {("casereport", "")}
        opens[notebook.stem[:2]] = re.findall(r"\w+\.read_case\b", code)
    assert opens == {"01": ["cr.read_case"], "02": [], "03": [], "04": [], "05": []}


def test_the_audit_on_the_terminal_is_behind_the_gate_too(leng, capsys):
    edit(leng, "events.csv", "Specimen not stated.", "Specimen of Dr Wang.")
    assert main(["audit", str(leng)]) == 2
    assert "a person's name" in capsys.readouterr().err


# ---- characters


@pytest.mark.parametrize(
    "character",
    ["\u2028", "\u2029", "\x85", "\u00a0", "\u3000"],
)
def test_whatever_parts_words_is_a_space(character):
    assert [f.text for f in find(f"seen by Dr{character}Smith today")] == ["Dr Smith"]


@pytest.mark.parametrize(
    "character",
    ["\u200b", "\u200c", "\u200d", "\u2060", "\ufeff", "\u00ad", "\u202e", "\u2066", "\u061c", "\u034f", "\ufe0f"],
)
def test_what_shows_as_nothing_parts_no_name(character):
    (found,) = find(f"seen by D{character}r S{character}mith today")
    assert (found.text, found.kind) == ("Dr Smith", "name")


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Dr&nbsp;Smith", "Dr Smith"),
        ("Dr&#x20;Smith", "Dr Smith"),
        (r"2020\-03\-12", "2020-03-12"),
        ("Ｄｒ Ｓｍｉｔｈ", "Dr Smith"),
        ("Dr S\u0300mith", "Dr Smith"),
        ("Dr Mu\u0308ller", "Dr Müller"),
    ],
)
def test_the_gate_reads_what_a_page_shows(text, shown):
    assert [f.text for f in find(text)] == [shown]


@pytest.mark.parametrize("character", ["\u2028", "\x85", "\u200b "])
def test_a_name_in_a_cell_is_not_parted_by_a_line_end_that_is_none(leng, character):
    edit(leng, "events.csv", "Moved to intensive care", f"Seen by Dr{character}Smith")
    (problem,) = gate(leng)
    assert (problem.column, problem.value) == ("finding", "Dr Smith")


def test_a_table_in_pieces_of_many_line_ends_keeps_its_line_numbers(leng):
    before = gate(leng)
    edit(leng, "events.csv", "Moved to intensive care", "Moved\u2028to\x85intensive care")
    edit(leng, "events.csv", "Specimen not stated.", "Specimen of Dr Wang.")
    lines = (leng / "events.csv").read_text(encoding="utf-8").split("\n")
    (problem,) = gate(leng)
    assert before == [] and "Dr Wang" in lines[problem.line - 1]


# ---- files


@pytest.mark.parametrize("name", [".notes.txt", ".old/letter.txt", ".ipynb_checkpoints/a.md"])
def test_a_hidden_file_is_searched(leng, name):
    put(leng, name, "Seen by Dr Wang")
    assert [p.value for p in gate(leng)] == ["Dr Wang"]


@pytest.mark.parametrize(
    "name", [".git/objects/ab/cd", ".DS_Store", "~$labs.xlsx", ".~lock.events.csv#", "Thumbs.db", ".events.csv.swp"]
)
def test_what_programs_leave_refuses_nothing(leng, name):
    put(leng, name, b"\x00\xff Dr Wang")
    assert gate(leng) == []


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("Zhang_Wei_CT.csv", "Zhang Wei"),
        ("scans/CT-Wang-Fang.md", "Wang Fang"),
        ("Maria_Garcia/notes.md", "Maria Garcia"),
        ("JohnSmith.txt", "John Smith"),
        ("smith_john.txt", "smith john"),
        ("Dr-Wang.md", "Dr Wang"),
        ("DrWang.md", "Dr Wang"),
    ],
)
def test_a_name_in_the_name_of_a_file_or_folder_is_found(leng, name, value):
    put(leng, name, "a,b\n1,2\n")
    (problem,) = gate(leng)
    assert (problem.column, problem.value) == ("name of the file", value)


@pytest.mark.parametrize("hidden", [".", "letters", "letters/old"])
def test_a_folder_whose_files_cannot_be_seen_is_refused(leng, hidden, monkeypatch):
    """The superuser of a container sees every file, so the system's answer is made up."""
    put(leng, "letters/old/a.txt", "Nothing new.")
    closed, listed, scanned = leng / hidden, os.listdir, os.scandir

    def opened(look):
        def of(path):
            if Path(path) == closed:
                raise PermissionError(errno.EACCES, "Permission denied", str(path))
            return look(path)

        return of

    monkeypatch.setattr(os, "listdir", opened(listed))
    monkeypatch.setattr(os, "scandir", opened(scanned))
    problems = [p for p in gate(leng) if "Permission denied" in p.expected]
    assert [p.file for p in problems] == [f"{FOLDER}/{hidden}".removesuffix(".")]


def test_an_empty_folder_has_a_name_too(leng):
    (leng / "Zhang_Wei").mkdir()
    assert [p.value for p in gate(leng)] == ["Zhang Wei"]


@pytest.mark.parametrize(
    "name",
    [
        "Blood_Gas.csv", "Table_One.csv", "Chest_CT.png", "Long_Term.md", "Song_He.md", "CT_Chest_Day_3.png",
        "li_ion.csv", "SpO2_HbA1c.csv", "Thomas_CT.md", "follow_up.csv", "Wang_CT.csv", "case-series",
        "sim-000012", "il_6,crp", "Figure_1_Chest_Xray.png", "supplement_table_2.csv", "hu_values.csv", "ma_per_cm.csv",
    ],
)  # fmt: skip
def test_other_words_in_the_name_of_a_file_give_no_alarm(name):
    assert find_in_name(name) == ()


def test_a_cell_of_anothers_table_is_read_with_the_name_of_its_column(leng):
    put(leng, "export.csv", "patient_name,MRN,crp\nZhang Wei,445566,5\n")
    assert [(p.line, p.column) for p in gate(leng)] == [(2, "MRN"), (2, "patient_name")]


def test_a_vocabulary_of_the_cases_own_is_searched(leng):
    row = "analyte,label,unit,group,note,reference_source\nnew,New,mg/L,other,{},Mayo Clinic\n"
    path = leng.parent / "analytes.csv"
    path.write_text(row.format("a note"), encoding="utf-8")
    assert gate(leng) == []  # the laboratory whose range it is may be cited
    path.write_text(row.format("asked Dr Wang"), encoding="utf-8")
    assert [(p.file, p.line, p.column) for p in gate(leng)] == [("cases/analytes.csv", 2, "note")]


@pytest.mark.parametrize(
    ("content", "value"),
    [
        ("<p>Seen by Dr <b>Wa</b>ng</p>", "Dr Wang"),
        ("<p>Seen by Dr&nbsp;Wang</p>", "Dr Wang"),
        ("<p>CRP < 5, Dr <b>Wa</b>ng</p>", "Dr Wang"),
        ("<!-- Dr Wang -->", "Dr Wang"),
        ("<img alt='Dr Wang'>", "Dr Wang"),
        ("<meta name='author' content='Wang Fang'>", "Wang Fang"),
        ("<dc:creator>Wang Fang</dc:creator>", "Wang Fang"),
    ],
)
def test_html_is_searched_as_it_shows(leng, content, value):
    put(leng, "page.html", f"<html>\n{content}\n</html>")
    (problem,) = gate(leng)
    assert (problem.value, problem.line) == (value, 2)


@pytest.mark.slow
@pytest.mark.parametrize("part", ["<", "<!--", "<a ", "</", "<![CDATA[", "<p a='"])
def test_a_page_of_open_tags_is_read_in_no_time(leng, part):
    began = time.process_time()
    put(leng, "page.html", part * 50_000)  # the standard library's parser takes over half an hour for some
    gate(leng)
    assert time.process_time() - began < 60


def test_html_without_a_name_gives_no_alarm(leng):
    put(leng, "page.html", "<table><tr><td>Dr</td><td>Crp</td></tr></table><p>The patient</p><p>Rose On Day</p>")
    assert gate(leng) == []


@pytest.mark.parametrize(
    ("content", "column", "value"),
    [
        ({"a": [{"note": "Dr Wang"}]}, "a.0.note", "Dr Wang"),
        ({"patient_name": "Zhang Wei"}, "patient_name", "patient name: Zhang"),
        ({"MRN": 445566}, "MRN", "MRN: 445566"),
        ({"lines": ["Seen by Dr\n", "Wang"]}, "lines", "Dr Wang"),
    ],
)
def test_json_is_searched_as_it_reads(leng, content, column, value):
    put(leng, "a.json", json.dumps(content).replace("W", "\\u0057"))
    (problem,) = gate(leng)
    assert (problem.column, problem.value) == (column, value)


def test_rtf_is_searched_as_it_shows(leng):
    put(leng, "a.rtf", r"{\rtf1{\fonttbl{\f0 Times New Roman;}}\pard Seen by Dr\~{\b W}\'61ng\par day 3}")
    assert [p.value for p in gate(leng)] == ["Dr Wang"]
    put(leng, "a.rtf", r"{\rtf1{\info{\author Wang Fang}}\pard nothing\par}")
    assert [(p.column, p.value) for p in gate(leng)] == [("author", "Wang Fang")]


def pdf(page: bytes, *more: bytes, packed: bool = True, info: bytes = b"") -> bytes:
    body = zlib.compress(page) if packed else page
    form = b"/Filter /FlateDecode " if packed else b""
    stream = b"4 0 obj <<%s/Length %d>>\nstream\n%s\nendstream endobj\n" % (form, len(body), body)
    return b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n" + stream + b"".join(more) + b"5 0 obj << %s >> endobj\n%%%%EOF" % info


@pytest.mark.parametrize("packed", [True, False])
@pytest.mark.parametrize(
    "page",
    [
        rb"BT (Seen by Dr Wang) Tj ET",
        rb"BT [(Seen by D) 20 (r) -250 (Wa) -8 (ng)] TJ ET",
        rb"BT (Dr) Tj 0 -12 Td (W\141ng) Tj ET",
        rb"BT <44722057616e67> Tj ET",
        b"BT " + b" ".join(b"(%c) Tj 5 0 Td" % c for c in b"Dr Wang") + b" ET",
    ],
)
def test_a_plain_pdf_is_searched_as_it_shows(leng, page, packed):
    put(leng, "a.pdf", pdf(page, packed=packed))
    assert [p.value for p in gate(leng)] == ["Dr Wang"]


def test_who_wrote_a_pdf_is_found_and_a_pdf_without_a_name_passes(leng):
    info = b"/Producer (pdfTeX) /CreationDate (D:20200131101500Z)"
    put(leng, "a.pdf", pdf(b"BT (C reactive protein) Tj ET", info=info))
    assert gate(leng) == []
    put(leng, "a.pdf", pdf(b"BT (C reactive protein) Tj ET", info=info + b"/Author (Wang Fang)"))
    assert [(p.column, p.value) for p in gate(leng)] == [("Author", "Wang Fang")]


@pytest.mark.parametrize(
    "content",
    [
        pdf(b"BT (nothing) Tj ET", b"6 0 obj << /Encrypt 7 0 R >> endobj "),
        pdf(b"BT <0001> Tj ET", b"6 0 obj << /Encoding /Identity-H >> endobj "),
        pdf(b"BT (nothing) Tj ET", b"6 0 obj << /Subtype /Image >> endobj "),
        pdf(b"q Q"),
        pdf(b"BT (nothing) Tj ET")[:60],
        pdf(b"\0" * 2**27),
        b"no PDF",
    ],
    ids=["encrypted", "glyphs", "picture", "no-text", "broken", "bomb", "none"],
)
def test_a_pdf_that_cannot_be_searched_as_a_whole_is_refused(leng, content):
    put(leng, "a.pdf", content)
    (problem,) = gate(leng)
    assert "take it out" in problem.expected


def test_the_list_of_the_privacy_check_names_what_was_not_looked_into(leng, capsys):
    said = "not looked into, as no part of the case: "
    assert main(["privacy", str(leng)]) == 0
    assert said not in capsys.readouterr().out
    for name in (".git/objects/ab/cd", ".svn/entries", "scans/.~lock.labs.ods#", "scans/._ct.png", ".events.csv.swp"):
        put(leng, name, "Mrs. Quillfeather, 4 September 2026")
    (leng / "scans" / "x").mkdir()
    assert main(["privacy", str(leng)]) == 0
    (line,) = [line for line in capsys.readouterr().out.splitlines() if line.startswith(said)]
    names = ".events.csv.swp, .git, .svn, scans/._ct.png, scans/.~lock.labs.ods#"
    assert line == f"{said}{names}; take it out of what you hand on"


# ---- control characters


@pytest.mark.parametrize("escape", [r"\e[31m", r"\0", r"\x9b", r"\b", r"\x7f"])
def test_an_escape_of_yaml_for_a_control_character_is_refused_by_file_and_line(leng, escape):
    edit(leng, "case.yaml", "consent: Not known to us.", f'consent: "a{escape}b"')
    lines = (leng / "case.yaml").read_text(encoding="utf-8").split("\n")
    (problem,) = validate(str(leng)).problems
    assert (problem.file, problem.column) == (f"{FOLDER}/case.yaml", "consent")
    assert "consent:" in lines[problem.line - 1] and "a control character" in problem.expected


@pytest.mark.parametrize("character", ["\x1b", "\x00", "\x9b", "\x7f"])
@pytest.mark.parametrize("file", ["events.csv", "narrative.md", "case.yaml"])
def test_a_control_character_in_a_file_is_refused_and_not_sent_to_the_terminal(leng, file, character, capsys):
    path = leng / file
    path.write_text(path.read_text(encoding="utf-8") + f"x{character}[2J", encoding="utf-8")
    assert main(["validate", str(leng)]) == 2
    told = capsys.readouterr()
    assert character not in told.out + told.err and file in told.out


def test_no_part_of_a_message_moves_the_cursor():
    text = str(Problem("a\x1b.csv", 1, "\x1b[2J", "v\x9b", "e\u202e", "f\r"))
    assert text.isprintable() and visible("a\x1bb\nc") == r"a\x1bb\nc"


def test_problems_as_json_hold_no_raw_control_character(leng, capsys):
    edit(leng, "case.yaml", "consent: Not known to us.", r'consent: "a\x9bb"')
    main(["validate", "--json", str(leng)])
    assert json.loads(capsys.readouterr().out)["problems"][0]["value"] == "a\x9bb"


# ---- what is published of a problem


def test_what_is_published_of_a_problem_is_its_place_and_rule():
    problem = Problem("t.csv", 3, "day", "12 May", "'12 May' is no day; did you mean '12'?", "12")
    assert problem.published == "t.csv, line 3, day: this is no day; did you mean this?"
    assert masked("cases/x: Dr Smith came") == "cases/x: [left out] came"


# ---- formulas


@pytest.mark.parametrize(
    "text", ["=1+1", "+1+1", "-1+1", "-", "+49 30", "@a", "\tx", "\rx", "\n=1", "\t-1", " =1", "＝1"]
)
def test_a_text_that_a_spreadsheet_would_run_is_quoted(text):
    assert no_formula(text) == "'" + text


@pytest.mark.parametrize("text", ["-3", "-3..2", "+5", "-1e5", "-.5", "", "a=1", "12", "<5"])
def test_numbers_intervals_and_other_texts_stay_as_they_are(text):
    assert no_formula(text) == text


def test_no_cell_of_a_table_escapes_the_quote():
    import pandas as pd

    table = pd.DataFrame({"=head": ["+cmd"], "together": [("=a", "b")], "number": [-3.5]})
    (head, row) = csv.reader(csv_text(table).splitlines())
    assert (head, row) == (["'=head", "together", "number"], ["'+cmd", "'=a b", "-3.5"])
