"""FHIR R4: the Observations of one patient in a Bundle, a single resource, or NDJSON of any length.

A file is read twice, first for whose it is, then for the results; of NDJSON no more than a line is held at a time. Of
the resources only what is listed here is read: no note, no narrative, and of a Patient the id.
"""

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from casereport.errors import BadInput, Problem
from casereport.files.tables import check_file
from casereport.quantities.offsets import CODES, day_told
from casereport.readers import fhir_stated
from casereport.readers.records import Feed, Record
from casereport.readers.wanted import Wanted

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

Resource = dict[str, Any]


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
    patients, subjects, people = _whose(resources())
    chosen = _chosen(path.name, patients, subjects, wanted.patient)
    known = frozenset(name for names in patients.values() for name in names) or frozenset(subjects)
    kind = f"FHIR {'NDJSON' if lines else 'Bundle'}"
    return Feed(kind, "FHIR Observation", _results(resources(), chosen, known), people)


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
        raise BadInput([Problem(name, line or error.lineno, "", "", f"JSON that is whole: {error.msg}")]) from None
    except RecursionError:
        raise BadInput([Problem(name, line, "", "", "JSON that is not nested without end")]) from None


def _flat(found: object, depth: int = 0) -> Iterator[Resource]:
    """The resources that a resource is or a Bundle holds, each with the address `fullUrl` that others call it by."""
    if not isinstance(found, dict):
        return
    if found.get("resourceType") != "Bundle":
        yield found
    elif depth < _DEEPEST:
        for entry in _list(found, "entry"):
            for resource in _flat(entry.get("resource"), depth + 1):
                address = entry.get("fullUrl")
                yield resource | {"fullUrl": address} if isinstance(address, str) else resource


def _whose(resources: Iterator[Resource]) -> tuple[dict[str, set[str]], set[str], frozenset[str]]:
    """The patients of a file with all that each is called by, what Observations call their subject (without what comes
    before the id), and the words of the patients that are shown to nobody."""
    patients: dict[str, set[str]] = {}
    subjects: set[str] = set()
    people: set[str] = set()
    for resource in resources:
        if resource.get("resourceType") == "Patient":
            own = _text(resource, "id") or _tail(_text(resource, "fullUrl")) or f"patient {len(patients) + 1}"
            numbers = {_text(number, "value") for number in _list(resource, "identifier")}
            patients.setdefault(own, set()).update({own, _tail(_text(resource, "fullUrl")), *numbers} - {""})
            for part in ("name", "address", "telecom", "identifier", "contact"):
                people |= {word.casefold() for text in _texts(resource.get(part)) for word in re.findall(r"\w+", text)}
        elif resource.get("resourceType") == "Observation" and (subject := _subject(resource)):
            subjects.add(subject)
    # `the`, `home` and `MR` are in every address and no secret
    return patients, subjects, frozenset(word for word in people - _COMMON if len(word) > 2)


_COMMON = {
    "official", "usual", "home", "work", "phone", "email", "number", "social", "security", "medical", "record",
    "http", "https", "org", "com", "www", "hl7", "fhir", "terminology", "the", "and", "for", "health", "mobile", "old",
    "temp", "use", "codesystem", "sid", "system",
}  # fmt: skip


def _chosen(name: str, patients: dict[str, set[str]], subjects: set[str], asked: str) -> set[str] | None:
    """What the one patient is called by whose results are taken; None where the file names nobody."""
    known = patients or {subject: {subject} for subject in sorted(subjects)}
    if asked:
        own = [names for names in known.values() if _tail(asked) in names or asked in names]
        if len(own) != 1:
            expected = "a patient of this file, by id or identifier" if known else "nothing: this file names no patient"
            raise BadInput([Problem(name, 0, "--patient", asked, expected)])
        return own[0]
    if len(known) > 1:
        shown = ", ".join(list(known)[:5]) + (", ..." if len(known) > 5 else "")
        expected = f"one patient; here are {len(known)}: say which by --patient ID ({shown})"
        raise BadInput([Problem(name, 0, "", "", expected)])
    return next(iter(known.values()), None)


def _results(resources: Iterator[Resource], chosen: set[str] | None, known: frozenset[str]) -> Iterator[Record]:
    for resource in resources:
        if resource.get("resourceType") == "Observation":
            subject = _subject(resource)
            if chosen is not None and subject in known - chosen:
                yield Record("results of other patients", refused="of another patient")
            else:
                yield from _observation(resource, chosen is None or subject in chosen)


def _observation(resource: Resource, own: bool) -> Iterator[Record]:
    """The results of an Observation: its own value, and one for each component, such as the two of a blood pressure."""
    codes, name = _coded(resource.get("code"))
    rank, stated = _RANKS.get(_text(resource, "status"), 1), fhir_stated.stated(resource)
    base = _timed(resource, Record(name, codes=codes, rank=rank, stated=stated))
    refused = _NOT_TAKEN.get(_text(resource, "status"), "")
    if not own:
        refused = "its subject is no patient of this file" if _subject(resource) else "it names no subject"
    if _list(resource, "focus"):
        refused = "about somebody or something other than the patient"
    specimen = _text(_part(resource, "specimen"), "display")
    components = _list(resource, "component")
    parts = [resource] if _has_value(resource) or not components else []
    for part in [*parts, *components]:
        codes, name = _coded(part.get("code"))
        # a component may be coded as its whole is; the place in the list tells them apart
        called = f"{_text(resource, 'id')}/{part is resource}/{name}/{codes}" if _text(resource, "id") else ""
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
        start, end = _text(period, "start"), _text(period, "end")
        return record._replace(when=start, until=end if end[:10] != start[:10] else "")
    return record._replace(when=_text(resource, "effectiveDateTime") or _text(resource, "effectiveInstant"))


