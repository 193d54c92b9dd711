"""One cell of a row of which the analyte is known: its value in a unit of the vocabulary, or the reason why not."""

import re
from typing import NamedTuple

from casereport.quantities.intervals import Interval
from casereport.quantities.vocabulary import Analyte
from casereport.readers.analyte_names import ranges_in
from casereport.readers.cells import (
    ABSENT,
    IN_WORDS,
    WHICH_POINT,
    NotTaken,
    Value,
    number_text,
    read_grade,
    read_titre,
    read_value,
)
from casereport.readers.synonyms import ONE, unit_of

# what a letter behind a number is, as a unit and as a flag
_OR_UNIT = {"L": "litres, or low", "H": "hours, or high"}


class Taken(NamedTuple):
    """A value that was understood, and its cell; `row` is the place of its name, `part` which of several of a cell."""

    where: str
    row: str
    day: str
    analyte: str
    value: str
    unit: str
    interpretation: str
    ref_low: str
    ref_high: str
    words: str = ""  # what is printed in place of a number
    note: str = ""
    part: str = ""


def value_of(printed: str, cell: Taken, units: list[str], analyte: Analyte, decimal: str) -> tuple[Taken, str] | None:
    """The value of a `cell` of which row and column are known, with the mark of a footnote; None for an empty one.

    `units` are those that the row prints. Raises ValueError with the reason where it is none.
    """
    if analyte.unit in ("{titer}", "{grade}") and printed.strip() not in ("", "-", "–", "—"):
        return _step(printed, cell, analyte), ""
    value = read_value(printed, decimal)
    if value is None:
        return None
    if not value.text:
        return _in_words(value.interpretation, cell._replace(words=printed), analyte), value.mark
    unit = _unit_of_cell(value, units, analyte, bool(cell.part))
    known = analyte.value(value.text)
    if value.point and known:
        check_point(value.text, known, unit, analyte)
    cell = cell._replace(value=value.text, unit=unit)
    if value.bracket:
        cell = _with_bracket(value, cell, units, analyte, decimal)
    return cell._replace(interpretation=flag_beside(printed, value, unit, analyte)), value.mark


def flag_beside(printed: str, value: Value, unit: str, analyte: Analyte) -> str:
    """The flag that a text has beside its number; none where the letter is the unit of the value: `0.4 L` in litres.

    Raises NotTaken where it may be either: a letter behind the number that is another unit of the analyte.
    """
    letter = value.interpretation
    if letter not in _OR_UNIT or not re.search(rf"[\d.]\s*\(?{letter}\b", printed, re.I):
        return letter
    if not any(_begins(one, letter) for one in (analyte.unit, *analyte.conversions)):
        return letter
    if not _begins(unit, letter):
        raise NotTaken(f"{letter} behind the number: {_OR_UNIT[letter]}? the unit of the row is {unit}")
    return ""


def _begins(unit: str, letter: str) -> bool:
    return unit.partition("/")[0].casefold() == letter.casefold()


def _step(printed: str, cell: Taken, analyte: Analyte) -> Taken:
    """A titre or a grade, of an analyte that is one; `negative` of a titre is no number."""
    if analyte.unit == "{grade}":
        text = read_grade(printed)
    else:
        said = read_value(printed) if re.fullmatch(r"\W*[A-Za-z].*", printed) else None
        if said is not None and not said.text:
            return _in_words(said.interpretation, cell._replace(words=printed, unit=""), analyte)
        text = read_titre(printed)
    analyte.value(text)
    plain = text == printed.strip()
    return cell._replace(value=text, unit=analyte.unit, note="" if plain else f"Printed as {printed!r}.")


def _unit_of_cell(value: Value, units: list[str], analyte: Analyte, of_several: bool) -> str:
    """The unit of one value: that of the row, or what is printed behind the number if it agrees.

    The mapping file has no line for each analyte of a row `of_several`.
    """
    if not value.behind:
        if not units:
            way = "give each analyte a row of its own, with" if of_several else "say it in the mapping file:"
            raise NotTaken(f"its unit is not known; {way} {units_of(analyte)}")
        if len(units) > 1 and not value.bracket:
            raise NotTaken(f"the row prints {' and '.join(units)}; which is it? say it in the mapping file")
        return units[0]
    printed = unit_of(value.behind, analyte) or unit_of(value.behind + "/L", analyte)
    if printed is None or (units and not any(_same(printed, unit, analyte) for unit in units)):
        row = " or ".join(units) or "none printed"
        raise NotTaken(f"{value.behind!r} after the number is not the unit of the row ({row})")
    return printed


