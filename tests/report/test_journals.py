"""A report under the headings of a journal: their order, its numbers made anew, and what the journal lacks in it."""

import pytest
from bs4 import BeautifulSoup

from casereport.cli import main
from casereport.report.exports.journals import JOURNALS, arrange, lacking, renumber
from casereport.report.titles import MAIN, SECTIONS

# As public pages have them (docs/manuscript.md): the headings that each journal names, in its order.
HEADINGS = {
    "care": [title for name, title in MAIN.items() if name != "at-a-glance"],
    "bmj-case-reports": [
        "Summary", "Background", "Case presentation", "Investigations", "Differential diagnosis", "Treatment",
        "Outcome and follow-up", "Discussion", "Patient's perspective", "Learning points", "Informed consent",
        "Declarations", "References",
    ],
    "jmcr": ["Abstract", "Background", "Case presentation", "Discussion", "Conclusions", "Declarations", "References"],
}  # fmt: skip
INSIDE = {
    "at-a-glance": '<figure id="figure-glance"><figcaption><span class="label">Figure 1.</span></figcaption></figure>',
    "abstract": "<p>It was <b>cured</b>.</p>",
    "introduction": '<p>Known [<a class="cited" href="#reference-2">2</a>].</p>',
    "timeline": '<figure id="figure-timeline"><figcaption><span class="label">Figure 2.</span></figcaption></figure>',
    "diagnostic-assessment": '<p>See <a href="#figure-forest">Figure 3</a>, <a href="#table-given">Table 2</a>.</p>'
    '<div id="differential-diagnosis"><h3>Differential diagnosis</h3><ul><li>Influenza</li></ul></div>',
    "therapeutic-intervention": '<h3>Drugs</h3><table id="table-given"><caption>'
    '<a class="label" href="#table-given">Table 2.</a></caption></table>',
    "audit": '<p>As <a class="cited" href="#reference-3">[3]</a> has it.</p>',
    "discussion": '<p>So [<a class="cited" href="#reference-1">1</a>].</p>'
    '<div id="learning-points"><h3>Learning points</h3><ul><li>Look twice.</li></ul></div>',
    "declarations": '<p data-declaration="ethics"><b>Ethics approval.</b> Waived.</p>',
    "references": '<ol class="references"><li id="reference-1">One.</li><li id="reference-2">Two.</li>'
    '<li id="reference-3">Three.</li><li id="reference-4">Four.</li></ol>',
    "evidence": '<figure id="figure-forest"><figcaption><span class="label">Figure 3.</span></figcaption></figure>'
    '<table id="table-effects"><caption><span class="label">Table 1.</span></caption></table>',
}


def page(title: str = "A case report") -> BeautifulSoup:
    sections = "".join(
        f'<section id="{name}"><h2>{heading}</h2>{INSIDE.get(name, f"<p>{name}</p>")}</section>'
        for name, heading in SECTIONS.items()
    )
    return BeautifulSoup(f"<main><header><h1>{title}</h1></header>{sections}</main>", "html.parser")


def arranged(journal: str) -> BeautifulSoup:
    made = page()
    arrange(made, made.main, journal)
    renumber(made.main)
    return made


def said(made: BeautifulSoup, heading: str) -> str:
    return made.find("h2", string=heading).find_parent("section").get_text(" ", strip=True)


@pytest.mark.parametrize("journal", JOURNALS)
def test_the_headings_are_those_of_the_journal_in_its_order(journal):
    found = [h.get_text() for h in arranged(journal).select("h2")]
    assert found == (HEADINGS[journal] if journal != "care" else ["Abstract", *HEADINGS["care"][1:]])


@pytest.mark.parametrize("journal", JOURNALS)
def test_every_section_of_the_main_part_is_there_once_and_the_supplement_is_not(journal):
    text = arranged(journal).main.get_text(" ")
    plain = [name for name in MAIN if name not in INSIDE]
    assert [text.split().count(name) for name in plain] == [1] * len(plain)
    for words in ("cured", "Influenza", "Look twice.", "Waived.", "has it"):
        assert text.count(words) == 1, words
    assert not arranged(journal).select("#table-effects, #figure-forest")
    assert not [name for name in SECTIONS if name not in MAIN and name not in INSIDE and f" {name} " in f" {text} "]


