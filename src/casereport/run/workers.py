"""Processes that are ready at once: a server imports the libraries one time, and each piece of work is a fork of it.

The server has a single thread, so that a fork of it is safe; a worker that has the libraries but has started nothing
may fork a notebook's kernel in turn. All of them end with the process that began them, however that one ends. Only
Linux ends them so: elsewhere the work is done in the caller's process, one piece after the other.

Python's own fork server does not serve here: it forks nothing before it has imported all, has each fork run the
caller's main module again, gives a daemon such as a Dask worker no process, and keeps the environment of its start.
"""

import ctypes
import gc
import os
import pickle
import signal
import socket
import subprocess
import sys
import traceback
from collections.abc import Iterator
from concurrent.futures import Future
from contextlib import contextmanager, suppress
from importlib import import_module
from multiprocessing.connection import Connection, Pipe
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Thread
from typing import Any

from casereport.files import streams
from casereport.files.paths import DATA
from casereport.run.failures import WorkerLost
from casereport.run.surroundings import environment

FORKS = sys.platform == "linux"
_FORK = b"fork"
_LONGEST = 1000
_LIVING = 20_000  # objects more before a collection looks at them: drawings make many, and few are garbage by then
_ROOM = 2**18  # bytes
_LONGEST_END = 60  # seconds
_prctl = ctypes.CDLL(None, use_errno=True).prctl if FORKS else None  # looked up once, and not by each worker anew
_kept: "Workers | None" = None


class Workers:
    """The server, as its user sees it. Functions are named by module, so that the user need not import them."""

    def __init__(self) -> None:
        # messages keep their bounds, and each is sent whole: several threads of the caller may send
        self._socket, other = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self._folder = _own_folder()
        with other:
            self._server = subprocess.Popen(
                # -P, and a folder of the project: of the folder where the user is nothing is imported and nothing set
                [sys.executable, "-P", "-m", "casereport.run.workers", str(other.fileno()), str(os.getpid())],
                pass_fds=[other.fileno()],
                stdin=subprocess.DEVNULL,
                cwd=DATA,
                env=environment(Path(self._folder.name)),
            )

    def prepare(self, module: str, function: str) -> None:
        """Has the server itself call a function, to import what later workers find ready; returns at once."""
        self._send(f"{module} {function}".encode(), [])

    def start(self, module: str, function: str, *arguments: object, holding: int | None = None) -> Future:
        """Begins a call in a process of its own. `holding` is a file that stays open until this process is gone.

        The future raises what the function raised, and WorkerLost where the process was killed.
        """
        mine, theirs = Pipe()
        with theirs:
            self._send(_FORK, [theirs.fileno(), *([] if holding is None else [holding])])
        answer: Future = Future()
        Thread(target=_ask, args=(mine, (module, function, arguments), answer), daemon=True).start()
        return answer

    def _send(self, message: bytes, files: list[int]) -> None:
        try:
            socket.send_fds(self._socket, [message], files)
        except OSError as error:
            with suppress(subprocess.TimeoutExpired):
                self._server.wait(1)
            how = f"exit code {self._server.returncode}; {error.strerror}"
            raise WorkerLost(f"the process that has the libraries ready has ended ({how})") from None

    def alive(self) -> bool:
        """True until the server ends."""
        return self._server.poll() is None

    def close(self) -> None:
        """Ends the server and all that came of it, and returns when none of them can write any more."""
        begun = _begun_by(self._server.pid)
        self._server.kill()
        for pid in begun:  # the workers and kernels end by themselves, but not what a cell has begun
            with suppress(OSError):
                os.kill(pid, signal.SIGKILL)
        self._server.wait()
        with suppress(OSError):
            self._socket.settimeout(_LONGEST_END)  # a process that hides from its parents could hold it for ever
            self._socket.recv(1)  # its other end is held by the workers and their kernels, and by nothing else
        self._socket.close()
        self._folder.cleanup()


class _Here(Workers):
    """The same where there is no fork: the caller's process does the work."""

    def __init__(self) -> None:
        streams.tell("casereport: no fork on this system, so each notebook gets an ordinary kernel")
        self._folder = _own_folder()
        self._before = dict(os.environ)
        wanted = environment(Path(self._folder.name))
        os.environ.clear()
        os.environ.update(wanted)

    def prepare(self, module: str, function: str) -> None: ...

    def start(self, module: str, function: str, *arguments: object, holding: int | None = None) -> Future:
        answer: Future = Future()
        try:
            answer.set_result(_call(module, function, *arguments))
        except Exception as error:
            answer.set_exception(error)
        return answer

    def alive(self) -> bool:
        return True

    def close(self) -> None:
        os.environ.clear()
        os.environ.update(self._before)
        self._folder.cleanup()


