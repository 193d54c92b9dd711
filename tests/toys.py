"""Small notebooks in the place of the five, so that what a run does when things go wrong can be seen in seconds."""

import os
import subprocess
import sys
import time
import uuid
from pathlib import Path

import nbformat
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from casereport.files.paths import NOTEBOOKS, ROOT
from casereport.run.stale import STEPS
from toy_command import START

HERE = Path(__file__).parent
_PATH = os.pathsep.join([str(HERE), str(ROOT / "src")])  # the package that the tests see
_WORK = """
import json, pathlib
out = pathlib.Path(output_dir)
name = "{step}" + ("-" + phase if "{step}" == "02-phase" else "")
for folder in ("results", "kept"):
    (out / folder).mkdir(parents=True, exist_ok=True)
_ = (out / "results" / f"{{name}}.csv").write_text("a,b\\n1,2\\n")
record = {{"files": [f"results/{{name}}.csv"], "read": {{}}, "parameters": {{}}, "entries": []}}
_ = (out / "kept" / f"{{name}}.json").write_text(json.dumps(record))
"""


def toys(folder: Path, **cells: str) -> Path:
    """A folder of five small notebooks; `ingest`, `phase`, `evidence`, `figures`, `report` is what one does besides."""
    for step in STEPS:
        toy(folder / f"{step}.ipynb", parameters(step), work(step), cells.get(step.partition("-")[2], "1 + 1"))
    return folder


def parameters(step: str) -> str:
    """The cell of parameters of one of the five."""
    return nbformat.read(NOTEBOOKS / f"{step}.ipynb", as_version=4).cells[1].source


def work(step: str) -> str:
    """A cell that keeps a table under the name of a notebook."""
    return _WORK.format(step=step)


def own_toy(path: Path, cell: str = "1 + 1") -> Path:
    """A small notebook of an author's own, which keeps a table under its name."""
    return toy(path, 'case: str = ""\noutput_dir: str = ""', work(path.stem), cell)


def toy(path: Path, parameters: str, *cells: str) -> Path:
    """Writes a notebook of these cells, the first of them its parameters."""
    title = new_markdown_cell(f"# {path.stem}", id="title")
    first = new_code_cell(parameters, id="parameters", metadata={"tags": ["parameters"]})
    rest = [new_code_cell(cell, id=f"work-{i}") for i, cell in enumerate(cells)]
    kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
    path.parent.mkdir(parents=True, exist_ok=True)
    nbformat.write(new_notebook(cells=[title, first, *rest], metadata=kernel), path)
    return path


class Run:
    """`casereport report` with small notebooks, in a process of its own that can be told from all others."""

    def __init__(self, notebooks: Path, out: Path, *words: str, before=None, case="leng2020") -> None:
        self.mark = uuid.uuid4().hex
        command = [sys.executable, "-c", START, str(notebooks), "report", case, "--out", str(out), *words]
        self.process = subprocess.Popen(
            command, env=os.environ | {"CASEREPORT_TEST": self.mark, "PYTHONPATH": _PATH}, text=True,
            start_new_session=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE, preexec_fn=before,
        )  # fmt: skip

    def end(self) -> tuple[int, str]:
        """Its exit code, and what it said on standard error."""
        _, told = self.process.communicate(timeout=500)
        return self.process.returncode, told

    def alive(self) -> list[int]:
        """The processes that this run began and that are still there."""
        found = []
        for folder in Path("/proc").iterdir():
            try:
                state = (folder / "stat").read_text().rpartition(") ")[2][:1] if folder.name.isdigit() else "Z"
                if state != "Z" and self.mark.encode() in (folder / "environ").read_bytes():
                    found.append(int(folder.name))
            except OSError:  # it has ended meanwhile
                continue
        return found

    def gone(self, seconds: float = 60) -> bool:
        """True as soon as nothing of it is left, False if that takes longer than the time given."""
        end = time.monotonic() + seconds
        while self.alive():
            if time.monotonic() > end:
                return False
            time.sleep(0.05)
        return True
