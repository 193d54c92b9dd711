"""How fast a report is beside the ways without this package: ratios, each pair measured one after the other.

Four ways to the report of one case: `make report` with everything run, the same unchanged, a loop of the `papermill`
command with `jupyter nbconvert` over what it made, and the notebooks' cells as one plain script. Memory is the sum
over all processes of what each has to itself and its share of what they share (PSS), sampled while they run.
"""

import argparse
import json
import os
import platform
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from importlib.metadata import version
from pathlib import Path

import nbformat

from casereport.files.paths import NOTEBOOKS, ROOT, from_root
from casereport.report.provenance import PACKAGES
from casereport.run.stale import STEPS

CASE = "liang2020"
PAIRS = 5
RESULTS = ROOT / "benchmarks" / "results.md"
BIN = Path(sys.executable).parent
TARGETS = {"papermill": 0.20, "script": 0.9, "unchanged": 0.02, "memory": 1.5}
WORDS = {
    "papermill": "(a) forced `make report` / loop of `papermill` + `jupyter nbconvert`",
    "script": "(b) forced `make report` / the same cells as one plain script",
    "unchanged": "(c) unchanged `make report` / forced",
    "memory": "(d) peak memory, forced `make report` / script",
}


def notebooks(phases: list[str]) -> list[tuple[str, str, dict[str, str]]]:
    """Name, notebook and own parameters of each run, in order."""
    found = []
    for step in STEPS:
        own = [{"phase": p} for p in phases] if step == "02-phase" else [{}]
        found += [("-".join([step, *o.values()]), step, o) for o in own]
    return found


def cells_of(phases: list[str], given: dict[str, str]) -> list[str]:
    """The code cells of the notebooks, one after the other, each with the parameters of its run."""
    lines = []
    for _, stem, own in notebooks(phases):
        for cell in nbformat.read(NOTEBOOKS / f"{stem}.ipynb", as_version=4).cells:
            if cell.cell_type == "code":
                lines.append(cell.source)
                if "parameters" in cell.metadata.get("tags", []):
                    lines += [f"{name} = {value!r}" for name, value in (given | own).items()]
    return lines


def plain_script(folder: Path, phases: list[str]) -> Path:
    """The code cells of the notebooks as one script."""
    lines = ["import matplotlib", "matplotlib.use('agg')", "from IPython.display import display"]
    lines += cells_of(phases, {"case": CASE, "output_dir": str(folder / "script")})
    script = folder / "script.py"
    script.write_text("\n".join(lines), encoding="utf-8")
    return script


def papermill_loop(folder: Path, phases: list[str]) -> list[list[str]]:
    """The commands that a user without this package gives: one for each notebook, and one for the pages."""
    commands, made = [], []
    for name, stem, own in notebooks(phases):
        made.append(str(folder / "loop" / f"{name}.ipynb"))
        words = [w for k, v in {"case": CASE, "output_dir": str(folder / "loop"), **own}.items() for w in ("-p", k, v)]
        commands.append([str(BIN / "papermill"), str(NOTEBOOKS / f"{stem}.ipynb"), made[-1], *words])
    return [*commands, [str(BIN / "jupyter"), "nbconvert", "--to", "html", *made]]


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
    import yaml

    meta = yaml.safe_load(from_root(f"data/cases/{CASE}/case.yaml").read_text(encoding="utf-8"))
    phases = [p["id"] for p in meta["phases"]]
    ratios: dict[str, list[float]] = {name: [] for name in TARGETS}
    seconds: dict[str, list[float]] = {}
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        (folder / "loop").mkdir()
        report = ["make", "report", f"CASE={CASE}"]
        ways = {
            "forced": [[*report, "FORCE=1"]],
            "script": [[sys.executable, str(plain_script(folder, phases))]],
            "papermill": papermill_loop(folder, phases),
        }
        for pair in range(pairs):
            # each way in turn begins, so that a machine that slows down favours none
            order = list(ways)[pair % 3 :] + list(ways)[: pair % 3]
            found = {}
            for name in order:
                emptied(folder)
                found[name] = seconds_of(ways[name])
                if name == "forced":
                    found["unchanged"] = seconds_of([report])
            for name, time_taken in found.items():
                seconds.setdefault(name, []).append(time_taken)
            ratios["papermill"].append(found["forced"] / found["papermill"])
            ratios["script"].append(found["forced"] / found["script"])
            ratios["unchanged"].append(found["unchanged"] / found["forced"])
            emptied(folder)
            memory = {name: memory_of(ways[name]) for name in ("forced", "script")}
            ratios["memory"].append(memory["forced"] / memory["script"])
            told = [f"{n} {t:.2f} s" for n, t in found.items()] + [f"{n} {m:.0f} MiB" for n, m in memory.items()]
            print(f"pair {pair + 1}: " + ", ".join(told), flush=True)
    text = table(ratios, seconds, pairs)
    RESULTS.write_text(text, encoding="utf-8")
    print("\n" + text)


def emptied(folder: Path) -> None:
    """Takes away what the script and the loop made."""
    for part in ("script", "loop"):
        shutil.rmtree(folder / part, ignore_errors=True)
    (folder / "loop").mkdir()


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
            "Seconds, median: " + ", ".join(f"{n} {statistics.median(t):.1f}" for n, t in seconds.items()) + ".",
            "The last forced run by its parts, two at a time: "
            + ", ".join(f"{n} {s:.1f}" for n, s in clocks.items())
            + ".",
            "",
            f"Machine: {os.cpu_count()} cores, {cpu}, load {os.getloadavg()[1]:.1f} over five minutes at the end. "
            f"Python {platform.python_version()}, {versions}.",
            "",
        ]
    )


if __name__ == "__main__":
    main()
