"""Claims about what happened, and what did not, against records that come undone, have no end, or are of some days."""

import pytest

from casereport.audit.claims import audit_claims
from casereport.audit.verdicts import VERDICTS
from made_up import claim, happened, made_up, seen

SUPPORTED, PARTLY, CONTRADICTED, REPORTED, _ = VERDICTS


def outcome(tmp_path, one: tuple, events=(), interventions=()) -> tuple[str, str]:
    row = audit_claims(made_up(tmp_path, (), events, [one], interventions)).iloc[0]
    return row["verdict"], row["evidence"]


def given(start, end, drug="oxygen") -> tuple:
    return start, end, drug, "", "", "", "reported", "Table 1", ""


@pytest.mark.parametrize(
    ("courses", "found"),
    [
        ([(-1, 0), (0, ">=1")], REPORTED),  # the second course may go on to day 2
        ([(-1, 0), (0, "")], REPORTED),  # its end is not known
        ([(-1, 0), ("", "")], REPORTED),  # nor is its beginning
        ([(-1, 0), (0, 1)], CONTRADICTED),  # both are over
        ([(-1, 0), (0, 3)], SUPPORTED),
    ],
)
def test_a_course_that_may_have_gone_on_refutes_nothing(tmp_path, courses, found):
    one = claim("event", "given", anchor="oxygen", begin=2, end=2)
    assert outcome(tmp_path, one, interventions=[given(*days) for days in courses])[0] == found


@pytest.mark.parametrize(
    ("codes", "asked", "found"),
    [
        ({2: "NEG", 5: "POS"}, "NEG", PARTLY),  # positive again
        ({2: "NEG", 5: "POS", 6: "NEG"}, "NEG", SUPPORTED),
        ({5: "POS", 6: "NEG"}, "NEG", SUPPORTED),
        ({2: "POS", 5: "NEG"}, "POS", SUPPORTED),  # it was positive, whatever came later
        ({2: "B", 5: "W"}, "B", PARTLY),
        ({2: "NEG", 8: "POS"}, "NEG", SUPPORTED),  # after the days of the claim
    ],
)
def test_a_result_that_turns_again_within_the_days_is_partly_supported(tmp_path, codes, asked, found):
    events = [happened(day, "test", "Throat swab", code, "Table 1") for day, code in codes.items()]
    one = claim("event", f"test {asked}", anchor="throat swab", begin=0, end=6)
    assert outcome(tmp_path, one, events)[0] == found


@pytest.mark.parametrize(
    ("expected", "anchor", "row", "found"),
    [
        ("outcome", "death", (5, "outcome", "Death", "NEG"), REPORTED),
        ("outcome", "death", (5, "outcome", "Death", ""), SUPPORTED),
        ("symptom", "fever gone", (5, "symptom", "Fever gone", "NEG"), SUPPORTED),
        ("symptom", "fever", (5, "symptom", "Fever gone", "NEG"), REPORTED),
        ("imaging", "chest CT", (5, "imaging", "Chest CT", "NEG"), SUPPORTED),  # it was done
    ],
)
def test_what_is_recorded_as_absent_bears_out_no_claim_that_it_happened(tmp_path, expected, anchor, row, found):
    one = claim("event", expected, anchor=anchor, begin=0, end=6)
    assert outcome(tmp_path, one, [happened(*row, "Table 1")])[0] == found


def test_the_opposite_is_named_where_it_does_not_decide(tmp_path):
    one = claim("event", "imaging A", anchor="head CT")
    found, evidence = outcome(tmp_path, one, [happened(3, "imaging", "Head CT", "N", "Table 1")])
    assert found == REPORTED
    assert "Table 1 has the opposite on day 3 (Head CT: normal), which does not decide it" in evidence


@pytest.mark.parametrize(
    ("days", "begin", "end", "found"),
    [
        ([0], 0, 10, PARTLY),
        ([0], 0, "", PARTLY),
        ([0], "", "", PARTLY),
        ([0], 0, 0, SUPPORTED),
        (["0..10"], 0, 10, SUPPORTED),
        (["-5..12"], 0, 10, SUPPORTED),
        ([0, 1, 2], 0, 2, SUPPORTED),
        ([0, 2], 0, 2, PARTLY),
        ([0, ">=1"], 0, "", SUPPORTED),
        ([""], 0, 10, SUPPORTED),  # of no day: of all
        ([-5], 0, 10, REPORTED),
    ],
)
def test_an_absence_bears_out_the_days_that_it_is_recorded_of(tmp_path, days, begin, end, found):
    events = [happened(day, "adverse_event", "Adverse event", "NEG", "Table 2") for day in days]
    assert outcome(tmp_path, claim("no_event", "adverse_event", begin=begin, end=end), events)[0] == found


@pytest.mark.parametrize(
    ("day", "begin", "found"), [("", "", CONTRADICTED), ("", 0, REPORTED), ("-2..3", 0, REPORTED), (-2, 0, REPORTED)]
)
def test_an_event_that_may_lie_in_the_days_is_named(tmp_path, day, begin, found):
    rash = happened(day, "adverse_event", "Rash", "POS", "Table 2")
    verdict, evidence = outcome(tmp_path, claim("no_event", "adverse_event", begin=begin), [rash])
    assert verdict == found
    assert ("Table 2 has one" in evidence) == (day != -2)


TEMPERATURE = {-1: "39.1", 0: "38.8", 1: "36.8", "2..3": "36.6..36.9", 4: "36.7", 6: "35.0"}


@pytest.mark.parametrize(
    ("expected", "anchor", "begin", "end", "found"),
    [
        ("symptom POS", "fever", 0, 0, SUPPORTED),  # 38.8
        ("symptom POS", "fever", 1, 1, CONTRADICTED),  # 36.8
        ("symptom", "fever", 1, 1, CONTRADICTED),
        ("symptom POS", "fever", 6, 6, REPORTED),  # 35.0 is no fever, and not normal
        ("symptom POS", "leucopenia and fever", 0, 0, REPORTED),  # both sides are meant
        ("symptom POS", "hypothermia", 6, 6, SUPPORTED),
        ("symptom POS", "malaise", 0, 0, REPORTED),  # no side is meant
        ("symptom POS", "malaise", 1, 1, CONTRADICTED),
        ("symptom POS", "fever", 0, 4, SUPPORTED),  # on one of the days
        ("symptom POS", "fever", 1, 4, REPORTED),  # normal where measured
        ("symptom NEG", "fever gone", 0, 4, SUPPORTED),
        ("symptom", "fever gone", 0, 4, SUPPORTED),
        ("symptom NEG", "fever gone", -1, 0, CONTRADICTED),
        ("symptom B", "fever", -1, 0, REPORTED),  # better need not be normal
        ("symptom B", "fever", -1, 1, SUPPORTED),
        ("symptom W", "fever", -1, 0, REPORTED),
    ],
)
def test_an_analyte_shows_what_was_there_outside_its_range_and_what_is_over_within(
    tmp_path, expected, anchor, begin, end, found
):
    rows = [seen(day, "temperature", value, "Cel", "Table 1") for day, value in TEMPERATURE.items()]
    one = claim("event", expected, "temperature", anchor, begin, end)
    assert audit_claims(made_up(tmp_path, rows, claims=[one]))["verdict"].item() == found
