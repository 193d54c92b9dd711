"""The sensitivity analysis as it is drawn: what stands in each cell, above it and beside its row."""

import pytest
from matplotlib.axes import Axes
from matplotlib.colors import to_hex
from matplotlib.patches import Rectangle
from sight import beside, one, places
from small import analysed, observations, of_case, phases, seen

from casereport.analysis.sensitivity import INFUSION_DAYS, LAGS, SUMMARIES
from casereport.figures import Figure, sensitivity
from casereport.figures.palette import BETTER, INK, WORSE

ROWS = [seen(day, value, ref="0..10") for day, value in (("-2", "20"), ("-1", "60"), ("1", "70"), ("2", "50"))]
STEADY = [seen(day, "5", ref="0..10", analyte="alt") for day in ("-2", "-1", "1", "2")]


def cells(ax: Axes, y: float) -> list[str]:
    """The signs of a row, from left to right."""
    return [t.get_text() for t in sorted(ax.texts, key=lambda t: t.get_position()[0]) if t.get_position()[1] == y]


def repeated() -> tuple[Figure, dict]:
    tables = analysed(observations(*ROWS, *STEADY), phases())
    return one(sensitivity(tables["sensitivity"], tables["repetitions"], tables["phases"])), tables


def test_each_cell_shows_the_heading_of_its_choice():
    figure, tables = repeated()
    ax = figure.canvas.axes[0]
    found = tables["repetitions"]
    mine = found[(found["analyte"] == "crp") & (found["kind"] != "left out")]
    signs = {"better": "+", "worse": "−", "within range": "○", "no data": ""}
    by_choice = {(r.summary, r.infusion_day, r.lag_days): signs[r.heading] for r in mine.itertuples()}
    expected = [by_choice[s, d, lag] for s in SUMMARIES for d in INFUSION_DAYS for lag in LAGS]
    shown = cells(ax, places(ax)["CRP"])
    assert shown == ["×", *(sign for sign in expected if sign)]
    assert {"+", "−"} <= {*shown}  # by the last value it is better, by the median worse: the report calls it neither


def test_what_another_choice_reverses_has_the_mark_of_what_the_report_calls_it():
    figure, _ = repeated()
    for on in (figure, figure.phone):
        (legend,) = on.canvas.legends
        assert "× direction not robust" in [text.get_text() for text in legend.get_texts()]
    assert "reverses better and worse, the report says: direction not robust (×)." in figure.caption
    steady = analysed(observations(*STEADY), phases())
    plain = one(sensitivity(steady["sensitivity"], steady["repetitions"], steady["phases"]))
    assert "Framed: the choice that the report makes. Bold" in plain.caption


