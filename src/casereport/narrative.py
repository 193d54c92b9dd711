"""`narrative.md`: the prose of a case, a heading per CARE section, its numbers filled from the results.

A placeholder such as `{{ crp@-1 }}` is looked up in one flat table of named results and can reach nothing else: it is
a name, not an expression.
"""

import re
from collections.abc import Callable, Mapping
from pathlib import Path

from casereport.problems import BadInput, Problem, nearest
from casereport.tables import read_text

SECTIONS = (
    "Abstract",
    "Introduction",
    "Patient information",
    "Clinical findings",
    "Diagnostic assessment",
    "Therapeutic intervention",
    "Follow-up and outcomes",
    "Discussion",
    "Patient perspective",
    "Informed consent",
)
PLACEHOLDER = re.compile(r"\{\{\s*(.*?)\s*\}\}")
_HEADING = re.compile(r"# +(.*?)\s*#*\s*")


def load_narrative(path: Path, name: str) -> dict[str, str]:
    """The Markdown under each `# heading`, keyed by CARE section; a section that is absent has no key.

    Raises BadInput for a heading that is no CARE section, one that stands twice, or text before the first.
    """
    sections: dict[str, str] = {}
    problems = []
    current: str | None = None
    for i, line in enumerate(read_text(path, name).splitlines(), start=1):
        if match := _HEADING.fullmatch(line):
            current = match[1]
            if current not in SECTIONS:
                problems.append(Problem(name, i, "", current, f"a CARE section; {nearest(current, SECTIONS)}"))
            elif current in sections:
                problems.append(Problem(name, i, "", current, "each section once"))
            sections.setdefault(current, "")
        elif current is not None:
            sections[current] += line + "\n"
        elif line.strip():
            problems.append(Problem(name, i, "", line, "a `# heading` before the text"))
            current = ""
            sections[""] = ""
    if problems:
        raise BadInput(problems)
    return {section: text.strip() for section, text in sections.items() if text.strip()}


def unknown_placeholders(path: Path, name: str, known: Mapping[str, object]) -> list[Problem]:
    """The placeholders of the file that `known` does not have, each with its line and the nearest name."""
    return [
        Problem(name, i, "", match[0], f"unknown placeholder; {nearest(match[1], known)}")
        for i, line in enumerate(read_text(path, name).splitlines(), start=1)
        for match in PLACEHOLDER.finditer(line)
        if match[1] not in known
    ]


def fill(text: str, replacement: Callable[[str], str]) -> str:
    """`text` with each placeholder replaced by what `replacement` gives for its name."""
    return PLACEHOLDER.sub(lambda match: replacement(match[1]), text)
