"""FHIR R4 into a case: values, codes, units and ranges as they stand, of one patient, and what is left out and why."""

import json
import re

import pytest

from casereport.audit.validation import validate
from casereport.case.description import load_meta
from casereport.privacy.gate import check_privacy
from imported import bundle, imported, observation, written

INDEX = ("--index", "2026-09-01")


def patient(own: str, name: str = "Quillfeather") -> dict[str, object]:
    return {
        "resourceType": "Patient", "id": own, "name": [{"family": name, "given": ["Ada"]}],
        "address": [{"line": ["12 Elm Row"], "city": "Thornbury"}], "identifier": [{"value": f"MRN-{own}-4711"}],
        "birthDate": "1950-02-03",
    }  # fmt: skip


def test_an_observation_gives_value_unit_range_and_flag(tmp_path):
    one = observation(
        referenceRange=[{"low": {"value": 120}, "high": {"value": 160}}],
        interpretation=[{"coding": [{"code": "N"}]}],
    )
    found = imported(written(tmp_path, "a.json", bundle(one)), *INDEX)
    assert found.rows == [
        {
            "day": "0", "analyte": "haemoglobin", "value": "135", "unit": "g/L", "interpretation": "N",
            "ref_low": "120", "ref_high": "160", "evidence": "measured",
            "source": "FHIR Observation, 718-7, day 0 at 08:00", "note": "",
        }
    ]  # fmt: skip
    assert validate(str(found.case)).problems == []


def test_a_blood_pressure_is_its_two_components(tmp_path):
    parts = [{k: observation(c, v, "mm[Hg]")[k] for k in ("code", "valueQuantity")} for c, v in
             (("8480-6", 128), ("8462-4", 77))]  # fmt: skip
    whole = observation("85354-9", component=parts, valueQuantity=None)
    assert imported(written(tmp_path, "a.json", bundle(whole)), *INDEX).values() == [
        ("0", "systolic_pressure", "128", "mm[Hg]"), ("0", "diastolic_pressure", "77", "mm[Hg]"),
    ]  # fmt: skip


def test_the_age_among_the_components_of_a_panel_leaves_the_others(tmp_path):
    parts = [{k: observation(c, v, u)[k] for k in ("code", "valueQuantity")} for c, v, u in
             (("30525-0", 54, "a"), ("718-7", 112, "g/L"))]  # fmt: skip
    whole = observation("24331-1", component=parts, valueQuantity=None)
    found = imported(written(tmp_path, "a.json", bundle(whole)), *INDEX)
    assert found.values() == [("0", "haemoglobin", "112", "g/L")] and "the age of the patient" in found.reasons()


@pytest.mark.parametrize(
    "flags",
    [
        [{"coding": [{"code": "A"}]}, {"coding": [{"code": "H"}]}],
        [{"coding": [{"code": "A"}, {"code": "H"}]}],
        [{"coding": [{"code": "1"}], "text": "High"}],
    ],
)
def test_a_flag_may_stand_behind_another(tmp_path, flags):
    found = imported(written(tmp_path, "a.json", bundle(observation(interpretation=flags))), *INDEX)
    assert found.rows[0]["interpretation"] == "H"


def test_numbers_keep_the_digits_that_they_are_written_with(tmp_path):
    text = bundle(observation(value="@")).replace('"@"', "13.50")
    assert imported(written(tmp_path, "a.json", text), *INDEX).values()[0][2] == "13.50"
    large = bundle(observation("6690-2", "@", "/uL", id="w")).replace('"@"', "1.2e4")
    assert imported(written(tmp_path, "b.json", large), *INDEX, folder=tmp_path / "cases/x").values()[1] == (
        "0", "white_cells", "12000", "/uL",
    )  # fmt: skip


