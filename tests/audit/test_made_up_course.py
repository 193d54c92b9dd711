"""Claims about one made-up course, each with the verdict that the rule of docs/claims.md gives it, fixed beforehand.

The numbers were chosen for this test, so that each verdict follows by eye or by the arithmetic beside it. The cells are
infused on day 0, a sample of that day is before them, and the claims are those of the text, the numbers of Table 1.
"""

import pytest

from casereport.audit.claims import audit_claims
from casereport.audit.verdicts import VERDICTS
from casereport.case.reading import read_case
from made_up import claim, edit, happened, made_up, seen, write_case

SUPPORTED, PARTLY, CONTRADICTED, REPORTED, NOT_TESTABLE = VERDICTS

COURSE = [
    # healthy on day -30; from day 3 on it halves each day
    ("crp", "mg/L", "", "5", {-30: 2, -2: 60, -1: 80, 1: 160, 2: 120, 3: 80, 4: 40, 5: 20, 6: 10, 8: 4, 10: 3}),
    # within-subject variation 4.4 %, analytical 1.1 %: random variation explains 2.77 * 4.54 = 12.6 %
    ("creatinine", "umol/L", "57", "97", {-1: 180, 1: 100, 3: 110, 5: 80, 7: 95, 9: 70}),
    ("lymphocytes", "10*9/L", "1.1", "3.2", {-1: "0.4", 1: "0.5", 3: "0.8", 5: "1.2", 6: "1.3", 7: "1.5", 9: "1.6"}),
    ("neutrophils", "10*9/L", "1.8", "6.3", {-1: "8.0", 1: "7.0", 3: "1.0", 5: "0.5", 7: "1.5", 9: "2.5"}),
    ("potassium", "mmol/L", "3.5", "5.3", {-1: "7.4", 1: "5.6", 2: "4.5", 3: "4.4", 4: "4.5"}),
    ("sodium", "mmol/L", "137", "147", {-1: 140, 1: 141, 5: 142}),
    ("alt", "U/L", "9", "50", {-1: 45, 1: 150, 3: 200, 5: 90, 9: 40}),
    ("ferritin", "ng/mL", "30", "400", {-1: 7, 9: 29}),
    ("procalcitonin", "ng/mL", "", "0.1", {1: "2.0", 5: "0.4", 9: "<0.05"}),
    ("spo2", "%", "", "", {-1: 88, 1: 92, 3: 95, 5: 89, 7: 97}),
    ("nt_probnp", "pg/mL", "", "", {8: 3900, 10: 4320}),
    ("temperature", "Cel", "", "", {-1: "39.1", "2..3": "36.6..36.9", 5: "38.2"}),
    ("ldh", "U/L", "120", "250", {-30: 200, 2: 220, 4: 300}),
    ("pao2", "mm[Hg]", "", "", {1: 80, 5: 90}),
    ("fio2", "%", "", "", {1: 40, 5: 30}),
]
ROWS = [
    *(seen(day, name, str(v), unit, "Table 1", low, high) for name, unit, low, high, course in COURSE
      for day, v in course.items()),
    seen(1, "ck", "162", "U/L", "Table 1", code="H"),  # flagged, without a range; the usual one ends at 310
    seen(4, "glucose", None, "mmol/L", "abstract", code="N"),  # words alone, of another document
    seen(4, "urea", None, "mmol/L", "text, page 9", code="N"),  # words of the claim's own document
    seen(1, "esr", None, "mm/h", "abstract", code="B"),
    seen(1, "platelets", None, "10*9/L", "abstract", code="U"),
]  # fmt: skip

