"""What the checks of a case share: the record of a remark, the documents of a source, and when two numbers are one.

A publication is read as several documents (`Table 1`, `text`, `abstract`): a locator begins with the name of its own.
"""

import re
from collections.abc import Iterable
from typing import Any

import pandas as pd

from casereport.analysis.measurements import agree
from casereport.case.case import Case
from casereport.quantities.intervals import Interval, printed_half_unit
from casereport.quantities.units import Conversion
from casereport.quantities.vocabulary import Analyte
from casereport.quantities.wording import day_text, interval_text, listed, printed_text, uncapital

COLUMNS = ["check", "day", "analyte", "finding", "source", "lines"]


def remark(check: str, rows: list, sentence: str) -> dict[str, object]:
    """The record of a finding about `rows` of observations.csv (named tuples); its day and analyte are the first's."""
    first = rows[0]
    return {
        "check": check,
        "day": str(first.when),
        "analyte": first.analyte,
        "finding": sentence,
        "source": "; ".join(dict.fromkeys(r.source for r in rows)),
        "lines": tuple(int(r.Index) for r in rows),
    }


def documents(source: str) -> frozenset[str]:
    """The documents that a locator points into, in small letters: `Table 1, day 3; text (history)` is two."""
    names = (re.split(r"[,(]", part)[0].strip().lower() for part in source.split(";"))
    return frozenset(name for name in names if name)


def document_name(source: str) -> str:
    """The documents of a locator inside a sentence: `Table 1`, `the text`, `Table 1 and the text`."""
    names = dict.fromkeys(re.split(r"[,(]", part)[0].strip() for part in source.split(";"))
    # a proper name or a file stands alone, a common noun takes the article
    return listed([n if n[:1].isupper() or "." in n else f"the {n}" for n in names if n])


def documents_that(sources: Iterable[str], verb: str) -> str:
    """The documents of several locators and what they do: `Table 1 has`, `Table 1 and the text have`."""
    joined = "; ".join(sources)
    many = {"has": "have", "says": "say", "gives": "give"}
    return f"{document_name(joined)} {verb if len(documents(joined)) == 1 else many[verb]}"


def exact_rows(case: Case) -> pd.DataFrame:
    """The observations that are plain numbers, and print as one: `7..7.00` is a range all the same."""
    table = case.observations
    rows = zip(table["numeric"], table["known"], table["value"], strict=True)
    return table[[bool(n) and k.is_exact and ".." not in v for n, k, v in rows]]


def rounding(text: str, unit: str, analyte: Analyte) -> float:
    """What rounding to the printed digits may hide, in the canonical unit."""
    conversion: Conversion | None = analyte.conversions.get(unit)
    return printed_half_unit(text) * (float(conversion.factor) if conversion else 1.0)


def same_number(first: Any, second: Any, analyte: Analyte) -> bool:
    """True when two plain numbers may be one and the same: by the printed digits, after conversion of the unit.

    Both are anything with `value` or `text` as printed, `unit`, and `known` in the canonical unit.
    """
    a, b = _text(first), _text(second)
    if first.unit == second.unit:
        return agree(a, b)
    x, y = first.known.low, second.known.low
    slack = rounding(a, first.unit, analyte) + rounding(b, second.unit, analyte)
    # factors in common use are rounded themselves, at the third or fourth digit
    return abs(x - y) <= slack + 0.002 * max(abs(x), abs(y))


def compatible(first: Any, second: Any, analyte: Analyte) -> bool:
    """True unless two printed values, of which either may be a bound or a range, exclude each other."""
    a, b = first.known, second.known
    if a.is_exact and b.is_exact:
        return same_number(first, second, analyte)
    return _widened(first, analyte).overlaps(_widened(second, analyte))


def _widened(row: Any, analyte: Analyte) -> Interval:
    known = row.known
    if not known.is_exact:
        return known
    slack = rounding(_text(row), row.unit, analyte)
    return Interval(known.low - slack, known.high + slack)


def _text(value: Any) -> str:
    return value.value if hasattr(value, "value") else value.text


def shown_value(row: Any) -> str:
    """The value of a row as printed, with its unit, for reading."""
    return printed_text(f"{row.value} {row.unit}")


def spoken(analyte: Analyte) -> str:
    """The analyte inside a sentence: `direct bilirubin`, `C-reactive protein`."""
    name, _, kind = analyte.label.partition(", ")
    return f"{kind} {uncapital(name)}" if kind in ("total", "direct", "indirect") else uncapital(analyte.label)


def capital(text: str) -> str:
    """A sentence's beginning."""
    return text[:1].upper() + text[1:]


def on_day(when: Interval) -> str:
    """A day inside a sentence: `on day 3`, `on days 5 to 8`, `after day 4`."""
    text = day_text(when)
    return f"on {text}" if text.startswith("day") else text


def printed_range(case: Case, analyte: str) -> list:
    """A row with the reference range that the source prints for an analyte, where it prints just one; else nothing.

    A text seldom repeats the range that its table has.
    """
    table = case.observations
    rows = list(table[(table["analyte"] == analyte) & (table["ref_origin"] == "source")].itertuples())
    return rows[:1] if len({r.reference for r in rows}) == 1 else []


def reference_of(*rows: Any) -> Interval | None:
    """The reference range that the first of `rows` with a printed one has, else the default one."""
    return _with_range(*rows).reference


def _with_range(*rows: Any) -> Any:
    return next((row for row in rows if row.ref_origin == "source"), rows[0])


def range_text(analyte: Analyte, *rows: Any) -> str:
    """The reference range of `rows` in words: `the printed reference range (50 to 310 U/L)`."""
    row = _with_range(*rows)
    if row.reference is None:
        return "a reference range (the source prints none, and no usual one applies)"
    text = interval_text(row.reference, analyte.unit)
    if row.ref_origin == "source":
        return f"the printed reference range ({text})"
    return f"the usual reference range ({text}; the source prints none)"
