"""The first picture: what was given over the analytes that tell the case, on one axis of days."""

from dataclasses import replace

import pytest
from matplotlib.colors import to_hex
from sight import by_id, texts, unreadable
from small import episode, events, given, happened, interventions, observations, phases, seen

from casereport.analysis.tidy import spread
from casereport.figures import Figure, overview
from casereport.figures.palette import phase_colours
from casereport.quantities.intervals import parse

CRP = [seen(day, value, ref="0..10") for day, value in (("-3", "20"), ("1", "190.50"), ("2", "60"), ("4", "8.0"))]
NONE = events()


def drawn(*rows: dict, courses: tuple = (), told=NONE, opens: str = "0", shown: tuple = ("crp",)) -> Figure:
    figure = overview(interventions(given(opens), *courses), told, observations(*rows), phases(opens), shown)
    assert figure is not None
    return figure


def screens(figure: Figure) -> list[Figure]:
    assert figure.phone is not None
    return [figure, figure.phone, figure.page]


def words(figure: Figure) -> list[str]:
    return [one.text for one in texts(figure)]


def test_each_analyte_is_a_panel_on_the_days_of_the_treatments():
    alt = [row | {"analyte": "alt", "label": "ALT", "short": "ALT"} for row in CRP]
    figure = drawn(*CRP, *alt, courses=(given("-9", "6", "steroid"),), shown=("alt", "crp"))
    for on in screens(figure):
        sheet, *panels = on.canvas.axes
        assert [len(panels), {p.get_xlim() for p in panels}] == [2, {sheet.get_xlim()}]
        assert {round(p.get_position().x0, 6) for p in panels} == {round(sheet.get_position().x0, 6)}
        assert sheet.get_xlim()[0] <= -9 and sheet.get_xlim()[1] >= 6
        found = words(on)
        assert found.index(next(t for t in found if t.startswith("ALT"))) < found.index(
            next(t for t in found if t.startswith("CRP"))
        )


def test_the_first_the_extreme_and_the_last_value_are_written_beside_their_marks_as_they_are_printed():
    for on in screens(drawn(*CRP)):
        found = words(on)
        assert [found.count(number) for number in ("20", "190.50", "8.0", "60")] == [1, 1, 1, 0]
        panel = on.canvas.axes[1]
        for number, row in (("20", 1), ("190.50", 2), ("8.0", 4)):
            box = next(one.box for one in texts(on) if one.text == number)
            x, y = panel.transData.transform((CRP[row - 1]["day"], CRP[row - 1]["value"]))
            near = max(box.x0 - x, x - box.x1, box.y0 - y, y - box.y1) / on.canvas.dpi
            assert 0 < near < 0.15, number  # beside it and not on it


@pytest.mark.parametrize(
    ("values", "improvement", "ref", "extreme"),
    [
        (("0.9", "0.2", "3.4", "1.5"), "increase", "1.1..3.2", "0.2"),
        (("30", "10", "50", "40"), "decrease", "", "50"),
        (("30", "10", "50", "40"), "increase", "", "10"),
        (("60", "30", "15", "50"), "", "20..80", "15"),
    ],
)
def test_the_extreme_is_the_value_furthest_outside_its_range_or_the_worst_where_none_is_known(
    values, improvement, ref, extreme
):
    rows = [seen(str(day), value, ref=ref, improvement=improvement) for day, value in enumerate(values, start=1)]
    assert set(words(drawn(*rows))) & set(values) == {values[0], extreme, values[-1]}


def test_numbers_of_days_that_are_close_lie_on_no_other_number_and_on_no_mark():
    values = ("1000", "1010", "1020", "1015", "1005")
    rows = [seen(str(day), value, ref="0..10") for day, value in enumerate(values, start=1)]
    figure = drawn(*rows, courses=(given("-300", "300", "steroid"),))
    for on in screens(figure):
        found = [one for one in texts(on) if one.text in values]
        assert len(found) >= 2 and unreadable(on) == []
        panel = on.canvas.axes[1]
        for x, y in panel.transData.transform([(row["day"], row["value"]) for row in rows]):
            assert not any(one.box.x0 < x < one.box.x1 and one.box.y0 < y < one.box.y1 for one in found)


def test_a_dose_that_opens_a_phase_is_one_line_through_treatments_and_panels_and_named_once():
    figure = drawn(*CRP, courses=(given("3", name="cells"),))
    for on in screens(figure):
        sheet, panel = on.canvas.axes
        cells = phase_colours(["before", "after"])["after"]
        for line, day in ((by_id(sheet, "dose-2"), 0), (by_id(sheet, "dose-3"), 3)):
            top, bottom = sheet.transData.transform([(day, y) for y in line.get_ydata()])[:, 1]
            assert top > sheet.transData.transform((0, by_id(sheet, "given-2").get_ydata()[0]))[1]
            assert bottom <= panel.bbox.y0 + 1 and to_hex(line.get_color()) == cells
        assert words(on).count("Cells") == 1


