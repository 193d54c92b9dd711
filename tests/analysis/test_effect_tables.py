"""Effect sizes and regression of the bundled cases, against counts made by hand from the published tables."""

import math

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from casereport.analysis.effect_tables import (
    IN_TIME,
    INDICES,
    at_lengths,
    chance_table,
    effect_table,
    effects_of,
    estimate,
    informative,
    regression_table,
)
from casereport.analysis.measurements import in_numbers, measurements, phase_pairs
from casereport.analysis.statistics.counts import log_rate_ratio
from casereport.analysis.statistics.effects import lrr
from casereport.analysis.tidy import measured, observation_table
from casereport.case.case import Case
from casereport.case.reading import read_case
from casereport.quantities.many_intervals import Intervals
from casereport.quantities.wording import share_text
from made_up import OBSERVATIONS, made_up, seen, write_case
from made_up import table as csv_table


def tables_of(case: Case) -> tuple[pd.DataFrame, list[str]]:
    """The observations of a case, and its phases in order."""
    return observation_table(measurements(case)), [phase.id for phase in case.meta.phases]


CASES = {name: tables_of(read_case(name)) for name in ("peng2020", "liang2020", "leng2020", "simulated-cp-msc")}
EFFECTS = {name: effect_table(*case) for name, case in CASES.items()}


def index(case, analyte, name, phase="msc"):
    table = EFFECTS[case]
    rows = table[(table["analyte"] == analyte) & (table["index"] == name) & (table["phase"] == phase)]
    assert len(rows) == 1
    return rows.iloc[0]


def of_pair(case, analyte, name):
    """The index itself, whether or not the table shows it."""
    pairs = phase_pairs(in_numbers(measured(CASES[case][0])), CASES[case][1])
    before, after = next(p for p in pairs if p[0][0].analyte == analyte)
    return estimate(name, before, after, "", 0.95)


def test_nap_of_crp_in_leng2020_counts_five_of_twelve_pairs():
    # Table 4: 2.20 and 105.50 before; 191, 83.4, 13.6, 22.7, 18.3, 10.1 after, lower is better:
    # none of the six is below 2.20, five are below 105.50
    found = of_pair("leng2020", "crp", "NAP")
    assert found.value == pytest.approx(5 / 12)
    assert (found.n_baseline, found.n_treatment) == (2, 6)


def test_an_index_that_chance_alone_shows_in_more_than_a_fifth_of_series_is_not_shown_and_says_so():
    # 2 of 8 places can be the two lowest in 28 ways, so NAP is 1 in 1 of 28 by rank alone, and 0.9 or more in more
    row = index("leng2020", "crp", "NAP")
    assert row["false_alarms_low"] > 1 / 28 and row["false_alarms_high"] > 0.2
    assert all(math.isnan(row[column]) for column in ("value", "low", "high", "ci_low", "p", "p_least"))
    assert row["note"] == "not shown: 2 before and 6 after give false alarms in 7 to 28 %"
    for table in EFFECTS.values():
        assert not (table["low"].notna() & (table["false_alarms_high"] > 0.2)).any()


def test_tau_bc_of_three_and_six_says_why_it_is_not_there():
    assert at_lengths("Tau-BC", 3, 6).hidden.endswith("false alarms in 28 to 88 %")
    row = index("leng2020", "neutrophils", "Tau-BC")
    assert math.isnan(row["value"]) and row["note"].startswith("fewer than 5 values before")
    assert not math.isnan(index("liang2020", "bilirubin_total", "Tau-U")["value"])  # 6 before, 4 after


def test_an_analyte_that_stayed_within_its_range_has_no_index():
    # red cells of leng2020 are in 4.3 to 5.8 throughout
    rows = EFFECTS["leng2020"].query("analyte == 'red_cells'")
    assert set(rows["improvement"]) == {"within range"} and rows["value"].isna().all()
    assert "red_cells" not in set(informative(EFFECTS["leng2020"])["analyte"])


@pytest.mark.parametrize(
    ("analyte", "unit", "before", "after", "better"),
    [
        # towards the range is better from either side, whatever is usual for the analyte
        ("neutrophils", "10*9/L", (0.3, 0.4, 0.5), (0.9, 1.2, 1.6), "increase"),
        ("neutrophils", "10*9/L", (12, 13, 11), (9, 7, 6.5), "decrease"),
        ("potassium", "mmol/L", (7.4, 7.0, 6.8), (6.2, 5.9, 5.6), "decrease"),
        ("potassium", "mmol/L", (2.1, 2.4, 2.5), (2.8, 3.0, 3.1), "increase"),
    ],
)
def test_towards_the_range_is_better_from_either_side(tmp_path, analyte, unit, before, after, better):
    rows = [
        seen(str(day), analyte, str(value), unit)
        for day, value in zip((-3, -2, -1, 1, 2, 3), (*before, *after), strict=True)
    ]
    table = effect_table(*tables_of(made_up(tmp_path, rows))).set_index("index")
    assert (table.loc["NAP", "improvement"], table.loc["NAP", "value"]) == (better, 1.0)


