"""Treatments and diagnoses of FHIR in a case: by code and whole name, in study days, with nothing of a person."""

import pytest

from casereport.audit.validation import validate
from casereport.case.reading import read_case
from casereport.cli import main
from imported import bundle, imported, observation, table, written
from new_book import new_book

INDEX = ("--index", "2026-09-01")
SYSTEMS = {"atc": "http://www.whocc.no/atc", "rxnorm": "http://www.nlm.nih.gov/research/umls/rxnorm",
           "snomed": "http://snomed.info/sct"}  # fmt: skip


def concept(display, system="rxnorm", code="11289"):
    return {"coding": [{"system": SYSTEMS[system], "code": code, "display": display}]}


def given(display="Meropenem 1000 MG Injection", **more):
    made = {
        "resourceType": "MedicationAdministration", "id": "m1", "status": "completed",
        "medicationCodeableConcept": concept(display), "effectiveDateTime": "2026-09-03T08:00:00+02:00",
        "dosage": {"dose": {"value": 1, "unit": "g"}, "route": concept("Intravenous route", "snomed", "47625008")},
        "note": [{"text": "Quillfeather was anxious"}], "performer": [{"actor": {"display": "Nurse Joy"}}],
    }  # fmt: skip
    return {key: part for key, part in (made | more).items() if part is not None}


def condition(display="Pneumonia (disorder)", **more):
    made = {
        "resourceType": "Condition", "id": "c1", "code": concept(display, "snomed", "233604007"),
        "onsetDateTime": "2026-08-30", "recordedDate": "2026-09-01",
    }  # fmt: skip
    return {key: part for key, part in (made | more).items() if part is not None}


def of(tmp_path, *resources, options=INDEX):
    found = imported(written(tmp_path, "a.json", bundle(*resources)), *options)
    return found, table(found.case / "interventions.csv"), table(found.case / "events.csv")


def test_a_dose_that_was_given_has_day_dose_route_and_where_it_stands(tmp_path):
    found, rows, _ = of(tmp_path, given(), observation())
    assert [list(row.values()) for row in rows] == [
        ["2", "2", "meropenem", "1", "g", "intravenous route", "measured",
         "FHIR MedicationAdministration, meropenem, day 2 at 08:00", ""],
    ]  # fmt: skip
    assert len(found.rows) == 1 and found.left_out == []
    assert validate(str(found.case)).problems == []
    assert not any(word in found.written() for word in ("Quillfeather", "Joy", "2026", "47625008"))


def test_the_same_bundle_again_adds_nothing_and_another_dose_is_refused(tmp_path):
    found, rows, _ = of(tmp_path, given())
    path = written(tmp_path, "a.json", bundle(given()))
    assert imported(path, *INDEX, folder=found.case).code == 0
    assert table(found.case / "interventions.csv") == rows
    other = written(tmp_path, "b.json", bundle(observation(), given(dosage={"dose": {"value": 2, "unit": "g"}})))
    assert imported(other, *INDEX, folder=found.case).code == 2
    assert table(found.case / "interventions.csv") == rows
    assert table(found.case / "observations.csv") == []  # all or nothing


def test_an_order_says_that_it_is_one_and_gives_way_to_what_was_given(tmp_path):
    order = {
        "resourceType": "MedicationRequest", "id": "r1", "status": "active", "intent": "order",
        "medicationCodeableConcept": concept("Furosemide 40 MG Oral Tablet"), "authoredOn": "2026-09-02T09:30:00Z",
        "dosageInstruction": [
            {"timing": {"repeat": {"frequency": 2, "period": 1, "periodUnit": "d"}},
             "doseAndRate": [{"doseQuantity": {"value": 40, "unit": "mg"}}]}
        ],
    }  # fmt: skip
    found, rows, _ = of(tmp_path, order)
    assert [list(row.values()) for row in rows] == [
        ["1", "", "furosemide", "40", "mg", "", "reported", "FHIR MedicationRequest, furosemide, day 1 at 09:30",
         "2 times a day. An order; whether it was given is not recorded."],
    ]  # fmt: skip
    (tmp_path / "b").mkdir()
    found, rows, _ = of(tmp_path / "b", order, given("Furosemide"))
    assert [row["source"].partition(",")[0].split()[1] for row in rows] == ["MedicationAdministration"]
    assert "an order of what is recorded as given" in found.reasons()


