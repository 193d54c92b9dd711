"""Where things are: the project's folders, what a relative path means, and what a file is known by.

A relative data or output directory is taken from the project's root, so that a notebook gives the same result from
JupyterLab (which starts in notebooks/), from papermill (started in the root) and from `make report`.
"""

from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
NOTEBOOKS = ROOT / "notebooks"
DATA = ROOT / "data"
REPORTS = ROOT / "reports"
WORKBOOK = ".xlsx"
DRAWN = "steps/drawn"  # in the folder of a run, while it runs: what one notebook has drawn for the others
# the cases that every report shows beside its own
BUNDLED = ("peng2020", "liang2020", "leng2020", "simulated-cp-msc")


def from_root(path: str | Path) -> Path:
    """The path as it is if absolute, else below the project's root."""
    return (ROOT / path).resolve()


def relative(path: Path) -> str:
    """The path as shown to readers: below the project's root without the root, elsewhere as it is."""
    return path.relative_to(ROOT).as_posix() if path.is_relative_to(ROOT) else path.as_posix()


def is_path(case: str) -> bool:
    """True for a case that is given by its path, false for one that is given by its name."""
    return "/" in case or "\\" in case or case in (".", "..") or case.lower().endswith(WORKBOOK)


def as_given(case: str | Path) -> str:
    """A case as notebooks are told it: by its name where it is one of the project's, else by its whole path."""
    if isinstance(case, str) and not is_path(case):
        return case
    path = Path(case).expanduser().resolve()
    name = path.stem if path.suffix.lower() == WORKBOOK else path.name
    return name if path.parent == DATA / "cases" else str(path)
