"""What a file is known by, and what a result is known to be made from: hashes, not time stamps."""

import hashlib
import subprocess
from pathlib import Path

from casereport.files.paths import ROOT


def sha256(path: Path) -> str:
    """The SHA-256 of a file, in hexadecimal, without holding it in memory."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def code_hashes() -> dict[str, str]:
    """The SHA-256 of every file of the package, templates too, by its path in it."""
    package = Path(__file__).resolve().parents[1]
    files = sorted(p for p in package.rglob("*") if p.is_file() and "__pycache__" not in p.parts)
    return {p.relative_to(package).as_posix(): sha256(p) for p in files}


Parts = dict[str, str]


def commit() -> str | None:
    """The commit of the project's checkout, with `+changes` where tracked files differ; None outside a checkout."""

    def git(*words: str) -> str:
        command = ["git", "-C", str(ROOT), *words]
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()

    try:
        changed = git("status", "--porcelain", "--untracked-files=no")
        return git("rev-parse", "HEAD") + ("+changes" if changed else "")
    except (OSError, subprocess.CalledProcessError):
        return None


def hashes(folder: Path) -> Parts:
    """The SHA-256 of every file in `folder`, by its path below it."""
    return {p.relative_to(folder).as_posix(): digest(p) for p in sorted(folder.rglob("*")) if p.is_file()}


def digest(path: Path) -> str:
    try:
        return sha256(path)
    except FileNotFoundError:
        return ""
