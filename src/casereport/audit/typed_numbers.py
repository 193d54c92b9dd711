"""Numbers that stand in the narrative as typed text, against the rows of the analyte that the sentence names.

A number of the prose is a placeholder, and then follows its table; one that is typed may say anything. Only what names
its analyte and its unit is looked at, in the sections that tell the patient's course. A threshold, a range or another
publication's number is none of the patient's.
"""

import re
from collections.abc import Iterable, Iterator

from casereport.audit.findings import Number, Remark, numbers_of
from casereport.case.case import Case
from casereport.case.narrative import PLACEHOLDER
from casereport.quantities.intervals import printed_half_unit
from casereport.quantities.units import unit_fix
from casereport.quantities.vocabulary import Analyte
from casereport.quantities.wording import listed, on_day, printed_text, signed, spoken

_ELSEWHERE = ("Introduction", "Discussion", "Patient perspective", "Informed consent")
_SENTENCE = re.compile(r"(?<=[.!?;])\s+")
_NUMBER = re.compile(r"(?<![\w.,/@<>≤≥−-])(\d+(?:\.\d+)?)(?:\s*(?:to|–)\s*(\d+(?:\.\d+)?))?(?!\d|/\d)\s*")
_UNIT = re.compile(r"((?:[x×]\s*)?[^\s,;:()]+)(\s[^\s,;:()]+)?")  # µg/mL, or µg/mL FEU
_DAY = re.compile(r"\bon day ([−-]?\d+)\b(?! (?:of|after|from|in))", re.I)
# before a number that is a limit, or how much something moved
_NO_VALUE = re.compile(
    r"\b(above|below|over|under|than|least|most|limit|range|normal|reference|threshold|target|about|nearly|almost|by|"
    r"rise|fall|drop|increase|decrease|decline|gain|loss|difference|change)\b|[~≈\[]",
    re.I,
)
_SHORTEST_NAME = 3


def typed_numbers(case: Case) -> Iterator[Remark]:
    """The typed numbers of the prose that no row of their analyte has, or has on that day."""
    found = [(line, sentence, hit) for line, sentence in _sentences(case) for hit in _NUMBER.finditer(sentence)]
    if not found:
        return
    names = _names(case.vocabulary.analytes.values())
    called = re.compile(rf"(?<!\w)({'|'.join(map(re.escape, sorted(names, key=len, reverse=True)))})(?!\w)", re.I)
    for line, sentence, hit in found:
        before = sentence[: hit.start()]
        named = list(called.finditer(before))
        unit = _UNIT.match(sentence, hit.end())
        if not named or unit is None or _NO_VALUE.search(before, named[-1].end()):
            continue
        analytes = _meant(named[-1][0].casefold(), names)
        for text in filter(None, hit.groups()):
            if remark := _remark(case, analytes, text, [unit[0], unit[1]], _day(case, sentence)):
                measured = [one.id for one in analytes if any(row.analyte == one.id for row in case.observations)]
                yield Remark("typed number", "", "".join(measured[:1]), remark, "", (f"narrative.md:{line}",))


def _sentences(case: Case) -> Iterator[tuple[int, str]]:
    """The sentences about the patient, each with its line; a placeholder is a blank."""
    section = ""
    for line, text in case.prose:
        section = text[2:].strip() if text.startswith("# ") else section
        if section not in _ELSEWHERE and not text.startswith("#"):
            for sentence in _SENTENCE.split(PLACEHOLDER.sub(" ", text)):
                yield line, sentence


def _names(analytes: Iterable[Analyte]) -> dict[str, list[Analyte]]:
    """The analytes that a name may mean, by all their names in small letters."""
    found: dict[str, list[Analyte]] = {}
    for one in analytes:
        names = {one.label, one.short, spoken(one.label), one.id.replace("_", " "), *one.synonyms}
        for name in {name.casefold() for name in names if len(name) >= _SHORTEST_NAME}:
            found.setdefault(name, []).append(one)
    return found


def _meant(called: str, names: dict[str, list[Analyte]]) -> list[Analyte]:
    """The analytes that a name may mean, those of a longer name last: oxygen saturation may be that on room air."""
    longer = re.compile(rf"(?<!\w){re.escape(called)}(?!\w)")
    found = [*names[called], *(one for name, mine in names.items() if longer.search(name) for one in mine)]
    return list({one.id: one for one in found}.values())


def _day(case: Case, sentence: str) -> float | None:
    """The day of a sentence that has one day and one number with a unit."""
    days = _DAY.findall(sentence)
    plain = _DAY.sub(" ", sentence)
    if case.meta.time_unit != "days" or len(days) != 1 or len(_NUMBER.findall(plain)) != 1:
        return None
    return float(days[0].replace("−", "-"))


def _remark(case: Case, analytes: list[Analyte], text: str, units: list[str], day: float | None) -> str:
    """What is wrong with a typed number of one of `analytes`; empty where nothing is, or no unit is one of theirs."""
    measured = {row.analyte for row in case.observations}
    tried = [(one, unit.rstrip(".")) for unit in reversed(units) for one in analytes]
    known = {one.id: fix for one, unit in tried if (fix := unit_fix(unit, (one.unit, *one.conversions)))}
    if not known or (measured.isdisjoint(known) and any(one.id in measured for one in analytes)):
        return ""
    mine = sorted((one for one in analytes if one.id in known), key=lambda one: one.id not in measured)
    rows = [row for row in numbers_of(case) if row.analyte in known]
    says = f"The narrative gives {spoken(mine[0].label)} as {printed_text(f'{text} {known[mine[0].id]}')}"
    if not rows:
        return f"{says}; the case has no value of it."
    same = [row for one in mine for row in rows if row.analyte == one.id and _is_same(one, text, known[one.id], row)]
    if not same:
        name = f"{mine[0].id}@{'DAY' if day is None else f'{day:g}'}"
        return f"{says}, which no row has. A placeholder, as {{{{ {name} }}}}, would follow the rows."
    if day is None or any(day in row.when for row in same):
        return ""
    days = listed(list(dict.fromkeys(on_day(row.when) for row in same)))
    return f"{says} on day {signed(f'{day:g}')}; it stands {days}."


def _is_same(analyte: Analyte, text: str, unit: str, row: Number) -> bool:
    """Whether a row has the typed number, to its digits; of a range, either end."""
    factor = analyte.factor(unit)
    typed, slack = float(text) * factor, printed_half_unit(text) * factor * (1 + 1e-9)
    offset = analyte.conversions[unit].offset if unit in analyte.conversions else 0
    return any(abs(end - typed - float(offset)) <= slack for end in (row.known.low, row.known.high))
