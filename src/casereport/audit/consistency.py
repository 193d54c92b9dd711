"""Checks of a case against itself: parts against their sum, one place against another, words against numbers.

Each finding is a remark for the reader, who may know the reason; none stops a run, and no value is changed by one.
What is said in words is looked at in `words_and_numbers.py`, and what looks misprinted in `misprints.py`.
"""

import math
from collections.abc import Iterator
from dataclasses import asdict, replace
from itertools import combinations, product

import pandas as pd

from casereport.analysis.measurements import agree, by_analyte, same_number
from casereport.analysis.tidy import frame
from casereport.analysis.time_unit import in_its_time
from casereport.audit.arithmetic import arithmetic
from casereport.audit.copies import copies
from casereport.audit.findings import (
    Number,
    Remark,
    apart,
    compatible,
    document_name,
    documents,
    numbers_of,
    remark,
    shown_value,
)
from casereport.audit.misprints import questions
from casereport.audit.order_of_events import order_of_events
from casereport.audit.other_day import other_day
from casereport.audit.typed_numbers import typed_numbers
from casereport.audit.words_and_numbers import words_against_numbers
from casereport.case.case import Case
from casereport.case.left_out import said_of
from casereport.quantities.intervals import Interval
from casereport.quantities.vocabulary import Analyte
from casereport.quantities.wording import capital, on_day, spoken


def check_consistency(case: Case) -> pd.DataFrame:
    """What in the case does not agree with itself, one row a finding: the table `consistency`.

    `check` is `sum`: parts against their total, shares against 100 %; `identity`: a number against what a formula gives
    from the others of its sample; `order`: what cannot be above or before what, and what moves together; `stated
    twice`: one quantity with two values for the same day, or for a day and a period around it; `other day`: numbers
    that one document has under one day and another document under another; `copied`: a column or a row that repeats
    another; `interpretation`: what is said in words against the numbers of the same days; `question`: values that look
    misprinted; `typed number`: a number typed into the narrative that no row of its analyte has, or has on that day;
    `left out`: values that an import did not take.
    """
    return frame("consistency", remarks(case))


@in_its_time
def remarks(case: Case) -> list[dict[str, object]]:
    """The rows of the table `consistency`."""
    found = [
        *arithmetic(case),
        *order_of_events(case),
        *_stated_twice(case),
        *other_day(case),
        *copies(case),
        *words_against_numbers(case),
        *questions(case),
        *typed_numbers(case),
        *_left_out(case),
    ]
    return [asdict(r) | {"lines": " ".join(map(str, r.lines))} for r in _each_once(found)]


def _each_once(found: list[Remark]) -> list[Remark]:
    """What is said in the same words of several rows, as where two documents give one sample, said once of all."""
    alike: dict[Remark, list[Remark]] = {}
    for one in found:
        alike.setdefault(replace(one, source="", lines=()), []).append(one)
    return [
        replace(
            same[0],
            source="; ".join(dict.fromkeys(part for one in same for part in one.source.split("; "))),
            lines=tuple(dict.fromkeys(line for one in same for line in one.lines)),
        )
        for same in alike.values()
    ]


def _left_out(case: Case) -> Iterator[Remark]:
    if said := said_of(list(case.left_out), case.left_out_name):
        yield Remark("left out", "", "", said + ".", case.left_out_name, ())


def _stated_twice(case: Case) -> Iterator[Remark]:
    for name, rows in by_analyte(numbers_of(case)).items():
        analyte = case.vocabulary.analytes[name]
        for first, second in _pairs(rows):
            if _differ(first, second, analyte):
                days = (on_day(first.when), "" if first.when == second.when else f" {on_day(second.when)}")
                sentence = (
                    f"{capital(spoken(analyte.label))} {days[0]} is {shown_value(first)} in one place ({first.source}) "
                    f"and {shown_value(second)}{days[1]} in another ({second.source})."
                )
                yield remark("stated twice", [first, second], sentence + _likely_slip(first, second, rows, analyte))


def _differ(first: Number, second: Number, analyte: Analyte) -> bool:
    if first.when == second.when and first.known.kind == second.known.kind == "range":
        return first.known != second.known
    return not compatible(first, second, analyte)


def _pairs(rows: list[Number]) -> Iterator[tuple[Number, Number]]:
    """Rows of the same day; and a row of a period with a row of another document from within that period."""
    by_day: dict[Interval, list[Number]] = {}
    for row in rows:
        by_day.setdefault(row.when, []).append(row)
    for same_day in by_day.values():
        yield from combinations(same_day, 2)
    for period, periodic in by_day.items():
        if period.is_exact or math.isinf(period.low) or math.isinf(period.high):
            continue
        for when, others in by_day.items():
            if when != period and when.within(period):
                yield from ((a, b) for a, b in product(periodic, others) if apart(a.source, b.source))


def _likely_slip(first: Number, second: Number, rows: list[Number], analyte: Analyte) -> str:
    """What two values that differ suggest: a unit, a decimal point, or a neighbouring day; else an empty text."""
    if not (first.known.is_exact and second.known.is_exact):
        return ""
    if first.unit != second.unit and agree(first.text, second.text):
        return " The digits are the same: is one of the units misprinted?"
    digits = [n.text.replace(".", "").strip("0") for n in (first, second)]
    if digits[0] == digits[1] and digits[0]:
        return " The digits are the same: is a decimal point or a zero misprinted?"
    return _elsewhere(first, second, rows, analyte) or _elsewhere(second, first, rows, analyte)


def _elsewhere(one: Number, other: Number, rows: list[Number], analyte: Analyte) -> str:
    """Where the document of `other` has the value of `one`: on the nearest other day; else an empty text."""
    if documents(one.source) == documents(other.source):
        return ""
    same = [
        row
        for row in rows
        if documents(row.source) == documents(other.source)
        and row.known.is_exact
        and not row.when.overlaps(one.when)
        and same_number(row, one, analyte)
    ]
    if not same:
        return ""
    nearest = min(same, key=lambda row: abs(row.when.low - one.when.low))
    return f" {capital(document_name(nearest.source))} has {shown_value(nearest)} {on_day(nearest.when)}."
