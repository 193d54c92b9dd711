"""What a worker does for a run: check the case, execute one notebook by papermill, make its pages.

These functions are called in processes of their own, which have the libraries from the server they were forked from.
"""

import errno
import io
import logging
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import cache, partial
from importlib import import_module
from pathlib import Path
from pkgutil import walk_packages
from types import ModuleType
from typing import Any

from casereport.case.settings import Settings, check_analytes, make_settings
from casereport.errors import BadInput, Problem, nearest
from casereport.files import at_work
from casereport.files.paths import NOTEBOOKS, PACKAGE, ROOT
from casereport.run.failures import RunFailed
from casereport.run.stale import REPORT, STEPS, declared

FOOTER = (
    "A case report describes one patient. It does not show what caused a change, and is not medical advice. "
    "Made with casereport."
)
# an interrupt that comes when a kernel is about to end anyway is no error to tell the user of; and what is run on a
# patient is kept in the report's folder, not in IPython's history of all that its user ever ran
_TO_KERNEL = ["--log-level=CRITICAL", "--HistoryManager.enabled=False"]
_OF_KERNELS = (
    "casereport.run.kernel", "casereport.run.papermill_engine", "encodings.ascii", "faulthandler",
    "ipykernel.debugger", "IPython.core.completerlib", "IPython.core.debugger",
    "IPython.core.logger", "IPython.core.oinspect", "IPython.extensions.storemagic", "tornado.platform.asyncio",
    "mistune.plugins.def_list", "mistune.plugins.task_lists", "mistune.plugins.url",
)  # fmt: skip
_OF_DRAWING = (
    "bleach", "seaborn", "matplotlib.backends.backend_agg", "matplotlib.backends.backend_svg",
    "IPython.core.pylabtools", "pandas.core.methods.to_dict", "pandas.core.reshape.reshape", "pandas.io.formats.csvs",
    "pandas.io.formats.html", "pandas.io.formats.string", "pandas.io.formats.style",
)  # fmt: skip
_ROOMS = ("case", "audit", "analysis", "figures", "report")  # what the notebooks use of this package
_ADDRESS = re.compile(r"(<[\w.]+(?: object)?) at 0x[0-9a-f]+>")  # of an object that a cell shows as Python does
# what Python calls the file of a cell, by its process; looked for once a word: a cell may print a word of a megabyte
_CELL = re.compile(r"(?<![^\s\"'<>])[^\s\"'<>]*/ipykernel_\d+/\d+\.py")
_KERNEL = {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}
_FULL = tuple(f"[Errno {code}]" for code in (errno.ENOSPC, errno.EDQUOT))
_NO_REASON = "failed without an error message; perhaps memory was refused"
_KINDS = {"int": "a whole number", "float": "a number", "str": "a text"}
_RUNNERS_OWN = {
    "case": "the CASE argument",
    "phase": "the run: every phase of the case is run",
    "output_dir": "--out",
}


@contextmanager
def absent(name: str) -> Iterator[None]:
    """Imports of a module that is optional fail, as if it were not installed."""
    missing = name not in sys.modules
    if missing:
        sys.modules[name] = None  # type: ignore[assignment]
    try:
        yield
    finally:
        if missing:
            del sys.modules[name]


def papermill() -> ModuleType:
    """papermill, imported without the 1.8 s that one of its dependencies spends on a grammar that nothing here uses."""
    # jsonschema treats it as optional: without it only the format of an IRI is not checked
    with absent("rfc3987_syntax"):
        import papermill as module
    return module


def declared_parameters(own: Sequence[Path] = ()) -> dict[str, dict[str, str]]:
    """The parameters of all notebooks by name: `type`, `default` and `help`, as their cells declare them.

    `own` are notebooks of the report's author.
    """
    papermill()
    from papermill.inspection import _infer_parameters
    from papermill.iorw import load_notebook_node

    found: dict[str, dict[str, str]] = {}
    for path in [*(NOTEBOOKS / f"{step}.ipynb" for step in STEPS), *own]:
        # not as the notebook says: it may have been saved in an environment that has another kernel
        for one in _infer_parameters(load_notebook_node(str(path)), name="python3", language="python"):
            found.setdefault(one.name, {"type": one.inferred_type_name, "default": one.default, "help": one.help})
    return found


