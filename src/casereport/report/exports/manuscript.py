"""A report's page made over into plain HTML for pandoc: title, keywords and abstract first, then the sections.

Figures become PNG images with their alt text, folded tables are unfolded, and what only a screen needs is left out.
Numbers of figures and tables stay those of the report.
"""

import base64
import re
import struct
from itertools import zip_longest
from pathlib import Path

from bs4 import BeautifulSoup, Tag

from casereport.report.exports.journals import arrange, renumber
from casereport.report.exports.needed import fonts, package
from casereport.report.exports.page import alt_texts, keep_links_that_lead_somewhere

_SCREEN_ONLY = (
    "nav, footer, .skip, .links, .picture.phone, .scale, .second, details.figure-data, i.dot, .phases, style, h1"
)
_LINE, _LONGEST_WORD, _GAP = 105, 17, 2  # of a table, in characters
MANY, _SMALL_LINE = 8, 120  # columns of a table that is set smaller, and what its line then holds
_SPARE = 20  # what long cells get even where the words alone fill the line
SMALL = 7.2  # cm, narrower than a journal's column; three such figures fit on a page
_LEGIBLE, _ENOUGH = 0.875, 1.15  # of the size in which a figure was drawn: letters of 8 points are then 7
WIDE, HIGH = 16.0, 20.5  # cm: the width of the text, and what a page has beside a caption


def manuscript(page: BeautifulSoup, folder: Path, journal: str = "") -> str:
    """The document for pandoc of a report's page and its folder of figures; changes `page`.

    With a `journal` of `JOURNALS` it has that journal's headings in their order, and no supplement.
    """
    body = page.select_one("main")
    for element in page.select(_SCREEN_ONLY):
        element.decompose()
    for begins in body.select("header#supplement"):
        begins.select_one(".kicker").name = "h2"
    for mark in body.select("header .status"):
        mark.string = f"{mark.get_text().upper()} ·"
    if journal:
        arrange(page, body, journal)
        renumber(body)
    for name, alt in alt_texts(page).items():
        _make_image(page, body.select_one(f"#figure-{name}"), folder, alt)
    for section in body.select("section[id]"):
        if not [e for e in section.find_all(True, recursive=False) if e.name != "h2"]:
            section.decompose()  # its tables were empty
    _unfold(page, body)
    _leave_out_small_courses(body)
    for label in body.select("a.label"):
        label.unwrap()  # of a caption: it would lead to itself
    _make_lists(page, body)
    for table in body.select("table"):
        _set_widths(page, table)
    for heading in body.select("h2, h3, h4, h5, h6"):
        heading.name = f"h{int(heading.name[1]) - 1}"
    _list_legends(page, body)
    if not journal:
        _put_abstract_first(body)
    keep_links_that_lead_somewhere(page)
    places = {e["id"] for e in body.select("section[id], figure[id], table[id]")}
    for link in body.select('a[href^="#"]'):
        if link["href"][1:] not in places:  # a row or a value has no bookmark in a Word file
            link.unwrap()
    return f'<!DOCTYPE html><html lang="en"><head>{page.title}</head><body>{body.decode_contents()}</body></html>'


def _make_image(page: BeautifulSoup, figure: Tag, folder: Path, alt: str) -> None:
    """Puts the PNG with its alt text in the place of the drawing; of the rest the caption stays."""
    name = figure["id"].removeprefix("figure-")
    picture, width, small = _legible(folder / "figures", name, SMALL if "small" in figure.get("class", []) else WIDE)
    data = base64.b64encode(picture).decode("ascii")
    caption = figure.select_one("figcaption").extract()
    for other in caption.select(".desk" if small else ".phone"):
        other.decompose()
    image = page.new_tag("img", attrs={"src": f"data:image/png;base64,{data}", "alt": alt, "width": f"{width:.2f}cm"})
    figure.clear()
    figure.extend([image, caption])


def _legible(figures: Path, name: str, most: float) -> tuple[bytes, float, bool]:
    """The drawing of a figure as PNG, its width on the page, in cm and at most `most`, and whether it is for a phone.

    Of those for a wide screen, a page and a phone the first whose letters stay legible, else that with the largest.
    """
    best, width, scale, small = b"", 0.0, 0.0, False
    for kind in ("", "-page", "-phone"):
        path = figures / f"{name}{kind}.svg"
        if scale < _LEGIBLE and path.is_file():
            picture = drawing(path)
            fitted, larger = _fitted(picture, most)
            if larger > scale:
                best, width, scale, small = picture, fitted, larger, kind == "-phone"
    return best, min(width, width * _ENOUGH / scale) if small else width, small


def _fitted(picture: bytes, most: float) -> tuple[float, float]:
    """The greatest width of a picture on a page, and what that is of the width in which it was drawn."""
    width, height = struct.unpack(">II", picture[16:24])  # of a PNG
    fitted = min(most, HIGH * width / height)
    return fitted, fitted / (width / 300 * 2.54)


