"""The rules for what moves: a change between two values, its size, and a course over a window.

A claim of a direction is held against the printed numbers. A move against it inside the reference range that is no more
than random variation explains refutes nothing; and what improved or worsened is decided by where the patient is
(`analysis.judgement`), beyond what random variation explains.
"""

import math
import re
from itertools import pairwise

from casereport.analysis.half_life import FEWEST, half_life_of
from casereport.analysis.judgement.direction import direction
from casereport.analysis.judgement.improvement import harmless_side
from casereport.analysis.judgement.material import NO, YES
from casereport.analysis.judgement.verdict import AWAY, BETTER, INTO, OUT, TOWARDS, WITHIN, WORSE, heading, verdict
from casereport.analysis.measurements import rounding
from casereport.audit.claim_levels import window_text
from casereport.audit.claim_view import (
    Outcome,
    Reading,
    View,
    bound_text,
    elsewhere,
    quantity_text,
    ratio,
    rows_of,
    window_of,
)
from casereport.audit.findings import documents_that, numbers
from casereport.audit.verdicts import Part, matches, moved, one_assertion
from casereport.case.claim_terms import DIFFERENCE, FOLD, JUDGED, PERCENT, STEADY, Size, direction_of, is_day, phases_of
from casereport.case.rows import Observation
from casereport.quantities.intervals import Interval, parse
from casereport.quantities.wording import ORDERED, counted, figure_text, interval_text, listed, printed_text

NOISE = "within random variation"
_ROOTS = {"rose": "rise", "fell": "fall"}
_WHERE = {INTO: "into the range", TOWARDS: "towards the range", OUT: "out of the range", AWAY: "away from the range"}


def change(view: View) -> Outcome:
    """The direction from an earlier value to a later one, its size, and either number where the claim gives it."""
    terms = view.claim.terms
    first, last, later = _sides(view)
    stated = _change_stated(view)
    rows = [row for row in (first, last) if row is not None]
    if (first is None or last is None) and (told := _in_words(view, stated, later)):
        return told
    if not rows:
        return view.outcome([], f"{stated}; {view.has_nothing(Interval(0, 1))}", rows)
    parts: list[Part] = [None]
    texts: list[str] = []
    if first is not None and last is not None:
        parts, texts = _moved(view, first, last)
        if terms.size and parts == [False]:
            parts.append(None)
        elif terms.size:
            part, text = _sized(view, terms.size, first, last)
            parts.append(part)
            texts[0] = text + texts[0].removeprefix("it rose").removeprefix("it fell")
    for which, row, quantity in (("first", first, terms.start), ("last", last, terms.end)):
        if quantity:
            parts.append(None if row is None else view.agrees(quantity, row))
        if quantity and row is not None:
            texts.append(f"the {which} value is {view.difference(quantity, row)}{elsewhere(view, quantity, row.when)}")
    if terms.word in JUDGED and last is not None and view.position(last):
        still = "still " if first is not None and view.position(first) == view.position(last) else ""
        texts.append(f"the last value is {still}{view.place(last)}")
    missing = [what for what, row in (("earlier", first), ("later", last)) if row is None]
    lacking = f" and no {missing[0]} value to compare with" if missing else ""
    detail = f": {'; '.join(texts)}" if texts else ""
    values = listed([view.value(row) for row in rows])
    return view.outcome(parts, f"{stated}; {view.has(rows)} {values}{lacking}{detail}", rows)


def _change_stated(view: View) -> str:
    terms = view.claim.terms
    verb = f"remained {terms.word}" if terms.word in STEADY else terms.word
    stated = f"{view.says()} that {view.named} {verb}"
    if terms.size and terms.word in _ROOTS:
        size = bound_text(printed_text(terms.size.text).strip(), "more than", "less than")
        stated += f" {size}" if terms.size.how == FOLD else f" by {_in_points(view, terms.size.how, size)}"
    stated += f" from {quantity_text(terms.start)}" if terms.start else ""
    stated += f" to {quantity_text(terms.end)}" if terms.end else ""
    return stated + (f" within {terms.within.text}" if terms.within else "")


