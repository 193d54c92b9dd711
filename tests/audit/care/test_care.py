"""The checklist says what a case holds and what it lacks: from its content, never from a tick."""

import re
from dataclasses import replace

import pytest
from complete_case import NARRATIVE, met, row

from casereport.audit.care.checklist import checklist, gaps, require_complete
from casereport.audit.care.items import DESIGN, FURTHER, ITEMS, JOURNALS, REFERENCES
from casereport.audit.care.view import MET
from casereport.case.narrative import SECTIONS, TABLES
from casereport.case.new.folder import new_case
from casereport.case.reading import read_case
from casereport.errors import BadInput
from casereport.quantities.intervals import Interval

CASES = ["leng2020", "liang2020", "peng2020", "simulated-cp-msc"]

NO_HARM_ROW = ("events.csv", "6,adverse_event,No reaction to meropenem,NEG,reported,chart,\n", "")
NO_DOSE = [
    ("interventions.csv", "-3,-1,paracetamol,500,mg", "-3,,paracetamol,,"),
    ("interventions.csv", "0,6,meropenem,1,g", "0,,meropenem,,"),
    ("narrative.md", "{{ dose.meropenem }}", "often"),
]
ONE_PHASE = ("case.yaml", "  - {id: on_drug, label: Meropenem, opened_by: meropenem}\n", "")


# ---- the list itself


def test_the_items_are_the_thirty_of_the_checklist_in_its_order_and_sections(shared):
    text = (shared / "care-checklist.md").read_text(encoding="utf-8")
    listed = re.findall(r"^\| (\d+[a-d]?) \| ([^|]+?) \|", text, flags=re.M)
    assert len(listed) == 30
    assert [(item, entry.section) for item, entry in ITEMS.items()] == listed


def test_what_is_asked_is_put_in_our_own_words(shared):
    text = " ".join((shared / "care-checklist.md").read_text(encoding="utf-8").lower().split())
    same = [item for item, entry in ITEMS.items() if len(entry.what.split()) > 4 and entry.what.lower() in text]
    assert same == []


def test_what_care_asks_only_under_a_condition_is_no_must():
    # `genetics included`, `earlier ... that matter`, `where they apply`, `where the patient wishes`
    assert not any(ITEMS[item].must for item in ("5c", "5d", "8d", "12"))
    assert not any(entry.must for entry in DESIGN.values())
    assert all(ITEMS[item].must for item in ("1", "5a", "7", "9b", "10d", "13")) and FURTHER["privacy"].must


def test_each_guideline_is_cited_with_its_doi():
    guidelines = {name: text for name, text in REFERENCES.items() if name != "ICMJE"}  # a page, which has no DOI
    assert all(re.search(r"\b20\d\d;.*doi 10\.\d{4}/\S+$", text) for text in guidelines.values())


@pytest.mark.parametrize("name", CASES)
def test_every_place_is_a_section_a_figure_or_a_table_of_the_report(name):
    sections = {
        "top",
        "at-a-glance",
        "timeline",
        "how-it-was-made",
        "declarations",
        *(s.lower().replace(" ", "-") for s in SECTIONS),
    }
    table = checklist(read_case(name))
    assert set(table["where"]) <= sections | {"figure-timeline", *(f"table-{t}" for t in TABLES)}


@pytest.mark.parametrize("name", CASES)
def test_every_item_is_answered_once_in_a_sentence(name):
    table = checklist(read_case(name))
    assert list(table["item"])[:30] == list(ITEMS)
    assert set(table["met"]) <= set(MET)
    assert table["finding"].str.fullmatch(r"[A-Z0-9“].*\.").all()


# ---- the bundled cases


def test_leng_lacks_a_consent_and_the_patients_view():
    # case.yaml: "Not known to us."; the narrative has neither section with a statement
    result = met(read_case("leng2020"))
    assert [item for item in ITEMS if ITEMS[item].must and result[item] == "gap"] == ["13"]
    assert result["12"] == result["authors"] == result["disclosures"] == "gap"
    assert result["9b"] == "partly"  # irbesartan has no dose
    assert result["10d"] == result["7"] == result["5a"] == "yes"


