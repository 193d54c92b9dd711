"""A cohort table as its authors see it: what is wrong is named, and stops only the patient that it is about."""

import pandas as pd
import pytest

from casereport.case.description import load_meta
from casereport.cohort import cohort_tables as sources
from casereport.cohort.case_folders import case_files, write_case
from casereport.cohort.patients import MOST_VALUES, case_name, checked
from casereport.cohort.pieces import Tally, pieces_of
from casereport.cohort.tasks import part_of, report_of_patient, results_of_part
from casereport.errors import BadInput
from casereport.privacy.gate import check_privacy
from cohorts import rows, treated

GOOD = ("good", 0.0, "crp", "5", "mg/L")


def refused(*cells, given=None):
    part = checked(rows(GOOD, *cells), given, "t.csv")
    assert part.rows["patient"].unique().tolist() == ["good"]
    return part.refused


@pytest.mark.parametrize(
    ("cell", "said"),
    [
        (("a", "day 1", "crp", "5", "mg/L"), "t.csv, line 3, day: a study day as a number"),
        (("a", 43891.0, "crp", "5", "mg/L"), "t.csv, line 3, day: a study day"),
        (("a", 1.0, "crq", "5", "mg/L"), "t.csv, line 3, analyte: unknown analyte; did you mean 'crp'?"),
        (("a", 1.0, "crp", "5,0", "mg/L"), "t.csv, line 3, value: this is not a value"),
        (("a", 1.0, "crp", "", "mg/L"), "t.csv, line 3, value: a number with a decimal point"),
        (("a", 1.0, "crp", "5", "U/L"), "t.csv, line 3, unit: a unit of crp: mg/L"),
        (("", 1.0, "crp", "5", "mg/L"), "t.csv, line 3, patient: an id of the patient"),
        (("12345678", 1.0, "crp", "5", "mg/L"), "t.csv, line 3, patient: a number that may lead to a person"),
        (("Dr Smith", 1.0, "crp", "5", "mg/L"), "t.csv, line 3, patient: a person's name"),
    ],
)
def test_a_wrong_cell_leaves_out_its_patient_with_line_column_and_expectation(cell, said):
    found = refused(cell, ("a" if cell[0] == "a" else cell[0], 2.0, "crp", "6", "mg/L"))
    assert list(found) == [cell[0]]
    assert found[cell[0]].startswith(said)


def test_every_problem_of_a_patient_is_told_at_once():
    text = refused(("a", "x", "crp", "5", "mg/L"), ("a", 1.0, "crq", "5", "mg/L"))["a"]
    assert "line 3, day" in text and "line 4, analyte" in text


def test_a_wrong_treatment_leaves_out_its_patient():
    assert "unknown intervention" in refused(("a", 0.0, "crp", "5", "mg/L"), given=treated(("a", "plasmaa", 0)))["a"]
    assert "a study day" in refused(("a", 0.0, "crp", "5", "mg/L"), given=treated(("a", "oxygen", "?")))["a"]


def test_a_patient_with_a_hundred_thousand_values_is_told_how_many_are_too_many():
    long = pd.DataFrame({"patient": "a", "day": [i / 1000 for i in range(100_000)], "analyte": "crp", "value": "5",
                         "unit": "mg/L", "line": range(100_000)})  # fmt: skip
    part = checked(pd.concat([rows(GOOD), long]), None, "t.csv")
    assert part.refused["a"].endswith(
        f"at most {MOST_VALUES} values of one analyte: 100000 are more than its trend can be fitted on"
    )
    assert part.rows["patient"].unique().tolist() == ["good"]  # fmt: skip


@pytest.mark.parametrize(
    "patient", ["../x", "..", "a/b", "<b>bold</b>", "a b", "con\u00e9", "'; drop", "=1+1", "x" * 80]
)
def test_an_id_that_cannot_name_a_folder_gets_a_name_that_can(patient, tmp_path):
    name = case_name(patient)
    assert name.startswith("patient-") and case_name(name) == name
    part = checked(rows((patient, 0.0, "crp", "5", "mg/L")), None, "t.csv")
    write_case(case_files(part, patient, "a cohort table", "Day 0"), name, tmp_path)
    assert [p.name for p in (tmp_path / "cases").iterdir()] == [name]
    folder = tmp_path / "cases" / name
    meta = load_meta(folder / "case.yaml", "case.yaml", name)
    assert check_privacy(folder, meta, {}) == []
    assert all(patient not in p.read_text(encoding="utf-8") for p in folder.iterdir() if len(patient) > 2)


