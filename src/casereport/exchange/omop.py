"""A case as tables of the OMOP common data model 5.4 in CSV, for whoever pools cases; our own importer reads them.

The model wants dates and concepts. Day 0 is 1970-01-01 there, which is nobody's date, and only what is known to the day
is written. OHDSI's concept ids are not ours to give: `*_concept_id` is 0 (no matching concept), and
`*_source_concept_id` leads to a row of concept.csv with an id of this file alone (above 2,000,000,000) and the code of
LOINC, UCUM or ATC, by which a warehouse finds its own. What is lost stands in lost.csv.
"""

import csv
import datetime as dt
import io
import math

from casereport.case.case import Case
from casereport.case.rows import Event, Observation, Treatment
from casereport.case.schema import EVENT_INTERPRETATIONS, INTERPRETATIONS
from casereport.errors import BadInput, Problem
from casereport.exchange.exported import Exported, not_held, without_code
from casereport.exchange.fhir_rows import is_given
from casereport.exchange.lost import Lost, lost_pictures, with_losses
from casereport.exchange.omop_columns import COLUMNS, LONGEST
from casereport.quantities.intervals import Interval

ZERO = dt.date(1970, 1, 1)
_LOCAL = 2_000_000_000
_SEX = {"male": "8507", "female": "8532"}
_OPERATORS = {"<": "4171756", "<=": "4171754", ">": "4172704", ">=": "4171755", "": "4172703"}
_POSITIONS = {"L": "4267416", "N": "4069590", "H": "4328749"}
_VERSION = "756265"  # OMOP CDM Version 5.4.0
_CONDITIONS = frozenset({"diagnosis", "history", "symptom", "sign", "adverse_event"})
_ATC_CLASSES = {1: "ATC 1st", 3: "ATC 2nd", 4: "ATC 3rd", 5: "ATC 4th", 7: "ATC 5th"}
_WORDS = {**INTERPRETATIONS, **EVENT_INTERPRETATIONS}
_NO_DAY = "its day is not known to the day, and OMOP has dates alone"
_NO_END = "its end is not known to the day: the first day stands there, and verbatim_end_date is empty"
Row = dict[str, str]


def omop(case: Case, version: str) -> Exported:
    """The tables of a case; raises BadInput for a case that counts in sessions, which have no dates."""
    if case.meta.time_unit == "sessions":
        expected = "a case that counts in days or hours: OMOP has dates alone, and a session has none"
        raise BadInput([Problem(f"cases/{case.meta.id}/case.yaml", 0, "time_unit", "sessions", expected)])
    tables = _Tables(case)
    for seen in case.observations:
        if not seen.source.startswith("derived from "):
            tables.measurement(seen)
    for given in case.interventions:
        tables.treatment(given)
    for what in case.events:
        tables.event(what)
    tables.frame(version)
    said = [*without_code(case), *_said(case), *not_held(case, "pictures")]
    files = {f"{name}.csv": _csv(name, rows) for name, rows in tables.rows.items() if rows}
    return with_losses(files, [*tables.lost, *lost_pictures(case)], said)


def _said(case: Case) -> list[str]:
    age = [] if case.meta.subject.age else ["the age is not known, and year_of_birth, which OMOP wants, is empty"]
    return [
        *(["a simulated case: no patient"] if case.simulated else []),
        "1970-01-01 stands for day 0 and is no date of the patient's",
        "concept ids above 2,000,000,000 are of this folder alone; map by vocabulary_id and concept_code",
        "evidence, source and note of a row have no field in OMOP; the id of a row is its line in the case's table",
        *age,
    ]


