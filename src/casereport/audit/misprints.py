"""Values that look misprinted, each put as a question: the source, or its transcription, may have a slip there.

A question needs a sign that a true value hardly gives: a limit that no patient passes, a reference range off by
powers of ten, a number that repeats another analyte's while out of line with its own, or a jump out and back that
nothing else measured on the day shares. How large a jump is was set on real courses, of 195 patients (Yan et al. 2020):
among 6000 values with one before and one after, five are asked about, such as CRP of 102.1, 9.2 and 99.3 mg/L.
"""

import math
from collections.abc import Iterator, Sequence
from itertools import chain, combinations, pairwise
from statistics import median
from typing import NamedTuple

from casereport.analysis.measurements import rounding
from casereport.audit.findings import (
    Number,
    Remark,
    begun,
    documents,
    name_of,
    numbers_of,
    remark,
    shown_value,
    significant,
)
from casereport.audit.samples import is_unsteady
from casereport.audit.scales import scales
from casereport.case.case import Case
from casereport.case.rows import Observation
from casereport.quantities.intervals import Interval
from casereport.quantities.units import behind
from casereport.quantities.vocabulary import Analyte
from casereport.quantities.wording import capital, interval_text, listed, on_day, spoken

CHECK = "question"

# A jump is so many times the values before and after; less is enough in an analyte that is steady otherwise.
JUMP = 5.0
STEADY_JUMP = 1.6
STEADY_STEP = 0.05  # the usual step of a steady analyte, as a logarithm: 5 %
OTHER_STEPS = 3  # fewer do not show what is usual
NEIGHBOURS_WITHIN = 7  # days: a jump is out and back within a week each way

# What an infection moves it moves together: a marker of it with company this large is no misprint.
COMPANY = 1.5

# A slip of digits is asked about where the number stands so many of its usual steps out of line, in a course that is
# steady enough to tell, and would lie among its neighbours without the slip. Among 49,474 values of 357 patients of
# Yan et al. 2020 four are asked about; without the limits of steadiness, or at the ends of a course, ten times as many.
SLIPPED = 1.15
SLIPPED_STEPS = 4.0
SLIPPED_STEADY = 0.1  # the largest usual step, as a logarithm

REPEATED = 3.0  # how far a repeated number must be from its own neighbours

# Laboratories differ in their limits by a factor of several, where methods differ; not by this much.
REFERENCE_FACTOR = 30.0


def questions(case: Case) -> Iterator[Remark]:
    """The remarks of check `question`; a value that is asked about already is no jump besides."""
    asked: set[int | str] = set()
    places = list(_places(case))
    for found in chain(_implausible(case), _reference_units(case), _repeated(places), scales(case)):
        yield found
        asked.add(found.lines[0])
    for found in chain(_jumps(places), _slipped(places)):
        if found.lines[0] not in asked:
            yield found
        asked.add(found.lines[0])


def _implausible(case: Case) -> Iterator[Remark]:
    for number in numbers_of(case):
        analyte = case.vocabulary.analytes[number.analyte]
        low, high = analyte.plausible_low, analyte.plausible_high
        beyond = [("below", low)] if low is not None and number.known.high < low else []
        beyond += [("above", high)] if high is not None and number.known.low > high else []
        for side, limit in beyond:
            sentence = (
                f"{capital(spoken(analyte.label))} of {shown_value(number)} {on_day(number.when)} is {side} what "
                f"is plausible ({limit:g}{behind(analyte.unit)}): is it misprinted, or mistyped?"
            )
            yield remark(CHECK, [number], sentence)


def _reference_units(case: Case) -> Iterator[Remark]:
    """A printed range far from the usual one, as when a unit is wrong: ng/mL printed for mg/L moves it 1000-fold."""
    groups: dict[tuple[str, str, str, str], list[Observation]] = {}
    for row in case.observations:
        if row.ref_origin == "source":
            groups.setdefault((row.analyte, row.unit, row.ref_low, row.ref_high), []).append(row)
    for (name, unit, low, high), rows in groups.items():
        analyte = case.vocabulary.analytes[name]
        usual, printed = analyte.reference_for(case.meta.subject.reference_group), rows[0].reference
        if usual is None or printed is None:
            continue
        ratios = _ratios(printed, usual)
        if not ratios or not _off_by_a_power_of_ten(ratios):
            continue
        size = 10 ** abs(round(sum(ratios) / len(ratios)))
        limits = f"{low} to {high}" if low and high else f"up to {high}" if high else f"from {low}"
        sentence = (
            f"{capital(name_of(rows[0], case))} is given with a reference range of {limits}{behind(unit)}, about "
            f"{size:g} times too {'high' if ratios[0] > 0 else 'low'} against the usual one "
            f"({_range(usual, analyte.unit)}): is the unit misprinted?"
        )
        yield remark(CHECK, rows, sentence)


