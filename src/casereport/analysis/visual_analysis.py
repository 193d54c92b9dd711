"""What reviewers of single-case data look for: level, trend, variability, overlap, immediacy and consistency.

After Kratochwill and others 2010 (Single-case designs technical documentation, What Works Clearinghouse) and Ledford,
Lane and Severini 2018 (Brain Impairment 19:4): level is where the values of a phase lie, trend how they move in it,
variability how they scatter about that, overlap how many lie among those of the phase before, immediacy how the first
three differ from the last three before, consistency whether a phase looks like the earlier one of the same condition.
They describe; none says what made the difference.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from statistics import median
from typing import Any

import numpy as np
import pandas as pd

from casereport.analysis.ab_pairs import ab_pairs_of
from casereport.analysis.measurements import Measurement, by_analyte, in_numbers
from casereport.analysis.tidy import by_day, frame, measured, phase_windows
from casereport.case.phases import Window
from casereport.quantities.wording import counted

AT_EDGE = 3  # values on each side that immediacy compares (Kratochwill 2010)
FEWEST_FOR_A_LINE = 3


@dataclass(frozen=True, slots=True)
class Look:
    """One phase of one analyte: the `days` and `values` that are known exactly, in time order.

    `level` is their median. `slope` (per day) and `intercept` (at day 0) are the line of Theil and Sen (Sen 1968),
    `scatter` the standard deviation about it (n - 2); None below three different days.
    """

    days: tuple[float, ...]
    values: tuple[float, ...]
    level: float
    slope: float | None
    intercept: float | None
    scatter: float | None

    def at(self, day: float) -> float:
        """The line of the trend on a day; NaN where there is none."""
        return math.nan if self.slope is None or self.intercept is None else self.intercept + self.slope * day


def look(values: Sequence[Measurement]) -> Look | None:
    """What is seen of the measurements of one phase; None where no number is known with its day."""
    exact = [m.point for m in by_day(in_numbers(values)) if m.point]
    if not exact:
        return None
    days, known = zip(*exact, strict=True)
    if len(set(days)) < FEWEST_FOR_A_LINE:
        return Look(days, known, median(known), None, None, None)
    slope, intercept = _line(days, known)
    residuals = [y - (intercept + slope * t) for t, y in exact]
    scatter = math.sqrt(math.fsum(r * r for r in residuals) / (len(residuals) - 2))
    if scatter < 1e-9 * max(map(abs, known)):  # values on a line: what is left is that of binary fractions
        scatter = 0.0
    return Look(days, known, median(known), slope, intercept, scatter)


@lru_cache(maxsize=1024)  # the table, each figure and each of their texts ask for the same
def _line(days: tuple[float, ...], known: tuple[float, ...]) -> tuple[float, float]:
    """Slope and intercept of the line of Theil and Sen through values of which not all are of one day."""
    xs, ys = np.array(days), np.array(known)
    slopes = np.empty(len(xs) * (len(xs) - 1) // 2)  # of each pair, without an object for each: a vital sign has 10^7
    end = 0
    with np.errstate(divide="ignore", invalid="ignore"):
        for i in range(1, len(xs)):
            apart = xs[i] != xs[:i]
            found = ((ys[i] - ys[:i]) / (xs[i] - xs[:i]))[apart]
            slopes[end : end + len(found)] = found
            end += len(found)
    slope = float(np.median(slopes[:end], overwrite_input=True))
    return slope, median(y - slope * t for t, y in zip(days, known, strict=True))


def visual_table(observations: pd.DataFrame, phases: pd.DataFrame) -> pd.DataFrame:
    """Level, trend, variability, overlap and immediacy of each analyte and phase against the one before: `visual`.

    From numbers on known days; limits, ranges and words are left out and counted in `note`. Levels are medians and
    trends lines of Theil and Sen, in the unit and per day; a trend needs three values on different days. Where a
    treatment was withdrawn and given again, `consistency` compares a phase with the earlier one of the same condition
    (`similar`), baseline with baseline and treatment with treatment.
    """
    rows = []
    windows = phase_windows(phases)
    similar = _similar(windows)
    for mine in by_analyte(in_numbers(measured(observations))).values():
        sides = {w.id: [m for m in mine if m.phase == w.id] for w in windows}
        looks = {name: look(side) for name, side in sides.items()}
        for earlier, phase in pairwise(sides):
            before, after = looks[earlier], looks[phase]
            if before is not None and after is not None:
                left_out = len(sides[earlier]) + len(sides[phase]) - len(before.values) - len(after.values)
                row = _row(mine[0], (earlier, phase), before, after, left_out)
                rows.append(row | _consistency(similar.get(phase, ""), looks.get(similar.get(phase, "")), after))
    return frame("visual", rows)


def _similar(windows: Sequence[Window]) -> dict[str, str]:
    """The last earlier phase of the same condition, for each phase that has one: A1 for A2 and B1 for B2."""
    found: dict[str, str] = {}
    for pairs in ab_pairs_of(windows).values():
        for earlier, later in pairwise(pairs):
            found |= {later[0].id: earlier[0].id, later[1].id: earlier[1].id}
    return found


def _consistency(name: str, similar: Look | None, after: Look) -> dict[str, Any]:
    if similar is None:
        return {"similar": "", "consistency": None}
    return {"similar": name, "consistency": _inside(after, similar)}


def _inside(values: Look, others: Look) -> float:
    """The share of values that lie between the least and the greatest of the others."""
    inside = sum(min(others.values) <= value <= max(others.values) for value in values.values)
    return inside / len(values.values)


def _row(analyte: Measurement, phases: tuple[str, str], before: Look, after: Look, left_out: int) -> dict[str, Any]:
    notes = [f"{counted(left_out, 'value')} not known exactly left out" if left_out else ""]
    immediacy = None
    if min(len(before.values), len(after.values)) >= AT_EDGE:
        immediacy = median(after.values[:AT_EDGE]) - median(before.values[-AT_EDGE:])
    else:
        notes.append(f"immediacy needs {AT_EDGE} values on each side")
    return {
        "phase": phases[1],
        "phase_before": phases[0],
        **{name: getattr(analyte, name) for name in ("analyte", "label", "short", "unit")},
        "n_before": len(before.values),
        "n_after": len(after.values),
        "level_before": before.level,
        "level_after": after.level,
        "level_change": after.level - before.level,
        "trend_before": before.slope,
        "trend_after": after.slope,
        "variability_before": before.scatter,
        "variability_after": after.scatter,
        "overlap": _inside(after, before),
        "immediacy": immediacy,
        "note": "; ".join(filter(None, notes)),
    }