def test_an_id_of_digits_stays_a_text():
    assert case_name("007") == "007"
    assert checked(rows(("007", 0.0, "crp", "5", "mg/L")), None, "t").rows["patient"].tolist() == ["007"]


def test_an_age_over_89_is_not_written_into_a_case():
    part = checked(rows(GOOD).assign(age_years="93"), None, "t")
    text = case_files(part, "good", "a cohort table", "Day 0")["case.yaml"]
    assert "93" not in text and "aged 90 or older" in text


def test_a_csv_table_is_parted_by_patient_and_again_when_it_changes(tmp_path, monkeypatch):
    monkeypatch.setattr(sources, "_BYTES", 50)
    table = tmp_path / "observations.csv"
    cells = [(f"{i:03d}", d, "crp", "5", "mg/L") for d in (0, 1) for i in range(20)]
    rows(*cells).drop(columns="line").to_csv(table, index=False)
    opened = sources.open_source(str(tmp_path), tmp_path / "out")
    assert len(opened.parts) > 3
    by_part, broken = sources.patients_of(opened)
    assert sorted(p for ids in by_part for p in ids) == [f"{i:03d}" for i in range(20)]
    assert broken == {}
    before = [p.stat().st_mtime_ns for p in opened.parts]
    assert [p.stat().st_mtime_ns for p in sources.open_source(str(tmp_path), tmp_path / "out").parts] == before
    rows(*cells[:3]).drop(columns="line").to_csv(table, index=False)
    assert sum(map(len, sources.patients_of(sources.open_source(str(table), tmp_path / "out"))[0])) == 3


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("patient,day,analyte,value\na,1,crp,5\n", "observations.csv, line 1, unit: the column is missing"),
        ("patient,day,analyte,value,unit,dya\na,1,crp,5,mg/L,2\n", "'dya': unknown column; did you mean 'day'?"),
        (
            "patient,day,analyte,value,unit\na,1,crp,5,mg/L,6,7\n",
            "observations.csv, line 2: 5 cells, as in the header; found 7",
        ),
    ],
)
def test_a_table_that_is_none_is_bad_input_before_anything_runs(text, said, tmp_path):
    (tmp_path / "observations.csv").write_text(text, encoding="utf-8")
    with pytest.raises(BadInput) as bad:
        sources.open_source(str(tmp_path), tmp_path / "out")
    assert said in str(bad.value)


def test_a_source_that_is_not_there_says_what_a_source_can_be(tmp_path):
    with pytest.raises(BadInput, match="not there; a folder of case folders, a table"):
        sources.open_source(str(tmp_path / "none"), tmp_path / "out")


def dataset(folder, **parts):
    folder.mkdir(parents=True, exist_ok=True)
    for name, cells in parts.items():
        rows(*cells).drop(columns="line").to_parquet(folder / f"{name}.parquet")
    return folder


def test_a_partition_that_does_not_parse_fails_and_the_others_are_done(tmp_path):
    folder = dataset(tmp_path / "observations", a=[GOOD], b=[("b", 0.0, "crp", "7", "mg/L")])
    (folder / "c.parquet").write_bytes(b"PAR1 and then nothing of use")
    table = sources.open_source(str(tmp_path), tmp_path / "out")
    tally = Tally()
    pieces, _, cases = pieces_of(table, tmp_path / "out", True, tally)
    assert cases == 2
    (name, error), = tally.failures.items()  # fmt: skip
    assert name == "c.parquet" and error.startswith("c.parquet: a Parquet file: ")
    assert [p.function(*p.arguments).state for p in pieces] == ["built", "built"]


def test_a_patient_in_two_files_is_bad_input(tmp_path):
    dataset(tmp_path / "observations", a=[GOOD], b=[GOOD])
    with pytest.raises(BadInput, match="each patient in one file"):
        sources.patients_of(sources.open_source(str(tmp_path), tmp_path / "out"))


