"""The run: the notebooks by papermill, side by side where they do not need each other, and only those that are stale.

This room orders the work and does none of it: whatever needs a library is done by a worker (steps.py).
"""

import datetime
import os
import shutil
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, wait
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple, cast

from casereport.files import at_work, hashes, whose
from casereport.files.paths import NOTEBOOKS
from casereport.files.whole import save_json
from casereport.report.records import changed_since, read_record
from casereport.run import output, stale
from casereport.run.failures import Changed, RunFailed
from casereport.run.stale import PHASE, REPORT
from casereport.run.watchdog import EVERY, GRACE, Stuck, Watchdog, answer
from casereport.run.workers import Workers, ready_workers

# A cell of the bundled cases takes seconds; this is for one that will never end.
TIMEOUT = 600
_STEPS = "casereport.run.notebooks"
_CRATE = "casereport.run.research_object"


def run(
    case: str,
    out: Path,
    given: dict[str, str],
    *,
    own: Sequence[Path] = (),
    force: bool = False,
    timeout: int = TIMEOUT,
    at_once: int = 0,
) -> Path:
    """Builds the report of `case` into the folder `out` and returns the path of report.html.

    `own` are notebooks of the report's author, which run after 03-evidence, in the order of their names. Steps whose
    results are still right keep them, unless `force`; `timeout` is the seconds that a cell may take, and `at_once` how
    many notebooks run side by side (0: as many as there are cores). Raises BadInput before anything runs (also where
    `out` is another's), RunFailed if a notebook stops, and Changed; `out` is then as it was before.
    """
    out = out.resolve()  # a link to a folder stays one
    own = sorted(own, key=lambda path: path.stem)  # equal bytes in whatever order they are named
    whose.check(out, case)
    parts, page = stale.report_made_from(case, given, own, NOTEBOOKS), out / "report.html"
    if not force and stale.is_current(stale.reasons(out, parts)):
        return page
    output.check_place(out)
    output.check_limits()
    with ready_workers() as workers:
        workers.prepare(_STEPS, "prepare_checks")
        checking = workers.start(_STEPS, "check", case, given, own)
        workers.prepare(_STEPS, "prepare_kernels")
        plan = cast("dict[str, Any]", _answered(workers, checking, "the check of the case", timeout))
        with output.alone(out) as lock, output.building(out) as folder:
            whose.check(out, case)  # the run that this one waited for may have been of another case
            began, clock = datetime.datetime.now(datetime.UTC), time.monotonic()
            why = {} if force else stale.reasons(out, parts)
            if why and stale.is_current(why):  # the run that this one waited for has made it
                return page
            try:
                job = _Build(case, out, folder, plan, own, lock, timeout)
                files, seconds = _build(workers, job, why, at_once or _cores())
                written = workers.start(_CRATE, "write", folder, plan, parts, files, holding=lock)
                _answered(workers, written, "the description of the report", timeout)
            except BaseException as error:
                if not isinstance(error, Exception):
                    workers.close()  # before the folder is removed that they write into
                raise
            changed = stale.changes(parts, stale.report_made_from(case, given, own, NOTEBOOKS))
            changed.pop("commit", None)  # of the same files: the next run states it
            if changed:
                raise Changed("; ".join(list(changed.values())[:3]))
            seconds["in all"] = round(time.monotonic() - clock, 2)
            clocks: dict[str, object] = {"began": began.isoformat(timespec="seconds"), "seconds": seconds}
            clocks |= whose.mark(whose.place(case), out)
            _write_manifest(folder, plan, given, parts, files, clocks)
            output.put(folder, out)
            output.forget(output.failed(out))
    return page


class _Job(NamedTuple):
    """One notebook of a run: its source, the parameters that are its own, what has to run before it, and what it may
    run beside once that has begun: it waits for each table that it reads, and the report for its end.
    """

    source: Path
    parameters: dict[str, str]
    after: list[str]
    beside: tuple[str, ...] = ()


class _Build(NamedTuple):
    """What all notebooks of a run have in common."""

    case: str
    out: Path
    folder: Path
    plan: dict[str, Any]
    own: Sequence[Path]
    lock: int | None
    timeout: int


