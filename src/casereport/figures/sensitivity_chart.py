"""Whether the conclusion of each comparison survives other choices, all analytes in one picture."""

import pandas as pd
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.patches import Patch, Rectangle
from matplotlib.text import Text

from casereport.analysis.sensitivity import (
    INFUSION_DAYS,
    LAGS,
    NO_DATA,
    OUTCOMES,
    SUMMARIES,
    repetitions,
    robustness,
    unopposed,
)
from casereport.case.case import Case
from casereport.case.settings import Settings
from casereport.figures.drawing import Figure, canvas, style
from casereport.figures.palette import BETTER, FAINT, INK, ON_COLOUR, ON_PALE, WORSE
from casereport.quantities.wording import listed, uncapital

# colour, sign, colour of the sign: the sign says the same as the colour
_LOOKS = {
    "better": (BETTER, "+", ON_COLOUR),
    "worse": (WORSE, "−", ON_COLOUR),
    "in range": ("#cfd4db", "○", ON_PALE),
    "same": ("#cfd4db", "=", ON_PALE),
    "rose": ("#a7adb7", "↑", ON_PALE),
    "fell": ("#a7adb7", "↓", ON_PALE),
    "not certain": ("white", "?", INK),
    NO_DATA: ("white", "", INK),
}
_ORDER = ("better", "worse", "rose", "fell", "in range", "same", "not certain")
_HEADLINE = 0.5
_FIRST = 1.9  # where the cells begin, in cells
_BAR = 20.3  # where the bar of left-out observations begins
_BAR_LENGTH = 6.0
_END = _BAR + _BAR_LENGTH


@style()
def sensitivity(case: Case, settings: Settings) -> Figure:
    """The outcome of each comparison under every choice and with each observation left out; one panel a phase.

    Raises ValueError where no analyte has a value in two phases that follow each other.
    """
    repeated = repetitions(case, settings)
    if not len(repeated):
        raise ValueError("no analyte has a value in two phases that follow each other")
    table = robustness(case, repeated)
    phases = list(dict.fromkeys(table["phase"]))
    labels = {p.id: p.label for p in case.meta.phases}
    counts = [int((table["phase"] == p).sum()) for p in phases]
    figure = canvas(6.2, sum(0.21 * n + 0.85 for n in counts) + 0.5, case.simulated)
    axes = figure.subplots(len(phases), 1, squeeze=False, height_ratios=[n + 0.2 for n in counts])[:, 0]
    for ax, phase in zip(axes, phases, strict=True):
        rows = _sorted(table[table["phase"] == phase])
        _frame(ax, len(rows))
        for y, row in enumerate(reversed(rows)):
            mine = repeated[(repeated["phase"] == phase) & (repeated["analyte"] == row.analyte)]
            _draw_row(ax, y, row, mine)
        names = [case.vocabulary.analytes[row.analyte].short for row in reversed(rows)]
        ax.set_yticks(range(len(rows)), names)
        for tick, row in zip(ax.get_yticklabels(), reversed(rows), strict=True):
            tick.set_fontweight("bold" if row.survives else "normal")
        earlier = uncapital(labels[rows[0].phase_before])
        ax.set_title(f"{labels[phase]} against {earlier}", fontsize=9.5, pad=44)
        survivors = _survivors(table[table["phase"] == phase], " (bold)")
        ax.annotate(survivors, (0, 1), xycoords="axes fraction", xytext=(0, 34), textcoords="offset points", fontsize=8)
    used = [o for o in OUTCOMES if (repeated["outcome"] == o).any()]
    handles = [
        Patch(facecolor=_LOOKS[o][0], edgecolor=FAINT, lw=0.5, hatch=_hatch(o), label=f"{_LOOKS[o][1]} {o}".strip())
        for o in used
    ]
    handles.append(Patch(facecolor="none", edgecolor=INK, lw=1.3, label="as in the report"))
    figure.legend(handles=handles, loc="outside lower center", ncols=4, frameon=False, fontsize=8)
    return Figure(
        id="sensitivity",
        title="Does the conclusion survive other choices?",
        caption=(
            "Each comparison of a phase with the phase before, made again: with a lag of 0 to 3 days, a sample of the "
            "day of the first dose counted before or after it, and the last value or the median; and with each single "
            "observation left out, by last value and by median (the bar shows the shares). Framed: the choice that "
            "the report makes. Bold: the same outcome every time, so that these choices do not matter; what caused a "
            "change is another question. Empty: nothing to compare. A dash in the last column: the comparison itself "
            "decides nothing."
        ),
        alt=_alt(case, table, labels),
        description=_description(case, table, labels),
        canvas=figure,
        table=_shown(table, repeated),
        points={_gid(row): row.sentence for row in table.itertuples()},
    )


