"""Where a value lies against the range that applies.

The range is the target of the case where it sets one, else the range that the source prints beside the value, else
the usual one for sex and age. Where the source prints no range but a flag (H, L, N), the flag decides before the usual
range does: it comes from the laboratory that measured the value.
"""

import math

from casereport.quantities.intervals import Interval

BELOW, IN, ABOVE, OPEN = "below", "in", "above", "not certain"
OUTSIDE = (BELOW, ABOVE)
FLAGS = {"L": BELOW, "LL": BELOW, "N": IN, "H": ABOVE, "HH": ABOVE}


def places(known: Interval | None, reference: Interval | None, flag: str = "") -> tuple[str, ...]:
    """Every place that a value may have: some of `below`, `in`, `above`; none where nothing tells.

    `flag` is an HL7 interpretation code that the source prints in place of a range; empty where it prints a range.
    """
    if flag in FLAGS:
        return (FLAGS[flag],)
    if known is None or reference is None:
        return ()
    possible = {
        BELOW: not known.within(Interval(reference.low, math.inf, reference.low_open)),
        IN: known.overlaps(reference),
        ABOVE: not known.within(Interval(-math.inf, reference.high, True, reference.high_open)),
    }
    return tuple(place for place, may_be in possible.items() if may_be)


def position(known: Interval | None, reference: Interval | None, flag: str = "") -> str:
    """`below`, `in` or `above` where the value certainly lies there, else `not certain`; empty where nothing tells."""
    return told(places(known, reference, flag))


def told(found: tuple[str, ...]) -> str:
    """The one place of `places()`, `not certain` of several, empty of none."""
    return found[0] if len(found) == 1 else OPEN if found else ""
