"""Which files each notebook opens, by Python's own record: `python opens.py CASE FOLDER` says it as JSON.

Of each file how: `hash` where it is only looked at whether it has changed, `write`, or `read`.
"""

import json
import sys
from pathlib import Path
from types import FrameType
from typing import Any

from assembly import execute
from casereport.files.paths import NOTEBOOKS
from casereport.run.stale import STEPS


def _is_hashing(frame: FrameType | None) -> bool:
    while frame is not None:
        if frame.f_code.co_filename.endswith("files/hashes.py"):
            return True
        frame = frame.f_back
    return False


def main(case: str, folder: str) -> dict[str, list[tuple[str, str]]]:
    """The files that the notebooks of a case opened, by notebook, while their results came into being in the folder."""
    now = ""
    seen: dict[str, set[tuple[str, str]]] = {}

    def note(event: str, arguments: tuple[Any, ...]) -> None:
        if event == "open" and now and isinstance(arguments[0], str):
            writes = isinstance(arguments[1], str) and set(arguments[1]) & set("wax+")
            how = "write" if writes else "hash" if _is_hashing(sys._getframe()) else "read"
            seen[now].add((str(Path(arguments[0]).resolve()), how))

    sys.addaudithook(note)
    phases: list[str] = []
    for step in STEPS:
        for phase in phases if step == "02-phase" else [""]:
            now = f"{step}-{phase}" if phase else step
            seen[now] = set()
            given = {"case": case, "output_dir": folder, "phase": phase, "analytes": "crp"}
            names, _ = execute(NOTEBOOKS / f"{step}.ipynb", **given)
            phases = phases or list(names["phases"]["phase"])  # type: ignore[index]
    now = ""
    return {name: sorted(files) for name, files in seen.items()}


if __name__ == "__main__":
    found = main(*sys.argv[1:])
    Path(sys.argv[2], "opened.json").write_text(json.dumps(found), encoding="utf-8")
