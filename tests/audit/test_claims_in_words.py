"""The sentences of the audit, as a physician reads them: names of phases, names of analytes, verbs that fit."""

import pytest

from casereport.audit.claims import audit_claims
from casereport.case.reading import read_case
from casereport.quantities.wording import spoken
from made_up import claim, happened, made_up, seen

BYIERS = read_case("byiers2014")


def told(tmp_path, one: tuple, *rows: tuple, events=()) -> str:
    return audit_claims(made_up(tmp_path, rows, events, [one]))["evidence"].iloc[0]


def test_a_phase_is_told_by_its_name_and_not_by_its_id():
    evidence = audit_claims(BYIERS).set_index("claim")["evidence"]
    assert "kept rising in the phase “Communication training” in sessions 5 to 9" in evidence["g1"]
    assert "responses made with the switch remained stable in the phase “Withdrawal” in sessions" in evidence["g4"]
    assert not any(f"phase {name}" in text for text in evidence for name in ("a1", "b1", "a2", "b2"))


@pytest.mark.parametrize(
    ("one", "words"),
    [
        (claim("value", "N", "neutrophil_share", begin=1), "The text finds the share of neutrophils in the reference"),
        (claim("value", "undetectable", "neutrophil_share", begin=1), "share of neutrophils undetectable on day 1"),
        (claim("change", "unchanged", "neutrophil_share", "1", 2, 2), "the share of neutrophils remained unchanged"),
        (claim("in_range", "back", "neutrophil_share", end=2), "returned to the reference range by day 2"),
        (claim("extreme", "trough 60 %", "neutrophil_share"), "the share of neutrophils reached a nadir, at 60 %"),
    ],
)
def test_a_verb_fits_one_thing_and_several(tmp_path, one, words):
    rows = (seen(day, "neutrophil_share", value, "%") for day, value in ((1, "80"), (2, "60")))
    assert words in told(tmp_path, one, *rows)


def test_what_all_values_do_is_told_of_all(tmp_path):
    rows = [seen(day, "sodium", str(140 + day), "mmol/L", "Table 1", "137", "147") for day in (1, 2, 3)]
    one = claim("in_range", "stays", "sodium", begin=1, end=3)
    assert "3 values, all of them in the printed reference range" in told(tmp_path / "a", one, *rows)
    rows[1] = seen(2, "sodium", "149", "mmol/L", "Table 1", "137", "147")
    assert "3 values, 2 of them in the printed reference range" in told(tmp_path / "b", one, *rows)


def test_what_only_its_own_text_has_is_told_as_that(tmp_path):
    one = claim("event", "test NEG", anchor="swab", begin=8, end=8)
    event = happened(8, "test", "Throat swab", "NEG")
    assert told(tmp_path, one, events=[event]) == "Stated in the text only (on day 8); no independent record."


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("ck_mb", "creatine kinase MB (mass)"),
        ("d_dimer", "D-dimer (fibrinogen equivalent units)"),
        ("pao2", "arterial oxygen pressure"),
        ("bilirubin_direct", "direct bilirubin"),
        ("calcium_ionised", "calcium (ionised, whole blood)"),
        ("crp", "C-reactive protein"),
    ],
)
def test_the_name_of_an_analyte_has_no_comma_inside_a_sentence(name, expected):
    assert spoken(BYIERS.vocabulary.analytes[name].label) == expected
