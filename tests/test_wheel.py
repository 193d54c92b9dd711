"""The package as others install it: a wheel in an environment outside of the checkout, used from a folder of theirs."""

import json
import os
import shutil
import subprocess
import sys
import sysconfig
import zipfile
from pathlib import Path

import pytest

from casereport.files import hashes
from casereport.files.paths import BUNDLED, ROOT

PARTS = ("src", "data", "notebooks", "pyproject.toml", "README.md", "LICENSE", "requirements.lock", ".gitignore")


def ran(*words, folder, expected=0):
    """What a command wrote that was run in the folder, with what our libraries give Jupyter."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    done = subprocess.run(
        list(map(str, words)), cwd=folder, env=environment, text=True, stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT, timeout=600,
    )  # fmt: skip
    assert done.returncode == expected, done.stdout
    return done.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    """The wheel of a checkout in which a patient's case lies among the project's."""
    checkout, built = tmp_path_factory.mktemp("checkout"), tmp_path_factory.mktemp("built")
    for part in PARTS:
        copy = shutil.copytree if (ROOT / part).is_dir() else shutil.copy
        copy(ROOT / part, checkout / part)
    shutil.copytree(checkout / "data" / "cases" / "leng2020", checkout / "data" / "cases" / "patient-7")
    ran(sys.executable, "-P", "-m", "hatchling", "build", "-t", "wheel", "-d", built, folder=checkout)
    (found,) = built.iterdir()
    return found


@pytest.fixture(scope="module")
def installed(wheel, tmp_path_factory):
    """The Python of an environment with the wheel, and with the libraries of this one."""
    folder = tmp_path_factory.mktemp("environment")
    ran(sys.executable, "-P", "-m", "venv", "--without-pip", folder, folder=folder)
    python = folder / "bin" / "python"
    (site(folder) / "libraries.pth").write_text(sysconfig.get_path("purelib"), encoding="utf-8")
    (folder / "share").mkdir(exist_ok=True)
    (folder / "share" / "jupyter").symlink_to(Path(sys.prefix) / "share" / "jupyter")  # what the libraries bring there
    pip = [sys.executable, "-P", "-m", "pip", "--python", python, "install", "--quiet", "--no-deps", "--no-index"]
    ran(*pip, "--disable-pip-version-check", wheel, folder=folder)
    return python


def site(environment):
    return Path(sysconfig.get_path("purelib", vars={"base": str(environment), "platbase": str(environment)}))


def test_the_wheel_has_the_projects_data_and_notebooks_and_no_patient(wheel):
    shipped = "casereport/shipped/"
    names = [n.removeprefix(shipped) for n in zipfile.ZipFile(wheel).namelist() if n.startswith(shipped)]
    assert {n.split("/")[2] for n in names if n.startswith("data/cases/")} == {
        *BUNDLED, "byiers2014", "analytes.csv", "interventions.csv",
    }  # fmt: skip
    beside = [p for folder in ("data/reference", "notebooks") for p in (ROOT / folder).iterdir() if p.is_file()]
    beside += [ROOT / "data" / "analytes.csv", ROOT / "data" / "interventions.csv", ROOT / "requirements.lock"]
    assert {p.relative_to(ROOT).as_posix() for p in beside} <= set(names)


def test_the_installed_package_begins_checks_and_reports_a_case_in_the_current_folder(installed, tmp_path):
    command = installed.with_name("casereport")
    before = files(site(installed.parents[1]))
    ran("git", "init", "--quiet", folder=tmp_path)  # a checkout, and not ours
    author = ["-c", "user.name=a", "-c", "user.email=a@b"]
    ran("git", *author, "commit", "--quiet", "--allow-empty", "-m", "first", folder=tmp_path)

    assert ran(command, "new", "my-case", folder=tmp_path).startswith(f"{tmp_path}/data/cases/my-case\n")
    (tmp_path / "labs.csv").write_text("test,unit,day 1,day 2\nferritin,ng/mL,500,600\n", encoding="utf-8")
    assert "2 values understood, 2 of them new" in ran(
        command, "import", "labs.csv", "--into", "my-case", folder=tmp_path
    )
    assert "2 observations" in ran(command, "validate", "my-case", folder=tmp_path)
    assert "lists no claims" in ran(command, "audit", "my-case", folder=tmp_path)
    assert ran(command, "report", "my-case", folder=tmp_path) == "reports/my-case/report.html\n"
    assert "is up to date" in ran(command, "report", "data/cases/my-case", folder=tmp_path)

    page = (tmp_path / "reports" / "my-case" / "report.html").read_text(encoding="utf-8")
    assert "Ferritin" in page
    manifest = json.loads((tmp_path / "reports" / "my-case" / "manifest.json").read_text(encoding="utf-8"))
    assert (manifest["commit"], manifest["made_from"]["commit"]) == (None, "")
    assert "cases/my-case/observations.csv" in manifest["inputs"]
    assert files(site(installed.parents[1])) == before


def test_the_installed_package_knows_its_own_cases_and_leaves_them_as_they_are(installed, tmp_path):
    command = installed.with_name("casereport")
    (tmp_path / "labs.csv").write_text("test,unit,day 1,day 2\nferritin,ng/mL,500,600\n", encoding="utf-8")
    said = ran(command, "import", "labs.csv", "--into", "leng2020", folder=tmp_path, expected=2)
    assert "a case of your own; this one is part of casereport" in said
    assert "leng2020: " in ran(command, "validate", "leng2020", folder=tmp_path)
    assert "lag_days" in ran(command, "parameters", folder=tmp_path)
    assert "ferritin" in ran(command, "analytes", "ferritin", folder=tmp_path)
    assert [p.name for p in tmp_path.iterdir()] == ["labs.csv"]


def files(folder):
    """The hashes of what lies there, but for what Python itself compiles."""
    return {name: value for name, value in hashes.hashes(folder).items() if "__pycache__" not in name}
