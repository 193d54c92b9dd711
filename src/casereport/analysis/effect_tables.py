"""What the measured series can tell: effect sizes of each phase against the one before, and piecewise regression.

Every index is computed on values that enter a comparison, so that each piece of knowledge counts once; the indices of
pairs also on values of which only the order is stated. An analyte without a good side is compared for a rise; its
index then says how far values rose, and no improvement.
"""

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Any

import pandas as pd
from scipy import stats

from casereport.analysis.chance import INDICES as SIMULATED
from casereport.analysis.chance import how_often, read_characteristics
from casereport.analysis.comparable import FEWEST, LEFT_OUT
from casereport.analysis.measurements import Measurement, by_analyte, comparable, order_facts
from casereport.analysis.statistics import effects
from casereport.analysis.statistics.counts import log_rate_ratio
from casereport.analysis.statistics.effects import Estimate
from casereport.analysis.statistics.regression import Coefficient, piecewise, start_point_rank
from casereport.analysis.table_columns import TABLES
from casereport.analysis.tidy import frame, measured
from casereport.quantities.intervals import Interval

INDICES: dict[str, Callable[..., Estimate]] = {
    "NAP": effects.nap,
    "Tau": effects.tau,
    "Tau-U": effects.tau_u,
    "Tau-BC": effects.tau_bc,
    "PND": effects.pnd,
    "PEM": effects.pem,
    "PAND": effects.pand,
    "IRD": effects.ird,
    "SMD": effects.smd,
    "LRR": effects.lrr,
}
Known = list[Interval | None]
OF_PAIRS = ("NAP", "Tau")
IN_TIME = ("Tau-U", "Tau-BC")
ANY_VALUE = Interval(-math.inf, math.inf, True, True)
UNORDERED = "the order of the values in time is not certain: not computed"
ORDER_ONLY = "only the order is stated"
NO_BOUNDS = "a phase has values known only by their order: not computed"
RESAMPLES = 9999
SEED = 20200716


def effect_table(
    observations: pd.DataFrame, phases: Sequence[str], confidence: float = 0.95, seed: int = SEED
) -> pd.DataFrame:
    """Every index for every analyte and phase against the phase before, one row an index: the table `effects`.

    `improvement` is `increase`, `decrease`, or empty where the index is for a rise. `low` and `high` bound the index
    over all completions of interval data. An index that goes by the order in time (Tau-U, Tau-BC) is NaN where the
    days leave the order open. `p` (with the NAP rows, exact numbers only) is the two-sided permutation p
    value of Mann and Whitney, which takes the values for independent; `p_holm` is adjusted over the analytes of the
    phase, because they are ranked side by side (Holm 1979).
    """
    rows = []
    for before, after in pairs(measured(observations), phases):
        rows += _effects(before, after, confidence, seed)
    for phase in phases:
        tested = [row for row in rows if row["phase"] == phase and row["p"] is not None]
        for row, adjusted in zip(tested, holm([row["p"] for row in tested]), strict=True):
            row["p_holm"] = adjusted
    return frame("effects", rows)


def pairs(table: list[Measurement], phases: Sequence[str]) -> Iterator[tuple[list[Measurement], list[Measurement]]]:
    """Every analyte with values that enter in two phases that follow each other: those before, those after."""
    entering = by_analyte(m for m in table if m.enters)
    for earlier, phase in pairwise(phases):
        for mine in entering.values():
            before, after = ([m for m in mine if m.phase == p] for p in (earlier, phase))
            if before and after:
                yield before, after


def index_of(name: str, scale: str) -> Callable[..., Estimate]:
    """The function of an index for values of a scale: of counts, the log response ratio is that of their rates."""
    return log_rate_ratio if (name, scale) == ("LRR", "count") else INDICES[name]


def estimate(
    name: str, before: Sequence[Measurement], after: Sequence[Measurement], improvement: str, confidence: float
) -> Estimate:
    """One index of one analyte in two phases; `improvement` is that of the analyte unless given."""
    sides = [[m for m in side if m.enters] for side in (before, after)]
    facts, bounded = order_facts(*sides), [comparable(side) for side in sides]
    order = facts if name in OF_PAIRS else []
    values = [[m.known for m in side] for side in (sides if order else bounded)]
    better = improvement or next((m.improvement for side in sides for m in side), "") or "increase"
    index = index_of(name, next((m.scale for side in sides for m in side), ""))
    found = _estimate(index, values[0], values[1], better, confidence, order)
    if facts and not order:
        found = replace(found, note="; ".join(filter(None, [LEFT_OUT, found.note])))
    if name in IN_TIME and found.low is not None and not _in_order(name, bounded):
        found = replace(found, value=None, low=None, high=None, note=UNORDERED)
    return found


