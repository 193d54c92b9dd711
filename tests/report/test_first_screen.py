"""The first screen: who, what was given, how it ended, and the finding, by rule and without a word too many."""

import pytest

import casereport as cr
from casereport.analysis.judgement.verdict import TURNS
from casereport.analysis.measurements import measurements
from casereport.analysis.sensitivity import DIFFERS, SAME
from casereport.case.case import Case
from casereport.case.reading import read_case
from casereport.quantities.intervals import Interval
from casereport.report.finding import finding, subject
from casereport.report.summary import facts, known
from designs import ABAB, design
from made_up import edit, happened, made_up, seen, write_case

HB = [seen(-1, "haemoglobin", "7.5", "mmol/L"), seen(2, "haemoglobin", "5.4", "mmol/L")]


def told(case: Case) -> dict[str, object]:
    phases = cr.phases(case)
    tables = {
        "interventions": cr.interventions(case, phases),
        "events": cr.events(case, phases),
        "phases": phases,
        "observations": cr.observations(case, phases),
    }
    return facts(case, tables)


def found(case: Case, robust: str = SAME, **words: list[str]) -> list[str]:
    """The finding, of the repetitions only what they say of each verdict: `same`, `differs` or what turns."""
    phases = cr.phases(case)
    observations, interventions = cr.observations(case, phases), cr.interventions(case, phases)
    changes, labels = cr.changes(observations, phases), phases.set_index("phase")["label"].to_dict()
    tables = {
        "changes": changes.assign(robust=robust),
        "sensitivity": cr.robustness(cr.repetitions(observations, phases), labels),
        "phases": phases,
        "under_way": cr.under_way(observations, phases),
        "estimability": cr.estimability(interventions, phases, observations, cr.events(case, phases)),
        "ab_pairs": cr.ab_pairs(observations, phases),
        "interventions": interventions,
        "observations": observations,
    }
    return finding(tables, words)


def test_what_opens_a_phase_is_told_with_its_dose_and_from_its_first_to_its_last_day(tmp_path):
    made_up(tmp_path, HB)
    path = tmp_path / "cases" / "made-up" / "interventions.csv"
    text = path.read_text(encoding="utf-8").replace("0,0,mesenchymal_stem_cells,,", "0,3,mesenchymal_stem_cells,5,mL")
    path.write_text(text, encoding="utf-8")
    assert told(read_case(path.parent))["treatment"] == [("Mesenchymal stem cells", "5 mL; days 0 to 3")]


def test_days_of_single_doses_are_told_in_one_and_what_is_inferred_is_called_that(tmp_path):
    doses = [(str(day), str(day), "mesenchymal_stem_cells", "", "", "", "reported", "text", "") for day in (4, 7)]
    case = made_up(tmp_path, HB, interventions=doses)
    assert told(case)["treatment"] == [("Mesenchymal stem cells", "dose not reported; days 0, 4 and 7")]
    later = [(">7", "", "mesenchymal_stem_cells", "", "", "", "inferred", "text", "")]
    case = made_up(tmp_path / "later", HB, interventions=later)
    assert told(case)["treatment"][0][1].endswith("; day 0 and after day 7 (inferred)")


def test_days_are_told_by_the_clock_of_the_source_too_from_its_first_day_on(tmp_path):
    made_up(tmp_path, HB, events=[happened("-2", "symptom", "Cough"), happened("5..6", "transfer", "Sent home")])
    path = tmp_path / "cases" / "made-up" / "case.yaml"
    clock = 'other_clock: {words: "hospital day {}", day_0: 3}\n'
    path.write_text(path.read_text(encoding="utf-8") + clock, encoding="utf-8")
    case = read_case(path.parent)
    assert told(case)["treatment"] == [("Mesenchymal stem cells", "dose not reported; day 0 (hospital day 3)")]
    assert told(case)["outcome"] == "Sent home (days 5 to 6, hospital days 8 to 9)"
    assert [case.meta.other_clock.told(Interval.exact(day)) for day in (-3, -2)] == ["", "hospital day 1"]