def _has_value(part: Resource) -> bool:
    return any(key.startswith("value") for key in part)


def _valued(part: Resource, record: Record) -> Record:
    """The record with the value, flag and range of an Observation or component."""
    quantity, span = part.get("valueQuantity"), part.get("valueRange")
    flag = next((c for concept in _list(part, "interpretation") for c in _codes(concept)), "")
    record = _ranged(part, record._replace(flag=flag))
    if isinstance(quantity, dict):
        unit, ucum, clash = _unit(quantity)
        value = _text(quantity, "value")
        comparator = _text(quantity, "comparator")
        if comparator not in ("", "<", "<=", ">", ">="):
            return record._replace(refused="a sign of comparison that is none of <, <=, >= and >")
        refused = "its unit in words is another than its unit code" if clash else ""
        return record._replace(value=comparator + value if value else "", unit=unit, ucum=ucum, refused=refused)
    if isinstance(span, dict):
        low, high = _part(span, "low"), _part(span, "high")
        units = {_unit(end)[0] for end in (low, high) if end}
        if not (_text(low, "value") and _text(high, "value")) or len(units) != 1:
            return record._replace(refused="a range of values without both ends in one unit")
        return record._replace(value=f"{_text(low, 'value')}..{_text(high, 'value')}", unit=units.pop())
    if _text(part, "valueInteger"):
        return record._replace(value=_text(part, "valueInteger"))
    if record.stated and not _has_value(part):
        if "dataAbsentReason" not in part:
            return record._replace(refused="an event and no result; a row of events.csv")
        return record._replace(unit=fhir_stated.unit_of_words(part), ucum=True)
    if _has_value(part):
        return record._replace(refused="not a number; a result in words is a row of events.csv, of the kind test")
    return record


def _ranged(part: Resource, record: Record) -> Record:
    """The record with the reference range, where there is one: of several, by sex or age, none is chosen."""
    ranges = [r for r in _list(part, "referenceRange") if "low" in r or "high" in r or record.stated]
    if len(ranges) > 1:
        ranges = [r for r in ranges if "normal" in _codes(r.get("type"))]
    if len(ranges) != 1 or ranges[0].get("appliesTo"):
        return record
    ends = [_part(ranges[0], end) for end in ("low", "high")]
    units = {_unit(end)[0] for end in ends} - {""}
    low, high = (_text(end, "value") for end in ends)
    if record.stated and (text := _text(ranges[0], "text")):
        low, high = fhir_stated.limits_of(text)
    return record._replace(low=low, high=high, limits_unit=units.pop() if len(units) == 1 else " and ".join(units))


def _unit(quantity: Resource) -> tuple[str, bool, bool]:
    """The unit of a quantity, whether it is a UCUM code, and whether the unit in words is plainly another one."""
    code, words = _text(quantity, "code"), _text(quantity, "unit")
    if not code or _text(quantity, "system") not in ("", _UCUM):
        return words or code, False, False
    # the code is what programs go by; a unit in words that differs only in powers or prefix is a slip of one of them
    clash = bool(_PLAIN.fullmatch(code) and _PLAIN.fullmatch(words)) and code.lower() != words.lower()
    return code, True, clash


_PLAIN = re.compile(r"(?:[munpfkd]?(?:g|mol))/(?:[mudc]?L|kg)", re.I)


def _coded(concept: object) -> tuple[tuple[str, ...], str]:
    """The LOINC codes of a concept, without blanks, and its name: that of the code, else the text beside it."""
    if not isinstance(concept, dict):
        return (), ""
    codings = _list(concept, "coding")
    own = [c for c in codings if _text(c, "system").rstrip("/") == LOINC and _text(c, "code")]
    names = [_text(c, "display") for c in (*own, *codings)]
    name = next(filter(None, names), "") or _text(concept, "text")
    return tuple(dict.fromkeys(_text(c, "code") for c in own)), name


def _codes(concept: object) -> list[str]:
    return [_text(c, "code") for c in _list(concept, "coding")] if isinstance(concept, dict) else []


def _subject(resource: Resource) -> str:
    subject = resource.get("subject")
    if not isinstance(subject, dict):
        return ""
    reference = _text(subject, "reference")
    if re.fullmatch(r"(?!Patient/)[A-Z]\w+/.+", reference):
        return reference  # a Device or a Group, which may have the id of a patient
    identifier = subject.get("identifier")
    return _tail(reference) or (_text(identifier, "value") if isinstance(identifier, dict) else "")


def _tail(reference: str) -> str:
    """The id at the end of `Patient/8`, `urn:uuid:8` or an address."""
    reference = reference.partition("/_history/")[0]
    return re.split(r"[/:#]", reference)[-1]


def _text(holder: Resource, key: str) -> str:
    value = holder.get(key)
    return value.strip() if isinstance(value, str) else ""


def _part(holder: Resource, key: str) -> Resource:
    found = holder.get(key)
    return found if isinstance(found, dict) else {}


def _list(holder: Resource, key: str) -> list[Resource]:
    found = holder.get(key)
    return [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []


def _texts(found: object) -> Iterator[str]:
    """Every text within a part of a resource."""
    if isinstance(found, str):
        yield found
    elif isinstance(found, dict | list):
        for one in found.values() if isinstance(found, dict) else found:
            yield from _texts(one)
