"""The rows of the tables on effect sizes and regression, worded for readers."""

import math
from collections.abc import Callable, Hashable, Mapping
from typing import Any

import pandas as pd

from casereport.analysis.chance import most_alarms
from casereport.analysis.comparable import FEWEST
from casereport.analysis.effect_tables import MOST_FALSE_ALARMS, UNORDERED, informative
from casereport.analysis.judgement.improvement import WITHIN
from casereport.analysis.tidy import spoken_names
from casereport.analysis.truth import factor_text
from casereport.quantities.units import shown
from casereport.quantities.wording import MINUS, arrow, capital, figure_text, listed, share_text, spoken

Cells = dict[str, object]
Row = Mapping[Hashable, Any]
_SHOWN_INDICES = ("NAP", "Tau", "Tau-U", "Tau-BC", "SMD", "LRR")


def effect_rows(table: pd.DataFrame, labels: dict[str, str]) -> list[Cells]:
    """The table `effects`, one row a phase and analyte, with the indices that are shown side by side.

    `labels` are the names of the phases by id.
    """
    rows: list[Cells] = []
    for (phase, _), group in informative(table).groupby(["phase", "analyte"], sort=False):
        by_index = {row["index"]: row for row in group.to_dict("records")}
        nap = by_index["NAP"]
        rows.append(
            {
                "phase": labels[str(phase)],
                "label": f"{nap['label']} {arrow(nap['improvement'])}",
                "n": f"{nap['n_before']},\u00a0{nap['n_after']}",
                "interval": ""
                if math.isnan(nap["ci_low"])
                else f"{share_text(nap['ci_low'])} to {share_text(nap['ci_high'])}",
                "values": [_bounds(by_index[i], share_text if i == "NAP" else _number) for i in _SHOWN_INDICES],
                "alarms": [_alarms(by_index[i]) for i in _SHOWN_INDICES],
                "p": _p(nap["p"]) or ("" if math.isnan(nap["p_least"]) else f"none: at least {_p(nap['p_least'])}"),
                "p_holm": _p(nap["p_holm"]),
                "note": "; ".join(dict.fromkeys(n for i in _SHOWN_INDICES for n in _notes(i, by_index[i]["note"]))),
            }
        )
    return rows


def without_index(table: pd.DataFrame, labels: dict[str, str]) -> list[str]:
    """A sentence for each phase and reason why an analyte with three numbers or more has no NAP."""
    nap = table[(table["index"] == "NAP") & table["low"].isna() & (table["n_before"] + table["n_after"] >= FEWEST)]
    reasons = {
        "stayed within their range or on its harmless side in both phases": nap["improvement"] == WITHIN,
        f"have so few values that chance alone gives the same result in more than {100 * MOST_FALSE_ALARMS:.0f} %": (
            nap["improvement"] != WITHIN
        ),
    }
    return [
        f"{labels[str(phase)]}: no index is given for analytes that {why}: {listed(spoken_names(rows))}."
        for phase, mine in nap.groupby("phase", sort=False)
        for why, which in reasons.items()
        if len(rows := mine[which.loc[mine.index]])
    ]


def _alarms(row: Row) -> str:
    """How often, at the most, series without effect show as much as an index that is given."""
    if math.isnan(row["low"]):
        return ""
    return "not known" if math.isnan(row["false_alarms_high"]) else most_alarms(row["false_alarms_high"])


def _notes(index: str, note: str) -> list[str]:
    """The parts of a note that a row shows: why there is no NAP, and why no index that goes by time."""
    parts = [part for part in note.split("; ") if part.startswith("not shown") or part == UNORDERED]
    return [f"{index} {part}" for part in parts if index == "NAP" or part == UNORDERED]


def _number(x: float) -> str:
    return f"{x:z.2f}".replace("-", MINUS)


