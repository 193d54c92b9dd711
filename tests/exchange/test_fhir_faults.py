"""A document with one fault is found out by the schema, by the other program or by the rules of a document: all 23."""

import copy
import json
from functools import cache
from typing import Any

import fastjsonschema
import fhirkit
import pytest
from bundled_exports import files_of
from fhir_rules import broken

from imported import SHARED


@cache
def cut() -> dict[str, Any]:
    """The document of liang2020 with a few resources of each type."""
    whole = json.loads(files_of("liang2020", "fhir")["document.json"])
    kept, seen = [], {}
    for entry in whole["entry"]:
        kind = entry["resource"]["resourceType"]
        seen[kind] = seen.get(kind, 0) + 1
        if seen[kind] <= 6:
            kept.append(entry)
    urls = {entry["fullUrl"] for entry in kept}
    for section in kept[0]["resource"]["section"]:
        section["entry"] = [one for one in section.get("entry", []) if one["reference"] in urls]
        if not section["entry"]:
            del section["entry"]
    return whole | {"entry": kept}


def measured(bundle: dict[str, Any]) -> dict[str, Any]:
    """The first Observation with a LOINC code, a value and a range."""
    return next(e["resource"] for e in bundle["entry"] if "referenceRange" in e["resource"])


def given(bundle: dict[str, Any]) -> dict[str, Any]:
    return next(e["resource"] for e in bundle["entry"] if e["resource"]["resourceType"] == "MedicationAdministration")


def composition(bundle: dict[str, Any]) -> dict[str, Any]:
    return bundle["entry"][0]["resource"]


FAULTS = {
    "an unknown element": lambda b: measured(b).update(colour="red"),
    "no status": lambda b: measured(b).pop("status"),
    "no code": lambda b: measured(b).pop("code"),
    "a status that there is not": lambda b: measured(b).update(status="done"),
    "a text for a number": lambda b: measured(b)["valueQuantity"].update(value="48"),
    "a comparator that there is not": lambda b: measured(b)["valueQuantity"].update(comparator="~"),
    "two values": lambda b: measured(b).update(valueString="48"),
    "a date of no calendar": lambda b: given(b)["effectivePeriod"].update(start="2020-13-45"),
    "an object for a list": lambda b: measured(b).update(note={"text": "x"}),
    "no such type of resource": lambda b: measured(b).update(resourceType="Finding"),
    "an empty list": lambda b: measured(b).update(note=[]),
    "an id with characters not allowed": lambda b: measured(b).update(id="a b/c"),
    "an extension without url": lambda b: measured(b).update(extension=[{"valueString": "x"}]),
    "a value and why there is none": lambda b: measured(b).update(dataAbsentReason={"text": "unknown"}),
    "a narrative with a script": lambda b: composition(b)["text"].update(
        div='<div xmlns="http://www.w3.org/1999/xhtml"><script>1</script></div>'
    ),
    "no identifier": lambda b: b.pop("identifier"),
    "no date": lambda b: b.pop("timestamp"),
    "no Composition first": lambda b: b["entry"].reverse(),
    "no author": lambda b: composition(b).pop("author"),
    "a reference to nothing": lambda b: measured(b)["subject"].update(reference="urn:uuid:nobody"),
    "one address twice": lambda b: b["entry"][2].update(fullUrl=b["entry"][3]["fullUrl"]),
    "a unit that is no UCUM": lambda b: measured(b)["valueQuantity"].update(code="micromoles"),
    "a LOINC code with another check digit": lambda b: measured(b)["code"]["coding"][0].update(code="14682-8"),
}


@cache
def schema():
    return fastjsonschema.compile(json.loads((SHARED / "fhir-r4-subset.schema.json").read_text("utf-8")))


def found(bundle: dict[str, Any]) -> list[str]:
    """Who finds something in a document."""
    finders = [*(["the other program"] if fhirkit.validate(bundle) else []), *sorted(broken(bundle))]
    try:
        schema()(bundle)
    except fastjsonschema.JsonSchemaException:
        finders.append("the schema")
    return finders


def test_there_is_nothing_to_find_before_a_fault_is_planted(shared):
    assert found(cut()) == []


@pytest.mark.parametrize("fault", FAULTS)
def test_a_planted_fault_is_found(fault, shared):
    assert len(FAULTS) == 23
    bundle = copy.deepcopy(cut())
    FAULTS[fault](bundle)
    assert found(bundle) != []
