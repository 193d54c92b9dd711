"""What a worker does: build one report, compute one partition, gather results. Each piece of work is done or it is not.

A piece that is done leaves a mark with the hash of what it was made from, last of all; a later run finds it and does
nothing. A piece that fails says why and stops no other.
"""

import errno
import hashlib
import json
import shutil
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from functools import lru_cache
from pathlib import Path

import pandas as pd

from casereport.cohort import dataset
from casereport.cohort import results_of_cases as results
from casereport.cohort.case_folders import case_files, write_case
from casereport.cohort.cohort_tables import Table, read_part, work_folder
from casereport.cohort.patients import Part, case_name, checked
from casereport.cohort.persons import Cases, Persons, cases_folder, cases_of
from casereport.errors import BadInput
from casereport.files.hashes import environment_parts
from casereport.files.paths import DATA, NOTEBOOKS, PACKAGE, as_given, case_name_at
from casereport.files.whole import save_json
from casereport.privacy.identifiers import masked
from casereport.run import stale, workers
from casereport.run.failures import RunFailed

FULL = "no space left"


@dataclass(frozen=True)
class Done:
    """How a piece of work ended: `state` is built, kept (it was there) or failed; `cases` how many it was about;
    `failures` the patients that failed, each with its error; `full` where the disk had no room. Of a warehouse or trial
    `unmeasured` has who has no measurement, `outside` who had no treatment of day 0 (not counted in `cases`), and
    `left_out` what was not taken, by printed text and reason, with how many values that are.
    """

    state: str
    cases: int
    failures: tuple[tuple[str, str], ...] = ()
    full: bool = False
    unmeasured: tuple[str, ...] = ()
    outside: tuple[str, ...] = ()
    left_out: tuple[tuple[str, str, int], ...] = ()


def failed(patients: list[str], error: str, full: bool = False) -> Done:
    """A piece of work in which all of these patients failed for one reason."""
    return Done("failed", len(patients), tuple((p, masked(error)) for p in patients), full)


def _ended(name: str, error: Exception) -> Done:
    """A piece of work that ended with this error."""
    return Done("failed", 1, ((name, results.why(error)),), no_room(error))


@lru_cache
def code() -> str:
    """A hash of what a result depends on besides its case: the package, the notebooks, the tables of the project, and
    what is installed.
    """
    files = [*PACKAGE.rglob("*.py"), *PACKAGE.rglob("*.j2"), *PACKAGE.rglob("*.css"), *NOTEBOOKS.glob("*.ipynb")]
    files += [p for p in DATA.rglob("*") if p.is_file()]
    return _hashed(repr(environment_parts()).encode(), *(p.read_bytes() for p in sorted(files)))


def _hashed(*parts: bytes) -> str:
    whole = hashlib.sha256()
    for part in parts:
        whole.update(hashlib.sha256(part).digest())
    return whole.hexdigest()


def _mark(out: Path, kind: str, name: str) -> Path:
    return out / "work" / "done" / kind / f"{name}.json"


