"""A case in a few lines: who, what was given and when, how much of it is measured, and the verdicts of the audit."""

from collections import Counter

import pandas as pd

from casereport.analysis.measurements import measurements
from casereport.audit.verdicts import VERDICTS
from casereport.case.case import EVIDENCE, Case
from casereport.case.phases import windows
from casereport.case.settings import Settings
from casereport.case.windows import phase_of
from casereport.quantities.intervals import Interval, order_of
from casereport.quantities.wording import day_text, listed, uncapital


def who_and_what(case: Case) -> dict[str, object]:
    """`who`, `description`, `given` (phase, label, days or drugs), `numeric`, `numbers_are`, `in_words`, `analytes`."""
    table = case.observations
    words = Counter(table.loc[~table["numeric"].astype(bool), "evidence"])
    return {
        "who": _who(case),
        "description": case.meta.subject.description,
        "given": _given(case),
        # a value that the text repeats from a table was measured once
        "numeric": int(measurements(case, Settings())["numeric"].astype(bool).sum()),
        "numbers_are": "simulated" if case.simulated else "measured",
        "in_words": [(e, words[e]) for e in EVIDENCE if words[e]],
        "analytes": table["analyte"].nunique(),
    }


def _who(case: Case) -> str:
    subject = case.meta.subject
    if subject.age_years is None and subject.sex is None:
        return "Age and sex not reported"
    words = {"female": "girl", "male": "boy"} if subject.is_child else {"female": "woman", "male": "man"}
    person = words.get(subject.sex or "", "patient, sex not reported")
    return f"A {person}; age not reported" if subject.age_years is None else f"{subject.age_years}-year-old {person}"


def _given(case: Case) -> list[tuple[str, str, str]]:
    """For each phase its id, what heads it, and in words: the days of the dose that opens it, and what else was begun.

    A course is told in the phase that it was certainly begun in; on the day of an opening dose is with it or later.
    """
    table, known, phases = case.interventions, case.vocabulary.interventions, windows(case, Settings())
    openers = {p.opened_by for p in phases}
    begun: dict[str, list[str]] = {}
    for name, rows in table[~table["intervention"].isin(openers)].groupby("intervention", sort=False):
        starts = [start for start in rows["start"] if start is not None]
        first = min(starts, key=order_of) if len(starts) == len(rows) else None
        begun.setdefault(phase_of(first, phases, "after"), []).append(uncapital(known[str(name)].label))
    told = []
    for phase in phases:
        also = listed(begun.get(phase.id, []))
        if phase.opened_by is None:
            label, parts = phase.label, [also]
        else:
            rows = table[table["intervention"] == phase.opened_by]
            days = {course for s, e in zip(rows["start"], rows["end"], strict=True) if (course := _course(s, e))}
            label = known[phase.opened_by].label
            parts = [listed([day_text(d) for d in sorted(days, key=order_of)]), also and f"from then on {also}"]
        told.append((phase.id, label, "; ".join(p for p in parts if p)))
    if "" in begun:
        phase_id, label, text = told[0]
        unsure = f"begun on a day that is not certain: {listed(begun[''])}"
        told[0] = phase_id, label, f"{text}; {unsure}" if text else unsure
    return told


def _course(start: Interval | None, end: Interval | None) -> Interval | None:
    """From the first to the last day of a course where both are known to the day, else what is known of its start."""
    if start is not None and end is not None and start.is_exact and end.is_exact:
        return Interval(start.low, end.low)
    return start


def verdicts(claims: pd.DataFrame) -> list[tuple[str, int]]:
    """How many claims of results/claims.csv have each verdict, those without any left out."""
    found = Counter(claims["verdict"])
    return [(verdict, found[verdict]) for verdict in VERDICTS if found[verdict]]
