"""A report put together without kernels: the cells of the notebooks, one after the other, in this process."""

import ast
import json
from pathlib import Path

from casereport.files.paths import NOTEBOOKS
from casereport.report.kept import Results
from casereport.report.pages import report_page
from casereport.run.notebooks import absent

with absent("rfc3987_syntax"):  # as papermill() has it
    from nbformat.v4 import new_code_cell, new_notebook, new_output

# enough analytes for every kind of mark, table and verdict; with all of them the pages differ in length only
SOME = {
    "leng2020": "lymphocytes,crp,procalcitonin,ast,respiratory_rate,spo2_air",
    "simulated-cp-msc": "lymphocytes,crp,ferritin",
}


def cells_of(notebook: Path) -> list[dict]:
    """The cells of code of a notebook, each with its `source` as one text and its `tags`."""
    cells = json.loads(notebook.read_text(encoding="utf-8"))["cells"]
    code = [cell for cell in cells if cell["cell_type"] == "code"]
    return [{"source": "".join(c["source"]), "tags": c["metadata"].get("tags", [])} for c in code]


def execute(notebook: Path, **parameters: object) -> tuple[dict[str, object], list[object]]:
    """Runs the cells of a notebook as Run All does; its names at the end, and what was displayed or ended a cell."""
    import matplotlib
    from matplotlib import pyplot

    matplotlib.use("Agg")
    pyplot.close("all")  # a kernel begins without figures; a test before may have left one that is drawn on
    shown: list[object] = []
    names: dict[str, object] = {"__name__": "__main__", "display": shown.append}
    for cell in cells_of(notebook):
        tree = ast.parse(cell["source"])
        last = tree.body.pop() if tree.body and isinstance(tree.body[-1], ast.Expr) else None
        exec(compile(tree, notebook.name, "exec"), names)
        value = eval(compile(ast.Expression(last.value), notebook.name, "eval"), names) if last else None
        if last and not ast.unparse(last).startswith("print("):
            shown.append(value)
        if "parameters" in cell["tags"]:
            names |= {name: value for name, value in parameters.items() if name in names}
    return names, shown


def assemble(case: str, out: Path, marks: str = "", **choices: object) -> Path:
    """Writes `out`/report.html beside the results and figures, and returns its path; `choices` are parameters."""
    given = {"case": str(case), "output_dir": str(out), **choices}
    names, _ = execute(NOTEBOOKS / "01-ingest.ipynb", **given)
    for phase in names["phases"]["phase"]:  # type: ignore[index]
        execute(NOTEBOOKS / "02-phase.ipynb", phase=phase, **given)
    for step in ("03-evidence", "04-figures"):
        execute(NOTEBOOKS / f"{step}.ipynb", **given)
    return put_together(case, out, marks)


def put_together(case: str, out: Path, marks: str = "") -> Path:
    """Writes `out`/report.html from what was kept there, and returns its path."""
    _, shown = execute(NOTEBOOKS / "05-report.ipynb", case=str(case), output_dir=str(out))
    parts = [str(part) for part in shown if hasattr(part, "_repr_html_")]
    cells = [new_code_cell(outputs=[new_output("execute_result", {"text/html": part})]) for part in parts]
    record = Results(out, "").case
    page = report_page(new_notebook(cells=cells), record.meta.title, "", record.simulated, marks)
    (out / "report.html").write_text(page, encoding="utf-8")
    return out / "report.html"
