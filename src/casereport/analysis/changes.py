"""Each phase against the phase before it: what each analyte was at the end of one and of the other.

The last value of a phase is what a physician compares first; the median is offered beside it because a single value
is one draw from a noisy series. A change describes; it does not say what caused the difference. What is said of it
follows from the rules in `judgement`.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Any, Literal, NamedTuple

import numpy as np
import pandas as pd

from casereport.analysis.judgement.many import extremes, judged
from casereport.analysis.judgement.position import PLACES, places
from casereport.analysis.measurements import Measurement, by_analyte, comparable, phase_pairs
from casereport.case.phases import Window
from casereport.quantities.intervals import Interval
from casereport.quantities.many_intervals import Intervals

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


def summary(values: Sequence[Measurement], how: How) -> Interval:
    """One interval for the measurements of a phase: the last, or the median (of the lower and of the upper ends)."""
    known = [m.known for m in values if m.known is not None]
    if how == "last" or len(known) == 1:
        return known[-1]
    low, high = median(k.low for k in known), median(k.high for k in known)
    # an open end of one value only touches the median where it is that value; closed is the safer reading
    return Interval(low, high, math.isinf(low), math.isinf(high))


class Sides(NamedTuple):
    """The comparable measurements of one analyte in two phases, and the dose that opens the later one."""

    before: Sequence[Measurement]
    after: Sequence[Measurement]
    how: How = "last"
    dose: Interval | None = None


def compared(comparisons: Sequence[Sides], window_days: int = WINDOW_DAYS) -> list[Change]:
    """The change from the one side to the other, of each comparison.

    Where the last value before is certainly more than `window_days` older than the dose, the two are shown and not
    judged.
    """
    if not comparisons:
        return []
    ends = [(c.before[-1], c.after[-1]) for c in comparisons]
    values = [(summary(c.before, c.how), summary(c.after, c.how)) for c in comparisons]
    of = pd.DataFrame(_about(c, *both) for c, both in zip(comparisons, values, strict=True))
    said = judged(Intervals.of(b for b, _ in values), Intervals.of(a for _, a in values), of, window_days)
    later, counts = [m for c in comparisons for m in c.after], np.array([len(c.after) for c in comparisons])
    codes = np.array([PLACES.index(m.places) for m in later])
    first, last = (Intervals.of(m.known for m in side) for side in zip(*ends, strict=True))
    extreme = extremes(Intervals.of(m.known for m in later), codes, counts, first, last)
    opposite = extremes(Intervals.of(m.known for m in later), codes, counts, first, last, extreme)
    return [
        Change(
            phase=end[1].phase,
            phase_before=end[0].phase,
            analyte=end[1],
            first=end[0] if c.how == "last" else None,
            last=end[1] if c.how == "last" else None,
            before=before,
            after=after,
            **{str(name): what for name, what in found.items()},
            extreme=None if place < 0 else later[place],
            opposite=None if other < 0 else later[other],
            n_before=len(c.before),
            n_after=len(c.after),
            evidence=" and ".join(dict.fromkeys(m.evidence for m in end)),
        )
        for c, end, (before, after), found, place, other in zip(
            comparisons, ends, values, said.to_dict("records"), extreme.tolist(), opposite.tolist(), strict=True
        )
    ]


def _about(c: Sides, before: Interval, after: Interval) -> dict[str, Any]:
    """What `judged` needs to know of a comparison beside its values; a flag is of the last value alone."""
    first, last = c.before[-1], c.after[-1]
    stated = (first, last) if c.how == "last" else (*c.before, *c.after)
    flags = [m.flag if c.how == "last" else "" for m in (first, last)]
    return {
        "place_before": PLACES.index(places(before, first.reference, flags[0])),
        "place_after": PLACES.index(places(after, last.reference, flags[1])),
        "scale": last.scale,
        "rcv_low": last.limits.low if last.limits else math.nan,
        "rcv_high": last.limits.high if last.limits else math.nan,
        "improvement": last.improvement,
        "two_sided": last.two_sided,
        "age": days_older(first.when, c.dose),
        "in_words": not all(m.numeric for m in stated),
    }


def days_older(when: Interval | None, dose: Interval | None) -> float:
    """How many days at least a measurement is older than a dose; NaN where that is not known."""
    if when is None or dose is None:
        return math.nan
    return dose.low - when.high


def changes(
    table: Iterable[Measurement],
    phases: Sequence[Window],
    how: How = "last",
    window_days: int = WINDOW_DAYS,
) -> list[Change]:
    """The change of each analyte with a bounded value in a phase and in the one before, for each phase in turn.

    `table` is from `measurements()`, `phases` are in their order.
    """
    return compared(sides(table, phases, how), window_days)


def sides(table: Iterable[Measurement], phases: Sequence[Window], how: How = "last") -> list[Sides]:
    """What `changes` compares."""
    doses = {phase.id: phase.opens for phase in phases}
    pairs = phase_pairs(comparable(table), list(doses))
    return [Sides(before, after, how, doses[after[0].phase]) for before, after in pairs]


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
                found.append(Sides(here[:1], here[1:]))
    return compared(found)