def test_what_has_no_dose_is_not_said_to_lack_one(tmp_path):
    assert told(read_case(design(tmp_path, *ABAB)))["treatment"] == [("Oxygen", "days 4 to 6 and days 10 to 12")]


def test_a_dose_that_is_not_known_is_not_left_out(tmp_path):
    assert told(made_up(tmp_path, HB))["treatment"] == [("Mesenchymal stem cells", "dose not reported; day 0")]


@pytest.mark.parametrize(
    ("subject", "who"),
    [
        ("{age_years: 50, sex: male}", "50-year-old man"),
        ("{age_years: 50, sex: female}", "50-year-old woman"),
        ("{age_years: 7, sex: male}", "7-year-old boy"),
        ("{age_years: 7, sex: female}", "7-year-old girl"),
        ("{age_months: 7, sex: null}", "7-month-old patient, sex not reported"),
    ],
)
def test_a_patient_is_told_by_age_and_sex_and_a_child_is_called_one(tmp_path, subject, who):
    folder = write_case(tmp_path, HB)
    edit(folder, "case.yaml", "{age_years: 50, sex: male}", subject)
    assert told(read_case(folder))["who"] == who


def test_one_dose_is_that_of_the_days_that_another_document_gives():
    told_of = dict(told(read_case("peng2020"))["treatment"])
    assert told_of["Mesenchymal stem cells"] == "1 ×10⁶ cells/kg (secondary); after day 4 (inferred)"


def test_a_dose_that_the_source_does_not_give_is_told_as_that(tmp_path):
    folder = write_case(tmp_path, HB)
    edit(folder, "interventions.csv", "cells,,,,reported", "cells,5,mL,,secondary")
    assert told(read_case(folder))["treatment"] == [("Mesenchymal stem cells", "5 mL (secondary); day 0")]


@pytest.mark.parametrize(
    ("events", "outcome"),
    [
        ([], "not reported"),
        ([happened("5", "transfer", "Left intensive care"), happened(">0", "outcome", "Better")],
         "Left intensive care (day 5)"),
        ([happened("3", "outcome", "Extubated"), happened("3", "outcome", "Walked"), happened("9", "imaging", "CT")],
         "Extubated; walked (day 3)"),
        ([happened("3", "outcome", "Extubated"), happened("8", "transfer", "Sent home")], "Sent home (day 8)"),
        ([happened(">4", "outcome", "Lung function improved")], "Lung function improved (after day 4)"),
        ([happened(">4", "outcome", "Lung function improved", "B")],
         "Lung function improved, as the source states (after day 4)"),
    ],
)  # fmt: skip
def test_the_outcome_is_the_last_that_is_told_of_the_patient_with_its_day(tmp_path, events, outcome):
    assert told(made_up(tmp_path, HB, events))["outcome"] == outcome


def test_without_an_outcome_in_words_the_last_measured_one_is_told():
    assert told(read_case("byiers2014"))["outcome"] == "Responses made with the switch: 67.1 % (session 18)"


def test_a_dose_that_changes_is_told_with_the_days_of_each(tmp_path):
    folder = write_case(tmp_path, HB)
    edit(folder, "interventions.csv", "0,0,mesenchymal_stem_cells,,", "5,5,mesenchymal_stem_cells,2000,mg")
    later = "\n10,10,mesenchymal_stem_cells,1500,mg,,reported,text,\n1,1,mesenchymal_stem_cells,2000,mg,,reported,text,"
    edit(folder, "interventions.csv", ",,reported,text,", ",,reported,text," + later)
    (treatment,) = told(read_case(folder))["treatment"]
    assert treatment == ("Mesenchymal stem cells", "2000 mg, day 1 and day 5; 1500 mg, day 10")


def test_a_diagnosis_is_what_the_source_calls_one(tmp_path):
    assert told(made_up(tmp_path, HB))["diagnosis"] == "not reported"
    case = made_up(tmp_path / "other", HB, [happened("-3", "diagnosis", "Leptospirosis")])
    assert told(case)["diagnosis"] == "Leptospirosis"


