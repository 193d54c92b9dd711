"""The kernel of a run: IPython's, which reads no configuration, no profile and no startup file of anybody."""

import sys
from collections import UserDict
from types import ModuleType
from typing import Any

from ipykernel.kernelapp import IPKernelApp


class OwnKernel(IPKernelApp):
    """A kernel set by its arguments alone; those of IPython's files that a machine or a user has are not looked for."""

    def load_config_file(self, *_places: Any, **_options: Any) -> None:
        """Loads none."""

    def init_kernel(self) -> None:
        """Makes the kernel, which does not list all modules.

        IPython notes the file of each for a debugger, which a run has not; to look at every module would copy 13 MB
        that this process shares with those beside it.
        """
        modules = sys.modules
        sys.modules = _Unlisted(modules)  # type: ignore[assignment]
        try:
            super().init_kernel()
        finally:
            sys.modules = modules

    def _run_startup_files(self) -> None:
        """Runs none."""


class _Unlisted(UserDict[str, ModuleType]):
    """The modules that there are, each to be had by its name."""

    def __init__(self, modules: dict[str, ModuleType]) -> None:
        self.data = modules

    def copy(self) -> dict[str, ModuleType]:  # type: ignore[override]
        return {}


if __name__ == "__main__":
    OwnKernel.launch_instance()
