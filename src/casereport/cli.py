"""The `casereport` command, thin: what the user typed, handed to the package; errors that say how to correct them."""

import argparse
import os
import re
import shutil
import sys
import traceback
import warnings
from collections.abc import Callable
from pathlib import Path

from casereport import __version__
from casereport.errors import BadInput, Problem, listing, visible
from casereport.files import streams
from casereport.help_texts import EXAMPLES, EXITS, START
from casereport.run.ending import heeding
from casereport.run.output import check_limits


def main(arguments: list[str] | None = None) -> int:
    """Runs the command and returns its exit code."""
    streams.make_safe()
    # no process that a command starts, at whatever remove, imports what lies in the current folder
    os.environ["PYTHONSAFEPATH"] = "1"
    if os.environ.get("PYTHONWARNINGS"):  # they are for who writes Python, and may stop it
        warnings.simplefilter("ignore")
    try:
        with heeding():
            code = _done(_parser().parse_args(arguments))
    finally:
        unsaid = streams.finish()
    if unsaid is None or isinstance(unsaid, BrokenPipeError):  # `casereport analytes | head` has read enough
        return code
    streams.tell(f"casereport: standard output cannot be written: {unsaid.strerror}; the results were written")
    return code or 1


def _done(options: argparse.Namespace) -> int:
    """The exit code of a command, its errors told."""
    try:
        _check_texts(options)
        return options.run(options)
    except BadInput as bad:
        count = len(bad.problems)
        streams.tell(f"casereport: {count} problem{'' if count == 1 else 's'} in the input:\n{listing(bad.problems)}")
        return 2
    except BrokenPipeError:
        return 0
    except KeyboardInterrupt:
        kept = "what is done is kept, and the same command goes on from there"
        streams.tell(f"casereport: stopped; {kept if options.run is _cohort else 'no report was changed'}")
        return 1
    except Exception as failure:
        if isinstance(failure, OSError) and traceback.extract_tb(failure.__traceback__)[-1].filename == __file__:
            streams.tell(f"casereport: standard output cannot be written: {failure.strerror}")  # by a print of ours
            return 1
        from casereport.run.failures import exit_code, told

        if os.environ.get("CASEREPORT_TRACEBACK"):
            raise
        streams.tell(told(failure))
        return exit_code(failure)


def _check_texts(options: argparse.Namespace) -> None:
    """Raises BadInput for a name or a path that is no UTF-8: it could stand in no file of a report."""
    problems = []
    for name, value in vars(options).items():
        for text in value if isinstance(value, list) else [value]:
            if re.search("[\ud800-\udfff]", str(text)):
                expected = "a name in UTF-8; rename it, or the folder around it"
                if sys.getfilesystemencoding() != "utf-8":
                    expected = "a shell that is set to UTF-8 for such a name: LC_ALL=C.UTF-8 casereport ..."
                problems.append(Problem("parameter", 0, name, str(text), expected))
    if problems:
        raise BadInput(problems)


