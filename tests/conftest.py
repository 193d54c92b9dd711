"""What tests share: the folders, a case folder that can be spoiled, and reports that are made once for all of them."""

import gc
import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

from casereport.files.hashes import hashes
from casereport.files.paths import DATA, ROOT
from casereport.run import notebooks, output
from casereport.run.surroundings import ONE_THREAD

os.environ |= ONE_THREAD  # as in a run, before numpy: threads that wait for each other took ten times as long
notebooks.papermill()  # before a test imports nbformat, which else reads a grammar of internet names for over a second

settings.register_profile("facts", derandomize=True, deadline=None)
settings.load_profile("facts")

gc.set_threshold(20_000)  # as in a run: figures make objects by the thousand, and few are garbage

SHARED = ROOT.parent / "shared"
CHROMIUM = shutil.which("chromium")
# without these, a headless Chromium asks its maker's servers for updates and variations
QUIET = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip

# whose tests draw or run something
LONG = ("test_wheel.py", "figures", "cohort", "report", "run")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The quick tests come first; each file is the work of one process, which makes what its tests share once."""

    def place(item: pytest.Item) -> int:
        room = item.path.relative_to(Path(__file__).parent).parts[0]
        return LONG.index(room) if room in LONG else -1

    items.sort(key=place)


@pytest.fixture
def shared() -> Path:
    """The published facts beside the project; a fresh clone elsewhere has none."""
    if not SHARED.is_dir():
        pytest.skip("the published facts (../shared) are not on this machine")
    return SHARED


@pytest.fixture
def leng(tmp_path: Path) -> Path:
    """A copy of leng2020 to change, outside the project."""
    return shutil.copytree(DATA / "cases" / "leng2020", tmp_path / "cases" / "leng2020")


@pytest.fixture
def data_dir(leng: Path) -> Path:
    """The folder above the cases of `leng`, for tests that ask for it so."""
    return leng.parents[1]


Once = Callable[[str, Callable[[Path], object]], Path]


@pytest.fixture(scope="session")
def once(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Once]:
    """`once(name, fill)` is the folder of this name, filled by whichever worker asks first and shared by all.

    A test that changes what is in it copies it first; one that does not is found out at the end.
    """
    mine = tmp_path_factory.getbasetemp()
    root = (mine.parent if "PYTEST_XDIST_WORKER" in os.environ else mine) / "once"
    found: dict[Path, dict[str, str]] = {}

    def folder(name: str, fill: Callable[[Path], object]) -> Path:
        place = root / name
        with output.alone(place):
            if not (place / "whole").exists():
                shutil.rmtree(place, ignore_errors=True)
                place.mkdir(parents=True)
                fill(place)
                (place / "whole").touch()
        found.setdefault(place, hashes(place))
        return place

    yield folder
    for place, before in found.items():
        assert hashes(place) == before, f"a test has changed {place}, which others use too"


@pytest.fixture(scope="session")
def built(once: Once) -> Path:
    """The report of the default case, as a run makes it."""
    from casereport.run.pipeline import run

    return once("built", lambda folder: run("peng2020", folder / "peng2020", {})) / "peng2020"


@pytest.fixture(scope="session")
def bundled(request: pytest.FixtureRequest, once: Once) -> Callable[..., Path]:
    """report.html of a bundled case in the folder of its results, with some of its analytes unless `whole`."""
    from assembly import SOME, assemble

    def page(case: str, whole: bool = False) -> Path:
        if case == "peng2020":
            return request.getfixturevalue("built") / "report.html"
        analytes = "" if whole else SOME.get(case, "")
        name = f"{case}-whole" if whole else case
        return once(name, lambda folder: assemble(case, folder / case, analytes=analytes)) / case / "report.html"

    return page


@pytest.fixture(scope="session")
def extended(once: Once, built: Path) -> Path:
    """report.html of the default case with things of somebody's own in every section."""
    from ones_own import extend

    return once("extended", lambda folder: extend(built, folder / "peng2020")) / "peng2020" / "report.html"


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


Opened = Callable[..., Any]


@pytest.fixture(scope="session")
def opened(browser) -> Opened:
    """`opened(path, width)` is a page of the browser with this file in it, for one test after the other the same page.

    What it says to the console is in its `said`, what it asks for in its `asked`. Options of the browser's context,
    such as `java_script_enabled`, have a page of their own.
    """
    pages: dict[str, Any] = {}

    def page_with(path: Path, width: int, color_scheme: str = "light", **options: object) -> Any:
        if (key := str(options)) not in pages:
            page = pages[key] = browser.new_page(reduced_motion="reduce", **options)
            page.said, page.asked = [], []
            page.on("console", lambda message: page.said.append(message.text))
            page.on("pageerror", lambda error: page.said.append(str(error)))
            page.on("dialog", lambda dialog: (page.said.append(dialog.message), dialog.dismiss()))
            page.on("request", lambda request: page.asked.append(request.url))
        page = pages[key]
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(media="screen", color_scheme=color_scheme)
        page.mouse.move(1, 1)
        page.goto("about:blank")
        page.said.clear()
        page.asked.clear()
        page.goto(path.as_uri())
        return page

    return page_with
