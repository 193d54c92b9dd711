"""Whether the columns of a row of claims.csv fit its kind, each problem named and none hiding another."""

from casereport.case.claim_terms import GIVEN, KINDS, Terms, interventions_of, is_day, phases_of, read_terms
from casereport.errors import Problem, nearest
from casereport.files.tables import Table
from casereport.quantities.intervals import parse
from casereport.quantities.vocabulary import Vocabulary

_WITHOUT_ANALYTE = ("no_event", "causal")
_MAY_HAVE_ONE = ("event", "significance")


def finish_claims(table: Table, file: str, vocabulary: Vocabulary, phases: list[str] | None) -> list[Problem]:
    """Adds `begins`, `ends` (Interval or None) and `terms` to the rows of claims; returns what is wrong in them.

    `phases` are the ids of the case's phases, or None where case.yaml could not be read.
    """
    problems: list[Problem] = []
    for line, row in table.items():
        row |= {"begins": parse(row["from_day"]), "ends": parse(row["to_day"]), "terms": None}
        found = [(c, row[c], e) for c, e in _cell_problems(row, vocabulary)]
        wrong = {column for column, *_ in found}
        if not wrong & {"kind", "analyte"}:
            try:
                row["terms"] = read_terms(row["kind"], row["expected"], vocabulary.analytes.get(row["analyte"]))
            except ValueError as error:
                found.append(("expected", row["expected"], str(error)))
            else:
                said = {column for column, *_ in found}
                more = _window_problems(row, row["terms"]) + _other_problems(row, row["terms"], vocabulary)
                found += [(column, row[column], text) for column, text in more if column not in said]
        if "kind" not in wrong and (expected := _anchor_problem(row, row["terms"], vocabulary, phases)):
            found.append(("anchor", row["anchor"], expected))
        problems += [Problem(file, line, *one) for one in found]
    return problems


def _cell_problems(row: dict, vocabulary: Vocabulary) -> list[tuple[str, str]]:
    """The columns of a claim that do not fit its kind, each with what was expected.

    A kind that there is not says nothing of the other columns, and hides nothing that is wrong in them by itself.
    """
    kind, name = row["kind"], row["analyte"]
    known = kind in KINDS
    found = []
    if not known:
        found.append(("kind", f"unknown kind of claim; {nearest(kind, KINDS)} (the kinds: {', '.join(KINDS)})"))
    if name and name not in vocabulary.analytes:
        found.append(("analyte", vocabulary.unknown_analyte(name)))
    elif known and not name and kind not in (*_MAY_HAVE_ONE, *_WITHOUT_ANALYTE):
        found.append(("analyte", f"the analyte of {KINDS[kind]}"))
    elif name and kind in _WITHOUT_ANALYTE:
        found.append(("analyte", f"an empty cell: the kind {kind} is about no single analyte"))
    begins, ends = row["begins"], row["ends"]
    if kind == "value" and begins is None:
        found.append(("from_day", f"the day of {KINDS[kind]}"))
    if kind in ("causal", "significance") and (begins is not None or ends is not None):
        found.append(("from_day" if begins is not None else "to_day", f"an empty cell: {kind} has no window"))
    if begins is not None and ends is not None and ends.certainly_below(begins):
        found.append(("to_day", f"not before from_day ({row['from_day']})"))
    return found


def _window_problems(row: dict, terms: Terms) -> list[tuple[str, str]]:
    """The days that what is expected needs."""
    kind, begins, ends = row["kind"], row["begins"], row["ends"]
    if kind == "extreme" and begins is None and terms.end is None and terms.place is None:
        return [("from_day", f"the day of {KINDS[kind]}, or its value in `expected`")]
    if terms.within and begins is None and not (kind == "change" and is_day(row["anchor"])):
        return [("from_day", "the day from which the time in `within` counts")]
    if terms.word in ("back", "reached") and ends is None and not terms.within:
        what = "it is back in range" if terms.word == "back" else "the level is reached"
        return [("to_day", f"the day by which {what}; none is given")]
    return []


def _other_problems(row: dict, terms: Terms, vocabulary: Vocabulary) -> list[tuple[str, str]]:
    """The other analyte of a comparison: one that there is, in the same unit."""
    other = terms.place.other if terms.place else ""
    if not other:
        return []
    if other not in vocabulary.analytes:
        return [("expected", vocabulary.unknown_analyte(other))]
    unit = vocabulary.analytes[row["analyte"]].unit
    if other == row["analyte"] or vocabulary.analytes[other].unit != unit:
        return [("expected", f"another analyte in {unit}: only what has one unit can be compared")]
    return []


def _anchor_problem(row: dict, terms: Terms | None, vocabulary: Vocabulary, phases: list[str] | None) -> str:
    """What was expected in `anchor`, or an empty text where it fits; without terms, as far as that can be told."""
    kind, anchor = row["kind"], row["anchor"]
    if kind == "event" and terms and terms.word != GIVEN:
        return "" if anchor else "words that the finding in events.csv contains"
    if kind == "causal" or (kind == "event" and terms):
        names = interventions_of(anchor) if kind == "causal" else [anchor]
        for name in names:
            if name not in vocabulary.interventions:
                return vocabulary.unknown_intervention(name)
        if terms and terms.word == "synergy" and len(set(names)) < 2:
            return "two interventions or more, joined by +: a synergy is between treatments"
        return ""
    if kind in ("event", "no_event", "significance") or phases is None:
        return ""
    if kind != "change":
        return "" if not anchor or anchor in phases else f"nothing or a phase of case.yaml; {nearest(anchor, phases)}"
    return _change_anchor_problem(row, anchor, phases)


def _change_anchor_problem(row: dict, anchor: str, phases: list[str]) -> str:
    sides = phases_of(anchor)
    if len(sides) == 2:
        if row["from_day"] or row["to_day"]:
            return "a day or one phase where from_day or to_day is given; `phase -> phase` has no days"
    elif is_day(anchor):
        return ""
    for side in sides:
        if side not in phases:
            hint = nearest(side, phases)
            return (
                f"a study day, a phase of case.yaml, or `phase -> phase`: what the later value is compared with; {hint}"
            )
    return ""
