"""Day 0 as the first use of a treatment that the user names, in place of a date."""

import datetime as dt
from collections import Counter
from collections.abc import Iterable

from casereport.errors import BadInput, Problem
from casereport.quantities.vocabulary import Vocabulary
from casereport.readers.cells import NotTaken
from casereport.readers.courses import Course
from casereport.readers.intervention_names import intervention_names
from casereport.readers.record_names import Names
from casereport.readers.records import Feed
from casereport.readers.study_days import moment
from casereport.readers.versions import Versions

_SHOWN = 15


_Dates = dict[str, list[tuple[int, dt.date, str]]]


def first_use(feed: Feed, name: str, vocabulary: Vocabulary, word: str) -> tuple[dt.date, str]:
    """The date, and the time of day where one is told, at which the treatment `word`, an id or a part of a printed
    name, was first given; where no row says that it was given, was first taken or ordered.

    Raises BadInput with the treatments that there are where none or several of the vocabulary's answer to the word.
    """
    there, found = _uses([feed], vocabulary, word)
    exact = {called: dates for called, dates in found.items() if called.casefold() == word.casefold()} or found
    if len(exact) == 1:
        (dates,) = exact.values()
        return min(dates)[1:]
    listed = ", ".join(f"{called} ({n})" for called, n in there.most_common(_SHOWN)) or "none"
    more = ", ..." if len(there) > _SHOWN else ""
    expected = "a date as YYYY-MM-DD, or one treatment that has a date; the file has " + listed + more
    raise BadInput([Problem(name, 0, "--index", word, expected)])


def first_use_of(feeds: Iterable[Feed], vocabulary: Vocabulary, intervention: str) -> dt.date | None:
    """The same of an intervention of the vocabulary, by its id alone; None where no row with a date has it."""
    dates = _uses(feeds, vocabulary, intervention)[1].get(intervention)
    return min(dates)[1] if dates else None


def _uses(feeds: Iterable[Feed], vocabulary: Vocabulary, word: str) -> tuple[Counter[str], _Dates]:
    """What the treatments are called that there are, with how many rows each has, and the ranks and dates of those that
    have `word` in their name."""
    known = intervention_names(vocabulary)
    there: Counter[str] = Counter()
    found: _Dates = {}
    for feed in feeds:
        names, versions, courses = Names(vocabulary, {}, feed.people), Versions(), list[Course]()
        for record in feed.records:
            versions.see(record.version)
            if isinstance(record, Course) and not record.refused:
                courses.append(record)
        for record in courses:
            if versions.why_void(record.version):
                continue
            printed = next(iter(record.names), "")
            called = known.recognise(list(record.names), list(record.atc)) or names.label(printed, ())
            there[called] += 1
            if any(word.casefold() in text.casefold() for text in (called, *record.names)):
                try:
                    date, time = moment(record.dated.when)
                except NotTaken:
                    continue
                found.setdefault(called, []).append((-record.rank, date, time))
    return there, found
