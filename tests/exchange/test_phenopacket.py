"""A case as a Phenopacket v2: valid for two programs, every value as it is printed, and all else among the losses."""

import copy
import csv
import io
import json
from typing import Any

import pytest
from bundled_exports import NAMES, case_of, files_of, rows_of
from google.protobuf.json_format import ParseDict, ParseError
from pedigree_ga4gh import validate
from phenopackets import Phenopacket

each_case = pytest.mark.parametrize("name", NAMES)


def packet(name: str) -> dict[str, Any]:
    return json.loads(files_of(name, "phenopacket")["phenopacket.json"])


def lost(name: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(files_of(name, "phenopacket")["lost.csv"])))


@each_case
def test_two_other_programs_find_nothing(name):
    assert validate(packet(name)) == []
    read = ParseDict(packet(name), Phenopacket())
    assert read.subject.id == name
    assert read.meta_data.phenopacket_schema_version == "2.0"


def measured(p: dict[str, Any]) -> dict[str, Any]:
    return p["measurements"][3]


FAULTS = {
    "an unknown field": lambda p: p.update(colour="red"),
    "a text for a number": lambda p: measured(p)["value"]["quantity"].update(value="much"),
    "a sex that there is not": lambda p: p["subject"].update(sex="man"),
    "no id": lambda p: p.pop("id"),
    "no metaData": lambda p: p.pop("metaData"),
    "no resources": lambda p: p["metaData"].pop("resources"),
    "a prefix that no resource declares": lambda p: measured(p)["assay"].update(id="HP:0000001"),
    "a code without a prefix": lambda p: measured(p)["assay"].update(id="1988-5"),
    "an assay without a label": lambda p: measured(p)["assay"].pop("label"),
    "no unit": lambda p: measured(p)["value"]["quantity"].pop("unit"),
    "a time that is none": lambda p: p["metaData"].update(created="in 2020"),
    "an age that is none": lambda p: p["subject"]["timeAtLastEncounter"]["age"].update(iso8601duration="65"),
    "an object for a list": lambda p: p.update(measurements=measured(p)),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_planted_fault_is_found(fault):
    spoiled = copy.deepcopy(packet("leng2020"))
    FAULTS[fault](spoiled)
    found = bool(validate(spoiled))
    try:
        ParseDict(spoiled, Phenopacket())
    except ParseError:
        found = True
    assert found


@each_case
def test_each_value_is_there_as_it_is_printed_or_among_the_losses(name):
    known = case_of(name).vocabulary.analytes
    rows = list(enumerate(rows_of(name), start=2))
    held = [(n, r) for n, r in rows if r["value"] and not set(r["value"]) & set("<>") and ".." not in r["value"]]
    held = [(n, r) for n, r in held if known[r["analyte"]].loinc]
    parts = packet(name).get("measurements", [])
    assert len(parts) == len(held)
    for (_, row), part in zip(held, parts, strict=True):
        quantity = part["value"]["quantity"]
        assert (part["assay"]["id"], quantity["unit"]["id"]) == (
            f"LOINC:{known[row['analyte']].loinc}", f"UCUM:{row['unit']}",
        )  # fmt: skip
        assert quantity["value"] == float(row["value"])
        assert f" {row['day']}; {row['evidence']}; {row['source']}." in part["description"]
        both = all(limit and limit[0] not in "<>" for limit in (row["ref_low"], row["ref_high"]))
        assert ("referenceRange" in quantity) == both
        if both:
            span = quantity["referenceRange"]
            assert (span["low"], span["high"]) == (float(row["ref_low"]), float(row["ref_high"]))
    gone = {
        int(row["line"]) for row in lost(name) if row["table"] == "observations.csv" and "limit" not in row["reason"]
    }
    assert gone == {n for n, _ in rows} - {n for n, _ in held}
    half = {int(row["line"]) for row in lost(name) if "limit" in row["reason"]}
    assert half == {n for n, r in held if (r["ref_low"] or r["ref_high"]) and not (
        r["ref_low"] and r["ref_high"] and not set(r["ref_low"] + r["ref_high"]) & set("<>"))}  # fmt: skip


@each_case
def test_every_treatment_and_event_is_told_among_the_losses_with_its_days(name):
    case = case_of(name)
    told = {(row["table"], int(row["line"])): row["what"] for row in lost(name)}
    for given in case.interventions:
        what = told["interventions.csv", given.line]
        assert case.vocabulary.interventions[given.intervention].label in what
        assert given.dose in what and (given.start_day or "?") in what and (given.end_day or "?") in what
    for event in case.events:
        assert event.finding in told["events.csv", event.line]
        assert told["events.csv", event.line].endswith(f"day {event.day or '?'}")
    agents = [action["treatment"]["agent"]["id"] for action in packet(name).get("medicalActions", [])]
    codes = [case.vocabulary.interventions[row.intervention].atc for row in case.interventions]
    assert agents == [f"ATC:{code}" for code in codes if code]


@each_case
def test_nothing_is_made_up_no_date_no_feature_no_disease(name):
    made = packet(name)
    assert set(made) <= {"id", "subject", "measurements", "medicalActions", "metaData"}
    text = files_of(name, "phenopacket")["phenopacket.json"]
    citation = case_of(name).meta.citation
    assert text.count("T00:00:00Z") == 1
    assert made["metaData"]["created"] == f"{citation.year if citation else 1970}-01-01T00:00:00Z"
    assert "timeObserved" not in text and '"interval"' not in text
