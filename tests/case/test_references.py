"""References of a case: read from BibTeX and CSL-JSON, set in Vancouver style, cited by key."""

import json
import shutil
from pathlib import Path

import pytest

from casereport.audit.validation import validate
from casereport.case.narrative import abstract_problems
from casereport.case.references import citations, person, read_references, wrong_citations
from casereport.errors import BadInput
from casereport.files.paths import DATA

# Examples of the U.S. National Library of Medicine, "Samples of Formatted References for Authors of Journal Articles"
# (for the ICMJE), with the shorter form of the date that it allows.
BIB = r"""
% exported by a reference manager
@string{nejm = "N Engl J Med"}
@article{halpern2002,
  author = {Halpern, Scott D. and Ubel, Peter A. and Caplan, Arthur L.},
  title = {Solid-organ transplantation in {HIV}-infected patients}, journal = nejm,
  year = 2002, volume = 347, number = 4, pages = {284--7}
}
@Article{rose2002, author = "M. E. Rose and M. B. Huerbin and J. Melick and D. W. Marion and A. M. Palmer and
  J. K. Schiding and P. M. Kochanek and S. H. Graham",
  title = "Regulation of interstitial excitatory amino acid concentrations after cortical contusion injury",
  journal = "Brain Res", year = "2002", volume = "935", number = "1-2", pages = "40-6"}
@book{murray2002, author={Murray, PR and Rosenthal, KS and Kobayashi, GS and Pfaller, MA}, title={Medical microbiology},
  edition={4}, address={St. Louis}, publisher={Mosby}, year={2002}}
@incollection{meltzer2002, author={Meltzer, PS and Kallioniemi, A and Trent, JM},
  title={Chromosome alterations in human solid tumors}, editor={Vogelstein, B and Kinzler, KW},
  booktitle={The genetic basis of human cancer}, address={New York}, publisher={McGraw-Hill}, year=2002,
  pages={93--113}}
"""
SET = {
    "halpern2002": "Halpern SD, Ubel PA, Caplan AL. Solid-organ transplantation in HIV-infected patients. "
    "N Engl J Med. 2002;347(4):284-7.",
    "rose2002": "Rose ME, Huerbin MB, Melick J, Marion DW, Palmer AM, Schiding JK, et al. Regulation of interstitial "
    "excitatory amino acid concentrations after cortical contusion injury. Brain Res. 2002;935(1-2):40-6.",
    "murray2002": "Murray PR, Rosenthal KS, Kobayashi GS, Pfaller MA. Medical microbiology. 4th ed. St. Louis: Mosby; "
    "2002.",
    "meltzer2002": "Meltzer PS, Kallioniemi A, Trent JM. Chromosome alterations in human solid tumors. In: Vogelstein "
    "B, Kinzler KW, editors. The genetic basis of human cancer. New York: McGraw-Hill; 2002. p. 93-113.",
}
CSL = [
    {
        "id": "halpern2002", "type": "article-journal", "container-title": "N Engl J Med", "volume": "347",
        "issue": "4", "page": "284-7", "issued": {"date-parts": [[2002, 7, 25]]},
        "title": "Solid-organ transplantation in HIV-infected patients",
        "author": [{"family": "Halpern", "given": "Scott D."}, {"family": "Ubel", "given": "Peter A."},
                   {"family": "Caplan", "given": "Arthur L."}],
    },
    {
        "id": "murray2002", "type": "book", "title": "Medical microbiology", "edition": 4, "publisher": "Mosby",
        "publisher-place": "St. Louis", "issued": {"raw": "2002"},
        "author": [{"family": n[:-3], "given": n[-2:]} for n in
                   ("Murray PR", "Rosenthal KS", "Kobayashi GS", "Pfaller MA")],
    },
]  # fmt: skip


def read(text: str, file: str = "references.bib"):
    return {one.key: one for one in read_references({file: (file, text)})}


def said_of(text: str, file: str = "references.bib") -> list[str]:
    with pytest.raises(BadInput) as bad:
        read(text, file)
    return [str(problem) for problem in bad.value.problems]


@pytest.mark.parametrize("key", SET)
def test_a_reference_is_set_as_the_library_of_medicine_sets_it(key):
    assert read(BIB)[key].text == SET[key]


def test_csl_json_gives_the_same_as_bibtex():
    found = read(json.dumps(CSL), "references.json")
    assert {key: one.text for key, one in found.items()} == {key: SET[key] for key in ("halpern2002", "murray2002")}


def test_latex_is_letters_and_a_group_of_authors_is_no_person():
    one = read(
        r"@article{x, title={{\'E}tude of $\beta$-blockers \& \emph{in vitro} work},"
        r" author={M\"uller, J{\"u}rgen and {The {CARE} Group} and van der {\O}rsted, Jean-Paul and others}}"
    )["x"]
    assert one.authors == ("Müller J", "The CARE Group", "van der Ørsted JP", "et al")
    assert one.title == "Étude of β-blockers & in vitro work"
    assert one.text.startswith("Müller J, The CARE Group, van der Ørsted JP, et al. Étude")


def test_initials_stay_initials():
    assert [person("Riley", given) for given in ("DS", "D. S.", "David S.", "")] == ["Riley DS"] * 3 + ["Riley"]


