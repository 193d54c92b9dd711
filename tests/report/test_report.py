"""The report: CARE order, every figure described, no request to a server, no number that the case does not hold."""

import base64
import hashlib
import io
import json
import re
from functools import cache

import pandas as pd
import pytest
from bs4 import BeautifulSoup

from casereport.files.paths import DATA
from casereport.files.tables import read_text
from casereport.report.kept import Results
from casereport.report.sections import open_report
from casereport.report.titles import SECTIONS


@pytest.fixture(scope="module")
def page(built):
    return soup_of(built / "report.html")


@cache
def soup_of(path):
    return BeautifulSoup(path.read_text(encoding="utf-8"), "html.parser")


def test_the_sections_are_in_care_order(page):
    assert [s["id"] for s in page.select("main > section")] == list(SECTIONS)
    care = [
        "abstract",
        "introduction",
        "patient-information",
        "clinical-findings",
        "timeline",
        "diagnostic-assessment",
        "therapeutic-intervention",
        "follow-up-and-outcomes",
        "discussion",
        "patient-perspective",
        "informed-consent",
    ]
    assert [s for s in SECTIONS if s in care] == care


def test_the_contents_link_to_every_section(page):
    assert [a["href"] for a in page.select("nav.contents ol.sections a")] == [f"#{s}" for s in SECTIONS]


def test_the_contents_link_to_every_figure_and_every_table(page):
    listed = {a["href"] for a in page.select("nav.contents details details a")}
    numbered = page.select("figure[id], [id^=table-]")
    assert listed == {f"#{e['id']}" for e in numbered}
    assert {a["href"] for a in page.select("#table-audit tbody td:first-child a")} == {
        f"#{row['id']}" for row in page.select("#table-audit tbody tr")
    }


@pytest.mark.parametrize("case", ["peng2020", "leng2020"])
def test_every_figure_has_a_description_and_its_data_as_a_table_and_as_a_file_in_the_page(case, bundled):
    path = bundled(case)
    for figure in soup_of(path).select("figure"):
        name = figure["id"].removeprefix("figure-")
        folded = figure.select_one("details.figure-data")
        assert len(folded.select_one("p").text) > 20
        csv = (path.parent / "figures" / f"{name}.csv").read_bytes()
        link = folded.select_one("a[download]")
        assert link["download"] == f"{name}.csv"
        assert base64.b64decode(link["href"].partition("base64,")[2]) == csv
        assert len(folded.select("tbody tr")) == len(pd.read_csv(io.BytesIO(csv)))


def test_every_link_inside_the_page_has_its_target(page):
    ids = {e["id"] for e in page.select("[id]")}
    for link in page.select('a[href^="#"]'):
        assert link["href"][1:] in ids, link


def test_every_id_is_there_once(page):
    ids = [e["id"] for e in page.select("[id]")]
    assert len(ids) == len(set(ids))


def test_every_link_to_a_file_has_its_file(built):
    for path in [built / "report.html", *(built / "notebooks").glob("*.html")]:
        for link in soup_of(path).select("a[href]"):
            href = link["href"].partition("#")[0]
            if href and not href.startswith(("https://doi.org/", "data:text/csv")):
                assert (path.parent / href).is_file(), (path.name, href)


def test_a_link_to_a_notebook_leads_to_the_cell_that_kept_the_thing(page, built):
    shown = page.select("figure[id], [id^=table-]")
    links = {box["id"].partition("-")[2]: box.select_one('a[href^="notebooks/"]')["href"] for box in shown}
    assert len(shown) > 6
    for name, link in links.items():
        path, _, anchor = link.partition("#")
        kept = json.loads((built / path).with_suffix(".ipynb").read_text(encoding="utf-8"))
        cell = soup_of(built / path).select_one(f"[id='{anchor}']").find_parent(class_="cell")
        source = next("".join(c["source"]) for c in kept["cells"] if c["id"] == cell["id"])
        assert anchor == f"kept-{name}" and "keep(" in source, link


