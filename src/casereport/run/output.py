"""The output folder: one run at a time writes it, and it appears whole or not at all.

A run builds in a folder beside it, which takes its place at the end in one step; a run that is killed at any moment
leaves the earlier report where it was, and what it had built is thrown away by the next.
"""

import ctypes
import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from casereport.errors import BadInput, Problem

try:
    import fcntl
except ImportError:  # a system without file locks
    fcntl = None  # type: ignore[assignment]


def check_replaceable(out: Path) -> None:
    """Raises BadInput where `out` holds anything but an earlier report."""
    if out.exists() and (not out.is_dir() or (any(out.iterdir()) and not (out / "manifest.json").is_file())):
        expected = "a new or empty folder, or an earlier report: this one holds other things and would be replaced"
        raise BadInput([Problem("parameter", 0, "--out", str(out), expected)])


def failed(out: Path) -> Path:
    """Where the executed notebook of a run that failed is kept."""
    return out.with_name(out.name + ".failed")


@contextmanager
def alone(out: Path) -> Iterator[int | None]:
    """Waits until no other run writes `out`, and keeps others out; gives the open lock, for the run's processes.

    The lock ends with the last process that has it open, so a killed run leaves none.
    """
    out.parent.mkdir(parents=True, exist_ok=True)
    path = out.with_name(f".{out.name}.lock")
    if fcntl is None:
        yield None
        return
    lock = _lock(path, out)
    try:
        yield lock
    finally:
        path.unlink(missing_ok=True)
        os.close(lock)


def _lock(path: Path, out: Path) -> int:
    while True:
        lock = os.open(path, os.O_RDWR | os.O_CREAT, 0o666)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            print(f"casereport: another run is writing {out}; waiting for it to end", file=sys.stderr, flush=True)
            fcntl.flock(lock, fcntl.LOCK_EX)
        # the run before may have taken the file away, and a third may have made another of the same name
        if path.exists() and os.path.samestat(os.fstat(lock), path.stat()):
            return lock
        os.close(lock)


@contextmanager
def building(out: Path) -> Iterator[Path]:
    """An empty folder beside `out` to build in; whatever is left of it at the end is removed. Needs `alone(out)`."""
    folder, old = out.with_name(f".{out.name}.building"), out.with_name(f".{out.name}.old")
    if old.exists() and not out.exists():
        old.rename(out)  # a run was killed between the two renames of `put`
    for left in (folder, old):
        shutil.rmtree(left, ignore_errors=True)
    folder.mkdir()
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def put(folder: Path, out: Path) -> None:
    """Puts `folder` in the place of `out`; what was there is removed."""
    if not out.exists():
        folder.rename(out)
    elif _exchange(folder, out):
        shutil.rmtree(folder)
    else:  # a file system that cannot exchange two names: for a moment there is no report
        old = out.with_name(f".{out.name}.old")
        out.rename(old)
        folder.rename(out)
        shutil.rmtree(old)


def _exchange(one: Path, other: Path) -> bool:
    """Exchanges two names in one step, so that a reader finds the old report or the new one; False if it cannot."""
    try:
        rename = ctypes.CDLL(None).renameat2
    except (AttributeError, OSError, TypeError):
        return False
    here, exchange = -100, 2  # AT_FDCWD, RENAME_EXCHANGE
    return rename(here, os.fsencode(one), here, os.fsencode(other), exchange) == 0
