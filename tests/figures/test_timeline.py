"""The timeline draws every course as far as it is known, and says at each mark what it is."""

import re

import pytest
from matplotlib.axes import Axes
from matplotlib.colors import to_hex
from matplotlib.patches import Rectangle
from sight import by_id, colour, marks, texts, unreadable
from small import events, given, happened, interventions, observations, of_case, phases, seen

from casereport.figures import Figure, text_room, timeline
from casereport.figures.palette import BETTER, COURSE, NEITHER, WORSE, phase_colours

CELLS = phase_colours(["before", "after"])["after"]
NOTHING = observations(seen("1", "5"))
KNOWN, MAYBE = 0.42, 0.14  # how dark a bar is


def drawn(*courses: dict, told: tuple = (), seen_on=NOTHING, opens: str = "0", **more) -> Figure:
    happenings = events(*told) if told else events(happened("2"))
    return timeline(interventions(given(opens), *courses), happenings, seen_on, phases(opens), **more)


def axes(figure: Figure) -> Axes:
    return figure.canvas.axes[0]


def bars(figure: Figure, darkness: float) -> list[tuple[float, float]]:
    """First and last day of the bars of courses, known or possible; the tints of the phases are of other colours."""
    found = [p for p in axes(figure).patches if isinstance(p, Rectangle) and p.get_alpha() == darkness]
    return sorted((p.get_x(), p.get_x() + p.get_width()) for p in found)


def height_of(figure: Figure, text: str) -> float:
    (found,) = [t for t in axes(figure).texts if t.get_text() == text]
    return found.get_position()[1]


def test_a_course_is_a_bar_from_its_first_to_its_last_day_with_its_name_on_it():
    figure = drawn(given("-5", "3", "steroid"), given("-2", "4", "oxygen"))
    assert bars(figure, KNOWN) == [(-5, 3), (-2, 4)] and bars(figure, MAYBE) == []
    for name, bar in (("Steroid", by_id(axes(figure), "given-3")), ("Oxygen", by_id(axes(figure), "given-4"))):
        y = height_of(figure, name)
        assert bar.get_y() < y < bar.get_y() + bar.get_height()
        (label,) = [t for t in axes(figure).texts if t.get_text() == name]
        assert bar.get_x() < label.get_position()[0] < bar.get_x() + 1


def test_organ_support_stands_on_top_then_what_opens_a_phase_then_the_rest_by_their_beginning():
    figure = drawn(
        given("-7", "4", "late", label="Steroid"),
        given("-9", "4", "early", label="Antibiotic"),
        given("2", "4", "niv", label="Ventilation") | {"class": "Respiratory support"},
    )
    order = sorted(("Steroid", "Antibiotic", "Ventilation", "Cells"), key=lambda name: height_of(figure, name))
    assert order == ["Ventilation", "Cells", "Antibiotic", "Steroid"]


def test_an_extubation_stands_with_the_organ_support_and_not_among_the_outcomes():
    tube = happened("3", kind="outcome", finding="Extubated")
    figure = drawn(given("-2", "3", "mv", label="Ventilator") | {"class": "Respiratory support"}, told=(tube,))
    names = [text.get_text() for text in axes(figure).texts]
    assert "Organ support" in names and "Outcomes" not in names
    assert height_of(figure, "Extubated") < height_of(figure, "Cells")
    assert list(by_id(axes(figure), "event-1").get_xdata()) == [3, 3]


def test_a_tube_that_was_not_needed_is_no_organ_support():
    figure = drawn(told=(happened("3", "NEG", "outcome", "No intubation"),))
    names = [text.get_text() for text in axes(figure).texts]
    assert "Organ support" not in names and "Outcomes" in names


def test_the_doses_of_organ_support_stand_in_the_order_of_their_days():
    support = {"class": "Respiratory support", "dose_unit": "L/min", "label": "Oxygen"}
    figure = drawn(
        given("-5", "-2", "oxygen") | support | {"dose": "5"}, given("-2", "3", "oxygen") | support | {"dose": "2"}
    )
    assert "Oxygen, 5 L/min, then 2 L/min" in [text.get_text() for text in axes(figure).texts]


