"""What was put into a simulated case, and what its report found: found, missed and false.

A report compares the phase of a treatment with the phase before. Where the truth is known, what it calls better or
worse can be held against what the treatment did: the illness turns by itself, drugs run beside each other, and noise
hides what is small.
"""

from collections.abc import Iterator

import pandas as pd

from casereport.analysis.judgement.verdict import BETTER, WORSE, shown_heading
from casereport.analysis.tidy import Row, frame
from casereport.case.case import Case
from casereport.case.truth import Effect
from casereport.quantities.wording import figure_text, listed

FOUND, MISSED, FALSE, RIGHT, OPEN = "found", "missed", "false", "rightly none", "left open"
ANSWERS = {
    FOUND: "the report finds a change in the simulated direction, of any size",
    MISSED: "an effect was simulated, and the report finds no such change",
    FALSE: "the report finds a change, but the treatment has no effect",
    RIGHT: "no effect was simulated, and the report finds no change",
    OPEN: "the report says that this case cannot decide it",
}


def against_truth(case: Case, changes: pd.DataFrame, sensitivity: pd.DataFrame, audit: pd.DataFrame) -> pd.DataFrame:
    """The effects put into a simulated case against what its tables say: the table `found`, empty for any other case.

    One row for each treatment that opens a phase and each analyte, then one for each claim of a cause. A change counts
    for an effect if it is better or worse, in the direction that the treatment moves the analyte.
    """
    effects = {(effect.treatment, effect.analyte): effect for effect in case.truth}
    return frame("found", [*_of_changes(case, effects, changes, sensitivity), *_of_claims(case, audit)])


def _of_changes(
    case: Case, effects: dict[tuple[str, str], Effect], changes: pd.DataFrame, sensitivity: pd.DataFrame
) -> Iterator[dict[str, object]]:
    opened = {phase.opened_by: phase.id for phase in case.meta.phases if phase.opened_by}
    compared = {(row["phase"], row["analyte"]): row for row in changes.to_dict("records")}
    firm = {(row["phase"], row["analyte"]): row["survives"] for row in sensitivity.to_dict("records")}
    for phase, treatment, analyte in ((p, t, a) for t, p in opened.items() for of, a in effects if of == t):
        row, illness = compared.get((phase, analyte)), effects.get(("", analyte))
        yield {
            "treatment": case.vocabulary.interventions[treatment].label,
            "analyte": analyte,
            "label": case.vocabulary.analytes[analyte].label,
            "phase": phase,
            "put_in": effects[treatment, analyte].factor,
            "illness": None if illness is None else illness.factor,
            "reported": "no comparison" if row is None else f"{_MOVED.get(row['direction'], '')}{_called(row)}",
            "every_time": ("yes" if firm[phase, analyte] else "no") if (phase, analyte) in firm else "",
            "answer": _answer(effects[treatment, analyte].factor, row),
        }


_MOVED = {"rose": "rose, ", "fell": "fell, "}


def _called(row: Row) -> str:
    return shown_heading(row["heading"], row["robust"])


def _answer(factor: float, row: Row | None) -> str:
    finding = row is not None and _called(row) in (BETTER, WORSE)
    if factor == 1:
        return FALSE if finding else RIGHT
    moved = "rose" if factor > 1 else "fell"
    return FOUND if finding and row is not None and row["direction"] == moved else MISSED


def _of_claims(case: Case, audit: pd.DataFrame) -> Iterator[dict[str, object]]:
    """What the audit says of each claim of a cause, which the truth could answer."""
    verdicts = dict(zip(audit["claim"], audit["verdict"], strict=True))
    causal = [claim for claim in case.claims if claim.kind == "causal"] if case.truth else []
    for claim in causal:
        mine = [effect for effect in case.truth if effect.treatment == claim.anchor and effect.factor != 1]
        labels = [case.vocabulary.analytes[effect.analyte].short for effect in mine]
        yield {
            "treatment": claim.statement,
            "label": listed(labels) if mine else "No analyte",
            "put_in": None if mine else 1.0,
            "reported": verdicts[claim.claim],
            "answer": _of_verdict(verdicts[claim.claim], bool(mine)),
        }


def _of_verdict(verdict: str, true: bool) -> str:
    if verdict in ("supported", "partly supported"):
        return FOUND if true else FALSE
    if verdict == "contradicted":
        return MISSED if true else RIGHT
    return OPEN


def in_one_sentence(found: pd.DataFrame) -> str:
    """How many of the effects put in were found, and how many changes are false, in words; empty for an empty table."""
    n = found["answer"].value_counts()
    if not len(found):
        return ""
    n_in, n_none = (int(sum(n.get(a, 0) for a in pair)) for pair in ((FOUND, MISSED), (FALSE, RIGHT)))
    return (
        f"Of {n_in} simulated effects, the report finds {n.get(FOUND, 0)} and misses {n.get(MISSED, 0)}. Where a "
        f"treatment has no effect, {n.get(FALSE, 0)} of {n_none} comparisons still show a change, due to the course of "
        f"the illness, other treatments or random variation. {_left_open(n.get(OPEN, 0))}"
    )


def _left_open(n: int) -> str:
    few = ("No", "One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight", "Nine")
    return f"{few[n] if n < len(few) else n} causal {'claim is' if n == 1 else 'claims are'} left open."


def factor_text(factor: float) -> str:
    """By what a median was multiplied: `× 0.22`; `none` for 1."""
    return "none" if factor == 1 else f"× {figure_text(factor)}"
