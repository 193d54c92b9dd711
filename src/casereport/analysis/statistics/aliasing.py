"""Which columns of a design give another: exact rank, in fractions, so that no tolerance decides it."""

from collections.abc import Sequence
from fractions import Fraction


def aliases(column: Sequence[int], others: Sequence[Sequence[int]]) -> list[int] | None:
    """The places in `others` of columns that, with a constant, give `column`; None if none do. All columns of 0 and 1.

    Columns that do so alone (the same, or its opposite) are all named, else one combination. An empty list: the column
    is itself constant.
    """
    if len(set(column)) <= 1:
        return []
    opposite = [1 - x for x in column]
    alone = [i for i, other in enumerate(others) if list(other) in (list(column), opposite)]
    if alone:
        return alone
    weights = _combination([[1] * len(column), *others], column)
    return None if weights is None else [i for i, weight in enumerate(weights[1:]) if weight]


def _combination(columns: Sequence[Sequence[int]], target: Sequence[int]) -> list[Fraction] | None:
    """Weights of `columns` that add up to `target`, by exact elimination; None where there are none."""
    rows = [[Fraction(column[i]) for column in columns] + [Fraction(y)] for i, y in enumerate(target)]
    pivots: list[int] = []
    for place in range(len(columns)):
        done = len(pivots)
        row = next((i for i in range(done, len(rows)) if rows[i][place]), None)
        if row is None:
            continue
        rows[done], rows[row] = rows[row], rows[done]
        rows[done] = [x / rows[done][place] for x in rows[done]]
        for i, other in enumerate(rows):
            if i != done and other[place]:
                rows[i] = [x - other[place] * y for x, y in zip(other, rows[done], strict=True)]
        pivots.append(place)
    if any(row[-1] for row in rows[len(pivots) :]):
        return None
    weights = dict(zip(pivots, rows, strict=False))
    return [weights[place][-1] if place in weights else Fraction(0) for place in range(len(columns))]
