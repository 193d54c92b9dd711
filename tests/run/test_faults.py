"""What can go wrong in a run: nothing is lost, nothing is left behind, and the user is told what happened."""

import os
import random
import resource
import shutil
import signal
import subprocess
import sys
import time

import pytest

from casereport.files import hashes
from casereport.files.paths import DATA
from casereport.run import output, pipeline, stale, workers
from casereport.run.failures import RunFailed, told
from casereport.run.kernels import talk_to_kernels
from casereport.run.pipeline import run
from marked import report_of
from toys import Run, toys

pytestmark = pytest.mark.skipif(not workers.FORKS, reason="kernels are forked on Linux only")


def beside(out):
    """What lies in the folder of `out`, besides the notebooks."""
    return sorted(p.name for p in out.parent.iterdir() if not p.name.startswith("notebooks"))


def earlier_report(folder, case="leng2020"):
    """What stands for a report that a run is about to replace."""
    folder.mkdir()
    (folder / "report.html").write_text("earlier", encoding="utf-8")
    return report_of(case, folder)


@pytest.fixture
def out(tmp_path):
    return earlier_report(tmp_path / "out")


def test_a_run_that_is_killed_leaves_the_earlier_report_and_no_process(out, tmp_path):
    before, begun = hashes.hashes(out), tmp_path / "begun"
    cell = f"import pathlib, time\npathlib.Path({str(begun)!r}).touch()\ntime.sleep(3600)"
    killed = Run(toys(tmp_path / "notebooks", figures=cell), out, "--force")
    while not begun.exists() and killed.process.poll() is None:
        time.sleep(0.05)
    killed.process.kill()
    killed.process.wait()
    assert killed.gone(), "a process outlives its run"
    assert hashes.hashes(out) == before


@pytest.mark.slow
def test_fifty_runs_that_are_killed_leave_a_whole_report_and_no_process(tmp_path):
    """After each kill at a random moment the report is the one before or the new one, and whole."""
    out, notebooks = tmp_path / "out", toys(tmp_path / "notebooks")
    began = time.monotonic()
    code, said = Run(notebooks, out).end()
    assert code == 0, said
    seconds, moments = time.monotonic() - began, random.Random(2)
    for _ in range(50):
        before = hashes.hashes(out)
        killed = Run(notebooks, out, "--force")
        time.sleep(moments.uniform(0, seconds))
        os.kill(killed.process.pid, signal.SIGKILL)
        killed.process.wait()
        assert killed.gone(), "a process outlives its run"
        if hashes.hashes(out) != before:
            assert not any(stale.reasons(out, stale.report_made_from("leng2020", {}, (), notebooks)).values())
    last = Run(notebooks, out, "--force")
    assert last.end()[0] == 0
    assert beside(out) == ["out"]
    assert not any(stale.reasons(out, stale.report_made_from("leng2020", {}, (), notebooks)).values())


def test_a_kernel_that_is_killed_is_named_with_its_cell_and_its_signal(out, tmp_path):
    before = hashes.hashes(out)
    notebooks = toys(tmp_path / "notebooks", evidence="import os\nos.kill(os.getpid(), 9)")
    failed = Run(notebooks, out)
    code, said = failed.end()
    assert code == 1
    assert said.splitlines()[:2] == [
        "casereport: 03-evidence.ipynb, cell 5",
        "  the kernel died, killed by signal 9; perhaps the machine was short of memory",
    ]
    assert hashes.hashes(out) == before
    assert failed.gone()
    assert beside(out) == ["out", "out.failed"]


@pytest.mark.slow
def test_a_cell_that_hangs_is_stopped_after_its_time(out, tmp_path):
    notebooks = toys(tmp_path / "notebooks", phase="import time\ntime.sleep(3600)")
    failed = Run(notebooks, out, "--timeout", "2")
    code, said = failed.end()
    assert code == 1
    assert said.splitlines()[:2] == [
        "casereport: 02-phase.ipynb, cell 5",
        "  did not end within 2 s (--timeout); its kernel was stopped",
    ]
    assert failed.gone()
    assert beside(out) == ["out", "out.failed"]


def test_an_interrupt_stops_a_run_and_all_that_it_began(out, tmp_path):
    before = hashes.hashes(out)
    begun = tmp_path / "begun"
    cell = f"import pathlib, time\npathlib.Path({str(begun)!r}).touch()\ntime.sleep(3600)"
    # a shell that starts the tests in the background has them ignore the interrupt
    heed = lambda: signal.signal(signal.SIGINT, signal.default_int_handler)  # noqa: E731
    stopped = Run(toys(tmp_path / "notebooks", figures=cell), out, before=heed)
    while not begun.exists() and stopped.process.poll() is None:
        time.sleep(0.05)
    os.killpg(stopped.process.pid, signal.SIGINT)  # what Ctrl-C does in a terminal
    code, said = stopped.end()
    assert (code, said.strip()) == (1, "casereport: stopped; no report was changed")
    assert stopped.gone(1)
    assert hashes.hashes(out) == before
    begun.unlink()
    assert beside(out) == ["out"]


@pytest.fixture
def small(tmp_path):
    """A disk of 2 MB with an earlier report on it."""
    folder = tmp_path / "small"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", str(folder)]
    if subprocess.run(mount, capture_output=True).returncode:
        pytest.skip("this user cannot mount a small disk")
    try:
        earlier_report(folder / "out")
        yield folder
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True)


def fails_for_want_of_room(run_here, small, notebooks):
    before = hashes.hashes(small / "out")
    code, said = run_here(notebooks, small / "out")
    assert code == 1
    assert "No space left on device" in said or "the disk is full" in said
    assert "Traceback" not in said.splitlines()[0]
    assert hashes.hashes(small / "out") == before
    assert [n for n in beside(small / "out") if n.startswith(".")] == []


