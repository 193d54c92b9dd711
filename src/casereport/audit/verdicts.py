"""The parts of a claim, each borne out, not borne out or open, and the verdict that they make together.

All borne out is `supported`, none `contradicted`, some `partly supported`; where every part stays open there is no
measurement that decides, and the claim is `reported only`. A value known as an interval decides a part only when every
completion of it does: "rose" is not borne out where no completion rises, even if it is open whether the value fell.
"""

from collections.abc import Iterable

from casereport.analysis.judgement.direction import direction
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


def one_assertion(parts: Iterable[Part]) -> Part:
    """Whether something holds throughout: not where it is broken once, open where a part of it is."""
    given = list(parts)
    return False if False in given else None if None in given else True


def placed(possible: tuple[str, ...], place: str) -> Part:
    """Whether a value that may lie at `possible` places of its range lies `below`, `in` or `above` it."""
    if not possible:
        return None
    return possible == (place,) or (None if place in possible else False)


def negated(part: Part) -> Part:
    """The part turned round; open stays open."""
    return None if part is None else not part


def highest(values: list[Interval]) -> Interval:
    """What is known of the highest of several values."""
    low, low_open = max((v.low, v.low_open) for v in values)
    high, shut = max((v.high, not v.high_open) for v in values)
    return Interval(low, high, low_open, not shut)


def lowest(values: list[Interval]) -> Interval:
    """What is known of the lowest of several values."""
    turned = highest([Interval(-v.high, -v.low, v.high_open, v.low_open) for v in values])
    return Interval(-turned.high, -turned.low, turned.high_open, turned.low_open)
