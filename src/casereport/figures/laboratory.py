"""Laboratory values at a glance: analytes by organ system, study days across, ready for a heat map of seaborn's.

What is cut into parts and how a part is framed (organ systems, phases, doses, the key) is here; the heat map itself is
in the notebook.
"""

import math
import textwrap
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from operator import itemgetter
from typing import Any

import pandas as pd
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure as Canvas
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.text import Annotation
from matplotlib.transforms import ScaledTranslation

from casereport.analysis.tidy import phase_windows
from casereport.analysis.time_unit import in_its_time
from casereport.case.phases import phase_of
from casereport.figures.days import name_days, opening_doses
from casereport.figures.drawing import LETTER, Figure
from casereport.figures.palette import BELOW_ABOVE, INK, phase_colours
from casereport.figures.second_scale import Cell, SecondScale
from casereport.quantities.intervals import Interval
from casereport.quantities.wording import MINUS, time_unit, uncapital

ABOVE, BELOW, WITHIN, SAME, NOT_CERTAIN, NO_RANGE = "↑", "↓", "", "=", "?", "•"
_SIGNS = {"above": ABOVE, "below": BELOW, "in": WITHIN, "not certain": NOT_CERTAIN, "": NO_RANGE}
_TURNS = {"higher": ABOVE, "lower": BELOW, "same": SAME, "not certain": NOT_CERTAIN, "": NO_RANGE}
# the words of the key, and by the second scale
_WORDS = {
    BELOW: ("below the reference range", "lower"),
    WITHIN: ("within it", "= the same"),
    ABOVE: ("above it", "higher"),
    NOT_CERTAIN: ("not certain", "not certain"),
    NO_RANGE: ("no reference range", "nothing to compare with"),
}
_SINCE = "change from the last value before the first dose"
_SINCE_CAPTION = (
    ": the deeper the colour, the further a value lies from the last one before the first dose (full colour: by twice "
    "the width of its reference range or more). ↑ higher, ↓ lower, = the same or that value itself, ? not certain, • "
    "no value before it. A sign without colour: no reference range."
)
_STEPS = (1.0, 2.0, 3.0, 5.0, 7.0, 10.0)
_LINE = 0.135  # inches, of a label
_FULL = 2.0  # widths of the reference range, of the full colour


@dataclass(frozen=True)
class HeatPart:
    """A part of the heat map, no larger than a page: `beyond` and `signs` for `seaborn.heatmap(beyond, annot=signs)`.

    Both have a row an analyte, below a row for the name of its organ system, and a column for `step` study days from
    each of `starts` on. `beyond` is NaN where nothing is known of the distance; `signs` say above, below, not certain.
    `change` and `turns` are the same of the second scale: how far a value lies from an earlier one, and on which side.
    """

    beyond: pd.DataFrame
    signs: pd.DataFrame
    change: pd.DataFrame
    turns: pd.DataFrame
    groups: tuple[int, ...]
    starts: tuple[float, ...]
    step: float

    @property
    def scales(self) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame, pd.DataFrame]:
        """Number and sign by the first scale, and by the second."""
        return self.beyond, self.signs, self.change, self.turns

    def pitch(self, width: float) -> float:
        """The inches that a row takes in a figure of this width: more where names break into lines."""
        return max(0.19, 0.05 + _LINE * max(map(_lines, _broken(self, width))))

    def height(self, width: float) -> float:
        """The inches that the part takes with its days and phases, in a figure of this width."""
        turned = LETTER * max(map(len, self.beyond.columns)) if _turned(self, width) else 0.0
        return self.pitch(width) * len(self.beyond) + 1.0 + turned

    def table(self) -> pd.DataFrame:
        """What the part shows, one row a cell with a value: `analyte`, `day`, and by either scale number and sign."""
        rows = [
            (self.beyond.index[i], day, *(scale.iloc[i, j] for scale in self.scales))
            for i in range(len(self.beyond))
            for j, day in enumerate(self.starts)
            if i not in self.groups and self.signs.iloc[i, j] != " "
        ]
        return pd.DataFrame(rows, columns=["analyte", "day", "beyond", "sign", "change", "turn"])

    def in_columns(self, most: int) -> list["HeatPart"]:
        """The same in parts of so many columns at most, each with the analytes that have a value in it."""
        count = math.ceil(len(self.starts) / most)
        each = math.ceil(len(self.starts) / count)
        return [self._columns(slice(i, i + each)) for i in range(0, len(self.starts), each)]

    def _columns(self, which: slice) -> "HeatPart":
        beyond, signs, change, turns = (scale.iloc[:, which] for scale in self.scales)
        known = (signs.notna() & (signs != " ")).any(axis=1).to_list()
        keep, group = [], 0
        for i in range(len(known)):
            group = i if i in self.groups else group
            if known[i]:
                keep += [*([group] if group not in keep else []), i]
        groups = tuple(keep.index(i) for i in self.groups if i in keep)
        kept = beyond.iloc[keep], signs.iloc[keep], change.iloc[keep], turns.iloc[keep]
        return HeatPart(*kept, groups, self.starts[which], self.step)


