"""The run: parameters checked first, output whole or not at all, the same bytes twice."""

import hashlib
import json

import nbformat
import pytest

from casereport import pipeline
from casereport.cli import main
from casereport.pipeline import pinned, run, typed_parameters
from casereport.problems import BadInput


def said(given):
    with pytest.raises(BadInput) as bad:
        typed_parameters(given)
    return [str(p) for p in bad.value.problems]


def test_a_misspelt_parameter_is_an_error_that_names_the_nearest():
    assert said({"lag_day": "1"}) == ["parameter: 'lag_day': no such parameter; did you mean 'lag_days'?"]


@pytest.mark.parametrize(
    ("name", "value"), [("lag_days", "one"), ("lag_days", "1.5"), ("confidence", "high"), ("seed", "")]
)
def test_a_value_of_the_wrong_type_is_an_error_that_says_what_the_parameter_is(name, value):
    (text,) = said({name: value})
    assert text.startswith(f"parameter, {name}")
    assert "expected" in text


def test_what_the_run_sets_itself_is_not_taken_from_the_user():
    assert len(said({"case": "x", "phase": "cp", "output_dir": "y", "data_dir": "z"})) == 4


def test_a_text_of_digits_stays_a_text():
    assert typed_parameters({"analytes": "007"}) == {"analytes": "007"}


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("lag_days", "-1", "greater than or equal to 0"),
        ("infusion_day", "between", "'before' or 'after'"),
        ("confidence", "95", "less than 1"),
        ("analytes", "crp,lymfocytes", "did you mean 'lymphocytes'"),
    ],
)
def test_a_value_out_of_range_is_bad_input_before_anything_runs(name, value, expected, tmp_path, capsys):
    assert main(["report", "leng2020", "--out", str(tmp_path / "out"), "-p", name, value]) == 2
    assert expected in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_make_passes_its_parameters_as_words(tmp_path, capsys):
    for words in ("lag_days", "lag_days=1 lag_days=2", "=1"):
        assert main(["report", "peng2020", "--out", str(tmp_path / "out"), "--params", words]) == 2
    assert "name=value" in capsys.readouterr().err


@pytest.mark.xdist_group("report")
def test_two_runs_give_the_same_bytes(built, tmp_path, monkeypatch):
    def hashes(folder):
        return {
            p.relative_to(folder): hashlib.sha256(p.read_bytes()).hexdigest() for p in folder.rglob("*") if p.is_file()
        }

    first = hashes(built)
    # the same folder, because its name is a parameter of the executed notebooks; an earlier report is replaced
    run("peng2020", "data", built, {})
    assert hashes(built) == first


@pytest.mark.xdist_group("report")
def test_the_manifest_has_the_hash_of_every_input_and_output(built):
    manifest = json.loads((built / "manifest.json").read_text(encoding="utf-8"))
    files = {p.relative_to(built).as_posix() for p in built.rglob("*") if p.is_file()}
    assert set(manifest["outputs"]) == files - {"manifest.json"}
    for name, digest in manifest["outputs"].items():
        assert hashlib.sha256((built / name).read_bytes()).hexdigest() == digest
    assert "cases/peng2020/observations.csv" in manifest["inputs"]
    assert manifest["parameters"]["lag_days"] == 0


def test_a_failing_notebook_is_named_first_kept_and_leaves_the_earlier_report(tmp_path, monkeypatch, capsys):
    broken = tmp_path / "notebooks"
    broken.mkdir()
    for step in pipeline.STEPS:
        book = nbformat.read(pipeline.NOTEBOOKS / f"{step}.ipynb", as_version=4)
        if step == "01-ingest":
            book.cells[2].source = "1 / 0"
        nbformat.write(book, broken / f"{step}.ipynb")
    monkeypatch.setattr(pipeline, "NOTEBOOKS", broken)
    out = tmp_path / "out"
    out.mkdir()
    (out / "manifest.json").write_text("earlier", encoding="utf-8")
    assert main(["report", "peng2020", "--out", str(out)]) == 1
    lines = capsys.readouterr().err.splitlines()
    assert lines[0] == "casereport: 01-ingest.ipynb, cell 4"  # the injected parameters are the third
    assert lines[1].strip() == "ZeroDivisionError: division by zero"
    kept = tmp_path / "out.failed" / "01-ingest.ipynb"
    assert str(kept) in lines[2]
    assert kept.is_file()
    assert [p.name for p in out.iterdir()] == ["manifest.json"]
    assert sorted(p.name for p in tmp_path.iterdir()) == ["notebooks", "out", "out.failed"]


def test_what_differs_from_run_to_run_is_pinned():
    book = nbformat.v4.new_notebook(metadata={"papermill": {"start_time": "now"}})
    cell = nbformat.v4.new_code_cell("output_dir = '/tmp/x1'", metadata={"tags": ["injected-parameters"]})
    cell.metadata["papermill"] = {"duration": 1}
    cell.metadata["execution"] = {"iopub.execute_input": "now"}
    book.cells = [cell, nbformat.v4.new_code_cell("2", metadata={"tags": []}, id="kept")]
    done = pinned(book, {"/tmp/x1": "reports/x"})
    assert done.metadata == {}
    assert [c.id for c in done.cells] == ["injected-parameters", "kept"]
    assert done.cells[0].source == "output_dir = 'reports/x'"
    assert done.cells[0].metadata == {"tags": ["injected-parameters"]}
    assert done.cells[1].metadata == {}
