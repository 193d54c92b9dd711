"""What is stale: each step runs again for what it reads, and for nothing else; only whole results are trusted."""

import json
import os
import platform
import shutil
import subprocess
import sys

import pytest

from casereport.audit.validation import validate
from casereport.case.references import FILES
from casereport.case.schema import TABLES
from casereport.files import hashes
from casereport.files.paths import DATA, PARTS
from casereport.run import output, stale
from casereport.run.kernels import Forked
from marked import report_of

NOW = stale.report_made_from("liang2020", {})
STEPS = ("01-ingest", "02-phase-conventional", "02-phase-msc", "03-evidence", "04-figures", "05-report")


@pytest.fixture
def out(tmp_path):
    """A report folder that was made from what is there now, with one file for each step."""
    for step in STEPS:
        (tmp_path / f"{step}.csv").write_text(step)
    return report_of("liang2020", tmp_path, made_from=NOW, steps={step: [f"{step}.csv"] for step in STEPS})


def runs(out, now):
    return {step for step, why in stale.reasons(out, now).items() if why}


def test_nothing_runs_when_nothing_changed(out):
    assert stale.is_current(stale.reasons(out, NOW))


@pytest.mark.parametrize(
    ("part", "steps"),
    [
        ("notebook: 01-ingest", set(STEPS)),  # the others read its tables
        ("notebook: 02-phase", {"02-phase-conventional", "02-phase-msc", "05-report"}),
        ("notebook: 03-evidence", {"03-evidence", "04-figures", "05-report"}),
        ("notebook: 04-figures", {"04-figures", "05-report"}),
        ("notebook: 05-report", {"05-report"}),
        # prose changes no table that a phase or a figure reads
        ("input: cases/liang2020/narrative.md", {"01-ingest", "03-evidence", "05-report"}),
        ("input: cases/liang2020/references.bib", {"01-ingest", "03-evidence", "05-report"}),
        ("input: cases/liang2020/claims.csv", set(STEPS)),  # the overview shows what is claimed
        ("input: cases/liang2020/observations.csv", set(STEPS)),
        ("input: cases/liang2020/events.csv", set(STEPS)),
        ("input: cases/liang2020/case.yaml", set(STEPS)),
        ("input: cases/leng2020/observations.csv", set(STEPS)),  # it is shown beside this case
        ("input: reference/base_rates.csv", set(STEPS)),
        ("input: analytes.csv", set(STEPS)),
        ("parameter: lag_days", set(STEPS)),
        ("parameter: confidence", {"03-evidence", "04-figures", "05-report"}),
        ("parameter: analytes", set(STEPS) - {"01-ingest"}),
        ("code: analysis/statistics/effects.py", set(STEPS)),
        ("code: report/templates/page.css", set(STEPS)),
        ("lock: requirements.lock", set(STEPS)),
        ("lock: Python", set(STEPS)),
        ("lock: pandas", set(STEPS)),
        ("commit", {"05-report"}),  # which states it
    ],
)
def test_a_step_runs_again_for_what_it_reads(out, part, steps):
    assert part in NOW or part.startswith("parameter: ")
    assert runs(out, NOW | {part: "other"}) == steps


def test_another_python_makes_every_step_stale(out, monkeypatch):
    monkeypatch.setattr(platform, "python_version", lambda: "3.99.0")
    now = stale.report_made_from("liang2020", {})
    assert stale.changes(NOW, now) == {"lock: Python": "lock: Python changed"}
    assert runs(out, now) == set(STEPS)


def test_a_notebook_of_ones_own_that_is_added_runs_and_one_that_is_dropped_does_not(out):
    more = NOW | {"notebook: mine": "x"}
    assert runs(out, more) == {"mine", "05-report"}
    assert stale.reasons(out, more)["mine"] == ["notebook: mine is new"]
    report_of("liang2020", out, made_from=more, steps={s: [f"{s}.csv"] for s in STEPS} | {"mine": []})
    assert runs(out, more) == set()
    assert runs(out, NOW) == {"05-report"} and "mine" not in stale.reasons(out, NOW)
    assert runs(out, more | {"notebook: mine": "y"}) == {"mine", "05-report"}


