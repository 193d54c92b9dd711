"""The names that a placeholder of the narrative may use, known before anything is computed.

What each name stands for is in values.py, which fills them; this room only says which there are, so that a case can
be checked at every save without waiting for a library of data frames.
"""

from collections import Counter
from itertools import pairwise

from casereport.case.narrative import ENDS, SUBJECT, TABLES, unknown_placeholders
from casereport.case.reading import Content
from casereport.case.settings import Settings
from casereport.case.statements import FEWEST, Statement, bounded
from casereport.case.windows import borders, phase_of
from casereport.errors import Problem


def names(content: Content, settings: Settings) -> set[str]:
    """Every name that a placeholder may use in this case with these settings."""
    doses = [(row["intervention"], row["start"]) for row in content.tables["interventions.csv"].values()]
    found = borders(content.meta, doses, settings.lag_days)
    groups: dict[tuple[str, str, str], list[dict]] = {}
    for row in content.tables["observations.csv"].values():
        phase = row["phase"] or phase_of(row["when"], found, settings.infusion_day)
        groups.setdefault((row["analyte"], str(row["when"]), phase), []).append(row)
    named = {f"subject.{field}" for field in SUBJECT} | {f"table.{table}" for table in TABLES}
    named |= {f"dose.{r['intervention']}" for r in content.tables["interventions.csv"].values() if r["dose"]}
    named |= {f"{analyte}@{when}" for analyte, when, _ in groups}
    named |= {f"figure.{analyte}" for analyte, *_ in groups} | {"figure.timeline"}
    named |= {"figure.comparators"} if content.meta.compares(analyte for analyte, *_ in groups) else set()
    for (analyte, _, phase), rows in groups.items():
        if phase and _first(rows)["known"] is not None:
            named |= {f"{analyte}.{end}.{phase}" for end in ENDS}
    counts = _counts(groups)
    pairs = [
        (analyte, after, n + counts[analyte, before])
        for before, after in pairwise(p.id for p in content.meta.phases)
        for (analyte, phase), n in counts.items()
        if phase == after and (analyte, before) in counts
    ]
    named |= {f"{analyte}.change.{phase}" for analyte, phase, _ in pairs}
    if pairs:
        named |= {"figure.change", "figure.sensitivity"}
    if any(n >= FEWEST for *_, n in pairs):
        named.add("figure.forest")
    return named


def _first(rows: list[dict]) -> dict:
    """Of the rows about one analyte and day the one that tells its bounds: the first number, or the first at all."""
    return next((row for row in rows if row["numeric"]), rows[0])


def _counts(groups: dict[tuple[str, str, str], list[dict]]) -> dict[tuple[str, str], int]:
    """How many values of an analyte in a phase have bounds and enter a comparison."""
    stated: dict[str, list[Statement]] = {}
    for key, rows in groups.items():
        first = _first(rows)
        stated.setdefault(key[0], []).append(Statement(key, first["when"], first["known"], first["numeric"], ""))
    return Counter((key[0], key[2]) for statements in stated.values() for key in bounded(statements))


def placeholder_problems(content: Content, settings: Settings) -> list[Problem]:
    """The placeholders of the narrative that no result answers, each with its line and the nearest name."""
    return unknown_placeholders(content.prose, content.prose_name, names(content, settings))
