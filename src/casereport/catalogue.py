"""Which figures a report has, without drawing one: what a reference in the prose may point to."""

import pandas as pd

from casereport.case import Case
from casereport.comparable import FEWEST
from casereport.contrasts import contrasts
from casereport.measurements import measurements, phase_pairs
from casereport.settings import Settings


def catalogue(case: Case, settings: Settings) -> list[str]:
    """The ids of the figures in the order of the report: timeline, change, the analytes, then the rest."""
    table = measurements(case, settings)
    changes = contrasts(case, table)
    before = ["timeline", *(["change"] if len(changes) else [])]
    after = [
        *(["forest"] if any(len(p.before) + len(p.after) >= FEWEST for p in phase_pairs(case, table)) else []),
        *(["sensitivity"] if len(changes) else []),
        "comparators",
    ]
    return [*before, *dict.fromkeys(table["analyte"]), *after]


def informative(effects: pd.DataFrame) -> pd.DataFrame:
    """The rows of an effect table about analytes with three values or more in a phase and the one before.

    Of one before and one after, an effect size only repeats which of the two is better.
    """
    values = effects["n_before"].astype(int) + effects["n_after"].astype(int)
    return effects[values.groupby([effects["phase"], effects["analyte"]]).transform("max") >= FEWEST]
