"""A panel of more numbers than can be told apart: they share one mark, and are told by their number and their ends.

Their table has each of them, and so have the data of the figure.
"""

from collections.abc import Sequence

from casereport.analysis.measurements import Measurement
from casereport.figures.runs import known_as
from casereport.quantities.wording import day_text, value_text

MOST = 60  # marks of 4 points side by side on the width of a phone, and some; beyond, nobody can point at one

ACROSS = 400  # points of a panel as wide as a page


def crowded(rows: Sequence[Measurement]) -> bool:
    """True where the rows of one analyte have more exact numbers than have room for a mark each."""
    return sum(known_as(m) == "exact" for m in rows) > MOST


def solid(rows: Sequence[Measurement]) -> bool:
    """True where there are more numbers than points across a page: their line is an area and would cover the rest."""
    return sum(known_as(m) == "exact" for m in rows) > ACROSS


def apart(rows: Sequence[Measurement]) -> list[Measurement]:
    """The rows that have a mark of their own."""
    return [m for m in rows if known_as(m) != "exact"] if crowded(rows) else list(rows)


def told(rows: Sequence[Measurement], together: bool) -> list[str]:
    """Each value with its day; exact numbers that stand `together` by how many they are, their least and greatest."""
    numbers = [m for m in rows if known_as(m) == "exact"] if together else []
    if not numbers:
        return [f"{day_text(m.when)} {value_text(m)}" for m in rows]
    low, high = (of(numbers, key=lambda m: m.known.low if m.known else 0.0) for of in (min, max))
    ends = f"{len(numbers)} numbers, {day_text(numbers[0].when)} to {day_text(numbers[-1].when)}"
    others = [m for m in rows if known_as(m) != "exact"]
    return [f"{ends}, from {value_text(low)} to {value_text(high)}", *told(others, together=False)]
