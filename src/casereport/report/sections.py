"""The CARE report, section by section: put together from what the notebooks kept, computing nothing.

Every text that comes from a case folder is escaped by the templates; the narrative is Markdown in which markup is
shown, not run, and whose placeholders can reach the named results and nothing else.
"""

import base64
import re
from dataclasses import dataclass
from functools import cached_property

import mistune
import pandas as pd
from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from casereport.analysis.effect_tables import informative
from casereport.analysis.measurements import Measurement
from casereport.analysis.result_files import as_written
from casereport.analysis.tidy import measured
from casereport.analysis.time_unit import time_of
from casereport.case.case import Case
from casereport.case.narrative import PLACEHOLDER
from casereport.case.references import Reference, with_citations
from casereport.case.settings import make_settings
from casereport.figures.palette import phase_colours
from casereport.figures.svg import inline_svg
from casereport.quantities.wording import closed_up, counted, counted_in, listed, time_axis, time_unit
from casereport.report.declared import numbered, title_page
from casereport.report.kept import Results
from casereport.report.records import Entry
from casereport.report.tables import Cells, data_table
from casereport.report.titles import MAIN, SECTIONS, SUPPLEMENT
from casereport.report.words import WORDED

MOST_ROWS = 500  # of a figure's data as a table of the page; beyond, they are downloaded from it


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

    Of a figure `svg`, and `phone` where it is drawn for one, and the ids of its `analytes`; of both `data`, the cells
    behind it (header and rows; of a figure with more than `MOST_ROWS` none, and `left_out` is their number), and of a
    styled table `html`.
    """

    entry: Entry
    number: int
    data: dict[str, list]
    download: str = ""
    svg: str = ""
    phone: str = ""
    html: str = ""
    analytes: frozenset[str] = frozenset()
    left_out: int = 0

    @property
    def first(self) -> str:
        """The name of the figure that this one continues, `forest` of `forest-2`; else its own."""
        return _first(self.entry)

    @property
    def cell(self) -> str:
        """The link to the cell of the executed notebook."""
        return f"notebooks/{self.entry.notebook}.html#kept-{self.entry.name}"


class Report:
    """What the sections are put together from: the case and all that the notebooks kept."""

    def __init__(self, results: Results) -> None:
        results.check_all()
        self.results: Results = results
        self.case: Case = results.case
        self.labels: dict[str, str] = {p.id: p.label for p in self.case.meta.phases}
        self.values = {row["name"]: (row["text"], row["source"]) for row in results["values"].to_dict("records")}

    @cached_property
    def observations(self) -> list[Measurement]:
        """What is known of the analytes that the notebooks were told to show, as they have it."""
        asked = make_settings({"analytes": self.results.parameters.get("analytes", "")}).analyte_ids
        return [m for m in measured(self.results["observations"]) if not asked or m.analyte in asked]

    @cached_property
    def cited(self) -> dict[str, tuple[int, Reference]]:
        """What the report cites, by key: the number and the entry."""
        return numbered(self.case)

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
            table = pd.read_csv(path, dtype=str, keep_default_na=False).map(as_written).rename(columns=as_written)
            download = "data:text/csv;charset=utf-8;base64," + base64.b64encode(csv).decode()
            small = path.with_name(f"{path.stem}-phone.svg")
            phone = small.read_text(encoding="utf-8") if entry.phone else ""
            analytes = frozenset(table["analyte"]) if "analyte" in table else frozenset()
            left_out = len(table) if len(table) > MOST_ROWS else 0
            data = data_table(table.head(0) if left_out else table)
            return Shown(entry, number, data, download, svg, phone, analytes=analytes, left_out=left_out)
        html = folder / "results" / f"{entry.name}.html"
        styled = html.read_text(encoding="utf-8") if entry.styled else ""
        own = entry.name in _TEMPLATES  # a table of the project has a template that words it
        return Shown(entry, number, {} if own or styled else data_table(self.results[entry.name]), html=styled)

    def head(self) -> Html:
        """Title, status, keywords, the phases' colours and the table of contents."""
        meta = self.case.meta
        return self._render("head", main=MAIN, supplement=SUPPLEMENT, keywords=meta.keywords, page=title_page(meta))

    def section(self, name: str) -> Html:
        """One section as HTML; raises KeyError for a name that is not in `SECTIONS`."""
        with counted_in(*time_of(self.case)):
            return self._section(name)

    def _section(self, name: str) -> Html:
        title = SECTIONS[name]
        words: Cells = WORDED[name](self) if name in WORDED else {}
        template = name if f"{name}.html.j2" in ENVIRONMENT.list_templates() else "prose"
        others = [
            shown
            for kind in ("figure", "table")
            for shown in self._shown[kind].values()
            if shown.entry.section == name and not _has_place(shown.entry)
        ]
        prose = self.narrative(title)
        html = self._render(template, id=name, title=title, prose=prose, others=others, **words)
        return Html(
            html.replace("<section", f'<section style="--tall:{_height(html)}"', 1) if name in SUPPLEMENT else html
        )

    def narrative(self, title: str) -> Markup | None:
        """The prose of one section as HTML, its placeholders filled; None where the case has none."""
        text = self.case.narrative.get(title)
        if text is None:
            return None
        # before Markdown, for which a citation in front of a bracket would be a link
        html = str(_MARKDOWN(with_citations(text, lambda keys: _HELD.format(self._numbers(keys)))))
        # remote images would be requests to a server, and a heading of the prose stands below the section's own
        html = re.sub(r"<img[^>]*>", "", html)
        html = re.sub(r"<(/?)h([1-5])\b", lambda m: f"<{m[1]}h{max(3, int(m[2]) + 1)}", html)
        html = _OF_HELD.sub(lambda match: _links(match[1]), html)
        return Markup(PLACEHOLDER.sub(lambda match: self._filled(str(Markup(match[1]).unescape())), html))

    def _numbers(self, keys: list[str]) -> str:
        return " ".join(map(str, sorted({self.cited[key][0] for key in keys})))

    def _filled(self, name: str) -> str:
        text, source = self.values[name]
        if source == "figure":
            figure = self._figure_of(text)
            if figure is not None:
                return f'<a class="ref" href="#figure-{figure.entry.name}">Figure {figure.number}</a>'
            if text not in {m.analyte for m in self.observations}:
                return "a figure that is not shown"
            text, source = "observations", "table"  # an analyte of too few values for a course
        if source == "table":
            if text not in self.tables():
                return "a table that would be empty"
            return f'<a class="ref" href="#table-{text}">Table {self.tables()[text].number}</a>'
        return f'<span class="filled" title="{escape(source)}">{escape(text)}</span>'

    def _figure_of(self, name: str) -> Shown | None:
        """The figure of this name; that of an analyte is the one of its organ system that has a panel of it."""
        figures = self.figures()
        if name in figures or name not in self.case.vocabulary.analytes:
            return figures.get(name)
        group = course_id(self.case.vocabulary.analytes[name].group)
        found = (shown for key, shown in figures.items() if key == group or re.fullmatch(rf"{group}-\d+", key))
        return next((shown for shown in found if name in shown.analytes), None)

    def _render(self, template: str, **context: object) -> Html:
        case = self.case
        text = ENVIRONMENT.get_template(f"{template}.html.j2").render(
            meta=case.meta,
            simulated=case.simulated,
            figures=self.figures(),
            tables=self.tables(),
            inline_svg=lambda text: Markup(inline_svg(text)),
            colours=phase_colours([p.id for p in case.meta.phases]),
            counted=counted,
            time_unit=time_unit,
            time_axis=time_axis,
            listed=listed,
            markup=Markup,
            **context,
        )
        return Html(closed_up(text))


