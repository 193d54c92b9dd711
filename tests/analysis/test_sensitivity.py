"""A conclusion made again under other choices: what is repeated, and what counts as surviving."""

import dataclasses
from functools import cache, partial
from itertools import product

import pandas as pd
import pytest

from casereport.analysis import tables
from casereport.analysis.judgement.verdict import HEADINGS, TURNS
from casereport.analysis.measurements import measurements
from casereport.analysis.sensitivity import NO_DATA, in_one_sentence, repetitions, robustness, turning, with_robustness
from casereport.case.case import Case
from casereport.case.phases import windows
from casereport.case.reading import read_case
from casereport.quantities.intervals import Interval, between

CASES = {name: read_case(name) for name in ("leng2020", "liang2020", "peng2020", "simulated-cp-msc")}
LENG, LIANG, PENG, SIMULATED = CASES.values()
# what a comparison is of, and the two values that it compares
NAMES = ["phase", "phase_before", "analyte"]
COMPARED = ["verdict", "heading"]
COMPARED += [f"{side}_{end}" for side in ("before", "after") for end in ("low", "high", "closed")]


@cache
def repeated(name: str) -> pd.DataFrame:
    case = CASES[name]
    return repetitions(tables.observations(case, tables.phases(case)), tables.phases(case))


def repeated_of(case: Case, *analytes: str, lag_days: int = 0, infusion_day: str = "before") -> pd.DataFrame:
    """The repetitions for these analytes, for C-reactive protein unless others are named."""
    phases = tables.phases(case, lag_days, infusion_day)
    table = tables.observations(case, phases)
    return repetitions(table[table["analyte"].isin(analytes or ["crp"])], phases)


def robust(case: Case, found: pd.DataFrame) -> pd.DataFrame:
    return robustness(found, {phase.id: phase.label for phase in case.meta.phases})


def made_up(values: dict[float, float | Interval]) -> Case:
    """leng2020 with nothing but these C-reactive proteins (mg/L, bad above 10); the cells are given on day 0."""
    row = next(row for row in LENG.observations if row.analyte == "crp" and row.numeric)
    rows = [
        dataclasses.replace(
            row, line=line, when=Interval.exact(d), known=v if isinstance(v, Interval) else Interval.exact(v),
            value=str(v), reference=between(None, 10.0), unit="mg/L",
        )
        for line, (d, v) in enumerate(values.items(), start=2)
    ]  # fmt: skip
    return dataclasses.replace(LENG, observations=tuple(rows))


@pytest.mark.parametrize("name", ["leng2020", pytest.param("liang2020", marks=pytest.mark.slow)])
def test_each_choice_is_the_contrast_made_under_it(name: str) -> None:
    case, table = CASES[name], repeated(name)
    headline = table[table["kind"] == "headline"].set_index(NAMES)
    for lag, day, how in product(range(4), ("before", "after"), ("last", "median")):
        phases = tables.phases(case, lag, day)
        direct = tables.changes(tables.observations(case, phases), phases, how).set_index(NAMES)
        chosen = table[table["kind"].ne("left out") & table["lag_days"].eq(lag)]
        chosen = chosen[chosen["infusion_day"].eq(day) & chosen["summary"].eq(how)].set_index(NAMES)
        assert list(chosen.index) == list(headline.index)
        for name, row in chosen.iterrows():
            if row["heading"] == "no data":
                assert name not in direct.index
            else:
                assert row[COMPARED].to_list() == direct.loc[name, COMPARED].to_list()


def test_each_left_out_observation_is_a_case_without_its_row() -> None:
    table = repeated_of(LIANG, "crp", "platelets").query("kind == 'left out'")
    assert len(table)
    for row in table.itertuples():
        gone = [r for r in LIANG.observations if r.analyte == row.analyte and str(r.when) == row.left_out]
        assert gone
        without = dataclasses.replace(LIANG, observations=tuple(r for r in LIANG.observations if r not in gone))
        phases = tables.phases(without)
        direct = tables.changes(tables.observations(without, phases), phases, row.summary)
        direct = direct[(direct["analyte"] == row.analyte) & (direct["phase"] == row.phase)]
        assert [row.heading] == direct["heading"].to_list()