def test_a_disk_that_a_cell_fills_is_named_and_the_earlier_report_stays(run_here, small, tmp_path):
    cell = "_ = (out / 'results' / 'x').write_bytes(bytes(4 << 20))"
    fails_for_want_of_room(run_here, small, toys(tmp_path / "notebooks", figures=cell))


@pytest.mark.slow
def test_a_disk_too_small_for_a_notebook_is_named_and_the_earlier_report_stays(run_here, small, tmp_path):
    (small / "filling").write_bytes(bytes(1 << 20))
    fails_for_want_of_room(run_here, small, toys(tmp_path / "notebooks", ingest="print('x' * (1 << 20))"))


def test_an_input_that_changes_in_mid_run_is_noticed(run_here, tmp_path):
    case = tmp_path / "notebooks-case" / "leng2020"
    shutil.copytree(DATA / "cases" / "leng2020", case)
    out = earlier_report(tmp_path / "out", str(case))
    before = hashes.hashes(out)
    edit = "path = pathlib.Path(case) / 'events.csv'\n_ = path.write_text(path.read_text() + '\\n')"
    code, said = run_here(toys(tmp_path / "notebooks", report=edit), out, case=str(case))
    assert code == 1
    assert "changed while the report was being made: input: cases/leng2020/events.csv changed" in said
    assert hashes.hashes(out) == before


def test_the_second_of_two_runs_waits_and_says_so(tmp_path):
    out = tmp_path / "out"
    hold = f"with output.alone(Path({str(out)!r})): print('mine')"
    code = f"from pathlib import Path; from casereport.run import output\n{hold}"
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    with output.alone(out):
        second = subprocess.Popen([sys.executable, "-c", code], text=True, **pipes)
        line = second.stderr.readline()
        assert line == f"casereport: another run is writing {out}; waiting for it to end\n"
        assert second.poll() is None
    assert second.communicate(timeout=60) == ("mine\n", "")
    assert list(tmp_path.iterdir()) == []


def test_a_lock_that_the_run_before_takes_away_while_it_is_looked_at_is_made_anew(tmp_path, monkeypatch):
    out, seen = tmp_path / "out", []
    samestat = os.path.samestat

    def taken_away(mine, there):
        seen.append(out.with_name(".out.lock"))
        if len(seen) == 1:
            raise FileNotFoundError(seen[0])
        return samestat(mine, there)

    monkeypatch.setattr(os.path, "samestat", taken_away)
    with output.alone(out):
        assert len(seen) == 2 and seen[0].exists()


@pytest.mark.slow
def test_two_runs_at_once_both_end_well(tmp_path):
    out, notebooks = tmp_path / "out", toys(tmp_path / "notebooks")
    both = [Run(notebooks, out), Run(notebooks, out)]
    assert [r.end()[0] for r in both] == [0, 0]
    assert beside(out) == ["out"]
    assert not any(stale.reasons(out, stale.report_made_from("leng2020", {}, (), notebooks)).values())


def test_no_two_kernels_are_reached_by_the_same_address():
    """Two that start side by side would now and then be given the same free port, and one of them would die."""
    assert len({talk_to_kernels().KernelManager.ip for _ in range(1000)}) == 1000


@pytest.mark.slow
def test_a_kernel_starts_clean_and_inherits_the_limits(out, tmp_path):
    """What one notebook does to its process must not reach another, and a limit of the shell holds in a kernel."""
    leak = "import builtins, os\nbuiltins.leak = 1\nos.environ['LEAK'] = '1'\nos.chdir('/')"
    clean = (
        "import builtins, ipykernel, IPython, json, os, resource, sys, threading\n"
        "assert not hasattr(builtins, 'leak') and 'LEAK' not in os.environ and os.getcwd() != '/'\n"
        "assert resource.getrlimit(resource.RLIMIT_NOFILE)[0] == 777\n"
        "assert os.getsid(0) == os.getpid()\n"
        "reached = json.loads(ipykernel.get_connection_info())\n"
        "assert (reached['transport'], reached['ip'][:12]) == ('ipc', '@casereport-')\n"
        "assert not IPython.get_ipython().history_manager.enabled  # what was run is kept in the report alone"
    )
    notebooks = toys(tmp_path / "notebooks", figures=leak, ingest=clean, report=clean)
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    limited = Run(notebooks, out, before=lambda: resource.setrlimit(resource.RLIMIT_NOFILE, (777, hard)))
    code, said = limited.end()
    assert (code, said) == (0, "")


@pytest.mark.slow
def test_without_a_fork_ordinary_kernels_are_used_and_one_line_says_so(tmp_path, monkeypatch, capfd):
    monkeypatch.setattr(workers, "FORKS", False)
    monkeypatch.setattr(pipeline, "NOTEBOOKS", toys(tmp_path / "notebooks"))
    page = run("leng2020", tmp_path / "out", {})
    assert page.is_file()
    assert capfd.readouterr().err == "casereport: no fork on this system, so each notebook gets an ordinary kernel\n"


def test_a_failure_is_told_with_what_happened_first(tmp_path):
    lines = told(RunFailed("01-ingest.ipynb, cell 4", "KeyError: 'x'", None, "the stack")).splitlines()
    assert lines[:3] == ["casereport: 01-ingest.ipynb, cell 4", "  KeyError: 'x'", "  no report was changed"]
    assert told(OSError(28, "No space left on device", "x.csv")).startswith("casereport: the disk is full")
    assert "an error in casereport" in told(KeyError("a mistake of ours"))
