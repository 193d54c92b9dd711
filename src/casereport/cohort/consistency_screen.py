"""Which patients of a partition may have a remark on consistency: a quick search that misses none.

The checks themselves are written for one case and word their findings. Here a few comparisons find every patient in
whom a check could say something, with a margin for rounding; only those go through `check_consistency`.
"""

import math

import numpy as np
import pandas as pd

from casereport.audit.consistency import BILIRUBIN, DIFFERENTIAL, OTHER_CELLS, SHARES
from casereport.audit.misprints import JUMP, NEIGHBOURS_WITHIN, REPEATED, STEADY_JUMP, STEADY_STEP
from casereport.cohort.patients import vocabulary
from casereport.quantities.intervals import printed_half_unit


def suspects(rows: pd.DataFrame) -> set[str]:
    """The patients of `Part.rows` for whom `check_consistency` may find something; all for whom it does are in it."""
    rows = rows.assign(
        half=_half_units(rows), exact=(rows["low"] == rows["high"]) & ~rows["text"].str.contains("..", regex=False)
    )
    found = set(rows.loc[rows.duplicated(["patient", "analyte", "day"]), "patient"])
    found |= set(rows.loc[_implausible(rows), "patient"])
    exact = rows[rows["exact"]]
    found |= _sums(exact)
    return found | _outliers(exact[exact["low"] > 0])


def _half_units(rows: pd.DataFrame) -> np.ndarray:
    """What rounding to the printed digits may hide, in the canonical unit."""
    codes, distinct = pd.factorize(pd.MultiIndex.from_frame(rows[["analyte", "unit", "text"]]))
    half = []
    for analyte, unit, text in distinct:
        conversion = vocabulary().analytes[analyte].conversions.get(unit)
        printed = 0.0 if ".." in text else printed_half_unit(text)  # only plain numbers are rounded
        half.append(printed * (float(conversion.factor) if conversion else 1.0))
    return np.array(half, dtype=float)[codes] if len(rows) else np.zeros(0)


def _implausible(rows: pd.DataFrame) -> pd.Series:
    limits = {a.id: (a.plausible_low, a.plausible_high) for a in vocabulary().analytes.values()}
    low, high = (rows["analyte"].map({a: x[side] for a, x in limits.items()}).astype(float) for side in (0, 1))
    return (rows["high"] < low) | (rows["low"] > high)


def _sums(exact: pd.DataFrame) -> set[str]:
    parts = {"bilirubin_total", "white_cells", *BILIRUBIN, *DIFFERENTIAL, *SHARES}
    mine = exact[exact["analyte"].isin(parts)].drop_duplicates(["patient", "day", "analyte"])
    if not len(mine):
        return set()
    wide = mine.pivot(index=["patient", "day"], columns="analyte", values=["low", "half"])
    value = wide["low"].reindex(columns=sorted(parts))
    half = wide["half"].reindex(columns=sorted(parts))
    odd = pd.Series(False, index=wide.index)
    for whole, names, missing in (("bilirubin_total", BILIRUBIN, 0.0), ("white_cells", DIFFERENTIAL, OTHER_CELLS)):
        given = value[list(names)]
        slack = half[whole] + half[list(names)].sum(axis=1)
        rest = value[whole] - given.sum(axis=1)
        above = given.notna().all(axis=1) & (rest > (slack + missing * value[whole]) * (1 - 1e-9))
        odd |= given.notna().any(axis=1) & ((rest < -slack * (1 - 1e-9)) | above)
    shares = list(SHARES)
    odd |= value[shares].sum(axis=1) > 100
    for share, count in SHARES.items():
        stated = 100 * value[count] / value["white_cells"]
        # half a unit of the count and of the white cells moves the quotient at most so far, to first order
        slack = stated * (half[count] / value[count] + half["white_cells"] / value["white_cells"]) + half[share]
        odd |= (value[share] - stated).abs() > 0.9 * slack
        odd |= (value[[share, count]].notna().all(axis=1)) & ~(value[count] > 0) & value["white_cells"].notna()
    return set(wide.index[odd.to_numpy()].get_level_values("patient"))


