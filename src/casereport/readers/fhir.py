"""FHIR R4: the results, treatments and diagnoses of one patient, in a Bundle, a single resource, or NDJSON.

A file is read twice, first for whose it is and for the drugs that others refer to, then for the records; of NDJSON no
more than a line is held at a time. Of the resources only what is listed here and in `fhir_courses` is read: no note, no
narrative, and of a Patient the id.
"""

import json
import re
from collections import Counter
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
    names_of,
    part_of,
    text_of,
)
from casereport.readers.fhir_patients import OF_ANOTHER, Chosen, Patients
from casereport.readers.fhir_specimens import Specimens
from casereport.readers.fhir_versions import DELETED, deleted, version_of
from casereport.readers.record_values import flag_among
from casereport.readers.records import Course, Feed, Finding, Record
from casereport.readers.versions import Version
from casereport.readers.wanted import Wanted

_LARGEST_JSON = 50 * 2**20  # a JSON text is read whole; NDJSON is not
_LARGEST_NDJSON = 4 * 2**30
LONGEST_LINE = 8 * 2**20
_DEEPEST = 4  # a Bundle in a Bundle
LOINC = "http://loinc.org"
AGE = "30525-0"
_KIND = r"[A-Z][A-Za-z]{1,40}"
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
    patients, specimens, drugs, others = _whose(resources())
    chosen = patients.chosen(path.name, wanted.patient)
    kind = f"FHIR {'NDJSON' if lines else 'Bundle'}"
    return Feed(kind, "FHIR Observation", _results(resources(), chosen, specimens, drugs), patients.words, others)


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
    """The resources that a resource is or a Bundle or a list holds, each with the address `fullUrl` that others call it
    by."""
    if isinstance(found, list) and depth < _DEEPEST:
        for one in found:
            yield from _flat(one, depth + 1)
    if not isinstance(found, dict):
        return
    if found.get("resourceType") != "Bundle":
        yield found
    elif depth < _DEEPEST:
        entries = list_of(found, "entry")
        # a history begins with what is newest
        for entry in reversed(entries) if found.get("type") == "history" else entries:
            for resource in _flat(entry.get("resource") or deleted(entry), depth + 1):
                address = entry.get("fullUrl")
                yield resource | {"fullUrl": address} if isinstance(address, str) else resource


def _whose(resources: Iterator[Resource]) -> tuple[Patients, Specimens, Medications, tuple[tuple[str, str, str], ...]]:
    """The patients of a file, the Specimens and Medications that others refer to, and what is said of the kinds of
    resources that are not read."""
    patients, specimens = Patients(), Specimens()
    others: Counter[str] = Counter()
    drugs: Medications = {}
    for resource in resources:
        if resource.get("resourceType") == "Patient":
            patients.add_patient(resource)
        elif text_of(resource, "resourceType") in _OF_PATIENTS:
            patients.add_subject(resource)
        elif resource.get("resourceType") == "Specimen":
            specimens.add(resource)
        elif drug := medication_of(resource):
            drugs |= [drug] if len(drugs) < MOST_ROWS else []
        elif re.fullmatch(_KIND, kind := text_of(resource, "resourceType")):
            others[kind] += 1
    told = ", ".join(f"{kind} ({n})" for kind, n in sorted(others.items()))
    return patients, specimens, drugs, ((("", told, "not read, as kinds of resources"),) if told else ())


_OF_PATIENTS = {"Observation", *COURSES}


def _results(
    resources: Iterator[Resource], chosen: Chosen, specimens: Specimens, drugs: Medications
) -> Iterator[Record | Course | Finding]:  # fmt: skip
    found: Iterator[Record | Course | Finding]
    for n, resource in enumerate(resources):
        if text_of(resource, "resourceType") not in _OF_PATIENTS:
            continue
        if text_of(resource, "status") == DELETED:
            yield Record("a deleted record", refused=DELETED, version=version_of(resource, n))
            continue
        why_not = chosen.why_not(resource)
        if why_not == OF_ANOTHER:
            yield Record("results of other patients", refused=OF_ANOTHER)
            continue
        if resource.get("resourceType") == "Observation":
            found = _observation(resource, why_not, specimens.of(resource))
        else:
            found = of_resource(resource, drugs, why_not)
        version = Version() if why_not else version_of(resource, n)
        # what we write has an id that is its own
        yield from (one if one.stated else one._replace(version=version) for one in found)


def _observation(resource: Resource, why_not: str, specimen: str) -> Iterator[Record | Finding]:
    """The results of an Observation: its own value, and one for each component, such as the two of a blood pressure.

    One of ours without a value, and without a word why, is an event.
    """
    codes, name = coded(resource.get("code"))
    rank, stated = _RANKS.get(text_of(resource, "status"), 1), fhir_stated.stated(resource)
    base = _timed(resource, Record(name, codes=codes, rank=rank, stated=stated))
    refused = why_not or _NOT_TAKEN.get(text_of(resource, "status"), "")
    if list_of(resource, "focus"):
        refused = "about somebody or something other than the patient"
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
        why = refused or ("the age of the patient, which case.yaml has" if AGE in codes else "")
        yield record._replace(refused=why) if why else _valued(part, record)


def _timed(resource: Resource, record: Record) -> Record:
    if told := day_told(resource.get("_effectiveDateTime")):
        unit = next((name for name, code in CODES.items() if code == told.unit), told.unit)
        return record._replace(day=told.day, day_unit=unit)
    if record.stated and (session := fhir_stated.session_of(resource)):
        return record._replace(day=session, day_unit="sessions")
    period = resource.get("effectivePeriod")
    if isinstance(period, dict):
        start, end = text_of(period, "start"), text_of(period, "end")
        return record._replace(when=start, until=end)
    return record._replace(when=text_of(resource, "effectiveDateTime") or text_of(resource, "effectiveInstant"))


def _has_value(part: Resource) -> bool:
    return any(key.startswith("value") for key in part)


def _valued(part: Resource, record: Record) -> Record:
    """The record with the value, flag and range of an Observation or component."""
    quantity, span = part.get("valueQuantity"), part.get("valueRange")
    flags = [text for one in list_of(part, "interpretation") for text in (*codes_of(one), *names_of(one))]
    record = _ranged(part, record._replace(flag=flag_among(flags)))
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
    there = list_of(part, "referenceRange")
    ranges = [r for r in there if "low" in r or "high" in r or record.stated]
    ranges = ranges or [r for r in there if re.search(r"\d", text_of(r, "text"))]
    if len(ranges) > 1:
        ranges = [r for r in ranges if "normal" in codes_of(r.get("type"))]
    if len(ranges) != 1 or ranges[0].get("appliesTo"):
        return record
    ends = [part_of(ranges[0], end) for end in ("low", "high")]
    units = {_unit(end)[0] for end in ends} - {""}
    low, high = (text_of(end, "value") for end in ends)
    text = text_of(ranges[0], "text")
    if record.stated and text:
        low, high = fhir_stated.limits_of(text)
    elif text and not (low or high):
        record = record._replace(limits=text)
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
