"""Beside other cases each keeps its colour, what is words stays a box, and what is simulated is left out."""

import pandas as pd
from matplotlib.colors import to_hex
from sight import by_id, colour, one
from small import observations, of_case, seen

from casereport.figures import Figure, other_cases


def of(case: str, *rows: dict, simulated: bool = False, last_day: float | None = None) -> pd.DataFrame:
    return observations(*rows).assign(case=case, simulated=simulated, last_day=last_day)


def drawn() -> Figure:
    mine = of(
        "mine",
        seen("-1", "100"),
        seen("2", "40"),
        seen(">4", "0..3", code="N"),
        seen("2", "0.9", analyte="lymphocytes"),
        last_day=12,
    )
    other = of(
        "other",
        seen("0", "50"),
        seen("3", "20"),
        seen("1", "1.5", analyte="lymphocytes"),
        seen("4", "2", analyte="lymphocytes"),
    )
    made = of("made", seen("1", "30"), seen("2", "10..20"), simulated=True)
    return one(other_cases(pd.concat([other, mine, made], ignore_index=True), "mine"))


def test_each_analyte_has_its_panel_and_each_case_its_colour_in_all():
    lymphocytes, crp = drawn().canvas.axes
    assert (lymphocytes.get_title("left"), crp.get_title("left")) == ("LYMPHOCYTES, mg/L", "CRP, mg/L")
    first, second = by_id(lymphocytes, "value-2"), by_id(crp, "value-0")  # both of the other case
    assert colour(first) == colour(second) != colour(by_id(crp, "value-4"))
    assert (second.get_xdata()[0], second.get_ydata()[0]) == (0, 50)
    for ax in (lymphocytes, crp):  # the line is the day 0 of each case
        assert [list(line.get_xdata()) for line in ax.lines if list(line.get_ydata()) == [0, 1]] == [[0, 0]]


def test_the_reported_case_is_heavier():
    crp = drawn().canvas.axes[1]
    lines = {colour(x): x for x in crp.lines if len(x.get_xdata()) > 1 and to_hex(x.get_color()) != "#1f2430"}
    mine, other = (lines[colour(by_id(crp, gid))] for gid in ("value-4", "value-0"))
    assert (mine.get_linewidth(), other.get_linewidth()) == (1.9, 1.1)


def test_a_line_ends_where_the_next_value_is_more_than_twice_the_usual_distance_away():
    mine, other = of("mine", seen("1", "100")), of("other", *(seen(day, "50") for day in ("0", "1", "2", "20")))
    (crp,) = one(other_cases(pd.concat([mine, other], ignore_index=True), "mine")).canvas.axes
    (line,) = (x for x in crp.lines if len(x.get_xdata()) > 2)
    assert [str(x) for x in map(float, line.get_xdata())] == ["0.0", "1.0", "2.0", "nan", "20.0"]


def test_no_simulated_course_stands_among_patients_and_the_caption_says_so():
    figure = drawn()
    (legend,) = figure.canvas.legends
    names = [text.get_text() for text in legend.get_texts()]
    marks = [by_id(figure.canvas.axes[1], gid) for gid in ("value-0", "value-4")]  # of the other case and of mine
    assert [colour(handle) for handle in legend.legend_handles] == [colour(mark) for mark in marks]
    assert names == ["other", "mine"] and "made" not in set(figure.table["case"]) and "made" not in figure.alt
    assert {"value-8", "value-9"}.isdisjoint(figure.points)
    assert figure.caption.endswith("Simulated cases are left out.")


def test_words_are_a_hatched_box_up_to_the_last_day_of_their_case():
    words = by_id(drawn().canvas.axes[1], "value-6")
    assert (words.get_x(), words.get_x() + words.get_width()) == (4, 12)
    assert (words.get_y(), words.get_y() + words.get_height(), words.get_hatch()) == (0, 3, "////")


def test_a_panel_has_the_reported_case_and_more_than_a_value_of_another():
    mine = of("mine", seen("-1", "100"))
    for rows in ([seen("0", "50")], [seen("0", "5", analyte="alt")]):
        assert other_cases(pd.concat([mine, of("other", *rows)], ignore_index=True), "mine") == []
    other = of("other", seen("0", "50"), seen("1", "40"))
    assert other_cases(pd.concat([other, of("mine", seen("1", "5", analyte="alt"))], ignore_index=True), "mine") == []
    assert len(other_cases(pd.concat([other, mine], ignore_index=True), "mine")) == 1


def test_the_words_say_first_and_last_of_each_case():
    figure = drawn()
    assert "CRP. other: 2 values, from 50 mg/L on day 0 to 20 mg/L on day 3; mine: 3 values, from 100" in figure.alt
    assert "LYMPHOCYTES. other: 2 values, from 1.5 mg/L on day 1 to 2 mg/L on day 4; mine: 1 value, 0.9" in figure.alt
    assert figure.points["value-0"] == "other, day 0: 50 mg/L; measured, Table 1"


def test_the_bundled_patients_with_a_crp_are_all_there():
    t = of_case("leng2020")
    figure = one(other_cases(t["series"], "leng2020"))
    (legend,) = figure.canvas.legends
    names = [text.get_text() for text in legend.get_texts()]
    assert sorted(names) == ["leng2020", "liang2020"]
