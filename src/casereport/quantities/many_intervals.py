"""Intervals as columns: many at once, in arrays of one shape."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from casereport.quantities.intervals import Compared, Interval

Floats = npt.NDArray[np.float64]
Flags = np.ndarray


@dataclass(frozen=True, slots=True, eq=False)
class Intervals(Compared[Flags]):
    """One interval in each place; both ends are NaN where none is known."""

    low: Floats
    high: Floats
    low_open: Flags
    high_open: Flags

    @classmethod
    def of(cls, intervals: Iterable[Interval | None]) -> "Intervals":
        """These intervals, in their order."""
        ends = [(np.nan, np.nan, 0, 0) if i is None else (i.low, i.high, i.low_open, i.high_open) for i in intervals]
        low, high, low_open, high_open = np.array(ends, dtype=float).reshape(-1, 4).T
        return cls(low, high, low_open > 0, high_open > 0)

    @classmethod
    def exact(cls, values: Floats) -> "Intervals":
        """These numbers; NaN where none is known."""
        closed = np.zeros(values.shape, dtype=bool)
        return cls(values, values, closed, closed)

    def __len__(self) -> int:
        return len(self.low)

    def __getitem__(self, places: Any) -> "Intervals":
        return Intervals(self.low[places], self.high[places], self.low_open[places], self.high_open[places])

    def turned(self, down: Flags) -> "Intervals":
        """The intervals of the values times -1 where `down`, which may be one for each row."""
        return Intervals(
            np.where(down, -self.high, self.low),
            np.where(down, -self.low, self.high),
            np.where(down, self.high_open, self.low_open),
            np.where(down, self.low_open, self.high_open),
        )
