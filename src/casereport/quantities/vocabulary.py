"""The vocabulary: what an analyte and an intervention are.

Two tables that anyone can edit: `analytes.csv` (LOINC code, canonical UCUM unit, conversions, default adult
reference range by sex, direction of improvement, plausible limits) and `interventions.csv` (ATC code, class).
"""

import math
import re
from dataclasses import dataclass
from pathlib import Path

from casereport.errors import BadInput, Problem, name_fix, nearest
from casereport.files.paths import DATA
from casereport.files.tables import Row, Rule, read_table
from casereport.quantities.intervals import Interval, between, parse
from casereport.quantities.units import Conversion, parse_other_units

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
    "Outcomes",
)
SCALES = ("ratio", "difference", "count")

ANALYTES = "analytes.csv"
INTERVENTIONS = "interventions.csv"

_ID = re.compile(r"[a-z][a-z0-9_]*")
_ATC = re.compile(r"[A-Z](?:\d\d(?:[A-Z](?:[A-Z](?:\d\d)?)?)?)?")


@dataclass(frozen=True)
class Analyte:
    """A measured quantity. Limits are in the canonical unit; None where there is none.

    `improvement` is `increase`, `decrease` or empty; a `two_sided` one is bad beyond its range on the good side too.
    `scale` says how two values compare: by their `ratio`, by their `difference` (temperature, a score), or as `count`.
    `scale_low` and `scale_high` are the ends of the scale of an outcome, such as 0 and 10 of pain; no reference range.
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
    scale_low: float | None = None
    scale_high: float | None = None

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

    def bad_limit(self, reference: Interval | None) -> float | None:
        """The limit of a reference range on the side to which a value gets worse; None where there is none."""
        if reference is None or not self.improvement:
            return None
        limit = reference.low if self.improvement == "increase" else reference.high
        return limit if math.isfinite(limit) else None


@dataclass(frozen=True)
class Intervention:
    """A drug, product or procedure; `atc` is empty where the WHO gives none."""

    id: str
    label: str
    atc: str
    cls: str
    note: str


@dataclass(frozen=True)
class Vocabulary:
    """Both tables, keyed by id, in file order."""

    analytes: dict[str, Analyte]
    interventions: dict[str, Intervention]

    def unknown_analyte(self, name: str) -> str:
        """What to say of an analyte that the table does not have."""
        fix = self.likely_analyte(name)
        hint = f"did you mean {fix!r}?" if fix else nearest(name, self.analytes)
        return f"unknown analyte; {hint} (one of your own: in {ANALYTES} beside the case's folder)"

    def likely_analyte(self, name: str) -> str:
        """The id of the analyte that has this name besides its id, else the id that is nearest; empty for none."""
        named = [
            a.id
            for a in self.analytes.values()
            if name.casefold() in (other.casefold() for other in (a.label, a.short, *a.synonyms))
        ]
        return named[0] if len(named) == 1 else name_fix(name, self.analytes)

    def unknown_intervention(self, name: str) -> str:
        """What to say of an intervention that the table does not have."""
        hint = nearest(name, self.interventions)
        return f"unknown intervention; {hint} (one of your own: in {INTERVENTIONS} beside the case's folder)"


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


def _is_number(text: str) -> bool:
    try:
        return math.isfinite(float(text))
    except ValueError:
        return False


def _is_conversions(text: str) -> bool:
    try:
        parse_other_units(text)
    except (ValueError, ZeroDivisionError):
        return False
    return True


_TEXT = Rule(bool, "a text")
_ANY = Rule(lambda s: True, "")
_NUMBER = Rule(lambda s: not s or _is_number(s), "a number or nothing")
_ID_RULE = Rule(lambda s: bool(_ID.fullmatch(s)), "an id of small letters, digits and _")
_ANALYTES: dict[str, Rule] = {
    "analyte": _ID_RULE,
    "label": _TEXT,
    "short": _ANY,
    "loinc": Rule(lambda s: not s or loinc_is_valid(s), "a LOINC code with its check digit, or nothing"),
    "unit": _TEXT,
    "other_units": Rule(_is_conversions, "unit:factor entries, separated by semicolons"),
    "ref_low_male": _NUMBER,
    "ref_high_male": _NUMBER,
    "ref_low_female": _NUMBER,
    "ref_high_female": _NUMBER,
    "reference_source": _ANY,
    "improvement": Rule(
        lambda s: s in ("", "increase", "decrease", "increase into range", "decrease into range"),
        "increase, decrease, either with `into range` where beyond it is bad too, or nothing where neither is better",
    ),
    "plausible_low": _NUMBER,
    "plausible_high": _NUMBER,
    "group": Rule(lambda s: s in GROUPS, "one of " + ", ".join(GROUPS)),
    "note": _ANY,
    "synonyms": _ANY,
    "scale": Rule(lambda s: s in ("", *SCALES), "one of " + ", ".join(SCALES) + ", or nothing (ratio)"),
    "scale_low": _NUMBER,
    "scale_high": _NUMBER,
    "code_source": _ANY,
    "conversion_source": _ANY,
    "limits_source": _ANY,
}
_INTERVENTIONS: dict[str, Rule] = {
    "intervention": _ID_RULE,
    "label": _TEXT,
    "atc": Rule(lambda s: not s or bool(_ATC.fullmatch(s)), "an ATC code or group, or nothing"),
    "class": _TEXT,
    "note": _ANY,
}


def vocabulary_files(case: Path) -> dict[str, Path]:
    """The tables that make the vocabulary of the case at the path `case`, by the name that a report gives them.

    They are the project's two, then what a case brings of its own: a file of the same name beside the case, in the
    folder that holds it.
    """
    files = {name: DATA / name for name in (ANALYTES, INTERVENTIONS)}
    for name, own in list(files.items()):
        beside = case.parent / name
        if beside.is_file() and not beside.samefile(own):
            files[f"cases/{name}"] = beside
    return files


_NEW = frozenset({"scale", "scale_low", "scale_high"})  # columns that the project's own table may lack
_RULES = {ANALYTES: _ANALYTES, INTERVENTIONS: _INTERVENTIONS}
_OPTIONAL = frozenset((*_ANALYTES, *_INTERVENTIONS)) - {"analyte", "intervention", "label", "unit", "group", "class"}


def load_vocabulary(*files: Path) -> Vocabulary:
    """The vocabulary of CSV files, each called analytes.csv or interventions.csv, the later adding to the earlier.

    What is added needs no more than analyte, label, unit and group (or intervention, label and class). Raises BadInput
    with every problem of all.
    """
    problems: list[Problem] = []
    rows: dict[str, dict[str, Row]] = {ANALYTES: {}, INTERVENTIONS: {}}
    for path in files:
        rules, found = _RULES[path.name], rows[path.name]
        own = bool(found)
        key = next(iter(rules))
        called = f"cases/{path.name}" if own else path.name
        try:
            table = read_table(path, called, rules, _OPTIONAL if own else _NEW)
        except BadInput as bad:
            problems += bad.problems
            continue
        for line, row in table.items():
            if row[key] in found:
                expected = "an id of its own; the vocabulary has it already" if own else "the id stands once"
                problems.append(Problem(called, line, key, row[key], expected))
            if wrong := _scale_problem(row):
                problems.append(Problem(called, line, *wrong))
                continue
            row["short"] = row.get("short") or row["label"]
            found.setdefault(row[key], row)
    if problems:
        raise BadInput(problems)
    return Vocabulary(
        {name: _analyte(row) for name, row in rows[ANALYTES].items()},
        {
            name: Intervention(name, row["label"], row["atc"], row["class"], row["note"])
            for name, row in rows[INTERVENTIONS].items()
        },
    )


def _scale_problem(row: Row) -> tuple[str, str, str] | None:
    """The column of a scale that cannot be, its value and what was expected."""
    low, high = row.get("scale_low", ""), row.get("scale_high", "")
    if bool(low) != bool(high):
        missing, other = ("scale_low", "scale_high") if high else ("scale_high", "scale_low")
        return missing, "", f"the other end of the scale too ({other} is {low or high}), or neither"
    if low and float(low) >= float(high):
        return "scale_high", high, f"an end above scale_low ({low})"
    return None


def _analyte(row: dict[str, str]) -> Analyte:
    def limit(column: str) -> float | None:
        return float(row[column]) if row[column] else None

    return Analyte(
        id=row["analyte"],
        label=row["label"],
        short=row["short"],
        loinc=row["loinc"],
        unit=row["unit"],
        conversions=parse_other_units(row["other_units"]),
        reference={sex: between(limit(f"ref_low_{sex}"), limit(f"ref_high_{sex}")) for sex in ("male", "female")},
        reference_source=row["reference_source"],
        improvement=row["improvement"].partition(" ")[0],
        two_sided=row["improvement"].endswith("into range"),
        plausible_low=limit("plausible_low"),
        plausible_high=limit("plausible_high"),
        group=row["group"],
        note=row["note"],
        synonyms=tuple(s.strip() for s in row["synonyms"].split(";") if s.strip()),
        scale=row["scale"] or SCALES[0],
        scale_low=limit("scale_low"),
        scale_high=limit("scale_high"),
    )
