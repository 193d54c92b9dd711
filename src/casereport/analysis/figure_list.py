"""Which figures a report has, without drawing one: what a reference in the prose may point to."""

from casereport.analysis.changes import contrasts, informative
from casereport.analysis.measurements import measurements
from casereport.case.case import Case
from casereport.case.settings import Settings


def catalogue(case: Case, settings: Settings) -> list[str]:
    """The ids of the figures in the order of the report: timeline, change, the analytes, then the rest."""
    table = measurements(case, settings)
    changes = contrasts(case, table)
    before = ["timeline", *(["change"] if len(changes) else [])]
    after = [
        *(["forest"] if len(informative(changes)) else []),
        *(["sensitivity"] if len(changes) else []),
        *(["comparators"] if case.meta.compares(case.observations["analyte"]) else []),
    ]
    return [*before, *dict.fromkeys(table["analyte"]), *after]
