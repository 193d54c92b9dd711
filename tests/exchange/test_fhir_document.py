"""The FHIR R4 document of each bundled case: valid by the schema, by another program and by the rules of a document;
every row of the case comes back from it."""

import json
import math
from collections import Counter
from functools import cache
from typing import Any
from xml.etree import ElementTree

import fastjsonschema
import fhirkit
import pytest
from bundled_exports import NAMES, READ_BACK, case_of, emptied, files_of, rows_of
from fhir_rules import broken, walk

from casereport.cli import main
from casereport.exchange.fhir import fhir
from casereport.quantities.intervals import Interval
from imported import SHARED, table
from made_up import happened, made_up

each_case = pytest.mark.parametrize("name", NAMES)


def document(name: str) -> dict[str, Any]:
    return json.loads(files_of(name, "fhir")["document.json"])


def resources(name: str, *kinds: str) -> list[dict[str, Any]]:
    """The resources of these kinds, in the order of the document."""
    found = [entry["resource"] for entry in document(name)["entry"]]
    return [one for one in found if not kinds or one["resourceType"] in kinds]


@cache
def schema():
    return fastjsonschema.compile(json.loads((SHARED / "fhir-r4-subset.schema.json").read_text("utf-8")))


@each_case
def test_another_program_and_the_rules_of_a_document_find_nothing(name):
    assert fhirkit.validate(document(name)) == []
    assert broken(document(name)) == set()


@each_case
def test_the_schema_of_r4_takes_it(name, shared):
    schema()(document(name))


@each_case
def test_every_row_of_every_table_comes_back_by_the_import(name, tmp_path, capsys):
    case = emptied(name, tmp_path)
    path = tmp_path / "document.json"
    path.write_text(files_of(name, "fhir")["document.json"], encoding="utf-8")
    assert main(["import", str(path), "--into", str(case)]) == 0
    for one in READ_BACK:
        assert rows_of(name, one) and table(case / f"{one}.csv") == rows_of(name, one)
    assert main(["import", str(path), "--into", str(case)]) == 0
    assert " understood, 0 of them new" in capsys.readouterr().out


def notes(resource: dict[str, Any]) -> list[str]:
    return [note["text"] for note in resource["note"]]


def told(element: dict[str, Any]) -> Interval | None:
    """The days that an element tells, counted here from what R4 says of relationship and offset."""
    (extension,) = element["extension"]
    if "valueCode" in extension:
        assert extension["valueCode"] == "unknown"
        return None
    parts = {part["url"]: part for part in extension["extension"]}
    sign = -1 if parts["relationship"]["valueCode"] == "before" else 1
    if span := parts["offset"].get("valueRange"):
        return Interval(*sorted(sign * float(span[end]["value"]) for end in ("low", "high")))
    offset = parts["offset"]["valueDuration"]
    number, compared = sign * float(offset["value"]) + 0.0, offset.get("comparator", "")
    if not compared:
        return Interval.exact(number)
    beyond = (">" in compared) == (sign == 1)  # towards later days
    shut = "=" in compared
    return Interval(number, math.inf, not shut, True) if beyond else Interval(-math.inf, number, True, not shut)


@each_case
def test_every_treatment_is_there_with_its_days_dose_route_and_source(name):
    case, found = case_of(name), resources(name, "MedicationAdministration", "Procedure")
    assert len(found) == len(case.interventions)
    for row, one in zip(case.interventions, found, strict=True):
        what = case.vocabulary.interventions[row.intervention]
        concept = one.get("medicationCodeableConcept") or one["code"]
        assert concept["text"] == what.label
        assert [c["code"] for c in concept.get("coding", [])] == ([what.atc] if what.atc else [])
        assert notes(one)[0] == f"Source: {row.source}" and (not row.note or notes(one)[1] == row.note)
        assert one["meta"]["tag"][0]["code"] == row.evidence
        amount = one.get("dosage", {}).get("dose") or one.get("dosage", {}).get("rateQuantity") or {}
        assert (str(amount.get("value", "")), amount.get("unit", "")) == (row.dose, row.dose_unit)
        if row.route and row.dose:
            assert one["dosage"]["route"]["text"] == row.route
        elif row.route:  # R4: no dosage without a dose
            assert f"Route: {row.route}" in notes(one)
        if case.meta.time_unit == "sessions":
            assert one["performedString"] == f"sessions {row.start_day} to {row.end_day}"
        else:
            span = one.get("effectivePeriod") or one["performedPeriod"]
            assert (told(span["_start"]), told(span["_end"])) == (row.start, row.end)


@each_case
def test_every_event_is_there_with_its_day_its_words_and_its_kind(name):
    case = case_of(name)
    told_alone = [
        one
        for one in resources(name, "Condition", "Observation")
        if "dataAbsentReason" not in one and not any(key.startswith("value") for key in one)
    ]
    assert len(told_alone) == len(case.events)
    for row, one in zip(case.events, told_alone, strict=True):
        assert (one["code"]["text"], notes(one)[0]) == (row.finding, f"Source: {row.source}")
        assert one["category"][0]["text"] == row.kind.replace("_", " ")
        if one["resourceType"] == "Condition":
            assert row.kind in ("diagnosis", "history")
            verified = one["verificationStatus"]["coding"][0]["code"]
            assert verified == ("refuted" if row.interpretation == "NEG" else "confirmed")
            time = one["_recordedDate"]
        else:
            assert row.interpretation == (one["interpretation"][0]["coding"][0]["code"] if row.interpretation else "")
            time = one["_effectiveDateTime"]
        assert told(time) == (None if case.meta.time_unit == "sessions" else row.when)


