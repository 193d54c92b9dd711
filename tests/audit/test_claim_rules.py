"""The rules of the audit, one kind of claim after another, each on a made-up case."""

import pytest

from casereport.audit.claims import audit_claims
from casereport.audit.verdicts import VERDICTS
from made_up import claim, happened, made_up, seen

SUPPORTED, PARTLY, CONTRADICTED, REPORTED, NOT_TESTABLE = VERDICTS


def verdict(tmp_path, one: tuple, *observations: tuple, events=(), interventions=()) -> str:
    table = audit_claims(made_up(tmp_path, observations, events, [one], interventions))
    return table["verdict"].iloc[0]


def series(
    analyte: str, unit: str, values: dict, low: str = "", high: str = "", source: str = "Table 1"
) -> list[tuple]:
    return [seen(day, analyte, value, unit, source, low, high) for day, value in values.items()]


CK = {"low": "50", "high": "310"}


@pytest.mark.parametrize(
    ("expected", "row", "found"),
    [
        ("57 U/L", {1: "57.00"}, SUPPORTED),
        ("57 U/L", {1: "57.4"}, SUPPORTED),  # prints as 57 too
        ("57 U/L", {1: "58"}, CONTRADICTED),
        ("57 U/L", {2: "57"}, REPORTED),  # nothing on the day
        ("57 U/L", {1: "50..60"}, REPORTED),  # 57 and 58 are both in it
        ("57 U/L", {1: "60..70"}, CONTRADICTED),
        ("<60 U/L", {1: "57"}, SUPPORTED),
        ("57 U/L", {"0..2": "57"}, SUPPORTED),  # one value printed for the period
        ("57 U/L", {">=1": "58"}, REPORTED),  # which day is meant is not known
        ("57 U/L N", {1: "57"}, SUPPORTED),
        ("40 U/L N", {1: "40"}, PARTLY),  # the number, but 40 is below 50
        ("41 U/L N", {1: "40"}, CONTRADICTED),
        ("N", {1: "40"}, CONTRADICTED),
        ("L", {1: "40"}, SUPPORTED),
        ("N", {1: "300..320"}, REPORTED),  # 300 is in the range, 320 is not
        ("H", {1: ">310"}, SUPPORTED),
        ("L", {1: "300..320"}, CONTRADICTED),  # in the range or above it, but not below
    ],
)
def test_a_value_on_a_day(tmp_path, expected, row, found):
    one = claim("value", expected, "ck", begin=1)
    assert verdict(tmp_path, one, *series("ck", "U/L", row, **CK)) == found


def test_a_value_is_compared_after_conversion_of_its_unit(tmp_path):
    one = claim("value", "10.55 mg/dL", "crp", begin=1)
    assert verdict(tmp_path, one, seen(1, "crp", "105.5", "mg/L")) == SUPPORTED


def test_the_range_that_one_table_prints_holds_for_the_other(tmp_path):
    # 40 U/L is below the usual 50; the only range that this source prints begins at 39
    rows = seen(1, "ck", "168", "U/L", "Table 1", "39", "308"), seen(13, "ck", "40", "U/L", "Table 2")
    assert verdict(tmp_path, claim("value", "N", "ck", begin=13), *rows) == SUPPORTED


def test_two_tables_that_differ_bear_a_value_out_in_part_at_most(tmp_path):
    rows = seen(1, "ck", "57", "U/L", "Table 1"), seen(1, "ck", "58", "U/L", "Table 2")
    assert verdict(tmp_path, claim("value", "57 U/L", "ck", begin=1), *rows) != SUPPORTED


def test_the_text_cannot_bear_itself_out(tmp_path):
    own = seen(1, "ck", "57", "U/L", "text, page 3")
    assert verdict(tmp_path, claim("value", "57 U/L", "ck", begin=1, source="text, page 2"), own) == REPORTED


def test_another_passage_of_the_text_can_be_at_odds_with_it(tmp_path):
    own = seen(1, "ck", "58", "U/L", "text, page 3")
    one = claim("value", "57 U/L", "ck", begin=1, source="text, page 2")
    row = audit_claims(made_up(tmp_path, [own], claims=[one])).iloc[0]
    assert row["verdict"] == CONTRADICTED
    assert "another passage of the text has 58 U/L" in row["evidence"]


@pytest.mark.parametrize(("source", "found"), [("abstract", SUPPORTED), ("text, page 3", REPORTED)])
def test_words_of_another_document_count_as_words(tmp_path, source, found):
    words = seen(4, "ck", None, "U/L", source, "50", "310", "N")
    assert verdict(tmp_path, claim("in_range", "back", "ck", begin=1, end=4), words) == found


