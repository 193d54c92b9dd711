"""A copy of a figure for a small screen: the same marks in fewer columns, its key below, and nothing that overlaps."""

import matplotlib.pyplot as plt
import pandas as pd
import pytest
import seaborn as sns

from casereport.figures import drawn_data, narrowed

WIDE, PHONE = 10.5, 3.6  # inches


@pytest.fixture(autouse=True)
def closed():
    with plt.rc_context():
        plt.rcdefaults()  # the size of letters is that of seaborn, whatever look a test before has set
        yield
        plt.close("all")


def panels(count: int):
    rows = pd.DataFrame({"panel": [f"analyte {i}" for i in range(count)] * 2, "day": [0] * count + [5] * count})
    rows = rows.assign(value=range(2 * count), of=["before"] * count + ["after"] * count)
    return sns.relplot(rows, x="day", y="value", col="panel", hue="of", col_wrap=3, height=2, aspect=1.75)


def bars(names: list[str]):
    fig, ax = plt.subplots(figsize=(WIDE, 3), layout="constrained")
    ax.bar(names, range(1, len(names) + 1), label="patients")
    fig.legend(loc="outside lower center", ncols=4)
    return fig, ax


def test_panels_side_by_side_go_on_below_in_two_columns_with_the_same_marks():
    grid = panels(5)
    small = narrowed(grid)
    assert small.get_figwidth() == PHONE and grid.figure.get_figwidth() == pytest.approx(WIDE, abs=1.5)
    corners = [ax.get_position() for ax in small.axes]
    assert len({round(box.x0, 2) for box in corners}) == 2 and len({round(box.y0, 2) for box in corners}) == 3
    assert drawn_data(small).equals(drawn_data(grid.figure))


def test_no_panel_reaches_into_another_nor_into_the_key_below_them():
    small = narrowed(panels(4))
    (key,) = small.legends
    boxes = [*(ax.get_tightbbox() for ax in small.axes), key.get_window_extent()]
    assert not any(a.overlaps(b) for i, a in enumerate(boxes) for b in boxes[i + 1 :])
    texts = [text.get_window_extent() for text in key.get_texts()]
    assert texts[0].y0 > texts[-1].y1 and texts[0].x0 == texts[-1].x0  # an entry a line


def test_a_title_that_is_wider_than_its_panel_has_two_lines():
    grid = panels(4)
    grid.axes.flat[2].set_title("D-dimer FEU, µg/mL FEU")
    titles = [ax.title for ax in narrowed(grid).axes]
    assert [title.get_text().count("\n") for title in titles] == [0, 0, 1, 0]
    left, right = (title.get_window_extent() for title in titles[2:])
    assert left.x1 < right.x0


@pytest.mark.parametrize(
    ("names", "turned"), [(["a", "b"], 0), (["convalescent plasma", "mesenchymal stem cells"], 90)]
)
def test_names_below_an_axis_are_turned_where_they_would_overlap(names, turned):
    fig, ax = bars(names)
    small = narrowed(ax)
    assert {label.get_rotation() for label in small.axes[0].get_xticklabels()} == {turned}
    assert fig.get_figwidth() == WIDE and {label.get_rotation() for label in ax.get_xticklabels()} == {0}


def test_two_keys_of_a_figure_become_one_with_the_entries_of_both():
    fig, ax = bars(["a", "b"])
    fig.legend(ax.plot([0, 1], [1, 2], label="median"), ["median"], loc="outside right upper")
    (key,) = narrowed(fig).legends
    assert [text.get_text() for text in key.get_texts()] == ["patients", "median"]


def test_what_is_no_figure_is_refused():
    with pytest.raises(TypeError, match="a DataFrame is no figure"):
        narrowed(pd.DataFrame())