def test_a_comparator_is_part_of_the_value_and_a_range_has_two_ends(tmp_path):
    quantity = observation("1988-5", 3, "mg/L")["valueQuantity"]
    below = observation("1988-5", valueQuantity=quantity | {"comparator": "<"})
    span = observation("718-7", valueQuantity=None, valueRange={
        "low": {"value": 120, "unit": "g/L"}, "high": {"value": 125, "unit": "g/L"}})  # fmt: skip
    assert [v for _, _, v, _ in imported(written(tmp_path, "a.json", bundle(below, span)), *INDEX).values()] == [
        "<3", "120..125",
    ]  # fmt: skip


def test_a_code_of_the_same_measurand_is_taken_with_what_it_says_besides(tmp_path):
    found = imported(written(tmp_path, "a.json", bundle(observation("2339-0", 90, "mg/dL"))), *INDEX)
    assert found.values() == [("0", "glucose", "90", "mg/dL")]
    assert found.rows[0]["note"] == "LOINC 2339-0: in whole blood."


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"code": {"coding": [{"system": "http://loinc.org", "code": "718-8"}]}}, "wrong check digit"),
        ({"code": {"coding": [{"system": "http://loinc.org", "code": "72166-2"}]}}, "not in the vocabulary"),
        ({"status": "entered-in-error"}, "entered in error"),
        ({"effectiveDateTime": "2026-09"}, "a date without a day"),
        ({"effectiveDateTime": "2026-02-30"}, "not a calendar date"),
        ({"effectiveDateTime": None}, "no sampling date"),
        ({"focus": [{"reference": "Patient/child"}]}, "other than the patient"),
        ({"subject": {"reference": "Patient/nobody"}}, "its subject is no patient of this file"),
        ({"subject": {"reference": "Device/1"}}, "its subject is no patient of this file"),
        ({"valueQuantity": {"value": 13, "unit": "kg", "code": "kg"}}, "'kg' does not fit"),
        ({"valueQuantity": {"value": 13, "unit": "g/dL", "code": "g/L"}}, "differs from its unit code"),
        ({"valueQuantity": {"value": 13}}, "no unit"),
        ({"valueQuantity": {"value": -3, "code": "g/L"}}, "cannot be negative"),
        ({"valueQuantity": None, "valueString": "see the note of Dr Hornby"}, "not a number"),
    ],
)
def test_what_cannot_be_taken_is_left_out_with_the_reason(tmp_path, change, reason):
    right = observation("2951-2", 139, "mmol/L", subject={"reference": "Patient/1"})
    wrong = {k: v for k, v in (observation(subject={"reference": "urn:uuid:1"}) | change).items() if v is not None}
    found = imported(written(tmp_path, "a.json", bundle(patient("1"), right, wrong)), *INDEX)
    assert [row[1] for row in found.values()] == ["sodium"]
    assert len(found.left_out) == 1 and reason in found.reasons()
    assert not any(word in found.written() for word in ("Hornby", "Quill", "Elm", "4711", "1950", "2026-"))


@pytest.mark.parametrize(
    ("code", "unit", "taken"),
    [
        ("48065-7", "ug/mL", "ug/mL{FEU}"),
        ("6301-6", "{INR}", "1"),
        ("2744-1", "[pH]", "[pH]"),
        ("9269-2", "1", "{score}"),
    ],
)
def test_a_code_says_what_its_unit_leaves_open(tmp_path, code, unit, taken):
    found = imported(written(tmp_path, "a.json", bundle(observation(code, 7, unit))), *INDEX)
    assert [row[3] for row in found.values()] == [taken] and validate(str(found.case)).problems == []


def test_platelets_in_grams_a_litre_are_no_platelets(tmp_path):
    found = imported(written(tmp_path, "a.json", bundle(observation("777-3", 210, "g/L"))), *INDEX)
    assert found.rows == [] and "'g/L' does not fit" in found.reasons()


