"""C-CDA documents, made up here, into a case: which sections and entries are taken, and nothing of a person."""

import pytest

from imported import imported, written

INDEX = ("--index", "2026-09-01")
LOINC = "2.16.840.1.113883.6.1"
HEAD = """<?xml version="1.0" encoding="UTF-8"?>{doctype}
<ClinicalDocument xmlns="urn:hl7-org:v3" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
<title>Summary of Ada Quillfeather</title>
<recordTarget><patientRole><id root="1.2" extension="77001"/><addr><city>Thornbury</city></addr>
<telecom value="tel:5550199"/><patient><name><given>Ada</given><family>Quillfeather</family></name></patient>
</patientRole></recordTarget><component><structuredBody>{body}</structuredBody></component></ClinicalDocument>"""
RESULTS, VITAL_SIGNS, MEDICATIONS, FAMILY = "30954-2", "8716-3", "10160-0", "10157-6"


def section(code: str, *entries: str) -> str:
    inside = "".join(f"<entry>{entry}</entry>" for entry in entries)
    text = "<text>Ada Quillfeather was seen by Dr Hornby in Thornbury</text>"
    return f'<component><section><code code="{code}" codeSystem="{LOINC}"/>{text}{inside}</section></component>'


def observation(code: str, value: str, more: str = "", attributes: str = 'moodCode="EVN"', status: str = "completed"):
    return (
        f'<observation classCode="OBS" {attributes}><code code="{code}" codeSystem="{LOINC}" displayName="A test"/>'
        f'<statusCode code="{status}"/><effectiveTime value="20260902083000+0200"/>{value}{more}</observation>'
    )


def quantity(value: str, unit: str) -> str:
    return f'<value xsi:type="PQ" value="{value}" unit="{unit}"/>'


def span(low: str, high: str) -> str:
    return f'<value xsi:type="IVL_PQ">{low}{high}</value>'


def document(*sections: str, doctype: str = "") -> str:
    return HEAD.format(body="".join(sections), doctype=doctype)


def of_result(folder, *entries: str, code: str = RESULTS):
    return imported(written(folder, "ccd.xml", document(section(code, *entries))), *INDEX)


def test_a_result_has_its_value_unit_range_flag_and_time(tmp_path):
    limits = span('<low value="12.0" unit="g/dL"/>', '<high value="16.0" unit="g/dL" inclusive="false"/>')
    more = f"<referenceRange><observationRange>{limits}</observationRange></referenceRange>"
    flag = '<interpretationCode code="L" codeSystem="2.16.840.1.113883.5.83"/>'
    found = of_result(tmp_path, observation("718-7", quantity("10.20", "g/dL"), flag + more))
    assert found.rows == [
        {
            "day": "1", "analyte": "haemoglobin", "value": "10.20", "unit": "g/dL", "interpretation": "L",
            "ref_low": "12.0", "ref_high": "<16.0", "evidence": "measured", "source": "C-CDA, 718-7, day 1 at 08:30",
            "note": "",
        }
    ]  # fmt: skip
    assert not [
        word for word in ("Quillfeather", "Thornbury", "Hornby", "77001", "5550199", "2026") if word in found.written()
    ]


def test_the_signs_of_an_organizer_are_taken_at_its_time(tmp_path):
    parts = [observation(code, quantity(n, "mm[Hg]")) for code, n in (("8480-6", "120"), ("8462-4", "80"))]
    untimed = "".join(part.replace('<effectiveTime value="20260902083000+0200"/>', "") for part in parts)
    organizer = (
        '<organizer classCode="CLUSTER" moodCode="EVN"><effectiveTime><low value="20260904"/><high value="20260904"/>'
        f"</effectiveTime><component>{untimed}</component></organizer>"
    )
    found = of_result(tmp_path, organizer, code=VITAL_SIGNS)
    assert found.values() == [("3", "systolic_pressure", "120", "mm[Hg]"), ("3", "diastolic_pressure", "80", "mm[Hg]")]


@pytest.mark.parametrize(
    ("low", "high", "taken"),
    [
        ('<low value="5" unit="mg/L"/>', "", ">=5"),
        ("", '<high value="5" unit="mg/L" inclusive="false"/>', "<5"),
        ('<low nullFlavor="NINF"/>', '<high value="5" unit="mg/L" inclusive="true"/>', "<=5"),
        ('<low value="5" unit="mg/L"/>', '<high value="7" unit="mg/L"/>', "5..7"),
    ],
)
def test_an_interval_is_a_bound_or_a_range(tmp_path, low, high, taken):
    found = of_result(tmp_path, observation("1988-5", span(low, high)))
    assert found.values() == [("1", "crp", taken, "mg/L")]


def test_what_is_no_number_of_the_patient_is_left_out_with_its_reason(tmp_path):
    crp = quantity("5", "mg/L")
    outside = span('<low value="5" unit="mg/L" inclusive="false"/>', '<high value="7" unit="mg/L"/>')
    found = of_result(
        tmp_path,
        observation("1988-5", '<value xsi:type="PQ" nullFlavor="UNK" unit="mg/L"/>'),
        observation("1988-5", '<value xsi:type="ST">raised, told Dr Hornby</value>'),
        observation("1988-5", crp, status="nullified"),
        observation("1988-5", crp, attributes='moodCode="GOL"'),
        observation("1988-5", crp, attributes='moodCode="EVN" negationInd="true"'),
        observation("1988-5", crp, '<interpretationCode code="&lt;"/>'),
        observation("1988-5", outside),
        observation("1988-6", crp),
        observation("1988-5", quantity("5", "kg")),
    )
    assert found.rows == []
    for reason in (
        "not a number", "entered in error", "a goal or a plan", "not done", "the number is a limit", "lies outside",
        "wrong check digit", "does not fit",
    ):  # fmt: skip
        assert reason in found.reasons(), reason
    assert "Hornby" not in found.written()
    assert len(found.left_out) == 8  # an empty value is no value left out