def typed_parameters(given: dict[str, str], own: Sequence[Path] = ()) -> dict[str, Any]:
    """The values in `given`, each of the type that the notebooks declare; raises BadInput for every misfit.

    An unknown name is an error that names the nearest: papermill itself would warn and go on with the default.
    """
    if not given:
        return {}
    declared = declared_parameters(own)
    choices = sorted(set(declared) - set(_RUNNERS_OWN))
    problems, typed = [], {}
    for name, text in given.items():
        if name in _RUNNERS_OWN:
            problems.append(Problem("parameter", 0, name, text, f"set by {_RUNNERS_OWN[name]}"))
        elif name not in declared:
            problems.append(Problem("parameter", 0, "", name, f"no such parameter; {nearest(name, choices)}"))
        else:
            kind = declared[name]["type"]
            try:
                typed[name] = {"int": int, "float": float, "str": str}[kind](text)
            except (ValueError, KeyError):
                expected = f"{_KINDS.get(kind, kind)}: {declared[name]['help']}"
                problems.append(Problem("parameter", 0, name, text, expected))
    if problems:
        raise BadInput(problems)
    return typed


def check_own(notebooks: Sequence[Path]) -> None:
    """Raises BadInput for each notebook of the author that a run cannot take."""
    problems = []
    for path in notebooks:
        if not path.is_file() or path.suffix != ".ipynb":
            problems.append(Problem("notebook", 0, "", str(path), "an existing notebook (.ipynb)"))
        elif not re.fullmatch(r"[A-Za-z][A-Za-z0-9_-]{0,63}", path.stem):
            expected = "a name that begins with a letter, of letters, digits, - and _"
            problems.append(Problem("notebook", 0, "", path.name, expected))
        elif missing := sorted({"case", "output_dir"}.difference(declared(path))):
            expected = f"a cell tagged `parameters` that declares {' and '.join(missing)}"
            problems.append(Problem("notebook", 0, "", path.name, expected))
    if len({path.stem for path in notebooks}) < len(notebooks):
        problems.append(Problem("notebook", 0, "", "", "notebooks of different names"))
    if problems:
        raise BadInput(problems)


@cache
def prepare_checks() -> None:
    """Imports what `check` needs, so that it can begin while the rest is imported."""
    import casereport.audit.care.checklist
    import casereport.report.provenance  # noqa: F401
    from casereport.privacy.rules import compile_all

    compile_all()


@cache  # a server that many runs share is asked each time
def prepare_kernels() -> None:
    """Imports what any notebook needs to run, to draw and for its page, and what these import when first used."""
    papermill()
    with absent("debugpy"):  # nobody can ask the kernel of a run for a debugger, which each would import anew
        _import(_OF_KERNELS)
    _import(_OF_DRAWING)  # else the first notebook would import it too, while the server does
    import pandas
    from nbformat.v4 import new_code_cell, new_notebook

    from casereport.report.pages import notebook_page, report_page
    from casereport.run.kernels import by_fork

    by_fork()
    pandas.read_csv(io.StringIO("text,number\na,1\n"))  # pandas sets up when first used what its texts lie in
    # pandas looks at its import whether it is in a notebook, and here it is not yet
    pandas.set_option("display.max_columns", 20)
    for page in (notebook_page, report_page):
        page(new_notebook(cells=[new_code_cell("1")]), "", "", False)


def _import(modules: Iterable[str]) -> None:
    for module in modules:
        import_module(module)


@cache
def prepare_notebooks() -> None:
    """Imports what the five notebooks need besides, which is of this package."""
    for room in _ROOMS:
        package = import_module(f"casereport.{room}")
        found = walk_packages(package.__path__, f"{package.__name__}.")
        _import(module.name for module in found if not module.name.startswith("casereport.report.exports."))
    import PIL.Image

    from casereport.report.sections import compile_templates

    compile_templates()
    PIL.Image.preinit()


