"""The effect table of a whole partition: every index of the notebooks' `effect_table` for every patient and phase.

Pairs of phases with the same numbers of values are computed together, so that Python's own loops run over pairs of
lengths and not over patients. What the matrices cannot hold exactly goes through `effects` itself, one pair at a time;
so do the notes, once for each kind.
"""

import math
from collections.abc import Iterator
from statistics import NormalDist

import numpy as np
import pandas as pd

from casereport.analysis.effect_tables import (
    FEWEST_FOR_A_TREND,
    IN_TIME,
    INDICES,
    NEVER_OUTSIDE,
    TOO_SHORT,
    AtLengths,
    at_lengths,
)
from casereport.analysis.judgement.improvement import DECREASE, WITHIN, direction_of_improvement
from casereport.analysis.judgement.position import ABOVE, BELOW, IN, OPEN
from casereport.analysis.statistics.effects import Estimate, Improvement
from casereport.analysis.statistics.overlap import newcombe_interval
from casereport.analysis.statistics.permutation import SEED
from casereport.analysis.table_columns import TABLES
from casereport.cohort import matrices as shapes
from casereport.cohort.many_intervals import Flags, Intervals, once_each
from casereport.cohort.matrices import Ends
from casereport.cohort.patient_series import Series
from casereport.cohort.permutation import holm, permutation_tests, within_reach

NUMBERS = ["value", "low", "high", "se", "ci_low", "ci_high"]
_newcombe: dict[tuple, tuple[float, float]] = {}
_notes: dict[tuple, int] = {}
_said: list[str] = []
PLACES = (BELOW, IN, ABOVE, OPEN)


class _Pairs:
    """k pairs of phases with m and n values, turned so that larger is better; intervals as their two completions."""

    def __init__(self, series: Series, rows: pd.DataFrame, confidence: float, seed: int) -> None:
        self.m, self.n = int(rows["m"].iloc[0]), int(rows["n"].iloc[0])
        self.confidence, self.seed = confidence, seed
        self.z = -NormalDist().inv_cdf((1 - confidence) / 2)  # as the estimates of one case have it
        self.sign = np.where(rows["better"] == DECREASE, -1, 1)
        at = [rows[s].to_numpy()[:, None] + np.arange(k) for s, k in (("start_a", self.m), ("start_b", self.n))]
        self.raw = [series.known[i] for i in at]
        self.a, self.b = (self._turned(side) for side in self.raw)
        sides: list[Flags] = [np.all(x.exact, axis=1) for x in (self.a, self.b)]
        self.exact_a, self.exact = sides[0], sides[0] & sides[1]

    def _turned(self, side: Intervals) -> Intervals:
        down = self.sign[:, None] < 0
        return Intervals(
            np.where(down, -side.high, side.low),
            np.where(down, -side.low, side.high),
            np.where(down, side.high_open, side.low_open),
            np.where(down, side.low_open, side.high_open),
        )

    def __len__(self) -> int:
        return len(self.sign)

    def scalar(self, name: str, row: int) -> Estimate:
        """One pair by `effects`, for what the matrices cannot give."""
        a, b = (side[row].one_by_one() for side in self.raw)
        improvement: Improvement = "decrease" if self.sign[row] < 0 else "increase"
        return INDICES[name](a, b, improvement, self.confidence)


def _lowest(x: Intervals) -> Ends:
    return Ends(x.low, x.low_open.astype(np.int64))


def _highest(x: Intervals) -> Ends:
    return Ends(x.high, -x.high_open.astype(np.int64))


