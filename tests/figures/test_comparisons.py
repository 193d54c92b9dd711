"""Change and NAP: each row beside its name, with the colour, place and length of its numbers."""

import math

import pandas as pd
import pytest
from matplotlib.axes import Axes
from matplotlib.colors import to_hex
from sight import beside, by_id, colour, one, places
from small import changed, estimated, of_case, phases, table

from casereport.figures import Figure, change, forest
from casereport.figures.palette import BETTER, NEITHER, WORSE
from casereport.figures.runs import two_numbers

CHANGES = table(
    "changes",
    changed("100", "25", "better", "crp"),
    changed("30", "60", "worse", "alt"),
    changed("10", "20", "within range", "platelets"),
    changed("10", "5", "fell", "ph"),
    changed("10", "20", "rose", "fio2"),
)


def test_a_change_is_drawn_from_1_to_its_ratio_in_the_row_of_its_name():
    ax = one(change(CHANGES, phases())).canvas.axes[0]
    for analyte, ratio in {"crp": 0.25, "alt": 2, "ph": 0.5}.items():
        mark = by_id(ax, f"change-after-{analyte}")
        assert (mark.get_xdata()[0], mark.get_ydata()[0]) == (ratio, places(ax)[analyte.upper()])
        (line,) = [x for x in ax.lines if list(x.get_ydata()) == [places(ax)[analyte.upper()]] * 2]
        assert list(line.get_xdata()) == [1, ratio]


@pytest.mark.parametrize(
    ("analyte", "look"),
    [
        ("crp", (BETTER, "o", "better")),
        ("alt", (WORSE, "s", "worse")),
        ("fio2", (NEITHER, "^", "rose, neither better nor worse")),
        ("ph", (NEITHER, "v", "fell, neither better nor worse")),
    ],
)
def test_a_change_has_colour_and_shape_of_its_heading_and_the_legend_says_it(analyte, look):
    figure = one(change(CHANGES, phases()))
    mark = by_id(figure.canvas.axes[0], f"change-after-{analyte}")
    assert (colour(mark), mark.get_marker()) == look[:2]
    (legend,) = figure.canvas.legends
    named = {text.get_text(): handle for handle, text in zip(legend.legend_handles, legend.get_texts(), strict=True)}
    assert (colour(named[look[2]]), named[look[2]].get_marker()) == look[:2]


@pytest.mark.parametrize(
    ("heading", "robust", "look"),
    [
        ("no material change", "same", ("P", "no material change")),
        ("better", "direction not robust", ("X", "direction not robust")),
        ("worse", "direction not robust", ("X", "direction not robust")),
    ],
)
def test_a_change_that_chance_or_another_choice_explains_is_neither_better_nor_worse(heading, robust, look):
    figure = one(change(table("changes", changed("10", "20", heading) | {"robust": robust}), phases()))
    mark = by_id(figure.canvas.axes[0], "change-after-crp")
    assert (colour(mark), mark.get_marker()) == (NEITHER, look[0])
    (legend,) = figure.canvas.legends
    (handle,), (text,) = legend.legend_handles, legend.get_texts()
    assert (colour(handle), handle.get_marker(), text.get_text()) == (NEITHER, *look)


def test_both_values_of_a_change_stand_beside_its_row_and_on_a_phone_below_its_name():
    figure = one(change(CHANGES, phases()))
    ax = figure.canvas.axes[0]
    assert beside(ax)[places(ax)["CRP"]] == "100 → 25 mg/L"
    assert "CRP\n100 → 25 mg/L" in places(figure.phone.canvas.axes[0])


def test_the_values_of_a_change_have_the_digits_that_are_printed_or_as_many_where_they_are_converted():
    same = changed("3", "4.61", "better") | {"before_printed": "3.00 mg/L", "after_printed": "4.61 mg/L"}
    other = changed("21.812974557080057", "10.157186625815905", "better", "urea")
    other |= {"before_printed": "131 mg/dL", "after_printed": "61 mg/dL"}
    figure = one(change(table("changes", same, other), phases()))
    ax = figure.canvas.axes[0]
    assert beside(ax)[places(ax)["CRP"]] == "3.00 → 4.61 mg/L"
    assert beside(ax)[places(ax)["UREA"]] == "21.8 → 10 mg/L"
    for text in (figure.alt, figure.description, *figure.points.values()):
        assert "21.81297" not in text
    assert "UREA 21.8 to 10 mg/L" in figure.alt and "UREA: 21.8 mg/L" in figure.points["change-after-urea"]


def bounded(low: float, high: float, before: str = "2..3", after: str = "1") -> Axes:
    row = changed("2", "1", "better") | {"before": math.nan, "before_low": 2.0, "before_high": 3.0}
    return one(change(table("changes", row | {"ratio_low": low, "ratio_high": high}), phases())).canvas.axes[0]


