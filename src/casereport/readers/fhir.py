"""FHIR R4: the results, treatments and diagnoses of one patient, in a Bundle, a single resource, or NDJSON.

A file is read twice, first for whose it is and for the drugs that others refer to, then for the records; of NDJSON no
more than a line is held at a time. Of the resources only what is listed here and in `fhir_courses` is read: no note, no
narrative, and of a Patient the id.
"""

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path

from casereport.errors import BadInput, Problem
from casereport.files.tables import MOST_ROWS, check_file
from casereport.quantities.offsets import CODES, day_told
from casereport.readers import fhir_stated
from casereport.readers.fhir_courses import COURSES, Medications, medication_of, of_resource
from casereport.readers.fhir_json import (
    Resource,
    coded,
    codes_of,
    list_of,
    part_of,
    subject_of,
    tail,
    text_of,
    texts_of,
)
from casereport.readers.records import Course, Feed, Finding, Record
from casereport.readers.wanted import Wanted, several

_LARGEST_JSON = 50 * 2**20  # a JSON text is read whole; NDJSON is not
_LARGEST_NDJSON = 4 * 2**30
LONGEST_LINE = 8 * 2**20
_DEEPEST = 4  # a Bundle in a Bundle
LOINC = "http://loinc.org"
AGE = "30525-0"
_UCUM = "http://unitsofmeasure.org"
_NOT_TAKEN = {
    "entered-in-error": "entered in error, as its status says",
    "cancelled": "cancelled, as its status says",
    "registered": "not yet a result, as its status says",
}
_RANKS = {"preliminary": 0, "amended": 2, "corrected": 2}


def read_fhir(path: Path, wanted: Wanted, lines: bool) -> Feed:
    """The results of one patient; raises BadInput for a file that is broken, or of several patients where none is
    chosen. `lines` is True for NDJSON.
    """
    check_file(path, path.name, _LARGEST_NDJSON if lines else _LARGEST_JSON)
    resources: Callable[[], Iterator[Resource]]
    if lines:
        resources = lambda: _of_lines(path)  # noqa: E731
    else:
        whole = list(_flat(_parsed(path.read_text(encoding="utf-8-sig", errors="replace"), path.name, 0)))
        resources = lambda: iter(whole)  # noqa: E731
    patients, subjects, people, drugs = _whose(resources())
    chosen = _chosen(path.name, patients, subjects, wanted.patient)
    known = frozenset(name for names in patients.values() for name in names) or frozenset(subjects)
    kind = f"FHIR {'NDJSON' if lines else 'Bundle'}"
    return Feed(kind, "FHIR Observation", _results(resources(), chosen, known, drugs), people)


def _of_lines(path: Path) -> Iterator[Resource]:
    with path.open("rb") as file:
        number = 0
        while line := file.readline(LONGEST_LINE + 1):
            number += 1
            if len(line) > LONGEST_LINE:
                expected = f"lines of at most {LONGEST_LINE // 2**20} MB: one resource a line"
                raise BadInput([Problem(path.name, number, "", "", expected)])
            if text := line.decode("utf-8-sig", errors="replace").strip():
                yield from _flat(_parsed(text, path.name, number))


def _parsed(text: str, name: str, line: int) -> object:
    """What a JSON text holds, its numbers as they are written."""
    try:
        return json.loads(text, parse_float=str, parse_int=str, parse_constant=str)
    except json.JSONDecodeError as error:
        raise BadInput([Problem(name, line or error.lineno, "", "", f"complete JSON: {error.msg}")]) from None
    except RecursionError:
        raise BadInput([Problem(name, line, "", "", "JSON that is not nested without end")]) from None


def _flat(found: object, depth: int = 0) -> Iterator[Resource]:
    """The resources that a resource is or a Bundle holds, each with the address `fullUrl` that others call it by."""
    if not isinstance(found, dict):
        return
    if found.get("resourceType") != "Bundle":
        yield found
    elif depth < _DEEPEST:
        for entry in list_of(found, "entry"):
            for resource in _flat(entry.get("resource"), depth + 1):
                address = entry.get("fullUrl")
                yield resource | {"fullUrl": address} if isinstance(address, str) else resource


