"""The kernel of a run: IPython's, which reads no configuration, no profile and no startup file of anybody."""

from typing import Any

from ipykernel.kernelapp import IPKernelApp


class OwnKernel(IPKernelApp):
    """A kernel set by its arguments alone; those of IPython's files that a machine or a user has are not looked for."""

    def load_config_file(self, *_places: Any, **_options: Any) -> None:
        """Loads none."""

    def _run_startup_files(self) -> None:
        """Runs none."""


if __name__ == "__main__":
    OwnKernel.launch_instance()
