"""Kernels that are ready at once: a server process imports the libraries one time and forks a kernel for each notebook.

A case has seven notebooks or more, and each new kernel would spend seconds on importing the same libraries again. The
server has a single thread when it forks, and each kernel is a process of its own, as any other kernel is.
"""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from jupyter_client.provisioning import LocalProvisioner
from jupyter_client.provisioning.factory import KernelProvisionerFactory

NAME = "casereport-fork"
_server: subprocess.Popen | None = None


class _Forked:
    """A forked kernel, with as much of `subprocess.Popen` as a provisioner asks for."""

    stdin = stdout = stderr = None

    def __init__(self, pid: int) -> None:
        self.pid = pid

    def poll(self) -> int | None:
        try:
            os.kill(self.pid, 0)
        except ProcessLookupError:
            return 0
        return None

    def wait(self, timeout: float | None = None) -> int:
        end = None if timeout is None else time.monotonic() + timeout
        while self.poll() is None:
            if end is not None and time.monotonic() > end:
                raise subprocess.TimeoutExpired("kernel", timeout or 0)
            time.sleep(0.01)
        return 0

    def send_signal(self, number: int) -> None:
        os.kill(self.pid, number)

    def kill(self) -> None:
        self.send_signal(signal.SIGKILL)

    def terminate(self) -> None:
        self.send_signal(signal.SIGTERM)


class ForkProvisioner(LocalProvisioner):
    """Starts a kernel by asking the server for a fork; all else is as for a local kernel."""

    async def launch_kernel(self, cmd: list[str], **kwargs: Any) -> dict:
        """Launches the kernel of `cmd`; kernels of another Python, or without a server, start as usual."""
        if _server is None or cmd[:3] != [sys.executable, "-m", "ipykernel_launcher"]:
            return await super().launch_kernel(cmd, **kwargs)
        request = {
            "arguments": cmd[3:],
            "environment": kwargs.get("env"),
            "folder": str(kwargs.get("cwd") or Path.cwd()),
        }
        _server.stdin.write(json.dumps(request) + "\n")  # type: ignore[union-attr]
        _server.stdin.flush()  # type: ignore[union-attr]
        answer = _server.stdout.readline()  # type: ignore[union-attr]
        if not answer:  # the server has ended, and has said why on its standard error
            return await super().launch_kernel(cmd, **kwargs)
        self.process = _Forked(int(answer))  # type: ignore[assignment]
        self.pid = self.pgid = self.process.pid  # the kernel leads a session of its own
        self.cwd = kwargs.get("cwd")
        return self.connection_info


@contextmanager
def ready_kernels() -> Iterator[None]:
    """Within it, kernels are forked from a server that has the libraries; without `os.fork` it changes nothing.

    One within another uses the outer one's server: a worker of a cohort keeps one for all of its cases.
    """
    global _server
    if not hasattr(os, "fork") or _server is not None:
        yield
        return
    factory = KernelProvisionerFactory.instance()
    before = factory.default_provisioner_name
    # OpenBLAS would start a thread, and only one may be alive at a fork
    environment = os.environ | {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}
    command = [sys.executable, "-m", "casereport.kernels"]
    _server = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment)
    factory.default_provisioner_name = NAME
    try:
        yield
    finally:
        factory.default_provisioner_name = before
        _server.stdin.close()  # type: ignore[union-attr]
        _server.wait()
        _server.stdout.close()  # type: ignore[union-attr]
        _server = None


def serving() -> bool:
    """True while a server of kernels is there and has not ended."""
    return _server is not None and _server.poll() is None


def _serve() -> None:
    """Reads one request a line, forks, and answers with the process id; ends with its input."""
    import IPython  # noqa: F401
    import pandas
    from ipykernel.kernelapp import IPKernelApp

    import casereport.analysis
    import casereport.figures
    import casereport.report  # noqa: F401

    # pandas looks at its import whether it is in a notebook, and here it is not yet
    pandas.set_option("display.max_columns", 20)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the run, which then stops its kernels
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # ended kernels leave no zombies
    for line in iter(sys.stdin.readline, ""):
        request = json.loads(line)
        pid = os.fork()
        if pid:
            print(pid, flush=True)
            continue
        os.setsid()
        signal.signal(signal.SIGINT, signal.SIG_DFL)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        nothing = os.open(os.devnull, os.O_RDWR)
        os.dup2(nothing, 0)
        os.dup2(nothing, 1)
        if request["environment"] is not None:
            os.environ.clear()
            os.environ.update(request["environment"])
        os.chdir(request["folder"])
        sys.path[0] = ""  # as in a kernel started with `python -m ipykernel_launcher`
        # a kernel ends with the server, which ends with the process that it serves, however that one ends
        watched = f"--IPKernelApp.parent_handle={os.getppid()}"
        IPKernelApp.launch_instance([*request["arguments"], watched])
        os._exit(0)


if __name__ == "__main__":
    _serve()
