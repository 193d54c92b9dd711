"""A study day as FHIR R4 tells a time that has no date: as the distance from an element of another resource.

The extension is cqf-relativeDateTime of R4 4.0.1 (target, targetPath, relationship, offset as Duration or Range). It
has a successor since the Extensions Pack 5.2.0, which R4 readers do not know. A bound keeps its sign in the comparator
of the offset: "<-8" is more than 8 days before.
"""

import re
from typing import Any, NamedTuple

URL = "http://hl7.org/fhir/StructureDefinition/cqf-relativeDateTime"
UCUM = "http://unitsofmeasure.org"
CODES = {"days": "d", "hours": "h"}
"""The UCUM code of each unit of time that a case may count in; sessions are no time."""
_NUMBER = re.compile(r"-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?", re.ASCII)
_SIGNED = re.compile(r"(<=|>=|<|>|)\s*(\S+)")
_MIRRORED = {"<": ">", "<=": ">=", ">": "<", ">=": "<=", "": ""}


class Digits(str):
    """A number as it is printed: JSON holds it with these digits and without quotes."""

    __slots__ = ()


class Told(NamedTuple):
    """What an element tells of its time: the day in the grammar of a case, and the UCUM code of its unit."""

    day: str
    unit: str


def digits(text: str) -> Digits:
    """A number of the case's grammar as JSON writes one, with the digits that it has; raises ValueError."""
    text = text.strip().removeprefix("+")
    if not _NUMBER.fullmatch(text):
        text = re.sub(r"^(-?)\.", r"\g<1>0.", re.sub(r"^(-?)0+(?=\d)", r"\1", text))
        text = re.sub(r"\.(?=$|[eE])", "", text)
    if not _NUMBER.fullmatch(text):
        raise ValueError(f"{text!r} is not a number")
    return Digits(text)


def quantity(sign: str, number: str, unit: str) -> dict[str, Any]:
    """A Quantity in a UCUM unit, its sign of comparison where it has one."""
    compared = {"comparator": sign} if sign else {}
    return {"value": digits(number), **compared, "unit": unit, "system": UCUM, "code": unit}


def as_offset(day: str, unit: str, target: str, path: str) -> dict[str, Any]:
    """The extension for a study day of the case's grammar (`-3`, `<0`, `2..3`), counted from `path` of `target`."""
    low, dots, high = day.partition("..")
    sign, number = _parted(low)
    if dots:
        ends = [number, high.strip()]
        before = all(float(end) < 0 for end in ends)
        if before:
            ends = [_turned(end) for end in reversed(ends)]
        said = {"valueRange": {"low": quantity("", ends[0], unit), "high": quantity("", ends[1], unit)}}
    else:
        zero = float(number) == 0
        # what lies wholly before day 0 is told so; `<1` does not, and stays on this side
        before = (float(number) < 0 and not sign.startswith(">")) or (zero and sign.startswith("<"))
        if before:
            sign, number = _MIRRORED[sign], _turned(number)
        said = {"valueDuration": quantity(sign, number, unit)}
    exact = not dots and not sign and float(number) == 0
    relationship = "before" if before else "concurrent" if exact else "after"
    parts: list[dict[str, Any]] = [
        {"url": "target", "valueReference": {"reference": target}},
        {"url": "targetPath", "valueString": path},
        {"url": "relationship", "valueCode": relationship},
        {"url": "offset", **said},
    ]
    return {"url": URL, "extension": parts}


def day_told(element: object) -> Told | None:
    """The day that the extension of an element tells, as `as_offset` writes it; None where it tells none.

    Numbers may be texts with the digits of the file.
    """
    if not isinstance(element, dict):
        return None
    found = [e for e in element.get("extension") or () if isinstance(e, dict) and e.get("url") == URL]
    parts = {p.get("url"): p for e in found[:1] for p in e.get("extension") or () if isinstance(p, dict)}
    before = str(parts.get("relationship", {}).get("valueCode", "")).startswith("before")
    offset = parts.get("offset", {})
    try:
        if isinstance(span := offset.get("valueRange"), dict):
            ends = [str(span[end]["value"]) for end in ("low", "high")]
            units = {span[end].get("code") for end in ("low", "high")}
            if before:
                ends = [_turned(end) for end in reversed(ends)]
            return Told("..".join(ends), units.pop()) if len(units) == 1 else None
        if isinstance(one := offset.get("valueDuration"), dict):
            sign, number = str(one.get("comparator", "")), str(one["value"])
            if before:
                sign, number = _MIRRORED[sign], _turned(number)
            return Told(sign + number, str(one.get("code", "")))
    except (KeyError, TypeError, ValueError):
        return None
    return None


def _parted(text: str) -> tuple[str, str]:
    match = _SIGNED.fullmatch(text.strip())
    if match is None:
        raise ValueError(f"{text!r} is not a study day")
    return match[1], match[2]


def _turned(number: str) -> str:
    """A number on the other side of 0."""
    if float(number) == 0:
        return number
    return number[1:] if number.startswith("-") else f"-{number}"
