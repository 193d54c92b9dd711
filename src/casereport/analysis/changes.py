"""Each phase against the phase before it: what each analyte was at the end of one and of the other.

The last value of a phase is what a physician compares first; the median is offered beside it because a single value
is one draw from a noisy series. A contrast describes; it does not say what caused the difference.
"""

import math
from itertools import pairwise
from typing import Literal

import numpy as np
import pandas as pd

from casereport.analysis.measurements import against_reference, comparable, sorted_analytes
from casereport.case.case import Case
from casereport.case.statements import FEWEST
from casereport.quantities.intervals import Interval
from casereport.quantities.vocabulary import Analyte

How = Literal["last", "median"]
COLUMNS = [
    "phase", "phase_before", "analyte", "unit", "before", "before_day", "after", "after_day", "ratio_low",
    "ratio_high", "direction", "outcome", "reference_before", "reference_after", "n_before", "n_after", "evidence",
]  # fmt: skip


def direction(before: Interval, after: Interval) -> str:
    """`rose`, `fell` or `same` where every completion agrees, else `not certain`."""
    if after.certainly_above(before):
        return "rose"
    if after.certainly_below(before):
        return "fell"
    return "same" if before.is_exact and before == after else "not certain"


def outcome(change: str, improvement: str, two_sided: bool, before: str, after: str) -> str:
    """A change in clinical terms, from its direction and from where both values lie against the reference range.

    `in range` where both are in it, whatever the direction: a move inside the range is neither good nor bad.
    Otherwise `better`, `worse`, `same` or `not certain`. An analyte without a good side is better when it came into
    its range and worse when it left it; else the direction itself is returned. A `two_sided` one, such as
    neutrophils, is judged outside its range only where both values lie on one side of it: without a range nobody can
    say that a count did not fall too far.
    """
    if before == after == "in":
        return "in range"
    if change not in ("rose", "fell"):
        return change
    if before and after == "in":
        return "better"  # whichever side it came from: creatinine that rises into its range is no harm
    good_side = {"increase": "above", "decrease": "below"}.get(improvement)
    if two_sided:
        if before == after != "":
            return "better" if (change == "rose") == (before == "below") else "worse"
        return "worse" if before == "in" and after else change
    if before in ("in", good_side) and after == good_side:
        return change  # beyond the range more is not better: creatinine below its lower limit that falls on
    if improvement:
        return "better" if (change == "rose") == (improvement == "increase") else "worse"
    return "worse" if before == "in" and after else change


def summary(values: pd.DataFrame, how: How) -> Interval:
    """One interval for the rows of a phase: the last, or the median (the medians of the lower and upper ends)."""
    if how == "last" or len(values) == 1:
        return values["known"].iloc[-1]
    lows = [k.low for k in values["known"]]
    highs = [k.high for k in values["known"]]
    low, high = float(np.median(lows)), float(np.median(highs))
    # an open end of one value only touches the median where it is that value; closed is the safer reading
    return Interval(low, high, math.isinf(low), math.isinf(high))


def contrasts(case: Case, table: pd.DataFrame, how: How = "last") -> pd.DataFrame:
    """One row for each phase after the first and each analyte with a bounded value in it and in the phase before.

    `table` is from `measurements()`; what counts is `comparable()`. `before` and `after` are Intervals in the
    canonical `unit`; `ratio_low` and `ratio_high` bound after/before (NaN where the denominator can be 0);
    `n_before` and `n_after` count the values; `evidence` names the classes of the two.
    """
    ids = [p.id for p in case.meta.phases]
    known = comparable(table)
    rows = []
    for earlier, phase in pairwise(ids):
        for analyte in sorted_analytes(known["analyte"], case.vocabulary):
            mine = known[known["analyte"] == analyte.id]
            before, after = mine[mine["phase"] == earlier], mine[mine["phase"] == phase]
            if len(before) and len(after):
                rows.append({"phase": phase, "phase_before": earlier} | _contrast(analyte, before, after, how))
    return pd.DataFrame(rows, columns=COLUMNS)


def within(case: Case, table: pd.DataFrame) -> pd.DataFrame:
    """The first bounded value of a phase against its last, for each phase and analyte with two or more of them.

    The columns are those of `contrasts()`; `phase_before` is the phase itself.
    """
    known = comparable(table)
    rows = []
    for phase in [p.id for p in case.meta.phases]:
        here = known[known["phase"] == phase]
        for analyte in sorted_analytes(here["analyte"], case.vocabulary):
            mine = here[here["analyte"] == analyte.id]
            if len(mine) > 1:
                found = _contrast(analyte, mine.iloc[:1], mine.iloc[-1:], "last")
                rows.append({"phase": phase, "phase_before": phase} | found)
    return pd.DataFrame(rows, columns=COLUMNS)


def _contrast(analyte: Analyte, before: pd.DataFrame, after: pd.DataFrame, how: How) -> dict[str, object]:
    b, a = summary(before, how), summary(after, how)
    change = direction(b, a)
    low, high = _ratio(b, a)
    where = [against_reference(k, rows["reference"].iloc[-1]) for k, rows in ((b, before), (a, after))]
    return {
        "analyte": analyte.id,
        "unit": analyte.unit,
        "before": b,
        "before_day": before["when"].iloc[-1] if how == "last" else None,
        "after": a,
        "after_day": after["when"].iloc[-1] if how == "last" else None,
        "ratio_low": low,
        "ratio_high": high,
        "direction": change,
        "outcome": outcome(change, analyte.improvement, analyte.two_sided, *where),
        "reference_before": where[0],
        "reference_after": where[1],
        "n_before": len(before),
        "n_after": len(after),
        "evidence": " and ".join(dict.fromkeys([before["evidence"].iloc[-1], after["evidence"].iloc[-1]])),
    }


def _ratio(before: Interval, after: Interval) -> tuple[float, float]:
    if before.low < 0 or after.low < 0 or before.high == 0:
        return math.nan, math.nan
    low = after.low / before.high if math.isfinite(before.high) else 0.0
    high = after.high / before.low if before.low > 0 and math.isfinite(after.high) else math.inf
    return low, high


def informative(table: pd.DataFrame) -> pd.DataFrame:
    """The rows of a table of changes or effects about analytes with three bounded values or more in the two phases.

    Of one before and one after, an effect size only repeats which of the two is better; and a value of which only the
    order is stated makes no figure of a case that has none to show.
    """
    values = table["n_before"].astype(int) + table["n_after"].astype(int)
    # the indices that need bounds have the fewest values
    return table[values.groupby([table["phase"], table["analyte"]]).transform("min") >= FEWEST]