def _parser() -> argparse.ArgumentParser:
    shape = argparse.RawDescriptionHelpFormatter
    about = "Makes clinical case reports that others can check, from a folder of data on one patient."
    parser = argparse.ArgumentParser(prog="casereport", description=about, epilog=START + EXITS, formatter_class=shape)
    parser.add_argument("--version", action="version", version=f"casereport {__version__}")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")

    def command(name: str, run: Callable[[argparse.Namespace], int], text: str) -> argparse.ArgumentParser:
        more = f"{EXAMPLES[name]}\n\n{EXITS}"
        sub = commands.add_parser(
            name, help=text, description=f"{text[0].upper()}{text[1:]}.", epilog=more, formatter_class=shape
        )
        sub.set_defaults(run=run)
        return sub

    report = command("report", _report, "build the HTML report of a case")
    _case_arguments(report)
    report.add_argument(
        "-p", nargs=2, action="append", default=[], metavar=("NAME", "VALUE"), dest="parameters",
        help="a parameter of the notebooks, such as -p lag_days 1; `casereport parameters` lists them",
    )  # fmt: skip
    report.add_argument("--params", default="", help=argparse.SUPPRESS)  # make's PARAMS="name=value ..."
    _notebook_argument(report)
    report.add_argument("--out", metavar="DIR", help="the output folder (default: reports/CASE)")
    report.add_argument("--force", action="store_true", help="run every notebook, even if nothing has changed")
    report.add_argument("--explain", action="store_true", help="state why each notebook would run, without running any")
    report.add_argument(
        "--timeout", type=int, default=600, metavar="SECONDS", help="time limit for a cell (default: 600)"
    )
    reports = command("reports", _reports, "build every report that is out of date, and reports/index.html")
    reports.add_argument(
        "cases", nargs="?", type=Path, default=Path("data/cases"), metavar="DIR",
        help="the folder that holds the cases (default: the project's data/cases)",
    )  # fmt: skip
    export = command("export", _export, "write a report as PDF or DOCX, or a case as data for other programs")
    _case_arguments(export)
    forms = ["pdf", "docx", "fhir", "csv", "omop", "phenopacket"]
    export.add_argument("--format", choices=forms, required=True, dest="form", help="see docs/exports.md")
    export.add_argument("--out", metavar="PATH", help="the file or folder to write (default: reports/CASE.FORMAT)")
    export.add_argument("--report", metavar="DIR", help="the report to export as pdf or docx (default: reports/CASE)")
    export.add_argument(
        "--journal", choices=["bmj-case-reports", "care", "jmcr"], default="",
        help="DOCX only: headings in the order of this journal, without the supplement",
    )  # fmt: skip
    export.add_argument(
        "--no-sandbox", action="store_false", dest="sandbox",
        help="print without Chromium's sandbox, where user namespaces are not available",
    )  # fmt: skip
    validate = command("validate", _validate, "check a case without building a report")
    _case_arguments(validate)
    validate.add_argument("--json", action="store_true", help="the problems as JSON, for an editor")
    privacy = command("privacy", _privacy, "list all findings of the privacy check, refused and queried")
    _case_arguments(privacy)
    audit = command("audit", _audit, "print the verdict on each claim, and remarks on the data")
    _case_arguments(audit)
    audit.add_argument("--json", action="store_true", help="claims and remarks as JSON, for another program")
    audit.add_argument("--fail-on", choices=["contradicted"], help="exit code 1 if a claim has this verdict")
    verify = command("verify", _verify, "build a report again elsewhere and name the first difference")
    _case_arguments(verify)
    verify.add_argument("--out", metavar="DIR", help="the report (default: reports/CASE)")
    command("parameters", _parameters, "list the parameters of the notebooks")
    new = command("new", _new, "create a case that is valid and builds, to be filled in")
    new.add_argument("name", metavar="NAME", help="the name of the case: letters, digits, - and _")
    new.add_argument(
        "--dir", type=Path, default=Path("data/cases"), metavar="DIR",
        help="the folder for the case (default: the project's data/cases)",
    )  # fmt: skip
    new.add_argument("--xlsx", action="store_true", help="one workbook instead of a folder of files")
    labs = command("import", _import, "import tables, FHIR, C-CDA, HL7 v2, OMOP, SDTM or REDCap")
    labs.add_argument(
        "file", type=Path, metavar="FILE",
        help="a table as printed or a long list (.csv, .tsv, .xlsx); JATS; FHIR R4 (Bundle, NDJSON); C-CDA; HL7 v2"
        " ORU; SDTM LB, VS, EX, CM, AE, DS or DM (Dataset-JSON, XPT, CSV); a folder of OMOP tables; REDCap (CSV)",
    )  # fmt: skip
    labs.add_argument("--into", required=True, metavar="CASE", help="the case, by name or path")
    _days_arguments(labs)
    labs.add_argument("--patient", default="", metavar="ID", help="the patient, if the file has several")
    labs.add_argument("--day-zero", default="", metavar="NUMBER", help="the printed (hospital) day that is day 0")
    labs.add_argument("--date-order", choices=["dmy", "mdy"], default="", help="order of day and month")
    labs.add_argument("--decimal", choices=["point", "comma"], default="", help="decimal mark, if ambiguous")
    labs.add_argument("--sheet", default="", metavar="NAME", help="the sheet of a workbook")
    labs.add_argument("--table", default="", metavar="N", help="the table of an article (JATS), by number or label")
    labs.add_argument("--source", default="", metavar="TEXT", help='the place in the source, such as "Table 1"')
    analytes = command("analytes", _analytes, "search the analytes by name, code, unit or group")
    analytes.add_argument("text", nargs="*", metavar="TEXT")
    interventions = command("interventions", _interventions, "search the treatments by name, ATC code or class")
    interventions.add_argument("text", nargs="*", metavar="TEXT")
    cohort = command("cohort", _cohort, "analyse many cases with Dask: a report for each, and a case series")
    cohort.add_argument("source", metavar="SOURCE", help="a folder of cases, a cohort table, or OMOP or SDTM whole")
    cohort.add_argument("--out", required=True, metavar="DIR", help="the output folder")
    cohort.add_argument(
        "--scheduler", default="", metavar="ADDRESS",
        help="a running Dask scheduler: tls://, with the keys of Dask's configuration (default: a private one for this"
        " run); over tcp:// anyone who reaches it can run code as you",
    )  # fmt: skip
    cohort.add_argument(
        "--workers", type=int, default=0, metavar="N", help="number of local workers (default: one per core)"
    )
    cohort.add_argument("--results-only", action="store_true", help="tables only, without notebooks and reports")
    _days_arguments(cohort)
    simulate = command("simulate", _simulate, "write a simulated cohort table with known effects")
    simulate.add_argument("--patients", type=int, required=True, metavar="N", help="the number of patients")
    simulate.add_argument("--out", required=True, metavar="DIR", help="the folder for the tables")
    return parser


