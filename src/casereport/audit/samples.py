"""The numbers of one sample of a case: those that one document gives of one day, and how a check looks at them."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import product

from casereport.analysis.measurements import rounding
from casereport.audit.findings import Number, Remark, documents, numbers_of
from casereport.case.case import Case
from casereport.quantities.intervals import Interval
from casereport.quantities.vocabulary import Analyte

Day = Mapping[str, Number]  # one number for each analyte

# Pressures, rates and saturations swing within minutes: another reading of the day says little about this one.
UNSTEADY_GROUPS = ("Vital signs", "Gas exchange", "Ventilation")

# Two readings of each of six analytes: beyond that the day is no one sample.
_MOST_WAYS = 64


@dataclass(frozen=True)
class Sample:
    """`given` has for each analyte the plain numbers of the day, one unless the document gives several."""

    document: str
    when: Interval
    given: Mapping[str, list[Number]]

    def ways(self, names: Iterable[str]) -> Iterator[Day]:
        """Each way to read one number for each of the names that are given; none where there are too many."""
        present = [name for name in names if name in self.given]
        choices = [self.given[name] for name in present]
        count = 1
        for choice in choices:
            count *= len(choice)
        if count <= _MOST_WAYS:
            for chosen in product(*choices):
                yield dict(zip(present, chosen, strict=True))

    def remark(self, names: Iterable[str], look: Callable[[Day], Remark | None]) -> Iterator[Remark]:
        """What `look` finds, if it finds something whichever of several readings is meant."""
        found = [look(way) for way in self.ways(names)]
        if found and found[0] and all(found):
            yield found[0]


def samples(case: Case) -> list[Sample]:
    """One for each day and document. What the document lacks is taken from another one of the same day, unless it is
    a reading of the minute or the other document has several. What the project derived itself holds by itself.
    """
    days: dict[Interval, dict[str, dict[str, list[Number]]]] = {}
    for number in numbers_of(case):
        if number.is_plain and not number.source.startswith("derived from "):
            for document in documents(number.source):
                given = days.setdefault(number.when, {}).setdefault(document, {})
                given.setdefault(number.analyte, []).append(number)
    found = []
    for when, by_document in days.items():
        elsewhere: dict[str, dict[int, Number]] = {}
        if when.is_exact and len(by_document) > 1:
            for given in by_document.values():
                for name, rows in given.items():
                    if not is_unsteady(case.vocabulary.analytes[name]):
                        elsewhere.setdefault(name, {}).update({row.line: row for row in rows})
        borrowed = {name: list(rows.values()) for name, rows in elsewhere.items() if len(rows) == 1}
        found += [Sample(name, when, borrowed | given) for name, given in by_document.items()]
    return found


def is_unsteady(analyte: Analyte) -> bool:
    """True for what may be another within minutes, or at another setting; weight and height are not."""
    return analyte.group in UNSTEADY_GROUPS and analyte.id not in ("weight", "height", "bmi")


def half_unit(number: Number, case: Case) -> float:
    """What rounding to the printed digits may hide, in the canonical unit."""
    return rounding(number, case.vocabulary.analytes[number.analyte])
