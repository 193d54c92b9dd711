"""What the heading of a column of values says of each of them: the specimen and the unit that they are in."""

import re

from casereport.quantities.vocabulary import Analyte
from casereport.readers.analyte_names import bare_unit
from casereport.readers.heading_row import above
from casereport.readers.rows import Table
from casereport.readers.specimens import fluid_of_column, is_arterial, of_veins
from casereport.readers.synonyms import ONE, unit_of
from casereport.readers.values import units_of

# C and K beside a day are groups sooner than units
_LIKE_A_UNIT = re.compile(r".*[/%].*|mm ?Hg|kPa|fL|pg|ms|°[CF]", re.I)


def of_another_specimen(column: int, analyte: Analyte, table: Table) -> str:
    """Why the values of a column are none of an analyte: its heading says another specimen; empty where it does not."""
    rows, columns = table.sheet.rows, table.columns
    heads = [above(rows, columns.top, column), *(row[column] for row in rows[columns.top : columns.below])]
    fluid = next(filter(None, map(fluid_of_column, heads)), "")
    if fluid and fluid not in analyte.label.lower():
        return f"of {fluid}: not of blood"
    if is_arterial(analyte.label) and any(map(of_veins, heads)):
        return f"of venous blood, and {analyte.id} is of arterial"
    return ""


def unit_of_column(column: int, units: list[str], analyte: Analyte, table: Table) -> tuple[list[str], str]:
    """The units of the values in a column, of which the row prints `units`, and why they are none of the analyte's:
    the heading says another one, such as `Day 1 (%)` over a count."""
    note = table.columns.notes.get(column, "")
    if not is_unit(note, table):
        return units, ""
    own = unit_of(note, analyte) or bare_unit([note], analyte)
    if not own:
        return units, f"its column is of {note}, which is no unit of {analyte.id} ({units_of(analyte)})"
    same = units and analyte.conversions.get(own, ONE) == analyte.conversions.get(units[0], ONE)
    return units or [own], "" if same or not units else f"its column is in {own}, and its row in {units[0]}"


def is_unit(note: str, table: Table) -> bool:
    """True for words beside a day that are a unit of any analyte."""
    return bool(_LIKE_A_UNIT.fullmatch(note)) and any(unit_of(note, a) for a in table.vocabulary.analytes.values())