def test_a_doi_is_plain_and_leads_to_its_resolver():
    for before in ("", "https://doi.org/", "doi:"):
        printed = f"{before}10.1186/1752-1947-7-223"
        one = read("@article{x, title={T}, doi={" + printed + "}}")["x"]
        assert (one.doi, one.link) == ("10.1186/1752-1947-7-223", "https://doi.org/10.1186/1752-1947-7-223")


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("@article{a, title={A}}\n\n@book{A, title={B}}", "line 3, key: 'A': each key once; line 1 has it already"),
        ("@article{a, title={A}", "line 1: not BibTeX:"),
        ("@article{a, title={A}, year=nineteen}", "not BibTeX:"),
        ("@article{a, author={X, Y}}", "line 1, title: the title of a"),
        (r"@article{a, title={A \frobnicate{b}}}", "this LaTeX is not understood"),
        ("@article{a, title={A}, doi={here}}", "line 1, doi: 'here': a DOI, as in"),
        ("@article{a, title={A}, url={javascript:alert(1)}}", "an address that begins with https://"),
        ("@article{source, title={A}}", "another key: source is the publication that case.yaml cites"),
        ("@article{a, title={A}, author={A, B, C, D, E}}", "line 1, author:"),
        ("@article{a, title={" + "{" * 200 + "}" * 200 + "}}", "not BibTeX:"),
        ("@article{a, title={A}, title={B}}", "line 1, title: each field once in an entry (a)"),
    ],
)
def test_bibtex_that_cannot_be_used_is_said_with_its_line(text, says):
    assert any(says in said for said in said_of(text))


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ('[\n{"id": "a",}]', "line 2: not JSON:"),
        ('{"id": "a"}', "a list of references (CSL-JSON)"),
        ('[{"title": "A"}]', "item 1: "),
        ('[{"id": "a",\n "title": "A"},\n{"id": "a", "title": "B"}]', "line 3, key: 'a': each key once; line 1 has it"),
        ('[{"id": "a", "title": ["A"]}]', "line 1, title: \"['A']\": a text"),
        ('[{"id": "a", "title": "A", "author": "Smith"}]', "line 1, author: 'Smith': names, as in"),
        ("[" * 100_000, "not JSON:"),
    ],
)
def test_csl_json_that_cannot_be_used_is_said_with_its_place(text, says):
    assert any(says in said for said in said_of(text, "references.json"))


def test_two_files_of_references_are_one_too_many():
    with pytest.raises(BadInput, match=r"either references\.bib or references\.json; both are there"):
        read_references({file: (file, "[]") for file in ("references.bib", "references.json")})


# ---- citing


def test_citations_are_found_in_order():
    assert list(citations("As said [@b; @a], and {{ crp@-1 }} [@c].")) == ["b", "a", "c"]


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("seen [@smth2020]", "a key of references.bib; did you mean 'smith2020'?"),
        ("seen [@smith2020; jones]", "a key of references.bib"),
        ("seen [@smith2020, p. 3]", "a citation on one line, as in [@smith2020]"),
        ("seen [@smith2020", "a citation on one line, as in [@smith2020]"),
        ("seen [@source]", "case.yaml has none (citation)"),
    ],
)
def test_a_citation_that_leads_nowhere_is_said_with_its_line(line, says):
    (problem,) = wrong_citations([(7, line)], "narrative.md", ["smith2020"], "references.bib")
    assert problem.line == 7 and says in problem.expected


def test_a_citation_without_a_file_of_references_says_which_it_needs():
    (problem,) = wrong_citations([(1, "[@a]")], "narrative.md", [], "")
    assert "references.bib or references.json beside the narrative; there is no such file" in problem.expected


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return shutil.copytree(DATA / "cases" / "leng2020", tmp_path / "cases" / "leng2020")


def test_validating_a_case_tells_of_file_and_citation_at_once(folder):
    narrative = folder / "narrative.md"
    narrative.write_text(narrative.read_text("utf-8").replace("[@yan2020]", "[@yan2021]"), "utf-8")
    (problem,) = validate(folder).problems
    assert (problem.value, problem.fix) == ("[@yan2021]", "yan2020")
    with (folder / "references.bib").open("a", encoding="utf-8") as file:
        file.write("@article{broken, title={A\n")
    assert any("not BibTeX" in p.expected for p in validate(folder).problems)


def test_what_a_reference_is_made_of_is_no_identifier_and_what_lies_beside_it_may_be(folder):
    path = folder / "references.bib"
    entry = "@article{{x, title={{Outbreak at Example Hospital, 12 March 2020}}, author={{Wei, Zhang}}, {}}}\n"
    path.write_text(path.read_text("utf-8") + entry.format("date={2020-03-12}"), "utf-8")
    assert validate(folder).problems == []
    noted = entry.replace("{{x,", "{{y,").format("note={see Dr Quillfeather}")
    path.write_text(path.read_text("utf-8") + noted, "utf-8")
    (problem,) = validate(folder).problems
    assert "Dr Quillfeather" in problem.value and "a person's name" in problem.expected


# ---- the structured abstract


@pytest.mark.parametrize(
    ("headings", "says"),
    [
        (("Background", "Case presentation", "Conclusions"), ""),
        ((), ""),
        (("Background", "Conclusions"), "`## Case presentation`"),
        (("Background", "Case presentation"), "`## Conclusions` too"),
        (("Background", "Case presentation", "Conclusions", "Funding"), "no further heading"),
        (("Introduction", "Case presentation", "Conclusions"), "`## Background`"),
    ],
)
def test_an_abstract_has_all_three_headings_or_none(headings, says):
    lines = ["# Abstract", *(f"## {h}" for h in headings), "# Discussion", "## Anything"]
    said = [p.expected for p in abstract_problems(enumerate(lines, start=1), "narrative.md")]
    assert [says in s for s in said[:1]] == ([True] if says else [])
