"""One error at a time, planted in a course that agrees with itself: each is asked about, and the course is not."""

import pytest

from casereport.audit.consistency import check_consistency
from consistent_course import DAYS, EVENTS, course, line_of, observations
from made_up import happened, made_up

CASE = course()


def remarks(tmp_path, table=CASE, events=EVENTS) -> list[tuple[str, set[str]]]:
    """(check, lines) of each remark."""
    found = check_consistency(made_up(tmp_path, observations(table), events))
    return [(row.check, set(row.lines.split())) for row in found.itertuples()]


def test_the_course_itself_is_silent(tmp_path):
    found = check_consistency(made_up(tmp_path, observations(CASE), EVENTS))
    assert found["finding"].to_list() == []


@pytest.mark.parametrize(
    ("analyte", "day", "printed"),
    [
        # two digits exchanged
        ("haemoglobin", -1, "96"), ("red_cells", 0, "2.38"), ("haematocrit", 1, "29.8"), ("mcv", 2, "98.4"),
        ("mch", 3, "92.4"), ("mchc", 0, "323"), ("neutrophils", 1, "3.75"), ("white_cells", -2, "11.08"),
        ("lymphocytes", 3, "2.11"), ("neutrophil_share", 4, "76.0"), ("sodium", 0, "193"), ("chloride", -3, "130"),
        ("bicarbonate", 1, "32"), ("anion_gap", -3, "31"), ("ph_arterial", -2, "7.53"), ("paco2", 0, "04"),
        ("pao2_fio2", 2, "220"), ("aa_gradient", -1, "530"), ("pao2", 1, "87"), ("albumin", 3, "39.0"),
        ("protein_total", 0, "61.0"), ("globulin", -2, "33.1"), ("bilirubin_total", 1, "51.5"), ("egfr", 0, "96"),
        ("creatinine", 0, "171"), ("urea", 1, "6.7"), ("calcium_corrected", 2, "2.92"), ("ldl", -1, "16.5"),
        ("non_hdl", 0, "2.74"), ("inr", -1, "2.19"), ("platelets", 2, "716"), ("mean_pressure", 1, "28"),
        ("cd4_cells", 2, "226"), ("cd4_cd8_ratio", 3, "1.35"), ("osmolality", 2, "249"), ("weight", 0, "81.3"),
        # a decimal point lost or moved, a digit typed twice
        ("haemoglobin", 2, "9.8"), ("red_cells", 4, "34.9"), ("lymphocyte_share", 2, "1.21"),
        ("reticulocytes", -1, "370"), ("potassium", 1, "42"), ("bicarbonate_blood", 3, "2.57"),
        ("base_excess", -2, "6.2"), ("rox_index", 0, "63"),
        ("bilirubin_direct", -1, "89"), ("urea_nitrogen", 2, "184"), ("glucose", 0, "84"), ("calcium", -2, "20.3"),
        ("cholesterol", 3, "37.1"), ("prothrombin_time", 0, "152"), ("driving_pressure", 1, "3"), ("bmi", 3, "2.55"),
        ("creatinine", 3, "8.9"), ("crp", 0, "15.14"), ("reticulocyte_share", 1, "0.17"), ("spo2", 1, "59"),
        # exchanged with another row, or out of its scale
        ("systolic_pressure", 2, "70"), ("hdl", 4, "9.70"), ("peep", 0, "24.5"), ("gcs", 1, "14.5"), ("gcs", 2, "16"),
        ("sofa", -2, "8.5"), ("news2", 3, "21"), ("murray", 0, "2.40"), ("weight", -3, "8.24"),
        # more decimals than its row, and another analyte's number
        ("platelets", 3, "203.4"), ("ldh", 1, "421.5"), ("ferritin", 1, "946.35"), ("procalcitonin", 0, "24.8"),
    ],
)  # fmt: skip
def test_a_misprinted_number_is_asked_about_by_its_row(tmp_path, analyte, day, printed):
    table = course()
    assert table[analyte][1][DAYS.index(day)] != printed
    table[analyte][1][DAYS.index(day)] = printed
    found = remarks(tmp_path, table)
    assert any(str(line_of(table, analyte, day)) in lines for _, lines in found), found


@pytest.mark.parametrize("day", [-2, 1, 4])
def test_a_column_copied_from_the_day_before_is_asked_about(tmp_path, day):
    table = course()
    for _, values in table.values():
        values[DAYS.index(day)] = values[DAYS.index(day) - 1]
    found = remarks(tmp_path, table)
    assert [check for check, _ in found] == ["copied"]


@pytest.mark.parametrize(("row", "source"), [("alt", "ast"), ("ferritin", "ldh"), ("crp", "platelets")])
def test_a_row_copied_from_another_is_asked_about(tmp_path, row, source):
    table = course()
    table[row] = (table[row][0], list(table[source][1]))
    assert "copied" in [check for check, _ in remarks(tmp_path, table)]


@pytest.mark.parametrize(
    ("at", "event"),
    [
        (3, happened(-3, "outcome", "Extubated")),
        (4, happened(-3, "transfer", "Left intensive care")),
        (5, happened(2, "outcome", "Discharged home")),
        (5, happened(1, "outcome", "Died of respiratory failure")),
        (0, happened(5, "transfer", "Admitted to a ward")),
    ],
)
def test_an_event_out_of_order_is_asked_about(tmp_path, at, event):
    events = [event if i == at else other for i, other in enumerate(EVENTS)]
    found = remarks(tmp_path, events=events)
    assert any(check == "order" and f"events.csv:{at + 2}" in lines for check, lines in found), found
