"""How much was given and for how long, as claims say it and as interventions.csv has it."""

import pytest

from casereport.audit.claims import audit_claims
from casereport.audit.verdicts import VERDICTS
from casereport.errors import BadInput
from made_up import claim, made_up

SUPPORTED, PARTLY, CONTRADICTED, REPORTED, _ = VERDICTS


def given(start, end, dose="", unit="", source="Table 1") -> tuple:
    return start, end, "prednisolone", dose, unit, "", "measured", source, ""


def outcome(tmp_path, expected, *courses, begin=1, end=1) -> tuple[str, str]:
    one = claim("event", expected, anchor="prednisolone", begin=begin, end=end)
    row = audit_claims(made_up(tmp_path, claims=[one], interventions=courses)).iloc[0]
    return row["verdict"], row["evidence"]


@pytest.mark.parametrize(
    ("expected", "course", "found"),
    [
        ("given 60 mg", (1, 5, "60", "mg"), SUPPORTED),
        ("given 40 mg", (1, 5, "60", "mg"), PARTLY),  # it was given, in another dose
        ("given 0.06 g", (1, 5, "60", "mg"), SUPPORTED),
        ("given 60 g", (1, 5, "60", "mg"), PARTLY),  # a slip of the unit
        ("given 60 mg", (1, 5, "", ""), PARTLY),  # no dose is recorded
        ("given 60 mg", (1, 5, "60", "mL"), PARTLY),  # not comparable
        ("given >50 mg", (1, 5, "60", "mg"), SUPPORTED),
        ("given 60 mg", (2, 5, "60", "mg"), CONTRADICTED),  # not on day 1
        ("given 1 mg/kg", (1, 5, "1000", "ug/kg"), SUPPORTED),
    ],
)
def test_a_dose(tmp_path, expected, course, found):
    assert outcome(tmp_path, expected, given(*course))[0] == found


@pytest.mark.parametrize(
    ("expected", "courses", "found"),
    [
        ("given for 5 days", [(1, 5)], SUPPORTED),
        ("given for 4 days", [(1, 5)], PARTLY),
        ("given for 5 days", [(1, "")], PARTLY),  # its end is not known
        ("given for 5 days", [(1, ">=3")], PARTLY),
        ("given for 5 days", [(d, d) for d in range(1, 6)], SUPPORTED),  # a row a day
        ("given for 4 days", [(1, 2), (4, 5)], PARTLY),  # a gap
        ("given 60 mg for 5 days", [(1, 5, "60", "mg")], SUPPORTED),
        ("given 60 mg for 5 days", [(1, 5, "30", "mg")], PARTLY),
    ],
)
def test_a_duration_counts_the_first_and_the_last_day(tmp_path, expected, courses, found):
    assert outcome(tmp_path, expected, *(given(*course) for course in courses))[0] == found


def test_dose_and_duration_are_told_as_recorded(tmp_path):
    told = outcome(tmp_path, "given 40 mg for 3 days", given(1, 5, "60", "mg"))[1]
    assert told == (
        "The text says so at 40 mg for 3 days, on day 1; Table 1 has it on days 1 to 5; the dose there is 60 mg, not "
        "in agreement; it was given for 5 days, not in agreement."
    )
    told = outcome(tmp_path / "b", "given for 3 days", given(1, ">=2"))[1]
    assert "it was given for at least 2 days, not exact enough to tell" in told


def test_what_bears_out_no_course_bears_out_no_dose(tmp_path):
    assert outcome(tmp_path, "given 60 mg", given(1, 5, "60", "mg", "text, page 2"))[0] == REPORTED


@pytest.mark.parametrize("expected", ["given 60", "given mg 60", "given for days", "given for >3 days", "given 6x mg"])
def test_a_dose_that_cannot_be_read_is_refused(tmp_path, expected):
    with pytest.raises(BadInput):
        outcome(tmp_path, expected, given(1, 5, "60", "mg"))
