"""Authors of a case in its exports: by name and ORCID iD as case.yaml has them, and nothing made up about them."""

import json

import fhirkit
import pytest
from fhir_rules import broken
from frictionless import Package
from pedigree_ga4gh import validate

from casereport.audit.validation import read_case
from casereport.run.exporting import DATA_FORMATS

AUTHORS = """
authors:
  - name: Ada Example
    orcid: 0000-0002-1825-0097
    affiliations: [Medicine, "Example Hospital, Sampletown"]
    corresponding: true
    email: ada@example.org
    roles: [Software]
  - {name: Ben <b>van der Sample</b>}
"""
LINK = "https://orcid.org/0000-0002-1825-0097"


@pytest.fixture
def authored(leng):
    """The case with two authors."""
    with (leng / "case.yaml").open("a", encoding="utf-8") as file:
        file.write(AUTHORS)
    return read_case(leng)


def files(case, form: str) -> dict[str, str]:
    return DATA_FORMATS[form](case, "0").files


def test_a_document_has_them_as_its_authors_before_the_program(authored):
    document = json.loads(files(authored, "fhir")["document.json"])
    assert fhirkit.validate(document) == [] and broken(document) == set()
    there = {entry["fullUrl"]: entry["resource"] for entry in document["entry"]}
    composition = document["entry"][0]["resource"]
    ada, ben, program = (there[one["reference"]] for one in composition["author"])
    assert ada == {
        "resourceType": "Practitioner", "identifier": [{"system": "urn:ietf:rfc:3986", "value": LINK}],
        "name": [{"text": "Ada Example"}],
    }  # fmt: skip
    assert ben == {"resourceType": "Practitioner", "name": [{"text": "Ben <b>van der Sample</b>"}]}  # no part of it
    assert program["resourceType"] == "Device"
    assert "Ada Example (Medicine; Example Hospital, Sampletown;" in composition["text"]["div"]
    assert "Ben &lt;b&gt;van der Sample&lt;/b&gt;." in composition["text"]["div"]


def test_a_phenopacket_says_by_whom_the_case_report_is(authored):
    packet = json.loads(files(authored, "phenopacket")["phenopacket.json"])
    assert validate(packet) == []
    assert LINK in packet["metaData"]["createdBy"] and "submittedBy" not in packet["metaData"]


def test_a_data_package_has_them_as_contributors(authored, tmp_path):
    for name, text in files(authored, "csv").items():
        (tmp_path / name).write_text(text, encoding="utf-8", newline="")
    package = Package(str(tmp_path / "datapackage.json"))
    assert package.validate().valid
    assert [(one["title"], one["role"], one.get("path")) for one in package.contributors] == [
        ("Ada Example", "author", LINK), ("Ben <b>van der Sample</b>", "author", None),
    ]  # fmt: skip


@pytest.mark.parametrize("form", DATA_FORMATS)
def test_an_address_of_an_author_is_in_no_export_and_a_case_without_authors_names_none(form, authored, leng):
    assert "ada@example.org" not in "".join(files(authored, form).values())
    path = leng / "case.yaml"
    path.write_text(path.read_text("utf-8").replace(AUTHORS, "\nanonymous: true\n"), "utf-8")
    text = "".join(files(read_case(leng), form).values())
    assert not [word for word in ("Practitioner", "contributors", ", of a case report by") if word in text]
