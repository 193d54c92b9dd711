"""A case as an FHIR R4 document: a Bundle with a Composition in CARE order first, and every row as a resource.

No date is in it: day 0 is the start of the Composition's event, which is masked, and all else is told by its distance
from there. What R4 wants a date for (the Bundle's timestamp) has the year of the publication, or 1970, and says so; so
equal input gives equal bytes.
"""

import uuid
from collections.abc import Iterable
from typing import Any

from casereport.case.authors import Author
from casereport.case.case import Case
from casereport.case.narrative import SECTIONS
from casereport.exchange.exported import Exported, codes_of, not_held, without_code
from casereport.exchange.fhir_rows import Place, Resource, event, observation, treatment, unknown
from casereport.exchange.json_text import json_text
from casereport.exchange.narrative_xhtml import div, section_div
from casereport.exchange.notices import notices
from casereport.quantities.offsets import UCUM, digits
from casereport.readers.fhir import AGE, LOINC

FILE = "document.json"
# where one of LOINC's codes for a section of a document means what the section of CARE means
_SECTION_CODES = {
    "Clinical findings": "29545-1",
    "Diagnostic assessment": "30954-2",
}
_AGE_UNITS = {"year": "a", "month": "mo", "week": "wk", "day": "d"}
_PLACES = {
    "history": "Patient information", "symptom": "Clinical findings", "sign": "Clinical findings",
    "diagnosis": "Diagnostic assessment", "test": "Diagnostic assessment", "imaging": "Diagnostic assessment",
}  # fmt: skip
_REASON = "http://terminology.hl7.org/CodeSystem/v3-ActReason"
_URN = uuid.uuid5(uuid.NAMESPACE_OID, "casereport")


def fhir(case: Case, version: str) -> Exported:
    """The document of a case, as `document.json`."""
    meta = case.meta
    patient, device, composition = (_uuid(meta.id, what) for what in ("patient", "device", "composition"))
    place = Place(patient, composition, "event.period.start", meta.time_unit)
    sections: dict[str, list[str]] = {title: [] for title in SECTIONS}
    authors = [(_uuid(meta.id, f"author {n}"), _author(one)) for n, one in enumerate(meta.authors, start=1)]
    entries: list[tuple[str, Resource]] = [(patient, _patient(case)), *authors, (device, _device(version))]
    for title, key, resource in _resources(case, place):
        address = _uuid(meta.id, key)
        entries.append((address, resource))
        sections[title].append(address)
    year = meta.citation.year if meta.citation else 0
    head = _composition(case, sections, patient, [*(address for address, _ in authors), device], year)
    bundle: dict[str, Any] = {
        "resourceType": "Bundle",
        "type": "document",
        "timestamp": f"{year or 1970:04d}-01-01T00:00:00Z",
        "entry": [{"fullUrl": url, "resource": one} for url, one in [(composition, head), *entries]],
    }
    # of its content, so that another version of the case is another document
    identifier = {"system": "urn:ietf:rfc:3986", "value": f"urn:uuid:{uuid.uuid5(_URN, json_text(bundle))}"}
    ordered = {"resourceType": "Bundle", "identifier": identifier, **bundle}
    said = [*without_code(case), *not_held(case, "prose"), *([_SESSIONS] if meta.time_unit == "sessions" else [])]
    return Exported({FILE: json_text(ordered) + "\n"}, said)


_SESSIONS = "sessions are no time that FHIR can count: they are told in words"


def _uuid(case: str, what: str) -> str:
    return f"urn:uuid:{uuid.uuid5(_URN, f'{case} {what}')}"


def _resources(case: Case, place: Place) -> Iterable[tuple[str, str, Resource]]:
    """Each row as a resource, with the section it stands in and a key of its own; what is derived is made again by
    whoever reads the rows it was derived from."""
    if case.meta.subject.age is not None:
        yield "Patient information", "age", _age(case, place)
    for seen in case.observations:
        if not seen.source.startswith("derived from "):
            yield "Diagnostic assessment", f"observation {seen.line}", observation(seen, case, place)
    for given in case.interventions:
        yield "Therapeutic intervention", f"intervention {given.line}", treatment(given, case, place)
    for what in case.events:
        yield _PLACES.get(what.kind, "Follow-up and outcomes"), f"event {what.line}", event(what, place)


