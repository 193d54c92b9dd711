"""A command that is told to end (SIGTERM, or SIGHUP when its terminal goes) does so as after Ctrl-C."""

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager

_NAMES = ("SIGTERM", "SIGHUP")  # Windows has the first alone


@contextmanager
def heeding() -> Iterator[None]:
    """Within it such a signal raises KeyboardInterrupt: what was begun is ended, and what was half built removed."""
    ends = [getattr(signal, name) for name in _NAMES if hasattr(signal, name)]
    ends = [number for number in ends if signal.getsignal(number) is signal.SIG_DFL]  # nohup has one ignored
    if threading.current_thread() is not threading.main_thread():  # which alone may set it
        ends = []

    def stop(*_: object) -> None:
        for number in ends:
            signal.signal(number, signal.SIG_IGN)  # who tells a whole group to end may do so twice
        raise KeyboardInterrupt

    for number in ends:
        signal.signal(number, stop)
    try:
        yield
    finally:
        for number in ends:
            signal.signal(number, signal.SIG_DFL)
