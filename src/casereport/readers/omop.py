"""The OMOP common data model: the measurements, drugs, procedures and conditions of one person, from the tables of a
folder.

They may be those of a whole warehouse: they are read row by row, and of the concepts only those are kept that the
person's records name.
"""

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from casereport.errors import BadInput, Problem
from casereport.files.tables import check_file
from casereport.readers.cells import NO_VALUE
from casereport.readers.courses import Course, Finding
from casereport.readers.csv_rows import check_length, csv_rows
from casereport.readers.person import Person
from casereport.readers.records import Feed, Record
from casereport.readers.study_days import Dated
from casereport.readers.wanted import Wanted

MEASUREMENTS = "MEASUREMENT_CONCEPT_ID"
CONCEPTS = "CONCEPT_CODE"
PERSON, CONCEPT = "person_id", "concept_id"
_LARGEST = 20 * 2**30
_SIGNS = {"4171756": "<", "4171754": "<=", "4172704": ">", "4171755": ">=", "4172703": "", "0": "", "": ""}
_FLAGS = {"4267416": "L", "4328749": "H", "4069590": "N", "45884084": "N", "45878745": "", "45876384": "L",
          "45876179": "H"}  # fmt: skip
_NO_NUMBER = ("", "NULL", "\\N", "NA", "NAN")
_SEXES = {"8507": "male", "8532": "female"}

_Row = dict[str, str]


class Concept(NamedTuple):
    name: str
    vocabulary: str
    code: str


def is_measurements(columns: list[str]) -> bool:
    """True for the names of the columns, in capitals, of a table of measurements."""
    return {MEASUREMENTS, "PERSON_ID"} <= set(columns)


def read_omop(path: Path, wanted: Wanted) -> Feed:
    """The records of one person, from a folder or its measurement.csv; raises BadInput where a table is missing, or
    where there are several persons and none is chosen."""
    tables = _tables(path)
    rows: dict[str, list[_Row]] = {name: [] for name in tables}
    persons: dict[str, None] = {}
    for name, table in tables.items():
        for row in table_rows(table):
            persons[row.get(PERSON, "")] = None
            if not wanted.patient and len(persons) > 1:
                expected = f"one patient; here are several ({', '.join(persons)}, ...): say which by --patient ID"
                raise BadInput([Problem(table.name, 0, "", "", expected)])
            if not wanted.patient or row.get(PERSON) == wanted.patient:
                rows[name].append({k: row.get(k, "") for k in READ[name]})
    if wanted.patient and not any(rows.values()):
        expected = f"a person_id with records in {', '.join(table.name for table in tables.values())}"
        raise BadInput([Problem(path.name, 0, "--patient", wanted.patient, expected)])
    return _feed(rows, _concepts(path, [rows]))


def omop_tables(folder: Path) -> dict[str, Path]:
    """The tables of a folder whose rows are of persons, and `concept`; empty for a folder that is none of OMOP's."""
    there = {name: table for name in (*READ, "concept", "person") if (table := _find(folder, name))}
    return there if "concept" in there and there.keys() & _TABLES.keys() else {}


def omop_persons(folder: Path) -> Iterator[Person]:
    """Each person of a folder of OMOP's tables, which are held in memory."""
    tables = omop_tables(folder)
    rows: dict[str, dict[str, list[_Row]]] = {}
    for name in tables.keys() - {"concept"}:
        for row in table_rows(tables[name]):
            own = rows.setdefault(row.get(PERSON, ""), {})
            own.setdefault(name, []).append({k: row.get(k, "") for k in READ[name]})
    known = _concepts(folder, rows.values())
    for person, own in sorted(rows.items()):
        yield _person(person, own, known)


