"""A case in a few lines: who, what was given and when, how much of it is measured, and the verdicts of the audit."""

from collections import Counter
from collections.abc import Iterable, Sequence

import pandas as pd

from casereport.analysis.measurements import Measurement
from casereport.audit.claims import verdict_counts
from casereport.case.case import Case
from casereport.case.phases import Window, opened_phase, phase_of, windows
from casereport.case.rows import Treatment
from casereport.case.schema import EVIDENCE
from casereport.quantities.intervals import Interval, order_of
from casereport.quantities.wording import ORDERED, day_text, listed, time_unit, uncapital


def who_and_what(case: Case, table: Sequence[Measurement]) -> dict[str, object]:
    """`who`, `description`, `given` (phase, label, days or drugs), `numeric`, `numbers_are`, `in_words`, `analytes`.

    `table` is what is known of the case.
    """
    words = Counter(row.evidence for row in case.observations if not row.numeric)
    return {
        "who": _who(case),
        "description": case.meta.subject.description,
        "given": _given(case),
        # a value that the text repeats from a table was measured once
        "numeric": sum(m.numeric for m in table),
        "numbers_are": "simulated" if case.simulated else "measured",
        "in_words": [(e, words[e]) for e in EVIDENCE if words[e]],
        "analytes": len({m.analyte for m in table if m.numeric}),
    }


def _who(case: Case) -> str:
    subject = case.meta.subject
    if subject.age is None and subject.sex is None:
        return "Age and sex not reported"
    words = {"female": "girl", "male": "boy"} if subject.is_child else {"female": "woman", "male": "man"}
    person = words.get(subject.sex or "", "patient, sex not reported")
    return f"A {person}; age not reported" if subject.age is None else f"{subject.age[0]}-{subject.age[1]}-old {person}"


def _given(case: Case) -> list[tuple[str, str, str]]:
    """For each phase its id, what heads it, and in words: the days of the dose that opens it, and what else was begun.

    A course is told in the phase that it was certainly begun in; on the day of an opening dose is with it or later.
    """
    known, phases = case.vocabulary.interventions, windows(case)
    openers = {p.opened_by for p in phases}
    begun: dict[str, list[str]] = {}
    for name, rows in _by_intervention(row for row in case.interventions if row.intervention not in openers).items():
        starts = [row.start for row in rows if row.start is not None]
        first = min(starts, key=order_of) if len(starts) == len(rows) else None
        begun.setdefault(phase_of(first, phases, "after"), []).append(uncapital(known[name].label))
    told = [_told(case, phases, phase, listed(begun.get(phase.id, []))) for phase in phases]
    if "" in begun:
        phase_id, label, text = told[0]
        unsure = f"begun on a {time_unit(1)} that is not certain: {listed(begun[''])}"
        told[0] = phase_id, label, f"{text}; {unsure}" if text else unsure
    return told


def _by_intervention(rows: Iterable[Treatment]) -> dict[str, list[Treatment]]:
    found: dict[str, list[Treatment]] = {}
    for row in rows:
        found.setdefault(row.intervention, []).append(row)
    return found


def _told(case: Case, phases: Sequence[Window], phase: Window, also: str) -> tuple[str, str, str]:
    if phase.opened_by is None:
        since = f"after {day_text(phase.opens)}" if phase.opens is not None else ""
        return phase.id, phase.label, "; ".join(filter(None, [since, also]))
    rows = [
        row
        for row in case.interventions
        if row.intervention == phase.opened_by and opened_phase(phases, row.intervention, row.start) == phase.id
    ]
    days = {course for row in rows if (course := _course(row.start, row.end))}
    parts = [listed([day_text(day) for day in sorted(days, key=order_of)]), also and f"from then on {also}"]
    return phase.id, case.vocabulary.interventions[phase.opened_by].label, "; ".join(p for p in parts if p)


def _course(start: Interval | None, end: Interval | None) -> Interval | None:
    """From the first to the last day of a course where both are known to the day, else what is known of its start."""
    if start is not None and end is not None and start.is_exact and end.is_exact:
        return Interval(start.low, end.low)
    return start


def verdicts(audit: pd.DataFrame) -> list[tuple[str, int]]:
    """How many clinical claims of the table `audit` have each verdict, those without any left out."""
    return [(verdict, n) for verdict, n in verdict_counts(audit).items() if n]


def only_in_words(observations: Sequence[Measurement], phase: str) -> list[str]:
    """What is said in a phase of the analytes without a number: `lymphocyte count: higher than before (day 1)`."""
    numbers = {m.analyte for m in observations if m.numeric}
    said: dict[str, list[str]] = {}
    for m in observations:
        if m.phase == phase and m.analyte not in numbers and m.evidence != "inferred" and m.interpretation in ORDERED:
            said.setdefault(m.label, []).append(f"{ORDERED[m.interpretation]} ({day_text(m.when)})")
    return [f"{uncapital(label)}: {', '.join(words)}" for label, words in said.items()]
