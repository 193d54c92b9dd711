"""Which statements about an analyte enter a comparison, each piece of knowledge once.

What a text says in words of a period in which the table has numbers ("normal on days 2 to 4") is a statement about
those numbers, and no measurement beside them. A statement of order ("rose since the day before") has no bounds of its
own, but it decides a pair: the value lies above the one stated before it, whatever both are. Indices that count pairs
(NAP, Tau) can use that; nothing else can.
"""

from collections.abc import Hashable, Sequence
from typing import NamedTuple

from casereport.quantities.intervals import Interval

_SIGN = {"U": 1, "D": -1}
_GOOD = {"B": 1, "W": -1}
_SIDE = {"increase": 1, "decrease": -1}
# fewer bounded values before and after make no figure (catalogue.informative says why)
FEWEST = 3
LEFT_OUT = "without the values known only by their order"


class Statement(NamedTuple):
    """What is stated of one analyte and day; `label` finds it again, the rest is as in `measurements()`."""

    label: Hashable
    when: Interval | None
    known: Interval | None
    numeric: bool
    interpretation: str


def bounded(statements: Sequence[Statement]) -> set[Hashable]:
    """The labels of those statements of one analyte that have bounds and enter a comparison."""
    numbers = [s.when for s in statements if s.numeric]
    return {s.label for s in statements if s.known is not None and (s.numeric or not _covered(s, numbers))}


def with_order(
    statements: Sequence[Statement], improvement: str
) -> tuple[list[Hashable], list[tuple[Hashable, Hashable]]]:
    """The labels of the statements of one analyte that enter an index of pairs, and its order facts.

    `statements` are in time order; `improvement` is as in the vocabulary. What enters is `bounded()`, and what has no
    bounds, certainly follows another and is said to be higher, lower, better or worse. A fact `(i, j)` says that the
    value of label i lies certainly below that of label j.
    """
    with_bounds = bounded(statements)
    numbers = [s.when for s in statements if s.numeric]
    kept: list[Statement] = []
    facts: list[tuple[Hashable, Hashable]] = []
    for statement in statements:
        if statement.label in with_bounds:
            kept.append(statement)
            continue
        said = statement.interpretation
        sign = _SIGN.get(said, _GOOD.get(said, 0) * _SIDE.get(improvement, 0))
        if statement.known is not None or not sign or _covered(statement, numbers) or not _follows(statement, kept):
            continue
        pair = (kept[-1].label, statement.label)
        facts.append(pair if sign > 0 else pair[::-1])
        kept.append(statement)
    return [s.label for s in kept], facts


def _covered(statement: Statement, numbers: list[Interval]) -> bool:
    return statement.when is not None and any(map(statement.when.overlaps, numbers))


def _follows(statement: Statement, kept: list[Statement]) -> bool:
    earlier = kept[-1].when if kept else None
    return earlier is not None and statement.when is not None and earlier.certainly_below(statement.when)
