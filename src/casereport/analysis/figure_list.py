"""Which figures a report has, without drawing one: what a reference in the prose may point to."""

from collections.abc import Sequence

from casereport.analysis.changes import changes
from casereport.analysis.comparable import FEWEST
from casereport.analysis.measurements import Measurement, by_analyte
from casereport.case.case import Case
from casereport.case.phases import windows


def figure_ids(case: Case, table: Sequence[Measurement]) -> list[str]:
    """The names by which a narrative may refer to a figure: `timeline`, `change`, the analytes, then the rest."""
    found = changes(table, windows(case))
    analytes = by_analyte(table)
    after = [
        *(["forest"] if any(change.n_before + change.n_after >= FEWEST for change in found) else []),
        *(["sensitivity"] if found else []),
        *(["comparators"] if case.meta.compares(analytes) and not case.simulated else []),
    ]
    return ["timeline", *(["change"] if found else []), *analytes, *after]