class _Tables:
    """The tables as they fill."""

    def __init__(self, case: Case) -> None:
        self.case = case
        self.rows: dict[str, list[Row]] = {name: [] for name in COLUMNS}
        self.lost: list[Lost] = []
        self._concepts: dict[tuple[str, str, str], str] = {}
        self._named: dict[str, Row] = {}

    def measurement(self, row: Observation) -> None:
        analyte = self.case.vocabulary.analytes[row.analyte]
        printed = " ".join(filter(None, (row.value or _WORDS.get(row.interpretation, ""), row.unit)))
        told = f"{analyte.label}: {printed}, day {row.day}"
        if (when := self._when(row.when)) is None:
            self._lose("observations.csv", row.line, told, _NO_DAY)
            return
        value: Row = {"operator_concept_id": "", "value_as_number": ""}
        if ".." in row.value:
            self._lose("observations.csv", row.line, told, "a range has no number; it stands in value_source_value")
        elif row.value:
            number = row.value.lstrip("<>= ")
            value = {"operator_concept_id": _OPERATORS[row.value[: -len(number)].strip()], "value_as_number": number}
        if row.interpretation and row.interpretation not in _POSITIONS:
            reason = "OMOP has no value for what is said of it in words, which stand in value_source_value"
            self._lose("observations.csv", row.line, told, reason)
        limits = {}
        for name, limit in (("range_low", row.ref_low), ("range_high", row.ref_high)):
            if limit[:1] in ("<", ">"):
                reason = "a limit that lies outside of its range has no field"
                self._lose("observations.csv", row.line, f"{told}, range {limit}", reason)
            else:
                limits[name] = limit
        code = self._concept(analyte.loinc, "LOINC", analyte.label, "Measurement", "Lab Test")
        unit = self._concept(row.unit, "UCUM", row.unit, "Unit", "Unit")
        self._add(
            "measurement", row.line, measurement_date=when[0], measurement_datetime=when[1], measurement_concept_id="0",
            measurement_type_concept_id="0", unit_concept_id=unit, unit_source_concept_id=unit,
            value_as_concept_id=_POSITIONS.get(row.interpretation, "0"),
            measurement_source_value=self._short(analyte.loinc or analyte.label, "observations.csv", row.line),
            measurement_source_concept_id=code, unit_source_value=row.unit,
            value_source_value=self._short(printed, "observations.csv", row.line), **value, **limits,
        )  # fmt: skip

    def treatment(self, row: Treatment) -> None:
        what = self.case.vocabulary.interventions[row.intervention]
        dose = " ".join(filter(None, (row.dose, row.dose_unit)))
        told = " ".join(filter(None, (what.label, dose, f"days {row.start_day or '?'} to {row.end_day or '?'}")))
        if (start := self._when(row.start)) is None:
            self._lose("interventions.csv", row.line, told, _NO_DAY)
            return
        end = self._when(row.end)
        name = self._short(what.label, "interventions.csv", row.line)
        if not is_given(what):
            if end is None:
                self._lose("interventions.csv", row.line, told, "its end is not known to the day, and is empty")
            if dose or row.route:
                self._lose("interventions.csv", row.line, told, "a procedure has no dose and no route")
            ended = {"procedure_end_date": end[0], "procedure_end_datetime": end[1]} if end else {}
            self._add(
                "procedure_occurrence", row.line, procedure_concept_id="0", procedure_date=start[0],
                procedure_datetime=start[1], procedure_type_concept_id="0", procedure_source_value=name,
                procedure_source_concept_id="0", **ended,
            )  # fmt: skip
            return
        if end is None:
            self._lose("interventions.csv", row.line, told, _NO_END)
        last = end or start
        drug = self._concept(what.atc, "ATC", what.label, "Drug", _ATC_CLASSES.get(len(what.atc), ""))
        self._add(
            "drug_exposure", row.line, drug_concept_id="0", drug_exposure_start_date=start[0],
            drug_exposure_start_datetime=start[1], drug_exposure_end_date=last[0], drug_exposure_end_datetime=last[1],
            verbatim_end_date=end[0] if end else "", drug_type_concept_id="0", sig=dose, route_source_value=row.route,
            drug_source_value=name, drug_source_concept_id=drug, dose_unit_source_value=row.dose_unit,
        )  # fmt: skip

    def event(self, row: Event) -> None:
        words = _WORDS.get(row.interpretation, "").partition(";")[0]
        told = f"{row.kind}: {row.finding}{f' ({words})' if words else ''}, day {row.day or '?'}"
        if (when := self._when(row.when)) is None:
            self._lose("events.csv", row.line, told, _NO_DAY)
            return
        name = self._short(row.finding, "events.csv", row.line)
        if row.kind in _CONDITIONS and row.interpretation in ("", "POS"):
            self._add(
                "condition_occurrence", row.line, condition_concept_id="0", condition_start_date=when[0],
                condition_start_datetime=when[1], condition_type_concept_id="0", condition_source_value=name,
                condition_source_concept_id="0", condition_status_source_value=row.kind,
            )  # fmt: skip
            return
        self._add(
            "observation", row.line, observation_concept_id="0", observation_date=when[0], observation_datetime=when[1],
            observation_type_concept_id="0", value_as_string=words, observation_source_value=name,
            observation_source_concept_id="0", qualifier_source_value=row.kind, value_source_value=row.interpretation,
        )  # fmt: skip

    def frame(self, version: str) -> None:
        """The person, what the days span, and whose the tables are."""
        meta = self.case.meta
        age = {"year": 365.25, "month": 30.44, "week": 7, "day": 1}
        born = ""
        if meta.subject.age:
            number, unit = meta.subject.age
            # of a whole number of years on 1970-01-01, nearly everyone was born the year before that many years
            born = str(1969 - number) if unit == "year" else str((ZERO - dt.timedelta(number * age[unit])).year)
        self._add(
            "person", 1, gender_concept_id=_SEX.get(meta.subject.sex or "", "0"), year_of_birth=born,
            race_concept_id="0", ethnicity_concept_id="0", person_source_value=meta.id[:LONGEST],
            gender_source_value=meta.subject.sex or "",
        )  # fmt: skip
        dates = sorted(
            v for rows in self.rows.values() for r in rows for k, v in r.items() if k.endswith("_date") and v
        )
        if dates:
            self._add(
                "observation_period", 1, observation_period_start_date=dates[0], observation_period_end_date=dates[-1],
                period_type_concept_id="0",
            )  # fmt: skip
        for (vocabulary, code, _), local in self._concepts.items():
            self.rows["concept"].append(self._named[local] | {"vocabulary_id": vocabulary, "concept_code": code})
        year = meta.citation.year if meta.citation else ZERO.year
        self.rows["cdm_source"].append(
            {
                "cdm_source_name": meta.title[:255], "cdm_source_abbreviation": meta.id[:25],
                "cdm_holder": f"casereport {version}", "source_description": "; ".join(_said(self.case)),
                "source_documentation_reference": (meta.citation.doi or "") if meta.citation else "",
                "source_release_date": f"{year:04d}-01-01", "cdm_release_date": f"{year:04d}-01-01",
                "cdm_version": "5.4", "cdm_version_concept_id": _VERSION, "vocabulary_version": "none",
            }
        )  # fmt: skip

    def _when(self, day: Interval | None) -> tuple[str, str] | None:
        """The date and the time of a study day that is known exactly; the time is empty for a whole day."""
        if day is None or not day.is_exact:
            return None
        days = day.low / 24 if self.case.meta.time_unit == "hours" else day.low
        date = (ZERO + dt.timedelta(math.floor(days))).isoformat()
        if days == math.floor(days) and self.case.meta.time_unit == "days":
            return date, ""
        moment = dt.datetime.combine(ZERO, dt.time()) + dt.timedelta(days=days)
        return date, moment.isoformat(sep=" ", timespec="seconds")

    def _concept(self, code: str, vocabulary: str, name: str, domain: str, kind: str) -> str:
        """The id of a code in concept.csv; 0 for none."""
        if not code:
            return "0"
        if (vocabulary, code, name) not in self._concepts:  # two names may share a code
            self._concepts[vocabulary, code, name] = local = str(_LOCAL + len(self._concepts) + 1)
            self._named[local] = {
                "concept_id": local, "concept_name": name, "domain_id": domain, "concept_class_id": kind,
                "valid_start_date": ZERO.isoformat(), "valid_end_date": "2099-12-31",
            }  # fmt: skip
        return self._concepts[vocabulary, code, name]

    def _short(self, text: str, table: str, line: int) -> str:
        """A source value, which OMOP cuts; what is cut is told."""
        if len(text) <= LONGEST:
            return text
        self._lose(table, line, text, f"a source value of more than {LONGEST} characters is cut")
        return text[: LONGEST - 1] + "…"

    def _add(self, table: str, line: int, **cells: str) -> None:
        key = COLUMNS[table].split()[0]
        self.rows[table].append({key: str(line), "person_id": "1", **cells})

    def _lose(self, table: str, line: int, what: str, reason: str) -> None:
        self.lost.append(Lost(table, line, what, reason))


def _csv(table: str, rows: list[Row]) -> str:
    text = io.StringIO()
    writer = csv.DictWriter(text, COLUMNS[table].split(), restval="", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()
