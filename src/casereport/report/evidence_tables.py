"""The rows of the tables on effect sizes and regression, worded for readers."""

from collections.abc import Callable

import pandas as pd

from casereport.analysis.changes import informative
from casereport.analysis.sensitivity import in_one_sentence
from casereport.case.case import Case
from casereport.case.statements import LEFT_OUT
from casereport.quantities.units import shown
from casereport.quantities.wording import MINUS, arrow, figure_text, share_text

_SHOWN_INDICES = ("NAP", "Tau", "Tau-U", "Tau-BC", "SMD", "LRR")


def effect_rows(table: pd.DataFrame, case: Case) -> list[dict[str, object]]:
    """results/effects.csv, one row a phase and analyte, with the indices that are shown side by side."""
    labels = {p.id: p.label for p in case.meta.phases}
    rows = []
    for (phase, analyte), group in informative(table).groupby(["phase", "analyte"], sort=False):
        by_index = {row.index_: row for row in group.rename(columns={"index": "index_"}).itertuples()}
        nap = by_index["NAP"]
        vocabulary = case.vocabulary.analytes[str(analyte)]
        rows.append(
            {
                "phase": labels[str(phase)],
                "label": f"{vocabulary.label} {arrow(nap.improvement)}",
                "n": f"{nap.n_before}, {nap.n_after}",
                "interval": f"{_share(nap.ci_low)} to {_share(nap.ci_high)}" if nap.ci_low else "",
                "values": [_bounds(by_index[i], _share if i == "NAP" else _number) for i in _SHOWN_INDICES],
                "p": _p(nap.p_holm),
                "note": "; ".join(dict.fromkeys(n for i in _SHOWN_INDICES for n in _notes(i, by_index[i].note) if n)),
            }
        )
    return rows


def _notes(index: str, note: str) -> list[str]:
    """The parts of a note that a row shows; of the kin of Tau only what the key does not say of them all."""
    parts = note.split("; ")
    kept = [p for p in parts if p.startswith(("n = 2", LEFT_OUT)) or p.endswith(": not computed")]
    return [f"{index} {p}" if p == LEFT_OUT else p for p in (kept if "Tau" in index else parts)]


def _number(text: str) -> str:
    return f"{float(text):z.2f}".replace("-", MINUS)


def _share(text: str) -> str:
    return share_text(float(text))


def _bounds(row: object, worded: Callable[[str], str]) -> str:
    if row.value:  # type: ignore[attr-defined]
        return worded(row.value)  # type: ignore[attr-defined]
    if row.low and row.high and "inf" not in row.low + row.high:  # type: ignore[attr-defined]
        return f"{worded(row.low)} to {worded(row.high)}"  # type: ignore[attr-defined]
    return "not computable"


def _p(text: str) -> str:
    if not text:
        return ""
    p = float(text)
    return "below 0.001" if p < 0.001 else f"{p:.3f}" if p < 0.1 else f"{p:.2f}"


def regression_rows(table: pd.DataFrame, case: Case) -> list[dict[str, str]]:
    """results/regression.csv, one row an analyte and later phase; numbers in three significant digits."""
    labels = {p.id: p.label for p in case.meta.phases}
    rows = []
    for row in table.itertuples():
        analyte = case.vocabulary.analytes[row.analyte]
        rows.append(
            {
                "label": analyte.label,
                "unit": shown(analyte.unit),
                "phase": labels[row.phase],
                "n": row.n,
                "model": row.model,
                "trend": _estimate(row.trend, row.trend_low, row.trend_high),
                "level": _estimate(row.level, row.level_low, row.level_high),
                "slope": _estimate(row.slope, row.slope_low, row.slope_high),
                "autocorrelation": _estimate(row.autocorrelation, row.autocorrelation_low, row.autocorrelation_high),
                "rank": f"{row.start_rank} of {row.starts}" if row.start_rank else "",
                "note": row.note,
            }
        )
    return rows


def _estimate(value: str, low: str, high: str) -> str:
    if not value:
        return "none"
    text = figure_text(float(value))
    return f"{text} ({figure_text(float(low))} to {figure_text(float(high))})" if low and high else text


def survival_sentence(table: pd.DataFrame) -> str:
    """results/sensitivity.csv in one sentence: how many comparisons came out the same in every repetition."""
    counts = {column: table[column].astype(int) for column in ("agreeing", "no_data", "repetitions")}
    return in_one_sentence(table.assign(survives=table["survives"] == "True", **counts))
