"""What the picture of the first screen says in words: how to read it, what can be seen, and all of it."""

from collections.abc import Sequence

from casereport.analysis.measurements import Measurement
from casereport.figures.course_marks import aims, known_as, shown_reference, threshold_caption
from casereport.figures.crowded import crowded, told
from casereport.figures.days import Limits
from casereport.figures.episode import Episode, Given
from casereport.figures.panel_values import has_number, telling
from casereport.figures.screens import EARLIER
from casereport.figures.timeline_words import all_given, bars_caption, given_when
from casereport.quantities.wording import (
    capital,
    day_text,
    listed,
    on_day,
    range_text,
    time_unit,
    uncapital,
    value_text,
)

Panels = Sequence[Sequence[Measurement]]
_MARKS = {
    "words": "hatched: stated in words; any value in the box is possible",
    "move": "arrows: only the direction is stated",
    "place": "words: stated relative to an unknown range",
    "above": "open triangles: beyond a limit",
    "below": "open triangles: beyond a limit",
    "two": "two open points: two statements that differ",
    "range": "vertical bars: ranges",
}


def caption(
    episode: Episode,
    panels: Panels,
    views: Sequence[Limits],
    shown: Sequence[Given],
    left_out: bool,
    earlier: bool = False,
) -> str:
    """How to read the drawing: of some treatments, where some are `left_out`, and where some were `earlier`.

    `views` are the values that the panels reach over: a range or an end of a scale beyond them is not drawn.
    """
    parts = []
    if shown:
        numbers = any(m.numeric for rows in panels for m in rows)
        below = f" and, below them, {'measured values' if numbers else 'what is stated in words'}" if panels else ""
        parts.append(f"Treatments{below}.")
    undated = [g for g in episode.given if g.start is None]
    parts += bars_caption([*shown, *(g for g in undated if g not in shown)])
    parts += [EARLIER] * earlier
    bands = [None if aims(rows) else shown_reference(rows) for rows in panels]
    if any(band and band.low < high and band.high > low for band, (low, high) in zip(bands, views, strict=True)):
        parts.append("Green: reference range.")
    parts += threshold_caption(panels)
    scales = [(rows[0].ends, view) for rows, view in zip(panels, views, strict=True)]
    if any(ends and any(view[0] <= end <= view[1] for end in (ends.low, ends.high)) for ends, view in scales):
        parts.append("Dotted lines: the ends of a scale.")
    if any(telling(rows) for rows in panels):
        worst = "most abnormal" if any(telling(rows) and shown_reference(rows) for rows in panels) else "worst"
        others = any(m.numeric and not has_number(m) for rows in panels for m in rows)
        of = " that are one number or a limit, of a known " + time_unit(1) if others else ""
        parts.append(f"Numbers: the first, last and {worst} values{of}.")
    marks = dict.fromkeys(_MARKS[kind] for rows in panels for kind in map(known_as, rows) if kind in _MARKS)
    if marks:
        text = "; ".join(marks)
        parts.append(f"{capital(text)}.")
    if left_out:
        parts.append("Further treatments are on the timeline.")
    return " ".join(parts)


def alt(episode: Episode, panels: Panels) -> str:
    """What was given that opens a phase, the organ support, and of each analyte the first, extreme and last value."""
    parts = []
    support = [g for g in episode.given if g.is_support]
    opening = [g for g in episode.given if g.phase and not g.is_support]
    for name, given in (("Organ support", support), ("Given", opening)):
        if given:
            parts.append(f"{name}: {given_when(given)}.")
    others = dict.fromkeys(uncapital(g.label) for g in episode.given if g not in support and g not in opening)
    if others:
        parts.append(f"Also given: {listed(list(others))}.")
    parts += [_course(rows) for rows in panels]
    return " ".join(parts)


def _course(rows: Sequence[Measurement]) -> str:
    chosen = {id(m) for m in telling(rows)}
    said = [m for m in rows if id(m) in chosen] or list(rows)[:3]
    return f"{rows[0].label}: {', '.join(f'{value_text(m)} {on_day(m.when)}' for m in said)}."


def description(episode: Episode, panels: Panels) -> str:
    """Everything given and every value of the panels, in order."""
    parts = all_given(episode)
    for rows in panels:
        reference = range_text(shown_reference(rows), rows[0].unit)
        head = f"{rows[0].label} (reference range {reference})" if reference else rows[0].label
        parts.append(f"{head}: {'; '.join(told(rows, crowded(rows)))}.")
    return " ".join(parts)


def pointed(m: Measurement) -> str:
    """What a reader sees who points at a value."""
    return f"{m.label}, {day_text(m.when)}: {value_text(m)}; {m.evidence}, {m.source}"
