"""What the measured series can tell: effect sizes of each phase against the one before, and piecewise regression.

An index is computed from numbers alone, for an analyte that was outside its range at some time in the two phases, or
has no range. What counts as better is decided by where the values lie; where nothing decides it, the index is for a
rise, and says how far values rose, and no improvement. An index is shown beside how often chance alone shows as much
with so many values, and not at all where that is too often.
"""

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from functools import cache
from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from casereport.analysis.chance import INDICES as SIMULATED
from casereport.analysis.chance import false_alarms, how_often, read_characteristics, share_range
from casereport.analysis.comparable import FEWEST
from casereport.analysis.judgement.improvement import DECREASE, WITHIN, direction_of_improvement
from casereport.analysis.measurements import Measurement, by_analyte, in_numbers, phase_pairs
from casereport.analysis.statistics import effects
from casereport.analysis.statistics.counts import log_rate_ratios
from casereport.analysis.statistics.pairs import Estimate, Estimates, Index, Pairs, Texts
from casereport.analysis.statistics.permutation import SEED, adjusted, permutation_tests
from casereport.analysis.statistics.regression import Autocorrelation, Coefficient, piecewise, start_point_rank
from casereport.analysis.table_columns import TABLES, typed
from casereport.analysis.tidy import frame, measured
from casereport.quantities.intervals import Interval
from casereport.quantities.many_intervals import Flags, Floats, Intervals

