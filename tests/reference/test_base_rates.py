"""Base rates: the definitions at their edges, rates counted by hand on a small cohort, and what is said of them."""

import math
from dataclasses import replace
from datetime import datetime, timedelta

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from casereport.analysis.base_rates import (
    BACK,
    CAVEATS,
    FEWEST_PATIENTS,
    NEXT_DAY,
    TABLE,
    BaseRate,
    base_rate,
    base_rate_text,
    is_telling,
)
from casereport.analysis.judgement.material import reference_change_value
from casereport.case.place import case_names
from casereport.case.reading import read_case
from casereport.quantities.vocabulary_tables import project_vocabulary
from casereport.reference.base_rates import HORIZONS, Limit, base_rates, bootstrap_interval, courses, limits_in_use
from casereport.reference.tongji import COLUMNS

ANALYTES = project_vocabulary().analytes
LYMPHOCYTES, CREATININE = ANALYTES["lymphocytes"], ANALYTES["creatinine"]
ONE = Limit(1.0, 1.0)
YES, NO, NOT_FOLLOWED = 1.0, 0.0, None


def cohort(analyte: str, *patients: tuple[str, bool, dict[float, float] | list[tuple[float, float]]]) -> pd.DataFrame:
    """A cohort table; each patient as (sex, died, values by day)."""
    start = datetime(2000, 1, 1, 8)
    return pd.DataFrame(
        [
            {"patient": i, "time": start + timedelta(days=day), "sex": sex, "died": died, analyte: value}
            for i, (sex, died, values) in enumerate(patients)
            for day, value in (values.items() if isinstance(values, dict) else values)
        ]
    ).astype({"time": "datetime64[us]"})


def answers(values: dict[float, float] | list, column: str, improvement: str = "increase") -> list[float | None]:
    """The answers of one patient's index measurements, against a limit of 1, in order."""
    found = courses(cohort("x", ("male", False, values)), "x", ONE, improvement)[column]
    return [None if math.isnan(a) else a for a in found]


# The definitions, at their edges


@pytest.mark.parametrize(
    ("later", "answer"),
    [
        (0.49, NOT_FOLLOWED),
        (0.5, YES),
        (1.5, YES),
        (1.51, NOT_FOLLOWED),
    ],
)
def test_the_next_day_is_half_a_day_to_a_day_and_a_half_later(later, answer):
    assert answers({0: 0.4, later: 1.2}, "next_day") == [answer]


def test_the_first_measurement_of_the_next_day_decides():
    assert answers({0: 0.4, 0.2: 2.0, 0.9: 0.3, 1.1: 2.0}, "next_day")[0] == NO


def test_an_equal_value_is_no_improvement():
    assert answers({0: 0.4, 1: 0.4}, "next_day")[0] == NO


def test_better_may_still_be_beyond_the_limit():
    assert answers({0: 0.4, 1: 0.5}, "next_day") == [YES, NOT_FOLLOWED]


def test_a_change_that_noise_explains_is_no_improvement():
    # CV 6 % between samples of one person: RCV = 2^0.5 * 1.96 * 6 % = 16.6 % (Fraser 2001)
    noise = reference_change_value(6.0)
    table = cohort("x", ("male", False, {0: 0.50, 1: 0.58, 2: 0.70}), ("male", False, {0: 0.90, 1: 0.74}))
    assert courses(table, "x", ONE, "increase", noise)["next_day"].dropna().tolist() == [NO, YES, NO]
    assert courses(table, "x", ONE, "increase")["next_day"].dropna().tolist() == [YES, YES, NO]
    high = table.assign(x=2 / table["x"])  # all above 1 now, and what rose falls: by 14, 17 and -22 %
    assert courses(high, "x", ONE, "decrease", noise)["next_day"].dropna().tolist() == [NO, YES, NO]


def test_improvement_of_crp_is_a_fall():
    assert answers({0: 5, 1: 4, 2: 6}, "next_day", "decrease") == [YES, NO, NOT_FOLLOWED]