def test_a_file_of_two_patients_is_refused_until_one_is_named(tmp_path, capsys):
    two = [observation("2951-2", 130 + n, "mmol/L", subject={"reference": f"Patient/{n}"}) for n in (1, 2)]
    path = written(tmp_path, "a.json", bundle(patient("1"), patient("2", "Ottway"), *two))
    found = imported(path, *INDEX)
    assert found.code == 2 and found.rows == [] and found.left_out == []
    assert "here are 2: say which by --patient ID (1, 2)" in capsys.readouterr().err
    again = imported(path, *INDEX, "--patient", "MRN-2-4711", folder=found.case)
    assert again.values() == [("0", "sodium", "132", "mmol/L")]
    assert again.reasons() == "results of other patients: of another patient"
    assert imported(path, *INDEX, "--patient", "3", folder=found.case).code == 2


def test_without_day_0_nothing_is_written_and_the_dates_are_named(tmp_path, capsys):
    found = imported(written(tmp_path, "a.json", bundle(observation())))
    assert found.code == 2 and found.rows == []
    assert "--index YYYY-MM-DD (results are of 2026-09-01 to 2026-09-01)" in capsys.readouterr().err


def test_days_outside_of_those_asked_for_are_left_out(tmp_path):
    made = [observation("2951-2", 130 + n, "mmol/L", effectiveDateTime=f"2026-09-{n:02}") for n in range(1, 10)]
    found = imported(written(tmp_path, "a.json", bundle(*made)), "--index", "2026-09-05", "--from", "-1", "--to", "1")
    assert [row[0] for row in found.values()] == ["-1", "0", "1"]
    assert re.fullmatch(r"FHIR Bundle [a-z]{6}", found.left_out[0]["table"])
    assert found.left_out[0]["values"] == "6"


def test_a_final_result_takes_the_place_of_the_preliminary_one_and_a_resource_counts_once(tmp_path):
    one = observation("2951-2", 139, "mmol/L", id="a")
    early = observation("2951-2", 150, "mmol/L", id="b", status="preliminary")
    found = imported(written(tmp_path, "a.json", bundle(early, one, one)), *INDEX)
    assert found.values() == [("0", "sodium", "139", "mmol/L")]
    assert "replaced by a later result" in found.reasons() and "the same result again" in found.reasons()


def test_two_samples_of_a_day_stay_two_and_the_order_of_the_file_does_not_matter(tmp_path):
    made = [observation("2951-2", v, "mmol/L", id=str(v)) for v in (139, 131)]
    made.append(observation("2951-2", 150, "mmol/L", effectiveDateTime="2026-09-01T18:30:00+02:00"))
    found = imported(written(tmp_path, "a.json", bundle(*made)), *INDEX)
    day = "FHIR Observation, 2951-2, day 0 at"
    assert [(r["value"], r["source"]) for r in found.rows] == [
        ("131", f"{day} 08:00"), ("139", f"{day} 08:00 (2)"), ("150", f"{day} 18:30"),
    ]  # fmt: skip
    path = written(tmp_path, "b.json", bundle(*reversed(made)))
    assert imported(path, *INDEX, folder=found.case).rows == found.rows


def test_ndjson_gives_what_its_bundle_gives(tmp_path):
    made = [patient("1"), *(observation("2951-2", v, "mmol/L", subject={"reference": "Patient/1"}) for v in (1, 2))]
    lines = "\n".join(map(json.dumps, made)) + "\n"
    a, b = tmp_path / "a", tmp_path / "b"
    a.mkdir(), b.mkdir()
    rows = imported(written(a, "a.txt", lines), *INDEX).rows
    assert rows == imported(written(b, "b.json", bundle(*made)), *INDEX).rows and len(rows) == 2


def test_a_list_of_resources_is_read_as_their_bundle(tmp_path):
    for n, text in enumerate((json.dumps([observation()]), json.dumps([observation()], indent=1))):
        folder = tmp_path / str(n)
        folder.mkdir()
        assert imported(written(folder, "a.json", text), *INDEX).values() == [("0", "haemoglobin", "135", "g/L")]