def test_a_change_between_bounds_spans_all_that_they_allow():
    ax = bounded(0.5, 1.5)
    assert list(by_id(ax, "change-after-crp").get_xdata()) == [0.5, 1.5]


@pytest.mark.parametrize(("low", "high", "marker"), [(0.0, 0.5, "<"), (2.0, math.inf, ">")])
def test_a_change_without_a_bound_ends_in_an_arrow_that_stays_in_the_panel(low, high, marker):
    ax = bounded(low, high)
    (arrow,) = [line for line in ax.lines if line.get_marker() == marker]
    left, right = ax.get_xlim()
    assert left < arrow.get_xdata()[0] < right and arrow.get_clip_on()


def test_a_change_without_a_ratio_is_no_mark():
    row = changed("2", "1", "not decidable") | {"ratio_low": math.nan, "ratio_high": math.nan}
    ax = one(change(table("changes", row, changed("2", "1", "better", "alt")), phases())).canvas.axes[0]
    mark = by_id(ax, "change-after-crp")
    assert (mark.get_marker(), mark.get_clip_on()) == ("D", False)
    assert mark.get_transform().transform((1, 0))[0] == ax.bbox.x1  # at the edge of the panel, at no place on its scale
    assert "2 → 1 mg/L (−1)" in beside(ax).values()


def test_the_caption_explains_the_marks_that_are_drawn_and_no_more():
    point, bounds = changed("2", "1", "better"), {"ratio_low": 0.5, "ratio_high": 1.5}
    two = bounds | {"before_printed": "2 mg/L or 3 mg/L"}
    none = {"ratio_low": math.nan, "ratio_high": math.nan}
    thin, thick, beside_it, differ = "Thin line", "Thick bar", "Compared by difference", "≠"
    for more, said in (({}, thin), (bounds, thick), (none, beside_it), (two, differ), (two | none, beside_it)):
        caption = one(change(table("changes", point | more), phases())).caption
        assert [word for word in (thin, thick, beside_it, differ) if word in caption] == [said]


def test_what_is_left_out_of_one_of_several_comparisons_is_named_with_it():
    three = pd.concat([phases(), phases("5").tail(1).assign(phase="later", label="Later")], ignore_index=True)
    rows = changed("10", "20", "better", "crp"), changed("10", "20", "within range", "crp") | {"phase": "later"}
    caption = one(change(table("changes", rows[0], rows[1] | {"phase_before": "after"}), three)).caption
    assert "Within range before and after, and in the table only, in later vs after: CRP." in caption


def test_one_side_of_the_scale_is_as_long_as_the_other():
    low, high = one(change(CHANGES, phases())).canvas.axes[0].get_xlim()
    assert low * high == pytest.approx(1) and low < 0.25


def test_the_line_of_no_change_is_at_1_and_each_tick_says_its_place():
    ax = one(change(CHANGES, phases())).canvas.axes[0]
    (upright,) = [line for line in ax.lines if list(line.get_ydata()) == [0, 1]]
    assert list(upright.get_xdata()) == [1, 1]
    ticks = dict(zip((label.get_text() for label in ax.get_xticklabels()), ax.get_xticks(), strict=True))
    assert {f"×{place:g}": place for place in (0.25, 1, 4)}.items() <= ticks.items()


def test_a_scale_on_a_phone_has_a_number_on_both_sides_of_1():
    changes = table("changes", changed("33.2", "11.93", "better", "crp"), changed("33", "49", "rose", "alt"))
    (ax,) = one(change(changes, phases())).phone.canvas.axes
    assert [label.get_text() for label in ax.get_xticklabels()] == ["×0.5", "×1", "×2"]


def test_what_got_better_stands_above_what_got_worse():
    ax = one(change(CHANGES.iloc[::-1], phases())).canvas.axes[0]
    assert places(ax)["CRP"] < places(ax)["ALT"] < places(ax)["FIO2"] and ax.yaxis_inverted()


def test_what_stayed_in_its_range_is_named_and_not_drawn():
    figure = one(change(CHANGES, phases()))
    assert "PLATELETS" not in places(figure.canvas.axes[0])
    assert "Within range before and after, and in the table only: PLATELETS." in figure.caption


def test_the_caption_says_what_better_is_with_a_range_and_without_one():
    row = changed("10", "60", "better") | {"direction": "rose"}
    caption = one(change(table("changes", row), phases())).caption
    assert caption.endswith("Thin line: distance from no change. Better: a rise.")
    ranged = row | {"position_before": "below", "position_after": "in"}
    caption = one(change(table("changes", ranged), phases())).caption
    assert caption.endswith("Better: into the reference range or towards it, from either side.")


