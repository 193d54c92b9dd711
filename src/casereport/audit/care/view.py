"""A case as the rules of the reporting guidelines look at it: its prose, and its tables with what came later."""

from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import pandas as pd

from casereport.analysis.measurements import measurements
from casereport.audit.care import words as prose
from casereport.case.case import Case
from casereport.case.phases import phase_column, windows
from casereport.case.settings import Settings


class Answer(NamedTuple):
    """Whether an item is met (`yes`, `partly`, `gap`), the id in the report where, and a sentence on what was found."""

    met: str
    where: str
    finding: str


def yes(where: str, finding: str) -> Answer:
    """The item is met."""
    return Answer("yes", where, finding)


def partly(where: str, finding: str) -> Answer:
    """Something is there, and something may be missing; this never blocks a report."""
    return Answer("partly", where, finding)


def gap(where: str, finding: str) -> Answer:
    """Nothing is there; the finding says what to add."""
    return Answer("gap", where, finding)


@dataclass(frozen=True)
class View:
    """A case with the settings of its report."""

    case: Case
    settings: Settings

    def prose(self, *sections: str) -> str:
        """What the narrative says in these sections, without what is only said to be not known."""
        texts = (prose.said(self.case.narrative.get(section, "")) for section in sections)
        return ". ".join(text for text in texts if text)

    @cached_property
    def measured(self) -> pd.DataFrame:
        """`measurements()` with, as True or False, whether a row is `later` than the index and in the `last` phase."""
        return self._placed(measurements(self.case, self.settings))

    @cached_property
    def events(self) -> pd.DataFrame:
        """The events of the case with `phase`, `later` and `last`."""
        table = self.case.events
        phases = phase_column(table, windows(self.case, self.settings), self.settings.infusion_day)
        return self._placed(table.assign(phase=phases))

    def kind(self, *kinds: str) -> pd.DataFrame:
        """The events of these kinds."""
        return self.events[self.events["kind"].isin(kinds)]

    def labels(self) -> list[str]:
        """The labels of the interventions that the case has."""
        return [
            self.case.vocabulary.interventions[i].label for i in dict.fromkeys(self.case.interventions["intervention"])
        ]

    def _placed(self, table: pd.DataFrame) -> pd.DataFrame:
        ids = [phase.id for phase in self.case.meta.phases]
        if len(ids) > 1:
            return table.assign(later=table["phase"].isin(ids[1:]), last=table["phase"] == ids[-1])
        later = pd.Series([day is not None and day.low > 0 for day in table["when"]], index=table.index, dtype=bool)
        return table.assign(later=later, last=later)
