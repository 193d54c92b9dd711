"""What a claim about an analyte is held against, and how both are put into words."""

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from casereport.analysis.judgement.material import NO, YES, ChangeLimits, limits_of, material
from casereport.analysis.judgement.position import FLAGS, IN, OPEN, places, told
from casereport.analysis.measurements import BOUNDS, Measurement, measurements, rounding, same_number
from casereport.audit.findings import (
    Number,
    documents,
    documents_that,
    numbers,
    printed_interval,
    range_text,
)
from casereport.audit.verdicts import Part, matches, settle
from casereport.case.case import Case
from casereport.case.claim_terms import Quantity, is_day
from casereport.case.observations import origin_lines
from casereport.case.rows import Claim, Observation, Treatment
from casereport.quantities.intervals import Interval, parse
from casereport.quantities.vocabulary import Analyte
from casereport.quantities.wording import ORDERED, day_text, figure_text, interval_text, on_day, printed_text, spoken

ANYTHING = Interval(-math.inf, math.inf)
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
    """The readings of one analyte that `rows` give, in order of days; without a lag, for a source knows none.

    A word (low, normal, high) counts where no number of the day does, also where no range gives it bounds.
    """
    by_line = {row.line: row for row in case.observations}  # `rows` may have the documents of what they derive from
    table = measurements(case, 0, infusion_day, rows)
    numeric = [m.when for m in table if m.numeric and m.when is not None]
    found = []
    for m in table:
        if m.when is None:
            continue
        known = m.known if m.enters == BOUNDS else None
        if m.known is None and m.flag in FLAGS and not any(m.when.overlaps(day) for day in numeric):
            known = ANYTHING
        if known is not None:
            found.append(Reading(m.when, known, m, tuple(by_line[line] for line in m.lines)))
    return found


def rows_of(rows: Iterable[Observation]) -> tuple[Place, ...]:
    """Where rows of observations.csv stand, each once; of a derived value, those that it was derived from."""
    found = [Place("observations.csv", line, row.source) for row in rows for line in origin_lines(row) or (row.line,)]
    return tuple(dict.fromkeys(found))


def units_a_day(case: Case) -> int:
    """How many days of the tables a day has: 24 in a case that counts hours."""
    return 24 if case.meta.time_unit == "hours" else 1


def dose_place(row: Treatment) -> Place:
    """Where a row of interventions.csv stands."""
    return Place("interventions.csv", row.line, row.source)


