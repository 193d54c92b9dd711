"""Before a run: is there a font for every text that its figures show?"""

from collections.abc import Iterator

from casereport.case.case import Case
from casereport.errors import BadInput, Problem
from casereport.files.hashes import sha256


def fonts_of(case: Case) -> dict[str, str]:
    """The fonts that the figures of a case need besides their own, by name, each as the SHA-256 of its file.

    Raises BadInput for each text with a sign that no font of this machine has.
    """
    texts = [found for found in _drawn(case) if not _is_common(found[2])]
    if not texts:
        return {}
    from casereport.figures import fonts

    problems = []
    for file, column, text in texts:
        if signs := fonts.without(text):
            expected = f"signs of a font that is on this machine; none has {signs[:20]!r}: {fonts.PACKAGES}"
            problems.append(Problem(file, 0, column, text, expected))
    if problems:
        raise BadInput(problems)
    found = fonts.needed("".join(text for _, _, text in texts))
    return {name: sha256(path) for name, path in found.items()}


def _is_common(text: str) -> bool:
    """True for letters of Latin, Greek and Cyrillic and the usual signs, which need no look at any font."""
    return all(ord(c) < 0x500 or 0x2000 <= ord(c) < 0x2300 for c in text)


def _drawn(case: Case) -> Iterator[tuple[str, str, str]]:
    """File, column and text of all that a figure may show."""
    folder = f"cases/{case.meta.id}"
    for phase in case.meta.phases:
        yield f"{folder}/case.yaml", "phases", phase.label
    yield f"{folder}/case.yaml", "time_zero", case.meta.time_zero
    for name in sorted({row.analyte for row in case.observations}):
        analyte = case.vocabulary.analytes[name]
        for text in (analyte.label, analyte.short, analyte.unit):
            yield "cases/analytes.csv", name, text
    for name in sorted({row.intervention for row in case.interventions}):
        yield "cases/interventions.csv", name, case.vocabulary.interventions[name].label
    for given in case.interventions:
        for column in ("dose", "dose_unit", "route"):
            yield f"{folder}/interventions.csv", column, getattr(given, column)
    for event in case.events:
        yield f"{folder}/events.csv", "finding", event.finding
