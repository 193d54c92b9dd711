"""The laboratory at one look: what the cell of the notebook draws is read whole, and says what was measured."""

import json
from functools import cache
from typing import Any
from xml.etree import ElementTree

import numpy as np
import pandas as pd
import pytest
import seaborn as sns
from matplotlib import pyplot as plt
from matplotlib.collections import QuadMesh
from matplotlib.colors import to_hex
from matplotlib.figure import Figure as Canvas
from matplotlib.patches import Patch
from sight import by_id, unreadable
from small import episode, given, interventions, observations, of_case, phases, seen
from test_readable import EPISODES

import casereport as cr
from casereport.figures import Figure, from_matplotlib
from casereport.figures.laboratory import HeatPart, heat_parts
from casereport.figures.palette import INK, phase_colours
from casereport.files.paths import NOTEBOOKS


@cache
def cells() -> str:
    """The cells of the notebook that draw it."""
    notebook = json.loads((NOTEBOOKS / "04-figures.ipynb").read_text(encoding="utf-8"))
    code = {cell["id"]: "".join(cell["source"]) for cell in notebook["cells"]}
    return "\n".join(code[f"code-{n}"] for n in (3, "since", 4, 5))


class Drawn(dict[str, tuple[Canvas, Canvas, pd.DataFrame]]):
    """By the name of each figure: as it is drawn for a desk and for a phone, and its data."""

    captions: list[str]
    figures: list[Figure]
    pages: dict[str, Canvas]


@pytest.fixture(autouse=True)
def closed():
    with cr.figures.style():
        yield
    plt.close("all")


def drawn(tables: dict[str, Any]) -> Drawn:
    """What the cells keep."""
    found = Drawn()
    found.captions, found.figures, found.pages = [], [], {}

    def keep(figure: Figure, *, section: str) -> None:
        assert figure.phone and figure.page and figure.alt and section == "diagnostic-assessment"
        found[figure.id], found.pages[figure.id] = (
            (figure.canvas, figure.phone.canvas, figure.table),
            figure.page.canvas,
        )
        found.captions.append(figure.caption)
        found.figures.append(figure)

    names = {name: tables[name] for name in ("observations", "phases", "interventions")}
    exec(cells(), {"cr": cr, "np": np, "sns": sns, "keep": keep, "display": lambda shown: None} | names)
    return found


def blemishes(found: Drawn) -> list[str]:
    problems = []
    for name, (wide, phone, data) in found.items():
        for screen in (wide, phone, page := found.pages[name]):
            problems += unreadable(from_matplotlib(screen, name=name, caption="x", alt="x", data=data))
            size = screen.get_size_inches() * screen.dpi
            box = screen.get_tightbbox()
            problems += [f"{name}: beyond its edge"] * bool(box.x0 < -0.01 or box.x1 * screen.dpi > size[0] + 1)
            problems += [
                text.get_text() for text in screen.findobj(plt.Text) if text.get_text() and text.get_size() < 8.3
            ]
        assert (wide.get_figwidth(), page.get_figwidth(), phone.get_figwidth()) == (10.5, 6.3, 3.6)
        # of a manuscript's 205 mm: letters of 8.4 points are 7 at least
        assert min(1, 205 / 25.4 / page.get_figheight()) * 8.4 >= 7
    return problems


@pytest.mark.parametrize("name", ["liang2020", "leng2020", "simulated-cp-msc"])
def test_every_text_of_a_bundled_case_can_be_read(name):
    assert blemishes(drawn(of_case(name))) == []


# what makes a heat map narrow, high or coarse; the others make it small
NARROW = {"24 analytes", "60 letters", "400 days", "hours"}


@pytest.mark.parametrize("name", [n if n in NARROW else pytest.param(n, marks=pytest.mark.slow) for n in EPISODES])
def test_every_text_can_be_read_with(name):
    assert blemishes(drawn(episode(**EPISODES[name]))) == []


ROWS = observations(
    seen("-2", "12", ref="0..10", position="above"), seen("-1", "30", ref="0..10", position="above"),
    seen("1", "5", ref="0..10", position="in"), seen("2", "7"),
    seen("-2", "80", ref=">=90", analyte="spo2", position="below"),
    seen("1", "8..12", ref="0..10", analyte="alt", position="not certain", group="Liver"),
)  # fmt: skip


def tables(rows: pd.DataFrame = ROWS, **more: Any) -> dict[str, Any]:
    return {"observations": rows, "phases": phases(), "interventions": interventions(given("0"))} | more


