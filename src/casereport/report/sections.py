"""The CARE report, section by section: put together from what the notebooks kept, computing nothing.

Every text that comes from a case folder is escaped by the templates; the narrative is Markdown in which markup is
shown, not run, and whose placeholders can reach the named results and nothing else.
"""

import base64
import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import mistune
import pandas as pd
from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from casereport.analysis.base_rates import CAVEATS
from casereport.analysis.changes import within
from casereport.analysis.effect_tables import informative
from casereport.analysis.estimability import told_basis
from casereport.analysis.judgement.verdict import (
    AWAY,
    BETTER,
    FELL,
    OUT,
    ROSE,
    TURNS,
    UNCHANGED,
    UNDECIDED,
    WITHIN,
    WORSE,
)
from casereport.analysis.measurements import Measurement
from casereport.analysis.phase_notes import phase_notes
from casereport.analysis.sensitivity import in_one_sentence
from casereport.analysis.tidy import change_table, measured
from casereport.analysis.truth import ANSWERS
from casereport.analysis.truth import in_one_sentence as against_truth_in_one_sentence
from casereport.analysis.under_way import headline
from casereport.audit.care.items import REFERENCES
from casereport.audit.claims import CLINICAL, transcription_text
from casereport.case.narrative import PLACEHOLDER
from casereport.case.schema import EVIDENCE
from casereport.case.settings import make_settings
from casereport.figures.palette import phase_colours
from casereport.figures.svg import inline_svg
from casereport.quantities.wording import (
    counted,
    counted_in,
    listed,
    time_axis,
    time_unit,
    uncapital,
)
from casereport.report import provenance
from casereport.report.evidence_tables import effect_rows, regression_rows, truth_rows, visual_rows, without_index
from casereport.report.kept import Entry, Results
from casereport.report.summary import only_in_words, verdicts, who_and_what
from casereport.report.tables import (
    Cells,
    change_rows,
    claim_rows,
    data_table,
    event_rows,
    finding_rows,
    given_rows,
    history_rows,
    series_rows,
)
from casereport.report.titles import SECTIONS


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


@dataclass(frozen=True)
class Shown:
    """One kept thing as the report shows it: its number, and where the cell is that kept it.

    Of a figure `svg`; of both `data`, the cells behind it (header and rows), and of a styled table `html`.
    """

    entry: Entry
    number: int
    data: dict[str, list]
    download: str = ""
    svg: str = ""
    html: str = ""

    @property
    def cell(self) -> str:
        """The link to the cell of the executed notebook."""
        return f"notebooks/{self.entry.notebook}.html#kept-{self.entry.name}"


