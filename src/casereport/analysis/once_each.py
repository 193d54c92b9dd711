"""Words for many rows: each function is asked once for each distinct row."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd


def once_each(function: Callable[..., Any], *columns: Any) -> np.ndarray:
    """What the function says of each row of the columns."""
    codes, rows = distinct_rows(*columns)
    return np.array([function(*row) for row in rows], dtype=object)[codes]


def distinct_rows(*columns: Any) -> tuple[np.ndarray, list[tuple]]:
    """The number of each row among the distinct ones, and those, in the order in which they come first.

    pandas does the same by a tuple for each row, which takes many times as long.

    >>> codes, rows = distinct_rows(np.array(["mg/L", "g/L", "mg/L"]), np.array([2.0, 2.0, 2.0]))
    >>> codes.tolist(), rows
    ([0, 1, 0], [('mg/L', 2.0), ('g/L', 2.0)])
    """
    codes = np.zeros(len(columns[0]), dtype=np.int64)
    for column in columns:
        own, values = pd.factorize(column, use_na_sentinel=False)
        codes, there = pd.factorize(codes * max(1, len(values)) + own)
    first = np.empty(len(there), dtype=np.int64)
    first[codes[::-1]] = np.arange(len(codes))[::-1]
    cells = (pd.Series(column).iloc[first].to_numpy(dtype=object) for column in columns)
    return codes, list(zip(*cells, strict=True))
