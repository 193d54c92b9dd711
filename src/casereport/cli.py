"""The `casereport` command, thin: what the user typed, handed to the package; errors, put so that they can be mended.

Exit codes: 0 done, 1 a run failed, 2 bad input.
"""

import argparse
import shutil
import sys
import textwrap
from pathlib import Path

from casereport import __version__
from casereport.problems import BadInput, Problem


def main(arguments: list[str] | None = None) -> int:
    """Runs the command and returns its exit code."""
    parser = _parser()
    options = parser.parse_args(arguments)
    try:
        return options.run(options)
    except BadInput as bad:
        count = len(bad.problems)
        print(f"casereport: {count} problem{'' if count == 1 else 's'} in the input:", file=sys.stderr)
        for problem in bad.problems:
            print(f"  {problem}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("casereport: stopped; an earlier report is as it was", file=sys.stderr)
        return 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="casereport", description="Reproducible clinical case reports.")
    parser.add_argument("--version", action="version", version=f"casereport {__version__}")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")

    def command(name: str, run, text: str) -> argparse.ArgumentParser:
        sub = commands.add_parser(name, help=text, description=text[0].upper() + text[1:] + ".")
        sub.set_defaults(run=run)
        return sub

    report = command("report", _report, "build the HTML report of a case")
    _case_arguments(report)
    report.add_argument(
        "-p", nargs=2, action="append", default=[], metavar=("NAME", "VALUE"), dest="parameters",
        help="a notebook parameter, such as -p lag_days 1; see `casereport parameters`",
    )  # fmt: skip
    report.add_argument("--params", default="", help=argparse.SUPPRESS)  # make's PARAMS="name=value ..."
    report.add_argument("--out", metavar="DIR", help="the output folder (default: reports/CASE)")
    reports = command("reports", _reports, "build every report that is stale, and reports/index.html")
    reports.add_argument("--data", default="data", metavar="DIR", help="the data directory (default: the project's)")
    _case_arguments(command("validate", _validate, "check a case folder and build nothing"))
    audit = command("audit", _audit, "print the verdict on each claim of a case")
    _case_arguments(audit)
    audit.add_argument("--fail-on", choices=["contradicted"], help="exit with 1 if a claim has this verdict")
    command("parameters", _parameters, "list the parameters of the notebooks")
    new = command("new", _new, "begin a case folder with the tables' headers")
    _case_arguments(new)
    cohort = command("cohort", _cohort, "analyse many cases on Dask: a report for each, their results together")
    cohort.add_argument("source", metavar="SOURCE", help="a folder of case folders, or a cohort table in long form")
    cohort.add_argument("--out", required=True, metavar="DIR", help="the output folder")
    cohort.add_argument("--scheduler", default="", metavar="ADDRESS", help="a running Dask scheduler (default: local)")
    cohort.add_argument(
        "--workers", type=int, default=0, metavar="N", help="local workers (default: one for each core)"
    )
    cohort.add_argument("--results-only", action="store_true", help="the results without notebooks and reports")
    simulate = command("simulate", _simulate, "write a simulated cohort table with known effects")
    simulate.add_argument("--patients", type=int, required=True, metavar="N", help="the number of patients")
    simulate.add_argument("--out", required=True, metavar="DIR", help="the folder for the tables")
    return parser


def _case_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("case", metavar="CASE", help="the name of a folder in the data directory's cases/")
    parser.add_argument(
        "--data", default="data", metavar="DIR", help="the data directory (default: the project's data)"
    )


def _data(text: str) -> str:
    """The data directory as notebooks are told it: as it is for the default, absolute where the user named another."""
    if text == "data":
        return text
    path = Path(text).resolve()
    if not path.is_dir():
        raise BadInput([Problem("parameter", 0, "--data", text, "a folder with cases/ in it")])
    return str(path)


def _report(options: argparse.Namespace) -> int:
    from casereport.case import case_folder
    from casereport.paths import REPORTS, from_root, relative
    from casereport.pipeline import RunFailed, run

    data = _data(options.data)
    case_folder(options.case, from_root(data))  # before its name becomes part of a path
    out = Path(options.out).resolve() if options.out else REPORTS / options.case
    try:
        page = run(options.case, data, out, _given(options))
    except RunFailed as failure:
        return _failed(failure)
    print(relative(page))
    return 0


