"""What a sequence of treatments can tell: constructed designs with a known answer, the published cases, exact rank."""

import dataclasses
from collections.abc import Sequence

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from casereport.analysis import tables
from casereport.analysis.design import Basis, Design, read_design, states
from casereport.analysis.estimability import estimability
from casereport.analysis.statistics.aliasing import aliases
from casereport.analysis.table_columns import columns_of
from casereport.case.case import Case
from casereport.case.description import Phase
from casereport.case.reading import read_case
from casereport.case.rows import Treatment
from casereport.quantities.intervals import parse

CASES = {name: read_case(name) for name in ("peng2020", "leng2020", "liang2020", "simulated-cp-msc")}
PLASMA, CELLS, DRUG = "convalescent_plasma", "mesenchymal_stem_cells", "ribavirin"


def tables_of(case: Case, infusion_day: str = "before") -> list[pd.DataFrame]:
    """The tables that say what was given, and when something was observed."""
    phases = tables.phases(case, infusion_day=infusion_day)
    return [
        tables.interventions(case, phases), phases, tables.observations(case, phases), tables.events(case, phases),
    ]  # fmt: skip


def design_of(case: Case, infusion_day: str = "before") -> Design:
    return read_design(*tables_of(case, infusion_day))


def estimable(case: Case, infusion_day: str = "before") -> pd.DataFrame:
    return estimability(*tables_of(case, infusion_day))


def matrix(design: Design, names: Sequence[str], basis: Basis) -> list[list[bool | None]]:
    """The state of each treatment, a row an observed time."""
    return [list(row) for row in zip(*(states(design, name, basis) for name in names), strict=True)]


def of_all(case: Case, basis: Basis) -> dict[str, list[str] | None]:
    """What the days of every treatment of the case are a combination of, without synergies; None if of nothing."""
    design = design_of(case)
    names = list(dict.fromkeys(course.intervention for course in design.courses))
    known = {name: states(design, name, basis) for name in names}
    usable = [name for name in names if None not in known[name]]
    columns = {name: [int(bool(state)) for state in known[name]] for name in usable}
    found = {}
    for name in usable:
        others = [other for other in usable if other != name]
        places = aliases(columns[name], [columns[other] for other in others])
        found[design.label(name)] = None if places is None else [design.label(others[i]) for i in places]
    return found


def made_up(days: Sequence[str], courses: Sequence[tuple[str, str, str]], opened_by: Sequence[str] = ()) -> Case:
    """leng2020 with nothing but these observed days, courses (what, first day, last day) and openers of phases."""
    plain = CASES["leng2020"]
    seen = [dataclasses.replace(row, when=parse(day)) for row, day in zip(plain.observations, days, strict=False)]
    given_ = [
        Treatment(line, first, last, name, "", "", "", "reported", "text", "", parse(first), parse(last))
        for line, (name, first, last) in enumerate(courses, start=2)
    ]
    phases = [Phase(id="first", label="First", opened_by=None)]
    phases += [Phase(id=f"p{i}", label=f"Phase {i}", opened_by=name) for i, name in enumerate(opened_by)]
    meta = plain.meta.model_copy(update={"phases": phases})
    return dataclasses.replace(plain, meta=meta, observations=tuple(seen), interventions=tuple(given_), events=())


def found(table: pd.DataFrame, basis: str) -> dict[str, tuple[bool, str]]:
    rows = table[table["basis"] == basis]
    return {r.effect: (r.estimable, r.aliased_with) for r in rows.itertuples()}


COLUMNS = list(columns_of("estimability"))
BOTH = "Convalescent plasma × mesenchymal stem cells"


# The seed case


def test_peng2020_was_observed_before_after_plasma_and_after_both() -> None:
    design = design_of(CASES["peng2020"])
    given_ = matrix(design, [PLASMA, CELLS], "ever given")
    assert given_ == [[False, False], [True, False], [True, False], [True, True]]
    assert [str(when) for when, _ in design.places] == ["<0", "1", "4", ">4"]


def test_peng2020_synergy_is_aliased_with_the_cells_given_second() -> None:
    table = estimable(CASES["peng2020"])
    assert found(table, "ever given") == {
        "Convalescent plasma": (True, "time"),
        "Mesenchymal stem cells": (False, f"{BOTH}; time"),
        BOTH: (False, "Mesenchymal stem cells"),
    }
    said = table.loc[(table["basis"] == "ever given") & (table["kind"] == "interaction"), "sentence"].item()
    assert "cannot be separated from the effect of mesenchymal stem cells, given second" in said
    assert "no observation time has mesenchymal stem cells alone" in said
    for cell in ("neither", "convalescent plasma alone", "mesenchymal stem cells alone", "both", "2 × 2"):
        assert cell in said
    cells = table.loc[
        (table["basis"] == "ever given") & (table["effect"] == "Mesenchymal stem cells"), "sentence"
    ].item()
    assert "synergy with convalescent plasma" in cells and "course of the illness" in cells


