"""NAP of every analyte, one panel a phase: how far its values stand apart from those of the phase before."""

import math
from collections.abc import Sequence
from operator import itemgetter

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.lines import Line2D

from casereport.analysis.chance import most_alarms, share_range
from casereport.analysis.effect_tables import informative
from casereport.analysis.tidy import Row
from casereport.figures.drawing import Figure, style
from casereport.figures.palette import BETTER, INK, NEITHER, WORSE
from casereport.figures.rows import Panel, against, beside, panels_of, stacked
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
    table = table[(table["index"] == "NAP") & table["low"].notna()].drop(columns=["index"]).reset_index(drop=True)
    if not len(table):
        raise ValueError("no analyte has NAP with three values or more in two phases that follow each other")
    panels = _panels(table, phases)
    figure, axes = stacked(panels, _marks(table, confidence), 0.55)
    for ax, panel in zip(axes, panels, strict=True):
        ax.set_xlim(-0.02, 1.02)
        ax.axvline(0.5, color=INK, lw=0.9, zorder=1)
        for y, row in zip(panel.rows.places, panel.found, strict=True):
            _draw(ax, y, row)
            beside(ax, y, f"{_value(row)} · n {row['n_before']}, {row['n_after']}{_chance(row)}")
        least, most = ("worse", "better") if _directed(panel.found[0]) else ("lower", "higher")
        ends = f"0\nall {least}", f"1\nall {most}"
        ax.set_xticks([0, 0.25, 0.5, 0.75, 1], [ends[0], "0.25", "0.5\nno difference", "0.75", ends[1]])
    return Figure(
        id="forest",
        title="NAP of each analyte against the phase before",
        caption=(
            "NAP: the share of all pairs of a value before and a value in the phase in which the later is better "
            "(Parker and Vannest 2009). Arrows: the direction that is better, towards the reference range where "
            "there is one. "
            + "Where no range and no usual direction decides it, NAP is the share that is higher. "
            * _undirected(table)
            + "Analytes that stayed within their range have none. "
            f"Lines: {100 * confidence:g} % intervals, which take the values for independent: too narrow where "
            "neighbours resemble each other. Thick bars: all that the known bounds allow. Hollow: fewer than "
            f"{FEW} values in a phase. n: values before and in the phase. Per cent: how many simulated series without "
            "any effect, at the most, have NAP of 0.9 or more with as many values."
        ),
        alt=" ".join(_alt(panel.found, phases) for panel in panels),
        description=" ".join(_described(panel.found, phases) for panel in panels),
        canvas=figure,
        table=table,
        points={_gid(row): f"{_told(row)}. {row['note']}".rstrip(". ") for panel in panels for row in panel.found},
    )


def _panels(table: pd.DataFrame, phases: pd.DataFrame) -> list[Panel]:
    """A panel for each phase, and one more for its analytes of which no direction is better."""
    known = table["improvement"] != ""
    both = [panels_of(rows, phases, _PITCH, _name) for rows in (table[known], table[~known])]
    both[1] = [panel._replace(title=f"{panel.title}\n(no direction is better)") for panel in both[1]]
    place = {phase: i for i, phase in enumerate(phases["phase"])}
    return sorted((panel for some in both for panel in some), key=lambda panel: place[panel.found[0]["phase"]])


def _marks(table: pd.DataFrame, confidence: float) -> list[Line2D]:
    marks = [
        Line2D([], [], marker="o", ls="", color=BETTER, ms=5, label="more often better"),
        Line2D([], [], marker="s", ls="", color=WORSE, ms=5, label="more often worse"),
        Line2D([], [], marker="D", ls="", color=NEITHER, ms=4.5, label="neither"),
        Line2D([], [], color=INK, lw=1.1, label=f"{100 * confidence:g} % interval, for independent values"),
    ]
    if table["value"].isna().any():
        marks.append(Line2D([], [], color=NEITHER, lw=5, alpha=0.55, label="bounds"))
    return marks


def _directed(row: Row) -> bool:
    return bool(row["improvement"])


def _undirected(table: pd.DataFrame) -> bool:
    return bool((table["improvement"] == "").any())


def _name(row: Row) -> str:
    return f"{row['short']} {arrow(row['improvement'])}" if _directed(row) else row["short"]


def _value(row: Row) -> str:
    if math.isnan(row["value"]):
        return f"{share_text(row['low'])} to {share_text(row['high'])}"
    return share_text(row["value"])


def _chance(row: Row) -> str:
    often = row["false_alarms_high"]
    return "" if math.isnan(often) else f" · {most_alarms(often)}"


def _gid(row: Row) -> str:
    return f"nap-{row['phase']}-{row['analyte']}"


def _draw(ax: Axes, y: float, row: Row) -> None:
    low, high, gid = row["low"], row["high"], _gid(row)
    colour, marker = (BETTER, "o") if low > 0.5 else (WORSE, "s") if high < 0.5 else (NEITHER, "D")
    if not _directed(row):
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
    which = "" if _directed(rows[0]) else " of which no direction is better"
    return (
        f"{_heading(rows, phases)}: of {counted(len(rows), 'analyte')}{which} {above} above 0.5 and {below} below it; "
        f"from {_name(lowest)}, {_value(lowest)}, to {_name(highest)}, {_value(highest)}."
    )


def _told(row: Row) -> str:
    """NAP of one analyte with its interval, the numbers of values and how often chance alone shows 0.9 or more."""
    interval = ""
    if not math.isnan(row["ci_low"]):
        interval = f", interval {share_text(row['ci_low'])} to {share_text(row['ci_high'])}"
    chance = ""
    if not math.isnan(row["false_alarms_high"]):
        chance = f"; false alarms {share_range(row['false_alarms_low'], row['false_alarms_high'])}"
    return f"{_name(row)} {_value(row)}{interval} ({row['n_before']} and {row['n_after']} values{chance})"


def _described(rows: Sequence[Row], phases: pd.DataFrame) -> str:
    which = "" if _directed(rows[0]) else " (1: all higher)"
    return f"{_heading(rows, phases)}{which}: {'; '.join(map(_told, rows))}."
