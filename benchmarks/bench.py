"""How fast a report is beside the ways without this package: ratios, each pair measured one after the other.

The ways to the report of one case: `make report` with everything run, the same unchanged, and the same notebooks and
their pages by what others use (peers.py). Memory is the sum over all processes of what each has to itself and its
share of what they share (PSS), sampled while they run.
"""

import argparse
import json
import os
import platform
import shutil
import statistics
import subprocess
import tempfile
import threading
import time
from collections.abc import Iterable
from importlib.metadata import version
from pathlib import Path

import yaml
from peers import version_of_ploomber, ways

from casereport.files.paths import ROOT, from_root
from casereport.report.provenance import PACKAGES

CASE = "liang2020"
PAIRS = 5
RESULTS = ROOT / "benchmarks" / "results.md"
TARGETS = {"papermill": 0.20, "script": 0.9, "unchanged": 0.02, "memory": 1.5}
WORDS = {
    "papermill": "(a) forced `make report` / loop of `papermill` + `jupyter nbconvert`",
    "script": "(b) forced `make report` / the same cells as one plain script",
    "unchanged": "(c) unchanged `make report` / forced",
    "memory": "(d) peak memory, forced `make report` / script",
}
PEERS = {
    "papermill": "a loop of the `papermill` command, then `jupyter nbconvert`",
    "api": "papermill's API and nbconvert's exporter in one process",
    "nbconvert": "`jupyter nbconvert --execute`",
    "ploomber": "`ploomber build`, parallel, then `jupyter nbconvert`",
    "script": "the cells as one plain script: no notebooks, no pages",
}


def seconds_of(commands: list[list[str]]) -> float:
    """Seconds that the commands take one after the other."""
    began = time.perf_counter()
    for command in commands:
        subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    return time.perf_counter() - began


def memory_of(commands: list[list[str]]) -> float:
    """Peak memory in MiB of the commands one after the other; in a run of its own, because to look at it takes time."""
    peak, ended = [0.0], threading.Event()

    def watch() -> None:
        while not ended.wait(0.1):
            peak[0] = max(peak[0], _memory(os.getpid()))

    watcher = threading.Thread(target=watch)
    watcher.start()
    try:
        seconds_of(commands)
    finally:
        ended.set()
        watcher.join()
    return peak[0]


def _memory(root: int) -> float:
    """The PSS in MiB of all that descends from a process, itself left out."""
    children: dict[int, list[int]] = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            pid, _, rest = stat.read_text().partition(" (")
            children.setdefault(int(rest.rpartition(") ")[2].split()[1]), []).append(int(pid))
        except OSError:
            continue
    total, found = 0, list(children.get(root, []))
    while found:
        pid = found.pop()
        found += children.get(pid, [])
        try:
            lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
            total += next((int(line.split()[1]) for line in lines if line.startswith("Pss:")), 0)
        except OSError:
            continue
    return total / 1024


def main() -> None:
    """Measures, prints the table and writes it to results.md."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pairs", type=int, default=PAIRS)
    pairs = parser.parse_args().pairs
    meta = yaml.safe_load(from_root(f"data/cases/{CASE}/case.yaml").read_text(encoding="utf-8"))
    ratios: dict[str, list[float]] = {name: [] for name in TARGETS}
    seconds: dict[str, list[float]] = {}
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        report = ["make", "report", f"CASE={CASE}"]
        all_ways = {"forced": [[*report, "FORCE=1"]], **ways(CASE, [p["id"] for p in meta["phases"]], folder)}
        for pair in range(pairs):
            # each way in turn begins, so that a machine that slows down favours none
            at = pair % len(all_ways)
            order = [*list(all_ways)[at:], *list(all_ways)[:at]]
            found = {}
            for name in order:
                _emptied(folder, all_ways)
                found[name] = seconds_of(all_ways[name])
                if name == "forced":
                    found["unchanged"] = seconds_of([report])
            for name, time_taken in found.items():
                seconds.setdefault(name, []).append(time_taken)
            ratios["papermill"].append(found["forced"] / found["papermill"])
            ratios["script"].append(found["forced"] / found["script"])
            ratios["unchanged"].append(found["unchanged"] / found["forced"])
            _emptied(folder, all_ways)
            memory = {name: memory_of(all_ways[name]) for name in ("forced", "script")}
            ratios["memory"].append(memory["forced"] / memory["script"])
            told = [f"{n} {t:.2f} s" for n, t in found.items()] + [f"{n} {m:.0f} MiB" for n, m in memory.items()]
            print(f"pair {pair + 1}: " + ", ".join(told), flush=True)
    text = table(ratios, seconds, pairs)
    RESULTS.write_text(text, encoding="utf-8")
    print("\n" + text)


def _emptied(folder: Path, names: Iterable[str]) -> None:
    """Takes away what each way made."""
    for name in names:
        shutil.rmtree(folder / name, ignore_errors=True)
        (folder / name).mkdir()


def table(ratios: dict[str, list[float]], seconds: dict[str, list[float]], pairs: int) -> str:
    """The results in Markdown, with the machine, the versions and where the time of the last run went."""
    lines = [
        f"# Benchmark of `{CASE}`, {pairs} pairs",
        "",
        "Made by `make bench`. Each figure is a ratio of two measurements of the same round.",
        "",
        "| ratio | median | lowest to highest | target |",
        "|---|---|---|---|",
    ]
    for name, found in ratios.items():
        middle = statistics.median(found)
        met = "met" if middle <= TARGETS[name] else "missed"
        spread = f"{min(found):.3f} to {max(found):.3f}"
        lines.append(f"| {WORDS[name]} | {middle:.3f} | {spread} | {TARGETS[name]:g}, {met} |")
    clocks = json.loads((ROOT / "reports" / CASE / "manifest.json").read_text(encoding="utf-8"))["clocks"]["seconds"]
    cpu = next((x for x in Path("/proc/cpuinfo").read_text().splitlines() if "model name" in x), ":").partition(": ")[2]
    versions = ", ".join(f"{name} {version(name)}" for name in PACKAGES)
    return "\n".join(
        [
            *lines,
            "",
            "| way | seconds, median | lowest to highest | forced `make report` against it |",
            "|---|---|---|---|",
            *_peer_rows(seconds),
            "",
            "The last forced run by its parts, two at a time: "
            + ", ".join(f"{n} {s:.1f}" for n, s in clocks.items())
            + ".",
            "",
            f"Machine: {os.cpu_count()} cores, {cpu}, load {os.getloadavg()[1]:.1f} over five minutes at the end. "
            f"Python {platform.python_version()}, {versions}{version_of_ploomber()}.",
            "",
        ]
    )


def _peer_rows(seconds: dict[str, list[float]]) -> list[str]:
    """A row for each way: its seconds, and the median ratio of the report to it, of the same round."""
    rows = []
    for name, words in ({"forced": "forced `make report`", "unchanged": "the same, unchanged"} | PEERS).items():
        if taken := seconds.get(name):
            ratio = statistics.median(ours / theirs for ours, theirs in zip(seconds["forced"], taken, strict=True))
            beside = f"{ratio:.2f}" if name in PEERS else ""
            rows.append(
                f"| {words} | {statistics.median(taken):.1f} | {min(taken):.1f} to {max(taken):.1f} | {beside} |"
            )
    return rows


if __name__ == "__main__":
    main()
