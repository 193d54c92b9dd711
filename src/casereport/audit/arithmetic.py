"""The numbers of one sample against each other: identities, parts of a whole, what cannot be above what; and of one
sample against the next, where two quantities move together. The rules are data, in `identities.py`.
"""

from collections.abc import Iterator
from itertools import pairwise

import numpy as np

from casereport.audit.findings import Number, Remark, documents, name_of, named, numbers_of, remark, shown_value
from casereport.audit.identities import identities
from casereport.audit.identity_table import ORDERED, OTHER_SHARES, SHARE_ROUNDING, SHARES, TOGETHER, WHOLES, Whole
from casereport.audit.samples import Day, Sample, half_unit, samples
from casereport.case.case import Case
from casereport.quantities.intervals import printed_half_unit
from casereport.quantities.units import shown
from casereport.quantities.wording import capital, listed, on_day, spoken


def arithmetic(case: Case) -> Iterator[Remark]:
    """The remarks of checks `sum`, `identity` and `order`; what two documents share is told once."""
    told: set[tuple[str, frozenset[int | str]]] = set()
    for found in _all(case, samples(case)):
        if (found.check, frozenset(found.lines)) not in told:
            told.add((found.check, frozenset(found.lines)))
            yield found


def _all(case: Case, all_samples: list[Sample]) -> Iterator[Remark]:
    for sample in all_samples:
        yield from _sums(case, sample)
    yield from identities(case, all_samples)
    for sample in all_samples:
        yield from _orders(case, sample)
    yield from _together(case)


# Parts of a whole


def _sums(case: Case, sample: Sample) -> Iterator[Remark]:
    for whole in WHOLES:
        if whole.whole in sample.given:
            yield from sample.remark((whole.whole, *whole.parts), lambda day, whole=whole: _sum(case, day, whole))  # type: ignore[misc]
    yield from sample.remark((*SHARES, *OTHER_SHARES), lambda day: _shares(case, day))


def _sum(case: Case, day: Day, whole: Whole) -> Remark | None:
    parts = [day[p] for p in whole.parts if p in day]
    if not parts:
        return None
    total = day[whole.whole]
    added = sum(p.known.low for p in parts)
    slack = half_unit(total, case) + sum(half_unit(p, case) for p in parts)
    missing = total.known.low - added
    # parts that are not given may make up any remainder; a hair of slack, because sums of decimals are not exact
    complete = len(parts) == len(whole.parts)
    remainder = slack + whole.may_be_missing * total.known.low if complete else np.inf
    if -slack - 1e-9 <= missing <= remainder + 1e-9:
        return None
    labels = listed([name_of(p, case) for p in parts])
    analyte = case.vocabulary.analytes[total.analyte]
    added_text = f"{capital(labels)} {on_day(total.when)} " + (
        f"add up to {added:.4g} {shown(analyte.unit)}" if len(parts) > 1 else f"is {shown_value(parts[0])}"
    )
    return remark("sum", [total, *parts], f"{added_text}; {spoken(analyte.label)} is given as {shown_value(total)}.")


def _shares(case: Case, day: Day) -> Remark | None:
    """The five kinds add up to 100 %, alone or with what a smear names besides; some of them to no more."""
    kinds, others = ([day[s] for s in names if s in day] for names in (SHARES, OTHER_SHARES))
    if len(kinds) < 2:
        return None
    # a smear of 100 cells is told in whole per cent, and may leave out what it saw besides; an analyser leaves out none
    by_hand = all(printed_half_unit(s.text) >= 0.5 for s in kinds if s.unit == "%")
    missing = 5.0 if by_hand and not others else 0.0
    for shares in (kinds, [*kinds, *others]):
        total = sum(s.known.low for s in shares)
        slack = sum(max(SHARE_ROUNDING, half_unit(s, case)) for s in shares) + 1e-9
        if total <= 100 + slack and (len(kinds) < len(SHARES) or total >= 100 - missing - slack):
            return None
    told = listed([named(s, case) for s in shares])
    return remark("sum", shares, f"The shares of white cells {on_day(shares[0].when)} add up to {total:.4g} %: {told}.")


# Orders


def _orders(case: Case, sample: Sample) -> Iterator[Remark]:
    for low, high in ORDERED:
        if not {low, high} <= sample.given.keys():
            continue
        # where both pressures are given, the identity of the mean says it
        third = {"mean_pressure", "pa_mean"} & {low, high} and {"diastolic_pressure", "systolic_pressure"} - {low, high}
        if not (third and third <= set(sample.given)):
            yield from sample.remark((low, high), lambda day, pair=(low, high): _order(case, day, *pair))  # type: ignore[misc]


def _order(case: Case, day: Day, low: str, high: str) -> Remark | None:
    lower, upper = day[low], day[high]
    if lower.known.low - half_unit(lower, case) <= upper.known.low + half_unit(upper, case) + 1e-9:
        return None
    sentence = (
        f"{capital(name_of(lower, case))} {on_day(lower.when)}, {shown_value(lower)}, is above "
        f"{named(upper, case)}: are the two exchanged, or is one of them misprinted?"
    )
    return remark("order", [lower, upper], sentence)


def _together(case: Case) -> Iterator[Remark]:
    """Two quantities that rise and fall together, between one sample and the next of a document."""
    series: dict[frozenset[str], dict[float, dict[str, Number]]] = {}
    for number in numbers_of(case):
        if number.is_plain and number.when.is_exact:
            days = series.setdefault(documents(number.source), {})
            days.setdefault(number.when.low, {}).setdefault(number.analyte, number)
    for days in series.values():
        for one, other, direction in TOGETHER:
            both = [days[day] for day in sorted(days) if one in days[day] and other in days[day]]
            for before, after in pairwise(both):
                moves = [_move(before[name], after[name], case) for name in (one, other)]
                if moves[0] * moves[1] * direction < 0:
                    yield _against(case, [before[one], after[one], before[other], after[other]], direction)


def _move(before: Number, after: Number, case: Case) -> int:
    """1 for a rise, -1 for a fall, 0 for what rounding may hide."""
    slack = half_unit(before, case) + half_unit(after, case) + 1e-9
    gap = after.known.low - before.known.low
    return 0 if abs(gap) <= slack else 1 if gap > 0 else -1


def _against(case: Case, rows: list[Number], direction: int) -> Remark:
    steps = [f"{name_of(a, case)} from {shown_value(a)} to {shown_value(b)}" for a, b in (rows[:2], rows[2:])]
    sentence = (
        f"{capital(on_day(rows[0].when))} and {on_day(rows[1].when).removeprefix('on ')}, {listed(steps)}: one "
        f"{'rises and falls with' if direction > 0 else 'falls as'} the other{'' if direction > 0 else ' rises'}. "
        f"Is one of the four misprinted?"
    )
    return remark("order", rows, sentence)
