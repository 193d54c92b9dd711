"""Lymphocytes and CRP of the bundled cases on one axis of study days."""

import math
from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure as Canvas
from matplotlib.lines import Line2D
from matplotlib.patches import Rectangle
from matplotlib.ticker import MaxNLocator

from casereport.analysis.measurements import Measurement
from casereport.analysis.tidy import measured
from casereport.case.description import COMPARED
from casereport.figures.days import Limits, day_limits
from casereport.figures.drawing import PHONE, WIDTH, Figure, style
from casereport.figures.palette import INK
from casereport.figures.rows import SMALL, arrange, legend, legend_height, lines_of, panel_title
from casereport.figures.runs import longest_gap
from casereport.quantities.wording import counted, day_text, listed, on_day, spoken, value_text

_PLOT, _GAP = 1.6, 0.14  # inches of a panel, and below it
_LOOKS = (("#0173b2", "o"), ("#de8f05", "s"), ("#029e73", "D"), ("#cc78bc", "^"), ("#ca9161", "v"))
_SHOWN = [
    "case", "analyte", "day", "day_low", "day_high", "value", "low", "high", "unit", "numeric", "printed",
    "evidence", "source",
]  # fmt: skip


class _Series(NamedTuple):
    """The values of one case with its look; `main` is the case that is reported."""

    case: str
    last_day: float
    rows: dict[str, list[tuple[int, Measurement]]]
    colour: str
    marker: str
    main: bool


@style()
def other_cases(series: pd.DataFrame, case: str) -> list[Figure]:
    """One panel an analyte; each case has its colour and marker, the reported one (`case`, its id) a heavier line.

    Takes the table that `analysis.other_cases.courses_beside` makes. A simulated course is not drawn among those of
    patients. An analyte has a panel where the reported case has a value of it and another more than one; without any
    panel there is no figure.
    """
    found = _series(series[~series["simulated"]], case)
    mine, others = [one for one in found if one.main], [one for one in found if not one.main]
    analytes = [
        a
        for a in COMPARED
        if any(a in one.rows for one in mine) and any(len(one.rows.get(a, [])) > 1 for one in others)
    ]
    if not analytes:
        return []
    found = [one for one in found if any(one.rows.get(a) for a in analytes)]
    about = {a: next(m for one in found for _, m in one.rows.get(a, [])) for a in analytes}
    rows = [(i, m) for one in found for a in analytes for i, m in one.rows.get(a, [])]
    words = any(m.known is not None and not m.numeric for _, m in rows)
    boxes = "Hatched boxes: stated in words; any value in the box is possible. " if words else ""
    figure = Figure(
        id="comparators",
        title="Comparison with other cases",
        caption=(
            f"Comparison with other cases: {listed([spoken(about[a].label) for a in analytes])}. Each case on its "
            "own study days; the vertical line is its own day 0. A line joins neighbouring values unless they are more "
            f"than twice their usual distance apart. {boxes}"
            "The cases differ in illness, treatment and sampling; the distance between two of them shows no effect. "
            "Simulated cases are left out."
        ),
        alt=" ".join(f"{about[a].label}. {'; '.join(_alt(one, a) for one in found)}." for a in analytes),
        description=" ".join(_described(one, about[a]) for a in analytes for one in found),
        canvas=_drawn(found, about, WIDTH),
        table=series.loc[[i for i, _ in rows], _SHOWN].reset_index(drop=True),
        points={_gid(i): _pointed(one, m) for one in found for a in analytes for i, m in one.rows.get(a, [])},
    )
    return [replace(figure, phone=replace(figure, canvas=_drawn(found, about, PHONE)))]