CLAIMS = [
    # a value, or where it lay
    (claim("value", "160 mg/L", "crp", begin=1), SUPPORTED, "the number of the table"),
    (claim("value", "16 mg/dL", "crp", begin=1), SUPPORTED, "160 mg/L is 16 mg/dL"),
    (claim("value", "4320 pg/mL", "nt_probnp", begin=8), CONTRADICTED, "4320 stands on day 10"),
    (claim("value", "4320 pg/mL", "nt_probnp", begin=9), REPORTED, "nothing of day 9; 4320 stands on day 10"),
    (claim("value", "36.6..36.9 Cel", "temperature", begin=2, end=3), SUPPORTED, "the same range"),
    (claim("value", "37..37 Cel", "temperature", begin=2, end=3), SUPPORTED, "36.6 and 36.9 are 37 in whole degrees"),
    (claim("value", "36.0..36.4 Cel", "temperature", begin=2, end=3), CONTRADICTED, "another range"),
    (claim("value", "70 umol/L N", "creatinine", begin=9), SUPPORTED, "the number, and in 57 to 97"),
    (claim("value", "110 umol/L N", "creatinine", begin=3), PARTLY, "the number, and above 97"),
    (claim("value", "not H", "neutrophils", begin=5), SUPPORTED, "0.5 is low, so not high"),
    (claim("value", "not N", "neutrophils", begin=5), SUPPORTED, "0.5 is low"),
    (claim("value", "not L", "neutrophils", begin=5), CONTRADICTED, "0.5 is low"),
    (claim("value", "not H", "creatinine", begin=5), SUPPORTED, "80 is in the range"),
    (claim("value", "> 90 %", "spo2", begin=1), SUPPORTED, "92"),
    (claim("value", ">90 %", "spo2", begin=5), CONTRADICTED, "89"),
    (claim("value", "< 100 mg/L", "crp", begin=3), SUPPORTED, "80"),
    (claim("value", "<100 mg/L", "crp", begin=2), CONTRADICTED, "120"),
    (claim("value", "3 x ULN", "alt", begin=1), SUPPORTED, "150 is 3 times 50"),
    (claim("value", "4 x ULN", "alt", begin=1), CONTRADICTED, "150 is 3 times 50"),
    (claim("value", ">3 x ULN", "alt", begin=1), CONTRADICTED, "150 is no more than 3 times 50"),
    (claim("value", ">3 x ULN", "alt", begin=3), SUPPORTED, "200 is 4 times 50"),
    (claim("value", ">3 x ULN", "spo2", begin=3), REPORTED, "no upper limit is known"),
    (claim("value", "undetectable", "procalcitonin", begin=9), SUPPORTED, "<0.05"),
    (claim("value", "undetectable", "procalcitonin", begin=5), CONTRADICTED, "0.4"),
    (claim("value", "above lymphocytes", "neutrophils", begin=1), SUPPORTED, "7.0 above 0.5"),
    (claim("value", "above lymphocytes", "neutrophils", begin=5), CONTRADICTED, "0.5 below 1.2"),
    (claim("value", "below lymphocytes", "neutrophils", begin=5), SUPPORTED, "0.5 below 1.2"),
    (claim("value", "above lymphocytes", "neutrophils", begin=6), REPORTED, "no neutrophils on day 6"),
    (claim("value", "H", "ck", begin=1), SUPPORTED, "flagged H, and no range is printed"),
    (claim("value", "N", "ck", begin=1), CONTRADICTED, "flagged H"),
    (claim("value", "N", "glucose", begin=4), SUPPORTED, "the abstract calls it normal"),
    (claim("value", "N", "urea", begin=4), REPORTED, "only the text itself calls it normal"),
    (claim("value", "200 mm[Hg]", "pao2_fio2", begin=1), SUPPORTED, "80 / 0.40"),
    (claim("value", "250 mm[Hg]", "pao2_fio2", begin=5), CONTRADICTED, "90 / 0.30 is 300"),
    # a change
    (claim("change", "rose", "lymphocytes", "-1", 5, 5), SUPPORTED, "0.4 to 1.2"),
    (claim("change", "rose 3-fold", "lymphocytes", "-1", 5, 5), SUPPORTED, "0.4 to 1.2"),
    (claim("change", "rose 4-fold", "lymphocytes", "-1", 5, 5), PARTLY, "rose, yet 3-fold: 1.25 / 0.35 is 3.57"),
    (claim("change", "fell 3-fold", "lymphocytes", "-1", 5, 5), CONTRADICTED, "it rose"),
    (claim("change", "rose 2-fold", "lymphocytes", "1", 3, 3), PARTLY, "0.5 to 0.8: 1.6-fold is not doubled"),
    (claim("change", "rose 1.6-fold", "lymphocytes", "1", 3, 3), SUPPORTED, "0.5 to 0.8"),
    (claim("value", "2 x ULN", "creatinine", begin=-1), SUPPORTED, "180 of at most 97 is 1.86 times"),
    (claim("value", "1 x ULN", "creatinine", begin=3), CONTRADICTED, "110 of at most 97 is 1.13 times"),
    (claim("change", "doubled", "crp", "-1", 1, 1), SUPPORTED, "80 to 160"),
    (claim("change", "doubled", "crp", "-2", 1, 1), PARTLY, "60 to 160 is more than twice"),
    (claim("change", "halved", "crp", "3", 4, 4), SUPPORTED, "80 to 40"),
    (claim("change", "halved", "crp", "-1", 1, 1), CONTRADICTED, "it doubled"),
    (claim("change", "fell by 50 %", "crp", "3", 4, 4), SUPPORTED, "80 to 40"),
    (claim("change", "fell by 25 %", "crp", "1", 2, 2), SUPPORTED, "160 to 120"),
    (claim("change", "fell by 40 %", "crp", "1", 2, 2), PARTLY, "fell, by 25 %"),
    (claim("change", "fell by >90 %", "crp", "1", 10, 10), SUPPORTED, "160 to 3 is 98 %"),
    (claim("change", "rose by 4 %", "spo2", "-1", 1, 1), SUPPORTED, "88 to 92 is 4 percentage points"),
    (claim("change", "fell by 80 umol/L", "creatinine", "-1", 1, 1), SUPPORTED, "180 to 100"),
    (claim("change", "fell within 24 h", "crp", "1"), SUPPORTED, "160 to 120 on day 2"),
    (claim("change", "fell within 12 h", "crp", "1"), REPORTED, "nothing was measured so early"),
    (claim("change", "unchanged", "creatinine", "1", 3, 3), SUPPORTED, "100 to 110 is 10 %, less than 12.6 %"),
    (claim("change", "stable", "creatinine", "3", 5, 5), CONTRADICTED, "110 to 80 is 27 %"),
    (claim("change", "unchanged", "spo2", "3", 7, 7), CONTRADICTED, "95 and 97, no variation and no range known"),
    (claim("change", "improved", "potassium", "-1", 2, 2), SUPPORTED, "7.4 into 3.5 to 5.3"),
    (claim("change", "improved", "ferritin", "-1", 9, 9), SUPPORTED, "7 to 29, towards 30"),
    (claim("change", "improved", "neutrophils", "1", 3, 3), REPORTED, "from above the range to below it"),
    (claim("change", "improved", "neutrophils", "5", 9, 9), SUPPORTED, "0.5 into the range"),
    (claim("change", "worsened", "neutrophils", "3", 5, 5), SUPPORTED, "1.0 to 0.5, further below"),
    (claim("change", "improved", "neutrophils", "3", 5, 5), CONTRADICTED, "1.0 to 0.5, further below"),
    (claim("change", "worsened", "alt", "-1", 1, 1), SUPPORTED, "out of the range"),
    (claim("change", "improved", "creatinine", "3", 7, 7), SUPPORTED, "110 into the range, by 14 %"),
    (claim("change", "worsened", "creatinine", "1", 3, 3), PARTLY, "further above, by no more than random variation"),
    (claim("change", "improved", "sodium", "-1", 5, 5), REPORTED, "in its range at both times"),
    (claim("change", "fell", "sodium", "-1", 1, 1), REPORTED, "140 to 141: drift inside the range"),
    (claim("change", "rose", "platelets", "before", 1, 1), SUPPORTED, "the abstract says so in words"),
    (claim("change", "fell", "platelets", "before", 1, 1), CONTRADICTED, "the abstract says that it rose"),
    (claim("change", "improved", "esr", "before", 1, 1), SUPPORTED, "the abstract calls it better than before"),
    (claim("change", "worsened", "esr", "before", 1, 1), CONTRADICTED, "the abstract calls it better than before"),
    # a peak or trough
    (claim("extreme", "peak", "crp", "before", 1), CONTRADICTED, "160 on day 1 is after the cells"),
    (claim("extreme", "peak 80 mg/L", "crp", "before", 1), PARTLY, "80 is the highest before, on day -1"),
    (claim("value", "120 mg/L", "crp", "before", 2), PARTLY, "the number of day 2, which is after the cells"),
    (claim("value", "110 mg/L", "crp", "before", 2), CONTRADICTED, "120, and after the cells"),
    (claim("value", "120 mg/L", "crp", "after", 2), SUPPORTED, "120 on day 2"),
    (claim("extreme", "peak", "crp", begin=1), SUPPORTED, "160"),
    (claim("extreme", "peak 160 mg/L", "crp"), SUPPORTED, "no day is claimed"),
    (claim("extreme", "peak 120 mg/L", "crp"), CONTRADICTED, "160"),
    (claim("extreme", "nadir 0.5 10*9/L", "neutrophils"), SUPPORTED, "0.5 on day 5"),
    (claim("extreme", "nadir", "neutrophils", begin=3), CONTRADICTED, "1.0, and 0.5 on day 5"),
    (claim("extreme", "peak >3 x ULN", "alt"), SUPPORTED, "200 is 4 times 50"),
    (claim("extreme", "peak >5 x ULN", "alt"), CONTRADICTED, "200 is 4 times 50"),
    # back in range, and staying there
    (claim("in_range", "back", "crp", end=8), SUPPORTED, "4 on day 8, after the infusion"),
    (claim("in_range", "back", "crp", begin=-30, end=6), CONTRADICTED, "10; normal on day -30 was before the illness"),
    (claim("in_range", "back", "ldh", begin=-30, end=1), REPORTED, "measured only before the illness, and normal"),
    (claim("in_range", "back", "ldh", end=4), CONTRADICTED, "300; normal on day 2 was no return"),
    (claim("in_range", "back", "ferritin", end=5), REPORTED, "nothing after the infusion by day 5"),
    (claim("in_range", "back", "potassium", end=4), SUPPORTED, "4.5"),
    (claim("in_range", "back", "creatinine", end=3), CONTRADICTED, "110"),
    (claim("in_range", "back", "temperature", end=5), PARTLY, "36.6 to 36.9 on days 2 to 3, 38.2 on day 5"),
    (claim("in_range", "back within 48 h", "potassium", begin=0), SUPPORTED, "4.5 on day 2"),
    (claim("in_range", "back within 24 h", "potassium", begin=0), CONTRADICTED, "5.6 on day 1"),
    (claim("in_range", "stays", "potassium", begin=2, end=4), SUPPORTED, "4.5, 4.4, 4.5"),
    (claim("in_range", "stays", "creatinine", begin=1, end=9), CONTRADICTED, "3 of 5"),
    (claim("in_range", "back for 3 days", "lymphocytes", end=7), SUPPORTED, "days 5, 6 and 7"),
    (claim("in_range", "back for 7 days", "lymphocytes", end=9), REPORTED, "days 5 to 9, and none after"),
    (claim("in_range", "stays for 5 days", "neutrophils", begin=1, end=9), REPORTED, "only day 9, and none after"),
    (claim("level", "stays <100 mg/L for 4 days", "crp", begin=1, end=2), CONTRADICTED, "160 and 120"),
    # other levels
    (claim("level", "reached <100 mg/L", "crp", end=3), SUPPORTED, "80"),
    (claim("level", "reached <100 mg/L", "crp", end=2), CONTRADICTED, "120; 80 before the infusion does not count"),
    (claim("level", "stays >90 %", "spo2", begin=1, end=7), CONTRADICTED, "89 on day 5"),
    (claim("level", "stays >90 %", "spo2", begin=1, end=3), SUPPORTED, "92 and 95"),
    (claim("level", "stays not H", "lymphocytes"), SUPPORTED, "low or in the range throughout"),
    (claim("level", "stays above lymphocytes", "neutrophils"), CONTRADICTED, "0.5 below 1.2 on day 5"),
    (claim("level", "reached undetectable", "procalcitonin", end=9), SUPPORTED, "<0.05"),
    (claim("level", "reached >300 mm[Hg]", "pao2_fio2", end=5), CONTRADICTED, "300 is not above 300"),
    # a course
    (claim("course", "falling", "crp", begin=1, end=10), SUPPORTED, "each step down"),
    (claim("course", "falling", "alt", begin=1, end=9), PARTLY, "up once, then down"),
    (claim("course", "rising", "crp", begin=1, end=10), CONTRADICTED, "each step down"),
    (claim("course", "falling", "sodium"), REPORTED, "140, 141, 142: drift inside the range"),
    (claim("course", "stable", "sodium"), SUPPORTED, "140 to 142 is 1.4 %, less than 2.77 * 0.66 = 1.8 %"),
    (claim("course", "stable", "creatinine", begin=1, end=5), CONTRADICTED, "100 to 80 is 20 %"),
    (claim("course", "half-life 24 h", "crp", begin=3, end=6), SUPPORTED, "80, 40, 20, 10"),
    (claim("course", "half-life 1 day", "crp", begin=3, end=6), SUPPORTED, "80, 40, 20, 10"),
    (claim("course", "half-life 19 h", "crp", begin=3, end=6), CONTRADICTED, "24 h"),
    (claim("course", "half-life <=30 h", "crp", begin=3, end=6), SUPPORTED, "24 h"),
    (claim("course", "half-life <=19 h", "crp", begin=3, end=6), CONTRADICTED, "24 h"),
    (claim("course", "half-life 24 h", "crp", begin=3, end=4), REPORTED, "two values have no interval"),
    (claim("course", "half-life 24 h", "lymphocytes", begin=5), CONTRADICTED, "it does not fall"),
    # what cannot be tested
    (claim("significance", "significant", "crp"), NOT_TESTABLE, "no test is named"),
    (claim("causal", "effect", anchor="mesenchymal_stem_cells"), NOT_TESTABLE, "one course"),
]  # fmt: skip


