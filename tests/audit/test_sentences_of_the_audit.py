"""What the audit says of values, days and sides: in the order and on the side in which the rows have them."""

import pytest

from casereport.audit.claims import audit_claims
from casereport.audit.consistency import check_consistency
from casereport.case.reading import read_case
from made_up import claim, happened, made_up, seen, write_case

PRINTED = "the printed reference range (50 to 310 U/L)"


def ck(day, value, source="Table 1", code="") -> tuple:
    return seen(day, "ck", value, "U/L", source, "50", "310", code)


@pytest.mark.parametrize(
    ("rows", "sentence"),
    [
        ([ck(1, "200", code="H")], f"Creatine kinase on day 1 is called H, but 200 U/L is inside {PRINTED}."),
        ([ck(1, "40", code="H")], f"Creatine kinase on day 1 is called H, but 40 U/L is below {PRINTED}."),
        (
            [ck("2..4", None, "text", "N"), ck(2, "316"), ck(3, "40")],
            "Creatine kinase on days 2 to 4 is said to be in the reference range (text); Table 1 has 316 U/L on day 2 "
            f"(above) and 40 U/L on day 3 (below) against {PRINTED}.",
        ),
        (
            [seen(0, "crp", "90", "mg/L"), seen(1, "crp", "60", "mg/L"), seen(1, "crp", None, "", "text", code="U")],
            "C-reactive protein on day 1 is said to be higher than before (text); the numbers are 90 mg/L on day 0 and "
            "60 mg/L on day 1.",
        ),
    ],
)
def test_a_remark_has_each_value_with_its_day_and_side(tmp_path, rows, sentence):
    assert check_consistency(made_up(tmp_path, rows))["finding"].to_list() == [sentence]


def test_a_range_that_a_case_aims_at_is_called_that_and_not_the_usual_one(tmp_path):
    folder = write_case(tmp_path, [seen(1, "spo2", "97", "%", code="N")])
    (folder.parent / "analytes.csv").write_text("analyte,target_low,target_high\nspo2,88,92\n", encoding="utf-8")
    (said,) = check_consistency(read_case(folder))["finding"]
    assert said.endswith("is called N, but 97 % is above the range that this case aims at (88 to 92 %).")


def test_a_copied_column_is_the_later_one(tmp_path):
    numbers = ("48", "61", "412", "96", "148", "31.2")
    names = ("alt", "ast", "ldh", "creatinine", "platelets", "albumin")
    units = ("U/L", "U/L", "U/L", "umol/L", "10*9/L", "g/L")
    rows = [seen(day, *of) for day in (1, 2) for of in zip(names, numbers, units, strict=True)]
    (said,) = check_consistency(made_up(tmp_path, rows))["finding"]
    assert said.startswith("6 of the 6 numbers on day 2 are those on day 1 (")


