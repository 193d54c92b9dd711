"""Conversions against values that are known from elsewhere."""

from fractions import Fraction
from itertools import combinations

import pytest

from casereport.quantities.intervals import Interval, parse
from casereport.quantities.units import parse_other_units, shown, unit_fix
from casereport.quantities.vocabulary_tables import project_vocabulary

ANALYTES = project_vocabulary().analytes


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


@pytest.mark.parametrize(
    ("code", "printed"),
    [
        ("Cel", "°C"), ("[degF]", "°F"), ("mm[Hg]", "mmHg"), ("cm[H2O]", "cmH₂O"), ("mL/cm[H2O]", "mL/cmH₂O"),
        ("[pH]", ""), ("1", ""), ("meq/L", "mEq/L"), ("mosm/kg", "mOsm/kg"), ("[in_i]", "in"), ("[lb_av]", "lb"),
        ("10*9/L", "×10⁹/L"), ("10*12/L", "×10¹²/L"), ("/mm3", "/mm³"), ("kg/m2", "kg/m²"), ("ug/mL{FEU}", "µg/mL FEU"),
        ("umol/L", "µmol/L"), ("/uL", "/µL"), ("uU/mL", "µU/mL"), ("mU/L", "mU/L"), ("mg/dL", "mg/dL"),
        ("[IU]/L", "IU/L"), ("[iU]", "IU"), ("{beats}/min", "beats/min"), ("mL/min/{1.73_m2}", "mL/min/1.73 m²"),
    ],
)  # fmt: skip
def test_a_unit_is_printed_as_a_physician_writes_it(code, printed):
    assert shown(code) == printed


@pytest.mark.parametrize("entry", ANALYTES.values(), ids=lambda a: a.id)
def test_no_two_units_of_an_analyte_are_printed_alike_unless_they_are_one(entry):
    units = {entry.unit: (1, 0)} | entry.conversions
    for one, other in combinations(units, 2):
        assert shown(one) != shown(other) or units[one] == units[other]


def test_a_spelling_that_may_be_two_units_is_mended_to_neither():
    assert unit_fix("MG", ["mg", "g"]) == "mg"
    assert unit_fix("MG", ["mg", "Mg"]) == ""  # a milligram or a tonne


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


# g/mol of what the amount of substance counts, from the atomic weights of IUPAC; mass per volume is the canonical unit
MOLAR = {
    "non_hdl": 386.65,
    "calcium": 40.078,
    "magnesium": 24.305,
    "phosphate": 30.973762,  # counted and weighed as phosphorus
    "urate": 168.112,  # C5H4N4O3
    "urea_nitrogen": 2 * 14.0067,  # two nitrogen atoms in a molecule of urea
    "cholesterol": 386.65,  # C27H46O
    "hdl": 386.65,
    "ldl": 386.65,
    "triglycerides": 885.4,  # triolein, C57H104O6
    "iron": 55.845,
    "tibc": 55.845,
    "vitamin_b12": 1355.37,
    "folate": 441.40,
    "vitamin_d3": 400.64,
    "free_t4": 776.87,
    "total_t4": 776.87,
    "total_t3": 650.97,
    "free_t3": 650.97,
    "cortisol": 362.46,
    "pth": 408 * 12.011 + 674 * 1.008 + 126 * 14.007 + 126 * 15.999 + 2 * 32.06,  # PTH 1-84, C408H674N126O126S2
}
# the same where the amount of substance is the canonical unit
MASS_TO_MOLES = {
    "ammonia": 17.031, "calcium_ionised": 40.078, "lactate": 90.078, "glucose": 180.156, "urea": 60.056,
    "calcium_corrected": 40.078,
}  # fmt: skip
GRAMS = {"mg/dL": 1e-2, "ug/dL": 1e-5, "ng/dL": 1e-8, "ng/mL": 1e-6, "pg/mL": 1e-9, "g/L": 1, "mg/L": 1e-3}
MOLES = {"mmol/L": 1e-3, "umol/L": 1e-6, "nmol/L": 1e-9, "pmol/L": 1e-12}


@pytest.mark.parametrize("analyte", MOLAR)
def test_moles_become_grams_by_the_molar_mass(analyte):
    entry = ANALYTES[analyte]
    for unit in MOLES.keys() & entry.conversions.keys():
        grams = MOLES[unit] * MOLAR[analyte]
        assert float(entry.conversions[unit].factor) == pytest.approx(grams / GRAMS[entry.unit], rel=2e-4)


@pytest.mark.parametrize("analyte", MASS_TO_MOLES)
def test_grams_become_moles_by_the_molar_mass(analyte):
    entry = ANALYTES[analyte]
    for unit in GRAMS.keys() & entry.conversions.keys():
        moles = GRAMS[unit] / MASS_TO_MOLES[analyte]
        assert float(entry.conversions[unit].factor) == pytest.approx(moles / MOLES[entry.unit], rel=2e-4)


def test_every_conversion_between_mass_and_amount_has_its_molar_mass_in_a_test():
    known = MOLAR.keys() | MASS_TO_MOLES.keys() | {"haemoglobin", "ferritin", "nt_probnp", "creatinine"}
    known |= {"bilirubin_total", "bilirubin_direct", "bilirubin_indirect"}  # 584.66 g/mol, above
    for entry in ANALYTES.values():
        units = {entry.unit, *entry.conversions}
        if units & MOLES.keys() and units & GRAMS.keys():
            assert entry.id in known, entry.id


PREFIXES = {
    "10*9/L": 1e9, "10*3/uL": 1e9, "10*3/mm3": 1e9, "10*6/L": 1e6, "/uL": 1e6, "/mm3": 1e6, "10*12/L": 1e12,
    "10*6/uL": 1e12, "10*6/mm3": 1e12, "g/L": 1, "g/dL": 10, "mg/mL": 1, "mg/dL": 1e-2, "mg/L": 1e-3, "ug/mL": 1e-3,
    "ug/dL": 1e-5, "ug/L": 1e-6, "ng/mL": 1e-6, "ng/L": 1e-9, "pg/mL": 1e-9, "ng/dL": 1e-8, "mmol/L": 1e-3,
    "umol/L": 1e-6, "nmol/L": 1e-9, "mL": 1e-3, "L": 1, "%": 1e-2, "1": 1, "mm[Hg]": 133.322, "kPa": 1000,
    "cm[H2O]": 98.0665, "mbar": 100, "U/L": 1, "ukat/L": 60, "nkat/L": 0.06, "mU/mL": 1, "kg": 1, "g": 1e-3,
}  # fmt: skip
SUBSTANCE = set(MOLES) | {"meq/L"}


@pytest.mark.parametrize("entry", ANALYTES.values(), ids=lambda a: a.id)
def test_a_conversion_within_a_dimension_is_that_of_the_units(entry):
    for unit, (factor, offset) in entry.conversions.items():
        same = (unit in SUBSTANCE) == (entry.unit in SUBSTANCE)
        if unit in PREFIXES and entry.unit in PREFIXES and same:
            assert float(factor) == pytest.approx(PREFIXES[unit] / PREFIXES[entry.unit], rel=2e-5)
            assert offset == 0
