"""A row of observations.csv, understood: its value in the canonical unit, and the reference range that goes with it."""

import math
from fractions import Fraction

from casereport import intervals
from casereport.intervals import parse
from casereport.problems import Problem, name_fix
from casereport.tables import Row, Table
from casereport.units import Conversion, unit_fix
from casereport.vocabulary import Analyte, Vocabulary

PARSED = ("when", "known", "numeric", "ref_from", "ref_to", "ref_origin")


class _CellError(Exception):
    def __init__(self, column: str, expected: str, fix: str = "") -> None:
        self.column, self.expected, self.fix = column, expected, fix


def finish_observations(table: Table, file: str, vocabulary: Vocabulary, sex: str | None) -> list[Problem]:
    """Adds the columns PARSED to each row that is right; returns what is wrong in the others."""
    problems: list[Problem] = []
    for line, row in table.items():
        analyte = vocabulary.analytes.get(row["analyte"])
        row |= dict.fromkeys(PARSED)
        row["when"] = parse(row["day"])
        if analyte is None:
            expected = vocabulary.unknown_analyte(row["analyte"])
            fix = name_fix(row["analyte"], vocabulary.analytes)
            problems.append(Problem(file, line, "analyte", row["analyte"], expected, fix))
        elif not row["value"] and not row["interpretation"]:
            expected = "a value, or an interpretation where the source gives none"
            problems.append(Problem(file, line, "value", "", expected))
        else:
            try:
                row |= _understood(row, analyte, sex)
            except _CellError as error:
                problems.append(Problem(file, line, error.column, row[error.column], error.expected, error.fix))
    return problems


def _understood(row: Row, analyte: Analyte, sex: str | None) -> Row:
    convert = _conversion(row, analyte)
    # "<0" of a quantity that cannot be negative leaves nothing, which only shows once the analyte is known
    try:
        value = parse(row["value"], analyte.floor)
    except ValueError as error:
        raise _CellError("value", str(error)) from None
    if value and value.low < analyte.floor:
        raise _CellError("value", f"not below {analyte.floor:g}: {analyte.id} cannot be negative")
    known = value.rescaled(*convert) if value else None
    limits = []
    for column in ("ref_low", "ref_high"):
        limit = parse(row[column])
        if limit and not limit.is_exact:
            raise _CellError(column, "a plain number or nothing")
        limits.append(limit.rescaled(*convert).low if limit else None)
    origin = "source" if any(limit is not None for limit in limits) else ""
    if not origin:
        limits = list(analyte.reference_for(sex))
        origin = "default" if any(limit is not None for limit in limits) else ""
    low, high = limits
    if low is not None and high is not None and low > high:
        raise _CellError("ref_low", f"not above ref_high ({row['ref_high']})")
    if known is None:
        known = intervals.from_interpretation(row["interpretation"], low, high, analyte.floor)
    return {
        "known": known,
        "numeric": value is not None,
        "ref_from": math.nan if low is None else low,
        "ref_to": math.nan if high is None else high,
        "ref_origin": origin,
    }


def _conversion(row: Row, analyte: Analyte) -> Conversion:
    unit = row["unit"]
    if unit == analyte.unit or (not unit and not row["value"] and not row["ref_low"] and not row["ref_high"]):
        return Conversion(Fraction(1))
    if unit in analyte.conversions:
        return analyte.conversions[unit]
    fitting = [analyte.unit, *analyte.conversions]
    raise _CellError("unit", f"a unit of {analyte.id}: {', '.join(fitting)}", unit_fix(unit, fitting))
