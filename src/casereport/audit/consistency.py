"""Checks of a case against itself: parts against their sum, one place against another, values against what is possible.

Each finding is a remark for the reader, who may know the reason; none stops a run, and no value is changed by one.
What looks misprinted is asked about in `misprints.py`.
"""

import math
from collections.abc import Iterator
from itertools import combinations, product
from typing import Any

import pandas as pd

from casereport.analysis.changes import direction
from casereport.analysis.measurements import against_reference, agree
from casereport.audit.findings import (
    COLUMNS,
    capital,
    compatible,
    document_name,
    documents,
    documents_that,
    exact_rows,
    on_day,
    printed_range,
    range_text,
    reference_of,
    remark,
    rounding,
    same_number,
    shown_value,
    spoken,
)
from casereport.audit.misprints import questions
from casereport.case.case import Case
from casereport.quantities.intervals import Interval
from casereport.quantities.units import shown
from casereport.quantities.wording import ORDERED, listed

# Bands, atypical lymphocytes and precursors are in the white count but in none of the five named kinds; they seldom
# make up more than this share of it.
OTHER_CELLS = 0.05

DIFFERENTIAL = ("neutrophils", "lymphocytes", "monocytes", "eosinophils", "basophils")
BILIRUBIN = ("bilirubin_direct", "bilirubin_indirect")
SHARES = {"neutrophil_share": "neutrophils", "lymphocyte_share": "lymphocytes"}

# How often equal numbers under two days may be expected by chance, at most, for the remark that the days differ.
CHANCE = 0.005


def check_consistency(case: Case) -> pd.DataFrame:
    """One row a finding: `check`, `day`, `analyte`, `finding` (a plain sentence), `source`, `lines` (a tuple).

    `sum`: total bilirubin against direct + indirect, the differential count against the white count, shares against
    counts. `stated twice`: one quantity with two values for the same day, or for a day and a period around it.
    `other day`: numbers that one document has under one day and another document under another. `interpretation`:
    what is said in words against the numbers of the same days. `question`: values that look misprinted.
    """
    findings = [
        *_sums(case),
        *_stated_twice(case),
        *_other_day(case),
        *_interpretations(case),
        *_words_against_numbers(case),
        *_moves_against_numbers(case),
        *questions(case),
    ]
    return pd.DataFrame(findings, columns=COLUMNS)


def _half(row: Any, case: Case) -> float:
    return rounding(row.value, row.unit, case.vocabulary.analytes[row.analyte])


def _sums(case: Case) -> Iterator[dict[str, object]]:
    by_place: dict[tuple, dict[str, object]] = {}
    for row in exact_rows(case).itertuples():
        by_place.setdefault((str(row.when), documents(row.source)), {}).setdefault(row.analyte, row)
    for rows in by_place.values():
        yield from _sum(case, rows, "bilirubin_total", BILIRUBIN, 0.0)
        yield from _sum(case, rows, "white_cells", DIFFERENTIAL, OTHER_CELLS)
        shares = [rows[s] for s in SHARES if s in rows]
        total = sum(r.known.low for r in shares)
        if total > 100 + sum(_half(r, case) for r in shares):
            sentence = f"The shares of white cells {on_day(shares[0].when)} add up to {total:g} %."
            yield remark("sum", shares, sentence)
        for share, count in SHARES.items():
            if share in rows and count in rows and "white_cells" in rows:
                yield from _share(case, rows[share], rows[count], rows["white_cells"])


def _sum(
    case: Case, rows: dict, whole: str, names: tuple[str, ...], may_be_missing: float
) -> Iterator[dict[str, object]]:
    parts = [rows[p] for p in names if p in rows]
    if whole not in rows or not parts:
        return
    total = rows[whole]
    added = sum(p.known.low for p in parts)
    slack = _half(total, case) + sum(_half(p, case) for p in parts)
    missing = total.known.low - added
    # parts that are not given may make up any remainder; a hair of slack, because sums of decimals are not exact
    remainder = math.inf if len(parts) < len(names) else slack + may_be_missing * total.known.low
    if -slack - 1e-9 <= missing <= remainder + 1e-9:
        return
    labels = listed([spoken(case.vocabulary.analytes[p.analyte]) for p in parts])
    analyte = case.vocabulary.analytes[whole]
    added_text = f"{capital(labels)} {on_day(total.when)} " + (
        f"add up to {added:.4g} {shown(analyte.unit)}" if len(parts) > 1 else f"is {shown_value(parts[0])}"
    )
    yield remark("sum", [total, *parts], f"{added_text}; {spoken(analyte)} is given as {shown_value(total)}.")