def _is_done(mark: Path, key: str) -> dict | None:
    """What the mark holds, if it was left by work on the same input."""
    try:
        content = json.loads(mark.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return content if content.get("key") == key else None


def no_room(error: BaseException | str) -> bool:
    """True where an error says that the disk, or the user's share of it, is full."""
    number = getattr(error, "errno", None)
    return number in (errno.ENOSPC, errno.EDQUOT) or FULL in str(error).lower()


# Reports


def report_of_patient(table: Table, patient: str, out: Path) -> Done:
    """Builds the report of one patient of a cohort table in `out`/reports."""
    try:
        part = part_of(table)
        if patient in part.refused:
            return failed([patient], part.refused[patient])
        files = case_files(part, patient, table.about, table.day_zero, table.ends.get(patient, ""))
        name = case_name(patient)
        key = _hashed(code().encode(), *(f"{n}\n{t}".encode() for n, t in sorted(files.items())))
        if (done := _built(out, name, key)) is not None:
            return done
        case = write_case(files, name, work_folder(out) / "data")
    except (BadInput, OSError) as error:
        return _ended(patient, error)
    try:
        return _report(patient, case, out, key)
    finally:
        shutil.rmtree(case, ignore_errors=True)


def report_of_folder(case: Path, out: Path) -> Done:
    """Builds the report of one case, a folder or a workbook, in `out`/reports, unless it is as a run would make it."""
    name = case_name_at(case)
    try:
        # as `casereport report` asks it; of which commit the same code is does not matter here
        now = stale.report_made_from(as_given(case), {}) | {"commit": ""}
        if stale.is_current(stale.reasons(out / "reports" / name, now)):
            return Done("kept", 1)
    except OSError as error:
        return _ended(name, error)
    return _report(name, case, out)


def report_of_person(persons: Persons, name: str, out: Path) -> Done:
    """Builds the report of one person of a warehouse or trial in `out`/reports."""
    found = cases_of(persons)
    if name in found.refused:
        return failed([name], found.refused[name])
    if name in found.unmeasured:
        return Done("built", 1, unmeasured=(name,))
    if name in found.outside:
        return Done("built", 0, outside=(name,))
    left_out = tuple((*what, n) for what, n in found.left_out[name].items())
    files, folder = found.files[name], case_name(name)
    said = [p.read_bytes() for p in persons.asked.files()]
    key = _hashed(code().encode(), *said, *(f"{n}\n{t}".encode() for n, t in sorted(files.items())))
    if (done := _built(out, folder, key)) is not None:
        return replace(done, left_out=left_out)
    try:
        case = write_case(files, folder, cases_folder(out).parent)
    except OSError as error:
        return _ended(name, error)
    try:
        return replace(_report(name, case, out, key), left_out=left_out)
    finally:
        shutil.rmtree(case, ignore_errors=True)


def _built(out: Path, name: str, key: str) -> Done | None:
    folder = out / "reports" / name
    there = (folder / "report.html").is_file() and (folder / "manifest.json").is_file()
    return Done("kept", 1) if there and _is_done(_mark(out, "reports", name), key) else None


def _report(patient: str, case: Path, out: Path, key: str = "") -> Done:
    from casereport.run.pipeline import run

    try:
        workers.keep_ready()
        # the workers are what runs side by side: one that took all cores would take them from the others
        run(as_given(case), out / "reports" / case_name_at(case), {}, at_once=1)
        if key:
            save_json(_mark(out, "reports", case.name), {"key": key})
    except RunFailed as stopped:
        return failed([patient], f"{stopped.where}: {stopped.what}", no_room(stopped.what))
    except Exception as error:  # one case must not stop the others, whatever it is
        return _ended(patient, error)
    return Done("built", 1)


@lru_cache(maxsize=1)
def part_of(table: Table) -> Part:
    """The checked patients of a partition; the last one stays, for the patients of one partition come together."""
    return checked(*read_part(table), table.called)


# Results


def results_of_part(table: Table, number: int, out: Path) -> Done:
    """Computes the results of a partition of a cohort table, all of its patients at once."""
    name = f"part-{number:05d}"
    try:
        measured, given = read_part(table)
        frames = [f for f in (measured, given) if f is not None]
        read = [pd.util.hash_pandas_object(f.astype(str), index=False).to_numpy().tobytes() for f in frames]
        ends = "\n".join(f"{patient} {end}" for patient, end in sorted(table.ends.items()))
        key, mark = _hashed(code().encode(), *read, ends.encode()), _mark(out, "results", name)
        there = (out / "results" / "patients" / f"{name}.parquet").is_file()
        if there and (content := _is_done(mark, key)) is not None:
            return Done("kept", content["cases"], tuple(map(tuple, content["failures"])))
        part = checked(measured, given, table.called)
        del measured, given, frames
        dataset.write(results.of_part(part, table.ends), out, name)
        cases = part.rows["patient"].nunique() + len(part.refused)
        save_json(mark, {"key": key, "cases": cases, "failures": sorted(part.refused.items())})
    except Exception as error:
        return _ended(table.parts[0].name, error)
    return Done("built", cases, tuple(sorted(part.refused.items())))


def results_of_folders(cases: tuple[Path, ...], number: int, out: Path) -> Done:
    """Computes the results of some cases by the functions of the notebooks."""
    found, failures = results.of_folders((case_name_at(case), case) for case in cases)
    return _written(found, failures, len(cases), out, number)


def results_of_persons(persons: Persons, number: int, out: Path) -> Done:
    """Computes the results of a partition of a warehouse or trial by the functions of the notebooks."""
    name = f"part-{number:05d}"
    try:
        (part,) = persons.parts
        files = [*persons.asked.files(), *sorted(part.iterdir())]
        said = replace(persons.asked, mapping=None, added=())
        key = _hashed(code().encode(), repr((said, persons.called)).encode(), *(p.read_bytes() for p in files))
        mark = _mark(out, "results", name)
        there = (out / "results" / "patients" / f"{name}.parquet").is_file()
        if there and (content := _is_done(mark, key)) is not None:
            return _done_before(content)
        cases = cases_of(persons)
        found, failures = results.of_folders(_written_out(cases, out))
        failures += cases.refused.items()
        done = _written(found, failures, len(cases.files) + len(cases.refused) + len(cases.unmeasured), out, number)
        done = replace(
            done, unmeasured=tuple(cases.unmeasured), outside=tuple(cases.outside),
            left_out=tuple((*what, n) for what, n in sorted(sum(cases.left_out.values(), Counter()).items())),
        )  # fmt: skip
        if done.state == "built":
            save_json(mark, {"key": key, **asdict(done)})
    except Exception as error:
        return _ended(name, error)
    return done


def _written_out(cases: Cases, out: Path) -> Iterator[tuple[str, Path]]:
    """Each patient with the folder of the case, which is there until the next."""
    for patient, texts in cases.files.items():
        case = write_case(texts, case_name(patient), cases_folder(out).parent)
        try:
            yield patient, case
        finally:
            shutil.rmtree(case, ignore_errors=True)


def _done_before(content: dict) -> Done:
    failures, left_out = (tuple(map(tuple, content[name])) for name in ("failures", "left_out"))
    return Done(
        "kept", content["cases"], failures, unmeasured=tuple(content["unmeasured"]),
        outside=tuple(content["outside"]), left_out=left_out,
    )  # fmt: skip


def results_of_reports(patients: tuple[tuple[str, str], ...], number: int, out: Path) -> Done:
    """Gathers the results of reports that are there: pairs of a patient and the name of its case."""
    found, failures = [], []
    for patient, name in patients:
        try:
            found.append(results.of_report(patient, out / "reports" / name))
        except (OSError, ValueError, KeyError) as error:
            failures.append((patient, masked(f"the results of its report: {type(error).__name__}: {error}")))
    return _written(found, failures, len(patients), out, number)


def _written(found: list[results.Found], failures: list, cases: int, out: Path, number: int) -> Done:
    try:
        if found:
            dataset.write(results.together(found), out, f"part-{number:05d}")
        else:  # nor does what an earlier run found of these cases stay
            for path in (out / "results").glob(f"*/part-{number:05d}.parquet"):
                path.unlink()
    except OSError as error:
        return _ended(f"part-{number:05d}", error)
    return Done("built", cases, tuple(failures))
