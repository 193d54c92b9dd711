"""The run: the notebooks in order, by papermill in one process, into an output folder that appears whole or not at all.

Everything is written into a folder beside the final one, which takes its place only at the end; a run that fails
leaves an earlier report as it was.
"""

import re
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from casereport.analysis import open_analysis
from casereport.care import require_complete
from casereport.kernels import ready_kernels
from casereport.meta import CaseMeta
from casereport.pages import notebook_page, report_page
from casereport.paths import NOTEBOOKS, from_root, relative
from casereport.privacy import check_privacy
from casereport.problems import BadInput, Problem, nearest
from casereport.provenance import manifest
from casereport.results import save_json
from casereport.sources import case_path

STEPS = ("01-ingest", "02-phase", "03-evidence", "04-figures", "05-report")
FOOTER = (
    "A case report describes one patient. It does not show what caused a change, and it is no medical advice. "
    "Made with casereport."
)
_RUNNERS_OWN = ("case", "phase", "data_dir", "output_dir")


class RunFailed(Exception):
    """A notebook stopped. `where` says which notebook and cell, `what` the error; the executed notebook is kept."""

    def __init__(self, where: str, what: str, kept: Path, stack: str) -> None:
        super().__init__(f"{where}: {what}")
        self.where, self.what, self.kept, self.stack = where, what, kept, stack


def papermill():
    """papermill, imported without the 1.8 s that one of its dependencies spends on a grammar that nothing here uses."""
    # jsonschema treats rfc3987_syntax as optional: a missing one only means that IRI formats are not checked
    absent = "rfc3987_syntax" not in sys.modules
    if absent:
        sys.modules["rfc3987_syntax"] = None  # type: ignore[assignment]
    import papermill as module

    if absent:
        del sys.modules["rfc3987_syntax"]
    return module


def declared_parameters() -> dict[str, dict[str, str]]:
    """The parameters of all notebooks by name: `type`, `default` and `help`, as their cells declare them."""
    found: dict[str, dict[str, str]] = {}
    for step in STEPS:
        for name, entry in papermill().inspect_notebook(str(NOTEBOOKS / f"{step}.ipynb")).items():
            found.setdefault(
                name, {"type": entry["inferred_type_name"], "default": entry["default"], "help": entry["help"]}
            )
    return found


def typed_parameters(given: dict[str, str]) -> dict[str, object]:
    """The values in `given`, each of the type that the notebooks declare; raises BadInput for every misfit.

    An unknown name is an error that names the nearest: papermill itself would warn and go on with the default.
    """
    declared = declared_parameters()
    choices = sorted(set(declared) - set(_RUNNERS_OWN))
    problems, typed = [], {}
    for name, text in given.items():
        if name in _RUNNERS_OWN:
            own = {"case": "the CASE argument", "output_dir": "--out", "data_dir": "--data"}
            expected = f"set by {own[name]}" if name in own else "set by the run: every phase of the case is run"
            problems.append(Problem("parameter", 0, name, text, expected))
        elif name not in declared:
            problems.append(Problem("parameter", 0, "", name, f"no such parameter; {nearest(name, choices)}"))
        else:
            kind = declared[name]["type"]
            try:
                typed[name] = {"int": int, "float": float, "str": str}[kind](text)
            except ValueError:
                problems.append(Problem("parameter", 0, name, text, f"expected {kind}: {declared[name]['help']}"))
    if problems:
        raise BadInput(problems)
    return typed


def run(case: str, data_dir: str, out: Path, given: dict[str, str]) -> Path:
    """Builds the report of `case` into the folder `out` and returns the path of report.html.

    Raises BadInput before anything runs, and RunFailed if a notebook stops; `out` is then as it was before.
    """
    typed = typed_parameters(given)
    _check_replaceable(out)
    with _beside(out) as building:
        analysis = open_analysis(case, data_dir, building, **typed)
        refused = check_privacy(case_path(case, from_root(data_dir)), analysis.case.meta, given)
        if refused:
            raise BadInput(refused)
        require_complete(analysis.case, analysis.settings)
        meta, simulated = analysis.case.meta, analysis.case.simulated
        jobs = _jobs(meta)
        executed = {}
        with ready_kernels():
            for name, step, own in _progress(jobs):
                parameters = {"case": case, "data_dir": data_dir, "output_dir": str(building), **own, **typed}
                executed[name] = _execute(step, building / "notebooks" / f"{name}.ipynb", parameters, building, out)
        shutil.rmtree(building / "steps")
        for name, notebook in executed.items():
            nbformat.write(notebook, building / "notebooks" / f"{name}.ipynb")
            page = notebook_page(notebook, f"{name}: {meta.title}", FOOTER, simulated)
            (building / "notebooks" / f"{name}.html").write_text(page, encoding="utf-8")
        marks = " · ".join([*(["DRAFT"] if meta.status == "draft" else []), *(["SIMULATED"] if simulated else [])])
        page = report_page(executed["05-report"], meta.title, FOOTER, simulated, marks)
        (building / "report.html").write_text(page, encoding="utf-8")
        save_json(building / "manifest.json", manifest(analysis, building, given))
        _replace(building, out)
    shutil.rmtree(_failed(out), ignore_errors=True)
    return out / "report.html"


