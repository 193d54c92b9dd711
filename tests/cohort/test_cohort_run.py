"""A cohort on Dask: a scheduler by address, failures listed, and nothing lost when something dies."""

import csv
import os
import re
import signal
import subprocess
import sys
import time
from contextlib import ExitStack, contextmanager
from pathlib import Path
from types import SimpleNamespace

import pandas as pd
import pytest

from casereport.cohort import index_page, series_report, simulated
from casereport.cohort.pieces import Tally
from casereport.cohort.run import CohortStopped, _finish, _results, summary
from casereport.files.paths import ROOT
from cohorts import rows, tangled
from marked import report_of

MARK = "CASEREPORT_TEST_WORKER"
LONG = 900  # seconds: these run beside others


def process(*words, **options):
    return subprocess.Popen([sys.executable, "-m", *words], cwd=ROOT, text=True, stdout=subprocess.PIPE,
                            stderr=subprocess.STDOUT, start_new_session=True, **options)  # fmt: skip


def ended(started):
    """Ends a process with what it started."""
    if started.poll() is None:
        os.killpg(started.pid, signal.SIGKILL)
    started.communicate()


@contextmanager
def scheduler_and_workers(folder, workers=2):
    """A scheduler and its workers, each a process of its own; gives the address and the processes."""
    with ExitStack() as stack:
        file = folder / "scheduler.json"
        quiet = ["--no-dashboard", "--scheduler-file", str(file)]
        scheduler = process("distributed.cli.dask_scheduler", "--port", "0", "--host", "127.0.0.1", *quiet)
        stack.callback(ended, scheduler)
        started = []
        for _ in range(workers):
            words = ["--nthreads", "1", "--local-directory", str(folder / "dask"), "--no-dashboard"]
            started.append(
                process("distributed.cli.dask_worker", "--scheduler-file", str(file), *words,
                        env=os.environ | {MARK: str(folder)})
            )  # fmt: skip
            stack.callback(ended, started[-1])
        end = time.monotonic() + LONG
        while not file.is_file() or not file.read_text():
            assert time.monotonic() < end and scheduler.poll() is None
            time.sleep(0.1)
        yield re.search(r'"address": "([^"]+)"', file.read_text())[1], scheduler, started


def cohort(*words):
    return process("casereport.cli", "cohort", *map(str, words))


def run(*words):
    started = cohort(*words)
    said = started.communicate(timeout=LONG)[0]
    return started.returncode, said


def results(out, table="effects"):
    return pd.concat([pd.read_parquet(p) for p in sorted((out / "results" / table).glob("*.parquet"))])


def failures(out):
    with (out / "failures.csv").open(encoding="utf-8") as file:
        return {row["patient"]: row["error"] for row in csv.DictReader(file)}


@pytest.mark.slow
def test_a_scheduler_and_workers_in_other_processes_are_used_by_address(tmp_path):
    measured, given = tangled(3, seed=5)
    bad = rows(("<b>x</b>", "one", "crp", "5", "mg/L"), ("007", 0, "crp", "5", "mg/L"))
    source, out = tmp_path / "source", tmp_path / "out"
    source.mkdir()
    pd.concat([measured, bad]).drop(columns="line").to_csv(source / "observations.csv", index=False)
    given.drop(columns="line").to_csv(source / "interventions.csv", index=False)
    with scheduler_and_workers(tmp_path) as (address, _, _):
        code, said = run(source, "--out", out, "--scheduler", address, "--results-only")
        assert (code, "4 cases" in said, address in said) == (1, True, True), said
        assert set(failures(out)) == {"<b>x</b>"}
        assert "a study day as a number" in failures(out)["<b>x</b>"]
        assert set(results(out, "patients")["patient"]) == {"p0", "p1", "p2", "007"}
        assert len(results(out)) > 0
        page = (out / "index.html").read_text(encoding="utf-8")
        assert "<b>x</b>" not in page and "&lt;b&gt;x&lt;/b&gt;" in page
        assert "NAP" in (out / "report.html").read_text(encoding="utf-8")


@pytest.mark.slow
def test_an_address_where_no_scheduler_answers_is_bad_input(tmp_path, monkeypatch, capsys):
    from casereport.cohort import run as module
    from casereport.errors import BadInput

    with pytest.raises(BadInput, match="none answers there"), module._cluster("tcp://127.0.0.1:9", 0):
        pass


def test_a_folder_with_other_things_in_it_is_not_touched(tmp_path, capsys):
    from casereport.cli import main

    (tmp_path / "thesis.txt").write_text("mine", encoding="utf-8")
    assert main(["cohort", "data", "--out", str(tmp_path)]) == 2
    assert "this one holds other files" in capsys.readouterr().err
    assert [p.name for p in tmp_path.iterdir()] == ["thesis.txt"]


