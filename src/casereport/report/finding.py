"""The finding of a case, in the sentences that a report begins with: made from its results by rule.

What changed beyond random variation, how much of it had happened before the treatment, and what one course cannot
tell. A case may say it in its own words instead (`# Finding` in narrative.md).
"""

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from casereport.analysis.estimability import NEAR, told_basis
from casereport.analysis.judgement.improvement import DECREASE, INCREASE, harmless_side
from casereport.analysis.judgement.material import NO, material
from casereport.analysis.judgement.position import ABOVE, BELOW, IN
from casereport.analysis.judgement.verdict import BETTER, TURNS, WORSE, shown_heading, too_old
from casereport.analysis.measurements import Measurement, by_analyte, comparable
from casereport.analysis.sensitivity import SAME
from casereport.analysis.tidy import measured
from casereport.quantities.intervals import Interval
from casereport.quantities.vocabulary import OUTCOMES
from casereport.quantities.wording import capital, day_text, listed, prose_text, spoken, time_unit, uncapital

_MOST_NAMES = 4
_COUNTED = "count as drawn"
_BACK = "back in range"


def finding(tables: Mapping[str, pd.DataFrame], told: Mapping[str, Sequence[str]]) -> list[str]:
    """The sentences of the finding, in order; none of a case of one phase without a comparison.

    `tables` are those of the case by their names; `told` is by phase what the source says of it only in words.
    """
    changes, phases, seen = tables["changes"], tables["phases"], tables["observations"]
    outcomes = set(seen.loc[seen["group"] == OUTCOMES, "analyte"])
    if changes["analyte"].nunique() == 1 and len(tables["ab_pairs"]):
        return [*_followed(changes, phases), *_not_told(tables, outcomes)]
    before = _before(tables["under_way"], phases, changes)
    sentences: list[str] = []
    old: list[tuple[Mapping, pd.DataFrame]] = []
    courses = by_analyte(comparable(measured(tables["observations"])))
    opened = phases["opener"].value_counts()
    for phase in phases.to_dict("records")[1:]:
        if phase["opened_by"] and opened[phase["opener"]] == 1:
            phase["label"] = phase["opener"]  # a phase may be called “After”
        rows, repeated = (table[table["phase"] == phase["phase"]] for table in (changes, tables["sensitivity"]))
        aged = rows["rule"].map(too_old).astype(bool)
        nothing = len(rows) > 0 and aged.all()
        if not nothing:
            changed = _changed(phase, rows, repeated, told.get(phase["phase"], ()), courses)
            moved = rows[rows["heading"].isin([BETTER, WORSE])]
            said = any(_COUNTED in sentence for sentence in [*sentences, *before])  # once is enough
            if changed and not said and (drawn := _drawn(phase, moved)):
                changed[0] = changed[0].removesuffix(".") + drawn.replace("before it", "before the first dose.")
            sentences += changed
        if len(named := rows[aged & (nothing | rows["analyte"].isin(outcomes))]):
            old.append((phase, named))
    return [*sentences, *_not_judged(old, outcomes), *before, *_not_told(tables, outcomes)]


def subject(label: str, short: str) -> str:
    """An analyte as the subject of a sentence: `CRP`, `direct bilirubin`, `the lymphocyte count`."""
    said = spoken(label, short)
    return f"the {said}" if said.endswith((" count", " ratio")) or said.startswith("share of ") else said


def _followed(changes: pd.DataFrame, phases: pd.DataFrame) -> list[str]:
    """The one outcome of a design that returns, by phase."""
    verbs = {BETTER: "improved", WORSE: "worsened"}
    during: dict[str, list[str]] = {}
    labels = phases.set_index("phase")["label"]
    for row in changes.itertuples():
        otherwise = "could not be judged" if too_old(row.rule) else "did not clearly improve or worsen"
        verb = verbs.get(shown_heading(row.heading, row.robust), otherwise)
        during.setdefault(verb, []).append(uncapital(labels[row.phase]))
    first = changes.iloc[0]
    told = [f"{verb} during {listed(names)}" for verb, names in during.items()]
    name = subject(first["label"], first["short"])
    # a comma where one of the two names several phases
    said = ", and ".join(told) if len(told) == 2 and len(during) < len(changes) else listed(told)
    return [f"{capital(name)} {said}."]