def _ratios(printed: Interval, usual: Interval) -> list[float]:
    """The decimal logarithm of printed/usual for each limit that both have."""
    ends = (printed.low, usual.low), (printed.high, usual.high)
    return [math.log10(p / u) for p, u in ends if p > 0 and u > 0 and math.isfinite(p + u)]


def _range(usual: Interval, unit: str) -> str:
    return interval_text(Interval(max(usual.low, 0.0), usual.high), unit)


def _off_by_a_power_of_ten(ratios: list[float]) -> bool:
    if all(abs(r) >= math.log10(REFERENCE_FACTOR) and r * ratios[0] > 0 for r in ratios):
        return True
    # ten times, as g/dL for g/L, is a sure sign only where both limits say so
    return len(ratios) == 2 and any(all(abs(r - k) <= 0.2 for r in ratios) for k in (-1, 1))


class _Place(NamedTuple):
    """A value in its series: the plain positive numbers of one document and analyte, one a day, in order of days."""

    document: frozenset[str]
    analyte: Analyte
    series: list[Number]
    at: int

    @property
    def number(self) -> Number:
        return self.series[self.at]

    def neighbours(self, within: float = math.inf) -> list[Number]:
        """The values just before and just after, both within so many days; else none."""
        if not 0 < self.at < len(self.series) - 1:
            return []
        near = [self.series[self.at - 1], self.series[self.at + 1]]
        return near if all(abs(n.when.low - self.number.when.low) <= within for n in near) else []

    def beside_the_edge(self) -> list[Number]:
        """The two values next to the first or the last."""
        if len(self.series) < 3:
            return []
        return {0: self.series[1:3], len(self.series) - 1: self.series[-3:-1]}.get(self.at, [])

    def outlies(self, others: Sequence[Number]) -> float:
        """How far the value lies beyond all of `others`, as a signed logarithm; 0 if it lies between or among them."""
        steps = [_step(self.analyte, self.number, other) for other in others]
        if not steps or min(steps) < 0 < max(steps):
            return 0.0
        return min(steps, key=abs)


def _places(case: Case) -> Iterator[_Place]:
    found: dict[tuple[frozenset[str], str], dict[float, Number]] = {}
    for number in numbers_of(case):
        if number.is_plain and number.when.is_exact and number.known.low > 0:
            days = found.setdefault((documents(number.source), number.analyte), {})
            days.setdefault(number.when.low, number)
    for (document, name), days in found.items():
        series = [days[day] for day in sorted(days)]
        for at in range(len(series)):
            yield _Place(document, case.vocabulary.analytes[name], series, at)


def _step(analyte: Analyte, number: Number, other: Number) -> float:
    """The logarithm of number/other, as near to 0 as the rounding of both allows."""
    half, other_half = rounding(number, analyte), rounding(other, analyte)
    low, high = number.known.low - half, number.known.low + half
    other_low, other_high = other.known.low - other_half, other.known.low + other_half
    if low > other_high > 0:
        return math.log(low / other_high)
    if other_low > high > 0:
        return math.log(high / other_low)
    return 0.0


def _repeated(places: Sequence[_Place]) -> Iterator[Remark]:
    """The same number under two analytes on one day of one document, where it is out of line with one of them.

    Equal numbers alone are common (0.02 and 0.02 of two cell counts); one that is also far from the values before and
    after is more likely to have come from the other row.
    """
    days: dict[tuple[frozenset[str], float], dict[float, list[_Place]]] = {}
    for place in places:
        if significant(place.number.text) >= 2:
            day = days.setdefault((place.document, place.number.when.low), {})
            day.setdefault(float(place.number.text), []).append(place)
    for day in days.values():
        for equal in day.values():
            for one, other in combinations(equal, 2):
                # what is itself in line is where the number belongs
                yield from [*_copied(one, other), *_copied(other, one)][:1]


def _copied(place: _Place, other: _Place) -> Iterator[Remark]:
    """The question whether a number was copied from the row of `other`, if it is out of line with its own."""
    number = place.number
    near = place.neighbours() or (place.beside_the_edge() if significant(number.text) >= 3 else [])
    if abs(place.outlies(near)) >= math.log(REPEATED):
        sentence = (
            f"{begun(number, spoken(place.analyte.label))}, "
            f"far from its values next to it ({_values(near)}), and the same number as "
            f"{spoken(other.analyte.label)} on that day: was it copied from there?"
        )
        yield remark(CHECK, [number, other.number], sentence)


def _values(near: list[Number]) -> str:
    return listed([f"{shown_value(n)} {on_day(n.when)}" for n in near])


