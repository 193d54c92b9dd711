"""All cases together: each report built anew only where it is stale, and one page that leads to them."""

import os
from pathlib import Path

from markupsafe import Markup

from casereport.analysis.tidy import measured
from casereport.case.place import cases_in, distinct
from casereport.errors import BadInput, Problem
from casereport.figures.svg import inline_svg
from casereport.files import whose
from casereport.files.paths import as_given
from casereport.files.whole import write_whole
from casereport.report.kept import Results
from casereport.report.pages import shell
from casereport.report.sections import ENVIRONMENT
from casereport.report.summary import covers, facts, known, verdicts
from casereport.run.notebooks import FOOTER
from casereport.run.pipeline import run
from casereport.run.stale import is_current, own_notebooks, reasons, report_made_from

# what every page of ours says in its head
_OURS = '<meta name="generator" content="casereport">'


def build_all(cases: Path, reports: Path) -> tuple[list[str], list[str]]:
    """Builds every stale report of the cases in a folder, and the index; returns the names built, and those up to date.

    Each keeps the parameters and the author's notebooks that it had, which are told behind its name. Raises BadInput or
    RunFailed at the first case that cannot be built; reports made before it stay. Raises BadInput before any is built
    where an index.html lies there that is not ours.
    """
    _check_index(reports / "index.html")
    built, fresh = [], []
    for path in distinct(cases_in(cases)):
        case, out = as_given(path), reports / path.stem
        report = whose.check(out, case)
        given, own = report["given"] if report else {}, own_notebooks(out)
        with_what = [*(f"{name}={value}" for name, value in given.items()), *(book.name for book in own)]
        called = f"{path.stem} ({', '.join(with_what)})" if with_what else path.stem
        if is_current(reasons(out, report_made_from(case, given, own))):
            fresh.append(called)
        else:
            run(case, out, given, own=own)
            built.append(called)
    write_index(cases, reports)
    return built, fresh


def write_index(cases: Path, reports: Path) -> None:
    """Writes `reports`/index.html: a card for each case with its picture in small, the four facts and the verdicts."""
    cards = []
    for path in cases_in(cases):
        name = path.stem
        results = Results(reports / name, "")
        case, entries = results.case, {entry.name: entry for entry in results.entries if entry.kind == "figure"}
        picture = entries.get("overview", entries["timeline"])
        drawing = f"{picture.name}-phone" if picture.phone else picture.name  # a card is as wide as a phone
        svg = (reports / name / "figures" / f"{drawing}.svg").read_text(encoding="utf-8")
        told = facts(case, results)
        cards.append(
            {
                "name": name,
                "meta": case.meta,
                "simulated": case.simulated,
                "picture": Markup(inline_svg(svg.replace(f"{drawing}-", f"{name}-{drawing}-"))),
                "alt": picture.alt,
                "verdicts": verdicts(results["audit"]),
                "covers": covers(case, results),
                "known": known(case, measured(results["observations"])),
                **told,
            }
        )
    body = ENVIRONMENT.get_template("index.html.j2").render(cards=cards)
    write_whole(reports / "index.html", shell(body, "Case reports", FOOTER))


def _check_index(page: Path) -> None:
    if not os.path.lexists(page):
        return
    if page.is_symlink() or not page.is_file() or _OURS not in page.read_text(encoding="utf-8", errors="replace"):
        expected = "no page of your own of this name: the list of the reports would replace it; move it away"
        raise BadInput([Problem("reports", 0, "", str(page), expected)])