@pytest.mark.parametrize(
    ("expected", "values", "found"),
    [
        ("fell", {-1: "105.5", 13: "10.1"}, SUPPORTED),
        ("rose", {-1: "105.5", 13: "10.1"}, CONTRADICTED),
        ("improved", {-1: "105.5", 13: "10.1"}, SUPPORTED),  # a lower CRP is better
        ("worsened", {-1: "105.5", 13: "10.1"}, CONTRADICTED),
        ("unchanged", {-1: "10.1", 13: "10.1"}, SUPPORTED),
        ("fell from 105.5 mg/L to 10.1 mg/L", {-1: "105.50", 13: "10.10"}, SUPPORTED),
        ("fell from 105.5 mg/L to 10.1 mg/L", {-1: "105.50", 13: "11.10"}, PARTLY),
        ("fell from 105.5 mg/L to 10.1 mg/L", {-1: "5.50", 13: "11.10"}, CONTRADICTED),
        ("fell", {-1: "<20", 13: "10.1"}, REPORTED),  # from 15 it fell, from 5 it rose
        ("rose", {-1: "10..20", 13: "5..10"}, CONTRADICTED),  # fell or stayed the same
        ("fell", {-2: "105.5", 13: "10.1"}, REPORTED),  # nothing on the day compared with
        ("fell to 10.1 mg/L", {13: "10.1"}, PARTLY),  # the number, but no earlier one
    ],
)
def test_a_change_from_a_day_to_a_day(tmp_path, expected, values, found):
    one = claim("change", expected, "crp", "-1", 13, 13)
    assert verdict(tmp_path, one, *series("crp", "mg/L", values)) == found


@pytest.mark.parametrize(
    ("anchor", "begin", "end", "found"),
    [
        ("before", 1, 2, SUPPORTED),  # 50, the last before, to 60
        ("before -> after", "", "", CONTRADICTED),  # 50 to 40
        ("before", "", "", CONTRADICTED),  # to the last of all
        ("-3", 1, 1, CONTRADICTED),  # 80 to 70
    ],
)
def test_a_change_is_from_the_last_value_of_a_phase_to_the_last_of_the_window(tmp_path, anchor, begin, end, found):
    rows = series("crp", "mg/L", {-3: "80", -1: "50", 1: "70", 2: "60", 5: "40"})
    assert verdict(tmp_path, claim("change", "rose", "crp", anchor, begin, end), *rows) == found


def test_a_value_is_not_compared_with_itself(tmp_path):
    rows = series("crp", "mg/L", {-3: "80", -1: "50"})
    assert verdict(tmp_path, claim("change", "unchanged", "crp", "before"), *rows) == REPORTED


@pytest.mark.parametrize(
    ("expected", "day", "found"),
    [
        ("peak", 1, SUPPORTED),
        ("peak", 2, CONTRADICTED),
        ("peak 191.0 mg/L", 1, SUPPORTED),
        ("peak 191.0 mg/L", 2, PARTLY),  # the value, on another day
        ("peak 181.0 mg/L", 1, PARTLY),  # the day, with another value
        ("peak 83.4 mg/L", 2, CONTRADICTED),  # right for that day, but no peak
        ("peak 200 mg/L", 5, REPORTED),  # nothing measured that day, and nothing higher elsewhere
        ("peak 150 mg/L", 5, CONTRADICTED),  # 191 is higher
        ("trough", 0, SUPPORTED),
        ("trough", 2, CONTRADICTED),
    ],
)
def test_a_peak_and_its_day(tmp_path, expected, day, found):
    rows = series("crp", "mg/L", {0: "50", 1: "191.00", 2: "83.4"})
    assert verdict(tmp_path, claim("extreme", expected, "crp", begin=day), *rows) == found


def test_a_peak_that_an_interval_may_exceed_is_open(tmp_path):
    rows = series("crp", "mg/L", {1: "191", 2: ">150"})
    assert verdict(tmp_path, claim("extreme", "peak", "crp", begin=1), *rows) == REPORTED


@pytest.mark.parametrize(
    ("expected", "found"),
    [
        ("peak 160 mg/L", REPORTED),  # more than 90 may be 160, and the highest
        ("peak 80 mg/L", CONTRADICTED),  # 100 and more than 90 are both higher
    ],
)
def test_a_peak_value_is_open_where_an_interval_may_hold_it(tmp_path, expected, found):
    rows = series("crp", "mg/L", {1: "100", 2: ">90"})
    one = audit_claims(made_up(tmp_path, rows, claims=[claim("extreme", expected, "crp", begin=2)])).iloc[0]
    assert one["verdict"] == found
    assert "which leaves the highest value open" in one["evidence"]


