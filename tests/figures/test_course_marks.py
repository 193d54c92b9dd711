"""A course draws what is known as what it is: numbers, bounds, ranges, words and mere orders each have their mark."""

import math

import pandas as pd
import pytest
import seaborn as sns
from matplotlib import pyplot as plt
from matplotlib.axes import Axes
from matplotlib.colors import to_hex
from matplotlib.patches import Rectangle
from matplotlib.text import Text
from sight import by_id, colour, marks, one
from small import given, interventions, observations, phases, seen

from casereport.figures import courses, draw_course, style
from casereport.figures.palette import FAINT, INK, REFERENCE, phase_colours


@pytest.fixture(autouse=True)
def closed():
    yield
    plt.close("all")


def drawn(*rows: dict, **more) -> Axes:
    """The axes into which the course of these rows is drawn."""
    _, ax = plt.subplots()
    draw_course(observations(*rows), phases(), **more)
    return ax


def joined(ax: Axes) -> list[list[float]]:
    """The days that each unbroken piece of the line joins."""
    (line,) = [line for line in ax.lines if line.get_linewidth() == 1.1]
    pieces: list[list[float]] = [[]]
    for day in line.get_xdata():
        pieces.append([]) if math.isnan(day) else pieces[-1].append(float(day))
    return [piece for piece in pieces if len(piece) > 1]


def band(ax: Axes) -> Rectangle:
    (found,) = [p for p in ax.patches if isinstance(p, Rectangle) and to_hex(p.get_facecolor()) == REFERENCE]
    return found


def test_a_number_is_a_filled_point_at_its_day_and_value():
    ax = drawn(seen("-2", "5"), seen("3", "8"))
    points = [by_id(ax, gid) for gid in ("value-1", "value-2")]
    assert [(p.get_xdata()[0], p.get_ydata()[0]) for p in points] == [(-2, 5), (3, 8)]
    assert {(p.get_marker(), to_hex(p.get_markerfacecolor())) for p in points} == {("o", INK)}


def test_the_line_joins_neighbouring_numbers():
    assert joined(drawn(seen("1", "5"), seen("2", "8"), seen("3", "7"))) == [[1, 2, 3]]


@pytest.mark.parametrize("between", [seen("2", "<4"), seen("2", "4..6"), seen("2", code="L"), seen("1..3", "5")])
def test_no_line_runs_across_what_is_not_a_number(between):
    rows = [seen("0.5", "5"), seen("1", "5"), between, seen("3", "7"), seen("3.5", "7")]
    assert joined(drawn(*rows)) == [[0.5, 1], [3, 3.5]]


def test_no_line_runs_across_a_gap_of_more_than_twice_the_usual_distance():
    days = ("-9", "-8", "-7", "1", "2", "4", "7")
    assert joined(drawn(*(seen(day, "5") for day in days))) == [[-9, -8, -7], [1, 2, 4, 7]]  # usual: 1.5 days
    assert joined(drawn(*(seen(day, "5") for day in ("1", "2", "9")))) == [[1, 2]]  # of two distances the smaller
    assert joined(drawn(seen("1", "5"), seen("11", "5"))) in ([], [[1], [11]])  # two values alone are not a usual gap


def test_the_line_of_what_is_measured_each_month_bridges_a_month_and_not_a_year():
    days = (30, 60, 90, 120, 485)
    ax = drawn(*(seen(f"{day}", "5") for day in days))
    assert joined(ax)[0] == [30, 60, 90, 120]


def test_no_line_runs_across_a_phase_without_a_value():
    three = pd.concat([phases().iloc[:1], phases().iloc[:1].assign(phase="plasma"), phases().iloc[1:]])
    data = observations(*(seen(day, "5") for day in ("-2", "-1", "1", "2")))
    _, ax = plt.subplots()
    draw_course(data, three)
    assert joined(ax) == [[-2, -1], [1, 2]]


def test_level_and_trend_of_each_phase_are_drawn_over_its_days():
    ax = drawn(*(seen(str(day), str(value)) for day, value in ((-3, 2), (-2, 4), (-1, 6), (1, 9), (2, 7))))
    lines = {(line.get_label(), tuple(line.get_xdata()), tuple(line.get_ydata())) for line in ax.lines}
    assert {entry for entry in lines if entry[0] in ("median", "trend")} == {
        ("median", (-3, -1), (4, 4)),
        ("trend", (-3, -1), (2, 6)),
        ("median", (1, 2), (8, 8)),  # of two values there is no trend
    }