def test_the_diagnosis_is_the_one_that_the_source_states_last(tmp_path):
    diagnoses = [happened("-3", "diagnosis", "Influenza"), happened("1", "diagnosis", "Leptospirosis")]
    assert told(made_up(tmp_path, HB, diagnoses))["diagnosis"] == "Leptospirosis"


def test_numbers_and_statements_in_words_are_counted_apart(tmp_path):
    case = made_up(tmp_path, [*HB, seen(3, "crp", None, "", code="N")])
    assert known(case, measurements(case)) == "2 measured values of haemoglobin; 1 statement in words (reported)"


def test_the_finding_names_what_improved_and_that_the_cause_cannot_be_told(tmp_path):
    # 120 and 20 mg/L lie far beyond what random variation explains, and nearer to a range that ends at 5
    case = made_up(tmp_path, [seen(-1, "crp", "120", "mg/L"), seen(5, "crp", "20", "mg/L")])
    assert found(case) == [
        "After mesenchymal stem cells, CRP improved.",
        "One patient's course cannot separate the effect of mesenchymal stem cells from the course of the illness.",
    ]


@pytest.mark.parametrize(
    ("robust", "said"),
    [
        (SAME, "CRP improved"),
        (DIFFERS, "CRP improved in most sensitivity analyses"),
        (TURNS, "whether CRP improved or worsened depends on the values chosen"),
    ],
)
def test_what_the_repetitions_say_stands_with_the_change(tmp_path, robust, said):
    case = made_up(tmp_path, [seen(-1, "crp", "120", "mg/L"), seen(5, "crp", "20", "mg/L")])
    assert found(case, robust)[0] == f"After mesenchymal stem cells, {said}."


def test_what_left_its_range_on_the_harmless_side_is_no_finding(tmp_path):
    rows = [seen(-1, "ck", "231", "U/L", low="50", high="310"), seen(5, "ck", "40", "U/L", low="50", high="310")]
    assert "no analyte is shown to have changed for better or worse" in found(made_up(tmp_path, rows))[0]


def test_what_worsened_by_the_median_alone_is_told_beside_the_last_value(tmp_path):
    # in range before, far above it on four of five days after, and in range on the last: the median is above it, also
    # without any one value and whatever day the effect begins
    rows = [seen(-2, "crp", "2", "mg/L"), seen(-1, "crp", "2", "mg/L"), seen(9, "crp", "3", "mg/L")]
    case = made_up(tmp_path, rows + [seen(day, "crp", "90", "mg/L") for day in (5, 6, 7, 8)])
    (changed, *_) = found(case)
    assert "CRP worsened in most sensitivity analyses, but not by the last value" in changed


def test_what_improved_by_the_last_value_alone_is_not_told_as_improved_in_most(tmp_path):
    # one high value on the day before the dose: by the median, and without that value, nothing changed
    rows = [seen(day, "crp", "20", "mg/L") for day in (-4, -3, -2, 5, 6)]
    (changed, *_) = found(made_up(tmp_path, [*rows, seen(-1, "crp", "120", "mg/L")]), DIFFERS)
    assert "CRP improved by the last value only" in changed


def test_what_peaked_after_the_dose_is_told_with_value_and_day(tmp_path):
    rows = [seen(day, "crp", value, "mg/L") for day, value in ((-1, "105.50"), (1, "191.00"), (5, "10"))]
    _, peaks, *_ = found(made_up(tmp_path, rows))
    assert peaks == "On day 1, CRP peaked at 191 mg/L."
    low = {"low": "1.1", "high": "3.2"}
    rows += [seen(d, "lymphocytes", v, "10*9/L", **low) for d, v in ((-1, "0.35"), (2, "0.23"), (5, "0.93"))]
    _, peaks, *_ = found(made_up(tmp_path / "both", rows))
    low_too = "the lymphocyte count fell to 0.23 ×10⁹/L (day 2)"
    assert peaks == f"In this phase, CRP peaked at 191 mg/L (day 1) and {low_too}."
    rows += [seen(d, "ck", v, "U/L", low="50", high="310") for d, v in ((-1, "200"), (1, "900"), (5, "200"))]
    _, peaks, *_ = found(made_up(tmp_path / "three", rows))
    assert peaks == f"In this phase, CRP peaked at 191 mg/L (day 1) and CK at 900 U/L (day 1); {low_too}."


