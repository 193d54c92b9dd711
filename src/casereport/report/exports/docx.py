"""The report as a manuscript: pandoc makes the Word file of an HTML made for it, and python-docx finishes it.

Pandoc is run as a program, in its sandbox: it reads what it is given and no other file or server.
"""

import io
import zipfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bs4 import BeautifulSoup

from casereport.report.exports import needed
from casereport.report.exports.manuscript import HIGH, MANY, WIDE, manuscript
from casereport.report.exports.page import keywords, marks

_EPOCH = 315532800  # 1980, the first year that a zip file can name: the same report gives the same bytes
_PATIENCE = 120  # seconds
_EMU = 360000  # in a centimetre
_PANDOCS = 14.7  # cm; what is to be wider than the text of pandoc's template is made as wide as that
_BLACK_TITLES = ("Title", "Heading 1", "Heading 2", "Heading 3", "Heading 4")
_SIZES = {
    "Title": 18, "Heading 1": 14, "Heading 2": 12, "Heading 3": 11, "Body Text": 11, "Compact": 11,
    "Table Caption": 9.5, "Image Caption": 9.5,
}  # fmt: skip
_FONT = "Arial"
_CELL, _SMALL_CELL = "Table Text", "Table Text Small"
_CELL_SIZES = {_CELL: 8, _SMALL_CELL: 7}  # points
IDENTIFIER = "casereport"  # in the metadata: an export is known by it


def docx(page: BeautifulSoup, folder: Path, sandbox: bool = True, journal: str = "") -> bytes:
    """The report as a Word document: headings, captions, tables as tables, figures with alt text, marks on each page.

    Its lines are numbered, as reviewers ask. With a `journal` it has that journal's headings in their order.

    Raises Missing without pandoc or python-docx.
    """
    pandoc = needed.package("pypandoc") / "files" / "pandoc"
    needed.package("docx")
    title, words, running = page.title.get_text(), keywords(page), " · ".join([*marks(page), page.title.get_text()])
    command = [str(pandoc), "--sandbox", "--from=html", "--to=docx", "--metadata=lang:en", "--output=-"]
    environment = {"SOURCE_DATE_EPOCH": str(_EPOCH), "LC_ALL": "C.UTF-8"}
    made = needed.done(command, _PATIENCE, input=manuscript(page, folder, journal).encode(), env=environment)
    return _finished(made, title, words, running)


def _finished(content: bytes, title: str, words: str, running: str) -> bytes:
    """The document with running head, page numbers, metadata, and tables that break well over pages."""
    from docx import Document
    from docx.shared import Mm

    document = Document(io.BytesIO(content))
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.left_margin = section.right_margin = section.top_margin = section.bottom_margin = Mm(25)
    section.header.paragraphs[0].text = running
    _leave_without_number(section.header.paragraphs[0])
    _leave_without_number(section.footer.paragraphs[0])
    _number_lines(section)
    _page_number(section.footer.paragraphs[0])
    _set_styles(document)
    _set_tables(document)
    for picture in document.element.body.iter("{*}cNvPr"):
        picture.attrib.pop("descr", None)  # pandoc puts the whole image there; its alt text is in docPr
    for drawn in document.element.body.iter("{*}inline"):
        _fill_the_width(drawn)
    core = document.core_properties
    core.title, core.keywords, core.language, core.author = title[:255], words[:255], "en", ""
    core.identifier = IDENTIFIER
    core.created = core.modified = datetime.fromtimestamp(_EPOCH, UTC)
    written = io.BytesIO()
    document.save(written)
    return _without_times(written.getvalue())


def _fill_the_width(drawn: Any) -> None:
    """Pandoc leaves a figure as wide as the text of its own template is."""
    sizes = [*drawn.iter("{*}extent"), *drawn.iter("{http://schemas.openxmlformats.org/drawingml/2006/main}ext")]
    width, height = int(sizes[0].get("cx")), int(sizes[0].get("cy"))
    if width > _EMU * _PANDOCS:
        scale = min(_EMU * WIDE / width, _EMU * HIGH / height)
        for size in (size for size in sizes if size.get("cx")):
            size.set("cx", str(round(width * scale)))
            size.set("cy", str(round(height * scale)))


