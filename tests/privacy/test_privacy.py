"""Nothing that tells who the patient is passes the gate, wherever in a case folder it stands."""

from pathlib import Path

import pytest
from PIL import Image

from casereport.case.description import load_meta
from casereport.case.reading import read_case
from casereport.errors import BadInput
from casereport.files.paths import DATA
from casereport.privacy.gate import check_privacy, review
from made_up import edit

CASES = ["leng2020", "liang2020", "peng2020", "simulated-cp-msc"]
FOLDER = "cases/leng2020"  # as a message names it, wherever it lies


def gate(case: Path, **parameters: str) -> list:
    return check_privacy(case, load_meta(case / "case.yaml", "case.yaml", "leng2020"), parameters)


def only(case: Path, **parameters: str):
    found = gate(case, **parameters)
    assert len(found) == 1, found
    return found[0]


@pytest.mark.parametrize("name", CASES)
def test_the_bundled_cases_give_no_alarm_and_need_no_exception(name):
    meta = load_meta(DATA / "cases" / name / "case.yaml", "case.yaml", name)
    result = review(DATA / "cases" / name, meta, {"lag_days": "1", "analytes": "crp,il_6", "seed": "20200716"})
    assert (result.refused, len(result.allowed)) == ([], 0)


@pytest.mark.parametrize(
    ("file", "old", "new", "column", "value"),
    [
        ("narrative.md", "# Introduction\n", "# Introduction\n\nAdmitted on 23 January 2020.\n", "", "23 January 2020"),
        ("events.csv", "Specimen not stated.", "Specimen of Dr Wang.", "note", "Dr Wang"),
        ("events.csv", '"text, day -8"', '"chart, 2020-01-23"', "source", "2020-01-23"),
        ("events.csv", "Moved to intensive care", "Moved to Ward 5B", "finding", "Ward 5B"),
        ("interventions.csv", "strength not stated.", "by Nurse Zhao.", "note", "Nurse Zhao"),
        ("observations.csv", '"text, day -9"', '"MRN 445566, day -9"', "source", "MRN 445566"),
        (
            "case.yaml",
            "dose of irbesartan",
            "dose of irbesartan before 23 January 2020",
            "not_reported.2",
            "23 January 2020",
        ),
        ("case.yaml", "consent: Not known to us.", "consent: given to Dr Wang", "consent", "Dr Wang"),
        ("case.yaml", "# A study day is", "# Copied from MRN 445566. A study day is", "", "MRN 445566"),
        ("case.yaml", "the only infusion", "31 January 2020, the only infusion", "time_zero", "31 January 2020"),
    ],
)
def test_an_identifier_is_found_wherever_it_stands(leng, file, old, new, column, value):
    line = edit(leng, file, old, new)
    problem = only(leng)
    lines_down = new[: new.index(value)].count("\n")
    assert (problem.file, problem.line, problem.column) == (f"{FOLDER}/{file}", line + lines_down, column)
    assert problem.value == value


def test_the_message_says_why_and_how_to_mend_it(leng):
    edit(leng, "narrative.md", "# Introduction\n", "# Introduction\n\nAdmitted on 23 January 2020.\n")
    text = str(only(leng))
    assert "a calendar date; write the study day" in text
    assert "`allow` in case.yaml" in text


def test_every_alarm_comes_in_one_go(leng):
    edit(leng, "narrative.md", "# Introduction\n", "# Introduction\n\nSeen by Dr Wang on 23 January 2020.\n")
    edit(leng, "events.csv", "Moved to intensive care", "Moved to Ward 5B")
    assert [p.value for p in gate(leng)] == ["Ward 5B", "23 January 2020", "Dr Wang"]


def test_a_date_broken_over_two_lines_is_one_date(leng):
    edit(leng, "narrative.md", "# Introduction\n", "# Introduction\n\nAdmitted on 23\nJanuary 2020.\n")
    assert only(leng).value == "23 January 2020"


def test_a_value_over_several_lines_is_told_by_the_line_of_the_finding(leng):
    line = edit(leng, "case.yaml", "consent: Not known to us.", "consent: >-\n  Not known to us.\n  Ask Dr Wang.\n")
    problem = only(leng)
    assert (problem.line, problem.column, problem.value) == (line + 2, "consent", "Dr Wang")


@pytest.mark.parametrize(("age", "alarms"), [(89, 0), (90, 1), (104, 1)])
def test_the_age_itself_is_given_up_to_89(leng, age, alarms):
    line = edit(leng, "case.yaml", "age_years: 65", f"age_years: {age}")
    found = gate(leng)
    assert [(p.line, p.column, p.value) for p in found] == [(line, "subject.age_years", str(age))] * alarms


