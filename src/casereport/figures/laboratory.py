"""Laboratory values at a glance: analytes by organ system, study days across, in parts no larger than a page."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter

import pandas as pd

from casereport.quantities.wording import MINUS

ABOVE, BELOW, WITHIN, SAME, NOT_CERTAIN, NO_RANGE = "↑", "↓", "", "=", "?", "•"
_SIGNS = {"above": ABOVE, "below": BELOW, "in": WITHIN, "not certain": NOT_CERTAIN, "": NO_RANGE}
_TURNS = {"higher": ABOVE, "lower": BELOW, "same": SAME, "not certain": NOT_CERTAIN, "": NO_RANGE}
_STEPS = (1.0, 2.0, 3.0, 5.0, 7.0, 10.0)


@dataclass(frozen=True)
class HeatPart:
    """A part of the heat map, no larger than a page: `beyond` and `signs` for `seaborn.heatmap(beyond, annot=signs)`.

    Both have a row an analyte, below a row for the name of its organ system, and a column for `step` study days from
    each of `starts` on. `beyond` is NaN where nothing is known of the distance; `signs` say above, below, not certain.
    `change` and `turns` are the same of the second scale: how far a value lies from an earlier one, and on which side.
    """

    beyond: pd.DataFrame
    signs: pd.DataFrame
    change: pd.DataFrame
    turns: pd.DataFrame
    groups: tuple[int, ...]
    starts: tuple[float, ...]
    step: float

    @property
    def scales(self) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame, pd.DataFrame]:
        """Number and sign by the first scale, and by the second."""
        return self.beyond, self.signs, self.change, self.turns

    def table(self) -> pd.DataFrame:
        """What the part shows, one row a cell with a value: `analyte`, `day`, and by either scale number and sign."""
        rows = [
            (self.beyond.index[i], day, *(scale.iloc[i, j] for scale in self.scales))
            for i in range(len(self.beyond))
            for j, day in enumerate(self.starts)
            if i not in self.groups and self.signs.iloc[i, j] != " "
        ]
        return pd.DataFrame(rows, columns=["analyte", "day", "beyond", "sign", "change", "turn"])

    def in_columns(self, most: int) -> list["HeatPart"]:
        """The same in parts of so many columns at most, each with the analytes that have a value in it."""
        count = math.ceil(len(self.starts) / most)
        each = math.ceil(len(self.starts) / count)
        return [self._columns(slice(i, i + each)) for i in range(0, len(self.starts), each)]

    def _columns(self, which: slice) -> "HeatPart":
        beyond, signs, change, turns = (scale.iloc[:, which] for scale in self.scales)
        known = (signs.notna() & (signs != " ")).any(axis=1).to_list()
        keep, group = [], 0
        for i in range(len(known)):
            group = i if i in self.groups else group
            if known[i]:
                keep += [*([group] if group not in keep else []), i]
        groups = tuple(keep.index(i) for i in self.groups if i in keep)
        kept = beyond.iloc[keep], signs.iloc[keep], change.iloc[keep], turns.iloc[keep]
        return HeatPart(*kept, groups, self.starts[which], self.step)


def heat_parts(rows: pd.DataFrame, most_days: int = 42, most_rows: int = 32) -> list[HeatPart]:
    """The numbers of `observations` that have an exact day, in parts of so many analytes at most, by organ system.

    `rows` has a column `beyond` besides: how far the value lies outside its reference range, below 0 on the lower side;
    for the second scale also `change`, how far from an earlier value, and `turn`: higher, lower, same, not certain or
    empty.
    Where there are more than `most_days` days with a value, a column is a span of days, of which the value furthest
    outside its range is shown.
    """
    known = rows[rows["numeric"] & rows["day"].notna()]
    if known.empty:
        return []
    step, starts = _spans(sorted(known["day"].unique()), most_days)
    column = [max(s for s in starts if s <= day + 1e-9) for day in known["day"]]
    turn = known["turn"].map(_TURNS) if "turn" in known else NO_RANGE
    known = known.assign(column=column, sign=known["position"].map(_SIGNS), far=known["beyond"].abs().fillna(-1.0))
    known = known.assign(turn=turn, change=known.get("change", math.nan))
    # of one cell the value furthest outside; of equals the last
    known = known.sort_values("far", kind="stable").groupby(["analyte", "column"], sort=False).tail(1)
    order = list(dict.fromkeys(zip(rows["group"], rows["analyte"], rows["short"], strict=True)))
    order = [entry for entry in order if entry[1] in set(known["analyte"])]
    return [_part(known, chunk, tuple(starts), step) for chunk in _chunks(order, most_rows)]


def _spans(days: Sequence[float], most: int) -> tuple[float, list[float]]:
    """The days themselves, or the first days of spans of equal length, where there are too many of them."""
    if len(days) <= most:
        return 0.0, [float(day) for day in days]
    least = (days[-1] - days[0]) / most
    power = 10.0 ** math.floor(math.log10(least))
    step = next(s * power for s in (*_STEPS, 20.0) if s * power > least)
    first = math.floor(days[0] / step)
    taken = {math.floor(day / step + 1e-9) for day in days}
    return step, [i * step for i in range(first, max(taken) + 1) if i in taken]


def _chunks(order: Sequence[tuple[str, str, str]], most: int) -> list[list[tuple[str, str, str]]]:
    """Analytes in parts of so many, an organ system in one part wherever it fits into one."""
    found: list[list[tuple[str, str, str]]] = [[]]
    for group in dict.fromkeys(entry[0] for entry in order):
        mine = [entry for entry in order if entry[0] == group]
        if found[-1] and len(found[-1]) + len(mine) > most:
            found.append([])
        for i in range(0, len(mine), most):
            if i:
                found.append([])
            found[-1].extend(mine[i : i + most])
    return found


def _part(
    known: pd.DataFrame, chunk: Sequence[tuple[str, str, str]], starts: tuple[float, ...], step: float
) -> HeatPart:
    names: list[str] = []
    ids: list[str] = []
    groups: list[int] = []
    for group, mine in groupby(chunk, key=itemgetter(0)):
        groups.append(len(ids))
        names, ids = [*names, group], [*ids, f"group: {group}"]
        for _, analyte, short in mine:
            names, ids = [*names, short], [*ids, analyte]
    wide = known.set_index(["analyte", "column"])[["beyond", "sign", "change", "turn"]].unstack("column")
    columns = [f"{start:g}".replace("-", MINUS) for start in starts]
    scales = [wide[what].reindex(index=ids, columns=list(starts)) for what in ("beyond", "sign", "change", "turn")]
    for table in scales:
        table.index, table.columns = pd.Index(names, name="analyte"), pd.Index(columns, name="day")
    beyond, signs, change, turns = scales
    both = beyond.astype(float), signs.fillna(" "), change.astype(float), turns.fillna(" ")
    return HeatPart(*both, tuple(groups), starts, step)
