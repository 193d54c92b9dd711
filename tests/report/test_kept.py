"""What a notebook keeps: tables, styled tables and figures, each with its words, or a refusal that names the cell."""

import json
import shutil
import xml.etree.ElementTree as ET
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import seaborn as sns
from bs4 import BeautifulSoup
from matplotlib import pyplot as plt
from nbclient import NotebookClient
from nbformat.v4 import new_code_cell, new_notebook

import casereport as cr
from assembly import put_together
from casereport.files.hashes import hashes
from casereport.report import kept
from casereport.report.kept import KeepError, Results
from casereport.report.sections import open_report
from casereport.report.titles import SECTIONS
from made_up import made_up, seen
from ones_own import ALT, SCRIPT, TABLE, line


@pytest.fixture
def results(tmp_path) -> Results:
    """The results of a small case, for a notebook called `mine`; the first notebook has kept its observations."""
    case = made_up(tmp_path, [seen(day, "crp", value, "mg/L") for day, value in ((-2, 50), (-1, 40), (1, 9), (2, 3))])
    where = str(tmp_path / "cases" / "made-up")
    first = cr.begin(case, where, str(tmp_path / "out"))
    phases = cr.phases(case)
    first.keep(phases, "phases")
    first.keep(cr.observations(case, phases), "observations", section="diagnostic-assessment")
    return cr.open_results("mine", where, str(tmp_path / "out"))


def grid(data: pd.DataFrame = TABLE):
    return sns.FacetGrid(data, col="said", height=2).map_dataframe(sns.scatterplot, x="day", y="ratio")


def beside(results: Results) -> dict[str, str]:
    """The files of these results that `mine` has kept, with their hashes."""
    record = json.loads((results.folder / "kept" / "mine.json").read_text("utf-8"))
    found = hashes(results.folder)
    return {name: found[name] for name in record["files"]}


# What can be kept


def test_a_table_is_kept_as_a_csv_file_that_the_next_notebook_reads(results):
    shown = results.keep(TABLE, "nlr")
    assert (results.folder / "results" / "nlr.csv").read_text("utf-8").splitlines()[:2] == [
        "day,ratio,said",
        "-1,5.25,first",
    ]
    later = Results(results.folder, "later")
    assert later["nlr"].equals(TABLE)
    assert "nlr" in later and "other" not in later
    assert [(e.name, e.kind, e.notebook, e.section) for e in later.entries if e.notebook == "mine"] == [
        ("nlr", "table", "mine", "")
    ]
    assert 'id="kept-nlr"' in shown._repr_html_() and repr(shown) == "2 rows: results/nlr.csv"


def test_a_styled_table_is_kept_as_it_looks_and_what_a_case_says_in_it_is_text(results):
    style = TABLE.style.format(precision=1).highlight_max(subset=["ratio"], color="#ffcccc").hide(axis="index")
    results.keep(style, "nlr")
    html = (results.folder / "results" / "nlr.html").read_text("utf-8")
    page = BeautifulSoup(html, "html.parser")
    assert [cell.text for cell in page.select("tbody td")] == ["-1", "5.2", "first", "2", "2.5", SCRIPT]
    assert not page.select("script, img, [onerror], a, iframe")
    assert (
        "#ffcccc" in page.select_one("style").text and page.select_one("td.col1")["id"] in page.select_one("style").text
    )
    assert Results(results.folder, "later")["nlr"]["ratio"].to_list() == [5.25, 2.5]  # whole, beside how it is shown


@pytest.mark.parametrize(
    ("where", "payload"),
    [
        ("head", '<th onclick="window.ran=1">x</th>'), ("head", SCRIPT), ("cell", "</style></td><script>1</script>"),
        ("cell", '<td id="audit" style="background:url(https://example.org)">x</td>'), ("caption", SCRIPT),
        ("css", "</style><script>window.ran=1</script>"),
        ("css", "</STYLE ><script>window.ran=1</script>"),  # which a browser takes for an end too
    ],
)  # fmt: skip
def test_nothing_that_is_put_into_a_styled_table_runs_or_asks_a_server(results, where, payload):
    table = TABLE.rename(columns={"said": payload}) if where == "head" else TABLE.assign(said=payload)
    style = table.style.set_caption(payload if where == "caption" else "what it shows")
    if where == "css":
        style = style.set_table_styles([{"selector": f"td {payload}", "props": "color: red"}])
    results.keep(style, "nlr")
    page = BeautifulSoup((results.folder / "results" / "nlr.html").read_text("utf-8"), "html.parser")
    assert not page.select("script, img, a, iframe, object, svg, form")
    assert not [
        key for e in page.select("*") for key in e.attrs if key.startswith("on") or key in ("style", "href", "src")
    ]


