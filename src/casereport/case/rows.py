"""The rows of a case as they were written and as they were understood: one immutable record for each line of a table.

Every text is the cell of the file; what was understood of it (days, values, reference ranges) stands beside it as
intervals in canonical units. Tables for reading are made of these records at the border of the package.
"""

from dataclasses import dataclass

from casereport.case.claim_terms import Terms
from casereport.quantities.intervals import Interval


@dataclass(frozen=True, slots=True)
class Observation:
    """One statement about one analyte. `line` is its line in observations.csv.

    `when` are study days; `known` the value in the analyte's canonical unit, None where only an order is known;
    `numeric` is True where the source gives a number; `reference` the range in the canonical unit, or None, and
    `ref_origin` where that is from: `source` (printed with the value), `elsewhere` (printed with another value of the
    analyte), `target`, `default` or empty.
    """

    line: int
    day: str
    analyte: str
    value: str
    unit: str
    interpretation: str
    ref_low: str
    ref_high: str
    evidence: str
    source: str
    note: str
    phase: str
    when: Interval | None
    known: Interval | None
    numeric: bool
    reference: Interval | None
    ref_origin: str

    @property
    def text(self) -> str:
        """The value as printed."""
        return self.value


@dataclass(frozen=True, slots=True)
class Treatment:
    """One course or dose of an intervention. `line` is its line in interventions.csv; `start` and `end` study days."""

    line: int
    start_day: str
    end_day: str
    intervention: str
    dose: str
    dose_unit: str
    route: str
    evidence: str
    source: str
    note: str
    start: Interval | None
    end: Interval | None


@dataclass(frozen=True, slots=True)
class Event:
    """One symptom, test, image, transfer or outcome. `line` is its line in events.csv; `when` its study days."""

    line: int
    day: str
    kind: str
    finding: str
    interpretation: str
    evidence: str
    source: str
    note: str
    phase: str
    when: Interval | None


@dataclass(frozen=True, slots=True)
class Picture:
    """One picture of the case. `line` is its line in pictures.csv, `file` its name in pictures/; `when` its study days.

    That it was looked at, and tells nobody who the patient is, holds for every one.
    """

    line: int
    day: str
    file: str
    kind: str
    caption: str
    alt: str
    evidence: str
    source: str
    consent: str
    when: Interval

    @property
    def section(self) -> str:
        """Where the report shows it: with the diagnosis up to the first index dose, with the follow-up after it."""
        later = self.when.certainly_above(Interval.exact(0))
        return "follow-up-and-outcomes" if later else "diagnostic-assessment"


@dataclass(frozen=True, slots=True)
class Claim:
    """One thing that the source asserts. `line` is its line in claims.csv; `begins` and `ends` bound its window.

    `terms` is what it expects, understood.
    """

    line: int
    claim: str
    statement: str
    kind: str
    analyte: str
    anchor: str
    from_day: str
    to_day: str
    expected: str
    source: str
    begins: Interval | None
    ends: Interval | None
    terms: Terms
