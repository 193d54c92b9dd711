"""The results of a partition at once are those of the notebooks' functions for each patient alone, to the last bit."""

import math

import numpy as np
import pandas as pd
import pytest

import casereport as cr
import consistent_course
from assembly import execute
from casereport.analysis.effect_tables import INDICES
from casereport.audit.claims import audit_claims
from casereport.audit.consistency import check_consistency
from casereport.cohort import consistency_screen as screen
from casereport.cohort import results_of_cases, simulated
from casereport.cohort.dataset import TABLES, Tables
from casereport.cohort.effects import effect_table
from casereport.cohort.patient_series import series_of
from casereport.cohort.patients import checked
from casereport.cohort.results_of_cases import of_cases, of_folders, of_part, of_report, together
from casereport.files.paths import DATA, NOTEBOOKS
from cohorts import one_by_one, part_of, rows, treated


def assert_same(mine: Tables, theirs: Tables) -> None:
    for name in TABLES:
        pd.testing.assert_frame_equal(mine[name], theirs[name], check_exact=True, obj=name)
        for column in mine[name].select_dtypes("float"):  # nought has a sign, which equality does not see
            signs = [np.signbit(table[name][column].fillna(0.0)) for table in (mine, theirs)]
            assert signs[0].equals(signs[1]), (name, column)


@pytest.fixture(scope="module")
def both(tmp_path_factory):
    part = part_of(8, seed=3)
    return of_part(part, {}), one_by_one(part, tmp_path_factory.mktemp("data"))


def test_every_table_of_a_partition_equals_the_notebooks_tables_of_its_patients(both):
    assert_same(*both)


def test_the_comparison_covers_every_index_with_values_and_with_bounds(both):
    effects = both[1]["effects"]
    assert set(effects["index"]) == set(INDICES)
    exact, bounds = effects["value"].notna(), effects["value"].isna() & (effects["low"] < effects["high"])
    # Tau-BC needs more values before than these patients have, and has a test of its own
    assert set(effects.loc[exact, "index"]) == set(INDICES) - {"Tau-BC"}
    assert set(effects.loc[bounds, "index"]) >= {"NAP", "Tau", "PND", "PAND", "IRD"}
    assert {"increase", "decrease", "within range"} <= set(effects["improvement"])
    assert (
        effects["note"].str.startswith("not shown").any() and (effects["p"].isna() & effects["p_least"].notna()).any()
    )
    assert both[1]["consistency"]["check"].nunique() > 1
    assert set(both[1]["changes"]["direction"]) >= {"rose", "fell", "not certain"}


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(5))
def test_many_more_tangled_tables_give_the_same(seed, tmp_path):
    part = part_of(25, seed=100 + seed)
    assert_same(of_part(part, {}), one_by_one(part, tmp_path))


def test_a_simulated_cohort_gives_the_same(tmp_path):
    measured, given = next(simulated.tables(2))
    part = checked(measured.assign(line=1), given.assign(line=1), "part")
    mine = of_part(part, {})
    assert_same(mine, one_by_one(part, tmp_path))
    assert (mine["effects"]["p_holm"] > mine["effects"]["p"]).any()


@pytest.mark.slow
def test_the_tongji_patients_give_the_same_remarks(shared, tmp_path):
    from casereport.cohort import cohort_tables as sources
    from casereport.cohort.case_folders import as_case

    table = sources.open_source(str(shared / "natural-history" / "tongji_375_time_series.xlsx"), tmp_path)
    part = checked(*sources.read_part(table), "tongji")
    cases = {patient: as_case(list(mine.itertuples())) for patient, mine in part.rows.groupby("patient")}
    with_remarks = {patient for patient, case in cases.items() if len(check_consistency(case))}
    assert with_remarks <= screen.suspects(part.rows)
    assert with_remarks