def _reports(options: argparse.Namespace) -> int:
    from casereport.paths import REPORTS
    from casereport.pipeline import RunFailed
    from casereport.shelf import build_all

    try:
        built, fresh = build_all(_data(options.data), REPORTS)
    except RunFailed as failure:
        return _failed(failure)
    print(f"reports/index.html: built {', '.join(built) or 'nothing'}; up to date {', '.join(fresh) or 'nothing'}")
    return 0


def _failed(failure) -> int:
    """Says where and what first, and the stack last; returns the exit code."""
    from casereport.paths import relative

    print(f"casereport: {failure.where}\n  {failure.what}", file=sys.stderr)
    print(f"  the executed notebook: {relative(failure.kept)}", file=sys.stderr)
    print(f"  an earlier report is as it was\n\n{failure.stack}", file=sys.stderr)
    return 1


def _given(options: argparse.Namespace) -> dict[str, str]:
    """The parameters as name and text, from -p and from make's PARAMS; raises BadInput for a repeated one."""
    pairs = [tuple(pair) for pair in options.parameters]
    for word in options.params.split():
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
    from casereport.analysis import open_analysis
    from casereport.care import gaps
    from casereport.case import case_folder
    from casereport.consistency import check_consistency
    from casereport.paths import from_root
    from casereport.privacy import check_privacy

    data = _data(options.data)
    analysis = open_analysis(options.case, data)
    case = analysis.case
    refused = check_privacy(case_folder(options.case, from_root(data)), case.meta, {})
    if refused:
        raise BadInput(refused)
    counts = (
        f"{len(case.observations)} observations, {len(case.interventions)} interventions, {len(case.events)} events"
    )
    print(f"{options.case}: {counts}; nothing wrong")
    for finding in check_consistency(case)["finding"]:
        print(f"  remark: {finding}")
    for gap in gaps(case, analysis.settings).itertuples():
        print(f"  CARE item {gap.item}: {gap.finding}")
    return 0


def _audit(options: argparse.Namespace) -> int:
    from casereport.analysis import open_analysis
    from casereport.claims import audit, verdict_counts

    analysis = open_analysis(options.case, _data(options.data))
    table = audit(analysis.case, analysis.settings)
    if not len(table):
        print(f"{options.case}: the case folder lists no claims (claims.csv)")
        return 0
    width = shutil.get_terminal_size((100, 24)).columns
    for row in table.itertuples():
        print(f"{row.claim:<5} {row.verdict:<17} {row.statement}")
        print(textwrap.fill(row.evidence, width, initial_indent=" " * 24, subsequent_indent=" " * 24))
    counts = verdict_counts(table)
    print("\n" + ", ".join(f"{verdict} {n}" for verdict, n in counts.items()))
    return 1 if options.fail_on and counts[options.fail_on] else 0


def _parameters(options: argparse.Namespace) -> int:
    from casereport.pipeline import declared_parameters

    for name, entry in declared_parameters().items():
        print(f"{name:<14} {entry['type']:<6} {entry['default']:<14} {entry['help']}")
    return 0


def _new(options: argparse.Namespace) -> int:
    from casereport.newcase import new_case
    from casereport.paths import from_root

    folder = new_case(options.case, from_root(_data(options.data)))
    print(f"{folder}\nNext: fill in the tables, then `casereport validate {options.case}`.")
    return 0


def _cohort(options: argparse.Namespace) -> int:
    from casereport.cohort.run import CohortStopped, run_cohort, summary

    out = Path(options.out).resolve()
    try:
        tally = run_cohort(options.source, out, options.scheduler, options.workers, options.results_only)
    except CohortStopped as stopped:
        print(f"casereport: {stopped}", file=sys.stderr)
        return 1
    print(summary(tally, out))
    return 1 if tally.failures else 0


def _simulate(options: argparse.Namespace) -> int:
    from casereport.cohort.simulated import write_cohort

    print(write_cohort(options.patients, Path(options.out).resolve()))
    return 0


if __name__ == "__main__":
    sys.exit(main())
