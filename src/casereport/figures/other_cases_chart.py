"""Lymphocytes and CRP of the bundled cases on one axis of study days."""

import math

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from casereport.analysis.other_cases import cases_beside, series
from casereport.case.case import Case
from casereport.case.description import COMPARED
from casereport.case.settings import Settings
from casereport.figures.days import day_limits
from casereport.figures.drawing import Figure, canvas, style
from casereport.figures.palette import INK
from casereport.quantities.units import shown
from casereport.quantities.wording import counted, day_text, interval_text, value_text

_STYLES = (("#0173b2", "o"), ("#de8f05", "s"), ("#029e73", "D"), ("#cc78bc", "^"), ("#ca9161", "v"))


@style()
def comparators(case: Case, settings: Settings) -> Figure:
    """One panel an analyte; each case has its colour and marker, the reported one a heavier line."""
    cases = cases_beside(case)
    table = series(cases)
    figure = canvas(6.2, 5.0, case.simulated)
    axes = figure.subplots(len(COMPARED), 1, sharex=True)
    limits = day_limits(case, [d for d in table["when"] if d is not None])
    for ax, analyte in zip(axes, COMPARED, strict=True):
        rows = table[table["analyte"] == analyte]
        highs = [k.high for k in rows["known"] if math.isfinite(k.high)]
        top = 1.1 * max(highs, default=1.0)
        ax.set_ylim(0, top)
        ax.set_xlim(*limits)
        ax.axvline(0, color=INK, lw=0.9, zorder=1)
        for one, look in zip(cases, _STYLES, strict=False):
            _draw(ax, rows[rows["case"] == one.meta.id], look, one, one.meta.id == case.meta.id, top, limits)
        vocabulary = case.vocabulary.analytes[analyte]
        ax.set_title(vocabulary.label, fontsize=9.5)
        ax.set_ylabel(shown(vocabulary.unit))
    axes[-1].set_xlabel("study day of each case; the line is its own day 0")
    handles = [
        axes[0].plot([], [], marker=m, color=c, ms=5, lw=1.2, ls=_line(one.simulated), label=_label(one))[0]
        for one, (c, m) in zip(cases, _STYLES, strict=False)
    ]
    figure.legend(handles=handles, loc="outside lower center", ncols=2, frameon=False, fontsize=8)
    return Figure(
        id="comparators",
        title="Lymphocytes and CRP of the bundled cases",
        caption=(
            "Each case on its own study days; the vertical line is its own day 0. "
            "Hatched boxes: stated in words, any value in the box is possible. Dashed: simulated, no patient. The "
            "cases differ in illness, treatment and sampling; the distance between two of them shows no effect."
        ),
        alt=_alt(case, cases, table),
        description=_description(case, cases, table),
        canvas=figure,
        table=table[["case", "simulated", "analyte", "when", "known", "numeric", "printed", "evidence", "source"]],
        points={f"value-{i}": _pointed(case, row) for i, row in table.iterrows()},
    )


def _line(simulated: bool) -> str:
    return "--" if simulated else "-"


def _label(case: Case) -> str:
    return case.meta.id + (" (simulated)" if case.simulated else "")


def _draw(
    ax: Axes, rows: pd.DataFrame, look: tuple[str, str], one: Case, main: bool, top: float, limits: tuple
) -> None:
    colour, marker = look
    exact = [k.is_exact and d.is_exact for k, d in zip(rows["known"], rows["when"], strict=True)]
    xs = [d.low if e else math.nan for d, e in zip(rows["when"], exact, strict=True)]
    ys = [k.low if e else math.nan for k, e in zip(rows["known"], exact, strict=True)]
    width = 1.9 if main else 1.1
    ax.plot(xs, ys, color=colour, lw=width, ls=_line(one.simulated))
    for (i, row), is_point in zip(rows.iterrows(), exact, strict=True):
        if is_point:
            ax.plot(
                row["when"].low, row["known"].low, marker, ms=4, color=colour, mec="white", mew=0.4, zorder=3,
                gid=f"value-{i}",
            )  # fmt: skip
            continue
        day, known = row["when"], row["known"]
        end = limits[1] if one.meta.last_day is None else min(limits[1], one.meta.last_day)
        x0, x1 = max(day.low, limits[0]), min(day.high, end)
        half = 0.3 if day.is_exact else 0.0
        low, high = max(known.low, 0.0), min(known.high, top)
        hatch = None if row["numeric"] else "////"
        box = Rectangle(
            (x0 - half, low),
            x1 - x0 + 2 * half,
            high - low,
            facecolor="none",
            edgecolor=colour,
            hatch=hatch,
            lw=1.1,
            gid=f"value-{i}",
        )
        ax.add_patch(box)


def _pointed(case: Case, row: pd.Series) -> str:
    """Case, day, value, unit and source of one mark."""
    value = value_text(row, case.vocabulary.analytes[row["analyte"]].unit)
    return f"{row['case']}, {day_text(row['when'])}: {value}; {row['evidence']}, {row['source']}"


def _description(case: Case, cases: list[Case], table: pd.DataFrame) -> str:
    parts = []
    for analyte in COMPARED:
        vocabulary = case.vocabulary.analytes[analyte]
        for one in cases:
            rows = table[(table["case"] == one.meta.id) & (table["analyte"] == analyte)]
            told = [f"{day_text(r['when'])} {value_text(r, vocabulary.unit)}" for _, r in rows.iterrows()]
            parts.append(f"{vocabulary.label}, {_label(one)}: {'; '.join(told) or 'nothing stated'}.")
    return " ".join(parts)


def _alt(case: Case, cases: list[Case], table: pd.DataFrame) -> str:
    parts = ["Simulated."] if case.simulated else []
    for analyte in COMPARED:
        vocabulary = case.vocabulary.analytes[analyte]
        told = []
        for one in cases:
            rows = table[(table["case"] == one.meta.id) & (table["analyte"] == analyte)]
            if not len(rows):
                told.append(f"{_label(one)}: none")
                continue
            first, last = rows.iloc[0], rows.iloc[-1]
            ends = [f"{interval_text(r['known'], vocabulary.unit)} on {day_text(r['when'])}" for r in (first, last)]
            text = f"from {ends[0]} to {ends[1]}" if len(rows) > 1 else ends[0]
            told.append(f"{_label(one)}: {counted(len(rows), 'value')}, {text}")
        parts.append(f"{vocabulary.label}. " + "; ".join(told) + ".")
    return " ".join(parts).replace(" on before", " before").replace(" on after", " after").replace(" on from", " from")
