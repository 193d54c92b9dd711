"""Columns and rows that repeat each other, scores off their steps, bodies beyond any adult's, decimals of their own."""

import pytest

from casereport.audit.consistency import check_consistency
from casereport.audit.copies import too_many
from casereport.case.reading import read_case
from made_up import edit, made_up, seen, write_case


def found_on(tmp_path, *rows) -> list[tuple[str, str]]:
    found = check_consistency(made_up(tmp_path, rows))
    return list(zip(found["check"], found["analyte"], strict=True))


# Copies

BLOOD = {
    "alt": ("U/L", ["48", "57", "71"]),
    "ast": ("U/L", ["61", "74", "92"]),
    "ldh": ("U/L", ["412", "455", "503"]),
    "creatinine": ("umol/L", ["96", "108", "121"]),
    "platelets": ("10*9/L", ["148", "139", "131"]),
    "albumin": ("g/L", ["31.2", "29.8", "28.4"]),
}


def blood(copied: int, from_day: int = 1, to_day: int = 2) -> list[tuple]:
    """Three days, of which the last has so many numbers of the one before."""
    rows = []
    for i, (name, (unit, values)) in enumerate(BLOOD.items()):
        printed = list(values)
        if i < copied:
            printed[to_day] = printed[from_day]
        rows += [seen(day, name, value, unit) for day, value in enumerate(printed)]
    return rows


@pytest.mark.parametrize(("copied", "found"), [(6, 1), (5, 0), (3, 0), (0, 0)])
def test_a_day_with_all_numbers_of_the_day_before_is_asked_about(tmp_path, copied, found):
    assert found_on(tmp_path, *blood(copied)) == [("copied", "alt")] * found


@pytest.mark.parametrize(
    ("equal", "both", "found"),
    # of 3,331 pairs of samples of Yan et al. 2020 the most were 5 of 9 and 5 of 23, and 21 of 21 in one entered twice
    [(5, 9, False), (5, 23, False), (21, 21, True), (5, 5, True), (4, 4, False), (11, 20, True)],
)
def test_how_many_numbers_may_recur_by_chance(equal, both, found):
    assert too_many(equal, both) is found


def test_readings_of_few_values_recur_on_a_quiet_ward(tmp_path):
    quiet = {"heart_rate": ("/min", "72"), "temperature": ("Cel", "36.8"), "respiratory_rate": ("/min", "16"),
             "systolic_pressure": ("mm[Hg]", "118"), "diastolic_pressure": ("mm[Hg]", "74"), "gcs": ("{score}", "15"),
             "peep": ("cm[H2O]", "12")}  # fmt: skip
    rows = [seen(day, name, value, unit) for day in range(3) for name, (unit, value) in quiet.items()]
    assert found_on(tmp_path, *rows) == []


@pytest.mark.parametrize(
    ("first", "second", "found"),
    [
        (["48", "57", "71"], ["48", "57", "71"], 1),
        (["48", "57", "71"], ["48", "57", "72"], 0),
        (["48", "48", "48"], ["48", "48", "48"], 0),  # one number, however often
        (["2", "3", "4"], ["2", "3", "4"], 0),  # one digit says little
    ],
)
def test_a_row_with_the_numbers_of_another_is_asked_about(tmp_path, first, second, found):
    rows = [
        seen(day, name, value, "U/L")
        for name, values in (("alt", first), ("ast", second))
        for day, value in enumerate(values)
    ]
    assert found_on(tmp_path, *rows) == [("copied", "ast")] * found


def test_two_names_of_one_thing_share_their_numbers(tmp_path):
    # urea nitrogen in mmol/L is the same number as urea
    rows = [
        seen(day, name, value, "mmol/L")
        for name in ("urea", "urea_nitrogen")
        for day, value in enumerate(["6.9", "8.1", "9.4"])
    ]
    assert found_on(tmp_path, *rows) == []


# Scores and bodies


@pytest.mark.parametrize(
    ("score", "value", "found"),
    [
        ("gcs", "15", 0), ("gcs", "14.5", 1), ("gcs", "2", 1), ("gcs", "16", 1), ("sofa", "8", 0), ("sofa", "25", 1),
        ("qsofa", "3", 0), ("qsofa", "4", 1), ("apache_ii", "71", 0), ("apache_ii", "72", 1), ("news2", "20", 0),
        ("news2", "7.5", 1), ("rass", "-5", 0), ("rass", "4", 0), ("rass", "-6", 1), ("who_progression", "10", 0),
        ("who_progression", "6.5", 1), ("murray", "2.75", 0), ("murray", "2.3", 0), ("murray", "2.33", 0),
        ("murray", "2.4", 1), ("murray", "4.5", 1), ("sofa", "6..8", 0),
    ],
)  # fmt: skip
def test_a_score_is_a_step_of_its_scale(tmp_path, score, value, found):
    assert found_on(tmp_path, seen(1, score, value, "{score}")) == [("question", score)] * found


@pytest.mark.parametrize(
    ("analyte", "value", "unit", "age", "found"),
    [
        ("weight", "82.4", "kg", 50, 0),
        ("weight", "8.24", "kg", 50, 1),
        ("weight", "8.24", "kg", 1, 0),
        ("weight", "82.4", "[lb_av]", 50, 0),
        ("height", "1.78", "m", 50, 0),
        ("height", "78", "cm", 50, 1),
        ("bmi", "260", "kg/m2", 50, 1),
    ],
)
def test_a_weight_fits_an_age_and_a_height_an_adult(tmp_path, analyte, value, unit, age, found):
    folder = write_case(tmp_path, [seen(1, analyte, value, unit)])
    edit(folder, "case.yaml", "age_years: 50", f"age_years: {age}")
    checks = check_consistency(read_case(folder))["check"].to_list()
    assert bool(checks) is bool(found)


# Decimals


@pytest.mark.parametrize(
    ("values", "found"),
    [
        (["140", "141", "139", "142", "140.5"], 1),
        (["4.9", "5.1", "5.3", "4.8", "4.91"], 1),
        (["140", "141", "139", "140.5"], 0),  # three others show no precision
        (["2.1", "2", "2.3", "2.4", "2.2"], 0),  # a nought at the end was lost
        (["102", "113", "115", "121", "98.4"], 0),  # an analyser that prints three digits
        (["140", "140", "140", "140", "140.5"], 0),  # one number four times
        (["140", "141", "139", "142", "<140.5"], 0),
        (["140", "141.5", "139", "142.5", "140"], 0),
    ],
)
def test_more_decimals_than_the_rest_of_a_row_are_asked_about(tmp_path, values, found):
    rows = [seen(day, "crp", value, "mg/L") for day, value in enumerate(values)]
    assert found_on(tmp_path, *rows) == [("question", "crp")] * found
