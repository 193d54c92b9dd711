"""Notebooks of a run that go on beside each other: which may begin, and that one waits for the tables of another."""

import threading
from concurrent.futures import Future

import pandas as pd
import pytest

from casereport.files import at_work
from casereport.report.kept import NotThere, Results
from casereport.run.pipeline import _in_order, _jobs

TABLE = pd.DataFrame({"analyte": ["crp"]})


def begun(most: int, kept: tuple[str, ...] = ()) -> list[tuple[str, list[str]]]:
    """Each notebook that begins, with those that run at that moment; the one that began first ends first."""
    running: list[tuple[str, Future]] = []
    told = []

    def start(name: str) -> Future:
        told.append((name, [other for other, _ in running]))
        running.append((name, Future()))
        return running[-1][1]

    def look(_names: list[str]) -> None:
        running.pop(0)[1].set_result(None)

    jobs = {name: job for name, job in _jobs(["before", "after"], []).items() if name not in kept}
    names = set(jobs)
    assert set(_in_order(jobs, set(kept), most, start, lambda name: None, look)) == names
    return told


def test_the_figures_begin_beside_the_evidence_and_the_report_after_all():
    assert begun(2) == [
        ("01-ingest", []),
        ("03-evidence", []),
        ("04-figures", ["03-evidence"]),
        ("02-phase-before", ["04-figures"]),
        ("02-phase-after", ["02-phase-before"]),
        ("05-report", []),
    ]


def test_one_at_a_time_the_evidence_ends_before_the_figures_begin():
    names = [name for name, beside in begun(1) if not beside]
    assert names == ["01-ingest", "03-evidence", "04-figures", "02-phase-before", "02-phase-after", "05-report"]


def test_what_is_kept_of_an_earlier_run_is_waited_for_by_nobody():
    assert begun(2, kept=("01-ingest", "03-evidence")) == [
        ("04-figures", []),
        ("02-phase-before", ["04-figures"]),
        ("02-phase-after", ["02-phase-before"]),
        ("05-report", []),
    ]


def test_a_notebook_waits_for_a_table_of_one_at_work_beside_it(tmp_path):
    figures, evidence = Results(tmp_path, "04-figures"), Results(tmp_path, "03-evidence")
    ended = at_work.begin(tmp_path, "03-evidence")
    looked = threading.Event()

    def work() -> None:
        looked.wait()
        evidence.keep(TABLE, "changes")
        ended(None)

    other = threading.Thread(target=work)
    other.start()
    assert not (tmp_path / "kept" / "03-evidence.json").exists()
    threading.Timer(0.05, looked.set).start()
    assert figures["changes"].equals(TABLE)
    other.join()
    assert list((tmp_path / "kept").glob("*.at-work")) == []


def test_whether_a_table_is_there_is_known_when_its_notebook_has_ended(tmp_path):
    figures, evidence = Results(tmp_path, "04-figures"), Results(tmp_path, "03-evidence")
    ended = at_work.begin(tmp_path, "03-evidence")
    answers: dict[str, bool] = {}
    asking = threading.Thread(target=lambda: answers.update(beside="courses-beside" in figures))
    asking.start()
    evidence.keep(TABLE, "changes")
    assert "changes" in figures
    assert answers == {}
    ended(None)
    asking.join()
    assert answers == {"beside": False}


def test_nobody_waits_for_a_notebook_that_has_failed_or_never_ran(tmp_path):
    figures = Results(tmp_path, "04-figures")
    for failed in (False, True):
        if failed:
            at_work.begin(tmp_path, "03-evidence")(None)
        with pytest.raises(NotThere, match=r"^changes is not there yet: run notebooks/03-evidence\.ipynb first$"):
            figures["changes"]


def test_a_notebook_does_not_wait_for_itself(tmp_path):
    at_work.begin(tmp_path, "03-evidence")
    with pytest.raises(NotThere):
        Results(tmp_path, "03-evidence")["changes"]