def _person(person: str, own: dict[str, list[_Row]], known: dict[str, Concept]) -> Person:
    about = next(iter(own.get("person", [])), dict.fromkeys(READ["person"], ""))
    parts = [about[f"{part}_of_birth"].zfill(2) for part in ("year", "month", "day")]
    whole = about["birth_datetime"] or ("-".join(parts) if "00" not in parts else "")
    sex = _SEXES.get(about["gender_concept_id"], "")
    return Person(person, lambda wanted: [_feed(own, known)], sex, whole or about["year_of_birth"])


def _tables(path: Path) -> dict[str, Path]:
    there = {name: _find(path, name) for name in _TABLES if path.is_dir()}
    tables = {name: table for name, table in there.items() if table}
    return tables or {"measurement": _table(path, "measurement") if path.is_dir() else path}


def _feed(rows: dict[str, list[_Row]], known: dict[str, Concept]) -> Feed:
    records = (make(row, known) for name, make in _TABLES.items() for row in rows.get(name, []))
    return Feed("OMOP", "OMOP measurement", records)


def _concepts(path: Path, persons: Iterable[dict[str, list[_Row]]]) -> dict[str, Concept]:
    """The concepts that the rows of these persons name."""
    used = {
        cell for own in persons for rows in own.values() for row in rows for k, cell in row.items()
        if k.endswith(CONCEPT)
    } - {"", "0"}  # fmt: skip
    known: dict[str, Concept] = {}
    for row in table_rows(_table(path if path.is_dir() else path.parent, "concept")):
        if row.get("concept_id", "") in used:
            fields = (row.get(k, "") for k in ("concept_name", "vocabulary_id", "concept_code"))
            known[row["concept_id"]] = Concept(*fields)
    return known


_NAMED = ("measurement_concept_id", "measurement_source_concept_id", "unit_concept_id")
# the columns that are read of each table
READ = {
    "measurement": (
        *_NAMED, "measurement_id", "measurement_date", "measurement_datetime", "operator_concept_id",
        "value_as_number", "value_as_concept_id", "range_low", "range_high", "unit_source_value", "value_source_value",
    ),
    "drug_exposure": (
        "drug_exposure_id", "drug_concept_id", "drug_source_concept_id", "drug_exposure_start_date",
        "drug_exposure_start_datetime", "drug_exposure_end_date", "drug_exposure_end_datetime", "route_concept_id",
    ),
    "procedure_occurrence": (
        "procedure_occurrence_id", "procedure_concept_id", "procedure_source_concept_id", "procedure_date",
        "procedure_datetime", "procedure_end_date", "procedure_end_datetime",
    ),
    "condition_occurrence": (
        "condition_occurrence_id", "condition_concept_id", "condition_source_concept_id", "condition_start_date",
        "condition_start_datetime",
    ),
    "person": (
        "gender_concept_id", "year_of_birth", "month_of_birth", "day_of_birth", "birth_datetime",
    ),
}  # fmt: skip


def _find(folder: Path, name: str) -> Path | None:
    names = (f"{name}.csv", f"{name}.tsv", f"{name}.txt")
    return next((p for p in sorted(folder.iterdir()) if p.name.lower() in names), None)


def _table(folder: Path, name: str) -> Path:
    if (found := _find(folder, name)) is None:
        have = "measurement.csv (or drug_exposure.csv, ...) and concept.csv of OMOP"
        raise BadInput([Problem(folder.name, 0, "", f"{name}.csv", f"a folder with {have}; this file is missing")])
    return found


def table_rows(path: Path) -> Iterator[_Row]:
    """The rows of a table with its column names in small letters; those of Athena are parted by tabs, unquoted.

    Raises BadInput for a row that is none, or has more cells than the header.
    """
    check_file(path, path.name, _LARGEST)
    with path.open(encoding="utf-8-sig", newline="", errors="replace") as file:
        mark = max("\t,;", key=(first := file.readline()).count)
        file.seek(0)
        header = [name.strip(' "\r\n').lower() for name in first.split(mark)]
        bare = mark == "\t" and '"' not in first
        rows = csv_rows(file, mark, path.name, quoted=not bare)
        next(rows, None)
        for line, row in rows:
            check_length(row, len(header), mark, path.name, line)
            if row:
                yield dict(zip(header, map(str.strip, row), strict=False))


