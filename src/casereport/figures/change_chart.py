"""Each phase against the phase before it, all analytes in one picture."""

import math
import textwrap
from collections.abc import Sequence
from dataclasses import replace
from operator import itemgetter
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure as Canvas
from matplotlib.lines import Line2D
from matplotlib.ticker import NullFormatter
from matplotlib.transforms import blended_transform_factory

from casereport.analysis.judgement.verdict import TURNS, UNCHANGED, UNDECIDED, WITHIN, shown_heading
from casereport.analysis.tidy import Row, gathered, spoken_names
from casereport.analysis.time_unit import in_its_time
from casereport.figures.days import INFERRED
from casereport.figures.drawing import PHONE, WIDTH, Figure, style
from casereport.figures.palette import BETTER, INK, NEITHER, WORSE
from casereport.figures.rows import (
    SMALL,
    Entry,
    against,
    beside,
    entries_of,
    lines_of,
    paged,
    panels_of,
    part_of,
    stacked,
)
from casereport.figures.runs import two_numbers
from casereport.quantities.intervals import Interval
from casereport.quantities.units import behind
from casereport.quantities.wording import (
    counted,
    day_text,
    figure_text,
    listed,
    number_text,
    peaks_text,
    size_text,
    spoken,
    time_unit,
    uncapital,
)

MARKS = {
    "better": (BETTER, "o", "better"),
    "worse": (WORSE, "s", "worse"),
    UNCHANGED: (NEITHER, "P", "no material change"),
    WITHIN: (NEITHER, "o", "within range both times"),
    "rose": (NEITHER, "^", "rose, neither better nor worse"),
    "fell": (NEITHER, "v", "fell, neither better nor worse"),
    UNDECIDED: (NEITHER, "D", "not decidable"),
    TURNS: (NEITHER, "X", "direction not robust"),
}
_POINT, _TWO, _BAR, _BESIDE = "point", "two points", "bar", "beside the values"
_PLACES = {
    "below": "below the reference range",
    "in": "in the reference range",
    "above": "above the reference range",
    "not certain": "not certain against the reference range",
    "": "no reference range",
}


@style()
@in_its_time
def change(changes: pd.DataFrame, phases: pd.DataFrame) -> list[Figure]:
    """Last value of each phase over the last value of the phase before, for all analytes; one panel a phase.

    Takes the tables of these names. What the source itself does not state (inferred, secondary) is not drawn, nor what
    was within its range before and after: the caption names both. Sorted by what is said of a change, then by its size;
    more rows than a page has room for are parted into several figures, and without any there is none.
    """
    stated = changes["evidence"].map(lambda text: not set(INFERRED) & set(text.split(" and "))).astype(bool)
    drawn = changes[stated & (changes["heading"] != WITHIN)]
    if not len(drawn):
        return []
    called = drawn.assign(
        called=[shown_heading(*pair) for pair in zip(drawn["heading"], drawn["robust"], strict=True)],
        size=-np.log(drawn[["ratio_low", "ratio_high"]].where(drawn["ratio_low"] > 0)).mean(axis=1).abs(),
    )
    called = called.sort_values("size", kind="stable").sort_values("called", key=_rank, kind="stable")
    ends = [x for x in [*drawn["ratio_low"], *drawn["ratio_high"]] if math.isfinite(x) and x > 0]
    reach = max([1.6, *(max(x, 1 / x) for x in ends)]) * 1.25
    lots = paged(entries_of(called, phases), itemgetter("short"))
    within = changes[stated & (changes["heading"] == WITHIN)]
    several = changes["phase"].nunique() > 1  # what is left out of one may be drawn in another
    compared = phases if several else None
    left_out = _not_drawn(changes[~stated], "Not measured", compared)
    left_out += _not_drawn(within, "Within range before and after", compared) + _peaks(within)
    found = []
    for part, lot in enumerate(lots, start=1):
        canvas, phone = (_drawn(lot, reach, width) for width in (WIDTH, PHONE))
        rows = [row for entry in lot for row in entry.found]
        name, title = part_of("change", "Change from the phase before", part, len(lots))
        figure = Figure(
            id=name,
            title=title,
            caption=_caption(rows, left_out if part == 1 else ""),
            alt=" ".join(_alt(entry.found, phases) for entry in lot),
            description=" ".join(_described(entry.found, phases) for entry in lot),
            canvas=canvas,
            table=pd.DataFrame(rows)[list(changes.columns)],
            points={_gid(row): _pointed(row) for row in rows},
        )
        found.append(replace(figure, phone=replace(figure, canvas=phone)))
    return found


