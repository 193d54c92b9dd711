"""Checks of a case against itself: parts against their sum, one place against another, words against numbers.

Each finding is a remark for the reader, who may know the reason; none stops a run, and no value is changed by one.
What is said in words is looked at in `words_and_numbers.py`, and what looks misprinted in `misprints.py`.
"""

import math
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from itertools import combinations, product

import pandas as pd

from casereport.analysis.measurements import agree, by_analyte
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
    name_of,
    numbers,
    remark,
    same_number,
    shown_value,
)
from casereport.audit.misprints import questions
from casereport.audit.order_of_events import order_of_events
from casereport.audit.samples import half_unit
from casereport.audit.words_and_numbers import words_against_numbers
from casereport.case.case import Case
from casereport.case.left_out import FILE, said_of
from casereport.quantities.intervals import Interval
from casereport.quantities.vocabulary import Analyte
from casereport.quantities.wording import capital, listed, on_day, spoken

# How often equal numbers under two days may be expected by chance, at most, for the remark that the days differ.
CHANCE = 0.005

# Numbers of one day, by analyte; and those of the days of one document.
Day = Mapping[str, Number]
Days = Mapping[float, Day]


@in_its_time
def check_consistency(case: Case) -> pd.DataFrame:
    """What in the case does not agree with itself, one row a finding: the table `consistency`.

    `check` is `sum`: parts against their total, shares against 100 %; `identity`: a number against what a formula gives
    from the others of its sample; `order`: what cannot be above or before what, and what moves together; `stated
    twice`: one quantity with two values for the same day, or for a day and a period around it; `other day`: numbers
    that one document has under one day and another document under another; `copied`: a column or a row that repeats
    another; `interpretation`: what is said in words against the numbers of the same days; `question`: values that look
    misprinted; `left out`: values that an import did not take.
    """
    found = [
        *arithmetic(case),
        *order_of_events(case),
        *_stated_twice(case),
        *_other_day(case),
        *copies(case),
        *words_against_numbers(case),
        *questions(case),
        *_left_out(case),
    ]
    return frame("consistency", (asdict(r) | {"lines": " ".join(map(str, r.lines))} for r in found))


def _left_out(case: Case) -> Iterator[Remark]:
    if said := said_of(list(case.left_out)):
        yield Remark("left out", "", "", said + ".", FILE, ())


def _stated_twice(case: Case) -> Iterator[Remark]:
    for name, rows in by_analyte(numbers(case.observations)).items():
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


def _other_day(case: Case) -> Iterator[Remark]:
    """Numbers of one document's day that are those of another day in another document, beyond chance."""
    by_document: dict[frozenset[str], dict[float, dict[str, Number]]] = {}
    for number in numbers(case.observations):
        if number.is_plain and number.when.is_exact:
            days = by_document.setdefault(documents(number.source), {})
            days.setdefault(number.when.low, {}).setdefault(number.analyte, number)
    told: set[frozenset[int]] = set()
    for mine, theirs in product(by_document, repeat=2):
        if mine & theirs:
            continue
        for rows, others in _same_days(case, by_document[mine], by_document[theirs]):
            lines = frozenset(row.line for row in (*rows, *others))
            if lines not in told:
                told.add(lines)
                yield _same_under_two_days(case, rows, others)


def _same_days(case: Case, my_days: Days, their_days: Days) -> Iterator[tuple[list[Number], list[Number]]]:
    """The numbers of a day that share none with theirs of that day, and theirs of another day that are the same."""
    measured = {name for rows in their_days.values() for name in rows}
    for day, rows in my_days.items():
        shared = {name: row for name, row in rows.items() if name in measured}
        if not shared or _any_same(case, shared, their_days.get(day, {})):
            continue
        for other, their_rows in their_days.items():
            if other != day and _chance(case, shared, their_rows, their_days) <= CHANCE:
                yield list(shared.values()), [their_rows[name] for name in shared]


def _any_same(case: Case, rows: Day, their_rows: Day) -> bool:
    analytes = case.vocabulary.analytes
    return any(same_number(row, their_rows[n], analytes[n]) for n, row in rows.items() if n in their_rows)


def _chance(case: Case, rows: Day, their_rows: Day, their_days: Days) -> float:
    """How many of their days would agree with `rows` in all analytes by chance; 1 where this day does not agree.

    A number with a rounding of w agrees by chance with one in w/spread of the values that lie within the spread.
    """
    expected = float(len(their_days))
    for name, row in rows.items():
        analyte = case.vocabulary.analytes[name]
        if name not in their_rows or not same_number(row, their_rows[name], analyte):
            return 1.0
        values = [r[name].known.low for r in their_days.values() if name in r]
        width = 2 * max(half_unit(row, case), half_unit(their_rows[name], case))
        spread = max(values) - min(values)
        expected *= min(1.0, width / spread) if spread > 0 else 1.0
    return expected


def _same_under_two_days(case: Case, rows: list[Number], theirs: list[Number]) -> Remark:
    labels = listed([name_of(row, case) for row in rows])
    values = listed([shown_value(row) for row in rows])
    name, other = document_name(rows[0].source), document_name(theirs[0].source)
    sentence = (
        f"{capital(labels)} that {name} gives {on_day(rows[0].when)} ({values}) "
        f"{'are' if len(rows) > 1 else 'is'} what {other} gives {on_day(theirs[0].when)}: to which day "
        f"{'do they' if len(rows) > 1 else 'does it'} belong?"
    )
    return remark("other day", [*rows, *theirs], sentence)
