"""A plot that somebody has drawn becomes a figure of the report, with the data that it shows."""

import math
import re

import pandas as pd
import pytest
import seaborn as sns
from matplotlib import pyplot as plt
from matplotlib.figure import Figure as Canvas

from casereport.figures import drawn_data, from_matplotlib, mark_simulated

TIDY = pd.DataFrame({"day": [1, 2, 1, 2], "value": [8.0, 4.0, 40.0, 30.0], "analyte": ["crp", "crp", "alt", "alt"]})
WORDS = {"name": "mine", "caption": "A plot.", "alt": "It falls."}


@pytest.fixture(autouse=True)
def closed():
    yield
    plt.close("all")


def rows(drawn: pd.DataFrame) -> list[tuple]:
    return [tuple(None if isinstance(x, float) and math.isnan(x) else x for x in row) for row in drawn.to_numpy()]


@pytest.mark.parametrize(
    "plot",
    [
        lambda: sns.lineplot(TIDY, x="day", y="value", hue="analyte"),
        lambda: sns.relplot(TIDY, x="day", y="value", hue="analyte", kind="line"),
        lambda: sns.lineplot(TIDY, x="day", y="value", hue="analyte").figure,
    ],
)
def test_what_seaborn_returned_is_a_figure_with_the_data_of_its_lines(plot):
    figure = from_matplotlib(plot(), **WORDS)
    assert (figure.id, figure.caption, figure.alt) == ("mine", "A plot.", "It falls.")
    assert rows(figure.table[["series", "mark", "x", "y"]]) == [
        ("crp", "line", 1.0, 8.0), ("crp", "line", 2.0, 4.0), ("alt", "line", 1.0, 40.0), ("alt", "line", 2.0, 30.0),
    ]  # fmt: skip
    assert figure.svg.count("It falls.") == 1 and 'id="mine-' in figure.svg


def test_a_table_that_is_given_is_the_data():
    assert from_matplotlib(sns.lineplot(TIDY, x="day", y="value"), data=TIDY, **WORDS).table is TIDY


def test_points_have_their_places_and_the_meaning_of_their_colours():
    found = drawn_data(sns.scatterplot(TIDY, x="day", y="value", hue="analyte").figure)
    assert rows(found[["series", "mark", "x", "y"]])[1:3] == [("crp", "point", 2.0, 4.0), ("alt", "point", 1.0, 40.0)]


def test_points_beside_a_name_are_at_the_name():
    found = drawn_data(sns.stripplot(TIDY, x="analyte", y="value", jitter=0.3).figure)
    assert sorted(zip(found["x"], found["y"], strict=True)) == [("alt", 30), ("alt", 40), ("crp", 4), ("crp", 8)]


@pytest.mark.parametrize("lying", [False, True])
def test_bars_have_their_lengths(lying):
    across = {"x": "value", "y": "analyte"} if lying else {"x": "analyte", "y": "value"}
    found = drawn_data(sns.barplot(TIDY, errorbar=None, **across).figure)
    length, name = ("x", "y") if lying else ("y", "x")
    assert list(zip(found["mark"], found[name], found[length], strict=True)) == [("bar", "crp", 6), ("bar", "alt", 35)]


def test_the_cells_of_a_heat_map_have_their_values():
    wide = TIDY.pivot(index="analyte", columns="day", values="value")
    found = drawn_data(sns.heatmap(wide).figure)
    assert rows(found[["mark", "x", "y", "value"]]) == [
        ("cell", "1", "alt", 40.0), ("cell", "2", "alt", 30.0), ("cell", "1", "crp", 8.0), ("cell", "2", "crp", 4.0),
    ]  # fmt: skip


def test_each_panel_is_named_and_a_line_across_one_has_no_number_on_its_axis():
    grid = sns.relplot(TIDY, x="day", y="value", col="analyte", kind="line")
    grid.refline(x=1.5)
    found = drawn_data(grid.figure)
    assert found["panel"].unique().tolist() == ["analyte = crp", "analyte = alt"]
    across = found[found["x"] == 1.5]
    assert len(across) == 2 and across["y"].isna().all()


def test_nothing_that_stands_beyond_the_edge_is_cut():
    figure, ax = plt.subplots(figsize=(2, 1))
    ax.set_ylabel("a label that is longer than the figure is high")
    drawn = from_matplotlib(ax, **WORDS)
    box = figure.get_tightbbox()
    assert drawn.crop is not None
    assert drawn.crop.x0 < box.x0 and drawn.crop.y1 > box.y1


def test_mathematics_of_ones_own_stay_mathematics():
    figure, ax = plt.subplots()
    ax.set_ylabel(r"$\mu$")
    ax.set_yscale("log")
    ax.plot([1, 2], [1, 1000])
    assert "$" not in re.sub("<!--.*?-->", "", from_matplotlib(figure, **WORDS).svg)


def test_the_same_plot_gives_the_same_bytes():
    first, second = (
        from_matplotlib(sns.lineplot(TIDY, x="day", y="value", ax=Canvas().subplots()), **WORDS) for _ in "ab"
    )
    assert first.svg == second.svg and "<dc:date>" not in first.svg


def test_a_plot_of_ones_own_is_marked_as_simulated():
    figure = mark_simulated(from_matplotlib(sns.lineplot(TIDY, x="day", y="value"), **WORDS))
    assert "SIMULATED" in figure.svg and figure.alt == "Simulated. It falls."


def test_the_title_is_that_of_the_plot():
    ax = sns.lineplot(TIDY, x="day", y="value")
    assert from_matplotlib(ax, **WORDS).title == "A plot"
    ax.set_title("Lymphocytes")
    assert from_matplotlib(ax, **WORDS).title == "Lymphocytes"


@pytest.mark.parametrize(
    ("spoiled", "told"),
    [({"alt": " "}, "no alt"), ({"caption": ""}, "no caption"), ({"name": "../x"}, "not the name of a figure")],
)
def test_a_figure_without_words_or_with_a_name_that_is_a_path_is_refused(spoiled, told):
    with pytest.raises(ValueError, match=told):
        from_matplotlib(sns.lineplot(TIDY, x="day", y="value"), **(WORDS | spoiled))


def test_what_is_no_plot_is_refused():
    with pytest.raises(TypeError, match="a DataFrame is no figure"):
        from_matplotlib(TIDY, **WORDS)
