"""A change that another reasonable choice turns into its opposite bears out no claim that it improved, or worsened.

The course of C-reactive protein (bad above 10 mg/L) is made up: 60 up to the dose, about 170 after it and 20 at last.
By the last values it fell, by any median it rose: of the 15 other choices of lag, dose day and summary the 8 medians.
"""

import pytest

from casereport.audit.claims import audit_claims
from casereport.audit.verdicts import CONTRADICTED, PARTLY, REPORTED_ONLY, SUPPORTED
from casereport.case.reading import read_case
from made_up import claim, made_up, seen

COURSE = {-4: "60", -3: "60", -2: "60", -1: "60", 5: "170", 6: "172", 7: "171", 8: "20"}
TURNS = "it fell towards the range, but was worse under 8 of 15 other choices of lag, dose day and summary"


def audited(tmp_path, word, anchor, end="", course=COURSE):
    rows = [seen(day, "crp", value, "mg/L", "Table 1", "", "10") for day, value in course.items()]
    return audit_claims(made_up(tmp_path, rows, claims=[claim("change", word, "crp", anchor, end=end)])).iloc[0]


@pytest.mark.parametrize("anchor", ["before -> after", "before"])
@pytest.mark.parametrize(("word", "verdict"), [("improved", PARTLY), ("worsened", REPORTED_ONLY)])
def test_between_two_phases_neither_claim_is_borne_out_or_refuted(tmp_path, word, verdict, anchor):
    row = audited(tmp_path, word, anchor)
    assert row["verdict"] == verdict and TURNS in row["evidence"]


@pytest.mark.parametrize(("word", "verdict"), [("improved", SUPPORTED), ("worsened", CONTRADICTED)])
def test_a_claim_that_names_its_days_leaves_no_choice(tmp_path, word, verdict):
    row = audited(tmp_path, word, "-1", 8)
    assert row["verdict"] == verdict and "other choices" not in row["evidence"]


def test_a_change_that_no_choice_turns_is_borne_out(tmp_path):
    row = audited(tmp_path, "improved", "before -> after", course=COURSE | {5: "40", 6: "38", 7: "30"})
    assert row["verdict"] == SUPPORTED and "other choices" not in row["evidence"]


def test_the_lymphopenia_of_leng_2020_improved_by_the_last_values_alone():
    # 0.35 to 0.93; with the sample of the day of the dose after it, the medians are 0.94 and 0.58
    table = audit_claims(read_case("leng2020")).set_index("claim")
    assert table.loc["c1", "verdict"] == PARTLY
    assert "but was worse under 1 of 15 other choices" in table.loc["c1", "evidence"]
