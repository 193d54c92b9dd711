"""The check of a case that a build begins with, by itself and quick: no library of data frames is loaded for it.

An editor may run it at every save. What a valid case still leaves open (remarks on its numbers, gaps in its CARE
checklist, verdicts on its claims) is for the audit and the report to say; only a case that calls itself final has its
checklist looked at here, because with a gap it would not build.
"""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from casereport.analysis.placeholder_values import placeholder_problems
from casereport.case.case import Case
from casereport.case.place import case_path
from casereport.case.reading import examine
from casereport.errors import BadInput, Problem, listing, visible
from casereport.privacy.gate import search
from casereport.privacy.listing import asked_as_text
from casereport.privacy.questions import ASKED_AS, HOW, Question


class Verdict(NamedTuple):
    """What is wrong with the case at `path`; nothing is wrong where `problems` is empty, and then there is the case.

    `questions` are those of the privacy check, which only a final case must have answered.
    """

    path: Path
    case: Case | None
    problems: list[Problem]
    questions: list[Question]


def validate(
    case: str | Path, parameters: Mapping[str, object] | None = None, lag_days: int = 0, infusion_day: str = "before"
) -> Verdict:
    """All that is wrong with the case of this name or path; raises BadInput where there is no case to check."""
    path = case_path(case)
    found = examine(path)
    problems = list(found.problems)
    if found.case and not problems:
        problems += placeholder_problems(found.case, lag_days, infusion_day)
    questions: list[Question] = []
    if found.meta:
        said = {(p.file, p.line) for p in problems}
        private = search(path, found.meta, {name: str(value) for name, value in (parameters or {}).items()})
        questions = private.questions
        problems += [
            p for p in private.refused if (p.file, p.line) not in said or "cannot be searched" not in p.expected
        ]
    if found.case and not problems and found.case.meta.status == "final":
        problems += _gaps(found.case)
        problems += [
            Problem(q.places[0], 0, "", q.text, f"no open question: may it be {ASKED_AS[q.kind]}? {HOW}")
            for q in questions
        ]
    return Verdict(path, found.case, sorted(set(problems)), questions)


def _gaps(case: Case) -> list[Problem]:
    from casereport.audit.care.checklist import require_complete  # its rules take time to load: not for a draft

    try:
        require_complete(case)
    except BadInput as bad:
        return bad.problems
    return []


def read_case(
    case: str | Path, parameters: Mapping[str, object] | None = None, lag_days: int = 0, infusion_day: str = "before"
) -> Case:
    """The case of this name in data/cases, or at this path, validated and past the privacy gate.

    Whatever computes on a case opens it here, so that no way leads around the gate. `parameters` are what a run was
    told, which the gate reads too. Raises BadInput with every problem at once.
    """
    verdict = validate(case, parameters or {}, lag_days, infusion_day)
    if verdict.case is None or verdict.problems:
        raise BadInput(verdict.problems)
    return verdict.case


def as_text(verdict: Verdict) -> str:
    """The verdict for a reader."""
    if verdict.problems or not verdict.case:
        count = len(verdict.problems)
        return (
            f"{count} problem{'' if count == 1 else 's'} in {visible(str(verdict.path))}:\n{listing(verdict.problems)}"
        )
    names = ("observations", "interventions", "events", "claims")
    rows = {name: len(getattr(verdict.case, name)) for name in names}
    counts = ", ".join(f"{n} {name if n != 1 else name[:-1]}" for name, n in rows.items())
    told = f"{verdict.case.meta.id}: {counts}; nothing wrong"
    if not verdict.questions:
        return told
    return "\n".join([told, *asked_as_text(verdict.questions)])


def as_json(verdict: Verdict) -> str:
    """For an editor: `path`, `valid`, `problems` (file, line, column, value, expected, fix) and `questions`."""
    asked = [q._asdict() for q in verdict.questions]
    problems = [p.__dict__ for p in verdict.problems]
    found = {"path": str(verdict.path), "valid": not problems, "problems": problems, "questions": asked}
    return json.dumps(found, indent=1)  # in ASCII: a terminal may be what reads it