def _days_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--index", "--time-zero", default="", metavar="DATE", help="date of day 0, or its treatment")
    parser.add_argument("--from", default="", metavar="DAY", dest="from_day", help="the first study day to take")
    parser.add_argument("--to", default="", metavar="DAY", dest="to_day", help="the last")


def _notebook_argument(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--notebook", action="append", default=[], type=Path, metavar="FILE", dest="notebooks",
        help="your own notebook, run after 03-evidence; its results enter the report (may be repeated)",
    )  # fmt: skip
    parser.add_argument("--notebooks", default="", help=argparse.SUPPRESS, dest="listed")  # make's NOTEBOOKS


def _case_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "case", metavar="CASE", help="a case in data/cases by name, or the path of a case folder or workbook"
    )


def _report(options: argparse.Namespace) -> int:
    from casereport.files import whose
    from casereport.files.paths import REPORTS, as_given, relative
    from casereport.run.stale import explained, is_current, reasons, report_made_from

    case, given = as_given(options.case), _given(options)
    own = [path.expanduser().resolve() for path in (*options.notebooks, *map(Path, options.listed.split()))]
    out = Path(options.out).resolve() if options.out else REPORTS / Path(case).stem
    parts, report = report_made_from(case, given, own), whose.manifest(out)
    why = reasons(out, parts)
    mine = report is not None and whose.is_of(report, whose.place(case), out)
    if mine and is_current(why) and not options.force and not options.explain:
        print(f"{visible(relative(out / 'report.html'))} is up to date; --force builds it again")
        return 0
    from casereport.case.place import case_path

    case_path(case)
    whose.check(out, case)
    if options.explain:
        from casereport.run.notebooks import check

        print(explained(reasons(out, parts, check(case, given, own)["phases"]), out))
        return 0
    from casereport.run.pipeline import run

    print(visible(relative(run(case, out, given, own=own, force=options.force, timeout=options.timeout))))
    return 0


def _reports(options: argparse.Namespace) -> int:
    from casereport.files.paths import REPORTS, from_root
    from casereport.run.all_cases import build_all

    cases = from_root(options.cases) if options.cases == Path("data/cases") else options.cases.expanduser().resolve()
    if not cases.is_dir():
        raise BadInput([Problem("cases", 0, "", str(options.cases), "a folder that holds cases")])
    built, fresh = build_all(cases, REPORTS)
    print(f"reports/index.html: built {', '.join(built) or 'nothing'}; up to date {', '.join(fresh) or 'nothing'}")
    return 0


def _export(options: argparse.Namespace) -> int:
    from casereport.files.paths import as_given
    from casereport.report.exports import Missing, NotPrinted
    from casereport.run.exporting import export

    try:
        told = export(
            as_given(options.case), options.form, options.out, options.report, options.sandbox, options.journal
        )
        print("\n".join(map(visible, told)))
    except (Missing, NotPrinted) as problem:
        streams.tell(f"casereport: {problem}")
        return 2 if isinstance(problem, Missing) else 1
    return 0


def _given(options: argparse.Namespace) -> dict[str, str]:
    """The parameters as name and text, from -p and from make's PARAMS; raises BadInput for a repeated one."""
    pairs = [tuple(pair) for pair in options.parameters]
    for word in re.sub(r"\s*,\s*", ",", options.params).split():  # a space after a comma parts no words
        name, equals, value = word.partition("=")
        if not equals:
            raise BadInput([Problem("parameter", 0, "PARAMS", word, 'name=value, as in PARAMS="lag_days=1"')])
        pairs.append((name, value))
    given = dict(pairs)
    twice = {name for name, _ in pairs if sum(name == other for other, _ in pairs) > 1}
    if twice:
        raise BadInput(Problem("parameter", 0, "", name, "each parameter once") for name in twice)
    return given