def test_a_value_at_the_limit_is_not_beyond_it():
    assert answers({0: 1.0, 1: 1.0}, "next_day") == []
    assert answers({0: 1.0, 1: 1.0}, "next_day", "decrease") == []
    assert answers({0: 0.4, 1: 1.0}, "back_1") == [YES]


@pytest.mark.parametrize(
    ("later", "answer"),
    [
        (2.99, NOT_FOLLOWED),
        (3, YES),
        (4.5, YES),
        (4.51, NOT_FOLLOWED),
    ],
)
def test_back_within_4_days_needs_a_measurement_3_to_4_and_a_half_days_later(later, answer):
    assert answers({0: 0.4, later: 1.2}, "back_4") == [answer]


def test_back_counts_at_any_measurement_up_to_k_days_and_a_half():
    assert answers({0: 0.4, 0.1: 1.2, 4: 0.3}, "back_4")[0] == YES
    assert answers({0: 0.4, 4: 0.3, 4.6: 1.2}, "back_4")[0] == NO


def test_back_within_1_day_needs_a_later_measurement_not_the_same_again():
    assert answers({0: 0.4}, "back_1") == [NOT_FOLLOWED]
    assert answers({0: 0.4, 0.01: 1.2}, "back_1") == [YES]


def test_two_results_of_one_time_are_not_one_after_the_other():
    assert answers([(0, 0.4), (0, 1.2)], "back_1") == [NOT_FOLLOWED]
    assert answers([(0, 0.4), (0, 0.5), (1, 0.45)], "next_day") == [YES, NO, NOT_FOLLOWED]


def test_rows_need_not_be_in_order_of_time():
    assert answers([(1, 0.3), (0, 0.4), (0.9, 0.5)], "next_day") == [YES, NOT_FOLLOWED, NOT_FOLLOWED]


def test_a_patient_is_never_followed_by_another():
    table = cohort("x", ("male", False, {0: 0.4}), ("male", False, {1: 1.2}))
    assert courses(table, "x", ONE, "increase")["back_1"].isna().all()


def test_each_patient_is_held_against_the_limit_of_their_sex():
    table = cohort("creatinine", ("male", False, {0: 90, 1: 80}), ("female", False, {0: 90, 1: 80, 2: 73}))
    found = courses(table, "creatinine", Limit(97, 73), "decrease")
    assert found["patient"].tolist() == [1, 1]
    assert found["back_1"].tolist() == [0, 1]


# Rates of a cohort that can be counted on a page

PAGE = cohort(
    "lymphocytes",
    ("male", False, {0: 0.4, 1: 0.6, 2: 1.2}),  # next day: yes, yes; back within 1 day: no, yes; within 2: yes, yes
    ("female", False, {0: 0.9, 1: 0.9, 5: 1.1}),  # next day: no; within 1: no; within 2: no; 4: -, yes; 5: yes, yes
    ("male", True, {0: 0.6, 1: 0.3, 3: 0.2}),  # next day: no; within 1: no; within 2: no, no; within 3: no, no
)


@pytest.mark.parametrize(
    ("measure", "horizon", "group", "count", "measurements", "patients"),
    [
        (NEXT_DAY, 1, "all", 2, 4, 3),
        (NEXT_DAY, 1, "survivors", 2, 3, 2),
        (NEXT_DAY, 1, "deaths", 0, 1, 1),
        (BACK, 1, "all", 1, 4, 3),
        (BACK, 2, "survivors", 2, 3, 2),
        (BACK, 2, "deaths", 0, 2, 1),
        (BACK, 4, "all", 1, 2, 2),  # the woman's second value, and the man's first, which has one 3 days later
        (BACK, 5, "all", 2, 2, 1),
        (BACK, 14, "all", 0, 0, 0),
    ],
)
def test_rates_counted_by_hand(measure, horizon, group, count, measurements, patients):
    table = base_rates(PAGE, LYMPHOCYTES, Limit(1.1, 1.1)).set_index(["measure", "horizon", "outcome_group"])
    row = table.loc[(measure, horizon, group)]
    assert (row["count"], row["measurements"], row["patients"]) == (count, measurements, patients)
    if measurements:
        assert row["share"] == pytest.approx(count / measurements, abs=5e-5)  # the table has four decimals
    else:
        assert math.isnan(row["share"])