def test_what_is_only_inferred_is_no_observation() -> None:
    """That the count was low before the plasma is read from its return to normal: nothing was measured before."""
    peng = CASES["peng2020"]
    assert design_of(peng).analytes == [frozenset(), {"lymphocytes"}, {"lymphocytes"}, frozenset()]
    plasma = estimable(peng).set_index(["basis", "effect"]).loc[("ever given", "Convalescent plasma"), "sentence"]
    assert "3 observation times after its start and 1 before it, but no analyte was measured in both" in plasma
    unworsened = dataclasses.replace(peng, events=tuple(e for e in peng.events if e.when != parse("<0")))
    assert [str(when) for when, _ in design_of(unworsened).places] == ["1", "4", ">4"]
    # in leng2020 the blood was drawn on both sides
    assert not estimable(CASES["leng2020"])["sentence"].str.contains("no analyte").any()
    # all that was given before has neither a first nor a last day
    # of none is either day known: each is named once
    assert "(intravenous) started or ended; a change then cannot be excluded." in plasma
    assert "Not known exactly: when lopinavir/ritonavir, interferon alpha," in plasma and plasma.count("ribavirin") == 1


@pytest.mark.parametrize("name", CASES)
def test_no_sentence_says_again_what_its_effect_is_called(name: str) -> None:
    for row in estimable(CASES[name]).itertuples():
        assert not row.sentence.startswith((row.effect, "Synergy of"))


def test_peng2020_does_not_say_what_was_active_when() -> None:
    table = estimable(CASES["peng2020"])
    active = table[table["basis"] == "active"]
    assert len(active) == 3 and not active["estimable"].any()
    assert active["sentence"].str.contains("not certain").all()


def test_only_a_course_that_another_of_the_same_goes_on_from_is_a_change() -> None:
    courses = [("mesenchymal_stem_cells", "0", "0"), ("gentamicin", "0", "2"), ("gentamicin", "3", "4")]
    courses += [("furosemide", "-9", "-3"), ("furosemide", "-2", "9"), ("oxygen", "-9", "-5"), ("oxygen", "1", "9")]
    case = made_up(("-1", "5"), courses, ("mesenchymal_stem_cells",))
    (near,) = estimable(case).query("basis == 'ever given'")["near"]
    assert near == "gentamicin started and changed, furosemide changed, oxygen started"


# Other published cases


def test_leng2020_names_what_changed_with_the_infusion() -> None:
    table = estimable(CASES["leng2020"])
    said = table.loc[table["basis"] == "ever given", "sentence"].item()
    assert found(table, "ever given") == {"Mesenchymal stem cells": (True, "time")}
    assert "course of the illness over time" in said
    for change in ("oxygen 5 L/min stopped (day 0)", "oxygen 10 L/min started (day 0)", "potassium chloride started"):
        assert change in said
    assert (
        "Not known exactly: when lopinavir/ritonavir, potassium chloride and oxygen ended; a change then cannot be "
        "excluded." in said
    )
    near = table.loc[table["basis"] == "ever given", "near"].item()
    assert near == "ibuprofen and paracetamol stopped, oxygen started and changed, potassium chloride started"


def test_liang2020_lopinavir_and_steroid_were_given_on_the_same_days() -> None:
    active = of_all(CASES["liang2020"], "active")
    assert active["Lopinavir/ritonavir"] == ["Methylprednisolone"]
    assert active["Methylprednisolone"] == ["Lopinavir/ritonavir"]
    assert active["Interferon alpha"] is None  # begun a day earlier, on an observed day
    said = estimable(CASES["liang2020"])["sentence"][1]
    # "day 11 after onset", two days before the first infusion: glucocorticoid and antivirals withdrawn
    stopped = "interferon alpha, lopinavir/ritonavir and methylprednisolone stopped (day −2)"
    assert f"Within 3 days of the first dose: {stopped}." in said