@pytest.mark.parametrize(
    ("resource", "reason"),
    [
        (given(status="not-done"), "not done, as its status says"),
        (given(status="entered-in-error"), "entered in error, as its status says"),
        (given("Study drug 7"), "not among the interventions of the vocabulary"),
        (given("Meropenen"), "not among the interventions of the vocabulary"),  # a letter away
        (given(effectiveDateTime="2026-09"), "a date without a day"),
        (given(effectiveDateTime=None), "no date of it"),
        ({**given(), "resourceType": "MedicationRequest", "doNotPerform": True}, "an order not to give it"),
        ({**given(), "resourceType": "MedicationRequest", "intent": "plan"}, "a proposal or a plan, not an order"),
        (condition(verificationStatus=concept("", "snomed", "provisional")), "not confirmed (provisional)"),
        (condition(verificationStatus=concept("", "snomed", "entered-in-error")), "entered in error"),
        (condition(code={"coding": [{"code": "1"}]}), "a code without a name"),
        (condition(onsetDateTime=None, recordedDate=None), "no date of it"),
    ],
)  # fmt: skip
def test_what_is_not_taken_has_its_reason(tmp_path, resource, reason):
    found, rows, events = of(tmp_path, resource)
    assert found.code == 2 and (rows, events) == ([], [])
    assert reason in found.reasons()


@pytest.mark.parametrize(
    ("dose", "note"),
    [({"value": "much", "unit": "g"}, "The dose is not a number and was not imported."),
     ({"value": 2}, "The dose has no unit and was not imported."), ({"unit": "g"}, "")],
)  # fmt: skip
def test_a_dose_that_is_not_known_leaves_the_treatment_without_one(tmp_path, dose, note):
    found, (row,), _ = of(tmp_path, given(dosage={"dose": dose}))
    assert (row["dose"], row["dose_unit"], row["note"]) == ("", "", note)
    assert validate(str(found.case)).problems == []


def test_a_drug_is_known_by_its_atc_code_or_through_the_medication_that_is_referred_to(tmp_path):
    medication = {"resourceType": "Medication", "id": "x", "code": concept("Merrem", "atc", "J01DH02")}
    inside = given(
        id="m2", medicationCodeableConcept=None, medicationReference={"reference": "#in"},
        contained=[{"resourceType": "Medication", "id": "in", "code": concept("Linezolid 600 MG")}],
    )  # fmt: skip
    outside = given(medicationCodeableConcept=None, medicationReference={"reference": "Medication/x"})
    _, rows, _ = of(tmp_path, medication, outside, inside)
    assert sorted(row["intervention"] for row in rows) == ["linezolid", "meropenem"]


def test_a_name_of_a_house_goes_into_the_mapping_file(tmp_path, capsys):
    found, rows, _ = of(tmp_path, given("Brew no. 5"), observation("1-8"))
    said = capsys.readouterr().out
    assert "  printed,analyte,unit,intervention\n  1-8,,,\n  Brew no. 5,,,\n" in said and rows == []
    written(tmp_path, "a.mapping.csv", "printed,intervention\nBrew no. 5,meropenem\n")
    assert imported(tmp_path / "a.json", *INDEX, folder=found.case).code == 0
    assert [row["intervention"] for row in table(found.case / "interventions.csv")] == ["meropenem"]
    written(tmp_path, "a.mapping.csv", "printed,intervention\nBrew no. 5,brew\n")
    assert imported(tmp_path / "a.json", *INDEX, folder=found.case).code == 2
    assert "unknown intervention" in capsys.readouterr().err


