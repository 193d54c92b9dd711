"""What a number can be by its kind: scores within their steps, a body's measures, and the decimals of its row."""

import math
from collections import Counter
from collections.abc import Iterator

from casereport.audit.findings import Number, Remark, begun, documents, name_of, numbers_of, remark
from casereport.case.case import Case
from casereport.quantities.intervals import printed_half_unit
from casereport.quantities.wording import listed, spoken

CHECK = "question"

# The step of each score; what lies outside its scale is outside the plausible limits of the vocabulary. The Murray
# score is the mean of four items of whole points, or of the two or three that could be judged.
STEPS: dict[str, tuple[float, ...]] = {
    **dict.fromkeys(("gcs", "sofa", "qsofa", "apache_ii", "news2", "rass", "who_progression"), (1.0,)),
    "murray": (1 / 4, 1 / 3),
}

# Limits that no adult passes but by a slip: 25 kg is a body mass index of 11 at 1.5 m, of the starving; a
# person of 100 cm has a dwarfism that a report would name, one of 250 cm stands in the lists of the tallest.
ADULT_LIMITS = {"weight": (25.0, 400.0), "height": (100.0, 250.0), "bmi": (9.0, 110.0)}

# Where so many other numbers of a row have the same decimals, another one is seen.
OTHERS = 4


def scales(case: Case) -> Iterator[Remark]:
    """The remarks of check `question` on scores, weight and height, and decimals."""
    yield from _steps(case)
    yield from _bodies(case)
    yield from _decimals(case)


def _steps(case: Case) -> Iterator[Remark]:
    for number in numbers_of(case):
        if number.is_plain and number.analyte in STEPS and off_step(number.analyte, number.known.low, number.text):
            analyte = case.vocabulary.analytes[number.analyte]
            kind = "in quarters or thirds of a point" if number.analyte == "murray" else "in whole points"
            sentence = f"{begun(number, spoken(analyte.label))}; it is given {kind}: is it misprinted, or a mean?"
            yield remark(CHECK, [number], sentence)


def off_step(analyte: str, value: float, text: str) -> bool:
    """True where no step of the score rounds to the number; 2.2 is how some print 2.25."""
    half = printed_half_unit(text)
    nearest = (abs(value - step * round(value / step)) for step in STEPS[analyte])
    return min(nearest) > (half if len(STEPS[analyte]) > 1 else 0) + 1e-9


def _bodies(case: Case) -> Iterator[Remark]:
    subject = case.meta.subject
    if subject.age_years is None or subject.is_child:
        return
    for number in numbers_of(case):
        low, high = ADULT_LIMITS.get(number.analyte, (-math.inf, math.inf))
        if number.known.high < low or number.known.low > high:
            of_whom = f"in an adult of {subject.age_years} years: is it misprinted, or its unit?"
            yield remark(CHECK, [number], f"{begun(number, name_of(number, case))}, {of_whom}")


def _decimals(case: Case) -> Iterator[Remark]:
    """A number with more decimals than all others of its row, and not for being smaller than they are."""
    rows: dict[tuple[frozenset[str], str, str], list[Number]] = {}
    for number in numbers_of(case):
        if number.is_plain and "e" not in number.text.lower():
            rows.setdefault((documents(number.source), number.analyte, number.unit), []).append(number)
    for row in rows.values():
        halves = [printed_half_unit(n.text) for n in row]
        usual, count = Counter(halves).most_common(1)[0]
        # one finer number beside four or more that all share one precision
        if len(row) > OTHERS and count == len(row) - 1 and min(halves) < usual:
            odd = row[halves.index(min(halves))]
            others = [n for n in row if n is not odd]
            # an analyser may print three digits, 98.4 and 102; a row of 0, or of the end of an assay, says nothing
            various = len({n.known.low for n in others}) >= OTHERS
            if various and _digits(odd.text) > max(_digits(n.text) for n in others):
                few = listed([n.text for n in others[:OTHERS]])
                sentence = (
                    f"{begun(odd, name_of(odd, case))}, with more decimals than the {len(others)} others ({few}"
                    f"{' and so on' if len(others) > OTHERS else ''}): is it misprinted, or from another place?"
                )
                yield remark(CHECK, [odd], sentence)


def _digits(text: str) -> int:
    return len(text.lstrip("+-").replace(".", "").lstrip("0"))
