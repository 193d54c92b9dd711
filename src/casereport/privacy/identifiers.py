"""What may tell who a patient is, found in a text by its form: dates, high ages, names, numbers, places, addresses.

The kinds are those of the Safe Harbor rule of the US Privacy Rule (45 CFR 164.514(b)(2)). A form is not a meaning: a
name without a title, a month in another language and a rare disease in a small town pass, so that no program replaces
reading. Years alone, provinces and states are no identifiers under the rule.
"""

import html
import re
import unicodedata
from bisect import bisect
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import product

from casereport.privacy.file_names import people
from casereport.privacy.rules import ASKING, RULES
from casereport.privacy.rules.parts import HARMLESS, NEEDS, Rule

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
    "picture": "a picture by which a person is known; leave it out",
    "body": "a mark of the body by which a person is known; leave it out",
    "office": "something that only one person is; say it more generally",
}
_FOLDED = {
    ord(c): to
    for to, characters in (
        (" ", "*_`\t\x85\u2028\u2029"),
        ("-", "\u2010\u2011\u2012\u2013\u2014\u2212"),
        ("'", "\u2019\u2018\u02bc"),
    )
    for c in characters
}
# What shows as nothing and is of no format category: joiners, variation selectors, fillers.
_UNSEEN = re.compile("[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u3164\ufe00-\ufe0f\uffa0\U000e0100-\U000e01ef]")
# What is folded as one: a run that is as it shall be, an entity or escape as a page shows it, a letter with its marks.
_PIECE = re.compile(
    r"(?P<plain>[A-Za-z0-9,.;:/()'\"=+<>%!?@#$-]+(?![\u0300-\u036f]))|(?P<entity>&(?:#\d{1,7}"
    r"|#[xX][0-9A-Fa-f]{1,6}|[A-Za-z][A-Za-z0-9]{1,30});)"
    r"|\\(?P<escaped>[!-/:-@\[-`{-~])|.[\u0300-\u036f]{0,8}",
    re.S,
)
_EAST_ASIAN = re.compile("[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
_MARK = re.compile("[\u0300-\u036f]")
# the name of a file in a text, which tells a name as it does in a folder
_FILE = re.compile(r"(?<![\w/])[\w-]{1,60}_[\w.-]{1,60}\.[A-Za-z]\w{1,4}(?!\w)")
# the words of a file's name: parted by _, between letters by - . and a capital, and between letters and digits
_PARTED = re.compile(r"(?<=[^\W\d_])(?=\d)|(?<=\d)(?=[^\W\d_])|_|(?<=[a-z])(?=[A-Z][a-z])|(?<=[^\W\d_])-(?=[^\W\d_])")
# a line break inside a paragraph is a space; one before a list, a heading, a table or an empty line ends the text
_SOFT_BREAK = re.compile(r"(?<!\n)\r?\n(?!\s*\n|[ \t]*(?:[-+#|>]|\d+[.)] ))")


_PARTICLES = re.compile(r"(?:[ -](?:d[aei]|del|de[nr]|dos|das|v[ao]n|bin|ibn|al|el|la|le)){0,2}[ -]")
_SAME_SENTENCE = re.compile(r"[^.;\n]{1,60}")


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
    found = _by(RULES, text)
    for file in _FILE.finditer(text):
        spans = [(file.start() + start, file.start() + end) for start, end in people(file[0].replace("_", " "))]
        names = [Found(start, end, text[start:end], "name") for start, end in spans]
        found += tuple(name for name in names if _place_apart(name, found) is not None)
    return tuple(sorted(found, key=lambda f: f.start))


@lru_cache(maxsize=4096)
def asked(text: str) -> tuple[Found, ...]:
    """What in `text` may be an identifier or none, so that its author is asked; nothing that `find` finds.

    >>> [(f.text, f.kind) for f in asked("Seen with Miriam after a day in Ullapool.")]
    [('Miriam', 'name'), ('Ullapool', 'place')]
    """
    sure = find(text)
    questions: list[Found] = []
    for one in _by(ASKING, text):
        if questions and _is_one_question(questions[-1], one, text):
            start = questions.pop().start
            one = Found(start, one.end, text[start : one.end], one.kind)
        questions.append(one)
    return tuple(one for one in questions if _place_apart(one, sure) is not None)


def _is_one_question(one: Found, other: Found, text: str) -> bool:
    """True for two words of a name, and for a picture, a mark or an office that one sentence tells of twice."""
    between = text[one.end : other.start]
    near = _PARTICLES if one.kind in ("name", "place") else _SAME_SENTENCE
    return one.kind == other.kind and near.fullmatch(between) is not None


def _by(rules: list[Rule], text: str) -> tuple[Found, ...]:
    """What these rules find, in order; where two overlap, the longer."""
    searched, origin = _searched(text)
    # letters and digits between Chinese or Korean characters, which no space parts, are read once more without them
    readings = [searched, apart] if (apart := _EAST_ASIAN.sub(" ", searched)) != searched else [searched]
    present = {"", *(needs for needs, form in NEEDS.items() if form.search(searched))}
    hits = [
        Found(origin[start], origin[end - 1] + 1, reading[start:end].strip(" ,"), rule.kind)
        for rule, reading in product([rule for rule in rules if rule.needs in present], readings)
        for start, end in rule.spans(reading)
    ]
    kept: list[Found] = []  # in order, none over another
    for hit in sorted(hits, key=lambda f: (f.start - f.end, f.start)):
        at = _place_apart(hit, kept)
        if at is not None:
            kept.insert(at, hit)
    return tuple(kept)


def _place_apart(hit: Found, kept: Sequence[Found]) -> int | None:
    """Where `hit` belongs among `kept`, in order and none over another; None where it overlaps one of them."""
    at = bisect(kept, hit.start, key=lambda f: f.start)
    is_apart = (not at or kept[at - 1].end <= hit.start) and (at == len(kept) or hit.end <= kept[at].start)
    return at if is_apart else None


def find_in_name(name: str) -> tuple[Found, ...]:
    """The likely identifiers in the name of a file, whose words are parted by _ and by a change to digits.

    >>> [f.kind for f in find_in_name("Dr_Smith_MRN123456_12Mar2020.png")]
    ['name', 'record', 'date']
    """
    words = words_of_name(name)
    found = find(words)
    names = [Found(start, end, words[start:end], "name") for start, end in people(words)]
    return found + tuple(n for n in names if all(n.end <= f.start or n.start >= f.end for f in found))


def words_of_name(name: str) -> str:
    """The name of a file as words: `ct_12Mar2020.png` becomes `ct 12 Mar 2020.png`."""
    return _PARTED.sub(" ", name)


@lru_cache(maxsize=64)
def _searched(text: str) -> tuple[str, list[int]]:
    """`text` as it is searched: folded, and blank where a form is known to be harmless; and the place of each."""
    searched, origin = _folded(text)
    for pattern in HARMLESS:
        searched = pattern.sub(_blank, searched)
    return searched, origin


def _blank(match: re.Match[str]) -> str:
    """What a match of a harmless form becomes: as many blanks, but for what stands before its group `it`."""
    start = match.start("it") - match.start() if "it" in match.re.groupindex else 0
    return match[0][:start] + " " * (len(match[0]) - start)


def _folded(text: str) -> tuple[str, list[int]]:
    """`text` in one normal form, and for each character its place in `text`.

    The form is NFKC with one kind of space, hyphen and apostrophe, without characters that show as nothing, and with
    entities and escapes as a page shows them. Markdown emphasis and runs of spaces become one space, so that
    `12  *March* 2020` reads as a date.
    """
    text = _SOFT_BREAK.sub(lambda match: " " * len(match[0]), text)
    characters: list[str] = []
    origin: list[int] = []
    for piece in _PIECE.finditer(text):
        if plain := piece["plain"]:
            characters.extend(plain)
            origin.extend(range(piece.start(), piece.end()))
            continue
        shown = html.unescape(piece["entity"]) if piece["entity"] else piece["escaped"] or piece[0]
        for one in shown.translate(_FOLDED) if shown.isascii() else _normal(shown):
            if one == " " and characters and characters[-1] == " ":
                continue
            characters.append(one)
            origin.append(piece.start())
    return "".join(characters), origin


def masked(text: str) -> str:
    """`text` with its likely identifiers left out, for what is published without having passed the gate.

    >>> masked("cases/x: Dr Smith: a name")
    'cases/x: [left out]: a name'
    """
    for found in reversed(find(text)):
        text = text[: found.start] + "[left out]" + text[found.end :]
    return text


@lru_cache(maxsize=4096)
def _normal(shown: str) -> str:
    """A letter with its marks as one letter; nothing for what shows as nothing."""
    seen = "".join(c for c in shown if unicodedata.category(c) != "Cf" and not _UNSEEN.match(c)).translate(_FOLDED)
    composed = unicodedata.normalize("NFKC", seen).translate(_FOLDED)
    # a mark that no letter takes up is an ornament, which would part a name
    return _MARK.sub("", composed) if composed[:1].isalpha() else composed
