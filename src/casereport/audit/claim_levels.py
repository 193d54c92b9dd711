"""The rule for a level that is reached by a day, kept over a window, or kept for some days: the reference range, a
number that is no limit of one, a multiple of the upper limit, another analyte.

A return counts from the day that the claim states, or else from the dose that opens the phase of its last day: a normal
value from before the illness is no return. `stays` is one assertion, so that one value elsewhere refutes it.
"""

import math

from casereport.analysis.judgement.position import IN, OUTSIDE
from casereport.audit.claim_places import claimed_text, found_text, is_at
from casereport.audit.claim_view import Outcome, Reading, View, window_of
from casereport.audit.verdicts import Part, one_assertion
from casereport.case.claim_terms import Place
from casereport.quantities.intervals import Interval
from casereport.quantities.wording import counted, day_text, listed, on_day

Found = tuple[list[Part], str, list[Reading]]


def level(view: View) -> Outcome:
    """Reached by a day (the last value of the window counts), kept throughout, or kept for some days."""
    claim, days = view.claim, window_of(view.claim)
    terms = claim.terms
    rows = view.window()
    if terms.word != "stays" and claim.begins is None and not claim.anchor:
        rows = [row for row in rows if view.counts(row)]
    elif terms.word == "back":
        rows = [row for row in rows if view.counts(row) or _is_after_illness(view, row)]
    stated = f"{view.says()} that {view.named} {_stated(view)}{window_text(view, days)}"
    if not rows:
        return view.outcome([], f"{stated}; {view.has_nothing(days)}", rows)
    rule = _for_days if terms.span else _stays if terms.word == "stays" else _reached
    parts, text, shown = rule(view, rows)
    return view.outcome(parts, f"{stated}; {text}", shown)


def _place(view: View) -> Place:
    place = view.claim.terms.place
    assert place is not None  # each word of this kind has one
    return place


def _stated(view: View) -> str:
    terms = view.claim.terms
    span = f" for {terms.span.text}" if terms.span else ""
    if terms.word == "back":
        return f"returned to the reference range{span}"
    place = _place(view)
    if terms.word == "stays" and place.negated:
        return f"was never {claimed_text(view, place).removeprefix('not ')}{span}"
    return f"{'stayed' if terms.word == 'stays' else 'came to be'} {claimed_text(view, place)}{span}"


def _stays(view: View, rows: list[Reading]) -> Found:
    """Whether each value of the window is there; one elsewhere refutes it, and one alone cannot show that it stayed."""
    place = _place(view)
    parts = [is_at(view, place, row) for row in rows]
    outside = [view.value(row) for row, part in zip(rows, parts, strict=True) if part is False]
    where = view.range_text(rows[-1]) if place.code and not place.negated else claimed_text(view, place)
    joined = f"in {where}" if place.code == "N" and not place.negated else "so"
    there = "all" if all(parts) else f"{parts.count(True) or 'none'}"
    whole = one_assertion(parts)
    if len(rows) == 1:
        alone = whole and rows[0].when.is_exact and not window_of(view.claim).is_exact
        text = f"{view.has(rows)} only {view.value(rows[0])}, {found_text(view, place, rows[0])}"
        return ([True, None], f"{text}; one value cannot show that it stayed", rows) if alone else ([whole], text, rows)
    text = f"{view.has(rows)} {len(rows)} values, {there} of them {joined}"
    return [whole], text + (f"; outside: {listed(outside)}" if outside else ""), rows


def _reached(view: View, rows: list[Reading]) -> Found:
    """Whether the last value of the window is there, and what stands beside it."""
    place, last = _place(view), rows[-1]
    follow = next((r for r in view.readings if r.when.certainly_above(last.when)), None)
    parts, text = _came_there(view, rows)
    text = f"{view.has([last])} {view.value(last)}, {found_text(view, place, last)}{text}"
    shown = [last]
    unmeasured = parts == [False] and _may_have_been(view, last, follow)
    outside = place.code == "N" and follow is not None and view.position(follow) in OUTSIDE
    if follow is not None and (unmeasured or outside):
        where = f"{view.position(follow)} it" if outside else found_text(view, place, follow)
        text += f"; the next value is {view.value(follow)}, {where}"
        shown.append(follow)
    if not unmeasured:
        return parts, text, shown
    # the last value of the window is elsewhere, but nobody measured whether it came there on the days that were left
    text += ", with none between"
    there = next((r for r in view.readings if r.when.certainly_above(last.when) and is_at(view, place, r)), None)
    if there is not None and there is not follow:
        text += f"; the first that is {claimed_text(view, place)} is {view.value(there)}"
        shown.append(there)
    return [None], text, shown


