"""The border between records and tables: what a notebook sees is plain pandas, and every function reads it back.

An interval becomes three plain columns, `x_low`, `x_high` and `x_closed` (which ends belong to it, in pandas' own
words: both, left, right or neither), and where it is a number also `x`. What each table has is in `tables.py`.
"""

import math
from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
import pandas as pd

from casereport.analysis.changes import Change
from casereport.analysis.judgement.material import ChangeLimits
from casereport.analysis.measurements import Measurement
from casereport.analysis.table_columns import TABLES, cells_of
from casereport.case.case import Case
from casereport.case.phases import Window, later
from casereport.case.rows import Observation
from casereport.quantities.intervals import Interval, between, order_of
from casereport.quantities.many_intervals import Intervals
from casereport.quantities.wording import interval_text, spoken, value_text

_CLOSED = {(False, False): "both", (False, True): "left", (True, False): "right", (True, True): "neither"}
_OPEN = {word: ends for ends, word in _CLOSED.items()}
Row = Mapping[Any, Any]


def spread(interval: Interval | None, name: str = "", number: str = "") -> dict[str, object]:
    """The plain columns of an interval: `<name>low`, `<name>high`, `<name>closed`, and `number` if it is named."""
    if interval is None:
        cells: tuple[object, ...] = (math.nan, math.nan, "")
        exact = math.nan
    else:
        cells = interval.low, interval.high, _CLOSED[interval.low_open, interval.high_open]
        exact = interval.low if interval.is_exact else math.nan
    found: dict[str, object] = {number: exact} if number else {}
    return found | dict(zip((f"{name}low", f"{name}high", f"{name}closed"), cells, strict=True))


def spread_all(known: Intervals, name: str = "", number: str = "") -> dict[str, np.ndarray]:
    """The plain columns of many intervals, as `spread` has those of one."""
    found = {number: np.where(known.is_exact, known.low, math.nan)} if number else {}
    words = np.array([*(_CLOSED[low, high] for low in (False, True) for high in (False, True)), ""], dtype=object)
    closed = words[np.where(np.isnan(known.low), 4, 2 * known.low_open + known.high_open)]
    return found | {f"{name}low": known.low, f"{name}high": known.high, f"{name}closed": closed}


def gathered(row: Row, name: str = "", number: str = "") -> Interval | None:
    """The interval of the plain columns of a row, None where it is not known.

    A table that has the number alone is read as well, so that a table of one's own needs no more.
    """
    low, high = row.get(f"{name}low", math.nan), row.get(f"{name}high", math.nan)
    if isinstance(low, float) and math.isnan(low) and number:
        low = high = row.get(number, math.nan)
    if low is None or high is None or math.isnan(low) or math.isnan(high):
        return None
    closed = row.get(f"{name}closed", "both") or "both"
    return Interval(float(low), float(high), *_OPEN[closed])


def whole_course(row: Row) -> Interval | None:
    """From the first to the last day of a row of `interventions`, None where one of them is not known to the day."""
    start, end = gathered(row, "start_", "start"), gathered(row, "end_", "end")
    if start is None or end is None or not (start.is_exact and end.is_exact):
        return None
    return Interval(start.low, end.low)


def frame(table: str, rows: Iterable[Mapping[Any, object]]) -> pd.DataFrame:
    """Rows as the table of this name, with its columns, in their order and of their types."""
    every, columns = list(rows), TABLES[table].items()
    return pd.DataFrame({name: cells_of([row.get(name) for row in every], what) for name, what in columns})


def statement_cells(row: Observation, case: Case) -> dict[str, object]:
    analyte = case.vocabulary.analytes[row.analyte]
    return {
        "line": row.line,
        "analyte": row.analyte,
        "label": analyte.label,
        "short": analyte.short,
        "day_printed": row.day,
        **spread(row.when, "day_", "day"),
        "value_printed": row.value,
        "unit_printed": row.unit,
        "interpretation": row.interpretation,
        **spread(row.known, number="value"),
        "unit": analyte.unit,
        **spread(row.reference, "ref_"),
        "ref_origin": row.ref_origin,
        "stated_phase": row.phase,
        "evidence": row.evidence,
        "source": row.source,
        "note": row.note,
    }


def observation_table(table: Iterable[Measurement]) -> pd.DataFrame:
    """The table `observations` of what `measurements()` found."""
    return frame("observations", map(_observation, table))


def _observation(m: Measurement) -> dict[str, object]:
    return {
        "row": m.row,
        "analyte": m.analyte,
        "label": m.label,
        "short": m.short,
        "group": m.group,
        **spread(m.when, "day_", "day"),
        "phase": m.phase,
        "stated_phase": m.stated_phase,
        "printed": m.printed,
        **spread(m.known, number="value"),
        "unit": m.unit,
        "numeric": m.numeric,
        "interpretation": m.interpretation,
        **spread(m.reference, "ref_"),
        "ref_origin": m.ref_origin,
        "position": m.position,
        "improvement": improvement_cell(m.improvement, m.two_sided),
        "scale": m.scale,
        "scale_low": m.ends.low if m.ends else math.nan,
        "scale_high": m.ends.high if m.ends else math.nan,
        "rcv_low": m.limits.low if m.limits else math.nan,
        "rcv_high": m.limits.high if m.limits else math.nan,
        **_limits(m.threshold),
        "threshold": m.threshold_name,
        "enters": m.enters,
        "evidence": m.evidence,
        "source": m.source,
        "note": m.note,
        "lines": " ".join(map(str, m.lines)),
    }


