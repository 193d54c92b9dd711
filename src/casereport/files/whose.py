"""Whose a folder is: a report is known by the mark in its manifest, and by the case that it was made of.

Two patients' folders may have one name, so the name tells nothing. What a case says changes while it is written, so
its content tells nothing either. What stays is where it lies: by its whole path, or as seen from the report, so that a
checkout that is moved as a whole still knows its reports. Where a case of somebody's own lies is nobody's business: a
report holds no path, only hashes with a salt of their own, made slow so that a list of likely paths takes long to
try. The salt makes them differ from build to build, so they stand among the `clocks`, which no comparison looks at.
"""

import hashlib
import json
import os
import secrets
import stat
from collections.abc import Iterator
from itertools import islice
from pathlib import Path, PurePosixPath
from typing import Any

from casereport.errors import BadInput, Problem
from casereport.files.paths import DATA, ROOT, WORKBOOK, is_path, relative
from casereport.files.whole import write_whole

NAME = "manifest.json"
FORMAT = "casereport report 1"
_KEY = "case"
_COST = 2**12  # some 15 ms for a guess
_MOST_TRIED = 40

Manifest = dict[str, Any]


def place(case: str) -> Path:
    """Where a case lies, whether it is there or not."""
    path = ROOT / Path(case).expanduser() if is_path(case) else DATA / "cases" / case
    return (path if path.is_dir() else path.with_suffix(WORKBOOK)).resolve()


def manifest(out: Path) -> Manifest | None:
    """The manifest of the report in `out`; None where there is none, or one that is not ours in mark and in shape.

    No name in it leads out of the folder.
    """
    content = read_json(out / NAME)
    return content if _is_ours(content) else None


def read_json(path: Path) -> Any:
    """What a JSON file holds; None where there is no such file, only a link to one, or something else in it."""
    try:
        return json.loads(path.read_text(encoding="utf-8")) if stat.S_ISREG(path.lstat().st_mode) else None
    except (OSError, ValueError, RecursionError):
        return None


def _is_ours(content: Any) -> bool:
    if not isinstance(content, dict) or content.get("format") != FORMAT:
        return False
    steps, clocks = content.get("steps"), content.get("clocks")
    if not all(_are_texts(content.get(key)) for key in ("given", "made_from", "outputs")):
        return False
    if not (isinstance(steps, dict) and isinstance(clocks, dict)):
        return False
    if not all(isinstance(files, list) and all(isinstance(f, str) for f in files) for files in steps.values()):
        return False
    return all(map(_is_inside, [*content["outputs"], *(name for files in steps.values() for name in files)]))


def _are_texts(table: object) -> bool:
    return isinstance(table, dict) and all(isinstance(value, str) for value in table.values())


def _is_inside(name: str) -> bool:
    path = PurePosixPath(name)
    plain = bool(path.parts) and path.as_posix() == name and not path.is_absolute()
    return plain and ".." not in path.parts and not {"\0", "\\"} & set(name)


def owner(case: Path, folder: Path) -> list[str]:
    """What `folder` keeps to know the case again: a salt, and the hashes of where it lies, whole and from there."""
    salt = secrets.token_hex(8)
    return [salt, _hashed(str(case), salt), _hashed(_seen_from(folder, case), salt)]


def is_owner(kept: Any, case: Path, folder: Path) -> bool:
    """True where `owner` gave `kept` for a case that lies where this one does, or for this one before both moved."""
    if not isinstance(kept, list) or len(kept) != 3 or not all(isinstance(x, str) for x in kept):
        return False
    salt, whole, seen = kept
    return _hashed(str(case), salt) == whole or _hashed(_seen_from(folder, case), salt) == seen


def _hashed(text: str, salt: str) -> str:
    return hashlib.scrypt(os.fsencode(text), salt=os.fsencode(salt), n=_COST, r=8, p=1, dklen=16).hex()


def _seen_from(folder: Path, case: Path) -> str:
    try:
        return Path(os.path.relpath(case, folder.resolve())).as_posix()
    except ValueError:  # on another drive
        return str(case)


def mark(case: Path, out: Path) -> dict[str, list[str]]:
    """The entry among the clocks of a report in `out` that tells whose it is."""
    return {_KEY: owner(case, out)}


def is_of(report: Manifest, case: Path, out: Path) -> bool:
    """True where the report in `out`, of this manifest, was made of this case."""
    return is_owner(report["clocks"].get(_KEY), case, out)


def check(out: Path, case: str) -> Manifest | None:
    """The manifest of the report of `case` in `out`, or None where that is a new or empty folder.

    Raises BadInput where it holds anything else, or the report of another case, which is never replaced or read.
    """
    if not out.exists():
        return None
    report, mine = manifest(out), place(case)
    if report is None:
        if out.is_dir() and not any(out.iterdir()):
            return None
        expected = "a new or empty folder, or an earlier report; this one holds other files, which would be replaced"
        expected += f"{_named(out)}; choose one with --out DIR"
        raise BadInput([Problem("parameter", 0, "--out", str(out), expected)])
    if is_of(report, mine, out):
        return report
    expected = (
        f"another folder for {relative(mine)}: this one is the report of {_other(report, mine, out)}, and is left "
        "unchanged. Choose another with --out DIR (export: --report DIR); or remove that report first, if it is "
        "the same patient and the case or the report was moved"
    )
    raise BadInput([Problem("parameter", 0, "--out", relative(out), expected)])


def _named(folder: Path) -> str:
    if not folder.is_dir():
        return " (it is a file)"
    names = sorted(p.name for p in islice(folder.iterdir(), 1000))
    return f" ({', '.join(map(repr, names[:3]))}{', ...' if len(names) > 3 else ''})"


def _other(report: Manifest, mine: Path, out: Path) -> str:
    """The other case by its path, where it lies near enough to be found; else by its name and when it was made."""
    name = str(report.get("case", ""))[:64]
    if name.replace("-", "").replace("_", "").isalnum():
        kept = report["clocks"].get(_KEY)
        for path in islice(_near(mine, name), _MOST_TRIED):
            if is_owner(kept, path.resolve(), out):
                return relative(path)
    return f"another case, {name!r}, made {str(report['clocks'].get('began', 'earlier'))[:25]}"


def _near(mine: Path, name: str) -> Iterator[Path]:
    for book in (name, name + WORKBOOK):
        yield from (folder / book for folder in (DATA / "cases", mine.parent) if folder / book != mine)
        yield from (p for p in mine.parent.parent.glob(f"*/{book}") if p != mine)
        yield from mine.parent.parent.parent.glob(f"*/*/{book}")


def claim(folder: Path, case: Path) -> None:
    """Takes `folder` for the results of notebooks that are run alone on this case; raises BadInput if it is another's.

    Results of two patients would lie there side by side else.
    """
    path = folder / "whose.json"
    if is_owner(kept := read_json(path), case, folder):
        return
    if kept is not None or (folder.exists() and any(folder.iterdir())):
        expected = (
            f"another folder for the results of {relative(case)}: this one holds those of a different case of that "
            "name; give output_dir, or remove the folder"
        )
        raise BadInput([Problem("parameter", 0, "output_dir", relative(folder), expected)])
    folder.mkdir(parents=True, exist_ok=True)
    write_whole(path, json.dumps(owner(case, folder)) + "\n")