def test_every_link_to_a_place_in_a_notebook_has_its_place(page, built):
    links = {tuple(a["href"].split("#")) for a in page.select('a[href^="notebooks/"]') if "#" in a["href"]}
    places = {path: {e["id"] for e in soup_of(built / path).select("[id]")} for path, _ in links}
    assert links and [link for link in links if link[1] not in places[link[0]]] == []


def test_the_pages_ask_no_server_for_anything(built):
    for path in [built / "report.html", *(built / "notebooks").glob("*.html")]:
        soup = soup_of(path)
        assert not soup.select("iframe, object, embed, link[rel=stylesheet], base, form, script[src]")
        for element in soup.select("[src], [srcset], [poster], [data]"):
            assert (element.get("src") or element.get("srcset", "")).startswith("data:"), element.name
            assert len(element.get("srcset", "").split()) <= 1, element.name  # one source, one address
        for element in soup.select("[href]"):
            if element.name not in ("a",):
                assert element["href"].startswith(("#", "data:")), element
        for style in soup.select("style"):
            assert "@import" not in style.text
            assert style.text.count("url(") == style.text.count("url(#")  # of the page itself
        policy = soup.select_one('meta[http-equiv="Content-Security-Policy"]')["content"]
        assert policy.startswith("default-src 'none'")
        assert "connect-src" not in policy  # what is not named falls back to none
        scripts = [base64.b64encode(hashlib.sha256(s.text.encode()).digest()).decode() for s in soup.select("script")]
        allowed = re.findall(r"script-src ([^;]*)", policy)
        assert allowed == [f"'sha256-{digest}'" for digest in scripts]  # the page's own script and no other


def test_figures_and_tables_are_numbered_from_1_in_order_and_captioned(page):
    for kind, selector in (("Figure", "figcaption .label"), ("Table", "caption .label")):
        labels = [e.text for e in page.select(selector)]
        assert labels == [f"{kind} {i}." for i in range(1, len(labels) + 1)]


def test_every_figure_says_what_can_be_seen(page):
    pictures = page.select("figure .picture")
    wide = page.select("figure .picture:not(.phone)")
    assert len(wide) == 2  # at a glance and timeline: no values to compare, and no course
    for picture in pictures:
        assert len(picture["aria-label"]) > 60
        assert picture.select_one("svg")["aria-hidden"] == "true"  # the label speaks for it


def test_every_image_of_a_notebook_page_has_its_alt_text(built):
    for path in (built / "notebooks").glob("*.html"):
        for image in soup_of(path).select("img"):
            assert "No description" not in image["alt"]
            assert len(image["alt"]) > 40


def test_no_code_is_in_the_report_and_it_is_folded_in_the_notebooks(page, built):
    assert "import casereport" not in page.text
    notebook = soup_of(built / "notebooks" / "01-ingest.html")
    assert "import casereport" in " ".join(code.text for code in notebook.select("details.code:not([open]) pre"))


def numbers(text):
    return set(re.findall(r"\d+(?:\.\d+)?", text))


def test_no_number_of_the_default_report_is_missing_from_its_case_folder(built):
    page = BeautifulSoup((built / "report.html").read_text(encoding="utf-8"), "html.parser")
    # set aside: how the report was made, other cases, what is from the reference tables and says so, drawn axes,
    # numbers of figures and tables, counts of rows, and codes
    aside = (
        "script, style, title, nav, svg, footer, sup, th small, .label, .ref, .count, .links, .reference, "
        "#how-it-was-made, "
    )
    aside += "#comparators, #care, #figure-sensitivity, #table-events td:first-child"
    for element in page.select(aside):
        element.decompose()
    said = page.get_text(" ") + " ".join(e["aria-label"] for e in page.select(".picture"))
    said = re.sub(r"×10[⁹⁶]", "", said)  # the power in a unit
    said = said.replace("WS/T 405-2012", "")  # the standard that a default range is from
    held = "".join(read_text(f, f.name) for f in sorted((DATA / "cases" / "peng2020").iterdir()))
    events = {str(i) for i in range(1, 9)}  # the alt text of the timeline numbers its events
    assert numbers(said) - numbers(held) - events == set()


