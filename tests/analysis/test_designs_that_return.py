"""What is said of a treatment that was withdrawn and given again: its phases, and what they can tell apart."""

import casereport as cr
from casereport.analysis.estimability import told_basis
from casereport.case.reading import read_case
from designs import A1, ABAB, B1, B2, COURSES, design


def tables(case, infusion_day="after"):
    phases = cr.phases(case, infusion_day=infusion_day)
    return phases, cr.observations(case, phases), cr.interventions(case, phases), cr.events(case, phases)


def main_row(case):
    phases, observations, interventions, events = tables(case)
    table = cr.estimability(interventions, phases, observations, events)
    return table[(table["basis"] == told_basis(phases)) & (table["kind"] == "main")].iloc[0]


def test_the_phases_of_a_withdrawal_are_compared_one_after_the_other(tmp_path):
    phases, observations, *_ = tables(read_case(design(tmp_path, *ABAB)))
    found = cr.changes(observations, phases)
    assert list(zip(found["phase_before"], found["phase"], strict=True)) == [("a1", "b1"), ("b1", "a2"), ("a2", "b2")]


def test_a_treatment_that_was_withdrawn_is_told_from_the_course_of_the_illness(tmp_path):
    row = main_row(read_case(design(tmp_path, *ABAB)))
    assert row["estimable"] and row["aliased_with"] == ""
    assert "6 observation times in its course and 6 outside it" in row["sentence"]
    assert "started twice and stopped once" in row["sentence"]


def test_a_treatment_that_was_begun_once_is_not(tmp_path):
    row = main_row(read_case(design(tmp_path, A1, "{id: b1, label: Oxygen, opened_by: oxygen}")))
    assert row["aliased_with"] == "time"
    assert "cannot be distinguished from the course of the illness over time" in row["sentence"]


def test_the_same_is_told_where_the_source_states_the_phases_and_no_days(tmp_path):
    """A published experiment states the phase of each session; its courses may be known roughly."""
    stated = [phase for phase in ("a1", "b1", "a2", "b2") for _ in range(3)]
    row = main_row(read_case(design(tmp_path, *ABAB, stated=stated)))
    assert "6 observation times in its course and 6 outside it" in row["sentence"]


def pair_sentence(parent, courses) -> str:
    phases = [A1, "{id: b, label: B, opened_by: oxygen}", "{id: c, label: C, opened_by: convalescent_plasma}"]
    phases_, observations, interventions, events = tables(read_case(design(parent, *phases, courses=courses)))
    table = cr.estimability(interventions, phases_, observations, events)
    return table[(table["basis"] == "ever given") & (table["kind"] == "interaction")].iloc[0]["sentence"]


def test_only_what_was_given_once_cannot_be_taken_back(tmp_path):
    doses = [("4", "4", "oxygen"), ("10", "10", "convalescent_plasma")]
    assert "in other patients, since what was given cannot be reversed" in pair_sentence(tmp_path / "doses", doses)
    mixed = [("4", "6", "oxygen"), ("10", "10", "convalescent_plasma")]
    assert "since convalescent plasma cannot be reversed" in pair_sentence(tmp_path / "mixed", mixed)
    courses = [("4", "6", "oxygen"), ("10", "12", "convalescent_plasma")]
    assert "taken back" not in pair_sentence(tmp_path / "courses", courses)


def test_days_between_two_phases_are_said_with_their_values(tmp_path):
    phases, observations, interventions, _ = tables(read_case(design(tmp_path, A1, B1, B2)))
    (note,) = cr.phase_notes(phases, observations, interventions)
    assert note == (
        "After day 6, when “Oxygen” closes and until “Oxygen again” opens on day 10, the days belong to no phase; "
        "3 values of that time are not compared."
    )
    assert list(observations.loc[observations["phase"] == "", "day"]) == [7, 8, 9]


def test_nothing_is_said_where_each_phase_goes_on_until_the_next(tmp_path):
    phases, observations, interventions, _ = tables(read_case(design(tmp_path, *ABAB)))
    assert cr.phase_notes(phases, observations, interventions) == []


def test_a_first_day_that_the_source_does_not_state_is_said_to_be_inferred(tmp_path):
    phases, observations, interventions, _ = tables(read_case(design(tmp_path, *ABAB)))
    told = [
        cr.phase_notes(phases, observations, interventions.assign(evidence=evidence))
        for evidence in ("reported", "inferred")
    ]
    assert told[0] == [] and told[1][0] == "That “Oxygen” began on day 4 is inferred; the source does not state it."


def test_a_phase_that_goes_on_after_its_treatment_is_said_to(tmp_path):
    """import-cases/28: the withdrawal lies in the phase of the treatment, unless a phase is closed."""
    open_ended = B1.replace(", closed_by: oxygen", "")
    phases, observations, interventions, _ = tables(read_case(design(tmp_path, A1, open_ended, courses=COURSES)))
    (note,) = cr.phase_notes(phases, observations, interventions)
    assert note.startswith("“Oxygen” has 3 values of days without oxygen, which was given in days 4 to 6 and 10 to 12")


def test_a_fast_course_is_told_in_hours(tmp_path):
    case = read_case(design(tmp_path, A1, B1, further="time_unit: hours"))
    phases, observations, interventions, events = tables(case)
    assert set(phases["time_unit"]) == {"hours"}
    (note,) = cr.phase_notes(phases, observations, interventions)
    assert note.startswith("After hour 6, when “Oxygen” closes, the hours belong to no phase; 6 values")
    (drawn,) = cr.figures.courses(observations, phases, interventions, title="Vital signs")
    assert "80/min at hour 1" in drawn.alt
    assert drawn.canvas.axes[0].get_xlabel() == "hour"
    timeline = cr.figures.timeline(interventions, events, observations, phases)
    assert timeline.alt.startswith("Timeline by hour.")
    assert "day" not in timeline.alt + timeline.description + drawn.alt + drawn.description


def test_what_is_told_of_another_case_afterwards_is_told_in_days(tmp_path):
    tables(read_case(design(tmp_path, A1, B1, further="time_unit: hours")))
    from casereport.quantities.wording import time_axis

    assert time_axis() == "study day"


def test_a_figure_shades_no_phase_where_there_is_none(tmp_path):
    from casereport.analysis.tidy import phase_windows
    from casereport.figures.days import bands

    phases, *_ = tables(read_case(design(tmp_path, A1, B1, B2)))
    found = [(band.phase, band.start, band.end) for band in bands(phase_windows(phases), (0, 14))]
    assert found == [("a1", 0, 4), ("b1", 4, 6), ("b2", 10, 12)]


def test_a_recovery_before_a_phase_is_told_of_a_dose_and_of_analytes_outside_a_known_range():
    case = read_case("leng2020")
    phases, observations, *_ = tables(case, "before")
    assert len(cr.under_way(observations, phases))
    assert cr.under_way(observations, phases.assign(opened_by="")).empty
    unknown = {"ref_low": float("nan"), "ref_high": float("nan"), "ref_closed": ""}
    assert cr.under_way(observations.assign(**unknown), phases).empty
