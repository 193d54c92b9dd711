"""How values, days and changes are put into words: once, so that figures, tables and prose say the same thing."""

import math
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, Protocol

from casereport.quantities.intervals import Interval, number
from casereport.quantities.units import behind

MINUS = "−"
DAYS = "days"
_UNIT: ContextVar[str] = ContextVar("in what the case that is told of counts its time", default=DAYS)
Clock = Callable[[Interval | None], str]
_CLOCK: ContextVar[Clock | None] = ContextVar("what tells a day as its source counts it besides", default=None)
_AXES = {DAYS: "study day", "hours": "hour", "sessions": "session"}
_PREPOSITIONS = {DAYS: "on", "hours": "at", "sessions": "in"}


@contextmanager
def counted_in(unit: str, clock: Clock | None = None) -> Iterator[None]:
    """A context in which time is told in this unit: `days`, `hours` or `sessions`; and by the `clock` of the source."""
    tokens = _UNIT.set(unit), _CLOCK.set(clock)
    try:
        yield
    finally:
        _UNIT.reset(tokens[0])
        _CLOCK.reset(tokens[1])


def time_unit(n: int = 2) -> str:
    """The unit in which time is told, in the plural or of one: `days`, `hour`."""
    return _UNIT.get().removesuffix("s") if n == 1 else _UNIT.get()


def time_axis() -> str:
    """The name of an axis of time: `study day`, `hour`."""
    return _AXES[_UNIT.get()]


def axis_name() -> str:
    """The name that stands at an axis of time: `study day`, or by both clocks `study day (day 0 = hospital day 4)`."""
    other = other_day(Interval.exact(0))
    return f"{time_axis()} ({time_unit(1)} 0 = {other})" if other else time_axis()


def figure_text(x: float) -> str:
    """A computed number in three significant digits, without an exponent: `0.0962`, `1.81`, `1250`."""
    if x == 0 or not math.isfinite(x):
        return number(x) if math.isfinite(x) else "∞"
    text = _rounded(x, 3)
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return text.replace("-", MINUS)


def share_text(x: float) -> str:
    """A share from 0 to 1 in two decimals, in more where it would pass for none or all: `0.83`, `0.998`."""
    decimals = 2
    while 0 < x < 1 and float(f"{x:.{decimals}f}") in (0, 1):
        decimals += 1
    return f"{x:.{decimals}f}"


def arrow(improvement: str) -> str:
    """The direction that an index counts: `↑` or `↓` is better; `(↑)`, a rise, where no direction is."""
    return {"increase": "↑", "decrease": "↓"}.get(improvement, "(↑)")


def signed(text: str) -> str:
    """A printed number with a typographic minus."""
    return text.replace("-", MINUS) if text.startswith("-") else text


def day_text(day: Interval | None) -> str:
    """A study day as it is read: `day 4`, `days 5 to 8`, `before day 0`, `after day 4`, `day not reported`.

    In the unit of the case: `hour 6` where that counts hours.
    """
    one = time_unit(1)
    if day is None:
        return f"{one} not reported"
    low, high = signed(number(day.low)), signed(number(day.high))
    if day.is_exact:
        return f"{one} {low}"
    if math.isinf(day.low):
        return f"before {one} {high}" if day.high_open else f"up to {one} {high}"
    if math.isinf(day.high):
        return f"after {one} {low}" if day.low_open else f"from {one} {low}"
    return f"{time_unit()} {low} to {high}"


def other_day(day: Interval | None) -> str:
    """A study day as the source counts it besides, `hospital day 12`; empty where it has no clock of its own."""
    clock = _CLOCK.get()
    return clock(day) if clock else ""


def dated(day: Interval | None) -> str:
    """A study day by both clocks: `day 3 (hospital day 12)`."""
    other = other_day(day)
    return f"{day_text(day)} ({other})" if other else day_text(day)