def test_of_one_verdict_the_larger_change_stands_above_the_smaller():
    rows = [changed("10", "8", "better", "a"), changed("10", "1", "better", "b"), changed("10", "40", "better", "c")]
    ax = one(change(table("changes", *rows, changed("10", "90", "worse", "d")), phases())).canvas.axes[0]
    assert sorted(places(ax), key=places(ax).__getitem__) == ["B", "C", "A", "D"]


@pytest.mark.parametrize("evidence", ["inferred", "secondary", "measured and inferred"])
def test_what_was_not_measured_is_named_and_not_drawn(evidence):
    inferred = changed("10", "20", "better", "ratio") | {"evidence": evidence}
    assert change(table("changes", inferred), phases()) == []
    figure = one(change(table("changes", inferred, changed("10", "20", "worse")), phases()))
    assert list(places(figure.canvas.axes[0])) == ["CRP"] and set(figure.points) == {"change-after-crp"}
    assert figure.caption.endswith("Not measured, and in the table only: RATIO.")


def test_more_changes_than_a_page_has_room_for_are_parted_and_none_is_lost():
    rows = [changed("10", f"{20 + i}", "better", f"a{i}") for i in range(100)]
    found = change(table("changes", *rows, changed("5", "6", "within range", "b")), phases())
    assert ["in the table only" in figure.caption for figure in found] == [True, False, False, False]
    assert [figure.id for figure in found] == ["change", "change-2", "change-3", "change-4"]
    assert [figure.title for figure in found][:2] == [
        "Change from the phase before (1 of 4)", "Change from the phase before (2 of 4)",
    ]  # fmt: skip
    assert sorted(name for f in found for name in places(f.canvas.axes[0])) == sorted(f"A{i}" for i in range(100))
    # a page has 178 mm by 205 mm for a figure
    assert all(f.canvas.get_figheight() / f.canvas.get_figwidth() < 205 / 178 + 0.05 for f in found)


def test_the_words_of_changes_count_and_name_them():
    figure = one(change(CHANGES, phases(labels=("Conventional therapy", "Cells"))))
    assert figure.alt == (
        "Cells vs conventional therapy: of 4 analytes 1 better, 1 worse, 1 rose, 1 fell; largest "
        "rise: ALT 30 to 60 mg/L (2-fold); largest fall: CRP 100 to 25 mg/L (0.25-fold)."
    )
    assert "better: CRP 100 to 25 mg/L (0.25-fold). worse: ALT" in figure.description
    assert figure.points["change-after-crp"].startswith("CRP: 100 mg/L (no reference range), to 25")


def test_two_numbers_are_known_with_a_blank_before_their_unit_and_without():
    assert two_numbers("22/min or 33/min") and two_numbers("4.9 ×10⁹/L or 5 ×10⁹/L") and not two_numbers("22/min")


def test_a_ratio_to_two_numbers_that_disagree_is_two_open_points_and_no_bar():
    row = changed("50", "97", "better") | {"after": math.nan, "after_high": 98.0, "ratio_high": 98 / 50}
    figure = one(change(table("changes", row | {"after_printed": "97 mg/L or 98 mg/L"}), phases()))
    mark = by_id(figure.canvas.axes[0], "change-after-crp")
    assert (mark.get_marker(), mark.get_linestyle()) == ("o", "None")
    assert list(mark.get_xdata()) == pytest.approx([97 / 50, 98 / 50])
    assert "50 → 97 or 98 mg/L" in beside(figure.canvas.axes[0]).values()


def test_a_saturation_has_a_difference_in_percentage_points():
    # Leng 2020, saturation on air on day 13: 97 % in the table of vital signs, 98 % in the text
    t = of_case("leng2020")
    ax = one(change(t["changes"], t["phases"])).canvas.axes[0]
    assert by_id(ax, "change-msc-spo2_air").get_marker() == "o"
    assert "89 → 97 or 98 % (+8 to +9 points)" in beside(ax).values()


def test_without_two_phases_of_values_there_is_no_change():
    assert change(CHANGES[:0], phases()) == []


def naps(*rows: dict) -> Figure:
    return one(forest(table("effects", *rows), phases(), 0.9))


def test_nap_is_a_mark_at_its_value_in_the_row_of_its_name():
    rows = [estimated(0.8, 0.8, 0.8), estimated(0.3, 0.3, 0.3, analyte="alt", short="ALT", improvement="increase")]
    ax = naps(*rows).canvas.axes[0]
    for gid, name, value in (("nap-after-crp", "CRP ↓", 0.8), ("nap-after-alt", "ALT ↑", 0.3)):
        mark = by_id(ax, gid)
        assert (mark.get_xdata()[0], mark.get_ydata()[0]) == (value, places(ax)[name])
        assert beside(ax)[places(ax)[name]] == f"{value:.2f} · n 3, 3"


