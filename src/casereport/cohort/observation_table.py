"""The table of observations of a whole partition, as `tables.observations` gives that of one case."""

import numpy as np
import pandas as pd

from casereport.analysis.judgement.many import POSITIONS
from casereport.analysis.measurements import BOUNDS
from casereport.analysis.once_each import once_each
from casereport.analysis.tidy import improvement_cell, spread_all
from casereport.cohort.patient_series import Series
from casereport.quantities.many_intervals import Intervals


def observation_table(series: Series) -> pd.DataFrame:
    """The columns of the table `observations` after `patient`, but for the rows of a case, their sources and notes."""
    table = series.table
    order = np.lexsort((table["day"], table["rank"], pd.factorize(table["patient"])[0]))  # patients are sorted
    rows, known, reference = table.iloc[order], series.known[order], series.reference[order]
    of_analyte = series.of_analytes(rows["rank"].to_numpy(), ("id", "label", "short", "group", "unit"))
    better = series.of_analytes(rows["rank"].to_numpy(), ("improvement", "two_sided"))
    limits = series.limits(rows["rank"].to_numpy())
    scale = series.of_analytes(rows["rank"].to_numpy(), ("scale", "scale_low", "scale_high"))
    return pd.DataFrame(
        {
            "patient": rows["patient"].to_numpy(),
            "analyte": of_analyte.pop("id"),
            **of_analyte,
            **spread_all(Intervals.exact(rows["day"].to_numpy()), "day_", "day"),
            "phase": series.phase(rows["patient"], rows["step"]),
            "stated_phase": "",
            "printed": rows["printed"].to_numpy(),
            **spread_all(known, number="value"),
            "numeric": True,
            "interpretation": "",
            **spread_all(reference, "ref_"),
            "ref_origin": np.where(np.isnan(reference.low), "", "default"),
            "position": POSITIONS[series.places[order]],
            "improvement": once_each(improvement_cell, *better.values()),
            "scale": scale.pop("scale"),
            **{name: cells.astype(float) for name, cells in scale.items()},
            "rcv_low": limits[0],
            "rcv_high": limits[1],
            **{f"threshold_{end}": series.threshold(rows["rank"].to_numpy(), end) for end in ("low", "high")},
            "threshold": series.of_analytes(rows["rank"].to_numpy(), ("threshold_name",))["threshold_name"],
            "enters": BOUNDS,
            "evidence": rows["evidence"].to_numpy(),
        }
    )