@pytest.mark.parametrize(
    ("analyte", "unit", "values"),
    [
        # a higher value before the dose: the one after it is no peak of the illness
        ("crp", "mg/L", ((-3, "200"), (-1, "60"), (1, "110"), (5, "10"))),
        # the best of three low values
        ("albumin", "g/L", ((-1, "28"), (2, "34"), (5, "29"))),
        # low CK harms nobody
        ("ck", "U/L", ((-1, "200"), (2, "20"), (5, "190"))),
        # further out than both, by less than random variation explains
        ("crp", "mg/L", ((-1, "100"), (2, "110"), (5, "105"))),
    ],
)
def test_what_is_not_the_worst_of_the_illness_is_no_peak(tmp_path, analyte, unit, values):
    said = " ".join(found(made_up(tmp_path, [seen(day, analyte, value, unit) for day, value in values])))
    assert "peaked" not in said
    assert "fell to" not in said


def test_of_two_peaks_that_of_a_change_that_is_told_comes_first(tmp_path):
    rows = [seen(day, "crp", value, "mg/L") for day, value in ((-1, "100"), (1, "310"), (5, "10"))]
    rows += [seen(d, "ck", v, "U/L", low="50", high="310") for d, v in ((-1, "200"), (1, "900"), (5, "200"))]
    assert found(made_up(tmp_path, rows))[1] == "On day 1, CRP peaked at 310 mg/L and CK at 900 U/L."


def test_the_recovery_before_the_dose_is_part_of_the_finding(tmp_path):
    rows = [seen(day, "crp", str(value), "mg/L") for day, value in ((-3, 120), (-1, 40), (5, 20))]
    # 80 of the 100 mg/L from the worst to the last value
    assert "Most of the recovery of CRP (80%) preceded the first dose." in found(made_up(tmp_path, rows))


def test_what_was_back_in_its_range_before_the_dose_is_not_told_as_a_share(tmp_path):
    # within the range before the dose as after it: less than all of the way, and all of the recovery
    rows = [seen(day, "alt", value, "U/L", low="7", high="40") for day, value in ((-3, "159"), (-1, "39"), (5, "28"))]
    assert "Most of the recovery of ALT (back in range) preceded the first dose." in found(made_up(tmp_path, rows))


def test_of_recoveries_before_the_dose_those_of_what_is_told_as_better_come_first(tmp_path):
    rows = [seen(day, "crp", str(value), "mg/L") for day, value in ((-3, 120), (-1, 40), (5, 10))]
    # nearly all of its way, so that nothing is left to improve after the dose
    rows += [seen(day, "bilirubin_total", str(value), "umol/L") for day, value in ((-3, 80), (-1, 31), (5, 30))]
    said = found(made_up(tmp_path, rows))
    assert said[0] == "After mesenchymal stem cells, CRP improved."
    assert "Most of the recovery of CRP (73%) and total bilirubin (98%) preceded the first dose." in said


def test_a_recovery_that_rests_on_a_sample_of_the_day_of_the_dose_says_how_that_is_counted(tmp_path):
    rows = [seen(day, "crp", str(value), "mg/L") for day, value in ((-3, 120), (0, 40), (5, 20))]
    told = "Most of the recovery of CRP (80%) preceded the first dose; samples of day 0 count as drawn before it."
    assert told in found(made_up(tmp_path, rows))


