"""The rules that hold a claim about an analyte against the measurements of a case: one function for each kind.

A claim has parts (a direction, a first value, a last value, a day); `verdicts.settle` says what they make together.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise

from casereport.analysis.changes import direction
from casereport.analysis.judgement.position import IN, OPEN, OUTSIDE
from casereport.audit.claim_view import AGREEMENT, Outcome, Reading, View, falls_on, quantity_text, window_of
from casereport.audit.findings import on_day
from casereport.audit.verdicts import Part, highest, lowest, matches, moved, placed
from casereport.case.claim_terms import RANGE_CODES, Quantity, direction_of, is_day, phases_of
from casereport.quantities.intervals import Interval, parse
from casereport.quantities.wording import counted, day_text, listed

RANGE_WORDS = {"N": "in", "L": "below", "H": "above"}


def value(view: View) -> Outcome:
    """A number on a day, its place against the reference range, or both; every document with that day counts."""
    terms, days = view.claim.terms, window_of(view.claim)
    rows = [r for r in view.of_phase() if falls_on(r.when, days)]
    stated = _value_stated(view, days)
    if not rows:
        return view.outcome([], f"{stated}; {view.has_nothing(days)}", rows)
    parts: list[Part] = []
    texts = []
    for row in rows:
        text = view.value(row)
        if terms.end:
            parts.append(view.agrees(terms.end, row))
            text += f", {view.difference(terms.end, row)}"
        if terms.code:
            parts.append(placed(row.known, view.reference(row), RANGE_CODES[terms.code]))
            text += f", {view.place(row)}"
        texts.append(text)
    return view.outcome(parts, f"{stated}; {view.has(rows)} {'; '.join(texts)}", rows)


def _value_stated(view: View, days: Interval) -> str:
    terms = view.claim.terms
    called = f"{RANGE_WORDS[terms.code]} the reference range" if terms.code else ""
    if not terms.end:
        return f"{view.says()} that {view.named} was {called} {on_day(days)}"
    stated = f"{view.says('gives')} {view.named} as {quantity_text(terms.end)} {on_day(days)}"
    return f"{stated} and calls it {called}" if called else stated


def change(view: View) -> Outcome:
    """The direction from an earlier value to a later one, and either number where the claim gives it."""
    terms = view.claim.terms
    first, last = _sides(view)
    stated = _change_stated(view)
    rows = [row for row in (first, last) if row is not None]
    if not rows:
        return view.outcome([], f"{stated}; {view.has_nothing(Interval(0, 1))}", rows)
    part, found = _direction(view, first, last)
    parts, texts = [part], [found] if found else []
    for which, row, quantity in (("first", first, terms.start), ("last", last, terms.end)):
        if quantity:
            parts.append(None if row is None else view.agrees(quantity, row))
        if quantity and row is not None:
            texts.append(f"the {which} value is {view.difference(quantity, row)}")
    if terms.word in ("improved", "worsened") and last is not None:
        texts.append(f"the last value is {view.place(last)}")
    missing = [what for what, row in (("earlier", first), ("later", last)) if row is None]
    lacking = f" and no {missing[0]} value to compare with" if missing else ""
    detail = f": {', '.join(texts)}" if texts else ""
    values = listed([view.value(row) for row in rows])
    return view.outcome(parts, f"{stated}; {view.has(rows)} {values}{lacking}{detail}", rows)


def _change_stated(view: View) -> str:
    terms = view.claim.terms
    verb = f"was {terms.word}" if terms.word == "unchanged" else terms.word
    stated = f"{view.says()} that {view.named} {verb}"
    stated += f" from {quantity_text(terms.start)}" if terms.start else ""
    return stated + (f" to {quantity_text(terms.end)}" if terms.end else "")


def _direction(view: View, first: Reading | None, last: Reading | None) -> tuple[Part, str]:
    """Whether the value moved as the claim says, and how it did in words; nothing without two values."""
    if first is None or last is None:
        return None, ""
    got, want = direction(first.known, last.known), direction_of(view.claim.terms.word, view.analyte)
    part = moved(first.known, last.known, want)
    if got == "not certain":
        return part, "the direction is not certain" if part is None else f"it did not {_ROOTS[want]}"
    return part, "it did not change" if got == "same" else f"it {got}"


_ROOTS = {"rose": "rise", "fell": "fall"}


def _sides(view: View) -> tuple[Reading | None, Reading | None]:
    """The earlier and the later reading that a change compares."""
    sides = phases_of(view.claim.anchor)
    if len(sides) == 2:
        return _last_of(view, sides[0]), _last_of(view, sides[1])
    later = view.window(anchored=False)
    day = parse(sides[0]) if is_day(sides[0]) else None
    if day is None:
        before = _last_of(view, sides[0])
    else:
        # a period that holds the day serves where the day itself has no row
        on_it = [r for r in view.readings if r.when == day] or [r for r in view.readings if day.within(r.when)]
        before = _last(on_it)
        later = [r for r in later if r.when.certainly_above(day)]
    if before is not None:
        later = [r for r in later if r.when.certainly_above(before.when)]
    return before, _last(later)


def _last_of(view: View, phase: str) -> Reading | None:
    return _last([r for r in view.readings if r.measured.phase == phase])


def _last(rows: list[Reading]) -> Reading | None:
    return rows[-1] if rows else None


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
    """The highest or lowest of the course, its day, and its value where the claim gives it."""
    terms, days = view.claim.terms, window_of(view.claim)
    course = _Course(view.of_phase(), terms.word == "peak")
    stated = f"{view.says()} that {view.named} {'peaked' if course.peak else 'was lowest'}"
    stated += (f", at {quantity_text(terms.end)}," if terms.end else "") + f" {on_day(days)}"
    if not course.rows:
        return view.outcome([], f"{stated}; {view.has_nothing(Interval(0, 0))}", [])
    mine = max((r for r in course.rows if falls_on(r.when, days)), key=course.reach, default=None)
    on_its_day = None if mine is None else course.has_it_at(mine)
    top = mine if mine is not None and on_its_day else course.top
    parts = [on_its_day]
    if terms.end:
        parts.append(_extreme_value(view, course, terms.end, top, mine))
    text, shown = _extreme_found(view, course, top, parts)
    if mine is None:
        text += f", and none for {on_day(days).removeprefix('on ')}"
    elif all(row is not mine for row in shown):
        text += f"; {on_day(days)} it has {view.number(mine)}"
        shown.append(mine)
    return view.outcome(parts, f"{stated}; {text}", shown)


def _extreme_value(view: View, course: _Course, claimed: Quantity, top: Reading, mine: Reading | None) -> Part:
    """Whether the extreme has the claimed value."""
    whole = course.extreme
    answer = view.agrees(claimed, top) if whole == top.known else matches(claimed.known, whole)
    if mine is None and not answer and not course.beyond(top.known, claimed.known):
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


def in_range(view: View) -> Outcome:
    """Back in the reference range by a day (the last value of the window counts) or in it throughout."""
    claim, days, rows = view.claim, window_of(view.claim), view.window()
    back = claim.terms.word == "back"
    stated = f"{view.says()} that {view.named} {'was back' if back else 'stayed'} in the reference range"
    stated += _window_text(view, days)
    if not rows:
        return view.outcome([], f"{stated}; {view.has_nothing(days)}", rows)
    parts, text, shown = (_back if back else _stays)(view, rows)
    return view.outcome(parts, f"{stated}; {text}", shown)


Found = tuple[list[Part], str, list[Reading]]


def _in_range(view: View, row: Reading) -> Part:
    place = view.position(row)
    return None if place in ("", OPEN) else place == IN


def _stays(view: View, rows: list[Reading]) -> Found:
    """Whether each value of the window is in the range."""
    parts = [_in_range(view, row) for row in rows]
    outside = [view.value(row) for row, part in zip(rows, parts, strict=True) if part is False]
    text = f"{view.has(rows)} {counted(len(rows), 'value')}, {parts.count(True)} of them in {view.range_text(rows[-1])}"
    return parts, text + (f"; outside: {listed(outside)}" if outside else ""), rows


def _back(view: View, rows: list[Reading]) -> Found:
    """Whether the last value of the window is in the range, and what stands beside it."""
    last = rows[-1]
    follow = next((r for r in view.readings if r.when.certainly_above(last.when)), None)
    parts, text = _came_back(view, rows)
    text = f"{view.has([last])} {view.value(last)}, {view.place(last)}{text}"
    shown = [last]
    if follow is not None and view.position(follow) in OUTSIDE:
        text += f"; the next value is {view.value(follow)}, {view.position(follow)} it"
        shown.append(follow)
    if parts == [False] and last.measured.ref_origin == "default" and not _far_outside(last):
        return [True, False], text + "; whether it was normal depends on the limit that is used", shown
    if parts == [False] and _may_have_been(view, last, follow):
        return [True, False], text + "; it was not measured on the days between", shown
    return parts, text, shown


def _came_back(view: View, rows: list[Reading]) -> tuple[list[Part], str]:
    """Whether the last of `rows` is in the range after a value outside, and what else has to be said."""
    *before, final = (_in_range(view, row) for row in rows)
    if final is False:
        if True in before:
            return [True, False], ", after a value in it"
        return ([None], ", after one that may have been in it") if None in before else ([False], "")
    earlier = {view.position(r) for r in view.readings if r.when.certainly_below(rows[-1].when)}
    if final and earlier == {IN}:
        return [True, False], "; no value before it is outside"
    if final and earlier and earlier.isdisjoint(OUTSIDE):
        return [True, None], "; no value before it is certainly outside"
    return [final], ""


def _far_outside(row: Reading) -> bool:
    """True for a value beyond twice the usual upper limit, or below half of the usual lower one.

    The source prints no range, and laboratories differ in theirs; but not by as much as that.
    """
    reference = row.measured.reference
    return reference is not None and (row.known.low > 2 * reference.high or row.known.high < reference.low / 2)


def _may_have_been(view: View, last: Reading, follow: Reading | None) -> bool:
    """True where a value outside its range leaves open that it was inside later in the window.

    That is so if the window goes on after it unmeasured, and the next value is in the range or on its other side.
    """
    if follow is None or not last.when.high < window_of(view.claim).high < follow.when.low:
        return False
    return view.position(follow) != view.position(last)


def _window_text(view: View, days: Interval) -> str:
    claim = view.claim
    text = f" in the phase {claim.anchor}" if claim.anchor else ""
    if math.isinf(days.low) and math.isinf(days.high):
        return text
    if math.isinf(days.high):
        return f"{text} from {day_text(Interval.exact(days.low))} on"
    if math.isinf(days.low) or (claim.terms.word == "back" and not days.is_exact):
        return f"{text} by {day_text(Interval.exact(days.high))}"
    return f"{text} {on_day(days)}"


def course(view: View) -> Outcome:
    """Rising or falling over a window: each step from one value to the next, and the whole of it."""
    days, word, rows = window_of(view.claim), view.claim.terms.word, view.window()
    stated = f"{view.says()} that {view.named} kept {word}{_window_text(view, days)}"
    if len(rows) < 2:
        found = f"{view.has(rows)} only {view.value(rows[0])}" if rows else view.has_nothing(days)
        return view.outcome([], f"{stated}; {found}", rows)
    known = [row.known for row in rows]
    want = direction_of(word, view.analyte)
    steps = [direction(a, b) for a, b in pairwise(known)]
    # a level step is no step against a course, as long as there is one along it
    parts: list[Part] = [None if s == "not certain" else s == want for s in steps if s != "same"]
    if not parts or moved(known[0], known[-1], want) is False:
        parts = [False]
    values = listed([view.value(row) for row in rows])
    if len(rows) > 6:
        values = f"{len(rows)} values, the first {view.value(rows[0])} and the last {view.value(rows[-1])}"
    return view.outcome(parts, f"{stated}; {view.has(rows)} {values}: {_tally(steps)}", rows)


def _tally(steps: list[str]) -> str:
    """How many steps went which way: `2 of 3 steps down and 1 level`, or of a single one `down`."""
    names = {"rose": "up", "fell": "down", "same": "level", "not certain": "not certain"}
    if len(steps) == 1:
        return names[steps[0]]
    counts = [(steps.count(step), name) for step, name in names.items() if step in steps]
    return listed(
        [f"{k} of {len(steps)} steps {name}" if i == 0 else f"{k} {name}" for i, (k, name) in enumerate(counts)]
    )


RULES: dict[str, Callable[[View], Outcome]] = {
    "value": value,
    "change": change,
    "extreme": extreme,
    "in_range": in_range,
    "course": course,
}
