"""Title page, declarations and references in the report: what case.yaml and the list of references say, and no more."""

from dataclasses import replace

import pytest
from bs4 import BeautifulSoup
from markupsafe import Markup

from casereport.case.authors import Author
from casereport.case.reading import read_case
from casereport.report.declared import declarations, numbered, title_page
from casereport.report.sections import ENVIRONMENT, Report

LENG = read_case("leng2020")
ADA = Author(
    name="Ada Example",
    orcid="0000-0002-1825-0097",
    affiliations=["Medicine", "Example University"],
    corresponding=True,
    email="ada@example.org",
    roles=["Writing – original draft", "Software"],
)
BEN = Author(name="Ben <b>Sample</b>", affiliations=["Example University"], roles=["Software"])


def reported(narrative: dict[str, str], case=LENG) -> Report:
    """A report of which nothing is there but the case and its prose."""
    made = Report.__new__(Report)
    made.case, made.values = replace(case, narrative=narrative), {}
    return made


def rendered(template: str, **context: object) -> BeautifulSoup:
    defaults = {"meta": LENG.meta, "simulated": False, "others": [], "inline_svg": Markup, "id": "x", "title": "X"}
    return BeautifulSoup(ENVIRONMENT.get_template(template).render(defaults | context), "html.parser")


def test_authors_stand_with_the_numbers_of_their_affiliations_and_the_one_who_answers_letters():
    meta = LENG.meta.model_copy(update={"authors": [ADA, BEN]})
    page = rendered("authors.html.j2", page=title_page(meta))
    assert page.select_one(".authors").get_text() == (
        "Ada Example1,2 (ORCID 0000-0002-1825-0097), Ben <b>Sample</b>2"  # as text, and the shared place once
    )
    places, letters = (p.get_text() for p in page.select(".affiliations"))
    assert places == "1 Medicine; 2 Example University"
    assert letters == "Correspondence: Ada Example, ada@example.org"
    assert rendered("authors.html.j2", page=title_page(LENG.meta)).get_text(strip=True) == ""


def test_declarations_say_what_the_case_states_and_name_what_it_does_not():
    said = {"authors": [ADA, BEN], "funding": "None.", "ethics": "Waived <script>", "consent": None}
    stated, lacking = declarations(LENG.meta.model_copy(update=said))
    page = rendered("declarations.html.j2", stated=stated, lacking=lacking)
    assert [p.get_text() for p in page.select("[data-declaration]")] == [
        "Ethics approval. Waived <script>",
        "Funding. None.",
        "Author contributions. Ada Example: Writing - original draft, Software. Ben <b>Sample</b>: Software.",
    ]
    assert page.select_one(".gap").get_text() == (
        "Not stated: consent for publication, data availability and competing interests."
    )


def test_a_re_examination_says_so_and_cites_the_paper():
    page = rendered("declarations.html.j2", stated=[], lacking="")
    assert "was published before [1]; this report re-examines" in page.get_text()
    own = LENG.meta.model_copy(update={"citation": None})
    assert "published before" not in rendered("declarations.html.j2", stated=[], lacking="", meta=own).get_text()


@pytest.mark.parametrize("name", ["leng2020", "liang2020", "peng2020", "byiers2014"])
def test_the_source_of_a_bundled_case_is_its_first_reference_with_its_doi(name):
    case = read_case(name)
    found = list(numbered(case).values())
    assert [number for number, _ in found] == list(range(1, len(found) + 1)) and len(found) > 4
    assert found[0][1].doi == case.meta.citation.doi
    assert found[0][1].text == f"{case.meta.citation.reference}."
    assert all(one.doi for _, one in found if one.kind == "article")


def test_references_are_numbered_in_the_order_of_the_report_and_not_of_the_file():
    prose = {"Discussion": "Late [@gagnier2013].", "Introduction": "Early [@yan2020; @source] and [@tate2016]."}
    assert list(reported(prose).cited) == ["source", "yan2020", "tate2016", "gagnier2013"]
    page = rendered("references.html.j2", cited=list(reported(prose).cited.values()))
    assert [li["id"] for li in page.select("ol li")] == ["reference-1", "reference-2", "reference-3", "reference-4"]
    assert page.select("li")[1].a["href"] == "https://doi.org/10.1038/s42256-020-0180-7"
    assert "Riley" not in page.get_text()  # in the file, and not cited


def test_a_citation_in_the_prose_leads_to_its_entry():
    html = BeautifulSoup(
        str(reported({"Discussion": "So [@yan2020; @source]."}).narrative("Discussion")), "html.parser"
    )
    assert html.get_text().strip() == "So [1, 2]."
    assert [(a.get_text(), a["href"]) for a in html.select("a")] == [("1", "#reference-1"), ("2", "#reference-2")]


def test_a_citation_before_a_bracket_is_a_citation_and_no_link():
    html = str(reported({"Discussion": "So [@yan2020](javascript:alert(1))."}).narrative("Discussion"))
    assert 'href="#reference-2"' in html and 'href="javascript' not in html


def test_a_case_that_cites_nothing_says_so():
    assert rendered("references.html.j2", cited=[]).select_one(".gap").get_text() == "No publication is cited."


def test_headings_of_a_structured_abstract_are_a_level_below_that_of_the_section():
    text = "## Background\n\nOne.\n\n## Case presentation\n\nTwo.\n\n## Conclusions\n\nThree."
    html = BeautifulSoup(str(reported({"Abstract": text}).narrative("Abstract")), "html.parser")
    assert [h.get_text() for h in html.select("h3")] == ["Background", "Case presentation", "Conclusions"]


def test_learning_points_and_the_differential_diagnosis_stand_in_their_sections():
    meta = LENG.meta.model_copy(update={"learning_points": ["<i>One</i>"], "differential_diagnosis": ["Influenza."]})
    page = rendered("discussion.html.j2", meta=meta, prose=None)
    assert [li.get_text() for li in page.select("#learning-points li")] == ["<i>One</i>"]
    page = rendered("diagnostic-assessment.html.j2", meta=meta, prose=None, figures={}, rows=[], tables={})
    assert [li.get_text() for li in page.select("#differential-diagnosis li")] == ["Influenza."]
