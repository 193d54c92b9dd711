"""The events of a case in order, numbered as the timeline shows them, and each as it is told.

An event marked `NEG` did not happen. What is told of it says so wherever it stands: in the timeline and its
description, in the table of events, in the evidence of a claim.
"""

import re
from collections.abc import Sequence

import pandas as pd

from casereport.analysis.tidy import frame, spread
from casereport.case.case import Case
from casereport.case.phases import phase_of, windows
from casereport.case.rows import Event, Observation
from casereport.quantities.intervals import Interval, order_of
from casereport.quantities.wording import ORDERED, uncapital

HISTORY = "history"  # of before this illness: no event of a day, and not in the timeline
_SWAB = {"POS": "positive", "NEG": "negative"}
_EXAMINED = {"N": "normal", "A": "abnormal"}  # of a test or an image of which nothing else is said: `MRI of the brain`
# what has no finding beside its name: `Chest CT: negative`, `Discharged home: no`
_NO_FINDING = {"imaging": "negative", "transfer": "no", "outcome": "no"}
# a finding that the author of the case has put as a negative already: "No reaction", "Fever gone"
_NEGATIVE = re.compile(r"\b(?:no|none|not|never|without|absent|absence|gone|resolved|negative|free of)\b", re.I)


def event_table(case: Case, lag_days: int = 0, infusion_day: str = "before") -> pd.DataFrame:
    """The table `events`: in order of their days, numbered from 1; what is history comes first and has number 0.

    An observation that is only put into words ("rose", "normal") is told like an event, of kind `laboratory`.
    """
    phases = windows(case, lag_days)
    told: list[tuple[Observation | Event, str, str, str]] = []
    for row in case.observations:
        if not row.numeric:
            finding = f"{case.vocabulary.analytes[row.analyte].label}: {ORDERED[row.interpretation]}"
            told.append((row, "laboratory", finding, finding))
    told += [(event, event.kind, event.finding, told_of(event, case.events)) for event in case.events]
    told.sort(key=lambda entry: (entry[1] != HISTORY, order_of(entry[0].when)))
    before = sum(kind == HISTORY for _, kind, _, _ in told)
    return frame(
        "events",
        (
            {
                "number": max(0, place - before),
                **spread(row.when, "day_", "day"),
                "phase": row.phase or phase_of(row.when, phases, infusion_day),
                "stated_phase": row.phase,
                "kind": kind,
                "finding": finding,
                "told": words,
                "interpretation": row.interpretation,
                "evidence": row.evidence,
                "source": row.source,
                "note": row.note,
            }
            for place, (row, kind, finding, words) in enumerate(told, start=1)
        ),
    )


def told_of(event: Event, events: Sequence[Event]) -> str:
    """What an event says happened, or did not: `RT-PCR: negative`, `No reaction to the infusion`, `Fever: resolved`.

    What was absent is `resolved` where `events` have the same finding as present on an earlier day.
    """
    finding, code = event.finding, event.interpretation
    if event.kind in ("test", "imaging") and code in _EXAMINED and not re.search(r":|normal", finding, re.I):
        return f"{finding}: {_EXAMINED[code]}"
    if event.kind == "test":
        return finding if code not in _SWAB or _SWAB[code] in finding.lower() else f"{finding}: {_SWAB[code]}"
    if code != "NEG" or _NEGATIVE.search(finding):
        return finding
    if any(_present_before(event, other) for other in events):
        return f"{finding}: resolved"
    examined, colon, found = finding.rpartition(": ")  # `Chest CT: pneumothorax`
    if not examined and event.kind in _NO_FINDING:
        return f"{finding}: {_NO_FINDING[event.kind]}"
    absent = re.sub(r"\band\b", "or", uncapital(found))
    return f"{examined}{colon}no {absent}" if examined else f"No {absent}"


def _present_before(event: Event, other: Event) -> bool:
    same = (other.kind, other.finding.casefold()) == (event.kind, event.finding.casefold())
    return same and other.interpretation != "NEG" and _starts_before(other.when, event.when)


def _starts_before(first: Interval | None, second: Interval | None) -> bool:
    """True where the first certainly began before the second."""
    return first is not None and second is not None and first.low < second.low
