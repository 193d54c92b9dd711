"""Records with dates in a case that counts hours: the hour where there is a time, all hours of the day where not."""

import json

import pytest

from casereport.audit.validation import validate
from casereport.case.new.folder import new_case
from imported import bundle, imported, observation, table, written

INDEX = ("--index", "2026-09-01")
HL7 = (
    "MSH|^~\\&|LAB|A|EMR|B|20260901||ORU^R01|1|P|2.5\rPID|1||7^^^H\rOBR|1|A|F|CBC|||{}\r"
    "OBX|1|NM|718-7^Hb^LN||112|g/L|||||F\r"
)
CCDA = (
    '<ClinicalDocument xmlns="urn:hl7-org:v3" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><section>'
    '<code code="30954-2"/><entry><observation moodCode="EVN"><code code="718-7" codeSystem="2.16.840.1.113883.6.1"/>'
    '<effectiveTime value="{}"/><value xsi:type="PQ" value="112" unit="g/L"/></observation></entry></section>'
    "</ClinicalDocument>"
)
LIST = "Test,Result,Unit,Date\nHaemoglobin,112,g/L,{}\n"


def into(folder, path, *options: str, unit: str = "hours"):
    case = new_case("x", folder / "cases")
    about = case / "case.yaml"
    about.write_text(about.read_text(encoding="utf-8").replace("time_unit: days", f"time_unit: {unit}"), "utf-8")
    return imported(path, *(options or INDEX), folder=case)


def days(found) -> list[str]:
    return [row["day"] for row in found.rows]


def fhir(when: str) -> str:
    return bundle(observation(effectiveDateTime=when))


@pytest.mark.parametrize(
    ("name", "text", "day"),
    [
        ("a.json", fhir("2026-09-02T08:00:00Z"), "32"),
        ("a.json", fhir("2026-09-02T08:20:00Z"), "32.3333"),
        ("a.json", fhir("2026-08-31T23:30:00Z"), "-0.5"),
        ("a.json", fhir("2026-09-03"), "48..72"),
        ("a.json", fhir("2026-09-03T00:00:00Z"), "48..72"),
        ("a.hl7", HL7.format("20260902080000"), "32"),
        ("a.hl7", HL7.format("20260902"), "24..48"),
        ("a.xml", CCDA.format("202609020830+0200"), "32.5"),
        ("a.xml", CCDA.format("20260902"), "24..48"),
        ("a.csv", LIST.format("2026-09-02 08:00"), "32"),
        ("a.csv", LIST.format("2026-09-03"), "48..72"),
    ],
)
def test_a_date_becomes_the_hour_or_the_hours_of_its_day(tmp_path, name, text, day):
    found = into(tmp_path, written(tmp_path, name, text))
    assert days(found) == [day] and found.rows[0]["source"].endswith(f", hour {day}")
    assert validate(str(found.case)).problems == []


def test_a_period_within_a_day_is_its_hours_and_in_days_one_day(tmp_path):
    one = observation(effectivePeriod={"start": "2026-09-02T08:00:00Z", "end": "2026-09-02T20:00:00Z"})
    path = written(tmp_path, "a.json", bundle({k: v for k, v in one.items() if k != "effectiveDateTime"}))
    assert days(into(tmp_path, path)) == ["32..44"]
    (tmp_path / "b").mkdir()
    found = into(tmp_path / "b", path, unit="days")
    assert days(found) == ["1"] and found.rows[0]["source"].endswith("day 1 at 08:00")


def test_no_date_is_a_session(tmp_path):
    found = into(tmp_path, written(tmp_path, "a.json", fhir("2026-09-02T08:00:00Z")), unit="sessions")
    assert found.code == 2 and "a date, and the case counts its time in sessions" in found.reasons()


@pytest.mark.parametrize(
    ("text", "options", "day"),
    [
        ("Test,Result,Unit,Hours\nHaemoglobin,112,g/L,30\n", (), "30"),
        ("Test,Result,Unit,Day\nHaemoglobin,112,g/L,30 h\n", (), "30"),
        ("Test,Result,Unit,Offset\nHaemoglobin,112,g/L,90\n", ("--day-zero", "0"), "1.5"),
    ],
)
def test_the_hours_and_minutes_of_a_list_remain_hours(tmp_path, text, options, day):
    assert days(into(tmp_path, written(tmp_path, "a.csv", text), *(options or ("--decimal", "point")))) == [day]


def given(when: str) -> dict[str, object]:
    return {
        "resourceType": "MedicationAdministration", "status": "completed", "effectiveDateTime": when,
        "medicationCodeableConcept": {"text": "Meropenem"},
    }  # fmt: skip


def test_a_treatment_has_hours_and_may_itself_be_hour_0(tmp_path):
    made = bundle(observation(effectiveDateTime="2026-09-02T08:00:00Z"), given("2026-09-01T20:30:00Z"))
    path = written(tmp_path, "a.json", made)
    found = into(tmp_path, path)
    row = table(found.case / "interventions.csv")[0]
    assert (row["start_day"], row["end_day"], row["source"][-9:]) == ("20.5", "20.5", "hour 20.5")
    (tmp_path / "b").mkdir()
    found = into(tmp_path / "b", path, "--index", "meropenem")
    assert days(found) == ["11.5"] and table(found.case / "interventions.csv")[0]["start_day"] == "0"
    assert validate(str(found.case)).problems == []


def test_a_first_use_without_a_time_is_no_hour_0(tmp_path, capsys):
    path = written(tmp_path, "a.json", bundle(observation(), given("2026-09-01")))
    found = into(tmp_path, path, "--index", "meropenem")
    assert found.code == 2 and "whose first use has a time of day, as the case counts hours" in capsys.readouterr().err


def test_the_tables_of_omop_keep_the_hours_of_both_ends(tmp_path):
    folder = tmp_path / "omop"
    folder.mkdir()
    written(folder, "drug_exposure.csv", (
        "drug_exposure_id,person_id,drug_concept_id,drug_exposure_start_date,drug_exposure_start_datetime,"
        "drug_exposure_end_date,drug_exposure_end_datetime\n"
        "1,8,1,2026-09-01,2026-09-01 06:00:00,2026-09-02,2026-09-02 09:30:00\n"))  # fmt: skip
    written(folder, "concept.csv", "concept_id,concept_name,vocabulary_id,concept_code\n1,Meropenem,RxNorm,29561\n")
    found = into(tmp_path, folder)
    row = table(found.case / "interventions.csv")[0]
    assert (row["start_day"], row["end_day"]) == ("6", "33.5") and json.dumps(found.left_out) == "[]"


def test_the_study_days_of_a_trial_are_no_hours(tmp_path):
    text = "USUBJID,EXSEQ,EXTRT,EXSTDY,EXENDY\n1,1,Meropenem,2,3\n"
    found = into(tmp_path, written(tmp_path, "ex.csv", text), "--from", "0")
    assert found.code == 2 and "its time is counted in days, and that of the case in hours" in found.reasons()
