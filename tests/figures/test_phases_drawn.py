"""Which phase is which: its name over its days and over its panel, and where it ends."""

import pandas as pd
import pytest
from matplotlib import pyplot as plt
from matplotlib.colors import to_hex
from sight import by_id, one, places
from small import changed, given, interventions, observations, phases, seen, table

from casereport.analysis.tidy import phase_windows
from casereport.figures import change, courses, draw_course
from casereport.figures.days import opening_doses
from casereport.figures.palette import phase_colours

VALUES = observations(*(seen(day, value, ref="0..10") for day, value in (("-4", "20"), ("-2", "30"), ("4", "5"))))


@pytest.fixture(autouse=True)
def closed():
    yield
    plt.close("all")


def test_a_panel_of_changes_has_the_title_of_the_phase_that_its_rows_are_of():
    three = pd.concat([phases(), phases(opens="5").tail(1).assign(phase="later", label="Later")], ignore_index=True)
    rows = table(
        "changes",
        changed("100", "25", "better", "crp"),
        changed("30", "60", "worse", "alt") | {"phase": "later", "phase_before": "after"},
    )
    figure = one(change(rows, three))
    for screen in (figure, figure.phone):
        found = [(ax.get_title("left"), [name.split("\n")[0] for name in places(ax)]) for ax in screen.canvas.axes]
        assert found == [("After vs before", ["CRP"]), ("Later vs after", ["ALT"])]


def test_a_panel_that_goes_on_in_the_next_figure_says_so():
    rows = [changed("10", f"{20 + i}", "better", f"a{i}") for i in range(60)]
    titles = [ax.get_title("left") for figure in change(table("changes", *rows), phases()) for ax in figure.canvas.axes]
    assert titles == ["After vs before", "After vs before (continued)"]


def test_a_phase_that_ends_with_its_course_has_its_colour_no_further():
    _, ax = plt.subplots()
    draw_course(VALUES, phases().assign(closes=[float("nan"), 3.0], closes_low=[None, 3.0], closes_high=[None, 3.0],
                                        closed_by=["", "cells"]))  # fmt: skip
    after = phase_colours(["before", "after"])["after"]
    (edge,) = [p.get_x() + p.get_width() for p in ax.patches if to_hex(p.get_facecolor()) == after]
    assert edge == 3


def test_the_name_of_a_phase_stands_over_its_own_days():
    figure = one(courses(VALUES, phases(), interventions(given("0")), "Inflammation"))
    (ax,) = figure.canvas.axes
    first, last = ax.get_xlim()
    at = {text.get_text(): text.xy[0] for text in ax.texts if text.get_text() in ("Before", "After")}
    assert at == {"Before": pytest.approx(first / 2, abs=0.5), "After": pytest.approx(last / 2, abs=0.5)}


def test_a_dose_that_one_row_reports_and_another_infers_is_reported():
    _, ax = plt.subplots()
    twice = interventions(given("0"), given("0", evidence="inferred"))
    draw_course(VALUES, phases(), twice)
    assert by_id(ax, "dose-2-crp").get_linestyle() == "-"


def test_a_value_of_several_days_has_no_part_in_the_median_and_the_caption_says_so():
    exact = [seen(day, value, ref="0..10") for day, value in (("-3", "9.8"), ("-2", "2.9"), ("1", "5"), ("2", "6"))]
    spanned = seen("-7..-5", "12.5", ref="0..10") | {"phase": "before"}
    both = (observations(*exact), observations(spanned, *exact))
    plain, with_span = (one(courses(rows, phases(), interventions(given("0")), "Inflammation")) for rows in both)
    assert "Grey: the median of a phase." in plain.caption
    assert "Grey: the median of a phase, of its numbers with a known day." in with_span.caption


def test_a_course_that_goes_on_at_another_rate_is_no_new_beginning():
    # bags of an infusion, one after the other, and a course after a pause
    bags = [given(start, end, "cells", **{"class": ""}) for start, end in (("0", "1"), ("1", "5"), ("9", "12"))]
    windows = phase_windows(phases())
    assert [dose.day.low for dose in opening_doses(interventions(*bags), windows)] == [0, 9]
    # single doses are each a dose, also on days that follow each other
    doses = [given(day, day, "cells", **{"class": ""}) for day in ("0", "1", "2")]
    assert [dose.day.low for dose in opening_doses(interventions(*doses), windows)] == [0, 1, 2]