@pytest.mark.parametrize("draw", [line, lambda: line().figure, grid], ids=["axes", "figure", "grid"])
def test_whatever_seaborn_or_matplotlib_returns_is_kept_as_a_figure_with_its_data_and_alt_text(results, draw):
    shown = results.keep(draw(), "nlr", section="discussion", caption="The ratio.", alt=ALT)
    drawing = ET.parse(results.folder / "figures" / "nlr.svg").getroot()
    said = {element.tag.rpartition("}")[2]: element.text for element in drawing.iter() if element.text}
    assert said["description"] == ALT
    data = pd.read_csv(results.folder / "figures" / "nlr.csv")
    assert data.dropna(subset=["x", "y"])[["x", "y"]].to_numpy().tolist() == [[-1, 5.25], [2, 2.5]]
    (entry,) = [e for e in results.entries if e.notebook == "mine"]
    assert (entry.caption, entry.alt, entry.section) == ("The ratio.", ALT, "discussion")
    page = BeautifulSoup(shown._repr_html_(), "html.parser")
    assert page.select_one("#kept-nlr img")["alt"] == ALT


def test_the_data_of_a_figure_are_those_that_its_author_gives(results):
    results.keep(line(), "nlr", alt=ALT, data=TABLE)
    assert pd.read_csv(results.folder / "figures" / "nlr.csv")["said"].to_list() == ["first", SCRIPT]


def test_a_figure_of_a_simulated_case_says_so(results):
    results._others["01-ingest"].simulated = True
    results.keep(line(), "nlr", alt=ALT)
    assert "SIMULATED" in (results.folder / "figures" / "nlr.svg").read_text("utf-8")
    assert [e.alt for e in results.entries if e.name == "nlr"] == [f"Simulated. {ALT}"]


@pytest.mark.parametrize(
    "make",
    [lambda: TABLE, lambda: TABLE.style.highlight_max(subset=["ratio"]), line, grid],
    ids=["table", "styled", "axes", "grid"],
)
def test_what_is_kept_twice_has_the_same_bytes(results, make):
    found = []
    for _ in range(2):
        plt.close("all")
        results.keep(make(), "nlr", alt=ALT)
        found.append(beside(results))
    assert found[0] == found[1] and found[0]


def test_a_thing_that_is_kept_again_takes_the_place_of_the_first(results):
    results.keep(TABLE.style, "nlr")
    results.keep(TABLE.head(1), "nlr", section="discussion")
    (entry,) = [e for e in results.entries if e.name == "nlr"]
    assert not entry.styled and entry.section == "discussion"
    assert len(Results(results.folder, "later")["nlr"]) == 1


def test_a_notebook_that_runs_again_forgets_what_it_kept_and_nothing_else(results, tmp_path):
    results.keep(TABLE.style, "nlr")
    results.keep(line(), "nlr", alt=ALT)
    before = hashes(results.folder)
    cr.open_results("mine", str(tmp_path / "cases" / "made-up"), str(results.folder))
    gone = {"results/nlr.csv", "results/nlr.html", "figures/nlr.csv", "figures/nlr.svg", "kept/mine.json"}
    assert set(before) - set(hashes(results.folder)) == gone


# What cannot


def refused(results: Results, *arguments, **named) -> str:
    before = hashes(results.folder)
    with pytest.raises(KeepError) as error:
        results.keep(*arguments, **named)
    assert hashes(results.folder) == before
    assert error.value._render_traceback_() == [str(error.value)]
    return str(error.value)


@pytest.mark.parametrize("alt", ["", " \n"])
def test_a_figure_without_alt_text_is_refused_with_an_example_of_one(results, alt):
    said = refused(results, line(), "nlr", section="discussion", alt=alt)
    assert said.startswith("mine, keep('nlr'): a figure needs alt text") and 'alt="' in said


@pytest.mark.parametrize("name", ["", "a b", "../x", "x/y", "NLR", "ä", "-x", "x.csv", "a" * 200, "x\n", "<b>"])
def test_a_name_that_is_none_is_refused(results, name):
    for thing in (TABLE, line()):
        assert f"keep({name!r}): a name is of small letters, digits, - and _" in refused(results, thing, name, alt=ALT)


