"""The courses of the analytes of an organ system, a panel each, below one another on one axis of days."""

import math
import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pandas as pd
from matplotlib.artist import Artist
from matplotlib.figure import Figure as Canvas
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.path import Path

from casereport.analysis.measurements import Measurement, by_analyte
from casereport.analysis.tidy import by_day, measured, phase_windows
from casereport.analysis.time_unit import in_its_time
from casereport.case.phases import Window
from casereport.figures.course_marks import (
    DASHES,
    LEVEL,
    TREND,
    aims,
    dose_id,
    draw,
    looks,
    shown_reference,
    threshold_caption,
    value_id,
)
from casereport.figures.crowded import apart, crowded, told
from casereport.figures.days import (
    Dose,
    Limits,
    band_labels,
    bands,
    day_limits,
    label_bands,
    name_days,
    narrow,
    on_days,
    opening_doses,
)
from casereport.figures.drawing import PHONE, WIDTH, Figure, style
from casereport.figures.palette import INK, REFERENCE, phase_colours
from casereport.figures.rows import SMALL, arrange, legend, legend_height, lines_of, panel_title, part_of
from casereport.figures.runs import known_as
from casereport.quantities.intervals import Interval, number
from casereport.quantities.units import behind
from casereport.quantities.wording import (
    capital,
    counted,
    day_text,
    figure_text,
    listed,
    number_text,
    on_day,
    range_text,
    spoken,
    time_unit,
    uncapital,
    value_text,
)

FEWEST = 3  # numbers of an analyte that make a course
_TALLEST = 7.0  # inches of a figure of usual width, as a page has them
_PANEL, _TITLE = 0.98, 0.165  # inches of a panel with the gap below it, and of a line of its title
_GAP, _FOOT = 0.14, 0.32  # and below the last: its ticks and the name of the axis
_BOLD_LETTER = 0.085
_ARROW = Path([(0, -1), (0, 0.2), (-0.5, 0.2), (0, 1), (0.5, 0.2), (0, 0.2)])
_SHOWN = (
    "row", "analyte", "label", "day", "day_low", "day_high", "phase", "printed", "value", "low", "high", "unit",
    "interpretation", "ref_low", "ref_high", "evidence", "source",
)  # fmt: skip


@style()
@in_its_time
def courses(observations: pd.DataFrame, phases: pd.DataFrame, interventions: pd.DataFrame, title: str) -> list[Figure]:
    """The courses of the analytes of `observations`, such as those of one organ system, below one another.

    Takes the tables of these names. An analyte with fewer than three numbers is in the tables only; more panels than
    a page has room for are parted into several figures, and without any there is none.
    """
    windows = phase_windows(phases)
    panels = {
        name: mine
        for name, mine in by_analyte(measured(observations)).items()
        if sum(m.numeric for m in mine) >= FEWEST
    }
    doses = opening_doses(interventions, windows)
    days = day_limits([*(m.when for mine in panels.values() for m in mine), *(dose.day for dose in doses)])
    stem = "courses-" + re.sub(r"[^a-z0-9]+", "-", title.lower()).strip("-")
    lots = _lots(panels)
    found = []
    for part, lot in enumerate(lots, start=1):
        name, heading = part_of(stem, title, part, len(lots))
        rows = observations[observations["analyte"].isin(list(lot))]
        wide, phone = (_drawn(lot, windows, doses, days, width) for width in (WIDTH, PHONE))
        points = {value_id(m): _pointed(m) for mine in lot.values() for m in apart(mine)}
        for mine in lot.values():
            points |= {dose_id(d, mine): f"{d.label}, {day_text(d.day)}" for d in doses if d.day.is_exact}
        figure = Figure(
            id=name,
            title=heading,
            caption=_caption(lot, doses) + _look_caption(lot, windows),
            alt=_alt(lot, doses),
            description=" ".join(_described(mine, windows) for mine in lot.values()),
            canvas=wide,
            table=rows[[column for column in _SHOWN if column in rows]].reset_index(drop=True),
            points=points,
        )
        found.append(replace(figure, phone=replace(figure, canvas=phone)))
    return found