def _not_drawn(rows: pd.DataFrame, why: str, compared: pd.DataFrame | None) -> str:
    """The analytes of these rows, of each comparison of the phases `compared` where there are several."""
    if not len(rows):
        return ""
    if compared is None:
        return f" {why}, and in the table only: {listed(spoken_names(rows))}."
    lots = [rows[rows["phase"] == phase] for phase in compared["phase"]]
    told = [f"{against(compared, lot.to_dict('records')[0])}: {listed(spoken_names(lot))}" for lot in lots if len(lot)]
    return f" {why}, and in the table only, in {'; in '.join(map(uncapital, told))}."


def _peaks(within: pd.DataFrame) -> str:
    """What left its range between two values that lie within it."""
    told = [
        f"{spoken(row['label'], row['short'])}, {peaks}"
        for row in within.to_dict("records")
        if (peaks := peaks_text(row))
    ]
    return f" Of these, out of range meanwhile: {'; '.join(told)}." if told else ""


def _caption(rows: Sequence[Row], left_out: str) -> str:
    ranged = any(row["position_before"] or row["position_after"] for row in rows)
    sides = ["into the reference range or towards it, from either side"] * ranged
    judged = [row for row in rows if row["heading"] in ("better", "worse") and not row["position_after"]]
    if wanted := {(row["direction"] == "rose") == (row["heading"] == "better") for row in judged}:
        way = "in the usual direction" if len(wanted) > 1 else "a rise" if wanted.pop() else "a fall"
        sides.append(f"without a range, {way}" if ranged else way)
    unchanged = any(row["heading"] == UNCHANGED for row in rows)
    marks = {_mark(row) for row in rows}
    read = {
        _POINT: "Thin line: distance from no change.",
        _TWO: f"Two open points with ≠: two numbers that the source states for one {time_unit(1)}.",
        _BAR: "Thick bar: all ratios that the known limits allow.",
        _BESIDE: "Compared by difference: the mark stands beside the values.",
    }
    return (
        "Last value of each phase divided by the last value of the phase before, on a logarithmic scale, with both "
        "values. "
        + " ".join(text for mark, text in read.items() if mark in marks)
        + (f" Better: {'; '.join(sides)}." if sides else "")
        + " No material change: a difference within the biological variation of healthy people and that of the assay, "
        "where published." * unchanged + left_out
    )


def _drawn(lot: Sequence[Entry], reach: float, width: float) -> Canvas:
    narrow = width < WIDTH
    name = _with_values if narrow else itemgetter("short")
    panels = panels_of(lot, name, width)
    called = {row["called"] for panel in panels for row in panel.found}
    looks = [look for heading, look in MARKS.items() if heading in called]
    handles = [Line2D([], [], marker=m, color=c, ms=5.5, ls="", label=w) for c, m, w in looks]
    texts = [["" if narrow else _values(row) for row in panel.found] for panel in panels]
    label = "\n".join(textwrap.wrap("last value ÷ last value of the phase before", 26 if narrow else 60))
    beside_rows = [text for mine in texts for text in mine]
    figure, axes = stacked(panels, handles, 0.09, 0.25, width, texts=beside_rows, label=0.05 + 0.15 * lines_of(label))
    for ax, panel, mine in zip(axes, panels, texts, strict=True):
        _scale(ax, reach, ax.get_position().width * width)
        for y, row, text in zip(panel.rows.places, panel.found, mine, strict=True):
            colour, marker, _ = MARKS[row["called"]]
            if _mark(row) == _BESIDE:
                at = blended_transform_factory(ax.transAxes, ax.transData)
                look: dict[str, Any] = {"marker": marker, "color": colour, "ms": 5.5, "gid": _gid(row)}
                ax.add_artist(Line2D([1], [y], ls="", transform=at, clip_on=False, **look))
            else:
                _draw(ax, y, row, reach)
            beside(ax, y, text)
    axes[-1].set_xlabel(label, fontsize=SMALL)
    return figure


def _with_values(row: Row) -> str:
    return f"{row['short']}\n{_values(row)}"


def _rank(headings: pd.Series) -> pd.Series:
    return headings.map(list(MARKS).index)


