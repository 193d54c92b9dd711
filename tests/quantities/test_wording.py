"""Numbers, days and changes in words, as figures, tables and prose have them: each held to what it has to say."""

import math

import pytest

from casereport.quantities.intervals import Interval, between, parse
from casereport.quantities.wording import (
    ORDERED,
    arrow,
    axis_name,
    capital,
    counted,
    counted_in,
    day_cell,
    day_text,
    figure_text,
    interval_text,
    listed,
    number_text,
    printed_text,
    range_text,
    ratio_text,
    share_text,
    significant,
    spoken,
    uncapital,
    with_other_clock,
)


@pytest.mark.parametrize(
    ("day", "in_words", "in_a_cell"),
    [
        ("4", "day 4", "4"), ("-2", "day −2", "−2"), ("5..8", "days 5 to 8", "5 to 8"),
        ("-7..-2", "days −7 to −2", "−7 to −2"), ("<0", "before day 0", "before day 0"),
        ("<=-1", "up to day −1", "up to day −1"), (">4", "after day 4", "after day 4"),
        (">=4", "from day 4", "from day 4"), ("", "day not reported", "?"),
    ],
)  # fmt: skip
def test_a_day_says_what_is_known_of_it(day, in_words, in_a_cell):
    assert (day_text(parse(day)), day_cell(parse(day))) == (in_words, in_a_cell)


@pytest.mark.parametrize(
    ("value", "floor", "unit", "in_words"),
    [
        ("105.5", 0, "mg/L", "105.5 mg/L"), ("<0.1", 0, "ng/mL", "below 0.1 ng/mL"),
        (">10", 0, "mg/L", "above 10 mg/L"), (">=10", 0, "mg/L", "at least 10 mg/L"),
        ("36.6..36.9", 0, "Cel", "36.6 to 36.9 °C"), ("-3.1", -math.inf, "mmol/L", "−3.1 mmol/L"),
        ("<=-2", -math.inf, "mmol/L", "at most −2 mmol/L"), (">-2", -math.inf, "mmol/L", "above −2 mmol/L"),
        ("-3..-1", -math.inf, "mmol/L", "−3 to −1 mmol/L"), ("19..22", 0, "/min", "19 to 22/min"),
    ],
)  # fmt: skip
def test_a_value_says_whether_its_ends_belong_to_it(value, floor, unit, in_words):
    assert interval_text(parse(value, floor), unit) == in_words


@pytest.mark.parametrize(
    ("reference", "unit", "in_words"),
    [
        (Interval(1.1, 3.2), "10*9/L", "1.1 to 3.2 ×10⁹/L"), (between(None, 3), "mg/L", "at most 3 mg/L"),
        (between(90, None), "mL/min", "at least 90 mL/min"), (parse("<3", 0), "mg/L", "below 3 mg/L"),
        (between(5.13123, 20.5248), "umol/L", "5.131 to 20.52 µmol/L"),  # 0.3 and 1.2 mg/dL of bilirubin
        (between(None, 12345), "U/L", "at most 12345 U/L"), (None, "mg/L", ""),
    ],
)  # fmt: skip
def test_a_reference_range_has_the_digits_that_a_laboratory_would_print(reference, unit, in_words):
    assert range_text(reference, unit) == in_words


@pytest.mark.parametrize(
    ("printed", "shown"),
    [
        ("105.50 mg/L", "105.50 mg/L"), ("37.0..38.5 Cel", "37.0 to 38.5 °C"), ("<0.10 ng/mL", "<0.10 ng/mL"),
        ("-3.1 mmol/L", "−3.1 mmol/L"), ("-3..-1 mmol/L", "−3 to −1 mmol/L"),
        ("4.91 10*9/L and 4.9 10*9/L", "4.91 ×10⁹/L or 4.9 ×10⁹/L"), ("19 /min", "19/min"),
    ],
)  # fmt: skip
def test_what_the_source_prints_keeps_its_digits(printed, shown):
    assert printed_text(printed) == shown


@pytest.mark.parametrize(
    ("x", "shown"),
    [
        (0.09624, "0.0962"), (1.814, "1.81"), (1.816, "1.82"), (1253.4, "1253"), (2.0, "2"), (0.5, "0.5"), (0, "0"),
        (-0.1234, "−0.123"), (1e-5, "0.00001"), (1e6, "1000000"), (math.inf, "∞"),
    ],
)  # fmt: skip
def test_a_computed_number_has_three_digits_that_count_and_no_exponent(x, shown):
    assert figure_text(x) == shown


@pytest.mark.parametrize(
    ("x", "shown"),
    [(0.834, "0.83"), (0, "0.00"), (1, "1.00"), (0.9976, "0.998"), (0.99996, "0.99996"), (0.0004, "0.0004")],
)
def test_a_share_is_never_rounded_to_none_or_all(x, shown):
    assert share_text(x) == shown


@pytest.mark.parametrize(
    ("x", "like", "shown"),
    [(37.0, "98.6", "37.0"), (10.55, "105.50", "10.550"), (0.56, "5", "0.56"), (-3.1, "-3.10", "−3.10"), (0, "7", "0")],
)
def test_a_converted_number_has_as_many_digits_as_the_printed_one(x, like, shown):
    assert significant(x, like) == shown


