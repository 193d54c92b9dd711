"""Where things are: the project's folders, and what a relative path means.

A relative data or output directory is taken from the project's root, so that a notebook gives the same result from
JupyterLab (which starts in notebooks/), from papermill (started in the root) and from `make report`. A package that
is installed from a wheel has a copy of the project's data and notebooks, where nothing is ever written; a relative
path is then taken from the current folder.
"""

import os
import re
from collections.abc import Iterator
from pathlib import Path

PACKAGE = Path(__file__).resolve().parents[1]
SHIPPED = PACKAGE / "shipped"
INSTALLED = SHIPPED.is_dir()
_PROJECT = SHIPPED if INSTALLED else PACKAGE.parents[1]
NOTEBOOKS = _PROJECT / "notebooks"
DATA = _PROJECT / "data"
LOCK = _PROJECT / "requirements.lock"
ROOT = Path.cwd() if INSTALLED else _PROJECT
CASES = ROOT / "data" / "cases"  # where the user's own cases lie that go by their names
REPORTS = ROOT / "reports"
WORKBOOK = ".xlsx"
# of what a case is made in its folder, and nothing else: what programs leave there, or somebody lays there, is no part
PARTS = (
    "case.yaml", "narrative.md", "observations.csv", "interventions.csv", "events.csv", "claims.csv", "truth.csv",
    "references.bib", "references.json", "pictures.csv",
)  # fmt: skip
PICTURES = "pictures"  # the folder of its pictures, in its own
# what programs leave in a folder and no one wrote: it is no part of a case, and nothing reads it
LITTER = re.compile(
    r"\.(?:git|hg|svn)|\.DS_Store|\._.*|\.~lock\..*#|~\$.*|Thumbs\.db|desktop\.ini|\.nfs.*|\..*\.sw[op]"
)
# the cases that every report shows beside its own
BUNDLED = ("peng2020", "liang2020", "leng2020", "simulated-cp-msc")


def litter(folder: Path) -> list[str]:
    """The paths in `folder` of what programs have left there, sorted, a folder without what is in it."""
    found: list[str] = []
    for place, folders, files in os.walk(folder):
        inside = Path(place).relative_to(folder)
        found += [(inside / name).as_posix() for name in (*folders, *files) if LITTER.fullmatch(name)]
        folders[:] = [name for name in folders if not LITTER.fullmatch(name)]
    return sorted(found)


def case_files(folder: Path) -> Iterator[Path]:
    """Each file that the case in `folder` is made of: its parts, and its pictures."""
    yield from (path for path in map(folder.joinpath, PARTS) if path.is_file())
    if (pictures := folder / PICTURES).is_dir():
        yield from sorted(p for p in pictures.iterdir() if p.is_file() and not LITTER.fullmatch(p.name))


def from_root(path: str | Path) -> Path:
    """The path as it is if absolute, else below the project's root; `data` are the project's data."""
    return DATA if Path(path) == Path("data") else (ROOT / path).resolve()


def relative(path: Path) -> str:
    """The path as shown to readers: below the project's root without the root, elsewhere as it is."""
    return path.relative_to(ROOT).as_posix() if path.is_relative_to(ROOT) else path.as_posix()


def is_path(case: str) -> bool:
    """True for a case that is given by its path, false for one that is given by its name."""
    return "/" in case or "\\" in case or case in (".", "..") or case.lower().endswith(WORKBOOK)


def case_name_at(path: Path) -> str:
    """The name of the case at a path: that of its folder, or of its workbook without the ending."""
    return path.stem if path.suffix.lower() == WORKBOOK else path.name


def as_given(case: str | Path) -> str:
    """A case as notebooks are told it: by its name where it is one of the project's, else by its whole path."""
    if isinstance(case, str) and not is_path(case):
        own = next((p for p in (CASES / case, CASES / f"{case}{WORKBOOK}") if INSTALLED and p.exists()), None)
        return str(own or case)
    path = Path(case).expanduser().resolve()
    return case_name_at(path) if path.parent == DATA / "cases" else str(path)
