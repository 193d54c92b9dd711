"""Piecewise regression of one series on its real study days, and where its start ranks among all possible starts.

Each phase has its own line; what is reported is the change from the line of the phase before, carried on. Values of
one patient on successive days resemble each other, so the lag-1 autocorrelation of the residuals stands beside every
standard error, and where there are enough points the model is fitted with AR(1) errors too. What the data cannot give
is None, with the reason in plain words. No coefficient tells a treatment from whatever else changed on its day.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cache
from itertools import accumulate, pairwise
from typing import Literal

import numpy as np
from scipy import optimize, special

from casereport.analysis.statistics.orderings import read_phase
from casereport.analysis.statistics.satterthwaite import satterthwaite
from casereport.quantities.intervals import Interval
from casereport.quantities.many_intervals import Floats, Intervals

# Turner et al. 2021 (doi 10.1186/s12874-021-01364-0) compared methods for interrupted series by simulation: below 12
# points ordinary least squares did best, from 12 on REML. Their model has 4 terms: 8 values more than terms.
SPARE_FOR_AR1 = 8
# The exact distribution of an autocorrelation costs the cube of the number of values: 0.3 s at this one.
MOST_FOR_AUTOCORRELATION = 300

TOO_LOW = "neighbouring residuals differ by more than any autocorrelation considered would have them"
TOO_SHORT = "the series is too short to say how strong the autocorrelation is at most"
UNEVEN = "days are unevenly spaced: neighbours are not all the same time apart"


@dataclass(frozen=True, slots=True)
class Coefficient:
    """One term of the model. `df` are the degrees of freedom of its t interval; what is None `note` explains."""

    value: float | None = None
    se: float | None = None
    df: float | None = None
    ci_low: float | None = None
    ci_high: float | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Change:
    """A later phase against the line of the phase before it, carried on.

    `level` is the jump on `first_day`, the first observed day of the phase, in the unit of the values; `slope` is the
    change of slope, in that unit per day. `n` counts the values of the phase.
    """

    first_day: float | None
    n: int | None
    level: Coefficient
    slope: Coefficient


@dataclass(frozen=True, slots=True)
class Fit:
    """One fit of the model: `intercept` is the first phase's line on the first observed day, `trend` its daily slope.

    Errors `rho_days` apart are taken to correlate by `rho`; both are None for independent errors. `residual_sd` is
    None where there is nothing to estimate it from.
    """

    errors: Literal["independent", "AR(1)"]
    intercept: Coefficient
    trend: Coefficient
    changes: tuple[Change, ...]
    residual_sd: float | None = None
    rho: float | None = None
    rho_days: float | None = None


@dataclass(frozen=True, slots=True)
class Autocorrelation:
    """Lag-1 autocorrelation of the residuals of neighbouring values, and what it says of the errors.

    `value` is that of the residuals. Residuals of a short series correlate negatively even where the errors do not:
    `expected` is the mean of `value` for independent errors. `corrected` and the confidence interval `ci_low` to
    `ci_high` are for the errors themselves, `days` apart, free of that bias; from 0 up where days are uneven.
    """

    value: float | None = None
    expected: float | None = None
    corrected: float | None = None
    ci_low: float | None = None
    ci_high: float | None = None
    days: float | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Piecewise:
    """Both fits (`ar1` may be None) of `n` values by so many `terms`; `note` says what limits the whole."""

    ols: Fit
    ar1: Fit | None
    autocorrelation: Autocorrelation
    n: int
    terms: int
    note: str


@dataclass(frozen=True, slots=True)
class StartRank:
    """Where the real start stands among all admissible starts: 1 is the start with the greatest improvement.

    `statistic` is the mean after less the mean before, positive for improvement; `rank` counts the admissible
    `starts` with one at least as large.
    """

    statistic: float | None
    rank: int | None
    starts: int
    note: str


def piecewise(
    days: Sequence[float | Interval],
    values: Sequence[float | Interval],
    starts: Sequence[float],
    confidence: float = 0.95,
) -> Piecewise:
    """Trend, and level and slope change of each later phase, in one model (Huitema & McKean 2000).

    y = b0 + b1 (t - t1) + b2 [B] + b3 [B] (t - first t of B), t being the study day, so that unequal spacing counts
    as it is. A phase holds the days from its start (`starts`, one a later phase) to before the next. With more than
    two phases each is compared with the line of the phase before it; all share one error variance.

    `ols` has the classical standard errors and t intervals with n - terms degrees of freedom, exact for independent
    normal errors. `ar1` has errors correlated rho^(days apart), which is AR(1) where days are equally spaced and takes
    gaps as they are; it is fitted by REML, with Satterthwaite's degrees of freedom as its small-sample correction
    (REML-Satt of Turner et al. 2021). It needs 8 values more than terms, which is 12 values for two phases.

    Raises ValueError for missing values, days or starts that do not increase, a phase without a value, and a
    `confidence` not within 0..1.
    """
    when, series = _read(days, values)
    if not 0 < confidence < 1:
        raise ValueError(f"confidence is {confidence!r}; expected a number between 0 and 1, such as 0.95")
    borders = list(map(float, starts))
    if not borders or not all(a < b for a, b in pairwise(borders)):
        raise ValueError(f"the starts are {borders}; expected the first day of each later phase, in order")
    if why := _inexact(when, series, "regression"):
        none = Coefficient(note=why)
        fit = Fit("independent", none, none, (Change(None, None, none, none),) * len(borders))
        return Piecewise(fit, None, Autocorrelation(note=why), len(series), 0, why)
    t, y = when.low, series.low
    phase = np.searchsorted(borders, t, side="right")
    for p, (low, high) in enumerate(pairwise([-math.inf, *borders, math.inf])):
        if not (phase == p).any():
            raise ValueError(f"no value from day {low:g} to before day {high:g}: a phase without a value has no line")
    design = _design(t, y, phase)
    ols, correlated = _fit(design, None, confidence), _autocorrelation(design, confidence)
    n, terms = design.matrix.shape
    if ols.residual_sd is None:
        return Piecewise(ols, None, correlated, n, terms, _no_spread(design))
    if n - terms < SPARE_FOR_AR1:
        note = f"{n} values for {terms} terms: a model with AR(1) errors needs {terms + SPARE_FOR_AR1}"
        return Piecewise(ols, None, correlated, n, terms, note)
    return Piecewise(ols, _fit(design, _reml(design), confidence), correlated, n, terms, "")


def _read(days: Sequence[float | Interval], values: Sequence[float | Interval]) -> tuple[Intervals, Intervals]:
    when, series = read_phase(days, "list of days"), read_phase(values, "series")
    if len(when) != len(series):
        raise ValueError(f"{len(when)} days and {len(series)} values; expected one day a value")
    if when.is_exact.all() and not all(a < b for a, b in pairwise(when.low)):
        raise ValueError("the days do not increase; expected one value a day, in order")
    return when, series


def _inexact(when: Intervals, series: Intervals, what: str) -> str:
    if not when.is_exact.all():
        return f"a day is known only as an interval: no {what}"
    n = int((series.low != series.high).sum())
    return f"{n} of {len(series)} values known only as an interval: no {what}" if n else ""


@dataclass(frozen=True, slots=True, eq=False)
class _Design:
    """A series in phases: `matrix` has for each phase a start and, from 2 values on, a slope.

    The reported terms are combinations of these: `terms` holds (combination, why there is none) in the order
    intercept, trend, then level and slope change of each later phase. `gaps` counts the steps from each day to the
    next, a step being the smallest distance of neighbours; `limits` is where rho, the correlation one step apart, may
    lie.
    """

    y: Floats
    matrix: Floats
    terms: list[tuple[Floats | None, str]]
    first: list[float]
    counts: list[int]
    step: float
    gaps: Floats
    limits: tuple[float, float]


def _design(t: Floats, y: Floats, phase: np.ndarray) -> _Design:
    _, begins, counts = np.unique(phase, return_index=True, return_counts=True)
    first = t[begins].tolist()
    columns: list[Floats] = []
    places: list[tuple[int, int | None]] = []
    for p, (day, n) in enumerate(zip(first, counts.tolist(), strict=True)):
        inside = (phase == p).astype(float)
        places.append((len(columns), len(columns) + 1 if n > 1 else None))
        columns += [inside, inside * (t - day)] if n > 1 else [inside]
    step = float(np.diff(t).min())
    gaps = np.diff(t) / step
    # a negative rho would swing with the number of days between, so uneven spacing allows only positive ones
    even = np.allclose(np.diff(t), step, rtol=1e-9)
    gaps = np.round(gaps) if even else gaps
    terms = _terms(np.eye(len(columns)), places, first)
    limits = (-0.99 if even else 0.0, 0.99)
    return _Design(y, np.column_stack(columns), terms, first, counts.tolist(), step, gaps, limits)


def _terms(unit: Floats, places: list[tuple[int, int | None]], first: list[float]) -> list[tuple[Floats | None, str]]:
    start, slope = places[0]
    terms: list[tuple[Floats | None, str]] = [(unit[start], "")]
    terms.append((None, "n = 1 before: no trend can be estimated") if slope is None else (unit[slope], ""))
    for (old_start, old_slope), (start, slope), gap in zip(places, places[1:], np.diff(first), strict=False):
        if old_slope is None:
            terms += [(None, "n = 1 in the phase before: it has no line to compare with")] * 2
            continue
        terms.append((unit[start] - unit[old_start] - gap * unit[old_slope], ""))
        alone = "n = 1 in the phase: no slope can be estimated"
        terms.append((None, alone) if slope is None else (unit[slope] - unit[old_slope], ""))
    return terms


def _no_spread(design: _Design) -> str:
    """Why nothing is known of the errors; empty where something is."""
    if len(design.y) == design.matrix.shape[1]:
        return "as many terms as values: no standard error"
    return "" if _residuals(design).any() else "every value lies on the lines: a standard error of 0 would mislead"


def _residuals(design: _Design) -> Floats:
    """Of ordinary least squares; zero where nothing but rounding is left."""
    left = design.y - design.matrix @ np.linalg.lstsq(design.matrix, design.y, rcond=None)[0]
    return np.zeros_like(left) if np.abs(left).max() <= _rounding(design) else left


def _rounding(design: _Design) -> float:
    """What may be left of nothing."""
    return 1e-12 * len(design.y) * float(np.abs(design.y).max())


def _whitened(design: _Design, rho: float, columns: Floats) -> Floats:
    """What is new in each row, given the row before, in equal variance (Prais & Winsten 1954, on real gaps)."""
    carried = np.power(rho, design.gaps)[:, None]
    return np.vstack([columns[:1], (columns[1:] - carried * columns[:-1]) / np.sqrt(1 - carried**2)])


def _fit(design: _Design, rho: float | None, confidence: float) -> Fit:
    """Generalised least squares given `rho`; ordinary for None."""
    both = np.column_stack([design.matrix, design.y])
    x, y = np.split(both if rho is None else _whitened(design, rho, both), [-1], axis=1)
    spread = np.linalg.inv(x.T @ x)
    estimate = spread @ x.T @ y[:, 0]
    left = y[:, 0] - x @ estimate
    spare, nothing = x.shape[0] - x.shape[1], _no_spread(design)
    variance = None if nothing else float(left @ left) / spare
    found = []
    for combination, why in design.terms:
        value = None if combination is None else float(combination @ estimate)
        if value is not None and abs(value) <= _rounding(design):
            value = 0.0
        if combination is None or value is None or variance is None:
            found.append(Coefficient(value, note=why or nothing))
            continue
        df = float(spare) if rho is None else satterthwaite(design.matrix, x, design.gaps, rho, variance, combination)
        se = math.sqrt(variance * float(combination @ spread @ combination))
        reach = float(special.stdtrit(df, (1 + confidence) / 2)) * se
        # what an iteration leaves of nought, a billionth of the standard error, is nought
        value = 0.0 if abs(value) < 1e-6 * se else value
        found.append(Coefficient(value, se, df, value - reach, value + reach))
    changes = tuple(map(Change, design.first[1:], design.counts[1:], found[2::2], found[3::2]))
    fit = Fit("independent", found[0], found[1], changes, None if variance is None else math.sqrt(variance))
    return fit if rho is None else replace(fit, errors="AR(1)", rho=rho, rho_days=design.step)


def _reml(design: _Design) -> float:
    """The rho of greatest restricted likelihood."""
    spare = len(design.y) - design.matrix.shape[1]
    both = np.column_stack([design.matrix, design.y])

    def deviance(rho: float) -> float:
        root = np.linalg.qr(_whitened(design, rho, both), mode="r")
        sizes = np.log(np.abs(np.diag(root)))
        carried = np.log(1 - np.power(rho, 2 * design.gaps))
        return float(2 * spare * sizes[-1] + 2 * sizes[:-1].sum() + carried.sum())

    grid = np.linspace(*design.limits, 34)
    best = int(np.argmin([deviance(float(rho)) for rho in grid]))
    near = grid[max(best - 1, 0)], grid[min(best + 1, len(grid) - 1)]
    return float(optimize.minimize_scalar(deviance, bounds=near, method="bounded", options={"xatol": 1e-7}).x)


def _autocorrelation(design: _Design, confidence: float) -> Autocorrelation:
    """r1 of the residuals, and the rho for which an r1 as low, or as high, is just likely enough (after Andrews 1993).

    The distribution of r1 given rho is that of a ratio of quadratic forms in normal errors, computed by Imhof 1961.
    """
    (n, width), residuals = design.matrix.shape, _residuals(design)
    if n - width < 2 or not residuals.any():
        short = f"{n} values for {width} terms leave too little over to tell the autocorrelation"
        return Autocorrelation(note=_no_spread(design) or short)
    value = float(residuals[1:] @ residuals[:-1] / (residuals @ residuals))
    if n > MOST_FOR_AUTOCORRELATION:
        long = f"{n} values: the interval of an autocorrelation is computed for up to {MOST_FOR_AUTOCORRELATION}"
        return Autocorrelation(value, note=long, days=design.step)
    neighbours = (np.eye(n, k=1) + np.eye(n, k=-1)) / 2
    annihilator = np.eye(n) - design.matrix @ np.linalg.pinv(design.matrix)
    expected = float(np.trace(annihilator @ neighbours)) / (n - width)
    form = annihilator @ (neighbours - value * np.eye(n)) @ annihilator
    low, high = design.limits
    days = np.concatenate([[0], np.cumsum(design.gaps)])
    apart = np.abs(days[:, None] - days[None, :])

    @cache
    def at_most(rho: float) -> float:
        root = np.linalg.cholesky(np.power(rho, apart))
        return _chance_below_zero(np.asarray(np.linalg.eigvalsh(root.T @ form @ root), dtype=np.float64))

    def where(chance: float) -> float:
        """The rho at which r1 is at most `value` with this chance, which falls as rho rises."""
        if at_most(low) <= chance:
            return -1.0 if low < 0 else 0.0
        if at_most(high) >= chance:
            return 1.0
        return float(optimize.brentq(lambda rho: at_most(rho) - chance, low, high, xtol=1e-5))

    tail = (1 - confidence) / 2
    if at_most(low) <= tail:
        return Autocorrelation(value, expected, note=TOO_LOW)
    found = (value, expected, where(0.5), where(1 - tail), where(tail), design.step)
    return Autocorrelation(*found, "; ".join([TOO_SHORT] * (found[4] == 1) + [UNEVEN] * (low == 0)))


_NODES, _WEIGHTS = np.polynomial.legendre.leggauss(256)


def _chance_below_zero(weights: Floats) -> float:
    """P(sum of weights * chi-squared(1) <= 0), by Imhof's integral over u = s / (1 - s)."""
    s = (_NODES + 1) / 2
    u = s / (1 - s)
    angles = np.outer(u, weights / np.abs(weights).max())
    theta = np.arctan(angles).sum(axis=1) / 2
    decay = np.exp(-np.log1p(angles**2).sum(axis=1) / 4)
    integral = float((_WEIGHTS / 2 * np.sin(theta) * decay / (u * (1 - s) ** 2)).sum())
    return 0.5 - integral / math.pi


