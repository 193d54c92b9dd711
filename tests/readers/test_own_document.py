"""A FHIR document of casereport is read as other results are, and nothing that it says of itself is taken on trust."""

import pytest

from casereport.quantities.offsets import as_offset
from casereport.quantities.vocabulary_tables import project_vocabulary
from casereport.readers.record_names import Names
from imported import bundle, imported, observation, table, written


def own(day="3", unit="d", tag="reported", source="Table 1", note="", **more: object) -> dict[str, object]:
    """An Observation as casereport writes it, without a date."""
    notes = [{"text": text} for text in (f"Source: {source}", note) if text]
    meta = {"tag": [{"system": "urn:casereport:evidence", "code": tag}]}
    time = {"extension": [as_offset(day, unit, "urn:uuid:x", "event.period.start")]}
    return observation(effectiveDateTime=None, _effectiveDateTime=time, meta=meta, note=notes, **more)


def read(folder, *resources):
    return imported(written(folder, "document.json", bundle(*resources)))


def test_a_day_without_a_date_needs_no_day_0(tmp_path):
    found = read(tmp_path, own("-7..-2", note="By hand."))
    assert [(r["day"], r["value"], r["evidence"], r["source"], r["note"]) for r in found.rows] == [
        ("-7..-2", "135", "reported", "Table 1", "By hand.")
    ]


def test_hours_are_not_taken_for_days(tmp_path):
    found = read(tmp_path, own("30", unit="h"))
    assert found.rows == [] and "counted in hours, and that of the case in days" in found.reasons()


@pytest.mark.parametrize("tag", ["certain", "", "MEASURED"])
def test_a_class_of_evidence_that_there_is_not_makes_it_a_document_of_others(tag, tmp_path):
    (row,) = read(tmp_path, own(tag=tag, source="A note of the ward")).rows
    assert (row["evidence"], row["source"], row["note"]) == ("measured", "FHIR Observation, 718-7, day 3", "")


@pytest.mark.parametrize("where", ["source", "note"])
@pytest.mark.parametrize("text", ["Seen by Dr. Jane Miller", "Call 555-123-4567", "Letter to Quillfeather"])
def test_what_tells_who_the_patient_is_does_not_come_in_beside_a_value(where, text, tmp_path):
    patient = {"resourceType": "Patient", "id": "8", "name": [{"family": "Quillfeather"}]}
    found = read(tmp_path, patient, own(subject={"reference": "Patient/8"}, **{where: text}))
    assert found.rows == [] and "may identify the patient" in found.reasons()
    for word in ("Miller", "4567", "Quillfeather"):
        assert word not in found.written()


def test_words_without_a_number_are_a_row_only_where_a_document_of_ours_states_them(tmp_path):
    words = {
        "valueQuantity": None, "dataAbsentReason": {"text": "no number in the source; its unit would be g/L"},
        "interpretation": [{"coding": [{"code": "N"}]}],
    }  # fmt: skip
    (row,) = read(tmp_path, own(**words)).rows
    assert (row["value"], row["unit"], row["interpretation"], row["evidence"]) == ("", "g/L", "N", "reported")
    other = tmp_path / "other"
    other.mkdir()
    path = written(other, "b.json", bundle(observation(**words)))
    assert imported(path, "--index", "2026-09-01").rows == []


def happening(**more: object) -> dict[str, object]:
    """An event as casereport writes it."""
    return own(valueQuantity=None) | {"code": {"text": "Haemoglobin"}, "category": [{"text": "test"}]} | more


def test_an_event_is_no_result_though_an_analyte_has_its_name(tmp_path):
    found = read(tmp_path, happening(interpretation=[{"coding": [{"code": "N"}]}]))
    assert found.rows == []
    (row,) = table(found.case / "events.csv")
    assert (row["day"], row["kind"], row["finding"], row["interpretation"]) == ("3", "test", "Haemoglobin", "N")


@pytest.mark.parametrize(
    "spoilt",
    [
        {"category": [{"text": "rumour"}]}, {"category": "test"}, {"code": {}}, {"code": {"text": [3]}},
        {"interpretation": [{"coding": [{"code": "X"}]}]},
    ],
)  # fmt: skip
def test_an_event_that_no_case_could_have_is_left_out_with_the_reason(spoilt, tmp_path):
    found = read(tmp_path, happening(**spoilt))
    assert "an event without a kind, a finding or an interpretation that a case has" in found.reasons()
    assert table(found.case / "events.csv") == []


def offset(value: str, relationship: str = "after") -> dict[str, object]:
    """An element whose time is told by a distance that need be none."""
    made = as_offset("3", "d", "x", "y")
    parts = [part for part in made["extension"] if part["url"] not in ("relationship", "offset")]
    parts += [{"url": "relationship", "valueCode": relationship}]
    parts += [{"url": "offset", "valueDuration": {"value": value, "code": "d"}}]
    return {"extension": [made | {"extension": parts}]}


def given(**more: object) -> dict[str, object]:
    """A MedicationAdministration as casereport writes it."""
    time = {"extension": [as_offset("3", "d", "urn:uuid:x", "event.period.start")]}
    named = {"medicationCodeableConcept": {"text": "Ibuprofen"}, "effectivePeriod": {"_start": time, "_end": time}}
    return own(valueQuantity=None) | {"resourceType": "MedicationAdministration"} | named | more


@pytest.mark.parametrize(
    ("spoilt", "reason"),
    [
        ({"medicationCodeableConcept": {"text": "Panacea"}}, "not among the interventions of the vocabulary"),
        ({"dosage": {"dose": {"value": 1}, "route": {"text": "by Dr. Jane Miller"}}}, "who the patient is"),
        ({"effectivePeriod": {"_start": {"extension": [as_offset("3", "h", "x", "y")]}}}, "counted in hours"),
        ({"status": "not-done"}, "not done"),
        ({"dosage": {"dose": {"value": "Miller", "unit": "mg"}}}, "a day or a dose that is no number"),
        ({"effectivePeriod": {"_start": offset("soon")}}, "a day or a dose that is no number"),
        ({"effectivePeriod": {"_start": offset("soon", "before")}}, "a day or a dose that is no number"),
    ],
)  # fmt: skip
def test_a_treatment_is_taken_as_it_is_stated_or_left_out_with_the_reason(spoilt, reason, tmp_path):
    (row,) = table(read(tmp_path, given()).case / "interventions.csv")
    assert (row["start_day"], row["end_day"], row["intervention"]) == ("3", "3", "ibuprofen")
    assert (row["evidence"], row["source"]) == ("reported", "Table 1")
    other = tmp_path / "other"
    other.mkdir()
    found = read(other, given(**spoilt))
    assert reason in found.reasons() and "Miller" not in found.written()
    assert table(found.case / "interventions.csv") == []


def test_every_analyte_is_known_again_by_its_code_and_name_alone():
    vocabulary = project_vocabulary()
    names = Names(vocabulary, {}, frozenset())
    for analyte in vocabulary.analytes.values():
        found, note = names.analytes(analyte.label, [analyte.loinc] if analyte.loinc else [], (), "")
        assert [a.id for a in found] == [analyte.id] and note == ""
