"""Where a cohort comes from: a folder of case folders, a table in long form, or the Tongji workbook.

A table is worked on in partitions, files of some thousand patients each. A Parquet dataset has them already; a CSV
file and the workbook are parted once, a chunk at a time, so that no table need fit into memory.
"""

import hashlib
import json
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from urllib.parse import unquote

import pandas as pd

from casereport.case.place import cases_in, distinct
from casereport.cohort.patients import GIVEN, GIVEN_TOO, MEASURED, MEASURED_TOO, case_name, vocabulary
from casereport.errors import BadInput, Problem, nearest
from casereport.files.hashes import sha256
from casereport.files.whole import write_whole
from casereport.quantities.intervals import number as format_number
from casereport.readers.csv_rows import csv_rows
from casereport.reference.tongji import COLUMNS, SOURCE, read_tongji

_BLOCK = 16_000_000  # bytes of a CSV file in memory at a time
_LARGEST = 2**32  # bytes of a file of a cohort table: each is read as a whole
_BYTES = 16_000_000  # of CSV text for each partition
_DAY = 24 * 3600


@dataclass(frozen=True)
class Table:
    """A cohort table in partitions: `parts` (files of measurements), `given` (files of treatments), what it is in
    words, what its day 0 is, and how the course of a patient ended, where the source tells. `whole` is the name of the
    file that was parted, whose lines the rows have, or empty.
    """

    parts: tuple[Path, ...]
    given: tuple[Path, ...]
    about: str
    day_zero: str
    ends: dict[str, str] = field(compare=False)
    without: tuple[str, ...] = ()  # patients of the source that have no measurement left
    whole: str = ""

    @property
    def called(self) -> str:
        """How messages name the measurements of a table of one partition."""
        return self.whole or self.parts[0].name

    def only(self, number: int, patients: list[str]) -> "Table":
        """The table with one of its partitions."""
        return replace(
            self, parts=(self.parts[number],), without=(), ends={p: e for p in patients if (e := self.ends.get(p))}
        )


@dataclass(frozen=True)
class Folders:
    """Cases as folders or workbooks, by their paths."""

    paths: tuple[Path, ...]


def open_source(text: str, out: Path) -> Table | Folders:
    """What `text` names; a table that is not in partitions is parted into `out`/work. Raises BadInput."""
    path = Path(text).resolve()
    if path.suffix.lower() == ".xlsx" and path.is_file():
        return _tongji(path, out)
    if path.is_dir():
        if found := cases_in(path) or cases_in(path / "cases"):
            # a link is the case that it leads to, by that name, and once: a patient counts once
            return Folders(tuple(distinct(sorted({case.resolve() for case in found}))))
        measured = _named(path, "observations")
        if measured is None and any(path.rglob("*.parquet")):
            measured = path
    else:
        measured = path if path.suffix.lower() in (".csv", ".parquet") and path.is_file() else None
    if measured is None:
        expected = (
            "a folder of case folders, a table (observations.csv or a Parquet dataset; treatments beside it as "
            "interventions.csv or interventions/), the tables of OMOP or SDTM, or the Tongji workbook (.xlsx)"
        )
        raise BadInput([Problem("source", 0, "SOURCE", text, expected if path.exists() else f"not there; {expected}")])
    beside = measured.parent if measured != path or path.is_file() else path.parent
    given = _named(beside, "interventions")
    about, day_zero = "a cohort table", "Day 0 of the cohort table"
    for table in (measured, given):
        _check_files(_files(table) if table else [])
    if measured.suffix.lower() == ".csv":
        parts = _parted(_csv(measured, MEASURED), measured, out, "observations")
    else:
        parts = tuple(_files(measured))
    treated: tuple[Path, ...] = ()
    if given is not None:
        csv = given.suffix.lower() == ".csv"
        files = _files(given)
        treated = _parted(_csv(given, GIVEN), given, out, "interventions") if csv else tuple(files)
    return Table(parts, treated, about, day_zero, {}, whole=measured.name if measured.suffix.lower() == ".csv" else "")


def _files(table: Path) -> list[Path]:
    return sorted(p for p in table.rglob("*.parquet") if not p.is_dir()) if table.is_dir() else [table]


def _check_files(files: list[Path]) -> None:
    """Raises BadInput for what is no file, such as a pipe that is never written, and for one too large to be read."""
    problems = []
    for path in files:
        if not path.is_file():
            problems.append(Problem(path.name, 0, "", "", "a file; this is a pipe, a device or a broken link"))
        elif path.stat().st_size > _LARGEST:
            expected = f"a file of at most {_LARGEST // 2**30} GB; split it"
            problems.append(Problem(path.name, 0, "", f"{path.stat().st_size / 2**30:.0f} GB", expected))
    if problems:
        raise BadInput(problems)


