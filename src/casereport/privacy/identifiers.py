"""What may tell who a patient is, found in a text by its form: dates, high ages, names, numbers, places, addresses.

The kinds are those of the Safe Harbor rule of the US Privacy Rule (45 CFR 164.514(b)(2)). A form is not a meaning: a
name without a title, a month in another language and a rare disease in a small town pass, so that no program replaces
reading. Years alone, provinces and states are no identifiers under the rule.
"""

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from casereport.privacy.identifier_rules import HARMLESS, RULES

REASONS = {
    "date": "a calendar date; write the study day instead (day 0 is the index treatment)",
    "age": "an age over 89; write `90 or older`, and null as age_years",
    "name": "a person's name; write who it is (the patient, the physician)",
    "e-mail": "an e-mail address; leave it out",
    "telephone": "a telephone number; leave it out",
    "record": "a number that may lead to a person or a record; leave it out",
    "postcode": "a postcode; leave it out",
    "place": "a place smaller than a province or state; name the province or state, or leave it out",
    "hospital": "a hospital, ward, room or bed; write its kind (a tertiary hospital, intensive care)",
    "web": "a web or network address; leave it out, or cite a publication by its DOI",
}
_FOLDED = {ord(c): to for to, characters in ((" ", "*_`\t"), ("-", "‐‑‒–—−"), ("'", "’‘ʼ")) for c in characters}
# a line break inside a paragraph is a space; one before a list, a heading, a table or an empty line ends the text
_SOFT_BREAK = re.compile(r"(?<!\n)\r?\n(?!\s*\n|[ \t]*(?:[-+#|>]|\d+[.)] ))")


@dataclass(frozen=True)
class Found:
    """One likely identifier: where in the text it stands, its words there, and its kind (a key of `REASONS`)."""

    start: int
    end: int
    text: str
    kind: str


@lru_cache(maxsize=4096)
def find(text: str) -> tuple[Found, ...]:
    """The likely identifiers in `text`, in order; where two overlap, the longer.

    >>> [(f.text, f.kind) for f in find("Seen by Dr Smith on 12 March 2020, day 3.")]
    [('Dr Smith', 'name'), ('12 March 2020', 'date')]
    """
    searched, origin = _folded(text)
    for pattern in HARMLESS:
        searched = pattern.sub(lambda match: " " * len(match[0]), searched)
    hits = [
        Found(origin[match.start()], origin[match.end() - 1] + 1, match[0].strip(" ,"), kind)
        for kind, pattern, is_one in RULES
        for match in pattern.finditer(searched)
        if is_one is None or is_one(match)
    ]
    kept: list[Found] = []
    for hit in sorted(hits, key=lambda f: (f.start - f.end, f.start)):
        if all(hit.end <= other.start or hit.start >= other.end for other in kept):
            kept.append(hit)
    return tuple(sorted(kept, key=lambda f: f.start))


def find_in_name(name: str) -> tuple[Found, ...]:
    """The likely identifiers in the name of a file, whose words are parted by _ and by a change to digits.

    >>> [f.kind for f in find_in_name("Dr_Smith_MRN123456_12Mar2020.png")]
    ['name', 'record', 'date']
    """
    return find(words_of_name(name))


def words_of_name(name: str) -> str:
    """The name of a file as words: `ct_12Mar2020.png` becomes `ct 12 Mar 2020.png`."""
    return re.sub(r"(?<=[^\W\d_])(?=\d)|(?<=\d)(?=[^\W\d_])|_", " ", name)


def _folded(text: str) -> tuple[str, list[int]]:
    """`text` with one kind of space, hyphen, apostrophe and digit, and for each character its place in `text`.

    Markdown emphasis and runs of spaces become one space, so that `12  *March* 2020` reads as a date.
    """
    text = _SOFT_BREAK.sub(lambda match: " " * len(match[0]), text)
    characters: list[str] = []
    origin: list[int] = []
    for i, c in enumerate(text):
        for one in c.translate(_FOLDED) if c.isascii() or ord(c) in _FOLDED else unicodedata.normalize("NFKC", c):
            if unicodedata.category(one) == "Cf" or (one == " " and characters and characters[-1] == " "):
                continue
            characters.append(one)
            origin.append(i)
    return "".join(characters), origin
