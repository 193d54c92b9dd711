"""The numbers beside the marks of a small panel: the first, the extreme and the last value, none on another mark."""

from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

from matplotlib.axes import Axes

from casereport.analysis.judgement.position import OUTSIDE
from casereport.analysis.measurements import Measurement
from casereport.analysis.tidy import by_day
from casereport.figures.course_marks import known_as
from casereport.figures.days import within
from casereport.figures.text_room import height, width
from casereport.quantities.wording import number_text

_CLEAR = 0.035  # inches around a mark


class Box(NamedTuple):
    """A rectangle in inches, from the lower left of a panel."""

    x0: float
    y0: float
    x1: float
    y1: float

    def meets(self, other: "Box") -> bool:
        """True where the two share a place."""
        return self.x0 < other.x1 and other.x0 < self.x1 and self.y0 < other.y1 and other.y0 < self.y1


def telling(rows: Sequence[Measurement]) -> list[Measurement]:
    """The last, the extreme and the first of the values that are a number or a limit of a known day, in this order.

    The extreme is the one certainly furthest outside its range; where none is outside, or none has a range, the
    highest, or the lowest of what is better when it rises.
    """
    shown = [m for m in by_day(rows) if has_number(m)]
    if not shown:
        return []
    outside = [m for m in shown if m.position in OUTSIDE and m.reference]
    extreme = max(outside, key=_beyond) if outside else max(shown, key=_bad)
    return list(dict.fromkeys([shown[-1], extreme, shown[0]]))


def has_number(m: Measurement) -> bool:
    """True for a value that a number can stand beside: one number or a limit, of a known day."""
    return known_as(m) in ("exact", "above", "below") and m.when is not None and m.when.is_exact


def level(m: Measurement) -> float:
    """Where the mark of such a value stands: at the number, or at the limit."""
    assert m.known is not None
    return m.known.high if known_as(m) == "below" else m.known.low


def _beyond(m: Measurement) -> float:
    assert m.known is not None and m.reference is not None
    return max(m.known.low - m.reference.high, m.reference.low - m.known.high)


def _bad(m: Measurement) -> float:
    assert m.known is not None
    return -m.known.high if m.improvement == "increase" else m.known.low


def digits(m: Measurement) -> str:
    """The number without its unit, in the digits that the source prints, with the sign of a limit."""
    assert m.known is not None
    return number_text(m.known, m.printed)


def label_values(ax: Axes, rows: Sequence[Measurement], size: float, upright: Sequence[float]) -> None:
    """Writes the numbers into a panel whose limits are set: each where it lies on no mark and no other number.

    Of such places that with the fewest lines through it, of which `upright` are the days.
    """
    (left, right), (low, high) = ax.get_xlim(), ax.get_ylim()
    wide, tall = (float(side) for side in ax.bbox.transformed(ax.figure.dpi_scale_trans.inverted()).size)

    def at(day: float, value: float) -> tuple[float, float]:
        return (day - left) / (right - left) * wide, (value - low) / (high - low) * tall

    points = [at(*m.point) for m in by_day(rows) if known_as(m) == "exact" and m.point]
    taken = [Box(x - _CLEAR, y - _CLEAR, x + _CLEAR, y + _CLEAR) for x, y in points]
    for m in rows:
        if m.known is not None and known_as(m) != "exact":  # triangles, bars and boxes
            days, ends = within(m.when, (left, right)), within(m.known, (low, high))
            (x0, y0), (x1, y1) = (at(*end) for end in zip(days, [level(m)] * 2 if has_number(m) else ends, strict=True))
            taken.append(Box(x0 - 0.05, y0 - 0.05, x1 + 0.05, y1 + 0.05))
    line = [
        (x0 + (x1 - x0) * i / 24, y0 + (y1 - y0) * i / 24) for (x0, y0), (x1, y1) in pairwise(points) for i in range(25)
    ]
    lines = [(day - left) / (right - left) * wide for day in upright]
    for m in telling(rows):
        assert m.when is not None
        x, y = at(m.when.low, level(m))
        text = digits(m)
        w, h = width(text, size), 0.85 * height(size)
        centred, above, below = x - w / 2, y + 0.045, y - 0.045 - h
        spots = [(centred, above), (centred, below), (x + 0.06, y - h / 2), (x - 0.06 - w, y - h / 2)]
        spots += [(x + dx, dy) for dx in (0.03, -0.03 - w) for dy in (above, below)]
        spots += [(min(max(centred, 0), wide - w), dy) for dy in (above + 0.04, below - 0.04)]
        boxes = [Box(a, b, a + w, b + h) for a, b in spots]
        inside = [b for b in boxes if b.x0 >= 0 and b.x1 <= wide and b.y0 >= 0 and b.y1 <= tall]
        free = [b for b in inside if not any(b.meets(other) for other in taken)]
        if not free:
            continue
        best = min(free, key=lambda b: _crossed(b, line, lines))
        taken.append(best)
        ax.annotate(
            text, (best.x0 * 72, (best.y0 + h / 2) * 72), xycoords="axes points", fontsize=size,
            va="center", ha="left", zorder=6,
        )  # fmt: skip


def _crossed(box: Box, line: Sequence[tuple[float, float]], upright: Sequence[float]) -> int:
    """How much of the course and of the upright lines runs through a place."""
    course = sum(box.x0 <= x <= box.x1 and box.y0 <= y <= box.y1 for x, y in line)
    return course + 3 * sum(box.x0 - 0.02 <= x <= box.x1 + 0.02 for x in upright)
