"""What is known of each analyte on each day: the table that every analysis and every figure starts from.

A publication may state one quantity twice, in a table and in the text. The two count once: where they agree to the
printed digits the more precise is used, and where they differ the value is known only to lie between them.
"""

from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

import pandas as pd

from casereport.case.case import Case
from casereport.case.phases import phase_column, windows
from casereport.case.settings import Settings
from casereport.case.statements import Statement, bounded, with_order
from casereport.quantities.intervals import Interval, hull, order_of, printed_half_unit
from casereport.quantities.vocabulary import GROUPS, Analyte, Vocabulary


def agree(first: str, second: str) -> bool:
    """True when two printed values in the same unit may be the same number, each rounded to its printed digits.

    `4.9` agrees with `4.91`, `105.5` with `105.50`; `97` does not agree with `98`. Bounds and ranges agree only
    when they are the same text.
    """
    try:
        a, b = float(first), float(second)
    except ValueError:
        return first == second
    return abs(a - b) <= max(printed_half_unit(first), printed_half_unit(second)) * (1 + 1e-9)


def sorted_analytes(ids: Iterable[str], vocabulary: Vocabulary) -> list[Analyte]:
    """The analytes in the order of a report: by group, then as the vocabulary has them."""
    wanted = set(ids)
    return sorted((a for a in vocabulary.analytes.values() if a.id in wanted), key=lambda a: GROUPS.index(a.group))


def measurements(case: Case, settings: Settings) -> pd.DataFrame:
    """One row for each analyte and day of the case, restricted to the analytes of `settings`.

    Columns: `analyte`, `when` (Interval of study days), `phase` (empty where not certain), `known` (Interval in the
    canonical unit, None where only an order is known), `numeric` (from a number, not from words),
    `interpretation`, `reference` (Interval in the canonical unit, or None), `ref_origin`, `printed` (value and unit of
    the source, or empty), `evidence`, `source`, `note`, `lines` (tuple of lines in observations.csv).
    """
    return _measurements(case, settings).copy(deep=False)


@lru_cache(maxsize=16)  # every figure of a case asks for the same table
def _measurements(case: Case, settings: Settings) -> pd.DataFrame:
    table = case.observations
    phases = phase_column(table, windows(case, settings), settings.infusion_day)
    wanted = set(settings.analyte_ids or case.vocabulary.analytes)
    groups: dict[tuple[str, str, str], list[dict]] = {}
    for line, row, phase in zip(table.index, table.to_dict("records"), phases, strict=True):
        if row["analyte"] in wanted:
            row |= {"line": int(line), "phase": phase}
            groups.setdefault((row["analyte"], str(row["when"]), phase), []).append(row)
    rank = {a.id: i for i, a in enumerate(sorted_analytes((key[0] for key in groups), case.vocabulary))}
    rows = [merged(group) for group in groups.values()]
    rows.sort(key=lambda row: (rank[row["analyte"]], order_of(row["when"]), row["lines"]))
    return pd.DataFrame(rows, columns=COLUMNS)


COLUMNS = [
    "analyte", "when", "phase", "known", "numeric", "interpretation", "reference", "ref_origin",
    "printed", "evidence", "source", "note", "lines",
]  # fmt: skip


def merged(group: list[dict]) -> dict[str, object]:
    """One row for what several rows state of one analyte, day and phase; rows are dicts of `Case.observations`."""
    numeric = [row for row in group if row["numeric"]]
    stated = numeric or group
    chosen = stated[0]
    for row in stated[1:]:
        same = numeric and row["unit"] == chosen["unit"] and agree(row["value"], chosen["value"])
        if same and printed_half_unit(row["value"]) < printed_half_unit(chosen["value"]):
            chosen = row
    others = [r for r in stated if r["unit"] != chosen["unit"] or not agree(r["value"], chosen["value"])]
    printed = dict.fromkeys(f"{r['value']} {r['unit']}" for r in [chosen, *others] if r["value"])
    kept = ("analyte", "when", "phase", "reference", "ref_origin", "evidence")
    return {key: chosen[key] for key in kept} | {
        "known": hull([chosen["known"], *(r["known"] for r in others)]) if numeric and others else chosen["known"],
        "numeric": bool(numeric),
        "interpretation": next((r["interpretation"] for r in group if r["interpretation"]), ""),
        "printed": " and ".join(printed),
        "source": "; ".join(dict.fromkeys(r["source"] for r in group)),
        "note": " ".join(dict.fromkeys(r["note"] for r in group if r["note"])),
        "lines": tuple(r["line"] for r in group),
    }


def comparable(table: pd.DataFrame) -> pd.DataFrame:
    """The rows of `measurements()` that enter a comparison: those with bounds, each piece of knowledge once."""
    entering = {label for _, mine in table.groupby("analyte", sort=False) for label in bounded(_statements(mine))}
    return table[pd.Series([label in entering for label in table.index], index=table.index, dtype=bool)]


class Pair(NamedTuple):
    """An analyte in a phase and in the phase before: the rows of `measurements()` that enter an index of pairs.

    Rows of which only the order is known have None as `known`. A fact of `order` is `(i, j)`: the i-th value lies
    below the j-th, counted from 0 through `before` and on through `after`.
    """

    phase_before: str
    phase: str
    analyte: Analyte
    before: pd.DataFrame
    after: pd.DataFrame
    order: list[tuple[int, int]]


def phase_pairs(case: Case, table: pd.DataFrame) -> Iterator[Pair]:
    """Every analyte with values in two phases that follow each other, by phase; `table` is from `measurements()`."""
    mine = {a.id: table[table["analyte"] == a.id] for a in sorted_analytes(table["analyte"], case.vocabulary)}
    entering = {a: with_order(_statements(mine[a]), case.vocabulary.analytes[a].improvement) for a in mine}
    for earlier, phase in pairwise(p.id for p in case.meta.phases):
        for analyte, (labels, facts) in entering.items():
            rows = mine[analyte].loc[labels]
            before, after = rows[rows["phase"] == earlier], rows[rows["phase"] == phase]
            if len(before) and len(after):
                at = {label: position for position, label in enumerate([*before.index, *after.index])}
                order = [(at[i], at[j]) for i, j in facts if i in at and j in at]
                yield Pair(earlier, phase, case.vocabulary.analytes[analyte], before, after, order)


def _statements(table: pd.DataFrame) -> list[Statement]:
    return list(map(Statement, *(table.index if c == "label" else table[c] for c in Statement._fields)))


def against_reference(known: Interval | None, reference: Interval | None) -> str:
    """Where a value certainly lies: `below`, `in` or `above` its reference range, else an empty text."""
    if known is None or reference is None:
        return ""
    if known.within(reference):
        return "in"
    if known.certainly_below(reference):
        return "below"
    return "above" if known.certainly_above(reference) else ""
