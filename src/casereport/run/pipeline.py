"""The run: the notebooks by papermill, side by side where they do not need each other, and only those that are stale.

This room orders the work and does none of it: whatever needs a library is done by a worker (steps.py).
"""

import datetime
import json
import os
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from casereport.files import hashes, whose
from casereport.files.paths import DRAWN, NOTEBOOKS
from casereport.run import output, stale
from casereport.run.failures import Changed
from casereport.run.stale import REPORT, STEPS
from casereport.run.workers import Workers, ready_workers

# A cell of the bundled cases takes seconds; this is for one that will never end.
TIMEOUT = 600
_STEPS = "casereport.run.notebooks"
_CRATE = "casereport.run.research_object"


def run(
    case: str,
    data_dir: str,
    out: Path,
    given: dict[str, str],
    *,
    force: bool = False,
    timeout: int = TIMEOUT,
    at_once: int = 0,
) -> Path:
    """Builds the report of `case` into the folder `out` and returns the path of report.html.

    Steps whose results are still right keep them, unless `force`; `timeout` is the seconds that a cell may take, and
    `at_once` how many notebooks run side by side (0: as many as there are cores).
    Raises BadInput before anything runs (also where `out` is another's), RunFailed if a notebook stops, and Changed;
    `out` is then as it was before.
    """
    out = out.resolve()  # a link to a folder stays one
    whose.check(out, case, data_dir)
    parts, page = stale.made_from(case, data_dir, given, NOTEBOOKS), out / "report.html"
    if not force and stale.is_current(stale.reasons(out, parts)):
        return page
    with ready_workers() as workers:
        workers.prepare(_STEPS, "prepare_checks")
        checking = workers.start(_STEPS, "check", case, data_dir, given)
        workers.prepare(_STEPS, "prepare_notebooks")
        plan = checking.result()
        with output.alone(out) as lock, output.building(out) as folder:
            whose.check(out, case, data_dir)  # the run that this one waited for may have been of another case
            began, clock = datetime.datetime.now(datetime.UTC), time.monotonic()
            why = {} if force else stale.reasons(out, parts)
            if why and stale.is_current(why):  # the run that this one waited for has made it
                return page
            try:
                most = at_once or _cores()
                files, seconds = _build(workers, plan, case, data_dir, out, folder, why, lock, timeout, most)
                workers.start(_CRATE, "write", folder, plan, parts, files, holding=lock).result()
            except BaseException as error:
                if not isinstance(error, Exception):
                    workers.close()  # before the folder is removed that they write into
                raise
            changed = stale.changes(parts, stale.made_from(case, data_dir, given, NOTEBOOKS))
            changed.pop("commit", None)  # of the same files: the next run states it
            if changed:
                raise Changed("; ".join(list(changed.values())[:3]))
            clocks = {"began": began.isoformat(timespec="seconds"), "seconds": seconds}
            clocks["seconds"]["in all"] = round(time.monotonic() - clock, 2)
            clocks |= whose.mark(whose.place(case, data_dir), out)
            _write_manifest(folder, plan, given, parts, files, clocks)
            output.put(folder, out)
            output.forget(output.failed(out))
    return page


def _build(
    workers: Workers, plan: dict[str, Any], case: str, data_dir: str, out: Path, folder: Path,
    why: dict[str, list[str]], lock: int | None, timeout: int, most: int,
) -> tuple[dict[str, list[str]], dict[str, float]]:  # fmt: skip
    """Fills `folder`; returns the files of each step, and the seconds of each that was run."""
    (folder / "notebooks").mkdir()
    (folder / DRAWN).mkdir(parents=True)
    jobs = _jobs(plan["phases"])
    kept = [name for name in jobs if why.get(name) == [] and name != REPORT]
    files = {name: _take_over(name, out, folder, plan["fingerprint"]) for name in kept}

    def start(name: str):
        step, own = jobs[name]
        parameters = {"case": case, "data_dir": data_dir, "output_dir": str(folder), **own, **plan["parameters"]}
        target = folder / "notebooks" / f"{name}.ipynb"
        arguments = (NOTEBOOKS / f"{step}.ipynb", target, parameters, plan, output.failed(out), timeout)
        return workers.start(_STEPS, "execute", *arguments, holding=lock)

    with _progress(len(jobs) - len(kept)) as tell:
        # the longest first, so that the short ones fill the gaps
        first = [name for name in reversed(jobs) if name != REPORT and name not in kept]
        seconds = _side_by_side(workers, first, most, start, tell)
        seconds |= _side_by_side(workers, [REPORT], most, start, tell)
    for name in jobs:
        mark = folder / "steps" / f"{_mark(name)}.json"
        written = json.loads(mark.read_text(encoding="utf-8"))["files"] if mark.exists() else []
        files.setdefault(name, [*written, *(f"notebooks/{name}.{kind}" for kind in ("html", "ipynb"))])
    files[REPORT] += ["report.html", "ro-crate-metadata.json"]
    shutil.rmtree(folder / "steps")
    return {name: files[name] for name in jobs}, seconds


def _jobs(phases: list[str]) -> dict[str, tuple[str, dict[str, str]]]:
    """By the name of the run: its notebook, and parameters of its own; 02-phase once for each phase."""
    jobs: dict[str, tuple[str, dict[str, str]]] = {}
    for step in STEPS:
        if step == "02-phase":
            jobs |= {f"{step}-{phase}": (step, {"phase": phase}) for phase in phases}
        else:
            jobs[step] = (step, {})
    return jobs


def _mark(name: str) -> str:
    return name.partition("-")[2]


def _take_over(name: str, out: Path, folder: Path, fingerprint: str) -> list[str]:
    """Copies what a step made in an earlier run, and says to the report's notebook that it is there."""
    files = (whose.manifest(out) or {})["steps"][name]
    for file in files:
        (folder / file).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(out / file, folder / file)
    mark = folder / "steps" / f"{_mark(name)}.json"
    mark.parent.mkdir(exist_ok=True)
    mark.write_text(json.dumps({"fingerprint": fingerprint, "files": files}), encoding="utf-8")
    return files


def _side_by_side(
    workers: Workers, names: list[str], most: int, start: Callable, tell: Callable[[str], None]
) -> dict[str, float]:
    """Runs the jobs, at most so many at a time; returns the seconds of each.

    After a failure no other is begun; of several failures the one of the first notebook is raised.
    """
    waiting, running, seconds, failures = list(names), {}, {}, {}
    while waiting or running:
        while waiting and len(running) < most:
            name, began = waiting.pop(0), time.monotonic()
            running[start(name)] = name, began
        for call in workers.finished(list(running)):
            name, began = running.pop(call)
            try:
                call.result()
            except Exception as error:
                failures[name] = error
                waiting.clear()
            seconds[name] = round(time.monotonic() - began, 2)
            tell(name)
    if failures:
        raise failures[min(failures)]
    return seconds


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


@contextmanager
def _progress(total: int) -> Iterator[Callable[[str], None]]:
    """A bar that names the notebook that ended last and the time so far; silent without a terminal."""
    from tqdm import tqdm

    form = "{desc:<24} {n_fmt}/{total_fmt} |{bar:24}| {elapsed}"
    with tqdm(total=total, disable=None, bar_format=form, leave=True) as bar:

        def tell(name: str) -> None:
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
    text = json.dumps(content, indent=2, sort_keys=True, ensure_ascii=False) + "\n"
    (folder / "manifest.json").write_text(text, encoding="utf-8")
