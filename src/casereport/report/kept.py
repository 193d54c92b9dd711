"""What the notebooks hand on: tables and figures under their names, and which of them the report shows.

Each notebook opens the results of its case, reads what those before it kept, and keeps what it makes. A record of
what a notebook read and kept lies beside the results, so that one which was made from an older table is noticed.
"""

import re
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import pandas as pd

from casereport.analysis.result_files import load_table
from casereport.analysis.table_columns import TABLES
from casereport.case import stored
from casereport.case.case import Case
from casereport.case.description import CaseMeta
from casereport.case.place import case_path
from casereport.case.settings import Settings, make_settings
from casereport.errors import BadInput, Problem, ShortError, nearest
from casereport.files import at_work, whose
from casereport.files.hashes import Parts, digest, made_from
from casereport.files.paths import REPORTS, from_root
from casereport.files.whole import save_json
from casereport.quantities.vocabulary_tables import project_vocabulary
from casereport.report.records import CASE, META, WHOLE, Entry, Record, changed_since, read_record, result_file
from casereport.report.showing import Kept, shown_figure, shown_table
from casereport.report.titles import SECTIONS

if TYPE_CHECKING:
    from pandas.io.formats.style import Styler

    from casereport.figures.drawing import Figure

INGEST = "01-ingest"
_PHASE = "02-phase"
_OF_REPORT = (INGEST, "03-evidence", "04-figures")
_OURS = (*_OF_REPORT, _PHASE)  # with what the names of the project's own notebooks begin
_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,99}")  # of files too, on disks to which capitals make no difference
_OF_INGEST = (
    *WHOLE, "statements", "observations", "interventions", "events", "pictures", "phases", "claims", "consistency",
    "sources", "values",
)  # fmt: skip
_MAKES = dict.fromkeys(TABLES, "03-evidence") | dict.fromkeys(_OF_INGEST, INGEST)
_OF_PHASE = ("change", "given")
_EVERY = 0.01  # seconds from one look to the next whether a notebook beside this one has kept a table


class KeepError(ShortError):
    """Something that cannot be kept, said with the cell that asked for it."""


class NotThere(ShortError):
    """A result that is missing or out of date, said with the notebook that makes it."""


