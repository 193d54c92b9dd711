"""The pieces of work that a cohort is made of, and the tally of what has come back of them."""

from collections import Counter
from collections.abc import Callable, Container
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from casereport.cohort import tasks as work
from casereport.cohort.cohort_tables import Folders, Table, patients_of
from casereport.cohort.patients import case_name
from casereport.cohort.persons import Persons
from casereport.cohort.tasks import Done
from casereport.files.paths import case_name_at

_BATCH = 50  # case folders, or reports to gather, in one piece of work


@dataclass(frozen=True)
class Piece:
    """One piece of work: a function with its arguments, the cases it is about, and how many these are."""

    function: Callable[..., Done]
    arguments: tuple[Any, ...]
    patients: list[str]
    cases: int


@dataclass
class Tally:
    """What has come back so far: cases that were done (`kept` of them by an earlier run), and those that failed.

    `unmeasured` are the patients of whom no measurement is left: nothing failed, and there is nothing to report.
    `outside` are those of a warehouse or trial who did not have the treatment of day 0, and `left_out` what was not
    taken of the others, by printed text and reason. `unread` are the files of the source that could not be read at all.
    `earlier` are the reports in the folder that are of no case of this run, by what became of their cases.
    """

    done: int = 0
    kept: int = 0
    failures: dict[str, str] = field(default_factory=dict)
    unmeasured: list[str] = field(default_factory=list)
    outside: list[str] = field(default_factory=list)
    left_out: Counter[tuple[str, str]] = field(default_factory=Counter)
    unread: list[str] = field(default_factory=list)
    earlier: dict[str, list[str]] = field(default_factory=dict)

    def add(self, result: Done) -> None:
        self.failures |= dict(result.failures)
        self.unmeasured += result.unmeasured
        self.outside += result.outside
        self.left_out.update({(printed, reason): n for printed, reason, n in result.left_out})
        good = result.cases - len(result.failures) - len(result.unmeasured)
        self.done += good
        self.kept += good if result.state == "kept" else 0

    def fate(self, name: str, source: Container[str]) -> str:
        """What became of the case of an earlier report; `source` are the names of the cases that the source has now."""
        if name in map(case_name, self.unmeasured):
            return "of a patient who has no measurement any more"
        if name in map(case_name, self.outside):
            return "of a person without the treatment of day 0"
        if name in map(case_name, self.failures):
            return "of a case that failed this time"
        if name in source:
            return "not made again, as only results were asked for"
        return "of no case that could be read in this source" if self.unread else "of no case of this source"


def pieces_of(
    source: Table | Folders | Persons, out: Path, results_only: bool, tally: Tally
) -> tuple[list[Piece], Callable[[set[str]], list[Piece]], int]:
    """The pieces of work, the pieces that gather the results of reports afterwards, and the number of cases."""
    if isinstance(source, Folders):
        pairs = [(name, name) for name in map(case_name_at, source.paths)]
        if results_only:
            batches = [source.paths[i : i + _BATCH] for i in range(0, len(source.paths), _BATCH)]
            pieces = [
                Piece(work.results_of_folders, (paths, i, out), list(map(case_name_at, paths)), len(paths))
                for i, paths in enumerate(batches)
            ]
        else:
            pieces = [Piece(work.report_of_folder, (p, out), [case_name_at(p)], 1) for p in source.paths]
    elif isinstance(source, Persons):
        by_name = list(source.names())
        pairs = [(p, case_name(p)) for names in by_name for p in names]
        pieces = []
        for number, names in enumerate(by_name):
            part = source.only(number)
            if results_only:
                pieces.append(Piece(work.results_of_persons, (part, number, out), list(names), len(names)))
            else:
                pieces += [Piece(work.report_of_person, (part, p, out), [p], 1) for p in names]
    else:
        by_part, broken = patients_of(source)
        for number, error in broken.items():
            tally.failures[source.parts[number].name] = error
            tally.unread.append(source.parts[number].name)
        tally.unmeasured = list(source.without)
        pairs = [(p, case_name(p)) for patients in by_part for p in patients]
        pieces = []
        for number, patients in enumerate(by_part):
            table = source.only(number, patients)
            if results_only and number not in broken:
                pieces.append(Piece(work.results_of_part, (table, number, out), patients, len(patients)))
            elif not results_only:
                pieces += [Piece(work.report_of_patient, (table, p, out), [p], 1) for p in patients]

    def gathered(failures: set[str]) -> list[Piece]:
        good = [pair for pair in pairs if pair[0] not in failures]
        batches = [tuple(good[i : i + _BATCH]) for i in range(0, len(good), _BATCH)]
        return [
            Piece(work.results_of_reports, (batch, i, out), [p for p, _ in batch], len(batch))
            for i, batch in enumerate(batches)
        ]

    return pieces, gathered, sum(piece.cases for piece in pieces)
