"""The rules that hold a claim about an analyte against the measurements of a case: one function for each kind.

A claim has parts (a direction, a first value, a last value, a day); `claim_parts` says what the parts make together.
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import pandas as pd

from casereport.analysis.changes import direction
from casereport.analysis.measurements import against_reference
from casereport.audit.findings import documents, documents_that, on_day, range_text, reference_of, same_number, spoken
from casereport.audit.verdicts import Part, highest, lowest, matches, moved, placed, settle
from casereport.case.claim_terms import RANGE_CODES, Quantity, direction_of, is_day, phases_of
from casereport.quantities.intervals import Interval, parse
from casereport.quantities.vocabulary import Analyte
from casereport.quantities.wording import counted, day_text, figure_text, interval_text, listed, printed_text

COUNTABLE = ("count", "rate", "ratio", "pressure")
RANGE_WORDS = {"N": "in", "L": "below", "H": "above"}
ROOTS = {"rose": "rise", "fell": "fall"}
AGREEMENT = {True: "in agreement", False: "not in agreement", None: "not exact enough to tell"}


@dataclass(frozen=True)
class Outcome:
    """A verdict, what was found in plain words, and the rows it rests on as (file, line, locator)."""

    verdict: str
    found: str
    rows: tuple[tuple[str, int, str], ...] = ()


@dataclass(frozen=True)
class View:
    """A claim with the measurements it is held against.

    `claim` is a row of `Case.claims`; `raw` the rows of observations.csv that count, and `table` the same as
    `measurements()` has them, those with bounds, in order of days. `printed` is a row with the reference range of the
    source, or nothing.
    """

    claim: Any
    analyte: Analyte
    raw: pd.DataFrame
    table: pd.DataFrame
    printed: list

    def outcome(self, parts: Iterable[Part], found: str, rows: pd.DataFrame) -> Outcome:
        """The outcome for these parts, resting on `rows` of `table`."""
        lines = dict.fromkeys(line for group in rows["lines"] for line in group)
        return Outcome(
            settle(parts), found, tuple(("observations.csv", line, self.raw.at[line, "source"]) for line in lines)
        )

    def value(self, row: Any) -> str:
        """A row of `table` with its day: `316.00 U/L (day 2)`."""
        return f"{self.number(row)} ({on_day(row.when).removeprefix('on ')})"

    def number(self, row: Any) -> str:
        """A row of `table` as printed, or what is known of it."""
        if row.numeric:
            return printed_text(row.printed)
        return interval_text(row.known, self.analyte.unit)

    @property
    def named(self) -> str:
        """The analyte inside a sentence: `the lymphocyte count`, `C-reactive protein`."""
        name = spoken(self.analyte)
        return f"the {name}" if name.endswith(COUNTABLE) else name

    def says(self, verb: str = "says") -> str:
        """The claim's own documents as the beginning of a sentence: `the text says`."""
        return documents_that([self.claim.source], verb)

    def has(self, rows: pd.DataFrame) -> str:
        """The documents of `rows` as the beginning of a clause: `Table 1 has`."""
        joined = "; ".join(rows["source"])
        own = "another passage of " if documents(joined) <= documents(self.claim.source) else ""
        return own + documents_that([joined], "has")

    def agrees(self, quantity: Quantity, row: Any) -> Part:
        """True when the claim's number is the one that every document has in this row; None where that is open."""
        printed = [r for r in self.raw.loc[list(row.lines)].itertuples() if r.numeric]
        answers = [_agree(quantity, r, self.analyte) for r in printed]
        if not answers or None in answers:
            return None
        return all(answers)

    def difference(self, quantity: Quantity, row: Any) -> str:
        """What a row has beside the claim's number: `the same`, `1 mg/L lower`, or that it is open."""
        known, answer = row.known, self.agrees(quantity, row)
        if not (known.is_exact and quantity.known.is_exact):
            return AGREEMENT[answer]
        if answer is not False:
            return "the same"
        gap = known.low - quantity.known.low
        unit = "percentage points" if self.analyte.unit == "%" else self.analyte.unit
        size = interval_text(Interval.exact(float(f"{abs(gap):.3g}")), unit)
        if unit == "percentage points" and figure_text(abs(gap)) == "1":
            size = "1 percentage point"
        return f"{size} {'higher' if gap > 0 else 'lower'}"

    def position(self, row: Any) -> str:
        """Where a row is against its reference range: `below`, `in`, `above`, or empty where that is open."""
        return against_reference(row.known, reference_of(row, *self.printed))

    def place(self, row: Any) -> str:
        """Where a row is in words: `in the printed reference range (50 to 310 U/L)`."""
        where = {"in": "in", "below": "below", "above": "above", "": "not certainly in or outside"}
        return f"{where[self.position(row)]} {range_text(self.analyte, row, *self.printed)}"

    def window(self, anchored: bool = True) -> pd.DataFrame:
        """The rows of `table` that certainly lie in the claim's window, and in the phase that it names."""
        table, claim = self.table, self.claim
        days = window_of(claim)
        keep = [day is not None and day.within(days) for day in table["when"]]
        table = table.loc[keep]
        if anchored and claim.anchor:
            table = table[table["phase"] == claim.anchor]
        return table


