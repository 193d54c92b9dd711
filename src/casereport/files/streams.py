"""Standard input, output and error, whatever the caller has made of them: closed, broken, full, or not UTF-8."""

import io
import os
import sys
from contextlib import suppress


def make_safe() -> None:
    """Has the three streams be there and take every character; one that is missing leads to nothing.

    What is opened next would else have its number, and a process that is started would write into it.
    """
    for number in range(3):
        try:
            os.fstat(number)
        except OSError:
            # the lowest number that is free, which is this one
            os.set_inheritable(os.open(os.devnull, os.O_RDWR), True)
    sys.stdin = sys.stdin or open(0, closefd=False)  # noqa: SIM115
    sys.stdout = sys.stdout or open(1, "w", encoding="utf-8", closefd=False)  # noqa: SIM115
    sys.stderr = sys.stderr or open(2, "w", encoding="utf-8", closefd=False)  # noqa: SIM115
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    if isinstance(sys.stdout, io.TextIOWrapper):  # what cannot be written is found out at the end, all work done
        sys.stdout.reconfigure(line_buffering=False, write_through=False)


def tell(text: str) -> None:
    """Writes a line to standard error, where there is somebody to hear it."""
    with suppress(OSError, ValueError):
        print(text, file=sys.stderr, flush=True)


def finish() -> OSError | None:
    """Writes what still waits for standard output; the error where it cannot be written, and then drops it."""
    try:
        sys.stdout.flush()
    except OSError as error:
        with suppress(OSError, ValueError):
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # else Python tries again as it ends
            sys.stdout.flush()
        return error
    return None
