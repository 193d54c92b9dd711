"""Which headings a journal wants, and in which order; docs/manuscript.md says where each was read, and what was not.

A manuscript for a journal leaves out the supplement and the first screen of the report, whose picture goes to the
timeline. Its figures, tables and references are numbered anew, in the order in which they then come.
"""

import re
from dataclasses import dataclass, field

from bs4 import BeautifulSoup, Tag

from casereport.report.titles import MAIN

_ALSO = ("differential-diagnosis", "learning-points")  # parts of a section that some journals want apart


@dataclass(frozen=True)
class Journal:
    """A journal: its headings with the sections under each, and its names for the declarations of case.yaml.

    `words` and `authors` are the most that there may be, 0 where no number was read.
    """

    name: str
    parts: tuple[tuple[str, tuple[str, ...]], ...]
    declarations: dict[str, str] = field(default_factory=dict)
    words: int = 0
    authors: int = 0
    structured: bool = False
    plain_title: bool = False
    learning_points: bool = False


_COURSE = (
    "patient-information", "clinical-findings", "timeline", "diagnostic-assessment", "therapeutic-intervention",
    "follow-up-and-outcomes",
)  # fmt: skip
JOURNALS = {
    "care": Journal(
        "CARE", tuple((title, (name,)) for name, title in MAIN.items() if name not in ("at-a-glance", "abstract"))
    ),
    "bmj-case-reports": Journal(
        "BMJ Case Reports",
        (
            ("Background", ("introduction",)),
            ("Case presentation", _COURSE[:3]),
            ("Investigations", ("diagnostic-assessment",)),
            ("Differential diagnosis", ("differential-diagnosis",)),
            ("Treatment", ("therapeutic-intervention",)),
            ("Outcome and follow-up", ("follow-up-and-outcomes",)),
            ("Discussion", ("discussion", "audit")),
            ("Patient's perspective", ("patient-perspective",)),
            ("Learning points", ("learning-points",)),
            ("Informed consent", ("informed-consent",)),
            ("Declarations", ("declarations",)),
            ("References", ("references",)),
        ),
        words=150,
        authors=4,
        plain_title=True,
        learning_points=True,
    ),
    "jmcr": Journal(
        "Journal of Medical Case Reports",
        (
            ("Background", ("introduction",)),
            ("Case presentation", (*_COURSE, "patient-perspective")),
            ("Discussion", ("discussion", "audit")),
            ("Conclusions", ("learning-points",)),
            ("Declarations", ("informed-consent", "declarations")),
            ("References", ("references",)),
        ),
        {
            "ethics": "Ethics approval and consent to participate",
            "data_availability": "Availability of data and materials",
            "contributions": "Authors' contributions",
        },
        structured=True,
    ),
}
_ABSTRACT = {"bmj-case-reports": "Summary"}


def arrange(page: BeautifulSoup, body: Tag, name: str) -> None:
    """Puts the sections of a report's `body` under the headings of the journal called `name`, in their order."""
    journal = JOURNALS[name]
    _picture_to_timeline(body)
    found = {s["id"]: s for s in body.select("section[id]")}
    apart = {one for _, names in journal.parts for one in names if one in _ALSO}
    for part in body.select(", ".join(f"#{one}" for one in _ALSO)):
        if part["id"] in apart:
            part.select_one("h3").decompose()
            found[part["id"]] = part
    abstract = found["abstract"].extract()
    abstract.select_one("h2").string = _ABSTRACT.get(name, "Abstract")
    made = [abstract]
    for heading, names in journal.parts:
        there = [found[one].extract() for one in names if one in found]
        if not there:
            continue
        section = page.new_tag("section")
        section.append(page.new_tag("h2", string=heading))
        for inner in there:
            title = inner.find("h2")
            if title is not None and (len(there) == 1 or title.get_text(strip=True) == heading):
                title.decompose()
            elif title is not None:
                _lower(inner)
            section.append(inner)
        made.append(section)
    for left in body.select("section[id], header#supplement"):
        left.decompose()
    for section in made:
        body.append(section)
    for entry in body.select("p[data-declaration]"):
        if entry["data-declaration"] in journal.declarations:
            entry.b.string = f"{journal.declarations[entry['data-declaration']]}."


def _picture_to_timeline(body: Tag) -> None:
    timeline = body.select_one("section#timeline h2")
    for figure in reversed(body.select("section#at-a-glance figure")):
        timeline.insert_after(figure.extract())


def _lower(section: Tag) -> None:
    for heading in section.select("h2, h3, h4, h5"):
        heading.name = f"h{int(heading.name[1]) + 1}"


def renumber(body: Tag) -> None:
    """Numbers figures, tables and references in the order of the document, and what refers to each after it.

    What is left out is called so, and a reference that nothing cites any more goes.
    """
    for kind, selector in (("Figure", "figure[id^=figure-]"), ("Table", "table[id^=table-], div[id^=table-]")):
        places = {f"#{e['id']}": number for number, e in enumerate(body.select(selector), start=1)}
        for link in body.select(f'a[href^="#{kind.lower()}-"]'):
            said = re.fullmatch(rf"{kind} \d+(\.?)", link.get_text(strip=True))
            if said and link["href"] in places:
                link.string = f"{kind} {places[link['href']]}{said[1]}"
            elif said:
                link.replace_with(f"a {kind.lower()} of the supplement")
    listed = body.select_one("ol.references")
    if listed is None:
        return
    cited = dict.fromkeys(link["href"][1:] for link in body.select("a.cited"))
    entries = {entry["id"]: entry.extract() for entry in listed.select("li")}
    numbers = {old: number for number, old in enumerate(cited, start=1) if old in entries}
    for link in body.select("a.cited"):
        old = link["href"][1:]
        link["href"] = f"#reference-{numbers[old]}"
        link.string = re.sub(r"\d+", str(numbers[old]), link.get_text())
    for old, number in numbers.items():
        entries[old]["id"] = f"reference-{number}"
        listed.append(entries[old])


def lacking(page: BeautifulSoup, name: str) -> list[str]:
    """What the journal asks and the report's page does not have, a sentence each."""
    journal, found = JOURNALS[name], []
    abstract, title = page.select_one("section#abstract"), page.select_one("header h1").get_text()
    count = len(re.findall(r"\w[\w.,%'-]*", abstract.get_text(" "))) - len(abstract.h2.get_text().split())
    authors = page.select("header .authors [data-author]")
    if journal.words and count > journal.words:
        found.append(f"the summary has {count} words of at most {journal.words}")
    if journal.structured and not abstract.select("h3"):
        found.append("the abstract has no headings: Background, Case presentation, Conclusions")
    if journal.plain_title and "case report" in title.lower():
        found.append('the title is to be without "case report"')
    if journal.authors and len(authors) > journal.authors:
        found.append(f"{len(authors)} authors are named of at most {journal.authors}")
    if journal.learning_points and not page.select_one("#learning-points"):
        found.append("there are no learning points (learning_points in case.yaml)")
    return [f"{journal.name}: {one}" for one in found]
