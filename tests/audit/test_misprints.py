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


@pytest.mark.parametrize(
    ("values", "asked"),
    [
        (["138", "140", "183", "139", "141", "140"], "138 would be in line: did two digits change places?"),
        (["138", "140", "153", "139", "141", "140"], ""),  # out of line by less than 15 %
        (["138", "140", "181", "139", "141", "140"], ""),  # 118 would be out of line as well
        (["138", "140", "1390", "139", "141", "140"], "139 would be in line: did the decimal point move?"),
        (["138", "140", "137", "139", "141", "14.0"], "140 would be in line: did the decimal point move?"),
        (["138", "140", "137", "139", "141", "104"], ""),  # at the end it may be the beginning of a fall
        (["138", "260", "183", "90", "141", "170"], ""),  # no steady course
    ],
)
def test_digits_exchanged_or_a_point_moved_are_asked_about_in_a_steady_course(tmp_path, values, asked):
    found = check_consistency(made_up(tmp_path, course("ldh", values, "U/L")))["finding"]
    assert [text.endswith(asked) for text in found] == [True] * bool(asked)
