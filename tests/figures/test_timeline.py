"""The timeline draws every course as far as it is known, and tells better from worse and stated from inferred."""

import pytest
from matplotlib.axes import Axes
from matplotlib.colors import to_hex
from matplotlib.patches import Rectangle
from sight import by_id, colour, marks
from small import events, given, happened, interventions, observations, of_case, phases, seen

from casereport.figures import Figure, timeline
from casereport.figures.palette import BETTER, COURSE, NEITHER, WORSE, phase_colours

CELLS = phase_colours(["before", "after"])["after"]
NOTHING = observations(seen("1", "5"))


def drawn(*courses: dict, told: tuple = (), seen_on=NOTHING, opens: str = "0", **more) -> Figure:
    happenings = events(*told) if told else events(happened("2"))
    return timeline(interventions(given(opens), *courses), happenings, seen_on, phases(opens), **more)


def axes(figure: Figure) -> Axes:
    return figure.canvas.axes[0]


def bars(ax: Axes) -> list[Rectangle]:
    """The bars of courses; the tints of the phases have no edge."""
    return [p for p in ax.patches if isinstance(p, Rectangle) and p.get_linewidth() == 1.2]


def rows(ax: Axes) -> dict[str, float]:
    return {label.get_text(): y for label, y in zip(ax.get_yticklabels(), ax.get_yticks(), strict=True)}


def test_a_course_is_a_bar_from_its_first_to_its_last_day_in_the_row_of_its_name():
    ax = axes(drawn(given("-5", "3", "steroid"), given("-2", "4", "oxygen")))
    found = {round(bar.get_y() + bar.get_height() / 2, 6): (bar.get_x(), bar.get_width()) for bar in bars(ax)}
    assert found == {round(rows(ax)["Steroid"], 6): (-5, 8), round(rows(ax)["Oxygen"], 6): (-2, 6)}


def test_rows_stand_in_the_order_in_which_the_courses_began():
    ax = axes(drawn(given("-5", "3", "steroid"), given("-7", "4", "oxygen")))
    ordered = sorted(rows(ax), key=rows(ax).__getitem__)
    assert ordered[:3] == ["Oxygen", "Steroid", "Cells"]
    assert ax.yaxis_inverted()  # the first on top


@pytest.mark.parametrize(
    ("start", "end", "solid"), [("-5..-3", "3", (-3, 3)), ("-5", ">=2", (-5, 2)), ("<-4", "3", (-4, 3))]
)
def test_a_course_is_solid_only_as_far_as_it_is_known_and_dotted_where_it_may_have_run(start, end, solid):
    ax = axes(drawn(given(start, end, "steroid")))
    (bar,) = bars(ax)
    assert (bar.get_x(), bar.get_x() + bar.get_width()) == solid
    (dots,) = [line for line in ax.lines if line.get_linestyle() == ":" or line.is_dashed()]
    assert (dots.get_xdata()[0] < solid[0]) or (dots.get_xdata()[-1] > solid[1])


def test_a_course_whose_end_is_not_reported_is_dotted_to_the_edge():
    figure = drawn(given("-5", "", "steroid"))
    (dots,) = [line for line in axes(figure).lines if line.is_dashed()]
    assert dots.get_xdata()[-1] == axes(figure).get_xlim()[1]
    assert "A dotted line means that the end is not reported." in figure.caption
    assert "Steroid (from day −5, end not reported)" in figure.description


@pytest.mark.parametrize(("evidence", "filled"), [("reported", True), ("inferred", False), ("secondary", False)])
def test_what_the_source_says_is_filled_and_what_is_inferred_is_hollow(evidence, filled):
    figure = drawn(given("1", "1", "steroid", evidence), given("-4", "-2", "oxygen", evidence))
    dose = next(line for line in marks(axes(figure), "D") if line.get_xdata()[0] == 1)
    (bar,) = bars(axes(figure))
    assert to_hex(dose.get_markerfacecolor()) == to_hex(bar.get_facecolor()) == (COURSE if filled else "#ffffff")
    assert to_hex(dose.get_markeredgecolor()) == to_hex(bar.get_edgecolor()) == COURSE
    assert ("Hollow marks: inferred" in figure.caption) is not filled


def test_the_dose_that_opens_a_phase_has_the_colour_of_the_phase():
    ax = axes(drawn())
    (dose,) = marks(ax, "D")[:1]
    assert (dose.get_xdata()[0], to_hex(dose.get_markerfacecolor())) == (0, CELLS)
    assert rows(ax)["Cells"] == dose.get_ydata()[0]


@pytest.mark.parametrize(
    ("code", "look"),
    [
        ("W", (WORSE, "s")), ("POS", (WORSE, "s")), ("A", (WORSE, "s")), ("L", (WORSE, "s")), ("H", (WORSE, "s")),
        ("B", (BETTER, "o")), ("NEG", (BETTER, "o")), ("N", (BETTER, "o")), ("", (NEITHER, "D")),
    ],
)  # fmt: skip
def test_an_event_has_colour_and_shape_of_what_it_means(code, look):
    figure = drawn(told=(happened("2", code),))
    mark = by_id(axes(figure), "event-1")
    assert (colour(mark), mark.get_marker(), mark.get_xdata()[0]) == (*look, 2)
    meaning = {
        "s": "worse, positive or abnormal",
        "o": "better, negative, absent or normal",
        "D": "direction not stated",
    }
    assert meaning[look[1]] in [text.get_text() for text in figure.canvas.legends[0].get_texts()]