def _changed(
    phase: Mapping, changes: pd.DataFrame, repeated: pd.DataFrame, told: Sequence[str],
    courses: Mapping[str, list[Measurement]],
) -> list[str]:  # fmt: skip
    where = capital(_in(phase))
    if changes.empty:
        return [f"{where}, the source reports, without numbers: {'; '.join(told)}."] if told else []
    said = pd.Series([shown_heading(row.heading, row.robust) for row in changes.itertuples()], changes.index)
    better, worse, turns = (changes[said == kind] for kind in (BETTER, WORSE, TURNS))
    parts = []
    often = 2 * repeated["agreeing"] > repeated["repetitions"]
    mostly_same = said.index[changes["analyte"].isin(repeated.loc[often, "analyte"])]
    for rows, verb in ((better, "improved"), (worse, "worsened")):
        firm = rows["robust"] == SAME
        most = rows.index.isin(mostly_same) & ~firm
        every = " in every sensitivity analysis" if not firm.all() else ""
        if firm.any():
            parts.append(f"{_names(rows[firm])} {verb}{every}")
        if most.any():
            parts.append(f"{_names(rows[most])} {verb} in most{'' if firm.any() else ' sensitivity analyses'}")
        if (few := ~firm & ~most).any():
            parts.append(f"{_names(rows[few])} {verb} by the last value only")
    # by its last value an analyte may be back in range, and worse by nearly every other choice: both are told
    neither = repeated[~repeated["heading"].isin([BETTER, WORSE])]
    for kind, verb in ((BETTER, "improved"), (WORSE, "worsened")):
        mostly = neither[2 * neither[kind] > neither["repetitions"]]
        if len(mostly):
            parts.append(f"{_names(mostly)} {verb} in most sensitivity analyses, but not by the last value")
    if len(turns):
        parts.append(f"whether {_names(turns)} improved or worsened depends on the values chosen")
    changed = f"{where}, {'; '.join(parts) or 'no analyte is shown to have changed for better or worse'}."
    worst = [row.extreme == row.extreme and _is_worst(row, courses[row.analyte]) for row in changes.itertuples()]
    return [changed, *_peaks(changes[worst], said.isin([BETTER, WORSE, TURNS]))]


def _in(phase: Mapping) -> str:
    dosed = phase["opened_by"] and not phase["closed_by"]
    return f"{'after' if dosed else 'during'} {uncapital(phase['label'])}"


def _not_judged(old: Sequence[tuple[Mapping, pd.DataFrame]], outcomes: set[str]) -> list[str]:
    """What of which phase has no value near enough to its beginning to be set against it.

    Without it, a fall from 21 to 5 that was not judged would read as none.
    """
    told: dict[str, list[str]] = {}
    for phase, rows in old:
        mine = rows["analyte"].isin(outcomes)
        told.setdefault(_names(pd.concat([rows[mine], rows[~mine]])), []).append(_in(phase))
    if not told:
        return []
    window = int(old[0][0]["window_days"])
    return [
        f"Not judged, as the last value of the phase before was obtained more than {window} {time_unit(window)} before "
        f"the phase began: {'; '.join(f'{names} {listed(phases)}' for names, phases in told.items())}."
    ]


def _is_worst(change: Any, course: list[Measurement]) -> bool:
    """True where the extreme between two values is on the side that harms, no value before it is as far out, and it
    differs from one of the two by more than random variation: else it is no peak of the illness.
    """
    rises = change.extreme > change.after
    until = [m for m in course if m.when is not None and m.known is not None and m.when.low <= change.extreme_day]
    here = next((m for m in until if m.point == (change.extreme_day, change.extreme)), None)
    if here is None:  # no value of one day
        return False
    side, harms = (ABOVE, DECREASE) if rises else (BELOW, INCREASE)
    if here.reference is None and not here.flag:
        harmful = here.improvement == harms
    else:
        harmful = here.position == side != harmless_side(here.improvement, here.two_sided)
    earlier = [m.known for m in until if m is not here and m.known is not None]
    first = all(k.high < change.extreme if rises else k.low > change.extreme for k in earlier)
    ratios = [change.extreme / end if end else math.nan for end in (change.before, change.after)]
    return harmful and first and any(material(r, r, here.limits) != NO for r in ratios)


def _peaks(changes: pd.DataFrame, named: pd.Series) -> list[str]:
    """The worst values between two that are compared: of analytes `named` before first, then the furthest beyond."""
    seen = changes[(changes["extreme"] > 0) & (changes["before"] > 0) & (changes["after"] > 0)]
    ends = seen[["before", "after"]]
    above, below = (np.log(seen["extreme"] / end) for end in (ends.max(axis=1), ends.min(axis=1)))
    beyond = above.clip(lower=0) - below.clip(upper=0)
    order = pd.DataFrame({"named": named.reindex(seen.index), "beyond": beyond})
    found = seen.loc[order.sort_values(["named", "beyond"], ascending=False, kind="stable").index[:_MOST_NAMES]]
    high = found["extreme"] > found["after"]
    parts, one_day = [], found["extreme_day"].nunique() == 1
    for rows, reached, too in ((found[high], "peaked at", "at"), (found[~high], "fell to", "to")):
        told = []
        for i, row in enumerate(rows.itertuples()):
            when = "" if one_day else f" ({day_text(Interval.exact(row.extreme_day))})"
            value = f"{prose_text(row.extreme_printed)}{when}"
            told.append(f"{subject(row.label, row.short)} {too if i else reached} {value}")
        parts += [listed(told)] if told else []
    when = f"On {day_text(Interval.exact(found['extreme_day'].iloc[0]))}" if len(found) and one_day else "In this phase"
    # a comma would run the second verb into the list of the first
    return [f"{when}, {'; '.join(parts) if len(found) > 2 else listed(parts)}."] if parts else []


