"""The picture of the first screen: what was given, and on the same days the few analytes that tell the case."""

from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure as Canvas

from casereport.analysis.measurements import Measurement, by_analyte
from casereport.analysis.tidy import by_day, measured
from casereport.analysis.time_unit import in_its_time
from casereport.figures.course_marks import draw, shown_reference, value_id
from casereport.figures.crowded import apart
from casereport.figures.days import Dose, opening_doses
from casereport.figures.drawing import Figure, style
from casereport.figures.episode import Episode, Given, day_range, episode_of
from casereport.figures.given_rows import Item, Placed, draw_items, opening_items, other_items, placed, rows_of
from casereport.figures.given_rows import support_items as support_of
from casereport.figures.overview_words import alt, caption, description, pointed
from casereport.figures.palette import phase_colours
from casereport.figures.panel_values import label_values, level, telling
from casereport.figures.screens import (
    DESK,
    PAGE,
    PHONE,
    Scale,
    Screen,
    draw_days,
    draw_doses,
    draw_phases,
    heading_height,
    headings,
    name_row,
    sheet,
)
from casereport.figures.text_room import height, shortened
from casereport.quantities.intervals import Interval
from casereport.quantities.units import shown
from casereport.quantities.wording import day_text, range_text

MOST_ROWS = 12  # of treatments; what else was given is on the timeline
# inches: what the figure aims at with letters for a desk, and what a panel takes
_HEIGHT, _LEAST, _MOST = 4.7, 0.42, 0.9
_GAP = 0.07


class _Shown(NamedTuple):
    """What is drawn on a screen: organ support, treatments, and how many of these had no room."""

    support: list[Placed]
    treatments: list[Placed]
    left_out: int


@style()
@in_its_time
def overview(
    interventions: pd.DataFrame,
    events: pd.DataFrame,
    observations: pd.DataFrame,
    phases: pd.DataFrame,
    analytes: Sequence[str],
    last_day: float | None = None,
) -> Figure | None:
    """The picture of the first screen: organ support and treatments as bars, below them these analytes.

    Takes the tables of these names, the ids of the analytes, such as `cr.overview_analytes()` gives, and the last study
    day that the source covers, where it says so. None where there is neither a treatment nor a value to draw.
    """
    episode = episode_of(interventions, events, observations, phases, last_day)
    found = by_analyte(measured(observations[observations["analyte"].isin(list(analytes))]))
    panels = [by_day(found[analyte]) for analyte in analytes if analyte in found]
    if not panels and not episode.given:
        return None
    doses = opening_doses(interventions, episode.phases)
    drawn, phone, page = (_drawn(episode, panels, doses, on) for on in (DESK, PHONE, PAGE))
    return replace(drawn, phone=phone, page=page)


def _drawn(episode: Episode, panels: Sequence[Sequence[Measurement]], doses: Sequence[Dose], on: Screen) -> Figure:
    own = episode._replace(events=[e for e in episode.events if e.is_tube], measured=[])
    values = [m.when for rows in panels for m in rows]
    scale = Scale(
        *day_range([*own.days, *values, Interval.exact(0)], episode.last_day, [*own.course, *values]), on.inside
    )
    heads = headings(episode.phases, scale, on)
    given = _given(episode, scale, on)
    colours = phase_colours([w.id for w in episode.phases])
    narrow = on.gutter < 1
    over = height(on.text) + 0.04 if narrow else 0.0  # the name of a panel, where the gutter has no room for it
    head = heading_height(heads, on)
    rows = [rows_of(given.support), rows_of(given.treatments)]
    bars = on.row * (sum(rows) + bool(given.left_out)) + 0.06 * sum(map(bool, rows))
    axis = 0.14 + height(on.text, 2)
    room = (_HEIGHT * on.text / DESK.text - head - bars - axis) / max(1, len(panels)) - _GAP
    each = 0.62 if narrow else min(max(room, _LEAST), _MOST)
    total = head + bars + len(panels) * (each + over + _GAP) + 0.04 + axis
    figure, ax = sheet(on, scale, total)
    bottom = total - axis
    draw_phases(ax, heads, colours, head, bottom, on)
    points = draw_doses(ax, doses, colours, head, bottom)
    lines = [d.day.low for d in doses if d.day.is_exact]
    y = head + 0.03
    for name, items in (("Organ support", given.support), ("Treatments", given.treatments)):
        if items:
            if not narrow:
                name_row(ax, on, y + on.row / 2, name)
            points |= draw_items(ax, items, colours, scale, on, y)
            y += on.row * rows_of(items) + 0.06
    if given.left_out:
        text = f"and {given.left_out} more, on the timeline"
        ax.annotate(text, (scale.limits[0], y + on.row / 2), xytext=(4, 0), textcoords="offset points", va="center",
                    fontsize=on.text, style="italic")  # fmt: skip
        y += on.row
    y = head + bars + 0.04
    for mine in panels:
        y += _GAP + over
        _panel(figure, ax, mine, episode, scale, on, y, each, over, lines)
        y += each
        points |= {value_id(m): pointed(m) for m in apart(mine)}
    draw_days(ax, scale, bottom, on)
    shown_items = [p.item for p in [*given.support, *given.treatments]]
    shown_given = [g for item in shown_items for g in item.courses]
    begun = [*(g.start for g in shown_given), *(item.tube.day for item in shown_items if item.tube)]
    return Figure(
        id="overview",
        title="The case at a glance",
        caption=caption(
            episode,
            panels,
            [_limits(mine, each, on) for mine in panels],
            shown_given,
            given.left_out > 0,
            any(map(scale.began_earlier, begun)),
        ),
        alt=alt(episode, panels),
        description=description(episode, panels),
        canvas=figure,
        table=_table(episode.given, panels),
        points=points,
    )


