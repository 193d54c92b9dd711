"""What a case costs in a cohort: figures by measurement, each as a ratio of two things done side by side.

Each measurement is repeated, the two sides taking turns, so that whatever else the machine does weighs on both.
"""

import argparse
import json
import os
import platform
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import yaml
from peers import cells_of

import casereport as cr
from casereport.cohort import results_of_cases as results
from casereport.cohort import simulated
from casereport.cohort import tasks as work
from casereport.cohort.case_folders import case_files, write_case
from casereport.cohort.cohort_tables import open_source
from casereport.cohort.patients import Part, case_name, checked
from casereport.cohort.run import run_cohort
from casereport.files.paths import ROOT

RESULTS = ROOT / "benchmarks" / "cohort.md"
Row = tuple[str, float, float, float, str]


def _part(patients: int) -> Part:
    measured, given = next(simulated.tables(patients))
    return checked(measured.assign(line=1), given.assign(line=1), "part")


def _seconds(function: Callable[[], object]) -> float:
    """Processor time of this process: other programs on the machine do not count."""
    begin = time.process_time()
    function()
    return time.process_time() - begin


def _ratios(
    numerator: Callable[[], float], denominator: Callable[[], float], rounds: int
) -> tuple[float, float, float]:
    return _spread([numerator() / denominator() for _ in range(rounds)])


def _spread(found: list[float]) -> tuple[float, float, float]:
    return statistics.median(found), min(found), max(found)


def _one_by_one(part: Part, patients: int) -> float:
    """The same tables by pandas' groupby-apply and the functions for one case: seconds a patient."""
    chosen = part.rows["patient"].unique()[:patients]
    with tempfile.TemporaryDirectory() as folder:  # reading the cases is not part of what is timed
        for patient in chosen:
            write_case(case_files(part, patient, "a simulated cohort", "Day 0"), patient, Path(folder))
        cases = {patient: cr.read_case(Path(folder) / "cases" / patient) for patient in chosen}

    def analyse(rows: pd.DataFrame) -> int:
        case = cases[rows.name]
        phases = cr.phases(case)
        observations = cr.observations(case, phases)
        tables = [cr.effect_table(observations, list(phases["phase"])), cr.changes(observations, phases)]
        return sum(map(len, [*tables, cr.check_consistency(case)]))

    rows = part.rows[part.rows["patient"].isin(chosen)]
    return _seconds(lambda: rows.groupby("patient").apply(analyse)) / len(chosen)


def vectorised(rounds: int = 3, few: int = 10_000, many: int = 100_000) -> list[Row]:
    """--results-only: the cost of a patient at `many` against `few`, and against groupby-apply on a sample."""
    with tempfile.TemporaryDirectory() as folder:
        tables = {}
        for patients in (few, many):
            source = simulated.write_cohort(patients, Path(folder) / str(patients))
            tables[patients] = open_source(str(source), Path(folder) / "out")

        def cost(patients: int) -> float:
            table, out = tables[patients], Path(tempfile.mkdtemp(dir=folder))
            pieces = range(len(table.parts))
            return _seconds(lambda: [work.results_of_part(table.only(i, []), i, out) for i in pieces]) / patients

        rates: list[float] = []

        def noted() -> float:
            rates.append(cost(many))
            return rates[-1]

        grown = _ratios(noted, lambda: cost(few), rounds)
    part = _part(simulated._PART)
    own = part.rows["patient"].nunique()
    beside = _ratios(lambda: _seconds(lambda: results.of_part(part, {})) / own, lambda: _one_by_one(part, 10), rounds)
    rate = 1 / statistics.median(rates)
    return [
        (f"results only, a patient at {many} against {few} ({rate:.0f} patients a second on a core)", *grown, "<= 1.1"),
        ("results only, a patient against pandas groupby-apply", *beside, "<= 0.1"),
    ]


def marginal(rounds: int = 3, cases: int = 6) -> list[Row]:
    """Reports: the seconds of a case on one worker, once it is warm, against those of a plain script.

    The script has the cells of the notebooks and makes neither notebooks nor pages. It is measured in both ways in
    which a script comes to a further case: run again, as in bench.py, and with a loop that imports its libraries once.
    """
    with tempfile.TemporaryDirectory() as folder:
        source = simulated.write_cohort(cases + 1, Path(folder) / "source")
        table = open_source(str(source), Path(folder) / "out").only(0, [])
        part = work.part_of(table)
        patients = sorted(part.rows["patient"].unique())
        data = Path(folder) / "data"
        paths = [write_case(case_files(part, p, table.about, table.day_zero), case_name(p), data) for p in patients]
        scripts = {name: Path(folder) / f"{name}.py" for name in ("once", "looping")}
        for name, some in (("once", paths[1:2]), ("looping", paths)):
            scripts[name].write_text(_script(some, Path(folder) / name), encoding="utf-8")

        def of_worker() -> float:
            out = Path(tempfile.mkdtemp(dir=folder))
            work.report_of_patient(table, patients[0], out)
            begin = time.monotonic()
            for patient in patients[1:]:
                work.report_of_patient(table, patient, out)
            return (time.monotonic() - begin) / cases

        def run(name: str) -> tuple[float, list[float]]:
            begin, words = time.monotonic(), [sys.executable, str(scripts[name])]
            done = subprocess.run(words, capture_output=True, text=True, check=True, cwd=ROOT)
            return time.monotonic() - begin, json.loads(done.stdout.splitlines()[-1])

        again, looped = [], []
        for _ in range(rounds):
            ours = of_worker()
            again.append(ours / run("once")[0])
            looped.append(ours / statistics.mean(run("looping")[1][1:]))
    return [
        ("reports, a case on one warm worker against a plain script run for it", *_spread(again), "<= 1.3"),
        ("reports, the same against a plain script that loops in one process", *_spread(looped), "<= 1.3"),
    ]


