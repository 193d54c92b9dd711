"""The privacy gate: every text of a case folder is searched for what may tell who the patient is, before a run.

Searched are case.yaml, every cell of every table, the narrative, any other text, hidden files too, the names of files
and folders, the parameters of the run, drawings (SVG), the metadata of pictures and a vocabulary of the case's own, but
not what programs leave in a folder (`LITTER`), which `casereport privacy` names. The pixels of a picture are not
searched: somebody has looked at those, and a picture outside pictures/ is refused. The citation of a published case
stays, and so do the title of the cited paper, the authors of the report, where they are named, and of a file of
references what its entries are made of; a false alarm is put on the `allow` list of case.yaml, with a reason that the
report shows. The gate finds forms, not meanings; it does not replace reading.
"""

import csv
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import yaml

from casereport.case.description import LOADER, CaseMeta
from casereport.case.pictures import LARGEST as LARGEST_PICTURE
from casereport.case.pictures import SUFFIXES as PICTURE_SUFFIXES
from casereport.case.references import FILES as REFERENCES
from casereport.case.references import cited_texts
from casereport.case.schema import PICTURE_COLUMNS, TABLES
from casereport.errors import BadInput, Problem
from casereport.files.paths import DATA, LITTER, PICTURES, WORKBOOK
from casereport.files.tables import LARGEST_FILE, MOST_ROWS, check_file, is_empty, read_bytes, read_text, unlisted
from casereport.privacy import file_texts
from casereport.privacy.identifiers import REASONS, Found, asked, find, find_in_name, words_of_name
from casereport.privacy.picture_texts import of_drawing, of_picture
from casereport.privacy.questions import COLUMNS, KEYS, Question, covers, one_each
from casereport.privacy.workbook_texts import book_texts
from casereport.quantities.intervals import is_interval, parse
from casereport.quantities.vocabulary import ANALYTES, INTERVENTIONS

if TYPE_CHECKING:
    import pandas as pd

_ALLOW = " (if it is none, add it to `allow` in case.yaml, or the sheet allow: text and reason)"
_DAYS = frozenset({"day", "start_day", "end_day", "from_day", "to_day"})
_NUMBERS = _DAYS | {"value", "ref_low", "ref_high", "dose"}
# A case is read by a person; who has more of these has another kind of file there. Each is compared with each entry.
_MOST_FOUND = 2000  # in a file
_MOST_ALLOWED = 500
# No event of a life is further than this from its index day; a spreadsheet counts its days from 1900, and today is
# beyond 45000, so that a date which it has turned into a number shows here.
_LONGEST_LIFE = 90 * 365.25
_FURTHER_PICTURES = frozenset({".jpe", ".gif", ".heic", ".heif", ".avif", ".jp2", ".dcm"})
_COLUMNS = frozenset(column for rules in (*TABLES.values(), PICTURE_COLUMNS) for column in rules)
_CITING = frozenset({"reference_source", "code_source", "conversion_source", "limits_source"})


@dataclass(frozen=True)
class Review:
    """What the gate found: `refused` must be mended; `questions` are open; `allowed` has a row for each such entry.

    `allowed` has the columns `text`, `reason`, `looks_like` and `places`; both last are empty where the entry covers
    nothing (any more).
    """

    refused: list[Problem]
    questions: list[Question]
    allowed: "pd.DataFrame"


class Searched(NamedTuple):
    """What the gate found, without the library of data frames: as `Review`, `allowed` as rows."""

    refused: list[Problem]
    questions: list[Question]
    allowed: list[tuple[str, str, str, str]]


@dataclass(frozen=True)
class _Hit:
    """A finding with its place and the text around it."""

    file: str
    line: int
    column: str
    found: Found
    text: str
    in_metadata: bool = False
    is_asked: bool = False

    @property
    def reason(self) -> str:
        """Why it is refused, and how to mend it."""
        reason = REASONS[self.found.kind]
        if self.in_metadata:
            kind = "workbook" if ".xlsx" in self.file else "file"
            reason = reason.partition(";")[0] + f", in the {kind}'s metadata; save the {kind} again without them"
        return reason + _ALLOW


def check_privacy(folder: Path, meta: CaseMeta, parameters: Mapping[str, str]) -> list[Problem]:
    """What in the case folder or the run's parameters may identify the patient and is not allowed; empty is good.

    Each problem says the place, the text, why it is one, and how to mend it.
    """
    return search(folder, meta, parameters).refused


