"""NAP of every analyte, one panel a phase: how far its values stand apart from those of the phase before."""

import math

import pandas as pd
from matplotlib.axes import Axes

from casereport.analysis.changes import informative
from casereport.analysis.effect_tables import ORDER_ONLY, effect_table
from casereport.case.case import Case
from casereport.case.settings import Settings
from casereport.figures.drawing import Figure, canvas, style
from casereport.figures.palette import BETTER, INK, NEITHER, WORSE
from casereport.quantities.wording import arrow, counted, share_text

# with 2 values in a phase, the other's 3 can all lie beyond them by chance in one case of ten
FEW = 3


@style()
def forest(case: Case, settings: Settings) -> Figure:
    """NAP with its confidence interval, or with its bounds where data are intervals; one panel a phase.

    Raises ValueError where no analyte has three values in two phases that follow each other.
    """
    effects = informative(effect_table(case, settings))
    table = effects[effects["index"] == "NAP"].drop(columns=["index"]).reset_index(drop=True)
    if not len(table):
        raise ValueError("no analyte has three values in two phases that follow each other")
    labels = {p.id: p.label for p in case.meta.phases}
    phases = list(dict.fromkeys(table["phase"]))
    counts = [int((table["phase"] == p).sum()) for p in phases]
    figure = canvas(6.2, sum(0.24 * n + 0.95 for n in counts) + 0.35, case.simulated)
    axes = figure.subplots(len(phases), 1, squeeze=False, height_ratios=[n + 2.5 for n in counts])[:, 0]
    for ax, phase in zip(axes, phases, strict=True):
        rows = table[table["phase"] == phase].iloc[::-1].reset_index(drop=True)
        ax.set_xlim(-0.02, 1.02)
        ax.set_ylim(-0.7, len(rows) - 0.3)
        ax.axvline(0.5, color=INK, lw=0.9, zorder=1)
        for y, row in rows.iterrows():
            _draw(ax, int(y), row, _gid(row))
            text = f"{_value(row)} · n {row['n_before']}, {row['n_after']}"
            ax.annotate(
                text, (1, y), xycoords=("axes fraction", "data"), xytext=(6, 0), textcoords="offset points",
                va="center", fontsize=7.8,
            )  # fmt: skip
        names = [_name(case, row) for _, row in rows.iterrows()]
        ax.set_yticks(range(len(rows)), names)
        ax.tick_params(axis="y", length=0)
        ax.set_title(f"{labels[phase]} against {labels[rows['phase_before'].iloc[0]].lower()}", fontsize=9.5)
        ax.set_xticks([0, 0.25, 0.5, 0.75, 1], ["0\nall worse", "0.25", "0.5\nno difference", "0.75", "1\nall better"])
    level = f"{100 * settings.confidence:g} %"
    marks = [
        axes[0].plot([], [], "o", color=BETTER, ms=5, label="more often better")[0],
        axes[0].plot([], [], "s", color=WORSE, ms=5, label="more often worse")[0],
        axes[0].plot([], [], "D", color=NEITHER, ms=4.5, label="no good side, or 0.5")[0],
        axes[0].plot([], [], color=INK, lw=1.1, label=f"{level} interval")[0],
    ]
    if table["value"].isna().any():
        marks.append(axes[0].plot([], [], color=NEITHER, lw=5, alpha=0.55, label="bounds")[0])
    figure.legend(handles=marks, loc="outside lower center", ncols=3, frameon=False, fontsize=8)
    return Figure(
        id="forest",
        title="NAP of each analyte against the phase before",
        caption=(
            "NAP: the share of all pairs of a value before and a value in the phase in which the later is better "
            "(Parker and Vannest 2009). Arrows: the direction that is better; in parentheses where none is, and NAP "
            "is the share that is higher. A change within the reference range counts as any other. "
            f"Lines: {level} intervals, which take the values for independent: too narrow where neighbours resemble "
            f"each other. Thick bars: all that the known bounds allow. Hollow: fewer than {FEW} values in a phase. "
            "n: values before and in the phase."
            + (
                " Some values are known only by their order, which decides a pair as a number would."
                if table["note"].str.contains(ORDER_ONLY).any()
                else ""
            )
        ),
        alt=_alt(case, table, labels),
        description=_description(case, table, labels),
        canvas=figure,
        table=table,
        points={_gid(row): f"{_told(case, row)}. {row['note']}".rstrip(". ") for _, row in table.iterrows()},
    )


