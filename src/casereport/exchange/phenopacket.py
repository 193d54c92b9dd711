"""A case as a GA4GH Phenopacket v2: what it has codes and numbers for; all else is in lost.csv, and nothing made up.

A Phenopacket has no time relative to an event (its schema's issue 436), and a date in its place would be false: the
study day of a measurement stands in its description, in words. A finding without a code of an ontology, a bound, a
range, words, a dose without the interval it was given in and the days of a treatment have no place in it.
"""

import re
from typing import Any

from casereport.case.case import Case
from casereport.case.rows import Observation
from casereport.case.schema import EVENT_INTERPRETATIONS, INTERPRETATIONS
from casereport.exchange.exported import Exported, not_held
from casereport.exchange.json_text import json_text
from casereport.exchange.lost import Lost, lost_pictures, with_losses
from casereport.quantities.offsets import digits

FILE = "phenopacket.json"
_SEX = {"male": "MALE", "female": "FEMALE"}
_AGES = {"year": "P{}Y", "month": "P{}M", "week": "P{}W", "day": "P{}D"}
_NUMBER = re.compile(r"[^<>.]*\.?[^<>.]*")
_RESOURCES = {
    "LOINC": ("loinc", "Logical Observation Identifiers Names and Codes", "https://loinc.org"),
    "UCUM": ("ucum", "Unified Code for Units of Measure", "https://ucum.org"),
    "ATC": ("atc", "Anatomical Therapeutic Chemical classification", "https://www.whocc.no/atc_ddd_index"),
}
_NO_ASSAY = "no LOINC code: a measurement is of a coded assay"
_NO_NUMBER = "words, a bound or a range: a quantity is one number"
_NO_AGENT = "no ATC code: a treatment is of a coded agent"
_NO_COURSE = "the days of a treatment and its dose: there is no time relative to an event"
_NO_TERM = "no code of an ontology: a feature or disease is a coded term"
_NO_RANGE = "a range with one limit, or with one that lies outside of it: both are needed, and belong to it"
Part = dict[str, Any]


def phenopacket(case: Case, version: str) -> Exported:
    """The packet of a case, as `phenopacket.json`, and what it cannot hold."""
    known, meta = case.vocabulary, case.meta
    lost: list[Lost] = []
    subject: Part = {"id": meta.id, "sex": _SEX.get(meta.subject.sex or "", "UNKNOWN_SEX")}
    if meta.subject.age:
        number, unit = meta.subject.age
        subject["timeAtLastEncounter"] = {"age": {"iso8601duration": _AGES[unit].format(number)}}
    measurements = [
        part
        for row in case.observations
        if not row.source.startswith("derived from ") and (part := _measurement(row, case, lost))
    ]
    actions: list[Part] = []
    for given in case.interventions:
        what = known.interventions[given.intervention]
        if what.atc:
            actions.append({"treatment": {"agent": _term("ATC", what.atc, what.label)}})
        dose = " ".join(filter(None, (given.dose, given.dose_unit, given.route)))
        told = f"{what.label}{f' {dose}' if dose else ''}, days {given.start_day or '?'} to {given.end_day or '?'}"
        lost.append(Lost("interventions.csv", given.line, told, _NO_COURSE if what.atc else _NO_AGENT))
    for event in case.events:
        words = EVENT_INTERPRETATIONS.get(event.interpretation, "").partition(";")[0]
        told = f"{event.kind}: {event.finding}{f' ({words})' if words else ''}, day {event.day or '?'}"
        lost.append(Lost("events.csv", event.line, told, _NO_TERM))
    packet: Part = {"id": meta.id, "subject": subject}
    packet |= {"measurements": measurements} if measurements else {}
    packet |= {"medicalActions": actions} if actions else {}
    packet["metaData"] = _meta_data(case, version, packet)
    said = [
        "study days stand in words, in the descriptions of measurements: there is no time relative to an event",
        f"metaData.created stands for {_year(case) or 'no date that is known'} and is no clock's",
        *not_held(case, "pictures"),
    ]
    return with_losses({FILE: json_text(packet) + "\n"}, [*lost, *lost_pictures(case)], said)


def _measurement(row: Observation, case: Case, lost: list[Lost]) -> Part | None:
    analyte = case.vocabulary.analytes[row.analyte]
    printed = row.value or INTERPRETATIONS.get(row.interpretation, "")
    told = f"{analyte.label}: {printed} {row.unit}".rstrip() + f", day {row.day}"
    if not row.value or not _NUMBER.fullmatch(row.value):
        lost.append(Lost("observations.csv", row.line, told, _NO_NUMBER))
        return None
    if not analyte.loinc:
        lost.append(Lost("observations.csv", row.line, told, _NO_ASSAY))
        return None
    quantity: Part = {"unit": _term("UCUM", row.unit, row.unit), "value": digits(row.value)}
    limits = (row.ref_low, row.ref_high)
    if all(limit and limit[0] not in "<>" for limit in limits):
        low, high = map(digits, limits)
        quantity["referenceRange"] = {"unit": _term("UCUM", row.unit, row.unit), "low": low, "high": high}
    elif any(limits):
        lost.append(Lost("observations.csv", row.line, f"{told}, range {row.ref_low}..{row.ref_high}", _NO_RANGE))
    if row.interpretation:
        reason = "what is said of a number in words has no place beside it"
        lost.append(Lost("observations.csv", row.line, f"{told}: {INTERPRETATIONS[row.interpretation]}", reason))
    time = {"days": "Study day", "hours": "Hour", "sessions": "Session"}[case.meta.time_unit]
    note = f" {row.note}" if row.note else ""
    return {
        "description": f"{time} {row.day}; {row.evidence}; {row.source}.{note}",
        "assay": _term("LOINC", analyte.loinc, analyte.label),
        "value": {"quantity": quantity},
    }  # fmt: skip


def _term(prefix: str, code: str, label: str) -> Part:
    return {"id": f"{prefix}:{code}", "label": label}


def _year(case: Case) -> str:
    return f"the year {case.meta.citation.year} of the publication" if case.meta.citation else ""


def _meta_data(case: Case, version: str, packet: Part) -> Part:
    citation = case.meta.citation
    kind = " (a simulated case: no patient)" if case.simulated else ""
    # the one place for whoever made a packet; nobody has said that he submitted it
    by = f", of a case report by {', '.join(author.told for author in case.meta.authors)}" if case.meta.authors else ""
    text = json_text(packet)
    found: Part = {
        "created": f"{citation.year if citation else 1970:04d}-01-01T00:00:00Z",
        "createdBy": f"casereport {version}{kind}{by}",
        "resources": [
            {
                "id": identifier, "name": name, "url": url, "version": "not stated", "namespacePrefix": prefix,
                "iriPrefix": f"{url}/",
            }
            for prefix, (identifier, name, url) in _RESOURCES.items()
            if f'"id": "{prefix}:' in text
        ],
        "phenopacketSchemaVersion": "2.0",
    }  # fmt: skip
    if citation:
        reference = {"id": f"DOI:{citation.doi}"} if citation.doi else {}
        found["externalReferences"] = [reference | {"description": citation.reference}]
    return found
