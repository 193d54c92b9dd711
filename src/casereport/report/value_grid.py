"""Every value of a case as a grid, analyte by day: flags, sources, and the course of each analyte as a small line.

A grid wider or longer than a page is cut into parts, by days and by organ systems, so that nothing is lost in print.
"""

import math
import re
from collections.abc import Iterator, Sequence

from markupsafe import Markup

from casereport.analysis.measurements import Measurement, by_analyte
from casereport.analysis.tidy import by_day
from casereport.figures.runs import runs
from casereport.quantities.intervals import order_of
from casereport.quantities.units import behind, shown
from casereport.quantities.vocabulary import Vocabulary
from casereport.quantities.wording import MINUS, ORDERED, day_cell, interval_text, printed_text, range_text, significant
from casereport.report.tables import Cells

_MOST_ANALYTES = 40  # in a part
_ROOM = 620.0  # pixels of its columns of days, 25 at the most: what a screen has, and a page in smaller print
_LETTER, _AROUND = 7.6, 17.0  # pixels of a letter, and around a cell
_WRAPPED = ("reported", "inferred", "secondary")  # evidence of texts that break into lines in their cell
_LINE = (92.0, 22.0)  # pixels of the small line

_FLAGS = {"below": ("↓", "below the reference range"), "above": ("↑", "above the reference range")}


def value_grid(table: Sequence[Measurement], vocabulary: Vocabulary, phases: Sequence[str]) -> Cells:
    """The values in parts that a page has room for: `parts`, with what their `key` explains, and `documents` as
    `series_rows()`.

    Each part has `columns` (day and, where all of its values have the same, phase), `groups`: an organ system with its
    rows, of which `cells` has the values of each column, and `courses`: whether a row has its small line.
    """
    found = series_rows(table, vocabulary, phases)
    rows: list[Cells] = found["rows"]  # type: ignore[assignment]
    parts = [part for some in _by_group(rows) for part in _by_days(some)]
    values = [value for row in rows for value in row["values"]]  # type: ignore[attr-defined]
    key = {
        "flags": any(value["sign"] for value in values),
        "phases": any(phase for part in parts for _, phase in part["columns"]),  # type: ignore[attr-defined]
        "courses": any(part["courses"] for part in parts),
        "words": any(value["evidence"] in _WRAPPED for value in values),
        "default": any("(default)" in str(row["reference"]) for row in rows),
    }
    return {"parts": parts, "documents": found["documents"], "key": key}


def _by_group(rows: Sequence[Cells]) -> Iterator[list[Cells]]:
    """The rows in lots of so many, an organ system in one lot where it fits."""
    lot: list[Cells] = []
    for group in dict.fromkeys(row["group"] for row in rows):
        mine = [row for row in rows if row["group"] == group]
        if lot and len(lot) + len(mine) > _MOST_ANALYTES:
            yield lot
            lot = []
        lot = lot + mine
        while len(lot) > _MOST_ANALYTES:
            yield lot[:_MOST_ANALYTES]
            lot = lot[_MOST_ANALYTES:]
    if lot:
        yield lot


def _by_days(rows: Sequence[Cells]) -> Iterator[Cells]:
    """The same rows once for each lot of days, without those that have no value in it; lots about equally wide.

    The course of an analyte stands in the first of its parts: in each part of a long one it would be most of the page.
    """
    rows = [row | {"by_day": _gathered(row["values"])} for row in rows]  # type: ignore[arg-type]
    values = [value for row in rows for value in row["values"]]  # type: ignore[attr-defined]
    days = [day for _, day in sorted({(value["order"], value["day"]) for value in values})]
    widths = {day: _AROUND + _LETTER * min(8, len(day)) for day in days}
    for value in values:
        letters = max(map(len, value["text"].split())) if value["evidence"] in _WRAPPED else len(value["text"])
        width = _AROUND + _LETTER * (letters + 1 + len(value["letters"]) * 0.7)
        widths[value["day"]] = max(widths[value["day"]], width)
    share = sum(widths.values()) / math.ceil(sum(widths.values()) / _ROOM)
    lots: dict[int, list[str]] = {}
    end = 0.0
    for day in days:
        end += widths[day]
        lots.setdefault(int((end - widths[day] / 2) / share), []).append(day)
    for lot in lots.values():
        yield _part(rows, lot)


def _gathered(values: Sequence[Cells]) -> dict[object, list[Cells]]:
    found: dict[object, list[Cells]] = {}
    for value in values:
        found.setdefault(value["day"], []).append(value)
    return found


def _part(rows: Sequence[Cells], days: Sequence[str]) -> Cells:
    groups: dict[object, list[Cells]] = {}
    for row in rows:
        cells = [row["by_day"].get(day, []) for day in days]  # type: ignore[attr-defined]
        if any(cells):
            groups.setdefault(row["group"], []).append(row | {"cells": cells})
            row["line"] = ""
    columns = []
    for i, day in enumerate(days):
        phases = {v["phase"] for mine in groups.values() for row in mine for v in row["cells"][i]}  # type: ignore[index]
        columns.append((day, phases.pop() if len(phases) == 1 else ""))
    courses = any(row["line"] for mine in groups.values() for row in mine)
    return {"columns": columns, "groups": list(groups.items()), "courses": courses}


