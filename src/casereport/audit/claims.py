"""The audit: what the source of a case asserts, held against the measurements that the case has.

A claim is checked against another document than its own: what the text says, against the tables. Where only its own
words are there it is `reported only`, unless another passage of the same document is at odds with it. A verdict is
about what documents say of each other; the reasons for a difference are not in them.
"""

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import partial

import pandas as pd

from casereport.analysis.measurements import by_analyte, measurements
from casereport.analysis.sensitivity import turning
from casereport.analysis.tidy import frame
from casereport.analysis.time_unit import in_its_time
from casereport.audit import claim_events, claim_rules
from casereport.audit.after_infusion import beside_no_event
from casereport.audit.claim_levels import already_there
from casereport.audit.claim_view import Outcome, View, readings, rows_of, units_a_day, window_of
from casereport.audit.findings import apart, document_name
from casereport.audit.rule_texts import rule_text
from casereport.audit.verdicts import CONTRADICTED, PARTLY, REPORTED_ONLY, SUPPORTED, VERDICTS, Part, settle
from casereport.case.case import Case
from casereport.case.claim_terms import Terms, in_units, is_transcription
from casereport.case.observations import origin_lines
from casereport.case.phases import phase_of, windows
from casereport.case.rows import Claim, Observation
from casereport.case.schema import DECIDING
from casereport.quantities.intervals import Interval
from casereport.quantities.wording import capital, spoken

CLINICAL, TRANSCRIPTION = "clinical", "transcription"
_ANSWERS: dict[str, tuple[Part, ...]] = {SUPPORTED: (True,), CONTRADICTED: (False,), PARTLY: (True, False)}


@in_its_time
def audit_claims(case: Case, infusion_day: str = "before") -> pd.DataFrame:
    """The verdict on each claim of the case, in the order of claims.csv: the table `audit`.

    `verdict` is one of VERDICTS; `evidence` a sentence: what the source says, what was found, the difference. The lag
    of an analysis has no influence: "before" and "after" in a source mean the doses, not when an analysis lets them
    count. `infusion_day` says to which phase a sample of the day of a dose belongs (`before` or `after`).
    """
    return frame("audit", _rows(case, infusion_day))


def verdict_counts(table: pd.DataFrame) -> dict[str, int]:
    """How many clinical claims of an audit have each verdict, all five in their order."""
    clinical = table[table["sort"] == CLINICAL]
    return {verdict: int((clinical["verdict"] == verdict).sum()) for verdict in VERDICTS}


