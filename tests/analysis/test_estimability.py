"""What a sequence of treatments can tell: constructed designs with a known answer, the published cases, exact rank."""

import dataclasses
from collections.abc import Sequence

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from casereport.analysis.estimability import (
    COLUMNS,
    aliases,
    design_matrix,
    estimability,
    estimability_of_all,
    observed_days,
)
from casereport.case.case import Case, load_case
from casereport.case.description import Phase
from casereport.case.settings import Settings
from casereport.files.paths import DATA
from casereport.quantities.intervals import parse

CASES = {name: load_case(name, DATA) for name in ("peng2020", "leng2020", "liang2020", "simulated-cp-msc")}
PLASMA, CELLS, DRUG = "convalescent_plasma", "mesenchymal_stem_cells", "ribavirin"
AFTER = Settings(infusion_day="after")


def made_up(days: Sequence[str], courses: Sequence[tuple[str, str, str]], opened_by: Sequence[str] = ()) -> Case:
    """leng2020 with nothing but these observed days, courses (what, first day, last day) and openers of phases."""
    plain = CASES["leng2020"]
    seen = plain.observations.iloc[: len(days)].copy()
    seen["when"] = [parse(d) for d in days]
    given_ = pd.DataFrame(courses, columns=["intervention", "start_day", "end_day"]).assign(dose="", dose_unit="")
    given_["start"] = pd.Series([parse(d) for d in given_["start_day"]], dtype=object)
    given_["end"] = pd.Series([parse(d) for d in given_["end_day"]], dtype=object)
    phases = [Phase(id="first", label="First", opened_by=None)]
    phases += [Phase(id=f"p{i}", label=f"Phase {i}", opened_by=name) for i, name in enumerate(opened_by)]
    meta = plain.meta.model_copy(update={"phases": phases})
    return dataclasses.replace(plain, meta=meta, observations=seen, interventions=given_, events=plain.events.iloc[:0])


def found(table: pd.DataFrame, basis: str) -> dict[str, tuple[bool, str]]:
    rows = table[table["basis"] == basis]
    return {r.effect: (r.estimable, r.aliased_with) for r in rows.itertuples()}


BOTH = "Convalescent plasma × mesenchymal stem cells"


# The seed case


def test_peng2020_was_observed_before_after_plasma_and_after_both() -> None:
    states = design_matrix(CASES["peng2020"], Settings(), [PLASMA, CELLS], "ever given")
    assert states[[PLASMA, CELLS]].values.tolist() == [[False, False], [True, False], [True, False], [True, True]]
    assert [str(when) for when in states["when"]] == ["<0", "1", "4", ">4"]


def test_peng2020_synergy_is_aliased_with_the_cells_given_second() -> None:
    table = estimability(CASES["peng2020"], Settings())
    assert found(table, "ever given") == {
        "Convalescent plasma": (True, "time"),
        "Mesenchymal stem cells": (False, f"{BOTH}; time"),
        BOTH: (False, "Mesenchymal stem cells"),
    }
    said = table.loc[(table["basis"] == "ever given") & (table["kind"] == "interaction"), "sentence"].item()
    assert "aliased with the effect of mesenchymal stem cells, given second" in said
    assert "no observation time has mesenchymal stem cells alone" in said
    for cell in ("neither", "convalescent plasma alone", "mesenchymal stem cells alone", "both", "2 × 2"):
        assert cell in said
    cells = table.loc[
        (table["basis"] == "ever given") & (table["effect"] == "Mesenchymal stem cells"), "sentence"
    ].item()
    assert "synergy with convalescent plasma" in cells and "course of the illness" in cells


def test_peng2020_does_not_say_what_was_active_when() -> None:
    table = estimability(CASES["peng2020"], Settings())
    active = table[table["basis"] == "active"]
    assert len(active) == 3 and not active["estimable"].any()
    assert active["sentence"].str.contains("not certain").all()


# Other published cases


