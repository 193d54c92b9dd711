"""A case read and checked: `read_case()` gives its rows, or every problem of it at once.

A case is somebody else's file, so nothing is assumed: unknown columns and keys are forbidden, each value must be in
the interval grammar, each unit must fit its analyte, and each problem names file, line, column, value and expectation.
"""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

from casereport.case.bounds import beyond
from casereport.case.case import Case
from casereport.case.claim_rows import finish_claims
from casereport.case.description import CaseMeta
from casereport.case.folder import Folder, open_source
from casereport.case.left_out import left_out_path, read_left_out
from casereport.case.narrative import abstract_problems, impossible_placeholders, sections
from casereport.case.observations import derived, finish_observations, with_ranges_printed_elsewhere
from casereport.case.phases import Course, placed
from casereport.case.pictures import read_pictures
from casereport.case.place import case_path
from casereport.case.references import SOURCE, Reference, read_references, wrong_citations
from casereport.case.rows import Claim, Event, Observation, Treatment
from casereport.case.schema import OPTIONAL_COLUMNS, OPTIONAL_TABLES, TABLES
from casereport.case.truth import FILE as TRUTH
from casereport.case.truth import read_truth
from casereport.errors import BadInput, Problem, name_fix, nearest
from casereport.files.hashes import sha256
from casereport.files.tables import Table, right_rows
from casereport.quantities.intervals import parse
from casereport.quantities.vocabulary import ANALYTES, Vocabulary
from casereport.quantities.vocabulary_tables import load_vocabulary, vocabulary_files


def read_case(case: str | Path) -> Case:
    """The case of this name in data/cases, or at this path; raises BadInput with every problem of it at once."""
    found = examine(case_path(case))
    if found.problems or found.case is None:
        raise BadInput(found.problems)
    return found.case


_Record = TypeVar("_Record", Observation, Treatment, Event, Claim)


class Examined(NamedTuple):
    """A case as far as it can be read, and all that is wrong with it.

    `meta` is None where the description of the case cannot be used, `case` where that or a table cannot.
    """

    meta: CaseMeta | None
    case: Case | None
    problems: list[Problem]


def examine(path: Path) -> Examined:
    """The case at `path`, read without stopping at what is wrong.

    Raises BadInput only for a broken vocabulary, or a workbook that is none.
    """
    files = vocabulary_files(path)
    vocabulary = load_vocabulary(*files.values())
    source = open_source(path)
    problems: list[Problem] = []

    def attempt(read: Callable[..., Any], *args: object) -> Any:
        try:
            return read(*args)
        except BadInput as bad:
            problems.extend(bad.problems)
            return None

    meta = attempt(source.meta)
    prose = attempt(source.prose)
    narrative = attempt(sections, prose, source.called("narrative.md")) if prose is not None else None
    if prose is not None:
        problems += abstract_problems(prose, source.called("narrative.md"))
    tables: dict[str, Table | None] = {}
    partial: set[str] = set()
    for name, rules in TABLES.items():
        if name in OPTIONAL_TABLES and not source.has(name):
            tables[name] = {}
        elif (grid := attempt(source.grid, name)) is not None:
            # what the other rows say is looked at too, so that all mistakes are told at once
            read = attempt(right_rows, grid, source.called(name), rules, OPTIONAL_COLUMNS)
            tables[name], wrong = read or (None, [])
            problems += wrong
            partial |= {name} if wrong else set()
        else:
            tables[name] = None
    truth = attempt(read_truth, source, vocabulary) if isinstance(source, Folder) else ()
    pictures = attempt(read_pictures, source, meta) if isinstance(source, Folder) else ()
    left_out = attempt(read_left_out, path)
    listed = attempt(source.references)
    references: tuple[Reference, ...] | None = None if listed is None else attempt(read_references, listed)
    if prose is not None and references is not None:
        known = [*(one.key for one in references), *([SOURCE] if meta is None or meta.citation else [])]
        file = next((called for called, _ in listed.values()), "")
        problems += wrong_citations(prose, source.called("narrative.md"), known, file)
    problems += beyond(tables, meta, source.called)
    problems += _finish(tables, source.called, vocabulary, meta, partial)
    if path.is_dir() and (path / ANALYTES).exists():  # the case's own interventions.csv is a table of treatments
        problems.append(Problem(source.called(ANALYTES), 0, "", "", f"analytes of your own belong in {path.parent}"))
    if problems and prose is not None:
        # which names there are is known once the tables are right; until then, those that there cannot be
        phases = [p.id for p in meta.phases] if meta else None
        problems += impossible_placeholders(prose, source.called("narrative.md"), vocabulary, phases)
    # a row that is wrong has no meaning that a record could hold
    if problems or meta is None or narrative is None:
        return Examined(meta, None, problems)
    hashes = dict(sorted((source.hashes() | {n: sha256(p) for n, p in files.items()}).items()))
    case = Case(
        meta=meta,
        observations=_records(Observation, tables["observations.csv"]),
        interventions=_records(Treatment, tables["interventions.csv"]),
        events=_records(Event, tables["events.csv"]),
        claims=_records(Claim, tables["claims.csv"]),
        prose=tuple(prose),
        prose_name=source.called("narrative.md"),
        narrative=narrative,
        vocabulary=vocabulary,
        hashes=hashes,
        truth=truth or (),
        left_out=tuple(left_out or ()),
        left_out_name=left_out_path(path).name,
        references=references or (),
        pictures=pictures or (),
    )
    if case.truth and not case.simulated:
        expected = "no such file: the truth is known of a simulated case alone"
        return Examined(meta, None, [Problem(source.called(TRUTH), 0, "", "", expected)])
    return Examined(meta, case, [])