@pytest.fixture(scope="module")
def audit(tmp_path_factory):
    claims = [(str(i), *row[1:]) for i, (row, *_) in enumerate(CLAIMS)]
    case = made_up(tmp_path_factory.mktemp("course"), ROWS, claims=claims)
    return audit_claims(case).set_index("claim")


@pytest.mark.parametrize(("i", "found", "reason"), [(i, found, reason) for i, (_, found, reason) in enumerate(CLAIMS)])
def test_each_claim_about_the_course_has_the_verdict_of_its_rule(audit, i, found, reason):
    row = audit.loc[str(i)]
    assert row["verdict"] == found, f"{CLAIMS[i][0]}: {reason}; {row['evidence']}"
    assert row["rule"] and row["evidence"].endswith(".") and "  " not in row["evidence"]


@pytest.mark.parametrize(
    ("expected", "day", "words"),
    [
        ("4320 pg/mL", 8, "4320 pg/mL stands on day 10, not on day 8"),
        ("4320 pg/mL", 9, "4320 pg/mL stands on day 10, not on day 9"),
    ],
)
def test_the_same_number_on_another_day_is_said(tmp_path, expected, day, words):
    case = made_up(tmp_path, ROWS, claims=[claim("value", expected, "nt_probnp", begin=day)])
    assert words in audit_claims(case)["evidence"].item()


