"""Whether the conclusion of each comparison survives other choices, all analytes in one picture."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from operator import itemgetter
from typing import Any

import pandas as pd
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure as Canvas
from matplotlib.patches import Patch, Rectangle
from matplotlib.text import Text

from casereport.analysis.judgement.verdict import HEADINGS, TURNS, UNCHANGED, UNDECIDED, WITHIN
from casereport.analysis.sensitivity import INFUSION_DAYS, LAGS, NO_DATA, SUMMARIES, unopposed
from casereport.analysis.tidy import Row
from casereport.analysis.time_unit import in_its_time
from casereport.figures.drawing import PHONE, Figure, style
from casereport.figures.palette import BETTER, FAINT, INK, ON_COLOUR, ON_PALE, WORSE
from casereport.figures.rows import SMALL, Entry, Panel, against, beside, entries_of, paged, panels_of, part_of, stacked
from casereport.quantities.wording import listed, spoken, time_unit

# colour, sign, colour of the sign: the sign says the same as the colour
LOOKS = {
    "better": (BETTER, "+", ON_COLOUR),
    "worse": (WORSE, "−", ON_COLOUR),
    WITHIN: ("#cfd4db", "○", ON_PALE),
    UNCHANGED: ("#cfd4db", "=", ON_PALE),
    "rose": ("#a7adb7", "↑", ON_PALE),
    "fell": ("#a7adb7", "↓", ON_PALE),
    TURNS: ("#a7adb7", "×", ON_PALE),
    UNDECIDED: ("white", "?", INK),
    NO_DATA: ("white", "", INK),
}
_Repeated = dict[Any, pd.DataFrame]  # the repetitions of each phase and analyte
_HEADLINE = 0.5
_SAME = "the same"  # the heading of the counts beside the rows
_FIRST = 1.9  # where the cells begin, in cells
_BAR = 20.5  # where the bar of left-out observations begins
_BAR_LENGTH = 6.0
_END = _BAR + _BAR_LENGTH
_NARROW_BAR = 1.5  # where the bar of all repetitions begins on a phone
_CELL = 0.16  # inches
_LETTERS = 19  # of a label before it breaks: the cells need more room than the labels


@style()
@in_its_time
def sensitivity(robust: pd.DataFrame, repeated: pd.DataFrame, phases: pd.DataFrame) -> list[Figure]:
    """The heading of each comparison under every choice and with each observation left out; one panel a phase.

    Takes the tables `sensitivity`, `repetitions` and `phases`. More rows than a page has room for are parted into
    several figures, and without any there is none. On a phone the choices are one bar of their shares.
    """
    lots = paged(entries_of(_sorted(robust), phases), itemgetter("short"), _LETTERS)
    made_again = dict(list(repeated.groupby(["phase", "analyte"], sort=False)))
    whole = robust["phase"].value_counts().to_dict()
    found = []
    for part, lot in enumerate(lots, start=1):
        rows = [row for entry in lot for row in entry.found]
        mine = pd.DataFrame(rows)[list(robust.columns)]
        name, title = part_of("sensitivity", "Sensitivity analysis", part, len(lots))
        figure = Figure(
            id=name,
            title=title,
            caption=(
                "Sensitivity analysis. Each comparison of a phase with the phase before, repeated with a lag of 0 to 3 "
                f"{time_unit()}, a sample of the {time_unit(1)} on which a phase begins counted before or in it, and "
                "the last value or the median; and with each single observation left out, by last value and by median "
                "(the bar shows the proportions). Framed: the choice that the report makes"
                + _reversed(rows)
                + ". Bold: the same outcome "
                "every time, so these choices do not matter; this does not show what caused a change. Empty: "
                "nothing to compare. A dash in the last column: the comparison itself is undecided."
            ),
            alt=" ".join(_alt(pd.DataFrame(entry.found), phases, whole) for entry in lot),
            description=" ".join(_described(pd.DataFrame(entry.found), phases, whole) for entry in lot),
            canvas=_wide(lot, made_again, whole),
            table=_shown(mine, repeated),
            points={_gid(row): row["sentence"] for row in rows},
        )
        found.append(replace(figure, phone=replace(figure, canvas=_narrow(lot, made_again))))
    return found


def _reversed(rows: Sequence[Row]) -> str:
    """What the caption adds where the report does not say what its choice alone shows."""
    if not any(row["turns"] for row in rows):
        return ""
    return f"; where another choice reverses better and worse, the report says: {TURNS} (×)"


def _said(row: Row) -> str:
    """What the report says of a comparison."""
    return TURNS if row["turns"] else str(row["heading"])


def _handles(lot: Sequence[Entry], made_again: _Repeated) -> list[Patch]:
    """The headings that occur, and the frame of what the report shows."""
    seen = {
        heading for entry in lot for row in entry.found for heading in (_said(row), *_of(row, made_again)["heading"])
    }
    used = [o for o in LOOKS if o in seen]
    handles = [
        Patch(facecolor=LOOKS[o][0], edgecolor=FAINT, lw=0.5, hatch=_hatch(o), label=f"{LOOKS[o][1]} {o}".strip())
        for o in used
    ]
    return [*handles, Patch(facecolor="none", edgecolor=INK, lw=1.3, label="as in the report")]


def _wide(lot: Sequence[Entry], made_again: _Repeated, whole: Mapping[str, int]) -> Canvas:
    panels = panels_of(lot, itemgetter("short"), letters=_LETTERS)
    figure, axes = stacked(panels, _handles(lot, made_again), 0.7, 0.05, texts=_counts(panels), bold=True)
    for ax, panel in zip(axes, panels, strict=True):
        _frame(ax)
        for y, row, tick in zip(panel.rows.places, panel.found, ax.get_yticklabels(), strict=True):
            _draw_row(ax, y, row, _of(row, made_again))
            tick.set_fontweight("bold" if row["survives"] else "normal")
        survivors = _survivors(pd.DataFrame(panel.found), whole, " (bold)")
        ax.annotate(
            survivors, (0, 1), xycoords="axes fraction", xytext=(0, 38), textcoords="offset points", fontsize=SMALL
        )
    return figure


def _narrow(lot: Sequence[Entry], made_again: _Repeated) -> Canvas:
    """The choice that the report makes, the shares of all repetitions in one bar, and how many agree."""
    panels = panels_of(lot, itemgetter("short"), PHONE, _LETTERS - 1)
    figure, axes = stacked(panels, _handles(lot, made_again), 0.25, 0.05, PHONE, texts=_counts(panels), bold=True)
    for ax, panel in zip(axes, panels, strict=True):
        ax.set_xlim(0, _NARROW_BAR + _BAR_LENGTH + 0.1)
        ax.spines[:].set_visible(False)
        ax.tick_params(axis="both", length=0, pad=2)
        ax.set_xticks([])
        look: dict[str, Any] = {"textcoords": "offset points", "va": "bottom", "fontsize": SMALL}
        ax.annotate("all repetitions", (_NARROW_BAR, 1), xycoords=("data", "axes fraction"), xytext=(0, 1), **look)
        ax.annotate(_SAME, (1, 1), xycoords="axes fraction", xytext=(5, 1), **look)
        for y, row, tick in zip(panel.rows.places, panel.found, ax.get_yticklabels(), strict=True):
            _cell(ax, 0, y, _said(row), True, _gid(row), SMALL)
            _draw_shares(ax, _NARROW_BAR, y, _of(row, made_again))
            _draw_count(ax, y, row)
            tick.set_fontweight("bold" if row["survives"] else "normal")
    return figure


def _of(row: Row, made_again: _Repeated) -> pd.DataFrame:
    return made_again[row["phase"], row["analyte"]]


def _sorted(robust: pd.DataFrame) -> pd.DataFrame:
    """What survives first, changes before what stayed in range; then by the share that agrees; no conclusion last."""
    keys = robust.assign(
        _open=robust["heading"] == UNDECIDED,
        _share=robust["agreeing"] / robust["repetitions"].clip(lower=1),
        _rank=robust["heading"].map(HEADINGS.index),
    )
    order = ["survives", "_open", "_share", "_rank"]
    return keys.sort_values(order, ascending=[False, True, False, True], kind="stable")


def _place(how: str, infusion_day: str, lag: int) -> float:
    """The left edge of a cell: four lags, a gap between infusion days, a wider one between summaries."""
    return _FIRST + SUMMARIES.index(how) * 9.3 + INFUSION_DAYS.index(infusion_day) * 4.45 + LAGS.index(lag)


def _frame(ax: Axes) -> None:
    ax.set_xlim(0, _END + 0.1)
    ax.spines[:].set_visible(False)
    ax.tick_params(axis="both", length=0, pad=2)
    top: dict[str, Any] = {
        "xycoords": ("data", "axes fraction"),
        "textcoords": "offset points",
        "ha": "center",
        "va": "bottom",
    }
    for how, words in zip(
        SUMMARIES, (f"last value, lag in {time_unit()}", f"median, lag in {time_unit()}"), strict=True
    ):
        middle = (_place(how, "before", 0) + _place(how, "after", LAGS[-1]) + 1) / 2
        ax.annotate(words, (middle, 1), xytext=(0, 20), fontsize=7.8, **top)
        for day in INFUSION_DAYS:
            middle = (_place(how, day, 0) + _place(how, day, LAGS[-1]) + 1) / 2
            ax.annotate(f"sample {day}", (middle, 1), xytext=(0, 10.5), fontsize=7, color=INK, **top)
            for lag in LAGS:
                ax.annotate(f"{lag}", (_place(how, day, lag) + 0.5, 1), xytext=(0, 1), fontsize=7, **top)
    ax.annotate("report", (_HEADLINE + 0.5, 1), xytext=(0, 1), fontsize=7, **top)
    ax.annotate("each observation\nleft out once", (_BAR + _BAR_LENGTH / 2, 1), xytext=(0, 1), fontsize=7.8, **top)
    ax.annotate(_SAME, (1, 1), xycoords="axes fraction", xytext=(5, 1), textcoords="offset points", fontsize=7.8)
    ax.set_xticks([])


def _draw_row(ax: Axes, y: float, row: Row, mine: pd.DataFrame) -> None:
    for cell in mine[mine["kind"] != "left out"].to_dict("records"):
        if cell["lag_days"] in LAGS:
            x = _place(cell["summary"], cell["infusion_day"], cell["lag_days"])
            _cell(ax, x, y, cell["heading"], cell["kind"] == "headline")
    _cell(ax, _HEADLINE, y, _said(row), True, _gid(row))
    _draw_shares(ax, _BAR, y, mine[mine["kind"] == "left out"])
    _draw_count(ax, y, row)


def _draw_shares(ax: Axes, start: float, y: float, mine: pd.DataFrame) -> None:
    """A bar of the shares of these repetitions under each heading."""
    shares = mine["heading"].value_counts()
    for o in (*HEADINGS, NO_DATA):
        width = _BAR_LENGTH * float(shares.get(o, 0)) / max(1, int(shares.sum()))
        if width:
            look: dict[str, Any] = {"fc": LOOKS[o][0], "ec": FAINT, "lw": 0.4, "hatch": _hatch(o)}
            _put(ax, Rectangle((start, y - _CELL / 2), width, _CELL, **look))
            start += width


def _counts(panels: Sequence[Panel]) -> list[str]:
    """What stands beside the rows, and above them."""
    return [_SAME, *(_count(row) for panel in panels for row in panel.found)]


def _count(row: Row) -> str:
    return "–" if row["heading"] == UNDECIDED else f"{row['agreeing']} of {row['repetitions']}"


def _draw_count(ax: Axes, y: float, row: Row) -> None:
    beside(ax, y, _count(row), fontweight="bold" if row["survives"] else "normal")


def _hatch(found: str) -> str | None:
    return "////" if found == UNDECIDED else None


def _gid(row: Row) -> str:
    return f"outcome-{row['phase']}-{row['analyte']}"


def _cell(ax: Axes, x: float, y: float, found: str, framed: bool, gid: str | None = None, size: float = 7) -> None:
    colour, sign, ink = LOOKS[found]
    edge: dict[str, Any] = (
        {"ec": INK, "lw": 1.3, "zorder": 4} if framed else {"ec": FAINT, "lw": 0.4 if sign else 0.15, "zorder": 3}
    )
    _put(ax, Rectangle((x + 0.04, y - _CELL / 2), 0.92, _CELL, fc=colour, gid=gid, **edge))
    if sign:
        _put(ax, Text(x + 0.5, y, sign, ha="center", va="center_baseline", fontsize=size, color=ink, zorder=5))


def _put(ax: Axes, artist: Artist) -> None:
    """Puts something within the frame, of whose size layout and limits need to know nothing: there are hundreds."""
    artist.set_in_layout(False)
    ax.add_artist(artist)


def _shown(table: pd.DataFrame, repeated: pd.DataFrame) -> pd.DataFrame:
    """One row a comparison: the headline's heading, one column a choice, then the counts."""
    keys = ["phase", "phase_before", "analyte"]
    cells = repeated[repeated["kind"] != "left out"].copy()
    cells["column"] = [
        f"{how}, lag {lag}, sample {day}"
        for how, lag, day in zip(cells["summary"], cells["lag_days"], cells["infusion_day"], strict=True)
    ]
    wide = cells.pivot(index=keys, columns="column", values="heading")
    order = list(dict.fromkeys(cells["column"]))
    return table.drop(columns="sentence").merge(wide[order].reset_index(), on=keys, sort=False)