def with_other_clock(text: str, beside: str = "") -> str:
    """A sentence in which the first day is told by both clocks, unless `beside` tells it by that of the source already.

    A day of the source itself, `day 10 after onset`, is none that a study counts.
    """
    for found in _DAYS_TOLD.finditer(text):
        ends = [float(end.replace(MINUS, "-")) for end in found.groups() if end]
        other = other_day(Interval(ends[0], ends[-1]))
        if not other or other in f"{text} {beside}":
            return text
        inside = text.count("(", 0, found.start()) > text.count(")", 0, found.start())
        return f"{text[: found.end()]}{f', {other}' if inside else f' ({other})'}{text[found.end() :]}"
    return text


_DAYS_TOLD = re.compile(rf"\bdays? ({MINUS}?\d+)(?: to ({MINUS}?\d+))?\b(?! after| of )")


def on_day(day: Interval | None) -> str:
    """A study day inside a sentence: `on day 4`, `on days 5 to 8`, `before day 0`; `at hour 6`, `in session 3`."""
    text = day_text(day)
    dated = day is not None and not (math.isinf(day.low) or math.isinf(day.high))
    return f"{_PREPOSITIONS[_UNIT.get()]} {text}" if dated else text


def day_cell(day: Interval | None) -> str:
    """A study day in a narrow table cell: `−7 to −2`, `before day 0`; an unknown one is a question mark."""
    if day is None:
        return "?"
    return day_text(day).removeprefix(f"{time_unit()} ").removeprefix(f"{time_unit(1)} ")


def significant(x: float, like: str) -> str:
    """A converted number with as many significant digits as the printed number `like` has, at least two."""
    return signed(_rounded(x, max(2, len(re.sub(r"\D", "", like).lstrip("0")))))


def _rounded(x: float, digits: int) -> str:
    return f"{x:.{max(0, digits - 1 - math.floor(math.log10(abs(x))))}f}" if x else "0"


def interval_text(known: Interval, unit: str) -> str:
    """An interval with its unit: `105.5 mg/L`, `below 0.1 ng/mL`, `36.6 to 36.9 °C`, `19/min`, `5 million IU`."""
    low, high, unit = _read(known.low), _read(known.high), behind(unit)
    if known.kind == "exact":
        return f"{low}{unit}"
    if known.kind == "above":
        return f"{'above' if known.low_open else 'at least'} {low}{unit}"
    if known.kind == "below":
        return f"{'below' if known.high_open else 'at most'} {high}{unit}"
    return f"{low} to {high}{unit}"


def _read(x: float) -> str:
    """A number for reading: noughts in a row are miscounted, in a dose above all."""
    if 1e6 <= abs(x) < math.inf and x % 1e5 == 0:
        return f"{signed(number(x / 1e6))} million"
    return signed(number(x))


def range_text(reference: Interval | None, unit: str) -> str:
    """A reference range: `1.1 to 3.2 ×10⁹/L`, `at most 3 mg/L`; empty where there is none."""
    if reference is None:
        return ""
    ends = _limit(reference.low), _limit(reference.high)
    return interval_text(Interval(*ends, reference.low_open, reference.high_open), unit)


# no laboratory prints so many decimals, but a program that has converted a unit does
_CONVERTED = re.compile(r"(?<![\d.])\d+\.\d{7,}(?![\d.])")


def _shorter(text: str) -> str:
    """A text in which each number with a program's decimals has four significant digits: `106.7` for 106.67977302."""
    return _CONVERTED.sub(lambda found: _rounded(float(found[0]), 4), text)


def _limit(value: float) -> float:
    """A limit as it is shown: one converted from another unit has four digits, where the source had two or three."""
    return float(_rounded(value, 4)) if len(f"{value:.10g}".replace(".", "").lstrip("-0")) > 4 and value % 1 else value


_PRINTED = re.compile(rf"[<>≤≥=\s]*([+{MINUS}-]?[\d.]+)(?:(?:\.\.| to )([+{MINUS}-]?\d[\d.]*))?")