class Results(Mapping[str, pd.DataFrame]):
    """The results of one case, as one notebook sees them: `results["observations"]` is a table that another kept."""

    def __init__(self, folder: Path, notebook: str) -> None:
        self.folder, self.notebook = folder, notebook
        self._own = Record()
        self._frames: dict[str, pd.DataFrame] = {}
        self._others = {
            path.stem: read_record(path) for path in sorted((folder / "kept").glob("*.json")) if path.stem != notebook
        }

    @cached_property
    def case(self) -> Case:
        """The case as 01-ingest read it."""
        path = self._path(CASE)
        return stored.from_json(path.read_text(encoding="utf-8"))

    @cached_property
    def meta(self) -> CaseMeta:
        """What case.yaml says; who reads no more of the case need not run again when its prose is edited."""
        return stored.meta_from_json(self._path(META).read_text(encoding="utf-8"))

    @property
    def notebooks(self) -> list[str]:
        """The notebooks whose results are here, in their order, without this one."""
        return sorted(self._others)

    @property
    def made_from(self) -> Parts:
        """What the first notebook read: each file and version with its hash."""
        return self._others[INGEST].made_from if INGEST in self._others else self._own.made_from

    @property
    def name(self) -> str:
        """The id of the case."""
        return (self._others.get(INGEST) or self._own).case

    @property
    def simulated(self) -> bool:
        """True for a simulated case, whose figures all say so."""
        return (self._others.get(INGEST) or self._own).simulated

    @property
    def parameters(self) -> dict[str, object]:
        """What the notebooks were told, by the name of the parameter."""
        return {name: value for record in self._others.values() for name, value in record.parameters.items()}

    @property
    def entries(self) -> list[Entry]:
        """All that is kept, in the order of the notebooks."""
        records = sorted([*self._others.items(), (self.notebook, self._own)])
        return [entry for _, record in records for entry in record.entries]

    def __getitem__(self, name: str) -> pd.DataFrame:
        """The table of this name, each column of its type; raises NotThere with the notebook that makes it."""
        if name not in self._frames:
            self._frames[name] = load_table(self._path(name), name)
        return self._frames[name].copy()

    def __contains__(self, name: object) -> bool:
        """True for a table that a notebook has kept, whether it is still up to date or not."""
        if not isinstance(name, str):
            return False
        self._await(name)
        there = name in list(self)
        self._own.read[name] = digest(self._file(name)) if there else ""
        return there

    def __iter__(self) -> Iterator[str]:
        return (entry.name for entry in self.entries if entry.kind == "table")

    def __len__(self) -> int:
        return len(list(iter(self)))

    def _path(self, name: str) -> Path:
        """The file of a result, after a look whether it is there and made from what is there now."""
        self._await(name)
        path, keeper = self._file(name), self._keeper(name)
        if not keeper or not path.is_file():
            raise self._stopped(name, f"{name} is not there yet: {_run_first(keeper or _made_by(name))}")
        if read := changed_since(self.folder, self._others[keeper]):
            raise self._stopped(name, f"{name} was made from an earlier {read}: {_run_first(keeper)}")
        self._own.read[name] = digest(path)
        return path

    def _keeper(self, name: str) -> str:
        """The notebook that has kept a result; empty where none has."""
        if name in WHOLE and INGEST in self._others:
            return INGEST
        return next((n for n, r in self._others.items() if any(e.name == name for e in r.entries)), "")

    def _await(self, name: str) -> None:
        """Waits, in a run, while the notebook that makes this is at work beside this one and has not kept it yet."""
        makes = _made_by(name)
        record, working = self.folder / "kept" / f"{makes}.json", makes != self.notebook
        while working and not self._keeper(name):
            working = at_work.is_at_work(self.folder, makes)  # before the look: what it kept last is then seen too
            if record.is_file():
                self._others[makes] = read_record(record)
            if working and not self._keeper(name):
                time.sleep(_EVERY)

    def _stopped(self, name: str, why: str) -> NotThere:
        """The error of a notebook that stops at this name; noted, so that it has to run again when that is there."""
        self._own.read[name] = ""
        self._write()
        return NotThere(why)

    def _file(self, name: str) -> Path:
        return result_file(self.folder, name)

    def keep(
        self, thing: "pd.DataFrame | Styler | Figure | Any", name: str = "", *, section: str = "", caption: str = "",
        alt: str = "", data: pd.DataFrame | None = None, phone: Any = None, page: Any = None,
    ) -> Kept:  # fmt: skip
        """Keeps a table or a figure under a name, for the notebooks after this one, the reader and the report.

        `thing` is a DataFrame, a Styler, a figure of this package, or anything of matplotlib or seaborn that has a
        figure. With a `section` (an id such as `follow-up-and-outcomes`) the report shows it there, numbered, under
        its `caption`. A figure needs `alt`, words that say what it shows; `data` is the table that it shows, taken
        from its axes unless given; `phone` is the same drawn 3.6 inches wide, for a small screen, and `page` 6.3
        inches wide, for the manuscript. Returns what the cell shows of it. Raises KeepError naming the cell.
        """
        name = name or getattr(thing, "id", "")
        self._check(thing, name, section)
        style = None if isinstance(thing, pd.DataFrame) or not hasattr(thing, "to_html") else cast("Styler", thing)
        table = thing if isinstance(thing, pd.DataFrame) else style.data if style is not None else None
        if table is not None:
            entry, shown = shown_table(self.folder, table, name, caption, style)
        else:
            entry, shown = self._figure(thing, name, caption, alt, data, {"phone": phone, "page": page})
        kept = Entry(name=name, notebook=self.notebook, section=section, **entry)
        self._own.entries = [e for e in self._own.entries if (e.name, e.kind) != (name, kept.kind)] + [kept]
        self._write()
        if _shell() is not None:
            shown._ipython_display_()
        return shown

    def _figure(
        self, thing: Any, name: str, caption: str, alt: str, data: pd.DataFrame | None, others: dict[str, Any]
    ) -> tuple[dict[str, Any], Kept]:
        from matplotlib import pyplot

        from casereport.figures.drawing import Figure
        from casereport.figures.matplotlib_figures import from_matplotlib

        if not isinstance(thing, Figure):
            if not alt.strip():
                raise KeepError(
                    f"{self._where(name)}: a figure needs alt text, for readers who cannot see it: "
                    'alt="Lymphocytes rise from 0.5 on day 0 to 1.4 on day 4."'
                )
            thing = from_matplotlib(thing, name=name, caption=caption or alt, alt=alt, data=data, **others)
        for drawn in (thing, *thing.others.values()):
            pyplot.close(drawn.canvas)  # else the notebook shows it a second time, as a picture without alt text
        return shown_figure(self.folder, thing, name, caption, alt, self.simulated)

    def _check(self, thing: object, name: str, section: str) -> None:
        if not any(hasattr(thing, what) for what in ("to_html", "figure", "canvas")):
            expected = "a table (DataFrame or Styler), or a figure of matplotlib or seaborn, or its axes"
            raise KeepError(f"{self._where(name)}: this is a {type(thing).__name__}; what can be kept is {expected}")
        if not _NAME.fullmatch(name):
            raise KeepError(f"{self._where(name)}: a name is of small letters, digits, - and _, such as 'nlr'")
        kind = "table" if hasattr(thing, "to_html") else "figure"
        others = [e for e in self.entries if (e.name, e.kind) == (name, kind) and e.notebook != self.notebook]
        keeper = next((e.notebook for e in others), "")
        if keeper:
            raise KeepError(f"{self._where(name)}: {keeper} has kept something of this name; choose another")
        if section and section not in SECTIONS:
            raise KeepError(f"{self._where(name)}: no section {section!r}; {nearest(section, SECTIONS)}")

    def _where(self, name: str) -> str:
        shell = _shell()
        cell = f", cell [{shell.displayhook.prompt_count}]" if shell is not None else ""
        return f"{self.notebook}{cell}, keep({name!r})"

    def check_analytes(self, ids: Sequence[str]) -> None:
        """Raises BadInput for each of these analytes that neither the case nor the vocabulary has."""
        vocabulary = project_vocabulary()
        known = {*self["observations"]["analyte"], *vocabulary.analytes}
        if unknown := [name for name in ids if name not in known]:
            raise BadInput(Problem("parameter", 0, "analytes", n, vocabulary.unknown_analyte(n)) for n in unknown)

    def check_all(self) -> None:
        """Raises NotThere where a notebook that the report needs has not run, or has read what has changed since.

        Says which one to run. Raises KeepError where two notebooks, run side by side, have kept things of one name.
        """
        for notebook in _OF_REPORT:
            if notebook not in self._others:
                raise NotThere(f"the report needs what {notebook} keeps: {_run_first(notebook)}")
        self._check_parameters()
        keepers: dict[tuple[str, str], str] = {}
        for entry in self.entries:
            if (other := keepers.setdefault((entry.name, entry.kind), entry.notebook)) != entry.notebook:
                raise KeepError(f"{other} and {entry.notebook} both keep a {entry.kind} {entry.name!r}; rename one")
        for notebook, record in self._others.items():
            if name := changed_since(self.folder, record):
                drop = f", or delete {self.folder / 'kept' / notebook}.json to leave out what it kept"
                drop = "" if notebook.startswith(_OURS) else drop
                raise NotThere(f"{notebook} was run on an earlier {name}: {_run_first(notebook)}{drop}")

    def _check_parameters(self) -> None:
        """Raises NotThere where two notebooks of the project were told different things: which, the report would say
        of both."""
        told: dict[str, tuple[object, str]] = {}
        for notebook, record in self._others.items():
            if notebook.startswith(_OURS):
                for name, value in record.parameters.items():
                    before, other = told.setdefault(name, (value, notebook))
                    if before != value:
                        differ = f"{other} was run with {name}={before!r} and {notebook} with {name}={value!r}"
                        raise NotThere(f"{differ}: run one of them again, with that of the other")

    def keep_case(self, case: Case) -> None:
        """Keeps the case itself, which only the first notebook has read."""
        path = self._file(CASE)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(stored.as_json(case), encoding="utf-8")
        self._file(META).write_text(stored.meta_as_json(case.meta), encoding="utf-8")
        self.__dict__ |= {"case": case, "meta": case.meta}
        self._own.case, self._own.simulated = case.meta.id, case.simulated
        self._write()

    def _write(self) -> None:
        """The record of this notebook, whole after each thing that is kept."""
        files = [file for entry in self._own.entries for file in entry.files]
        whole = [f"results/{name}.json" for name in WHOLE] if self.notebook == INGEST else []
        self._own.files = sorted([*files, *whole])
        # whole, for a notebook that runs beside this one reads it at any moment
        save_json(self.folder / "kept" / f"{self.notebook}.json", asdict(self._own))


