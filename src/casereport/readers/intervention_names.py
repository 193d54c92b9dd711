"""What a record calls a drug or a procedure, recognised without guessing: by its ATC code, or by its whole name.

A name is one of the vocabulary's after strength, form, brand and salt are taken off: `24 HR metformin hydrochloride 500
MG Oral Tablet` is metformin. A name that is merely near, and a product of several substances that the vocabulary does
not have as one, are not recognised: many drugs are a letter apart.
"""

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache

from casereport.quantities.vocabulary import Intervention, Vocabulary

_QUANTITY = re.compile(r"^(?:\d[\d.,]*\s*(?:ml|hr|actuat|mg|unt|days?)\s+)+", re.I)
_STRENGTH = re.compile(
    r"[\s,]+<?\d[\d.,]*\s*-?(?:%|(?:m?c?g|ug|µg|ng|kg|ml|l|unt|units?|iu|meq|mmol|mol|mci|actuat|cells?)\b).*$", re.I
)
_FORM = re.compile(
    r"[\s,]+(?:(?:extended|delayed|modified) release |chewable |disintegrating |prefilled |metered dose |dry powder )*"
    r"(?:(?:oral|topical|ophthalmic|nasal|rectal|vaginal|otic|transdermal|sublingual|inhalation|inhalant|injectable|"
    r"intravenous|intramuscular|subcutaneous|i\.?v\.?|p\.?o\.?|s\.?c\.?|i\.?m\.?)\s*)*"
    r"(?:tablets?|capsules?|solution|suspension|injection|infusion|syringe|powder|granules|cream|ointment|gel|lotion|"
    r"patch|spray|inhaler|suppository|implant|pack|product|drops?|syrup|film|therapy|oral|iv|po|sc|im)$",
    re.I,
)
_SALT = re.compile(
    r"\s+(?:(?:di|mono|hemi|tri|sesqui)?(?:hydrochloride|hydrobromide|hydrate|sodium|potassium|calcium|magnesium)|hcl|"
    r"anhydrous|phosphate|sul(?:f|ph)ate|acetate|succinate|maleate|tartrate|bitartrate|bes[iy]late|besilate|mes[iy]late|"
    r"tos[iy]late|citrate|fumarate|bromide|chloride|lactate|nitrate|gluconate|(?:di)?propionate|furoate|valerate|"
    r"pamoate|decanoate|palmitate|malate|hyclate|axetil|proxetil|pivoxil|etexilate|medoxomil|mofetil|erbumine|"
    r"arginine|lysine|besilate|hemifumarate|bisulfate|butyrate|hydroxide|iodide|acetonide|cypionate|enanthate|tromethamine)$",
    re.I,
)
_PACKED = re.compile(r"\d+ \(([^()]*)\)")  # {28 (norethindrone 0.35 MG Oral Tablet) } Pack


def names_of(intervention: Intervention) -> Iterator[str]:
    """Every name of an intervention that the vocabulary has."""
    yield from (intervention.id, intervention.label, re.sub(r"\([^()]*\)", "", intervention.label))
    yield from intervention.synonyms


def search_interventions(vocabulary: Vocabulary, text: str) -> list[Intervention]:
    """The interventions of which some name, the class or the ATC code has every word of `text`; all for none."""
    words = text.lower().split()
    return [
        one
        for one in vocabulary.interventions.values()
        if all(
            one.atc.lower().startswith(w) or any(w in part.lower() for part in (*names_of(one), one.cls)) for w in words
        )
    ]


@lru_cache(maxsize=2)
def intervention_names(vocabulary: Vocabulary) -> "InterventionNames":
    """The names of a vocabulary, which many persons are looked up in one after the other."""
    return InterventionNames(vocabulary)


class InterventionNames:
    """The vocabulary as drugs and procedures are looked up in it."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._by_name: dict[str, set[str]] = {}
        self._by_atc: dict[str, set[str]] = {}
        self._of_several: dict[frozenset[str], set[str]] = {}
        for one in vocabulary.interventions.values():
            for name in names_of(one):
                self._by_name.setdefault(_key(name), set()).add(one.id)
                if "/" in name:
                    parts = frozenset(map(_key, name.split("/")))
                    self._of_several.setdefault(parts, set()).add(one.id)
            if len(one.atc) == 7:
                self._by_atc.setdefault(one.atc, set()).add(one.id)

    def recognise(self, names: list[str], atc: list[str]) -> str:
        """The id that a code or else a name means, the first that is known; empty where none is, or several are."""
        found = [self._by_atc.get(code.strip().upper(), set()) for code in atc]
        found += [self._of_name(name) for name in names]
        return next((next(iter(ids)) for ids in found if len(ids) == 1), "")

    def _of_name(self, name: str) -> set[str]:
        if known := self._by_name.get(_key(name)):
            return known
        packed = [text for text in _PACKED.findall(name) if "inert" not in text]
        if name.startswith("{") and len(packed) == 1:
            name = packed[0]
        text = _QUANTITY.sub("", re.sub(r"\[[^\]]*\]|\([^()]*\)", "", name).strip())
        # a stroke between figures is that of a strength, such as 100 MG/ML
        parts = [self._bare(part) for part in re.split(r"\s+/\s+" if re.search(r"\d", text) else "/", text)]
        if len(parts) == 1:
            return self._by_name.get(_key(parts[0]), set())
        return self._of_several.get(frozenset(map(_key, parts)), set())

    def _bare(self, part: str) -> str:
        """A substance without strength, form and, where it is not known with it, salt."""
        text = _STRENGTH.sub("", _QUANTITY.sub("", part.strip())).strip()
        while _key(text) not in self._by_name and (shorter := _FORM.sub("", text)) != text:
            text = shorter.strip()
        while _key(text) not in self._by_name and (shorter := _SALT.sub("", text)) != text:
            text = shorter.strip()
        return text


def _key(name: str) -> str:
    """A name without what spellings differ in: case, accents, blanks, hyphens."""
    plain = unicodedata.normalize("NFKD", name.lower()).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9+]", "", plain)
