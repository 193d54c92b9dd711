"""The bundled cases, each exported once in each format."""

import csv
import shutil
from functools import cache
from pathlib import Path

from casereport import __version__
from casereport.audit.validation import read_case
from casereport.case.case import Case
from casereport.files.paths import DATA
from casereport.run.exporting import DATA_FORMATS

READ_BACK = ("observations", "interventions", "events")
NAMES = ["byiers2014", "leng2020", "liang2020", "peng2020", "simulated-cp-msc"]


@cache
def case_of(name: str) -> Case:
    return read_case(name)


@cache
def files_of(name: str, form: str) -> dict[str, str]:
    return DATA_FORMATS[form](case_of(name), __version__).files


def emptied(name: str, folder: Path) -> Path:
    """A copy of a bundled case with nothing in its tables, in a folder with the vocabulary of the bundled cases."""
    for table in ("analytes.csv", "interventions.csv"):
        shutil.copy(DATA / "cases" / table, folder / table)
    case = shutil.copytree(DATA / "cases" / name, folder / name)
    return emptied_tables(case)


def emptied_tables(case: Path) -> Path:
    """The case with the header alone in each table that a document brings back."""
    for path in (case / f"{table}.csv" for table in READ_BACK):
        path.write_text(path.read_text(encoding="utf-8").partition("\n")[0] + "\n", encoding="utf-8")
    return case


def rows_of(name: str, table: str = "observations") -> list[dict[str, str]]:
    """The rows of a table as its file has them."""
    with (DATA / "cases" / name / f"{table}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