def _sorted(rows: pd.DataFrame) -> list:
    """What survives first, changes before what stayed in range; then by the share that agrees; no conclusion last."""

    def key(row: tuple) -> tuple:
        share = -row.agreeing / max(1, row.repetitions)
        return not row.survives, row.outcome == "not certain", share, _ORDER.index(row.outcome)

    return sorted(rows.itertuples(), key=key)


def _place(how: str, infusion_day: str, lag: int) -> float:
    """The left edge of a cell: four lags, a gap between infusion days, a wider one between summaries."""
    return _FIRST + SUMMARIES.index(how) * 9.2 + INFUSION_DAYS.index(infusion_day) * 4.3 + LAGS.index(lag)


def _frame(ax: Axes, n: int) -> None:
    ax.set_xlim(0, _END + 0.1)
    ax.set_ylim(-0.6, n - 0.4)
    ax.spines[:].set_visible(False)
    ax.tick_params(axis="both", length=0, pad=2)
    top = {"xycoords": ("data", "axes fraction"), "textcoords": "offset points", "ha": "center", "va": "bottom"}
    for how, words in zip(SUMMARIES, ("last value, lag in days", "median, lag in days"), strict=True):
        middle = (_place(how, "before", 0) + _place(how, "after", LAGS[-1]) + 1) / 2
        ax.annotate(words, (middle, 1), xytext=(0, 17), fontsize=7.5, **top)
        for day in INFUSION_DAYS:
            middle = (_place(how, day, 0) + _place(how, day, LAGS[-1]) + 1) / 2
            ax.annotate(f"sample {day}", (middle, 1), xytext=(0, 9), fontsize=6.5, color=INK, **top)
            for lag in LAGS:
                ax.annotate(f"{lag}", (_place(how, day, lag) + 0.5, 1), xytext=(0, 1), fontsize=6.5, **top)
    ax.annotate("report", (_HEADLINE + 0.5, 1), xytext=(0, 1), fontsize=6.5, **top)
    ax.annotate("each observation\nleft out once", (_BAR + _BAR_LENGTH / 2, 1), xytext=(0, 1), fontsize=7.5, **top)
    ax.annotate("the same", (1, 1), xycoords="axes fraction", xytext=(5, 1), textcoords="offset points", fontsize=7.5)
    ax.set_xticks([])


def _draw_row(ax: Axes, y: int, row: tuple, mine: pd.DataFrame) -> None:
    cells = mine[mine["kind"] != "left out"]
    for cell in cells.itertuples():
        if cell.lag_days in LAGS:
            _cell(ax, _place(cell.summary, cell.infusion_day, cell.lag_days), y, cell.outcome, cell.kind == "headline")
    _cell(ax, _HEADLINE, y, row.outcome, True, _gid(row))
    start = _BAR
    shares = mine.loc[mine["kind"] == "left out", "outcome"].value_counts()
    for o in OUTCOMES:
        width = _BAR_LENGTH * shares.get(o, 0) / max(1, shares.sum())
        if width:
            _put(ax, Rectangle((start, y - 0.4), width, 0.8, fc=_LOOKS[o][0], ec=FAINT, lw=0.4, hatch=_hatch(o)))
            start += width
    count = "–" if row.outcome == "not certain" else f"{row.agreeing} of {row.repetitions}"
    ax.annotate(
        count, (1, y), xycoords=("axes fraction", "data"), xytext=(5, 0),
        textcoords="offset points", va="center", fontsize=7.5, fontweight="bold" if row.survives else "normal",
    )  # fmt: skip