def line(mine: Sequence[Measurement], phases: Sequence[str]) -> Markup:
    """The course of an analyte as a small drawing: its exact numbers, joined as in its figure, over its range.

    Empty where there are fewer than two of them: a point alone has no course.
    """
    pieces = runs(by_day(mine), phases)
    points = [point for piece in pieces for point in piece]
    if len(points) < 2:
        return Markup("")
    (left, right), (low, high) = ((min(ends), max(ends)) for ends in zip(*points, strict=True))

    def place(x: float, y: float) -> tuple[float, float]:
        across = (x - left) / (right - left) if right > left else 0.5
        up = (y - low) / (high - low) if high > low else 0.5
        return round(3 + across * (_LINE[0] - 6), 1), round(3 + (1 - up) * (_LINE[1] - 6), 1)

    drawn = [[place(*point) for point in piece] for piece in pieces]
    lines = "".join(
        f'<polyline points="{" ".join(f"{x:g},{y:g}" for x, y in piece)}"/>' for piece in drawn if len(piece) > 1
    )
    dots = "".join(f'<circle cx="{x:g}" cy="{y:g}" r="1.6"/>' for piece in drawn for x, y in piece)
    size = f'viewBox="0 0 {_LINE[0]:g} {_LINE[1]:g}" width="{_LINE[0]:g}" height="{_LINE[1]:g}"'
    return Markup(f'<svg class="line" {size} aria-hidden="true" focusable="false">{lines}{dots}</svg>')


def series_rows(table: Sequence[Measurement], vocabulary: Vocabulary, phases: Sequence[str] = ()) -> Cells:
    """One row an analyte, its values in order of days, each with a flag and the letter of its source.

    `phases` are the ids in order: a line joins no values across a phase without any. Returns `rows`, and `documents`:
    the letters and what they stand for.
    """
    documents: dict[str, str] = {}
    rows = []
    for name, mine in by_analyte(table).items():
        values: list[Cells] = []
        for m in mine:
            letters = []
            for source in m.source.split("; "):
                document = source.partition(",")[0]
                letters.append(documents.setdefault(document, _letter(len(documents))))
            sign, meaning = _FLAGS.get(m.position if m.numeric else "", ("", ""))
            values.append(
                {
                    "id": f"value-{name}-{len(values) + 1}",
                    "day": day_cell(m.when),
                    "order": order_of(m.when),
                    "phase": m.phase,
                    "text": _value(m),
                    "sign": sign,
                    "meaning": meaning,
                    "source": m.source,
                    "letters": "".join(sorted(set(letters))),
                    "evidence": m.evidence,
                    "note": m.note,
                }
            )
        analyte = vocabulary.analytes[name]
        rows.append(
            {
                "analyte": name,
                "label": analyte.label,
                "loinc": analyte.loinc,
                "unit": shown(analyte.unit),
                "reference": _reference(mine),
                "group": analyte.group,
                "values": values,
                "line": line(mine, phases),
            }
        )
    return {"rows": rows, "documents": {letter: document for document, letter in documents.items()}}


def _letter(i: int) -> str:
    return chr(ord("a") + i) if i < 26 else f"[{i + 1}]"


def _value(m: Measurement) -> str:
    if m.numeric:
        printed = printed_text(m.printed)
        unit = rf"(?<=\d){re.escape(behind(m.unit))}(?!\S)"
        if m.known is not None and m.known.is_exact and not re.search(unit, printed):
            # the range above is in the unit of the heading: beside it 11.1 mmol/L of urea would look normal
            number = printed.partition(" ")[0].partition("/")[0]
            same = math.isclose(m.known.low, float(number.replace(MINUS, "-")))  # beats/min is only another spelling
            return printed if same else f"{significant(m.known.low, number)} ({printed})"
        return re.sub(unit, "", printed)
    if m.known is not None:
        return interval_text(m.known, m.unit).removesuffix(behind(m.unit))
    return ORDERED.get(m.interpretation, "not known")


def _reference(mine: Sequence[Measurement]) -> str:
    own = [m for m in mine if m.ref_origin == "source"]
    ranges = {m.reference: m for m in own or mine if m.ref_origin}
    texts = []
    for reference, m in ranges.items():
        text = range_text(reference, m.unit).removesuffix(behind(m.unit))
        texts.append(text + {"default": " (default)", "target": " (target)"}.get(m.ref_origin, ""))
    named = next((m.threshold_name for m in mine if m.threshold_name), "")
    return " or ".join(texts) or ("none" + (f"; threshold: {named}" if named else ""))