def test_a_section_that_is_none_is_refused_with_the_nearest(results):
    said = refused(results, TABLE, "nlr", section="follow-up-and-outcome")
    assert said == "mine, keep('nlr'): no section 'follow-up-and-outcome'; did you mean 'follow-up-and-outcomes'?"


def test_a_name_that_another_notebook_has_kept_is_refused_with_that_notebook(results):
    said = refused(results, TABLE, "observations")
    assert said.startswith("mine, keep('observations'): 01-ingest has kept something of this name")


@pytest.mark.parametrize("thing", [TABLE["ratio"], np.array([1, 2]), "text", None, {"a": 1}, 5])
def test_what_is_neither_table_nor_figure_is_refused_by_its_kind(results, thing):
    said = refused(results, thing, "nlr", alt=ALT)
    assert said.startswith(f"mine, keep('nlr'): this is a {type(thing).__name__}; what can be kept is a table")


def test_two_notebooks_that_kept_one_name_side_by_side_are_both_named(built, tmp_path):
    out = shutil.copytree(built, tmp_path / "report")
    one, other = (Results(out, name) for name in ("mine", "yours"))
    one.keep(TABLE, "nlr")
    other.keep(TABLE, "nlr")
    with pytest.raises(KeepError, match="mine and yours both keep a table 'nlr'"):
        open_report(Results(out, "05-report"))


# In the report


@cache
def read(page: str) -> BeautifulSoup:
    return BeautifulSoup(page, "html.parser")


def page_of(path: Path) -> BeautifulSoup:
    return read(path.read_text("utf-8"))


@pytest.mark.parametrize("section", SECTIONS)
def test_what_is_kept_with_a_section_stands_in_it_with_its_words_its_data_and_the_way_to_its_cell(extended, section):
    here = page_of(extended).select_one(f"section#{section}")
    figure = here.select_one(f"#figure-figure-{section}")
    assert figure.select_one(".picture")["aria-label"] == ALT and figure.select_one(".picture svg")
    assert f"Figure in {section}." in figure.select_one("figcaption").text
    assert len(figure.select(".figure-data tbody tr")) == 2
    table = here.select_one(f"#table-table-{section}")
    assert f"Table in {section}." in table.text
    assert [cell.text for cell in table.select("tbody td")] == ["-1", "5.25", "first", "2", "2.5", SCRIPT]
    for kept_thing, kind in ((figure, "figure"), (table, "table")):
        links = [a["href"] for a in kept_thing.select(".links a")]
        assert f"notebooks/mine.html#kept-{kind}-{section}" in links
        file = f"figures/figure-{section}.svg" if kind == "figure" else f"results/table-{section}.csv"
        assert file in links and (extended.parent / file).is_file()


def test_what_is_added_is_numbered_with_the_rest_in_the_order_of_the_page(extended, built):
    page = page_of(extended)
    for kind, more in (("Figure", len(SECTIONS)), ("Table", len(SECTIONS) + 1)):
        labels = [e.text for e in page.select("main section .label") if e.text.startswith(kind) and e.name == "a"]
        assert labels == [f"{kind} {i}." for i in range(1, len(labels) + 1)]
        before = [e for e in page_of(built / "report.html").select("main section a.label") if e.text.startswith(kind)]
        assert len(labels) == len(before) + more
    listed = [a["href"] for a in page.select("nav.contents a")]
    assert "#figure-figure-discussion" in listed and "#table-styled" in listed
    ids = [e["id"] for e in page.select("[id]")]
    assert len(ids) == len(set(ids))


def test_a_styled_table_stands_in_the_report_as_it_looks(extended):
    table = page_of(extended).select_one("#discussion #table-styled")
    assert [cell.text for cell in table.select("tbody td")][2] == "first"
    assert SCRIPT in table.text and not table.select("script, img")


def test_what_is_kept_without_a_section_is_not_in_the_report(extended):
    text = extended.read_text("utf-8")
    assert "for other notebooks" not in text and "unseen" not in text
    assert (extended.parent / "results" / "unseen.csv").is_file()


def test_an_empty_table_is_kept_and_not_shown(built, tmp_path):
    out = shutil.copytree(built, tmp_path / "report")
    Results(out, "mine").keep(TABLE.head(0), "nlr", section="discussion", caption="Nothing.")
    assert "table-nlr" not in put_together("peng2020", out).read_text("utf-8")
    assert Results(out, "later")["nlr"].empty


