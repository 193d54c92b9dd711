"""A treatment that was begun more than once: each A-B pair, and all of them together.

A design that returns (A1 B1 A2 B2) repeats its own experiment. Each pair of a phase of an intervention and the phase
without it before is one replication; what a reader asks is how large the effect is over all, and whether it came back
each time. The pairs count equally: the effect is the mean of theirs and its standard error sqrt(sum of se^2) / k, as
Ferron et al. 2023 (Effect Size Estimation and Synthesis of Single-Case Designs: A Methods Guide, Institute of
Education Sciences, chapter 10) combine phase pairs. Their interval, value -/+ z se, may pass the end of the index.
"""

import math
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from statistics import NormalDist

import pandas as pd

from casereport.analysis.effect_tables import direction, estimate
from casereport.analysis.judgement.improvement import WITHIN
from casereport.analysis.measurements import Measurement, by_analyte, in_numbers
from casereport.analysis.statistics.pairs import Estimate
from casereport.analysis.tidy import frame, measured, phase_windows
from casereport.analysis.time_unit import in_its_time
from casereport.case.phases import Window
from casereport.quantities.wording import MINUS, counted, listed, share_text, uncapital

INDICES = ("NAP", "Tau", "SMD", "LRR")
_NEUTRAL = {"NAP": 0.5}
Pair = tuple[Window, Window]


def ab_pairs_of(phases: Sequence[Window]) -> dict[str, list[Pair]]:
    """For each intervention that opens several phases: each of these with the phase without it before, A then B."""
    found: dict[str, list[Pair]] = {}
    for a, b in pairwise(phases):
        if b.opened_by and a.opened_by != b.opened_by:
            found.setdefault(b.opened_by, []).append((a, b))
    return {name: pairs for name, pairs in found.items() if len(pairs) > 1}


@in_its_time
def ab_pairs(observations: pd.DataFrame, phases: pd.DataFrame, confidence: float = 0.95) -> pd.DataFrame:
    """Each analyte over all A-B pairs of an intervention, one row an index: the table `ab_pairs`.

    For NAP, Tau, SMD and LRR (the log rate ratio, of counts). `pairs` counts those with the index, and `agreeing` how
    many of them lie on the same side as most: above 0.5 for NAP, above 0 for the others. No row where no intervention
    opens two phases, or an analyte has values in one pair alone.
    """
    rows = []
    known = by_analyte(in_numbers(measured(observations)))
    openers = phases.set_index("opened_by")["opener"].to_dict()
    for name, pairs in ab_pairs_of(phase_windows(phases)).items():
        for mine in known.values():
            sides = [([m for m in mine if m.phase == a.id], [m for m in mine if m.phase == b.id]) for a, b in pairs]
            kept = [(pair, side) for pair, side in zip(pairs, sides, strict=True) if all(side)]
            # one direction for all pairs: what is better must not turn from one replication to the next
            better = direction([m for _, side in kept for values in side for m in values])
            if len(kept) > 1 and better != WITHIN:
                rows += [_row(index, name, openers[name], kept, better, confidence) for index in INDICES]
    return frame("ab_pairs", rows)


def _row(
    index: str, name: str, label: str, kept: Sequence[tuple[Pair, tuple[list[Measurement], list[Measurement]]]],
    better: str, confidence: float,
) -> dict[str, object]:  # fmt: skip
    analyte = kept[0][1][1][0]
    each = [with_error(index, estimate(index, *sides, better or "increase", confidence)) for _, sides in kept]
    values = [e.value for e in each if e.value is not None]
    told = [f"{a.label} to {uncapital(b.label)}" for (a, b), _ in kept]
    found = combined(each, confidence)
    above = [value > _NEUTRAL.get(index, 0.0) for value in values]
    below = [value < _NEUTRAL.get(index, 0.0) for value in values]
    agreeing = max(sum(above), sum(below)) if values else 0
    return {
        "intervention": name,
        "opener": label,
        "analyte": analyte.analyte,
        "label": analyte.label,
        "short": analyte.short,
        "improvement": better,
        "index": index,
        "pairs": len(values),
        "phases": "; ".join(f"{a.id} {b.id}" for (a, b), _ in kept),
        "values": "; ".join("" if e.value is None else f"{e.value:.6g}" for e in each),
        "value": found.value,
        "se": found.se,
        "ci_low": found.ci_low,
        "ci_high": found.ci_high,
        "confidence": confidence,
        "agreeing": agreeing,
        "n_before": found.n_baseline,
        "n_after": found.n_treatment,
        "note": found.note,
        "sentence": _sentence(index, analyte, better, label, told, each, found, agreeing, confidence),
    }


