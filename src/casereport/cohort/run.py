"""The run of a cohort: its pieces of work to a Dask scheduler, a few at a time, and what comes back.

Dask runs the pieces of a worker that dies again, on another worker. Everything that is done is in the output folder at
once, so that whatever ends a run (a scheduler that is killed, a full disk, Ctrl-C), the next one goes on from there.
"""

import logging
import os
import queue
import re
import shutil
import signal
import time
import warnings
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import pandas as pd

from casereport.analysis.result_files import csv_text
from casereport.cohort import dataset
from casereport.cohort import tasks as work
from casereport.cohort.cohort_tables import open_source, tidy, work_folder
from casereport.cohort.patients import case_name
from casereport.cohort.persons import Asked, open_persons
from casereport.cohort.pieces import Piece, Tally, pieces_of
from casereport.cohort.tasks import Done, failed
from casereport.errors import BadInput, Problem
from casereport.files import streams, whose
from casereport.files.paths import relative
from casereport.files.whole import save_json, write_whole
from casereport.privacy.identifiers import find_in_name, masked
from casereport.quantities.wording import counted
from casereport.run import output
from casereport.run.workers import FORKS, ends_with, ready_workers

if TYPE_CHECKING:
    from distributed import Client

_NOTHING = Asked()
_MARK, _MADE_BY = "cohort.json", "casereport cohort"
_OWN = ("work", "results", "reports", "figures")  # the folders in that of a cohort
_PART = re.compile(r"part-\d{5}")
# The work is done by processes of the workers' own, which take all cores: what Dask samples of itself up to 100 times
# a second tells nothing here, and took 7 % of a core for a worker and the scheduler.
_SELDOM = {
    "distributed.worker.profile.enabled": False,
    "distributed.admin.tick.interval": "1s",
    "distributed.admin.system-monitor.interval": "5s",
    "distributed.worker.memory.monitor-interval": "1s",
    # a worker that is stopped says nothing more: its work then goes to another, and the run ends
    "distributed.scheduler.worker-ttl": "60s",
}


class CohortStopped(Exception):
    """The run cannot go on; the message says why, what is done, and what to do."""


def run_cohort(
    source: str, out: Path, scheduler: str = "", workers: int = 0, results_only: bool = False, asked: Asked = _NOTHING
) -> Tally:  # fmt: skip
    """Runs a cohort into the folder `out`; the tally has the cases that failed, which `out`/failures.csv lists too.

    `scheduler` is the address of a running Dask scheduler; without one a local cluster of `workers` processes does the
    work (0: one for each core). `asked` says day 0 and the days to take of a source of OMOP or SDTM. Raises BadInput
    before anything runs, and CohortStopped where the run cannot go on.
    """
    _require_packages()
    named = _check_folder(out, Path(source).resolve())
    try:
        tally = _run(source, out, scheduler, workers, results_only, named, asked)
    except CohortStopped:
        raise  # the next run goes on with what is there
    except BaseException:
        tidy(out)
        raise
    tidy(out)
    return tally


def _run(
    source: str, out: Path, scheduler: str, workers: int, results_only: bool, named: bool, asked: Asked
) -> Tally:  # fmt: skip
    opened = open_persons(source, out, asked) or open_source(source, out)
    tally = Tally()
    with _cluster(scheduler, workers) as client:
        pieces, gathered, cases = pieces_of(opened, out, results_only, tally)
        if not cases and not tally.failures:
            raise BadInput([Problem("source", 0, "SOURCE", source, "at least one case")])
        if not named:  # only now, so that a source that is mistyped takes no folder
            save_json(out / _MARK, {"made by": _MADE_BY, "source": whose.owner(Path(source).resolve(), out)})
        _work(client, pieces, cases, tally)
        _forget(out, {f"part-{piece.arguments[-2]:05d}" for piece in pieces} if results_only else set())
        if not results_only:
            for result in _results(client, gathered({*tally.failures, *tally.unmeasured, *tally.outside})):
                tally.failures |= dict(result.failures)
    try:
        with ready_workers() as own:  # in a process that takes no settings of matplotlib from the current folder
            earlier = own.start(__name__, "_finish", out, tally, not results_only).result()
    except OSError as error:
        if not work.no_room(error):
            raise
        raise CohortStopped(_full(tally, cases)) from None
    if earlier:
        names = {case_name(patient) for piece in pieces for patient in piece.patients}
        for name in earlier:
            tally.earlier.setdefault(tally.fate(name, names), []).append(name)
    return tally


