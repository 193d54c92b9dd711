"""One verdict for an analyte between two phases, and the heading that it stands under.

`better` and `worse` are headings over the verdicts, not further judgements.
"""

from itertools import product

from casereport.analysis.judgement.improvement import INCREASE, harmless_side
from casereport.analysis.judgement.material import NO, OPEN, WORDS, YES
from casereport.analysis.judgement.position import ABOVE, BELOW, IN

INTO, TOWARDS, AWAY, OUT = "into range", "towards range", "away from range", "out of range"
WITHIN, UNCHANGED, ROSE, FELL, UNDECIDED = "within range", "no material change", "rose", "fell", "not decidable"
VERDICTS = (INTO, TOWARDS, OUT, AWAY, ROSE, FELL, UNCHANGED, WITHIN, UNDECIDED)
BETTER, WORSE = "better", "worse"
TURNS = "direction not robust"
HEADINGS = (BETTER, WORSE, ROSE, FELL, UNCHANGED, WITHIN, UNDECIDED)

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


def verdict(direction: str, before: tuple[str, ...], after: tuple[str, ...], material: str, harmless: str = "") -> str:
    """The verdict for a change of this `direction` (`rose`, `fell`, `same` or `not certain`).

    `before` and `after` are what `position.places()` says of the two values, `material` what `material.material()`
    says of their difference, `harmless` the side of the range where a value is no illness. A value in its range at both
    times is told as that, however far it moved; a difference that random variation explains is none; what crossed its
    range from one side to the other only rose or fell, and so did what never was on the harmful side.
    """
    if before == after == (IN,):
        return WITHIN
    if direction == "same" or material == NO:
        return UNCHANGED
    if direction not in (ROSE, FELL) or material == OPEN:
        return UNDECIDED
    if not before or not after or {*before, *after} <= {IN, harmless}:
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

    Where no range is known of either value, or it was crossed from one side to the other, the analyte's `usual`
    direction decides, if it has one that holds beyond the range too (not so for a `two_sided` one).
    """
    if verdict in (ROSE, FELL) and harmless_side(usual, two_sided) and (_crossed(before, after) or not before + after):
        return BETTER if (verdict == ROSE) == (usual == INCREASE) else WORSE
    return _HEADING.get(verdict, verdict)


def _crossed(before: tuple[str, ...], after: tuple[str, ...]) -> bool:
    return {before, after} == {(BELOW,), (ABOVE,)}


_OLD = "the earlier value is"


def too_old(rule: str) -> bool:
    """True for the rule of a comparison that is not judged, because its earlier value is too old for the dose."""
    return rule.startswith(_OLD)


def rule(
    verdict: str, heading: str, before: tuple[str, ...], after: tuple[str, ...], material: str, days_before: float,
    window_days: int,
) -> str:  # fmt: skip
    """The rule that a verdict follows from, in words.

    `days_before` is how many days the earlier value is certainly older than the dose; NaN where there is no dose.
    """
    if verdict == UNDECIDED and days_before > window_days:
        return f"{_OLD} {days_before:g} days older than the dose; up to {window_days} are compared"
    if verdict in (ROSE, FELL) and heading in (BETTER, WORSE):
        known = "from one side of its range to the other" if before else "no range is known"
        return f"{known}; {'higher' if (verdict == ROSE) == (heading == BETTER) else 'lower'} is better"
    noise = {YES: "; more than random variation explains", "": "; no variation is published to compare it with"}
    noise[WORDS] = "; told in words, so that its size is not known"
    text = RULES[verdict]
    if verdict in (ROSE, FELL) and before and after and not _crossed(before, after):
        text = text.replace("no range decides", "neither value is on the harmful side of its range")
    return text + (noise.get(material, "") if verdict in _MOVED else "")


def shown_heading(heading: str, robust: str) -> str:
    """The heading that a reader sees: what turns to its opposite under another choice is not called better or worse."""
    return TURNS if robust == TURNS and heading in (BETTER, WORSE) else heading
