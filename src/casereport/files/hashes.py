"""What a file is known by, and what a result is known to be made from: hashes, not time stamps."""

import hashlib
import os
import platform
import re
import subprocess
import sys
from functools import cache
from pathlib import Path

from casereport.files import streams, whose
from casereport.files.paths import BUNDLED, DATA, INSTALLED, LOCK, PACKAGE, ROOT, SHIPPED, case_files


def sha256(path: Path) -> str:
    """The SHA-256 of a file, in hexadecimal, without holding it in memory."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def code_hashes() -> dict[str, str]:
    """The SHA-256 of every file of the package, templates too, by its path in it."""
    files = sorted(p for p in PACKAGE.rglob("*") if p.is_file() and "__pycache__" not in p.parts)
    return {p.relative_to(PACKAGE).as_posix(): sha256(p) for p in files if not p.is_relative_to(SHIPPED)}


Parts = dict[str, str]


def commit(tell: bool = False) -> str | None:
    """The commit of the project's checkout, with `+changes` where tracked files differ; None outside a checkout.

    None too where git is not there or does not answer, and then that is said if `tell`.
    """
    if (head := _git("rev-parse", "HEAD", tell=tell)) is None:
        return None
    return head + ("+changes" if _git("status", "--porcelain", "--untracked-files=no", tell=tell) else "")


def commit_day() -> str | None:
    """The day of that commit, `2026-11-28`; None where there is none."""
    return _git("show", "--no-patch", "--format=%cs", "HEAD")


def _git(*words: str, tell: bool = False) -> str | None:
    """What git answers on the project's checkout; None outside of one, and where it does not answer."""
    if INSTALLED or not (ROOT / ".git").exists():  # a checkout around the folder would be another's
        return None
    # a checkout of another user, whose code runs here anyway; nothing that its settings name is run
    command = ["git", "-c", f"safe.directory={ROOT}", "-c", "core.fsmonitor=false", "-C", str(ROOT), *words]
    own = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    try:
        return subprocess.run(command, capture_output=True, text=True, check=True, env=own).stdout.strip()
    except (OSError, ValueError, subprocess.CalledProcessError) as error:
        if tell:
            _tell_once((getattr(error, "stderr", "") or str(error)).strip().partition("\n")[0])
        return None


@cache
def _tell_once(why: str) -> None:
    streams.tell(f"casereport: the commit of the project is not known, and not recorded: {why}")


def hashes(folder: Path) -> Parts:
    """The SHA-256 of every file in `folder`, by its path below it."""
    return {p.relative_to(folder).as_posix(): digest(p) for p in sorted(folder.rglob("*")) if p.is_file()}


def digest(path: Path) -> str:
    try:
        return sha256(path)
    except FileNotFoundError:
        return ""


def made_from(case: str) -> Parts:
    """What the results of a case depend on, by `kind: name`, each as its SHA-256 or its version.

    Kinds: `input` (the case, the vocabulary, the cases and tables beside it), `code` (this package), and `lock` (the
    lock, and what is installed of it).
    """
    parts = {f"input: {name}": digest(path) for name, path in _inputs(case).items()}
    parts |= {f"code: {name}": value for name, value in code_hashes().items()}
    return parts | environment_parts()


def environment_parts() -> Parts:
    """Of what `made_from` gives the kind `lock`."""
    parts = {f"lock: {LOCK.name}": digest(LOCK), "lock: Python": platform.python_version()}
    return parts | {f"lock: {name}": version for name, version in _installed(LOCK).items()}


def _inputs(case: str) -> dict[str, Path]:
    """Every file that a result may be from: the case, its vocabulary, and the project's own cases and tables."""
    place = whose.place(case)
    files = [*DATA.glob("*.csv"), *(DATA / "reference").glob("*.csv")]
    # a case stands beside the others in the place of a bundled one of its name
    files += [p for name in BUNDLED if name != place.stem for p in _parts(DATA / "cases" / name)]
    found = {p.relative_to(DATA).as_posix(): p for p in files}
    beside = [place.parent / table.name for table in DATA.glob("*.csv")]
    own = [p for p in [*_parts(place), *beside] if p.is_file() and p not in files]
    return found | {f"cases/{p.relative_to(place.parent).as_posix()}": p for p in own}


def _parts(place: Path) -> list[Path]:
    """What a case is made of: its workbook, or the parts and pictures in its folder."""
    return list(case_files(place)) if place.is_dir() else [place]


def _installed(lock: Path) -> Parts:
    """The versions of the lock's packages that this Python finds, by the names of their folders alone."""
    locked = set(re.findall(r"^([a-z0-9._-]+)==", lock.read_text(encoding="utf-8"), re.M)) if lock.exists() else set()
    found: Parts = {}
    for folder in map(Path, sys.path):
        for info in folder.glob("*.dist-info") if folder.is_dir() else ():
            name, _, version = info.name.removesuffix(".dist-info").partition("-")
            name = re.sub(r"[-_.]+", "-", name).lower()
            if name in locked:
                found.setdefault(name, version)
    return found