@pytest.mark.parametrize("name", CASES)
def test_every_effect_has_a_row_in_plain_words(name: str) -> None:
    case = CASES[name]
    table = estimable(case)
    assert list(table.columns) == COLUMNS
    assert table["sentence"].str.endswith(".").all()
    assert not table["sentence"].str.contains("None|nan|_|  ").any()
    assert table["estimable"].dtype == bool
    labels = {case.vocabulary.interventions[p.opened_by].label for p in case.meta.phases if p.opened_by}
    pairs = len(labels) * (len(labels) - 1) // 2
    for basis, rows in table.groupby("basis"):
        main = rows[rows["kind"] == "main"]
        assert set(main["effect"]) == labels and len(rows) == len(labels) + pairs, basis


# Designs with a known answer


def test_a_two_by_two_design_estimates_both_effects_and_their_synergy() -> None:
    case = made_up(["0", "1", "2", "3"], [(PLASMA, "1", "2"), (CELLS, "2", "3")], [PLASMA, CELLS])
    table = estimable(case)
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
    assert found(estimable(case, "after"), "ever given") == {
        "Convalescent plasma": (False, f"Mesenchymal stem cells; {BOTH}; time"),
        "Mesenchymal stem cells": (False, f"Convalescent plasma; {BOTH}; time"),
        BOTH: (False, "Convalescent plasma; Mesenchymal stem cells"),
    }


def test_a_switch_from_one_to_the_other_shows_no_synergy_and_one_difference() -> None:
    case = made_up(["0", "1", "2", "3"], [(PLASMA, "0", "1"), (CELLS, "2", "3")], [PLASMA, CELLS])
    table = estimable(case)
    assert found(table, "active") == {
        "Convalescent plasma": (False, "Mesenchymal stem cells"),
        "Mesenchymal stem cells": (False, "Convalescent plasma; time"),
        BOTH: (False, ""),
    }
    assert "no observation time has both" in table["sentence"][2]


def test_three_treatments_one_upon_the_other() -> None:
    courses = [(PLASMA, "1", ""), (CELLS, "3", ""), (DRUG, "5", "")]
    case = made_up(["0", "2", "4", "6"], courses, [PLASMA, CELLS, DRUG])
    answer = found(estimable(case), "ever given")
    assert [effect for effect, (estimable, _) in answer.items() if estimable] == ["Convalescent plasma"]
    assert answer["Ribavirin"][1] == "Convalescent plasma × ribavirin; Mesenchymal stem cells × ribavirin; time"


def test_never_and_always_have_nothing_to_compare_with() -> None:
    case = made_up(["0", "1"], [(PLASMA, "5", "6"), (DRUG, "-3", "9")], [DRUG, PLASMA])
    rows = estimable(case).set_index(["basis", "effect"])
    for basis in ("active", "ever given"):
        assert not rows.loc[(basis, "Convalescent plasma"), "estimable"]
        assert "its effect cannot be seen" in rows.loc[(basis, "Convalescent plasma"), "sentence"]
        assert not rows.loc[(basis, "Ribavirin"), "estimable"]
        assert "none" in rows.loc[(basis, "Ribavirin"), "sentence"]


def test_a_treatment_that_is_the_sum_of_two_others() -> None:
    other = "oxygen"
    case = made_up(["0", "1", "2"], [(PLASMA, "0", "0"), (CELLS, "1", "1"), (other, "0", "1")])
    active = of_all(case, "active")
    assert active["Oxygen"] == ["Convalescent plasma", "Mesenchymal stem cells"]
    assert active["Convalescent plasma"] == ["Mesenchymal stem cells", "Oxygen"]


def test_a_case_of_one_phase_has_no_effect_to_estimate() -> None:
    case = made_up(["0", "1"], [(DRUG, "0", "1")])
    assert estimable(case).empty
    assert list(estimable(case).columns) == COLUMNS


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
    assert matrix(design_of(case), [DRUG], "active") == [[active]]
    assert matrix(design_of(case), [DRUG], "ever given") == [[given_before]]
    assert matrix(design_of(case, "after"), [DRUG], "ever given") == [[given_after]]


def test_a_stated_phase_places_what_has_no_day() -> None:
    peng = CASES["peng2020"]
    undated = tuple(dataclasses.replace(event, when=None) for event in peng.events)
    design = design_of(dataclasses.replace(peng, events=undated))
    given_ = matrix(design, [PLASMA, CELLS], "ever given")
    undated_msc = [(when, row) for (when, phase), row in zip(design.places, given_, strict=True) if phase == "msc"]
    assert undated_msc == [(None, [True, True])]


def test_days_that_are_not_certain_are_left_out_and_not_guessed() -> None:
    case = made_up(["-2", "-1..1", "2"], [(PLASMA, "0", "")], [PLASMA])
    said = estimable(case)["sentence"][1]
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
