"""What CENT 2015 and SCRIBE 2016 ask of a design in phases, answered from the days in the tables.

A case report was not planned as an N-of-1 trial; that its periods have no wash-out, overlap with other treatments or
follow no rule is no fault, and is said because it decides what the comparison of two periods can show.
"""

from collections.abc import Callable

from casereport.audit.care import words as prose
from casereport.audit.care.view import Answer, View, gap, partly, yes
from casereport.case.phases import Window, windows
from casereport.quantities.intervals import Interval
from casereport.quantities.wording import counted, day_text, listed, uncapital


def _windows(view: View) -> list[Window]:
    """The phases by the doses that open them, without the lag: it is a choice of the analysis."""
    return windows(view.case, view.settings.model_copy(update={"lag_days": 0}))


def _periods(view: View) -> Answer:
    found = _windows(view)
    days = [
        day for table in (view.measured["when"], view.case.interventions["start"]) for day in table if day is not None
    ]
    index, last = found[1].border, view.case.meta.last_day
    # the first period has no first dose; it is as long as its data reach back
    before = [day for day in days if day.is_exact and index is not None and day.certainly_below(index)]
    starts = [min(before, key=lambda day: day.low, default=None), *(w.border for w in found[1:])]
    ends = [*(w.border for w in found[1:]), None if last is None else Interval.exact(last)]
    told, unknown = [], 0
    for window, start, end in zip(found, starts, ends, strict=True):
        if start and end and start.is_exact and end.is_exact:
            length = counted(round(end.low - start.low), "day")
            told.append(f"{window.label}, {length} ({day_text(start)} to {day_text(end)})")
        else:
            told.append(f"{window.label}, length not known")
            unknown += 1
    text = f"{counted(len(found), 'period')}: {'; '.join(told)}."
    return (partly if unknown else yes)("figure-timeline", text)


def _wash_out(view: View) -> Answer:
    """What had ended when a period began: a wash-out shows here, and so does its lack."""
    told, unknown, known = [], 0, 0
    for window in _windows(view)[1:]:
        assert window.border is not None  # every phase after the first is opened by a dose
        earlier = [
            row for row in _others(view, window.opened_by) if row.start and row.start.certainly_below(window.border)
        ]
        no_end = sum(row.end is None for row in earlier)
        ended = sum(row.end is not None and row.end.certainly_below(window.border) for row in earlier)
        running = len(earlier) - no_end - ended
        unknown, known = unknown + no_end, known + ended + running
        parts = [f"{ended} had ended"] if ended else []
        parts += [f"{running} went on to that day or beyond"] if running else []
        parts += [f"for {no_end} no end is reported"] if no_end else []
        of = (
            f"of {counted(len(earlier), 'earlier course')} {listed(parts)}"
            if earlier
            else "no earlier course is recorded"
        )
        told.append(f"When “{window.label}” began, {of}.")
    text = " ".join(told)
    if not unknown:
        return yes("table-interventions", text)
    add = f"{text} Add the end days to interventions.csv as far as they are known."
    return (partly if known else gap)("table-interventions", add)


def _beside(view: View) -> Answer:
    found = _windows(view)
    told, open_ended = [], False
    for window, following in zip(found[1:], [*found[2:], None], strict=True):
        assert window.border is not None
        certain: list[str] = []
        possible: list[str] = []
        to_come = {later.opened_by for later in found[found.index(window) + 1 :]}  # begins with its own period
        for row in _others(view, window.opened_by):
            if row.intervention in to_come:
                continue
            over = row.end is not None and row.end.certainly_below(window.border)
            still_to_come = following is not None and row.start is not None and row.start.low >= following.border.high
            if over or still_to_come:
                continue
            in_time = row.start is not None and (following is None or row.start.certainly_below(following.border))
            sure = in_time and row.end is not None and row.end.certainly_above(window.border)
            label = view.case.vocabulary.interventions[row.intervention].label.partition(",")[0]
            (certain if sure else possible).append(uncapital(label))
            open_ended |= row.end is None
        also, perhaps = list(dict.fromkeys(certain)), [p for p in dict.fromkeys(possible) if p not in certain]
        parts = [f"{word} {listed(labels)}" for word, labels in (("also", also), ("perhaps", perhaps)) if labels]
        told.append(f"{window.label}: {', '.join(parts) or 'no other treatment is recorded'}")
    text = f"{'. '.join(told)}."
    if not open_ended:
        return yes("table-interventions", text)
    return partly("table-interventions", f"{text} Add the end days to interventions.csv as far as they are known.")


def _others(view: View, opener: str | None) -> list:
    return [row for row in view.case.interventions.itertuples() if row.intervention != opener]


def _rule(view: View) -> Answer:
    reasons = "because|planned|protocol|criteri|a priori|in advance|decided|in response|owing to|due to|by rule"
    openers = [phase.opened_by for phase in view.case.meta.phases if phase.opened_by]
    labels = [view.case.vocabulary.interventions[opener].label for opener in openers]
    for section in ("Therapeutic intervention", "Introduction", "Abstract", "Discussion"):
        for clause in prose.clauses(view.case.narrative.get(section, "")):
            named = prose.names(labels, clause) or prose.placed(clause) & {"dose"}
            if named and (word := prose.first_of(reasons, clause)):
                found = f"{section} has “{word}” beside a treatment; whether it is the rule is for a reader to judge."
                return yes(section.lower().replace(" ", "-"), found)
    found = "No sentence was found that says why a period began; add the reason, and whether it was set beforehand."
    return gap("therapeutic-intervention", found)


DESIGN_RULES: dict[str, Callable[[View], Answer]] = {
    "CENT 3a, periods": _periods,
    "CENT 3a, wash-out": _wash_out,
    "CENT 4a": _beside,
    "SCRIBE 5": _rule,
}
