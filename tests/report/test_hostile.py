"""A case folder is somebody else's file: whatever stands in it is shown, nothing of it runs or asks a server."""

import csv
import json
import re
import shutil
import xml.etree.ElementTree as ET
from pathlib import Path

import pandas as pd
import pytest
from bs4 import BeautifulSoup

from casereport.files.paths import DATA
from casereport.quantities.intervals import in_grammar
from casereport.run.pipeline import run

SCRIPT = '<script>window.ran=1</script><img src="https://example.org/a.png" onerror="window.ran=1">'
BREAKOUT = '"></title></style></details><svg onload="window.ran=1"><a href="javascript:window.ran=1">x</a>'
FORMULA = '=HYPERLINK("https://example.org","x")'
TEMPLATE = "{% raw %}{{ 7*7 }} ${7*7} {{ config }}"
# the privacy gate refuses web addresses, but the author of a case can allow them
ADDRESSES = ("https://example.org", "https://example.org/a.png", "https://example.org/b.png", "https://example.org/c")
ALLOW = [f"  - {{text: {json.dumps(a)}, reason: {json.dumps(SCRIPT)}}}\n" for a in ADDRESSES]
DECLARED = (
    f"authors:\n  - {{name: {json.dumps(SCRIPT)}, affiliations: [{json.dumps(BREAKOUT)}]}}\n"
    f"differential_diagnosis: [{json.dumps(SCRIPT)}]\nlearning_points: [{json.dumps(BREAKOUT)}]\n"
    f"funding: {json.dumps(SCRIPT)}\ndata_availability: {json.dumps(BREAKOUT)}\n"
)
REFERENCE = (
    f"@article{{evil, title = {{{SCRIPT}}}, author = {{{{{BREAKOUT}}}}}, journal = {{{FORMULA}}}, year = 2020}}\n"
)


@pytest.fixture(scope="session")
def hostile(once) -> Path:
    """The report of a case with payloads in every text that its author can write."""
    return once("hostile", lambda place: run(str(spoiled(place)), place / "out", {})) / "out"