def _share(case: Case, share: Any, count: Any, whole: Any) -> Iterator[dict[str, object]]:
    ends = []
    for sign in (-1, 1):
        part = count.known.low + sign * _half(count, case)
        ends.append(100 * part / max(whole.known.low - sign * _half(whole, case), 1e-9))
    slack = _half(share, case) + 1e-9
    if ends[0] - slack <= share.known.low <= ends[1] + slack:
        return
    label = capital(spoken(case.vocabulary.analytes[count.analyte]))
    sentence = (
        f"{label} {on_day(share.when)} of {shown_value(count)} in {shown_value(whole)} white cells is "
        f"{sum(ends) / 2:.3g} %; the share is given as {shown_value(share)}."
    )
    yield remark("sum", [share, count, whole], sentence)


def _numeric(case: Case) -> dict[str, list]:
    by_analyte: dict[str, list] = {}
    for row in case.observations[case.observations["numeric"].astype(bool)].itertuples():
        by_analyte.setdefault(row.analyte, []).append(row)
    return by_analyte


def _stated_twice(case: Case) -> Iterator[dict[str, object]]:
    for name, rows in _numeric(case).items():
        analyte = case.vocabulary.analytes[name]
        for first, second in _pairs(rows):
            if first.when == second.when:
                ranges = first.known.kind == second.known.kind == "range"
                differ = first.known != second.known if ranges else not compatible(first, second, analyte)
            else:
                differ = not compatible(first, second, analyte)
            if differ:
                days = (on_day(first.when), "" if first.when == second.when else f" {on_day(second.when)}")
                sentence = (
                    f"{capital(spoken(analyte))} {days[0]} is {shown_value(first)} in one place ({first.source}) "
                    f"and {shown_value(second)}{days[1]} in another ({second.source})."
                )
                yield remark("stated twice", [first, second], sentence + _likely_slip(first, second, rows, analyte))


def _pairs(rows: list) -> Iterator[tuple]:
    """Rows of the same day; and a row of a period with a row of another document from within that period."""
    by_day: dict[Interval, list] = {}
    for row in rows:
        by_day.setdefault(row.when, []).append(row)
    for same_day in by_day.values():
        yield from combinations(same_day, 2)
    for period, periodic in by_day.items():
        if period.is_exact or math.isinf(period.low) or math.isinf(period.high):
            continue
        for when, others in by_day.items():
            if when != period and when.within(period):
                for pair in product(periodic, others):
                    if not documents(pair[0].source) & documents(pair[1].source):
                        yield pair


def _likely_slip(first: Any, second: Any, rows: list, analyte: Any) -> str:
    """What two values that differ suggest: a unit, a decimal point, or a neighbouring day; else an empty text."""
    if not (first.known.is_exact and second.known.is_exact):
        return ""
    if first.unit != second.unit and agree(first.value, second.value):
        return " The digits are the same: is one of the units misprinted?"
    digits = [r.value.replace(".", "").strip("0") for r in (first, second)]
    if digits[0] == digits[1] and digits[0]:
        return " The digits are the same: is a decimal point or a zero misprinted?"
    for one, other in ((first, second), (second, first)):
        elsewhere = [
            r
            for r in rows
            if documents(r.source) == documents(other.source) != documents(one.source)
            and r.known.is_exact
            and not r.when.overlaps(one.when)
            and same_number(r, one, analyte)  # type: ignore[arg-type]
        ]
        if elsewhere:
            nearest = min(elsewhere, key=lambda r: abs(r.when.low - one.when.low))
            name = document_name(nearest.source)
            return f" {capital(name)} has {shown_value(nearest)} {on_day(nearest.when)}."
    return ""


def _other_day(case: Case) -> Iterator[dict[str, object]]:
    """Numbers of one document's day that are those of another day in another document, beyond chance."""
    by_document: dict[frozenset, dict[float, dict[str, object]]] = {}
    for row in exact_rows(case).itertuples():
        if row.when.is_exact:
            days = by_document.setdefault(documents(row.source), {})
            days.setdefault(row.when.low, {}).setdefault(row.analyte, row)
    told: set[frozenset] = set()
    for mine, my_days in by_document.items():
        for theirs, their_days in by_document.items():
            if mine & theirs:
                continue
            measured = {name for rows in their_days.values() for name in rows}
            for day, rows in my_days.items():
                shared = {name: row for name, row in rows.items() if name in measured}
                same_day = their_days.get(day, {})
                if not shared or any(same_number(row, same_day[n], case.vocabulary.analytes[n])
                                     for n, row in shared.items() if n in same_day):  # fmt: skip
                    continue
                for other, their_rows in their_days.items():
                    if other == day or _chance(case, shared, their_rows, their_days) > CHANCE:
                        continue
                    lines = frozenset(r.Index for n, row in shared.items() for r in (row, their_rows[n]))
                    if lines not in told:
                        told.add(lines)
                        yield _same_under_two_days(case, list(shared.values()), [their_rows[n] for n in shared])


