"""Which notebooks of a run are at work: one that runs beside another waits for what that one keeps, or for its end."""

from collections.abc import Callable
from pathlib import Path


def begin(folder: Path, notebook: str) -> Callable[[object], None]:
    """Says in the folder of a run that this notebook is at work, until what it returns is called, with anything."""
    mark = _mark(folder, notebook)
    mark.parent.mkdir(exist_ok=True)
    mark.touch()
    return lambda _ended: mark.unlink(missing_ok=True)


def is_at_work(folder: Path, notebook: str) -> bool:
    """True while the notebook runs; never for one that somebody runs by hand, for which nobody waits."""
    return _mark(folder, notebook).exists()


def others(folder: Path, notebook: str) -> bool:
    """True while another notebook of the run is at work."""
    return any(mark.stem != notebook for mark in (folder / "kept").glob("*.at-work"))


def _mark(folder: Path, notebook: str) -> Path:
    return folder / "kept" / f"{notebook}.at-work"
