"""The export of a case: its report is made current first, then written in another format."""

from pathlib import Path

from casereport.errors import BadInput, Problem
from casereport.files import whose
from casereport.report import exports
from casereport.run.pipeline import run
from casereport.run.stale import own_notebooks


def export_case(case: str, folder: Path, form: str, out: Path, sandbox: bool = True, journal: str = "") -> Path:
    """Writes the report of `case` in `folder` to the file `out` in one of `exports.FORMATS`; returns `out`.

    A DOCX may be for one of `exports.JOURNALS`.

    A report that is missing, or whose inputs or code have changed, is built first, with the parameters and the
    author's notebooks that it had.
    Raises BadInput (also where `folder` is another case's report, and where `out` is a file that is no export),
    RunFailed, exports.Missing where a program or a package is not installed, and exports.NotPrinted.
    """
    if journal and form != "docx":
        raise BadInput([Problem("parameter", 0, "--journal", journal, "--format docx: a journal takes no PDF")])
    exports.check_target(out, form)
    report = whose.check(folder, case)
    run(case, folder, report["given"] if report else {}, own=own_notebooks(folder))
    return exports.export(folder, form, out, sandbox, journal)
