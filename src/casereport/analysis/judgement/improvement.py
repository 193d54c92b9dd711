"""What improvement is: it follows from where the patient is, and only then from the analyte.

Outside the range, towards the range is improvement, from either side: potassium of 7.4 mmol/L that falls is a relief,
one of 2.4 that rises too. Not so on the side where the analyte is no illness: creatinine of 30 umol/L is a sign of
little muscle, and no kidney is better when it rises. In the range at both times nothing is better or worse. Where no
range is known the usual direction of the analyte decides, if it has one.
"""

from collections.abc import Iterable

from casereport.analysis.judgement.position import ABOVE, BELOW, IN

INCREASE, DECREASE = "increase", "decrease"
WITHIN = "within range"


def harmless_side(usual: str, two_sided: bool) -> str:
    """The side of the range where a value is no illness: `below` where lower is usually better, `above` where higher.

    Empty for an analyte that is `two_sided` or has no usual direction.

    >>> harmless_side("decrease", two_sided=False), harmless_side("decrease", two_sided=True)
    ('below', '')
    """
    return "" if two_sided else {INCREASE: ABOVE, DECREASE: BELOW}.get(usual, "")


def direction_of_improvement(positions: Iterable[str], usual: str, two_sided: bool = False) -> str:
    """Which direction is improvement for values with these positions: `increase`, `decrease`, or empty where none is.

    `within range` where every value lies in its range or on its harmless side: then no index counts any of them as
    better or worse. `usual` is the analyte's own direction, which decides only where no position is known, and not for
    a `two_sided` analyte: without a range nobody can say that a count did not fall too far.
    """
    found = {place for place in positions if place}
    harmless = harmless_side(usual, two_sided)
    if found and found <= {IN, harmless}:
        return WITHIN
    sides = found & {BELOW, ABOVE} - {harmless}
    if sides == {BELOW}:
        return INCREASE
    if sides == {ABOVE}:
        return DECREASE
    return "" if found or two_sided else usual
