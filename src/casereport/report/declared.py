"""What a journal asks for around the case: the title page, the declarations and the numbered references.

A statement that case.yaml does not make is named as not stated, and none is made up in its place.
"""

from typing import NamedTuple

from casereport.case.authors import Author, plain_role
from casereport.case.case import Case
from casereport.case.description import CaseMeta
from casereport.case.references import SOURCE, Reference, citations, of_citation
from casereport.quantities.wording import listed
from casereport.report.titles import MAIN


class TitlePage(NamedTuple):
    """The authors with the numbers of their affiliations, the affiliations, and who answers letters."""

    authors: list[tuple[Author, list[int]]]
    affiliations: list[str]
    corresponding: Author | None


def title_page(meta: CaseMeta) -> TitlePage:
    """Affiliations are numbered in the order of the authors; one that two authors share stands once."""
    places = list(dict.fromkeys(place for author in meta.authors for place in author.affiliations))
    numbered = [(author, [places.index(place) + 1 for place in author.affiliations]) for author in meta.authors]
    return TitlePage(numbered, places, next((author for author in meta.authors if author.corresponding), None))


class Declaration(NamedTuple):
    """A statement under its heading; `name` is the key of case.yaml."""

    name: str
    heading: str
    text: str


_HEADINGS = {
    "ethics": "Ethics approval",
    "consent": "Consent for publication",
    "data_availability": "Data availability",
    "competing_interests": "Competing interests",
    "funding": "Funding",
    "contributions": "Author contributions",
    "acknowledgements": "Acknowledgements",
}
_OPTIONAL = ("acknowledgements",)


def declarations(meta: CaseMeta) -> tuple[list[Declaration], str]:
    """The statements that the case makes, in the order of a manuscript, and which it lacks, in words."""
    said = {name: getattr(meta, name, None) for name in _HEADINGS}
    by = [f"{author.name}: {', '.join(map(plain_role, author.roles))}" for author in meta.authors if author.roles]
    said["contributions"] = f"{'. '.join(by)}." if by else None
    stated = [Declaration(name, heading, text) for name, heading in _HEADINGS.items() if (text := said[name])]
    lacking = [h for name, h in _HEADINGS.items() if not said[name] and name not in _OPTIONAL]
    return stated, listed([heading[0].lower() + heading[1:] for heading in lacking])


def numbered(case: Case) -> dict[str, tuple[int, Reference]]:
    """What the report cites, by key: its number, in the order of the first citation, and the entry.

    A publication that is re-examined is cited on the title page, and so is the first.
    """
    entries = {one.key: one for one in case.references}
    if case.meta.citation:
        entries[SOURCE] = of_citation(case.meta.citation)
    cited = [SOURCE] if case.meta.citation else []
    for title in MAIN.values():
        cited += citations(case.narrative.get(title, ""))
    return {key: (number, entries[key]) for number, key in enumerate(dict.fromkeys(cited), start=1)}
