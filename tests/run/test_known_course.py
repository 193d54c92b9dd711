"""What a reader sees in notebooks and report of a made-up course whose every answer is known."""

import re
from pathlib import Path

import pytest
from bs4 import BeautifulSoup

from assembly import execute, put_together
from casereport.files.paths import NOTEBOOKS
from made_up import claim, happened, seen, write_case
from shown_cells import Shown

DAYS = (*range(-6, 0), *range(1, 7))  # the dose is on day 0


def course(analyte: str, unit: str, low: str, high: str, *values: float) -> list[tuple]:
    return [seen(d, analyte, value, unit, low=low, high=high) for d, value in zip(DAYS, values, strict=True)]


ROWS = [
    # recovers by 195 in all, 150 of it before the dose
    *course("crp", "mg/L", "", "10", 200, 150, 120, 100, 80, 50, 20, 18, 15, 12, 8, 5),
    *course("ferritin", "ng/mL", "30", "400", *[500] * 6, *[100] * 6),
    *course("alt", "U/L", "9", "50", *[30] * 11, 90),  # the last value is worse, the median is the same
    *(seen(day, "platelets", value, "10*9/L", low="125", high="350") for day, value in ((-1, 200), (6, 150))),
    *(seen(day, "sodium", value, "mmol/L", low="137", high="147") for day, value in ((-3, 130), (-1, 140))),
    seen(-1, "creatinine", "1.0", "mg/dL"),
    seen(-1, "d_dimer", None, "", code="U"),  # rose, and nothing besides
]
EVENTS = [
    happened(-2, "symptom", "Fever", "W"),
    happened(2, "symptom", "Breathing clearly better", "B"),
    happened(-400, "history", "Diabetes"),
]
CLAIMS = [
    claim("change", "improved", "crp", "before -> after", name="right"),
    claim("in_range", "stays", "alt", "", 1, 6, name="wrong"),
    claim("value", "50 mg/L", "crp", "", -1, -1, name="number"),
    claim("causal", "effect", anchor="mesenchymal_stem_cells", name="cause"),
]
CRP, FERRITIN, ALT, PLATELETS = "C-reactive protein", "Ferritin", "Alanine aminotransferase", "Platelet count"


@pytest.fixture(scope="module")
def given(tmp_path_factory) -> dict[str, str]:
    """The parameters of all notebooks."""
    place = tmp_path_factory.mktemp("known")
    case = write_case(place, ROWS, events=EVENTS, claims=CLAIMS)
    return {"case": str(case), "output_dir": str(place / "out")}


@pytest.fixture(scope="module")
def shown(given) -> dict[str, Shown]:
    steps = ("01-ingest", "02-phase", "03-evidence")
    return {step: Shown(NOTEBOOKS / f"{step}.ipynb", phase="after", **given) for step in steps}


@pytest.fixture(scope="module")
def page(given, shown) -> BeautifulSoup:
    """The report of these results."""
    execute(NOTEBOOKS / "02-phase.ipynb", phase="before", **given)
    execute(NOTEBOOKS / "04-figures.ipynb", **given)
    path = put_together(given["case"], Path(given["output_dir"]))
    return BeautifulSoup(path.read_text(encoding="utf-8"), "html.parser")


def test_what_no_comparison_uses_is_shown_as_left_out_and_nothing_else(shown):
    (left_out,) = shown["01-ingest"].rows("analyte", "enters", "note")
    assert (left_out["analyte"], left_out["interpretation"]) == ("D-dimer, fibrinogen equivalent units", "U")


def test_the_picture_of_what_was_measured_counts_the_values_outside_their_range(shown):
    # CRP ten times, until it is 8; ferritin before the dose; ALT at the end; sodium at first
    assert shown["01-ingest"].said[0].endswith("of 6 analytes, by study day; outside it: 18.")


def test_only_a_value_in_another_unit_is_shown_as_converted(shown):
    _, (converted, *others) = shown["01-ingest"].tables("value printed", "unit printed")  # the first is of all analytes
    assert (converted["analyte"], converted["value printed"], converted["value"]) == ("Creatinine", "1.0", "88.4")
    assert others == []


