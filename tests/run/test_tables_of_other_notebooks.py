"""A notebook that reads what another keeps runs after it, and again when that has changed: whoever wrote the two."""

import json
import shutil
from pathlib import Path
from unittest import mock

import pytest

from casereport.files.paths import DATA
from casereport.run import pipeline, verify
from casereport.run.failures import RunFailed
from toys import own_toy, parameters, toy, toys, work

STEPS_OF_LENG = {"01-ingest", "02-phase-conventional", "02-phase-msc", "03-evidence", "04-figures", "05-report"}


def manifest(out: Path) -> dict:
    return json.loads((out / "manifest.json").read_text("utf-8"))


def ran(out: Path) -> set[str]:
    return set(manifest(out)["clocks"]["seconds"]) - {"in all"}


READS = """
class NotThere(Exception):
    pass

import hashlib
table = out / "results" / "first.csv"
if not table.exists():
    raise NotThere("first is not there yet")
record["read"] = {"first": hashlib.sha256(table.read_bytes()).hexdigest()}
_ = (out / "kept" / f"{name}.json").write_text(json.dumps(record))
_ = (out / "results" / f"{name}.csv").write_text(table.read_text() + "3,4\\n")
"""


@pytest.mark.parametrize(
    ("called", "other"), [("a", "b"), pytest.param("b", "a", marks=pytest.mark.slow)], ids=["in order", "against it"]
)
def test_a_notebook_of_ones_own_may_read_what_another_keeps_and_runs_again_when_that_has_changed(
    run_here, tmp_path, toy_report, called, other
):
    """They run in the order of their names."""
    notebooks, out = toys(tmp_path / "notebooks"), toy_report
    first, second = tmp_path / f"{called}.ipynb", tmp_path / f"{other}.ipynb"
    own_toy(first)
    own_toy(second, READS.replace("first", called))

    def built():
        assert run_here(notebooks, out, "--notebook", str(first), "--notebook", str(second)) == (0, "")
        return ran(out), (out / "results" / f"{other}.csv").read_text()

    assert built() == ({called, other, "05-report"}, "a,b\n1,2\n3,4\n")
    own_toy(first, f"_ = (out / 'results' / '{called}.csv').write_text('a,b\\n5,6\\n')")
    assert built() == ({called, other, "05-report"}, "a,b\n5,6\n3,4\n")


def test_a_notebook_that_lacks_what_nobody_keeps_is_named(run_here, tmp_path):
    own = own_toy(tmp_path / "second.ipynb", READS)
    code, said = run_here(toys(tmp_path / "notebooks", figures=READS), tmp_path / "out", "--notebook", str(own))
    assert code == 1 and said.startswith("casereport: 04-figures.ipynb, cell 5\n  NotThere: first is not there yet")


def test_a_notebook_of_the_project_may_read_a_table_of_one_that_begins_after_it(run_here, tmp_path):
    reads = READS.replace("first", "02-phase-msc")
    assert run_here(toys(tmp_path / "notebooks", evidence=reads, figures=reads), tmp_path / "out")[0] == 0


@pytest.mark.parametrize("step", [pytest.param("02-phase", marks=pytest.mark.slow), "04-figures"])
def test_a_notebook_whose_results_are_kept_runs_again_when_what_it_has_read_has_changed(run_here, tmp_path, step):
    """As where an author has a cell of 04-figures read a table that depends on the narrative."""
    made = "_ = (out / 'results' / 'first.csv').write_text(pathlib.Path(case).joinpath('narrative.md').read_text())"
    notebooks, out = toys(tmp_path / "notebooks", ingest=made, **{step.partition("-")[2]: READS}), tmp_path / "out"
    case = shutil.copytree(DATA / "cases" / "leng2020", tmp_path / "cases" / "leng2020")
    assert run_here(notebooks, out, case=str(case))[0] == 0
    with (case / "narrative.md").open("a", encoding="utf-8") as file:
        file.write("More.\n")
    assert run_here(notebooks, out, case=str(case))[0] == 0
    assert {name for name in ran(out) if name.startswith(("02", "04"))} == {
        name for name in STEPS_OF_LENG if name.startswith(step)
    }


def test_the_files_of_a_notebook_of_ones_own_are_told_once_however_often_its_results_are_kept(
    run_here, tmp_path, toy_report
):
    notebooks, out, own = toys(tmp_path / "notebooks"), toy_report, own_toy(tmp_path / "mine.ipynb")
    for n in range(3):
        toy(notebooks / "05-report.ipynb", parameters("05-report"), work("05-report"), str(n))
        assert run_here(notebooks, out, "--notebook", str(own))[0] == 0
        assert manifest(out)["steps"]["mine"].count("sources/mine.ipynb") == 1


def test_an_error_that_is_a_line_is_told_once_and_a_notebook_that_verify_has_removed_not_at_all(tmp_path, toy_report):
    line = "class NotThere(Exception):\n    def _render_traceback_(self):\n        return [str(self)]\n"
    out, notebooks = toy_report, toys(tmp_path / "notebooks", figures=f"{line}raise NotThere('it lacks a table')")
    with mock.patch.object(pipeline, "NOTEBOOKS", notebooks), pytest.raises(RunFailed) as stopped:
        verify.verify("leng2020", out)
    assert (stopped.value.what, stopped.value.stack, stopped.value.kept) == ("NotThere: it lacks a table", "", None)
