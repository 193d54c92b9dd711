"""Each phase against the phase before it: what each analyte was at the end of one and of the other.

The last value of a phase is what a physician compares first; the median is offered beside it because a single value
is one draw from a noisy series. A change describes; it does not say what caused the difference.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median
from typing import Literal

from casereport.analysis.measurements import Measurement, by_analyte, comparable, position
from casereport.quantities.intervals import Interval

How = Literal["last", "median"]


@dataclass(frozen=True, slots=True)
class Change:
    """One analyte in a phase against the phase before.

    `first` and `last` are the measurements compared, None where medians are; `before` and `after` their values in the
    analyte's unit. `ratio_low` and `ratio_high` bound after/before (NaN where the denominator can be 0). `direction`
    is `rose`, `fell`, `same` or `not certain`; `outcome` as `outcome()`; the positions as `position()`; `n_before`
    and `n_after` count the values; `evidence` names the classes of the two.
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
    direction: str
    outcome: str
    position_before: str
    position_after: str
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


def outcome(change: str, improvement: str, two_sided: bool, before: str, after: str) -> str:
    """A change in clinical terms, from its direction and from where both values lie against the reference range.

    `in range` where both are in it, whatever the direction: a move inside the range is neither good nor bad.
    Otherwise `better`, `worse`, `same` or `not certain`. An analyte without a good side is better when it came into
    its range and worse when it left it; else the direction itself is returned. A `two_sided` one, such as
    neutrophils, is judged outside its range only where both values lie on one side of it: without a range nobody can
    say that a count did not fall too far.
    """
    if before == after == "in":
        return "in range"
    if change not in ("rose", "fell"):
        return change
    if before and after == "in":
        return "better"  # whichever side it came from: creatinine that rises into its range is no harm
    good_side = {"increase": "above", "decrease": "below"}.get(improvement)
    if two_sided:
        if before == after != "":
            return "better" if (change == "rose") == (before == "below") else "worse"
        return "worse" if before == "in" and after else change
    if before in ("in", good_side) and after == good_side:
        return change  # beyond the range more is not better: creatinine below its lower limit that falls on
    if improvement:
        return "better" if (change == "rose") == (improvement == "increase") else "worse"
    return "worse" if before == "in" and after else change


def summary(values: Sequence[Measurement], how: How) -> Interval:
    """One interval for the measurements of a phase: the last, or the median (of the lower and of the upper ends)."""
    known = [m.known for m in values if m.known is not None]
    if how == "last" or len(known) == 1:
        return known[-1]
    low, high = median(k.low for k in known), median(k.high for k in known)
    # an open end of one value only touches the median where it is that value; closed is the safer reading
    return Interval(low, high, math.isinf(low), math.isinf(high))


def compare(before: Sequence[Measurement], after: Sequence[Measurement], how: How = "last") -> Change:
    """One analyte in two phases: the comparable measurements of it in the one before and in the one after."""
    analyte, b, a = after[-1], summary(before, how), summary(after, how)
    change = direction(b, a)
    low, high = _ratio(b, a)
    where = position(b, before[-1].reference), position(a, after[-1].reference)
    first, last = (before[-1], after[-1]) if how == "last" else (None, None)
    return Change(
        phase=analyte.phase,
        phase_before=before[-1].phase,
        analyte=analyte,
        first=first,
        last=last,
        before=b,
        after=a,
        ratio_low=low,
        ratio_high=high,
        direction=change,
        outcome=outcome(change, analyte.improvement, analyte.two_sided, *where),
        position_before=where[0],
        position_after=where[1],
        n_before=len(before),
        n_after=len(after),
        evidence=" and ".join(dict.fromkeys([before[-1].evidence, after[-1].evidence])),
    )


def changes(table: Iterable[Measurement], phases: Sequence[str], how: How = "last") -> list[Change]:
    """The change of each analyte with a bounded value in a phase and in the one before, for each phase in turn.

    `table` is from `measurements()`, `phases` are the ids in their order.
    """
    known = by_analyte(comparable(table))
    found = []
    for earlier, phase in pairwise(phases):
        for mine in known.values():
            before, after = ([m for m in mine if m.phase == p] for p in (earlier, phase))
            if before and after:
                found.append(compare(before, after, how))
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
                found.append(compare(here[:1], here[-1:]))
    return found


def _ratio(before: Interval, after: Interval) -> tuple[float, float]:
    if before.low < 0 or after.low < 0 or before.high == 0:
        return math.nan, math.nan
    low = after.low / before.high if math.isfinite(before.high) else 0.0
    high = after.high / before.low if before.low > 0 and math.isfinite(after.high) else math.inf
    return low, high
