"""What was under way before a treatment began: how far each analyte had come back from its worst before the dose.

A treatment is often begun when a patient is at the worst or already better. What was gone of the way before the first
dose cannot be the treatment's; a report that only sets the last value against the value before hides it.
"""

from itertools import pairwise

import pandas as pd

from casereport.analysis.judgement.position import ABOVE, BELOW
from casereport.analysis.measurements import Measurement, by_analyte, comparable
from casereport.analysis.tidy import frame, measured, phase_windows
from casereport.quantities.wording import day_text, listed, uncapital, value_text

MOST = 0.5


def under_way(observations: pd.DataFrame, phases: pd.DataFrame) -> pd.DataFrame:
    """For each phase that a dose opens, the analytes that were outside their range before it: the table `under_way`.

    `extreme` is the value furthest outside the range in all days before the phase, `before` the last value before it
    and `after` the last value in it; `share` is how much of the way from the first to the last of the three was gone
    before the dose: 0 where nothing was, above 1 where the analyte went back after it. Only plain numbers with a day
    count, and only analytes that ended nearer to their range than their extreme.
    """
    windows = phase_windows(phases)
    known = by_analyte(m for m in comparable(measured(observations)) if _counts(m))
    rows = []
    for i, (earlier, phase) in enumerate(pairwise(windows), start=1):
        past = {w.id for w in windows[:i]}
        for mine in known.values():
            before, after = [m for m in mine if m.phase in past], [m for m in mine if m.phase == phase.id]
            if len(before) > 1 and after and (extreme := _extreme(before)) is not None:
                rows += _row(earlier.id, extreme, before[-1], after[-1])
    return frame("under_way", rows)


def _counts(m: Measurement) -> bool:
    return m.numeric and m.known is not None and m.known.is_exact and m.when is not None and m.when.is_exact


def _number(m: Measurement) -> float:
    assert m.known is not None
    return m.known.low


def _extreme(before: list[Measurement]) -> Measurement | None:
    """The value furthest outside its range, on the side of the last value that was outside; None where none was."""
    side = next((m.position for m in reversed(before) if m.position in (BELOW, ABOVE)), "")
    outside = [m for m in before if m.position == side]
    if not side or not outside:
        return None
    return (max if side == ABOVE else min)(outside, key=_number)


def _row(phase_before: str, extreme: Measurement, before: Measurement, after: Measurement) -> list[dict[str, object]]:
    way = _number(extreme) - _number(after)
    if way == 0 or (way > 0) != (extreme.position == ABOVE):
        return []
    share = (_number(extreme) - _number(before)) / way + 0.0  # no zero with a sign
    row: dict[str, object] = {"phase": after.phase, "phase_before": phase_before, "analyte": after.analyte}
    row |= {"label": after.label, "short": after.short, "unit": after.unit, "share": share}
    for name, m in (("extreme", extreme), ("before", before), ("after", after)):
        assert m.when is not None
        row |= {name: _number(m), f"{name}_printed": value_text(m), f"{name}_day": m.when.low}
    told = [f"{value_text(m)} ({day_text(m.when)})" for m in (extreme, before, after)]
    gone = "all" if share >= 1 else f"{100 * share:.0f} %"
    row["sentence"] = (
        f"{after.label}: {told[0]} at its worst, {told[1]} before the first dose, {told[2]} at the end; {gone} of the "
        "way was gone before the dose."
    )
    return [row]


def headline(table: pd.DataFrame, phase: str) -> str:
    """What a report tells first of a phase: the analytes that had come most of their way before it; empty for none."""
    mine = table[(table["phase"] == phase) & (table["share"] > MOST)]
    if mine.empty:
        return ""
    shares = mine.sort_values("share", ascending=False, kind="stable")
    told = [
        f"{uncapital(short) if short[1:2].islower() else short} ({'all' if share >= 1 else f'{100 * share:.0f} %'})"
        for short, share in zip(shares["short"], shares["share"], strict=True)
    ]
    return (
        f"Before the first dose, most of the way from the worst to the last value was already gone for {listed(told)}."
    )
