"""Which phase a day belongs to: by lag, by the side of the infusion day, and only where it is certain."""

import pytest

from casereport.case.phases import Window, phase_of, windows
from casereport.case.reading import read_case
from casereport.quantities.intervals import parse

LENG = read_case("leng2020")
PENG = read_case("peng2020")
THREE = [
    Window("conventional", "", None, None, None),
    Window("cp", "", "convalescent_plasma", parse("0"), parse("0")),
    Window("msc", "", "mesenchymal_stem_cells", parse("7"), parse("7")),
]


@pytest.mark.parametrize(
    ("day", "before", "after"),
    [
        ("-1", "conventional", "conventional"),
        ("0", "conventional", "cp"),
        ("1", "cp", "cp"),
        ("7", "cp", "msc"),
        ("8", "msc", "msc"),
        ("<0", "conventional", "conventional"),
        ("<=0", "conventional", ""),
        (">7", "msc", "msc"),
        (">=7", "", "msc"),
        ("-3..-1", "conventional", "conventional"),
        ("-1..1", "", ""),
        ("5..8", "", ""),
        ("0.5", "cp", "cp"),
    ],
)
def test_a_day_belongs_to_a_phase_only_if_every_completion_does(day, before, after):
    assert phase_of(parse(day), THREE, "before") == before
    assert phase_of(parse(day), THREE, "after") == after


def test_an_unknown_day_belongs_to_no_phase_unless_there_is_only_one():
    assert phase_of(None, THREE, "before") == ""
    assert phase_of(None, THREE[:1], "before") == "conventional"


def test_an_infusion_on_an_unknown_later_day_leaves_earlier_days_in_the_phase_before():
    later = [*THREE[:2], Window("msc", "", "mesenchymal_stem_cells", parse(">4"), parse(">4"))]
    assert phase_of(parse("4"), later, "before") == "cp"
    assert phase_of(parse("5"), later, "before") == ""
    assert phase_of(parse(">4"), later, "before") == ""


@pytest.mark.parametrize("lag", [0, 1, 2, 3])
def test_the_lag_moves_the_border_to_later_days(lag):
    window = windows(LENG, lag)[1]
    assert (window.opens, window.border) == (parse("0"), parse(str(lag)))


def test_the_first_dose_opens_the_phase_and_later_ones_do_not():
    liang = read_case("liang2020")  # infused on days 0, 3 and 6
    assert [w.border for w in windows(liang)] == [None, parse("0")]


def test_every_row_of_a_dated_case_has_a_phase():
    phases = windows(LENG)
    assert [window.id for window in phases] == ["conventional", "msc"]
    assert all(row.phase or phase_of(row.when, phases, "before") for row in LENG.observations)


def test_what_the_source_ties_to_a_phase_needs_no_day():
    assert {event.phase for event in PENG.events if event.kind == "imaging"} == {"msc"}
