"""One case, read and validated: `load_case()` gives a `Case` or every problem of it at once."""

from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from casereport.case.description import CaseMeta
from casereport.case.observations import PARSED
from casereport.case.reading import Content, read_case
from casereport.case.schema import EVIDENCE as EVIDENCE  # the report words the classes of evidence
from casereport.case.schema import TABLES
from casereport.files.tables import Table
from casereport.quantities.vocabulary import Vocabulary

_PARSED = {
    "observations.csv": PARSED,
    "interventions.csv": ("start", "end"),
    "events.csv": ("when",),
    "claims.csv": ("begins", "ends", "terms"),
}


@dataclass(frozen=True, eq=False)
class Case:
    """One validated case; two are the same only as objects.

    `observations` has the columns of its file as text, and besides: `when` (Interval of study days), `low`-to-`high`
    as `known` (Interval in the canonical unit, or None where only an order is known), `numeric` (True where the
    source gives a number), `reference` (Interval in the canonical unit, or None) and `ref_origin` (`source`, `default`
    or empty). `interventions` has `start` and `end`, `events` has `when` (Interval or None). `claims` has `begins` and
    `ends` (Interval or None) and `terms` (Terms, what is expected); a case without claims.csv has no claims. The
    index is the line in the file.
    """

    meta: CaseMeta
    observations: pd.DataFrame
    interventions: pd.DataFrame
    events: pd.DataFrame
    claims: pd.DataFrame
    narrative: dict[str, str]
    vocabulary: Vocabulary
    hashes: dict[str, str]

    @property
    def simulated(self) -> bool:
        """True when any row is simulated: then the case is simulated as a whole."""
        return any((t["evidence"] == "simulated").any() for t in (self.observations, self.interventions, self.events))


def load_case(case: str, data_dir: Path, default_vocabulary: Path | None = None) -> Case:
    """The case of this name in `data_dir`, or at this path; a vocabulary table missing there is `default_vocabulary`'s.

    Raises BadInput with every problem found in the case and the vocabulary.
    """
    return as_case(read_case(case, data_dir, default_vocabulary))


def as_case(content: Content) -> Case:
    """What was read, with its tables as data frames."""
    frames = [_frame(content.tables[name], [*TABLES[name], *_PARSED[name]]) for name in TABLES]
    return Case(content.meta, *frames, content.narrative, content.vocabulary, content.hashes)


def _frame(table: Table, columns: list[str]) -> pd.DataFrame:
    index = pd.Index(list(table), name="line", dtype="int64")
    return pd.DataFrame({c: pd.Series([row[c] for row in table.values()], index, object) for c in columns}, index)
