"""A row of observations.csv, understood: its value in the canonical unit, and the reference range that goes with it."""

import math
import re
from fractions import Fraction

from casereport.case.rows import Observation
from casereport.errors import Problem
from casereport.files.tables import Row, Table
from casereport.quantities.intervals import Interval, from_interpretation, number, parse
from casereport.quantities.units import Conversion, unit_fix
from casereport.quantities.vocabulary import Analyte, Vocabulary

_DERIVED = "derived from "
_HINTS = 50
PARSED = ("when", "known", "numeric", "reference", "ref_origin")


class _CellError(Exception):
    def __init__(self, column: str, expected: str, fix: str = "") -> None:
        self.column, self.expected, self.fix = column, expected, fix


def finish_observations(table: Table, file: str, vocabulary: Vocabulary, group: str | None) -> list[Problem]:
    """Adds the columns PARSED to each row that is right; returns what is wrong in the others.

    `group` is whose default reference ranges are used (`Subject.reference_group`).
    """
    problems: list[Problem] = []
    unknown: dict[str, tuple[str, str]] = {}
    for line, row in table.items():
        analyte = vocabulary.analytes.get(row["analyte"])
        row |= dict.fromkeys(PARSED)
        row["when"] = parse(row["day"])
        if analyte is None:
            if row["analyte"] not in unknown:
                hint = len(unknown) < _HINTS  # to look for the nearest of many names takes a millisecond
                expected = vocabulary.unknown_analyte(row["analyte"]) if hint else "an analyte of analytes.csv"
                unknown[row["analyte"]] = expected, vocabulary.likely_analyte(row["analyte"]) if hint else ""
            problems.append(Problem(file, line, "analyte", row["analyte"], *unknown[row["analyte"]]))
        elif not row["value"] and not row["interpretation"]:
            expected = "a value, or an interpretation where the source gives none"
            problems.append(Problem(file, line, "value", "", expected))
        else:
            try:
                row |= _understood(row, analyte, group)
            except _CellError as error:
                problems.append(Problem(file, line, error.column, row[error.column], error.expected, error.fix))
    return problems


def with_ranges_printed_elsewhere(table: Table, vocabulary: Vocabulary, group: str | None) -> None:
    """Gives the rows without a range of their own the one that the source prints for the analyte, where it is just one.

    A text seldom repeats the range that its table has; the usual one would then judge the same value otherwise.
    """
    printed: dict[str, set[Interval]] = {}
    for row in table.values():
        if row["ref_origin"] == "source":
            printed.setdefault(row["analyte"], set()).add(row["reference"])
    for row in table.values():
        ranges = printed.get(row["analyte"], set())
        if row["ref_origin"] in ("", "default") and len(ranges) == 1:
            row |= _understood(row, vocabulary.analytes[row["analyte"]], group, *ranges)


def _understood(row: Row, analyte: Analyte, group: str | None, elsewhere: Interval | None = None) -> Row:
    """The columns PARSED but for the day; `elsewhere` is the range of the source that the row itself does not print."""
    convert = _conversion(row, analyte)
    # "<0" of a quantity that cannot be negative leaves nothing, which only shows once the analyte is known
    try:
        value = analyte.value(row["value"])
    except ValueError as error:
        raise _CellError("value", str(error)) from None
    known = value.rescaled(*convert) if value else None
    if known and analyte.ends:
        known = _on_scale(known, analyte.ends, analyte)
    printed = _printed_range(row)
    reference, origin = analyte.range_for(printed.rescaled(*convert) if printed else None, group)
    if elsewhere is not None:
        reference, origin = elsewhere, "elsewhere"
    if known is None:
        known = from_interpretation(row["interpretation"], reference, analyte.floor)
    return {
        "known": known,
        "numeric": value is not None,
        "reference": reference,
        "ref_origin": origin,
    }


