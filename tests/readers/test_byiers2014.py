"""The case of a withdrawal design: its numbers as published, and what others have computed from them."""

import pytest

import casereport as cr
from casereport.case.reading import read_case

CASE = read_case("byiers2014")


def tables(infusion_day: str = "before"):
    phases = cr.phases(CASE, infusion_day=infusion_day)
    return phases, cr.observations(CASE, phases)


def test_the_sessions_are_those_of_the_data_set():
    """Data set Byiers2014 of the R package SingleCaseES, rows 1 to 18."""
    known: dict[str, list[float]] = {}
    for row in CASE.observations:
        known.setdefault(row.phase, []).append(float(row.value))
    assert known == {
        "a1": [44.4, 0.02, 38.5, 11.5],
        "b1": [44.4, 20.6, 54.5, 58.4, 66.6],
        "a2": [46.8, 46.8, 20.7, 18.9],
        "b2": [47, 58.6, 54.8, 58.8, 67.1],
    }
    assert [row.day for row in CASE.observations] == [str(day) for day in range(1, 19)]


@pytest.mark.parametrize("infusion_day", ["before", "after"])
def test_the_phase_of_a_session_is_the_one_that_the_source_states(infusion_day):
    _, observations = tables(infusion_day)
    assert observations["phase"].tolist() == ["a1"] * 4 + ["b1"] * 5 + ["a2"] * 4 + ["b2"] * 5


@pytest.mark.parametrize(
    ("index", "printed"),
    [("NAP", (0.94, 0.06, 0.82, 1.06)), ("SMD", (0.99, 0.37, 0.27, 1.71)), ("LRR", (0.58, 0.27, 0.05, 1.10))],
)
def test_the_effect_over_both_pairs_is_the_printed_one(index, printed):
    """Ferron et al. 2023, A Methods Guide (Institute of Education Sciences), chapter 10, table case-es-est."""
    phases, observations = tables()
    row = cr.ab_pairs(observations, phases).set_index("index").loc[index]
    assert tuple(row[["value", "se", "ci_low", "ci_high"]]) == pytest.approx(printed, abs=0.00501)
    assert (row["agreeing"], row["pairs"]) == (2, 2)


def test_the_case_is_told_in_sessions_and_has_no_reference_range():
    phases, observations = tables()
    assert cr.time_axis(phases) == "session"
    assert set(observations["ref_origin"]) == {""}
    assert set(zip(observations["scale_low"], observations["scale_high"], strict=True)) == {(0.0, 100.0)}