def _effects(before: list[Measurement], after: list[Measurement], confidence: float, seed: int) -> list[dict[str, Any]]:
    analyte = after[0]
    rows: list[dict[str, Any]] = []
    for name in INDICES:
        found = estimate(name, before, after, "", confidence)
        rows.append(
            {
                "phase": analyte.phase,
                "phase_before": before[0].phase,
                "analyte": analyte.analyte,
                "label": analyte.label,
                "short": analyte.short,
                "improvement": analyte.improvement,
                "index": name,
                "value": found.value,
                "low": found.low,
                "high": found.high,
                "se": found.se,
                "ci_low": found.ci_low,
                "ci_high": found.ci_high,
                "confidence": confidence,
                "n_before": found.n_baseline,
                "n_after": found.n_treatment,
                "p": _permutation_p(before, after, seed) if name == "NAP" else None,
                "p_holm": None,
                "note": found.note,
            }
        )
    return rows


def _estimate(
    index: Callable[..., Estimate],
    before: Known,
    after: Known,
    improvement: str,
    confidence: float,
    order: list[tuple[int, int]],
) -> Estimate:
    if not before or not after:
        return Estimate(None, None, None, None, None, None, len(before), len(after), NO_BOUNDS)
    if not order:
        return index(before, after, improvement, confidence)
    sides = [[ANY_VALUE if known is None else known for known in side] for side in (before, after)]
    found = index(*sides, improvement, confidence, order)
    note = f"of {before.count(None) + after.count(None)} of {len(before) + len(after)} values {ORDER_ONLY}"
    return replace(found, note="; ".join(filter(None, [note, found.note])))


def _in_order(index: str, sides: Sequence[list[Measurement]]) -> bool:
    """True where the days leave no doubt about the order that an index goes by: the baseline's, or that of both."""
    before, after = ([m.when for m in side] for side in sides)
    runs = [before] if index == "Tau-U" else [before, after] if len(before) > 1 else []
    return all(a is not None and b is not None and a.certainly_below(b) for days in runs for a, b in pairwise(days))


def _permutation_p(before: Sequence[Measurement], after: Sequence[Measurement], seed: int) -> float | None:
    if order_facts(before, after):
        return None
    sides = [[m.known for m in comparable(side)] for side in (before, after)]
    exact = [[known.low for known in side if known is not None and known.is_exact] for side in sides]
    if min(map(len, sides)) < 2 or list(map(len, exact)) != list(map(len, sides)):
        return None
    # all assignments are counted where there are no more of them, else as many are drawn
    method = stats.PermutationMethod(n_resamples=RESAMPLES, rng=seed)
    return float(stats.mannwhitneyu(*exact, method=method).pvalue)


def chance_table(effect: pd.DataFrame) -> pd.DataFrame:
    """For each phase, how often chance alone shows a high NAP with as many values as most of its analytes have.

    And with as many as an analyte has whose NAP is that high, where chance does it most often with so few values.
    `effect` is from `effect_table`. Columns: `phase`, `n_before`, `n_after`, `analytes` (how many have so many
    values), `low` and `high` (the smallest and largest simulated share), `sentence`.
    """
    characteristics = read_characteristics()
    rows: list[tuple[object, ...]] = []
    shown = informative(effect)
    for phase, group in shown[shown["index"] == "NAP"].groupby("phase", sort=False):
        counts = group.groupby(["n_before", "n_after"]).size()
        asked = {lengths: how_often(characteristics, "nap", *map(int, lengths)) for lengths in counts.index}
        often = {lengths: found for lengths, found in asked.items() if found is not None}
        reached = group[group["value"] >= SIMULATED["nap"].alarm]
        high = [lengths for lengths in zip(reached["n_before"], reached["n_after"], strict=True) if lengths in often]
        easiest = sorted(high, key=lambda lengths: -often[lengths].high)
        for m, n in dict.fromkeys([counts.idxmax(), *easiest[:1]]):
            found = often.get((m, n))
            if found is None:
                continue
            sentence = " ".join(filter(None, [found.sentence, found.interval_sentence]))
            rows.append((phase, m, n, int(counts[m, n]), found.low, found.high, sentence))
    return frame("chance", (dict(zip(TABLES["chance"], row, strict=True)) for row in rows))


