"""How fast a marker falls or rises: half-life or doubling time of its last limb, log-linear.

A marker that is cleared in proportion to what there is of it falls by one share a day, a line on a logarithmic scale.
Least squares of the logarithm on the study day is the usual estimate (Rowland and Tozer, Clinical Pharmacokinetics and
Pharmacodynamics, on the terminal half-life, which asks for three points at least). A half-life is a description: it
says that a fall was as fast as is expected, not what made it fall.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.special import stdtrit

from casereport.analysis.judgement.material import NO, material
from casereport.analysis.measurements import Measurement, by_analyte, in_numbers
from casereport.analysis.tidy import frame, measured
from casereport.quantities.intervals import Interval
from casereport.quantities.wording import counted, day_text, figure_text

FEWEST = 3  # with two values there is a line and nothing to tell its error from
# what is cleared at a rate of its own, or grows at one; ids of the vocabulary or of a case's own
MARKERS = (
    "crp", "procalcitonin", "ferritin", "serum_amyloid_a", "heparin_anti_xa", "hcg", "beta_hcg", "afp", "viral_load",
    "vancomycin", "gentamicin", "amikacin", "tacrolimus", "ciclosporin", "digoxin", "paracetamol", "lithium",
    "methotrexate",
)  # fmt: skip
HALF_LIFE, DOUBLING = "half-life", "doubling time"


@dataclass(frozen=True, slots=True)
class HalfLife:
    """The `kind` (`half-life` or `doubling time`) of the last limb, in `days`, with its confidence interval.

    `high` is infinite where the interval of the slope reaches 0: the limb may be level. The limb has `n` values from
    `first_day` to `last_day`. None means that the data do not give it: `note` says why.
    """

    kind: str
    days: float | None
    low: float | None
    high: float | None
    n: int
    first_day: float | None
    last_day: float | None
    note: str


def half_life(
    days: Sequence[float], values: "Sequence[float | Interval] | pd.Series", confidence: float = 0.95
) -> HalfLife:
    """Half-life, or doubling time, of the last limb of a series: log-linear least squares with a t interval.

    The limb runs to the end from the peak, where the marker falls, or from the nadir, where it rises: from the one
    that the last value differs from by the larger factor. It needs three positive numbers on different days; limits
    and ranges are left out, and counted in `note`. The interval takes the values for independent and the limb for one
    line; it does not know that its beginning was chosen. Raises ValueError for lists of different length, missing
    values and a `confidence` not within 0..1.

    >>> import casereport as cr
    >>> found = cr.half_life([0, 1, 2, 3, 4], [12, 100, 52, 24, 13])
    >>> print(f"{found.kind} {found.days:.2f} days ({found.low:.2f} to {found.high:.2f}), {found.n} values")
    half-life 1.01 days (0.89 to 1.16), 4 values
    """
    days, known = list(days), list(values)
    if len(days) != len(known):
        raise ValueError(f"{len(days)} days and {len(known)} values; expected one day a value")
    if not 0 < confidence < 1:
        raise ValueError(f"confidence is {confidence!r}; expected a number between 0 and 1, such as 0.95")
    exact = [
        (float(day), value.low if isinstance(value, Interval) else float(value))
        for day, value in zip(days, known, strict=True)
        if not isinstance(value, Interval) or value.is_exact
    ]
    if any(math.isnan(x) for point in exact for x in point):
        raise ValueError("a day or a value is NaN; leave out what is missing")
    left_out = len(known) - len(exact)
    note = f"{counted(left_out, 'value')} known only as a limit or range left out" if left_out else ""
    points = sorted(point for point in exact if point[1] > 0)
    limb = _last_limb(points)
    if len(limb) < FEWEST or len({day for day, _ in limb}) < FEWEST:
        why = f"the last limb has {counted(len(limb), 'positive number')}: {FEWEST} on different days are needed"
        return HalfLife("", None, None, None, len(limb), None, None, "; ".join(filter(None, [why, note])))
    days, values = ([point[i] for point in limb] for i in (0, 1))
    return _told(limb, *_slope(days, values, confidence), note)


def _slope(days: Sequence[float], values: Sequence[float], confidence: float) -> tuple[float, float, float]:
    """The slope of the logarithms on the days, its standard error, and how far its confidence interval reaches."""
    x, y = (np.array(column) - math.fsum(column) / len(column) for column in (days, [math.log(v) for v in values]))
    spread = float(x @ x)
    slope = float(x @ y) / spread
    off = y - slope * x
    error = math.sqrt(float(off @ off) / (len(x) - 2) / spread)
    return slope, error, float(stdtrit(len(x) - 2, (1 + confidence) / 2)) * error


def _last_limb(points: list[tuple[float, float]]) -> list[tuple[float, float]]:
    """From the last peak or the last nadir to the end, whichever the last value differs from by the larger factor."""
    if not points:
        return []
    values = [value for _, value in points]
    peak, nadir = (max(i for i, v in enumerate(values) if v == end) for end in (max(values), min(values)))
    return points[peak if values[peak] / values[-1] >= values[-1] / values[nadir] else nadir :]


def _told(limb: list[tuple[float, float]], slope: float, se: float, reach: float, note: str) -> HalfLife:
    n, falls = len(limb), slope < 0
    place = (n, limb[0][0], limb[-1][0])
    if slope == 0 or falls != (limb[-1][1] < limb[0][1]):
        return HalfLife("", None, None, None, *place, "; ".join(filter(None, ["the limb is level", note])))
    kind, (time, low, high) = (HALF_LIFE, _halving(slope, reach)) if falls else (DOUBLING, _halving(-slope, reach))
    if se <= 1e-12 * abs(slope):
        on_line = "every value lies on the line: no interval"
        return HalfLife(kind, time, None, None, *place, "; ".join(filter(None, [on_line, note])))
    return HalfLife(kind, time, low, high, *place, note)


def _halving(slope: float, reach: float) -> tuple[float, float, float]:
    """The time to half, with the ends of its interval; infinite where the slope does not fall."""
    time, low, high = (-math.log(2) / s if s < 0 else math.inf for s in (slope, slope - reach, slope + reach))
    return time, low, high


def half_life_of(days: Sequence[float], values: Sequence[float]) -> tuple[float, float, float]:
    """The half-life in days with its 95 % interval: estimate, low, high; infinite where the values do not fall.

    Raises ValueError for fewer than three values, a value that is not above 0, or values of one day.

    >>> estimate, low, high = half_life_of([0, 1, 2, 3], [80, 40, 20, 10])
    >>> print(f"{estimate:.2f} {low:.2f} {high:.2f}")
    1.00 1.00 1.00
    """
    if len(days) < FEWEST or len(set(days)) < 2 or min(values, default=0) <= 0:
        raise ValueError("a half-life needs three values above 0, of two days or more")
    slope, _, reach = _slope(days, values, 0.95)
    return _halving(slope, reach)


def half_life_table(observations: pd.DataFrame, phases: Sequence[str], confidence: float = 0.95) -> pd.DataFrame:
    """Half-life or doubling time in each phase of the markers that have one, one row each: the table `half_lives`.

    The markers are those of which reports say that they fell "as expected": C-reactive protein, procalcitonin,
    ferritin, hCG, AFP, levels of drugs, viral load. Where it cannot be computed the row has a note and no numbers.
    """
    rows = []
    for mine in by_analyte(m for m in in_numbers(measured(observations)) if m.analyte in MARKERS).values():
        for phase in phases:
            rows += [_row(phase, here, confidence)] if (here := [m for m in mine if m.phase == phase]) else []
    return frame("half_lives", rows)


def _row(phase: str, here: list[Measurement], confidence: float) -> dict[str, object]:
    analyte = here[0]
    dated = [(m.when.low, m.known) for m in here if m.when is not None and m.when.is_exact and m.known is not None]
    found = half_life([day for day, _ in dated], [known for _, known in dated], confidence)
    if found.days is not None and (why := _turned(found.kind, here)):
        found = HalfLife("", None, None, None, found.n, found.first_day, found.last_day, why)
    about = {name: getattr(analyte, name) for name in ("analyte", "label", "short", "unit")}
    return {
        "phase": phase,
        **about,
        "kind": found.kind,
        "days": found.days,
        "days_low": found.low,
        "days_high": found.high,
        "confidence": confidence,
        "n": found.n,
        "first_day": found.first_day,
        "last_day": found.last_day,
        "sentence": _sentence(analyte.label, found, confidence),
        "note": found.note,
    }


def _turned(kind: str, here: list[Measurement]) -> str:
    """Why a limb does not tell how a phase ended: a limit comes last, or a step against it that is more than noise."""
    last, before = here[-1].known, here[-2].known
    if last is None or before is None or not last.is_exact:
        return "the last value is a limit or a range"
    if not before.is_exact or before.low == 0 or (last.low > before.low) != (kind == HALF_LIFE):
        return ""
    ratio = last.low / before.low
    return "" if material(ratio, ratio, here[-1].limits) == NO else "the last step goes the other way"


def _sentence(label: str, found: HalfLife, confidence: float) -> str:
    if found.days is None or found.first_day is None or found.last_day is None:
        return ""
    interval = ""
    if found.low is not None and found.high is not None:
        level = "days or more, so that a level course is not excluded"
        high = level if math.isinf(found.high) else f"to {figure_text(found.high)} days"
        interval = f", {100 * confidence:g} % interval for independent values {figure_text(found.low)} {high}"
    first, last = (day_text(Interval.exact(day)) for day in (found.first_day, found.last_day))
    return f"{label}: {found.kind} {figure_text(found.days)} days{interval} ({found.n} values from {first} to {last})."
