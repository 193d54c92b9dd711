"""Which analyte of the vocabulary a result is of, by its LOINC code or else its name, and in which of its units.

A code that is there decides alone: a name beside it may be anybody's. What is left out is called by its code and a name
that has nothing of the patient in it.
"""

import re
from collections.abc import Sequence
from functools import cached_property

from casereport.privacy.identifiers import find
from casereport.quantities.vocabulary import Analyte, Vocabulary, loinc_is_valid
from casereport.readers.analyte_names import bare_unit, ids_of, parts, qualifiers, unit_in
from casereport.readers.cells import NotTaken
from casereport.readers.columns import Mapped
from casereport.readers.specimens import elsewhere, in_arterial, is_arterial, of_arteries, of_veins
from casereport.readers.synonyms import ONE, directory, key, unit_of

_UNITLESS = ("1", "[pH]", "{score}")
_NO_UNIT = ("1", "{score}", "{ratio}", "{inr}", "inr", "ratio", "score", "{index}")
_LONGEST_NAME = 60
_MOST_NAMES = 2000
_CODE = re.compile(r"\d{1,7}-\d")
_BLOOD = re.compile(r"blood|serum|plasma|\bser|\bplas|\bbld|\bwb\b", re.I)
# units that real files write and no rule of spelling gives; the small g of g/L is a gram, so the giga is spelt out
_WRITTEN = {
    "giga.l-1": "10*9/L", "tera.l-1": "10*12/L", "gi/l": "10*9/L", "ti/l": "10*12/L", "fraction": "1", "ratio": "1",
    "kg/m^2": "kg/m2", "kg/m²": "kg/m2", "units/l": "U/L", "unit/l": "U/L", "miu/l": "m[IU]/L", "miu/ml": "m[IU]/mL",
    "{fraction}": "1", "score": "{score}", "ph": "[pH]", "pg/{cell}": "pg", "thousand per microliter": "10*3/uL",
}  # fmt: skip