def test_the_words_above_a_cell_name_its_choice():
    # by the last value better, or worse where day 0 counts before the dose; by the median worse; from day 3 on nothing
    values = ("-2", "20"), ("-1", "60"), ("0", "30"), ("1", "70"), ("2", "50")
    tables = analysed(observations(*(seen(day, value, ref="0..10") for day, value in values)), phases())
    ax = one(sensitivity(tables["sensitivity"], tables["repetitions"], tables["phases"])).canvas.axes[0]
    heads = sorted((t for t in ax.texts if hasattr(t, "xy") and t.xy[1] == 1), key=lambda t: t.xy[0])
    lags = [t for t in heads if t.get_text().isdecimal()]
    samples = [t.get_text() for t in heads if t.get_text().startswith("sample ")]
    summaries = [t.get_text().partition(",")[0] for t in heads if t.get_text().endswith(", lag in days")]
    assert (len(lags), len(samples), len(summaries)) == (16, 4, 2)
    shown = {round(t.get_position()[0], 2): t.get_text() for t in ax.texts if not hasattr(t, "xy")}
    mine = tables["repetitions"].query("kind != 'left out'")
    signs = {(r.summary, r.infusion_day, r.lag_days): r.heading for r in mine.itertuples()}
    words = {"last value": "last", "median": "median"}
    for i, lag in enumerate(lags):
        choice = words[summaries[i // 8]], samples[i // 4].removeprefix("sample "), int(lag.get_text())
        assert shown.get(round(lag.xy[0], 2), "") == {"better": "+", "worse": "−", "no data": ""}[signs[choice]], choice


def test_a_cell_has_the_colour_of_its_sign():
    ax = repeated()[0].canvas.axes[0]
    colours = {"+": BETTER, "−": WORSE, "○": "#cfd4db"}
    boxes = {(round(p.get_x(), 2), round(p.get_y(), 3)): to_hex(p.get_facecolor()) for p in ax.patches}
    for text in ax.texts:
        if text.get_text() in colours:
            x, y = text.get_position()
            assert boxes[round(x - 0.46, 2), round(y - 0.08, 3)] == colours[text.get_text()]


def test_the_bar_shows_the_shares_with_each_observation_left_out():
    figure, tables = repeated()
    ax = figure.canvas.axes[0]
    y = places(ax)["CRP"]
    bar = [p for p in ax.patches if isinstance(p, Rectangle) and p.get_x() > 20 and abs(p.get_y() + 0.08 - y) < 1e-6]
    found = tables["repetitions"]
    left_out = found[(found["analyte"] == "crp") & (found["kind"] == "left out")]["heading"]
    widths = {to_hex(p.get_facecolor()): p.get_width() for p in bar}
    for outcome, fill in (("better", BETTER), ("worse", WORSE)):
        assert widths.get(fill, 0) == pytest.approx(6 * (left_out == outcome).mean())


def test_on_a_phone_a_row_has_the_outcome_of_the_report_and_the_shares_of_all_repetitions():
    figure, tables = repeated()
    ax = figure.phone.canvas.axes[0]
    for analyte, sign in (("crp", "×"), ("alt", "○")):
        y = places(ax)[analyte.upper()]
        assert cells(ax, y) == [sign]
        again = tables["repetitions"].query("analyte == @analyte")["heading"].value_counts(normalize=True)
        bar = [p for p in ax.patches if p.get_x() >= 1.5 and abs(p.get_y() + 0.08 - y) < 1e-6]
        widths = {to_hex(p.get_facecolor()): p.get_width() for p in bar}
        for outcome, fill in (("better", BETTER), ("worse", WORSE)):
            assert widths.get(fill, 0) == pytest.approx(6 * again.get(outcome, 0))
        assert sum(p.get_width() for p in bar) == pytest.approx(6)


def test_what_rose_or_fell_and_is_neither_better_nor_worse_has_an_arrow_that_way():
    rows = [
        seen(day, value, analyte=analyte, improvement="")
        for analyte, values in (("up", ("20", "90")), ("down", ("90", "20")))
        for day, value in zip(("-1", "1"), values, strict=True)
    ]
    tables = analysed(observations(*rows), phases())
    figure = one(sensitivity(tables["sensitivity"], tables["repetitions"], tables["phases"]))
    ax = figure.canvas.axes[0]
    assert (cells(ax, places(ax)["UP"])[0], cells(ax, places(ax)["DOWN"])[0]) == ("↑", "↓")
    (legend,) = figure.canvas.legends
    assert {"↑ rose", "↓ fell"} <= {text.get_text() for text in legend.get_texts()}


def test_beside_each_row_stands_how_often_it_came_out_alike():
    figure, tables = repeated()
    found = tables["repetitions"]
    again = found[found["kind"] != "headline"]
    for on in (figure, figure.phone):
        ax = on.canvas.axes[0]
        for analyte, heading in (("crp", "better"), ("alt", "within range")):
            mine = again.loc[again["analyte"] == analyte, "heading"]
            assert beside(ax)[places(ax)[analyte.upper()]] == f"{(mine == heading).sum()} of {len(mine)}"


def test_what_the_report_shows_is_framed_and_what_survives_is_bold():
    figure, _ = repeated()
    ax = figure.canvas.axes[0]
    framed = [p for p in ax.patches if p.get_linewidth() == 1.3]
    assert len(framed) == 2 * 2 and {to_hex(p.get_edgecolor()) for p in framed} == {INK}
    weights = {label.get_text(): label.get_fontweight() for label in ax.get_yticklabels()}
    assert weights == {"ALT": "normal", "CRP": "normal"}  # a lag of 3 days leaves nothing to compare
    assert figure.points.keys() == {"outcome-after-alt", "outcome-after-crp"}


def test_the_conclusions_that_survive_are_bold_and_first():
    t = of_case("liang2020")
    figure = one(sensitivity(t["sensitivity"], t["repetitions"], t["phases"]))
    ax = figure.canvas.axes[0]
    ordered = sorted(ax.get_yticklabels(), key=lambda label: label.get_position()[1])
    survives = dict(zip(t["sensitivity"]["short"], t["sensitivity"]["survives"], strict=True))
    assert [label.get_fontweight() == "bold" for label in ordered] == sorted(survives.values(), reverse=True)
    assert all((label.get_fontweight() == "bold") == survives[label.get_text()] for label in ordered)


def test_of_a_phase_that_goes_on_in_another_figure_only_what_is_shown_is_counted():
    many = [row | {"analyte": f"a{n}", "label": f"A{n}", "short": f"A{n}"} for n in range(60) for row in STEADY]
    tables = analysed(observations(*many), phases())
    first, second, *_ = sensitivity(tables["sensitivity"], tables["repetitions"], tables["phases"])
    for figure in (first, second):
        assert " shown here come out the same every time" in figure.alt
        assert any("shown here" in text.get_text() for text in figure.canvas.axes[0].texts)
    assert "shown here" not in repeated()[0].alt


def test_what_is_undecided_from_the_outset_is_not_told_as_turned_by_another_choice():
    # nine days before the dose: too old to be set against what follows it
    old = [seen(day, "5", ref="0..10", analyte="alt") for day in ("-9", "2")]
    tables = analysed(observations(*old), phases())
    figure = one(sensitivity(tables["sensitivity"], tables["repetitions"], tables["phases"]))
    assert figure.alt == "After vs before: the one undecided."
    tables = analysed(observations(*old, *(row | {"analyte": "ast"} for row in STEADY)), phases())
    figure = one(sensitivity(tables["sensitivity"], tables["repetitions"], tables["phases"]))
    assert figure.alt.startswith("After vs before: 0 of 2") and figure.alt.endswith(", 1 undecided.")
