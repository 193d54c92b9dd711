"""What a cell shows may arrive late: a machine is busy, and a page has megabytes."""

import pytest
from nbformat.v4 import new_notebook
from papermill.clientwrap import PapermillNotebookClient
from papermill.engines import NotebookExecutionManager

from casereport.run.papermill_engine import NAME, SavedAtEnd


@pytest.mark.parametrize("most", [600, None])
def test_an_output_is_waited_for_as_long_as_a_cell_may_take(monkeypatch, most):
    asked = []
    monkeypatch.setattr(PapermillNotebookClient, "execute", lambda client: asked.append(client))
    manager = NotebookExecutionManager(new_notebook(), progress_bar=False)
    SavedAtEnd.execute_managed_notebook(manager, NAME, execution_timeout=most)
    (client,) = asked
    assert client.timeout == most
    assert client.iopub_timeout >= (most or 24 * 3600)