@pytest.mark.parametrize(
    ("low", "high", "in_words"),
    [
        (0.09624, 0.09624, "0.0962-fold"), (0.5, 2, "0.5 to 2-fold"), (1, math.inf, "at least 1-fold"),
        (0, math.inf, "not bounded"), (math.nan, 2, "not computable"),
    ],
)  # fmt: skip
def test_a_ratio_says_how_far_it_is_known(low, high, in_words):
    assert ratio_text(low, high) == in_words


def test_a_flag_says_the_side_that_hl7_gives_it():
    """HL7 table 0078: low, normal, high, beyond the panic limits, significantly up and down, better and worse."""
    sides = {code: words.partition(" ")[0] for code, words in ORDERED.items()}
    assert sides == {
        "L": "below", "N": "in", "H": "above", "LL": "critically", "HH": "critically", "U": "higher", "D": "lower",
        "B": "better", "W": "worse",
    }  # fmt: skip
    assert (ORDERED["LL"], ORDERED["HH"]) == ("critically low", "critically high")


def test_an_arrow_points_to_the_better_side():
    assert [arrow(side) for side in ("increase", "decrease", "")] == ["↑", "↓", "(↑)"]


def test_words_are_joined_counted_and_put_into_a_sentence():
    assert [listed(["a", "b", "c"][:n]) for n in range(4)] == ["", "a", "a and b", "a, b and c"]
    assert [counted(n, "value") for n in (0, 1, 3)] == ["no values", "1 value", "3 values"]
    assert counted(2, "analysis", "analyses") == "2 analyses"
    assert [capital(text) for text in ("interferon", "pH of arterial blood")] == ["Interferon", "pH of arterial blood"]
    assert [uncapital(label) for label in ("Interferon alpha", "RT-PCR", "X")] == ["interferon alpha", "RT-PCR", "X"]


def test_a_name_keeps_its_capital_inside_a_sentence():
    names = ("Xuebijing", "Glasgow coma score", "National Early Warning Score 2", "Prussian blue")
    assert [uncapital(name) for name in names] == [*names]
    assert spoken("Glasgow coma score, total") == "total Glasgow coma score"


@pytest.mark.parametrize(
    ("known", "printed", "told"),
    [
        (Interval.exact(3), "3.00 mmol/L", "3.00"), (parse("<0.1", 0), "<0.10 ng/mL", "<0.10"),
        (parse("36.6..37", 0), "36.6 to 37.0 °C", "36.6–37.0"), (Interval.exact(-3.1), "−3.10 mmol/L", "−3.10"),
        (parse("-3..-1"), "−3 to −1.0 mmol/L", "−3 to −1.0"),
        (Interval(564.4, 574), "574 µmol/L or 564.4 µmol/L", "564.4–574"), (parse(">=90"), ">=90 mL/min", "≥90"),
        (Interval.exact(98), "98 %", "98"), (Interval.exact(88), "88 beats/min", "88"),
        # converted from mg/dL
        (Interval.exact(21.812974557080057), "131 mg/dL", "21.8"), (Interval.exact(725.044), "8.2 mg/dL", "725"),
        (Interval(565.888, 574), "6.4 mg/dL or 574 µmol/L", "566–574"),
        # with the decimals of a program, and with as many as a source may print
        (Interval.exact(106.6797730199243), "106.6797730199243 kg", "106.7"),
        (Interval.exact(0.9816277197801062), "0.9816277197801062", "0.9816"),
        (Interval.exact(7.412345), "7.412345", "7.412345"),
        # in words, by a range that is converted
        (Interval(7.159983328, math.inf, True), "above the reference range", ">7.16"),
    ],
)  # fmt: skip
def test_a_number_has_the_digits_of_the_source_and_a_converted_one_as_many(known, printed, told):
    assert number_text(known, printed) == told


def hospital(day: Interval | None) -> str:
    """A clock of which day 0 is hospital day 4."""
    return f"hospital day {day.low + 4:g}" + (f" to {day.high + 4:g}" if day.high > day.low else "") if day else ""


@pytest.mark.parametrize(
    ("text", "in_both"),
    [
        ("kept falling from day 3 on; 7 (day 3), 5 (day 4)",
         "kept falling from day 3 (hospital day 7) on; 7 (day 3), 5 (day 4)"),
        ("in the text only (on day −2).", "in the text only (on day −2, hospital day 2)."),
        ("none on days 0 to 2;", "none on days 0 to 2 (hospital day 4 to 6);"),
        ("on day 10 after onset, which is day 1", "on day 10 after onset, which is day 1 (hospital day 5)"),
        ("on day 3, which is hospital day 7", "on day 3, which is hospital day 7"),
        ("by the third day", "by the third day"),
    ],
)  # fmt: skip
def test_the_first_day_of_a_sentence_is_told_by_the_clock_of_the_source_too(text, in_both):
    assert with_other_clock(text) == text  # a source without a clock of its own
    with counted_in("days", hospital):
        assert with_other_clock(text) == in_both
        assert with_other_clock("on day 3", beside="text, hospital day 7") == "on day 3"
        assert axis_name() == "study day (day 0 = hospital day 4)"
    assert axis_name() == "study day"


def test_a_dose_of_millions_is_read_as_that():
    assert interval_text(parse("5000000"), "[IU]") == "5 million IU"
    assert interval_text(parse("1234567"), "/mL") == "1234567/mL"