def test_every_observation_of_both_phases_is_left_out_once_for_each_summary() -> None:
    left_out = repeated_of(LIANG).query("kind == 'left out'")
    days = [str(m.when) for m in measurements(LIANG) if m.analyte == "crp"]
    for how in ("last", "median"):
        assert left_out.loc[left_out["summary"] == how, "left_out"].to_list() == days


def test_the_headline_is_not_repeated_as_one_of_its_own_choices() -> None:
    assert len(repeated_of(LIANG).query("kind == 'choice'")) == 15
    assert len(repeated_of(LIANG, lag_days=2, infusion_day="after").query("kind == 'choice'")) == 15
    assert len(repeated_of(LENG, lag_days=5).query("kind == 'choice'")) == 16


def test_a_plain_fall_survives_everything() -> None:
    case = made_up({-4: 90, -3: 92, -2: 91, -1: 90, 5: 40, 6: 38, 7: 30, 8: 29})
    row = robust(case, repeated_of(case)).iloc[0]
    assert row["survives"] and row["heading"] == "better"
    assert (row["choices"], row["left_out"], row["agreeing"], row["repetitions"]) == (15, 16, 31, 31)
    assert row["different"] == 18  # every median (8 choices, 8 left out), and either last value left out
    assert "all 15" in row["sentence"] and "all 16" in row["sentence"] and "Otherwise" not in row["sentence"]


def test_a_fall_that_hangs_on_one_value_does_not() -> None:
    # without the last value, and by medians, nothing has fallen
    case = made_up({-4: 60, -3: 60, -2: 60, -1: 60, 5: 170, 6: 172, 7: 171, 8: 20})
    row = robust(case, repeated_of(case)).iloc[0]
    assert row["heading"] == "better" and not row["survives"]
    left_out = repeated_of(case).query("kind == 'left out' and summary == 'last'")
    assert {r.left_out: r.heading for r in left_out.itertuples() if r.heading != "better"} == {"8": "worse"}
    assert (row["choices_agreeing"], row["left_out_agreeing"]) == (7, 7)
    assert row["worse"] == 8 + 9
    assert "7 of 15" in row["sentence"] and "7 of 16" in row["sentence"] and "worse in 17" in row["sentence"]


def test_what_turns_under_another_choice_is_called_neither_better_nor_worse() -> None:
    # the last value of day 8 lies below all values before it, every median above them
    turns = made_up({-4: 60, -3: 60, -2: 60, -1: 60, 5: 170, 6: 172, 7: 171, 8: 20})
    plain = made_up({-4: 90, -3: 92, -2: 91, -1: 90, 5: 40, 6: 38, 7: 30, 8: 29})
    for case, word in ((turns, TURNS), (plain, "same")):
        phases = tables.phases(case)
        found = tables.changes(tables.observations(case, phases), phases)
        row = with_robustness(found, robust(case, repeated_of(case))).iloc[0]
        assert (row["heading"], row["robust"]) == ("better", word)


@pytest.mark.parametrize("name", ["leng2020", "liang2020", pytest.param("simulated-cp-msc", marks=pytest.mark.slow)])
def test_what_turns_of_one_analyte_is_what_turns_of_all(name: str) -> None:
    case = CASES[name]
    table = robust(case, repeated(name))
    assert table["turns"].any() == (name != "liang2020")
    for row in table.itertuples():
        mine = [m for m in measurements(case) if m.analyte == row.analyte]
        count, choices = turning(mine, partial(windows, case), (row.phase_before, row.phase))
        assert ((count > 0), choices) == (row.turns, 15)


