"""HL7 v2 result messages into a case: OBX by OBX, with the separators, escapes, types and statuses that they have."""

import pytest

from casereport.readers.hl7_segments import Marks, plain
from imported import imported, written

INDEX = ("--index", "2026-09-01")
MSH = "MSH|^~\\&|LAB|A|EMR|B|20260901143000||ORU^R01|{control}|P|2.5"
PID = "PID|1||{number}^^^HOSP^MR||QUILLFEATHER^ADA||19500203|F|||12 ELM ROW^^THORNBURY||5550199"
OBR = "OBR|1|||CBC^Complete blood count^LN|||20260901100000"


def message(*segments: str, control: str = "1", number: str = "77001") -> str:
    return "\r".join([MSH.format(control=control), PID.format(number=number), OBR, *segments]) + "\r"


def obx(kind: str, code: str, value: str, unit: str, rest: str = "|||||F|||20260902120000") -> str:
    return f"OBX|1|{kind}|{code}||{value}|{unit}{rest}"


def test_a_result_has_the_range_flag_and_time_of_its_segment(tmp_path):
    line = obx("NM", "718-7^Haemoglobin^LN", "13.5", "g/dL", "|12.0-16.0|N|||F|||20260902120000")
    found = imported(written(tmp_path, "a.hl7", message(line)), *INDEX)
    assert found.rows == [
        {
            "day": "1", "analyte": "haemoglobin", "value": "13.5", "unit": "g/dL", "interpretation": "N",
            "ref_low": "12.0", "ref_high": "16.0", "evidence": "measured",
            "source": "HL7 v2 OBX, 718-7, day 1 at 12:00", "note": "",
        }
    ]  # fmt: skip


def test_without_a_time_of_its_own_a_result_has_that_of_the_sample(tmp_path):
    found = imported(written(tmp_path, "a.txt", message(obx("NM", "2951-2^Na^LN", "139", "mmol/L", "|||||F"))), *INDEX)
    assert found.rows[0]["source"] == "HL7 v2 OBX, 2951-2, day 0 at 10:00"


@pytest.mark.parametrize(
    ("value", "taken"),
    [("<^3", "<3"), (">=^90", ">=90"), ("^12", "12"), ("=^12", "12"), ("^2^-^4", "2..4")],
)
def test_a_structured_number_is_a_bound_or_a_range(tmp_path, value, taken):
    found = imported(written(tmp_path, "a.hl7", message(obx("SN", "1988-5^CRP^LN", value, "mg/L"))), *INDEX)
    assert [row[2] for row in found.values()] == [taken]


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (obx("SN", "1988-5^CRP^LN", "^1^:^128", "mg/L"), "a ratio or a titre"),
        (obx("TX", "1988-5^CRP^LN", "raised, told Dr Hornby", "mg/L"), "not a number"),
        (obx("NM", "1988-5^CRP^LN", "3~4", "mg/L"), "several values"),
        (obx("NM", "1988-5^CRP^LN", "n.d.", "mg/L"), "not a number"),
        (obx("NM", "1988-5^CRP^LN", "3", "mg/L", "|||||D"), "deleted"),
        (obx("NM", "1988-6^CRP^LN", "3", "mg/L"), "wrong check digit"),
        (obx("NM", "1988-5^CRP^LN", "3", "kg"), "does not fit"),
        (obx("NM", "1988-5^CRP^LN", "3", "mg/L", "|||||F|||202609"), "a date without a day"),
        (obx("NM", "1988-5^CRP^LN", "3", "mg/L", "|||||F|||20260931"), "not a calendar date"),
        (obx("NM", "QQ^Quillfeather factor^L", "3", "mg/L"), "not in the vocabulary"),
    ],
)
def test_what_cannot_be_taken_is_left_out_with_the_reason(tmp_path, line, reason):
    found = imported(written(tmp_path, "a.hl7", message(line)), *INDEX)
    assert found.code == 2 and found.rows == [] and reason in found.reasons()
    assert not any(word in found.written().lower() for word in ("hornby", "quill", "elm row", "77001", "2026-"))


def test_a_local_code_is_known_by_its_name_and_two_codes_by_the_loinc_one(tmp_path):
    lines = obx("NM", "NA^Sodium^L", "139", "mmol/L"), obx("NM", "K^Kalium^L^2823-3^Potassium^LN", "4.1", "mmol/L")
    found = imported(written(tmp_path, "a.hl7", message(*lines).replace("OBX|1|NM|K", "OBX|2|NM|K")), *INDEX)
    assert [row[1:3] for row in found.values()] == [("sodium", "139"), ("potassium", "4.1")]


@pytest.mark.parametrize("value", ["13.5", "<0.5"])
@pytest.mark.parametrize("kind", ["ST", "TX", "FT"])
def test_a_number_that_is_sent_as_a_text_is_a_number(tmp_path, kind, value):
    found = imported(written(tmp_path, "a.hl7", message(obx(kind, "1988-5^CRP^LN", value, "mg/L"))), *INDEX)
    assert [row[2] for row in found.values()] == [value]


