"""The grammar of values and days, as properties."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casereport.quantities.intervals import (
    Interval,
    between,
    from_interpretation,
    hull,
    likely,
    order_of,
    parse,
    printed_half_unit,
)

# no value of a patient is nearer to zero than this, and zero has no sign
numbers = st.floats(allow_nan=False, allow_infinity=False, min_value=-1e9, max_value=1e9).map(
    lambda x: x if abs(x) > 1e-90 else 0.0
)


@st.composite
def intervals(draw):
    low, high = sorted((draw(numbers), draw(numbers)))
    if low == high:
        return Interval.exact(low)
    return Interval(low, high, draw(st.booleans()), draw(st.booleans()))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("12.5", Interval(12.5, 12.5)),
        ("-3", Interval(-3, -3)),
        ("+3", Interval(3, 3)),
        (".5", Interval(0.5, 0.5)),
        ("6e7", Interval(6e7, 6e7)),
        ("<0.10", Interval(0, 0.1, False, True)),
        ("<=90", Interval(0, 90)),
        (">90", Interval(90, math.inf, True, True)),
        (">= 90", Interval(90, math.inf, False, True)),
        ("36.6..36.9", Interval(36.6, 36.9)),
        (" 36.6 .. 36.9 ", Interval(36.6, 36.9)),
    ],
)
def test_a_concentration_is_read_as_written(text, expected):
    assert parse(text, floor=0.0) == expected


def test_a_day_below_zero_has_no_lower_end():
    assert parse("<0") == Interval(-math.inf, 0, True, True)


def test_nothing_is_read_from_an_empty_text():
    assert parse("  ") is None


@pytest.mark.parametrize(
    "text",
    [
        "1,2",
        "O.5",
        "1.2.3",
        "12 mg",
        "<",
        "..",
        "1..",
        "3..1",
        "<<1",
        "nan",
        "inf",
        "1e999",
        "٣",
        "5-6",
        "-",
        "1 2",
        "0x1",
    ],
)
def test_what_is_not_in_the_grammar_is_refused_with_the_text(text):
    with pytest.raises(ValueError, match=r"expected|backwards|large") as error:
        parse(text)
    assert repr(text) in str(error.value)


def test_below_the_smallest_possible_value_leaves_nothing():
    with pytest.raises(ValueError, match="leaves nothing"):
        parse("<0", floor=0.0)


@given(numbers)
def test_a_number_reads_back_as_itself(x):
    assert parse(str(Interval.exact(x))) == Interval.exact(x)


@given(st.text(max_size=12))
def test_any_text_is_read_or_refused_but_never_crashes(text):
    try:
        result = parse(text)
    except ValueError:
        return
    assert result is None or isinstance(result, Interval)


@given(numbers, numbers)
def test_a_range_reads_back_as_itself(a, b):
    low, high = sorted((a, b))
    assert parse(str(Interval(low, high))) == Interval(low, high)


@given(intervals(), intervals())
def test_two_intervals_are_never_both_below_and_above(a, b):
    assert not (a.certainly_below(b) and a.certainly_above(b))


@given(intervals(), intervals(), numbers, numbers)
def test_certainly_below_holds_for_every_pair_of_completions(a, b, x, y):
    if a.certainly_below(b) and x in a and y in b:
        assert x < y


@given(intervals(), intervals())
def test_intervals_overlap_unless_one_is_certainly_below(a, b):
    assert a.overlaps(b) == (not a.certainly_below(b) and not b.certainly_below(a))


@given(st.lists(intervals(), min_size=1, max_size=5))
def test_the_hull_holds_every_interval(items):
    assert all(item.within(hull(items)) for item in items)


@given(intervals(), intervals(), numbers)
def test_within_is_inclusion(a, b, x):
    if a.within(b) and x in a:
        assert x in b


def test_an_open_end_decides_a_touching_pair():
    assert parse("<1.1", 0).certainly_below(parse("1.1..3.2"))
    assert not parse("<=1.1", 0).certainly_below(parse("1.1..3.2"))


def test_a_backward_interval_cannot_be_made():
    with pytest.raises(ValueError, match="empty"):
        Interval(2, 1)
    with pytest.raises(ValueError, match="empty"):
        Interval(1, 1, True, False)


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("L", Interval(0, 1.1, False, True)),
        ("LL", Interval(0, 1.1, False, True)),
        ("N", Interval(1.1, 3.2)),
        ("H", Interval(3.2, math.inf, True, True)),
        ("HH", Interval(3.2, math.inf, True, True)),
        ("U", None),
        ("W", None),
    ],
)
def test_an_interpretation_bounds_the_value_by_the_reference_range(code, expected):
    assert from_interpretation(code, Interval(1.1, 3.2)) == expected


def test_days_sort_by_their_begin_with_what_is_open_just_beside_it():
    days = ["4", ">4", "", "0", "5", "-2", "3..9", "<0"]
    in_order = sorted(days, key=lambda day: order_of(parse(day)))
    assert in_order == ["-2", "<0", "0", "3..9", "4", ">4", "5", ""]


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("1,5", "1.5"), ("0,123", "0.123"), ("12,3456", "12.3456"), ("1,234", ""), ("1 234", "1234"), ("−3", "-3"),
        ("≤3", "<=3"), ("＞90", ">90"), ("5 to 7", "5..7"), ("36.6–36.9", "36.6..36.9"), ("O.5", "0.5"), ("1O", "10"),
        ("2020-01-31", ""), ("1,234,567", ""), ("12 mg", ""), ("12.5", ""),
    ],
)  # fmt: skip
def test_what_a_text_most_likely_means_is_offered_only_where_it_has_one_reading(text, meant):
    assert likely(text) == meant


def test_an_interpretation_without_a_limit_on_its_side_bounds_nothing():
    assert from_interpretation("L", between(None, 3.0)) is None
    assert from_interpretation("H", between(1.1, None)) is None
    assert from_interpretation("N", None) is None


@pytest.mark.parametrize(
    ("text", "half"), [("2.8", 0.05), ("2.80", 0.005), ("<0.10", 0.005), ("12", 0.5), ("6e7", 5e6)]
)
def test_what_rounding_to_print_may_hide(text, half):
    assert printed_half_unit(text) == pytest.approx(half)
