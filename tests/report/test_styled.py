"""A table as a clinician reads it: units as physicians write them, words as words, the same each time."""

import re
from pathlib import Path

import pandas as pd
from bs4 import BeautifulSoup

from casereport.report import pages
from casereport.report.sections import ENVIRONMENT
from casereport.report.styled import styled

TABLE = pd.DataFrame({"label": ["D-dimer, fibrinogen equivalent units"], "unit": ["ug/mL"], "dose_unit": ["10*6"]})


def test_only_units_are_written_as_units():
    html = styled(TABLE).to_html()
    assert ">µg/mL<" in html and ">×10⁶<" in html
    assert ">D-dimer, fibrinogen equivalent units<" in html


def test_words_stand_on_the_left_and_numbers_where_the_notebook_puts_them():
    table = pd.DataFrame({"finding": ["cough"], "day": [1.0], "number": [2], "serious": [True]})
    style = styled(table).set_uuid("x")
    assert all(f"#T_x .col{i} {{\n  text-align: left;\n}}" in style.to_html() for i in (0, 3))
    assert not any(f".col{i} {{" in style.to_html() for i in (1, 2))


def test_the_same_table_gives_the_same_bytes_and_another_one_other_ids():
    first, second = styled(TABLE).to_html(), styled(TABLE.copy()).to_html()
    assert first == second
    assert styled(TABLE.assign(unit="mg/L")).uuid != styled(TABLE).uuid


def test_what_is_printed_beside_what_was_understood_keeps_a_heading_of_its_own():
    html = styled(
        pd.DataFrame({"value_printed": ["10.2"], "unit_printed": ["10*3/uL"], "value": [1.0], "unit": ["g/L"]})
    )
    assert [">value printed<" in html.to_html(), ">value<" in html.to_html()] == [True, True]
    assert ">×10³/µL<" in html.to_html()


SIGNS = {
    "better": "●", "worse": "■", "rose": "▲", "fell": "▼", "supported": "✔", "contradicted": "✘",
    "partly supported": "◐", "reported only": "❝",
}  # fmt: skip


def test_a_word_of_judgement_has_the_same_sign_in_a_notebook_and_in_the_report():
    macros = ENVIRONMENT.get_template("macros.html.j2").module
    shown = styled(pd.DataFrame({"heading": [*SIGNS, "below", "above"], "value": 1.0})).to_html()
    for word, sign in SIGNS.items():
        kind = "verdict" if word in ("supported", "contradicted", "partly supported", "reported only") else "heading"
        printed = macros.verdict(word) if kind == "verdict" else macros.heading(word, word)
        assert BeautifulSoup(str(printed), "html.parser").text == f"{sign} {word}"
        assert f">{sign} {word}<" in shown
    assert ">↓ below<" in shown and ">↑ above<" in shown


def rgb(text: str) -> tuple[int, int, int]:
    return tuple(int(text[i : i + 2], 16) for i in (0, 2, 4))  # type: ignore[return-value]


def contrast(colour: str, ground: str) -> float:
    """The contrast of two colours as WCAG 2.2 defines it."""

    def luminance(of: str) -> float:
        parts = [part / 255 for part in rgb(of)]
        linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    lighter, darker = sorted(map(luminance, (colour, ground)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def test_better_is_blue_and_worse_is_orange_in_every_notebook_and_in_every_light():
    words = pd.DataFrame({"word": ["better", "supported", "yes", "worse", "contradicted", "gap"]})
    html = styled(words).to_html()
    colours = [re.search(rf"row{i}_col0[^{{}}]*{{\s*color: #(\w{{6}})", html)[1] for i in range(6)]
    assert [blue > red for red, _, blue in map(rgb, colours)] == [True] * 3 + [False] * 3
    # a notebook's page is white, and each second row of a table a light grey
    assert all(contrast(colour, ground) >= 4.5 for colour in colours for ground in ("ffffff", "f5f5f5"))
    css = (Path(pages.__file__).parent / "templates" / "page.css").read_text(encoding="utf-8")
    for of, words in (("better", "heading.better verdict.supported met.yes"), ("worse", "heading.worse met.gap flag")):
        assert all(re.search(rf"\.{word}{{[^}}]*color:var\(--{of}\)", css) for word in words.split())
        lights = [rgb(found) for found in re.findall(rf"--{of}:#(\w{{6}})", css)]
        assert len(lights) == 3 and all((blue > red) is (of == "better") for red, _, blue in lights)


def test_a_number_keeps_its_minus_and_what_is_true_is_yes():
    table = pd.DataFrame({"change": [-1234.5, -0.25], "count": [-3, 2], "same": [True, False], "known": [None, "x"]})
    cells = [cell.text for cell in BeautifulSoup(styled(table).to_html(), "html.parser").select("td")]
    assert cells == ["−1234", "−3", "yes", "—", "−0.25", "2", "no", "x"]


def test_a_text_of_a_case_is_text_in_a_cell_and_in_a_heading():
    hostile = "<script>window.ran=1</script>"
    page = BeautifulSoup(styled(pd.DataFrame({hostile: [hostile]})).to_html(), "html.parser")
    assert page.script is None
    assert [cell.get_text(strip=True) for cell in page.select("th, td")] == [hostile, hostile]
