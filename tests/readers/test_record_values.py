"""A flag of a record says the side that its laboratory means, whatever it is written with."""

import pytest

from casereport.readers.cells import ABSENT, read_value
from casereport.readers.record_values import flag_among, flag_of


@pytest.mark.parametrize(
    ("flag", "printed"),
    [
        ("L", "L l low ↓ ▼ (L) *L below"),
        ("H", "H h high ↑ ▲ (H) H* above"),
        ("LL", "LL ↓↓ critical-low very-low low-critical"),
        ("HH", "HH ↑↑ critical-high very-high high-critical"),
        ("N", "N normal within"),
        ("", "A * abnormal"),  # says no side
    ],
)
def test_a_flag_says_its_side(flag, printed):
    assert {text: flag_of(text.replace("-", " ")) for text in printed.split()} == dict.fromkeys(printed.split(), flag)


@pytest.mark.parametrize(
    ("word", "said"),
    [
        ("low", "L"), ("High", "H"), ("elevated", "H"), ("normal", "N"), ("WNL", "N"), ("(in range)", "N"),
        ("negative", ABSENT), ("Not detected.", ABSENT),
    ],
)  # fmt: skip
def test_a_word_in_place_of_a_number_says_its_side(word, said):
    value = read_value(word)
    assert value is not None and (value.text, value.interpretation) == ("", said)


@pytest.mark.parametrize(
    ("flags", "said"),
    [("A H", "H"), ("H A", "H"), ("A", ""), ("H HH", "HH"), ("H L", ""), ("N H", ""), ("U H", "H"), ("U", "U"),
     ("U D", ""), ("H >", ">"), ("", "")],
)  # fmt: skip
def test_of_several_flags_the_one_that_says_most_is_taken_and_none_where_two_contradict(flags, said):
    assert flag_among(flags.split()) == said
