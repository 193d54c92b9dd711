"""Which figures a report has, without drawing one: what a reference in the prose may point to."""

from collections.abc import Sequence

from casereport.analysis.comparable import FEWEST
from casereport.analysis.measurements import Measurement, by_analyte, comparable, phase_pairs
from casereport.case.case import Case


def figure_ids(case: Case, table: Sequence[Measurement]) -> list[str]:
    """The names of the figures for a narrative: `overview`, `timeline`, `change`, the analytes, then the rest."""
    found = list(phase_pairs(comparable(table), [phase.id for phase in case.meta.phases]))
    analytes = by_analyte(table)
    after = [
        *(["forest"] if any(len(before) + len(after) >= FEWEST for before, after in found) else []),
        *(["sensitivity"] if found else []),
        *(["comparators"] if not case.simulated and case.meta.compares(m.analyte for m in table if m.numeric) else []),
    ]
    shown = [f"picture-{number}" for number in range(1, len(case.pictures) + 1)]
    told = case.interventions or any(len(rows) >= FEWEST for rows in analytes.values()) or case.meta.overview
    return [*(["overview"] if told else []), "timeline", *(["change"] if found else []), *analytes, *after, *shown]
