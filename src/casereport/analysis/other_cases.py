"""The bundled cases beside this one: lymphocytes and CRP on study days, and what each patient was given.

The cases were not chosen to be alike. They are shown so that one course is not the only one a reader has seen; no
effect can be read from the distance between two of them.
"""

import pandas as pd

from casereport.analysis.measurements import comparable, measurements
from casereport.analysis.table_columns import TABLES, typed
from casereport.analysis.tidy import frame, observation_table
from casereport.case.case import Case
from casereport.case.description import COMPARED
from casereport.case.reading import read_case
from casereport.files.paths import BUNDLED
from casereport.quantities.wording import listed, uncapital


def cases_beside(case: Case) -> list[Case]:
    """The bundled cases, with `case` in its place among them, or before them if it is another.

    None where it is simulated, not of COVID-19, or has a number of neither analyte: a simulated case stands beside no
    patient, and words have no place on a scale.
    """
    if case.simulated or not case.meta.compares(row.analyte for row in case.observations if row.numeric):
        return []
    bundled = [case if name == case.meta.id else read_case(name) for name in BUNDLED]
    found = [one for one in bundled if not one.simulated]
    return found if case.meta.id in BUNDLED else [case, *found]


def courses_beside(cases: list[Case]) -> pd.DataFrame:
    """The observations of all cases on the analytes shown: the table `courses-beside`.

    Day 0 is each case's own, in a bundled one the first infusion of plasma or cells. What a case states only in words
    stays an interval.
    """
    columns = list(TABLES["courses-beside"])
    tables = [frame("courses-beside", [])]
    for case in cases:
        table = [m for m in comparable(measurements(case)) if m.analyte in COMPARED]
        about = {"case": case.meta.id, "simulated": case.simulated, "last_day": case.meta.last_day}
        tables.append(typed("courses-beside", observation_table(table).assign(**about)[columns]))
    return pd.concat(tables, ignore_index=True)


def given_beside(cases: list[Case]) -> pd.DataFrame:
    """One row a case: the table `comparators`."""
    rows = []
    for case in cases:
        label = {i: uncapital(v.label) for i, v in case.vocabulary.interventions.items()}
        opening = list(dict.fromkeys(p.opened_by for p in case.meta.phases if p.opened_by))
        others = [i for i in dict.fromkeys(row.intervention for row in case.interventions) if i not in opening]
        rows.append(
            {
                "case": case.meta.id,
                "simulated": case.simulated,
                "day_zero": case.meta.time_zero,
                "opened_by": listed([label[i] for i in opening]),
                "also_given": listed([label[i] for i in others]) or "nothing else is reported",
            }
        )
    return frame("comparators", rows)