def test_leng2020_names_what_changed_with_the_infusion() -> None:
    table = estimability(CASES["leng2020"], Settings())
    said = table.loc[table["basis"] == "ever given", "sentence"].item()
    assert found(table, "ever given") == {"Mesenchymal stem cells": (True, "time")}
    assert "course of the illness over time" in said
    for change in ("oxygen 5 L/min stopped (day 0)", "oxygen 10 L/min started (day 0)", "potassium chloride started"):
        assert change in said
    assert "When lopinavir/ritonavir and potassium chloride ended is not reported" in said


def test_liang2020_lopinavir_and_steroid_were_given_on_the_same_days() -> None:
    active = found(estimability_of_all(CASES["liang2020"], Settings()), "active")
    assert active["Lopinavir/ritonavir"] == (False, "Methylprednisolone")
    assert active["Methylprednisolone"] == (False, "Lopinavir/ritonavir")
    assert active["Interferon alpha"][0]  # begun a day earlier, on an observed day
    assert (
        "Within a day of the first dose: no other treatment"
        in estimability(CASES["liang2020"], Settings())["sentence"][1]
    )


@pytest.mark.parametrize("name", CASES)
def test_every_effect_has_a_row_in_plain_words(name: str) -> None:
    case = CASES[name]
    for table in (estimability(case, Settings()), estimability_of_all(case, Settings())):
        assert list(table.columns) == COLUMNS
        assert table["sentence"].str.endswith(".").all()
        assert not table["sentence"].str.contains("None|nan|_|  ").any()
        assert table["estimable"].map(type).eq(bool).all()
    every = estimability_of_all(case, Settings())
    labels = {case.vocabulary.interventions[i].label for i in case.interventions["intervention"]}
    assert set(every["effect"]) == labels and len(every) == 2 * len(labels)


# Designs with a known answer


def test_a_two_by_two_design_estimates_both_effects_and_their_synergy() -> None:
    case = made_up(["0", "1", "2", "3"], [(PLASMA, "1", "2"), (CELLS, "2", "3")], [PLASMA, CELLS])
    table = estimability(case, Settings())
    assert found(table, "active") == {
        "Convalescent plasma": (True, ""),
        "Mesenchymal stem cells": (True, "time"),
        BOTH: (True, ""),
    }
    assert (
        "were observed" in table.loc[(table["basis"] == "active") & (table["kind"] == "interaction"), "sentence"].item()
    )


def test_treatments_begun_together_cannot_be_told_apart() -> None:
    case = made_up(["-1", "0", "1"], [(PLASMA, "0", ""), (CELLS, "0", "")], [PLASMA, CELLS])
    assert found(estimability(case, AFTER), "ever given") == {
        "Convalescent plasma": (False, f"Mesenchymal stem cells; {BOTH}; time"),
        "Mesenchymal stem cells": (False, f"Convalescent plasma; {BOTH}; time"),
        BOTH: (False, "Convalescent plasma; Mesenchymal stem cells"),
    }


def test_a_switch_from_one_to_the_other_shows_no_synergy_and_one_difference() -> None:
    case = made_up(["0", "1", "2", "3"], [(PLASMA, "0", "1"), (CELLS, "2", "3")], [PLASMA, CELLS])
    table = estimability(case, Settings())
    assert found(table, "active") == {
        "Convalescent plasma": (False, "Mesenchymal stem cells"),
        "Mesenchymal stem cells": (False, "Convalescent plasma; time"),
        BOTH: (False, ""),
    }
    assert "no observation time has both" in table["sentence"][2]


def test_three_treatments_one_upon_the_other() -> None:
    courses = [(PLASMA, "1", ""), (CELLS, "3", ""), (DRUG, "5", "")]
    case = made_up(["0", "2", "4", "6"], courses, [PLASMA, CELLS, DRUG])
    answer = found(estimability(case, Settings()), "ever given")
    assert [effect for effect, (estimable, _) in answer.items() if estimable] == ["Convalescent plasma"]
    assert answer["Ribavirin"][1] == "Convalescent plasma × ribavirin; Mesenchymal stem cells × ribavirin; time"