def test_worse_is_not_drawn_in_the_colour_of_better():
    assert (WORSE, BETTER) == ("#d55e00", "#0173b2")  # orange and blue, told apart by all


def test_each_event_stands_with_its_number_in_its_lane():
    ax = axes(drawn(told=(happened("1", kind="symptom"), happened("2", kind="imaging"), happened("2", kind="sign"))))
    numbers = {text.get_text(): text.xy for text in ax.texts if text.get_text().isdigit()}
    for number in ("1", "2", "3"):
        mark = by_id(ax, f"event-{number}")
        assert numbers[number] == (mark.get_xdata()[0], mark.get_ydata()[0])
    assert numbers["1"][1] == numbers["3"][1] == pytest.approx(rows(ax)["Symptoms, signs"])
    assert numbers["2"][1] == pytest.approx(rows(ax)["Imaging"])


def test_a_line_through_an_event_spans_its_days_and_no_other_mark_stands_on_it():
    ax = axes(drawn(told=(happened("-4..2", "W"), happened("1", "W"))))
    (span,) = [line for line in ax.lines if line.get_alpha() == 0.7]
    assert list(span.get_xdata()) == [-4, 2]
    assert by_id(ax, "event-2").get_ydata()[0] != span.get_ydata()[0]


def test_strokes_mark_the_days_with_a_number_known_to_the_day():
    values = observations(seen("1", "5"), seen("3", "5", analyte="alt"), seen("4..5", "5"), seen("2", code="U"))
    figure = drawn(seen_on=values)
    (strokes,) = marks(axes(figure), "|")
    assert list(strokes.get_xdata()) == [1, 3]
    assert "Measured values: on 2 days, from day 1 to day 3, and on others not known to the day." in figure.alt


def test_the_background_changes_its_colour_at_the_border_of_the_phases():
    ax = axes(drawn(told=(happened("-2"), happened("2"))))
    tints = {to_hex(p.get_facecolor()): p for p in ax.patches if p.get_linewidth() == 0}
    before, after = (tints[colour] for colour in phase_colours(["before", "after"]).values())
    assert before.get_x() + before.get_width() == after.get_x() == 0
    assert [text.get_text() for text in ax.texts if not text.get_text().isdigit()] == ["Before", "After"]


def test_a_phase_without_room_for_its_name_has_it_in_the_legend():
    figure = drawn(given("-60", "2", "steroid"))
    assert "After" in [text.get_text() for text in figure.canvas.legends[0].get_texts()]


def test_the_axis_runs_to_the_last_day_that_the_source_covers():
    assert axes(drawn(last_day=30)).get_xlim()[1] >= 30 > axes(drawn()).get_xlim()[1]


def test_an_order_without_days_is_drawn_in_order_and_says_so():
    figure = drawn(given("<0", "", "steroid"), told=(happened("<0"), happened("1"), happened("")), opens=">4")
    ax = axes(figure)
    places = [by_id(ax, f"event-{i}").get_xdata()[0] for i in (1, 2, 3)]
    dose = next(line for line in marks(ax, "D") if to_hex(line.get_markeredgecolor()) == CELLS)
    assert places[0] < places[1] < dose.get_xdata()[0] < places[2]
    assert not bars(ax)
    assert ax.get_xlabel() == "order of events; distances are not to scale"
    assert [label.get_text().replace("\n", " ") for label in ax.get_xticklabels()] == [
        "before day 0", "day 1", "after day 4", "not reported",
    ]  # fmt: skip
    assert "Timeline in order, not to scale." in figure.alt and "distances mean nothing" in figure.caption


def test_the_words_say_what_was_given_and_what_happened():
    figure = drawn(
        given("3", name="cells"),
        given("-13", ">=6", "antibiotics", dose="5", dose_unit="g"),
        told=(happened("-2", "W", finding="Cough"), happened("4", "B", finding="Cough gone")),
    )
    assert figure.alt.startswith("Timeline by study day. Courses and doses: 3, among them cells (day 0 and day 3).")
    assert "Events: 2, from Cough (day −2) to Cough gone (day 4)." in figure.alt
    assert "Antibiotics (from day −13 to day 6 or later, 5 g)" in figure.description
    assert figure.caption.startswith("Day 0: first dose of cells. Bars: courses; diamonds: single doses.")
    assert figure.points["event-2"] == "2. Cough gone (day 4; text)"


def test_the_lag_is_said_where_it_moves_the_borders():
    table = phases(lag=2)
    figure = timeline(interventions(given("0")), events(happened("5")), NOTHING, table)
    assert "Phase borders are moved by the lag of 2 days." in figure.caption
    tints = [p for p in axes(figure).patches if p.get_linewidth() == 0]
    assert 2 in [p.get_x() for p in tints]


def test_every_event_of_a_case_but_its_history_is_on_its_timeline_and_in_the_table():
    t = of_case("leng2020")
    figure = timeline(t["interventions"], t["events"], t["observations"], t["phases"], t["last_day"])
    numbers = [str(number) for number in t["events"]["number"] if number]
    assert [f"event-{number}" for number in numbers] == list(figure.points)
    assert [number for number in figure.table["number"] if number] == numbers
    assert all(by_id(axes(figure), gid) for gid in figure.points)
