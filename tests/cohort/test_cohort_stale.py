"""Cases as folders: what is built again by the next run, what is kept, which are cases, and what is told of reports."""

from pathlib import Path

import pytest

from casereport.cohort import tasks
from casereport.cohort.cohort_tables import Folders, open_source
from casereport.cohort.pieces import Tally
from casereport.cohort.tasks import report_of_folder, results_of_folders
from casereport.files import hashes
from casereport.run import pipeline
from casereport.run.stale import report_made_from
from made_up import seen, write_case
from marked import report_of

ANALYTES = (
    "analyte,label,unit,group,improvement,scale,scale_low,scale_high\npain,Pain,{{score}},Outcomes,{},difference,0,10\n"
)


@pytest.fixture
def case(tmp_path) -> Path:
    """A case whose outcome is defined beside it: pain falls from 5 to 1."""
    folder = write_case(tmp_path, [seen(day, "pain", value, "{score}") for day, value in ((-1, 5), (2, 1), (3, 1))])
    (folder.parent / "analytes.csv").write_text(ANALYTES.format("decrease"), encoding="utf-8")
    return folder


@pytest.fixture
def built(monkeypatch) -> list[str]:
    """The cases that were run, of a run that writes a report with the right manifest and starts no kernel."""
    ran: list[str] = []

    def quick(case, out, given, **_):
        ran.append(case)
        out.mkdir(parents=True, exist_ok=True)
        (out / "report.html").write_text("<p>", encoding="utf-8")
        (out / "manifest.json").unlink(missing_ok=True)
        report_of(case, out, made_from=report_made_from(case, given))

    monkeypatch.setattr(pipeline, "run", quick)
    monkeypatch.setattr(tasks.workers, "keep_ready", lambda: None)
    return ran


def test_a_report_is_kept_until_its_case_or_what_stands_beside_it_changes(case, built, tmp_path):
    def states():
        return [report_of_folder(case, tmp_path / "out").state for _ in range(2)]

    beside = case.parent / "analytes.csv"
    assert states() == ["built", "kept"]
    beside.write_text(ANALYTES.format("increase"), encoding="utf-8")
    assert states() == ["built", "kept"]
    beside.unlink()
    assert states() == ["built", "kept"]
    (case.parent / "interventions.csv").write_text("intervention,label,class\n", encoding="utf-8")
    assert states() == ["built", "kept"]
    (case / "observations.csv").write_text((case / "observations.csv").read_text("utf-8") + "\n", encoding="utf-8")
    assert states() == ["built", "kept"]
    assert len(built) == 5


def test_a_report_of_which_a_file_was_changed_is_built_again(case, built, tmp_path):
    assert report_of_folder(case, tmp_path / "out").state == "built"
    (tmp_path / "out" / "reports" / case.name / "report.html").write_text("<p>better", encoding="utf-8")
    assert [report_of_folder(case, tmp_path / "out").state for _ in range(2)] == ["built", "kept"]


def test_another_version_of_a_library_makes_other_results(monkeypatch):
    tasks.code.cache_clear()
    before = tasks.code()
    monkeypatch.setattr(hashes, "_installed", lambda _: {"numpy": "0.1"})
    tasks.code.cache_clear()
    assert tasks.code() != before
    tasks.code.cache_clear()


def test_results_are_of_what_stands_beside_the_cases_now(case, tmp_path):
    import pandas as pd

    def better():
        assert results_of_folders((case,), 0, tmp_path / "out").failures == ()
        table = pd.read_parquet(tmp_path / "out" / "results" / "patients" / "part-00000.parquet")
        return table[["better", "worse"]].to_numpy().tolist()

    assert better() == [[1, 0]]
    (case.parent / "analytes.csv").write_text(ANALYTES.format("increase"), encoding="utf-8")
    assert better() == [[0, 1]]
    (case.parent / "analytes.csv").unlink()
    ((name, error),) = results_of_folders((case,), 0, tmp_path / "out").failures
    assert name == case.name and "unknown analyte" in error


def test_of_an_earlier_report_it_is_told_what_became_of_its_case(tmp_path):
    tally = Tally(unmeasured=["a"], outside=["b"], failures={"c": "x"})
    fates = [tally.fate(name, {"a", "b", "c"}) for name in "abcd"]
    tally.unread.append("part-00001.parquet")
    assert [*fates, tally.fate("d", {"a", "b", "c"})] == [
        "of a patient who has no measurement any more", "of a person without the treatment of day 0",
        "of a case that failed this time", "of no case of this source", "of no case that could be read in this source",
    ]  # fmt: skip


def sources(folder: Path) -> list[str]:
    found = open_source(str(folder), folder.parent / "out")
    assert isinstance(found, Folders)
    return [path.name for path in found.paths]


def test_a_case_that_lost_its_description_is_a_case_that_fails(case, tmp_path):
    lost = case.parent / "lost"
    lost.mkdir()
    (lost / "observations.csv").write_text((case / "observations.csv").read_text("utf-8"), encoding="utf-8")
    (case.parent / "letters").mkdir()
    (case.parent / "letters" / "references.bib").write_text("", encoding="utf-8")
    assert sources(case.parent) == ["lost", "made-up"]
    for done in (results_of_folders((lost,), 0, tmp_path / "out"), report_of_folder(lost, tmp_path / "out")):
        ((name, error),) = done.failures
        assert name == "lost" and error.startswith("cases/lost/case.yaml: the file is missing")


def test_a_link_is_the_case_it_leads_to_and_a_patient_counts_once(case, tmp_path):
    (case.parent / "again").symlink_to(case)
    assert sources(case.parent) == ["made-up"]
    (tmp_path / "ward").mkdir()
    (tmp_path / "ward" / "bed").symlink_to(case)
    assert sources(tmp_path / "ward") == ["made-up"]
