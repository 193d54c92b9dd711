"""Which row of a table is its headings: one that states times, and that can be no row of values."""

import re
from collections.abc import Mapping
from typing import Any

from casereport.errors import BadInput, Problem
from casereport.readers.analyte_names import ids_of, parts
from casereport.readers.asking import Undated, asked, mapped_to
from casereport.readers.grids import Sheet
from casereport.readers.headings import clock_of, read_date, read_moment, unit_stated
from casereport.readers.ranges import read_range
from casereport.readers.specimens import fluid_of_column

_RANGE = r"(?:ref(?:erence)?|normal|norm|nr|range)"


def _limit(end: str, short: str) -> re.Pattern[str]:
    """A heading that says which end it is and that it is one of a range: `Lower limit`, `Normal low`, `LLN`."""
    named = rf"(?:{end})[ ._-]*(?:limit|bound|{_RANGE})s?(?: of normal)?"
    return re.compile(rf"{named}|{_RANGE}[ ._-]*(?:{end})(?: limit)?|{short}", re.I)


_HEADS = {
    "target": re.compile(r".*\b(?:target|goal|therapeutic|scale|aim)\b.*", re.I),
    # the limits of a range in two columns; `Min` and `Max` alone may be the lowest and highest value of a stay
    "low": _limit("lower|low|min(?:imum)?", "lln|(?:norm|ref)[ ._-]?l"),
    "high": _limit("upper|high|max(?:imum)?", "uln|(?:norm|ref)[ ._-]?[uh]"),
    "unit": re.compile(r"units?(?: of measure\w*)?|einheit(?:en)?|unidad(?:es|e)?|unités?|unità|单位|単位", re.I),
    "range": re.compile(
        r"(?:.*\b)?(?:ref(?:eren[cz]e?)?s?|normals?|norm|limits?|cut-?off)\b.*|ranges?|NR|standard values?|"
        r"(?:.*\b)?(?:refer[eê]ncia|référence|normal(?:es|wert|waarde)|norm(?:wert|bereich)|referen[zt]|riferimento|usuelle)"
        r"\w*.*|normes?|参考.*|正常.*|基準[値範].*",
        re.I,
    ),
    "loinc": re.compile(r"loinc.*", re.I),
    "specimen": re.compile(r"specimens?|samples?|material|matrix|fluid|sample type", re.I),
    "note": re.compile(r"(?:remark|comment|note|footnote|method|change|ratio|p|p[- ]?value|flag)s?", re.I),
}
_SEXES = {
    "male": re.compile(r"(?:adult )?(?:males?|men|m)(?: range)?", re.I),
    "female": re.compile(r"(?:adult )?(?:females?|women|f)(?: range)?", re.I),
}
# what stands over names; a row that begins with another word is of a thing that has that name
_OVER_NAMES = re.compile(
    r"(?:(?:blood|clinical|biochemical|ha?ematolog\w*|laborator\w*|lab|serum)[ /]*)*"
    r"(?:tests?|analytes?|parameters?|variables?|items?|names?|"
    r"components?|investigations?|laborator\w*|labs?|examinations?|measure\w*|markers?|biomarkers?|indicators?|"
    r"characteristics?|findings?|results?|values?|data|assays?|exams?|index|indices|chemistry|"
    r"biochemistry|ha?ematology|profile|dates?|times?|time ?points?)"
    r"(?: (?:tests?|parameters?|results?|values?|data|findings?|variables?|"
    r"investigations?|\([^()]*\)))*",
    re.I,
)


def kind_of(head: str) -> str:
    """What a column that is no day holds by its heading: `unit`, `range`, `low`, `high`, `loinc`, `specimen`, `target`
    (which is no range) or `note`; empty for another."""
    return next((kind for kind, form in _HEADS.items() if form.fullmatch(head)), "")


