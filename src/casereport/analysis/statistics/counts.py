"""The effect size for counts: seizures a day, disruptions in a session. A count may be 0, and so may a phase's mean."""

import math

import numpy as np

from casereport.analysis.statistics.effects import NOT_COMPUTED, none, with_interval
from casereport.analysis.statistics.overlap import log_means
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
    if min(side.low.min() for side in (pairs.baseline, pairs.treatment)) < 0:
        raise ValueError("a count below 0")
    return log_rate_ratios(pairs, math.log(exposure[1] / exposure[0])).one()


def log_rate_ratios(pairs: Pairs, longer: float = 0.0) -> Estimates:
    """`log_rate_ratio` of many pairs of phases; `longer` is the logarithm of the ratio of their exposures."""
    m, n = pairs.lengths
    sides = pairs.baseline.low, pairs.treatment.low
    counts = pairs.exact & (np.hstack(sides) >= 0).all(axis=1)
    notes: Notes = [(~pairs.exact, NOT_COMPUTED), (pairs.exact & ~counts, "a count below 0: no log rate ratio")]
    if min(m, n) == 1:
        which = "before" if m == 1 else "under treatment"
        return none(pairs, [*notes, (counts, f"n = 1 {which}: no variance, so no log rate ratio")])
    (log_a, spread_a), (log_b, spread_b) = (
        log_means(np.where(counts[:, None], side, 1.0), 1 / (2 * k), 1 / k**3)
        for side, k in zip(sides, (m, n), strict=True)
    )
    ratio = log_b - log_a + (spread_b - spread_a) / 2 - longer
    before, after = (counts & ~side.any(axis=1) for side in sides)
    for where, which in ((before & ~after, "before"), (~before & after, "under treatment")):
        notes.append((where, f"no event {which}: a mean of half an event in all is taken"))
    notes.append((before & after, "no event before and under treatment: a mean of half an event in all is taken"))
    se = np.sqrt(spread_a + spread_b)
    return with_interval(pairs, np.where(pairs.down, -ratio, ratio), se, counts, True, notes)
