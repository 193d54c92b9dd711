"""The CARE report, section by section: assembled from the results on disk, computing nothing.

Every text that comes from a case folder is escaped by the templates; the narrative is Markdown in which markup is
shown, not run, and whose placeholders can reach the named results and nothing else.
"""

import base64
import json
import re
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import mistune
import pandas as pd
from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from casereport.analysis.base_rates import CAVEATS
from casereport.analysis.changes import informative, within
from casereport.analysis.measurements import measurements
from casereport.analysis.result_files import load_table, plain_cell
from casereport.audit.care.items import REFERENCES
from casereport.case.case import EVIDENCE
from casereport.case.narrative import PLACEHOLDER
from casereport.figures.palette import phase_colours
from casereport.figures.svg import inline_svg
from casereport.quantities.wording import counted, listed, uncapital
from casereport.report import provenance
from casereport.report.evidence_tables import effect_rows, regression_rows, survival_sentence
from casereport.report.steps import Analysis
from casereport.report.summary import verdicts, who_and_what
from casereport.report.tables import (
    change_rows,
    claim_rows,
    data_table,
    event_rows,
    finding_rows,
    given_rows,
    series_rows,
)

SECTIONS = {
    "at-a-glance": "At a glance",
    "audit": "Audit of the claims",
    "abstract": "Abstract",
    "introduction": "Introduction",
    "patient-information": "Patient information",
    "clinical-findings": "Clinical findings",
    "timeline": "Timeline",
    "diagnostic-assessment": "Diagnostic assessment",
    "therapeutic-intervention": "Therapeutic intervention",
    "follow-up-and-outcomes": "Follow-up and outcomes",
    "evidence": "What the numbers can tell",
    "comparators": "Beside other cases",
    "discussion": "Discussion",
    "patient-perspective": "Patient perspective",
    "informed-consent": "Informed consent",
    "consistency": "Consistency of the data",
    "care": "CARE checklist",
    "sources": "Sources",
    "how-it-was-made": "How this report was made",
}
# The order in which the sections show them; numbers follow from it.
TABLES = {
    "claims": "The claims of the source, each with its verdict",
    "events": "Events in order",
    "observations": "Every value, by study day",
    "interventions": "What was given",
    "changes": "Last values of each phase against the phase before",
    "effects": "Effect sizes of each phase against the phase before",
    "regression": "Piecewise regression on study days",
    "comparators": "What each patient was given",
    "consistency": "Remarks on the data",
    "care": "Where the report meets each item",
    "sources": "Where the data come from",
}


@dataclass(frozen=True)
class Report:
    """What the sections are put together from: the analysis and its results, read back from disk."""

    analysis: Analysis
    tables: dict[str, pd.DataFrame]
    figures: dict[str, dict]
    values: dict[str, tuple[str, str]]

    @property
    def figure_numbers(self) -> dict[str, int]:
        """Figures count from 1 in the order in which the sections show them."""
        return {figure: i for i, figure in enumerate(self.figures, start=1)}

    @property
    def table_numbers(self) -> dict[str, int]:
        """Tables count from 1 in the order in which the sections show them; an empty one is not shown."""
        regression = self.tables["regression"]
        rows = self.tables | {
            "effects": informative(self.tables["effects"]),
            "regression": regression[(regression["model"] != "").any() & (regression["analyte"] != "")],
        }
        shown = [t for t in TABLES if t == "sources" or len(rows[t])]
        return {table: i for i, table in enumerate(shown, start=1)}


class Html(str):
    """HTML made by a template; shown as such by Jupyter."""

    def __repr__(self) -> str:
        """What a terminal shows, and a notebook keeps beside the HTML: not all of it a second time."""
        return f"{len(self)} characters of HTML"

    def _repr_html_(self) -> str:
        return str(self)


