"""How a run can fail without the input being wrong, and the words for it: what happened first, the stack last."""

import errno
import traceback
from pathlib import Path

from casereport.errors import visible

_NO_SPACE = (errno.ENOSPC, errno.EDQUOT)
_ELSEWHERE = "choose another place"
_RIGHTS = "ask for access, or choose another place"
# what the system refused, and the way out
_WAYS = {
    errno.EACCES: ("no permission to read or write here", _RIGHTS),
    errno.EPERM: ("no permission to read or write here", _RIGHTS),
    errno.EROFS: ("this disk is read-only", _ELSEWHERE),
    errno.EBUSY: ("a mount point, or in use by another program", "choose a folder below it: --out THIS/NAME"),
    errno.ENAMETOOLONG: ("a name that is too long for this disk", "choose a shorter one"),
    errno.ENOTDIR: ("a path that leads through a file", "give the path of a folder"),
    errno.EISDIR: ("a folder where a file is needed", "give the path of a file"),
    errno.ELOOP: ("a link that leads to itself", "give the path itself"),
    errno.EMFILE: ("too few files may be open at once", "raise that limit (ulimit -n 1024) and run it again"),
    errno.ENFILE: ("the machine has too many files open", "end other programs and run it again"),
    errno.EFBIG: ("a file would be larger than may be written", "raise that limit (ulimit -f unlimited)"),
}
_NO_PATHS = (errno.ENAMETOOLONG, errno.ENOTDIR, errno.EISDIR, errno.ELOOP)
_AS_IT_WAS = "no report was changed"


class RunFailed(Exception):
    """A notebook stopped. `where` says which notebook and cell, `what` the error.

    `kept` is the executed notebook, or None where it could not be written; `stack` the traceback, which may be empty.
    """

    def __init__(self, where: str, what: str, kept: Path | None, stack: str) -> None:
        super().__init__(where, what, kept, stack)
        self.where, self.what, self.kept, self.stack = where, what, kept, stack

    def __str__(self) -> str:
        return f"{self.where}: {self.what}"


class Changed(Exception):
    """Something that the report depends on changed while it was being made; says what."""


class WorkerLost(Exception):
    """A worker ended without an answer, as one does that is killed or that finds no memory; says which."""


def exit_code(failure: Exception) -> int:
    """2 where a path that the user gave cannot be one, else 1."""
    return 2 if isinstance(failure, OSError) and failure.errno in _NO_PATHS else 1


def told(failure: Exception) -> str:
    """What a user is told of a failure; of one that is a mistake of ours where it is, in a line."""
    from casereport.files.paths import relative

    if isinstance(failure, RunFailed):
        kept = f"\n  the executed notebook: {relative(failure.kept)}" if failure.kept else ""
        stack = f"\n\n{failure.stack}" if failure.stack else ""
        return f"casereport: {failure.where}\n  {failure.what}{kept}\n  {_AS_IT_WAS}{stack}"
    if isinstance(failure, Changed):
        return f"casereport: changed while the report was being made: {failure}\n  {_AS_IT_WAS}; run it again"
    if isinstance(failure, WorkerLost):
        return f"casereport: {failure}\n  {_AS_IT_WAS}"
    if isinstance(failure, MemoryError):
        return f"casereport: not enough memory\n  {_AS_IT_WAS}"
    if isinstance(failure, OSError):
        text = f"casereport: {_of_system(failure)}"
        return text if failure.errno in _NO_PATHS else f"{text}\n  {_AS_IT_WAS}"
    last = traceback.extract_tb(failure.__traceback__)[-1:]
    where = f" ({Path(last[0].filename).name}, line {last[0].lineno})" if last else ""
    what = visible(f"{type(failure).__name__}: {failure}"[:300])
    return (
        f"casereport: an error in casereport, not in the case: {what}{where}\n  {_AS_IT_WAS}; please report "
        "it with the output of the same command after CASEREPORT_TRACEBACK=1"
    )


def _of_system(failure: OSError) -> str:
    """What the system refused, and the way out."""
    place = f"{failure.filename2 or failure.filename or ''}"
    if failure.errno in _NO_SPACE:
        return "the disk is full: no room" + (f" to write {visible(place)}" if place else "")
    if failure.errno == errno.ENOENT and not place and "temporary" not in (failure.strerror or ""):
        return "the current folder no longer exists; change to another (cd) and run the command again"
    what, way = _WAYS.get(failure.errno or 0, (failure.strerror or str(failure), ""))
    return what + (f": {visible(_short(place))}" if place else "") + (f"; {way}" if way else "")


def _short(place: str) -> str:
    return place if len(place) <= 200 else f"{place[:100]}...{place[-20:]}"