def test_an_arrow_leads_to_a_course_that_began_before_the_first_day():
    assert len(marks(axes(drawn(given("<-5", "3", "steroid"))), "<")) == 1
    assert marks(axes(drawn(given("-5", "3", "steroid"))), "<") == []


@pytest.mark.parametrize(
    ("start", "end", "known", "maybe"),
    [
        ("-5..-3", "3", [(-3, 3)], [(-5, -3)]),
        ("-5", "-1..2", [(-5, -1)], [(-1, 2)]),
        ("-5..-3", "", [], None),
    ],
)
def test_a_course_is_dark_only_as_far_as_it_is_known_and_pale_where_it_may_have_run(start, end, known, maybe):
    figure = drawn(given(start, end, "steroid"))
    assert bars(figure, KNOWN) == known
    edge = axes(figure).get_xlim()[1]
    expected = [(-5, -3), (-3, edge)] if maybe is None else maybe
    assert sum(bars(figure, MAYBE), ()) == pytest.approx(sum(expected, ()))


def test_a_course_whose_end_is_not_reported_is_pale_to_the_edge_and_one_that_ended_is_not_drawn_on():
    figure = drawn(given("-5", "", "steroid"), given("-6", "-3", "antibiotic"))
    ((start, end),) = bars(figure, MAYBE)
    assert -5 < start < -4 and end == axes(figure).get_xlim()[1]
    assert (-6, -3) in bars(figure, KNOWN) and max(stop for _, stop in bars(figure, KNOWN)) < -2
    assert "pale: possibly given, as start or end is not reported" in figure.caption
    assert "Steroid (from day −5, end not reported)" in figure.description


@pytest.mark.parametrize(("evidence", "filled"), [("reported", True), ("inferred", False), ("secondary", False)])
def test_what_the_source_says_is_filled_and_what_is_inferred_is_hollow(evidence, filled):
    figure = drawn(given("1", "1", "steroid", evidence), given("-4", "-2", "oxygen", evidence))
    dose, bar = by_id(axes(figure), "given-3"), by_id(axes(figure), "given-4")
    assert to_hex(dose.get_markerfacecolor()) == (COURSE if filled else "#ffffff")
    assert to_hex(dose.get_markeredgecolor()) == COURSE
    assert (bar.get_alpha() == KNOWN) is filled
    assert ("Hollow or dashed: inferred" in figure.caption) is not filled


@pytest.mark.parametrize(("evidence", "dashes"), [("reported", "-"), ("inferred", "--")])
def test_the_line_of_a_dose_is_dashed_where_it_is_inferred(evidence, dashes):
    figure = timeline(interventions(given("0", evidence=evidence)), events(happened("2")), NOTHING, phases())
    assert by_id(axes(figure), "dose-2").get_linestyle() == dashes


def test_a_dose_is_a_diamond_in_the_colour_of_the_phase_that_it_opens_with_a_line_through_all():
    figure = drawn()
    dose, line = by_id(axes(figure), "given-2"), by_id(axes(figure), "dose-2")
    assert (dose.get_marker(), dose.get_xdata()[0], to_hex(dose.get_markerfacecolor())) == ("D", 0, CELLS)
    top, bottom = line.get_ydata()
    assert list(line.get_xdata()) == [0, 0]
    assert all(top < text.get_position()[1] < bottom for text in axes(figure).texts if text.get_text() == "Cough")


def test_a_name_that_stands_there_already_is_cut_rather_than_put_into_the_phase_before():
    long = "Functional communication training"
    courses = [given("-2", "0", "training", label=long), given("4", "5", "training", label=long)]
    figure = drawn(*courses, told=(happened("-30"),))
    for on in (figure, figure.page):
        named = [t for t in axes(on).texts if t.get_text().startswith("Func")]
        assert [t.get_text() for t in named] == [long, "Functional…"]
        assert named[1].get_position()[0] > 4