def test_a_peak_may_be_that_of_a_phase(tmp_path):
    rows = series("crp", "mg/L", {-1: "191", 1: "50", 2: "83.4"})
    assert verdict(tmp_path, claim("extreme", "peak", "crp", "after", 2), *rows) == SUPPORTED


@pytest.mark.parametrize(
    ("expected", "values", "found"),
    [
        ("back", {1: "513", 2: "316", 4: "200"}, SUPPORTED),
        ("back", {1: "513", 2: "316", 6: "200"}, REPORTED),  # on day 4 it may have been: not measured then
        ("back", {1: "513", 2: "316", 6: "320"}, CONTRADICTED),  # above on both sides of the gap
        ("back", {1: "513", 4: "316", 6: "200"}, CONTRADICTED),  # measured on day 4
        ("back", {1: "513", 2: "200", 4: "316"}, PARTLY),  # it was, and was not any more
        ("back", {1: "513", 4: "300..320"}, REPORTED),
        ("back", {1: "513", 6: "200"}, REPORTED),  # not measured on days 2 to 4
        ("back", {1: "100", 4: "200"}, PARTLY),  # in the range, but it had not left it
        ("back", {1: "300..320", 4: "200"}, PARTLY),  # in the range; whether it had left it is open
        ("back", {2: "300..320", 4: "316"}, REPORTED),  # it may have been in it on day 2
        ("stays", {2: "200", 3: "210", 4: "200"}, SUPPORTED),
        ("stays", {2: "200", 3: "316", 4: "200"}, CONTRADICTED),  # one assertion, broken once
        ("stays", {2: "316", 4: "47"}, CONTRADICTED),
        ("stays", {1: "316", 5: "316"}, REPORTED),
    ],
)
def test_back_in_the_reference_range_by_a_day_or_staying_there(tmp_path, expected, values, found):
    one = claim("in_range", expected, "ck", begin=2, end=4)
    assert verdict(tmp_path, one, *series("ck", "U/L", values, **CK)) == found


@pytest.mark.parametrize(
    ("values", "found"),
    [
        ({3: "45.4", 4: "37.0", 6: "25.7"}, SUPPORTED),
        ({3: "6.6", 4: "6.6", 6: "5.9"}, SUPPORTED),  # a level step is not a rise
        ({3: "85.0", 4: "96.4", 6: "107.8"}, CONTRADICTED),
        ({3: "15.0", 4: "16.4", 6: "17.8"}, REPORTED),  # drift inside the usual range, random variation
        ({3: "45.4", 4: "50.1", 6: "25.7"}, PARTLY),  # fell on the whole, not at each step
        ({3: "45.4", 4: "37.0", 6: "50.1"}, CONTRADICTED),  # higher at the end
        ({3: "45.4", 4: "45.4"}, CONTRADICTED),  # no change at all
        ({2: "60", 3: "45.4"}, REPORTED),  # one value in the window
        ({3: "45.4", 4: "<50"}, REPORTED),  # below or above
        ({3: "60", 4: "<50", 6: "<40"}, PARTLY),  # the first step is certain
    ],
)
def test_a_course_in_one_direction(tmp_path, values, found):
    assert verdict(tmp_path, claim("course", "falling", "alt", begin=3), *series("alt", "U/L", values)) == found


@pytest.mark.parametrize(
    ("later", "steps"),
    [
        (["37.0"], "it fell"), (["50.1"], "it rose"), (["45.4"], "it was unchanged"), (["<50"], "it was not certain"),
        (["37.0", "30.0"], "it fell twice"),
        (["50.1", "37.0", "37.0"], "it rose once, fell once and was unchanged once"),
    ],
)  # fmt: skip
def test_each_step_is_called_what_it_certainly_is(tmp_path, later, steps):
    rows = series("alt", "U/L", dict(enumerate(["45.4", *later], start=3)))
    table = audit_claims(made_up(tmp_path, rows, claims=[claim("course", "falling", "alt", begin=3)]))
    assert table["evidence"].item().endswith(f": {steps}.")


SWAB = ("test", "Throat swab for SARS-CoV-2")


