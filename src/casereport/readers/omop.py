"""The OMOP common data model: the measurements of one person, from measurement.csv and concept.csv of a folder.

Both tables may be those of a whole warehouse: they are read row by row, and of the concepts only those are kept that
the person's measurements name.
"""

import csv
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from casereport.errors import BadInput, Problem
from casereport.files.tables import check_file
from casereport.readers.records import Feed, Record
from casereport.readers.wanted import Wanted

MEASUREMENTS = "MEASUREMENT_CONCEPT_ID"
CONCEPTS = "CONCEPT_CODE"
_LARGEST = 20 * 2**30
_SIGNS = {"4171756": "<", "4171754": "<=", "4172704": ">", "4171755": ">=", "4172703": "", "0": "", "": ""}
_FLAGS = {"4267416": "L", "4328749": "H", "4069590": "N", "45884084": "N", "45878745": "", "45876384": "L",
          "45876179": "H"}  # fmt: skip

_Row = dict[str, str]


class _Concept(NamedTuple):
    name: str
    vocabulary: str
    code: str


def is_measurements(columns: list[str]) -> bool:
    """True for the names of the columns, in capitals, of a table of measurements."""
    return {MEASUREMENTS, "PERSON_ID"} <= set(columns)


def read_omop(path: Path, wanted: Wanted) -> Feed:
    """The measurements of one person, from a folder or its measurement.csv; raises BadInput where a table is missing,
    or where there are several persons and none is chosen."""
    folder = path if path.is_dir() else path.parent
    measurements = _table(folder, "measurement") if path.is_dir() else path
    concepts = _table(folder, "concept")
    rows: list[_Row] = []
    persons: dict[str, None] = {}
    with _reader(measurements) as found:
        for row in found:
            persons[row.get("person_id", "")] = None
            if not wanted.patient and len(persons) > 1:
                expected = f"one patient; here are several ({', '.join(persons)}, ...): say which by --patient ID"
                raise BadInput([Problem(measurements.name, 0, "", "", expected)])
            if not wanted.patient or row.get("person_id") == wanted.patient:
                rows.append({k: row.get(k, "") for k in _READ})
    if wanted.patient and not rows:
        expected = "a person_id with measurements in this table"
        raise BadInput([Problem(measurements.name, 0, "--patient", wanted.patient, expected)])
    used = {row[k] for row in rows for k in _NAMED} - {"", "0"}
    known: dict[str, _Concept] = {}
    with _reader(concepts) as found:
        for row in found:
            if row.get("concept_id", "") in used:
                fields = (row.get(k, "") for k in ("concept_name", "vocabulary_id", "concept_code"))
                known[row["concept_id"]] = _Concept(*fields)
    return Feed("OMOP", "OMOP measurement", (_result(row, known) for row in rows))


_NAMED = ("measurement_concept_id", "measurement_source_concept_id", "unit_concept_id")
_READ = (
    *_NAMED, "measurement_id", "measurement_date", "measurement_datetime", "operator_concept_id", "value_as_number",
    "value_as_concept_id", "range_low", "range_high", "unit_source_value",
)  # fmt: skip


def _table(folder: Path, name: str) -> Path:
    found = [p for p in sorted(folder.iterdir()) if p.name.lower() in (f"{name}.csv", f"{name}.tsv", f"{name}.txt")]
    if not found:
        have = "measurement.csv and concept.csv of OMOP"
        raise BadInput([Problem(folder.name, 0, "", f"{name}.csv", f"a folder with {have}; this file is missing")])
    return found[0]


@contextmanager
def _reader(path: Path) -> Iterator[Iterator[_Row]]:
    """The rows of a table with its column names in small letters; those of Athena are parted by tabs, unquoted."""
    check_file(path, path.name, _LARGEST)
    with path.open(encoding="utf-8-sig", newline="", errors="replace") as file:
        mark = max("\t,;", key=(first := file.readline()).count)
        file.seek(0)
        header = [name.strip(' "\r\n').lower() for name in first.split(mark)]
        bare = mark == "\t" and '"' not in first
        reader = csv.reader(file, delimiter=mark, quoting=csv.QUOTE_NONE if bare else csv.QUOTE_MINIMAL)
        next(reader, None)
        try:
            yield (dict(zip(header, map(str.strip, row), strict=False)) for row in reader if row)
        except csv.Error as error:
            raise BadInput([Problem(path.name, reader.line_num, "", "", f"not a table: {error}")]) from None


def _result(row: _Row, known: dict[str, _Concept]) -> Record:
    own = [c for k in _NAMED[:2] if (c := known.get(row[k]))]
    codes = tuple(dict.fromkeys(c.code for c in own if c.vocabulary == "LOINC"))
    unit = known.get(row["unit_concept_id"])
    ucum = unit is not None and unit.vocabulary == "UCUM"
    record = Record(
        own[0].name if own else "", unit=unit.code if unit and ucum else row["unit_source_value"], codes=codes,
        low=row["range_low"], high=row["range_high"], flag=_FLAGS.get(row["value_as_concept_id"], ""),
        when=row["measurement_datetime"] or row["measurement_date"], id=row["measurement_id"], ucum=ucum,
    )  # fmt: skip
    if not row["value_as_number"]:
        return record
    sign = _SIGNS.get(row["operator_concept_id"])
    if sign is None:
        return record._replace(refused="a sign of comparison that is none of <, <=, >= and >")
    if not own:
        return record._replace(refused="no concept of OMOP's vocabularies")
    return record._replace(value=sign + row["value_as_number"])