def number_text(known: Interval, printed: str, between: str = "–") -> str:
    """A value without its unit, each end in the digits that the source prints: `3.00`, `<0.10`, `36.6–36.9`.

    `printed` is the value as the source has it, or as `value_text()` does, and may be in another unit: an end that it
    does not print is converted and has as many significant digits as what is printed. One printed with more than six
    decimals, which a program has made, has four digits here.
    """
    parts = [_PRINTED.match(part) for part in re.split(" and | or ", printed)]
    numbers = [text.rstrip(".") for found in parts if found for text in found.groups() if text]
    ends = [end for end in (known.low, known.high) if math.isfinite(end)]

    def is_of(text: str, end: float) -> bool:
        return math.isclose(float(text.replace(MINUS, "-")), end, abs_tol=1e-12)

    others = [text for text in numbers if not any(is_of(text, end) for end in ends)]

    def digits(end: float) -> str:
        own = next((text for text in numbers if is_of(text, end)), "")
        return signed(_shorter(own)) or (significant(end, others[0]) if others else signed(number(_limit(end))))

    if known.kind == "above":
        return f"{'>' if known.low_open else '≥'}{digits(known.low)}"
    if known.kind == "below":
        return f"{'<' if known.high_open else '≤'}{digits(known.high)}"
    if known.is_exact:
        return digits(known.low)
    return f"{digits(known.low)}{' to ' if between == '–' and known.low < 0 else between}{digits(known.high)}"


def printed_text(printed: str) -> str:
    """The source's own digits and unit, put for reading: `105.50 mg/L`, `37.0 to 38.5 °C`."""
    parts = []
    for one in printed.split(" and "):
        value, _, unit = one.partition(" ")
        parts.append(f"{signed(value.replace('..', ' to '))}{behind(unit)}")
    return " or ".join(parts)


def prose_text(text: str) -> str:
    """A printed value as prose has it, without the zeros that only say how a table is set; one decimal stays below 10.
    Of a number with more than six decimals, which a program has made, four digits are told.

    >>> [prose_text(text) for text in ("57.00 U/L", "105.50 mg/L", "3.00 mmol/L", "<0.10 ng/mL", "86.83489335 kg")]
    ['57 U/L', '105.5 mg/L', '3.0 mmol/L', '<0.1 ng/mL', '86.83 kg']
    """

    def shorter(number: re.Match) -> str:
        decimals = number[2].rstrip("0") or ("0" if float(number[1]) < 10 else "")
        return f"{number[1]}.{decimals}" if decimals else number[1]

    return re.sub(r"(?<![\d.])(\d+)\.(\d+)(?![\d.])", shorter, _shorter(text))


# HL7 interpretations: of a value by its range, and of one known only by its order
POSITIONS = {
    "L": "below the reference range",
    "N": "in the reference range",
    "H": "above the reference range",
    "LL": "critically low",
    "HH": "critically high",
}
ORDERED = POSITIONS | {
    "U": "higher than before",
    "D": "lower than before",
    "B": "better than before",
    "W": "worse than before",
}


class Stated(Protocol):
    """What is known of one analyte on one day; `known` is in `unit`, `printed` as the source has it."""

    @property
    def numeric(self) -> bool: ...
    @property
    def printed(self) -> str: ...
    @property
    def known(self) -> Interval | None: ...
    @property
    def unit(self) -> str: ...
    @property
    def interpretation(self) -> str: ...


def closed_up(text: str) -> str:
    """A text with `97%` and `80/min`, as journals in English set them, wherever it is from."""
    return re.sub(r"(?<=\d) (?=%|/min\b)", "", text)


def value_text(stated: Stated) -> str:
    """What is known of one measurement in words: the printed number where there is one."""
    if stated.numeric:
        return printed_text(stated.printed)
    if stated.known is not None:
        return range_text(stated.known, stated.unit)
    return ORDERED.get(stated.interpretation, "not known")


def ratio_text(low: float, high: float) -> str:
    """A ratio of two values, or its bounds: `0.0962-fold`, `0.5 to 2-fold`, `at least 1-fold`."""
    if math.isnan(low) or math.isnan(high):
        return "not computable"
    if math.isclose(low, high):
        return f"{figure_text(low)}-fold"
    if math.isinf(high):
        return f"at least {figure_text(low)}-fold" if low > 0 else "not bounded"
    return f"{figure_text(low)} to {figure_text(high)}-fold"


def difference_text(low: float, high: float, unit: str) -> str:
    """A difference of two values, or its bounds: `+1.2 °C`, `−46 mmHg`, `−5 to +2`."""
    if math.isnan(low) or math.isnan(high) or math.isinf(low) or math.isinf(high):
        return "not computable"
    ends = dict.fromkeys("+" * (end > 0) + figure_text(end) for end in (low, high))
    return f"{' to '.join(ends)}{' percentage points' if unit == '%' else behind(unit)}"