@pytest.mark.parametrize(
    ("part", "again"),
    [
        ("notebook: 04-figures", False),
        ("notebook: 02-phase", True),
        ("notebook: 01-ingest", True),
        ("notebook: 03-evidence", True),
        ("input: cases/liang2020/narrative.md", True),  # it may read what is said of claims
        ("parameter: confidence", True),
        ("commit", False),
    ],
)
def test_a_notebook_of_ones_own_runs_again_for_whatever_it_may_read(out, part, again):
    more = NOW | {"notebook: mine": "x"}
    report_of("liang2020", out, made_from=more, steps={s: [f"{s}.csv"] for s in STEPS} | {"mine": []})
    assert ("mine" in runs(out, more | {part: "other"})) is again


def test_a_file_that_is_new_or_gone_is_a_change(out):
    assert runs(out, NOW | {"input: cases/liang2020/more.csv": "x"}) == set(STEPS)
    gone = {k: v for k, v in NOW.items() if k != "input: cases/liang2020/events.csv"}
    assert stale.reasons(out, gone)["01-ingest"] == ["input: cases/liang2020/events.csv is gone"]


def test_a_file_that_only_the_bundled_case_of_the_same_name_has_is_none_of_the_case(tmp_path):
    case = shutil.copytree(DATA / "cases" / "leng2020", tmp_path / "cases" / "leng2020")
    before = stale.report_made_from(str(case), {})
    (case / "claims.csv").unlink()
    gone = stale.changes(before, stale.report_made_from(str(case), {}))
    assert gone == {"input: cases/leng2020/claims.csv": "input: cases/leng2020/claims.csv is gone"}


def test_a_result_that_is_not_as_it_was_made_is_not_trusted(out):
    (out / "04-figures.csv").write_text("edited")
    (out / "01-ingest.csv").unlink()
    assert runs(out, NOW) == {"01-ingest", "04-figures", "05-report"}


def test_a_file_outside_the_folder_is_not_trusted(out):
    manifest = json.loads((out / "manifest.json").read_text())
    manifest["steps"]["01-ingest"] = ["../secret"]
    manifest["outputs"]["../secret"] = hashes.digest(out / "01-ingest.csv")
    (out.parent / "secret").write_text("01-ingest")
    (out / "manifest.json").write_text(json.dumps(manifest))
    assert "01-ingest" in runs(out, NOW)


@pytest.mark.parametrize("text", ["", "{", "[]", "{}", '{"made_from": {}, "steps": {}, "outputs": {}}'])
def test_without_a_manifest_that_can_be_read_everything_runs(out, text):
    (out / "manifest.json").write_text(text)
    assert set(stale.reasons(out, NOW)) == set(stale.STEPS) == runs(out, NOW)


def explained(out, now, phases=None):
    return stale.explained(stale.reasons(out, now, phases), out).splitlines()


def test_the_explanation_has_a_line_for_each_step(out):
    lines = explained(out, NOW | {"notebook: 01-ingest": "other"})
    assert [line.split()[0] for line in lines] == list(STEPS)
    assert lines[0].endswith("runs: notebook: 01-ingest changed")
    assert lines[1].endswith("runs: 01-ingest runs")
    assert lines[-1].endswith("runs: 01-ingest runs; 02-phase-conventional runs; 02-phase-msc runs, and 2 more")
    lines = explained(out, NOW | {"notebook: 04-figures": "other"})
    assert [line.endswith("is up to date") for line in lines] == [True] * 4 + [False] * 2


def test_the_explanation_says_what_may_still_make_a_step_run(out):
    (out / "kept").mkdir()
    record = {"entries": [], "read": {"changes": "of the run before"}}
    (out / "kept" / "04-figures.json").write_text(json.dumps(record))
    steps = {step: [f"{step}.csv"] for step in STEPS}
    (out / "results").mkdir()
    (out / "results" / "changes.csv").touch()
    steps["02-phase-msc"].append("results/changes.csv")
    report_of("liang2020", out, made_from=NOW, steps=steps)
    lines = explained(out, NOW | {"notebook: 02-phase": "other"})
    assert lines[4].endswith("is up to date, unless what it reads of 02-phase-msc changes")
    assert lines[3].endswith("is up to date")