def _script(cases: list[Path], out: Path) -> str:
    """A script that runs the cells of the notebooks for each case and prints the seconds of each."""
    lines = ["import json, time, matplotlib", "matplotlib.use('agg')", "from IPython.display import display"]
    lines.append("seconds = []")
    for case in cases:
        phases = [p["id"] for p in yaml.safe_load((case / "case.yaml").read_text(encoding="utf-8"))["phases"]]
        given = {"case": str(case), "output_dir": str(out / case.name)}
        lines += ["began = time.monotonic()", *cells_of(phases, given)]
        lines.append("seconds.append(time.monotonic() - began)")
    return "\n".join([*lines, "print(json.dumps(seconds))"])


def throughput(rounds: int = 3, patients: int = 16) -> list[Row]:
    """Reports: the throughput of two local workers against one, by the clock, from the time when each has made one.

    The start and the end of a run are the same for any number of patients; whole runs of these few are told beside it.
    """
    with tempfile.TemporaryDirectory() as folder:
        source = simulated.write_cohort(patients, Path(folder) / "source")

        def run(workers: int) -> tuple[float, float]:
            """Seconds a report once the workers are warm, and seconds of the whole run."""
            out, begin = Path(tempfile.mkdtemp(dir=folder)), time.monotonic()
            run_cohort(str(source), out, workers=workers)
            whole = time.monotonic() - begin
            ended = sorted(p.stat().st_mtime for p in (out / "work" / "done" / "reports").iterdir())
            return (ended[-1] - ended[workers - 1]) / (patients - workers), whole

        pairs = [(run(1), run(2)) for _ in range(rounds)]
    whole = statistics.median(one[1] / two[1] for one, two in pairs)
    beside = f"whole runs of {patients}: {whole:.2f}; two programs that share nothing: {_two_programs():.2f}"
    name = f"reports, throughput of two warm workers against one ({beside})"
    return [(name, *_spread([one[0] / two[0] for one, two in pairs]), ">= 1.8")]


def _two_programs() -> float:
    """How much more two programs that only compute do side by side than one alone: what the machine allows."""
    words = [sys.executable, "-c", "x = 0\nfor i in range(20_000_000): x += i % 7"]

    def seconds(programs: int) -> float:
        begin = time.monotonic()
        for process in [subprocess.Popen(words) for _ in range(programs)]:
            process.wait()
        return time.monotonic() - begin

    return statistics.median(2 * seconds(1) / seconds(2) for _ in range(5))


def memory(first: int = 50, last: int = 375) -> list[Row]:
    """The largest memory of a worker after so many reports against fewer, of one process doing them one by one."""
    with tempfile.TemporaryDirectory() as folder:
        source = simulated.write_cohort(last, Path(folder) / "source")
        table = open_source(str(source), Path(folder) / "out").only(0, [])
        sizes = {}
        for i, patient in enumerate(sorted(work.part_of(table).rows["patient"].unique()), start=1):
            work.report_of_patient(table, patient, Path(folder) / "out")
            sizes[i] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    ratio = sizes[last] / sizes[first]
    return [(f"memory of a worker at report {last} against {first}", ratio, ratio, ratio, "<= 1.1")]


def main() -> int:
    """Measures, prints each figure as soon as it is there, and writes the table to cohort.md."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--patients", type=int, nargs=2, default=(10_000, 100_000), metavar=("FEW", "MANY"))
    parser.add_argument("--memory", action="store_true", help="375 reports by one worker too, which take an hour")
    options = parser.parse_args()
    measured = [
        lambda: marginal(options.rounds),
        lambda: throughput(options.rounds),
        lambda: vectorised(options.rounds, *options.patients),
        *([memory] if options.memory else []),
    ]
    lines = ["# Benchmark of a cohort", "", f"Made by `make bench`; {options.rounds} rounds, both sides in turn.", ""]
    lines += ["| ratio | median | lowest to highest | target |", "|---|---|---|---|"]
    for measure in measured:
        for name, median, low, high, target in measure():
            met = "met" if (median <= float(target[3:])) == target.startswith("<") else "missed"
            lines.append(f"| {name} | {median:.3f} | {low:.3f} to {high:.3f} | {target}, {met} |")
            print(lines[-1], flush=True)
    lines += ["", f"Machine: {os.cpu_count()} cores, {platform.machine()}, Python {platform.python_version()}.", ""]
    RESULTS.write_text("\n".join(lines), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
