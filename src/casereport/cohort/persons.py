"""A warehouse (OMOP) or a trial (SDTM) as the source of a cohort: its persons as the cases that an import would make.

The tables are parted once, row by row, into folders of some megabytes each, so that no table need fit into memory; a
folder is then read whole, and each of its persons becomes a case as `casereport import` makes it.
"""

import csv
import json
import math
import shutil
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

from casereport.case.left_out import FILE, Lacking, left_out_text
from casereport.case.schema import TABLES
from casereport.cohort.case_folders import description, narrative, table_text
from casereport.cohort.cohort_tables import place_of, work_folder
from casereport.cohort.patient_phases import label_of
from casereport.cohort.patients import case_name, told
from casereport.errors import BadInput, Problem
from casereport.files.hashes import sha256
from casereport.files.paths import DATA
from casereport.files.tables import Row
from casereport.files.whole import write_whole
from casereport.privacy.identifiers import find_in_name
from casereport.quantities.intervals import parse
from casereport.quantities.vocabulary import Vocabulary
from casereport.quantities.vocabulary_tables import project_vocabulary, vocabulary_files
from casereport.readers import omop, sdtm
from casereport.readers.index_treatment import first_use_of
from casereport.readers.mapping_file import mapping_path, read_mapping
from casereport.readers.person import Person
from casereport.readers.records import take
from casereport.readers.study_days import SOME_DAY
from casereport.readers.wanted import Wanted, wanted_of

_BYTES = 4_000_000  # of the tables for each partition; read, they take 25 times as much
_MOST_PARTS = 500  # files that are open at a time while a table is parted
_OF_IMPORT = ("observations.csv", "interventions.csv", "events.csv")
_LACKING = "whatever the records do not hold: complaints, findings, images"
_ABOUT = {"OMOP": "an OMOP data warehouse", "SDTM": "a trial's SDTM datasets"}


@dataclass(frozen=True)
class Asked:
    """What the user said: the date or the intervention of day 0, and the study days to take; beside the source lie
    perhaps a mapping file, and what is `added` to the vocabulary."""

    index: str = ""
    from_day: str = ""
    to_day: str = ""
    mapping: Path | None = None
    added: tuple[Path, ...] = ()

    def files(self) -> tuple[Path, ...]:
        """The files that were said."""
        return (*([self.mapping] if self.mapping else []), *self.added)

    def wanted(self) -> tuple[Wanted, Vocabulary]:
        """The same as the readers take it, with the vocabulary; raises BadInput for what cannot be read."""
        vocabulary = project_vocabulary(*self.added)
        wanted = wanted_of(self.index, from_day=self.from_day, to_day=self.to_day)
        if wanted.treatment and wanted.treatment not in vocabulary.interventions:
            raise BadInput([Problem("option", 0, "--index", self.index, vocabulary.unknown_intervention(self.index))])
        return wanted._replace(mapping=read_mapping(self.mapping, vocabulary) if self.mapping else {}), vocabulary


@dataclass(frozen=True)
class Persons:
    """A source of persons in partitions: `parts` are folders of tables, `ids` the persons of each, and `called` what
    those are called whose own id may lead to them."""

    form: str
    parts: tuple[Path, ...]
    ids: tuple[tuple[str, ...], ...]
    called: tuple[tuple[str, str], ...]
    asked: Asked

    def only(self, number: int) -> "Persons":
        """The source with one of its partitions."""
        own = set(self.ids[number])
        called = tuple(pair for pair in self.called if pair[0] in own)
        return replace(self, parts=(self.parts[number],), ids=(self.ids[number],), called=called)

    def names(self) -> Iterator[tuple[str, ...]]:
        """What the persons of each partition are called."""
        called = dict(self.called)
        for ids in self.ids:
            yield tuple(called.get(person, person) for person in ids)


@dataclass
class Cases:
    """The persons of a partition by what they are called: the `files` of the case of each; who could not be read, and
    why; who has no measurement, and who no day 0; what was left out, by printed text and reason."""

    files: dict[str, dict[str, str]] = field(default_factory=dict)
    refused: dict[str, str] = field(default_factory=dict)
    unmeasured: list[str] = field(default_factory=list)
    outside: list[str] = field(default_factory=list)
    left_out: dict[str, Counter[tuple[str, str]]] = field(default_factory=dict)


