"""Who the patient is and what is said of a value in words, in the codes that each format has for them."""

import csv
import io
import json

import pytest

from casereport.case.reading import read_case
from casereport.exchange.fhir import fhir
from casereport.exchange.omop import omop
from casereport.exchange.phenopacket import phenopacket
from made_up import edit, made_up, seen, write_case


@pytest.mark.parametrize(
    ("subject", "omop_sex", "born", "packet_sex", "duration", "fhir_sex", "age"),
    [
        # OHDSI's concepts of gender are 8507 and 8532; a year of birth is counted back from 1970-01-01, day 0
        ("{age_years: 50, sex: male}", "8507", "1919", "MALE", "P50Y", "male", (50, "a")),
        ("{age_months: 7, sex: female}", "8532", "1969", "FEMALE", "P7M", "female", (7, "mo")),
        ("{age_weeks: 3, sex: null}", "0", "1969", "UNKNOWN_SEX", "P3W", None, (3, "wk")),
    ],
)
def test_sex_and_age_are_those_of_the_patient(tmp_path, subject, omop_sex, born, packet_sex, duration, fhir_sex, age):
    folder = write_case(tmp_path, [seen(1, "sodium", "139", "mmol/L")])
    edit(folder, "case.yaml", "{age_years: 50, sex: male}", subject)
    case = read_case(folder)
    (person,) = csv.DictReader(io.StringIO(omop(case, "0").files["person.csv"]))
    assert (person["gender_concept_id"], person["year_of_birth"]) == (omop_sex, born)
    told = json.loads(phenopacket(case, "0").files["phenopacket.json"])["subject"]
    assert (told["sex"], told["timeAtLastEncounter"]["age"]["iso8601duration"]) == (packet_sex, duration)
    found = [entry["resource"] for entry in json.loads(fhir(case, "0").files["document.json"])["entry"]]
    (patient,) = (one for one in found if one["resourceType"] == "Patient")
    assert patient.get("gender") == fhir_sex
    (quantity,) = (one["valueQuantity"] for one in found if one.get("code", {}).get("text") == "Age")
    assert (quantity["value"], quantity["code"]) == age


def test_low_normal_and_high_are_the_concepts_of_omop_that_say_so(tmp_path):
    # Low, Normal and High in Athena
    codes = {"L": "4267416", "N": "4069590", "H": "4328749"}
    rows = [seen(day, "sodium", None, "mmol/L", code=code) for day, code in enumerate(codes, start=1)]
    table = csv.DictReader(io.StringIO(omop(made_up(tmp_path, rows), "0").files["measurement.csv"]))
    assert [row["value_as_concept_id"] for row in table] == list(codes.values())
