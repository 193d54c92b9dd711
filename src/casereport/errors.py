"""Bad input, said so that its author can mend it: file, line, column, the value, what was expected, the likely fix.

What a case says is somebody else's text: control characters and what shows as nothing are printed as escapes, so that
no text moves a terminal's cursor; and what is published of a problem is its place and rule, never the text.

Readers collect every problem of a case before they raise, because a clinician mends a table in one sitting.
"""

import difflib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby

# What is shown one by one of problems that are alike; the lines of the others follow.
_SHOWN_ALIKE = 3
# What `expected` quotes of the value, perhaps its beginning alone.
_QUOTED = re.compile(r"(['\"])(.+?)\1")
# No text of a case has a use for these: a terminal obeys them, and SVG and XML do not allow them. NEL, a line's end of
# its own, is a space to the gate and an escape in a message.
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ufffe\uffff\ud800-\udfff]")
NO_CONTROL = "a control character; remove it"


@dataclass(frozen=True, order=True)
class Problem:
    """One thing wrong with the input. `line` counts from 1; 0 means the file as a whole.

    `fix` is what the cell most likely should say; empty where nothing is likely. It is offered, never applied.
    """

    file: str
    line: int
    column: str
    value: str
    expected: str
    fix: str = ""

    def __str__(self) -> str:
        return f"{visible(self.file)}{', ' if self.line or self.column else ': '}{self.within_file()}"

    @property
    def published(self) -> str:
        """The problem for a file that may leave: its place and what was expected, without what the input says."""
        expected = _QUOTED.sub(lambda m: "this" if m[2].rstrip(". ") in self.value else m[0], self.expected)
        return str(Problem(self.file, self.line, self.column, "", expected))

    def within_file(self) -> str:
        """The problem without the name of its file."""
        place = ", ".join([*([f"line {self.line}"] if self.line else []), *([self.column] if self.column else [])])
        shown = self.value if len(self.value) <= 200 else self.value[:197] + "..."
        # what was expected may be said in several lines, which are ours
        expected = "\n".join(map(visible, self.expected.split("\n")))
        parts = [*([visible(place)] if place else []), *([visible(repr(shown))] if shown else []), expected]
        likely = f" (likely: {visible(self.fix)})" if self.fix and repr(self.fix) not in self.expected else ""
        return ": ".join(parts) + likely


def control(text: str) -> re.Match[str] | None:
    """The first control character of a text of a case, which is refused wherever it stands; a line's end is none."""
    return _CONTROL.search(text)


def visible(text: str) -> str:
    """`text` with an escape for each character that a terminal obeys or that shows as nothing; newlines too."""
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() else repr(c)[1:-1] for c in text)


class ShortError(Exception):
    """An error that its reader can mend without the program's own lines: a notebook shows the message alone."""

    def _render_traceback_(self) -> list[str]:
        return str(self).splitlines()


class BadInput(ShortError):
    """The input cannot be used. `problems` holds all that was found, in the order of files and lines."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = sorted(set(problems))
        super().__init__("\n".join(map(str, self.problems)))

    def __reduce__(self) -> tuple[type["BadInput"], tuple[list[Problem]]]:
        return BadInput, (self.problems,)


def listing(problems: Iterable[Problem]) -> str:
    """The problems for a reader: a heading for each file, its lines below, and what is alike told once.

    Alike are problems of one column that expect the same: a unit that is wrong in a hundred rows is one mistake.
    """
    lines: list[str] = []
    for file, group in groupby(sorted(problems), key=lambda p: p.file):
        found = list(group)
        if len(found) == 1 and not found[0].line:  # of the file as a whole
            lines.append(str(found[0]))
            continue
        lines.append(visible(file))
        alike: dict[tuple[str, str], list[Problem]] = {}
        for problem in found:
            alike.setdefault((problem.column, problem.expected), []).append(problem)
        for same in alike.values():
            lines += [f"  {p.within_file()}" for p in same[:_SHOWN_ALIKE]]
            if rest := same[_SHOWN_ALIKE:]:
                lines.append(f"  and {len(rest)} more like it: {_ranges([p.line for p in rest])}")
    return "\n".join(lines)


def _ranges(numbers: list[int]) -> str:
    """Line numbers with runs put together, the first twelve runs."""
    runs: list[list[int]] = []
    for n in numbers:
        if runs and n == runs[-1][1] + 1:
            runs[-1][1] = n
        else:
            runs.append([n, n])
    shown = [f"{a}" if a == b else f"{a}-{b}" for a, b in runs[:12]]
    word = "line" if len(numbers) == 1 else "lines"
    return f"{word} {', '.join(shown)}" + (", ..." if len(runs) > 12 else "")


def name_fix(name: str, known: Iterable[str]) -> str:
    """The known name that `name` most likely means, or an empty text."""
    near = difflib.get_close_matches(name.lower()[:100], sorted(known), n=1, cutoff=0.6)
    return near[0] if near else ""


def nearest(name: str, known: Iterable[str]) -> str:
    """A hint that names the nearest known name, or the known names when none is near; `known` is not empty."""
    names = sorted(known)
    if near := name_fix(name, names):
        return f"did you mean {near!r}?"
    return "known: " + ", ".join(names[:12]) + (", ..." if len(names) > 12 else "")
