"""What tests share: the folders, a case folder that can be spoiled, and one built report."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import settings

from casereport.files.paths import DATA, ROOT

settings.register_profile("facts", derandomize=True, deadline=None)
settings.load_profile("facts")

SHARED = ROOT.parent / "shared"
CHROMIUM = shutil.which("chromium")
# without these, a headless Chromium asks its maker's servers for updates and variations
QUIET = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip


@pytest.fixture
def shared() -> Path:
    """The published facts beside the project; a fresh clone elsewhere has none."""
    if not SHARED.is_dir():
        pytest.skip("the published facts (../shared) are not on this machine")
    return SHARED


@pytest.fixture
def data_dir(tmp_path: Path) -> Path:
    """A data directory of its own, with the vocabulary and a copy of leng2020 to change."""
    folder = tmp_path / "data"
    shutil.copytree(DATA / "cases" / "leng2020", folder / "cases" / "leng2020")
    for table in ("analytes.csv", "interventions.csv"):
        shutil.copy(DATA / table, folder / table)
    return folder


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The report of the default case, built once for each worker that asks (one, by the xdist group)."""
    from casereport.run.pipeline import run

    out = tmp_path_factory.mktemp("reports") / "peng2020"
    run("peng2020", "data", out, {})
    return out


# enough analytes for every kind of mark, table and verdict; with all of them the pages differ in length only
SOME = {
    "leng2020": "lymphocytes,crp,procalcitonin,ast,respiratory_rate,spo2_air",
    "simulated-cp-msc": "lymphocytes,crp,ferritin",
}


@pytest.fixture(scope="session")
def bundled(built: Path, tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Path]:
    """report.html of a bundled case, put together once for each worker that asks (one, by the xdist group).

    With some of its analytes, unless `whole`.
    """
    from assembly import assemble

    pages = {("peng2020", False): built / "report.html", ("peng2020", True): built / "report.html"}

    def page(case: str, whole: bool = False) -> Path:
        if (case, whole) not in pages:
            analytes = "" if whole else SOME.get(case, "")
            pages[case, whole] = assemble(case, tmp_path_factory.mktemp(case), analytes=analytes)
        return pages[case, whole]

    return page


@pytest.fixture(scope="session")
def browser():
    """Debian's Chromium without a window."""
    if CHROMIUM is None:
        pytest.skip("no chromium on this machine (Debian's package of that name)")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        yield browser
        browser.close()
