"""Level, trend, variability, overlap, immediacy and consistency of phases, worked by hand."""

import math

import numpy as np
import pytest
from scipy import stats

from casereport.analysis import tables
from casereport.analysis.visual_analysis import look, visual_table
from casereport.case.case import Case
from casereport.case.reading import read_case
from made_up import made_up, seen


def visual(case: Case):
    phases = tables.phases(case)
    return visual_table(tables.observations(case, phases), phases)


def counts(values, **more) -> list[tuple]:
    return [seen(str(day), "white_cells", str(value), "10*9/L", **more) for day, value in values.items()]


def test_two_phases_worked_by_hand(tmp_path):
    case = made_up(tmp_path, counts({-3: 2, -2: 4, -1: 6, 0: 8, 1: 10, 2: 9, 3: 8, 4: 7}))
    (row,) = visual(case).to_dict("records")
    assert (row["level_before"], row["level_after"], row["level_change"]) == (5, 8.5, 3.5)
    assert (row["trend_before"], row["trend_after"]) == (2, -1)
    assert (row["variability_before"], row["variability_after"]) == (0, 0)  # both on a line
    assert row["overlap"] == 2 / 4  # 8 and 7 lie between 2 and 8
    assert row["immediacy"] == 9 - 6  # the median of 10, 9, 8 less that of 4, 6, 8


def test_the_scatter_is_about_the_trend_and_not_about_the_level(tmp_path):
    # slopes of 1, 5, 2, 4: 4, -3, 2 (neighbours), 0.5, -0.5 (two apart) and 1 (three apart): median 0.75;
    # less the trend 1, 4.25, 0.5, 1.75 from day 1 on: median 1.375; residuals -0.375, 2.875, -0.875, 0.375
    case = made_up(tmp_path, counts({-1: 3, 1: 1, 2: 5, 3: 2, 4: 4}))
    (row,) = visual(case).to_dict("records")
    assert row["trend_after"] == 0.75
    assert row["variability_after"] == pytest.approx(math.sqrt((0.375**2 + 2.875**2 + 0.875**2 + 0.375**2) / 2))


def test_the_trend_is_that_of_theil_and_sen(tmp_path):
    rng = np.random.default_rng(3)
    days = np.sort(rng.choice(np.arange(1, 40), 9, replace=False))
    values = np.round(rng.uniform(2, 20, 9), 2)
    case = made_up(tmp_path, counts(dict(zip(days.tolist(), values.tolist(), strict=True))))
    table = tables.observations(case, tables.phases(case))
    from casereport.analysis.tidy import measured

    expected = stats.theilslopes(values, days, method="joint")
    found = look(measured(table))
    assert (found.slope, found.intercept) == pytest.approx((expected.slope, expected.intercept))


def test_what_is_no_number_of_a_known_day_is_left_out_and_counted(tmp_path):
    rows = counts({-2: 3, -1: 4, 1: 5, 2: "<6", "3..4": 7}, low="4", high="10")
    rows.append(seen("5", "white_cells", None, "10*9/L", code="N", low="4", high="10"))
    (row,) = visual(made_up(tmp_path, rows)).to_dict("records")
    assert (row["n_before"], row["n_after"], row["level_after"]) == (2, 1, 5)
    assert row["note"] == "2 values not known exactly left out; immediacy needs 3 values on each side"
    assert all(math.isnan(row[name]) for name in ("trend_before", "trend_after", "variability_after", "immediacy"))


def test_a_design_that_returns_is_compared_with_its_own_earlier_phases():
    """Of 46.8, 46.8, 20.7 and 18.9 two lie in 0.02 to 44.4, and of five from 47 to 67.1 four in 20.6 to 66.6."""
    table = visual(read_case("byiers2014")).set_index("phase")
    assert table["similar"].to_dict() == {"b1": "", "a2": "a1", "b2": "b1"}
    assert (table.loc["a2", "consistency"], table.loc["b2", "consistency"]) == (2 / 4, 4 / 5)
    assert math.isnan(table.loc["b1", "consistency"])


@pytest.mark.parametrize("name", ["leng2020", "simulated-cp-msc"])
def test_a_design_without_a_repetition_has_no_consistency(name):
    table = visual(read_case(name))
    assert len(table) and (table["similar"] == "").all() and table["consistency"].isna().all()


def test_a_single_phase_has_nothing_to_compare(tmp_path):
    assert visual(made_up(tmp_path, counts({1: 3, 2: 4}))).empty


def test_values_on_a_line_scatter_by_nothing(tmp_path):
    # 5.8, 6.1 and 6.4 mg/dL in µmol/L lie on a line but for their binary fractions
    rows = [seen(day, "creatinine", value, "mg/dL") for day, value in ((-2, "5.8"), (-1, "6.1"), (0, "6.4"))]
    rows += [seen(day, "creatinine", value, "mg/dL") for day, value in ((1, "7.0"), (2, "5.0"), (3, "6.0"))]
    (row,) = visual(made_up(tmp_path, rows)).to_dict("records")
    assert row["variability_before"] == 0
    assert row["variability_after"] > 0
