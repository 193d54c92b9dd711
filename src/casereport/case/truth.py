"""What was put into a simulated case: truth.csv, which only a case without a patient may have.

A row is one effect on one analyte: of the illness itself (no treatment), of a treatment, or of two together beyond what
each does (`a + b`), as the factor by which it multiplies the median in the end; 1 is no effect.
"""

import math
from dataclasses import dataclass

from casereport.case.claim_terms import interventions_of
from casereport.case.folder import Folder
from casereport.case.schema import EVIDENCE
from casereport.errors import BadInput, Problem
from casereport.files.tables import Rule, right_rows
from casereport.quantities.intervals import is_interval, parse
from casereport.quantities.vocabulary import Vocabulary

FILE = "truth.csv"


@dataclass(frozen=True, slots=True)
class Effect:
    """What multiplies the median of an analyte, and by which `factor`; an empty `treatment` is the illness itself."""

    line: int
    treatment: str
    analyte: str
    factor: float


def _is_factor(text: str) -> bool:
    known = parse(text) if is_interval(text) else None
    return known is not None and known.is_exact and known.low > 0


_RULES: dict[str, Rule] = {
    "treatment": Rule(lambda s: True, ""),
    "analyte": Rule(bool, "an analyte"),
    "factor": Rule(_is_factor, "a number above 0: by what the median is multiplied"),
    "evidence": Rule(lambda s: s == "simulated", "simulated: " + EVIDENCE["simulated"]),
    "source": Rule(bool, "what made the values"),
    "note": Rule(lambda s: True, ""),
}


def read_truth(source: Folder, vocabulary: Vocabulary) -> tuple[Effect, ...]:
    """The effects in truth.csv, none where there is no such file; raises BadInput."""
    if not source.has(FILE):
        return ()
    file = source.called(FILE)
    table, problems = right_rows(source.grid(FILE), file, _RULES)
    found = []
    for line, row in table.items():
        if row["analyte"] not in vocabulary.analytes:
            problems.append(Problem(file, line, "analyte", row["analyte"], vocabulary.unknown_analyte(row["analyte"])))
        unknown = [name for name in interventions_of(row["treatment"]) if name not in vocabulary.interventions]
        if row["treatment"] and unknown:
            expected = vocabulary.unknown_intervention(unknown[0])
            problems.append(Problem(file, line, "treatment", row["treatment"], expected))
        factor = parse(row["factor"])
        found.append(Effect(line, row["treatment"], row["analyte"], math.nan if factor is None else factor.low))
    if problems:
        raise BadInput(problems)
    return tuple(found)
