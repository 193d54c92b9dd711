"""Which statements about an analyte enter a comparison, each piece of knowledge once.

What a text says in words of a period in which the table has numbers ("normal on days 2 to 4") is a statement about
those numbers, and no measurement beside them. A statement of order ("rose since the day before") has no bounds of its
own, but it decides a pair: the value lies above the one stated before it, whatever both are. Indices that count pairs
(NAP, Tau) can use that; nothing else can.
"""

from collections.abc import Sequence
from typing import Protocol

from casereport.quantities.intervals import Interval

_SIGN = {"U": 1, "D": -1}
_GOOD = {"B": 1, "W": -1}
_SIDE = {"increase": 1, "decrease": -1}
# Of one value before and one after, an effect size only repeats which of the two is higher.
FEWEST = 3
LEFT_OUT = "without the values known only by their order"


class Statement(Protocol):
    """What is stated of one analyte and day."""

    @property
    def when(self) -> Interval | None: ...
    @property
    def known(self) -> Interval | None: ...
    @property
    def numeric(self) -> bool: ...
    @property
    def interpretation(self) -> str: ...


def bounded(statements: Sequence[Statement]) -> set[int]:
    """The positions of those statements of one analyte that have bounds and enter a comparison."""
    numbers = [s.when for s in statements if s.numeric]
    return {i for i, s in enumerate(statements) if s.known is not None and (s.numeric or not _covered(s, numbers))}


def with_order(statements: Sequence[Statement], improvement: str) -> tuple[list[int], list[tuple[int, int]]]:
    """The positions of the statements of one analyte that enter an index of pairs, and its order facts.

    `statements` are in time order; `improvement` is `increase`, `decrease` or empty. What enters is `bounded()`, and
    what has no bounds, certainly follows another and is said to be higher, lower, better or worse. A fact `(i, j)`
    says that the value at i lies certainly below that at j.
    """
    with_bounds = bounded(statements)
    numbers = [s.when for s in statements if s.numeric]
    kept: list[int] = []
    facts: list[tuple[int, int]] = []
    for i, statement in enumerate(statements):
        if i in with_bounds:
            kept.append(i)
            continue
        said = statement.interpretation
        sign = _SIGN.get(said, _GOOD.get(said, 0) * _SIDE.get(improvement, 0))
        follows = kept and _follows(statement, statements[kept[-1]])
        if statement.known is not None or not sign or _covered(statement, numbers) or not follows:
            continue
        facts.append((kept[-1], i) if sign > 0 else (i, kept[-1]))
        kept.append(i)
    return kept, facts


def _covered(statement: Statement, numbers: Sequence[Interval | None]) -> bool:
    when = statement.when
    return when is not None and any(when.overlaps(day) for day in numbers if day is not None)


def _follows(statement: Statement, earlier: Statement) -> bool:
    return earlier.when is not None and statement.when is not None and earlier.when.certainly_below(statement.when)