def _on_scale(known: Interval, ends: Interval, analyte: Analyte) -> Interval:
    """A value within the ends of its scale: above 8 of 10 is from 8 to 10, and 11 of 10 is none."""
    beyond = [x for x in (known.low, known.high) if math.isfinite(x) and not ends.low <= x <= ends.high]
    if beyond or known.certainly_above(ends) or known.certainly_below(ends):
        raise _CellError("value", f"a value from {number(ends.low)} to {number(ends.high)}: the scale of {analyte.id}")
    low, high = max(known.low, ends.low), min(known.high, ends.high)
    return Interval(low, high, known.low_open and low == known.low, known.high_open and high == known.high)


def _printed_range(row: Row) -> Interval | None:
    """The range between the limits that the source prints, in its unit; `<3.0` and `>60` are limits outside of it."""
    low, high = parse(row["ref_low"]), parse(row["ref_high"])
    if low and not (low.is_exact or low.kind == "above"):
        raise _CellError("ref_low", "a plain number, one with > where the range begins above it, or nothing")
    if high and not (high.is_exact or high.kind == "below"):
        raise _CellError("ref_high", "a plain number, one with < where the range ends below it, or nothing")
    if low is None and high is None:
        return None
    start, end = low or Interval(-math.inf, 0), high or Interval(0, math.inf)
    try:
        return Interval(start.low, end.high, start.low_open, end.high_open)
    except ValueError:
        raise _CellError("ref_low", f"not above ref_high ({row['ref_high']})") from None


def _conversion(row: Row, analyte: Analyte) -> Conversion:
    unit = row["unit"]
    if unit == analyte.unit or (not unit and not row["value"] and not row["ref_low"] and not row["ref_high"]):
        return Conversion(Fraction(1))
    if unit in analyte.conversions:
        return analyte.conversions[unit]
    fitting = [analyte.unit, *analyte.conversions]
    raise _CellError("unit", f"a unit of {analyte.id}: {', '.join(fitting)}", unit_fix(unit, fitting))


def derived(table: Table, vocabulary: Vocabulary, group: str | None) -> Table:
    """PaO2/FiO2 for each day on which both are given once and the ratio is not, as rows after the end of the file.

    The ratio of two intervals is the interval of all ratios. A row says from which lines it was derived, and its
    evidence is `inferred`: nobody printed it.
    """
    ratio = vocabulary.analytes.get("pao2_fio2")
    if ratio is None:
        return {}
    by_day: dict[str, dict[str, list[int]]] = {}
    for line, row in table.items():
        if row["analyte"] in ("pao2", "fio2", "pao2_fio2") and row["known"] is not None:
            by_day.setdefault(row["day"], {}).setdefault(row["analyte"], []).append(line)
    found: Table = {}
    for day, lines in by_day.items():
        pairs = lines.get("pao2", []), lines.get("fio2", [])
        if "pao2_fio2" in lines or len(pairs[0]) != 1 or len(pairs[1]) != 1:
            continue
        oxygen, share = table[pairs[0][0]], table[pairs[1][0]]
        if not (oxygen["numeric"] and share["numeric"]) or share["known"].low <= 0 or math.isinf(oxygen["known"].high):
            continue
        low = 100 * oxygen["known"].low / share["known"].high
        high = 100 * oxygen["known"].high / share["known"].low
        ends = list(dict.fromkeys(number(round(end, 1)) for end in (low, high)))
        row = dict.fromkeys(oxygen, "") | {
            "day": day, "analyte": ratio.id, "value": "..".join(ends), "unit": ratio.unit, "evidence": "inferred",
            "phase": oxygen["phase"], "when": oxygen["when"],
            "source": f"{_DERIVED}PaO2 (line {pairs[0][0]}) and FiO2 (line {pairs[1][0]}) of the same day",
            "note": "Derived, not printed in the source.",
        }  # fmt: skip
        found[max(table) + len(found) + 1] = row | _understood(row, ratio, group)
    return found


def origin_lines(row: Observation) -> tuple[int, ...]:
    """The lines of observations.csv that a value was derived from; none for a value that stands there itself."""
    return tuple(map(int, re.findall(r"line (\d+)", row.source))) if row.source.startswith(_DERIVED) else ()
