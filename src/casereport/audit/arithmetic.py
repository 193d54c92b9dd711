"""The numbers of one sample against each other: identities, parts of a whole, what cannot be above what; and of one
sample against the next, where two quantities move together. The rules are data, in `identities.py`.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np

from casereport.audit.findings import (
    Number,
    Remark,
    capital,
    documents,
    numbers,
    on_day,
    remark,
    shown_value,
    spoken,
)
from casereport.audit.identities import (
    IDENTITIES,
    ORDERED,
    OTHER_SHARES,
    SHARE_ROUNDING,
    SHARES,
    SUBSTITUTES,
    TOGETHER,
    WHOLES,
    Ends,
    Identity,
    Whole,
    beyond,
    ends,
)
from casereport.audit.samples import Day, Sample, half_unit, samples
from casereport.case.case import Case
from casereport.quantities.intervals import printed_half_unit
from casereport.quantities.units import shown
from casereport.quantities.wording import listed

COUNT_WORDS = {2: "two", 3: "three", 4: "four", 5: "five", 6: "six"}


def arithmetic(case: Case) -> Iterator[Remark]:
    """The remarks of checks `sum`, `identity` and `order`, and `together`; what two documents share is told once."""
    told: set[tuple[str, frozenset[int | str]]] = set()
    lasting = _height(case)
    for sample in samples(case):
        for found in (*_sums(case, sample), *_identities(case, sample, lasting), *_orders(case, sample)):
            if (found.check, frozenset(found.lines)) not in told:
                told.add((found.check, frozenset(found.lines)))
                yield found
    yield from _together(case)


def _spoken(number: Number, case: Case) -> str:
    return spoken(case.vocabulary.analytes[number.analyte])


def _named(number: Number, case: Case) -> str:
    return f"{_spoken(number, case)} {shown_value(number)}"


# Parts of a whole


def _sums(case: Case, sample: Sample) -> Iterator[Remark]:
    for whole in WHOLES:
        yield from sample.remark((whole.whole, *whole.parts), lambda day, whole=whole: _sum(case, day, whole))  # type: ignore[misc]
    yield from sample.remark((*SHARES, *OTHER_SHARES), lambda day: _shares(case, day))


def _sum(case: Case, day: Day, whole: Whole) -> Remark | None:
    parts = [day[p] for p in whole.parts if p in day]
    if whole.whole not in day or not parts:
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
    labels = listed([_spoken(p, case) for p in parts])
    analyte = case.vocabulary.analytes[total.analyte]
    added_text = f"{capital(labels)} {on_day(total.when)} " + (
        f"add up to {added:.4g} {shown(analyte.unit)}" if len(parts) > 1 else f"is {shown_value(parts[0])}"
    )
    return remark("sum", [total, *parts], f"{added_text}; {spoken(analyte)} is given as {shown_value(total)}.")


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
    named = listed([f"{_spoken(s, case)} {shown_value(s)}" for s in shares])
    return remark(
        "sum", shares, f"The shares of white cells {on_day(shares[0].when)} add up to {total:.4g} %: {named}."
    )


# Identities


@dataclass(frozen=True)
class _Broken:
    """An identity that does not hold: `stated`, the numbers `used`, and what it gives and from what, in words."""

    identity: Identity
    stated: Number
    used: tuple[Number, ...]
    result: str
    inputs: str

    @property
    def rows(self) -> tuple[Number, ...]:
        return self.stated, *self.used


def _identities(case: Case, sample: Sample, lasting: list[Number]) -> Iterator[Remark]:
    broken = [b for identity in IDENTITIES for b in _broken(case, sample, identity, lasting)]
    while broken:
        # one number in several of them is the likeliest cause
        often = Counter(row.line for b in broken for row in b.rows).most_common(1)[0]
        mine = [b for b in broken if often[1] == 1 or often[0] in {row.line for row in b.rows}]
        mine = mine[:1] if often[1] == 1 else mine
        broken = [b for b in broken if b not in mine]
        yield _in_words(case, mine, often[0])


def _in_words(case: Case, broken: list[_Broken], line: int) -> Remark:
    rows = {row.line: row for b in broken for row in b.rows}
    if len(broken) == 1:
        one = broken[0]
        count = f"the {COUNT_WORDS[len(one.rows)]}" if len(one.rows) > 1 else "them"
        sentence = (
            f"{capital(_spoken(one.stated, case))} {on_day(one.stated.when)}, {shown_value(one.stated)}, and "
            f"{one.identity.words}, {one.result}, do not agree ({one.inputs}): is one of {count} misprinted?"
        )
        return remark("identity", list(one.rows), sentence)
    suspect = rows.pop(line)
    each = listed([f"{_named(b.stated, case)} against {b.result} ({b.identity.words})" for b in broken])
    sentence = (
        f"{capital(_spoken(suspect, case))} {on_day(suspect.when)} is {shown_value(suspect)}, and all that is told "
        f"from it disagrees: {each}. Is it misprinted?"
    )
    return remark("identity", [suspect, *rows.values()], sentence)


def _broken(case: Case, sample: Sample, identity: Identity, lasting: list[Number]) -> list[_Broken]:
    wholes = sample.given.get(identity.whole, [])
    if not wholes:
        return []
    given = dict(sample.given)
    for name, others in SUBSTITUTES.items():
        if name in identity.parts or name in identity.given:
            rows = [row for n in (name, *others) if n != identity.whole for row in given.get(n, ())]
            given |= {name: rows} if rows else {}
    if lasting and "height" in identity.given:
        given.setdefault("height", lasting)
    inputs = [n for n in (*identity.parts, *identity.given) if n in given]
    if not set(identity.parts) <= set(inputs):
        return []
    found = []
    for day in Sample(sample.when, given).ways((identity.whole, *inputs)):
        one = _one(case, identity, day)
        if one is None:
            return []
        found.append(one)
    return found[:1]


def _one(case: Case, identity: Identity, day: Day) -> _Broken | None:
    """The identity for these numbers, where it can be told and does not hold."""
    known: list[Ends] = []
    central: list[Ends] = []
    words, used = [], []
    for name in (*identity.parts, *identity.given):
        if name in day:
            value = day[name].known.low
            known.append(ends(value, half_unit(day[name], case), name))
            central.append((value, value))
            words.append(_named(day[name], case))
            used.append(day[name])
        else:
            assumed = identity.given[name] or _of_person(case, name)
            if assumed is None:
                return None
            known.append(assumed)
            central.append(assumed)
            words += [_person_words(name, assumed)] if identity.given[name] is None else []
    stated = day[identity.whole]
    whole = ends(stated.known.low, half_unit(stated, case), identity.whole)
    if not beyond(identity, whole, known) > 0:
        return None
    return _Broken(identity, stated, tuple(used), _result(case, identity, stated, central), listed(words))


def _of_person(case: Case, name: str) -> Ends | None:
    subject = case.meta.subject
    if name == "age" and subject.age_years is not None:
        return subject.age_years, subject.age_years + 1  # in whole years: up to the next birthday
    if name == "female" and subject.sex:
        return (1, 1) if subject.sex == "female" else (0, 0)
    if name == "weight" and subject.weight_kg:
        return subject.weight_kg - 0.5, subject.weight_kg + 0.5
    return None


def _person_words(name: str, known: Ends) -> str:
    if name == "female":
        return "female" if known[0] else "male"
    return f"age {known[0]:g}" if name == "age" else f"weight {sum(known) / 2:g} kg in case.yaml"


def _result(case: Case, identity: Identity, stated: Number, central: list[Ends]) -> str:
    """What the formula gives, in the unit and with the decimals of what is stated: `88 fL`, `12 to 16 mmol/L`."""
    conversion = case.vocabulary.analytes[stated.analyte].conversions.get(stated.unit)
    factor = float(conversion.factor) if conversion else 1.0
    decimals = max(0, round(-np.log10(2 * printed_half_unit(stated.text))))
    corners: list[Any] = [
        formula(*(pair[side] for pair, side in zip(central, sides, strict=True)))
        for formula in identity.formulas
        for sides in np.ndindex(*(2 if pair[0] != pair[1] else 1 for pair in central))
    ]
    texts = dict.fromkeys(f"{float(end) / factor:.{decimals}f}" for end in (min(corners), max(corners)))
    return f"{' to '.join(texts)} {shown(stated.unit)}".removesuffix(" 1")


def _height(case: Case) -> list[Number]:
    """The height of an adult, which holds on every day; none where two differ or the subject may be growing."""
    found = [n for n in numbers(case.observations) if n.analyte == "height" and n.is_plain]
    same = len({n.known for n in found}) == 1 and not case.meta.subject.is_child
    return found[:1] if same else []


# Orders


def _orders(case: Case, sample: Sample) -> Iterator[Remark]:
    for low, high in ORDERED:
        # where both pressures are given, the identity of the mean says it
        third = {"mean_pressure", "pa_mean"} & {low, high} and {"diastolic_pressure", "systolic_pressure"} - {low, high}
        if not (third and third <= set(sample.given)):
            yield from sample.remark((low, high), lambda day, pair=(low, high): _order(case, day, *pair))  # type: ignore[misc]


def _order(case: Case, day: Day, low: str, high: str) -> Remark | None:
    if low not in day or high not in day:
        return None
    lower, upper = day[low], day[high]
    if lower.known.low - half_unit(lower, case) <= upper.known.low + half_unit(upper, case) + 1e-9:
        return None
    sentence = (
        f"{capital(_spoken(lower, case))} {on_day(lower.when)}, {shown_value(lower)}, is above "
        f"{_named(upper, case)}: are the two exchanged, or is one of them misprinted?"
    )
    return remark("order", [lower, upper], sentence)


def _together(case: Case) -> Iterator[Remark]:
    """Two quantities that rise and fall together, between one sample and the next of a document."""
    series: dict[frozenset[str], dict[float, dict[str, Number]]] = {}
    for number in numbers(case.observations):
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
    steps = [f"{_spoken(a, case)} from {shown_value(a)} to {shown_value(b)}" for a, b in (rows[:2], rows[2:])]
    sentence = (
        f"{capital(on_day(rows[0].when))} and {on_day(rows[1].when).removeprefix('on ')}, {listed(steps)}: one "
        f"{'rises and falls with' if direction > 0 else 'falls as'} the other{'' if direction > 0 else ' rises'}. "
        f"Is one of the four misprinted?"
    )
    return remark("order", rows, sentence)
