"""The finding of a case, in the sentences that a report begins with: made from its results by rule.

What changed beyond random variation, how much of it had happened before the treatment, and what one course cannot
tell. A case may say it in its own words instead (`# Finding` in narrative.md).
"""

from collections.abc import Mapping, Sequence

import pandas as pd

from casereport.analysis.estimability import told_basis
from casereport.analysis.judgement.verdict import BETTER, OUT, TURNS, WORSE, shown_heading
from casereport.analysis.sensitivity import SAME
from casereport.quantities import wording
from casereport.quantities.wording import listed, uncapital

_MOST_NAMES = 4


def finding(tables: Mapping[str, pd.DataFrame], told: Mapping[str, Sequence[str]]) -> list[str]:
    """The sentences of the finding, in order; none of a case of one phase without a comparison.

    `tables` are those of the case by their names; `told` is by phase what the source says of it only in words.
    """
    changes, phases = tables["changes"], tables["phases"]
    sentences = []
    opened = phases["opener"].value_counts()
    for phase in phases.to_dict("records")[1:]:
        if phase["opened_by"] and opened[phase["opener"]] == 1:
            phase["label"] = phase["opener"]  # a phase may be called “After”
        rows, repeated = (table[table["phase"] == phase["phase"]] for table in (changes, tables["sensitivity"]))
        sentences += _changed(phase, rows, repeated, told.get(phase["phase"], ()))
    return [*sentences, *_before(tables["under_way"], phases), *_not_told(tables)]


def spoken(label: str, short: str) -> str:
    """An analyte as the subject of a sentence: `CRP`, `direct bilirubin`, `the lymphocyte count`."""
    said = wording.spoken(label, short)
    return f"the {said}" if said.endswith(" count") or said.startswith("share of ") else said


def _changed(phase: Mapping, changes: pd.DataFrame, repeated: pd.DataFrame, told: Sequence[str]) -> list[str]:
    dosed = phase["opened_by"] and not phase["closed_by"]
    where = f"{'After' if dosed else 'During'} {uncapital(phase['label'])}"
    if changes.empty:
        return [f"{where}, the source reports, without numbers: {'; '.join(told)}."] if told else []
    said = pd.Series([shown_heading(row.heading, row.robust) for row in changes.itertuples()], changes.index)
    better, worse, turns, out = (changes[said == kind] for kind in (BETTER, WORSE, TURNS, OUT))
    parts = []
    for rows, verb in ((better, "improved"), (worse, "worsened")):
        firm, loose = _names(rows[rows["robust"] == SAME]), _names(rows[rows["robust"] != SAME])
        if firm:
            parts.append(f"{firm} {verb}{' in every sensitivity analysis' if loose else ''}")
        if loose:
            parts.append(f"{loose} {verb}, {'but not in all' if firm else 'though not in every sensitivity analysis'}")
    for side, moved in (("below", "fell below"), ("above", "rose above")):
        left = out[out["position_after"] == side]
        if len(left):
            parts.append(f"{_names(left)} {moved} {'its' if len(left) == 1 else 'their'} reference range")
    # by its last value an analyte may be back in range, and worse by nearly every other choice: both are told
    neither = repeated[~repeated["heading"].isin([BETTER, WORSE])]
    mostly = {kind: neither[2 * neither[kind] > neither["repetitions"]] for kind in (BETTER, WORSE)}
    for kind, verb in ((BETTER, "improved"), (WORSE, "worsened")):
        if len(mostly[kind]):
            names = _names(mostly[kind])
            parts.append(f"{names} {verb} in most sensitivity analyses, but not by the last value")
    if parts and worse.empty and mostly[WORSE].empty and len(changes) > 1:
        parts.append("no analyte was demonstrably worse at its last value")
    if len(turns):
        parts.append(f"whether {_names(turns)} improved or worsened depends on the values chosen")
    return [f"{where}, {'; '.join(parts) or 'no analyte is shown to have changed for better or worse'}."]


def _names(rows: pd.DataFrame) -> str:
    names = [spoken(row.label, row.short) for row in rows.itertuples()]
    more = len(names) - _MOST_NAMES
    return listed(names if more <= 1 else [*names[:_MOST_NAMES], f"{more} others"])


def _before(under_way: pd.DataFrame, phases: pd.DataFrame) -> list[str]:
    """What had come most of its way before the first dose that it is set against."""
    sentences = []
    for phase in phases.to_dict("records"):
        rows = under_way[(under_way["phase"] == phase["phase"]) & under_way["told_first"]]
        if len(rows):
            rows = rows.sort_values("share", ascending=False, kind="stable")
            shares = [f"{spoken(row.label, row.short)} ({100 * row.share:.0f}%)" for row in rows.itertuples()]
            which = "that treatment" if len(phases) == 2 else uncapital(phase["label"])
            sentences.append(f"Most of the recovery of {listed(shares)} had taken place before {which}.")
    return sentences


def _not_told(tables: Mapping[str, pd.DataFrame]) -> list[str]:
    """What the order of treatments leaves open, and for a design that returns what it shows."""
    estimability, phases, pairs = tables["estimability"], tables["phases"], tables["ab_pairs"]
    rows = estimability[estimability["basis"] == told_basis(phases)]
    openers = dict.fromkeys(name for name in phases["opener"] if name)
    treatments = listed([uncapital(name) for name in openers])
    sentences = []
    nap = pairs[pairs["index"] == "NAP"]
    for pair in nap.itertuples():
        sentences.append(
            f"{pair.label}: the change followed {uncapital(pair.opener)} in {pair.agreeing} of {pair.pairs} pairs of "
            f"phases (NAP over all {pair.value:.2f})."
        )
    if treatments and nap.empty:
        others = set(tables["interventions"]["label"]) - set(openers)
        beside = " or from that of the other treatments" if others else ""
        sentences.append(
            f"One patient's course cannot separate the effect of {treatments} from the course of the illness{beside}."
        )
    for row in rows[(rows["kind"] == "interaction") & ~rows["estimable"]].itertuples():
        pair = listed([uncapital(name) for name in row.effect.split(" × ")])
        sentences.append(f"{'Nor can it' if sentences else 'It cannot'} show a synergy between {pair}.")
    return sentences
