"""The worked examples of the README, run as they are printed there."""

import re

from casereport.files.paths import ROOT
from imported import imported, written

README = (ROOT / "README.md").read_text(encoding="utf-8").partition("### Data from elsewhere")[2]
BLOCKS = [re.sub(r"(?m)^    ", "", block) + "\n" for block in re.findall(r"(?m)(?:^    .*\n?)+", README)]
INDEX = ("--index", "2026-09-01")


def block(begins: str, which: int = 0) -> str:
    return [text.rstrip("\n") + "\n" for text in BLOCKS if text.startswith(begins)][which]


def test_the_fhir_bundle_of_the_readme_gives_the_row_that_it_shows(tmp_path):
    found = imported(written(tmp_path, "bundle.json", block('{"resourceType"')), *INDEX)
    assert (found.case / "observations.csv").read_text(encoding="utf-8") == block("day,analyte")


def test_the_omop_person_of_the_readme_gives_the_rows_that_it_shows(tmp_path):
    folder = tmp_path / "person8"
    folder.mkdir()
    written(folder, "measurement.csv", block("measurement_id"))
    written(folder, "concept.csv", block("concept_id"))
    found = imported(folder, *INDEX)
    assert (found.case / "observations.csv").read_text(encoding="utf-8") == block("day,analyte", 1)