@pytest.fixture
def large(tmp_path, monkeypatch):
    """A simulated cohort of many small files, so that something can die between two of them."""
    monkeypatch.setattr(simulated, "_PART", 40)
    return simulated.write_cohort(480, tmp_path / "large")


def done(out):
    return sorted(p.name for p in (out / "work" / "done" / "results").glob("*.json"))


def wait_for(condition):
    end = time.monotonic() + LONG
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.05)


@pytest.mark.slow
def test_the_cases_of_a_killed_worker_run_again(large, tmp_path):
    out = tmp_path / "out"
    with scheduler_and_workers(tmp_path) as (address, _, workers):
        started = cohort(large, "--out", out, "--scheduler", address, "--results-only")
        wait_for(lambda: len(done(out)) >= 2)
        os.killpg(workers[0].pid, signal.SIGKILL)
        said = started.communicate(timeout=LONG)[0]
    assert started.returncode == 0, said
    assert results(out, "patients")["patient"].nunique() == 480


@pytest.mark.slow
def test_the_cases_of_a_stopped_worker_run_again_and_the_run_ends(large, tmp_path):
    out = tmp_path / "out"
    started = cohort(large, "--out", out, "--workers", "2", "--results-only")
    wait_for(lambda: len(done(out)) >= 2)
    os.kill(spawned_by(started.pid)[0], signal.SIGSTOP)
    said = started.communicate(timeout=LONG)[0]
    assert started.returncode == 0, said
    assert results(out, "patients")["patient"].nunique() == 480


def spawned_by(pid: int) -> list[int]:
    """The workers that a run has begun."""
    children = [
        child for task in Path(f"/proc/{pid}/task").iterdir() for child in (task / "children").read_text().split()
    ]
    return [int(child) for child in children if b"spawn_main" in Path(f"/proc/{child}/cmdline").read_bytes()]


def test_a_scheduler_that_goes_while_it_is_asked_something_is_told_as_gone():
    def gone(*_, **__):
        raise ConnectionResetError

    pieces = [SimpleNamespace(function=None, arguments=(), cases=3)]
    for asked in ({"nthreads": gone}, {"nthreads": dict, "submit": gone}):
        client = SimpleNamespace(status="running", **asked)
        with pytest.raises(CohortStopped, match="the scheduler is gone: 0 of 3 cases had come back"):
            list(_results(client, pieces))


def test_a_report_of_which_the_source_no_longer_has_the_case_is_named(tmp_path, monkeypatch):
    (tmp_path / "results" / "patients").mkdir(parents=True)
    pd.DataFrame({"case": ["here"]}).to_parquet(tmp_path / "results" / "patients" / "part-00000.parquet")
    for name in ("here", "withdrawn", "Dr_Smith"):
        report_of(name, tmp_path / "reports" / name)
    (tmp_path / "reports" / "somebodys").mkdir()
    monkeypatch.setattr(index_page, "write_page", lambda *_: None)
    monkeypatch.setattr(series_report, "write_series", lambda *_: "")
    earlier = _finish(tmp_path, Tally(), True)
    assert earlier == ["Dr_Smith", "withdrawn"]
    said = summary(Tally(earlier={Tally().fate("withdrawn", {"here"}): earlier}), tmp_path)
    assert re.search(
        "2 reports of an earlier run, of no case of this source, in .*: .name withheld, 1., withdrawn", said
    )


def test_a_run_of_results_alone_names_the_reports_that_are_older_than_its_results(tmp_path, monkeypatch):
    (tmp_path / "results" / "patients").mkdir(parents=True)
    pd.DataFrame({"case": ["here"]}).to_parquet(tmp_path / "results" / "patients" / "part-00000.parquet")
    report_of("here", tmp_path / "reports" / "here")
    monkeypatch.setattr(index_page, "write_page", lambda *_: None)
    monkeypatch.setattr(series_report, "write_series", lambda *_: "")
    assert _finish(tmp_path, Tally(), True) == []
    assert _finish(tmp_path, Tally(), False) == ["here"]
    assert Tally().fate("here", {"here"}) == "not made again, as only results were asked for"
    assert Tally(failures={"here": "no day"}).fate("here", {"here"}) == "of a case that failed this time"


@pytest.mark.slow
def test_when_the_scheduler_is_killed_the_run_says_so_and_the_next_one_goes_on(large, tmp_path):
    out = tmp_path / "out"
    with scheduler_and_workers(tmp_path) as (address, scheduler, _):
        started = cohort(large, "--out", out, "--scheduler", address, "--results-only")
        wait_for(lambda: len(done(out)) >= 2)
        os.killpg(scheduler.pid, signal.SIGKILL)
        said = started.communicate(timeout=LONG)[0]
    assert started.returncode == 1
    assert "the scheduler is gone" in said and "Traceback" not in said, said
    assert len(done(out)) >= 2
    code, said = run(large, "--out", out, "--workers", "1", "--results-only")
    assert code == 0 and "by an earlier run" in said, said
    assert results(out, "patients")["patient"].nunique() == 480


