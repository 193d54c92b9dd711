"""The face of the project: what the README promises is there, and the locks hold every way of installing together."""

import re
import subprocess
import tomllib

import pytest
import yaml

from casereport import __version__
from casereport.exchange.notices import notices
from casereport.files.paths import ROOT

LOCKS = ["requirements.lock", "requirements-test.lock", "requirements-export.lock", "requirements-cohort.lock"]


def text(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def locked(name: str) -> dict[str, str]:
    return dict(re.findall(r"^([a-z0-9._-]+)==([^\s;\\]+)", text(name), re.M))


def versions(name: str) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for package, version in re.findall(r"^([a-z0-9._-]+)==([^\s;\\]+)", text(name), re.M):
        found.setdefault(package, set()).add(version)
    return found


@pytest.mark.parametrize("name", LOCKS)
def test_a_lock_has_a_hash_for_every_package_and_names_no_registry(name):
    entries = re.split(r"^(?=[a-z0-9._-]+==)", text(name), flags=re.M)[1:]
    assert len(entries) == len(locked(name)) or len(entries) > len(locked(name))  # one package may have two markers
    assert all("--hash=sha256:" in entry for entry in entries)
    assert "://" not in text(name)
    assert "index-url" not in text(name) and "find-links" not in text(name)


def test_the_lock_holds_every_package_that_the_project_needs():
    project = tomllib.loads(text("pyproject.toml"))["project"]
    names = {re.match(r"[A-Za-z0-9._-]+", d)[0].lower() for d in project["dependencies"]}
    assert names <= set(locked("requirements.lock"))
    assert {"jupyterlab", "papermill", "pandas", "seaborn", "nbconvert"} <= names


def test_conda_and_binder_users_get_the_same_versions_through_the_same_lock():
    environment = yaml.safe_load(text("environment.yml"))
    *packages, pip = environment["dependencies"]
    assert pip == {"pip": ["--requirement requirements.lock"]}
    python = next(p for p in packages if p.startswith("python="))
    version = tuple(map(int, python.partition("=")[2].split(".")))
    assert (3, 11) <= version <= (3, 13)
    assert {p.partition("=")[0] for p in packages} == {"python", "pip"}  # nothing else gets a version elsewhere
    assert "--no-deps --editable ." in text("postBuild")


def test_tests_run_on_the_same_versions_as_reports():
    report, *others = (versions(name) for name in LOCKS)
    for other in others:  # a package may have a version for each Python, and another lock need only one of them
        assert {n: v for n, v in other.items() if n in report and not v <= report[n]} == {}


def test_the_version_is_stated_once_in_three_places():
    assert tomllib.loads(text("pyproject.toml"))["project"]["version"] == __version__
    assert yaml.safe_load(text("CITATION.cff"))["version"] == __version__


def test_make_alone_lists_its_targets():
    listed = subprocess.run(["make", "-C", str(ROOT)], capture_output=True, text=True, check=True).stdout
    for target in ("report", "test", "lab", "new", "validate", "clean", "help"):
        assert f"make {target} " in listed


def documents():
    return [ROOT / "README.md", ROOT / "CONTRIBUTING.md", ROOT / "notebooks/README.md", *ROOT.glob("docs/*.md")]


def test_every_make_target_of_the_documentation_exists():
    targets = set(re.findall(r"^([a-z-]+):", text("Makefile"), re.M))
    for path in documents():
        assert set(re.findall(r"(?:^    |`)make ([a-z-]+)", path.read_text("utf-8"), re.M)) <= targets, path


def anchors(path):
    """The headings of a document as GitHub makes links of them."""
    return {re.sub(r"[^\w -]", "", h.lower()).replace(" ", "-") for h in re.findall(r"(?m)^#+ (.+)", path.read_text())}


def test_every_link_of_the_documentation_leads_somewhere():
    for path in documents():
        for link, anchor in re.findall(r"\]\((?!http)([^)#]*)#?([^)]*)\)", path.read_text("utf-8")):
            target = path.parent / link if link else path
            assert target.exists() and (not anchor or anchor in anchors(target)), (path.name, link, anchor)


def test_the_codes_of_others_keep_their_terms_in_the_licence_and_in_every_export():
    licence, said = " ".join(text("LICENSE").split()), " ".join(notices(True, True, True))
    for words in ("https://loinc.org/license", "https://ucum.org", "registered trademark of Regenstrief Institute"):
        assert words in licence and words in said
    assert "distribution for commercial purposes" in said and "distribution for commercial purposes" in licence
    assert "None of these is part of what is given under CC BY 4.0 here" in licence
    assert "the ATC codes are not for commercial use" in text("README.md")
    assert notices(False, True, False) == [notices(True, True, True)[1]]


def test_nothing_generated_is_in_git():
    tracked = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True).stdout.split()
    if not tracked:
        pytest.skip("not a checkout")
    assert [f for f in tracked if f.startswith("reports/")] == ["reports/README.md"]


def test_a_case_of_ones_own_does_not_enter_git_by_mistake():
    if not (ROOT / ".git").exists():
        pytest.skip("not a checkout")
    command = ["git", "check-ignore", "data/cases/my-case/case.yaml", "data/cases/my-case.xlsx"]
    assert len(subprocess.run(command, cwd=ROOT, capture_output=True, text=True).stdout.split()) == 2
    bundled = ["git", "check-ignore", "data/cases/peng2020/case.yaml", "data/cases/leng2020/new.csv"]
    assert subprocess.run(bundled, cwd=ROOT, capture_output=True, text=True).stdout == ""


def test_the_way_to_a_case_of_ones_own_has_at_most_eight_steps():
    own = text("README.md").partition("## Your own case")[2].partition("\n## ")[0]
    assert 1 <= len(re.findall(r"^\d+\. ", own, re.M)) <= 8


def test_a_source_file_is_one_job():
    for path in [*ROOT.glob("src/**/*.py"), *ROOT.glob("tests/**/*.py")]:
        assert len(path.read_text(encoding="utf-8").splitlines()) <= 400, path
