"""Events as marks with their texts beside them, in lanes by their kind: what is of one day and means the same is one.

The mark tells better from worse by colour and shape; what is not known to the day is a line over the days that it may
have been on, or lasted.
"""

from collections.abc import Iterable, Sequence
from itertools import product
from typing import NamedTuple

from matplotlib.axes import Axes

from casereport.figures.days import Limits
from casereport.figures.episode import Happened
from casereport.figures.palette import BETTER, NEITHER, WORSE
from casereport.figures.screens import Scale, Screen
from casereport.figures.text_room import ELLIPSIS, packed, shortened, width, wrapped
from casereport.quantities.intervals import Interval
from casereport.quantities.wording import day_text, in_turn, listed

LANES = {
    "laboratory": "In words",
    "symptom": "Symptoms, signs",
    "sign": "Symptoms, signs",
    "test": "Tests",
    "imaging": "Imaging",
    "diagnosis": "Diagnoses",
    "adverse_event": "Adverse events",
    "transfer": "Transfers",
    "outcome": "Outcomes",
}
_NAMES = ("symptom", "sign")  # kinds of which a finding is a name, and several make a list
_MERELY_SO = ("outcome", "transfer")
_WORSE, _BETTER, _OPEN = (WORSE, "s"), (BETTER, "o"), (NEITHER, "D")
_LOOKS = dict.fromkeys(("L", "H", "LL", "HH", "W", "POS", "A"), _WORSE) | dict.fromkeys(("B", "NEG", "N"), _BETTER)
_MEANING = {
    _WORSE: ("orange", "squares", "worse, positive or abnormal"),
    _BETTER: ("blue", "circles", "better, negative, absent or normal"),
    _OPEN: ("grey", "diamonds", "direction not stated"),
}
_WIDTHS = (0.6, 0.36, 0.24, 0.16, 0.1)  # of the days, for one text: the first that needs no more rows than a lane has
_MOST_WHOLE, _MOST = 12, 7  # with all texts whole, in as many lines as they need; else each in one line, cut
_MARK, _PAD = 0.07, 0.05  # inches


class Mark(NamedTuple):
    """One or more events of one day that mean the same: what is told of them, and their lines where they are drawn."""

    events: Sequence[Happened]
    lines: Sequence[str]
    at: float
    extent: Limits
    row: int

    @property
    def cut(self) -> bool:
        """True where the text had no room for all of it."""
        return self.lines[-1].endswith(ELLIPSIS)

    @property
    def day(self) -> Interval | None:
        """The day of all."""
        return self.events[0].day


def look(event: Happened) -> tuple[str, str]:
    """Colour and shape: by what the event means for the patient, as far as the source says.

    An outcome or a transfer that is stated to have come about, "alive without disease", is not bad by that alone.
    """
    if event.interpretation == "POS" and event.kind in _MERELY_SO:
        return _OPEN
    return _LOOKS.get(event.interpretation, _OPEN)


def meanings(events: Iterable[Happened], in_list: bool) -> list[str]:
    """What the colours and shapes of these events mean; what is not known to the day has a shape `in_list` alone."""
    marks: dict[tuple[str, str], set[str]] = {}
    for event in events:
        if in_list or event.day is not None:
            exact = in_list or (event.day is not None and event.day.is_exact)
            marks.setdefault(look(event), set()).add("" if exact else "lines")
    found = []
    for which, (colour, shape, said) in _MEANING.items():
        if which in marks:
            found.append(f"{colour} {' and '.join(mark or shape for mark in sorted(marks[which]))}: {said}")
    return found


def alike(events: Iterable[Happened]) -> list[list[Happened]]:
    """Events of one lane and day that mean the same, together."""
    found: dict[tuple, list[Happened]] = {}
    for event in events:
        found.setdefault((LANES[event.kind], event.day, look(event)), []).append(event)
    return list(found.values())


def told(events: Sequence[Happened]) -> str:
    """Several events in one text: `Fatigue, fever and cough`, and by semicolons what are no symptoms."""
    texts = list(dict.fromkeys(event.told for event in events))
    if events[0].kind not in _NAMES or any(sign in text for text in texts for sign in ",:;"):
        return "; ".join(texts)
    return listed(in_turn(texts))


def pointed(events: Sequence[Happened]) -> tuple[str, str]:
    """The id that events of one mark are drawn with, and what a reader sees who points at it."""
    sources = dict.fromkeys(event.source for event in events)
    said = "; ".join(event.told for event in events)
    return f"event-{events[0].number}", f"{said} ({day_text(events[0].day)}; {'; '.join(sources)})"


