"""NAP of every analyte, one panel a phase: how far its values stand apart from those of the phase before."""

import math
from collections.abc import Sequence
from operator import itemgetter

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.lines import Line2D

from casereport.analysis.effect_tables import ORDER_ONLY, informative
from casereport.analysis.tidy import Row
from casereport.figures.drawing import Figure, style
from casereport.figures.palette import BETTER, INK, NEITHER, WORSE
from casereport.figures.rows import against, beside, panels_of, stacked
from casereport.quantities.wording import arrow, counted, share_text, uncapital

# with 2 values in a phase, the other's 3 can all lie beyond them by chance in one case of ten
FEW = 3
_PITCH = 0.24  # inches from one row to the next


@style()
def forest(effects: pd.DataFrame, phases: pd.DataFrame, confidence: float) -> Figure:
    """NAP with its confidence interval, or with its bounds where data are intervals; one panel a phase.

    Takes the tables of these names and the level that the intervals were computed for. Raises ValueError where no
    analyte has three values in two phases that follow each other.
    """
    table = informative(effects)
    table = table[table["index"] == "NAP"].drop(columns=["index"]).reset_index(drop=True)
    if not len(table):
        raise ValueError("no analyte has three values in two phases that follow each other")
    marks = [
        Line2D([], [], marker="o", ls="", color=BETTER, ms=5, label="more often better"),
        Line2D([], [], marker="s", ls="", color=WORSE, ms=5, label="more often worse"),
        Line2D([], [], marker="D", ls="", color=NEITHER, ms=4.5, label="no good side, or 0.5"),
        Line2D([], [], color=INK, lw=1.1, label=f"{100 * confidence:g} % interval"),
    ]
    if table["value"].isna().any():
        marks.append(Line2D([], [], color=NEITHER, lw=5, alpha=0.55, label="bounds"))
    panels = panels_of(table, phases, _PITCH, _name)
    figure, axes = stacked(panels, marks, 0.55)
    for ax, panel in zip(axes, panels, strict=True):
        ax.set_xlim(-0.02, 1.02)
        ax.axvline(0.5, color=INK, lw=0.9, zorder=1)
        for y, row in zip(panel.rows.places, panel.found, strict=True):
            _draw(ax, y, row)
            beside(ax, y, f"{_value(row)} · n {row['n_before']}, {row['n_after']}")
        ax.set_xticks([0, 0.25, 0.5, 0.75, 1], ["0\nall worse", "0.25", "0.5\nno difference", "0.75", "1\nall better"])
    by_order = bool(table["note"].str.contains(ORDER_ONLY).any())
    return Figure(
        id="forest",
        title="NAP of each analyte against the phase before",
        caption=(
            "NAP: the share of all pairs of a value before and a value in the phase in which the later is better "
            "(Parker and Vannest 2009). Arrows: the direction that is better; in parentheses where none is, and NAP "
            "is the share that is higher. A change within the reference range counts as any other. "
            f"Lines: {100 * confidence:g} % intervals, which take the values for independent: too narrow where "
            "neighbours resemble each other. Thick bars: all that the known bounds allow. Hollow: fewer than "
            f"{FEW} values in a phase. n: values before and in the phase."
            + (" Some values are known only by their order, which decides a pair as a number would." * by_order)
        ),
        alt=" ".join(_alt(panel.found, phases) for panel in panels),
        description=" ".join(_described(panel.found, phases) for panel in panels),
        canvas=figure,
        table=table,
        points={_gid(row): f"{_told(row)}. {row['note']}".rstrip(". ") for panel in panels for row in panel.found},
    )


def _name(row: Row) -> str:
    return f"{row['short']} {arrow(row['improvement'])}"


def _value(row: Row) -> str:
    if math.isnan(row["value"]):
        return f"{share_text(row['low'])} to {share_text(row['high'])}"
    return share_text(row["value"])


def _gid(row: Row) -> str:
    return f"nap-{row['phase']}-{row['analyte']}"


def _draw(ax: Axes, y: float, row: Row) -> None:
    low, high, gid = row["low"], row["high"], _gid(row)
    colour, marker = (BETTER, "o") if low > 0.5 else (WORSE, "s") if high < 0.5 else (NEITHER, "D")
    if not row["improvement"]:
        colour, marker = NEITHER, "D"
    if low < high:
        ax.plot([low, high], [y, y], color=colour, lw=5, alpha=0.55, solid_capstyle="butt", zorder=3, gid=gid)
        return
    if not math.isnan(row["ci_low"]):
        ax.plot([row["ci_low"], row["ci_high"]], [y, y], color=INK, lw=1.1, zorder=2)
    few = min(row["n_before"], row["n_after"]) < FEW
    face, edge, width = ("white", colour, 1.2) if few else (colour, "white", 0.5)
    ax.plot(low, y, marker, ms=5, mfc=face, mec=edge, mew=width, zorder=4, gid=gid)


def _heading(rows: Sequence[Row], phases: pd.DataFrame) -> str:
    return f"NAP, {uncapital(against(phases, rows[0]))}"


def _alt(rows: Sequence[Row], phases: pd.DataFrame) -> str:
    """How many analytes of a phase lie on each side of 0.5 for certain, and the ends of the scale that is used."""
    above, below = sum(row["low"] > 0.5 for row in rows), sum(row["high"] < 0.5 for row in rows)
    lowest, highest = min(rows, key=itemgetter("low")), max(rows, key=itemgetter("high"))
    return (
        f"{_heading(rows, phases)}: of {counted(len(rows), 'analyte')} {above} above 0.5 and {below} below it; from "
        f"{_name(lowest)}, {_value(lowest)}, to {_name(highest)}, {_value(highest)}."
    )


def _told(row: Row) -> str:
    """NAP of one analyte with its interval and the numbers of values."""
    interval = ""
    if not math.isnan(row["ci_low"]):
        interval = f", interval {share_text(row['ci_low'])} to {share_text(row['ci_high'])}"
    return f"{_name(row)} {_value(row)}{interval} ({row['n_before']} and {row['n_after']} values)"


def _described(rows: Sequence[Row], phases: pd.DataFrame) -> str:
    return f"{_heading(rows, phases)}: {'; '.join(map(_told, rows))}."
