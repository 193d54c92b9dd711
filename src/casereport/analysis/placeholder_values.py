"""Named results: the one table that the placeholders of a narrative are filled from.

crp@-1            the value on a day, as the source prints it
crp.first.msc     the first, last, lowest or highest value in a phase (first, last, min, max)
crp.change.msc    the last value of the phase before, and of the phase
dose.ribavirin    the first dose of an intervention
subject.age_years
figure.timeline   a reference to a figure
table.changes     a reference to a table
"""

from typing import NamedTuple

from casereport.analysis.changes import contrasts
from casereport.analysis.figure_list import catalogue
from casereport.analysis.measurements import measurements
from casereport.case.case import Case
from casereport.case.narrative import ENDS, SUBJECT, TABLES
from casereport.case.settings import Settings
from casereport.quantities.intervals import parse
from casereport.quantities.wording import day_text, interval_text, value_text


class Value(NamedTuple):
    """What a placeholder stands for: its text, and where in the source it is from (or a figure's or table's id)."""

    text: str
    source: str


def named_values(case: Case, settings: Settings) -> dict[str, Value]:
    """Every name that a placeholder may use, with its text and source.

    The values do not depend on which analytes are shown: the prose of a case may name any of them.
    """
    everything = settings.model_copy(update={"analytes": ""})
    table = measurements(case, everything)
    named: dict[str, Value] = {}
    rows = table.to_dict("records")
    for analyte in dict.fromkeys(table["analyte"]):
        named |= _values_of(analyte, [row for row in rows if row["analyte"] == analyte], case)
    at = {(row["analyte"], row["when"], row["phase"]): row for row in rows}
    for change in contrasts(case, table).itertuples():
        before = value_text(at[change.analyte, change.before_day, change.phase_before], change.unit)
        after = value_text(at[change.analyte, change.after_day, change.phase], change.unit)
        text = f"from {before} ({day_text(change.before_day)}) to {after} ({day_text(change.after_day)})"
        named[f"{change.analyte}.change.{change.phase}"] = Value(text, "results/changes.csv")
    for row in case.interventions.itertuples():
        dose = parse(row.dose)
        if dose is not None and row.dose_unit:
            named.setdefault(f"dose.{row.intervention}", Value(interval_text(dose, row.dose_unit), row.source))
    for field in SUBJECT:
        value = getattr(case.meta.subject, field)
        named[f"subject.{field}"] = Value("not reported" if value is None else f"{value}", "case.yaml")
    for figure in catalogue(case, everything):
        named[f"figure.{figure}"] = Value(figure, "figure")
    for name in TABLES:
        named[f"table.{name}"] = Value(name, "table")
    return named


def _values_of(analyte: str, rows: list[dict], case: Case) -> dict[str, Value]:
    unit = case.vocabulary.analytes[analyte].unit
    named = {f"{analyte}@{row['when']}": Value(value_text(row, unit), row["source"]) for row in rows}
    for phase in (p.id for p in case.meta.phases):
        mine = [row for row in rows if row["phase"] == phase and row["known"] is not None]
        if mine:
            lowest = min(mine, key=lambda row: row["known"].low)
            highest = max(mine, key=lambda row: row["known"].high)
            for which, row in zip(ENDS, (mine[0], mine[-1], lowest, highest), strict=True):
                named[f"{analyte}.{which}.{phase}"] = Value(value_text(row, unit), row["source"])
    return named
