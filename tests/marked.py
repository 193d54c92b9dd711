"""Folders that stand for an earlier report, in a moment."""

import json
from pathlib import Path

from casereport.files import hashes, whose
from casereport.run import stale


def report_of(case: str, out: Path, **content: object) -> Path:
    """Gives the files in `out` the manifest of a report of `case`; `content` is what shall be otherwise in it."""
    out.mkdir(parents=True, exist_ok=True)
    (out / "manifest.json").unlink(missing_ok=True)
    files = hashes.hashes(out)
    manifest = {
        "format": whose.FORMAT,
        "case": Path(case).stem,
        "given": {},
        "made_from": {},
        "steps": {stale.REPORT: sorted(files)},
        "outputs": files,
        "clocks": {"began": "2026-01-02T03:04:05+00:00", **whose.mark(whose.place(case), out)},
    }
    (out / "manifest.json").write_text(json.dumps(manifest | content), encoding="utf-8")
    return out


def handed_over(out: Path, case: str) -> Path:
    """Makes the report in `out` that of the case at another place, as if it had been built of that."""
    manifest = json.loads((out / "manifest.json").read_text("utf-8"))
    manifest["clocks"] |= whose.mark(whose.place(case), out)
    (out / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    return out