def _shell() -> Any:
    """The notebook's own IPython; None outside of one."""
    ipython = sys.modules.get("IPython")
    return ipython.get_ipython() if ipython else None


def begin(case: Case, where: str, output_dir: str = "", **parameters: object) -> Results:
    """The results of a case at their beginning, with the case itself kept.

    `where` is the case as the notebook was told it, `parameters` what else it was told. Raises BadInput for a parameter
    that cannot be, and where the folder is that of another case.
    """
    make_settings(parameters)
    folder = _folder(case.meta.id, output_dir)
    if not output_dir:
        whose.claim(folder, whose.place(where))
    _forget(folder, INGEST)
    for record in (folder / "kept").glob(f"{_PHASE}-*.json"):
        if record.stem.removeprefix(f"{_PHASE}-") not in {phase.id for phase in case.meta.phases}:
            _forget(folder, record.stem)  # of a phase that the case no longer has
    results = Results(folder, INGEST)
    results._own.made_from, results._own.parameters = made_from(where), parameters
    results.keep_case(case)
    _use_look(results)
    return results


def open_results(notebook: str, case: str, output_dir: str = "", **parameters: object) -> Results:
    """The results of a case for the notebook of this name; its own earlier ones are forgotten.

    `parameters` are what the notebook was told besides. Raises BadInput for one that cannot be, and NotThere, in one
    line, where 01-ingest has not run, or where the case or the package has changed since.
    """
    settings = make_settings({name: value for name, value in parameters.items() if name in Settings.model_fields})
    folder = _folder(case_path(case).stem, output_dir)
    _forget(folder, notebook)
    results = Results(folder, notebook)
    if INGEST not in results._others:
        raise NotThere(f"nothing is known of {case} yet: {_run_first(INGEST)}")
    before, now = results._others[INGEST].made_from, made_from(case)
    changed = [name for name in sorted(before | now) if before.get(name) != now.get(name)]
    if changed:
        raise NotThere(f"{changed[0].partition(': ')[2]} has changed since: {_run_first(INGEST)}")
    results._own.parameters = parameters
    if settings.analyte_ids:
        results.check_analytes(settings.analyte_ids)
    _use_look(results)
    return results


