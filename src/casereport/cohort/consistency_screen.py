"""Which patients of a partition may have a remark on consistency: a quick search that misses none.

The checks themselves are written for one case and word their findings. Here a few comparisons find every patient in
whom a check could say something, with a margin for rounding; only those go through `check_consistency`. The rules are
the same tables of data, looked at column by column.
"""

import math
from collections.abc import Iterable
from dataclasses import replace
from itertools import product

import numpy as np
import pandas as pd

from casereport.analysis.once_each import distinct_rows
from casereport.audit.copies import FEW_VALUES, FEWEST, ROW_DAYS, too_many
from casereport.audit.findings import significant
from casereport.audit.identity_table import (
    IDENTITIES,
    OFF,
    ORDERED,
    OTHER_DAYS,
    OTHER_SHARES,
    SHARE_ROUNDING,
    SHARES,
    SUBSTITUTES,
    TOGETHER,
    WHOLES,
    Ends,
    Identity,
    beyond,
    ends,
    variants,
)
from casereport.audit.misprints import (
    JUMP,
    NEIGHBOURS_WITHIN,
    OTHER_STEPS,
    REPEATED,
    SLIPPED,
    SLIPPED_STEADY,
    SLIPPED_STEPS,
    STEADY_JUMP,
    STEADY_STEP,
    slips,
)
from casereport.audit.scales import ADULT_LIMITS, OTHERS, STEPS, off_step
from casereport.case.description import ADULT
from casereport.cohort.patients import vocabulary
from casereport.quantities.intervals import printed_half_unit

_NOT_KNOWN = (np.nan, np.nan)
_PLACE = ["patient", "day", "analyte"]


def suspects(rows: pd.DataFrame) -> set[str]:
    """The patients of `Part.rows` for whom `check_consistency` may find something; all for whom it does are in it."""
    rows = rows.assign(
        half=_half_units(rows), exact=(rows["low"] == rows["high"]) & ~rows["text"].str.contains("..", regex=False)
    )
    found = set(rows.loc[rows.duplicated(["patient", "analyte", "day"]), "patient"])
    found |= set(rows.loc[_implausible(rows), "patient"])
    exact = rows[rows["exact"]]
    found |= _samples(exact) | _scales(exact)
    # what is derived is a series of its own, beside what is printed
    printed = exact[exact["derived"].eq("")] if "derived" in exact else exact
    return found | _decimals(printed) | _outliers(exact[exact["low"] > 0]) | _copies(printed)


def _half_units(rows: pd.DataFrame) -> np.ndarray:
    """What rounding to the printed digits may hide, in the canonical unit."""
    codes, distinct = distinct_rows(rows["analyte"], rows["unit"], rows["text"])
    half = []
    for analyte, unit, text in distinct:
        printed = 0.0 if ".." in text else printed_half_unit(text)  # only plain numbers are rounded
        half.append(printed * vocabulary().analytes[analyte].factor(unit))
    return np.array(half, dtype=float)[codes]


def _implausible(rows: pd.DataFrame) -> pd.Series:
    limits = {a.id: (a.plausible_low, a.plausible_high) for a in vocabulary().analytes.values()}
    low, high = (rows["analyte"].map({a: x[side] for a, x in limits.items()}).astype(float) for side in (0, 1))
    return (rows["high"] < low) | (rows["low"] > high)


