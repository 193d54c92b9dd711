"""The audit: what the source of a case asserts, held against the measurements that the case has.

A claim is checked against another document than its own: what the text says, against the tables. Where only its own
words are there it is `reported only`, unless another passage of the same document is at odds with it. A verdict is
about what documents say of each other; the reasons for a difference are not in them.
"""

from dataclasses import replace
from typing import Any

import pandas as pd

from casereport.analysis.measurements import comparable, measurements
from casereport.audit import claim_events, claim_rules
from casereport.audit.claim_events import DECIDING
from casereport.audit.claim_rules import Outcome, View, window_of
from casereport.audit.findings import capital, documents, printed_range, spoken
from casereport.audit.verdicts import CONTRADICTED, REPORTED_ONLY, VERDICTS, settle
from casereport.case.case import Case
from casereport.case.claim_terms import Terms
from casereport.case.settings import Settings

COLUMNS = ["claim", "statement", "kind", "verdict", "evidence", "lines", "locators", "source"]


def audit(case: Case, settings: Settings) -> pd.DataFrame:
    """One row a claim, in the order of claims.csv.

    Columns: `claim`, `statement`, `kind`, `verdict` (one of VERDICTS), `evidence` (a sentence: what the source says,
    what was found, the difference), `lines` (a tuple such as `observations.csv:216`, the rows that it rests on),
    `locators` (where in the source these stand), `source` (where the claim stands). The analytes that the settings
    select and their lag have no influence: "before" and "after" in a source mean the doses, not when an
    analysis lets them count.
    """
    everything = settings.model_copy(update={"analytes": "", "lag_days": 0})
    rows = []
    for claim in case.claims.itertuples():
        outcome = _outcome(case, everything, claim)
        rows.append(
            {
                "claim": claim.claim,
                "statement": claim.statement,
                "kind": claim.kind,
                "verdict": outcome.verdict,
                "evidence": outcome.found,
                "lines": tuple(f"{file}:{line}" for file, line, _ in outcome.rows),
                "locators": "; ".join(dict.fromkeys(locator for *_, locator in outcome.rows)),
                "source": claim.source,
            }
        )
    return pd.DataFrame(rows, columns=COLUMNS)


def verdict_counts(table: pd.DataFrame) -> dict[str, int]:
    """How many claims of an audit have each verdict, all five in their order."""
    return {verdict: int((table["verdict"] == verdict).sum()) for verdict in VERDICTS}


def _outcome(case: Case, settings: Settings, claim: Any) -> Outcome:
    kind = claim.kind
    if kind not in claim_events.RULES:
        found = _measured(case, settings, claim)
    else:
        found = claim_events.RULES[kind](case, claim)
        if claim.analyte:
            found = _shown_by(case, settings, claim, found)
    return replace(found, found=f"{capital(found.found)}.")


def _measured(case: Case, settings: Settings, claim: Any) -> Outcome:
    """The verdict of the measurements; those of other documents first, for only they can bear a claim out."""
    rule = claim_rules.RULES[claim.kind]
    table = case.observations
    mine = table[(table["analyte"] == claim.analyte) & table["evidence"].isin(DECIDING)]
    apart = [
        bool(numeric) and not documents(source) & documents(claim.source)
        for source, numeric in zip(mine["source"], mine["numeric"], strict=True)
    ]
    found = rule(_view(case, settings, claim, mine.loc[apart]))
    if found.verdict != REPORTED_ONLY:
        return found
    passages = rule(_view(case, settings, claim, mine))
    if passages.verdict == CONTRADICTED:
        return passages
    if not found.rows:
        # the words themselves, which cannot bear themselves out
        days = window_of(claim)
        words = mine.loc[[when.overlaps(days) for when in mine["when"]]]
        found = replace(found, rows=tuple(("observations.csv", int(r.Index), r.source) for r in words.itertuples()))
    return found


def _view(case: Case, settings: Settings, claim: Any, rows: pd.DataFrame) -> View:
    table = measurements(replace(case, observations=rows), settings)
    table = comparable(table) if len(table) else table
    return View(claim, case.vocabulary.analytes[claim.analyte], rows, table, printed_range(case, claim.analyte))


def _shown_by(case: Case, settings: Settings, claim: Any, event: Outcome) -> Outcome:
    """An event together with the analyte that would show it: back in its reference range by the day of the event."""
    terms = Terms("back")
    measured = _measured(case, settings, claim._replace(kind="in_range", anchor="", terms=terms))
    answers = {"supported": [True], "contradicted": [False], "partly supported": [True, False]}
    decided = [part for found in (event, measured) for part in answers.get(found.verdict, [])]
    if not answers.get(measured.verdict):
        return event
    analyte = case.vocabulary.analytes[claim.analyte]
    found = f"{event.found}; as for {spoken(analyte)}, {measured.found.partition('; ')[2]}"
    return Outcome(settle(decided), found, event.rows + measured.rows)