def _finish(out: Path, tally: Tally, reports: bool) -> list[str]:
    """What is made of all cases together, once all have come back: failures.csv, the series report, the page.

    Returns the names of reports in the folder that this run has not made or found right: of no case of it, since that
    failed or somebody has withdrawn, or older than its results, where it was not to make `reports`.
    """
    from casereport.cohort.index_page import write_page
    from casereport.cohort.series_report import write_series

    failures = published(tally.failures)
    write_failures(out, failures)
    _write_left_out(out, tally.left_out)
    for left in (out / "reports").glob(".*.building"):  # by a worker that was killed
        if output.is_ours(left):
            shutil.rmtree(left, ignore_errors=True)
    there = any((out / "results" / "patients").glob("*.parquet"))
    if there and (stopped := write_series(out)):
        streams.tell(f"casereport: the series report was not made; {stopped}")
    write_page(out, failures, list(published(dict.fromkeys(tally.unmeasured, ""))), reports)
    cases = set(pd.read_parquet(out / "results" / "patients", columns=["case"])["case"]) if there else set()
    names = {p.name for p in (out / "reports").glob("*") if whose.manifest(p) is not None}
    return sorted(names - cases if reports else names)


def _full(tally: Tally, cases: int) -> str:
    return (
        f"the output folder is full: {tally.done} of {cases} cases are done and kept. Make room, then run the same "
        "command again: it goes on from there"
    )


def _forget(out: Path, parts: set[str]) -> None:
    """Removes results of partitions that this run does not have: an earlier one may have had more."""
    for path in (p for name in dataset.TABLES for p in (out / "results" / name).glob("part-*.parquet")):
        if _PART.fullmatch(path.stem) and path.stem not in parts:
            path.unlink()


def _require_packages() -> None:
    try:
        import cryptography  # noqa: F401
        import distributed  # noqa: F401
        import pyarrow  # noqa: F401
    except ImportError as error:
        expected = (
            f"{error.name} is not installed; `make cohort` installs it, or .venv/bin/uv pip install --group cohort"
        )
        raise BadInput([Problem("cohort", 0, "", "", expected)]) from None


def _check_folder(out: Path, source: Path) -> bool:
    """Makes `out` with its mark; returns whether that names the source already.

    Raises BadInput where `out` is no folder of a cohort, or that of another source, whose patients may have the same
    ids, and where a link in it would have results written elsewhere.
    """
    content = whose.read_json(out / _MARK)
    ours = isinstance(content, dict) and content.get("made by") == _MADE_BY
    if out.exists() and not ours and (not out.is_dir() or any(out.iterdir())):
        expected = "a new or empty folder, or that of an earlier run; this one holds other files"
        raise BadInput([Problem("parameter", 0, "--out", str(out), expected)])
    if ours and "source" in content and not whose.is_owner(content["source"], source, out):
        expected = (
            f"another folder for {relative(source)}: this one is of a different cohort, and is left unchanged; choose "
            "--out DIR, or remove it if it is the same cohort and was moved"
        )
        raise BadInput([Problem("parameter", 0, "--out", str(out), expected)])
    own = [*(out / name for name in _OWN), *(out / "results" / name for name in dataset.TABLES)]
    if links := [p for p in own if p.is_symlink()]:
        expected = "a file or folder, not a link, whose target would be overwritten"
        raise BadInput(Problem("parameter", 0, "--out", str(p), expected) for p in links)
    if not ours:
        out.mkdir(parents=True, exist_ok=True)
        save_json(out / _MARK, {"made by": _MADE_BY})
    work_folder(out)
    return ours and "source" in content