def _survivors(rows: pd.DataFrame, whole: Mapping[str, int], mark: str = "") -> str:
    """How many comparisons of a phase come out the same, in the terms of `in_one_sentence()`.

    `whole` is how many each phase has; of a phase that goes on in another figure only those shown are counted.
    """
    undecided = int((rows["heading"] == UNDECIDED).sum())
    here = " shown here" if len(rows) < whole[rows["phase"].iloc[0]] else ""
    if undecided == len(rows):
        return f"{f'all {undecided}' if undecided > 1 else 'the one'}{here} undecided"
    text = f"{int(rows['survives'].sum())} of {len(rows)}{here} come out the same every time{mark}"
    more = int(unopposed(rows).sum())
    text = f"{text}, {more} more where not empty" if more else text
    return f"{text}, {undecided} undecided" if undecided else text


def _alt(rows: pd.DataFrame, phases: pd.DataFrame, whole: Mapping[str, int]) -> str:
    """How many conclusions of a phase survive, and what they are."""
    kept = rows.loc[rows["survives"], "heading"]
    outcomes = [f"{int((kept == o).sum())} {o}" for o in HEADINGS if (kept == o).any()]
    text = f"{against(phases, rows.iloc[0].to_dict())}: {_survivors(rows, whole)}"
    return f"{text} (every time: {', '.join(outcomes)})." if outcomes else f"{text}."


def _described(rows: pd.DataFrame, phases: pd.DataFrame, whole: Mapping[str, int]) -> str:
    parts = [f"{against(phases, rows.iloc[0].to_dict())}: {_survivors(rows, whole)}."]
    found = rows.to_dict("records")
    decided = [row for row in found if row["heading"] != UNDECIDED]
    every = [f"{_spoken(row)} {row['heading']}" for row in decided if row["survives"]]
    some = [
        f"{_spoken(row)} {TURNS if row['turns'] else row['heading']} ({row['agreeing']} of {row['repetitions']})"
        for row in decided
        if not row["survives"]
    ]
    undecided = [_spoken(row) for row in found if row["heading"] == UNDECIDED]
    for words, items in (
        ("The same every time", every),
        ("Not the same every time", some),
        ("Undecided from the outset", undecided),
    ):
        if items:
            parts.append(f"{words}: {listed(items)}.")
    return " ".join(parts)


def _spoken(row: Row) -> str:
    return spoken(row["label"], row["short"])