def _test_data(case: Case) -> Resource:
    """The label by which a system tells data of no patient, of a simulated case."""
    return {"meta": {"security": [{"system": _REASON, "code": "HTEST"}]}} if case.simulated else {}


def _patient(case: Case) -> Resource:
    sex = case.meta.subject.sex
    return {
        "resourceType": "Patient",
        **_test_data(case),
        **({"gender": sex} if sex else {"_gender": {"extension": [unknown()]}}),
    }


def _device(version: str) -> Resource:
    name = [{"name": "casereport", "type": "model-name"}]
    return {"resourceType": "Device", "deviceName": name, "version": [{"value": version}]}


def _author(author: Author) -> Resource:
    """An author by name and ORCID iD; the name is not parted, and nothing is said of what the author does."""
    identifier = {"identifier": [{"system": "urn:ietf:rfc:3986", "value": author.link}]} if author.link else {}
    return {"resourceType": "Practitioner", **identifier, "name": [{"text": author.name}]}


def _age(case: Case, place: Place) -> Resource:
    assert case.meta.subject.age is not None
    number, unit = case.meta.subject.age
    code = _AGE_UNITS[unit]
    return {
        "resourceType": "Observation", "status": "final",
        "code": {"coding": [{"system": LOINC, "code": AGE}], "text": "Age"},
        "subject": {"reference": place.patient}, "_effectiveDateTime": place.time("0"),
        "valueQuantity": {"value": digits(str(number)), "unit": code, "system": UCUM, "code": code},
    }  # fmt: skip


def _composition(case: Case, sections: dict[str, list[str]], patient: str, authors: list[str], year: int) -> Resource:
    meta = case.meta
    day_zero = {
        "code": [{"text": f"Day 0: {meta.time_zero}"}],
        "period": {"_start": {"extension": [unknown("masked")]}},
    }
    head = [("p", f"Day 0 is {meta.time_zero}. Its date is not given.")]
    if case.simulated:
        head.insert(0, ("p", "A simulated case: no patient."))
    if meta.authors:
        head.append(("p", f"By {', '.join(author.told for author in meta.authors)}."))
    if meta.citation:
        head.append(("p", f"Transcribed from: {meta.citation.reference}. {_doi(case)}".strip()))
    dated = f"the year {year} of the publication" if year else "1970, as no date is known"
    head.append(("p", f"The time stamp of this document stands for {dated}; no clock is in it."))
    head += [("p", notice) for notice in notices(*codes_of(case))]
    return {
        "resourceType": "Composition",
        **_test_data(case),
        "text": {"status": "generated", "div": div(head)},
        "status": meta.status if meta.status == "final" else "preliminary",
        "type": {"text": "Case report"},
        "subject": {"reference": patient},
        **({"date": f"{year:04d}"} if year else {"_date": {"extension": [unknown()]}}),
        "author": [{"reference": address} for address in authors],
        "title": meta.title,
        "event": [day_zero],
        "section": [s for title in SECTIONS if (s := _section(case, title, sections[title]))],
    }


def _doi(case: Case) -> str:
    doi = case.meta.citation.doi if case.meta.citation else None
    return f"doi {doi}" if doi else ""


def _section(case: Case, title: str, entries: list[str]) -> Resource:
    """A section of CARE with its prose and its rows; empty where the case has neither."""
    prose = section_div(case, title)
    if not prose and not entries:
        return {}
    code = {"coding": [{"system": LOINC, "code": _SECTION_CODES[title]}]} if title in _SECTION_CODES else {}
    found: Resource = {"title": title, "code": code | {"text": title}}
    if prose:
        found["text"] = {"status": "additional", "div": prose}
    if entries:
        found["entry"] = [{"reference": address} for address in entries]
    return found
