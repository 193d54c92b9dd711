"""Rows that no bundled case has: each is held as it is, or told as lost."""

import csv
import io
import json
from xml.etree import ElementTree

import fhirkit
import pytest
from bundled_exports import READ_BACK, emptied_tables
from fhir_rules import broken, walk

from casereport.audit.validation import read_case
from casereport.cli import main
from casereport.exchange.fhir import fhir
from casereport.exchange.omop import omop
from casereport.exchange.phenopacket import phenopacket
from imported import table
from made_up import happened, seen, write_case

ROWS = [
    seen("1", "crp", ">=90", "mg/L", low="1.0", high="<3.0"),
    seen("2", "crp", "<=0.10", "mg/L", low=">2"),
    seen("3", "crp", "1e2", "mg/L"),
    seen("4", "base_excess", "-2.50", "mmol/L", low="-2", high="3"),
    seen("0.5", "crp", "7", "mg/L", code="H"),
    seen(">-3", "crp", "8", "mg/L"),
    seen("-1..1", "crp", "36.6..36.90", "mg/L", source="Table 2"),
    seen("6", "crp", "2", "mg/L", low="1.0", high="<3.0"),
    seen("5", "spo2_oxygen", "93", "%"),
    seen("5", "spo2", "88", "%"),
    seen("<=0", "crp", None, "", code="D"),
]
EVENTS = [
    happened("", "diagnosis", "Influenza", "NEG"),
    happened("3", "history", "Asthma", "W"),
    happened("2", "test", "Troponin", "N"),
    happened("", "adverse_event", "TACHYCARDIA (finding)", "B"),
    happened("1..2", "diagnosis", "Influenza", ""),
]
GIVEN = [
    ("", "", "ibuprofen", "200..400", "mg", "oral", "reported", "a", ""),
    ("", "2", "oxygen", "5", "L/min", "", "inferred", "a", "Dose: as the note says."),
    ("3", "", "methylprednisolone", "<40", "mg a day", "Intravenous", "measured", "a", ""),
    ("<1", "5..6", "methylprednisolone", "", "", "oral", "reported", "d", ""),
    ("1", "1", "ibuprofen", "2", "tablets", "", "reported", "b", ""),
    ("1", ">=4", "prone_positioning", "", "", "", "reported", "c", "For 16 h a day."),
]


@pytest.fixture
def case(tmp_path):
    return write_case(tmp_path, ROWS, EVENTS, None, GIVEN)


def document(case) -> dict:
    return json.loads(fhir(read_case(case), "0").files["document.json"])


def resources(case, kind: str) -> list[dict]:
    return [e["resource"] for e in document(case)["entry"] if e["resource"]["resourceType"] == kind]


def test_each_row_comes_back_from_a_valid_document(case, tmp_path):
    assert fhirkit.validate(document(case)) == []
    before = [table(case / f"{one}.csv") for one in READ_BACK]
    path = tmp_path / "document.json"
    path.write_text(fhir(read_case(case), "0").files["document.json"], encoding="utf-8")
    assert main(["import", str(path), "--into", str(emptied_tables(case))]) == 0
    assert [table(case / f"{one}.csv") for one in READ_BACK] == before


def test_a_diagnosis_that_was_ruled_out_is_refuted_and_one_without_a_day_has_an_unknown_one(case):
    influenza, asthma, _ = resources(case, "Condition")
    assert [c["code"] for c in influenza["verificationStatus"]["coding"]] == ["refuted"]
    assert [e["valueCode"] for e in influenza["_recordedDate"]["extension"]] == ["unknown"]
    assert [c["code"] for c in asthma["verificationStatus"]["coding"]] == ["confirmed"]
    assert "Worse." in [note["text"] for note in asthma["note"]]