def test_what_is_not_known_is_said(page):
    glance = page.select_one("#at-a-glance").text
    assert "No measured value" in glance
    assert "Age and sex not reported" in glance
    for gap in ("every date", "drug doses", "every laboratory value"):
        assert gap in glance


def test_each_row_of_the_default_case_shows_its_evidence_and_locator(page):
    for row in page.select("#table-events tbody tr, #table-interventions tbody tr"):
        assert row.select_one(".evidence").text in ("reported", "inferred", "secondary")
        assert "abstract" in row.text or "review" in row.text or "title" in row.text


def test_a_draft_says_so(page):
    assert page.select_one(".status").text == "draft"


@pytest.mark.parametrize(
    ("case", "fewest"),
    [("leng2020", 40), *(pytest.param(c, 40, marks=pytest.mark.slow) for c in ("simulated-cp-msc", "liang2020"))],
)
def test_a_measured_case_shows_every_value_with_its_source_and_flag(case, fewest, bundled):
    soup = soup_of(bundled(case))
    values = soup.select("#tables .value")
    assert len(values) > fewest
    assert all(v["title"] for v in values)
    assert soup.select("#tables .flag")


def test_numbers_in_the_prose_are_filled_from_the_results_with_their_source(bundled):
    soup = soup_of(bundled("leng2020"))
    filled = soup.select("#abstract .filled")
    assert "105.5 mg/L" in [f.text for f in filled]
    assert all(f["title"] for f in filled)
    assert "{{" not in soup.text


@pytest.mark.slow
def test_a_simulated_case_says_so_on_every_page_figure_and_table(bundled):
    soup = soup_of(bundled("simulated-cp-msc"))
    assert "Simulated case." in soup.select_one(".banner").text
    assert all(p["aria-label"].startswith("Simulated.") for p in soup.select(".picture"))
    assert all("SIMULATED" in p.text for p in soup.select(".picture"))
    assert all("simulated" in t.text.lower() for t in soup.select("#table-events, #table-interventions"))


def test_a_placeholder_reaches_the_results_and_nothing_else(built):
    report = open_report(Results(built, ""))
    for name in ("__class__", "case.meta", "config", "values", "7*7", "lymphocytes.__class__"):
        object.__setattr__(report.case, "narrative", {"Abstract": "{{ " + name + " }}"})
        with pytest.raises(KeyError):
            report.narrative("Abstract")


def test_a_figure_or_table_that_a_narrative_may_name_is_in_the_report(built):
    report = open_report(Results(built, ""))
    names = [name for name in report.values if name.startswith(("figure.", "table."))]
    prose = "\n\n".join("{{ " + name + " }}" for name in names)
    object.__setattr__(report.case, "narrative", {"Abstract": prose})
    said = BeautifulSoup(report.narrative("Abstract"), "html.parser")
    assert len(said.select("p")) == len(names) > 8
    # peng2020 has nothing to remark on and nothing to compare, and says so where these tables would be
    assert [p.text for p in said.select("p") if not p.select("a")] == ["a table that would be empty"] * 2


def test_an_analyte_of_too_few_values_for_a_course_is_found_in_the_table_of_all_values(built):
    report = open_report(Results(built, ""))
    object.__setattr__(report.case, "narrative", {"Abstract": "{{ figure.lymphocytes }}"})
    (link,) = BeautifulSoup(report.narrative("Abstract"), "html.parser").select("a")
    assert link["href"] == "#table-observations" and link.text.startswith("Table ")


def test_a_figure_of_an_analyte_is_that_of_its_organ_system(bundled):
    report = open_report(Results(bundled("leng2020").parent, ""))
    object.__setattr__(report.case, "narrative", {"Abstract": "{{ figure.crp }} {{ figure.ast }}"})
    links = BeautifulSoup(report.narrative("Abstract"), "html.parser").select("a")
    assert [link["href"] for link in links] == ["#figure-courses-inflammation", "#figure-courses-liver"]
    page = soup_of(bundled("leng2020"))
    assert "C-reactive protein" in page.select_one(links[0]["href"]).text
    assert "Aspartate" in page.select_one(links[1]["href"]).text
