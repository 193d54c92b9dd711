"""The worked examples of docs/import.md, run as they are printed there."""

import re

from casereport.case.new.folder import new_case
from casereport.files.paths import ROOT
from imported import imported, written

TEXT = (ROOT / "docs" / "import.md").read_text(encoding="utf-8").partition("## A printed table")[2]
BLOCKS = [re.sub(r"(?m)^    ", "", block) + "\n" for block in re.findall(r"(?m)(?:^    .*\n?)+", TEXT)]
INDEX = ("--index", "2026-09-01")


def block(begins: str, which: int = 0) -> str:
    return [text.rstrip("\n") + "\n" for text in BLOCKS if text.startswith(begins)][which]


def lies(found, table: str, which: int) -> None:
    """What lies in a table of the case is what the documentation shows."""
    begins = "day,analyte" if table == "observations.csv" else "start_day"
    assert (found.case / table).read_text(encoding="utf-8") == block(begins, which)


def test_the_printed_table_of_the_documentation_gives_the_rows_that_it_shows(tmp_path, capsys):
    labs = written(tmp_path, "labs.csv", block("Test,Unit"))
    first = imported(labs, "--source", "Table 1")
    said = capsys.readouterr().out
    assert "  Fingerprick sugar,,,\n" in said and "  Admission,,,DAY\n" in said and first.code == 0
    written(tmp_path, "labs.mapping.csv", block("printed,analyte"))
    found = imported(labs, "--source", "Table 1", folder=new_case("x", tmp_path / "again"))
    lies(found, "observations.csv", 0)
    assert [row["printed"] for row in found.left_out] == ["about 100"]


def test_the_fhir_bundle_of_the_documentation_gives_the_rows_that_it_shows(tmp_path):
    found = imported(written(tmp_path, "bundle.json", block('{"resourceType"')), *INDEX)
    lies(found, "observations.csv", 1)
    lies(found, "interventions.csv", 0)


def test_the_omop_person_of_the_documentation_gives_the_rows_that_it_shows(tmp_path):
    folder = tmp_path / "person8"
    folder.mkdir()
    for table, begins in (("measurement", "measurement_id"), ("drug_exposure", "drug_exp"), ("concept", "concept_id")):
        written(folder, f"{table}.csv", block(begins))
    found = imported(folder, *INDEX)
    lies(found, "observations.csv", 2)
    lies(found, "interventions.csv", 1)