def test_sections_under_one_heading_keep_their_own_a_level_lower():
    made = arranged("jmcr")
    course = made.find("h2", string="Case presentation").find_parent("section")
    assert [h.get_text() for h in course.select("h3")] == [
        "Patient information", "Clinical findings", "Timeline", "Diagnostic assessment", "Therapeutic intervention",
        "Follow-up and outcomes", "Patient perspective",
    ]  # fmt: skip
    assert [h.get_text() for h in course.select("h4")] == ["Differential diagnosis", "Drugs"]
    assert "Look twice." in said(made, "Conclusions")


def test_a_part_that_a_journal_wants_apart_has_the_heading_of_the_journal():
    made = arranged("bmj-case-reports")
    assert "Influenza" in said(made, "Differential diagnosis") and "Influenza" not in said(made, "Investigations")
    assert "Look twice." in said(made, "Learning points") and "Look twice." not in said(made, "Discussion")


def test_a_heading_that_a_case_has_nothing_for_is_left_out():
    made = page()
    made.select_one("#learning-points").decompose()
    arrange(made, made.main, "bmj-case-reports")
    assert "Learning points" not in [h.get_text() for h in made.select("h2")]


def test_the_picture_of_the_first_screen_stands_in_the_timeline():
    assert [f["id"] for f in arranged("jmcr").select("figure")] == ["figure-glance", "figure-timeline"]


def test_numbers_are_made_anew_and_what_is_left_out_is_called_so():
    made = arranged("jmcr")
    assert [e.get_text() for e in made.select("figure .label")] == ["Figure 1.", "Figure 2."]
    text = said(made, "Case presentation")
    assert "See a figure of the supplement , Table 1 ." in text
    assert made.select_one("#table-given .label").get_text() == "Table 1."


def test_references_are_numbered_as_they_come_and_one_that_is_cited_no_more_goes():
    made = arranged("jmcr")
    assert "Known [ 1 ]" in said(made, "Background")
    assert "So [ 2 ]" in said(made, "Discussion") and "As [3] has it" in said(made, "Discussion")
    assert [(e["id"], e.get_text()) for e in made.select("ol.references li")] == [
        ("reference-1", "Two."), ("reference-2", "One."), ("reference-3", "Three."),
    ]  # fmt: skip
    for link in made.select("a.cited"):
        number = link.get_text().strip("[]")
        assert link["href"] == f"#reference-{number}"


def test_declarations_have_the_names_of_the_journal():
    assert (
        arranged("jmcr").select_one("[data-declaration]").b.get_text() == "Ethics approval and consent to participate."
    )
    assert arranged("care").select_one("[data-declaration]").b.get_text() == "Ethics approval."


def test_what_a_journal_asks_and_the_report_lacks_is_said():
    made = page("Fever: a case report")
    made.select_one("#learning-points").decompose()
    made.select_one("#abstract").append("word " * 150)
    made.header.append(
        BeautifulSoup('<p class="authors">' + '<span data-author="A">A</span>' * 5 + "</p>", "html.parser")
    )
    bmj = " ".join(lacking(made, "bmj-case-reports"))
    for words in ("153 words of at most 150", 'without "case report"', "5 authors", "no learning points"):
        assert words in bmj
    assert lacking(made, "jmcr") == [
        "Journal of Medical Case Reports: the abstract has no headings: Background, Case presentation, Conclusions"
    ]
    assert lacking(made, "care") == []
    assert lacking(page("Fever"), "bmj-case-reports") == []


def test_a_journal_takes_no_pdf(tmp_path, capsys):
    out = tmp_path / "x.pdf"
    assert main(["export", "leng2020", "--format", "pdf", "--journal", "jmcr", "--out", str(out)]) == 2
    assert "--format docx: a journal takes no PDF" in capsys.readouterr().err and not out.exists()
