"""NAP of every analyte, one panel a phase: how far its values stand apart from those of the phase before."""

import math
from collections.abc import Sequence
from dataclasses import replace
from operator import itemgetter

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure as Canvas
from matplotlib.lines import Line2D

from casereport.analysis.chance import most_alarms, share_range
from casereport.analysis.effect_tables import informative
from casereport.analysis.tidy import Row
from casereport.figures.drawing import PHONE, WIDTH, Figure, style
from casereport.figures.palette import BETTER, INK, NEITHER, WORSE
from casereport.figures.rows import Entry, against, beside, entries_of, paged, panels_of, part_of, stacked
from casereport.quantities.wording import arrow, counted, share_text, uncapital

# with 2 values in a phase, the other's 3 can all lie beyond them by chance in one case of ten
FEW = 3


@style()
def forest(effects: pd.DataFrame, phases: pd.DataFrame, confidence: float) -> list[Figure]:
    """NAP with its confidence interval, or with its bounds where data are intervals; one panel a phase.

    Takes the tables of these names and the level that the intervals were computed for. More rows than a page has room
    for are parted into several figures; there is none where no analyte has three values in two phases that follow
    each other.
    """
    table = informative(effects)
    table = table[(table["index"] == "NAP") & table["low"].notna()].drop(columns=["index"]).reset_index(drop=True)
    lots = paged(_entries(table, phases), _name)
    found = []
    for part, lot in enumerate(lots, start=1):
        canvas, phone = (_drawn(lot, confidence, width) for width in (WIDTH, PHONE))
        rows = [row for entry in lot for row in entry.found]
        name, title = part_of("forest", "NAP of each analyte, compared with the phase before", part, len(lots))
        figure = Figure(
            id=name,
            title=title,
            caption=_caption(rows, confidence),
            alt=" ".join(_alt(entry.found, phases) for entry in lot),
            description=" ".join(_described(entry.found, phases) for entry in lot),
            canvas=canvas,
            table=pd.DataFrame(rows)[list(table.columns)],
            points={_gid(row): f"{_told(row)}. {row['note']}".rstrip(". ") for row in rows},
        )
        found.append(replace(figure, phone=replace(figure, canvas=phone)))
    return found


def _caption(rows: Sequence[Row], confidence: float) -> str:
    bounded = any(row["low"] < row["high"] for row in rows)
    few = any(row["low"] == row["high"] and min(row["n_before"], row["n_after"]) < FEW for row in rows)
    return (
        "NAP: the proportion of before-after pairs in which the later value is better (Parker and Vannest 2009). "
        "Arrows: the direction that is better, towards the reference range where there is one. "
        + "Where no range and no usual direction decides it, NAP is the share that is higher. "
        * any(row["improvement"] == "" for row in rows)
        + "Analytes that stayed within their range have none. "
        f"Lines: {100 * confidence:g}% intervals, assuming independent values: too narrow where "
        "successive values are correlated. "
        + "Thick bars: the range that the known limits allow. " * bounded
        + f"Hollow: fewer than {FEW} values in a phase. " * few
        + "n: values before and in the phase. Percentages: the largest proportion of simulated "
        "series without any effect in which NAP is 0.9 or more with as many values."
    )


def _drawn(lot: Sequence[Entry], confidence: float, width: float) -> Canvas:
    narrow = width < WIDTH
    panels = panels_of(lot, _with_numbers if narrow else _name, width)
    texts = [] if narrow else [_numbers(row) for panel in panels for row in panel.found]
    figure, axes = stacked(panels, _marks(lot, confidence), 0.09, 0.38, width, texts=texts)
    for ax, panel in zip(axes, panels, strict=True):
        ax.set_xlim(-0.02, 1.02)
        ax.axvline(0.5, color=INK, lw=0.9, zorder=1)
        for y, row in zip(panel.rows.places, panel.found, strict=True):
            _draw(ax, y, row)
            if not narrow:
                beside(ax, y, _numbers(row))
        least, most = ("worse", "better") if _directed(panel.found[0]) else ("lower", "higher")
        ends = f"0\nall {least}", f"1\nall {most}"
        places = [0, 0.5, 1] if narrow else [0, 0.25, 0.5, 0.75, 1]
        words = {0: ends[0], 1: ends[1], 0.5: "0.5" if narrow else "0.5\nno difference"}
        ax.set_xticks(places, [words.get(x, f"{x:g}") for x in places])
        if narrow:
            for label, side in zip(ax.get_xticklabels(), ("left", "center", "right"), strict=True):
                label.set(ha=side)
    return figure


def _numbers(row: Row) -> str:
    return f"{_value(row)} · n {row['n_before']}, {row['n_after']}{_chance(row)}"


def _with_numbers(row: Row) -> str:
    return f"{_name(row)}\n{_numbers(row)}"


def _entries(table: pd.DataFrame, phases: pd.DataFrame) -> list[Entry]:
    """An entry for each phase, and one more for its analytes of which no direction is better."""
    known = table["improvement"] != ""
    both = [*entries_of(table[known], phases), *entries_of(table[~known], phases, " (no direction is better)")]
    place = {phase: i for i, phase in enumerate(phases["phase"])}
    return sorted(both, key=lambda entry: place[entry.found[0]["phase"]])


_LOOKS = {(BETTER, "o"): "more often better", (WORSE, "s"): "more often worse", (NEITHER, "D"): "neither"}


def _look(row: Row) -> tuple[str, str]:
    """Colour and marker of the side of 0.5 on which NAP lies for certain; neither where no direction is better."""
    if not _directed(row) or row["low"] <= 0.5 <= row["high"]:
        return NEITHER, "D"
    return (BETTER, "o") if row["low"] > 0.5 else (WORSE, "s")


def _marks(lot: Sequence[Entry], confidence: float) -> list[Line2D]:
    rows = [row for entry in lot for row in entry.found]
    points = {_look(row) for row in rows if row["low"] == row["high"]}
    marks = [
        Line2D([], [], marker=look[1], ls="", color=look[0], ms=4.5 if look[1] == "D" else 5, label=label)
        for look, label in _LOOKS.items()
        if look in points
    ]
    if not all(math.isnan(row["ci_low"]) for row in rows):
        label = f"{100 * confidence:g}% interval, for independent values"
        marks.append(Line2D([], [], color=INK, lw=1.1, label=label))
    if any(row["low"] < row["high"] for row in rows):
        marks.append(Line2D([], [], color=NEITHER, lw=5, alpha=0.55, label="bounds"))
    return marks


def _directed(row: Row) -> bool:
    return bool(row["improvement"])


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
    colour, marker = _look(row)
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
