"""The rules for claims about events, about the absence of events, and about causes.

What a text says of an event cannot bear itself out: another document has to have it. Another passage of the same
document can still be at odds with it. That a treatment caused a course is never decided by one course.
"""

import math
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from casereport.analysis.events import told_of
from casereport.audit.claim_causes import causal
from casereport.audit.claim_doses import as_claimed, stated_text
from casereport.audit.claim_view import Outcome, Place, dose_place, window_of
from casereport.audit.findings import apart, document_name, documents_that
from casereport.audit.verdicts import CONTRADICTED, NOT_TESTABLE, PARTLY, REPORTED_ONLY, SUPPORTED, settle
from casereport.case.case import Case
from casereport.case.claim_terms import GIVEN
from casereport.case.claim_terms import Place as Level
from casereport.case.rows import Claim, Event, Treatment
from casereport.case.schema import DECIDING
from casereport.quantities.intervals import Interval
from casereport.quantities.wording import counted, day_text, listed, on_day

OPPOSITE = {"POS": "NEG", "NEG": "POS", "B": "W", "W": "B", "N": "A", "A": "N"}

# Tests and images are repeated: one with the same result on a later day says nothing of an earlier day. A symptom that
# ends, a transfer or an outcome has one day.
REPEATED = ("test", "imaging", "adverse_event")
ONCE = ("transfer", "outcome")
# A row of these says that it was done, whatever was found; of the other kinds `NEG` says that it was not there.
DONE = ("test", "imaging")
_FOUND = {"N": "normal", "A": "abnormal", "B": "better", "W": "worse"}
ABSENT = ("NEG", "N")
_LOW = re.compile(r"\bhypo|penia|an(?:a)?emi|\bbrady|desaturat|\blow", re.I)
_HIGH = re.compile(r"\bhyper|fever|febrile|pyrexia|\btachy|cytosis\b|\bhigh|raised|elevated", re.I)
OUTSIDE = Level("not N", "N", negated=True)
ENDED = ("NEG", "N", "B")  # what a later opposite undoes: a swab that was negative and is positive again
_ALWAYS = Interval(-math.inf, math.inf)


@dataclass(frozen=True, slots=True)
class Record:
    """Something that a document has as having happened: an event (`told_as`), or a course of treatment (`end`).

    `in_its_words` is True where the words that were looked for are a negative already: `Fever gone`.
    """

    place: Place
    evidence: str
    when: Interval | None
    end: Interval | None = None
    told_as: str = ""
    interpretation: str = ""
    in_its_words: bool = False

    @property
    def source(self) -> str:
        """Where in the source it stands."""
        return self.place.locator

    def is_in(self, window: Interval) -> bool:
        """True for what certainly was in the window, or is a treatment under way on the first day of it."""
        when, end = self.when, self.end
        if when is None:
            return False
        return when.within(window) or (end is not None and when.high <= window.low <= end.low)

    def may_be_in(self, window: Interval) -> bool:
        """True for what may have been in the window, as far as its days are known; a course without an end goes on."""
        if self.when is None:
            return True
        if self.told_as:
            return self.when.overlaps(window)
        until = math.inf if self.end is None else self.end.high
        return Interval(self.when.low, max(self.when.high, until)).overlaps(window)

    def is_on(self, day: float) -> bool:
        """True for what was on this very day."""
        return self.when is not None and self.when.is_exact and self.when.low == day

    def told(self, what: str) -> str:
        """A clause: `Table 1 has it on day 3 (Fever gone)`, where `what` is `it`."""
        return f"{documents_that([self.source], 'has')} {what} {self.day}"

    @property
    def day(self) -> str:
        """Its days, and what was found, inside a sentence."""
        when = self.when
        if self.told_as:
            return f"{'without a day' if when is None else on_day(when)} ({self.told_as})"
        if when is None:
            return "without a day"
        if self.end is None or self.end == when:
            return on_day(when)
        return on_day(Interval(when.low, self.end.high, when.low_open, self.end.high_open))


def _of_event(row: Event, case: Case, words: str) -> Record:
    place = Place("events.csv", row.line, row.source)
    told = told_of(row, case.events)
    found = _FOUND.get(row.interpretation, "")
    if found and ":" not in told and found not in told.casefold():
        told += f": {found}"
    return Record(place, row.evidence, row.when, None, told, row.interpretation, _is_negative(words))


def _is_negative(words: str) -> bool:
    """True for words that are told as they stand where they are absent: `Fever gone`."""
    row = Event(0, "", "symptom", words, "NEG", "", "", "", "", None)
    return bool(words) and told_of(row, ()) == words