class Names:
    """The vocabulary as results are looked up in it."""

    def __init__(self, vocabulary: Vocabulary, mapping: dict[str, Mapped], people: frozenset[str]) -> None:
        self.vocabulary, self.mapping, self.people = vocabulary, mapping, people
        self.known = directory(vocabulary)
        self._labels: dict[str, str] = {}
        self._named: dict[str, list[str]] = {}
        self._labelled: dict[str, list[Analyte]] = {}
        for analyte in vocabulary.analytes.values():
            self._labelled.setdefault(analyte.label, []).append(analyte)

    @cached_property
    def by_code(self) -> dict[str, tuple[Analyte, str]]:
        """The analyte of each LOINC code, and in what the code differs from the analyte's own."""
        found: dict[str, tuple[Analyte, str]] = {}
        for analyte in self.vocabulary.analytes.values():
            if analyte.loinc:  # saturation with and without oxygen share one: the first says neither
                found.setdefault(analyte.loinc, (analyte, ""))
        for analyte in self.vocabulary.analytes.values():
            for code, differs in analyte.other_loinc.items():
                found.setdefault(code, (analyte, differs))
        return found

    def analytes(
        self, name: str, codes: Sequence[str], ids: Sequence[str], specimen: str
    ) -> tuple[list[Analyte], str]:  # fmt: skip
        """The analytes that a result may be of, of which its unit may choose, and a note on its code.

        Raises NotTaken with the reason where it is of none.
        """
        if (mapped := self._mapped(name, codes)) is not None:
            if not mapped.analyte:
                raise NotTaken("left out by the mapping file")
            return [self.vocabulary.analytes[mapped.analyte]], ""
        named = self._labelled.get(name, [])
        if codes:
            return self._coded(codes, named)
        if len(named) == 1 and not specimen:
            return named, ""
        where = f"{specimen} {name}"
        fluid = elsewhere(where)
        known = list(ids) if ids and not fluid else self._by_name(name, fluid)
        if not known:
            raise NotTaken("not in the vocabulary" + (", in another specimen than blood" if fluid else ""))
        known = in_arterial(known) if of_arteries(where) else known
        found = [self.vocabulary.analytes[i] for i in known]
        if of_veins(where) and (arterial := next((a for a in found if is_arterial(a.label)), None)):
            raise NotTaken(f"of venous or capillary blood, and {arterial.id} is of arterial")
        return found, ""

    def _coded(self, codes: Sequence[str], named: Sequence[Analyte]) -> tuple[list[Analyte], str]:
        right = [code for code in codes if loinc_is_valid(code)]
        if not right:
            raise NotTaken("its LOINC code has a wrong check digit, or not the form of one")
        found = {self.by_code[code][0].id: code for code in right if code in self.by_code}
        if not found:
            raise NotTaken("its LOINC code is not in the vocabulary")
        if len(found) > 1:
            raise NotTaken(f"its codes are of several analytes: {', '.join(found)}")
        (code,) = found.values()
        analyte, differs = self.by_code[code]
        # of two that share a code, the one whose very name stands beside it
        analyte = next((a for a in named if a.loinc == code), analyte)
        return [analyte], f"LOINC {code}: {differs}." if differs else ""

    def _mapped(self, name: str, codes: Sequence[str]) -> Mapped | None:
        if not self.mapping:
            return None
        return next((m for text in (*codes, name) if text and (m := self.mapping.get(key(text)))), None)

    def _by_name(self, name: str, fluid: str) -> list[str]:
        cached = f"{fluid}\n{name}"
        if cached not in self._named:
            self._named[cached] = self._look_up(name, fluid)
        return self._named[cached]

    def _look_up(self, name: str, fluid: str) -> list[str]:
        base, fragments = parts(name)
        words = [
            word
            for word in qualifiers(fragments, base, self.vocabulary, self.known, "point")
            if not _BLOOD.fullmatch(word)
        ]
        ids = ids_of(name, base, self.known, words)
        if not fluid:
            return ids
        # of another fluid only what the vocabulary calls by it: urine creatinine
        ids = self.known.get(key(f"{fluid} {base}")) or ids
        return [i for i in ids if fluid in self.vocabulary.analytes[i].label.lower()]

    def unit(
        self, candidates: list[Analyte], printed: str, ucum: bool, name: str, codes: Sequence[str]
    ) -> tuple[Analyte, str]:  # fmt: skip
        """The analyte of those that `printed` is a unit of, and which; raises NotTaken with the reason."""
        mapped = self._mapped(name, codes)
        if mapped is not None and mapped.unit:
            self._agree(printed, mapped.unit, candidates[0], ucum)
            return candidates[0], mapped.unit
        if not printed:
            printed = unit_in(parts(name)[1], candidates[0]) if name else ""
        fitting = [(a, unit) for a in candidates if (unit := _unit_of(printed, a, ucum))]
        if not fitting and codes:  # a code of D-dimer says itself that its ug/mL are of FEU
            fitting = [(a, unit) for a in candidates if (unit := bare_unit([printed], a))]
        if len(fitting) == 1:
            return fitting[0]
        can_be = "; ".join(f"{a.id}: {' or '.join((a.unit, *a.conversions))}" for a in candidates)
        if fitting:
            raise NotTaken(f"means more than one ({can_be})")
        raise NotTaken(
            f"its unit {self.shown(printed)!r} does not fit ({can_be})" if printed else f"no unit ({can_be})"
        )

    def _agree(self, printed: str, told: str, analyte: Analyte, ucum: bool) -> None:
        """Raises NotTaken where the unit of a result is known and another than the one that the mapping file tells."""
        if not printed:
            return
        own = _unit_of(printed, analyte, ucum) or bare_unit([printed], analyte)
        if own and analyte.conversions.get(own, ONE) == analyte.conversions.get(told, ONE):
            return
        if own or any(_unit_of(printed, a, ucum) for a in self.vocabulary.analytes.values()):
            raise NotTaken(f"the mapping file says {told}, and its unit is {self.shown(printed)}: correct the line")

    def label(self, name: str, codes: Sequence[str], longest: int = _LONGEST_NAME) -> str:
        """What a result is called in an account: its code, and its name where that has nothing of a person in it."""
        code = next((c for c in codes if _CODE.fullmatch(c)), "")
        asked = code or name
        if asked not in self._labels:
            if len(self._labels) >= _MOST_NAMES:  # of a file with a name of its own for each result
                return "a result of another name"
            self._labels[asked] = f"{code} {self.shown(name, longest)}".strip() or "a result without a name"
        return self._labels[asked]

    def shown(self, text: str, longest: int = _LONGEST_NAME) -> str:
        """A text of the source, where it may be shown; else that it is withheld."""
        text = " ".join("".join(c if c.isprintable() else " " for c in text).split())[:longest]
        return text if self.impersonal(text) else "(name withheld)"

    def impersonal(self, *texts: str) -> bool:
        """True where no text has a word of the people of the file, or looks as if it told who somebody is."""
        words = {word for text in texts for word in re.findall(r"\w+", text.casefold())}
        return not words & self.people and not any(find(text) for text in texts)


def _unit_of(printed: str, analyte: Analyte, ucum: bool) -> str:
    """The unit of the analyte that a printed one is, an empty text where it is none of them."""
    if not printed:
        return analyte.unit if analyte.unit in _UNITLESS else ""
    if printed in (analyte.unit, *analyte.conversions):
        return printed
    if analyte.unit in _UNITLESS and printed.lower() in _NO_UNIT:
        return analyte.unit
    spelt = _WRITTEN.get(printed.lower(), re.sub(r"^10\+(?=\d)", "10*", printed))
    if printed == "g/L" or (ucum and printed in ("k/uL", "m/uL", "K/uL", "M/uL")):
        return ""  # grams, and in UCUM kelvin: no thousands or millions
    return unit_of(spelt, analyte) or unit_of(re.sub(r"\{[^{}]*\}", "", spelt), analyte) or ""