def test_each_cell_has_the_distance_from_its_range_and_a_sign_that_says_the_side():
    (data,) = (data for _, _, data in drawn(tables()).values())
    rows = {(row.analyte, row.day): (row.beyond, row.sign) for row in data.itertuples()}
    assert rows["CRP", -2.0] == (0.2, "↑")
    assert rows["CRP", -1.0] == (2.0, "↑")  # 30 lies two widths above 0 to 10
    assert rows["CRP", 1.0] == (0.0, "")
    assert np.isnan(rows["CRP", 2.0][0]) and rows["CRP", 2.0][1] == "•"
    assert rows["SPO2", -2.0] == (pytest.approx(-10 / 90, abs=5e-5), "↓")
    assert rows["ALT", 1.0][1] == "?"
    assert len(rows) == 6


def test_the_words_count_the_cells_above_below_and_within_the_range():
    (figure,) = drawn(tables()).figures
    assert figure.alt == (
        "6 cells of 3 analytes: 2 above the reference range, 1 below it, 1 within it, 1 not certain against it, "
        "1 without a range."
    )


def test_what_was_not_measured_is_blank_and_a_value_without_a_range_has_a_dot():
    wide, _, _ = drawn(tables())["laboratory"]
    ax = wide.axes[0]
    (mesh,) = [found for found in ax.collections if isinstance(found, QuadMesh)]
    coloured = np.argwhere(~np.ma.getmaskarray(mesh.get_array()).reshape(len(ax.get_yticks()), -1))
    names = [label.get_text() for label in ax.get_yticklabels()]
    days = [label.get_text() for label in ax.get_xticklabels()]
    assert {(names[i], days[j]) for i, j in coloured} == {
        ("CRP", "−2"), ("CRP", "−1"), ("CRP", "1"), ("SPO2", "−2"), ("ALT", "1"),
    }  # fmt: skip
    signs = {
        (names[int(t.get_position()[1])], days[int(t.get_position()[0])]): t.get_text()
        for t in ax.texts
        if t.get_text() in "↑↓?•" and t.get_text()
    }
    assert signs == {
        ("CRP", "−2"): "↑", ("CRP", "−1"): "↑", ("CRP", "2"): "•", ("SPO2", "−2"): "↓", ("ALT", "1"): "?",
    }  # fmt: skip


def test_by_the_second_scale_a_value_is_set_against_the_last_one_before_the_first_dose():
    rows = observations(
        seen("-2", "30", ref="0..10", position="above"), seen("-1", "20", ref="0..10", position="above"),
        seen("1", "25", ref="0..10", position="above"), seen("2", "20", ref="0..10", position="above"),
        seen("3", "5", ref="0..10", position="in"), seen("4", "18..22", ref="0..10", position="above"),
        seen("1", "7", ref="0..10", analyte="alt", position="in"),
        seen("-1", "91", analyte="spo2"), seen("1", "93", analyte="spo2"),
    )  # fmt: skip
    (data,) = (data for _, _, data in drawn(tables(rows)).values())
    found = {(row.analyte, row.day): (row.change, row.turn) for row in data.itertuples()}
    crp = [found["CRP", day] for day in (-2.0, -1.0, 1.0, 2.0, 3.0, 4.0)]
    assert crp == [(1.0, "↑"), (0.0, "="), (0.5, "↑"), (0.0, "="), (-1.5, "↓"), (0.0, "?")]
    assert np.isnan(found["ALT", 1.0][0]) and found["ALT", 1.0][1] == "•"  # measured after the dose alone
    assert np.isnan(found["SPO2", 1.0][0]) and found["SPO2", 1.0][1] == "↑"  # without a range there is no width


def test_by_the_second_scale_the_first_of_two_doses_counts():
    two = pd.concat([phases(), phases(opens="3").tail(1).assign(phase="later")], ignore_index=True)
    rows = observations(
        seen("-1", "20", ref="0..10", position="above"), seen("1", "10", ref="0..10", position="in"),
        seen("5", "25", ref="0..10", position="above", phase="later"),
    )  # fmt: skip
    (data,) = (data for _, _, data in drawn(tables(rows, phases=two)).values())
    assert data["turn"].to_list() == ["=", "↓", "↑"] and data["change"].to_list() == [0, -1, 0.5]


def test_by_the_second_scale_a_value_has_moved_by_what_is_certain_of_the_last_one_before_the_dose():
    rows = observations(
        seen("-1", "18..22", ref="0..10", position="above"), seen("1", "20", ref="0..10", position="above"),
        seen("2", "27", ref="0..10", position="above"), seen("3", "8", ref="0..10", position="in"),
    )  # fmt: skip
    (data,) = (data for _, _, data in drawn(tables(rows)).values())
    assert data["turn"].to_list() == ["?", "?", "↑", "↓"]
    assert data["change"].to_list() == [0, 0, 0.5, -1]  # of 27 from 22, and of 8 from 18


