"""People in the names of files: `Zhang_Wei_CT.csv` has no sentence that would tell a name from other words.

So a name is told by what is common: a Chinese family name beside syllables of Pinyin, or a frequent given name beside
another word. A family name that is a word of English too (Long, Song, He) is none here.
"""

import re
from collections.abc import Iterator

from casereport.privacy.name_lists import FAMILY_FIRST, GIVEN

# What a file is about, which stands beside a name without being part of one.
_ABOUT = frozenset(
    word
    for line in (
        "admission blood case chart chest clinic consent data day days discharge fig figure follow history image",
        "images lab labs letter list notes old photo picture plot report results scan series summary supplement",
        "table tables test timeline update final draft copy version xray csv pdf txt png jpg jpeg json html docx",
        "xlsx rtf",
    )
    for word in line.split()
)
_SYLLABLE = (
    "(?:[bpmfdtnlgkhjqxzcsryw]|[zcs]h)?(?:iang|iong|uang|ang|eng|ing|ong|iao|ian|uai|uan|ai|ei|ui|ao|ou|iu|ie"
    "|ue|an|en|in"
    "|un|ia|ua|uo|a|e|i|o|u)"
)
_PINYIN = re.compile(rf"(?:{_SYLLABLE}){{1,2}}", re.I)
_PAIR = re.compile(r"(?<![^\W\d_])(?=(?P<pair>(?P<a>[^\W\d_]{2,20}) (?P<b>[^\W\d_]{2,20}))(?![^\W\d_]))")


def people(words: str) -> Iterator[tuple[int, int]]:
    """Where, in the words of a file's name, two words beside each other are a person's name: begin and end of each.

    >>> list(people("CT Zhang Wei.csv"))
    [(3, 12)]
    """
    end = 0
    for pair in _PAIR.finditer(words):
        if pair.start() >= end and (_is_name(pair["a"], pair["b"]) or _is_name(pair["b"], pair["a"])):
            start, end = pair.span("pair")
            yield start, end


def _is_name(known: str, other: str) -> bool:
    """True where `known` is a common name and `other` can be the rest of it."""
    if other.lower() in _ABOUT or (other.isupper() and not known.isupper()):
        return False
    if known.title() in GIVEN:
        return len(other) > 2
    short = len(known) < 4 and not known[0].isupper()  # ma, li and hu are units and elements too
    return known.title() in FAMILY_FIRST and not short and bool(_PINYIN.fullmatch(other))
