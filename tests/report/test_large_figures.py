"""The data of a figure in the page: a table that can be read, and beyond that the download alone."""

import base64
from types import SimpleNamespace

import pandas as pd
import pytest
from bs4 import BeautifulSoup

from casereport.report.records import Entry
from casereport.report.sections import ENVIRONMENT, MOST_ROWS, Report, Shown, _has_place


def in_page(folder, rows: int) -> BeautifulSoup:
    """The figure of so many rows as a section has it."""
    (folder / "figures").mkdir()
    pd.DataFrame({"analyte": "crp", "value": range(rows)}).to_csv(folder / "figures" / "x.csv", index=False)
    (folder / "figures" / "x.svg").write_text("<svg></svg>", encoding="utf-8")
    report = object.__new__(Report)
    report.results = SimpleNamespace(folder=folder)
    shown = report._read(Entry("x", "figure", "04-figures", alt="It rises."), 1)
    assert shown.analytes == ({"crp"} if rows else set())
    return BeautifulSoup(ENVIRONMENT.get_template("macros.html.j2").module.figure(shown, str), "html.parser")


@pytest.mark.parametrize(
    ("rows", "in_table", "said"), [(MOST_ROWS, MOST_ROWS, False), (18_000, 0, True), (0, 0, False)]
)
def test_the_data_of_a_figure_are_whole_in_its_page(tmp_path, rows, in_table, said):
    page = in_page(tmp_path, rows)
    assert len(page.select("tbody tr")) == in_table
    assert (f"{rows} rows, too many for a table here" in page.text) == said
    csv = base64.b64decode(page.select_one("a[download]")["href"].partition(",")[2]).decode()
    assert csv.splitlines()[1:] == [f"crp,{i}" for i in range(rows)]


def test_a_figure_stands_with_those_that_continue_it_and_is_numbered_before_the_next():
    names = ("forest", "forest-2", "sensitivity", "sensitivity-2")
    figures = {
        name: Shown(Entry(name, "figure", "04-figures", alt=name), number, {"header": [], "rows": []})
        for number, name in enumerate(names, start=1)
    }
    macros = ENVIRONMENT.get_template("macros.html.j2").module
    page = BeautifulSoup(macros.figures_of(figures, "forest", str), "html.parser")
    assert [figure["id"] for figure in page.select("figure")] == ["figure-forest", "figure-forest-2"]
    assert all(_has_place(shown.entry) for shown in figures.values())  # none is left for the end of its section
