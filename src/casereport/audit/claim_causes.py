"""The rule for causes: what one course cannot decide, and what else was given that stands in the way."""

import math
from dataclasses import dataclass

from casereport.audit.claim_view import Outcome, dose_place
from casereport.audit.verdicts import NOT_TESTABLE
from casereport.case.case import Case
from casereport.case.claim_terms import interventions_of
from casereport.case.rows import Claim, Treatment
from casereport.quantities.wording import listed, uncapital


def causal(case: Case, claim: Claim) -> Outcome:
    """A claim that one course cannot decide, with what was given beside the treatment."""
    names = interventions_of(claim.anchor)
    doses = tuple(dose_place(row) for row in case.interventions if row.intervention in names)
    return Outcome(NOT_TESTABLE, untestable(case, names), doses)


@dataclass(frozen=True, slots=True)
class _Given:
    """An intervention with all its courses; none where the case has no row of it."""

    label: str
    courses: list[Treatment]

    @property
    def begins(self) -> float:
        """The first day that any of its courses may begin on; infinite where no day is known."""
        return min((row.start.low for row in self.courses if row.start is not None), default=math.inf)

    def is_over_by(self, day: float) -> bool:
        """True where every course had certainly ended before this day."""
        return all(row.end is not None and row.end.high < day for row in self.courses)

    def begins_after(self, day: float) -> bool:
        """True where every course certainly began after this day."""
        return all(row.start is not None and row.start.low > day for row in self.courses)


def untestable(case: Case, names: list[str]) -> str:
    """Why one course cannot show what the interventions `names` did, alone or together: what else was given, and when.

    The one place that words this; the design's own account of what it can tell apart belongs here.
    """
    courses: dict[str, list[Treatment]] = {name: [] for name in names}
    for row in case.interventions:
        courses.setdefault(row.intervention, []).append(row)
    labels = case.vocabulary.interventions
    given = {name: _Given(uncapital(labels[name].label.partition(",")[0]), rows) for name, rows in courses.items()}
    claimed, others = [given[n] for n in given if n in names], [given[n] for n in given if n not in names]
    texts = [*_together(claimed), *_around(claimed, others)]
    texts.append("what would have happened without the treatment is not known")
    return f"one course of one patient cannot decide this: {'; '.join(texts)}"


def _labels(given: list[_Given]) -> str:
    return listed([one.label for one in given])


def _together(given: list[_Given]) -> list[str]:
    """How far the course has several treatments apart."""
    first, *rest = sorted(given, key=lambda one: one.begins)
    if not rest:
        return []
    if first.begins < rest[0].begins:
        return [f"it has {_labels(rest)} only after {first.label}, never without it"]
    return [f"it has {_labels([first, *rest])} only together"]


def _around(given: list[_Given], others: list[_Given]) -> list[str]:
    """What else was given before the treatments, beside them and after them."""
    border = min(one.begins for one in given)
    starts = [row.start.high for one in given for row in one.courses if row.start is not None]
    latest = max(starts, default=math.inf)
    over = [one for one in others if one.is_over_by(border)]
    after = [one for one in others if one.begins_after(latest)]
    beside = [one for one in others if one not in over and one not in after]
    texts = [f"{_were(over)} given before"] if over else []
    if beside:
        known = "is" if len(beside) == 1 else "are"
        texts.append(f"{_were(beside)} given at the same time, or {known} not known to have ended")
    return texts + ([f"{_were(after)} given afterwards"] if after else [])


def _were(given: list[_Given]) -> str:
    return f"{_labels(given)} {'was' if len(given) == 1 else 'were'}"
