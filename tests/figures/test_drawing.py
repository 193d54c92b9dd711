"""A figure looks the same on every machine, says of each mark what it stands for, and marks what is no patient's."""

import re
import subprocess
import sys
import xml.etree.ElementTree as ET
from base64 import b64decode

import matplotlib as mpl
import pandas as pd
import pytest
import seaborn as sns
from markupsafe import escape
from matplotlib import pyplot as plt
from matplotlib.figure import Figure as Canvas
from sight import one, texts, unreadable
from small import events, given, happened, interventions, observations, phases, seen

from casereport import figures
from casereport.figures import (
    Figure,
    courses,
    from_matplotlib,
    inline_svg,
    mark_simulated,
    save,
    style,
    timeline,
    use_style,
)
from casereport.figures.drawing import SIMULATED
from casereport.figures.palette import INK, phase_colours


def drawn() -> Figure:
    rows = [seen("-1", "8", ref="0..10"), seen("2", "<3", ref="0..10"), seen("3", "2", ref="0..10")]
    rows += [seen(str(day), "40", analyte="alt") for day in (-1, 1, 2)]
    return one(courses(observations(*rows), phases(), interventions(given("0")), "Inflammation"))


def test_each_mark_says_what_it_stands_for():
    figure = drawn()
    assert set(figure.points) == {*(f"value-{i}" for i in range(1, 7)), "dose-2-crp", "dose-2-alt"}
    for gid, said in figure.points.items():
        assert figure.svg.count(f'<g id="{figure.id}-{gid}"><title>{escape(said)}</title>') == 1, gid


def test_a_saved_figure_is_well_formed_and_its_ids_are_its_own():
    drawings = [drawn(), timeline(interventions(given("0")), events(happened("1")), observations(), phases())]
    ids = [e.get("id") for figure in drawings for e in ET.fromstring(figure.svg).iter() if e.get("id")]
    assert len(ids) == len(set(ids))
    for figure in drawings:
        ET.fromstring(inline_svg(figure.svg))


def test_a_figure_is_saved_as_a_drawing_and_its_data_and_as_a_png_if_asked_for(tmp_path):
    save(drawn(), tmp_path)
    assert sorted(p.name for p in tmp_path.iterdir()) == [
        "courses-inflammation-phone.svg", "courses-inflammation.csv", "courses-inflammation.svg"
    ]  # fmt: skip
    assert pd.read_csv(tmp_path / "courses-inflammation.csv")["value"].to_list()[0] == 8
    save(drawn(), tmp_path, png=True)
    png = (tmp_path / "courses-inflammation.png").read_bytes()
    width = int.from_bytes(png[16:20], "big")
    assert png.startswith(b"\x89PNG") and width == 6.2 * 300  # 300 dots an inch


def test_the_same_figure_gives_the_same_bytes_whatever_the_matplotlibrc():
    first = drawn()
    own = {"font.size": 20, "axes.facecolor": "red", "lines.linewidth": 9, "svg.hashsalt": "x", "savefig.dpi": 50}
    with mpl.rc_context(own):
        second = drawn()
        assert second.svg == first.svg and second.png() == first.png()


def of_ones_own() -> Figure:
    """A figure of which only a part is saved."""
    ax = sns.lineplot(x=[1, 2], y=[3, 4], ax=Canvas(figsize=(4, 3)).subplots())
    return from_matplotlib(ax, name="own", caption="Own.", alt="It rises.")


@pytest.mark.parametrize("make", [drawn, of_ones_own])
def test_the_title_of_a_simulated_case_says_so_above_all_that_is_drawn_and_is_always_saved(make):
    plain = make()
    figure = mark_simulated(plain)
    (title,) = [one for one in texts(figure) if one.text == SIMULATED]
    others = [one for one in texts(figure) if one.text != SIMULATED]
    assert all(one.box.y1 < title.box.y0 for one in others)
    assert not any(title.box.overlaps(ax.bbox) for ax in figure.canvas.axes)
    crop = figure.crop.extents * figure.canvas.dpi
    assert crop[0] <= title.box.x0 and title.box.x1 <= crop[2] and title.box.y1 <= crop[3]
    assert unreadable(figure) == []
    high = [int.from_bytes(each.png()[20:24], "big") / 300 for each in (plain, figure)]
    assert 0.2 < high[1] - high[0] < 0.3  # the line is in the picture, and takes no more than its place


