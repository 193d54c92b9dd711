"""The grid of all values: each in the cell of its analyte and day, with flag, source and evidence, and none lost."""

import re

import pandas as pd
import pytest
from bs4 import BeautifulSoup
from small import observations as observed
from small import of_case, seen

from casereport.analysis.tidy import measured
from casereport.case.place import case_names
from casereport.case.reading import read_case
from casereport.quantities.wording import counted_in
from casereport.report.sections import ENVIRONMENT
from casereport.report.value_grid import line, value_grid

VOCABULARY = read_case("leng2020").vocabulary


def rows(*values: dict) -> pd.DataFrame:
    return observed(*(value | {"group": "Liver"} for value in values))


def grid(table: pd.DataFrame, unit: str = "days") -> BeautifulSoup:
    """The grid as the page has it."""
    with counted_in(unit):
        words = value_grid(measured(table), VOCABULARY, ["before", "after"])
        shown = {"entry": {"name": "observations", "caption": "Every value."}, "number": 1, "cell": "#"}
        macros = ENVIRONMENT.get_template("macros.html.j2").module
        module = ENVIRONMENT.get_template("value-grid.html.j2").module
        colours = dict.fromkeys(table["phase"], "#111111")
        parts = [
            module.grid(part, i, len(words["parts"]), shown, macros, colours, "day", "study day")
            for i, part in enumerate(words["parts"], start=1)
        ]
    return BeautifulSoup(
        "".join(map(str, [*parts, module.key(words["documents"], words["key"], "day")])), "html.parser"
    )


def cell(page: BeautifulSoup, analyte: str, day: str) -> BeautifulSoup:
    """The cell of an analyte and a day, which stands in one part."""
    found = []
    for table in page.select("table"):
        heads = [th.get_text().removeprefix("day ") for th in table.select("thead th")]
        for row in table.select("tbody tr:not(.group)"):
            if row.th.contents[0] == analyte and day in heads:
                found.append(row.find_all(["th", "td"])[heads.index(day)])
    (one,) = found
    return one


def days(table: BeautifulSoup) -> list[str]:
    heads = [th.text for th in table.select("thead th")]
    return [head for head in heads if not head.startswith(("Analyte", "Course"))]


TABLE = rows(
    seen("-2", "12", ref="0..10", position="above", source="Table 1, day -2", note="As printed."),
    seen("1", "5", ref="0..10", position="in", source="text"),
    seen("4", "0..10", ref="0..10", code="N", evidence="reported", source="text"),
    seen("2..3", "-3", ref="0..10", position="below"),
    seen("1", "40", analyte="alt"),
)


def test_a_value_stands_in_the_cell_of_its_analyte_and_day_with_sign_source_and_note():
    label = VOCABULARY.analytes["crp"].label
    page = grid(TABLE)
    value = cell(page, label, "−2").select_one(".value")
    assert value["id"] == "value-crp-1" and value["title"] == "Table 1, day -2. As printed."
    assert cell(page, label, "−2")["class"] == ["above"]
    assert value.select_one(".flag").text == "↑" and value.select_one(".flag")["aria-label"].startswith("above")
    assert cell(page, label, "2 to 3")["class"] == ["below"]
    assert cell(page, label, "1").get("class") is None and cell(page, label, "1").text.startswith("5")
    assert cell(page, VOCABULARY.analytes["alt"].label, "−2").text == ""


@pytest.mark.parametrize(
    ("origin", "shown"), [("source", "0 to 10"), ("default", "0 to 10 (default)"), ("target", "0 to 10 (target)")]
)
def test_a_range_that_the_source_does_not_print_is_marked_as_such(origin, shown):
    page = grid(rows(seen("1", "5", ref="0..10", ref_origin=origin), seen("2", "5", ref="0..10", ref_origin=origin)))
    assert page.select_one("tbody small").text == f"mg/L · {shown}"
    assert ("the source gives none" in page.select_one(".key").text) is (origin == "default")


