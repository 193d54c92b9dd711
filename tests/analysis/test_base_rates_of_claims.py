"""Which claims have a base rate beside them: those of a recovery that a cohort without treatment can be asked about."""

from casereport.analysis.base_rates import base_rate
from casereport.analysis.base_rates_of_claims import base_rates_beside
from casereport.case.reading import read_case


def test_rose_the_next_day_and_normal_on_the_fourth_have_their_base_rates():
    table = base_rates_beside(read_case("peng2020"))
    found = {(r.claim, r.outcome_group): (r.measure, r.horizon, r.limit) for r in table.itertuples()}
    assert found == {
        ("6", "all"): ("next day improvement", 1, "1.1"),
        ("6", "survivors"): ("next day improvement", 1, "1.1"),
        ("7", "all"): ("back within k days", 4, "1.1"),
        ("7", "survivors"): ("back within k days", 4, "1.1"),
    }
    rate = base_rate("lymphocytes", 1.1, "below", "back within k days", 4, "survivors")
    assert table[(table["claim"] == "7") & (table["outcome_group"] == "survivors")].iloc[0]["share"] == rate.share


def test_a_claim_of_a_worsening_has_no_base_rate_of_improvement():
    assert not set(base_rates_beside(read_case("leng2020"))["claim"]) & {"d1", "d2", "d3"}
