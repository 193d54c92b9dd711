"""The figures of the evidence: NAP of every analyte, and whether a conclusion survives other choices."""

from functools import cache

import pandas as pd
import pytest
from sight import one

from casereport.analysis import tables
from casereport.analysis.effect_tables import effect_table
from casereport.analysis.sensitivity import repetitions, robustness
from casereport.case.reading import read_case
from casereport.figures import forest, sensitivity, style
from casereport.quantities.wording import spoken


@cache
def made(name: str) -> dict[str, pd.DataFrame]:
    """The tables that the two figures are drawn from."""
    case = read_case(name)
    phases = tables.phases(case)
    observations = tables.observations(case, phases)
    repeated = repetitions(observations, phases)
    return {
        "phases": phases,
        "effects": effect_table(observations, list(phases["phase"])),
        "repetitions": repeated,
        "sensitivity": robustness(repeated, dict(zip(phases["phase"], phases["label"], strict=True))),
    }


def test_the_forest_draws_intervals_as_bounds_and_numbers_as_points():
    leng = made("leng2020")
    figure = one(forest(leng["effects"], leng["phases"], 0.95))
    assert "Resp. rate ↓ 0.68 to 0.80" in figure.description
    assert "White cells ↓ 0.04" in figure.description and "CRP" not in figure.description
    assert "(4 and 6 values; false alarms 2 to 10 %)" in figure.description
    assert forest(leng["effects"].query("analyte == 'heart_rate'"), leng["phases"], 0.95) == []


def test_the_caption_of_the_forest_explains_the_marks_that_it_has():
    leng = made("leng2020")
    assert "Thick bars" in one(forest(leng["effects"], leng["phases"], 0.95)).caption  # of the respiratory rate
    cells = leng["effects"].query("analyte == 'white_cells'")  # 4 numbers before and 6 after
    caption = one(forest(cells, leng["phases"], 0.95)).caption
    assert "Thick bars" not in caption and "Hollow" not in caption


def test_the_axis_says_lower_and_higher_where_no_direction_is_better():
    leng = made("leng2020")
    effects = leng["effects"]
    both_sides = effects["improvement"].where(effects["analyte"] != "ast", "")  # as potassium below its range and above
    figure = one(forest(effects.assign(improvement=both_sides), leng["phases"], 0.95))
    ends = [[t.get_text().replace("\n", " ") for t in ax.get_xticklabels()] for ax in figure.canvas.axes]
    assert [(labels[0], labels[-1]) for labels in ends] == [
        ("0 all worse", "1 all better"),
        ("0 all lower", "1 all higher"),
    ]
    assert [t.get_text() for t in figure.canvas.axes[1].get_yticklabels()] == ["AST"]
    assert "of 1 analyte of which no direction is better" in figure.alt and "(1: all higher): AST" in figure.description


def test_what_stayed_within_its_range_is_no_row_of_the_figure():
    leng = made("leng2020")
    figure = one(forest(leng["effects"], leng["phases"], 0.95))
    assert "within range" not in set(figure.table["improvement"]) and "Red cells" not in figure.description


def test_nothing_to_repeat_is_no_figure():
    leng = made("leng2020")
    assert sensitivity(leng["sensitivity"].iloc[:0], leng["repetitions"].iloc[:0], leng["phases"]) == []


@pytest.mark.parametrize("name", ["leng2020", "liang2020"])
def test_the_figure_says_the_same_in_words_table_and_drawing(name: str) -> None:
    tidy = made(name)
    table = tidy["sensitivity"]
    figure = one(sensitivity(table, tidy["repetitions"], tidy["phases"]))
    assert len(figure.table) == len(table)
    assert figure.table["survives"].sum() == table["survives"].sum()
    assert "last, lag 0, sample before" in figure.table and "median, lag 3, sample after" in figure.table
    drawn = [t.get_text() for ax in figure.canvas.axes for t in ax.get_yticklabels()]
    for row in table.itertuples():
        assert spoken(row.label, row.short) in figure.description and row.short in drawn
    for phase, rows in table.groupby("phase", sort=False):
        said = f"{rows['survives'].sum()} of {len(rows)} come out the same every time"
        assert said in figure.description
        assert any(said in t.get_text() for ax in figure.canvas.axes for t in ax.texts), phase
    assert not figure.alt.startswith("Simulated.")
    width, height = figure.canvas.get_size_inches()
    assert width == 6.2
    with style():
        figure.canvas.draw_without_rendering()
    box = figure.canvas.get_tightbbox()
    assert box.x0 >= 0 and box.x1 <= width and box.y0 >= 0 and box.y1 <= height
