"""What the sequence of treatments can tell and what it cannot: which effects have a column of their own.

On each observed day of one patient every treatment was being given or not, and had been given before or not. An
effect can be estimated only if its column in that table is no combination of the others (exact rank, in fractions).
This says what the design allows, before any value is looked at; it is not a matter of how many days there are.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations
from typing import Literal

import pandas as pd

from casereport.case.case import Case
from casereport.case.settings import Settings
from casereport.quantities.intervals import Interval, order_of, parse
from casereport.quantities.wording import counted, day_text, interval_text, listed, uncapital

Basis = Literal["active", "ever given"]
COLUMNS = ["basis", "effect", "kind", "estimable", "aliased_with", "sentence"]
BASES: tuple[Basis, ...] = ("active", "ever given")


def openers(case: Case) -> list[str]:
    """The interventions that open a phase, in order."""
    return list(dict.fromkeys(p.opened_by for p in case.meta.phases if p.opened_by))


def observed_days(case: Case) -> pd.DataFrame:
    """The distinct times of the observations and events: `when` (Interval or None) and `phase` (as stated, or empty).

    A period, such as days -7 to -2, is one time, and so is a day for which only some rows state the phase. What has
    neither day nor phase is left out.
    """
    both = pd.concat([case.observations[["when", "phase"]], case.events[["when", "phase"]]])
    places = {(str(when), phase): (when, phase) for when, phase in both.itertuples(index=False) if when or phase}
    for when, phase in list(places):
        if phase:
            places.pop((when, ""), None)
    ordered = sorted(places.values(), key=lambda place: (order_of(place[0]), place[1]))
    return pd.DataFrame(ordered, columns=["when", "phase"], dtype=object)


def design_matrix(case: Case, settings: Settings, interventions: Sequence[str], basis: Basis) -> pd.DataFrame:
    """`observed_days()` with a column an intervention: True, False, or None where that is not certain.

    `ever given`: a dose was given earlier, or on the same day if `settings.infusion_day` is `after`. `active`: the day
    lies in a course, first and last day included; the one day of a single dose. A phase that the source states for a
    row says which openers had been given. The lag of `settings` is no matter of what was given and is left aside.
    """
    table = observed_days(case)
    for name in interventions:
        courses = case.interventions[case.interventions["intervention"] == name]
        opens = _opens(case, name)
        states = [
            _state(case, settings, basis, opens, list(zip(courses["start"], courses["end"], strict=True)), when, phase)
            for when, phase in zip(table["when"], table["phase"], strict=True)
        ]
        table[name] = pd.Series(states, index=table.index, dtype=object)
    return table


def _opens(case: Case, name: str) -> int | None:
    """The number of the phase that the intervention opens first, None if it opens none."""
    return next((i for i, p in enumerate(case.meta.phases) if p.opened_by == name), None)


def _state(
    case: Case,
    settings: Settings,
    basis: Basis,
    opens: int | None,
    courses: list[tuple[Interval | None, Interval | None]],
    when: Interval | None,
    phase: str,
) -> bool | None:
    if phase and opens is not None:
        reached = [p.id for p in case.meta.phases].index(phase) >= opens
        if basis == "ever given" or not reached:
            return reached
    if when is None:
        return None
    known = [start for start, _ in courses if start is not None]
    if basis == "ever given":
        on_day = settings.infusion_day == "after"
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


def estimability(case: Case, settings: Settings) -> pd.DataFrame:
    """The interventions that open phases: main effects and pairwise interactions, in one model with a constant.

    Columns: `basis` (`active` or `ever given`), `effect`, `kind` (`main` or `interaction`), `estimable` (by rank, among
    these effects), `aliased_with` (what it cannot be told from, separated by `; `; `time` where the treatment only
    divides the days into before and after) and `sentence`. No row where the case has a single phase.
    """
    return _table(case, settings, openers(case), interactions=True)


def estimability_of_all(case: Case, settings: Settings) -> pd.DataFrame:
    """Every intervention of the case, main effects only: which treatments have days of their own.

    Columns as in `estimability()`. It supposes that no treatment changes the effect of another, which is the best that
    could be hoped for: with an interaction for each pair there are more effects than days.
    """
    return _table(case, settings, list(dict.fromkeys(case.interventions["intervention"])), interactions=False)


def _table(case: Case, settings: Settings, names: list[str], interactions: bool) -> pd.DataFrame:
    rows = []
    for basis in BASES:
        matrix = design_matrix(case, settings, names, basis)
        # on a day known exactly, or in a stated phase, a treatment of known days has a state
        sure = [bool(phase) or when.is_exact for when, phase in zip(matrix["when"], matrix["phase"], strict=True)]
        usable = [name for name in names if any(sure) and matrix.loc[sure, name].notna().all()]
        days = matrix[matrix[usable].notna().all(axis=1)]
        effects = [_Effect((n,), case.vocabulary.interventions[n].label, tuple(map(int, days[n]))) for n in usable]
        pairs = [_interaction(a, b) for a, b in combinations(effects, 2)] if interactions else []
        found = {e.ids: _row(case, basis, e, [*effects, *pairs], interactions) for e in [*effects, *pairs]}
        wanted = [(name,) for name in names] + (list(combinations(names, 2)) if interactions else [])
        rows += [found.get(ids) or _unknown(case, basis, ids, usable) for ids in wanted]
    return pd.DataFrame(rows, columns=COLUMNS)


def _interaction(a: _Effect, b: _Effect) -> _Effect:
    column = tuple(x * y for x, y in zip(a.column, b.column, strict=True))
    return _Effect((*a.ids, *b.ids), f"{a.label} × {uncapital(b.label)}", column)


def aliases(column: Sequence[int], others: Sequence[Sequence[int]]) -> list[int] | None:
    """The places in `others` of columns that, with a constant, give `column`; None if none do. All columns of 0 and 1.

    Columns that do so alone (the same, or its opposite) are all named, else one combination. An empty list: the column
    is itself constant.
    """
    if len(set(column)) <= 1:
        return []
    opposite = [1 - x for x in column]
    alone = [i for i, other in enumerate(others) if list(other) in (list(column), opposite)]
    if alone:
        return alone
    weights = _combination([[1] * len(column), *others], column)
    return None if weights is None else [i for i, weight in enumerate(weights[1:]) if weight]


def _combination(columns: Sequence[Sequence[int]], target: Sequence[int]) -> list[Fraction] | None:
    """Weights of `columns` that add up to `target`, by exact elimination; None where there are none."""
    rows = [[Fraction(column[i]) for column in columns] + [Fraction(y)] for i, y in enumerate(target)]
    pivots: list[int] = []
    for place in range(len(columns)):
        done = len(pivots)
        row = next((i for i in range(done, len(rows)) if rows[i][place]), None)
        if row is None:
            continue
        rows[done], rows[row] = rows[row], rows[done]
        rows[done] = [x / rows[done][place] for x in rows[done]]
        for i, other in enumerate(rows):
            if i != done and other[place]:
                rows[i] = [x - other[place] * y for x, y in zip(other, rows[done], strict=True)]
        pivots.append(place)
    if any(row[-1] for row in rows[len(pivots) :]):
        return None
    weights = dict(zip(pivots, rows, strict=False))
    return [weights[place][-1] if place in weights else Fraction(0) for place in range(len(columns))]


TIME = "time"
PLACED = {"active": ("in its course", "outside it"), "ever given": ("after its start", "before it")}
NOT_TIME = "cannot be told from the course of the illness over time, nor from anything else that changed then"


def _row(case: Case, basis: Basis, effect: _Effect, effects: list[_Effect], in_phases: bool) -> dict[str, object]:
    others = [e for e in effects if e.ids != effect.ids]
    places = aliases(effect.column, [e.column for e in others])
    partners = [others[i] for i in places or ()]
    main = len(effect.ids) == 1
    if main:
        sentence = _main_sentence(case, basis, effect, partners, places is None)
        if in_phases and len(set(effect.column)) > 1:
            sentence += " " + _changed_with(case, effect.ids[0])
    else:
        sentence = _pair_sentence(case, basis, effect, {e.ids: e for e in effects}, partners)
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


def _main_sentence(case: Case, basis: Basis, effect: _Effect, partners: list[_Effect], estimable: bool) -> str:
    within, outside = PLACED[basis]
    n = sum(effect.column)
    if n == 0:
        return f"{effect.label}: no observation time is {within}, so no effect of it can be seen."
    if n == len(effect.column):
        return f"{effect.label}: every observation time is {within}; there is none {outside} to compare with."
    days = f"{effect.label}: {counted(n, 'observation time')} {within} and {len(effect.column) - n} {outside}"
    if estimable:
        return f"{days} can be compared. Their difference {NOT_TIME}."
    mine = effect.ids[0]
    if all(len(p.ids) == 2 and mine in p.ids for p in partners):
        before = [_name(case, i) for p in partners for i in p.ids if i != mine]
        also = "come after" if basis == "ever given" else "lie in a course of"
        return (
            f"{days} can be compared, but all of the former also {also} {listed(before)}. The effect of "
            f"{uncapital(effect.label)} cannot be told from its synergy with {listed(before)}, and the two together "
            f"{NOT_TIME}."
        )
    same = [_effect_name(case, p) for p in partners if p.column == effect.column]
    if same:
        return f"{days}, but these are also the days of {listed(same)}: the effects cannot be told apart."
    names = listed([_effect_name(case, p) for p in partners])
    return f"{days}, but these days follow from those of {names}: the effects cannot be told apart."


def _pair_sentence(
    case: Case, basis: Basis, effect: _Effect, by_ids: dict[tuple[str, ...], _Effect], partners: list[_Effect]
) -> str:
    a, b = (_name(case, i) for i in effect.ids)
    seen = set(zip(*(by_ids[(i,)].column for i in effect.ids), strict=True))
    kinds = {(0, 0): "neither", (1, 0): f"{a} alone", (0, 1): f"{b} alone", (1, 1): "both"}
    missing = [kind for state, kind in kinds.items() if state not in seen]
    synergy = f"Synergy of {a} and {b} (more than the two effects added up)"
    if not missing and not partners:
        return f"{synergy}: days with neither, with {a} alone, with {b} alone and with both were observed."
    if not missing:
        return f"{synergy} cannot be told from {listed([_effect_name(case, p) for p in partners])}."
    second = [_name(case, p.ids[0]) for p in partners if len(p.ids) == 1 and p.ids[0] in effect.ids]
    if "both" in missing:
        finding = "cannot be seen: no observation time has both"
    elif len(second) == 1:
        finding = f"is aliased with the effect of {second[0]}, given second: no observation time has {listed(missing)}"
    else:
        finding = f"cannot be estimated: no observation time has {listed(missing)}"
    where = ", in other patients, since what was given cannot be taken back" if basis == "ever given" else ""
    return (
        f"{synergy} {finding}. To separate them takes days with neither, with {a} alone, with {b} alone and with both "
        f"(a 2 × 2 design){where}."
    )


def _effect_name(case: Case, effect: _Effect) -> str:
    return ("the synergy of " if len(effect.ids) > 1 else "") + listed([_name(case, i) for i in effect.ids])


def _name(case: Case, intervention: str) -> str:
    """The label inside a list in a sentence: `immunoglobulin (intravenous)`."""
    head, comma, rest = case.vocabulary.interventions[intervention].label.partition(", ")
    return uncapital(head) + (f" ({rest})" if comma else "")


def _unknown(case: Case, basis: Basis, ids: tuple[str, ...], usable: list[str]) -> dict[str, object]:
    """The row of an effect whose treatments have no certain state on some day that is known."""
    labels = [case.vocabulary.interventions[i].label for i in ids]
    reasons = []
    for name in (i for i in ids if i not in usable):
        courses = case.interventions[case.interventions["intervention"] == name]
        if courses["start"].isna().any():
            why = "not all its days are reported"
        elif basis == "active" and courses["end"].isna().any():
            why = "its end is not reported"
        else:
            why = "its days are known only roughly"
        reasons.append(why if len(ids) == 1 else f"of {_name(case, name)}, {why}")
    subject = labels[0] if len(ids) == 1 else f"Synergy of {listed([_name(case, i) for i in ids])}"
    return {
        "basis": basis,
        "effect": " × ".join([labels[0], *map(uncapital, labels[1:])]),
        "kind": "main" if len(ids) == 1 else "interaction",
        "estimable": False,
        "aliased_with": "",
        "sentence": f"{subject}: which observation times are {PLACED[basis][0]} is not certain ({'; '.join(reasons)}).",
    }


def _changed_with(case: Case, name: str) -> str:
    """What else was started or stopped within a day of the first dose, and what may have been stopped then."""
    table = case.interventions
    starts = [day for day in table.loc[table["intervention"] == name, "start"] if day is not None]
    day = min(starts, key=lambda d: (d.low, d.high))
    if not day.is_exact:
        return "The day of the first dose is not known exactly, so what else changed then is not known either."
    changes, open_ends = [], []
    rows = table["intervention"].value_counts()
    for row in table[table["intervention"] != name].itertuples():
        dose = parse(row.dose) if rows[row.intervention] > 1 else None
        what = _name(case, row.intervention) + (f" {interval_text(dose, row.dose_unit)}" if dose else "")
        for word, when in (("started", row.start), ("stopped", row.end)):
            if when is not None and when.is_exact and abs(when.low - day.low) <= 1:
                changes.append(f"{what} {word} ({day_text(when)})")
        if row.end is None and row.intervention not in openers(case):
            open_ends += [] if row.start and row.start.certainly_above(day) else [_name(case, row.intervention)]
    found = f"{listed(changes)}" if changes else "no other treatment is reported to have started or stopped"
    unknown = f" When {listed(list(dict.fromkeys(open_ends)))} ended is not reported." if open_ends else ""
    return f"Within a day of the first dose: {found}.{unknown}"