def _moved(view: View, first: Reading, last: Reading) -> tuple[list[Part], list[str]]:
    """Whether the value moved, or stayed, as the claim says, and how it did in words."""
    word = view.claim.terms.word
    got = direction(first.known, last.known)
    if word in STEADY:
        part = view.is_steady(first, last)
        return [part], [_steady_text(view, first, last, part)]
    if word in JUDGED:
        return _judged(view, first, last, got)
    want = direction_of(word, view.analyte)
    part = moved(first.known, last.known, want)
    if got == "not certain":
        return [part], ["the direction is not certain" if part is None else f"it did not {_ROOTS[want]}"]
    if got == "same":
        return [part], ["it did not change"]
    if part is False and view.is_drift(first, last):
        return [None], [f"it {got} inside the reference range, which is no more than drift"]
    if view.material(first, last) != NO:
        return [part], [f"it {got}"]
    noise = f"the {_ROOTS[got]} is {NOISE}"
    return [part], [f"it {got}", noise] if view.claim.terms.size else [noise]


def _judged(view: View, first: Reading, last: Reading, got: str) -> tuple[list[Part], list[str]]:
    """Whether it improved, or worsened, by `judgement.verdict`, beyond random variation and whatever the choice."""
    places = view.places(first), view.places(last)
    analyte = view.analyte
    usual = analyte.improvement, analyte.two_sided
    found = verdict(got, *places, material=YES, harmless=harmless_side(*usual))
    under = heading(found, *places, *usual)
    if got == "same":
        return [False], ["it did not change"]
    if found == WITHIN:
        return [None], ["it was in its range at both times, where nothing is better or worse"]
    if under not in (BETTER, WORSE):
        how = "the direction is not certain" if got == "not certain" else f"it {got}"
        return [None], [f"{how}, which is not certainly better or worse"]
    part = under == (BETTER if view.claim.terms.word == "improved" else WORSE)
    words = f"it {got}, which is {under}" if found == got else f"it {got} {_WHERE.get(found, found)}"
    turned, choices = view.turned(first, last)
    if turned:
        other = WORSE if under == BETTER else BETTER
        words += f", but was {other} under {turned} of {choices} other choices of lag, dose day and summary"
        return [True, None] if part else [None], [words]
    beyond = view.material(first, last)
    if part and beyond and beyond != YES:
        return [True, None], [words, f"the {_ROOTS[got]} {'is' if beyond == NO else 'may be'} {NOISE}"]
    return [part], [words]


def _steady_text(view: View, first: Reading, last: Reading, part: Part) -> str:
    if part is None:
        return "whether it changed is not certain"
    if view.limits is not None and view.material(first, last):
        return f"the difference {'is ' + NOISE if part else 'exceeds random variation'}"
    if part and view.position(first) == view.position(last) == "in":
        return "both are in the reference range"
    return "the same" if part else "they differ"


def _sized(view: View, size: Size, first: Reading, last: Reading) -> tuple[Part, str]:
    """Whether the change has the claimed size, with what rounding of both numbers leaves open."""
    up = direction_of(view.claim.terms.word, view.analyte) == "rose"
    plain = _size(size.how, up, first.known, last.known)
    if plain is None:
        return None, "the size of the change is not certain"
    text = f"it {'rose' if up else 'fell'} " + _size_text(view, size.how, plain, last.rows[0].unit)
    if size.nominal is None or plain.low != plain.high:
        return matches(size.known, plain), text
    # the claimed number may be what the unrounded values give, or the printed change rounded as the claim is
    wide = _size(size.how, up, *(_rounded(view, row) for row in (first, last)))
    return plain.within(size.known) or (wide is not None and size.nominal in wide), text


def _rounded(view: View, row: Reading) -> Interval:
    slack = max((rounding(n, view.analyte) for n in numbers(row.rows)), default=0.0)
    known = Interval(row.known.low - slack, row.known.high + slack)
    return Interval(max(known.low, 0.0), known.high) if row.known.low >= 0 else known


def _size(how: str, up: bool, before: Interval, after: Interval) -> Interval | None:
    """The bounds of a change in the claimed direction: fold, per cent or difference."""
    low, high = (before, after) if up else (after, before)
    if how == DIFFERENCE:
        return Interval(high.low - low.high, high.high - low.low)
    least, most = ratio(low, high) if how == FOLD else ratio(before, after)
    if not least <= most:  # NaN
        return None
    if how == FOLD:
        return Interval(least, most)
    low_end, high_end = 100 * (least - 1), 100 * (most - 1)
    return Interval(low_end, high_end) if up else Interval(-high_end, -low_end)


