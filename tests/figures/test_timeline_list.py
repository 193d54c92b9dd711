"""The timeline of a phone: a list from the first day down, the phases at its side."""

import pytest
from matplotlib.axes import Axes
from matplotlib.colors import to_hex
from sight import by_id, texts
from small import events, given, happened, interventions, observations, phases, seen

from casereport.figures import Figure, timeline
from casereport.figures.palette import COURSE, WORSE, phase_colours

CELLS = phase_colours(["before", "after"])["after"]
NOTHING = observations(seen("1", "5"))


def drawn(*courses: dict, told: tuple) -> Figure:
    return timeline(interventions(given("0"), *courses), events(*told), NOTHING, phases())


def axes(figure: Figure) -> Axes:
    return figure.canvas.axes[0]


def test_a_phone_has_the_same_as_a_list_in_the_order_of_the_days():
    figure = drawn(
        given("-3", "2", "steroid", dose="40", dose_unit="mg"),
        told=(happened("-1", finding="Fever"), happened("3", finding="Fever gone"), happened("", finding="Rash")),
    )
    assert figure.phone is not None and figure.phone.canvas.get_size_inches()[0] == 3.6
    rows = sorted(texts(figure.phone), key=lambda one: -one.box.y0)
    assert [one.text for one in rows] == [
        "Before", "Day −3", "Steroid, 40 mg, to day 2", "Day −1", "Fever", "After, from day 0 on", "Day 0", "Cells",
        "Day 3", "Fever gone", "Day not reported", "Rash",
    ]  # fmt: skip
    assert set(figure.phone.points) == {"given-2", "given-3", "event-1", "event-2", "event-3"}


def test_a_list_puts_what_was_after_a_phase_has_closed_into_none():
    closes = {"closes": [float("nan"), 3.0], "closes_low": [None, 3.0], "closes_high": [None, 3.0]}
    table = phases().assign(closed_by=["", "cells"], **closes)
    told = events(happened("2", finding="Fever"), happened("5", finding="Rash"))
    figure = timeline(interventions(given("0", "3")), told, NOTHING, table)
    rows = [one.text for one in sorted(texts(figure.phone), key=lambda one: -one.box.y0)]
    assert rows[-3:] == ["No phase, after day 3", "Day 5", "Rash"] and rows.index("Fever") < len(rows) - 3
    tints = [p for p in axes(figure.phone).patches if p.get_alpha() == 0.1]
    (rash,) = [t.get_position()[1] for t in axes(figure.phone).texts if t.get_text() == "Rash"]
    assert not [p for p in tints if p.get_y() < rash < p.get_y() + p.get_height()]
    nothing_between = timeline(interventions(given("0", "3")), events(happened("2")), NOTHING, table)
    assert "No phase" not in " ".join(one.text for one in texts(nothing_between.phone))


@pytest.mark.parametrize("evidence", ["reported", "inferred"])
def test_a_sign_of_the_list_has_the_colour_of_its_phase_and_is_hollow_where_it_is_inferred(evidence):
    told = (happened("2", "W"),)
    figure = drawn(given("3", name="cells", evidence=evidence), given("-3", "2", "steroid", evidence), told=told)
    ax = axes(figure.phone)
    dose, bar = by_id(ax, "given-3"), by_id(ax, "given-4")
    assert (to_hex(dose.get_markeredgecolor()), to_hex(bar.get_edgecolor())) == (CELLS, COURSE)
    assert (to_hex(dose.get_markerfacecolor()) == "#ffffff") is (evidence == "inferred")
    assert (bar.get_facecolor()[3] == 0) is (evidence == "inferred")
    assert to_hex(by_id(ax, "event-1").get_markerfacecolor()) == WORSE


def test_the_caption_of_the_list_speaks_of_what_a_list_has():
    figure = drawn(given("-3", "", "steroid"), told=(happened("-1..2"),))
    for said in ("pale: possibly given", "vertical lines", "Lines below labels"):
        assert said in figure.caption and said not in figure.phone.caption
    assert "bars: treatments that began; diamonds: single doses" in figure.phone.caption
