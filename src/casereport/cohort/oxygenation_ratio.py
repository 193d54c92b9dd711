"""PaO2/FiO2 of the patients of a partition, derived where both are given, as `observations.derived` does for a case."""

import pandas as pd

from casereport.cohort.patients import vocabulary
from casereport.quantities.intervals import number, parse

RATIO, OXYGEN, SHARE = "pao2_fio2", "pao2", "fio2"


def with_ratio(rows: pd.DataFrame) -> pd.DataFrame:
    """The rows of a `Part` with those of the derived ratio, and a column `derived` that says from what, or nothing."""
    rows = rows.assign(derived="")
    mine = rows[rows["analyte"].isin([RATIO, OXYGEN, SHARE])]
    counts = mine.groupby(["patient", "day", "analyte"]).size().unstack(fill_value=0)
    counts = counts.reindex(columns=[RATIO, OXYGEN, SHARE], fill_value=0)
    days = counts.index[(counts[OXYGEN] == 1) & (counts[SHARE] == 1) & (counts[RATIO] == 0)]
    if not len(days):
        return rows
    oxygen, share = (
        mine[mine["analyte"] == a].set_index(["patient", "day"]).loc[days].reset_index() for a in (OXYGEN, SHARE)
    )
    good = (share["low"] > 0) & (oxygen["high"] < float("inf"))
    oxygen, share = oxygen[good], share[good]
    ends = zip(100 * oxygen["low"] / share["high"], 100 * oxygen["high"] / share["low"], strict=True)
    texts = ["..".join(dict.fromkeys(number(round(end, 1)) for end in pair)) for pair in ends]
    ratio = vocabulary().analytes[RATIO]
    known = [k for text in texts if (k := parse(text, ratio.floor))]
    new = oxygen.assign(
        analyte=RATIO, text=texts, unit=ratio.unit, low=[k.low for k in known], high=[k.high for k in known],
        low_open=False, high_open=False, evidence="inferred",
        first=[min(pair) for pair in zip(oxygen["nth"], share["nth"], strict=True)],
        derived=[
            f"derived from PaO2 (line {o + 1}) and FiO2 (line {s + 1}) of the same day"
            for o, s in zip(oxygen["nth"], share["nth"], strict=True)
        ],
    ).sort_values(["patient", "first"])  # fmt: skip
    last = rows.groupby("patient")["nth"].max()
    new["nth"] = new["patient"].map(last) + new.groupby("patient").cumcount() + 1
    joined = pd.concat([rows, new[rows.columns]], ignore_index=True)
    return joined.sort_values("patient", kind="stable").reset_index(drop=True)
