"""Processes that are forked for a piece of work: what they are given, what they answer, and how they end."""

import os
import signal
import statistics
import time
from pathlib import Path

import pytest

from casereport.run import workers
from casereport.run.failures import WorkerLost
from casereport.run.workers import ready_workers

pytestmark = pytest.mark.skipif(not workers.FORKS, reason="processes are forked on Linux only")


@pytest.fixture(scope="module", autouse=True)
def ready():
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(workers, "_kept", None)  # those that another file of tests in this process has kept
        with ready_workers() as begun:
            yield begun


def test_a_function_is_called_in_another_process_that_has_what_the_server_prepared(ready):
    ready.prepare("os", "getpid")
    pid = ready.start("os", "getpid").result()
    assert pid != os.getpid()
    assert ready.start("os", "getppid").result() == ready._server.pid


def test_arguments_and_answers_may_be_as_large_as_all_the_failures_of_a_cohort(ready):
    """A message through the server's socket holds some 200 kB."""
    large = "x" * 5_000_000
    assert ready.start("builtins", "str", large).result() == large


def test_what_a_function_raises_is_raised_with_where_it_happened(ready):
    with pytest.raises(statistics.StatisticsError, match="at least one data point") as raised:
        ready.start("statistics", "mean", []).result()
    assert "in mean" in raised.value.__notes__[0]


def test_an_answer_that_cannot_be_sent_is_told(ready):
    with pytest.raises(RuntimeError, match=r"threading\.Lock: <unlocked"):
        ready.start("threading", "Lock").result()


def test_a_process_that_is_killed_is_told(ready):
    with pytest.raises(WorkerLost, match=r"for signal\.raise_signal ended without an answer"):
        ready.start("signal", "raise_signal", signal.SIGKILL).result()


def test_a_server_that_is_killed_takes_its_processes_with_it_and_is_told():
    with ready_workers() as begun:
        call = begun.start("time", "sleep", 3600)
        begun._server.kill()
        with pytest.raises(WorkerLost):
            call.result(timeout=60)
        begun._server.wait()
        with pytest.raises(WorkerLost, match="libraries ready has ended"):
            begun.start("os", "getpid")


def test_after_the_block_no_process_of_it_can_write_any_more_nor_one_that_it_began():
    with ready_workers() as begun:
        begun.start("os", "spawnlp", os.P_WAIT, "sleep", "sleep", "3600")
        while len(forked := workers._begun_by(begun._server.pid)) < 2:
            time.sleep(0.01)
    assert not begun.alive()
    assert not can_write(forked[0])
    while can_write(forked[1]):  # killed, and not waited for
        time.sleep(0.01)


def can_write(pid):
    """True while a process has a file open; the last of it may be a millisecond in going."""
    try:
        return any(Path(f"/proc/{pid}/fd").iterdir())
    except OSError:
        return False


def test_workers_that_are_kept_are_begun_anew_where_they_have_ended(monkeypatch):
    monkeypatch.setattr(workers, "_kept", None)
    workers.keep_ready()
    with ready_workers() as first:
        first._server.kill()
        first._server.wait()
    with ready_workers() as for_this_block:
        assert for_this_block.alive()
    workers.keep_ready()
    with ready_workers() as second:
        assert second is not first
    with ready_workers() as third:
        assert third is second and third.alive()
    third.close()