def open_persons(text: str, out: Path, asked: Asked) -> Persons | None:
    """The persons of the folder (or the one file of SDTM) that `text` names, parted into `out`/work; None where it is
    neither of OMOP nor of SDTM. Raises BadInput."""
    path = Path(text).resolve()
    tables, form = _tables(path)
    if not tables:
        if asked != Asked():
            expected = "nothing: --index, --from and --to are for a cohort of OMOP or SDTM"
            raise BadInput([Problem("source", 0, "SOURCE", text, expected)])
        return None
    mapping = mapping_path(path)
    added = [file for name, file in vocabulary_files(path).items() if file != DATA / name]
    asked = replace(asked, mapping=mapping if mapping.exists() else None, added=tuple(added))
    asked.wanted()
    if form == "OMOP" and not asked.index:
        expected = "--index meropenem, whose first use is day 0 of each person, or the date of day 0"
        raise BadInput([Problem("option", 0, "--index", "", expected)])
    folders, ids = _parted(tables, form, out)
    shutil.rmtree(cases_folder(out).parent)  # what a run that was stopped has left, and is added no more
    for file in added:
        write_whole(cases_folder(out) / file.name, file.read_bytes())
    return Persons(form, folders, ids, _called(ids), asked)


def cases_folder(out: Path) -> Path:
    """Where the cases of the persons lie while they are worked on, and what is added to the vocabulary beside them."""
    folder = work_folder(out) / "data" / "cases"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def _tables(path: Path) -> tuple[dict[str, Path], str]:
    if path.is_dir():
        if tables := omop.omop_tables(path):
            return tables, "OMOP"
        return sdtm.sdtm_tables(path), "SDTM"
    if path.suffix.lower() in sdtm.SUFFIXES and path.is_file():
        try:
            return {sdtm.dataset(path).domain: path}, "SDTM"
        except BadInput:
            pass  # a cohort table, or what is said of it there
    return {}, ""


