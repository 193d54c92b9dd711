"""Which figures a report has, without drawing one: what a reference in the prose may point to."""

from collections.abc import Sequence

from casereport.analysis.changes import changes
from casereport.analysis.comparable import FEWEST
from casereport.analysis.measurements import Measurement, by_analyte
from casereport.analysis.overview import FEWEST_VALUES
from casereport.case.case import Case
from casereport.case.phases import windows


def figure_ids(case: Case, table: Sequence[Measurement]) -> list[str]:
    """The names that a narrative may refer to: `overview`, `timeline`, `change`, the analytes, then the rest."""
    found = changes(table, windows(case))
    analytes = by_analyte(table)
    after = [
        *(["forest"] if any(change.n_before + change.n_after >= FEWEST for change in found) else []),
        *(["sensitivity"] if found else []),
        *(["comparators"] if case.meta.compares(analytes) else []),
    ]
    told = case.interventions or any(len(rows) >= FEWEST_VALUES for rows in analytes.values()) or case.meta.overview
    return [*(["overview"] if told else []), "timeline", *(["change"] if found else []), *analytes, *after]
