"""What the measured series can tell: effect sizes of each phase against the one before, and piecewise regression.

Every index is computed on `comparable()` values, so that each piece of knowledge counts once; the indices of pairs
also on values of which only the order is stated. An analyte without a good side is compared for a rise; its index then
says how far values rose, and no improvement.
"""

import math
from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise

import pandas as pd
from scipy import stats

from casereport.analysis.chance import INDICES as SIMULATED
from casereport.analysis.chance import how_often, read_characteristics
from casereport.analysis.changes import informative
from casereport.analysis.measurements import comparable, measurements, phase_pairs, sorted_analytes
from casereport.analysis.statistics import effects
from casereport.analysis.statistics.effects import Estimate
from casereport.analysis.statistics.regression import Coefficient, piecewise, start_point_rank
from casereport.case.case import Case
from casereport.case.settings import Settings
from casereport.case.statements import LEFT_OUT
from casereport.quantities.intervals import Interval

INDICES = {
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
OF_PAIRS = ("NAP", "Tau")
IN_TIME = ("Tau-U", "Tau-BC")
ANY_VALUE = Interval(-math.inf, math.inf, True, True)
UNORDERED = "the order of the values in time is not certain: not computed"
ORDER_ONLY = "only the order is stated"
NO_BOUNDS = "a phase has values known only by their order: not computed"
EFFECT_COLUMNS = [
    "phase", "phase_before", "analyte", "improvement", "index", "value", "low", "high", "se", "ci_low", "ci_high",
    "n_before", "n_after", "p", "p_holm", "note",
]  # fmt: skip
RESAMPLES = 9999
REGRESSION_COLUMNS = [
    "analyte", "unit", "n", "phase", "first_day", "model", "trend", "trend_low", "trend_high", "level", "level_low",
    "level_high", "slope", "slope_low", "slope_high", "autocorrelation", "autocorrelation_low", "autocorrelation_high",
    "start_rank", "starts", "note",
]  # fmt: skip


def effect_table(case: Case, settings: Settings) -> pd.DataFrame:
    """Every index for every analyte and phase against the phase before, one row an index (`EFFECT_COLUMNS`).

    `improvement` is `increase`, `decrease`, or empty where the index is for a rise. `low` and `high` bound the index
    over all completions of interval data. An index that goes by the order in time (Tau-U, Tau-BC) is None where the
    days leave the order open. `p` (with the NAP rows, exact numbers only) is the two-sided permutation p
    value of Mann and Whitney, which takes the values for independent; `p_holm` is adjusted over the analytes of the
    phase, because they are ranked side by side (Holm 1979).
    """
    rows = []
    for pair in phase_pairs(case, measurements(case, settings)):
        entering = pair.before, pair.after
        bounded = [side[side["known"].notna()] for side in entering]
        with_order, with_bounds = ([side["known"].to_list() for side in sides] for sides in (entering, bounded))
        for name, index in INDICES.items():
            order = pair.order if name in OF_PAIRS else []
            before, after = with_order if order else with_bounds
            estimate = _estimate(index, before, after, pair.analyte.improvement or "increase", settings, order)
            if pair.order and not order:
                estimate = replace(estimate, note="; ".join(filter(None, [LEFT_OUT, estimate.note])))
            if name in IN_TIME and estimate.low is not None and not _in_order(name, bounded):
                estimate = replace(estimate, value=None, low=None, high=None, note=UNORDERED)
            rows.append(
                {
                    "phase": pair.phase,
                    "phase_before": pair.phase_before,
                    "analyte": pair.analyte.id,
                    "improvement": pair.analyte.improvement,
                    "index": name,
                    "value": estimate.value,
                    "low": estimate.low,
                    "high": estimate.high,
                    "se": estimate.se,
                    "ci_low": estimate.ci_low,
                    "ci_high": estimate.ci_high,
                    "n_before": len(before),
                    "n_after": len(after),
                    "p": _permutation_p(before, after, settings.seed) if name == "NAP" else None,
                    "p_holm": None,
                    "note": estimate.note,
                }
            )
    found = pd.DataFrame(rows, columns=EFFECT_COLUMNS, dtype=object)
    for _, group in found[found["p"].notna()].groupby("phase", sort=False):
        found.loc[group.index, "p_holm"] = pd.Series(holm(group["p"].to_list()), index=group.index, dtype=object)
    return found


def _estimate(
    index: Callable[..., Estimate], before: list, after: list, improvement: str, settings: Settings, order: list
) -> Estimate:
    if not before or not after:
        return Estimate(None, None, None, None, None, None, len(before), len(after), NO_BOUNDS)
    if not order:
        return index(before, after, improvement, settings.confidence)
    sides = [[ANY_VALUE if known is None else known for known in side] for side in (before, after)]
    found = index(*sides, improvement, settings.confidence, order)
    note = f"of {before.count(None) + after.count(None)} of {len(before) + len(after)} values {ORDER_ONLY}"
    return replace(found, note="; ".join(filter(None, [note, found.note])))


def _in_order(index: str, sides: list[pd.DataFrame]) -> bool:
    """True where the days leave no doubt about the order that an index goes by: the baseline's, or that of both."""
    before, after = ([*side["when"]] for side in sides)
    runs = [before] if index == "Tau-U" else [before, after] if len(before) > 1 else []
    return all(a is not None and b is not None and a.certainly_below(b) for days in runs for a, b in pairwise(days))


def _permutation_p(before: list, after: list, seed: int) -> float | None:
    if min(len(before), len(after)) < 2 or not all(k is not None and k.is_exact for k in [*before, *after]):
        return None
    # all assignments are counted where there are no more of them, else as many are drawn
    method = stats.PermutationMethod(n_resamples=RESAMPLES, rng=seed)
    return float(stats.mannwhitneyu([k.low for k in before], [k.low for k in after], method=method).pvalue)


def chance_table(effect: pd.DataFrame) -> pd.DataFrame:
    """For each phase, how often chance alone shows a high NAP with as many values as most of its analytes have.

    And with as many as an analyte has whose NAP is that high, where chance does it most often with so few values.
    `effect` is from `effect_table`. Columns: `phase`, `n_before`, `n_after`, `analytes` (how many have so many
    values), `low` and `high` (the smallest and largest simulated share), `sentence`.
    """
    characteristics = read_characteristics()
    rows = []
    shown = informative(effect)
    for phase, group in shown[shown["index"] == "NAP"].groupby("phase", sort=False):
        counts = group.groupby(["n_before", "n_after"]).size()
        asked = {lengths: how_often(characteristics, "nap", *map(int, lengths)) for lengths in counts.index}
        often = {lengths: found for lengths, found in asked.items() if found is not None}
        reached = group[[value is not None and value >= SIMULATED["nap"].alarm for value in group["value"]]]
        high = [lengths for lengths in zip(reached["n_before"], reached["n_after"], strict=True) if lengths in often]
        easiest = sorted(high, key=lambda lengths: -often[lengths].high)
        for m, n in dict.fromkeys([counts.idxmax(), *easiest[:1]]):
            found = often.get((m, n))
            if found is None:
                continue
            sentence = " ".join(filter(None, [found.sentence, found.interval_sentence]))
            rows.append((phase, m, n, int(counts[m, n]), found.low, found.high, sentence))
    return pd.DataFrame(rows, columns=["phase", "n_before", "n_after", "analytes", "low", "high", "sentence"])


def holm(p_values: list[float]) -> list[float]:
    """The p values adjusted for being ranked together (Holm 1979), in the order given."""
    order = sorted(range(len(p_values)), key=lambda i: p_values[i])
    adjusted, highest = [0.0] * len(p_values), 0.0
    for rank, i in enumerate(order):
        highest = max(highest, min(1.0, (len(p_values) - rank) * p_values[i]))
        adjusted[i] = highest
    return adjusted


def regression_table(case: Case, settings: Settings) -> pd.DataFrame:
    """Piecewise regression of each analyte over its phases with values, one row a later phase (`REGRESSION_COLUMNS`).

    Level and slope are in the analyte's unit, and in it per day; with the AR(1) fit where the series is long enough
    for one, else by ordinary least squares. Where nothing can be fitted the row has a note and no numbers.
    """
    table = comparable(measurements(case, settings))
    order = [p.id for p in case.meta.phases]
    rows = []
    for analyte in sorted_analytes(table["analyte"], case.vocabulary):
        mine = table[(table["analyte"] == analyte.id) & (table["phase"] != "")]
        present = [p for p in order if (mine["phase"] == p).any()]
        if len(present) < 2:
            continue
        days, values = mine["when"].to_list(), mine["known"].to_list()
        if why := _no_stretches(days, [present.index(p) for p in mine["phase"]]):
            empty = dict.fromkeys(REGRESSION_COLUMNS) | {"analyte": analyte.id, "unit": analyte.unit, "n": len(mine)}
            rows += [empty | {"phase": phase, "model": "", "note": why} for phase in present[1:]]
            continue
        starts = [mine.loc[mine["phase"] == p, "when"].iloc[0].low for p in present[1:]]
        model = piecewise(days, values, starts, settings.confidence)
        fit = model.ar1 or model.ols
        for phase, start, change in zip(present[1:], starts, fit.changes, strict=True):
            rank = start_point_rank(days, values, start, analyte.improvement or "increase")
            single = len(present) == 2
            rows.append(
                {
                    "analyte": analyte.id,
                    "unit": analyte.unit,
                    "n": model.n,
                    "phase": phase,
                    "first_day": change.first_day,
                    "model": "" if fit.trend.value is None else ("AR(1)" if model.ar1 else "OLS"),
                    **_coefficient("trend", fit.trend),
                    **_coefficient("level", change.level),
                    **_coefficient("slope", change.slope),
                    "autocorrelation": model.autocorrelation.corrected,
                    "autocorrelation_low": model.autocorrelation.ci_low,
                    "autocorrelation_high": model.autocorrelation.ci_high,
                    # with more than two phases the means on both sides of a start mix phases
                    "start_rank": rank.rank if single else None,
                    "starts": rank.starts if single else None,
                    "note": "; ".join(
                        dict.fromkeys(
                            n
                            for n in (model.note, change.level.note, change.slope.note, model.autocorrelation.note)
                            if n
                        )
                    ),
                }
            )
    return pd.DataFrame(rows, columns=REGRESSION_COLUMNS, dtype=object)


def _no_stretches(days: list[Interval | None], phases: list[int]) -> str:
    """Why the phases are no stretches of days, one after the other, as a line for each needs; empty where they are."""
    if not all(day is not None and day.is_exact for day in days):
        return "a day is not known exactly: no regression"
    if any(a.low == b.low for a, b in pairwise(days)):
        return "two values of one day: no regression"
    return "" if phases == sorted(phases) else "the phases that the source states overlap in time: no regression"


def _coefficient(name: str, coefficient: Coefficient) -> dict[str, float | None]:
    return {name: coefficient.value, f"{name}_low": coefficient.ci_low, f"{name}_high": coefficient.ci_high}
