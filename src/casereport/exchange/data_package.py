"""A case as tidy tables with their data dictionary: CSV files, and a `datapackage.json` of Frictionless Data Package 1.

The tables are those of the notebooks (docs/tables.md), with the same columns, types and words.
"""

import hashlib
from typing import Any

import pandas as pd

from casereport.analysis import tables
from casereport.analysis.column_kinds import Column
from casereport.analysis.result_files import csv_text
from casereport.analysis.table_columns import columns_of
from casereport.case.authors import Author
from casereport.case.case import Case
from casereport.exchange.exported import Exported, codes_of, not_held, without_code
from casereport.exchange.json_text import json_text
from casereport.exchange.notices import notices
from casereport.quantities.wording import counted_in

FILE = "datapackage.json"
_TYPES: dict[str, dict[str, Any]] = {
    "text": {"type": "string"},
    "number": {"type": "number"},
    "whole": {"type": "integer"},
    "yes/no": {"type": "boolean", "trueValues": ["True"], "falseValues": ["False"]},
}
_KEYS = {"statements": "line", "observations": "row", "phases": "phase", "interventions": "line"}
_WHAT = {
    "statements": "Each row of observations.csv as it is written and as it was understood",
    "observations": "What is known of each analyte and day, with its phase, range and position",
    "phases": "The phases of the case",
    "interventions": "Courses and doses",
    "events": "Symptoms, tests, images, transfers, outcomes, adverse events and history",
    "claims": "What the source asserts",
}


def data_package(case: Case, version: str) -> Exported:
    """The tables of a case and their `datapackage.json`."""
    with counted_in(case.meta.time_unit):
        found = _tables(case)
    files = {f"{name}.csv": csv_text(table) for name, table in found.items()}
    resources = [_resource(name, table, files[f"{name}.csv"], case) for name, table in found.items()]
    meta, citation = case.meta, case.meta.citation
    package: dict[str, Any] = {
        "profile": "tabular-data-package",
        "name": meta.id.lower(),
        "title": meta.title,
        "description": " ".join(_description(case)),
        "version": version,
        "keywords": meta.keywords,
    }
    if meta.authors:
        package["contributors"] = [_contributor(author) for author in meta.authors]
    if citation:
        path = {"path": f"https://doi.org/{citation.doi}"} if citation.doi else {}
        package["sources"] = [{"title": citation.reference, **path}]
    package["resources"] = resources
    return Exported({FILE: json_text(package) + "\n", **files}, [*without_code(case), *not_held(case, "claims")])


def _contributor(author: Author) -> dict[str, Any]:
    path = {"path": author.link} if author.link else {}
    works = {"organization": "; ".join(author.affiliations)} if author.affiliations else {}
    return {"title": author.name, "role": "author", **path, **works}


def _tables(case: Case) -> dict[str, pd.DataFrame]:
    phases = tables.phases(case)
    found = {
        "statements": tables.statements(case),
        "observations": tables.observations(case, phases),
        "phases": phases,
        "interventions": tables.interventions(case, phases),
        "events": tables.events(case, phases),
    }
    return found | ({"claims": tables.claims(case)} if case.claims else {})


def _description(case: Case) -> list[str]:
    simulated = ["A simulated case: no patient."] if case.simulated else []
    return [
        *simulated,
        f"Day 0 is {case.meta.time_zero}; no date is given. Time is counted in {case.meta.time_unit}.",
        "An interval has three columns, its lowest and highest value and which of the two belong to it.",
        "A text that a spreadsheet would run as a formula has an apostrophe before it.",
        *notices(*codes_of(case)),
    ]


def _resource(name: str, table: pd.DataFrame, text: str, case: Case) -> dict[str, Any]:
    raw = text.encode("utf-8")
    digest = f"sha256:{hashlib.sha256(raw).hexdigest()}"
    known = columns_of(name)
    fields = [_field(column, known[column], case) for column in table.columns]
    schema: dict[str, Any] = {"fields": fields, "missingValues": [""]}
    if name in _KEYS:
        schema["primaryKey"] = _KEYS[name]
    if name not in ("phases", "statements", "claims"):
        schema["foreignKeys"] = [{"fields": "phase", "reference": {"resource": "phases", "fields": "phase"}}]
    return {
        "profile": "tabular-data-resource", "name": name, "path": f"{name}.csv", "title": _WHAT[name], "format": "csv",
        "mediatype": "text/csv", "encoding": "utf-8", "bytes": len(raw), "hash": digest,
        "schema": schema,
    }  # fmt: skip


def _field(name: str, column: Column, case: Case) -> dict[str, Any]:
    unit = case.meta.time_unit if column.unit == "d" else column.unit
    said = f"{column.meaning} ({'unit: that of the analyte' if unit == 'unit' else unit})" if unit else column.meaning
    return {"name": name, **_TYPES[column.kind], "description": said}
