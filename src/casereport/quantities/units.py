"""UCUM units and their conversion, analyte by analyte.

A unit fits an analyte only if the vocabulary lists it, with its factor: moles become grams through the molar mass of
that analyte alone, and D-dimer units are told apart by their annotation (FEU weighs about twice as much as DDU).
"""

import re
from collections.abc import Iterable
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


_SUPERSCRIPTS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻", "0123456789-")


def plain(unit: str) -> str:
    """A unit with its spelling taken off, for comparison: case, blanks, signs of a kind, how a power is written.

    `×10⁹/L`, `10^9 / l` and `10*9/L` are the same; so are `µg/ml` and `ug/mL`. What is the same here may still be two
    units (`mg` and `Mg`), so this only finds what is likely meant.
    """
    text = unit.translate(_SUPERSCRIPTS).lower().replace("μ", "u").replace("µ", "u").replace("mcg", "ug")
    text = re.sub(r"[\s{}\[\]()_]", "", text)
    text = re.sub(r"^[x×*]?10[\^*e]*(?=\d)", "10*", text)
    return text.replace("litre", "l").replace("liter", "l").replace("per", "/").replace("°c", "cel").replace("℃", "cel")


def unit_fix(unit: str, fitting: Iterable[str]) -> str:
    """The unit of `fitting` that `unit` is another spelling of; an empty text where none or more than one is."""
    same = [u for u in fitting if plain(u) == plain(unit) or plain(shown(u)) == plain(unit)]
    return same[0] if unit and len(same) == 1 else ""


# What a reader of a report expects to see for a UCUM code that is hard on the eye, and no rule below gives.
_SHOWN = {
    "mm[Hg]": "mmHg", "cm[H2O]": "cmH₂O", "mL/cm[H2O]": "mL/cmH₂O", "Cel": "°C", "[degF]": "°F",
    "meq/L": "mEq/L", "mosm/kg": "mOsm/kg", "[in_i]": "in", "[in_us]": "in (US survey)", "[lb_av]": "lb",
    "[pH]": "", "{score}": "", "{count}": "", "1": "",  # a number without a unit: pH 7.36, 3 seizures, INR 2.5
}  # fmt: skip
_RAISED = str.maketrans("0123456789-", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻")


def shown(unit: str) -> str:
    """The unit as a physician writes it: `10*9/L` as ×10⁹/L, `ug/mL{FEU}` as µg/mL FEU, `{beats}/min` as beats/min."""
    if unit in _SHOWN:
        return _SHOWN[unit]
    text = re.sub(r"10\*(\d+)", lambda power: "×10" + power[1].translate(_RAISED), unit)
    text = re.sub(r"\bu(?=[a-zA-Z\[])", "µ", text)
    text = re.sub(r"\[i?[uU]\]|\[IU\]", "IU", text)
    text = re.sub(r"(?<=[^/ ])\{", " ", text).replace("{", "").replace("}", "").replace("_", " ")
    return re.sub(r"(?<=m)([23])\b", lambda power: power[1].translate(_RAISED), text)


def behind(unit: str) -> str:
    """The unit as it stands behind a number: ` mg/L` after a blank, `/min` and a ratio's nothing without one."""
    text = shown(unit)
    return text if not text or text.startswith("/") else f" {text}"
