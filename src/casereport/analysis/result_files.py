"""Results on disk: plain CSV files that any program reads, and that one notebook hands to the next."""

import math
import re
from pathlib import Path
from typing import Any

import pandas as pd

from casereport.analysis.table_columns import columns_of
from casereport.quantities import intervals

# A spreadsheet runs a cell that begins with one of these as a formula, in full width too. A case folder is somebody
# else's file.
_FORMULA = re.compile(r"'*(?:\s*[=+\-@\uff1d\uff0b\uff0d\uff20]|[\t\r\n])")
_NUMERIC = re.compile(r"[+-][\d.]")


def no_formula(text: str) -> str:
    """`text` as a cell that no spreadsheet runs: quoted where it would be, but for a number or an interval.

    >>> [no_formula(text) for text in ("=1+1", "-3..2", "-3-2", "fever")]
    ["'=1+1", '-3..2', "'-3-2", 'fever']
    """
    if not _FORMULA.match(text) or (_NUMERIC.match(text) and intervals.in_grammar(text)):
        return text
    return "'" + text


def plain_cell(value: object) -> str:
    """A value of a table as text: a missing one is empty, what belongs together has spaces between."""
    if isinstance(value, tuple):
        return " ".join(map(str, value))
    if value is None or (isinstance(value, float) and value != value):
        return ""
    if isinstance(value, float) and abs(value) != float("inf"):
        return intervals.number(value)
    return str(value)


def csv_text(table: pd.DataFrame) -> str:
    """The table as CSV: intervals in their grammar, missing as nothing, texts that would run as formulas quoted."""
    plain = pd.DataFrame({no_formula(str(c)): [_csv_cell(v) for v in table[c]] for c in table.columns}, dtype=object)
    return plain.to_csv(index=False, lineterminator="\n")


def _csv_cell(value: object) -> str:
    text = plain_cell(value)
    return no_formula(text) if isinstance(value, str | tuple) else text


def load_table(path: Path, name: str) -> pd.DataFrame:
    """The table `name` from its CSV file, each column of its type; what is not the project's as pandas takes it."""
    cells, columns = pd.read_csv(path, dtype=object, keep_default_na=False), columns_of(name)
    if not columns or not set(columns) <= set(cells.columns):
        return _others(path)
    own = [column for column in cells.columns if column not in columns]
    found: dict[str, Any] = dict.fromkeys(cells.columns)
    found |= dict(_others(path, own).items()) if own else {}
    for column, what in columns.items():
        texts = cells[column].to_list()
        if what.kind == "text":
            found[column] = [as_written(text) for text in texts]
        elif what.kind == "yes/no":
            found[column] = [text == "True" for text in texts]
        else:
            found[column] = [float(text) if text else math.nan for text in texts]
    types = {column: what.dtype for column, what in columns.items()}
    return pd.DataFrame(found).astype(types)


def _others(path: Path, columns: list[str] | None = None) -> pd.DataFrame:
    """Columns that are not the project's, as pandas takes them, without the quotes of `no_formula`."""
    found = pd.read_csv(path, usecols=columns).rename(columns=as_written)
    return found.map(lambda cell: as_written(cell) if isinstance(cell, str) else cell)


def as_written(text: str) -> str:
    """A text without the quote that `no_formula` has put before it.

    >>> as_written(no_formula("=1+1")), as_written("'til")
    ('=1+1', "'til")
    """
    return text[1:] if text.startswith("'") and no_formula(text[1:]) == text else text
