"""Which figures a report has, without drawing one: what a reference in the prose may point to."""

import pandas as pd

from casereport.case import Case
from casereport.comparable import FEWEST
from casereport.contrasts import contrasts
from casereport.measurements import measurements
from casereport.settings import Settings


def catalogue(case: Case, settings: Settings) -> list[str]:
    """The ids of the figures in the order of the report: timeline, change, the analytes, then the rest."""
    table = measurements(case, settings)
    changes = contrasts(case, table)
    before = ["timeline", *(["change"] if len(changes) else [])]
    after = [
        *(["forest"] if len(informative(changes)) else []),
        *(["sensitivity"] if len(changes) else []),
        *(["comparators"] if case.meta.compares(case.observations["analyte"]) else []),
    ]
    return [*before, *dict.fromkeys(table["analyte"]), *after]


def informative(table: pd.DataFrame) -> pd.DataFrame:
    """The rows of a table of changes or effects about analytes with three bounded values or more in the two phases.

    Of one before and one after, an effect size only repeats which of the two is better; and a value of which only the
    order is stated makes no figure of a case that has none to show.
    """
    values = table["n_before"].astype(int) + table["n_after"].astype(int)
    # the indices that need bounds have the fewest values
    return table[values.groupby([table["phase"], table["analyte"]]).transform("min") >= FEWEST]
