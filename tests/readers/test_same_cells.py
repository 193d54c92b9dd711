"""A cell says the same in a long list as in a wide table, and what has two readings is asked about in both."""

import pytest

from imported import imported, written


def both(tmp_path, name, unit, cells, *options):
    """The values and reasons of the cells of one analyte, as a long list has them and as a wide table has them."""
    rows = "".join(f'{n},{name},"{cell}",{unit}\n' for n, cell in enumerate(cells))
    days = ",".join(f"Day {n}" for n in range(len(cells)))
    wide = f"Test,Unit,{days}\n{name},{unit}," + ",".join(f'"{cell}"' for cell in cells) + "\n"
    found = []
    for folder, text in (("long", "Day,Test,Result,Unit\n" + rows), ("wide", wide)):
        (tmp_path / folder).mkdir()
        outcome = imported(written(tmp_path / folder, "labs.csv", text), *options)
        values = {row["day"]: (row["value"], row["interpretation"]) for row in outcome.rows}
        found.append(([values.get(str(n)) for n in range(len(cells))], outcome.reasons()))
    (long, asked), (table, questions) = found
    assert long == table
    assert sorted({line.partition(": ")[2] for line in asked.splitlines()}) == sorted(
        {line.partition(": ")[2] for line in questions.splitlines()}
    )
    return long, asked


def test_litres_behind_a_number_are_not_taken_for_low(tmp_path):
    values, asked = both(tmp_path, "Urine volume", "mL", ["0.4 L", "0.4L", "400 ↓", "400 low"])
    assert values == [None, None, ("400", "L"), ("400", "L")]
    assert "L behind the number: litres, or low? the unit of the row is mL" in asked


def test_litres_in_a_row_of_litres_are_its_unit_and_a_low_potassium_is_low(tmp_path):
    assert both(tmp_path, "Urine volume", "L", ["0.4 L"])[0] == [("0.4", "")]
    (tmp_path / "other").mkdir()
    assert both(tmp_path / "other", "Potassium", "mmol/L", ["3.1 L", "5.9 H"])[0] == [("3.1", "L"), ("5.9", "H")]


def test_hours_behind_a_number_are_not_taken_for_high(tmp_path):
    case = imported(written(tmp_path, "first.csv", "Day,Test,Result,Unit\n1,CRP,5,mg/L\n")).case
    own = "analyte,label,unit,other_units,group,improvement\nventilated,Ventilation,min,h:60,Outcomes,decrease\n"
    (case.parent / "analytes.csv").write_text(own, encoding="utf-8")
    text = "Day,Test,Result,Unit\n2,Ventilation,20 h,min\n3,Ventilation,20 h,h\n"
    found = imported(written(tmp_path, "labs.csv", text), folder=case)
    assert [row["value"] for row in found.rows] == ["5", "20"] and found.rows[1]["interpretation"] == ""
    assert "H behind the number: hours, or high?" in found.reasons()


@pytest.mark.parametrize("cells", [["1.250"], ["<1.250"], ["1.250", "812,5"], ["1.250", "12.5"], ["1.250", "0,875"]])
def test_a_point_that_may_part_thousands_is_asked_about(tmp_path, cells):
    values, asked = both(tmp_path, "Ferritin", "ng/mL", cells)
    assert values[0] is None and "a point: decimal or thousands?" in asked


@pytest.mark.parametrize(
    ("name", "unit", "cells"),
    [
        ("Ferritin", "ng/mL", ["1.250", "0.875"]),  # the analyte is printed with three decimals
        ("Creatinine", "mg/dL", ["1.234"]),  # and nobody has one of 1234
        ("TSH", "mIU/L", ["1.250"]),
    ],
)
def test_a_point_that_parts_no_thousands_is_decimal(tmp_path, name, unit, cells):
    assert both(tmp_path, name, unit, cells)[0] == [(cell, "") for cell in cells]


def test_what_is_said_of_the_decimal_mark_holds_for_every_cell(tmp_path):
    assert both(tmp_path, "Ferritin", "ng/mL", ["1.250", "812,5"], "--decimal", "comma")[0] == [
        ("1250", ""), ("812.5", ""),
    ]  # fmt: skip
    (tmp_path / "point").mkdir()
    assert both(tmp_path / "point", "Ferritin", "ng/mL", ["1.250", "1,250"], "--decimal", "point")[0] == [
        ("1.250", ""), ("1250", ""),
    ]  # fmt: skip
