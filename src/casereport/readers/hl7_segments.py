"""Segments of HL7 v2: their separators, fields and escape sequences."""

import re
from typing import NamedTuple


class Marks(NamedTuple):
    """The separators of a message."""

    field: str = "|"
    component: str = "^"
    repeat: str = "~"
    escape: str = "\\"
    part: str = "&"


def field(segment: list[str], number: int) -> str:
    """A field of a segment by its number; empty where the segment is shorter."""
    return segment[number].strip() if number < len(segment) else ""


def plain(text: str, marks: Marks) -> str:
    r"""A text with its escape sequences read: `10\S\3` is `10^3`, `\T\` is `&`, `\X0A\` the character of that number;
    those that only format are left off."""
    e = re.escape(marks.escape)
    named = {"F": marks.field, "S": marks.component, "T": marks.part, "R": marks.repeat, "E": marks.escape, ".br": " "}

    def read(match: re.Match[str]) -> str:
        inside = match[1]
        if inside in named:
            return named[inside]
        if re.fullmatch(r"X(?:[0-9A-Fa-f]{2})+", inside):
            return bytes.fromhex(inside[1:]).decode("utf-8", errors="replace")
        return ""

    return re.sub(rf"{e}([^{e}]{{1,40}}){e}", read, text).strip()