def _height(html: str) -> int:
    """About how many pixels a section takes: the page lays it out when it comes near, and has to leave room for it."""
    figures = html.count("<figure")
    return 400 + (650 * figures or 55 * html.count("<tr"))


def _has_place(entry: Entry) -> bool:
    """True for what a section's template puts into its place; all else stands at the end of its section."""
    if entry.kind == "table":
        return entry.name in _TEMPLATES
    return _first(entry) in _FIGURES or entry.name.startswith("courses-")


def _first(entry: Entry) -> str:
    return re.sub(r"-\d+$", "", entry.name)


def course_id(group: str) -> str:
    """The name of the figure with the courses of a group of analytes: `courses-kidney-and-electrolytes`."""
    return "courses-" + "-".join(group.lower().split())


def open_report(results: Results) -> Report:
    """The report of what the notebooks have kept; raises NotThere naming the notebook that has not run."""
    return Report(results)


def _links(numbers: str) -> str:
    links = (f'<a class="cited" href="#reference-{number}">{number}</a>' for number in numbers.split())
    return f"[{', '.join(links)}]"


_HELD = "\ue000{}\ue001"  # the numbers of a citation, in signs that no text has a use for
_OF_HELD = re.compile("\ue000([0-9 ]+)\ue001")
_MARKDOWN = mistune.create_markdown(escape=True, plugins=["table"])
_FIGURES = ("overview", "timeline", "laboratory", "change", "forest", "sensitivity", "comparators")
_TEMPLATES = (
    "audit", "events", "observations", "interventions", "changes", "effects", "regression", "visual", "comparators",
    "found", "consistency", "care", "sources", "ab_pairs",
)  # fmt: skip
