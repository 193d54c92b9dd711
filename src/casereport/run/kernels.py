"""Kernels by fork: a process that has the libraries starts a notebook's kernel as a copy of itself.

A new kernel would spend seconds on importing the same libraries again. A forked one is a child process as any other
kernel is: it has a session of its own, can be interrupted and killed, its limits are inherited and its exit is known.
"""

import asyncio
import os
import queue
import signal
import subprocess
import sys
import time
import uuid
from pathlib import Path
from typing import Any, NoReturn

import zmq.asyncio
from jupyter_client.asynchronous import AsyncKernelClient
from jupyter_client.connect import KernelConnectionInfo
from jupyter_client.kernelspec import KernelSpec, KernelSpecManager
from jupyter_client.manager import AsyncKernelManager
from jupyter_client.provisioning import LocalProvisioner
from jupyter_client.provisioning.factory import KernelProvisionerFactory
from traitlets.config import Config

from casereport.files import streams
from casereport.run.workers import FORKS, ends_with

NAME = "casereport-fork"
SPECIFICATION = "python3"  # of every notebook of a run, whatever it says
_START = (sys.executable, "-P", "-m", "casereport.run.kernel")


class Forked:
    """A forked kernel, with as much of `subprocess.Popen` as a provisioner asks for."""

    stdin = stdout = stderr = None

    def __init__(self, pid: int) -> None:
        self.pid = pid
        self.returncode: int | None = None

    def poll(self) -> int | None:
        """None while it runs, then its exit code; the number of a signal that killed it is negative."""
        if self.returncode is None:
            pid, status = os.waitpid(self.pid, os.WNOHANG)
            if pid:
                self.returncode = os.waitstatus_to_exitcode(status)
        return self.returncode

    def wait(self, timeout: float | None = None) -> int:
        """Its exit code when it has ended; raises subprocess.TimeoutExpired."""
        end = None if timeout is None else time.monotonic() + timeout
        while (code := self.poll()) is None:
            if end is not None and time.monotonic() > end:
                raise subprocess.TimeoutExpired("kernel", timeout or 0)
            time.sleep(0.001)
        return code

    def send_signal(self, number: int) -> None:
        """Sends a signal, if it still runs: the number of a process that has ended may be another's by now."""
        if self.poll() is None:
            os.kill(self.pid, number)

    def kill(self) -> None:
        self.send_signal(signal.SIGKILL)

    def terminate(self) -> None:
        self.send_signal(signal.SIGTERM)


class ForkProvisioner(LocalProvisioner):
    """Starts a kernel of this Python as a fork of this process; all else is as for a local kernel."""

    last: Forked | None = None

    async def kill(self, restart: bool = False) -> None:
        """Kills the kernel and returns when it is gone; who looks before that looks again a tenth of a second later."""
        await super().kill(restart)
        if isinstance(self.process, Forked):
            self.process.wait(5)

    async def launch_kernel(self, cmd: list[str], **kwargs: Any) -> KernelConnectionInfo:
        """Launches the kernel of `cmd`; beside other threads it starts as usual."""
        if not FORKS or len(list(Path("/proc/self/task").iterdir())) > 1:
            streams.tell("casereport: this process cannot be forked, so the notebook gets an ordinary kernel")
            return await super().launch_kernel(cmd, **kwargs)
        parent = os.getpid()
        pid = os.fork()
        if not pid:
            _become_kernel(parent, cmd[len(_START) :], kwargs.get("env"), kwargs.get("cwd"))
        ForkProvisioner.last = self.process = Forked(pid)  # type: ignore[assignment]
        self.pid = self.pgid = pid  # the kernel leads a session of its own
        self.cwd = kwargs.get("cwd")
        return self.connection_info


class OwnSpecifications(KernelSpecManager):
    """One kernel under every name: that of this Python. Nothing that lies on JUPYTER_PATH is looked at."""

    def get_kernel_spec(self, kernel_name: str) -> KernelSpec:
        return KernelSpec(
            argv=[*_START, "-f", "{connection_file}"], display_name="Python 3 (ipykernel)", language="python",
            metadata={"supported_encryption": ["curve"]},
        )  # fmt: skip


class OwnManager(AsyncKernelManager):
    """Starts the kernels of a run."""

    def _kernel_spec_manager_default(self) -> KernelSpecManager:
        return OwnSpecifications()


class ReadyClient(AsyncKernelClient):
    """A client that knows when its kernel is ready: Jupyter's own waits for 0.2 s of silence, each time."""

    def _context_default(self) -> zmq.asyncio.Context:
        # the client is there before its kernel listens, and would look for it again a tenth of a second later
        context = super()._context_default()
        context.setsockopt(zmq.RECONNECT_IVL, 5)  # ms
        return context

    async def wait_for_ready(self, timeout: float | None = None) -> None:
        """Returns when the kernel has said that it is idle after a request; raises RuntimeError if it never does.

        Until this client hears what the kernel publishes, what it publishes is lost: so it may take a second request.
        """
        end = time.monotonic() + (float("inf") if timeout is None else timeout)
        while not await self._idle_after(self.kernel_info()):
            if not await self._async_is_alive():
                raise RuntimeError("it died before it answered")
            if time.monotonic() > end:
                raise RuntimeError(f"none within {timeout} s")

    async def _idle_after(self, request: str) -> bool:
        """True when the kernel has answered the request and said, last of all, that it is idle."""
        try:
            while (await self.get_shell_msg(timeout=1))["parent_header"].get("msg_id") != request:
                pass
            while True:
                said = await self.get_iopub_msg(timeout=0.2)
                idle = said["content"].get("execution_state") == "idle"
                if idle and said["parent_header"].get("msg_id") == request:
                    return True
        except queue.Empty:
            return False


def by_fork() -> None:
    """From now on this process starts its kernels by fork, where a kernel specification asks for no other way."""
    KernelProvisionerFactory.instance().default_provisioner_name = NAME


def talk_to_kernels() -> Config:
    """How a run talks to its kernels: encrypted, and on Linux by names that no other run can have taken.

    Kernels that start side by side are else given the same free port now and then, and one of them dies.
    """
    # others on this machine could listen
    manager = {"transport_encryption": "required", "client_factory": f"{__name__}.{ReadyClient.__name__}"}
    if FORKS:
        # an abstract name (@): no file is left behind by a kernel that is killed, and no path is too long
        manager |= {"transport": "ipc", "ip": f"@casereport-{uuid.uuid4().hex}"}
    return Config({"KernelManager": manager})


def _become_kernel(parent: int, arguments: list[str], environment: dict | None, folder: str | None) -> NoReturn:
    """In the child: leaves behind what it was, and runs a kernel to its end."""
    code = 1
    try:
        os.setsid()
        ends_with(parent)
        signal.set_wakeup_fd(-1)
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGCHLD):
            signal.signal(number, signal.default_int_handler if number == signal.SIGINT else signal.SIG_DFL)
        nothing = os.open(os.devnull, os.O_RDWR)
        os.dup2(nothing, 0)
        os.dup2(nothing, 1)
        # the parent's loop is running, and is the parent's
        asyncio._set_running_loop(None)
        asyncio.set_event_loop(asyncio.new_event_loop())
        if environment is not None:
            os.environ.clear()
            os.environ.update(environment)
        os.chdir(folder or Path.cwd())
        from casereport.run.kernel import OwnKernel

        OwnKernel.launch_instance(arguments)
        code = 0
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else 1
    except BaseException as error:
        streams.tell(f"casereport: the kernel could not start: {type(error).__name__}: {error}")
    finally:
        os._exit(code)