def test_a_change_that_rests_on_a_sample_of_the_day_of_the_dose_says_how_that_is_counted(tmp_path):
    rows = [seen(day, "crp", value, "mg/L") for day, value in ((0, "120"), (5, "20"))]
    (changed, *_) = found(made_up(tmp_path, rows))
    assert changed == (
        "After mesenchymal stem cells, CRP improved; samples of day 0 count as drawn before the first dose."
    )


def test_without_a_number_the_finding_is_what_the_source_states(tmp_path):
    said = found(made_up(tmp_path), after=["lymphocyte count higher than before (day 1)"])
    assert said[0] == (
        "After mesenchymal stem cells, the source reports, without numbers: "
        "lymphocyte count higher than before (day 1)."
    )


def test_a_change_that_comes_and_goes_with_the_treatment_is_told_as_that(tmp_path):
    case = read_case(design(tmp_path, *ABAB))
    said = found(case)
    # the values of the first days with oxygen, 63, count as before it: 1 of 8 pairs of values rises in each
    assert "With oxygen, heart rate fell in 2 of 2 pairs of phases (NAP over all 0.12)." in said
    assert not any("cannot separate" in sentence for sentence in said)
    # the second time it does not fall
    again = read_case(design(tmp_path / "again", *ABAB, values=(80, 82, 81, 63, 62, 64, 79, 83, 81, 82, 80, 84)))
    assert "With oxygen, heart rate fell in 1 of 2 pairs of phases" in " ".join(found(again))


def test_of_several_treatments_what_began_with_each_is_named(tmp_path):
    rows = [seen(day, "crp", value, "mg/L") for day, value in ((-1, "120"), (5, "60"), (9, "20"))]
    text = ("", "", "", "reported", "text", "")
    folder = write_case(tmp_path, rows, interventions=[("0", "8", "gentamicin", *text), ("7", "", "vancomycin", *text)])
    edit(folder, "case.yaml", "consent:", "  - {id: later, label: Later, opened_by: vancomycin}\nconsent:")
    said = " ".join(found(read_case(folder)))
    assert (
        "or other treatments (within 3 days of the first dose of mesenchymal stem cells: gentamicin started; of the "
        "first dose of vancomycin: gentamicin stopped)." in said
    )


def test_what_is_given_once_beside_a_treatment_that_returns_is_not_separated_from_the_illness(tmp_path):
    folder = design(tmp_path, *ABAB)
    edit(folder, "case.yaml", "consent:", "  - {id: c, label: Later, opened_by: meropenem}\nconsent:")
    edit(folder, "interventions.csv", "reported,text,\n", "reported,text,\n20,,meropenem,,,,reported,text,\n")
    said = found(read_case(folder))
    assert said[-2].startswith("One patient's course cannot separate the effect of meropenem from the course of")
    assert said[-1] == "Nor can it show a synergy between oxygen and meropenem."


@pytest.mark.parametrize(
    ("label", "short", "name"),
    [
        ("Oxygen saturation on room air", "SpO2 air", "oxygen saturation on room air"),
        ("Troponin, I or T not stated", "Troponin", "troponin"),
        ("D-dimer, fibrinogen equivalent units", "D-dimer FEU", "D-dimer"),
        ("Bilirubin, total", "Bilirubin", "total bilirubin"),
    ],
)
def test_no_comma_of_a_label_stands_in_a_list_of_names(label, short, name):
    assert subject(label, short) == name


def test_of_many_names_the_first_four_are_told(tmp_path):
    units = {
        "crp": "mg/L",
        "alt": "U/L",
        "ast": "U/L",
        "bilirubin_total": "umol/L",
        "ferritin": "ng/mL",
        "procalcitonin": "ng/mL",
    }
    values = ((-1, "2000"), (5, "100"))  # further apart than random variation explains of any of them
    rows = [seen(day, name, value, unit) for name, unit in units.items() for day, value in values]
    (said, *_) = found(made_up(tmp_path, rows))
    assert said.endswith("and 2 others improved.")


