"""The notebooks are documents: no outputs, one parameters cell, and the same result however they are run."""

import ast
import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
import pandas as pd
import pytest
from bs4 import BeautifulSoup
from matplotlib.collections import QuadMesh
from matplotlib.colors import to_hex
from nbclient import NotebookClient

from assembly import execute
from casereport.case.reading import read_case
from casereport.case.settings import Settings
from casereport.figures.palette import BELOW_ABOVE
from casereport.files.paths import NOTEBOOKS, ROOT
from casereport.report.titles import SECTIONS
from casereport.run.notebooks import declared_parameters, pinned
from casereport.run.stale import STEPS

BOOKS = {step: nbformat.read(NOTEBOOKS / f"{step}.ipynb", as_version=4) for step in STEPS}
PANDAS = {
    "assign", "clip", "crosstab", "describe", "drop_duplicates", "dropna", "fillna", "groupby", "head", "isin", "iloc",
    "itertuples", "loc", "map_dataframe", "merge", "ne", "notna", "nunique", "pipe", "pivot_table", "query",
    "reset_index", "set_index", "size", "sort_values", "to_dict", "unique", "value_counts", "where",
}  # fmt: skip
MODULES = {"pd", "sns", "plt"}


def code_cells(book):
    return [c for c in book.cells if c.cell_type == "code"]


def names_in(source: str) -> set[str]:
    return {node.id for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Name)}


def attributes_in(source: str) -> set[str]:
    return {node.attr for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Attribute)}


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


@pytest.mark.parametrize("path", sorted(NOTEBOOKS.glob("*.ipynb")), ids=lambda path: path.stem)
def test_a_cell_is_short_and_defines_no_function(path):
    for cell in code_cells(nbformat.read(path, as_version=4)):
        tree = ast.parse(cell.source)
        assert not any(isinstance(n, (ast.FunctionDef, ast.ClassDef)) for n in ast.walk(tree))
        assert len(cell.source.splitlines()) <= 16


@pytest.mark.parametrize("step", STEPS)
def test_a_cell_that_is_run_again_finds_what_it_found_for_no_loop_takes_the_name_of_something(step):
    trees = [ast.parse(cell.source) for cell in code_cells(BOOKS[step])]
    targets = [node.target for tree in trees for node in ast.walk(tree) if isinstance(node, ast.For)]
    made = [target for tree in trees for node in tree.body if isinstance(node, ast.Assign) for target in node.targets]
    loops, names = ({n.id for t in some for n in ast.walk(t) if isinstance(n, ast.Name)} for some in (targets, made))
    assert loops & names == set()


@pytest.fixture(scope="module")
def names(tmp_path_factory):
    """The names that the notebooks 01 to 03 have at their ends, of two analytes of leng2020."""
    given = {"case": "leng2020", "output_dir": str(tmp_path_factory.mktemp("leng")), "analytes": "lymphocytes,crp"}
    return {
        step: execute(NOTEBOOKS / f"{step}.ipynb", **given, **more)[0]
        for step, more in (("01-ingest", {}), ("02-phase", {"phase": "msc"}), ("03-evidence", {}))
    }


def test_what_another_choice_reverses_is_neither_better_nor_worse_in_the_notebooks(names):
    # the lymphocytes of leng2020 rise from 0.35 to 0.93 by their last values, and fall under some other lag or summary
    assert names["02-phase"]["chosen"] == ["crp"]
    of = names["03-evidence"]
    outcomes = {"crp": "better", "lymphocytes": "direction not robust"}
    for table in ("compared", "again"):
        assert of[table].set_index("analyte")["outcome"].to_dict() == outcomes
    assert of["counts"].iloc[0].to_dict() == {"better": 1, "direction not robust": 1}


