"""Pairs of phases, many at once, and what an index of them says.

An index is computed for all pairs with the same numbers of values; called with the two phases of one patient, it is
that of a single pair.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property, update_wrapper
from numbers import Real
from statistics import NormalDist
from typing import Literal

import numpy as np

from casereport.analysis.statistics.orderings import Whole, highest, lowest, read_phase, whole_numbers
from casereport.analysis.statistics.overlap import Completion
from casereport.quantities.intervals import Interval
from casereport.quantities.many_intervals import Flags, Floats, Intervals

Values = Sequence[float | Interval]
Improvement = Literal["increase", "decrease"]
Texts = np.ndarray
Notes = list[tuple[Flags | bool, str]]  # where each is said


@dataclass(frozen=True, slots=True)
class Estimate:
    """One effect size and what is known of its precision.

    `low` and `high` bound the index over every completion of interval-valued data; `value` is given where they agree,
    as for exact data. `se`, `ci_low` and `ci_high` are given only beside a value. None means that the data or the
    literature do not give it: `note` says why, in plain words. `n_baseline` and `n_treatment` count the values.
    """

    value: float | None
    low: float | None
    high: float | None
    se: float | None
    ci_low: float | None
    ci_high: float | None
    n_baseline: int
    n_treatment: int
    note: str


@dataclass(frozen=True, eq=False)
class Pairs:
    """Pairs of phases, m and n values in each, a pair a row; improvement is a decrease where `down`."""

    baseline: Intervals
    treatment: Intervals
    down: Flags
    confidence: float = 0.95

    def __post_init__(self) -> None:
        if not isinstance(self.confidence, Real) or not 0 < self.confidence < 1:
            raise ValueError(f"confidence is {self.confidence!r}; expected a number between 0 and 1, such as 0.95")

    @classmethod
    def read(cls, baseline: Values, treatment: Values, improvement: str, confidence: float) -> "Pairs":
        """The one pair that two sequences of numbers and Intervals in time order state.

        Raises ValueError for an empty phase, a missing value, an unknown `improvement` and a `confidence` not within
        0..1.
        """
        if improvement not in ("increase", "decrease"):
            raise ValueError(f"improvement is {improvement!r}; expected 'increase' or 'decrease'")
        a, b = read_phase(baseline, "baseline"), read_phase(treatment, "treatment phase")
        return cls(a[None], b[None], np.array([improvement == "decrease"]), confidence)

    def __len__(self) -> int:
        return len(self.down)

    def __getitem__(self, rows: Flags) -> "Pairs":
        return Pairs(self.baseline[rows], self.treatment[rows], self.down[rows], self.confidence)

    @property
    def lengths(self) -> tuple[int, int]:
        """The numbers of values before and after, m and n."""
        return self.baseline.low.shape[1], self.treatment.low.shape[1]

    @property
    def low(self) -> Floats:
        """The low ends of all values, those before and those after."""
        return np.hstack([self.baseline.low, self.treatment.low])

    @property
    def z(self) -> float:
        """How many standard errors an interval reaches."""
        return -NormalDist().inv_cdf((1 - self.confidence) / 2)

    @cached_property
    def sides(self) -> tuple[Intervals, Intervals]:
        """Both phases, turned so that larger is better."""
        down = self.down[:, None]
        return self.baseline.turned(down), self.treatment.turned(down)

    @cached_property
    def exact_before(self) -> Flags:
        """Whether every value before is a plain number."""
        return np.all(self.baseline.is_exact, axis=1)

    @cached_property
    def exact(self) -> Flags:
        """Whether every value is a plain number."""
        return self.exact_before & np.all(self.treatment.is_exact, axis=1)

    @cached_property
    def worst(self) -> Completion:
        """A high baseline and a low treatment: the least of what rises with treatment and falls with baseline."""
        return Completion(highest(self.sides[0]), lowest(self.sides[1]))

    @cached_property
    def best(self) -> Completion:
        """A low baseline and a high treatment, which give the greatest."""
        return self.worst if self.exact.all() else Completion(lowest(self.sides[0]), highest(self.sides[1]))

    @cached_property
    def whole(self) -> list[tuple[np.ndarray, list[Whole]]]:
        """Low and high ends of both phases as `whole_numbers`, and the rows of each part."""
        return list(whole_numbers(*(end for side in self.sides for end in (side.low, side.high))))


@dataclass(frozen=True, eq=False)
class Estimates:
    """An index of each of many pairs, as an `Estimate` has it; NaN where there is none."""

    pairs: Pairs
    low: Floats
    high: Floats
    se: Floats
    ci_low: Floats
    ci_high: Floats
    notes: Notes

    @property
    def value(self) -> Floats:
        """The index where its bounds agree."""
        return np.where(self.low == self.high, self.low, math.nan)

    @cached_property
    def note(self) -> Texts:
        """What is said of each pair: the notes that apply to it."""
        codes = np.zeros(len(self.pairs), dtype=np.int64)
        for bit, (applies, _) in enumerate(self.notes):
            codes |= np.asarray(applies, dtype=np.int64) << bit
        distinct, back = np.unique(codes, return_inverse=True)
        said = ["; ".join(text for bit, (_, text) in enumerate(self.notes) if code >> bit & 1) for code in distinct]
        return np.array(said, dtype=object)[back]

    def one(self) -> Estimate:
        """The index of a single pair."""
        columns = (self.value, self.low, self.high, self.se, self.ci_low, self.ci_high)
        numbers = [None if math.isnan(column[0]) else float(column[0]) for column in columns]
        return Estimate(*numbers, *self.pairs.lengths, self.note[0])  # type: ignore[call-arg, arg-type]


class Index:
    """An effect size: `of_each` gives that of many pairs, and a call with two phases that of one."""

    def __init__(self, of_each: Callable[[Pairs], Estimates]) -> None:
        self.of_each = of_each
        update_wrapper(self, of_each)

    def __call__(
        self, baseline: Values, treatment: Values, improvement: str = "increase", confidence: float = 0.95
    ) -> Estimate:
        """The index of one pair; raises ValueError as `Pairs.read`."""
        return self.of_each(Pairs.read(baseline, treatment, improvement, confidence)).one()
