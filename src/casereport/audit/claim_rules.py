"""The rules that hold a claim about an analyte against the measurements: a value, an extreme, and where the others are.

A claim has parts (a direction, a first value, a last value, a day); `verdicts.settle` says what they make together.
"""

from collections.abc import Callable
from dataclasses import dataclass

from casereport.audit.claim_changes import change, course
from casereport.audit.claim_levels import level
from casereport.audit.claim_places import claimed_text, found_text, is_at, times_limit
from casereport.audit.claim_view import AGREEMENT, Outcome, Reading, View, elsewhere, falls_on, quantity_text, window_of
from casereport.audit.verdicts import Part, highest, lowest, matches
from casereport.case.claim_terms import Quantity
from casereport.quantities.intervals import Interval
from casereport.quantities.wording import day_text, listed, on_day


def value(view: View) -> Outcome:
    """A number on a day, its place, or both; every document with that day counts."""
    terms, days = view.claim.terms, window_of(view.claim)
    rows = [r for r in view.of_phase() if falls_on(r.when, days)]
    stated = _value_stated(view, days)
    if not rows and (others := _of_another_phase(view, days)):
        same = [view.agrees(terms.end, row) for row in others] if terms.end else []
        return view.outcome([False, *same], f"{stated}; {view.has(others)} {_in_another(view, others)}", others)
    if not rows:
        other = elsewhere(view, terms.end, days) if terms.end else ""
        return view.outcome([], f"{stated}; {view.has_nothing(days)}{other}", rows)
    parts: list[Part] = []
    texts = []
    for row in rows:
        text = view.value(row)
        if terms.end:
            agrees = view.agrees(terms.end, row)
            parts.append(agrees)
            text += f", {view.difference(terms.end, row)}"
            text += elsewhere(view, terms.end, days) if agrees is False else ""
        if terms.place:
            parts.append(is_at(view, terms.place, row))
            text += f", {found_text(view, terms.place, row)}"
        texts.append(text)
    return view.outcome(parts, f"{stated}; {view.has(rows)} {'; '.join(texts)}", rows)


def _of_another_phase(view: View, days: Interval) -> list[Reading]:
    """The readings of these days where they lie in other phases than the one that the claim is about."""
    phase = view.claim.anchor
    found = [r for r in view.readings if phase and falls_on(r.when, days)]
    return found if all(r.measured.phase not in ("", phase) for r in found) else []


def _in_another(view: View, rows: list[Reading]) -> str:
    return f"{listed([view.value(row) for row in rows])}, in another phase than “{view.phase}”"


def _value_stated(view: View, days: Interval) -> str:
    terms = view.claim.terms
    called = claimed_text(view, terms.place) if terms.place else ""
    if not terms.end:
        return f"{view.says('finds')} {view.named} {called} {on_day(days)}"
    stated = f"{view.says('gives')} {view.named} as {quantity_text(terms.end)} {on_day(days)}"
    return f"{stated} and calls it {called}" if called else stated


@dataclass(frozen=True, slots=True)
class _Course:
    """The readings of which one is the highest, if `peak`, or the lowest; there is at least one."""

    rows: list[Reading]
    peak: bool

    @property
    def extreme(self) -> Interval:
        """What is known of the extreme value."""
        return (highest if self.peak else lowest)([r.known for r in self.rows])

    @property
    def top(self) -> Reading:
        """The reading that certainly goes furthest."""
        return max(self.rows, key=self.reach)

    def reach(self, row: Reading) -> float:
        """How far a value certainly goes."""
        return row.known.low if self.peak else -row.known.high

    def may_reach(self, row: Reading) -> float:
        """How far a value may go."""
        return row.known.high if self.peak else -row.known.low

    def beyond(self, one: Interval, other: Interval) -> bool:
        """True where one value is certainly more extreme than another."""
        return one.certainly_above(other) if self.peak else one.certainly_below(other)

    def has_it_at(self, row: Reading) -> Part:
        """Whether this reading is the extreme of the course."""
        rest = [r for r in self.rows if r is not row]
        if all(self.may_reach(r) <= self.reach(row) for r in rest):
            return True
        return False if any(self.beyond(r.known, row.known) for r in rest) else None


