"""A case folder is somebody else's file: what is wrong in it is said with file, line, value and expectation."""

from pathlib import Path

import pytest

from casereport.analysis.measurements import measurements
from casereport.case.reading import read_case
from casereport.cli import main
from casereport.errors import BadInput
from casereport.quantities.vocabulary_tables import project_vocabulary
from made_up import edit, seen, write_case
from marked import report_of

CASE = "cases/leng2020"  # as a message names it, wherever it lies


def problems(case: str | Path) -> list:
    with pytest.raises(BadInput) as bad:
        read_case(case)
    return bad.value.problems


def only(case: Path):
    found = problems(case)
    assert len(found) == 1, found
    return found[0]


@pytest.mark.parametrize(
    ("old", "new", "column", "value", "expected"),
    [
        ("-7,crp,2.20", '-7,crp,"2,20"', "value", "2,20", "decimal point"),
        ("-7,crp,2.20", "-7,crp,O.5", "value", "O.5", "a number"),
        ("-7,crp,2.20", "seven,crp,2.20", "day", "seven", "study day"),
        ("-7,crp,2.20", "-7,crpp,2.20", "analyte", "crpp", "did you mean 'crp'"),
        ("-7,crp,2.20,mg/L", "-7,crp,2.20,mmol/L", "unit", "mmol/L", "mg/dL"),
        ("-7,crp,2.20,mg/L", "-7,crp,2.20,", "unit", "", "a unit of crp"),
        ("-7,crp,2.20", "130,crp,2.20", "day", "130", "day 15"),
        ("-7,crp,2.20", ">15,crp,2.20", "day", ">15", "day 15"),
        ("-7,crp,2.20", "-7,crp,", "value", "", "an interpretation where the source gives none"),
        ("mg/L,,,<3.00,measured", "mg/L,,,<3.00,guessed", "evidence", "guessed", "measured"),
        ("mg/L,,,<3.00,measured", "mg/L,Q,,3.00,measured", "interpretation", "Q", "nothing or one of L, N, H"),
        ("mg/L,,,<3.00,measured", "mg/L,,9,<3.00,measured", "ref_low", "9", "not above ref_high"),
    ],
)
def test_a_wrong_observation_is_named_with_line_value_and_expectation(leng, old, new, column, value, expected):
    line = edit(leng, "observations.csv", old, new)
    problem = only(leng)
    assert (problem.file, problem.line, problem.column) == (f"{CASE}/observations.csv", line, column)
    assert problem.value == value
    assert expected in problem.expected


def test_the_same_quantity_day_and_source_may_stand_once(leng):
    path = leng / "observations.csv"
    lines = path.read_text(encoding="utf-8").splitlines()
    path.write_text("\n".join([*lines, lines[1]]) + "\n", encoding="utf-8")
    problem = only(leng)
    assert problem.line == len(lines) + 1
    assert "line 2 has it already" in problem.expected


def test_the_same_quantity_and_day_from_another_source_stays(leng):
    case = read_case(leng)
    rates = [row for row in case.observations if (row.analyte, row.day) == ("respiratory_rate", "1")]
    assert sorted(row.value for row in rates) == ["22", "33"]  # the vital-sign table says 22, the text 33


def test_every_problem_comes_in_one_go_in_the_order_of_files_and_lines(leng):
    edit(leng, "observations.csv", "-7,crp,2.20", "-7,crp,O.5")
    edit(leng, "observations.csv", "-1,crp,105.50", "-1,crq,105.50")
    edit(leng, "events.csv", "symptom", "symptome")
    edit(leng, "case.yaml", "keywords:", "keyword:")
    edit(leng, "narrative.md", "# Discussion", "# Discusion")
    found = problems(leng)
    files = [p.file.rpartition("/")[2] for p in found]
    assert files == sorted(files)
    assert set(files) == {"case.yaml", "events.csv", "narrative.md", "observations.csv"}