def test_a_value_below_a_limit_is_an_open_triangle_that_points_down_and_above_one_that_points_up():
    ax = drawn(seen("1", "<0.05"), seen("2", ">90"))
    below, above = by_id(ax, "value-1"), by_id(ax, "value-2")
    assert (below.get_marker(), below.get_xdata()[0], below.get_ydata()[0]) == ("v", 1, 0.05)
    assert (above.get_marker(), above.get_xdata()[0], above.get_ydata()[0]) == ("^", 2, 90)
    assert below.get_markerfacecolor() == above.get_markerfacecolor() == "white"


def test_the_dotted_line_of_a_bound_leads_to_where_the_value_may_be():
    ax = drawn(seen("1", "<5"), seen("2", ">90"))
    below, above = (line.get_ydata() for line in ax.lines if line.get_linestyle() == ":")
    assert list(below) == [0, 5]
    assert above[0] == 90 and above[1] > ax.get_ylim()[1]


def test_a_range_is_a_bar_over_all_of_it():
    ax = drawn(seen("2", "36.6..36.9"))
    assert list(by_id(ax, "value-1").get_ydata()) == [36.6, 36.9]
    assert not marks(ax, "o")


def test_two_statements_that_differ_are_two_open_points_and_nothing_in_between():
    ax = drawn(seen("2", "22..33", printed="22 /min and 33 /min"))
    found = by_id(ax, "value-1")
    assert (found.get_marker(), found.get_linestyle(), list(found.get_ydata())) == ("o", "None", [22, 33])
    assert found.get_markerfacecolor() == "white"
    assert [text.get_text() for text in ax.texts] == ["≠"]


def test_a_value_over_days_is_a_flat_line_on_these_days():
    found = by_id(drawn(seen("2..4", "22")), "value-1")
    assert (list(found.get_xdata()), list(found.get_ydata())) == ([2, 4], [22, 22])


def test_words_are_hatched_boxes_over_all_that_they_allow_and_never_points():
    ax = drawn(seen("<0", "<1.1", code="L"), seen("4", "1.1..3.2", code="N"))
    boxes = [by_id(ax, gid) for gid in ("value-1", "value-2")]
    assert all(box.get_hatch() == "////" for box in boxes)
    assert [(box.get_y(), box.get_y() + box.get_height()) for box in boxes] == [(0, 1.1), (1.1, pytest.approx(3.2))]
    assert boxes[0].get_x() + boxes[0].get_width() == 0  # before day 0, and no later
    assert not marks(ax, "o")


@pytest.mark.parametrize(
    ("code", "improvement", "up"),
    [("U", "", True), ("D", "", False), ("B", "increase", True), ("B", "decrease", False), ("W", "decrease", True)],
)
def test_an_arrow_points_where_the_value_went(code, improvement, up):
    ax = drawn(seen("1", code=code, improvement=improvement))
    (drawn_at,) = [text for text in ax.texts if text.arrow_patch is not None]
    assert drawn_at.arrow_patch.get_gid() == "value-1"
    assert drawn_at.arrow_patch.get_arrowstyle().arrow == "-|>"  # its head is where it ends
    assert (drawn_at.xy[1] > drawn_at.xyann[1]) is up


@pytest.mark.parametrize("code", ["B", "W"])
def test_better_is_a_word_where_it_could_be_up_or_down(code):
    ax = drawn(seen("1", code=code, improvement="increase into range"))
    assert [text.get_text() for text in ax.texts] == [{"B": "better", "W": "worse"}[code]]


@pytest.mark.parametrize(
    ("code", "word"), [("N", "normal"), ("L", "low"), ("LL", "low"), ("H", "high"), ("HH", "high"), ("A", "abnormal")]
)
def test_a_place_against_a_range_that_is_not_known_is_a_word_and_no_arrow(code, word):
    ax = drawn(seen("1", code=code), seen("2", "30"))
    assert [(text.get_text(), text.arrow_patch) for text in ax.texts] == [(word, None)]


def test_the_green_band_is_the_reference_range_and_no_more():
    found = band(drawn(seen("1", "5", ref="1.1..3.2")))
    assert (found.get_y(), found.get_y() + found.get_height()) == (1.1, pytest.approx(3.2))


def test_a_range_without_a_lower_limit_is_green_to_the_bottom():
    ax = drawn(seen("1", "105", ref="<=3"))
    found = band(ax)
    assert found.get_y() <= ax.get_ylim()[0] and found.get_y() + found.get_height() == pytest.approx(3)


def test_the_range_that_the_source_prints_is_drawn_and_not_the_usual_one():
    rows = [seen("1", "5", ref="0..8", ref_origin="default"), seen("2", "5", ref="0..10", ref_origin="source")]
    found = band(drawn(*rows, rows[0] | {"day": 3.0}))
    assert found.get_height() == pytest.approx(10)


