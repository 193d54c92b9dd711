"""Intervals as columns: what `Interval` says of one value, said of the values of many patients at once.

Each comparison is one line of arithmetic; words are made once for each distinct value.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from casereport.analysis.judgement.position import ABOVE, BELOW, IN, told
from casereport.analysis.statistics.orderings import Floats
from casereport.analysis.tidy import spread
from casereport.quantities.intervals import Interval

Flags = np.ndarray
Texts = np.ndarray


@dataclass(frozen=True)
class Intervals:
    """One interval in each place; both ends are NaN where none is known."""

    low: Floats
    high: Floats
    low_open: Flags
    high_open: Flags

    @classmethod
    def of(cls, intervals: list[Interval | None]) -> "Intervals":
        """These intervals, as columns."""
        ends = [(np.nan, np.nan, False, False) if i is None else _ends(i) for i in intervals]
        low, high, low_open, high_open = np.array(ends, dtype=float).reshape(-1, 4).T
        return cls(low, high, low_open > 0, high_open > 0)

    def one_by_one(self) -> list[Interval]:
        """The intervals of one row, each as such."""
        rows = zip(self.low, self.high, self.low_open, self.high_open, strict=True)
        return [Interval(float(a), float(b), bool(c), bool(d)) for a, b, c, d in rows]

    def __getitem__(self, places: Any) -> "Intervals":
        return Intervals(self.low[places], self.high[places], self.low_open[places], self.high_open[places])

    @property
    def exact(self) -> Flags:
        """Where it is a plain number."""
        return self.low == self.high

    def certainly_below(self, other: "Intervals") -> Flags:
        """Where every value here is lower than every value of the other."""
        return (self.high < other.low) | ((self.high == other.low) & (self.high_open | other.low_open))

    def within(self, other: "Intervals") -> Flags:
        """Where every value here lies in the other."""
        low = (self.low > other.low) | ((self.low == other.low) & (self.low_open | ~other.low_open))
        high = (self.high < other.high) | ((self.high == other.high) & (self.high_open | ~other.high_open))
        return low & high

    def places(self, reference: "Intervals") -> Texts:
        """As `judgement.position.places`, the places with blanks between them."""
        return _PLACES[self._codes(reference)]

    def position(self, reference: "Intervals") -> Texts:
        """As `judgement.position.position`."""
        return _POSITIONS[self._codes(reference)]

    def _codes(self, reference: "Intervals") -> np.ndarray:
        higher = (self.low > reference.low) | ((self.low == reference.low) & (self.low_open | ~reference.low_open))
        lower = (self.high < reference.high) | ((self.high == reference.high) & (self.high_open | ~reference.high_open))
        inside = ~(self.certainly_below(reference) | reference.certainly_below(self))
        codes = (~higher) + 2 * inside + 4 * (~lower)
        return np.where(np.isnan(self.low) | np.isnan(reference.low), 0, codes)

    def direction(self, after: "Intervals") -> Texts:
        """As `changes.direction`, from here to `after`."""
        same = self.exact & (after.low == self.low) & (after.high == self.high)
        found = [self.certainly_below(after), after.certainly_below(self), same]
        return np.select(found, ["rose", "fell", "same"], "not certain")

    def ratio(self, after: "Intervals") -> tuple[Floats, Floats]:
        """The bounds of after/here as a change has them; NaN where the denominator can be 0."""
        none = (self.low < 0) | (after.low < 0) | (self.high == 0)
        with np.errstate(all="ignore"):
            low = np.where(np.isfinite(self.high), after.low / self.high, 0.0)
            high = np.where((self.low > 0) & np.isfinite(after.high), after.high / self.low, np.inf)
        return np.where(none, np.nan, low), np.where(none, np.nan, high)

    def columns(self, name: str = "", number: str = "") -> dict[str, np.ndarray]:
        """The plain columns of a table, as `tidy.spread` makes them of one interval."""
        found = {number: np.where(self.exact, self.low, np.nan)} if number else {}
        codes = self.low_open + 2 * self.high_open + 4 * np.isnan(self.low)
        return found | {f"{name}low": self.low, f"{name}high": self.high, f"{name}closed": _WORDS[codes]}


def _ends(interval: Interval) -> tuple[float, float, bool, bool]:
    return interval.low, interval.high, interval.low_open, interval.high_open


_PLACES = np.array(
    [" ".join(p for bit, p in enumerate((BELOW, IN, ABOVE)) if code & 1 << bit) for code in range(8)], dtype=object
)

_POSITIONS = np.array([told(tuple(places.split())) for places in _PLACES], dtype=object)

# the words of `spread` for which ends belong to an interval, by the code of `columns`
_KNOWN = [Interval(0.0, 1.0, bool(code & 1), bool(code & 2)) for code in range(4)]
_WORDS = np.array([spread(interval)["closed"] for interval in [*_KNOWN, *[None] * 4]], dtype=object)


def once_each(function: Callable[..., Any], *columns: Any) -> Texts:
    """What the function says of each row of the columns, asked once for each distinct one."""
    if len(columns) == 1:
        codes, distinct = pd.factorize(np.asarray(columns[0], dtype=object))
        rows = [(one,) for one in distinct]
    else:
        codes, rows = pd.factorize(pd.MultiIndex.from_arrays(columns))
    return np.array([function(*row) for row in rows], dtype=object)[codes]