def shown_at(claim: Claim) -> Level:
    """Where a value of its analyte shows the claimed event: in the range what is over or better, else on the side that
    the words of the claim mean, or outside where they mean none.
    """
    if claim.terms.code in (*ABSENT, "B") or (not claim.terms.code and _is_negative(claim.anchor)):
        return Level("N", "N")
    words = f"{claim.anchor} {claim.statement}"
    low, high = _LOW.search(words), _HIGH.search(words)
    if claim.terms.code == "W" or bool(low) == bool(high):
        return OUTSIDE
    return Level("L", "L") if low else Level("H", "H")


def _of_treatment(row: Treatment) -> Record:
    return Record(dose_place(row), row.evidence, row.start, row.end)


def _outcome(verdict: str, stated: str, found: str, used: Iterable[Record]) -> Outcome:
    return Outcome(verdict, f"{stated}; {found}", tuple(record.place for record in used))


def event(case: Case, claim: Claim) -> Outcome:
    """Whether something is recorded by the claimed day in another document than the claim's own."""
    window = window_of(claim)
    said = stated_text(claim.terms) if claim.terms.word == GIVEN else ""
    stated = f"{documents_that([claim.source], 'says')} so{said}, {_stated(window) or 'without a day'}"
    records, opposite = _records(case, claim)
    against = [r for r in opposite if r.is_on(window.high)]
    others = [r for r in records if r.source != claim.source and r.evidence in DECIDING]
    independent = [r for r in others if apart(r.source, claim.source)]
    in_time = [r for r in independent if r.is_in(window)]
    if in_time and said:
        courses = {row.line: row for row in case.interventions}
        mine, all_of_it = ([courses[r.place.line] for r in some] for some in (in_time, independent))
        parts, told = as_claimed(claim.terms, mine, all_of_it)
        return _outcome(settle([True, *parts]), stated, in_time[0].told("it") + told, in_time)
    if in_time:
        return _recorded(stated, in_time, against or _undone(claim, window, in_time, opposite))
    if against:
        return _outcome(CONTRADICTED, stated, against[0].told("the opposite"), against)
    if found := _on_another_day(stated, claim, window, others):
        return found
    if independent:
        undecided = f"{independent[0].told('it')}, which does not decide it"
        return _outcome(REPORTED_ONLY, stated, undecided, independent[:1])
    if other := [r for r in opposite if r.is_in(window) and apart(r.source, claim.source)]:
        return _outcome(REPORTED_ONLY, stated, f"{other[0].told('the opposite')}, which does not decide it", other[:1])
    own = [r for r in records if r.when is None or r.when.overlaps(window)]
    alone = f"stated in {document_name(claim.source)} only ({_stated(window) or 'without a day'})"
    return _outcome(REPORTED_ONLY, alone, "no independent record", own)


def _records(case: Case, claim: Claim) -> tuple[list[Record], list[Record]]:
    """What records the claimed event, and what records the opposite."""
    terms = claim.terms
    if terms.word == GIVEN:
        return [_of_treatment(row) for row in case.interventions if row.intervention == claim.anchor], []
    rows = _events(case, claim)
    if terms.code:
        same = [r for r in rows if r.interpretation == terms.code]
        opposite = [r for r in rows if r.interpretation == OPPOSITE.get(terms.code)]
    else:
        absent = [terms.word not in DONE and r.interpretation == "NEG" and not r.in_its_words for r in rows]
        same = [r for r, no in zip(rows, absent, strict=True) if not no]
        opposite = [r for r, no in zip(rows, absent, strict=True) if no]
    return same, [r for r in opposite if r.evidence in DECIDING]


def _undone(claim: Claim, window: Interval, in_time: list[Record], opposite: list[Record]) -> list[Record]:
    """What undoes in the window a finding that lasts until then: the opposite, certainly after the last that has it."""
    last = max(r.when.high for r in in_time if r.when is not None)
    later = [r for r in opposite if r.is_in(window) and r.when is not None and r.when.low > last]
    return later if claim.terms.code in ENDED else []


def _events(case: Case, claim: Claim) -> list[Record]:
    """The events of the claimed kind that have the words of the claim."""
    words = claim.anchor.casefold()
    mine = [row for row in case.events if row.kind == claim.terms.word and words in row.finding.casefold()]
    return [_of_event(row, case, claim.anchor) for row in mine]


def _recorded(stated: str, in_time: list[Record], against: list[Record]) -> Outcome:
    """The outcome where another document has the event in time, and perhaps one the opposite."""
    found = in_time[0].told("it")
    if not against:
        return _outcome(SUPPORTED, stated, found, in_time)
    return _outcome(PARTLY, stated, f"{found}, and {against[0].told('the opposite')}", [*in_time, *against])


