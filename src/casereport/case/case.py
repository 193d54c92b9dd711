"""One case, validated: what `reading.read_case()` gives, and what every analysis starts from."""

from dataclasses import dataclass

from casereport.case.description import CaseMeta
from casereport.case.left_out import FILE, Lacking
from casereport.case.references import Reference
from casereport.case.rows import Claim, Event, Observation, Picture, Treatment
from casereport.case.truth import Effect
from casereport.quantities.vocabulary import Vocabulary


@dataclass(frozen=True, eq=False)
class Case:
    """One validated case; two are the same only as objects.

    The rows stand in the order of their files, after them in `observations` what is derived from them. A case without
    claims.csv has no claims. `prose` are the numbered lines of the narrative, from the file `prose_name`, and
    `narrative` the text of each of its sections. `truth` is what was put into a simulated case.
    `left_out` are the values that imports did not take, by the file `left_out_name`, `references` what the narrative
    may cite, `pictures` those of pictures.csv. `hashes` has the SHA-256 of each file that the case was read from.
    """

    meta: CaseMeta
    observations: tuple[Observation, ...]
    interventions: tuple[Treatment, ...]
    events: tuple[Event, ...]
    claims: tuple[Claim, ...]
    prose: tuple[tuple[int, str], ...]
    prose_name: str
    narrative: dict[str, str]
    vocabulary: Vocabulary
    hashes: dict[str, str]
    truth: tuple[Effect, ...] = ()
    left_out: tuple[Lacking, ...] = ()
    left_out_name: str = FILE
    references: tuple[Reference, ...] = ()
    pictures: tuple[Picture, ...] = ()

    @property
    def simulated(self) -> bool:
        """True when any row is simulated: then the case is simulated as a whole."""
        tables = (self.observations, self.interventions, self.events, self.pictures)
        return any(row.evidence == "simulated" for table in tables for row in table)
