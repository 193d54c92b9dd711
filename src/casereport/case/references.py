"""The references of a case: `references.bib` (BibTeX) or `references.json` (CSL-JSON) beside the narrative.

The narrative cites by key, `[@smith2020]` or `[@smith2020; @jones2019]`; the publication that a case re-examines stands
in case.yaml and is cited as `[@source]`. What is cited is numbered in the order of the first citation.
"""

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from casereport.case.description import Citation
from casereport.errors import NO_CONTROL, BadInput, Problem, control, name_fix, nearest

if TYPE_CHECKING:
    from casereport.case.narrative import Line

FILES = ("references.bib", "references.json")
SOURCE = "source"
LARGEST = 2**19
MOST = 1000
_ALL_NAMED = 6  # authors; of more the first six are named (ICMJE)
_KEY = re.compile(r"[A-Za-z0-9_][\w:.#$%+?/-]{0,99}")
_CITED = re.compile(r"\[(@[^\]\n]*)(\]?)")
_DOI = re.compile(r"10\.\d{4,9}/\S+")


@dataclass(frozen=True)
class Reference:
    """One entry of a list of references. `kind` is `article`, `book`, `chapter` or `other`; names are `Smith JA`."""

    key: str
    line: int
    kind: str
    authors: tuple[str, ...]
    title: str
    editors: tuple[str, ...] = ()
    container: str = ""
    year: str = ""
    volume: str = ""
    issue: str = ""
    pages: str = ""
    edition: str = ""
    publisher: str = ""
    place: str = ""
    doi: str = ""
    url: str = ""

    @property
    def text(self) -> str:
        """The entry in Vancouver style (ICMJE), without DOI or address, which `link` gives."""
        parts = [people(self.authors), self.title]
        if self.kind == "article":
            parts.append(_stop(self.container) + _joined(" ", self._numbers()) if self.container else self._numbers())
        else:
            if self.kind == "chapter" and self.container:
                editors = f"{people(self.editors)}, editor{'s' if len(self.editors) > 1 else ''}. "
                parts.append(f"In: {editors if self.editors else ''}{self.container}")
            parts.append(_edition(self.edition))
            where = ": ".join(filter(None, (self.place, self.publisher or self._publisher())))
            parts.append("; ".join(filter(None, (where, self.year))))
            parts.append(f"p. {self.pages}" if self.pages else "")
        return " ".join(_stop(part) for part in parts if part)

    def _publisher(self) -> str:
        return self.container if self.kind == "other" else ""

    def _numbers(self) -> str:
        issue = f"({self.issue})" if self.issue else ""
        volume = _joined(";", f"{self.volume}{issue}")
        return f"{self.year}{volume}{_joined(':', self.pages)}".strip(";:")

    @property
    def link(self) -> str:
        """Where it can be read, by its DOI or its address; empty where neither is given."""
        return f"https://doi.org/{self.doi}" if self.doi else self.url


def _joined(sign: str, text: str) -> str:
    return sign + text if text else ""


def _stop(text: str) -> str:
    return text if text.endswith((".", "?", "!")) else f"{text}."


def _edition(text: str) -> str:
    if not text.isdecimal():
        return text
    ordinal = {1: "st", 2: "nd", 3: "rd"}.get(int(text) % 10 if int(text) % 100 not in (11, 12, 13) else 0, "th")
    return f"{text}{ordinal} ed"


def people(names: Sequence[str]) -> str:
    """Names in a row, of more than six the first six (ICMJE).

    >>> people(list("abcdefg"))
    'a, b, c, d, e, f, et al'
    """
    named = [name for name in names if name != OTHERS]
    return ", ".join([*named[:_ALL_NAMED], *(["et al"] if len(named) > _ALL_NAMED or len(named) < len(names) else [])])


OTHERS = "et al"


def person(family: str, given: str) -> str:
    """A name as Vancouver style has it: `Smith JA` of Smith and John A., `Müller-Sturm JP` of Jean-Paul.

    >>> person("van der Berg", "Jean-Paul"), person("Leng", "Z"), person("Riley", "DS")
    ('van der Berg JP', 'Leng Z', 'Riley DS')
    """
    if re.fullmatch(r"[^\W\d_a-z]{1,3}", given):  # initials as they shall be
        return f"{family} {given}"
    initials = "".join(word[0].upper() for word in re.split(r"[\s.\-‐]+", given) if word)
    return f"{family} {initials}".strip()


def of_citation(citation: Citation) -> Reference:
    """The publication that a case re-examines, as case.yaml tells it."""
    authors = tuple(re.split(r",\s*", citation.authors.strip().removesuffix(".")))
    year = "" if str(citation.year) in citation.journal else str(citation.year)
    return Reference(
        SOURCE, 0, "article", authors, citation.title, container=citation.journal, year=year, doi=citation.doi or ""
    )


