"""The order of events: what is plainly out of order is asked about, and what a source may mean otherwise is not."""

import pytest

from casereport.audit.consistency import check_consistency
from made_up import happened, made_up, seen


def given(start, end, intervention) -> tuple:
    """A row of interventions.csv."""
    return start, end, intervention, "", "", "", "reported", "text", ""


def lines(tmp_path, events, observations=(), interventions=()) -> list[str]:
    """The lines of the remarks on the order of events."""
    found = check_consistency(made_up(tmp_path, observations, events, interventions=interventions))
    assert set(found["check"]) <= {"order"}
    return found["lines"].to_list()


@pytest.mark.parametrize(
    ("events", "found"),
    [
        ([(5, "Intubated"), (2, "Extubated")], 1),
        ([(2, "Intubated"), (5, "Extubated")], 0),
        ([(2, "Intubated"), (2, "Extubated")], 0),
        ([("2..6", "Intubated"), (4, "Extubated")], 0),  # it may have been before
        ([(5, "Intubated"), (2, "Extubated"), (6, "Extubated")], 0),  # the first tube is not told
        ([(5, "Re-intubated"), (2, "Extubated")], 0),
        ([(5, "Intubated"), (2, "Extubation failed")], 0),
        ([(5, "Intubated"), (2, "Not extubated")], 0),
        ([(1, "Left intensive care"), (3, "Moved to intensive care")], 1),
        ([(1, "Moved to intensive care"), (3, "From intensive care to the ward")], 0),
        ([(1, "Discharged home"), (3, "Admitted to a ward")], 1),
        ([(1, "Discharged from the emergency department"), (3, "Admitted to a ward")], 0),
    ],
)
def test_out_comes_after_in(tmp_path, events, found):
    rows = [happened(day, "outcome", finding) for day, finding in events]
    assert len(lines(tmp_path, rows)) == found


@pytest.mark.parametrize(("start", "end", "found"), [(-2, 4, 0), (5, 9, 1), (-2, 8, 1), (-2, "", 0)])
def test_extubation_ends_invasive_ventilation(tmp_path, start, end, found):
    events = [happened(4, "outcome", "Extubated")]
    remarks = lines(tmp_path, events, interventions=[given(start, end, "mechanical_ventilation")])
    assert remarks == ["events.csv:2 interventions.csv:3"] * found


@pytest.mark.parametrize(
    ("finding", "code", "found"),
    [
        ("Died of respiratory failure", "", 1),
        ("Death", "", 1),
        ("The patient died", "", 1),
        ("Death of the patient's father", "", 0),
        ("Died", "NEG", 0),
        ("No deaths in the ward", "", 0),
    ],
)
def test_nothing_is_measured_given_or_seen_after_death(tmp_path, finding, code, found):
    rows = [seen(3, "potassium", "4.1", "mmol/L"), seen(6, "potassium", "4.3", "mmol/L")]
    events = [happened(4, "outcome", finding, code), happened(5, "imaging", "Chest CT: worse")]
    later = [given(6, "", "oxygen")]
    assert lines(tmp_path, events, rows, later) == ["events.csv:2 events.csv:3 3 interventions.csv:3"] * found


def test_what_is_of_the_day_of_death_or_of_the_autopsy_is_in_order(tmp_path):
    rows = [seen(4, "potassium", "4.1", "mmol/L")]
    events = [happened(4, "outcome", "Died"), happened(6, "test", "Autopsy: diffuse alveolar damage")]
    assert lines(tmp_path, events, rows) == []


@pytest.mark.parametrize(
    ("day", "source", "more", "found"),
    [
        (6, "Table 1", [], 1),
        (4, "Table 1", [], 0),
        (6, "text, follow-up visit", [], 0),
        (20, "Table 1", [], 0),  # weeks later it is a visit, said or not
        (6, "Table 1", [(5, "Readmitted with fever")], 0),
        (6, "Table 1", [(6, "Seen in the outpatient clinic")], 0),
    ],
)
def test_a_value_soon_after_discharge_is_asked_about_unless_it_is_of_a_visit(tmp_path, day, source, more, found):
    events = [happened(4, "outcome", "Discharged home"), *(happened(d, "transfer", f) for d, f in more)]
    assert lines(tmp_path, events, [seen(day, "potassium", "4.1", "mmol/L", source)]) == ["events.csv:2 2"] * found


def test_a_remark_on_events_quotes_them_and_is_about_no_analyte(tmp_path):
    events = [happened(5, "outcome", "Intubated"), happened(2, "outcome", "Extubated")]
    row = check_consistency(made_up(tmp_path, (), events)).iloc[0]
    assert row["finding"] == (
        "Extubation is stated on day 2 (“Extubated”), before intubation on day 5 (“Intubated”): is one of the days "
        "misprinted, or was there an earlier one?"
    )
    assert (row["day"], row["analyte"], row["lines"]) == ("2", "", "events.csv:3 events.csv:2")
