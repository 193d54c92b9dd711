"""The CARE checklist of a case: for each item where the report meets it, found in the content and not in a tick.

What is data (treatments, doses, days, tests, adverse events) is counted. Prose can only be searched: a section that
is there and has a word that fits is taken as met, and the finding says so; one without such a word is met in part and
never blocks a report, because no list of words knows how its author writes. A section that is absent, or that says
only that nothing is known, is a gap.
"""

import pandas as pd

from casereport.audit.care.from_design import DESIGN_RULES
from casereport.audit.care.from_prose import PROSE_RULES
from casereport.audit.care.from_tables import DATA_RULES
from casereport.audit.care.items import DESIGN, FURTHER, ITEMS
from casereport.audit.care.view import View
from casereport.case.case import Case
from casereport.case.settings import Settings
from casereport.errors import BadInput, Problem

COLUMNS = ["item", "section", "what", "must", "met", "where", "finding"]


def checklist(case: Case, settings: Settings) -> pd.DataFrame:
    """One row an item: `item`, `section`, `what` is asked, `must`, `met` (yes, partly, gap), `where`, `finding`.

    `where` is the id of the section, figure or table of the report that meets the item, or where it belongs. The 30
    items of CARE come first, then laboratory results and de-identification, and for a case of more than one phase what
    CENT 2015 and SCRIBE 2016 ask of its design; `care_items.REFERENCES` has the sources.
    """
    view = View(case, settings)
    asked = ITEMS | FURTHER | (DESIGN if len(case.meta.phases) > 1 else {})
    rules = PROSE_RULES | DATA_RULES | DESIGN_RULES
    rows = [(item, *entry[:2], entry.must, *rules[item](view)) for item, entry in asked.items()]
    return pd.DataFrame(rows, columns=COLUMNS)


def gaps(case: Case, settings: Settings) -> pd.DataFrame:
    """The rows of `checklist()` that a final report must meet and that are gaps; a part that is met is no gap."""
    table = checklist(case, settings)
    return table[table["must"] & (table["met"] == "gap")].reset_index(drop=True)


def require_complete(case: Case, settings: Settings) -> None:
    """Raises BadInput with every gap among the must-items of a case with `status: final`; a draft may have gaps."""
    if case.meta.status != "final":
        return
    missing = [
        Problem(
            f"cases/{case.meta.id}/case.yaml",
            0,
            "status",
            "final",
            f"the report has a gap that a final one must not have: {row.section}, item {row.item}. {row.finding}",
        )
        for row in gaps(case, settings).itertuples()
    ]
    if missing:
        raise BadInput(missing)
