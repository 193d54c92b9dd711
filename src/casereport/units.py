"""UCUM units and their conversion, analyte by analyte.

A unit fits an analyte only if the vocabulary lists it, with its factor: moles become grams through the molar mass of
that analyte alone, and D-dimer units are told apart by their annotation (FEU weighs about twice as much as DDU).
"""

from fractions import Fraction
from typing import NamedTuple


class Conversion(NamedTuple):
    """canonical = value * factor + offset, exactly."""

    factor: Fraction
    offset: Fraction = Fraction(0)


def parse_other_units(text: str) -> dict[str, Conversion]:
    """The conversions in an `other_units` cell: `mg/dL:10; [degF]:5/9:-160/9`. Raises ValueError on anything else."""
    conversions = {}
    for entry in filter(None, (part.strip() for part in text.split(";"))):
        unit, *numbers = entry.split(":")
        if not 1 <= len(numbers) <= 2:
            raise ValueError(f"{entry!r} is not unit:factor or unit:factor:offset")
        conversion = Conversion(*(Fraction(n.strip()) for n in numbers))
        if conversion.factor <= 0:
            raise ValueError(f"{entry!r} has a factor that is not positive")
        conversions[unit.strip()] = conversion
    return conversions


# What a reader of a report expects to see for a UCUM code that is hard on the eye.
_SHOWN = {
    "10*9/L": "×10⁹/L",
    "10*12/L": "×10¹²/L",
    "10*6{cells}": "×10⁶ cells",
    "10*6{cells}/kg": "×10⁶ cells/kg",
    "umol/L": "µmol/L",
    "ug/mL{FEU}": "µg/mL FEU",
    "ug/mL{DDU}": "µg/mL DDU",
    "ug/mL": "µg/mL",
    "ug/L": "µg/L",
    "mm[Hg]": "mmHg",
    "Cel": "°C",
}


def shown(unit: str) -> str:
    """The unit as a physician writes it; a code without a customary form is shown as it is."""
    return _SHOWN.get(unit, unit)
