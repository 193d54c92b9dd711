"""`narrative.md`: the prose of a case, a heading per CARE section, its numbers filled from the results.

A placeholder such as `{{ crp@-1 }}` is looked up in one flat table of named results and can reach nothing else: it is
a name, not an expression.
"""

import re
from collections.abc import Callable, Collection, Iterable
from functools import cache

from casereport.errors import BadInput, Problem, name_fix, nearest
from casereport.files.tables import MOST_PROBLEMS
from casereport.quantities.intervals import is_interval
from casereport.quantities.vocabulary import Vocabulary

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
FINDING = "Finding"  # what the report begins with, in the author's words instead of the sentences made by rule
ABSTRACT = ("Background", "Case presentation", "Conclusions")
Line = tuple[int, str]
# what a placeholder may name besides the analytes, interventions and phases of the case
TABLES = ("interventions", "events", "changes", "observations", "consistency", "sources")
FIGURES = ("overview", "timeline", "change", "forest", "sensitivity", "comparators")
SUBJECT = ("age", "age_years", "sex", "weight_kg")
BLOOD_PRESSURE = "blood_pressure"  # 160/91 mmHg, of two analytes
PRESSURES = ("systolic_pressure", "diastolic_pressure")
ENDS = ("first", "last", "min", "max")
_MOST_WRONG = 200
PLACEHOLDER = re.compile(r"\{\{\s*+([^{}\s](?:[^{}\n]*[^{}\s])?|)\s*\}\}")


def sections(lines: Iterable[Line], name: str) -> dict[str, str]:
    """The Markdown under each `# heading`, keyed by CARE section; a section that is absent has no key.

    `lines` are numbered. Raises BadInput for a heading that is no CARE section, one that stands twice, or text before
    the first.
    """
    texts: dict[str, list[str]] = {}
    problems = []
    current: str | None = None
    for i, line in lines:
        if line.startswith("# "):
            current = line[2:].strip().rstrip("#").rstrip()
            if current not in (FINDING, *SECTIONS):
                expected = f"a CARE section, or {FINDING}; {nearest(current, (FINDING, *SECTIONS))}"
                problems.append(Problem(name, i, "", current, expected, name_fix(current, (FINDING, *SECTIONS))))
            elif current in texts:
                problems.append(Problem(name, i, "", current, "each section once"))
            texts.setdefault(current, [])
        elif current is not None:
            texts[current].append(line)
        elif line.strip():
            problems.append(Problem(name, i, "", line, "a `# heading` before the text"))
            current = ""
            texts[""] = []
        if len(problems) > MOST_PROBLEMS:
            break
    if problems:
        raise BadInput(problems)
    found = {section: "\n".join(rows).strip() for section, rows in texts.items()}
    return {section: text for section, text in found.items() if text}


def abstract_problems(lines: Iterable[Line], name: str) -> list[Problem]:
    """What is wrong with the `## headings` of an abstract, which has none or all of `ABSTRACT`, in their order."""
    here, found, problems = False, [], []
    for number, line in lines:
        if line.startswith("# "):
            here = line[2:].strip() == "Abstract"
        elif here and line.startswith("## "):
            found.append(heading := line[3:].strip().rstrip("#").rstrip())
            expected = ABSTRACT[len(found) - 1] if len(found) <= len(ABSTRACT) else ""
            if heading != expected:
                told = f"`## {expected}`" if expected else "no further heading"
                whole = f"{told}; a structured abstract has {', '.join(ABSTRACT)}, in this order"
                problems.append(Problem(name, number, "", line, whole))
    if found and not problems and len(found) < len(ABSTRACT):
        expected = f"`## {ABSTRACT[len(found)]}` too: a structured abstract has {', '.join(ABSTRACT)}"
        problems.append(Problem(name, 0, "", "Abstract", expected))
    return problems


def unknown_placeholders(lines: Iterable[Line], name: str, known: Collection[str]) -> list[Problem]:
    """The placeholders that `known` does not have, each with its line and the nearest name; of many the first."""

    @cache
    def wrong(text: str) -> tuple[str, str]:
        if text in known:
            return "", ""
        head = re.split("[.@]", text)[0]
        alike = [name for name in known if re.split("[.@]", name)[0] == head]
        return f"unknown placeholder; {nearest(text, alike or known)}", name_fix(text, known)

    return _wrong_placeholders(lines, name, wrong)


def impossible_placeholders(
    lines: Iterable[Line], name: str, vocabulary: Vocabulary, phases: Collection[str] | None
) -> list[Problem]:
    """The placeholders that no case with this vocabulary and these phases answers, whatever stands in its tables.

    `phases` are ids, None where they are not known. What passes may still be unknown once the tables are right.
    """

    @cache
    def wrong(text: str) -> tuple[str, str]:
        return _impossible(text, vocabulary, phases), ""

    return _wrong_placeholders(lines, name, wrong)


def _wrong_placeholders(lines: Iterable[Line], name: str, wrong: Callable[[str], tuple[str, str]]) -> list[Problem]:
    """The placeholders for which `wrong` has something expected; to look for what each may mean takes its time."""
    problems: list[Problem] = []
    for i, line in lines:
        for match in PLACEHOLDER.finditer(line):
            expected, fix = wrong(match[1])
            if not expected:
                continue
            if len(problems) == _MOST_WRONG:
                more = f"at most {_MOST_WRONG} wrong placeholders; reading stops here"
                return [*problems, Problem(name, i, "", "", more)]
            problems.append(Problem(name, i, "", match[0], expected, fix))
    return problems


def _impossible(text: str, vocabulary: Vocabulary, phases: Collection[str] | None) -> str:
    """What was expected in place of a name that can never be one; empty for one that can."""
    analyte, at, day = text.partition("@")
    if at:
        unknown = "" if analyte == BLOOD_PRESSURE else _unknown(analyte, vocabulary)
        return unknown or ("" if is_interval(day) else "a study day behind the @, as in crp@-1")
    head, _, rest = text.partition(".")
    if head == "dose":
        return "" if rest in vocabulary.interventions else vocabulary.unknown_intervention(rest)
    if head == "figure" and re.fullmatch(r"picture-[1-9]\d*", rest):
        return ""  # how many there are is known once the table is right
    known = {"subject": SUBJECT, "table": TABLES, "figure": (*FIGURES, *vocabulary.analytes)}.get(head)
    if known:
        return "" if rest in known else f"unknown {head}; {nearest(rest, known)}"
    which, _, phase = rest.partition(".")
    if wrong := _unknown(head, vocabulary):
        return wrong
    if which not in (*ENDS, "change"):
        return f"unknown placeholder; behind the analyte {nearest(which, (*ENDS, 'change'))}"
    return "" if phases is None or phase in phases else f"unknown phase; {nearest(phase, phases)}"


def _unknown(analyte: str, vocabulary: Vocabulary) -> str:
    return "" if analyte in vocabulary.analytes else vocabulary.unknown_analyte(analyte)