def test_a_course_that_opens_a_phase_is_a_bar_in_its_colour():
    figure = timeline(interventions(given("0", "4")), events(happened("2")), NOTHING, phases())
    bar = by_id(axes(figure), "given-2")
    assert isinstance(bar, Rectangle) and to_hex(bar.get_facecolor()) == CELLS
    assert (bar.get_x(), bar.get_width()) == (0, 4)
    assert all(mark.get_gid().startswith("event") for mark in marks(axes(figure), "D"))


def test_what_opens_a_phase_and_has_no_end_may_have_gone_on_unless_it_is_of_a_kind_that_is_given_once():
    opener = given("0", **{"class": "Antineoplastic", "label": "Pembrolizumab"})
    figure = timeline(interventions(opener), events(happened("5", "B")), NOTHING, phases())
    ((start, end),) = bars(figure, MAYBE)
    assert 0 < start < 0.5 and end == axes(figure).get_xlim()[1]
    assert marks(axes(figure), "D") == [] and marks(axes(drawn()), "D") != []
    assert "single doses" not in figure.caption and "Vertical lines: beginning of pembrolizumab." in figure.caption
    assert "Pembrolizumab, end not reported" in [one.text for one in texts(figure.phone)]
    assert "Pembrolizumab (from day 0, end not reported)" in figure.description
    assert "vertical lines: doses of cells." in drawn().caption


def test_what_began_long_before_the_course_has_an_arrow_with_its_day_and_takes_no_room_from_it():
    values = observations(seen("-3", "5"), seen("20", "5"))
    courses = [given("-730", "", "dialysis"), given("-400", "-300", "steroid"), given("-20", "5", "oxygen")]
    told = (happened("-500", "A", "diagnosis", "Diabetes"), happened("2"))
    figure = drawn(*courses, told=told, seen_on=values)
    for on in (figure, figure.page):
        low, high = axes(on).get_xlim()
        assert -24 <= low < -20 and 20 < high < 22  # what is no further away than the course is long has its place
        shown = {one.text for one in texts(on)}
        assert {"Dialysis (since day −730)", "Steroid (from day −400 to day −300)", "Oxygen"} <= shown
        assert "Diabetes (day −500)" in shown and unreadable(on) == []
        assert by_id(axes(on), "event-1").get_marker() == by_id(axes(on), "given-4").get_marker() == "<"
        assert list(by_id(axes(on), "event-1").get_xdata()) == [low]
        assert not [start for start, _ in bars(on, KNOWN) if start < -20]
    assert "an arrow at its left edge is earlier, on the day beside it" in figure.caption
    assert "left edge" not in figure.phone.caption and "Day −730" in {one.text for one in texts(figure.phone)}


def test_courses_of_one_name_that_are_days_apart_have_its_name_each():
    figure = drawn(given("-6", "-5", "oxygen"), given("3", "5", "oxygen"))
    assert [text.get_text() for text in axes(figure).texts].count("Oxygen") == 2


@pytest.mark.parametrize(
    ("code", "look"),
    [
        ("W", (WORSE, "s")), ("POS", (WORSE, "s")), ("A", (WORSE, "s")), ("L", (WORSE, "s")), ("H", (WORSE, "s")),
        ("B", (BETTER, "o")), ("NEG", (BETTER, "o")), ("N", (BETTER, "o")), ("", (NEITHER, "D")),
    ],
)  # fmt: skip
def test_an_event_has_colour_and_shape_of_what_it_means_and_the_caption_says_it(code, look):
    figure = drawn(told=(happened("2", code),))
    mark = by_id(axes(figure), "event-1")
    assert (colour(mark), mark.get_marker(), mark.get_xdata()[0]) == (*look, 2)
    meaning = {"s": "orange squares: worse", "o": "blue circles: better", "D": "grey diamonds: direction not stated"}
    assert [shape for shape, text in meaning.items() if text in figure.caption] == [look[1]]


