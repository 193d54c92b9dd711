"""papermill's engine with four differences: a notebook is saved when it ends, however it ends, and not twice a cell.

What papermill saves in between is for who watches the file; a run's folder is nobody's before it is whole, and the
watchdog needs no more than its date. What a cell prints is one output, in however many pieces a busy machine sends it:
the same run gives the same bytes. And what a cell shows may arrive as long after its end as a cell may take: papermill
gives up after 4 s, which a page of megabytes on a busy machine needs, and that would be told as a cell that did not
end. A notebook may also begin with its kernel alone, and with its cells when something else has ended.
"""

import os
import re
import time
from collections.abc import Callable
from typing import Any

from nbclient import client
from papermill.engines import NBClientEngine, NotebookExecutionManager, papermill_engines

from casereport.run.kernels import OwnManager

NAME = "casereport"
_LONGEST = 10**6  # seconds, where a cell may take as long as it needs
_EVERY = 0.01  # seconds
# What a progress bar has written over. nbclient looks for it from each letter of a line: half an hour for a megabyte.
client._RGX_CARRIAGERETURN = re.compile(r"^.*\r(?=[^\n])", re.M)


class SavedAtEnd(NBClientEngine):
    """Executes a notebook as papermill does and leaves saving to the end, which comes after an error too."""

    @classmethod
    def execute_managed_notebook(
        cls,
        nb_man: NotebookExecutionManager,
        kernel_name: str,
        waits: Callable[[], bool] = lambda: False,
        **kwargs: Any,
    ) -> None:
        """Executes the cells, none while it `waits`; papermill saves the notebook when this returns or raises."""
        path, nb_man.output_path = nb_man.output_path, None

        def begin_cell(**_: Any) -> None:
            os.utime(path)
            while waits():  # a cell's time begins after this
                time.sleep(_EVERY)
                os.utime(path)

        try:
            super().execute_managed_notebook(
                nb_man, kernel_name, coalesce_streams=True, kernel_manager_class=OwnManager,
                iopub_timeout=kwargs.get("execution_timeout") or _LONGEST,
                on_cell_start=begin_cell, **kwargs,
            )  # fmt: skip
        finally:
            nb_man.output_path = path


papermill_engines.register(NAME, SavedAtEnd)
