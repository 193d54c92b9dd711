"""Single-case effect sizes: how a treatment phase of one patient compares with the baseline before it.

Positive (for a share: large) means improvement. What the data cannot give is None, in arrays NaN, with the
reason in `note`. All standard errors and confidence intervals assume independent measurements, which daily values of
one patient seldom are: show the lag-1 autocorrelation beside them. No index tells the treatment from whatever else
happened when it began.
"""

import math
from collections.abc import Sequence

import numpy as np

from casereport.analysis.statistics.orderings import (
    Ends,
    Integers,
    concordance_within,
    highest,
    lowest,
    median_slope,
    medians,
    without_trend,
)
from casereport.analysis.statistics.overlap import Completion, exponents, log_means, moments, newcombe_intervals
from casereport.analysis.statistics.pairs import Estimates, Index, Notes, Pairs
from casereport.quantities.many_intervals import Flags, Floats

UNDECIDED = "interval data leave the value between low and high: no standard error or confidence interval"
LOOSE = "low and high enclose the value but may lie further apart than the data require"
NOT_COMPUTED = "interval data: not computed"
TAU_U_VARIANT = "(S_AB - S_A) / (m n), as in Parker 2011 and SingleCaseES; other programs compute Tau-U differently"


@Index
def nap(pairs: Pairs) -> Estimates:
    """Non-overlap of all pairs (Parker & Vannest 2009), 0 to 1: the share of pairs in which treatment is better.

    Ties count 1/2. `low` and `high` are attained. Standard error: Mee 1990; unbiased (as a variance) without ties, too
    large on average with them. It is None where the variance estimate is not positive: when every pair agrees it is 0,
    which would claim certainty. Confidence interval: Newcombe 2006, method 5, inside 0..1; it is given for a phase of
    1 value too. Both assume independent values of one distribution in each phase: autocorrelation makes them too
    narrow, a trend meaningless.
    """
    low, high = pairs.worst.mean_above, pairs.best.mean_above
    m, n = pairs.lengths
    settled, single = low == high, min(m, n) == 1
    value = np.where(settled, low, math.nan)
    se = np.where(settled, math.nan if single else pairs.worst.nap_standard_error, math.nan)
    notes: Notes = [
        (~settled, UNDECIDED),
        (settled & single, f"n = 1 {'before' if m == 1 else 'under treatment'}: no standard error"),
        (
            settled & np.isnan(se) & (not single),
            "no standard error: its estimate is not positive, as when all pairs agree",
        ),
    ]
    return Estimates(pairs, low, high, se, *newcombe_intervals(value, m, n, pairs.z), notes)


@Index
def tau(pairs: Pairs) -> Estimates:
    """Tau (Parker et al. 2011), -1 to 1: 2 NAP - 1, with twice the standard error and the interval transformed."""
    x = nap.of_each(pairs)
    low, high, ci_low, ci_high = (2 * share - 1 for share in (x.low, x.high, x.ci_low, x.ci_high))
    return Estimates(pairs, low, high, 2 * x.se, ci_low, ci_high, x.notes)


@Index
def tau_u(pairs: Pairs) -> Estimates:
    """Tau-U, A against B less the trend of A (Parker et al. 2011): (S_AB - S_A) / (m n), which may pass -1 and 1.

    S counts the pairs that agree with improvement minus those that disagree: between the phases, and in time order
    within the baseline. Programs differ in this index, so `note` names the variant. `low` and `high` are attained
    where the order within the baseline is certain. Otherwise S_AB and S_A, which share the baseline, are bounded
    apart: every completion lies between `low` and `high`, none need reach them. No standard error is known.
    """
    m, n = pairs.lengths
    before = pairs.sides[0]
    falling = concordance_within(highest(before), lowest(before))
    rising = falling if pairs.exact_before.all() else concordance_within(lowest(before), highest(before))
    low, high = (pairs.worst.concordance - rising) / (m * n), (pairs.best.concordance - falling) / (m * n)
    notes: Notes = [
        (True, TAU_U_VARIANT),
        (m == 1, "n = 1 before: no trend to remove, so the same as Tau"),
        (low == high, "no standard error is known for Tau-U"),
        (low != high, UNDECIDED),
        (falling != rising, LOOSE),
    ]
    return _without_error(pairs, low, high, notes)