def test_the_rows_of_an_organ_system_are_counted_in_their_phase(shown):
    counts = {row["group"]: (row["Before"], row["After"]) for row in shown["01-ingest"].rows("group", "Before")}
    assert counts == {
        "Coagulation": ("1", "0"), "Haematology": ("1", "1"), "Inflammation": ("12", "12"), "Liver": ("6", "6"),
        "Kidney and electrolytes": ("3", "0"),
    }  # fmt: skip


def test_a_phase_counts_its_rows_and_those_of_the_phase_before(shown):
    assert shown["02-phase"].said[0] == "Rows of observations in After: 19; in Before: 23."


@pytest.mark.parametrize("step", ["02-phase", "03-evidence"])
def test_each_last_value_stands_under_the_heading_of_its_phase(shown, step):
    by = "day before" if step == "02-phase" else "ratio"
    rows = shown[step].rows("last value before", "last value in the phase", by)
    found = {row["analyte"]: (row["last value before"], row["last value in the phase"]) for row in rows}
    assert found == {
        CRP: ("50 mg/L", "5 mg/L"), FERRITIN: ("500 ng/mL", "100 ng/mL"), ALT: ("30 U/L", "90 U/L"),
        PLATELETS: ("200 ×10⁹/L", "150 ×10⁹/L"),
    }  # fmt: skip


def test_a_phase_names_the_analytes_of_each_outcome(shown):
    names = {row["outcome"]: row["names"] for row in shown["02-phase"].rows("outcome", "names")}
    assert names == {"● better": "CRP, Ferritin", "■ worse": "ALT", "within range": "Platelets"}


def test_the_largest_changes_come_first_either_way_as_the_later_value_to_the_earlier(shown):
    rows = shown["03-evidence"].rows("analyte", "ratio")
    assert [(r["analyte"], r["ratio"]) for r in rows] == [
        (CRP, "0.1"), (FERRITIN, "0.2"), (ALT, "3"), (PLATELETS, "0.75"),
    ]  # fmt: skip


def test_only_where_medians_and_last_values_disagree_they_are_said_to(shown):
    (differs,) = shown["03-evidence"].rows("by last values", "by medians")
    assert (differs["analyte"], differs["by last values"], differs["by medians"]) == (ALT, "■ worse", "within range")
    assert "They disagree in 1 of 4 comparisons." in shown["03-evidence"].said


def test_a_recovery_that_mostly_preceded_the_dose_is_counted_and_shown_with_its_share(shown):
    told = "2 recoveries towards the range; more than half of it before the dose: 1."
    assert told in shown["03-evidence"].said
    (gone,) = shown["03-evidence"].rows("worst value before", "before the dose")
    assert (gone["analyte"], gone["worst value before"], gone["before the dose"]) == (
        CRP,
        "200 mg/L",
        "0.769",
    )  # 150/195


def test_nap_is_that_of_the_pairs_and_its_interval_is_said_to_exclude_chance_where_it_does(shown):
    found = {row["analyte"]: row for row in shown["03-evidence"].rows("NAP", "CI from")}
    # ALT is the same in 30 of the 36 pairs, which count half, and worse in 6
    assert {name: row["NAP"] for name, row in found.items()} == {ALT: "0.417", CRP: "1", FERRITIN: "1"}
    assert found[CRP]["p"] == "0.00216"  # 2 of the 924 orders
    assert float(found[ALT]["CI from"]) < 0.417 < 0.5 < float(found[ALT]["CI to"])
    said = "Values of NAP: 3; interval (for independent values) excludes 0.5: 2."
    assert said in shown["03-evidence"].said


def test_the_least_that_chance_gives_stands_before_the_most(shown):
    (row,) = shown["03-evidence"].rows("by chance, from", "by chance, to")
    # of 924 orders of six and six, 7 have a NAP of 0.9 or more
    assert float(row["by chance, from"]) == pytest.approx(7 / 924, abs=0.001)
    assert float(row["by chance, to"]) > 0.05


def test_the_greatest_overlap_of_two_phases_comes_first(shown):
    rows = shown["03-evidence"].rows("overlap", "immediacy")
    assert (rows[0]["analyte"], rows[0]["overlap"]) == (ALT, "0.833")  # 5 of the 6 later values are 30 too
    assert [row["overlap"] for row in rows[1:]] == ["0"] * 3