def test_escape_sequences_are_read():
    marks = Marks()
    assert plain(r"10\S\3/uL", marks) == "10^3/uL"
    assert plain(r"A\T\B \F\ \R\ \E\ ", marks) == "A&B | ~ \\"
    assert plain(r"\H\high\N\\X41\ line\.br\two", marks) == "highA line two"


def test_a_unit_with_an_escaped_power_is_understood(tmp_path):
    line = obx("NM", "6690-2^WBC^LN", "7.2", r"10\S\3/uL")
    assert imported(written(tmp_path, "a.hl7", message(line)), *INDEX).values()[0][3] == "10*3/uL"


def test_other_separators_and_a_byte_order_mark_are_read(tmp_path):
    text = message(obx("NM", "2951-2^Na^LN", "139", "mmol/L")).replace("|", "#").replace("^", "@")
    found = imported(written(tmp_path, "a.hl7", b"\xef\xbb\xbf" + text.encode().replace(b"\r", b"\n")), *INDEX)
    assert found.values() == [("1", "sodium", "139", "mmol/L")]


def test_messages_of_two_patients_are_refused_until_one_is_named(tmp_path, capsys):
    one = message(obx("NM", "2951-2^Na^LN", "139", "mmol/L"))
    two = message(obx("NM", "2951-2^Na^LN", "150", "mmol/L"), control="2", number="77002")
    path = written(tmp_path, "a.hl7", one + two)
    found = imported(path, *INDEX)
    assert found.code == 2 and found.rows == [] and "here are 2" in capsys.readouterr().err
    again = imported(path, *INDEX, "--patient", "77002", folder=found.case)
    assert again.values() == [("1", "sodium", "150", "mmol/L")]
    assert again.reasons() == "results of other patients: of another patient"


def test_a_corrected_result_takes_the_place_of_the_final_one_and_a_message_counts_once(tmp_path):
    first = message(obx("NM", "2951-2^Na^LN", "139", "mmol/L"))
    second = message(obx("NM", "2951-2^Na^LN", "149", "mmol/L").replace("|F|", "|C|"), control="2")
    found = imported(written(tmp_path, "a.hl7", first + first + second), *INDEX)
    assert found.values() == [("1", "sodium", "149", "mmol/L")]
    assert "the same result again" in found.reasons() and "replaced by a later result" in found.reasons()


def of_whom(*pids: str) -> str:
    """A message with a sodium of 101, 102 and so on under each of these PIDs."""
    parts = [
        f"PID|1||{pid}\r{OBR}\r" + obx("NM", "2951-2^Na^LN", str(100 + n), "mmol/L")
        for n, pid in enumerate(pids, start=1)
    ]
    return "\r".join([MSH.format(control="1"), *parts]) + "\r"


@pytest.mark.parametrize(
    ("pids", "named", "second"),
    [
        (("111^^^H||A^B", "222^^^H||C^D"), "111, 222", "222"),
        (("111^^^H1||A^B", "111^^^H2||C^D"), "111^^^H1, 111^^^H2", "111^^^H2"),
        (("||A^B||19500101|F", "||C^D||19700101|M"), "patient 1, patient 2", "patient 2"),
        (("||A^B||19500101|F", "||A^B||19700101|F"), "patient 1, patient 2", "patient 2"),
    ],
)
@pytest.mark.parametrize("apart", [False, True])
def test_two_patients_are_told_apart_in_one_message_and_in_two(tmp_path, capsys, pids, named, second, apart):
    text = of_whom(pids[0]) + of_whom(pids[1]).replace("|101|", "|102|") if apart else of_whom(*pids)
    path = written(tmp_path, "a.hl7", text)
    found = imported(path, *INDEX)
    assert found.code == 2 and f"here are 2: say which by --patient ID ({named})" in capsys.readouterr().err
    assert imported(path, *INDEX, "--patient", second, folder=found.case).values() == [("1", "sodium", "102", "mmol/L")]


def test_a_number_that_two_patients_have_selects_neither(tmp_path, capsys):
    path = written(tmp_path, "a.hl7", of_whom("111^^^H1||A^B", "111^^^H2||C^D"))
    found = imported(path, *INDEX, "--patient", "111")
    assert found.code == 2 and "it is that of several (111^^^H1, 111^^^H2)" in capsys.readouterr().err


@pytest.mark.parametrize(
    "pids",
    [
        ("111^^^H||A^B", "111^^^H||A^B"),
        ("111||A^B", "111^^^H||A^B"),
        ("111^^^H&1.2.3&ISO||A^B", "111^^^H||A^B"),
        ("111^^^H1||A^B||19500101", "111^^^H2||A^B||19500101"),
        ("||A^B||19500101|F", "||A^B"),
    ],
)
def test_one_patient_under_two_headers_stays_one(tmp_path, pids):
    found = imported(written(tmp_path, "a.hl7", of_whom(*pids)), *INDEX)
    assert found.code == 0 and len(found.rows) + found.reasons().count("same result again") == 2


def test_a_flag_may_be_the_second_of_its_field(tmp_path):
    line = obx("NM", "718-7^Hb^LN", "19.5", "g/dL", "|12.0-16.0|A~H|||F")
    assert imported(written(tmp_path, "a.hl7", message(line)), *INDEX).rows[0]["interpretation"] == "H"
