"""The command with small notebooks, in a module that imports nothing: the process that a test starts begins here."""

import os
import signal
from pathlib import Path

START = "import sys, toy_command; sys.exit(toy_command.main(*sys.argv[1:]))"


def main(notebooks: str, *words: str) -> int:
    """`casereport` with other notebooks, and without the libraries that only the real ones need."""
    from casereport import cli
    from casereport.run import pipeline, watchdog, workers

    if hasattr(signal, "SIGHUP"):
        signal.signal(signal.SIGHUP, signal.SIG_DFL)  # whoever started the tests may have it ignored, as nohup does
    watchdog.GRACE = pipeline.GRACE = float(os.environ.get("CASEREPORT_GRACE", watchdog.GRACE))
    pipeline.EVERY = 0.2
    pipeline.NOTEBOOKS = Path(notebooks)
    pipeline._cores = lambda: 2  # whatever the machine has
    prepare = workers.Workers.prepare

    def light(self: workers.Workers, module: str, function: str) -> None:
        if function != "prepare_notebooks":
            prepare(self, module, function)

    workers.Workers.prepare = light  # type: ignore[method-assign]
    return cli.main(list(words))
