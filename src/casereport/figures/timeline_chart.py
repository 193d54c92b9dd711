"""The timeline of the episode: organ support, what was given and what happened, on one axis of days (CARE item 7).

Each bar and mark has its text on it or beside it. For a small screen the same is a list, from the first day down.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pandas as pd
from matplotlib.lines import Line2D

from casereport.analysis.events import HISTORY
from casereport.analysis.time_unit import in_its_time
from casereport.figures.days import Dose, opening_doses
from casereport.figures.drawing import Figure, style
from casereport.figures.episode import Episode, day_range, episode_of
from casereport.figures.event_marks import draw_marks, lanes
from casereport.figures.event_marks import rows_of as rows_of_marks
from casereport.figures.given_rows import draw_items, opening_items, other_items, placed, rows_of, support_items
from casereport.figures.palette import FAINT, INK, phase_colours
from casereport.figures.screens import (
    DESK,
    PAGE,
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
from casereport.figures.text_room import height
from casereport.figures.timeline_list import listing
from casereport.figures.timeline_words import alt, caption, description

_BETWEEN = 0.07  # inches from one lane to the next


@style()
@in_its_time
def timeline(
    interventions: pd.DataFrame,
    events: pd.DataFrame,
    observations: pd.DataFrame,
    phases: pd.DataFrame,
    last_day: float | None = None,
) -> Figure:
    """The timeline of the episode: organ support and treatments as bars with their names, events as marks with texts.

    Takes the tables of these names and the last study day that the source covers, where it says so. Not drawn are the
    history before this illness and a list of diagnoses, three or more of one day: they did not happen on it.
    """
    episode = episode_of(interventions, events, observations, phases, last_day)
    doses = opening_doses(interventions, episode.phases)
    lag = int(phases["lag_days"].iloc[0])
    drawn = Figure(
        id="timeline",
        title="Timeline of the episode",
        caption=caption(episode, lag),
        alt=alt(episode),
        description=description(episode),
        table=_table(interventions, events[events["kind"] != HISTORY]),
        **_wide(episode, doses, DESK),
    )
    phone = replace(drawn, caption=caption(episode, lag, phone=True), **listing(episode))
    return replace(drawn, phone=phone, page=replace(drawn, **_wide(episode, doses, PAGE)))


def _wide(episode: Episode, doses: Sequence[Dose], on: Screen) -> dict[str, Any]:
    """The canvas and its points, for a wide screen or a page."""
    scale = Scale(*day_range(episode.days, episode.last_day, episode.course), on.inside)
    heads = headings(episode.phases, scale, on)
    colours = phase_colours([w.id for w in episode.phases])
    given = {
        "Organ support": placed(support_items(episode, scale, on)),
        "Treatments": placed([*opening_items(episode, scale, on), *other_items(episode, scale, on)]),
    }
    happened = lanes((e for e in episode.events if not e.is_tube), scale, on)
    head = heading_height(heads, on)
    rows = [rows_of(found) for found in given.values()]
    rows += [rows_of_marks(marks) for marks in happened.values()] + [bool(episode.measured)]
    body = sum(n * on.row + _BETWEEN for n in rows if n)
    bottom = head + body + 0.02
    figure, ax = sheet(on, scale, bottom + 0.14 + height(on.text, 2))
    draw_phases(ax, heads, colours, head, bottom, on)
    points = draw_doses(ax, doses, colours, head, bottom)
    y = head + _BETWEEN / 2

    def begun(name: str) -> None:
        name_row(ax, on, y + on.row / 2, name)
        if y > head + _BETWEEN:
            ax.add_line(Line2D(scale.limits, [y - _BETWEEN / 2] * 2, color=FAINT, lw=0.5, alpha=0.6, zorder=0.6))

    for name, found in given.items():
        if found:
            begun(name)
            points |= draw_items(ax, found, colours, scale, on, y)
            y += on.row * rows_of(found) + _BETWEEN
    for name, marks in happened.items():
        begun(name)
        points |= draw_marks(ax, marks, scale, on, y)
        y += on.row * rows_of_marks(marks) + _BETWEEN
    if episode.measured:
        begun("Measured values")
        days = list(episode.measured)
        ax.plot(days, [y + on.row / 2] * len(days), "|", color=INK, ms=7, mew=1.0, zorder=4)
    draw_days(ax, scale, bottom, on)
    return {"canvas": figure, "points": points}


def _table(interventions: pd.DataFrame, events: pd.DataFrame) -> pd.DataFrame:
    """What was given, then what happened, one row each."""
    days = ["start", "start_low", "start_high", "end", "end_low", "end_high"]
    given = interventions.rename(columns={"label": "what"}).assign(number="", kind="intervention", interpretation="")
    moved = {new: events[f"day{new.removeprefix('start').removeprefix('end')}"] for new in days}
    happened = events.assign(number=events["number"].astype(str), what=events["told"], dose="", dose_unit="", **moved)
    columns = ["number", "what", "kind", *days, "dose", "dose_unit", "interpretation", "evidence", "source"]
    return pd.concat([given[columns], happened[columns]], ignore_index=True)