def test_a_cohort_without_an_abnormal_value_gives_no_share():
    table = base_rates(cohort("lymphocytes", ("male", False, {0: 2.0, 1: 2.1})), LYMPHOCYTES, Limit(1.1, 1.1))
    assert len(table) == 3 * (1 + len(HORIZONS))
    assert (table["measurements"] == 0).all() and table["share"].isna().all()


# The interval


def test_with_one_measurement_a_patient_the_interval_is_that_of_binomial_resampling():
    counts = np.array([1.0] * 30 + [0.0] * 70)
    low, high = bootstrap_interval(counts, np.ones(100))
    assert (low, high) == pytest.approx(tuple(stats.binom(100, 0.3).ppf([0.025, 0.975]) / 100), abs=0.011)


def test_copies_of_a_patients_measurements_do_not_narrow_the_interval():
    counts = np.array([1.0] * 6 + [0.0] * 14)
    assert bootstrap_interval(counts * 50, np.full(20, 50.0)) == bootstrap_interval(counts, np.ones(20))


def test_the_interval_is_the_same_each_time():
    counts, n = np.array([1.0, 2, 0, 3] * 5), np.array([2.0, 2, 4, 3] * 5)
    assert bootstrap_interval(counts, n) == bootstrap_interval(counts, n)


def test_few_patients_give_no_interval_however_many_measurements():
    n = FEWEST_PATIENTS - 1
    assert all(map(math.isnan, bootstrap_interval(np.arange(n, dtype=float), np.full(n, 100.0))))
    assert not any(map(math.isnan, bootstrap_interval(np.arange(n + 1, dtype=float), np.full(n + 1, 100.0))))


def test_a_share_of_none_or_all_gets_no_interval_of_width_nought():
    assert all(map(math.isnan, bootstrap_interval(np.zeros(40), np.ones(40))))
    assert all(map(math.isnan, bootstrap_interval(np.ones(40), np.ones(40))))


# The committed table, and what is said of it


def test_every_limit_in_use_in_the_bundled_cases_is_in_the_table():
    for case in map(read_case, case_names()):
        for row in case.observations:
            analyte = case.vocabulary.analytes[row.analyte]  # a case may have its own
            better = analyte.improvement
            if row.analyte in COLUMNS.values() and better:
                limit = analyte.bad_limit(row.reference)
                side = "below" if better == "increase" else "above"
                assert limit is None or base_rate(row.analyte, limit, side, BACK, 14), (row.analyte, limit)


def test_the_table_is_of_the_limits_in_use_and_of_no_others():
    rows = pd.read_csv(TABLE, dtype=str)
    assert set(zip(rows["analyte"], rows["limit"], strict=True)) == {(a.id, str(limit)) for a, limit in limits_in_use()}


def test_the_table_is_consistent_in_itself():
    table = pd.read_csv(TABLE)
    key = ["analyte", "limit", "side", "measure", "horizon"]
    assert not table.duplicated([*key, "outcome_group"]).any()
    n = table.pivot_table(index=key, columns="outcome_group", values=["count", "measurements", "patients"])
    for column in ("count", "measurements", "patients"):
        assert (n[column, "all"] == n[column, "survivors"] + n[column, "deaths"]).all()
    assert (table["patients"] <= table["measurements"]).all() and (table["count"] <= table["measurements"]).all()
    given = table[table["ci_low"].notna()]
    assert (given["ci_low"] <= given["share"]).all() and (given["share"] <= given["ci_high"]).all()


def test_a_cohort_of_covid_admissions_seldom_has_its_crp_normal_a_day_later():
    rate = base_rate("crp", 3, "above", BACK, 1)
    assert rate is not None and rate.share is not None
    assert rate.share < 0.1


def test_a_limit_or_measure_that_the_table_does_not_have_finds_nothing():
    assert base_rate("lymphocytes", 1.1, "below", NEXT_DAY) is not None
    assert base_rate("lymphocytes", 1.2, "below", NEXT_DAY) is None
    assert base_rate("lymphocytes", 1.1, "above", NEXT_DAY) is None
    assert base_rate("lymphocytes", 1.1, "below", BACK, 15) is None
    assert base_rate("potassium", 3.5, "below", NEXT_DAY) is None