def heat_parts(rows: pd.DataFrame, most_days: int = 42, most_rows: int = 32) -> list[HeatPart]:
    """The numbers of `observations` that have an exact day, in parts of so many analytes at most, by organ system.

    `rows` has a column `beyond` besides: how far the value lies outside its reference range, below 0 on the lower side;
    for the second scale also `change`, how far from an earlier value, and `turn`: higher, lower, same, not certain or
    empty.
    Where there are more than `most_days` days with a value, a column is a span of days, of which the value furthest
    outside its range is shown.
    """
    known = rows[rows["numeric"] & rows["day"].notna()]
    if known.empty:
        return []
    step, starts = _spans(sorted(known["day"].unique()), most_days)
    column = [max(s for s in starts if s <= day + 1e-9) for day in known["day"]]
    turn = known["turn"].map(_TURNS) if "turn" in known else NO_RANGE
    known = known.assign(column=column, sign=known["position"].map(_SIGNS), far=known["beyond"].abs().fillna(-1.0))
    known = known.assign(turn=turn, change=known.get("change", math.nan))
    # of one cell the value furthest outside; of equals the last
    known = known.sort_values("far", kind="stable").groupby(["analyte", "column"], sort=False).tail(1)
    order = list(dict.fromkeys(zip(rows["group"], rows["analyte"], rows["short"], strict=True)))
    order = [entry for entry in order if entry[1] in set(known["analyte"])]
    return [_part(known, chunk, tuple(starts), step) for chunk in _chunks(order, most_rows)]


def _spans(days: Sequence[float], most: int) -> tuple[float, list[float]]:
    """The days themselves, or the first days of spans of equal length, where there are too many of them."""
    if len(days) <= most:
        return 0.0, [float(day) for day in days]
    least = (days[-1] - days[0]) / most
    power = 10.0 ** math.floor(math.log10(least))
    step = next(s * power for s in (*_STEPS, 20.0) if s * power > least)
    first = math.floor(days[0] / step)
    taken = {math.floor(day / step + 1e-9) for day in days}
    return step, [i * step for i in range(first, max(taken) + 1) if i in taken]


def _chunks(order: Sequence[tuple[str, str, str]], most: int) -> list[list[tuple[str, str, str]]]:
    """Analytes in parts of so many, an organ system in one part wherever it fits into one."""
    found: list[list[tuple[str, str, str]]] = [[]]
    for group in dict.fromkeys(entry[0] for entry in order):
        mine = [entry for entry in order if entry[0] == group]
        if found[-1] and len(found[-1]) + len(mine) > most:
            found.append([])
        for i in range(0, len(mine), most):
            if i:
                found.append([])
            found[-1].extend(mine[i : i + most])
    return found


def _part(
    known: pd.DataFrame, chunk: Sequence[tuple[str, str, str]], starts: tuple[float, ...], step: float
) -> HeatPart:
    names: list[str] = []
    ids: list[str] = []
    groups: list[int] = []
    for group, mine in groupby(chunk, key=itemgetter(0)):
        groups.append(len(ids))
        names, ids = [*names, group], [*ids, f"group: {group}"]
        for _, analyte, short in mine:
            names, ids = [*names, short], [*ids, analyte]
    wide = known.set_index(["analyte", "column"])[["beyond", "sign", "change", "turn"]].unstack("column")
    columns = [f"{start:g}".replace("-", MINUS) for start in starts]
    scales = [wide[what].reindex(index=ids, columns=list(starts)) for what in ("beyond", "sign", "change", "turn")]
    for table in scales:
        table.index, table.columns = pd.Index(names, name="analyte"), pd.Index(columns, name="day")
    beyond, signs, change, turns = scales
    both = beyond.astype(float), signs.fillna(" "), change.astype(float), turns.fillna(" ")
    return HeatPart(*both, tuple(groups), starts, step)


def _broken(part: HeatPart, width: float) -> list[str]:
    """The names beside the rows; on a phone that of an organ system stands in its own row, which is empty."""
    names = [str(name) for name in part.beyond.index]
    if _is_narrow(width):
        names = ["" if i in part.groups else name for i, name in enumerate(names)]
    return ["\n".join(textwrap.wrap(name, 19 if _is_narrow(width) else 34)) for name in names]