def _named(folder: Path, name: str) -> Path | None:
    """The table of that name: a CSV file, a Parquet file, or a folder of these."""
    return next((p for n in (f"{name}.csv", f"{name}.parquet", name) if (p := folder / n).exists()), None)


def _csv(path: Path, needed: tuple[str, ...]) -> Iterator[pd.DataFrame]:
    """The rows of a CSV file, every cell a text, with the line of each; raises BadInput for a table it cannot be."""
    import pyarrow as pa
    from pyarrow import csv

    known = (*MEASURED, *MEASURED_TOO) if needed == MEASURED else (*GIVEN, *GIVEN_TOO)
    texts = csv.ConvertOptions(column_types=dict.fromkeys(known, pa.string()), strings_can_be_null=False)
    options = {
        "read_options": csv.ReadOptions(block_size=_BLOCK),
        "parse_options": csv.ParseOptions(newlines_in_values=True),
        "convert_options": texts,
    }
    line = 2
    try:
        with csv.open_csv(path, **options) as reader:
            header = [name.strip() for name in reader.schema.names]
            problems = [Problem(path.name, 1, c, "", "the column is missing") for c in needed if c not in header]
            others = [c for c in header if c not in known]
            problems += [Problem(path.name, 1, "", c, f"unknown column; {nearest(c, known)}") for c in others]
            if problems:
                raise BadInput(problems)
            for batch in reader:
                yield batch.to_pandas().assign(line=range(line, line + len(batch)))
                line += len(batch)
    except (OSError, ValueError):  # ArrowInvalid is a ValueError, and shows the row of a patient but not its line
        raise BadInput([_wrong_row(path)]) from None


def _wrong_row(path: Path) -> Problem:
    """What is wrong with the first row that makes a file no CSV table; raises BadInput where its quotes are."""
    expected = "a CSV table in UTF-8, each row with as many cells as the header"
    line = 1
    try:
        with path.open("rb") as file:
            for raw in file:
                raw.decode("utf-8")
                line += 1
    except UnicodeDecodeError:
        return Problem(path.name, line, "", "", "UTF-8; save the file again as UTF-8 (Excel: Save As, CSV UTF-8)")
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = csv_rows(file, ",", path.name)
        _, header = next(rows, (1, []))
        for line, row in rows:
            if row and len(row) != len(header):
                return Problem(path.name, line, "", "", f"{len(header)} cells, as in the header; found {len(row)}")
    return Problem(path.name, 0, "", "", expected)


def _parted(chunks: Iterator[pd.DataFrame], path: Path, out: Path, name: str, size: int = 0) -> tuple[Path, ...]:
    """The rows in Parquet files, each patient in one of them; made once, and again where the source has changed."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    folder = work_folder(out) / name
    digest = sha256(path)
    mark = folder / "source.json"
    if mark.is_file() and json.loads(mark.read_text(encoding="utf-8")) == digest:
        return tuple(sorted(folder.glob("*.parquet")))
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.glob("part-*.parquet"):
        old.unlink()
    count = max(1, (size or path.stat().st_size) // _BYTES)
    writers: dict[int, pq.ParquetWriter] = {}
    try:
        for chunk in chunks:
            codes, patients = pd.factorize(chunk["patient"])
            place = [place_of(str(p), count) for p in patients]
            for number, rows in chunk.groupby(pd.Series(place)[codes].to_numpy() if len(place) else []):
                table = pa.Table.from_pandas(rows, preserve_index=False)
                if number not in writers:
                    writers[number] = pq.ParquetWriter(folder / f"part-{number:05d}.parquet", table.schema)
                writers[number].write_table(table)
    finally:
        for writer in writers.values():
            writer.close()
    write_whole(mark, json.dumps(digest))
    return tuple(sorted(folder.glob("*.parquet")))


def place_of(patient: str, count: int) -> int:
    """In which of `count` partitions a patient is."""
    return int(hashlib.sha256(patient.encode()).hexdigest()[:8], 16) % count


def work_folder(out: Path) -> Path:
    """`out`/work, for its owner alone: what is in it is as the source has it."""
    folder = out / "work"
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o700)
    return folder


def tidy(out: Path) -> None:
    """Removes the copies of the source's rows from `out`/work; what tells the next run that a piece is done stays."""
    for name in ("observations", "interventions", "persons", "data"):
        shutil.rmtree(out / "work" / name, ignore_errors=True)