def _drawn(found: Sequence[_Series], about: dict[str, Measurement], width: float) -> Canvas:
    everything = [m for one in found for rows in one.rows.values() for _, m in rows]
    limits = day_limits([m.when for m in everything], next((one.last_day for one in found if one.main), None))
    handles = [Line2D([], [], marker=one.marker, color=one.colour, ms=5, lw=1.2, label=one.case) for one in found]
    titles = [panel_title(first, width, 0.095) for first in about.values()]
    rooms = [0.06 + 0.165 * lines_of(title) for title in titles]
    figure = Canvas(figsize=(width, sum(rooms) + (_PLOT + _GAP) * len(about) + 0.33 + legend_height(handles, 4, width)))
    axes = list(figure.subplots(len(about), 1, sharex=True, squeeze=False)[:, 0])
    for ax, title, analyte in zip(axes, titles, about, strict=True):
        known = [m.known for m in everything if m.analyte == analyte and m.known is not None]
        top = 1.1 * max((k.high for k in known if math.isfinite(k.high)), default=1.0)
        ax.set_ylim(0, top)
        ax.set_xlim(*limits)
        ax.yaxis.set_major_locator(MaxNLocator(5))  # as many whatever the size: the layout is found but once
        ax.axvline(0, color=INK, lw=0.9, zorder=1)
        for one in found:
            _draw(ax, one, one.rows.get(analyte, []), top, limits)
        ax.set_title(title, fontsize=9.5, pad=3)
    axes[-1].set_xlabel("study day of each case; the line is its own day 0", fontsize=SMALL)
    legend(figure, handles, 4)
    arrange(figure, axes, 0.03, rooms, _PLOT, _GAP)
    return figure


def _series(series: pd.DataFrame, case: str) -> list[_Series]:
    found = []
    for number, (name, table) in enumerate(series.groupby("case", sort=False)):
        rows: dict[str, list[tuple[int, Measurement]]] = {}
        for i, m in zip(table.index, measured(table), strict=True):
            rows.setdefault(m.analyte, []).append((int(i), m))
        colour, marker = _LOOKS[number % len(_LOOKS)]
        first = table.iloc[0]
        last_day = float("nan") if first["last_day"] is None else float(first["last_day"])
        found.append(_Series(str(name), last_day, rows, colour, marker, name == case))
    return found


def _gid(index: int) -> str:
    return f"value-{index}"


def _draw(ax: Axes, one: _Series, rows: Sequence[tuple[int, Measurement]], top: float, limits: Limits) -> None:
    xs: list[float] = []
    ys: list[float] = []
    longest = longest_gap([m for _, m in rows])
    for i, m in rows:
        day, value = m.point or (math.nan, math.nan)
        if xs and day - xs[-1] > longest:
            xs, ys = [*xs, math.nan], [*ys, math.nan]
        xs.append(day)
        ys.append(value)
        if m.point:
            ax.plot(day, value, one.marker, ms=4, color=one.colour, mec="white", mew=0.4, zorder=3, gid=_gid(i))
        else:
            _draw_box(ax, one, m, top, limits, _gid(i))
    ax.plot(xs, ys, color=one.colour, lw=1.9 if one.main else 1.1)


def _draw_box(ax: Axes, one: _Series, m: Measurement, top: float, limits: Limits, gid: str) -> None:
    """All values and days that are possible."""
    if m.known is None:
        return
    end = limits[1] if math.isnan(one.last_day) else min(limits[1], one.last_day)
    x0, x1 = (limits[0], end) if m.when is None else (max(m.when.low, limits[0]), min(m.when.high, end))
    half = 0.3 if x0 == x1 else 0.0
    low, high = max(m.known.low, 0.0), min(m.known.high, top)
    ax.add_patch(
        Rectangle(
            (x0 - half, low), x1 - x0 + 2 * half, high - low, facecolor="none", edgecolor=one.colour,
            hatch=None if m.numeric else "////", lw=1.1, gid=gid,
        )
    )  # fmt: skip


def _pointed(one: _Series, m: Measurement) -> str:
    """Case, day, value, unit and source of one mark."""
    return f"{one.case}, {day_text(m.when)}: {value_text(m)}; {m.evidence}, {m.source}"


def _described(one: _Series, analyte: Measurement) -> str:
    told = [f"{day_text(m.when)} {value_text(m)}" for _, m in one.rows.get(analyte.analyte, [])]
    return f"{analyte.label}, {one.case}: {'; '.join(told) or 'nothing stated'}."


def _alt(one: _Series, analyte: str) -> str:
    rows = [m for _, m in one.rows.get(analyte, [])]
    if not rows:
        return f"{one.case}: none"
    ends = [f"{value_text(m)} {on_day(m.when)}" for m in (rows[0], rows[-1]) if m.known is not None]
    text = f"from {ends[0]} to {ends[-1]}" if len(rows) > 1 else ends[0]
    return f"{one.case}: {counted(len(rows), 'value')}, {text}"
