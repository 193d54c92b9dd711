"""What was given as bars with their names on them: organ support first, then what opens a phase, then the rest.

A course is dark as far as it is known to have been given and pale where it may have been; a dose is a diamond. Those
that do not touch share a row.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from casereport.figures.days import Limits
from casereport.figures.episode import Episode, Given, Happened
from casereport.figures.palette import COURSE, INK
from casereport.figures.screens import Scale, Screen
from casereport.figures.text_room import packed, shortened, width
from casereport.quantities.wording import day_text, listed

_PAD, _MARK = 0.05, 0.1  # inches: beside a text, and half of what a diamond takes with the space around it
_BAR = 0.78  # of a row


class Item(NamedTuple):
    """One treatment with all its courses, or an intubation or extubation: its text, where that begins, and what it
    takes of its row, in days. `above` is True where the text has a row of its own above the marks.
    """

    text: str
    courses: Sequence[Given]
    tube: Happened | None
    at: float
    extent: Limits
    above: bool


class Placed(NamedTuple):
    """An item and its row, from 0 at the top."""

    item: Item
    row: int


def support_items(episode: Episode, scale: Scale, screen: Screen) -> list[Item]:
    """Oxygen, ventilation, other support of an organ, and intubation and extubation, in the order of their days."""
    bars = _items((g for g in episode.given if g.is_support), scale, screen)
    tubes = [_tube(event, scale, screen) for event in episode.events if event.is_tube]
    return sorted([*bars, *tubes], key=lambda item: item.extent[0])


def opening_items(episode: Episode, scale: Scale, screen: Screen) -> list[Item]:
    """What opens a phase."""
    return _items((g for g in episode.given if g.phase and not g.is_support), scale, screen)


def other_items(episode: Episode, scale: Scale, screen: Screen) -> list[Item]:
    """All else that was given, in the order of its beginning."""
    found = _items((g for g in episode.given if not g.phase and not g.is_support), scale, screen)
    return sorted(found, key=lambda item: item.extent[0])


def _items(given: Iterable[Given], scale: Scale, screen: Screen) -> list[Item]:
    """An item for each lot of courses; of a further one with a name that stands there already."""
    found: list[Item] = []
    named: set[str] = set()
    for courses in _by_name(given):
        found.append(_item(courses, scale, screen, again=courses[0].name in named))
        named.add(courses[0].name)
    return found


def _by_name(given: Iterable[Given]) -> list[list[Given]]:
    """What has one name stands together: all doses, and courses without a day between them."""
    found: dict[str, list[list[Given]]] = {}
    for g in given:
        groups = found.setdefault(g.name, [])
        if groups and not _apart(groups[-1][-1], g):
            groups[-1].append(g)
        else:
            groups.append([g])
    return [group for groups in found.values() for group in groups]


def _apart(first: Given, second: Given) -> bool:
    if first.is_dose or second.is_dose or not (first.end and second.start):
        return False
    return second.start.low > first.end.high + 1


def placed(items: Iterable[Item]) -> list[Placed]:
    """Each item on the first row where nothing is in its way."""
    items = list(items)
    rows = packed((item.extent for item in items), (2 if item.above else 1 for item in items))
    return [Placed(item, row) for item, row in zip(items, rows, strict=True)]


def rows_of(found: Sequence[Placed]) -> int:
    """How many rows they take."""
    return max((p.row + (2 if p.item.above else 1) for p in found), default=0)


def _item(courses: Sequence[Given], scale: Scale, screen: Screen, again: bool = False) -> Item:
    """A lot of courses with their text; on a bar that has no room for it, a name that is there `again` is cut."""
    dated = [g for g in courses if g.start is not None]
    text = shortened(_text(courses, dated, scale), scale.inches - 2 * _PAD, screen.text)
    wide, pad = width(text, screen.text) * scale.inch, _PAD * scale.inch
    low, high = scale.limits
    if not dated:
        return Item(text, [], None, low + pad, (low, low + wide + 2 * pad), False)
    doses = any(g.is_dose for g in dated)
    around = (_MARK if doses else 0.02) * scale.inch
    ends = [_drawn(g, scale) for g in dated]
    start, end = min(a for a, _ in ends) - around, max(b for _, b in ends) + around
    after, before, within = end + pad, start - pad - wide, max(start, low) + (pad if start > low else 1.6 * pad)
    beside = [x for x in (after, before) if low <= x and x + wide <= high]
    one_bar = len(dated) == 1 and not doses
    if (
        again
        and one_bar
        and within + wide > high
        and len(cut := shortened(text, (high - within) / scale.inch, screen.text)) > 4
    ):
        text, wide = cut, width(cut, screen.text) * scale.inch
    if one_bar and within + wide <= high:
        at = within
    elif beside:
        at = beside[0]
    else:
        at = max(low, min(within, high - wide))
    above = not (one_bar or beside)
    return Item(text, dated, None, at, (min(start, at - pad), max(end, at + wide + pad)), above)


def _text(courses: Sequence[Given], dated: Sequence[Given], scale: Scale) -> str:
    first = courses[0]
    text = first.label
    doses = list(dict.fromkeys(g.dose_text for g in dated or courses if g.dose_text))
    if doses and (first.is_support or first.phase):
        text = ", ".join([text, ", then ".join(doses)])
    if not dated:
        return f"{text} ({day_text(None)})"
    days = list(dict.fromkeys(when for g in dated if (when := _when(g, scale))))
    return f"{text} ({listed(days)})" if days else text


def _when(given: Given, scale: Scale) -> str:
    """The days of what has no place on the axis, or only an end of it."""
    if scale.began_earlier(given.start) and not given.is_dose:
        ended = given.end is not None and scale.is_earlier(given.end)
        return given.when if ended else f"since {day_text(given.start)}"
    exact = given.start is not None and given.start.is_exact and not scale.is_earlier(given.start)
    return day_text(given.start) if given.is_dose and not exact else ""


def _tube(event: Happened, scale: Scale, screen: Screen) -> Item:
    when = f" ({day_text(event.day)})" if scale.is_earlier(event.day) else ""
    text = shortened(event.told + when, scale.inches / 2, screen.text)
    wide, pad = width(text, screen.text) * scale.inch, _PAD * scale.inch
    start, end = scale.span(event.day)
    at = end + pad if end + pad + wide <= scale.limits[1] else start - pad - wide
    return Item(text, [], event, at, (min(start, at), max(end, at + wide + pad)), False)


def _drawn(given: Given, scale: Scale) -> Limits:
    """The days on which something was, or may have been, given."""
    start = scale.span(given.start)
    if given.is_dose:
        return start
    return start[0], scale.limits[1] if given.end is None else scale.span(given.end)[1]


def draw_items(
    ax: Axes, found: Sequence[Placed], colours: Mapping[str, str], scale: Scale, screen: Screen, top: float
) -> dict[str, str]:
    """Draws them from `top` down; returns what a reader sees who points at each mark, by the id it is drawn with."""
    points: dict[str, str] = {}
    for item, row in found:
        y = top + screen.row * (row + 0.5)
        ax.text(item.at, y, item.text, fontsize=screen.text, va="center", zorder=5)
        below = y + screen.row if item.above else y
        for given in item.courses:
            gid = f"given-{given.line}"
            _draw_given(ax, given, colours.get(given.phase, COURSE), scale, screen, below, gid)
            points[gid] = given.pointed
        if item.tube:
            gid = f"event-{item.tube.number}"
            start, end = scale.span(item.tube.day)
            look: dict[str, Any] = {"marker": "|", "ms": 10, "mew": 2.2, "lw": 2}
            if scale.is_earlier(item.tube.day):
                look = {"marker": "<", "ms": 4, "clip_on": False}
            ax.plot([start, end], [y, y], color=INK, zorder=4, gid=gid, **look)
            points[gid] = f"{item.tube.told}: {day_text(item.tube.day)}; {item.tube.source}"
    return points


def _draw_given(ax: Axes, given: Given, colour: str, scale: Scale, screen: Screen, y: float, gid: str) -> None:
    start, end = _drawn(given, scale)
    if end == scale.limits[0]:
        ax.plot(end, y, marker="<", color=colour, ms=4, zorder=3, clip_on=False, gid=gid)
        return
    if given.is_dose:
        if end > start:
            ax.plot([start, end], [y, y], color=colour, lw=1.2, zorder=3)
        face = "white" if given.hollow else colour
        ax.plot((start + end) / 2, y, "D", ms=6.5, mfc=face, mec=colour, mew=1.3, zorder=4, gid=gid)
        return
    begun = scale.span(given.start)[1]
    sure = begun if given.end is None else max(begun, scale.span(given.end)[0])
    if given.start is not None and given.start.is_exact and start > scale.limits[0]:  # a moment at least
        sure = max(sure, min(begun + 0.06 * scale.inch, end))
    high = _BAR * screen.row
    for a, b, alpha in ((start, begun, 0.14), (begun, sure, 0.42), (sure, end, 0.14)):
        if b > a:
            look: dict[str, Any] = {"fc": colour, "alpha": alpha, "ec": "none", "lw": 0}
            if given.hollow:
                look = {"fc": "none", "ec": colour, "lw": 1.0, "ls": (0, (3, 2))}
            mine = gid if (a, b) == (begun, sure) or (sure <= begun and b == end) else None
            ax.add_patch(Rectangle((a, y - high / 2), b - a, high, gid=mine, zorder=2, **look))
    if given.start is None or given.start.low < scale.known[0]:
        ax.plot(scale.limits[0], y, marker="<", color=colour, ms=4, zorder=3, clip_on=False)