def test_an_outcome_that_came_about_is_neither_good_nor_bad_by_that_alone():
    looks = {("outcome", "POS"): (NEITHER, "D"), ("transfer", "POS"): (NEITHER, "D"), ("outcome", "W"): (WORSE, "s")}
    for (kind, code), look in looks.items():
        mark = by_id(axes(drawn(told=(happened("2", code, kind, "Alive without evidence of disease"),))), "event-1")
        assert (colour(mark), mark.get_marker()) == look


def test_worse_is_not_drawn_in_the_colour_of_better():
    assert (WORSE, BETTER) == ("#d55e00", "#0173b2")  # orange and blue, told apart by all


def test_each_event_has_its_text_beside_it_in_the_lane_of_its_kind():
    told = (happened("1", finding="Cough"), happened("2", kind="imaging", finding="CT"), happened("4", kind="sign"))
    figure = drawn(told=told, last_day=20)
    for gid, text in (("event-1", "Cough"), ("event-2", "CT")):
        mark = by_id(axes(figure), gid)
        label = next(t for t in axes(figure).texts if t.get_text() == text)
        assert label.get_position()[1] == mark.get_ydata()[0] and label.get_position()[0] > mark.get_xdata()[0]
    assert by_id(axes(figure), "event-1").get_ydata()[0] == by_id(axes(figure), "event-3").get_ydata()[0]
    assert by_id(axes(figure), "event-2").get_ydata()[0] > by_id(axes(figure), "event-1").get_ydata()[0]
    lanes = {text.get_text(): text.xy[1] for text in axes(figure).texts if hasattr(text, "xy")}
    assert lanes["Symptoms, signs"] == by_id(axes(figure), "event-1").get_ydata()[0]
    assert lanes["Imaging"] == by_id(axes(figure), "event-2").get_ydata()[0]


def test_what_is_of_one_day_and_one_kind_is_one_mark():
    figure = drawn(told=tuple(happened("1", "POS", finding=name) for name in ("Fever", "Cough", "Fatigue")))
    assert "Fever, cough and fatigue" in [text.get_text() for text in axes(figure).texts]
    assert [gid for gid in figure.points if gid.startswith("event")] == ["event-1"]
    assert figure.points["event-1"] == "Fever; Cough; Fatigue (day 1; text)"


def test_a_statement_that_is_too_long_for_a_line_stands_whole_in_several():
    long = ("Bilirubin, CRP, ALT and AST stated to fall gradually after the second infusion, " * 3).strip(", ")
    figure = drawn(told=(happened("2..6", "", "outcome", long), happened("1", "W", "imaging", long)))
    for one in (figure, figure.page):
        whole = [text.get_text() for text in axes(one).texts if " ".join(text.get_text().split()) == long]
        assert len(whole) == 2 and all("\n" in text for text in whole)
        assert unreadable(one) == []


def test_a_text_that_has_no_room_is_shortened_and_told_whole_to_who_points_at_its_mark():
    long = "Ground-glass opacity " * 60
    figure = drawn(told=(happened("1", "W", "imaging", long.strip()),))
    assert any(text.get_text().endswith("…") for text in axes(figure).texts)
    assert long.strip() in figure.points["event-1"]
    assert unreadable(figure) == []


@pytest.mark.parametrize("fitted", [text_room.shortened, text_room.wrapped])
@pytest.mark.parametrize("text", ["fever and cough, ", "abc-", "a"])
def test_what_is_measured_of_a_text_grows_with_its_length_and_no_faster(fitted, text, monkeypatch):
    letters = []
    monkeypatch.setattr(text_room, "width", lambda t, *look: letters.append(len(t)) or 0.05 * len(t))
    fitted(text * 100, 2.0, 9.0)
    few = sum(letters)
    letters.clear()
    fitted(text * 5000, 2.0, 9.0)
    assert sum(letters) < 60 * few


def test_of_a_text_that_has_no_room_only_more_lines_than_there_are_rows_are_broken():
    text = "fever and cough, " * 500
    whole = text_room.wrapped(text, 2.0, 9.0)
    broken = text_room.wrapped(text, 2.0, 9.0, most=12)
    assert broken[:12] == whole[:12] and len(broken) == 13
    assert text_room.wrapped(text, 2.0, 9.0, most=len(whole)) == whole


