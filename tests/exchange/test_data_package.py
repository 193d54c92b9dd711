"""The tidy tables of each bundled case as a Data Package: valid for the library of Frictionless, and the rows are those
of the case."""

import csv
import io
import json
from pathlib import Path

import pytest
from bundled_exports import NAMES, case_of, files_of, rows_of
from frictionless import Package

from casereport.analysis.result_files import as_written

each_case = pytest.mark.parametrize("name", NAMES)


def laid(folder: Path, name: str) -> Path:
    for file, text in files_of(name, "csv").items():
        (folder / file).write_text(text, encoding="utf-8", newline="")
    return folder / "datapackage.json"


def rows(name: str, table: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(files_of(name, "csv")[f"{table}.csv"])))


@each_case
def test_the_library_of_frictionless_finds_nothing(name, tmp_path):
    found = Package(str(laid(tmp_path, name))).validate()
    assert found.flatten(["type", "message"]) == []
    assert {r.name for r in Package(str(tmp_path / "datapackage.json")).resources} >= {"statements", "events"}


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        ("statements.csv", ",measured,", ",measured2,"),  # another byte: the hash tells
        ("datapackage.json", '"name": "line",\n            "type": "integer"', '"name": "line", "type": "date"'),
        ("datapackage.json", '"name": "analyte",', '"name": "analytes",'),
        ("datapackage.json", '"path": "events.csv"', '"path": "event.csv"'),
    ],
)
def test_a_planted_fault_is_found(file, old, new, tmp_path):
    laid(tmp_path, "leng2020")
    path = tmp_path / file
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8", newline="")
    assert not Package(str(tmp_path / "datapackage.json")).validate().valid


@each_case
def test_the_rows_are_those_of_the_case(name):
    cells = {"day_printed": "day", "analyte": "analyte", "value_printed": "value", "unit_printed": "unit"}
    cells |= {c: c for c in ("interpretation", "evidence", "source", "note")}
    written = [{old: as_written(row[new]) for new, old in cells.items()} for row in rows(name, "statements")]
    assert written == [{old: row[old] for old in cells.values()} for row in rows_of(name)]
    assert len(rows(name, "interventions")) == len(case_of(name).interventions)
    told = [as_written(row["finding"]) for row in rows(name, "events") if row["kind"] != "laboratory"]
    assert sorted(told) == sorted(row["finding"] for row in rows_of(name, "events"))


@each_case
def test_every_column_of_every_table_is_explained_and_no_table_is_left_out(name):
    package = json.loads(files_of(name, "csv")["datapackage.json"])
    assert {r["path"] for r in package["resources"]} | {"datapackage.json"} == set(files_of(name, "csv"))
    for resource in package["resources"]:
        header = next(csv.reader(io.StringIO(files_of(name, "csv")[resource["path"]])))
        assert [field["name"] for field in resource["schema"]["fields"]] == header
        assert all(field["description"] for field in resource["schema"]["fields"])


def test_the_dictionary_says_in_what_time_is_counted():
    package = json.loads(files_of("byiers2014", "csv")["datapackage.json"])
    assert "Time is counted in sessions." in package["description"]
    fields = {f["name"]: f for f in package["resources"][0]["schema"]["fields"]}
    assert fields["day"]["description"].endswith("(sessions)")
    assert fields["value"]["description"].endswith("(unit: that of the analyte)")