def _column_width(part: HeatPart, width: float) -> float:
    """The inches of a column in a figure of this width."""
    longest = max((len(line) for name in _broken(part, width) for line in name.split("\n")), default=0)
    return (width - LETTER * longest - 0.35) / len(part.starts)


def _turned(part: HeatPart, width: float) -> bool:
    """True where a day has no room for its number but upright."""
    return LETTER * max(map(len, part.beyond.columns)) + 0.04 > _column_width(part, width)


def _is_narrow(width: float) -> bool:
    return width < 5


def _lines(text: str) -> int:
    return text.count("\n") + 1


@in_its_time
def frame_heat(ax: Axes, part: HeatPart, phases: pd.DataFrame, interventions: pd.DataFrame) -> None:
    """Names the rows, days and organ systems of a heat map; phases above it, and the doses that open them.

    A phase is shown over the days of which a sample counts to it.
    """
    figure = ax.get_figure(root=True)
    assert figure is not None
    width = figure.get_figwidth()
    number = figure.axes.index(ax)
    for i, sign in enumerate(ax.texts):
        sign.set_in_layout(False)  # each lies in its cell: thousands need not be asked, several times, how much room
        sign.set_gid(f"sign-{number}-{i}")
    names = _broken(part, width)
    ax.set_yticks([i + 0.5 for i in range(len(names))], names, rotation=0, fontsize=8.4, va="center")
    for i in part.groups:
        ax.get_yticklabels()[i].set_fontweight("bold")
        if _is_narrow(width):
            ax.text(0, i + 0.5, str(part.beyond.index[i]), va="center", fontsize=8.4, fontweight="bold")
        if i:
            ax.axhline(i, color=INK, lw=0.5)
    inches = _column_width(part, width)
    turned = 90 if _turned(part, width) else 0
    places = [i + 0.5 for i in range(len(part.starts))]
    ax.set_xticks(places, list(part.beyond.columns), rotation=turned, fontsize=8.4)
    ax.tick_params(length=0)
    ax.set_ylabel("")
    name_days(ax, f": the first of {part.step:g} {time_unit()} each" if part.step else "", fontsize=8.4)
    for i, row in enumerate(part.signs.to_numpy()):
        for j, sign in enumerate(row):
            if sign != " " and math.isnan(part.beyond.iloc[i, j]):  # seaborn leaves out what has no number
                gid = f"sign-{number}-{len(ax.texts)}"
                ax.text(j + 0.5, i + 0.5, sign, ha="center", va="center", fontsize=8.4, color=INK, gid=gid)
    _draw_phases(ax, part, phases, interventions, inches)


def _draw_phases(ax: Axes, part: HeatPart, phases: pd.DataFrame, interventions: pd.DataFrame, inches: float) -> None:
    windows = phase_windows(phases)
    colours, labels = phase_colours([w.id for w in windows]), {w.id: w.label for w in windows}
    figure = ax.get_figure(root=True)
    assert figure is not None
    above = ax.get_xaxis_transform() + ScaledTranslation(0, 0.08, figure.dpi_scale_trans)
    side = str(phases["infusion_day"].iloc[0]) if len(phases) else "before"
    of = [phase_of(Interval.exact(start), windows, side) for start in part.starts]
    first = 0
    for i in range(1, len(of) + 1):
        if i < len(of) and of[i] == of[first]:
            continue
        if of[first]:
            ends, gid = (first + 0.04, i - 0.04), f"phase-{of[first]}-{first}"
            strip = Line2D(ends, (1, 1), color=colours[of[first]], lw=7, solid_capstyle="butt", gid=gid)
            strip.set(transform=above, clip_on=False)
            ax.add_artist(strip)
            lines = textwrap.wrap(labels[of[first]], max(1, int((i - first) * inches / LETTER)), break_long_words=False)
            room = (i - first) * inches
            if len(lines) <= 3 and all(len(line) * LETTER <= room for line in lines):
                ax.annotate(
                    "\n".join(lines), ((first + i) / 2, 1), xycoords=("data", "axes fraction"), xytext=(0, 12),
                    textcoords="offset points", ha="center", va="bottom", fontsize=8.4, gid=f"name-{of[first]}",
                )  # fmt: skip
        first = i
    for dose in opening_doses(interventions, windows):
        if (place := _column(part, dose.day)) is not None:
            face = INK if dose.stated else "white"
            mark = Line2D(
                [place], [1], transform=above, clip_on=False, marker="v", ms=6, mfc=face, mec=INK, ls="",
                gid=f"dose-{dose.line}",
            )  # fmt: skip
            ax.add_artist(mark)


