"""The heat map of the laboratory on its sheets: for the page, for a manuscript and for a phone.

A sheet gives axes for the heat maps, which are seaborn's and stand in the notebook, and then their frame: names, organ
systems, phases, doses and the key.
"""

import math
import textwrap
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from operator import attrgetter
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
from casereport.figures.drawing import LETTER, Figure, style
from casereport.figures.laboratory import ABOVE, BELOW, NO_RANGE, NOT_CERTAIN, SAME, WITHIN, HeatPart, heat_parts
from casereport.figures.matplotlib_figures import from_matplotlib
from casereport.figures.palette import BELOW_ABOVE, INK, phase_colours
from casereport.figures.rows import lines_of
from casereport.figures.screens import DESK, PAGE, PHONE
from casereport.figures.second_scale import Cell, SecondScale
from casereport.quantities.intervals import Interval
from casereport.quantities.wording import time_unit

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
_LINE = 0.135  # inches, of a label
_FULL = 2.0  # widths of the reference range, of the full colour
_MOST_DAYS = 42  # columns of the page
_FEWER_DAYS = 26  # of a manuscript, and of a phone
_IN_A_ROW = 13  # of these on a phone, which has them in parts below one another


@dataclass(frozen=True)
class HeatSheet:
    """A drawing of the `number`th part of the analytes: its `figure` has axes for each of its `parts`, from the top
    down; a phone has the days in several.
    """

    number: int
    figure: Canvas
    parts: tuple[HeatPart, ...]

    @property
    def panels(self) -> list[tuple[Axes, HeatPart]]:
        """Axes and what `seaborn.heatmap(part.beyond, annot=part.signs, ax=ax)` draws on them."""
        return list(zip(self.figure.axes, self.parts, strict=True))


@style()
def heat_sheets(rows: pd.DataFrame) -> list[HeatSheet]:
    """The sheets of the heat map, still empty: of each part of the analytes three, 10.5, 6.3 and 3.6 inches wide.

    `rows` are those of `observations` with the column `beyond`: how far a value lies outside its reference range, below
    0 on the lower side; for the second scale also `change`, how far from an earlier value, and `turn`: higher, lower,
    same, not certain or empty. Without a value that has a range and an exact day there is none.
    """
    if not rows["beyond"].notna().any():
        return []
    wide, narrow = (heat_parts(rows, most_days=days) for days in (_MOST_DAYS, _FEWER_DAYS))
    found = []
    for number, (part, coarse) in enumerate(zip(wide, narrow, strict=True), start=1):
        of = {DESK.width: [part], PAGE.width: [coarse], PHONE.width: coarse.in_columns(_IN_A_ROW)}
        for inches, parts in of.items():
            heights = [_height(part, inches) for part in parts]
            figure = Canvas(figsize=(inches, sum(heights)))
            figure.subplots(len(parts), 1, height_ratios=heights)
            found.append(HeatSheet(number, figure, tuple(parts)))
    return found


def _height(part: HeatPart, width: float) -> float:
    """The inches that a part takes with its days and phases, in a figure of this width."""
    row = max(0.19, 0.05 + _LINE * max(map(lines_of, _broken(part, width))))  # more where names break into lines
    turned = LETTER * max(map(len, part.beyond.columns)) if _turned(part, width) else 0.0
    return row * len(part.beyond) + 1.0 + turned


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


@style()
@in_its_time
def frame_heat(sheet: HeatSheet, phases: pd.DataFrame, interventions: pd.DataFrame) -> None:
    """Names the rows, days and organ systems of the heat maps on a sheet; phases above, and the doses that open them.

    A phase is shown over the days of which a sample counts to it. Below stands the key, of signs and colours that
    occur, phases without a name above, and doses.
    """
    for number, (ax, part) in enumerate(sheet.panels):
        _frame(ax, part, phases, interventions, sheet.figure.get_figwidth(), number)
    _draw_key(sheet, phases, interventions)


def _frame(
    ax: Axes, part: HeatPart, phases: pd.DataFrame, interventions: pd.DataFrame, width: float, number: int
) -> None:
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


