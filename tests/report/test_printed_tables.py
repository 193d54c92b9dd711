"""The cells of the report's tables: the source's own digits and units, and nothing that a reader could take wrongly."""

from pathlib import Path

import pytest
from bs4 import BeautifulSoup

import casereport as cr
from assembly import SOME
from casereport.analysis.base_rates_of_claims import base_rates_beside
from casereport.analysis.figure_list import figure_ids
from casereport.analysis.measurements import measurements
from casereport.analysis.other_cases import cases_beside
from casereport.analysis.result_files import csv_text, load_table
from casereport.analysis.tidy import measured
from casereport.case.case import Case
from casereport.case.description import Citation
from casereport.case.reading import read_case
from casereport.quantities.intervals import between, parse
from casereport.quantities.wording import counted_in, range_text
from casereport.report.tables import change_rows, event_rows
from casereport.report.value_grid import series_rows
from made_up import claim, happened, made_up, seen

HB = [seen(-1, "haemoglobin", "7.5", "mmol/L"), seen(2, "haemoglobin", "5.4", "mmol/L")]
# units that end in that of the heading
SUFFIXES = [seen(2, "cd4_cells", "0.45", "10*3/uL"), seen(2, "heart_rate", "9", "{beats}/min")]
UREA = [seen(2, "urea_nitrogen", "11.1", "mmol/L"), seen(3, "urea_nitrogen", "31", "mg/dL")]


@pytest.fixture
def case(tmp_path):
    return made_up(tmp_path, [*HB, *UREA, *SUFFIXES])


def read_again(table, name: str, folder: Path):
    """The table as the report has it: from the file that a notebook kept."""
    (folder / f"{name}.csv").write_text(csv_text(table), encoding="utf-8")
    return load_table(folder / f"{name}.csv", name)


def changes_of(case: Case, folder: Path) -> list[dict[str, object]]:
    """The rows of the table of changes."""
    phases = cr.phases(case)
    observations = cr.observations(case, phases)
    changes = read_again(cr.changes(observations, phases), "changes", folder)
    known = measured(read_again(observations, "observations", folder))
    return change_rows(changes, known, {phase.id: phase.label for phase in case.meta.phases})


def test_a_value_in_another_unit_than_its_heading_is_converted_to_its_own_digits_and_shown_as_printed(case, tmp_path):
    """11.1 mmol/L under mg/dL, beside a range of 8 to 20, would look normal."""
    known = measured(read_again(cr.observations(case, cr.phases(case)), "observations", tmp_path))
    rows = {row["analyte"]: row for row in series_rows(known, case.vocabulary)["rows"]}
    assert [value["text"] for value in rows["urea_nitrogen"]["values"]] == ["31.1 (11.1 mmol/L)", "31"]
    assert [value["text"] for value in rows["haemoglobin"]["values"]] == ["121 (7.5 mmol/L)", "87 (5.4 mmol/L)"]
    assert [value["text"] for value in rows["cd4_cells"]["values"]] == ["450 (0.45 ×10³/µL)"]
    assert [value["text"].partition(" ")[0] for value in rows["heart_rate"]["values"]] == ["9"]
    assert "(" not in rows["heart_rate"]["values"][0]["text"]  # only another spelling of the same unit


def test_a_change_is_told_in_the_digits_and_units_of_the_source(case, tmp_path):
    """7.5 mmol/L of haemoglobin are not 120.85875 g/L."""
    (row,) = [row for row in changes_of(case, tmp_path) if row["label"] == "Haemoglobin"]
    assert (row["before"], row["after"]) == ("7.5 mmol/L", "5.4 mmol/L")


def test_what_came_and_went_between_two_values_in_range_is_told(tmp_path):
    """A hepatitis of ten times the upper limit that has healed is no analyte `in range both times`."""
    rows = [seen(day, "alt", value, "U/L", low="9", high="50") for day, value in ((-1, 15), (3, 417), (4, 90), (9, 35))]
    (row,) = changes_of(made_up(tmp_path, rows), tmp_path)
    assert (row["heading"], row["peaks"]) == ("within range", "peak 417 (day 3)")


def test_what_left_its_range_on_both_sides_between_two_values_is_told_on_both(tmp_path):
    values = ((-1, "4.0"), (2, "6.1"), (3, "2.4"), (9, "4.2"))
    rows = [seen(day, "potassium", value, "mmol/L", low="3.5", high="5.3") for day, value in values]
    (row,) = changes_of(made_up(tmp_path, rows), tmp_path)
    assert row["peaks"] == "peak 6.1 (day 2), nadir 2.4 (day 3)"


def test_what_is_said_in_words_after_the_last_number_is_told_beside_it(tmp_path):
    """Haemoglobin that fell to 5.2 and was `WNL` at the end did not end worse; a child has no usual range."""
    rows = [seen(1, "il_17a", "9", "pg/mL"), seen(3, "il_17a", "5", "pg/mL"), seen(9, "il_17a", None, "", code="D")]
    (row,) = changes_of(made_up(tmp_path, [seen(-1, "il_17a", "20", "pg/mL"), *rows]), tmp_path)
    assert (row["after"], row["then"]) == ("5 pg/mL", "then lower than before, day 9, in words")


