"""The questions of the privacy check: what may name a person or a place, or be a date, and may as well not.

A word is asked about once, wherever it stands. It is answered in case.yaml: an entry of `allow` (text and reason) says
that it identifies nobody; what does is taken out of the text. A final report is not built with an open question.
"""

import re
from bisect import bisect
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import NamedTuple

from casereport.case.case import Case
from casereport.case.description import CaseMeta
from casereport.case.rows import Event, Observation, Treatment
from casereport.privacy.identifiers import Found, asked
from casereport.quantities.wording import counted

ASKED_AS = {
    "name": "a person",
    "place": "a place smaller than a province or state",
    "date": "a calendar date",
    "age": "an age over 89",
    "web": "a network address",
    "telephone": "a telephone number",
    "record": "a number that leads to a person or a record",
    "picture": "a picture by which a person is known",
    "body": "a mark of the body by which a person is known",
    "office": "something that only one person is",
}
# The texts of a case that are asked about, as the report shows them: what `texts_of` gives, by key and by column.
KEYS = frozenset(
    [
        "title",
        "keywords",
        "subject",
        "time_zero",
        "consent",
        "not_reported",
        "differential_diagnosis",
        "learning_points",
        "acknowledgements",
    ]
)
COLUMNS = frozenset({"source", "note", "finding", "statement"})
_SENTENCE_END = re.compile(r"(?<=[.!?。])\s|\n\s*\n|\n(?=[#|-])")


class Question(NamedTuple):
    """What is asked: the words, what they may be, the sentence they stand in, and every place where they do."""

    text: str
    kind: str
    sentence: str
    places: tuple[str, ...]

    def __str__(self) -> str:
        where = self.places[0] + (f" and {len(self.places) - 1} more" if len(self.places) > 1 else "")
        return f"{where}: is '{self.text}' {ASKED_AS[self.kind]}? \"{self.sentence}\""


HOW = "take it out, or answer once in case.yaml under `allow`: text and reason"


_OPEN = "of the privacy check open"
_TOLD = re.compile(rf"(\d+) questions? {_OPEN}")


def how_many(questions: Sequence[Question]) -> str:
    """How many questions are open, as validate, export and the CARE checklist say it."""
    return f"{counted(len(questions), 'question')} {_OPEN}"


def number_of(text: str) -> int:
    """How many questions are open by a text that begins with what `how_many` says; 0 for another."""
    found = _TOLD.match(text)
    return int(found[1]) if found else 0


def one_each(asked_at: Iterable[tuple[str, Found, str]]) -> list[Question]:
    """The questions, one for each different text: `asked_at` gives the place, what is asked, and the text around it."""
    found: dict[str, Question] = {}
    places: dict[str, dict[str, None]] = {}
    for place, one, text in asked_at:
        key = one.text.casefold()
        found.setdefault(key, Question(one.text, one.kind, _sentence(text, one), ()))
        places.setdefault(key, {})[place] = None
    return [question._replace(places=tuple(places[key])) for key, question in found.items()]


def open_questions(case: Case) -> list[Question]:
    """The questions that the texts of a case leave open."""
    phrases = may_stay(case.meta)
    return one_each(
        ("", one, text)
        for text in dict.fromkeys(texts_of(case))
        for one in asked(text)
        if not any(covers(phrase, one, text) for phrase in phrases)
    )


def may_stay(meta: CaseMeta) -> list[str]:
    """What may stay wherever it stands: the texts of the `allow` list, and the title of the cited paper."""
    return [entry.text for entry in meta.allow] + ([meta.citation.title] if meta.citation else [])


def texts_of(case: Case) -> list[str]:
    """The texts of a case that are searched for what identifies the patient, what a column repeats only once."""
    meta = case.meta
    texts = [meta.title, *meta.keywords, meta.subject.description or "", meta.time_zero, meta.consent or ""]
    texts += [*meta.not_reported, *case.narrative.values(), *meta.differential_diagnosis, *meta.learning_points]
    texts.append(meta.acknowledgements or "")
    tables: tuple[Sequence[Observation | Treatment | Event], ...] = (case.observations, case.interventions, case.events)
    for rows in tables:
        texts += [*dict.fromkeys(row.source for row in rows), *dict.fromkeys(row.note for row in rows)]
    texts += [text for claim in case.claims for text in (claim.statement, claim.source)]
    return [*texts, *dict.fromkeys(event.finding for event in case.events)]


def covers(phrase: str, found: Found, text: str) -> bool:
    """True when what was found is the phrase, or lies within one occurrence of it in `text`."""
    if _same(phrase) == _same(found.text):
        return True
    places = _occurrences(phrase, text)
    at = bisect(places, found.start, key=lambda place: place[0])
    return at > 0 and found.end <= places[at - 1][1]


@lru_cache(maxsize=4096)
def _same(text: str) -> str:
    return " ".join(text.split()).casefold()


@lru_cache(maxsize=4096)
def _occurrences(phrase: str, text: str) -> list[tuple[int, int]]:
    pattern = r"\s+".join(map(re.escape, phrase.split()))
    return [match.span() for match in re.finditer(pattern, text, re.I)] if pattern else []


def _sentence(text: str, found: Found) -> str:
    """The sentence around what was found, at most 200 characters before and behind it."""
    before, behind = text[max(0, found.start - 200) : found.start], text[found.end : found.end + 200]
    begin = max((match.end() for match in _SENTENCE_END.finditer(before)), default=0)
    end = _SENTENCE_END.search(behind)
    return " ".join((before[begin:] + text[found.start : found.end] + behind[: end.start() if end else None]).split())
