"""A run ends, and leaves nothing behind, when one of its processes is held and when its group is told to end."""

import os
import signal
import time
from types import SimpleNamespace

import pytest

from casereport.files import hashes
from casereport.run import watchdog, workers
from marked import report_of
from toys import Run, parameters, toy, toys, work

pytestmark = pytest.mark.skipif(not workers.FORKS, reason="kernels are forked on Linux only")


@pytest.fixture
def out(tmp_path):
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "report.html").write_text("earlier", encoding="utf-8")
    return report_of("leng2020", tmp_path / "out")


@pytest.mark.parametrize(
    "who",
    [pytest.param("os.getpid()", id="kernel"), pytest.param("os.getppid()", id="worker", marks=pytest.mark.slow)],
)
def test_a_run_of_which_a_process_is_held_ends_and_says_so(out, tmp_path, monkeypatch, who):
    monkeypatch.setenv("CASEREPORT_GRACE", "6")
    before = hashes.hashes(out)
    cell = f"import os, signal\nos.kill({who}, signal.SIGSTOP)\nimport time\ntime.sleep(1)"
    held = Run(toys(tmp_path / "notebooks", figures=cell), out, "--timeout", "3")
    code, said = held.end()
    assert code == 1
    assert said.startswith("casereport: 04-figures.ipynb") and ("no progress for 9 s" in said or "within 3 s" in said)
    assert held.gone(), "a process outlives its run"
    assert hashes.hashes(out) == before


def test_a_notebook_whose_file_keeps_its_date_for_longer_than_a_cell_may_take_is_stuck(tmp_path, monkeypatch):
    book, now = tmp_path / "04-figures.ipynb", [0.0]
    monkeypatch.setattr(watchdog, "GRACE", 6.0)
    monkeypatch.setattr(watchdog, "time", SimpleNamespace(monotonic=lambda: now[0]))
    looks = watchdog.Watchdog(tmp_path, timeout=3)
    for moment in (0, 8, 16, 24):  # it gets on, though each time but just in time
        now[0] = moment
        book.write_text("a" * moment)
        looks.look(["04-figures"])
    now[0] = 33
    looks.look(["04-figures"])
    now[0] = 33.1
    with pytest.raises(watchdog.Stuck, match=r"04-figures\.ipynb.*no progress for 9 s"):
        looks.look(["04-figures"])


def test_a_group_that_is_told_to_end_takes_everything_with_it(out, tmp_path):
    before, begun = hashes.hashes(out), tmp_path / "begun"
    cell = f"import pathlib, time\npathlib.Path({str(begun)!r}).touch()\ntime.sleep(3600)"
    stopped = Run(toys(tmp_path / "notebooks", figures=cell), out)
    while not begun.exists() and stopped.process.poll() is None:
        time.sleep(0.05)
    os.killpg(stopped.process.pid, signal.SIGTERM)
    code, said = stopped.end()
    assert (code, said.strip()) == (1, "casereport: stopped; no report was changed")
    assert stopped.gone(), "a process outlives its run"
    assert hashes.hashes(out) == before
    assert {p.name for p in tmp_path.iterdir()} == {"begun", "notebooks", "out"}, "something half built is left"


@pytest.mark.slow
def test_a_notebook_that_takes_long_in_many_cells_is_not_stuck(tmp_path, monkeypatch):
    monkeypatch.setenv("CASEREPORT_GRACE", "3")
    notebooks = toys(tmp_path / "notebooks")
    cells = [parameters("04-figures"), work("04-figures"), *["import time; time.sleep(2)"] * 6]
    toy(notebooks / "04-figures.ipynb", *cells)
    assert Run(notebooks, tmp_path / "out", "--timeout", "4").end() == (0, "")


@pytest.mark.slow
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_a_run_that_alone_is_told_to_end_takes_what_a_cell_began_with_it(tmp_path, number):
    """The cell's own process is no child of the run's, and holds what the run waits for at its end."""
    begun = tmp_path / "begun"
    cell = f"import os, pathlib, time\nos.fork() or pathlib.Path({str(begun)!r}).touch()\ntime.sleep(3600)"
    stopped = Run(toys(tmp_path / "notebooks", figures=cell), tmp_path / "out")
    while not begun.exists() and stopped.process.poll() is None:
        time.sleep(0.05)
    os.kill(stopped.process.pid, number)
    assert stopped.end()[0] == 1
    assert stopped.gone(), "a process outlives its run"