def _scale(ax: Axes, reach: float, inches: float) -> None:
    """A logarithmic scale as far as `reach` on both sides of 1, and a little further, for marks at its ends."""
    margin = reach**0.05
    ax.set_xscale("log", base=2)
    ax.set_xlim(1 / reach / margin, reach * margin)
    doublings = math.floor(math.log2(reach))
    doubling = inches / (2 * math.log2(reach * margin))
    step = min(math.ceil(0.6 / doubling), doublings)  # on a scale that is too short for it, the widest that it has
    ticks = [2.0**power for power in range(-(doublings // step) * step, doublings + 1, step)]
    if step * doubling < 0.4:  # the line says where 1 is
        ticks.remove(1)
    ax.set_xticks(ticks, [f"×{figure_text(t)}" for t in ticks])
    ax.set_xticks([2.0**power for power in range(-doublings, doublings + 1)], minor=True)
    ax.xaxis.set_minor_formatter(NullFormatter())
    ax.axvline(1, color=INK, lw=0.9, zorder=1)


def _values(row: Row) -> str:
    """Both values; where they have no ratio, with their difference: `89 → 97 % (+8 points)`."""
    text = f"{_short(row, 'before')} → {_short(row, 'after')}{behind(row['unit'])}"
    if not math.isnan(row["ratio_low"]):
        return text
    size = size_text(row).replace(" percentage points", " points").removesuffix(behind(row["unit"]))
    return f"{text} ({size})"


def _interval(row: Row, side: str) -> Interval:
    found = gathered(row, f"{side}_", side)
    assert found is not None  # a change has a value on both sides
    return found


def _short(row: Row, side: str, to: str = "–") -> str:
    printed = str(row[f"{side}_printed"])
    return number_text(_interval(row, side), printed, " or " if two_numbers(printed) else to)


def _gid(row: Row) -> str:
    return f"change-{row['phase']}-{row['analyte']}"


def _pointed(row: Row) -> str:
    """Both values with their days, the ratio, where they lie against the reference range, and their evidence."""
    ends = []
    for side in ("before", "after"):
        day = row[f"{side}_day"]
        when = "" if math.isnan(day) else f", {day_text(Interval.exact(day))}"
        place = _PLACES[row[f"position_{side}"]]
        ends.append(f"{_short(row, side, ' to ')}{behind(row['unit'])}{when} ({place})")
    ratio = f"{size_text(row)}, {row['verdict']}"
    return f"{row['short']}: {ends[0]}, to {ends[1]}; {ratio}; {row['evidence']}"


def _mark(row: Row) -> str:
    """How a change is drawn: without a ratio it has no place on the scale."""
    low, high = row["ratio_low"], row["ratio_high"]
    if math.isnan(low):
        return _BESIDE
    if math.isclose(low, high) and low > 0:
        return _POINT
    return _TWO if any(two_numbers(row[f"{side}_printed"]) for side in ("before", "after")) else _BAR


def _draw(ax: Axes, y: float, row: Row, reach: float) -> None:
    colour, marker, _ = MARKS[row["called"]]
    low, high, gid = row["ratio_low"], row["ratio_high"], _gid(row)
    mark = _mark(row)
    if mark == _POINT:
        ax.plot([1, low], [y, y], color=colour, lw=1.6, alpha=0.55, zorder=2)
        ax.plot(low, y, marker, color=colour, ms=5.5, mec="white", mew=0.5, zorder=3, gid=gid)
        return
    start, end = max(low, 1 / reach), min(high, reach)
    if mark == _TWO:
        ax.plot([start, end], [y, y], "o", color=colour, ms=5, mfc="white", mew=1.2, zorder=3, gid=gid)
        ax.annotate("≠", (end, y), xytext=(5, 0), textcoords="offset points", va="center", fontsize=SMALL, color=colour)
        return
    ax.plot([start, end], [y, y], color=colour, lw=3.2, solid_capstyle="butt", zorder=3, gid=gid)
    for x, beyond, mark in ((start, low < 1 / reach, "<"), (end, high > reach, ">")):
        ax.plot(x, y, mark if beyond else "|", color=colour, ms=6, mew=1.4, zorder=3)


def _alt(rows: Sequence[Row], phases: pd.DataFrame) -> str:
    """How many analytes of a phase stand under each heading, and the largest changes in both directions."""
    counts = {heading: sum(row["called"] == heading for row in rows) for heading in MARKS}
    told = ", ".join(f"{n} {heading}" for heading, n in counts.items() if n)
    parts = [f"{against(phases, rows[0])}: of {counted(len(rows), 'analyte')} {told}"]
    exact = [row for row in rows if math.isclose(row["ratio_low"], row["ratio_high"])]
    if rises := [row for row in exact if row["ratio_low"] > 1]:
        parts.append(f"largest rise: {_move(max(rises, key=itemgetter('ratio_low')))}")
    if falls := [row for row in exact if row["ratio_low"] < 1]:
        parts.append(f"largest fall: {_move(min(falls, key=itemgetter('ratio_low')))}")
    return "; ".join(parts) + "."


def _move(row: Row) -> str:
    name = spoken(row["label"], row["short"])
    return f"{name} {_short(row, 'before')} to {_short(row, 'after')}{behind(row['unit'])} ({size_text(row)})"


def _described(rows: Sequence[Row], phases: pd.DataFrame) -> str:
    parts = [against(phases, rows[0])]
    for heading in MARKS:
        if some := [_move(row) for row in rows if row["called"] == heading]:
            parts.append(f"{heading}: {'; '.join(some)}")
    return ". ".join(parts) + "."