def test_complaints_are_the_symptoms_before_the_dose_each_once():
    # leng2020: cough, sputum, fever and intermittent fever; "Symptoms began" names none, and day 3 is after the dose
    assert row(read_case("leng2020"), "5b")["finding"] == "3 symptoms in events.csv: cough, sputum and fever."
    liang = read_case("liang2020")
    later = replace(next(e for e in liang.events if e.kind == "symptom"), finding="Rash", when=Interval.exact(3))
    assert row(replace(liang, events=(*liang.events, later)), "5b")["finding"] == (
        "5 symptoms in events.csv: fatigue, fever, cough, chest tightness and severe diarrhoea."
    )


def test_peng_gives_neither_age_nor_sex_nor_a_complaint():
    case = read_case("peng2020")
    assert gaps(case)["item"].to_list() == ["5a", "5b", "13", "authors", "disclosures"]
    assert row(case, "9b")["met"] == "partly"  # one dose, from a later review
    assert row(case, "10d")["met"] == "partly"  # the statement on adverse events is from that review too
    assert row(case, "laboratory")["met"] == "gap"  # no number at all


def test_a_simulated_case_has_no_patient_to_consent():
    case = read_case("simulated-cp-msc")
    assert gaps(case).empty
    assert "simulated" in row(case, "13")["finding"] and "simulated" in row(case, "12")["finding"]


def test_doses_and_ends_are_counted_from_the_table():
    # liang2020: 17 rows, 2 of them respiratory support without a dose; 3 infusions of cells have a dose; 5 have no end
    finding = row(read_case("liang2020"), "9b")["finding"]
    assert "3 of 15 rows" in finding and "12 of 17" in finding


# ---- a complete case, and what each absence does


def test_a_complete_case_meets_every_item(small):
    result = met(small())
    assert {item: m for item, m in result.items() if m not in ("yes", "to be confirmed")} == {}
    require_complete(small())


@pytest.mark.parametrize(
    ("item", "changes", "without"),
    [
        ("1", [("case.yaml", "Fever after a new drug", "TITLE")], ()),
        ("2", [("case.yaml", "[fever, drug reaction]", "[KEYWORD ONE, KEYWORD TWO]")], ()),
        ("3a", [], ("Abstract",)),
        ("3c", [], ("Abstract",)),
        ("4", [], ("Introduction",)),
        ("5a", [("case.yaml", "{age_years: 40, sex: female}", "{age_years: null, sex: null}")], ()),
        (
            "5b",
            [("events.csv", "symptom,Cough,POS", "symptom,Cough,NEG")],
            ("Patient information", "Clinical findings"),
        ),
        ("6", [("observations.csv", "-1,temperature,39.1,Cel,,,,measured,chart,\n", "")], ("Clinical findings",)),
        ("9b", NO_DOSE, ()),
        ("10d", [NO_HARM_ROW], ("Follow-up and outcomes",)),
        ("11a", [], ("Discussion",)),
        ("11d", [], ("Discussion",)),
        ("13", [("case.yaml", "The patient gave written consent.", "Not known to us.")], ("Informed consent",)),
        ("privacy", [("narrative.md", "for three days", "since 3 March 2020")], ()),
        ("authors", [("case.yaml", ", corresponding: true, email: ada@example.org", "")], ()),
        ("disclosures", [("case.yaml", "funding: None.\n", "")], ()),
        ("disclosures", [("case.yaml", "competing_interests: None.\n", "")], ()),
    ],
)
def test_a_final_report_is_not_built_over_a_gap(small, item, changes, without):
    case = small(*changes, without=without)
    assert item in gaps(case)["item"].to_list()
    with pytest.raises(BadInput) as bad:
        require_complete(case)
    (problem,) = [p for p in bad.value.problems if f"required item missing: {item} (" in p.expected]
    assert (problem.file, problem.column, problem.value) == ("cases/small/case.yaml", "status", "final")
    assert row(case, item)["finding"] in problem.expected


