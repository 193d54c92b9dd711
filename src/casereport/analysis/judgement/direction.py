"""Whether a value rose or fell: what every completion of the two agrees on."""

from typing import Any

from casereport.quantities.intervals import Compared, Interval

DIRECTIONS = ("not certain", "rose", "fell", "same")


def direction(before: Interval, after: Interval) -> str:
    """`rose`, `fell` or `same` where every completion agrees, else `not certain`."""
    return DIRECTIONS[direction_code(before, after)]


def direction_code(before: Compared, after: Compared) -> Any:
    """The direction as its place in DIRECTIONS; or of many changes the codes."""
    same = before.is_exact & after.is_exact & (before.low == after.low)
    return before.certainly_below(after) + 2 * before.certainly_above(after) + 3 * same
