"""The effect size for counts: seizures a day, disruptions in a session. A count may be 0, and so may a phase's mean."""

import math
from statistics import NormalDist

from casereport.analysis.statistics.effects import NOT_COMPUTED, Estimate, Improvement, Values
from casereport.analysis.statistics.orderings import read_phase


def log_rate_ratio(
    baseline: Values,
    treatment: Values,
    improvement: Improvement = "increase",
    confidence: float = 0.95,
    exposure: tuple[float, float] = (1.0, 1.0),
) -> Estimate:
    """Log rate ratio of counts, with its small-sample correction: the log response ratio for counts.

    Pustejovsky 2018 (Using response ratios for meta-analyzing single-case designs with behavioral outcomes, J Sch
    Psychol 68:99): ln mean B + var B / (2 n mean B^2) - ln mean A - var A / (2 m mean A^2), with standard error
    sqrt(var A / (m mean A^2) + var B / (n mean B^2)) and the interval lrr -/+ z se. As a mean of 0 has no logarithm, a
    mean is at least 1 / (2 k) and a variance at least 1 / k^3 for k counts, as SingleCaseES has it (D = 1). `exposure`
    is the time for which one count of each phase was made, in one unit; equal unless stated. The counts of a phase may
    vary more than those of Poisson, so their own variance is used. None for a phase of 1 count and for interval data.
    Raises ValueError for a count below 0, an exposure that is not above 0, and as `nap` does.
    """
    if improvement not in ("increase", "decrease"):
        raise ValueError(f"improvement is {improvement!r}; expected 'increase' or 'decrease'")
    if not 0 < confidence < 1:
        raise ValueError(f"confidence is {confidence!r}; expected a level within 0 and 1")
    if not all(0 < time < math.inf for time in exposure):
        raise ValueError(f"exposure is {exposure!r}; expected two times above 0")
    a, b = read_phase(baseline, "baseline"), read_phase(treatment, "treatment phase")
    if min(a.low.min(), b.low.min()) < 0:
        raise ValueError("a count below 0")
    why = "" if a.is_exact and b.is_exact else NOT_COMPUTED
    if not why and min(len(a), len(b)) == 1:
        why = f"n = 1 {'before' if len(a) == 1 else 'under treatment'}: no variance, so no log rate ratio"
    if why:
        return Estimate(None, None, None, None, None, None, len(a), len(b), why)
    (log_a, spread_a), (log_b, spread_b) = _log_mean(a.low.tolist()), _log_mean(b.low.tolist())
    ratio = log_b - log_a + (spread_b - spread_a) / 2 - math.log(exposure[1] / exposure[0])
    ratio *= 1 if improvement == "increase" else -1
    se, z = math.sqrt(spread_a + spread_b), NormalDist().inv_cdf((1 + confidence) / 2)
    zero = [name for name, phase in (("before", a), ("under treatment", b)) if not phase.low.any()]
    note = f"no event {' and '.join(zero)}: a mean of half an event in all is taken" if zero else ""
    return Estimate(ratio, ratio, ratio, se, ratio - z * se, ratio + z * se, len(a), len(b), note)


def _log_mean(counts: list[float]) -> tuple[float, float]:
    """ln(mean) and its variance, var / (k mean^2), of at least two counts, neither below what is told apart from 0."""
    k = len(counts)
    mean = math.fsum(counts) / k
    variance = math.fsum((x - mean) ** 2 for x in counts) / (k - 1)
    mean, variance = max(mean, 1 / (2 * k)), max(variance, 1 / k**3)
    return math.log(mean), variance / (k * mean * mean)
