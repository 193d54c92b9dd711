"""The names that a placeholder of the narrative may use, known before anything is computed.

What each name stands for is in values.py, which fills them; this room only says which there are, so that a case can
be checked at every save without waiting for a library of data frames.
"""

from itertools import pairwise
from typing import NamedTuple

from casereport.comparable import FEWEST, Statement, bounded, with_order
from casereport.content import Content
from casereport.intervals import order_of
from casereport.narrative import unknown_placeholders
from casereport.problems import Problem
from casereport.settings import Settings
from casereport.vocabulary import Vocabulary
from casereport.windows import borders, phase_of

TABLES = ("interventions", "events", "changes", "observations", "consistency", "sources")
SUBJECT = ("age_years", "sex", "weight_kg")
ENDS = ("first", "last", "min", "max")


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
    named |= {f"figure.{analyte}" for analyte, *_ in groups} | {"figure.timeline", "figure.comparators"}
    for (analyte, _, phase), rows in groups.items():
        if phase and _known(rows):
            named |= {f"{analyte}.{end}.{phase}" for end in ENDS}
    counts = _counts(groups, content.vocabulary)
    pairs = [
        (analyte, after, here, counts[analyte, before])
        for before, after in pairwise(p.id for p in content.meta.phases)
        for (analyte, phase), here in counts.items()
        if phase == after and (analyte, before) in counts
    ]
    changed = [(analyte, phase) for analyte, phase, here, there in pairs if here.bounded and there.bounded]
    named |= {f"{analyte}.change.{phase}" for analyte, phase in changed}
    if changed:
        named |= {"figure.change", "figure.sensitivity"}
    if any(here.entering + there.entering >= FEWEST for *_, here, there in pairs):
        named.add("figure.forest")
    return named


def _known(rows: list[dict]) -> bool:
    """True where the rows of one analyte and day, taken together, bound its value."""
    return any(row["numeric"] for row in rows) or rows[0]["known"] is not None


class _Count(NamedTuple):
    """How many values of an analyte in a phase enter an index of pairs, and how many of them have bounds."""

    entering: int
    bounded: int


def _counts(groups: dict[tuple[str, str, str], list[dict]], vocabulary: Vocabulary) -> dict[tuple[str, str], _Count]:
    stated: dict[str, list[Statement]] = {}
    for (analyte, _, phase), rows in groups.items():
        first = next((row for row in rows if row["numeric"]), rows[0])
        said = next((row["interpretation"] for row in rows if row["interpretation"]), "")
        label = (phase, len(stated.setdefault(analyte, [])))
        stated[analyte].append(Statement(label, first["when"], first["known"], first["numeric"], said))
    counts: dict[tuple[str, str], _Count] = {}
    for analyte, statements in stated.items():
        in_time = sorted(statements, key=lambda s: order_of(s.when))
        entering, _ = with_order(in_time, vocabulary.analytes[analyte].improvement)
        for phase in dict.fromkeys(label[0] for label in entering):
            labels = {label for label in entering if label[0] == phase}
            counts[analyte, phase] = _Count(len(labels), len(labels & bounded(statements)))
    return counts


def placeholder_problems(content: Content, settings: Settings) -> list[Problem]:
    """The placeholders of the narrative that no result answers, each with its line and the nearest name."""
    return unknown_placeholders(content.prose, content.prose_name, names(content, settings))
