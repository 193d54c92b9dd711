"""The results of many cases as one Parquet dataset: a folder for each table, with a file for each partition.

The tables are those of a report with the patient before them, and a table of the patients themselves.
"""

from collections.abc import Iterable
from pathlib import Path

import pandas as pd

from casereport.analysis.column_kinds import Column
from casereport.analysis.table_columns import columns_of, typed
from casereport.audit.verdicts import VERDICTS
from casereport.files.whole import write_whole

COUNTS = [v.replace(" ", "_") for v in VERDICTS]
OF_PATIENTS = "patients"
PATIENT = Column("text", "id of the patient, as the cohort has it")
PATIENTS = {
    "patient": PATIENT,
    "case": Column("text", "name of the patient's case and report"),
    "simulated": Column("yes/no", "True where any of its rows is simulated"),
    "sex": Column("text", "female, male, or empty where it is not known"),
    "outcome": Column("text", "how it ended, as the source tells it; empty where it does not"),
    "measurements": Column("whole", "rows of observations"),
    "analytes": Column("whole", "analytes measured"),
    "first_day": Column("number", "first study day that is known exactly", "d"),
    "last_day": Column("number", "last study day that is known exactly", "d"),
    "phases": Column("whole", "phases"),
    "better": Column("whole", "changes under this heading"),
    "worse": Column("whole", "changes under this heading"),
    "remarks": Column("whole", "rows of consistency"),
    **{count: Column("whole", "claims with this verdict") for count in COUNTS},
}
OF_CASES = ("phases", "observations", "changes", "effects", "consistency", "audit", "base_rates")
# what counts the rows of one case, or says of one value where it stands, says nothing beside other cases
_LEFT_OUT = {
    "observations": {"row", "source", "note", "lines"},
    "changes": {"before_row", "after_row", "robust"},
}
TABLES = {OF_PATIENTS: list(PATIENTS)} | {
    name: ["patient", *(c for c in columns_of(name) if c not in _LEFT_OUT.get(name, ()))] for name in OF_CASES
}

Tables = dict[str, pd.DataFrame]


def as_dataset(tables: Tables, names: Iterable[str] = TABLES) -> Tables:
    """The columns that the dataset has of these tables, each of its type; a table that is not there is empty."""
    found = {}
    for name in names:
        columns = TABLES[name]
        table = tables.get(name, pd.DataFrame(columns=columns, dtype=object))[columns].reset_index(drop=True)
        own = PATIENTS if name == OF_PATIENTS else {"patient": PATIENT}
        found[name] = typed(name, table.astype({column: what.dtype for column, what in own.items()}))
    return found


def write(tables: Tables, out: Path, name: str) -> None:
    """Writes `out`/results/<table>/<name>.parquet, each whole or not at all."""
    for table, rows in tables.items():
        folder = out / "results" / table
        folder.mkdir(parents=True, exist_ok=True)
        write_whole(folder / f"{name}.parquet", rows.to_parquet(index=False, compression="zstd"))


def read(
    out: Path, table: str, columns: list[str] | None = None, filters: list | None = None, most: int | None = None
) -> pd.DataFrame:
    """A table of the dataset under `out`; `columns` and `filters` are those of `pandas.read_parquet`.

    Empty where there is none. Where it has more than `most` rows, those of some of its files, evenly spread, and of
    one at least.
    """
    from pyarrow.parquet import read_metadata

    paths = sorted((out / "results" / table).glob("part-*.parquet"))
    if most is not None and (rows := sum(read_metadata(path).num_rows for path in paths)) > most:
        fit = max(1, len(paths) * most // rows)
        paths = paths[:: -(-len(paths) // fit)]
    if not paths:
        return as_dataset({})[table][columns or TABLES[table]]
    return pd.concat([pd.read_parquet(p, columns=columns, filters=filters) for p in paths], ignore_index=True)