def _same(one: str, other: str, analyte: Analyte) -> bool:
    return analyte.conversions.get(one, ONE) == analyte.conversions.get(other, ONE)


def check_point(text: str, known: Interval, unit: str, analyte: Analyte) -> None:
    """Raises NotTaken where the point of 245.000 may part thousands; 1.234 is taken where 1234 cannot be."""
    low, high = analyte.plausible_low, analyte.plausible_high
    if text.endswith(".000") or ".000.." in text or low is None or high is None:
        raise NotTaken(WHICH_POINT)
    conversion = analyte.conversions.get(unit, ONE)
    read, thousands = (float(known.high * n * conversion.factor + conversion.offset) for n in (1, 1000))
    if not low <= read <= high or low <= thousands <= high:
        raise NotTaken(WHICH_POINT)


def _with_bracket(value: Value, cell: Taken, units: list[str], analyte: Analyte, decimal: str) -> Taken:
    """The cell with what the brackets behind its value say: its range, or the same value in another unit, which has to
    agree. Raises NotTaken where it does not, or where nothing says what it is.
    """
    inner = value.bracket
    found = ranges_in([inner], decimal)
    if len(found) == 1 and (not found[0][1] or _fits(found[0][1], cell.unit, analyte)):
        if (cell.ref_low or cell.ref_high) and found[0][0] != (cell.ref_low, cell.ref_high):
            raise NotTaken(f"the range {inner!r} in brackets is not that of the row")
        return cell._replace(ref_low=found[0][0][0], ref_high=found[0][0][1])
    match = re.fullmatch(r"\s*([<>≤≥]?\s*[+-]?\d[\d.,]*)\s*(.*)", inner)
    if not match:
        raise NotTaken(f"{inner!r} in brackets is not understood")
    second = number_text(match[1], decimal)
    if match[2] == "%" and not unit_of("%", analyte):  # a count and its share of all
        return cell._replace(note="; ".join(filter(None, (cell.note, f"{second} % in brackets"))))
    other = unit_of(match[2], analyte) if match[2] else next((u for u in units if not _same(u, cell.unit, analyte)), "")
    if not other:
        what = f"{match[2]!r} is no unit of {analyte.id}" if match[2] else "no second unit is printed"
        raise NotTaken(f"two numbers, {value.text} and {inner} in brackets, and {what}: which is it?")
    if not _agree(value.text, cell.unit, second, other, analyte):
        raise NotTaken(f"two numbers that disagree: {value.text} {cell.unit} and {second} {other}; look at the source")
    return cell


def _fits(printed: str, unit: str, analyte: Analyte) -> bool:
    other = unit_of(printed, analyte)
    return other is not None and _same(other, unit, analyte)


def _agree(one: str, unit: str, other: str, second: str, analyte: Analyte) -> bool:
    """True where two printed numbers are one value in two units, within what rounding, and a rounded factor, can do."""

    def bounds(text: str, of: str) -> tuple[float, float]:
        number = float(text.lstrip("<>=≤≥ "))
        half = 0.5 * 10 ** -len(text.partition(".")[2])
        conversion = analyte.conversions.get(of, ONE)
        factor, offset = float(conversion.factor), float(conversion.offset)
        slack = abs(number * factor) * 0.01
        return (number - half) * factor + offset - slack, (number + half) * factor + offset + slack

    if ".." in one or ".." in other:
        return False
    (low, high), (least, most) = bounds(one, unit), bounds(other, second)
    return low <= most and least <= high


def _in_words(said: str, taken: Taken, analyte: Analyte) -> Taken:
    """A result in words: `WNL`, or `not present` of what is bad only when there is more of it. Raises NotTaken."""
    if said == ABSENT and analyte.improvement != "decrease":
        raise NotTaken(IN_WORDS)
    limits = {} if taken.unit else {"ref_low": "", "ref_high": ""}  # of a unit that is not known
    return taken._replace(interpretation="N" if said == ABSENT else said, **limits)


def units_of(analyte: Analyte) -> str:
    """The units that an analyte can be in, for a message."""
    return " or ".join((analyte.unit, *analyte.conversions))