def test_what_a_file_has_quoted_against_spreadsheets_is_read_and_shown_without_the_quote(built, tmp_path):
    out = shutil.copytree(built, tmp_path / "report")
    table = pd.DataFrame({"=day": [1.5, 2.0], "said": ["=", "-inf..2"]})
    mine = Results(out, "mine")
    mine.keep(table, "nlr", section="discussion", caption="Signs.")
    mine.keep(grid(), "drawn", section="discussion", caption="Drawn.", alt="Signs.", data=table)
    for file in ("results/nlr.csv", "figures/drawn.csv"):
        assert (out / file).read_text("utf-8").splitlines() == ["'=day,said", "1.5,'=", "2,'-inf..2"]
    pd.testing.assert_frame_equal(Results(out, "later")["nlr"], table)
    page = page_of(put_together("peng2020", out))
    for shown in (page.select_one("#table-nlr"), page.select_one("#figure-drawn .figure-data")):
        cells = [cell.text for cell in shown.select("thead th, tbody td")]
        assert cells == ["=day", "said", "1.5", "=", "2", "-inf..2"]


def test_a_figure_is_left_out_that_a_copy_of_its_notebook_no_longer_draws(built, tmp_path):
    out = shutil.copytree(built, tmp_path / "report")
    record = out / "kept" / "04-figures.json"
    content = json.loads(record.read_text("utf-8"))
    content["entries"] = []
    record.write_text(json.dumps(content), "utf-8")
    page = page_of(put_together("peng2020", out))
    assert not page.select("figure") and page.select("#table-events")


# In a notebook


def test_a_notebook_shows_what_it_keeps_once_and_an_error_of_it_in_a_line(built, tmp_path):
    out = shutil.copytree(built, tmp_path / "report")
    cells = [
        f"import casereport as cr\nresults = cr.open_results('mine', 'peng2020', {str(out)!r})",
        "import seaborn as sns\nax = sns.lineplot(x=[1, 2], y=[3, 4])\nresults.keep(ax, 'a', alt='It rises.')\n1 + 1",
        "display(results.keep(sns.lineplot(x=[5, 6], y=[7, 8]), 'b', alt='So too.'))",
        "results.keep(results['events'], 'c')",
        "results.keep(sns.lineplot(x=[1], y=[2]), 'd')",
        "cr.open_results('mine', 'leng2020', '/nowhere')",
    ]
    book = new_notebook(cells=[new_code_cell(cell) for cell in cells])
    NotebookClient(book, kernel_name="python3", allow_errors=True).execute()
    shown = [[dict(o.get("data", {})) for o in cell.outputs if o.output_type != "error"] for cell in book.cells]
    assert [len(outputs) for outputs in shown[:4]] == [0, 2, 1, 1]
    for outputs, name in zip(shown[1:4], "abc", strict=True):
        assert f'id="kept-{name}"' in outputs[0]["text/html"]
        assert not [data for data in outputs if "image/png" in data]  # which would have no alt text
    # each cell began a drawing of its own
    assert pd.read_csv(out / "figures" / "b.csv")["x"].to_list() == [5, 6]
    errors = [[o.traceback for o in cell.outputs if o.output_type == "error"] for cell in book.cells]
    assert errors[:4] == [[], [], [], []]
    ((said,),), ((missing,),) = errors[4:]
    assert said.startswith("mine, cell [5], keep('d'): a figure needs alt text")
    assert missing == "nothing is known of leng2020 yet: run notebooks/01-ingest.ipynb first"


def test_the_sections_that_a_notebook_may_name_are_those_of_the_report(built):
    sections = page_of(built / "report.html").select("main > section")
    assert [(s["id"], s.select_one("h2").text) for s in sections] == list(kept.SECTIONS.items())


def test_a_figure_may_have_a_drawing_for_a_phone_beside_it_and_only_one_of_the_two_is_seen(built, tmp_path):
    out = tmp_path / "report"
    shutil.copytree(built, out)
    Results(out, "mine").keep(line(), "both", section="discussion", alt=ALT, phone=line(), page=line())
    put_together("peng2020", out)
    assert (out / "figures" / "both-phone.svg").is_file() and (out / "figures" / "both-page.svg").is_file()
    figure = page_of(out / "report.html").select_one("#figure-both")
    assert [p["class"] for p in figure.select(".picture")] == [["picture", "desk"], ["picture", "phone"]]
    ids = [e["id"] for e in figure.select("svg [id]")]
    assert len(ids) == len(set(ids))
    assert [e for e in ids if e.startswith("both-phone-")]