def _jobs(phases: list[str], own: Sequence[Path]) -> dict[str, _Job]:
    """The notebooks of a run by the name of what each makes; 02-phase once for each phase.

    Each waits for those whose tables it reads: what does not need the other runs side by side. Those of the author run
    last, one after the other.
    """
    source = {step: NOTEBOOKS / f"{step}.ipynb" for step in stale.STEPS}
    jobs = {stale.INGEST: _Job(source[stale.INGEST], {}, [])}
    jobs |= {f"{PHASE}-{phase}": _Job(source[PHASE], {"phase": phase}, [stale.INGEST]) for phase in phases}
    jobs[stale.EVIDENCE] = _Job(source[stale.EVIDENCE], {}, [stale.INGEST])
    jobs[stale.FIGURES] = _Job(source[stale.FIGURES], {}, [stale.INGEST], (stale.EVIDENCE,))
    for path in own:
        jobs[path.stem] = _Job(path, {}, [n for n in jobs if n != stale.FIGURES])
    return jobs | {REPORT: _Job(source[REPORT], {}, [n for n in jobs if n != stale.FIGURES], (stale.FIGURES,))}


def _build(
    workers: Workers, build: _Build, why: dict[str, list[str]], most: int
) -> tuple[dict[str, list[str]], dict[str, float]]:
    """Fills the folder of the build; returns the files of each step, and the seconds of each that was run."""
    folder, plan = build.folder, build.plan
    (folder / "notebooks").mkdir()
    for path in build.own:
        (folder / stale.OWN).mkdir(exist_ok=True)
        shutil.copyfile(path, folder / stale.OWN / path.name)
    jobs = _jobs(plan["phases"], build.own)
    kept = [name for name in jobs if why.get(name) == [] and name != REPORT]
    files = {name: _take_over(name, build.out, folder) for name in kept}

    def start(name: str) -> Future:
        job = jobs[name]
        told = {"case": build.case, "output_dir": str(folder), **job.parameters, **plan["parameters"]}
        parameters = {key: value for key, value in told.items() if key in stale.declared(job.source)}
        target = folder / "notebooks" / f"{name}.ipynb"
        ended = at_work.begin(folder, name)
        call = workers.start(_STEPS, "execute", job.source, target, parameters, plan, build.timeout, holding=build.lock)
        call.add_done_callback(ended)
        if name == stale.INGEST:
            workers.prepare(_STEPS, "prepare_notebooks")  # beside it: it waits for no library that it does not use
        return call

    if stale.INGEST in kept:
        workers.prepare(_STEPS, "prepare_notebooks")
    seconds: dict[str, float] = {}
    with _progress(len(jobs) - len(kept)) as tell:
        watchdog = Watchdog(folder / "notebooks", build.timeout)
        # where results were kept the report waits for a look whether what they were made from is as it was
        now = [name for name in jobs if name not in kept and not (kept and name == REPORT)]
        try:
            while now or REPORT not in seconds:
                waiting = {name: jobs[name] for name in now or [REPORT]}
                seconds |= _in_order(waiting, set(jobs) - {*waiting, REPORT}, most, start, tell, watchdog.look)
                now = [name for name in kept if name not in seconds and _has_read_other(name, folder)]
        except Stuck:
            workers.close()  # it would wait for ever for one that is stopped, and nothing else ends that
            raise
        except RunFailed as stopped:
            # by this process alone: two that fail side by side would each take the other's folder for somebody's
            copy = stopped.kept and output.keep(stopped.kept, output.failed(build.out))
            raise RunFailed(stopped.where, stopped.what, copy, stopped.stack) from None
    _check_records(folder, jobs)
    files = {name: own for name, own in files.items() if name not in seconds}
    for name in jobs:
        files.setdefault(name, [*_kept_by(name, folder), *(f"notebooks/{name}.{kind}" for kind in ("html", "ipynb"))])
    for path in build.own:
        files[path.stem] = sorted({*files[path.stem], f"{stale.OWN}/{path.name}"})
    files[REPORT] += ["report.html", "citation.json", "ro-crate-metadata.json"]
    return {name: files[name] for name in jobs}, seconds


def _check_records(folder: Path, jobs: dict[str, _Job]) -> None:
    """Raises RunFailed where things were kept in the name of a notebook that is not of this run."""
    for record in sorted((folder / "kept").glob("*.json")):
        if record.stem not in jobs:
            what = f"things are kept in the name of {record.stem!r}, and no notebook of the run has this name"
            raise RunFailed(f"cr.open_results({record.stem!r}, ...)", f"{what}: give it that of its file", None, "")


def _has_read_other(name: str, folder: Path) -> bool:
    """True where a step whose results were kept has read what another has changed in this run."""
    record = folder / "kept" / f"{name}.json"
    return record.is_file() and changed_since(folder, read_record(record)) != ""


