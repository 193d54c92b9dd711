"""All that the privacy check finds in a case, for a reader: what it refuses and asks, and what may stay."""

from collections.abc import Sequence
from pathlib import Path

from casereport.case.place import case_path
from casereport.case.reading import examine
from casereport.errors import BadInput, listing, visible
from casereport.files.paths import litter
from casereport.privacy.gate import search
from casereport.privacy.questions import HOW, Question, how_many
from casereport.quantities.wording import counted

_SHOWN = 10  # names of what was not looked into


def findings(case: str | Path) -> tuple[str, bool]:
    """Every finding of both strengths in the case of this name or path, and whether one of them is refused.

    Raises BadInput where there is no case, or its case.yaml cannot be read.
    """
    path = case_path(case)
    read = examine(path)
    if read.meta is None:
        raise BadInput(read.problems)
    found = search(path, read.meta, {})
    lines = [f"{counted(len(found.refused), 'text')} refused" + (":" if found.refused else "")]
    lines += [listing(found.refused)] if found.refused else []
    lines += asked_as_text(found.questions) if found.questions else ["no questions open"]
    lines += [
        visible(
            f"may stay: '{text}' ({reason}); it looks like {looks_like or 'nothing'}: {places or 'it stands nowhere'}"
        )
        for text, reason, looks_like, places in found.allowed
    ]
    if left := litter(path):
        shown = ", ".join(left[:_SHOWN]) + (f" and {len(left) - _SHOWN} more" if len(left) > _SHOWN else "")
        lines.append(visible(f"not looked into, as no part of the case: {shown}; take it out of what you hand on"))
    return "\n".join(lines), bool(found.refused)


def asked_as_text(questions: Sequence[Question]) -> list[str]:
    """The questions of the privacy check for a reader, a line each."""
    return [f"{how_many(questions)}; {HOW}:", *(visible(str(question)) for question in questions)]
