"""What a case costs in a cohort: figures by measurement, each as a ratio of two things done side by side.

Each measurement is repeated, the two sides taking turns, so that whatever else the machine does weighs on both.
"""

import argparse
import json
import os
import platform
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
from casereport.cohort.patients import Part, case_name, checked, vocabulary
from casereport.cohort.persons import Asked, open_persons
from casereport.cohort.run import run_cohort
from casereport.files.paths import ROOT
from casereport.run.workers import _begun_by

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
    results.of_part(part, {})  # what is set up by the first use is no part of what a patient costs
    beside = _ratios(lambda: _seconds(lambda: results.of_part(part, {})) / own, lambda: _one_by_one(part, 10), rounds)
    return [
        (f"results only, a patient at {many} against {few}", *grown, "<= 1.05"),
        (f"results only, patients a second on a core, at {many}", *_spread([1 / rate for rate in rates]), ">= 150"),
        ("results only, a patient against pandas groupby-apply", *beside, "<= 0.03"),
    ]


def warehouse(rounds: int = 3, persons: int = 400) -> list[Row]:
    """--results-only of OMOP: persons a second on a core, each with the values of a simulated patient that have a code
    of LOINC and are plain numbers."""
    rates = []
    for _ in range(rounds):
        with tempfile.TemporaryDirectory() as folder:
            _as_omop(next(simulated.tables(persons))[0], Path(folder))
            began = time.process_time()
            found = open_persons(folder, Path(folder) / "out", Asked("meropenem"))
            assert found is not None
            for number in range(len(found.parts)):
                assert not work.results_of_persons(found.only(number), number, Path(folder) / "out").failures
            rates.append(persons / (time.process_time() - began))
    return [("OMOP, results only, persons a second on a core", *_spread(rates), ">= 150")]


def _as_omop(measured: pd.DataFrame, folder: Path) -> None:
    """Writes the values as OMOP's tables, and for each patient a dose of meropenem on the day of the first value."""
    codes = measured["analyte"].map({a.id: a.loinc for a in vocabulary().analytes.values()})
    rows = measured[pd.to_numeric(measured["value"], errors="coerce").notna() & codes.ne("")].assign(code=codes)
    rows = rows.assign(
        measurement_id=range(len(rows)),
        person_id=pd.factorize(rows["patient"])[0] + 1,
        measurement_concept_id=pd.factorize(rows["code"])[0] + 1001,
        measurement_date=pd.Timestamp("2025-01-01") + pd.to_timedelta(rows["day"].astype(int), unit="D"),
        operator_concept_id=4172703,
        value_as_number=rows["value"],
        unit_concept_id=pd.factorize(rows["unit"])[0] + 2001,
    )
    concepts = [
        (rows["measurement_concept_id"], rows["code"], "LOINC"),
        (rows["unit_concept_id"], rows["unit"].replace("×10⁹/L", "10*9/L"), "UCUM"),
        ([1709170], ["1722939"], "RxNorm"),
    ]
    names = pd.concat(
        pd.DataFrame({"concept_id": ids, "concept_name": "meropenem 1000 MG Injection", "vocabulary_id": of,
                      "concept_code": code}).drop_duplicates() for ids, code, of in concepts
    )  # fmt: skip
    doses = rows.groupby("person_id")["measurement_date"].min().rename("drug_exposure_start_date").reset_index()
    tables = {
        "measurement": rows.loc[:, "measurement_id":],
        "drug_exposure": doses.assign(drug_exposure_id=doses.index, drug_concept_id=1709170, drug_exposure_end_date=""),
        "person": doses[["person_id"]].assign(gender_concept_id=8507, year_of_birth=1960, month_of_birth="",
                                              day_of_birth=""),
        "concept": names,
    }  # fmt: skip
    for name, table in tables.items():
        table.to_csv(folder / f"{name}.csv", index=False)


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
        ("reports, a case on one warm worker against a plain script run for it", *_spread(again), "<= 1.2"),
        ("reports, the same against a plain script that loops in one process", *_spread(looped), "<= 1.2"),
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
    return [(name, *_spread([one[0] / two[0] for one, two in pairs]), ">= 1.85")]


def _two_programs() -> float:
    """How much more two programs that only compute do side by side than one alone: what the machine allows."""
    words = [sys.executable, "-c", "x = 0\nfor i in range(20_000_000): x += i % 7"]

    def seconds(programs: int) -> float:
        begin = time.monotonic()
        for process in [subprocess.Popen(words) for _ in range(programs)]:
            process.wait()
        return time.monotonic() - begin

    return statistics.median(2 * seconds(1) / seconds(2) for _ in range(5))


def memory(first: int = 50, last: int = 350) -> list[Row]:
    """The largest memory of a worker, or of what it forks from, after so many reports against fewer."""
    with tempfile.TemporaryDirectory() as folder:
        source = simulated.write_cohort(last, Path(folder) / "source")
        table = open_source(str(source), Path(folder) / "out").only(0, [])
        sizes = {}
        for i, patient in enumerate(sorted(work.part_of(table).rows["patient"].unique()), start=1):
            work.report_of_patient(table, patient, Path(folder) / "out")
            sizes[i] = max(map(_largest, [os.getpid(), *_begun_by(os.getpid())]))
    ratio = sizes[last] / sizes[first]
    name = f"memory of a worker at report {last} against {first} ({sizes[last]:.0f} and {sizes[first]:.0f} MB)"
    return [(name, ratio, ratio, ratio, "<= 1.05")]


def _largest(process: int) -> float:
    """The most memory that a process has had, in MB; 0 for one that has ended."""
    try:
        lines = Path(f"/proc/{process}/status").read_text().splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) / 1000 for line in lines if line.startswith("VmHWM:")), 0)


def main() -> int:
    """Measures, prints each figure as soon as it is there, and writes the table to cohort.md."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--patients", type=int, nargs=2, default=(10_000, 100_000), metavar=("FEW", "MANY"))
    parser.add_argument("--memory", action="store_true", help="350 reports by one worker too, which take an hour")
    options = parser.parse_args()
    measured = [
        lambda: marginal(options.rounds),
        lambda: throughput(options.rounds),
        lambda: vectorised(options.rounds, *options.patients),
        lambda: warehouse(options.rounds),
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
