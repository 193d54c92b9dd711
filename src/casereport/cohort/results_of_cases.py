"""The tables of the dataset, whichever way a case is analysed: all patients of a partition at once, one case by the
functions that the notebooks call, or from the report that the notebooks have made.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import chain
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from casereport.analysis import changes as comparing
from casereport.analysis import tables as of_case
from casereport.analysis import tidy
from casereport.analysis.base_rates_of_claims import base_rates_beside
from casereport.analysis.effect_tables import effect_tables
from casereport.analysis.events import event_table
from casereport.analysis.measurements import measurements
from casereport.analysis.result_files import load_table
from casereport.audit.claims import audit_claims
from casereport.audit.consistency import remarks
from casereport.audit.validation import read_case
from casereport.audit.verdicts import VERDICTS
from casereport.case import stored
from casereport.case.case import Case
from casereport.case.phases import windows
from casereport.cohort import effects as all_effects
from casereport.cohort.case_folders import as_case
from casereport.cohort.consistency_screen import suspects
from casereport.cohort.dataset import COUNTS, OF_CASES, OF_PATIENTS, PATIENTS, Tables, as_dataset
from casereport.cohort.observation_table import observation_table
from casereport.cohort.oxygenation_ratio import with_ratio
from casereport.cohort.patient_phases import phase_table
from casereport.cohort.patient_series import series_of
from casereport.cohort.patients import Part, case_name, told
from casereport.cohort.phase_changes import change_table
from casereport.errors import BadInput
from casereport.files.paths import as_given
from casereport.privacy.identifiers import masked
from casereport.report.summary import outcome

_TOGETHER = 20_000  # values of cases that are computed at once: more gain nothing, and take memory


def of_part(part: Part, ends: Mapping[str, str]) -> Tables:
    """The tables of a partition of a cohort table, all patients at once; those with a possible remark on consistency
    are then looked at one by one. `ends` tells how the course of a patient ended, where that is known.
    """
    part = replace(part, rows=with_ratio(part.rows))
    series = series_of(part)
    found = {
        "phases": phase_table(part.rows["patient"].unique(), part.given),
        "observations": observation_table(series),
        "changes": change_table(series),
        "effects": all_effects.effect_table(series),
        "consistency": _remarks(part.rows),
    }
    each = part.rows.assign(simulated=part.rows["evidence"].eq("simulated")).groupby("patient")
    about = each.agg(simulated=("simulated", "any"), sex=("sex", "first"))
    about = about.assign(case=about.index.map(case_name), outcome=[ends.get(p, "") for p in about.index])
    return _with_patients(found, about)


def _remarks(rows: pd.DataFrame) -> pd.DataFrame:
    suspicious: dict[str, list[Any]] = {}
    for row in rows[rows["patient"].isin(suspects(rows))].itertuples():
        suspicious.setdefault(str(row.patient), []).append(row)
    found = {patient: remarks(as_case(mine)) for patient, mine in sorted(suspicious.items())}
    patients = [patient for patient, told in found.items() for _ in told]
    return tidy.frame("consistency", chain.from_iterable(found.values())).assign(patient=patients)


class Found(NamedTuple):
    """What was found of some cases: their `tables`, all with the patient, and `about` each case what the table of the
    patients says besides."""

    tables: Tables
    about: list[dict[str, object]]


def together(found: Sequence[Found]) -> Tables:
    """The tables of the dataset of all these cases, one below the other."""
    about = pd.DataFrame([one for some in found for one in some.about]).set_index("patient")
    each = {name: [some.tables[name] for some in found if name in some.tables] for name in OF_CASES}
    return _with_patients({name: pd.concat(tables) for name, tables in each.items() if tables}, about)


def of_folders(folders: Iterable[tuple[str, Path]]) -> tuple[list[Found], list[tuple[str, str]]]:
    """What is found of some cases, each a patient and the folder or workbook; and who failed, each with the reason."""
    found: list[Found] = []
    failures: list[tuple[str, str]] = []
    waiting: dict[str, Case] = {}
    for patient, path in folders:
        try:
            waiting[patient] = read_case(as_given(path))
        except Exception as error:  # one case must not stop the others, whatever it is
            failures.append((patient, why(error)))
        if sum(len(case.observations) for case in waiting.values()) >= _TOGETHER:
            found += _computed(waiting, failures)
            waiting = {}
    return found + _computed(waiting, failures), failures


def _computed(cases: dict[str, Case], failures: list[tuple[str, str]]) -> list[Found]:
    """What is found of these cases together; where one of them fails, of each by itself, and the failures told."""
    if not cases:
        return []
    try:
        return [of_cases(cases)]
    except Exception as error:
        if len(cases) == 1:
            failures += [(patient, why(error)) for patient in cases]
            return []
    return [some for patient, case in cases.items() for some in _computed({patient: case}, failures)]


def why(error: Exception) -> str:
    """What is told of a case that failed."""
    return told(error.problems) if isinstance(error, BadInput) else masked(f"{type(error).__name__}: {error}")


def of_cases(cases: Mapping[str, Case]) -> Found:
    """What is found of some cases, by patient: as the functions find it that the notebooks call, of all together."""
    values, opened = list(map(measurements, cases.values())), list(map(windows, cases.values()))
    effects, of_effects = effect_tables(zip(values, [[w.id for w in own] for own in opened], strict=True))
    sides = list(map(comparing.sides, values, opened))
    phases, remarked = list(map(of_case.phase_rows, cases.values())), list(map(remarks, cases.values()))

    def named(table: pd.DataFrame, rows: Iterable[int]) -> pd.DataFrame:
        return table.assign(patient=np.repeat(np.array(list(cases), dtype=object), list(rows)))

    tables = {
        "phases": named(tidy.frame("phases", chain(*phases)), map(len, phases)),
        "observations": named(tidy.observation_table(chain(*values)), map(len, values)),
        "changes": named(tidy.change_table(comparing.compared(list(chain(*sides)))), map(len, sides)),
        "effects": named(effects, of_effects),
        "consistency": named(tidy.frame("consistency", chain(*remarked)), map(len, remarked)),
    }
    claiming = {patient: case for patient, case in cases.items() if case.claims}  # no case of a warehouse does
    if claiming:
        for name, told_of in (("audit", audit_claims), ("base_rates", base_rates_beside)):
            tables[name] = pd.concat(_of(patient, told_of(case)) for patient, case in claiming.items())
    # how it ended is told by events alone, and most patients of a warehouse have none
    ends = {patient: outcome(event_table(case))[0] for patient, case in cases.items() if case.events}
    about = [_about(patient, case, case.meta.id, ends.get(patient, "")) for patient, case in cases.items()]
    return Found(tables, about)


def of_report(patient: str, folder: Path) -> Found:
    """What is found of one case, from its report in `folder`."""
    found = {name: load_table(folder / "results" / f"{name}.csv", name) for name in ("events", *OF_CASES)}
    case = stored.from_json((folder / "results" / "case.json").read_text(encoding="utf-8"))
    ended, _ = outcome(found.pop("events"))
    tables = {name: _of(patient, table) for name, table in found.items()}
    return Found(tables, [_about(patient, case, folder.name, ended)])


def _about(patient: str, case: Case, called: str, ended: str) -> dict[str, object]:
    sex = case.meta.subject.sex or ""
    return {"patient": patient, "case": called, "simulated": case.simulated, "sex": sex, "outcome": ended}


def _of(patient: str, table: pd.DataFrame) -> pd.DataFrame:
    return table.assign(patient=patient)


def _with_patients(found: Tables, about: pd.DataFrame) -> Tables:
    """What was found as the dataset has it, and the table of the patients, with what each has of it.

    `about` has the patients as its index, and what the dataset says of them besides.
    """
    tables = as_dataset(found)
    values, changes, audit = tables["observations"].groupby("patient"), tables["changes"], tables["audit"]
    patients = about.assign(
        measurements=values.size(),
        analytes=values["analyte"].nunique(),
        first_day=values["day"].min(),
        last_day=values["day"].max(),
        phases=_rows_each(tables["phases"]),
        **{word: _rows_each(changes[changes["heading"] == word]) for word in ("better", "worse")},
        remarks=_rows_each(tables["consistency"]),
        **{c: _rows_each(audit[audit["verdict"] == v]) for c, v in zip(COUNTS, VERDICTS, strict=True)},
    )
    counted = [name for name, what in PATIENTS.items() if what.kind == "whole"]
    patients[counted] = patients[counted].fillna(0)
    return tables | as_dataset({OF_PATIENTS: patients.reset_index()}, [OF_PATIENTS])


def _rows_each(table: pd.DataFrame) -> pd.Series:
    return table["patient"].value_counts()