def _lots(panels: dict[str, list[Measurement]]) -> list[dict[str, list[Measurement]]]:
    """The panels in as few figures as have room on a page each, as evenly as they go."""
    heights = [_PANEL + _TITLE * lines_of(panel_title(mine[0], WIDTH, _BOLD_LETTER)) for mine in panels.values()]
    count = math.ceil(sum(heights) / _TALLEST)
    each = math.ceil(len(panels) / count) if count else 1
    entries = list(panels.items())
    return [dict(entries[i : i + each]) for i in range(0, len(entries), each)]


def _drawn(
    panels: dict[str, list[Measurement]], windows: Sequence[Window], doses: Sequence[Dose], days: Limits, width: float
) -> Canvas:
    """The panels below one another on one axis of days, under the names of the phases, with the doses through all."""
    titles = [panel_title(mine[0], width, _BOLD_LETTER) for mine in panels.values()]
    rows = [m for mine in panels.values() for m in mine]
    found = bands(windows, days) if len(windows) > 1 else []
    inch = (days[1] - days[0]) / (width - 0.8)
    unnamed = {band.phase for band in narrow(found, inch)}
    ranged = any(shown_reference(mine) for mine in panels.values())
    legends = [w for w in windows if w.id in unnamed], windows, doses, ranged
    handles = [*_handles(rows, *legends), *_look_handles(panels, windows)]
    head = 0.12 + 0.15 * max((lines_of(text) for text in band_labels(found, inch)), default=0)
    height = sum(_PANEL + _TITLE * lines_of(text) for text in titles) + head + _FOOT + legend_height(handles, 3, width)
    figure = Canvas(figsize=(width, height))
    axes = list(figure.subplots(len(panels), 1, squeeze=False, sharex=True)[:, 0])
    for i, (ax, text, mine) in enumerate(zip(axes, titles, panels.values(), strict=True)):
        draw(ax, mine, windows, doses, days)
        ax.set_ylabel("")
        look: dict[str, Any] = {"bbox": {"fc": "white", "ec": "none", "pad": 0.6}} if i else {}
        ax.set_title(text, fontsize=SMALL, pad=3, **look)
        ax.tick_params(labelsize=SMALL)
        if i:
            for line in ax.lines:
                if str(line.get_gid()).startswith("dose-"):  # on to the panel above, behind the title between them
                    line.set(ydata=[0, 1 + (_GAP + _TITLE * lines_of(text)) / (_PANEL - _GAP)], clip_on=False)
    label_bands(axes[0], found, inch, 72 * _TITLE * lines_of(titles[0]) + 3)
    name_days(axes[-1], fontsize=SMALL)
    legend(figure, handles, 3)
    arrange(figure, axes, head, [_TITLE * lines_of(text) for text in titles], _PANEL - _GAP, _GAP)
    return figure


def _handles(
    rows: Sequence[Measurement],
    unnamed: Sequence[Window],
    phases: Sequence[Window],
    doses: Sequence[Dose],
    reference: bool,
) -> list[Artist]:
    """What a legend needs to say: the marks that occur, phases without a name above, doses and the reference range."""
    colours = phase_colours([w.id for w in phases])
    kinds = {known_as(m) for m in rows}
    hollow: dict[str, Any] = {"ls": "", "mfc": "white", "mec": INK, "mew": 1.1}
    marks = {
        "exact": Line2D([], [], color=INK, marker="o", ms=4.2, lw=1.1, label="value"),
        "spanned": Line2D([], [], color=INK, lw=2.4, label=f"value over a span of {time_unit()}"),
        "above": Line2D([], [], marker="^", ms=5.5, label="above a limit", **hollow),
        "below": Line2D([], [], marker="v", ms=5.5, label="below a limit", **hollow),
        "range": Line2D([], [], color=INK, marker="|", ms=8, mew=2.4, ls="", label="range"),
        "two": Line2D([], [], marker="o", ms=4.2, label="two statements that differ (≠)", **hollow),
        "words": Patch(facecolor="none", edgecolor=INK, hatch="////", ls=(0, (3, 2)), label="stated in words"),
        "move": Line2D([], [], color=INK, marker=_ARROW, ms=9, ls="", label="only the direction is stated"),
    }
    given = {(dose.label, dose.stated): dose for dose in doses if dose.day.is_exact}
    return [
        *(mark for kind, mark in marks.items() if kind in kinds),
        *([Patch(facecolor=REFERENCE, alpha=0.25, lw=0, label="reference range")] if reference else []),
        *(Patch(facecolor=colours[w.id], lw=0, label=w.label) for w in unnamed),
        *(_dose_handle(dose, colours[dose.phase]) for dose in given.values()),
    ]


