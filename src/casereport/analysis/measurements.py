"""What is known of each analyte on each day: the records that every analysis and every figure starts from.

A publication may state one quantity twice, in a table and in the text. The two count once: where they agree to the
printed digits the more precise is used, and where they differ the value is known only to lie between them.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import pairwise
from typing import Protocol, TypeVar

from casereport.analysis.comparable import bounded
from casereport.analysis.judgement.material import ChangeLimits, limits_of
from casereport.analysis.judgement.position import places, told
from casereport.case.case import Case
from casereport.case.phases import phase_of, windows
from casereport.case.rows import Observation
from casereport.quantities.intervals import Interval, hull, order_of, printed_half_unit
from casereport.quantities.vocabulary import GROUPS, Analyte, Vocabulary

BOUNDS = "bounds"


@dataclass(frozen=True, slots=True)
class Measurement:
    """One analyte on one day. `row` is its number in the table of observations, from 1.

    `improvement` is the vocabulary's (`increase`, `decrease` or empty), `two_sided` true where beyond the range is bad
    on the good side too, `scale` how two values are compared and `limits` the relative changes of random variation.
    `when` are study days; `phase` is empty where it is not certain, and `stated_phase` what the source says of it.
    `known` is the value in `unit`, None where only an order is known; `numeric` is true where the source gives a
    number; `reference` the range in `unit`. `printed` is value and unit of the source. `lines` are those of
    observations.csv.

    `enters` says how it enters a comparison: by its `bounds` or not at all (empty). `scale` is how two values compare
    (`ratio`, `difference`, `count`), `ends` those of the scale of an outcome, such as 0 to 10 of pain.
    """

    row: int
    analyte: str
    label: str
    short: str
    group: str
    unit: str
    improvement: str
    two_sided: bool
    when: Interval | None
    phase: str
    stated_phase: str
    known: Interval | None
    numeric: bool
    interpretation: str
    reference: Interval | None
    ref_origin: str
    printed: str
    evidence: str
    source: str
    note: str
    lines: tuple[int, ...]
    enters: str = ""
    scale: str = "ratio"
    limits: ChangeLimits | None = None
    ends: Interval | None = None
    threshold: Interval | None = None
    threshold_name: str = ""

    @property
    def position(self) -> str:
        """Where the value lies, as `judgement.position.position()`."""
        return told(self.places)

    @property
    def places(self) -> tuple[str, ...]:
        """Every place that the value may have, as `judgement.position.places()`."""
        return places(self.known, self.reference, self.flag)

    @property
    def point(self) -> tuple[float, float] | None:
        """Day and value where both are known exactly."""
        if self.when is None or self.known is None or not (self.when.is_exact and self.known.is_exact):
            return None
        return self.when.low, self.known.low

    @property
    def flag(self) -> str:
        """The code that the source prints in place of a range; empty where a range of its own or a target applies."""
        return self.interpretation if self.ref_origin in ("", "default") else ""


def agree(first: str, second: str) -> bool:
    """True when two printed values in the same unit may be the same number, each rounded to its printed digits.

    `4.9` agrees with `4.91`, `105.5` with `105.50`; `97` does not agree with `98`. Bounds and ranges agree only
    when they are the same text.
    """
    try:
        a, b = float(first), float(second)
    except ValueError:
        return first == second
    return abs(a - b) <= max(printed_half_unit(first), printed_half_unit(second)) * (1 + 1e-9)


@lru_cache(maxsize=4096)
def _coarsest(text: str) -> float:
    return max(map(printed_half_unit, text.split("..")))


class Digits(Protocol):
    """A number as printed, with its unit."""

    @property
    def text(self) -> str: ...
    @property
    def unit(self) -> str: ...


class Stated(Digits, Protocol):
    """A number as printed, and what it is in the canonical unit, where that is known."""

    @property
    def known(self) -> Interval | None: ...


def rounding(number: Digits, analyte: Analyte) -> float:
    """What rounding to the printed digits may hide, in the canonical unit."""
    return _coarsest(number.text) * analyte.factor(number.unit)


def same_number(first: Stated, second: Stated, analyte: Analyte) -> bool:
    """True when two values may be one and the same: by the printed digits, and of plain numbers in another unit too."""
    if first.unit == second.unit:
        return agree(first.text, second.text)
    if not (first.known and second.known and first.known.is_exact and second.known.is_exact):
        return False
    x, y = first.known.low, second.known.low
    slack = rounding(first, analyte) + rounding(second, analyte)
    # factors in common use are rounded themselves, at the third or fourth digit
    return abs(x - y) <= slack + 0.002 * max(abs(x), abs(y))


def sorted_analytes(ids: Iterable[str], vocabulary: Vocabulary) -> list[Analyte]:
    """The analytes in the order of a report: by group, then as the vocabulary has them."""
    wanted = set(ids)
    return sorted((a for a in vocabulary.analytes.values() if a.id in wanted), key=lambda a: GROUPS.index(a.group))


def measurements(
    case: Case,
    lag_days: int = 0,
    infusion_day: str = "before",
    statements: Sequence[Observation] | None = None,
) -> list[Measurement]:
    """One record for each analyte, day and phase: in the order of a report, the days of an analyte in order.

    `lag_days` and `infusion_day` are as in `case.phases`; `statements` are those that count, all of the case unless
    given.
    """
    phases = windows(case, lag_days)
    groups: dict[tuple[str, str, str], list[Observation]] = {}
    for row in case.observations if statements is None else statements:
        phase = row.phase or phase_of(row.when, phases, infusion_day)
        groups.setdefault((row.analyte, str(row.when), phase), []).append(row)
    analytes = sorted_analytes((key[0] for key in groups), case.vocabulary)
    rank = {analyte.id: i for i, analyte in enumerate(analytes)}
    found = [merged(rows, case.vocabulary.analytes[key[0]], key[2]) for key, rows in groups.items()]
    found.sort(key=lambda m: (rank[m.analyte], order_of(m.when), m.lines))
    enter = {id(mine[i]) for mine in by_analyte(found).values() for i in bounded(mine)}
    return [replace(m, row=i, enters=BOUNDS if id(m) in enter else "") for i, m in enumerate(found, start=1)]


def merged(rows: Sequence[Observation], analyte: Analyte, phase: str) -> Measurement:
    """One record for what several rows state of one analyte, day and phase."""
    numeric = [row for row in rows if row.numeric]
    stated = numeric or list(rows)
    chosen = stated[0]
    for row in stated[1:]:
        if numeric and same_number(row, chosen, analyte) and rounding(row, analyte) < rounding(chosen, analyte):
            chosen = row
    others = [row for row in stated if not same_number(row, chosen, analyte)]
    printed = dict.fromkeys(f"{r.value} {r.unit}" for r in [chosen, *others] if r.value)
    known = [r.known for r in [chosen, *others] if r.known is not None]
    return Measurement(
        row=0,
        analyte=analyte.id,
        label=analyte.label,
        short=analyte.short,
        group=analyte.group,
        unit=analyte.unit,
        improvement=analyte.improvement,
        two_sided=analyte.two_sided,
        when=chosen.when,
        phase=phase,
        stated_phase=next((r.phase for r in rows if r.phase), ""),
        known=hull(known) if numeric and others else chosen.known,
        numeric=bool(numeric),
        # a flag judges the reading that it was printed with: "normal" in the text is none of the table's number
        interpretation=next((r.interpretation for r in stated if r.interpretation), ""),
        reference=chosen.reference,
        ref_origin=chosen.ref_origin,
        printed=" and ".join(printed),
        evidence=chosen.evidence,
        source="; ".join(dict.fromkeys(r.source for r in rows)),
        note=" ".join(dict.fromkeys(r.note for r in rows if r.note)),
        lines=tuple(r.line for r in rows),
        scale=analyte.scale,
        limits=limits_of(analyte),
        ends=analyte.ends,
        threshold=analyte.threshold,
        threshold_name=analyte.threshold_name,
    )


class _OfAnalyte(Protocol):
    @property
    def analyte(self) -> str: ...


AnyRow = TypeVar("AnyRow", bound=_OfAnalyte)


def by_analyte(rows: Iterable[AnyRow]) -> dict[str, list[AnyRow]]:
    """The measurements or statements of each analyte, in the order in which they come."""
    found: dict[str, list[AnyRow]] = {}
    for row in rows:
        found.setdefault(row.analyte, []).append(row)
    return found


def comparable(table: Iterable[Measurement]) -> list[Measurement]:
    """The measurements that enter a comparison by their bounds."""
    return [m for m in table if m.enters == BOUNDS]


def in_numbers(table: Iterable[Measurement]) -> list[Measurement]:
    """The measurements that enter an index or a regression: numbers, limits and ranges as the source prints them.

    What it puts into words ("normal", "low") has the bounds of its own range: an index would find again what was said.
    """
    return [m for m in comparable(table) if m.numeric]


def phase_pairs(
    entering: Iterable[Measurement], phases: Sequence[str]
) -> Iterator[tuple[list[Measurement], list[Measurement]]]:
    """Every analyte with measurements in two phases that follow each other: those before, those after."""
    known = by_analyte(entering)
    for earlier, phase in pairwise(phases):
        for mine in known.values():
            before, after = ([m for m in mine if m.phase == p] for p in (earlier, phase))
            if before and after:
                yield before, after
