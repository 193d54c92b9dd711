"""Small tidy tables written by hand, on which the right drawing is known, and those of a whole case."""

from functools import cache
from typing import Any

import pandas as pd

from casereport.analysis import tables
from casereport.analysis.changes import changes
from casereport.analysis.effect_tables import effect_table
from casereport.analysis.other_cases import cases_beside, courses_beside
from casereport.analysis.sensitivity import repetitions, robustness
from casereport.analysis.table_columns import TABLES
from casereport.analysis.tidy import change_table, measured, phase_windows, spread
from casereport.audit.claims import audit_claims
from casereport.case.reading import read_case
from casereport.quantities.intervals import parse

CASES = ("peng2020", "liang2020", "leng2020", "simulated-cp-msc")


def _filled(table: str, rows: list[dict[str, Any]]) -> pd.DataFrame:
    """Rows with the columns of a table; what they do not say is empty."""
    empty: dict[str, Any] = {"text": "", "number": float("nan"), "whole": 0, "yes/no": True}
    columns = TABLES[table]
    found = [{c: row.get(c, empty[columns[c].kind]) for c in columns} for row in rows]
    return pd.DataFrame(found, columns=list(columns))


def seen(day: str, value: str = "", ref: str = "", code: str = "", analyte: str = "crp", **more: Any) -> dict[str, Any]:
    """A row of `observations`: day, value and reference range in the grammar of intervals, an HL7 code for words."""
    row = {"analyte": analyte, "label": analyte.upper(), "short": analyte.upper(), "group": "Inflammation"}
    row |= {"printed": f"{value} mg/L", "unit": "mg/L", "numeric": not code, "interpretation": code}
    row |= spread(parse(day), "day_", "day") | spread(parse(value, 0), number="value") | spread(parse(ref), "ref_")
    known = parse(day)
    row["phase"] = "" if known is None else "after" if known.low > 0 else "before"
    row["enters"] = "bounds" if value else ""
    return row | {"evidence": "measured", "source": "Table 1", "improvement": "decrease"} | more


def observations(*rows: dict[str, Any]) -> pd.DataFrame:
    return _filled("observations", [{"row": i} | row for i, row in enumerate(rows, start=1)])


def phases(opens: str = "0", labels: tuple[str, str] = ("Before", "After"), lag: int = 0) -> pd.DataFrame:
    """Two phases; the cells on day `opens` open the second."""
    first = {"phase": "before", "label": labels[0]}
    second = {"phase": "after", "label": labels[1], "opened_by": "cells", "opener": "Cells"}
    second |= spread(parse(opens), "opens_", "opens")
    return _filled(
        "phases", [row | {"lag_days": lag, "infusion_day": "before", "window_days": 3} for row in (first, second)]
    )


def given(start: str, end: str = "", name: str = "cells", evidence: str = "reported", **more: Any) -> dict[str, Any]:
    row = {"intervention": name, "label": name.capitalize(), "evidence": evidence, "source": "text"}
    row["class"] = "Cell therapy" if name == "cells" else ""
    return row | spread(parse(start), "start_", "start") | spread(parse(end), "end_", "end") | more


def interventions(*rows: dict[str, Any]) -> pd.DataFrame:
    return _filled("interventions", [{"line": i} | row for i, row in enumerate(rows, start=2)])


def happened(day: str, code: str = "", kind: str = "symptom", finding: str = "Cough") -> dict[str, Any]:
    row = {
        "kind": kind,
        "finding": finding,
        "told": finding,
        "interpretation": code,
        "evidence": "reported",
        "source": "text",
    }
    return row | spread(parse(day), "day_", "day")


def events(*rows: dict[str, Any]) -> pd.DataFrame:
    return _filled("events", [{"number": i} | row for i, row in enumerate(rows, start=1)])


def changed(before: str, after: str, heading: str, analyte: str = "crp") -> dict[str, Any]:
    """A row of `changes` between two numbers."""
    row = {"phase": "after", "phase_before": "before", "analyte": analyte, "short": analyte.upper(), "unit": "mg/L"}
    row |= spread(parse(before, 0), "before_", "before") | spread(parse(after, 0), "after_", "after")
    ratio = float(after) / float(before)
    gap = float(after) - float(before)
    row |= {"ratio_low": ratio, "ratio_high": ratio, "difference_low": gap, "difference_high": gap}
    return row | {"heading": heading, "verdict": heading, "evidence": "measured"}


def estimated(value: float | None, low: float, high: float, ci: tuple[float, float] | None = None, n: int = 3, **more):
    """A row of `effects`: NAP with its interval, or its bounds."""
    row = {"phase": "after", "phase_before": "before", "analyte": "crp", "short": "CRP", "index": "NAP"}
    row |= {"improvement": "decrease", "low": low, "high": high, "n_before": n, "n_after": n}
    row |= {} if value is None else {"value": value}
    return row | ({"ci_low": ci[0], "ci_high": ci[1]} if ci else {}) | more


def table(name: str, *rows: dict[str, Any]) -> pd.DataFrame:
    return _filled(name, list(rows))


@cache
def of_case(name: str) -> dict[str, Any]:
    """All tables that the figures of a bundled case are drawn from."""
    case = read_case(name)
    known = tables.phases(case)
    frames = analysed(tables.observations(case, known), known)
    more = {"interventions": tables.interventions(case, known), "events": tables.events(case, known)}
    more |= {"claims": tables.claims(case), "audit": audit_claims(case)}
    more["series"] = courses_beside(cases_beside(case))
    return frames | more | {"last_day": case.meta.last_day, "case": name}


def analysed(observed: pd.DataFrame, phase_rows: pd.DataFrame) -> dict[str, Any]:
    """The tables that follow from observations and phases."""
    ids = list(phase_rows["phase"])
    repeated = repetitions(observed, phase_rows)
    return {
        "observations": observed,
        "phases": phase_rows,
        "changes": change_table(changes(measured(observed), phase_windows(phase_rows))),
        "effects": effect_table(observed, ids),
        "repetitions": repeated,
        "sensitivity": robustness(repeated, dict(zip(ids, phase_rows["label"], strict=True))),
    }


def episode(
    analytes: int = 3,
    label: str = "Analyte",
    days: tuple[float, ...] = (-3, -2, -1, 1, 2, 3),
    opens: str = "0",
    phase_labels: tuple[str, str] = ("Conventional therapy", "Mesenchymal stem cells"),
) -> dict[str, Any]:
    """All tables of a made-up course: each analyte with a value and three events on each day, and a treatment each."""
    names = {f"a{i}": f"{label} {i}" for i in range(analytes)}
    values = [
        seen(f"{day:g}", f"{(i + 1) * (10 + (day * 7 + i * 3) % 5):g}", ref="10..50", analyte=a, label=x, short=x)
        for i, (a, x) in enumerate(names.items())
        for day in days
    ]
    courses = [given(f"{days[0]:g}", f"{days[-1]:g}", name=a, label=x) for a, x in names.items()]
    told = [happened(f"{d:g}", "W" if d < 0 else "B", kind) for d in days for kind in ("symptom", "test", "imaging")]
    observed = observations(*values)
    first = observed[observed["analyte"] == "a0"].assign(case="made-up", simulated=False, last_day=None, analyte="crp")
    return analysed(observed, phases(opens, phase_labels)) | {
        "interventions": interventions(given(opens), *courses),
        "events": events(*told),
        "claims": _filled("claims", []),
        "audit": _filled("audit", []),
        "series": first,
        "last_day": None,
        "case": "made-up",
    }
