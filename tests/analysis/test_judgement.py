"""The rules of judgement on textbook courses: what a physician calls each, fixed before the code was asked."""

import math

import pytest

from casereport.analysis.changes import WINDOW_DAYS, Change, Sides, compared
from casereport.analysis.judgement import verdict as rules
from casereport.analysis.judgement.improvement import WITHIN, direction_of_improvement
from casereport.analysis.judgement.material import limits_of, material, reference_change_value
from casereport.analysis.judgement.position import places, position
from casereport.analysis.measurements import Measurement
from casereport.files.paths import DATA, ROOT
from casereport.quantities.intervals import Interval, between, parse
from casereport.quantities.vocabulary_tables import load_vocabulary

ANALYTES = load_vocabulary(DATA / "analytes.csv").analytes


def seen(name: str, value: str, day: float = 0, code: str = "", reference: str = "usual") -> Measurement:
    """A measurement of an adult woman, with her usual range, the one named, or none (empty)."""
    analyte = ANALYTES[name]
    usual = analyte.reference_for("female") if reference == "usual" else parse(reference, -math.inf)
    known = analyte.value(value)
    return Measurement(
        row=0, analyte=name, label=analyte.label, short=analyte.short, group=analyte.group, unit=analyte.unit,
        improvement=analyte.improvement, two_sided=analyte.two_sided, when=Interval.exact(day), phase="",
        stated_phase="", known=known, numeric=known is not None, interpretation=code, reference=usual,
        ref_origin="default" if reference == "usual" and usual else "source" if usual else "", printed=value,
        evidence="measured", source="", note="", lines=(), scale=analyte.scale, limits=limits_of(analyte),
    )  # fmt: skip


def compare(
    before: list[Measurement], after: list[Measurement], dose: Interval | None = None, window_days: int = WINDOW_DAYS
) -> Change:
    return compared([Sides(before, after, dose=dose)], window_days)[0]


def judged(name: str, before: str, after: str, reference: str = "usual", **more) -> Change:
    return compare([seen(name, before, -1, reference=reference)], [seen(name, after, 1, reference=reference)], **more)


@pytest.mark.parametrize(
    ("name", "before", "after", "verdict"),
    [
        ("ferritin", "7", "29", "into range"),  # iron deficiency, treated
        ("platelets", "1250", "520", "towards range"),  # essential thrombocythaemia, cytoreduced
        ("potassium", "7.4", "5.6", "towards range"),
        ("systolic_pressure", "64", "95", "into range"),  # shock, after fluids
        ("neutrophils", "0.1", "1.2", "towards range"),  # agranulocytosis, recovering
        ("white_cells", "0.4", "3.0", "towards range"),
        ("sodium", "118", "131", "towards range"),
        ("sodium", "162", "150", "towards range"),
        ("glucose", "1.8", "5.2", "into range"),  # hypoglycaemia
        ("glucose", "31", "9", "towards range"),
        ("haemoglobin", "58", "92", "towards range"),
        ("creatinine", "640", "180", "towards range"),
        ("temperature", "31.2", "36.4", "into range"),  # hypothermia, rewarmed
        ("heart_rate", "34", "70", "into range"),  # heart block, paced
        ("calcium", "14.8", "9.6", "into range"),
        ("ph_arterial", "6.98", "7.31", "towards range"),
        ("tsh", "96", "2.1", "into range"),
        ("lymphocytes", "0.4", "1.6", "into range"),
    ],
)
def test_a_textbook_improvement_is_better_from_whichever_side_it_comes(name, before, after, verdict):
    found = judged(name, before, after)
    assert (found.verdict, found.heading) == (verdict, "better")
    back = judged(name, after, before)
    assert back.heading == "worse" and back.verdict in ("away from range", "out of range")


