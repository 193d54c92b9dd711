"""The bundled cases hold what was published, digit for digit, and nothing that was not."""

import csv
import re
from collections import Counter
from datetime import date
from operator import attrgetter

import pytest

from casereport.case.reading import read_case
from casereport.files.paths import DATA
from casereport.quantities.intervals import parse

LENG_NAMES = {
    "C-reactive protein": "crp",
    "Absolute lymphocyte count": "lymphocytes",
    "White-cell count": "white_cells",
    "Absolute neutrophil count": "neutrophils",
    "Absolute monocyte count": "monocytes",
    "Red-cell count": "red_cells",
    "Hemoglobin": "haemoglobin",
    "Platelet count": "platelets",
    "Absolute eosinophil count": "eosinophils",
    "Absolute basophilic count": "basophils",
    "Total bilirubin": "bilirubin_total",
    "Albumin": "albumin",
    "Aspartate amino transferase": "ast",
    "Fibrinogen": "fibrinogen",
    "Procalcitonin": "procalcitonin",
    "Creatine kinase isoenzymes": "ck_mb",
    "Creatine kinase": "ck",
    "Glomerular filtration rate": "gfr",
    "Potassium": "potassium",
    "Sodium": "sodium",
    "Myoglobin": "myoglobin",
    "Troponin": "troponin",
}
LIANG_NAMES = {
    "Creatinine": "creatinine",
    "Dbil": "bilirubin_direct",
    "Ibil": "bilirubin_indirect",
    "Tbil": "bilirubin_total",
    "Albumin": "albumin",
    "ALT": "alt",
    "AST": "ast",
    "CRP": "crp",
    "PCT": "procalcitonin",
    "D-dimer": "d_dimer",
    "proBNP": "nt_probnp",
}


def published(path, names, day):
    with path.open(encoding="utf-8") as file:
        rows = [
            (day(r), names[r["analyte_as_printed"]], r["value"], r["ref_low"], r["ref_high"])
            for r in csv.DictReader(file)
        ]
    return Counter((str(d), a, v, lo, hi) for d, a, v, lo, hi in rows)


def transcribed(case, document):
    cells = attrgetter("day", "analyte", "value", "ref_low", "ref_high")
    return Counter(cells(row) for row in read_case(case).observations if row.source.startswith(document))


def test_all_183_values_of_table_4_are_there_with_their_days_digits_and_ranges(shared):
    expected = published(
        shared / "published" / "leng2020_table4.csv",
        LENG_NAMES,
        lambda r: (date.fromisoformat(r["date"]) - date(2020, 1, 31)).days,
    )
    assert expected.total() == 183
    assert transcribed("leng2020", "Table 4") == expected


def test_all_100_values_of_table_1_are_there_with_their_days_digits_and_ranges(shared):
    expected = published(
        shared / "published" / "liang2020_table1.csv", LIANG_NAMES, lambda r: int(r["day_after_onset"]) - 13
    )
    assert expected.total() == 100
    assert transcribed("liang2020", "Table 1") == expected


def test_a_doubt_about_a_printed_value_is_carried_with_it(shared):
    (row,) = (row for row in read_case("leng2020").observations if (row.analyte, row.day) == ("ck_mb", "-1"))
    assert "procalcitonin" in row.note  # equals the procalcitonin of the same day in print


def test_the_default_case_has_no_measured_value_and_says_so_of_each_row():
    case = read_case("peng2020")
    assert not any(row.numeric for row in case.observations)
    assert {row.evidence for row in case.observations} == {"reported", "inferred"}
    assert {row.evidence for row in case.interventions if row.dose} == {"secondary"}  # the review's, not the paper's


@pytest.mark.parametrize(
    ("case", "phases"),
    [
        ("peng2020", ["conventional", "cp", "msc"]),
        ("liang2020", ["conventional", "msc"]),
        ("leng2020", ["conventional", "msc"]),
        ("simulated-cp-msc", ["conventional", "cp", "msc"]),
        ("byiers2014", ["a1", "b1", "a2", "b2"]),
    ],
)
def test_the_phases_of_the_bundled_cases(case, phases):
    assert [p.id for p in read_case(case).meta.phases] == phases


@pytest.mark.parametrize("case", ["peng2020", "liang2020", "leng2020", "simulated-cp-msc", "byiers2014"])
def test_no_calendar_date_is_in_a_case_folder(case):
    month = r"(?:Jan|Feb|Mar|January|February|March)"
    date_like = rf"\b\d{{4}}-\d\d-\d\d\b|\b{month} \d{{1,2}}\b|\b\d{{1,2}} {month}\b"
    for file in sorted((DATA / "cases" / case).iterdir()):
        assert not re.search(date_like, file.read_text(encoding="utf-8")), file


@pytest.mark.parametrize("case", ["liang2020", "leng2020", "byiers2014"])
def test_every_row_has_a_locator_and_numbers_are_measured(case):
    rows = read_case(case).observations
    assert all(row.source for row in rows)
    assert {row.evidence for row in rows if row.numeric} == {"measured"}


def test_a_range_over_a_period_is_a_range_and_no_point():
    rows = read_case("leng2020").observations
    (row,) = (row for row in rows if (row.analyte, row.day) == ("temperature", "-7..-2"))
    assert row.known == parse("37.0..38.5")


def test_the_only_simulated_case_is_the_one_that_says_so():
    assert {c: read_case(c).simulated for c in ("peng2020", "liang2020", "leng2020")} == {
        "peng2020": False,
        "liang2020": False,
        "leng2020": False,
    }
    simulated = read_case("simulated-cp-msc")
    assert simulated.simulated
    assert "simulated" in simulated.meta.title.lower()
