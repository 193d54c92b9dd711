"""The events of a case in order, numbered as the timeline shows them."""

import pandas as pd

from casereport.analysis.tidy import frame, spread
from casereport.case.case import Case
from casereport.case.phases import phase_of, windows
from casereport.case.rows import Event, Observation
from casereport.quantities.intervals import order_of
from casereport.quantities.wording import ORDERED


def event_table(case: Case, lag_days: int = 0, infusion_day: str = "before") -> pd.DataFrame:
    """The table `events`: in order of their days, numbered from 1.

    An observation that is only put into words ("rose", "normal") is told like an event, of kind `laboratory`.
    """
    phases = windows(case, lag_days)
    told: list[tuple[Observation | Event, str, str]] = [
        (row, "laboratory", f"{case.vocabulary.analytes[row.analyte].label}: {ORDERED[row.interpretation]}")
        for row in case.observations
        if not row.numeric
    ]
    told += [(event, event.kind, event.finding) for event in case.events]
    ordered = sorted(told, key=lambda entry: order_of(entry[0].when))
    return frame(
        "events",
        (
            {
                "number": number,
                **spread(row.when, "day_", "day"),
                "phase": row.phase or phase_of(row.when, phases, infusion_day),
                "stated_phase": row.phase,
                "kind": kind,
                "finding": finding,
                "interpretation": row.interpretation,
                "evidence": row.evidence,
                "source": row.source,
                "note": row.note,
            }
            for number, (row, kind, finding) in enumerate(ordered, start=1)
        ),
    )