def _whose(resources: Iterator[Resource]) -> tuple[dict[str, set[str]], set[str], frozenset[str], Medications]:
    """The patients of a file with all that each is called by, what results and treatments call their subject (without
    what comes before the id), the words of the patients that are shown to nobody, and the Medications."""
    patients: dict[str, set[str]] = {}
    subjects: set[str] = set()
    people: set[str] = set()
    drugs: Medications = {}
    for resource in resources:
        if resource.get("resourceType") == "Patient":
            own = text_of(resource, "id") or tail(text_of(resource, "fullUrl")) or f"patient {len(patients) + 1}"
            numbers = {text_of(number, "value") for number in list_of(resource, "identifier")}
            patients.setdefault(own, set()).update({own, tail(text_of(resource, "fullUrl")), *numbers} - {""})
            for part in ("name", "address", "telecom", "identifier", "contact"):
                people |= {
                    word.casefold() for text in texts_of(resource.get(part)) for word in re.findall(r"\w+", text)
                }
        elif text_of(resource, "resourceType") in _OF_PATIENTS and (subject := subject_of(resource)):
            subjects.add(subject)
        elif (drug := medication_of(resource)) and len(drugs) < MOST_ROWS:
            drugs |= [drug]
    # `the`, `home` and `MR` are in every address and no secret
    return patients, subjects, frozenset(word for word in people - _COMMON if len(word) > 2), drugs


_OF_PATIENTS = {"Observation", *COURSES}
_COMMON = {
    "official", "usual", "home", "work", "phone", "email", "number", "social", "security", "medical", "record",
    "http", "https", "org", "com", "www", "hl7", "fhir", "terminology", "the", "and", "for", "health", "mobile", "old",
    "temp", "use", "codesystem", "sid", "system",
}  # fmt: skip


def _chosen(name: str, patients: dict[str, set[str]], subjects: set[str], asked: str) -> set[str] | None:
    """What the one patient is called by whose results are taken; None where the file names nobody."""
    known = patients or {subject: {subject} for subject in sorted(subjects)}
    if asked:
        own = [names for names in known.values() if tail(asked) in names or asked in names]
        if len(own) != 1:
            expected = "a patient of this file, by id or identifier" if known else "nothing: this file names no patient"
            raise BadInput([Problem(name, 0, "--patient", asked, expected)])
        return own[0]
    if len(known) > 1:
        raise several(name, list(known))
    return next(iter(known.values()), None)


def _results(
    resources: Iterator[Resource], chosen: set[str] | None, known: frozenset[str], drugs: Medications
) -> Iterator[Record | Course | Finding]:  # fmt: skip
    for resource in resources:
        if text_of(resource, "resourceType") not in _OF_PATIENTS:
            continue
        subject = subject_of(resource)
        if chosen is not None and subject in known - chosen:
            yield Record("results of other patients", refused="of another patient")
            continue
        own = chosen is None or subject in chosen
        if resource.get("resourceType") == "Observation":
            yield from _observation(resource, own)
        else:
            nobody = "its subject is no patient of this file" if subject else "it names no subject"
            yield from of_resource(resource, drugs, "" if own else nobody)


def _observation(resource: Resource, own: bool) -> Iterator[Record | Finding]:
    """The results of an Observation: its own value, and one for each component, such as the two of a blood pressure.

    One of ours without a value, and without a word why, is an event.
    """
    codes, name = coded(resource.get("code"))
    rank, stated = _RANKS.get(text_of(resource, "status"), 1), fhir_stated.stated(resource)
    base = _timed(resource, Record(name, codes=codes, rank=rank, stated=stated))
    refused = _NOT_TAKEN.get(text_of(resource, "status"), "")
    if not own:
        refused = "its subject is no patient of this file" if subject_of(resource) else "it names no subject"
    if list_of(resource, "focus"):
        refused = "about somebody or something other than the patient"
    specimen = text_of(part_of(resource, "specimen"), "display")
    components = list_of(resource, "component")
    if stated and not components and not _has_value(resource) and "dataAbsentReason" not in resource:
        found = fhir_stated.finding_of(resource, stated)
        yield found._replace(refused=refused or found.refused)
        return
    parts = [resource] if _has_value(resource) or not components else []
    for part in [*parts, *components]:
        codes, name = coded(part.get("code"))
        # a component may be coded as its whole is; the place in the list tells them apart
        called = f"{text_of(resource, 'id')}/{part is resource}/{name}/{codes}" if text_of(resource, "id") else ""
        record = base._replace(name=name, codes=codes, id=called, specimen=specimen)
        refused = refused or ("the age of the patient, which case.yaml has" if AGE in codes else "")
        yield record._replace(refused=refused) if refused else _valued(part, record)


