"""Of several versions of a record the last counts, and none where that withdraws it; distinct results all stay."""

import json

import pytest

from imported import bundle, imported, observation, table, written

INDEX = ("--index", "2026-09-01")
WITHDRAWN = "withdrawn later: "


def version(value: int, status: str = "final", number: str = "", updated: str = "", **more: object):
    meta = {key: text for key, text in (("versionId", number), ("lastUpdated", updated)) if text}
    return observation(value=value, id="o1", status=status, **({"meta": meta} if meta else {}), **more)


@pytest.mark.parametrize(
    "made",
    [
        [version(105, "preliminary"), version(112), version(113, "corrected")],
        [version(113, "corrected"), version(112), version(105, "preliminary")],
        [version(112), version(113)],
        [version(113, number="10"), version(112, "corrected", number="9")],
        [version(113, updated="2026-09-05T10:00:00+02:00"), version(112, updated="2026-09-05T07:59:00Z")],
    ],
)
@pytest.mark.parametrize("lines", [False, True])
def test_the_last_version_of_a_resource_counts(tmp_path, made, lines):
    text = "\n".join(map(json.dumps, made)) if lines else bundle(*made)
    found = imported(written(tmp_path, "a.json", text), *INDEX)
    assert [row[2] for row in found.values()] == ["113"]
    assert found.reasons() == "718-7: replaced by a later version of it"


def test_a_history_begins_with_what_is_newest(tmp_path):
    text = bundle(version(113), version(112)).replace("collection", "history")
    assert [row[2] for row in imported(written(tmp_path, "a.json", text), *INDEX).values()] == ["113"]


def test_what_was_replaced_is_not_said_to_be_implausible(tmp_path, capsys):
    imported(written(tmp_path, "a.json", bundle(version(5, "preliminary"), version(112))), *INDEX)
    assert "outside plausible limits" not in capsys.readouterr().out


@pytest.mark.parametrize(("etag", "taken"), [('W/"3"', 0), ("", 0), ('W/"1"', 1)])
def test_a_result_that_a_history_says_was_deleted_is_withdrawn(tmp_path, etag, taken):
    gone = {"request": {"method": "DELETE", "url": "Observation/o1"}, "response": {"etag": etag}}
    of_server = {"fullUrl": "http://a/Observation/o1"}
    entries = [gone | of_server, {"resource": version(112, number="2")} | of_server]
    text = json.dumps({"resourceType": "Bundle", "type": "history", "entry": entries})
    found = imported(written(tmp_path, "a.json", text), *INDEX)
    assert len(found.rows) == taken and "deleted, as the history of the file says" in found.reasons()


@pytest.mark.parametrize("turned", [False, True])
def test_a_result_that_was_entered_in_error_is_withdrawn(tmp_path, turned):
    made = [version(112), version(112, "entered-in-error")]
    found = imported(written(tmp_path, "a.json", bundle(*(reversed(made) if turned else made))), *INDEX)
    assert found.rows == [] and f"{WITHDRAWN}entered in error" in found.reasons()


def test_the_last_version_of_a_treatment_and_a_diagnosis_counts(tmp_path):
    given = {
        "resourceType": "MedicationAdministration", "id": "m", "status": "in-progress",
        "medicationCodeableConcept": {"text": "Meropenem"}, "effectivePeriod": {"start": "2026-09-02"},
    }  # fmt: skip
    ended = given | {"status": "completed", "effectivePeriod": {"start": "2026-09-02", "end": "2026-09-05"}}
    wrong = given | {"id": "w", "effectivePeriod": {"start": "2026-08-30"}}
    ill = {"resourceType": "Condition", "id": "c", "code": {"text": "Pneumonia"}, "onsetDateTime": "2026-09-01"}
    error = {"verificationStatus": {"coding": [{"code": "entered-in-error"}]}}
    made = [given, ended, wrong, wrong | {"status": "entered-in-error"}, ill, ill | error, observation()]
    path = written(tmp_path, "a.json", bundle(*made))
    found = imported(path, "--index", "meropenem")
    rows = table(found.case / "interventions.csv")
    assert [(row["start_day"], row["end_day"]) for row in rows] == [("0", "3")]
    assert table(found.case / "events.csv") == [] and found.reasons().count(f"{WITHDRAWN}entered in error") == 2


MSH = "MSH|^~\\&|LAB|A|EMR|B|{sent}||ORU^R01|{control}|P|2.5\rPID|1||7^^^H\r"


def hl7(*segments: str, sent: str = "20260904", control: str = "1") -> str:
    return MSH.format(sent=sent, control=control) + "\r".join(segments) + "\r"


def obx(number: str, code: str, value: str, unit: str, status: str = "F") -> str:
    return f"OBX|{number}|NM|{code}||{value}|{unit}|||||{status}"


ORDER = "OBR|1|A1|F1|CBC|||20260902080000"
HB = ("718-7^Hb^LN", "112", "g/L")


