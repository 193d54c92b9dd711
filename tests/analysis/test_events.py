"""An event is told as what it was: what is marked NEG did not happen, wherever it stands."""

from dataclasses import replace
from pathlib import Path

import pytest

from casereport.analysis.events import HISTORY, event_table, told_of
from casereport.analysis.tables import events, phases
from casereport.audit.claims import audit_claims
from casereport.case.reading import read_case
from casereport.case.rows import Event
from casereport.quantities.intervals import parse
from casereport.report.tables import event_rows, history_rows


def event(finding: str, code: str = "NEG", kind: str = "symptom", day: str = "4") -> Event:
    return Event(2, day, kind, finding, code, "reported", "text", "", "", parse(day))


@pytest.mark.parametrize(
    ("kind", "finding", "told"),
    [
        ("adverse_event", "Reaction to the infusion", "No reaction to the infusion"),
        ("symptom", "Nausea and vomiting", "No nausea or vomiting"),
        ("diagnosis", "ARDS", "No ARDS"),
        ("sign", "Fever gone", "Fever gone"),
        ("adverse_event", "No obvious adverse effect", "No obvious adverse effect"),
        ("imaging", "Chest CT: pneumothorax", "Chest CT: no pneumothorax"),
        ("imaging", "Chest CT: no infiltrates", "Chest CT: no infiltrates"),
        ("imaging", "Chest CT", "Chest CT: negative"),
        ("test", "Throat swab for SARS-CoV-2", "Throat swab for SARS-CoV-2: negative"),
        ("outcome", "Discharged home", "Discharged home: no"),
    ],
)
def test_what_is_marked_negative_is_told_as_not_having_happened(kind, finding, told):
    negative = event(finding, kind=kind)
    assert told_of(negative, [negative]) == told


@pytest.mark.parametrize("code", ["POS", "", "B", "W"])
def test_what_happened_is_told_as_it_is_written(code):
    assert told_of(event("Cough", code), []) == "Cough"


@pytest.mark.parametrize(
    ("kind", "finding", "code", "told"),
    [
        ("imaging", "MRI of the brain", "N", "MRI of the brain: normal"),
        ("test", "Lumbar puncture", "A", "Lumbar puncture: abnormal"),
        ("imaging", "CT: patent vessels", "N", "CT: patent vessels"),
        ("test", "Normal ECG", "N", "Normal ECG"),
        ("sign", "Reflexes", "N", "Reflexes"),
    ],
)
def test_an_examination_of_which_nothing_else_is_said_is_told_with_its_result(kind, finding, code, told):
    assert told_of(event(finding, code, kind), []) == told


def test_what_was_there_before_and_is_absent_now_has_resolved():
    before, after = event("Shortness of breath", "POS", day="-5"), event("shortness of breath", day="12")
    assert told_of(after, [before, after]) == "shortness of breath: resolved"
    later = event("Shortness of breath", "POS", day="20")
    assert told_of(after, [after, later]) == "No shortness of breath"
    other = replace(before, finding="Cough")
    assert told_of(after, [other, after]) == "No shortness of breath"


def test_no_reaction_of_the_simulated_case_is_told_as_if_it_had_happened():
    rows = event_rows(event_table(read_case("simulated-cp-msc")))
    told = [row["told"] for row in rows if row["told"].startswith("No ")]
    assert all(row["kind"] == "" for row in rows if row["told"] in told)  # no "adverse event: No reaction ..."
    assert told[0] == "No reaction to the infusion of convalescent plasma"
    assert told[-1] == "No delayed adverse event" and len(told) == 5
    assert "Shortness of breath at rest: resolved" in [row["told"] for row in rows]


def test_that_the_authors_saw_no_adverse_event_is_told_as_that():
    # Leng 2020: no infusion-related and no delayed adverse event; the text says so itself
    table = event_table(read_case("leng2020"))
    told = table[table["kind"] == "adverse_event"]["told"].to_list()
    assert told == ["No infusion-related adverse event", "No delayed adverse event"]


def test_the_evidence_of_a_claim_tells_a_negative_event_as_negative(leng: Path):
    path = leng / "events.csv"
    path.write_text(
        path.read_text().replace('Infusion-related adverse event,NEG,reported,"text', 'Rash,NEG,reported,"chart')
    )
    claims = leng / "claims.csv"
    line = 'r,A rash on day 0,event,,rash,0,0,adverse_event POS,"text, day 0"\n'
    claims.write_text(claims.read_text() + line)
    evidence = audit_claims(read_case(leng)).set_index("claim").loc["r"]
    assert evidence["verdict"] == "contradicted" and "(No rash)" in evidence["evidence"]


def test_hypertension_diabetes_and_a_journey_are_history_and_no_events_of_a_day():
    # Liang 2020 names both in the diagnosis of the day before the first infusion, and since when in none; the journey
    # was before the illness
    case = read_case("liang2020")
    known = phases(case)
    table = events(case, known)
    history = table[table["kind"] == HISTORY]
    assert [row["told"] for row in history_rows(table)] == [
        "Travel from the outbreak area", "Hypertension", "Type 2 diabetes",
    ]  # fmt: skip
    assert set(history["number"]) == {0}
    numbered = [row["number"] for row in event_rows(table)]
    assert numbered == list(range(1, len(table) - len(history) + 1))
