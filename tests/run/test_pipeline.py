"""The run: parameters checked first, output whole or not at all, the same bytes twice, nothing done in vain."""

import hashlib
import json
import shutil
from pathlib import Path

import nbformat
import pytest

from casereport.case.settings import make_settings
from casereport.cli import main
from casereport.errors import BadInput
from casereport.files.paths import DATA, NOTEBOOKS
from casereport.run import papermill_engine
from casereport.run.notebooks import pinned, typed_parameters
from casereport.run.pipeline import run
from casereport.run.verify import first_difference
from marked import handed_over, report_of
from toys import toys


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
    assert ": a number: " in text if name == "confidence" else ": a whole number: " in text


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("lag_days", "x", "a whole number"),
        ("lag_days", "31", "a number up to 30"),
        ("window_days", "-1", "a number from 0 on"),
        ("confidence", "high", "a number"),
        ("confidence", "0.5", "a number above 0.5"),
        ("infusion_day", "x", "'before' or 'after'"),
    ],
)
def test_a_wrong_setting_is_told_without_the_words_of_a_programmer(name, value, words):
    with pytest.raises(BadInput) as bad:
        make_settings({name: value})
    assert str(bad.value) == f"parameter, {name}: {value!r}: {words}"


def test_what_the_run_sets_itself_is_not_taken_from_the_user():
    assert len(said({"case": "x", "phase": "cp", "output_dir": "y"})) == 3


def test_a_text_of_digits_stays_a_text():
    assert typed_parameters({"analytes": "007"}) == {"analytes": "007"}


@pytest.mark.parametrize(
    ("parameters", "expected"),
    [
        (
            {"lag_days": "-1", "infusion_day": "between", "confidence": "95"},
            ["a number from 0 on", "'before' or 'after'", "a number below 1"],
        ),
        ({"analytes": "crp,lymfocytes"}, ["did you mean 'lymphocytes'"]),
    ],
)
def test_a_value_out_of_range_is_bad_input_before_anything_runs(parameters, expected, run_here, tmp_path):
    words = [word for name, value in parameters.items() for word in ("-p", name, value)]
    code, told = run_here(NOTEBOOKS, tmp_path / "out", *words)
    assert code == 2
    assert all(text in told for text in expected)
    assert list(tmp_path.iterdir()) == []


def test_a_wrong_parameter_is_not_explained_as_if_it_would_run(tmp_path, capsys):
    words = ["--explain", "-p", "lag_day", "1", "--out", str(tmp_path / "out")]
    assert main(["report", "peng2020", *words]) == 2
    assert "did you mean 'lag_days'?" in capsys.readouterr().err


def test_make_passes_its_parameters_as_words(tmp_path, capsys):
    for words in ("lag_days", "lag_days=1 lag_days=2", "=1"):
        assert main(["report", "peng2020", "--out", str(tmp_path / "out"), "--params", words]) == 2
    assert "name=value" in capsys.readouterr().err
    words = "analytes=crp, lymfocytes"  # as a notebook takes them, with a space
    assert main(["report", "peng2020", "--out", str(tmp_path / "out"), "--params", words]) == 2
    assert "did you mean 'lymphocytes'" in capsys.readouterr().err


@pytest.mark.slow  # `make verify` does the same for every bundled case
def test_a_run_in_another_folder_time_zone_language_and_order_of_sets_gives_the_same_bytes(
    built, tmp_path, monkeypatch
):
    monkeypatch.chdir(tmp_path)
    for name, value in {"TZ": "Asia/Tokyo", "LC_ALL": "C", "HOME": str(tmp_path), "PYTHONHASHSEED": "1"}.items():
        monkeypatch.setenv(name, value)
    run("peng2020", tmp_path / "another" / "name", {})
    assert first_difference(built, tmp_path / "another" / "name") == ""


def test_the_manifest_has_the_hash_of_every_input_and_output(built):
    manifest = json.loads((built / "manifest.json").read_text(encoding="utf-8"))
    files = {p.relative_to(built).as_posix() for p in built.rglob("*") if p.is_file()}
    assert set(manifest["outputs"]) == files - {"manifest.json"}
    assert {name.partition("/")[0] for name in files if "/" in name} == {"figures", "kept", "notebooks", "results"}
    assert {Path(name).suffix for name in files if name.startswith("figures/")} == {".csv", ".svg"}
    for name, digest in manifest["outputs"].items():
        assert hashlib.sha256((built / name).read_bytes()).hexdigest() == digest
    assert "cases/peng2020/observations.csv" in manifest["inputs"]
    assert manifest["parameters"]["lag_days"] == 0


def test_every_output_belongs_to_one_step(built):
    manifest = json.loads((built / "manifest.json").read_text(encoding="utf-8"))
    owned = [name for files in manifest["steps"].values() for name in files]
    assert len(owned) == len(set(owned))
    assert set(owned) == set(manifest["outputs"])


def ran(out: Path) -> set[str]:
    """The notebooks that the last run of the report in `out` has run."""
    return set(json.loads((out / "manifest.json").read_text("utf-8"))["clocks"]["seconds"]) - {"in all"}


def test_steps_that_are_kept_and_steps_that_run_again_give_the_bytes_of_a_full_run(built, tmp_path):
    out = shutil.copytree(built, tmp_path / "out")
    (out / "results" / "audit.csv").write_text("spoiled", encoding="utf-8")
    run("peng2020", out, {})
    assert ran(out) == {"03-evidence", "05-report"}
    assert first_difference(out, built) == ""


