"""The bundled cases hold what was published, digit for digit, and nothing that was not."""

import csv
import re
from collections import Counter
from datetime import date

import pytest

from casereport.case.case import load_case
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
    table = load_case(case, DATA).observations
    rows = table[table["source"].str.startswith(document)]
    return Counter(rows[["day", "analyte", "value", "ref_low", "ref_high"]].itertuples(index=False, name=None))


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
    case = load_case("leng2020", DATA).observations
    row = case.query("analyte == 'ck_mb' and day == '-1'").iloc[0]
    assert "procalcitonin" in row["note"]  # equals the procalcitonin of the same day in print


def test_the_default_case_has_no_measured_value_and_says_so_of_each_row():
    case = load_case("peng2020", DATA)
    assert not case.observations["numeric"].any()
    assert set(case.observations["evidence"]) == {"reported", "inferred"}
    doses = case.interventions[case.interventions["dose"] != ""]
    assert set(doses["evidence"]) == {"secondary"}  # the review's, not the paper's


@pytest.mark.parametrize(
    ("case", "phases"),
    [
        ("peng2020", ["conventional", "cp", "msc"]),
        ("liang2020", ["conventional", "msc"]),
        ("leng2020", ["conventional", "msc"]),
        ("simulated-cp-msc", ["conventional", "cp", "msc"]),
    ],
)
def test_the_phases_of_the_bundled_cases(case, phases):
    assert [p.id for p in load_case(case, DATA).meta.phases] == phases


@pytest.mark.parametrize("case", ["peng2020", "liang2020", "leng2020", "simulated-cp-msc"])
def test_no_calendar_date_is_in_a_case_folder(case):
    month = r"(?:Jan|Feb|Mar|January|February|March)"
    date_like = rf"\b\d{{4}}-\d\d-\d\d\b|\b{month} \d{{1,2}}\b|\b\d{{1,2}} {month}\b"
    for file in sorted((DATA / "cases" / case).iterdir()):
        assert not re.search(date_like, file.read_text(encoding="utf-8")), file


@pytest.mark.parametrize("case", ["liang2020", "leng2020"])
def test_every_row_has_a_locator_and_numbers_are_measured(case):
    table = load_case(case, DATA).observations
    assert (table["source"] != "").all()
    assert set(table.loc[table["numeric"].astype(bool), "evidence"]) == {"measured"}


def test_a_range_over_a_period_is_a_range_and_no_point():
    table = load_case("leng2020", DATA).observations
    row = table.query("analyte == 'temperature' and day == '-7..-2'").iloc[0]
    assert row["known"] == parse("37.0..38.5")


def test_the_only_simulated_case_is_the_one_that_says_so():
    assert {c: load_case(c, DATA).simulated for c in ("peng2020", "liang2020", "leng2020")} == {
        "peng2020": False,
        "liang2020": False,
        "leng2020": False,
    }
    simulated = load_case("simulated-cp-msc", DATA)
    assert simulated.simulated
    assert "simulated" in simulated.meta.title.lower()
