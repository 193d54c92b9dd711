"""Which analytes the first picture of a report shows: those that tell the case, by a rule and not by eye.

First an outcome of the case's own; then what a clinical claim is about and what changed materially; then what such a
claim is about; then what changed materially; then the rest, and at the end what never left its range. Of equals the
larger change, as a ratio, stands first. One of an organ system is taken before a second of any. Only analytes with
three values or more: two make no course.
"""

import math
from collections.abc import Sequence

import pandas as pd

from casereport.analysis.comparable import FEWEST
from casereport.analysis.judgement.position import IN
from casereport.analysis.judgement.verdict import AWAY, FELL, INTO, OUT, ROSE, TOWARDS
from casereport.quantities.vocabulary import OUTCOMES

MOST = 4
_MOVED = (INTO, TOWARDS, AWAY, OUT, ROSE, FELL)


def overview_analytes(
    observations: pd.DataFrame,
    changes: pd.DataFrame,
    claims: pd.DataFrame,
    audit: pd.DataFrame,
    chosen: Sequence[str] = (),
) -> list[str]:
    """The ids of at most four analytes for the first picture, those that tell most first.

    Takes the tables of these names; `chosen` is what `overview` of case.yaml names in the place of the rule, of which
    those that have a value are taken. Ranked by whether the analyte is an outcome of the case's own, by whether it was
    ever outside its range (or has none), by whether a clinical claim of `audit` is about it, by whether its verdict in
    `changes` is that it moved (in any phase), then by how much it certainly changed (the logarithm of its ratio). One
    with fewer than three values is left out.

    >>> import casereport as cr
    >>> case = cr.read_case("liang2020")
    >>> phases = cr.phases(case)
    >>> values = cr.observations(case, phases)
    >>> cr.overview_analytes(values, cr.changes(values, phases), cr.claims(case), cr.audit_claims(case))
    ['crp', 'ast', 'white_cells', 'nt_probnp']
    """
    groups = dict(zip(observations["analyte"], observations["group"], strict=True))
    if chosen:
        return [analyte for analyte in chosen if analyte in groups][:MOST]
    counts = observations["analyte"].value_counts()
    clinical = audit.loc[audit["sort"] == "clinical", "claim"]
    claimed = set(claims.loc[claims["claim"].isin(clinical), "analyte"])
    moved = changes[changes["verdict"].isin(_MOVED)]
    sizes: dict[str, float] = {}
    for row in moved.to_dict("records"):
        sizes[row["analyte"]] = max(sizes.get(row["analyte"], 0.0), _size(row["ratio_low"], row["ratio_high"]))

    places = observations.groupby("analyte")["position"].agg(set)

    def rank(analyte: str) -> tuple[bool, bool, bool, bool, float]:
        about = groups[analyte] != OUTCOMES, places[analyte] == {IN}, analyte not in claimed
        return *about, analyte not in sizes, -sizes.get(analyte, 0.0)

    ranked = sorted((analyte for analyte in groups if counts[analyte] >= FEWEST), key=rank)
    first = list({groups[analyte]: analyte for analyte in reversed(ranked)}.values())
    of_each = [analyte for analyte in ranked if analyte in first]
    return [*of_each, *(analyte for analyte in ranked if analyte not in first)][:MOST]


def _size(low: float, high: float) -> float:
    """How much a value certainly changed, by the bounds of its ratio; 0 where that is not certain."""
    if math.isnan(low) or math.isnan(high) or low <= 0 or (low <= 1 <= high):
        return 0.0
    return math.log(low) if low > 1 else -math.log(high)
