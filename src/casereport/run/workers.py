"""Processes that are ready at once: a server imports the libraries one time, and each piece of work is a fork of it.

The server has a single thread, so that a fork of it is safe; a worker that has the libraries but has started nothing
may fork a notebook's kernel in turn. All of them end with the process that began them, however that one ends. Only
Linux ends them so: elsewhere the work is done in the caller's process, one piece after the other.
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
from contextlib import contextmanager
from importlib import import_module
from multiprocessing.connection import Connection, Pipe, wait

from casereport.files.paths import ROOT
from casereport.run.failures import WorkerLost

FORKS = sys.platform == "linux"
# OpenBLAS would start threads; one only may be alive at a fork, and their number may change the last digit of a sum
ONE_THREAD = {f"{name}_NUM_THREADS": "1" for name in ("OPENBLAS", "OMP", "MKL")}
_LIMIT = 1 << 20
_current: "Workers | None" = None


class Call:
    """One piece of work under way."""

    def __init__(self, reader: Connection, name: str) -> None:
        self.reader, self.name = reader, name

    def result(self) -> object:
        """What the function returned; raises what it raised, and WorkerLost where the process was killed."""
        try:
            good, outcome = self.reader.recv()
        except EOFError:
            text = f"the process for {self.name} ended without an answer: killed, or out of memory"
            raise WorkerLost(text) from None
        finally:
            self.reader.close()
        if good:
            return outcome
        raise outcome


class _Done:
    """The same for work that the caller's process has done already, where there is no fork."""

    def __init__(self, function, arguments: tuple, name: str) -> None:
        self.outcome, self.name = function(*arguments), name

    def result(self) -> object:
        return self.outcome


class Workers:
    """The server, as its user sees it. Functions are named by module, so that the user need not import them."""

    def __init__(self) -> None:
        self.calls: list[Call] = []
        self.closed = False
        if not FORKS:
            print("casereport: no fork on this system, so each notebook gets an ordinary kernel", file=sys.stderr)
            return
        # messages keep their bounds, and each is sent whole: several threads of the caller may send
        self._socket, other = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with other:
            self._server = subprocess.Popen(
                # -P, and a folder of the project: of the folder where the user is nothing is imported and nothing set
                [sys.executable, "-P", "-m", "casereport.run.workers", str(other.fileno()), str(os.getpid())],
                pass_fds=[other.fileno()],
                stdin=subprocess.DEVNULL,
                cwd=ROOT,
                env=os.environ | ONE_THREAD,
            )

    def prepare(self, module: str, function: str) -> None:
        """Has the server itself call a function, to import what later workers find ready; returns at once."""
        if FORKS:
            self._send(("prepare", module, function, ()), [])

    def start(self, module: str, function: str, *arguments: object, holding: int | None = None) -> Call:
        """Begins a call in a process of its own. `holding` is a file that stays open until this process is gone."""
        if not FORKS:
            return _Done(getattr(import_module(module), function), arguments, function)  # type: ignore[return-value]
        reader, writer = Pipe(duplex=False)
        with writer:
            held = [] if holding is None else [holding]
            self._send(("call", module, function, arguments), [writer.fileno(), *held])
        call = Call(reader, f"{module}.{function}")
        self.calls = [c for c in self.calls if not c.reader.closed] + [call]
        return call

    def finished(self, calls: list[Call]) -> list[Call]:
        """Those of the calls that have ended, at least one of them."""
        if not FORKS:
            return calls[:1]
        ready = wait([c.reader for c in calls])
        return [c for c in calls if c.reader in ready]

    def _send(self, message: tuple, files: list[int]) -> None:
        try:
            socket.send_fds(self._socket, [pickle.dumps(message)], files)
        except OSError:
            raise WorkerLost("the process that has the libraries ready has ended") from None

    def alive(self) -> bool:
        """True until the server ends."""
        return not self.closed and (not FORKS or self._server.poll() is None)

    def close(self) -> None:
        """Ends the server and all that was forked from it, and returns when they are gone."""
        if self.closed or not FORKS:
            return
        self.closed = True
        self._socket.close()
        self._server.kill()
        self._server.wait()
        for call in self.calls:
            if not call.reader.closed:
                # its other end is held by the worker and by the worker's kernel, and by nothing else
                while call.reader.poll(None):
                    try:
                        call.reader.recv_bytes()
                    except (EOFError, OSError):
                        break
                call.reader.close()


@contextmanager
def ready_workers() -> Iterator[Workers]:
    """The workers of the block around, or else new ones, which end with this block."""
    global _current
    if _current is not None and not _current.closed:
        yield _current
        return
    _current = workers = Workers()
    try:
        yield workers
    finally:
        workers.close()
        _current = None


def serving() -> bool:
    """True within `ready_workers()`, as long as its server has not ended."""
    return _current is not None and _current.alive()


def ends_with(parent: int) -> None:
    """Has this process be killed when its parent ends; ends it now if the parent has ended already."""
    ctypes.CDLL(None, use_errno=True).prctl(1, signal.SIGKILL)  # PR_SET_PDEATHSIG
    if os.getppid() != parent:
        os._exit(1)


def _serve(control: socket.socket) -> None:
    """Answers requests until the other side is gone."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the run, which then ends its workers
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # ended workers leave no zombies
    server = os.getpid()
    while True:
        message, files, _, _ = socket.recv_fds(control, _LIMIT, 2)
        if not message:
            return
        kind, module, function, arguments = pickle.loads(message)
        if kind == "prepare":
            gc.disable()  # nothing that an import makes is garbage
            getattr(import_module(module), function)()
            gc.enable()
            gc.freeze()  # a collection in a worker need not touch, and so copy, what all share
        elif os.fork():
            for file in files:
                os.close(file)
        else:
            ends_with(server)
            control.close()
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            _work(module, function, arguments, Connection(files[0], readable=False))


def _work(module: str, function: str, arguments: tuple, answer: Connection) -> None:
    """Calls the function, sends what it returns or raises, and ends the process."""
    try:
        try:
            outcome = True, getattr(import_module(module), function)(*arguments)
        except BaseException as error:
            error.add_note("".join(traceback.format_tb(error.__traceback__)))
            outcome = False, error
        try:
            answer.send(outcome)
        except (pickle.PicklingError, TypeError, AttributeError):
            answer.send((False, RuntimeError(f"{module}.{function}: {outcome[1]!r}")))
        sys.stdout.flush()
        sys.stderr.flush()
    finally:
        os._exit(0)


if __name__ == "__main__":
    ends_with(int(sys.argv[2]))
    _serve(socket.socket(fileno=int(sys.argv[1])))
