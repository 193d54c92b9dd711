"""The rules for claims about events, about the absence of events, and about causes.

What a text says of an event cannot bear itself out: another document has to have it. Another passage of the same
document can still be at odds with it. That a treatment caused a course is never decided by one course.
"""

import math
from typing import Any

from casereport.audit.claim_rules import Outcome, window_of
from casereport.audit.findings import documents, documents_that, on_day
from casereport.audit.verdicts import CONTRADICTED, NOT_TESTABLE, PARTLY, REPORTED_ONLY, SUPPORTED
from casereport.case.case import Case
from casereport.case.claim_terms import GIVEN, Terms, interventions_of
from casereport.quantities.intervals import Interval
from casereport.quantities.wording import counted, day_text, listed, uncapital

OPPOSITE = {"POS": "NEG", "NEG": "POS", "B": "W", "W": "B", "N": "A", "A": "N"}

# Tests and images are repeated: one with the same result on a later day says nothing of an earlier day. A symptom that
# ends, a transfer or an outcome has one day.
REPEATED = ("test", "imaging", "adverse_event")
ONCE = ("transfer", "outcome")

DECIDING = ("measured", "reported", "simulated")  # not what was inferred, or taken from another publication


def event(case: Case, claim: Any) -> Outcome:
    """Whether something is recorded by the claimed day in another document than the claim's own."""
    window, terms = window_of(claim), claim.terms
    file, rows, opposite = _records(case, claim)
    others = [r for r in rows if r.source != claim.source and r.evidence in DECIDING]
    inside = [r for r in others if r.when is not None and (r.when.within(window) or _under_way(r, window))]
    independent = [r for r in inside if not documents(r.source) & documents(claim.source)]
    stated = f"{documents_that([claim.source], 'says')} so, {_stated(window)}"

    def outcome(verdict: str, found: str, used: list) -> Outcome:
        return Outcome(verdict, f"{stated}; {found}", tuple((file, int(r.Index), r.source) for r in used))

    against = [r for r in opposite if r.when is not None and r.when.is_exact and r.when.low == window.high]
    if independent:
        found = f"{_has(independent[0])} it {_when(independent[0])}"
        if against:
            found += f", and {_has(against[0])} the opposite {_when(against[0])}"
        return outcome(PARTLY if against else SUPPORTED, found, [*independent, *against])
    if against:
        return outcome(CONTRADICTED, f"{_has(against[0])} the opposite {_when(against[0])}", against)
    apart = {id(r): days for r in others if (days := _days_apart(r, window, terms))}
    if apart and not inside:
        row = min((r for r in others if id(r) in apart), key=lambda r: abs(apart[id(r)]))
        same = documents(row.source) & documents(claim.source)
        who = f"another passage ({row.source}) has" if same else _has(row)
        gap = counted(abs(apart[id(row)]), "day") + (" later" if apart[id(row)] > 0 else " earlier")
        # two passages of one document: nothing outside it decides which of them holds
        return outcome(PARTLY if same else CONTRADICTED, f"{who} it {_when(row)}, {gap}", [row])
    elsewhere = [r for r in others if not documents(r.source) & documents(claim.source)]
    if elsewhere:
        row = elsewhere[0]
        return outcome(REPORTED_ONLY, f"{_has(row)} it {_when(row)}, which does not decide it", elsewhere[:1])
    own = [r for r in rows if r not in independent and (r.when is None or r.when.overlaps(window))]
    return outcome(REPORTED_ONLY, "no other document has it, so that there is nothing to compare", own)


def _under_way(row: Any, window: Interval) -> bool:
    """True for a treatment that had begun by the first day of the window and certainly went on to it."""
    end = getattr(row, "end", None)
    return end is not None and row.when.high <= window.low <= end.low


def _days_apart(row: Any, window: Interval, terms: Terms) -> int:
    """How many days after the window (before it: negative) a row certainly has what has one day; else 0."""
    if row.when is None or (terms.word in REPEATED):
        return 0
    if math.isfinite(window.high) and row.when.low > window.high:
        return math.ceil(row.when.low - window.high)
    # a state (a symptom, a diagnosis, an assessment) that another document has earlier may be there later as well
    over = row.end if terms.word == GIVEN else row.when if terms.word in ONCE and not terms.code else None
    if over is not None and math.isfinite(window.low) and over.high < window.low:
        return math.floor(over.high - window.low)
    return 0