@contextmanager
def _cluster(scheduler: str, workers: int) -> "Iterator[Client]":
    """A client of the scheduler at that address, or of a cluster on this machine that ends with the run.

    The cluster of a run takes work from that run alone: each connection needs keys that are made for it and are in the
    memory of its processes only. Who connects to a scheduler by address uses the keys that Dask's configuration names.
    """
    import dask
    from distributed import Client, LocalCluster, WorkerPlugin
    from distributed.security import Security

    # what a worker says when it is killed or restarted is for its own log; the run says what became of its cases
    for name in ("distributed", "distributed.nanny", "distributed.scheduler", "distributed.client", "tornado"):
        logging.getLogger(name).setLevel(logging.CRITICAL)
    warnings.filterwarnings("ignore", message="Port .* is already in use")  # the address that is used is printed
    if scheduler:
        try:
            client = Client(scheduler, timeout="20s", set_as_default=False)
        except (OSError, ValueError, TimeoutError):
            expected = "the address of a running Dask scheduler, such as tls://10.0.0.5:8786; none answers there"
            raise BadInput([Problem("parameter", 0, "--scheduler", scheduler, expected)]) from None
        with client:
            yield client
        return
    dask.config.refresh(paths=[], env={})  # a run's own cluster is set by the run alone

    # of workers that are ended with the run, and no news for a user
    os.environ["PYTHONWARNINGS"] = "ignore:resource_tracker"

    class EndsWithRun(WorkerPlugin):
        """Left to itself a worker of a run that was killed looks for its scheduler for minutes."""

        def setup(self, worker: object) -> None:
            ends_with(os.getppid())
            signal.signal(signal.SIGINT, signal.SIG_IGN)  # the run is told, and ends it; else it prints where it was

    with (
        # Dask imports from its scratch folder: its own choice is one in /tmp that anybody could have made before
        TemporaryDirectory(prefix="casereport-", ignore_cleanup_errors=True) as scratch,
        dask.config.set(
            {"distributed.comm.timeouts.connect": "60s", "temporary-directory": scratch, **_SELDOM},
        ),
        LocalCluster(
            n_workers=workers or None, threads_per_worker=1, dashboard_address="127.0.0.1:8787",
            silence_logs=logging.CRITICAL, security=Security.temporary(),
        ) as cluster,
        Client(cluster, set_as_default=False) as client,
    ):  # fmt: skip
        if FORKS:
            client.register_plugin(EndsWithRun())
        yield client


def _work(client: "Client", pieces: list[Piece], cases: int, tally: Tally) -> None:
    """Does the pieces under a bar with the rate, the failures and the time left."""
    from tqdm import tqdm

    assert client.scheduler is not None  # it is connected
    where = client.dashboard_link if _has_dashboard() else "no dashboard: it needs bokeh"
    streams.tell(f"scheduler {client.scheduler.address}, dashboard {where}")
    form = "{n_fmt}/{total_fmt} cases |{bar:24}| {rate_fmt}, {elapsed} so far, {remaining} left{postfix}"
    with tqdm(total=cases, disable=None, bar_format=form, unit="case", smoothing=0.05) as bar:
        for result in _results(client, pieces):
            tally.add(result)
            bar.set_postfix_str(f"{len(tally.failures)} failed", refresh=False)
            bar.update(result.cases + len(result.outside))
            if result.full:
                raise CohortStopped(_full(tally, cases))


def _has_dashboard() -> bool:
    from importlib.util import find_spec

    return find_spec("bokeh") is not None