def test_what_crossed_its_range_from_one_side_to_the_other_is_only_higher(tmp_path):
    values = zip((-3, -2, -1, 1, 2, 3), (2.1, 2.4, 2.5, 6.2, 6.4, 7.0), strict=True)
    rows = [seen(str(day), "potassium", str(value), "mmol/L") for day, value in values]
    table = effect_table(*tables_of(made_up(tmp_path, rows))).set_index("index")
    assert (table.loc["NAP", "improvement"], table.loc["NAP", "value"]) == ("", 1.0)


def test_nap_of_lymphocytes_in_leng2020_with_the_text_value_of_day_minus_9():
    # before: 0.94 (text, day -9), 0.94, 0.60, 0.35; after: 0.23, 0.35, 0.58, 0.87, 0.73, 0.93; higher is better.
    # 0.94 is above all six (0 + 0), 0.60 is below three, 0.35 is below four and equals one: 7.5 of 24
    assert index("leng2020", "lymphocytes", "NAP")["value"] == pytest.approx(7.5 / 24)


def test_nap_of_d_dimer_in_liang2020():
    # before (to the day of the infusion): 2.63, 2.28, 4.76, 2.23; after: 2.08, 2.56, 2.01, 2.16, 1.34; lower is better:
    # below 2.63 five, below 2.28 four, below 4.76 five, below 2.23 four: 18 of 20
    assert index("liang2020", "d_dimer", "NAP")["value"] == pytest.approx(18 / 20)


def test_of_one_value_before_and_one_after_no_index_is_shown():
    table = EFFECTS["leng2020"]
    few = table[(table["index"] == "NAP") & (table["n_before"] + table["n_after"] == 2)]
    assert "heart_rate" in set(few["analyte"])
    assert not set(informative(table)["analyte"]) & set(few["analyte"])


def test_ranges_give_bounds_and_neither_error_nor_interval():
    row = index("leng2020", "respiratory_rate", "NAP")
    assert math.isnan(row["value"])
    assert row["low"] < row["high"]
    assert math.isnan(row["se"]) and math.isnan(row["ci_low"]) and math.isnan(row["p"])


def test_low_potassium_is_better_the_higher_it_is():
    row = index("leng2020", "potassium", "NAP")
    assert row["improvement"] == "increase"
    # before 3.61, 2.74, 3.00; after 3.42, 3.47, 4.18, 4.36, 4.69, 4.61: above 3.61 four, above the others six each
    assert row["value"] == pytest.approx(16 / 18)


def test_p_is_the_exact_permutation_p_where_there_are_no_ties():
    # white cells of leng2020: 4.9, 4.91, 6.35, 7.90 before, 7.08, 12.16, 12.57, 11.26, 10.65, 8.90 after
    expected = stats.mannwhitneyu(
        [4.9, 4.91, 6.35, 7.90], [7.08, 12.16, 12.57, 11.26, 10.65, 8.90], method="exact"
    ).pvalue
    assert index("leng2020", "white_cells", "NAP")["p"] == pytest.approx(expected)


def test_holm_is_over_the_analytes_of_one_phase():
    table = EFFECTS["simulated-cp-msc"]
    for phase, tests in (("cp", 5), ("msc", 5)):
        group = table[(table["phase"] == phase) & table["p_holm"].notna()]
        assert len(group) == tests
        assert group["p_holm"].min() == pytest.approx(min(1.0, group["p"].min() * tests))


def test_nothing_computed_is_nan_or_infinite_without_a_note():
    for name, (observations, phases) in CASES.items():
        for before, after in phase_pairs(in_numbers(measured(observations)), phases):
            found = [estimate(index, before, after, "", 0.95) for index in INDICES]
            # what is not known is None here, so that NaN in the table says nothing else
            assert all(number is None or math.isfinite(number) for e in found for number in (e.value, e.low, e.high))
        for row in EFFECTS[name].itertuples():
            if math.isnan(row.value) and math.isnan(row.low):
                assert row.note


def test_the_stated_truth_of_the_simulated_case_is_found():
    # plasma doubles lymphocytes and cells lower CRP; systolic pressure never changes
    assert index("simulated-cp-msc", "lymphocytes", "NAP", "cp")["value"] > 0.9
    assert index("simulated-cp-msc", "crp", "NAP", "msc")["value"] > 0.9
    assert index("simulated-cp-msc", "creatinine", "NAP", "msc")["improvement"] == "within range"