def check(case: str, given: dict[str, str], own: Sequence[Path] = ()) -> dict[str, Any]:
    """All that a run can know before a notebook runs; raises BadInput with everything that is wrong.

    Returns `parameters` (typed), `title`, `authors`, `phases` (ids), `status`, `citation`, `simulated`, `notices` (of
    the codes in its tables) and `made` (what the manifest says of inputs, parameters and versions).
    """
    from casereport.audit.care.checklist import require_complete
    from casereport.audit.validation import read_case
    from casereport.exchange.exported import codes_of
    from casereport.exchange.notices import notices
    from casereport.files.hashes import made_from
    from casereport.report.provenance import collect
    from casereport.run.drawn_texts import fonts_of

    check_own(own)
    typed = typed_parameters(given, own)
    settings = make_settings({name: value for name, value in typed.items() if name in Settings.model_fields})
    record = read_case(case, typed, settings.lag_days, settings.infusion_day)
    check_analytes(settings, record.vocabulary)
    require_complete(record, settings.lag_days, settings.infusion_day)
    fonts = fonts_of(record)
    meta = record.meta
    return {
        "parameters": typed,
        "title": meta.title,
        "authors": [author.model_dump() for author in meta.authors],
        "phases": [p.id for p in meta.phases],
        "status": meta.status,
        "citation": meta.citation and meta.citation.model_dump(),
        "simulated": record.simulated,
        "notices": notices(*codes_of(record)),
        "made": collect(made_from(case), settings.model_dump())
        | {"case": meta.id, "simulated": record.simulated, **({"fonts": fonts} if fonts else {})},
    }


def execute(source: Path, target: Path, parameters: dict[str, object], plan: dict[str, Any], timeout: int) -> None:
    """Executes the notebook `source` to `target`, and makes the page beside it; for the report, report.html too.

    `plan` is what `check` returned, `timeout` the seconds that a cell may take. Raises RunFailed, and then `target` is
    the notebook as far as it came.
    """
    import nbformat

    from casereport.report.pages import notebook_page, report_page

    folder, name = target.parents[1], target.stem
    # the report's kernel starts beside the last notebooks, and its cells when all that it reads is kept
    waits = partial(at_work.others, folder, name) if source.stem == REPORT else lambda: False
    notebook = pinned(run_notebook(source, target, parameters, timeout, waits), folder)
    nbformat.write(notebook, target)
    title, simulated = plan["title"], plan["simulated"]
    marks = " · ".join([*(["DRAFT"] if plan["status"] == "draft" else []), *(["SIMULATED"] if simulated else [])])
    page = notebook_page(notebook, f"{target.stem}: {title}", FOOTER, simulated, marks)
    target.with_suffix(".html").write_text(page, encoding="utf-8")
    if source.stem == REPORT:
        page = report_page(notebook, title, FOOTER, simulated, marks)
        (folder / "report.html").write_text(page, encoding="utf-8")


