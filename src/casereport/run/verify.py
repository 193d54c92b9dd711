"""Does the same input give the same bytes? A report is built again in a scratch folder, and the two are compared.

The second build is made as on another machine: with another time zone, language, home folder and order of sets, so
that what slips in from there shows as a difference.
"""

import json
import os
import tempfile
from itertools import zip_longest
from pathlib import Path
from typing import AnyStr

from casereport.files import hashes, whose
from casereport.files.paths import relative
from casereport.run import stale
from casereport.run.failures import RunFailed
from casereport.run.pipeline import run

_CLOCKS = "clocks"
_LONG = 100


def verify(case: str, out: Path) -> str:
    """The first difference between the report in `out` and a new build, in words; empty where there is none.

    Where `out` holds no report yet it is built first. Raises as `pipeline.run` does.
    """
    if whose.check(out, case) is None:
        run(case, out, {})
    given, own = (whose.check(out, case) or {})["given"], stale.own_notebooks(out)
    with tempfile.TemporaryDirectory(prefix="casereport-") as scratch:
        before = dict(os.environ)
        elsewhere = {"TZ": "Pacific/Kiritimati", "LC_ALL": "C.UTF-8", "HOME": scratch, "PYTHONHASHSEED": "20200716"}
        os.environ.update(elsewhere)
        try:
            run(case, Path(scratch) / "again" / out.name, given, own=own)
        except RunFailed as stopped:  # its notebook goes with the scratch folder
            raise RunFailed(stopped.where, stopped.what, None, stopped.stack) from None
        finally:
            os.environ.clear()
            os.environ.update(before)
        found = first_difference(out, Path(scratch) / "again" / out.name)
    if found and (why := stale.changes(_parts(out), stale.report_made_from(case, given, own))):
        found += f"\n  since it was made: {'; '.join(list(why.values())[:3])}"
    return found


def first_difference(one: Path, other: Path) -> str:
    """The first file that only one build has, or whose bytes differ, and where; the clocks of the manifest aside.

    What somebody has laid into a report is not of its build.
    """
    names = sorted({*_made(one), *_made(other)}, key=lambda name: (name == whose.NAME, name))
    for name in names:
        if not (one / name).exists() or not (other / name).exists():
            return f"{name} is only in the {'new' if (other / name).exists() else 'earlier'} build"
        contents = _content(one / name), _content(other / name)
        if contents[0] != contents[1]:
            return f"{name} differs, {_place(*contents)}"
    return ""


def _made(out: Path) -> list[str]:
    report = whose.manifest(out)
    return [whose.NAME, *report["outputs"]] if report else []


def _content(path: Path) -> bytes:
    content = path.read_bytes()
    if path.name != whose.NAME:
        return content
    return json.dumps({k: v for k, v in json.loads(content).items() if k != _CLOCKS}, indent=1).encode()


def _place(one: bytes, other: bytes) -> str:
    try:
        lines = zip_longest(one.decode().splitlines(), other.decode().splitlines())
    except UnicodeDecodeError:
        return f"first at byte {_same(one, other)}"
    number, (was, now) = next(((n, pair) for n, pair in enumerate(lines, 1) if pair[0] != pair[1]), (0, ("", "")))
    if not number:
        return "only in its line ends"
    start = _same(was or "", now or "")
    return f"first in line {number}:\n  was {_excerpt(was, start)}\n  now {_excerpt(now, start)}"


def _same(one: AnyStr, other: AnyStr) -> int:
    return next((i for i, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))


def _excerpt(line: str | None, at: int) -> str:
    return "nothing" if line is None else repr(line[max(0, at - _LONG // 2) : at + _LONG // 2])


def _parts(out: Path) -> hashes.Parts:
    return (whose.manifest(out) or {}).get("made_from", {})


def report(case: str, out: Path) -> int:
    """Verifies and says the result; returns the exit code, 1 for a difference."""
    if found := verify(case, out):
        print(f"{case}: {relative(out)} differs when it is built again: {found}")
        return 1
    count = len(_made(out))
    print(f"{case}: {relative(out)} was built again: all {count} files identical (except the times in manifest.json)")
    return 0