def test_of_two_ranges_in_one_source_that_of_most_values_is_drawn():
    ax = drawn(seen("1", "5", ref="0..8"), seen("2", "5", ref="0..10"), seen("3", "5", ref="0..10"))
    assert band(ax).get_height() == pytest.approx(10)


@pytest.mark.parametrize(
    ("of", "lines", "bands"),
    [
        ({"ref": "1.1..8"}, {(REFERENCE, 1.1), (REFERENCE, 8)}, 1),
        ({"ref": "1.1..8", "ref_origin": "target"}, {(REFERENCE, 1.1), (REFERENCE, 8)}, 0),  # says nothing of normal
        ({"threshold_low": 2.0, "threshold": "shock"}, {(INK, 2)}, 0),
        ({"scale_low": 0.0, "scale_high": 10.0}, {(FAINT, 0), (FAINT, 10)}, 0),
    ],
)
def test_each_limit_is_a_line_of_its_kind_and_a_reference_range_alone_is_green(of, lines, bands):
    ax = drawn(seen("1", "5", **of))
    assert {(colour(line), line.get_ydata()[0]) for line in ax.lines if list(line.get_xdata()) == [0, 1]} == lines
    assert len([p for p in ax.patches if to_hex(p.get_facecolor()) == REFERENCE]) == bands
    assert ax.get_ylabel() == "mg/L"


def test_a_phase_is_paler_where_its_border_is_not_certain():
    _, ax = plt.subplots()
    draw_course(observations(seen("-3", "5"), seen("5", "5")), phases("1..3"))
    tints = {to_hex(p.get_facecolor()): p.get_alpha() for p in ax.patches}
    before, after = (tints[colour] for colour in phase_colours(["before", "after"]).values())
    assert before > 1.5 * after


def test_the_background_changes_its_colour_at_the_border_of_the_phases():
    ax = drawn(seen("-3", "5"), seen("4", "5"))
    colours = phase_colours(["before", "after"])
    edges = {to_hex(p.get_facecolor()): (p.get_x(), p.get_x() + p.get_width()) for p in ax.patches}
    assert edges[colours["before"]][1] == 0 and edges[colours["after"]][0] == 0
    assert edges[colours["before"]][0] < ax.get_xlim()[0] and edges[colours["after"]][1] > ax.get_xlim()[1]


def test_a_dose_is_a_line_on_its_day_solid_if_the_source_says_it_and_dashed_if_it_is_inferred():
    doses = interventions(given("0"), given("3", evidence="inferred"), given("4", evidence="secondary"))
    ax = drawn(seen("1", "5"), interventions=doses)
    lines = [by_id(ax, f"dose-{line}-crp") for line in (2, 3, 4)]
    assert [line.get_xdata()[0] for line in lines] == [0, 3, 4]
    assert [line.get_linestyle() for line in lines] == ["-", "--", "--"]
    assert {colour(line) for line in lines} == {phase_colours(["before", "after"])["after"]}


def test_a_dose_without_a_known_day_is_not_drawn():
    ax = drawn(seen("1", "5"), interventions=interventions(given(">4"), given("")))
    assert not [line for line in ax.lines if str(line.get_gid()).startswith("dose")]


def test_it_draws_the_facets_of_a_grid_of_seaborns_with_one_axis_of_days():
    rows = observations(seen("-5", "5"), seen("9", "6", analyte="alt"), seen("2", "3..4", analyte="alt"))
    grid = sns.FacetGrid(rows, col="label", sharey=False)
    grid.map_dataframe(draw_course, phases=phases())
    first, second = grid.axes.flat
    assert by_id(first, "value-1").get_xdata()[0] == -5 and by_id(second, "value-2").get_xdata()[0] == 9
    assert first.get_xlim() == second.get_xlim()
    assert first.get_xlim()[0] < -5 and first.get_xlim()[1] > 9


def test_a_table_of_ones_own_needs_no_more_than_analyte_day_and_value():
    _, ax = plt.subplots()
    draw_course(pd.DataFrame({"analyte": "nlr", "day": [1.0, 2.0], "value": [8.0, 3.5]}), phases())
    assert list(by_id(ax, "value-2").get_ydata()) == [3.5]


def test_two_analytes_are_not_one_course():
    with pytest.raises(ValueError, match="crp, alt"):
        drawn(seen("1", "5"), seen("1", "40", analyte="alt"))