def _draw_key(sheet: HeatSheet, phases: pd.DataFrame, interventions: pd.DataFrame) -> None:
    """The figure grows by the height of the key, and its parts find their places."""
    figure = sheet.figure
    seen = {sign for part in sheet.parts for sign in part.signs.to_numpy().ravel()}
    below, middle, above = BELOW_ABOVE
    colours = {BELOW: below, WITHIN: middle, ABOVE: above, NOT_CERTAIN: middle, NO_RANGE: "none"}
    handles: list[Artist] = [
        Patch(facecolor=colour, edgecolor=INK, lw=0.4, label=f"{sign} {_WORDS[sign][0]}".strip())
        for sign, colour in colours.items()
        if sign in seen
    ]
    windows = phase_windows(phases)
    of_phase = phase_colours([w.id for w in windows])
    letters = 44 if _is_narrow(figure.get_figwidth()) else 70
    named = {str(artist.get_gid()).removeprefix("name-") for artist in figure.findobj(Annotation)}
    shown = [w for w in windows if w.id not in named]
    handles += [Patch(facecolor=of_phase[w.id], lw=0, label="\n".join(textwrap.wrap(w.label, letters))) for w in shown]
    doses = {(d.named, d.stated) for d in opening_doses(interventions, windows) if d.day.is_exact}
    for named_so, stated in sorted(doses):
        text = named_so + ("" if stated else ", inferred")
        look: dict[str, Any] = {"marker": "v", "ls": "", "ms": 6, "mec": INK, "mfc": INK if stated else "white"}
        handles.append(Line2D([], [], label="\n".join(textwrap.wrap(text, letters)), **look))
    longest = max(len(line) for h in handles for line in str(h.get_label()).split("\n"))
    columns = max(1, min(len(handles), int((figure.get_figwidth() - 0.2) / (0.5 + LETTER * longest))))
    key = figure.legend(handles=handles, loc="outside lower center", ncols=columns, frameon=False, fontsize=8.4)
    figure.set_figheight(figure.get_figheight() + key.get_window_extent().height / figure.dpi + 0.1)
    figure.set_layout_engine("constrained")


def heat_figures(sheets: Sequence[HeatSheet], caption: str, rest: str) -> Iterator[Figure]:
    """The figures of sheets that have been drawn, each with its drawings for manuscript and phone, and a second scale.

    Their captions are `caption` and `rest`, and besides what is drawn of several days, and which part it is.
    """
    in_steps = [any(part.step for sheet in some for part in sheet.parts) for some in (sheets[::3], sheets[1::3])]
    if any(in_steps):
        where = "" if in_steps[0] else "On a small screen and in a manuscript: "
        rest += f" {where}of each span of days the value furthest outside its range; the full tables have all."
    of_each = [list(some) for _, some in groupby(sheets, attrgetter("number"))]
    for number, (wide, page, phone) in enumerate(of_each, start=1):
        cells = wide.parts[0].table().round(4)
        counts = cells["sign"].value_counts()
        places = [f"{counts.get(ABOVE, 0)} above the reference range"]
        places += [f"{counts.get(sign, 0)} {where} it" for sign, where in ((BELOW, "below"), (WITHIN, "within"))]
        others = {NOT_CERTAIN: "not certain against it", NO_RANGE: "without a range"}
        places += [f"{counts[sign]} {where}" for sign, where in others.items() if sign in counts.index]
        alt = f"{len(cells)} cells of {cells['analyte'].nunique()} analytes: {', '.join(places)}."
        told = f"{rest} Part {number} of {len(of_each)}." if len(of_each) > 1 else rest
        figure = from_matplotlib(
            wide.figure, page=page.figure, phone=phone.figure, data=cells, caption=caption + told, alt=alt,
            name=f"laboratory-{number}" if number > 1 else "laboratory",
        )  # fmt: skip
        yield _with_second_scale(figure, wide.parts, phone.parts, told)


def _percent(far: float) -> int | None:
    """A distance in percent of that of the full colour."""
    return None if math.isnan(far) else round(100 * far / _FULL)


def _with_second_scale(figure: Figure, parts: Sequence[HeatPart], small: Sequence[HeatPart], rest: str) -> Figure:
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
