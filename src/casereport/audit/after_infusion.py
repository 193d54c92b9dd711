"""What rose within a day after a dose, put beside a claim that no adverse event followed: it decides nothing by itself.

Fever above 38 Cel, and a marker that is bad when high and rose out of its range, or further out of it, by more than
random variation explains. The value before is the last one of the three days up to the dose.
"""

from collections.abc import Iterator
from dataclasses import replace

from casereport.analysis.judgement.direction import direction
from casereport.analysis.judgement.improvement import harmless_side
from casereport.analysis.judgement.verdict import ROSE, WORSE, heading, verdict
from casereport.analysis.measurements import by_analyte
from casereport.audit.claim_view import Outcome, Reading, View, readings, rows_of, units_a_day, window_of
from casereport.case.case import Case
from casereport.case.rows import Claim
from casereport.case.schema import DECIDING
from casereport.quantities.intervals import Interval
from casereport.quantities.wording import day_text, listed

FEVER = 38.0  # Cel
BEFORE, AFTER = 3.0, 1.0  # days


def beside_no_event(case: Case, claim: Claim, found: Outcome, infusion_day: str) -> Outcome:
    """The outcome of a claim of no adverse event, with what rose within a day after a dose in its window.

    Of doses that follow one another, as the bags of one infusion do, a rise is told after the first.
    """
    texts, rows = [], list(found.rows)
    told: set[str] = set()
    for day in _doses(case, claim):
        rises = [rise for rise in _rises(case, claim, day, infusion_day) if rise[0] not in told]
        told |= {text for text, _ in rises}
        if rises:
            said = listed([text for text, _ in rises])
            texts.append(f"within a day after the dose of {day_text(Interval.exact(day))}, {said}")
            rows += [place for _, pair in rises for place in rows_of(row for r in pair for row in r.rows)]
    if not texts:
        return found
    return replace(found, found="; ".join([found.found, *texts]), rows=tuple(dict.fromkeys(rows)))


def _doses(case: Case, claim: Claim) -> list[float]:
    """The days of the doses in the claim's window, of what opens a phase."""
    openers = {phase.opened_by for phase in case.meta.phases}
    days = [row.start for row in case.interventions if row.intervention in openers and row.start is not None]
    return sorted({day.low for day in days if day.is_exact and day.within(window_of(claim))})


def _rises(case: Case, claim: Claim, dose: float, infusion_day: str) -> Iterator[tuple[str, tuple[Reading, ...]]]:
    for name, rows in by_analyte(case.observations).items():
        analyte = case.vocabulary.analytes[name]
        mine = readings(case, [r for r in rows if r.numeric and r.evidence in DECIDING], infusion_day)
        view = View(claim, analyte, mine, None, [], [], frozenset())
        earlier, later = _around(mine, dose, infusion_day, units_a_day(case))
        for after in later:
            before = earlier[-1] if earlier else None
            if _is_fever(view, before, after):
                pair = (after,) if before is None else (before, after)
                yield f"{view.named} was {view.value(after)}{_from(view, before)}", pair
                break
            if name != "temperature" and before is not None and _is_rise(view, before, after):
                text = f"{view.named} rose from {view.value(before)} to {view.value(after)}, {view.place(after)}"
                yield text, (before, after)
                break


def _from(view: View, before: Reading | None) -> str:
    return f", after {view.value(before)}" if before is not None else ""


def _around(mine: list[Reading], dose: float, infusion_day: str, units: int) -> tuple[list[Reading], list[Reading]]:
    """The readings of the days before a dose, and of the day after it; a sample of its day is before, unless said."""
    with_dose = infusion_day == "after"
    near = [r for r in mine if dose - BEFORE * units <= r.when.low and r.when.high <= dose + AFTER * units]
    earlier = [r for r in near if r.when.high < dose or (r.when.high == dose and not with_dose)]
    return earlier, [r for r in near if r.when.low > dose or (r.when.low == dose and with_dose)]


def _is_fever(view: View, before: Reading | None, after: Reading) -> bool:
    if view.analyte.id != "temperature" or after.known.low <= FEVER:
        return False
    return before is None or before.known.low <= FEVER


def _is_rise(view: View, before: Reading, after: Reading) -> bool:
    if view.analyte.improvement != "decrease" or direction(before.known, after.known) != ROSE:
        return False
    places = view.places(before), view.places(after)
    usual = view.analyte.improvement, view.analyte.two_sided
    found = verdict(ROSE, *places, view.material(before, after), harmless_side(*usual))
    return heading(found, *places, *usual) == WORSE
