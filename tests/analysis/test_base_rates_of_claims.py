"""Which claims have a base rate beside them: those of a recovery that a cohort without treatment can be asked about."""

from casereport.analysis.base_rates import NEXT_DAY, base_rate
from casereport.analysis.base_rates_of_claims import base_rates_beside
from casereport.case.reading import read_case


def test_normal_on_the_fourth_day_has_its_base_rate_survivors_first():
    table = base_rates_beside(read_case("peng2020"))
    found = [(r.claim, r.outcome_group, r.measure, r.horizon, r.limit) for r in table.itertuples()]
    assert found == [
        (claim, group, "back within k days", 4, "1.1") for claim, group in (("7", "survivors"), ("7", "all"))
    ]
    rate = base_rate("lymphocytes", 1.1, "below", "back within k days", 4, "survivors")
    assert table.iloc[0]["share"] == rate.share
    assert table["source"].str.contains("doi:10.1038/s42256-020-0180-7").all()


def test_rose_the_next_day_has_none_for_almost_all_such_pairs_are_of_patients_who_died():
    # the survivors of the cohort were not measured on two days in a row: 6 pairs, against 137 of patients who died
    survivors, all_of_them = (base_rate("lymphocytes", 1.1, "below", NEXT_DAY, 1, g) for g in ("survivors", "all"))
    assert survivors.patients < 10 and all_of_them.in_deaths > 0.8 * all_of_them.measurements
    assert "6" not in set(base_rates_beside(read_case("peng2020"))["claim"])


def test_a_claim_of_a_worsening_has_no_base_rate_of_improvement():
    assert not set(base_rates_beside(read_case("leng2020"))["claim"]) & {"d1", "d2", "d3"}