@pytest.mark.parametrize(
    ("one", "words"),
    [
        (("in_range", "stays", "creatinine", "", 1, 9), "5 values, 3 of them in the printed reference range"),
        (("change", "fell by 40 %", "crp", "1", 2, 2), "it fell by 25 %"),
        (("change", "doubled", "crp", "-2", 1, 1), "2.67-fold"),
        (("value", ">3 x ULN", "alt", "", 3), "4 times the upper limit of the printed reference range"),
        (("course", "half-life 19 h", "crp", "", 3, 6), "a half-life of 24 h"),
        (("value", "above lymphocytes", "neutrophils", "", 5), "against 1.2 ×10⁹/L for the lymphocyte count"),
        (("change", "rose", "platelets", "before", 1, 1), "the abstract has in words that it was higher than before"),
    ],
)
def test_the_evidence_has_the_numbers(tmp_path, one, words):
    assert words in audit_claims(made_up(tmp_path, ROWS, claims=[claim(*one)]))["evidence"].item()


def test_a_derived_value_is_evidence_of_the_document_that_it_is_derived_from(tmp_path):
    """PaO2 80 mmHg on 40 % oxygen: 200. What the text gives itself bears the text out no more than a number would."""
    for source, found in (("Table 1", SUPPORTED), ("text, page 3", REPORTED)):
        rows = [seen(1, "pao2", "80", "mm[Hg]", source), seen(1, "fio2", "40", "%", source)]
        case = made_up(tmp_path / source, rows, claims=[claim("value", "200 mm[Hg]", "pao2_fio2", begin=1)])
        row = audit_claims(case).iloc[0]
        assert row["verdict"] == found
        assert found != SUPPORTED or row["lines"] == "observations.csv:2 observations.csv:3"


