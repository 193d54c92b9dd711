"""What was under way before a treatment began: how far each analyte had come back from its worst before the dose.

A treatment is often begun when a patient is at the worst or already better. What was gone of the way before the first
dose cannot be the treatment's; a report that only sets the last value against the value before hides it.
"""

from itertools import pairwise

import pandas as pd

from casereport.analysis.changes import days_older
from casereport.analysis.judgement.improvement import harmless_side
from casereport.analysis.judgement.material import NO, material
from casereport.analysis.judgement.position import ABOVE, OUTSIDE
from casereport.analysis.measurements import Measurement, by_analyte, comparable
from casereport.analysis.tidy import frame, measured, phase_windows
from casereport.quantities.wording import day_text, value_text

MOST = 0.5


def under_way(observations: pd.DataFrame, phases: pd.DataFrame) -> pd.DataFrame:
    """For each phase that a dose opens, the analytes that were outside their range before it: the table `under_way`.

    `extreme` is the value furthest outside the range in all days before the phase, `before` the last value before it
    and `after` the last value in it; `share` is how much of the way from the first to the last of the three was gone
    before the dose: 0 where nothing was, above 1 where the analyte went back after it. No row where the last value
    before or after is no plain number, or the one before is too old for the dose, and only analytes that ended nearer
    to their range than their extreme. `told_first` is True where a report has to tell it before anything else: most of
    the way, beyond random variation, without a worse value after the dose or one before it as good as the last.
    """
    windows, days = phase_windows(phases), int(phases["window_days"].iloc[0])
    known = by_analyte(comparable(measured(observations)))
    rows = []
    for i, (earlier, phase) in enumerate(pairwise(windows), start=1):
        if phase.opened_by is None:
            continue
        past = {w.id for w in windows[:i]}
        for mine in known.values():
            before, after = [m for m in mine if m.phase in past], [m for m in mine if m.phase == phase.id]
            if not before or not after or not _counts(before[-1]) or not _counts(after[-1]):
                continue
            exact = [m for m in before if _counts(m)]
            extreme = _extreme(exact)
            if extreme is not None and len(exact) > 1 and not days_older(before[-1].when, phase.opens) > days:
                rows += _row(earlier.id, extreme, exact, [m for m in after if _counts(m)])
    return frame("under_way", rows)


def _counts(m: Measurement) -> bool:
    return m.numeric and m.point is not None


def _number(m: Measurement) -> float:
    assert m.known is not None
    return m.known.low


def _extreme(before: list[Measurement]) -> Measurement | None:
    """The value furthest outside its range, on the side of the last value outside that harms; None without one."""
    places = ((m.position, harmless_side(m.improvement, m.two_sided)) for m in reversed(before))
    side = next((place for place, harmless in places if place in OUTSIDE and place != harmless), "")
    outside = [m for m in before if m.position == side] if side else []
    return (max if side == ABOVE else min)(outside, key=_number) if outside else None


def _row(
    phase_before: str, extreme: Measurement, before: list[Measurement], after: list[Measurement]
) -> list[dict[str, object]]:
    last, end = before[-1], after[-1]
    sign = 1 if extreme.position == ABOVE else -1
    way = sign * (_number(extreme) - _number(end))
    if way <= 0:
        return []
    share = sign * (_number(extreme) - _number(last)) / way + 0.0  # no zero with a sign
    row: dict[str, object] = {"phase": end.phase, "phase_before": phase_before, "analyte": end.analyte}
    row |= {"label": end.label, "short": end.short, "unit": end.unit, "share": share}
    for name, m in (("extreme", extreme), ("before", last), ("after", end)):
        assert m.when is not None
        row |= {name: _number(m), f"{name}_printed": value_text(m), f"{name}_day": m.when.low}
    ratio = _number(last) / _number(extreme) if _number(extreme) else float("nan")
    since = before[before.index(extreme) + 1 :]
    row["told_first"] = (
        MOST < share <= 1
        and material(ratio, ratio, end.limits) != NO
        and all(sign * _number(m) <= sign * _number(extreme) for m in after)
        and all(sign * _number(m) >= sign * _number(end) for m in since)
    )
    told = [f"{value_text(m)} ({day_text(m.when)})" for m in (extreme, last, end)]
    gone = (
        f"{100 * share:.0f} % of the way was gone before the dose"
        if share <= 1
        else "it moved away again after the dose"
    )
    row["sentence"] = (
        f"{end.label}: {told[0]} at its worst, {told[1]} before the first dose, {told[2]} at the end; {gone}."
    )
    return [row]
