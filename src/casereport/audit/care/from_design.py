"""What CENT 2015 and SCRIBE 2016 ask of a design in phases, answered from the days in the tables.

A case report was not planned as an N-of-1 trial; that its periods have no wash-out, overlap with other treatments or
follow no rule is no fault, and is said because it decides what the comparison of two periods can show.
"""

from collections.abc import Sequence
from typing import NamedTuple

from casereport.audit.care import words as prose
from casereport.audit.care.view import Answer, Rule, View, gap, partly, to_confirm, yes
from casereport.case.phases import windows
from casereport.case.rows import Treatment
from casereport.quantities.intervals import Interval
from casereport.quantities.wording import counted, day_text, listed, time_unit, uncapital


class _Opened(NamedTuple):
    """A phase after the first: the intervention that opens it, if one does, the day of its dose, and the day of its end
    where a course closes it.
    """

    label: str
    opened_by: str
    day: Interval
    closes: Interval | None


def _opened(view: View) -> list[_Opened]:
    """The phases after the first by the doses that open them, without the lag: it is a choice of the analysis."""
    found = windows(view.case)[1:]
    return [_Opened(w.label, w.opened_by or "", w.opens, w.closes) for w in found if w.opens is not None]


def _periods(view: View) -> Answer:
    found, last = _opened(view), view.case.meta.last_day
    days = [row.when for row in view.measured] + [row.start for row in view.case.interventions]
    # the first period has no first dose; it is as long as its data reach back
    before = [day for day in days if day is not None and day.is_exact and day.certainly_below(found[0].day)]
    starts = [min(before, key=lambda day: day.low, default=None), *(period.day for period in found)]
    closes = [windows(view.case)[0].closes, *(period.closes for period in found)]
    nexts = [*(period.day for period in found), None if last is None else Interval.exact(last)]
    ends = [end or following for end, following in zip(closes, nexts, strict=True)]
    labels = [view.case.meta.phases[0].label, *(period.label for period in found)]
    told, unknown = [], 0
    # the last day of a course that closes a period is of it, and the period that opens then begins with the next
    closing = [end is not None for end in closes]
    after = [False, *(not period.opened_by for period in found)]
    until = [*(" to" if last_in else " until" for last_in in closing[:-1]), " to"]  # the day of a dose opens the next
    for label, start, end, last_in, first_out, to in zip(labels, starts, ends, closing, after, until, strict=True):
        if start and end and start.is_exact and end.is_exact and time_unit() == "sessions":
            # sessions are counted, not measured: a period is from one to another, both of it
            ran = Interval(start.low + first_out, end.low - (not last_in and to == " until"))
            told.append(f"{label}, {day_text(ran if ran.low < ran.high else Interval.exact(ran.low))}")
        elif start and end and start.is_exact and end.is_exact:
            length = counted(round(end.low - start.low) + last_in - first_out, time_unit(1))
            since = f"after {day_text(start)}" if first_out else day_text(start)
            told.append(f"{label}, {length} ({since}{to} {day_text(end)})")
        else:
            told.append(f"{label}, length not known")
            unknown += 1
    text = f"{counted(len(labels), 'period')}: {'; '.join(told)}."
    return (partly if unknown else yes)("figure-timeline", text)


def _wash_out(view: View) -> Answer:
    """What had ended when a period began: a wash-out shows here, and so does its lack."""
    told, unknown, known = [], 0, 0
    for period in (p for p in _opened(view) if p.opened_by):
        # an earlier course of what opens it, as in A1 B1 A2 B2, is to have ended like any other
        given = view.case.interventions
        earlier = [row for row in given if row.start is not None and row.start.certainly_below(period.day)]
        no_end = sum(row.end is None for row in earlier)
        ended = sum(_had_ended(row, period) for row in earlier)
        running = len(earlier) - no_end - ended
        unknown, known = unknown + no_end, known + ended + running
        parts = [f"{ended} had ended"] if ended else []
        parts += [f"{running} went on to that day or beyond"] if running else []
        parts += [f"for {no_end} no end is reported"] if no_end else []
        of = "no earlier course is recorded"
        if earlier:
            of = f"of {counted(len(earlier), 'earlier course')} {listed(parts)}"
        if earlier and no_end == len(earlier):
            of = f"no end is reported of {'the earlier course' if no_end == 1 else f'any of {no_end} earlier courses'}"
        if earlier and ended == len(earlier):
            of = "the earlier course had ended" if ended == 1 else f"all {ended} earlier courses had ended"
        told.append(f"When “{period.label}” began, {of}.")
    text = " ".join(told)
    if not unknown:
        return yes("table-interventions", text)
    add = f"{text} Add the end days to interventions.csv as far as they are known."
    return (partly if known else gap)("table-interventions", add)