def _chance(case: Case, rows: dict, their_rows: dict, their_days: dict) -> float:
    """How many of their days would agree with `rows` in all analytes by chance; 1 where this day does not agree.

    A number with a rounding of w agrees by chance with one in w/spread of the values that lie within the spread.
    """
    expected = float(len(their_days))
    for name, row in rows.items():
        analyte = case.vocabulary.analytes[name]
        if name not in their_rows or not same_number(row, their_rows[name], analyte):
            return 1.0
        values = [r[name].known.low for r in their_days.values() if name in r]
        width = 2 * max(_half(row, case), _half(their_rows[name], case))
        spread = max(values) - min(values)
        expected *= min(1.0, width / spread) if spread > 0 else 1.0
    return expected


def _same_under_two_days(case: Case, rows: list, theirs: list) -> dict[str, object]:
    labels = listed([spoken(case.vocabulary.analytes[r.analyte]) for r in rows])
    values = listed([shown_value(r) for r in rows])
    name, other = document_name(rows[0].source), document_name(theirs[0].source)
    sentence = (
        f"{capital(labels)} that {name} gives {on_day(rows[0].when)} ({values}) "
        f"{'are' if len(rows) > 1 else 'is'} what {other} gives {on_day(theirs[0].when)}: to which day "
        f"{'do they' if len(rows) > 1 else 'does it'} belong?"
    )
    return remark("other day", [*rows, *theirs], sentence)


EXPECTED = {"L": "below", "LL": "below", "N": "in", "H": "above", "HH": "above"}
PLACES = {"below": "below", "in": "inside", "above": "above"}


def _interpretations(case: Case) -> Iterator[dict[str, object]]:
    for row in case.observations.itertuples():
        if not row.numeric or row.interpretation not in EXPECTED:
            continue
        rows = [row, *printed_range(case, row.analyte)]
        found = against_reference(row.known, reference_of(*rows))
        if found and found != EXPECTED[row.interpretation]:
            sentence = (
                f"{capital(spoken(case.vocabulary.analytes[row.analyte]))} {on_day(row.when)} is called "
                f"{row.interpretation}, but {shown_value(row)} is {PLACES[found]} "
                f"{range_text(case.vocabulary.analytes[row.analyte], *rows)}."
            )
            yield remark("interpretation", [row], sentence)


def _words_against_numbers(case: Case) -> Iterator[dict[str, object]]:
    """ "Normal on days 2 to 4" against the numbers of those days. Where only a beginning or an end is said, one day
    of many may be meant: then only numbers that all lie elsewhere, two at least, are worth a remark."""
    numbers = _numeric(case)
    for words in case.observations.itertuples():
        if words.numeric or words.interpretation not in EXPECTED or words.evidence in ("inferred", "secondary"):
            continue
        inside = [r for r in numbers.get(words.analyte, ()) if r.when.within(words.when)]
        printed = [words, *printed_range(case, words.analyte)]
        found = [(r, against_reference(r.known, reference_of(r, *printed))) for r in inside]
        outside = [(r, where) for r, where in found if where and where != EXPECTED[words.interpretation]]
        bounded = math.isfinite(words.when.low) and math.isfinite(words.when.high)
        if not outside or (not bounded and (len(outside) < 2 or len(outside) < len(found))):
            continue
        analyte = case.vocabulary.analytes[words.analyte]
        shown_rows = listed([f"{shown_value(r)} {on_day(r.when)} ({PLACES[where]})" for r, where in outside])
        sentence = (
            f"{capital(spoken(analyte))} {on_day(words.when)} is said to be {ORDERED[words.interpretation]} "
            f"({words.source}); {documents_that([r.source for r, _ in outside], 'has')} {shown_rows} against "
            f"{range_text(analyte, outside[0][0], *printed)}."
        )
        yield remark("interpretation", [words, *(r for r, _ in outside)], sentence)


def _moves_against_numbers(case: Case) -> Iterator[dict[str, object]]:
    """ "Rose" or "better" on a day, against the number of that day and the one before it."""
    numbers = _numeric(case)
    for words in case.observations.itertuples():
        analyte = case.vocabulary.analytes[words.analyte]
        if words.numeric or not words.when.is_exact or words.interpretation not in ("U", "D", "B", "W"):
            continue
        if words.interpretation in ("B", "W") and not analyte.improvement:
            continue
        up = words.interpretation == ("U" if words.interpretation in "UD" else "B")
        if words.interpretation in "BW" and analyte.improvement == "decrease":
            up = not up
        mine = [r for r in numbers.get(words.analyte, ()) if r.when == words.when]
        before = [r for r in numbers.get(words.analyte, ()) if r.when.certainly_below(words.when)]
        latest = max((r.when.high for r in before), default=0.0)
        before = [r for r in before if r.when.high == latest]
        moves = {direction(b.known, m.known) for b in before for m in mine}
        if moves and moves <= ({"fell", "same"} if up else {"rose", "same"}):
            b, m = before[0], mine[0]
            sentence = (
                f"{capital(spoken(analyte))} {on_day(words.when)} is said to be {ORDERED[words.interpretation]} "
                f"({words.source}); the numbers are {shown_value(b)} {on_day(b.when)} and "
                f"{shown_value(m)} {on_day(m.when)}."
            )
            yield remark("interpretation", [words, b, m], sentence)
