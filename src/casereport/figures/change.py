"""Each phase against the phase before it, all analytes in one picture."""

import math

import pandas as pd
from matplotlib.axes import Axes

from casereport.analysis.changes import contrasts
from casereport.analysis.measurements import measurements
from casereport.case.case import Case
from casereport.case.settings import Settings
from casereport.figures.drawing import Figure, canvas, style
from casereport.figures.palette import BETTER, FAINT, INK, NEITHER, WORSE
from casereport.quantities.intervals import Interval
from casereport.quantities.units import shown
from casereport.quantities.wording import counted, day_text, figure_text, interval_text, range_text, ratio_text

_MARKS = {
    "better": (BETTER, "o", "better"),
    "worse": (WORSE, "s", "worse"),
    "not certain": (NEITHER, "D", "not certain"),
    "same": (NEITHER, "D", "same"),
    "in range": (NEITHER, "o", "in range both times"),
    "rose": (NEITHER, "^", "rose, neither better nor worse"),
    "fell": (NEITHER, "v", "fell, neither better nor worse"),
}


@style()
def change(case: Case, settings: Settings) -> Figure:
    """Last value of each phase over the last value of the phase before, for all analytes; one panel a phase.

    Raises ValueError where no analyte has a value in two phases that follow each other.
    """
    values = measurements(case, settings)
    table = contrasts(case, values)
    if not len(table):
        raise ValueError("no analyte has a value in two phases that follow each other")
    phases = list(dict.fromkeys(table["phase"]))
    labels = {p.id: p.label for p in case.meta.phases}
    counts = [int((table["phase"] == p).sum()) for p in phases]
    figure = canvas(6.2, sum(0.25 * n + 0.95 for n in counts) + 0.3, case.simulated)
    axes = figure.subplots(len(phases), 1, squeeze=False, height_ratios=[n + 2.5 for n in counts])[:, 0]
    ends = [x for x in [*table["ratio_low"], *table["ratio_high"]] if math.isfinite(x) and x > 0]
    reach = max([1.6, *(max(x, 1 / x) for x in ends)]) * 1.25
    used: dict[str, None] = {}
    for ax, phase in zip(axes, phases, strict=True):
        rows = table[table["phase"] == phase].iloc[::-1].reset_index(drop=True)
        ax.set_xscale("log", base=2)
        ax.set_xlim(1 / reach, reach)
        ax.set_ylim(-0.7, len(rows) - 0.3)
        ax.axvline(1, color=INK, lw=0.9, zorder=1)
        for i, row in rows.iterrows():
            used.setdefault(row["outcome"])
            _draw_change(ax, i, row, reach, _gid(row))
        ax.set_yticks(range(len(rows)), [case.vocabulary.analytes[a].short for a in rows["analyte"]])
        ax.tick_params(axis="y", length=0)
        earlier = labels[rows["phase_before"].iloc[0]].lower()
        ax.set_title(f"{labels[phase]} against {earlier}", fontsize=9.5)
        for i, row in rows.iterrows():
            text = f"{_short(row['before'])} → {_short(row['after'])} {shown(row['unit'])}"
            ax.annotate(
                text, (1, i), xycoords=("axes fraction", "data"), xytext=(6, 0), textcoords="offset points",
                va="center", fontsize=7.8,
            )  # fmt: skip
    ticks = [t for t in (1 / 64, 1 / 16, 1 / 8, 1 / 4, 1 / 2, 1, 2, 4, 8, 16, 64) if 1 / reach <= t <= reach]
    for ax in axes:
        ax.set_xticks(ticks, [f"×{figure_text(t)}" for t in ticks])
        ax.minorticks_off()
    axes[-1].set_xlabel("last value of the phase ÷ last value of the phase before")
    handles = [
        axes[0].plot([], [], m, color=c, ms=5.5, ls="", label=w)[0] for o, (c, m, w) in _MARKS.items() if o in used
    ]
    figure.legend(handles=handles, loc="outside lower center", ncols=4, frameon=False, fontsize=8)
    return Figure(
        id="change",
        title="Change against the phase before",
        caption=(
            "Last value of each phase divided by the last value of the phase before, on a logarithmic scale; at the "
            "right both values. A bar spans all ratios that the known bounds allow. Better: into the reference range "
            "from either side or, outside it, towards the side that is better, however small the change. The figure "
            "describes; it does not say what caused a change."
        ),
        alt=_alt(case, table, labels),
        description=_description(case, table, labels),
        canvas=figure,
        table=table,
        points={_gid(row): _pointed(case, row, values) for _, row in table.iterrows()},
    )


