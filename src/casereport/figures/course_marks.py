"""One analyte's course in one pair of axes: its values as what they are, over phases, reference range and dose days.

What is not a number is not drawn as a point. A censored value is an open triangle at its limit, a range is a bar, a
value known only in words is a hatched box over all that the words allow, and a mere order is an arrow. Numbers that
are too many to be told apart share one mark.
"""

import math
from collections.abc import Iterable, Sequence
from typing import Any

import pandas as pd
from matplotlib import pyplot as plt
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patches import Rectangle
from matplotlib.ticker import MaxNLocator

from casereport.analysis.measurements import Measurement
from casereport.analysis.tidy import by_day, measured, phase_windows
from casereport.analysis.time_unit import in_its_time
from casereport.analysis.visual_analysis import Look, look
from casereport.case.phases import Window
from casereport.figures.crowded import apart, crowded, solid
from casereport.figures.days import Dose, Limits, bands, day_limits, draw_bands, opening_doses, whole_days, within
from casereport.figures.palette import COURSE, FAINT, INK, REFERENCE, phase_colours
from casereport.figures.runs import direction, known_as, runs
from casereport.quantities.intervals import Interval
from casereport.quantities.units import shown
from casereport.quantities.wording import listed, spoken

# what an interpretation says where it gives neither a bound nor a direction
_WORDS = {
    "B": "better", "W": "worse", "N": "normal", "L": "low", "LL": "low", "H": "high", "HH": "high", "A": "abnormal",
}  # fmt: skip
DASHES = (0, (4, 2))
LEVEL: dict[str, Any] = {"color": COURSE, "lw": 2.4, "alpha": 0.6, "solid_capstyle": "butt"}
TREND: dict[str, Any] = {"color": COURSE, "lw": 1.4, "ls": (0, (1.2, 1.2))}
DOTS = (0, (1, 2))
DASH_DOT = (0, (5, 2, 1, 2))


@in_its_time
def draw_course(
    data: pd.DataFrame, phases: pd.DataFrame, interventions: pd.DataFrame | None = None, **kwargs: object
) -> None:
    """Draws the course of one analyte into the current axes, for `FacetGrid.map_dataframe` of seaborn:

        grid = sns.FacetGrid(observations, col="label", col_wrap=3, sharey=False)
        grid.map_dataframe(cr.draw_course, phases=phases)

    `data` are the rows of `observations` of one analyte, `phases` is the table of that name, and with the table
    `interventions` the doses that open a phase are drawn too. What else seaborn hands on, such as a colour, has no
    meaning here. Raises ValueError for the rows of more than one analyte.
    """
    rows, windows = measured(data), phase_windows(phases)
    if len(analytes := dict.fromkeys(m.analyte for m in rows)) > 1:
        raise ValueError(f"a course is of one analyte; these rows are of {', '.join(analytes)}")
    doses = [] if interventions is None else opening_doses(interventions, windows)
    draw(plt.gca(), rows, windows, doses, day_limits([*(m.when for m in rows), *(d.day for d in doses)]))


def draw(
    ax: Axes, rows: Sequence[Measurement], windows: Sequence[Window], doses: Sequence[Dose], days: Limits,
    bare: bool = False,
) -> None:  # fmt: skip
    """The same of records, between two study days at least; panels that share an axis share the widest of all.

    `bare` leaves out the phases, with their medians and trends, where something else shows them.
    """
    rows, reference = by_day(rows), shown_reference(rows)
    days, frame = _grown(ax, "x", days), _grown(ax, "y", _frame(rows, reference))
    ax.set_xlim(*days)
    ax.set_ylim(*frame)
    # further than any panel beside this one may widen them: what has no end is not to end where this one does
    x, y = _far(days), _far(frame)
    colours = phase_colours([w.id for w in windows])
    if not bare:
        draw_bands(ax, bands(windows, x), colours)
        _draw_looks(ax, looks(rows, windows), 2 * solid(rows))
    if reference:
        limits = [limit for limit in (reference.low, reference.high) if math.isfinite(limit)]
        if not aims(rows):
            ends = max(reference.low, y[0]), min(reference.high, y[1])
            ax.axhspan(*ends, color=REFERENCE, alpha=0.10, lw=0, zorder=0.5)
        for limit in limits:
            ax.axhline(limit, color=REFERENCE, lw=0.8, ls=DASHES, zorder=0.6)
    for end in _scale_ends(rows):
        ax.axhline(end, color=FAINT, lw=0.9, ls=DOTS, zorder=0.6)
    for limit in threshold_limits(rows):
        ax.axhline(limit, color=INK, lw=0.8, ls=DASH_DOT, zorder=0.6)
    for dose in doses:
        if dose.day.is_exact:
            dashes = "-" if dose.stated else DASHES
            gid = dose_id(dose, rows)
            ax.axvline(dose.day.low, color=colours[dose.phase], lw=1.4, ls=dashes, zorder=1.5, gid=gid)
    joined = runs(rows, [w.id for w in windows])
    _draw_line(ax, joined, 0.3 if solid(rows) else 1)
    if crowded(rows):
        xs, ys = zip(*(point for run in joined for point in run), strict=True)
        marks: dict[str, Any] = {"ms": 1, "alpha": 0.3} if solid(rows) else {"ms": 2}
        ax.add_line(Line2D(xs, ys, ls="", marker="o", mew=0, color=INK, zorder=4, **marks))
    heights = _free_heights(rows, days)
    for m in apart(rows):
        _draw_value(ax, m, days, y, heights.get(m.row, 0.5))
    ax.set_ylabel(shown(rows[0].unit) if rows else "")
    ax.yaxis.set_major_locator(MaxNLocator(4))  # as many whatever the size: the layout is found but once
    whole_days(ax)


