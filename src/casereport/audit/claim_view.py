"""What a claim about an analyte is held against, and how both are put into words."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from casereport.analysis.judgement.position import OPEN, position
from casereport.analysis.measurements import Measurement, comparable, measurements
from casereport.audit.findings import (
    Number,
    documents,
    documents_that,
    numbers,
    on_day,
    range_text,
    reference_of,
    same_number,
    spoken,
)
from casereport.audit.verdicts import Part, matches, settle
from casereport.case.case import Case
from casereport.case.claim_terms import Quantity
from casereport.case.rows import Claim, Observation
from casereport.quantities.intervals import Interval
from casereport.quantities.vocabulary import Analyte
from casereport.quantities.wording import figure_text, interval_text, printed_text

COUNTABLE = ("count", "rate", "ratio", "pressure")
AGREEMENT = {True: "in agreement", False: "not in agreement", None: "not exact enough to tell"}


class Place(NamedTuple):
    """A row that a verdict rests on: its file, its line there, and where in the source it stands."""

    file: str
    line: int
    locator: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """A verdict, what was found in plain words, and the rows it rests on."""

    verdict: str
    found: str
    rows: tuple[Place, ...] = ()


@dataclass(frozen=True, slots=True)
class Reading:
    """What the documents that count have of an analyte on some days: a measurement with bounds, and its rows."""

    when: Interval
    known: Interval
    measured: Measurement
    rows: tuple[Observation, ...]


def readings(case: Case, rows: Sequence[Observation], infusion_day: str) -> list[Reading]:
    """The readings of one analyte that `rows` give, in order of days; without a lag, for a source knows none."""
    by_line = {row.line: row for row in rows}
    return [
        Reading(m.when, m.known, m, tuple(by_line[line] for line in m.lines))
        for m in comparable(measurements(case, 0, infusion_day, rows))
        if m.when is not None and m.known is not None
    ]


def places(rows: Iterable[Observation]) -> tuple[Place, ...]:
    """Where rows of observations.csv stand, each once."""
    return tuple(dict.fromkeys(Place("observations.csv", row.line, row.source) for row in rows))


@dataclass(frozen=True, slots=True)
class View:
    """A claim with the readings that it is held against, in order of days.

    `printed` is a row with the reference range that the source prints for the analyte, or nothing.
    """

    claim: Claim
    analyte: Analyte
    readings: list[Reading]
    printed: list[Observation]

    def outcome(self, parts: Iterable[Part], found: str, rows: Iterable[Reading]) -> Outcome:
        """The outcome for these parts of the claim, resting on these readings."""
        return Outcome(settle(parts), found, places(row for reading in rows for row in reading.rows))

    def window(self, anchored: bool = True) -> list[Reading]:
        """The readings that certainly lie in the claim's window, and in the phase that it names."""
        days = window_of(self.claim)
        return [r for r in (self.of_phase() if anchored else self.readings) if r.when.within(days)]

    def of_phase(self) -> list[Reading]:
        """The readings in the phase that the claim names, or all where it names none."""
        return [r for r in self.readings if self.claim.anchor in ("", r.measured.phase)]

    @property
    def named(self) -> str:
        """The analyte inside a sentence: `the lymphocyte count`, `C-reactive protein`."""
        name = spoken(self.analyte)
        return f"the {name}" if name.endswith(COUNTABLE) else name

    def says(self, verb: str = "says") -> str:
        """The claim's own documents as the beginning of a sentence: `the text says`."""
        return documents_that([self.claim.source], verb)

    def has(self, rows: Iterable[Reading]) -> str:
        """The documents of `rows` as the beginning of a clause: `Table 1 has`."""
        joined = "; ".join(r.measured.source for r in rows)
        own = "another passage of " if documents(joined) <= documents(self.claim.source) else ""
        return own + documents_that([joined], "has")

    def has_nothing(self, days: Interval) -> str:
        """What to say where no reading falls on the days of the claim."""
        if not self.readings:
            return "no measurement of it in another document is at hand"
        return f"{self.has(self.readings)} no value for {'that day' if days.is_exact else 'those days'}"

    def value(self, reading: Reading) -> str:
        """A reading with its day: `316.00 U/L (day 2)`."""
        return f"{self.number(reading)} ({on_day(reading.when).removeprefix('on ')})"

    def number(self, reading: Reading) -> str:
        """A reading as printed, or what is known of it."""
        if reading.measured.numeric:
            return printed_text(reading.measured.printed)
        return interval_text(reading.known, self.analyte.unit)

    def agrees(self, quantity: Quantity, reading: Reading) -> Part:
        """True when the claim's number is the one that every document has; None where that is open."""
        answers = [self._agrees(quantity, number) for number in numbers(reading.rows)]
        if not answers or None in answers:
            return None
        return all(answers)

    def _agrees(self, quantity: Quantity, number: Number) -> Part:
        if quantity.known.is_exact and number.known.is_exact:
            return same_number(quantity, number, self.analyte)
        return matches(quantity.known, number.known)

    def difference(self, quantity: Quantity, reading: Reading) -> str:
        """What a reading has beside the claim's number: `the same`, `1 mg/L lower`, or that it is open."""
        known, answer = reading.known, self.agrees(quantity, reading)
        if not (known.is_exact and quantity.known.is_exact):
            return AGREEMENT[answer]
        if answer is not False:
            return "the same"
        gap = known.low - quantity.known.low
        unit = "percentage points" if self.analyte.unit == "%" else self.analyte.unit
        size = interval_text(Interval.exact(float(f"{abs(gap):.3g}")), unit)
        if unit == "percentage points" and figure_text(abs(gap)) == "1":
            size = "1 percentage point"
        return f"{size} {'higher' if gap > 0 else 'lower'}"

    def reference(self, reading: Reading) -> Interval | None:
        """The reference range of a reading: its own if it is printed, else the one that the source prints elsewhere."""
        return reference_of(reading.measured, *self.printed)

    def position(self, reading: Reading) -> str:
        """Where a reading is against its reference range, as `judgement.position.position()`."""
        flag = "" if self.printed else reading.measured.flag
        return position(reading.known, self.reference(reading), flag)

    def place(self, reading: Reading) -> str:
        """Where a reading is in words: `in the printed reference range (50 to 310 U/L)`."""
        where = self.position(reading)
        return f"{'not certainly in or outside' if where in ('', OPEN) else where} {self.range_text(reading)}"

    def range_text(self, reading: Reading) -> str:
        """The reference range of a reading in words."""
        return range_text(self.analyte, reading.measured, *self.printed)


def window_of(claim: Claim) -> Interval:
    """The days from `from_day` to `to_day`; one day for a value or an extreme, else open where one is not given."""
    begins, ends = claim.begins, claim.ends
    if claim.kind in ("value", "extreme") and begins is not None and ends is None:
        return begins
    return Interval(-math.inf if begins is None else begins.low, math.inf if ends is None else ends.high)


def falls_on(when: Interval, days: Interval) -> bool:
    """True for a row of these days, or of a period around them; not where only a beginning or an end is known."""
    bounded = math.isfinite(when.low) and math.isfinite(when.high)
    return when.within(days) or (bounded and days.within(when))


def quantity_text(quantity: Quantity) -> str:
    """The claim's number as printed, for reading."""
    return printed_text(f"{quantity.text} {quantity.unit}")