def _timed(resource: Resource, record: Record) -> Record:
    if told := day_told(resource.get("_effectiveDateTime")):
        unit = next((name for name, code in CODES.items() if code == told.unit), told.unit)
        return record._replace(day=told.day, day_unit=unit)
    if record.stated and (session := fhir_stated.session_of(resource)):
        return record._replace(day=session, day_unit="sessions")
    period = resource.get("effectivePeriod")
    if isinstance(period, dict):
        start, end = text_of(period, "start"), text_of(period, "end")
        return record._replace(when=start, until=end if end[:10] != start[:10] else "")
    return record._replace(when=text_of(resource, "effectiveDateTime") or text_of(resource, "effectiveInstant"))


def _has_value(part: Resource) -> bool:
    return any(key.startswith("value") for key in part)


def _valued(part: Resource, record: Record) -> Record:
    """The record with the value, flag and range of an Observation or component."""
    quantity, span = part.get("valueQuantity"), part.get("valueRange")
    flag = next((c for concept in list_of(part, "interpretation") for c in codes_of(concept)), "")
    record = _ranged(part, record._replace(flag=flag))
    if isinstance(quantity, dict):
        unit, ucum, clash = _unit(quantity)
        value = text_of(quantity, "value")
        comparator = text_of(quantity, "comparator")
        if comparator not in ("", "<", "<=", ">", ">="):
            return record._replace(refused="a comparator other than <, <=, >= and >")
        refused = "its unit in words differs from its unit code" if clash else ""
        return record._replace(value=comparator + value if value else "", unit=unit, ucum=ucum, refused=refused)
    if isinstance(span, dict):
        low, high = part_of(span, "low"), part_of(span, "high")
        units = {_unit(end)[0] for end in (low, high) if end}
        if not (text_of(low, "value") and text_of(high, "value")) or len(units) != 1:
            return record._replace(refused="a range of values without both ends in one unit")
        return record._replace(value=f"{text_of(low, 'value')}..{text_of(high, 'value')}", unit=units.pop())
    if text_of(part, "valueInteger"):
        return record._replace(value=text_of(part, "valueInteger"))
    if record.stated and not _has_value(part):
        return record._replace(unit=fhir_stated.unit_of_words(part), ucum=True)
    if _has_value(part):
        return record._replace(refused="not a number; a result in words is a row of events.csv, of the kind test")
    return record


def _ranged(part: Resource, record: Record) -> Record:
    """The record with the reference range, where there is one: of several, by sex or age, none is chosen."""
    ranges = [r for r in list_of(part, "referenceRange") if "low" in r or "high" in r or record.stated]
    if len(ranges) > 1:
        ranges = [r for r in ranges if "normal" in codes_of(r.get("type"))]
    if len(ranges) != 1 or ranges[0].get("appliesTo"):
        return record
    ends = [part_of(ranges[0], end) for end in ("low", "high")]
    units = {_unit(end)[0] for end in ends} - {""}
    low, high = (text_of(end, "value") for end in ends)
    if record.stated and (text := text_of(ranges[0], "text")):
        low, high = fhir_stated.limits_of(text)
    return record._replace(low=low, high=high, limits_unit=units.pop() if len(units) == 1 else " and ".join(units))


def _unit(quantity: Resource) -> tuple[str, bool, bool]:
    """The unit of a quantity, whether it is a UCUM code, and whether the unit in words is plainly another one."""
    code, words = text_of(quantity, "code"), text_of(quantity, "unit")
    if not code or text_of(quantity, "system") not in ("", _UCUM):
        return words or code, False, False
    # the code is what programs go by; a unit in words that differs only in powers or prefix is a slip of one of them
    clash = bool(_PLAIN.fullmatch(code) and _PLAIN.fullmatch(words)) and code.lower() != words.lower()
    return code, True, clash


_PLAIN = re.compile(r"(?:[munpfkd]?(?:g|mol))/(?:[mudc]?L|kg)", re.I)