@pytest.mark.slow
def test_when_the_client_is_killed_what_is_done_is_kept(large, tmp_path):
    out = tmp_path / "out"
    started = cohort(large, "--out", out, "--workers", "1", "--results-only")
    wait_for(lambda: len(done(out)) >= 2)
    os.kill(started.pid, signal.SIGKILL)
    started.communicate(timeout=30)  # its pipe closes when the last process that it started has ended
    kept = done(out)
    code, said = run(large, "--out", out, "--workers", "1", "--results-only")
    assert code == 0, said
    assert int(re.search(r"\((\d+) of them by an earlier run", said)[1]) >= 40 * len(kept)


@pytest.mark.slow
def test_a_full_output_folder_stops_the_run_and_keeps_what_is_done(large, tmp_path):
    disk = tmp_path / "disk"
    disk.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=900k", "tmpfs", str(disk)], capture_output=True)
    if mounted.returncode:
        pytest.skip("a file system of a given size cannot be mounted here")
    try:
        code, said = run(large, "--out", disk / "out", "--workers", "1", "--results-only")
        assert code == 1
        assert "the output folder is full" in said and "Traceback" not in said, said
        assert re.search(r"(\d+) of 480 cases are done and kept", said)
        assert done(disk / "out")
        for name in done(disk / "out"):  # what has its mark can be read
            pd.read_parquet(disk / "out" / "results" / "effects" / name.replace(".json", ".parquet"))
    finally:
        subprocess.run(["umount", str(disk)], check=True)


@pytest.mark.slow
def test_reports_are_built_by_a_worker_and_none_of_its_kernels_outlives_it(tmp_path):
    source, out = tmp_path / "source", tmp_path / "out"
    source.mkdir()
    cells = [(p, d, "crp", str(5 + d), "mg/L") for p in ("007", "../x") for d in range(5)]
    rows(*cells).drop(columns="line").to_csv(source / "observations.csv", index=False)
    with scheduler_and_workers(tmp_path, workers=1) as (address, _, workers):
        started = cohort(source, "--out", out, "--scheduler", address)
        wait_for(lambda: len(alive(tmp_path)) > 1)  # the server, and a kernel that it forked
        os.killpg(workers[0].pid, signal.SIGKILL)
        wait_for(lambda: not alive(tmp_path))
        file = tmp_path / "scheduler.json"
        second = process("distributed.cli.dask_worker", "--scheduler-file", str(file), "--nthreads", "1")
        try:
            said = started.communicate(timeout=2 * LONG)[0]
        finally:
            ended(second)
    assert started.returncode == 0, said
    assert len(list(out.glob("reports/*/report.html"))) == len(list((out / "reports").iterdir())) == 2
    assert set(results(out, "patients")["patient"]) == {"007", "../x"}


def alive(folder):
    """The forked processes and their servers, of workers that were started with this folder."""
    found = set()
    for path in Path("/proc").iterdir():
        try:
            words = (path / "cmdline").read_bytes().split(b"\0") if path.name.isdigit() else []
            mine = f"{MARK}={folder}".encode() in (path / "environ").read_bytes().split(b"\0") if words else False
        except OSError:
            continue
        if mine and b"casereport.run.workers" in words:
            found.add(int(path.name))
    return found


@pytest.mark.slow
def test_only_the_run_itself_can_use_its_cluster():
    from distributed import Client
    from distributed.security import Security

    from casereport.cohort.run import _cluster

    with _cluster("", 1) as client:
        address = client.scheduler.address
        assert client.submit(os.getpid).result() != os.getpid()
        workers = list(client.scheduler_info()["workers"])
        for place in (address, *workers):
            for wrong in (place, place.replace("tls://", "tcp://")):
                for keys in (None, Security.temporary()):  # none, and those of another run
                    with pytest.raises((OSError, TypeError, RuntimeError)):
                        Client(wrong, security=keys, timeout="2s", set_as_default=False)


@pytest.mark.slow
def test_a_cluster_of_a_run_listens_to_this_machine_only_and_imports_from_no_folder_of_others():
    psutil = pytest.importorskip("psutil")
    from casereport.cohort.run import _cluster

    def folders():
        found = [Path(p) for p in sys.path if "dask" in p and "site-packages" not in p]
        return [(place.stat().st_uid, place.stat().st_mode & 0o22) for p in found for place in (p, p.parent)]

    with _cluster("", 1) as client:
        mine = psutil.Process()
        listening = [
            place.laddr.ip
            for process in (mine, *mine.children(recursive=True))
            for place in process.net_connections()
            if place.status == psutil.CONN_LISTEN
        ]
        assert listening and set(listening) == {"127.0.0.1"}
        found = [*folders(), *client.submit(folders).result()]
        assert set(found) == {(os.geteuid(), 0)}