def _jumps(places: Sequence[_Place]) -> Iterator[Remark]:
    """A value far from both neighbours, in one direction, on a day on which nothing else measured moves so."""
    by_day: dict[float, list[tuple[_Place, float]]] = {}
    for place in places:
        if near := place.neighbours(NEIGHBOURS_WITHIN):
            by_day.setdefault(place.number.when.low, []).append((place, place.outlies(near)))
    for day in by_day.values():
        for place, size in day:
            others = [other for elsewhere, other in day if elsewhere.analyte.id != place.analyte.id]
            if _alone(place.analyte, size, others) and abs(size) >= _threshold(place):
                near, number = place.neighbours(), place.number
                sentence = (
                    f"{begun(number, spoken(place.analyte.label))}, "
                    f"{math.exp(abs(size)):.2g} times {'higher' if size > 0 else 'lower'} than before and "
                    f"after ({_values(near)}), and nothing else measured on that day moves so: "
                    f"is it misprinted?{_shift(number, near)}"
                )
                yield remark(CHECK, [number, *near], sentence)


def _alone(analyte: Analyte, size: float, others: list[float]) -> bool:
    """True where others were measured that day, and none of them moved as this analyte did."""
    if not others or max(map(abs, others)) >= abs(size) / 2:
        return False
    if analyte.group != "Inflammation":
        return True
    return all(math.copysign(1, size) * other < math.log(COMPANY) for other in others)


def _other_steps(place: _Place) -> list[float]:
    """How far each value lies from the next, as logarithms, but for the steps to the value itself and from it.

    Here rounding counts as movement: 0.07 then 0.08 does not show that an analyte is steady.
    """
    pairs = enumerate(pairwise(place.series))
    return [abs(math.log(b.known.low / a.known.low)) for k, (a, b) in pairs if k not in (place.at - 1, place.at)]


def _threshold(place: _Place) -> float:
    """How large a movement is a jump here, as a logarithm."""
    series, at = place.series, place.at
    steps = _other_steps(place)
    over = abs(math.log(series[at + 1].known.low / series[at - 1].known.low))
    # a row of results at the end of an assay's range is not steady: 762, 364, then 9999 four times
    unsteady = is_unsteady(place.analyte) or over > math.log(STEADY_JUMP)
    steady = not unsteady and len(steps) >= OTHER_STEPS and median(steps) <= STEADY_STEP
    return math.log(STEADY_JUMP if steady else JUMP)


def _slipped(places: Sequence[_Place]) -> Iterator[Remark]:
    """A number out of line in a steady course that is in line once two neighbouring digits change places, or, at either
    end too, the decimal point moves: 183 between 138 and 140, 1.4 after 14.2 and 13.9.
    """
    for place in places:
        between = place.neighbours(NEIGHBOURS_WITHIN)
        near = between or place.beside_the_edge()
        size = abs(place.outlies(near))
        if size < math.log(SLIPPED) or is_unsteady(place.analyte):
            continue
        steps = _other_steps(place)
        usual = max(median(steps), STEADY_STEP / 2) if len(steps) >= OTHER_STEPS else math.inf
        if usual > SLIPPED_STEADY or size < SLIPPED_STEPS * usual:
            continue
        yield from _slip(place, near, slips(place.number.text, bool(between), size), math.exp(usual))


def _slip(place: _Place, near: list[Number], might: list[tuple[str, str]], reach: float) -> Iterator[Remark]:
    """The question of the first slip that puts the number among its neighbours, give or take a usual step."""
    number = place.number
    scale = number.known.low / float(number.text)
    low, high = min(n.known.low for n in near) / reach, max(n.known.low for n in near) * reach
    for how, other in [(how, other) for how, other in might if low <= float(other) * scale <= high][:1]:
        sentence = (
            f"{begun(number, spoken(place.analyte.label))}, out of line with "
            f"{_values(near)}; {other} would be in line: {how}?"
        )
        yield remark(CHECK, [number, *near], sentence)


def slips(text: str, between: bool, size: float) -> list[tuple[str, str]]:
    """What a number that is so far out of line may have been, as (question, number): with two digits exchanged where it
    stands between two others, and with the decimal point elsewhere.
    """
    found = [("did two digits change places", other) for other in transpositions(text)] if between else []
    if size >= math.log(JUMP):
        found += [("did the decimal point move", f"{float(text) * factor:.6g}") for factor in (10, 0.1)]
    return found


def transpositions(text: str) -> list[str]:
    """The number with two neighbouring digits exchanged, each way that gives another number above nought."""
    at = [i for i, c in enumerate(text) if c.isdigit()]
    found = [text[:i] + text[j] + text[i + 1 : j] + text[i] + text[j + 1 :] for i, j in pairwise(at)]
    return [other for other in found if other != text and float(other) > 0]


def _shift(number: Number, near: list[Number]) -> str:
    """What to add where the decimal point moved by one or two places would put the value in line."""
    low, high = sorted(n.known.low for n in near)
    for factor, words in ((10, "ten times higher"), (0.1, "ten times lower"), (100, "100 times higher")):
        if low / 1.5 <= number.known.low * factor <= high * 1.5:
            return f" A value {words} would be in line."
    return ""
