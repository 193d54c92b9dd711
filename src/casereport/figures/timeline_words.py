"""What a timeline says in words: its caption, its alt text and the whole of it for those who do not see it."""

from collections import Counter
from collections.abc import Iterable, Sequence

from casereport.figures.episode import Episode, Given, day_range
from casereport.figures.event_marks import meanings
from casereport.figures.screens import EARLIER, Scale
from casereport.quantities.intervals import Interval
from casereport.quantities.wording import (
    capital,
    counted,
    dated,
    day_text,
    listed,
    on_day,
    time_axis,
    time_unit,
    uncapital,
)

_INFERRED = "Hollow or dashed: inferred, or from a secondary source."


def caption(episode: Episode, lag_days: int, phone: bool = False) -> str:
    """How to read the drawing, or the list for a small screen."""
    zero = dated(Interval.exact(0)).capitalize()
    parts = [f"{zero}: {opening}." for opening in _opened_on_day_0(episode)[:1]]
    parts += _list_caption(episode.given) if phone else bars_caption(episode.given)
    # an intubation stands with the organ support, and in the list among the others
    told = meanings((e for e in episode.events if phone or not e.is_tube), phone)
    if told:
        parts.append(f"Events: {'; '.join(told)}.")
        if not phone and any(e.day is not None and not e.day.is_exact for e in episode.events):
            parts.append("Lines below labels: period within which the event occurred.")
    scale = Scale(*day_range(episode.days, episode.last_day, episode.course), 1)
    if not phone and any(
        map(scale.began_earlier, [*(g.start for g in episode.given), *(e.day for e in episode.events)])
    ):
        parts.append(EARLIER)
    if episode.listed:
        days = dict.fromkeys(on_day(e.day) for e in episode.listed)
        shown = "shown" if phone else "drawn"
        parts.append(
            f"Not {shown}: the {len(episode.listed)} diagnoses listed {listed(list(days))}, in the table of events."
        )
    if lag_days:
        parts.append(f"Phase borders are moved by the lag of {counted(lag_days, time_unit(1))}.")
    return " ".join(parts)


def _list_caption(given: Sequence[Given]) -> list[str]:
    """How to read the signs before what was given, in the list."""
    courses, doses = (any(g.is_dose is dose for g in given) for dose in (False, True))
    signs = ["bars: treatments that began"] * courses + ["diamonds: single doses"] * doses
    parts = [f"By {time_unit(1)}; {'; '.join(signs)}."] if signs else []
    return [*parts, *([_INFERRED] if any(g.hollow for g in given) else [])]


def bars_caption(given: Sequence[Given]) -> list[str]:
    """How to read the bars and diamonds of these."""
    parts = []
    courses = [g for g in given if not g.is_dose and g.start is not None]
    if any(not (g.start and g.start.is_exact and g.end and g.end.is_exact) for g in courses):
        parts.append("Dark bars: known to have been given; pale: possibly given, as start or end is not reported.")
    opens = [g for g in given if g.phase and g.start and g.start.is_exact]
    begun = dict.fromkeys(uncapital(g.label) for g in opens if not g.is_dose)
    doses = [label for g in opens if (label := uncapital(g.label)) not in begun]
    lines = [f"doses of {listed(list(dict.fromkeys(doses)))}"] * bool(doses)
    lines += [f"beginning of {listed(list(begun))}"] * bool(begun)
    signs = ["diamonds: single doses"] * any(g.is_dose for g in given)
    signs += [f"vertical lines: {', '.join(lines)}"] * bool(lines)
    if signs:
        parts.append(f"{capital('; '.join(signs))}.")
    if any(g.hollow for g in given):
        parts.append(_INFERRED)
    dated = {g.name for g in given if g.start is not None}
    more = dict.fromkeys(dated, "a further report of ")
    undated = list(dict.fromkeys(more.get(g.name, "") + uncapital(g.label) for g in given if g.start is None))
    if undated:
        parts.append(f"Not drawn, as the {time_unit(1)} is not reported: {listed(undated)}.")
    return parts


def _opened_on_day_0(episode: Episode) -> list[str]:
    """What opened a phase on day 0: `first dose of cells`, where no other is stated `cells`."""
    zero, often = Interval.exact(0), Counter(g.name for g in episode.given)
    return [
        f"first dose of {uncapital(g.label)}" if often[g.name] > 1 else uncapital(g.label)
        for w in episode.phases
        for g in episode.given
        if g.phase == w.id and w.opens == zero
    ]


def alt(episode: Episode) -> str:
    """What opened each phase and when, how much else was given, and the first and the last event."""
    parts = [f"Timeline by {time_axis()}."]
    n, events = len(episode.given), [*episode.events, *episode.listed]
    parts.append(f"Courses and doses: {n}" if n else "No treatment is recorded")
    told = given_when(g for g in episode.given if g.phase or g.is_support)
    parts[-1] += f", among them {told}." if told else "."
    if events:
        events.sort(key=lambda event: event.number)
        first, last = (f"{e.told} ({day_text(e.day)})" for e in (events[0], events[-1]))
        parts.append(f"Events: {len(events)}, from {first} to {last}." if len(events) > 1 else f"One event: {first}.")
    return " ".join([*parts, *_measured(episode)])


def given_when(given: Iterable[Given]) -> str:
    """Each treatment once with its days in parentheses: `cells (day 0 and day 3) and oxygen (from day 1 to day 4)`."""
    days: dict[str, list[str]] = {}
    for g in given:
        days.setdefault(uncapital(g.label), []).append(g.when)
    return listed([f"{label} ({listed(when)})" for label, when in days.items()])


def all_given(episode: Episode) -> list[str]:
    """The sentence on everything given, each with its days and dose, where there is anything."""
    told = [f"{g.label} ({', '.join(filter(None, (g.when, g.dose_text)))})" for g in episode.given]
    return [f"Given: {listed(told)}."] if told else []


def description(episode: Episode) -> str:
    """Everything given and every event, in order."""
    parts = [f"Timeline by {time_axis()}.", *all_given(episode)]
    events = sorted([*episode.events, *episode.listed], key=lambda event: event.number)
    if events:
        parts.append("Events: " + "; ".join(f"{e.told} ({day_text(e.day)})" for e in events) + ".")
    return " ".join([*parts, *_measured(episode)])


def _measured(episode: Episode) -> list[str]:
    days = episode.measured
    if not days:
        return []
    first, last = (day_text(Interval.exact(day)) for day in (days[0], days[-1]))
    some = f"on {len(days)} {time_unit()}, from {first} to {last}"
    text = f"Measured values: {on_day(Interval.exact(days[0])) if len(days) == 1 else some}"
    return [f"{text}, and on others not known to the {time_unit(1)}." if episode.others else f"{text}."]
