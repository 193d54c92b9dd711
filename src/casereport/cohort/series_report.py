"""The case-series report: its notebook, run on the results of a cohort, as one HTML page."""

from pathlib import Path

import nbformat

from casereport.cohort.series import Cohort
from casereport.files.paths import NOTEBOOKS
from casereport.files.whole import write_whole
from casereport.report.pages import notebook_page
from casereport.run.failures import RunFailed
from casereport.run.notebooks import FOOTER, pinned, run_notebook

NOTEBOOK = NOTEBOOKS / "06-cohort.ipynb"


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
    page = notebook_page(book, "Case series", FOOTER, Cohort(out).simulated, back=("index.html", "all cases"))
    write_whole(out / "report.html", page)
    return ""
