"""A case that counts in hours, in each format: no hour is taken for a day."""

import csv
import io
import json

from bundled_exports import READ_BACK, emptied_tables

from casereport.audit.validation import read_case
from casereport.cli import main
from casereport.exchange.data_package import data_package
from casereport.exchange.fhir import fhir
from casereport.exchange.omop import omop
from casereport.exchange.phenopacket import phenopacket
from imported import table
from made_up import seen, write_case


def in_hours(folder):
    rows = [seen("-1.5", "crp", "50.0", "mg/L", high="5"), seen("30", "crp", 9, "mg/L"), seen("<2", "crp", 8, "mg/L")]
    case = write_case(folder, rows)
    path = case / "case.yaml"
    path.write_text(path.read_text("utf-8").replace("last_day: null", "last_day: null\ntime_unit: hours"), "utf-8")
    return case


def test_an_hour_is_told_as_an_hour(tmp_path):
    case = read_case(in_hours(tmp_path))
    document = json.loads(fhir(case, "0").files["document.json"])
    seen_at = [e["resource"]["_effectiveDateTime"]["extension"][0]["extension"] for e in document["entry"]
               if "valueQuantity" in e["resource"] and e["resource"]["code"]["text"] != "Age"]  # fmt: skip
    offsets = [{part["url"]: part for part in parts} for parts in seen_at]
    assert [(o["relationship"]["valueCode"], o["offset"]["valueDuration"]["value"]) for o in offsets] == [
        ("before", 1.5), ("after", 30), ("after", 2),
    ]  # fmt: skip
    assert {o["offset"]["valueDuration"]["code"] for o in offsets} == {"h"}
    dates = [
        row["measurement_datetime"] for row in csv.DictReader(io.StringIO(omop(case, "0").files["measurement.csv"]))
    ]
    assert dates == ["1969-12-31 22:30:00", "1970-01-02 06:00:00"]
    described = [m["description"] for m in json.loads(phenopacket(case, "0").files["phenopacket.json"])["measurements"]]
    assert [text.partition(";")[0] for text in described] == ["Hour -1.5", "Hour 30", "Hour <2"]
    fields = json.loads(data_package(case, "0").files["datapackage.json"])["resources"][0]["schema"]["fields"]
    assert next(f["description"] for f in fields if f["name"] == "day").endswith("(hours)")


def test_the_document_comes_back_into_a_case_that_counts_in_hours(tmp_path):
    case = in_hours(tmp_path)
    before = [table(case / f"{one}.csv") for one in READ_BACK]
    path = tmp_path / "document.json"
    path.write_text(fhir(read_case(case), "0").files["document.json"], encoding="utf-8")
    assert main(["import", str(path), "--into", str(emptied_tables(case))]) == 0
    assert [table(case / f"{one}.csv") for one in READ_BACK] == before