def review(folder: Path, meta: CaseMeta, parameters: Mapping[str, str]) -> Review:
    """All that the gate finds in `folder` and in the run's `parameters`, parted by the `allow` list of the case."""
    import pandas as pd  # here, so that a check at every save does not wait for it

    found = search(folder, meta, parameters)
    return Review(
        found.refused, found.questions, pd.DataFrame(found.allowed, columns=["text", "reason", "looks_like", "places"])
    )


def search(folder: Path, meta: CaseMeta, parameters: Mapping[str, str]) -> Searched:
    """What is refused, what is asked, and the rows of `Review.allowed`."""
    label = f"cases/{folder.name}" + ("/" if folder.is_dir() else "")
    refused = [_unsearchable(problem) for problem in unlisted(folder, label)] if folder.is_dir() else []
    hits = list(_in_name(label, folder.stem if folder.is_file() else folder.name))
    for path, name, inside in _files(folder, label):
        hits += _in_name(name, inside)
        if path.is_dir() and not path.is_symlink():
            continue
        try:
            check_file(path, name, LARGEST_PICTURE)
            in_it = list(islice(_in_file(path, name, folder), _MOST_FOUND + 1))
            hits += in_it[:_MOST_FOUND]
            if len(in_it) > _MOST_FOUND:
                expected = f"a file with at most {_MOST_FOUND} texts that look like identifiers; the search stops here"
                refused.append(Problem(name, in_it[-1].line, "", "", expected))
            refused += _far_days(path, name)
        except BadInput as bad:
            refused += [_unsearchable(problem) for problem in bad.problems]
    for name, value in parameters.items():
        if name != "seed":
            hits += [_Hit("parameter", 0, name, f, words_of_name(str(value))) for f in find_in_name(str(value))]
    if meta.subject.age_years is not None and meta.subject.age_years > 89:
        found = Found(0, 0, str(meta.subject.age_years), "age")
        hits.append(_Hit(label + "case.yaml", _line_of_age(folder), "subject.age_years", found, found.text))
    if len(meta.allow) > _MOST_ALLOWED:
        expected = f"at most {_MOST_ALLOWED} entries; found {len(meta.allow)}: take out of the files what they allow"
        refused.append(Problem(label + "case.yaml", 0, "allow", "", expected))
        return Searched(sorted(set(refused)), [], [])
    title = [meta.citation.title] if meta.citation else []
    if not meta.anonymous:
        hits = [hit for hit in hits if not _of_the_authors(hit)]
    places: dict[int, dict[str, str]] = {i: {} for i in range(len(meta.allow))}
    open_hits: list[_Hit] = []
    for hit in hits:
        if any(covers(phrase, hit.found, hit.text) for phrase in title):
            continue
        covering = [i for i, entry in enumerate(meta.allow) if covers(entry.text, hit.found, hit.text)]
        for i in covering:
            places[i][_place(hit)] = REASONS[hit.found.kind].partition(";")[0]
        if hit.is_asked and not covering:
            open_hits.append(hit)
        elif not covering:
            refused.append(Problem(hit.file, hit.line, hit.column, hit.found.text, hit.reason))
    rows = [
        (entry.text, entry.reason, ", ".join(dict.fromkeys(places[i].values())), "; ".join(places[i]))
        for i, entry in enumerate(meta.allow)
    ]
    questions = one_each((_place(hit), hit.found, hit.text) for hit in open_hits)
    return Searched(sorted(set(refused)), questions, rows)


def _files(folder: Path, label: str) -> Iterator[tuple[Path, str, str]]:
    """What is searched, sorted: each with the name that messages give it, and its path in the folder."""
    if not folder.is_dir():
        yield folder, label, "."
    else:
        for path in sorted(folder.rglob("*")):
            inside = path.relative_to(folder)
            if not any(LITTER.fullmatch(part) for part in inside.parts):
                empty = path.is_dir() and not path.is_symlink() and is_empty(path)
                if empty or not path.is_dir() or path.is_symlink():
                    yield path, label + inside.as_posix(), inside.as_posix()
    for name in (ANALYTES, INTERVENTIONS):
        path = folder.parent / name
        if path.is_file() and path.parent != DATA:
            yield path, f"cases/{name}", name


def _place(hit: _Hit) -> str:
    return hit.file + (f", line {hit.line}" if hit.line else "") + (f", {hit.column}" if hit.column else "")


def _unsearchable(problem: Problem) -> Problem:
    expected = f"{problem.expected}; what cannot be read cannot be searched for identifiers: mend it or take it out"
    return Problem(problem.file, problem.line, problem.column, problem.value, expected)


def _in_name(file: str, name: str) -> Iterator[_Hit]:
    words = words_of_name(name)
    for found in find_in_name(name):
        yield _Hit(file, 0, "name of the file", found, words)