def test_a_draft_may_have_gaps(small):
    case = small(("case.yaml", "status: final", "status: draft"), without=("Abstract", "Discussion"))
    require_complete(case)


def test_every_gap_is_named_in_one_go(small):
    with pytest.raises(BadInput) as bad:
        require_complete(small(without=("Abstract", "Discussion")))
    found = {re.search(r"item missing: (\w+) \(", p.expected)[1] for p in bad.value.problems}
    assert found == {"3a", "3b", "3c", "3d", "11a", "11d"}


def test_a_section_that_says_only_not_reported_is_a_gap(small):
    for text in ("Not reported.", "The history is not known to us.", "TODO", "No detail is available to us."):
        section = "# Introduction\n" + text + "\n\n# Patient information"
        case = small(
            (
                "narrative.md",
                NARRATIVE[NARRATIVE.index("# Introduction") : NARRATIVE.index("# Patient inf") + 21],
                section,
            )
        )
        assert row(case, "4")["met"] == "gap", text


def test_words_that_are_not_found_never_block_a_report(small):
    # the sections are there, in words that no list has
    case = small(
        ("narrative.md", "A new reaction is described: a", "A"),
        ("narrative.md", "The lesson is to look for drug fever.", "One should look for drug fever early."),
        ("narrative.md", "The strength of this case is its daily values", "Its daily values are good to have"),
        ("narrative.md", "and its limit that it is one case", "but it is one patient only"),
        (
            "narrative.md",
            "The lesson is to stop a drug early, because that is the test.",
            "One should stop a drug early.",
        ),
    )
    result = met(case)
    assert {item: result[item] for item in ("3a", "3d", "11a", "11d")} == dict.fromkeys(
        ("3a", "3d", "11a", "11d"), "partly"
    )
    assert gaps(case).empty


def test_that_there_was_no_adverse_event_is_a_statement(small):
    assert row(small(NO_HARM_ROW), "10d")["met"] == "to be confirmed"  # the narrative says that none was seen
    assert row(small(NO_HARM_ROW, ("narrative.md", "no adverse event was seen", "all was well")), "10d")["met"] == "gap"


def test_what_is_only_not_known_of_adverse_events_is_no_statement(small):
    case = small(
        NO_HARM_ROW,
        ("narrative.md", "no adverse event was seen after that", "adverse events are not reported"),
    )
    assert row(case, "10d")["met"] == "gap"


def test_who_the_patient_is_may_be_known_in_part(small):
    case = small(("case.yaml", "sex: female", "sex: null"))
    assert (row(case, "5a")["met"], row(case, "5a")["where"]) == ("partly", "at-a-glance")


def test_a_consent_without_the_one_who_gave_it_is_in_part(small):
    case = small(
        ("case.yaml", "The patient gave written consent.", "Written consent was obtained."),
        without=("Informed consent",),
    )
    assert row(case, "13")["met"] == "partly"


def test_values_without_the_range_of_their_laboratory_are_told(small):
    albumin = ("observations.csv", "-1,crp,80", "-1,albumin,40,g/L,,,,measured,chart,\n-1,crp,80")
    answer = row(small(albumin), "laboratory")
    assert answer["met"] == "partly"
    assert "2 with the reference range of the source and 1 with the usual adult one" in answer["finding"]
    # a range that is printed with one value of an analyte is that of the others too
    once = ("observations.csv", "-1,crp,80,mg/L,,,5", "-1,crp,80,mg/L,,,")
    assert row(small(once), "laboratory")["met"] == "yes"


