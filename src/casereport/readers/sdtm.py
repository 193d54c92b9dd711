"""CDISC SDTM: laboratory (LB), vital signs (VS), treatments (EX, CM) and events (AE, DS, DM) of one subject, as
Dataset-JSON, XPT version 5 or CSV; the tables of treatments and events are in `sdtm_courses`.

SDTM has no day 0: its day 1 is the reference date and the day before it is -1, so a positive day is counted one lower
here, and day 0 of the case is the subject's reference date.
"""

import json
import re
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from casereport.errors import BadInput, Problem
from casereport.files.tables import check_file
from casereport.readers.cells import NotTaken
from casereport.readers.csv_rows import check_length, csv_rows
from casereport.readers.person import Person
from casereport.readers.records import Feed, Record
from casereport.readers.sdtm_courses import COURSES, dated, of_domain, tells_of_death
from casereport.readers.sdtm_terms import TESTS
from casereport.readers.specimens import of_blood, of_panel
from casereport.readers.wanted import Wanted

_LARGEST = 500 * 2**20
_LARGEST_JSON = 50 * 2**20  # read whole
_CHUNK = 20_000  # rows of an XPT in memory at a time
SUBJECT = "USUBJID"
SUFFIXES = (".json", ".xpt", ".csv")
_DOMAINS = ("LB", "VS")
_BLOOD = ("", "BLOOD", "SERUM", "PLASMA", "SERUM OR PLASMA", "WHOLE BLOOD")
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


class Dataset(NamedTuple):
    """A dataset of SDTM: its domain (empty for one that is not read here), the form of its file, and its rows, whose
    names are in capitals."""

    domain: str
    form: str
    rows: Iterator[_Row]


def read_sdtm(path: Path, wanted: Wanted) -> Feed:
    """The records of the subject that was asked for, or of the only one, in a Dataset-JSON, an XPT or a CSV; of a whole
    trial no other rows are kept. Raises BadInput for another domain, and for several subjects where none is chosen."""
    found = dataset(path)
    subjects: dict[str, None] = {}
    own: list[_Row] = []
    for row in found.rows:
        subject = row.get(SUBJECT, "")
        subjects[subject] = None
        if not wanted.patient and len(subjects) > 1:
            expected = f"one patient; here are several ({', '.join(subjects)}, ...): say which by --patient USUBJID"
            raise BadInput([Problem(path.name, 0, "", "", expected)])
        if not wanted.patient or subject == wanted.patient:
            own.append(row)
    if wanted.patient and not own:
        raise BadInput([Problem(path.name, 0, "--patient", wanted.patient, "a USUBJID of this file")])
    return _feed(own, found.domain or "LB", wanted, found.form)


def sdtm_tables(folder: Path) -> dict[str, Path]:
    """The datasets of a folder that are read here, by their domain; raises BadInput for one domain in two files."""
    found: dict[str, Path] = {}
    for path in sorted(folder.iterdir()):
        if path.suffix.lower() not in SUFFIXES or not path.is_file():
            continue
        try:
            domain = dataset(path).domain
        except (BadInput, OSError):
            continue  # a file of something else beside them
        if domain in found:
            expected = f"each domain once; {found[domain].name} is {domain} too"
            raise BadInput([Problem(path.name, 0, "", "", expected)])
        found[domain] = path
    return found


def sdtm_persons(folder: Path) -> Iterator[Person]:
    """Each subject of a folder of datasets, which are held in memory."""
    rows: dict[str, dict[str, list[_Row]]] = {}
    for domain, path in sdtm_tables(folder).items():
        for row in dataset(path).rows:
            rows.setdefault(row.get(SUBJECT, ""), {}).setdefault(domain, []).append(row)
    for subject, own in sorted(rows.items()):
        yield _person(subject, own)


def _person(subject: str, own: dict[str, list[_Row]]) -> Person:
    about = next(iter(own.get("DM", [])), {})
    sex = {"M": "male", "F": "female"}.get(about.get("SEX", "").upper(), "")
    unit = about.get("AGEU", "").lower() or "years"
    age = about.get("AGE", "") if unit in ("years", "months", "weeks", "days") else ""
    told = {domain: rows for domain, rows in own.items() if domain != "DM" or tells_of_death(about)}
    feeds: Callable[[Wanted], list[Feed]] = lambda wanted: [  # noqa: E731
        _feed(rows, domain, wanted, "") for domain, rows in told.items()
    ]
    return Person(subject, feeds, sex, "", age, unit if age else "years")


def dataset(path: Path) -> Dataset:
    """What a file of SDTM holds; raises BadInput for a file that is broken or of no domain that is read here."""
    with path.open("rb") as file:
        head = file.read(64).lstrip(b"\xef\xbb\xbf \r\n\t")
    if head.startswith(b"HEADER RECORD"):
        form, (names, rows) = "XPT", _xpt(path)
    elif head.startswith(b"{"):
        form, (names, rows) = "Dataset-JSON", _dataset_json(path)
    else:
        form, (names, rows) = "CSV", _csv(path)
    if not is_sdtm(names):
        domain = next((name[:2] for name in names if name.endswith("SEQ")), "")
        expected = f"the domain LB, VS, EX, CM, AE, DS or DM of SDTM{f'; this is {domain}' if domain else ''}"
        raise BadInput([Problem(path.name, 0, "", "", expected)])
    return Dataset(_domain(names), form, rows)


