"""What the sequence of treatments can tell and what it cannot: which effects have a column of their own.

On each observed day of one patient every treatment was being given or not, and had been given before or not. An
effect can be estimated only if its column in that table is no combination of the others (exact rank, in fractions).
This says what the design allows, before any value is looked at; it is not a matter of how many days there are.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations, pairwise

import pandas as pd

from casereport.analysis.design import BASES, Basis, Course, Design, can_end, goes_on, read_design, states
from casereport.analysis.statistics.aliasing import aliases
from casereport.analysis.tidy import frame
from casereport.analysis.time_unit import in_its_time
from casereport.quantities.intervals import Interval, hull, parse
from casereport.quantities.wording import counted, day_text, in_turn, interval_text, listed, time_unit, uncapital


def told_basis(phases: pd.DataFrame) -> Basis:
    """The basis that a report tells of: where a phase closes with a course, whether that course goes on; else what was
    ever given.
    """
    return "active" if (phases["closed_by"] != "").any() else "ever given"


@dataclass(frozen=True)
class _Effect:
    """One column of 0 and 1 a day: `ids` of one intervention, or of the two whose interaction it is.

    `compared` is True where some analyte was observed on days of both kinds.
    """

    ids: tuple[str, ...]
    label: str
    column: tuple[int, ...]
    compared: bool = True


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
        effects = [_main_effect(design, name, given[name], known) for name in usable]
        pairs = [_interaction(a, b) for a, b in combinations(effects, 2)]
        found = {e.ids: _row(design, basis, e, [*effects, *pairs]) for e in [*effects, *pairs]}
        wanted = [(name,) for name in names] + list(combinations(names, 2))
        rows += [found.get(ids) or _unknown(design, basis, ids, usable) for ids in wanted]
    return frame("estimability", rows)


def _main_effect(design: Design, name: str, given: Sequence[bool | None], known: Sequence[int]) -> _Effect:
    column = tuple(int(bool(given[i])) for i in known)
    sides: tuple[set[str], set[str]] = set(), set()
    for i, there in zip(known, column, strict=True):
        sides[there].update(design.analytes[i])
    return _Effect((name,), design.label(name), column, bool(sides[0] & sides[1]))


def _interaction(a: _Effect, b: _Effect) -> _Effect:
    column = tuple(x * y for x, y in zip(a.column, b.column, strict=True))
    return _Effect((*a.ids, *b.ids), f"{a.label} × {uncapital(b.label)}", column)


TIME = "time"
NEAR = 3  # days from a dose in which another change of treatment may speak in what follows the dose
PLACED = {"active": ("in its course", "outside it"), "ever given": ("after its start", "before it")}
NOT_TIME = "cannot be distinguished from the course of the illness over time or from anything else that changed then"


def _row(design: Design, basis: Basis, effect: _Effect, effects: list[_Effect]) -> dict[str, object]:
    others = [e for e in effects if e.ids != effect.ids]
    places = aliases(effect.column, [e.column for e in others])
    partners = [others[i] for i in places or ()]
    main, near = len(effect.ids) == 1, ""
    if main:
        sentence = _main_sentence(design, basis, effect, partners, places is None)
        if len(set(effect.column)) > 1:
            near, told = _changed_with(design, effect.ids[0])
            sentence += " " + told
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
        "near": near,
        "sentence": sentence,
    }


def _main_sentence(design: Design, basis: Basis, effect: _Effect, partners: list[_Effect], estimable: bool) -> str:
    within, outside = PLACED[basis]
    n = sum(effect.column)
    if n == 0:
        return f"No observation time is {within}, so its effect cannot be seen."
    if n == len(effect.column):
        return f"Every observation time is {within}; there is none {outside} to compare with."
    days = f"{counted(n, 'observation time')} {within} and {len(effect.column) - n} {outside}"
    mine = effect.ids[0]
    compared = f"{days} can be compared" if effect.compared else f"{days}, but no analyte was measured in both"
    if estimable and basis == "active" and can_end(design, mine) and (told := _comes_and_goes(effect.column)):
        return f"{compared}. {told}"
    if estimable:
        return f"{compared}. Their difference {NOT_TIME}."
    if all(len(p.ids) == 2 and mine in p.ids for p in partners):
        before = [_name(design, i) for p in partners for i in p.ids if i != mine]
        also = "came after" if basis == "ever given" else "lay in a course of"
        they = "It" if n == 1 else "All of the former"
        return (
            f"{compared}. {they} also {also} {listed(before)}: its effect cannot be separated from a "
            f"synergy with {listed(before)}, and the two together {NOT_TIME}."
        )
    same = [_effect_name(design, p) for p in partners if p.column == effect.column]
    if same:
        return f"{days}, but these are also the days of {listed(same)}: the effects cannot be separated."
    names = listed([_effect_name(design, p) for p in partners])
    return f"{days}, but these days follow from those of {names}: the effects cannot be separated."


def _comes_and_goes(column: Sequence[int]) -> str:
    """What a treatment that was stopped, and begun again, can tell that one begun once cannot; empty for the latter."""
    begun = sum(b > a for a, b in pairwise((0, *column)))
    stopped = sum(b < a for a, b in pairwise(column))
    if not stopped:
        return ""
    what = "a steady course of the illness over time does not explain a difference that comes and goes with it"
    return (
        f"It was started {_times(begun)} and stopped {_times(stopped)}: {what}, though chance, or anything else that "
        "changed each time, may. Carry-over into the time without it makes the difference smaller."
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
    synergy = "The synergy (more than the two effects added up)"
    if not missing and not partners:
        return f"{synergy}: days with neither, with {a} alone, with {b} alone and with both were observed."
    if not missing:
        return f"{synergy} cannot be distinguished from {listed([_effect_name(design, p) for p in partners])}."
    second = [_name(design, p.ids[0]) for p in partners if len(p.ids) == 1 and p.ids[0] in effect.ids]
    if "both" in missing:
        finding = "cannot be seen: no observation time has both"
    elif len(second) == 1:
        finding = f"cannot be separated from the effect of {second[0]}, given second: no observation time has"
        finding += f" {listed(missing)}"
    else:
        finding = f"cannot be estimated: no observation time has {listed(missing)}"
    lasting = [i for i in effect.ids if not can_end(design, i)]
    what = "what was given" if len(lasting) == len(effect.ids) else listed([_name(design, i) for i in lasting])
    forever = basis == "ever given" and lasting
    where = f", in other patients, since {what} cannot be reversed" if forever else ""
    return (
        f"{synergy} {finding}. To separate them requires days with neither, with {a} alone, with {b} alone and with "
        f"both (a 2 × 2 design){where}."
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
    which = PLACED[basis][0] if len(ids) == 1 else f"{PLACED[basis][0]} for both"
    return {
        "basis": basis,
        "effect": " × ".join(in_turn(labels)),
        "kind": "main" if len(ids) == 1 else "interaction",
        "estimable": False,
        "aliased_with": "",
        "near": "",
        "sentence": f"Which observation times are {which} is not certain ({'; '.join(reasons)}).",
    }


def _changed_with(design: Design, name: str) -> tuple[str, str]:
    """What else was started or stopped within NEAR days of the first dose; the same with what may have been, told."""
    begun = [course.start for course in design.courses_of(name) if course.start is not None]
    day = min(begun, key=lambda d: (d.low, d.high))
    if not day.is_exact:
        return "", (
            f"The {time_unit(1)} of the first dose is not known exactly, so what else changed then is not known either."
        )
    changes: dict[tuple[float, str], list[str]] = {}
    words: dict[str, set[str]] = {}
    open_starts, open_ends = [], []
    near = hull([Interval.exact(day.low - NEAR), Interval.exact(day.low + NEAR)])
    for course in design.courses:
        if course.intervention == name:
            continue
        several = len(design.courses_of(course.intervention)) > 1
        dose = parse(course.dose) if several else None
        what = _name(design, course.intervention) + (f" {interval_text(dose, course.dose_unit)}" if dose else "")
        for word, when in (("started", course.start), ("stopped", course.end)):
            if when is not None and when.is_exact and abs(when.low - day.low) <= NEAR:
                changes.setdefault((when.low, word), []).append(what)
                kind = "changed" if _goes_on(design, course, word) else word
                words.setdefault(_name(design, course.intervention), set()).add(kind)
        # what opens a phase began with that phase, whatever another source tells of it without a day
        undated = course.start is None and course.intervention not in design.openers
        if undated or (course.start is not None and not course.start.is_exact and course.start.overlaps(near)):
            open_starts.append(_name(design, course.intervention))
        later = course.start is not None and course.start.certainly_above(day)
        open_end = course.end is None or (not course.end.is_exact and course.end.overlaps(near))
        if open_end and course.intervention not in design.openers and not later:
            open_ends.append(_name(design, course.intervention))
    told = [
        f"{listed(list(dict.fromkeys(what)))} {word} ({day_text(Interval.exact(on))})"
        for (on, word), what in sorted(changes.items(), key=lambda change: change[0][0])
    ]
    found = "; ".join(told) or "no other treatment is reported to have started or stopped"
    both = set(open_starts) & set(open_ends)
    starts, ends = ([name for name in dict.fromkeys(of) if name not in both] for of in (open_starts, open_ends))
    kinds = {"started or ended": [name for name in dict.fromkeys(open_starts) if name in both]}
    kinds |= {"started": starts, "ended": ends}
    unknown = listed([f"when {listed(of)} {what}" for what, of in kinds.items() if of])
    unknown = f" Not known exactly: {unknown}; a change then cannot be excluded." if unknown else ""
    return _in_short(words), f"Within {NEAR} {time_unit()} of the first dose: {found}.{unknown}"


def _goes_on(design: Design, course: Course, word: str) -> bool:
    """True where a course that `started` follows another of the same, or one that `stopped` is followed by one."""
    others = [other for other in design.courses_of(course.intervention) if other is not course]
    pairs = [(other, course) if word == "started" else (course, other) for other in others]
    return any(
        goes_on(first.start.low, first.end, second.start)
        for first, second in pairs
        if first.start is not None and first.end is not None and second.start is not None
    )


def _in_short(words: dict[str, set[str]]) -> str:
    """`paracetamol stopped, oxygen started and changed`: what ends as another course of it begins is changed."""
    by_words: dict[str, list[str]] = {}
    for name, of in words.items():
        told = listed([word for word in ("started", "changed", "stopped") if word in of])
        by_words.setdefault(told, []).append(name)
    return ", ".join(f"{listed(names)} {told}" for told, names in by_words.items())