def _look_handles(panels: dict[str, list[Measurement]], windows: Sequence[Window]) -> list[Line2D]:
    drawn = [seen for mine in panels.values() for seen in looks(mine, windows).values()]
    level = [Line2D([], [], label="median of a phase", **LEVEL)] if drawn else []
    return level + [Line2D([], [], label="trend of a phase", **TREND)] * any(seen.slope is not None for seen in drawn)


def _look_caption(panels: dict[str, list[Measurement]], windows: Sequence[Window]) -> str:
    handles = _look_handles(panels, windows)
    trend = "; dotted: its trend (Theil and Sen), for three values or more" * (len(handles) > 1)
    # a limit, a range, what is told in words or of several days is drawn and has no part in the line
    passed_over = any(
        len(seen.values) < sum(m.phase == phase and m.known is not None for m in mine)
        for mine in panels.values()
        for phase, seen in looks(mine, windows).items()
    )
    of = f", of its numbers with a known {time_unit(1)}" if passed_over else ""
    return f" Grey: the median of a phase{of}{trend}." if handles else ""


def _dose_handle(dose: Dose, colour: str) -> Line2D:
    label = dose.named + ("" if dose.stated else ", inferred")
    return Line2D([], [], color=colour, lw=1.4, ls="-" if dose.stated else DASHES, label=label)


def _caption(panels: dict[str, list[Measurement]], doses: Sequence[Dose]) -> str:
    rows = [m for mine in panels.values() for m in mine]
    names = listed([spoken(mine[0].label) for mine in panels.values()])
    parts = [f"{capital(names)}."]
    aimed = [spoken(mine[0].label) for mine in panels.values() if aims(mine)]
    if aimed:
        parts.append(f"Dashed lines without a band: the range that the treatment aims at, of {listed(aimed)}.")
    ranges = {mine[0].label: mine for mine in panels.values() if shown_reference(mine) and not aims(mine)}
    if ranges:
        usual = [spoken(x) for x, mine in ranges.items() if not any(m.ref_origin == "source" for m in mine)]
        band = "Green band: reference range"
        if len(usual) == len(ranges):
            parts.append(f"{band} (default, not the source's own).")
        elif usual:
            parts.append(f"{band}, as the source prints it; for {listed(usual)} the default, not the source's own.")
        else:
            parts.append(f"{band}, as the source prints it.")
    parts += threshold_caption(panels.values())
    scales = {mine[0].label: mine[0].ends for mine in panels.values() if mine[0].ends}
    if scales:
        of = "" if len(scales) == len(panels) else f" of {listed([spoken(x) for x in scales])}"
        parts.append(f"Dotted lines: the ends of the scale{of}, not a reference range.")
    kinds = {known_as(m) for m in rows}
    said = {
        "open triangles: beyond a limit": {"above", "below"},
        "vertical bars: ranges": {"range"},
        f"horizontal lines: the {time_unit()} over which, or on one of which, a value was measured": {"spanned"},
        f"two open points with ≠: two numbers that the source states for one {time_unit(1)}": {"two"},
        "hatched boxes: stated in words; any value in the box is possible": {"words"},
        "arrows: only the direction is stated": {"move"},
        "words: stated relative to an unknown reference range": {"place"},
    }
    if marks := [words for words, which in said.items() if which & kinds]:
        text = "; ".join(marks)
        parts.append(f"{capital(text)}.")
    if "exact" in kinds:
        parts.append("A line joins neighbouring values unless they are more than twice their usual distance apart.")
    drawn = [uncapital(dose.label) for dose in doses if dose.day.is_exact]
    if drawn:
        dashed = "; dashed where it is inferred" if any(not dose.stated for dose in doses) else ""
        parts.append(f"Vertical lines: {listed(list(dict.fromkeys(drawn)))}{dashed}.")
    return " ".join(parts)