def drawing(path: Path) -> bytes:
    """A saved figure as PNG, with the 300 dots an inch that journals ask for and the font that it was drawn in."""
    package("resvg_py")
    import resvg_py

    own = package("matplotlib") / "mpl-data" / "fonts" / "ttf"
    svg = path.read_text(encoding="utf-8")
    others: list[str] = []
    if not svg.isascii():
        others = [str(file) for file in fonts().needed(svg).values()]
    return bytes(
        resvg_py.svg_to_bytes(
            svg_string=svg,
            dpi=300,
            skip_system_fonts=True,
            font_dirs=[str(own)],
            font_files=others,
            font_family="DejaVu Sans",
            background="#ffffff",
        )
    )


def _unfold(page: BeautifulSoup, body: Tag) -> None:
    """What a reader would open stands open; a summary that only repeats a table's caption goes."""
    for details in body.select("details"):
        summary = details.find("summary")
        if details.find("caption"):
            summary.decompose()
        else:
            summary.name = "h4"
        details.unwrap()


def _leave_out_small_courses(body: Tag) -> None:
    """Pandoc takes no drawing inside a cell; the numbers of each course stand beside it."""
    for said in body.select(".key .course"):
        said.decompose()
    for table in body.select("table.values"):
        for cell in table.select("thead th:nth-of-type(2), tbody td:has(svg)"):
            cell.decompose()
        for cell in table.select("th[colspan]"):
            cell["colspan"] = int(cell["colspan"]) - 1


def _make_lists(page: BeautifulSoup, body: Tag) -> None:
    """Pairs of a name and a value as items of a list: pandoc leaves out pairs that are grouped."""
    for pairs in body.select("dl"):
        pairs.name = "ul"
        for pair in pairs.select("div"):
            name, value = pair.find("dt"), pair.find("dd")
            for line in value.select("br"):
                line.replace_with(_between(line))
            told = [re.sub(r"\s+([.:])", r"\1", " ".join(part.get_text().split())) for part in (name, value)]
            pair.replace_with(page.new_tag("li", string=": ".join(told)))


def _between(line: Tag) -> str:
    """What stands for the break of a line in running text: a name and what is told of it are one sentence."""
    before = next((part for part in line.previous_siblings if part.get_text().strip()), None)
    told = next((text for part in line.next_siblings if (text := part.get_text().strip())), "")
    if before is None or not told or before.get_text().rstrip().endswith((".", ":")):
        return " "
    return ": " if getattr(before, "name", None) == "b" and not told[0].isupper() else ". "


def _set_widths(page: BeautifulSoup, table: Tag) -> None:
    """Column widths from the text, so that every word processor shows the same table.

    A column is first as wide as its longest word; what is left of the line goes to those with long cells.
    """
    rows = [[c.get_text(" ", strip=True) for c in row.select("th, td")] for row in table.select("tr")]
    # a table of the author's may have rows of any length
    columns = list(zip_longest(*rows, fillvalue=""))
    if not columns:
        return
    words = [max((len(word) for cell in cells for word in cell.split()), default=0) for cells in columns]
    least = [min(longest, _LONGEST_WORD) + _GAP for longest in words]
    longest = [max(map(len, cells[1:]), default=0) for cells in columns]  # a heading may stand in lines
    # by the root: a cell of four times the letters is to have twice the lines of another and twice its width
    wanted = [max(0, length - width) ** 0.5 for length, width in zip(longest, least, strict=True)]
    line = _SMALL_LINE if len(columns) >= MANY else _LINE
    spare = max(_SPARE if len(columns) < MANY else 0, line - sum(least)) / (sum(wanted) or 1)
    widths = [width + spare * more for width, more in zip(least, wanted, strict=True)]
    group = page.new_tag("colgroup")
    for width in widths:
        group.append(page.new_tag("col", attrs={"style": f"width:{100 * width / sum(widths):.1f}%"}))
    if table.caption is None:
        table.insert(0, group)
    else:
        table.caption.insert_after(group)


def _list_legends(page: BeautifulSoup, body: Tag) -> None:
    """The legends once more as a list, after the references: journals take figures as files of their own."""
    captions = body.select("figure[id^=figure-] figcaption")
    if captions:
        section = page.new_tag("section", id="legends")
        section.append(page.new_tag("h1", string="Figure legends"))
        for caption in captions:
            section.append(page.new_tag("p", string=" ".join(caption.get_text(" ", strip=True).split())))
        references = body.select_one("section#references")
        (references.find_parent("section") or references).insert_after(section)


def _put_abstract_first(body: Tag) -> None:
    """The order that journals and CARE ask for: title, keywords, abstract."""
    abstract, first = body.select_one("section#abstract"), body.select_one("section")
    if abstract is not first:
        first.insert_before(abstract.extract())
