"""Misprints: what is asked about, and how much it takes."""

import pytest

from casereport.audit.consistency import check_consistency
from made_up import made_up, seen


def course(analyte, values, unit) -> list[tuple]:
    return [seen(day, analyte, value, unit) for day, value in enumerate(values)]


# a jump is five times the values before and after, in what rounding to print may hide of it
@pytest.mark.parametrize(
    ("peak", "asked"),
    [("49.9", False), ("50.1", False), ("51.0", True), ("60.0", True), ("2.01", False), ("1.8", True)],
)
def test_a_value_is_asked_about_from_five_times_the_values_next_to_it(tmp_path, peak, asked):
    rows = course("crp", ["10.0", peak, "10.0"], "mg/L") + course("creatinine", ["60", "61", "59"], "umol/L")
    found = check_consistency(made_up(tmp_path, rows))
    assert found["check"].to_list() == ["question"] * asked
