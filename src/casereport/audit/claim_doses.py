"""How much was given and for how long, where a claim says so, against the courses that bear out that it was given."""

import math

from casereport.audit.claim_view import AGREEMENT, quantity_text
from casereport.audit.verdicts import Part, matches
from casereport.case.claim_terms import Quantity, Terms
from casereport.case.rows import Treatment
from casereport.quantities.intervals import Interval, parse, printed_half_unit
from casereport.quantities.units import plain
from casereport.quantities.wording import figure_text, listed, printed_text, time_unit

_GRAMS = {"ng": 1e-9, "ug": 1e-6, "mg": 1e-3, "g": 1.0}


def stated_text(terms: Terms) -> str:
    """What the claim says of dose and time, as the end of a clause: ` at 60 mg for 5 days`."""
    return (f" at {quantity_text(terms.end)}" if terms.end else "") + (f" for {terms.span.text}" if terms.span else "")


def as_claimed(terms: Terms, courses: list[Treatment], others: list[Treatment]) -> tuple[list[Part], str]:
    """Whether a course has the claimed dose and lasted as long, and what the courses have, as the end of a sentence.

    `courses` are those of the claimed days, `others` all of the treatment, which may go on from one to the next.
    """
    parts: list[Part] = []
    text = ""
    if terms.end:
        parts.append(_any([_dose(terms.end, row) for row in courses]))
        doses = list(dict.fromkeys(printed_text(f"{row.dose} {row.dose_unit}".strip()) for row in courses if row.dose))
        text += (
            f"; the dose there is {listed(doses)}, {AGREEMENT[parts[-1]]}" if doses else "; no dose is recorded there"
        )
    if terms.span:
        lasted = [_lasted(start, end) for start, end, rows in _joined(others) if any(row in rows for row in courses)]
        parts.append(_any([matches(terms.span.known, days) for days in lasted]))
        shown = listed(list(dict.fromkeys(map(_time_text, lasted))))
        text += f"; it was given for {shown}, {AGREEMENT[parts[-1]]}"
    return parts, text


def _any(parts: list[Part]) -> Part:
    return True if True in parts else None if None in parts else False


def _dose(claimed: Quantity, row: Treatment) -> Part:
    """Whether a course has the dose; open where it has none, or one in a unit that is not comparable."""
    known = parse(row.dose)
    factor = _factor(row.dose_unit, claimed.unit)
    if known is None or factor is None:
        return None
    if not claimed.known.is_exact:
        return matches(
            claimed.known, Interval(known.low * factor, known.high * factor, known.low_open, known.high_open)
        )
    slack = printed_half_unit(claimed.text) * (1 + 1e-9)
    around = Interval(claimed.known.low - slack, claimed.known.high + slack)
    return matches(around, Interval(known.low * factor, known.high * factor))


def _factor(unit: str, wanted: str) -> float | None:
    """By what a dose in `unit` is multiplied to be one in `wanted`; None where that is not known."""
    if plain(unit) == plain(wanted):
        return 1.0
    mass, _, per = unit.partition("/")
    other, _, rest = wanted.partition("/")
    if mass not in _GRAMS or other not in _GRAMS or plain(per) != plain(rest):
        return None
    return _GRAMS[mass] / _GRAMS[other]


def _joined(courses: list[Treatment]) -> list[tuple[Interval | None, Interval | None, list[Treatment]]]:
    """The first and the last day of each course and its rows; what follows without a gap is of one course."""
    found: list[tuple[Interval | None, Interval | None, list[Treatment]]] = []
    for row in sorted(courses, key=lambda row: (row.start.low, row.start.high) if row.start else (math.inf, math.inf)):
        start, end, rows = found[-1] if found else (None, None, [])
        if start and end and row.start and row.start.high <= end.low + 1:
            found[-1] = start, row.end if row.end is None or row.end.high >= end.high else end, [*rows, row]
        else:
            found.append((row.start, row.end, [row]))
    return found


def _lasted(start: Interval | None, end: Interval | None) -> Interval:
    """How many days a course lasted, its first and its last counted, as far as they are known."""
    if start is None or end is None:
        return Interval(1.0, math.inf)
    return Interval(max(end.low - start.high, 0.0) + 1, end.high - start.low + 1)


def _time_text(days: Interval) -> str:
    if days == Interval(1.0, math.inf):
        return "a time that is not known"
    if days.is_exact:
        return f"{figure_text(days.low)} {time_unit(int(days.low))}"
    upper = f" to {figure_text(days.high)}" if math.isfinite(days.high) else ""
    return f"{'' if upper else 'at least '}{figure_text(days.low)}{upper} {time_unit()}"