def test_the_scale_of_nap_has_its_line_and_its_words_where_chance_and_the_ends_are():
    ax = naps(estimated(0.8, 0.8, 0.8, n_before=4, n_after=6)).canvas.axes[0]
    (upright,) = [line for line in ax.lines if list(line.get_ydata()) == [0, 1]]
    assert list(upright.get_xdata()) == [0.5, 0.5]
    words = {tick: label.get_text() for tick, label in zip(ax.get_xticks(), ax.get_xticklabels(), strict=True)}
    assert (words[0], words[0.5], words[1]) == ("0\nall worse", "0.5\nno difference", "1\nall better")
    assert beside(ax)[places(ax)["CRP ↓"]] == "0.80 · n 4, 6"


def test_where_no_direction_is_better_nap_goes_from_lower_to_higher_with_its_false_alarms_at_the_most():
    figure = naps(estimated(0.8, 0.8, 0.8, improvement="", false_alarms_low=0.01, false_alarms_high=0.07))
    ax = figure.canvas.axes[0]
    words = dict(zip(ax.get_xticks(), (label.get_text() for label in ax.get_xticklabels()), strict=True))
    assert (words[0], words[1]) == ("0\nall lower", "1\nall higher")
    assert beside(ax)[places(ax)["CRP"]] == "0.80 · n 3, 3 · ≤ 7 %"
    assert "CRP\n0.80 · n 3, 3 · ≤ 7 %" in places(figure.phone.canvas.axes[0])


def test_the_interval_spans_all_of_it():
    ax = naps(estimated(0.8, 0.8, 0.8, (0.45, 0.97))).canvas.axes[0]
    (interval,) = [line for line in ax.lines if line.get_linewidth() == 1.1]
    assert (list(interval.get_xdata()), list(interval.get_ydata())) == ([0.45, 0.97], [places(ax)["CRP ↓"]] * 2)


def test_bounds_are_a_thick_bar_over_all_of_them_and_no_point():
    ax = naps(estimated(None, 0.6, 0.9)).canvas.axes[0]
    bar = by_id(ax, "nap-after-crp")
    assert (list(bar.get_xdata()), bar.get_linewidth(), bar.get_marker()) == ([0.6, 0.9], 5, "None")


@pytest.mark.parametrize(
    ("value", "improvement", "look"),
    [
        (0.7, "decrease", (BETTER, "o")),
        (0.3, "decrease", (WORSE, "s")),
        (0.5, "decrease", (NEITHER, "D")),
        (0.7, "", (NEITHER, "D")),
    ],
)
def test_nap_has_the_colour_of_the_side_on_which_it_lies(value, improvement, look):
    mark = by_id(naps(estimated(value, value, value, improvement=improvement)).canvas.axes[0], "nap-after-crp")
    assert (to_hex(mark.get_markerfacecolor()), mark.get_marker()) == look


def test_the_legend_of_nap_names_what_is_drawn_and_no_more():
    def named(*rows):
        (legend,) = naps(*rows).canvas.legends
        return {text.get_text() for text in legend.get_texts()}

    interval = "90% interval, for independent values"
    assert named(estimated(0.8, 0.8, 0.8, (0.45, 0.97))) == {"more often better", interval}
    assert named(estimated(None, 0.6, 0.9)) == {"bounds"}
    assert named(estimated(0.2, 0.2, 0.2), estimated(0.5, 0.5, 0.5, analyte="alt")) == {"more often worse", "neither"}


def test_nap_of_few_values_in_either_phase_is_hollow():
    rows = [estimated(0.7, 0.7, 0.7, n_before=9, n_after=2), estimated(0.7, 0.7, 0.7, analyte="alt", short="ALT")]
    ax = naps(*rows).canvas.axes[0]
    faces = [to_hex(by_id(ax, gid).get_markerfacecolor()) for gid in ("nap-after-crp", "nap-after-alt")]
    assert faces == ["#ffffff", BETTER]


def test_the_words_of_nap_name_the_level_and_the_ends():
    figure = naps(estimated(0.8, 0.8, 0.8, (0.45, 0.97)), estimated(0.2, 0.2, 0.2, analyte="alt", short="ALT"))
    assert "90% intervals" in figure.caption
    assert figure.alt == (
        "NAP, after vs before: of 2 analytes 1 above 0.5 and 1 below it; from ALT ↓, 0.20, to CRP ↓, 0.80."
    )
    assert figure.points["nap-after-crp"] == "CRP ↓ 0.80, interval 0.45 to 0.97 (3 and 3 values)"


def test_an_effect_of_two_values_only_makes_no_figure():
    assert forest(table("effects", estimated(1.0, 1.0, 1.0, n=1)), phases(), 0.9) == []