def test_what_was_inferred_from_a_statement_is_no_evidence_for_it(tmp_path):
    inferred = (-1, "lymphocytes", "", "10*9/L", "L", "1.1", "3.2", "inferred", "abstract", "")
    one = claim("value", "L", "lymphocytes", begin=-1, source="text")
    assert audit_claims(made_up(tmp_path, [inferred], claims=[one]))["verdict"].item() == REPORTED


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        ([("temperature", "Cel", "37.0", "38.6")], "body temperature was 38.6 °C (day 1), after 37.0 °C (day 0)"),
        ([("temperature", "Cel", "38.9", "38.6")], ""),  # fever before
        ([("temperature", "Cel", "37.0", "37.9")], ""),  # no fever
        ([("ck", "U/L", "200", "513")], "creatine kinase rose from 200 U/L (day 0) to 513 U/L (day 1), above"),
        ([("ck", "U/L", "200", "250")], ""),  # in its range
        ([("alt", "U/L", "80", "85")], ""),  # by no more than random variation explains
        ([("lymphocytes", "10*9/L", "0.5", "4.0")], ""),  # not bad when high
    ],
)
def test_a_rise_after_an_infusion_is_put_beside_the_claim_of_no_adverse_event(tmp_path, rows, words):
    seen_rows = [seen(d, name, value, unit) for name, unit, *values in rows for d, value in enumerate(values)]
    none = happened("0..10", "adverse_event", "None with the infusion", "NEG", "Table 2")
    case = made_up(tmp_path, seen_rows, [none], [claim("no_event", "adverse_event", begin=0, end=10)])
    row = audit_claims(case).iloc[0]
    assert row["verdict"] == SUPPORTED
    assert words in row["evidence"] if words else "within a day" not in row["evidence"]
    assert not words or "observations.csv:3" in row["lines"]


