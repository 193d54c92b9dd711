"""Conversions against values that are known from elsewhere."""

from fractions import Fraction

import pytest

from casereport.intervals import Interval, parse
from casereport.paths import DATA
from casereport.units import parse_other_units
from casereport.vocabulary import load_vocabulary

ANALYTES = load_vocabulary(DATA / "analytes.csv", DATA / "interventions.csv").analytes


def converted(analyte: str, value: str, unit: str) -> float:
    interval = parse(value).rescaled(*ANALYTES[analyte].conversions[unit])
    assert interval.is_exact
    return interval.low


@pytest.mark.parametrize(
    ("analyte", "value", "unit", "expected", "tolerance"),
    [
        ("crp", "1.5", "mg/dL", 15.0, 0),  # 10 dL in a litre
        ("lymphocytes", "940", "/uL", 0.94, 0),  # 10^6 uL in a litre
        ("haemoglobin", "14.5", "g/dL", 145.0, 0),
        ("albumin", "4.2", "g/dL", 42.0, 0),
        ("glucose", "100", "mg/dL", 5.551, 0.002),  # 180.156 g/mol: 100 mg/dL is 5.55 mmol/L
        ("creatinine", "1", "mg/dL", 88.42, 0.03),  # 113.12 g/mol
        ("bilirubin_total", "1", "mg/dL", 17.1, 0.01),  # 584.66 g/mol
        ("temperature", "98.6", "[degF]", 37.0, 1e-12),
        ("temperature", "212", "[degF]", 100.0, 1e-12),
    ],
)
def test_a_known_conversion(analyte, value, unit, expected, tolerance):
    assert converted(analyte, value, unit) == pytest.approx(expected, abs=tolerance)


def test_plain_d_dimer_fits_neither_kind():
    # one unit of FEU weighs about twice one of DDU, so a unit that does not say which is no unit of either
    for analyte in ("d_dimer", "d_dimer_ddu"):
        assert "ug/mL" not in ANALYTES[analyte].conversions
        assert ANALYTES[analyte].unit != "ug/mL"
    assert not any("DDU" in unit for unit in ANALYTES["d_dimer"].conversions)
    assert not any("FEU" in unit for unit in ANALYTES["d_dimer_ddu"].conversions)


def test_a_bound_keeps_its_open_end_when_converted():
    assert parse("<0.1", 0).rescaled(Fraction(10)) == Interval(0, 1.0, False, True)


def test_conversion_is_exact_in_decimals():
    # 0.1 * 3 in binary is 0.30000000000000004
    assert Interval.exact(0.1).rescaled(Fraction(3)) == Interval.exact(0.3)


@pytest.mark.parametrize("text", ["mg/dL", "mg/dL:", "mg/dL:x", "mg/dL:0", "mg/dL:-1", "mg/dL:1:2:3"])
def test_a_conversion_that_is_none_is_refused(text):
    with pytest.raises((ValueError, ZeroDivisionError)):
        parse_other_units(text)
