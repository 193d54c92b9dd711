"""The parts of a claim, each borne out, not borne out or open, and the verdict that they make together.

All borne out is `supported`, none `contradicted`, some `partly supported`; where every part stays open there is no
measurement that decides, and the claim is `reported only`. A value known as an interval decides a part only when every
completion of it does: "rose" is not borne out where no completion rises, even if it is open whether the value fell.
"""

from collections.abc import Iterable

from casereport.analysis.changes import direction
from casereport.analysis.judgement.position import places
from casereport.quantities.intervals import Interval

SUPPORTED = "supported"
PARTLY = "partly supported"
CONTRADICTED = "contradicted"
REPORTED_ONLY = "reported only"
NOT_TESTABLE = "not testable"
VERDICTS = (SUPPORTED, PARTLY, CONTRADICTED, REPORTED_ONLY, NOT_TESTABLE)

Part = bool | None


def settle(parts: Iterable[Part]) -> str:
    """The verdict for the parts of a claim: borne out (True), not borne out (False), or open (None)."""
    given = list(parts)
    if True not in given:
        return CONTRADICTED if False in given else REPORTED_ONLY
    return SUPPORTED if all(given) else PARTLY


def matches(claimed: Interval, known: Interval) -> Part:
    """Whether what is known is what is claimed, where at least one of the two is no plain number."""
    if known.within(claimed):
        return True
    return None if claimed.overlaps(known) else False


def moved(before: Interval, after: Interval, want: str) -> Part:
    """Whether a value `rose`, `fell` or stayed the `same`."""
    found = direction(before, after)
    if found != "not certain":
        return found == want
    never = {"rose": after.high <= before.low, "fell": after.low >= before.high, "same": False}
    return False if never[want] else None


def placed(known: Interval, reference: Interval | None, place: str) -> Part:
    """Whether a value lies `below`, `in` or `above` its reference range; open where there is none."""
    possible = places(known, reference)
    if not possible:
        return None
    return possible == (place,) or (None if place in possible else False)


def highest(values: list[Interval]) -> Interval:
    """What is known of the highest of several values."""
    low, low_open = max((v.low, v.low_open) for v in values)
    high, shut = max((v.high, not v.high_open) for v in values)
    return Interval(low, high, low_open, not shut)


def lowest(values: list[Interval]) -> Interval:
    """What is known of the lowest of several values."""
    turned = highest([Interval(-v.high, -v.low, v.high_open, v.low_open) for v in values])
    return Interval(-turned.high, -turned.low, turned.high_open, turned.low_open)
