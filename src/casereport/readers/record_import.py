"""The results of a file into the observations of a case, and what was left out of it into `left_out.csv` beside them.

Nothing is written unless the whole file could be read. No calendar date, name, number or note of a person is written:
a row has a study day, a code, a value, a unit and a range, and what was left out its code and the reason.
"""

import csv
import hashlib
import io
import re
from collections import Counter
from pathlib import Path

from casereport.case.folder import case_path, open_source
from casereport.case.left_out import Lacking, read_left_out, write_left_out
from casereport.errors import BadInput, Problem
from casereport.files.paths import SHIPPED
from casereport.quantities.vocabulary_tables import load_vocabulary, vocabulary_files
from casereport.readers.append import add_observations
from casereport.readers.importing import mapping_path, read_mapping
from casereport.readers.recognise import recognised
from casereport.readers.records import Account, Wanted, take

_SHOWN = 12  # of what was left out for one reason
_HASHED = 2**20


def import_records(path: Path, into: str, wanted: Wanted, sheet: str = "") -> tuple[Account, int] | None:
    """Adds the results that `path` holds one by one to a case; returns the account and how many rows are new.

    None, and nothing is read, for a file of another shape, such as a table as it is printed. Raises BadInput, and
    writes nothing, for a file or case that cannot be used.
    """
    feed = recognised(path, sheet, wanted)
    if feed is None:
        return None
    case = case_path(into)
    if case.is_relative_to(SHIPPED):
        raise BadInput([Problem("case", 0, "--into", into, "a case of your own; this one is part of casereport")])
    vocabulary = load_vocabulary(*vocabulary_files(case).values())
    unit = open_source(case).meta().time_unit
    wanted = wanted._replace(mapping=read_mapping(mapping_path(path), vocabulary), time_unit=unit)
    account = take(feed, path.name, vocabulary, wanted)
    before = read_left_out(case)  # a file that cannot be read is told before anything is written
    new = add_observations(case, account.rows)
    place = f"{account.kind} {_mark(path)}"
    lacking = [Lacking(place, _counted(n), *what) for what, n in sorted(account.left_out.items())]
    write_left_out(case, before, place, lacking)
    return account, new


def _mark(path: Path) -> str:
    """Six letters that tell one file from another by what is in it, as its name may be that of a person."""
    if path.is_dir():
        path = next(p for p in sorted(path.iterdir()) if p.name.lower().startswith("measurement."))
    size = path.stat().st_size
    with path.open("rb") as file:
        parts = [str(size).encode(), file.read(_HASHED)]
        file.seek(max(0, size - _HASHED))
        parts.append(file.read(_HASHED))
    return "".join(chr(ord("a") + byte % 26) for byte in hashlib.sha256(b"".join(parts)).digest()[:6])


def told(account: Account, new: int, path: Path) -> str:
    """The account for a reader: how many values of which analyte on which days, remarks, and what was left out."""
    lines = [f"{path.name}: {account.kind}", "Taken:" if account.rows else "Nothing was taken."]
    by_analyte: dict[tuple[str, str], list[str]] = {}
    for row in account.rows:
        by_analyte.setdefault((row["analyte"], row["unit"]), []).append(row["day"])
    for (analyte, unit), days in sorted(by_analyte.items()):
        known = sorted((d for d in days), key=lambda d: float(d.split("..")[0].lstrip("<>=")))
        span = f"day {known[0]}" if known[0] == known[-1] else f"days {known[0]} to {known[-1]}"
        lines.append(f"  {analyte}: {len(days)} in {unit or 'no unit'}, {span}")
    lines += [f"Note: {remark} ({_counted(n)})" for remark, n in sorted(account.remarks.items())]
    lines.append("Left out:" if account.left_out else "Nothing was left out.")
    by_reason: dict[str, list[str]] = {}
    for (printed, reason), n in account.left_out.most_common():
        by_reason.setdefault(reason, []).append(f"{printed} ({_counted(n)})")
    for reason, which in by_reason.items():
        lines.append(f"  {reason}:")
        lines += [f"    {one}" for one in which[:_SHOWN]]
        lines += [f"    and {len(which) - _SHOWN} more"] if len(which) > _SHOWN else []
    lines += _offers(account.left_out, mapping_path(path))
    left = account.left_out.total()
    lines.append(
        f"{len(account.rows)} results understood, {new} of them new; {left} left out, {account.empty} without a value"
    )
    return "\n".join(lines)


def _offers(left_out: Counter[tuple[str, str]], path: Path) -> list[str]:
    """How to say what an unknown name is: the lines that the mapping file lacks."""
    unknown = {printed for printed, reason in left_out if "not in the vocabulary" in reason}
    called = {p.split(" ")[0] if re.match(r"\d+-\d\b", p) else p for p in unknown}
    names = sorted(name for name in called if "withheld" not in name and "without a name" not in name)
    if not names:
        return []
    shown = io.StringIO()
    csv.writer(shown, lineterminator="\n").writerows([name, "", ""] for name in names[:_SHOWN])
    there = [] if path.exists() else ["  printed,analyte,unit"]
    more = [f"  and {len(names) - _SHOWN} more"] if len(names) > _SHOWN else []
    head = (
        f"What is meant? Put one line each into {path}, with the analyte and its unit (no analyte: left out), and run"
    )
    return [f"{head} again:", *there, *(f"  {line}" for line in shown.getvalue().splitlines()), *more]


def _counted(n: int) -> str:
    return "1 result" if n == 1 else f"{n} results"