def _in_file(path: Path, file: str, folder: Path) -> Iterator[_Hit]:
    suffix = path.suffix.lower()
    if path.parent == folder / PICTURES and suffix in PICTURE_SUFFIXES:
        yield from _in_picture(path, file)
    elif suffix in PICTURE_SUFFIXES | _FURTHER_PICTURES:
        raise BadInput([Problem(file, 0, "", "", f"a picture in {PICTURES}/, with a row in {PICTURES}.csv")])
    elif suffix == ".svg":
        yield from _in_picture(path, file)
    elif suffix == WORKBOOK:
        yield from _in_book(path, file, path == folder)
    elif suffix == ".csv":
        is_own = path.parent == folder and path.name in TABLES
        for line, column, cell in _cells(path, file):
            if column in _CITING or (column in _NUMBERS and is_interval(cell)):
                continue
            # in a table of another's making the name of the column tells what a cell is: `patient name`, `MRN`
            text = cell if column in _COLUMNS or not (column and cell) else f"{words_of_name(column)}: {cell}"
            yield from _hits(file, line, column, text, is_own and column in COLUMNS)
    elif path.parent == folder and path.name in REFERENCES:
        yield from _in_references(path, file)
    elif suffix in file_texts.SUFFIXES:
        yield from _in_other(path, file, suffix)
    elif path == folder / "case.yaml":
        yield from _in_case_yaml(path, file)
    elif path.stat().st_size:
        text = read_text(path, file)
        for hit in _hits(file, 0, "", text, path == folder / "narrative.md"):
            yield replace(hit, line=text.count("\n", 0, hit.found.start) + 1)


def _hits(file: str, line: int, column: str, text: str, is_own: bool) -> Iterator[_Hit]:
    """What is found in a text, and what is asked of one that the report shows (`is_own`)."""
    yield from (_Hit(file, line, column, found, text) for found in find(text))
    if is_own:
        yield from (_Hit(file, line, column, found, text, is_asked=True) for found in asked(text))


# What the authors declare names their institutions, and where data lie.
_DECLARED = ("ethics", "funding", "competing_interests", "data_availability")


def _of_the_authors(hit: _Hit) -> bool:
    """True for what tells who wrote the report, or where they work, and is not about the patient."""
    if Path(hit.file).name != "case.yaml" and not hit.file.endswith((", sheet case", ", sheet authors")):
        return False
    if hit.file.endswith(", sheet authors") or hit.column.startswith("authors."):
        return True
    return hit.column in _DECLARED and hit.found.kind in ("hospital", "place", "web")


def _in_references(path: Path, file: str) -> Iterator[_Hit]:
    """What a file of references has beside its references: notes, abstracts, comments, the paths of a disk."""
    text = read_text(path, file)
    try:
        cited = cited_texts(path)
    except BadInput:  # said where the case is read
        cited = []
    for found in find(text):
        if not any(covers(said, found, text) for said in cited):
            yield _Hit(file, text.count("\n", 0, found.start) + 1, "", found, text)


def _cells(path: Path, file: str) -> Iterator[tuple[int, str, str]]:
    """Every cell of a table with its line and the name of its column; the header's cells have no column."""
    # not splitlines(), which ends a line at characters that end none of a table, and so would part a name
    reader = csv.reader(io.StringIO(read_text(path, file), newline=""))
    header: list[str] = []
    line = 0
    try:
        for cells in reader:
            start, line = line + 1, reader.line_num
            if start > 2 * MOST_ROWS:
                raise BadInput([Problem(file, start, "", "", f"at most {MOST_ROWS} rows")])
            for i, cell in enumerate(cells):
                yield start, header[i] if i < len(header) else "", cell.strip()
            header = header or [cell.strip() for cell in cells]
    except csv.Error as error:
        raise BadInput([Problem(file, reader.line_num, "", "", f"not a CSV table: {error}")]) from None


def _in_other(path: Path, file: str, suffix: str) -> Iterator[_Hit]:
    """Every text of a file of a kind that no step of a run reads."""
    try:
        for said in file_texts.texts(suffix, read_bytes(path, file)):
            found = [Found(0, len(said.text), said.text[:60], "name")] if said.personal else find(said.text)
            for one in found:
                line = said.line + said.text.count("\n", 0, one.start) if said.line else 0
                yield _Hit(file, line, said.holder, one, said.text, said.personal)
    except ValueError as error:
        raise BadInput([Problem(file, 0, "", "", str(error))]) from None


