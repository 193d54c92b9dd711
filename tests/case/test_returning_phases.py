"""Phases that close with a course and open again: which day belongs to which, and what cannot be understood."""

import pytest

from casereport.case.phases import phase_of, windows
from casereport.case.reading import examine, read_case
from casereport.quantities.intervals import parse
from designs import A1, A2, ABAB, B1, B2, YEARS, design


def days_of(case, infusion_day: str, lag: int = 0) -> dict[str, list[int]]:
    """The days 1 to 14 that belong to each phase of a case."""
    found: dict[str, list[int]] = {}
    for day in range(1, 15):
        found.setdefault(phase_of(parse(str(day)), windows(case, lag), infusion_day), []).append(day)
    return found


def only(path, column: str):
    (problem,) = examine(path).problems
    assert problem.column == column
    assert problem.file == "cases/experiment/case.yaml"
    return problem


def test_a1_b1_a2_b2_are_four_phases_of_three_days_and_what_follows_belongs_to_none(tmp_path):
    case = read_case(design(tmp_path, *ABAB))
    assert days_of(case, "after") == {
        "a1": [1, 2, 3], "b1": [4, 5, 6], "a2": [7, 8, 9], "b2": [10, 11, 12], "": [13, 14],
    }  # fmt: skip


def test_a_sample_of_the_first_day_counts_before_and_one_of_the_last_day_in_the_phase(tmp_path):
    found = days_of(read_case(design(tmp_path, *ABAB)), "before")
    assert found == {"a1": [1, 2, 3, 4], "b1": [5, 6], "a2": [7, 8, 9, 10], "b2": [11, 12], "": [13, 14]}


def test_a_lag_puts_no_day_without_the_treatment_into_its_phase(tmp_path):
    found = days_of(read_case(design(tmp_path, *ABAB)), "after", lag=1)
    assert found == {"a1": [1, 2, 3, 4], "b1": [5, 6], "a2": [8, 9, 10], "b2": [11, 12], "": [7, 13, 14]}


def test_without_a_phase_for_the_withdrawal_its_days_belong_to_none(tmp_path):
    found = days_of(read_case(design(tmp_path, A1, B1, B2)), "after")
    assert found == {"a1": [1, 2, 3], "b1": [4, 5, 6], "": [7, 8, 9, 13, 14], "b2": [10, 11, 12]}


def test_a_day_that_may_be_of_a_phase_or_of_the_time_after_it_belongs_to_neither(tmp_path):
    phases = windows(read_case(design(tmp_path, A1, B1, B2)))
    assert phase_of(parse("5..6"), phases, "after") == "b1"
    assert phase_of(parse("6..7"), phases, "after") == ""


def test_a_drug_is_stopped_and_given_again(tmp_path):
    """Challenge, dechallenge, rechallenge: the first phase closes with a course that began before it was watched."""
    on = "{id: on_drug, label: On the drug, opened_by: null, closed_by: oxygen}"
    off = "{id: without, label: Off the drug, opened_by: null}"
    again = "{id: again, label: Rechallenge, opened_by: oxygen}"
    case = read_case(design(tmp_path, on, off, again, courses=[("<0", "6", "oxygen"), ("10", "", "oxygen")]))
    found = days_of(case, "after")
    assert found == {"on_drug": [1, 2, 3, 4, 5, 6], "without": [7, 8, 9], "again": [10, 11, 12, 13, 14]}


def test_sessions_day_after_day_are_one_course(tmp_path):
    sessions = [(day, day, "oxygen") for day in ("4", "5", "6", "10", "11", "12")]
    found = days_of(read_case(design(tmp_path, *ABAB, courses=sessions)), "after")
    assert (found["b1"], found["b2"]) == ([4, 5, 6], [10, 11, 12])


def test_the_second_dose_of_one_infusion_opens_a_phase_of_its_own(tmp_path):
    first = "{id: first, label: First infusion, opened_by: oxygen}"
    second = "{id: second, label: Second infusion, opened_by: oxygen, opened_on: 10}"
    doses = [("4", "4", "oxygen"), ("7", "7", "oxygen"), ("10", "10", "oxygen")]
    found = days_of(read_case(design(tmp_path, A1, first, second, courses=doses)), "after")
    assert found == {"a1": [1, 2, 3], "first": [4, 5, 6, 7, 8, 9], "second": [10, 11, 12, 13, 14]}