def test_a_file_of_the_figure_shows_the_first_scale_and_holds_the_second_for_the_page():
    (figure,) = drawn(tables()).figures
    assert figure.phone is not None
    for svg in (figure.svg, figure.phone.svg):
        root = ElementTree.fromstring(svg)
        named = {e.get("class"): e for e in root.iter("{http://www.w3.org/2000/svg}g") if e.get("class")}
        assert [named[kind].get("display") for kind in ("first", "second")] == [None, "none"]
        signs = ["".join(text.text or "" for text in named[kind]) for kind in ("first", "second")]
        assert signs == ["↑↑•↓?", "↓=↓↓=•"]
        cells = [(e.get("class"), e.get("style", "")) for e in named["cells"]]
        assert len(cells) == 5  # those with a colour; a blank one is not written


def test_without_a_dose_there_is_no_second_scale_to_choose():
    before = phases().head(1)
    (figure,) = drawn(tables(phases=before, interventions=interventions(given("0")).head(0))).figures
    assert figure.second is not None and figure.second.name == ""


def test_analytes_stand_below_the_name_of_their_organ_system():
    wide, phone, _ = drawn(tables())["laboratory"]
    names = [label.get_text() for label in wide.axes[0].get_yticklabels()]
    assert names == ["Inflammation", "CRP", "SPO2", "Liver", "ALT"]
    bold = [label.get_text() for label in wide.axes[0].get_yticklabels() if label.get_fontweight() == "bold"]
    assert bold == ["Inflammation", "Liver"]
    inside = [text.get_text() for text in phone.axes[0].texts if text.get_fontweight() == "bold"]
    assert inside == ["Inflammation", "Liver"]


def test_phases_stand_above_the_days_that_count_to_them_and_the_dose_in_its_place():
    wide, _, _ = drawn(tables())["laboratory"]
    ax = wide.axes[0]
    before, after = by_id(ax, "phase-before-0"), by_id(ax, "phase-after-2")
    assert (list(before.get_xdata()), list(after.get_xdata())) == ([0.04, 1.96], [2.04, 3.96])
    with cr.figures.style():
        wide.draw_without_rendering()
    assert before.get_window_extent().y0 > ax.bbox.y1  # above the panel
    assert by_id(ax, "dose-2").get_xdata()[0] == 2  # day 0, between day -1 and day 1
    labels = [text.get_text() for text in ax.texts]
    assert "Before" in labels and "After" in labels


def test_the_key_says_the_side_that_a_colour_and_its_sign_stand_for():
    figure, _, _ = drawn(tables())["laboratory"]
    (key,) = figure.legends
    signs = zip(key.get_texts(), key.legend_handles, strict=True)
    of = {text.get_text(): to_hex(sign.get_facecolor()) for text, sign in signs if isinstance(sign, Patch)}
    (mesh,) = [found for found in figure.axes[0].collections if isinstance(found, QuadMesh)]
    ends = [to_hex(mesh.to_rgba(beyond)) for beyond in (-2, 0, 2)]
    assert [of["↓ below the reference range"], of["within it"], of["↑ above it"]] == ends


def test_each_phase_has_its_name_and_colour_above_its_days_and_the_day_of_the_dose_counts_as_the_table_says():
    rows = observations(*(seen(day, "5", ref="0..10", position="in") for day in ("-1", "0", "1")))
    colours = phase_colours(["before", "after"])
    for side, borders in (
        ("before", {"before": (0, 2), "after": (2, 3)}),
        ("after", {"before": (0, 1), "after": (1, 3)}),
    ):
        ax = drawn(tables(rows, phases=phases().assign(infusion_day=side)))["laboratory"][0].axes[0]
        for phase, (first, end) in borders.items():
            strip, name = by_id(ax, f"phase-{phase}-{first}"), by_id(ax, f"name-{phase}")
            assert list(strip.get_xdata()) == pytest.approx([first, end], abs=0.05)
            assert (strip.get_color(), name.get_text()) == (colours[phase], phase.capitalize())
            assert first < name.xy[0] < end


@pytest.mark.parametrize(("evidence", "face", "said"), [("reported", INK, ""), ("inferred", "white", ", inferred")])
def test_the_key_has_a_dose_as_it_is_drawn(evidence, face, said):
    (key,) = drawn(tables(interventions=interventions(given("0", evidence=evidence))))["laboratory"][0].legends
    (dose,) = (h for h, text in zip(key.legend_handles, key.get_texts(), strict=True) if "dose" in text.get_text())
    assert dose.get_markerfacecolor() == face
    assert f"dose of cells{said}" in [text.get_text() for text in key.get_texts()]