@pytest.mark.parametrize("status", ["W", "D", "X"])
def test_a_result_that_is_withdrawn_in_a_later_message_is_left_out(tmp_path, status):
    first = hl7(ORDER, obx("1", *HB), obx("2", "2951-2^Na^LN", "139", "mmol/L"))
    later = hl7(ORDER, obx("1", *HB, status), sent="20260905", control="2")
    for name, text in (("a.hl7", first + later), ("b.hl7", later + first)):
        folder = tmp_path / name[0]
        folder.mkdir()
        found = imported(written(folder, name, text), *INDEX)
        assert [row[1] for row in found.values()] == ["sodium"] and WITHDRAWN in found.reasons()


def test_a_result_may_be_sent_anew_after_it_was_withdrawn(tmp_path):
    text = hl7(ORDER, obx("1", *HB)) + hl7(ORDER, obx("1", *HB, "W"), sent="20260905", control="2")
    text += hl7(ORDER, obx("1", "718-7^Hb^LN", "121", "g/L", "C"), sent="20260906", control="3")
    assert [row[2] for row in imported(written(tmp_path, "a.hl7", text), *INDEX).values()] == ["121"]


def test_a_result_that_the_case_has_and_the_file_withdraws_is_to_be_removed(tmp_path, capsys):
    first, later = hl7(ORDER, obx("1", *HB)), hl7(ORDER, obx("1", *HB, "W"), sent="20260905", control="2")
    found = imported(written(tmp_path, "a.hl7", first), *INDEX)
    path = written(tmp_path, "b.hl7", first + later)
    again = imported(path, *INDEX, folder=found.case)
    assert again.code == 2 and again.rows == found.rows and again.left_out == []
    assert "'112': no row of a result that the file withdraws" in capsys.readouterr().err
    observations = found.case / "observations.csv"
    observations.write_text(observations.read_text(encoding="utf-8").splitlines()[0] + "\n", encoding="utf-8")
    assert WITHDRAWN in imported(path, *INDEX, folder=found.case).reasons()


def test_a_result_that_is_sent_again_after_its_withdrawal_stays(tmp_path):
    first, later = hl7(ORDER, obx("1", *HB)), hl7(ORDER, obx("1", *HB, "W"), sent="20260905", control="2")
    text = first + later + hl7(ORDER, obx("1", *HB), sent="20260906", control="3")
    assert [row[2] for row in imported(written(tmp_path, "a.hl7", text), *INDEX).values()] == ["112"]


THREE = [("718-7^Hb^LN", "112", "g/L"), ("2823-3^K^LN", "4.1", "mmol/L"), ("2951-2^Na^LN", "139", "mmol/L")]


@pytest.mark.parametrize(
    "text",
    [
        hl7(ORDER, *(obx("", *one) for one in THREE)),
        hl7(*(part for one in THREE for part in ("OBR||||CBC|||20260902080000", obx("1", *one)))),
        "".join(
            hl7(f"OBR|1|A1|F1|CBC|||2026090{day}080000", obx("1", "718-7^Hb^LN", f"11{day}", "g/L"))
            for day in (2, 3, 4)
        ),
    ],
)
def test_distinct_results_under_one_number_all_stay(tmp_path, text):
    found = imported(written(tmp_path, "a.hl7", text), *INDEX)
    assert len(found.rows) == 3 and found.left_out == []


def test_the_same_result_in_another_message_is_the_same_by_the_number_of_its_order(tmp_path):
    text = hl7(ORDER, obx("1", *HB)) + hl7(ORDER, obx("1", *HB), control="2")
    found = imported(written(tmp_path, "a.hl7", text), *INDEX)
    assert len(found.rows) == 1 and "the same result again" in found.reasons()


CCDA = (
    '<ClinicalDocument xmlns="urn:hl7-org:v3" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><section>'
    '<code code="30954-2"/>{}</section></ClinicalDocument>'
)
ENTRY = (
    '<entry><observation moodCode="EVN"><id root="1.2" extension="{own}"/><code code="{code}" '
    'codeSystem="2.16.840.1.113883.6.1"/><statusCode code="{status}"/><effectiveTime value="20260902"/>'
    '<value xsi:type="PQ" value="{value}" unit="{unit}"/></observation></entry>'
)


@pytest.mark.parametrize("turned", [False, True])
def test_a_nullified_entry_of_a_document_takes_its_result_back_and_no_other(tmp_path, turned):
    of = {"own": "o1", "code": "718-7", "unit": "g/L", "status": "completed"}
    made = [
        ENTRY.format(**of, value="112"),
        ENTRY.format(**of | {"status": "nullified"}, value="112"),
        ENTRY.format(**of | {"code": "2951-2", "unit": "mmol/L"}, value="139"),
    ]
    text = CCDA.format("".join(reversed(made) if turned else made))
    found = imported(written(tmp_path, "a.xml", text), *INDEX)
    assert [row[1] for row in found.values()] == ["sodium"] and f"{WITHDRAWN}entered in error" in found.reasons()
