"""The simulated case is held against its truth: what was put in and found, what was missed, what is false."""

from pathlib import Path

import pandas as pd
import pytest

from casereport.analysis.sensitivity import repetitions, robustness
from casereport.analysis.tables import changes, observations, phases
from casereport.analysis.truth import against_truth, factor_text, in_one_sentence
from casereport.audit.claims import audit_claims
from casereport.case.case import Case
from casereport.case.reading import read_case
from casereport.errors import BadInput
from casereport.files.paths import DATA
from casereport.reference.simulated_case import TRUTH

SIMULATED = "simulated-cp-msc"


def tables_of(case: Case) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    known = phases(case)
    seen = observations(case, known)
    labels = dict(zip(known["phase"], known["label"], strict=True))
    return changes(seen, known), robustness(repetitions(seen, known), labels), audit_claims(case)


@pytest.fixture(scope="module")
def found() -> pd.DataFrame:
    case = read_case(SIMULATED)
    return against_truth(case, *tables_of(case)).set_index(["phase", "analyte"])


def test_an_effect_counts_as_found_missed_or_false_by_what_was_put_in(found):
    assert found.loc[("cp", "lymphocytes"), "answer"] == "found"  # doubled by the plasma, and below its range before
    assert found.loc[("msc", "crp"), "answer"] == "found"
    assert found.loc[("cp", "crp"), "answer"] == "missed"  # × 0.74 while the illness still drives it up
    assert found.loc[("msc", "ferritin"), "answer"] == "false"  # the illness turns by itself on day 3
    assert found.loc[("msc", "creatinine"), "answer"] == "rightly none"


def test_every_effect_of_the_truth_has_its_row(found):
    for course in TRUTH.courses:
        for phase, put_in in (("cp", course.plasma), ("msc", course.cells)):
            row = found.loc[(phase, course.analyte)]
            through_parts = bool(course.parts) and phase == "cp"  # white cells hold the lymphocytes
            assert bool(row["put_in"] != 1) is (put_in != 0 or through_parts), course.analyte
            assert row["answer"] in (("rightly none", "false") if row["put_in"] == 1 else ("found", "missed"))
    assert len(found) == 2 * len(TRUTH.courses) + 2


def test_claims_of_a_cause_that_the_audit_cannot_test_are_left_open(found):
    claims = found.loc[("", "")]
    assert list(claims["answer"]) == ["left open", "left open"]
    assert "CRP" in claims["label"].iloc[0] and claims["label"].iloc[1] == "No analyte"  # no interaction


def test_a_change_against_the_effect_is_no_find():
    case = read_case(SIMULATED)
    compared, firm, audit = tables_of(case)
    turned = compared.assign(direction="rose", heading="worse")
    answers = against_truth(case, turned, firm, audit).set_index(["phase", "analyte"])["answer"]
    assert answers["msc", "crp"] == "missed" and answers["msc", "pao2_fio2"] == "found"
    none = against_truth(case, compared.head(0), firm, audit)
    assert set(none["answer"]) == {"missed", "rightly none", "left open"}


def test_the_sentence_counts_the_table(found):
    n = found["answer"].value_counts()
    said = in_one_sentence(found)
    assert f"Of {n['found'] + n['missed']} simulated effects, the report finds {n['found']}" in said
    assert f"{n['false']} of {n['false'] + n['rightly none']} comparisons still show a change" in said
    assert in_one_sentence(found.head(0)) == ""
    assert (factor_text(1.0), factor_text(0.223)) == ("none", "× 0.223")


def test_of_a_patient_nobody_knows_the_truth(leng: Path):
    case = read_case("leng2020")
    assert against_truth(case, *tables_of(case)).empty
    (leng / "truth.csv").write_text((DATA / "cases" / SIMULATED / "truth.csv").read_text())
    with pytest.raises(BadInput) as bad:
        read_case(leng)
    assert "the truth is known of a simulated case alone" in str(bad.value)


@pytest.mark.parametrize(
    ("row", "column"),
    [
        ("mesenchymal_stem_cells,crpp,0.2,simulated,program,", "analyte"),
        ("stem_cell,crp,0.2,simulated,program,", "treatment"),
        (",crp,0,simulated,program,", "factor"),
        (",crp,0.2,measured,program,", "evidence"),
    ],
)
def test_a_wrong_row_of_the_truth_is_named(leng: Path, row: str, column: str):
    (leng / "truth.csv").write_text(f"treatment,analyte,factor,evidence,source,note\n{row}\n")
    with pytest.raises(BadInput) as bad:
        read_case(leng)
    assert [(p.line, p.column) for p in bad.value.problems] == [(2, column)]
