"""The notebooks are documents: no outputs, one parameters cell, and the same result however they are run."""

import ast
import json
import subprocess
import sys

import nbformat
import pytest

from casereport.case.settings import Settings
from casereport.files.paths import NOTEBOOKS, ROOT
from casereport.report.sections import SECTIONS
from casereport.run.notebooks import declared_parameters
from casereport.run.stale import STEPS

BOOKS = {step: nbformat.read(NOTEBOOKS / f"{step}.ipynb", as_version=4) for step in STEPS}


def code_cells(book):
    return [c for c in book.cells if c.cell_type == "code"]


@pytest.mark.parametrize("step", STEPS)
def test_a_committed_notebook_holds_no_outputs_and_no_trace_of_a_run(step):
    for cell in code_cells(BOOKS[step]):
        assert not cell.outputs and cell.execution_count is None
    assert "papermill" not in BOOKS[step].metadata


@pytest.mark.parametrize("step", STEPS)
def test_a_notebook_begins_with_what_it_does_and_then_its_parameters(step):
    book = BOOKS[step]
    assert book.cells[0].cell_type == "markdown"
    assert "**Why.**" in book.cells[0].source and "**Caveats.**" in book.cells[0].source
    tagged = [i for i, c in enumerate(book.cells) if "parameters" in c.metadata.get("tags", [])]
    assert tagged == [1]


@pytest.mark.parametrize("step", STEPS)
def test_a_cell_is_short_and_defines_nothing(step):
    for cell in code_cells(BOOKS[step]):
        tree = ast.parse(cell.source)
        assert not any(isinstance(n, (ast.FunctionDef, ast.ClassDef, ast.Lambda)) for n in ast.walk(tree))
        assert len(cell.source.splitlines()) <= 16


def test_every_parameter_has_a_type_and_a_comment_and_the_default_of_the_settings():
    declared = declared_parameters()
    assert {"case", "phase", "data_dir", "output_dir"} <= set(declared)
    for name, entry in declared.items():
        assert entry["type"] in ("int", "float", "str"), name
        assert entry["help"], name
    for name, field in Settings.model_fields.items():
        assert ast.literal_eval(declared[name]["default"]) == field.default


def test_the_parameters_are_the_same_in_every_notebook():
    cells = {step: BOOKS[step].cells[1].source for step in STEPS}
    without_phase = {"\n".join(x for x in c.splitlines() if not x.startswith("phase:")) for c in cells.values()}
    assert len(without_phase) == 1
    assert [s for s in STEPS if "phase:" in cells[s]] == ["02-phase"]


def test_the_report_notebook_has_a_cell_for_each_section_in_order():
    called = [c.source for c in code_cells(BOOKS["05-report"]) if c.source.startswith("section(")]
    assert called == [f'section(report, "{name}")' for name in SECTIONS]


def outputs(path, skip=()):
    """What a reader sees of each code cell, by cell id; the injected cell aside."""
    book = nbformat.read(path, as_version=4)
    return {
        c.id: [o.get("data", o.get("text")) for o in c.outputs]
        for c in code_cells(book)
        if "injected-parameters" not in c.metadata.get("tags", []) and c.id not in skip
    }


# the report's notebook runs the steps before it
ALONE = [s if s == "05-report" else pytest.param(s, marks=pytest.mark.slow) for s in STEPS]


@pytest.mark.xdist_group("report")
@pytest.mark.parametrize("step", ALONE)
def test_run_alone_by_the_papermill_command_a_notebook_shows_what_the_pipeline_showed(step, built, tmp_path):
    target = tmp_path / "out.ipynb"
    papermill = [sys.executable, "-m", "papermill", "--no-progress-bar"]
    extra = ["-p", "output_dir", str(tmp_path / "results")]
    command = [*papermill, str(NOTEBOOKS.relative_to(ROOT) / f"{step}.ipynb"), str(target), *extra]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    name = "02-phase-cp" if step == "02-phase" else step
    # alone, the report notebook runs the steps before it; in the pipeline they are there already
    assert outputs(target, {"complete"}) == outputs(built / "notebooks" / f"{name}.ipynb", {"complete"})


@pytest.mark.xdist_group("report")
def test_in_jupyterlab_a_notebook_shows_the_same_from_its_own_folder(built, tmp_path):
    # JupyterLab starts a kernel in the notebook's folder and runs the cells with their defaults, as nbclient does
    from nbclient import NotebookClient

    book = nbformat.read(NOTEBOOKS / "01-ingest.ipynb", as_version=4)
    book.cells[1].source += f"\noutput_dir = {str(tmp_path)!r}"
    NotebookClient(book, resources={"metadata": {"path": str(NOTEBOOKS)}}).execute()
    nbformat.write(book, tmp_path / "lab.ipynb")
    assert outputs(tmp_path / "lab.ipynb") == outputs(built / "notebooks" / "01-ingest.ipynb")


@pytest.mark.xdist_group("report")
def test_an_executed_notebook_of_the_pipeline_is_the_same_but_for_its_parameters(built):
    for path in sorted((built / "notebooks").glob("*.ipynb")):
        text = path.read_text(encoding="utf-8")
        assert ".peng2020." not in text, "the folder that it was built in shows"
        source = BOOKS["02-phase" if path.stem.startswith("02") else path.stem]
        ids = [c["id"] for c in json.loads(text)["cells"] if c["id"] != "injected-parameters"]
        assert ids == [c.id for c in source.cells]
