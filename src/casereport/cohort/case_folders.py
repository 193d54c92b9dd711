"""A patient of a cohort table as a case folder: what a report is built from, like any other case.

A table has measurements and treatments and nothing else; the folder says so and adds nothing.
"""

import csv
import io
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import yaml

from casereport.case.case import Case
from casereport.case.description import CaseMeta, Subject
from casereport.case.rows import Observation
from casereport.case.schema import TABLES
from casereport.cohort.patient_phases import BASELINE, baseline_label, phases_of
from casereport.cohort.patients import Part, case_name, vocabulary
from casereport.quantities.intervals import Interval, number

# An age over 89 may tell who a person is (45 CFR 164.514(b)(2)).
OLDEST = 89
_DUMPER = getattr(yaml, "CSafeDumper", yaml.SafeDumper)  # that of libyaml needs a tenth of the time
_NOTHING_SAID = CaseMeta.model_construct()  # to look up the defaults for each patient would cost more than all the rest
_LACKING = "whatever is not in a table of measurements and treatments: complaints, findings, images"


def case_files(part: Part, patient: str, about: str, day_zero: str, ends: str = "") -> dict[str, str]:
    """The files of the patient's case, name to text. `about` says what the cohort is, `day_zero` what its day 0 is,
    `ends` how the course ended, where the source tells.
    """
    rows = part.rows[part.rows["patient"] == patient]
    given = part.given[part.given["patient"] == patient]
    first = rows.iloc[0]
    simulated = bool((rows["evidence"] == "simulated").any())
    age = first["age_years"]
    subject = {"age_years": None if age != age else int(age), "sex": first["sex"] or None, "description": about}
    opened = [(p.phase, p.label) for p in phases_of(given).itertuples()]
    observed = [
        (number(r.day), r.analyte, r.text, r.unit, "", "", "", r.evidence, _locator(r.nth), "")
        for r in rows.itertuples()
    ]  # fmt: skip
    evidence = "simulated" if simulated else "measured"
    treated = [
        (r.start_day, r.end_day, r.intervention, r.dose, r.dose_unit, r.route, evidence,
         f"cohort table of treatments, row {i} of this patient", "")
        for i, r in enumerate(given.itertuples(), start=1)
    ]  # fmt: skip
    last = number(rows["day"].max())
    happened = [(last, "outcome", ends, "", evidence, "cohort table", "")] if ends else []
    return {
        "case.yaml": description(
            case_name(patient), subject, baseline_label(bool(opened)), opened, day_zero, _LACKING, simulated
        ),
        "observations.csv": table_text("observations.csv", observed),
        "interventions.csv": table_text("interventions.csv", treated),
        "events.csv": table_text("events.csv", happened),
        "narrative.md": narrative(about, simulated, len(given)),
    }


def write_case(files: dict[str, str], name: str, data: Path) -> Path:
    """Writes the files as the case `name` of the data directory `data`, and returns its folder."""
    folder = data / "cases" / name
    folder.mkdir(parents=True, exist_ok=True)
    for file, text in files.items():
        (folder / file).write_text(text, encoding="utf-8", newline="\n")
    return folder


def table_text(name: str, rows: Iterable[tuple]) -> str:
    """The content of a table of a case."""
    columns = [c for c in TABLES[name] if c != "phase"]
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows([columns, *rows])
    return out.getvalue()


def description(
    name: str, subject: dict[str, Any], before: str, opened: Iterable[tuple[str, str]], day_zero: str, lacking: str,
    simulated: bool = False,
) -> str:  # fmt: skip
    """The content of case.yaml: `subject` has the age, the sex and, in its description, what the cohort is; `before` is
    the label of the first phase, `opened` are the interventions that open the others, with the label of each; `lacking`
    says what the cohort does not report."""
    years = subject.get("age_years")
    if years is not None and years > OLDEST:
        subject = subject | {"age_years": None, "description": f"{subject['description']}; aged 90 or older"}
    phases = [{"id": phase, "label": label, "opened_by": phase} for phase, label in opened]
    content = {
        "id": name,
        "title": f"{'Simulated case' if simulated else 'Case'} report: one patient of a cohort ({name})",
        "keywords": ["cohort", "laboratory series", *(["simulated data"] if simulated else [])],
        "status": "draft",
        "citation": None,
        "subject": {"age_years": None, "sex": None, "weight_kg": None} | subject,
        "time_zero": day_zero,
        "last_day": None,
        "phases": [{"id": BASELINE, "label": before, "opened_by": None}, *phases],
        "consent": None,
        "not_reported": [lacking],
    }
    return yaml.dump(content, Dumper=_DUMPER, sort_keys=False, allow_unicode=True)


def narrative(about: str, simulated: bool, treatments: int) -> str:
    """The content of narrative.md, which says that no physician has read the course."""
    begin = "Simulated: there is no patient. " if simulated else ""
    given = (
        "The treatments are those of the table." if treatments else "The table records no treatment of this patient."
    )
    return (
        f"# Abstract\n{begin}Made by a program from one patient's rows of {about}; no physician has read the "
        f"course.\n\n# Therapeutic intervention\n{begin}{given}\n"
    )


def as_case(rows: Sequence[Any]) -> Case:
    """The case of one patient's rows of `Part.rows` with what checks of the measurements need, without its files:
    observations, subject and vocabulary, as `read_case` of `case_files` would have them.
    """
    age = rows[0].age_years
    subject = Subject.model_construct(sex=rows[0].sex or None, age_years=None if age != age else int(age))
    group = subject.reference_group
    observations = tuple(observation(row, group) for row in rows)
    meta = _NOTHING_SAID.model_copy(update={"subject": subject})
    return Case(meta, observations, (), (), (), (), "", {}, vocabulary(), {})


def observation(row: Any, group: str | None = None) -> Observation:
    """A row of `Part.rows`; `group` is whose usual reference range applies (`Subject.reference_group`)."""
    reference = vocabulary().analytes[row.analyte].reference_for(group)
    return Observation(
        line=row.nth + 1,  # the file has a header
        day=number(row.day),
        analyte=row.analyte,
        value=row.text,
        unit=row.unit,
        interpretation="",
        ref_low="",
        ref_high="",
        evidence=row.evidence,
        source=getattr(row, "derived", "") or _locator(row.nth),
        note="",
        phase="",
        when=Interval.exact(row.day),
        known=Interval(row.low, row.high, bool(row.low_open), bool(row.high_open)),
        numeric=True,
        reference=reference,
        ref_origin="" if reference is None else "default",
    )


def _locator(nth: int) -> str:
    return f"cohort table, row {nth} of this patient"