def _bounds(row: Row, worded: Callable[[float], str]) -> str:
    if not math.isnan(row["value"]):
        return worded(row["value"])
    if math.isfinite(row["low"]) and math.isfinite(row["high"]):
        return f"{worded(row['low'])} to {worded(row['high'])}"
    return "not shown" if row["note"].startswith("not shown") else "none"


def _p(p: float) -> str:
    if math.isnan(p):
        return ""
    return "below 0.001" if p < 0.001 else f"{p:.3f}" if p < 0.1 else f"{p:.2f}"


def regression_rows(table: pd.DataFrame, labels: dict[str, str]) -> list[Cells]:
    """The table `regression`, one row an analyte and later phase; numbers in three significant digits.

    Below them what has no regression: one row a phase and reason, with the names of the analytes.
    """
    without = table[table["model"] == ""].groupby(["phase", "note"], sort=False)
    left_out = [_not_fitted(rows) | {"phase": labels[str(phase)], "note": note} for (phase, note), rows in without]
    return [
        {
            "label": row["label"],
            "unit": shown(row["unit"]),
            "phase": labels[row["phase"]],
            "n": row["n"],
            "model": {"OLS": "OLS, for independent values"}.get(row["model"], row["model"]),
            **{name: _estimate(row, name) for name in ("trend", "level", "slope")},
            "autocorrelation": _autocorrelation(row),
            "rank": "" if math.isnan(row["start_rank"]) else f"{row['start_rank']:.0f} of {row['starts']:.0f}",
            "note": row["note"],
        }
        for row in table[table["model"] != ""].to_dict("records")
    ] + left_out


def _not_fitted(rows: pd.DataFrame) -> Cells:
    names = listed([spoken(label) for label in rows["label"]])
    nothing: Cells = dict.fromkeys(("trend", "level", "slope", "autocorrelation"), "none")
    return {"label": capital(names), "unit": "", "n": "", "model": "", "rank": ""} | nothing


def _estimate(row: Row, name: str) -> str:
    value, low, high = row[name], row[f"{name}_low"], row[f"{name}_high"]
    if math.isnan(value):
        return "none"
    text = figure_text(value)
    return text if math.isnan(low) else f"{text} ({figure_text(low)} to {figure_text(high)})"


def _autocorrelation(row: Row) -> str:
    cannot = math.isnan(row["autocorrelation"]) and row["autocorrelation_high"] >= 1
    return "not estimable" if cannot else _estimate(row, "autocorrelation")


def visual_rows(table: pd.DataFrame, labels: dict[str, str]) -> list[Cells]:
    """The table `visual`, one row an analyte and phase, of those with three numbers or more in the two phases."""
    enough = table[table["n_before"] + table["n_after"] >= FEWEST]
    return [
        {
            "label": row["label"],
            "unit": shown(row["unit"]),
            "phase": labels[row["phase"]],
            "n": f"{row['n_before']},\u00a0{row['n_after']}",
            **{what: _moved(row[f"{what}_before"], row[f"{what}_after"]) for what in ("level", "trend", "variability")},
            "overlap": f"{round(row['overlap'] * row['n_after'])} of {row['n_after']}",
            "immediacy": _figure(row["immediacy"]),
            "consistency": (
                f"{round(row['consistency'] * row['n_after'])} of {row['n_after']} as in “{labels[row['similar']]}”"
                if row["similar"]
                else ""
            ),
        }
        for row in enough.to_dict("records")
    ]


def _moved(before: float, after: float) -> str:
    return "none" if math.isnan(before) and math.isnan(after) else f"{_figure(before)} → {_figure(after)}"


def _figure(x: float) -> str:
    return "none" if math.isnan(x) else figure_text(x)


def truth_rows(table: pd.DataFrame) -> list[Cells]:
    """The table `found` of a simulated case, one row an effect or a claim of a cause."""
    texts = ("treatment", "label", "reported", "every_time", "answer")
    return [
        {name: row[name] for name in texts}
        | {name: "" if math.isnan(row[name]) else factor_text(row[name]) for name in ("put_in", "illness")}
        for row in table.to_dict("records")
    ]
