"""The events of a case in order, numbered as the timeline shows them."""

import pandas as pd

from casereport.case.case import Case
from casereport.case.phases import phase_column, windows
from casereport.case.settings import Settings
from casereport.quantities.intervals import order_of
from casereport.quantities.wording import ORDERED


def number_events(case: Case, settings: Settings) -> pd.DataFrame:
    """The events in order of their days, with `phase` and `number` (from 1), which the timeline shows.

    An observation that is only put into words ("rose", "normal") is told like an event, of kind `laboratory`.
    """
    words = case.observations[~case.observations["numeric"].astype(bool)]
    labels = [case.vocabulary.analytes[a].label for a in words["analyte"]]
    told = words.assign(
        kind="laboratory",
        finding=[f"{label}: {ORDERED[i]}" for label, i in zip(labels, words["interpretation"], strict=True)],
    )
    columns = ["when", "phase", "kind", "finding", "interpretation", "evidence", "source", "note"]
    table = pd.concat([told[columns], case.events[columns]], ignore_index=True)
    table["phase"] = phase_column(table, windows(case, settings), settings.infusion_day)
    order = sorted(table.index, key=lambda i: (order_of(table.at[i, "when"]), i))
    return table.loc[order].assign(number=range(1, len(order) + 1)).reset_index(drop=True)