def _wide(exact: pd.DataFrame, analytes: Iterable[str]) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The values and the half units of these analytes, a row a patient and day; a column only for what is there."""
    mine = exact[exact["analyte"].isin(set(analytes))].drop_duplicates(_PLACE)
    wide = mine.pivot(index=["patient", "day"], columns="analyte", values=["low", "half"])
    return (wide["low"], wide["half"]) if len(mine) else (pd.DataFrame(), pd.DataFrame())


def _samples(exact: pd.DataFrame) -> set[str]:
    """Sums, identities and orders: what the numbers of one day say of each other, and of the day before."""
    names = {n for w in WHOLES for n in (w.whole, *w.parts)} | {*SHARES, *OTHER_SHARES}
    names |= {n for pair in (*ORDERED, *TOGETHER) for n in pair[:2]}
    names |= {n for i in IDENTITIES for n in (i.whole, *i.parts, *i.given)}
    names |= {n for others in SUBSTITUTES.values() for n in others}
    value, half = _wide(exact, names)
    if not len(value):
        return set()
    person = exact.groupby("patient")[["age_years", "sex"]].first().reindex(value.index.get_level_values("patient"))
    odd = np.zeros(len(value), dtype=bool)
    found: set[str] = set()
    for identity in IDENTITIES:
        for gap in _gaps(identity, value, half, person):
            odd |= gap > -1e-9
        for variant in variants(identity):
            found |= _one_off(variant, value, half, person)
    odd |= _sums(value, half).to_numpy()
    for low, high in ORDERED:
        if {low, high} <= set(value):
            odd |= (value[low] - half[low] > (value[high] + half[high]) * (1 - 1e-9)).to_numpy()
    return found | set(value.index[odd].get_level_values("patient")) | _together(value, half)


def _gaps(identity: Identity, value: pd.DataFrame, half: pd.DataFrame, person: pd.DataFrame) -> list[np.ndarray]:
    """How far an identity is from holding, for each choice of the inputs that may stand in for each other."""
    if identity.whole not in value:
        return []
    if identity.whole == "bmi":  # the height of any day counts
        return [np.where(value["bmi"].notna(), 1.0, np.nan)]
    age = np.floor(person["age_years"].to_numpy(dtype=float))
    female = person["sex"].map({"female": 1.0, "male": 0.0}).to_numpy(dtype=float)
    fixed = {"age": (age, age + 1), "female": (female, female)}

    def measured(name: str) -> list[Ends]:
        columns = [n for n in (name, *SUBSTITUTES.get(name, ())) if n in value and n != identity.whole]
        return [ends(value[n].to_numpy(), half[n].to_numpy(), n) for n in columns]

    choices = [measured(part) for part in identity.parts]
    # where an input is measured, what is assumed of it says less, and does no harm
    choices += [
        [fixed.get(name, _NOT_KNOWN), *measured(name)] if a is None else [*measured(name), a]
        for name, a in identity.given.items()
    ]
    whole = ends(value[identity.whole].to_numpy(), half[identity.whole].to_numpy(), identity.whole)
    with np.errstate(all="ignore"):
        return [beyond(identity, whole, inputs) for inputs in product(*choices)]


def _one_off(variant: Identity, value: pd.DataFrame, half: pd.DataFrame, person: pd.DataFrame) -> set[str]:
    """Patients in whom a formula may fail on one day and hold on several others."""
    gaps = _gaps(variant, value, half, person)
    if not gaps:
        return set()
    off = np.any([gap > -1e-9 for gap in _gaps(replace(variant, relative=OFF), value, half, person)], axis=0)
    told = np.any([~np.isnan(gap) for gap in gaps], axis=0)
    fails = told & np.all([~(gap <= 1e-9) for gap in gaps], axis=0)
    days = pd.DataFrame({"off": off, "told": told, "fails": fails}, index=value.index).groupby("patient").sum()
    return set(days.index[(days["off"] >= 1) & (days["fails"] <= 1) & (days["told"] > OTHER_DAYS)])


def _sums(value: pd.DataFrame, half: pd.DataFrame) -> pd.Series:
    odd = pd.Series(False, index=value.index)
    for whole in WHOLES:
        if whole.whole not in value:
            continue
        names = [n for n in whole.parts if n in value]
        slack = half[whole.whole] + half[names].sum(axis=1)
        rest = value[whole.whole] - value[names].sum(axis=1)
        complete = value[names].notna().sum(axis=1) == len(whole.parts)
        above = complete & (rest > (slack + whole.may_be_missing * value[whole.whole]) * (1 - 1e-9))
        odd |= value[names].notna().any(axis=1) & ((rest < -slack * (1 - 1e-9)) | above)
    shares = [n for n in SHARES if n in value]
    total = value[shares].sum(axis=1)
    complete = value[shares].notna().sum(axis=1) == len(SHARES)
    return odd | (total > 100 + SHARE_ROUNDING) | (complete & (total < 100 - SHARE_ROUNDING))


def _together(value: pd.DataFrame, half: pd.DataFrame) -> set[str]:
    found: set[str] = set()
    for one, other, direction in TOGETHER:
        if not {one, other} <= set(value):
            continue
        both = value[one].notna() & value[other].notna()
        mine, halves = value.loc[both, [one, other]].sort_index(), half.loc[both, [one, other]].sort_index()
        patient = mine.index.get_level_values("patient").to_numpy()
        gap, slack = mine.diff().to_numpy(), (halves + halves.shift()).to_numpy()
        move = np.where(np.abs(gap) > slack * (1 - 1e-9), np.sign(gap), 0)
        against = move[:, 0] * move[:, 1] * direction < 0
        against[1:] &= patient[1:] == patient[:-1]
        found |= set(patient[1:][against[1:]])
    return found


def _scales(exact: pd.DataFrame) -> set[str]:
    scores = exact[exact["analyte"].isin(list(STEPS))]
    cells = scores[["analyte", "low", "text"]].itertuples(index=False)
    found = set(scores.loc[[off_step(*cell) for cell in cells], "patient"])
    bodies = exact[exact["analyte"].isin(list(ADULT_LIMITS)) & (exact["age_years"] >= ADULT)]
    low, high = (bodies["analyte"].map({n: limits[side] for n, limits in ADULT_LIMITS.items()}) for side in (0, 1))
    return found | set(bodies.loc[(bodies["low"] < low) | (bodies["low"] > high), "patient"])


def _decimals(printed: pd.DataFrame) -> set[str]:
    """Rows of which one number is finer than all the others, which share one precision."""
    row = printed.groupby(["patient", "analyte", "unit"], sort=False)["half"]
    finest, coarsest, count = (row.transform(how) for how in ("min", "max", "size"))
    mixed = (count > OTHERS) & (finest < coarsest)
    mine = printed[mixed].assign(fine=printed["half"] < coarsest * (1 - 1e-9))
    groups = mine.groupby(["patient", "analyte", "unit"], sort=False)
    one = groups["fine"].transform("sum") == 1
    various = groups["low"].transform("nunique") > OTHERS - 1
    return set(mine.loc[one & various & mine["fine"], "patient"])


def _copies(printed: pd.DataFrame) -> set[str]:
    """Days with many numbers of the day before, and days on which two analytes have one number."""
    rows = printed.drop_duplicates(_PLACE).sort_values(["patient", "analyte", "day"], kind="stable")
    if len(rows) < 2:
        return set()
    codes, texts = pd.factorize(rows["text"])
    digits = np.array([significant(text) for text in texts])[codes]
    few = rows["analyte"].map({a.id: a.group in FEW_VALUES for a in vocabulary().analytes.values()}).to_numpy()
    same = ((rows["patient"] == rows["patient"].shift()) & (rows["analyte"] == rows["analyte"].shift())).to_numpy()
    pair = same & ~few & (np.maximum(digits, np.roll(digits, 1)) >= 2)
    pairs = pd.DataFrame(
        {
            "patient": rows["patient"].to_numpy()[pair],
            "before": rows["day"].shift().to_numpy()[pair],
            "day": rows["day"].to_numpy()[pair],
            "equal": (rows["low"] == rows["low"].shift()).to_numpy()[pair],
        }
    )
    counts = pairs.groupby(["patient", "before", "day"], sort=False)["equal"].agg(["sum", "size"])
    counts = counts[counts["sum"] >= FEWEST]
    many = [too_many(int(equal), int(both)) for equal, both in counts.itertuples(index=False)]
    found = set(counts.index.get_level_values("patient")[np.array(many, dtype=bool)])
    plain = rows[digits >= 2].assign(number=lambda table: pd.to_numeric(table["text"], errors="coerce"))
    twice = plain[plain.duplicated(["patient", "day", "number"], keep=False)]
    days = twice.groupby("patient")["day"].nunique()
    return found | set(days.index[days >= ROW_DAYS])


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
    found |= _slipped(rows, run, np.nan_to_num(np.abs(step), nan=9), dict(zip(middle, beyond, strict=True)))
    # the same number twice on a day, in a series that has a jump of that size anywhere
    pooled = rows.assign(number=pd.to_numeric(rows["text"], errors="coerce"))
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


def _slipped(rows: pd.DataFrame, run: np.ndarray, steps: np.ndarray, middle: dict[int, float]) -> set[str]:
    """Numbers out of line in a course that may be steady, which a slip of digits would put among their neighbours."""
    value, half, texts, patient = (rows[c].to_numpy() for c in ("low", "half", "text", "patient"))
    calm = np.bincount(run[1:], weights=steps <= SLIPPED_STEADY, minlength=run[-1] + 1)
    count = np.bincount(run)
    may_be_steady = (calm >= (count - 3) / 2) & (count > OTHER_STEPS + 1)
    first = np.concatenate([[0], np.flatnonzero(np.diff(run)) + 1])
    last = np.concatenate([first[1:], [len(run)]]) - 1
    least = math.log(SLIPPED) * (1 - 1e-9)
    candidates = [(i, (i - 1, i + 1), size) for i, size in middle.items() if size >= least and may_be_steady[run[i]]]
    for edges, way in ((first, 1), (last, -1)):
        edge = edges[may_be_steady]
        sides = [_step(value[edge], half[edge], value[edge + way * k], half[edge + way * k]) for k in (1, 2)]
        sizes = np.where(sides[0] * sides[1] < 0, 0.0, np.minimum(np.abs(sides[0]), np.abs(sides[1])))
        beyond_both = zip(edge, sizes, strict=True)
        candidates += [(i, (i + way, i + 2 * way), size) for i, size in beyond_both if size >= math.log(JUMP)]
    found = set()
    for i, near, size in candidates:
        mine = np.arange(first[run[i]] + 1, last[run[i]] + 1)
        usual = max(np.median(steps[mine[(mine != i) & (mine != i + 1)] - 1]), STEADY_STEP / 2)
        if size >= max(math.log(SLIPPED), SLIPPED_STEPS * usual) * (1 - 1e-9) and usual <= SLIPPED_STEADY * (1 + 1e-9):
            scale, reach = value[i] / float(texts[i]), math.exp(usual) * (1 + 1e-9)
            low, high = min(value[j] for j in near) / reach, max(value[j] for j in near) * reach
            others = slips(texts[i], i in middle, size * (1 + 1e-9))
            if any(low <= float(other) * scale <= high for _, other in others):
                found.add(patient[i])
    return found


def _step(value: np.ndarray, half: np.ndarray, other: np.ndarray, other_half: np.ndarray) -> np.ndarray:
    """The logarithm of value/other, as near to 0 as the rounding of both allows."""
    with np.errstate(all="ignore"):
        up = np.log((value - half) / (other + other_half))
        down = np.log((value + half) / (other - other_half))
    rose = value - half > other + other_half
    fell = (other - other_half > value + half) & (value + half > 0)
    return np.where(rose, up, np.where(fell, down, 0.0))