def planted(every: int) -> pd.DataFrame:
    """The consistent course for many patients: the first as it is, each other with one slip or with a copied day."""
    slips = [
        ("red_cells", 3, "2.38"), ("anion_gap", 0, "31"), ("bicarbonate_blood", 6, "2.57"), ("aa_gradient", 2, "530"),
        ("egfr", 3, "96"), ("calcium_corrected", 5, "2.49"), ("mean_pressure", 4, "28"), ("cd4_cells", 5, "226"),
        ("bmi", 6, "2.55"), ("systolic_pressure", 5, "69"), ("inr", 2, "1.02"), ("gcs", 4, "14.5"),
        ("murray", 3, "2.4"), ("weight", 0, "8.24"), ("ldh", 4, "421.5"), ("crp", 3, "15.14"), ("platelets", 5, "716"),
        ("ldl", 2, "1.85"), ("lymphocyte_share", 5, "1.21"), ("hdl", 7, "9.70"), ("total", 0, ""),
        ("albumin", 7, "3.23"),
    ]  # fmt: skip
    cells = []
    for patient, slip in enumerate([None, *slips[::every]]):
        table = consistent_course.course()
        if slip and slip[0] == "total":
            for _, values in table.values():
                values[1] = values[0]
        elif slip:
            table[slip[0]][1][slip[1]] = slip[2]
        for row in consistent_course.observations(table):
            cells.append((f"p{patient:02}", float(row[0]), row[1], row[2], row[3]))
    return rows(*cells).assign(sex="male", age_years="50")


@pytest.mark.parametrize("every", [5, pytest.param(1, marks=pytest.mark.slow)])
def test_errors_planted_in_a_cohort_table_are_found_as_in_one_case(every, tmp_path):
    part = checked(planted(every), treated(), "x")
    found = of_part(part, {})["consistency"]
    expected = one_by_one(part, tmp_path)["consistency"]
    pd.testing.assert_frame_equal(found, expected)
    assert set(found["patient"]) == set(part.rows["patient"]) - {"p00"}


def test_numbers_that_floats_do_not_hold_exactly_give_the_same(tmp_path):
    # more decimals than an integer takes, and numbers so large that their trend passes 64 bits
    odd = [("a", d, "crp", f"{19 + d * 1.23456789012:.11f}", "mg/L") for d in range(-12, 4)]
    large = [("b", d, "crp", f"{10**9 + 7 * d * d}.5", "mg/L") for d in range(-12, 4)]
    part = checked(rows(*odd, *large), treated(("a", "oxygen", 0), ("b", "oxygen", 0)), "x")
    mine = of_part(part, {})
    assert_same(mine, one_by_one(part, tmp_path))
    assert mine["effects"].query("index == 'Tau-BC'")["value"].notna().all()


@pytest.mark.parametrize("limits", [(), (-3,), (2,), (-11, -7, -4, -1, 1, 3)])
def test_tau_bc_of_a_long_baseline_is_that_of_one_case(limits, tmp_path):
    values = {d: 40 + (7 * d) % 11 - 2 * (d > 0) for d in range(-12, 4)}
    cells = [("a", d, "crp", f"<{v}" if d in limits else str(v), "mg/L") for d, v in values.items()]
    part = checked(rows(*cells), treated(("a", "oxygen", 0)), "x")
    mine = of_part(part, {})
    assert_same(mine, one_by_one(part, tmp_path))
    found = mine["effects"].set_index("index")
    exact = found["value"].notna()
    assert (
        exact["Tau-BC"] and exact["Tau-U"] if not limits else len(limits) == 1 or not exact[["Tau-BC", "Tau-U"]].any()
    )


def test_the_oxygenation_ratio_is_derived_as_for_one_case(tmp_path):
    cells = [("a", d, "pao2", f"{60 + 3 * d}", "mm[Hg]") for d in range(-3, 4)]
    shares = dict(zip(range(-3, 4), ("80", "60..70", "60", ">=50", "45", "40", "30"), strict=True))
    cells += [("a", d, "fio2", text, "%") for d, text in shares.items()]
    cells += [("b", 1, "pao2", "70", "mm[Hg]"), ("b", 1, "fio2", "50", "%"), ("b", 1, "pao2_fio2", "141", "mm[Hg]")]
    part = checked(rows(*cells), treated(("a", "oxygen", 0)), "x")
    mine = of_part(part, {})
    assert_same(mine, one_by_one(part, tmp_path))
    ratios = mine["observations"].query("analyte == 'pao2_fio2'")
    assert len(ratios) == 8
    assert set(ratios.loc[ratios["day"] == 3, "low"]) == {230.0}  # 69 mm[Hg] at 30 %