ALT = [seen(day, value, analyte="alt") for day, value in (("1", "40"), ("2", "50"), ("2.5", "60"))]
GROUP_ROWS = [
    seen("-1", "8", ref="0..10"), seen("2", "4", ref="0..10"), seen("4", "<3", ref="0..10", ref_origin="default"),
    *ALT, seen("3", code="U", analyte="alt"),
]  # fmt: skip
GROUP = observations(*GROUP_ROWS)


def test_courses_are_one_panel_an_analyte_on_one_axis_of_days():
    figure = one(courses(GROUP, phases(), interventions(given("0"), given("3")), "Inflammation"))
    first, second = figure.canvas.axes
    assert [ax.get_title("left") for ax in figure.canvas.axes] == ["CRP, mg/L", "ALT, mg/L"]
    assert first.get_xlim() == second.get_xlim()
    assert by_id(second, "value-4").get_ydata()[0] == 40
    for ax, analyte in ((first, "crp"), (second, "alt")):
        assert [by_id(ax, f"dose-{line}-{analyte}").get_xdata()[0] for line in (2, 3)] == [0, 3]


def test_an_infusion_runs_through_all_panels():
    figure = one(courses(GROUP, phases(), interventions(given("0")), "Inflammation"))
    with style():
        figure.canvas.draw_without_rendering()
    first, second = figure.canvas.axes
    line = by_id(second, "dose-2-alt")
    assert not line.get_clip_on()
    assert second.transAxes.transform((0, max(line.get_ydata())))[1] >= first.bbox.y0  # as far as the panel above
    (title,) = [t for t in second.findobj(Text) if t.get_text() == "ALT, mg/L"]
    assert title.get_zorder() > line.get_zorder() and title.get_bbox_patch() is not None  # behind the title between


def test_an_analyte_with_fewer_than_three_numbers_is_in_the_tables_only():
    rows = [*ALT, seen("1", "5", analyte="ldh"), seen("2", "5", analyte="ldh"), seen("3", code="U", analyte="ldh")]
    figure = one(courses(observations(*rows), phases(), interventions(given("0")), "Liver"))
    assert [ax.get_title("left") for ax in figure.canvas.axes] == ["ALT, mg/L"]
    assert set(figure.table["analyte"]) == {"alt"} and "LDH" not in figure.alt + figure.caption
    assert courses(observations(*rows[3:]), phases(), interventions(given("0")), "Liver") == []


def test_an_organ_system_of_more_panels_than_a_page_has_is_parted_on_one_axis_of_days():
    rows = [seen(f"{day + i}", "5", analyte=f"a{i}") for i in range(14) for day in (1, 2, 3)]
    found = courses(observations(*rows), phases(), interventions(given("0")), "Liver")
    assert [f.id for f in found] == ["courses-liver", "courses-liver-2", "courses-liver-3"]
    assert [f.title for f in found] == ["Liver (1 of 3)", "Liver (2 of 3)", "Liver (3 of 3)"]
    assert [ax.get_title("left") for f in found for ax in f.canvas.axes] == [f"A{i}, mg/L" for i in range(14)]
    assert len({ax.get_xlim() for f in found for ax in f.canvas.axes}) == 1
    assert all(f.canvas.get_figheight() / f.canvas.get_figwidth() < 205 / 178 + 0.15 for f in found)
    assert all(f.phone.canvas.get_figwidth() == 3.6 for f in found)


def test_the_legend_of_courses_says_what_is_drawn_and_no_more():
    figure = one(courses(GROUP, phases(), interventions(given("0")), "Inflammation"))
    (legend,) = figure.canvas.legends
    assert [text.get_text() for text in legend.get_texts()] == [
        "value", "below a limit", "only the direction is stated", "reference range", "dose of cells",
        "median of a phase", "trend of a phase",
    ]  # fmt: skip


def test_the_signs_of_the_legend_are_those_that_are_drawn():
    rows = [*GROUP_ROWS, seen("5", ">90", analyte="alt")]
    doses = interventions(given("0"), given("3", evidence="inferred"))
    figure = one(courses(observations(*rows), phases(), doses, "Inflammation"))
    (legend,) = figure.canvas.legends
    of = {text.get_text(): sign for text, sign in zip(legend.get_texts(), legend.legend_handles, strict=True)}
    assert (of["below a limit"].get_marker(), of["above a limit"].get_marker()) == ("v", "^")
    assert [of[f"dose of cells{more}"].get_linestyle() for more in ("", ", inferred")] == ["-", "--"]
    assert colour(of["dose of cells"]) == phase_colours(["before", "after"])["after"]
    assert to_hex(of["reference range"].get_facecolor()) == REFERENCE
    assert "dashed where it is inferred" in figure.caption