def test_two_ids_that_differ_in_capitals_only_are_bad_input(tmp_path):
    dataset(tmp_path / "observations", a=[GOOD, ("GOOD", 0.0, "crp", "7", "mg/L")])
    with pytest.raises(BadInput, match="in more than capitals"):
        sources.patients_of(sources.open_source(str(tmp_path), tmp_path / "out"))


HEAD = "patient,day,analyte,value,unit\np1,1,crp,5,mg/L\n"


def test_two_ids_that_differ_in_capitals_only_are_told_by_the_line_of_the_authors_own_table(tmp_path):
    (tmp_path / "observations.csv").write_text(HEAD + "P2,1,crp,6,mg/L\nP1,2,crp,7,mg/L\n", encoding="utf-8")
    table = sources.open_source(str(tmp_path / "observations.csv"), tmp_path / "out")
    with pytest.raises(BadInput, match=r"^observations.csv, line [24], patient: '[pP]1': an id that differs"):
        sources.patients_of(table)


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        (b"p1,2,crp,3,5,mg/L\n", "line 3: 5 cells, as in the header; found 6"),
        (b"p1,2,crp,mg/L\n", "line 3: 5 cells, as in the header; found 4"),
        (b'p1,2,crp,"3,mg/L\np1,3,crp,4,mg/L\n', "line 3: a closing quote"),
        (b"p1,2,crp,3,\xb5g/L\n", "line 3: UTF-8"),
    ],
)
def test_a_row_that_is_none_is_told_by_its_line_and_not_shown(tmp_path, row, expected):
    path = tmp_path / "observations.csv"
    path.write_bytes(HEAD.encode() + row + b"p1,9,crp,5,mg/L\n")
    with pytest.raises(BadInput) as raised:
        sources.open_source(str(path), tmp_path / "out")
    assert f"observations.csv, {expected}" in str(raised.value) and "crp" not in str(raised.value)


def test_a_dataset_with_a_folder_for_each_patient_is_read(tmp_path):
    for patient in ("007", "a%2Fb"):
        table = rows(GOOD).drop(columns=["line", "patient"])
        folder = tmp_path / "observations" / f"patient={patient}"
        folder.mkdir(parents=True)
        table.to_parquet(folder / "0.parquet")
    by_part, _ = sources.patients_of(sources.open_source(str(tmp_path), tmp_path / "out"))
    assert by_part == [["007"], ["a/b"]]


def test_what_is_done_is_kept_and_done_again_when_its_input_changes(tmp_path):
    folder = dataset(tmp_path / "observations", a=[GOOD, ("bad", 0.0, "crp", "x", "mg/L")])
    out = tmp_path / "out"
    table = sources.open_source(str(tmp_path), out).only(0, [])
    first, second = (results_of_part(table, 0, out) for _ in range(2))
    assert (first.state, second.state) == ("built", "kept")
    assert first.failures == second.failures and first.failures[0][0] == "bad"
    dataset(folder, a=[GOOD])
    assert results_of_part(table, 0, out).state == "built"


def test_a_full_disk_is_told_apart_from_a_case_that_fails(tmp_path, monkeypatch):
    import errno

    from casereport.cohort import dataset as results

    def no_room(*_):
        raise OSError(errno.ENOSPC, "No space left on device")

    dataset(tmp_path / "observations", a=[GOOD])
    monkeypatch.setattr(results, "write", no_room)
    done = results_of_part(sources.open_source(str(tmp_path), tmp_path / "out").only(0, []), 0, tmp_path / "out")
    assert (done.state, done.full) == ("failed", True)


def test_a_patient_with_a_wrong_cell_fails_before_a_notebook_runs(tmp_path):
    dataset(tmp_path / "observations", a=[GOOD, ("bad", 0.0, "crp", "x", "mg/L")])
    table = sources.open_source(str(tmp_path), tmp_path / "out").only(0, [])
    part_of.cache_clear()
    done = report_of_patient(table, "bad", tmp_path / "out")
    assert done.failures[0][0] == "bad" and "is not a value" in done.failures[0][1]
    assert not (tmp_path / "out" / "reports").exists()