def improvement_cell(usual: str, two_sided: bool) -> str:
    """The direction that is better, as the vocabulary has it: `decrease into range` where beyond the range is bad."""
    return f"{usual} into range" if two_sided else usual


def _limits(threshold: Interval | None) -> dict[str, float]:
    """The limits of a threshold as plain columns; NaN for a side without one."""
    ends = (threshold.low, threshold.high) if threshold else (math.nan, math.nan)
    low, high = (end if math.isfinite(end) else math.nan for end in ends)
    return {"threshold_low": low, "threshold_high": high}


def _finite(limit: float) -> float | None:
    return float(limit) if math.isfinite(limit) else None


def measured(observations: pd.DataFrame) -> list[Measurement]:
    """The records of a table of observations, or of any part of it.

    A table of one's own needs the columns `analyte` and `value`; what else it lacks is taken as not known.
    """
    columns = list(observations.columns)
    rows = (dict(zip(columns, cells, strict=True)) for cells in observations.itertuples(index=False, name=None))
    return [_measurement(row, i) for i, row in enumerate(rows, start=1)]


def _measurement(row: Row, position: int) -> Measurement:
    improvement = str(row.get("improvement", ""))
    name, known = str(row["analyte"]), gathered(row, number="value")
    return Measurement(
        row=int(row.get("row", position)),
        analyte=name,
        label=str(row.get("label", name)),
        short=str(row.get("short", name)),
        group=str(row.get("group", "")),
        unit=str(row.get("unit", "")),
        improvement=improvement.partition(" ")[0],
        two_sided=improvement.endswith("into range"),
        when=gathered(row, "day_", "day"),
        phase=str(row.get("phase", "")),
        stated_phase=str(row.get("stated_phase", "")),
        known=known,
        numeric=bool(row.get("numeric", known is not None)),
        interpretation=str(row.get("interpretation", "")),
        reference=gathered(row, "ref_"),
        ref_origin=str(row.get("ref_origin", "")),
        printed=str(row.get("printed", "")),
        evidence=str(row.get("evidence", "")),
        source=str(row.get("source", "")),
        note=str(row.get("note", "")),
        lines=tuple(map(int, str(row.get("lines", "")).split())),
        enters=str(row.get("enters", "bounds" if known is not None else "")),
        scale=str(row.get("scale", "ratio")),
        limits=ChangeLimits(row["rcv_low"], row["rcv_high"]) if row.get("rcv_low", math.nan) < 0 else None,
        threshold=between(*(_finite(row.get(f"threshold_{end}", math.nan)) for end in ("low", "high"))),
        threshold_name=str(row.get("threshold", "")),
        ends=gathered({"low": row.get("scale_low", math.nan), "high": row.get("scale_high", math.nan)}),
    )


def change_table(found: Iterable[Change]) -> pd.DataFrame:
    """The table `changes` of what `changes()` found."""
    return frame("changes", map(_change, found))


def _change(change: Change) -> dict[str, object]:
    ends = {"before": (change.first, change.before), "after": (change.last, change.after)}
    row: dict[str, object] = {
        "phase": change.phase,
        "phase_before": change.phase_before,
        "analyte": change.analyte.analyte,
        "label": change.analyte.label,
        "short": change.analyte.short,
        "unit": change.analyte.unit,
    }
    for side, (measurement, value) in ends.items():
        day = measurement.when if measurement is not None else None
        row |= spread(value, f"{side}_", side)
        row[f"{side}_printed"] = value_text(measurement) if measurement else interval_text(value, change.analyte.unit)
        row[f"{side}_day"] = day.low if day is not None and day.is_exact else math.nan
        row[f"{side}_row"] = 0 if measurement is None else measurement.row
    row["robust"] = ""
    for name, far in (("extreme", change.extreme), ("opposite", change.opposite)):
        row |= spread(far.known if far else None, f"{name}_", name)
        row[f"{name}_printed"] = value_text(far) if far else ""
        row[f"{name}_day"] = far.when.low if far and far.when and far.when.is_exact else math.nan
    sizes = ("ratio_low", "ratio_high", "difference_low", "difference_high")
    judged = ("direction", "material", "verdict", "heading", "rule", "position_before", "position_after")
    return row | {name: getattr(change, name) for name in (*sizes, *judged, "n_before", "n_after", "evidence")}


def phase_windows(phases: pd.DataFrame, lag_days: int | None = None) -> list[Window]:
    """The windows of a table of phases, with its own lag or with another."""
    found = []
    for row in phases.to_dict("records"):
        opens, lag = gathered(row, "opens_", "opens"), row["lag_days"] if lag_days is None else lag_days
        borders = opens and later(opens, lag), str(row.get("closed_by", "")), gathered(row, "closes_", "closes")
        found.append(Window(row["phase"], row["label"], row["opened_by"] or None, opens, *borders))
    return found


def spoken_names(rows: pd.DataFrame) -> list[str]:
    """The analytes of the rows, by `label` and `short`, as a sentence names them, each once."""
    return list(dict.fromkeys(spoken(*names) for names in zip(rows["label"], rows["short"], strict=True)))


def by_day(table: Iterable[Measurement]) -> list[Measurement]:
    """Measurements in the order of their days."""
    return sorted(table, key=lambda m: order_of(m.when))
