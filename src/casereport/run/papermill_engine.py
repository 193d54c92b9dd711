"""papermill's engine with two differences: a notebook is saved when it ends, however it ends, and not twice a cell.

What papermill saves in between is for who watches the file; a run's folder is nobody's before it is whole. And what a
cell prints is one output, in however many pieces a busy machine sends it: the same run gives the same bytes.
"""

from typing import Any

from papermill.engines import NBClientEngine, NotebookExecutionManager, papermill_engines

from casereport.run.kernels import OwnManager

NAME = "casereport"


class SavedAtEnd(NBClientEngine):
    """Executes a notebook as papermill does and leaves saving to the end, which comes after an error too."""

    @classmethod
    def execute_managed_notebook(cls, nb_man: NotebookExecutionManager, kernel_name: str, **kwargs: Any) -> None:
        """Executes the cells; papermill saves the notebook when this returns or raises."""
        path, nb_man.output_path = nb_man.output_path, None
        try:
            super().execute_managed_notebook(
                nb_man, kernel_name, coalesce_streams=True, kernel_manager_class=OwnManager, **kwargs
            )
        finally:
            nb_man.output_path = path


papermill_engines.register(NAME, SavedAtEnd)
