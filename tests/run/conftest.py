"""A run with small notebooks in the process of the tests, for what it says and leaves behind."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import redirect_stderr
from io import StringIO
from pathlib import Path

import pytest

from casereport import cli
from casereport.run import pipeline, workers
from toys import Run, toys

Here = Callable[..., tuple[int, str]]


@pytest.fixture(scope="module")
def run_here() -> Iterator[Here]:
    """`run_here(notebooks, out, *words)`: the exit code of `casereport report`, and what it said on standard error.

    The runs of a file share the process that has the libraries ready; what is about a process has its own (toys.Run).
    """

    mine: workers.Workers | None = None
    prepare = workers.Workers.prepare

    def light(self: workers.Workers, module: str, function: str) -> None:
        if function != "prepare_notebooks":  # small notebooks need no library
            prepare(self, module, function)

    def report(notebooks: Path, out: Path, *words: str, case: str = "leng2020") -> tuple[int, str]:
        nonlocal mine
        with pytest.MonkeyPatch.context() as patch, redirect_stderr(StringIO()) as told:
            patch.setattr(workers.Workers, "prepare", light)
            patch.setattr(pipeline, "EVERY", 0.2)
            patch.setattr(pipeline, "NOTEBOOKS", notebooks)
            patch.setattr(workers, "_kept", mine)  # for this run alone: others of the file have their own
            workers.keep_ready()
            mine = workers._kept
            return cli.main(["report", case, "--out", str(out), *words]), told.getvalue()

    yield report
    if mine is not None:
        mine.close()


@pytest.fixture
def toy_report(once: Callable[..., Path], tmp_path: Path) -> Path:
    """The folder of a report of leng2020 by the notebooks of `toys` as they are, to change: one run is made for all."""

    def made(place: Path) -> None:
        assert Run(toys(place / "notebooks"), place / "out").end() == (0, "")

    return shutil.copytree(once("toy report", made) / "out", tmp_path / "out")