def read_references(texts: dict[str, tuple[str, str]]) -> tuple[Reference, ...]:
    """The references of the texts of `FILES` that a case has, each with how messages call it; raises BadInput.

    At most one of the two may be there. Each entry needs a title, a key of its own, and a DOI or address that is one.
    """
    if len(texts) > 1:
        called = texts[FILES[1]][0]
        raise BadInput([Problem(called, 0, "", "", f"either {FILES[0]} or {FILES[1]}; both are there")])
    for file, (called, text) in texts.items():
        if wrong := control(text):
            raise BadInput([Problem(called, text.count("\n", 0, wrong.start()) + 1, "", wrong[0], NO_CONTROL)])
        if file == FILES[0]:
            from casereport.case.bibtex import entries  # its parser takes time to load: where there is such a file
        else:
            from casereport.case.csl_json import entries
        return _checked(entries(text, called), called)
    return ()


def _checked(found: tuple[list[Reference], list[Problem]], called: str) -> tuple[Reference, ...]:
    references, problems = found
    first: dict[str, int] = {}
    for one in references:
        at = first.setdefault(one.key.lower(), one.line)  # BibTeX makes no difference of capitals

        def wrong(column: str, value: str, expected: str, line: int = one.line) -> None:
            problems.append(Problem(called, line, column, value, expected))

        if at != one.line:
            wrong("key", one.key, f"each key once; line {at} has it already")
        if not _KEY.fullmatch(one.key):
            wrong("key", one.key, "a key of letters, digits and the signs _ : . + / -, as in smith2020")
        if one.key.lower() == SOURCE:
            wrong("key", one.key, f"another key: {SOURCE} is the publication that case.yaml cites")
        if not one.title:
            wrong("title", "", f"the title of {one.key}")
        if one.doi and not _DOI.fullmatch(one.doi):
            wrong("doi", one.doi, "a DOI, as in 10.1186/1752-1947-7-223")
        if one.url and not re.match(r"https?://[^\s]+\Z", one.url):
            wrong("url", one.url, "an address that begins with https:// or http://")
    if len(references) > MOST:
        problems.append(Problem(called, references[MOST].line, "", "", f"at most {MOST} references"))
    if problems:
        raise BadInput(problems)
    return tuple(references)


def plain_doi(text: str) -> str:
    """A DOI without the address or the word before it."""
    return re.sub(r"^(?:https?://(?:dx\.)?doi\.org/|doi:?\s*)", "", text.strip(), flags=re.I)


def cited_keys(inside: str) -> list[str]:
    """The keys between the brackets of a citation: `@a; @b` gives a and b."""
    return [part.strip().removeprefix("@") for part in inside.split(";")]


def with_citations(text: str, replacement: Callable[[list[str]], str]) -> str:
    """`text` with each citation replaced by what `replacement` gives for its keys."""
    return _CITED.sub(lambda match: replacement(cited_keys(match[1])), text)


def citations(text: str) -> Iterator[str]:
    """Every key that `text` cites, in order."""
    for match in _CITED.finditer(text):
        yield from cited_keys(match[1])


def wrong_citations(lines: "Iterable[Line]", name: str, known: Collection[str], file: str) -> list[Problem]:
    """The citations in the lines of a narrative called `name` that lead nowhere; `file` is what lists the references.

    `known` are the keys that there are, among them `source` where case.yaml cites a publication.
    """
    problems = []
    for number, line in lines:
        for match in _CITED.finditer(line):
            for key in cited_keys(match[1]):
                if not match[2] or not _KEY.fullmatch(key):
                    expected = "a citation on one line, as in [@smith2020] or [@smith2020; @jones2019]"
                    problems.append(Problem(name, number, "", match[0], expected))
                    break
                if key not in known:
                    problems.append(Problem(name, number, "", f"[@{key}]", *_unknown(key, known, file)))
    return problems


def _unknown(key: str, known: Collection[str], file: str) -> tuple[str, str]:
    if key == SOURCE:
        return "a publication to cite; case.yaml has none (citation)", ""
    keys = [one for one in known if one != SOURCE]
    if not file:
        return f"a key of {FILES[0]} or {FILES[1]} beside the narrative; there is no such file", ""
    return f"a key of {file}; {nearest(key, keys) if keys else 'it has none'}", name_fix(key, keys)


def cited_texts(path: Path) -> list[str]:
    """What stands in a file of references because a reference has it, as it stands there; nothing of one that is none.

    Names, titles and addresses of publications are no identifiers of the patient; what else lies there may be.
    """
    if path.name == FILES[0]:
        from casereport.case.bibtex import raw_texts
    else:
        from casereport.case.csl_json import raw_texts
    return raw_texts(path.read_text(encoding="utf-8-sig"))