def _names(rows: pd.DataFrame) -> str:
    names = [subject(row.label, row.short) for row in rows.itertuples()]
    more = len(names) - _MOST_NAMES
    return listed(names if more <= 1 else [*names[:_MOST_NAMES], f"{more} others"])


def _before(under_way: pd.DataFrame, phases: pd.DataFrame, changes: pd.DataFrame) -> list[str]:
    """What had come most of its way before the first dose that it is set against; what is told as better first.

    What was in its range by then had recovered, whatever it did within the range after the dose.
    """
    sentences = []
    better = changes.loc[changes["heading"] == BETTER, ["phase", "analyte"]].assign(better=True)
    normal = changes.loc[changes["position_before"] == IN, ["phase", "analyte", "before_day"]].assign(normal=True)
    for phase in phases.to_dict("records"):
        rows = under_way[(under_way["phase"] == phase["phase"]) & under_way["told_first"]]
        if len(rows):
            rows = rows.merge(better, how="left", on=["phase", "analyte"])
            rows = rows.sort_values(["better", "share"], ascending=False, kind="stable")
            rows = rows.merge(normal, how="left", on=["phase", "analyte", "before_day"])
            far = [_BACK if row.normal is True else f"{100 * row.share:.0f}%" for row in rows.itertuples()]
            shares = [
                f"{subject(row.label, row.short)} ({way})" for row, way in zip(rows.itertuples(), far, strict=True)
            ]
            if len(shares) > _MOST_NAMES + 1:
                shares = [*shares[:_MOST_NAMES], f"{len(shares) - _MOST_NAMES} others"]
            which = "the first dose" if len(phases) == 2 else f"the first dose of {uncapital(phase['opener'])}"
            sentences.append(f"Most of the recovery of {listed(shares)} preceded {which}{_drawn(phase, rows)}.")
    return sentences


def _drawn(phase: Mapping, rows: pd.DataFrame) -> str:
    """How a sample of the day of the dose is counted, where one of these stands for what was before it."""
    if not phase["opened_by"] or not (rows["before_day"] == phase["opens"]).any():
        return ""
    return f"; samples of {day_text(Interval.exact(phase['opens']))} {_COUNTED} before it"


def _not_told(tables: Mapping[str, pd.DataFrame], outcomes: set[str]) -> list[str]:
    """What the order of treatments leaves open, and for a design that returns what it shows."""
    estimability, phases, pairs = tables["estimability"], tables["phases"], tables["ab_pairs"]
    rows = estimability[estimability["basis"] == told_basis(phases)]
    openers = dict.fromkeys(name for name in phases["opener"] if name)
    nap = pairs[(pairs["index"] == "NAP") & pairs["value"].notna()]
    nap = pd.concat([nap[nap["analyte"].isin(outcomes)], nap[~nap["analyte"].isin(outcomes)]])
    beside_it = rows.set_index("effect")["near"]
    sentences = [_replicated(name, mine, beside_it[name]) for name, mine in nap.groupby("opener", sort=False)]
    once = [name for name in openers if name not in set(nap["opener"])]
    apart = ""
    if once:
        others = set(tables["interventions"]["label"]) - set(once)
        beside = " or other treatments" if others else ""
        near = {name: text for name in once if (text := beside_it[name])}
        which = ["of the dose" if len(openers) == 1 else f"of the first dose of {uncapital(name)}" for name in near]
        told = "; ".join(f"{dose}: {text}" for dose, text in zip(which, near.values(), strict=True))
        beside += f" (within {NEAR} {time_unit()} {told})" if told else ""
        effects = f"{'effect' if len(once) == 1 else 'effects'} of {listed([uncapital(name) for name in once])}"
        apart = f"One patient's course cannot separate the {effects} from the course of the illness{beside}."
        sentences.append(apart)
    for row in rows[(rows["kind"] == "interaction") & ~rows["estimable"]].itertuples():
        pair = listed([uncapital(name) for name in row.effect.split(" × ")])
        who = "Nor can it" if apart else "One patient's course cannot"
        sentences.append(f"{who} show a synergy between {pair}.")
    return sentences


def _replicated(opener: str, pairs: pd.DataFrame, near: str) -> str:
    """What changed each time that a treatment was given again; `near` is what else changed around its first dose."""
    told: list[str] = []
    for pair in pairs.head(_MOST_NAMES).itertuples():
        way = "fell" if (pair.improvement == DECREASE) == (pair.value > 0.5) else "rose"
        often = f"{way} in {pair.agreeing} of {pair.pairs}"
        if math.isclose(pair.value, 0.5):  # on the mean of the pairs; each of them may have changed
            often = f"{'went different ways' if pair.agreeing else 'neither rose nor fell'} in {pair.pairs}"
        words = ("", "") if told else (" pairs of phases", "NAP over all ")
        told.append(f"{subject(pair.label, pair.short)} {often}{words[0]} ({words[1]}{pair.value:.2f})")
    if len(pairs) > len(told):
        told.append(f"{len(pairs) - len(told)} others are in the supplement")
    beside = f" (within {NEAR} {time_unit()} of its first dose: {near})" if near else ""
    return f"With {uncapital(opener)}{beside}, {listed(told)}."
