"""A finished report for paper and for journals: one file beside its folder, written whole or not at all.

The HTML report is the only source, so that an export says what the report says; what each format needs beyond the
default install is named when it is missing.
"""

import os
import zipfile
from pathlib import Path

from casereport.errors import BadInput, Problem
from casereport.files.whole import write_whole
from casereport.report.exports.docx import IDENTIFIER, docx
from casereport.report.exports.journals import JOURNALS, lacking
from casereport.report.exports.needed import Missing, NotPrinted
from casereport.report.exports.page import open_page
from casereport.report.exports.pdf import pdf

__all__ = ["FORMATS", "JOURNALS", "Missing", "NotPrinted", "check_target", "export", "lacking"]

FORMATS = {"pdf": pdf, "docx": docx}
"""For each format the function that makes its bytes of a report's page (parsed, free to change), its folder, and
whether a browser shall have its sandbox."""


def check_target(out: Path, form: str) -> None:
    """Raises BadInput where `out` cannot be written as a file, or is a file that is no export."""
    if out.is_dir() or not out.parent.is_dir():
        raise BadInput([Problem("parameter", 0, "--out", str(out), "a file in a folder that exists")])
    if not os.access(out.parent, os.W_OK | os.X_OK):
        expected = f"a place that you can write to, unlike {out.parent}: --out DIR"
        raise BadInput([Problem("parameter", 0, "--out", str(out), expected)])
    if os.path.lexists(out) and not _is_export(out, form):
        expected = "a new file, or an earlier export; this one is another file, which would be replaced"
        raise BadInput([Problem("parameter", 0, "--out", str(out), expected)])


def export(folder: Path, form: str, out: Path, sandbox: bool = True, journal: str = "") -> Path:
    """Writes the report in `folder` to the file `out` in one of `FORMATS`; returns `out`.

    Without `sandbox` Chromium has none, for machines that give it none. A DOCX may be for a `journal` of `JOURNALS`.

    Raises BadInput, Missing where a program or a package is not installed, and NotPrinted.
    """
    check_target(out, form)
    asked = (journal,) if journal else ()
    write_whole(out, FORMATS[form](open_page(folder), folder, sandbox, *asked))
    return out


def _is_export(path: Path, form: str) -> bool:
    """True where a file, which is no link, says in its metadata that it is ours."""
    if path.is_symlink() or not path.is_file():
        return False
    if form == "pdf":
        return b"/Creator (casereport)" in path.read_bytes()
    try:
        with zipfile.ZipFile(path) as parts:
            return f">{IDENTIFIER}<".encode() in parts.read("docProps/core.xml")
    except (KeyError, zipfile.BadZipFile):
        return False
