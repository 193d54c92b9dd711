"""The order of what happened: nothing after death, little after discharge, out only after in.

The words of `events.csv` are free, so that only plain ones count: `Died`, `Discharged home`, `Extubated`, `Moved to
intensive care`. What is negated, planned or ambiguous is passed over, and two of a kind are too: a second intubation
may be told, or not. Days are compared by what is certain.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain

from casereport.audit.findings import Remark, name_of
from casereport.case.case import Case
from casereport.case.rows import Event, Observation, Treatment
from casereport.quantities.intervals import Interval
from casereport.quantities.wording import capital, listed, on_day, uncapital

CHECK = "order"
_SUBJECT = r"^(?:the )?(?:patient |he |she )?(?:was )?"


def _words(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE)


_NOT = _words(r"\b(?:no|not|never|without|refused|declined|planned|considered|advised|attempted|failed|before|after)\b")
_DIED = _words(_SUBJECT + r"(?:died|death(?! of)|deceased)\b")
_DISCHARGED = _words(
    _SUBJECT
    + r"discharged?\b(?!.*\b(?:unit|icu|intensive|ward|emergency|department|rehab\w*|another|facility|wound|nasal)\b)"
)
_ADMITTED = _words(_SUBJECT + r"(?:re-?)?(?:admitted|admission)\b")
_INTUBATED = _words(r"\b(?:intubated|intubation)\b")
_EXTUBATED = _words(r"\b(?:extubated|extubation)\b")
_AGAIN = _words(r"\bre-?(?:intubat|admi)|\bagain\b")
_INTO_ICU = _words(r"\b(?:to|into)\b[^.;]*\b(?:icu|intensive[ -]care)\b")
_OUT_OF_ICU = _words(r"\b(?:left|from|out of)\b[^.;]*\b(?:icu|intensive[ -]care)\b")
_AFTER_DEATH = _words(r"\b(?:autopsy|post-?mortem|necropsy|burial|family|donat\w+|result\w*)\b")
_FOLLOW_UP = _words(
    r"\b(?:follow(?:ed)?[ -]?up|out-?patient|clinic|visit\w*|telephone|at home|after discharge|review\w*|check-?up)\b"
)

# What happens in a hospital only, whatever else is followed up after discharge.
_INPATIENT = ("mechanical_ventilation", "extracorporeal_membrane_oxygenation", "high_flow_nasal_oxygen")
# A value a week after discharge is of a visit, whether the source says so or not.
_VISIT_AFTER = 7

_Row = Event | Observation | Treatment


def order_of_events(case: Case) -> Iterator[Remark]:
    """The remarks of check `order` on events.csv."""
    yield from _pair(case, _INTUBATED, _EXTUBATED, "extubation", "intubation")
    yield from _pair(case, _INTO_ICU, _OUT_OF_ICU, "leaving intensive care", "the transfer to it")
    yield from _pair(case, _ADMITTED, _DISCHARGED, "discharge", "admission")
    yield from _ventilation(case)
    yield from _after_death(case)
    yield from _after_discharge(case)


def _told(case: Case, pattern: re.Pattern[str], without: re.Pattern[str] | None = None) -> list[Event]:
    """The events that say so plainly, each with its days."""
    return [
        event
        for event in case.events
        if event.when is not None
        and event.interpretation != "NEG"
        and event.kind not in ("test", "imaging")
        and pattern.search(event.finding)
        and not _NOT.search(event.finding)
        and not (without and without.search(event.finding))
    ]


def _pair(case: Case, enter: re.Pattern[str], leave: re.Pattern[str], later: str, earlier: str) -> Iterator[Remark]:
    """What ends a stay, told on a day before what begins it, where each is told once."""
    first, second = _told(case, enter, leave), _told(case, leave, enter)
    if len(first) == len(second) == 1 and not any(_AGAIN.search(e.finding) for e in case.events):
        began, ended = first[0], second[0]
        if _before(ended.when, began.when):
            sentence = (
                f"{capital(later)} is stated {_on(ended)} (“{ended.finding}”), before {earlier} {_on(began)} "
                f"(“{began.finding}”): is one of the days misprinted, or was there an earlier one?"
            )
            yield _remark([ended, began], sentence)


def _ventilation(case: Case) -> Iterator[Remark]:
    """Extubation before the only course of invasive ventilation begins, or while it is said to go on."""
    courses = [t for t in case.interventions if t.intervention == "mechanical_ventilation"]
    out = _told(case, _EXTUBATED)
    if len(courses) != 1 or len(out) != 1 or any(_AGAIN.search(e.finding) for e in case.events):
        return
    course, extubated = courses[0], out[0]
    for day, word in ((course.start, "begins"), (course.end, "ends")):
        if _before(extubated.when, day):
            sentence = (
                f"Extubation is stated {_on(extubated)} (“{extubated.finding}”), and invasive ventilation {word} "
                f"{on_day(day) if day else ''}: is one of the days misprinted?"
            )
            yield _remark([extubated, course], sentence)
            return


def _after_death(case: Case) -> Iterator[Remark]:
    for death in [e for e in _told(case, _DIED) if e.kind == "outcome"][:1]:
        late = [r for r in _rows(case) if _before(death.when, _day(r)) and not _AFTER_DEATH.search(_text(r))]
        if late:
            sentence = f"Death is stated {_on(death)}, and after it {_some(case, late)}: is one of the days misprinted?"
            yield _remark([death, *late], sentence)


def _after_discharge(case: Case) -> Iterator[Remark]:
    leaving = [e for e in _told(case, _DISCHARGED) if e.kind in ("outcome", "transfer")]
    if len(leaving) != 1 or leaving[0].when is None:
        return
    home = leaving[0]
    visits = [e for e in case.events if _before(home.when, e.when) and _returns(e)]
    if visits:
        return
    late = [row for row in _rows(case) if _before(home.when, _day(row)) and _in_hospital(row, leaving[0].when.high)]
    if late:
        sentence = (
            f"Discharge is stated {_on(home)} (“{home.finding}”), and after it {_some(case, late)}: were they of a "
            f"visit, or is one of the days misprinted?"
        )
        yield _remark([home, *late], sentence)


def _returns(event: Event) -> bool:
    return bool(_AGAIN.search(event.finding) or _ADMITTED.search(event.finding) or _FOLLOW_UP.search(_text(event)))


def _in_hospital(row: _Row, left: float) -> bool:
    """True for what is of a hospital and not of a visit after it."""
    if isinstance(row, Treatment):
        return row.intervention in _INPATIENT
    if isinstance(row, Event):
        return bool(_INTUBATED.search(row.finding) or _EXTUBATED.search(row.finding) or _INTO_ICU.search(row.finding))
    day = row.when.low if row.when else left
    return row.numeric and day < left + _VISIT_AFTER and not _FOLLOW_UP.search(_text(row))


def _rows(case: Case) -> Iterable[_Row]:
    return chain(case.events, case.observations, case.interventions)


def _day(row: _Row) -> Interval | None:
    return row.start if isinstance(row, Treatment) else row.when


def _before(first: Interval | None, second: Interval | None) -> bool:
    return first is not None and second is not None and first.certainly_below(second)


def _text(row: _Row) -> str:
    finding = row.finding if isinstance(row, Event) else ""
    return f"{finding} {row.source} {row.note}".replace("_", " ")


def _on(event: Event) -> str:
    return on_day(event.when) if event.when else ""


def _some(case: Case, rows: Sequence[_Row]) -> str:
    """`potassium on day 12 and 3 more rows`: the first of what is told, and how many follow."""
    named = [f"{_name(case, row)} {on_day(day)}" for row in rows[:2] if (day := _day(row))]
    more = len(rows) - len(named)
    return listed([*named, f"{more} more row{'s' if more > 1 else ''}"] if more else named)


def _name(case: Case, row: _Row) -> str:
    if isinstance(row, Event):
        return f"“{row.finding}”"
    if isinstance(row, Treatment):
        return uncapital(case.vocabulary.interventions[row.intervention].label)
    return name_of(row, case)


def _remark(rows: Sequence[_Row], sentence: str) -> Remark:
    first = rows[0]
    source = "; ".join(dict.fromkeys(row.source for row in rows))
    return Remark(CHECK, str(_day(first)), "", sentence, source, tuple(map(_line, rows)))


def _line(row: _Row) -> int | str:
    if isinstance(row, Observation):
        return row.line
    return f"{'events' if isinstance(row, Event) else 'interventions'}.csv:{row.line}"