# beside a day: what is not measured, but said of the values or computed from them
_BESIDE_VALUES = re.compile(
    r"(?:ref(?:erence)?\.?|normal|nr)(?: (?:range|interval|values?|limits?))?|ranges?|units?|flags?|lln|uln"
)
BESIDE_VALUES = "a unit, a range or a flag beside the values of a day"
_COMPUTED = re.compile(
    r"s\.?d\.?|s\.?e\.?m?\.?|p(?:[- ]values?)?|(?:%|percent(?:age)?|relative|absolute|fold)?[ -]?"
    r"(?:change|difference|increase|decrease)(?: .*)?|delta|[δΔ].*|ratio|z-?scores?|percentiles?",
    re.I,
)


def no_value(words: str) -> str:
    """Why the words beside or under a day say that its column has no values of it; empty where it has."""
    if kind_of(words) in ("unit", "range", "low", "high") or _BESIDE_VALUES.fullmatch(words.lower()):
        return BESIDE_VALUES
    return "computed from the values, such as a change or a deviation" if _COMPUTED.fullmatch(words) else ""


def like_a_value(text: str) -> bool:
    """True for a text that may be a measured value."""
    return text[:1].isdigit() or text[:1] in tuple("<>≤≥")


def kind_by_content(cells: list[list[str]], top: int, column: int) -> str:
    """What a column holds whose heading does not say it, but all of its cells: `range`, that of a sex, `unit`."""
    head, texts = cells[top][column], [row[column] for row in cells[top + 1 :] if row[column]]
    if len(texts) > 1 and all(read_range(text) for text in texts):
        return next((sex for sex, form in _SEXES.items() if form.fullmatch(head)), "" if head else "range")
    if head:
        return ""
    others = [text for text in texts if not re.search(r"[A-Za-zµμ]/|/[A-Za-zµμ]|^%$|mmHg", text)]
    return "unit" if len(texts) > 1 and 2 * len(others) < len(texts) and not any(map(like_a_value, others)) else ""


def titles_above(cells: list[list[str]], top: int) -> list[str]:
    """The texts above the heading row, those of whole rows alone: a heading over some columns is not of all."""
    return [row[0] or next(filter(None, row)) for row in cells[:top] if len({c for c in row if c}) == 1]


def above(cells: list[list[str]], top: int, column: int) -> str:
    """The heading over the one in row `top`: in the row above, in its column or, merged, in one to the left of it."""
    above = cells[top - 1][: column + 1] if top else []
    return next((text for text in reversed(above[1:]) if text), "")


def is_over_names(text: str) -> bool:
    """True for what stands over names, such as `Test` or `Laboratory parameters`."""
    return bool(_OVER_NAMES.fullmatch(text.strip(" :")))


def is_time(text: str) -> bool:
    """True for a heading that states a day, an hour, a date."""
    return read_moment(text) is not None or read_date(text) is not None


def row_of_days(sheet: Sheet, known: dict[str, list[str]], mapping: Mapping[str, Any]) -> int | None:
    """The first row with the most days among the first ten, if it can be no row of values."""
    counts = [
        # a visit has no fixed day; a date beside it has
        (len(_days_of(sheet, i, known, mapping)), unit_stated(row[0]) not in ("visit", "cycle"), -i)
        for i, row in enumerate(sheet.rows[:10])
    ]
    best = max(counts, default=(0, True, 0))
    return -best[2] if best[0] else None