def _own_folder() -> "TemporaryDirectory[str]":
    """An empty folder for what a run's libraries write; raises OSError where there is no room for it."""
    folder = TemporaryDirectory(prefix="casereport-", ignore_cleanup_errors=True)
    trial = Path(folder.name) / "room"
    try:
        trial.write_bytes(bytes(_ROOM))
        trial.unlink()
    except OSError as error:
        folder.cleanup()
        raise OSError(error.errno, error.strerror, str(trial)) from None
    return folder


def keep_ready() -> None:
    """From now on the runs of this process share their workers, which end with it; new ones where they have ended."""
    global _kept
    if _kept is None or not _kept.alive():
        _kept = Workers() if FORKS else _Here()


@contextmanager
def ready_workers() -> Iterator[Workers]:
    """The workers that this process keeps, or else new ones, which end with this block."""
    if _kept is not None and _kept.alive():
        yield _kept
        return
    workers = Workers() if FORKS else _Here()
    try:
        yield workers
    finally:
        workers.close()


def ends_with(parent: int) -> None:
    """Has this process be killed when its parent ends; ends it now if the parent has ended already."""
    if _prctl is not None:
        _prctl(1, signal.SIGKILL)  # PR_SET_PDEATHSIG
    if os.getppid() != parent:
        os._exit(1)


def _begun_by(process: int) -> list[int]:
    """The processes that a process has begun, and those that they have."""
    found = []
    with suppress(OSError):  # it has ended, or its system has no such files
        for thread in Path(f"/proc/{process}/task").iterdir():
            found += [int(pid) for pid in (thread / "children").read_text().split()]
    return [*found, *(further for pid in found for further in _begun_by(pid))]


def _ask(pipe: Connection, work: tuple[str, str, tuple[object, ...]], answer: Future) -> None:
    """Has the process at the other end do the work, and waits for what comes of it."""
    try:
        with pipe:
            pipe.send(work)
            good, outcome = pipe.recv()
    except (EOFError, OSError):
        text = f"the process for {work[0]}.{work[1]} ended without an answer: killed, or out of memory"
        good, outcome = False, WorkerLost(text)
    except Exception as error:  # of pickle
        good, outcome = False, error
    (answer.set_result if good else answer.set_exception)(outcome)


def _call(module: str, function: str, *arguments: object) -> Any:
    return getattr(import_module(module), function)(*arguments)


def _serve(control: socket.socket) -> None:
    """Answers requests until the other side is gone."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the run, which then ends its workers
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # ended workers leave no zombies
    server = os.getpid()
    while True:
        message, files, _, _ = socket.recv_fds(control, _LONGEST, 2)
        if not message:
            return
        if message != _FORK:
            gc.disable()  # nothing that an import makes is garbage
            _call(*message.decode().split())
            gc.freeze()  # a collection in a worker need not touch, and so copy, what all share
            gc.set_threshold(_LIVING)
            gc.enable()  # once all that is there is frozen: else it would look through all of it now
        elif os.fork():
            for file in files:
                os.close(file)
        else:
            ends_with(server)
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            _work(Connection(files[0]))


def _work(pipe: Connection) -> None:
    """Makes the call that comes through the pipe, sends back what it returns or raises, and ends the process."""
    try:
        module, function, arguments = pipe.recv()
        try:
            outcome = True, _call(module, function, *arguments)
        except BaseException as error:
            error.add_note("".join(traceback.format_tb(error.__traceback__)))
            outcome = False, error
        try:
            pipe.send(outcome)
        except (pickle.PicklingError, TypeError, AttributeError):
            pipe.send((False, RuntimeError(f"{module}.{function}: {outcome[1]!r}")))
        sys.stdout.flush()
        sys.stderr.flush()
    finally:
        os._exit(0)


if __name__ == "__main__":
    ends_with(int(sys.argv[2]))
    try:
        _serve(socket.socket(fileno=int(sys.argv[1])))
    except Exception as error:  # who asked it hears that it has ended, and here why
        streams.tell(f"casereport: {type(error).__name__}: {error}")
        sys.exit(1)