def test_a_dose_that_r4_cannot_hold_is_told_in_words(case):
    given = resources(case, "MedicationAdministration")
    span, tablets = (one for one in given if one["medicationCodeableConcept"]["text"] == "Ibuprofen")
    assert "dosage" not in span
    assert {"Dose: 200..400 mg", "Route: oral"} <= {note["text"] for note in span["note"]}
    assert tablets["dosage"]["dose"] == {"value": 2, "unit": "tablets"}  # no unit of UCUM, and so no code
    (prone,) = resources(case, "Procedure")
    assert (prone["code"]["text"], prone["status"]) == ("Prone positioning", "unknown")


def test_a_phenopacket_and_omop_take_no_limit_that_lies_outside_of_its_range(case):
    packet = phenopacket(read_case(case), "0")
    ranges = [
        m["value"]["quantity"].get("referenceRange")
        for m in json.loads(packet.files["phenopacket.json"])["measurements"]
    ]
    assert [r and (r["low"], r["high"]) for r in ranges if r] == [(-2, 3)]
    rows = list(csv.DictReader(io.StringIO(omop(read_case(case), "0").files["measurement.csv"])))
    assert [(r["value_as_number"], r["range_low"], r["range_high"]) for r in rows[:4]] == [
        ("90", "1.0", ""), ("0.10", "", ""), ("1e2", "", ""), ("-2.50", "-2", "3"),
    ]  # fmt: skip
    assert [r["operator_concept_id"] for r in rows[:2]] == ["4171755", "4171754"]


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>", '<img src="http://example.org/x.png">', "![x](http://example.org/x.png)",
        "[x](javascript:alert(1))", '<a onclick="x()">y</a>', "a & b < c ]]> \\ \u2028",
        "| a | b |\n|---|--:|\n| <i> | 1 |",
    ],
)  # fmt: skip
def test_the_prose_of_a_case_is_text_in_its_document(text, case):
    path = case / "narrative.md"
    prose = path.read_text("utf-8")
    path.write_text(prose + f"\n# Discussion\n\n{text}\n" if "# Discussion" not in prose else
                    prose.replace("# Discussion\n", f"# Discussion\n\n{text}\n\n"), "utf-8")  # fmt: skip
    yaml = case / "case.yaml"
    allowed = "allow: [{text: 'http://example.org/x.png', reason: test}, {text: 'http://example.org', reason: test}]\n"
    yaml.write_text(yaml.read_text("utf-8") + allowed, "utf-8")
    found = document(case)
    assert broken(found) == set() and fhirkit.validate(found) == []
    for part in walk(found):
        if "div" in part:
            root = ElementTree.fromstring(part["div"])  # XHTML is well-formed
            assert {e.tag.rpartition("}")[2] for e in root.iter()} <= {
                "div", "p", "a", "table", "thead", "tbody", "tr", "th", "td", "em", "strong", "ul", "ol", "li", "br",
            }  # fmt: skip


def test_a_drug_of_the_cases_own_is_exported_as_one_that_is_given(tmp_path):
    own = ("0", "6", "ceftobiprole_x", "500", "mg", "intravenous", "reported", "text", "")
    trained = ("0", "6", "gait_training", "", "", "", "reported", "text", "")
    path = tmp_path / "cases" / "interventions.csv"
    path.parent.mkdir()
    path.write_text(
        "intervention,label,class\nceftobiprole_x,Ceftobiprole X,Antibacterial\ngait_training,Gait,Training\n"
    )
    folder = write_case(tmp_path, ROWS[:1], interventions=[own, trained])
    document = json.loads(fhir(read_case(folder), "0").files["document.json"])
    resources = [entry["resource"] for entry in document["entry"]]
    given = [r for r in resources if r["resourceType"] == "MedicationAdministration"]
    doses = [r["dosage"]["dose"]["value"] for r in given if r.get("dosage")]
    assert doses == [500]
    done = [r["code"]["text"] for r in resources if r["resourceType"] == "Procedure"]
    assert done == ["Gait"]