def test_the_second_scale_is_told_in_its_own_words_in_description_and_key():
    second = drawn(tables()).figures[0].second
    assert second is not None
    # CRP was 30 last, and 12, 5 and 7 lie below it; the last values of CRP and SpO2 are the same as themselves
    assert second.alt.endswith(": 0 higher, 3 lower, 2 the same.")
    assert (second.key["↑ above it"], second.key["↓ below the reference range"]) == ("↑ higher", "↓ lower")


def test_a_column_of_several_days_says_on_the_axis_that_its_first_is_named():
    wide, _, _ = drawn(tables(spread_over(range(-200, 200))))["laboratory"]
    assert "the first of 10 days each" in wide.axes[0].get_xlabel()


def test_the_axis_tells_day_0_by_the_clock_of_the_source_too_and_breaks_where_it_is_narrow():
    clock = {"other_clock": "day {} after the first symptoms", "other_day_0": 13}
    wide, phone, _ = drawn(tables(phases=phases().assign(**clock)))["laboratory"]
    said = "study day (day 0 = day 13 after the first symptoms)"
    assert wide.axes[0].get_xlabel() == said
    assert phone.axes[0].get_xlabel().split() == said.split() and "\n" in phone.axes[0].get_xlabel()


def test_a_dose_that_is_inferred_is_hollow():
    found = drawn(tables(interventions=interventions(given("1", evidence="inferred"))))
    mark = by_id(found["laboratory"][0].axes[0], "dose-2")
    assert (mark.get_xdata()[0], mark.get_markerfacecolor()) == (2.5, "white")


def spread_over(days: range, analytes: int = 1) -> pd.DataFrame:
    rows = [seen(f"{d}", "5", ref="0..10", position="in", analyte=f"a{i}") for i in range(analytes) for d in days]
    return observations(*rows)


def shown_days(part: HeatPart) -> list[float]:
    return list(part.starts)


def test_as_many_days_as_have_room_are_columns_of_their_own_and_more_are_spans():
    (part,) = heat_parts(spread_over(range(42)).assign(beyond=0.0))
    assert (part.step, shown_days(part)) == (0, list(range(42)))
    (part,) = heat_parts(spread_over(range(-200, 200)).assign(beyond=0.0))
    assert part.step == 10 and shown_days(part) == list(range(-200, 200, 10))


def test_of_a_span_of_days_the_value_furthest_outside_its_range_is_shown():
    rows = spread_over(range(400)).assign(beyond=0.0)
    rows.loc[rows["day"] == 13, ["beyond", "position"]] = [-1.5, "below"]
    rows.loc[rows["day"] == 15, ["beyond", "position"]] = [0.5, "above"]
    (part,) = heat_parts(rows)
    data = part.table().set_index("day")
    assert data.loc[10.0, ["beyond", "sign"]].to_list() == [-1.5, "↓"]
    assert (data["sign"] == "").sum() == 39


def test_more_analytes_than_a_page_has_room_for_are_parted_and_none_is_lost():
    found = drawn(tables(spread_over(range(1, 4), 70)))
    assert list(found) == ["laboratory", *(f"laboratory-{i}" for i in range(2, 4))]
    shown = [name for _, _, data in found.values() for name in data["analyte"].unique()]
    assert sorted(shown) == sorted(f"A{i}" for i in range(70))
    assert found.captions[1].endswith("Part 2 of 3.")
    # a page has 178 mm by 205 mm for a figure
    assert all(wide.get_figheight() / wide.get_figwidth() < 205 / 178 for wide, _, _ in found.values())


def test_a_phone_has_every_analyte_with_its_days_below_one_another():
    _, phone, _ = drawn(tables(spread_over(range(1, 24), 3)))["laboratory"]
    assert [len(ax.get_xticks()) for ax in phone.axes] == [12, 11]


def test_values_without_an_exact_day_are_counted_in_the_caption():
    rows = observations(*(seen(day, "5", ref="0..10", position="in") for day in ("1", "2", "2..4")))
    assert "1 value without an exact day: in the full tables." in drawn(tables(rows)).captions[0]


def test_without_a_number_or_without_a_range_there_is_no_figure():
    assert drawn(tables(observations(seen("1", code="H")))) == {}
    assert drawn(tables(observations(seen("1", "5"), seen("2", "50")))) == {}