def test_a_diagnosis_has_its_day_and_ends_where_it_resolved(tmp_path):
    found, _, events = of(tmp_path, condition(abatementDateTime="2026-09-06"), condition("Asthma", id="c2",
                          verificationStatus=concept("", "snomed", "refuted")))  # fmt: skip
    assert [list(row.values()) for row in events] == [
        ["-2", "diagnosis", "Asthma", "NEG", "reported", "FHIR Condition, Asthma, day -2", ""],
        ["-2", "diagnosis", "Pneumonia", "POS", "reported", "FHIR Condition, Pneumonia, day -2", ""],
        ["5", "diagnosis", "Pneumonia", "NEG", "reported", "FHIR Condition, Pneumonia, day -2, its end on day 5", ""],
    ]
    assert validate(str(found.case)).problems == []


def test_a_name_of_a_person_in_a_finding_is_withheld(tmp_path):
    patient = {"resourceType": "Patient", "id": "8", "name": [{"family": "Quillfeather"}]}
    own = {"subject": {"reference": "Patient/8"}}
    found, _, events = of(tmp_path, patient, condition("Quillfeather syndrome") | own, condition(id="c3") | own)
    assert [row["finding"] for row in events] == ["Pneumonia"]
    assert "its name may identify a person" in found.reasons() and "Quillfeather" not in found.written()


def test_treatments_of_another_patient_and_of_nobody_are_left_out(tmp_path):
    people = [{"resourceType": "Patient", "id": one} for one in ("7", "8")]
    rows_of = [given(id=f"m{one}", subject={"reference": f"Patient/{one}"}) for one in ("7", "8")]
    options = (*INDEX, "--patient", "8")
    found, rows, _ = of(tmp_path, *people, *rows_of, given("Linezolid", id="m9"), options=options)
    assert [row["intervention"] for row in rows] == ["meropenem"]
    assert "of another patient" in found.reasons() and "it names no subject" in found.reasons()


def test_a_treatment_that_is_named_makes_its_first_use_day_0(tmp_path, capsys):
    resources = [given(), given(id="m2", effectiveDateTime="2026-09-05"), condition(),
                 given("Linezolid", id="m3", effectiveDateTime="2026-09-02")]  # fmt: skip
    found, rows, events = of(tmp_path, *resources, options=("--index", "meropenem"))
    assert [(row["intervention"], row["start_day"]) for row in rows] == [
        ("linezolid", "-1"), ("meropenem", "0"), ("meropenem", "2"),
    ]  # fmt: skip
    assert events[0]["day"] == "-4"
    capsys.readouterr()
    assert imported(tmp_path / "a.json", "--index", "aspirin", folder=found.case).code == 2
    assert "the file has meropenem (2), linezolid (1)" in capsys.readouterr().err


def test_a_workbook_gets_the_rows_of_all_three_sheets_at_once(tmp_path):
    book = new_book(tmp_path)
    path = written(tmp_path, "a.json", bundle(observation(), given(), condition()))
    options = ["import", str(path), "--into", str(book), *INDEX]
    for _ in range(2):  # and none of them again
        assert main(options) == 0
        case = read_case(book)
        assert [row.analyte for row in case.observations] == ["haemoglobin"]
        assert [(row.intervention, row.start_day, row.dose) for row in case.interventions] == [("meropenem", "2", "1")]
        assert [(row.day, row.finding) for row in case.events] == [("-2", "Pneumonia")]


@pytest.mark.parametrize(
    ("when", "days"),
    [
        ({"onsetPeriod": {"start": "2026-09-01", "end": "2026-09-03"}}, ["0"]),
        ({"onsetPeriod": {"start": "2026-09-01", "end": "2026-09-03"},
          "abatementPeriod": {"start": "2026-09-10", "end": "2026-09-11"}}, ["0", "10"]),
        ({"onsetDateTime": "2026-09-01", "abatementPeriod": {"start": "2026-09-10", "end": "2026-09-11"}}, ["0", "10"]),
        ({"onsetDateTime": "2026-09-01", "abatementPeriod": {"start": "2026-09-10"}}, ["0"]),
    ],
)  # fmt: skip
def test_a_diagnosis_ends_with_its_abatement_and_not_with_its_onset(tmp_path, when, days):
    ill = {"resourceType": "Condition", "id": "c", "code": {"text": "Pneumonia"}, **when}
    _, _, events = of(tmp_path, ill)
    assert [(row["day"], row["interpretation"]) for row in events] == list(zip(days, ("POS", "NEG"), strict=False))
