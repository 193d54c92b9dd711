"""The course of one analyte: its values as what they are, over phases, reference range and dose days."""

import math
from typing import Any

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patches import Rectangle
from matplotlib.transforms import blended_transform_factory

from casereport.analysis.measurements import measurements
from casereport.case.case import Case
from casereport.case.settings import Settings
from casereport.figures.days import day_limits, shade_phases
from casereport.figures.drawing import Figure, canvas, style
from casereport.figures.palette import INK, REFERENCE
from casereport.quantities.intervals import Interval, order_of
from casereport.quantities.units import shown
from casereport.quantities.vocabulary import Analyte
from casereport.quantities.wording import counted, day_text, listed, range_text, value_text

Row = dict[str, Any]


# what an interpretation says where it gives no bound
_MOVES = {"U": "rose", "D": "fell", "B": "better", "W": "worse"}
_PLACES = {"N": "normal", "L": "low", "LL": "low", "H": "high", "HH": "high", "A": "abnormal"}


def _clip(known: Interval, top: float) -> tuple[float, float]:
    return (known.low if math.isfinite(known.low) else min(0.0, known.high), min(known.high, top))


@style()
def course(case: Case, settings: Settings, analyte_id: str) -> Figure:
    """The course of one analyte, with phases, reference range and dose days; raises KeyError for an unknown analyte."""
    analyte = case.vocabulary.analytes[analyte_id]
    table = measurements(case, settings)
    mine = table[table["analyte"] == analyte_id].reset_index(drop=True)
    rows = mine.to_dict("records")  # to ask pandas for every cell takes longer than to draw it
    doses = _opening_doses(case)
    limits = day_limits(case, [*mine["when"], *(d for _, d in doses)])
    figure = canvas(3.9, 2.75, case.simulated, layout=None)
    ax = figure.subplots()
    known = [k for k in mine["known"] if k is not None]
    ends = [x for k in known for x in (k.low, k.high) if math.isfinite(x)]
    reference = _shown_reference(mine)
    bounds = [x for x in (reference.low, reference.high) if math.isfinite(x)] if reference else []
    scale = [*ends, *(x for x in bounds if ends and x < 4 * max(ends))]
    low, high = (min(scale), max(scale)) if scale else (0.0, 1.0)
    span = (high - low) or abs(high) or 1.0
    bottom = 0.0 if 0 <= low < 0.5 * high else low - 0.12 * span
    top = high + 0.2 * span
    ax.set_ylim(bottom, top)
    ax.set_xlim(*limits)
    shade_phases(ax, case, settings, limits)
    if reference:
        band = (x if math.isfinite(x) else edge for x, edge in ((reference.low, bottom), (reference.high, top)))
        ax.axhspan(*band, color=REFERENCE, alpha=0.10, lw=0, zorder=0.5)
        for limit in bounds:
            if bottom < limit < top:
                ax.axhline(limit, color=REFERENCE, lw=0.8, ls=(0, (4, 2)), zorder=0.6)
    _draw_values(ax, rows, limits, (bottom, top))
    for i, (_, day) in enumerate(doses):
        if day.is_exact:
            ax.plot(
                day.low, top - 0.04 * (top - bottom), marker="v", ms=6, color=INK, mec="white", mew=0.6,
                clip_on=False, zorder=6, gid=f"dose-{i}",
            )  # fmt: skip
    ax.set_xlabel("study day")
    ax.set_ylabel(shown(analyte.unit))
    ax.xaxis.get_major_locator().set_params(integer=True)
    _place(ax, analyte.label)
    return Figure(
        id=analyte_id,
        title=f"{analyte.label} by study day",
        caption=_course_caption(analyte, rows, reference, doses),
        alt=_course_alt(case, analyte, rows, reference, doses),
        description=_course_description(case, analyte, rows),
        canvas=figure,
        table=_course_table(mine, analyte),
        points={f"value-{i}": _pointed(row, analyte) for i, row in enumerate(rows)}
        | {f"dose-{i}": f"{label}, {day_text(day)}" for i, (label, day) in enumerate(doses) if day.is_exact},
    )