def _records(record: type[_Record], table: Table | None) -> tuple[_Record, ...]:
    return tuple(record(line=line, **row) for line, row in (table or {}).items())


def _finish(
    tables: dict[str, Table | None], called: Callable[[str], str], vocabulary: Vocabulary, meta: CaseMeta | None,
    partial: set[str],
) -> list[Problem]:  # fmt: skip
    """Adds the parsed columns to the rows of every table that could be read; returns what is wrong in them.

    The tables in `partial` lack the rows that could not.
    """
    problems: list[Problem] = []
    phases = [p.id for p in meta.phases] if meta else None
    for name, table in tables.items():
        if table is None:
            continue
        file = called(name)
        if name == "observations.csv":
            problems += _duplicates(table, file, ["day", "analyte", "source"])
            group = meta.subject.reference_group if meta else None
            wrong = finish_observations(table, file, vocabulary, group)
            problems += wrong
            if not wrong:
                table |= derived(table, vocabulary, group)
                with_ranges_printed_elsewhere(table, vocabulary, group)
        elif name == "interventions.csv":
            problems += _duplicates(table, file, ["start_day", "end_day", "intervention", "dose", "source"])
            problems += _finish_interventions(table, file, vocabulary)
        elif name == "events.csv":
            for row in table.values():
                row["when"] = parse(row["day"])
        else:
            problems += _duplicates(table, file, ["claim"])
            problems += finish_claims(table, file, vocabulary, phases)
        if meta is not None:
            problems += _check_days(name, table, file, meta)
            problems += _check_phase_names(table, file, [p.id for p in meta.phases])
    values = tables["observations.csv"]
    if meta is not None and values is not None and "observations.csv" not in partial:
        problems += _check_overview(values, called("case.yaml"), meta, vocabulary)
    given = tables["interventions.csv"]
    if meta is not None and given is not None and "interventions.csv" not in partial:
        problems += _check_phases(given, called("phases"), meta)
    return problems


_MOST_NEAR = 200


def _finish_interventions(table: Table, file: str, vocabulary: Vocabulary) -> Iterator[Problem]:
    said: dict[str, tuple[str, str]] = {}  # of each unknown name: looking for one that is near takes a while
    for line, row in table.items():
        row["start"], row["end"] = parse(row["start_day"]), parse(row["end_day"])
        name = row["intervention"]
        if name not in vocabulary.interventions:
            if name not in said and len(said) < _MOST_NEAR:
                said[name] = vocabulary.unknown_intervention(name), vocabulary.likely_intervention(name)
            yield Problem(file, line, "intervention", name, *said.get(name, ("unknown intervention", "")))
        if row["dose"] and not row["dose_unit"]:
            yield Problem(file, line, "dose_unit", "", "the unit of the dose")
        if row["start"] and row["end"] and row["end"].certainly_below(row["start"]):
            yield Problem(file, line, "end_day", row["end_day"], f"not before start_day ({row['start_day']})")


def _duplicates(table: Table, file: str, key: list[str]) -> Iterator[Problem]:
    first: dict[tuple, int] = {}
    for line, row in table.items():
        cells = tuple(row[column] for column in key)
        earlier = first.setdefault(cells, line)
        if earlier != line:
            expected = f"one row for the same {', '.join(key)}; line {earlier} has it already"
            yield Problem(file, line, "", ", ".join(cells), expected)


_DAYS = {
    "observations.csv": {"day": "when"},
    "interventions.csv": {"start_day": "start", "end_day": "end"},
    "events.csv": {"day": "when"},
    "claims.csv": {"from_day": "begins", "to_day": "ends"},
}


def _check_days(name: str, table: Table, file: str, meta: CaseMeta) -> Iterator[Problem]:
    for column, parsed in _DAYS[name].items():
        for line, row in table.items():
            if expected := meta.too_late(row[parsed]):
                yield Problem(file, line, column, row[column], expected)


def _check_phase_names(table: Table, file: str, ids: list[str]) -> Iterator[Problem]:
    for line, row in table.items():
        if row.get("phase") and row["phase"] not in ids:
            expected = f"a phase of case.yaml; {nearest(row['phase'], ids)}"
            yield Problem(file, line, "phase", row["phase"], expected, name_fix(row["phase"], ids))


def _check_overview(values: Table, file: str, meta: CaseMeta, vocabulary: Vocabulary) -> Iterator[Problem]:
    known = dict.fromkeys(row["analyte"] for row in values.values())
    for name, line in ((chosen.analyte, chosen.line) for chosen in meta.overview):
        if name not in vocabulary.analytes:
            fix = vocabulary.likely_analyte(name)
            yield Problem(file, line, "overview", name, vocabulary.unknown_analyte(name), fix)
        elif name not in known:
            yield Problem(file, line, "overview", name, f"an analyte of observations.csv; {nearest(name, known)}")


def _check_phases(given: Table, file: str, meta: CaseMeta) -> Iterator[Problem]:
    courses = [Course(row["intervention"], row["start"], row["end"]) for row in given.values()]
    for phase, at in zip(meta.phases, placed(meta.phases, courses), strict=True):
        if at.expected:
            value = getattr(phase, at.key)
            yield Problem(file, phase.line, at.key, "" if value is None else str(value), at.expected)
