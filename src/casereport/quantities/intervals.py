"""The interval: the one grammar that values and days of a case share.

What is known of a clinical quantity is often less than a number: a result below the detection limit, the range over
a period, "lower than normal". All of these are intervals with open or closed ends, and so is a plain number. An
interval is compared by what is certain: two of them are ordered only when every completion gives the same order.

    12.5   <0.10   <=90   >90   >=90   36.6..36.9   (empty: not known)
"""

import math
import re
from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from typing import Any, Generic, Self, TypeVar

EXPECTED = "a number with a decimal point (12.5), a bound (<0.10, <=0.10, >90, >=90), a range (36.6..36.9) or nothing"

# No quantity of a patient is larger in any unit: the cells of a body are 4e13, and are counted in millions.
LARGEST = 1e15

_NUMBER = r"[+-]?(?:\d+(?:\.\d+)?|\.\d+)(?:[eE][+-]?\d+)?"
_EXACT = re.compile(_NUMBER, re.ASCII)
_BOUND = re.compile(rf"(<=|>=|<|>)\s*({_NUMBER})", re.ASCII)
_RANGE = re.compile(rf"({_NUMBER})\s*\.\.\s*({_NUMBER})", re.ASCII)


Truth = TypeVar("Truth")


class Compared(Generic[Truth]):
    """What is certain of an interval, or of each of many in arrays: the operators are those that both have."""

    __slots__ = ()
    low: Any
    high: Any
    low_open: Any
    high_open: Any

    @property
    def is_exact(self) -> Truth:
        """True for a plain number."""
        exact: Truth = self.low == self.high
        return exact

    def certainly_below(self, other: Self) -> Truth:
        """True when every value here is lower than every value of `other`."""
        below: Truth = (self.high < other.low) | ((self.high == other.low) & (self.high_open | other.low_open))
        return below

    def certainly_above(self, other: Self) -> Truth:
        """True when every value here is higher than every value of `other`."""
        return other.certainly_below(self)

    def reaches_below(self, other: Self) -> Truth:
        """True when some value here is lower than every value of `other`."""
        reaches: Truth = (self.low < other.low) | ((self.low == other.low) & (self.low_open < other.low_open))
        return reaches

    def reaches_above(self, other: Self) -> Truth:
        """True when some value here is higher than every value of `other`."""
        reaches: Truth = (self.high > other.high) | ((self.high == other.high) & (self.high_open < other.high_open))
        return reaches


@dataclass(frozen=True, slots=True)
class Interval(Compared[bool]):
    """All values from `low` to `high`; an open end is not itself included. `Interval.exact(x)` is a plain number."""

    low: float
    high: float
    low_open: bool = False
    high_open: bool = False

    def __post_init__(self) -> None:
        if math.isnan(self.low) or math.isnan(self.high):
            raise ValueError("an interval has no NaN end: a value that is not known is None")
        if math.isinf(self.low) and not self.low_open:
            object.__setattr__(self, "low_open", True)
        if math.isinf(self.high) and not self.high_open:
            object.__setattr__(self, "high_open", True)
        if self.low > self.high or (self.low == self.high and (self.low_open or self.high_open)):
            raise ValueError(f"an empty interval: from {self.low:g} to {self.high:g}")

    @classmethod
    def exact(cls, value: float) -> "Interval":
        """The interval that holds one number."""
        return cls(float(value), float(value))

    @property
    def kind(self) -> str:
        """`exact`, `above` (no upper end), `below` (no lower end, or a limit down to nothing), or `range`."""
        if self.is_exact:
            return "exact"
        if math.isinf(self.high):
            return "above"
        # [0, x) is how a concentration below x is written; [0, x] may as well be a range that begins at 0
        return "below" if math.isinf(self.low) or (self.low == 0 and self.high_open) else "range"

    def __contains__(self, x: float) -> bool:
        above = x > self.low or (x == self.low and not self.low_open)
        below = x < self.high or (x == self.high and not self.high_open)
        return above and below

    def within(self, other: "Interval") -> bool:
        """True when every value here lies in `other`."""
        return not (self.reaches_below(other) or self.reaches_above(other))

    def overlaps(self, other: "Interval") -> bool:
        """True when some value lies in both."""
        return not (self.certainly_below(other) or self.certainly_above(other))

    def rescaled(self, factor: Fraction, offset: Fraction = Fraction(0)) -> "Interval":
        """The interval in another unit: x * factor + offset, computed exactly, with a positive factor."""
        if factor == 1 and not offset:
            return self

        def convert(x: float) -> float:
            return x if math.isinf(x) else float(Fraction(repr(x)) * factor + offset)

        return Interval(convert(self.low), convert(self.high), self.low_open, self.high_open)

    def __str__(self) -> str:
        if self.kind == "exact":
            return number(self.low)
        if self.kind == "above":
            return "any" if math.isinf(self.low) else f"{'>' if self.low_open else '>='}{number(self.low)}"
        if self.kind == "below":
            return f"{'<' if self.high_open else '<='}{number(self.high)}"
        return f"{number(self.low)}..{number(self.high)}"


def between(low: float | None, high: float | None) -> Interval | None:
    """The range between two limits, either of which may be None for no limit; None where both are."""
    if low is None and high is None:
        return None
    return Interval(-math.inf if low is None else low, math.inf if high is None else high)