def start_point_rank(
    days: Sequence[float | Interval],
    values: Sequence[float | Interval],
    start: float,
    improvement: Literal["increase", "decrease"] = "increase",
    minimum: int = 3,
) -> StartRank:
    """The rank of the real start among all that leave at least `minimum` values before and after (Edgington 1975).

    A start is one of the observed days; values from that day on are after it. The means are compared exactly in the
    decimals as written, so that ties count as ties. No start is randomised here, so the rank describes the series: a
    steady trend, or treatment begun at the worst value, ranks high with no effect. None where the real start is not
    admissible or values are intervals. Raises ValueError as `piecewise` does.
    """
    if improvement not in ("increase", "decrease") or minimum < 1:
        raise ValueError(f"expected 'increase' or 'decrease', and a minimum from 1; got {improvement!r}, {minimum!r}")
    when, series = _read(days, values)
    n, number = len(series), max(0, len(series) - 2 * minimum + 1)
    if why := _inexact(when, series, "rank"):
        return StartRank(None, None, number, why)
    sign = 1 if improvement == "increase" else -1
    sums = [Fraction(0), *accumulate(Fraction(repr(y)) * sign for y in series.low.tolist())]
    before = int(np.searchsorted(when.low, start))
    if not minimum <= before <= n - minimum:
        why = f"n = {before} before and {n - before} after: a rank needs at least {minimum} of each"
        return StartRank(None, None, number, why)

    def statistic(k: int) -> Fraction:
        return (sums[n] - sums[k]) / (n - k) - sums[k] / k

    real = statistic(before)
    rank = sum(statistic(k) >= real for k in range(minimum, n - minimum + 1))
    note = f"rank {rank} of {number} possible starts; the start was not randomised, so this is no p value"
    return StartRank(float(real), rank, number, note)
