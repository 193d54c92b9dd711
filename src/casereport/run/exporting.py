"""The export of a case: its report, made current first, on paper; or the case itself as data for other programs."""

from pathlib import Path

from casereport import __version__
from casereport.audit.validation import read_case
from casereport.case.place import case_path
from casereport.errors import BadInput, Problem
from casereport.exchange import exported
from casereport.exchange.data_package import data_package
from casereport.exchange.fhir import fhir
from casereport.exchange.omop import omop
from casereport.exchange.phenopacket import phenopacket
from casereport.files import whose
from casereport.files.paths import REPORTS, relative
from casereport.privacy.questions import how_many, open_questions
from casereport.report import exports
from casereport.report.exports.page import open_page
from casereport.run.output import check_limits
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


DATA_FORMATS = {"fhir": fhir, "csv": data_package, "omop": omop, "phenopacket": phenopacket}
"""For each format of data the function of a case, and the version of this package, that gives its files."""


def export(case: str, form: str, out: str | None, report: str | None, sandbox: bool, journal: str = "") -> list[str]:
    """Writes a case, or its report in the folder `report`, in a format to `out`; what is to be told, the place first.

    Without them these are reports/CASE.FORMAT and reports/CASE. Raises as `export_case` and `export_data` do.
    """
    name = case_path(case).stem  # before it becomes part of a path
    place = Path(out).resolve() if out else REPORTS / f"{name}.{form}"
    if form in exports.FORMATS:
        check_limits()
        folder = Path(report).resolve() if report else REPORTS / name
        written = relative(export_case(case, folder, form, place, sandbox, journal))
        return [written, *(exports.lacking(open_page(folder), journal) if journal else ())]
    if journal:
        raise BadInput([Problem("parameter", 0, "--journal", journal, "--format docx: a journal takes no data")])
    if report is not None:
        expected = f"nothing: {form} is made of the case, and not of a report"
        raise BadInput([Problem("parameter", 0, "--report", report, expected)])
    if not out:
        REPORTS.mkdir(parents=True, exist_ok=True)
    return [relative(place), *export_data(case, form, place)]


def export_data(case: str, form: str, out: Path) -> list[str]:
    """Writes a case in one of `DATA_FORMATS` to the folder `out`; returns what its reader has to know.

    The case is validated and past the privacy gate first. Raises BadInput for a case that is not, and for an `out` that
    cannot be written or is something else.
    """
    exported.check_place(out)
    found = read_case(case)
    made = DATA_FORMATS[form](found, __version__)
    if open_now := open_questions(found):  # as a draft may have them, and a report says on its first screen
        told = f"{how_many(open_now)}: answer them before you pass this on (casereport privacy CASE)"
        made = made._replace(said=[told, *made.said])
    exported.write(made, found, form, __version__, out)
    return made.said
