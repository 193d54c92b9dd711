"""The timeline for a small screen: a list from the first day down, the phases at its side."""

import math
from typing import Any, NamedTuple

from matplotlib.figure import Figure as Canvas
from matplotlib.patches import Rectangle

from casereport.figures.episode import Episode, Given
from casereport.figures.event_marks import alike, pointed, told
from casereport.figures.event_marks import look as look_of
from casereport.figures.palette import COURSE, phase_colours
from casereport.figures.screens import PHONE
from casereport.figures.text_room import height, wrapped
from casereport.quantities.intervals import Interval, order_of
from casereport.quantities.wording import day_text

_RAIL, _INDENT, _SIGN = 0.07, 0.34, 0.2  # inches: the colour of the phase, where texts and their signs begin
_LINE = height(PHONE.text)


class _Line(NamedTuple):
    """A row of the list: a phase that begins or, where `phase` is empty, that has ended; a day, or what was on it."""

    kind: str
    text: list[str]
    phase: str = ""
    gid: str = ""
    said: str = ""
    look: tuple[str, str] = ("", "")
    hollow: bool = False

    @property
    def height(self) -> float:
        """In inches."""
        return _LINE * len(self.text) + {"phase": 0.16, "day": 0.08}.get(self.kind, 0.02)


def listing(episode: Episode) -> dict[str, Any]:
    """The canvas and its points: each day with what began, was given and happened on it."""
    lines = _lines(episode)
    tall = sum(line.height for line in lines) + 0.12
    figure = Canvas(figsize=(PHONE.width, tall))
    ax = figure.add_axes((0, 0, 1, 1))
    ax.set(xlim=(0, PHONE.width), ylim=(tall, 0), facecolor="none")
    ax.set_axis_off()
    colours = phase_colours([w.id for w in episode.phases])
    y, colour, points = 0.04, "", {}
    for line in lines:
        colour = colours.get(line.phase, "") if line.kind == "phase" else colour
        if colour:
            top = y + (0.08 if line.kind == "phase" else 0)
            down = y + line.height - top
            ax.add_patch(Rectangle((0.02, top), _RAIL, down, color=colour, alpha=0.9, lw=0))
            ax.add_patch(Rectangle((0.02 + _RAIL, top), PHONE.width, down, color=colour, alpha=0.1, lw=0))
        first = y + line.height - _LINE * (len(line.text) - 0.5) - (0.03 if line.kind == "phase" else 0)
        indent = 0.16 if line.kind in ("phase", "day") else _INDENT
        for i, text in enumerate(line.text):
            weight = "bold" if line.kind in ("phase", "day") else "normal"
            ax.text(indent, first + _LINE * i, text, fontsize=PHONE.text, fontweight=weight, va="center")
        if line.gid:
            _sign(ax, line, first)
            points[line.gid] = line.said
        y += line.height
    return {"canvas": figure, "points": points}


def _sign(ax: Any, line: _Line, y: float) -> None:
    colour, shape = line.look
    if shape == "bar":
        look: dict[str, Any] = {"fc": "none", "ls": (0, (3, 2))} if line.hollow else {"fc": colour}
        where = (_SIGN - 0.05, y - 0.04), 0.15, 0.08
        ax.add_patch(Rectangle(*where, ec=colour, lw=0.9, gid=line.gid, **look))
    else:
        face = "white" if line.hollow else colour
        ax.plot(_SIGN + 0.02, y, shape, ms=6, mfc=face, mec=colour, mew=1, gid=line.gid)


def _lines(episode: Episode) -> list[_Line]:
    colours = phase_colours([w.id for w in episode.phases])
    found: list[tuple[tuple, Interval | None, _Line]] = []
    for window in episode.phases:
        at = window.border
        named = window.label if at is None else f"{window.label}, {_from(at, bool(window.opened_by))}"
        # what opens with a dose stands before the dose, and what begins as a course ends after that day
        key = ((-math.inf, 0, 0.0), 0) if at is None else (order_of(at), 0 if window.opened_by else 2)
        found.append((key, None, _Line("phase", _broken(named, 0.2, bold=True), window.id)))
        if window.closes is not None and math.isfinite(window.closes.high):
            ended = Interval.exact(window.closes.high)
            between = _Line("phase", _broken(f"No phase, after {day_text(ended)}", 0.2, bold=True))
            found.append(((order_of(ended), 2), None, between))
    for g in episode.given:
        text = _given(g)
        colour = colours.get(g.phase, COURSE)
        sign = (colour, "D" if g.is_dose else "bar")
        line = _Line("given", _broken(text, _INDENT), g.phase, f"given-{g.line}", g.pointed, sign, g.hollow)
        found.append(((order_of(g.start), 1), g.start, line))
    for events in alike(episode.events):
        text, day, (gid, said) = told(events), events[0].day, pointed(events)
        line = _Line("event", _broken(text, _INDENT), "", gid, said, look_of(events[0]))
        found.append(((order_of(day), 1), day, line))
    lines: list[_Line] = []
    last: Interval | str | None = ""
    for _, when, line in sorted(found, key=lambda entry: entry[0]):
        if line.kind == "phase" and line.phase and lines and lines[-1].kind == "phase" and not lines[-1].phase:
            lines.pop()  # nothing was between the two phases
        if line.kind != "phase" and when != last:
            last = when
            lines.append(_Line("day", [day_text(when).capitalize()]))
        lines.append(line)
    return lines[:-1] if lines and lines[-1].kind == "phase" and not lines[-1].phase else lines


def _from(day: Interval, dose: bool) -> str:
    return f"from {day_text(day)} on" if dose and day.is_exact else day_text(day) if dose else f"after {day_text(day)}"


def _given(g: Given) -> str:
    text = g.with_dose
    if g.is_dose or g.start == g.end:
        return text
    if g.end is None:
        return f"{text}, end not reported"
    late = math.isinf(g.end.high)
    return f"{text}, to {day_text(Interval.exact(g.end.low))} or later" if late else f"{text}, to {day_text(g.end)}"


def _broken(text: str, indent: float, bold: bool = False) -> list[str]:
    return wrapped(text, PHONE.width - indent - 0.1, PHONE.text, bold)