def test_tests_only_before_the_last_phase_meet_the_follow_up_in_part(small):
    third = (
        "case.yaml",
        "opened_by: meropenem}\n",
        "opened_by: meropenem}\n  - {id: late, label: Immunoglobulin, opened_by: immunoglobulin}\n",
    )
    given = ("interventions.csv", "0,6,mero", "8,8,immunoglobulin,20,g,intravenous,reported,chart,\n0,6,mero")
    assert row(small(third, given), "10b")["met"] == "partly"  # CRP of day 5 and the X-ray of day 4


def test_a_text_that_may_stay_is_no_gap_in_privacy(small):
    date = ("narrative.md", "for three days", "since 3 March 2020")
    allow = ("case.yaml", "not_reported: []", "not_reported: []\nallow:\n  - {text: 3 March 2020, reason: a test}")
    assert row(small(date), "privacy")["met"] == "gap"
    assert row(small(date, allow), "privacy")["met"] == "yes"
    assert row(small(("case.yaml", "age_years: 40", "age_years: 92")), "privacy")["met"] == "gap"


def test_a_new_case_from_the_template_meets_nothing_of_its_prose(tmp_path):
    new_case("fresh", tmp_path / "cases")
    result = met(read_case(tmp_path / "cases" / "fresh"))
    assert {item for item, m in result.items() if m != "gap"} == {"privacy"}


# ---- the design in phases


def test_a_case_of_one_phase_is_asked_for_no_design(small):
    assert list(met(small(ONE_PHASE))) == [*ITEMS, *FURTHER, *JOURNALS]
    assert list(met(small())) == [*ITEMS, *FURTHER, *JOURNALS, *DESIGN]


def test_the_follow_up_of_a_single_phase_is_what_came_after_day_0(small):
    assert (
        row(small(ONE_PHASE), "10b")["finding"] == "The last phase has 1 value and 1 test or image."
    )  # CRP of day 5, X-ray of day 4


def test_periods_are_counted_and_measured():
    # peng2020: the day of the cells is not known; simulated: plasma on day 0, cells on day 7, last day 30, data from -9
    finding = row(read_case("simulated-cp-msc"), "CENT 3a, periods")["finding"]
    assert "3 periods" in finding and "9 days" in finding and "7 days" in finding and "23 days" in finding
    peng = row(read_case("peng2020"), "CENT 3a, periods")
    assert peng["met"] == "partly" and peng["finding"].count("length not known") == 3


def test_a_lag_of_the_analysis_does_not_move_the_periods():
    case = read_case("simulated-cp-msc")
    lagged = checklist(case, lag_days=3)
    assert lagged.query("item == 'CENT 3a, periods'")["finding"].item() == row(case, "CENT 3a, periods")["finding"]


def test_what_had_ended_when_a_period_began_is_counted():
    # leng2020: ibuprofen and paracetamol ended on day -2; irbesartan and oxygen went on; two have no end
    finding = row(read_case("leng2020"), "CENT 3a, wash-out")["finding"]
    assert "of 6 earlier courses 2 had ended, 2 went on to that day or beyond and for 2 no end is reported" in finding


def test_what_was_given_beside_is_certain_only_if_its_days_say_so():
    finding = row(read_case("leng2020"), "CENT 4a")["finding"]
    assert "also irbesartan and oxygen, perhaps lopinavir/ritonavir and potassium chloride" in finding
    plasma = row(read_case("peng2020"), "CENT 4a")["finding"].partition(" Mesenchymal stem cells:")[0]
    assert "mesenchymal" not in plasma  # the cells open the period after


def test_with_every_end_known_the_design_is_told_in_full(small):
    assert row(small(), "CENT 3a, wash-out")["finding"] == "When “Meropenem” began, the earlier course had ended."
    assert row(small(), "CENT 4a")["finding"] == "Meropenem: no other treatment is recorded."


def test_the_rule_of_a_change_is_looked_for_beside_the_treatment(small):
    assert row(small(), "SCRIBE 5")["met"] == "to be confirmed"  # "begun because of fever"
    assert row(small(("narrative.md", "was begun because of fever", "was begun")), "SCRIBE 5")["met"] == "gap"
