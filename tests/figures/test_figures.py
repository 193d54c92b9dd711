"""Figures draw what is known as what it is, say it in their alt text, and come out the same each time."""

import math
import re
import xml.etree.ElementTree as ET

import pandas as pd
import pytest
from markupsafe import escape

from casereport.analysis.figure_list import catalogue
from casereport.case.case import load_case
from casereport.case.settings import Settings
from casereport.figures import change, course, draw_all, timeline
from casereport.figures.drawing import Figure, Shown, save
from casereport.figures.palette import phase_colours
from casereport.figures.svg import inline_svg
from casereport.files.paths import DATA, DRAWN
from casereport.report.steps import courses, draw, open_analysis
from made_up import made_up, seen

CASES = {name: load_case(name, DATA) for name in ("peng2020", "liang2020", "leng2020", "simulated-cp-msc")}


def marked(figure) -> list[str]:
    """The ids of what was drawn for single values, events and doses."""
    return re.findall(rf'id="{figure.id}-((?:value|event|dose)-\d+)"', figure.svg)


def test_a_number_is_a_point_and_the_line_joins_neighbouring_numbers_only():
    figure = course(CASES["simulated-cp-msc"], Settings(), "temperature")
    (line,) = [x for x in figure.canvas.axes[0].lines if len(x.get_xdata()) > 5]
    known = figure.table["value"]
    assert [math.isnan(y) for y in line.get_ydata()] == [not k.is_exact for k in known]
    assert any(not k.is_exact for k in known)  # in intensive care a vital sign is a range


def test_a_censored_value_is_an_open_triangle_at_its_limit():
    figure = course(CASES["simulated-cp-msc"], Settings(), "procalcitonin")
    triangles = [x for x in figure.canvas.axes[0].lines if x.get_marker() == "v" and x.get_mfc() == "white"]
    assert triangles
    assert {float(x.get_ydata()[0]) for x in triangles} == {0.05}
    assert "Open triangles: beyond a limit" in figure.caption


def test_words_become_boxes_over_all_that_they_allow_and_never_points():
    figure = course(CASES["peng2020"], Settings(), "lymphocytes")
    ax = figure.canvas.axes[0]
    boxes = [p for p in ax.patches if p.get_hatch()]
    assert [(b.get_y(), b.get_y() + b.get_height()) for b in boxes] == [(0, 1.1), (1.1, 3.2)]
    assert not [x for x in ax.lines if x.get_marker() == "o"]
    assert "hatched boxes" in figure.caption.lower()
    assert "arrows: only the direction is stated" in figure.caption


def test_normal_without_a_range_is_a_word_and_no_arrow(tmp_path):
    rows = [seen(-1, "il_6", 5, "pg/mL"), seen(2, "fio2", None, "", code="N"), seen(1, "fio2", "30", "%")]
    figure = course(made_up(tmp_path, rows), Settings(), "fio2")  # a setting has no reference range
    ax = figure.canvas.axes[0]
    assert [t.get_text() for t in ax.texts if t.get_gid()] == ["normal"]
    assert not [t for t in ax.texts if t.arrow_patch is not None]
    assert "Words: stated against a reference range that is not known" in figure.caption


def test_each_value_of_a_course_is_drawn_once():
    figure = course(CASES["leng2020"], Settings(), "crp")
    assert len(figure.table) == 8  # Table 4 gives CRP on eight days; the text repeats five of them
    assert sorted(m for m in marked(figure) if m.startswith("value")) == [f"value-{i}" for i in range(8)]


@pytest.mark.parametrize("analyte", ["ferritin", "procalcitonin", "d_dimer", "lactate"])
@pytest.mark.parametrize("scale", [1e-7, 1e-5, 1e-3, 0.1, 1, 1e3, 1e5, 1e7])
def test_no_text_of_a_course_is_cut_however_many_digits_its_values_have(analyte, scale, tmp_path):
    unit = CASES["liang2020"].vocabulary.analytes[analyte].unit
    rows = [seen(day, analyte, f"{value * scale:.10f}", unit) for day, value in ((-2, 1.25), (1, 4.75), (3, 9.875))]
    figure = course(made_up(tmp_path, rows), Settings(), analyte)
    width, height = figure.canvas.get_size_inches()
    drawn = figure.canvas.get_tightbbox()
    assert drawn.x0 >= 0 and drawn.y0 >= 0 and drawn.x1 <= width and drawn.y1 <= height


def test_doses_are_marked_on_their_days():
    figure = course(CASES["liang2020"], Settings(), "crp")
    assert len([m for m in marked(figure) if m.startswith("dose")]) == 3  # cells on days 0, 3 and 6


def test_the_alt_text_has_the_numbers():
    alt = course(CASES["leng2020"], Settings(), "crp").alt
    for fact in ("2.20 mg/L on day −7", "10.10 mg/L on day 13", "191.00 mg/L on day 1", "at most 3 mg/L", "on day 0"):
        assert fact in alt


def test_an_order_without_days_is_drawn_in_order_and_says_so():
    figure = timeline(CASES["peng2020"], Settings())
    assert "not to scale" in figure.alt
    assert "distances mean nothing" in figure.caption
    assert "order of events" in figure.canvas.axes[0].get_xlabel()
    assert figure.canvas.axes[0].get_xlim()[1] < 12


def test_known_days_are_drawn_to_scale():
    figure = timeline(CASES["leng2020"], Settings())
    assert figure.canvas.axes[0].get_xlabel() == "study day"
    assert "by study day" in figure.alt


def test_the_timeline_says_of_each_course_how_much_of_its_end_is_known():
    said = timeline(CASES["liang2020"], Settings()).description
    assert "Antibiotics (not specified) (from day −13 to day 6 or later)" in said
    assert "Moxifloxacin (from day −11, end not reported)" in said
    assert "Oseltamivir (day −11)" in said


