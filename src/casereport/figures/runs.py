"""How a value of a course is known, and which of its neighbours a line may join to it.

A line across a range, a censored value, a long gap or a phase without a value would say what is not known.
"""

import re
from collections.abc import Sequence
from itertools import pairwise
from statistics import median

from casereport.analysis.measurements import Measurement
from casereport.quantities.intervals import is_interval, parse

WEEK = 7.0  # days


def runs(rows: Sequence[Measurement], phases: Sequence[str]) -> list[list[tuple[float, float]]]:
    """Day and value of the exact numbers, in runs of neighbours that a line may join; `phases` are ids in order.

    `rows` are in the order of their days.
    """
    longest = longest_gap(rows)
    found: list[list[tuple[float, float]]] = []
    for i, m in enumerate(rows):
        if not m.point or not m.numeric:
            continue
        if not i or not _joined(rows[i - 1], m, phases, longest):
            found.append([])
        found[-1].append(m.point)
    return found


def longest_gap(rows: Sequence[Measurement]) -> float:
    """The days that a line bridges: twice the usual distance of neighbours, or a week where there is no usual one.

    What is usual is the median of the distances, of two the smaller.
    """
    days = sorted({m.when.low for m in rows if m.when is not None and m.when.is_exact})
    gaps = [second - first for first, second in pairwise(days)]
    if len(gaps) < 2:
        return WEEK
    return 2 * (min(gaps) if len(gaps) == 2 else median(gaps))


def _joined(first: Measurement, second: Measurement, phases: Sequence[str], longest: float) -> bool:
    if not (first.point and second.point and first.numeric):
        return False
    known = first.phase in phases and second.phase in phases
    apart = abs(phases.index(second.phase) - phases.index(first.phase)) if known else 0
    return apart < 2 and second.point[0] - first.point[0] <= longest * (1 + 1e-9)


def known_as(m: Measurement) -> str:
    """How a value is known, which is how it is drawn.

    `exact` to the number and day, `spanned` to the number alone, `above` or `below` a limit, in a `range`, as `two`
    numbers that differ, in `words` that bound it, by its `move` from the value before, or by its `place` against a
    range that is not known.
    """
    if m.known is None:
        return "move" if direction(m) else "place"
    if not m.numeric:
        return "words"
    if m.known.is_exact:
        return "exact" if m.point else "spanned"
    return "two" if two_numbers(m.printed) else m.known.kind


def two_numbers(printed: str) -> bool:
    """True where two places of the source print two numbers: the value is one of them and not in between."""
    values = [part.partition(" ")[0].partition("/")[0] for part in re.split(" and | or ", printed)]
    plain = [is_interval(value) and parse(value) for value in values]
    return len(values) == 2 and all(value and value.is_exact for value in plain)


def direction(m: Measurement) -> str:
    """`U` where the source says that the value rose, `D` that it fell; empty where it says neither.

    What got better rose or fell only if that is the one way to be better.
    """
    good = "" if m.two_sided else {"increase": "U", "decrease": "D"}.get(m.improvement, "")
    bad = {"U": "D", "D": "U"}.get(good, "")
    return {"B": good, "W": bad, "U": "U", "D": "D"}.get(m.interpretation, "")