def _measurement(row: _Row, known: dict[str, Concept]) -> Record:
    own = [c for k in _NAMED[:2] if (c := known.get(row[k]))]
    codes = tuple(dict.fromkeys(c.code for c in own if c.vocabulary == "LOINC"))
    unit = known.get(row["unit_concept_id"])
    ucum = unit is not None and unit.vocabulary == "UCUM"
    record = Record(
        own[0].name if own else "", unit=unit.code if unit and ucum else row["unit_source_value"], codes=codes,
        low=row["range_low"], high=row["range_high"], flag=_FLAGS.get(row["value_as_concept_id"], ""),
        when=row["measurement_datetime"] or row["measurement_date"], id=row["measurement_id"], ucum=ucum,
    )  # fmt: skip
    if row["value_as_number"].upper() in _NO_NUMBER:
        if row["value_source_value"].casefold() in NO_VALUE or row["value_source_value"].upper() in _NO_NUMBER:
            return record
        return record._replace(refused="no number: its source has a text or a bound alone, in value_source_value")
    sign = _SIGNS.get(row["operator_concept_id"])
    if sign is None:
        return record._replace(refused="a comparator other than <, <=, >= and >")
    if not own:
        return record._replace(refused="no concept of OMOP's vocabularies")
    return record._replace(value=sign + row["value_as_number"])


def _course(row: _Row, known: dict[str, Concept], of: str, kind: str) -> Course:
    concepts = [c for k in (f"{of}_concept_id", f"{of}_source_concept_id") if (c := known.get(row[k]))]
    route = known.get(row.get("route_concept_id", ""))
    return Course(
        f"OMOP {kind}", tuple(c.name for c in concepts), tuple(c.code for c in concepts if c.vocabulary == "ATC"),
        route=route.name.lower() if route else "", id=f"{kind} {row[f'{kind}_id']}" if row[f"{kind}_id"] else "",
        refused="" if concepts else "no concept of OMOP's vocabularies",
    )  # fmt: skip


def _drug(row: _Row, known: dict[str, Concept]) -> Course:
    start = row["drug_exposure_start_datetime"] or row["drug_exposure_start_date"]
    # the end that a warehouse has may be that of the days of a supply; it says nothing of the last dose
    end = row["drug_exposure_end_datetime"] or row["drug_exposure_end_date"]
    note = "The end is that which the warehouse has, perhaps of a supply." if end else ""
    dated = Dated(start, end)
    return _course(row, known, "drug", "drug_exposure")._replace(dated=dated, note=note)


def _procedure(row: _Row, known: dict[str, Concept]) -> Course:
    start = row["procedure_datetime"] or row["procedure_date"]
    dated = Dated(start, row["procedure_end_datetime"] or row["procedure_end_date"] or start)
    return _course(row, known, "procedure", "procedure_occurrence")._replace(dated=dated)


def _condition(row: _Row, known: dict[str, Concept]) -> Finding:
    concept = known.get(row["condition_concept_id"]) or known.get(row["condition_source_concept_id"])
    known_as = row["condition_occurrence_id"]
    return Finding(
        "OMOP condition_occurrence", "diagnosis", concept.name if concept else "",
        dated=Dated(row["condition_start_datetime"] or row["condition_start_date"]),
        id=f"condition_occurrence {known_as}" if known_as else "",
        refused="" if concept else "no concept of OMOP's vocabularies",
    )  # fmt: skip


# what is made of the rows of each table
_TABLES: dict[str, Callable[[_Row, dict[str, Concept]], Record | Course | Finding]] = {
    "measurement": _measurement, "drug_exposure": _drug, "procedure_occurrence": _procedure,
    "condition_occurrence": _condition,
}  # fmt: skip
