"""What a row of claims.csv may say: the closed kinds of claim and the small grammar of what each expects.

The kinds, what each needs and what the words mean are for authors to read, and stand in docs/claims.md.
"""

import re
from dataclasses import dataclass
from fractions import Fraction

from casereport.case.schema import EVENT_INTERPRETATIONS, EVENT_KINDS
from casereport.errors import Problem, nearest
from casereport.files.tables import Table
from casereport.quantities.intervals import Interval, is_interval, parse
from casereport.quantities.units import Conversion
from casereport.quantities.vocabulary import Analyte, Vocabulary

KINDS = {
    "value": "a value on a day",
    "change": "a change between two days or phases",
    "extreme": "a peak or trough and its day",
    "in_range": "back in the reference range by a day, or staying there",
    "course": "a course in one direction over a window",
    "event": "an event by a day",
    "no_event": "no event over a window",
    "causal": "a causal or synergy claim",
}
RANGE_CODES = {"N": "in", "L": "below", "H": "above"}
CHANGES = ("rose", "fell", "unchanged", "improved", "worsened")
GIVEN = "given"

_CHANGE = re.compile(rf"({'|'.join(CHANGES)})(?: from (\S+) (\S+))?(?: to (\S+) (\S+))?")
_WORDS = {
    "in_range": ("back", "stays"),
    "course": ("rising", "falling"),
    "causal": ("effect", "synergy"),
}
_EXAMPLES = {
    "value": "`57 U/L`, `40 U/L N`, or one of N, L, H",
    "change": "`rose`, `fell`, `unchanged`, `improved` or `worsened`, or with numbers: `rose from 89 % to 98 %`",
    "extreme": "`peak` or `trough`, or with its value: `peak 191.0 mg/L`",
    "in_range": "`back` or `stays`",
    "course": "`rising` or `falling`",
    "event": f"`{GIVEN}`, or a kind of events.csv with its interpretation, if any: `test NEG`",
    "no_event": "a kind of events.csv, one of " + ", ".join(EVENT_KINDS),
    "causal": "`effect` or `synergy`",
}


@dataclass(frozen=True)
class Quantity:
    """A number as the claim prints it, its unit, and what it is in the canonical unit."""

    text: str
    unit: str
    known: Interval


@dataclass(frozen=True)
class Terms:
    """What a claim expects: a word (direction, `peak`, `back`, event kind ...), a code, and up to two quantities."""

    word: str = ""
    code: str = ""
    start: Quantity | None = None
    end: Quantity | None = None


def read_terms(kind: str, text: str, analyte: Analyte | None) -> Terms:
    """The terms in an `expected` cell of a claim of a known kind; raises ValueError saying what was expected."""
    parts = text.split()
    if kind in _WORDS and text in _WORDS[kind]:
        return Terms(text)
    if kind in ("event", "no_event") and parts[0] in EVENT_KINDS:
        if len(parts) == 1:
            return Terms(text)
        if kind == "event" and len(parts) == 2 and parts[1] in EVENT_INTERPRETATIONS:
            return Terms(parts[0], parts[1])
    if kind == "event" and text == GIVEN:
        return Terms(text)
    if kind == "value" and analyte:
        code = parts.pop() if parts[-1] in RANGE_CODES else ""
        if code and not parts:
            return Terms(code=code)
        if len(parts) == 2:
            return Terms(code=code, end=_quantity(parts[0], parts[1], analyte))
    if kind == "extreme" and analyte and parts[0] in ("peak", "trough") and len(parts) in (1, 3):
        return Terms(parts[0], end=_quantity(parts[1], parts[2], analyte) if parts[1:] else None)
    if kind == "change" and analyte and (match := _CHANGE.fullmatch(" ".join(parts))):
        pairs = match.group(2, 3), match.group(4, 5)
        start, end = (_quantity(text, unit, analyte) if text else None for text, unit in pairs)
        terms = Terms(match[1], start=start, end=end)
        if terms.word in ("improved", "worsened") and not analyte.improvement:
            raise ValueError(f"rose, fell or unchanged: neither direction of {analyte.id} is better (analytes.csv)")
        if start and end and _against(direction_of(terms.word, analyte), start.known, end.known):
            raise ValueError("numbers that change in the direction that the word says")
        return terms
    raise ValueError(_EXAMPLES[kind])


def direction_of(word: str, analyte: Analyte) -> str:
    """`rose`, `fell` or `same`: the direction in numbers that a word of CHANGES or of a course means."""
    if word in ("improved", "worsened"):
        return "rose" if (word == "improved") == (analyte.improvement == "increase") else "fell"
    return {"unchanged": "same", "rising": "rose", "falling": "fell"}.get(word, word)


def _against(direction: str, start: Interval, end: Interval) -> bool:
    rose, fell = end.certainly_above(start), end.certainly_below(start)
    return {"rose": fell or start == end, "fell": rose or start == end, "same": rose or fell}[direction]


