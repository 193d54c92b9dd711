"""Units as laboratories print them: each is one unit of the vocabulary, and what may be two is none."""

import pytest

from casereport.quantities.vocabulary_tables import project_vocabulary
from casereport.readers.analyte_names import unit_in
from casereport.readers.synonyms import search, unit_of

VOCABULARY = project_vocabulary()
ANALYTES = VOCABULARY.analytes


@pytest.mark.parametrize(
    ("analyte", "printed", "unit"),
    [
        ("temperature", "°C", "Cel"), ("temperature", "C", "Cel"), ("temperature", "℃", "Cel"),
        ("temperature", "°F", "[degF]"), ("temperature", "F", "[degF]"), ("temperature", "degF", "[degF]"),
        ("pao2", "Torr", "mm[Hg]"), ("pao2", "mmHg", "mm[Hg]"), ("peep", "cmH2O", "cm[H2O]"),
        ("white_cells", "G/L", "10*9/L"), ("white_cells", "×10⁹/L", "10*9/L"), ("white_cells", "10^9 / l", "10*9/L"),
        ("platelets", "K/µL", "10*3/uL"), ("platelets", "thou/uL", "10*3/uL"), ("platelets", "1000/mm3", "10*3/mm3"),
        ("lymphocytes", "cells/µL", "/uL"), ("lymphocytes", "cells/mm³", "/mm3"), ("lymphocytes", "/cumm", "/mm3"),
        ("red_cells", "T/L", "10*12/L"), ("red_cells", "M/uL", "10*6/uL"), ("red_cells", "mil/uL", "10*6/uL"),
        ("respiratory_rate", "breaths/min", "/min"), ("heart_rate", "bpm", "/min"), ("esr", "mm/hr", "mm/h"),
        ("neutrophil_share", "percent", "%"), ("aptt", "sec", "s"), ("ast", "IU/L", "[IU]/L"),
        ("potassium", "mEq/L", "meq/L"), ("crp", "mg/l", "mg/L"),
    ],
)  # fmt: skip
def test_a_printed_unit_is_the_one_that_laboratories_mean_by_it(analyte, printed, unit):
    assert unit_of(printed, ANALYTES[analyte]) == unit


@pytest.mark.parametrize(
    ("analyte", "printed"),
    [("d_dimer", "ug/mL"), ("white_cells", "/L"), ("white_cells", "T/L"), ("crp", "mmol/L"), ("temperature", "")],
)
def test_a_unit_that_the_analyte_has_not_is_no_unit_of_it(analyte, printed):
    assert unit_of(printed, ANALYTES[analyte]) is None


def test_two_units_behind_a_name_are_none():
    assert unit_in(["mg/L", "CRP"], ANALYTES["crp"]) == unit_in(["<3 mg/L"], ANALYTES["crp"]) == "mg/L"
    assert unit_in(["mg/L", "mg/dL"], ANALYTES["crp"]) == ""


def test_a_search_finds_what_has_every_word_of_it():
    assert {"d_dimer", "d_dimer_ddu"} <= {analyte.id for analyte in search(VOCABULARY, "d-dimer")}
    assert [analyte.id for analyte in search(VOCABULARY, "C-reactive protein")] == ["crp"]
    assert search(VOCABULARY, "c-reactive lactate") == []
    assert len(search(VOCABULARY, "")) == len(ANALYTES)
