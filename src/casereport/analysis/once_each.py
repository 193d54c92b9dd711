"""Words for many rows: each function is asked once for each distinct row."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd


def once_each(function: Callable[..., Any], *columns: Any) -> np.ndarray:
    """What the function says of each row of the columns."""
    if len(columns) == 1:
        codes, distinct = pd.factorize(np.asarray(columns[0], dtype=object))
        rows = [(one,) for one in distinct]
    else:
        codes, rows = pd.factorize(pd.MultiIndex.from_arrays(columns))
    return np.array([function(*row) for row in rows], dtype=object)[codes]