def number(x: float) -> str:
    """The shortest text that reads back as `x`, without a trailing `.0`."""
    return repr(float(x)).removesuffix(".0")


@lru_cache(maxsize=4096)  # a day or a value is asked for by each check
def parse(text: str, floor: float = -math.inf) -> Interval | None:
    """The interval that `text` states, or None for an empty text.

    `floor` is the smallest possible value: 0 for a concentration, so that `<0.10` is [0, 0.10); minus infinity for a
    day. Raises ValueError, naming the text and what was expected, for anything outside the grammar.
    """
    text = text.strip()
    if not text:
        return None
    if _EXACT.fullmatch(text):
        return Interval.exact(_finite(text, text))
    if match := _BOUND.fullmatch(text):
        sign, bound = match[1], _finite(match[2], text)
        if sign.startswith("<"):
            if bound < floor or (bound == floor and sign == "<"):
                raise ValueError(f"{text!r} leaves nothing: the smallest possible value is {number(floor)}")
            return Interval(floor, bound, math.isinf(floor), sign == "<")
        return Interval(bound, math.inf, sign == ">", True)
    if match := _RANGE.fullmatch(text):
        low, high = _finite(match[1], text), _finite(match[2], text)
        if low > high:
            raise ValueError(f"{text!r} runs backwards: write the lower end first")
        return Interval(low, high)
    raise ValueError(f"{_short(text)!r} is not a value; expected {EXPECTED}")


def in_grammar(text: str) -> bool:
    """True for a text that `parse` reads, the empty one among them."""
    try:
        parse(text)
    except ValueError:
        return False
    return True


def is_interval(text: str) -> bool:
    """True for a text that `parse` reads as something."""
    return in_grammar(text) and parse(text) is not None


def _finite(text: str, whole: str) -> float:
    value = float(text)
    if abs(value) > LARGEST or len(text.lower().partition("e")[2].lstrip("+-0")) > 2:
        raise ValueError(f"{_short(whole)!r} is too large or too small to be a value")
    if value == 0 and text.startswith("-"):
        raise ValueError(f"{_short(whole)!r} is zero with a sign; write 0")
    return value


def _short(text: str) -> str:
    return text if len(text) <= 60 else text[:57] + "..."


def likely(text: str) -> str:
    """What a text outside the grammar most likely means, or an empty text where that is not clear.

    Another minus, a blank in a number, one comma that can only be the decimal mark, a sign of another typeface: these
    have one reading. `1,234` has two and gets none, and neither has a date.
    """
    mended = text.translate(_SIGNS)
    mended = re.sub(r"(?<=\d)[\s_'](?=\d{3}(?!\d))", "", mended)
    mended = re.sub(r"(?<=[\d.])\s*(?:to|~|\u2013)\s*(?=[\d.])", "..", mended)
    mended = re.sub(r"(?<![\d,.])(0(?=,)|\d+(?=,(?:\d\d?|\d{4,})(?!\d))),(?=\d+(?![\d,.]))", r"\1.", mended)
    mended = re.sub(r"[Oo](?=[\d.])|(?<=[\d.])[Oo]", "0", mended)
    try:
        return mended if mended != text and parse(mended) is not None else ""
    except ValueError:
        return ""


_SIGNS = str.maketrans({"−": "-", "‐": "-", "‑": "-", "＜": "<", "＞": ">", "≤": "<=", "≥": ">=", "，": ",", "．": "."})


def order_of(day: Interval | None) -> tuple[float, int, float]:
    """A key that sorts days: `<0` just before 0, `>4` just after 4, a range by its start, an unknown day last."""
    if day is None:
        return (math.inf, 1, math.inf)
    if math.isinf(day.low):
        return (day.high, -1, day.high)
    return (day.low, 1 if day.low_open else 0, day.high)


def hull(intervals: Iterable[Interval]) -> Interval:
    """The smallest interval that holds all of `intervals`; raises ValueError when there are none."""
    items = list(intervals)
    if not items:
        raise ValueError("no interval to span")
    low, low_open = min((i.low, i.low_open) for i in items)  # at the same end, closed (False) is the wider
    high, high_shut = max((i.high, not i.high_open) for i in items)
    return Interval(low, high, low_open, not high_shut)


def from_interpretation(code: str, reference: Interval | None, floor: float = 0.0) -> Interval | None:
    """What an HL7 interpretation code says of the value, given the reference range; None when it gives no bound.

    `L` is all below the range, from `floor`; `N` is the range, `H` all above it. `U`, `D`, `B` and `W` order a value
    against the one before and bound nothing by themselves.
    """
    if reference is None:
        return None
    if code in ("L", "LL") and reference.low > floor:
        return Interval(floor, reference.low, math.isinf(floor), not reference.low_open)
    if code == "N":
        return Interval(floor, reference.high, False, reference.high_open) if reference.low < floor else reference
    if code in ("H", "HH") and math.isfinite(reference.high):
        return Interval(reference.high, math.inf, not reference.high_open, True)
    return None


@lru_cache(maxsize=4096)  # asked for each number by several checks
def printed_half_unit(text: str) -> float:
    """Half a unit of the last printed digit: 0.05 for `2.8`, 0.005 for `2.80`. What rounding to print may hide."""
    mantissa, _, exponent = text.strip().lstrip("<>=+-").lower().partition("e")
    decimals = len(mantissa.partition(".")[2])
    return 0.5 * 10.0 ** (int(exponent or 0) - decimals)