def test_beside_a_panel_stands_what_it_is_of_with_its_unit_and_its_range():
    on, phone, _ = screens(drawn(*CRP))
    panel = on.canvas.axes[1].get_position()
    beside = [one for one in texts(on) if one.text in ("CRP", "mg/L", "range 0 to 10")]
    high = on.canvas.get_figheight() * on.canvas.dpi
    assert len(beside) == 3 and all(panel.y0 * high < one.box.y1 and one.box.y0 < panel.y1 * high for one in beside)
    assert "CRP, mg/L, range 0 to 10" in words(phone)


def test_a_higher_value_stands_higher_and_the_days_go_on_to_the_last_of_the_source():
    tables = interventions(given("0")), NONE, observations(*CRP), phases()
    figure = overview(*tables, ("crp",), last_day=30)
    assert figure is not None
    for on in screens(figure):
        sheet, panel = on.canvas.axes
        marks = panel.transData.transform([(1, 190.5), (4, 8)])
        assert marks[0][1] > marks[1][1] and sheet.get_xlim()[1] >= 30


def test_the_name_of_a_group_stands_beside_its_rows():
    courses = (given("1", "3", "niv", label="Mask") | {"class": "Respiratory support"}, given("-4", "3", "steroid"))
    found = {one.text: one.box for one in texts(drawn(*CRP, courses=courses))}
    for group, row in (("Organ support", "Mask"), ("Treatments", "Cells")):
        assert found[group].y0 < found[row].y1 and found[row].y0 < found[group].y1


def test_the_table_of_the_figure_has_each_value_with_its_day_and_its_evidence():
    rows = [*CRP[:-1], CRP[-1] | {"evidence": "inferred"}]
    table = drawn(*rows).table
    assert table[["what", "when", "value", "evidence"]].to_numpy().tolist()[1:] == [
        ["CRP", "day −3", "20 mg/L", "measured"], ["CRP", "day 1", "190.50 mg/L", "measured"],
        ["CRP", "day 2", "60 mg/L", "measured"], ["CRP", "day 4", "8.0 mg/L", "inferred"],
    ]  # fmt: skip


def test_words_are_drawn_as_words_and_have_no_number():
    rows = [seen("<0", "<1.1", ref="1.1..3.2", code="L"), seen("1", code="U"), seen("4", "1.1..3.2", "1.1..3.2", "N")]
    figure = drawn(*(row | {"enters": ""} for row in rows))
    panel = figure.canvas.axes[1]
    assert [p.get_hatch() for p in panel.patches if p.get_hatch()] == ["////", "////"]
    assert not any(text.isdecimal() and text not in "01234" for text in words(figure))
    assert "Hatched: stated in words" in figure.caption and "the first, the last" not in figure.caption
    assert "Numbers" not in figure.caption
    assert figure.caption.startswith("Treatments and, below them, what is stated in words.")


def test_where_there_is_nothing_to_draw_there_is_no_panel_and_no_figure():
    assert len(drawn(shown=()).canvas.axes) == len(drawn(*CRP, shown=()).canvas.axes) == 1
    assert overview(interventions(), NONE, observations(), phases(), ()) is None
    alone = overview(interventions(), NONE, observations(*CRP), phases(), ("crp",))
    assert alone is not None and "Treatments" not in words(alone) and "CRP" in words(alone)


def test_what_has_no_room_is_counted_and_what_began_nearest_to_the_dose_stays():
    far = [given(str(-60 - i), "5", f"far{i}") for i in range(30)]
    near = [given("-1", "5", "near"), given("2", "5", "after")]
    figure = drawn(*CRP, courses=(*far, *near))
    found = words(figure)
    assert {"Near", "After", "Cells"} <= set(found)
    shown = sum(text.startswith("Far") for text in found)
    assert f"and {30 - shown} more, on the timeline" in found and 0 < shown < 30
    assert "Further treatments are on the timeline." in figure.caption
    assert all(f"Far{i} (" in figure.description for i in range(30))


def test_an_extubation_is_marked_and_other_events_are_not():
    told = events(happened("2", finding="Extubated", kind="outcome"), happened("1", finding="Cough"))
    figure = drawn(*CRP, told=told)
    assert "Extubated" in words(figure) and "Cough" not in words(figure)