def test_a_selection_of_ones_own_is_drawn_in_the_first_phase_too(names, tmp_path):
    book = nbformat.from_dict(BOOKS["02-phase"].copy())
    (cell,) = (c for c in book.cells if "chosen = changed" in c.source)
    cell.source = cell.source.replace("changed.head(12).to_list()", '["lymphocytes"]')
    nbformat.write(book, tmp_path / "mine.ipynb")
    given = {"case": "leng2020", "output_dir": str(names["01-ingest"]["results"].folder), "phase": "conventional"}
    mine, _ = execute(tmp_path / "mine.ipynb", **given)
    assert mine["told"] == [
        "Lymphocytes 0.35 ×10⁹/L (Conventional therapy)",
        "Lymphocytes 0.93 ×10⁹/L (Mesenchymal stem cells)",
    ]


def test_the_cells_show_what_the_rows_have(names):
    first, phase, evidence = (names[step] for step in ("01-ingest", "02-phase", "03-evidence"))
    (mesh,) = (found for found in first["ax"].collections if isinstance(found, QuadMesh))
    # lymphocytes of 0.94 lie below 1.1 to 3.2, CRP of 191 above 0 to 8
    places = ("Lymphocytes", "-9"), ("CRP", "1")
    told = [to_hex(mesh.to_rgba(first["seen"].loc[place])) for place in places]
    assert told == [BELOW_ABOVE[0], BELOW_ABOVE[2]]
    assert phase["told"] == ["CRP 105.50 mg/L (Conventional therapy)", "CRP 10.10 mg/L (Mesenchymal stem cells)"]
    rows = phase["observations"].groupby("phase").size()
    assert [len(phase[name]) for name in ("earlier", "here")] == [rows["conventional"], rows["msc"]]
    (points,) = evidence["ax"].collections
    assert points.get_offsets()[:, 0] == pytest.approx(evidence["drawn"]["NAP"])
    # of lymphocytes 0.31, the only NAP that is given
    assert evidence["told"] == ["Mesenchymal stem cells: 0 of 1 above 0.5"]


@pytest.mark.parametrize("step", STEPS[:-1])
def test_the_work_is_done_by_pandas_and_seaborn_in_the_cells(step):
    used = [c for c in code_cells(BOOKS[step]) if names_in(c.source) & MODULES or attributes_in(c.source) & PANDAS]
    assert len(used) >= 3


@pytest.mark.parametrize("step", STEPS)
def test_a_notebook_uses_each_parameter_that_it_declares(step):
    _, first, *rest = BOOKS[step].cells
    declared = [node.target.id for node in ast.parse(first.source).body]
    used = set().union(*(names_in(c.source) for c in rest if c.cell_type == "code"))
    assert {"case", "output_dir"} <= set(declared)
    assert [name for name in declared if name not in used] == []


def test_every_parameter_has_a_type_and_a_comment_and_the_default_of_the_settings():
    declared = declared_parameters()
    assert {"case", "phase", "output_dir"} <= set(declared)
    for name, entry in declared.items():
        assert entry["type"] in ("int", "float", "str"), name
        assert entry["help"], name
    for name, field in Settings.model_fields.items():
        assert ast.literal_eval(declared[name]["default"]) == field.default


def test_a_parameter_is_the_same_in_every_notebook_that_has_it():
    lines = {line for step in STEPS for line in BOOKS[step].cells[1].source.splitlines()}
    names = [line.partition(":")[0] for line in lines]
    assert len(names) == len(set(names)) > len(Settings.model_fields)


def test_the_report_notebook_has_a_cell_for_each_section_in_order():
    called = [c.source for c in code_cells(BOOKS["05-report"]) if c.source.startswith("report.section(")]
    assert called == [f'report.section("{name}")' for name in SECTIONS]


