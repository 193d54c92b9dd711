"""Whether a value changed at all: the reference change value.

Two results of one person in a steady state differ by the person's own variation and by that of the assay. A difference
is material when it exceeds what these two explain in 95 of 100 pairs: RCV = 2^0.5 * 1.96 * (CV_A^2 + CV_I^2)^0.5
(Fraser 2001, Biological Variation: From Principles to Practice). Where the total variation is above 15 %, ratios are
taken for log-normal and the two limits differ (Fokkema, Herrmann, Muskiet and Moecks 2006, Clin Chem 52:1602). The
variations are of people in a steady state, so for the sick this is the least that random variation explains.
"""

import math
from dataclasses import dataclass
from typing import Any

from casereport.quantities.vocabulary import Analyte

Z = 1.96  # two-sided, 95 %
SYMMETRIC_UP_TO = 15.0  # per cent
YES, NO, OPEN = "yes", "no", "not certain"
SAID = (OPEN, YES, NO, "")
WORDS = "in words"  # what is told in words has no size; its place against the range may decide all the same


@dataclass(frozen=True, slots=True)
class ChangeLimits:
    """The relative changes that random variation explains: `low` below 0, `high` above (-0.2 is a fall by 20 %)."""

    low: float
    high: float


def reference_change_value(cv_i: float, cv_a: float | None = None) -> ChangeLimits:
    """The limits for a within-subject variation and an analytical one, both in per cent.

    Without an analytical variation the limits are those of the person's own alone, and so too narrow rather than too
    wide. Raises ValueError for a variation below 0.

    >>> limits = reference_change_value(5.0, 2.0)
    >>> print(f"{limits.low:.3f} {limits.high:.3f}")
    -0.149 0.149
    """
    if cv_i < 0 or (cv_a or 0.0) < 0:
        raise ValueError(f"a variation is not below 0: {cv_i:g} and {cv_a or 0.0:g}")
    total = math.hypot(cv_i, cv_a or 0.0)
    if total <= SYMMETRIC_UP_TO:
        limit = math.sqrt(2) * Z * total / 100
        return ChangeLimits(-limit, limit)
    spread = math.sqrt(2) * Z * math.sqrt(math.log(1 + (total / 100) ** 2))
    return ChangeLimits(math.exp(-spread) - 1, math.exp(spread) - 1)


def limits_of(analyte: Analyte) -> ChangeLimits | None:
    """The limits of an analyte; None where no variation is published, or where its values make no ratio."""
    if analyte.cv_i is None or analyte.scale == "difference":
        return None
    return reference_change_value(analyte.cv_i, analyte.cv_a)


def material(ratio_low: float, ratio_high: float, limits: ChangeLimits | None) -> str:
    """Whether a change exceeds its limits: `yes`, `no` or `not certain`; empty where no variation is published.

    `ratio_low` and `ratio_high` bound the later value divided by the earlier, NaN where it cannot be formed.
    """
    least, most = (limits.low, limits.high) if limits else (math.nan, math.nan)
    return SAID[material_code(ratio_low - 1, ratio_high - 1, least, most)]


def material_code(low: Any, high: Any, least: Any, most: Any) -> Any:
    """The place in SAID for a relative change between `low` and `high`, or for many; a NaN differs from itself."""
    known = (low == low) & (high == high) & (least == least)
    found = ((low > most) | (high < least)) + 2 * ((least <= low) & (high <= most))
    return 3 + known * (found - 3)