def test_regression_is_on_study_days_and_says_why_it_is_not_fitted():
    table = regression_table(*CASES["leng2020"])
    rows = {r.analyte: r for r in table.itertuples()}
    assert rows["crp"].first_day == 1.0
    assert rows["crp"].n == 8
    assert math.isnan(rows["temperature"].level) and rows["temperature"].note
    assert math.isnan(rows["heart_rate"].level) and rows["heart_rate"].note  # two values


def test_regression_of_crp_in_leng2020_is_that_of_ordinary_least_squares():
    t = np.array([-7, -1, 1, 2, 4, 6, 10, 13.0])
    y = np.array([2.2, 105.5, 191, 83.4, 13.6, 22.7, 18.3, 10.1])
    b = (t >= 1).astype(float)
    design = np.column_stack([np.ones(8), t + 7, b, b * (t - 1)])
    expected = np.linalg.lstsq(design, y, rcond=None)[0]
    row = next(r for r in regression_table(*CASES["leng2020"]).itertuples() if r.analyte == "crp")
    assert (row.trend, row.level, row.slope) == pytest.approx(tuple(expected[1:]))


def test_how_often_chance_does_it_is_said_for_the_commonest_number_of_values():
    (row,) = chance_table(EFFECTS["leng2020"]).to_dict("records")
    assert (row["n_before"], row["n_after"]) == (3, 6)
    assert "3 values before and 6 after" in row["sentence"]
    assert 0 <= row["low"] <= row["high"] <= 1


def test_how_often_chance_does_it_is_said_for_the_fewest_values_that_gave_a_high_nap():
    # D-dimer of liang2020 has NAP 0.9 with 4 values before and 5 after
    _, row = chance_table(EFFECTS["liang2020"]).to_dict("records")
    assert (row["n_before"], row["n_after"], row["analytes"]) == (4, 5, 1)


def test_an_index_of_trend_is_not_computed_where_the_order_of_days_is_open():
    # leng2020 has one temperature of days -10 to -9 in its table and another of day -9 in its text
    for name in ("Tau-U", "Tau-BC"):
        row = index("leng2020", "temperature", name)
        assert all(math.isnan(row[column]) for column in ("value", "low", "high"))
        assert "order" in row["note"]
    assert index("leng2020", "temperature", "NAP")["value"] == 1.0


def lymphocytes(*rows: tuple) -> str:
    """observations.csv of (day, phase, count)."""
    return csv_table(
        OBSERVATIONS + ",phase",
        [(*seen(day, "lymphocytes", v, "10*9/L", f"text, {phase}"), phase) for day, phase, v in rows],
    )


@pytest.mark.parametrize(
    ("rows", "why"),
    [
        # the sample drawn before the infusion and the one after it, both of day 0
        ([(-2, "", 1), (-1, "", 2), (0, "before", 1), (0, "after", 2), (1, "", 3)], "two values of one day"),
        ([(2, "before", 1), (1, "after", 2), (3, "after", 3)], "overlap in time"),
        ([(5, "before", 1), (1, "after", 2), (3, "after", 3)], "overlap in time"),
        ([("<0", "before", 1), (1, "after", 2), (3, "after", 3)], "not known exactly"),
    ],
)
def test_phases_that_are_no_stretches_of_days_have_no_regression_and_say_why(tmp_path, rows, why):
    folder = write_case(tmp_path)
    (folder / "observations.csv").write_text(lymphocytes(*rows), encoding="utf-8")
    (row,) = regression_table(*tables_of(read_case(folder))).to_dict("records")
    assert why in row["note"]
    assert all(math.isnan(row[column]) for column in ("level", "slope", "trend"))
    assert row["n"] == len(rows)


def test_a_share_is_never_rounded_to_none_or_all():
    # 321 of 322 values are not all of them
    assert share_text(321 / 322) == "0.997"
    assert share_text(1 / 322) == "0.003"
    assert [share_text(x) for x in (0, 0.5, 5 / 6, 1)] == ["0.00", "0.50", "0.83", "1.00"]


def test_of_many_patients_counts_are_compared_by_their_rates_and_quantities_by_their_ratio():
    before, after = [4.0, 6.0, 5.0], [1.0, 0.0, 2.0]
    known = Intervals.exact(np.array([*before, *after, *before, 1.0, 3.0, 2.0]))
    compared = pd.DataFrame({"start_a": [0, 6], "n_before": 3, "start_b": [3, 9], "n_after": 3, "family": 0})
    compared = compared.assign(improvement="decrease", scale=["count", "ratio"], **dict.fromkeys(IN_TIME, True))
    found = effects_of(known, compared, 0.95, 1).query("index == 'LRR'")
    rates, ratio = log_rate_ratio(before, after, "decrease"), lrr(before, [1.0, 3.0, 2.0], "decrease")
    assert found["value"].to_list() == [rates.value, ratio.value]
    assert found["se"].to_list() == [rates.se, ratio.se]