ALL = {"01-ingest", "02-phase-conventional", "02-phase-cp", "02-phase-msc", "03-evidence", "04-figures", "05-report"}


@pytest.mark.slow  # which steps run is stated in test_stale, and that kept ones give the bytes of a full run above
@pytest.mark.parametrize(
    ("file", "given", "again"),
    [
        ("narrative.md", {}, {"01-ingest", "03-evidence", "05-report"}),
        ("", {"confidence": "0.9"}, {"03-evidence", "04-figures", "05-report"}),
        ("claims.csv", {}, ALL),
        ("observations.csv", {}, ALL),
    ],
)
def test_after_a_change_what_needs_it_runs_and_the_report_is_that_of_a_full_run(built, tmp_path, file, given, again):
    case = shutil.copytree(DATA / "cases" / "peng2020", tmp_path / "cases" / "peng2020")
    for table in DATA.glob("cases/*.csv"):  # what lies beside the case is an input of each step
        shutil.copy(table, case.parent)
    out = handed_over(shutil.copytree(built, tmp_path / "out"), str(case))
    if file:
        text = (case / file).read_text("utf-8")
        more = {
            "narrative.md": "\nNew.\n",
            "claims.csv": "new,lymphocytes rose once more,change,lymphocytes,0,4,,rose,abstract\n",
            "observations.csv": "5,lymphocytes,1.5,10*9/L,,,,measured,abstract,\n",
        }[file]
        (case / file).write_text(text + more, "utf-8")
    run(str(case), out, given)
    assert ran(out) == again
    run(str(case), tmp_path / "full", given)
    assert first_difference(out, tmp_path / "full") == ""


def test_an_unchanged_report_is_left_alone_and_the_command_says_so(built, tmp_path, capsys):
    out = shutil.copytree(built, tmp_path / "out")
    before = {p: p.stat().st_mtime_ns for p in out.rglob("*")}
    assert main(["report", "peng2020", "--out", str(out)]) == 0
    assert "is up to date" in capsys.readouterr().out
    assert {p: p.stat().st_mtime_ns for p in out.rglob("*")} == before


def test_a_failing_notebook_is_named_first_kept_and_leaves_the_earlier_report(run_here, tmp_path):
    """Of those that fail side by side it is the first by name."""
    out = report_of("leng2020", tmp_path / "out")
    code, said = run_here(toys(tmp_path / "notebooks", evidence="1 / 0", figures="1 / 0"), out)
    assert code == 1
    lines = said.splitlines()
    # its parameters are the second cell, those of the run the third
    assert lines[0] == "casereport: 03-evidence.ipynb, cell 5"
    assert lines[1].strip() == "ZeroDivisionError: division by zero"
    kept = tmp_path / "out.failed" / "03-evidence.ipynb"
    assert str(kept) in lines[2]
    assert [p.name for p in kept.parent.glob("*.ipynb")] == [kept.name]  # the one that is named, and no other
    assert [p.name for p in out.iterdir()] == ["manifest.json"]
    assert sorted(p.name for p in tmp_path.iterdir()) == ["notebooks", "out", "out.failed"]


def test_what_differs_from_run_to_run_is_pinned():
    book = nbformat.v4.new_notebook(metadata={"papermill": {"start_time": "now"}})
    source = "# Parameters\ncase = 'x'\noutput_dir = '/tmp/x1'\nlag_days = 1"
    cell = nbformat.v4.new_code_cell(source, metadata={"tags": ["injected-parameters"]})
    cell.metadata["papermill"] = {"duration": 1}
    cell.metadata["execution"] = {"iopub.execute_input": "now"}
    book.cells = [cell, nbformat.v4.new_code_cell("2", metadata={"tags": []}, id="kept")]
    done = pinned(book)
    assert done.metadata == {}
    assert [c.id for c in done.cells] == ["injected-parameters", "kept"]
    assert done.cells[0].source == "# Parameters\ncase = 'x'\nlag_days = 1"
    assert done.cells[0].metadata == {"tags": ["injected-parameters"]}
    assert done.cells[1].metadata == {}


def test_what_python_calls_a_cell_is_pinned_however_long_the_words_are_that_a_cell_prints():
    long = "x" * 2**20  # which a search that began anew at each letter would not end
    said = f"{long} /tmp/ipykernel_7/123.py:1: Warning in ('/tmp/ipykernel_7/123.py')"
    output = nbformat.v4.new_output("stream", name="stderr", text=said)
    done = pinned(nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("1", outputs=[output])]))
    assert done.cells[0].outputs[0].text == f"{long} cell:1: Warning in ('cell')"


@pytest.mark.parametrize(
    ("printed", "kept"),
    [
        ("1 %\r2 %\r3 %\ndone\n", "3 %\ndone\n"),
        ("a\r\nb\r\n", "a\r\nb\r\n"),  # lines of Windows
        ("a\n\rb\rc\n\nd\r", "a\nc\n\nd\r"),
        ("x" * 2**20, "x" * 2**20),  # which a search that began anew at each letter would not end
    ],
    ids=["a bar", "line ends", "several lines", "a long line"],
)
def test_what_a_progress_bar_has_written_over_is_not_kept(printed, kept):
    assert papermill_engine.client._RGX_CARRIAGERETURN.sub("", printed) == kept


def test_a_missing_case_is_bad_input_before_anything_is_made(tmp_path, capsys):
    assert main(["report", "../peng2020", "--out", str(tmp_path / "out")]) == 2
    assert list(tmp_path.iterdir()) == []