def test_observations_of_relatives_are_not_read(tmp_path):
    found = of_result(tmp_path, observation("1988-5", quantity("5", "mg/L")), code=FAMILY)
    assert (found.rows, found.left_out) == ([], [])


def test_a_preliminary_result_gives_way_to_the_final_one(tmp_path):
    first = observation("1988-5", quantity("5", "mg/L"), status="active")
    found = of_result(tmp_path, first, observation("1988-5", quantity("6", "mg/L")))
    assert found.values() == [("1", "crp", "6", "mg/L")]


def medication(mood: str, name: str, times: str, more: str = "") -> str:
    return (
        f'<substanceAdministration classCode="SBADM" moodCode="{mood}"{more}><statusCode code="completed"/>{times}'
        '<routeCode displayName="ORAL"/><doseQuantity value="500" unit="mg"/><consumable><manufacturedProduct>'
        f'<manufacturedMaterial><code code="1" codeSystem="2.16.840.1.113883.6.88" displayName="{name}"/>'
        "</manufacturedMaterial></manufacturedProduct></consumable></substanceAdministration>"
    )


def test_a_medication_is_taken_or_ordered_as_its_mood_says(tmp_path):
    times = '<effectiveTime xsi:type="IVL_TS"><low value="20260903"/><high nullFlavor="NI"/></effectiveTime>'
    often = '<effectiveTime xsi:type="PIVL_TS" operator="A"><period value="6" unit="h"/></effectiveTime>'
    entries = (
        medication("EVN", "Acetaminophen 500 MG Oral Tablet", times + often), medication("INT", "Meropenem", times),
        medication("EVN", "Aspirin", times, ' negationInd="true"'),
    )  # fmt: skip
    found = of_result(tmp_path, *entries, code=MEDICATIONS)
    given = (found.case / "interventions.csv").read_text(encoding="utf-8").splitlines()[1:]
    assert given == [
        '2,,meropenem,500,mg,oral,reported,"C-CDA medication, meropenem, day 2",'
        "An order; whether it was given is not recorded.",
        '2,,paracetamol,500,mg,oral,reported,"C-CDA medication, paracetamol, day 2",Every 6 hours.',
    ]
    assert "not given, as its entry says" in found.reasons()


def test_a_treatment_of_the_document_names_day_0(tmp_path):
    times = '<effectiveTime xsi:type="IVL_TS"><low value="20260901"/></effectiveTime>'
    text = document(
        section(MEDICATIONS, medication("EVN", "Meropenem", times)),
        section(RESULTS, observation("1988-5", quantity("5", "mg/L"))),
    )
    found = imported(written(tmp_path, "ccd.xml", text), "--index", "meropenem", "--to", "5")
    assert found.values() == [("1", "crp", "5", "mg/L")]


@pytest.mark.parametrize(
    "text",
    [
        document(doctype='<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>'),
        document()[:-20],
        document().replace("<component>", "<recordTarget/><component>"),
    ],
    ids=["entities", "cut off", "two patients"],
)
def test_a_document_that_cannot_be_trusted_is_refused_whole(tmp_path, text):
    found = imported(written(tmp_path, "ccd.xml", text), *INDEX)
    assert (found.code, found.rows, found.left_out) == (2, [], [])


SUBJECT = '<subject><relatedSubject classCode="PRS"><code code="{}"/></relatedSubject></subject>'


@pytest.mark.parametrize(("whose", "taken"), [("FTH", 0), ("ONESELF", 1)])
@pytest.mark.parametrize("of", ["organizer", "observation", "section"])
def test_a_result_of_a_relative_is_not_that_of_the_patient(tmp_path, whose, taken, of):
    subject = SUBJECT.format(whose)
    one = observation("718-7", quantity("7.7", "g/dL"), more=subject if of == "observation" else "")
    entry = f'<organizer moodCode="EVN">{subject if of == "organizer" else ""}<component>{one}</component></organizer>'
    text = document(section(RESULTS, entry))
    if of == "section":
        text = text.replace("</text>", f"</text>{subject}")
    found = imported(written(tmp_path, "ccd.xml", text), *INDEX)
    assert len(found.rows) == taken
    assert taken or "about somebody other than the patient" in found.reasons()


def test_a_drug_of_a_relative_is_not_that_of_the_patient(tmp_path):
    given = (
        f'<substanceAdministration moodCode="EVN">{SUBJECT.format("MTH")}<effectiveTime value="20260902"/><consumable>'
        "<manufacturedProduct><manufacturedMaterial><name>Meropenem</name></manufacturedMaterial></manufacturedProduct>"
        "</consumable></substanceAdministration>"
    )
    found = imported(written(tmp_path, "ccd.xml", document(section(MEDICATIONS, given))), *INDEX)
    assert found.code == 2 and "about somebody other than the patient" in found.reasons()