def _size_text(view: View, how: str, known: Interval, printed: str) -> str:
    text = " to ".join(dict.fromkeys(figure_text(end) for end in (known.low, known.high)))
    text = f"at least {figure_text(known.low)}" if known.high == math.inf else text
    if how == FOLD:
        return f"{text}-fold"
    if how == PERCENT:
        return f"by {text} %"
    low, high = (round(x / view.analyte.factor(printed), 6) for x in (known.low, known.high))
    unit = printed if printed in view.analyte.conversions else view.analyte.unit
    return f"by {_in_points(view, how, interval_text(Interval(low, high), unit))}"


def _in_points(view: View, how: str, text: str) -> str:
    """A difference between percentages, which is no part of either: `8 percentage points`."""
    if how != DIFFERENCE or view.analyte.unit != "%":
        return text
    return re.sub(r" %$", f" percentage point{'' if text == '1 %' else 's'}", text)


def _in_words(view: View, stated: str, days: Interval) -> Outcome | None:
    """The outcome by what another document says in words of the later days, where it has no numbers to compare."""
    terms = view.claim.terms
    for row in view.words:
        part = _word_part(view, row.interpretation)
        if part is None or row.when is None or not row.when.within(days) or not _since_anchor(view, row):
            continue
        parts: list[Part] = [part] + [None for part in (terms.size, terms.start, terms.end) if part is not None]
        text = f"{documents_that([row.source], 'has')} in words that it was {ORDERED[row.interpretation]}"
        found = view.outcome(parts, f"{stated}; {text}", [])
        return Outcome(found.verdict, found.found, rows_of([row]))
    return None


def _word_part(view: View, code: str) -> Part:
    """Whether a word of order (higher, lower, better, worse than before) is what the claim says; else open."""
    word = view.claim.terms.word
    if word in STEADY:
        return None
    if word in JUDGED:
        return (code == "B") == (word == "improved") if code in ("B", "W") else None
    return {"U": "rose", "D": "fell"}[code] == direction_of(word, view.analyte) if code in ("U", "D") else None


def _since_anchor(view: View, row: Observation) -> bool:
    """True where "than before" means: than what the claim compares with, because nothing is known in between."""
    when, sides = row.when, phases_of(view.claim.anchor)
    if when is None or (len(sides) == 2 and row.phase != sides[1]):
        return False
    earlier = [r for r in view.readings if r.when.certainly_below(when)]
    if is_day(sides[0]):
        day = parse(sides[0])
        return day is not None and when.certainly_above(day) and not any(r.when.certainly_above(day) for r in earlier)
    return all(r.measured.phase == sides[0] for r in earlier)


def _sides(view: View) -> tuple[Reading | None, Reading | None, Interval]:
    """The earlier and the later reading that a change compares, and the days of the later."""
    sides = phases_of(view.claim.anchor)
    days = window_of(view.claim)
    if len(sides) == 2:
        return _last_of(view, sides[0]), _last_of(view, sides[1]), days
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
    return before, _last(later), days


def _last_of(view: View, phase: str) -> Reading | None:
    return _last([r for r in view.readings if r.measured.phase == phase])


def _last(rows: list[Reading]) -> Reading | None:
    return rows[-1] if rows else None


