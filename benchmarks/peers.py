"""The same notebooks run by what others use: for each way, the commands that a user of it would give."""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import nbformat
import yaml

from casereport.files.paths import NOTEBOOKS, ROOT
from casereport.run.stale import STEPS

BIN = Path(sys.executable).parent
PLOOMBER = ROOT / ".venv" / "peers" / "bin" / "ploomber"  # in an environment of its own: it wants older libraries
Commands = list[list[str]]


def notebooks(phases: list[str]) -> list[tuple[str, str, dict[str, str]]]:
    """Name, notebook and own parameters of each run, in order."""
    found = []
    for step in STEPS:
        own = [{"phase": p} for p in phases] if step == "02-phase" else [{}]
        found += [("-".join([step, *o.values()]), step, o) for o in own]
    return found


def cells_of(phases: list[str], given: dict[str, str]) -> list[str]:
    """The code cells of the notebooks, one after the other, each with the parameters of its run."""
    lines = []
    for _, stem, own in notebooks(phases):
        for cell in nbformat.read(NOTEBOOKS / f"{stem}.ipynb", as_version=4).cells:
            if cell.cell_type == "code":
                lines.append(cell.source)
                if "parameters" in cell.metadata.get("tags", []):
                    lines += [f"{name} = {value!r}" for name, value in (given | own).items()]
    return lines


def ways(case: str, phases: list[str], folder: Path) -> dict[str, Commands]:
    """The commands of each way, which write into a folder of its name; what they need is written now, beside it."""
    makers: list[Callable[[str, list[str], Path], Commands]] = [script, papermill, api, nbconvert]
    if PLOOMBER.exists():
        makers.append(ploomber)
    return {make.__name__: make(case, phases, folder / make.__name__) for make in makers}


def script(case: str, phases: list[str], out: Path) -> Commands:
    """The cells as one plain script, without notebooks and pages."""
    lines = ["import matplotlib", "matplotlib.use('agg')", "from IPython.display import display"]
    lines += cells_of(phases, {"case": case, "output_dir": str(out)})
    path = out.with_suffix(".py")
    path.write_text("\n".join(lines), encoding="utf-8")
    return [[sys.executable, str(path)]]


def papermill(case: str, phases: list[str], out: Path) -> Commands:
    """The command `papermill` for each notebook, and `jupyter nbconvert` for the pages."""
    commands, made = [], []
    for name, stem, own in notebooks(phases):
        made.append(str(out / f"{name}.ipynb"))
        words = [w for k, v in {"case": case, "output_dir": str(out), **own}.items() for w in ("-p", k, v)]
        commands.append([str(BIN / "papermill"), str(NOTEBOOKS / f"{stem}.ipynb"), made[-1], *words])
    return [*commands, _pages(made)]


def api(case: str, phases: list[str], out: Path) -> Commands:
    """`papermill.execute_notebook` and nbconvert's exporter, in one process."""
    runs = [
        (str(NOTEBOOKS / f"{stem}.ipynb"), str(out / f"{name}.ipynb"), {"case": case, "output_dir": str(out), **own})
        for name, stem, own in notebooks(phases)
    ]
    lines = [
        "import pathlib, papermill, nbconvert",
        f"runs = {runs!r}",
        "for source, made, given in runs:",
        "    papermill.execute_notebook(source, made, parameters=given, progress_bar=False)",
        "pages = nbconvert.HTMLExporter()",
        "for _, made, _ in runs:",
        "    pathlib.Path(made).with_suffix('.html').write_text(pages.from_filename(made)[0])",
    ]
    path = out.with_suffix(".py")
    path.write_text("\n".join(lines), encoding="utf-8")
    return [[sys.executable, str(path)]]


def nbconvert(case: str, phases: list[str], out: Path) -> Commands:
    """`jupyter nbconvert --execute`, which takes no parameters: they are written into copies of the notebooks."""
    beside, copies = out.parent / "given", []
    beside.mkdir(exist_ok=True)
    for name, stem, own in notebooks(phases):
        notebook = nbformat.read(NOTEBOOKS / f"{stem}.ipynb", as_version=4)
        for cell in notebook.cells:
            if "parameters" in cell.metadata.get("tags", []):
                given = {"case": case, "output_dir": str(out), **own}
                cell.source += "".join(f"\n{key} = {json.dumps(value)}" for key, value in given.items())
        copies.append(str(beside / f"{name}.ipynb"))
        nbformat.write(notebook, copies[-1])
    return [[*_pages(copies), "--execute", "--output-dir", str(out)]]


def ploomber(case: str, phases: list[str], out: Path) -> Commands:
    """`ploomber build` with what does not need the other side by side, and `jupyter nbconvert` for the pages."""
    tasks: list[dict[str, Any]] = []
    for name, stem, own in notebooks(phases):
        earlier = [task["name"] for task in tasks]
        after = {STEPS[0]: [], STEPS[3]: [STEPS[2]], STEPS[4]: earlier}.get(stem, [STEPS[0]])
        tasks.append(
            {"source": str(NOTEBOOKS / f"{stem}.ipynb"), "name": name, "product": str(out / f"{name}.ipynb"),
             "static_analysis": "disable", "params": {"case": case, "output_dir": str(out), **own}}
            | ({"upstream": after} if after else {})
        )  # fmt: skip
    beside = out.parent / "dag"
    beside.mkdir(exist_ok=True)
    content = {"meta": {"extract_upstream": False}, "executor": "parallel", "tasks": tasks}
    (beside / "pipeline.yaml").write_text(yaml.safe_dump(content), encoding="utf-8")
    # it sends statistics of its use to its makers unless told not to
    build = f"cd {beside} && PLOOMBER_STATS_ENABLED=false {PLOOMBER} build"
    return [["sh", "-c", build], _pages([task["product"] for task in tasks])]


def version_of_ploomber() -> str:
    """`, ploomber 0.23.3`; empty where it is not installed."""
    if not PLOOMBER.exists():
        return ""
    said = subprocess.run([PLOOMBER, "--version"], capture_output=True, text=True, check=True).stdout.split()
    return f", ploomber {said[-1]}"


def _pages(made: list[str]) -> list[str]:
    return [str(BIN / "jupyter"), "nbconvert", "--to", "html", *made]