def _hatch(found: str) -> str | None:
    return "////" if found == "not certain" else None


def _gid(row: tuple) -> str:
    return f"outcome-{row.phase}-{row.analyte}"


def _cell(ax: Axes, x: float, y: int, found: str, framed: bool, gid: str | None = None) -> None:
    colour, sign, ink = _LOOKS[found]
    edge = {"ec": INK, "lw": 1.3, "zorder": 4} if framed else {"ec": FAINT, "lw": 0.4 if sign else 0.15, "zorder": 3}
    _put(ax, Rectangle((x + 0.04, y - 0.4), 0.92, 0.8, fc=colour, gid=gid, **edge))
    if sign:
        _put(ax, Text(x + 0.5, y, sign, ha="center", va="center_baseline", fontsize=7, color=ink, zorder=5))


def _put(ax: Axes, artist: Artist) -> None:
    """Puts something within the frame, of whose size layout and limits need to know nothing: there are hundreds."""
    artist.set_in_layout(False)
    ax.add_artist(artist)


def _shown(table: pd.DataFrame, repeated: pd.DataFrame) -> pd.DataFrame:
    """One row a comparison: the headline's outcome, one column a choice, then the counts."""
    keys = ["phase", "phase_before", "analyte"]
    cells = repeated[repeated["kind"] != "left out"].copy()
    cells["column"] = [
        f"{how}, lag {lag}, sample {day}"
        for how, lag, day in zip(cells["summary"], cells["lag_days"], cells["infusion_day"], strict=True)
    ]
    wide = cells.pivot(index=keys, columns="column", values="outcome")
    order = list(dict.fromkeys(cells["column"]))
    return table.drop(columns="sentence").merge(wide[order].reset_index(), on=keys, sort=False)


def _survivors(rows: pd.DataFrame, mark: str = "") -> str:
    """How many comparisons of a phase come out the same, in the terms of `in_one_sentence()`."""
    text = f"{int(rows['survives'].sum())} of {len(rows)} come out the same every time{mark}"
    more = int(unopposed(rows).sum())
    return f"{text}, {more} more where not empty" if more else text


def _alt(case: Case, table: pd.DataFrame, labels: dict[str, str]) -> str:
    """Per phase how many conclusions survive, and what they are."""
    parts = ["Simulated."] if case.simulated else []
    for phase, rows in table.groupby("phase", sort=False):
        kept = rows[rows["survives"].astype(bool)]
        outcomes = [f"{int((kept['outcome'] == o).sum())} {o}" for o in _ORDER if (kept["outcome"] == o).any()]
        earlier = uncapital(labels[rows["phase_before"].iloc[0]])
        parts.append(f"{labels[str(phase)]} against {earlier}: {_survivors(rows)}")
        parts[-1] += f" (every time: {', '.join(outcomes)})." if outcomes else "."
    return " ".join(parts)


def _description(case: Case, table: pd.DataFrame, labels: dict[str, str]) -> str:
    parts = []
    for phase, rows in table.groupby("phase", sort=False):
        ordered = _sorted(rows)
        earlier = uncapital(labels[rows["phase_before"].iloc[0]])
        parts.append(f"{labels[phase]} against {earlier}: {_survivors(rows)}.")
        for survives, words in ((True, "The same every time"), (False, "Not the same every time")):
            items = [
                f"{case.vocabulary.analytes[row.analyte].short} {row.outcome}"
                + ("" if survives else f" ({row.agreeing} of {row.repetitions})")
                for row in ordered
                if row.survives == survives and row.outcome != "not certain"
            ]
            if items:
                parts.append(f"{words}: {listed(items)}.")
        open_ones = [case.vocabulary.analytes[r.analyte].short for r in ordered if r.outcome == "not certain"]
        if open_ones:
            parts.append(f"Not certain in the first place: {listed(open_ones)}.")
    return " ".join(parts)
