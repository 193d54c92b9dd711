"""A printed table that is several: blocks of names and values side by side, or below each other under headings anew.

Read as one, the sodium of the right block would stand in the row of the haemoglobin of the left one, and the values of
day 8 under the heading of day 1.
"""

import re
from collections.abc import Mapping
from typing import Any

from casereport.readers.analyte_names import ids_of, parts
from casereport.readers.asking import mapped_to
from casereport.readers.grids import Cells, Sheet
from casereport.readers.heading_row import is_over_names, is_time, kind_of, like_a_value, row_of_days
from casereport.readers.headings import read_date

# what stands over plain numbers that are times, and is no row of a duration
_OF_TIMES = re.compile(r"(?:hospital |illness |study |post-?operative )?(?:days?|hours?|weeks?|dates?|times?)", re.I)


def blocks(sheet: Sheet, known: dict[str, list[str]], mapping: Mapping[str, Any]) -> list[list[Sheet]]:
    """The blocks of a table from left to right, each with those that stand below each other; one for most tables."""
    return [_below(beside, known, mapping) for beside in _beside(sheet, known, mapping)]


def _beside(sheet: Sheet, known: dict[str, list[str]], mapping: Mapping[str, Any]) -> list[Sheet]:
    top = row_of_days(sheet, known, mapping)
    if top is None:
        return [sheet]
    heads, body = sheet.rows[top], sheet.rows[top + 1 :]
    starts = [0]
    for at in range(2, len(heads) - 1):
        values = any(like_a_value(row[i]) for row in body for i in range(starts[-1] + 1, at))
        if values and _has_names(at, heads, body, known):
            starts.append(at)
    ends = [*starts[1:], len(heads)]
    return [_columns_of(sheet, top, start, end) for start, end in zip(starts, ends, strict=True)]


def _has_names(at: int, heads: list[str], body: Cells, known: dict[str, list[str]]) -> bool:
    """True for a column of names of analytes, or one with the heading of the names."""
    texts = [row[at] for row in body if row[at]]
    if any(map(like_a_value, texts)):
        return False
    named = sum(bool(ids_of(text, parts(text)[0], known)) for text in texts)
    return (named > 1 and 2 * named > len(texts)) or bool(texts and heads[at] and heads[at] == heads[0])


def _columns_of(sheet: Sheet, top: int, start: int, end: int) -> Sheet:
    rows = [row[start:end] for row in sheet.rows]
    for at, row in enumerate(sheet.rows[:top]):
        if len(title := {c for c in row if c}) == 1:  # a title is of every block
            rows[at] = [title.pop(), *rows[at][1:]]
    return sheet._replace(rows=rows, before=sheet.before + start)


def _below(sheet: Sheet, known: dict[str, list[str]], mapping: Mapping[str, Any]) -> list[Sheet]:
    top = row_of_days(sheet, known, mapping)
    if top is None:
        return [sheet]
    starts = [0]
    last = top
    for at in range(top + 2, len(sheet.rows)):
        values = any(like_a_value(c) and not is_time(c) for row in sheet.rows[last + 1 : at] for c in row[1:])
        values = values or any(c.isdecimal() for row in sheet.rows[last + 1 : at] for c in row[1:])
        told = [
            c for i, c in enumerate(sheet.rows[at]) if i and (m := mapped_to(mapping, c, sheet.place(at, i))) and m.day
        ]
        if values and (any(told) or _is_heading(sheet.rows[at], sheet.rows[top])):
            starts.append(at)
            last = at
    ends = [*starts[1:], len(sheet.rows)]
    return [
        sheet._replace(rows=sheet.rows[start:end], above=sheet.above + start)
        for start, end in zip(starts, ends, strict=True)
    ]


def _is_heading(row: list[str], heads: list[str]) -> bool:
    """True for a row below values that is headings again: times, or what stands under the first corner again."""
    name, cells = row[0].strip(" :"), [c for c in row[1:] if c]
    if not cells or all(c == name for c in cells):
        return False
    if name and name == heads[0].strip(" :"):
        return True
    if _OF_TIMES.fullmatch(name) and all(map(is_time, cells)):
        return True
    if not name and len(cells) == sum(map(bool, heads[1:])) and not any(map(_may_be_a_result, cells)):
        return True  # words in every column, which could be days
    times = [c for c in cells if is_time(c) and not _may_be_a_value(c)]
    return bool(times) and (not name or is_over_names(name)) and all(is_time(c) or bool(kind_of(c)) for c in cells)


def _may_be_a_result(text: str) -> bool:
    """True for what has a digit, for a sign, and for a result in a word."""
    return bool(re.search(r"\d", text)) or len(text) < 3 or bool(re.match(r"(?:pos|neg|nor|not |n\.?[ad])", text, re.I))


def _may_be_a_value(text: str) -> bool:
    """True for a plain number, and for 5-8, which is a range sooner than a date."""
    written = read_date(text)
    return text.lstrip("+-").isdecimal() or (written is not None and written.ambiguous and written.parts[2] is None)