def edited(tmp_path, old: str, new: str, **tables):
    made_up(tmp_path, **tables)
    path = tmp_path / "cases" / "made-up" / "case.yaml"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")
    return read_case(tmp_path / "cases" / "made-up")


def test_no_other_case_stands_beside_one_that_has_nothing_in_common_with_them(tmp_path):
    case = edited(tmp_path, "[made up, test]", "[made up, COVID-19]", observations=HB)
    assert cases_beside(case) == [] and "comparators" not in figure_ids(case, measurements(case))


@pytest.mark.parametrize(("keyword", "beside"), [("leptospirosis", False), ("COVID-19", True), ("SARS-CoV-2", True)])
def test_cases_and_base_rates_of_covid_stand_beside_cases_of_covid_alone(tmp_path, keyword, beside):
    back = claim("in_range", "back", "crp", begin=0, end=4)
    rows = [seen(-1, "crp", "50", "mg/L"), seen(2, "crp", "3", "mg/L")]
    case = edited(tmp_path, "[made up, test]", f"[made up, {keyword}]", observations=rows, claims=[back])
    assert bool(cases_beside(case)) is beside
    assert bool(len(base_rates_beside(case))) is beside
    assert ("comparators" in figure_ids(case, measurements(case))) is beside


@pytest.mark.parametrize(
    ("authors", "title", "journal", "text"),
    [
        ("Peng H, et al.", "A role", "Stem Cells 2020;11:291", "Peng H, et al. A role. Stem Cells 2020;11:291"),
        ("Lokida D", "Weil's disease?", "BMC Res Notes", "Lokida D. Weil's disease? BMC Res Notes 2020"),
    ],
)
def test_a_citation_has_its_year_once_and_a_full_stop_between_its_parts(authors, title, journal, text):
    source = Citation(authors=authors, title=title, journal=journal, year=2020, licence="CC BY")
    assert source.reference == text


@pytest.mark.parametrize(
    ("low", "high", "shown"),
    [
        (70 / 18.0156, 100 / 18.0156, "3.886 to 5.551 mmol/L"),  # glucose, 70 to 100 mg/dL, 180.156 g/mol
        (1.16, 1.31, "1.16 to 1.31 mmol/L"),
        (3500, 11000, "3500 to 11000 mmol/L"),
        (-2, 2, "−2 to 2 mmol/L"),
        (None, 5, "at most 5 mmol/L"),
    ],
)
def test_a_converted_limit_is_shown_with_the_digits_that_a_range_has(low, high, shown):
    assert range_text(between(low, high), "mmol/L") == shown


def test_a_limit_outside_of_its_range_is_shown_as_such():
    assert range_text(parse("<3.0", 0), "mg/L") == "below 3 mg/L"
    assert range_text(parse(">60"), "mg/L") == "above 60 mg/L"


def test_a_report_of_some_analytes_shows_these_and_no_others(bundled):
    page = BeautifulSoup(bundled("leng2020").read_text(encoding="utf-8"), "html.parser")
    rows = {row.select_one("th").contents[0] for row in page.select("#tables table.values tbody tr:not(.group)")}
    assert len(rows) == len(SOME["leng2020"].split(","))
    glance = " ".join(page.select_one("#at-a-glance").text.split())
    assert f"of {len(rows)} analytes" in glance
    assert f"This report covers {len(rows)} of 29 analytes, chosen by the parameter analytes." in glance
    assert "CK" not in glance  # which other values of the case would tell


def test_an_event_is_printed_with_what_it_means_in_words(tmp_path):
    """What the source codes as better must not be read as worse; what its own words say is not said twice."""
    codes = {"B": "better", "W": "worse", "N": "normal", "A": "abnormal", "": ""}
    events = [happened(day, "imaging", f"CT {day}", code) for day, code in enumerate(codes, start=1)]
    case = made_up(tmp_path, HB, [*events, happened(9, "test", "Much better", "B")])
    rows = event_rows(cr.events(case, cr.phases(case)))
    assert [(row["told"], row["result"]) for row in rows] == [
        ("CT 1", "better"), ("CT 2", "worse"), ("CT 3: normal", ""), ("CT 4: abnormal", ""), ("CT 5", ""),
        ("Much better", ""),
    ]  # fmt: skip


def test_why_a_change_is_not_decidable_stands_in_its_row(tmp_path):
    old = made_up(tmp_path / "old", [seen(-9, "crp", "120", "mg/L"), seen(2, "crp", "20", "mg/L")])
    (row,) = changes_of(old, tmp_path)
    assert row["why"] == "the earlier value is 9 days older than the dose; up to 3 are compared"
    with counted_in("hours"):
        assert "9 hours older" in changes_of(old, tmp_path)[0]["why"]
    near = made_up(tmp_path / "near", [seen(-1, "crp", "120", "mg/L"), seen(2, "crp", "20", "mg/L")])
    assert changes_of(near, tmp_path)[0]["why"] == ""
