"""The bundled cases beside this one: lymphocytes and CRP on study days, and what each patient was given.

The cases were not chosen to be alike. They are shown so that one course is not the only one a reader has seen; no
effect can be read from the distance between two of them.
"""

import pandas as pd

from casereport.analysis.measurements import comparable, measurements
from casereport.case.case import Case, load_case
from casereport.case.description import COMPARED
from casereport.case.settings import Settings
from casereport.files.paths import BUNDLED, DATA
from casereport.quantities.wording import listed, uncapital


def cases_beside(case: Case) -> list[Case]:
    """The bundled cases, with `case` in its place among them, or before them if it is another.

    None where it is not of COVID-19 or has neither analyte.
    """
    if not case.meta.compares(case.observations["analyte"]):
        return []
    found = [case if name == case.meta.id else load_case(name, DATA) for name in BUNDLED]
    return found if case.meta.id in BUNDLED else [case, *found]


def series(cases: list[Case]) -> pd.DataFrame:
    """`case`, `simulated` and the columns of `measurements()` for the analytes shown, all cases one below the other.

    Day 0 is each case's own, in a bundled one the first infusion of plasma or cells. What a case states only in words
    stays an interval.
    """
    settings = Settings(analytes=",".join(COMPARED))
    tables = []
    for case in cases:
        table = comparable(measurements(case, settings))
        tables.append(table.assign(case=case.meta.id, simulated=case.simulated))
    return pd.concat(tables, ignore_index=True)


def given_table(cases: list[Case]) -> pd.DataFrame:
    """One row a case: `case`, `simulated`, `day_zero` (in words), `opened_by` (what opens its phases), `also_given`."""
    rows = []
    for case in cases:
        label = {i: uncapital(v.label) for i, v in case.vocabulary.interventions.items()}
        opening = [p.opened_by for p in case.meta.phases if p.opened_by]
        others = [i for i in dict.fromkeys(case.interventions["intervention"]) if i not in opening]
        rows.append(
            {
                "case": case.meta.id,
                "simulated": case.simulated,
                "day_zero": case.meta.time_zero,
                "opened_by": listed([label[i] for i in opening]),
                "also_given": listed([label[i] for i in others]) or "nothing else is reported",
            }
        )
    return pd.DataFrame(rows, columns=["case", "simulated", "day_zero", "opened_by", "also_given"])
