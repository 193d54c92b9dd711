"""One value in a cell that is merged over several is not the value of each of them."""

import pytest
from openpyxl import Workbook

from imported import imported, written

ROWS = [
    ["Test", "Unit", "Day 1", "Day 3"],
    ["Potassium", "mmol/L", 4.55, 4.2],
    ["Chloride", None, None, 101],
    ["Sodium", None, 140, None],
]


def book(tmp_path, rows, *merged):
    made = Workbook()
    for row in rows:
        made.active.append(row)
    for area in merged:
        made.active.merge_cells(area)
    made.save(tmp_path / "labs.xlsx")
    return imported(tmp_path / "labs.xlsx")


def test_a_value_merged_over_two_analytes_or_two_days_is_asked_about(tmp_path):
    found = book(tmp_path, ROWS, "B2:B4", "C2:C3", "C4:D4")
    assert found.values() == [("3", "potassium", "4.2", "mmol/L"), ("3", "chloride", "101", "mmol/L")]
    assert [row["cell"] for row in found.left_out] == ["C2", "C3", "C4", "D4"]
    assert "4.55: one cell merged over 'Potassium', 'Chloride': of which is it?" in found.reasons()
    assert "140: one cell merged over 'Day 1', 'Day 3': of which is it?" in found.reasons()


def test_the_same_is_asked_of_a_table_with_its_days_down(tmp_path):
    rows = [list(column) for column in zip(*ROWS, strict=True)]
    del rows[1]
    rows[0] = ["Day", "Potassium (mmol/L)", "Chloride (mmol/L)", "Sodium (mmol/L)"]
    found = book(tmp_path, rows, "B2:C2", "D2:D3")
    assert found.values() == [("3", "potassium", "4.2", "mmol/L"), ("3", "chloride", "101", "mmol/L")]
    assert [row["cell"] for row in found.left_out] == ["B2", "C2", "D2", "D3"]


def test_a_value_merged_as_its_name_or_its_day_is_one_value(tmp_path):
    rows = [["Test", "Unit", "Day 1", None], ["CRP", "mg/L", 5, None], [None, "mg/dL", None, None]]
    found = book(tmp_path, rows, "C1:D1", "A2:A3", "B2:B3", "C2:D3")
    assert found.values() == [("1", "crp", "5", "mg/L")] and found.left_out == []


@pytest.mark.parametrize("span", ["rowspan", "colspan"])
def test_a_value_that_spans_cells_of_an_article_is_asked_about(tmp_path, span):
    first, second = ('<td rowspan="2">4.55</td><td>4.2</td>', "<td>101</td>")
    if span == "colspan":
        first, second = ('<td colspan="2">4.55</td>', "<td>101</td><td>102</td>")
    text = (
        "<article><table-wrap><label>Table 1</label><caption><p>Findings</p></caption><table>"
        "<tr><th>Test</th><th>Unit</th><th>Day 1</th><th>Day 3</th></tr>"
        f'<tr><td>Potassium</td><td rowspan="2">mmol/L</td>{first}</tr><tr><td>Chloride</td>{second}</tr>'
        "</table></table-wrap></article>"
    )
    found = imported(written(tmp_path, "a.xml", text))
    assert len(found.rows) == 2 and "4.55" not in {row["value"] for row in found.rows}
    assert found.reasons().count("4.55: one cell merged over") == 2


def test_a_value_merged_over_rows_of_a_list_is_asked_about_and_a_day_is_not(tmp_path):
    rows = [
        ["Day", "Test", "Result", "Unit"],
        [1, "Potassium", 4.55, "mmol/L"],
        [None, "Chloride", None, None],
        [None, "CRP", 5, "mg/L"],
    ]
    found = book(tmp_path, rows, "A2:A4", "C2:C3", "D2:D3")
    assert found.values() == [("1", "crp", "5", "mg/L")]
    assert found.reasons().count("one cell merged over the values of several rows") == 2