def window_of(claim: Any) -> Interval:
    """The days from `from_day` to `to_day`; one day for a value or an extreme, else open where one is not given."""
    begins, ends = claim.begins, claim.ends
    if claim.kind in ("value", "extreme") and ends is None:
        return begins
    return Interval(-math.inf if begins is None else begins.low, math.inf if ends is None else ends.high)


def _falls_on(when: Interval, days: Interval) -> bool:
    """True for a row of these days, or of a period around them; not where only a beginning or an end is known."""
    bounded = math.isfinite(when.low) and math.isfinite(when.high)
    return when.within(days) or (bounded and days.within(when))


def _agree(quantity: Quantity, row: Any, analyte: Analyte) -> Part:
    if quantity.known.is_exact and row.known.is_exact:
        return same_number(quantity, row, analyte)
    return matches(quantity.known, row.known)


def quantity_text(quantity: Quantity) -> str:
    """The claim's number as printed, for reading."""
    return printed_text(f"{quantity.text} {quantity.unit}")


def value(view: View) -> Outcome:
    """A number on a day, its place against the reference range, or both; every document with that day counts."""
    claim, terms = view.claim, view.claim.terms
    days = window_of(claim)
    rows = view.table.loc[[_falls_on(when, days) for when in view.table["when"]]]
    if claim.anchor:
        rows = rows[rows["phase"] == claim.anchor]
    called = f"{RANGE_WORDS[terms.code]} the reference range" if terms.code else ""
    if terms.end:
        head = f"{view.says('gives')} {view.named} as {quantity_text(terms.end)} {on_day(days)}"
        head += f" and calls it {called}" if called else ""
    else:
        head = f"{view.says()} that {view.named} was {called} {on_day(days)}"
    if not len(rows):
        return view.outcome([], f"{head}; {_nothing_then(view, days)}", rows)
    parts: list[Part] = []
    texts = []
    for row in rows.itertuples():
        text = view.value(row)
        if terms.end:
            parts.append(view.agrees(terms.end, row))
            text += f", {view.difference(terms.end, row)}"
        if terms.code:
            parts.append(placed(row.known, reference_of(row, *view.printed), RANGE_CODES[terms.code]))
            text += f", {view.place(row)}"
        texts.append(text)
    return view.outcome(parts, f"{head}; {view.has(rows)} {'; '.join(texts)}", rows)


def _nothing_then(view: View, days: Interval) -> str:
    """What to say where no measurement falls on the days of a claim."""
    if not len(view.table):
        return "no measurement of it in another document is at hand"
    return f"{view.has(view.table)} no value for {'that day' if days.is_exact else 'those days'}"


def change(view: View) -> Outcome:
    """The direction from an earlier value to a later one, and either number where the claim gives it."""
    terms = view.claim.terms
    before, after = _sides(view)
    verb = f"was {terms.word}" if terms.word == "unchanged" else terms.word
    stated = f"{view.says()} that {view.named} {verb}"
    stated += f" from {quantity_text(terms.start)}" if terms.start else ""
    stated += f" to {quantity_text(terms.end)}" if terms.end else ""
    rows = pd.concat([side for side in (before, after) if len(side)] or [before])
    if not len(rows):
        return view.outcome([], f"{stated}; {_nothing_then(view, Interval(0, 1))}", rows)
    first, last = (next(side.itertuples(), None) for side in (before, after))
    parts: list[Part] = [None]
    texts = []
    if first is not None and last is not None:
        got, want = direction(first.known, last.known), direction_of(terms.word, view.analyte)
        parts = [moved(first.known, last.known, want)]
        open_text = "the direction is not certain" if parts == [None] else f"it did not {ROOTS.get(want)}"
        texts.append({"same": "it did not change", "not certain": open_text}.get(got, f"it {got}"))
    for which, row, quantity in (("first", first, terms.start), ("last", last, terms.end)):
        if quantity:
            parts.append(None if row is None else view.agrees(quantity, row))
            if row is not None:
                texts.append(f"the {which} value is {view.difference(quantity, row)}")
    if terms.word in ("improved", "worsened") and last is not None:
        texts.append(f"the last value is {view.place(last)}")
    missing = [what for what, row in (("earlier", first), ("later", last)) if row is None]
    values = listed([view.value(row) for row in rows.itertuples()])
    lacking = f" and no {missing[0]} value to compare with" if missing else ""
    detail = f": {', '.join(texts)}" if texts else ""
    return view.outcome(parts, f"{stated}; {view.has(rows)} {values}{lacking}{detail}", rows)