def _name(case: Case, row: pd.Series) -> str:
    return case.vocabulary.analytes[row["analyte"]].short + " " + arrow(row["improvement"])


def _value(row: pd.Series) -> str:
    if row["value"] is not None and not pd.isna(row["value"]):
        return share_text(row["value"])
    return f"{share_text(row['low'])} to {share_text(row['high'])}"


def _gid(row: pd.Series) -> str:
    return f"nap-{row['phase']}-{row['analyte']}"


def _draw(ax: Axes, y: int, row: pd.Series, gid: str) -> None:
    low, high = float(row["low"]), float(row["high"])
    middle = (low + high) / 2
    colour, marker = (BETTER, "o") if low > 0.5 else (WORSE, "s") if high < 0.5 else (NEITHER, "D")
    if not row["improvement"]:
        colour, marker = NEITHER, "D"
    if low < high:
        ax.plot([low, high], [y, y], color=colour, lw=5, alpha=0.55, solid_capstyle="butt", zorder=3, gid=gid)
        return
    if row["ci_low"] is not None and not math.isnan(row["ci_low"]):
        ax.plot([row["ci_low"], row["ci_high"]], [y, y], color=INK, lw=1.1, zorder=2)
    few = min(row["n_before"], row["n_after"]) < FEW
    edge = {"mfc": "white", "mec": colour, "mew": 1.2} if few else {"mfc": colour, "mec": "white", "mew": 0.5}
    ax.plot(middle, y, marker, ms=5, zorder=4, gid=gid, **edge)


def _alt(case: Case, table: pd.DataFrame, labels: dict[str, str]) -> str:
    """Per phase how many analytes lie on each side of 0.5 for certain, and the ends of the scale that is used."""
    parts = ["Simulated."] if case.simulated else []
    for phase, rows in table.groupby("phase", sort=False):
        above, below = int((rows["low"] > 0.5).sum()), int((rows["high"] < 0.5).sum())
        lowest, highest = rows.loc[rows["low"].idxmin()], rows.loc[rows["high"].idxmax()]
        earlier = labels[rows["phase_before"].iloc[0]].lower()
        parts.append(
            f"NAP, {labels[str(phase)].lower()} against {earlier}: of {counted(len(rows), 'analyte')} {above} above "
            f"0.5 and {below} below it; from {_name(case, lowest)}, {_value(lowest)}, to {_name(case, highest)}, "
            f"{_value(highest)}."
        )
    return " ".join(parts)


def _told(case: Case, row: pd.Series) -> str:
    """NAP of one analyte with its interval and the numbers of values."""
    interval = ""
    if row["ci_low"] is not None and not pd.isna(row["ci_low"]):
        interval = f", interval {share_text(row['ci_low'])} to {share_text(row['ci_high'])}"
    return f"{_name(case, row)} {_value(row)}{interval} ({row['n_before']} and {row['n_after']} values)"


def _description(case: Case, table: pd.DataFrame, labels: dict[str, str]) -> str:
    parts = []
    for phase, rows in table.groupby("phase", sort=False):
        earlier = labels[rows["phase_before"].iloc[0]].lower()
        told = "; ".join(_told(case, row) for _, row in rows.iterrows())
        parts.append(f"NAP, {labels[str(phase)].lower()} against {earlier}: {told}.")
    return " ".join(parts)
