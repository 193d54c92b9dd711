"""The results of many cases as one Parquet dataset: a folder for each table, with a file for each partition.

The tables are those of the notebooks with the patient before them, whichever way they were made: by reports, by the
same functions on a case folder, or for all patients of a partition at once.
"""

import json
import math
import os
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd

from casereport.analysis import base_rates_of_claims as benchmarks
from casereport.analysis import changes as contrasts
from casereport.analysis.effect_tables import EFFECT_COLUMNS, effect_table
from casereport.analysis.measurements import measurements
from casereport.analysis.result_files import load_table, plain_cell
from casereport.audit import claims
from casereport.audit import findings as remarks
from casereport.audit.consistency import check_consistency
from casereport.audit.verdicts import VERDICTS
from casereport.case.description import ADULT
from casereport.case.settings import Settings
from casereport.cohort import case_folders as folders
from casereport.cohort import consistency_screen as screen
from casereport.cohort import effects as indices
from casereport.cohort.oxygenation_ratio import with_ratio
from casereport.cohort.patient_series import Series, series_of
from casereport.cohort.patients import Part, case_name
from casereport.cohort.phase_changes import change_table
from casereport.files.paths import as_given
from casereport.quantities.intervals import Interval, parse
from casereport.report.steps import open_analysis

COUNTS = [v.replace(" ", "_") for v in VERDICTS]
PATIENTS = [
    "patient", "case", "simulated", "measurements", "analytes", "first_day", "last_day", "phases", "better", "worse",
    "remarks", *COUNTS,
]  # fmt: skip
TABLES: dict[str, list[str]] = {
    "patients": PATIENTS,
    "effects": ["patient", *EFFECT_COLUMNS],
    "changes": ["patient", *contrasts.COLUMNS],
    "consistency": ["patient", *remarks.COLUMNS],
    "audit": ["patient", *claims.COLUMNS],
    "base_rates": ["patient", *benchmarks.COLUMNS],
    "observations": ["patient", "phase", "analyte", "day", "low", "high"],
}
_FLOATS = {
    *indices.NUMBERS, "p", "p_holm", "ratio_low", "ratio_high", "share", "first_day", "last_day",
}  # fmt: skip
_WHOLE = {
    "n_before", "n_after", "measurements", "analytes", "phases", "better", "worse", "remarks", "horizon", "patients",
    "count", *COUNTS,
}  # fmt: skip

Tables = dict[str, pd.DataFrame]


def of_part(part: Part) -> Tables:
    """The tables of a partition of a cohort table, all patients at once; those with a possible remark on consistency
    are then looked at one by one.
    """
    part = replace(part, rows=with_ratio(part.rows))
    series = series_of(part)
    subjects = part.rows.groupby("patient", sort=False)[["sex", "age_years"]].first()
    groups = subjects["sex"].where(~(subjects["age_years"] < ADULT), "child")
    effects = indices.effect_table(series, Settings())
    changes = change_table(series, groups)
    found = []
    for patient in sorted(screen.suspects(part.rows)):
        remarked = check_consistency(folders.as_case(part, patient))
        found.append(remarked.assign(patient=patient))
    ids = np.array([a.id for a in series.analytes], dtype=object)
    table = series.table
    observed = table[["patient", "day", "low", "high"]].assign(
        phase=series.phase(table["patient"], table["step"]), analyte=ids[table["rank"]]
    )
    rest = {
        "observations": observed,
        "effects": effects,
        "changes": changes,
        "consistency": pd.concat(found) if found else None,
    }
    return _typed(rest | {"patients": _patients(part, series, changes, rest["consistency"])})


def _patients(part: Part, series: Series, changes: pd.DataFrame, remarked: pd.DataFrame | None) -> pd.DataFrame:
    group = series.table.groupby("patient", sort=True)
    table = group.agg(
        measurements=("day", "size"), analytes=("rank", "nunique"), first_day=("day", "min"), last_day=("day", "max")
    ).reset_index()
    table["case"] = table["patient"].map(case_name)
    simulated = part.rows["evidence"].eq("simulated").groupby(part.rows["patient"]).any()
    table["simulated"] = table["patient"].map(simulated).astype(bool)
    table["phases"] = (
        table["patient"].map(pd.Series([p for p, _ in series.names], dtype=object).value_counts()).astype(int)
    )
    for word in ("better", "worse"):
        counted = changes.loc[changes["outcome"] == word, "patient"].value_counts()
        table[word] = table["patient"].map(counted).fillna(0).astype(int)
    counted = remarked["patient"].value_counts() if remarked is not None else pd.Series(dtype=int)
    return table.assign(remarks=table["patient"].map(counted).fillna(0).astype(int), **dict.fromkeys(COUNTS, 0))


def of_folder(path: Path) -> Tables:
    """The tables of one case, a folder or a workbook, by the functions that the notebooks call; raises BadInput."""
    name, analysis = path.stem, open_analysis(as_given(path))
    case, settings = analysis.case, analysis.settings
    table = measurements(case, settings)
    audit = claims.audit(case, settings)
    changes = contrasts.contrasts(case, table)
    remarked = check_consistency(case)
    return _typed(
        {
            "effects": _of(name, effect_table(case, settings)),
            "changes": _of(name, changes),
            "consistency": _of(name, remarked),
            "audit": _of(name, audit),
            "base_rates": _of(name, benchmarks.base_rates_beside(case)),
            "observations": _observed(name, table),
            "patients": _patient(
                name, name, case.simulated, len(case.meta.phases), table, changes, remarked, audit
            ),
        }
    )  # fmt: skip


