"""Every text that a workbook holds, where a reader looks and where only a program does: what the privacy gate searches.

A workbook keeps who wrote it, comments, headers, hidden sheets and the texts of drawings; pictures and files inside it
cannot be searched, and are refused.
"""

import re
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple
from xml.etree import ElementTree

from casereport.case.workbook import check_archive, read_sheets
from casereport.errors import BadInput, Problem

# Properties that are a person's or an employer's name whatever they say, and the programs that write themselves there.
_PERSONAL = frozenset({"creator", "lastModifiedBy", "Manager", "Company"})
_PROGRAMS = frozenset({"", "casereport", "openpyxl", "xlsxwriter", "Microsoft Office User", "LibreOffice"})
# When a file was saved is no date of the patient; the rest is about the program.
_IMPERSONAL = frozenset(
    {"created", "modified", "lastPrinted", "revision", "version", "Application", "AppVersion", "DocSecurity",
     "ScaleCrop", "LinksUpToDate", "SharedDoc", "HyperlinksChanged", "TitlesOfParts", "HeadingPairs", "TotalTime",
     "HyperlinkBase", "Template"}
)  # fmt: skip
_WITH_TEXT = ("docProps/", "xl/comments", "xl/threadedComments/", "xl/persons/", "xl/drawings/", "xl/charts/")
_STRUCTURE = ("xl/worksheets/", "xl/workbook.xml", "xl/tables/")
_UNSEARCHABLE = ("xl/media/", "xl/embeddings/", "xl/externalLinks/", "xl/activeX/", "xl/vbaProject", "customXml/")
# What shows when a cell is chosen or a pointer rests on it, stands behind a name, or describes a drawing.
_ASIDE = ("prompt", "promptTitle", "error", "errorTitle", "tooltip", "display", "comment", "description", "descr")
_FORMULAS = frozenset({"formula1", "formula2", "formula", "f", "definedName"})
_MARGINS = ("oddHeader", "oddFooter", "evenHeader", "evenFooter", "firstHeader", "firstFooter")
# In a margin `&C` begins the middle, `&"Arial,Bold"` sets a font, `&12` a size and `&K` a colour; the text follows at
# once, so that a name would not begin like a word.
_CODES = re.compile(r'&(?:"[^"]*"|\d+|K(?:[0-9A-F]{6}|\d\d[+-]\d{3})|[A-Z])')


class Said(NamedTuple):
    """A text with its place; `personal` is true for a property that names a person."""

    file: str
    line: int
    column: str
    text: str
    personal: bool = False


def book_texts(path: Path, name: str) -> Iterator[Said]:
    """The texts of the workbook at `path`, called `name`; raises BadInput where it cannot be searched as a whole."""
    check_archive(path, name)
    sheets, _ = read_sheets(path, name)
    for title, rows in sheets.items():
        called = f"{name}, sheet {title}"
        yield Said(name, 0, "sheet", title)
        header = rows[0][1] if rows else []
        for line, cells in rows:
            for i, text in enumerate(cells):
                column = header[i] if i < len(header) and line != rows[0][0] else ""
                keyed = title == "case" and column == "value" and cells[0]
                yield Said(called, line, cells[0] if keyed else column, text)
    with zipfile.ZipFile(path) as archive:
        names = archive.namelist()
        if inside := [part for part in names if part.startswith(_UNSEARCHABLE)]:
            expected = (
                "no picture, file or link inside the workbook: it cannot be searched for identifiers; take it out; "
                "a case that shows pictures is a folder"
            )
            raise BadInput(Problem(name, 0, "", part, expected) for part in inside)
        for part in names:
            if part.startswith(_WITH_TEXT) and part.endswith(".xml"):
                yield from _in_part(archive.read(part), f"{name}, {part}")
            elif part.startswith(_STRUCTURE) and part.endswith((".xml", ".rels")):
                yield from _aside(archive.read(part), f"{name}, {part}")


def _elements(raw: bytes, called: str) -> Iterator[ElementTree.Element]:
    try:
        yield from ElementTree.fromstring(raw).iter()
    except ElementTree.ParseError as error:
        raise BadInput([Problem(called, 0, "", "", f"a part that can be read: {error}")]) from None


def _aside(raw: bytes, called: str) -> Iterator[Said]:
    """What a sheet, a table or the workbook itself holds beside its cells."""
    for element in _elements(raw, called):
        tag = _tag(element)
        if tag in _MARGINS:
            yield Said(called, 0, tag, _CODES.sub(" ", element.text or ""))
        elif tag in _FORMULAS and element.text:
            yield Said(called, 0, tag, element.text)
        if tag == "definedName":
            yield Said(called, 0, tag, element.get("name", "").replace("_", " "))
        if element.get("TargetMode") == "External":
            yield Said(called, 0, "link", element.get("Target", ""))
        for attribute in _ASIDE:
            if text := element.get(attribute):
                yield Said(called, 0, attribute, text)


def _in_part(raw: bytes, called: str) -> Iterator[Said]:
    for element in _elements(raw, called):
        tag, text = _tag(element), (element.text or "").strip()
        if tag in _PERSONAL:
            if text not in _PROGRAMS and not text.startswith("Microsoft "):
                yield Said(called, 0, tag, text, personal=True)
        elif text and tag not in _IMPERSONAL:
            yield Said(called, 0, tag, text)
        for attribute in ("descr", "title"):
            if shown := element.get(attribute):
                yield Said(called, 0, attribute, shown)
        if tag == "person" and element.get("displayName"):
            yield Said(called, 0, "displayName", element.get("displayName", ""), personal=True)


def _tag(element: ElementTree.Element) -> str:
    return str(element.tag).rpartition("}")[2]