def _column(part: HeatPart, day: Interval) -> float | None:
    """The place of a day: in the middle of its column, on the border of two between them; None beyond the part."""
    if not day.is_exact:
        return None
    ends = [start + part.step for start in part.starts]
    for i, (start, end) in enumerate(zip(part.starts, ends, strict=True)):
        if start <= day.low + 1e-9 and day.low <= end - (1e-9 if part.step else -1e-9):
            return i + 0.5
    before = sum(start < day.low for start in part.starts)
    return float(before) if 0 < before < len(part.starts) else None


def heat_key(figure: Canvas, parts: Sequence[HeatPart], phases: pd.DataFrame, interventions: pd.DataFrame) -> None:
    """A key below a figure of these parts: signs and colours that occur, phases without a name above, and doses.

    The figure grows by the height of the key, and its parts find their places.
    """
    seen = {sign for part in parts for sign in part.signs.to_numpy().ravel()}
    below, middle, above = BELOW_ABOVE
    colours = {BELOW: below, WITHIN: middle, ABOVE: above, NOT_CERTAIN: middle, NO_RANGE: "none"}
    handles: list[Artist] = [
        Patch(facecolor=colour, edgecolor=INK, lw=0.4, label=f"{sign} {_WORDS[sign][0]}".strip())
        for sign, colour in colours.items()
        if sign in seen
    ]
    windows = phase_windows(phases)
    of_phase = phase_colours([w.id for w in windows])
    letters = 44 if figure.get_figwidth() < 5 else 70
    named = {str(artist.get_gid()).removeprefix("name-") for artist in figure.findobj(Annotation)}
    shown = [w for w in windows if w.id not in named]
    handles += [Patch(facecolor=of_phase[w.id], lw=0, label="\n".join(textwrap.wrap(w.label, letters))) for w in shown]
    doses = {(d.label, d.stated) for d in opening_doses(interventions, windows) if d.day.is_exact}
    for label, stated in sorted(doses):
        text = f"dose of {uncapital(label)}" + ("" if stated else ", inferred")
        look: dict[str, Any] = {"marker": "v", "ls": "", "ms": 6, "mec": INK, "mfc": INK if stated else "white"}
        handles.append(Line2D([], [], label="\n".join(textwrap.wrap(text, letters)), **look))
    longest = max(len(line) for h in handles for line in str(h.get_label()).split("\n"))
    columns = max(1, min(len(handles), int((figure.get_figwidth() - 0.2) / (0.5 + LETTER * longest))))
    key = figure.legend(handles=handles, loc="outside lower center", ncols=columns, frameon=False, fontsize=8.4)
    figure.set_figheight(figure.get_figheight() + key.get_window_extent().height / figure.dpi + 0.1)
    figure.set_layout_engine("constrained")


def _percent(far: float) -> int | None:
    """A distance in percent of that of the full colour."""
    return None if math.isnan(far) else round(100 * far / _FULL)


def with_second_scale(figure: Figure, parts: Sequence[HeatPart], small: Sequence[HeatPart], rest: str = "") -> Figure:
    """The figure of these parts, and of `small` on a phone, with the second scale: `change` and `turns` of the parts.

    Its caption begins as that of the figure, up to a colon, and ends with `rest`. Where no value stands before a first
    dose there is nothing to choose.
    """
    counts = pd.concat([part.table() for part in parts])["turn"].value_counts()
    name = _SINCE if set(counts.index) & {ABOVE, BELOW, SAME, NOT_CERTAIN} else ""
    higher, lower, same = (counts.get(sign, 0) for sign in (ABOVE, BELOW, SAME))
    alt = f"By the {_SINCE}: {higher} higher, {lower} lower, {same} the same."
    title = figure.caption.partition(":")[0]
    key = {f"{sign} {first}".strip(): f"{sign} {other}".strip() for sign, (first, other) in _WORDS.items()}

    def scale(shown: Sequence[HeatPart]) -> SecondScale:
        cells = [
            Cell(_percent(far), sign, _percent(other), turn)
            for part in shown
            for far, sign, other, turn in zip(*(table.to_numpy().ravel() for table in part.scales), strict=True)
        ]
        return SecondScale(name, title + _SINCE_CAPTION + rest, alt, cells, key)

    phone = figure.phone and replace(figure.phone, second=scale(small))
    return replace(figure, phone=phone, second=scale(parts))
