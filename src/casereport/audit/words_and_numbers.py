"""What a case says in words (low, normal, higher than before) against its numbers of the same days."""

import math
from collections.abc import Iterable, Iterator

from casereport.analysis.judgement.direction import direction
from casereport.analysis.judgement.position import OPEN, position
from casereport.analysis.measurements import by_analyte
from casereport.audit.findings import (
    Number,
    Remark,
    documents_that,
    name_of,
    numbers_of,
    range_text,
    remark,
    shown_value,
)
from casereport.case.case import Case
from casereport.case.rows import Observation
from casereport.quantities.intervals import Interval
from casereport.quantities.vocabulary import Analyte
from casereport.quantities.wording import ORDERED, capital, listed, on_day, spoken

CHECK = "interpretation"
EXPECTED = {"L": "below", "LL": "below", "N": "in", "H": "above", "HH": "above"}
PLACES = {"below": "below", "in": "inside", "above": "above"}


def words_against_numbers(case: Case) -> Iterator[Remark]:
    """The remarks of check `interpretation`."""
    yield from _called(case)
    yield from _places(case)
    yield from _moves(case)


def _called(case: Case) -> Iterator[Remark]:
    """A number that is called low, normal or high, against its reference range."""
    for number in numbers_of(case):
        if number.interpretation not in EXPECTED:
            continue
        found = position(number.known, number.reference)
        if found not in ("", OPEN, EXPECTED[number.interpretation]):
            sentence = (
                f"{capital(name_of(number, case))} {on_day(number.when)} is called "
                f"{number.interpretation}, but {shown_value(number)} is {PLACES[found]} "
                f"{range_text(case.vocabulary.analytes[number.analyte], number, number.unit)}."
            )
            yield remark(CHECK, [number], sentence)


def _places(case: Case) -> Iterator[Remark]:
    """ "Normal on days 2 to 4" against the numbers of those days."""
    by_name = by_analyte(numbers_of(case))
    for words in case.observations:
        when = words.when
        if words.numeric or words.interpretation not in EXPECTED or words.evidence in ("inferred", "secondary"):
            continue
        outside = _at_odds(words, by_name.get(words.analyte, ()))
        if when is None or not outside:
            continue
        analyte = case.vocabulary.analytes[words.analyte]
        shown_rows = listed([f"{shown_value(n)} {on_day(n.when)} ({PLACES[where]})" for n, where in outside])
        sentence = (
            f"{capital(spoken(analyte.label))} {on_day(when)} is said to be {ORDERED[words.interpretation]} "
            f"({words.source}); {documents_that([n.source for n, _ in outside], 'has')} {shown_rows} against "
            f"{range_text(analyte, outside[0][0], outside[0][0].unit)}."
        )
        yield remark(CHECK, [words, *(n for n, _ in outside)], sentence)


def _at_odds(words: Observation, rows: Iterable[Number]) -> list[tuple[Number, str]]:
    """The numbers of the days of `words` that lie elsewhere than these say, each with its place; none if they may fit.

    Where only a beginning or an end is said, one day of many may be meant: then only numbers that all lie elsewhere,
    two at least, are worth a remark.
    """
    when = words.when
    if when is None:
        return []
    found = [(n, position(n.known, n.reference)) for n in rows if n.when.within(when)]
    outside = [(n, where) for n, where in found if where not in ("", OPEN, EXPECTED[words.interpretation])]
    bounded = math.isfinite(when.low) and math.isfinite(when.high)
    return outside if bounded or 2 <= len(outside) == len(found) else []


def _moves(case: Case) -> Iterator[Remark]:
    """ "Rose" or "better" on a day, against the number of that day and the one before it."""
    by_name = by_analyte(numbers_of(case))
    for words in case.observations:
        analyte, when = case.vocabulary.analytes[words.analyte], words.when
        said = "" if words.numeric else _direction_said(words.interpretation, analyte)
        if not said or when is None or not when.is_exact:
            continue
        mine = [n for n in by_name.get(words.analyte, ()) if n.when == when]
        before = _latest_before(when, by_name.get(words.analyte, ()))
        moves = {direction(b.known, m.known) for b in before for m in mine}
        if moves and moves <= {"same", "fell" if said == "rose" else "rose"}:
            b, m = before[0], mine[0]
            sentence = (
                f"{capital(spoken(analyte.label))} {on_day(when)} is said to be {ORDERED[words.interpretation]} "
                f"({words.source}); the numbers are {shown_value(b)} {on_day(b.when)} and "
                f"{shown_value(m)} {on_day(m.when)}."
            )
            yield remark(CHECK, [words, b, m], sentence)


def _direction_said(interpretation: str, analyte: Analyte) -> str:
    """`rose` or `fell`: what a code of order says of the numbers of an analyte; empty where it says neither."""
    if interpretation in ("U", "D"):
        return {"U": "rose", "D": "fell"}[interpretation]
    if interpretation not in ("B", "W") or not analyte.improvement:
        return ""
    return "rose" if (interpretation == "B") == (analyte.improvement == "increase") else "fell"


def _latest_before(when: Interval, rows: Iterable[Number]) -> list[Number]:
    """The numbers of the last day that certainly lies before `when`."""
    before = [n for n in rows if n.when.certainly_below(when)]
    latest = max((n.when.high for n in before), default=0.0)
    return [n for n in before if n.when.high == latest]
