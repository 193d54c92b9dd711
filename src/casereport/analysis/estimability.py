"""What the sequence of treatments can tell and what it cannot: which effects have a column of their own.

On each observed day of one patient every treatment was being given or not, and had been given before or not. An
effect can be estimated only if its column in that table is no combination of the others (exact rank, in fractions).
This says what the design allows, before any value is looked at; it is not a matter of how many days there are.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations, pairwise
from typing import Literal

import pandas as pd

from casereport.analysis.events import HISTORY
from casereport.analysis.statistics.aliasing import aliases
from casereport.analysis.tidy import frame, gathered, phase_windows
from casereport.analysis.time_unit import in_its_time
from casereport.case.phases import Window
from casereport.quantities.intervals import Interval, order_of, parse
from casereport.quantities.wording import counted, day_text, interval_text, listed, time_unit, uncapital

Basis = Literal["active", "ever given"]
OBSERVED = ("symptom", "sign", "test", "imaging", "adverse_event", "outcome", "laboratory")
Place = tuple[Interval | None, str]
BASES: tuple[Basis, ...] = ("active", "ever given")


def told_basis(phases: pd.DataFrame) -> Basis:
    """The basis that a report tells of: where a phase closes with a course, whether that course goes on; else what was
    ever given.
    """
    return "active" if (phases["closed_by"] != "").any() else "ever given"


@dataclass(frozen=True)
class _Course:
    """One course or dose, as the table `interventions` has it."""

    intervention: str
    label: str
    start: Interval | None
    end: Interval | None
    dose: str
    dose_unit: str


@dataclass(frozen=True)
class Design:
    """What was given when, and when something was observed: all that the sequence of treatments can tell from."""

    courses: list[_Course]
    phases: list[Window]
    infusion_day: str
    places: list[Place]

    @property
    def openers(self) -> list[str]:
        """The interventions that open a phase, in order."""
        return list(dict.fromkeys(p.opened_by for p in self.phases if p.opened_by))

    def courses_of(self, intervention: str) -> list[_Course]:
        """The courses and doses of one intervention."""
        return [course for course in self.courses if course.intervention == intervention]

    def label(self, intervention: str) -> str:
        """The name of an intervention that was given."""
        return self.courses_of(intervention)[0].label


def read_design(
    interventions: pd.DataFrame, phases: pd.DataFrame, observations: pd.DataFrame, events: pd.DataFrame
) -> Design:
    """The design of a case from its tables."""
    courses = [
        _Course(
            row["intervention"], row["label"], gathered(row, "start_", "start"), gathered(row, "end_", "end"),
            row["dose"], row["dose_unit"],
        )
        for row in interventions.to_dict("records")
    ]  # fmt: skip
    infusion_day = str(phases["infusion_day"].iloc[0])
    events = events[events["kind"] != HISTORY]  # of the time before, and not observed on a day of this one
    return Design(courses, phase_windows(phases), infusion_day, observed_days(observations, events))


def observed_days(observations: pd.DataFrame, events: pd.DataFrame) -> list[Place]:
    """The distinct times of the observations and events: study days (or None) and the phase as stated (or empty).

    A period, such as days -7 to -2, is one time, and so is a day for which only some rows state the phase. What has
    neither day nor phase is left out.
    """
    seen = events[events["kind"].isin(OBSERVED)]  # a diagnosis or a journey is no observation of the course
    rows = [row for table in (observations, seen) for row in table.to_dict("records")]
    days = [(gathered(row, "day_", "day"), str(row["stated_phase"])) for row in rows]
    places = {(str(when), phase): (when, phase) for when, phase in days if when or phase}
    for when, phase in list(places):
        if phase:
            places.pop((when, ""), None)
    return sorted(places.values(), key=lambda place: (order_of(place[0]), place[1]))


def states(design: Design, intervention: str, basis: Basis) -> list[bool | None]:
    """Whether an intervention was given, at each of the design's places: True, False, or None where not certain.

    `ever given`: a dose was given earlier, or on the same day if the infusion day counts `after`. `active`: the day
    lies in a course, first and last day included; the one day of a single dose. A phase that the source states for a
    row says which openers had been given. The lag is no matter of what was given and is left aside.
    """
    opens = _opens(design, intervention)
    courses = [(course.start, course.end) for course in design.courses_of(intervention)]
    return [_state(design, intervention, basis, opens, courses, when, phase) for when, phase in design.places]


def _opens(design: Design, name: str) -> int | None:
    """The number of the first phase in which the intervention is given, None if it opens and closes none."""
    return next((i for i, p in enumerate(design.phases) if name in (p.opened_by, p.closed_by)), None)


def _on_in(design: Design, name: str, phase: str) -> bool | None:
    """Whether an intervention is given through the whole of a phase that the source states: None where not certain.

    It is in a phase that ends with its course, and is not before the first and between such a phase and the next.
    """
    on: bool | None = False
    for window in design.phases:
        if name in (window.opened_by, window.closed_by):
            on = True if window.closed_by == name else None
        if window.id == phase:
            break
        on = False if window.closed_by == name else on
    return on


def _can_end(design: Design, name: str) -> bool:
    """True for what is given in courses that end: a drug can be stopped, an infusion of cells not be taken back."""
    courses = design.courses_of(name)
    return any(c.start is not None and c.end is not None and c.end.certainly_above(c.start) for c in courses)


def _state(
    design: Design,
    intervention: str,
    basis: Basis,
    opens: int | None,
    courses: list[tuple[Interval | None, Interval | None]],
    when: Interval | None,
    phase: str,
) -> bool | None:
    if phase and opens is not None:
        if basis == "ever given":
            return [p.id for p in design.phases].index(phase) >= opens
        if (on := _on_in(design, intervention, phase)) is not None:
            return on
    if when is None:
        return None
    known = [start for start, _ in courses if start is not None]
    if basis == "ever given":
        on_day = design.infusion_day == "after"
        if any(when.certainly_above(s) or (on_day and when.low >= s.high) for s in known):
            return True
        # the first dose that is known opens the phase, as it does everywhere else; of other courses nothing is said
        if not known or (opens is None and len(known) < len(courses)):
            return None
        before = all(when.certainly_below(s) or (not on_day and when.high <= s.low) for s in known)
        return False if before else None
    during = [_during(when, start, end) for start, end in courses]
    if True in during:
        return True
    return None if None in during else False


def _during(when: Interval, start: Interval | None, end: Interval | None) -> bool | None:
    if (start and when.certainly_below(start)) or (end and when.certainly_above(end)):
        return False
    if start and end and when.low >= start.high and when.high <= end.low:
        return True
    return None


@dataclass(frozen=True)
class _Effect:
    """One column of 0 and 1 a day: `ids` of one intervention, or of the two whose interaction it is."""

    ids: tuple[str, ...]
    label: str
    column: tuple[int, ...]


@in_its_time
def estimability(
    interventions: pd.DataFrame, phases: pd.DataFrame, observations: pd.DataFrame, events: pd.DataFrame
) -> pd.DataFrame:
    """The interventions that open phases: main effects and pairwise interactions, in one model with a constant.

    All four are tables of 01-ingest; what is returned is the table `estimability`. An effect is estimable by rank,
    among these effects; `aliased_with` names what it cannot be told from (`time` where the treatment only divides the
    days into before and after). No row where the case has a single phase.
    """
    design = read_design(interventions, phases, observations, events)
    names = design.openers
    rows = []
    for basis in BASES:
        given = {name: states(design, name, basis) for name in names}
        # on a day known exactly, or in a stated phase, a treatment of known days has a state
        sure = [bool(phase) or (when is not None and when.is_exact) for when, phase in design.places]
        usable = [
            name
            for name in names
            if any(sure) and all(s is not None for s, ok in zip(given[name], sure, strict=True) if ok)
        ]
        known = [i for i in range(len(design.places)) if all(given[name][i] is not None for name in usable)]
        effects = [
            _Effect((name,), design.label(name), tuple(int(bool(given[name][i])) for i in known)) for name in usable
        ]
        pairs = [_interaction(a, b) for a, b in combinations(effects, 2)]
        found = {e.ids: _row(design, basis, e, [*effects, *pairs]) for e in [*effects, *pairs]}
        wanted = [(name,) for name in names] + list(combinations(names, 2))
        rows += [found.get(ids) or _unknown(design, basis, ids, usable) for ids in wanted]
    return frame("estimability", rows)


def _interaction(a: _Effect, b: _Effect) -> _Effect:
    column = tuple(x * y for x, y in zip(a.column, b.column, strict=True))
    return _Effect((*a.ids, *b.ids), f"{a.label} × {uncapital(b.label)}", column)


TIME = "time"
NEAR = 3  # days from a dose in which another change of treatment may speak in what follows the dose
PLACED = {"active": ("in its course", "outside it"), "ever given": ("after its start", "before it")}
NOT_TIME = "cannot be told from the course of the illness over time, nor from anything else that changed then"


def _row(design: Design, basis: Basis, effect: _Effect, effects: list[_Effect]) -> dict[str, object]:
    others = [e for e in effects if e.ids != effect.ids]
    places = aliases(effect.column, [e.column for e in others])
    partners = [others[i] for i in places or ()]
    main = len(effect.ids) == 1
    if main:
        sentence = _main_sentence(design, basis, effect, partners, places is None)
        if len(set(effect.column)) > 1:
            sentence += " " + _changed_with(design, effect.ids[0])
    else:
        sentence = _pair_sentence(design, basis, effect, {e.ids: e for e in effects}, partners)
    # the days are in order: a treatment begun once and never ended is a column of 0, then of 1
    step = main and list(effect.column) == sorted(effect.column) and len(set(effect.column)) > 1
    return {
        "basis": basis,
        "effect": effect.label,
        "kind": "main" if main else "interaction",
        "estimable": places is None,
        "aliased_with": "; ".join([partner.label for partner in partners] + [TIME] * step),
        "sentence": sentence,
    }


def _main_sentence(design: Design, basis: Basis, effect: _Effect, partners: list[_Effect], estimable: bool) -> str:
    within, outside = PLACED[basis]
    n = sum(effect.column)
    if n == 0:
        return f"{effect.label}: no observation time is {within}, so no effect of it can be seen."
    if n == len(effect.column):
        return f"{effect.label}: every observation time is {within}; there is none {outside} to compare with."
    days = f"{effect.label}: {counted(n, 'observation time')} {within} and {len(effect.column) - n} {outside}"
    mine = effect.ids[0]
    if estimable and basis == "active" and _can_end(design, mine) and (told := _comes_and_goes(effect.column)):
        return f"{days} can be compared. {told}"
    if estimable:
        return f"{days} can be compared. Their difference {NOT_TIME}."
    if all(len(p.ids) == 2 and mine in p.ids for p in partners):
        before = [_name(design, i) for p in partners for i in p.ids if i != mine]
        also = "come after" if basis == "ever given" else "lie in a course of"
        return (
            f"{days} can be compared, but all of the former also {also} {listed(before)}. The effect of "
            f"{uncapital(effect.label)} cannot be told from its synergy with {listed(before)}, and the two together "
            f"{NOT_TIME}."
        )
    same = [_effect_name(design, p) for p in partners if p.column == effect.column]
    if same:
        return f"{days}, but these are also the days of {listed(same)}: the effects cannot be told apart."
    names = listed([_effect_name(design, p) for p in partners])
    return f"{days}, but these days follow from those of {names}: the effects cannot be told apart."


def _comes_and_goes(column: Sequence[int]) -> str:
    """What a treatment that was stopped, and begun again, can tell that one begun once cannot; empty for the latter."""
    begun = sum(b > a for a, b in pairwise((0, *column)))
    stopped = sum(b < a for a, b in pairwise(column))
    if not stopped:
        return ""
    what = "a steady course of the illness over time does not explain a difference that comes and goes with it"
    return (
        f"It was begun {_times(begun)} and stopped {_times(stopped)}: {what}, though chance, and what changed each "
        "time beside it, may. What is carried over into the time without it makes the difference look smaller."
    )


def _times(n: int) -> str:
    return {1: "once", 2: "twice"}.get(n, f"{n} times")


def _pair_sentence(
    design: Design, basis: Basis, effect: _Effect, by_ids: dict[tuple[str, ...], _Effect], partners: list[_Effect]
) -> str:
    a, b = (_name(design, i) for i in effect.ids)
    seen = set(zip(*(by_ids[(i,)].column for i in effect.ids), strict=True))
    kinds = {(0, 0): "neither", (1, 0): f"{a} alone", (0, 1): f"{b} alone", (1, 1): "both"}
    missing = [kind for state, kind in kinds.items() if state not in seen]
    synergy = f"Synergy of {a} and {b} (more than the two effects added up)"
    if not missing and not partners:
        return f"{synergy}: days with neither, with {a} alone, with {b} alone and with both were observed."
    if not missing:
        return f"{synergy} cannot be told from {listed([_effect_name(design, p) for p in partners])}."
    second = [_name(design, p.ids[0]) for p in partners if len(p.ids) == 1 and p.ids[0] in effect.ids]
    if "both" in missing:
        finding = "cannot be seen: no observation time has both"
    elif len(second) == 1:
        finding = f"is aliased with the effect of {second[0]}, given second: no observation time has {listed(missing)}"
    else:
        finding = f"cannot be estimated: no observation time has {listed(missing)}"
    lasting = [i for i in effect.ids if not _can_end(design, i)]
    what = "what was given" if len(lasting) == len(effect.ids) else listed([_name(design, i) for i in lasting])
    forever = basis == "ever given" and lasting
    where = f", in other patients, since {what} cannot be taken back" if forever else ""
    return (
        f"{synergy} {finding}. To separate them takes days with neither, with {a} alone, with {b} alone and with both "
        f"(a 2 × 2 design){where}."
    )


def _effect_name(design: Design, effect: _Effect) -> str:
    return ("the synergy of " if len(effect.ids) > 1 else "") + listed([_name(design, i) for i in effect.ids])


def _name(design: Design, intervention: str) -> str:
    """The label inside a list in a sentence: `immunoglobulin (intravenous)`."""
    head, comma, rest = design.label(intervention).partition(", ")
    return uncapital(head) + (f" ({rest})" if comma else "")


def _unknown(design: Design, basis: Basis, ids: tuple[str, ...], usable: list[str]) -> dict[str, object]:
    """The row of an effect whose treatments have no certain state on some day that is known."""
    labels = [design.label(i) for i in ids]
    reasons = []
    for name in (i for i in ids if i not in usable):
        courses = design.courses_of(name)
        if any(course.start is None for course in courses):
            why = "not all its days are reported"
        elif basis == "active" and any(course.end is None for course in courses):
            why = "its end is not reported"
        else:
            why = "its days are known only roughly"
        reasons.append(why if len(ids) == 1 else f"of {_name(design, name)}, {why}")
    subject = labels[0] if len(ids) == 1 else f"Synergy of {listed([_name(design, i) for i in ids])}"
    return {
        "basis": basis,
        "effect": " × ".join([labels[0], *map(uncapital, labels[1:])]),
        "kind": "main" if len(ids) == 1 else "interaction",
        "estimable": False,
        "aliased_with": "",
        "sentence": f"{subject}: which observation times are {PLACED[basis][0]} is not certain ({'; '.join(reasons)}).",
    }


def _changed_with(design: Design, name: str) -> str:
    """What else was started or stopped within NEAR days of the first dose, and what may have been stopped then."""
    starts = [course.start for course in design.courses_of(name) if course.start is not None]
    day = min(starts, key=lambda d: (d.low, d.high))
    if not day.is_exact:
        return (
            f"The {time_unit(1)} of the first dose is not known exactly, so what else changed then is not known either."
        )
    changes: dict[tuple[float, str], list[str]] = {}
    open_ends = []
    for course in design.courses:
        if course.intervention == name:
            continue
        several = len(design.courses_of(course.intervention)) > 1
        dose = parse(course.dose) if several else None
        what = _name(design, course.intervention) + (f" {interval_text(dose, course.dose_unit)}" if dose else "")
        for word, when in (("started", course.start), ("stopped", course.end)):
            if when is not None and when.is_exact and abs(when.low - day.low) <= NEAR:
                changes.setdefault((when.low, word), []).append(what)
        later = course.start is not None and course.start.certainly_above(day)
        if course.end is None and course.intervention not in design.openers and not later:
            open_ends.append(_name(design, course.intervention))
    told = [
        f"{listed(list(dict.fromkeys(what)))} {word} ({day_text(Interval.exact(on))})"
        for (on, word), what in sorted(changes.items(), key=lambda change: change[0][0])
    ]
    found = "; ".join(told) if told else "no other treatment is reported to have started or stopped"
    unknown = f" When {listed(list(dict.fromkeys(open_ends)))} ended is not reported." if open_ends else ""
    return f"Within {NEAR} {time_unit()} of the first dose: {found}.{unknown}"