@pytest.mark.parametrize(
    ("events", "found"),
    [
        ([happened(13, *SWAB, "NEG", "text, page 2")], REPORTED),  # its own words
        ([happened(13, *SWAB, "NEG", "Table 2")], SUPPORTED),
        ([happened(13, *SWAB, "POS", "Table 2")], CONTRADICTED),
        ([happened(13, *SWAB, "POS", "text, page 3")], CONTRADICTED),
        ([happened(10, *SWAB, "POS", "Table 2")], REPORTED),  # positive before: no answer for day 13
        ([happened(15, *SWAB, "NEG", "Table 2")], REPORTED),  # a test is repeated: nor is a later one
        ([happened(13, *SWAB, "NEG", "Table 2"), happened(13, *SWAB, "POS", "Table 3")], PARTLY),
        ([], REPORTED),
    ],
)
def test_a_test_result_on_a_day(tmp_path, events, found):
    one = claim("event", "test NEG", anchor="throat swab", begin=13, end=13, source="text, page 2")
    assert verdict(tmp_path, one, events=events) == found


@pytest.mark.parametrize(
    ("events", "found"),
    [
        ([happened(4, "symptom", "Fever gone", "NEG", "text, page 2")], REPORTED),
        ([happened(5, "symptom", "Fever gone", "NEG", "text, page 3")], PARTLY),  # two passages of one document
        ([happened(5, "symptom", "Fever gone", "NEG", "Table 2")], CONTRADICTED),  # dated a day later
        ([happened(d, "symptom", "Fever gone", "NEG", "text, page 3") for d in (3, 5)], REPORTED),
        ([happened(3, "symptom", "Fever gone", "NEG", "Table 2")], SUPPORTED),
        ([happened("3..6", "symptom", "Fever gone", "NEG", "Table 2")], REPORTED),  # day 3 or day 6
    ],
)
def test_the_end_of_a_symptom_by_a_day(tmp_path, events, found):
    one = claim("event", "symptom NEG", anchor="fever gone", begin=0, end=4, source="text, page 2")
    assert verdict(tmp_path, one, events=events) == found


@pytest.mark.parametrize(
    ("value", "found"),
    [
        ("90", SUPPORTED),
        ("150", CONTRADICTED),
        ("442", CONTRADICTED),
        ("90..500", REPORTED),
    ],
)
def test_a_usual_limit_decides_as_a_printed_one_does(tmp_path, value, found):
    """Creatinine of a man: 97 umol/L is the usual upper limit, which the source of this case does not print."""
    rows = [seen(0, "creatinine", "300", "umol/L"), seen(5, "creatinine", value, "umol/L")]
    assert verdict(tmp_path, claim("in_range", "back", "creatinine", end=21), *rows) == found


def test_where_there_is_no_reference_range_at_all_the_audit_says_so(tmp_path):
    rows = [seen(0, "peep", "8", "cm[H2O]"), seen(5, "peep", "5", "cm[H2O]")]
    table = audit_claims(made_up(tmp_path, rows, [], [claim("in_range", "back", "peep", end=21)], ()))
    assert table["verdict"].iloc[0] == REPORTED
    assert "not certainly in or outside a reference range (the source prints none, and no usual" in table["evidence"][0]


def test_an_analyte_that_shows_an_event_bears_it_out_or_not(tmp_path):
    one = claim("event", "symptom NEG", "temperature", "fever gone", 0, 4, "text, page 2")
    normal, fever = (
        [seen(0, "temperature", "39.1", "Cel"), seen(4, "temperature", t, "Cel")] for t in ("36.8", "39.0")
    )
    later = [happened(5, "symptom", "Fever gone", "NEG", "text, page 3")]
    assert verdict(tmp_path / "a", one, *normal) == SUPPORTED
    assert verdict(tmp_path / "b", one, *fever) == CONTRADICTED
    assert verdict(tmp_path / "c", one, *normal, events=later) == PARTLY


@pytest.mark.parametrize(
    ("events", "found"),
    [
        ([happened(2, "adverse_event", "Rash", "POS", "Table 2")], CONTRADICTED),
        ([happened(2, "adverse_event", "Rash", "", "text")], CONTRADICTED),
        ([happened(-5, "adverse_event", "Bleeding", "POS", "text")], REPORTED),  # before the window
        ([happened(0, "adverse_event", "None with the infusion", "NEG", "text")], REPORTED),
        ([happened(0, "adverse_event", "None with the infusion", "NEG", "Table 2")], PARTLY),  # of one day alone
        ([happened("", "adverse_event", "Rash", "POS", "text")], REPORTED),  # no day is given
    ],
)
def test_no_event_over_a_window(tmp_path, events, found):
    assert verdict(tmp_path, claim("no_event", "adverse_event", begin=0, end=10), events=events) == found