ENVIRONMENT = Environment(
    loader=PackageLoader("casereport.report", "templates/sections"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


def compile_templates() -> None:
    """Makes the sections' templates ready, for the processes that are forked from this one."""
    for name in ENVIRONMENT.list_templates():
        ENVIRONMENT.get_template(name)


def open_report(analysis: Analysis) -> Report:
    """Reads the results of `analysis` from its output folder; raises FileNotFoundError if a step has not run."""
    out = analysis.out
    names = (
        "observations", "interventions", "events", "phases", "consistency", "values", "changes", "effects", "chance",
        "regression", "estimability", "claims", "base_rates", "comparators", "sensitivity", "care",
    )  # fmt: skip
    tables = {name: load_table(out, name) for name in names}
    listing = json.loads((out / "figures" / "figures.json").read_text(encoding="utf-8"))
    figures = {f["id"]: f | _drawn(out / "figures", f["id"]) for f in listing}
    values = {
        row.name_: (row.text, row.source) for row in tables["values"].rename(columns={"name": "name_"}).itertuples()
    }
    return Report(analysis, tables, figures, values)


def _drawn(folder: Path, figure: str) -> dict[str, object]:
    """The drawing, the table it shows, and the same as a CSV file that travels inside the page."""
    csv = (folder / f"{figure}.csv").read_text(encoding="utf-8")
    return {
        "svg": (folder / f"{figure}.svg").read_text(encoding="utf-8"),
        "data": data_table(csv),
        "download": "data:text/csv;charset=utf-8;base64," + base64.b64encode(csv.encode()).decode(),
    }


def head(report: Report) -> Html:
    """Title, status, keywords, the phases' colours and the table of contents."""
    meta = report.analysis.case.meta
    return _render(report, "head", sections=SECTIONS, keywords=meta.keywords)


def section(report: Report, name: str) -> Html:
    """One section as HTML; raises KeyError for a name that is not in `SECTIONS`."""
    title = SECTIONS[name]
    prose = narrative(report, title)
    extra: dict[str, object] = {}
    tables = report.tables
    if name == "at-a-glance":
        extra = glance(report)
    elif name == "audit":
        rows = claim_rows(tables["claims"], tables["base_rates"])
        extra = {"rows": rows, "counts": verdicts(tables["claims"]), "caveats": CAVEATS}
    elif name == "comparators":
        extra = {"rows": tables["comparators"].to_dict("records")}
    elif name == "timeline":
        extra = {"rows": event_rows(tables["events"])}
    elif name == "diagnostic-assessment":
        extra = series_rows(tables["observations"], report.analysis.case)
    elif name == "therapeutic-intervention":
        extra = {"rows": given_rows(tables["interventions"], report.analysis.case.vocabulary)}
    elif name == "follow-up-and-outcomes":
        courses = [f for f in report.figures if f in report.analysis.case.vocabulary.analytes]
        extra = {
            "rows": change_rows(tables["changes"], tables["observations"], report.analysis.case),
            "courses": courses,
        }
    elif name == "evidence":
        extra = {
            "effects": effect_rows(tables["effects"], report.analysis.case),
            "regression": regression_rows(tables["regression"], report.analysis.case),
            "chance": tables["chance"].to_dict("records"),
            "estimability": tables["estimability"].query("basis == 'ever given'").to_dict("records"),
            "survival": survival_sentence(tables["sensitivity"]),
            "sensitivity": tables["sensitivity"]["sentence"].to_list(),
            "confidence": f"{100 * report.analysis.settings.confidence:g} %",
        }
    elif name == "consistency":
        extra = {"rows": finding_rows(tables["consistency"], report.analysis.case.vocabulary)}
    elif name == "care":
        rows = tables["care"].to_dict("records")
        missing = [row for row in rows if row["must"] == "True" and row["met"] == "gap"]
        extra = {"rows": rows, "missing": missing, "references": REFERENCES}
    elif name == "sources":
        extra = {"evidence": _evidence_counts(report), "meanings": EVIDENCE}
    elif name == "how-it-was-made":
        extra = {"made": provenance.collect(report.analysis)}
    template = name if f"{name}.html.j2" in ENVIRONMENT.list_templates() else "prose"
    return _render(report, template, id=name, title=title, prose=prose, **extra)


def _render(report: Report, template: str, **context: object) -> Html:
    case = report.analysis.case
    text = ENVIRONMENT.get_template(f"{template}.html.j2").render(
        meta=case.meta,
        simulated=case.simulated,
        figures=report.figures,
        figure_numbers=report.figure_numbers,
        table_numbers=report.table_numbers,
        table_titles=TABLES,
        inline_svg=lambda figure: Markup(inline_svg(report.figures[figure]["svg"])),
        colours=phase_colours([p.id for p in case.meta.phases]),
        counted=counted,
        listed=listed,
        **context,
    )
    return Html(text)


_MARKDOWN = mistune.create_markdown(escape=True, plugins=["table"])


def narrative(report: Report, title: str) -> Markup | None:
    """The prose of one section as HTML, its placeholders filled; None where the case has none."""
    text = report.analysis.case.narrative.get(title)
    if text is None:
        return None
    html = str(_MARKDOWN(text))
    # remote images would be requests to a server, and a heading of the prose stands below the section's own
    html = re.sub(r"<img[^>]*>", "", html)
    html = re.sub(r"<(/?)h([1-4])\b", lambda m: f"<{m[1]}h{int(m[2]) + 2}", html)
    return Markup(PLACEHOLDER.sub(lambda match: _filled(report, _unescaped(match[1])), html))


def _unescaped(name: str) -> str:
    return str(Markup(name).unescape())


def _filled(report: Report, name: str) -> str:
    text, source = report.values[name]
    if source == "figure":
        number = report.figure_numbers.get(text)
        return f'<a class="ref" href="#figure-{text}">Figure {number}</a>' if number else "a figure that is not shown"
    if source == "table":
        if text not in report.table_numbers:
            return "a table that would be empty"
        return f'<a class="ref" href="#table-{text}">Table {report.table_numbers[text]}</a>'
    return f'<span class="filled" title="{escape(source)}">{escape(text)}</span>'


def _evidence_counts(report: Report) -> list[tuple[str, int, int, int]]:
    """For each class of evidence in the case: statements on analytes, interventions, events."""
    case = report.analysis.case
    counts = [Counter(t["evidence"]) for t in (case.observations, case.interventions, case.events)]
    return [(e, *(c[e] for c in counts)) for e in EVIDENCE if any(c[e] for c in counts)]  # type: ignore[misc]


def glance(report: Report) -> dict[str, object]:
    """What the top of the report says: who, what was given, what is measured, the main changes."""
    claims = report.tables["claims"]
    return who_and_what(report.analysis.case) | {
        "changes": _main_changes(report),
        "remarks": len(report.tables["consistency"]),
        "verdicts": [(v, claims.loc[claims["verdict"] == v, "claim"].to_list()) for v, _ in verdicts(claims)],
    }


def _main_changes(report: Report) -> list[dict[str, object]]:
    """For each phase after the first: which analytes ended better, worse, or changed without a good side.

    Then, for each phase, the same of its first and last value, for analytes that two phases do not both have.
    """
    case = report.analysis.case
    observations, events = report.tables["observations"], report.tables["events"]
    rows = change_rows(report.tables["changes"], observations, case)
    told = events[events["interpretation"].isin(["B", "W"]) & (events["kind"] != "laboratory")]
    phases = [p.id for p in case.meta.phases]
    found = [
        _changes_of(report, phase, rows, told[told["phase"] == phase]["finding"].map(uncapital).to_list())
        for phase in phases[1:]
    ]
    rest = within(case, measurements(case, report.analysis.settings))
    rest = rest[~rest["analyte"].isin(report.tables["changes"]["analyte"])]
    rows = change_rows(rest.map(plain_cell), observations, case)
    inside = [_changes_of(report, phase, rows, []) | {"inside": True} for phase in phases]
    return found + [entry for entry in inside if entry["total"]]


def _changes_of(report: Report, phase: str, rows: list[dict[str, str]], told: list[str]) -> dict[str, object]:
    mine = [r for r in rows if r["phase"] == phase]
    order = ("better", "worse", "not certain", "same", "rose", "fell", "in range")
    return {
        "phase": phase,
        "label": {p.id: p.label for p in report.analysis.case.meta.phases}[phase],
        "inside": False,
        "told": told,
        "rows": mine if len(mine) <= 4 else [],
        "total": len(mine),
        "groups": [(outcome, [_told(r) for r in mine if r["outcome"] == outcome]) for outcome in order],
        "between": [f"{r['short']} {r['between']}" for r in mine if r["between"]],
    }


def _told(row: dict[str, str]) -> str:
    text = row["move"] if row["outcome"] in ("better", "worse", "rose", "fell") else row["short"]
    return f"{text} ({row['then']})" if row["then"] else text
