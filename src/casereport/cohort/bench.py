"""What a case costs in a cohort: figures by measurement, each as a ratio of two things done side by side.

Each measurement is repeated, the two sides taking turns, so that whatever else the machine does weighs on both.
"""

import argparse
import resource
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import pandas as pd

from casereport.case import load_case
from casereport.cohort import results, simulated, work
from casereport.cohort.folders import case_files, write_case
from casereport.cohort.patients import Part, checked
from casereport.cohort.run import run_cohort
from casereport.cohort.sources import open_source
from casereport.consistency import check_consistency
from casereport.contrasts import contrasts
from casereport.evidence import effect_table
from casereport.measurements import measurements
from casereport.paths import DATA
from casereport.settings import Settings

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
    found = [numerator() / denominator() for _ in range(rounds)]
    return statistics.median(found), min(found), max(found)


def _one_by_one(part: Part, patients: int) -> float:
    """The same tables by pandas' groupby-apply and the functions for one case: seconds a patient."""
    chosen = part.rows["patient"].unique()[:patients]
    with tempfile.TemporaryDirectory() as folder:  # reading the cases is not part of what is timed
        for patient in chosen:
            write_case(case_files(part, patient, "a simulated cohort", "Day 0"), patient, Path(folder))
        cases = {patient: load_case(patient, Path(folder), DATA) for patient in chosen}

    def analyse(rows: pd.DataFrame) -> int:
        case, settings = cases[rows.name], Settings()
        table = measurements(case, settings)
        return sum(map(len, (effect_table(case, settings), contrasts(case, table), check_consistency(case))))

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
    beside = _ratios(lambda: _seconds(lambda: results.of_part(part)) / own, lambda: _one_by_one(part, 10), rounds)
    rate = 1 / statistics.median(rates)
    return [
        (f"results only, a patient at {many} against {few} ({rate:.0f} patients a second on a core)", *grown, "<= 1.1"),
        ("results only, a patient against pandas groupby-apply", *beside, "<= 0.1"),
    ]


def throughput(rounds: int = 3, patients: int = 8) -> list[Row]:
    """Reports: the throughput of two local workers against one, by the clock."""
    with tempfile.TemporaryDirectory() as folder:
        source = simulated.write_cohort(patients, Path(folder) / "source")

        def seconds(workers: int) -> float:
            begin = time.monotonic()
            run_cohort(str(source), Path(tempfile.mkdtemp(dir=folder)), workers=workers)
            return time.monotonic() - begin

        found = _ratios(lambda: seconds(1), lambda: seconds(2), rounds)
    return [("reports, throughput of two workers against one", *found, ">= 1.8")]


def memory(first: int = 50, last: int = 375) -> list[Row]:
    """The largest memory of a worker after so many reports against fewer, of one process doing them one by one."""
    with tempfile.TemporaryDirectory() as folder:
        source = simulated.write_cohort(last, Path(folder) / "source")
        table = open_source(str(source), Path(folder) / "out").only(0, [])
        sizes = {}
        for i in range(1, last + 1):
            work.report_of_patient(table, f"sim-{i - 1:06d}", Path(folder) / "out")
            sizes[i] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    ratio = sizes[last] / sizes[first]
    return [(f"memory of a worker at report {last} against {first}", ratio, ratio, ratio, "<= 1.1")]


def main() -> int:
    """Prints the figures that were asked for; reports take hours, results only some minutes."""
    parser = argparse.ArgumentParser(prog="python -m casereport.cohort.bench")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--patients", type=int, nargs=2, default=(10_000, 100_000), metavar=("FEW", "MANY"))
    parser.add_argument("--reports", action="store_true", help="measure reports too")
    options = parser.parse_args()
    rows = vectorised(options.rounds, *options.patients)
    if options.reports:
        rows += [*throughput(options.rounds), *memory()]
    for name, median, low, high, target in rows:
        print(f"{name}: {median:.3f} ({low:.3f} to {high:.3f}), target {target}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
