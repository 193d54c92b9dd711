"""What a cohort refuses for privacy it neither computes nor publishes, and it keeps no copy of the source's rows."""

import os
import stat

import pandas as pd
import pytest

from casereport.cohort import cohort_tables as sources
from casereport.cohort.patients import checked
from casereport.cohort.run import published, write_failures
from casereport.cohort.tasks import report_of_folder, results_of_folders, results_of_part
from casereport.files.paths import DATA
from cohorts import rows, treated

GOOD = ("good", 0.0, "crp", "5", "mg/L")


@pytest.mark.parametrize("column", ["route", "dose_unit"])
@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("given by Dr Smith", "a person's name"),
        ("on 12 March 2020", "a calendar date"),
        ("seen by Dr\u2028Smith", "a person's name"),
        ("a\x1b[2J", "a control character"),
    ],
)
def test_a_free_text_of_a_treatment_passes_the_gate_or_its_patient_is_refused(column, text, said):
    given = treated(("a", "oxygen", 0), ("good", "oxygen", 0)).assign(dose="", **{"route": "", "dose_unit": ""})
    given.loc[0, column] = text
    part = checked(rows(GOOD, ("a", 0.0, "crp", "5", "mg/L")), given, "t.csv", "interventions.csv")
    assert part.refused["a"].startswith(f"interventions.csv, line 2, {column}: {said}")
    assert text not in part.refused["a"] and part.rows["patient"].unique().tolist() == ["good"]


def test_a_control_character_in_an_id_is_refused():
    part = checked(rows(GOOD, ("a\x1b", 0.0, "crp", "5", "mg/L")), None, "t.csv")
    assert part.refused["a\x1b"].startswith("t.csv, line 3, patient: a control character")


def test_each_distinct_text_is_searched_once(monkeypatch):
    from casereport.cohort import patients

    asked = []
    monkeypatch.setattr(patients, "find", lambda text: asked.append(text) or ())
    ids = [f"p{i}" for i in range(50)]
    given = treated(*((p, "oxygen", 0) for p in ids)).assign(dose="2", dose_unit="L/min", route="nasal")
    checked(rows(*((p, 0.0, "crp", "5", "mg/L") for p in ids)), given, "t.csv")
    assert sorted(asked) == ["L/min", "nasal"]


def table(folder, given):
    folder.mkdir()
    rows(GOOD, ("a", 0.0, "crp", "5", "mg/L")).drop(columns="line").to_csv(folder / "observations.csv", index=False)
    given.drop(columns="line").to_csv(folder / "interventions.csv", index=False)
    return folder


def written(out):
    return {p: p.read_bytes() for p in out.rglob("*") if p.is_file()}


def test_what_is_refused_stands_in_no_result_and_no_failure(tmp_path):
    given = treated(("a", "oxygen", 0)).assign(route="by Dr Smith 12 March 2020", dose="", dose_unit="")
    out = tmp_path / "out"
    opened = sources.open_source(str(table(tmp_path / "source", given)), out)
    done = results_of_part(opened.only(0, []), 0, out)
    assert [p for p, _ in done.failures] == ["a"]
    write_failures(out, published(dict(done.failures)))
    sources.tidy(out)
    assert (out / "failures.csv").is_file() and (out / "work" / "done").is_dir()
    assert not [p for p, content in written(out).items() if b"Smith" in content or b"March" in content]
    patients = pd.read_parquet(out / "results" / "patients" / "part-00000.parquet")
    assert patients["patient"].tolist() == ["good"]


def test_a_folder_is_refused_by_results_only_too_and_its_earlier_results_go(tmp_path, data_dir):
    case = data_dir / "cases" / "leng2020"
    out = tmp_path / "out"
    assert results_of_folders((case,), 0, out).failures == ()
    assert any((out / "results").rglob("*.parquet"))
    events = case / "events.csv"
    text = events.read_text(encoding="utf-8").replace("Moved to intensive care", "Moved to Ward 5B by Dr Smith", 1)
    events.write_text(text, encoding="utf-8")
    ((name, error),) = results_of_folders((case,), 0, out).failures
    assert name == "leng2020" and "events.csv, line" in error and "a person's name" in error
    assert "Smith" not in error and "5B" not in error
    assert not any((out / "results").rglob("*.parquet"))


def test_a_case_that_is_a_pipe_or_holds_a_file_of_a_terabyte_is_refused_and_not_read(tmp_path, data_dir):
    os.mkfifo(tmp_path / "one.xlsx")
    case = data_dir / "cases" / "leng2020"
    with (case / "notes.txt").open("wb") as file:
        file.truncate(2**40)
    for refused in (tmp_path / "one.xlsx", case):
        ((name, error),) = report_of_folder(refused, tmp_path / "out").failures
        assert name == refused.stem and ("at most" in error or "the folder of a case" in error)


def test_a_patient_whose_id_tells_a_name_goes_by_a_number():
    failures = published({"Dr Smith": "x", "Zhang_Wei": "cases/Dr Smith: y", "p1": "z"})
    assert failures == {"(name withheld, 1)": "x", "(name withheld, 2)": "cases/[left out]: y", "p1": "z"}


def test_the_copies_of_the_rows_are_for_their_owner_alone(tmp_path):
    old = os.umask(0)
    try:
        sources.open_source(str(table(tmp_path / "source", treated(("a", "oxygen", 0)))), tmp_path / "out")
    finally:
        os.umask(old)
    work = tmp_path / "out" / "work"
    assert any(work.rglob("*.parquet"))
    assert stat.S_IMODE(work.stat().st_mode) == 0o700
    sources.tidy(tmp_path / "out")
    assert not any(work.rglob("*.parquet"))


def test_a_formula_in_a_failure_is_quoted(tmp_path):
    write_failures(tmp_path, {"=1+1": "-x", "p": "y"})
    assert (tmp_path / "failures.csv").read_text().splitlines()[1].startswith("'=1+1,patient-")
    assert ",'-x" in (tmp_path / "failures.csv").read_text()


def test_the_bundled_cases_are_computed(tmp_path):
    cases = tuple(DATA / "cases" / name for name in ("peng2020", "leng2020"))
    assert results_of_folders(cases, 0, tmp_path / "out").failures == ()
