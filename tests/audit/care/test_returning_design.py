"""What CENT and SCRIBE ask of a design, of a treatment that was withdrawn and given again."""

from dataclasses import replace

from casereport.audit.care.checklist import checklist
from casereport.case.reading import read_case
from designs import ABAB, design


def answers(parent, **more):
    table = checklist(read_case(design(parent, *ABAB, further="last_day: 12", **more)))
    return table.set_index("item")["finding"]


def test_the_periods_of_a1_b1_a2_b2_are_three_days_each(tmp_path):
    """A period that a course closes has its last day in it; the withdrawal begins on the day after."""
    assert answers(tmp_path)["CENT 3a, periods"] == (
        "4 periods: Baseline, 3 days (day 1 until day 4); Oxygen, 3 days (day 4 to day 6); "
        "Withdrawal, 3 days (after day 6 until day 10); Oxygen again, 3 days (day 10 to day 12)."
    )


def test_periods_of_sessions_are_told_from_the_first_to_the_last_of_each():
    table = checklist(read_case("byiers2014")).set_index(
        "item"
    )  # of the data: A 1 to 4, B 5 to 9, A 10 to 13, B 14 to 18
    assert table.loc["CENT 3a, periods", "finding"] == (
        "4 periods: Baseline, sessions 1 to 4; Communication training, sessions 5 to 9; "
        "Withdrawal, sessions 10 to 13; Training again, sessions 14 to 18."
    )


def test_the_first_course_had_ended_when_the_second_began(tmp_path):
    assert answers(tmp_path)["CENT 3a, wash-out"] == (
        "When “Oxygen” began, no earlier course is recorded. When “Oxygen again” began, the earlier course had ended."
    )


def test_no_laboratory_is_asked_for_where_behaviour_is_the_outcome():
    case = read_case("byiers2014")
    assert "laboratory" not in checklist(case)["item"].to_list()
    # one value of a laboratory beside it, and the outcome is not counted as another
    crp = next(row for row in read_case("leng2020").observations if row.analyte == "crp" and row.value == "191.00")
    table = checklist(replace(case, observations=(*case.observations, replace(crp, phase="b1")))).set_index("item")
    assert table.loc["laboratory", "finding"].startswith("1 laboratory value (vital signs apart)")