def value_id(m: Measurement) -> str:
    """The id of the mark of a measurement."""
    return f"value-{m.row}"


def dose_id(dose: Dose, rows: Sequence[Measurement]) -> str:
    """The id of the line of a dose in the panel of these rows."""
    return f"dose-{dose.line}-{rows[0].analyte if rows else ''}"


def shown_reference(rows: Sequence[Measurement]) -> Interval | None:
    """The reference range that a panel shows: the one that most of its values carry, the source's own first."""
    own = [m for m in rows if m.ref_origin == "source"]
    ranges = [m.reference for m in own or rows if m.reference is not None]
    return max(dict.fromkeys(ranges), key=ranges.count, default=None)


def looks(rows: Sequence[Measurement], windows: Sequence[Window]) -> dict[str, Look]:
    """Level and trend of each phase that has two numbers or more, where there are phases to compare."""
    if len(windows) < 2:
        return {}
    found = {w.id: look([m for m in rows if m.phase == w.id]) for w in windows}
    return {phase: seen for phase, seen in found.items() if seen is not None and len(seen.values) > 1}


def _draw_looks(ax: Axes, found: dict[str, Look], lift: float) -> None:
    """The median of each phase over its days, and its trend; `lift` brings them above the values."""
    for seen in found.values():
        ends = [seen.days[0], seen.days[-1]]
        ax.add_line(Line2D(ends, [seen.level] * 2, label="median", zorder=2.4 + lift, **LEVEL))
        if seen.slope is not None:
            ax.add_line(Line2D(ends, [seen.at(day) for day in ends], label="trend", zorder=2.5 + lift, **TREND))


def aims(rows: Sequence[Measurement]) -> bool:
    """True where the range of a panel is one that the case aims at, which says nothing of what is normal."""
    return any(m.ref_origin == "target" for m in rows)


def threshold_limits(rows: Sequence[Measurement]) -> list[float]:
    """The limits of a score or a definition that a panel shows; none where it has a reference range to show."""
    threshold = next((m.threshold for m in rows if m.threshold is not None), None)
    if threshold is None or shown_reference(rows) is not None:
        return []
    return [limit for limit in (threshold.low, threshold.high) if math.isfinite(limit)]


def threshold_caption(panels: Iterable[Sequence[Measurement]]) -> list[str]:
    """The sentence on the thresholds that panels show, where there are any."""
    named = [f"{spoken(rows[0].label)}, {rows[0].threshold_name}" for rows in panels if threshold_limits(rows)]
    return [f"Dash-dotted: a threshold, not a reference range: {listed(named)}."] if named else []


def _frame(rows: Sequence[Measurement], reference: Interval | None) -> Limits:
    """The values that a panel shows: all that are known, and a limit of the reference range that is not far away."""
    ends = [x for m in rows if m.known is not None for x in (m.known.low, m.known.high) if math.isfinite(x)]
    limits = [x for x in (reference.low, reference.high) if math.isfinite(x)] if reference else threshold_limits(rows)
    of_scale = _scale_ends(rows)
    scale = [*ends, *(x for x in limits if ends and x < 4 * max(ends)), *of_scale]
    low, high = (min(scale), max(scale)) if scale else (0.0, 1.0)
    span = (high - low) or abs(high) or 1.0
    over = 0.08 if high in of_scale else 0.2  # no tick beyond the end of a scale
    return 0.0 if 0 <= low < 0.5 * high else low - 0.12 * span, high + over * span


def _scale_ends(rows: Sequence[Measurement]) -> list[float]:
    """The ends of the scale of an outcome, such as 0 and 10 of pain; none for a quantity that has no ends."""
    ends = next((m.ends for m in rows if m.ends is not None), None)
    return [] if ends is None else [ends.low, ends.high]


