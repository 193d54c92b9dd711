"""Notebooks of a run that go on beside each other: which may begin, and that one waits for the tables of another."""

import threading
import time
from concurrent.futures import Future

import nbformat
import pandas as pd
import pytest

from casereport.files import at_work
from casereport.report.kept import NotThere, Results
from casereport.run.notebooks import run_notebook
from casereport.run.pipeline import _in_order, _jobs
from toys import Run, toy, toys

TABLE = pd.DataFrame({"analyte": ["crp"]})


def begun(most: int, kept: tuple[str, ...] = (), last: str = "") -> list[tuple[str, list[str]]]:
    """Each notebook that begins, with those that run at that moment; the one that began first ends first, and `last`
    after those beside it.
    """
    running: list[tuple[str, Future]] = []
    told = []

    def start(name: str) -> Future:
        told.append((name, [other for other, _ in running]))
        running.append((name, Future()))
        return running[-1][1]

    def look(_names: list[str]) -> None:
        running.sort(key=lambda job: job[0] == last)
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


def test_the_report_begins_beside_the_figures_where_these_are_what_still_runs():
    assert begun(2, last="04-figures")[-1] == ("05-report", ["04-figures"])


def test_no_cell_of_the_report_begins_before_the_figures_have_ended(tmp_path):
    ended = tmp_path / "ended"
    figures = f"import pathlib, time\ntime.sleep(2)\npathlib.Path({str(ended)!r}).touch()"
    report = f"import pathlib\nassert pathlib.Path({str(ended)!r}).exists()"
    notebooks = toys(tmp_path / "notebooks", figures=figures, report=report)
    # the report's own cell, but for the parameters the first, is what would come too early
    first = nbformat.read(notebooks / "05-report.ipynb", as_version=4)
    first.cells[2], first.cells[3] = first.cells[3], first.cells[2]
    nbformat.write(first, notebooks / "05-report.ipynb")
    assert Run(notebooks, tmp_path / "out").end() == (0, "")


def test_what_a_notebook_waits_for_another_is_no_time_of_its_cells(tmp_path):
    source = toy(tmp_path / "one.ipynb", "a = 1", "a + 1")
    until = time.monotonic() + 2.5
    (tmp_path / "out").mkdir()
    ran = run_notebook(source, tmp_path / "out" / "one.ipynb", {}, 2, lambda: time.monotonic() < until)
    assert time.monotonic() >= until
    assert ran.cells[-1].outputs[0].data["text/plain"] == "2"


def test_a_kernel_does_not_look_through_all_modules_for_a_debugger_that_a_run_has_not(tmp_path):
    """To look at each would copy what it shares with the kernel beside it."""
    listed = "import json, sys\nlen(get_ipython().kernel._kernel_modules), type(sys.modules), 'json' in sys.modules"
    (tmp_path / "out").mkdir()
    ran = run_notebook(toy(tmp_path / "one.ipynb", listed), tmp_path / "out" / "one.ipynb", {}, 60)
    assert ran.cells[-1].outputs[0].data["text/plain"] == "(0, dict, True)"


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
