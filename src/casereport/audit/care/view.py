"""A case as the rules of the reporting guidelines look at it: its prose, and its rows with what came later."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property
from typing import NamedTuple, Protocol

from casereport.analysis.measurements import Measurement, measurements
from casereport.audit.care import words as prose
from casereport.case.case import Case
from casereport.case.phases import phase_of, windows
from casereport.case.rows import Event
from casereport.quantities.intervals import Interval
from casereport.quantities.vocabulary import NO_LABORATORY

MET = ("yes", "partly", "to be confirmed", "gap")


class Answer(NamedTuple):
    """Whether an item is met (`MET`), the id in the report where, and a sentence on what was found."""

    met: str
    where: str
    finding: str


def yes(where: str, finding: str) -> Answer:
    """The item is met."""
    return Answer("yes", where, finding)


def partly(where: str, finding: str) -> Answer:
    """Something is there, and something may be missing; this never blocks a report."""
    return Answer("partly", where, finding)


def to_confirm(where: str, finding: str) -> Answer:
    """A word that fits is there, and nothing else shows that the item is met: a reader has to judge."""
    return Answer("to be confirmed", where, finding)


def gap(where: str, finding: str) -> Answer:
    """Nothing is there; the finding says what to add."""
    return Answer("gap", where, finding)


class Dated(Protocol):
    """Something of a study day, and of the phase that it certainly belongs to (empty where that is open)."""

    @property
    def when(self) -> Interval | None: ...
    @property
    def phase(self) -> str: ...


@dataclass(frozen=True)
class View:
    """A case with the choices of its analysis that decide which phase a day belongs to (see `case.phases`)."""

    case: Case
    lag_days: int
    infusion_day: str

    def prose(self, *sections: str) -> str:
        """What the narrative says in these sections, without what is only said to be not known."""
        texts = (prose.said(self.case.narrative.get(section, "")) for section in sections)
        return ". ".join(text for text in texts if text)

    @cached_property
    def measured(self) -> list[Measurement]:
        """The measurements of the case."""
        return measurements(self.case, self.lag_days, self.infusion_day)

    @property
    def is_without_laboratory(self) -> bool:
        """True where all that was measured are scores and outcomes, such as pain or minutes on task."""
        return bool(self.measured) and all(row.group in NO_LABORATORY for row in self.measured)

    @cached_property
    def events(self) -> list[Event]:
        """The events of the case, each with its phase: as the source states it, else by its day."""
        phases = windows(self.case, self.lag_days)
        return [
            replace(event, phase=event.phase or phase_of(event.when, phases, self.infusion_day))
            for event in self.case.events
        ]

    def kind(self, *kinds: str) -> list[Event]:
        """The events of these kinds."""
        return [event for event in self.events if event.kind in kinds]

    def labels(self) -> list[str]:
        """The labels of the interventions that the case has."""
        given = dict.fromkeys(row.intervention for row in self.case.interventions)
        return [self.case.vocabulary.interventions[name].label for name in given]

    def is_later(self, row: Dated) -> bool:
        """True for what is certainly later than the index treatment, or than day 0 in a case of a single phase."""
        later = [phase.id for phase in self.case.meta.phases[1:]]
        return row.phase in later if later else row.when is not None and row.when.low > 0

    def is_last(self, row: Dated) -> bool:
        """True for what is certainly of the last phase, or later than day 0 in a case of a single phase."""
        phases = self.case.meta.phases
        return row.phase == phases[-1].id if len(phases) > 1 else self.is_later(row)


Rule = Callable[[View], Answer]
