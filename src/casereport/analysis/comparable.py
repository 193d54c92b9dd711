"""Which statements about an analyte enter a comparison, each piece of knowledge once.

What a text says in words of a period in which the table has numbers ("normal on days 2 to 4") is a statement about
those numbers, and no measurement beside them. A statement of order ("rose since the day before") has no bounds and
enters nothing. Nor does what is inferred in words: that a count was low before follows from "back to normal", and is no
evidence for it.
"""

from collections.abc import Sequence
from typing import Protocol

from casereport.quantities.intervals import Interval

# Of one value before and one after, an effect size only repeats which of the two is higher.
FEWEST = 3


class Statement(Protocol):
    """What is stated of one analyte and day."""

    @property
    def when(self) -> Interval | None: ...
    @property
    def known(self) -> Interval | None: ...
    @property
    def numeric(self) -> bool: ...
    @property
    def evidence(self) -> str: ...


def bounded(statements: Sequence[Statement]) -> set[int]:
    """The positions of those statements of one analyte that have bounds and enter a comparison."""
    numbers = [s.when for s in statements if s.numeric]
    return {i for i, s in enumerate(statements) if s.known is not None and (s.numeric or _counts(s, numbers))}


def _counts(words: Statement, numbers: Sequence[Interval | None]) -> bool:
    return words.evidence != "inferred" and not _covered(words, numbers)


def _covered(statement: Statement, numbers: Sequence[Interval | None]) -> bool:
    when = statement.when
    return when is not None and any(when.overlaps(day) for day in numbers if day is not None)
