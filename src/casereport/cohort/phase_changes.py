"""The table of changes of a whole partition: the last value of each phase against that of the phase before it.

As `tables.changes` does for one case, for all patients at once.
"""

from typing import Any

import numpy as np
import pandas as pd

from casereport.analysis.changes import WINDOW_DAYS
from casereport.analysis.judgement.many import extremes, judged
from casereport.analysis.once_each import once_each
from casereport.analysis.tidy import spread_all
from casereport.cohort.patient_series import Series
from casereport.quantities.many_intervals import Intervals
from casereport.quantities.wording import printed_text


def change_table(series: Series) -> pd.DataFrame:
    """The columns of the table `changes` after `patient`, but for the rows of a case that they are from."""
    pairs, table = series.pairs, series.table
    last = {"before": pairs["start_a"] + pairs["m"] - 1, "after": pairs["start_b"] + pairs["n"] - 1}
    at = {side: places.to_numpy() for side, places in last.items()}
    known, day = series.known, table["day"].to_numpy()
    before, after = (known[i] for i in at.values())
    ranks = pairs["rank"].to_numpy()
    evidence = [table["evidence"].to_numpy()[i] for i in at.values()]
    of_analyte = series.of_analytes(ranks, ("id", "label", "short", "unit"))
    found: dict[str, Any] = {
        "patient": pairs["patient"],
        "phase": series.phase(pairs["patient"], pairs["step"]),
        "phase_before": series.phase(pairs["patient"], pairs["step"] - 1),
        "analyte": of_analyte.pop("id"),
        **of_analyte,
    }
    for side, values in (("before", before), ("after", after)):
        found |= spread_all(values, f"{side}_", side)
        found[f"{side}_printed"] = once_each(printed_text, table["printed"].to_numpy()[at[side]])
        found[f"{side}_day"] = day[at[side]]
    limits = series.limits(ranks)
    of = pd.DataFrame(series.of_analytes(ranks, ("scale", "improvement", "two_sided"))).assign(
        rcv_low=limits[0],
        rcv_high=limits[1],
        age=series.opens(pairs["patient"], pairs["step"]) - found["before_day"],
        in_words=False,
        **{f"place_{side}": series.places[i] for side, i in at.items()},
    )
    said = judged(before, after, of, WINDOW_DAYS)
    return pd.DataFrame(
        found
        | said.to_dict("series")
        | _extremes(series, before, after)
        | {
            "n_before": pairs["m"],
            "n_after": pairs["n"],
            "evidence": np.where(evidence[0] == evidence[1], evidence[0], evidence[0] + " and " + evidence[1]),
        }
    )


def _extremes(series: Series, before: Intervals, after: Intervals) -> dict[str, Any]:
    """The values of each later phase that lie furthest outside both values compared, on either side of them.

    `extreme` is the further of the two, `opposite` that on the other side; NaN where there is none.
    """
    start, count = series.pairs["start_b"].to_numpy(), series.pairs["n"].to_numpy()
    rows = np.arange(count.sum()) + np.repeat(start - (np.cumsum(count) - count), count)
    about = (series.known[rows], series.places[rows], count, before, after)
    extreme = extremes(*about)
    found: dict[str, Any] = {}
    for name, place in (("extreme", extreme), ("opposite", extremes(*about, extreme))):
        chosen = series.table.reindex(np.where(place < 0, -1, rows[place]))  # no row has the number -1
        ends, flags = (chosen[["low", "high"]].to_numpy().T, chosen[["low_open", "high_open"]].eq(True).to_numpy().T)
        found |= spread_all(Intervals(*ends, *flags), f"{name}_", name)
        found[f"{name}_printed"] = np.where(place < 0, "", once_each(printed_text, chosen["printed"].fillna("")))
        found[f"{name}_day"] = chosen["day"].to_numpy()
    return found