def _beside(view: View) -> Answer:
    """What else was given in each period: what certainly was, and what may have been."""
    found = _opened(view)
    told, open_ended = [], False
    for i, period in enumerate(found):
        rows = _may_be_given(view, period, found[i + 1 :])
        certain = dict.fromkeys(_label(view, row) for row in rows if _is_given(row, period, found[i + 1 :]))
        perhaps = [label for label in dict.fromkeys(_label(view, row) for row in rows) if label not in certain]
        parts = [f"{word} {listed(labels)}" for word, labels in (("also", [*certain]), ("perhaps", perhaps)) if labels]
        told.append(f"{period.label}: {', '.join(parts) or 'no other treatment is recorded'}")
        open_ended |= any(row.end is None for row in rows)
    text = f"{'. '.join(told)}."
    if not open_ended:
        return yes("table-interventions", text)
    return partly("table-interventions", f"{text} Add the end days to interventions.csv as far as they are known.")


def _may_be_given(view: View, period: _Opened, following: Sequence[_Opened]) -> list[Treatment]:
    """The courses that may have gone on in a period, besides the one that opens it; what opens a later one is later."""
    to_come = [later.opened_by for later in following]
    found = []
    for row in _others(view, period):
        not_yet = bool(following) and row.start is not None and row.start.low >= following[0].day.high
        if row.intervention not in to_come and not _had_ended(row, period) and not not_yet:
            found.append(row)
    return found


def _is_given(row: Treatment, period: _Opened, following: Sequence[_Opened]) -> bool:
    """True where a course certainly went on in the period."""
    in_time = row.start is not None and (not following or row.start.certainly_below(following[0].day))
    return in_time and row.end is not None and row.end.certainly_above(period.day)


def _had_ended(row: Treatment, period: _Opened) -> bool:
    return row.end is not None and row.end.certainly_below(period.day)


def _label(view: View, row: Treatment) -> str:
    return uncapital(view.case.vocabulary.interventions[row.intervention].label.partition(",")[0])


def _others(view: View, period: _Opened) -> list[Treatment]:
    """The courses of other interventions than the one that opens the period."""
    return [row for row in view.case.interventions if row.intervention != period.opened_by]


def _rule(view: View) -> Answer:
    reasons = "because|planned|protocol|criteri|a priori|in advance|decided|in response|owing to|due to|by rule"
    openers = [phase.opened_by for phase in view.case.meta.phases if phase.opened_by]
    labels = [view.case.vocabulary.interventions[opener].label for opener in openers]
    for section in ("Therapeutic intervention", "Introduction", "Abstract", "Discussion"):
        for clause in prose.clauses(view.case.narrative.get(section, "")):
            named = prose.names(labels, clause) or prose.placed(clause) & {"dose"}
            if named and (word := prose.first_of(reasons, clause)):
                found = f"{section} has “{word}” beside a treatment; whether it is the rule is for a reader to judge."
                return to_confirm(section.lower().replace(" ", "-"), found)
    found = "No sentence was found that says why a period began; add the reason, and whether it was set beforehand."
    return gap("therapeutic-intervention", found)


DESIGN_RULES: dict[str, Rule] = {
    "CENT 3a, periods": _periods,
    "CENT 3a, wash-out": _wash_out,
    "CENT 4a": _beside,
    "SCRIBE 5": _rule,
}
