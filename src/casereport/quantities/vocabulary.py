"""The vocabulary: what an analyte and an intervention are.

`vocabulary_tables` reads them from the two tables that anyone can edit.
"""

import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from casereport.errors import name_fix, nearest
from casereport.quantities.intervals import Interval, between, parse
from casereport.quantities.units import Conversion

OUTCOMES = "Outcomes"
GROUPS = (
    "Haematology",
    "Inflammation",
    "Gas exchange",
    "Vital signs",
    "Coagulation",
    "Liver",
    "Kidney and electrolytes",
    "Heart and muscle",
    "Immunology",
    "Metabolism and hormones",
    "Urine",
    "Ventilation",
    "Scores",
    OUTCOMES,
)
NO_LABORATORY = ("Scores", OUTCOMES)  # what a patient does, feels or is rated at
SCALES = ("ratio", "difference", "count")

ANALYTES = "analytes.csv"
INTERVENTIONS = "interventions.csv"


@dataclass(frozen=True)
class Analyte:
    """A measured quantity. Limits are in the canonical unit; None where there is none.

    `improvement` is the usual direction (`increase`, `decrease` or empty), for where no range is known; a `two_sided`
    one is bad beyond its range on the good side too, where any other is harmless (creatinine below it). `target` is the
    range that a case aims at, `threshold` a limit of a score or a definition, called `threshold_name`: no reference
    range. `cv_i` and `cv_a` are the within-subject and the analytical variation in per cent. `scale` says how two
    values compare: by their `ratio`, by their `difference` (temperature, a score), or as `count`. `scale_low` and
    `scale_high` are the ends of the scale of an outcome, such as 0 and 10 of pain; no reference range. `other_loinc`
    are further codes of the same measurand, each with what it says besides, such as the method.
    """

    id: str
    label: str
    short: str
    loinc: str
    unit: str
    conversions: dict[str, Conversion]
    reference: dict[str, Interval | None]
    reference_source: str
    improvement: str
    two_sided: bool
    plausible_low: float | None
    plausible_high: float | None
    group: str
    note: str
    synonyms: tuple[str, ...] = ()
    scale: str = "ratio"
    target: Interval | None = None
    threshold: Interval | None = None
    threshold_name: str = ""
    cv_i: float | None = None
    cv_a: float | None = None
    scale_low: float | None = None
    scale_high: float | None = None
    other_loinc: dict[str, str] = field(default_factory=dict)

    @property
    def floor(self) -> float:
        """The smallest possible value: 0, unless plausible values, or the scale, are negative."""
        lowest = [limit for limit in (self.plausible_low, self.scale_low) if limit is not None]
        return -math.inf if min(lowest, default=0.0) < 0 else 0.0

    @property
    def ends(self) -> Interval | None:
        """The scale from end to end; None for what has no ends."""
        return between(self.scale_low, self.scale_high) if self.scale_low is not None else None

    def value(self, text: str) -> Interval | None:
        """The interval that a text states of this analyte, None for an empty one; raises ValueError for what it cannot
        be, such as a count below nought.
        """
        known = parse(text, self.floor)
        if known and known.low < self.floor:
            raise ValueError(f"not below {self.floor:g}: {self.id} cannot be negative")
        return known

    def reference_for(self, group: str | None) -> Interval | None:
        """The default reference range of a group (`female`, `male`, `child`); for None, what both sexes share.

        The ranges are of adults, so there is none for a child: haemoglobin of 121 g/L is not low at twelve years.
        """
        male, female = self.reference["male"], self.reference["female"]
        if group == "child":
            return None
        if group in self.reference:
            return self.reference[group]
        if male is None or female is None:
            return None
        ends = (male.low, female.low), (male.high, female.high)
        return between(*(m if m == f and math.isfinite(m) else None for m, f in ends))

    def range_for(self, printed: Interval | None, group: str | None) -> tuple[Interval | None, str]:
        """The range that applies and its origin: the case's `target`, the `source`'s own, else the `default` one."""
        if self.target is not None:
            return self.target, "target"
        if printed is not None:
            return printed, "source"
        usual = self.reference_for(group)
        return usual, "default" if usual is not None else ""

    def factor(self, unit: str) -> float:
        """By what a number in this unit is multiplied to be one of the canonical unit; 1 for that unit itself."""
        conversion = self.conversions.get(unit)
        return float(conversion.factor) if conversion else 1.0

    def bad_limit(self, reference: Interval | None) -> float | None:
        """The limit of a reference range on the side to which a value gets worse; None where there is none."""
        if reference is None or not self.improvement:
            return None
        limit = reference.low if self.improvement == "increase" else reference.high
        return limit if math.isfinite(limit) else None


@dataclass(frozen=True)
class Intervention:
    """A drug, product or procedure; `atc` is empty where the WHO gives none, `synonyms` are its further names."""

    id: str
    label: str
    atc: str
    cls: str
    note: str
    synonyms: tuple[str, ...] = ()


@dataclass(frozen=True, eq=False)
class Vocabulary:
    """Both tables, keyed by id, in file order; two are the same only as objects."""

    analytes: dict[str, Analyte]
    interventions: dict[str, Intervention]

    def unknown_analyte(self, name: str) -> str:
        """What to say of an analyte that the table does not have."""
        fix = self.likely_analyte(name)
        hint = f"did you mean {fix!r}?" if fix else nearest(name, self.analytes)
        return f"unknown analyte; {hint} (one of your own: in {ANALYTES} beside the case's folder)"

    def likely_analyte(self, name: str) -> str:
        """The id of the analyte that has this name besides its id, else the id that is nearest; empty for none."""
        return _likely(name, {a.id: (a.label, a.short, *a.synonyms) for a in self.analytes.values()})

    def unknown_intervention(self, name: str) -> str:
        """What to say of an intervention that the table does not have."""
        fix = self.likely_intervention(name)
        hint = f"did you mean {fix!r}?" if fix else nearest(name, self.interventions)
        return f"unknown intervention; {hint} (one of your own: in {INTERVENTIONS} beside the case's folder)"

    def likely_intervention(self, name: str) -> str:
        """The id of the intervention that has this name besides its id, else the id that is nearest; empty for none."""
        return _likely(name, {i.id: (i.label, *i.synonyms) for i in self.interventions.values()})


def _likely(name: str, names: Mapping[str, Iterable[str]]) -> str:
    called = [known for known, others in names.items() if name.casefold() in map(str.casefold, others)]
    return called[0] if len(called) == 1 else name_fix(name, names)


def loinc_is_valid(code: str) -> bool:
    """True when the code has LOINC's form and its check digit (Mod 10) is right."""
    if not re.fullmatch(r"\d{1,7}-\d", code):
        return False
    body, check = code.split("-")
    total = 0
    for i, digit in enumerate(reversed(body)):
        doubled = int(digit) * (2 if i % 2 == 0 else 1)
        total += doubled - 9 if doubled > 9 else doubled
    return (10 - total % 10) % 10 == int(check)