def lanes(events: Iterable[Happened], scale: Scale, screen: Screen) -> dict[str, list[Mark]]:
    """The marks of each lane that has any, in the order of `LANES`, each with its row in the lane."""
    groups = alike(events)
    found = {}
    for lane in dict.fromkeys(LANES.values()):
        mine = [group for group in groups if LANES[group[0].kind] == lane]
        if mine:
            found[lane] = _lane(mine, scale, screen)
    return found


def _lane(groups: Sequence[Sequence[Happened]], scale: Scale, screen: Screen) -> list[Mark]:
    def of(share: float, groups: Sequence[Sequence[Happened]], whole: bool = False) -> list[Mark]:
        return [_mark(events, share * scale.inches, scale, screen, whole) for events in groups]

    # what is too long for one text has one for each event, where there are rows for them
    apart = [
        part for mark in of(_WIDTHS[0], groups) for part in ([[e] for e in mark.events] if mark.cut else [mark.events])
    ]
    tried = [(_WIDTHS[0], apart), *((share, groups) for share in _WIDTHS)]
    for whole, (share, these) in product((True, False), tried):
        marks = of(share, these, whole)
        rows = packed((mark.extent for mark in marks), (len(mark.lines) for mark in marks))
        marks = [mark._replace(row=row) for mark, row in zip(marks, rows, strict=True)]
        if rows_of(marks) <= (_MOST_WHOLE if whole else _MOST):
            break
    return marks


def rows_of(marks: Iterable[Mark]) -> int:
    """How many rows they take."""
    return max((mark.row + len(mark.lines) for mark in marks), default=0)


def _mark(events: Sequence[Happened], most: float, scale: Scale, screen: Screen, whole: bool) -> Mark:
    """The mark with its text in at most so many inches: the `whole` of it in lines, or what one line has room for."""
    low, high = scale.limits
    day, pad = events[0].day, _PAD * scale.inch
    text = told(events) + (f" ({day_text(day)})" if day is None or scale.began_earlier(day) else "")
    start, end = scale.span(day)

    def fitted(inches: float) -> tuple[list[str], float]:
        if whole:
            lines = wrapped(text, inches, screen.text, most=_MOST_WHOLE)
        else:
            lines = [shortened(text, inches, screen.text)]
        return lines, max(width(line, screen.text) for line in lines) * scale.inch

    if day is None or end > start:
        # a text begins with its span, as far as there is room: further to the left it would seem to be earlier
        room = max((high - start) / scale.inch, 0.2 * scale.inches) - 2 * _PAD
        lines, wide = fitted(min(max(most, (end - start) / scale.inch), room))
        at = max(low, min(start, high - wide)) + (pad if day is None else 0)
        return Mark(events, lines, at, (min(start, at), max(end if day else at, at + wide) + pad), 0)
    half = _MARK * scale.inch
    lines, wide = fitted(min(most, max(high - end, start - low) / scale.inch - _MARK - _PAD))
    if end + half + wide <= high:
        return Mark(events, lines, end + half, (start - half, end + half + wide + pad), 0)
    return Mark(events, lines, start - half - wide, (start - half - wide - pad, end + half), 0)


def draw_marks(ax: Axes, marks: Sequence[Mark], scale: Scale, screen: Screen, top: float) -> dict[str, str]:
    """Draws the marks of a lane from `top` down; returns what a reader sees who points at each, by its id."""
    points = dict(pointed(mark.events) for mark in marks)
    for mark, gid in zip(marks, points, strict=True):
        colour, shape = look(mark.events[0])
        start, end = scale.span(mark.day)
        half = len(mark.lines) / 2  # rows
        y, text = top + screen.row * (mark.row + half), "\n".join(mark.lines)
        if mark.day is None:
            ax.text(mark.at, y, text, fontsize=screen.text, va="center", style="italic", gid=gid)
        elif end > start:
            under = y + (half - 0.08) * screen.row
            ax.plot([start, end], [under, under], color=colour, lw=2, marker="|", ms=4, zorder=3, gid=gid)
            ax.text(mark.at, y - 0.06 * screen.row, text, fontsize=screen.text, va="center", zorder=5)
        else:
            shape = "<" if scale.is_earlier(mark.day) else shape
            ax.plot(start, y, shape, ms=6, color=colour, mec="white", mew=0.5, zorder=4, clip_on=False, gid=gid)
            ax.text(mark.at, y, text, fontsize=screen.text, va="center", zorder=5)
    return points