def _validate(options: argparse.Namespace) -> int:
    from casereport.audit.validation import as_json, as_text, validate
    from casereport.files.paths import as_given

    verdict = validate(as_given(options.case))
    print(as_json(verdict) if options.json else as_text(verdict))
    return 2 if verdict.problems else 0


def _privacy(options: argparse.Namespace) -> int:
    from casereport.files.paths import as_given
    from casereport.privacy.listing import findings

    text, refused = findings(as_given(options.case))
    print(text)
    return 2 if refused else 0


def _audit(options: argparse.Namespace) -> int:
    from casereport.audit.audit_json import as_json
    from casereport.audit.audit_text import as_text
    from casereport.audit.claims import audit_claims, verdict_counts
    from casereport.audit.validation import read_case
    from casereport.files.paths import as_given

    case = read_case(as_given(options.case))
    print(as_json(case) if options.json else as_text(case, shutil.get_terminal_size((100, 24)).columns))
    return 1 if options.fail_on and verdict_counts(audit_claims(case))[options.fail_on] else 0


def _verify(options: argparse.Namespace) -> int:
    from casereport.files.paths import REPORTS, as_given
    from casereport.run.verify import report

    case = as_given(options.case)
    return report(case, Path(options.out).resolve() if options.out else REPORTS / Path(case).stem)


def _parameters(options: argparse.Namespace) -> int:
    from casereport.run.notebooks import declared_parameters

    for name, entry in declared_parameters().items():
        print(f"{name:<14} {entry['type']:<6} {entry['default']:<14} {entry['help']}")
    return 0


def _new(options: argparse.Namespace) -> int:
    from casereport.case.new.folder import new_case
    from casereport.files.paths import from_root

    folder = from_root(options.dir) if options.dir == Path("data/cases") else options.dir.expanduser().resolve()
    made = new_case(options.name, folder, workbook=options.xlsx)
    print(visible(str(made)))
    print("Next: fill it in, check it with `casereport validate` and build it with `casereport report`.")
    return 0


def _import(options: argparse.Namespace) -> int:
    from casereport.files.paths import as_given
    from casereport.readers.importing import plan_import

    plan = plan_import(
        options.file, as_given(options.into), index=options.index, day_zero=options.day_zero,
        from_day=options.from_day, to_day=options.to_day, patient=options.patient, source=options.source,
        date_order=options.date_order, decimal=options.decimal, sheet=options.sheet, table=options.table,
    )  # fmt: skip
    print("\n".join(map(visible, plan.told(plan.apply()).split("\n"))))
    return 0 if plan.understood else 2  # a file of which nothing is understood is bad input


def _analytes(options: argparse.Namespace) -> int:
    from casereport.quantities.vocabulary_tables import project_vocabulary
    from casereport.readers.synonyms import search

    found = search(project_vocabulary(), " ".join(options.text))
    for a in found:
        print(f"{a.id:<20} {a.loinc:<8} {a.label}: {', '.join((a.unit, *a.conversions))}")
    if not found:
        print("no analyte matches; add your own in an analytes.csv beside the case folder.")
        print("A test with a result in words, such as positive, is a row of events.csv of kind test.")
    return 0


def _interventions(options: argparse.Namespace) -> int:
    from casereport.quantities.vocabulary_tables import project_vocabulary
    from casereport.readers.intervention_names import search_interventions

    found = search_interventions(project_vocabulary(), " ".join(options.text))
    for one in found:
        names = f": {', '.join(one.synonyms)}" if one.synonyms else ""
        print(f"{one.id:<24} {one.atc:<8} {one.label} ({one.cls}){names}")
    if not found:
        print("no treatment matches; add your own in an interventions.csv beside the case folder")
        print("(columns intervention, label, class; optional: atc, synonyms).")
    return 0


def _cohort(options: argparse.Namespace) -> int:
    check_limits()  # before libraries are imported that need more
    from casereport.cohort.persons import Asked
    from casereport.cohort.run import CohortStopped, run_cohort, summary

    out, asked = Path(options.out).resolve(), Asked(options.index, options.from_day, options.to_day)
    try:
        tally = run_cohort(options.source, out, options.scheduler, options.workers, options.results_only, asked)
    except CohortStopped as stopped:
        streams.tell(f"casereport: {stopped}")
        return 1
    print("\n".join(map(visible, summary(tally, out).split("\n"))))
    return 1 if tally.failures else 0


def _simulate(options: argparse.Namespace) -> int:
    from casereport.cohort.simulated import write_cohort

    print(visible(str(write_cohort(options.patients, Path(options.out).resolve()))))
    return 0


if __name__ == "__main__":
    sys.exit(main())
