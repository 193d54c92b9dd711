"""One verdict for an analyte between two phases, and the heading that it stands under.

`better` and `worse` are headings over the verdicts, not further judgements.
"""

from itertools import product

from casereport.analysis.judgement.improvement import DECREASE, INCREASE
from casereport.analysis.judgement.material import NO, OPEN, WORDS, YES
from casereport.analysis.judgement.position import ABOVE, BELOW, IN

INTO, TOWARDS, AWAY, OUT = "into range", "towards range", "away from range", "out of range"
WITHIN, UNCHANGED, ROSE, FELL, UNDECIDED = "within range", "no material change", "rose", "fell", "not decidable"
VERDICTS = (INTO, TOWARDS, OUT, AWAY, ROSE, FELL, UNCHANGED, WITHIN, UNDECIDED)
BETTER, WORSE = "better", "worse"
TURNS = "direction not robust"
HEADINGS = (BETTER, WORSE, OUT, AWAY, ROSE, FELL, UNCHANGED, WITHIN, UNDECIDED)

_HEADING = {INTO: BETTER, TOWARDS: BETTER, OUT: WORSE, AWAY: WORSE}
_UP = {(BELOW, BELOW): TOWARDS, (ABOVE, ABOVE): AWAY}
_DOWN = {(BELOW, BELOW): AWAY, (ABOVE, ABOVE): TOWARDS}
# what is said where a bound leaves open which of two verdicts it is, and both stand under one heading
_EITHER = {frozenset((INTO, TOWARDS)): TOWARDS, frozenset((OUT, AWAY)): AWAY}

_MOVED = (INTO, TOWARDS, AWAY, OUT, ROSE, FELL)
RULES = {
    INTO: "outside its range before and in it after",
    TOWARDS: "outside its range before, and nearer to it after",
    AWAY: "outside its range after, and further from it than before",
    OUT: "in its range before and outside it after",
    WITHIN: "in its range at both times",
    UNCHANGED: "the two do not differ by more than random variation explains",
    ROSE: "higher after; no range decides",
    FELL: "lower after; no range decides",
    UNDECIDED: "the available values leave it open",
}


def verdict(direction: str, before: tuple[str, ...], after: tuple[str, ...], material: str) -> str:
    """The verdict for a change of this `direction` (`rose`, `fell`, `same` or `not certain`).

    `before` and `after` are what `position.places()` says of the two values, `material` what `material.material()`
    says of their difference. A value in its range at both times is told as that, however far it moved; a difference
    that random variation explains is none; what crossed its range from one side to the other only rose or fell.
    """
    if before == after == (IN,):
        return WITHIN
    if direction == "same" or material == NO:
        return UNCHANGED
    if direction not in (ROSE, FELL) or material == OPEN:
        return UNDECIDED
    if not before or not after:
        return direction
    found = {_of_places(direction, *pair) for pair in product(before, after) if _possible(direction, *pair)}
    return found.pop() if len(found) == 1 else _EITHER.get(frozenset(found), UNDECIDED)


def _possible(direction: str, before: str, after: str) -> bool:
    order = (BELOW, IN, ABOVE)
    step = order.index(after) - order.index(before)
    return step >= 0 if direction == ROSE else step <= 0


def _of_places(direction: str, before: str, after: str) -> str:
    if before == IN:
        return WITHIN if after == IN else OUT
    if after == IN:
        return INTO
    return (_UP if direction == ROSE else _DOWN).get((before, after), direction)


def heading(verdict: str, before: tuple[str, ...], after: tuple[str, ...], usual: str, two_sided: bool) -> str:
    """What a verdict stands under: `better` or `worse`, or the verdict itself where it is neither.

    What leaves its range on the side where the analyte is usually better, and which is not `two_sided`, is out of range
    and no harm: creatine kinase of 40 U/L. Where no range is known of either value, the analyte's `usual` direction
    decides, if it has one that holds without a range (not so for a `two_sided` one).
    """
    harmless = {INCREASE: (ABOVE,), DECREASE: (BELOW,)}.get(usual) if not two_sided else None
    if verdict in (OUT, AWAY) and after == harmless:
        return verdict
    if verdict in (ROSE, FELL) and not before and not after and usual and not two_sided:
        return BETTER if (verdict == ROSE) == (usual == INCREASE) else WORSE
    return _HEADING.get(verdict, verdict)


def rule(verdict: str, heading: str, material: str, days_before: float, window_days: int) -> str:
    """The rule that a verdict follows from, in words.

    `days_before` is how many days the earlier value is certainly older than the dose; NaN where there is no dose.
    """
    if verdict == UNDECIDED and days_before > window_days:
        return f"the earlier value is {days_before:g} days older than the dose; up to {window_days} are compared"
    if verdict in (ROSE, FELL) and heading in (BETTER, WORSE):
        return f"no range is known; {'higher' if (verdict == ROSE) == (heading == BETTER) else 'lower'} is better"
    noise = {YES: "; more than random variation explains", "": "; no variation is published to compare it with"}
    noise[WORDS] = "; told in words, so that its size is not known"
    return RULES[verdict] + (noise.get(material, "") if verdict in _MOVED else "")


def shown_heading(heading: str, robust: str) -> str:
    """The heading that a reader sees: what turns to its opposite under another choice is not called better or worse."""
    return TURNS if robust == TURNS and heading in (BETTER, WORSE) else heading