def test_the_default_of_one_sex_finds_the_row_of_both():
    men, women = (base_rate("creatinine", x, "above", BACK, 4) for x in (97, 73))
    assert men is women and men is not None
    assert "creatinine above 97 (men) or 73 (women) µmol/L" in base_rate_text(men, CREATININE)


def test_a_row_for_the_very_number_comes_before_the_default_of_one_sex():
    # 21 is the default total bilirubin of women, and what leng2020 prints for a man
    rate = base_rate("bilirubin_total", 21, "above", BACK, 4)
    assert rate is not None and rate.limit == "21"


YAN = "Yan et al. 2020, doi:10.1038/s42256-020-0180-7"
RATE = BaseRate(
    "lymphocytes", "1.1", "below", NEXT_DAY, 1, "all", measurements=100, patients=70, least_change=0.28, count=58,
    share=0.58, ci_low=0.5, ci_high=0.66, source=YAN, in_deaths=70,
)  # fmt: skip


def test_the_sentence_of_a_next_day_rate_names_cohort_disease_hospital_and_publication():
    # Yan 2020: 375 patients of Tongji Hospital, Wuhan, from 10 January to 18 February 2020; 201 survived, 174 died
    assert base_rate_text(RATE, LYMPHOCYTES) == (
        "Among 375 patients with COVID-19 (Tongji Hospital, Wuhan, 2020, "
        "Yan et al. 2020, doi:10.1038/s42256-020-0180-7; treatment not recorded), lymphocyte count below 1.1 ×10⁹/L "
        "was higher the next day by more than the 28% that random variation explains in 58 of 100 pairs "
        "(58%; 95% CI 50 to 66; 70 patients; 70 of the 100 in patients who died)."
    )


def test_the_sentence_of_a_rate_of_return_in_survivors():
    rate = replace(RATE, measure=BACK, horizon=4, outcome_group="survivors", least_change=None)
    assert base_rate_text(rate, LYMPHOCYTES) == (
        "Among 201 survivors of COVID-19 (Tongji Hospital, Wuhan, 2020, "
        "Yan et al. 2020, doi:10.1038/s42256-020-0180-7; treatment not recorded), lymphocyte count below 1.1 ×10⁹/L "
        "resolved within 4 days in 58 of 100 episodes (58%; 95% CI 50 to 66; 70 patients)."
    )


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (
            {"count": 0, "share": 0.0, "ci_low": None, "ci_high": None},
            "(0%; 70 patients; no interval: it never was so;",
        ),
        ({"ci_low": 0.004}, "95% CI 0.4 to 66"),
        ({"least_change": None}, "was higher the next day in 58 of 100 pairs"),
    ],
)
def test_what_the_data_cannot_give_is_said(change, said):
    assert said in base_rate_text(replace(RATE, **change), LYMPHOCYTES)


@pytest.mark.parametrize(
    ("change", "telling"),
    [
        ({}, True),
        ({"patients": 10}, True),
        ({"patients": 9}, False),
        ({"in_deaths": 80}, True),
        ({"in_deaths": 81}, False),
        ({"in_deaths": 81, "outcome_group": "survivors"}, True),  # none of these pairs is of a patient who died
    ],
)
def test_a_rate_of_few_patients_or_almost_only_of_the_dying_tells_nothing(change, telling):
    assert is_telling(replace(RATE, **change)) is telling


def test_no_sentence_calls_the_patients_untreated():
    assert "untreated" not in base_rate_text(RATE, LYMPHOCYTES)
    assert "treatment was not recorded, which does not mean that there was none" in CAVEATS


def test_close_pairs_come_mostly_from_patients_who_died_as_the_caveat_says():
    table = pd.read_csv(TABLE)
    next_day = table[table["measure"] == NEXT_DAY].groupby("outcome_group")["measurements"].sum()
    assert next_day["deaths"] > 0.9 * next_day["all"]
