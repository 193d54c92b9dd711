"""Which analytes the first picture shows follows from a rule, or from what the case names."""

from typing import Any

import pandas as pd
import pytest

import casereport as cr
from casereport.analysis.table_columns import TABLES
from casereport.case.reading import read_case
from casereport.errors import BadInput


def frame(table: str, *rows: dict[str, Any]) -> pd.DataFrame:
    empty: dict[str, Any] = {"text": "", "number": float("nan"), "whole": 0, "yes/no": True}
    columns = TABLES[table]
    filled = [{name: row.get(name, empty[what.kind]) for name, what in columns.items()} for row in rows]
    return pd.DataFrame(filled, columns=list(columns))


def values(analyte: str, group: str = "Liver", n: int = 3, position: str = "above") -> list[dict[str, Any]]:
    return [{"analyte": analyte, "group": group, "day": float(day), "position": position} for day in range(n)]


def moved(analyte: str, ratio: float, verdict: str = "towards range") -> dict[str, Any]:
    return {"analyte": analyte, "verdict": verdict, "ratio_low": ratio, "ratio_high": ratio}


def chosen(*rows: list[dict[str, Any]], changes: tuple = (), claims: dict[str, str] | None = None, named: tuple = ()):
    """The choice; `claims` are the sorts of the claims, by the analyte that each is about."""
    about = claims or {}
    told = frame("claims", *({"claim": name, "analyte": name} for name in about))
    audit = frame("audit", *({"claim": name, "sort": sort} for name, sort in about.items()))
    observed = frame("observations", *(row for mine in rows for row in mine))
    return cr.overview_analytes(observed, frame("changes", *changes), told, audit, named)


def test_the_larger_change_stands_first_whichever_its_direction():
    rows = [values(name, name) for name in ("a", "b", "c")]
    assert chosen(*rows, changes=(moved("a", 0.8), moved("b", 3.0), moved("c", 0.25))) == ["c", "b", "a"]


def test_of_several_phases_the_larger_change_counts_and_of_bounds_the_lesser():
    rows = [values(name, name) for name in ("a", "b")]
    open_end = moved("b", 0.1) | {"ratio_high": 0.9}
    assert chosen(*rows, changes=(moved("a", 0.9), moved("a", 0.5), open_end)) == ["a", "b"]


def test_what_a_clinical_claim_is_about_stands_before_what_only_changed():
    rows = [values(name, name) for name in ("a", "b", "c", "d")]
    changes = (moved("a", 0.1), moved("b", 0.9), moved("c", 0.2))
    claims = {"b": "clinical", "d": "clinical", "c": "transcription"}
    assert chosen(*rows, changes=changes, claims=claims) == ["b", "d", "a", "c"]


def test_what_noise_explains_is_no_change():
    rows = [values(name, name) for name in ("a", "b")]
    changes = (moved("a", 0.5, "no material change"), moved("b", 0.9))
    assert chosen(*rows, changes=changes) == ["b", "a"]


def test_an_outcome_of_the_cases_own_stands_first_and_what_never_left_its_range_last():
    rows = [values("normal", "Kidney", position="in"), values("crp", "Inflammation"), values("pain", "Outcomes")]
    assert chosen(*rows, changes=(moved("crp", 0.1),), claims={"normal": "clinical"}) == ["pain", "crp", "normal"]


def test_one_of_an_organ_system_is_taken_before_a_second_and_four_at_the_most():
    rows = [values("alt"), values("ast"), values("crp", "Inflammation"), values("urea", "Kidney"), values("ggt")]
    changes = (moved("alt", 0.1), moved("ast", 0.2), moved("ggt", 0.3), moved("crp", 0.7), moved("urea", 0.8))
    assert chosen(*rows, changes=changes) == ["alt", "crp", "urea", "ast"]


def test_two_values_make_no_course():
    assert chosen(values("alt", n=2), values("crp", "Inflammation", n=3)) == ["crp"]
    assert chosen(values("alt", n=2)) == []


def test_what_the_case_names_is_taken_as_it_stands_if_it_has_a_value():
    rows = [values("alt", n=1), values("crp", "Inflammation")]
    assert chosen(*rows, changes=(moved("crp", 0.1),), named=("alt", "crp", "urea")) == ["alt", "crp"]


def test_a_case_names_its_analytes_and_what_it_cannot_name_is_told_with_its_line(leng):
    path = leng / "case.yaml"
    text = path.read_text(encoding="utf-8")
    line = text.count("\n") + 1
    path.write_text(f"{text}overview: [lymphocytes, spo2_air]\n", encoding="utf-8")
    assert [one.analyte for one in read_case(leng).meta.overview] == ["lymphocytes", "spo2_air"]
    path.write_text(f"{text}overview:\n  - lymphocyte\n  - ferritin\n  - crp\n  - 7\n", encoding="utf-8")
    with pytest.raises(BadInput) as bad:
        read_case(leng)
    assert [(p.line, p.value) for p in bad.value.problems] == [(line + 4, "7")]
    path.write_text(f"{text}overview:\n  - lymphocyte\n  - ferritin\n  - crp\n", encoding="utf-8")
    with pytest.raises(BadInput) as bad:
        read_case(leng)
    told = [(p.line, p.value, p.expected) for p in bad.value.problems]
    assert [(p[0], p[1]) for p in told] == [(line + 1, "lymphocyte"), (line + 2, "ferritin")]
    assert "did you mean 'lymphocytes'?" in told[0][2] and "an analyte of observations.csv" in told[1][2]
    path.write_text(f"{text}overview: [crp, crp]\n", encoding="utf-8")
    with pytest.raises(BadInput, match="each analyte once"):
        read_case(leng)


def test_a_workbook_names_its_analytes_by_semicolons():
    from casereport.case.workbook import _typed

    assert _typed("overview", "crp; lymphocytes") == ["crp", "lymphocytes"]