def run_notebook(
    source: Path, target: Path, parameters: dict[str, object], timeout: int | None,
    waits: Callable[[], bool] = lambda: False,
) -> Any:  # fmt: skip
    """Executes the notebook `source` by papermill to `target` and returns it; raises RunFailed, and what stopped it.

    A cell may take `timeout` seconds (None: as long as it needs), and none begins while the notebook `waits`. `target`
    then holds the notebook as far as it came.
    """
    from nbclient.exceptions import CellTimeoutError

    from casereport.run.kernels import SPECIFICATION, talk_to_kernels

    pm = papermill()
    from casereport.run import papermill_engine as engine

    logging.getLogger("papermill").setLevel(logging.CRITICAL)  # what goes wrong is told below, once
    try:
        return pm.execute_notebook(
            _as_it_is(source), _as_it_is(target), parameters=parameters, engine_name=engine.NAME,
            config=talk_to_kernels(), kernel_name=SPECIFICATION, language="python",
            execution_timeout=timeout, extra_arguments=_TO_KERNEL, shutdown_kernel="immediate", progress_bar=False,
            cwd=target.parent,  # a folder of the run: matplotlib and IPython read settings from where their user is
            waits=waits,
        )  # fmt: skip
    except pm.exceptions.PapermillExecutionError as error:
        stack = re.sub(r"\x1b\[[0-9;]*m", "", "\n".join(error.traceback))
        where = f"{source.name}, cell {error.cell_index + 1}"
        what = f"{error.ename}: {error.evalue}" if error.evalue or stack else _NO_REASON
        if error.ename == "OSError" and error.evalue.startswith(_FULL):  # no fault of the cell
            what, stack = "the disk is full: no space left", ""
        if stack.strip() == error.evalue.strip():  # an error of ours that a notebook shows in a line
            stack = ""
        raise RunFailed(where, what, target, stack) from None
    except CellTimeoutError:
        what = f"did not end within {timeout} s (--timeout); its kernel was stopped"
        raise RunFailed(f"{source.name}, {_last_cell(target)}", what, target, "") from None
    except RuntimeError as error:  # nbclient's DeadKernelError, and what a kernel that never answered gives
        raise RunFailed(f"{source.name}, {_last_cell(target)}", _death(error), target, "") from None


def _as_it_is(path: Path) -> str:
    """A path for papermill, which takes what stands in braces for the name of a parameter."""
    return str(path).replace("{", "{{").replace("}", "}}")


def _death(error: RuntimeError) -> str:
    from casereport.run.kernels import ForkProvisioner

    code = ForkProvisioner.last.poll() if ForkProvisioner.last else None
    if code is None:
        return f"the kernel gave no answer: {error}"
    how = f", killed by signal {-code}" if code < 0 else f" with exit code {code}"
    return f"the kernel died{how}" + ("; perhaps the machine was short of memory" if code in (-9, -6) else "")


def _last_cell(target: Path) -> str:
    """The cell that was running, as papermill's own record in the notebook has it."""
    import nbformat

    try:
        cells = nbformat.read(target, as_version=4).cells
    except (OSError, ValueError):
        return "a cell"
    begun = [i for i, c in enumerate(cells, start=1) if c.metadata.get("papermill", {}).get("start_time")]
    return f"cell {begun[-1]}" if begun else "before its first cell"


def pinned(notebook: Any, folder: Path | None = None) -> Any:
    """The executed notebook without what differs from run to run: times, addresses, places, the `folder` of the build.

    Where somebody's checkout lies is nobody's business either.
    """
    notebook.metadata.pop("papermill", None)
    if "kernelspec" in notebook.metadata:
        notebook.metadata["kernelspec"] = _KERNEL
    places = [*([folder] if folder else []), PACKAGE.parent, ROOT, *(p for p in sys.path if p.endswith("-packages"))]
    inside = re.compile("|".join(re.escape(f"{place}/") for place in (*places, sys.prefix)))

    def plain(said: str) -> str:
        return inside.sub("", _CELL.sub("cell", _ADDRESS.sub(r"\1>", said)))

    for cell in notebook.cells:
        for shown in cell.get("outputs", []):
            for said in (shown, shown.get("data", {})):
                for key in {"text", "text/plain", "evalue"} & set(said):
                    said[key] = plain(said[key])
            if "traceback" in shown:
                shown["traceback"] = [plain(line) for line in shown["traceback"]]
        for key in ("papermill", "execution"):
            cell.metadata.pop(key, None)
        if not cell.metadata.get("tags", True):
            del cell.metadata["tags"]
        if "injected-parameters" in cell.metadata.get("tags", []):
            cell["id"] = "injected-parameters"
            # without it a rerun of the notebook writes where notebooks write, and leaves the reports alone
            lines = [line for line in cell.source.splitlines() if not line.startswith("output_dir = ")]
            # where a case of somebody's own lies is nobody's business
            cell.source = re.sub(r'^case = ".*/([^/"]+?)(?:\.xlsx)?"$', r'case = "\1"', "\n".join(lines), flags=re.M)
    return notebook
