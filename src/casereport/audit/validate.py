"""The check of a case that a build begins with, by itself and quick: nothing is computed and no data frame is made.

An editor may run it at every save. What a valid case still leaves open (remarks on its numbers, gaps in its CARE
checklist, verdicts on its claims) is for the audit and the report to say; only a case that calls itself final has its
checklist looked at here, because with a gap it would not build.
"""

import json
from pathlib import Path
from typing import NamedTuple

from casereport.case.folder import case_path
from casereport.case.placeholders import placeholder_problems
from casereport.case.reading import Content, examine
from casereport.case.settings import Settings
from casereport.errors import BadInput, Problem, listing, visible
from casereport.files.paths import DATA, from_root
from casereport.privacy.gate import check_privacy


class Verdict(NamedTuple):
    """What is wrong with the case at `path`; nothing is wrong where `problems` is empty, and then there is content."""

    path: Path
    content: Content | None
    problems: list[Problem]


def validate(case: str, data_dir: str | Path = "data") -> Verdict:
    """All that is wrong with the case of this name or path; raises BadInput where there is no case to check."""
    data = from_root(data_dir)
    path = case_path(case, data)
    found = examine(path, data, DATA)
    problems = list(found.problems)
    if found.content and not problems:
        problems += placeholder_problems(found.content, Settings())
    if found.meta:
        said = {(p.file, p.line) for p in problems}
        private = check_privacy(path, found.meta, {})
        problems += [p for p in private if (p.file, p.line) not in said or "cannot be searched" not in p.expected]
    if found.content and not problems and found.content.meta.status == "final":
        problems += _gaps(found.content)
    return Verdict(path, found.content, sorted(set(problems)))


def _gaps(content: Content) -> list[Problem]:
    from casereport.audit.care.checklist import require_complete
    from casereport.case.case import as_case

    try:
        require_complete(as_case(content), Settings())
    except BadInput as bad:
        return bad.problems
    return []


def as_text(verdict: Verdict) -> str:
    """The verdict for a reader."""
    if verdict.problems or not verdict.content:
        count = len(verdict.problems)
        return (
            f"{count} problem{'' if count == 1 else 's'} in {visible(str(verdict.path))}:\n{listing(verdict.problems)}"
        )
    rows = {name.removesuffix(".csv"): len(table) for name, table in verdict.content.tables.items()}
    counts = ", ".join(f"{n} {name if n != 1 else name[:-1]}" for name, n in rows.items())
    return f"{verdict.content.meta.id}: {counts}; nothing wrong"


def as_json(verdict: Verdict) -> str:
    """The verdict for an editor: `path`, `valid`, and `problems` with file, line, column, value, expected and fix."""
    problems = [p.__dict__ for p in verdict.problems]
    found = {"path": str(verdict.path), "valid": not problems, "problems": problems}
    return json.dumps(found, indent=1)  # in ASCII: a terminal may be what reads it
