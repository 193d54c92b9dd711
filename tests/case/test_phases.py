"""Which phase a day belongs to: by lag, by the side of the infusion day, and only where it is certain."""

import pytest

from casereport.case.case import load_case
from casereport.case.phases import Window, phase_of, phase_table, windows
from casereport.case.settings import Settings
from casereport.files.paths import DATA
from casereport.quantities.intervals import parse

LENG = load_case("leng2020", DATA)
PENG = load_case("peng2020", DATA)
THREE = [
    Window("conventional", "", None, None),
    Window("cp", "", "convalescent_plasma", parse("0")),
    Window("msc", "", "mesenchymal_stem_cells", parse("7")),
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
    later = [*THREE[:2], Window("msc", "", "mesenchymal_stem_cells", parse(">4"))]
    assert phase_of(parse("4"), later, "before") == "cp"
    assert phase_of(parse("5"), later, "before") == ""
    assert phase_of(parse(">4"), later, "before") == ""


@pytest.mark.parametrize("lag", [0, 1, 2, 3])
def test_the_lag_moves_the_border_to_later_days(lag):
    border = windows(LENG, Settings(lag_days=lag))[1].border
    assert border == parse(str(lag))


def test_the_first_dose_opens_the_phase_and_later_ones_do_not():
    liang = load_case("liang2020", DATA)  # infused on days 0, 3 and 6
    assert [w.border for w in windows(liang, Settings())] == [None, parse("0")]


def test_every_row_of_a_dated_case_has_a_phase():
    table = phase_table(LENG, Settings())
    assert table["phase"].to_list() == ["conventional", "msc"]
    assert table["rows"].sum() == len(LENG.observations)


def test_what_the_source_ties_to_a_phase_needs_no_day():
    events = PENG.events
    assert set(events.loc[events["kind"] == "imaging", "phase"]) == {"msc"}
