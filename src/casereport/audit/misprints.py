"""Values that look misprinted, each put as a question: the source, or its transcription, may have a slip there.

A question needs a sign that a true value hardly gives: a limit that no patient passes, a reference range off by
powers of ten, a number that repeats another analyte's while out of line with its own, or a jump out and back that
nothing else measured on the day shares. How large a jump is was set on real courses, of 195 patients (Yan et al. 2020):
among 6000 values with one before and one after, five are asked about, such as CRP of 102.1, 9.2 and 99.3 mg/L.
"""

import math
from collections.abc import Iterator
from itertools import combinations, pairwise
from statistics import median
from typing import Any

from casereport.audit.findings import capital, documents, exact_rows, on_day, remark, rounding, shown_value, spoken
from casereport.case.case import Case
from casereport.quantities.intervals import Interval
from casereport.quantities.units import shown
from casereport.quantities.wording import interval_text, listed

CHECK = "question"

# A jump is so many times the values before and after; less is enough in an analyte that is steady otherwise.
JUMP = 5.0
STEADY_JUMP = 1.6
STEADY_STEP = 0.05  # the usual step of a steady analyte, as a logarithm: 5 %
OTHER_STEPS = 3  # fewer do not show what is usual
NEIGHBOURS_WITHIN = 7  # days: a jump is out and back within a week each way

# What an infection moves it moves together: a marker of it with company this large is no misprint.
COMPANY = 1.5

# Pressures, rates and saturations swing within minutes, so a steady week says little about the next reading.
UNSTEADY_GROUPS = ("Vital signs", "Gas exchange")

REPEATED = 3.0  # how far a repeated number must be from its own neighbours

# Laboratories differ in their limits by a factor of several, where methods differ; not by this much.
REFERENCE_FACTOR = 30.0


def questions(case: Case) -> Iterator[dict[str, object]]:
    """The remarks of check `question`; a value that is asked about already is no jump besides."""
    asked: set[object] = set()
    for rule in (_implausible, _reference_units, _repeated, _jumps):
        for found in rule(case):
            about = found["lines"][0]  # type: ignore[index]
            if rule is not _jumps or about not in asked:
                yield found
            asked.add(about)


def _implausible(case: Case) -> Iterator[dict[str, object]]:
    for row in case.observations[case.observations["numeric"].astype(bool)].itertuples():
        analyte = case.vocabulary.analytes[row.analyte]
        low, high = analyte.plausible_low, analyte.plausible_high
        for limit, side, beyond in (
            (low, "below", low is not None and row.known.high < low),
            (high, "above", high is not None and row.known.low > high),
        ):
            if beyond:
                sentence = (
                    f"{capital(spoken(analyte))} of {shown_value(row)} {on_day(row.when)} is {side} what "
                    f"is plausible ({limit:g} {shown(analyte.unit)}): is it misprinted, or mistyped?"
                )
                yield remark(CHECK, [row], sentence)


def _reference_units(case: Case) -> Iterator[dict[str, object]]:
    """A printed range far from the usual one, as when a unit is wrong: ng/mL printed for mg/L moves it 1000-fold."""
    table = case.observations[case.observations["ref_origin"] == "source"]
    groups: dict[tuple, list] = {}
    for row in table.itertuples():
        groups.setdefault((row.analyte, row.unit, row.ref_low, row.ref_high), []).append(row)
    for (name, unit, low, high), rows in groups.items():
        analyte = case.vocabulary.analytes[name]
        usual = analyte.reference_for(case.meta.subject.reference_group)
        if usual is None:
            continue
        printed = rows[0].reference
        ends = (printed.low, usual.low), (printed.high, usual.high)
        ratios = [math.log10(p / u) for p, u in ends if p > 0 and u > 0 and math.isfinite(p + u)]
        if not ratios or not _off_by_a_power_of_ten(ratios):
            continue
        size = 10 ** abs(round(sum(ratios) / len(ratios)))
        limits = f"{low} to {high}" if low and high else f"up to {high}" if high else f"from {low}"
        sentence = (
            f"{capital(spoken(analyte))} is given with a reference range of {limits} {shown(unit)}, about {size:g} "
            f"times too {'high' if ratios[0] > 0 else 'low'} against the usual one "
            f"({_range(usual, analyte.unit)}): is the unit misprinted?"
        )
        yield remark(CHECK, rows, sentence)


def _range(usual: Interval, unit: str) -> str:
    return interval_text(Interval(max(usual.low, 0.0), usual.high), unit)


def _off_by_a_power_of_ten(ratios: list[float]) -> bool:
    if all(abs(r) >= math.log10(REFERENCE_FACTOR) and r * ratios[0] > 0 for r in ratios):
        return True
    # ten times, as g/dL for g/L, is a sure sign only where both limits say so
    return len(ratios) == 2 and any(all(abs(r - k) <= 0.2 for r in ratios) for k in (-1, 1))


def _series(case: Case) -> dict[tuple, list]:
    """The plain positive numbers of each document and analyte, one a day, in order of days."""
    series: dict[tuple, dict[float, object]] = {}
    for row in exact_rows(case).itertuples():
        if row.when.is_exact and row.known.low > 0:
            series.setdefault((documents(row.source), row.analyte), {}).setdefault(row.when.low, row)
    return {key: [rows[day] for day in sorted(rows)] for key, rows in series.items()}


