"""XML of somebody else's, read whole and without anything that it defines itself."""

from pathlib import Path
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

from casereport.errors import BadInput, Problem
from casereport.files.tables import read_text


def parsed(path: Path, largest: int) -> Element:
    """The root of a file of at most `largest` bytes; raises BadInput where it is no XML, or defines entities."""
    text = read_text(path, path.name, largest)
    if "<!ENTITY" in text:
        raise BadInput([Problem(path.name, 0, "", "", "XML that defines no entities of its own")])
    try:
        return ElementTree.fromstring(text)
    except (ElementTree.ParseError, ValueError) as error:
        raise BadInput([Problem(path.name, 0, "", "", f"complete XML: {error}")]) from None


def local_name(element: Element) -> str:
    """The name of an element without its namespace; empty for a comment or an instruction."""
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""