def _jobs(meta: CaseMeta) -> list[tuple[str, str, dict[str, str]]]:
    """Name of the run, notebook, and parameters of its own: 02-phase once for each phase."""
    jobs: list[tuple[str, str, dict[str, str]]] = []
    for step in STEPS:
        if step == "02-phase":
            jobs += [(f"{step}-{p.id}", step, {"phase": p.id}) for p in meta.phases]
        else:
            jobs.append((step, step, {}))
    return jobs


def _progress(jobs: list) -> Iterator[tuple[str, str, dict[str, str]]]:
    """The jobs, with a bar that names the current notebook and the time so far; silent without a terminal."""
    from tqdm import tqdm

    form = "{desc:<24} {n_fmt}/{total_fmt} |{bar:24}| {elapsed}"
    with tqdm(total=len(jobs), disable=None, bar_format=form, leave=True) as bar:
        for job in jobs:
            bar.set_description_str(job[0])
            yield job
            bar.update()
        bar.set_description_str("done")


def _execute(step: str, target: Path, parameters: dict[str, object], building: Path, out: Path) -> NotebookNode:
    from traitlets.config import Config

    pm = papermill()
    target.parent.mkdir(parents=True, exist_ok=True)
    # without encryption ipykernel 7.4 prints a warning at every start, and the local port is open to other users
    config = Config({"KernelManager": {"transport_encryption": "required"}})
    try:
        pm.execute_notebook(
            str(NOTEBOOKS / f"{step}.ipynb"), str(target), parameters=parameters, progress_bar=False, config=config
        )
    except pm.exceptions.PapermillExecutionError as error:
        kept = _failed(out) / target.name
        kept.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(target, kept)
        stack = re.sub(r"\x1b\[[0-9;]*m", "", "\n".join(error.traceback))
        where = f"{step}.ipynb, cell {error.cell_index + 1}"
        raise RunFailed(where, f"{error.ename}: {error.evalue}", kept, stack) from None
    case = str(parameters["case"])  # where a case of somebody's own lies is nobody's business
    shown = {str(building): relative(out), f'"{case}"': f'"{Path(case).stem}"'}
    return pinned(nbformat.read(target, as_version=4), shown)


def pinned(notebook: NotebookNode, shown_paths: dict[str, str]) -> NotebookNode:
    """The executed notebook without what differs from run to run: times, random ids, the folder it was built in."""
    notebook.metadata.pop("papermill", None)
    for cell in notebook.cells:
        for key in ("papermill", "execution"):
            cell.metadata.pop(key, None)
        if not cell.metadata.get("tags", True):
            del cell.metadata["tags"]
        if "injected-parameters" in cell.metadata.get("tags", []):
            cell["id"] = "injected-parameters"
            for path, shown in shown_paths.items():
                cell.source = cell.source.replace(path, shown)
    return notebook


def _failed(out: Path) -> Path:
    return out.with_name(out.name + ".failed")


def _check_replaceable(out: Path) -> None:
    if out.exists() and (not out.is_dir() or (any(out.iterdir()) and not (out / "manifest.json").is_file())):
        expected = "a new or empty folder, or an earlier report: this one holds other things and would be replaced"
        raise BadInput([Problem("parameter", 0, "--out", str(out), expected)])


@contextmanager
def _beside(out: Path) -> Iterator[Path]:
    """A folder beside `out` to build in; whatever is left of it at the end is removed."""
    out.parent.mkdir(parents=True, exist_ok=True)
    building = Path(tempfile.mkdtemp(prefix=f".{out.name}-", dir=out.parent))
    building.chmod(0o755)
    try:
        yield building
    finally:
        shutil.rmtree(building, ignore_errors=True)


def _replace(building: Path, out: Path) -> None:
    """Puts `building` in the place of `out`: two renames, so that a reader finds the old report or the new one."""
    if out.exists():
        old = Path(tempfile.mkdtemp(prefix=f".{out.name}-", dir=out.parent))
        out.rename(old / "old")
        building.rename(out)
        shutil.rmtree(old)
    else:
        building.rename(out)