def extreme(view: View) -> Outcome:
    """The highest or lowest of the course; its day and its value where the claim gives them."""
    terms = view.claim.terms
    days = window_of(view.claim) if view.claim.begins is not None else None
    course = _Course([r for r in view.of_phase() if r.measured.numeric], terms.word == "peak")
    stated = f"{view.says()} that {view.named} {'peaked' if course.peak else 'reached a nadir'}"
    number = quantity_text(terms.end) if terms.end else ""
    at = "" if number.startswith(("above", "below", "at ")) else "at "
    stated += f", {at}{number}," if number else ""
    stated += f", at {claimed_text(view, terms.place)}," if terms.place else ""
    stated = f"{stated} {on_day(days)}" if days else stated.rstrip(",")
    if not course.rows:
        return view.outcome([], f"{stated}; {view.has_nothing(Interval(0, 0))}", [])
    on_days = [r for r in course.rows if days is not None and falls_on(r.when, days)]
    mine = max(on_days, key=course.reach, default=None)
    others = _of_another_phase(view, days) if days is not None and mine is None else []
    parts: list[Part] = [] if days is None else [False if others else None if mine is None else course.has_it_at(mine)]
    top = mine if mine is not None and parts[0] else course.top
    if terms.end:
        parts.append(_extreme_value(view, course, terms.end, top, mine, days))
    text, shown = _extreme_found(view, course, top, parts)
    if terms.place:
        times = times_limit(view, top)
        known = course.extreme == top.known and times is not None and terms.place.times is not None
        parts.append(matches(terms.place.times, times) if known else None)  # type: ignore[arg-type]
        text += f", {found_text(view, terms.place, top)}"
    if others:
        text += f"; it has {_in_another(view, others)}"
        shown += others
    elif days is not None and mine is None:
        text += f", and none for {day_text(days)}"
    elif days is not None and mine is not None and all(row is not mine for row in shown):
        text += f"; {on_day(days)} it has {view.number(mine)}"
        shown.append(mine)
    return view.outcome(parts, f"{stated}; {text}", shown)


def _extreme_value(
    view: View, course: _Course, claimed: Quantity, top: Reading, mine: Reading | None, days: Interval | None
) -> Part:
    """Whether the extreme has the claimed value."""
    whole = course.extreme
    answer = view.agrees(claimed, top) if whole == top.known else matches(claimed.known, whole)
    if days is not None and mine is None and not answer and not course.beyond(top.known, claimed.known):
        return None  # nothing was measured on the day, and nothing elsewhere goes beyond what is stated
    return answer


def _extreme_found(view: View, course: _Course, top: Reading, parts: list[Part]) -> tuple[str, list[Reading]]:
    """The extreme that the documents have, in words, and the readings that are named for it."""
    claimed, side = view.claim.terms.end, "highest" if course.peak else "lowest"
    if course.extreme == top.known:
        text = f"{view.has(course.rows)} its {side} value {on_day(top.when)}, {view.number(top)}"
        return text + (f", {view.difference(claimed, top)}" if claimed else ""), [top]
    rivals = [r for r in course.rows if r is not top and course.may_reach(r) >= course.reach(top)]
    shown = [top, *sorted(rivals, key=course.may_reach)[-1:]]
    text = f"{view.has(course.rows)} {listed([view.value(r) for r in shown])}, which leaves the {side} value open"
    return text + (f", {AGREEMENT[parts[-1]]}" if claimed and parts[-1] is False else ""), shown


RULES: dict[str, Callable[[View], Outcome]] = {
    "value": value,
    "change": change,
    "extreme": extreme,
    "in_range": level,
    "level": level,
    "course": course,
}