def _came_there(view: View, rows: list[Reading]) -> tuple[list[Part], str]:
    """Whether the last of `rows` is there after a value elsewhere, and what else has to be said."""
    place = _place(view)
    *before, final = (is_at(view, place, row) for row in rows)
    until = [r for r in view.readings if not r.when.certainly_above(rows[-1].when)]
    if final is False:
        returned = [a for i, a in enumerate(rows[:-1]) if before[i] and _left_before(view, a, until)]
        if returned or (before and True in before and view.claim.terms.word == "reached"):
            return [True, False], ", after a value that was"
        return ([None], ", after one that may have been") if None in before else ([False], "")
    if final is None or view.claim.terms.word != "back":
        return [final], ""
    earlier = {view.position(r) for r in until if r is not rows[-1]}
    if earlier and earlier.isdisjoint(OUTSIDE):
        certain = earlier == {"in"}
        return [True, False if certain else None], f"; no value before it is {'' if certain else 'certainly '}outside"
    runs = _runs(until, [view.position(r) == IN for r in until])
    lasted = bool(runs) and len(runs[-1]) > 1 and runs[-1][-1] is rows[-1]
    return [True], f" from {day_text(runs[-1][0].when)} on" if lasted else ""


def _left_before(view: View, row: Reading, until: list[Reading]) -> bool:
    """True where a value certainly elsewhere comes before this one: only then it is a return."""
    return any(is_at(view, _place(view), r) is False for r in until if r.when.certainly_below(row.when))


def _is_after_illness(view: View, row: Reading) -> bool:
    """False for a normal value of before the dose that no value outside the range came before."""
    return is_at(view, _place(view), row) is not True or _left_before(view, row, view.readings)


def _may_have_been(view: View, last: Reading, follow: Reading | None) -> bool:
    """True where a value that is elsewhere leaves open that it came there later in the window.

    That is so if the window goes on after it unmeasured, and the next value is there or on the other side.
    """
    if follow is None or not last.when.high < window_of(view.claim).high < follow.when.low:
        return False
    if _place(view).code:
        return view.position(follow) != view.position(last)
    return is_at(view, _place(view), follow) is not False


def _for_days(view: View, rows: list[Reading]) -> Found:
    """Whether some unbroken run of values there is as long as claimed, counting its first and its last day."""
    place, span = _place(view), view.claim.terms.span
    want = span.days if span else 0.0
    answers = [is_at(view, place, row) for row in rows]
    runs = _runs(rows, answers)
    best = max(runs, key=_length, default=None)
    if best is None:
        part: Part = None if None in answers else False
        return [part], f"{view.has(rows)} {counted(len(rows), 'value')}, none of them so", rows
    part = True if _length(best) >= want else None if _may_last(rows, answers, runs, want) else False
    ends = f"from {day_text(best[0].when)} to {day_text(best[-1].when)}" if len(best) > 1 else on_day(best[0].when)
    text = f"{view.has(rows)} {counted(len(best), 'value')} in a row {claimed_text(view, place)}, {ends}"
    return [part], text, best


def _runs(rows: list[Reading], answers: list[Part]) -> list[list[Reading]]:
    runs: list[list[Reading]] = [[]]
    for row, answer in zip(rows, answers, strict=True):
        if answer:
            runs[-1].append(row)
        elif runs[-1]:
            runs.append([])
    return [run for run in runs if run]


def _length(run: list[Reading]) -> float:
    """How many days a run certainly lasts; of whole days the first and the last count both."""
    first, last = run[0].when, run[-1].when
    whole = float(first.high).is_integer() and float(last.low).is_integer()
    return max(last.low - first.high, 0.0) + (1 if whole else 0)


def _may_last(rows: list[Reading], answers: list[Part], runs: list[list[Reading]], want: float) -> bool:
    """True where what was not measured leaves open that a run lasted as long as claimed."""
    broken = [row for row, answer in zip(rows, answers, strict=True) if answer is False]
    for run in runs:
        left = [r.when.high for r in broken if r.when.certainly_below(run[0].when)]
        right = [r.when.low for r in broken if r.when.certainly_above(run[-1].when)]
        if min(right, default=math.inf) - max(left, default=-math.inf) > want:
            return True
    return False


def already_there(view: View) -> tuple[str, list[Reading]]:
    """What to add where nothing was measured in the window of a return: that the last value before it was in range."""
    earlier = [r for r in view.readings if r.measured.numeric and r.when.high < window_of(view.claim).low]
    if view.claim.terms.word != "back" or not earlier or view.position(earlier[-1]) != IN:
        return "", []
    last = earlier[-1]
    return f"; the last measured value, {view.number(last)} {on_day(last.when)}, was already {view.place(last)}", [last]


def window_text(view: View, days: Interval) -> str:
    """The window of a claim as the end of a clause: ` by day 4`, ` in the phase “Training”, on days 2 to 4`."""
    claim = view.claim
    text = f" in the phase “{view.phase}”" if view.phase else ""
    if math.isinf(days.low) and math.isinf(days.high):
        return text
    if math.isinf(days.high):
        return f"{text} from {day_text(Interval.exact(days.low))} on"
    if math.isinf(days.low) or (claim.terms.word in ("back", "reached") and not days.is_exact):
        return f"{text} by {day_text(Interval.exact(days.high))}"
    return f"{text} {on_day(days)}"
