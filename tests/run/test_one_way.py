"""Data flow one way: the first notebook reads the case, the others what was kept, and the last computes nothing."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest
from bs4 import BeautifulSoup

from assembly import execute, put_together
from casereport.files import hashes
from casereport.files.paths import DATA, NOTEBOOKS, ROOT
from casereport.report.kept import NotThere
from casereport.run import stale
from made_up import seen, write_case

TESTS = Path(__file__).parents[1]
ROWS = [seen(day, "crp", value, "mg/L", high="5") for day, value in ((-2, 50), (-1, 40), (1, 9), (2, 3), (4, 2))]


CASE = DATA / "cases" / "peng2020"


@pytest.fixture(scope="module")
def opened(tmp_path_factory) -> dict[str, dict[str, set[str]]]:
    """For each notebook of peng2020 the files that it opened, by what for: `read`, `hash` or `write`."""
    place = tmp_path_factory.mktemp("opened")
    paths = os.pathsep.join([str(TESTS), str(ROOT / "src")])
    command = [sys.executable, str(TESTS / "opens.py"), CASE.name, str(place)]
    subprocess.run(command, env=os.environ | {"PYTHONPATH": paths}, check=True, capture_output=True)
    found = json.loads((place / "opened.json").read_text(encoding="utf-8"))
    return {name: {how: {p for p, h in files if h == how} for how in ("read", "hash", "write")}
            for name, files in found.items()}  # fmt: skip


def test_the_first_notebook_alone_reads_the_case_and_the_others_only_look_whether_it_has_changed(opened):
    def of_case(paths: set[str]) -> set[str]:
        return {Path(p).name for p in paths if Path(p).parent == CASE}

    files = {path.name for path in CASE.iterdir()}
    assert of_case(opened["01-ingest"]["read"]) == files
    others = [name for name in opened if name != "01-ingest"]
    assert len(others) == 6  # it has three phases
    for name in others:
        assert of_case(opened[name]["read"] | opened[name]["write"]) == set(), name
        assert of_case(opened[name]["hash"]) == files, name


def test_the_report_writes_no_result(opened):
    assert opened["05-report"]["write"] == set()
    assert any(path.endswith("results/effects.csv") for path in opened["03-evidence"]["write"])


def test_every_file_that_a_notebook_reads_is_among_those_that_are_hashed(opened):
    """Else a change to it would go unseen."""
    ours = {Path(p) for files in opened.values() for p in files["read"] if p.startswith(f"{ROOT}{os.sep}")}
    read = {str(p) for p in ours if not {"__pycache__", ".git", ".venv", "tests", "notebooks"} & set(p.parts)}
    hashed = {str(p) for p in hashes._inputs(CASE.name).values()}
    package = {p for p in read if p.startswith(str(ROOT / "src"))}
    assert {"base_rates.csv", "operating_characteristics.csv"} <= {Path(p).name for p in read}
    assert read - package - hashed - {str(ROOT / "requirements.lock")} == set()
    now = stale.report_made_from(CASE.name, {})
    code = {p.removeprefix(str(ROOT / "src" / "casereport") + os.sep) for p in package}
    assert code and code <= {k.removeprefix("code: ") for k in now}


def test_the_report_says_what_was_kept_and_computes_nothing_anew(built, tmp_path):
    """Whatever another notebook had kept in its place would stand in the report."""
    out = shutil.copytree(built, tmp_path / "report")
    for name, column, value in (
        ("audit", "evidence", "another finding"), ("sources", "events", "77"),
        ("care", "finding", "another gap"),
    ):  # fmt: skip
        path = out / "results" / f"{name}.csv"
        was = hashes.digest(path)
        table = pd.read_csv(path, dtype=str, keep_default_na=False)
        table[column] = value
        table.to_csv(path, index=False)
        for record in (out / "kept").iterdir():  # as if those that read it had read this
            record.write_text(record.read_text("utf-8").replace(was, hashes.digest(path)), "utf-8")
    page = BeautifulSoup(put_together("peng2020", out).read_text("utf-8"), "html.parser")
    for table, said in (
        ("audit", "another finding"), ("sources", "77"), ("care", "another gap"),
    ):  # fmt: skip
        assert said in page.select_one(f"#table-{table}").text, table


LATER = ("02-phase", "03-evidence", "04-figures", "05-report")


@pytest.fixture
def case(tmp_path):
    """A small case, and where its results are."""
    return write_case(tmp_path, ROWS), tmp_path / "out"


def ran(case, *steps: str, **choices: object) -> None:
    folder, out = case
    for step in steps:
        given = {"case": str(folder), "output_dir": str(out), "phase": "after", **choices}
        execute(NOTEBOOKS / f"{step}.ipynb", **given)


@pytest.fixture
def known(once, tmp_path):
    """The same with all that the notebooks before the report keep, which is made once."""

    def made(place: Path) -> None:
        ran((write_case(place, ROWS), place / "out"), "01-ingest", *LATER[:-1])

    place = shutil.copytree(once("small case", made), tmp_path / "known")
    return place / "cases" / "made-up", place / "out"


def refusal(case, step: str, **choices: object) -> str:
    """What a notebook says that does not run; a line, as a notebook shows it."""
    with pytest.raises(NotThere) as stopped:
        ran(case, step, **choices)
    assert stopped.value._render_traceback_() == [str(stopped.value)]
    return str(stopped.value)


@pytest.mark.parametrize("step", LATER)
def test_a_notebook_that_is_run_before_the_first_names_it(case, step):
    said = refusal(case, step)
    assert said == f"nothing is known of {case[0]} yet: run notebooks/01-ingest.ipynb first"


def test_each_notebook_names_the_one_that_it_lacks(case):
    ran(case, "01-ingest")
    assert refusal(case, "04-figures") == "changes is not there yet: run notebooks/03-evidence.ipynb first"
    assert refusal(case, "05-report").endswith("run notebooks/03-evidence.ipynb first")
    ran(case, "03-evidence")
    # that it has kept the figures before the one it stopped at does not make it done
    assert refusal(case, "05-report").endswith("run notebooks/04-figures.ipynb first")


def test_after_the_case_has_changed_every_later_notebook_asks_for_the_first(case):
    ran(case, "01-ingest")
    path = case[0] / "narrative.md"
    path.write_text(path.read_text("utf-8") + "\nMore.\n")
    for step in LATER:
        expected = "cases/made-up/narrative.md has changed since: run notebooks/01-ingest.ipynb first"
        assert refusal(case, step) == expected
    ran(case, "01-ingest", "02-phase")


def test_after_another_lag_what_was_made_of_the_earlier_tables_is_not_taken(known):
    case = known
    ran(case, "01-ingest", lag_days=2)
    said = refusal(case, "04-figures")
    assert said.startswith("changes was made from an earlier ")
    assert said.endswith(": run notebooks/03-evidence.ipynb first")
    said = refusal(case, "05-report")
    assert said.startswith("02-phase-after was run on an earlier ")
    assert said.endswith(": run notebooks/02-phase.ipynb first, with the phase 'after'")
    ran(case, "02-phase")
    assert refusal(case, "05-report").endswith("run notebooks/03-evidence.ipynb first")
    ran(case, "03-evidence")
    assert refusal(case, "05-report").endswith("run notebooks/04-figures.ipynb first")


def test_notebooks_that_were_told_different_things_make_no_report(case):
    ran(case, "01-ingest", "02-phase", "03-evidence", analytes="crp")
    ran(case, "04-figures")
    assert refusal(case, "05-report") == (
        "02-phase-after was run with analytes='crp' and 04-figures with analytes='': run one of them again, with that "
        "of the other"
    )
    ran(case, "04-figures", "05-report", analytes="crp")


def test_what_was_kept_of_a_phase_that_the_case_no_longer_has_is_forgotten(known):
    case = known
    ran(case, "05-report")
    description = case[0] / "case.yaml"
    description.write_text(description.read_text("utf-8").replace("id: after", "id: later"), "utf-8")
    ran(case, "01-ingest", "02-phase", "03-evidence", "04-figures", "05-report", phase="later")
    assert {path.stem for path in (case[1] / "kept").glob("02-*")} == {"02-phase-later"}