def spoiled(place: Path) -> Path:
    folder = shutil.copytree(DATA / "cases" / "peng2020", place / "cases" / "peng2020")
    for path in folder.iterdir():  # its analyte and what opens a phase are of its own vocabulary
        text = path.read_text(encoding="utf-8").replace("convalescent_plasma", "own_plasma")
        path.write_text(re.sub(r"\blymphocytes\b(?=[.,}@ ]|$)", "own_count", text), encoding="utf-8")
    own = f"own_count,{quoted(SCRIPT)},{quoted('<b>Ly</b>')},10*9/L,1.1,3.2,1.1,3.2,{quoted(BREAKOUT)},Haematology"
    head = "analyte,label,short,unit,ref_low_male,ref_high_male,ref_low_female,ref_high_female,reference_source,group"
    (place / "cases" / "analytes.csv").write_text(f"{head}\n{own}\n", encoding="utf-8")
    own = f"own_plasma,{quoted('Plasma ' + SCRIPT)},{quoted(BREAKOUT)}"
    (place / "cases" / "interventions.csv").write_text(f"intervention,label,class\n{own}\n", encoding="utf-8")
    with (folder / "references.bib").open("a", encoding="utf-8") as file:
        file.write(REFERENCE)
    spoil(folder / "narrative.md", {"# Discussion\n": "# Discussion\n\nSee [@evil](javascript:window.ran=1).\n"})
    with (folder / "observations.csv").open("a", encoding="utf-8") as file:  # so that other cases stand beside it
        file.write(f"2,crp,5,mg/L,,,,measured,{quoted(SCRIPT)},\n")
    spoil(
        folder / "case.yaml",
        {
            "label: Convalescent plasma": f"label: {json.dumps('<script>window.ran=1</script>')}",
            "- every date": f"- {json.dumps(BREAKOUT)}",
            "time_zero: the first": f"time_zero: {json.dumps(SCRIPT)} # the first",
            "consent: null": "consent: null\nallow:\n" + "".join(ALLOW) + DECLARED,
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
    # apart from the script: in a block that begins with a tag nothing becomes markup
    links = "[a](javascript:window.ran=1) ![b](https://example.org/b.png) <https://example.org/c>"
    spoil(
        folder / "narrative.md",
        {"# Introduction\n": f"# Introduction\n\n{SCRIPT}\n\n{links}\n\n| {BREAKOUT} |\n|---|\n| {SCRIPT} |\n"},
    )
    return folder


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
    declared = ("header .authors", "#diagnostic-assessment", "#declarations", "#references")
    told = ("header .keywords", "#table-events", "#table-interventions", "#introduction", "#at-a-glance")
    for place in (*told, *declared):
        assert "<script>window.ran=1</script>" in report.select_one(place).text, place


def test_a_picture_of_the_narrative_is_taken_out_and_a_link_of_it_runs_nothing(hostile):
    page = BeautifulSoup((hostile / "report.html").read_text(encoding="utf-8"), "html.parser")
    prose = page.select_one("#introduction")
    assert "[a]" not in prose.text and "![b]" not in prose.text  # both were read as markup
    assert not prose.select("img")
    links = {link.text: link["href"] for link in prose.select("a[href]")}
    assert "javascript" not in links["a"].lower() and links["https://example.org/c"] == "https://example.org/c"


def test_no_cell_of_a_csv_would_run_as_a_formula(hostile):
    cells = []
    for path in hostile.rglob("*.csv"):
        with path.open(encoding="utf-8", newline="") as file:
            cells += [cell for row in csv.reader(file) for cell in row]
    assert any("HYPERLINK" in cell for cell in cells)
    formulas = [cell for cell in cells if cell.startswith(("=", "+", "-", "@", "\t", "\r")) and not in_grammar(cell)]
    assert set(formulas) <= {"-inf"}  # a number of ours: a bound that is not known


def test_drawings_hold_no_element_that_could_run(hostile):
    for path in (hostile / "figures").glob("*.svg"):
        drawing = ET.fromstring(path.read_text(encoding="utf-8"))
        elements = [(element.tag.rpartition("}")[2].lower(), element) for element in drawing.iter()]
        assert not {name for name, _ in elements} & {"script", "foreignobject", "a"}, path.name
        pictures = [value for name, e in elements if name == "image" for key, value in e.items() if "href" in key]
        assert all(picture.startswith("data:image/png;base64,") for picture in pictures), path.name
        assert not [a for element in drawing.iter() for a in element.attrib if a.lower().startswith("on")], path.name


def test_the_metadata_of_a_notebook_holds_nothing_of_the_case_but_its_name(hostile):
    for path in (hostile / "notebooks").glob("*.ipynb"):
        book = json.loads(path.read_text(encoding="utf-8"))
        about = json.dumps([book["metadata"], *(cell["metadata"] for cell in book["cells"])])
        assert "window.ran" not in about and "example.org" not in about


def test_the_results_hold_what_the_case_says_and_the_pages_show_it_as_text(hostile):
    observations = pd.read_csv(hostile / "results" / "observations.csv", dtype=str)
    assert SCRIPT in set(observations["label"])
    for name in ("01-ingest", "02-phase-cp", "03-evidence"):
        page = BeautifulSoup((hostile / "notebooks" / f"{name}.html").read_text(encoding="utf-8"), "html.parser")
        assert SCRIPT in " ".join(cell.text for cell in page.select("td")), name


def test_nothing_ran_and_nothing_was_requested_in_a_browser(hostile, opened):
    pages = [hostile / "report.html", *(hostile / "notebooks").glob("*.html"), *(hostile / "figures").glob("*.svg")]
    for path in sorted(pages):
        page = opened(path, 1440)
        page.evaluate("document.querySelectorAll('details').forEach(folded => { folded.open = true })")
        assert page.evaluate("window.ran") is None, path.name
        assert page.asked == [path.as_uri()], path.name
        assert page.said == [], path.name