def _dataset_json(path: Path) -> tuple[list[str], Iterator[_Row]]:
    """The names and rows of a Dataset-JSON 1.1 or 1.0."""
    check_file(path, path.name, _LARGEST_JSON)
    try:
        whole = json.loads(path.read_text(encoding="utf-8-sig"), parse_float=str, parse_int=str, parse_constant=str)
    except (ValueError, RecursionError) as error:
        raise BadInput([Problem(path.name, 0, "", "", f"a complete Dataset-JSON: {error}")]) from None
    found = _columns_and_rows(whole)
    if found is None:
        raise BadInput([Problem(path.name, 0, "", "", "a Dataset-JSON with columns and rows")])
    columns, rows = found
    names = [str(c.get("name", "")).upper() if isinstance(c, dict) else "" for c in columns]
    return names, (dict(zip(names, map(_cell, row), strict=False)) for row in rows if isinstance(row, list))


def _columns_and_rows(whole: object) -> tuple[list[object], list[object]] | None:
    """The columns and rows of a dataset; version 1.0 has them a level or two lower, as items and itemData."""
    if not isinstance(whole, dict):
        return None
    columns, rows = whole.get("columns", whole.get("items")), whole.get("rows", whole.get("itemData"))
    if isinstance(columns, list) and isinstance(rows, list):
        return columns, rows
    return next((found for inner in whole.values() if (found := _columns_and_rows(inner))), None)


def _cell(value: object) -> str:
    return value.strip() if isinstance(value, str) else ""


def _xpt(path: Path) -> tuple[list[str], Iterator[_Row]]:
    """The names and rows of a SAS transport file of version 5, a part of which is in memory at a time."""
    check_file(path, path.name, _LARGEST)
    import pandas as pd

    try:
        chunks = pd.read_sas(path, format="xport", encoding="latin-1", chunksize=_CHUNK)
        first = chunks.read(_CHUNK)
    except Exception as error:  # a damaged file makes its reader fail anywhere
        raise _broken(path, error) from None
    names = [str(name).upper() for name in first.columns]

    def rows() -> Iterator[_Row]:
        table = first
        while len(table):
            for row in table.itertuples(index=False, name=None):
                yield dict(zip(names, map(_of_sas, row), strict=True))
            try:
                table = chunks.read(_CHUNK)
            except StopIteration:
                return
            except Exception as error:
                raise _broken(path, error) from None

    return names, rows()


def _broken(path: Path, error: Exception) -> BadInput:
    expected = f"a complete SAS transport file of version 5: {error}"
    return BadInput([Problem(path.name, 0, "", "", expected)])


def _of_sas(value: object) -> str:
    if isinstance(value, bytes):
        return value.decode("latin-1").strip()
    if isinstance(value, float):
        # fifteen digits are what a number of SAS holds
        return "" if value != value else "0" if abs(value) < _NEAR_ZERO else f"{value:.15g}"
    return str(value).strip() if value is not None else ""


def _csv(path: Path) -> tuple[list[str], Iterator[_Row]]:
    """The names and rows of a CSV."""
    check_file(path, path.name, _LARGEST)
    with path.open(encoding="utf-8-sig", newline="", errors="replace") as file:
        first = file.readline()
    mark = max(",;\t", key=first.count)
    names = [name.strip(' "\r\n').upper() for name in first.split(mark)]

    def rows() -> Iterator[_Row]:
        with path.open(encoding="utf-8-sig", newline="", errors="replace") as file:
            found = csv_rows(file, mark, path.name)
            next(found, None)
            for line, row in found:
                check_length(row, len(names), mark, path.name, line)
                if row:
                    yield {**dict.fromkeys(names, ""), **dict(zip(names, map(str.strip, row), strict=False))}

    return names, rows()


def _feed(own: list[_Row], domain: str, wanted: Wanted, form: str) -> Feed:
    people = frozenset(word.casefold() for row in own[:1] for word in re.findall(r"\w+", row.get(SUBJECT, "")))
    records = of_domain(own, domain, wanted) if domain in COURSES else _results(own, domain, wanted)
    return Feed(f"SDTM {domain}{f', {form}' if form else ''}", f"SDTM {domain}", records, people)


def _results(rows: list[_Row], domain: str, wanted: Wanted) -> Iterator[Record]:
    for row in rows:
        yield _result({k.removeprefix(domain): v for k, v in row.items()}, domain, wanted)


def _result(row: _Row, domain: str, wanted: Wanted) -> Record:
    """The record of a row whose columns have lost the letters of the domain."""

    def cell(name: str) -> str:
        return row.get(name, "")

    code = cell("TESTCD").upper()
    specimen = cell("SPEC") if cell("SPEC").upper() not in _BLOOD else ""
    if not of_blood(cell("SPEC")):
        specimen = " ".join(filter(None, (specimen, *map(of_panel, (cell("CAT"), cell("SCAT"))))))
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
