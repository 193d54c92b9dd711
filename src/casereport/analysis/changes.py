"""Each phase against the phase before it: what each analyte was at the end of one and of the other.

The last value of a phase is what a physician compares first; the median is offered beside it because a single value
is one draw from a noisy series. A change describes; it does not say what caused the difference. What is said of it
follows from the rules in `judgement`.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median
from typing import Literal

from casereport.analysis.judgement import verdict as rules
from casereport.analysis.judgement.material import WORDS, material
from casereport.analysis.judgement.position import OUTSIDE, places, told
from casereport.analysis.measurements import Measurement, by_analyte, comparable
from casereport.case.phases import Window
from casereport.quantities.intervals import Interval

How = Literal["last", "median"]
# A value that is older says little of how the patient was when the treatment began: 85 on day -9 is no baseline.
WINDOW_DAYS = 3


@dataclass(frozen=True, slots=True)
class Change:
    """One analyte in a phase against the phase before.

    `first` and `last` are the measurements compared, None where medians are; `before` and `after` their values in the
    analyte's unit. `ratio_low` and `ratio_high` bound after/before (NaN where the denominator can be 0 or the scale has
    no ratios), `difference_low` and `difference_high` after - before. `direction` is `rose`, `fell`, `same` or `not
    certain`; `material`, `verdict`, `heading` and `rule` as in `judgement`; `extreme` is the measurement between the
    two that lies furthest outside both, None where none does, and `opposite` the furthest on the other side of them.
    `n_before` and `n_after` count the values; `evidence` names the classes of the two.
    """

    phase: str
    phase_before: str
    analyte: Measurement
    first: Measurement | None
    last: Measurement | None
    before: Interval
    after: Interval
    ratio_low: float
    ratio_high: float
    difference_low: float
    difference_high: float
    direction: str
    material: str
    verdict: str
    heading: str
    rule: str
    position_before: str
    position_after: str
    extreme: Measurement | None
    opposite: Measurement | None
    n_before: int
    n_after: int
    evidence: str


def direction(before: Interval, after: Interval) -> str:
    """`rose`, `fell` or `same` where every completion agrees, else `not certain`."""
    if after.certainly_above(before):
        return "rose"
    if after.certainly_below(before):
        return "fell"
    return "same" if before.is_exact and before == after else "not certain"


def summary(values: Sequence[Measurement], how: How) -> Interval:
    """One interval for the measurements of a phase: the last, or the median (of the lower and of the upper ends)."""
    known = [m.known for m in values if m.known is not None]
    if how == "last" or len(known) == 1:
        return known[-1]
    low, high = median(k.low for k in known), median(k.high for k in known)
    # an open end of one value only touches the median where it is that value; closed is the safer reading
    return Interval(low, high, math.isinf(low), math.isinf(high))


def compare(
    before: Sequence[Measurement],
    after: Sequence[Measurement],
    how: How = "last",
    dose: Interval | None = None,
    window_days: int = WINDOW_DAYS,
) -> Change:
    """One analyte in two phases: the comparable measurements of it in the one before and in the one after.

    Where the last value before is certainly more than `window_days` older than the `dose` that opens the later phase,
    the two are shown and not judged.
    """
    analyte, b, a = after[-1], summary(before, how), summary(after, how)
    change = direction(b, a)
    low, high = _ratio(b, a) if analyte.scale != "difference" else (math.nan, math.nan)
    flags = [m.flag if how == "last" else "" for m in (before[-1], analyte)]
    where = places(b, before[-1].reference, flags[0]), places(a, analyte.reference, flags[1])
    compared = (before[-1], analyte) if how == "last" else (*before, *after)
    in_words = not all(m.numeric for m in compared)
    moved = WORDS if in_words else material(low, high, analyte.limits)
    age = days_older(before[-1].when, dose)
    found = rules.UNDECIDED if age > window_days else rules.verdict(change, *where, moved)
    heading = rules.heading(found, *where, analyte.improvement, analyte.two_sided)
    return Change(
        phase=analyte.phase,
        phase_before=before[-1].phase,
        analyte=analyte,
        first=before[-1] if how == "last" else None,
        last=analyte if how == "last" else None,
        before=b,
        after=a,
        ratio_low=low,
        ratio_high=high,
        difference_low=a.low - b.high,
        difference_high=a.high - b.low,
        direction=change,
        material=moved,
        verdict=found,
        heading=heading,
        rule=rules.rule(found, heading, moved, age, window_days),
        position_before=told(where[0]),
        position_after=told(where[1]),
        extreme=_extreme(before[-1], after),
        opposite=opposite_extreme(before[-1], after),
        n_before=len(before),
        n_after=len(after),
        evidence=" and ".join(dict.fromkeys([before[-1].evidence, analyte.evidence])),
    )


def days_older(when: Interval | None, dose: Interval | None) -> float:
    """How many days at least a measurement is older than a dose; NaN where that is not known."""
    if when is None or dose is None:
        return math.nan
    return dose.low - when.high


def _extreme(first: Measurement, after: Sequence[Measurement]) -> Measurement | None:
    """The measurement between two that lies furthest outside both of them, and outside its range where it has one."""
    ends = [m.known for m in (first, after[-1]) if m.known is not None]
    found: list[tuple[float, Measurement]] = []
    for m in after[:-1]:
        if m.known is None or (m.places and m.position not in OUTSIDE):
            continue
        if all(m.known.certainly_above(end) for end in ends):
            found.append((m.known.low - max(end.high for end in ends), m))
        elif all(m.known.certainly_below(end) for end in ends):
            found.append((min(end.low for end in ends) - m.known.high, m))
    return max(found, key=lambda one: one[0])[1] if found else None


def opposite_extreme(first: Measurement, after: Sequence[Measurement]) -> Measurement | None:
    """Where a course left both its ends on both sides: the furthest on the side that `_extreme()` does not name."""
    named = _extreme(first, after)
    if named is None:
        return None
    above = _lies_above(named, first)
    # the last of `after` is the end that is compared, and no value between
    return _extreme(first, [m for m in after[:-1] if _lies_above(m, first) != above] + [after[-1]])


def _lies_above(m: Measurement, first: Measurement) -> bool:
    return m.known is not None and first.known is not None and m.known.certainly_above(first.known)


def changes(
    table: Iterable[Measurement],
    phases: Sequence[Window],
    how: How = "last",
    window_days: int = WINDOW_DAYS,
) -> list[Change]:
    """The change of each analyte with a bounded value in a phase and in the one before, for each phase in turn.

    `table` is from `measurements()`, `phases` are in their order.
    """
    known = by_analyte(comparable(table))
    found = []
    for earlier, phase in pairwise(phases):
        for mine in known.values():
            before, after = ([m for m in mine if m.phase == p.id] for p in (earlier, phase))
            if before and after:
                found.append(compare(before, after, how, phase.opens, window_days))
    return found


def within(table: Iterable[Measurement], phases: Sequence[str]) -> list[Change]:
    """The first bounded value of a phase against its last, for each phase and analyte with two or more of them.

    The phase before is the phase itself.
    """
    known = by_analyte(comparable(table))
    found = []
    for phase in phases:
        for mine in known.values():
            here = [m for m in mine if m.phase == phase]
            if len(here) > 1:
                found.append(compare(here[:1], here[1:]))
    return found


def _ratio(before: Interval, after: Interval) -> tuple[float, float]:
    if before.low < 0 or after.low < 0 or before.high == 0:
        return math.nan, math.nan
    low = after.low / before.high if math.isfinite(before.high) else 0.0
    high = after.high / before.low if before.low > 0 and math.isfinite(after.high) else math.inf
    return low, high
