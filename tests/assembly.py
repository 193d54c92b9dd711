"""A report put together without kernels: by the functions that the notebooks call, on the page that readers get."""

from pathlib import Path

from nbformat.v4 import new_code_cell, new_notebook, new_output

from casereport.report.pages import report_page
from casereport.report.sections import SECTIONS, head, open_report, section
from casereport.report.steps import complete, open_analysis


def assemble(case: str, out: Path, data_dir: str | Path = "data", marks: str = "", **choices: object) -> Path:
    """Writes `out`/report.html beside the results and figures, and returns its path; `choices` are of `Settings`."""
    analysis = open_analysis(case, data_dir, out, **choices)
    complete(analysis)
    report = open_report(analysis)
    parts = [head(report), *(section(report, name) for name in SECTIONS)]
    cells = [new_code_cell(outputs=[new_output("execute_result", {"text/html": str(part)})]) for part in parts]
    meta = analysis.case.meta
    page = report_page(new_notebook(cells=cells), meta.title, "", analysis.case.simulated, marks)
    (out / "report.html").write_text(page, encoding="utf-8")
    return out / "report.html"