def effect_table(series: Series, confidence: float = 0.95, seed: int = SEED) -> pd.DataFrame:
    """The columns of the table `effects` after `patient`, in the order of the notebooks' table for each patient."""
    pairs = series.pairs.assign(better=improvements(series))
    alike = (rows for _, rows in pairs.groupby(["m", "n"], sort=True))
    blocks = [block for rows in alike for block in _effects_of(series, rows, confidence, seed)]
    if not blocks:
        return pd.DataFrame(columns=["patient", *TABLES["effects"]])
    cells = {c: np.concatenate([block[c] for block in blocks]) for c in blocks[0]}
    sorted_so = np.lexsort((cells["order"], cells["pair"]))
    cells = {c: cell[sorted_so] for c, cell in cells.items()}
    rows = pairs.loc[cells["pair"]].reset_index(drop=True)
    of_analyte = series.of_analytes(rows["rank"].to_numpy(), ("id", "label", "short"))
    found = {
        "patient": rows["patient"],
        "phase": series.phase(pairs["patient"], pairs["step"])[cells["pair"]],
        "phase_before": series.phase(pairs["patient"], pairs["step"] - 1)[cells["pair"]],
        "analyte": of_analyte.pop("id"),
        **of_analyte,
        "improvement": rows["better"],
        "index": np.array(list(INDICES), dtype=object)[cells["order"]],
        **{c: cells[c] for c in NUMBERS},
        "confidence": confidence,
        "n_before": rows["m"],
        "n_after": rows["n"],
        **{c: cells[c] for c in ("false_alarms_low", "false_alarms_high", "p", "p_least")},
        "p_holm": _adjusted(rows[["patient", "step"]], cells["p"], cells["p_least"]),
        "note": np.array(_said, dtype=object)[cells["note"]],
    }
    return pd.DataFrame(found)


def improvements(series: Series) -> np.ndarray:
    """What is better in each pair of phases, by where its values lie, as `effect_tables.direction` for one."""
    where, pairs = series.known.position(series.reference), series.pairs
    lies = np.zeros(len(pairs), dtype=np.int64)
    for bit, place in enumerate(PLACES):
        before = np.concatenate([[0], np.cumsum(where == place)])
        for start, count in (("start_a", "m"), ("start_b", "n")):
            first = pairs[start].to_numpy()
            lies |= (before[first + pairs[count].to_numpy()] > before[first]).astype(np.int64) << bit
    usual = series.of_analytes(pairs["rank"].to_numpy(), ("improvement", "two_sided"))
    return once_each(_better, lies, *usual.values())


def _better(lies: int, usual: str, two_sided: bool) -> str:
    return direction_of_improvement((p for bit, p in enumerate(PLACES) if lies >> bit & 1), usual, two_sided)


def _adjusted(of: pd.DataFrame, p: np.ndarray, least: np.ndarray) -> np.ndarray:
    """The p values adjusted over those of a patient and phase that can reach the level so."""
    groups = of.groupby(["patient", "step"], sort=False).ngroup().to_numpy()
    kept = within_reach(np.where(np.isnan(p), np.nan, least), groups)
    return holm(of.assign(p=np.where(kept, p, np.nan)), ["patient", "step"])


def _effects_of(series: Series, rows: pd.DataFrame, confidence: float, seed: int) -> Iterator[dict[str, np.ndarray]]:
    """All indices of pairs of one m and n: `pair` (the row of the pairs), `order`, numbers, and `note` (a code)."""
    m, n, k = int(rows["m"].iloc[0]), int(rows["n"].iloc[0]), len(rows)
    outside = (rows["better"] != WITHIN).to_numpy()
    pairs = _Pairs(series, rows[outside], confidence, seed) if outside.any() else None
    shown = {name for name in INDICES if not at_lengths(name, m, n).hidden}
    results = _of_ranks(pairs, shown) | {"SMD": _smd(pairs), "LRR": _lrr(pairs)} if pairs else {}
    for order, name in enumerate(INDICES):
        lengths = at_lengths(name, m, n)
        columns = {c: np.full(k, np.nan) for c in (*NUMBERS, "p", "p_least")}
        note = np.full(k, _code(NEVER_OUTSIDE))
        if pairs is not None and name in IN_TIME and m < FEWEST_FOR_A_TREND:
            note[outside] = _code(TOO_SHORT)
        elif pairs is not None:
            found = results[name]
            mine = {c: found.get(c, np.full(len(pairs), np.nan)) for c in (*NUMBERS[1:], "p", "p_least")}
            mine["value"] = np.where(mine["low"] == mine["high"], mine["low"], np.nan)
            said, given = _note_codes(pairs, name, mine, found.get("note"), lengths), ~np.isnan(mine["low"])
            if lengths.hidden:
                said[given] = _code(lengths.hidden)
                mine = {c: np.where(given, np.nan, numbers) for c, numbers in mine.items()}
            note[outside] = said
            for c, numbers in mine.items():
                columns[c][outside] = numbers
        alarms = {"false_alarms_low": np.full(k, lengths.low), "false_alarms_high": np.full(k, lengths.high)}
        yield {"pair": rows.index.to_numpy(), "order": np.full(k, order), "note": note, **columns, **alarms}