def test_a_rise_is_told_once_of_doses_that_follow_one_another(tmp_path):
    bags = [(day, "", "mesenchymal_stem_cells", "", "", "", "measured", "Table 1", "") for day in (0.2, 0.4)]
    rows = [seen(day, "ck", value, "U/L") for day, value in ((0, "200"), (1, "513"))]
    one = claim("no_event", "adverse_event", begin=0, end=10)
    evidence = audit_claims(made_up(tmp_path, rows, (), [one], bags)).iloc[0]["evidence"]
    assert evidence.count("creatine kinase rose from 200 U/L") == 1


def test_a_number_alone_is_a_transcription_and_all_else_is_clinical(audit):
    sorts = [row["sort"] for _, row in audit.iterrows()]
    plain = [one[2] == "value" and one[7][0].isdigit() and "ULN" not in one[7] and len(one[7].split()) == 2
             for one, *_ in CLAIMS]  # fmt: skip
    assert [sort == "transcription" for sort in sorts] == plain
    assert sum(plain) == 12


@pytest.mark.parametrize(("day", "found"), [(2, SUPPORTED), (5, REPORTED)])
def test_higher_than_before_is_said_of_the_value_before_and_not_of_an_earlier_one(tmp_path, day, found):
    """50 on day 1 and 40 on day 4: higher than before on day 5 leaves open whether it is higher than on day 1."""
    rows = [seen(d, "esr", v, "mm/h") for d, v in ((1, "50"), (4, "40"))]
    words = seen(day, "esr", None, "mm/h", "abstract", code="U")
    case = made_up(tmp_path, [*rows, words], claims=[claim("change", "rose", "esr", "1", day, day)])
    assert audit_claims(case)["verdict"].item() == found