def test_the_figure_of_a_simulated_case_says_so_inside_and_in_its_words():
    plain = drawn()
    figure = mark_simulated(plain)
    assert f">{SIMULATED}<" in figure.svg and figure.title == f"Simulated: {plain.title}"
    assert f">{SIMULATED}<" in figure.phone.svg
    assert figure.alt == f"Simulated. {plain.alt}" and figure.description == f"Simulated. {plain.description}"
    assert (figure.id, figure.points) == (plain.id, plain.points)


def test_dollar_signs_and_markup_in_labels_are_shown_as_they_are():
    odd = "$\\frac{1}{0}$ <script>x</script> & more"
    told = events(happened("1", finding=odd))
    figure = timeline(interventions(given("0", label=odd)), told, observations(), phases(labels=(odd, odd)))
    assert odd in figure.description
    assert "<script>" not in figure.svg
    assert "frac{1}{0}$" in figure.svg.replace("\n", "")


def test_a_notebook_shows_the_drawing_with_its_alt_text():
    figure = drawn()
    shown = figure._repr_html_()
    assert 'src="data:image/svg+xml;base64,' in shown and f'alt="{escape(figure.alt)}"' in shown
    assert repr(figure) == f"[Inflammation] {figure.alt}"


def test_a_figure_in_the_look_of_matplotlib_follows_the_page_into_the_dark():
    with mpl.rc_context(mpl.rcParamsDefault):
        ax = sns.lineplot(x=[1, 2], y=[3, 4], ax=Canvas().subplots())
    drawing = inline_svg(from_matplotlib(ax, name="own", caption="Own.", alt="It rises.").svg)
    assert "#000000" not in drawing and drawing.count("stroke: currentColor") > 1
    assert ET.fromstring(drawing).get("fill") == "currentColor"  # a black text has no colour of its own


def test_a_notebook_read_on_a_phone_shows_the_drawing_for_one():
    page, phone = (sns.lineplot(x=[1, 2], y=[3, 4], ax=Canvas(figsize=(w, 3)).subplots()) for w in (10.5, 3.6))
    shown = from_matplotlib(page, name="own", caption="Own.", alt="It rises.", phone=phone)._repr_html_()
    (wide,) = re.findall(r'<img src="data:image/svg\+xml;base64,([^"]+)', shown)
    (small,) = re.findall(r'<source media="\(max-width: 40rem\)" srcset="data:image/svg\+xml;base64,([^"]+)', shown)
    widths = [float(ET.fromstring(b64decode(data)).get("width").removesuffix("pt")) for data in (wide, small)]
    assert widths[0] > 2 * widths[1]


def test_the_style_leaves_no_trace_and_begins_from_the_defaults_of_matplotlib():
    with mpl.rc_context({"lines.linewidth": 9}):
        with style():
            assert mpl.rcParams["lines.linewidth"] == mpl.rcParamsDefault["lines.linewidth"]
            assert mpl.rcParams["text.color"] == INK
        assert mpl.rcParams["lines.linewidth"] == 9


def test_a_plot_of_ones_own_looks_at_home():
    with mpl.rc_context():
        use_style()
        ax = sns.lineplot(x=[1, 2], y=[3, 4], ax=plt.figure().subplots())
        plt.close()
        assert ax.lines[0].get_color() == "#0173b2"
        assert not ax.spines["top"].get_visible() and mpl.rcParams["font.family"] == ["DejaVu Sans"]
        assert mpl.rcParams["text.parse_math"]


def test_a_phase_has_one_colour_whatever_the_case():
    assert phase_colours(["conventional", "msc"])["msc"] == phase_colours(["conventional", "cp", "msc"])["msc"]
    many = phase_colours(["conventional", "a", "cp", "b", "c"])
    assert len(set(many.values())) == 5


def test_the_public_names_are_there_and_load_nothing_before_they_are_asked_for():
    assert all(getattr(figures, name) for name in figures.__all__)
    script = "import sys, casereport.figures; print('matplotlib' in sys.modules)"
    told = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert told.stdout == "False\n"


def test_a_figure_without_a_title_is_listed_by_the_beginning_of_its_caption():
    ax = Canvas().subplots()
    captions = {
        "The ratio: it falls from 5 to 2.": "The ratio",
        "CRP, 3.5 days apart. Grey: none.": "CRP, 3.5 days apart",
    }
    for caption, title in captions.items():
        assert from_matplotlib(ax, name="own", caption=caption, alt="It falls.").title == title