def test_wrong_cells_hide_no_wrong_names(leng):
    edit(leng, "observations.csv", "-1,crp,105.50", "-1,crq,105.50")
    edit(leng, "observations.csv", "1,crp,191.00,mg/L", "1,crp,191.00,mmol/L")
    assert [p.column for p in problems(leng)] == ["analyte", "unit"]


@pytest.mark.parametrize("file", ["case.yaml", "observations.csv", "interventions.csv", "events.csv", "narrative.md"])
def test_a_missing_or_empty_file_is_named(leng, file):
    path = leng / file
    path.write_text("", encoding="utf-8")
    problem = next(p for p in problems(leng) if p.file.endswith(file))
    assert "empty" in problem.expected
    path.unlink()
    problem = next(p for p in problems(leng) if p.file.endswith(file))
    assert "missing" in problem.expected


def test_a_file_in_latin_1_is_named_with_the_line_of_the_first_foreign_byte(leng):
    path = leng / "events.csv"
    text = path.read_text(encoding="utf-8")
    path.write_bytes((text + "5,symptom,Fièvre,NEG,reported,text,\n").encode("latin-1"))
    problem = only(leng)
    assert problem.line == text.count("\n") + 1
    assert "UTF-8" in problem.expected


def test_a_byte_order_mark_and_windows_lines_do_no_harm(leng):
    path = leng / "observations.csv"
    before = read_case(leng).observations
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes().replace(b"\n", b"\r\n"))
    assert read_case(leng).observations == before


def test_an_unknown_or_missing_or_repeated_column_is_named(leng):
    edit(leng, "observations.csv", "day,analyte,value", "day,analyte,vlaue")
    texts = [p.value + " " + p.expected for p in problems(leng)]
    assert any(t.startswith("vlaue") and "did you mean 'value'" in t for t in texts)
    assert any(t.startswith("value") and "missing" in t for t in texts)


def test_a_unicode_line_separator_is_part_of_its_cell(leng):
    line = edit(leng, "events.csv", "symptom,Cough,", "symptom,Co\u2028ugh,")
    (event,) = (event for event in read_case(leng).events if event.line == line)
    assert event.finding == "Co\u2028ugh"


def test_a_row_with_too_many_cells_is_named(leng):
    line = edit(leng, "events.csv", "symptom,Cough,", "symptom,Cough, dry,")
    problem = only(leng)
    assert problem.line == line
    assert "needs quotes" in problem.expected


def test_an_open_quote_does_not_swallow_the_rest(leng):
    edit(leng, "events.csv", "symptom,Cough,", 'symptom,"Cough,')
    assert "not a CSV table" in only(leng).expected or "cells" in only(leng).expected


@pytest.mark.parametrize(
    ("old", "new", "column", "expected"),
    [
        ("keywords:", "keyword:", "keyword", "did you mean 'keywords'"),
        ("status: draft", "status: done", "status", "draft"),
        ("age_years: 65", "age_years: sixty", "subject.age_years", "integer"),
        ("sex: male", "sex: m", "subject.sex", "male"),
        ("id: leng2020", "id: leng2021", "id", "the name of the folder"),
        ("last_day: 15", "last_day: 2020-02-15", "last_day", "integer"),
        ("opened_by: mesenchymal_stem_cells", "opened_by: convalescent_plasma", "opened_by", "gives this intervention"),
        ("opened_by: null", "opened_by: oxygen", "opened_by", "the first phase"),
        ("last_day: 15", "last_day: 9" + "9" * 400, "last_day", "less than"),
        ("age_years: 65", "age_years: 650", "subject.age_years", "less than"),
        ("weight_kg: null", "weight_kg: .inf", "subject.weight_kg", "finite number"),
        ("label: Mesenchymal stem cells", "label: " + "x" * 61, "phases.1.label", "at most 60"),
    ],
)
def test_a_wrong_key_of_the_case_is_named_with_its_line(leng, old, new, column, expected):
    line = edit(leng, "case.yaml", old, new)
    found = [p for p in problems(leng) if p.column == column]
    assert len(found) == 1
    assert expected in found[0].expected
    assert found[0].line in (line, line - 1, line - 2)  # a phase is named by the line it begins on


