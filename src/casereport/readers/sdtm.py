"""CDISC SDTM: laboratory (LB), vital signs (VS), treatments (EX, CM) and events (AE, DS, DM) of one subject, as
Dataset-JSON, XPT version 5 or CSV; the tables of treatments and events are in `sdtm_courses`.

SDTM has no day 0: its day 1 is the reference date and the day before it is -1, so a positive day is counted one lower
here, and day 0 of the case is the subject's reference date.
"""

import csv
import json
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from casereport.errors import BadInput, Problem
from casereport.files.tables import check_file
from casereport.readers.cells import NotTaken
from casereport.readers.records import Feed, Record
from casereport.readers.sdtm_courses import COURSES, dated, of_domain
from casereport.readers.sdtm_terms import TESTS
from casereport.readers.wanted import Wanted

_LARGEST = 500 * 2**20
_LARGEST_JSON = 50 * 2**20  # read whole
_DOMAINS = ("LB", "VS")
_BLOOD = ("", "BLOOD", "SERUM", "PLASMA", "SERUM OR PLASMA", "WHOLE BLOOD", "VENOUS BLOOD", "ARTERIAL BLOOD")
_NEAR_ZERO = 1e-70  # pandas reads the zeros of XPT as 5.397605e-79 (pandas issue 50670)

_Row = dict[str, str]


def is_sdtm(columns: Iterable[str]) -> bool:
    """True for the names of the columns, in capitals, of a domain that is read here."""
    return _domain(columns) != ""


def _domain(columns: Iterable[str]) -> str:
    """The domain that has these columns; empty for one that is not read."""
    names = set(columns)
    results = (d for d in _DOMAINS if f"{d}TESTCD" in names and names & {f"{d}ORRES", f"{d}STRESC"})
    others = (d for d, needed in COURSES.items() if needed in names and "USUBJID" in names)
    return next(iter([*results, *others]), "")


def read_dataset_json(path: Path, wanted: Wanted) -> Feed:
    """The results of one subject in a Dataset-JSON 1.1 (or 1.0) file; raises BadInput where there are none."""
    check_file(path, path.name, _LARGEST_JSON)
    try:
        whole = json.loads(path.read_text(encoding="utf-8-sig"), parse_float=str, parse_int=str, parse_constant=str)
    except (ValueError, RecursionError) as error:
        raise BadInput([Problem(path.name, 0, "", "", f"a complete Dataset-JSON: {error}")]) from None
    found = _dataset(whole)
    if found is None:
        raise BadInput([Problem(path.name, 0, "", "", "a Dataset-JSON with columns and rows")])
    columns, rows = found
    names = [str(c.get("name", "")).upper() if isinstance(c, dict) else "" for c in columns]
    if not is_sdtm(names):
        raise BadInput([Problem(path.name, 0, "", "", _expected(names))])
    listed = (dict(zip(names, map(_cell, row), strict=False)) for row in rows if isinstance(row, list))
    return _feed(listed, path.name, wanted, "Dataset-JSON")


def _dataset(whole: object) -> tuple[list[object], list[object]] | None:
    """The columns and rows of a dataset; version 1.0 has them a level or two lower, as items and itemData."""
    if not isinstance(whole, dict):
        return None
    columns, rows = whole.get("columns", whole.get("items")), whole.get("rows", whole.get("itemData"))
    if isinstance(columns, list) and isinstance(rows, list):
        return columns, rows
    return next((found for inner in whole.values() if (found := _dataset(inner))), None)


def _cell(value: object) -> str:
    return value.strip() if isinstance(value, str) else ""


def read_xpt(path: Path, wanted: Wanted) -> Feed:
    """The results of one subject in a SAS transport file of version 5; raises BadInput for another."""
    check_file(path, path.name, _LARGEST)
    import pandas as pd

    try:
        table = pd.read_sas(path, format="xport", encoding="latin-1")
    except Exception as error:  # a damaged file makes its reader fail anywhere
        expected = f"a complete SAS transport file of version 5: {error}"
        raise BadInput([Problem(path.name, 0, "", "", expected)]) from None
    names = [str(name).upper() for name in table.columns]
    if not is_sdtm(names):
        raise BadInput([Problem(path.name, 0, "", "", _expected(names))])
    rows = (dict(zip(names, map(_of_sas, row), strict=True)) for row in table.itertuples(index=False, name=None))
    return _feed(rows, path.name, wanted, "XPT")


