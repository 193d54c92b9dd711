"""What CENT and SCRIBE ask of a design, of a treatment that was withdrawn and given again."""

from casereport.audit import checklist
from casereport.case.reading import read_case
from designs import ABAB, design


def answers(parent, **more):
    table = checklist(read_case(design(parent, *ABAB, further="last_day: 12", **more)))
    return table.set_index("item")["finding"]


def test_the_periods_of_a1_b1_a2_b2_are_three_days_each(tmp_path):
    """A period that a course closes has its last day in it; the withdrawal begins on the day after."""
    assert answers(tmp_path)["CENT 3a, periods"] == (
        "4 periods: Baseline, 3 days (day 1 to day 4); Oxygen, 3 days (day 4 to day 6); "
        "Withdrawal, 3 days (after day 6 to day 10); Oxygen again, 3 days (day 10 to day 12)."
    )


def test_the_first_course_had_ended_when_the_second_began(tmp_path):
    assert answers(tmp_path)["CENT 3a, wash-out"] == (
        "When “Oxygen” began, no earlier course is recorded. "
        "When “Oxygen again” began, of 1 earlier course 1 had ended."
    )