def _grown(ax: Axes, axis: str, limits: Limits) -> Limits:
    """The limits, no narrower than those that another panel on the same axis or its owner has set."""
    if getattr(ax, f"get_autoscale{axis}_on")():
        return limits
    low, high = getattr(ax, f"get_{axis}lim")()
    return min(low, limits[0]), max(high, limits[1])


def _far(limits: Limits) -> Limits:
    reach = 20 * (limits[1] - limits[0])
    return limits[0] - reach, limits[1] + reach


def _draw_line(ax: Axes, joined: Sequence[Sequence[tuple[float, float]]], share: float) -> None:
    """The values of each run, joined; as thin and pale as `share`, of 1, says."""
    xs: list[float] = []
    ys: list[float] = []
    for run in joined:
        xs += [*(x for x, _ in run), math.nan]
        ys += [*(y for _, y in run), math.nan]
    ax.add_line(Line2D(xs[:-1], ys[:-1], color=INK, lw=1.1 * share, alpha=share, zorder=3))


def _free_heights(rows: Sequence[Measurement], days: Limits) -> dict[int, float]:
    """How high, as a share of the panel, the word of each value stands that has no other mark: none over another."""
    found: dict[int, float] = {}
    last = [-math.inf] * 5
    for m in rows:
        if m.known is None:
            middle = sum(within(m.when, days)) / 2
            level = next((i for i, x in enumerate(last) if middle - x > 0.3 * (days[1] - days[0])), 0)
            last[level] = middle
            found[m.row] = 0.48 - 0.1 * level
    return found


def _draw_value(ax: Axes, m: Measurement, days: Limits, far: Limits, height: float) -> None:
    x0, x1 = within(m.when, days)
    middle, gid, kind = (x0 + x1) / 2, value_id(m), known_as(m)
    low, high = (math.nan, math.nan) if m.known is None else (max(m.known.low, far[0]), min(m.known.high, far[1]))
    flat: dict[str, Any] = {"color": INK, "solid_capstyle": "butt", "zorder": 4}
    hollow: dict[str, Any] = {"mfc": "white", "mec": INK, "mew": 1.1, "zorder": 4, "gid": gid}
    if kind == "move":
        _draw_arrow(ax, middle, height, direction(m), gid)
    elif kind == "place":
        word = _WORDS.get(m.interpretation, "?")
        at = ax.get_xaxis_transform()
        ax.annotate(word, (middle, height), xycoords=at, ha="center", va="center", fontsize=8.3, gid=gid)
    elif kind == "exact":
        # `plot` would look for new limits each time
        ax.add_line(Line2D([x0], [low], ls="", marker="o", ms=4, mec="white", mew=0.5, color=INK, zorder=4, gid=gid))
    elif kind == "spanned":
        ax.plot([x0, x1], [low, low], lw=2.4, gid=gid, **flat)
    elif kind == "words":
        half = 0.015 * (days[1] - days[0]) if x0 == x1 else 0.0
        ax.add_patch(
            Rectangle(
                (x0 - half, low), x1 - x0 + 2 * half, high - low, facecolor="none", edgecolor=INK, hatch="////",
                lw=0.9, ls=(0, (3, 2)), zorder=3, gid=gid,
            )
        )  # fmt: skip
    elif kind in ("above", "below"):
        ax.plot([middle, middle], [low, high], color=INK, lw=0.8, ls=":", zorder=3)
        ax.plot(middle, low if kind == "above" else high, "^" if kind == "above" else "v", ms=5.5, **hollow)
    else:
        if x1 > x0:
            ax.plot([x0, x1], [(low + high) / 2] * 2, color=INK, lw=0.9, alpha=0.6, zorder=3)
        if kind == "two":
            ax.plot([middle, middle], [low, high], "o", ms=4, **hollow)
            centre = (middle, (low + high) / 2)
            ax.annotate("≠", centre, xytext=(4, 0), textcoords="offset points", va="center", fontsize=8.3, color=INK)
        else:
            ax.plot([middle, middle], [low, high], lw=2.4, marker="_", ms=7, mew=1.1, gid=gid, **flat)


def _draw_arrow(ax: Axes, x: float, height: float, direction: str, gid: str) -> None:
    at = ax.get_xaxis_transform()
    start, end = (height - 0.12, height + 0.12) if direction == "U" else (height + 0.12, height - 0.12)
    style = {"arrowstyle": "-|>", "color": INK, "lw": 1.6, "shrinkA": 0, "shrinkB": 0}
    drawn = ax.annotate("", (x, end), (x, start), xycoords=at, textcoords=at, arrowprops=style, zorder=5)
    if drawn.arrow_patch is not None:
        drawn.arrow_patch.set_gid(gid)
