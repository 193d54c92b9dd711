"""Single-case effect sizes: how a treatment phase of one patient compares with the baseline before it.

Every index takes plain numbers and intervals, and positive (for a share: large) means improvement. What the data
cannot give is None, with the reason in `note`. All standard errors and confidence intervals assume independent
measurements, which daily values of one patient seldom are: show the lag-1 autocorrelation beside them. No index tells
the treatment from whatever else happened when it began.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from numbers import Real
from statistics import NormalDist
from typing import Literal

from casereport.analysis.statistics.orderings import Ends, Phase, detrended_ranks, ranks, read_phase
from casereport.analysis.statistics.overlap import (
    beyond_the_best,
    beyond_the_median,
    concordance_between,
    concordance_within,
    exponent_of,
    extremes,
    kept_share,
    log_mean,
    mean_above,
    moments,
    nap_standard_error,
    newcombe_interval,
    rank_concordance,
    rate_difference,
)
from casereport.quantities.intervals import Interval

Values = Sequence[float | Interval]
Improvement = Literal["increase", "decrease"]

UNDECIDED = "interval data leave the value between low and high: no standard error or confidence interval"
LOOSE = "low and high enclose the value but may lie further apart than the data require"
NOT_COMPUTED = "interval data: not computed"
TAU_U_VARIANT = "(S_AB - S_A) / (m n), as in Parker 2011 and SingleCaseES; other programs compute Tau-U differently"


@dataclass(frozen=True, slots=True)
class Estimate:
    """One effect size and what is known of its precision.

    `low` and `high` bound the index over every completion of interval-valued data; `value` is given where they agree,
    as for exact data. `se`, `ci_low` and `ci_high` are given only beside a value. None means that the data or the
    literature do not give it: `note` says why, in plain words. `n_baseline` and `n_treatment` count the values.
    """

    value: float | None
    low: float | None
    high: float | None
    se: float | None
    ci_low: float | None
    ci_high: float | None
    n_baseline: int
    n_treatment: int
    note: str


def nap(
    baseline: Values, treatment: Values, improvement: Improvement = "increase", confidence: float = 0.95
) -> Estimate:
    """Non-overlap of all pairs (Parker & Vannest 2009), 0 to 1: the share of pairs in which treatment is better.

    Ties count 1/2. `low` and `high` are attained. Standard error: Mee 1990; unbiased (as a variance) without ties, too
    large on average with them. It is None where the variance estimate is not positive: when every pair agrees it is 0,
    which would claim certainty. Confidence interval: Newcombe 2006, method 5, inside 0..1; it is given for a phase of
    1 value too. Both assume independent values of one distribution in each phase: autocorrelation makes them too
    narrow, a trend meaningless.

    Raises ValueError for an empty phase, a missing value, an unknown `improvement` and a `confidence` not within 0..1.
    """
    a, b = _phases(baseline, treatment, improvement)
    z = _z(confidence)
    low, high = extremes(mean_above, a, b)
    if low != high:
        return _estimate(a, b, low, high, notes=[UNDECIDED])
    se, why = nap_standard_error(*ranks(a.highest, b.lowest))
    return _estimate(a, b, low, high, se, newcombe_interval(low, len(a), len(b), z), [why])


def tau(
    baseline: Values, treatment: Values, improvement: Improvement = "increase", confidence: float = 0.95
) -> Estimate:
    """Tau (Parker et al. 2011), -1 to 1: 2 NAP - 1, with twice the standard error and the interval transformed.

    The limits and errors of `nap` are those of `tau`.
    """
    x = nap(baseline, treatment, improvement, confidence)

    def signed(share: float | None) -> float | None:
        return None if share is None else 2 * share - 1

    return Estimate(
        value=signed(x.value),
        low=signed(x.low),
        high=signed(x.high),
        se=None if x.se is None else 2 * x.se,
        ci_low=signed(x.ci_low),
        ci_high=signed(x.ci_high),
        n_baseline=x.n_baseline,
        n_treatment=x.n_treatment,
        note=x.note,
    )


def tau_u(
    baseline: Values, treatment: Values, improvement: Improvement = "increase", confidence: float = 0.95
) -> Estimate:
    """Tau-U, A against B less the trend of A (Parker et al. 2011): (S_AB - S_A) / (m n), which may pass -1 and 1.

    S counts the pairs that agree with improvement minus those that disagree: between the phases, and in time order
    within the baseline. Programs differ in this index, so `note` names the variant. `low` and `high` are attained
    where the order within the baseline is certain. Otherwise S_AB and S_A, which share the baseline, are bounded
    apart: every completion lies between `low` and `high`, none need reach them. No standard error is known.
    Raises ValueError as `nap` does.
    """
    a, b = _phases(baseline, treatment, improvement)
    _z(confidence)
    pairs = len(a) * len(b)
    worst, best = extremes(concordance_between, a, b)
    falling, rising = concordance_within(a.highest, a.lowest), concordance_within(a.lowest, a.highest)
    low, high = (worst - rising) / pairs, (best - falling) / pairs
    notes = [
        TAU_U_VARIANT,
        "n = 1 before: no trend to remove, so the same as Tau" if len(a) == 1 else "",
        "no standard error is known for Tau-U" if low == high else UNDECIDED,
        LOOSE if falling != rising else "",
    ]
    return _estimate(a, b, low, high, notes=notes)


def tau_bc(
    baseline: Values, treatment: Values, improvement: Improvement = "increase", confidence: float = 0.95
) -> Estimate:
    """Baseline-corrected Tau (Tarlow 2017), -1 to 1: Tau after removing the baseline's Theil-Sen trend from all values.

    Time is the number of the observation: unequal spacing is ignored. The trend is removed whether or not it differs
    from zero and is carried through the whole treatment, which a long phase strains. The arithmetic is exact in the
    decimals as written, so that values on a line tie. No standard error: that of Tau would ignore the uncertainty of
    the slope. None for a baseline of 1. `low` and `high` are attained where the baseline is exact; otherwise they
    enclose every completion, and none need reach them. Raises ValueError as `nap` does.
    """
    a, b = _phases(baseline, treatment, improvement)
    _z(confidence)
    if len(a) == 1:
        return _estimate(a, b, None, None, notes=["n = 1 before: no trend can be estimated"])
    pairs = len(a) * len(b)
    worst, best = detrended_ranks(a, b)
    low = -1.0 if worst is None else rank_concordance(*worst) / pairs
    high = 1.0 if best is None else rank_concordance(*best) / pairs
    notes = [
        "n = 2 before: the trend rests on a single difference" if len(a) == 2 else "",
        "no standard error: none accounts for the estimated trend" if low == high else UNDECIDED,
        LOOSE if low != high and not a.is_exact else "",
    ]
    return _estimate(a, b, low, high, notes=notes)


def pnd(
    baseline: Values, treatment: Values, improvement: Improvement = "increase", confidence: float = 0.95
) -> Estimate:
    """Percentage of non-overlapping data (Scruggs et al. 1987), 0 to 1: the share of treatment beyond all of baseline.

    A tie with the best baseline value is not beyond it. One outlying baseline value can set the index to 0, and it
    falls with the length of the baseline whatever the treatment does: do not compare it between series. `low` and
    `high` are attained; no standard error is known. Raises ValueError as `nap` does.
    """
    return _share("PND", beyond_the_best, baseline, treatment, improvement, confidence)


def pem(
    baseline: Values, treatment: Values, improvement: Improvement = "increase", confidence: float = 0.95
) -> Estimate:
    """Percentage exceeding the median (Ma 2006), 0 to 1: the share of treatment beyond the baseline's median.

    Ties with the median count 1/2. It ignores how far beyond, and the spread of the baseline. `low` and `high` are
    attained; no standard error is known. Raises ValueError as `nap` does.
    """
    return _share("PEM", beyond_the_median, baseline, treatment, improvement, confidence)


def pand(
    baseline: Values, treatment: Values, improvement: Improvement = "increase", confidence: float = 0.95
) -> Estimate:
    """Percentage of all non-overlapping data (Parker et al. 2007): the largest share of values free of overlap.

    The most values that can be kept with every kept baseline value worse than every kept treatment value, over m + n.
    All of one phase can always be kept, so it is never below max(m, n) / (m + n), and it depends on the lengths of the
    phases. `low` and `high` are attained; no standard error is known. Raises ValueError as `nap` does.
    """
    return _share("PAND", kept_share, baseline, treatment, improvement, confidence)


def ird(
    baseline: Values, treatment: Values, improvement: Improvement = "increase", confidence: float = 0.95
) -> Estimate:
    """Robust improvement rate difference (Parker et al. 2009), 0 to 1: 1 - (m + n)^2 (1 - PAND) / (2 m n).

    As with PAND its floor depends on the lengths of the phases: for the shorter of s and the longer of l values it is
    never below (l - s) / (2 l). `low` and `high` are attained; no standard error is known.
    Raises ValueError as `nap` does.
    """
    return _share("IRD", rate_difference, baseline, treatment, improvement, confidence)


def smd(
    baseline: Values, treatment: Values, improvement: Improvement = "increase", confidence: float = 0.95
) -> Estimate:
    """Within-case standardised mean difference: (mean B - mean A) / sd A, times 1 - 3 / (4 (m - 1) - 1).

    Gingerich 1984, with the small-sample correction of Hedges 1981. The baseline's sd is one patient's variation, so
    the size is not that of an SMD between patients. With c the correction and d the result, the standard error is
    c sqrt(1/m + var B / (n var A) + d^2 / (2 (m - 1))), as documented by SingleCaseES ("Effect size definitions"); the
    interval is d -/+ z se. None for a baseline of 1 or 2 values (the correction is then 0) or without variation, and
    for interval data, whose variance is not bounded simply. Raises ValueError as `nap` does.
    """
    a, b = _phases(baseline, treatment, improvement)
    z = _z(confidence)
    if not (a.is_exact and b.is_exact):
        return _estimate(a, b, None, None, notes=[NOT_COMPUTED])
    if len(a) == 1:
        return _estimate(a, b, None, None, notes=["n = 1 before: no standard deviation, so no SMD"])
    if len(a) == 2:
        return _estimate(a, b, None, None, notes=["n = 2 before: the small-sample correction is 0, so no SMD"])
    scale = exponent_of(a.low, b.low)
    (mean_a, sd_a), (mean_b, sd_b) = moments(a.low, scale), moments(b.low, scale)
    if not sd_a:
        return _estimate(a, b, None, None, notes=["no variation before: the SMD is undefined"])
    correction = 1 - 3 / (4 * (len(a) - 1) - 1)
    d = correction * (mean_b - mean_a) / sd_a
    ratio = (sd_b or 0.0) / sd_a
    se = correction * math.sqrt(1 / len(a) + ratio * ratio / len(b) + d * d / (2 * (len(a) - 1)))
    if not math.isfinite(se):
        return _estimate(a, b, None, None, notes=["the variation before is too small to divide by: no SMD"])
    if sd_b is None:
        return _estimate(a, b, d, d, notes=["n = 1 under treatment: no standard error"])
    return _estimate(a, b, d, d, se, (d - z * se, d + z * se))


def lrr(
    baseline: Values, treatment: Values, improvement: Improvement = "increase", confidence: float = 0.95
) -> Estimate:
    """Log response ratio with its small-sample correction (Pustejovsky 2018), on the scale of natural logarithms.

    ln mean B - ln mean A + var B / (2 n mean B^2) - var A / (2 m mean A^2), with standard error
    sqrt(var A / (m mean A^2) + var B / (n mean B^2)) and the interval lrr -/+ z se; where improvement is a decrease,
    the sign is turned. For a measure with a true zero only: None when a value is 0 or below. None too for a phase of 1
    (no variance, hence no correction) and for interval data, whose variance is not bounded simply.
    Raises ValueError as `nap` does.
    """
    sign = _direction(improvement)
    a, b = _phases(baseline, treatment, "increase")
    z = _z(confidence)
    why = ""
    if not (a.is_exact and b.is_exact):
        why = NOT_COMPUTED
    elif min(a.low.min(), b.low.min()) <= 0:
        why = "a value of 0 or below: no log response ratio"
    elif min(len(a), len(b)) == 1:
        why = f"n = 1 {'before' if len(a) == 1 else 'under treatment'}: no variance, so no log response ratio"
    if why:
        return _estimate(a, b, None, None, notes=[why])
    (log_a, spread_a), (log_b, spread_b) = log_mean(a.low), log_mean(b.low)
    ratio = (log_b - log_a + (spread_b - spread_a) / 2) * sign
    se = math.sqrt(spread_a + spread_b)
    if not se:
        return _estimate(a, b, ratio, ratio, notes=["no variation in either phase: no standard error"])
    return _estimate(a, b, ratio, ratio, se, (ratio - z * se, ratio + z * se))


def _direction(improvement: str) -> int:
    if improvement not in ("increase", "decrease"):
        raise ValueError(f"improvement is {improvement!r}; expected 'increase' or 'decrease'")
    return 1 if improvement == "increase" else -1


def _phases(baseline: Values, treatment: Values, improvement: str) -> tuple[Phase, Phase]:
    """Both phases, turned so that larger is better."""
    sign = _direction(improvement)
    a, b = read_phase(baseline, "baseline"), read_phase(treatment, "treatment phase")
    return (a, b) if sign > 0 else (a.negated(), b.negated())


def _z(confidence: float) -> float:
    if not isinstance(confidence, Real) or not 0 < confidence < 1:
        raise ValueError(f"confidence is {confidence!r}; expected a number between 0 and 1, such as 0.95")
    return -NormalDist().inv_cdf((1 - confidence) / 2)


def _estimate(
    a: Phase,
    b: Phase,
    low: float | None,
    high: float | None,
    se: float | None = None,
    interval: tuple[float, float] | tuple[None, None] = (None, None),
    notes: Sequence[str] = (),
) -> Estimate:
    value = low if low == high else None
    ci_low, ci_high = interval
    return Estimate(value, low, high, se, ci_low, ci_high, len(a), len(b), "; ".join(filter(None, notes)))


def _share(
    name: str,
    statistic: Callable[[Ends, Ends], float],
    baseline: Values,
    treatment: Values,
    improvement: Improvement,
    confidence: float,
) -> Estimate:
    """An index without a standard error."""
    a, b = _phases(baseline, treatment, improvement)
    _z(confidence)
    low, high = extremes(statistic, a, b)
    return _estimate(a, b, low, high, notes=[f"no standard error is known for {name}" if low == high else UNDECIDED])