def _number_lines(section: Any) -> None:
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    numbers = OxmlElement("w:lnNumType")
    numbers.set(qn("w:countBy"), "1")
    numbers.set(qn("w:restart"), "continuous")
    section._sectPr.find(qn("w:pgMar")).addnext(numbers)


def _leave_without_number(paragraph: Any) -> None:
    """Some programs count the lines of the running head too."""
    from docx.oxml import OxmlElement

    paragraph._p.get_or_add_pPr().insert_element_before(
        OxmlElement("w:suppressLineNumbers"), "w:pBdr", "w:shd", "w:tabs", "w:suppressAutoHyphens", "w:spacing",
        "w:ind", "w:jc", "w:rPr", "w:sectPr", "w:pPrChange",
    )  # fmt: skip


def _page_number(paragraph: Any) -> None:
    """Adds the field that Word fills with the number of the page."""
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    field = OxmlElement("w:fldSimple")
    field.set(qn("w:instr"), "PAGE")
    paragraph._p.append(field)


def _set_styles(document: Any) -> None:
    from docx.enum.style import WD_STYLE_TYPE
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.oxml.ns import qn
    from docx.shared import Pt, RGBColor

    for fonts in document.styles.element.iter(qn("w:rFonts")):
        if fonts.get(qn("w:asciiTheme")):  # what a theme means by it depends on the program
            fonts.attrib.clear()
            for script in ("w:ascii", "w:hAnsi", "w:cs", "w:eastAsia"):
                fonts.set(qn(script), _FONT)
    for name, points in _SIZES.items():
        document.styles[name].font.size = Pt(points)
    for name in _BLACK_TITLES:
        document.styles[name].font.color.rgb = RGBColor(0, 0, 0)
    for name in ("Captioned Figure", "Table Caption"):
        document.styles[name].paragraph_format.keep_with_next = True
    document.styles["Captioned Figure"].paragraph_format.alignment = WD_ALIGN_PARAGRAPH.CENTER
    for name, points in _CELL_SIZES.items():
        cell = document.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
        cell.base_style = document.styles["Compact"]
        cell.font.size = Pt(points)


def _set_tables(document: Any) -> None:
    """A thin line below each row, no row cut by a page, the text of cells in a style of its own."""
    from docx.oxml import OxmlElement, parse_xml
    from docx.oxml.ns import nsdecls, qn

    for table in document.element.body.iter(qn("w:tbl")):
        style = document.styles[_CELL if len(table.tblGrid.gridCol_lst) < MANY else _SMALL_CELL].style_id
        lines = '<w:insideH w:val="single" w:sz="4" w:color="BBBBBB"/><w:bottom w:val="single" w:sz="4"/>'
        edges = f'<w:tblBorders {nsdecls("w")}><w:top w:val="single" w:sz="4"/>{lines}</w:tblBorders>'
        sides = '<w:left w:w="50" w:type="dxa"/><w:right w:w="50" w:type="dxa"/>'  # twentieths of a point
        layout = table.tblPr.find(qn("w:tblLayout"))
        if layout is None:  # of a table whose columns have no widths
            layout = OxmlElement("w:tblLayout")
            look = table.tblPr.find(qn("w:tblLook"))
            table.tblPr.append(layout) if look is None else look.addprevious(layout)
        layout.addprevious(parse_xml(edges))
        layout.addnext(parse_xml(f"<w:tblCellMar {nsdecls('w')}>{sides}</w:tblCellMar>"))
        for row in table.tr_lst:
            row.get_or_add_trPr().insert(0, OxmlElement("w:cantSplit"))
            for paragraph in row.iter(qn("w:p")):
                paragraph.style = style


def _without_times(content: bytes) -> bytes:
    """The same zip with the same time for every file in it."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            info = zipfile.ZipInfo(name)  # 1980-01-01
            info.compress_type, info.external_attr = zipfile.ZIP_DEFLATED, 0o644 << 16
            new.writestr(info, old.read(name))
    return out.getvalue()
