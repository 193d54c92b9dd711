"""The notebook of an import: it shows the plan that the command makes, and writes only when it is told to."""

import ast
import json
import subprocess
import sys

import nbformat
import pytest

from assembly import execute
from casereport.case.new.folder import new_case
from casereport.cli import main
from casereport.errors import BadInput
from casereport.files.paths import NOTEBOOKS, ROOT
from imported import bundle, imported, observation, written

BOOK = NOTEBOOKS / "00-import.ipynb"
CELLS = nbformat.read(BOOK, as_version=4).cells
CODE = [cell for cell in CELLS if cell.cell_type == "code"]
TABLE = "Test,Unit,Normal,Day 1,Day 4\nCRP,mg/L,<5,76,about 100\nZonulin,,,1,2\nSodium,mmol/L,135-145,138,\n"


@pytest.fixture
def case(tmp_path):
    return new_case("x", tmp_path / "cases")


def shown(file, case, **options):
    """What the cells show as HTML, one after the other, and the names at the end."""
    names, values = execute(BOOK, file=str(file), into=str(case), **options)
    return names, [value._repr_html_() for value in values]


def test_it_is_a_document_as_the_others_are():
    assert "**Why.**" in CELLS[0].source and "**Caveats.**" in CELLS[0].source
    assert [i for i, c in enumerate(CELLS) if "parameters" in c.metadata.get("tags", [])] == [1]
    assert all(not c.outputs and c.execution_count is None for c in CODE)
    assert all(len(c.source.splitlines()) <= 15 for c in CODE)
    nodes = [node for c in CODE for node in ast.walk(ast.parse(c.source))]
    assert not any(isinstance(node, ast.FunctionDef | ast.ClassDef) for node in nodes)
    declared = [node.target.id for node in ast.parse(CODE[0].source).body]
    used = {node.id for c in CODE[1:] for node in ast.walk(ast.parse(c.source)) if isinstance(node, ast.Name)}
    assert set(declared) <= used


def test_its_parameters_are_the_options_of_the_command(capsys):
    with pytest.raises(SystemExit):
        main(["import", "--help"])
    said = capsys.readouterr().out
    declared = {node.target.id for node in ast.parse(CODE[0].source).body} - {"file", "write"}
    for name in declared:
        assert f"--{name.removesuffix('_day').replace('_', '-')}" in said, name


def test_a_table_is_shown_with_what_became_of_each_cell_and_nothing_is_written(tmp_path, case, capsys):
    before = {p.name: p.read_bytes() for p in case.iterdir()}
    names, (meanings, cells, values, *_, left_out, reasons) = shown(written(tmp_path, "labs.csv", TABLE), case)
    states = {f"{c.column}{c.row}": c.state for c in names["cells"].itertuples()}
    assert states["D2"] == states["D4"] == "taken"
    assert (states["E2"], states["A3"], states["D3"]) == ("left out", "left out", "not read")
    assert {states[place] for place in ("A1", "D1", "A2", "B2", "C2")} == {"heading"}
    assert "day 4" in meanings and "crp, unit mg/L, range any to" in meanings
    places = names["plan"].meanings()
    assert places.loc[places["printed"] == "Sodium", "place"].to_list() == ["A4"]
    assert "✔ 76" in cells and "✘ about 100" in cells and "? 2" in cells
    assert "laboratory table labs, cell D2" in values
    assert "not in the vocabulary" in left_out and "not a number" in left_out and "(2 values)" in reasons
    said = capsys.readouterr().out
    assert "Zonulin,," in said and "Rows understood: 2. None written" in said
    assert {p.name: p.read_bytes() for p in case.iterdir()} == before


def test_told_to_write_it_leaves_the_case_that_the_command_leaves(tmp_path, case):
    table = written(tmp_path, "labs.csv", TABLE)
    shown(table, case, source="Table 1", write=True)
    other = imported(table, "--source", "Table 1", folder=new_case("x", tmp_path / "by command"))
    assert len(other.rows) == 2 and len(other.left_out) == 2
    for name in ("observations.csv", "left_out.csv", "interventions.csv"):
        assert (case / name).read_bytes() == (other.case / name).read_bytes()


def test_results_one_by_one_are_shown_without_a_table(tmp_path, case, capsys):
    done = {"resourceType": "Procedure", "code": {"text": "Plasmapheresis"}, "performedDateTime": "2026-09-03"}
    results = (observation(), observation("1-8"), observation("2951-2", 139, "mmol/L"))
    file = written(tmp_path, "a.json", bundle(*results, done))
    names, (meanings, cells, values, treatments, _, left_out, _) = shown(file, case, index="2026-09-01")
    assert "FHIR Procedure, plasma_exchange, day 2" in treatments and "treatment plasma_exchange" in meanings
    assert "haemoglobin" in meanings and "no printed table" in cells and "FHIR Observation, 718-7" in values
    assert "its LOINC code is not in the vocabulary" in left_out and names["left_out"]["values"].sum() == 1
    assert names["left_out"][["printed", "reason"]].iloc[0].to_list() == [
        "1-8",
        "its LOINC code is not in the vocabulary",
    ]
    assert "1-8,," in capsys.readouterr().out


def test_options_that_cannot_be_read_are_told_at_once(tmp_path, case):
    with pytest.raises(BadInput) as bad:
        shown(written(tmp_path, "labs.csv", TABLE), case, index="1 May", day_zero="x", date_order="ymd", from_day="nan")
    assert [p.column for p in bad.value.problems] == ["--date-order", "--day-zero", "--from", "--index"]


def test_run_as_it_is_it_asks_for_the_file_and_the_case():
    with pytest.raises(BadInput) as bad:
        shown("", "")
    assert [p.column for p in bad.value.problems] == ["file", "into"]


@pytest.mark.slow  # of the command itself tests/run/test_notebooks.py has a quick one
def test_papermill_runs_it_from_the_root_of_the_project(tmp_path, case):
    table, out = written(tmp_path, "labs.csv", TABLE), tmp_path / "out.ipynb"
    command = [sys.executable, "-m", "papermill", "--no-progress-bar", "notebooks/00-import.ipynb", str(out)]
    given = ["-p", "file", str(table), "-p", "into", str(case), "-p", "write", "True"]
    subprocess.run([*command, *given], cwd=ROOT, check=True, capture_output=True)
    texts = json.dumps([c.outputs for c in nbformat.read(out, as_version=4).cells if c.cell_type == "code"])
    assert "New rows written into" in texts and ": 2 of 2 understood." in texts and "image/png" in texts