def _tongji(path: Path, out: Path) -> Table:
    """The workbook: day 0 is the patient's admission, values of one column after the other, in canonical units."""
    cohort = read_tongji(path)
    table = cohort.table
    since = (table["time"] - table["admitted"]).dt.total_seconds() / _DAY
    long = table.assign(day=since.round(4), patient=table["patient"].astype(str)).melt(
        ["patient", "day", "sex", "age_years"], list(COLUMNS.values()), "analyte", "value"
    )
    long = long.dropna(subset="value")
    units = {a: vocabulary().analytes[a].unit for a in COLUMNS.values()}
    long = long.assign(unit=long["analyte"].map(units), line=0).sort_values(["patient", "day"], kind="stable")
    parts = _parted(iter([long]), path, out, "observations")
    died = table.groupby(table["patient"].astype(str))["died"].first()
    ends = {p: "Died in hospital" if d else "Discharged alive" for p, d in died.items()}
    about = f"a published cohort: {SOURCE}"
    without = sorted({str(p) for p in cohort.patients} - set(long["patient"]), key=int)
    return Table(parts, (), about, "The admission to hospital", ends, tuple(without), path.name)


def read_part(table: Table) -> tuple[pd.DataFrame, pd.DataFrame | None]:
    """Measurements and treatments of a table of one partition, with the row of each as `line`; raises BadInput."""
    (path,) = table.parts
    measured = _read(path, MEASURED)
    if not table.given:
        return measured, None
    import pyarrow.dataset as ds

    try:
        given = ds.dataset([str(p) for p in table.given], format="parquet")
        ids = pd.unique(measured["patient"])
        chosen = given.filter(ds.field("patient").isin(ids.tolist())).to_table().to_pandas()
    except (OSError, ValueError, TypeError, NotImplementedError) as error:
        raise BadInput([Problem(table.given[0].parent.name, 0, "", "", f"treatments in Parquet: {error}")]) from None
    missing = [Problem("interventions", 0, c, "", "the column is missing") for c in GIVEN if c not in chosen]
    if missing:
        raise BadInput(missing)
    return measured, chosen if "line" in chosen else chosen.assign(line=range(1, len(chosen) + 1))


def _read(path: Path, needed: tuple[str, ...]) -> pd.DataFrame:
    import pyarrow.parquet as pq

    try:
        # a dataset written with patient=... folders has the id in the name of the folder only
        table = pq.ParquetFile(path).read().to_pandas()
    except (OSError, ValueError) as error:  # ArrowInvalid is a ValueError
        raise BadInput([Problem(path.name, 0, "", "", f"a Parquet file: {error}")]) from None
    if "patient" not in table:
        named = [p for p in path.parts if p.startswith("patient=")]
        table = table.assign(patient=unquote(named[-1].removeprefix("patient="))) if named else table
    missing = [Problem(path.name, 0, c, "", "the column is missing") for c in needed if c not in table]
    if missing:
        raise BadInput(missing)
    return table if "line" in table else table.assign(line=range(1, len(table) + 1))


def _id(cell: object) -> str:
    """The id as `checked` has it: of a number the shortest text."""
    if cell is None:
        return ""
    return format_number(float(cell)) if isinstance(cell, int | float) else str(cell).strip()


def _first_line(path: Path, patient: str) -> int:
    """The line of the source that the first row of a patient had, of a table that was parted."""
    import pyarrow.parquet as pq

    rows = pq.ParquetFile(path).read(["patient", "line"]).to_pandas()
    return int(rows.loc[rows["patient"].map(_id) == patient, "line"].min())


def patients_of(table: Table) -> tuple[list[list[str]], dict[int, str]]:
    """The patients of each partition, and what is wrong with partitions that cannot be read.

    Raises BadInput where one patient is in two partitions, or two ids differ only in capitals: their folders would
    be one on some disks.
    """
    import pyarrow.parquet as pq

    found: list[list[str]] = []
    broken: dict[int, str] = {}
    seen: dict[str, tuple[str, int]] = {}
    problems = []
    for number, path in enumerate(table.parts):
        try:
            if "patient" in pq.read_schema(path).names:
                column = pq.ParquetFile(path).read(["patient"]).column("patient").unique().to_pylist()
                ids = sorted(_id(p) for p in column)
            else:
                ids = sorted(_read(path, MEASURED)["patient"].unique())
        except (OSError, ValueError) as error:
            broken[number] = f"{path.name}: a Parquet file: {error}"
            ids = []
        except BadInput as bad:
            broken[number] = str(bad)
            ids = []
        for patient in ids:
            earlier, where = seen.setdefault(case_name(patient).lower(), (patient, number))
            if where != number and earlier == patient:
                expected = f"each patient in one file; {table.parts[where].name} has this one too"
                problems.append(Problem(path.name, 0, "patient", patient, expected))
            elif earlier != patient:
                expected = f"an id that differs from {earlier!r} in more than capitals"
                line = _first_line(path, patient) if table.whole else 0
                problems.append(Problem(table.whole or path.name, line, "patient", patient, expected))
        found.append(ids)
    if problems:
        raise BadInput(problems[:20])
    return found, broken