def _alt(panels: dict[str, list[Measurement]], doses: Sequence[Dose]) -> str:
    parts = [_course_alt(by_day(mine)) for mine in panels.values()]
    if doses:
        labels = dict.fromkeys(dose.label for dose in doses)
        given = [f"{uncapital(x)} {on_days([dose.day for dose in doses if dose.label == x])}" for x in labels]
        parts.append(f"Given: {listed(given)}.")
    return " ".join(parts)


def _course_alt(rows: Sequence[Measurement]) -> str:
    """All statements if they are few, else the first, the last and the extremes."""

    def said(m: Measurement) -> str:
        return f"{value_text(m)} {on_day(m.when)}" + ("" if m.numeric else " (in words)")

    head = f"{rows[0].label}, {counted(len(rows), 'statement')}: "
    if len(rows) <= 3:
        return head + "; ".join(map(said, rows)) + "."
    text = f"{head}first {said(rows[0])}, last {said(rows[-1])}"
    numbers = [(m, m.known) for m in rows if m.known is not None and m.numeric]
    if numbers:
        lowest, highest = min(numbers, key=_least), max(numbers, key=_most)
        ends = [
            said(m) if known_as(m) != "two" else f"{_one(m, end)} {on_day(m.when)}"
            for m, end in ((lowest[0], lowest[1].low), (highest[0], highest[1].high))
        ]
        text += f"; lowest {ends[0]}, highest {ends[1]}"
    return text + "."


def _one(m: Measurement, end: float) -> str:
    """One of two numbers that a value may be."""
    return f"{number_text(Interval.exact(end), m.printed)}{behind(m.unit)}"


def _least(of: tuple[Measurement, Interval]) -> tuple[float, bool]:
    """Sorts by how low a value may be told to be: `<5` lies below 5, a range goes down to its lower end."""
    known = of[1]
    return (known.high, False) if known.kind == "below" else (known.low, True)


def _most(of: tuple[Measurement, Interval]) -> tuple[float, bool]:
    """Sorts by how high a value may be told to be: `>7000` lies above 7000, a range goes up to its upper end."""
    known = of[1]
    return (known.low, True) if known.kind == "above" else (known.high, False)


def _described(rows: Sequence[Measurement], phases: Sequence[Window]) -> str:
    """The reference range of an analyte and every statement in order, phase by phase."""
    reference = range_text(shown_reference(rows), rows[0].unit)
    about = "; ".join(filter(None, [f"reference range {reference}" if reference else "", _scale_text(rows[0])]))
    parts = [f"{rows[0].label}" + (f" ({about})." if about else ".")]
    none = "No phase, or not certain" if any(w.closes is not None for w in phases) else "Phase not certain"
    levels = looks(rows, phases)
    places = [*((w.id, w.label) for w in phases), ("", none)]
    for phase, label in places:
        values = told([m for m in by_day(rows) if m.phase == phase], crowded(rows))
        level = [f"median {figure_text(levels[phase].level)}"] if phase in levels else []
        if values or phase:
            parts.append(f"{label}: {'; '.join([*values, *level]) or 'nothing stated'}.")
    return " ".join(parts)


def _scale_text(m: Measurement) -> str:
    return f"scale {number(m.ends.low)} to {number(m.ends.high)}" if m.ends else ""


def _pointed(m: Measurement) -> str:
    """Analyte, day, value, unit, reference range and source of one mark."""
    reference = range_text(m.reference, m.unit)
    parts = [f"{m.label}, {day_text(m.when)}: {value_text(m)}"]
    if reference:
        parts.append(f"reference {reference}" + (" (default)" if m.ref_origin == "default" else ""))
    return "; ".join([*parts, f"{m.evidence}, {m.source}"])