def _use_look(results: Results) -> None:
    """Where the notebook draws, in the look of the report, with a font for every sign of the case."""
    text = results._file(CASE).read_text(encoding="utf-8")
    if not text.isascii() or "matplotlib" in sys.modules:
        from casereport.figures.drawing import use_fonts, use_style

        use_style()
        use_fonts(text)


def _folder(name: str, output_dir: str) -> Path:
    return from_root(output_dir) if output_dir else REPORTS / "notebooks" / name


def _forget(folder: Path, notebook: str) -> None:
    """Removes what an earlier run of this notebook kept, and nothing else."""
    record = folder / "kept" / f"{notebook}.json"
    if record.is_file():
        for entry in read_record(record).entries:
            for file in entry.files:
                (folder / file).unlink(missing_ok=True)
        record.unlink()


def _made_by(name: str) -> str:
    """The notebook of the project that makes a result of this name; empty where none does."""
    kind, _, which = name.partition("-")
    if kind in _OF_PHASE:
        return f"{_PHASE}-{which}"
    return _MAKES.get(name) or _MAKES.get(kind, "")


def _run_first(notebook: str) -> str:
    step, _, phase = notebook.partition(f"{_PHASE}-")
    if phase and not step:
        return f"run notebooks/{_PHASE}.ipynb first, with the phase {phase!r}"
    if notebook in _OF_REPORT:
        return f"run notebooks/{notebook}.ipynb first"
    return f"run {notebook}.ipynb first" if notebook else "no notebook of the project makes it"
