"""A cell that is merged over several: over headings and names it is of all of them, over values it is one value."""

from collections import defaultdict

from casereport.readers.columns import Columns
from casereport.readers.grids import Area, Sheet


def merged_values(sheet: Sheet, columns: Columns) -> dict[tuple[int, int], str]:
    """The places of a table that show a merged value, by row and column, and why none of them is taken.

    The reason is empty where the value is taken elsewhere: once, where the name and the day are merged as it is.
    """
    places: defaultdict[Area, list[tuple[int, int]]] = defaultdict(list)
    if sheet.merged:
        for at in range(columns.below, len(sheet.rows)):
            for column in columns.days:
                area = sheet.area(at, column)
                if area and sheet.rows[at][column] and sheet.rows[at][columns.label]:
                    places[area].append((at, column))
    found: dict[tuple[int, int], str] = {}
    for shown in places.values():
        names = {sheet.area(at, columns.label) or at: sheet.rows[at][columns.label] for at, _ in shown}
        days = {sheet.area(columns.top, i) or i: sheet.rows[columns.top][i] for _, i in shown}
        over = names if len(names) > 1 else days
        if len(over) > 1:
            why = f"one cell merged over {', '.join(map(repr, over.values()))}: of which is it? enter it there alone"
            found |= dict.fromkeys(shown, why)
        else:
            found |= dict.fromkeys(shown[1:], "")
    return found
