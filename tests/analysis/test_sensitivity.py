"""A conclusion made again under other choices: what is repeated, what counts as surviving, and what the figure says."""

import dataclasses
from functools import cache
from itertools import product

import pandas as pd
import pytest

from casereport.analysis.changes import contrasts
from casereport.analysis.measurements import measurements
from casereport.analysis.sensitivity import OUTCOMES, in_one_sentence, repetitions, robustness
from casereport.case.case import Case, load_case
from casereport.case.settings import Settings
from casereport.figures.drawing import style
from casereport.figures.sensitivity_chart import sensitivity
from casereport.files.paths import DATA
from casereport.quantities.intervals import Interval, between

CASES = {name: load_case(name, DATA) for name in ("leng2020", "liang2020", "peng2020", "simulated-cp-msc")}
LENG, LIANG, PENG, SIMULATED = CASES.values()
CRP = Settings(analytes="crp")


@cache
def repeated(name: str) -> pd.DataFrame:
    return repetitions(CASES[name], Settings())


def made_up(values: dict[float, float | Interval]) -> Case:
    """leng2020 with nothing but these C-reactive proteins (mg/L, bad above 10); the cells are given on day 0."""
    table = LENG.observations
    row = table[(table["analyte"] == "crp") & table["numeric"].astype(bool)].iloc[0]
    rows = [
        row.to_dict()
        | {"when": Interval.exact(d), "known": v if isinstance(v, Interval) else Interval.exact(v)}
        | {"value": str(v), "reference": between(None, 10.0), "unit": "mg/L"}
        for d, v in values.items()
    ]
    return dataclasses.replace(LENG, observations=pd.DataFrame(rows, index=range(2, len(rows) + 2)))


def outcomes(case: Case, settings: Settings = CRP, **where: object) -> list[str]:
    table = repetitions(case, settings)
    for column, value in where.items():
        table = table[table[column] == value]
    return table["outcome"].to_list()


@pytest.mark.parametrize("name", ["leng2020", "liang2020", "peng2020"])
def test_each_choice_is_the_contrast_made_under_it(name: str) -> None:
    case, table = CASES[name], repeated(name)
    keys = ["phase", "phase_before", "analyte"]
    headline = table[table["kind"] == "headline"].set_index(keys)
    for lag, day, how in product(range(4), ("before", "after"), ("last", "median")):
        changed = Settings(lag_days=lag, infusion_day=day)
        direct = contrasts(case, measurements(case, changed), how).set_index(keys)
        chosen = table[table["kind"].ne("left out") & table["lag_days"].eq(lag)]
        chosen = chosen[chosen["infusion_day"].eq(day) & chosen["summary"].eq(how)].set_index(keys)
        assert list(chosen.index) == list(headline.index)
        for name, row in chosen.iterrows():
            if row["outcome"] == "no data":
                assert name not in direct.index
            else:
                found = direct.loc[name]
                assert (row["outcome"], row["before"], row["after"]) == (
                    found["outcome"],
                    found["before"],
                    found["after"],
                )


def test_each_left_out_observation_is_a_case_without_its_row() -> None:
    settings = Settings(analytes="crp,platelets")
    table = repetitions(LIANG, settings)
    table = table[table["kind"] == "left out"]
    assert len(table)
    for row in table.itertuples():
        rows = LIANG.observations
        gone = (rows["analyte"] == row.analyte) & (rows["when"] == row.left_out)
        assert gone.any()
        without = dataclasses.replace(LIANG, observations=rows[~gone])
        direct = contrasts(without, measurements(without, settings), row.summary)
        direct = direct[(direct["analyte"] == row.analyte) & (direct["phase"] == row.phase)]
        assert [row.outcome] == direct["outcome"].to_list()


def test_every_observation_of_both_phases_is_left_out_once_for_each_summary() -> None:
    table = repetitions(LIANG, CRP)
    left_out = table[table["kind"] == "left out"]
    days = measurements(LIANG, CRP)["when"].astype(str).to_list()
    for how in ("last", "median"):
        assert left_out.loc[left_out["summary"] == how, "left_out"].astype(str).to_list() == days


def test_the_headline_is_not_repeated_as_one_of_its_own_choices() -> None:
    assert len(outcomes(LIANG, CRP, kind="choice")) == 15
    assert len(outcomes(LIANG, Settings(analytes="crp", lag_days=2, infusion_day="after"), kind="choice")) == 15
    assert len(outcomes(LENG, Settings(analytes="crp", lag_days=5), kind="choice")) == 16


def test_a_plain_fall_survives_everything() -> None:
    case = made_up({-6: 90, -5: 92, -4: 91, -3: 90, 5: 40, 6: 38, 7: 30, 8: 29})
    row = robustness(case, repetitions(case, CRP)).iloc[0]
    assert row["survives"] and row["outcome"] == "better"
    assert (row["choices"], row["left_out"], row["agreeing"], row["repetitions"]) == (15, 16, 31, 31)
    assert row["different"] == 18  # every median (8 choices, 8 left out), and either last value left out
    assert "all 15" in row["sentence"] and "all 16" in row["sentence"] and "Otherwise" not in row["sentence"]


def test_a_fall_that_hangs_on_one_value_does_not() -> None:
    # without the last value, and by medians, nothing has fallen
    case = made_up({-6: 60, -5: 60, -4: 60, -3: 60, 5: 70, 6: 72, 7: 71, 8: 29})
    row = robustness(case, repetitions(case, CRP)).iloc[0]
    assert row["outcome"] == "better" and not row["survives"]
    left_out = repetitions(case, CRP).query("kind == 'left out' and summary == 'last'")
    assert {str(r.left_out): r.outcome for r in left_out.itertuples() if r.outcome != "better"} == {"8": "worse"}
    assert (row["choices_agreeing"], row["left_out_agreeing"]) == (7, 7)
    assert row["worse"] == 8 + 9
    assert "7 of 15" in row["sentence"] and "7 of 16" in row["sentence"] and "worse in 17" in row["sentence"]


