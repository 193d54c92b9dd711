"""What improvement is: it follows from where the patient is, and only then from the analyte.

Outside the range, towards the range is improvement, from either side: creatinine of 30 umol/L that rises is no harm,
potassium of 7.4 mmol/L that falls is a relief. In the range at both times nothing is better or worse. Where no range is
known the usual direction of the analyte decides, if it has one.
"""

from collections.abc import Iterable

from casereport.analysis.judgement.position import ABOVE, BELOW, IN

INCREASE, DECREASE = "increase", "decrease"
WITHIN = "within range"


def direction_of_improvement(positions: Iterable[str], usual: str, two_sided: bool = False) -> str:
    """Which direction is improvement for values with these positions: `increase`, `decrease`, or empty where none is.

    `within range` where every value lies in its range: then no index counts any of them as better or worse. `usual` is
    the analyte's own direction, which decides only where no position is known, and not for a `two_sided` analyte:
    without a range nobody can say that a count did not fall too far.
    """
    found = {place for place in positions if place}
    if found == {IN}:
        return WITHIN
    sides = found & {BELOW, ABOVE}
    if sides == {BELOW}:
        return INCREASE
    if sides == {ABOVE}:
        return DECREASE
    return "" if found or two_sided else usual