def test_what_was_last_measured_too_long_before_the_dose_is_named_as_not_judged(tmp_path):
    case = made_up(tmp_path, [seen(-14, "crp", "210", "mg/L"), seen(5, "crp", "5", "mg/L")])
    assert found(case)[0] == (
        "Not judged, as the last value of the phase before was obtained more than 3 days before the phase began: "
        "CRP after mesenchymal stem cells."
    )


def test_an_outcome_that_was_not_judged_is_told_beside_what_was(tmp_path):
    pairs = {"crp": ("mg/L", -1, "120"), "alt": ("U/L", -9, "300"), "phq9": ("{score}", -14, "21")}
    rows = [seen(day, name, value, unit) for name, (unit, day, value) in pairs.items()]
    folder = write_case(tmp_path, rows + [seen(5, name, "5", unit) for name, (unit, *_) in pairs.items()])
    own = "analyte,label,unit,group,improvement,scale\nphq9,PHQ-9,{score},Outcomes,decrease,difference\n"
    (folder.parent / "analytes.csv").write_text(own, encoding="utf-8")
    said = found(read_case(folder))
    assert said[0] == "After mesenchymal stem cells, CRP improved."
    assert said[1].endswith("phase began: PHQ-9 after mesenchymal stem cells.")  # ALT is no outcome of the case


def test_an_outcome_comes_first_among_what_changed_each_time(tmp_path):
    folder = design(tmp_path, *ABAB)
    own = "analyte,label,unit,group,improvement,scale\nseizures,Seizures,{count},Outcomes,decrease,count\n"
    (folder.parent / "analytes.csv").write_text(own, encoding="utf-8")
    counts = ((day, "9" if day < 4 or 6 < day < 10 else "2") for day in range(1, 13))
    rows = "".join(f'{day},seizures,{n},{{count}},,,,measured,"Table 2, day {day}",\n' for day, n in counts)
    path = folder / "observations.csv"
    path.write_text(path.read_text(encoding="utf-8") + rows, encoding="utf-8")
    (sentence,) = (said for said in found(read_case(folder)) if said.startswith("With oxygen"))
    assert sentence.startswith("With oxygen, seizures fell in 2 of 2 pairs of phases")
    assert "heart rate fell in 2 of 2" in sentence


def test_what_rose_one_time_and_fell_the_other_is_not_told_as_unchanged(tmp_path):
    # 81 before and 63 during, then 63 before and 81 during: nothing on the mean of both pairs, a change in each
    stated = ("a1",) * 3 + ("b1",) * 3 + ("a2",) * 3 + ("b2",) * 3
    values = (80, 82, 81, 63, 62, 64, 62, 64, 63, 80, 82, 81)
    case = read_case(design(tmp_path / "even", *ABAB, values=values, stated=stated))
    assert "With oxygen, heart rate went different ways in 2 pairs of phases (NAP over all 0.50)." in found(case)


def test_what_began_with_a_treatment_that_returns_is_named_beside_it(tmp_path):
    folder = design(tmp_path, *ABAB)
    edit(folder, "interventions.csv", "reported,text,\n", "reported,text,\n4,9,meropenem,,,,reported,text,\n")
    beside = "(within 3 days of its first dose: meropenem started)"
    assert any(said.startswith(f"With oxygen {beside}, heart rate fell") for said in found(read_case(folder)))


def test_what_else_changed_around_the_only_treatment_is_named_beside_it(tmp_path):
    made_up(tmp_path, [seen(-1, "potassium", "3.0", "mmol/L"), seen(5, "potassium", "4.6", "mmol/L")])
    path = tmp_path / "cases" / "made-up" / "interventions.csv"
    given = path.read_text(encoding="utf-8").splitlines()
    salt = given[-1].replace("mesenchymal_stem_cells", "potassium_chloride").replace("0,0,", "-1,,", 1)
    path.write_text("\n".join([*given, salt]) + "\n", encoding="utf-8")
    assert found(read_case(path.parent))[-1].endswith(
        "from the course of the illness or other treatments (within 3 days of the dose: potassium chloride started)."
    )
