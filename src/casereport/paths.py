"""Where things are: the project's folders, and what a relative path means.

A relative data or output directory is taken from the project's root, so that a notebook gives the same result from
JupyterLab (which starts in notebooks/), from papermill (started in the root) and from `make report`.
"""

from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
NOTEBOOKS = ROOT / "notebooks"
DATA = ROOT / "data"
REPORTS = ROOT / "reports"
# the cases that every report shows beside its own
BUNDLED = ("peng2020", "liang2020", "leng2020", "simulated-cp-msc")


def from_root(path: str | Path) -> Path:
    """The path as it is if absolute, else below the project's root."""
    return (ROOT / path).resolve()


def relative(path: Path) -> str:
    """The path as shown to readers: below the project's root without the root, elsewhere as it is."""
    return path.relative_to(ROOT).as_posix() if path.is_relative_to(ROOT) else path.as_posix()