def _parted(tables: dict[str, Path], form: str, out: Path) -> tuple[tuple[Path, ...], tuple[tuple[str, ...], ...]]:
    """The folders of the partitions with the ids of their persons; made once, and again where the source changed."""
    folder = work_folder(out) / "persons"
    mark = folder / "source.json"
    source = {name: sha256(path) for name, path in tables.items()}
    if mark.is_file() and (known := json.loads(mark.read_text(encoding="utf-8")))["source"] == source:
        return tuple(folder / name for name in known["parts"]), tuple(map(tuple, known["ids"]))
    shutil.rmtree(folder, ignore_errors=True)
    count = min(_MOST_PARTS, max(1, sum(path.stat().st_size for path in tables.values()) // _BYTES))
    ids: list[set[str]] = [set() for _ in range(count)]
    concepts: set[str] = set()
    key = omop.PERSON if form == "OMOP" else sdtm.SUBJECT
    for name, path in tables.items():
        if name == "concept":
            continue
        rows = omop.table_rows(path) if form == "OMOP" else sdtm.dataset(path).rows
        with ExitStack() as files:
            writers: dict[int, Any] = {}
            for row in rows:
                person = row.get(key, "")
                number = place_of(person, count)
                if form == "OMOP":
                    row = {k: row.get(k, "") for k in (key, *omop.READ[name])}
                    concepts |= {cell for k, cell in row.items() if k.endswith(omop.CONCEPT)}
                if number not in writers:
                    part = folder / f"part-{number:05d}"
                    part.mkdir(parents=True, exist_ok=True)
                    file = files.enter_context((part / f"{name}.csv").open("w", encoding="utf-8", newline=""))
                    writers[number] = csv.DictWriter(file, list(row), restval="", extrasaction="ignore")
                    writers[number].writeheader()
                writers[number].writerow(row)
                if name != "person":  # of whom there is no record besides is nobody to report on
                    ids[number].add(person)
    filled = [number for number in range(count) if ids[number]]
    parts = [f"part-{number:05d}" for number in filled]
    if form == "OMOP":
        _part_concepts(tables["concept"], concepts, [folder / name for name in parts])
    named = [sorted(ids[number]) for number in filled]
    write_whole(mark, json.dumps({"source": source, "parts": parts, "ids": named}))
    return tuple(folder / name for name in parts), tuple(map(tuple, named))


def _part_concepts(path: Path, used: set[str], folders: list[Path]) -> None:
    """Writes the concepts that any row names into each folder."""
    columns = ["concept_id", "concept_name", "vocabulary_id", "concept_code"]
    rows = [{c: row.get(c, "") for c in columns} for row in omop.table_rows(path) if row.get("concept_id") in used]
    for folder in folders:
        with (folder / "concept.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, columns)
            writer.writeheader()
            writer.writerows(rows)


def _called(ids: tuple[tuple[str, ...], ...]) -> tuple[tuple[str, str], ...]:
    """For each id that may lead to its person, a name by its place among all.

    Raises BadInput where two ids differ only in capitals: their folders would be one on some disks.
    """
    every = sorted(person for own in ids for person in own)
    called = tuple((p, f"person-{n}") for n, p in enumerate(every, start=1) if find_in_name(p) or not p)
    names = dict(called)
    seen: dict[str, str] = {}
    for person in every:
        name = case_name(names.get(person, person)).lower()
        if name in seen:
            expected = f"an id that differs from {seen[name]!r} in more than capitals"
            raise BadInput([Problem("source", 0, "person", person, expected)])
        seen[name] = person
    return called


@lru_cache(maxsize=1)
def cases_of(persons: Persons) -> Cases:
    """The cases of the persons of a source of one partition; the last one stays, as its persons come together."""
    (part,) = persons.parts
    called, found = dict(persons.called), Cases()
    read = omop.omop_persons if persons.form == "OMOP" else sdtm.sdtm_persons
    (wanted, vocabulary), own = persons.asked.wanted(), set(persons.ids[0])
    for person in read(part):
        if person.id not in own:
            continue
        name = called.get(person.id, person.id)
        try:
            _add(person, name, persons.form, wanted, vocabulary, found)
        except BadInput as bad:
            found.refused[name] = told(bad.problems)
    return found


def _add(
    person: Person, name: str, form: str, wanted: Wanted, vocabulary: Vocabulary, found: Cases
) -> None:  # fmt: skip
    """Adds the case of a person; raises BadInput."""
    day_zero = "The reference date of the trial, which is its day 1"
    if wanted.treatment:
        zero = first_use_of(person.feeds(wanted._replace(zero=SOME_DAY)), vocabulary, wanted.treatment)
        if zero is None:
            found.outside.append(name)
            return
        wanted = wanted._replace(zero=zero)
        day_zero = f"First use of {vocabulary.interventions[wanted.treatment].label}"
    elif wanted.zero:
        day_zero = "A date that was chosen for the whole cohort"
    tables: dict[str, list[Row]] = {}
    lacking: list[Lacking] = []
    for feed in person.feeds(wanted):
        account = take(feed, feed.kind, vocabulary, wanted)
        for table, rows in account.taken.items():
            tables.setdefault(table, []).extend(rows)
        lacking += [Lacking(feed.kind, "", *what, n) for what, n in sorted(account.left_out.items())]
    if not tables.get("observations.csv"):
        found.unmeasured.append(name)
        return
    given = tables.get("interventions.csv", [])
    about, by_year = _ABOUT[form], ""
    if person.born and len(person.born) == 4:
        by_year = "; the age is by the years of birth and of day 0 alone"
    subject: dict[str, Any] = {
        f"age_{person.age_unit}": person.age_on(wanted.zero), "sex": person.sex or None, "description": about + by_year,
    }  # fmt: skip
    found.left_out[name] = Counter()
    for one in lacking:
        found.left_out[name][one.printed, one.reason] += one.values
    opened = _opened(given, wanted.treatment, vocabulary)
    before = f"Before {opened[0][1]}" if opened else "The whole record"
    found.files[name] = {
        "case.yaml": description(case_name(name), subject, before, opened, day_zero, _LACKING),
        **{table: _text(table, tables.get(table, [])) for table in _OF_IMPORT},
        "narrative.md": narrative(about, False, len(given)),
        **({FILE: left_out_text(lacking)} if lacking else {}),
    }  # fmt: skip


def _text(table: str, rows: list[Row]) -> str:
    return table_text(table, (tuple(row.get(c, "") for c in TABLES[table] if c != "phase") for row in rows))


def _opened(given: list[Row], treatment: str, vocabulary: Vocabulary) -> list[tuple[str, str]]:
    """The phases that the treatment of day 0 opens, with their labels; without one, those that were given and not only
    taken or ordered. A warehouse has every tablet of a life, and each would open a phase.
    """
    first: dict[str, float] = {}
    for row in given:
        opens = row["intervention"] == treatment if treatment else row["evidence"] == "measured"
        if opens and (known := parse(row["start_day"])) is not None:
            first[row["intervention"]] = min(known.low, first.get(row["intervention"], math.inf))
    together: dict[float, list[str]] = {}
    for intervention, day in sorted(first.items()):
        together.setdefault(day, []).append(intervention)
    labels = vocabulary.interventions
    return [(own[0], label_of([labels[i].label for i in own])) for _, own in sorted(together.items())]