def _place(ax: Axes, title: str) -> None:
    """The frame, its labels and its title, where text of these sizes needs them: only the labels of the values vary.

    Left to itself matplotlib measures every text several times to find these places, in each of the dozens of courses
    of a case, and that takes longer than to draw them.
    """
    figure, labels = ax.figure, ax.yaxis.get_major_formatter()
    width, height = figure.get_size_inches()
    digits = max(map(len, labels.format_ticks(ax.get_yticks())), default=0)
    left = 0.33 + 0.075 * max(digits, 4)
    # a power of ten for all labels stands above them, and the title above that
    over = 0.16 if labels.get_offset() else 0.0
    figure.subplots_adjust(left=left / width, right=0.985, bottom=0.165, top=0.918 - over / height)
    inches = figure.dpi_scale_trans
    ax.yaxis.set_label_coords(0.19, 0.5, blended_transform_factory(inches, ax.transAxes))
    ax.xaxis.set_label_coords(0.5, 0.2, blended_transform_factory(ax.transAxes, inches))
    ax.set_title(title, fontsize=9.5, y=1 + over / (ax.get_position().height * height))


def _opening_doses(case: Case) -> list[tuple[str, Interval]]:
    """The days on which an intervention that opens a phase was given, with its label."""
    opening = {p.opened_by for p in case.meta.phases} - {None}
    table = case.interventions[case.interventions["intervention"].isin(opening)]
    pairs = [
        (case.vocabulary.interventions[r.intervention].label, r.start)
        for r in table.itertuples()
        if r.start is not None
    ]
    return sorted(dict.fromkeys(pairs), key=lambda p: order_of(p[1]))


def _shown_reference(mine: pd.DataFrame) -> Interval | None:
    """The reference range that a figure shows: the one that most of its values carry, the source's own first."""
    own = mine[mine["ref_origin"] == "source"]
    chosen = own if len(own) else mine
    ranges = [r for r in chosen["reference"] if r is not None]
    return max(dict.fromkeys(ranges), key=ranges.count, default=None)


def _draw_values(ax: Axes, rows: list[Row], limits: tuple[float, float], frame: tuple[float, float]) -> None:
    bottom, top = frame
    # the line joins neighbouring numbers only: across a range or a censored value it would say what is not known
    exact = [row["known"] is not None and row["known"].is_exact and row["when"].is_exact for row in rows]
    xs = [row["when"].low if e else math.nan for row, e in zip(rows, exact, strict=True)]
    ys = [row["known"].low if e else math.nan for row, e in zip(rows, exact, strict=True)]
    ax.plot(xs, ys, color=INK, lw=1.1, zorder=3)
    for i, row in enumerate(rows):
        day, known = row["when"], row["known"]
        x0, x1 = max(day.low, limits[0]), min(day.high, limits[1])
        middle = (x0 + x1) / 2
        gid = f"value-{i}"
        if known is None:
            up = row["interpretation"] in ("U", "B")
            y0, y1 = (0.35, 0.6) if up else (0.6, 0.35)
            arrow = {"arrowstyle": "-|>", "color": INK, "lw": 1.6}
            at = ("data", "axes fraction")
            if row["interpretation"] in _MOVES:
                ax.annotate("", (middle, y1), (middle, y0), xycoords=at, textcoords=at, arrowprops=arrow, zorder=5)
            word = _MOVES.get(row["interpretation"]) or _PLACES.get(row["interpretation"], "?")
            ax.annotate(
                word,
                (middle, 0.61 if up else 0.34),
                xycoords=at,
                ha="center",
                va="bottom" if up else "top",
                fontsize=7.5,
                gid=gid,
            )
        elif known.is_exact and day.is_exact:
            look = {"marker": "o", "ms": 4.2, "color": INK, "mec": "white", "mew": 0.5, "zorder": 4, "gid": gid}
            ax.add_line(Line2D([day.low], [known.low], ls="None", **look))  # `plot` would look for new limits each time
        elif not row["numeric"]:
            low, high = _clip(known, top)
            half = 0.3 if day.is_exact else 0.0
            box = Rectangle(
                (x0 - half, low), x1 - x0 + 2 * half, high - low, fill=True, facecolor="none", edgecolor=INK,
                hatch="////", lw=0.9, ls=(0, (3, 2)), zorder=3, gid=gid,
            )  # fmt: skip
            ax.add_patch(box)
        elif known.kind in ("above", "below"):
            limit, marker, far = (known.low, "^", top) if known.kind == "above" else (known.high, "v", bottom)
            ax.plot([middle, middle], [limit, far], color=INK, lw=0.8, ls=":", zorder=3)
            ax.plot(middle, limit, marker, ms=5.5, mfc="white", mec=INK, mew=1.1, zorder=4, gid=gid)
        else:
            low, high = _clip(known, top)
            ax.plot([x0, x1], [(low + high) / 2] * 2, color=INK, lw=0.9, alpha=0.6, zorder=3)
            if known.is_exact:
                ax.plot([x0, x1], [low, low], color=INK, lw=2.4, solid_capstyle="butt", zorder=4, gid=gid)
            else:
                ax.plot([middle, middle], [low, high], color=INK, lw=2.4, solid_capstyle="butt", zorder=4, gid=gid)
                for end in (low, high):
                    ax.plot(middle, end, "_", ms=7, color=INK, mew=1.1, zorder=4)


