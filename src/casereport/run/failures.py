"""How a run can fail without the input being wrong, and the words for it: what happened first, the stack last."""

import errno
from pathlib import Path

_NO_SPACE = (errno.ENOSPC, errno.EDQUOT)
_AS_IT_WAS = "an earlier report is as it was"


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


def told(failure: Exception) -> str | None:
    """What a user is told of a failure; None for one that is a mistake of ours and needs its traceback."""
    from casereport.files.paths import relative

    if isinstance(failure, RunFailed):
        kept = f"\n  the executed notebook: {relative(failure.kept)}" if failure.kept else ""
        stack = f"\n\n{failure.stack}" if failure.stack else ""
        return f"casereport: {failure.where}\n  {failure.what}{kept}\n  {_AS_IT_WAS}{stack}"
    if isinstance(failure, Changed):
        return f"casereport: changed while the report was being made: {failure}\n  {_AS_IT_WAS}; run it again"
    if isinstance(failure, WorkerLost):
        return f"casereport: {failure}\n  {_AS_IT_WAS}"
    if isinstance(failure, OSError) and failure.errno in _NO_SPACE:
        place = f" to write {failure.filename}" if failure.filename else ""
        return f"casereport: the disk is full: no room{place}\n  {_AS_IT_WAS}"
    return None