def test_the_explanation_is_of_the_phases_of_today(out):
    now = NOW | {"input: cases/liang2020/case.yaml": "a phase was renamed"}
    lines = explained(out, now, ["conventional", "cells"])
    assert [line.split()[0] for line in lines] == ["01-ingest", "02-phase-cells", "02-phase-conventional", *STEPS[3:]]
    assert lines[1].endswith("runs: there is no result yet")
    assert "02-phase-msc" not in "".join(lines)
    (out / "manifest.json").unlink()
    lines = explained(out, now, ["cells"])
    assert [line.split()[0] for line in lines] == ["01-ingest", "02-phase-cells", *STEPS[3:]]


def test_asking_imports_nothing_slow():
    modules = "casereport.cli, casereport.run.pipeline, casereport.case.place, casereport.files.paths"
    code = f"import sys, {modules}; print(' '.join(sys.modules))"
    names = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    assert not {"pandas", "numpy", "papermill", "nbformat", "jsonschema", "pydantic", "yaml", "asyncio"} & set(names)


def test_a_report_that_was_moved_aside_when_the_machine_stopped_comes_back(tmp_path):
    """Where a file system cannot exchange two names there is a moment with the report beside its place."""
    (tmp_path / ".out.building" / "old").mkdir(parents=True)
    (tmp_path / ".out.building" / ".casereport").touch()
    (tmp_path / ".out.building" / "old" / "report.html").write_text("the earlier")
    with output.building(tmp_path / "out"):
        assert (tmp_path / "out" / "report.html").read_text() == "the earlier"
    assert [p.name for p in tmp_path.iterdir()] == ["out"]


@pytest.mark.parametrize("exchange", [True, False])
def test_a_report_is_replaced_whole(tmp_path, monkeypatch, exchange):
    if not exchange:
        monkeypatch.setattr(output, "_exchange", lambda one, other: False)
    for text in ("first", "second"):
        with output.alone(tmp_path / "out"), output.building(tmp_path / "out") as folder:
            (folder / "report.html").write_text(text)
            report_of("liang2020", folder)
            output.put(folder, tmp_path / "out")
    assert (tmp_path / "out" / "report.html").read_text() == "second"
    assert [p.name for p in tmp_path.iterdir()] == ["out"]


def test_the_exit_of_a_forked_kernel_is_known():
    ended = Forked(os.posix_spawn(sys.executable, [sys.executable, "-c", "raise SystemExit(3)"], os.environ))
    assert ended.wait() == 3
    ended.kill()  # its number may be another's by now: nothing is sent
    assert ended.poll() == 3
    killed = Forked(os.posix_spawn(sys.executable, [sys.executable, "-c", "import time; time.sleep(60)"], os.environ))
    with pytest.raises(subprocess.TimeoutExpired):
        killed.wait(0.01)
    killed.kill()
    assert killed.wait() == -9


@pytest.mark.parametrize("name", [".git/index", ".DS_Store", "~$labs.xlsx", "Thumbs.db", "notes.txt", "scans/a.pdf"])
def test_what_is_no_part_of_a_case_makes_nothing_stale(leng, name):
    before = stale.report_made_from(str(leng), {})
    (leng / name).parent.mkdir(exist_ok=True)
    (leng / name).write_text("x")
    assert stale.changes(before, stale.report_made_from(str(leng), {})) == {}


@pytest.mark.parametrize("name", [".git/index", ".DS_Store", "~$labs.xlsx", "Thumbs.db", ".~lock.labs.xlsx#"])
def test_what_programs_leave_in_a_case_folder_refuses_nothing(leng, name):
    (leng / name).parent.mkdir(exist_ok=True)
    (leng / name).write_bytes(b"\0\xff John Smith")
    assert validate(str(leng)).problems == []


def test_the_parts_of_a_case_are_its_tables_and_what_else_is_read():
    assert set(PARTS) == {"case.yaml", "narrative.md", "truth.csv", "pictures.csv", *FILES, *TABLES}


def test_git_that_is_not_there_is_said_and_makes_nothing_stale(out, monkeypatch, capsys):
    monkeypatch.setenv("PATH", "")
    hashes._tell_once.cache_clear()
    now = stale.report_made_from("liang2020", {})
    assert now["commit"] == "" and runs(out, now) == set()
    assert "the commit of the project is not known" in capsys.readouterr().err