@pytest.mark.parametrize("text", ["id: [", "a: b: c", "\tid: x", "- just\n- a list", "id: &a [*a]", "plain"])
def test_a_case_that_is_not_yaml_is_said_so(leng, text):
    (leng / "case.yaml").write_text(text, encoding="utf-8")
    assert any(p.file.endswith("case.yaml") for p in problems(leng))


def test_a_repeated_key_is_not_silently_the_last(leng):
    edit(leng, "case.yaml", "status: draft", "status: draft\nstatus: final")
    assert "each key once" in only(leng).expected


def test_a_title_without_the_words_case_report_is_refused(leng):
    text = (leng / "case.yaml").read_text(encoding="utf-8")
    edit(leng, "case.yaml", "case report", "story") if "case report" in text else None
    assert any("CARE item 1" in p.expected for p in problems(leng))


def test_a_heading_outside_care_and_text_before_the_first_are_named(leng):
    path = leng / "narrative.md"
    path.write_text("Hello\n# Abstract\n\nx\n# Conclusions\n\ny\n# Abstract\n", encoding="utf-8")
    assert [p.line for p in problems(leng)] == [1, 5, 8]


@pytest.mark.parametrize(
    "name", ["../leng2020", "/etc", "cases/leng2020", "..", ".", "", "leng2020/", "a b", "leng2020\n", "~", "x" * 300]
)
def test_a_name_that_is_a_path_is_no_case(name):
    with pytest.raises(BadInput):
        read_case(name)


def test_an_unknown_case_names_the_nearest(leng):
    for case in ("leng2002", leng.with_name("leng2002")):
        assert "did you mean 'leng2020'" in problems(case)[0].expected


def test_control_characters_are_refused(leng):
    line = edit(leng, "events.csv", "Cough", "Cou\x00gh")
    assert only(leng).line == line


def test_a_case_elsewhere_uses_the_projects_own_vocabulary(leng):
    case = read_case(leng)
    assert vars(case.vocabulary) == vars(project_vocabulary())
    assert {name for name in case.hashes if name.endswith("analytes.csv")} == {"analytes.csv"}


def test_a_value_in_another_unit_is_converted_with_its_range(leng):
    edit(leng, "observations.csv", "-7,crp,2.20,mg/L,,,<3.00", "-7,crp,0.22,mg/dL,,,0.3")
    (row,) = (row for row in read_case(leng).observations if (row.analyte, row.day) == ("crp", "-7"))
    assert row.known is not None and row.known.low == pytest.approx(2.2)
    assert row.reference is not None and row.reference.high == pytest.approx(3.0)


def test_a_case_is_simulated_as_a_whole_by_a_single_row(leng):
    assert not read_case(leng).simulated
    edit(leng, "observations.csv", "mg/L,,,<3.00,measured", "mg/L,,,<3.00,simulated")
    assert read_case(leng).simulated


def test_bad_input_ends_the_command_with_2_and_leaves_an_earlier_report_untouched(leng, tmp_path, capsys):
    out = tmp_path / "out"
    before = (report_of(str(leng), out) / "manifest.json").read_bytes()
    line = edit(leng, "observations.csv", "-7,crp,2.20", "-7,crp,O.5")
    assert main(["report", str(leng), "--out", str(out)]) == 2
    said = capsys.readouterr().err
    assert f"observations.csv\n  line {line}, value: 'O.5'" in said
    assert [p.name for p in tmp_path.iterdir() if p.name not in ("cases", "out")] == []
    assert (out / "manifest.json").read_bytes() == before