def test_the_kinds_that_are_not_read_are_told(tmp_path, capsys):
    others = [{"resourceType": kind} for kind in ("Encounter", "Encounter", "AllergyIntolerance")]
    found = imported(written(tmp_path, "a.json", bundle(*others)), *INDEX)
    said = capsys.readouterr().out
    assert found.code == 2 and "AllergyIntolerance (1), Encounter (2): not read, as kinds of resources" in said


def test_a_long_first_line_is_still_a_line(tmp_path):
    first = observation("72166-2", note=[{"text": "x" * 200_000}])
    lines = json.dumps(first) + "\n" + json.dumps(observation()) + "\n"
    assert len(imported(written(tmp_path, "a.json", lines), *INDEX).rows) == 1


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('{"resourceType": "Bundle", "entry": [', "complete JSON"),
        ('{"resourceType": "Bundle", "entry": ' + "[" * 100_000, "nested without end"),
        ('{"resourceType": "Observation"}\n{"resourceType": "Obs', "complete JSON"),
        ('{"a": 1}', "JSON of FHIR R4"),
        ('<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "b">]><Bundle xmlns="http://hl7.org/fhir"/>', "XML is not read"),
    ],
)
def test_a_broken_file_is_refused_in_one_sentence(tmp_path, capsys, text, said):
    found = imported(written(tmp_path, "a.json", text), *INDEX)
    assert found.code == 2 and found.rows == [] and said in capsys.readouterr().err


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize(
    ("name", "text"),
    [("a.json", bundle(observation())), ("a.hl7", "MSH|^~\\&|LAB\rOBX|1"), ("a.xml", "<ClinicalDocument/>")],
)
def test_a_file_in_utf_16_is_told_so(tmp_path, capsys, encoding, name, text):
    found = imported(written(tmp_path, name, text.encode(encoding)), *INDEX)
    assert found.code == 2 and "a text in UTF-8; this one is in UTF-16" in capsys.readouterr().err


@pytest.mark.parametrize("odd", [None, 1, "x", [], {}, [None], [[]], {"coding": "x"}, {"coding": [1]}, {"value": []}])
@pytest.mark.parametrize(
    "part", ["code", "valueQuantity", "referenceRange", "interpretation", "subject", "component", "effectivePeriod"]
)
def test_an_element_of_another_shape_is_no_traceback(tmp_path, part, odd):
    found = imported(written(tmp_path, "a.json", bundle(observation() | {part: odd})), *INDEX)
    assert found.code in (0, 2) and validate(str(found.case)).problems == []


def test_a_case_of_an_import_passes_the_privacy_gate(tmp_path):
    made = [patient("1"), observation(subject={"reference": "Patient/1"}), observation("72166-2")]
    found = imported(written(tmp_path, "Quillfeather_Ada.json", bundle(*made)), *INDEX)
    meta = load_meta(found.case / "case.yaml", "case.yaml", "x")
    assert found.left_out and check_privacy(found.case, meta, {}) == []
    assert "Quillfeather" not in found.written()


@pytest.mark.parametrize(
    ("ranges", "limits"),
    [
        ([{"text": "120 - 160"}], ("120", "160")), ([{"text": "120-160 g/L"}], ("120", "160")),
        ([{"text": "12-16 g/dL"}], ("", "")), ([{"text": "adults"}], ("", "")),
        ([{"text": "0-500"}, {"low": {"value": 120, "unit": "g/L"}}], ("120", "")),
        ([{"text": "120-160"}, {"text": "100-120"}], ("", "")),
    ],
)  # fmt: skip
def test_a_range_that_stands_in_words_alone_is_read(tmp_path, ranges, limits):
    (row,) = imported(written(tmp_path, "a.json", bundle(observation(referenceRange=ranges))), *INDEX).rows
    assert (row["ref_low"], row["ref_high"]) == limits