class Report:
    """What the sections are put together from: the case and all that the notebooks kept."""

    def __init__(self, results: Results) -> None:
        results.check_all()
        self.results, self.case = results, results.case
        self.labels = {p.id: p.label for p in self.case.meta.phases}
        self.values = {row["name"]: (row["text"], row["source"]) for row in results["values"].to_dict("records")}

    @cached_property
    def observations(self) -> list[Measurement]:
        """What is known of the analytes that the notebooks were told to show, as they have it."""
        asked = make_settings({"analytes": self.results.parameters.get("analytes", "")}).analyte_ids
        return [m for m in measured(self.results["observations"]) if not asked or m.analyte in asked]

    def figures(self) -> dict[str, Shown]:
        """The figures by their names, numbered from 1 in the order in which the sections show them."""
        return self._shown["figure"]

    def tables(self) -> dict[str, Shown]:
        """The tables that the report shows, by their names, numbered as the figures; an empty one is not shown."""
        return self._shown["table"]

    @cached_property
    def _shown(self) -> dict[str, dict[str, Shown]]:
        order = list(SECTIONS)
        entries = [e for e in self.results.entries if e.section and not self._is_empty(e)]
        entries.sort(key=lambda e: (order.index(e.section), not _has_place(e)))
        found: dict[str, dict[str, Shown]] = {"figure": {}, "table": {}}
        for entry in entries:
            mine = found[entry.kind]
            mine[entry.name] = self._read(entry, len(mine) + 1)
        return found

    def _is_empty(self, entry: Entry) -> bool:
        if entry.kind != "table":
            return False
        table = self.results[entry.name]
        if entry.name == "effects":
            table = informative(table)
        return table.empty or (entry.name == "regression" and not (table["model"] != "").any())

    def _read(self, entry: Entry, number: int) -> Shown:
        folder = self.results.folder
        if entry.kind == "figure":
            path = folder / "figures" / f"{entry.name}.csv"
            csv, svg = path.read_bytes(), path.with_suffix(".svg").read_text(encoding="utf-8")
            table = pd.read_csv(path, dtype=str, keep_default_na=False)
            download = "data:text/csv;charset=utf-8;base64," + base64.b64encode(csv).decode()
            return Shown(entry, number, data_table(table), download, svg)
        html = folder / "results" / f"{entry.name}.html"
        styled = html.read_text(encoding="utf-8") if entry.styled else ""
        own = entry.name in _TEMPLATES  # a table of the project has a template that words it
        return Shown(entry, number, {} if own or styled else data_table(self.results[entry.name]), html=styled)

    def head(self) -> Html:
        """Title, status, keywords, the phases' colours and the table of contents."""
        return self._render("head", sections=SECTIONS, keywords=self.case.meta.keywords)

    def section(self, name: str) -> Html:
        """One section as HTML; raises KeyError for a name that is not in `SECTIONS`."""
        with counted_in(self.case.meta.time_unit):
            return self._section(name)

    def _section(self, name: str) -> Html:
        title = SECTIONS[name]
        words: Cells = _WORDED[name](self) if name in _WORDED else {}
        template = name if f"{name}.html.j2" in ENVIRONMENT.list_templates() else "prose"
        others = [
            shown
            for kind in ("figure", "table")
            for shown in self._shown[kind].values()
            if shown.entry.section == name and not _has_place(shown.entry)
        ]
        prose = self.narrative(title)
        return self._render(template, id=name, title=title, prose=prose, others=others, **words)

    def narrative(self, title: str) -> Markup | None:
        """The prose of one section as HTML, its placeholders filled; None where the case has none."""
        text = self.case.narrative.get(title)
        if text is None:
            return None
        html = str(_MARKDOWN(text))
        # remote images would be requests to a server, and a heading of the prose stands below the section's own
        html = re.sub(r"<img[^>]*>", "", html)
        html = re.sub(r"<(/?)h([1-4])\b", lambda m: f"<{m[1]}h{int(m[2]) + 2}", html)
        return Markup(PLACEHOLDER.sub(lambda match: self._filled(str(Markup(match[1]).unescape())), html))

    def _filled(self, name: str) -> str:
        text, source = self.values[name]
        if source == "figure":
            figure = self._figure_of(text)
            if figure is None:
                return "a figure that is not shown"
            return f'<a class="ref" href="#figure-{figure.entry.name}">Figure {figure.number}</a>'
        if source == "table":
            if text not in self.tables():
                return "a table that would be empty"
            return f'<a class="ref" href="#table-{text}">Table {self.tables()[text].number}</a>'
        return f'<span class="filled" title="{escape(source)}">{escape(text)}</span>'

    def _figure_of(self, name: str) -> Shown | None:
        """The figure of this name; that of an analyte is the one of its organ system."""
        figures = self.figures()
        if name in figures or name not in self.case.vocabulary.analytes:
            return figures.get(name)
        return figures.get(course_id(self.case.vocabulary.analytes[name].group))

    def _render(self, template: str, **context: object) -> Html:
        case = self.case
        text = ENVIRONMENT.get_template(f"{template}.html.j2").render(
            meta=case.meta,
            simulated=case.simulated,
            figures=self.figures(),
            tables=self.tables(),
            inline_svg=lambda shown: Markup(inline_svg(shown.svg)),
            colours=phase_colours([p.id for p in case.meta.phases]),
            counted=counted,
            time_unit=time_unit,
            time_axis=time_axis,
            listed=listed,
            markup=Markup,
            **context,
        )
        return Html(text)


def _has_place(entry: Entry) -> bool:
    """True for what a section's template puts into its place; all else stands at the end of its section."""
    own = _TEMPLATES if entry.kind == "table" else _FIGURES
    return entry.name in own or (entry.kind == "figure" and entry.name.startswith("courses-"))


def course_id(group: str) -> str:
    """The name of the figure with the courses of a group of analytes: `courses-kidney-and-electrolytes`."""
    return "courses-" + "-".join(group.lower().split())


def open_report(results: Results) -> Report:
    """The report of what the notebooks have kept; raises NotThere naming the notebook that has not run."""
    return Report(results)


_MARKDOWN = mistune.create_markdown(escape=True, plugins=["table"])


def _glance(report: Report) -> Cells:
    """What the top of the report says: who, what was given, what is measured, the main changes."""
    audit = report.results["audit"]
    tables = (report.results[name] for name in ("phases", "observations", "interventions"))
    clinical = audit[audit["sort"] == CLINICAL]
    return who_and_what(report.case, report.observations) | {
        "notes": phase_notes(*tables),
        "changes": _main_changes(report),
        "remarks": len(report.results["consistency"]),
        "verdicts": [(v, clinical.loc[clinical["verdict"] == v, "claim"].to_list()) for v, _ in verdicts(audit)],
        "transcription": transcription_text(audit),
    }


