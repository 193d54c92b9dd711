"""The output folder: one run at a time writes it, and it appears whole or not at all.

A run builds in a folder beside it, which takes its place at the end in one step; a run that is killed at any moment
leaves the earlier report where it was, and what it had built is thrown away by the next.

Nothing is removed but what a run has made: a folder beside the report is ours by the mark in it, a file within the
report by the report's manifest. Whatever else lies in a report is somebody's, and lies in the next one too.
"""

import ctypes
import os
import re
import shutil
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path, PurePosixPath

from casereport.errors import BadInput, Problem
from casereport.files import streams, whose

try:
    import fcntl
except ImportError:  # a system without file locks
    fcntl = None  # type: ignore[assignment]

try:
    import resource
except ImportError:  # a system without such limits
    resource = None  # type: ignore[assignment]

_LONGEST_NAME = 200  # of 255 bytes that a disk takes; the folders beside the report have longer names than it
_LIMITS = (
    ("RLIMIT_NOFILE", 128, "ulimit -n", "at least 128 open files: raise the limit (ulimit -n 1024)"),
    ("RLIMIT_AS", 2**30 * 3 // 2, "ulimit -v", "at least 1.5 GB of memory: raise the limit (ulimit -v unlimited)"),
    ("RLIMIT_DATA", 2**29, "ulimit -d", "at least 0.5 GB of data: raise the limit (ulimit -d unlimited)"),
    ("RLIMIT_FSIZE", 2**24, "ulimit -f", "files of at least 16 MB: raise the limit (ulimit -f unlimited)"),
)
_MARK = ".casereport"  # in a folder that a run has made beside a report; of kept notebooks, their names are in it


def is_ours(folder: Path) -> bool:
    """True for a folder that a run has made to work in, and for an empty one."""
    if folder.is_symlink() or not folder.is_dir():
        return False
    return (folder / _MARK).is_file() or not any(folder.iterdir())


def check_place(out: Path) -> None:
    """Raises BadInput where no report can be put in the place of `out`, as far as that can be known before a run."""
    near = out
    while not os.path.lexists(near) and near != near.parent:
        near = near.parent
    expected = ""
    if len(os.fsencode(out.name)) > _LONGEST_NAME:
        expected = f"a name of at most {_LONGEST_NAME} bytes"
    elif near != out and not near.is_dir():
        expected = f"a path through folders; {near} is not a folder"
    elif is_mount_point(out):
        expected = f"a folder below this mount point, whose place no report can take: --out {out / 'NAME'}"
    elif not os.access(near if near != out else out.parent, os.W_OK | os.X_OK):
        closed = near if near != out else out.parent
        expected = f"a place that you can write to, unlike {closed}; choose one with --out DIR"
    elif near == out and not os.access(out, os.W_OK | os.X_OK):
        expected = "a report that you can replace; you cannot write to this one; choose another with --out DIR"
    if expected:
        raise BadInput([Problem("parameter", 0, "--out", str(out), expected)])


def is_mount_point(folder: Path) -> bool:
    """True where a disk, or another folder, is mounted at `folder`."""
    if os.path.ismount(folder):
        return True
    try:  # a folder of the same disk that is mounted shows in this list alone
        mounts = Path("/proc/self/mountinfo").read_bytes().splitlines()
    except OSError:
        return False
    places = (line.split()[4] for line in mounts)
    unescaped = (re.sub(rb"\\([0-7]{3})", lambda m: bytes([int(m[1], 8)]), place) for place in places)
    return os.fsencode(folder) in unescaped


def check_limits() -> None:
    """Raises BadInput where the limits of the shell are too low for any run."""
    if resource is None:
        return
    problems = []
    for kind, least, column, expected in _LIMITS:
        allowed = resource.getrlimit(getattr(resource, kind))[0]
        if allowed != resource.RLIM_INFINITY and allowed < least:
            problems.append(Problem("limit", 0, column, str(allowed), expected))
    if problems:
        raise BadInput(problems)


def failed(out: Path) -> Path:
    """Where the executed notebook of a run that failed is kept."""
    return out.with_name(out.name + ".failed")


def keep(notebook: Path, folder: Path) -> Path | None:
    """Copies the notebook of a run that failed into the folder `failed`; returns the copy.

    None where it cannot be written, or where that place is somebody's.
    """
    copy = folder / notebook.name
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if not is_ours(folder) or (os.path.lexists(copy) and copy.name not in _kept(folder)):
            return None
        with (folder / _MARK).open("a", encoding="utf-8") as names:
            names.write(copy.name + "\n")
        copy.unlink(missing_ok=True)
        return Path(shutil.copyfile(notebook, copy))
    except OSError:
        forget(folder)
        return None


def forget(folder: Path) -> None:
    """Removes the notebooks that `keep` put there, and the folder if nothing else is in it.

    What cannot be removed stays: the report that was made is no worse for it.
    """
    with suppress(OSError):
        if not is_ours(folder):
            return
        for name in _kept(folder):
            (folder / name).unlink(missing_ok=True)
        if not any(p.name != _MARK for p in folder.iterdir()):
            (folder / _MARK).unlink(missing_ok=True)
            folder.rmdir()


def _kept(folder: Path) -> set[str]:
    try:
        names = (folder / _MARK).read_text(encoding="utf-8").splitlines()
    except (OSError, ValueError):
        return set()
    return {name for name in names if name == Path(name).name and name.endswith(".ipynb")}


@contextmanager
def alone(out: Path) -> Iterator[int | None]:
    """Waits until no other run writes `out`, and keeps others out; gives the open lock, for the run's processes.

    The lock ends with the last process that has it open, so a killed run leaves none. Raises BadInput where
    something else has the name of the lock.
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
        try:
            there = path.lstat()
        except FileNotFoundError:
            pass
        else:
            if not stat.S_ISREG(there.st_mode) or there.st_size:
                raise _taken(path)
        lock = os.open(path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o666)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            streams.tell(f"casereport: another run is writing {out}; waiting for it to end")
            fcntl.flock(lock, fcntl.LOCK_EX)
        # the run before may have taken the file away, and a third may have made another of the same name
        with suppress(FileNotFoundError):
            if os.path.samestat(os.fstat(lock), path.stat()):
                return lock
        os.close(lock)


def _taken(path: Path) -> BadInput:
    expected = "no file of this name beside the report, as a run needs the name; move the file, or choose --out DIR"
    return BadInput([Problem("parameter", 0, "--out", str(path), expected)])


@contextmanager
def building(out: Path) -> Iterator[Path]:
    """An empty folder beside `out` to build in; whatever is left of it at the end is removed. Needs `alone(out)`.

    Raises BadInput where something else has the name of the folder around it.
    """
    around = out.with_name(f".{out.name}.building")
    if is_ours(around):
        _clear(around, out)
    if os.path.lexists(around):  # somebody's, or left by a run of another user
        raise _taken(around)
    around.mkdir()
    (around / _MARK).touch()
    folder = around / "report"
    folder.mkdir()
    try:
        yield folder
    finally:
        _clear(around, out)


def _clear(around: Path, out: Path) -> None:
    old = around / "old"
    if old.exists() and not out.exists():
        old.rename(out)  # `put` was stopped between its two renames
    shutil.rmtree(around, ignore_errors=True)


def put(folder: Path, out: Path) -> None:
    """Puts `folder`, which `building` gave, in the place of `out`, with whatever of somebody's lies there.

    What a run had made is removed when `building` ends.
    """
    if out.exists():
        carry(out, folder)
    if not out.exists():
        folder.rename(out)
    elif not _exchange(folder, out):  # a file system that cannot exchange two names: for a moment there is no report
        out.rename(folder.parent / "old")
        folder.rename(out)


def carry(out: Path, folder: Path) -> None:
    """Has in `folder` too whatever in `out` is not of the report there; as NAME.kept where a run has made such a name.

    A report that somebody has edited is still the report's, and a link is taken as a link. Both names are of one file,
    so that a kill at any moment loses none and a large one takes no time.
    """
    report = whose.manifest(out)
    made = {whose.NAME, *report["outputs"]} if report else set[str]()
    for path in _within(out):
        name = path.relative_to(out).as_posix()
        if name not in made:
            _link(path, _free(folder, name))


def _within(folder: Path) -> Iterator[Path]:
    """Everything in a folder and in the folders in it, but for these; no link is followed."""

    def unreadable(error: OSError) -> None:
        raise error  # what cannot be seen cannot be kept

    for here, folders, files in os.walk(folder, onerror=unreadable):
        links = [name for name in folders if (Path(here) / name).is_symlink()]
        yield from (Path(here) / name for name in [*files, *links])


def _free(folder: Path, name: str) -> Path:
    """The place for a file of this name, beside whatever is there."""
    *parents, last = PurePosixPath(name).parts
    for part in parents:
        while os.path.lexists(folder / part) and ((folder / part).is_symlink() or not (folder / part).is_dir()):
            part += ".kept"
        folder /= part
    folder.mkdir(parents=True, exist_ok=True)
    while os.path.lexists(folder / last):
        last += ".kept"
    return folder / last


def _link(path: Path, other: Path) -> None:
    try:
        os.link(path, other, follow_symlinks=False)
    except (OSError, NotImplementedError):  # a file system without, or a file of another user
        shutil.copy2(path, other, follow_symlinks=False)


def _exchange(one: Path, other: Path) -> bool:
    """Exchanges two names in one step, so that a reader finds the old report or the new one; False if it cannot."""
    try:
        rename = ctypes.CDLL(None).renameat2
    except (AttributeError, OSError, TypeError):
        return False
    here, exchange = -100, 2  # AT_FDCWD, RENAME_EXCHANGE
    return rename(here, os.fsencode(one), here, os.fsencode(other), exchange) == 0