def test_never_and_always_have_nothing_to_compare_with() -> None:
    case = made_up(["0", "1"], [(PLASMA, "5", "6"), (DRUG, "-3", "9")], [PLASMA])
    rows = estimability_of_all(case, Settings()).set_index(["basis", "effect"])
    for basis in ("active", "ever given"):
        assert not rows.loc[(basis, "Convalescent plasma"), "estimable"]
        assert "no effect of it can be seen" in rows.loc[(basis, "Convalescent plasma"), "sentence"]
        assert not rows.loc[(basis, "Ribavirin"), "estimable"]
        assert "none" in rows.loc[(basis, "Ribavirin"), "sentence"]


def test_a_treatment_that_is_the_sum_of_two_others() -> None:
    other = "oxygen"
    case = made_up(["0", "1", "2"], [(PLASMA, "0", "0"), (CELLS, "1", "1"), (other, "0", "1")])
    active = found(estimability_of_all(case, Settings()), "active")
    assert active["Oxygen"] == (False, "Convalescent plasma; Mesenchymal stem cells")
    assert active["Convalescent plasma"] == (False, "Mesenchymal stem cells; Oxygen")


def test_a_case_of_one_phase_has_no_effect_to_estimate() -> None:
    case = made_up(["0", "1"], [(DRUG, "0", "1")])
    assert estimability(case, Settings()).empty
    assert list(estimability(case, Settings()).columns) == COLUMNS


# Days known only in part


@pytest.mark.parametrize(
    ("day", "start", "end", "active", "given_before", "given_after"),
    [
        ("3", "2", "4", True, True, True),
        ("2", "2", "4", True, False, True),
        ("4", "2", "4", True, True, True),
        ("5", "2", "4", False, True, True),
        ("1", "2", "4", False, False, False),
        (">4", "2", "4", False, True, True),
        (">=4", "2", "4", None, True, True),
        ("<2", "2", "4", False, False, False),
        ("3", "2", "", None, True, True),
        ("1", "2", "", False, False, False),
        ("3", "", "4", None, None, None),
        ("5", "", "4", False, None, None),
        ("3", ">2", "4", None, None, None),
        ("2", ">2", "4", False, False, False),
        ("2..3", "2", "4", True, None, True),
        ("1..3", "2", "4", None, None, None),
        ("5", "2", ">=6", True, True, True),
        ("7", "2", ">=6", None, True, True),
    ],
)
def test_a_day_counts_only_where_every_completion_agrees(
    day: str, start: str, end: str, active: bool | None, given_before: bool | None, given_after: bool | None
) -> None:
    case = made_up([day], [(DRUG, start, end)])
    assert design_matrix(case, Settings(), [DRUG], "active")[DRUG].item() is active
    assert design_matrix(case, Settings(), [DRUG], "ever given")[DRUG].item() is given_before
    assert design_matrix(case, AFTER, [DRUG], "ever given")[DRUG].item() is given_after


def test_a_stated_phase_places_what_has_no_day() -> None:
    peng = CASES["peng2020"]
    undated = peng.events.assign(when=None)
    case = dataclasses.replace(peng, events=undated)
    places = observed_days(case)
    assert places[places["phase"] == "msc"]["when"].tolist() == [None]
    states = design_matrix(case, Settings(), [PLASMA, CELLS], "ever given")
    assert states.loc[states["phase"] == "msc", [PLASMA, CELLS]].values.tolist() == [[True, True]]


def test_days_that_are_not_certain_are_left_out_and_not_guessed() -> None:
    case = made_up(["-2", "-1..1", "2"], [(PLASMA, "0", "")], [PLASMA])
    said = estimability(case, Settings())["sentence"][1]
    assert "1 observation time after its start and 1 before it" in said


# Rank


columns = st.integers(2, 6).flatmap(
    lambda n: st.lists(st.lists(st.integers(0, 1), min_size=n, max_size=n), min_size=1, max_size=6)
)


@given(columns)
def test_aliases_agree_with_the_rank_of_numpy(matrix: list[list[int]]) -> None:
    column, others = matrix[0], matrix[1:]

    def rank(parts: Sequence[list[int]]) -> int:
        return int(np.linalg.matrix_rank(np.array([[1] * len(column), *parts])))

    named = aliases(column, others)
    assert (named is None) == (rank([*others, column]) > rank(others))
    if named is not None:
        assert rank([*(others[i] for i in named), column]) == rank([others[i] for i in named])
    assert (named == []) == (len(set(column)) == 1)
