"""Bad input, said so that its author can mend it: file, line, column, the value and what was expected.

Readers collect every problem of a case before they raise, because a clinician mends a table in one sitting.
"""

import difflib
from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, order=True)
class Problem:
    """One thing wrong with the input. `line` counts from 1; 0 means the file as a whole."""

    file: str
    line: int
    column: str
    value: str
    expected: str

    def __str__(self) -> str:
        place = self.file + (f", line {self.line}" if self.line else "") + (f", {self.column}" if self.column else "")
        shown = self.value if len(self.value) <= 200 else self.value[:197] + "..."
        return f"{place}: {shown!r}: {self.expected}" if shown else f"{place}: {self.expected}"


class BadInput(Exception):
    """The input cannot be used. `problems` holds all that was found, in the order of files and lines."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = sorted(set(problems))
        super().__init__("\n".join(map(str, self.problems)))

    def __reduce__(self) -> tuple:
        return BadInput, (self.problems,)


def nearest(name: str, known: Iterable[str]) -> str:
    """A hint that names the nearest known name, or the known names when none is near; `known` is not empty."""
    names = sorted(known)
    near = difflib.get_close_matches(name.lower(), names, n=1, cutoff=0.6)
    if near:
        return f"did you mean {near[0]!r}?"
    return "known: " + ", ".join(names[:12]) + (", ..." if len(names) > 12 else "")
