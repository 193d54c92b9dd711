"""How a report was made: parameters, versions and hashes; what it takes to make it again and compare the bytes."""

import hashlib
import platform
import subprocess
from importlib.metadata import version
from pathlib import Path

from casereport import __version__
from casereport.analysis import Analysis
from casereport.paths import ROOT

PACKAGES = (
    "jupyterlab", "papermill", "nbconvert", "ipykernel", "pandas", "numpy", "scipy", "statsmodels", "matplotlib",
    "seaborn", "pydantic",
)  # fmt: skip


def collect(analysis: Analysis) -> dict[str, object]:
    """Parameters, versions, commit and the hash of each input file; no time of day, which would change every run."""
    return {
        "casereport": __version__,
        "commit": commit(),
        "python": platform.python_version(),
        "packages": {name: version(name) for name in PACKAGES},
        "parameters": analysis.settings.model_dump(),
        "inputs": analysis.inputs,
    }


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


def manifest(analysis: Analysis, folder: Path, given: dict[str, str]) -> dict[str, object]:
    """The content of manifest.json: `collect()`, what the user gave, and the hash of every output in `folder`."""
    outputs = {
        p.relative_to(folder).as_posix(): hashlib.sha256(p.read_bytes()).hexdigest()
        for p in sorted(folder.rglob("*"))
        if p.is_file()
    }
    return collect(analysis) | {
        "case": analysis.case.meta.id,
        "simulated": analysis.case.simulated,
        "fingerprint": analysis.fingerprint,
        "given": given,
        "outputs": outputs,
    }
