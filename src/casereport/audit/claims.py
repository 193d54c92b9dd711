"""The audit: what the source of a case asserts, held against the measurements that the case has.

A claim is checked against another document than its own: what the text says, against the tables. Where only its own
words are there it is `reported only`, unless another passage of the same document is at odds with it. A verdict is
about what documents say of each other; the reasons for a difference are not in them.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

import pandas as pd

from casereport.analysis.measurements import by_analyte
from casereport.analysis.tidy import frame
from casereport.analysis.time_unit import in_its_time
from casereport.audit import claim_events, claim_rules
from casereport.audit.claim_events import DECIDING
from casereport.audit.claim_view import Outcome, View, places, readings, window_of
from casereport.audit.findings import apart, capital, printed_range, spoken
from casereport.audit.verdicts import CONTRADICTED, PARTLY, REPORTED_ONLY, SUPPORTED, VERDICTS, settle
from casereport.case.case import Case
from casereport.case.claim_terms import Terms
from casereport.case.rows import Claim, Observation


@in_its_time
def audit_claims(case: Case, infusion_day: str = "before") -> pd.DataFrame:
    """The verdict on each claim of the case, in the order of claims.csv: the table `audit`.

    `verdict` is one of VERDICTS; `evidence` a sentence: what the source says, what was found, the difference. The lag
    of an analysis has no influence: "before" and "after" in a source mean the doses, not when an analysis lets them
    count. `infusion_day` says to which phase a sample of the day of a dose belongs (`before` or `after`).
    """
    return frame("audit", _rows(case, infusion_day))


def verdict_counts(table: pd.DataFrame) -> dict[str, int]:
    """How many claims of an audit have each verdict, all five in their order."""
    return {verdict: int((table["verdict"] == verdict).sum()) for verdict in VERDICTS}


def _rows(case: Case, infusion_day: str) -> Iterator[dict[str, object]]:
    auditor = _Auditor(case, infusion_day, by_analyte(case.observations))
    for claim in case.claims:
        outcome = auditor.outcome(claim)
        yield {
            "claim": claim.claim,
            "statement": claim.statement,
            "kind": claim.kind,
            "verdict": outcome.verdict,
            "evidence": f"{capital(outcome.found)}.",
            "lines": " ".join(f"{place.file}:{place.line}" for place in outcome.rows),
            "locators": "; ".join(dict.fromkeys(place.locator for place in outcome.rows)),
            "source": claim.source,
        }


@dataclass(frozen=True, slots=True)
class _Auditor:
    """A case as its claims are held against it, with the observations of each analyte."""

    case: Case
    infusion_day: str
    statements: dict[str, list[Observation]]

    def outcome(self, claim: Claim) -> Outcome:
        """What became of a claim."""
        if claim.kind not in claim_events.RULES:
            return self.measured(claim)
        found = claim_events.RULES[claim.kind](self.case, claim)
        return self.shown_by(claim, found) if claim.analyte else found

    def measured(self, claim: Claim) -> Outcome:
        """The outcome by the measurements; those of other documents first, for only they can bear a claim out."""
        rule = claim_rules.RULES[claim.kind]
        mine = [row for row in self.statements.get(claim.analyte, ()) if row.evidence in DECIDING]
        found = rule(self.view(claim, [row for row in mine if row.numeric and apart(row.source, claim.source)]))
        if found.verdict != REPORTED_ONLY:
            return found
        passages = rule(self.view(claim, mine))
        if passages.verdict == CONTRADICTED:
            return passages
        return found if found.rows else replace(found, rows=places(_own_words(claim, mine)))

    def view(self, claim: Claim, rows: list[Observation]) -> View:
        """The claim beside what `rows` have of its analyte."""
        analyte, printed = self.case.vocabulary.analytes[claim.analyte], self.statements.get(claim.analyte, ())
        return View(claim, analyte, readings(self.case, rows, self.infusion_day), printed_range(printed))

    def shown_by(self, claim: Claim, event: Outcome) -> Outcome:
        """An event with the analyte that would show it: back in its reference range by the day of the event."""
        measured = self.measured(replace(claim, kind="in_range", anchor="", terms=Terms("back")))
        answers = {SUPPORTED: [True], CONTRADICTED: [False], PARTLY: [True, False]}
        if measured.verdict not in answers:
            return event
        parts = [part for found in (event, measured) for part in answers.get(found.verdict, [])]
        analyte = self.case.vocabulary.analytes[claim.analyte]
        found = f"{event.found}; as for {spoken(analyte)}, {measured.found.partition('; ')[2]}"
        return Outcome(settle(parts), found, event.rows + measured.rows)


def _own_words(claim: Claim, rows: Iterable[Observation]) -> list[Observation]:
    """What the source itself says of those days, which cannot bear itself out."""
    days = window_of(claim)
    return [row for row in rows if row.when is not None and row.when.overlaps(days)]