def size_text(row: Mapping[Any, Any]) -> str:
    """How large a change is, of a row of the table `changes`: its ratio, or its difference where it has no ratio."""
    if math.isnan(row["ratio_low"]):
        return difference_text(row["difference_low"], row["difference_high"], row["unit"])
    return ratio_text(row["ratio_low"], row["ratio_high"])


def peaks_text(row: Mapping[Any, Any], unit: str = "") -> str:
    """The values between the two of a change that lie outside both and their range, of a row of the table `changes`.

    `peak 417 U/L (day 42)`, `nadir 6.63 (day 1)` or both; empty without any. A hepatitis that has come and gone is no
    analyte in range. `unit` is one that stands beside already.
    """
    told = []
    for name in ("extreme", "opposite"):
        if row[f"{name}_printed"]:
            which = "peak" if row[f"{name}_low"] > row["after_high"] else "nadir"
            day = "" if math.isnan(row[f"{name}_day"]) else f" ({day_text(Interval.exact(row[f'{name}_day']))})"
            told.append(f"{which} {printed_text(row[f'{name}_printed']).removesuffix(behind(unit))}{day}")
    return ", ".join(told)


def listed(items: list[str]) -> str:
    """`a`, `a and b`, `a, b and c`."""
    return items[0] if len(items) == 1 else ", ".join(items[:-1]) + " and " + items[-1] if items else ""


def capital(text: str) -> str:
    """A sentence's beginning; a name such as `pH` keeps its small letter."""
    return text if text[1:2].isupper() else text[:1].upper() + text[1:]


# labels of analytes and treatments that begin with a name
_NAMES = (
    "Apgar", "Barthel", "Beck", "Borg", "Child-Pugh", "Glasgow", "Hamilton", "Karnofsky", "Lansky", "Likert",
    "Montgomery", "Murray", "National Early Warning", "Prussian", "Richmond", "Xuebijing",
)  # fmt: skip


def uncapital(label: str) -> str:
    """A label inside a sentence: `Interferon alpha` becomes `interferon alpha`; `RT-PCR` and `Glasgow` stay."""
    if label.startswith(_NAMES):
        return label
    formula = re.search(r"[A-Z0-9]", label.partition(" ")[0][1:])
    return label[:1].lower() + label[1:] if label[1:2].islower() and not formula else label


def in_turn(labels: Sequence[str]) -> list[str]:
    """Labels that follow each other inside one sentence: all but the first with a small letter."""
    return [*labels[:1], *map(uncapital, labels[1:])]


_BEFORE_THE_NAME = (
    "total", "direct", "indirect", "free", "arterial", "ionised", "systolic", "diastolic", "mean", "urine",
)  # fmt: skip


def spoken(label: str, short: str = "") -> str:
    """An analyte inside a sentence, where the comma of its label would break a list.

    With its `short` name it is the abbreviation where there is one, and what only says that a kind or a unit is not
    known is left out.

    >>> [spoken(label) for label in ("Bilirubin, direct", "Neutrophils, share of white cells", "Insulin, by mass")]
    ['direct bilirubin', 'share of neutrophils', 'insulin (by mass)']
    >>> [spoken(*names) for names in (("C-reactive protein", "CRP"), ("Troponin, I or T not stated", "Troponin"))]
    ['CRP', 'troponin']
    """
    if re.fullmatch(r"[A-Z0-9/-]+", short):
        return short
    name, _, kind = label.partition(", ")
    if kind.startswith("share of"):
        return f"share of {uncapital(name)}"
    if kind in _BEFORE_THE_NAME:
        return f"{kind} {uncapital(name)}"
    if not kind or (short and kind.endswith((" not stated", " units"))):
        return uncapital(name)
    return f"{uncapital(name)} ({kind})"


def counted(n: int, one: str, many: str | None = None) -> str:
    """`1 value`, `3 values`, `no values`."""
    return f"{n or 'no'} {one if n == 1 else many or one + 's'}"
