"""The effect size for counts: seizures a day, disruptions in a session. A count may be 0, and so may a phase's mean."""

import math

from casereport.analysis.statistics.effects import log_ratios
from casereport.analysis.statistics.pairs import Estimate, Estimates, Improvement, Notes, Pairs, Values


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
    if not all(0 < time < math.inf for time in exposure):
        raise ValueError(f"exposure is {exposure!r}; expected two times above 0")
    pairs = Pairs.read(baseline, treatment, improvement, confidence)
    if pairs.low.min() < 0:
        raise ValueError("a count below 0")
    return log_rate_ratios(pairs, math.log(exposure[1] / exposure[0])).one()


def log_rate_ratios(pairs: Pairs, longer: float = 0.0) -> Estimates:
    """`log_rate_ratio` of many pairs of phases; `longer` is the logarithm of the ratio of their exposures."""
    counts = pairs.exact & (pairs.low >= 0).all(axis=1)
    before, after = (
        counts & (min(pairs.lengths) > 1) & ~phase.low.any(axis=1) for phase in (pairs.baseline, pairs.treatment)
    )
    notes: Notes = [(pairs.exact & ~counts, "a count below 0: no log rate ratio")]
    none = {"before": before & ~after, "under treatment": after & ~before, "before and under treatment": before & after}
    notes += [(where, f"no event {when}: a mean of half an event in all is taken") for when, where in none.items()]
    least = [(1 / (2 * k), 1 / k**3) for k in pairs.lengths]
    return log_ratios(pairs, counts, "log rate ratio", notes, least, longer)
