"""Named results: the one table that the placeholders of a narrative are filled from.

crp@-1            the value on a day, in the source's unit and in the digits of prose: 57 U/L, not 57.00
blood_pressure@-1 systolic over diastolic, of the same day and unit: 160/91 mmHg
crp.first.msc     the first, last, lowest or highest value in a phase (first, last, min, max)
crp.change.msc    the last value of the phase before, and of the phase
dose.ribavirin    the first dose of an intervention
subject.age_years
subject.age       with its unit, for a patient under two years: 7 months
figure.timeline   a reference to a figure
table.changes     a reference to a table
"""

from collections.abc import Sequence
from typing import NamedTuple

from casereport.analysis.figure_list import figure_ids
from casereport.analysis.measurements import Measurement, by_analyte, comparable, measurements, phase_pairs
from casereport.analysis.time_unit import in_its_time
from casereport.case.case import Case
from casereport.case.narrative import BLOOD_PRESSURE, ENDS, PRESSURES, SUBJECT, TABLES, unknown_placeholders
from casereport.errors import Problem
from casereport.quantities.intervals import parse
from casereport.quantities.units import behind
from casereport.quantities.wording import day_text, interval_text, prose_text, value_text


class Value(NamedTuple):
    """What a placeholder stands for: its text, and where in the source it is from (or a figure's or table's id)."""

    text: str
    source: str


@in_its_time
def named_values(case: Case, lag_days: int = 0, infusion_day: str = "before") -> dict[str, Value]:
    """Every name that a placeholder may use, with its text and source.

    The values do not depend on which analytes are shown: the prose of a case may name any of them.
    """
    table, phases = measurements(case, lag_days, infusion_day), [p.id for p in case.meta.phases]
    named: dict[str, Value] = {}
    for analyte, mine in by_analyte(table).items():
        named |= {f"{analyte}@{m.when}": Value(prose_text(value_text(m)), m.source) for m in mine}
        named |= _ends(analyte, mine, phases)
    named |= _pressures(table)
    for before, after in phase_pairs(comparable(table), phases):
        first, last = (f"{prose_text(value_text(m))} ({day_text(m.when)})" for m in (before[-1], after[-1]))
        name = f"{after[-1].analyte}.change.{after[-1].phase}"
        named[name] = Value(f"from {first} to {last}", "results/changes.csv")
    for row in case.interventions:
        dose = parse(row.dose)
        if dose is not None and row.dose_unit:
            named.setdefault(f"dose.{row.intervention}", Value(interval_text(dose, row.dose_unit), row.source))
    for field in SUBJECT[1:]:
        value = getattr(case.meta.subject, field)
        named[f"subject.{field}"] = Value("not reported" if value is None else f"{value}", "case.yaml")
    named["subject.age"] = Value(case.meta.subject.age_text or "not reported", "case.yaml")
    named |= {f"figure.{figure}": Value(figure, "figure") for figure in figure_ids(case, table)}
    return named | {f"table.{name}": Value(name, "table") for name in TABLES}


def _ends(analyte: str, mine: Sequence[Measurement], phases: Sequence[str]) -> dict[str, Value]:
    """The first, last, lowest and highest value of an analyte in each phase."""
    named = {}
    for phase in phases:
        here = [(m, m.known) for m in mine if m.phase == phase and m.known is not None]
        if here:
            lowest = min(here, key=lambda pair: pair[1].low)
            highest = max(here, key=lambda pair: pair[1].high)
            for which, (m, _) in zip(ENDS, (here[0], here[-1], lowest, highest), strict=True):
                named[f"{analyte}.{which}.{phase}"] = Value(prose_text(value_text(m)), m.source)
    return named


def _pressures(table: Sequence[Measurement]) -> dict[str, Value]:
    """Each systolic pressure with the diastolic one of its day, as clinicians write them."""
    exact = {(m.analyte, m.when): m for m in table if m.numeric and m.known is not None and m.known.is_exact}
    pairs = [
        (upper, lower)
        for (analyte, when), upper in exact.items()
        if analyte == PRESSURES[0] and (lower := exact.get((PRESSURES[1], when))) and lower.unit == upper.unit
    ]
    return {
        f"{BLOOD_PRESSURE}@{upper.when}": Value(
            f"{prose_text(value_text(upper).removesuffix(behind(upper.unit)))}/{prose_text(value_text(lower))}",
            "; ".join(dict.fromkeys([upper.source, lower.source])),
        )
        for upper, lower in pairs
    }


def placeholder_problems(case: Case, lag_days: int = 0, infusion_day: str = "before") -> list[Problem]:
    """The placeholders of the narrative that no result answers, each with its line and the nearest name."""
    if not any("{{" in line for _, line in case.prose):
        return []
    return unknown_placeholders(case.prose, case.prose_name, named_values(case, lag_days, infusion_day))