def _code(text: str) -> int:
    """The place of a text in `_said`."""
    if (text,) not in _notes:
        _said.append(text)
        _notes[text,] = len(_said) - 1
    return _notes[text,]


def _of_ranks(pairs: _Pairs, shown: set[str]) -> dict[str, dict]:
    """Every index that depends only on the order of values, all but SMD and LRR; what takes long only if `shown`."""
    m, n, k = pairs.m, pairs.n, len(pairs)
    worst = _completion(pairs, _highest(pairs.a), _lowest(pairs.b))
    best = worst if pairs.exact.all() else _completion(pairs, _lowest(pairs.a), _highest(pairs.b))
    # an exact pair has one completion: both are then the same by themselves
    found: dict[str, dict] = {c: {"low": worst[c], "high": best[c]} for c in ("PND", "PEM", "PAND", "IRD")}
    nap = {"low": worst["NAP"], "high": best["NAP"]}
    settled = nap["low"] == nap["high"]
    nap["se"], spread = np.full(k, np.nan), settled if min(m, n) > 1 else np.zeros(k, dtype=bool)
    if spread.any():
        numerator, denominator = shapes.nap_variance(worst["counts"], m, n)
        fits = spread & (numerator > 0)
        nap["se"][fits] = np.sqrt(numerator[fits] / denominator)
        # integers past 2**53 are no floats: their quotient is rounded twice
        for i in np.flatnonzero(fits) if max(denominator, numerator.max()) >= 2**53 else ():
            nap["se"][i] = math.sqrt(int(numerator[i]) / denominator)
    nap["ci_low"], nap["ci_high"] = _newcombe_limits(nap["low"], settled, m, n, pairs.z)
    nap["p"], nap["p_least"] = np.full(k, np.nan), np.full(k, np.nan)
    if "NAP" in shown and min(m, n) > 1 and pairs.exact.any():
        a, b = (np.where(pairs.sign[:, None] < 0, -x.low, x.low)[pairs.exact] for x in (pairs.a, pairs.b))
        zeros = [np.zeros(x.shape, dtype=np.int64) for x in (a, b)]
        tests = permutation_tests(*shapes.ranks(Ends(a, zeros[0]), Ends(b, zeros[1])), pairs.seed)
        nap["p"][pairs.exact], nap["p_least"][pairs.exact] = tests
    found["NAP"] = nap
    found["Tau"] = {c: 2 * nap[c] - 1 for c in ("low", "high", "ci_low", "ci_high")} | {"se": 2 * nap["se"]}
    high, low = _highest(pairs.a), _lowest(pairs.a)
    falling = shapes.concordance_within(high, low)
    rising = falling if pairs.exact_a.all() else shapes.concordance_within(low, high)
    found["Tau-U"] = {"low": (worst["S"] - rising) / (m * n), "high": (best["S"] - falling) / (m * n)}
    found["Tau-U"]["note"] = falling != rising
    blank = {c: np.zeros(k) for c in ("low", "high")}  # of a baseline of numbers it is always given, so always hidden
    found["Tau-BC"] = _tau_bc(pairs) if "Tau-BC" in shown and m >= FEWEST_FOR_A_TREND else blank
    return found


