"""Whose a FHIR resource is: ids, identifiers, servers and contained Patients are never taken for one another."""

import json

import pytest

from imported import bundle, imported, observation, written

INDEX = ("--index", "2026-09-01")


def patient(own: str, **more: object) -> dict[str, object]:
    return {"resourceType": "Patient", "id": own, **more}


def sodium(value: int, subject: object, **more: object) -> dict[str, object]:
    return observation("2951-2", value, "mmol/L", subject=subject if isinstance(subject, dict) else {
        "reference": subject}, **more)  # fmt: skip


def values(found) -> list[str]:
    return [row[2] for row in found.values()]


def test_the_identifier_of_one_patient_is_not_the_id_of_another(tmp_path):
    eight = patient("8", identifier=[{"value": "9"}])
    path = written(
        tmp_path, "a.json", bundle(eight, patient("9"), sodium(138, "Patient/8"), sodium(129, "Patient/9"))
    )  # fmt: skip
    found = imported(path, *INDEX, "--patient", "8")
    assert values(found) == ["138"] and found.reasons() == "results of other patients: of another patient"


def test_a_number_of_two_patients_is_asked_about_and_an_address_is_not(tmp_path, capsys):
    eight = patient("8", identifier=[{"value": "9"}])
    path = written(
        tmp_path, "a.json", bundle(eight, patient("9"), sodium(138, "Patient/8"), sodium(129, "Patient/9"))
    )  # fmt: skip
    found = imported(path, *INDEX, "--patient", "9")
    assert found.code == 2 and "an id or identifier of several (8, 9): say Patient/ID" in capsys.readouterr().err
    assert values(imported(path, *INDEX, "--patient", "Patient/9", folder=found.case)) == ["129"]


def contained(number: str, name: str) -> dict[str, object]:
    identifier = {"identifier": [{"system": "urn:h", "value": number}]} if number else {}
    return {"contained": [patient("p", name=[{"family": name}], **identifier)]}


@pytest.mark.parametrize(
    ("one", "two", "named"),
    [(("A1", "Ottway"), ("B1", "Hornby"), "A1, B1"), (("", "Ottway"), ("", "Hornby"), "patient 1, patient 2")],
)
def test_each_resource_contains_a_patient_of_its_own(tmp_path, capsys, one, two, named):
    path = written(
        tmp_path, "a.json", bundle(sodium(138, "#p", **contained(*one)), sodium(129, "#p", **contained(*two)))
    )
    found = imported(path, *INDEX)
    said = capsys.readouterr().err
    assert found.code == 2 and f"here are 2: say which by --patient ID ({named})" in said and "Hornby" not in said
    assert len(imported(path, *INDEX, "--patient", named.split(", ")[1], folder=found.case).rows) == 1


def test_the_same_contained_patient_is_one(tmp_path):
    made = [sodium(v, "#p", **contained("A1", "Ottway"), id=str(v)) for v in (138, 129)]
    assert values(imported(written(tmp_path, "a.json", bundle(*made)), *INDEX)) == ["129", "138"]
    of_file = patient("8", identifier=[{"value": "A1"}])
    path = written(tmp_path, "b.json", bundle(of_file, *made))
    assert len(imported(path, *INDEX, folder=tmp_path / "cases/x").rows) == 2


def test_one_id_on_two_servers_is_two_patients(tmp_path, capsys):
    one, two = "http://a.org/fhir/Patient/8", "http://b.org/fhir/Patient/8"
    path = written(tmp_path, "a.json", bundle(sodium(138, one), sodium(129, two)))
    found = imported(path, *INDEX)
    assert found.code == 2 and f"say which by --patient ID ({one}, {two})" in capsys.readouterr().err
    assert values(imported(path, *INDEX, "--patient", two, folder=found.case)) == ["129"]


def test_a_relative_address_is_of_the_server_of_its_resource(tmp_path):
    entries = [
        {"fullUrl": f"http://{server}/{one['resourceType']}/{one['id']}", "resource": one}
        for server, value in (("a", 138), ("b", 129))
        for one in (patient("1"), sodium(value, "Patient/1", id=f"o{value}"))
    ]
    path = written(tmp_path, "a.json", json.dumps({"resourceType": "Bundle", "entry": entries}))
    assert values(imported(path, *INDEX, "--patient", "http://b/Patient/1")) == ["129"]


@pytest.mark.parametrize(
    "subject",
    ["Patient/8", "urn:uuid:8", "http://a.org/fhir/Patient/8", "Patient/8/_history/2", {"identifier": {"value": "M1"}},
     {"identifier": {"system": "urn:h", "value": "M1"}}],
)  # fmt: skip
def test_a_patient_is_called_by_id_address_and_identifier(tmp_path, subject):
    one = patient("8", identifier=[{"system": "urn:h", "value": "M1"}])
    found = imported(written(tmp_path, "a.json", bundle(one, patient("9"), sodium(138, subject))), *INDEX, "--patient",
                     "M1")  # fmt: skip
    assert values(found) == ["138"]


def test_an_identifier_of_two_systems_is_that_of_neither(tmp_path):
    two = [patient(own, identifier=[{"system": f"urn:{own}", "value": "M1"}]) for own in ("8", "9")]
    made = [
        sodium(138, {"identifier": {"system": "urn:8", "value": "M1"}}),
        sodium(129, {"identifier": {"value": "M1"}}),
    ]
    found = imported(written(tmp_path, "a.json", bundle(*two, *made)), *INDEX, "--patient", "8")
    assert values(found) == ["138"] and "its subject is no patient of this file" in found.reasons()
