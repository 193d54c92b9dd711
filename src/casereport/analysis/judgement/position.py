"""Where a value lies against the range that applies.

The range is the target of the case where it sets one, else the range that the source prints beside the value, else
the usual one for sex and age. Where the source prints no range but a flag (H, L, N), the flag decides before the usual
range does: it comes from the laboratory that measured the value.
"""

from typing import Any

from casereport.quantities.intervals import Compared, Interval

BELOW, IN, ABOVE, OPEN = "below", "in", "above", "not certain"
OUTSIDE = (BELOW, ABOVE)
FLAGS = {"L": BELOW, "LL": BELOW, "N": IN, "H": ABOVE, "HH": ABOVE}
# every set of places that a value may have, and none where nothing tells; the code of each is its place here
PLACES = tuple(tuple(p for bit, p in enumerate((BELOW, IN, ABOVE)) if code >> bit & 1) for code in range(8))


def places(known: Interval | None, reference: Interval | None, flag: str = "") -> tuple[str, ...]:
    """Every place that a value may have: some of `below`, `in`, `above`; none where nothing tells.

    `flag` is an HL7 interpretation code that the source prints in place of a range; empty where it prints a range.
    """
    if flag in FLAGS:
        return (FLAGS[flag],)
    return () if known is None or reference is None else PLACES[place_code(known, reference)]


def place_code(known: Compared, reference: Compared) -> Any:
    """The places that a value may have by its range, as the place of the set in PLACES; or of many values the codes."""
    outside = known.certainly_below(reference) | known.certainly_above(reference)
    return known.reaches_below(reference) + 2 * (1 - outside) + 4 * known.reaches_above(reference)


def position(known: Interval | None, reference: Interval | None, flag: str = "") -> str:
    """`below`, `in` or `above` where the value certainly lies there, else `not certain`; empty where nothing tells."""
    return told(places(known, reference, flag))


def told(found: tuple[str, ...]) -> str:
    """The one place of `places()`, `not certain` of several, empty of none."""
    return found[0] if len(found) == 1 else OPEN if found else ""
