"""What a row of claims.csv may say: the closed kinds of claim and the small grammar of what each expects.

The kinds, what each needs and what the words mean are for authors to read, and stand in docs/claims.md. Whether the
other columns of a row fit its kind is looked at in `claim_rows`.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from fractions import Fraction

from casereport.case.schema import EVENT_INTERPRETATIONS, EVENT_KINDS
from casereport.quantities.intervals import Interval, is_interval, parse, printed_half_unit
from casereport.quantities.units import Conversion
from casereport.quantities.vocabulary import Analyte

KINDS = {
    "value": "a value on a day",
    "change": "a change between two days or phases",
    "extreme": "a peak or trough and its day",
    "in_range": "back in the reference range by a day, or staying there",
    "level": "a level reached by a day, or kept",
    "course": "a course in one direction over a window, or its half-life",
    "event": "an event by a day",
    "no_event": "no event over a window",
    "significance": "a test of significance",
    "causal": "a causal or synergy claim",
}
RANGE_CODES = {"N": "in", "L": "below", "H": "above"}
STEADY = ("unchanged", "stable")
JUDGED = ("improved", "worsened")
CHANGES = ("rose", "fell", *STEADY, *JUDGED, "doubled", "halved")
GIVEN, HALF_LIFE, SIGNIFICANT = "given", "half-life", "significant"

FOLD, PERCENT, DIFFERENCE = "fold", "percent", "difference"
TWOFOLD = Interval(1.8, 2.2)  # what is called doubled or halved: within a tenth of twice
_TENTH = 0.1  # further from a number of times no rounding goes: 1.6-fold is not 2-fold, as it is not doubled
_DAYS = {"h": 24, "hour": 24, "hours": 24, "d": 1, "day": 1, "days": 1, "session": 1, "sessions": 1}

_SPAN = r"(?: for (?P<span>\S+) (?P<span_unit>\S+))?"
_WITHIN = r"(?: within (?P<within>\S+) (?P<within_unit>\S+))?"
_CHANGE = re.compile(
    rf"(?P<word>{'|'.join(CHANGES)})(?: (?:by )?(?P<fold>\S+)-fold| by (?P<size>\S+) (?P<size_unit>\S+))?"
    rf"(?: from (?P<start>\S+) (?P<start_unit>\S+))?(?: to (?P<end>\S+) (?P<end_unit>\S+))?{_WITHIN}"
)
_IN_RANGE = re.compile(rf"(?P<word>back|stays){_SPAN}{_WITHIN}")
_LEVEL = re.compile(rf"(?P<word>reached|stays) (?P<place>.+?){_SPAN}{_WITHIN}")
_GIVEN = re.compile(rf"{GIVEN}(?: (?P<dose>[\d<>.]\S*) (?P<dose_unit>\S+))?{_SPAN}")
_TIMES = re.compile(r"(?P<times>\S+?) ?[x×] ?ULN")
_SIGN = re.compile(r"([<>]=?)\s+")

_PLACE = "`N`, `not H`, `>90 %`, `>3 x ULN`, `undetectable` or `above lymphocytes`"
_EXAMPLES = {
    "value": f"`57 U/L`, `40 U/L N`, or where it lay: {_PLACE}",
    "change": "`rose`, `fell`, `unchanged`, `stable`, `improved`, `worsened`, `doubled` or `halved`, or with numbers: "
    "`rose from 89 % to 98 %`, `rose 3-fold`, `fell by 50 %`, `fell within 12 h`",
    "extreme": "`peak` or `trough`, or with its value: `peak 191.0 mg/L`, `peak >3 x ULN`",
    "in_range": "`back` or `stays`, or for some days: `back for 3 days`",
    "level": f"`reached` or `stays` and a level, which is {_PLACE}",
    "course": f"`rising`, `falling` or `stable`, or `{HALF_LIFE} 19 h`",
    "event": f"`{GIVEN}`, `{GIVEN} 60 mg`, `{GIVEN} for 5 days`, or a kind of events.csv with its interpretation, if "
    "any: `test NEG`",
    "no_event": "a kind of events.csv, one of " + ", ".join(EVENT_KINDS),
    "significance": f"`{SIGNIFICANT}`",
    "causal": "`effect` or `synergy`",
}


@dataclass(frozen=True)
class Quantity:
    """A number as the claim prints it, its unit, and what it is in the canonical unit."""

    text: str
    unit: str
    known: Interval


@dataclass(frozen=True)
class Place:
    """Where a value is said to lie, by one of these.

    `code` is N, L or H, turned round where `negated`; `bound` a number that is no limit of a range; `times` how many
    times the upper limit; `other` an analyte that it lies above, or below where `over` is False.
    """

    text: str
    code: str = ""
    negated: bool = False
    bound: Quantity | None = None
    times: Interval | None = None
    other: str = ""
    over: bool = True
    undetectable: bool = False


@dataclass(frozen=True)
class Size:
    """How large a change is said to be: a `fold`, `percent` or `difference` in the canonical unit (`how`).

    `known` is what rounds to it, or the bound itself, and `nominal` the number; None of a bound.
    """

    text: str
    how: str
    known: Interval
    nominal: float | None = None


@dataclass(frozen=True)
class Time:
    """A time as written, what it is in days, and as wide as it is rounded."""

    text: str
    days: float
    known: Interval

    def times(self, factor: int) -> "Time":
        """The same in a unit of which a day has so many."""
        return Time(self.text, self.days * factor, self.known.rescaled(Fraction(factor)))


@dataclass(frozen=True)
class Terms:
    """What a claim expects: a word (direction, `peak`, `back`, event kind ...) and what goes with it.

    `code` is the interpretation of an event; `start` and `end` are quantities; `span` is for how long, `within` in how
    long, and `half_life` is one.
    """

    word: str = ""
    code: str = ""
    start: Quantity | None = None
    end: Quantity | None = None
    place: Place | None = None
    size: Size | None = None
    span: Time | None = None
    within: Time | None = None
    half_life: Time | None = None


def read_terms(kind: str, text: str, analyte: Analyte | None) -> Terms:
    """The terms in an `expected` cell of a claim of a known kind; raises ValueError saying what was expected."""
    plain = _SIGN.sub(r"\1", " ".join(text.split()))
    terms = _READERS[kind](plain, analyte)
    if terms is None:
        raise ValueError(_EXAMPLES[kind])
    return terms


def direction_of(word: str, analyte: Analyte) -> str:
    """`rose`, `fell` or `same`: the direction in numbers that a word of CHANGES or of a course means.

    For `improved` and `worsened` it is the usual one of the analyte, and empty where it has none.
    """
    if word in JUDGED:
        usual = {"increase": "rose", "decrease": "fell"}.get(analyte.improvement, "")
        return usual if word == "improved" or not usual else {"rose": "fell", "fell": "rose"}[usual]
    others = {"unchanged": "same", "stable": "same", "rising": "rose", "falling": "fell"}
    return (others | {"doubled": "rose", "halved": "fell"}).get(word, word)


def in_units(terms: Terms, units: int) -> Terms:
    """The terms with their times in the unit of a case, of which a day has `units`."""
    span, within, half_life = (time and time.times(units) for time in (terms.span, terms.within, terms.half_life))
    return replace(terms, span=span, within=within, half_life=half_life)


def is_transcription(kind: str, terms: Terms) -> bool:
    """True for a claim that only repeats a number: it says nothing of where the number lies or where it went."""
    number = terms.end
    return kind == "value" and terms.place is None and number is not None and number.known.kind in ("exact", "range")


def _value(text: str, analyte: Analyte | None) -> Terms | None:
    if analyte is None:
        return None
    parts = text.split()
    if (place := _place(text, analyte)) is not None and place.bound is None:
        return Terms(place=place)
    if len(parts) < 2:
        return None
    rest = " ".join(parts[2:])
    place = _place(rest, analyte) if rest else None
    return None if rest and place is None else Terms(end=_quantity(parts[0], parts[1], analyte), place=place)


def _extreme(text: str, analyte: Analyte | None) -> Terms | None:
    word, _, rest = text.partition(" ")
    word = "trough" if word == "nadir" else word
    if analyte is None or word not in ("peak", "trough"):
        return None
    if not rest:
        return Terms(word)
    place = _place(rest, analyte)
    if place is not None and place.times is not None:
        return Terms(word, place=place)
    parts = rest.split()
    return Terms(word, end=_quantity(parts[0], parts[1], analyte)) if len(parts) == 2 else None


def _change(text: str, analyte: Analyte | None) -> Terms | None:
    if text.startswith(JUDGED) and "significant" in text:
        raise ValueError("two claims: `improved`, and one of the kind `significance`")
    found = _CHANGE.fullmatch(text)
    if analyte is None or found is None:
        return None
    start, end = (_quantity(found[p], found[f"{p}_unit"], analyte) if found[p] else None for p in ("start", "end"))
    word = found["word"]
    if start and end and _against(direction_of(word, analyte), start.known, end.known) and word not in JUDGED:
        raise ValueError("numbers that change in the direction that the word says")
    return Terms(word, start=start, end=end, size=_size(found, analyte), within=_time(found, "within"))


def _size(found: re.Match[str], analyte: Analyte) -> Size | None:
    word = found["word"]
    if word in ("doubled", "halved"):
        if found["fold"] or found["size"]:
            raise ValueError("no second size beside doubled or halved")
        _needs_ratios(FOLD, analyte)
        return Size("twofold", FOLD, TWOFOLD, 2.0)
    if not (found["fold"] or found["size"]):
        return None
    if word not in ("rose", "fell"):
        raise ValueError("rose or fell where the size of a change is given")
    how = FOLD if found["fold"] else PERCENT if found["size_unit"] == "%" != analyte.unit else DIFFERENCE
    _needs_ratios(how, analyte)
    text = found["fold"] or found["size"]
    known = parse(text)
    assert known is not None  # cut out between blanks
    if known.low <= (1 if how == FOLD else 0) and known.kind != "below":
        raise ValueError("a number of times above 1" if how == FOLD else "a size above 0; rose or fell is its sign")
    if how == PERCENT and word == "fell" and known.low > 100:
        raise ValueError("a fall by 100 % at most")
    if how == DIFFERENCE:
        known = known.rescaled(_conversion(found["size_unit"], analyte).factor)
    shown = {FOLD: f"{text}-fold", PERCENT: f"{text} %"}.get(how, f"{text} {found['size_unit']}")
    if not known.is_exact:
        return Size(shown, how, known)
    if how == FOLD:
        return Size(shown, how, _times_about(text, known.low), known.low)
    half = printed_half_unit(text) * (
        1 if how != DIFFERENCE else float(_conversion(found["size_unit"], analyte).factor)
    )
    half *= 1 + 1e-9  # 1.25 of 0.45 is not exact in decimals
    return Size(shown, how, Interval(known.low - half, known.high + half), known.low)


def _times_about(text: str, times: float) -> Interval:
    """What is called so many times: what rounds to it as printed, and lies within a tenth of it."""
    half = min(printed_half_unit(text), _TENTH * times) * (1 + 1e-9)  # 1.25 of 0.45 is not exact in decimals
    return Interval(times - half, times + half)


def _needs_ratios(how: str, analyte: Analyte) -> None:
    if how != DIFFERENCE and analyte.scale == DIFFERENCE:
        raise ValueError(f"a difference in {analyte.unit}: {analyte.id} has no ratios")


def _in_range(text: str, analyte: Analyte | None) -> Terms | None:
    found = _IN_RANGE.fullmatch(text)
    if found is None:
        return None
    return Terms(found["word"], place=Place("N", "N"), span=_time(found, "span"), within=_time(found, "within"))


def _level(text: str, analyte: Analyte | None) -> Terms | None:
    found = _LEVEL.fullmatch(text)
    if found is None or analyte is None or (place := _place(found["place"], analyte)) is None:
        return None
    return Terms(found["word"], place=place, span=_time(found, "span"), within=_time(found, "within"))


def _course(text: str, analyte: Analyte | None) -> Terms | None:
    if text in ("rising", "falling", "stable"):
        return Terms(text)
    word, _, rest = text.partition(" ")
    if word != HALF_LIFE or len(rest.split()) != 2:
        return None
    return Terms(word, half_life=_duration(*rest.split()))


def _event(text: str, analyte: Analyte | None) -> Terms | None:
    kind, _, code = text.partition(" ")
    if found := _GIVEN.fullmatch(text):
        dose = parse(found["dose"], 0.0) if found["dose"] and is_interval(found["dose"]) else None
        if found["dose"] and dose is None:
            raise ValueError(_EXAMPLES["event"])
        end = Quantity(found["dose"], found["dose_unit"], dose) if dose else None
        return Terms(GIVEN, end=end, span=_time(found, "span"))
    if kind in EVENT_KINDS and code in ("", *EVENT_INTERPRETATIONS):
        return Terms(kind, code)
    return None


def _no_event(text: str, analyte: Analyte | None) -> Terms | None:
    return Terms(text) if text in EVENT_KINDS else None


def _one_of(*words: str) -> Callable[[str, Analyte | None], Terms | None]:
    return lambda text, analyte: Terms(text) if text in words else None


_READERS: dict[str, Callable[[str, Analyte | None], Terms | None]] = {
    "value": _value,
    "change": _change,
    "extreme": _extreme,
    "in_range": _in_range,
    "level": _level,
    "course": _course,
    "event": _event,
    "no_event": _no_event,
    "significance": _one_of(SIGNIFICANT),
    "causal": _one_of("effect", "synergy"),
}


def _place(text: str, analyte: Analyte) -> Place | None:
    """The place that a text names, or None where it names none; raises ValueError for a number that cannot be read."""
    if text in RANGE_CODES:
        return Place(text, text)
    if text in ("not H", "not L", "not N"):
        return Place(text, text[-1], negated=True)
    if text == "undetectable":
        return Place(text, undetectable=True)
    if found := _TIMES.fullmatch(text):
        known = parse(found["times"])
        if known is None or known.high <= 0:
            raise ValueError("how many times the upper limit: a number above 0")
        return Place(text, times=_times_about(found["times"], known.low) if known.is_exact else known)
    parts = text.split()
    if len(parts) == 2 and parts[0] in ("above", "below"):
        return Place(text, other=parts[1], over=parts[0] == "above")
    if len(parts) == 2 and text[0] in "<>":
        return Place(text, bound=_quantity(parts[0], parts[1], analyte))
    return None


def _against(direction: str, start: Interval, end: Interval) -> bool:
    rose, fell = end.certainly_above(start), end.certainly_below(start)
    return {"rose": fell or start == end, "fell": rose or start == end, "same": False}.get(direction, False)


def _conversion(unit: str, analyte: Analyte) -> Conversion:
    conversion = Conversion(Fraction(1)) if unit == analyte.unit else analyte.conversions.get(unit)
    if conversion is None:
        raise ValueError(f"a unit of {analyte.id}: " + ", ".join([analyte.unit, *analyte.conversions]))
    return conversion


def _quantity(text: str, unit: str, analyte: Analyte) -> Quantity:
    conversion = _conversion(unit, analyte)
    known = analyte.value(text)
    assert known is not None  # a quantity is cut out between blanks, so it is not empty
    return Quantity(text, unit, known.rescaled(*conversion))


def _duration(text: str, unit: str) -> Time:
    """A time, which may be a bound; raises ValueError for none."""
    known = parse(text, 0.0) if is_interval(text) else None
    if unit not in _DAYS or known is None or known.high <= 0:
        raise ValueError("a time above 0 in h or days, such as `19 h` or `3 days`")
    half = printed_half_unit(text) if known.is_exact else 0.0
    wide = Interval(max(known.low - half, 0.0), known.high + half) if known.is_exact else known
    return Time(f"{text} {unit}", known.low / _DAYS[unit], wide.rescaled(Fraction(1, _DAYS[unit])))


def _time(found: re.Match[str], name: str) -> Time | None:
    """The time in a part of the text such as `for 3 days`; None where it is not there."""
    if found[name] is None:
        return None
    time = _duration(found[name], found[f"{name}_unit"])
    if found[name][0] in "<>" or ".." in found[name]:
        raise ValueError("one time, such as `within 12 h` or `for 3 days`")
    return time


def is_day(text: str) -> bool:
    """True when the text is one study day."""
    return is_interval(text) and parse(text).is_exact  # type: ignore[union-attr]


def phases_of(anchor: str) -> list[str]:
    """The one or two sides of a change's anchor."""
    return [side.strip() for side in anchor.split("->", 1)]


def interventions_of(anchor: str) -> list[str]:
    """The interventions in a causal claim's anchor."""
    return [name.strip() for name in anchor.split("+")]