def test_what_is_known_of_a_value_stands_in_the_element_that_r4_has_for_it():
    leng = resources("leng2020", "Observation")
    assert Counter(key for one in leng for key in one if key.startswith("value")) == {
        "valueQuantity": 249 - 4 - 6 + 1, "valueRange": 6,
    }  # 4 rows in words, 6 ranges, and the age  # fmt: skip
    bound = [one["valueQuantity"] for one in leng if "comparator" in one.get("valueQuantity", {})]
    assert [(q["comparator"], str(q["value"])) for q in bound] == [("<", "0.1")]
    limits = {one["referenceRange"][0].get("text") for one in leng if "referenceRange" in one} - {None}
    assert limits == {"<3.00", "<0.10"}  # a limit of R4 belongs to its range; these do not
    words = [one for one in leng if "dataAbsentReason" in one]
    assert [one["interpretation"][0]["coding"][0]["code"] for one in words] == ["N"] * 4
    assert "105.50" in files_of("leng2020", "fhir")["document.json"]  # as it is printed


def test_what_is_ruled_out_is_refuted_what_ended_is_completed_and_what_runs_has_a_rate(tmp_path):
    ruled = [happened("1", "diagnosis", "Pneumonia", "POS"), happened("1", "diagnosis", "Influenza", "NEG")]
    given = [
        ("1", "3", "norepinephrine", "5", "ug/min", "intravenous", "reported", "text", ""),
        ("1", "", "heparin", "5000", "[IU]", "subcutaneous", "reported", "text", ""),
    ]
    made = fhir(made_up(tmp_path, events=ruled, interventions=given), "0").files["document.json"]
    found = [entry["resource"] for entry in json.loads(made)["entry"]]
    states = {
        one["code"]["text"]: one["verificationStatus"]["coding"][0]["code"]
        for one in found
        if one["resourceType"] == "Condition"
    }
    assert states == {"Pneumonia": "confirmed", "Influenza": "refuted"}
    _, pressor, heparin = (one for one in found if one["resourceType"] == "MedicationAdministration")
    assert (pressor["status"], heparin["status"]) == ("completed", "unknown")  # its end is not reported
    assert pressor["dosage"]["rateQuantity"]["value"] == 5 and heparin["dosage"]["dose"]["value"] == 5000


def test_a_vocabulary_of_ones_own_is_told_by_name_without_a_code_and_that_is_said():
    made = fhir(case_of("byiers2014"), "0")
    seen = [one for one in resources("byiers2014", "Observation") if "valueQuantity" in one]
    assert {json.dumps(one["code"]) for one in seen} == {'{"text": "Responses made with the switch"}'}
    assert "without a code of LOINC, by name alone: Responses made with the switch" in made.said
    assert "urn:casereport" not in json.dumps([part.get("code") for part in walk(seen) if "coding" in part])


@each_case
def test_no_date_is_in_it_but_the_year_of_the_publication(name):
    text = files_of(name, "fhir")["document.json"]
    citation = case_of(name).meta.citation
    year = citation.year if citation else 1970
    stamps = [part["timestamp"] for part in walk(document(name)) if "timestamp" in part]
    assert stamps == [f"{year}-01-01T00:00:00Z"]
    composition = resources(name, "Composition")[0]
    assert composition.get("date") == (f"{year}" if citation else None)
    assert "no clock is in it" in composition["text"]["div"]
    assert text.count("T00:00:00Z") == 1
    assert not [part for part in walk(document(name)) if {"birthDate", "effectiveDateTime", "start"} & set(part)]


@each_case
def test_a_day_is_counted_from_an_element_that_is_there_and_whose_date_is_masked(name):
    found, (composition,) = document(name), resources(name, "Composition")
    for part in walk(found):
        if part.get("url") == "http://hl7.org/fhir/StructureDefinition/cqf-relativeDateTime":
            parts = {one["url"]: one for one in part["extension"]}
            assert parts["target"]["valueReference"]["reference"] == found["entry"][0]["fullUrl"]
            assert parts["targetPath"]["valueString"] == "event.period.start"  # from the type of the target
    (event,) = composition["event"]
    assert [e["valueCode"] for e in event["period"]["_start"]["extension"]] == ["masked"]


@each_case
def test_a_simulated_case_is_labelled_as_data_of_no_patient_and_a_published_one_is_not(name):
    labelled = [part["code"] for r in resources(name, "Patient", "Composition") for part in walk(r.get("meta", {}))
                if part.get("system", "").endswith("v3-ActReason")]  # fmt: skip
    assert labelled == (["HTEST", "HTEST"] if name == "simulated-cp-msc" else [])
    omop = files_of(name, "omop")["cdm_source.csv"] if name != "byiers2014" else ""
    assert ("a simulated case: no patient" in omop) == (name == "simulated-cp-msc")


@each_case
def test_the_sections_are_those_of_care_in_its_order_with_the_prose_of_the_case(name):
    case = case_of(name)
    sections = resources(name, "Composition")[0]["section"]
    told = [section["title"] for section in sections if "text" in section]
    assert told == list(case.narrative)
    entered = [entry["reference"] for section in sections for entry in section.get("entry", [])]
    urls = [entry["fullUrl"] for entry in document(name)["entry"]][1:]  # the patient and the device are no entries
    assert sorted(entered) == sorted(urls[2:])
    for part in walk(sections):
        if "div" in part:
            ElementTree.fromstring(part["div"])  # a value such as <90 % is in it as text
    assert "{{" not in files_of(name, "fhir")["document.json"]
    assert "{}" not in json.dumps(sections)
