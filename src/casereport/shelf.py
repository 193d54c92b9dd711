"""All cases together: each report built anew only where it is stale, and one page that leads to them."""

import json
from pathlib import Path

from markupsafe import Markup

from casereport.analysis import open_analysis
from casereport.case import case_names
from casereport.glance import verdicts, who_and_what
from casereport.pages import shell
from casereport.palette import phase_colours
from casereport.paths import from_root
from casereport.pipeline import run
from casereport.report import ENVIRONMENT
from casereport.results import load_table
from casereport.stale import is_current, made_from, reasons
from casereport.steps import FOOTER
from casereport.svg import inline_svg


def is_stale(case: str, data_dir: str, out: Path) -> bool:
    """True where the report of a case is missing, or was made from other data, parameters or code."""
    return not is_current(reasons(out, made_from(case, data_dir, {})))


def build_all(data_dir: str, reports: Path) -> tuple[list[str], list[str]]:
    """Builds every stale report under `reports` and its index.html; returns the cases built, and those up to date.

    Raises BadInput or RunFailed at the first case that cannot be built; reports made before it stay.
    """
    built, fresh = [], []
    for case in case_names(from_root(data_dir)):
        if is_stale(case, data_dir, reports / case):
            run(case, data_dir, reports / case, {})
            built.append(case)
        else:
            fresh.append(case)
    write_index(data_dir, reports)
    return built, fresh


def write_index(data_dir: str, reports: Path) -> None:
    """Writes `reports`/index.html: a card for each case with its timeline in small, what was given, the verdicts."""
    cards = []
    for name in case_names(from_root(data_dir)):
        analysis = open_analysis(name, data_dir, reports / name)
        svg = (reports / name / "figures" / "timeline.svg").read_text(encoding="utf-8")
        listing = json.loads((reports / name / "figures" / "figures.json").read_text(encoding="utf-8"))
        cards.append(
            {
                "name": name,
                "meta": analysis.case.meta,
                "simulated": analysis.case.simulated,
                "colours": phase_colours([p.id for p in analysis.case.meta.phases]),
                "timeline": Markup(inline_svg(svg.replace("timeline-", f"{name}-timeline-"))),
                "alt": next(f["alt"] for f in listing if f["id"] == "timeline"),
                "verdicts": verdicts(load_table(reports / name, "claims")),
                **who_and_what(analysis.case),
            }
        )
    body = ENVIRONMENT.get_template("index.html.j2").render(cards=cards)
    (reports / "index.html").write_text(shell(body, "Case reports", FOOTER), encoding="utf-8")
