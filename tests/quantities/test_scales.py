"""Outcomes that are no laboratory values: their scale, what cannot lie on it, and how they are drawn and compared."""

from pathlib import Path

import pytest

import casereport as cr
from casereport.case.reading import examine, read_case
from casereport.errors import BadInput
from casereport.quantities.vocabulary_tables import load_vocabulary, vocabulary_files
from designs import A1, B1, design

HEADER = "analyte,label,unit,group,improvement,scale,scale_low,scale_high\n"
PAIN = "pain,Pain,{score},Outcomes,decrease,difference,0,10\n"
SEIZURES = "seizures,Seizures a day,{count},Outcomes,decrease,count,,\n"


def outcome(parent: Path, row: str, values, **more) -> Path:
    """A case with an outcome of its own, defined beside its folder."""
    name, _, unit, *_ = row.split(",")
    folder = design(parent, A1, B1, values=values, analyte=name, unit=unit, **more)
    (folder.parent / "analytes.csv").write_text(HEADER + row, encoding="utf-8")
    return folder


def tables(case):
    phases = cr.phases(case, infusion_day="after")
    return phases, cr.observations(case, phases), cr.interventions(case, phases)


def test_pain_has_a_scale_and_no_reference_range(tmp_path):
    phases, observations, interventions = tables(read_case(outcome(tmp_path, PAIN, (8, 7, 8, 3, 2, 3))))
    assert set(zip(observations["scale"], observations["scale_low"], observations["scale_high"], strict=True)) == {
        ("difference", 0.0, 10.0)
    }
    assert set(observations["ref_origin"]) == {""}
    (drawn,) = cr.figures.courses(observations, phases, interventions, title="Outcomes")
    assert "ends of the scale, not a reference range" in drawn.caption
    assert "Green band" not in drawn.caption
    assert "Pain (scale 0 to 10)." in drawn.description
    low, high = drawn.canvas.axes[0].get_ylim()
    assert low <= 0 and high >= 10
    lines = [line.get_ydata()[0] for line in drawn.canvas.axes[0].lines if len(set(line.get_ydata())) == 1]
    assert {0.0, 10.0} <= set(lines)


def test_a_fall_of_pain_is_an_improvement(tmp_path):
    phases, observations, _ = tables(read_case(outcome(tmp_path, PAIN, (8, 7, 8, 3, 2, 3))))
    nap = cr.effect_table(observations, list(phases["phase"])).query("index == 'NAP'")
    assert (nap["improvement"].item(), nap["value"].item()) == ("decrease", 1.0)


def test_more_than_eight_of_ten_is_eight_to_ten(tmp_path):
    case = read_case(outcome(tmp_path, PAIN, (">8", 7, 8, 3, 2, 3)))
    known = case.observations[0].known
    assert (known.low, known.high, known.low_open, known.high_open) == (8, 10, True, False)


@pytest.mark.parametrize("value", ["11", "9..11", ">10", "-1"])
def test_a_value_outside_its_scale_is_named_with_its_line(tmp_path, value):
    (problem,) = examine(outcome(tmp_path, PAIN, (8, value, 8, 3, 2, 3))).problems
    assert (problem.file, problem.line, problem.column, problem.value) == (
        "cases/experiment/observations.csv", 3, "value", value,
    )  # fmt: skip
    assert "0 to 10" in problem.expected or "cannot be negative" in problem.expected


def test_a_scale_of_change_may_go_below_nought(tmp_path):
    change = "cgi_change,Change,{score},Outcomes,increase,difference,-3,3\n"
    case = read_case(outcome(tmp_path, change, (-3, -2, -3, 1, 2, 3)))
    assert case.observations[0].known.low == -3


@pytest.mark.parametrize(
    ("low", "high", "column", "value", "expected"),
    [
        ("0", "", "scale_high", "", "the other end of the scale too (scale_low is 0)"),
        ("", "10", "scale_low", "", "the other end of the scale too (scale_high is 10)"),
        ("10", "0", "scale_high", "0", "an end above scale_low (10)"),
        ("5", "5", "scale_high", "5", "an end above scale_low (5)"),
        ("none", "10", "scale_low", "none", "a number or nothing"),
    ],
)
def test_a_scale_without_both_ends_or_upside_down_is_named(tmp_path, low, high, column, value, expected):
    folder = outcome(tmp_path, PAIN.replace(",0,10", f",{low},{high}"), (8, 7, 8))
    with pytest.raises(BadInput) as bad:
        load_vocabulary(*vocabulary_files(folder).values())
    (problem,) = bad.value.problems
    assert (problem.file, problem.line, problem.column, problem.value) == ("cases/analytes.csv", 2, column, value)
    assert expected in problem.expected


def test_how_an_outcome_compares_is_one_of_three(tmp_path):
    with pytest.raises(BadInput, match="one of ratio, difference, count"):
        read_case(outcome(tmp_path, PAIN.replace("difference", "ordinal"), (8, 7, 8)))


def test_what_says_nothing_of_its_scale_compares_by_ratio():
    analyte = load_vocabulary(*vocabulary_files(Path("cases/none")).values()).analytes["crp"]
    assert (analyte.scale, analyte.ends) == ("ratio", None)


def test_seizures_are_compared_by_their_rates_though_days_without_one_occur(tmp_path):
    """The log response ratio proper is none where a value is 0; that of counts is (Pustejovsky 2018)."""
    phases, observations, _ = tables(read_case(outcome(tmp_path, SEIZURES, (4, 6, 5, 1, 0, 2))))
    row = cr.effect_table(observations, list(phases["phase"])).query("index == 'LRR'").iloc[0]
    expected = cr.log_rate_ratio([4, 6, 5], [1, 0, 2], "decrease")
    assert (row["value"], row["se"]) == (expected.value, expected.se)
    assert cr.lrr([4, 6, 5], [1, 0, 2], "decrease").value is None
