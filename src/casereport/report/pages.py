"""Executed notebooks as HTML pages, by nbconvert with our own templates: one script, and no request to a server."""

import base64
import hashlib
import re
from functools import lru_cache
from pathlib import Path

from nbconvert.exporters import TemplateExporter
from nbconvert.filters import Highlight2HTML
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_notebook, new_output

_TEMPLATES = Path(__file__).parent / "templates"
_CSS = (_TEMPLATES / "page.css").read_text(encoding="utf-8")
_SCRIPT = (_TEMPLATES / "page.js").read_text(encoding="utf-8")
_RELATIVE = re.compile(r'(<a [^>]*href=")(?![#./]|[a-z]+:)')
# the policy of the page lets this one script run and no other
_SCRIPT_HASH = "sha256-" + base64.b64encode(hashlib.sha256(_SCRIPT.encode()).digest()).decode()


class _PageExporter(TemplateExporter):
    """A notebook through one of our templates. nbconvert's own HTML exporter would parse the page and write it anew:
    that changes inline SVG, takes longer than all the rest, and adds only alt texts, which every image here has.
    """

    output_mimetype = "text/html"

    def _file_extension_default(self) -> str:
        return ".html"


def report_page(notebook: NotebookNode, title: str, footer: str, simulated: bool, marks: str = "") -> str:
    """The report: the HTML outputs of the executed report notebook, one after the other, code left out.

    `marks` is what every printed page has to say before the title, such as `DRAFT`.
    """
    resources = _resources(title, footer, simulated, marks) | {"script": _SCRIPT, "script_hash": _SCRIPT_HASH}
    return _exporter("report").from_notebook_node(notebook, resources=resources)[0]


@lru_cache  # it compiles its templates when it first uses them
def _exporter(template: str) -> _PageExporter:
    exporter = _PageExporter(template_name=template, extra_template_basedirs=[str(_TEMPLATES)])
    # the lexer of IPython's magics imports those of all languages that may stand in a cell, for a third of a second
    exporter.register_filter("highlight_code", Highlight2HTML(pygments_lexer="python3"))
    return exporter


def _resources(title: str, footer: str, simulated: bool, marks: str) -> dict[str, object]:
    running = _css_string(f"{marks} · {title}" if marks else title)
    css = f"{_CSS}@page{{@top-left{{content:{running};font:8pt system-ui,sans-serif;color:#555}}}}\n"
    return {"title": title, "css": css, "footer": footer, "simulated": simulated, "marks": marks}


def _css_string(text: str) -> str:
    """The text as a CSS string that can end neither itself nor the style element around it."""
    return '"' + "".join(c if c.isalnum() or c in " .,:;-()·" else f"\\{ord(c):x} " for c in text) + '"'


def shell(body: str, title: str, footer: str) -> str:
    """A page of the same look around HTML that is not a notebook's, such as the list of reports."""
    cell = new_code_cell(outputs=[new_output("display_data", {"text/html": body})])
    return report_page(new_notebook(cells=[cell]), title, footer, simulated=False)


def notebook_page(
    notebook: NotebookNode, title: str, footer: str, simulated: bool, marks: str = "",
    back: tuple[str, str] = ("../report.html", "back to the report"),
) -> str:  # fmt: skip
    """An executed notebook as a document, its code folded behind a click; `marks` as for `report_page()`.

    `back` is where its first link leads, and what the link says.
    """
    resources = _resources(title, footer, simulated, marks) | {"back": back}
    page = _exporter("notebook").from_notebook_node(notebook, resources=resources)[0]
    if back[0].startswith("../"):  # what the report links to lies beside it, one folder above the notebook
        page = _RELATIVE.sub(r"\1../", page)
    # pandas leaves the corner of a table an empty header, which a screen reader would announce
    return page.replace("<th></th>", "<td></td>")
