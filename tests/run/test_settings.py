"""A run takes nothing of its user's own settings: equal input gives equal bytes, whatever they say."""

import json
import shutil

import nbformat
import pytest

from casereport.files import hashes
from casereport.files.paths import NOTEBOOKS
from casereport.run import workers
from casereport.run.notebooks import declared_parameters, pinned
from casereport.run.surroundings import environment
from toys import Run, own_toy, toys

pytestmark = pytest.mark.skipif(not workers.FORKS, reason="kernels are forked on Linux only")
TELLS = """
import os, shutil, sys, warnings
import matplotlib, pandas
print(pandas.get_option("display.max_colwidth"), shutil.get_terminal_size(), __debug__, sys.executable)
print({key: value for key, value in matplotlib.rcParams.items() if key not in ("backend", "date.epoch")})
print(warnings.filters, "startup" in globals(), get_ipython().display_formatter.formatters["text/plain"].pprint)
warnings.warn("of a cell")
"""
KERNEL = {"argv": ["/bin/false", "{connection_file}"], "display_name": "other", "language": "python"}


@pytest.fixture
def settings(tmp_path, monkeypatch):
    """The home of a user who has set all that can be set."""
    home = tmp_path / "home"
    files = {
        ".config/matplotlib/matplotlibrc": "text.usetex: True\naxes.unicode_minus: False\nsavefig.dpi: 50\n",
        ".ipython/profile_default/startup/a.py": "import pandas as p; p.options.display.max_colwidth = 20; startup = 1",
        ".ipython/profile_default/ipython_config.py": "c.PlainTextFormatter.pprint = False",
        ".ipython/profile_default/ipython_kernel_config.py": "c.InteractiveShellApp.exec_lines = ['startup = 2']",
        ".jupyter/jupyter_config.json": json.dumps({"KernelManager": {"default_kernel_name": "other"}}),
        ".local/share/jupyter/kernels/python3/kernel.json": json.dumps(KERNEL),
        ".local/share/jupyter/nbconvert/templates/notebook/index.html.j2": "theirs",
    }  # fmt: skip
    for name, text in files.items():
        (home / name).parent.mkdir(parents=True, exist_ok=True)
        (home / name).write_text(text)
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("JUPYTER_PATH", str(home / ".local/share/jupyter"))
    monkeypatch.setenv("PYTHONWARNINGS", "error")
    monkeypatch.setenv("PYTHONOPTIMIZE", "2")
    monkeypatch.setenv("PYTHONSTARTUP", str(home / ".ipython/profile_default/startup/a.py"))
    monkeypatch.setenv("COLUMNS", "40")
    monkeypatch.delenv("MPLCONFIGDIR", raising=False)
    monkeypatch.delenv("MATPLOTLIBRC", raising=False)


def made(code, told, out):
    assert code == 0, told
    return {name: value for name, value in hashes.hashes(out).items() if name != "manifest.json"}


def test_a_run_is_the_same_whatever_its_user_has_set(tmp_path, request):
    notebooks = toys(tmp_path / "notebooks", evidence=TELLS)
    places = [tmp_path / name / "leng2020" for name in ("without", "with")]
    without = made(*Run(notebooks, places[0]).end(), places[0])
    request.getfixturevalue("settings")
    assert made(*Run(notebooks, places[1]).end(), places[1]) == without


def test_a_notebook_that_was_saved_with_another_kernel_runs_on_the_python_of_the_run(run_here, tmp_path):
    notebooks = toys(tmp_path / "notebooks", evidence="import sys\nprint(sys.executable)")
    path = notebooks / "03-evidence.ipynb"
    book = nbformat.read(path, as_version=4)
    book.metadata["kernelspec"] = {"name": "conda-env-analysis-py", "display_name": "analysis", "language": "python"}
    nbformat.write(book, path)
    assert run_here(notebooks, tmp_path / "leng2020") == (0, "")
    done = nbformat.read(tmp_path / "leng2020" / "notebooks" / "03-evidence.ipynb", as_version=4)
    assert done.metadata.kernelspec.name == "python3"


def test_the_parameters_of_a_notebook_are_known_also_where_it_names_no_kernel(tmp_path):
    own = own_toy(tmp_path / "mine.ipynb")
    book = nbformat.read(own, as_version=4)
    book.metadata.clear()
    nbformat.write(book, own)
    assert declared_parameters([own])["case"]["type"] == "str"


def test_a_run_keeps_where_its_packages_are_and_drops_what_sets_them(tmp_path):
    given = {"PYTHONPATH": "/x", "PATH": "/bin", "PYTHONWARNINGS": "error", "DASK_X": "1", "JUPYTER_PATH": "/y",
             "MINE": "1", "OMP_NUM_THREADS": "8", "LC_ALL": "de_DE.ISO-8859-1"}  # fmt: skip
    found = environment(tmp_path, given)
    assert {"PYTHONPATH": "/x", "PATH": "/bin", "MINE": "1"}.items() <= found.items()
    assert not {"PYTHONWARNINGS", "DASK_X", "JUPYTER_PATH"} & set(found)
    assert found["OMP_NUM_THREADS"] == "1" and found["LC_ALL"] == "C.UTF-8"


def test_no_place_of_the_machine_and_no_process_stays_in_an_executed_notebook(tmp_path):
    text = f"/tmp/ipykernel_123/456.py:5: UserWarning: {NOTEBOOKS.parent}/src/x.py {tmp_path}/results/a.csv\n"
    output = nbformat.v4.new_output("stream", name="stderr", text=text)
    book = pinned(nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(outputs=[output])]), tmp_path)
    assert book.cells[0].outputs[0].text == "cell:5: UserWarning: x.py results/a.csv\n"


def test_a_folder_with_braces_quotes_and_a_line_s_end_in_its_name_takes_a_report(run_here, tmp_path):
    out = tmp_path / "a {case} {b} 'c' \"d\" \\e\nf $g %h 病 é"
    out.mkdir()
    assert run_here(toys(tmp_path / "notebooks"), out / "leng2020") == (0, "")
    assert (out / "leng2020" / "report.html").is_file()
    shutil.rmtree(out)


def test_who_has_no_home_gets_a_folder_of_the_run_for_the_list_of_fonts(tmp_path):
    (tmp_path / "file").touch()
    without = environment(tmp_path / "run", {"HOME": str(tmp_path / "file" / "home")})
    assert without["MPLCONFIGDIR"] == str(tmp_path / "run" / "matplotlib")
    assert "MPLCONFIGDIR" not in environment(tmp_path / "run", {"HOME": str(tmp_path)})
    given = {"HOME": str(tmp_path / "file" / "home"), "MPLCONFIGDIR": "/elsewhere"}
    assert environment(tmp_path / "run", given)["MPLCONFIGDIR"] == "/elsewhere"
