"""What would have happened anyway: for each claim of a quick recovery, how often it happened without the treatment.

A claim that a value improved the next day, or was back in its range within k days, is set beside the share of
patients of a cohort without recorded treatment in whom the same happened.
"""

import pandas as pd

from casereport.analysis.base_rates import BACK, NEXT_DAY, BaseRate, base_rate, base_rate_text, is_telling
from casereport.analysis.tidy import frame
from casereport.case.case import Case
from casereport.case.claim_terms import direction_of
from casereport.case.rows import Claim
from casereport.quantities.vocabulary import Analyte

GROUPS = ("survivors", "all")  # patients who are written up have mostly survived


def base_rates_beside(case: Case) -> pd.DataFrame:
    """The base rates that belong beside the claims of the case, one row a claim and outcome group: `base_rates`.

    A claim has one if it is of an improvement on the day after day 0, or of being back in range by a day from 1 to 14,
    of an analyte whose limit on its bad side is in the reference table. The survivors come first. A rate of fewer than
    10 patients, or of pairs that come by more than 80 % from patients who died, is left out.
    """
    rows = []
    # the cohort had COVID-19: how often its patients recovered says nothing of another disease
    for claim in case.claims if case.meta.is_covid else ():
        analyte = case.vocabulary.analytes.get(claim.analyte)
        question = _question(claim, analyte) if analyte else None
        if analyte is None or question is None:
            continue
        side, limit = _limit(case, analyte)
        if limit is None:
            continue
        rates = [base_rate(analyte.id, limit, side, *question, group) for group in GROUPS]
        rows += [_row(claim.claim, analyte, rate) for rate in rates if rate is not None and is_telling(rate)]
    return frame("base_rates", rows)


def _question(claim: Claim, analyte: Analyte) -> tuple[str, int] | None:
    """The measure and horizon that answer to a claim, or None."""
    if not analyte.improvement or claim.ends is None or not claim.ends.is_exact:
        return None
    day = claim.ends.low
    good = "rose" if analyte.improvement == "increase" else "fell"
    if claim.kind == "change" and day == 1 and direction_of(claim.terms.word, analyte) == good:
        return NEXT_DAY, 1
    # a window that opens later counts from another day than the value that was out of range
    from_start = claim.begins is None or claim.begins.low <= 2
    back = claim.kind == "in_range" and claim.terms.word == "back" and not claim.terms.span
    if back and from_start and 1 <= day <= 14 and day == int(day):
        return BACK, int(day)
    return None


def _limit(case: Case, analyte: Analyte) -> tuple[str, float | None]:
    """The limit on the bad side, as the case's own rows have it, else the default."""
    side = "below" if analyte.improvement == "increase" else "above"
    limits = [analyte.bad_limit(row.reference) for row in case.observations if row.analyte == analyte.id]
    own = [limit for limit in limits if limit is not None]
    if own:
        # the one that most rows have, the lowest of several
        return side, min(own, key=lambda limit: (-own.count(limit), limit))
    return side, analyte.bad_limit(analyte.reference_for(case.meta.subject.reference_group))


def _row(claim: str, analyte: Analyte, rate: BaseRate) -> dict[str, object]:
    return {
        "claim": claim,
        "analyte": analyte.id,
        "measure": rate.measure,
        "horizon": rate.horizon,
        "limit": rate.limit,
        "side": rate.side,
        "outcome_group": rate.outcome_group,
        "measurements": rate.measurements,
        "patients": rate.patients,
        "in_deaths": rate.in_deaths,
        "least_change": rate.least_change,
        "count": rate.count,
        "share": rate.share,
        "ci_low": rate.ci_low,
        "ci_high": rate.ci_high,
        "source": rate.source,
        "sentence": base_rate_text(rate, analyte),
    }
