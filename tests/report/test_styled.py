"""A table as a clinician reads it: units as physicians write them, words as words, the same each time."""

import pandas as pd

from casereport.report.styled import styled

TABLE = pd.DataFrame({"label": ["D-dimer, fibrinogen equivalent units"], "unit": ["ug/mL"], "dose_unit": ["10*6"]})


def test_only_units_are_written_as_units():
    html = styled(TABLE).to_html()
    assert ">µg/mL<" in html and ">×10⁶<" in html
    assert ">D-dimer, fibrinogen equivalent units<" in html


def test_words_stand_on_the_left_and_numbers_where_the_notebook_puts_them():
    table = pd.DataFrame({"finding": ["cough"], "day": [1.0], "number": [2], "serious": [True]})
    style = styled(table).set_uuid("x")
    assert all(f"#T_x .col{i} {{\n  text-align: left;\n}}" in style.to_html() for i in (0, 3))
    assert not any(f".col{i} {{" in style.to_html() for i in (1, 2))


def test_the_same_table_gives_the_same_bytes_and_another_one_other_ids():
    first, second = styled(TABLE).to_html(), styled(TABLE.copy()).to_html()
    assert first == second
    assert styled(TABLE.assign(unit="mg/L")).uuid != styled(TABLE).uuid


def test_what_is_printed_beside_what_was_understood_keeps_a_heading_of_its_own():
    html = styled(
        pd.DataFrame({"value_printed": ["10.2"], "unit_printed": ["10*3/uL"], "value": [1.0], "unit": ["g/L"]})
    )
    assert [">value printed<" in html.to_html(), ">value<" in html.to_html()] == [True, True]
    assert ">×10³/µL<" in html.to_html()
