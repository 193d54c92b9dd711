"""The rule by which each claim was decided, in words: one sentence for each kind and word."""

from casereport.case.claim_terms import JUDGED, STEADY, Place
from casereport.case.rows import Claim

_EVENTS = {
    "event": "another document has it in the window",
    "no_event": "no document has one in the window, and another document has of all its days that there was none",
    "significance": "the data of one patient cannot decide it",
    "causal": "one course of one patient cannot decide it",
}
_LEVELS = {
    "back": "the last value of the window, counted from the dose or the stated day, is in range, after one outside",
    "reached": "the last value of the window, counted from the dose or the stated day, lies there",
    "stays": "every value of the window lies there; one that does not refutes it",
}
_COURSES = {
    "rising": "each step from value to value, and the whole, goes up",
    "falling": "each step from value to value, and the whole, goes down",
    "stable": "no value differs from the first by more than random variation explains",
    "half-life": "the 95 % interval of the half-life (log-linear) holds the stated one",
}


def rule_text(claim: Claim) -> str:
    """The rule for a claim, as a clause."""
    terms, kind = claim.terms, claim.kind
    if kind in _EVENTS:
        dose = ", in that dose" if terms.end else ""
        return _EVENTS[kind] + dose + (", for as many days, the first and the last counted" if terms.span else "")
    if terms.span:
        return "values in a row lie there for as many days, the first and the last counted"
    if kind in ("in_range", "level"):
        return _LEVELS[terms.word]
    if kind == "course":
        return _COURSES[terms.word]
    if kind == "value":
        bound = terms.end is not None and terms.end.known.kind in ("above", "below")
        parts = ["keeps the bound" if bound else "is the same number by the printed digits"] if terms.end else []
        return "each value of the day " + " and ".join(parts + ([_place(terms.place)] if terms.place else []))
    if kind == "extreme":
        day = " on that day" if claim.begins is not None else ""
        return f"the {'highest' if terms.word == 'peak' else 'lowest'} value is found{day}" + (
            ", with that value" if terms.end or terms.place else ""
        )
    return _change(claim)


def _place(place: Place) -> str:
    if place.code:
        return "lies there against its range, or is called so where no range is printed"
    if place.undetectable:
        return "is given as below a limit, or as nought"
    return "lies above or below that of the other analyte of the day" if place.other else "lies there"


def _change(claim: Claim) -> str:
    word = claim.terms.word
    if word in STEADY:
        return "they differ within random variation; without a published variation: the same, or both in range"
    if word in JUDGED:
        better = "nearer to its range, or in it" if word == "improved" else "out of its range, or further from it"
        return (
            f"the later value is {better}, beyond random variation, and no other choice of lag, dose day or summary "
            "reverses this; without a range, the usual direction decides"
        )
    sized = ", by that much with rounding" if claim.terms.size else ""
    numbers = ", with these numbers" if claim.terms.start or claim.terms.end else ""
    return f"the later value is {'higher' if word in ('rose', 'doubled') else 'lower'} than the earlier{sized}{numbers}"