def _kept_by(name: str, folder: Path) -> list[str]:
    """The files that a notebook has kept, by its own record."""
    record = folder / "kept" / f"{name}.json"
    if not record.is_file():
        return []
    return [f"kept/{name}.json", *read_record(record).files]


def _take_over(name: str, out: Path, folder: Path) -> list[str]:
    """Copies what a step made in an earlier run."""
    files = (whose.manifest(out) or {})["steps"][name]
    for file in files:
        (folder / file).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(out / file, folder / file)
    return files


def _in_order(
    waiting: dict[str, _Job], ended: set[str], most: int, start: Callable[[str], Future], tell: Callable[[str], None],
    look: Callable[[list[str]], None],
) -> dict[str, float]:  # fmt: skip
    """Runs the jobs, each when those it waits for have ended, at most so many at a time; the seconds of each.

    `ended` are those that need not run. One that lacks a table begins once more when those have ended that may keep it.
    After a failure no other is begun; of several failures the one of the first notebook is raised. `look` is called now
    and then with the names of those that run.
    """
    jobs = dict(waiting)
    running: dict[Future, tuple[str, float]] = {}
    seconds: dict[str, float] = {}
    failures: dict[str, Exception] = {}
    lacked: dict[str, tuple[Exception, int]] = {}  # with how many had ended then
    while waiting or running:
        while len(running) < most and (name := _next(waiting, ended, {name for name, _ in running.values()})):
            del waiting[name]
            running[start(name)] = name, time.monotonic()
        if not running:  # those that are left lack what the others of them would keep
            raise lacked[min(waiting.keys() & lacked.keys())][0]
        look([name for name, _ in running.values()])
        for call in wait(running, timeout=EVERY, return_when=FIRST_COMPLETED).done:
            name, began = running.pop(call)
            try:
                call.result()
            except Exception as error:
                others = {*waiting, *(other for other, _ in running.values())} - {REPORT}
                # once more for the same lack only if another has ended since
                if _lacks_a_table(error) and others and lacked.get(name, (error, -1))[1] < len(ended):
                    lacked[name] = error, len(ended)
                    for other in others & waiting.keys():  # which may have waited for it
                        waiting[other] = waiting[other]._replace(after=[n for n in waiting[other].after if n != name])
                    waiting[name] = jobs[name]._replace(after=sorted(others), beside=())
                    continue
                failures |= {n: lacked[n][0] for n in waiting if n in lacked} | {name: error}
                waiting.clear()
            seconds[name] = round(time.monotonic() - began, 2)
            ended.add(name)
            tell(name)
    if failures:
        raise failures[min(failures)]
    return seconds


def _lacks_a_table(error: Exception) -> bool:
    return isinstance(error, RunFailed) and error.what.startswith("NotThere: ")


def _next(waiting: dict[str, _Job], ended: set[str], running: set[str]) -> str:
    """The job to begin now, if any: what others wait for first, then what runs longest, which is what runs beside."""
    begun = ended | running
    ready = [n for n, job in waiting.items() if ended.issuperset(job.after) and begun.issuperset(job.beside)]
    needed = [name for job in waiting.values() for name in (*job.after, *job.beside)]
    return max(ready, key=lambda name: (needed.count(name), len(waiting[name].beside)), default="")


def _answered(workers: Workers, call: Future, what: str, timeout: int) -> Any:
    try:
        return answer(call, what, timeout + GRACE)
    except Stuck:
        workers.close()
        raise


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


@contextmanager
def _progress(total: int) -> Iterator[Callable[[str], None]]:
    """A bar that names the notebook that ended last and the time so far; silent without a terminal."""
    from tqdm import tqdm

    form = "{desc:<24} {n_fmt}/{total_fmt} |{bar:24}| {elapsed}"
    with tqdm(total=total, disable=None, bar_format=form, leave=True) as bar:

        def tell(name: str) -> None:
            bar.total = max(bar.total, bar.n + 1)  # one more may turn out to be needed
            bar.set_description_str(name)
            bar.update()

        yield tell


def _write_manifest(
    folder: Path, plan: dict[str, Any], given: dict[str, str], parts: hashes.Parts, files: dict[str, list[str]],
    clocks: dict[str, object],
) -> None:  # fmt: skip
    """Writes manifest.json: how the report was made, and the hash of every output. Only `clocks` differs each time,
    and so it also holds whose the report is.
    """
    content = plan["made"] | {
        "format": whose.FORMAT,
        "given": given,
        "made_from": parts,
        "steps": files,
        "outputs": hashes.hashes(folder),
        "clocks": clocks,
    }
    save_json(folder / whose.NAME, content)
