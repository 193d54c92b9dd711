"""BibTeX, as reference managers write it: read by pybtex, its LaTeX turned into letters.

What is left of LaTeX after that is refused: a command that is not understood must not be printed as a name.
"""

import codecs
import re
from collections.abc import Iterator

import latexcodec  # noqa: F401  (it registers the codec)
from pybtex.bibtex.utils import split_name_list
from pybtex.database import InvalidNameString, Person
from pybtex.database.input.bibtex import LowLevelParser, month_names
from pybtex.scanner import PybtexSyntaxError

from casereport.case.references import OTHERS, Reference, person, plain_doi
from casereport.errors import Problem

_KINDS = {
    "article": "article", "book": "book", "booklet": "book", "incollection": "chapter", "inbook": "chapter",
    "inproceedings": "chapter", "conference": "chapter",
}  # fmt: skip
_FIELDS = frozenset(
    word
    for line in (
        "author editor title booktitle journal journaltitle shortjournal year date month volume number issue pages",
        "edition publisher institution school organization howpublished address location doi url series issn isbn",
    )
    for word in line.split()
)
_STYLED = re.compile(r"\\(?:emph|text(?:it|bf|rm|sc|superscript|subscript)|mathrm|upshape|itshape)\s*(?=\{)")
_Entry = tuple[str, str, int, list[tuple[str, str]]]  # its type, key, line, and fields by name


def entries(text: str, called: str) -> tuple[list[Reference], list[Problem]]:
    """The references of a BibTeX file called `called`, and what is wrong in it, each with its line."""
    found: list[Reference] = []
    problems: list[Problem] = []
    for kind, key, line, fields in _parsed(text, called, problems):
        values: dict[str, str] = {}
        for name, raw in fields:
            if name in values:
                problems.append(Problem(called, line, name, "", f"each field once in an entry ({key})"))
            elif name in _FIELDS:
                value = raw if name in ("doi", "url") else _plain(raw)
                values[name] = " ".join(value.split()).replace("\\_", "_").replace("\\%", "%").replace("\\&", "&")
                if "\\" in values[name] or "$" in values[name]:
                    problems.append(Problem(called, line, name, raw, "letters; this LaTeX is not understood"))
        people = {}
        for role in ("author", "editor"):
            try:
                people[role] = tuple(_people(dict(fields).get(role, "")))
            except InvalidNameString as error:
                people[role] = ()
                problems.append(Problem(called, line, role, str(error)[:200], "names separated by `and`"))
        found.append(_reference(kind, key, line, values, people))
    return found, problems


def _reference(kind: str, key: str, line: int, has: dict[str, str], people: dict[str, tuple[str, ...]]) -> Reference:
    def one(*names: str) -> str:
        return next((has[name] for name in names if has.get(name)), "")

    year = re.search(r"\d{4}", one("year", "date"))
    kind = _KINDS.get(kind, "article" if one("journal", "journaltitle") else "other")
    return Reference(
        key, line, kind, people["author"], one("title"), people["editor"],
        container=one("journal", "journaltitle", "shortjournal", "booktitle"), year=year[0] if year else "",
        volume=one("volume"), issue=one("number", "issue"), pages=re.sub("-{2}|–", "-", one("pages")),
        edition=one("edition"), publisher=one("publisher", "institution", "school", "organization", "howpublished"),
        place=one("address", "location"), doi=plain_doi(one("doi")), url=one("url"),
    )  # fmt: skip


def raw_texts(text: str) -> list[str]:
    """What the fields say that a reference is made of, as it stands in the file."""
    return [raw for _, _, _, fields in _parsed(text, "", []) for name, raw in fields if name in _FIELDS]


def _parsed(text: str, called: str, problems: list[Problem]) -> Iterator[_Entry]:
    def note(error: PybtexSyntaxError) -> None:
        line = getattr(error, "lineno", None) or error.error_context_info[1]
        problems.append(Problem(called, line, "", "", f"not BibTeX: {str(error).partition(': ')[2] or error}"))

    parser = LowLevelParser(text, macros=dict(month_names), handle_error=note)
    for kind, content in parser:
        if kind.lower() not in ("string", "preamble") and content[0] is not None:
            line = text.count("\n", 0, parser.command_start) + 1
            yield kind.lower(), content[0], line, [(n.lower(), "".join(value)) for n, value in content[1]]


def _plain(raw: str) -> str:
    """A field without its LaTeX: `{\\"u}` is ü, and braces that keep capitals go."""
    text = codecs.decode(_STYLED.sub("", raw), "ulatex")  # type: ignore[call-overload]
    return re.sub(r"[{}]", "", text).replace("\xa0", " ")


def _people(raw: str) -> Iterator[str]:
    for name in split_name_list(" ".join(raw.split())):
        if name.strip().lower() == "others":
            yield OTHERS
        elif name.strip().startswith("{") and name.strip().endswith("}"):  # a group, to be printed as it is
            yield " ".join(_plain(name).split())
        else:
            who = Person(name)
            family = [*who.prelast_names, *who.last_names, *who.lineage_names]
            given = [*who.first_names, *who.middle_names]
            yield person(*(" ".join(_plain(" ".join(part)).split()) for part in (family, given)))
