"""What the checks of a case share: the record of a remark, the documents of a source, and when two numbers are one.

A publication is read as several documents (`Table 1`, `text`, `abstract`): a locator begins with the name of its own.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Protocol

from casereport.analysis.measurements import Digits, rounding, same_number
from casereport.case.case import Case
from casereport.case.rows import Observation
from casereport.quantities.intervals import Interval
from casereport.quantities.vocabulary import Analyte
from casereport.quantities.wording import capital, listed, on_day, printed_text, spoken
from casereport.quantities.wording import range_text as limits_text


@dataclass(frozen=True, slots=True)
class Number:
    """A number, bound or range that the source gives of an analyte: its days, and what it is in the canonical unit.

    `text` and `unit` are as printed. The rest is that of the row of observations.csv.
    """

    line: int
    analyte: str
    when: Interval
    known: Interval
    text: str
    unit: str
    interpretation: str
    reference: Interval | None
    ref_origin: str
    source: str

    @property
    def is_plain(self) -> bool:
        """True for a plain number that prints as one: `7..7.00` is a range all the same."""
        return self.known.is_exact and ".." not in self.text


class Printed(Digits, Protocol):
    """A number as printed, with its unit, and what it is in the canonical unit."""

    @property
    def known(self) -> Interval: ...


class Stated(Protocol):
    """A row of observations.csv, in words or numbers."""

    @property
    def line(self) -> int: ...
    @property
    def analyte(self) -> str: ...
    @property
    def when(self) -> Interval | None: ...
    @property
    def source(self) -> str: ...


class Ranged(Protocol):
    """What has a reference range, in the canonical unit, and whose it is (`source`, `default` or empty)."""

    @property
    def reference(self) -> Interval | None: ...
    @property
    def ref_origin(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Remark:
    """One finding of a check: a plain sentence, the day and analyte it is about, and the rows it is about.

    `lines` are those of observations.csv, and of another file with its name before them (`events.csv:4`).
    """

    check: str
    day: str
    analyte: str
    finding: str
    source: str
    lines: tuple[int | str, ...]


def remark(check: str, rows: Sequence[Stated], sentence: str) -> Remark:
    """The finding of a check about these rows; its day and analyte are those of the first."""
    first = rows[0]
    source = "; ".join(dict.fromkeys(row.source for row in rows))
    return Remark(check, str(first.when), first.analyte, sentence, source, tuple(row.line for row in rows))


def numbers(rows: Iterable[Observation]) -> list[Number]:
    """What the source gives as a number, a bound or a range, in the order of `rows`."""
    return [
        Number(
            row.line, row.analyte, row.when, row.known, row.value, row.unit, row.interpretation, row.reference,
            row.ref_origin, row.source,
        )
        for row in rows
        if row.numeric and row.when is not None and row.known is not None
    ]  # fmt: skip


@lru_cache(maxsize=1)  # each check of a case asks for them
def numbers_of(case: Case) -> tuple[Number, ...]:
    """All numbers, bounds and ranges of a case, in the order of its rows."""
    return tuple(numbers(case.observations))


@lru_cache(maxsize=4096)  # asked for each number by each check
def documents(source: str) -> frozenset[str]:
    """The documents that a locator points into, in small letters: `Table 1, day 3; text (history)` is two."""
    names = (re.split(r"[,(]", part)[0].strip().lower() for part in source.split(";"))
    return frozenset(name for name in names if name)


def apart(first: str, second: str) -> bool:
    """True where two locators have no document in common."""
    return not documents(first) & documents(second)


def document_name(source: str) -> str:
    """The documents of a locator inside a sentence: `Table 1`, `the text`, `Table 1 and the text`."""
    names = dict.fromkeys(re.split(r"[,(]", part)[0].strip() for part in source.split(";"))
    # a proper name or a file stands alone, a common noun takes the article
    return listed([n if n[:1].isupper() or "." in n else f"the {n}" for n in names if n])


def documents_that(sources: Iterable[str], verb: str) -> str:
    """The documents of several locators and what they do: `Table 1 has`, `Table 1 and the text have`."""
    joined = "; ".join(sources)
    many = {"has": "have", "is": "are", "says": "say", "gives": "give", "finds": "find"}
    return f"{document_name(joined)} {verb if len(documents(joined)) == 1 else many[verb]}"


def compatible(first: Printed, second: Printed, analyte: Analyte) -> bool:
    """True unless two printed values, of which either may be a bound or a range, exclude each other."""
    if first.known.is_exact and second.known.is_exact:
        return same_number(first, second, analyte)
    return _widened(first, analyte).overlaps(_widened(second, analyte))


def _widened(number: Printed, analyte: Analyte) -> Interval:
    return printed_interval(number, rounding(number, analyte))


def printed_interval(number: Printed, slack: float) -> Interval:
    """A number or a range as far as rounding lets it reach; a bound is what it says."""
    known = number.known
    if known.kind not in ("exact", "range"):
        return known
    slack *= 1 + 1e-9  # sums of decimals are not exact
    return Interval(known.low - slack, known.high + slack)


def shown_value(number: Printed) -> str:
    """A number as printed, with its unit, for reading."""
    return printed_text(f"{number.text} {number.unit}")


def name_of(row: Stated, case: Case) -> str:
    """The analyte of a row inside a sentence: `direct bilirubin`, `creatine kinase MB (mass)`."""
    return spoken(case.vocabulary.analytes[row.analyte].label)


def named(number: Number, case: Case) -> str:
    """A number with its analyte: `direct bilirubin 4.2 µmol/L`."""
    return f"{name_of(number, case)} {shown_value(number)}"


def begun(number: Number, name: str) -> str:
    """What a remark on one number begins with: `Direct bilirubin on day 3 is 4.2 µmol/L`."""
    return f"{capital(name)} {on_day(number.when)} is {shown_value(number)}"


def significant(text: str) -> int:
    """How many significant digits a number prints, without noughts at its ends: 2 for `140`, `0.14` and `0.140`."""
    digits = text.lower().partition("e")[0].lstrip("+-").replace(".", "").lstrip("0")
    return len(digits.rstrip("0"))


def in_unit(known: Interval, analyte: Analyte, unit: str) -> tuple[Interval, str]:
    """An interval of the canonical unit in the one that the source prints, and its unit."""
    if (conversion := analyte.conversions.get(unit)) is None:
        return known, analyte.unit
    return known.rescaled(1 / conversion.factor, -conversion.offset / conversion.factor), unit


def range_text(analyte: Analyte, row: Ranged, unit: str = "") -> str:
    """The reference range of a row in words, in the unit `unit`: `the printed reference range (50 to 310 U/L)`."""
    if row.reference is None:
        return "a reference range (the source prints none, and no usual one applies)"
    text = limits_text(*in_unit(row.reference, analyte, unit))
    if row.ref_origin in ("source", "elsewhere"):
        return f"the printed reference range ({text})"
    if row.ref_origin == "target":
        return f"the range that this case aims at ({text})"
    return f"the usual reference range ({text}; the source prints none)"
