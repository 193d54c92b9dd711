"""Numbers that one document has under one day and another document under another: the remark `other day`."""

from bisect import bisect_left
from collections.abc import Iterator, Mapping
from functools import cached_property
from itertools import product

from casereport.analysis.measurements import same_number
from casereport.audit.findings import (
    Number,
    Remark,
    document_name,
    documents,
    name_of,
    numbers_of,
    remark,
    shown_value,
)
from casereport.audit.samples import half_unit
from casereport.case.case import Case
from casereport.quantities.wording import capital, listed, on_day

# How often equal numbers under two days may be expected by chance, at most, for the remark that the days differ.
CHANCE = 0.005

Day = Mapping[str, Number]  # the numbers of one day, by analyte


class _Document:
    """The plain numbers of one document, by day and analyte; `halves` is what rounding may hide of each, by line."""

    def __init__(self) -> None:
        self.days: dict[float, dict[str, Number]] = {}
        self.halves: dict[int, float] = {}

    def add(self, number: Number, half: float) -> None:
        """Takes a number, unless its day has one of the analyte."""
        if self.days.setdefault(number.when.low, {}).setdefault(number.analyte, number) is number:
            self.halves[number.line] = half

    @cached_property
    def values(self) -> dict[str, list[tuple[float, int, Number]]]:
        """The numbers of each analyte from the least on, each with the place of its day."""
        found: dict[str, list[tuple[float, int, Number]]] = {}
        for place, rows in enumerate(self.days.values()):
            for name, row in rows.items():
                found.setdefault(name, []).append((row.known.low, place, row))
        return {name: sorted(rows, key=lambda entry: entry[:2]) for name, rows in found.items()}

    @cached_property
    def roundings(self) -> dict[str, tuple[float, float]]:
        """What rounding may hide at least and at most of the numbers of each analyte."""
        halves = {name: [self.halves[row.line] for _, _, row in rows] for name, rows in self.values.items()}
        return {name: (min(found), max(found)) for name, found in halves.items()}

    def expected(self, halves: Mapping[str, float]) -> float:
        """How many of the days would agree by chance with one whose numbers are rounded so.

        A number with a rounding of w agrees by chance with one in w/spread of the values that lie within the spread.
        """
        expected = float(len(self.days))
        for name, half in halves.items():
            spread = self.values[name][-1][0] - self.values[name][0][0]
            expected *= min(1.0, 2 * half / spread) if spread > 0 else 1.0
        return expected

    def days_with(self, number: Number, half: float) -> list[tuple[float, Day]]:
        """The days that may have a number, in order: looked up, as a day by day search is the square of a long stay."""
        values, name = self.values[number.analyte], number.analyte
        # wider than `same_number` may ask for, which decides
        slack = 1.01 * (half + self.roundings[name][1]) + 0.003 * abs(number.known.low)
        begin = bisect_left(values, number.known.low - slack, key=lambda entry: entry[0])
        end = bisect_left(values, number.known.low + slack, key=lambda entry: entry[0])
        return [self._listed[place] for place in sorted(place for _, place, _ in values[begin:end])]

    @cached_property
    def _listed(self) -> list[tuple[float, Day]]:
        return list(self.days.items())


def other_day(case: Case) -> Iterator[Remark]:
    """Numbers of one document's day that are those of another day in another document, beyond chance."""
    by_name: dict[frozenset[str], _Document] = {}
    for number in numbers_of(case):
        if number.is_plain and number.when.is_exact:
            by_name.setdefault(documents(number.source), _Document()).add(number, half_unit(number, case))
    # a document of few days agrees by chance whatever it has; of an import each row may be one
    telling = {
        name: document
        for name, document in by_name.items()
        if document.expected({n: least for n, (least, _) in document.roundings.items()}) <= CHANCE
    }
    told: set[frozenset[int]] = set()
    for mine, theirs in product(by_name, telling):
        if mine & theirs:
            continue
        for rows, others in _same_days(case, by_name[mine], telling[theirs]):
            lines = frozenset(row.line for row in (*rows, *others))
            if lines not in told:
                told.add(lines)
                yield _same_under_two_days(case, rows, others)


def _same_days(case: Case, mine: _Document, theirs: _Document) -> Iterator[tuple[list[Number], list[Number]]]:
    """The numbers of a day that share none with theirs of that day, and theirs of another day that are the same."""
    analytes = case.vocabulary.analytes

    def same(row: Number, rows: Day) -> bool:
        return row.analyte in rows and same_number(row, rows[row.analyte], analytes[row.analyte])

    for day, rows in mine.days.items():
        shared = [row for name, row in rows.items() if name in theirs.values]
        halves = {row.analyte: mine.halves[row.line] for row in shared}
        if not shared or theirs.expected(halves) > CHANCE or any(same(row, theirs.days.get(day, {})) for row in shared):
            continue
        for other, their_rows in theirs.days_with(shared[0], halves[shared[0].analyte]):
            if other != day and all(same(row, their_rows) for row in shared):
                others = [their_rows[row.analyte] for row in shared]
                coarser = {row.analyte: max(halves[row.analyte], theirs.halves[row.line]) for row in others}
                if theirs.expected(coarser) <= CHANCE:
                    yield shared, others


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
