"""Which figures a report has, without drawing one: what a reference in the prose may point to."""

import pandas as pd

from casereport.case import Case
from casereport.contrasts import contrasts
from casereport.measurements import measurements
from casereport.names import FEWEST
from casereport.settings import Settings


def catalogue(case: Case, settings: Settings) -> list[str]:
    """The ids of the figures in the order of the report: timeline, change, the analytes, then the rest."""
    table = measurements(case, settings)
    changes = contrasts(case, table)
    before = ["timeline", *(["change"] if len(changes) else [])]
    after = [
        *(["forest"] if len(informative(changes)) else []),
        *(["sensitivity"] if len(changes) else []),
        "comparators",
    ]
    return [*before, *dict.fromkeys(table["analyte"]), *after]


def informative(table: pd.DataFrame) -> pd.DataFrame:
    """The rows of a table with `n_before` and `n_after` that have three values or more.

    Of one before and one after, an effect size only repeats which of the two is better.
    """
    enough = [int(b) + int(a) >= FEWEST for b, a in zip(table["n_before"], table["n_after"], strict=True)]
    return table[pd.Series(enough, index=table.index, dtype=bool)]