@pytest.mark.parametrize(
    ("one", "rows", "said"),
    [
        (
            claim("value", "57 U/L", "ck", begin=1), [ck(1, "60")],
            ["57 U/L", "Table 1 has 60 U/L (day 1)", "3 U/L higher"],
        ),
        (claim("value", "57 U/L", "ck", begin=1), [ck(1, "50")], ["Table 1 has 50 U/L (day 1)", "7 U/L lower"]),
        (
            claim("value", "57 U/L", "ck", begin=1), [ck(1, "60"), ck(3, "57")],
            ["57 U/L stands on day 3, not on day 1"],
        ),
        (claim("value", "<57 U/L", "ck", begin=1), [ck(1, "60")], ["below 57 U/L"]),
        (claim("value", ">57 U/L", "ck", begin=1), [ck(1, "60")], ["above 57 U/L"]),
        (
            claim("in_range", "back", "ck", begin=0, end=4), [ck(-1, "500"), ck(2, "200"), ck(6, "400")],
            ["200 U/L (day 2)", "the next value is 400 U/L (day 6), above it"],
        ),
        (  # leng2020: above on day 2, below on day 6, and nobody measured it in the window
            claim("in_range", "back", "ck", begin=2, end=4), [ck(-1, "500"), ck(2, "316"), ck(6, "47"), ck(10, "83")],
            ["316 U/L (day 2), above", "next value is 47 U/L (day 6), below it, with none between", "83 U/L (day 10)"],
        ),
        (  # liang2020: normal before the window already, by another passage of the same text
            claim("in_range", "back", "ck", begin=2, end=4), [ck(-1, "500", "text, a"), ck(0, "200", "text, b")],
            ["no independent record; the last measured value, 200 U/L on day 0, was already in"],
        ),
        (
            claim("in_range", "back", "ck", begin=0, end=4), [ck(-1, "500"), ck(1, "200"), ck(2, "190"), ck(4, "180")],
            ["180 U/L (day 4), in the printed", ") from day 1 on"],
        ),
        (
            claim("course", "stable", "ck", begin=1, end=4), [ck(1, "100"), ck(2, "20"), ck(3, "180"), ck(4, "30")],
            ["values ranged from 20 U/L to 180 U/L; all 3 later values differ from the first"],
        ),
        (
            claim("in_range", "stays", "ck", begin=1, end=4), [ck(1, "100"), ck(2, "200"), ck(3, "320")],
            ["3 values, 2 of them", "outside: 320 U/L (day 3)"],
        ),
    ],
)  # fmt: skip
def test_a_finding_has_the_values_and_days_that_a_verdict_rests_on(tmp_path, one, rows, said):
    (found,) = audit_claims(made_up(tmp_path, rows, claims=[one]))["evidence"]
    assert [words for words in said if words not in found] == [], found


def test_what_happened_after_a_death_is_named_as_after_it(tmp_path):
    case = made_up(tmp_path, [seen(9, "crp", "5", "mg/L")], [happened(4, "outcome", "Died")])
    said = " ".join(check_consistency(case)["finding"])
    assert "Death is stated on day 4, and after it C-reactive protein on day 9" in said


@pytest.mark.parametrize(("start", "end", "said"), [("5", "9", "begins on day 5"), ("-2", "8", "ends on day 8")])
def test_ventilation_that_an_extubation_does_not_end_is_told_with_the_day_that_differs(tmp_path, start, end, said):
    course = (start, end, "mechanical_ventilation", "", "", "", "reported", "text", "")
    case = made_up(tmp_path, (), [happened(4, "outcome", "Extubated")], interventions=[course])
    (found,) = check_consistency(case)["finding"]
    assert f"Extubation is stated on day 4 (“Extubated”), and invasive ventilation {said}:" in found


@pytest.mark.parametrize(
    ("expected", "unit", "values", "words"),
    [
        ("rose by 8 %", "%", ("89", "97"), "rose by 8 percentage points; Table 1 has 89 % (day 1)"),
        ("rose by 1 %", "%", ("89", "90"), "it rose by 1 percentage point"),
        ("rose >100-fold", "ng/mL", ("<0.01", "1.2"), "it rose at least 120-fold"),
    ],
)
def test_the_size_of_a_change_is_in_its_own_words(tmp_path, expected, unit, values, words):
    name = "spo2" if unit == "%" else "procalcitonin"
    rows = [seen(day, name, value, unit) for day, value in enumerate(values, start=1)]
    table = audit_claims(made_up(tmp_path, rows, claims=[claim("change", expected, name, "1", 2, 2)]))
    assert words in table["evidence"].item()


@pytest.mark.parametrize(
    ("one", "words"),
    [
        (
            claim("course", "stable", "ck", begin=1),
            "ranged from 200 U/L to 204 U/L; the later value does not differ from",
        ),
        (claim("extreme", "peak >150 U/L", "ck"), "that creatine kinase peaked, above 150 U/L; Table 1"),
        (claim("extreme", "peak 204 U/L", "ck"), "that creatine kinase peaked, at 204 U/L; Table 1"),
    ],
)
def test_one_later_value_and_a_bound_read_as_a_sentence(tmp_path, one, words):
    assert words in audit_claims(made_up(tmp_path, [ck(1, "200"), ck(2, "204")], claims=[one]))["evidence"].item()
