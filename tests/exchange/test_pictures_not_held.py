"""A case as data has no pictures, and some formats no prose and no claims: every export says what it lacks."""

import csv
import io

import pytest

from casereport.case.reading import read_case
from casereport.exchange.data_package import data_package
from casereport.exchange.fhir import fhir
from casereport.exchange.omop import omop
from casereport.exchange.phenopacket import phenopacket
from casereport.run.exporting import DATA_FORMATS
from made_up import made_up
from with_pictures import case_with, listed, slope


@pytest.mark.parametrize("export", [data_package, fhir, omop, phenopacket], ids=lambda f: f.__name__)
def test_an_export_says_that_it_lacks_the_pictures(tmp_path, export):
    case = read_case(case_with(tmp_path / "with", [listed(1, "a.png")], a_png=slope()))
    made = export(case, "0")
    assert [said for said in made.said if "picture" in said]
    assert not [said for said in export(made_up(tmp_path / "without"), "0").said if "picture" in said]
    if "lost.csv" in made.files:
        rows = csv.DictReader(io.StringIO(made.files["lost.csv"]))
        assert [row["line"] for row in rows if row["table"] == "pictures.csv"] == ["2"]


def test_an_export_says_of_prose_and_claims_that_it_lacks_them_where_it_does():
    case = read_case("leng2020")
    parts = ("prose", "claims", "references")
    lacking = {}
    for form, make in DATA_FORMATS.items():
        (told,) = (said for said in make(case, "0").said if said.endswith("; the report has them"))
        lacking[form] = [part for part in parts if part in told]
    assert lacking == {
        "fhir": ["claims", "references"], "csv": ["prose", "references"], "omop": [*parts], "phenopacket": [*parts],
    }  # fmt: skip
