"""Where a claim says that a value lies, against a reading: its range, a number, a multiple of the upper limit, another
analyte, or below what can be detected.
"""

import math

from casereport.audit.claim_view import ANYTHING, Reading, View, bound_text, named, quantity_text
from casereport.audit.verdicts import Part, matches, negated, placed
from casereport.case.claim_terms import RANGE_CODES, Place
from casereport.quantities.intervals import Interval
from casereport.quantities.wording import figure_text, interval_text


def is_at(view: View, place: Place, reading: Reading) -> Part:
    """Whether a reading lies where the claim says."""
    if place.code:
        part = placed(view.places(reading), RANGE_CODES[place.code])
        return negated(part) if place.negated else part
    if reading.known == ANYTHING:  # a word without bounds
        return None
    if place.bound:
        return matches(place.bound.known, reading.known)
    if place.undetectable:
        return _undetectable(reading)
    if place.times:
        times = times_limit(view, reading)
        return None if times is None else matches(place.times, times)
    other = beside(view, reading)
    return (
        None
        if other is None
        else _above(reading.known, other.known)
        if place.over
        else _above(other.known, reading.known)
    )


def _above(one: Interval, other: Interval) -> Part:
    if one.certainly_above(other):
        return True
    return False if one.high <= other.low else None


def _undetectable(reading: Reading) -> Part:
    """A result printed as below a limit, or as nought; a number above nought was detected."""
    if not reading.measured.numeric:
        return None
    if reading.known.kind == "below" or reading.known.high == 0:
        return True
    return False if reading.known.low > 0 else None


def times_limit(view: View, reading: Reading) -> Interval | None:
    """A reading divided by the upper limit of its reference range; None where there is none."""
    reference = reading.measured.reference
    if reference is None or not math.isfinite(reference.high) or reference.high <= 0:
        return None
    known, limit = reading.known, reference.high
    return Interval(known.low / limit, known.high / limit, known.low_open, known.high_open)


def beside(view: View, reading: Reading) -> Reading | None:
    """The reading of the other analyte on the same day."""
    return next((other for other in view.others if other.when == reading.when), None)


def claimed_text(view: View, place: Place) -> str:
    """What the claim says of the place: `above 90 %`, `in the reference range`, `undetectable`."""
    if place.code:
        return f"{'not ' if place.negated else ''}{RANGE_CODES[place.code]} the reference range"
    if place.bound:
        return quantity_text(place.bound)
    if place.times:
        number = place.text.removesuffix("ULN").rstrip(" x×")
        return f"{bound_text(number, 'more than', 'less than')} times the upper limit of the reference range"
    if place.undetectable:
        return "undetectable"
    return f"{'above' if place.over else 'below'} {_other(view, place)}"


def found_text(view: View, place: Place, reading: Reading) -> str:
    """What a reading has to say of it, after its value."""
    if place.code:
        return view.place(reading)
    if place.bound:
        return {True: "which is so", False: "which is not", None: "which leaves it open"}[is_at(view, place, reading)]
    if place.times:
        times = times_limit(view, reading)
        if times is None:
            return "and no upper limit is known"
        size = figure_text(times.low) if times.is_exact else interval_text(times, "").strip()
        return f"{size} times the upper limit of {view.range_text(reading)}"
    if place.undetectable:
        return {True: "below the limit of detection", False: "detected", None: "which leaves it open"}[
            is_at(view, place, reading)
        ]
    other = beside(view, reading)
    if other is None:
        return f"and no value of {_other(view, place)} on that day"
    return f"against {view.number(other)} for {_other(view, place)}"


def _other(view: View, place: Place) -> str:
    return named(view.other) if view.other else place.other