def test_in_a_case_that_counts_hours_the_axis_is_of_hours():
    figure = one(courses(GROUP, phases().assign(time_unit="hours"), interventions(given("0")), "Inflammation"))
    assert figure.canvas.axes[-1].get_xlabel() == "hour" and "at hour 2" in figure.alt


def test_the_words_of_courses_have_the_numbers_and_the_doses():
    doses = interventions(given("0"), given("3"), given(">4"))
    figure = one(courses(GROUP, phases(), doses, "Inflammation by study day"))
    assert figure.id == "courses-inflammation-by-study-day"
    assert "CRP, 3 statements: 8 mg/L on day −1; 4 mg/L on day 2; <3 mg/L on day 4." in figure.alt
    assert "ALT, 4 statements: first 40 mg/L on day 1, last higher than before on day 3 (in words)" in figure.alt
    assert figure.alt.endswith("Given: cells on day 0, day 3 and after day 4.")
    assert "CRP (reference range 0 to 10 mg/L). Before: day −1 8 mg/L. After: day 2 4 mg/L; day 4 <3 mg/L." in (
        figure.description
    )
    for words in ("Open triangles: beyond a limit", "arrows: only the direction is stated", "Vertical lines: cells."):
        assert words in figure.caption
    assert figure.points["value-1"] == "CRP, day −1: 8 mg/L; reference 0 to 10 mg/L; measured, Table 1"
    assert figure.table["value"].to_list()[:2] == [8, 4]


def test_courses_of_nothing_are_no_figure():
    assert courses(GROUP[:0], phases(), interventions(given("0")), "Inflammation") == []


def test_a_bound_beyond_all_numbers_is_told_as_the_extreme():
    # >7000 stands above 3179, <0.10 below 0.2, and a range up to its upper end
    def told(*values: str) -> str:
        rows = [seen(f"{day}", value, printed=f"{value} mg/L") for day, value in enumerate(values, start=1)]
        return one(courses(observations(*rows), phases(), interventions(given("0")), "Inflammation")).alt

    assert "highest >7000 mg/L on day 2" in told("3179", ">7000", "500", "600")
    assert "lowest <0.10 mg/L on day 2" in told("0.2", "<0.10", "5", "6")
    assert "highest 37.0 to 38.5 mg/L on day 3" in told("36.5", "37.8", "37.0..38.5", "37.1")
    two = [seen("1", "95"), seen("2", "93..98", printed="98 mg/L and 93 mg/L"), *(seen(day, "96") for day in "34")]
    alt = one(courses(observations(*two), phases(), interventions(given("0")), "Inflammation")).alt
    assert "lowest 93 mg/L on day 2, highest 98 mg/L on day 2" in alt  # one of the two numbers


def test_the_caption_says_how_far_the_line_reaches():
    caption = one(courses(GROUP, phases(), interventions(given("0")), "Inflammation")).caption
    assert "A line joins neighbouring values unless they are more than twice their usual distance apart." in caption


def many(count: int) -> pd.DataFrame:
    """So many numbers after day 0, the last of them a limit."""
    values = [seen(f"{day}", f"{10 + day % 7}", ref="0..10") for day in range(1, count + 1)]
    return observations(*values, seen(f"{count + 1}", "<3", ref="0..10"))


def test_numbers_that_cannot_be_told_apart_share_one_mark_and_none_is_lost():
    found = one(courses(many(5000), phases(), interventions(given("0")), "Inflammation"))
    (ax,) = found.canvas.axes
    (together,) = (line for line in ax.lines if line.get_marker() == "o")
    assert list(together.get_xdata()) == list(range(1, 5001))
    assert len(ax.get_children()) < 60  # whatever their number
    assert len(found.table) == 5001 and len(found.svg) < 5001 * 200  # bytes
    assert set(found.points) == {"value-5001", "dose-2-crp"}
    assert "After: 5000 numbers, day 1 to day 5000, from 10 mg/L to 16 mg/L; day 5001 <3 mg/L; median" in (
        found.description
    )


def test_as_many_numbers_as_a_phone_has_room_for_have_a_mark_each():
    found = one(courses(many(60), phases(), interventions(given("0")), "Inflammation"))
    assert len(found.points) == 62 and "day 60 14 mg/L" in found.description


def test_the_axis_of_a_scale_has_no_tick_beyond_its_end():
    ax = drawn(*(seen(day, value, scale_low=0.0, scale_high=100.0) for day, value in (("-1", "12"), ("2", "67"))))
    high = ax.get_ylim()[1]
    assert 100 < high < 110 and not [tick for tick in ax.get_yticks() if 100 < tick <= high]