def _given(episode: Episode, scale: Scale, on: Screen) -> _Shown:
    """As many of the treatments as there are rows for: those that began nearest to the first opening dose."""
    support = placed(support_of(episode, scale, on))
    opening, others = opening_items(episode, scale, on), other_items(episode, scale, on)
    zero = next((w.opens.low for w in episode.phases if w.opens is not None), 0.0)
    near = sorted(others, key=lambda item: _away(item, zero))
    kept: list[Placed] = []
    for n in range(len(others), -1, -1):
        chosen = [item for item in others if any(item is one for one in near[:n])]
        kept = placed([*opening, *chosen])
        if rows_of(support) + rows_of(kept) + (n < len(others)) <= MOST_ROWS:
            break
    return _Shown(support, kept, len(opening) + len(others) - len(kept))


def _away(item: Item, zero: float) -> float:
    starts = [g.start for g in item.courses if g.start is not None]
    return min((max(s.low - zero, zero - s.high, 0.0) for s in starts), default=float("inf"))


def _panel(
    figure: Canvas, ax: Axes, rows: Sequence[Measurement], episode: Episode, scale: Scale, on: Screen, top: float,
    each: float, over: float, lines: Sequence[float],
) -> None:  # fmt: skip
    wide, tall = figure.get_size_inches()
    panel = figure.add_axes((on.gutter / wide, 1 - (top + each) / tall, on.inside / wide, each / tall))
    panel.set_facecolor("none")
    draw(panel, rows, episode.phases, [], scale.limits, bare=True)
    panel.set(xlim=scale.limits, ylim=_limits(rows, each, on), xticks=[], yticks=[], ylabel="")
    panel.spines["left"].set_visible(False)
    panel.spines["bottom"].set_alpha(0.25)
    label_values(panel, rows, on.text, lines)
    unit, reference = shown(rows[0].unit), range_text(shown_reference(rows), "").strip()
    known = [text for text in (unit, f"range {reference}" if reference else "") if text]
    if over:
        text = shortened(", ".join([rows[0].short, *known]), on.inside, on.text, bold=True)
        ax.text(scale.limits[0], top - 0.03, text, fontsize=on.text, va="bottom", fontweight="bold")
    else:
        name_row(ax, on, top + each / 2, rows[0].short, *known, room=each + _GAP)


def _limits(rows: Sequence[Measurement], each: float, on: Screen) -> tuple[float, float]:
    """The values of a panel: those that are known and a near limit of the range, with room for numbers around."""
    ends = [m.known for m in rows if m.known is not None]
    finite = [x for known in ends for x in (known.low, known.high) if abs(x) < float("inf")]
    low, high = (min(finite), max(finite)) if finite else (0.0, 1.0)
    near = 0.4 * (high - low)
    reference = shown_reference(rows)
    limits = [x for x in (reference.low, reference.high) if low - near <= x <= high + near] if reference else []
    low, high = min([low, *limits]), max([high, *limits])
    numbers = [level(m) for m in telling(rows)]
    room = (height(on.text) + 0.05) / each
    below = room if numbers and min(numbers) <= low + 0.1 * (high - low) and max(numbers) < high else 0.1
    span = ((high - low) or abs(high) or 1.0) / (1 - (room if numbers else 0.1) - below)
    return low - below * span, high + (room if numbers else 0.1) * span


def _table(given: Sequence[Given], panels: Sequence[Sequence[Measurement]]) -> pd.DataFrame:
    """What was given, then the values, one row each."""
    courses = [
        {"what": g.label, "when": g.when, "value": g.dose_text, "evidence": g.evidence, "source": g.source}
        for g in given
    ]
    values = [
        {"what": m.label, "when": day_text(m.when), "value": pointed(m).partition(": ")[2].partition(";")[0],
         "evidence": m.evidence, "source": m.source}
        for rows in panels for m in rows
    ]  # fmt: skip
    return pd.DataFrame([*courses, *values], columns=["what", "when", "value", "evidence", "source"])