def test_a_citation_stays_with_all_that_is_in_it(leng):
    edit(
        leng,
        "case.yaml",
        "  note: >-\n",
        "  note: >-\n    Published on 13 March 2020, from a hospital in Wuhan, by Dr Leng.\n",
    )
    assert gate(leng) == []


def test_the_title_of_the_cited_paper_may_be_named_anywhere(leng):
    old = "Transplantation of ACE2- mesenchymal stem cells improves the outcome of patients with COVID-19 pneumonia"
    edit(leng, "case.yaml", old, "A patient in Wuhan in March 2020")
    edit(
        leng,
        "narrative.md",
        "# Introduction\n",
        "# Introduction\n\nIt was called A patient in Wuhan in\nMarch 2020 then.\n",
    )
    assert gate(leng) == []
    edit(leng, "narrative.md", "called A patient in", "called he was in")
    assert sorted(p.value for p in gate(leng)) == ["March 2020", "in Wuhan"]


def test_a_day_that_is_a_spreadsheets_date_is_told(leng):
    edit(leng, "observations.csv", "\n-7,crp,", "\n43861,crp,")  # 31 January 2020, counted from 1900
    problem = only(leng)
    assert (problem.line, problem.column, problem.value) == (2, "day", "43861")
    assert "spreadsheet" in problem.expected


def test_a_large_dose_or_count_is_a_number_and_no_record(leng):
    edit(leng, "interventions.csv", "mesenchymal_stem_cells,60,", "mesenchymal_stem_cells,60123456,")
    assert gate(leng) == []


@pytest.mark.parametrize("name", ["Dr_Wang.md", "scan_2020-01-31.md", "notes/MRN445566.md"])
def test_the_name_of_a_file_is_searched(leng, name):
    path = leng / name
    path.parent.mkdir(exist_ok=True)
    path.write_text("nothing", encoding="utf-8")
    problem = only(leng)
    assert (problem.file, problem.column) == (f"{FOLDER}/{name}", "name of the file")


def test_the_name_of_the_case_itself_is_searched(leng):
    moved = leng.with_name("wang-2020-01-31")
    meta = load_meta(leng / "case.yaml", "case.yaml", "leng2020")
    leng.rename(moved)
    assert [p.value for p in check_privacy(moved, meta, {})] == ["2020-01-31"]


def test_any_other_text_in_the_folder_is_searched(leng):
    (leng / "claims.csv").write_text("claim,statement\nc1,Seen by Dr Wang\n", encoding="utf-8")
    (leng / "letter.txt").write_text("Dear all,\ncall +86 138 0013 8000\n", encoding="utf-8")
    assert [(p.file.rpartition("/")[2], p.line) for p in gate(leng)] == [("claims.csv", 2), ("letter.txt", 2)]


def test_what_cannot_be_read_is_refused(leng):
    (leng / "letter.pdf").write_bytes(b"%PDF-1.7\n\xff\xfe\x00")
    (leng / "scan.png").write_bytes(b"\x89PNG\r\n\x1a\nbroken")
    found = gate(leng)
    assert [p.file.rpartition("/")[2] for p in found] == ["letter.pdf", "scan.png"]
    assert all("take it out" in p.expected for p in found)


def test_an_empty_file_has_nothing_to_find(leng):
    (leng / "notes.md").touch()
    assert gate(leng) == []


def test_hidden_files_are_no_part_of_a_case(leng):
    (leng / ".~lock.events.csv#").write_text(",jane,desk,12.03.2020 10:30", encoding="utf-8")
    assert gate(leng) == []


def test_parameters_of_the_run_are_searched(leng):
    problem = only(leng, lag_days="1", seed="20200716", output_dir="out/wang_2020-01-31")
    assert (problem.file, problem.column, problem.value) == ("parameter", "output_dir", "2020-01-31")


# ---- the list of false alarms


def test_a_false_alarm_is_allowed_with_a_reason_and_shown(leng):
    row = edit(leng, "events.csv", "Specimen not stated.", "Staged by the Ward 5B scale.")
    line = edit(leng, "narrative.md", "# Introduction\n", "# Introduction\n\nThe Ward 5B scale was used.\n") + 2
    assert len(gate(leng)) == 2
    edit(
        leng,
        "case.yaml",
        "not_reported:",
        "allow:\n  - {text: Ward 5B scale, reason: the name of a scale}\nnot_reported:",
    )
    result = review(leng, load_meta(leng / "case.yaml", "case.yaml", "leng2020"), {})
    assert result.refused == []
    assert result.allowed.to_dict("records") == [
        {
            "text": "Ward 5B scale",
            "reason": "the name of a scale",
            "looks_like": "a hospital, ward, room or bed",
            "places": f"{FOLDER}/events.csv, line {row}, note; {FOLDER}/narrative.md, line {line}",
        }
    ]