def test_a_caption_explains_the_marks_that_are_drawn_and_no_others():
    span, both = (drawn(told=told) for told in ((happened("<=2"),), (happened("<=2"), happened("3"))))
    assert "Events: grey lines: direction not stated." in span.caption
    assert "grey diamonds: direction not stated" in span.phone.caption  # a list has signs, not days
    assert "grey diamonds and lines: direction not stated" in both.caption
    tube = drawn(told=(happened("2", "B", "outcome", "Extubated"),))  # stands with the organ support
    assert "Events:" not in tube.caption and "blue circles" in tube.phone.caption


@pytest.mark.parametrize(("day", "span"), [("-4..2", (-4, 2)), (">3", (3, None))])
def test_a_day_that_is_not_known_is_a_line_over_all_that_it_may_have_been(day, span):
    figure = drawn(told=(happened(day, "W"),))
    line = by_id(axes(figure), "event-1")
    assert (line.get_xdata()[0], line.get_xdata()[-1]) == (span[0], span[1] or axes(figure).get_xlim()[1])
    assert "Lines below labels: period within which the event occurred." in figure.caption


def test_a_text_does_not_begin_before_the_days_that_it_is_of():
    figure = drawn(given("-9", "9", "steroid"), told=(happened("1..3", "B", "outcome", "Could walk " * 12),))
    (label,) = [text for text in axes(figure).texts if text.get_text().startswith("Could walk")]
    assert label.get_position()[0] == 1 and unreadable(figure) == []


def test_what_has_no_day_has_no_mark_on_the_axis_and_says_so():
    figure = drawn(given("", "", "heparin"), told=(happened("", finding="Thrombosis"),))
    found = [text.get_text() for text in axes(figure).texts]
    assert "Heparin (day not reported)" in found and "Thrombosis (day not reported)" in found
    assert not axes(figure).findobj(lambda artist: artist.get_gid() == "given-3")
    assert "Not drawn, as the day is not reported: heparin." in figure.caption


def test_a_list_of_diagnoses_is_no_event_of_its_day():
    listed = [happened("-1", "POS", "diagnosis", name) for name in ("Pneumonia", "Anaemia", "Diabetes")]
    one = happened("1", "POS", "diagnosis", "Pneumothorax")
    figure = drawn(told=(*listed, one))
    found = " ".join(text.get_text() for text in axes(figure).texts)
    assert "Pneumothorax" in found and "Anaemia" not in found
    assert "Not drawn: the 3 diagnoses listed on day −1, in the table of events." in figure.caption
    assert "Anaemia (day −1)" in figure.description and "Anaemia" in set(figure.table["what"])


def test_strokes_mark_the_days_with_a_number_known_to_the_day():
    values = observations(seen("1", "5"), seen("3", "5", analyte="alt"), seen("4..5", "5"), seen("2", code="U"))
    figure = drawn(seen_on=values)
    (strokes,) = [line for line in marks(axes(figure), "|") if line.get_gid() is None]
    assert list(strokes.get_xdata()) == [1, 3]
    assert "Measured values: on 2 days, from day 1 to day 3, and on others not known to the day." in figure.alt


def test_the_background_changes_its_colour_at_the_border_of_the_phases():
    ax = axes(drawn(told=(happened("-2"), happened("2"))))
    tints = {to_hex(p.get_facecolor()): p for p in ax.patches if p.get_alpha() == 0.13}
    before, after = (tints[colour] for colour in phase_colours(["before", "after"]).values())
    assert before.get_x() + before.get_width() == after.get_x() == 0
    assert {"Before", "After"} <= {text.get_text() for text in ax.texts}


def test_the_name_of_a_narrow_phase_stands_above_that_of_its_neighbour():
    figure = timeline(
        interventions(given("0"), given("-60", "1", "steroid")), events(happened("2")), NOTHING,
        phases(labels=("A long name of the first phase", "Another long name that has no room")),
    )  # fmt: skip
    assert [unreadable(one) for one in (figure, figure.phone, figure.page)] == [[], [], []]


