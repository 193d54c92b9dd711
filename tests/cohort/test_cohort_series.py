"""The case series: its figures show the whole cohort, and its page leads to what is there."""

import math

import pytest
from bs4 import BeautifulSoup

from casereport.cohort import cohort_figures as figures
from casereport.cohort import dataset as results
from casereport.cohort.index_page import write_page
from casereport.cohort.patients import checked
from casereport.cohort.series_report import write_series
from casereport.figures.drawing import save
from cohorts import rows

SURVIVED, DIED = 150, 100


@pytest.fixture(scope="module")
def out(tmp_path_factory):
    """A cohort that lists first those whose CRP is 1 on each day, then those with 100; creatinine spans three decades.

    Five files of 50 patients, as reports are gathered; nobody is treated.
    """
    folder = tmp_path_factory.mktemp("cohort")
    patients = [(f"p{i:03d}", "1" if i < SURVIVED else "100") for i in range(SURVIVED + DIED)]
    for number in range(5):
        cells = [(p, d, "crp", crp, "mg/L") for p, crp in patients[50 * number : 50 * number + 50] for d in range(3)]
        cells += [(p, d, "creatinine", "9000" if p == "p000" else "70", "umol/L") for p, d, *_ in cells]
        results.write(results.of_part(checked(rows(*cells), None, "table")), folder, f"part-{number:05d}")
    return folder


@pytest.fixture(scope="module")
def drawn(out):
    return {figure.id: figure for figure in figures.draw_all(out)}


def panel(figure, name):
    return next(ax for ax in figure.canvas.axes if title(ax).startswith(name))


def title(ax):
    return ax.get_title() or ax.get_title(loc="left")


def test_the_courses_that_are_drawn_are_spread_over_the_whole_list(drawn):
    grey = panel(drawn["cohort-courses"], "CRP").lines[0].get_ydata()
    shown = [y for y in grey if not math.isnan(y)]
    assert len(shown) == 3 * figures.MOST_LINES
    assert shown.count(1) == pytest.approx(3 * figures.MOST_LINES * SURVIVED / (SURVIVED + DIED), abs=3)


def test_the_median_is_that_of_all_patients_whatever_file_they_are_in(drawn):
    table = drawn["cohort-courses"].table
    crp = table[table["analyte"] == "crp"]
    assert crp["patients"].to_list() == [SURVIVED + DIED] * 3
    assert crp["median"].to_list() == [1.0] * 3  # 150 of the 250
    assert f"the median of all {SURVIVED + DIED} patients" in drawn["cohort-courses"].caption


def test_a_dataset_with_too_many_values_is_read_from_files_all_over_it_and_the_caption_says_so(out, monkeypatch):
    monkeypatch.setattr(figures, "MOST_VALUES", 700)  # of 1,500: two files of five
    figure, = [f for f in figures.draw_all(out) if f.id == "cohort-courses"]  # fmt: skip
    assert "the median of the 100 patients read for this figure" in figure.caption
    assert results.read(out, "observations", ["patient"], 700)["patient"].unique()[[0, -1]].tolist() == ["p000", "p199"]


def test_the_labels_of_a_logarithmic_axis_are_numbers(drawn, tmp_path):
    figure = drawn["cohort-courses"]
    ax = panel(figure, "Creatinine")
    assert ax.get_yscale() == "log"
    save(figure, tmp_path)
    assert "$" not in (tmp_path / "cohort-courses.svg").read_text(encoding="utf-8")
    assert {"100", "1000"} <= {label.get_text() for label in ax.get_yticklabels()}


def test_each_panel_has_the_unit_of_its_analyte(drawn):
    assert {title(ax) for ax in drawn["cohort-courses"].canvas.axes} == {
        "CRP, mg/L", "Creatinine, µmol/L",
    }  # fmt: skip


def test_the_report_of_a_series_without_treatments_says_so_and_leads_to_what_is_there(out):
    assert write_series(out) == ""
    write_page(out, {"187": "no measurement"}, reports=False)
    soup = BeautifulSoup((out / "report.html").read_text(encoding="utf-8"), "html.parser")
    links = [a["href"] for a in soup.select("a[href]") if not a["href"].startswith("#")]
    assert links == ["index.html"] and (out / "index.html").is_file()
    assert [p.text for p in soup.select(".scroll p")].count(
        "No patient has values in two phases, so that nothing is compared."
    ) == 2
    cells = [[td.text for td in tr.select("td")] for tr in soup.select("table tr")]
    assert ["C-reactive protein", str(SURVIVED + DIED), str(3 * (SURVIVED + DIED)), "3.0"] in cells