def _far_days(path: Path, file: str) -> list[Problem]:
    """Study days that are no study days: further from day 0 than a life is long."""
    if path.suffix.lower() == ".csv":
        cells = [(file, *cell) for cell in _cells(path, file)]
    elif path.suffix.lower() == WORKBOOK:
        cells = [(said.file, said.line, said.column, said.text) for said in book_texts(path, file)]
    else:
        return []
    far = []
    for file, line, column, cell in cells:
        if column in _DAYS and is_interval(cell):
            day = parse(cell)
            ends = [abs(x) for x in (day.low, day.high) if abs(x) != float("inf")] if day else []
            if max(ends, default=0) > _LONGEST_LIFE:
                expected = (
                    "a study day; this is over 90 years from day 0, as when a spreadsheet turns a date into a number"
                )
                far.append(Problem(file, line, column, cell, expected))
    return far


def _in_case_yaml(path: Path, file: str) -> Iterator[_Hit]:
    """Every value outside the citation, and the comments; the texts of the `allow` list are what it says they are."""
    text = read_text(path, file)
    rest = list(text)
    for trail, node in _scalars(yaml.compose(text, Loader=LOADER)):
        start, end = node.start_mark.index, node.end_mark.index
        rest[start:end] = [c if c == "\n" else " " for c in text[start:end]]
        if trail[:1] == ("citation",) or (trail[:1] == ("allow",) and trail[-1] == "text"):
            continue
        column = ".".join(map(str, trail))
        found_here = [_Hit(file, 0, column, f, node.value) for f in find_in_name(node.value)]
        for hit in found_here if trail == ("id",) else _hits(file, 0, column, node.value, trail[0] in KEYS):
            at = text.find(hit.found.text, start, end)
            yield replace(hit, line=text.count("\n", 0, max(at, start)) + 1)
    comments = "".join(rest)
    for found in find(comments):
        yield _Hit(file, comments.count("\n", 0, found.start) + 1, "", found, comments)


_Trail = tuple[str | int, ...]  # the keys and places that lead to a value of case.yaml


def _scalars(node: yaml.Node | None, trail: _Trail = ()) -> Iterator[tuple[_Trail, yaml.ScalarNode]]:
    if isinstance(node, yaml.ScalarNode):
        yield trail, node
    elif isinstance(node, yaml.MappingNode):
        for key, child in node.value:
            yield from _scalars(child, (*trail, key.value))
    elif isinstance(node, yaml.SequenceNode):
        for i, child in enumerate(node.value):
            yield from _scalars(child, (*trail, i))


def _in_book(path: Path, file: str, is_case: bool) -> Iterator[_Hit]:
    """Every text of a workbook; in that of the case, the citation and the allowed texts are what they say they are."""
    for said in book_texts(path, file):
        sheet = said.file.rpartition(", sheet ")[2]
        if is_case and (
            (sheet == "case" and said.column.startswith("citation.")) or (sheet == "allow" and said.column == "text")
        ):
            continue
        if said.column in _NUMBERS and is_interval(said.text):
            continue
        found = find_in_name(said.text) if is_case and sheet == "case" and said.column == "id" else find(said.text)
        if said.personal:
            found = (Found(0, len(said.text), said.text[:60], "name"),)
        yield from (_Hit(said.file, said.line, said.column, one, said.text, said.personal) for one in found)
        if is_case and (said.column.partition(".")[0] in KEYS | COLUMNS or sheet == "narrative"):
            yield from (
                _Hit(said.file, said.line, said.column, one, said.text, is_asked=True) for one in asked(said.text)
            )


def _line_of_age(folder: Path) -> int:
    if folder.is_file():
        return 0
    node = yaml.compose((folder / "case.yaml").read_text(encoding="utf-8-sig"), Loader=LOADER)
    lines = [child.start_mark.line + 1 for trail, child in _scalars(node) if trail == ("subject", "age_years")]
    return lines[0] if lines else 0


def _in_picture(path: Path, file: str) -> Iterator[_Hit]:
    """What a drawing says is refused; of a photograph, which may be shown, the day, the place and who took it is asked
    about: its pixels alone enter the report.
    """
    is_drawing = path.suffix.lower() == ".svg"
    try:
        raw = read_bytes(path, file, LARGEST_FILE if is_drawing else LARGEST_PICTURE)
        entries = list((of_drawing if is_drawing else of_picture)(raw))
    except ValueError as error:
        raise BadInput([Problem(file, 0, "", "", str(error))]) from None
    for entry, text, kind in entries:
        if kind and not is_drawing:
            said = f"in the metadata of the picture: {text}"
            found = Found(len(said) - len(text), len(said), text, kind)
            yield _Hit(file, 0, entry, found, said, is_asked=True)
            continue
        for one in [Found(0, len(text), text[:60], kind)] if kind else find(text):
            yield _Hit(file, 0, entry, one, text, in_metadata=not is_drawing)
