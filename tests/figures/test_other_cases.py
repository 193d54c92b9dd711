"""Beside other cases each keeps its colour, what is words stays a box, and what is simulated is dashed."""

import pandas as pd
import pytest
from matplotlib.colors import to_hex
from sight import by_id, colour
from small import observations, of_case, seen

from casereport.figures import Figure, other_cases


def of(case: str, *rows: dict, simulated: bool = False, last_day: float | None = None) -> pd.DataFrame:
    return observations(*rows).assign(case=case, simulated=simulated, last_day=last_day)


def drawn() -> Figure:
    mine = of("mine", seen("-1", "100"), seen("2", "40"), seen(">4", "0..3", code="N"), last_day=12)
    other = of("other", seen("0", "50"), seen("3", "20"), seen("1", "1.5", analyte="lymphocytes"))
    made = of("made", seen("1", "30"), seen("2", "10..20"), simulated=True)
    return other_cases(pd.concat([other, mine, made], ignore_index=True), "mine")


def test_each_analyte_has_its_panel_and_each_case_its_colour_in_all():
    lymphocytes, crp = drawn().canvas.axes
    assert (lymphocytes.get_title("left"), crp.get_title("left")) == ("LYMPHOCYTES", "CRP")
    first, second = by_id(lymphocytes, "value-2"), by_id(crp, "value-0")  # both of the other case
    assert colour(first) == colour(second) != colour(by_id(crp, "value-3"))
    assert (second.get_xdata()[0], second.get_ydata()[0]) == (0, 50)


def test_the_reported_case_is_heavier_and_the_simulated_dashed():
    crp = drawn().canvas.axes[1]
    lines = {colour(x): x for x in crp.lines if len(x.get_xdata()) > 1 and to_hex(x.get_color()) != "#1f2430"}
    mine, other, made = (lines[colour(by_id(crp, gid))] for gid in ("value-3", "value-0", "value-6"))
    assert (mine.get_linewidth(), other.get_linewidth()) == (1.9, 1.1)
    assert (mine.get_linestyle(), made.get_linestyle()) == ("-", "--")


def test_words_are_a_hatched_box_up_to_the_last_day_of_their_case_and_a_range_an_empty_one():
    crp = drawn().canvas.axes[1]
    words, numbers = by_id(crp, "value-5"), by_id(crp, "value-7")
    assert (words.get_x(), words.get_x() + words.get_width()) == (4, 12)
    assert (words.get_y(), words.get_y() + words.get_height()) == (0, 3)
    assert (words.get_hatch(), numbers.get_hatch()) == ("////", None)
    assert (numbers.get_y(), numbers.get_y() + numbers.get_height()) == (10, 20)


def test_the_words_say_first_and_last_of_each_case():
    figure = drawn()
    assert "CRP. other: 2 values, from 50 mg/L on day 0 to 20 mg/L on day 3; mine: 3 values, from 100" in figure.alt
    assert "made (simulated): 2 values" in figure.alt
    assert "LYMPHOCYTES. other: 1 value, 1.5 mg/L on day 1; mine: none; made (simulated): none." in figure.alt
    assert figure.points["value-0"] == "other, day 0: 50 mg/L; measured, Table 1"


def test_the_bundled_cases_are_all_there():
    t = of_case("peng2020")
    figure = other_cases(t["series"], "peng2020")
    names = [text.get_text() for text in figure.canvas.legends[0].get_texts()]
    assert sorted(names) == ["leng2020", "liang2020", "peng2020", "simulated-cp-msc (simulated)"]


def test_without_a_value_of_either_analyte_there_is_no_figure():
    with pytest.raises(ValueError, match="lymphocytes or crp"):
        other_cases(of("mine", seen("1", "5", analyte="alt")), "mine")