@pytest.mark.parametrize(
    ("one", "found"),
    [
        (claim("course", "half-life 2 h", "lactate", begin=1, end=7), SUPPORTED),
        (claim("course", "half-life 2 days", "lactate", begin=1, end=7), CONTRADICTED),
        (claim("change", "halved within 2 h", "lactate", "1"), SUPPORTED),
        (claim("change", "fell 8-fold within 2 h", "lactate", "1"), PARTLY),  # 8 to 1 takes 6 h
        (claim("change", "fell 8-fold within 1 day", "lactate", "1"), SUPPORTED),
        (claim("level", "stays <5 mmol/L for 5 h", "lactate", begin=1), SUPPORTED),  # hours 3 to 7
    ],
)
def test_in_a_case_that_counts_hours_a_time_is_one_of_hours(tmp_path, one, found):
    rows = [seen(hour, "lactate", v, "mmol/L") for hour, v in ((1, "8.0"), (3, "4.0"), (5, "2.0"), (7, "1.0"))]
    folder = write_case(tmp_path, rows, claims=[one])
    edit(folder, "case.yaml", "last_day: null", "last_day: null\ntime_unit: hours")
    row = audit_claims(read_case(folder)).iloc[0]
    assert row["verdict"] == found, row["evidence"]


@pytest.mark.parametrize(
    ("values", "found"), [({-30: 200, 2: 500, 8: 200}, SUPPORTED), ({-30: 200, -2: 500}, REPORTED)]
)
def test_a_day_after_a_closed_phase_counts_for_a_return_and_one_before_the_dose_does_not(tmp_path, values, found):
    """The phase closes with the cells on day 0, so that the days from 1 on belong to no phase."""
    rows = [seen(day, "ck", str(v), "U/L", "Table 1", "50", "310") for day, v in values.items()]
    folder = write_case(tmp_path, rows, claims=[claim("in_range", "back", "ck", end=10)])
    opened = "opened_by: mesenchymal_stem_cells"
    edit(folder, "case.yaml", opened, opened + ", closed_by: mesenchymal_stem_cells")
    assert audit_claims(read_case(folder))["verdict"].item() == found
