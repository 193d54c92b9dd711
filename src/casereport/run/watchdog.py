"""Whether a run still gets on: a process that is stopped, or that a clock set back has waiting, never says that it is.

A notebook's file gets a new date when a cell begins (papermill_engine), and a cell has its own limit. So one whose date
stays for longer than that is stuck, whatever the reason. Time is that since the machine started, not that of the day.
"""

import time
from collections.abc import Iterable
from concurrent.futures import Future
from concurrent.futures import TimeoutError as TookTooLong
from pathlib import Path
from typing import Any

from casereport.run.failures import RunFailed

EVERY = 5.0  # seconds between two looks
GRACE = 120.0  # seconds for what is no cell: a kernel's start, the pages at the end
STUCK = "was stopped: it made no progress for {:.0f} s, perhaps because a process was stopped or memory was refused"


class Stuck(RunFailed):
    """A run does not get on, and would not end by itself."""


class Watchdog:
    """Looks at the notebooks in `folder`, of which a cell may take `timeout` seconds."""

    def __init__(self, folder: Path, timeout: float) -> None:
        self._folder, self._most = folder, timeout + GRACE
        self._seen: dict[str, tuple[object, float]] = {}

    def look(self, names: Iterable[str]) -> None:
        """Raises Stuck where one of the running notebooks has not been written for too long."""
        now = time.monotonic()
        for name in names:
            try:
                found = (self._folder / f"{name}.ipynb").stat()
                state: object = (found.st_mtime_ns, found.st_size)
            except OSError:
                state = None
            if self._seen.setdefault(name, (state, now))[0] != state:
                self._seen[name] = state, now
            if now - self._seen[name][1] > self._most:
                raise Stuck(f"{name}.ipynb", STUCK.format(self._most), None, "")


def answer(call: Future, what: str, seconds: float) -> Any:
    """What a worker returns for a call that is no notebook; raises Stuck where it takes longer."""
    try:
        return call.result(seconds)
    except TookTooLong:
        raise Stuck(what, STUCK.format(seconds), None, "") from None
