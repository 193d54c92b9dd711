"""The CARE checklist of a case: for each item where the report meets it, found in the content and not in a tick.

What is data (treatments, doses, days, tests, adverse events) is counted, and met. Prose can only be searched: where a
word that fits is all that was found, the item is `to be confirmed` by a reader, and the finding names the word; a
section without such a word is met in part. Neither blocks a report, because no list of words knows how its author
writes. A section that is absent, or that says only that nothing is known, is a gap.
"""

from collections.abc import Iterable
from typing import TYPE_CHECKING, NamedTuple

from casereport.audit.care.from_declarations import DECLARED_RULES
from casereport.audit.care.from_design import DESIGN_RULES
from casereport.audit.care.from_prose import PROSE_RULES
from casereport.audit.care.from_tables import DATA_RULES
from casereport.audit.care.items import DESIGN, FURTHER, ITEMS, JOURNALS
from casereport.audit.care.view import View
from casereport.case.case import Case
from casereport.errors import BadInput, Problem
from casereport.quantities.wording import counted_in

if TYPE_CHECKING:
    import pandas as pd


class Answered(NamedTuple):
    """An item, what it asks and whether a final report must meet it, with the answer of the case."""

    item: str
    section: str
    what: str
    must: bool
    met: str
    where: str
    finding: str


def checklist(case: Case, lag_days: int = 0, infusion_day: str = "before") -> "pd.DataFrame":
    """How the case meets each item of the checklist: the table `care`.

    `where` is the id of the section, figure or table of the report that meets the item, or where it belongs. The 30
    items of CARE come first, then laboratory results and de-identification, what journals ask of every manuscript
    (ICMJE), and for a case of more than one phase what CENT 2015 and SCRIBE 2016 ask of its design; `items.REFERENCES`
    has the sources. Where scores and outcomes, such as pain, are all that was measured, no laboratory is asked for.
    `lag_days` and `infusion_day` are as in `case.phases`.
    """
    return _table(_answered(case, lag_days, infusion_day))


def gaps(case: Case, lag_days: int = 0, infusion_day: str = "before") -> "pd.DataFrame":
    """The rows of `checklist()` that a final report must meet and that are gaps; a part that is met is no gap."""
    return _table(_gaps(case, lag_days, infusion_day))


def require_complete(case: Case, lag_days: int = 0, infusion_day: str = "before") -> None:
    """Raises BadInput with every gap among the must-items of a case with `status: final`; a draft may have gaps."""
    if case.meta.status != "final":
        return
    missing = [
        Problem(
            f"cases/{case.meta.id}/case.yaml",
            0,
            "status",
            "final",
            f"draft until it is complete; required item missing: {called(row.item, row.section)}. {row.finding}",
        )
        for row in _gaps(case, lag_days, infusion_day)
    ]
    if missing:
        raise BadInput(missing)


def called(item: str, section: str) -> str:
    """An item as a reader finds it: `13 (informed consent)`."""
    return f"{item} ({section[0].lower()}{section[1:]})"


def _answered(case: Case, lag_days: int, infusion_day: str) -> list[Answered]:
    view = View(case, lag_days, infusion_day)
    asked = ITEMS | FURTHER | JOURNALS | (DESIGN if len(case.meta.phases) > 1 else {})
    if view.is_without_laboratory:
        asked.pop("laboratory")
    rules = PROSE_RULES | DATA_RULES | DECLARED_RULES | DESIGN_RULES
    with counted_in(case.meta.time_unit):
        return [Answered(item, *entry, *rules[item](view)) for item, entry in asked.items()]


def _gaps(case: Case, lag_days: int, infusion_day: str) -> list[Answered]:
    return [row for row in _answered(case, lag_days, infusion_day) if row.must and row.met == "gap"]


def _table(rows: Iterable[Answered]) -> "pd.DataFrame":
    from casereport.analysis.tidy import frame  # here, so that validating a case does not wait for data frames

    return frame("care", (row._asdict() for row in rows))