def _sides(view: View) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The earlier and the later row that a change compares, as tables of one row or none."""
    table, claim = view.table, view.claim
    sides = phases_of(claim.anchor)
    if len(sides) == 2:
        return table[table["phase"] == sides[0]].tail(1), table[table["phase"] == sides[1]].tail(1)
    later = view.window(anchored=False)
    if not is_day(sides[0]):
        before = table[table["phase"] == sides[0]].tail(1)
    else:
        day = parse(sides[0])
        on_it = table.loc[[when == day for when in table["when"]]]
        # a period that holds the day serves where the day itself has no row
        before = on_it.tail(1) if len(on_it) else table.loc[[day.within(when) for when in table["when"]]].tail(1)  # type: ignore[union-attr]
        later = later.loc[[when.certainly_above(day) for when in later["when"]]]
    for row in before.itertuples():
        later = later.loc[[when.certainly_above(row.when) for when in later["when"]]]
    return before, later.tail(1)


def extreme(view: View) -> Outcome:
    """The highest or lowest of the course, its day, and its value where the claim gives it."""
    claim, terms = view.claim, view.claim.terms
    table = view.table[view.table["phase"] == claim.anchor] if claim.anchor else view.table
    days = window_of(claim)
    reached = {"peak": "peaked", "trough": "was lowest"}[terms.word]
    stated = f"{view.says()} that {view.named} {reached}"
    stated += (f", at {quantity_text(terms.end)}," if terms.end else "") + f" {on_day(days)}"
    if not len(table):
        return view.outcome([], f"{stated}; {_nothing_then(view, Interval(0, 0))}", table)
    peak = terms.word == "peak"
    whole = (highest if peak else lowest)(list(table["known"]))

    def reach(row: Any) -> float:
        return row.known.low if peak else -row.known.high

    def may_reach(row: Any) -> float:
        return row.known.high if peak else -row.known.low

    top = max(table.itertuples(), key=reach)
    there = [r for r in table.itertuples() if _falls_on(r.when, days)]
    mine = max(there, key=reach, default=None)
    rest = [r for r in table.itertuples() if mine is not None and r.Index != mine.Index]
    parts: list[Part] = [None]
    if mine is not None and all(may_reach(r) <= reach(mine) for r in rest):
        parts, top = [True], mine
    elif mine is not None and any(_beyond(r.known, mine.known, peak) for r in rest):
        parts = [False]
    if terms.end:
        certain = whole == top.known
        answer = view.agrees(terms.end, top) if certain else matches(terms.end.known, whole)
        if mine is None and not answer and not _beyond(top.known, terms.end.known, peak):
            answer = None  # nothing was measured on the day, and nothing elsewhere goes beyond what is stated
        parts.append(answer)
    side = "highest" if peak else "lowest"
    shown = [top]
    if whole == top.known:
        text = f"{view.has(table)} its {side} value {on_day(top.when)}, {view.number(top)}"
        text += f", {view.difference(terms.end, top)}" if terms.end else ""
    else:
        rivals = [r for r in table.itertuples() if r.Index != top.Index and may_reach(r) >= reach(top)]
        shown += sorted(rivals, key=may_reach)[-1:]
        text = f"{view.has(table)} {listed([view.value(r) for r in shown])}, which leaves the {side} value open"
        text += f", {AGREEMENT[parts[-1]]}" if terms.end and parts[-1] is False else ""
    if mine is None:
        text += f", and none for {on_day(days).removeprefix('on ')}"
    elif mine.Index not in [r.Index for r in shown]:
        text += f"; {on_day(days)} it has {view.number(mine)}"
        shown.append(mine)
    return view.outcome(parts, f"{stated}; {text}", table.loc[[r.Index for r in shown]])


def _beyond(a: Interval, b: Interval, peak: bool) -> bool:
    return a.certainly_above(b) if peak else a.certainly_below(b)


def in_range(view: View) -> Outcome:
    """Back in the reference range by a day (the last value of the window counts) or in it throughout."""
    claim, word = view.claim, view.claim.terms.word
    rows = view.window()
    days = window_of(claim)
    stated = f"{view.says()} that {view.named} {'was back' if word == 'back' else 'stayed'} in the reference range"
    stated += _window_text(claim, days)
    if not len(rows):
        return view.outcome([], f"{stated}; {_nothing_then(view, days)}", rows)
    places = [view.position(row) for row in rows.itertuples()]
    parts: list[Part] = [None if not place else place == "in" for place in places]
    last = list(rows.itertuples())[-1]
    after = view.table.loc[[when.certainly_above(last.when) for when in view.table["when"]]]
    text = f"{view.has(rows.tail(1))} {view.value(last)}, {view.place(last)}"
    if word == "back":
        earlier = [view.position(r) for r in view.table.itertuples() if r.when.certainly_below(last.when)]
        *before, final = parts
        parts = [final]
        if final is False and True in before:
            parts, text = [True, False], text + ", after a value in it"
        elif final is False and None in before:
            parts, text = [None], text + ", after one that may have been in it"
        elif final and earlier and all(place == "in" for place in earlier):
            parts, text = [True, False], text + "; no value before it is outside"
        elif final and earlier and not {"below", "above"} & set(earlier):
            parts, text = [True, None], text + "; no value before it is certainly outside"
        shown = rows.tail(1)
        follow = next(after.itertuples(), None)
        if follow is not None and view.position(follow) in ("below", "above"):
            text += f"; the next value is {view.value(follow)}, {view.position(follow)} it"
            shown = pd.concat([shown, after.head(1)])
        if parts == [False] and last.ref_origin == "default" and not _far_outside(last):
            parts, text = [True, False], text + "; whether it was normal depends on the limit that is used"
        elif parts == [False] and _may_have_been(view, last, follow, days):
            parts, text = [True, False], text + "; it was not measured on the days between"
        return view.outcome(parts, f"{stated}; {text}", shown)
    outside = [view.value(r) for r, part in zip(rows.itertuples(), parts, strict=True) if part is False]
    count = sum(part is True for part in parts)
    band = range_text(view.analyte, last, *view.printed)
    text = f"{view.has(rows)} {counted(len(rows), 'value')}, {count} of them in {band}"
    text += f"; outside: {listed(outside)}" if outside else ""
    return view.outcome(parts, f"{stated}; {text}", rows)


def _far_outside(row: Any) -> bool:
    """True for a value beyond twice the usual upper limit, or below half of the usual lower one.

    The source prints no range, and laboratories differ in theirs; but not by as much as that.
    """
    return row.reference is not None and (
        row.known.low > 2 * row.reference.high or row.known.high < row.reference.low / 2
    )


def _may_have_been(view: View, last: Any, follow: Any, days: Interval) -> bool:
    """True where a value outside its range leaves open that it was inside later in the window.

    That is so if the window goes on after it unmeasured, and the next value is in the range or on its other side.
    """
    gap = follow is not None and last.when.high < days.high < follow.when.low
    return gap and view.position(follow) != view.position(last)


def _window_text(claim: Any, days: Interval) -> str:
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
    claim, word = view.claim, view.claim.terms.word
    rows = view.window()
    stated = f"{view.says()} that {view.named} kept {word}{_window_text(claim, window_of(claim))}"
    if len(rows) < 2:
        found = f"{view.has(rows)} only {view.value(next(rows.itertuples()))}" if len(rows) else ""
        return view.outcome([], f"{stated}; {found or _nothing_then(view, window_of(claim))}", rows)
    known = list(rows["known"])
    want = direction_of(word, view.analyte)
    steps = [direction(a, b) for a, b in pairwise(known)]
    # a level step is no step against a course, as long as there is one along it
    parts: list[Part] = [None if s == "not certain" else s == want for s in steps if s != "same"]
    if not parts or moved(known[0], known[-1], want) is False:
        parts = [False]
    n = len(steps)
    names = {"rose": "up", "fell": "down", "same": "level", "not certain": "not certain"}
    counts = [(steps.count(step), name) for step, name in names.items() if step in steps]
    tally = listed([f"{k} of {n} steps {name}" if i == 0 else f"{k} {name}" for i, (k, name) in enumerate(counts)])
    values = listed([view.value(row) for row in rows.itertuples()])
    if len(rows) > 6:
        values = f"{len(rows)} values, the first {view.value(rows.iloc[0])} and the last {view.value(rows.iloc[-1])}"
    tally = {"rose": "up", "fell": "down"}.get(steps[0], "level") if n == 1 else tally
    return view.outcome(parts, f"{stated}; {view.has(rows)} {values}: {tally}", rows)


RULES = {"value": value, "change": change, "extreme": extreme, "in_range": in_range, "course": course}