def _quantity(text: str, unit: str, analyte: Analyte) -> Quantity:
    conversion = Conversion(Fraction(1)) if unit == analyte.unit else analyte.conversions.get(unit)
    if conversion is None:
        raise ValueError(f"a unit of {analyte.id}: " + ", ".join([analyte.unit, *analyte.conversions]))
    known = parse(text, analyte.floor)
    assert known is not None  # a quantity is cut out between blanks, so it is not empty
    return Quantity(text, unit, known.rescaled(*conversion))


def finish_claims(table: Table, file: str, vocabulary: Vocabulary, phases: list[str] | None) -> list[Problem]:
    """Adds `begins`, `ends` (Interval or None) and `terms` to the rows of claims; returns what is wrong in them.

    `phases` are the ids of the case's phases, or None where case.yaml could not be read.
    """
    problems: list[Problem] = []
    for line, row in table.items():
        row |= {"begins": parse(row["from_day"]), "ends": parse(row["to_day"]), "terms": None}
        found = [(c, row[c], e) for c, e in _cell_problems(row, vocabulary, phases)]
        analyte = vocabulary.analytes.get(row["analyte"])
        if not any(column in ("kind", "analyte") for column, *_ in found):
            try:
                row["terms"] = read_terms(row["kind"], row["expected"], analyte)
            except ValueError as error:
                found.append(("expected", row["expected"], str(error)))
        if row["terms"] and (expected := _anchor_problem(row, row["terms"], vocabulary, phases)):
            found.append(("anchor", row["anchor"], expected))
        problems += [Problem(file, line, *one) for one in found]
    return problems


def _cell_problems(row: dict, vocabulary: Vocabulary, phases: list[str] | None) -> list[tuple[str, str]]:
    """The columns of a claim that do not fit its kind, each with what was expected."""
    kind, name = row["kind"], row["analyte"]
    if kind not in KINDS:
        return [("kind", f"unknown kind of claim; {nearest(kind, KINDS)} (the kinds: {', '.join(KINDS)})")]
    found = []
    if name and name not in vocabulary.analytes:
        found.append(("analyte", vocabulary.unknown_analyte(name)))
    elif not name and kind not in ("event", "no_event", "causal"):
        found.append(("analyte", f"the analyte of {KINDS[kind]}"))
    elif name and kind in ("no_event", "causal"):
        found.append(("analyte", f"nothing: {KINDS[kind]} is about no single analyte"))
    begins, ends = row["begins"], row["ends"]
    if kind in ("value", "extreme") and begins is None:
        found.append(("from_day", f"the day of {KINDS[kind]}"))
    if kind == "in_range" and row["expected"] == "back" and ends is None:
        found.append(("to_day", "the day by which it is back in range"))
    if kind == "causal" and (begins is not None or ends is not None):
        found.append(("from_day" if begins is not None else "to_day", "nothing: a causal claim has no window"))
    if begins is not None and ends is not None and ends.certainly_below(begins):
        found.append(("to_day", f"not before from_day ({row['from_day']})"))
    return found


def _anchor_problem(row: dict, terms: Terms, vocabulary: Vocabulary, phases: list[str] | None) -> str:
    """What was expected in `anchor`, or an empty text where it fits."""
    kind, anchor = row["kind"], row["anchor"]
    if kind == "event" and terms.word != GIVEN:
        return "" if anchor else "words that the finding in events.csv contains"
    if kind in ("event", "causal"):
        names = interventions_of(anchor) if kind == "causal" else [anchor]
        for name in names:
            if name not in vocabulary.interventions:
                return vocabulary.unknown_intervention(name)
        if terms.word == "synergy" and len(set(names)) < 2:
            return "two interventions or more, joined by +: a synergy is between treatments"
        return ""
    if kind == "no_event" or phases is None:
        return ""
    if kind != "change":
        return "" if not anchor or anchor in phases else f"nothing or a phase of case.yaml; {nearest(anchor, phases)}"
    sides = phases_of(anchor)
    if len(sides) == 2:
        if row["from_day"] or row["to_day"]:
            return "a day or one phase where from_day or to_day is given; `phase -> phase` has no days"
    elif is_day(anchor):
        return ""
    for side in sides:
        if side not in phases:
            hint = nearest(side, phases)
            return (
                f"a study day, a phase of case.yaml, or `phase -> phase`: what the later value is compared with; {hint}"
            )
    return ""


def is_day(text: str) -> bool:
    """True when the text is one study day."""
    return is_interval(text) and parse(text).is_exact  # type: ignore[union-attr]


def phases_of(anchor: str) -> list[str]:
    """The one or two sides of a change's anchor."""
    return [side.strip() for side in anchor.split("->", 1)]


def interventions_of(anchor: str) -> list[str]:
    """The interventions in a causal claim's anchor."""
    return [name.strip() for name in anchor.split("+")]