@pytest.mark.parametrize(
    ("name", "before", "after", "verdict", "heading"),
    [
        ("crp", "100", "60", "no material change", "no material change"),  # CV of 31 %: a fall to 0.43 is noise
        ("crp", "100", "40", "towards range", "better"),
        ("sodium", "133", "134", "no material change", "no material change"),
        ("sodium", "140", "146", "within range", "within range"),
        ("ck", "150", "30", "fell", "fell"),  # low creatine kinase harms nobody (range 40 to 200)
        ("creatinine", "33.6", "49.1", "rose", "rose"),  # nor did creatinine below 41: by 1.46, and no kidney is better
        ("creatinine", "33.6", "35.0", "no material change", "no material change"),
        ("creatinine", "640", "30", "fell", "better"),  # dialysed, in a patient with little muscle
        ("ck", "30", "5000", "rose", "worse"),
        ("diastolic_pressure", "77", "31", "out of range", "worse"),  # shock
        ("sodium", "160", "125", "fell", "fell"),  # overshot: neither better nor worse
        ("haemoglobin", "120", "120", "within range", "within range"),
    ],
)
def test_noise_overshoot_and_harmless_sides_are_neither_better_nor_worse(name, before, after, verdict, heading):
    found = judged(name, before, after)
    assert (found.verdict, found.heading) == (verdict, heading)


@pytest.mark.parametrize(
    ("name", "before", "after", "heading"),
    [
        ("sofa", "12", "4", "better"),
        ("gcs", "14", "6", "worse"),
        (
            "neutrophils",
            "0.9",
            "0.05",
            "fell",
        ),  # of a child: it may have fallen too far
        ("peep", "12", "5", "fell"),
    ],
)
def test_without_a_range_the_usual_direction_decides_where_there_is_one(name, before, after, heading):
    assert judged(name, before, after, reference="").heading == heading


def test_a_value_too_long_before_the_dose_is_shown_and_not_judged():
    """leng2020: a heart rate of 85 nine days before the cells says nothing of the 95 after them."""
    earlier, later, dose = [seen("heart_rate", "120", -9)], [seen("heart_rate", "80", 1)], Interval.exact(0)
    old = compare(earlier, later, dose)
    assert (old.verdict, old.heading) == ("not decidable", "not decidable")
    assert old.rule == "the earlier value is 9 days older than the dose; up to 3 are compared"
    assert compare([seen("heart_rate", "120", -3)], later, dose).heading == "better"
    assert compare(earlier, later, dose, window_days=9).heading == "better"


def test_a_temperature_has_a_difference_and_no_ratio():
    found = judged("temperature", "39.5", "37.0")
    assert math.isnan(found.ratio_low) and found.difference_low == pytest.approx(-2.5)


def test_what_lies_between_and_outside_both_is_the_extreme():
    days = [seen("alt", value, day) for day, value in ((3, "417"), (4, "90"), (9, "35"))]
    found = compare([seen("alt", "15", -1)], days)
    assert found.verdict == "within range" and found.extreme is days[0]
    calm = compare([seen("alt", "15", -1)], [seen("alt", "38", 3), seen("alt", "20", 9)])
    assert calm.extreme is None  # an excursion inside the range


def test_a_course_that_left_its_range_on_both_sides_has_both_extremes():
    """Potassium (3.5 to 5.3) of 4.0 that went to 2.4 and to 6.1 and came back to 4.2."""

    def course(*values: str) -> Change:
        return compare([seen("potassium", "4.0", -1)], [seen("potassium", v, day) for day, v in enumerate(values, 1)])

    both = course("6.1", "2.4", "3.0", "5.9", "4.2")
    assert both.extreme is not None and both.opposite is not None
    assert (both.extreme.printed, both.opposite.printed) == ("6.1", "2.4")
    up = course("6.1", "5.9", "4.2")
    assert up.extreme is not None and up.opposite is None
    assert course("6.1", "3.6", "4.2").opposite is None  # 3.6 is below both and in the range
    assert course("4.1", "4.2").opposite is None


@pytest.mark.parametrize(
    ("cv_i", "cv_a", "low", "high"),
    [
        # by hand: 2.7719 * (CV_A^2 + CV_I^2)^0.5; sodium of Carobene 2022, 0.53 and 0.40
        (0.53, 0.40, -0.018406, 0.018406),
        (4.4, 1.1, -0.125715, 0.125715),
        # log-normal above 15 %: sigma^2 = ln(1 + CV^2); CRP 29.4 and 11.10, CV 31.43 %, sigma 0.306903
        (29.4, 11.1, -0.572869, 1.341190),
    ],
)
def test_the_reference_change_value_is_that_of_its_formula(cv_i, cv_a, low, high):
    limits = reference_change_value(cv_i, cv_a)
    assert (limits.low, limits.high) == (pytest.approx(low, abs=2e-5), pytest.approx(high, abs=2e-4))


