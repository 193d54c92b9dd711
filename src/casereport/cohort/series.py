"""A cohort as its notebook sees it: the tables of its dataset by name, and the figures that are kept for its pages."""

import json
from collections.abc import Iterator, Mapping
from functools import cached_property
from pathlib import Path
from typing import Any

import pandas as pd

from casereport.cohort.dataset import OF_PATIENTS, TABLES, read
from casereport.errors import BadInput, Problem
from casereport.files.paths import from_root
from casereport.files.whole import save_json
from casereport.quantities.wording import listed
from casereport.report.showing import Kept, shown_figure

_MOST_NAMED = 8  # of the simulated cases among patients, in a caption


class Cohort(Mapping[str, pd.DataFrame]):
    """The results of a cohort: `cohort["changes"]` is the table of that name of all cases, read when it is asked for.

    The tables are those of a report with the column `patient` before them, and `patients`, with one row each.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._kept: dict[str, dict[str, Any]] = {}

    def __getitem__(self, name: str) -> pd.DataFrame:
        return self.read(name)

    def __iter__(self) -> Iterator[str]:
        return iter(TABLES)

    def __len__(self) -> int:
        return len(TABLES)

    def read(
        self, name: str, columns: list[str] | None = None, filters: list | None = None, most: int | None = None
    ) -> pd.DataFrame:
        """A table, or a part of one that is large: `columns` and `filters` as in `pandas.read_parquet`.

        Of a table with more than `most` rows, those of some of its files, evenly spread over the cohort: whole
        patients. Raises KeyError for a table that there is not.
        """
        if name not in TABLES:
            raise KeyError(f"{name!r} is no table of a cohort; there are {', '.join(TABLES)}")
        return read(self.folder, name, columns, filters, most)

    @cached_property
    def simulated(self) -> bool:
        """True where all cases are simulated: every figure of the cohort then says so as a whole."""
        return 0 < len(self.read(OF_PATIENTS, ["patient"])) == len(self._unreal)

    @property
    def simulated_among_patients(self) -> list[str]:
        """The cases that are simulated where others are patients: a figure marks what is theirs, and names them."""
        return [] if self.simulated else self._unreal

    @cached_property
    def _unreal(self) -> list[str]:
        cases = self.read(OF_PATIENTS, ["patient", "simulated"])
        return cases.loc[cases["simulated"].astype(bool), "patient"].astype(str).to_list()

    def keep(
        self, drawn: Any, name: str, *, caption: str, alt: str, data: pd.DataFrame | None = None, phone: Any = None
    ) -> Kept:
        """Keeps a figure of matplotlib or seaborn for the pages of the cohort, and returns what the cell shows.

        Its files are figures/<name>.svg and .csv. `caption` says what is drawn, `alt` what can be seen in it, for
        readers who cannot; `data` is the table that it shows, read off its axes unless given; `phone` is the same drawn
        3.6 inches wide, for a small screen. Caption and alt text name the simulated among patients.
        """
        import matplotlib.pyplot as plt

        from casereport.figures.matplotlib_figures import from_matplotlib

        told = _who_is_simulated(self.simulated_among_patients)
        caption, alt = caption + told, alt + told
        figure = from_matplotlib(drawn, name=name, caption=caption, alt=alt, data=data, phone=phone)
        self._kept[name], shown = shown_figure(self.folder, figure, name, caption, alt, self.simulated)
        for shown_twice in filter(None, (figure, figure.phone)):
            plt.close(shown_twice.canvas)  # else the cell shows it a second time
        save_json(_record(self.folder), [{"name": name} | entry for name, entry in self._kept.items()])
        return shown


def open_cohort(cohort_dir: str) -> Cohort:
    """The results that `casereport cohort` wrote into a folder; figures that were kept of them before are forgotten.

    A relative path starts at the project's root. Raises BadInput where there are no results.
    """
    folder = from_root(cohort_dir)
    if not cohort_dir or not (folder / "results" / OF_PATIENTS).is_dir():
        expected = "the output folder of `casereport cohort`, with results/ in it"
        raise BadInput([Problem("parameter", 0, "cohort_dir", cohort_dir, expected)])
    for entry in kept_figures(folder):
        for ending in (".svg", "-phone.svg", ".csv"):
            (folder / "figures" / f"{entry['name']}{ending}").unlink(missing_ok=True)
    _record(folder).unlink(missing_ok=True)
    return Cohort(folder)


def kept_figures(folder: Path) -> list[dict[str, Any]]:
    """What the notebook has kept, in its order: `name`, `caption`, `alt` and more of each figure."""
    record = _record(folder)
    return json.loads(record.read_text(encoding="utf-8")) if record.is_file() else []


def _who_is_simulated(cases: list[str]) -> str:
    if not cases:
        return ""
    named = [*cases[:_MOST_NAMED], *([f"{len(cases) - _MOST_NAMED} more"] if len(cases) > _MOST_NAMED else [])]
    what = "no patient" if len(cases) == 1 else "no patients"
    return f" Simulated, {what}, and in no median, mean or count: {listed(named)}."


def _record(folder: Path) -> Path:
    return folder / "figures" / "kept.json"