def test_a_half_life_is_said_of_each_fall_of_a_marker_that_is_cleared(shown):
    said = [line for line in shown["03-evidence"].said if "half-life" in line]
    assert [line.split(" half-life")[0] for line in said] == [f"{CRP}:"] * 2
    assert said[0].endswith("(6 values from day −6 to day −1).") and said[1].endswith("(6 values from day 1 to day 6).")


def test_only_what_no_other_choice_changes_is_counted_as_the_same_every_time(shown):
    # with the values up to day 3 in the phase before, ferritin and ALT have not changed; platelets are two values
    assert "Comparisons: 4; the same every time: 1." in shown["03-evidence"].said
    assert shown["03-evidence"].rows("share the same", "without data")[-1]["analyte"] == CRP


def test_the_claims_are_shown_from_contradicted_to_supported_without_a_number_that_is_right(shown):
    rows = shown["03-evidence"].rows("claim", "verdict", "evidence")
    assert [(row["claim"], row["verdict"]) for row in rows] == [
        ("wrong", "✘ contradicted"), ("cause", "? not testable"), ("right", "✔ supported"),
    ]  # fmt: skip
    assert "Clinical claims: 3. Claims that only repeat a number: 1." in shown["03-evidence"].said
    counts = {row["verdict"]: row["claims"] for row in shown["03-evidence"].rows("verdict", "claims")}
    assert counts == dict.fromkeys(("✘ contradicted", "? not testable", "✔ supported"), "1")


def test_the_only_treatment_cannot_be_told_from_time(shown):
    (row,) = shown["03-evidence"].rows("effect of", "estimable")
    assert row["effect of"] == "Mesenchymal stem cells" and row["not to be told from"] == "time"


def test_of_the_checklist_what_is_not_met_is_shown(shown):
    assert {row["met"] for row in shown["03-evidence"].rows("item", "met")} == {"✘ gap", "◐ partly"}


# The report


def told(page: BeautifulSoup, section: str) -> str:
    return " ".join(page.select_one(f"#{section}").get_text(" ").split())


@pytest.mark.parametrize("section", ["at-a-glance", "audit"])
def test_the_report_counts_the_clinical_claims_of_each_verdict(page, section):
    said = told(page, section)
    counts = re.findall(r"[✔✘?] ([a-z ]+) (\d)", said)
    assert counts == [("supported", "1"), ("contradicted", "1"), ("not testable", "1")]
    assert "Transcription: 1 of 1 agree." in said


def test_what_the_source_says_only_in_words_stands_in_its_phase_of_the_report(page):
    said = told(page, "follow-up-and-outcomes").partition("Before, stated in words: ")[2]
    before, _, after = said.partition(" After, stated in words: ")
    assert before == "D-dimer, fibrinogen equivalent units higher than before (day −1); fever (day −2)."
    assert after.startswith("breathing clearly better (day 2).")


def test_the_history_stands_with_the_patient_in_the_report_and_is_no_event_of_this_illness(page):
    assert "Diabetes (day −400; text)" in told(page, "patient-information")
    assert "Diabetes" not in told(page, "tables")


def test_the_report_counts_the_rows_of_each_kind_of_evidence(page):
    rows = [[cell.text.strip() for cell in row.select("th, td")] for row in page.select("#table-sources tbody tr")]
    # values as numbers; D-dimer in words, the cells, and fever, breathing and diabetes
    assert [(kind, *counts) for kind, _, *counts in rows] == [("measured", "41", "0", "0"), ("reported", "1", "1", "3")]


def test_a_change_within_a_phase_of_the_report_is_of_an_analyte_that_was_measured_in_no_other(page):
    (row,) = page.select_one("#tables").find("h3", string="Change within a phase").find_next("ul").select("li")
    assert " ".join(row.text.split()).startswith("Sodium (Before): 130 mmol/L → 140 mmol/L, ● better")


def test_the_report_names_the_required_items_that_are_missing_and_no_others(page):
    missing = told(page, "care").partition("Required items missing: ")[2].partition(". A final report")[0]
    assert "13 (informed consent)" in missing and "10d (follow-up and outcomes)" in missing
    assert "1 (title)" not in missing.split(" , ") and "5d" not in missing  # it has a title; 5d is not required


def test_half_lives_and_what_the_treatment_cannot_be_told_from_are_in_the_report(page):
    said = told(page, "evidence")
    assert said.count("C-reactive protein: half-life ") == 2
    assert "Mesenchymal stem cells (no other treatment has the same days)" in said