def _completion(pairs: _Pairs, a: Ends, b: Ends) -> dict:
    m, n = pairs.m, pairs.n
    first, second = shapes.ranks(a, b)
    counted = shapes.counts(first, second)
    (a_whole, b_whole), fits = shapes.integers(a.values, b.values)
    pem = shapes.beyond_the_median(a, a_whole, b, b_whole)
    for i in np.flatnonzero(~fits):
        estimate = pairs.scalar("PEM", int(i))
        pem[i] = estimate.low if a.values is pairs.a.high else estimate.high
    kept = shapes.kept(counted, n)
    return {
        "counts": counted,
        "S": counted.concordance,
        "NAP": (counted.concordance + m * n) / (2 * m * n),
        "PND": shapes.beyond_the_best(first, second),
        "PEM": pem,
        "PAND": kept / (m + n),
        "IRD": (2 * m * n - (m + n) * (m + n - kept)) / (2 * m * n),
    }


def _newcombe_limits(p: np.ndarray, settled: np.ndarray, m: int, n: int, z: float) -> tuple[np.ndarray, np.ndarray]:
    """Newcombe's interval, solved once for each value that NAP has among the pairs."""
    low, high = np.full(len(p), np.nan), np.full(len(p), np.nan)
    values, back = np.unique(p[settled], return_inverse=True)
    limits = []
    for value in values.tolist():
        key = (value, m, n, z)
        if key not in _newcombe:
            _newcombe[key] = newcombe_interval(value, m, n, z)
        limits.append(_newcombe[key])
    if limits:
        low[settled], high[settled] = np.array(limits)[back].T
    return low, high


def _tau_bc(pairs: _Pairs) -> dict:
    blank = np.full(len(pairs), np.nan)
    if pairs.m == 1:
        return {"low": blank, "high": blank}
    values = (pairs.a.low, pairs.a.high, pairs.b.low, pairs.b.high)
    whole, fits = shapes.integers(*values)
    infinite = [np.where(np.isinf(v), np.sign(v), 0).astype(np.int64) for v in values]
    # the steepest trend, taken from a high baseline and a low treatment, is the worst case
    low, good = _tau_bc_case(pairs, whole, infinite, (0, 1), (1, 2), -1.0)
    high, fine = low, good
    if not pairs.exact.all():
        high, fine = _tau_bc_case(pairs, whole, infinite, (1, 0), (0, 3), 1.0)
        # with an exact baseline both cases have the one slope; with exact data they are one case
    for i in np.flatnonzero(~(fits & good & fine)):
        estimate = pairs.scalar("Tau-BC", int(i))
        low[i], high[i] = estimate.low, estimate.high
    return {"low": low, "high": high}


def _tau_bc_case(
    pairs: _Pairs, whole: list, infinite: list, slope: tuple[int, int], ends: tuple[int, int], unbounded: float
) -> tuple[np.ndarray, np.ndarray]:
    early, late = slope
    top, bottom, finite = shapes.median_slope(whole[early], whole[late], infinite[early], infinite[late])
    before, good = shapes.detrended(whole[ends[0]], infinite[ends[0]], 0, top, bottom)
    after, fine = shapes.detrended(whole[ends[1]], infinite[ends[1]], pairs.m, top, bottom)
    up = ends[0] == 1  # the baseline at its high ends, the treatment at its low ones
    a_nudge = (_highest(pairs.a) if up else _lowest(pairs.a)).nudge
    b_nudge = (_lowest(pairs.b) if up else _highest(pairs.b)).nudge
    first, second = shapes.ranks(Ends(before, a_nudge), Ends(after, b_nudge))
    share = shapes.counts(first, second).concordance / (pairs.m * pairs.n)
    return np.where(finite, share, unbounded), good & fine | ~finite


def _smd(pairs: _Pairs) -> dict:
    m, n, k = pairs.m, pairs.n, len(pairs)
    if m < 3:
        return {"low": np.full(k, np.nan), "high": np.full(k, np.nan)}
    with np.errstate(all="ignore"):
        a, b = _scaled(pairs.a.low, pairs.b.low)
        (mean_a, sd_a), (mean_b, sd_b) = shapes.mean_and_sd(a), shapes.mean_and_sd(b)
        correction = 1 - 3 / (4 * (m - 1) - 1)
        d = correction * (mean_b - mean_a) / sd_a
        ratio = (np.zeros(k) if n == 1 else sd_b) / sd_a
        se = correction * np.sqrt(1 / m + ratio * ratio / n + d * d / (2 * (m - 1)))
    given: Flags = pairs.exact & (sd_a > 0) & np.isfinite(se)
    return _with_interval(pairs, d, se, given, given & (n > 1))


