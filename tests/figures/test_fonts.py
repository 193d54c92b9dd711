"""A text that the font of the figures has no sign for is drawn in one that has it, or refused: never as a box."""

import dataclasses
import warnings

import pytest
from matplotlib.figure import Figure as Canvas

from casereport.case.reading import read_case
from casereport.errors import BadInput
from casereport.figures import drawing, fonts
from casereport.run.drawn_texts import fonts_of

UNKNOWN = "\U0001ffff"  # a sign that no font can have


@pytest.fixture
def chinese(monkeypatch):
    """A machine with one font more, which has Chinese signs."""
    fonts._needed.cache_clear()
    path = str(fonts.Path(fonts.get_data_path()) / "fonts" / "ttf" / "DejaVuSans.ttf")
    real = fonts._signs
    monkeypatch.setattr(fonts, "_others", lambda: [("Han Sans", "/fonts/han.ttf")])
    monkeypatch.setattr(
        fonts, "_signs", lambda p: frozenset(map(ord, "恢复期")) if p == "/fonts/han.ttf" else real(path)
    )
    yield
    fonts._needed.cache_clear()


def test_what_the_own_font_has_needs_no_other():
    assert fonts.needed("Größe ≥ 5 µg/L, α-Fetoprotein → Кровь") == {}
    assert fonts.without("a\u200bb\u00adc\ufe0f\n") == ""


def test_a_font_that_has_the_signs_is_found_and_what_none_has_is_named(chinese):
    assert list(fonts.needed("phase 恢复期")) == ["Han Sans"]
    assert fonts.without("恢复 " + UNKNOWN) == UNKNOWN


def test_a_case_with_a_text_that_no_font_has_is_refused_by_name_before_the_run():
    case = read_case("leng2020")
    first, *rest = case.meta.phases
    labelled = first.model_copy(update={"label": UNKNOWN})
    case = dataclasses.replace(case, meta=case.meta.model_copy(update={"phases": (labelled, *rest)}))
    with pytest.raises(BadInput, match=r"leng2020/case.yaml, phases: .* none has .*fonts-noto-cjk"):
        fonts_of(case)


def test_a_case_of_common_letters_looks_at_no_font(monkeypatch):
    monkeypatch.setattr(fonts, "without", None)
    assert fonts_of(read_case("leng2020")) == {}


def test_a_figure_with_a_box_is_no_figure():
    canvas = Canvas(figsize=(6, 2))
    canvas.text(0.5, 0.5, UNKNOWN)
    figure = drawing.Figure("a", "a", "a", "a", "a", canvas, None)
    with warnings.catch_warnings(), pytest.raises(ValueError, match="no font for a text of a figure"):
        warnings.simplefilter("ignore")
        figure.png()