def _course_caption(analyte: Analyte, rows: list[Row], reference: Interval | None, doses: list) -> str:
    parts = [f"{analyte.label}."]
    if reference:
        origin = f"default, not the source's own; {analyte.reference_source}".removesuffix("; ")
        own = [row for row in rows if row["ref_origin"] == "source"]
        converted = not all(str(row["printed"]).endswith(f" {analyte.unit}") for row in own)
        printed = "as the source prints it, converted" if converted else "as the source prints it"
        whose = printed if own else origin
        parts.append(f"Green band: reference range, {range_text(reference, analyte.unit)} ({whose}).")
    kinds = []
    numeric = {row["known"].kind for row in rows if row["known"] is not None and row["numeric"]}
    if numeric & {"above", "below"}:
        kinds.append("open triangles: beyond a limit")
    if "range" in numeric:
        kinds.append("bars: ranges")
    if any(row["known"] is not None and not row["numeric"] for row in rows):
        kinds.append("hatched boxes: stated in words, any value in the box is possible")
    words = {row["interpretation"] for row in rows if row["known"] is None}
    if words & _MOVES.keys():
        kinds.append("arrows: only the direction is stated")
    if words & _PLACES.keys():
        kinds.append("words: stated against a reference range that is not known")
    if kinds:
        text = "; ".join(kinds)
        parts.append(text[0].upper() + text[1:] + ".")
    drawn = list(dict.fromkeys(label.lower() for label, day in doses if day.is_exact))
    if drawn:
        parts.append("Triangles on top: " + listed(drawn) + ".")
    return " ".join(parts)


def _course_alt(
    case: Case, analyte: Analyte, rows: list[Row], reference: Interval | None, doses: list[tuple[str, Interval]]
) -> str:
    def said(row: Row) -> str:
        return f"{value_text(row, analyte.unit)} on {day_text(row['when'])}" + ("" if row["numeric"] else " (in words)")

    parts = ["Simulated." if case.simulated else "", f"{analyte.label}, {counted(len(rows), 'statement')}:"]
    if len(rows) <= 6:
        parts.append("; ".join(map(said, rows)) + ".")
    else:
        exact = [row for row in rows if row["known"] is not None and row["known"].is_exact]
        parts.append(f"first {said(rows[0])}, last {said(rows[-1])}")
        if exact:
            lowest, highest = (end(exact, key=lambda row: row["known"].low) for end in (min, max))
            parts[-1] += f"; lowest {said(lowest)}, highest {said(highest)}"
        parts[-1] += "."
    if reference:
        parts.append(f"Reference range {range_text(reference, analyte.unit)}.")
    if doses:
        days = {label: listed([day_text(d) for one, d in doses if one == label]) for label, _ in doses}
        parts.append("Given: " + listed([f"{label.lower()} on {told}" for label, told in days.items()]) + ".")
    return " ".join(p for p in parts if p).replace(" on before", " before").replace(" on after", " after")


def _course_description(case: Case, analyte: Analyte, rows: list[Row]) -> str:
    """Every statement in order, phase by phase."""
    parts = []
    for phase in case.meta.phases:
        here = [row for row in rows if row["phase"] == phase.id]
        told = [f"{day_text(row['when'])} {value_text(row, analyte.unit)}" for row in here]
        parts.append(f"{phase.label}: {'; '.join(told) or 'nothing stated'}.")
    return " ".join(parts)


def _pointed(row: Row, analyte: Analyte) -> str:
    """Day, value, unit, reference range and source of one mark."""
    reference = range_text(row["reference"], analyte.unit)
    parts = [f"{day_text(row['when'])}: {value_text(row, analyte.unit)}"]
    if reference:
        parts.append(f"reference {reference}" + (" (default)" if row["ref_origin"] == "default" else ""))
    return "; ".join([*parts, f"{row['evidence']}, {row['source']}"])


def _course_table(mine: pd.DataFrame, analyte: Analyte) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "day": mine["when"],
            "phase": mine["phase"],
            "value": [k if n or k is not None else "" for k, n in zip(mine["known"], mine["numeric"], strict=True)],
            "unit": analyte.unit,
            "interpretation": mine["interpretation"],
            "reference": mine["reference"],
            "evidence": mine["evidence"],
            "source": mine["source"],
        }
    )