def test_nap_of_a_simulated_cohort_is_the_probability_that_it_was_made_with():
    measured, given = next(simulated.tables(400))
    part = checked(measured.assign(line=1), given.assign(line=1), "part")
    effects = effect_table(series_of(part))
    nap = effects[effects["index"] == "NAP"]
    for course in simulated.TRUTH:
        for phase, treatment in (("convalescent_plasma", "plasma"), ("mesenchymal_stem_cells", "cells")):
            if course.limit and treatment == "cells":
                continue  # many values are then below the limit of detection
            mine = nap[(nap["phase"] == phase) & (nap["analyte"] == course.analyte)]
            rise = simulated.true_nap(course, treatment)
            expected = 1 - rise if mine["improvement"].iloc[0] == "decrease" else rise
            standard_error = mine["value"].std() / math.sqrt(mine["value"].count())
            assert abs(mine["value"].mean() - expected) < 4 * standard_error + 0.005, course.analyte


def test_a_larger_simulated_cohort_begins_with_the_smaller_one():
    few, many = next(simulated.tables(3))[0], next(simulated.tables(7))[0]
    pd.testing.assert_frame_equal(few, many[many["patient"].isin(few["patient"].unique())].reset_index(drop=True))


def test_the_tables_read_from_a_report_are_those_of_the_functions(tmp_path):
    # leng2020 has all that a cohort table has not: words, bounds, stated phases, claims
    given = {"case": "leng2020", "output_dir": str(tmp_path)}
    for notebook in ("01-ingest.ipynb", "03-evidence.ipynb"):
        execute(NOTEBOOKS / notebook, **given)
    mine = together([of_report("leng2020", tmp_path)])
    theirs = together([of_cases({"leng2020": cr.read_case("leng2020")})])
    assert_same(mine | {"patients": mine["patients"].assign(case="leng2020")}, theirs)
    assert all(len(theirs[name]) for name in TABLES)
    (leng,) = theirs["patients"].to_dict("records")
    assert (leng["sex"], leng["outcome"]) == ("male", "Left intensive care")  # as its case.yaml and its events have it


def test_the_sex_and_the_end_of_each_patient_of_a_table_are_told_where_they_are_known():
    table = rows(("a", 1, "crp", "5", "mg/L"), ("b", 1, "crp", "7", "mg/L")).assign(sex=["female", ""])
    patients = of_part(checked(table, None, "table"), {"a": "Died in hospital"})["patients"]
    assert patients[["sex", "outcome"]].to_numpy().tolist() == [["female", "Died in hospital"], ["", ""]]


@pytest.mark.parametrize("together_from", [1, 10**6])
def test_a_case_that_cannot_be_computed_stops_none_of_those_beside_it(monkeypatch, together_from):
    monkeypatch.setattr(results_of_cases, "_TOGETHER", together_from)

    def fails(case):
        if case.meta.id == "leng2020":
            raise ZeroDivisionError("of no use")
        return audit_claims(case)

    monkeypatch.setattr(results_of_cases, "audit_claims", fails)
    cases = {"a": "peng2020", "b": "leng2020", "c": "simulated-cp-msc", "d": "no such case"}
    found, failures = of_folders((patient, DATA / "cases" / name) for patient, name in cases.items())
    assert [one["patient"] for some in found for one in some.about] == ["a", "c"]
    reasons = dict(failures)
    assert set(reasons) == {"b", "d"} and reasons["b"] == "ZeroDivisionError: of no use"
    alone = together([of_cases({"c": cr.read_case("simulated-cp-msc")})])
    assert_same({n: t[t["patient"] == "c"].reset_index(drop=True) for n, t in together(found).items()}, alone)
