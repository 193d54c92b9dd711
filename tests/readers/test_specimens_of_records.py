"""A bare name is of blood only where the specimen, its code, a Specimen referred to and the order say nothing else."""

import pytest

from imported import bundle, imported, observation, written

INDEX = ("--index", "2026-09-01")
ELSEWHERE = "not in the vocabulary, in another specimen than blood"


def named(name: str, **more: object) -> dict[str, object]:
    """A result of 20 mmol/L that has a name and no code."""
    return observation("", 20, "mmol/L") | {"code": {"text": name}} | more


def specimen(own: str, **kind: object) -> dict[str, object]:
    return {"resourceType": "Specimen", "id": own, "type": kind}


@pytest.mark.parametrize(
    ("kind", "taken"),
    [
        ({"text": "Urine"}, ["urine_sodium"]),
        ({"coding": [{"code": "UR"}]}, ["urine_sodium"]),
        ({"coding": [{"system": "http://snomed.info/sct", "code": "122575003", "display": "Urine specimen"}]}, [
            "urine_sodium"]),
        ({"text": "Pleural fluid"}, []),
        ({"coding": [{"code": "CSF"}]}, []),
        ({"text": "Serum"}, ["sodium"]),
        ({}, ["sodium"]),
    ],
)  # fmt: skip
@pytest.mark.parametrize("inside", [False, True])
def test_the_specimen_of_a_fhir_result_may_stand_elsewhere(tmp_path, kind, taken, inside):
    one = specimen("s1", **kind)
    result = named("Sodium", specimen={"reference": "#s1" if inside else "Specimen/s1"})
    made = [result | {"contained": [one]}] if inside else [one, result]
    found = imported(written(tmp_path, "a.json", bundle(*made)), *INDEX)
    assert [row[1] for row in found.values()] == taken and (taken or ELSEWHERE in found.reasons())


def test_the_section_of_urine_says_what_a_result_is_of_unless_the_specimen_is_blood(tmp_path):
    urinalysis = [{"text": "Urinalysis"}]
    made = [
        named("Sodium", category=urinalysis),
        named("Chloride", category=urinalysis, specimen={"display": "Serum"}),
    ]
    found = imported(written(tmp_path, "a.json", bundle(*made)), *INDEX)
    assert [row[1] for row in found.values()] == ["urine_sodium", "chloride"]


SPM = "SPM|1|||"


@pytest.mark.parametrize(
    ("ordered", "source", "behind", "taken"),
    [
        ("CHEM^Chemistry^L", "", "", ["sodium"]),
        ("UA^Urinalysis^L", "", "", ["urine_sodium"]),
        ("UA^Urinalysis^L", "", SPM + "SER^Serum^HL70487", ["sodium"]),
        ("CHEM^Chemistry^L", "UR", "", ["urine_sodium"]),
        ("CHEM^Chemistry^L", "UR&Urine&HL70070", "", ["urine_sodium"]),
        ("CHEM^Chemistry^L", "CSF", "", []),
        ("CHEM^Chemistry^L", "", SPM + "UR^Urine", ["urine_sodium"]),
        ("CHEM^Chemistry^L", "", SPM + "PLR", []),
        ("CHEM^Chemistry^L", "", SPM + "9^Harnprobe^L^UR^Urine^HL70487", ["urine_sodium"]),
    ],
)
def test_the_specimen_of_an_hl7_result_is_that_of_its_order(tmp_path, ordered, source, behind, taken):
    text = (
        "MSH|^~\\&|LAB|A|EMR|B|20260901||ORU^R01|1|P|2.5\rPID|1||7^^^H\r"
        f"OBR|1|A|F|{ordered}|||20260902080000||||||||{source}\rOBX|1|NM|NA^Sodium^L||20|mmol/L|||||F\r{behind}\r"
    )
    found = imported(written(tmp_path, "a.hl7", text), *INDEX)
    assert [row[1] for row in found.values()] == taken and (taken or ELSEWHERE in found.reasons())


def test_of_two_specimens_of_one_order_none_is_chosen_but_by_a_code(tmp_path):
    text = (
        "MSH|^~\\&|LAB|A|EMR|B|20260901||ORU^R01|1|P|2.5\rPID|1||7^^^H\rOBR|1|A|F|CCL^Clearance|||20260902080000\r"
        "OBX|1|NM|NA^Sodium^L||20|mmol/L|||||F\rOBX|2|NM|2823-3^Potassium^LN||4.1|mmol/L|||||F\r"
        "SPM|1|||UR^Urine\rSPM|2|||SER^Serum\r"
    )
    found = imported(written(tmp_path, "a.hl7", text), *INDEX)
    assert [row[1] for row in found.values()] == ["potassium"]
    assert "measured in one of several specimens of its order" in found.reasons()


def test_a_specimen_before_its_order_is_of_that_order(tmp_path):
    text = (
        "MSH|^~\\&|LAB|A|EMR|B|20260901||OUL^R22|1|P|2.5\rPID|1||7^^^H\r"
        "SPM|1|||UR^Urine\rOBR|1|A|F|C^Chemistry|||20260902080000\rOBX|1|NM|NA^Sodium^L||20|mmol/L|||||F\r"
        "SPM|2|||SER^Serum\rOBR|2|B|G|C^Chemistry|||20260902080000\rOBX|1|NM|K^Potassium^L||4|mmol/L|||||F\r"
    )
    found = imported(written(tmp_path, "a.hl7", text), *INDEX)
    assert [row[1] for row in found.values()] == ["urine_sodium", "potassium"]