def test_two_phases_that_one_intervention_opens_must_say_how_they_part(tmp_path):
    """import-cases/27, as its author wrote it."""
    first, second = (phase.replace(", closed_by: oxygen", "") for phase in (B1, B2))
    problem = only(design(tmp_path, A1, first, second), "opened_by")
    assert (problem.line, problem.value) == (12, "oxygen")
    assert "closed_by in b1" in problem.expected
    assert "opened_on" in problem.expected


@pytest.mark.parametrize(
    ("phases", "column", "value", "expected"),
    [
        ((A1, B1.replace("closed_by: oxygen", "closed_by: ribavirin")), "closed_by", "ribavirin", "gives this"),
        ((A1, B1, A2, B2, B2.replace("b2", "b3")), "opened_by", "oxygen", "begins after day 12"),
        ((A1, B1, A2.replace("null", "null, opened_on: 7")), "opened_on", "7", "nothing"),
        ((A1, B1.replace("closed_by: oxygen", "opened_on: 5")), "opened_on", "5", "interventions.csv: 4, 10"),
        ((A1, B1.replace("closed_by: oxygen", "opened_on: fifth")), "opened_on", "fifth", "a study day"),
        ((A1, A2), "opened_by", "", "closed_by"),
    ],
)  # fmt: skip
def test_what_phases_cannot_be_is_named_with_its_line_and_value(tmp_path, phases, column, value, expected):
    problem = only(design(tmp_path, *phases), column)
    assert expected in problem.expected
    assert problem.value == value
    assert problem.line == 9 + len(phases)


def test_a_course_without_an_end_closes_no_phase(tmp_path):
    problem = only(design(tmp_path, A1, B1, courses=[("4", "", "oxygen")]), "closed_by")
    assert "end_day" in problem.expected


def test_a_phase_cannot_close_before_it_opens(tmp_path):
    """The only course of what shall close it is over when it opens."""
    late = "{id: late, label: Late, opened_by: ribavirin, closed_by: oxygen}"
    problem = only(design(tmp_path, A1, late, courses=[("4", "6", "oxygen"), ("8", "9", "ribavirin")]), "closed_by")
    assert "ends after the phase opens on day 8" in problem.expected


def test_a_phase_that_goes_on_beside_the_next_is_not_closed_by_its_course(tmp_path):
    other = "{id: other, label: Ribavirin, opened_by: ribavirin}"
    courses = [("4", "9", "oxygen"), ("7", "12", "ribavirin")]
    problem = only(design(tmp_path, A1, B1, other, courses=courses), "opened_by")
    assert "b1, ends" in problem.expected


def test_a_course_that_ends_before_it_starts_and_a_phase_without_a_dose_are_told_at_once(tmp_path):
    other = "{id: other, label: Ribavirin, opened_by: ribavirin}"
    found = examine(design(tmp_path, A1, B1, other, courses=[("6", "4", "oxygen")])).problems
    assert {p.column for p in found} >= {"end_day", "opened_by"}


@pytest.mark.parametrize(
    ("age", "group", "words"),
    [
        ("age_days: 3", "child", "3-day-old girl"),
        ("age_weeks: 6", "child", "6-week-old girl"),
        ("age_months: 7", "child", "7-month-old girl"),
        ("age_months: 18", "child", "18-month-old girl"),
        (YEARS, "child", "8-year-old girl"),
        ("age_years: 18", "female", "18-year-old woman"),
        ("age_years: null", "female", "Female patient, age not reported"),
    ],
)
def test_the_age_is_told_in_the_unit_in_which_it_is_given(tmp_path, age, group, words):
    from casereport.report.summary import who

    case = read_case(design(tmp_path, A1, B1, age=age))
    assert who(case) == words
    assert case.meta.subject.reference_group == group
    # 80 /min is a rate of the adult range, which is nobody's under 18 years
    assert all(row.reference is None for row in case.observations) == (group == "child")


@pytest.mark.parametrize(
    ("age", "column", "expected"),
    [
        ("age_years: 0.5", "subject.age_years", "age_months"),
        ("age_months: 24", "subject.age_months", "less than or equal to 23"),
        ("age_years: 1, age_months: 14", "subject.age_months", "age_years tells the age"),
        ("weight_kg: 7", "subject.age_years", "missing"),
    ],
)
def test_half_a_year_is_told_in_months_and_an_age_once(tmp_path, age, column, expected):
    """import-cases/30: the age in years is a whole number."""
    assert expected in only(design(tmp_path, A1, B1, age=age), column).expected
