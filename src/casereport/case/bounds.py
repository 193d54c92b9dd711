"""How large a case may be: one patient's course, of which a report is made in two minutes and can be read.

What is larger is refused with its number, when the case is checked and not after minutes of a run. The costs behind the
numbers are in docs/limits.md; tables have further bounds of their own (files/tables.py).
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping

from casereport.case.description import CaseMeta
from casereport.errors import Problem
from casereport.files.tables import Table

MOST_PHASES = 40  # each is a run of 02-phase
MOST_VALUES = 6000  # of an analyte: hourly values of eight months
MOST = {"interventions.csv": 1000, "events.csv": 2000, "claims.csv": 1000}


def beyond(
    tables: Mapping[str, Table | None], meta: CaseMeta | None, called: Callable[[str], str]
) -> Iterator[Problem]:
    """What of a case is more than a report can be made of, each with the number that may be."""
    for name, most in MOST.items():
        rows = list(tables.get(name) or {})
        if len(rows) > most:
            expected = f"at most {most} rows; found {len(rows)}: leave out what the report does not need"
            yield Problem(called(name), rows[most], "", "", expected)
    counts = Counter(row["analyte"] for row in (tables.get("observations.csv") or {}).values())
    for analyte, n in counts.items():
        if n > MOST_VALUES:
            expected = f"at most {MOST_VALUES} values of an analyte; found {n}: one an hour, or the worst of each day"
            yield Problem(called("observations.csv"), 0, "analyte", analyte, expected)
    if meta is not None and len(meta.phases) > MOST_PHASES:
        expected = f"at most {MOST_PHASES} phases; found {len(meta.phases)}: each is compared with the one before"
        yield Problem(called("phases"), meta.phases[MOST_PHASES].line, "phases", "", expected)