def test_an_allowed_text_covers_only_what_lies_within_it(leng):
    edit(leng, "case.yaml", "not_reported:", "allow:\n  - {text: 5B, reason: a class}\nnot_reported:")
    edit(leng, "narrative.md", "# Introduction\n", "# Introduction\n\nMoved to Ward 5B of class 5B.\n")
    assert only(leng).value == "Ward 5B"


def test_an_entry_that_covers_nothing_any_more_shows_no_place(leng):
    edit(leng, "case.yaml", "not_reported:", "allow:\n  - {text: Ward 5B, reason: a scale}\nnot_reported:")
    result = review(leng, load_meta(leng / "case.yaml", "case.yaml", "leng2020"), {})
    assert result.allowed["places"].to_list() == [""]


def test_the_reason_of_an_entry_is_searched_like_any_text(leng):
    edit(leng, "case.yaml", "not_reported:", "allow:\n  - {text: Ward 5B, reason: Dr Wang said so}\nnot_reported:")
    problem = only(leng)
    assert (problem.column, problem.value) == ("allow.0.reason", "Dr Wang")


@pytest.mark.parametrize(
    "entry", ["{text: Ward 5B}", "{text: Ward 5B, reason: ''}", "{text: Ward 5B, reason: x, by: y}"]
)
def test_an_entry_needs_a_text_and_a_reason_and_nothing_else(leng, entry):
    edit(leng, "case.yaml", "not_reported:", f"allow:\n  - {entry}\nnot_reported:")
    with pytest.raises(BadInput):
        read_case(leng)


def test_a_case_without_the_list_is_as_valid_as_before(leng):
    assert read_case(leng).meta.allow == []


# ---- drawings and pictures


@pytest.mark.parametrize("name", ["scan.png", "scan.JPG", "notes/scan.tiff", "scan.webp", "scan.gif", "scan.bmp"])
def test_a_picture_that_no_table_lists_is_refused_whatever_it_says(leng, name):
    (leng / name).parent.mkdir(exist_ok=True)
    Image.new("RGB", (4, 4)).save(leng / name)
    problem = only(leng)
    assert problem.file == f"{FOLDER}/{name}"
    assert problem.expected.startswith("a picture in pictures/, with a row in pictures.csv; what cannot be read")


@pytest.mark.parametrize(
    ("inside", "value"),
    [
        ("<text x='1'>Dr Wang</text>", "Dr Wang"),
        ("<!-- 31 January 2020 -->", "31 January 2020"),
        (
            "<metadata><d:creator xmlns:d='http://purl.org/dc/elements/1.1/'>Wang Fang</d:creator></metadata>",
            "Wang Fang",
        ),
        ("<g aria-label='MRN 445566'/>", "MRN 445566"),
    ],
)
def test_the_texts_of_an_svg_are_searched(leng, inside, value):
    svg = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><path d="M 1234567.5 2020-01-31"/>{inside}</svg>'
    (leng / "a.svg").write_text(svg, encoding="utf-8")
    assert only(leng).value == value


def test_an_svg_that_expands_itself_is_refused_unread(leng):
    bomb = '<!DOCTYPE svg [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;">]><svg><text>&b;</text></svg>'
    (leng / "a.svg").write_text(bomb, encoding="utf-8")
    assert "entities" in only(leng).expected


def test_a_picture_inside_an_svg_is_refused(leng):
    (leng / "a.svg").write_text("<svg><image href='data:image/jpeg;base64,/9j/'/></svg>", encoding="utf-8")
    assert "a drawing without a picture inside" in only(leng).expected


def test_a_drawing_as_a_program_saves_it_gives_no_alarm(leng):
    from matplotlib.figure import Figure

    figure = Figure()
    figure.subplots().plot([1, 2, 1234567])
    figure.savefig(leng / "drawn.svg", metadata={"Date": None})
    assert gate(leng) == []
    figure.savefig(leng / "dated.svg")  # matplotlib writes the day of drawing unless told not to
    assert [p.column for p in gate(leng)] == ["date"]