def test_no_cell_of_the_pipeline_shows_nothing_or_what_only_python_reads(built):
    for path in sorted((built / "notebooks").glob("*.ipynb")):
        for cell in code_cells(nbformat.read(path, as_version=4)):
            for shown in cell.outputs:
                data = shown.get("data", {"text/plain": shown.get("text", "")})
                plain, html = data["text/plain"].strip(), data.get("text/html", "")
                where = f"{path.name}, {cell.id}: {plain}"
                assert shown.output_type in ("display_data", "execute_result", "stream"), where
                assert html or (plain and not re.match(r"None$|\{|\[|<|Empty DataFrame|Series\(|\(", plain)), where
                for table in BeautifulSoup(html, "html.parser").select("table.dataframe, table[id^=T_]"):
                    assert table.select("tbody td"), where


@pytest.mark.slow
@pytest.mark.parametrize("case", ["liang2020", "leng2020", "simulated-cp-msc"])
def test_no_cell_of_a_case_shows_nothing_or_what_only_python_reads(case, tmp_path):
    phases = [phase.id for phase in read_case(case).meta.phases]
    for step in STEPS:
        for phase in phases if step == "02-phase" else [""]:
            given = {"case": case, "output_dir": str(tmp_path), "phase": phase}
            _, shown = execute(NOTEBOOKS / f"{step}.ipynb", **given)
            assert shown
            for value in shown:
                assert hasattr(value, "_repr_html_"), (step, value)
                table = getattr(value, "data", value)
                assert not isinstance(table, pd.DataFrame) or len(table), step


def outputs(book):
    """What a reader sees of each code cell, by cell id; the injected cell aside."""
    return {
        c.id: [o.get("data", o.get("text")) for o in c.outputs]
        for c in code_cells(pinned(book))
        if "injected-parameters" not in c.metadata.get("tags", [])
    }


def of_pipeline(built: Path, step: str):
    """The same of the notebook that the run of the report executed, 02-phase by its default."""
    name = "02-phase-msc" if step == "02-phase" else step
    return outputs(nbformat.read(built / "notebooks" / f"{name}.ipynb", as_version=4))


# the figures are what most depends on how a kernel was started
ALONE = [s if s == "04-figures" else pytest.param(s, marks=pytest.mark.slow) for s in STEPS]


@pytest.mark.parametrize("step", ALONE)
def test_run_alone_by_the_papermill_command_a_notebook_shows_what_the_pipeline_showed(step, built, tmp_path):
    target, results = tmp_path / "out.ipynb", shutil.copytree(built, tmp_path / "results")
    papermill = [sys.executable, "-m", "papermill", "--no-progress-bar"]
    extra = ["-p", "output_dir", str(results)]
    command = [*papermill, str(NOTEBOOKS.relative_to(ROOT) / f"{step}.ipynb"), str(target), *extra]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    assert outputs(nbformat.read(target, as_version=4)) == of_pipeline(built, step)


@pytest.mark.parametrize("step", ["01-ingest", *(pytest.param(s, marks=pytest.mark.slow) for s in STEPS[1:])])
def test_in_jupyterlab_a_notebook_shows_the_same_from_its_own_folder(step, built, tmp_path):
    # JupyterLab starts a kernel in the notebook's folder and runs the cells with their defaults, as nbclient does
    book = nbformat.read(NOTEBOOKS / f"{step}.ipynb", as_version=4)
    book.cells[1].source += f"\noutput_dir = {str(shutil.copytree(built, tmp_path / 'results'))!r}"
    NotebookClient(book, resources={"metadata": {"path": str(NOTEBOOKS)}}).execute()
    assert outputs(book) == of_pipeline(built, step)


def test_an_executed_notebook_of_the_pipeline_is_the_same_but_for_its_parameters(built):
    for path in sorted((built / "notebooks").glob("*.ipynb")):
        text = path.read_text(encoding="utf-8")
        assert ".peng2020." not in text, "the folder that it was built in shows"
        source = BOOKS["02-phase" if path.stem.startswith("02") else path.stem]
        ids = [c["id"] for c in json.loads(text)["cells"] if c["id"] != "injected-parameters"]
        assert ids == [c.id for c in source.cells]
