"""Day 0 as the first use of a treatment that the user names, in place of a date."""

import datetime as dt
from collections import Counter

from casereport.errors import BadInput, Problem
from casereport.quantities.vocabulary import Vocabulary
from casereport.readers.cells import NotTaken
from casereport.readers.courses import Course
from casereport.readers.intervention_names import InterventionNames
from casereport.readers.record_names import Names
from casereport.readers.records import Feed
from casereport.readers.study_days import moment

_SHOWN = 15


def first_use(feed: Feed, name: str, vocabulary: Vocabulary, word: str) -> dt.date:
    """The date on which the treatment `word`, an id or a part of a printed name, was first given; where no row says
    that it was given, was first taken or ordered.

    Raises BadInput with the treatments that there are where none or several of the vocabulary's answer to the word.
    """
    names, known = Names(vocabulary, {}, feed.people), InterventionNames(vocabulary)
    there: Counter[str] = Counter()
    found: dict[str, list[tuple[int, dt.date]]] = {}
    for record in feed.records:
        if not isinstance(record, Course) or record.refused:
            continue
        called = known.recognise(list(record.names), list(record.atc)) or names.label(next(iter(record.names), ""), ())
        there[called] += 1
        if any(word.casefold() in text.casefold() for text in (called, *record.names)):
            try:
                date, _ = moment(record.dated.when)
            except NotTaken:
                continue
            found.setdefault(called, []).append((-record.rank, date))
    exact = {called: dates for called, dates in found.items() if called.casefold() == word.casefold()} or found
    if len(exact) == 1:
        (dates,) = exact.values()
        return min(dates)[1]
    listed = ", ".join(f"{called} ({n})" for called, n in there.most_common(_SHOWN)) or "none"
    more = ", ..." if len(there) > _SHOWN else ""
    expected = "a date as YYYY-MM-DD, or one treatment that has a date; the file has " + listed + more
    raise BadInput([Problem(name, 0, "--index", word, expected)])
