"""The value, the flag and the number of one result, in the grammar of a case."""

import re
from collections.abc import Iterable
from decimal import Decimal

from casereport.quantities.intervals import parse
from casereport.readers.cells import IN_WORDS, NotTaken, Value, may_be_thousands, number_text, read_value

_NUMBER = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d{1,2})?")
_SIGNED = re.compile(r"\s*(<=|>=|<|>|)\s*(\S+)\s*")
_FLAGS = {
    **{code: code for code in ("LL", "L", "N", "H", "HH", "U", "D", "B", "W")},
    "LOW": "L", "HIGH": "H", "NORMAL": "N", "↓": "L", "↑": "H", "▼": "L", "▲": "H", "↓↓": "LL", "↑↑": "HH",
    "CRITICAL LOW": "LL", "CRITICAL HIGH": "HH", "LOW CRITICAL": "LL", "HIGH CRITICAL": "HH",
    "VERY LOW": "LL", "VERY HIGH": "HH", "BELOW": "L", "ABOVE": "H", "WITHIN": "N",
}  # fmt: skip


def number_of(text: str) -> str:
    """A number as programs write it (`1.5e3`), in plain digits and with those that it has; raises NotTaken."""
    text = text.strip()
    if not _NUMBER.fullmatch(text):
        raise NotTaken(IN_WORDS)
    number = Decimal(text)
    plain = f"{number:f}".removesuffix(".")
    return plain if number else plain.lstrip("+-")


def plain_number(text: str) -> str:
    """A number as `number_of` has it; another text as it is."""
    return number_of(text) if _NUMBER.fullmatch(text.strip()) else text


def value_of(text: str, printed: bool, decimal: str) -> Value | None:
    """The value that a result gives, None where it gives none.

    `printed` is for what people wrote, with units, flags and decimal commas; what a program wrote is a number, with a
    sign of comparison or as a range `a..b`. Raises NotTaken with the reason.
    """
    if not text.strip():
        return None
    sign = _SIGNED.fullmatch(text)
    if sign and _NUMBER.fullmatch(sign[2]):
        if not printed or "e" in sign[2].lower():
            return Value(sign[1] + number_of(sign[2]))
        number = number_of(number_text(sign[2], decimal))
        return Value(sign[1] + number, point=not decimal and may_be_thousands(sign[2]))
    if printed:
        value = read_value(text, decimal)
        if value is not None and not value.text:
            raise NotTaken(IN_WORDS)
        return value
    low, dots, high = text.partition("..")
    if not dots:
        raise NotTaken(IN_WORDS)
    value = Value(f"{number_of(low)}..{number_of(high)}")
    parse(value.text)
    return value


def flag_among(flags: Iterable[str]) -> str:
    """The one of several flags of a result that says most: that its number is a limit, else its side, else its change;
    empty where none says any, or two contradict each other."""
    there = list(flags)
    if limit := next((flag for flag in there if flag in ("<", ">")), ""):
        return limit
    known = {flag_of(flag) for flag in there} - {""}
    sides = known & {"LL", "L", "N", "H", "HH"} or known
    return max(sides, key=len) if len({side[0] for side in sides}) == 1 else ""


def flag_of(text: str) -> str:
    """The interpretation that a flag states; an empty text for what says no side, such as `A` or `*`."""
    return _FLAGS.get(" ".join(text.upper().strip(" *()").split()), "")
