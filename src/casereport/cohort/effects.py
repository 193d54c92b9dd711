"""The effect table of a whole partition: every index of the notebooks' `effect_table` for every patient and phase."""

import numpy as np
import pandas as pd

from casereport.analysis.effect_tables import IN_TIME, effects_of
from casereport.analysis.judgement.improvement import direction_of_improvement
from casereport.analysis.judgement.many import POSITIONS
from casereport.analysis.once_each import once_each
from casereport.analysis.statistics.permutation import SEED
from casereport.analysis.table_columns import TABLES
from casereport.cohort.patient_series import Series


def effect_table(series: Series, confidence: float = 0.95, seed: int = SEED) -> pd.DataFrame:
    """The columns of the table `effects` after `patient`, in the order of the notebooks' table for each patient."""
    pairs = series.pairs
    if pairs.empty:
        return pairs.reindex(columns=["patient", *TABLES["effects"]])
    of_analyte = series.of_analytes(pairs["rank"].to_numpy(), ("id", "label", "short", "scale"))
    compared = pairs.rename(columns={"m": "n_before", "n": "n_after"}).assign(
        phase=series.phase(pairs["patient"], pairs["step"]),
        phase_before=series.phase(pairs["patient"], pairs["step"] - 1),
        analyte=of_analyte.pop("id"),
        **of_analyte,
        improvement=_improvements(series),
        **dict.fromkeys(IN_TIME, True),  # a day is a number, and has one value
        family=pairs.groupby(["patient", "step"]).ngroup(),
    )
    return effects_of(series.known, compared, confidence, seed)


def _improvements(series: Series) -> np.ndarray:
    """What is better in each pair of phases, by where its values lie, as `effect_tables.direction` for one."""
    pairs = series.pairs
    lies = np.zeros(len(pairs), dtype=np.int64)
    for code in range(len(POSITIONS)):
        before = np.concatenate([[0], np.cumsum(series.places == code)])
        for start, count in (("start_a", "m"), ("start_b", "n")):
            first = pairs[start].to_numpy()
            lies |= (before[first + pairs[count].to_numpy()] > before[first]).astype(np.int64) << code
    usual = series.of_analytes(pairs["rank"].to_numpy(), ("improvement", "two_sided"))
    return once_each(_better, lies, *usual.values())


def _better(lies: int, usual: str, two_sided: bool) -> str:
    return direction_of_improvement((p for code, p in enumerate(POSITIONS) if lies >> code & 1), usual, two_sided)