def _results(client: "Client", pieces: list[Piece]) -> Iterator[Done]:
    """The result of each piece as it comes, with so many at the scheduler that no worker waits."""
    waiting = iter(pieces)
    ended: queue.Queue = queue.Queue()
    running: dict[Any, tuple[Any, Piece]] = {}
    finished, heard = 0, time.monotonic()
    try:
        while True:
            room = 2 * max(1, sum(client.nthreads().values())) + 2 - len(running) if _alive(client) else 0
            for piece in (p for _, p in zip(range(room), waiting, strict=False)):
                # a name of its own for each run: Dask would else take a piece for one whose result it remembers
                future = client.submit(piece.function, *piece.arguments, pure=False)
                running[future.key] = (future, piece)
                future.add_done_callback(ended.put)
            if not running:
                return
            try:
                future = ended.get(timeout=1)
            except queue.Empty:
                if not _alive(client) and time.monotonic() - heard > 5:
                    raise CohortStopped(_lost(finished, pieces)) from None
                continue
            heard = time.monotonic()
            if future.status in ("cancelled", "lost"):
                raise CohortStopped(_lost(finished, pieces))
            _, piece = running.pop(future.key)
            result = future.result() if future.status == "finished" else failed(piece.patients, _reason(future))
            finished += piece.cases
            yield result
    except OSError:  # of the connection: the scheduler went while it was asked something
        raise CohortStopped(_lost(finished, pieces)) from None
    finally:
        for future, _ in running.values():
            future.release()


def _alive(client: "Client") -> bool:
    return client.status == "running"


def _lost(finished: int, pieces: list[Piece]) -> str:
    total = sum(piece.cases for piece in pieces)
    return (
        f"the scheduler is gone: {finished} of {total} cases had come back, and what is done is kept. Start a "
        "scheduler and run the same command again: it goes on from there"
    )


def _reason(future: Any) -> str:
    error = future.exception()
    if type(error).__name__ == "KilledWorker":
        return "each worker that began this case died, four in all: does it need more memory than a worker has?"
    return f"{type(error).__name__}: {error}"


def published(failures: dict[str, str]) -> dict[str, str]:
    """The failures as they may leave: a patient or case whose own name may tell who it is goes by a number."""
    found, withheld = {}, 0
    for patient, error in sorted(failures.items()):
        withheld += (hidden := bool(find_in_name(patient)))
        found[f"(name withheld, {withheld})" if hidden else patient] = masked(error)
    return found


def write_failures(out: Path, failures: dict[str, str]) -> None:
    """Writes `out`/failures.csv, a row a case that failed; removes an earlier one where none did."""

    path = out / "failures.csv"
    if not failures:
        path.unlink(missing_ok=True)
        return
    rows = [(p, case_name(p), error) for p, error in sorted(failures.items())]
    write_whole(path, csv_text(pd.DataFrame(rows, columns=["patient", "case", "error"])))


def _write_left_out(out: Path, left_out: Counter[tuple[str, str]]) -> None:
    """Writes `out`/left_out.csv, what no case of a warehouse or trial has, by its reason; none where nothing was."""
    path = out / "left_out.csv"
    path.unlink(missing_ok=True)
    if left_out:
        rows = [(*what, n) for what, n in sorted(left_out.items(), key=lambda item: (-item[1], item[0]))]
        write_whole(path, csv_text(pd.DataFrame(rows, columns=["printed", "reason", "values"])))


def summary(tally: Tally, out: Path) -> str:
    """What the run came to, in a sentence or two."""
    earlier = f" ({tally.kept} of them by an earlier run)" if tally.kept else ""
    lines = [f"{relative(out / 'index.html')}: {counted(tally.done, 'case')}{earlier}"]
    if tally.unmeasured:
        lines.append(f"{counted(len(tally.unmeasured), 'patient')} without a measurement: no report")
    if tally.outside:
        lines.append(f"{counted(len(tally.outside), 'person')} without the treatment of day 0: not of the cohort")
    if tally.left_out:
        left = f"{counted(tally.left_out.total(), 'value')} left out"
        lines.append(f"{left}, with the reasons: {relative(out / 'left_out.csv')}")
    for fate, names in tally.earlier.items():
        shown = list(published(dict.fromkeys(names, "")))
        named = ", ".join(shown[:5]) + (", ..." if len(shown) > 5 else "")
        what = counted(len(names), "report")
        lines.append(f"{what} of an earlier run, {fate}, in {relative(out / 'reports')}: {named}")
    if tally.failures:
        lines.append(f"{len(tally.failures)} failed: {relative(out / 'failures.csv')}")
    return "\n".join(lines)