def combined(each: Sequence[Estimate], confidence: float = 0.95) -> Estimate:
    """The mean of the estimates of several phase pairs, each counted equally, with its standard error and interval."""
    n = sum(e.n_baseline for e in each), sum(e.n_treatment for e in each)
    values = [e.value for e in each if e.value is not None]
    if len(values) < len(each) or not each:
        why = "; ".join(dict.fromkeys(e.note for e in each if e.value is None and e.note))
        return Estimate(None, None, None, None, None, None, *n, f"not of every pair: {why}")
    value = math.fsum(values) / len(values)
    errors = [e.se for e in each if e.se is not None]
    if len(errors) < len(each):
        return Estimate(value, value, value, None, None, None, *n, "no standard error of every pair")
    se = math.sqrt(math.fsum(e * e for e in errors)) / len(each)
    z = NormalDist().inv_cdf((1 + confidence) / 2)
    return Estimate(value, value, value, se, value - z * se, value + z * se, *n, "")


def with_error(index: str, found: Estimate) -> Estimate:
    """NAP and Tau with a standard error where all pairs of values agree, too.

    The estimate is then 0, which would make a pair of phases count as certain. SingleCaseES takes NAP as half a pair
    short of 0 or 1 (1 - 1 / (2 m n)) in the part NAP (1 - NAP) of the formula of Mee 1990, all of which is left then.
    """
    m, n = found.n_baseline, found.n_treatment
    if index not in ("NAP", "Tau") or found.value is None or found.se is not None or min(m, n) < 2:
        return found
    share = found.value if index == "NAP" else (found.value + 1) / 2
    if share not in (0, 1):
        return found
    cut = 1 - 1 / (2 * m * n)
    se = math.sqrt(cut * (1 - cut) / ((m - 1) * (n - 1)))
    return replace(found, se=se if index == "NAP" else 2 * se)


def _sentence(
    index: str, analyte: Measurement, better: str, label: str, told: Sequence[str], each: Sequence[Estimate],
    found: Estimate, agreeing: int, confidence: float,
) -> str:  # fmt: skip
    of_each = ", ".join("none" if e.value is None else _number(index, e.value) for e in each)
    text = f"{analyte.label}, {index} of {listed(list(told))}: {of_each}."
    if found.value is None:
        return f"{text} Not combined ({found.note})."
    interval = ""
    if found.ci_low is not None and found.ci_high is not None:
        ends = f"{_number(index, found.ci_low)} to {_number(index, found.ci_high)}"
        interval = f" ({100 * confidence:g} % interval {ends})"
    side = _side(better, found.value - _NEUTRAL.get(index, 0.0), uncapital(label))
    same = f"In {agreeing} of {counted(len(each), 'pair')} the values go the same way"
    return f"{text} Over all {_number(index, found.value)}{interval}: {side}. {same}."


def _side(improvement: str, above: float, label: str) -> str:
    """On which side the values lie with the treatment, and whether that is better, by the sign of an index."""
    if not above:
        return f"neither higher nor lower with {label}"
    rose = (above > 0) == (improvement != "decrease")
    judged = {True: ", which is better", False: ", which is worse"}[above > 0] if improvement else ""
    return f"{'higher' if rose else 'lower'} with {label}{judged}"


def _number(index: str, x: float) -> str:
    if index == "NAP" and 0 <= x <= 1:
        return share_text(x)
    return f"{x:z.2f}".replace("-", MINUS)