def test_a_wrong_value_hides_no_mistake_in_another_row_of_its_table(leng, capsys):
    value = edit(leng, "observations.csv", "-7,crp,2.20", "-7,crp,O.5")
    unit = edit(leng, "observations.csv", "-7,lymphocytes,0.94,10*9/L", "-7,lymphocytes,0.94,mg/L")
    given = edit(leng, "interventions.csv", "mesenchymal_stem_cells", "stem_cells")
    assert main(["validate", str(leng)]) == 2
    said = capsys.readouterr().out
    assert f"line {value}, value: 'O.5'" in said and f"line {unit}, unit: 'mg/L'" in said
    assert f"line {given}, intervention: 'stem_cells'" in said


@pytest.mark.parametrize(("age", "origin"), [(12, ""), (17, ""), (18, "default"), (56, "default")])
def test_the_usual_ranges_are_of_adults_and_not_used_for_a_child(tmp_path, age, origin):
    rows = [seen(0, "haemoglobin", "121", "g/L"), seen(2, "albumin", "40", "g/L", low="36", high="55")]
    case = write_case(tmp_path, rows)
    path = case / "case.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("age_years: 50", f"age_years: {age}"), encoding="utf-8")
    assert [row.ref_origin for row in read_case(case).observations] == [origin, "source"]


def test_a_range_that_the_source_prints_elsewhere_comes_before_the_usual_one(tmp_path):
    # the usual upper limit of CRP is 3 mg/L: 7 would be above it, and "normal" would be at most 3
    rows = [seen(0, "crp", "120", "mg/L", high="10"), seen(7, "crp", "7", "mg/L"), seen(9, "crp", None, "", code="N")]
    first, second, words = read_case(write_case(tmp_path, rows)).observations
    assert [row.ref_origin for row in (first, second, words)] == ["source", "elsewhere", "elsewhere"]
    assert first.reference == second.reference == words.reference
    assert words.known.high == 10
    assert measurements(read_case(tmp_path / "cases" / "made-up"))[1].position == "in"


def test_of_two_printed_ranges_neither_is_that_of_a_value_without_one(tmp_path):
    rows = [
        seen(0, "crp", "120", "mg/L", high="10"),
        seen(3, "crp", "90", "mg/L", high="8"),
        seen(7, "crp", "7", "mg/L"),
    ]
    assert [row.ref_origin for row in read_case(write_case(tmp_path, rows)).observations][-1] == "default"


def test_an_unknown_placeholder_is_bad_input_that_names_the_nearest(leng, capsys):
    line = edit(leng, "narrative.md", "# Discussion\n", "# Discussion\n\nIt was {{ crp.lst.msc }}.\n")
    assert main(["validate", str(leng)]) == 2
    said = capsys.readouterr().out
    assert f"narrative.md\n  line {line + 2}" in said
    assert "did you mean 'crp.last.msc'" in said


def test_a_placeholder_whose_row_is_gone_is_told_with_those_of_its_kind(leng, capsys):
    edit(leng, "narrative.md", "# Discussion\n", "# Discussion\n\nGiven: {{ dose.remdesivir }}.\n")
    assert main(["validate", str(leng)]) == 2
    assert "unknown placeholder; known: dose.ibuprofen, dose.lopinavir_ritonavir" in capsys.readouterr().out


def test_an_output_folder_with_other_things_in_it_is_never_replaced(tmp_path, capsys):
    (tmp_path / "thesis.docx").write_text("years of work", encoding="utf-8")
    assert main(["report", "peng2020", "--out", str(tmp_path)]) == 2
    assert "would be replaced" in capsys.readouterr().err
    assert (tmp_path / "thesis.docx").exists()


def test_a_treatment_by_its_other_name_is_told_its_id(leng, capsys):
    edit(leng, "interventions.csv", "mesenchymal_stem_cells", "valproate")
    assert main(["validate", str(leng)]) == 2
    assert "did you mean 'valproic_acid'?" in capsys.readouterr().out