def _lrr(pairs: _Pairs) -> dict:
    m, n, k = pairs.m, pairs.n, len(pairs)
    if min(m, n) == 1:
        return {"low": np.full(k, np.nan), "high": np.full(k, np.nan)}
    a, b = (np.where(pairs.sign[:, None] < 0, -x.high, x.low) for x in (pairs.a, pairs.b))
    given: Flags = pairs.exact & (a > 0).all(axis=1) & (b > 0).all(axis=1)
    (log_a, spread_a), (log_b, spread_b) = (_log_mean(np.where(given[:, None], x, 1.0)) for x in (a, b))
    ratio = (log_b - log_a + (spread_b - spread_a) / 2) * pairs.sign
    se = np.sqrt(spread_a + spread_b)
    return _with_interval(pairs, ratio, se, given, given & (se > 0))


def _scaled(*arrays: np.ndarray) -> list[np.ndarray]:
    """The arrays, each row divided by the power of two just above all of its values, as `overlap.exponent_of`."""
    largest = np.max([np.abs(np.where(np.isfinite(x), x, 0)).max(axis=1) for x in arrays], axis=0)
    exponent = np.frexp(largest)[1]
    return [np.ldexp(x, -exponent[:, None]) for x in arrays]


def _log_mean(values: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    exponent = np.frexp(values.max(axis=1))[1]
    mean, sd = shapes.mean_and_sd(np.ldexp(values, -exponent[:, None]))
    variation = sd / mean
    # NumPy's logarithm may differ from that of the notebooks in the last bit on some processors
    logs = np.fromiter(map(math.log, mean.tolist()), dtype=float, count=len(mean))
    return logs + exponent * math.log(2), variation * variation / values.shape[1]


def _with_interval(pairs: _Pairs, value: np.ndarray, se: np.ndarray, given: np.ndarray, precise: np.ndarray) -> dict:
    value, se = np.where(given, value, np.nan), np.where(precise, se, np.nan)
    return {"low": value, "high": value, "se": se, "ci_low": value - pairs.z * se, "ci_high": value + pairs.z * se}


def _note_codes(pairs: _Pairs, name: str, columns: dict, loose: np.ndarray | None, at: AtLengths) -> np.ndarray:
    """What `effects` says beside each estimate, and the remark, as places in `_said`. It depends on few things, so it
    is asked once for each of these.
    """
    low, high = columns["low"], columns["high"]
    kinds = [pairs.exact, pairs.exact_a, low == high, np.isnan(low), np.isnan(columns["se"])]
    kinds.append(np.zeros(len(pairs), dtype=bool) if loose is None else loose)
    if name in ("SMD", "LRR"):  # why there is none
        kinds.append((pairs.raw[0].low <= 0).any(axis=1) | (pairs.raw[1].low <= 0).any(axis=1))
        kinds.append((pairs.raw[0].low == pairs.raw[0].low[:, :1]).all(axis=1))
    codes = np.zeros(len(pairs), dtype=np.int64)
    for kind in kinds:
        codes = 2 * codes + kind
    distinct, first, back = np.unique(codes, return_index=True, return_inverse=True)
    places = []
    for code, row in zip(distinct.tolist(), first.tolist(), strict=True):
        # what is hidden was not computed in full, so that its numbers tell nothing of its note
        key = (name, min(pairs.m, 3), min(pairs.n, 2), code, at.remark, bool(at.hidden))
        if key not in _notes:
            note = pairs.scalar(name, row).note
            _notes[key] = _code("; ".join(filter(None, [note, "" if np.isnan(low[row]) else at.remark])))
        places.append(_notes[key])
    return np.array(places, dtype=np.int64)[back.ravel()]