INDICES: dict[str, Index] = {
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
_NUMBERS = ("value", "low", "high", "se", "ci_low", "ci_high")
IN_TIME = ("Tau-U", "Tau-BC")
FEWEST_FOR_A_TREND = 5  # values before: a line through fewer is mostly noise
MOST_FALSE_ALARMS = 0.20
UNORDERED = "the order of the values in time is not certain: not computed"
TOO_SHORT = f"fewer than {FEWEST_FOR_A_TREND} values before: no trend is removed, not computed"
NEVER_OUTSIDE = "within its range or on its harmless side in both phases: not computed"
NO_NUMBERS = "a phase has no number: not computed"
NEAREST = "false alarms: of the nearest numbers of values that were simulated"


def code_of(index: str) -> str:
    """The name of an index among those that were simulated."""
    return index.lower().replace("-", "_")


class AtLengths(NamedTuple):
    """What holds of an index for its numbers of values alone: its false alarms, why it is not shown, what to add."""

    low: float
    high: float
    hidden: str
    remark: str


@cache
def at_lengths(index: str, n_before: int, n_after: int) -> AtLengths:
    """False alarms of an index (shares, NaN where not known), and what they say of its being shown."""
    often = false_alarms(code_of(index), n_before, n_after)
    if often is None:
        return AtLengths(math.nan, math.nan, "", "")
    hidden = ""
    if often.high > MOST_FALSE_ALARMS:
        hidden = f"not shown: {n_before} before and {n_after} after give false alarms in {share_range(*often[:2])}"
    return AtLengths(often.low, often.high, hidden, "" if often.same else NEAREST)


def effect_table(
    observations: pd.DataFrame, phases: Sequence[str], confidence: float = 0.95, seed: int = SEED
) -> pd.DataFrame:
    """Every index for every analyte and phase against the phase before, one row an index: the table `effects`.

    `improvement` is `increase` or `decrease` by where the values lie against their range, `within range` (no index
    then), or empty where nothing decides it and the index is for a rise. `low` and `high` bound the index over all
    completions of interval data. `false_alarms_low` and `_high` are the shares of simulated series without effect that
    reach its alarm (0.9 for NAP) with so many values; where the larger passes 20 % the index is NaN. Tau-U and Tau-BC
    need 5 values before, in an order that the days leave no doubt of.

    `p` (with NAP, exact numbers only) is the two-sided permutation p value of Mann and Whitney, twice the smaller of
    the one-sided ones, which takes the values for independent. It is NaN where it could not have reached 0.05;
    `p_least` is the least that it could have been. `p_holm` is adjusted over the analytes of the phase, which are
    ranked side by side, as far as their p value can reach 0.05 so adjusted (Holm 1979; Tarone 1990).
    """
    table, _ = effect_tables([(measured(observations), phases)], confidence, seed)
    return table


def effect_tables(
    cases: Iterable[tuple[Iterable[Measurement], Sequence[str]]], confidence: float = 0.95, seed: int = SEED
) -> tuple[pd.DataFrame, list[int]]:
    """The tables `effects` of several cases, given by their measurements and phases, one below the other; and how many
    rows each case has of it.
    """
    rows: list[dict[str, Any]] = []
    values: list[Interval | None] = []
    ends = []
    for case, (measurements, phases) in enumerate(cases):
        for before, after in phase_pairs(in_numbers(measurements), phases):
            rows.append(_pair(before, after, len(values)) | {"family": (case, after[0].phase)})
            values += [m.known for m in before + after]
        ends.append(len(rows) * len(INDICES))
    each = [end - start for start, end in pairwise([0, *ends])]
    if not rows:
        return frame("effects", []), each
    found = effects_of(Intervals.of(values), pd.DataFrame(rows), confidence, seed)
    return typed("effects", found[list(TABLES["effects"])]), each


def _pair(before: list[Measurement], after: list[Measurement], start: int) -> dict[str, Any]:
    """What `effects_of` needs to know of an analyte in two phases, of which the values begin at `start`."""
    return {
        **{name: getattr(after[0], name) for name in ("phase", "analyte", "label", "short")},
        "phase_before": before[0].phase,
        "improvement": direction([*before, *after]),
        "scale": after[0].scale,
        "start_a": start,
        "n_before": len(before),
        "start_b": start + len(before),
        "n_after": len(after),
        **{name: _in_order(name, before, after) for name in IN_TIME},
    }


def effects_of(known: Intervals, compared: pd.DataFrame, confidence: float, seed: int) -> pd.DataFrame:
    """Every index of pairs of phases of any number of patients, one row an index, in the order of the pairs.

    `known` are the values. `compared` has a row a pair, one at least: which values are before and after (`start_a`,
    `n_before`, `start_b`, `n_after`), what is better (`improvement`), the `scale` of the values, whether the days leave
    their order certain (columns of the names IN_TIME), among which pairs p values are adjusted (`family`), and the
    columns of `effects` that name the pair.
    """
    compared = compared.reset_index(drop=True)
    alike = compared.groupby(["n_before", "n_after", "scale"])
    blocks = [block for key, rows in alike for block in _blocks(known, rows, key[2] == "count", confidence, seed)]
    cells = {name: np.concatenate([block[name] for block in blocks]) for name in blocks[0]}
    found = pd.DataFrame(cells).sort_values(["pair", "order"], ignore_index=True)
    about = compared.loc[found["pair"]].reset_index(drop=True)
    families = pd.factorize(about["family"])[0]
    found["p_holm"] = adjusted(found["p"].to_numpy(), found["p_least"].to_numpy(), families)
    return about.join(found.assign(confidence=confidence))


def _blocks(
    known: Intervals, rows: pd.DataFrame, counts: bool, confidence: float, seed: int
) -> Iterator[dict[str, np.ndarray]]:
    """Each index of pairs with the same numbers of values, one after the other."""
    better, places = rows["improvement"].to_numpy(), {s: rows[f"start_{s}"].to_numpy()[:, None] for s in "ab"}
    m, n = int(rows["n_before"].iloc[0]), int(rows["n_after"].iloc[0])
    baseline, treatment = (known[places[s] + np.arange(count)] for s, count in (("a", m), ("b", n)))
    outside = better != WITHIN
    pairs = Pairs(baseline, treatment, better == DECREASE, confidence)[outside]
    for order, name in enumerate(INDICES):
        cells = {column: np.full(len(rows), math.nan) for column in (*_NUMBERS, "p", "p_least")}
        note = np.full(len(rows), NEVER_OUTSIDE, dtype=object)
        if len(pairs):
            certain = rows.loc[outside, name].to_numpy() if name in IN_TIME else np.ones(len(pairs), dtype=bool)
            note[outside], found = _shown(name, pairs, counts, certain, seed)
            for column, numbers in found.items():
                cells[column][outside] = numbers
        alarms = at_lengths(name, m, n)
        cells |= {f"false_alarms_{end}": np.full(len(rows), getattr(alarms, end)) for end in ("low", "high")}
        about = {"pair": rows.index.to_numpy(), "order": np.full(len(rows), order), "note": note}
        yield about | cells | {"index": np.full(len(rows), name, dtype=object)}


def _shown(name: str, pairs: Pairs, counts: bool, certain: Flags, seed: int) -> tuple[Texts | str, dict[str, Floats]]:
    """The notes of an index, and its numbers where it is shown."""
    m, n = pairs.lengths
    if name in IN_TIME and m < FEWEST_FOR_A_TREND:
        return TOO_SHORT, {}
    lengths = at_lengths(name, m, n)
    if lengths.hidden and name not in ("SMD", "LRR"):  # which alone may have another reason for not being there
        return np.where(certain, lengths.hidden, UNORDERED), {}
    found = _estimates(name, pairs, counts)
    given = ~np.isnan(found.low)
    note = replace(found, notes=[*found.notes, (given, lengths.remark)]).note if lengths.remark else found.note
    if lengths.hidden:
        return np.where(given, lengths.hidden, note), {}
    cells = {column: np.where(certain, getattr(found, column), math.nan) for column in _NUMBERS}
    if name == "NAP" and min(m, n) > 1:
        a, b = (side[pairs.exact] for side in pairs.worst.ranks)
        tests = permutation_tests(a, b, seed)
        cells |= {column: _at(pairs.exact, test) for column, test in zip(("p", "p_least"), tests, strict=True)}
    return np.where(certain, note, UNORDERED), cells


def _at(places: Flags, numbers: Floats) -> Floats:
    """The numbers at their places, NaN elsewhere."""
    found = np.full(len(places), math.nan)
    found[places] = numbers
    return found


def _estimates(name: str, pairs: Pairs, counts: bool) -> Estimates:
    """An index of each pair; of counts, the log response ratio is that of their rates."""
    return log_rate_ratios(pairs) if counts and name == "LRR" else INDICES[name].of_each(pairs)


def direction(values: Sequence[Measurement]) -> str:
    """Which direction is improvement for these values of one analyte, as `judgement.improvement` has it."""
    if not values:
        return ""
    return direction_of_improvement((m.position for m in values), values[0].improvement, values[0].two_sided)


def estimate(
    name: str, before: Sequence[Measurement], after: Sequence[Measurement], improvement: str, confidence: float
) -> Estimate:
    """One index of one analyte in two phases; what is better follows from where the values lie, unless given."""
    before, after = in_numbers(before), in_numbers(after)
    better = improvement or direction([*before, *after])
    why = ""
    if not (before and after):
        why = NO_NUMBERS
    elif better == WITHIN:
        why = NEVER_OUTSIDE
    elif name in IN_TIME and len(before) < FEWEST_FOR_A_TREND:
        why = TOO_SHORT
    elif name in IN_TIME and not _in_order(name, before, after):
        why = UNORDERED
    if why:
        return Estimate(None, None, None, None, None, None, len(before), len(after), why)
    a, b = ([m.known for m in side if m.known is not None] for side in (before, after))
    pair = Pairs.read(a, b, better or "increase", confidence)
    return _estimates(name, pair, before[0].scale == "count").one()


def _in_order(index: str, before: Sequence[Measurement], after: Sequence[Measurement]) -> bool:
    """True where the days leave no doubt about the order that an index goes by: the baseline's, or that of both."""
    runs = [before] if index == "Tau-U" else [before, after] if len(before) > 1 else []
    days = [[m.when for m in run] for run in runs]
    return all(a is not None and b is not None and a.certainly_below(b) for run in days for a, b in pairwise(run))


def chance_table(effect: pd.DataFrame) -> pd.DataFrame:
    """For each phase, how often chance alone shows a high NAP with as many values as most of its analytes have.

    And with as many as an analyte has whose NAP is that high, where chance does it most often with so few values.
    `effect` is from `effect_table`. Columns: `phase`, `n_before`, `n_after`, `analytes` (how many have so many
    values), `low` and `high` (the smallest and largest simulated share), `sentence`.
    """
    characteristics = read_characteristics()
    rows: list[tuple[object, ...]] = []
    shown = informative(effect)
    for phase, group in shown[(shown["index"] == "NAP") & shown["low"].notna()].groupby("phase", sort=False):
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


def regression_table(observations: pd.DataFrame, phases: Sequence[str], confidence: float = 0.95) -> pd.DataFrame:
    """Piecewise regression of each analyte over its phases with values, one row a later phase: `regression`.

    Level and slope are in the analyte's unit, and in it per day; with the AR(1) fit where the series is long enough
    for one, else by ordinary least squares. Where nothing can be fitted the row has a note and no numbers. The
    `autocorrelation` is NaN where the series cannot tell it: its interval then reaches from 0 or less to 1.
    """
    rows = []
    for mine in by_analyte(m for m in in_numbers(measured(observations)) if m.phase).values():
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
        rank = start_point_rank(exact, values, start, "decrease" if direction(mine) == DECREASE else "increase")
        single = len(present) == 2
        rho = model.autocorrelation
        notes = (model.note, change.level.note, change.slope.note, "" if _cannot_be_told(rho) else rho.note)
        rows.append(
            about
            | {"phase": phase, "first_day": change.first_day}
            | {"model": "" if fit.trend.value is None else ("AR(1)" if model.ar1 else "OLS")}
            | _coefficient("trend", fit.trend)
            | _coefficient("level", change.level)
            | _coefficient("slope", change.slope)
            | {
                "autocorrelation": None if _cannot_be_told(rho) else rho.corrected,
                "autocorrelation_low": rho.ci_low,
                "autocorrelation_high": rho.ci_high,
                # with more than two phases the means on both sides of a start mix phases
                "start_rank": rank.rank if single else None,
                "starts": rank.starts if single else None,
                "note": "; ".join(dict.fromkeys(note for note in notes if note)),
            }
        )
    return rows


def _cannot_be_told(rho: Autocorrelation) -> bool:
    """True where the interval reaches from none at all to the strongest there is, or is nothing but that."""
    if rho.ci_low is None or rho.ci_high is None:
        return False
    return rho.ci_high >= 1 and not 0 < rho.ci_low < 1


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
    """The rows of a table of effects about analytes with three numbers or more in the two phases, and any index.

    Of one before and one after, an effect size only repeats which of the two is better.
    """
    given = table["low"].notna().groupby([table["phase"], table["analyte"]]).transform("any")
    return table[given & (table["n_before"] + table["n_after"] >= FEWEST)]
