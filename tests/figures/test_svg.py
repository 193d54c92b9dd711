"""The SVG of a figure is written shortly: less of it, and the same picture."""

import io
import re
from xml.etree import ElementTree

import numpy as np
import pytest
import resvg_py
from PIL import Image
from small import of_case

from casereport import figures
from casereport.figures import drawing
from casereport.figures.svg import lean

LOOKS = re.compile(r"\.(k[0-9a-f]{8})\{([^}]*)\}")


@pytest.fixture(scope="module")
def written() -> list[tuple[str, str]]:
    """What matplotlib writes of figures of a case that have all kinds of marks, and what is made of it."""
    found = []

    def noted(text: str, name: str) -> str:
        found.append((text, lean(text, name)))
        return found[-1][1]

    t = of_case("liang2020")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(drawing, "lean", noted)
        for figure in [
            *figures.sensitivity(t["sensitivity"], t["repetitions"], t["phases"]),
            *figures.courses(t["observations"], t["phases"], t["interventions"], "All"),
            *figures.forest(t["effects"], t["phases"], 0.95),
        ]:
            assert figure.svg and figure.phone and figure.phone.svg
    return found


def grey(text: str) -> np.ndarray:
    data = bytes(resvg_py.svg_to_bytes(svg_string=text, dpi=100, background="#ffffff"))
    return np.asarray(Image.open(io.BytesIO(data)).convert("L"), dtype=float)


def test_the_picture_is_the_same(written):
    for before, after in written:
        first, second = grey(before), grey(after)
        assert first.shape == second.shape and first.std() > 10
        assert (np.abs(first - second) > 30).mean() < 0.003  # an edge that falls on the other side of a pixel


def test_less_than_two_thirds_of_it_are_written(written):
    assert 3 * sum(len(after) for _, after in written) < 2 * sum(len(before) for before, _ in written)


def test_the_same_name_is_the_same_look_in_every_figure_and_each_that_is_used_is_there(written):
    known: dict[str, str] = {}
    for _, after in written:
        ElementTree.fromstring(after)
        rules = dict(LOOKS.findall(after))
        assert set(re.findall(r'class="(k[^"]*)"', after)) == set(rules)
        for name, look in rules.items():
            assert known.setdefault(name, look) == look
    assert len(known) > 20


def test_what_a_text_says_is_left_as_it_is():
    said = '0.12345 id="x_1" x="0.12345" url(#a)</text>'
    text = f'<svg><style></style><g id="text_1"><text x="1.2345678" style="a">{said}</g></svg>'
    assert lean(text, "mine") == f'<svg><style></style><text x="1.23" style="a">{said}</svg>'