def test_a_lag_moves_a_value_to_the_phase_before() -> None:
    case = made_up({-2: 50, -1: 50, 1: 20, 2: 80, 3: 80})
    found = repetitions(case, CRP).query("kind != 'left out' and summary == 'last' and infusion_day == 'before'")
    # with a lag of 2 days the 80 of day 2 is the last value before, with 3 days nothing comes after
    assert dict(zip(found["lag_days"], found["outcome"], strict=True)) == {
        0: "worse",
        1: "worse",
        2: "same",
        3: "no data",
    }


def test_a_single_value_in_a_phase_leaves_nothing_to_compare() -> None:
    row = robustness(PENG, repeated("peng2020")).iloc[0]
    assert row["outcome"] == "better" and not row["survives"]
    assert (row["left_out"], row["left_out_agreeing"], row["no_data"]) == (4, 0, 4)
    assert "none of 4" in row["sentence"] and "nothing to compare in 4" in row["sentence"]


def test_what_is_never_certain_does_not_survive() -> None:
    wide = Interval(0, 50)
    row = robustness(LENG, repetitions(made_up({-2: wide, -1: wide, 5: wide, 6: wide}), CRP)).iloc[0]
    assert row["outcome"] == "not certain" and row["agreeing"] == row["repetitions"] and not row["survives"]


def test_what_is_not_certain_has_no_conclusion_that_could_survive() -> None:
    table = robustness(SIMULATED, repeated("simulated-cp-msc"))
    undecided = table[table["outcome"] == "not certain"]
    assert len(undecided) and not undecided["survives"].any()
    assert undecided["sentence"].str.contains("no conclusion to test").all()


@pytest.mark.parametrize("name", CASES)
def test_the_counts_add_up(name: str) -> None:
    table = robustness(CASES[name], repeated(name))
    assert len(repeated(name)) == len(table) + table["repetitions"].sum()
    assert (table["choices"] + table["left_out"] == table["repetitions"]).all()
    assert (table["choices_agreeing"] + table["left_out_agreeing"] == table["agreeing"]).all()
    assert (table[[o.replace(" ", "_") for o in OUTCOMES]].sum(axis=1) == table["repetitions"]).all()
    decided = table[table["outcome"] != "not certain"]
    assert (decided["survives"] == (decided["agreeing"] == decided["repetitions"])).all()
    assert (table["different"] <= table["repetitions"]).all()
    if len(table) == 1:
        # the only value before, or after, left out
        same = "The one comparison came out the same in every repetition that had something to compare."
        assert in_one_sentence(table) == same and table["no_data"].iloc[0] > 0
    else:
        survivors = int(table["survives"].sum())
        assert (f"{survivors} came out the same in every repetition" in in_one_sentence(table)) == (survivors > 0)


def test_nothing_to_repeat_is_said() -> None:
    only_before = made_up({-3: 80, -2: 90})
    table = robustness(only_before, repetitions(only_before, CRP))
    assert table.empty and "survives" in table.columns
    assert "nothing to repeat" in in_one_sentence(table)
    with pytest.raises(ValueError, match="no analyte"):
        sensitivity(only_before, CRP)


@pytest.mark.parametrize("name", ["leng2020", "peng2020"])
def test_the_figure_says_the_same_in_words_table_and_drawing(name: str) -> None:
    case = CASES[name]
    figure = sensitivity(case, Settings())
    table = robustness(case, repeated(name))
    assert len(figure.table) == len(table)
    assert figure.table["survives"].sum() == table["survives"].sum()
    assert "last, lag 0, sample before" in figure.table and "median, lag 3, sample after" in figure.table
    drawn = [t.get_text() for ax in figure.canvas.axes for t in ax.get_yticklabels()]
    for row in table.itertuples():
        short = case.vocabulary.analytes[row.analyte].short
        assert short in figure.description and short in drawn
    for phase, rows in table.groupby("phase", sort=False):
        said = f"{rows['survives'].sum()} of {len(rows)} come out the same every time"
        assert said in figure.description
        assert any(said in t.get_text() for ax in figure.canvas.axes for t in ax.texts), phase
    assert figure.alt.startswith("Simulated.") == case.simulated
    width, height = figure.canvas.get_size_inches()
    assert width == 6.2
    with style():
        figure.canvas.draw_without_rendering()
    box = figure.canvas.get_tightbbox()
    assert box.x0 >= 0 and box.x1 <= width and box.y0 >= 0 and box.y1 <= height


def test_a_repetition_without_anything_to_compare_speaks_neither_for_an_outcome_nor_against_it() -> None:
    """Five comparisons of ten repetitions each: held, opposed, held where possible, never repeated, undecided."""
    counts = {
        "outcome": ["better", "worse", "better", "worse", "not certain"],
        "survives": [True, False, False, False, False],
        "agreeing": [10, 6, 8, 0, 10],
        "no_data": [0, 2, 2, 10, 0],
    }
    table = pd.DataFrame(counts | {"repetitions": 10})
    assert in_one_sentence(table) == (
        "Of 5 comparisons, 1 came out the same in every repetition, 1 came out the same in every repetition that had "
        "something left to compare, 1 did not, 1 cannot be repeated, as no other choice leaves anything to compare and "
        "1 decided nothing in the first place."
    )
    assert "cannot be repeated" in in_one_sentence(table.iloc[3:4])