def test_each_day_stands_at_its_place_and_what_began_before_them_all_has_an_arrow_to_the_left():
    figure = drawn(given("-10", "4", "steroid"), given("<-20", "-9", "aspirin"), last_day=10)
    days = {t.get_text(): t.get_position()[0] for t in axes(figure).texts if re.fullmatch(r"−?\d+", t.get_text())}
    assert len(days) > 3 and all(int(text.replace("−", "-")) == place for text, place in days.items())
    (arrow,) = marks(axes(figure), "<")
    assert arrow.get_xdata()[0] == axes(figure).get_xlim()[0] and not marks(axes(figure), ">")


def test_the_axis_runs_to_the_last_day_that_the_source_covers():
    assert axes(drawn(last_day=30)).get_xlim()[1] >= 30 > axes(drawn()).get_xlim()[1]


def test_beyond_the_days_that_are_known_a_word_stands_in_the_place_of_a_scale():
    figure = drawn(given("<0", "", "steroid"), told=(happened("<0"), happened("1"), happened("")), opens=">4")
    found = [one.text for one in texts(figure)]
    word = {one.text: one.box.x0 for one in texts(figure)}
    assert word["earlier"] < word["0"] < word["4"] < word["later"]
    days = [int(text.replace("−", "-")) for text in found if text.lstrip("−").isdecimal()]
    assert min(days) == 0 and max(days) == 4
    assert "Cells (after day 4)" in found


def test_statements_of_one_day_that_fill_more_than_a_line_have_one_each():
    long = [f"Share of the cells of kind {i} in the reference range" for i in range(3)]
    told = [texts(drawn(told=[happened("4", "N", "laboratory", t) for t in found])) for found in (long, ["A", "B"])]
    assert {*long} <= {one.text for one in told[0]} and "A; B" in {one.text for one in told[1]}


def test_the_words_say_what_was_given_and_what_happened():
    figure = drawn(
        given("3", name="cells"),
        given("-13", ">=6", "antibiotics", dose="5", dose_unit="g"),
        told=(happened("-2", "W", finding="Cough"), happened("4", "B", finding="Cough gone")),
    )
    assert figure.alt.startswith("Timeline by study day. Courses and doses: 3, among them cells (day 0 and day 3).")
    assert "Events: 2, from Cough (day −2) to Cough gone (day 4)." in figure.alt
    assert "Antibiotics (from day −13 to day 6 or later, 5 g)" in figure.description
    assert figure.caption.startswith("Day 0: first dose of cells.")
    assert figure.points["event-2"] == "Cough gone (day 4; text)"
    assert figure.points["given-4"] == "Antibiotics, 5 g: from day −13 to day 6 or later; reported, text"


def test_the_lag_is_said_where_it_moves_the_borders():
    table = phases(lag=2)
    figure = timeline(interventions(given("0")), events(happened("5")), NOTHING, table)
    assert "Phase borders are moved by the lag of 2 days." in figure.caption
    tints = [p for p in axes(figure).patches if p.get_alpha() == 0.13]
    assert 2 in [p.get_x() for p in tints]


@pytest.mark.parametrize("name", ["leng2020", "liang2020"])
def test_every_event_of_a_case_but_its_history_is_in_the_table_and_told_at_a_mark_or_in_the_caption(name):
    t = of_case(name)
    figure = timeline(t["interventions"], t["events"], t["observations"], t["phases"], t["last_day"])
    told = t["events"][t["events"]["number"] > 0]
    assert [number for number in figure.table["number"] if number] == [str(n) for n in told["number"]]
    listed = told[(told["kind"] == "diagnosis") & (told.groupby(["kind", "day"])["kind"].transform("size") > 2)]
    pointed = " ".join(figure.points.values())
    assert all(text in pointed for text in told.drop(listed.index)["told"])
    assert ("Not drawn" in figure.caption) is bool(len(listed)) is (name == "liang2020")
