"""What a laboratory calls an analyte and writes for a unit, recognised without guessing.

A printed name is compared with ids, labels, short names, LOINC codes and the synonyms of the vocabulary, after case,
signs and filling words are taken off. It is recognised only where exactly one analyte answers to it; what is merely
near is offered, never used.
"""

import difflib
import re
from collections.abc import Mapping
from fractions import Fraction
from functools import cache, lru_cache

from casereport.quantities.units import Conversion, plain, shown
from casereport.quantities.vocabulary import Analyte, Vocabulary

_LETTERS = str.maketrans({"α": "alpha", "β": "beta", "γ": "gamma", "µ": "u", "μ": "u", "−": "-"})


def key(text: str) -> str:
    """A name without what spellings differ in: case, blanks, hyphens, Greek letters, `serum` and `count`."""
    text = text.lower().translate(_LETTERS)
    text = text.replace("aemia", "emia").replace("haem", "hem").replace("leuco", "leuko")
    text = re.sub(r"\b(?:serum|plasma|blood|level|levels|count|counts|absolute)\b|^s\. ", " ", text)
    return re.sub(r"[^a-z0-9%+\u0370-\uffff]", "", text)


def names_of(analyte: Analyte) -> list[str]:
    """Every name of an analyte that the vocabulary has."""
    codes = [code for code in (analyte.loinc, *analyte.other_loinc) if code]
    return [analyte.id, analyte.label, analyte.short, *codes, *analyte.synonyms]


@lru_cache(maxsize=2)
def directory(vocabulary: Vocabulary) -> dict[str, list[str]]:
    """The ids that answer to each name, by its key."""
    found: dict[str, list[str]] = {}
    for analyte in vocabulary.analytes.values():
        for name in names_of(analyte):
            ids = found.setdefault(key(name), [])
            if analyte.id not in ids:
                ids.append(analyte.id)
    return found


def near(name: str, known: Mapping[str, list[str]], n: int = 3, cutoff: float = 0.7) -> list[str]:
    """The ids of at most `n` analytes that a name resembles, the nearest first."""
    close = difflib.get_close_matches(key(name)[:60], list(known), n=n, cutoff=cutoff)
    return list(dict.fromkeys(i for k in close for i in known[k]))[:n]


def unit_of(printed: str, analyte: Analyte) -> str | None:
    """The vocabulary's unit that a printed unit is another spelling of; None where none is, or several that differ."""
    fitting = [analyte.unit, *analyte.conversions]
    if printed in fitting:
        return printed
    want = plain(_respelt(printed))
    same = [u for u in fitting if want in _spellings(u)]
    meant = {analyte.conversions.get(u, ONE) for u in same}  # {beats}/min and /min are one unit
    return same[0] if printed and len(meant) == 1 else None


def _respelt(printed: str) -> str:
    """A printed unit without the habits of laboratories that make no other: `units/L`, `gm%`, `mg·L−1`, `× 1000`."""
    text = printed.translate(_RAISED).replace("−", "-").replace("–", "-").strip().lower()
    for form, meant in _HABITS:
        text = form.sub(meant, text)
    return text


_RAISED = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻", "0123456789-")
_HABITS = tuple(
    (re.compile(form), meant)
    for form, meant in (
        (r"\s*[·⋅∙.•]?\s*\b(mcl|dl|ml|[uµμ]l|nl|l|kg|min|h|s|mm3)\s*\^?-1\b", r"/\1"),  # mg·L-1
        (r"mcl\b|micro ?lit(?:er|re)s?\b", "ul"),
        (r"\b(?:micromol|mcmol)", "umol"),
        (r"\b(?:international units?|u\.?i\.?)(?=\s*/)", "iu"),
        (r"\bunits?(?=\s*/)", "u"),
        (r"\bgms?(?=\s*[/%])", "g"),
        (r"^(m?g)\s*%$|^(m?g)\s*/\s*100\s*ml$", r"\1\2/dl"),
        (r"(?:cu\.? ?mm|cmm|cumm|mm\^3)\b", "mm3"),
        (r"^[x×*]?\s*(?:1000|1,000|thousands?|thou|tsd\.?|tausend|miles|milliers)\s*(?=/)", "10*3"),
        (r"^[x×*]?\s*(?:lakhs?|lacs?)\s*(?=/)", "10*5"),
        (r"^[x×*]?\s*(?:millions?|mill|mio\.?|millionen|millones|milioni|milhões)\s*(?=/)", "10*6"),
        (r"^[x×*]?\s*(?:mrd\.?|milliarden|milliards)\s*(?=/)", "10*9"),
        (r"^([x×*]?\s*10)(?:\s+|e|\*\*|\^)\s*(?=\d{1,2}\b)", r"\1*"),
        (r"(?<=\d)\^(?=\s*/)", ""),  # 10^9^/L
        (r"\b1,73(?=\s*m)", "1.73"),
        (r"(?<=1\.73)(\s*m)\^2", r"\g<1>2"),
        (r"^mos?mo?l?(?=\s*/\s*kg)", "mosm"),
        (r"(?<=mosm/kg)\s*(?:h2o|wasser|water)$", ""),
        (r"(?<=/mol)\s*h[gb]b?$", ""),
        (r"(?<=\d)\s*(?:cells?|wbcs?|platelets?)?\s*/\s*(mm3|[uµμ]l|l)$", r"/\1"),
        (r"^(beats|breaths) per min(?:ute)?$|^(beats|breaths)/minute$", "/min"),
    )
)


@cache
def _spellings(unit: str) -> frozenset[str]:
    """What a unit of the vocabulary may look like in print, as `plain` has it."""
    return frozenset(map(plain, (unit, shown(unit), *_SPELT.get(unit, ()))))


ONE = Conversion(Fraction(1))

# Spellings in print that are more than another case or sign.
_SPELT = {
    "10*9/L": ("g/l", "10*9", "giga/l", "10*9cells/l", "gpt/l", "/nl"),
    "10*3/uL": ("k/ul", "10*3cells/ul", "thou/ul", "k/mm3"),
    "10*12/L": ("t/l", "10*12", "tera/l", "tpt/l", "/pl"),
    "10*6/uL": ("m/ul", "mil/ul"),
    "/uL": ("cells/ul", "/mcl"),
    "/mm3": ("cells/mm3", "/cumm"),
    "Cel": ("c", "degc"),
    "[degF]": ("f", "degf", "°f"),
    "mm[Hg]": ("torr",),
    "[IU]/L": ("iu/l",),
    "/min": ("breaths/min", "beats/min", "bpm", "1/min", "min-1", "/minute"),
    "%": ("percent",),
    "mm/h": ("mm/hr", "mm/hour", "mm/1sth", "mm1sth", "mm/1h", "mm/1hr", "mm/1sthr", "mm/std", "mm/1.h"),
    "1": ("l/l", "fraction"),
    "U/L": ("e/l",),
    "10*3/mm3": ("x1,000/mm3", "×1,000/mm3", "1000/mm3"),
    "s": ("sec", "secs", "second", "seconds", "sek", "sek.", "seg"),
    "meq/L": ("meq/l", "mval/l"),
    "cm[H2O]": ("cmh2o",),
}


def search(vocabulary: Vocabulary, text: str) -> list[Analyte]:
    """The analytes of which some name, unit or group contains every word of `text`; all for an empty text."""
    words = text.lower().split()
    return [
        a
        for a in vocabulary.analytes.values()
        if all(any(w in part.lower() for part in (*names_of(a), a.group, a.unit)) for w in words)
    ]
