"""The rows of the tables on effect sizes and regression, worded for readers."""

import math
from collections.abc import Callable, Hashable, Mapping
from typing import Any

import pandas as pd

from casereport.analysis.comparable import LEFT_OUT
from casereport.analysis.effect_tables import informative
from casereport.analysis.truth import factor_text
from casereport.quantities.units import shown
from casereport.quantities.wording import MINUS, arrow, figure_text, share_text

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
                "n": f"{nap['n_before']}, {nap['n_after']}",
                "interval": "" if math.isnan(nap["ci_low"]) else f"{_share(nap['ci_low'])} to {_share(nap['ci_high'])}",
                "values": [_bounds(by_index[i], _share if i == "NAP" else _number) for i in _SHOWN_INDICES],
                "p": _p(nap["p_holm"]),
                "note": "; ".join(dict.fromkeys(n for i in _SHOWN_INDICES for n in _notes(i, by_index[i]["note"]))),
            }
        )
    return rows


def _notes(index: str, note: str) -> list[str]:
    """The parts of a note that a row shows; of the kin of Tau only what the key does not say of them all."""
    parts = [part for part in note.split("; ") if part]
    kept = [p for p in parts if p.startswith(("n = 2", LEFT_OUT)) or p.endswith(": not computed")]
    return [f"{index} {p}" if p == LEFT_OUT else p for p in (kept if "Tau" in index else parts)]


def _number(x: float) -> str:
    return f"{x:z.2f}".replace("-", MINUS)


def _share(x: float) -> str:
    return share_text(x)


def _bounds(row: Row, worded: Callable[[float], str]) -> str:
    if not math.isnan(row["value"]):
        return worded(row["value"])
    if math.isfinite(row["low"]) and math.isfinite(row["high"]):
        return f"{worded(row['low'])} to {worded(row['high'])}"
    return "not computable"


def _p(p: float) -> str:
    if math.isnan(p):
        return ""
    return "below 0.001" if p < 0.001 else f"{p:.3f}" if p < 0.1 else f"{p:.2f}"


def regression_rows(table: pd.DataFrame, labels: dict[str, str]) -> list[Cells]:
    """The table `regression`, one row an analyte and later phase; numbers in three significant digits."""
    return [
        {
            "label": row["label"],
            "unit": shown(row["unit"]),
            "phase": labels[row["phase"]],
            "n": row["n"],
            "model": row["model"],
            **{name: _estimate(row, name) for name in ("trend", "level", "slope", "autocorrelation")},
            "rank": "" if math.isnan(row["start_rank"]) else f"{row['start_rank']:.0f} of {row['starts']:.0f}",
            "note": row["note"],
        }
        for row in table.to_dict("records")
    ]


def _estimate(row: Row, name: str) -> str:
    value, low, high = row[name], row[f"{name}_low"], row[f"{name}_high"]
    if math.isnan(value):
        return "none"
    text = figure_text(value)
    return text if math.isnan(low) else f"{text} ({figure_text(low)} to {figure_text(high)})"


def truth_rows(table: pd.DataFrame) -> list[Cells]:
    """The table `found` of a simulated case, one row an effect or a claim of a cause."""
    texts = ("treatment", "label", "reported", "every_time", "answer")
    return [
        {name: row[name] for name in texts}
        | {name: "" if math.isnan(row[name]) else factor_text(row[name]) for name in ("put_in", "illness")}
        for row in table.to_dict("records")
    ]