@pytest.mark.parametrize(
    ("day", "finding", "code", "source", "found"),
    [
        (8, "Extubated", "", "Table 2", CONTRADICTED),  # another day than the text says
        (8, "Extubated", "", "text, page 3", PARTLY),
        (9, "Extubated", "", "Table 2", SUPPORTED),
        ("", "Extubated", "", "Table 2", REPORTED),  # without a day
        ("7..9", "Extubated", "", "Table 2", REPORTED),  # it may be day 9
    ],
)
def test_what_happens_once_has_one_day(tmp_path, day, finding, code, source, found):
    one = claim("event", "outcome", anchor="extubated", begin=9, end=9, source="text, page 2")
    assert verdict(tmp_path, one, events=[happened(day, "outcome", finding, code, source)]) == found


def test_a_state_that_is_there_earlier_may_be_there_later(tmp_path):
    better = happened(4, "outcome", "Lung function better", "B", "Table 2")
    one = claim("event", "outcome B", anchor="lung function", begin=9, end=9, source="text")
    assert verdict(tmp_path, one, events=[better]) == REPORTED


def test_a_record_of_another_day_that_decides_nothing_is_named(tmp_path):
    one = claim("event", "test NEG", anchor="throat swab", begin=13, end=13)
    later = happened(15, *SWAB, "NEG", "Table 2")
    evidence = audit_claims(made_up(tmp_path, events=[later], claims=[one]))["evidence"].iloc[0]
    assert "Table 2 has it on day 15" in evidence and "no other document" not in evidence


@pytest.mark.parametrize(
    ("start", "end", "found"),
    [
        (-4, 2, SUPPORTED),  # under way on day -3
        (-4, "", REPORTED),  # its end is not known
        (-9, -5, CONTRADICTED),  # over by then
        (1, 2, CONTRADICTED),
    ],
)
def test_a_treatment_given_on_a_day(tmp_path, start, end, found):
    given = (start, end, "meropenem", "", "", "", "reported", "Table 1", "")
    one = claim("event", "given", anchor="meropenem", begin=-3, end=-3)
    assert verdict(tmp_path, one, interventions=[given]) == found


@pytest.mark.parametrize(
    ("one", "row", "words"),
    [
        (("value", "57 U/L"), {1: "50..56"}, "50 to 56 U/L (day 1), not in agreement"),
        (("value", "<60 U/L"), {1: "57"}, "57 U/L (day 1), in agreement"),
        (("value", "57 U/L"), {1: "57"}, "57 U/L (day 1), the same"),
        (("value", "57 U/L"), {1: "50..60"}, "50 to 60 U/L (day 1), not exact enough to tell"),
    ],
)
def test_the_difference_is_put_for_what_it_is(tmp_path, one, row, words):
    rows = series("ck", "U/L", row)
    table = audit_claims(made_up(tmp_path, rows, claims=[claim(*one, "ck", begin=1)]))
    assert words in table["evidence"].iloc[0]


def test_the_days_of_no_event_are_both_said(tmp_path):
    one = claim("no_event", "adverse_event", begin=0, end=6)
    assert "no adverse event on days 0 to 6" in audit_claims(made_up(tmp_path, claims=[one]))["evidence"].iloc[0]
    one = claim("no_event", "adverse_event")
    told = audit_claims(made_up(tmp_path / "undated", claims=[one]))["evidence"].iloc[0]
    assert "says, without a day, that there was no adverse event;" in told


@pytest.mark.parametrize(
    ("day", "source", "found"), [("3", "Table 1", SUPPORTED), ("3", "text", REPORTED), ("9", "Table 1", CONTRADICTED)]
)
def test_a_treatment_given_by_a_day(tmp_path, day, source, found):
    given = (day, "", "meropenem", "", "", "", "reported", source, "")
    one = claim("event", "given", anchor="meropenem", end=5)
    assert verdict(tmp_path, one, interventions=[given]) == found


def test_a_cause_is_not_testable_and_what_was_given_beside_is_named(tmp_path):
    drugs = [
        (start, end, drug, "", "", "", "reported", "text", "")
        for start, end, drug in ((-9, -5, "ribavirin"), (-9, "", "meropenem"), (1, 3, "oxygen"))
    ]
    one = claim("causal", "effect", anchor="mesenchymal_stem_cells")
    row = audit_claims(made_up(tmp_path, claims=[one], interventions=drugs)).iloc[0]
    assert row["verdict"] == NOT_TESTABLE
    before = ": ribavirin was given before; meropenem was given at the same time, or is not known to have ended"
    assert f"{before}; oxygen was given afterwards; " in row["evidence"]
