"""A case folder is somebody else's file: whatever stands in it is shown, nothing of it runs or asks a server."""

import csv
import json
import shutil
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest
from bs4 import BeautifulSoup

from casereport.files.paths import DATA
from casereport.quantities.intervals import in_grammar
from casereport.run.pipeline import run

pytestmark = pytest.mark.xdist_group("hostile")

SCRIPT = '<script>window.ran=1</script><img src="https://example.org/a.png" onerror="window.ran=1">'
BREAKOUT = '"></title></style></details><svg onload="window.ran=1"><a href="javascript:window.ran=1">x</a>'
FORMULA = '=HYPERLINK("https://example.org","x")'
TEMPLATE = "{% raw %}{{ 7*7 }} ${7*7} {{ config }}"
# the privacy gate refuses web addresses, but the author of a case can allow them
ADDRESSES = ("https://example.org", "https://example.org/a.png", "https://example.org/b.png", "https://example.org/c")
ALLOW = [f"  - {{text: {json.dumps(a)}, reason: {json.dumps(SCRIPT)}}}\n" for a in ADDRESSES]


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The output folder of a case with payloads in every text that its author can write."""
    data = tmp_path_factory.mktemp("hostile") / "data"
    shutil.copytree(DATA / "cases" / "peng2020", data / "cases" / "peng2020")
    for table in ("analytes.csv", "interventions.csv"):
        shutil.copy(DATA / table, data / table)
    folder = data / "cases" / "peng2020"
    spoil(data / "analytes.csv", {"Lymphocyte count,Lymphocytes": f"{quoted(SCRIPT)},{quoted('<b>Ly</b>')}"})
    spoil(data / "interventions.csv", {"Convalescent plasma,B05AX03": f"{quoted('Plasma ' + SCRIPT)},B05AX03"})
    spoil(
        folder / "case.yaml",
        {
            "label: Convalescent plasma": f"label: {json.dumps('<script>window.ran=1</script>')}",
            "- every date": f"- {json.dumps(BREAKOUT)}",
            "time_zero: the first": f"time_zero: {json.dumps(SCRIPT)} # the first",
            "consent: null": "consent: null\nallow:\n" + "".join(ALLOW),
            "keywords: [convalescent plasma": f"keywords: [{json.dumps(SCRIPT)}",
            "PMID 32678017": f"{SCRIPT.replace(chr(34), '')} PMID 32678017",
        },
    )
    spoil(folder / "observations.csv", {"Rose on the day after the infusion; no number is given.": quoted(BREAKOUT)})
    spoil(
        folder / "interventions.csv",
        {
            '"later review, its table of studies"': quoted(SCRIPT),
            '"Volume,': f'"{FORMULA.replace(chr(34), chr(34) * 2)} Volume,',
        },
    )
    spoil(folder / "events.csv", {"Infiltrates of both lungs absorbed": quoted("Infiltrates " + BREAKOUT)})
    spoil(folder / "claims.csv", {"Convalescent plasma was then infused": quoted(FORMULA + SCRIPT)})
    links = "[a](javascript:window.ran=1) ![b](https://example.org/b.png) <https://example.org/c>"
    spoil(
        folder / "narrative.md",
        {"# Introduction\n": f"# Introduction\n\n{SCRIPT} {links}\n\n| {BREAKOUT} |\n|---|\n| {SCRIPT} |\n"},
    )
    out = data.parent / "out"
    run("peng2020", str(data), out, {})
    return out


def spoil(path: Path, changes: dict[str, str]) -> None:
    text = path.read_text(encoding="utf-8")
    for old, new in changes.items():
        assert old in text, old
        text = text.replace(old, new)
    path.write_text(text, encoding="utf-8")


def quoted(text: str) -> str:
    return '"' + text.replace('"', '""') + '"'


def test_markup_is_shown_as_text_and_is_no_element(hostile):
    for path in [hostile / "report.html", *sorted((hostile / "notebooks").glob("*.html"))]:
        page = BeautifulSoup(path.read_text(encoding="utf-8"), "html.parser")
        assert len(page.select("script")) == (1 if path.name == "report.html" else 0)  # the page's own
        assert not page.select("[onerror], [onload], img[src^=http], iframe, object")
        assert not [a for a in page.select("a[href]") if a["href"].lower().startswith("javascript")]
    report = BeautifulSoup((hostile / "report.html").read_text(encoding="utf-8"), "html.parser")
    for place in ("header .keywords", "#table-events", "#table-interventions", "#introduction", "#at-a-glance"):
        assert "<script>window.ran=1</script>" in report.select_one(place).text, place


def test_no_cell_of_a_csv_would_run_as_a_formula(hostile):
    cells = []
    for path in hostile.rglob("*.csv"):
        with path.open(encoding="utf-8", newline="") as file:
            cells += [cell for row in csv.reader(file) for cell in row]
    assert any("HYPERLINK" in cell for cell in cells)
    assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@", "\t", "\r")) and not in_grammar(cell)]


def test_drawings_hold_no_element_that_could_run(hostile):
    for path in (hostile / "figures").glob("*.svg"):
        drawing = ET.fromstring(path.read_text(encoding="utf-8"))
        names = {element.tag.rpartition("}")[2].lower() for element in drawing.iter()}
        assert not names & {"script", "image", "foreignobject", "a"}, path.name
        assert not [a for element in drawing.iter() for a in element.attrib if a.lower().startswith("on")], path.name


def test_the_metadata_of_a_notebook_holds_nothing_of_the_case_but_its_name(hostile):
    for path in (hostile / "notebooks").glob("*.ipynb"):
        book = json.loads(path.read_text(encoding="utf-8"))
        about = json.dumps([book["metadata"], *(cell["metadata"] for cell in book["cells"])])
        assert "window.ran" not in about and "example.org" not in about


def test_nothing_ran_and_nothing_was_requested_in_a_browser(hostile, browser):
    pages = [hostile / "report.html", *(hostile / "notebooks").glob("*.html"), *(hostile / "figures").glob("*.svg")]
    for path in sorted(pages):
        page = browser.new_page()
        asked, told = [], []
        page.on("request", lambda request, asked=asked: asked.append(request.url))
        page.on("dialog", lambda dialog, told=told: told.append(dialog.message))
        page.goto(path.as_uri())
        page.evaluate("document.querySelectorAll('details').forEach(folded => { folded.open = true })")
        assert page.evaluate("window.ran") is None, path.name
        assert asked == [path.as_uri()], path.name
        assert told == []
        page.close()