def no_event(case: Case, claim: Any) -> Outcome:
    """Whether an event of the kind is recorded in the window after all, or its absence in another document."""
    window, terms = window_of(claim), claim.terms
    words = claim.anchor.casefold()
    rows = [
        r
        for r in case.events.itertuples()
        if r.kind == terms.word and words in r.finding.casefold() and r.evidence in DECIDING
    ]
    inside = [r for r in rows if r.when is not None and r.when.within(window)]
    happened = [r for r in inside if r.interpretation not in ("NEG", "N")]
    absent = [r for r in inside if r not in happened]
    independent = [r for r in absent if not documents(r.source) & documents(claim.source)]
    bounded = math.isfinite(window.low) and math.isfinite(window.high)
    then = on_day(window) if bounded else _stated(window)
    stated = f"{documents_that([claim.source], 'says')} that there was none {then}"

    def outcome(verdict: str, found: str, used: list) -> Outcome:
        return Outcome(verdict, f"{stated}; {found}", tuple(("events.csv", int(r.Index), r.source) for r in used))

    if happened:
        return outcome(CONTRADICTED, f"{_has(happened[0])} one {_when(happened[0])}", happened)
    if independent:
        days = listed([day_text(r.when) for r in independent])
        return outcome(
            SUPPORTED, f"{documents_that([r.source for r in independent], 'has')} none on {days}", independent
        )
    return outcome(REPORTED_ONLY, "no other document says whether there was one", absent)


def causal(case: Case, claim: Any) -> Outcome:
    """A claim that one course cannot decide, with what was given beside the treatment."""
    names = interventions_of(claim.anchor)
    return Outcome(NOT_TESTABLE, untestable(case, names), _doses(case, names))


def untestable(case: Case, names: list[str]) -> str:
    """Why one course cannot show what the interventions `names` did, alone or together: what else was given, and when.

    The one place that words this; the design's own account of what it can tell apart belongs here.
    """
    vocabulary = case.vocabulary.interventions
    starts: dict[str, list[Interval | None]] = {}
    ends: dict[str, list[Interval | None]] = {}
    for row in case.interventions.itertuples():
        starts.setdefault(row.intervention, []).append(row.start)
        ends.setdefault(row.intervention, []).append(row.end)

    def label(name: str) -> str:
        return uncapital(vocabulary[name].label.partition(",")[0])

    def begin(name: str) -> float:
        return min((d.low for d in starts.get(name, []) if d is not None), default=math.inf)

    def named(which: list[str]) -> str:
        return listed([label(n) for n in which])

    first, *rest = sorted(dict.fromkeys(names), key=begin)
    texts = []
    if rest and begin(first) < begin(rest[0]):
        texts.append(f"it has {named(rest)} only after {label(first)}, never without it")
    elif rest:
        texts.append(f"it has {named([first, *rest])} only together")
    border = begin(first)
    others = [n for n in starts if n not in names]
    latest = max((d.high for n in names for d in starts.get(n, []) if d is not None), default=math.inf)
    over = [n for n in others if all(e is not None and e.high < border for e in ends[n])]
    after = [n for n in others if all(d is not None and d.low > latest for d in starts[n])]
    beside = [n for n in others if n not in over and n not in after]
    if over:
        texts.append(f"before came {named(over)}")
    if beside:
        texts.append(f"given at the same time, or not known to have ended, were {named(beside)}")
    if after:
        texts.append(f"after came {named(after)}")
    texts.append("what would have happened without the treatment is not known")
    return f"one course of one patient cannot decide this: {'; '.join(texts)}"


def _doses(case: Case, names: list[str]) -> tuple[tuple[str, int, str], ...]:
    rows = case.interventions[case.interventions["intervention"].isin(names)]
    return tuple(("interventions.csv", int(r.Index), r.source) for r in rows.itertuples())


def _records(case: Case, claim: Any) -> tuple[str, list, list]:
    """The file, its rows that record the claimed event, and those that record the opposite."""
    terms, anchor = claim.terms, claim.anchor
    if terms.word == GIVEN:
        table = case.interventions
        rows = table[table["intervention"] == anchor]
        return "interventions.csv", list(rows.rename(columns={"start": "when"}).itertuples()), []
    words = anchor.casefold()
    rows = [r for r in case.events.itertuples() if r.kind == terms.word and words in r.finding.casefold()]
    same = [r for r in rows if not terms.code or r.interpretation == terms.code]
    opposite = [r for r in rows if terms.code and r.interpretation == OPPOSITE.get(terms.code)]
    return "events.csv", same, [r for r in opposite if r.evidence in DECIDING]


def _stated(window: Interval) -> str:
    if window.is_exact:
        return on_day(window)
    if math.isfinite(window.high):
        return f"by {day_text(Interval.exact(window.high))}"
    return f"from {day_text(Interval.exact(window.low))} on" if math.isfinite(window.low) else "without a day"


def _has(row: Any) -> str:
    return documents_that([row.source], "has")


def _when(row: Any) -> str:
    if hasattr(row, "finding"):
        return f"{on_day(row.when) if row.when is not None else 'without a day'} ({row.finding})"
    if row.when is None:
        return "without a day"
    lasted = row.end is not None and row.end != row.when
    return on_day(Interval(row.when.low, row.end.high, row.when.low_open, row.end.high_open) if lasted else row.when)


RULES = {"event": event, "no_event": no_event, "causal": causal}