def course(view: View) -> Outcome:
    """Rising or falling over a window: each step and the whole of it; `stable`: each value against the first; or a
    half-life.
    """
    days, word, rows = window_of(view.claim), view.claim.terms.word, view.window()
    if view.claim.terms.half_life:
        return _half_life(view, rows)
    verb = "remained" if word == "stable" else "kept"
    stated = f"{view.says()} that {view.named} {verb} {word}{window_text(view, days)}"
    if len(rows) < 2:
        found = f"{view.has(rows)} only {view.value(rows[0])}" if rows else view.has_nothing(days)
        return view.outcome([], f"{stated}; {found}", rows)
    values = listed([view.value(row) for row in rows])
    if len(rows) > 6:
        values = f"{len(rows)} values, the first {view.value(rows[0])} and the last {view.value(rows[-1])}"
    steps = [direction(a.known, b.known) for a, b in pairwise(rows)]
    if word == "stable":
        parts = [view.is_steady(rows[0], row) for row in rows[1:]]
        low, high = min(rows, key=lambda row: row.known.low), max(rows, key=lambda row: row.known.high)
        differ, later = parts.count(False), counted(len(parts), "later value")
        told = f"values ranged from {view.number(low)} to {view.number(high)}; " if high.known != low.known else ""
        which = f"all {later}" if differ == len(parts) > 1 else f"{differ or 'none'} of the {later}"
        if len(parts) == 1:
            told += f"the later value {'differs' if differ else 'does not differ'} from the first"
        else:
            told += f"{which} differ{'' if differ > 1 else 's'} from the first"
        told += f", {parts.count(None)} not certain" if None in parts else ""
        return view.outcome([one_assertion(parts)], f"{stated}; {view.has(rows)} {values}: {told}", rows)
    parts, drift = _steps(view, rows, steps)
    text = f"{stated}; {view.has(rows)} {values}: {_tally(steps)}"
    text += "; what went against it is inside the range and may be random variation" if drift else ""
    return view.outcome(parts, text, rows)


def _steps(view: View, rows: list[Reading], steps: list[str]) -> tuple[list[Part], bool]:
    """Whether each step and the whole go as claimed, and whether what does not is drift inside the range."""
    want = direction_of(view.claim.terms.word, view.analyte)
    parts: list[Part] = []
    drift = False
    for step, (a, b) in zip(steps, pairwise(rows), strict=True):
        if step == "same":  # a level step is no step against a course, as long as there is one along it
            continue
        against = step not in ("not certain", want)
        drift = drift or (against and view.is_drift(a, b))
        parts.append(None if step == "not certain" or (against and view.is_drift(a, b)) else not against)
    first, last = rows[0], rows[-1]
    if not parts:
        return [False], False
    if moved(first.known, last.known, want) is False:
        return ([None], True) if view.is_drift(first, last) else ([False], False)
    return parts, drift


_TIMES = {1: "once", 2: "twice"}


def _tally(steps: list[str]) -> str:
    """How often it went which way: `it fell twice and was unchanged once`, or of a single step `it fell`."""
    names = {"rose": "rose", "fell": "fell", "same": "was unchanged", "not certain": "was not certain"}
    if len(steps) == 1:
        return f"it {names[steps[0]]}"
    counts = [(steps.count(step), name) for step, name in names.items() if step in steps]
    return "it " + listed([f"{name} {_TIMES.get(k, f'{k} times')}" for k, name in counts])


def _half_life(view: View, rows: list[Reading]) -> Outcome:
    """Whether it fell with the claimed half-life: log-linear, with its 95 % interval.

    A plain time is borne out where the interval holds it and reaches no further than half and twice of it; a bound
    (`<=19 h`) where all of the interval keeps it.
    """
    terms = view.claim.terms
    assert terms.half_life is not None
    claimed = terms.half_life.known
    window = window_text(view, window_of(view.claim))
    stated = f"{view.says()} that {view.named} fell with a half-life of {bound_text(terms.half_life.text)}{window}"
    exact = [r for r in rows if r.known.is_exact and r.when.is_exact and r.known.low > 0]
    if len(exact) < FEWEST:
        found = f"{view.has(exact)} only {len(exact)} numbers" if exact else view.has_nothing(Interval(0, 1))
        return view.outcome([], f"{stated}; {found}, and a half-life with its interval needs {FEWEST}", exact)
    estimate, low, high = half_life_of([r.when.low for r in exact], [r.known.low for r in exact])
    if estimate == float("inf"):
        part: Part = False if low == estimate or low > claimed.high else None
        return view.outcome([part], f"{stated}; {view.has(exact)} {len(exact)} values, which do not fall", exact)
    known = Interval(low, high)
    if terms.half_life.text[0] in "<>":
        part = matches(claimed, known)
    elif not known.overlaps(claimed):
        part = False
    else:
        part = True if low >= claimed.low / 2 and high <= 2 * claimed.high else None
    upper = f"{figure_text(view.hours * high)} h" if high < float("inf") else "no upper end"
    ends = f"95 % interval {figure_text(view.hours * low)} h to {upper}"
    text = f"{view.has(exact)} {len(exact)} values with a half-life of {figure_text(view.hours * estimate)} h ({ends})"
    return view.outcome([part], f"{stated}; {text}", exact)