def test_a_course_is_drawn_solid_only_as_far_as_it_is_known():
    ax = timeline(CASES["liang2020"], Settings()).canvas.axes[0]
    ends = [max(line.get_xdata()) for line in ax.lines if line.get_linewidth() == 5]
    assert max(ends) == 6  # antibiotics and thymosin alpha-1 are stated up to the third infusion


def test_every_event_has_its_number_on_the_timeline_and_in_the_table():
    figure = timeline(CASES["leng2020"], Settings())
    numbers = sorted(int(m.split("-")[1]) for m in marked(figure) if m.startswith("event"))
    assert numbers == list(range(1, len(numbers) + 1))
    assert [n for n in figure.table["number"] if n] == [str(n) for n in numbers]


def test_the_change_figure_says_both_values_of_each_analyte():
    figure = change(CASES["leng2020"], Settings())
    assert "CRP 105.5 to 10.1 mg/L (0.0957-fold)" in figure.description  # 10.1 / 105.5
    assert "PCT 0.12 to <0.1 ng/mL" in figure.description and "Procalcitonin" not in figure.description
    assert figure.alt.count(".") < 12 and "largest fall: CRP 105.5 to 10.1 mg/L" in figure.alt


def test_each_mark_says_what_it_stands_for():
    for figure in draw_all(CASES["simulated-cp-msc"], Settings(analytes="crp,alt")):
        drawn = figure.svg
        assert figure.points
        for gid, said in figure.points.items():
            assert drawn.count(f'<g id="{figure.id}-{gid}"><title>{escape(said)}</title>') == 1, gid
        assert figure.description.endswith(".")


def test_a_caption_names_the_doses_that_are_drawn_and_no_others():
    # the day of the cells is not known in the published case, so that only the plasma has a mark
    figure = course(CASES["peng2020"], Settings(), "lymphocytes")
    assert "Triangles on top: convalescent plasma." in figure.caption
    assert "dose-0" in figure.points and "dose-1" not in figure.points


def test_without_two_phases_of_values_there_is_no_change_figure():
    single = CASES["peng2020"]
    assert catalogue(single, Settings()) == ["timeline", "change", "lymphocytes", "sensitivity", "comparators"]
    with pytest.raises(ValueError, match="no analyte"):
        change(single, Settings(infusion_day="before", lag_days=10))


def test_a_phase_has_one_colour_whatever_the_case():
    assert phase_colours(["conventional", "msc"])["msc"] == phase_colours(["conventional", "cp", "msc"])["msc"]
    many = phase_colours(["conventional", "a", "cp", "b", "c"])
    assert len(set(many.values())) == 5


def test_each_figure_of_a_simulated_case_says_so_inside():
    for figure in draw_all(CASES["simulated-cp-msc"], Settings(analytes="crp,alt")):
        assert "SIMULATED" in figure.svg
        assert figure.alt.startswith("Simulated.")


@pytest.mark.slow
def test_the_same_figure_gives_the_same_bytes(tmp_path):
    settings = Settings(analytes="lymphocytes")
    for folder in ("first", "second"):
        for figure in draw_all(CASES["leng2020"], settings):
            save(figure, tmp_path / folder)
    first = sorted((tmp_path / "first").iterdir())
    assert {p.suffix for p in first} == {".svg", ".png", ".csv"}
    for path in first:
        assert path.read_bytes() == (tmp_path / "second" / path.name).read_bytes(), path.name


def test_the_phases_of_a_run_show_the_courses_that_its_figures_have_drawn_and_nothing_is_left_elsewhere(tmp_path):
    analysis = open_analysis("peng2020", DATA, tmp_path)
    (alone,) = courses(analysis, ["lymphocytes"])
    draw(analysis)
    assert not (tmp_path / DRAWN).exists()
    (tmp_path / DRAWN).mkdir()
    assert isinstance(next(courses(analysis, ["lymphocytes"])), Figure)  # not yet drawn
    draw(analysis)
    (shown,) = courses(analysis, ["lymphocytes"])
    assert isinstance(shown, Shown)
    assert (repr(shown), shown._repr_html_()) == (repr(alone), alone._repr_html_())
    other = open_analysis("peng2020", DATA, tmp_path, lag_days=1)  # shaded otherwise
    assert isinstance(next(courses(other, ["lymphocytes"])), Figure)


def test_a_saved_figure_is_well_formed_and_its_ids_are_its_own():
    figures = list(draw_all(CASES["leng2020"], Settings(analytes="crp,ast")))
    ids: list[str] = []
    for figure in figures:
        root = ET.fromstring(figure.svg)
        ids += [e.get("id") for e in root.iter() if e.get("id")]
        ET.fromstring(inline_svg(figure.svg))
    assert len(ids) == len(set(ids))


def test_the_csv_beside_a_figure_holds_what_it_shows(tmp_path):
    figure = course(CASES["leng2020"], Settings(), "crp")
    save(figure, tmp_path)
    table = pd.read_csv(tmp_path / "crp.csv", dtype=str)
    assert table["value"].to_list() == ["2.2", "105.5", "191", "83.4", "13.6", "22.7", "18.3", "10.1"]
    assert (table["unit"] == "mg/L").all()


def test_dollar_signs_and_markup_in_labels_are_shown_as_they_are(data_dir):
    path = data_dir / "cases" / "leng2020" / "events.csv"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("Symptoms began", "$\\frac{1}{0}$ <script>x</script> & more"), encoding="utf-8")
    figure = timeline(load_case("leng2020", data_dir), Settings())
    assert "<script>" in figure.description
    assert "<script>" not in figure.svg