@Index
def tau_bc(pairs: Pairs) -> Estimates:
    """Baseline-corrected Tau (Tarlow 2017), -1 to 1: Tau after removing the baseline's Theil-Sen trend from all values.

    Time is the number of the observation: unequal spacing is ignored. The trend is removed whether or not it differs
    from zero and is carried through the whole treatment, which a long phase strains. The arithmetic is exact in the
    decimals as written, so that values on a line tie. No standard error: that of Tau would ignore the uncertainty of
    the slope. None for a baseline of 1. `low` and `high` are attained where the baseline is exact; otherwise they
    enclose every completion, and none need reach them.
    """
    m = pairs.lengths[0]
    if m == 1:
        return _none(pairs, [(True, "n = 1 before: no trend can be estimated")])
    low = _detrended(pairs, worst=True)
    high = low if pairs.exact.all() else _detrended(pairs, worst=False)
    notes: Notes = [
        (m == 2, "n = 2 before: the trend rests on a single difference"),
        (low == high, "no standard error: none accounts for the estimated trend"),
        (low != high, UNDECIDED),
        ((low != high) & ~pairs.exact_before, LOOSE),
    ]
    return _without_error(pairs, low, high, notes)


def _detrended(pairs: Pairs, worst: bool) -> Floats:
    """Tau-BC at one of its ends.

    A steeper trend takes more from every treatment value than from any baseline value, so the worst case pairs the
    steepest possible slope with a high baseline and a low treatment, the best case the flattest with the opposite. Both
    cases are the same for exact data and attained when the baseline is exact; otherwise the slope and the values it is
    removed from may not be attainable together, and the two only enclose every completion.
    """
    (m, n), case = pairs.lengths, pairs.worst if worst else pairs.best
    found = np.full(len(pairs), -1.0 if worst else 1.0)  # where the slope is unbounded
    for rows, (a_low, a_high, b_low, b_high) in pairs.whole:
        first, last, a, b = (a_low, a_high, a_high, b_low) if worst else (a_high, a_low, a_low, b_high)
        *slope, bounded = median_slope(first, last)
        flat = without_trend(a, 0, *slope), without_trend(b, m, *slope)
        ends = (Ends(side, nudge[rows]) for side, nudge in zip(flat, (case.a.nudge, case.b.nudge), strict=True))
        found[rows[bounded]] = Completion(*ends).concordance[bounded] / (m * n)
    return found


@Index
def pnd(pairs: Pairs) -> Estimates:
    """Percentage of non-overlapping data (Scruggs et al. 1987), 0 to 1: the share of treatment beyond all of baseline.

    A tie with the best baseline value is not beyond it. One outlying baseline value can set the index to 0, and it
    falls with the length of the baseline whatever the treatment does: do not compare it between series. `low` and
    `high` are attained; no standard error is known.
    """
    return _share("PND", pairs, pairs.worst.beyond_the_best, pairs.best.beyond_the_best)


@Index
def pem(pairs: Pairs) -> Estimates:
    """Percentage exceeding the median (Ma 2006), 0 to 1: the share of treatment beyond the baseline's median.

    Ties with the median count 1/2. It ignores how far beyond, and the spread of the baseline. `low` and `high` are
    attained; no standard error is known.
    """
    low, high = np.empty(len(pairs)), np.empty(len(pairs))
    for rows, (a_low, a_high, b_low, b_high) in pairs.whole:
        for found, case, a, b in ((low, pairs.worst, a_high, b_low), (high, pairs.best, a_low, b_high)):
            twice, nudge = medians(a, case.a.nudge[rows])
            gap = _signs(2 * b, twice[:, None])
            gap = np.where(gap == 0, _signs(case.b.nudge[rows], nudge[:, None]), gap)
            found[rows] = (gap + 1).sum(axis=1) / (2 * b.shape[1])
    return _share("PEM", pairs, low, high)


def _signs(x: np.ndarray, y: np.ndarray) -> Integers:
    return (x > y).astype(np.int64) - (x < y)


@Index
def pand(pairs: Pairs) -> Estimates:
    """Percentage of all non-overlapping data (Parker et al. 2007): the largest share of values free of overlap.

    The most values that can be kept with every kept baseline value worse than every kept treatment value, over m + n.
    All of one phase can always be kept, so it is never below max(m, n) / (m + n), and it depends on the lengths of the
    phases. `low` and `high` are attained; no standard error is known.
    """
    return _share("PAND", pairs, pairs.worst.kept_share, pairs.best.kept_share)


@Index
def ird(pairs: Pairs) -> Estimates:
    """Robust improvement rate difference (Parker et al. 2009), 0 to 1: 1 - (m + n)^2 (1 - PAND) / (2 m n).

    As with PAND its floor depends on the lengths of the phases: for the shorter of s and the longer of l values it is
    never below (l - s) / (2 l). `low` and `high` are attained; no standard error is known.
    """
    return _share("IRD", pairs, pairs.worst.rate_difference, pairs.best.rate_difference)