def _short(known: Interval) -> str:
    return str(known).replace("..", "–")


def _gid(row: pd.Series) -> str:
    return f"change-{row['phase']}-{row['analyte']}"


def _pointed(case: Case, row: pd.Series, values: pd.DataFrame) -> str:
    """Both values with their days, the ratio, where they lie against the reference range, and their sources."""
    parts = [
        f"{case.vocabulary.analytes[row['analyte']].short}: {interval_text(row['before'], row['unit'])}, "
        f"{day_text(row['before_day'])}, to {interval_text(row['after'], row['unit'])}, {day_text(row['after_day'])}",
        f"{ratio_text(row['ratio_low'], row['ratio_high'])}, {row['outcome']}",
    ]
    ends = [(row["phase_before"], row["before_day"]), (row["phase"], row["after_day"])]
    mine = values[values["analyte"] == row["analyte"]]
    used = pd.concat([mine[(mine["phase"] == phase) & (mine["when"] == day)] for phase, day in ends])
    ranges = [range_text(r.reference, row["unit"]) for r in used.itertuples()]
    parts += [f"reference {text}" for text in dict.fromkeys(ranges) if text]
    return "; ".join([*parts, *dict.fromkeys(used["source"])])


def _draw_change(ax: Axes, y: int, row: pd.Series, reach: float, gid: str) -> None:
    colour, marker, _ = _MARKS[row["outcome"]]
    low, high = row["ratio_low"], row["ratio_high"]
    if math.isnan(low):
        ax.annotate(
            "no ratio", (1, y), xytext=(4, 0), textcoords="offset points", va="center", fontsize=7.5, color=FAINT
        )
        return
    if math.isclose(low, high) and low > 0:
        ax.plot([1, low], [y, y], color=colour, lw=1.6, alpha=0.55, zorder=2)
        ax.plot(low, y, marker, color=colour, ms=5.5, mec="white", mew=0.5, zorder=3, gid=gid)
        return
    start, end = max(low, 1 / reach), min(high, reach)
    ax.plot([start, end], [y, y], color=colour, lw=3.2, solid_capstyle="butt", zorder=3, gid=gid)
    for x, beyond, mark in ((start, low < 1 / reach, "<"), (end, high > reach, ">")):
        ax.plot(x, y, mark if beyond else "|", color=colour, ms=6, mew=1.4, zorder=3, clip_on=False)


def _alt(case: Case, table: pd.DataFrame, labels: dict[str, str]) -> str:
    """Per phase how many analytes had each outcome, and the largest changes in both directions."""
    parts = ["Simulated."] if case.simulated else []
    for phase, rows in table.groupby("phase", sort=False):
        counts = [(o, int((rows["outcome"] == o).sum())) for o in _MARKS]
        told = ", ".join(f"{n} {o}" for o, n in counts if n)
        earlier = labels[rows["phase_before"].iloc[0]].lower()
        text = f"{labels[phase]} against {earlier}: of {counted(len(rows), 'analyte')} {told}"
        exact = rows[[math.isclose(r.ratio_low, r.ratio_high) for r in rows.itertuples()]]
        for word, some in (
            ("largest rise", exact[exact["ratio_low"] > 1].nlargest(1, "ratio_low")),
            ("largest fall", exact[exact["ratio_low"] < 1].nsmallest(1, "ratio_low")),
        ):
            text += "".join(f"; {word}: {_move(case, r)}" for r in some.itertuples())
        parts.append(text + ".")
    return " ".join(parts)


def _move(case: Case, r: tuple) -> str:
    short = case.vocabulary.analytes[r.analyte].short
    return f"{short} {_short(r.before)} to {_short(r.after)} {shown(r.unit)} ({ratio_text(r.ratio_low, r.ratio_high)})"


def _description(case: Case, table: pd.DataFrame, labels: dict[str, str]) -> str:
    parts = ["Simulated."] if case.simulated else []
    for phase, rows in table.groupby("phase", sort=False):
        named = []
        for result in _MARKS:
            some = rows[rows["outcome"] == result]
            if len(some):
                named.append(f"{result}: {'; '.join(_move(case, r) for r in some.itertuples())}")
        earlier = labels[rows["phase_before"].iloc[0]].lower()
        parts.append(f"{labels[phase]} against {earlier}. " + ". ".join(named) + ".")
    return " ".join(parts)
