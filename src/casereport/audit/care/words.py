"""What a section of a narrative says, as far as a program can tell: how much, and whether certain words are in it.

A clause that only says that something is not known or not reported says nothing of the matter, and is left out.
Finding a word is not understanding it: what is found this way is offered to a reader's judgement.
"""

import re

from casereport.case.narrative import BLOOD_PRESSURE, PLACEHOLDER, PRESSURES

_SAYS_NOTHING = re.compile(
    r"\b(?:not|never)\b(?: [\w-]+){0,3}? (?:known|reported|stated|available|documented|recorded|mentioned|provided"
    r"|specified|applicable)\b|\bunknown\b|\bnot in what is available\b|\b(?:is|are|was|were) not$"
    r"|\bno\b.*\b(?:to us|made up|simulated)\b|^\W*(?:none|n/?a|tbd|todo|to be (?:written|added))\W*$",
    re.I | re.S,
)
_COMMON = frozenset(
    (
        "about",
        "after",
        "before",
        "chest",
        "classed",
        "first",
        "given",
        "highest",
        "other",
        "severe",
        "stated",
        "therapy",
    )
)
# a publication that is named in the text and not in the list of references
NAMED = re.compile(r"\[\d+\]|\((?:19|20)\d\d\)|\bet al\b|\bdoi\b|\b10\.\d{4,9}/|\bPMID\b", re.I)


def clauses(text: str) -> list[str]:
    """The clauses of a narrative that say something, each a line without Markdown; placeholders stay."""
    placeholders = [match[0] for match in PLACEHOLDER.finditer(text)]
    held = PLACEHOLDER.sub("\x00", text)  # a placeholder has dots and signs of its own
    parts = re.split(r"(?<=[.;!?])\s+|\n\s*\n|\n(?=\s*[-+] )", re.sub(r"[*_`#>|]+", " ", held))
    back = iter(placeholders)
    joined = (re.sub("\x00", lambda _: next(back), " ".join(part.split()).rstrip(".;")) for part in parts)
    return [clause for clause in joined if clause and not _SAYS_NOTHING.search(clause)]


def said(text: str) -> str:
    """All that `text` says, in one line; empty where it says only that nothing is known."""
    return ". ".join(clauses(text))


def length(text: str) -> int:
    """The number of words; a placeholder is one."""
    return len(re.findall(r"\w[\w'-]*", PLACEHOLDER.sub("value", text)))


def placed(text: str) -> set[str]:
    """The names that the placeholders of `text` begin with: `crp` for `{{ crp@-1 }}`, `dose` for `{{ dose.x }}`.

    A blood pressure is two analytes.
    """
    found = {re.split(r"[@.]", name)[0] for name in PLACEHOLDER.findall(text)}
    return found | set(PRESSURES) if BLOOD_PRESSURE in found else found


def first_of(pattern: str, text: str) -> str:
    """The first words in `text` that match, as they stand there; empty where there are none."""
    match = re.search(rf"\b(?:{pattern})\w*", PLACEHOLDER.sub(" ", text), re.I)
    return match[0] if match else ""


def names(labels: list[str], text: str) -> list[str]:
    """The long words of `labels` that stand in `text`: `mesenchymal`, `fever`; short and common ones do not count."""
    words = {word for label in labels for word in re.findall(r"[^\W\d_]{5,}", label.lower())} - _COMMON
    there = set(re.findall(r"[^\W\d_]{5,}", PLACEHOLDER.sub(" ", text).lower()))
    return sorted(words & there)