@Index
def smd(pairs: Pairs) -> Estimates:
    """Within-case standardised mean difference: (mean B - mean A) / sd A, times 1 - 3 / (4 (m - 1) - 1).

    Gingerich 1984, with the small-sample correction of Hedges 1981. The baseline's sd is one patient's variation, so
    the size is not that of an SMD between patients. With c the correction and d the result, the standard error is
    c sqrt(1/m + var B / (n var A) + d^2 / (2 (m - 1))), as documented by SingleCaseES ("Effect size definitions"); the
    interval is d -/+ z se. None for a baseline of 1 or 2 values (the correction is then 0) or without variation, and
    for interval data, whose variance is not bounded simply.
    """
    m, n = pairs.lengths
    if m < 3:
        said = "1 before: no standard deviation" if m == 1 else "2 before: the small-sample correction is 0"
        return _none(pairs, [(~pairs.exact, NOT_COMPUTED), (pairs.exact, f"n = {said}, so no SMD")])
    a, b = (np.where(pairs.exact[:, None], side.low, 0.0) for side in pairs.sides)
    scale = exponents(a, b)[:, None]
    (mean_a, sd_a), (mean_b, sd_b) = (moments(np.ldexp(side, -scale)) for side in (a, b))
    correction = 1 - 3 / (4 * (m - 1) - 1)
    with np.errstate(all="ignore"):
        d = correction * (mean_b - mean_a) / sd_a
        ratio = (0.0 if n == 1 else sd_b) / sd_a
        se = correction * np.sqrt(1 / m + ratio * ratio / n + d * d / (2 * (m - 1)))
    varied, fine = pairs.exact & (sd_a > 0), np.isfinite(se)
    notes: Notes = [
        (~pairs.exact, NOT_COMPUTED),
        (pairs.exact & ~varied, "no variation before: the SMD is undefined"),
        (varied & ~fine, "the variation before is too small to divide by: no SMD"),
        (varied & fine & (n == 1), "n = 1 under treatment: no standard error"),
    ]
    return _with_interval(pairs, d, se, varied & fine, n > 1, notes)


@Index
def lrr(pairs: Pairs) -> Estimates:
    """Log response ratio with its small-sample correction (Pustejovsky 2018), on the scale of natural logarithms.

    ln mean B - ln mean A + var B / (2 n mean B^2) - var A / (2 m mean A^2), with standard error
    sqrt(var A / (m mean A^2) + var B / (n mean B^2)) and the interval lrr -/+ z se; where improvement is a decrease,
    the sign is turned. For a measure with a true zero only: None when a value is 0 or below. None too for a phase of 1
    (no variance, hence no correction) and for interval data, whose variance is not bounded simply.
    """
    positive = pairs.exact & (pairs.low > 0).all(axis=1)
    notes: Notes = [(pairs.exact & ~positive, "a value of 0 or below: no log response ratio")]
    return log_ratios(pairs, positive, "log response ratio", notes)


def log_ratios(
    pairs: Pairs, usable: Flags, name: str, notes: Notes, least: Sequence[tuple[float, float]] = ((0.0, 0.0),) * 2,
    longer: float = 0.0,
) -> Estimates:  # fmt: skip
    """The log ratio of the means of both phases where they are usable, less `longer`, as `lrr`.

    No mean and no variance of the phase before, and of that after, is below its `least`.
    """
    m, n = pairs.lengths
    notes = [(~pairs.exact, NOT_COMPUTED), *notes]
    if min(m, n) == 1:
        which = "before" if m == 1 else "under treatment"
        return _none(pairs, [*notes, (usable, f"n = 1 {which}: no variance, so no {name}")])
    phases = (np.where(usable[:, None], phase.low, 1.0) for phase in (pairs.baseline, pairs.treatment))
    (log_a, spread_a), (log_b, spread_b) = (log_means(x, *ends) for x, ends in zip(phases, least, strict=True))
    se = np.sqrt(spread_a + spread_b)
    notes.append((usable & (se == 0), "no variation in either phase: no standard error"))
    ratio = log_b - log_a + (spread_b - spread_a) / 2 - longer
    return _with_interval(pairs, np.where(pairs.down, -ratio, ratio), se, usable, se > 0, notes)


def _share(name: str, pairs: Pairs, low: Floats, high: Floats) -> Estimates:
    """An index without a standard error."""
    notes: Notes = [(low == high, f"no standard error is known for {name}"), (low != high, UNDECIDED)]
    return _without_error(pairs, low, high, notes)


def _without_error(pairs: Pairs, low: Floats, high: Floats, notes: Notes) -> Estimates:
    nothing = np.full(len(pairs), math.nan)
    return Estimates(pairs, low, high, nothing, nothing, nothing, notes)


def _none(pairs: Pairs, notes: Notes) -> Estimates:
    nothing = np.full(len(pairs), math.nan)
    return _without_error(pairs, nothing, nothing, notes)


def _with_interval(
    pairs: Pairs, value: Floats, se: Floats, given: Flags, precise: Flags | bool,
    notes: Notes,
) -> Estimates:  # fmt: skip
    value = np.where(given, value, math.nan)
    se = np.where(given & precise, se, math.nan)
    return Estimates(pairs, value, value, se, value - pairs.z * se, value + pairs.z * se, notes)
