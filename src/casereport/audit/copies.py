"""Columns and rows that repeat their neighbour's numbers: a slip of whoever transcribed a table, or of its typesetter.

A number recurs in the next sample of a patient in 2.3 % of the pairs of Yan et al. 2020 (analytes that print two digits
at least; 40 analytes, 357 patients), most where a course is steady. With four times that for steadier patients, the
chance of so many equal numbers between two samples may be ONE_IN at most: 5 of 5, 7 of 9, 11 of 20. The most in its
3,331 pairs but one are 5 of 9 and 5 of 22; the one, 21 of 21, is a sample entered twice. Three numbers in a row that
two analytes share on the same days occur there not once.
"""

from collections.abc import Iterator, Mapping
from itertools import combinations, pairwise
from math import comb

from casereport.audit.findings import Number, Remark, documents, named, numbers_of, remark, significant
from casereport.case.case import Case
from casereport.quantities.vocabulary import Analyte
from casereport.quantities.wording import capital, listed, on_day, spoken

CHECK = "copied"
RECURS = 0.1
ONE_IN = 1e-5
FEWEST = 5

# What is read off a monitor or set on a machine takes few values, and the same ones for days.
FEW_VALUES = ("Vital signs", "Ventilation", "Scores")

ROW_DAYS = 3  # equal numbers that make a copied row
ROW_SHARE = 0.8  # of the days that both have
SAME_THING = (frozenset({"neutrophils", "granulocytes"}),)

Series = Mapping[str, Mapping[float, Number]]


def copies(case: Case) -> Iterator[Remark]:
    """The remarks of check `copied`."""
    found: dict[frozenset[str], dict[str, dict[float, Number]]] = {}
    for number in numbers_of(case):
        if number.is_plain and number.when.is_exact:
            days = found.setdefault(documents(number.source), {}).setdefault(number.analyte, {})
            days.setdefault(number.when.low, number)
    for series in found.values():
        yield from _columns(case, series)
        yield from _rows(case, series)


def _columns(case: Case, series: Series) -> Iterator[Remark]:
    """The numbers of a day that are those of the day before, each analyte against its own last value."""
    pairs: dict[tuple[float, float], list[tuple[Number, Number]]] = {}
    for name, days in series.items():
        if case.vocabulary.analytes[name].group not in FEW_VALUES:
            for before, after in pairwise(sorted(days)):
                if max(significant(days[day].text) for day in (before, after)) >= 2:
                    pairs.setdefault((before, after), []).append((days[before], days[after]))
    for both in pairs.values():
        equal = [pair for pair in both if pair[0].known == pair[1].known]
        if too_many(len(equal), len(both)):
            yield _column(case, equal, len(both))


def too_many(equal: int, both: int) -> bool:
    """True where so many numbers of two samples are equal that chance hardly makes them so."""
    if equal < FEWEST:
        return False
    tail = sum(comb(both, k) * RECURS**k * (1 - RECURS) ** (both - k) for k in range(equal, both + 1))
    return tail <= ONE_IN * (1 + 1e-9)


def _column(case: Case, equal: list[tuple[Number, Number]], both: int) -> Remark:
    first, second = equal[0]
    told = [named(n, case) for n, _ in equal]
    few = listed(told if len(told) <= 6 else [*told[:5], f"{len(told) - 5} more"])
    sentence = (
        f"{len(equal)} of the {both} numbers {on_day(second.when)} are those {on_day(first.when)} ({few}): "
        f"was one column copied from the other?"
    )
    return remark(CHECK, [second, first, *(n for pair in equal[1:] for n in reversed(pair))], sentence)


def _rows(case: Case, series: Series) -> Iterator[Remark]:
    """An analyte that has on most days the number of another one."""
    by_value: dict[tuple[float, float], list[str]] = {}
    for name, days in series.items():
        for day, number in days.items():
            if significant(number.text) >= 2:
                by_value.setdefault((day, float(number.text)), []).append(name)
    shared: dict[tuple[str, str], list[tuple[float, float]]] = {}
    for place, names in by_value.items():
        for pair in combinations(names, 2):
            shared.setdefault(pair, []).append(place)
    for (one, other), places in shared.items():
        both = len(series[one].keys() & series[other].keys())
        distinct = len({value for _, value in places})
        analytes = case.vocabulary.analytes[one], case.vocabulary.analytes[other]
        if len(places) >= max(ROW_DAYS, ROW_SHARE * both) and distinct >= 2 and not _same_thing(*analytes):
            mine, theirs = ([series[name][day] for day, _ in places] for name in (one, other))
            sentence = (
                f"{capital(spoken(analytes[0].label))} and {spoken(analytes[1].label)} have the same numbers "
                f"{listed([f'{on_day(n.when)} ({n.text})' for n in mine])}: was one row copied from the other?"
            )
            yield remark(CHECK, [*theirs, *mine], sentence)


def _same_thing(one: Analyte, other: Analyte) -> bool:
    """True for two names of nearly one quantity: oxygen saturation on air and on oxygen, urea and urea nitrogen."""
    return one.id.split("_")[0] == other.id.split("_")[0] or frozenset({one.id, other.id}) in SAME_THING
