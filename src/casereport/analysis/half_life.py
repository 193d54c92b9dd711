"""The half-life of what falls by a constant share: log-linear least squares, with a 95 % t-interval."""

import math
from collections.abc import Sequence

from scipy import stats

FEWEST = 3  # two values have a slope and no interval


def half_life(days: Sequence[float], values: Sequence[float]) -> tuple[float, float, float]:
    """The half-life in days with its 95 % interval: estimate, low, high; infinite where the values do not fall.

    Raises ValueError for fewer than three values, a value that is not above 0, or values of one day.

    >>> estimate, low, high = half_life([0, 1, 2, 3], [80, 40, 20, 10])
    >>> print(f"{estimate:.2f} {low:.2f} {high:.2f}")
    1.00 1.00 1.00
    """
    if len(days) < FEWEST or len(set(days)) < 2 or min(values, default=0) <= 0:
        raise ValueError("a half-life needs three values above 0, of two days or more")
    fit = stats.linregress(days, [math.log(value) for value in values])
    margin = float(stats.t.ppf(0.975, len(days) - 2)) * float(fit.stderr)
    slope = float(fit.slope)
    return _halving(slope), _halving(slope - margin), _halving(slope + margin)


def _halving(slope: float) -> float:
    return -math.log(2) / slope if slope < 0 else math.inf
