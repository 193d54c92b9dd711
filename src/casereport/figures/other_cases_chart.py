"""Lymphocytes and CRP of the bundled cases on one axis of study days."""

import math
from collections.abc import Sequence
from typing import NamedTuple

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle
from matplotlib.ticker import MaxNLocator

from casereport.analysis.measurements import Measurement
from casereport.analysis.tidy import measured
from casereport.case.description import COMPARED
from casereport.figures.days import Limits, day_limits
from casereport.figures.drawing import Figure, canvas, style
from casereport.figures.palette import INK
from casereport.figures.rows import legend
from casereport.figures.runs import longest_gap
from casereport.quantities.units import shown
from casereport.quantities.wording import counted, day_text, interval_text, on_day, value_text

_LOOKS = (("#0173b2", "o"), ("#de8f05", "s"), ("#029e73", "D"), ("#cc78bc", "^"), ("#ca9161", "v"))
_SHOWN = [
    "case", "simulated", "analyte", "day", "day_low", "day_high", "value", "low", "high", "unit", "numeric", "printed",
    "evidence", "source",
]  # fmt: skip


class _Series(NamedTuple):
    """The values of one case with its look; `main` is the case that is reported."""

    case: str
    simulated: bool
    last_day: float
    rows: dict[str, list[tuple[int, Measurement]]]
    colour: str
    marker: str
    main: bool

    @property
    def label(self) -> str:
        return self.case + (" (simulated)" if self.simulated else "")

    @property
    def line(self) -> str:
        return "--" if self.simulated else "-"


@style()
def other_cases(series: pd.DataFrame, case: str) -> Figure:
    """One panel an analyte; each case has its colour and marker, the reported one (`case`, its id) a heavier line.

    Takes the table that `analysis.other_cases.series` makes. Raises ValueError where it has no row.
    """
    found = _series(series, case)
    analytes = [a for a in COMPARED if (series["analyte"] == a).any()]
    if not analytes:
        raise ValueError(f"no case has a value of {' or '.join(COMPARED)}")
    about = {a: next(m for one in found for _, m in one.rows.get(a, [])) for a in analytes}
    everything = [m for one in found for rows in one.rows.values() for _, m in rows]
    limits = day_limits([m.when for m in everything], next((one.last_day for one in found if one.main), None))
    figure = canvas(1.95 * len(analytes) + 1.1)
    axes = figure.subplots(len(analytes), 1, sharex=True, squeeze=False)[:, 0]
    for ax, analyte in zip(axes, analytes, strict=True):
        known = [m.known for m in everything if m.analyte == analyte and m.known is not None]
        top = 1.1 * max((k.high for k in known if math.isfinite(k.high)), default=1.0)
        ax.set_ylim(0, top)
        ax.set_xlim(*limits)
        ax.yaxis.set_major_locator(MaxNLocator(5))  # as many whatever the size: the layout is found but once
        ax.axvline(0, color=INK, lw=0.9, zorder=1)
        for one in found:
            _draw(ax, one, one.rows.get(analyte, []), top, limits)
        ax.set_title(about[analyte].label, fontsize=9.5)
        ax.set_ylabel(shown(about[analyte].unit))
    axes[-1].set_xlabel("study day of each case; the line is its own day 0")
    handles = [
        axes[0].plot([], [], marker=one.marker, color=one.colour, ms=5, lw=1.2, ls=one.line, label=one.label)[0]
        for one in found
    ]
    legend(figure, handles, 2)
    return Figure(
        id="comparators",
        title="Lymphocytes and CRP of the bundled cases",
        caption=(
            "Each case on its own study days; the vertical line is its own day 0. A line joins neighbouring values up "
            "to a week apart, or twice their usual distance. Hatched boxes: stated in words, any value in the box is "
            "possible. Dashed: simulated, no patient. The "
            "cases differ in illness, treatment and sampling; the distance between two of them shows no effect."
        ),
        alt=" ".join(f"{about[a].label}. {'; '.join(_alt(one, a) for one in found)}." for a in analytes),
        description=" ".join(_described(one, about[a]) for a in analytes for one in found),
        canvas=figure,
        table=series[[column for column in _SHOWN if column in series]].reset_index(drop=True),
        points={_gid(i): _pointed(one, m) for one in found for rows in one.rows.values() for i, m in rows},
    )


def _series(series: pd.DataFrame, case: str) -> list[_Series]:
    found = []
    for number, (name, table) in enumerate(series.reset_index(drop=True).groupby("case", sort=False)):
        rows: dict[str, list[tuple[int, Measurement]]] = {}
        for i, m in zip(table.index, measured(table), strict=True):
            rows.setdefault(m.analyte, []).append((int(i), m))
        colour, marker = _LOOKS[number % len(_LOOKS)]
        first = table.iloc[0]
        last_day = float("nan") if first["last_day"] is None else float(first["last_day"])
        found.append(_Series(str(name), bool(first["simulated"]), last_day, rows, colour, marker, name == case))
    return found


def _gid(index: int) -> str:
    return f"value-{index}"


def _draw(ax: Axes, one: _Series, rows: Sequence[tuple[int, Measurement]], top: float, limits: Limits) -> None:
    xs: list[float] = []
    ys: list[float] = []
    longest = longest_gap([m for _, m in rows])
    for i, m in rows:
        point = m.known is not None and m.when is not None and m.known.is_exact and m.when.is_exact
        if point and m.when and xs and m.when.low - xs[-1] > longest:
            xs, ys = [*xs, math.nan], [*ys, math.nan]
        xs.append(m.when.low if point and m.when else math.nan)
        ys.append(m.known.low if point and m.known else math.nan)
        if point:
            ax.plot(xs[-1], ys[-1], one.marker, ms=4, color=one.colour, mec="white", mew=0.4, zorder=3, gid=_gid(i))
        else:
            _draw_box(ax, one, m, top, limits, _gid(i))
    ax.plot(xs, ys, color=one.colour, lw=1.9 if one.main else 1.1, ls=one.line)


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
    return f"{analyte.label}, {one.label}: {'; '.join(told) or 'nothing stated'}."


def _alt(one: _Series, analyte: str) -> str:
    rows = [m for _, m in one.rows.get(analyte, [])]
    if not rows:
        return f"{one.label}: none"
    ends = [f"{interval_text(m.known, m.unit)} {on_day(m.when)}" for m in (rows[0], rows[-1]) if m.known is not None]
    text = f"from {ends[0]} to {ends[-1]}" if len(rows) > 1 else ends[0]
    return f"{one.label}: {counted(len(rows), 'value')}, {text}"
