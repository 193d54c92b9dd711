"""A case in a few lines: who, what was given and when, how much of it is measured, and the verdicts of the audit."""

from collections import Counter

import pandas as pd

from casereport.case import EVIDENCE, Case
from casereport.claim_parts import VERDICTS
from casereport.intervals import order_of
from casereport.measurements import measurements
from casereport.settings import Settings
from casereport.wording import day_text, listed, uncapital


def who_and_what(case: Case) -> dict[str, object]:
    """`who`, `description`, `given` (phase, label, days or drugs), `numeric`, `numbers_are`, `in_words`, `analytes`."""
    table = case.observations
    words = Counter(table.loc[~table["numeric"].astype(bool), "evidence"])
    return {
        "who": _who(case),
        "description": case.meta.subject.description,
        "given": [_given(case, phase.id, phase.label, phase.opened_by) for phase in case.meta.phases],
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


def _given(case: Case, phase: str, label: str, opener: str | None) -> tuple[str, str, str]:
    table, known = case.interventions, case.vocabulary.interventions
    if opener:
        days = {d for d in table.loc[table["intervention"] == opener, "start"] if d is not None}
        return phase, known[opener].label, listed([day_text(d) for d in sorted(days, key=order_of)])
    openers = {p.opened_by for p in case.meta.phases}
    others = [i for i in dict.fromkeys(table["intervention"]) if i not in openers]
    return phase, label, listed([uncapital(known[i].label) for i in others])


def verdicts(claims: pd.DataFrame) -> list[tuple[str, int]]:
    """How many claims of results/claims.csv have each verdict, those without any left out."""
    found = Counter(claims["verdict"])
    return [(verdict, found[verdict]) for verdict in VERDICTS if found[verdict]]