@dataclass(frozen=True, slots=True)
class View:
    """A claim with the readings that it is held against, in order of days.

    `other` is the analyte that it is compared with, `others` its readings, `words` what other documents say of its
    order (higher than before). `counting` are the phases in which a return counts, not those before the dose on day
    `since`. `hours` are those of a day of the tables: 1 in a case that counts hours. `turning` tells under how many
    other choices a change between two phases turns, and of how many, as `sensitivity.turning()`. `phase` is the name of
    the one that the claim is about, if it is.
    """

    claim: Claim
    analyte: Analyte
    readings: list[Reading]
    other: Analyte | None
    others: list[Reading]
    words: list[Observation]
    counting: frozenset[str]
    since: float = -math.inf
    hours: int = 24
    turning: Callable[[tuple[str, str]], tuple[int, int]] = lambda _: (0, 0)
    phase: str = ""

    def outcome(self, parts: Iterable[Part], found: str, rows: Iterable[Reading]) -> Outcome:
        """The outcome for these parts of the claim, resting on these readings."""
        return Outcome(settle(parts), found, rows_of(row for reading in rows for row in reading.rows))

    def window(self, anchored: bool = True) -> list[Reading]:
        """The readings that certainly lie in the claim's window, and in the phase that it names."""
        days = window_of(self.claim)
        return [r for r in (self.of_phase() if anchored else self.readings) if r.when.within(days)]

    def of_phase(self) -> list[Reading]:
        """The readings in the phase that the claim names, or all where it names none."""
        return [r for r in self.readings if self.claim.anchor in ("", r.measured.phase)]

    def counts(self, reading: Reading) -> bool:
        """True for a reading of a time in which a return counts; a day of no phase does after the dose."""
        phase = reading.measured.phase
        return phase in self.counting if phase else reading.when.low > self.since

    @property
    def named(self) -> str:
        """The analyte inside a sentence."""
        return named(self.analyte)

    def says(self, verb: str = "says") -> str:
        """The claim's own documents as the beginning of a sentence: `the text says`.

        What whoever wrote the claim down reads into the source, `(read: ...)` in its statement, it does not say itself.
        """
        read = verb == "says" and any(mark in self.claim.statement for mark in ("read: ", "read as "))
        return documents_that([self.claim.source], "is" if read else verb) + (" read as saying" if read else "")

    def has(self, rows: Iterable[Reading]) -> str:
        """The documents of `rows` as the beginning of a clause: `Table 1 has`."""
        joined = "; ".join(r.measured.source for r in rows)
        own = "another passage of " if documents(joined) <= documents(self.claim.source) else ""
        return own + documents_that([joined], "has")

    def has_nothing(self, days: Interval) -> str:
        """What to say where no reading falls on the days of the claim."""
        if not self.readings:
            return "no independent record"
        return f"{self.has(self.readings)} no value for {'that day' if days.is_exact else 'those days'}"

    def value(self, reading: Reading) -> str:
        """A reading with its day: `316.00 U/L (day 2)`."""
        return f"{self.number(reading)} ({day_text(reading.when)})"

    def number(self, reading: Reading) -> str:
        """A reading as printed, or what is known of it."""
        measured = reading.measured
        if measured.numeric:
            derived = " (derived)" if any(origin_lines(row) for row in reading.rows) else ""
            return printed_text(measured.printed) + derived
        if measured.interpretation in ORDERED:
            return f"“{ORDERED[measured.interpretation]}” in words"
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
        slack = max(rounding(quantity, self.analyte), rounding(number, self.analyte))
        return matches(printed_interval(quantity, slack), printed_interval(number, 0.0))

    def difference(self, quantity: Quantity, reading: Reading) -> str:
        """What a reading has beside the claim's number: `the same`, `1 mg/L lower`, or that it is open."""
        known, answer = reading.known, self.agrees(quantity, reading)
        if not (known.is_exact and quantity.known.is_exact):
            return AGREEMENT[answer]
        if answer is not False:
            return "the same"
        gap = (known.low - quantity.known.low) / self.analyte.factor(quantity.unit)
        unit = quantity.unit if quantity.unit in self.analyte.conversions else self.analyte.unit
        unit = "percentage points" if unit == "%" else unit
        digits = max(3, len(f"{abs(gap):.0f}"))  # 14129 and 4320 are 9809 apart, not 9810
        size = interval_text(Interval.exact(float(f"{abs(gap):.{digits}g}")), unit)
        if unit == "percentage points" and figure_text(abs(gap)) == "1":
            size = "1 percentage point"
        return f"{size} {'higher' if gap > 0 else 'lower'}"

    def places(self, reading: Reading) -> tuple[str, ...]:
        """Every place that a reading may have, as `judgement.position.places()`: a flag where no range is printed."""
        return places(reading.known, reading.measured.reference, reading.measured.flag)

    def position(self, reading: Reading) -> str:
        """Where a reading is against its reference range, as `judgement.position.position()`."""
        return told(self.places(reading))

    def place(self, reading: Reading) -> str:
        """Where a reading is in words: `in the printed reference range (50 to 310 U/L)`."""
        where = self.position(reading)
        if reading.measured.flag in FLAGS:
            flagged = f"{where} the reference range by its flag ({reading.measured.flag})"
            return flagged if reading.measured.numeric else "without a number"
        return f"{'not certainly in or outside' if where in ('', OPEN) else where} {self.range_text(reading)}"

    @property
    def limits(self) -> ChangeLimits | None:
        """What noise alone explains of a relative change, as in the changes of the report."""
        return limits_of(self.analyte)

    def material(self, first: Reading, last: Reading) -> str:
        """Whether two readings differ by more than random variation explains, as `judgement.material.material()`."""
        return material(*ratio(first.known, last.known), self.limits)

    def turned(self, first: Reading, last: Reading) -> tuple[int, int]:
        """Under how many other choices the change turns, and of how many; none where the claim chose the days."""
        claim, pair = self.claim, (first.measured.phase, last.measured.phase)
        dated = claim.begins or claim.ends or claim.terms.within or is_day(claim.anchor.partition(" -> ")[0])
        return (0, 0) if dated or not all(pair) or pair[0] == pair[1] else self.turning(pair)

    def is_drift(self, first: Reading, last: Reading) -> bool:
        """True for a change inside the range that is not known to exceed noise: no case against a claim."""
        return self.position(first) == self.position(last) == IN and self.material(first, last) != YES

    def is_steady(self, first: Reading, last: Reading) -> Part:
        """Whether two readings are the same in a clinical sense: no more apart than random variation explains.

        Without a published variation: the same number by the printed digits, or both in the range.
        """
        answer = self.material(first, last)
        if answer:
            return {YES: False, NO: True}.get(answer)
        if self.position(first) == self.position(last) == IN:
            return True
        if first.known.is_exact and last.known.is_exact:
            return all(same_number(a, b, self.analyte) for a in numbers(first.rows) for b in numbers(last.rows))
        return None if first.known.overlaps(last.known) else False

    def range_text(self, reading: Reading) -> str:
        """The reference range of a reading in words."""
        return range_text(self.analyte, reading.measured, reading.rows[0].unit)