@pytest.mark.parametrize("treatments", [1, 40])
@pytest.mark.parametrize("days", [(-1, 0, 1), tuple(range(-200, 201, 20))])
def test_it_fits_the_first_screen_and_can_be_read_on_both(treatments, days):
    t = episode(analytes=treatments, days=days)
    tables = t["interventions"], t["events"], t["observations"], t["phases"]
    figure = overview(*tables, [f"a{i}" for i in range(min(4, treatments))])
    wide, high = figure.canvas.get_size_inches()
    assert high / wide * 1100 < 520  # pixels, of 900 that the screen has
    assert all(unreadable(on) == [] for on in screens(figure))
    for on, pixels in zip(screens(figure), (1000, 350, 605), strict=True):
        smallest = min(text.get_fontsize() for text in on.canvas.findobj(lambda a: hasattr(a, "get_fontsize")))
        assert smallest / 72 / on.canvas.get_size_inches()[0] * pixels >= (9 if pixels > 350 else 11)


def test_the_same_tables_give_the_same_bytes():
    first, second = (drawn(*CRP, courses=(given("-9", "6", "steroid"),)) for _ in "ab")
    assert first.svg == second.svg and first.phone.svg == second.phone.svg
    assert replace(first, phone=None).svg != first.phone.svg


def test_the_words_say_what_can_be_seen():
    figure = drawn(*CRP, courses=(given("-9", "6", "steroid", dose="40", dose_unit="mg"),))
    assert figure.alt == (
        "Given: cells (day 0). Also given: steroid. CRP: 20 mg/L on day −3, 190.50 mg/L on day 1, 8.0 mg/L on day 4."
    )
    assert "Steroid (from day −9 to day 6, 40 mg)" in figure.description
    assert "day 2 60 mg/L" in figure.description
    assert figure.points["value-3"] == "CRP, day 2: 60 mg/L; measured, Table 1"
    assert list(figure.table["value"])[-1] == "8.0 mg/L"


def test_a_treatment_of_years_leaves_the_first_picture_to_the_days_of_the_course():
    figure = drawn(*CRP, courses=(given("-730", "", "dialysis"),))
    for on in screens(figure):
        assert on.canvas.axes[0].get_xlim()[0] > -12
        assert "Dialysis (since day −730)" in words(on) and unreadable(on) == []
    assert "an arrow at its left edge is earlier, on the day beside it" in figure.caption
    assert "left edge" not in drawn(*CRP, courses=(given("-9", "6", "steroid"),)).caption


def test_a_limit_has_its_number_and_is_the_most_abnormal_where_it_is_certainly_further_out():
    values = (("-3", "412"), ("0", ">1000"), ("3", "870"), ("9", "<2.0"))
    for on in screens(drawn(*(seen(day, value, ref="0..37", position="above" if value[0] != "<" else "in")
                              for day, value in values))):  # fmt: skip
        found = [one.text for one in texts(on) if one.text.strip("<>") in ("412", "1000", "870", "2.0")]
        assert sorted(found) == ["412", "<2.0", ">1000"] and unreadable(on) == []
    figure = drawn(*(seen(day, value, ref="0..37", position="above") for day, value in (*values, ("10", "1..2"))))
    assert "most abnormal values that are one number or a limit, of a known day." in figure.caption


def test_a_number_lies_on_no_mark_of_a_limit():
    for on in screens(drawn(seen("-3", "412"), seen("0", ">412"), seen("40", "30"))):
        (box,) = [one.box for one in texts(on) if one.text == "412"]
        panel = on.canvas.axes[1]
        x, y = panel.transData.transform((0, 412))
        assert not (box.x0 < x < box.x1 and box.y0 < y < box.y1)


def test_a_long_word_of_the_name_of_an_analyte_is_not_broken():
    rows = [row | {"short": "Carcinoembryonic antigen"} for row in CRP]
    on = drawn(*rows)
    assert {"Carcinoembryonic", "antigen"} <= set(words(on)) and unreadable(on) == []
    assert {"Carcinoembryonic", "antigen"} <= set(words(on.page))


def test_the_caption_names_the_ends_of_a_scale_and_a_range_where_they_are_in_sight():
    of_scale = {"group": "Outcomes", **spread(parse("0..60"), "scale_")}
    high = [seen(day, value, **of_scale) for day, value in (("-1", "35"), ("5", "12"))]
    assert "ends of a scale" not in drawn(*high).caption
    assert "ends of a scale" in drawn(*high, seen("9", "0", **of_scale)).caption
    far = [seen(day, value, ref="62..106") for day, value in (("-1", "513"), ("5", "725"))]
    assert "Green" not in drawn(*far).caption
    assert "Green: reference range." in drawn(*far, seen("9", "150", ref="62..106")).caption


def test_the_range_and_the_name_of_a_panel_are_whole_where_there_is_room():
    rows = [seen(day, value, ref="61.89..106.1", short="Creatinine") for day, value in (("-1", "513"), ("5", "725"))]
    found = words(drawn(*rows))
    assert found[found.index("range 61.89 to") + 1] == "106.1"
    status = [
        seen(day, value, short="ECOG performance status", unit="{score}") for day, value in (("-1", "2"), ("5", "0"))
    ]
    found = words(drawn(*status))
    assert found[found.index("ECOG") :][:3] == ["ECOG", "performance", "status"]
