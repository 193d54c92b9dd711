"""A patient of a cohort table as a case folder: what a report is built from, like any other case.

A table has measurements and treatments and nothing else; the folder says so and adds nothing.
"""

import csv
import io
from collections.abc import Iterable
from pathlib import Path

import pandas as pd
import yaml

from casereport.case.case import Case
from casereport.case.description import CaseMeta, Subject
from casereport.case.schema import TABLES
from casereport.cohort.patients import Part, case_name, phases_of, vocabulary
from casereport.quantities.intervals import Interval, number
from casereport.quantities.wording import listed

# An age over 89 may tell who a person is (45 CFR 164.514(b)(2)).
OLDEST = 89


def case_files(part: Part, patient: str, about: str, day_zero: str, ends: str = "") -> dict[str, str]:
    """The files of the patient's case, name to text. `about` says what the cohort is, `day_zero` what its day 0 is,
    `ends` how the course ended, where the source tells.
    """
    rows = part.rows[part.rows["patient"] == patient]
    given = part.given[part.given["patient"] == patient]
    first = rows.iloc[0]
    simulated = bool((rows["evidence"] == "simulated").any())
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
        "case.yaml": _case_yaml(case_name(patient), first, phases_of(given), about, day_zero, simulated),
        "observations.csv": _table("observations.csv", observed),
        "interventions.csv": _table("interventions.csv", treated),
        "events.csv": _table("events.csv", happened),
        "narrative.md": _narrative(about, simulated, len(given)),
    }


def write_case(files: dict[str, str], name: str, data: Path) -> Path:
    """Writes the files as the case `name` of the data directory `data`, and returns its folder."""
    folder = data / "cases" / name
    folder.mkdir(parents=True, exist_ok=True)
    for file, text in files.items():
        (folder / file).write_text(text, encoding="utf-8", newline="\n")
    return folder


def _table(name: str, rows: Iterable[tuple]) -> str:
    columns = [c for c in TABLES[name] if c != "phase"]
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows([columns, *rows])
    return out.getvalue()


def _case_yaml(name: str, first: pd.Series, phases: pd.DataFrame, about: str, day_zero: str, simulated: bool) -> str:
    labels = {i: v.label for i, v in vocabulary().interventions.items()}
    age = first["age_years"]
    old = age == age and age > OLDEST
    untreated = "No treatment recorded" if not len(phases) else "Before the first recorded treatment"
    opened = [
        {"id": p.phase, "label": _label([labels[i] for i in p.together]), "opened_by": p.opened_by}
        for p in phases.itertuples()
    ]
    content = {
        "id": name,
        "title": f"{'Simulated case' if simulated else 'Case'} report: one patient of a cohort ({name})",
        "keywords": ["cohort", "laboratory series", *(["simulated data"] if simulated else [])],
        "status": "draft",
        "citation": None,
        "subject": {
            "age_years": None if age != age or old else int(age),
            "sex": first["sex"] or None,
            "weight_kg": None,
            "description": f"{about}; aged 90 or older" if old else about,
        },
        "time_zero": day_zero,
        "last_day": None,
        "phases": [{"id": "baseline", "label": untreated, "opened_by": None}, *opened],
        "consent": None,
        "not_reported": ["whatever is not in a table of measurements and treatments: complaints, findings, images"],
    }
    return yaml.safe_dump(content, sort_keys=False, allow_unicode=True)


def _label(labels: list[str]) -> str:
    joined = listed(labels)
    return joined if len(joined) <= 60 else f"{labels[0][:40]} and {len(labels) - 1} more"


def _narrative(about: str, simulated: bool, treatments: int) -> str:
    begin = "Simulated: there is no patient. " if simulated else ""
    given = (
        "The treatments are those of the table." if treatments else "The table records no treatment of this patient."
    )
    return (
        f"# Abstract\n{begin}Made by a program from one patient's rows of {about}; no physician has read the "
        f"course.\n\n# Therapeutic intervention\n{begin}{given}\n"
    )


def as_case(part: Part, patient: str) -> Case:
    """The patient's case with what checks of the measurements need, put together without its files: observations,
    subject and vocabulary, as `load_case` of `case_files` would have them.
    """
    rows = part.rows[part.rows["patient"] == patient]
    age = rows["age_years"].iloc[0]
    subject = Subject.model_construct(sex=rows["sex"].iloc[0] or None, age_years=None if age != age else int(age))
    analytes = vocabulary().analytes
    table = rows[["analyte", "unit", "evidence"]].assign(
        day=[number(d) for d in rows["day"]], value=rows["text"], interpretation="", ref_low="", ref_high="", note="",
        phase="", numeric=True, ref_origin="default", source=_sources(rows),
    )  # fmt: skip
    table["when"] = [Interval.exact(d) for d in rows["day"]]
    ends = zip(rows["low"], rows["high"], rows["low_open"], rows["high_open"], strict=True)
    table["known"] = [Interval(a, b, bool(c), bool(d)) for a, b, c, d in ends]
    table["reference"] = [analytes[a].reference_for(subject.reference_group) for a in rows["analyte"]]
    table.index = pd.Index(rows["nth"] + 1, name="line")  # the line in the file, which has a header
    meta = CaseMeta.model_construct(subject=subject)
    none = pd.DataFrame()
    return Case(meta, table, none, none, none, {}, vocabulary(), {})


def _sources(rows: pd.DataFrame) -> list[str]:
    derived = rows["derived"] if "derived" in rows else [""] * len(rows)
    return [how or _locator(nth) for how, nth in zip(derived, rows["nth"], strict=True)]


def _locator(nth: int) -> str:
    return f"cohort table, row {nth} of this patient"