def window_of(claim: Claim) -> Interval:
    """The days from `from_day` to `to_day`; one day for a value or an extreme, else open where one is not given.

    A time as `within 12 h` counts from `from_day`, or from the day that a change is compared with.
    """
    begins, ends = claim.begins, claim.ends
    if claim.kind in ("value", "extreme") and begins is not None and ends is None:
        return begins
    low, high = -math.inf if begins is None else begins.low, math.inf if ends is None else ends.high
    if claim.terms.within:
        start = parse(claim.anchor) if begins is None and is_day(claim.anchor) else begins
        high = min(high, (start.high if start else low) + claim.terms.within.days)
    return Interval(low, high)


def ratio(before: Interval, after: Interval) -> tuple[float, float]:
    """The bounds of after/before; NaN where they cannot be formed."""
    if before.low < 0 or after.low < 0 or before.high == 0:
        return math.nan, math.nan
    low = after.low / before.high if math.isfinite(before.high) else 0.0
    return low, after.high / before.low if before.low > 0 and math.isfinite(after.high) else math.inf


def falls_on(when: Interval, days: Interval) -> bool:
    """True for a row of these days, or of a period around them; not where only a beginning or an end is known."""
    bounded = math.isfinite(when.low) and math.isfinite(when.high)
    return when.within(days) or (bounded and days.within(when))


def quantity_text(quantity: Quantity) -> str:
    """The claim's number as printed, for reading."""
    return bound_text(printed_text(f"{quantity.text} {quantity.unit}"))


def bound_text(text: str, above: str = "above", below: str = "below") -> str:
    """A text with the sign before its number in words: `above 90 %`, or with other words `more than 3-fold`."""
    signs = {"<=": "at most ", ">=": "at least ", "<": f"{below} ", ">": f"{above} "}
    return next((word + text.removeprefix(sign) for sign, word in signs.items() if text.startswith(sign)), text)


def named(analyte: Analyte) -> str:
    """The analyte inside a sentence: `the lymphocyte count`, `C-reactive protein`."""
    name = spoken(analyte.label)
    return f"the {name}" if name.endswith(COUNTABLE) or name.startswith("share of") else name


def elsewhere(view: View, quantity: Quantity, days: Interval) -> str:
    """Where the claimed number stands on another day, as the end of a sentence: `; 4320 U/L stands on day 10, not on
    day 8`. Empty where it is on none.
    """
    if not quantity.known.is_exact:
        return ""
    same = [
        r
        for r in view.readings
        if not r.when.overlaps(days) and r.measured.numeric and view.agrees(quantity, r) is True
    ]
    if not same or any(view.agrees(quantity, r) for r in view.readings if r.when.overlaps(days)):
        return ""
    nearest = min(same, key=lambda r: min(abs(r.when.low - days.high), abs(r.when.high - days.low)))
    return f"; {quantity_text(quantity)} stands {on_day(nearest.when)}, not {on_day(days)}"