def test_each_value_names_its_document_by_a_letter_that_the_key_explains():
    page = grid(TABLE)
    letters = {re.search(r"[a-z]$", v.text)[0] for v in page.select(".value")}
    key = page.select_one(".key").text
    assert letters == {"a", "b"} and "a Table 1" in key and "b text" in key


def test_what_is_stated_in_words_has_the_class_of_its_evidence():
    value = cell(grid(TABLE), VOCABULARY.analytes["crp"].label, "4").select_one(".value")
    assert value["class"] == ["value", "reported"] and value.text.startswith("0 to 10")


@pytest.mark.parametrize("name", case_names())
def test_every_value_of_a_bundled_case_is_there_once(name):
    table = of_case(name)["observations"]
    ids = [v["id"] for v in grid(table).select(".value")]
    expected = [f"value-{a}-{i}" for a, n in table["analyte"].value_counts().items() for i in range(1, n + 1)]
    assert sorted(ids) == sorted(expected)


def test_a_grid_of_many_days_is_cut_into_parts_and_no_value_is_lost():
    ids = list(VOCABULARY.analytes)[:45]
    table = rows(*(seen(f"{day}", "105.50", analyte=a) for a in ids for day in range(1, 61)))
    table["group"] = [VOCABULARY.analytes[a].group for a in table["analyte"]]
    page = grid(table)
    tables = page.select("table")
    assert all(len(days(t)) <= 25 for t in tables)
    assert all(len(t.select("tbody tr:not(.group)")) <= 40 for t in tables)
    assert len(page.select(".value")) == 45 * 60 == len({v["id"] for v in page.select(".value")})
    assert len(page.select("#table-observations")) == 1  # one place to link to
    assert tables[1].caption.text == f"Table 1, part 2 of {len(tables)}"
    assert len(page.select("svg.line")) == 45  # the course of each analyte once, however many parts


def test_parts_are_about_equally_wide():
    table = rows(*(seen(f"{day}", "105.50") for day in range(1, 31)))
    widths = [len(days(t)) for t in grid(table).select("table")]
    assert sum(widths) == 30 and max(widths) - min(widths) <= 2


def test_in_hours_the_columns_are_hours():
    page = grid(rows(seen("6", "5")), "hours")
    assert days(page)[0].endswith("6")


def test_the_text_of_a_case_is_escaped():
    page = grid(rows(seen("1", "5", source='"><script>alert(1)</script>', note="<b>x</b>")))
    assert not page.select("script, b") and "<script>" in page.select_one(".value")["title"]


def points(drawn: str) -> list[list[tuple[float, float]]]:
    found = BeautifulSoup(drawn, "html.parser").select("polyline")
    return [[tuple(map(float, p.split(","))) for p in one["points"].split()] for one in found]


def test_the_line_joins_what_is_known_and_breaks_where_nothing_is():
    values = [seen(day, value) for day, value in (("1", "10"), ("2", "30"), ("3", "20"), ("30", "10"), ("31", "10"))]
    drawn = line(measured(rows(*values)), ["before", "after"])
    first, second = points(drawn)
    assert [len(first), len(second)] == [3, 2]
    assert first[0][0] < first[1][0] < first[2][0] < second[0][0]  # days to scale, from left to right
    assert first[1][1] < first[2][1] < first[0][1] == second[0][1]  # a higher value stands higher
    assert drawn.count("<circle") == 5


def test_a_single_number_has_no_line_and_words_are_no_points():
    assert line(measured(rows(seen("1", "10"), seen("2", code="U"), seen("3", "<3"))), []) == ""


def test_the_key_explains_only_what_the_table_has():
    bare = grid(rows(seen("1", "5", phase="")).assign(position="")).select_one("p.key").text
    for said in ("below the reference range", "Line above", "Course", "Italics", "(default)"):
        assert said not in bare
    full = grid(TABLE).select_one("p.key").text
    assert "↓ below the reference range. Line above a day: the phase of its values." in full
    assert "Course: the exact numbers" in full and "Italics: stated in words" in full
