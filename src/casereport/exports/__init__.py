"""A finished report for paper and for journals: one file beside its folder, written whole or not at all.

The HTML report is the only source, so that an export says what the report says; what each format needs beyond the
default install is named when it is missing.
"""

import json
import os
import tempfile
from pathlib import Path

from casereport.exports.docx import docx
from casereport.exports.needed import Missing, NotPrinted
from casereport.exports.page import open_page
from casereport.exports.pdf import pdf
from casereport.pipeline import run
from casereport.problems import BadInput, Problem

__all__ = ["FORMATS", "Missing", "NotPrinted", "export"]

FORMATS = {"pdf": pdf, "docx": docx}
"""For each format the function that makes its bytes of a report's page (parsed, free to change) and its folder."""


def export(case: str, folder: Path, form: str, out: Path) -> Path:
    """Writes the report of `case` in `folder` to the file `out` in one of `FORMATS`; returns `out`.

    A report that is missing, or whose inputs or code have changed, is built first, with the parameters it had.
    Raises BadInput, RunFailed, Missing where a program or a package is not installed, and NotPrinted.
    """
    if out.is_dir() or not out.parent.is_dir():
        raise BadInput([Problem("parameter", 0, "--out", str(out), "a file in a folder that exists")])
    run(case, "data", folder, _manifest(folder).get("given", {}))
    _write(out, FORMATS[form](open_page(folder), folder))
    return out


def _manifest(folder: Path) -> dict:
    try:
        return json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}


def _write(out: Path, content: bytes) -> None:
    """Beside the file first: a reader finds the old one or the new one."""
    handle, name = tempfile.mkstemp(prefix=f".{out.name}-", dir=out.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        Path(name).chmod(0o644)
        Path(name).replace(out)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