def test_a_lag_moves_a_value_to_the_phase_before() -> None:
    case = made_up({-2: 50, -1: 50, 1: 20, 2: 180, 3: 180})
    found = repeated_of(case).query("kind != 'left out' and summary == 'last' and infusion_day == 'before'")
    # with a lag of 2 days the 180 of day 2 is the last value before, with 3 days nothing comes after
    assert dict(zip(found["lag_days"], found["heading"], strict=True)) == {
        0: "worse",
        1: "worse",
        2: "no material change",
        3: "no data",
    }


def test_a_single_value_in_a_phase_leaves_nothing_to_compare() -> None:
    case = made_up({-1: 90, 5: 20})
    row = robust(case, repeated_of(case)).iloc[0]
    assert row["heading"] == "better" and not row["survives"]
    assert (row["left_out"], row["left_out_agreeing"], row["no_data"]) == (4, 0, 4)
    assert "none of 4" in row["sentence"] and "nothing to compare in 4" in row["sentence"]
    assert "came out the same in every repetition that had something" in in_one_sentence(
        robust(case, repeated_of(case))
    )


def test_what_is_never_certain_does_not_survive() -> None:
    wide = Interval(0, 50)
    row = robust(LENG, repeated_of(made_up({-2: wide, -1: wide, 5: wide, 6: wide}))).iloc[0]
    assert row["heading"] == "not decidable" and row["agreeing"] == row["repetitions"] and not row["survives"]


def test_what_is_not_certain_has_no_conclusion_that_could_survive() -> None:
    table = robust(SIMULATED, repeated("simulated-cp-msc"))
    undecided = table[table["heading"] == "not decidable"]
    assert len(undecided) and not undecided["survives"].any()
    assert undecided["sentence"].str.contains("no conclusion to test").all()


@pytest.mark.parametrize("name", CASES)
def test_the_counts_add_up(name: str) -> None:
    table = robust(CASES[name], repeated(name))
    assert len(repeated(name)) == len(table) + table["repetitions"].sum()
    assert (table["choices"] + table["left_out"] == table["repetitions"]).all()
    assert (table["choices_agreeing"] + table["left_out_agreeing"] == table["agreeing"]).all()
    assert (table[[o.replace(" ", "_") for o in (*HEADINGS, NO_DATA)]].sum(axis=1) == table["repetitions"]).all()
    decided = table[table["heading"] != "not decidable"]
    assert (decided["survives"] == (decided["agreeing"] == decided["repetitions"])).all()
    assert (table["different"] <= table["repetitions"]).all()
    if len(table) == 1:
        assert in_one_sentence(table) == "The one comparison is undecided, so there is no conclusion to test."
    else:
        survivors = int(table["survives"].sum())
        assert (f"{survivors} came out the same in every repetition" in in_one_sentence(table)) == (survivors > 0)


def test_nothing_to_repeat_is_said() -> None:
    only_before = made_up({-3: 80, -2: 90})
    table = robust(only_before, repeated_of(only_before))
    assert table.empty and "survives" in table.columns
    assert "nothing to repeat" in in_one_sentence(table)


def test_a_repetition_without_anything_to_compare_speaks_neither_for_an_outcome_nor_against_it() -> None:
    """Five comparisons of ten repetitions each: held, opposed, held where possible, never repeated, undecided."""
    counts = {
        "heading": ["better", "worse", "better", "worse", "not decidable"],
        "survives": [True, False, False, False, False],
        "agreeing": [10, 6, 8, 0, 10],
        "no_data": [0, 2, 2, 10, 0],
    }
    table = pd.DataFrame(counts | {"repetitions": 10})
    assert in_one_sentence(table) == (
        "Of 5 comparisons, 1 came out the same in every repetition, 1 came out the same in every repetition that had "
        "something left to compare, 1 did not, 1 cannot be repeated, as no other choice leaves anything to compare and "
        "1 remained undecided."
    )
    assert "cannot be repeated" in in_one_sentence(table.iloc[3:4])
    held, opposed = (pd.concat([table.iloc[i : i + 1]] * 3) for i in (0, 1))
    assert in_one_sentence(held) == "All 3 comparisons came out the same in every repetition."
    assert in_one_sentence(opposed) == "None of 3 comparisons came out the same in every repetition."
