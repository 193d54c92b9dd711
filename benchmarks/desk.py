"""How quick the work at the desk is, and the page: the import, each notebook with Run All, one by papermill, a report.

A page is opened in Chromium with a processor slowed fourfold, as that of a phone is.
"""

import json
import os
import platform
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import nbformat
import papermill
from nbclient import NotebookClient
from peers import BIN, notebooks
from playwright.sync_api import sync_playwright

import casereport as cr
from casereport.files.paths import NOTEBOOKS, ROOT

CASE = "leng2020"
RESULTS = ROOT / "benchmarks" / "desk.md"
ROUNDS = 5
Row = tuple[str, list[float], float | None]
# when the first picture has been painted, and the long tasks until then and after
_WATCH = """
window.long = [];
new PerformanceObserver((list) => list.getEntries().forEach((e) => window.long.push(e.duration)))
  .observe({type: "longtask", buffered: true});
(function look() {
  const found = [...document.querySelectorAll("figure svg")].some((svg) => svg.getBoundingClientRect().height > 0);
  requestAnimationFrame(found ? () => setTimeout(() => { window.first = performance.now(); }) : look);
})();
"""


def seconds(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def imports() -> Row:
    words = [sys.executable, "-c", "import casereport as cr; cr.read_case"]
    took = [seconds(lambda: subprocess.run(words, check=True, cwd=ROOT)) for _ in range(ROUNDS)]
    return "`import casereport as cr`, a process of its own, s", took, 0.6


def run_all(folder: Path) -> list[Row]:
    """Each notebook in an ordinary kernel, from its start to its end, in the order in which they are read."""
    found: dict[str, list[float]] = {}
    for _ in range(ROUNDS):
        shutil.rmtree(folder / "results", ignore_errors=True)
        for name, stem, own in notebooks([phase.id for phase in cr.read_case(CASE).meta.phases]):
            notebook = nbformat.read(NOTEBOOKS / f"{stem}.ipynb", as_version=4)
            for cell in notebook.cells:
                if "parameters" in cell.metadata.get("tags", []):
                    given = {"case": CASE, "output_dir": str(folder), **own}
                    cell.source += "".join(f"\n{key} = {json.dumps(value)}" for key, value in given.items())
            client = NotebookClient(notebook, kernel_name="python3", resources={"metadata": {"path": str(NOTEBOOKS)}})
            found.setdefault(name, []).append(seconds(client.execute))
    return [(f"Run All of {name}, its kernel's start included, s", took, 8.0) for name, took in found.items()]


def rerun(folder: Path) -> list[Row]:
    """One notebook with another parameter by the command, against the time of its cells; and the same without them."""
    ratios, without = [], []
    source, made, empty = NOTEBOOKS / "03-evidence.ipynb", folder / "again.ipynb", folder / "empty.ipynb"
    notebook = nbformat.read(source, as_version=4)
    for cell in notebook.cells:
        if cell.cell_type == "code" and "parameters" not in cell.metadata.get("tags", []):
            cell.source = ""
    nbformat.write(notebook, empty)

    def run(path: Path) -> float:
        words = [str(BIN / "papermill"), str(path), str(made), "-p", "case", CASE]
        words += ["-p", "output_dir", str(folder), "-p", "confidence", "0.9"]
        return seconds(lambda: subprocess.run(words, check=True, capture_output=True, cwd=ROOT))

    for _ in range(ROUNDS):
        without.append(run(empty))
        took = run(source)
        cells = nbformat.read(made, as_version=4).cells
        ratios.append(took / sum(cell.metadata.get("papermill", {}).get("duration") or 0 for cell in cells))
    return [
        ("`papermill` of 03-evidence with another parameter / its cells", ratios, 1.5),
        ("`papermill` of the same notebook with its cells empty, s", without, None),
    ]


def page() -> list[Row]:
    subprocess.run([str(BIN / "casereport"), "report", CASE], check=True, cwd=ROOT, capture_output=True)
    report = ROOT / "reports" / CASE / "report.html"
    first, longest = [], []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        for _ in range(ROUNDS):
            tab = browser.new_page(viewport={"width": 390, "height": 844})
            tab.add_init_script(_WATCH)
            tab.context.new_cdp_session(tab).send("Emulation.setCPUThrottlingRate", {"rate": 4})
            tab.goto(report.as_uri())
            tab.wait_for_function("window.first")
            tab.wait_for_timeout(500)
            first.append(tab.evaluate("window.first") / 1000)
            longest.append(max(tab.evaluate("window.long"), default=0))
            tab.close()
        browser.close()
    return [
        ("report.html, MB", [report.stat().st_size / 1e6], 1.5),
        ("its first picture on a phone, processor slowed fourfold, s", first, 1.0),
        ("its longest task there, ms", longest, 200),
    ]


def main() -> None:
    """Measures, prints each figure as soon as it is there, and writes the table to desk.md."""
    lines = [
        f"# Benchmark of the work at the desk, `{CASE}`",
        "",
        f"Made by `make bench`; {ROUNDS} rounds.",
        "",
        "| what | median | lowest to highest | target |",
        "|---|---|---|---|",
    ]
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        for measure in (lambda: [imports()], lambda: run_all(folder), lambda: rerun(folder), page):
            for name, found, target in measure():
                middle = statistics.median(found)
                met = "" if target is None else f"{target:g}, {'met' if middle <= target else 'missed'}"
                lines.append(f"| {name} | {middle:.2f} | {min(found):.2f} to {max(found):.2f} | {met} |")
                print(lines[-1], flush=True)
    machine = f"Machine: {os.cpu_count()} cores, {platform.machine()}, Python {platform.python_version()}, "
    lines += ["", f"{machine}papermill {papermill.__version__}.", ""]
    RESULTS.write_text("\n".join(lines), encoding="utf-8")


if __name__ == "__main__":
    main()