def by_document(table: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """The claims of an audit by the documents that make them, in the order of claims.csv: `the text`, `Table 1`."""
    names = table["source"].map(document_name)
    return {name: table[names == name] for name in dict.fromkeys(names)}


def transcription_text(table: pd.DataFrame) -> str:
    """What became of the claims that only repeat a number, `Transcription: 6 of 6 agree`; empty without one."""
    verdicts = table.loc[table["sort"] == TRANSCRIPTION, "verdict"]
    compared = int((verdicts != REPORTED_ONLY).sum())
    if not len(verdicts):
        return ""
    rest = len(verdicts) - compared
    text = f"Transcription: {int((verdicts == SUPPORTED).sum())} of {compared} agree"
    return text + (f"; {rest} more with nothing to compare" if rest else "")


def _rows(case: Case, infusion_day: str) -> Iterator[dict[str, object]]:
    auditor = _Auditor(case, infusion_day, by_analyte(case.observations))
    for claim in case.claims:
        outcome = auditor.outcome(claim)
        yield {
            "claim": claim.claim,
            "statement": claim.statement,
            "kind": claim.kind,
            "sort": TRANSCRIPTION if is_transcription(claim.kind, claim.terms) else CLINICAL,
            "verdict": outcome.verdict,
            "evidence": f"{capital(outcome.found)}.",
            "rule": rule_text(claim),
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
        claim = replace(claim, terms=in_units(claim.terms, units_a_day(self.case)))
        if claim.kind in claim_rules.RULES:
            return self.measured(claim)
        found = claim_events.RULES[claim.kind](self.case, claim)
        if claim.kind == "no_event" and claim.terms.word == "adverse_event":
            return beside_no_event(self.case, claim, found, self.infusion_day)
        return self.shown_by(claim, found) if claim.kind == "event" and claim.analyte else found

    def measured(self, claim: Claim) -> Outcome:
        """The outcome by the measurements; those of other documents first, for only they can bear a claim out.

        Where a value lies is said by a word (low, normal, high) as well as by a number; for a change or an extreme a
        word counts only where the numbers decide nothing.
        """
        rule = claim_rules.RULES[claim.kind]
        mine = self.deciding(claim.analyte)
        others = [row for row in mine if apart(row.source, claim.source)]
        numeric = [row for row in others if row.numeric]
        of_place = claim.kind in ("value", "in_range", "level")
        found = rule(self.view(claim, others if of_place else numeric))
        if found.verdict == REPORTED_ONLY and not of_place and len(numeric) < len(others):
            found = rule(self.view(claim, others))
        if found.verdict != REPORTED_ONLY:
            return found
        passages = rule(self.view(claim, mine))
        if passages.verdict == CONTRADICTED:
            return passages
        if found.rows:
            return found
        added, rows = already_there(self.view(claim, mine)) if claim.kind == "in_range" else ("", [])
        places = rows_of([*_own_words(claim, mine), *(row for reading in rows for row in reading.rows)])
        return replace(found, found=found.found + added, rows=places)

    def deciding(self, analyte: str) -> list[Observation]:
        """The statements about an analyte that are evidence; of a derived value, as of the documents it is from."""
        by_line = {row.line: row for row in self.case.observations}
        found = []
        for row in self.statements.get(analyte, ()):
            origins = [by_line[line] for line in origin_lines(row)]
            if origins and all(origin.evidence in DECIDING for origin in origins):
                found.append(replace(row, source="; ".join(dict.fromkeys(origin.source for origin in origins))))
            elif row.evidence in DECIDING:
                found.append(row)
        return found

    def view(self, claim: Claim, rows: list[Observation]) -> View:
        """The claim beside what `rows` have of its analyte."""
        analyte = self.case.vocabulary.analytes[claim.analyte]
        name = claim.terms.place.other if claim.terms.place else ""
        other = self.case.vocabulary.analytes.get(name)
        beside = [row for row in self.deciding(name) if apart(row.source, claim.source) and row.numeric] if name else []
        return View(
            claim, analyte, readings(self.case, rows, self.infusion_day), other,
            readings(self.case, beside, self.infusion_day),
            [row for row in rows if not row.numeric and apart(row.source, claim.source)],
            *self.counting(claim), 24 // units_a_day(self.case), partial(self.turning, claim.analyte),
            next((phase.label for phase in self.case.meta.phases if phase.id == claim.anchor), ""),
        )  # fmt: skip

    def turning(self, analyte: str, pair: tuple[str, str]) -> tuple[int, int]:
        """How often a change turns under other choices; by all that the source has of it, its own passage too."""
        table = measurements(self.case, 0, self.infusion_day, self.deciding(analyte))
        return turning(table, partial(windows, self.case), pair, self.infusion_day)

    def counting(self, claim: Claim) -> tuple[frozenset[str], float]:
        """The phases in which a return by the last day of a claim counts, that of the day and no earlier one, and the
        day that opens it.
        """
        phases = windows(self.case)
        last = Interval.exact(claim.ends.high) if claim.ends is not None else None
        of_it = phase_of(last, phases, self.infusion_day)
        if last and not of_it:  # a day between two phases belongs to what came before it
            started = [phase.id for phase in phases if phase.opens is not None and phase.opens.high < last.low]
            of_it = started[-1] if started else ""
        later = phases[[phase.id for phase in phases].index(of_it) :] if of_it else phases
        opens = later[0].opens
        return frozenset(phase.id for phase in later), opens.low if opens else -math.inf

    def shown_by(self, claim: Claim, event: Outcome) -> Outcome:
        """An event with the analyte that would show it: what is over by its value in the reference range by that day,
        what was there by a value outside of it.
        """
        parts, measured = self.of_analyte(claim)
        if not parts and measured.verdict == REPORTED_ONLY:
            return event
        analyte = self.case.vocabulary.analytes[claim.analyte]
        seen = measured.found.partition("; ")[2].replace(" has ", f" has {spoken(analyte.label)} ", 1)
        found = f"{event.found}; {seen}"
        return Outcome(settle([*_ANSWERS.get(event.verdict, ()), *parts]), found, event.rows + measured.rows)

    def of_analyte(self, claim: Claim) -> tuple[tuple[Part, ...], Outcome]:
        """What the analyte of an event says of it, and the outcome by its values; no part where it decides nothing."""
        place = claim_events.shown_at(claim)
        if place.code == "N" and not place.negated:
            found = self.measured(replace(claim, kind="in_range", anchor="", terms=Terms("back", place=place)))
            answer = _ANSWERS.get(found.verdict, ())
            # what is better need not be back in its range
            return (() if claim.terms.code == "B" and answer != (True,) else answer), found
        found = self.measured(replace(claim, kind="value", anchor="", terms=Terms(place=claim_events.OUTSIDE)))
        if found.verdict == CONTRADICTED:  # on another of several days it may have been
            return ((False,) if window_of(claim).is_exact else ()), found
        if place.negated:  # outside says nothing where the words leave the side open
            return (), found
        found = self.measured(replace(claim, kind="value", anchor="", terms=Terms(place=place)))
        return ((True,) if found.verdict in (SUPPORTED, PARTLY) else ()), found


def _own_words(claim: Claim, rows: Iterable[Observation]) -> list[Observation]:
    """What the source itself says of those days, which cannot bear itself out."""
    days = window_of(claim)
    return [row for row in rows if row.when is not None and row.when.overlaps(days)]