def test_a_change_is_material_only_if_every_completion_exceeds_the_limits():
    limits = reference_change_value(5.0, 2.0)  # 14.9 %
    assert [material(*ratio, limits) for ratio in ((1.16, 1.16), (0.84, 0.84), (0.9, 1.1), (0.8, 1.0))] == [
        "yes",
        "yes",
        "no",
        "not certain",
    ]
    assert material(1.5, 1.5, None) == material(math.nan, math.nan, limits) == ""


def test_the_vocabulary_has_cited_variations_for_sixty_analytes():
    known = [a for a in ANALYTES.values() if a.cv_i is not None]
    assert len(known) >= 60


def test_a_flag_decides_where_no_range_is_printed_and_not_where_one_is():
    flagged = seen("sodium", "146", code="H")  # in the usual range, high by the laboratory that measured it
    assert flagged.position == "above"
    printed = seen("sodium", "146", code="H", reference="136..148")
    assert printed.position == "in"
    assert position(Interval.exact(162), None, "H") == "above"
    assert position(Interval.exact(162), None) == ""


def test_every_place_that_a_bound_leaves_open_is_told():
    assert places(parse("<5", 0), Interval(1, 3)) == ("below", "in", "above")
    assert places(parse("<2", 0), Interval(1, 3)) == ("below", "in")
    assert places(parse("<2", 0), between(None, 3.0)) == ("in",)


@pytest.mark.parametrize(
    ("positions", "usual", "two_sided", "expected"),
    [
        (["above", "in"], "increase", True, "decrease"),
        (["below", "in"], "decrease", False, WITHIN),  # creatinine of little muscle
        (["below", "below"], "decrease", True, "increase"),
        (["in", "in"], "decrease", False, WITHIN),
        (["below", "above"], "decrease", False, "decrease"),
        (["below", "above"], "decrease", True, ""),
        (["", ""], "decrease", False, "decrease"),
        (["", ""], "decrease", True, ""),
        (["not certain", "in"], "decrease", False, ""),
    ],
)
def test_improvement_is_towards_the_range_from_where_the_patient_is(positions, usual, two_sided, expected):
    assert direction_of_improvement(positions, usual, two_sided) == expected


@pytest.mark.parametrize(
    ("direction", "before", "after", "expected"),
    [
        ("fell", ("above",), ("in", "above"), "towards range"),  # procalcitonin to <0.10 beside a limit of 0.05
        ("rose", ("in", "above"), ("above",), "away from range"),
        ("rose", ("in",), ("in", "above"), "not decidable"),
        ("not certain", ("below",), ("in",), "not decidable"),
        ("same", ("above",), ("above",), "no material change"),
        ("same", ("in",), ("in",), "within range"),
    ],
)
def test_a_bound_is_told_by_what_holds_for_all_that_it_allows(direction, before, after, expected):
    assert rules.verdict(direction, before, after, "") == expected


def test_a_target_makes_the_side_below_it_harmful_too(tmp_path):
    """An INR of 2 to 3 on warfarin: 1.2 is no good, although a low INR harms nobody else."""
    own = tmp_path / "analytes.csv"
    own.write_text("analyte,target_low,target_high\ninr,2,3\ncrp,,5\n", encoding="utf-8")
    known = load_vocabulary(DATA / "analytes.csv", own).analytes
    assert known["inr"].two_sided and not ANALYTES["inr"].two_sided and not known["crp"].two_sided


def test_what_turns_under_another_choice_is_not_called_better_or_worse():
    assert rules.shown_heading("better", rules.TURNS) == rules.TURNS
    assert rules.shown_heading("better", "differs") == "better"
    assert rules.shown_heading("within range", rules.TURNS) == "within range"


def test_the_page_on_judgement_names_each_verdict():
    page = (ROOT / "docs" / "judgement.md").read_text(encoding="utf-8")
    named = [cell for line in page.splitlines() if line.startswith("| ") for cell in line.split("|")[1].split(", ")]
    assert {cell.strip() for cell in named} == {*rules.VERDICTS, "verdict"}
