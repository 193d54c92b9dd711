"""The report on paper: Chromium prints its page, twice, for Chromium cannot say in CSS on which page a link ends.

The first print shows where each section begins; the second has those numbers in its list of contents.
"""

import io
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from bs4 import BeautifulSoup, Tag

from casereport.figures.svg import inline_svg
from casereport.report.exports import needed
from casereport.report.exports.page import alt_texts, keep_links_that_lead_somewhere, keywords

_SWITCHES = (
    "--headless", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--disable-extensions",
    "--host-resolver-rules=MAP * ~NOTFOUND",  # nothing is asked of any server
    "--generate-pdf-document-outline", "--no-pdf-header-footer",
)  # fmt: skip
_PATIENCE = 300  # seconds
_LONGEST_WORD = 24  # letters of a word in a cell
_NO_SANDBOX = (
    "chromium finds no sandbox: this machine gives its users no namespaces of their own. Have them allowed (sysctl "
    "kernel.unprivileged_userns_clone=1, kernel.apparmor_restrict_unprivileged_userns=0), or export with --no-sandbox: "
    "the page is this project's own, runs no script and asks no server"
)


def pdf(page: BeautifulSoup, folder: Path, sandbox: bool = True) -> bytes:
    """The report as a tagged PDF with outline, internal links and page numbers in its contents.

    Without `sandbox` Chromium runs as it does for root. Raises Missing without Chromium or pypdf, and NotPrinted.
    """
    needed.package("pypdf")
    from pypdf import PdfReader

    text = page.get_text()
    if not text.isascii():
        fonts = needed.fonts()
        if signs := fonts.without(text):
            raise needed.NotPrinted(f"no font of this machine has {signs[:20]!r}: {fonts.PACKAGES}")
    numbers = _list_of_contents(page)
    _draw_for_a_page(page, folder / "figures")
    keep_links_that_lead_somewhere(page)
    _break_what_is_too_long(page)
    first = PdfReader(io.BytesIO(_printed(page, sandbox)))
    # a destination is named by the id that the link names
    starts = {name.lstrip("/"): first.get_destination_page_number(d) for name, d in first.named_destinations.items()}
    for section, number in numbers.items():
        number.string = str((starts[section] or 0) + 1)
    return _finished(_printed(page, sandbox), page, list(alt_texts(page).values()))


def _draw_for_a_page(page: BeautifulSoup, figures: Path) -> None:
    """Puts a figure's drawing for a page, where it has one, in the place of that for a wide screen: its letters would
    be 5 points high on paper.
    """
    for figure in page.select("figure[id^=figure-]"):
        drawn = figures / f"{figure['id'].removeprefix('figure-')}-page.svg"
        if drawn.is_file():
            svg = BeautifulSoup(inline_svg(drawn.read_text(encoding="utf-8")), "html.parser")
            svg.svg["class"] = "page"
            figure.select_one(".picture:not(.phone) > svg").replace_with(svg)


def _break_what_is_too_long(page: BeautifulSoup) -> None:
    """Words of a table are printed whole, but for one that no column is wide enough for: it would shrink the page."""
    for cell in page.select("td, th"):
        if any(len(word) > _LONGEST_WORD for word in cell.get_text(" ").split()):
            cell["style"] = "overflow-wrap:anywhere;min-width:4.4rem"


def _list_of_contents(page: BeautifulSoup) -> dict[str, Tag]:
    """Gives each entry of the list a place for its page number; returns those places by the id of the section.

    The list follows what a reader sees first, which then has the whole of page 1.
    """
    contents = page.select_one("nav.contents")
    if glance := page.select_one("#at-a-glance"):
        glance.insert_after(contents.extract())
    contents["class"] = "contents paged"
    for folded in contents.select("details details"):  # the lists of figures and tables, one page long
        folded.decompose()
    numbers = {}
    for link in contents.select('a[href^="#"]'):
        leader = page.new_tag("span", attrs={"class": "leader"})
        number = page.new_tag("span", attrs={"class": "page"}, string="00")  # as wide as what will stand there
        link.extend([leader, number])
        numbers[link["href"][1:]] = number
    return numbers


def _printed(page: BeautifulSoup, sandbox: bool) -> bytes:
    sandbox = sandbox and os.geteuid() != 0
    with tempfile.TemporaryDirectory(prefix="casereport-") as name:
        folder = Path(name)
        (folder / "report.html").write_text(str(page), encoding="utf-8")
        target = folder / "report.pdf"
        command = [
            needed.chromium(), *_SWITCHES, *([] if sandbox else ["--no-sandbox"]),
            f"--user-data-dir={folder / 'profile'}", f"--print-to-pdf={target}", (folder / "report.html").as_uri(),
        ]  # fmt: skip
        try:
            needed.done(command, _PATIENCE)
        except needed.NotPrinted as stopped:
            if sandbox and "sandbox" in str(stopped).lower():
                raise needed.NotPrinted(_NO_SANDBOX) from None
            raise
        if not target.is_file():  # its exit code does not tell
            raise needed.NotPrinted("chromium made no PDF and did not say why")
        return target.read_bytes()


def _finished(printed: bytes, page: BeautifulSoup, alts: list[str]) -> bytes:
    """The print with the report's own metadata, no time of day, and the headings as they are written."""
    from pypdf import PdfReader, PdfWriter

    reader = PdfReader(io.BytesIO(printed))
    writer = PdfWriter(clone_from=reader)
    writer.pdf_header = reader.pdf_header  # tags are of version 1.4
    writer.metadata = {
        "/Title": page.title.get_text(),
        "/Keywords": keywords(page),
        "/Creator": "casereport",
        "/Producer": "Chromium and pypdf",
    }
    _describe_figures(writer.root_object["/StructTreeRoot"], alts)
    _name_outline(writer.get_outline_root(), [h.get_text(" ", strip=True) for h in page.select("h1, h2, h3, h4")])
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def _describe_figures(tree: Any, alts: list[str]) -> None:
    """Chromium tags each figure of the page and leaves its alt text out, for what is drawn in it is hidden."""
    from pypdf.generic import NameObject, TextStringObject

    silent = [e for e in _elements(tree) if e.get("/S") == "/Figure" and "/Alt" not in e]
    if len(silent) != len(alts):  # better none than one that belongs to another figure
        return
    for element, alt in zip(silent, alts, strict=True):
        element[NameObject("/Alt")] = TextStringObject(alt)


def _elements(parent: dict) -> Iterator[dict]:
    """All elements of the tree of tags, in the order of the document."""
    children = parent.get("/K", [])
    children = children.get_object() if hasattr(children, "get_object") else children
    for child in children if isinstance(children, list) else [children]:
        element = child.get_object()
        if isinstance(element, dict):
            yield element
            yield from _elements(element)


def _name_outline(outline: dict, headings: list[str]) -> None:
    """Chromium joins the lines of a heading without a space, and writes capitals where the style sheet shows them."""
    from pypdf.generic import NameObject, TextStringObject

    def squeezed(text: str) -> str:
        return "".join(text.split()).casefold()

    waiting = iter(headings)
    for item in _outline_items(outline):
        shown = squeezed(item["/Title"])
        written = next((h for h in waiting if squeezed(h) == shown), item["/Title"])
        item[NameObject("/Title")] = TextStringObject(written)


def _outline_items(parent: dict) -> Iterator[dict]:
    """All entries of an outline, in the order of the document."""
    item = parent.get("/First")
    while item is not None:
        entry = item.get_object()
        yield entry
        yield from _outline_items(entry)
        item = entry.get("/Next")
