"""A FHIR document of casereport is read as other results are, and nothing that it says of itself is taken on trust."""

import pytest

from casereport.files.paths import DATA
from casereport.quantities.offsets import as_offset
from casereport.quantities.vocabulary_tables import load_vocabulary
from casereport.readers.record_names import Names
from imported import bundle, imported, observation, written


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
    assert (row["evidence"], row["source"], row["note"]) == ("measured", "FHIR Observation 718-7, day 3", "")


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


def test_an_event_is_no_result_though_an_analyte_has_its_name(tmp_path):
    event = own(valueQuantity=None, code={"text": "Haemoglobin"}, interpretation=[{"coding": [{"code": "N"}]}])
    found = read(tmp_path, event)
    assert found.rows == [] and "an event and no result" in found.reasons()


def test_every_analyte_is_known_again_by_its_code_and_name_alone():
    vocabulary = load_vocabulary(DATA / "analytes.csv", DATA / "interventions.csv")
    names = Names(vocabulary, {}, frozenset())
    for analyte in vocabulary.analytes.values():
        found, note = names.analytes(analyte.label, [analyte.loinc] if analyte.loinc else [], (), "")
        assert [a.id for a in found] == [analyte.id] and note == ""