def _step(case: Case, row: Any, other: Any) -> float:
    """The logarithm of row/other, as near to 0 as the rounding of both allows."""
    analyte = case.vocabulary.analytes[row.analyte]
    ends = []
    for one in (row, other):
        half = rounding(one.value, one.unit, analyte)
        ends.append((one.known.low - half, one.known.low + half))
    (low, high), (other_low, other_high) = ends
    if low > other_high > 0:
        return math.log(low / other_high)
    if other_low > high > 0:
        return math.log(high / other_low)
    return 0.0


def _outlier(case: Case, row: Any, others: list) -> float:
    """How far a value lies beyond all of `others`, as a signed logarithm; 0 where it lies between or among them."""
    steps = [_step(case, row, other) for other in others]
    if not steps or min(steps) < 0 < max(steps):
        return 0.0
    return min(steps, key=abs)


def _neighbours(rows: list, i: int, within: float = math.inf) -> list:
    """The values just before and just after, both within so many days; else none."""
    if not 0 < i < len(rows) - 1:
        return []
    near = [rows[i - 1], rows[i + 1]]
    return near if all(abs(r.when.low - rows[i].when.low) <= within for r in near) else []


def _at_the_edge(rows: list, i: int) -> list:
    """The two values next to the first or the last."""
    return {0: rows[1:3], len(rows) - 1: rows[-3:-1]}.get(i, []) if len(rows) > 2 else []


def _significant(text: str) -> int:
    digits = text.lower().partition("e")[0].lstrip("+-").replace(".", "").lstrip("0")
    return len(digits.rstrip("0"))


def _repeated(case: Case) -> Iterator[dict[str, object]]:
    """The same number under two analytes on one day of one document, where it is out of line with one of them.

    Equal numbers alone are common (0.02 and 0.02 of two cell counts); one that is also far from the values before and
    after is more likely to have come from the other row.
    """
    places: dict[tuple, dict[float, list]] = {}
    for (document, _), rows in _series(case).items():
        for i, row in enumerate(rows):
            if _significant(row.value) >= 2:
                place = places.setdefault((document, row.when.low), {})
                place.setdefault(float(row.value), []).append((row, rows, i))
    for place in places.values():
        for equal in place.values():
            for pair in combinations(equal, 2):
                # what is itself in line is where the number belongs
                for (row, rows, i), (other, *_) in (pair, pair[::-1]):
                    near = _neighbours(rows, i) or (_at_the_edge(rows, i) if _significant(row.value) >= 3 else [])
                    if abs(_outlier(case, row, near)) >= math.log(REPEATED):
                        analytes = case.vocabulary.analytes
                        sentence = (
                            f"{capital(spoken(analytes[row.analyte]))} {on_day(row.when)} is {shown_value(row)}, "
                            f"far from its values next to it ({_values(near)}), and the same number as "
                            f"{spoken(analytes[other.analyte])} on that day: was it copied from there?"
                        )
                        yield remark(CHECK, [row, other], sentence)
                        break


def _values(rows: list) -> str:
    return listed([f"{shown_value(r)} {on_day(r.when)}" for r in rows])


def _jumps(case: Case) -> Iterator[dict[str, object]]:
    """A value far from both neighbours, in one direction, on a day on which nothing else measured moves so."""
    by_day: dict[float, list] = {}
    for (_, name), rows in _series(case).items():
        for i, row in enumerate(rows):
            if near := _neighbours(rows, i, NEIGHBOURS_WITHIN):
                by_day.setdefault(row.when.low, []).append((name, row, near, _outlier(case, row, near), rows, i))
    for ones in by_day.values():
        for name, row, near, size, rows, i in ones:
            analyte = case.vocabulary.analytes[name]
            others = [other for n, _, _, other, _, _ in ones if n != name]
            alone = others and max(map(abs, others)) < abs(size) / 2
            if analyte.group == "Inflammation":
                alone = alone and all(math.copysign(1, size) * other < math.log(COMPANY) for other in others)
            if alone and abs(size) >= _threshold(case, rows, i):
                sentence = (
                    f"{capital(spoken(analyte))} {on_day(row.when)} is {shown_value(row)}, "
                    f"{math.exp(abs(size)):.2g} times {'higher' if size > 0 else 'lower'} than before and "
                    f"after ({_values(near)}), and nothing else measured on that day moves so: "
                    f"is it misprinted?{_shift(row, near)}"
                )
                yield remark(CHECK, [row, *near], sentence)


def _threshold(case: Case, rows: list, i: int) -> float:
    # here rounding counts as movement: 0.07 then 0.08 does not show that an analyte is steady
    steps = [abs(math.log(b.known.low / a.known.low)) for k, (a, b) in enumerate(pairwise(rows)) if k not in (i - 1, i)]
    unsteady = case.vocabulary.analytes[rows[i].analyte].group in UNSTEADY_GROUPS
    over = abs(math.log(rows[i + 1].known.low / rows[i - 1].known.low))
    # a row of results at the end of an assay's range is not steady: 762, 364, then 9999 four times
    unsteady = unsteady or over > math.log(STEADY_JUMP)
    steady = not unsteady and len(steps) >= OTHER_STEPS and median(steps) <= STEADY_STEP
    return math.log(STEADY_JUMP if steady else JUMP)


def _shift(row: Any, near: list) -> str:
    """What to add where the decimal point moved by one or two places would put the value in line."""
    low, high = sorted(r.known.low for r in near)
    for factor, words in ((10, "ten times higher"), (0.1, "ten times lower"), (100, "100 times higher")):
        if low / 1.5 <= row.known.low * factor <= high * 1.5:
            return f" A value {words} would be in line."
    return ""