def _outliers(exact: pd.DataFrame) -> set[str]:
    """Values beyond both neighbours by more than a check could ask about, and numbers repeated under two analytes."""
    rows = exact.drop_duplicates(["patient", "analyte", "day"])
    rows = rows.sort_values(["patient", "analyte", "day"], kind="stable").reset_index(drop=True)
    if len(rows) < 3:
        return set()
    value, half, day = (rows[c].to_numpy() for c in ("low", "half", "day"))
    log = np.log(value)
    run = rows.groupby(["patient", "analyte"], sort=False).ngroup().to_numpy()
    linked = run[1:] == run[:-1]
    step = np.where(linked, log[1:] - log[:-1], np.nan)
    near = linked & (np.diff(day) <= NEIGHBOURS_WITHIN)
    middle = np.flatnonzero(np.concatenate([[False], near]) & np.concatenate([near, [False]]))
    sizes = [_step(value[middle], half[middle], value[middle + d], half[middle + d]) for d in (-1, 1)]
    beyond = np.where(sizes[0] * sizes[1] < 0, 0.0, np.minimum(np.abs(sizes[0]), np.abs(sizes[1])))
    small = np.bincount(run[1:], weights=np.nan_to_num(np.abs(step), nan=9) <= STEADY_STEP, minlength=run[-1] + 1)
    steps = np.bincount(run) - 1
    # all steps but the two at the jump count: steady needs half of these, or more, to be small
    may_be_steady = small >= (steps - 2) / 2
    least = np.where(may_be_steady[run[middle]], math.log(STEADY_JUMP), math.log(JUMP))
    # nothing else that is measured on the day moves half as far
    same_day = pd.DataFrame({"patient": rows["patient"].to_numpy()[middle], "day": day[middle], "beyond": beyond})
    ordered = same_day.sort_values("beyond", ascending=False, kind="stable").groupby(["patient", "day"], sort=False)
    place = ordered.cumcount().reindex(same_day.index)
    second = same_day["beyond"].where(place == 1).groupby([same_day["patient"], same_day["day"]]).transform("max")
    alone = (place == 0) & (second <= same_day["beyond"] / 2 + 1e-9)
    found = set(same_day.loc[alone.to_numpy() & (beyond >= least - 1e-9), "patient"])
    # the same number twice on a day, of two digits at least, in a series that has a jump of that size anywhere
    pooled = rows[rows["text"].str.count(r"[1-9]").ge(1)].assign(number=pd.to_numeric(rows["text"], errors="coerce"))
    twice = pooled[pooled.duplicated(["patient", "day", "number"], keep=False)]
    if len(twice):
        largest = np.zeros(len(rows))
        with np.errstate(invalid="ignore"):
            largest[1:] = np.nan_to_num(np.abs(step))
            largest[:-1] = np.maximum(largest[:-1], np.nan_to_num(np.abs(step)))
            edge = np.nan_to_num(np.abs(log[2:] - log[:-2])) * (run[2:] == run[:-2])
        largest[:-2] = np.maximum(largest[:-2], edge)
        largest[2:] = np.maximum(largest[2:], edge)
        far = largest[twice.index] >= math.log(REPEATED) * (1 - 1e-9)
        found |= set(twice.loc[far, "patient"])
    return found


def _step(value: np.ndarray, half: np.ndarray, other: np.ndarray, other_half: np.ndarray) -> np.ndarray:
    """The logarithm of value/other, as near to 0 as the rounding of both allows."""
    with np.errstate(all="ignore"):
        up = np.log((value - half) / (other + other_half))
        down = np.log((value + half) / (other - other_half))
    rose = value - half > other + other_half
    fell = (other - other_half > value + half) & (value + half > 0)
    return np.where(rose, up, np.where(fell, down, 0.0))