def _of_sas(value: object) -> str:
    if isinstance(value, bytes):
        return value.decode("latin-1").strip()
    if isinstance(value, float):
        # fifteen digits are what a number of SAS holds
        return "" if value != value else "0" if abs(value) < _NEAR_ZERO else f"{value:.15g}"
    return str(value).strip() if value is not None else ""


def read_sdtm_csv(path: Path, wanted: Wanted) -> Feed:
    """The results of one subject in a CSV of a domain."""
    check_file(path, path.name, _LARGEST)
    with path.open(encoding="utf-8-sig", newline="", errors="replace") as file:
        first = file.readline()
        file.seek(0)
        mark = max(",;\t", key=first.count)
        try:
            rows = (
                {str(name).strip().upper(): (text or "").strip() for name, text in row.items() if name is not None}
                for row in csv.DictReader(file, delimiter=mark)
            )
            return _feed(rows, path.name, wanted, "CSV")
        except csv.Error as error:
            raise BadInput([Problem(path.name, 0, "", "", f"not a table: {error}")]) from None


def _expected(names: list[str]) -> str:
    domain = next((name[:2] for name in names if name.endswith("SEQ")), "")
    return f"the domain LB, VS, EX, CM, AE, DS or DM of SDTM{f'; this is {domain}' if domain else ''}"


def _feed(rows: Iterable[_Row], name: str, wanted: Wanted, form: str) -> Feed:
    """The results of the subject that was asked for, or of the only one; of a whole trial no other rows are kept."""
    subjects: dict[str, None] = {}
    own: list[_Row] = []
    for row in rows:
        subject = row.get("USUBJID", "")
        subjects[subject] = None
        if not wanted.patient and len(subjects) > 1:
            expected = f"one patient; here are several ({', '.join(subjects)}, ...): say which by --patient USUBJID"
            raise BadInput([Problem(name, 0, "", "", expected)])
        if not wanted.patient or subject == wanted.patient:
            own.append(row)
    if wanted.patient and not own:
        raise BadInput([Problem(name, 0, "--patient", wanted.patient, "a USUBJID of this file")])
    domain = _domain(own[0]) if own else "LB"
    people = frozenset(word.casefold() for row in own[:1] for word in re.findall(r"\w+", row.get("USUBJID", "")))
    records = of_domain(own, domain, wanted) if domain in COURSES else _results(own, domain, wanted)
    return Feed(f"SDTM {domain}, {form}", f"SDTM {domain}", records, people)


def _results(rows: list[_Row], domain: str, wanted: Wanted) -> Iterator[Record]:
    for row in rows:
        yield _result({k.removeprefix(domain): v for k, v in row.items()}, domain, wanted)


def _result(row: _Row, domain: str, wanted: Wanted) -> Record:
    """The record of a row whose columns have lost the letters of the domain."""

    def cell(name: str) -> str:
        return row.get(name, "")

    code = cell("TESTCD").upper()
    specimen = cell("SPEC") if cell("SPEC").upper() not in _BLOOD else ""
    if "URIN" in cell("CAT").upper():
        specimen = "urine"
    loinc = (cell("LOINC"),) if cell("LOINC") else ()
    record = Record(
        cell("TEST") or code, codes=loinc, analytes=TESTS.get((domain, code), ()), specimen=specimen,
        flag={"ABNORMAL": ""}.get(cell("NRIND"), cell("NRIND")), id=f"{cell('SEQ')}" if cell("SEQ") else "",
    )  # fmt: skip
    if cell("STAT").upper() == "NOT DONE":
        return record
    try:
        when, day = dated(cell("DTC"), cell("DY"), wanted)
    except NotTaken as error:
        return record._replace(refused=str(error))
    # as it was reported first; the standard units of a trial may be of no use in a clinic, such as fmol of iron
    if cell("ORRES") and (cell("ORRESU") or not cell("STRESN")):
        value, unit, low, high = cell("ORRES"), cell("ORRESU"), cell("ORNRLO"), cell("ORNRHI")
    else:
        value, unit = cell("STRESN") or cell("STRESC") or cell("ORRES"), cell("STRESU")
        low, high = cell("STNRLO"), cell("STNRHI")
    return record._replace(value=value, unit=unit, low=low, high=high, when=when, day=day)