def _main_changes(report: Report) -> list[Cells]:
    """For each phase after the first: which analytes ended better, worse, or changed without a good side.

    Then, for each phase, the same of its first and last value, for analytes that two phases do not both have.
    """
    changed, events = report.results["changes"], report.results["events"]
    rows = change_rows(changed, report.observations, report.labels, report.results["sensitivity"])
    told = events[events["interpretation"].isin(["B", "W"]) & (events["kind"] != "laboratory")]
    phases = list(report.labels)
    found = [
        _changes_of(
            report,
            phase,
            rows,
            [*only_in_words(report.observations, phase), *told[told["phase"] == phase]["told"].map(uncapital)],
        )
        for phase in phases[1:]
    ]
    compared = set(changed["analyte"])
    rest = change_table(c for c in within(report.observations, phases) if c.analyte.analyte not in compared)
    rows = change_rows(rest, report.observations, report.labels)
    inside = [_changes_of(report, phase, rows, []) | {"inside": True} for phase in phases]
    return found + [entry for entry in inside if entry["total"]]


def _changes_of(report: Report, phase: str, rows: list[Cells], told: list[str]) -> Cells:
    mine = [r for r in rows if r["phase"] == phase]
    return {
        "phase": phase,
        "label": report.labels[phase],
        "inside": False,
        "told": told,
        "rows": mine if len(mine) <= 4 else [],
        "total": len(mine),
        "under_way": headline(report.results["under_way"], phase),
        "groups": [(heading, [_told(r) for r in mine if r["heading"] == heading]) for heading in _GROUPS],
    }


_GROUPS = (BETTER, WORSE, TURNS, OUT, AWAY, ROSE, FELL, UNCHANGED, WITHIN, UNDECIDED)


def _told(row: Cells) -> str:
    verdict = "" if row["verdict"] == row["heading"] else row["verdict"]
    alike = row["alike"] if row["heading"] in (BETTER, WORSE) else ""
    parts = (verdict, row["between"] and f"in between {row['between']}", row["then"], alike)
    said = "; ".join(str(part) for part in parts if part)
    return f"{row['short'] if row['heading'] in (WITHIN, UNCHANGED) else row['move']}" + (f" ({said})" if said else "")


def _audit(report: Report) -> Cells:
    audit = report.results["audit"]
    rows = claim_rows(audit, report.results["base_rates"])
    return {
        "rows": rows,
        "counts": verdicts(audit),
        "transcription": transcription_text(audit),
        "caveats": CAVEATS,
    }


def _evidence(report: Report) -> Cells:
    effects, sensitivity = report.results["effects"], report.results["sensitivity"]
    estimability, phases = report.results["estimability"], report.results["phases"]
    found = report.results["found"]
    return {
        "effects": effect_rows(effects, report.labels),
        "visual": visual_rows(report.results["visual"], report.labels),
        "half_lives": [s for s in report.results["half_lives"]["sentence"] if s],
        "without_index": without_index(effects, report.labels),
        "regression": regression_rows(report.results["regression"], report.labels),
        "chance": report.results["chance"].to_dict("records"),
        "estimability": estimability[estimability["basis"] == told_basis(phases)].to_dict("records"),
        "ab_pairs": report.results["ab_pairs"].to_dict("records"),
        "truth": truth_rows(found),
        "truth_told": against_truth_in_one_sentence(found),
        "answers": ANSWERS,
        "survival": in_one_sentence(sensitivity),
        "sensitivity": sensitivity["sentence"].to_list(),
        "confidence": f"{100 * effects['confidence'].iloc[0]:g} %" if len(effects) else "",
    }


def _care(report: Report) -> Cells:
    rows = report.results["care"].to_dict("records")
    missing = [row for row in rows if row["must"] and row["met"] == "gap"]
    return {"rows": rows, "missing": missing, "references": REFERENCES}


def _follow_up(report: Report) -> Cells:
    return {"rows": change_rows(report.results["changes"], report.observations, report.labels)}


def _courses(report: Report) -> Cells:
    return {"courses": [shown for name, shown in report.figures().items() if name.startswith("courses-")]}


_WORDED: dict[str, Callable[[Report], Cells]] = {
    "at-a-glance": _glance,
    "audit": _audit,
    "patient-information": lambda report: {"history": history_rows(report.results["events"])},
    "timeline": lambda report: {"rows": event_rows(report.results["events"])},
    "diagnostic-assessment": lambda report: series_rows(report.observations, report.case.vocabulary),
    "therapeutic-intervention": lambda report: {"rows": given_rows(report.results["interventions"])},
    "follow-up-and-outcomes": _follow_up,
    "evidence": _evidence,
    "courses": _courses,
    "comparators": lambda report: {"rows": report.results["comparators"].to_dict("records")},
    "consistency": lambda report: {"rows": finding_rows(report.results["consistency"], report.case.vocabulary)},
    "care": _care,
    "sources": lambda report: {"rows": report.results["sources"].to_dict("records"), "meanings": EVIDENCE},
    "how-it-was-made": lambda report: {
        "made": provenance.collect(report.results.made_from, report.results.parameters),
        "notebooks": report.results.notebooks,
    },
}
_FIGURES = ("timeline", "laboratory", "change", "forest", "sensitivity", "comparators")
_TEMPLATES = (
    "audit", "events", "observations", "interventions", "changes", "effects", "regression", "visual", "comparators",
    "found", "consistency", "care", "sources", "ab_pairs",
)  # fmt: skip
