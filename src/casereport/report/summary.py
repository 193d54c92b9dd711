"""A case in a few lines: who, what was found, what was given and how it ended, and how much of it is measured."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import pandas as pd

from casereport.analysis.measurements import Measurement
from casereport.analysis.tidy import gathered, whole_course
from casereport.analysis.time_unit import in_its_time
from casereport.audit.claims import verdict_counts
from casereport.case.case import Case
from casereport.case.schema import EVIDENCE
from casereport.case.settings import Settings, make_settings
from casereport.quantities.intervals import Interval, order_of, parse
from casereport.quantities.vocabulary import OUTCOMES
from casereport.quantities.wording import (
    ORDERED,
    counted,
    dated,
    day_cell,
    day_text,
    in_turn,
    interval_text,
    listed,
    other_day,
    printed_text,
    time_unit,
    uncapital,
)

if TYPE_CHECKING:
    from casereport.report.kept import Results

NOT_REPORTED = "not reported"
_WITHOUT_DOSE = ("Procedure", "Rehabilitation", "Organ support", "Respiratory support")
_ENDS = ("outcome", "transfer")
_CHOICES = {
    "lag_days": "phases begin {} after the first dose",
    "infusion_day": "samples of the day of a dose count as drawn {} it",
    "window_days": "the last value before a dose counts if it is at most {} old",
    "confidence": "intervals are of {} confidence",
}


@in_its_time
def facts(case: Case, tables: Mapping[str, pd.DataFrame]) -> dict[str, object]:
    """`who`, `description`, `diagnosis`, `treatment` (name, and dose with days) and `outcome` of a case.

    The outcome is the last that the source tells of how it went or where the patient went to; without one, the last
    values of what the case measures as an outcome. `tables` are those of the case by their names.
    """
    events = tables["events"]
    told, day = outcome(events)
    when = ", ".join(filter(None, (day_text(day), other_day(day))))
    # who says better or worse judges: that is the source's word, and not the report's
    judged = events.loc[events["told"].isin(told.split("; ")) & events["kind"].isin(_ENDS), "interpretation"]
    told += ", as the source states" if judged.isin(["B", "W"]).any() else ""
    return {
        "who": who(case),
        "description": case.meta.subject.description,
        "diagnosis": _diagnosis(events),
        "treatment": _treatment(tables["interventions"], tables["phases"]),
        "outcome": f"{told} ({when})" if told else _measured_outcome(tables["observations"]) or NOT_REPORTED,
    }


def who(case: Case) -> str:
    """The subject by age and sex, a child called one: `65-year-old man`, `Female patient, age not reported`."""
    subject = case.meta.subject
    words = {"female": "girl", "male": "boy"} if subject.is_child else {"female": "woman", "male": "man"}
    if subject.age is None:  # who may be a child is not called a woman
        return f"{subject.sex.capitalize()} patient, age not reported" if subject.sex else "Age and sex not reported"
    number, unit = subject.age
    return f"{number}-{unit}-old {words.get(subject.sex or '', 'patient, sex not reported')}"


def _treatment(interventions: pd.DataFrame, phases: pd.DataFrame) -> list[tuple[str, str]]:
    """What opens a phase, each with the dose and the days on which the source says that it was given."""
    found = []
    for name in dict.fromkeys(name for name in phases["opened_by"] if name):
        rows = interventions[interventions["intervention"] == name].to_dict("records")
        lacks = "" if rows[0]["class"] in _WITHOUT_DOSE else "dose not reported"
        rows.sort(key=lambda row: order_of(_days_of(row)))
        doses = list(dict.fromkeys(_dose(row) for row in rows if row["dose"]))
        if len(doses) > 1:  # each with its own days
            by_dose: dict[str, list[dict]] = {}
            for row in rows:
                by_dose.setdefault(_dose(row) if row["dose"] else lacks or "no dose", []).append(row)
            told = "; ".join(f"{dose}, {_days(mine)}" for dose, mine in by_dose.items())
        else:
            told = "; ".join(filter(None, (doses[0] if doses else lacks, _days(rows))))
        found.append((rows[0]["label"], told))
    return found


def _days(rows: Sequence[dict]) -> str:
    """The days on which something was given, a day with its evidence where the source does not give it."""
    known: dict[Interval, set[str]] = {}
    for row in rows:
        if day := _days_of(row):
            known.setdefault(day, set()).add("" if row["dose"] else _hedge(row))  # of a dose it stands with that
    days = sorted(known, key=order_of)
    hedges = {day: min(said) for day, said in known.items()}  # nothing to add where one row is the source's own
    if len(days) > 2 and all(day.is_exact and not hedges[day] and not other_day(day) for day in days):
        return f"{time_unit()} {listed([day_cell(day) for day in days])}"
    return listed([dated(day) + hedges[day] for day in days]) or day_text(None)


def _hedge(row: dict) -> str:
    return f" ({row['evidence']})" if row["evidence"] in ("inferred", "secondary") else ""


def _days_of(row: dict) -> Interval | None:
    return whole_course(row) or gathered(row, "start_", "start")


def _dose(row: dict) -> str:
    """A dose with its unit, and its evidence where the source does not give it: `1 ×10⁶ cells/kg (secondary)`."""
    text = interval_text(known_dose, row["dose_unit"]) if (known_dose := parse(row["dose"])) else ""
    return text + _hedge(row)


def _measured_outcome(observations: pd.DataFrame) -> str:
    """The last value of each outcome that the case measures: `Responses made with the switch: 67.1 % (session 18)`."""
    rows = observations[(observations["group"] == OUTCOMES) & observations["numeric"]].dropna(subset="day")
    last = rows.sort_values("day", kind="stable").groupby("analyte", sort=False).tail(1)
    return "; ".join(
        f"{row.label}: {printed_text(row.printed)} ({day_text(Interval.exact(row.day))})" for row in last.itertuples()
    )


@in_its_time
def covers(case: Case, results: "Results") -> list[str]:
    """What of a case its report covers, and by which choices other than the usual: a sentence for each of the two."""
    parameters, all_of = results.parameters, results["observations"]["analyte"]
    asked = make_settings({"analytes": parameters.get("analytes", "")}).analyte_ids
    mine, every = len(set(all_of) & set(asked) if asked else set(all_of)), all_of.nunique()
    found = [f"This report covers {mine} of {counted(every, 'analyte')}, chosen by the parameter analytes"]
    chosen = [text.format(_shown(value)) for name, text in _CHOICES.items() if (value := _other(parameters, name))]
    other = [f"Chosen otherwise than usual: {listed(chosen)}"] if chosen else []
    return [*(found if mine < every else []), *other]


def _other(parameters: Mapping[str, object], name: str) -> object:
    """A parameter that is not at its default; None where it is."""
    value, usual = parameters.get(name), getattr(Settings(), name)
    return None if value in (None, usual) else value


def _shown(value: object) -> str:
    if isinstance(value, int):
        return f"{value} {time_unit(value)}"
    return f"{100 * value:g}%" if isinstance(value, float) else str(value)


def _diagnosis(events: pd.DataFrame) -> str:
    """The diagnoses that the source states last: an earlier list is superseded by it."""
    rows = events[events["kind"] == "diagnosis"]
    told = rows[rows["day_high"] == rows["day_high"].max()]["told"].to_list()
    return "; ".join(in_turn(told)) or NOT_REPORTED


def outcome(events: pd.DataFrame) -> tuple[str, Interval | None]:
    """How a case ended, by its table of events, and the day; empty and None where the source tells nothing."""
    rows = events[events["kind"].isin(_ENDS)]
    dated = rows.dropna(subset="day")
    last = dated[dated["day"] == dated["day"].max()] if len(dated) else rows.tail(1)
    if last.empty:
        return "", None
    told = [*dict.fromkeys(last["told"])]
    return "; ".join(in_turn(told)), gathered(last.to_dict("records")[0], "day_", "day")


def known(case: Case, table: Sequence[Measurement]) -> str:
    """How much of a case is measured, and how much is only said: `225 measured values of 29 analytes; ...`.

    An analyte that is the only one is named.
    """
    # a value that the text repeats from a table was measured once
    numeric = [m for m in table if m.numeric]
    words = Counter(row.evidence for row in case.observations if not row.numeric)
    kind = "simulated" if case.simulated else "measured"
    labels = {m.analyte: m.label for m in numeric}
    analytes = counted(len(labels), "analyte") if len(labels) > 1 else "".join(map(uncapital, labels.values()))
    parts = [f"{counted(len(numeric), f'{kind} value')} of {analytes}" if numeric else f"No {kind} value"]
    return "; ".join([*parts, *(f"{counted(words[e], 'statement')} in words ({e})" for e in EVIDENCE if words[e])])


def verdicts(audit: pd.DataFrame) -> list[tuple[str, int]]:
    """How many clinical claims of the table `audit` have each verdict, those without any left out."""
    return [(verdict, n) for verdict, n in verdict_counts(audit).items() if n]


def only_in_words(observations: Sequence[Measurement], phase: str) -> list[str]:
    """What is said in a phase of the analytes without a number: `lymphocyte count higher than before (day 1)`."""
    numbers = {m.analyte for m in observations if m.numeric}
    said: dict[str, list[str]] = {}
    for m in observations:
        if m.phase == phase and m.analyte not in numbers and m.evidence != "inferred" and m.interpretation in ORDERED:
            said.setdefault(m.label, []).append(f"{ORDERED[m.interpretation]} ({day_text(m.when)})")
    return [f"{uncapital(label)} {', '.join(words)}" for label, words in said.items()]
