"""What the printed name of an analyte says: the name itself, a unit, a range, and words that make it another name.

`Bilirubin (direct), µmol/L` is direct bilirubin in µmol/L; `Glucose (CSF)` is no glucose of blood. A word that is
neither unit nor range nor part of a known name leaves the name unknown.
"""

import re
from collections.abc import Iterable, Iterator, Sequence

from casereport.quantities.units import plain
from casereport.quantities.vocabulary import Analyte, Vocabulary
from casereport.readers.ranges import is_range_word, read_range
from casereport.readers.synonyms import ONE, key, unit_of

# `3.5-9.5 x10^9/L` and `37-47%`, but not `3500-11 000`
_RANGE_AND_UNIT = re.compile(
    r"((?:[A-Za-z. ]+:?\s*)?(?:[<>]=?|[≤≥])?\s*[\d.,]+(?:\s*(?:[-–—~]|to|bis|à)\s*[\d.,]+)?)"
    r"(?:\s+(?!\d+$)|(?=[%×xµμ/A-Za-z]))([^\s\-–—~].*)$"
)

# a unit or a range that nobody has read yet; CD4 is neither
_LIKE_A_UNIT = re.compile(r"[/%^]|^[x×]?\s*10|^[^A-Za-z]*$")


_OF_PLASMA = re.compile(r"\b(?:plasma|serum)\b", re.I)


def parts(printed: str) -> tuple[str, list[str]]:
    """A printed name without what stands in brackets or behind a comma, and those pieces."""
    fragments = [a or b for a, b in re.findall(r"\(([^()]*)\)|\[([^\[\]]*)\]", printed)]
    base = re.sub(r"\([^()]*\)|\[[^\[\]]*\]", " ", printed)
    base = re.sub(r"[*†‡§¶]+", "", base)
    head, comma, tail = base.partition(",")
    if comma and tail.strip():
        # what stands before the bracket is before it here too; the sign of an ion is no part of a unit
        fragments.insert(0, re.sub(r"^[+-]\s+", "", tail.strip()))
    return " ".join(head.split()), [f for f in fragments if f.strip()]


def pieces(fragments: list[str]) -> Iterator[str]:
    """The fragments and what they are made of: several in one bracket, a range with its unit behind it."""
    for fragment in fragments:
        for piece in re.split(r"[;:]|,\s", fragment):
            match = _RANGE_AND_UNIT.match(piece.strip())
            if match and read_range(match[1], "point"):
                yield match[1]
                yield match[2]
            elif piece.strip() and not is_range_word(piece):
                yield piece.strip()


def ranges_in(fragments: Iterable[str], decimal: str) -> list[tuple[tuple[str, str], str]]:
    """The ranges that the fragments print, each once, with the unit behind it (empty for none)."""
    found: list[tuple[tuple[str, str], str]] = []
    for fragment in fragments:
        for piece in re.split(r"[;:]|,\s", fragment):
            match = _RANGE_AND_UNIT.match(piece.strip())
            if match and (limits := read_range(match[1], decimal)):
                found.append((limits, match[2].strip(" ()")))
            elif limits := read_range(piece, decimal):
                found.append((limits, ""))
    return list(dict.fromkeys(found))


def ids_of(printed: str, base: str, known: dict[str, list[str]], words: Sequence[str] = ()) -> list[str]:
    """The ids that a printed name has; with `words` only where they are part of a name: direct bilirubin is no
    bilirubin, and glucose (CSF) is not that of blood."""
    if words:
        orders = ([base, *words], [*words, base])
        found = known.get(key(printed)) or next((i for o in orders if (i := known.get(key(" ".join(o))))), [])
    else:
        found = known.get(key(printed)) or known.get(key(base)) or known.get(key(base.partition(",")[0])) or []
    return of_cells(printed, found)


def of_cells(printed: str, ids: list[str]) -> list[str]:
    """The ids without haemoglobin where a printed name says plasma or serum: what is there has left the cells."""
    return [i for i in ids if i != "haemoglobin"] if _OF_PLASMA.search(printed) else ids


def qualifiers(
    fragments: list[str], base: str, vocabulary: Vocabulary, known: dict[str, list[str]], decimal: str
) -> list[str]:
    """The fragments of a name that may make it another: neither unit nor range nor another name of the same."""
    own = ids_of(base, base, known)
    found = []
    for fragment in fragments:
        readable = any(
            read_range(piece, decimal) or any(unit_of(piece, analyte) for analyte in vocabulary.analytes.values())
            for piece in pieces([fragment])
        )
        same = not key(fragment) or (own and known.get(key(fragment)) == own)
        if not (readable or same or _LIKE_A_UNIT.search(fragment)):
            found.append(fragment)
    return found


def units_in(fragments: Iterable[str], analyte: Analyte) -> list[str]:
    """The units of the analyte that the fragments print, in their order, none of them twice by another name."""
    found: dict[object, str] = {}
    for piece in pieces(list(fragments)):
        if unit := unit_of(piece, analyte):
            found.setdefault(analyte.conversions.get(unit, ONE), unit)  # U/L and IU/L are one
    return list(found.values())


def unit_in(fragments: list[str], analyte: Analyte) -> str:
    """The unit of the analyte that the fragments print; an empty text where none, or several that differ."""
    found = units_in(fragments, analyte)
    return found[0] if len(found) == 1 else ""


def bare_unit(fragments: list[str], analyte: Analyte) -> str:
    """The unit of which the printed one is all but the note in braces: whoever chooses FEU has chosen ug/L{FEU}."""
    own = [u for u in (analyte.unit, *analyte.conversions) if "{" in u]
    found = {u for u in own for piece in pieces(fragments) if plain(re.sub(r"\{.*?\}", "", u)) == plain(piece)}
    return found.pop() if len(found) == 1 else ""
