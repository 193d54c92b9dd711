"""Whose code runs: that of the project and of what it has installed, and nobody else's."""

import importlib.metadata
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest

from casereport.files.paths import DATA, ROOT
from toy_command import START
from toys import toys

HERE = Path(__file__).parents[1]
COMMAND = [str(Path(sys.executable).with_name("casereport"))]
# what a kernel imports that no process before it has imported: the first from Python, the second from a package
LATE = """
import colorsys, subprocess, sys
from mpl_toolkits import axisartist
subprocess.run([sys.executable, "-c", "import wave"])
"""


@pytest.fixture
def received(tmp_path):
    """A case as somebody sent it: a module of every name that could be imported, and settings of all that has any."""
    folder = tmp_path / "leng2020"
    shutil.copytree(DATA / "cases" / "leng2020", folder)
    ran = tmp_path / "ran"
    code = f"with open({str(ran)!r}, 'a') as file: file.write(__name__ + chr(10))\n"
    names = {*sys.stdlib_module_names, *importlib.metadata.packages_distributions()}
    names |= {"sitecustomize", "usercustomize", "casereport", "ipython_config", "ipython_kernel_config"}
    names |= {f"jupyter{part}_config" for part in ("", "_server", "_nbconvert")}
    for name in filter(str.isidentifier, names):
        (folder / f"{name}.py").write_text(code)
    (folder / "matplotlibrc").write_text("received: settings\n")  # matplotlib names what it does not know
    (folder / ".git").mkdir()
    (folder / ".git" / "HEAD").write_text("ref: refs/heads/main\n")
    (folder / ".git" / "config").write_text(f'[core]\n\tbare = false\n\tfsmonitor = "touch {ran}; false"\n')
    return folder


def said(folder, *words, command=COMMAND, expected=0):
    """What a command wrote that was started in the folder, as by a user who has none of our settings."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    done = subprocess.run(
        [*command, *map(str, words)], cwd=folder, env=environment | {"PYTHONPATH": f"{ROOT / 'src'}:{HERE}"},
        text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=900,
    )  # fmt: skip
    assert not (folder.parent / "ran").exists(), (folder.parent / "ran").read_text()
    assert "matplotlibrc" not in done.stdout, done.stdout
    assert done.returncode == expected, done.stdout
    return done.stdout


def with_toys(tmp_path, setting="pass"):
    """The command with small notebooks, which import what no process before them has."""
    notebooks = toys(tmp_path / "notebooks", ingest=LATE, report=LATE)
    main = f"import casereport.run.workers as w; {setting}; {START}"
    return [sys.executable, "-P", "-c", main, str(notebooks)]


def test_the_modules_of_a_received_folder_would_be_imported_by_a_python_that_is_started_there(received):
    subprocess.run([sys.executable, "-c", "import random"], cwd=received, env={})
    assert "random" in (received.parent / "ran").read_text()


def test_no_code_of_the_current_folder_runs_where_a_case_is_checked_or_added_to(received):
    said(received, "validate", ".")
    said(received, "audit", ".")
    (received / "labs.csv").write_text("test,unit,day 1,day 2\nferritin,ng/mL,500,600\n")
    said(received, "import", "labs.csv", "--into", ".")


@pytest.mark.parametrize(
    "setting",
    [
        pytest.param("pass", id="forked kernels"),
        pytest.param("w.FORKS = False", id="ordinary kernels", marks=pytest.mark.slow),
    ],
)
def test_no_code_of_the_current_folder_runs_where_a_report_is_made(received, tmp_path, setting):
    said(received, "report", ".", "--out", tmp_path / "out", command=with_toys(tmp_path, setting))
    assert (tmp_path / "out" / "report.html").is_file()


@pytest.mark.slow
def test_no_code_of_the_current_folder_runs_in_the_five_notebooks_nor_in_a_second_build(received, tmp_path):
    said(received, "report", ".", "--out", tmp_path / "out")
    assert "files identical" in said(received, "verify", ".", "--out", tmp_path / "out")


@pytest.mark.slow
@pytest.mark.parametrize("form, program", [("pdf", "chromium"), ("docx", "")])
def test_no_code_of_the_current_folder_runs_where_a_report_is_exported(received, tmp_path, form, program):
    if program and not shutil.which(program):
        pytest.skip(f"no {program} on this machine")
    code = (
        "import sys; from pathlib import Path; import casereport.files.paths as p; p.REPORTS = Path(sys.argv.pop(1)); "
    )
    command = [
        sys.executable,
        "-P",
        "-c",
        code + "from casereport.cli import main; sys.exit(main())",
        str(tmp_path / "reports"),
    ]
    (tmp_path / "reports").mkdir()
    said(received, "export", ".", "--format", form, "--out", tmp_path / f"it.{form}", command=command)
    assert (tmp_path / f"it.{form}").stat().st_size


@pytest.mark.slow
@pytest.mark.parametrize("words", [["--results-only"], []], ids=["results", "reports"])
def test_no_code_of_the_current_folder_runs_in_a_cohort(received, tmp_path, words):
    source = tmp_path / "source"
    source.mkdir()
    cells = [("1", day, "crp", 5 + day, "mg/L") for day in range(5)]
    table = pd.DataFrame(cells, columns=["patient", "day", "analyte", "value", "unit"])
    table.to_csv(source / "observations.csv", index=False)
    said(received, "cohort", source, "--out", tmp_path / "out", "--workers", "1", *words)
    assert (tmp_path / "out" / "report.html").is_file()
