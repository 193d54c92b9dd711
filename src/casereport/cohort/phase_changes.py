"""The table of changes of a whole partition: the last value of each phase against that of the phase before it.

As `tables.changes` does for one case, for all patients at once.
"""

import numpy as np
import pandas as pd

from casereport.analysis.changes import outcome
from casereport.cohort.many_intervals import once_each
from casereport.cohort.patient_series import Series
from casereport.quantities.wording import printed_text


def change_table(series: Series) -> pd.DataFrame:
    """The columns of the table `changes` after `patient`, but for the rows of a case that they are from."""
    pairs, table = series.pairs, series.table
    last = {"before": pairs["start_a"] + pairs["m"] - 1, "after": pairs["start_b"] + pairs["n"] - 1}
    at = {side: places.to_numpy() for side, places in last.items()}
    known, reference = series.known, series.reference
    before, after = known[at["before"]], known[at["after"]]
    where = {side: known[i].position(reference[i]) for side, i in at.items()}
    direction = before.direction(after)
    ranks = pairs["rank"].to_numpy()
    judged = series.of_analytes(ranks, ("improvement", "two_sided"))
    evidence = [table["evidence"].to_numpy()[i] for i in at.values()]
    found = {
        "patient": pairs["patient"],
        "phase": series.phase(pairs["patient"], pairs["step"]),
        "phase_before": series.phase(pairs["patient"], pairs["step"] - 1),
        "analyte": series.of_analytes(ranks, ("id",))["id"],
        **series.of_analytes(ranks, ("label", "short", "unit")),
    }
    for side, values in (("before", before), ("after", after)):
        found |= values.columns(f"{side}_", side)
        found[f"{side}_printed"] = once_each(printed_text, table["printed"].to_numpy()[at[side]])
        found[f"{side}_day"] = table["day"].to_numpy()[at[side]]
        found[f"position_{side}"] = where[side]
    found["ratio_low"], found["ratio_high"] = before.ratio(after)
    return pd.DataFrame(
        found
        | {
            "direction": direction,
            "outcome": once_each(outcome, direction, *judged.values(), *where.values()),
            "n_before": pairs["m"],
            "n_after": pairs["n"],
            "evidence": np.where(evidence[0] == evidence[1], evidence[0], evidence[0] + " and " + evidence[1]),
        }
    )