def _on_another_day(stated: str, claim: Claim, window: Interval, others: list[Record]) -> Outcome | None:
    """The outcome where what has one day is recorded on another one, and no passage may have it on the claimed days."""
    if any(r.may_be_in(window) for r in others):
        return None
    found = [(days, r) for r in others if (days := _days_apart(r, window, claim))]
    if not found:
        return None
    days, record = min(found, key=lambda pair: abs(pair[0]))
    gap = counted(abs(days), "day") + (" later" if days > 0 else " earlier")
    if apart(record.source, claim.source):
        return _outcome(CONTRADICTED, stated, f"{record.told('it')}, {gap}", [record])
    # two passages of one document: nothing outside it decides which of them holds
    text = f"another passage ({record.source}) has it {record.day}, {gap}"
    return _outcome(PARTLY, stated, text, [record])


def _days_apart(record: Record, window: Interval, claim: Claim) -> int:
    """How many days after the window (before it: negative) a record certainly has what has one day; else 0."""
    terms = claim.terms
    if record.when is None or terms.word in REPEATED:
        return 0
    if math.isfinite(window.high) and record.when.low > window.high:
        return math.ceil(record.when.low - window.high)
    # a state (a symptom, a diagnosis, an assessment) that another document has earlier may be there later as well
    over = record.end if terms.word == GIVEN else record.when if terms.word in ONCE and not terms.code else None
    if over is not None and math.isfinite(window.low) and over.high < window.low:
        return math.floor(over.high - window.low)
    return 0


def no_event(case: Case, claim: Claim) -> Outcome:
    """Whether an event of the kind is recorded in the window after all, or its absence in another document.

    An absence bears out the days that it is recorded of, and no others.
    """
    window = window_of(claim)
    told = [r for r in _events(case, claim) if r.evidence in DECIDING]
    always = math.isinf(window.low) and math.isinf(window.high)  # then what has no day is in it too
    happened = [r for r in told if r.interpretation not in ABSENT and (r.is_in(window) or (always and r.when is None))]
    perhaps = [r for r in told if r.interpretation not in ABSENT and r.may_be_in(window)]
    absent = [r for r in told if r.interpretation in ABSENT and (r.when is None or r.when.overlaps(window))]
    bounded = math.isfinite(window.low) and math.isfinite(window.high)
    then = on_day(window) if bounded else _stated(window)
    kind = " ".join([claim.terms.word.replace("_", " "), *([f"“{claim.anchor}”"] if claim.anchor else [])])
    says = documents_that([claim.source], "says")
    stated = f"{says} that there was no {kind} {then}" if then else f"{says}, without a day, that there was no {kind}"
    if happened:
        return _outcome(CONTRADICTED, stated, happened[0].told("one"), happened)
    if perhaps:
        return _outcome(REPORTED_ONLY, stated, f"{perhaps[0].told('one')}, which does not decide it", perhaps[:1])
    if independent := [r for r in absent if apart(r.source, claim.source)]:
        return _none_recorded(stated, window, independent)
    return _outcome(REPORTED_ONLY, stated, "no other document says whether there was one", absent)


def _none_recorded(stated: str, window: Interval, absent: list[Record]) -> Outcome:
    """The outcome where another document has that there was none, perhaps of some days alone."""
    days = [_ALWAYS if r.when is None else r.when for r in absent]
    found = documents_that([r.source for r in absent], "has")
    dated = listed([day_text(day) for day in days if day != _ALWAYS])
    found += f" none on {dated}" if dated else " that there was none"
    reach = window.low  # how far the absence is recorded of each day
    for day in sorted(days, key=lambda day: day.low):
        if day.low > reach:
            break
        reach = max(reach, day.high + 1)
    if reach > window.high or reach == math.inf:
        return _outcome(SUPPORTED, stated, found, absent)
    return _outcome(PARTLY, stated, f"{found}, and nothing of the other days", absent)


def _stated(window: Interval) -> str:
    if window.is_exact:
        return on_day(window)
    if math.isfinite(window.high):
        return f"by {day_text(Interval.exact(window.high))}"
    return f"from {day_text(Interval.exact(window.low))} on" if math.isfinite(window.low) else ""


def significance(case: Case, claim: Claim) -> Outcome:
    """A claim of significance: the source names no test, or the data that it was made on are not those of a case."""
    stated = f"{documents_that([claim.source], 'says')} that it was significant"
    if claim.anchor:
        return Outcome(NOT_TESTABLE, f"{stated} ({claim.anchor}); its data are not available")
    return Outcome(NOT_TESTABLE, f"{stated} and names no test; whether it improved is a separate claim")


RULES: dict[str, Callable[[Case, Claim], Outcome]] = {
    "event": event,
    "no_event": no_event,
    "significance": significance,
    "causal": causal,
}
