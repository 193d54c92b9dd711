"""What is printed in a cell, a heading and behind a name: what has one reading is taken, what has two is not."""

import datetime as dt

import pytest

from casereport.readers.cells import NotTaken, read_value
from casereport.readers.headings import UNIT_DAYS, as_day, from_elsewhere, read_date, read_moment, study_day
from casereport.readers.ranges import read_range

ZERO = dt.date(2020, 1, 31)


@pytest.mark.parametrize(
    ("printed", "value", "flag"),
    [
        ("12.5", "12.5", ""),
        ("<0.10", "<0.10", ""),
        ("≤ 0.10", "<=0.10", ""),
        ("=<0.10", "<=0.10", ""),
        ("=> 90", ">=90", ""),
        ("6.35↓", "6.35", "L"),
        ("105.5 H", "105.5", "H"),
        ("0.23*", "0.23", ""),
        ("36.6–36.9", "36.6..36.9", ""),
        ("1 234", "1234", ""),  # a thin space
        ("−3.1", "-3.1", ""),
        ("4.9 (L)", "4.9", "L"),
        ("105.5▲", "105.5", "H"),
        ("6.35 ▼", "6.35", "L"),
        ("▼6.35", "6.35", "L"),
        ("↑↑ 105.5", "105.5", "H"),
        ("7.9 HH", "7.9", "HH"),
        ("1.9 (LL)", "1.9", "LL"),
    ],
)
def test_a_printed_value_is_read(printed, value, flag):
    assert read_value(printed)[:2] == (value, flag)


@pytest.mark.parametrize("printed", ["", "-", "–", "NA", "n.d.", "ND", "not done"])
def test_a_sign_for_no_value_is_no_value(printed):
    assert read_value(printed) is None


@pytest.mark.parametrize("printed", ["3.2±0.1", "120/80", "positive", "12,3", "1,234", "3.1 3.2", "12.5.3", "?"])
def test_what_has_no_single_reading_is_not_taken(printed):
    with pytest.raises(NotTaken):
        read_value(printed)


@pytest.mark.parametrize(
    ("printed", "decimal", "value"),
    [
        ("12,3", "comma", "12.3"),
        ("1.234,5", "comma", "1234.5"),
        ("1,234", "point", "1234"),
        ("1,234.5", "point", "1234.5"),
    ],
)
def test_a_comma_is_read_only_as_told(printed, decimal, value):
    assert read_value(printed, decimal).text == value


def test_a_point_among_decimal_commas_that_parts_no_thousands_is_not_taken():
    with pytest.raises(NotTaken):
        read_value("12.5", "comma")


@pytest.mark.parametrize(
    ("printed", "limits"),
    [("3.5-9.5", ("3.5", "9.5")), ("<3.00", ("", "<3.00")), (">90", (">90", "")), ("≤3.00", ("", "3.00")),
     ("[0–0.10]", ("0", "0.10")), ("normal range: 3.5–9.5", ("3.5", "9.5")), ("mg/L", None),
     ("M: 57-97; F: 41-73", None)],
)  # fmt: skip
def test_a_reference_range_is_read(printed, limits):
    assert read_range(printed) == limits


@pytest.mark.parametrize(
    ("printed", "day"),
    [("Day 3", "3"), ("D+1", "1"), ("-7", "-7"), ("day −1", "-1"), ("Day 2-3", "2..3"), ("第3天", "3"), ("CRP", None),
     ("2020-01-31", None), ("day_3", "3"), ("1st day", "1"), ("Day 1 (admission)", "1"), ("Admission", None),
     ("12 H", None), ("norm_l", None), ("24 h", "1"), ("Hour 6", "0.25"), ("Week 2", "14"), ("0-6 h", "0..0.25"),
     ("90 min", "0.0625"), ("Admit (Day 1)", "1"), ("5 marks", None)],
)  # fmt: skip
def test_a_study_day_in_a_heading_is_read(printed, day):
    moment = read_moment(printed)
    assert (moment and as_day(moment.low, moment.high, UNIT_DAYS[moment.unit or "day"])) == day
    assert moment is None or not moment.clock


@pytest.mark.parametrize(("printed", "unit"), [("Month 3", "month"), ("Visit 2", "visit"), ("2011", "year")])
def test_a_time_of_no_fixed_length_keeps_its_unit(printed, unit):
    assert read_moment(printed).unit == unit and unit not in UNIT_DAYS


@pytest.mark.parametrize(
    "printed",
    ["Hospital day 3", "HD 3", "HD3", "ICU day 3", "POD 3", "Day 3 of illness", "day 3 after admission", "HD 3⁑"],
)
def test_a_day_that_is_counted_from_something_else_says_so(printed):
    assert read_moment(printed).low == 3
    assert read_moment(printed).clock == from_elsewhere(printed) != ""


@pytest.mark.parametrize(
    ("printed", "order", "day"),
    [("2020-02-03", "", 3), ("3 Feb 2020", "", 3), ("Feb 3", "", 3), ("03/02/2020", "dmy", 3), ("02/03/2020", "mdy", 3),
     ("2020年2月3日", "", 3), ("24-Jan", "", -7), ("2020-02-03 08:00", "", 3),
     ("03/02/20", "dmy", 3), ("3 Feb 2021", "", 369)],  # of a leap year
)  # fmt: skip
def test_a_date_becomes_a_study_day(printed, order, day):
    assert study_day(read_date(printed), ZERO, order) == day


def test_a_date_that_the_calendar_has_not_is_not_taken():
    with pytest.raises(NotTaken):
        study_day(read_date("2020-02-30"), ZERO, "")
