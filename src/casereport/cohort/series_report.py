"""The case-series report: its notebook, run on the results of a cohort, as one HTML page."""

from pathlib import Path

import nbformat
import pandas as pd

from casereport.cohort.cohort_figures import effect_summary
from casereport.cohort.dataset import COUNTS, TABLES, read
from casereport.cohort.patients import vocabulary
from casereport.errors import BadInput, Problem
from casereport.files.paths import NOTEBOOKS, from_root
from casereport.report.pages import notebook_page
from casereport.report.sections import Html
from casereport.run.failures import RunFailed
from casereport.run.notebooks import FOOTER, pinned, run_notebook

NOTEBOOK = NOTEBOOKS / "06-cohort.ipynb"
_ONE_PHASE = "No patient has values in two phases, so that nothing is compared."


def write_series(out: Path) -> str:
    """Writes `out`/report.html and the executed notebook; returns what stopped the notebook, or an empty text."""
    target = out / NOTEBOOK.name
    try:
        book = run_notebook(NOTEBOOK, target, {"cohort_dir": str(out)}, timeout=None)
    except RunFailed as stopped:
        return str(stopped)
    for cell in pinned(book).cells:  # where the cohort lies is nobody's business
        cell.source = cell.source.replace(str(out), out.name)
    nbformat.write(book, target)
    simulated = bool(read(out, "patients", ["simulated"])["simulated"].any())
    beside = out / ".report.html"
    beside.write_text(notebook_page(book, "Case series", FOOTER, simulated, back=("index.html", "all cases")), "utf-8")
    beside.replace(out / "report.html")
    return ""


def open_cohort(cohort_dir: str) -> Path:
    """The folder of a cohort's results, as the notebook is told it; raises BadInput where it holds none."""
    out = from_root(cohort_dir)
    if not cohort_dir or not (out / "results" / "patients").is_dir():
        expected = "the output folder of `casereport cohort`, with results/ in it"
        raise BadInput([Problem("parameter", 0, "cohort_dir", cohort_dir, expected)])
    return out


def overview(out: Path) -> pd.DataFrame:
    """One row a table of the dataset: its rows, and the patients that it is about."""
    rows = []
    for name in TABLES:
        patients = read(out, name, ["patient"])["patient"]
        rows.append((name, len(patients), patients.nunique()))
    return pd.DataFrame(rows, columns=["table", "rows", "patients"])


def analytes(out: Path) -> pd.DataFrame:
    """One row an analyte: `patients` with a value, `values`, and the patients' median number of values."""
    table = read(out, "observations", ["patient", "analyte"])
    counts = table.groupby(["analyte", "patient"], observed=True).size()
    found = counts.groupby("analyte").agg(["size", "sum", "median"]).reset_index()
    found = found.set_axis(["analyte", "patients", "values", "median a patient"], axis=1)
    return _named(found.sort_values(["patients", "analyte"], ascending=[False, True], ignore_index=True))


def outcomes(out: Path) -> pd.DataFrame | Html:
    """One row a phase and analyte: in how many patients the last value was better, worse, or neither for certain."""
    table = read(out, "changes", ["phase", "analyte", "outcome"])
    found = table.groupby(["phase", "analyte", "outcome"], observed=True).size().unstack(fill_value=0)
    return _table_or(_named(found.reset_index().rename_axis(columns=None)), _ONE_PHASE)


def nap_summary(out: Path) -> pd.DataFrame | Html:
    """`effect_summary` of NAP alone, rounded for reading, by how far its median lies from no difference."""
    table = effect_summary(out)
    table = table[table["index"] == "NAP"].drop(columns="index")
    order = (table["median"] - 0.5).abs().sort_values(ascending=False, kind="stable").index
    return _table_or(_named(table.loc[order].round(3).reset_index(drop=True)), _ONE_PHASE)


def audit(out: Path) -> pd.DataFrame | Html:
    """The claims of all cases by verdict."""
    totals = read(out, "patients", COUNTS)[COUNTS].sum()
    table = pd.DataFrame({"verdict": [c.replace("_", " ") for c in COUNTS], "claims": totals.astype(int).to_list()})
    return _table_or(table if totals.sum() else table.iloc[:0], "No case lists claims.")


def consistency(out: Path) -> pd.DataFrame | Html:
    """How many remarks of each kind, in how many patients."""
    table = read(out, "consistency", ["patient", "check"])
    found = table.groupby("check", observed=True)["patient"].agg(["size", "nunique"]).reset_index()
    return _table_or(found.set_axis(["check", "remarks", "patients"], axis=1), "The checks found nothing to remark on.")


def _named(table: pd.DataFrame) -> pd.DataFrame:
    """The table with the labels of analytes and interventions in place of their ids."""
    known = vocabulary()
    for column, labels in (("analyte", known.analytes), ("phase", known.interventions)):
        if column in table:
            table[column] = [labels[x].label if x in labels else x for x in table[column]]
    return table


def _table_or(table: pd.DataFrame, words: str) -> pd.DataFrame | Html:
    """The table; or, as a table without rows says nothing, the words."""
    return table if len(table) else Html(f"<p>{words}</p>")