def holm(p_values: list[float]) -> list[float]:
    """The p values adjusted for being ranked together (Holm 1979), in the order given."""
    order = sorted(range(len(p_values)), key=lambda i: p_values[i])
    adjusted, highest = [0.0] * len(p_values), 0.0
    for rank, i in enumerate(order):
        highest = max(highest, min(1.0, (len(p_values) - rank) * p_values[i]))
        adjusted[i] = highest
    return adjusted


def regression_table(observations: pd.DataFrame, phases: Sequence[str], confidence: float = 0.95) -> pd.DataFrame:
    """Piecewise regression of each analyte over its phases with values, one row a later phase: `regression`.

    Level and slope are in the analyte's unit, and in it per day; with the AR(1) fit where the series is long enough
    for one, else by ordinary least squares. Where nothing can be fitted the row has a note and no numbers.
    """
    rows = []
    for mine in by_analyte(m for m in comparable(measured(observations)) if m.phase).values():
        present = [p for p in phases if any(m.phase == p for m in mine)]
        if len(present) > 1:
            rows += _regression(mine, present, confidence)
    return frame("regression", rows)


def _regression(mine: list[Measurement], present: list[str], confidence: float) -> list[dict[str, Any]]:
    analyte = mine[0]
    about: dict[str, Any] = {"analyte": analyte.analyte, "label": analyte.label, "short": analyte.short}
    about |= {"unit": analyte.unit, "n": len(mine), "confidence": confidence}
    days, values = [m.when for m in mine], [m.known for m in mine if m.known is not None]
    if why := _no_stretches(days, [present.index(m.phase) for m in mine]):
        return [about | {"phase": phase, "model": "", "note": why} for phase in present[1:]]
    exact = [day for day in days if day is not None]
    starts = [next(day.low for m, day in zip(mine, exact, strict=True) if m.phase == p) for p in present[1:]]
    model = piecewise(exact, values, starts, confidence)
    fit = model.ar1 or model.ols
    rows = []
    for phase, start, change in zip(present[1:], starts, fit.changes, strict=True):
        rank = start_point_rank(exact, values, start, "decrease" if analyte.improvement == "decrease" else "increase")
        single = len(present) == 2
        notes = (model.note, change.level.note, change.slope.note, model.autocorrelation.note)
        rows.append(
            about
            | {"phase": phase, "first_day": change.first_day}
            | {"model": "" if fit.trend.value is None else ("AR(1)" if model.ar1 else "OLS")}
            | _coefficient("trend", fit.trend)
            | _coefficient("level", change.level)
            | _coefficient("slope", change.slope)
            | {
                "autocorrelation": model.autocorrelation.corrected,
                "autocorrelation_low": model.autocorrelation.ci_low,
                "autocorrelation_high": model.autocorrelation.ci_high,
                # with more than two phases the means on both sides of a start mix phases
                "start_rank": rank.rank if single else None,
                "starts": rank.starts if single else None,
                "note": "; ".join(dict.fromkeys(note for note in notes if note)),
            }
        )
    return rows


def _no_stretches(days: list[Interval | None], phases: list[int]) -> str:
    """Why the phases are no stretches of days, one after the other, as a line for each needs; empty where they are."""
    exact = [day.low for day in days if day is not None and day.is_exact]
    if len(exact) < len(days):
        return "a day is not known exactly: no regression"
    if any(a == b for a, b in pairwise(exact)):
        return "two values of one day: no regression"
    return "" if phases == sorted(phases) else "the phases that the source states overlap in time: no regression"


def _coefficient(name: str, coefficient: Coefficient) -> dict[str, float | None]:
    return {name: coefficient.value, f"{name}_low": coefficient.ci_low, f"{name}_high": coefficient.ci_high}


def informative(table: pd.DataFrame) -> pd.DataFrame:
    """The rows of a table of changes or effects about analytes with three bounded values or more in the two phases.

    Of one before and one after, an effect size only repeats which of the two is better; and a value of which only the
    order is stated makes no figure of a case that has none to show.
    """
    values = table["n_before"] + table["n_after"]
    # the indices that need bounds have the fewest values
    return table[values.groupby([table["phase"], table["analyte"]]).transform("min") >= FEWEST]
