"""Every value that is taken from real files, held against the file by a reader of a few lines that shares no code.

The files are not part of the project (their licences and origins are told beside them); without them these tests are
skipped.
"""

import csv
import json
from collections import Counter

import pandas as pd
import pytest

from casereport.quantities.vocabulary_tables import project_vocabulary
from imported import SHARED, imported

pytestmark = pytest.mark.skipif(not SHARED.is_dir(), reason=f"the real files are not here ({SHARED})")
VOCABULARY = project_vocabulary()


def code_of(row: dict[str, str]) -> str:
    """The code that the source of a row names."""
    return row["source"].split(", ")[1]


def shifted(date: str, index: str) -> str:
    return str((pd.Timestamp(date[:10]) - pd.Timestamp(index)).days)


def held(path, tmp_path, *options):
    """An import whose case lies elsewhere than the file."""
    from casereport.case.new.folder import new_case

    return imported(path, *options, folder=new_case("x", tmp_path))


@pytest.mark.parametrize("name", ["sdtm-lb.dataset.json", "sdtm-lb.xpt"])
def test_sdtm_gives_306_of_323_rows_or_more_as_they_were_reported(tmp_path, name):
    found = held(SHARED / name, tmp_path)
    data = json.loads((SHARED / "sdtm-lb.dataset.json").read_text(encoding="utf-8"))
    at = {column["name"]: i for i, column in enumerate(data["columns"])}
    printed: Counter[tuple[str, float, str]] = Counter()
    for row in data["rows"]:
        try:
            value = float(row[at["LBORRES"]])
        except ValueError:
            continue
        day = row[at["LBDY"]]
        printed[str(day - 1 if day > 0 else day), value, row[at["LBORNRHI"]] or ""] += 1
    assert len(data["rows"]) == 323 and len(found.rows) >= 306
    for row in found.rows:
        limits = {limit: None for _, _, limit in printed if limit and row["ref_high"]
                  and float(limit) == float(row["ref_high"])} or {"": None}  # fmt: skip
        key = next(k for limit in limits if printed[k := (row["day"], float(row["value"]), limit)])
        printed[key] -= 1


def test_vital_signs_of_sdtm_are_all_taken(tmp_path):
    data = json.loads((SHARED / "sdtm-vs.dataset.json").read_text(encoding="utf-8"))
    found = held(SHARED / "sdtm-vs.dataset.json", tmp_path)
    at = {column["name"]: i for i, column in enumerate(data["columns"])}
    assert Counter(float(row["value"]) for row in found.rows) == Counter(
        float(row[at["VSORRES"]]) for row in data["rows"]
    )


def test_of_an_omop_person_every_measurement_with_a_value_and_a_concept_is_taken(tmp_path):
    folder, index = SHARED / "omop-one-person", "2015-01-01"
    measurements = pd.read_csv(folder / "measurement.csv", dtype=str, keep_default_na=False)
    codes = pd.read_csv(folder / "concept.csv", dtype=str, keep_default_na=False).set_index("concept_id")[
        "concept_code"
    ]
    valued = measurements[(measurements["value_as_number"] != "") & (measurements["measurement_concept_id"] != "0")]
    found = held(folder, tmp_path, "--index", index)
    assert len(found.rows) == len(valued) == 430
    assert Counter((code_of(r), r["day"], float(r["value"]), r["unit"]) for r in found.rows) == Counter(
        (codes[m.measurement_concept_id], shifted(m.measurement_date, index), float(m.value_as_number),
         m.unit_source_value) for m in valued.itertuples()
    )  # fmt: skip


def quantities(path, lines: bool, patient: str = "") -> list[tuple[str, str, float, str]]:
    """Code, date, value and unit of each quantity with a LOINC code in a FHIR file."""
    text = path.read_text(encoding="utf-8")
    whole = [json.loads(line) for line in text.splitlines()] if lines else [
        entry["resource"] for entry in json.loads(text)["entry"]]  # fmt: skip
    found = []
    for one in whole:
        if one["resourceType"] != "Observation" or (patient and one["subject"]["reference"] != f"Patient/{patient}"):
            continue
        for part in [one, *one.get("component", [])]:
            codes = [c["code"] for c in part["code"].get("coding", []) if c.get("system") == "http://loinc.org"]
            if codes and "value" in part.get("valueQuantity", {}):
                quantity = part["valueQuantity"]
                found.append((codes, one.get("effectiveDateTime", ""), float(quantity["value"]), quantity))
    return found


@pytest.mark.parametrize(
    ("name", "patient", "least"),
    [("synthea-r4-small.json", "", 0.88), ("us-core-examples.ndjson", "example", 0.58)],
)
def test_the_numeric_rows_of_fhir_are_taken_as_they_stand(tmp_path, name, patient, least):
    index = "2015-01-01"
    options = ["--patient", patient] if patient else []
    found = held(SHARED / name, tmp_path, "--index", index, *options)
    printed = quantities(SHARED / name, name.endswith("ndjson"), patient)
    for row in found.rows:
        hits = [p for p in printed if code_of(row) in p[0] and p[2] == float(row["value"])
                and shifted(p[1], index) == row["day"]]  # fmt: skip
        assert hits, row
        printed.remove(hits[0])
    assert len(found.rows) / (len(found.rows) + len(printed)) >= least


def test_of_syntheas_and_us_cores_numeric_rows_at_least_88_per_cent_have_a_known_code():
    """Counted over all of Synthea's 617 bundles and US Core's examples, whose codes and counts are in a list."""
    known = {c for a in VOCABULARY.analytes.values() for c in (a.loinc, *a.other_loinc)}
    rows: Counter[bool] = Counter()
    with (SHARED / "loinc_coverage.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            counts = dict(part.split(":") for part in row["sources"].split(";"))
            rows[row["loinc"] in known] += int(counts.get("synthea-fhir", 0)) + int(counts.get("us-core", 0))
    assert rows[True] / rows.total() >= 0.88


@pytest.mark.parametrize(
    ("name", "index", "taken"),
    [("hl7v2-LAB-ORU-1.hl7", "2014-10-06", 6), ("hl7v2-LRI_2.0-NG_CBC_Typ_Message.hl7", "2011-01-03", 18)],
)
def test_the_results_of_hl7_v2_are_taken_as_they_stand(tmp_path, name, index, taken):
    found = held(SHARED / name, tmp_path, "--index", index)
    lines = (SHARED / name).read_text(encoding="utf-8-sig").splitlines()
    fields = [line.split("|") for line in lines if line.startswith("OBX|")]
    printed = {(f[3].split("^")[0], float(f[5])): f for f in fields if f[2] == "NM" and f[5]}
    assert len(found.rows) == taken
    for row in found.rows:
        field = printed[code_of(row), float(row["value"])]
        assert field[8] == row["interpretation"] and row["day"] == "0"
        if field[7]:
            assert [float(x) for x in field[7].split(" to ")] == [float(row["ref_low"]), float(row["ref_high"])]
    words = {"DUCK", "DONALD", "Jones", "William", "Knowsalot", "Century", "FOWL"}
    assert not any(word in found.written() for word in words)