def _days_of(sheet: Sheet, at: int, known: dict[str, list[str]], mapping: Mapping[str, Any]) -> list[int]:
    """The columns in which a row has a day or date; none where it may be a row of values."""
    cells, row = sheet.rows, sheet.rows[at]
    name = next((c for c in row if c), "")
    told = [
        i for i, c in enumerate(row) if i and (m := mapped_to(mapping, c, sheet.place(at, i))) and m.day
    ]  # fmt: skip
    found = [i for i, c in enumerate(row) if i and c and is_time(c)]
    if told:
        return [] if any(_has_values(above, known) for above in cells[:at]) else sorted({*told, *found})
    if not found or any(re.fullmatch(r"\d+\.\d+", c) for c in row[1:]) or ids_of(name, parts(name)[0], known):
        return []
    units = [m.unit for i in found if (m := read_moment(row[i])) and not row[i].isdecimal()]  # 1941 is no year here
    if (timed := read_moment(row[0])) and timed.unit and not any(units):
        return []  # a row of values behind its own time
    if _is_of_values(row, found) or any(_has_values(above, known) for above in cells[:at]):
        return []
    if len(found) == 1 and (date := read_date(row[found[0]])) and date.ambiguous and date.parts[2] is None:
        return []  # platelets of 5-8 are no date
    headed = [above for above in cells[:at] if len({c for c in above if c}) > 1 and any(above[i] for i in found)]
    over_names = not row[0] or is_over_names(row[0]) or unit_stated(row[0]) or clock_of(row[0])
    beside = any(kind_of(c) for c in row[1:])
    if headed and not (over_names or beside):
        return []  # a name under headings, with what looks like a day behind it
    plain = [m.low for i in found if (m := read_moment(row[i])) and not m.unit and re.match(r"[+-]?\d", row[i])]
    if len(plain) == len(found):
        # platelets are whole numbers too: days ascend, and have no headings of their own above them
        days = plain
        own = any(len({above[i] for i in found} - {""}) > 1 for above in cells[:at])
        return [] if own or days != sorted(days) or not (over_names or beside) else found
    return found


def _is_of_values(row: list[str], found: list[int]) -> bool:
    """True where a row has a unit behind its name, or a range beside its numbers."""
    fragments = parts(row[0])[1]
    unit = any(re.search(r"[/%^]|(?:mol|mg|g|U|Eq|mmHg)$", f) and not unit_stated(f) for f in fragments)
    return unit or any(read_range(c) for i, c in enumerate(row) if i and c and i not in found)


def _has_values(row: list[str], known: dict[str, list[str]]) -> bool:
    """True for a row that is one of values: a known name with a number behind it."""
    numbers = any((like_a_value(c) and not is_time(c)) or re.fullmatch(r"\d+(?:\.\d+)?", c) for c in row[1:])
    return bool(row[0]) and numbers and bool(ids_of(row[0], parts(row[0])[0], known))


# headings of patients, of whom a case has one
_PERSON = re.compile(
    r"(?:(?:index )?(?:case|patient|pt|subject|participant)s?|mother|father|brother|sister|sibling|proband|twin|"
    r"newborn|neonate|infant|child|donor|recipient|control)"
    r"s?\.?[ #-]*(?:no\.? ?)?(?:\d{1,3}|[a-z]|[ivx]+)?", re.I,
)  # fmt: skip


def is_person(text: str) -> bool:
    """True for a heading of one of several patients, such as `Case 2`."""
    return bool(_PERSON.fullmatch(text))


def no_days(sheet: Sheet, name: str) -> BadInput:
    """What to raise for a table without a row of days."""
    cells = sheet.rows
    expected = "a row of days or dates over the values (Day 3, D+1, -7, Hospital day 4, 2020-01-31), and names below"
    numbered = bool(cells) and all(c.isdecimal() for c in cells[0][1:] if c)
    first = next((i for i, row in enumerate(cells) if any(map(like_a_value, row[1:])) and (i or numbered)), 0)
    if first:
        top = first - 1
        below = [any(like_a_value(row[i]) for row in cells[first:]) for i in range(len(cells[top]))]
        heads = cells[top]
        columns = [
            i for i, filled in enumerate(below) if i and filled and not (kind_of(heads[i]) or fluid_of_column(heads[i]))
        ]
        if columns:
            people = [cells[top][i] for i in columns if is_person(cells[top][i])]
            if len(columns) > 1 and is_person(cells[top][0]):
                people = [cells[top][i] for i in columns]
            if len(people) > 1:
                expected += f"; {people[0]!r} and {people[1]!r} look like several patients: give days to those of one"
            expected += f"; where headings are words, {asked(sheet, name, top, columns)}"
            return Undated(Problem(name, top + 1, "", "", expected), [sheet.place(top, i) for i in columns])
    elif cells and cells[0] and is_person(cells[0][0]):
        expected += f"; {cells[0][0]!r} stands over several patients: keep the values of one"
    elif any(map(like_a_value, cells[0][1:] if cells else [])):
        expected += "; where row 1 has them as plain numbers, call its first cell `Day`"
    return BadInput([Problem(name, 0, "", "", expected)])