def of_report(patient: str, folder: Path) -> Tables:
    """The tables of one case from its report in `folder`."""
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    read = {n: load_table(folder, f) for n, f in (("effects", "effects"), ("changes", "changes"),
            ("consistency", "consistency"), ("audit", "claims"), ("base_rates", "base_rates"))}  # fmt: skip
    observed, phases = load_table(folder, "observations"), load_table(folder, "phases")
    seen = observed.assign(known=[_parsed(x) for x in observed["known"]], when=[_parsed(x) for x in observed["when"]])
    read["observations"] = _observed(patient, seen)
    row = _patient(patient, folder.name, manifest["simulated"], len(phases), observed, read["changes"],
                   read["consistency"], read["audit"])  # fmt: skip
    return _typed({n: _of(patient, t) for n, t in read.items()} | {"patients": row})


def _parsed(text: str) -> Interval | None:
    return None if text == "any" else parse(text)


def _observed(patient: str, table: pd.DataFrame) -> pd.DataFrame:
    """What `measurements` gives, as the dataset has it: the day where it is one day, the bounds where there are any."""
    known = table["known"].to_list()
    when = table["when"].to_list()
    return pd.DataFrame(
        {
            "patient": patient,
            "phase": table["phase"].to_list(),
            "analyte": table["analyte"].to_list(),
            "day": [d.low if d is not None and d.is_exact else math.nan for d in when],
            "low": [math.nan if k is None else k.low for k in known],
            "high": [math.nan if k is None else k.high for k in known],
        }
    )


def _of(patient: str, table: pd.DataFrame) -> pd.DataFrame:
    return table.assign(patient=patient)


def _patient(patient, name, simulated, phases, observed, changes, remarked, audit) -> pd.DataFrame:
    day = pd.to_numeric(observed["when"].astype(str), errors="coerce")  # days that are exact
    counts = {c: int((audit["verdict"] == v).sum()) for c, v in zip(COUNTS, VERDICTS, strict=True)}
    row = {
        "patient": patient, "case": name, "simulated": simulated, "measurements": len(observed),
        "analytes": observed["analyte"].nunique(), "first_day": day.min(), "last_day": day.max(), "phases": phases,
        "better": int((changes["outcome"] == "better").sum()), "worse": int((changes["outcome"] == "worse").sum()),
        "remarks": len(remarked), **counts,
    }  # fmt: skip
    return pd.DataFrame([row])


def _typed(tables: dict[str, pd.DataFrame | None]) -> Tables:
    """Every table of TABLES, absent ones empty: numbers as numbers, the rest as the text that a CSV file would have."""
    found = {}
    for name, columns in TABLES.items():
        table = tables.get(name)
        table = pd.DataFrame(columns=columns, dtype=object) if table is None else table[columns]
        out = {}
        for column in columns:
            cells = table[column].reset_index(drop=True)
            if column in _FLOATS or (column == "day" and name == "observations"):
                out[column] = pd.to_numeric(cells.where(cells.ne(""), None)).astype(float)
            elif column in _WHOLE:
                out[column] = pd.to_numeric(cells).astype("int64")
            elif column == "simulated":
                out[column] = cells.astype(bool)
            else:
                out[column] = _as_texts(cells)
        found[name] = pd.DataFrame(out)
    return found


def _as_texts(cells: pd.Series) -> pd.Series:
    codes, distinct = pd.factorize(cells, use_na_sentinel=False)
    return pd.Series(np.array([str(plain_cell(x)) for x in distinct], dtype=object)[codes])


def joined(tables: list[Tables]) -> Tables:
    """Several cases' tables, one below the other."""
    return {name: pd.concat([t[name] for t in tables], ignore_index=True) for name in TABLES}


def write(tables: Tables, out: Path, name: str) -> None:
    """Writes `out`/results/<table>/<name>.parquet, each whole or not at all."""
    for table, rows in tables.items():
        folder = out / "results" / table
        folder.mkdir(parents=True, exist_ok=True)
        beside = folder / f".{name}.{os.getpid()}"
        try:
            _plain(rows).to_parquet(beside, index=False, compression="zstd")
            beside.replace(folder / f"{name}.parquet")
        finally:
            beside.unlink(missing_ok=True)


def _plain(rows: pd.DataFrame) -> pd.DataFrame:
    # a column of texts alone, even of none: files of one dataset must agree on their types
    return rows.astype({c: "string" for c in rows if not pd.api.types.is_numeric_dtype(rows[c])})


def read(out: Path, table: str, columns: list[str] | None = None, most: int | None = None) -> pd.DataFrame:
    """A table of the dataset under `out`; empty where there is none. Where it has more than `most` rows, those of some
    of its files, evenly spread, and of one at least.
    """
    from pyarrow.parquet import read_metadata

    paths = sorted((out / "results" / table).glob("part-*.parquet"))
    if most is not None and (rows := sum(read_metadata(path).num_rows for path in paths)) > most:
        fit = max(1, len(paths) * most // rows)
        paths = paths[:: -(-len(paths) // fit)]
    if not paths:
        return pd.DataFrame(columns=columns or TABLES[table])
    return pd.concat([pd.read_parquet(p, columns=columns) for p in paths], ignore_index=True)
